# SPDX-License-Identifier: GPL-3.0-or-later
"""Judges JSON documents by the schemas of doc/schema: schema.py FOLDER NAME FILE. A file that ends with .jsonl is taken line by line.

A member that no schema describes is a fault here, so that none comes without being written down, although readers must pass over what they do not know."""
import json
import os
import sys

import jsonschema


def strict(node):
    """The schema with every object closed that lists its members."""
    if isinstance(node, list):
        return [strict(each) for each in node]
    if not isinstance(node, dict):
        return node
    closed = {key: strict(value) for key, value in node.items()}
    if node.get("type") == "object" and "properties" in node and "crc" not in node.get("required", []):
        closed.setdefault("additionalProperties", False)
    if "crc" in node.get("required", []) and "n" in node.get("properties", {}):
        closed["additionalProperties"] = False
    return closed


def load(folder):
    schemas = {}
    for name in os.listdir(folder):
        with open(os.path.join(folder, name), encoding="utf-8") as file:
            schemas[name] = json.load(file)
        jsonschema.Draft202012Validator.check_schema(schemas[name])
    return {name: strict(schema) for name, schema in schemas.items()}


def validator(schemas, name):
    schema = schemas[name + ".json"]
    try:
        from referencing import Registry, Resource
    except ImportError:
        resolver = jsonschema.RefResolver(name + ".json", schema, store=schemas)
        return jsonschema.Draft202012Validator(schema, resolver=resolver)
    registry = Registry().with_resources([(key, Resource.from_contents(value)) for key, value in schemas.items()])
    return jsonschema.Draft202012Validator(schema, registry=registry)


def documents(path):
    with open(path, encoding="utf-8") as file:
        if path.endswith(".jsonl"):
            return [json.loads(line) for line in file]
        return [json.load(file)]


def main(folder, name, path):
    judge = validator(load(folder), name)
    faults = 0
    for document in documents(path):
        for error in judge.iter_errors(document):
            where = "/".join(str(part) for part in error.absolute_path)
            print(f"{os.path.basename(path)}: {where}: {error.message[:300]}")
            faults += 1
    return 1 if faults else 0


sys.exit(main(*sys.argv[1:4]))

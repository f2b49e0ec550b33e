/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A practice server from seed and flags: scenarios, and the order in which its parts are made. */
#include <string.h>

#include "base/i18n.h"
#include "practice/parts.h"

bool practice_scenario(const char *name, unsigned *flags)
{
	*flags = strcmp(name, "standard") == 0 ? PRACTICE_STANDARD : 0;
	return *flags || strcmp(name, "healthy") == 0;
}

int practice_build(const char *dir, const struct practice_spec *spec, struct error *err)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	struct practice_world world;
	struct practice_tree *tree = NULL;
	char *json = NULL;
	int ret = 0;

	if (spec->seed > INT64_MAX)
		ret = error_set(err, TROUBLE_USAGE,
			_("The seed of a practice server must be below 2^63."));
	if (ret == 0)
		ret = practice_world_make(mem, spec, &world, err);
	if (ret == 0)
		ret = practice_tree_open(mem, dir, &tree, err);
	if (ret == 0) {
		practice_files(tree, &world);
		ret = practice_hives(tree, &world, err);
	}
	if (ret == 0)
		ret = practice_json_text(mem, &world, spec->scenario ? spec->scenario : "standard",
			&json, err);
	if (ret == 0) {
		practice_file(tree, PRACTICE_JSON, json, strlen(json), world.times.hive, 0644);
		ret = practice_tree_finish(tree, err);
	}
	talloc_free(mem);
	return ret;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* practice.json: seed, services and mail of a practice server. */
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/i18n.h"
#include "base/text.h"
#include "practice/parts.h"

#define JSON_LIMIT (1 << 20)

static const char *const STATES[] = {
	[SERVICE_UNKNOWN] = "unknown",
	[SERVICE_STOPPED] = "stopped",
	[SERVICE_STARTING] = "starting",
	[SERVICE_STOPPING] = "stopping",
	[SERVICE_RUNNING] = "running",
};

static enum service_state state_parse(const char *name)
{
	for (unsigned i = 0; name && i < ARRAY_SIZE(STATES); i++)
		if (strcmp(STATES[i], name) == 0)
			return (enum service_state)i;
	return SERVICE_UNKNOWN;
}

/* ---- The services in it ---- */

static json_t *service_find(const json_t *root, const char *name)
{
	json_t *services = json_object_get(root, "services"), *service;
	size_t i;

	json_array_foreach (services, i, service)
		if (text_equal(json_string_value(json_object_get(service, "name")), name))
			return service;
	return NULL;
}

enum service_state practice_json_state(const json_t *root, const char *name)
{
	return state_parse(json_string_value(json_object_get(service_find(root, name), "state")));
}

int practice_json_set(json_t *root, const char *name, enum service_state state)
{
	json_t *service = service_find(root, name);

	if (service)
		return json_object_set_new(service, "state", json_string(STATES[state]));
	return json_array_append_new(json_object_get(root, "services"),
		json_pack("{s:s, s:s}", "name", name, "state", STATES[state]));
}

/* ---- Made ---- */

/* What starts by itself runs, but for a connector whose share or values are spoilt. */
static int services_add(json_t *root, const struct practice_world *world)
{
	const enum service_state connector =
		practice_broken(world) ? SERVICE_STOPPED : SERVICE_RUNNING;
	size_t count = 0;
	const struct practice_service *table = practice_services(&count);
	int ret = 0;

	for (size_t i = 0; ret == 0 && i < count; i++)
		if (table[i].type & PRACTICE_WIN32)
			ret = practice_json_set(root, table[i].name,
				table[i].start == 2 ? SERVICE_RUNNING : SERVICE_STOPPED);
	if (ret == 0)
		ret = practice_json_set(root, "MSExchangeMSMI", connector);
	for (size_t i = 0; ret == 0 && i < PRACTICE_PCMTAS; i++)
		ret = practice_json_set(root, world->pcmta[i], connector);
	return ret;
}

/* name: of a PC MTA. */
static int flow_set(json_t *root, const char *name, const struct practice_edit *edit)
{
	json_t *flow = json_object_get(json_object_get(root, "mail"), name);

	return flow ? json_object_set_new(flow, edit->path, json_string(edit->text)) : 0;
}

static int edit_add(json_t *root, const char *name, const struct practice_edit *edit)
{
	switch (edit->op) {
	case PRACTICE_SERVICE:
		return practice_json_set(root, name, state_parse(edit->text));
	case PRACTICE_ROOM:
		return json_object_set_new(root, "room",
			json_pack("{s:I}", name, (json_int_t)edit->number));
	case PRACTICE_FLOW:
		return flow_set(root, name, edit);
	case PRACTICE_CLOCK:
		return json_object_set_new(root, "clock", json_integer(edit->number));
	default:
		return 0;
	}
}

/* States that a case gives, drives that are full by decree, what becomes of mail, the clock. */
static int edits_add(json_t *root, const struct practice_world *world)
{
	int ret = 0;

	for (size_t i = 0; ret == 0 && i < world->edit_count; i++) {
		const struct practice_edit *edit = &world->edits[i];
		char *name = practice_expand(NULL, world, edit->name ? edit->name : "");

		ret = name ? edit_add(root, name, edit) : -1;
		talloc_free(name);
	}
	return ret;
}

/* ---- Who has mail ---- */

static int box_add(json_t *boxes, const struct practice_person *person, const char *postoffice,
	const char *pcmta)
{
	return json_array_append_new(boxes,
		json_pack("{s:s, s:s, s:s, s:s*}", "name", person->box, "shown", person->shown,
			"postoffice", postoffice, "pcmta", pcmta));
}

static int postoffice_add(TALLOC_CTX *mem, json_t *root, const struct practice_world *world,
	size_t index)
{
	const struct practice_postoffice *po = &world->po[index];
	const char *pcmta = world->pcmta[po->pcmta];
	char *address = talloc_asprintf(mem, "%s/%s", po->network, po->name),
	     *bag = talloc_asprintf(mem, "%08X", 0x11 + (unsigned)index);
	int ret = address && bag ? json_array_append_new(json_object_get(root, "postoffices"),
					   json_pack("{s:s, s:s, s:s}", "address", address, "pcmta",
						   pcmta, "bag", bag))
				 : -1;

	for (size_t i = 0; ret == 0 && i < PRACTICE_AT_POSTOFFICE; i++)
		ret = box_add(json_object_get(root, "boxes"),
			practice_person(world,
				PRACTICE_AT_EXCHANGE + index * PRACTICE_AT_POSTOFFICE + i),
			address, pcmta);
	return ret;
}

/* What the connector's process must know of the world. */
static int mail_add(TALLOC_CTX *mem, json_t *root, const struct practice_world *world)
{
	int ret = json_object_update_new(root,
		json_pack("{s:{s:s, s:s, s:s, s:I}, s:[], s:[]}", "site", "dn", world->dn,
			"exchange", world->exchange, "server", world->server, "last",
			(json_int_t)practice_last_mail(world), "postoffices", "boxes"));

	for (size_t i = 0; ret == 0 && i < PRACTICE_AT_EXCHANGE; i++)
		ret = box_add(json_object_get(root, "boxes"), practice_person(world, i),
			world->exchange, NULL);
	for (size_t i = 0; ret == 0 && i < world->po_count; i++)
		ret = postoffice_add(mem, root, world, i);
	return ret;
}

static char *json_text(TALLOC_CTX *mem, const json_t *root)
{
	char *dump = json_dumps(root, JSON_INDENT(1)),
	     *text = dump ? talloc_asprintf(mem, "%s\n", dump) : NULL;

	free(dump);
	return text;
}

int practice_json_text(TALLOC_CTX *mem, const struct practice_world *world, const char *scenario,
	char **text, struct error *err)
{
	json_t *root = json_pack("{s:i, s:I, s:s, s:[], s:{s:{s:s, s:s}, s:{s:s, s:s}}, s:i}",
		"format", 1, "seed", (json_int_t)world->seed, "scenario", scenario, "services",
		"mail", world->pcmta[0], "out", "flows", "in", "flows", world->pcmta[1], "out",
		"flows", "in", "flows", "clock", 0);

	*text = root && services_add(root, world) == 0 && mail_add(mem, root, world) == 0 &&
			edits_add(root, world) == 0
		? json_text(mem, root)
		: NULL;
	json_decref(root);
	return *text ? 0 : error_memory(err);
}

/* ---- Read and written ---- */

static bool json_ours(json_t *root)
{
	json_t *services, *service;
	const char *name, *state;
	int format;
	size_t i;

	if (json_unpack(root, "{s:i, s:o}", "format", &format, "services", &services) != 0 ||
		format != 1 || !json_is_array(services))
		return false;
	json_array_foreach (services, i, service)
		if (json_unpack(service, "{s:s, s:s}", "name", &name, "state", &state) != 0)
			return false;
	return true;
}

int practice_json_load(const char *dir, json_t **root, struct error *err)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	char *path = talloc_asprintf(tmp, "%s/" PRACTICE_JSON, dir);
	int fd = path ? open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC) : -1,
	    sys = errno, rc = 0;
	uint8_t *text;
	size_t len;

	*root = NULL;
	if (!path)
		rc = error_memory(err);
	else if (fd < 0 && sys == ENOENT)
		rc = error_set(err, TROUBLE_NOT_THERE,
			_("%s is not a practice server: it has no file practice.json."), dir);
	else if (fd < 0)
		rc = error_system(err, TROUBLE_IO, sys, _("%s/practice.json cannot be read"), dir);
	else if (file_read(tmp, fd, JSON_LIMIT, &text, &len) == 0)
		*root = json_loadb((char *)text, len, JSON_REJECT_DUPLICATES, NULL);
	file_shut(fd);
	if (rc == 0 && !json_ours(*root)) {
		json_decref(*root);
		*root = NULL;
		rc = error_set(err, TROUBLE_RECORD_DAMAGED,
			_("%s/practice.json is damaged, or not from this program."), dir);
	}
	talloc_free(tmp);
	return rc;
}

int practice_json_save(const char *dir, const json_t *root, struct error *err)
{
	char *text = json_text(NULL, root);
	int at = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC), sys = at < 0 ? errno : 0, rc = 0;

	if (sys == 0)
		sys = text ? file_replace(at, PRACTICE_JSON, 0644, text, strlen(text)) : ENOMEM;
	if (sys != 0)
		rc = error_system(err, TROUBLE_IO, sys, _("%s/practice.json cannot be written"),
			dir);
	file_shut(at);
	talloc_free(text);
	return rc;
}

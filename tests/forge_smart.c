/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Forgeries by somebody who knows how a record is read: all of it agrees with itself. */
#include <stdio.h>
#include <string.h>
#include <talloc.h>

#include "base/memory.h"
#include "nt/regf.h"
#include "record/journal.h"
#include "tests/cut_tree.h"
#include "tests/forge.h"

#define RELOCATED "E:\\exchsrvr\\connect\\msmcon"
#define SET1 "ControlSet001\\Services\\"

/* Files and folders of others. */
static const char *const strangers[] = { "C:\\WINNT", "C:\\boot.ini",
	"C:\\exchsrvr\\bin\\store.exe", "C:\\WINNT\\system32\\config\\SOFTWARE", "E:\\exchsrvr",
	RELOCATED "\\maildata", RELOCATED "\\maildata\\glb\\master.glb", "C:\\exchsrvr\\CONNECT" };
/* Services that are no PC MTAs. */
static const char *const services[] = { "MSExchangeMTA", "MSExchangeIS", "MSExchangeSA",
	"EventLog" };
/* Members of the "run" entry, two at a time. */
static const char *const runs[][4] = { { "relocated", "C:\\exchsrvr\\CONNECT\\MSMCON", "bin",
					       "C:\\exchsrvr\\CONNECT\\MSMCON\\BIN" },
	{ "relocated", "E:\\exchsrvr\\connect", "bin", "E:\\exchsrvr\\connect\\Bin" },
	{ "relocated", "C:\\WINNT", "bin", "C:\\WINNT\\Bin" },
	{ "relocated", "E:\\", "bin", "E:\\Bin" },
	{ "default", "C:\\WINNT", "default", "C:\\WINNT" },
	{ "default", RELOCATED, "default", RELOCATED },
	{ "control_set", "ControlSet002", "control_set", "ControlSet002" },
	{ "backup", NULL, "backup", NULL } };
/* What a change of an act says of itself, standing there whole. */
static const char *const inlines[][2] = { { NULL, NULL }, { "target", "C:\\WINNT\\win.ini" },
	{ "target", RELOCATED "\\maildata\\glb\\master.glb" }, { "source", "C:\\boot.ini" },
	{ "key", "SYSTEM\\" SET1 "MSExchangeMTA" }, { "key", "SYSTEM\\" SET1 "MSExchangeMSMI" },
	{ "name", "ObjectName" }, { "id", "registry/MSExchangeMSMI\\ImagePath" },
	{ "id", "\x1b[2Jregistry/nothing" } };
/* What was there before, when no saved file can say otherwise. */
static const char *const befores[] = { "C:\\TEMP\\evil.exe", RELOCATED "\\bin\\..\\..\\evil.exe",
	"", "\"C:\\exchsrvr\\bin\\emsmta.exe\" -x" };

enum {
	TIMES = 2 * ARRAY_SIZE(strangers),
	SERVICES = ARRAY_SIZE(services),
	RUNS = ARRAY_SIZE(runs),
	INLINES = ARRAY_SIZE(inlines),
	BEFORES = ARRAY_SIZE(befores),
	OTHERS = 4
};

static json_t *text_or_null(const char *text)
{
	return text ? json_string(text) : json_null();
}

/* Of every act, or of a trial that came to no end. */
static void times_forge(json_t *entries, const char *path, bool trial)
{
	json_t *entry;
	size_t i;

	if (trial)
		json_array_append_new(entries,
			json_pack("{s:i, s:s, s:s, s:{s:I}}", "n", 1, "at", "2026-01-01T00:00:00Z",
				"what", "trial", "times", path, (json_int_t)119600064000000000));
	json_array_foreach (entries, i, entry)
		if (!trial && entry_is(entry, JOURNAL_PREPARING) && json_object_get(entry, "times"))
			json_object_set_new(json_object_get(entry, "times"), path,
				json_integer(119600064000000000));
}

/* The decided changes, one after the other. */
static json_t *change_next(json_t *entries, size_t *at)
{
	json_t *change = NULL;

	while (!change && *at < json_array_size(entries))
		change = json_object_get(json_array_get(entries, (*at)++), "change");
	return change;
}

static bool change_is(json_t *change, const char *kind)
{
	return entry_says(change, "kind", kind);
}

/* The first PC MTA's value becomes that of another service, which says what it says there. */
static json_t *service_forge(json_t *entries, const char *service, const char *from)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	char *text = json_dumps(entries, JSON_COMPACT), *at = text, *out = NULL;
	const char *was = NULL;
	size_t len = 0, next = 0, k;
	FILE *file = open_memstream(&out, &len);
	struct reg_value *value = NULL;
	regf_key key = 0;
	uint8_t *bytes = tree_read(from, &len);
	struct regf *hive;
	json_t *made, *change;

	json_array_foreach (entries, k, change)
		if (entry_is(change, JOURNAL_PCMTAS))
			was = json_string_value(
				json_array_get(json_object_get(change, "names"), 0));
	if (was && bytes && !regf_open_bytes(mem, "SYSTEM", bytes, len, &hive, NULL) &&
		!regf_find(hive, talloc_asprintf(mem, SET1 "%s", service), &key, NULL) && key)
		(void)regf_value(hive, mem, key, "ImagePath", &value, NULL);
	for (char *hit; was && (hit = strstr(at, was)); at = hit + strlen(was))
		fprintf(file, "%.*s%s", (int)(hit - at), at, service);
	fputs(at, file);
	fclose(file);
	made = json_loads(out, 0, NULL);
	while (value && (change = change_next(made, &next))) {
		const char *id = json_string_value(json_object_get(change, "id"));
		char *old = regdata_string(mem, &value->data), *leaf = strrchr(old, '\\');

		if (!strstr(id, service) || !strstr(id, "ImagePath"))
			continue;
		forge_side(json_object_get(change, "before"), old);
		forge_side(json_object_get(change, "after"),
			talloc_asprintf(mem, RELOCATED "\\bin%s", leaf ? leaf : "\\mt.exe"));
	}
	free(out);
	free(text);
	free(bytes);
	talloc_free(mem);
	return made;
}

static void run_forge(json_t *entries, const char *const members[4])
{
	json_t *run = json_array_get(entries, 0);

	json_object_set_new(run, members[0], text_or_null(members[1]));
	json_object_set_new(run, members[2], text_or_null(members[3]));
}

/* An act that holds the changes themselves. */
static void inline_forge(json_t *entries, const char *member, const char *text)
{
	json_t *entry, *decided;
	size_t i, k;

	json_array_foreach (entries, i, entry) {
		json_t *changes = json_object_get(entry, "changes");

		json_array_foreach (json_object_get(entry, "decided"), k, decided) {
			size_t number = (size_t)json_integer_value(decided);
			json_t *change = json_deep_copy(
				json_object_get(json_array_get(entries, number - 1), "change"));

			if (member && json_object_get(change, member))
				json_object_set_new(change, member, json_string(text));
			json_array_set_new(changes, k, change);
			json_array_set_new(json_object_get(entry, "decided"), k, json_integer(0));
		}
	}
}

static void before_forge(json_t *entries, const char *text)
{
	size_t at = 0;

	for (json_t *change; (change = change_next(entries, &at));)
		if (change_is(change, "value"))
			forge_side(json_object_get(change, "before"), text);
}

/* Each file was added; there was no backup; the share led elsewhere; the last entries first. */
static void other_forge(json_t *entries, size_t way)
{
	size_t at = 0, count = json_array_size(entries);

	for (json_t *change; way < 2 && (change = change_next(entries, &at));)
		if (change_is(change, "file"))
			json_object_set_new(change, "before", json_null());
	if (way == 1)
		json_object_set_new(json_array_get(entries, 0), "backup", json_null());
	for (json_t *change; way == 2 && (change = change_next(entries, &at));)
		if (change_is(change, "share")) {
			json_t *before = json_deep_copy(json_object_get(change, "after"));

			json_object_set_new(before, "path", json_string("C:\\WINNT"));
			json_object_del(before, "security");
			json_object_set_new(change, "before", before);
		}
	for (size_t i = 1; way == 3 && i < count; i++)
		json_array_insert_new(entries, 1, json_incref(json_array_get(entries, i)));
	while (way == 3 && json_array_size(entries) > count)
		json_array_remove(entries, count);
}

size_t smart_count(void)
{
	return TIMES + SERVICES + RUNS + INLINES + BEFORES + OTHERS;
}

bool smart_forge(json_t **entries, size_t way, const char *from, char told[FORGE_TOLD])
{
	json_t *made;

	(void)snprintf(told, FORGE_TOLD, "smart forgery %zu", way);
	if (way < TIMES) {
		times_forge(*entries, strangers[way / 2], way % 2);
	} else if ((way -= TIMES) < SERVICES) {
		made = service_forge(*entries, services[way], from);
		json_decref(*entries);
		*entries = made;
	} else if ((way -= SERVICES) < RUNS) {
		run_forge(*entries, runs[way]);
	} else if ((way -= RUNS) < INLINES) {
		inline_forge(*entries, inlines[way][0], inlines[way][1]);
	} else if ((way -= INLINES) < BEFORES) {
		before_forge(*entries, befores[way]);
		return true;
	} else {
		other_forge(*entries, way - BEFORES);
	}
	return false;
}

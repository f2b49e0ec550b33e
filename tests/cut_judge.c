/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is held against a box after the program was stopped: the journal's claims, and every file
 * and value old or new. */
#include <dirent.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/digest.h"
#include "tests/cut_box.h"

bool box_run_named(const char *where, char name[BOX_ROOM])
{
	char path[BOX_ROOM];
	DIR *dir = opendir(box_format(path, "%s/runs", where));
	struct dirent *entry;
	bool found = false;

	while (dir && (entry = readdir(dir)))
		if (entry->d_name[0] != '.') {
			box_format(name, "%s/%.100s", path, entry->d_name);
			found = true;
		}
	if (dir)
		closedir(dir);
	return found;
}

static bool same(struct box *box, const char *expected, const char *there, unsigned how)
{
	char difference[1024];

	return tree_same(expected, there, how, difference) || box_wrong(box, "%s", difference);
}

bool box_same(struct box *box, const char *server, const char *where, unsigned how)
{
	char there[BOX_ROOM];

	return same(box, server, box_format(there, "%s/server", where), how);
}

/* Step 1's tree must be what Bin was, whatever else happened. */
bool box_backup_same(struct box *box, const char *where, unsigned how)
{
	char name[BOX_ROOM], was[BOX_ROOM], is[BOX_ROOM];

	if (!box_run_named(where, name))
		return box_wrong(box, "there is no run");
	box_format(was, "%s/%s", box->original, box->bin);
	box_format(is, "%s/server/%s.q240208-%s", where, box->bin, strrchr(name, '/') + 1);
	return same(box, was, is, how);
}

bool box_between(struct box *box, const char *where, enum box_op op)
{
	char before[BOX_ROOM], after[BOX_ROOM], there[BOX_ROOM], difference[1024];

	box_format(before, "%s", box->original);
	if (op == OP_ASIDE)
		box_format(before, "%s/server", box->repaired);
	box_format(after, "%s/server", op == OP_UNDO ? box_from(box, op) : box_to(box, op));
	box_format(there, "%s/server", where);
	return tree_between(before, after, there, difference) || box_wrong(box, "%s", difference);
}

/* ---- what the journal claims, held against what is there ---- */

static bool file_is(const char *path, const char *sha256)
{
	size_t len;
	uint8_t *bytes = tree_read(path, &len);
	struct digest digest;
	char hex[65];

	if (!bytes)
		return false;
	digest = digest_of(bytes, len);
	digest_text(&digest, hex);
	free(bytes);
	return !strcmp(hex, sha256);
}

static bool hives_are(struct box *box, const char *folder, const json_t *digests, const char *claim)
{
	const json_t *digest;
	const char *name;
	char path[BOX_ROOM];

	json_object_foreach ((json_t *)(uintptr_t)digests, name, digest)
		if (!file_is(box_format(path, "%s/%s", folder, name), json_string_value(digest)))
			return box_wrong(box, "the journal says %s, but %s is something else",
				claim, path);
	return true;
}

static bool files_claimed(struct box *box, const char *where, const json_t *done)
{
	const json_t *state;
	const char *id;
	char is[BOX_ROOM], expected[BOX_ROOM], difference[1024];

	json_object_foreach ((json_t *)(uintptr_t)json_object_get(done, "looked"), id, state) {
		const char *name = strchr(id, '\\') + 1;

		box_format(expected, "%s/server/%s/%s", box->repaired, box->bin, name);
		box_format(is, "%s/server/%s/%s", where, box->bin, name);
		if (!tree_same(expected, is, 0, difference))
			return box_wrong(box, "the journal says verified: %s", difference);
	}
	return true;
}

static bool is_entry(const json_t *entry, const char *what)
{
	return !strcmp(json_string_value(json_object_get(entry, "what")), what);
}

/* Claims about steps: of files while nothing later could have changed them again. */
static bool done_claimed(struct box *box, const char *where, const json_t *entry)
{
	json_int_t step = json_integer_value(json_object_get(entry, "step"));

	if (step == 1)
		return box_backup_same(box, where, 0);
	return step != 2 || files_claimed(box, where, entry);
}

bool box_claims_hold(struct box *box, const char *where)
{
	char name[BOX_ROOM], path[BOX_ROOM], *line = NULL;
	json_t *entry = NULL, *hives = NULL;
	size_t room = 0;
	bool good = true;
	FILE *file;

	if (!box_run_named(where, name))
		return true;
	file = fopen(box_format(path, "%s/journal.jsonl", name), "r");
	while (file && good && getline(&line, &room, file) > 0 &&
		(entry = json_loads(line, 0, NULL))) {
		if (is_entry(entry, "saved"))
			good = hives_are(box, box_format(path, "%s/before", name),
				json_object_get(entry, "files"), "saved");
		if (is_entry(entry, "done"))
			good = good && done_claimed(box, where, entry);
		if (is_entry(entry, "act") &&
			json_integer_value(json_object_get(entry, "step")) >= 3) {
			json_decref(hives);
			hives = NULL;
		}
		if (is_entry(entry, "done") && json_object_get(entry, "hives")) {
			json_decref(hives);
			hives = json_incref(json_object_get(entry, "hives"));
		}
		json_decref(entry);
	}
	if (good && hives)
		good = hives_are(box, box_format(path, "%s/server/%s", where, box->config), hives,
			"written");
	json_decref(hives);
	free(line);
	if (file)
		fclose(file);
	return good;
}

/* Each begun is seen later; a note about copies that differed would be about what the stop left. */
static bool entry_seen(struct box *box, const json_t *entry, json_t *unseen)
{
	const json_t *state, *change;
	const char *id;
	size_t i;

	if (is_entry(entry, "act"))
		json_array_foreach (json_object_get(entry, "changes"), i, change) {
			id = json_string_value(
				json_is_string(change) ? change : json_object_get(change, "id"));
			json_object_set_new(unseen, id, json_true());
		}
	json_object_foreach (json_object_get(entry, "looked"), id, state)
		json_object_del(unseen, id);
	id = json_string_value(json_object_get(entry, "note"));
	return !id || !strstr(id, "already differed") || box_wrong(box, "untrue: %s", id);
}

bool box_all_seen(struct box *box, const char *where)
{
	char name[BOX_ROOM], path[BOX_ROOM], *line = NULL;
	json_t *entry, *unseen = json_object();
	size_t room = 0;
	bool good = box_run_named(where, name);
	FILE *file = good ? fopen(box_format(path, "%s/journal.jsonl", name), "r") : NULL;

	while (file && good && getline(&line, &room, file) > 0 &&
		(entry = json_loads(line, 0, NULL))) {
		good = entry_seen(box, entry, unseen);
		json_decref(entry);
	}
	if (good && json_object_size(unseen))
		good = box_wrong(box, "begun, and never seen to its end: %s",
			json_object_iter_key(json_object_iter(unseen)));
	json_decref(unseen);
	free(line);
	if (file)
		fclose(file);
	return good;
}

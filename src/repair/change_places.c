/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where changes write: the room they need there, the folders whose times they alter, what a killed
 * run left. */
#include "repair/change_internal.h"

#include <string.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"

enum { LETTERS = 26, ITEM_ROOM = 4096, HIVE_GROWTH = 65536 };

/* The two copies of the registry and the names they are staged under. */
static const struct {
	const char *name, *stem;
} hives[] = { { "SYSTEM", "SYSTEM" }, { "SYSTEM.ALT", "SYSTEMA" } };

enum { HIVES = ARRAY_SIZE(hives) };

static char *hive_path(struct server *server, TALLOC_CTX *mem, size_t which)
{
	return talloc_asprintf(mem, "%s\\system32\\config\\%s", server->id.nt_folder,
		hives[which].name);
}

static bool in_hive(const struct change *change)
{
	return change->kind == KIND_VALUE || change->kind == KIND_SHARE;
}

/* All registry values lie in the same files. */
static bool any_in_hive(const struct server *server, struct change *const *changes, size_t count)
{
	bool any = false;

	for (size_t i = 0; i < count; i++)
		any |= in_hive(changes[i]);
	return any && (server->caps & SERVER_HIVES);
}

/* ---- room ---- */

/* Bytes that are needed, by drive: both copies may have to be written again beside the old ones. */
static int need_hives(struct server *server, TALLOC_CTX *mem, uint64_t need[LETTERS],
	struct error *err)
{
	int ret = 0;

	for (size_t i = 0; !ret && i < HIVES; i++) {
		char *path = hive_path(server, mem, i);
		struct file_meta meta;
		bool found;

		ret = path ? server->ops->file_stat(server, mem, path, &found, &meta, NULL, err)
			   : error_memory(err);
		if (!ret && found)
			need[path[0] - 'A'] += meta.size + HIVE_GROWTH;
	}
	return ret;
}

static int need_change(struct server *server, TALLOC_CTX *mem, const struct change *change,
	uint64_t need[LETTERS], struct error *err)
{
	struct copy_list list = { 0 };
	int ret = 0;

	if (change->kind == KIND_FILE && change->after.file.present)
		need[change->target[0] - 'A'] += change->after.file.size + ITEM_ROOM;
	if (change->kind == KIND_BACKUP) {
		ret = copy_walk(server, mem, change->source, BIN_NAMES_MOST, &list, err);
		need[change->target[0] - 'A'] += list.bytes + (uint64_t)list.count * ITEM_ROOM;
	}
	return ret;
}

/* Two drives may be folders of one file system: what they need is needed there at once. */
static int room_compare(struct server *server, const uint64_t need[LETTERS], struct error *err)
{
	struct file_identity at[LETTERS];
	int ret = 0;

	for (unsigned i = 0; !ret && i < LETTERS; i++) {
		char root[] = { (char)('A' + i), ':', '\\', '\0' };
		uint64_t room = 0, bytes = need[i];

		if (!bytes)
			continue;
		at[i] = (struct file_identity){ .device = i };
		ret = server->ops->room(server, root, &room, err);
		if (!ret)
			ret = server->ops->identity(server, root, &at[i], err);
		/* The drives of a running server are drives of their own. */
		if (ret == -TROUBLE_CANNOT && server_runs(server))
			ret = 0;
		for (unsigned k = 0; !ret && k < i; k++)
			bytes += need[k] && at[k].device == at[i].device ? need[k] : 0;
		if (!ret && room < bytes)
			ret = error_set(err, TROUBLE_NO_ROOM,
				bytes == need[i]
					? _("Drive %c: has room for %llu bytes; what will be written needs %llu.")
					: _("Drive %c: and others on its file system have room for %llu bytes; what "
					    "will be written needs %llu."),
				root[0], (unsigned long long)room, (unsigned long long)bytes);
	}
	return ret;
}

int change_room(struct server *server, struct change *const *changes, size_t count, char letter,
	uint64_t more, struct error *err)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	uint64_t need[LETTERS] = { 0 };
	int ret = any_in_hive(server, changes, count) ? need_hives(server, tmp, need, err) : 0;

	need[letter - 'A'] += more;
	for (size_t i = 0; !ret && i < count; i++)
		ret = need_change(server, tmp, changes[i], need, err);
	if (!ret)
		ret = room_compare(server, need, err);
	talloc_free(tmp);
	return ret;
}

/* ---- what changes besides ---- */

static int path_once(TALLOC_CTX *mem, char ***paths, size_t *count, char *path, struct error *err)
{
	for (size_t i = 0; path && i < *count; i++)
		if (path_equal((*paths)[i], path))
			return 0;
	return memory_more_text(mem, paths, count, path) ? 0 : error_memory(err);
}

/* The folder it lies in or, where that is still to be made, the one that the first new folder comes
 * into. */
static int folder_touched(struct server *server, TALLOC_CTX *mem, const char *target, char ***paths,
	size_t *count, struct error *err)
{
	char *folder = path_parent(mem, target);
	enum entry_kind kind;
	int ret = server_kind(server, folder, &kind, err);

	while (!ret && kind == ENTRY_NONE && path_parts(folder) > 0) {
		folder = path_parent(mem, folder);
		ret = server_kind(server, folder, &kind, err);
	}
	return ret ? ret : path_once(mem, paths, count, folder, err);
}

int change_touched(struct server *server, TALLOC_CTX *mem, struct change *const *changes,
	size_t count, char ***paths, size_t *path_count, struct error *err)
{
	int ret = 0;

	*paths = NULL;
	*path_count = 0;
	for (size_t i = 0; !ret && any_in_hive(server, changes, count) && i < HIVES; i++) {
		char *path = hive_path(server, mem, i);

		ret = path ? path_once(mem, paths, path_count, path_parent(mem, path), err)
			   : error_memory(err);
		if (!ret)
			ret = path_once(mem, paths, path_count, path, err);
	}
	for (size_t i = 0; !ret && i < count; i++)
		if (!in_hive(changes[i]))
			ret = folder_touched(server, mem, changes[i]->target, paths, path_count,
				err);
	return ret;
}

/* ---- what a killed run left ---- */

/* A file beside which staged names may be left: STEM.q24, and the name of a rename that came to no
 * end. */
struct place {
	const char *path, *stem;
};

struct sweep {
	struct server *server;
	struct place *places;
	size_t count;
	size_t *removed; /* NULL: nothing is removed, and a name that is there is refused */
};

static int places_find(struct sweep *sweep, struct change *const *changes, size_t count,
	struct error *err)
{
	sweep->places = memory_array(sweep, sizeof *sweep->places, count + HIVES);
	if (!sweep->places)
		return error_memory(err);
	for (size_t i = 0; i < count; i++)
		if (changes[i]->kind == KIND_FILE)
			sweep->places[sweep->count++] =
				(struct place){ changes[i]->target, path_leaf(changes[i]->target) };
	for (size_t i = 0; any_in_hive(sweep->server, changes, count) && i < HIVES; i++) {
		char *path = hive_path(sweep->server, sweep, i);

		if (!path)
			return error_memory(err);
		sweep->places[sweep->count++] = (struct place){ path, hives[i].stem };
	}
	return 0;
}

static bool name_left(const struct place *place, const char *name, enum leftover_kind kind)
{
	const char *stem = kind == LEFTOVER_STAGE ? place->stem : path_leaf(place->path);
	size_t len = strlen(stem);

	if (strlen(name) <= len || !text_equal_n(name, stem, len))
		return false;
	if (kind == LEFTOVER_STAGE)
		return text_equal(name + len, SERVER_STAGE_SUFFIX);
	if (kind == LEFTOVER_ASIDE)
		return text_equal(name + len, SERVER_ASIDE_SUFFIX);
	return text_equal_n(name + len, LEFTOVER_TORN_MARK, strlen(LEFTOVER_TORN_MARK));
}

/* The file in the folder of first beside which a name of this kind was left, or NULL. */
static const struct place *place_of(const struct sweep *sweep, const struct place *first,
	const char *name, enum leftover_kind kind)
{
	for (size_t i = 0; i < sweep->count; i++)
		if (name_left(&sweep->places[i], name, kind) &&
			step_same_folder(sweep->places[i].path, first->path))
			return &sweep->places[i];
	return NULL;
}

/* The power cut left the file system itself in disorder, and a name of the torn file may still be
 * half there: a file that was given its name back could not be replaced any more. So its content
 * gets that name as a new file. */
static int sweep_restore(struct sweep *sweep, const char *torn, const char *target,
	const char *folder, struct error *err)
{
	const struct server_ops *ops = sweep->server->ops;
	struct stage_spec spec = { .target = target, .traits_from = torn, .mtime = FILETIME_NONE };
	struct digest digest;
	struct stage *stage = NULL;
	int ret = copy_stage(sweep->server, sweep, torn, &spec, &stage, &digest, NULL, err);

	if (!ret)
		ret = ops->sync(sweep->server, target[0], err);
	if (!ret)
		ret = copy_stage_verify(sweep->server, stage, &digest, err);
	if (!ret)
		ret = ops->stage_switch(stage, err);
	if (!ret)
		ret = ops->sync_folder(sweep->server, folder, err);
	talloc_free(stage);
	return ret;
}

/* The old content waits under such a name while the target's own is missing; where the target is
 * there it is only a second name. One that is only half there cannot be removed: there the driver
 * says that there is no such name. */
static int sweep_torn(struct sweep *sweep, const char *torn, const char *target, const char *folder,
	struct error *err)
{
	enum entry_kind kind;
	int ret = server_kind(sweep->server, target, &kind, err);

	if (!ret && kind == ENTRY_NONE)
		ret = sweep_restore(sweep, torn, target, folder, err);
	if (!ret && sweep->server->ops->remove(sweep->server, torn, err))
		ret = error_advise(err,
			error_set(err, TROUBLE_IO,
				_("The name %s, which a power cut left, cannot be removed. Nothing is lost."),
				text_shown(sweep, torn)),
			_("Let Windows check the drive (chkdsk /f) before you do anything else to it."));
	return ret;
}

/* A whole file that the new one has replaced, or that gets its name back, spelled as it was. */
static int sweep_aside(struct sweep *sweep, const char *aside, struct error *err)
{
	const struct server_ops *ops = sweep->server->ops;
	char *target = talloc_strndup(sweep, aside, strlen(aside) - strlen(SERVER_ASIDE_SUFFIX));
	enum entry_kind kind;
	int ret = server_kind(sweep->server, target, &kind, err);

	if (ret)
		return ret;
	return kind == ENTRY_NONE ? ops->rename(sweep->server, aside, target, err)
				  : ops->remove(sweep->server, aside, err);
}

static int in_the_way(struct sweep *sweep, const char *path, const char *target, struct error *err)
{
	int ret = error_set(err, TROUBLE_MOVED,
		_("%s already exists, and the new %s would be written under such a name."),
		text_shown(sweep, path), text_shown(sweep, path_leaf(target)));

	return error_advise(err, ret,
		_("If a run was interrupted (%s runs), resume or undo it. "
		  "If not, move this away. Then try again."),
		text_call());
}

static int sweep_entry(struct sweep *sweep, const char *folder, const struct entry *entry,
	const struct place *place, enum leftover_kind kind, struct error *err)
{
	char *path = path_join(sweep, folder, entry->name);
	int ret;

	if (!path)
		return error_memory(err);
	if (!sweep->removed)
		return in_the_way(sweep, path, place->path, err);
	if (entry->meta.kind != ENTRY_FILE)
		return 0;
	if (kind == LEFTOVER_TORN)
		ret = sweep_torn(sweep, path, place->path, folder, err);
	else if (kind == LEFTOVER_ASIDE)
		ret = sweep_aside(sweep, path, err);
	else
		ret = sweep->server->ops->remove(sweep->server, path, err);
	*sweep->removed += !ret;
	return ret ? ret : sweep->server->ops->sync_folder(sweep->server, folder, err);
}

/* What was staged goes first: its name is needed for a file that has lost its own. */
static int sweep_folder(struct sweep *sweep, const struct place *first, struct error *err)
{
	static const enum leftover_kind kinds[] = { LEFTOVER_STAGE, LEFTOVER_TORN, LEFTOVER_ASIDE };
	char *folder = path_parent(sweep, first->path);
	struct entry_list list;
	int ret = server_list(sweep->server, sweep, folder, &list, err);

	for (size_t k = 0; k < ARRAY_SIZE(kinds); k++)
		for (size_t i = 0; !ret && i < list.count; i++) {
			const struct entry *entry = &list.entries[i];
			const struct place *place = NULL;

			if (leftover_of(entry->name) == kinds[k])
				place = place_of(sweep, first, entry->name, kinds[k]);
			if (place)
				ret = sweep_entry(sweep, folder, entry, place, kinds[k], err);
		}
	return ret;
}

int change_sweep(struct server *server, struct change *const *changes, size_t count,
	size_t *removed, struct error *err)
{
	struct sweep *sweep = talloc_zero(NULL, struct sweep);
	int ret;

	if (!sweep)
		return error_memory(err);
	sweep->server = server;
	sweep->removed = removed;
	ret = places_find(sweep, changes, count, err);
	for (size_t i = 0; !ret && i < sweep->count; i++) {
		size_t k = 0;

		while (!step_same_folder(sweep->places[k].path, sweep->places[i].path))
			k++;
		if (k == i)
			ret = sweep_folder(sweep, &sweep->places[i], err);
	}
	talloc_free(sweep);
	return ret;
}

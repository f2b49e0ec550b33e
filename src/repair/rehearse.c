/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "repair/rehearse.h"

#include <string.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "repair/change_internal.h"

/* What programs of NT can open: MAX_PATH without the NUL at its end, in UTF-16 units. */
enum { PATH_MOST = 259 };

struct rehearsal {
	struct server *server;
	struct change *const *changes;
	size_t count;
	char more_on;
	uint64_t more;
	const struct change *backup; /* NULL: there is no Bin */
	struct copy_list bin;        /* what it will hold */
};

static bool writes_file(const struct change *change)
{
	return change->kind == KIND_FILE && change->after.file.present;
}

/* ---- the path to what will be written: folders, and a file or nothing at the end ---- */

static int wrong_kind(TALLOC_CTX *mem, const char *path, const char *format, struct error *err)
{
	int ret = error_set(err, TROUBLE_LINK, _(format), text_shown(mem, path));

	return error_advise(err, ret,
		_("Check it by hand: rename what is in the way, or decide to keep what needs it (\"keep\")."));
}

static int folders_pass(struct rehearsal *all, const char *target, struct error *err)
{
	const char *above = path_parent(all, target);
	enum entry_kind kind = ENTRY_NONE;
	int ret = 0;

	while (ret == 0 && kind == ENTRY_NONE && (!above || path_parts(above) > 0)) {
		ret = server_kind(all->server, above, &kind, err);
		if (ret == 0 && kind != ENTRY_NONE && kind != ENTRY_FOLDER)
			ret = wrong_kind(all, above, N_("%s is a file; it must be a folder."), err);
		above = ret == 0 ? path_parent(all, above) : NULL;
	}
	return ret;
}

static int way_pass(struct rehearsal *all, const struct change *change, struct error *err)
{
	enum entry_kind kind;
	int ret;

	if (!writes_file(change))
		return 0;
	ret = server_kind(all->server, change->target, &kind, err);
	if (ret == 0 && kind != ENTRY_NONE && kind != ENTRY_FILE)
		ret = wrong_kind(all, change->target, N_("%s is a folder; it must be a file."),
			err);
	return ret == 0 ? folders_pass(all, change->target, err) : ret;
}

/* ---- names and paths that NT can hold ---- */

static int length_pass(TALLOC_CTX *mem, const char *path, struct error *err)
{
	size_t bytes = 0, units;
	uint8_t *wide = text_to_utf16(mem, path, &bytes);
	int ret;

	units = wide ? bytes / 2 : strlen(path);
	talloc_free(wide);
	if (units <= PATH_MOST)
		return 0;
	ret = error_set(err, TROUBLE_NAME,
		_("The path %s would have %zu characters; programs on Windows NT open at most %d."),
		text_shown(mem, path), units, PATH_MOST);
	return error_advise(err, ret,
		_("Move it out of Bin, or give it a shorter name, then try again."));
}

static int target_length_pass(struct rehearsal *all, const struct change *change, struct error *err)
{
	return writes_file(change) ? length_pass(all, change->target, err) : 0;
}

static int copy_lengths_pass(struct rehearsal *all, struct error *err)
{
	int ret = 0;

	for (size_t i = 0; ret == 0 && i < all->bin.count; i++) {
		char *copy = path_join(all, all->backup->target, all->bin.items[i].rel);

		ret = copy ? length_pass(all, copy, err) : error_memory(err);
	}
	return ret;
}

/* ---- traits, short names, mount options: up to the first write ---- */

static int stage_pass(struct rehearsal *all, const struct stage_spec *spec, struct error *err)
{
	struct stage *stage = NULL;
	int ret = all->server->ops->stage(all->server, all, spec, &stage, err);

	talloc_free(stage);
	return ret;
}

static int copy_pass(struct rehearsal *all, const struct copy_item *item, struct error *err)
{
	char *from = path_join(all, all->backup->source, item->rel),
	     *to = path_join(all, all->backup->target, item->rel);
	struct stage_spec spec = { .target = to,
		.traits_from = from,
		.mtime = item->meta.mtime,
		.size = item->meta.size,
		.fresh = true };

	if (!from || !to)
		return error_memory(err);
	return item->meta.kind == ENTRY_FOLDER ? all->server->ops->mkdir(all->server, to, from, err)
					       : stage_pass(all, &spec, err);
}

static int copies_pass(struct rehearsal *all, struct error *err)
{
	int ret = all->backup ? all->server->ops->mkdir(all->server, all->backup->target,
					all->backup->source, err)
			      : 0;

	for (size_t i = 0; ret == 0 && i < all->bin.count; i++)
		ret = copy_pass(all, &all->bin.items[i], err);
	return ret;
}

static int target_stage_pass(struct rehearsal *all, const struct change *change, struct error *err)
{
	struct stage_spec spec = { .target = change->target, .mtime = FILETIME_NONE };

	if (!writes_file(change))
		return 0;
	spec.size = change->after.file.size;
	/* All of Bin was checked for its copy. */
	if (!all->backup)
		spec.traits_from =
			change->before.file.present ? change->target : change->traits_from;
	return stage_pass(all, &spec, err);
}

/* ---- the registry files: their gate, and the edits made in memory ---- */

static int share_pass(struct rehearsal *all, const struct change *change, struct error *err)
{
	struct reg_stage *stage = NULL;
	int ret = change->kind == KIND_SHARE
		? step_share_stage(all->server, all, change, &stage, err)
		: 0;

	talloc_free(stage);
	return ret;
}

static int values_pass(struct rehearsal *all, struct error *err)
{
	struct reg_edit *edits = memory_array_zero(all, sizeof *edits, all->count);
	struct reg_stage *stage = NULL;
	size_t count = 0;
	int ret;

	if (!edits)
		return error_memory(err);
	for (size_t i = 0; i < all->count; i++)
		if (all->changes[i]->kind == KIND_VALUE)
			edits[count++] = (struct reg_edit){ all->changes[i]->before.value.key,
				all->changes[i]->before.value.name,
				all->changes[i]->after.value.data };
	/* Whatever edits the files goes through their gate as well. */
	if (count == 0)
		return all->server->ops->reg_gate(all->server, err);
	ret = all->server->ops->reg_stage(all->server, all, edits, count, &stage, err);
	talloc_free(stage);
	return ret;
}

/* ---- room, for all at once, and the names under which it is staged ---- */

static int room_pass(struct rehearsal *all, struct error *err)
{
	return change_room(all->server, all->changes, all->count, all->more_on, all->more, err);
}

static int names_pass(struct rehearsal *all, struct error *err)
{
	return all->server->rehearsing->swept_first
		? 0
		: change_sweep(all->server, all->changes, all->count, NULL, err);
}

/* ---- the record: what is written there must read back the same ---- */

static int record_pass(struct rehearsal *all, const struct change *change, struct error *err)
{
	json_t *json = change_json(change), *back = NULL;
	struct change *read;
	int ret = json ? change_parse(all, json, &read, err) : error_memory(err);

	if (ret == 0)
		back = change_json(read);
	if (ret == -TROUBLE_RECORD_DAMAGED || (ret == 0 && !json_equal(json, back))) {
		ret = error_set(err, TROUBLE_CANNOT,
			_("The record of a run cannot hold %s as it is, so it could not be put back."),
			finding_id_shown(all, change->id));
		ret = error_advise(err, ret,
			_("Decide to keep it (\"keep\"), and change it by hand."));
	}
	json_decref(back);
	json_decref(json);
	return ret;
}

/* ---- all of it ---- */

/* Each goes through all changes, or is about all at once. To rehearse one more thing, add a line
 * here. */
static const struct {
	int (*change)(struct rehearsal *, const struct change *, struct error *);
	int (*all)(struct rehearsal *, struct error *);
} passes[] = {
	{ way_pass, NULL },
	{ target_length_pass, NULL },
	{ NULL, copy_lengths_pass },
	{ NULL, names_pass },
	{ NULL, room_pass },
	{ NULL, copies_pass },
	{ target_stage_pass, NULL },
	{ share_pass, NULL },
	{ NULL, values_pass },
	{ record_pass, NULL },
};

static int bin_read(struct rehearsal *all, struct error *err)
{
	for (size_t i = 0; i < all->count; i++)
		if (all->changes[i]->kind == KIND_BACKUP)
			all->backup = all->changes[i];
	return all->backup
		? copy_walk(all->server, all, all->backup->source, BIN_NAMES_MOST, &all->bin, err)
		: 0;
}

int changes_rehearse(struct server *server, struct change *const *changes, size_t count,
	char more_on, uint64_t more, struct server_rehearsal *rehearsal, struct error *err)
{
	struct rehearsal *all = talloc_zero(NULL, struct rehearsal);
	int ret;

	if (!all)
		return error_memory(err);
	*all = (struct rehearsal){ .server = server,
		.changes = changes,
		.count = count,
		.more_on = more_on,
		.more = more };
	server->rehearsing = rehearsal;
	ret = bin_read(all, err);
	for (size_t p = 0; p < ARRAY_SIZE(passes); p++) {
		for (size_t i = 0; ret == 0 && passes[p].change && i < count; i++)
			ret = passes[p].change(all, changes[i], err);
		if (ret == 0 && passes[p].all)
			ret = passes[p].all(all, err);
	}
	server->rehearsing = NULL;
	talloc_free(all);
	return ret;
}

/* ---- where a trial is made ---- */

int changes_folders(struct server *server, TALLOC_CTX *mem, struct change *const *changes,
	size_t count, char ***folders, size_t *folder_count, struct error *err)
{
	char **paths;
	size_t path_count, kept = 0;
	int ret = change_touched(server, mem, changes, count, &paths, &path_count, err);

	for (size_t i = 0; ret == 0 && i < path_count; i++) {
		enum entry_kind kind;
		bool known = false;

		ret = server_kind(server, paths[i], &kind, err);
		for (size_t k = 0; k < kept; k++)
			known |= text_equal_n(paths[k], paths[i], 1);
		if (kind == ENTRY_FOLDER && !known)
			paths[kept++] = paths[i];
	}
	*folders = paths;
	*folder_count = kept;
	return ret;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "repair/rehearse.h"

#include <stdlib.h>
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
	const struct change *backup;       /* NULL: there is no Bin */
	struct copy_list bin;              /* what it will hold */
	char *seen;                        /* the folder whose path was checked last */
};

static bool writes_file(const struct change *change)
{
	return change->kind == KIND_FILE && change->after.file.present;
}

/* ---- the path to what will be written: folders all the way, and a file or nothing at the end ---- */

static int wrong_kind(const char *path, const char *format, struct error *err)
{
	char *shown = text_shown(NULL, path);
	int ret = error_set(err, TROUBLE_LINK, format, shown ? shown : "");

	talloc_free(shown);
	return error_advise(err, ret, _("Check it by hand: rename what is in the way, or decide to keep what needs it (\"keep\")."));
}

static int folders_pass(struct rehearsal *all, const char *target, struct error *err)
{
	char *above = path_parent(all, target);
	int ret = above ? 0 : error_memory(err);

	if (ret == 0 && all->seen && path_equal(all->seen, above))
		return 0;
	all->seen = above;
	while (ret == 0 && path_parts(above) > 0) {
		struct file_meta meta;
		bool found;

		ret = all->server->ops->look(all->server, all, above, &found, &meta, NULL, err);
		if (ret == 0 && found && meta.kind != ENTRY_FOLDER)
			ret = wrong_kind(above, _("%s is a file; it must be a folder."), err);
		if (found)
			break;
		above = path_parent(all, above);
		ret = ret == 0 && !above ? error_memory(err) : ret;
	}
	return ret;
}

static int way_pass(struct rehearsal *all, const char *target, struct error *err)
{
	struct file_meta meta;
	bool found;
	int ret = all->server->ops->look(all->server, all, target, &found, &meta, NULL, err);

	if (ret == 0 && found && meta.kind != ENTRY_FILE)
		ret = wrong_kind(target, _("%s is a folder; it must be a file."), err);
	return ret == 0 ? folders_pass(all, target, err) : ret;
}

static int ways_pass(struct rehearsal *all, struct error *err)
{
	int ret = 0;

	for (size_t i = 0; ret == 0 && i < all->count; i++)
		if (writes_file(all->changes[i]))
			ret = way_pass(all, all->changes[i]->target, err);
	return ret;
}

/* ---- names and paths that NT can hold ---- */

static int length_pass(TALLOC_CTX *mem, const char *path, struct error *err)
{
	size_t bytes = 0, units;
	uint8_t *wide = text_to_utf16(mem, path, &bytes);
	char *shown;
	int ret;

	units = wide ? bytes / 2 : strlen(path);
	talloc_free(wide);
	if (units <= PATH_MOST)
		return 0;
	shown = text_shown(mem, path);
	ret = error_set(err, TROUBLE_NAME, _("The path %s would have %zu characters; programs on Windows NT open at most %d."),
			shown ? shown : "", units, PATH_MOST);
	return error_advise(err, ret, _("Move it out of Bin, or give it a shorter name, then try again."));
}

static int lengths_pass(struct rehearsal *all, struct error *err)
{
	int ret = 0;

	for (size_t i = 0; ret == 0 && i < all->count; i++)
		if (writes_file(all->changes[i]))
			ret = length_pass(all, all->changes[i]->target, err);
	for (size_t i = 0; ret == 0 && i < all->bin.count; i++) {
		char *copy = path_join(all, all->backup->target, all->bin.items[i].rel);

		ret = copy ? length_pass(all, copy, err) : error_memory(err);
		talloc_free(copy);
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
	char *from = path_join(all, all->backup->source, item->rel), *to = path_join(all, all->backup->target, item->rel);
	struct stage_spec spec = { .target = to, .traits_from = from, .mtime = item->meta.mtime, .size = item->meta.size,
				   .fresh = true };
	int ret = from && to ? 0 : error_memory(err);

	if (ret == 0 && item->meta.kind == ENTRY_FOLDER)
		ret = all->server->ops->mkdir(all->server, to, from, err);
	else if (ret == 0)
		ret = stage_pass(all, &spec, err);
	talloc_free(from);
	talloc_free(to);
	return ret;
}

static int copies_pass(struct rehearsal *all, struct error *err)
{
	int ret = all->backup ? all->server->ops->mkdir(all->server, all->backup->target, all->backup->source, err) : 0;

	for (size_t i = 0; ret == 0 && i < all->bin.count; i++)
		ret = copy_pass(all, &all->bin.items[i], err);
	return ret;
}

static int stages_pass(struct rehearsal *all, struct error *err)
{
	int ret = 0;

	for (size_t i = 0; ret == 0 && i < all->count; i++) {
		const struct change *change = all->changes[i];
		struct stage_spec spec = { .target = change->target, .mtime = FILETIME_NONE };

		if (!writes_file(change))
			continue;
		spec.size = change->after.file.size;
		/* All of Bin was checked for its copy. */
		if (!all->backup)
			spec.traits_from = change->before.file.present ? change->target : change->traits_from;
		ret = stage_pass(all, &spec, err);
	}
	return ret;
}

/* ---- the registry files: their gate, and the edits made in memory ---- */

static int edits_pass(struct rehearsal *all, const struct reg_edit *edits, size_t count, struct error *err)
{
	struct reg_stage *stage = NULL;
	int ret = count ? all->server->ops->reg_stage(all->server, all, edits, count, &stage, err) : 0;

	talloc_free(stage);
	return ret;
}

static int share_pass(struct rehearsal *all, const struct change *change, struct error *err)
{
	struct reg_stage *stage = NULL;
	int ret = step_share_stage(all->server, all, change, &stage, err);

	talloc_free(stage);
	return ret;
}

static int registry_pass(struct rehearsal *all, struct error *err)
{
	struct reg_edit *edits = memory_array_zero(all, sizeof *edits, all->count);
	size_t count = 0;
	int ret = edits ? 0 : error_memory(err);

	for (size_t i = 0; ret == 0 && i < all->count; i++) {
		const struct change *change = all->changes[i];

		if (change->kind == KIND_VALUE)
			edits[count++] = (struct reg_edit){ change->before.value.key, change->before.value.name,
							    change->after.value.data };
		if (change->kind == KIND_SHARE)
			ret = share_pass(all, change, err);
	}
	/* Whatever edits the files goes through their gate as well. */
	if (ret == 0 && count == 0)
		return all->server->ops->reg_gate(all->server, err);
	return ret == 0 ? edits_pass(all, edits, count, err) : ret;
}

/* ---- room, for all at once ---- */

static int room_pass(struct rehearsal *all, struct error *err)
{
	return change_room_with(all->server, all->changes, all->count, all->more_on, all->more, err);
}

/* ---- the names under which it is staged ---- */

static int names_pass(struct rehearsal *all, struct error *err)
{
	return all->server->rehearsing->swept_first ? 0 : change_free(all->server, all->changes, all->count, err);
}

/* ---- the record: what is written there must read back the same ---- */

static bool same_text(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

static bool change_same(const struct change *a, const struct change *b)
{
	return same_text(a->id, b->id) && a->step == b->step && a->kind == b->kind && same_text(a->target, b->target) &&
	       same_text(a->source, b->source) && same_text(a->traits_from, b->traits_from) &&
	       finding_side_equal(a->kind, &a->before, &b->before) && finding_side_equal(a->kind, &a->after, &b->after);
}

static int record_pass(struct rehearsal *all, const struct change *change, struct error *err)
{
	json_t *json = change_json(change), *back;
	char *text = json ? json_dumps(json, JSON_COMPACT) : NULL;
	struct change *read = NULL;
	int ret;

	back = text ? json_loads(text, JSON_REJECT_DUPLICATES, NULL) : NULL;
	ret = text ? change_parse(all, back, &read, err) : error_memory(err);
	if (ret == -TROUBLE_RECORD_DAMAGED || (ret == 0 && !change_same(change, read))) {
		ret = error_set(err, TROUBLE_CANNOT, _("The record of a run cannot hold %s as it is, so it could not be put back."),
				change->id);
		ret = error_advise(err, ret, _("Decide to keep it (\"keep\"), and change it by hand."));
	}
	talloc_free(read);
	json_decref(back);
	json_decref(json);
	free(text);
	return ret;
}

static int records_pass(struct rehearsal *all, struct error *err)
{
	int ret = 0;

	for (size_t i = 0; ret == 0 && i < all->count; i++)
		ret = record_pass(all, all->changes[i], err);
	return ret;
}

/* ---- all of it ---- */

/* To rehearse one more thing, add a line here. */
static const struct {
	const char *name;
	int (*pass)(struct rehearsal *, struct error *);
} passes[] = {
	{ "ways", ways_pass },     { "lengths", lengths_pass },   { "names", names_pass },     { "room", room_pass },
	{ "copies", copies_pass }, { "stages", stages_pass },     { "registry", registry_pass }, { "records", records_pass },
};

static int bin_read(struct rehearsal *all, struct error *err)
{
	for (size_t i = 0; i < all->count; i++)
		if (all->changes[i]->kind == KIND_BACKUP)
			all->backup = all->changes[i];
	return all->backup ? copy_walk(all->server, all, all->backup->source, BIN_NAMES_MOST, &all->bin, err) : 0;
}

int changes_rehearse(struct server *server, struct change *const *changes, size_t count, char more_on, uint64_t more,
		     struct server_rehearsal *rehearsal, struct error *err)
{
	struct rehearsal *all = talloc_zero(NULL, struct rehearsal);
	int ret;

	if (!all)
		return error_memory(err);
	*all = (struct rehearsal){ .server = server, .changes = changes, .count = count, .more_on = more_on, .more = more };
	server->rehearsing = rehearsal;
	ret = bin_read(all, err);
	for (size_t i = 0; ret == 0 && i < sizeof passes / sizeof *passes; i++)
		ret = passes[i].pass(all, err);
	server->rehearsing = NULL;
	talloc_free(all);
	return ret;
}

/* ---- where a trial is made ---- */

int changes_folders(struct server *server, TALLOC_CTX *mem, struct change *const *changes, size_t count, char ***folders,
		    size_t *folder_count, struct error *err)
{
	char **paths;
	size_t path_count, kept = 0;
	int ret = change_touched(server, mem, changes, count, &paths, &path_count, err);

	for (size_t i = 0; ret == 0 && i < path_count; i++) {
		struct file_meta meta;
		bool found, known = false;

		ret = server->ops->look(server, mem, paths[i], &found, &meta, NULL, err);
		for (size_t k = 0; k < kept; k++)
			known |= text_equal_n(paths[k], paths[i], 1);
		if (ret == 0 && found && meta.kind == ENTRY_FOLDER && !known)
			paths[kept++] = paths[i];
	}
	*folders = paths;
	*folder_count = kept;
	return ret;
}

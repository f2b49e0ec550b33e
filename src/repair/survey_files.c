/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Steps 1 and 2: the two Bin folders, file by file. Every file is read once: digest and version come from the same
 * bytes. */
#include "repair/leftover.h"
#include "repair/survey_internal.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"

/* Names the largest file: a sparse one shows a size that no disk holds. */
static void bin_too_large(struct look *look, const char *path, const struct copy_list *list)
{
	const struct copy_item *largest = list->items;

	for (size_t i = 1; i < list->count; i++)
		if (list->items[i].meta.size > largest->meta.size)
			largest = &list->items[i];
	look_fail(look, TROUBLE_CANNOT,
		  _("The files of %s have %" PRIu64 " bytes, the largest, %s, %" PRIu64 ". No Bin of the connector is "
		    "that large, so it is not read."),
		  look_shown(look, path), list->bytes, look_shown(look, look_path(look, path, largest->rel)), largest->meta.size);
}

/* The Bin folder below an Msmcon, as the disk spells it where it is there; whether it is. */
static bool bin_list(struct look *look, const char *msmcon, char **path, struct copy_list *list)
{
	char *bin = look_path(look, msmcon, "Bin"), *real = look_real(look, bin);

	*path = look_text(look, "%s", real ? real : bin);
	if (!look_exists(look, *path, ENTRY_FOLDER))
		return false;
	look->ret = copy_walk(look->server, look->tmp, *path, BIN_NAMES_MOST, list, look->err);
	if (look->ret == 0 && list->bytes > LOOK_BIN_BYTES)
		bin_too_large(look, *path, list);
	return look->ret == 0;
}

static int file_order(const void *a, const void *b)
{
	const struct look_file *one = a, *other = b;

	return text_compare(one->rel, other->rel);
}

static struct look_file *file_find(const struct look *look, const char *rel)
{
	for (size_t i = 0; i < look->file_count; i++)
		if (text_equal(look->files[i].rel, rel))
			return &look->files[i];
	return NULL;
}

/* A stage that a killed run left is no file of Bin; it is told as a leftover. */
static void files_add(struct look *look, const struct copy_list *list, bool setup)
{
	for (size_t i = 0; i < list->count; i++) {
		const struct copy_item *item = &list->items[i];
		struct look_file *file = file_find(look, item->rel);

		if (item->meta.kind != ENTRY_FILE || leftover_of(path_leaf(item->rel)) == LEFTOVER_STAGE)
			continue;
		if (!file) {
			file = &look->files[look->file_count++];
			file->rel = item->rel;
		}
		*(setup ? &file->setup : &file->own) = item;
	}
}

/* With what step 2 brings, the relocated Bin must not come to be one that the look at the end refuses. */
static void bin_fits(struct look *look)
{
	size_t names = look->own_list.count;

	for (size_t i = 0; i < look->file_count; i++)
		names += !look->files[i].own;
	for (size_t i = 0; i < look->setup_list.count; i++)
		names += look->setup_list.items[i].meta.kind == ENTRY_FOLDER;
	if (names <= BIN_NAMES_MOST || look->ret != 0)
		return;
	look_fail(look, TROUBLE_CANNOT, _("%s and %s together hold more than %d files and folders."), look_shown(look, look->own_bin_path),
		  look_shown(look, look->setup_bin_path), BIN_NAMES_MOST);
	error_advise(look->err, look->ret, _("Move what does not belong there elsewhere, then try again."));
}

static void files_match(struct look *look)
{
	look->files = memory_array_zero(look->tmp, sizeof(*look->files), look->setup_list.count + look->own_list.count);
	if (!look->files) {
		look_starved(look);
		return;
	}
	files_add(look, &look->own_list, false);
	files_add(look, &look->setup_list, true);
	qsort(look->files, look->file_count, sizeof(*look->files), file_order);
	bin_fits(look);
}

/* ---- step 1 ---- */

static void room_notice(struct look *look)
{
	const char *bin = look->own_bin_path;
	uint64_t bytes = look->own_list.bytes, room = 0;

	look->ret = look->server->ops->room(look->server, bin, &room, look->err);
	if (look->ret == -TROUBLE_CANNOT)
		look->ret = 0;
	else if (look->ret == 0 && room < bytes)
		look_notice(look, "room",
			    _("The backup of Bin needs %" PRIu64 " bytes on drive %c:, and only %" PRIu64 " are "
			      "free. "
			      "Make room before the repair."),
			    bytes, bin[0], room);
}

void look_backup_row(struct look *look)
{
	const struct survey *survey = look->survey;
	struct finding *row;
	const char *bin;

	look->setup_bin = bin_list(look, survey->default_msmcon, &look->setup_bin_path, &look->setup_list);
	look->own_bin = bin_list(look, survey->relocated_msmcon, &look->own_bin_path, &look->own_list);
	files_match(look);
	if (look->ret != 0)
		return;
	if (look->own_bin)
		room_notice(look);
	bin = look_shown(look, look->own_bin_path);
	row = look_finding(look, KIND_BACKUP, 1, "backup/", "Bin");
	row->state = FINDING_RIGHT;
	row->can_change = look->own_bin;
	row->target = look->own_bin_path;
	row->source = look_text(look, "%s.q240208", look->own_bin_path);
	row->why = _("Whatever goes wrong with copying, the original folder can be put back from this copy.");
	if (look->own_bin)
		look_say(look, row, _("%zu files and folders, %" PRIu64 " bytes, in %s."), look->own_list.count, look->own_list.bytes, bin);
	else
		look_say(look, row,
			 _("There is no folder %s, so there is nothing to back up. "
			   "Step 2 creates it; an undo removes it."),
			 bin);
}

/* ---- step 2 ---- */

static enum file_compare compare(const struct file_fact *own, const struct file_fact *setup)
{
	int order;

	if (!setup->present)
		return FILE_ONLY_RELOCATED;
	if (!own->present)
		return FILE_ONLY_SETUP;
	if (own->size == setup->size && digest_equal(&own->digest, &setup->digest))
		return FILE_SAME;
	if (!own->has_version || !setup->has_version)
		return FILE_DIFFERENT;
	order = pe_version_compare(&own->version, &setup->version);
	return order < 0 ? FILE_OLDER : order > 0 ? FILE_NEWER : FILE_DIFFERENT;
}

static const struct verdict {
	enum finding_state state;
	bool can_change, needed;
	const char *why;
} verdicts[] = {
	[FILE_SAME] = { FINDING_RIGHT, false, false, N_("Both folders hold the same file.") },
	[FILE_OLDER] = { FINDING_WRONG, true, true,
			 N_("The service pack updated the default folder only. "
			    "The connector would run programs that do not match the rest of Exchange.") },
	[FILE_NEWER] = { FINDING_UNKNOWN, true, false,
			 N_("The article says to overwrite, but a newer file is usually a hotfix made after the service pack, and usually better kept. "
			    "Only you can decide.") },
	[FILE_DIFFERENT] = { FINDING_WRONG, true, true,
			     N_("The two files differ, and no version shows which is newer. The article says to take setup's.") },
	[FILE_ONLY_SETUP] = { FINDING_ABSENT, true, true,
			      N_("The service pack installed this file, and the programs that use it look for it in their own folder.") },
	[FILE_ONLY_RELOCATED] = { FINDING_RIGHT, false, false, N_("Setup has no such file; it stays.") },
};

static const char *version_shown(const struct file_fact *fact, char out[24])
{
	if (!fact->has_version)
		return _("without a version");
	pe_version_text(&fact->version, out);
	return out;
}

static void file_text(struct look *look, struct finding *row, const struct file_fact *setup)
{
	const struct file_fact *own = &row->before.file;
	char one[24], other[24];
	const char *ours = version_shown(own, one), *theirs = version_shown(setup, other);

	switch (row->compare) {
	case FILE_SAME:
		look_say(look, row, _("The same in both folders (%s)."), ours);
		break;
	case FILE_OLDER:
		look_say(look, row, _("Version %s here is older than setup's %s."), ours, theirs);
		break;
	case FILE_NEWER:
		look_say(look, row, _("Version %s here is NEWER than setup's %s."), ours, theirs);
		break;
	case FILE_ONLY_SETUP:
		look_say(look, row, _("Not here; setup has it (%s)."), theirs);
		break;
	case FILE_ONLY_RELOCATED:
		look_say(look, row, _("Only here (%s); setup has no such file."), ours);
		break;
	default:
		if (own->has_version && setup->has_version)
			look_say(look, row, _("Not the same as setup's, though both say version %s."), ours);
		else if (!own->has_version && !setup->has_version)
			look_say(look, row, _("Not the same as setup's, and no version shows which is newer."));
		else
			look_say(look, row, _("Not the same as setup's; the versions do not show which is newer (here %s, setup's %s)."), ours, theirs);
	}
}

static bool is_program(const char *rel)
{
	size_t len = strlen(rel);

	return len > 4 && (text_equal(rel + len - 4, ".exe") || text_equal(rel + len - 4, ".dll"));
}

static bool is_broken(const char *rel, const struct file_fact *fact)
{
	return fact->present && (is_program(rel) ? fact->pe == PE_NONE : fact->size == 0);
}

/* What is empty or cut off is worth nothing, whatever the versions say: it is not proposed over anything, and what is whole is proposed over it. */
static void file_broken(struct look *look, struct finding *row, const struct file_fact *setup)
{
	bool own = is_broken(row->subject, &row->before.file), theirs = is_broken(row->subject, setup);

	if (row->can_change && theirs) {
		row->needed = false;
		row->state = own ? FINDING_WRONG : FINDING_UNKNOWN;
		look_say(look, row, _("Setup's file is empty, cut off or not a program."));
		look_todo(row, own ? MOVE_PERSON : MOVE_PROGRAM,
			  _("Supply a good one, for example from the service pack's CD, or decide to keep what is here."));
	} else if (row->can_change && own) {
		row->needed = true;
		row->state = FINDING_WRONG;
		look_say(look, row, _("The file here is empty, cut off or not a program."));
	} else if (!row->can_change && own && is_program(row->subject)) {
		row->state = FINDING_WRONG;
		look_say(look, row, _("It is empty, cut off or not a program, and setup has no better one."));
		look_todo(row, MOVE_PERSON, _("Supply a good one, for example from the service pack's CD, or decide to keep it."));
	}
}

/* What stands in the way of a file to come; NULL where the way is free. */
static const char *in_the_way(struct look *look, const char *target)
{
	if (look_exists(look, target, ENTRY_FOLDER))
		return _("Setup has a file of this name, but here it is a folder. Check it by hand.");
	for (const char *above = look_parent(look, target); path_under(above, look->own_bin_path); above = look_parent(look, above))
		if (look_exists(look, above, ENTRY_FILE))
			return _("Setup has it in a folder, but here a file has that folder's name. Check it by hand.");
	return NULL;
}

/* A folder stands where a file is to be, or a file where a folder: nothing to be done by a program. */
static void file_hindered(struct finding *row, const char *way)
{
	row->can_change = row->needed = false;
	row->state = FINDING_UNKNOWN;
	row->after.file = row->before.file;
	row->text = way;
	look_todo(row, MOVE_PERSON, _("Rename what is in the way if it is not needed, then check again."));
}

/* What setup's side lacks cannot be compared with it. That one of the connector's own files is the service pack's, its
 * version tells: it is not older than Exchange itself. */
static void file_untold(struct look *look, struct finding *row)
{
	const char *version = look->survey->exchange_version;
	struct pe_version exchange;

	if (row->compare != FILE_ONLY_RELOCATED || row->todo || !article_is_own_file(path_leaf(row->subject)))
		return;
	if (version && pe_version_parse(version, &exchange) && row->before.file.has_version) {
		exchange.part[3] = 0;      /* of a program, what came after the build */
		if (pe_version_compare(&row->before.file.version, &exchange) >= 0)
			return;
	}
	row->state = FINDING_UNKNOWN;
	row->why = _("The connector's programs must be from the same release as the rest of Exchange.");
	look_say(look, row, _("Exchange itself is %s, so whether this one is the service pack's is unknown."),
		 version ? version : _("of an unknown version"));
	look_todo(row, MOVE_UNKNOWN, _("Compare it with the one on the service pack's CD. "
				       "Copy that one here, or decide to keep this one if they are the same."));
}

/* A row about the file of that name below each Bin; where one lacks it, where it would be. */
static struct finding *file_finding(struct look *look, const struct look_file *file)
{
	struct finding *row = look_finding(look, KIND_FILE, 2, "file/", look_path(look, "Bin", file->rel));

	row->target = look_text(look, "%s", look_path(look, look->own_bin_path, file->own ? file->own->rel : file->rel));
	row->source = look_text(look, "%s", look_path(look, look->setup_bin_path, file->setup ? file->setup->rel : file->rel));
	return row;
}

static void file_row(struct look *look, const struct look_file *file)
{
	struct finding *row = file_finding(look, file);
	const struct verdict *verdict;
	struct file_fact setup = { 0 };
	const char *way;

	if (file->own)
		row->before.file = look_file_fact(look, row->target, &file->own->meta);
	if (file->setup)
		setup = look_file_fact(look, row->source, &file->setup->meta);
	row->compare = compare(&row->before.file, &setup);
	verdict = &verdicts[row->compare];
	row->state = verdict->state;
	row->can_change = verdict->can_change;
	row->needed = verdict->needed;
	row->why = _(verdict->why);
	row->after.file = row->can_change ? setup : row->before.file;
	way = row->compare == FILE_ONLY_SETUP ? in_the_way(look, row->target) : NULL;
	if (way) {
		file_hindered(row, way);
		return;
	}
	file_text(look, row, &setup);
	file_broken(look, row, &setup);
	file_untold(look, row);
}

/* What no Bin has cannot be brought by step 2. */
static void file_missing(struct look *look, const char *name)
{
	struct finding *row = file_finding(look, &(struct look_file){ .rel = name });

	row->state = FINDING_ABSENT;
	row->compare = FILE_SAME;
	row->why = _("What uses it does not start, or fails when it needs it.");
	look_say(look, row, _("The connector normally has this file, and it is in neither Bin folder."));
	look_todo(row, MOVE_PERSON, _("Supply it, for example from the service pack's CD, or decide to keep it absent."));
}

void look_file_rows(struct look *look)
{
	if (!look->setup_bin)
		look_notice(look, "no-setup-bin",
			    _("There is no folder %s\\Bin, so setup's files are missing. "
			      "Step 2 has nothing to copy. "
			      "If you need the service pack's files, take them from its CD."),
			    look_shown(look, look->survey->default_msmcon));
	for (size_t i = 0; look->ret == 0 && i < look->file_count; i++)
		file_row(look, &look->files[i]);
	for (const char *const *name = article_needed_files; *name; name++)
		if (!file_find(look, *name))
			file_missing(look, *name);
}

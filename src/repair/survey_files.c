/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Steps 1 and 2: the two Bin folders, file by file. Every file is read once: digest and version
 * come from the same bytes. */
#include "repair/leftover.h"
#include "repair/survey_internal.h"

#include <stdlib.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"

/* Names the largest file: a sparse one shows a size that no disk holds. */
static void bin_too_large(struct scan *scan, const char *path, const struct copy_list *list)
{
	const struct copy_item *largest = list->items;

	for (size_t i = 1; i < list->count; i++)
		if (list->items[i].meta.size > largest->meta.size)
			largest = &list->items[i];
	scan_fail(scan, TROUBLE_CANNOT,
		_("The files of %s have %llu bytes, the largest, %s, %llu. No Bin of the connector is "
		  "that large, so it is not read."),
		scan_shown(scan, path), (unsigned long long)list->bytes,
		scan_shown(scan, scan_path(scan, path, largest->rel)),
		(unsigned long long)largest->meta.size);
}

/* The Bin folder below an Msmcon, as the disk spells it where it is there; whether it is. */
static bool bin_list(struct scan *scan, const char *msmcon, char **path, struct copy_list *list)
{
	*path = scan_text(scan, "%s", scan_spelled(scan, scan_path(scan, msmcon, "Bin")));
	if (!scan_exists(scan, *path, ENTRY_FOLDER))
		return false;
	scan->ret = copy_walk(scan->server, scan->tmp, *path, BIN_NAMES_MOST, list, scan->err);
	if (scan->ret == 0 && list->bytes > SCAN_BIN_BYTES)
		bin_too_large(scan, *path, list);
	return scan->ret == 0;
}

static int file_order(const void *a, const void *b)
{
	const struct scan_file *one = a, *other = b;

	return text_compare(one->rel, other->rel);
}

/* Among the first count, which are in order. */
static struct scan_file *file_find(const struct scan *scan, size_t count, const char *rel)
{
	return bsearch(&(struct scan_file){ .rel = rel }, scan->files, count, sizeof(*scan->files),
		file_order);
}

/* What a killed run left is no file of Bin; it is told as a leftover. */
static bool left_by_run(const char *rel)
{
	const enum leftover_kind kind = leftover_of(path_leaf(rel));

	return kind == LEFTOVER_STAGE || kind == LEFTOVER_ASIDE;
}

/* Keeps the files in order. */
static void files_add(struct scan *scan, const struct copy_list *list, bool setup)
{
	size_t known = scan->file_count;

	for (size_t i = 0; i < list->count; i++) {
		const struct copy_item *item = &list->items[i];
		struct scan_file *file = file_find(scan, known, item->rel);

		if (item->meta.kind != ENTRY_FILE || left_by_run(item->rel))
			continue;
		if (!file) {
			file = &scan->files[scan->file_count++];
			file->rel = item->rel;
		}
		*(setup ? &file->setup : &file->own) = item;
	}
	qsort(scan->files, scan->file_count, sizeof(*scan->files), file_order);
}

/* With what step 2 brings, the relocated Bin must not come to be one that the look at the end
 * refuses. */
static void bin_fits(struct scan *scan)
{
	size_t names = scan->own_list.count;

	for (size_t i = 0; i < scan->file_count; i++)
		names += !scan->files[i].own;
	for (size_t i = 0; i < scan->setup_list.count; i++)
		names += scan->setup_list.items[i].meta.kind == ENTRY_FOLDER;
	if (names <= BIN_NAMES_MOST || scan->ret != 0)
		return;
	scan_fail(scan, TROUBLE_CANNOT,
		_("%s and %s together hold more than %d files and folders."),
		scan_shown(scan, scan->own_bin_path), scan_shown(scan, scan->setup_bin_path),
		BIN_NAMES_MOST);
	error_advise(scan->err, scan->ret,
		_("Move what does not belong there elsewhere, then try again."));
}

static void files_match(struct scan *scan)
{
	scan->files = memory_array_zero(scan->tmp, sizeof(*scan->files),
		scan->setup_list.count + scan->own_list.count);
	if (!scan->files) {
		scan_starved(scan);
		return;
	}
	files_add(scan, &scan->own_list, false);
	files_add(scan, &scan->setup_list, true);
	bin_fits(scan);
}

/* ---- step 1 ---- */

static void room_notice(struct scan *scan)
{
	const char *bin = scan->own_bin_path;
	uint64_t bytes = scan->own_list.bytes, room = 0;

	scan->ret = scan->server->ops->room(scan->server, bin, &room, scan->err);
	if (scan->ret == -TROUBLE_CANNOT)
		scan->ret = 0;
	else if (scan->ret == 0 && room < bytes)
		scan_notice(scan, "room",
			_("The backup of Bin needs %llu bytes on drive %c:, and only %llu are free. "
			  "Make room before the repair."),
			(unsigned long long)bytes, bin[0], (unsigned long long)room);
}

void scan_backup_row(struct scan *scan)
{
	const struct survey *survey = scan->survey;
	struct finding *row;
	const char *bin;

	scan->setup_bin =
		bin_list(scan, survey->default_msmcon, &scan->setup_bin_path, &scan->setup_list);
	scan->own_bin =
		bin_list(scan, survey->relocated_msmcon, &scan->own_bin_path, &scan->own_list);
	files_match(scan);
	if (scan->ret != 0)
		return;
	if (scan->own_bin)
		room_notice(scan);
	bin = scan_shown(scan, scan->own_bin_path);
	row = scan_finding(scan, KIND_BACKUP, 1, "backup/", "Bin");
	row->state = FINDING_RIGHT;
	row->can_change = scan->own_bin;
	row->target = scan->own_bin_path;
	row->source = scan_text(scan, "%s.q240208", scan->own_bin_path);
	row->why = _(
		"Whatever goes wrong with copying, the original folder can be put back from this copy.");
	if (scan->own_bin)
		status_say(scan, row, _("%zu files and folders, %llu bytes, in %s."),
			scan->own_list.count, (unsigned long long)scan->own_list.bytes, bin);
	else
		status_say(scan, row,
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

/* text: with the version here, where there is a file, and setup's. */
static const struct verdict {
	enum finding_state state;
	bool can_change, needed;
	const char *text, *why;
} verdicts[] = {
	[FILE_SAME] = { FINDING_RIGHT, false, false, N_("The same in both folders (%s)."),
		N_("Both folders hold the same file.") },
	[FILE_OLDER] = { FINDING_WRONG, true, true, N_("Version %s here is older than setup's %s."),
		N_("The service pack updated the default folder only. "
		   "The connector would run programs that do not match the rest of Exchange.") },
	[FILE_NEWER] = { FINDING_UNKNOWN, true, false,
		N_("Version %s here is NEWER than setup's %s."),
		N_("The article says to overwrite, but a newer file is usually a hotfix made after the service pack, and usually better kept. "
		   "Only you can decide.") },
	[FILE_DIFFERENT] = { FINDING_WRONG, true, true,
		N_("Not the same as setup's, and no version shows which is newer."),
		N_("The two files differ, and no version shows which is newer. The article says to take setup's.") },
	[FILE_ONLY_SETUP] = { FINDING_ABSENT, true, true, N_("Not here; setup has it (%s)."),
		N_("The service pack installed this file, and the programs that use it look for it in their own folder.") },
	[FILE_ONLY_RELOCATED] = { FINDING_RIGHT, false, false,
		N_("Only here (%s); setup has no such file."),
		N_("Setup has no such file; it stays.") },
};

static const char *version_shown(const struct file_fact *fact, char out[24])
{
	if (!fact->has_version)
		return _("without a version");
	pe_version_text(&fact->version, out);
	return out;
}

static void file_text(struct scan *scan, struct finding *row, const struct file_fact *setup)
{
	const struct file_fact *own = &row->before.file;
	char one[24], other[24];
	const char *ours = version_shown(own, one), *theirs = version_shown(setup, other);
	const char *sentence = verdicts[row->compare].text;

	if (row->compare == FILE_DIFFERENT && own->has_version && setup->has_version)
		sentence = N_("Not the same as setup's, though both say version %s.");
	else if (row->compare == FILE_DIFFERENT && (own->has_version || setup->has_version))
		sentence = N_(
			"Not the same as setup's; the versions do not show which is newer (here %s, setup's %s).");
	status_say(scan, row, _(sentence), row->compare == FILE_ONLY_SETUP ? theirs : ours, theirs);
}

static bool is_program(const char *rel)
{
	return text_ends(rel, ".exe") || text_ends(rel, ".dll");
}

static bool is_broken(const char *rel, const struct file_fact *fact)
{
	return fact->present && (is_program(rel) ? fact->pe == PE_NONE : fact->size == 0);
}

/* What is empty or cut off is worth nothing, whatever the versions say: it is not proposed over
 * anything, and what is whole is proposed over it. */
static void file_broken(struct scan *scan, struct finding *row, const struct file_fact *setup)
{
	bool own = is_broken(row->subject, &row->before.file),
	     theirs = is_broken(row->subject, setup);

	if (row->can_change && theirs) {
		row->needed = false;
		row->state = own ? FINDING_WRONG : FINDING_UNKNOWN;
		status_say(scan, row, _("Setup's file is empty, cut off or not a program."));
		scan_todo(row, own ? MOVE_PERSON : MOVE_PROGRAM,
			_("Supply a good one, for example from the service pack's CD, or decide to keep what is here."));
	} else if (row->can_change && own) {
		row->needed = true;
		row->state = FINDING_WRONG;
		status_say(scan, row, _("The file here is empty, cut off or not a program."));
	} else if (!row->can_change && own && is_program(row->subject)) {
		row->state = FINDING_WRONG;
		status_say(scan, row,
			_("It is empty, cut off or not a program, and setup has no better one."));
		scan_todo(row, MOVE_PERSON,
			_("Supply a good one, for example from the service pack's CD, or decide to keep it."));
	}
}

/* What stands in the way of a file to come; NULL where the way is free. */
static const char *in_the_way(struct scan *scan, const char *target)
{
	if (scan_exists(scan, target, ENTRY_FOLDER))
		return _(
			"Setup has a file of this name, but here it is a folder. Check it by hand.");
	for (const char *above = scan_parent(scan, target); path_under(above, scan->own_bin_path);
		above = scan_parent(scan, above))
		if (scan_exists(scan, above, ENTRY_FILE))
			return _(
				"Setup has it in a folder, but here a file has that folder's name. Check it by hand.");
	return NULL;
}

/* A folder stands where a file is to be, or a file where a folder: nothing to be done by a
 * program. */
static void file_hindered(struct finding *row, const char *way)
{
	row->can_change = row->needed = false;
	row->state = FINDING_UNKNOWN;
	row->after.file = row->before.file;
	row->text = way;
	scan_todo(row, MOVE_PERSON,
		_("Rename what is in the way if it is not needed, then check again."));
}

/* What setup's side lacks cannot be compared with it. That one of the connector's own files is the
 * service pack's, its version tells: it is not older than Exchange itself. */
static void file_untold(struct scan *scan, struct finding *row)
{
	const char *version = scan->survey->exchange_version;
	struct pe_version exchange;

	if (row->compare != FILE_ONLY_RELOCATED || row->todo ||
		!article_is_own_file(path_leaf(row->subject)))
		return;
	if (version && pe_version_parse(version, &exchange) && row->before.file.has_version) {
		exchange.part[3] = 0; /* of a program, what came after the build */
		if (pe_version_compare(&row->before.file.version, &exchange) >= 0)
			return;
	}
	row->state = FINDING_UNKNOWN;
	row->why = _(
		"The connector's programs must be from the same release as the rest of Exchange.");
	status_say(scan, row,
		_("Exchange itself is %s, so whether this one is the service pack's is unknown."),
		version ? version : _("of an unknown version"));
	scan_todo(row, MOVE_UNKNOWN,
		_("Compare it with the one on the service pack's CD. "
		  "Copy that one here, or decide to keep this one if they are the same."));
}

/* A row about the file of that name below each Bin; where one lacks it, where it would be. */
static struct finding *file_finding(struct scan *scan, const struct scan_file *file)
{
	struct finding *row =
		scan_finding(scan, KIND_FILE, 2, "file/", scan_path(scan, "Bin", file->rel));

	row->target = scan_text(scan, "%s",
		scan_path(scan, scan->own_bin_path, file->own ? file->own->rel : file->rel));
	row->source = scan_text(scan, "%s",
		scan_path(scan, scan->setup_bin_path, file->setup ? file->setup->rel : file->rel));
	return row;
}

static void file_row(struct scan *scan, const struct scan_file *file)
{
	struct finding *row = file_finding(scan, file);
	const struct verdict *verdict;
	struct file_fact setup = { 0 };
	const char *way;

	if (file->own)
		row->before.file = scan_file_fact(scan, row->target, &file->own->meta);
	if (file->setup)
		setup = scan_file_fact(scan, row->source, &file->setup->meta);
	row->compare = compare(&row->before.file, &setup);
	verdict = &verdicts[row->compare];
	row->state = verdict->state;
	row->can_change = verdict->can_change;
	row->needed = verdict->needed;
	row->why = _(verdict->why);
	row->after.file = row->can_change ? setup : row->before.file;
	way = row->compare == FILE_ONLY_SETUP ? in_the_way(scan, row->target) : NULL;
	if (way) {
		file_hindered(row, way);
		return;
	}
	file_text(scan, row, &setup);
	file_broken(scan, row, &setup);
	file_untold(scan, row);
}

/* What no Bin has cannot be brought by step 2. */
static void file_missing(struct scan *scan, const char *name)
{
	struct finding *row = file_finding(scan, &(struct scan_file){ .rel = name });

	row->state = FINDING_ABSENT;
	row->compare = FILE_SAME;
	row->why = _("What uses it does not start, or fails when it needs it.");
	status_say(scan, row,
		_("The connector normally has this file, and it is in neither Bin folder."));
	scan_todo(row, MOVE_PERSON,
		_("Supply it, for example from the service pack's CD, or decide to keep it absent."));
}

void scan_file_rows(struct scan *scan)
{
	if (!scan->setup_bin)
		scan_notice(scan, "no-setup-bin",
			_("There is no folder %s\\Bin, so setup's files are missing. "
			  "Step 2 has nothing to copy. "
			  "If you need the service pack's files, take them from its CD."),
			scan_shown(scan, scan->survey->default_msmcon));
	for (size_t i = 0; scan->ret == 0 && i < scan->file_count; i++)
		file_row(scan, &scan->files[i]);
	for (const char *const *name = article_needed_files; *name; name++)
		if (!file_find(scan, scan->file_count, *name))
			file_missing(scan, *name);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Steps 1 and 2: the two Bin folders, file by file. Every file is read once: digest and version come from the same
 * bytes. */
#include "repair/survey_internal.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"

/* Names the largest file: a sparse one shows a size that no disk holds. */
static int bin_too_large(struct look *look, const char *path, const struct copy_list *list)
{
	const struct copy_item *largest = list->items;
	char *name;

	for (size_t i = 1; i < list->count; i++)
		if (list->items[i].meta.size > largest->meta.size)
			largest = &list->items[i];
	name = path_join(look->tmp, path, largest->rel);
	if (!name)
		return error_memory(look->err);
	return error_set(look->err, TROUBLE_CANNOT,
			 _("The files of %s have %" PRIu64 " bytes, the largest, %s, %" PRIu64 ". No Bin of the connector is "
			   "that large, so it is not read."),
			 look_shown(look, path), list->bytes, look_shown(look, name), largest->meta.size);
}

/* The Bin folder below an Msmcon, as the disk spells it where it is there. */
static int bin_list(struct look *look, const char *msmcon, bool *present, char **path, struct copy_list *list)
{
	char *bin = path_join(look->tmp, msmcon, "Bin"), *real;
	int ret = bin ? look_real(look, bin, &real) : error_memory(look->err);

	if (ret != 0)
		return ret;
	*path = talloc_strdup(look->survey, real ? real : bin);
	ret = *path ? look_exists(look, *path, ENTRY_FOLDER, present) : error_memory(look->err);
	if (ret == 0 && *present)
		ret = copy_walk(look->server, look->tmp, *path, BIN_NAMES_MOST, list, look->err);
	if (ret == 0 && *present && list->bytes > LOOK_BIN_BYTES)
		ret = bin_too_large(look, *path, list);
	return ret;
}

/* A stage that a killed run left is no file of Bin; it is told as a leftover. */
static bool is_stage(const char *rel)
{
	size_t len = strlen(rel), suffix = strlen(SERVER_STAGE_SUFFIX);

	return len > suffix && text_equal(rel + len - suffix, SERVER_STAGE_SUFFIX);
}

static int file_order(const void *a, const void *b)
{
	const struct look_file *one = a, *other = b;

	return text_compare(one->rel, other->rel);
}

static void files_collect(struct look *look, const struct copy_list *list, bool setup)
{
	for (size_t i = 0; i < list->count; i++) {
		const struct copy_item *item = &list->items[i];
		if (item->meta.kind != ENTRY_FILE || is_stage(item->rel))
			continue;
		look->files[look->file_count++] = (struct look_file){
			.rel = item->rel, .setup = setup ? item : NULL, .own = setup ? NULL : item,
		};
	}
}

/* Two rows of one name, one from each side, become one, under the relocated spelling. */
static void files_merge(struct look *look)
{
	size_t kept = 0;

	for (size_t i = 0; i < look->file_count; i++) {
		struct look_file file = look->files[i];
		if (i + 1 < look->file_count && text_equal(file.rel, look->files[i + 1].rel)) {
			const struct look_file *other = &look->files[++i];
			file.setup = file.setup ? file.setup : other->setup;
			file.own = file.own ? file.own : other->own;
			file.rel = file.own ? file.own->rel : file.rel;
		}
		look->files[kept++] = file;
	}
	look->file_count = kept;
}

/* With what step 2 brings, the relocated Bin must not come to be one that the look at the end refuses. */
static int bin_fits(struct look *look)
{
	size_t names = look->own_list.count;

	for (size_t i = 0; i < look->file_count; i++)
		names += !look->files[i].own;
	for (size_t i = 0; i < look->setup_list.count; i++)
		names += look->setup_list.items[i].meta.kind == ENTRY_FOLDER;
	if (names <= BIN_NAMES_MOST)
		return 0;
	return error_advise(look->err, error_set(look->err, TROUBLE_CANNOT, _("%s and %s together hold more than %d files and folders."),
						 look_shown(look, look->own_bin_path), look_shown(look, look->setup_bin_path), BIN_NAMES_MOST),
			    _("Move what does not belong there elsewhere, then try again."));
}

static int files_match(struct look *look)
{
	size_t most = look->setup_list.count + look->own_list.count;

	look->files = memory_array_zero(look->tmp, sizeof(*look->files), most);
	if (!look->files)
		return error_memory(look->err);
	files_collect(look, &look->setup_list, true);
	files_collect(look, &look->own_list, false);
	qsort(look->files, look->file_count, sizeof(*look->files), file_order);
	files_merge(look);
	return bin_fits(look);
}

static const struct look_file *file_find(const struct look *look, const char *rel)
{
	const struct look_file wanted = { .rel = rel };

	return look->file_count ? bsearch(&wanted, look->files, look->file_count, sizeof(wanted), file_order) : NULL;
}

/* ---- step 1 ---- */

static int room_notice(struct look *look)
{
	const char *bin = look->own_bin_path;
	uint64_t bytes = look->own_list.bytes, room;
	int ret = look->server->ops->room(look->server, bin, &room, look->err);

	if (ret == -TROUBLE_CANNOT)
		return 0;
	if (ret == 0 && room < bytes)
		ret = look_notice(look, "room",
				  _("The backup of Bin needs %" PRIu64 " bytes on drive %c:, and only %" PRIu64 " are "
														"free. "
				    "Make room before the repair."),
				  bytes, bin[0], room);
	return ret;
}

int look_backup_row(struct look *look)
{
	struct survey *survey = look->survey;
	struct finding *row;
	const char *bin;
	int ret = bin_list(look, survey->default_msmcon, &look->setup_bin, &look->setup_bin_path, &look->setup_list);

	if (ret == 0)
		ret = bin_list(look, survey->relocated_msmcon, &look->own_bin, &look->own_bin_path, &look->own_list);
	if (ret == 0)
		ret = files_match(look);
	if (ret == 0 && look->own_bin)
		ret = room_notice(look);
	if (ret != 0)
		return ret;
	bin = look->own_bin_path;
	row = look_finding(look, KIND_BACKUP, 1, "backup/", "Bin");
	if (!row)
		return error_memory(look->err);
	row->state = FINDING_RIGHT;
	row->can_change = look->own_bin;
	row->target = look->own_bin_path;
	row->source = talloc_asprintf(survey, "%s.q240208", bin);
	row->text = look->own_bin ? talloc_asprintf(survey, _("%zu files and folders, %" PRIu64 " bytes, in %s."),
						    look->own_list.count, look->own_list.bytes, look_shown(look, bin))
				  : talloc_asprintf(survey, _("There is no folder %s, so there is nothing to back up. "
							      "Step 2 creates it; an undo removes it."),
						    look_shown(look, bin));
	row->why = talloc_strdup(survey, _("Whatever goes wrong with copying, the original folder can be put back from this copy."));
	return row->source && row->text && row->why ? 0 : error_memory(look->err);
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

struct verdict {
	enum finding_state state;
	bool can_change, needed;
	const char *why;
};

/* In the order of enum file_compare. */
static const struct verdict verdicts[] = {
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

static char *file_text(struct look *look, enum file_compare how, const struct file_fact *own,
		       const struct file_fact *setup)
{
	char one[24], other[24];
	const char *ours = version_shown(own, one), *theirs = version_shown(setup, other);

	switch (how) {
	case FILE_SAME:
		return talloc_asprintf(look->tmp, _("The same in both folders (%s)."), ours);
	case FILE_OLDER:
		return talloc_asprintf(look->tmp, _("Version %s here is older than setup's %s."), ours, theirs);
	case FILE_NEWER:
		return talloc_asprintf(look->tmp, _("Version %s here is NEWER than setup's %s."), ours, theirs);
	case FILE_ONLY_SETUP:
		return talloc_asprintf(look->tmp, _("Not here; setup has it (%s)."), theirs);
	case FILE_ONLY_RELOCATED:
		return talloc_asprintf(look->tmp, _("Only here (%s); setup has no such file."), ours);
	default:
		if (own->has_version && setup->has_version)
			return talloc_asprintf(look->tmp, _("Not the same as setup's, though both say version %s."),
					       ours);
		if (!own->has_version && !setup->has_version)
			return talloc_strdup(look->tmp, _("Not the same as setup's, and no version shows which is newer."));
		return talloc_asprintf(look->tmp,
				       _("Not the same as setup's; the versions do not show which is newer (here %s, setup's %s)."),
				       ours, theirs);
	}
}

/* A file of the row's name below each Bin; where one lacks it, where it would be. */
static int file_paths(struct look *look, const struct look_file *file, struct finding *row)
{
	row->target = path_join(look->survey, look->own_bin_path, file->own ? file->own->rel : file->rel);
	row->source = path_join(look->survey, look->setup_bin_path, file->setup ? file->setup->rel : file->rel);
	return row->target && row->source ? 0 : error_memory(look->err);
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

static int file_say(struct look *look, struct finding *row, const char *more, const char *todo)
{
	row->text = talloc_asprintf(look->survey, "%s %s", row->text, more);
	row->todo = todo ? talloc_strdup(look->survey, todo) : NULL;
	return row->text && (row->todo || !todo) ? 0 : error_memory(look->err);
}

/* What is empty or cut off is worth nothing, whatever the versions say: it is not proposed over anything, and what is whole is proposed over it. */
static int file_broken(struct look *look, struct finding *row, const char *rel, const struct file_fact *setup)
{
	bool own = is_broken(rel, &row->before.file), theirs = is_broken(rel, setup);

	if (row->can_change && theirs) {
		row->needed = false;
		row->state = own ? FINDING_WRONG : FINDING_UNKNOWN;
		row->move = own ? MOVE_PERSON : MOVE_PROGRAM;
		return file_say(look, row, _("Setup's file is empty, cut off or not a program."),
				_("Supply a good one, for example from the service pack's CD, or decide to keep what is here."));
	}
	if (row->can_change && own) {
		row->needed = true;
		row->state = FINDING_WRONG;
		return file_say(look, row, _("The file here is empty, cut off or not a program."), NULL);
	}
	if (row->can_change || !own || !is_program(rel))
		return 0;
	row->state = FINDING_WRONG;
	row->move = MOVE_PERSON;
	return file_say(look, row, _("It is empty, cut off or not a program, and setup has no better one."),
			_("Supply a good one, for example from the service pack's CD, or decide to keep it."));
}

/* What stands in the way of a file to come: *text NULL where the way is free. */
static int way_look(struct look *look, const char *target, const char **text)
{
	char *above = path_parent(look->tmp, target);
	bool there;
	int ret = look_exists(look, target, ENTRY_FOLDER, &there);

	*text = there ? _("Setup has a file of this name, but here it is a folder. Check it by hand.") : NULL;
	while (ret == 0 && !*text && above && path_under(above, look->own_bin_path)) {
		ret = look_exists(look, above, ENTRY_FILE, &there);
		if (there)
			*text = _("Setup has it in a folder, but here a file has that folder's name. Check it by hand.");
		above = path_parent(look->tmp, above);
	}
	return ret == 0 && !above ? error_memory(look->err) : ret;
}

/* A folder stands where a file is to be, or a file where a folder: nothing to be done by a program. */
static int file_in_the_way(struct look *look, struct finding *row, const struct file_fact *setup)
{
	const char *text = NULL;
	int ret = row->can_change && !row->before.file.present ? way_look(look, row->target, &text) : 0;

	if (ret != 0)
		return ret;
	if (!text)
		return file_broken(look, row, row->subject, setup);
	row->can_change = row->needed = false;
	row->state = FINDING_UNKNOWN;
	row->after.file = row->before.file;
	row->text = talloc_strdup(look->survey, text);
	row->move = MOVE_PERSON;
	row->todo = talloc_strdup(look->survey, _("Rename what is in the way if it is not needed, then check again."));
	return row->text && row->todo ? 0 : error_memory(look->err);
}

/* What setup's side lacks cannot be compared with it. That one of the connector's own files is the service pack's, its
 * version tells: it is not older than Exchange itself. */
static int file_untold(struct look *look, struct finding *row)
{
	const char *version = look->survey->exchange_version;
	struct pe_version exchange;
	char *more;

	if (row->compare != FILE_ONLY_RELOCATED || row->todo || !article_is_own_file(path_leaf(row->subject)))
		return 0;
	if (version && pe_version_parse(version, &exchange) && row->before.file.has_version) {
		exchange.part[3] = 0;      /* of a program, what came after the build */
		if (pe_version_compare(&row->before.file.version, &exchange) >= 0)
			return 0;
	}
	more = talloc_asprintf(look->tmp, _("Exchange itself is %s, so whether this one is the service pack's is unknown."),
			       version ? version : _("of an unknown version"));
	row->state = FINDING_UNKNOWN;
	row->move = MOVE_UNKNOWN;
	row->why = talloc_strdup(look->survey, _("The connector's programs must be from the same release as the rest of Exchange."));
	return more && row->why ? file_say(look, row, more, _("Compare it with the one on the service pack's CD. "
							      "Copy that one here, or decide to keep this one if they are the same.")) :
	       error_memory(look->err);
}

/* What is said of it. */
static int file_words(struct look *look, struct finding *row, const struct file_fact *setup)
{
	char *text = file_text(look, row->compare, &row->before.file, setup);
	int ret;

	row->text = text ? talloc_strdup(look->survey, text) : NULL;
	row->why = talloc_strdup(look->survey, _(verdicts[row->compare].why));
	talloc_free(text);
	if (!row->text || !row->why)
		return error_memory(look->err);
	if (!row->before.file.present && row->can_change)
		return file_in_the_way(look, row, setup);
	ret = file_broken(look, row, row->subject, setup);
	return ret == 0 ? file_untold(look, row) : ret;
}

static int file_row(struct look *look, const struct look_file *file)
{
	char *subject = path_join(look->tmp, "Bin", file->rel);
	struct finding *row = subject ? look_finding(look, KIND_FILE, 2, "file/", subject) : NULL;
	const struct verdict *verdict;
	struct file_fact setup = { 0 };
	int ret = row ? file_paths(look, file, row) : error_memory(look->err);

	if (ret == 0 && file->own)
		ret = look_file_fact(look, row->target, &file->own->meta, &row->before.file);
	if (ret == 0 && file->setup)
		ret = look_file_fact(look, row->source, &file->setup->meta, &setup);
	if (ret != 0)
		return ret;
	row->compare = compare(&row->before.file, &setup);
	verdict = &verdicts[row->compare];
	row->state = verdict->state;
	row->can_change = verdict->can_change;
	row->needed = verdict->needed;
	row->after.file = row->can_change ? setup : row->before.file;
	return file_words(look, row, &setup);
}

/* What no Bin has cannot be brought by step 2. */
static int file_missing(struct look *look, const char *name)
{
	char *subject = path_join(look->tmp, "Bin", name);
	struct finding *row = subject ? look_finding(look, KIND_FILE, 2, "file/", subject) : NULL;
	const struct look_file nowhere = { .rel = name };

	if (!row || file_paths(look, &nowhere, row) != 0)
		return error_memory(look->err);
	row->state = FINDING_ABSENT;
	row->move = MOVE_PERSON;
	row->compare = FILE_SAME;
	row->text = talloc_strdup(look->survey, _("The connector normally has this file, and it is in neither Bin folder."));
	row->why = talloc_strdup(look->survey, _("What uses it does not start, or fails when it needs it."));
	row->todo = talloc_strdup(look->survey, _("Supply it, for example from the service pack's CD, or decide to keep it absent."));
	return row->text && row->why && row->todo ? 0 : error_memory(look->err);
}

static int files_missing(struct look *look)
{
	int ret = 0;

	for (const char *const *name = article_needed_files(); ret == 0 && *name; name++)
		if (!file_find(look, *name))
			ret = file_missing(look, *name);
	return ret;
}

int look_file_rows(struct look *look)
{
	int ret = 0;

	if (!look->setup_bin)
		ret = look_notice(look, "no-setup-bin",
				  _("There is no folder %s\\Bin, so setup's files are missing. "
				    "Step 2 has nothing to copy. "
				    "If you need the service pack's files, take them from its CD."),
				  look_shown(look, look->survey->default_msmcon));
	for (size_t i = 0; ret == 0 && i < look->file_count; i++)
		ret = file_row(look, &look->files[i]);
	return ret == 0 ? files_missing(look) : ret;
}

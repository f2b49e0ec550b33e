/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Step 1 of a repair by hand: a full copy of the old Bin, wherever it is on the drives. */
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "nt/path.h"
#include "server/copy.h"
#include "training/score_internal.h"

enum { ITEMS_LIMIT = 100000 };

struct search {
	struct judge *judge;
	struct copy_list bin;   /* the relocated Bin as it was */
	size_t files;           /* of it */
	char *folder, *old_bin; /* the best copy so far, NULL for none */
	size_t best;
};

static bool any_file_changed(const struct judge *judge)
{
	for (size_t i = 0; i < judge->before->finding_count; i++) {
		const struct finding *row = &judge->before->findings[i],
				     *now = survey_finding(judge->now, row->id);

		if (row->kind == KIND_FILE && row->before.file.present && now &&
			!finding_side_equal(KIND_FILE, &row->before, &now->before))
			return true;
	}
	return false;
}

static bool copied(struct search *search, const char *folder, const struct copy_item *item)
{
	struct judge *judge = search->judge;
	char *from = path_join(judge->tmp, search->old_bin, item->rel),
	     *to = path_join(judge->tmp, folder, item->rel);
	struct digest before, now;
	struct error none;

	return from && to && server_digest(judge->before_server, from, &before, &none) == 0 &&
		server_digest(judge->server, to, &now, &none) == 0 &&
		memcmp(&before, &now, sizeof now) == 0;
}

static bool stood(struct judge *judge, const char *folder)
{
	struct file_meta meta;
	struct error none;
	bool found = true;
	char *real;

	return judge->before_server->ops->file_stat(judge->before_server, judge->tmp, folder,
		       &found, &meta, &real, &none) != 0 ||
		found;
}

/* How many files of the old Bin stand in folder as they were. Where a folder was before, only a
 * whole copy is one: setup's Bin has some of the same files. */
static void folder_try(struct search *search, const char *folder)
{
	size_t right = 0;

	if (text_equal(folder, search->old_bin))
		return;
	for (size_t i = 0; i < search->bin.count; i++)
		right += search->bin.items[i].meta.kind == ENTRY_FILE &&
			copied(search, folder, &search->bin.items[i]);
	if (right > search->best && (right == search->files || !stood(search->judge, folder))) {
		search->best = right;
		search->folder = talloc_strdup(search->judge->tmp, folder);
	}
}

/* Every folder with a file that is called as the first one of Bin. */
static void drive_search(struct search *search, char letter)
{
	struct judge *judge = search->judge;
	const char root[] = { letter, ':', '\\', '\0' }, *first = NULL;
	struct copy_list now = { 0 };

	for (size_t i = 0; i < search->bin.count && !first; i++)
		if (search->bin.items[i].meta.kind == ENTRY_FILE)
			first = search->bin.items[i].rel;
	judge->status = copy_walk(judge->server, judge->tmp, root, ITEMS_LIMIT, &now, judge->err);
	for (size_t i = 0; judge->status == 0 && first && i < now.count; i++) {
		char *path = path_join(judge->tmp, root, now.items[i].rel);
		char *leaf = path ? strrchr(path, '\\') : NULL;

		if (!leaf || !text_equal(leaf + 1, first))
			continue;
		*leaf = '\0';
		folder_try(search, path);
	}
}

/* The highest folder above it that was not there at the start: all below that is the trainee's. */
static char *new_root(struct judge *judge, const char *folder)
{
	char *root = talloc_strdup(judge->tmp, folder), *parent = talloc_strdup(judge->tmp, folder);
	char *leaf;

	while (parent && root && (leaf = strrchr(parent, '\\')) && leaf > parent + 2) {
		*leaf = '\0';
		if (stood(judge, parent))
			break;
		*strrchr(root, '\\') = '\0';
	}
	return root;
}

/* Nobody sees mail flow in folders, so there was no time at which it could go. */
static void judge_removed(struct judge *judge)
{
	const struct finding *before = survey_finding(judge->before, "oldfolder"),
			     *now = survey_finding(judge->now, "oldfolder");

	if (!before || before->state == FINDING_ABSENT || (now && now->state != FINDING_ABSENT))
		return;
	judge->score->failed = true;
	judge_lose(judge, "oldfolder", "oldfolder", SCORE_FALSE_WORD,
		_("The old folder was removed before mail was seen to flow. It cannot be put back."));
}

void judge_backup(struct judge *judge)
{
	struct search search = { .judge = judge };
	char *letters = NULL;

	search.old_bin = path_join(judge->tmp, judge->before->relocated_msmcon, "Bin");
	judge->status = search.old_bin ? copy_walk(judge->before_server, judge->tmp, search.old_bin,
						 ITEMS_LIMIT, &search.bin, judge->err)
				       : error_memory(judge->err);
	for (size_t i = 0; judge->status == 0 && i < search.bin.count; i++)
		search.files += search.bin.items[i].meta.kind == ENTRY_FILE;
	if (judge->status == 0)
		judge->status =
			judge->server->ops->drives(judge->server, judge->tmp, &letters, judge->err);
	for (size_t i = 0; judge->status == 0 && letters[i]; i++)
		drive_search(&search, letters[i]);
	if (judge->status != 0)
		return;
	judge_removed(judge);
	if (search.folder)
		judge->backup = new_root(judge, search.folder);
	if (search.best < search.files && any_file_changed(judge))
		judge_lose(judge, "backup", NULL, SCORE_NO_BACKUP,
			_("The old Bin was not backed up before it was written to: no folder of the drives has all %zu files as they were; the best has %zu."),
			search.files, search.best);
}

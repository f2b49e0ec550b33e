/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How one change is made, checked and reversed. A change carries all it needs, so that it can be
 * written into the journal and understood from there without a survey: that is how resume and undo
 * work.
 */
#ifndef REPAIR_CHANGE_H
#define REPAIR_CHANGE_H

#include "repair/plan.h"
#include "server/copy.h"

struct change {
	char *id;
	int step;
	enum finding_kind kind;
	struct side before, after;
	/* KIND_FILE: the file to be replaced; KIND_BACKUP: the new tree; KIND_OLDFOLDER: the folder
	 * now; KIND_SHARE: its name */
	char *target;
	/* KIND_FILE: where the after data come from (after absent: where the backup would hold it);
	 * KIND_BACKUP: the Bin; KIND_OLDFOLDER: the name it gets */
	char *source;
	char *traits_from; /* KIND_FILE that is added: whose ACL and attributes it takes */
	/* for the record keeper: where there; 0 for nowhere. change_reverse takes it along */
	size_t record;
};

/* From a decided row. backup is the full path of step 1's tree. What the change names belongs to
 * the plan and its survey, which must outlive it. */
int change_from_row(TALLOC_CTX *mem, const struct plan *plan, const struct plan_row *row,
	const char *backup, struct change **change, struct error *err);

/* The change that puts this one back, which must outlive it: before and after swapped, files taken
 * from the backup tree (backup is the Bin itself if there was none to back up: then it is removed
 * with the last file that was added); an added file is removed (after side absent), an added share
 * too. KIND_BACKUP has none: TROUBLE_CANNOT. */
int change_reverse(TALLOC_CTX *mem, const struct change *change, const char *backup,
	struct change **reverse, struct error *err);

json_t *change_json(const struct change *change);
int change_parse(TALLOC_CTX *mem, const json_t *json, struct change **change, struct error *err);

/* Why a value or share of a record is no change that this program makes on the server of survey
 * (its places are enough), a clause; NULL if it is one. A value is the one that its id names by the
 * article's table, in the control set that the server starts with, and what it becomes could stand
 * in a plan (plan_value_allowed); the share leads to the relocated Maildata. alone: nothing but the
 * record tells what was there before, so that must have led into an Msmcon. Of other kinds the
 * record keeper knows the places. The clause is not translated yet. */
const char *change_misfit(const struct survey *survey, const struct change *change, bool alone);

/* That the value of a record, which is no misfit, would name files that are there or come with step
 * 2: TROUBLE_PLAN_FOREIGN names the one that is not. Of other kinds it says nothing. */
int change_names(struct server *server, const struct survey *survey, const struct change *change,
	struct error *err);

/* The registry value that a value or the share was before; key NULL where no registry file holds
 * it. Owned by change and mem. */
struct value_fact change_registry(TALLOC_CTX *mem, const struct survey *survey,
	const struct change *change);

/* The state of a change on the server. ABSENT: neither side and nothing there. FOREIGN: there is
 * something, but neither side. Used by verify, resume, undo and drift. text (owned by mem, may be
 * NULL) says what is there now, for a person. */
enum change_state { CHANGE_OLD, CHANGE_NEW, CHANGE_ABSENT, CHANGE_FOREIGN };
const char *change_state_name(enum change_state state);
int change_state_read(struct server *server, TALLOC_CTX *mem, const struct change *change,
	enum change_state *state, char **text, struct error *err);
/* Such a text, for a sentence of an error: as it was read, or in English as it is now. */
const char *change_state_text(struct server *server, TALLOC_CTX *mem, const struct change *change,
	const char *text);

/* A set of changes of one step, prepared beside their targets: nothing visible has changed yet,
 * everything staged is synced and read back. Freeing a batch that was not switched discards what
 * was staged. */
struct batch;
int batch_prepare(struct server *server, TALLOC_CTX *mem, struct change *const *changes,
	size_t count, const struct copy_progress *progress, struct batch **batch,
	struct error *err);

/* Switches in, one after the other, then syncs the folders. progress may stop between two
 * changes. */
int batch_switch(struct batch *batch, const struct copy_progress *progress, struct error *err);

/* The registry files that this batch prepared, or NULL; owned by the batch. */
struct reg_stage *batch_hives(const struct batch *batch);

/* After a backup batch: the list of what was copied (rel paths, sizes, digests), owned by the
 * batch; NULL otherwise. */
const struct copy_list *batch_backup_list(const struct batch *batch);

/* Whether there is room for all that preparing these changes may need, and for so many bytes more
 * on drive letter. */
int change_room(struct server *server, struct change *const *changes, size_t count, char letter,
	uint64_t more, struct error *err);

/* Removes the folder that was made for an added file, once that file is gone and nothing else is in
 * it. reverse: from change_reverse; other kinds and files that stay are left alone. */
int change_clean(struct server *server, const struct change *reverse, struct error *err);

/* One side for a person: a value's text, a file's size and version, where a share leads; escaped,
 * owned by mem. */
char *change_side_text(TALLOC_CTX *mem, enum finding_kind kind, const struct side *side);

/* The files and folders whose times change with these changes besides the targets that carry their
 * own: the registry files, and the folders. Full paths, each once, owned by mem. */
int change_touched(struct server *server, TALLOC_CTX *mem, struct change *const *changes,
	size_t count, char ***paths, size_t *path_count, struct error *err);

/* Removes staged names that a killed run left beside the targets of these changes, and puts back a
 * name that an interrupted ntfs-3g rename left missing (doc/hives.md 6). They are added to
 * *removed. removed NULL: none of those names may exist yet; then what has one later is ours, and
 * may be removed. -TROUBLE_MOVED names the first that is. */
int change_sweep(struct server *server, struct change *const *changes, size_t count,
	size_t *removed, struct error *err);

#endif

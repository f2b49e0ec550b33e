/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How each kind of change is made: one row of operations a kind, and what they share. Private to
 * src/repair. */
#ifndef REPAIR_CHANGE_INTERNAL_H
#define REPAIR_CHANGE_INTERNAL_H

#include "repair/change.h"
#include "repair/leftover.h"

struct step_ops {
	/* What is there now; text says so for a person (owned by mem). */
	int (*state)(struct server *, TALLOC_CTX *, const struct change *, enum change_state *,
		char **text, struct error *);
	/* All of the batch, of which every change was found old or new: staged, synced and read
	 * back. What is staged hangs on the batch. NULL: nothing is. */
	int (*prepare)(struct batch *, struct error *);
	int (*switch_in)(struct batch *, struct error *);
};

extern const struct step_ops step_backup_ops, step_copy_ops, step_registry_ops, step_share_ops,
	step_oldfolder_ops;

struct batch {
	struct server *server;
	struct change *const *changes;
	size_t count;
	enum change_state *states; /* as they were found */
	const struct step_ops *ops;
	const struct copy_progress *progress; /* of the call that runs; may be NULL */
	struct stage **stages; /* KIND_FILE: of each change; NULL: nothing to stage */
	char **folders;        /* KIND_FILE: made for files to come, outermost first */
	size_t folder_count;
	struct reg_stage *hive; /* KIND_VALUE, KIND_SHARE */
	struct copy_list *list; /* KIND_BACKUP */
};

/* The state of what is there now, as a side of the change's kind. */
enum change_state step_state(const struct change *change, const struct side *now, bool there);

/* Progress between two changes: non-zero is TROUBLE_STOPPED. */
int step_tell(const struct copy_progress *progress, const char *name, uint64_t done, uint64_t total,
	struct error *err);

/* Switches the registry stage. */
int step_hive_switch(struct batch *batch, struct error *err);

/* Stages the share as the change wants it, its descriptor too where that goes along. */
int step_share_stage(struct server *server, TALLOC_CTX *mem, const struct change *change,
	struct reg_stage **stage, struct error *err);

/* Whether two paths lie in one folder. */
bool step_same_folder(const char *a, const char *b);

#endif

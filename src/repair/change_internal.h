/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How each kind of change is made: one row of operations a kind, and what the files of src/repair/change.h share. */
#ifndef REPAIR_CHANGE_INTERNAL_H
#define REPAIR_CHANGE_INTERNAL_H

#include "repair/change.h"

enum { CHANGE_LETTERS = 26 };

/* Bytes needed, per drive letter. */
struct change_need {
	uint64_t bytes[CHANGE_LETTERS];
	bool hive;                 /* the registry files are counted: once for all values */
};

struct step_ops {
	/* What is there now; text says so for a person (owned by mem). */
	int (*look)(struct server *, TALLOC_CTX *, const struct change *, enum change_state *, char **text,
		    struct error *);
	/* All of the batch, staged, synced and read back. What is staged hangs on the batch. */
	int (*prepare)(struct batch *, const struct copy_progress *, struct error *);
	int (*switch_in)(struct batch *, const struct copy_progress *, size_t *done, struct error *);
	int (*need)(struct server *, const struct change *, struct change_need *, struct error *);
	/* The full path beside which a killed run may have left staged names; *path NULL where there is none. which
	 * counts from 0. */
	int (*beside)(struct server *, TALLOC_CTX *, const struct change *, size_t which, char **path, char **staged,
		      struct error *);
};

extern const struct step_ops step_backup_ops, step_copy_ops, step_registry_ops, step_share_ops, step_oldfolder_ops;

struct batch {
	struct server *server;
	struct change *const *changes;
	size_t count;
	const struct step_ops *ops;
	void *staged;              /* the kind's own, a talloc child */
	struct copy_list *list;    /* KIND_BACKUP */
	char *note;                /* what the operator should know, or NULL */
};

/* The row of a kind; TROUBLE_CANNOT for kinds that are never changed so. */
int step_ops_of(enum finding_kind kind, const struct step_ops **ops, struct error *err);

/* Progress between two changes: non-zero is TROUBLE_STOPPED. */
int step_tell(const struct copy_progress *progress, const char *name, uint64_t done, uint64_t total, struct error *err);

/* Adds to the need of the drive that path is on. */
void change_need_add(struct change_need *need, const char *path, uint64_t bytes);

/* What one change of the registry may need in the folder of its files. */
int step_hive_need(struct server *server, const struct change *change, struct change_need *need, struct error *err);
int step_hive_beside(struct server *server, TALLOC_CTX *mem, const struct change *change, size_t which, char **path,
		     char **staged, struct error *err);
/* Switches a registry stage; its note goes to the batch. */
int step_hive_switch(struct batch *batch, size_t *done, struct error *err);
/* Stages the share as the change wants it, its descriptor too where that goes along. */
int step_share_stage(struct server *server, TALLOC_CTX *mem, const struct change *change, struct reg_stage **stage,
		     struct error *err);
int step_hive_staged(struct batch *batch, struct error *err);

#endif

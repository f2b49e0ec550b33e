/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the parts of the copy engine share. */
#ifndef SERVER_COPY_INTERNAL_H
#define SERVER_COPY_INTERNAL_H

#include "server/copy.h"

#define COPY_BLOCK (256 * 1024)
#define COPY_DEPTH 64

/* One piece of work: how far it is, and the room for a block of data. */
struct copy_work {
	struct server *server;
	const struct copy_progress *progress;
	uint64_t done, total;
	uint8_t *block;
};

/* NULL for want of memory. */
struct copy_work *copy_work_make(TALLOC_CTX *mem, struct server *server, const struct copy_progress *progress,
				 uint64_t total);
/* Tells how far the work is; -TROUBLE_STOPPED if it is to end here. */
int copy_tell(struct copy_work *work, const char *name, uint64_t more, struct error *err);
/* How much of what is left is read at once. */
static inline size_t copy_block(uint64_t left)
{
	return left < COPY_BLOCK ? (size_t)left : COPY_BLOCK;
}
/* Full path as a person may see it; never NULL. */
const char *copy_shown(TALLOC_CTX *mem, const char *path);

/* Walks a tree that should be as list says; one that is far larger or deeper is the trouble too_much. */
int copy_walk_again(struct server *server, TALLOC_CTX *mem, const char *root, const struct copy_list *list,
		    struct copy_list *found, enum trouble too_much, struct error *err);
/* Reads every file of list below root and compares. */
int copy_compare(struct copy_work *work, const char *root, const struct copy_list *list, struct error *err);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names that an earlier run, or a power cut during one, left on the server's drives. */
#ifndef REPAIR_LEFTOVER_H
#define REPAIR_LEFTOVER_H

#include "server/server.h"

#define LEFTOVER_TREE_MARK ".q240208-"
#define LEFTOVER_TORN_MARK ".ntfs-3g-"

enum leftover_kind {
	LEFTOVER_NONE,
	LEFTOVER_STAGE, /* NAME.q24: a file that was being written when a run was cut off */
	LEFTOVER_TREE,  /* NAME.q240208-RUN: step 1's backup, or a folder that step 6 set aside */
	/* NAME.ntfs-3g-0123456789: the old content after a rename that ntfs-3g could not finish
	 * (doc/hives.md 6) */
	LEFTOVER_TORN,
	LEFTOVER_ASIDE, /* NAME.q24-old: the old file while a running server's was replaced */
};

/* What a single name is, told by its form alone. */
enum leftover_kind leftover_of(const char *name);

/* Adds every such name in a folder (not below it) to names, full paths owned by names' owner; a
 * folder that is not there has none. */
int leftover_list(struct server *server, TALLOC_CTX *mem, const char *folder, char ***names,
	size_t *count, struct error *err);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Trees of the cut matrix: copied, compared, and built again from what a power cut left. Trouble
 * with the test's own work ends the program. */
#ifndef TESTS_CUT_TREE_H
#define TESTS_CUT_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	TREE_TIMES = 1, /* times of files and folders count */
	/* SYSTEM and SYSTEM.ALT are compared by what they say, not byte for byte */
	TREE_MEANING = 2,
	TREE_BACKUPS = 4,     /* trees of step 1 count; without it their names are passed over */
	TREE_NO_SERVICES = 8, /* what state services are in does not count */
};

/* A copy with modes and times. to must not exist. */
void tree_copy(const char *from, const char *to);
/* The same, but files that a repair never writes to, Maildata's and the drivers, are not copied:
 * they get another name. Whoever relies on that has to look at the end whether they are still as
 * they were. */
void tree_clone(const char *from, const char *to);

/* True if both are the same; else what differs first, in a buffer of its own. The mailboxes of a
 * practice server count in no comparison: step 5 makes them, no repair. */
bool tree_same(const char *a, const char *b, unsigned how, char difference[1024]);

/* True if everything in there is as in before or as in after: files byte for byte, the values of
 * SYSTEM and SYSTEM.ALT each for itself. What is staged, and trees named by a run, may be there
 * besides. */
bool tree_between(const char *before, const char *after, const char *there, char difference[1024]);

/* What CUT_SHADOW kept of root, as it would be found after the power came back. */
void tree_rebuild(const char *shadow, const char *root, const char *to);

uint8_t *tree_read(const char *path, size_t *len); /* malloc; NULL if it cannot be read */

#endif

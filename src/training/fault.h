/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Faults: one thing that can be wrong (or only odd) with a server, as a row of a table. A fault
 * knows how to bring itself about on a practice server, and what may be said about it: its cause
 * with the source, the right action, and what the wrong one leads to. Written in faults.desktop.
 */
#ifndef TRAINING_FAULT_H
#define TRAINING_FAULT_H

#include "base/error.h"
#include "practice/practice.h"

/* What a case adds to the practice server it is played on; practice_build carries it out
 * (practice/practice.h, struct practice_edit). */
struct fault {
	const char *id;     /* "two-paths": in cases, never translated */
	const char *title;  /* to be translated */
	const char *cause;  /* how a server comes to be so */
	const char *source; /* "Q171259", or "not found in an article" */
	const char *right;  /* what a good operator does */
	/* what happens after the wrong thing: the service, the event it logs; NULL: none */
	const char *consequence;
	unsigned flags; /* enum practice_flag */
	const struct practice_edit *edits;
	size_t edit_count;
};

/* The table; *count of them. NULL if there is no such fault. */
const struct fault *faults(size_t *count);
const struct fault *fault_find(const char *id);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A repair that is stopped: a training case's server in a box of its own together with its record,
 * the program run on it with tests/cut_preload.c in front, and what is held against what it left.
 */
#ifndef TESTS_CUT_BOX_H
#define TESTS_CUT_BOX_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

#include "tests/cut_tree.h"

enum { BOX_ROOM = 700, BOX_CALLS = 8192, BOX_KILLED = 128 + SIGKILL };

/* What is stopped. */
enum box_op {
	OP_REPAIR, /* apply, or the resume of a case that begins cut: from "start" to "repaired" */
	/* the whole run and its backup: from "repaired", or from "aside" if there is one, to the
	 * original */
	OP_UNDO,
	OP_ASIDE, /* step 6 in the walk: from "repaired" to "aside" */
	/* what was left open decided and written in the walk: from "first" to "repaired" */
	OP_LATER,
	BOX_OPS
};

/* How: see CUT_HOW. */
struct box_stop {
	const char *name, *how;
	bool power;  /* what was not made to last is lost */
	bool fails;  /* calls fail, and the program goes on */
	bool writes; /* at writes only */
	int number;  /* the exit codes it may end with, besides that of the whole */
	int other;
};

struct box {
	const char *program, *preload;
	const char *name;
	uint64_t seed;
	bool begins_cut;
	bool disks;   /* as the disks of a server that is off; else practice */
	bool refused; /* the program will not touch it */
	int code;     /* of the whole repair */
	char work[BOX_ROOM], plan[BOX_ROOM];
	char original[BOX_ROOM]; /* a server */
	/* each with server and runs below it */
	char start[BOX_ROOM], repaired[BOX_ROOM], aside[BOX_ROOM], first[BOX_ROOM];
	/* the same: what is stopped, and how it is found then */
	char box[BOX_ROOM], other[BOX_ROOM], after[BOX_ROOM];
	char shadow[BOX_ROOM], count[BOX_ROOM], output[BOX_ROOM], input[BOX_ROOM];
	/* of the relocated Bin and the registry files, below a server */
	char bin[BOX_ROOM], config[BOX_ROOM];
	char why[1400]; /* the first thing that was wrong */
	/* TREE_NO_SERVICES: the program said that a service could not be started; else 0 */
	unsigned services_told;
	/* of the counting run */
	long calls;
	char called[BOX_CALLS][20];
	char side[BOX_CALLS]; /* 's' the server, 'r' the record, '-' neither: memory */
};

char *box_format(char out[BOX_ROOM], const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Sets why; false. */
bool box_wrong(struct box *box, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Builds the case, repairs it and sets its old folder aside once. Below TMPDIR; false with why. */
bool box_begin(struct box *box, const char *work);
void box_choose_ground(void);
/* Repairs it once more, and leaves a part of each step open: "first". */
bool box_leave_open(struct box *box);
/* At the end: files that nobody had to write to are as they were. */
bool box_end(struct box *box);

/* ---- running (cut_box.c) ---- */

const char *box_from(const struct box *box, enum box_op op);
const char *box_to(const struct box *box, enum box_op op);
/* The box as it is before op. */
void box_reset(const struct box *box, enum box_op op);
/* A box is copied as a whole. */
void box_copy(const char *from, const char *to);
/* at: the call to stop at, 0 for counting, -1 without any of it. The exit code, 128 + signal. */
int box_run(const struct box *box, const char *where, enum box_op op, long at,
	const struct box_stop *stop);
/* Any command, without a stop. words: NULL-ended, the command first. */
int box_command(const struct box *box, const char *where, const char *const words[]);
int box_resume(const struct box *box, const char *where);
int box_undo(const struct box *box, const char *where, bool backups);
/* How many calls op makes, and which; 0 if it does not end as it should. */
long box_count(struct box *box, enum box_op op);
/* What the program said last; and whether it said this anywhere. */
char *box_said(const struct box *box);
bool box_has_said(const struct box *box, const char *words);

/* ---- judging (cut_judge.c) ---- */

bool box_run_named(const char *where, char name[BOX_ROOM]);
bool box_same(struct box *box, const char *server, const char *where, unsigned how);
bool box_backup_same(struct box *box, const char *where, unsigned how);
bool box_claims_hold(struct box *box, const char *where);
/* At the end the record says of each change that was begun that it was looked at, and blames
 * nobody else for what the stop left. */
bool box_all_seen(struct box *box, const char *where);
/* Everything old or new, nothing else. */
bool box_between(struct box *box, const char *where, enum box_op op);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Memory that the process which works and the one which draws both see: how far the work is, and
 * what the person at the screen wants. Neither ever waits for the other.
 */
#ifndef WIZARD_BOARD_H
#define WIZARD_BOARD_H

#include <stdatomic.h>

#include "ui/guide/page.h"

/* How far the work is; the pointers of state lead into the rest. */
enum { BOARD_PARTS = 8, BOARD_LAST = 8, BOARD_TEXT = 1024, BOARD_SHORT = 256 };
struct note {
	struct job_state state;
	struct step_line parts[BOARD_PARTS];
	struct change_line last[BOARD_LAST];
	bool alarm; /* of the title line */
	char what[BOARD_TEXT], now[BOARD_TEXT], waiting[BOARD_TEXT], badge[BOARD_TEXT],
		titles[BOARD_PARTS][BOARD_TEXT];
	char counts[BOARD_PARTS][BOARD_SHORT];
	struct {
		char what[BOARD_SHORT], before[BOARD_SHORT], after[BOARD_SHORT],
			checked[BOARD_SHORT];
	} changes[BOARD_LAST];
};

struct board {
	/* By the one that draws, for the one that works. */
	atomic_bool stop, pause;
	atomic_bool give_up; /* what is waited for; each wait wants a wish of its own */
	atomic_bool painted; /* the screen is not as it was */

	atomic_uint writes; /* odd while the note is being written */
	struct note note;
};

/* Shared with every process that is split off from now on; stays as long as this one. NULL for want
 * of memory. */
struct board *board_new(void);

/* By the one that works: what is longer than BOARD_TEXT or BOARD_SHORT is cut, what is more than
 * BOARD_PARTS or BOARD_LAST left out. Of the page only what changes while work runs. */
void board_write(struct board *board, const struct job_state *state, const struct page *page);
/* By the one that draws; false if nothing whole is there, and note is as it was. */
bool board_read(const struct board *board, struct note *note);

#endif

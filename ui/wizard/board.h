/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Memory that the process which works and the one which draws both see: how far the work is, and what the person at the
 * screen wants. Neither ever waits for the other.
 */
#ifndef WIZARD_BOARD_H
#define WIZARD_BOARD_H

#include <stdatomic.h>
#include <talloc.h>

#include "ui/guide/page.h"

struct board;

/* What stood there at one moment; the pointers of state lead into texts. */
enum { BOARD_PARTS = 8, BOARD_TEXT = 1024 };
struct board_view {
	struct job_state state;
	struct step_line parts[BOARD_PARTS];
	const char *badge;
	struct board_texts {
		char what[BOARD_TEXT], now[BOARD_TEXT], badge[BOARD_TEXT], titles[BOARD_PARTS][BOARD_TEXT];
	} texts;
};

/* Owned by mem; shared with every process that is split off from now on. NULL for want of memory. */
struct board *board_new(TALLOC_CTX *mem);

/* By the one that works: what is longer than BOARD_TEXT is cut, what is more than BOARD_PARTS left out. */
void board_write(struct board *board, const struct job_state *state, const char *badge);
/* By the one that draws; false if nothing whole is there, and view is as it was. */
bool board_read(const struct board *board, struct board_view *view);

/* By the one that draws, for the one that works. */
struct board_wish {
	atomic_bool stop, pause;
	atomic_bool painted;         /* the screen is not as it was */
};
struct board_wish *board_wish(struct board *board);

#endif

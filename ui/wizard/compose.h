/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A page laid out for a screen of some size: lines of text, where they are marked, where the cursor stands. A pure
 * function, so that a resize is nothing but composing again and tests can read a screen without one.
 */
#ifndef WIZARD_COMPOSE_H
#define WIZARD_COMPOSE_H

#include "ui/layout.h"

enum { SCREEN_MIN_COLUMNS = 60, SCREEN_MIN_ROWS = 20, SCREEN_WIDE = 80 };

/* How a stretch of a line is drawn; each also reads without it (words, brackets, '>'). */
enum style { STYLE_TITLE, STYLE_HEADING, STYLE_CURSOR, STYLE_FOCUS, STYLE_MARK, STYLE_BAD, STYLE_KEYS };

struct stretch {
	size_t row, column, width;
	enum style style;
};

struct screen {
	size_t rows, columns;
	char **lines;                   /* rows of them, each padded to columns */
	struct stretch *stretches;
	size_t stretch_count;
	size_t cursor_row, cursor_column;   /* where the hardware cursor stands: the focused row or button */
	size_t table_rows;              /* rows of the table that are seen at once */
	bool too_small;                 /* nothing can be pressed on this screen but leaving */
};

/* Where the person is on the page. */
struct view {
	size_t cursor, top;             /* row under the cursor, first row seen; compose keeps them in range */
	size_t action;                  /* focused button */
	bool on_table;                  /* the hardware cursor follows the table, not the buttons */
	bool utf8;
};

int compose_page(TALLOC_CTX *mem, const struct page *page, struct view *view, size_t rows, size_t columns,
		 struct screen **screen);

/* Long text with its frame; *top is kept in range. */
int compose_text(TALLOC_CTX *mem, const struct page *page, const struct page_text *text, size_t *top, size_t rows,
		 size_t columns, bool utf8, struct screen **screen);

/* Work in hand, with its title, in the frame of page. */
int compose_work(TALLOC_CTX *mem, const struct page *page, const char *title, const struct job_state *state,
		 bool stopping, bool paused, double rate, size_t rows, size_t columns, bool utf8,
		 struct screen **screen);

#endif

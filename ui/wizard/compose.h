/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A page laid out for a screen of some size: lines of text, where they are marked, where the cursor
 * stands. A pure function, so that a resize is nothing but composing again and tests can read a
 * screen without one.
 */
#ifndef WIZARD_COMPOSE_H
#define WIZARD_COMPOSE_H

#include "ui/layout.h"
#include "ui/wizard/theme.h"

enum { SCREEN_MIN_COLUMNS = 60, SCREEN_MIN_ROWS = 20, SCREEN_WIDE = 80 };

struct stretch {
	size_t row, column, width;
	enum role role;
};

struct screen {
	size_t rows, columns;
	enum tier tier; /* what the terminal can show; screen_new: 256 colours */
	char **lines;   /* rows of them, each padded to columns */
	size_t end;     /* the line below the body: buttons, hint, keys */
	size_t hint;    /* the first line of the hint, above the keys */
	struct stretch *stretches;
	size_t stretch_count;
	/* where the hardware cursor stands: the focused row or button */
	size_t cursor_row, cursor_column;
	size_t table_rows; /* rows of the table, or lines of a text, that are seen at once */
	bool too_small;    /* it says so, and nothing can be pressed on it but leaving */
	bool last_seen;    /* all rows of the table were seen, up to the last */
	char letters[32];  /* those that stand in the key bar: no other acts */
	bool steps;        /* the steps stand at the left: their digits act */
	size_t text_width; /* columns that a text was wrapped to; its lines begin at the cursor */
	/* what the mouse finds where */
	struct hit *hits;
	size_t hit_count;
};

/* A row of the table or a button, by its index in the page. */
struct hit {
	size_t row, column, width;
	enum hit_kind { HIT_ROW, HIT_BUTTON } kind;
	size_t index;
};
/* What is at a place, NULL for nothing. */
const struct hit *screen_hit(const struct screen *screen, size_t row, size_t column);

/* An empty one for one of the functions below. */
struct screen *screen_new(TALLOC_CTX *mem, size_t rows, size_t columns);

/* Where the person is on the page. */
struct view {
	size_t cursor, top; /* row under the cursor, first row seen; compose keeps them in range */
	size_t action;      /* focused button */
	bool on_table;      /* the hardware cursor follows the table, not the buttons */
	bool last_seen;     /* all rows were on the screen since the page came up, up to the last */
	size_t seen, seen_columns; /* so many lines of the table, at that width */
	/* compose says so: the table has rows that are not seen; some of them below */
	bool scrolls, below;
	bool paused; /* a page that would be made anew by itself waits (page.refresh) */
};

/* How a page is first seen: the cursor on the first row that waits for a decision, else on the
 * focused button. */
struct view view_first(const struct page *page);

void compose_page(struct screen *screen, const struct page *page, struct view *view);

/* Long text with its frame; *top is kept in range. */
void compose_text(struct screen *screen, const struct page *page, const struct page_text *text,
	size_t *top);

/* Work in hand, in the frame of page. */
struct working {
	const char *title;
	const struct job_state *state;
	bool stopping, paused;
	double rate; /* bytes a second, 0: not known */
};
/* Whether a silent server has been waited for long enough to be told. */
bool job_waits(const struct job_state *state);
void compose_work(struct screen *screen, const struct page *page, const struct working *working);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WIZARD_COMPOSE_PRIVATE_H
#define WIZARD_COMPOSE_PRIVATE_H

#include "ui/wizard/compose.h"
#include "ui/wizard/keybar.h"

/* Lines above and below the body: title; buttons (at least one line), hint, keys. */
enum { FRAME_TOP = 1, FRAME_BOTTOM = 3 };
/* From so many columns and lines on there is more: a wider list of steps, facts beside before and
 * after, what F2 or a button would open. */
enum { SCREEN_ROOMY = 100, SCREEN_BESIDE = 110, SCREEN_TALL = 34 };

/* ---- compose_screen.c: the sheet ---- */

/* Puts text at a place, cut to width or filled up with blanks; what stood there is replaced. */
void screen_put(struct screen *screen, size_t row, size_t column, size_t width, const char *text,
	enum role role);
/* Text in its own width; returns the column behind it. */
size_t screen_say(struct screen *screen, size_t row, size_t column, const char *text,
	enum role role);
void screen_hit_add(struct screen *screen, size_t row, size_t column, size_t width,
	enum hit_kind kind, size_t index);

/* The same text in another role. */
void screen_mark(struct screen *screen, size_t row, size_t column, size_t width, enum role role);

/* A screen being written, top to bottom, inside a window of columns. */
struct pen {
	struct screen *screen;
	/* next row to write; where lines begin and how wide they may be */
	size_t row, column, width;
};

/* One line, then the next row; nothing behind the last row of the window. */
void pen_line(struct pen *pen, enum role role, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* A line across the window with what stands on it: a title, and something quiet at its end; either
 * may be "". */
void pen_rule(struct pen *pen, const char *title, const char *note);
/* A line of text whose end says that more follows, and which key shows it ("": none does). */
void line_more(struct screen *screen, size_t row, size_t column, size_t width, const char *text,
	enum role role, const char *key);
/* A word on the ground of its tone, at least so many columns wide within its edges; returns the
 * column behind it. */
enum { LAMP_WIDTH = 8, LAMP_EDGES = 2 };
size_t lamp_put(struct screen *screen, size_t row, size_t column, size_t width, const char *word,
	enum tone tone);
size_t lamp_width(const char *word);
/* Part of a bar that is this full. */
void bar_put(struct screen *screen, size_t row, size_t column, size_t width, size_t full,
	enum role role);
/* In the last column: which of count lines are the shown ones. */
void scroll_bar(struct screen *screen, size_t row, size_t shown, size_t top, size_t count);

/* ---- compose_frame.c: what every page has around its body ---- */

void frame_top(struct screen *screen, const struct page *page);
/* must: so many of the first are there in any case. */
void frame_keys(struct screen *screen, struct key_label *keys, size_t count, size_t must);
/* Where the hint begins: it takes a second line where the first sentence of a row or button does
 * not fit into one. The buttons and the body end above it. */
void hint_place(const struct pen *pen, const struct page *page, const struct view *view);
/* As many of its sentences as there is room for, whole. */
void frame_hint(const struct pen *pen, const char *hint);
/* Where the buttons stand, in as many lines as they need; the body ends above them. */
/* With its brackets. */
char *button_text(struct screen *screen, const char *label, bool focused);
void buttons_place(const struct pen *pen, const struct page *page);
void buttons_draw(const struct pen *pen, const struct page *page, const struct view *view);
/* compose_rail.c: the list of steps at the left, and how wide it is; 0: this screen has none. */
size_t rail_width(const struct screen *screen, const struct page *page);
void rail_draw(struct screen *screen, const struct page *page, size_t width);

/* ---- compose_table.c: a row that can be stood on is one line, one that is only read as many as it
 * needs; a group has its head above ---- */

enum { TABLE_HEAD = 1 };
struct table_line {
	size_t row;
	bool head;                 /* of the group that begins with this row */
	bool first;                /* of its row */
	char *cells[PAGE_COLUMNS]; /* fitted; NULL in a head */
	const char *name;          /* what of them tells rows apart */
};
struct table {
	const struct page *page;
	bool selectable;
	size_t front, lamp; /* columns of sign or cursor; of the lamp, with what parts it */
	size_t gap;
	bool short_end;              /* the last column stands at the right edge */
	size_t widths[PAGE_COLUMNS]; /* 0: left out */
	struct table_line *lines;
	size_t count;
};
struct table *table_new(const struct screen *screen, const struct page *page, size_t width);
/* compose_rows.c: its headings and so many of its lines. */
void table_draw(struct pen *pen, const struct table *table, struct view *view, size_t shown);

/* ---- compose_details.c: about the row under the cursor ---- */

struct details {
	struct detail_line {
		const char *label, *text, *marks;
		enum detail_kind kind;
	} * lines, *facts;
	size_t count, fact_count;
	/* columns of the labels; of all but the facts where those stand beside */
	size_t labels, fact_labels, width;
	bool beside;
	bool open_choice; /* of the row: neither side is the better one */
	const char *title, *type;
	size_t pair; /* lines of before and after */
};
/* Of one row; mono: what changed is marked below, too; facts: columns for those, 0: none. */
struct details *details_of(TALLOC_CTX *mem, const struct row *row, size_t width, bool mono,
	size_t facts);
/* In front of a line of before or after. */
const char *details_sign(const struct detail_line *line);
/* Of the row under the cursor; NULL where no row has any. */
struct details *details_new(const struct screen *screen, const struct page *page,
	const struct view *view, size_t width);
size_t details_height(const struct details *details);
/* The line above them, and so many below it. */
void details_draw(struct pen *pen, const struct details *details, size_t shown);

/* ---- compose_first.c: drives and points ---- */

/* Lines that each takes; 0 where there is no room for it, or nothing to draw. */
size_t drives_height(const struct screen *screen, const struct page *page, size_t width);
void drives_draw(struct pen *pen, const struct drives *drives);
size_t points_height(const struct page *page, bool big);
void points_draw(struct pen *pen, const struct page *page, bool big);

/* ---- compose_letters.c: words in big letters ---- */

enum { LETTER_HEIGHT = 5 };
/* Columns of a word; 0 where one of its letters has no picture. */
size_t letters_width(const char *word);
void letters_draw(struct screen *screen, size_t row, size_t column, const char *word,
	enum tone tone);

#endif

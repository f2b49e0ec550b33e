/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WIZARD_COMPOSE_PRIVATE_H
#define WIZARD_COMPOSE_PRIVATE_H

#include "ui/wizard/compose.h"

/* Above and below the body: title line, rule, title of the page; buttons, keys. */
enum { FRAME_TOP = 2, FRAME_BOTTOM = 2 };

/* Puts text at a place, cut to width; what stood there is replaced. */
void screen_put(struct screen *screen, size_t row, size_t column, size_t width, const char *text,
	enum role role);

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
/* At the right end of a row, if it is shorter than that. */
void pen_right(const struct pen *pen, size_t row, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Title line, rule, keys line, and the title above the body, which the pen writes. */
void frame_draw(struct pen *pen, const struct page *page, const char *title, const char *keys);
/* The same around a text or work, on the whole width; the pen stands below an empty line. */
struct pen frame_titled(struct screen *screen, const struct page *page, const char *title,
	const char *keys);

/* compose_table.c: a table laid out for a width; a row that can be stood on is one line, one that
 * is only read as many as it needs */
enum { TABLE_HEAD = 2 };
struct table {
	const struct page *page;
	bool selectable;
	size_t widths[PAGE_COLUMNS]; /* 0: left out */
	struct lines lines;
};
struct table *table_new(TALLOC_CTX *mem, const struct page *page, const struct view *view,
	size_t width);
/* Its headings and so many of its lines. */
void table_draw(struct pen *pen, const struct table *table, struct view *view, size_t shown);

/* The lines about the row under the cursor. */
void details_wrap(TALLOC_CTX *mem, const struct page *page, const struct view *view, size_t width,
	struct lines *lines);

#endif

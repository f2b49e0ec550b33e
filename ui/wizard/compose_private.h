/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WIZARD_COMPOSE_PRIVATE_H
#define WIZARD_COMPOSE_PRIVATE_H

#include "ui/wizard/compose.h"

/* A screen being written, top to bottom, inside a window of columns. */
struct pen {
	struct screen *screen;
	size_t row, column, width;      /* next row to write; where lines begin and how wide they may be */
	bool utf8;
};

struct screen *screen_new(TALLOC_CTX *mem, size_t rows, size_t columns);
/* Puts text at a place, cut to width; what stood there is replaced. */
void screen_put(struct screen *screen, size_t row, size_t column, size_t width, const char *text, bool utf8);
void screen_style(struct screen *screen, size_t row, size_t column, size_t width, enum style style);

/* One line, then the next row; nothing behind the last row of the window. */
void pen_line(struct pen *pen, const char *text);
void pen_lines(struct pen *pen, const struct lines *lines, size_t first, size_t count);

/* Title line, rule, keys line; the rows between them for the body. */
void frame_draw(struct screen *screen, const struct page *page, const char *keys, bool utf8);
enum { FRAME_TOP = 2, FRAME_BOTTOM = 2 };
void screen_too_small(struct screen *screen);
/* A frame with a heading of its own; pen stands below it. False where the screen is too small, which is drawn then. */
bool screen_titled(struct screen *screen, const struct page *page, const char *title, const char *keys, bool utf8, struct pen *pen);

/* compose_table.c: a table laid out for a width; a row that can be stood on is one line, one that is only read as many
 * as it needs */
struct table;
int table_new(TALLOC_CTX *mem, const struct page *page, const struct view *view, size_t width, struct table **table);
bool table_selectable(const struct table *table);
size_t table_lines(const struct table *table);
/* Lines on the screen with so many of the table's own shown: its headings too. */
size_t table_height(const struct table *table, size_t shown);
void table_draw(struct pen *pen, const struct table *table, struct view *view, size_t shown);

/* compose_details.c: the lines about the row under the cursor */
int details_lines(TALLOC_CTX *mem, const struct page *page, const struct view *view, size_t width, bool utf8,
		  struct lines *lines);

#endif

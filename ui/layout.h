/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Text in columns of a terminal: width, cutting, wrapping. Shared by the wizard and by plain lines.
 *
 * Text is UTF-8 and safe to show. Where the locale has another character set, what is not ASCII
 * takes the columns of \uNNNN, and layout_text writes it so, last of all. Want of memory is not
 * looked for: a few screens of text always find room.
 */
#ifndef UI_LAYOUT_H
#define UI_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>
#include <talloc.h>

#include "ui/guide/page.h"

/* Whether the locale's character set is UTF-8. */
bool layout_utf8(void);

/* text as this terminal can show it: itself, or with \uNNNN for what is not ASCII. */
char *layout_text(TALLOC_CTX *mem, const char *text);

/* Columns that text takes. */
size_t layout_width(const char *text);
/* Bytes of the longest beginning of text that takes no more than width columns. */
size_t layout_bytes(const char *text, size_t width);

/*
 * text in exactly width columns: padded with blanks, or cut with ".." at the end, after a word; or
 * in the middle, where a key or path keeps its last part whole and in front what fits of whole
 * parts. Two texts may then look alike: ways 1, 2, 3 cut elsewhere.
 */
enum { LAYOUT_WAYS = 4 };
char *layout_fit(TALLOC_CTX *mem, const char *text, size_t width, enum column_cut cut);
char *layout_fit_way(TALLOC_CTX *mem, const char *text, size_t width, enum column_cut cut,
	unsigned way);
/* So many of one character. */
char *layout_repeat(TALLOC_CTX *mem, char character, size_t count);

struct lines {
	char **text;
	size_t count;
};

/* Wraps paragraphs (ended by \n) to width columns at blanks; a word longer than a line is broken.
 * Lines that begin with a blank are not joined with others, and their continuation is indented as
 * they are, or to behind a tab that is in them (shown as a blank). */
void layout_wrap(TALLOC_CTX *mem, const char *text, size_t width, struct lines *lines);
/* One more line, which lives as long as mem. */
void layout_add(TALLOC_CTX *mem, struct lines *lines, char *line);

/* A line with ^ under each column of after that changed (text_changes), and one where something is
 * gone; "" if they are the same. */
char *layout_marks(TALLOC_CTX *mem, const char *before, const char *after);

/* Whether the cursor may stand on any row; the rows of other pages are only read. */
bool layout_selectable(const struct page *page);
/* The row that a question is about; row_count for none. */
size_t question_row(const struct page *page, const struct question *question);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Text in columns of a terminal: width, cutting, wrapping. Shared by the wizard and by plain lines.
 *
 * Text is UTF-8 and safe to show. On a terminal whose character set is not UTF-8 every other character is written as
 * \uNNNN before it is measured.
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
char *layout_text(TALLOC_CTX *mem, const char *text, bool utf8);

/* Columns that text takes, or its first bytes. */
size_t layout_width(const char *text);
size_t layout_width_of(const char *text, size_t bytes);

/* text in exactly width columns: padded with blanks, or cut with "..." at the end or in the middle. */
char *layout_fit(TALLOC_CTX *mem, const char *text, size_t width, enum column_cut cut);

struct lines {
	char **text;
	size_t count;
};

/* Wraps paragraphs (ended by \n) to width columns at blanks; a word longer than a line is broken. Lines that begin with
 * a blank are not joined with others, and their continuation is indented as they are. */
int layout_wrap(TALLOC_CTX *mem, const char *text, size_t width, struct lines *lines);
int layout_add(struct lines *lines, TALLOC_CTX *mem, const char *line);

/* A line with ^ under each character of after that is not common to before (common prefix and suffix left out); "" if
 * they are the same. */
char *layout_marks(TALLOC_CTX *mem, const char *before, const char *after);

#endif

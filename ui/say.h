/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the line commands print: sentences wrapped at 80 columns, trouble with what to do about it. */
#ifndef UI_SAY_H
#define UI_SAY_H

#include <stdio.h>
#include <talloc.h>

#include "base/error.h"

enum { SAY_COLUMNS = 80 };

/* What comes from elsewhere, as it may be shown; "?" for want of memory, "" for NULL. */
const char *say_shown(TALLOC_CTX *mem, const char *text);

/* Prints a paragraph of its own to standard output. */
void say(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* Prints text_wrap of text. */
void say_paragraph(FILE *to, const char *first, int indent, const char *text);

/* The sentence of a trouble and what to do now, to standard error. Returns the exit code that belongs to it. */
int say_trouble(const struct error *err);

/* Flushes standard output: code, or that of TROUBLE_IO (with a sentence) if something of it was lost. */
int say_done(int code);

#endif

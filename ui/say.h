/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the line commands print: sentences wrapped at 80 columns, trouble with what to do about it;
 * and files that the operator asks for by name. */
#ifndef UI_SAY_H
#define UI_SAY_H

#include <jansson.h>
#include <stdio.h>
#include <talloc.h>

#include "base/error.h"

enum { SAY_COLUMNS = 80 };

/* What comes from elsewhere, as it may be shown; "" for NULL. */
const char *say_shown(TALLOC_CTX *mem, const char *text);

/* Prints a paragraph of its own to standard output. */
void say(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* Prints text_wrap of text. */
void say_paragraph(FILE *to, const char *first, int indent, const char *text);

/* The sentence of a trouble and what to do now, to standard error. Returns the exit code that
 * belongs to it. */
int say_trouble(const struct error *err);

/* Flushes standard output: code, or that of TROUBLE_IO (with a sentence) if something of it was
 * lost. */
int say_done(int code);

/* Prints json, which goes with it; TROUBLE_IO with the sentence wrong if that fails. */
int say_json(json_t *json, const char *wrong, struct error *err);

/*
 * Writes text into the file at path (0600), under a name of its own first: what is half written
 * must not look like the whole. A device, or a pipe of the caller's own, is written into and stays
 * what it is; a link is not followed (ELOOP). NULL and "-" are standard output. 0, or the errno of
 * what failed.
 */
int output_write(const char *path, const char *text);
/* For error_system: what kind of trouble an errno about a file is that the operator named. */
enum trouble output_trouble(int sys);

#endif

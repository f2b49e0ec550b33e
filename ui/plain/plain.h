/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The walk in lines: for serial consoles, for screen readers, for whoever likes a transcript. Whole
 * sentences, numbered actions, no cursor movement, no repaint; prompts take nothing for granted: an
 * empty line is no answer, and what writes wants a whole word.
 */
#ifndef PLAIN_PLAIN_H
#define PLAIN_PLAIN_H

#include <stdio.h>
#include <talloc.h>

#include "ui/guide/page.h"

struct plain;
struct plain *plain_new(TALLOC_CTX *mem, FILE *in, FILE *out);

/* The front end; its ui argument is the struct plain. */
extern const struct ui_ops plain_ops;

#endif

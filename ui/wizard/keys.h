/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a terminal sends behind an Esc where ncurses knows no key: reports of the mouse and of the
 * focus, pastes, keys that its description lacks. All of it is one thing that means nothing, for
 * its letters and digits are nobody's answer.
 */
#ifndef WIZARD_KEYS_H
#define WIZARD_KEYS_H

#include <stdbool.h>
#include <stddef.h>

/* Where one is in it. */
enum tail_part {
	TAIL_FIRST,      /* the byte that tells what it is */
	TAIL_CONTROL,    /* ESC [ up to its last byte, ECMA-48 5.4 */
	TAIL_STRING,     /* ESC P, X, ], ^ or _ up to ESC \ or BEL, ECMA-48 5.6 */
	TAIL_STRING_ESC, /* an Esc in that */
	TAIL_COUNTED,    /* so many bytes more */
	TAIL_PASTE, /* ESC [ 200 ~ up to ESC [ 201 ~, xterm's ctlseqs, "Bracketed Paste Mode" */
};

struct tail {
	enum tail_part part;
	unsigned parameter; /* of a control sequence: its last number */
	bool bare;          /* nothing stands between its ESC [ and here */
	size_t count;       /* bytes to come, or of the end of a paste that have come */
};

/* The next byte, or key of ncurses, behind the Esc; true if more belongs to it. A tail begins as
 * { 0 }. */
bool tail_takes(struct tail *tail, int key);

#endif

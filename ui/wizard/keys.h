/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a terminal sends behind an Esc where ncurses knows no key: reports of the mouse and of the
 * focus, pastes, keys that its description lacks. All of it is one thing, for its letters and
 * digits are nobody's answer; but for reports that were asked for it means nothing.
 */
#ifndef WIZARD_KEYS_H
#define WIZARD_KEYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Where one is in it. */
enum tail_part {
	TAIL_FIRST,      /* the byte that tells what it is */
	TAIL_CONTROL,    /* ESC [ up to its last byte, ECMA-48 5.4 */
	TAIL_STRING,     /* ESC P, X, ], ^ or _ up to ESC \ or BEL, ECMA-48 5.6 */
	TAIL_STRING_ESC, /* an Esc in that */
	TAIL_COUNTED,    /* so many bytes more */
	TAIL_PASTE, /* ESC [ 200 ~ up to ESC [ 201 ~, xterm's ctlseqs, "Bracketed Paste Mode" */
};

enum { TAIL_NUMBERS = 3 };
struct tail {
	enum tail_part part;
	unsigned numbers[TAIL_NUMBERS]; /* of a control sequence, or of a report in three bytes */
	size_t number;                  /* the one in hand; TAIL_NUMBERS: there are more */
	bool bare;                      /* nothing stands between its ESC [ and here */
	char form;                      /* '<' behind the ESC [; 'M': a report in three bytes */
	int last;                       /* the byte that ended a control sequence, 0 for none */
	size_t count;                   /* bytes to come, or of the end of a paste that have come */
};

/* The next byte, or key of ncurses, behind the Esc; true if more belongs to it. A tail begins as
 * { 0 }. */
bool tail_takes(struct tail *tail, int key);

/* What a whole tail reported (xterm's ctlseqs, "Mouse Tracking"): three bytes, or in numbers behind
 * a '<'. Other buttons than the left one, and letting go, are nothing. */
struct report {
	enum report_kind {
		REPORT_NONE,
		REPORT_CLICK,
		REPORT_WHEEL_UP,
		REPORT_WHEEL_DOWN,
		REPORT_FOCUS /* the terminal has the focus now */
	} kind;
	size_t row, column; /* from 0 */
};
struct report tail_report(const struct tail *tail);

/* Whether a report is meant for the page at now (milliseconds): a click that only raised the window
 * is not. *focus keeps when the terminal got the focus, 0 at first. */
enum { FOCUS_MS = 300 };
bool report_counts(const struct report *report, uint64_t now, uint64_t *focus);

#endif

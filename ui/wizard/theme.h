/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One theme for pages and boxes, by roles: code names what a stretch of text is, and the one table
 * in theme.c says how that looks with 256 colours, with 8, and with none. Every role also reads
 * without colour.
 */
#ifndef WIZARD_THEME_H
#define WIZARD_THEME_H

#include "ui/guide/page.h"

enum role {
	ROLE_TEXT,
	ROLE_STRONG,  /* title, key names, buttons */
	ROLE_QUIET,   /* labels, lines, old values, hint */
	ROLE_RIGHT,   /* right, done, read back */
	ROLE_OPEN,    /* to decide, left open, "more: F2" */
	ROLE_DECIDED, /* change, write */
	ROLE_RAIL,    /* the steps at the left */
	ROLE_RAIL_QUIET,
	ROLE_RAIL_DONE,
	ROLE_RAIL_OPEN,
	ROLE_HERE,   /* the step one is in; runs into the page */
	ROLE_CURSOR, /* the row the letters act on */
	ROLE_FOCUS,  /* the one thing that Enter presses */
	ROLE_BAR,    /* top line, thumb of the scroll bar */
	ROLE_GONE,   /* the changed part, before */
	ROLE_DANGER, /* WRONG, LIVE, services down */
	ROLE_COME,   /* the changed part, after */
	ROLE_GOOD,   /* progress, REPAIRED, DONE */
	ROLE_WARN,   /* TO DO, NOT SEEN, ATTESTED */
	ROLE_CALM,   /* PRACTICE, TRAINING, ON DISKS, LEFT */
	ROLE_KEY,    /* a key in the key bar, and what it does */
	ROLE_KEY_LABEL,
	ROLE_BOX, /* libdialog's */
	ROLE_BOX_TITLE,
	ROLE_BOX_FOCUS,
	ROLE_SHADOW,
	ROLE_COUNT
};

/* How a tone of the guide's is drawn on a page's ground. */
enum role role_of(enum tone tone);

#endif

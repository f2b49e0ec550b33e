/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One theme for pages and boxes, by roles: code names what a stretch of text is, and the one table
 * in theme.c says how that looks with 256 colours, with 8, and with none. Every role also reads
 * without colour. And the signs that pages may use: those which every console font has.
 */
#ifndef WIZARD_THEME_H
#define WIZARD_THEME_H

#include <talloc.h>

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

/* What a terminal can show; colors as curses counts them. */
enum tier { TIER_MONO, TIER_8, TIER_256, TIERS };
enum tier tier_of(int colors, const char *no_color);

/* A role in a tier: colours by their number; in TIER_MONO none, and the ground is the terminal's
 * own. */
struct ink {
	short fore, back;
	bool bold, reverse;
};
struct ink theme_ink(enum role role, enum tier tier);

/*
 * Signs, in UTF-8, or in ASCII where the locale is another (layout_utf8). All are one cell wide.
 * Strings of the program: nobody frees them.
 */
const char *mark_sign(enum mark mark); /* " " for none */
enum sign {
	SIGN_TO_LEFT,
	SIGN_TO_RIGHT,
	SIGN_UP,   /* below a place on a bar */
	SIGN_LAMP, /* of a drive */
	SIGN_REST, /* of a bar */
	SIGN_HORIZONTAL,
	SIGN_VERTICAL,
	SIGN_TOP_LEFT, /* corners */
	SIGN_TOP_RIGHT,
	SIGN_BOTTOM_LEFT,
	SIGN_BOTTOM_RIGHT,
	SIGN_FILLED, /* of a bar, where it has no colour */
	SIGN_COUNT
};
const char *theme_sign(enum sign sign);
/* So many of one sign. */
char *theme_line(TALLOC_CTX *mem, enum sign sign, size_t count);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a key asks for: one list makes the enum, the keys, the help page and the manual's table.
 *
 * REQUEST(name, key, twin, word of the key, what it does). Every F-key has a letter twin for
 * terminals that keep F1 and F10 to themselves.
 */
#ifndef WIZARD_REQUESTS_H
#define WIZARD_REQUESTS_H

#include <stdbool.h>
#include <stddef.h>

#define REQUESTS(REQUEST) \
	REQUEST(HELP, KEY_F(1), '?', "F1", N_("help for this page: keys, and what the step asks")) \
	REQUEST(WHY, KEY_F(2), 'w', "F2", N_("why: what the article asks, cause, risk, source")) \
	REQUEST(BACK, KEY_F(3), 'b', "F3", N_("back one page; never undoes")) \
	REQUEST(AGAIN, KEY_F(5), 'r', "F5", N_("look again (reads only)")) \
	REQUEST(DETAILS, KEY_F(6), 'd', "F6", N_("details: full paths, versions, hashes")) \
	REQUEST(UNDO, KEY_F(7), 'u', "F7", N_("undo: shows what would be put back, and asks")) \
	REQUEST(JOURNAL, KEY_F(9), 'l', "F9", N_("log and journal")) \
	REQUEST(LEAVE, KEY_F(10), 'q', "F10", \
		N_("leave; with open decisions it says so and asks")) \
	REQUEST(PRESS, '\n', KEY_ENTER, "Enter", N_("press the focused button")) \
	REQUEST(NEXT, '\t', KEY_RIGHT, "Tab", N_("next button")) \
	REQUEST(PREVIOUS, KEY_BTAB, KEY_LEFT, "Shift-Tab", N_("button before")) \
	REQUEST(UP, KEY_UP, 0, "Up", N_("row above")) \
	REQUEST(DOWN, KEY_DOWN, 0, "Down", N_("row below")) \
	REQUEST(PAGE_UP, KEY_PPAGE, 0, "PgUp", N_("a screen up")) \
	REQUEST(PAGE_DOWN, KEY_NPAGE, 0, "PgDn", N_("a screen down")) \
	REQUEST(FIRST, KEY_HOME, 0, "Home", N_("first row")) \
	REQUEST(LAST, KEY_END, 0, "End", N_("last row")) \
	REQUEST(SEARCH, '/', 0, "/", N_("search in help, journal and tables")) \
	REQUEST(PAUSE, ' ', 0, "Space", \
		N_("pause and go on: work that runs, a page that looks again by itself")) \
	REQUEST(STOP, 's', 0, "s", N_("stop after this change, while work runs")) \
	REQUEST(REDRAW, 12, 0, "Ctrl-L", N_("draw the screen anew"))

#define REQUEST_ENUM(name, key, twin, word, what) REQUEST_##name,
enum request { REQUESTS(REQUEST_ENUM) REQUEST_COUNT, REQUEST_NONE = -1 };
#undef REQUEST_ENUM

struct request_row {
	int key, twin;
	const char *word, *what;
};
extern const struct request_row request_rows[REQUEST_COUNT];

/* The request of a key as ncurses gives it, REQUEST_NONE if it is none. */
enum request request_of(int key);

/* Where *at goes by a request that moves it, room lines to a screen; false if the request does not.
 * What is behind the last is the caller's to set right. */
bool request_move(enum request request, size_t room, size_t *at);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WIZARD_WIZARD_PRIVATE_H
#define WIZARD_WIZARD_PRIVATE_H

#include <signal.h>

#include "ui/wizard/compose.h"
#include "ui/wizard/requests.h"
#include "ui/wizard/wizard.h"

enum { BOX_FIELDS = 8, BOX_LINE = 1024 };

struct wizard {
	const volatile sig_atomic_t *signal;
	bool utf8;
	char *page_id;                   /* of the page that view belongs to */
	struct view view;
	char *found;                     /* last search */
	char *line;                      /* what was typed in a box; replies point into it */
	char *fields[BOX_FIELDS];
	const char *field_pointers[BOX_FIELDS];
};

/* terminal.c */
/* Whether ncurses can drive this terminal; a sentence if it cannot. */
int terminal_check(struct error *err);
/* Splits off the child (wizard.h). */
int terminal_guard(struct error *err);
void terminal_begin(struct wizard *wizard);
void terminal_end(void);
/* Stops until the shell lets it go on, with the terminal given back meanwhile. */
void terminal_suspend(void);
/* Rows and columns now; 0 x 0 is taken for 24 x 80. */
void terminal_size(size_t *rows, size_t *columns);
/* Paints what was composed; only what differs from the screen is sent. */
void terminal_paint(const struct screen *screen);
/* After another process painted on the screen, or its size changed unseen: the next painting is a whole one. */
void terminal_taken_back(void);
/* A key; waits at most wait milliseconds (-1: for ever). ERR if none came or a signal did; KEY_UNKNOWN for one that
 * means nothing. */
enum { KEY_UNKNOWN = 0x10000 };
int terminal_key(int wait);
/* Drops what is left of a key that began with the Esc just read. */
void terminal_rest(void);

/* pager.c */
int pager_show(struct wizard *wizard, const struct page *page, const struct page_text *text);
/* Text to look for, typed into a line at the bottom; NULL if none was given. */
const char *search_ask(struct wizard *wizard);

/* help.c: the page's help with the table of keys below it */
void help_show(struct wizard *wizard, const struct page *page);

/* box.c: libdialog, all of it */
enum boxed { BOXED_ANSWER, BOXED_NONE };
/* Asks; on BOXED_ANSWER reply has the answer, text or fields (kind and id are the caller's to set). */
enum boxed box_ask(struct wizard *wizard, const struct page *page, const struct question *question,
		   struct reply *reply);
void box_message(struct wizard *wizard, const struct page *page, const char *title, const char *text);

#endif

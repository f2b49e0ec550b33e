/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WIZARD_WIZARD_PRIVATE_H
#define WIZARD_WIZARD_PRIVATE_H

#include "ui/wizard/board.h"
#include "ui/wizard/compose.h"
#include "ui/wizard/requests.h"
#include "ui/wizard/wizard.h"

enum { BOX_FIELDS = 8, BOX_LINE = 1024 };

struct wizard {
	char *page_id; /* of the page that view belongs to */
	char *focused; /* id of its focused action */
	struct view view;
	struct board *board; /* for the job that runs */
	char *found;         /* last search */
	char *line;          /* what was typed in a box; replies point into it */
	char *fields[BOX_FIELDS];
};

/* terminal.c */
/* Splits off the child (wizard.h); a sentence where ncurses cannot drive this terminal. */
int terminal_guard(struct error *err);
void terminal_begin(void);
/* The destructor of a wizard. */
int terminal_end(struct wizard *wizard);
/* Stops until the shell lets it continue, with the terminal given back meanwhile. */
void terminal_suspend(void);
/* An empty screen of the size that the terminal has now. */
struct screen *terminal_screen(TALLOC_CTX *mem);
/* Paints what was composed; only what differs from the screen is sent. */
void terminal_paint(const struct screen *screen);
/* A role as curses' attributes. */
unsigned terminal_ink(enum role role);
/* After another process painted on the screen, or its size changed unseen: the next painting is a
 * whole one. */
void terminal_taken_back(void);
/* A key; waits at most wait milliseconds (-1: for ever). ERR if none came or a signal did;
 * KEY_UNKNOWN for one that means nothing. */
enum { KEY_CTRL_C = 3, KEY_CTRL_Z = 26, KEY_ESC = 27, KEY_UNKNOWN = 0x10000 };
int terminal_key(int wait);
/* Drops what is left of a key, report or paste that began with the Esc just read (keys.h); whether
 * there was any. */
bool terminal_rest(void);
/* Whether the terminal marks what is pasted, so that it can be told from keys; not while a person
 * may paste into a line. */
void terminal_paste(bool marked);

/* pager.c */
int pager_show(void *wizard, const struct page *page, const struct page_text *text);
/* Text to look for, typed into a line at the bottom; NULL if none was given. */
const char *search_ask(struct wizard *wizard);

/* help.c: the page's help with the table of keys below it */
void help_show(struct wizard *wizard, const struct page *page);

/* box.c: libdialog, all of it */
/* Asks; true if there is an answer: reply has its id, text or fields (kind and id are the caller's
 * to set). */
bool box_ask(struct wizard *wizard, const struct page *page, const struct question *question,
	struct reply *reply);
/* libdialog's keys, once: in boxes only Enter presses. */
void box_keys(void);
void box_message(const struct page *page, const char *title, const char *text);

/* work.c: runs a job, painted four times a second, keys seen at once, whatever the job waits for */
int work_run(void *wizard, const struct page *page, const struct job *job);

#endif

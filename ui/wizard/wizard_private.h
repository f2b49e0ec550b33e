/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WIZARD_WIZARD_PRIVATE_H
#define WIZARD_WIZARD_PRIVATE_H

#include "ui/wizard/board.h"
#include "ui/wizard/compose.h"
#include "ui/wizard/keybar.h"
#include "ui/wizard/keys.h"
#include "ui/wizard/wizard.h"

enum { BOX_FIELDS = 8, BOX_LINE = 1024 };

struct wizard {
	char *page_id; /* of the page that view belongs to */
	char *focused; /* id of its focused action */
	char *rows;    /* what its table was: view.last_seen is of this one */
	struct view view;
	bool mouse, pointing; /* wanted; its reports are on */
	size_t clicked;       /* the button that the last click focused, plus 1 */
	uint64_t focus;       /* when the terminal got it, milliseconds; 0: not seen */
	const char *said;     /* in the last line until the next key */
	bool answered;        /* the last reply was an answer */
	bool refreshed;       /* ... or that the page is to be made anew by itself */
	/* when the page was made or looked at anew, and the last key: terminal_now */
	uint64_t made, pressed;
	struct board *board; /* for the job that runs */
	char *found;         /* last search */
	char *line;          /* what was typed in a box, wiped; replies point into it */
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
/* Milliseconds of a clock that does not jump. */
uint64_t terminal_now(void);
/* A role as curses' attributes. */
unsigned terminal_ink(enum role role);
/* After another process painted on the screen, or its size changed unseen: the next painting is a
 * whole one. */
void terminal_taken_back(void);
/* Where it painted the first line alone nothing else is sent again. */
void terminal_top_taken_back(void);
/* Whether the size of the terminal is another; then the next painting is a whole one. */
bool terminal_resized(void);
/* A key; waits at most wait milliseconds (-1: for ever). ERR if none came or a signal did;
 * KEY_UNKNOWN for one that means nothing. */
int terminal_key(int wait);
/* The same; what is no key may have been a report. */
int terminal_report(int wait, struct report *report);
/* Drops what is left of a key, report or paste that began with the Esc just read (keys.h); whether
 * there was any. */
bool terminal_rest(void);
/* libdialog does not say which function key closed a box, but which character did: in boxes F1,
 * F2 and the mark of a paste are these. */
enum { KEY_BOX_HELP = '_' & 0x1f, KEY_BOX_WHY = '^' & 0x1f, KEY_BOX_PASTE = ']' & 0x1f };
void terminal_boxed(bool boxed);
/* Whether the terminal reports clicks, the wheel and its focus: never where something is to be
 * copied by mouse, nor in a box. */
void terminal_point(struct wizard *wizard, bool wanted);
/* Drops what was typed or pasted, until nothing more comes. */
void terminal_drop(void);
/* Whether this key, which was just read, is held down: then what repeats of it is dropped. */
bool terminal_held(int key);
/* The first line of a paste whose mark was just read; the rest of it is dropped. Text of this
 * locale, "" where it is none. */
void terminal_pasted(char *line, size_t room);

/* pager.c */
int pager_show(void *wizard, const struct page *page, const struct page_text *text);
/* Text to look for, typed into the last line of the screen; the last one again if none was typed.
 * NULL if it was left, or there is none. */
const char *search_ask(struct wizard *wizard, struct screen *screen);
/* Paints the screen, in its last line what is said until the next key, and waits for that, at most
 * wait milliseconds (-1: for ever). */
int key_wait(struct wizard *wizard, struct screen *screen, int wait, struct report *report);

/* The page's help, and below it a table of the keys that act. */
void help_show(struct wizard *wizard, const struct page *page, const struct key_label *keys,
	size_t count);

/* box.c: libdialog, all of it */
/* Asks; true if there is an answer: reply has its id, text or fields (kind and id are the caller's
 * to set). */
bool box_ask(struct wizard *wizard, const struct page *page, const struct question *question,
	struct reply *reply);
/* Its keys and colours, once: in boxes only Enter presses. */
void box_begin(void);
/* What was typed in a box is let go: whoever asked has it. */
void typed_forget(struct wizard *wizard);
/* Only says something; row: that it is about, or the number of rows. */
void box_message(struct wizard *wizard, const struct page *page, const char *title,
	const char *text, size_t row);

/* work.c: runs a job, painted four times a second, keys seen at once, whatever the job waits for */
int work_run(void *wizard, const struct page *page, const struct job *job);

#endif

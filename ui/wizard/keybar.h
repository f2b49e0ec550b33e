/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What stands in the last two lines of a page, and what keys and clicks do there: the keys that do
 * something here, and what Enter or the row's letter does now. A letter or digit acts where it
 * stands in the last line, and nowhere else; other keys always do. Pure functions.
 */
#ifndef WIZARD_KEYBAR_H
#define WIZARD_KEYBAR_H

#include "ui/wizard/compose.h"
#include "ui/wizard/requests.h"

struct key_label {
	const char *key;   /* "F1 ?", "y", "Tab" */
	const char *label; /* "Help", "Change" */
};

/* In the order of the line: F1 first, F10 last, both always there; between them the most wanted
 * first, the later ones left out where the line is too short, but for the first must: help, what
 * scrolls, what is about the row. Owned by mem. */
struct key_label *keybar_page(TALLOC_CTX *mem, const struct page *page, const struct view *view,
	size_t *count, size_t *must);
/* All that acts, with what it does in a sentence: for F1. Letters that are not on the screen are
 * left out. */
struct key_label *keybar_told(TALLOC_CTX *mem, const struct page *page, const struct view *view,
	const struct screen *screen, size_t *count);
/* The key that looks at a step. */
#define KEY_STEPS "1-6"

/* The line above the buttons' keys: of the focused button, or of the letters of the row under the
 * cursor. "" for none. */
const char *hint_page(TALLOC_CTX *mem, const struct page *page, const struct view *view);

/* What can be done while work runs. */
enum { WORK_KEYS = 4 };
size_t keys_work(const struct working *working, struct key_label keys[WORK_KEYS]);

/* The row under the cursor, or NULL. */
const struct row *row_here(const struct page *page, const struct view *view);
/* What F2 shows, NULL for nothing: of that row, or of the page. */
const char *why_here(const struct page *page, const struct view *view);
/* Why an action cannot be pressed now, or NULL. */
const char *action_barred(const struct action *action, const struct view *view);

/* What a key or a click does. */
struct deed {
	enum deed_kind {
		DEED_NONE,
		DEED_ANSWER,  /* index: answer of the row's question */
		DEED_PRESS,   /* index: action */
		DEED_FOCUS,   /* index: action, which gets the focus */
		DEED_CURSOR,  /* index: row, which gets the cursor */
		DEED_STEP,    /* index: number of the step */
		DEED_REQUEST, /* request */
	} kind;
	size_t index;
	enum request request;
};

enum { KEY_CTRL_C = 3, KEY_CTRL_Z = 26, KEY_ESC = 27, KEY_UNKNOWN = 0x10000 };

/* A key of ncurses on that screen. What writes is only pressed by Enter, and only with the focus on
 * it. */
struct deed deed_of(const struct page *page, const struct view *view, const struct screen *screen,
	int key);
/* A click at a place of the screen; focused: the action that the click before it focused, plus 1,
 * or 0. The first click focuses, the second presses, but never what writes. */
struct deed deed_at(const struct page *page, const struct view *view, const struct screen *screen,
	size_t row, size_t column, size_t focused);

#endif

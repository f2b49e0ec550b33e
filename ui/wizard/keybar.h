/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What stands in the last two lines of a page: the keys that do something here, and what Enter or
 * the row's letter does now. What stands here acts, and no other letter does.
 */
#ifndef WIZARD_KEYBAR_H
#define WIZARD_KEYBAR_H

#include "ui/wizard/compose.h"

struct key_label {
	const char *key;   /* "F1 ?", "y", "Tab" */
	const char *label; /* "Help", "Change" */
};

/* In the order of the line: F1 first, F10 last, both always there; between them the most wanted
 * first, the later ones left out where the line is too short. Owned by mem. */
struct key_label *keybar_page(TALLOC_CTX *mem, const struct page *page, const struct view *view,
	size_t *count);

/* The line above the buttons' keys: of the focused button, or of the letters of the row under the
 * cursor. "" for none. */
const char *hint_page(TALLOC_CTX *mem, const struct page *page, const struct view *view);

#endif

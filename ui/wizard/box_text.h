/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a box says, and the page beneath it. Pure functions. */
#ifndef WIZARD_BOX_TEXT_H
#define WIZARD_BOX_TEXT_H

#include "ui/wizard/compose_private.h"

/* In libdialog's codes: its text has to be shown with dialog_vars.colors. */
struct box_text {
	const char *title; /* "" where it stands in the text */
	char *text;        /* this many lines, each at most width less the edges */
	int lines, width;
};

/* row: what it is about, NULL for none; columns of the screen; most lines it may have. */
struct box_text box_text_of(TALLOC_CTX *mem, const char *title, const struct row *row,
	const char *text, size_t columns, int most);

/* The page as it stands under a box: nothing on it has the focus, and its keys are the box's. */
void compose_beneath(struct screen *screen, const struct page *page, const struct view *view,
	struct key_label *keys, size_t count);

#endif

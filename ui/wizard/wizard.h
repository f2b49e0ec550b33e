/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The walk on a full screen: pages, progress and pager in ncurses, modal boxes in libdialog. */
#ifndef WIZARD_WIZARD_H
#define WIZARD_WIZARD_H

#include <talloc.h>

#include "base/error.h"
#include "ui/guide/page.h"

struct wizard;

/*
 * Takes the terminal: first a child process is split off, in which this returns, while the parent
 * keeps the terminal's settings and restores them however the child ends (it never returns in the
 * parent). TROUBLE_USAGE, with a sentence, where there is no terminal or ncurses knows too little
 * of it; then nothing was split off and --plain is the way.
 */
int wizard_new(TALLOC_CTX *mem, struct wizard **wizard, struct error *err);
/* From now on the mouse works, too: the terminal reports it, and marks text with Shift only. */
void wizard_mouse(struct wizard *wizard);

/* The front end; its ui argument is the struct wizard. Freeing the wizard gives the terminal
 * back. */
extern const struct ui_ops wizard_ops;

#endif

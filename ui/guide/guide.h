/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The walk: which page comes, what an answer does, what comes next. Draws nothing. Decisions, gates
 * and refusals come from the core.
 */
#ifndef GUIDE_GUIDE_H
#define GUIDE_GUIDE_H

#include "base/error.h"
#include "ui/guide/page.h"
#include "ui/options.h"

struct guide;

/* options: how to reach the server (or nothing: page "reach"), operator, runs place, --relocated.
 * resume: the run to be resumed, or NULL. */
int guide_new(TALLOC_CTX *mem, const struct options *options, const char *resume,
	struct guide **guide, struct error *err);

/* Walks until the operator leaves or the walk ends. Returns the program's exit code (EXIT STATUS in
 * the manual page). */
int guide_run(struct guide *guide, const struct ui_ops *ops, void *ui);

/* What is to be said once the screen is gone: the run, how it stands, its report, the next command;
 * lines, "" for nothing. */
const char *guide_left(const struct guide *guide);

#endif

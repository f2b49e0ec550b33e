/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The walk: which page comes, what an answer does, what comes next. Draws nothing. Decisions, gates and refusals come
 * from the core.
 */
#ifndef GUIDE_GUIDE_H
#define GUIDE_GUIDE_H

#include "base/error.h"
#include "ui/guide/page.h"
#include "ui/options.h"

struct guide;

/* options: how to reach the server (or nothing: page "reach"), operator, runs place, --relocated. resume: the run to go
 * on with, or NULL. */
int guide_new(TALLOC_CTX *mem, const struct options *options, const char *resume, struct guide **guide,
	      struct error *err);

/* Walks until the operator leaves or the walk ends. Returns the program's exit code (EXIT STATUS in the manual page). */
int guide_run(struct guide *guide, const struct ui_ops *ops, void *ui);

/* The page of the present state, owned by mem. */
struct page *guide_page(TALLOC_CTX *mem, struct guide *guide);

/* One table of ids: every page and every question with its kind and the answers it allows; NULL-ended. For the manual
 * and for tests. */
struct guide_id {
	const char *id;              /* "registry" or "registry.decide" */
	enum question_kind kind;     /* of questions */
	const char *answers;         /* "change keep edit", "" for text */
	const char *what;            /* N_() */
};
const struct guide_id *guide_ids(void);

#endif

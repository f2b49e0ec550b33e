/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A front end without a screen: walks a practice server page by page, checks every page, keeps the
 * ids in order. */
#ifndef TESTS_WALKER_H
#define TESTS_WALKER_H

#include <talloc.h>

#include "ui/guide/guide.h"
#include "ui/options.h"

struct walker;

/* Answers a page. What it leaves in the reply is checked like what a front end would send. */
typedef void walker_answer(struct walker *walker, const struct page *page, struct reply *reply);

struct walker {
	char *dir; /* the server: dir/C, dir/E */
	char *runs;
	struct options options;
	const char *resume;
	walker_answer *answer;
	/* every page before it is answered, or NULL */
	void (*seen)(struct walker *walker, const struct page *page);
	/* what work tells, or NULL */
	void (*working)(struct walker *walker, const struct job_state *state);
	void *arg;
	char *typed; /* with the last reply */
	char *trace; /* "page", "page reply-id=answer", a line each */
	size_t pages;
	char *last;                   /* id of the last page */
	char *left;                   /* what is said to whoever leaves */
	const struct page *work_page; /* on which work is running, or NULL */
};

/* A standard practice server of seed 1 in a folder of its own. disks: reached by its disks, as a
 * real one would be. */
struct walker *walker_new(TALLOC_CTX *mem, bool disks);
/* A whole walk with this front end; the exit code. */
int walker_walk(struct walker *walker, walker_answer *answer);
extern const struct ui_ops walker_ops;

/* Puts a line of the trace together; other front ends use it to be compared. */
void walker_note(struct walker *walker, const struct page *page, const struct reply *reply);

/* Answers: the right way to the end, test messages sent, and attested where no practice server
 * shows by itself what became of them; everything kept. */
void walker_right(struct walker *walker, const struct page *page, struct reply *reply);
/* As walker_right, on a practice server whose mail then flows to its end. */
void walker_mail_flows(struct walker *walker, const struct page *page, struct reply *reply);
/* As walker_right, with one look at what could be put back before the end. */
void walker_with_undo(struct walker *walker, const struct page *page, struct reply *reply);
void walker_keep(struct walker *walker, const struct page *page, struct reply *reply);
/* Presses an action by its id; what it asks is left unanswered. */
void walker_press(struct reply *reply, const char *action);

/* Every file and folder below dir with its digest, for comparing. */
char *walker_tree(TALLOC_CTX *mem, const char *dir);

/* What differs from walk to walk (run name, clock, test messages, folders of this machine) becomes
 * the same everywhere, at the same length where columns count. */
void walker_normalise(const struct walker *walker, struct page *page);
char *walker_normal(TALLOC_CTX *mem, const struct walker *walker, const char *text);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PLAIN_PLAIN_PRIVATE_H
#define PLAIN_PLAIN_PRIVATE_H

#include "ui/layout.h"
#include "ui/plain/plain.h"

enum {
	PLAIN_COLUMNS = 78,
	PLAIN_LINE = 1024,
	PLAIN_FIELDS = 8,
	PLAIN_PATIENCE = 20,
	PLAIN_SAME = 5000
};

struct plain {
	FILE *in, *out;
	char line[PLAIN_LINE];   /* the last line read; replies point into it */
	char before[PLAIN_LINE]; /* the one before it, and how often it came again */
	int same;
	char *fields[PLAIN_FIELDS];
	char *page_shown;  /* id and title of the page last printed whole */
	char *coach_shown; /* the coach's lines last printed */
	bool rows_skipped; /* the operator asked for the actions of this page, rows still open */
	size_t row;        /* that was named last */
	int misunderstood; /* answers in a row that made no sense */
	char *last_what;   /* of a running job, what was last told */
	int last_tenth;
	char *secret;    /* the last one typed, wiped */
	unsigned waited; /* tens of seconds that were told */
};

/* How a prompt ended: with a reply; with nothing, so that the page asks again; with a line to be
 * looked at; with the wish to see the actions of the page, or the row that was named. */
enum said { SAID_REPLY, SAID_AGAIN, SAID_LINE, SAID_ACTIONS, SAID_ROW };

/* plain_print.c */
/* Wrapped paragraphs; in plain_keep lines that begin with a blank stay whole. */
void plain_say(struct plain *plain, const char *text);
void plain_keep(struct plain *plain, const char *text);
void plain_line(struct plain *plain, const char *format, ...) __attribute__((format(printf, 2, 3)));
void plain_print_message(struct plain *plain, const struct page *page);
/* With its message where that is grave: nothing stands above it but the title. */
void plain_print_page(struct plain *plain, const struct page *page);
void plain_print_row(struct plain *plain, const struct page *page, size_t index, bool all);
/* Before and after of a row, where there is that row. */
void plain_print_values(struct plain *plain, const struct page *page, size_t index);
/* With what a large screen shows besides. */
void plain_print_why(struct plain *plain, const struct page *page);
void plain_print_actions(struct plain *plain, const struct page *page);

/* What writes and asks nothing before wants its whole word: no number, no letter presses it. */
bool plain_wants_word(const struct action *action);

/* plain_ask.c */
/* Prompts for a line, without its end in plain->line: SAID_LINE. Over-long lines are cut, control
 * characters dropped. At the end of input or on a signal the walk is left: SAID_REPLY. */
enum said plain_read(struct plain *plain, struct reply *reply);
/* Asks until there is an answer (SAID_REPLY), or the operator does not give one. What leaves sets
 * reply too. */
enum said plain_ask(struct plain *plain, const struct page *page, const struct question *question,
	struct reply *reply);
/* The commands understood at every prompt: SAID_LINE if the line is none. row and question may be
 * NULL. */
enum said plain_common(struct plain *plain, const struct page *page, const struct row *row,
	const struct question *question, struct reply *reply);
/* The letter of an action, 0 where it has none here: what acts on a row in hand must not be a word
 * of every prompt. */
char plain_letter(const struct action *action);
/* Whether a line names an action, by its letter or its word. */
bool plain_names(const struct action *action, const char *line);
/* Counts an answer that made no sense; after PLAIN_PATIENCE of them the walk is left. */
enum said plain_misunderstood(struct plain *plain, struct reply *reply, const char *sentence);

#endif

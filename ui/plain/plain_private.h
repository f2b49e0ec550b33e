/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PLAIN_PLAIN_PRIVATE_H
#define PLAIN_PLAIN_PRIVATE_H

#include "ui/layout.h"
#include "ui/plain/plain.h"

enum { PLAIN_LINE = 1024, PLAIN_PATIENCE = 20 };

struct plain {
	struct plain_options options;
	char buffer[PLAIN_LINE];                 /* read and not yet used */
	size_t filled;
	char line[PLAIN_LINE];                   /* the last line read; replies point into it */
	char fields[8][PLAIN_LINE];
	const char *field_pointers[8];
	char *page_shown;                        /* id and title of the page last printed whole */
	char *coach_shown;                       /* the coach's lines last printed */
	bool rows_skipped;                       /* the operator asked for the actions of this page, rows still open */
	int misunderstood;                       /* answers in a row that made no sense */
	char *last_what;
	int last_part, last_tenth;               /* of a running job, what was last told */
};

/* How a prompt ended. */
enum said { SAID_REPLY, SAID_AGAIN, SAID_ACTIONS };

/* plain_print.c */
void plain_say(struct plain *plain, const char *text);                       /* wrapped paragraphs */
void plain_line(struct plain *plain, const char *format, ...) __attribute__((format(printf, 2, 3)));
void plain_print_page(struct plain *plain, const struct page *page);
void plain_print_row(struct plain *plain, const struct page *page, size_t index, bool all);
void plain_print_actions(struct plain *plain, const struct page *page);

/* plain_ask.c */
/* Reads a line without its end into plain->line; false at the end of input or on a signal. Over-long lines are cut,
 * control characters dropped. */
bool plain_read(struct plain *plain);
/* Asks until there is an answer (SAID_REPLY), or the operator does not give one (SAID_AGAIN). What leaves sets reply
 * too. */
enum said plain_ask(struct plain *plain, const struct page *page, const struct question *question, struct reply *reply);
/* The commands understood at every prompt: true if the line was one; *said tells what became of it. row may be NULL. */
bool plain_common(struct plain *plain, const struct page *page, const struct row *row, const struct question *question,
		  struct reply *reply, enum said *said);
/* Counts an answer that made no sense; after PLAIN_PATIENCE of them the walk is left. */
enum said plain_misunderstood(struct plain *plain, struct reply *reply, const char *sentence);
/* The input has ended, or a signal came. */
enum said plain_leave(struct plain *plain, struct reply *reply);

#endif

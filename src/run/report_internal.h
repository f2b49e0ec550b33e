/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of the report share. */
#ifndef RUN_REPORT_INTERNAL_H
#define RUN_REPORT_INTERNAL_H

#include "repair/document.h"
#include "run/journal_internal.h"
#include "run/report.h"

/* In the run's folder: what the last look at the server saw. */
#define REPORT_SURVEY "after/survey.json"

struct report {
	struct runfolder *run;
	struct journal *journal;
	struct fates *fates;
	const struct survey *final;    /* NULL: what was found is read from the run's folder */
	int fd;                        /* of that file, or -1 */
	struct document_text text;
	struct document_scan scan;
	const char *survey_name;       /* the file's */
	json_t *frame, *survey;        /* survey: without its rows; NULL where nothing is known */
	size_t survey_count;
	int failed;                    /* a row could not be had: trouble says why */
	struct error trouble;
};

const json_t *report_frame(const struct report *report);
void report_rows(struct report *report, struct document_rows *changes, struct document_rows *found);
/* A copy of a member, null where there is none. */
json_t *report_member(const json_t *from, const char *name);

/* ---- report_rows.c: what became of each change ---- */

int fates_read(TALLOC_CTX *mem, const struct journal *journal, struct fates **fates, struct error *err);
size_t fates_count(const struct fates *fates);
/* *row: new reference. */
int fates_row(const struct fates *fates, const struct journal *journal, size_t index, json_t **row, struct error *err);
/* Once the members of steps 5 and 6 are there. New reference. */
json_t *fates_steps(const struct fates *fates, const json_t *report);

enum { WRITING_LABEL = 12 };

struct writing {
	char *text;                /* NULL once memory has run out */
	FILE *to;                  /* where it goes a piece at a time, or NULL */
	bool failed;
};

void writing_put(struct writing *writing, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Wrapped at blanks; later lines stand below the first word. A word longer than a line is not cut. */
void writing_wrapped(struct writing *writing, int column, int indent, const char *text);
void writing_field(struct writing *writing, const char *label, const char *text);
void writing_heading(struct writing *writing, const char *title);
/* What is there so far goes out. */
void writing_flush(struct writing *writing);
/* One thing to do, a paragraph of its own. */
void writing_item(struct writing *writing, const char *text);
/* A string of the report, safe to show whoever wrote it; "" where there is none. Owned by the text being written. */
const char *writing_shown(struct writing *writing, const json_t *object, const char *member);
bool report_is(const json_t *object, const char *member, const char *value);

/* ---- report_later.c: steps 5 and 6 ---- */

/* "mail", "mail_weakest", "old_folder". */
int report_later(json_t *report, const struct journal *journal, struct error *err);
/* The row of step 5 or 6, once those members are there. New reference. */
json_t *report_later_step(const json_t *report, int step);

void writing_mail_sentence(struct writing *writing, const json_t *report);
void writing_mail(struct writing *writing, const json_t *report);
void writing_oldfolder(struct writing *writing, const json_t *report);
void writing_mail_next(struct writing *writing, const json_t *report);
void writing_oldfolder_next(struct writing *writing, const json_t *report);

#endif

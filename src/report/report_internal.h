/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of the report share. */
#ifndef REPORT_INTERNAL_H
#define REPORT_INTERNAL_H

#include "record/journal.h"
#include "report/report.h"

/* report_rows.c: "steps", once the members of steps 5 and 6 are there, and "changes": what became of each. Non-zero: want of memory. */
int report_changes(json_t *report, const struct journal *journal);

/* ---- writing.c: members of a report, and lines for a person ---- */

/* A copy of a member, null where there is none. */
json_t *report_member(const json_t *from, const char *name);
bool report_is(const json_t *object, const char *member, const char *value);

enum { WRITING_LABEL = 12 };

struct writing {
	TALLOC_CTX *mem;           /* of what is borrowed on the way */
	char *text;                /* NULL once memory has run out */
};

void writing_put(struct writing *writing, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Wrapped at blanks; later lines stand below the first word. A word longer than a line is not cut. */
void writing_wrapped(struct writing *writing, int column, int indent, const char *text);
void writing_field(struct writing *writing, const char *label, const char *format, ...) __attribute__((format(printf, 3, 4)));
void writing_heading(struct writing *writing, const char *title);
/* One thing to do, a paragraph of its own. */
void writing_item(struct writing *writing, const char *text);
/* A text or member, safe to show whoever wrote it; "" where there is none. Borrowed. */
const char *writing_safe(struct writing *writing, const char *text);
const char *writing_shown(struct writing *writing, const json_t *object, const char *member);
int writing_columns(const char *text, size_t len);

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

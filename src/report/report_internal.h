/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of the report share. */
#ifndef REPORT_INTERNAL_H
#define REPORT_INTERNAL_H

#include "report/report.h"

/* report_rows.c: "changes"; and "steps", once all else is there. */
int report_changes(struct report *report, struct error *err);
void report_steps(struct report *report);
/* What was decided about it covers: the change, or what is kept; NULL for nothing. */
const json_t *report_covers(const struct report_change *change);
bool report_kept(const struct report_change *change);

/* report_parts.c */
/* Goes on without the part that failed, and says so; for want of memory it fails. */
int report_unread(struct report *report, int ret, const struct error *why, struct error *err);
int report_journal(struct report *report, struct error *err);
int report_survey(struct report *report, struct runfolder *run, struct error *err);
int report_kept_files(struct report *report, struct runfolder *run, struct error *err);
/* Whether step 1's backup was made and not removed by an undo. */
bool report_backup_kept(const struct report *report);

/* report_words.c */
const struct report_word *report_mail_word(enum mail_grade weakest);
const struct report_word *report_oldfolder_word(enum oldfolder_end end);

/* ---- writing.c: what is on record, safe to show, and lines for a person ---- */

/* A path of an entry, NULL where there is none; and what else an entry has to tell besides the
 * changes, NULL for nothing; the program's own words untranslated. Owned by mem. */
char *entry_path_shown(TALLOC_CTX *mem, const json_t *entry, const char *member);
char *entry_note(TALLOC_CTX *mem, const json_t *entry);

enum { WRITING_LABEL = 12 };

struct writing {
	TALLOC_CTX *mem; /* of what is borrowed on the way */
	char *text;
};

void writing_put(struct writing *writing, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* A paragraph that begins with first; later lines are indented. */
void writing_wrapped(struct writing *writing, const char *first, int indent, const char *text);
void writing_field(struct writing *writing, const char *label, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void writing_heading(struct writing *writing, const char *title);
/* One thing to do, a paragraph of its own. */
void writing_item(struct writing *writing, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* A text or member, safe to show whoever wrote it; "" where there is none. Borrowed. */
const char *writing_safe(struct writing *writing, const char *text);
const char *writing_shown(struct writing *writing, const json_t *object, const char *member);

/* ---- report_later.c: steps 5 and 6 for a person ---- */

void writing_mail(struct writing *writing, const struct report *report);
void writing_oldfolder(struct writing *writing, const struct report *report);
void writing_mail_next(struct writing *writing, const struct report *report);
void writing_oldfolder_next(struct writing *writing, const struct report *report);

#endif

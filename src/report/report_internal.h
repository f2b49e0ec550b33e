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

/* What a report for a person is made of; the writers (text, HTML) say how each kind looks. */
enum block_kind {
	BLOCK_TITLE,
	BLOCK_HEADING,
	BLOCK_CHANGE,  /* the id of one, under a heading */
	BLOCK_FIELD,   /* its label, what it says */
	BLOCK_STEP,    /* its name, its result, how much, how it was checked */
	BLOCK_FINDING, /* its state, its id, what was found */
	BLOCK_MAIL,    /* where and which way, what was seen */
	BLOCK_ITEM,    /* one thing to do */
	BLOCK_NOTE,    /* when and what, what it says; or that alone */
	BLOCK_PARAGRAPH,
	BLOCK_GIVEN, /* a label and what holds for the changes that follow */
	BLOCK_GAP    /* between fields */
};

struct block {
	enum block_kind kind;
	const char *cells[4];
	/* of a value what it was before, or became; and the element for what differs from that */
	const char *other, *mark;
	const char *command; /* to be copied, or NULL */
};

struct writing {
	TALLOC_CTX *mem; /* of what is borrowed on the way */
	struct block *blocks;
	size_t count;
};

/* The whole report, for a writer. Owned by mem. */
struct writing *report_writing(TALLOC_CTX *mem, const struct report *report);

/* One more block. All that it shows is made safe to show, whoever wrote it. A heading that nothing
 * followed gives way to the next. */
void writing_block(struct writing *writing, struct block block);
void writing_put(struct writing *writing, enum block_kind kind, const char *first,
	const char *second);
void writing_field(struct writing *writing, const char *label, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void writing_item(struct writing *writing, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* One thing to do: a command about the run, on a line of its own, to be copied. */
void writing_command(struct writing *writing, const struct report *report, const char *before,
	const char *command);
/* A text or member; "" where there is none. Borrowed, and not safe to show before it is in a
 * block. */
const char *writing_any(const char *text);
const char *writing_said(const json_t *object, const char *member);

/* TRANSLATORS: between two members of a list */
#define REPORT_COMMA _(", ")

/* ---- report_image.c: "image" where the server is in one, for programs and for a person ---- */

void report_image_json(const struct report *report, json_t *json);
void writing_image(struct writing *writing, const struct report *report);
/* What was written last puts back what was committed or kept before, and waits for its end. */
bool report_undo_waits(const struct report *report);
void writing_image_next(struct writing *writing, const struct report *report);

/* ---- report_finish.c: steps 5 and 6 for a person ---- */

/* The last look at mail flow on record, for programs; null for none. New reference. */
json_t *report_mail_look(const struct report *report);
void writing_mail(struct writing *writing, const struct report *report);
void writing_oldfolder(struct writing *writing, const struct report *report);
void writing_mail_next(struct writing *writing, const struct report *report);
void writing_oldfolder_next(struct writing *writing, const struct report *report);

#endif

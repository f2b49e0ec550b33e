/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A report that stands alone: who, when (UTC), where, every finding and change with before, after,
 * decision and check; what was kept; what to do next. */
#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

#include "record/runfolder.h"
#include "repair/article.h"
#include "repair/survey.h"
#include "report/outcome.h"

/* In the run's folder: what the last look at the server saw. */
#define REPORT_SURVEY "after/survey.json"

/* What became of something decided. */
enum change_result {
	RESULT_NONE,
	RESULT_LEFT,
	RESULT_NOT_MADE,
	RESULT_BEGUN,
	RESULT_VERIFIED,
	RESULT_UNDOING, /* an undo of it was begun */
	RESULT_PUT_BACK,
	RESULT_AS_BEFORE, /* the undo found nothing to put back */
	RESULT_REMOVED    /* a backup */
};

/* Everything is borrowed from the journal. */
struct report_change {
	const char *id;
	const json_t *decision; /* the last entry that decides about it, or NULL */
	int step;               /* of the change that was decided, 0 for none */
	enum change_result result;
	const json_t *undo;    /* the entry that last asked for it to be put back, or NULL */
	const json_t *checked; /* when it was looked at after it was switched in, or NULL */
	const json_t *items;   /* how many the backup holds, or NULL */
};

/* The result of a step for records and for a person (N_()). */
struct report_word {
	const char *name, *text;
};

struct report_step {
	const struct report_word *result;
	json_int_t made, kept, put_back, open, undecided;
	const char *checked; /* N_(), "" for not */
};

struct report {
	struct journal *journal;
	const struct runfolder *run;
	const json_t *begun, *surveyed; /* entries of the journal, or NULL */
	const json_t *undo, *ended;     /* an undo without an end; the end, if none is without */
	bool undo_acted, looked_before; /* it came to an act; the last look was before an undo */
	bool simulated;
	enum run_end end;
	struct evidence_list *mail;
	enum mail_grade weakest;
	struct oldfolder_record *old_folder;
	struct report_change *changes;
	size_t change_count;
	struct report_step steps[STEP_OLDFOLDER]; /* from step 1 */
	json_t *survey;                           /* what was last seen, or NULL */
	json_t *words;                            /* see report_read */
	/* sentences, of parts of the record that cannot be read and are not in here */
	char **unread;
	size_t unread_count;
	json_t *undone_since; /* ids that were put back after that look and not made again */
};

/* From the journal and run folder alone, whose sentences are English; words, or NULL, has some of
 * them in the language here. Owned by mem; run must live as long. */
int report_read(TALLOC_CTX *mem, struct runfolder *run, const json_t *words, struct report **report,
	struct error *err);

/* For programs (doc/json.md), in English. New reference. */
json_t *report_json(const struct report *report);

/* For a person, 78 columns, owned by mem. Everything from the server is shown escaped. */
char *report_text(TALLOC_CTX *mem, const struct report *report);
/* The same as one file of HTML, with what changed in each value marked. */
char *report_html(TALLOC_CTX *mem, const struct report *report);

/* A sentence of the record in the language here, if it is known in it. */
const char *report_said(const struct report *report, const char *text);

/* What the last look had to say besides its rows, by its id ("last-known-good"); not made safe to
 * show. NULL if it did not say it. */
const char *report_notice(const struct report *report, const char *id);

/* The whole of a run, from the gravest cause that it has. */
enum verdict {
	VERDICT_REPAIRED, /* changed, and every step verified or left by decision */
	VERDICT_RIGHT,    /* the same, and nothing had to be changed */
	VERDICT_KEPT,     /* nothing was changed, by decision */
	VERDICT_TO_STAGE, /* steps 1 to 4 are right or kept; mail is as weak as that */
	VERDICT_ATTESTED,
	VERDICT_UNKNOWN,
	VERDICT_NOT_SEEN,
	VERDICT_NOT_TESTED,
	VERDICT_FOLDER, /* only step 6 is open */
	VERDICT_OPEN,   /* rows that nobody decided about, or that were not made */
	VERDICT_WRONG,  /* made, and not right */
	VERDICT_MAIL_FAILED,
	VERDICT_DELETION_CUT,
	VERDICT_UNDO_CUT,
	VERDICT_UNFINISHED,
	VERDICT_UNCHANGED,
	VERDICT_UNDONE,
	VERDICT_PARTLY_UNDONE,
	VERDICT_UNDO_WAITS
};
enum verdict report_verdict(const struct report *report);
/* "REPAIRED"; and a sentence without that word. */
const char *verdict_word(enum verdict verdict);
const char *verdict_sentence(enum verdict verdict);
/* Both of a run; owned by mem, NULL for want of memory. */
char *report_result_sentence(TALLOC_CTX *mem, const struct report *report);

/* Of steps 2 to 4 together. */
struct report_step report_total(const struct report *report);

/* Whether the last look saw a second Msmcon; true where it did not look. */
bool report_oldfolder_stands(const struct report *report);

/* Of a step: its result, how much, how it was checked (owned by mem, NULL for want of memory). */
bool report_step_words(TALLOC_CTX *mem, const struct report *report, int step, const char **result,
	const char **what, const char **checked);

/* Steps 5 and 6 of a report, a sentence each, for a screen: "ATTESTED by a person, ..." (owned by
 * mem), "Left where it is, by decision." */
char *report_mail_sentence(TALLOC_CTX *mem, const struct report *report);
/* What to do where a test message did not arrive. */
const char *report_mail_advice(void);
const char *report_oldfolder_sentence(const struct report *report);

#endif

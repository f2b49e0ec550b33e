/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The bare facts of a server, without a verdict, for a trainee who says first what looks wrong and
 * why; and what is so. Rows alike are one row: the files of a Bin by their version. No row is made,
 * left out or put together by what is right or wrong with it.
 */
#ifndef TRAINING_MARKS_H
#define TRAINING_MARKS_H

#include "repair/survey.h"

enum mark_kind { MARK_VALUE, MARK_SHARE, MARK_FILES, MARK_SERVICE, MARK_POSTOFFICE, MARK_KINDS };

/* Why something looks wrong: a short closed list, some of it for each kind. */
enum mark_reason {
	REASON_NONE,
	REASON_OLD_DRIVE, /* leads to the old drive */
	REASON_ELSEWHERE, /* leads to neither Msmcon */
	REASON_MISSING,
	REASON_OLDER,  /* than setup's */
	REASON_NEWER,  /* than setup's */
	REASON_SHARED, /* shared wrongly, or not at all */
	REASON_STOPPED,
	REASON_ACCOUNT, /* not the services' account */
	REASON_STALE,   /* a postoffice that is no longer written to */
	REASON_WAITS,   /* mail waits, or came where nobody fetches it */
	REASONS
};

enum mark_truth { TRUTH_RIGHT, TRUTH_WRONG, TRUTH_EITHER /* good reasons for both: not counted */ };

struct mark_row {
	char *id; /* of the finding, or "files/C:5.5.2448.0", "service/...", "postoffice/C:" */
	enum mark_kind kind;
	char *subject, *fact, *more; /* as found; more: all of it, "" for nothing; safe to show */
	enum mark_truth truth;
	unsigned reasons; /* those that are good ones: bits, 1 << enum mark_reason */
};

struct mark_rows {
	struct mark_row *rows;
	size_t count;
};

/* Reads what the survey did not: accounts and states of services, queues. All owned by *rows. */
int marks_facts(TALLOC_CTX *mem, struct server *server, const struct survey *survey,
	struct mark_rows **rows, struct error *err);

/* Those that can be said of a kind, as bits. */
unsigned mark_reasons(enum mark_kind kind);
/* "old-drive": record and ids, never translated; REASON_NONE for what is none. And for a person. */
const char *mark_reason_name(enum mark_reason reason);
enum mark_reason mark_reason_parse(const char *name);
const char *mark_reason_text(enum mark_reason reason);
/* "Registry entries" */
const char *mark_kind_text(enum mark_kind kind);

#endif

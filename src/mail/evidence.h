/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is known of mail flow, per PC MTA (and AppleTalk MTA, which is a row like them) and
 * direction, in words that claim no more than was seen (doc/domain.md 10). The order of the grades
 * is their strength; the weakest of all rows speaks for step 5 as a whole. Attested is never
 * verified.
 */
#ifndef MAIL_EVIDENCE_H
#define MAIL_EVIDENCE_H

#include <jansson.h>
#include <talloc.h>

#include "base/error.h"
#include "mail/token.h"

enum mail_direction { MAIL_TO_MSMAIL, MAIL_TO_EXCHANGE, MAIL_DIRECTIONS };

enum mail_grade {
	MAIL_FAILED, /* seen not to work: a non-delivery report, or a person says so */
	MAIL_NOT_TESTED,
	MAIL_NOT_SEEN,    /* looked for and not seen; proves nothing */
	MAIL_UNKNOWN,     /* what was seen cannot be told apart, or nothing could be looked at */
	MAIL_ATTESTED,    /* a person says so */
	MAIL_VERIFIED_TO, /* the program saw it as far as stage */
	MAIL_VERIFIED     /* end to end */
};

/* One thing that was seen of a message, in the order in which it was. */
struct mail_sighting {
	int64_t at;  /* as its source says, seconds since 1970; 0: it does not */
	char *stage; /* mail_stage_name of what it shows, or "report" */
	char *where; /* "SENT.LOG line 41" */
	char *raw;   /* the line itself, at most 200 bytes, safe to show */
};
enum { MAIL_SIGHTINGS = 16 };

/* From whom to whom an earlier message of a row went: in the logs these are all that tells one
 * message from another, so no other may have the same. */
struct mail_pair {
	char *from, *to;
};
enum { MAIL_SPENT = 8 };

struct evidence {
	char *pcmta;
	enum mail_direction direction;
	enum mail_grade grade;
	char token[TOKEN_LENGTH + 1]; /* "" before one was made */
	char *stage;                  /* MAIL_VERIFIED_TO: mail_stage_name of how far; else NULL */
	/* The test message, once a person says it was sent: who says so, from whom to whom, when,
	 * on this machine's clock; sent 0: not yet. */
	char *sent_by, *from, *to;
	int64_t sent;
	int64_t waited; /* seconds it was looked for at last; -1: not known */
	struct mail_sighting sightings[MAIL_SIGHTINGS];
	size_t sighting_count;
	/* MAIL_UNKNOWN, MAIL_FAILED by the program, and why MAIL_VERIFIED_TO goes no further where
	 * it is known: a sentence, English; else NULL */
	char *why;
	struct mail_pair spent[MAIL_SPENT]; /* of earlier messages (evidence_again) */
	size_t spent_count;
	/* who attested (or says it failed), in which mailbox, what was seen; NULL otherwise */
	char *by, *mailbox, *seen;
	bool denied;    /* ... that it failed */
	bool read_back; /* who attested read the code there; it could be read elsewhere as well */
	int64_t at;     /* when, seconds since 1970 UTC; 0 if never */
	bool simulated; /* from a practice server: never counts for a real one */
};

struct evidence_list {
	struct evidence *rows;
	size_t count;
};

/* One row for every PC MTA and direction, NOT TESTED, each with its own token. */
int evidence_list_make(TALLOC_CTX *mem, const char *const *pcmtas, size_t count, bool simulated,
	struct evidence_list **list, struct error *err);
struct evidence *evidence_find(const struct evidence_list *list, const char *pcmta,
	enum mail_direction direction);

/* A person's word. */
struct mail_word {
	bool works; /* false makes the row MAIL_FAILED */
	const char *by, *mailbox, *seen;
	/* the subject as it was read there, or "": the code itself is "read back"; that of another
	 * row, or the code behind "RE:" or in a report, is no arrival */
	const char *subject;
	int64_t at;
};
/* seen must have at least ten characters besides blanks, by and mailbox at least one, and the
 * subject must fit: TROUBLE_USAGE otherwise, with a sentence. A row that the program verified to a
 * stage stays so, with the word beside it, unless the word is that it failed; one that the program
 * saw fail stays so, too. Verified end to end: TROUBLE_CANNOT; so is attesting on a practice
 * server, where both mailboxes can be read; that it failed can be said there once the message was
 * sent. */
int evidence_attest(TALLOC_CTX *mem, struct evidence *row, const struct evidence_list *all,
	const struct mail_word *word, struct error *err);

/* Whether a message from whom to whom could be told from every other one of these tests. */
bool evidence_pair_is_free(const struct evidence_list *all, const struct evidence *row,
	const char *from, const char *to);

/* A person says that the test message of row was sent, from whom to whom. One with the pair of
 * another, or of an earlier one, could not be told from it: TROUBLE_USAGE, as for an empty one. */
int evidence_sent(TALLOC_CTX *mem, struct evidence *row, const struct evidence_list *all,
	const char *by, const char *from, const char *to, int64_t at, struct error *err);

/* The row is to be tested again: a fresh code, NOT TESTED; nothing of the earlier message (sent or
 * denied) counts any more. Its sender and recipient are spent. TROUBLE_USAGE where there was none,
 * TROUBLE_CANNOT for a row verified end to end, and after MAIL_SPENT times. */
int evidence_again(TALLOC_CTX *mem, struct evidence *row, struct error *err);

/* The weakest grade of all rows; MAIL_NOT_TESTED for an empty list. */
enum mail_grade evidence_weakest(const struct evidence_list *list);

/* "VERIFIED", "ATTESTED", ... for screens and reports (translated), and "verified-to" for records
 * (never translated). */
const char *mail_grade_text(enum mail_grade grade);
const char *mail_grade_name(enum mail_grade grade);
const char *mail_direction_text(enum mail_direction direction); /* "Exchange -> MS Mail" */
const char *mail_direction_name(enum mail_direction direction); /* "to-msmail" */

/* "ATTESTED by jsmith 1999-11-22T10:12:00Z: ..." with SIMULATED: in front where it is; owned by
 * mem, safe to show. */
char *evidence_text(TALLOC_CTX *mem, const struct evidence *row);

/* For the journal; new reference. Parsing takes nothing on trust: TROUBLE_RECORD_DAMAGED. */
json_t *evidence_json(const struct evidence *row);
int evidence_parse(TALLOC_CTX *mem, const json_t *json, struct evidence *row, struct error *err);

#endif

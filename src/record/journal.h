/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The journal: append-only JSON lines, readable with less at 2 a.m. msmcfix-journal(5) has the
 * kinds of lines and their members.
 *
 * What is not lasting waits in memory and is written, in one piece, with the next lasting entry.
 */
#ifndef RECORD_JOURNAL_H
#define RECORD_JOURNAL_H

#include <jansson.h>

#include "record/runfolder.h"

#define JOURNAL_FILE "journal.jsonl"
/* Some times what a Bin of the largest size writes; what is longer is no journal. */
#define JOURNAL_LIMIT (16u << 20)

struct journal;

/* The kinds of entries, in the order of their names in journal.c. */
enum journal_kind {
	JOURNAL_ANY,
	JOURNAL_RUN,
	JOURNAL_SAVED,
	JOURNAL_PCMTAS,
	JOURNAL_DECISION,
	JOURNAL_BEGUN,
	JOURNAL_TRIAL,
	JOURNAL_TRIED,
	JOURNAL_PREPARING,
	JOURNAL_ACT,
	JOURNAL_DONE,
	JOURNAL_FAILED,
	JOURNAL_SERVICE,
	JOURNAL_EVIDENCE,
	JOURNAL_MAIL_BEFORE,
	JOURNAL_MAIL_LOOK,
	JOURNAL_DELETING,
	JOURNAL_DELETED,
	JOURNAL_NOTE,
	JOURNAL_PAUSED,
	JOURNAL_RESUMED,
	JOURNAL_UNDO,
	JOURNAL_SURVEYED,
	JOURNAL_OVERLAY, /* see run/overlay.h */
	JOURNAL_END
};

/* The result of an "end". */
enum run_end { END_NONE, END_NOTHING, END_REPAIRED, END_LEFT, END_UNDONE, END_PARTLY_UNDONE };

/* Opens the journal of a run; reads and checks what is there. The first lasting entry makes the
 * file. */
int journal_open(TALLOC_CTX *mem, struct runfolder *run, struct journal **journal,
	struct error *err);

/* The entries so far, all in memory; what is borrowed lives as long as the journal. A torn last
 * line was ignored: journal_torn. */
size_t journal_count(const struct journal *journal);
const json_t *journal_entry(const struct journal *journal, size_t index);
bool journal_torn(const struct journal *journal);
/* The last one of a kind, or NULL. */
const json_t *journal_last(const struct journal *journal, enum journal_kind kind);

/* What was done in an overlay that is torn or thrown away never happened: here the kind of such an
 * entry is "lost" or "dropped", and it is of no kind above. Decisions stay. */
/* Of an entry of a journal: its kind as it stands there, whatever that is; never NULL. */
const char *entry_what(const json_t *entry);
bool entry_is(const json_t *entry, enum journal_kind kind);
/* Whether a member of it is that text. */
bool entry_says(const json_t *entry, const char *member, const char *text);
/* A number above 0, or 0 where it has none of that name. */
int entry_number(const json_t *entry, const char *member);
/* A path in an entry: percent-coded, so that it comes back as it was. null or NULL where there is
 * none; owned by mem. */
json_t *json_path(const char *path);
char *path_of_json(TALLOC_CTX *mem, const json_t *entry, const char *member);

/* What a run with these entries, or with this one as its last (NULL: none), is. */
enum run_state journal_state(const struct journal *journal);
enum run_state entry_state(const json_t *last);
/* It came to its end: done or undone; and what the last end on record says. */
bool journal_ended(const struct journal *journal);
enum run_end journal_result(const struct journal *journal);
/* The last overlay that was begun has no end yet. */
bool journal_overlay_waits(const struct journal *journal);
/* Done or put back and no overlay waits, or nothing was ever begun in it. */
bool journal_finished(const struct journal *journal);

/* Appends fields (stolen; NULL: there was no memory for them) as an entry of that kind. With
 * lasting it is synced before this returns. */
int journal_add(struct journal *journal, enum journal_kind kind, json_t *fields, bool lasting,
	struct error *err);
/* The end of a run; lasting. */
int journal_end(struct journal *journal, enum run_end end, int exit_code, struct error *err);

/* CRC-32 as in ISO-HDLC (zip, Ethernet). */
uint32_t line_crc(const char *bytes, size_t len);

/* For tests and tools: the lines of a journal's bytes, checked. TROUBLE_RECORD_DAMAGED names the
 * line. *good is the length of the undamaged part. */
int journal_parse(const char *bytes, size_t len, json_t **entries, size_t *good, struct error *err);

#endif

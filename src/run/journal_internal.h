/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of src/run share about journals. */
#ifndef RUN_JOURNAL_INTERNAL_H
#define RUN_JOURNAL_INTERNAL_H

#include "run/journal.h"

#define JOURNAL_FILE "journal.jsonl"
#define JOURNAL_LIMIT (64u << 20)

/* What a run with these entries, or with this one as its last (NULL: none), is: "done", "undone", "paused", "cut off". */
const char *journal_state(const struct journal *journal);
const char *entry_state(const json_t *last);
/* Done or put back, or nothing was ever begun in it. */
bool journal_finished(const struct journal *journal);

/* Of a journal that is not opened as a whole, in the folder dir: its first "run" and its last entry, new references or NULL. */
struct journal_ends {
	json_t *run, *last;
};
int journal_ends(int dir, struct journal_ends *ends, struct error *err);

/* "what" of an entry; never NULL for one of a journal. */
const char *entry_what(const json_t *entry);
bool entry_is(const json_t *entry, const char *what);
int entry_number(const json_t *entry, const char *member);

/* Removes a run's folder, whatever its state. */
int run_remove(const char *runs, const char *name, struct error *err);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of src/run share about journals. */
#ifndef RUN_JOURNAL_INTERNAL_H
#define RUN_JOURNAL_INTERNAL_H

#include "run/journal.h"

#define JOURNAL_FILE "journal.jsonl"
/* Some times what a Bin of the largest size writes; what is longer is no journal. */
#define JOURNAL_LIMIT (16u << 20)

/* What a run with these entries, or with this one as its last (NULL: none), is: "done", "undone", "paused", "cut off". */
const char *journal_state(const struct journal *journal);
const char *entry_state(const json_t *last);
/* Done or put back, or nothing was ever begun in it. */
bool journal_finished(const struct journal *journal);

/* The entries of the journal in the folder dir, a new reference; none where there is no journal. *good: how long the whole lines are; *torn: that
 * something stands behind them. */
int journal_read(int dir, json_t **entries, size_t *good, bool *torn, struct error *err);
/* As journal_last. */
const json_t *entries_last(const json_t *entries, const char *what);

/* CRC-32 as in ISO-HDLC (zip, Ethernet). */
uint32_t line_crc(const char *bytes, size_t len);

/* Removes a run's folder, whatever its state. */
int run_remove(const char *runs, const char *name, struct error *err);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A class: what each seat gets in an exam, and how it did. Results are the files lesson_end wrote,
 * collected in one folder by whoever teaches; each is hostile until it was read: bounded, checked,
 * shown escaped.
 */
#ifndef TRAINING_CLASSROOM_H
#define TRAINING_CLASSROOM_H

#include "training/lesson.h"

/* The seed of a seat: the first 8 bytes of SHA-256 of "<seed>/<seat>", the highest bit left out, so
 * that neighbours sit at different servers and a trainer can build each again. */
uint64_t seat_seed(uint64_t exam_seed, const char *seat);

/* The cases of an exam: count of them, of all levels in turn, drawn without repetition by the
 * seat's seed. Names of built-in cases, owned by mem. */
int exam_cases(TALLOC_CTX *mem, uint64_t exam_seed, const char *seat, size_t count,
	const char *const **names, struct error *err);

struct result {
	char *seat, *name, *started, *ended; /* shown safely */
	int level, points;
	size_t tips;
	uint64_t seed;
	bool passed, exam, repaired;
	bool own;       /* a teacher's case; its name may be that of a built-in one */
	char **reasons; /* NULL-ended */
};
/* Every result in a folder (not its sub-folders), by seat, then case, then time. What is no result
 * is counted in *odd, never trusted. */
int results_read(TALLOC_CTX *mem, const char *folder, struct result **results, size_t *count,
	size_t *odd, struct error *err);

/* The class as a table of at most 80 columns (seats down; cases, mean, passed across or below), and
 * as CSV (RFC 4180, with a header line; a cell that a spreadsheet would take for a formula is
 * disarmed). Owned by mem, NULL for want of memory. */
char *results_table(TALLOC_CTX *mem, const struct result *results, size_t count);
char *results_csv(TALLOC_CTX *mem, const struct result *results, size_t count);

/* A seat's own progress: its best points per built-in case, -1 where it was never ended. */
int progress_best(const struct result *results, size_t count, const char *seat, const char *name);
/* Removes the results and left lessons of this seat below place. */
int progress_clear(const char *place, const char *seat, size_t *removed, struct error *err);

#endif

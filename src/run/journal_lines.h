/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the two files of the journal share. */
#ifndef RUN_JOURNAL_LINES_H
#define RUN_JOURNAL_LINES_H

#include "run/journal_internal.h"

/* CRC-32 as in ISO-HDLC (zip, Ethernet). */
uint32_t line_crc(const char *bytes, size_t len);
/* One line without its end, which is to be the number-th. New reference, or NULL if it is none of ours. */
json_t *line_parse(const char *line, size_t len, size_t number);

struct reading {
	size_t number;             /* entries so far */
	size_t expected;           /* behind a torn line: the number the next one would have */
	uint64_t good;
	bool torn, damaged;
	int (*visit)(void *arg, json_t *entry, uint64_t off, size_t len);      /* borrowed; non-zero: want of memory */
	void *arg;
};
/* All of a file, a piece at a time. */
int reading_file(struct reading *reading, int fd, struct error *err);

/* The journal in the folder dir, for reading; *fd -1 without an error: there is none. */
int journal_file(int dir, int *fd, struct error *err);

#endif

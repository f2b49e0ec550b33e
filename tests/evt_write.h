/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Event logs written as learn.microsoft.com ("Event Log File Format") and winnt.h have them, for
 * tests: nothing of it is shared with what reads them. */
#ifndef TESTS_EVT_WRITE_H
#define TESTS_EVT_WRITE_H

#include <stddef.h>
#include <stdint.h>
#include <talloc.h>

enum { EVT_WRITE_LONGEST = 0x8000 };

struct evt_sample {
	uint32_t number, at, id;
	uint16_t type, category;
	const char *source, *computer;
	const char *strings[6]; /* up to a NULL */
	size_t sid, data;       /* bytes of each */
};

/* Writes a record of at most EVT_WRITE_LONGEST bytes; its length. */
size_t evt_write_record(uint8_t *to, const struct evt_sample *sample);

/* A log of size bytes, begun as one that was just made. */
struct evt_log {
	uint8_t *bytes;
	size_t size, begin, end;
	uint32_t oldest, next;
};
struct evt_log *evt_write_new(TALLOC_CTX *mem, size_t size, uint32_t first);
/* Puts bytes at an offset, and on at 48 behind the end; the offset behind them. */
size_t evt_write_ring(struct evt_log *log, size_t at, const uint8_t *bytes, size_t len);
/* Adds a record with the next number, over the oldest where there is no room else, and the closing
 * record. */
void evt_write_add(struct evt_log *log, const struct evt_sample *sample);
/* The header as it is when the service ends; flags: 1 dirty, 2 wrapped. */
void evt_write_header(struct evt_log *log, uint32_t flags);

#endif

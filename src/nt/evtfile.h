/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Event logs of Windows NT 4.0 and 2000: records (EVENTLOGRECORD, [MS-EVEN] 2.2.3, winnt.h) as the
 * eventlog pipe hands them out and as .evt files hold them, and the files themselves (ELF_LOGFILE
 * header of 48 bytes, a ring of records, a closing record of 40 bytes; learn.microsoft.com, "Event
 * Log File Format"). The sentence of an event is not in them, its number and strings are.
 *
 * All of it is hostile: lengths, offsets and counts are checked, text is cut at limits.
 */
#ifndef NT_EVTFILE_H
#define NT_EVTFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <talloc.h>

enum {
	EVT_HEADER = 48,
	EVT_RECORD_LEAST = 56,
	EVT_RECORD_MOST = 0x3ffff, /* MAX_SINGLE_EVENT, [MS-EVEN] 2.2.9 */
	EVT_STRINGS_MOST = 256,
	EVT_TEXT_MOST = 2048, /* bytes of UTF-8 of one string */
};

/* winnt.h EVENTLOG_*_TYPE */
enum evt_type { EVT_ERROR = 1, EVT_WARNING = 2, EVT_INFORMATION = 4 };

struct evt_record {
	uint32_t number;
	int64_t at;  /* when it was generated, seconds since 1970 UTC, by the server's clock */
	uint16_t id; /* without severity and facility: EventID & 0xffff */
	uint16_t type, category;
	char *source, *computer; /* UTF-8; what is no UTF-16 is U+FFFD */
	char **strings;
	size_t string_count;
};

/* The record that begins at bytes; *used is its length. NULL: none that can be read (*used 0) or no
 * memory. */
struct evt_record *evt_record_parse(TALLOC_CTX *mem, const uint8_t *bytes, size_t len,
	size_t *used);

/* What a walk of a file met. */
struct evt_walk {
	bool dirty;   /* the service was writing: where the header says the ring begins and ends
	                    is not believed, the records are found by themselves */
	bool wrapped; /* the oldest were overwritten */
	bool damaged; /* some bytes between the records were none */
	uint32_t oldest, newest; /* numbers; 0: no records */
	size_t count;
};
/* Non-zero ends the walk and is returned. The record is good for the call alone. */
typedef int evt_fn(void *arg, const struct evt_record *record);

/* Whether that is a file of this kind at all. */
bool evt_is_file(const uint8_t *bytes, size_t len);
/* Every record of a file with a number above after, by number, the oldest first, across the end of
 * the ring. 0; what fn returned; -1 for want of memory. */
int evt_walk(const uint8_t *bytes, size_t len, uint32_t after, evt_fn *fn, void *arg,
	struct evt_walk *walk);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The EventLog Remoting protocol, version 0.0 ([MS-EVEN]): a log opened, read, closed. Conventions
 * as in winreg.h; errors are NTSTATUS here. */
#ifndef NT_EVENTLOG_H
#define NT_EVENTLOG_H

#include "nt/ndr.h"

enum eventlog_opnum {
	EVENTLOG_CLOSE = 2,
	EVENTLOG_COUNT = 4,
	EVENTLOG_OLDEST = 5,
	EVENTLOG_OPEN = 7,
	EVENTLOG_READ = 10
};

/* How it is read ([MS-EVEN] 3.1.4.7): from record on, or on from where the last reading ended. */
enum { EVENTLOG_SEQUENTIAL = 1, EVENTLOG_SEEK = 2, EVENTLOG_FORWARDS = 4, EVENTLOG_BACKWARDS = 8 };

void eventlog_put_open(struct ndr_writer *writer, const char *log);
uint32_t eventlog_get_handle(struct ndr_reader *reader, struct ndr_handle *handle);
void eventlog_put_close(struct ndr_writer *writer, const struct ndr_handle *handle);
uint32_t eventlog_get_close(struct ndr_reader *reader);
void eventlog_put_number(struct ndr_writer *writer, const struct ndr_handle *handle);
/* Of EVENTLOG_COUNT and EVENTLOG_OLDEST, both asked by put_number. */
uint32_t eventlog_get_number(struct ndr_reader *reader, uint32_t *number);
void eventlog_put_read(struct ndr_writer *writer, const struct ndr_handle *handle, uint32_t flags,
	uint32_t record, uint32_t room);
/* *records, where they lie in the reply: EVENTLOGRECORDs one after the other ([MS-EVEN] 2.2.3);
 * *needed: where the next does not fit in room. */
uint32_t eventlog_get_read(struct ndr_reader *reader, const uint8_t **records, size_t *len,
	uint32_t *needed);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "nt/eventlog.h"

void eventlog_put_open(struct ndr_writer *writer, const char *log)
{
	enum { VERSION = 1 }; /* major and minor alike ([MS-EVEN] 3.1.4.3) */

	ndr_put_pointer(writer, false); /* the server, which is the one called */
	ndr_put_counted(writer, log, false);
	ndr_put_counted(writer, NULL, false);
	ndr_put32(writer, VERSION);
	ndr_put32(writer, VERSION);
}

uint32_t eventlog_get_handle(struct ndr_reader *reader, struct ndr_handle *handle)
{
	ndr_get_handle(reader, handle);
	return ndr_get_result(reader);
}

void eventlog_put_close(struct ndr_writer *writer, const struct ndr_handle *handle)
{
	ndr_put_handle(writer, handle);
}

uint32_t eventlog_get_close(struct ndr_reader *reader)
{
	struct ndr_handle none;

	return eventlog_get_handle(reader, &none);
}

void eventlog_put_number(struct ndr_writer *writer, const struct ndr_handle *handle)
{
	ndr_put_handle(writer, handle);
}

uint32_t eventlog_get_number(struct ndr_reader *reader, uint32_t *number)
{
	*number = ndr_get32(reader);
	return ndr_get_result(reader);
}

void eventlog_put_read(struct ndr_writer *writer, const struct ndr_handle *handle, uint32_t flags,
	uint32_t record, uint32_t room)
{
	ndr_put_handle(writer, handle);
	ndr_put32(writer, flags);
	ndr_put32(writer, record);
	ndr_put32(writer, room);
}

uint32_t eventlog_get_read(struct ndr_reader *reader, const uint8_t **records, size_t *len,
	uint32_t *needed)
{
	size_t room;
	uint32_t read, code;

	*records = ndr_get_array(reader, &room);
	read = ndr_get32(reader);
	*needed = ndr_get32(reader);
	code = ndr_get_result(reader);
	*len = code == 0 && read <= room ? read : 0;
	return code == 0 && read > room ? ndr_refuse(reader) : code;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The event log service as Windows plays it ([MS-EVEN] 3.1.4): one log, whatever name it is opened
 * by; smbd's own reads out nothing. Orders:
 *   event TIMES ID TYPE SOURCE STRING...   so many records more, of now
 *   events-clear                           the log is emptied, and its numbers begin anew */
#include "npd.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tests/evt_write.h"

enum { EVENTS_LIMIT = 10000, SEEK = 2, BACKWARDS = 8 };
enum { BAD_PARAMETER = 0xc000000d, END_OF_FILE = 0xc0000011, TOO_SMALL = 0xc0000023 };

static struct {
	uint8_t *bytes;
	size_t len;
} events[EVENTS_LIMIT];
static size_t event_count;

static void event_add(char *const *fields, size_t count)
{
	static uint8_t bytes[EVT_WRITE_LONGEST];
	struct evt_sample sample = { .number = (uint32_t)event_count + 1,
		.at = (uint32_t)time(NULL),
		.id = (uint32_t)strtoul(fields[2], NULL, 0),
		.type = (uint16_t)strtoul(fields[3], NULL, 0),
		.source = fields[4],
		.computer = "MAIL1" };

	if (event_count == EVENTS_LIMIT)
		return;
	for (size_t i = 5; i < count && i < 11; i++)
		sample.strings[i - 5] = fields[i];
	events[event_count].len = evt_write_record(bytes, &sample);
	events[event_count].bytes = talloc_memdup(NULL, bytes, events[event_count].len);
	event_count++;
}

bool events_order(char *const *fields, size_t count)
{
	if (strcmp(fields[0], "events-clear") == 0) {
		while (event_count)
			talloc_free(events[--event_count].bytes);
		return true;
	}
	if (strcmp(fields[0], "event") != 0 || count < 5)
		return false;
	for (unsigned long i = strtoul(fields[1], NULL, 10); i > 0; i--)
		event_add(fields, count);
	return true;
}

/* As many as go into the room, from where the talk is; the code. */
static uint32_t room_fill(struct talk *talk, uint8_t *room, uint32_t size, uint32_t *len,
	uint32_t *needed)
{
	*len = *needed = 0;
	while (talk->event_at < event_count && events[talk->event_at].len <= size - *len) {
		memcpy(room + *len, events[talk->event_at].bytes, events[talk->event_at].len);
		*len += (uint32_t)events[talk->event_at++].len;
	}
	if (*len)
		return 0;
	if (talk->event_at == event_count)
		return END_OF_FILE;
	*needed = (uint32_t)events[talk->event_at].len;
	return TOO_SMALL;
}

static void events_read(struct talk *talk, struct ndr_reader *in, struct ndr_writer *reply)
{
	const uint32_t flags = ndr_get32(in), record = ndr_get32(in), asked = ndr_get32(in);
	const uint32_t size = asked > 0x7ffff ? 0x7ffff : asked;
	uint8_t *room = talloc_zero_array(reply->mem, uint8_t, size + 1);
	uint32_t len = 0, needed = 0, code = 0;

	if ((flags & BACKWARDS) || ((flags & SEEK) && (record == 0 || record > event_count)))
		code = BAD_PARAMETER;
	else if (flags & SEEK)
		talk->event_at = record - 1;
	if (code == 0)
		code = room_fill(talk, room, size, &len, &needed);
	ndr_put_array(reply, room, size);
	ndr_put32(reply, len);
	ndr_put32(reply, needed);
	ndr_put32(reply, code);
}

bool events_answer(struct talk *talk, const struct message *request, struct ndr_writer *reply)
{
	const struct ndr_handle known = { .bytes = { [4] = 3 } }, none = { .bytes = { 0 } };
	struct ndr_handle handle;
	struct ndr_reader in;

	ndr_read(&in, request->stub, request->stub_len);
	switch (request->opnum) {
	case 7:
		talk->event_at = 0;
		ndr_put_handle(reply, &known);
		break;
	case 2:
		ndr_put_handle(reply, &none);
		break;
	case 4:
		ndr_put32(reply, (uint32_t)event_count);
		break;
	case 5:
		ndr_put32(reply, event_count != 0);
		break;
	case 10:
		ndr_get_handle(&in, &handle);
		events_read(talk, &in, reply);
		return true;
	default:
		return false;
	}
	ndr_put32(reply, 0);
	return true;
}

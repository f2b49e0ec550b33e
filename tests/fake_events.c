/* SPDX-License-Identifier: GPL-3.0-or-later */
/* eventlog as the played server answers it: [MS-EVEN] 3.1.4, with records of one kind. */
#include <string.h>

#include "nt/eventlog.h"
#include "tests/evt_write.h"
#include "tests/fake_calls.h"
#include "tests/fake_link.h"

enum { BAD_HANDLE = 0xc0000008, BAD_PARAMETER = 0xc000000d, END = 0xc0000011, SMALL = 0xc0000023 };

static void open_log(struct ndr_writer *reply)
{
	fake.log.at = fake.log.oldest;
	fake.log.opens++;
	fake.log.handle++;
	fake_put_handle(reply, fake.log.handle);
	ndr_put32(reply, fake.log.open_code);
}

/* As many as go into the room, from fake.log.at on; the code. */
static uint32_t fill(uint8_t *room, uint32_t size, uint32_t *len, uint32_t *needed)
{
	uint8_t bytes[EVT_WRITE_LONGEST];
	const uint32_t end = fake.log.oldest + fake.log.count + fake.log.meanwhile;

	for (*len = *needed = 0; fake.log.at < end; fake.log.at++) {
		struct evt_sample sample = { .number = fake.log.at,
			.at = 910137600,
			.id = 0x40000990,
			.type = 4,
			.source = "MSExchangeMSMI",
			.computer = "EXCH01",
			.strings = { "0000030C" },
			.data = fake.log.data };
		const uint32_t one = (uint32_t)evt_write_record(bytes, &sample);

		if (one > size - *len) {
			*needed = *len ? 0 : one;
			return *len ? 0 : SMALL;
		}
		memcpy(room + *len, bytes, one);
		*len += one;
	}
	return *len ? 0 : END;
}

static void read_log(struct ndr_reader *request, struct ndr_writer *reply)
{
	const uint32_t flags = ndr_get32(request), record = ndr_get32(request);
	const uint32_t size = ndr_get32(request);
	uint8_t *room = talloc_zero_array(fake.mem, uint8_t, size);
	uint32_t len = 0, needed = 0, code = fake.log.read_code;

	fake.log.reads++;
	if (fake.log.read_once)
		fake.log.read_code = 0;
	if (!code && (flags & EVENTLOG_SEEK) &&
		(fake.log.no_seek || record - fake.log.oldest >= fake.log.count))
		code = BAD_PARAMETER;
	if (!code && (flags & EVENTLOG_SEEK))
		fake.log.at = record;
	if (!code)
		code = fill(room, size, &len, &needed);
	if (fake.log.spoils)
		fake.log.spoils(room, &len, &code);
	ndr_put_array(reply, room, size);
	ndr_put32(reply, len);
	ndr_put32(reply, needed);
	ndr_put32(reply, code);
	talloc_free(room);
}

void fake_eventlog(uint32_t opnum, struct ndr_reader *request, struct ndr_writer *reply)
{
	const bool known = opnum == EVENTLOG_OPEN || fake_get_handle(request) == fake.log.handle;

	if (opnum == EVENTLOG_OPEN) {
		open_log(reply);
	} else if (opnum == EVENTLOG_READ && known) {
		read_log(request, reply);
	} else if (opnum == EVENTLOG_READ) {
		ndr_put32(reply, 0);
		ndr_put32(reply, 0);
		ndr_put32(reply, 0);
		ndr_put32(reply, BAD_HANDLE);
	} else if (opnum == EVENTLOG_CLOSE) {
		fake.log.closes++;
		fake_put_handle(reply, UINT32_MAX);
		ndr_put32(reply, 0);
	} else {
		ndr_put32(reply, opnum == EVENTLOG_OLDEST ? fake.log.oldest : fake.log.count);
		ndr_put32(reply, known ? 0 : BAD_HANDLE);
	}
}

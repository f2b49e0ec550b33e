/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An event log of Windows NT being written (learn.microsoft.com, "Event Log File Format" and
 * EVENTLOGRECORD): a header, a ring of records, and behind the newest a closing record that says
 * where the ring begins and ends. That one is always right; the header is so only after a clean
 * stop.
 */
#include <string.h>

#include "base/bytes.h"
#include "nt/evtfile.h"
#include "practice/parts.h"

enum {
	GROWS = 0x10000,
	MOST = 8 * GROWS,
	CLOSING = 40,
	FIXED = 56, /* of a record: never across the end of the file */
	FILLER = 0x27,
	DIRTY = 1,
	WRAPPED = 2,
};
#define SIGNATURE 0x654c664cu /* "LfLe" */

/* The ring as the closing record has it. */
struct ring {
	uint8_t *bytes;
	uint32_t size; /* of the file */
	uint32_t begin, end, next, oldest;
	bool found;
};

static uint32_t ring_on(const struct ring *ring, uint32_t at, uint32_t by)
{
	return EVT_HEADER + (at - EVT_HEADER + by) % (ring->size - EVT_HEADER);
}

static uint32_t ring_get(const struct ring *ring, uint32_t at, uint32_t field)
{
	return get32(ring->bytes + ring_on(ring, at, 4 * field));
}

static void ring_put(const struct ring *ring, uint32_t at, const uint8_t *bytes, uint32_t len)
{
	const uint32_t first = len < ring->size - at ? len : ring->size - at;

	memcpy(ring->bytes + at, bytes, first);
	memcpy(ring->bytes + EVT_HEADER, bytes + first, len - first);
}

static bool is_closing(const struct ring *ring, uint32_t at)
{
	for (uint32_t i = 1; i <= 4; i++)
		if (ring_get(ring, at, i) != 0x11111111u * i)
			return false;
	return ring_get(ring, at, 0) == CLOSING && ring_get(ring, at, 9) == CLOSING;
}

static bool ring_place(const struct ring *ring, uint32_t at)
{
	return at >= EVT_HEADER && at < ring->size && at % 4 == 0;
}

/* Looked for from where the header last saw it. */
static struct ring ring_find(const struct practice_buf *log)
{
	struct ring ring = { .bytes = log->bytes, .size = (uint32_t)log->len };
	uint32_t at;

	if (log->failed || log->len < GROWS || log->len > MOST || log->len % 4 ||
		get32(log->bytes) != EVT_HEADER || get32(log->bytes + 4) != SIGNATURE)
		return ring;
	at = ring_place(&ring, get32(log->bytes + 20)) ? get32(log->bytes + 20) : EVT_HEADER;
	for (uint32_t i = 0; !ring.found && i < ring.size - EVT_HEADER; i += 4) {
		const uint32_t here = ring_on(&ring, at, i);

		if (ring_get(&ring, here, 1) != 0x11111111u || !is_closing(&ring, here))
			continue;
		ring.begin = ring_get(&ring, here, 5);
		ring.end = here;
		ring.next = ring_get(&ring, here, 7);
		ring.oldest = ring_get(&ring, here, 8);
		ring.found = ring_place(&ring, ring.begin);
	}
	return ring;
}

static void ring_close(const struct ring *ring)
{
	uint8_t closing[CLOSING];

	put32(closing, CLOSING);
	for (uint32_t i = 1; i <= 4; i++)
		put32(closing + 4 * (size_t)i, 0x11111111u * i);
	put32(closing + 20, ring->begin);
	put32(closing + 24, ring->end);
	put32(closing + 28, ring->next);
	put32(closing + 32, ring->oldest);
	put32(closing + 36, CLOSING);
	ring_put(ring, ring->end, closing, CLOSING);
}

static void header_put(uint8_t *header, const struct ring *ring, uint32_t flags)
{
	const uint32_t fields[] = { EVT_HEADER, SIGNATURE, 1, 1, ring->begin, ring->end, ring->next,
		ring->oldest, ring->size, flags, 0, EVT_HEADER };

	for (size_t i = 0; i < ARRAY_SIZE(fields); i++)
		put32(header + 4 * i, fields[i]);
}

void practice_evt_open(struct practice_buf *log)
{
	struct ring ring = ring_find(log);

	if (ring.found || log->failed)
		return;
	log->len = 0;
	practice_zeros(log, GROWS);
	if (log->failed)
		return;
	ring = (struct ring){ .bytes = log->bytes,
		.size = GROWS,
		.begin = EVT_HEADER,
		.end = EVT_HEADER,
		.next = 1 };
	ring_close(&ring);
	header_put(log->bytes, &ring, 0);
}

static uint32_t ring_free(const struct ring *ring)
{
	const uint32_t room = ring->size - EVT_HEADER;
	const uint32_t used = (ring->end + room - ring->begin) % room;

	/* Full and empty are told apart by keeping some bytes between. */
	return room - used - 4;
}

/* The oldest record goes; behind a filler the ring goes on at its start. */
static void ring_drop(struct ring *ring)
{
	const uint32_t len = ring_get(ring, ring->begin, 0);

	if (ring_get(ring, ring->begin, 1) != SIGNATURE || len < FIXED || len > ring->size / 2 ||
		ring->oldest + 1 >= ring->next) {
		*ring = (struct ring){ .bytes = ring->bytes,
			.size = ring->size,
			.begin = ring->end,
			.end = ring->end,
			.next = ring->next };
		return;
	}
	ring->begin = ring_on(ring, ring->begin, len);
	if (ring->size - ring->begin < FIXED || get32(ring->bytes + ring->begin) == FILLER)
		ring->begin = EVT_HEADER;
	ring->oldest++;
}

/* Not once it has gone round: the file is as large as it may be then. */
static bool ring_grow(struct practice_buf *log, struct ring *ring)
{
	if (log->len >= MOST || ring->begin != EVT_HEADER || ring->end < ring->begin)
		return false;
	practice_zeros(log, GROWS);
	ring->bytes = log->bytes;
	ring->size = (uint32_t)log->len;
	return !log->failed;
}

/* A record with everything but its number. */
static struct practice_buf record_make(TALLOC_CTX *mem, const struct practice_event *event)
{
	struct practice_buf buf = { .mem = mem };
	uint32_t count = 0, strings, data;

	while (count < ARRAY_SIZE(event->strings) && event->strings[count])
		count++;
	practice_zeros(&buf, FIXED);
	practice_put_utf16(&buf, event->source);
	practice_zeros(&buf, 2);
	practice_put_utf16(&buf, event->computer);
	practice_zeros(&buf, 2);
	practice_align(&buf, 4);
	strings = (uint32_t)buf.len;
	for (uint32_t i = 0; i < count; i++) {
		practice_put_utf16(&buf, event->strings[i]);
		practice_zeros(&buf, 2);
	}
	data = (uint32_t)buf.len; /* there is none */
	practice_align(&buf, 4);
	practice_put32(&buf, (uint32_t)buf.len + 4);
	practice_set32(&buf, 0, (uint32_t)buf.len);
	practice_set32(&buf, 4, SIGNATURE);
	practice_set32(&buf, 12, (uint32_t)event->at);
	practice_set32(&buf, 16, (uint32_t)event->at);
	practice_set32(&buf, 20, event->id);
	practice_set16(&buf, 24, event->type);
	practice_set16(&buf, 26, count);
	practice_set16(&buf, 28, event->category);
	practice_set32(&buf, 36, strings);
	practice_set32(&buf, 44, strings); /* no SID */
	practice_set32(&buf, 52, data);
	return buf;
}

static void ring_room(struct practice_buf *log, struct ring *ring, uint32_t len)
{
	while (ring_free(ring) < len + CLOSING + FIXED ||
		(ring->size < MOST && ring->end >= ring->begin &&
			ring->size - ring->end < len + CLOSING + FIXED))
		if (!ring_grow(log, ring)) {
			if (ring_free(ring) >= len + CLOSING + FIXED)
				return;
			ring_drop(ring);
		}
}

void practice_evt_add(struct practice_buf *log, const struct practice_event *event)
{
	struct ring ring = ring_find(log);
	struct practice_buf record = record_make(log->mem, event);
	const uint32_t len = (uint32_t)record.len;

	log->failed = log->failed || record.failed;
	if (!log->failed && ring.found && len < GROWS / 2) {
		ring_room(log, &ring, len);
		if (ring.size - ring.end < FIXED) {
			for (uint32_t at = ring.end; at < ring.size; at += 4)
				put32(ring.bytes + at, FILLER);
			ring.end = EVT_HEADER;
		}
		put32(record.bytes + 8, ring.next);
		ring.oldest = ring.oldest ? ring.oldest : ring.next;
		ring_put(&ring, ring.end, record.bytes, len);
		ring.end = ring_on(&ring, ring.end, len);
		ring.next++;
		ring_close(&ring);
		put32(log->bytes + 36, get32(log->bytes + 36) | DIRTY);
		put32(log->bytes + 32, ring.size);
	}
	talloc_free(record.bytes);
}

void practice_evt_close(struct practice_buf *log)
{
	const struct ring ring = ring_find(log);

	if (ring.found)
		header_put(log->bytes, &ring,
			ring.begin > ring.end || ring.oldest > 1 ? WRAPPED : 0);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/evt_write.h"

#include <string.h>

#include "base/bytes.h"
#include "base/text.h"

enum { FIRST = 48, FIXED = 56, CLOSING = 40, FILL = 0x27, SIGNATURE = 0x654c664c };

static size_t put_text(uint8_t *to, const char *text)
{
	size_t len;
	uint8_t *units = text_to_utf16(NULL, text, &len);

	memcpy(to, units, len);
	put16(to + len, 0);
	talloc_free(units);
	return len + 2;
}

static size_t aligned(size_t at)
{
	return (at + 3) / 4 * 4;
}

size_t evt_write_record(uint8_t *to, const struct evt_sample *sample)
{
	size_t at = FIXED, count = 0;

	memset(to, 0, EVT_WRITE_LONGEST);
	put32(to + 4, SIGNATURE);
	put32(to + 8, sample->number);
	put32(to + 12, sample->at);
	put32(to + 16, sample->at + 1);
	put32(to + 20, sample->id);
	put16(to + 24, sample->type);
	put16(to + 28, sample->category);
	at += put_text(to + at, sample->source);
	at = aligned(at + put_text(to + at, sample->computer));
	put32(to + 40, (uint32_t)sample->sid);
	put32(to + 44, (uint32_t)at);
	memset(to + at, 1, sample->sid);
	at += sample->sid;
	put32(to + 36, (uint32_t)at);
	for (; count < 6 && sample->strings[count]; count++)
		at += put_text(to + at, sample->strings[count]);
	put16(to + 26, (uint32_t)count);
	put32(to + 48, (uint32_t)sample->data);
	put32(to + 52, (uint32_t)at);
	memset(to + at, 0x41, sample->data);
	at = aligned(at + sample->data);
	put32(to + at, (uint32_t)at + 4);
	put32(to, (uint32_t)at + 4);
	return at + 4;
}

/* The four numbers that header and closing record share. */
static void put_bounds(uint8_t *to, const struct evt_log *log)
{
	put32(to, (uint32_t)log->begin);
	put32(to + 4, (uint32_t)log->end);
	put32(to + 8, log->next);
	put32(to + 12, log->next == log->oldest ? 0 : log->oldest);
}

static void put_closing(struct evt_log *log)
{
	uint8_t bytes[CLOSING];

	put32(bytes, CLOSING);
	for (uint32_t i = 1; i <= 4; i++)
		put32(bytes + 4 * i, i * 0x11111111);
	put_bounds(bytes + 20, log);
	put32(bytes + 36, CLOSING);
	(void)evt_write_ring(log, log->end, bytes, sizeof bytes);
}

struct evt_log *evt_write_new(TALLOC_CTX *mem, size_t size, uint32_t first)
{
	struct evt_log *log = talloc_zero(mem, struct evt_log);

	log->bytes = talloc_zero_array(log, uint8_t, (unsigned)size);
	log->size = size;
	log->begin = log->end = FIRST;
	log->oldest = log->next = first;
	put_closing(log);
	evt_write_header(log, 0);
	return log;
}

size_t evt_write_ring(struct evt_log *log, size_t at, const uint8_t *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		log->bytes[at] = bytes[i];
		at = at + 1 == log->size ? FIRST : at + 1;
	}
	return at;
}

/* Where there is too little room for the fixed part before the end, none begins. */
static size_t begins(struct evt_log *log, size_t at)
{
	if (log->size - at >= FIXED)
		return at;
	for (; at < log->size; at += 4)
		put32(log->bytes + at, FILL);
	return FIRST;
}

static size_t free_room(const struct evt_log *log)
{
	if (log->oldest == log->next)
		return log->size - FIRST;
	return log->begin > log->end ? log->begin - log->end
				     : log->size - log->end + log->begin - FIRST;
}

static void drop_oldest(struct evt_log *log)
{
	size_t len = get32(log->bytes + log->begin);

	log->begin += len;
	if (log->begin >= log->size)
		log->begin -= log->size - FIRST;
	if (log->size - log->begin < FIXED)
		log->begin = FIRST;
	log->oldest++;
}

void evt_write_add(struct evt_log *log, const struct evt_sample *sample)
{
	uint8_t *bytes = talloc_array(log, uint8_t, EVT_WRITE_LONGEST);
	struct evt_sample numbered = *sample;
	size_t len, at;

	numbered.number = log->next;
	len = evt_write_record(bytes, &numbered);
	while (free_room(log) < len + CLOSING + FIXED)
		drop_oldest(log);
	at = begins(log, log->end);
	if (log->oldest == log->next)
		log->begin = at;
	log->end = evt_write_ring(log, at, bytes, len);
	log->next++;
	log->end = begins(log, log->end);
	put_closing(log);
	talloc_free(bytes);
}

void evt_write_header(struct evt_log *log, uint32_t flags)
{
	memset(log->bytes, 0, FIRST);
	put32(log->bytes, FIRST);
	put32(log->bytes + 4, SIGNATURE);
	put32(log->bytes + 8, 1);
	put32(log->bytes + 12, 1);
	put_bounds(log->bytes + 16, log);
	put32(log->bytes + 32, (uint32_t)log->size);
	put32(log->bytes + 36, flags);
	put32(log->bytes + 44, FIRST);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "nt/evtfile.h"

#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/memory.h"
#include "base/text.h"

enum { SIGNATURE = 0x654c664c, CLOSING_SIZE = 40 };

/* ELF_LOGFILE_HEADER, its Flags, and ELF_EOF_RECORD; offsets of fields. */
enum {
	HEADER_MAJOR = 8,
	HEADER_MINOR = 12,
	HEADER_BEGIN = 16,
	HEADER_END = 20,
	HEADER_NEXT = 24,
	HEADER_OLDEST = 28,
	HEADER_FLAGS = 36,
	HEADER_SIZE_END = 44
};
enum { FLAG_DIRTY = 1, FLAG_WRAPPED = 2 };
enum { CLOSING_BEGIN = 20, CLOSING_END = 24, CLOSING_NEXT = 28, CLOSING_OLDEST = 32 };

/* EVENTLOGRECORD. */
enum {
	RECORD_SIGNATURE = 4,
	RECORD_NUMBER = 8,
	RECORD_GENERATED = 12,
	RECORD_ID = 20,
	RECORD_TYPE = 24,
	RECORD_STRINGS = 26,
	RECORD_CATEGORY = 28,
	RECORD_STRINGS_AT = 36,
	RECORD_DATA_LEN = 48,
	RECORD_DATA_AT = 52
};

/* ---- one record ---- */

/* The length that a record says, of whose head at least EVT_RECORD_LEAST bytes are there; 0: it is
 * none. Records fill whole 32-bit words. */
static uint32_t head_length(const uint8_t *head)
{
	uint32_t len = get32(head);

	return get32(head + RECORD_SIGNATURE) == SIGNATURE && len >= EVT_RECORD_LEAST &&
			len <= EVT_RECORD_MOST && len % 4 == 0
		? len
		: 0;
}

/* In place: a lone surrogate and U+FFFD both take three bytes. */
static void surrogates_replace(char *text)
{
	for (unsigned char *c = (unsigned char *)text; *c; c++)
		if (c[0] == 0xed && c[1] >= 0xa0)
			memcpy(c, "\xef\xbf\xbd", 3);
}

/* The text at *at, which ends with its NUL or with the bytes; *at goes behind it. */
static char *text_next(TALLOC_CTX *mem, const uint8_t *bytes, size_t limit, size_t *at)
{
	size_t end = *at, len;
	char *text;

	while (end + 2 <= limit && get16(bytes + end) != 0)
		end += 2;
	/* A unit makes at least one byte. */
	len = end - *at < 2 * EVT_TEXT_MOST ? end - *at : 2 * EVT_TEXT_MOST;
	text = text_from_utf16(mem, bytes + *at, len);
	*at = end + 2 <= limit ? end + 2 : limit;
	if (text) {
		surrogates_replace(text);
		text[text_whole(text, EVT_TEXT_MOST)] = '\0';
	}
	return text;
}

/* They stand one behind the other, before the data if there is any. False for want of memory. */
static bool strings_read(struct evt_record *record, const uint8_t *bytes, size_t limit)
{
	size_t count = get16(bytes + RECORD_STRINGS), at = get32(bytes + RECORD_STRINGS_AT);
	size_t data = get32(bytes + RECORD_DATA_AT);

	if (count > EVT_STRINGS_MOST)
		count = EVT_STRINGS_MOST;
	if (get32(bytes + RECORD_DATA_LEN) != 0 && data > at && data < limit)
		limit = data;
	record->strings = memory_array_zero(record, sizeof *record->strings, count);
	if (!record->strings)
		return false;
	while (at >= EVT_RECORD_LEAST && at + 2 <= limit && record->string_count < count) {
		char *text = text_next(record->strings, bytes, limit, &at);

		if (!text)
			return false;
		record->strings[record->string_count++] = text;
	}
	return true;
}

static struct evt_record *record_read(TALLOC_CTX *mem, const uint8_t *bytes, size_t len)
{
	struct evt_record *record = talloc_zero(mem, struct evt_record);
	size_t at = EVT_RECORD_LEAST, limit = len - 4;

	if (!record)
		return NULL;
	record->number = get32(bytes + RECORD_NUMBER);
	record->at = get32(bytes + RECORD_GENERATED);
	record->id = get16(bytes + RECORD_ID);
	record->type = get16(bytes + RECORD_TYPE);
	record->category = get16(bytes + RECORD_CATEGORY);
	record->source = text_next(record, bytes, limit, &at);
	record->computer = text_next(record, bytes, limit, &at);
	if (!record->source || !record->computer || !strings_read(record, bytes, limit))
		TALLOC_FREE(record);
	return record;
}

struct evt_record *evt_record_parse(TALLOC_CTX *mem, const uint8_t *bytes, size_t len, size_t *used)
{
	struct evt_record *record;
	uint32_t said = len < EVT_RECORD_LEAST ? 0 : head_length(bytes);

	*used = 0;
	if (said == 0 || said > len || get32(bytes + said - 4) != said)
		return NULL;
	record = record_read(mem, bytes, said);
	if (record)
		*used = said;
	return record;
}

/* ---- the ring ---- */

struct found {
	uint32_t number, len;
	size_t at;
	size_t age; /* the larger, the nearer before the closing record */
};

/* What is said of it, by the header or by the closing record. */
struct bounds {
	bool there; /* it can be true */
	size_t begin, end;
	uint32_t oldest, next; /* numbers; oldest 0: no records */
};

struct ring {
	TALLOC_CTX *mem;
	const uint8_t *bytes;
	size_t end; /* of whole words; goes on at EVT_HEADER */
	struct found *found;
	size_t count;
	size_t closed; /* where a closing record was met, of whatever content */
};

/* The offset so many bytes on; less than once around. */
static size_t ring_on(const struct ring *ring, size_t at, size_t by)
{
	return by < ring->end - at ? at + by : EVT_HEADER + (by - (ring->end - at));
}

static uint32_t ring32(const struct ring *ring, size_t at, size_t by)
{
	return get32(ring->bytes + ring_on(ring, at, by));
}

/* The length of the record at an offset; 0: there is none. What is too short for the fixed part is
 * left empty at the end of the file, so that part never goes on at the beginning. */
static uint32_t ring_record(const struct ring *ring, size_t at)
{
	uint32_t len = ring->end - at < EVT_RECORD_LEAST ? 0 : head_length(ring->bytes + at);

	return len && len <= ring->end - EVT_HEADER && ring32(ring, at, len - 4) == len ? len : 0;
}

static bool ring_closes(const struct ring *ring, size_t at)
{
	static const uint32_t words[] = { CLOSING_SIZE, 0x11111111, 0x22222222, 0x33333333,
		0x44444444 };

	if (ring->end - EVT_HEADER < CLOSING_SIZE ||
		ring32(ring, at, CLOSING_SIZE - 4) != CLOSING_SIZE)
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (ring32(ring, at, 4 * i) != words[i])
			return false;
	return true;
}

static bool bounds_sane(const struct ring *ring, const struct bounds *bounds)
{
	return bounds->begin >= EVT_HEADER && bounds->begin < ring->end && bounds->begin % 4 == 0 &&
		bounds->end >= EVT_HEADER && bounds->end < ring->end && bounds->end % 4 == 0 &&
		bounds->oldest <= bounds->next;
}

static struct bounds header_bounds(const struct ring *ring)
{
	struct bounds bounds = {
		.begin = get32(ring->bytes + HEADER_BEGIN),
		.end = get32(ring->bytes + HEADER_END),
		.oldest = get32(ring->bytes + HEADER_OLDEST),
		.next = get32(ring->bytes + HEADER_NEXT),
	};

	bounds.there = bounds_sane(ring, &bounds);
	return bounds;
}

/* It knows where it is itself. */
static struct bounds closing_bounds(const struct ring *ring, size_t at)
{
	struct bounds bounds = {
		.begin = ring32(ring, at, CLOSING_BEGIN),
		.end = ring32(ring, at, CLOSING_END),
		.oldest = ring32(ring, at, CLOSING_OLDEST),
		.next = ring32(ring, at, CLOSING_NEXT),
	};

	bounds.there = bounds_sane(ring, &bounds) && bounds.end == at;
	return bounds;
}

/* Records of number 0 are none. */
static int found_add(struct ring *ring, size_t at, uint32_t len)
{
	struct found *found;

	if (get32(ring->bytes + at + RECORD_NUMBER) == 0)
		return 0;
	found = memory_more(ring->mem, &ring->found, ring->count, sizeof *found);
	if (!found)
		return -1;
	*found = (struct found){ get32(ring->bytes + at + RECORD_NUMBER), len, at, ring->count };
	ring->count++;
	return 0;
}

/* One after the other, from where the ring begins to where it ends. 1: they lead there; 0: they do
 * not; -1: no memory. */
static int ring_follow(struct ring *ring, const struct bounds *bounds)
{
	size_t at = bounds->begin, gone = 0, size = ring->end - EVT_HEADER;

	while (at != bounds->end && gone < size) {
		uint32_t len = ring_record(ring, at);

		if (len == 0 && ring->end - at >= EVT_RECORD_LEAST)
			return 0;
		if (len != 0 && found_add(ring, at, len) != 0)
			return -1;
		if (len == 0)
			len = (uint32_t)(ring->end - at);
		at = ring_on(ring, at, len);
		gone += len;
	}
	return at == bounds->end && gone < size;
}

/* Whatever looks like a record, and the closing record that says the most. */
static int ring_search(struct ring *ring, struct bounds *closing)
{
	size_t at = EVT_HEADER, first = ring->end;

	*closing = (struct bounds){ 0 };
	while (at < ring->end) {
		uint32_t len = ring_record(ring, at);
		bool closes = len == 0 && ring_closes(ring, at);
		struct bounds bounds = { 0 };

		/* One that goes on at the beginning lies over no other. */
		if (len && len > ring->end - at && ring_on(ring, at, len) > first)
			len = 0;
		if (len && found_add(ring, at, len) != 0)
			return -1;
		if (closes) {
			bounds = closing_bounds(ring, at);
			ring->closed = at;
			len = CLOSING_SIZE;
		}
		if (bounds.there && (!closing->there || bounds.next > closing->next))
			*closing = bounds;
		if (len && first == ring->end)
			first = at;
		at += len ? len : 4;
	}
	return 0;
}

/* ---- in order ---- */

static int found_order(const void *a, const void *b)
{
	const struct found *x = a, *y = b;

	if (x->number != y->number)
		return x->number < y->number ? -1 : 1;
	return x->age > y->age ? -1 : x->age < y->age;
}

/* Each number once, the one that was written last. */
static void ring_sort(struct ring *ring)
{
	size_t kept = 0;

	if (ring->count)
		qsort(ring->found, ring->count, sizeof *ring->found, found_order);
	for (size_t i = 0; i < ring->count; i++)
		if (kept == 0 || ring->found[i].number != ring->found[kept - 1].number)
			ring->found[kept++] = ring->found[i];
	ring->count = kept;
}

/* What was found around the closing record: it tells which of them are in the log, the others are
 * left from before. */
static void ring_sift(struct ring *ring, const struct bounds *closing)
{
	size_t mark = closing->there ? closing->end : ring->closed, kept = 0;

	for (size_t i = 0; i < ring->count; i++) {
		struct found *found = &ring->found[i];

		if (closing->there &&
			(found->number < closing->oldest || found->number >= closing->next))
			continue;
		found->age = found->at >= mark ? found->at - mark : ring->end - mark + found->at;
		ring->found[kept++] = *found;
	}
	ring->count = kept;
}

/* Finds all and puts it in order. */
static int ring_gather(struct ring *ring, struct evt_walk *walk)
{
	struct bounds bounds = header_bounds(ring);
	int led = walk->dirty || !bounds.there ? 0 : ring_follow(ring, &bounds);

	walk->damaged = !walk->dirty && led == 0;
	if (led < 0)
		return -1;
	if (led > 0) {
		walk->damaged = !ring_closes(ring, bounds.end);
	} else {
		ring->count = 0;
		if (ring_search(ring, &bounds) != 0)
			return -1;
		ring_sift(ring, &bounds);
	}
	ring_sort(ring);
	walk->wrapped |= bounds.there && bounds.begin > bounds.end;
	walk->damaged |=
		!bounds.there || ring->count != (bounds.oldest ? bounds.next - bounds.oldest : 0);
	walk->count = ring->count;
	walk->oldest = ring->count ? ring->found[0].number : 0;
	walk->newest = ring->count ? ring->found[ring->count - 1].number : 0;
	return 0;
}

/* The bytes of a record in one piece. */
static const uint8_t *found_bytes(const struct ring *ring, TALLOC_CTX *mem,
	const struct found *found)
{
	size_t here = ring->end - found->at;
	uint8_t *whole;

	if (found->len <= here)
		return ring->bytes + found->at;
	whole = memory_array(mem, 1, found->len);
	if (whole) {
		memcpy(whole, ring->bytes + found->at, here);
		memcpy(whole + here, ring->bytes + EVT_HEADER, found->len - here);
	}
	return whole;
}

static int found_tell(const struct ring *ring, const struct found *found, evt_fn *fn, void *arg)
{
	TALLOC_CTX *tmp = talloc_new(ring->mem);
	const uint8_t *bytes = found_bytes(ring, tmp, found);
	const struct evt_record *record = bytes ? record_read(tmp, bytes, found->len) : NULL;
	int ret = record ? fn(arg, record) : -1;

	talloc_free(tmp);
	return ret;
}

bool evt_is_file(const uint8_t *bytes, size_t len)
{
	return len >= EVT_HEADER && get32(bytes) == EVT_HEADER &&
		get32(bytes + RECORD_SIGNATURE) == SIGNATURE && get32(bytes + HEADER_MAJOR) == 1 &&
		get32(bytes + HEADER_MINOR) == 1 && get32(bytes + HEADER_SIZE_END) == EVT_HEADER;
}

int evt_walk(const uint8_t *bytes, size_t len, uint32_t after, evt_fn *fn, void *arg,
	struct evt_walk *walk)
{
	struct ring ring = { .bytes = bytes, .end = len / 4 * 4, .closed = EVT_HEADER };
	int ret;

	*walk = (struct evt_walk){ .damaged = true };
	if (!evt_is_file(bytes, len))
		return 0;
	ring.mem = talloc_new(NULL);
	walk->dirty = get32(bytes + HEADER_FLAGS) & FLAG_DIRTY;
	walk->wrapped = get32(bytes + HEADER_FLAGS) & FLAG_WRAPPED;
	ret = ring.mem ? ring_gather(&ring, walk) : -1;
	for (size_t i = 0; ret == 0 && i < ring.count; i++)
		if (ring.found[i].number > after)
			ret = found_tell(&ring, &ring.found[i], fn, arg);
	talloc_free(ring.mem);
	return ret;
}

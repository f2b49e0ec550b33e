/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Event logs: as a file, the same with a header that is one, and as a single record. */
#include "fuzz/fuzz.h"

#include <string.h>

#include "base/bytes.h"
#include "nt/evtfile.h"

struct heard {
	uint32_t last;
	size_t count;
};

static void must_be_text(const char *text)
{
	size_t len = strlen(text);

	must(len <= EVT_TEXT_MOST, "a text is no longer than it may be");
	for (size_t i = 0; i + 1 < len; i++)
		must((uint8_t)text[i] != 0xed || (uint8_t)text[i + 1] < 0xa0,
			"there is no lone surrogate");
	must(len == 0 || ((uint8_t)text[len - 1] < 0xc0), "a text ends with a whole character");
}

static void must_be_record(const struct evt_record *record)
{
	must_be_text(record->source);
	must_be_text(record->computer);
	must(record->string_count <= EVT_STRINGS_MOST, "there is an end to strings");
	for (size_t i = 0; i < record->string_count; i++)
		must_be_text(record->strings[i]);
}

static int hear(void *arg, const struct evt_record *record)
{
	struct heard *heard = arg;

	must_be_record(record);
	must(record->number > heard->last, "numbers rise");
	heard->last = record->number;
	heard->count++;
	return 0;
}

static void file(const uint8_t *bytes, size_t len)
{
	struct heard all = { 0 }, half = { 0 };
	struct evt_walk walk, again;

	must(evt_walk(bytes, len, 0, hear, &all, &walk) == 0, "a walk comes to its end");
	must(all.count == walk.count && all.last == walk.newest &&
			(walk.oldest != 0) == (walk.count != 0) && walk.oldest <= walk.newest &&
			walk.count <= len / EVT_RECORD_LEAST,
		"what is told of a log is what was handed out");
	must(evt_is_file(bytes, len) || walk.count == 0, "what is no file has no records");
	half.last = walk.oldest;
	must(evt_walk(bytes, len, walk.oldest, hear, &half, &again) == 0 &&
			half.count + (walk.count != 0) == walk.count && again.count == walk.count,
		"all but the oldest are newer");
}

int fuzz_evt(const uint8_t *bytes, size_t len)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	/* Its own copy, so that a byte too far is seen. */
	uint8_t *copy = talloc_memdup(mem, bytes, len);
	struct evt_record *record;
	size_t used;

	record = evt_record_parse(mem, copy, len, &used);
	must(record ? used >= EVT_RECORD_LEAST && used <= len : used == 0,
		"a record lies in its bytes");
	if (record)
		must_be_record(record);
	file(copy, len);
	if (len >= EVT_HEADER) {
		put32(copy, EVT_HEADER);
		memcpy(copy + 4, "LfLe\1\0\0\0\1\0\0\0", 12);
		put32(copy + 44, EVT_HEADER);
		file(copy, len);
	}
	talloc_free(mem);
	return 0;
}

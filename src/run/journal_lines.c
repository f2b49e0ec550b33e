/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The lines of a journal: each proved by its own sum. */
#include "run/journal_internal.h"

#include <stdio.h>
#include <string.h>

#include "base/i18n.h"

/* ,"crc":"01234567"} */
enum { CRC_TAIL = 18 };

/* CRC-32 as in ISO-HDLC (zip, Ethernet), half a byte at a time. */
uint32_t line_crc(const char *bytes, size_t len)
{
	static const uint32_t table[16] = {
		0x00000000, 0x1db71064, 0x3b6e20c8, 0x26d930ac, 0x76dc4190, 0x6b6b51f4, 0x4db26158, 0x5005713c,
		0xedb88320, 0xf00f9344, 0xd6d6a3e8, 0xcb61b38c, 0x9b64c2b0, 0x86d3d2d4, 0xa00ae278, 0xbdbdf21c,
	};
	uint32_t crc = 0xffffffff;

	for (size_t i = 0; i < len; i++) {
		crc ^= (uint8_t)bytes[i];
		crc = crc >> 4 ^ table[crc & 15];
		crc = crc >> 4 ^ table[crc & 15];
	}
	return ~crc;
}

const char *entry_what(const json_t *entry)
{
	return json_string_value(json_object_get(entry, "what"));
}

bool entry_is(const json_t *entry, const char *what)
{
	return !strcmp(entry_what(entry), what);
}

int entry_number(const json_t *entry, const char *member)
{
	json_int_t number = json_integer_value(json_object_get(entry, member));

	return number > 0 && number < 1000000000 ? (int)number : 0;
}

/* One line without its end, which is to be the number-th. New reference, or NULL if it is none of ours. */
static json_t *line_parse(const char *line, size_t len, size_t number)
{
	char tail[CRC_TAIL + 1];
	json_t *entry;

	if (len < CRC_TAIL + 2)
		return NULL;
	(void)snprintf(tail, sizeof tail, ",\"crc\":\"%08x\"}", (unsigned)line_crc(line, len - CRC_TAIL));
	if (memcmp(line + len - CRC_TAIL, tail, CRC_TAIL) != 0)
		return NULL;
	entry = json_loadb(line, len, JSON_REJECT_DUPLICATES, NULL);
	if (entry && json_integer_value(json_object_get(entry, "n")) == (json_int_t)number &&
	    json_is_string(json_object_get(entry, "at")) && json_is_string(json_object_get(entry, "what")))
		return entry;
	json_decref(entry);
	return NULL;
}

/* ---- line by line ---- */

struct reading {
	json_t *entries;
	size_t expected;           /* behind a torn line: the number the next one would have */
	size_t good;
	bool torn, damaged;
};

/*
 * What stands behind the last whole line may be a line that a power cut tore: one that has no end, or one with pages that never reached the disk
 * (zeros). Nothing whole may follow it, for then it once was whole.
 */
static int reading_line(struct reading *reading, const char *line, size_t len, bool ended)
{
	size_t count = json_array_size(reading->entries);
	json_t *entry = NULL;

	if (ended || reading->torn)
		entry = line_parse(line, len, reading->torn ? reading->expected++ : count + 1);
	if (entry && !reading->torn) {
		reading->good += len + 1;
		return json_array_append_new(reading->entries, entry);
	}
	if (entry) {
		reading->damaged = true;
	} else if (!reading->torn) {
		reading->torn = true;
		reading->expected = count + 2;
		reading->damaged = ended && !memchr(line, '\0', len);
	}
	json_decref(entry);
	return 0;
}

int journal_parse(const char *bytes, size_t len, json_t **entries, size_t *good, struct error *err)
{
	struct reading reading = { .entries = json_array() };
	int result = reading.entries ? 0 : error_memory(err);

	for (size_t at = 0; !result && !reading.damaged && at < len;) {
		const char *end = memchr(bytes + at, '\n', len - at);
		size_t line = end ? (size_t)(end - bytes) - at : len - at;

		result = reading_line(&reading, bytes + at, line, end) ? error_memory(err) : 0;
		at += line + 1;
	}
	if (!result && reading.damaged)
		result = error_set(err, TROUBLE_RECORD_DAMAGED, _("Line %zu of the journal is damaged."), json_array_size(reading.entries) + 1);
	*good = reading.good;
	*entries = result ? NULL : reading.entries;
	if (result)
		json_decref(reading.entries);
	return result;
}

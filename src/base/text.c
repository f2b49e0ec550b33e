/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/text.h"

#include <string.h>

#include "base/bytes.h"
#include "base/memory.h"
#include "base/text_unit.h"

static bool is_high(uint32_t c)
{
	return c >= 0xd800 && c <= 0xdbff;
}

static bool is_low(uint32_t c)
{
	return c >= 0xdc00 && c <= 0xdfff;
}

/* Writes one character the way text holds it and says how many bytes that took. */
static size_t text_put(char *out, uint32_t c)
{
	if (c != 0 && c < 0x80) {
		out[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		out[0] = (char)(0xc0 | c >> 6);
		out[1] = (char)(0x80 | (c & 0x3f));
		return 2;
	}
	if (c < 0x10000) {
		out[0] = (char)(0xe0 | c >> 12);
		out[1] = (char)(0x80 | (c >> 6 & 0x3f));
		out[2] = (char)(0x80 | (c & 0x3f));
		return 3;
	}
	out[0] = (char)(0xf0 | c >> 18);
	out[1] = (char)(0x80 | (c >> 12 & 0x3f));
	out[2] = (char)(0x80 | (c >> 6 & 0x3f));
	out[3] = (char)(0x80 | (c & 0x3f));
	return 4;
}

uint32_t text_step(const char *text, size_t *size)
{
	/* By the length of a sequence: what its first byte is at least, and what the character. */
	static const unsigned char leads[] = { 0, 0, 0xc0, 0xe0, 0xf0 };
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	const unsigned char *bytes = (const unsigned char *)text;
	size_t length = 4;
	uint32_t c;

	*size = 1;
	if (bytes[0] < 0x80)
		return bytes[0];
	while (length > 1 && bytes[0] < leads[length])
		length--;
	c = bytes[0] & (0x7fu >> length);
	for (size_t i = 1; i < length; i++) {
		if ((bytes[i] & 0xc0) != 0x80)
			return TEXT_BAD + bytes[0];
		c = c << 6 | (bytes[i] & 0x3fu);
	}
	/* No overlong forms but C0 80, which stands for NUL; 80 to BF begin nothing, and F8 to FF
	 * neither. */
	if (length == 1 || bytes[0] >= 0xf8 || c > 0x10ffff ||
		(c < least[length] && !(c == 0 && length == 2)))
		return TEXT_BAD + bytes[0];
	*size = length;
	return c;
}

/* Trims a string allocated for the worst case, so that long-lived trees do not keep the slack. */
static char *text_finish(TALLOC_CTX *mem, char *out, size_t used)
{
	char *shrunk;

	out[used] = '\0';
	shrunk = memory_array_grow(mem, out, 1, used + 1);
	return shrunk ? shrunk : out;
}

char *text_from_utf16(TALLOC_CTX *mem, const uint8_t *bytes, size_t len)
{
	size_t units = len / 2;
	char *out = memory_array(mem, 3, units + 1);
	size_t used = 0;

	if (!out)
		return NULL;
	for (size_t i = 0; i < units; i++) {
		uint32_t c = get16(bytes + 2 * i);
		if (is_high(c) && i + 1 < units && is_low(get16(bytes + 2 * i + 2)))
			c = 0x10000 + ((c - 0xd800) << 10) + (get16(bytes + 2 * ++i) - 0xdc00u);
		used += text_put(out + used, c);
	}
	return text_finish(mem, out, used);
}

char *text_from_latin1(TALLOC_CTX *mem, const uint8_t *bytes, size_t len)
{
	char *out = memory_array(mem, 2, len + 1);
	size_t used = 0;

	if (!out)
		return NULL;
	for (size_t i = 0; i < len; i++)
		used += text_put(out + used, bytes[i]);
	return text_finish(mem, out, used);
}

uint8_t *text_to_utf16(TALLOC_CTX *mem, const char *text, size_t *len)
{
	uint8_t *out = memory_array(mem, 2, strlen(text) + 1);
	size_t used = 0, size;
	uint32_t before = 0;

	if (!out)
		return NULL;
	for (; *text; text += size) {
		uint32_t c = text_step(text, &size);
		/* Two halves of a pair written apart would not come back as they were. */
		if (c >= TEXT_BAD || (is_high(before) && is_low(c))) {
			talloc_free(out);
			return NULL;
		}
		put16(out + used, c < 0x10000 ? c : 0xd800 + ((c - 0x10000) >> 10));
		used += 2;
		if (c >= 0x10000) {
			put16(out + used, 0xdc00 + (c & 0x3ff));
			used += 2;
		}
		before = c;
	}
	*len = used;
	return out;
}

/* Lower-case letters and how far their upper case is; step 2 where capitals and small letters take
 * turns. Of the upper-case table on every NTFS volume ($UpCase), the blocks that names of the
 * nineties can hold. */
struct case_run {
	uint16_t first, last, step;
	int16_t delta;
};

static const struct case_run case_runs[] = {
	{ 0x00e0, 0x00f6, 1, -32 },
	{ 0x00f8, 0x00fe, 1, -32 },
	{ 0x00ff, 0x00ff, 1, 121 },
	{ 0x0101, 0x012f, 2, -1 },
	{ 0x0133, 0x0137, 2, -1 },
	{ 0x013a, 0x0148, 2, -1 },
	{ 0x014b, 0x0177, 2, -1 },
	{ 0x017a, 0x017e, 2, -1 },
	{ 0x03ac, 0x03ac, 1, -38 },
	{ 0x03ad, 0x03af, 1, -37 },
	{ 0x03b1, 0x03c1, 1, -32 },
	{ 0x03c3, 0x03cb, 1, -32 },
	{ 0x03cc, 0x03cc, 1, -64 },
	{ 0x03cd, 0x03ce, 1, -63 },
	{ 0x0430, 0x044f, 1, -32 },
	{ 0x0450, 0x045f, 1, -80 },
	{ 0x0461, 0x0481, 2, -1 },
	{ 0x0491, 0x04bf, 2, -1 },
	{ 0x04d1, 0x04eb, 2, -1 },
	{ 0x04ef, 0x04f5, 2, -1 },
	{ 0x04f9, 0x04f9, 1, -1 },
};

uint16_t text_upcase(uint16_t unit)
{
	/* ASCII, which nearly every name is, needs no table. */
	if (unit < 0x80)
		return unit >= 'a' && unit <= 'z' ? (uint16_t)(unit - 32) : unit;
	for (size_t i = 0; i < ARRAY_SIZE(case_runs); i++) {
		const struct case_run *run = &case_runs[i];
		if (unit < run->first)
			break;
		if (unit <= run->last && (unit - run->first) % run->step == 0)
			return (uint16_t)(unit + run->delta);
	}
	return unit;
}

/* A number that orders characters as their folded UTF-16 units do: a character of two units sorts
 * between U+DBFF and U+DC00. */
static uint64_t text_rank(const char *text, size_t *size)
{
	uint32_t c = text_step(text, size);

	if (c >= TEXT_BAD)
		return (uint64_t)c << 16;
	if (c >= 0x10000)
		return (uint64_t)(0xd800 + ((c - 0x10000) >> 10)) << 16 | (0xdc00 + (c & 0x3ff));
	return (uint64_t)text_upcase((uint16_t)c) << 16;
}

int text_compare(const char *a, const char *b)
{
	size_t size_a, size_b;

	while (*a && *b) {
		/* Most names are spelled alike. */
		if (*a == *b && (unsigned char)*a < 0x80) {
			a++;
			b++;
			continue;
		}
		uint64_t rank_a = text_rank(a, &size_a);
		uint64_t rank_b = text_rank(b, &size_b);
		if (rank_a != rank_b)
			return rank_a < rank_b ? -1 : 1;
		a += size_a;
		b += size_b;
	}
	return (*a != '\0') - (*b != '\0');
}

bool text_equal(const char *a, const char *b)
{
	return text_compare(a, b) == 0;
}

bool text_equal_n(const char *a, const char *b, size_t n)
{
	size_t size_a, size_b, done_a = 0, done_b = 0;

	while (done_a < n && done_b < n) {
		if (!a[done_a] || !b[done_b])
			return a[done_a] == b[done_b];
		if (text_rank(a + done_a, &size_a) != text_rank(b + done_b, &size_b))
			return false;
		done_a += size_a;
		done_b += size_b;
	}
	return done_a == done_b;
}

bool text_ends(const char *text, const char *with)
{
	size_t len = strlen(text), end = strlen(with);

	return len > end && text_equal(text + len - end, with);
}

size_t text_number(const char *const *names, size_t count, const char *name)
{
	size_t i = 0;

	while (i < count && (!name || strcmp(names[i], name) != 0))
		i++;
	return i;
}

char *text_trim(char *text)
{
	size_t len;

	text += strspn(text, " \t");
	for (len = strlen(text); len && strchr(" \t", text[len - 1]); len--)
		text[len - 1] = '\0';
	return text;
}

char *text_item(TALLOC_CTX *mem, const char **rest)
{
	const char *from = *rest;
	char *item = talloc_zero_size(mem, strlen(from) + 1), *to = item;

	while (item && *from != '\0' && *from != ',') {
		from += from[0] == '\\' && from[1] == ',';
		*to++ = *from++;
	}
	*rest = *from == ',' ? from + 1 : from;
	return item;
}

char *text_item_add(char *list, const char *item)
{
	for (; list && *item != '\0'; item++)
		list = talloc_asprintf_append(list, *item == ',' ? "\\%c" : "%c", *item);
	return list;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text for a person's eyes and for ids: nothing invisible, nothing that moves a cursor. */
#include "base/text.h"

#include <nettle/base16.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text_unit.h"

struct range {
	uint32_t first, last;
};

/* What must not reach a screen unescaped: it is invisible, or changes how its neighbours look. */
static const struct range hidden[] = {
	{ 0x0000, 0x001f }, { 0x007f, 0x009f }, /* controls */
	{ 0x00ad, 0x00ad },                     /* soft hyphen */
	{ 0x034f, 0x034f },                     /* combining grapheme joiner */
	{ 0x061c, 0x061c },                     /* Arabic letter mark */
	{ 0x115f, 0x1160 },                     /* Hangul fillers */
	{ 0x17b4, 0x17b5 },                     /* Khmer inherent vowels */
	{ 0x180b, 0x180e }, /* Mongolian variation selectors and vowel separator */
	{ 0x200b, 0x200f }, /* zero width, direction marks */
	{ 0x2028, 0x202e }, /* line and paragraph separator, embeddings and overrides */
	{ 0x2060, 0x206f }, /* word joiner, invisible operators, isolates */
	{ 0x3164, 0x3164 }, { 0xfe00, 0xfe0f },     /* Hangul filler, variation selectors */
	{ 0xd800, 0xdfff },                         /* lone surrogates */
	{ 0xfeff, 0xfeff }, { 0xffa0, 0xffa0 },     /* byte order mark, half-width filler */
	{ 0xfff0, 0xfffb }, { 0xfffe, 0xffff },     /* interlinear annotation, not characters */
	{ 0x1bca0, 0x1bca3 }, { 0x1d173, 0x1d17a }, /* shorthand and musical format controls */
	{ 0xe0000, 0xe0fff },                       /* tags, more variation selectors */
};

static bool is_hidden(uint32_t c)
{
	if (c >= TEXT_BAD)
		return true;
	for (size_t i = 0; i < ARRAY_SIZE(hidden); i++)
		if (c >= hidden[i].first && c <= hidden[i].last)
			return true;
	return false;
}

/* \xNN is a byte, \uNNNN a UTF-16 unit as Windows has it. */
static size_t escape_put(char *out, uint32_t c)
{
	if (c < 0x80 || c >= TEXT_BAD)
		return (size_t)sprintf(out, "\\x%02x", (unsigned)(c & 0xff));
	if (c < 0x10000)
		return (size_t)sprintf(out, "\\u%04x", (unsigned)c);
	return (size_t)sprintf(out, "\\u%04x\\u%04x", (unsigned)(0xd800 + ((c - 0x10000) >> 10)),
		(unsigned)(0xdc00 + (c & 0x3ff)));
}

size_t text_escape(char *out, size_t room, const char *text)
{
	/* \uNNNN\uNNNN and its NUL. */
	char escaped[2 * 6 + 1];
	size_t used = 0, size, put;

	for (; *text; text += size) {
		uint32_t c = text_step(text, &size);
		bool hides = is_hidden(c);

		put = hides ? escape_put(escaped, c) : size;
		if (put >= room - used)
			break;
		memcpy(out + used, hides ? escaped : text, put);
		used += put;
	}
	out[used] = '\0';
	return used;
}

char *text_shown(TALLOC_CTX *mem, const char *text)
{
	/* The worst are a bad byte, 1 to 4, and a character of 2 bytes, 2 to 6. */
	size_t room = strlen(text) * 4 + 1;
	char *out = memory_array(mem, 1, room);

	if (out)
		text_escape(out, room, text);
	return out;
}

char *text_percent(TALLOC_CTX *mem, const char *text)
{
	char *out = memory_array(mem, 1, strlen(text) * 3 + 1), *end = out;
	size_t size;

	for (; out && *text; text += size) {
		uint32_t c = text_step(text, &size);
		bool coded = c == '%' || c == '/' || is_hidden(c);
		for (size_t i = 0; i < size; i++) {
			if (coded)
				end += sprintf(end, "%%%02X", (unsigned char)text[i]);
			else
				*end++ = text[i];
		}
	}
	if (out)
		*end = '\0';
	return out;
}

int text_hex_digit(char c)
{
	const char *digits = TEXT_HEX_DIGITS, *at = c ? strchr(digits, c) : NULL;

	if (!at)
		return -1;
	return (int)(at - digits) < 16 ? (int)(at - digits) : (int)(at - digits) - 6;
}

bool text_hex32(const char *text, uint32_t *number)
{
	*number = 0;
	for (int i = 0; i < 8; i++) {
		const int digit = text_hex_digit(text[i]);

		if (digit < 0)
			return false;
		*number = *number << 4 | (uint32_t)digit;
	}
	return true;
}

char *text_unpercent(TALLOC_CTX *mem, const char *text)
{
	char *out = memory_array(mem, 1, strlen(text) + 1), *end = out;

	for (; out && *text; text++) {
		int byte = (unsigned char)*text;
		if (*text == '%') {
			int high = text_hex_digit(text[1]),
			    low = high < 0 ? -1 : text_hex_digit(text[2]);
			byte = low < 0 ? -1 : high << 4 | low;
			text += 2;
		}
		if (byte <= 0) {
			talloc_free(out);
			return NULL;
		}
		*end++ = (char)byte;
	}
	if (out)
		*end = '\0';
	return out;
}

char *text_hex(TALLOC_CTX *mem, const uint8_t *bytes, size_t len)
{
	char *out = memory_array(mem, 2, len + 1);

	if (out) {
		base16_encode_update(out, len, bytes);
		out[2 * len] = '\0';
	}
	return out;
}

uint8_t *text_unhex(TALLOC_CTX *mem, const char *hex, size_t *len)
{
	size_t digits = strlen(hex);
	bool good = digits % 2 == 0 && strspn(hex, TEXT_HEX_DIGITS) == digits;
	uint8_t *out = good ? memory_array(mem, 1, digits / 2 + 1) : NULL;
	struct base16_decode_ctx ctx;

	*len = digits / 2;
	base16_decode_init(&ctx);
	if (out)
		(void)base16_decode_update(&ctx, len, out, digits, hex);
	return out;
}

bool text_is_name(const char *text)
{
	bool letter = false;
	size_t size;

	for (; *text && !letter; text += size) {
		uint32_t c = text_step(text, &size);

		letter = (c >= 0xa0 && !is_hidden(c)) || (c >= '0' && c <= '9') ||
			(c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
	}
	return letter;
}

const char *text_call(void)
{
	const char *call = getenv("MSMCFIX_CALL");
	char *shown = text_shown(NULL, call ? call : "");
	bool safe = shown && *shown != '\0' && strcmp(shown, call) == 0;

	talloc_free(shown);
	return safe ? call : "msmcfix";
}

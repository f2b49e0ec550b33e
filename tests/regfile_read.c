/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The whole file becomes text first; from there on one reader does. */
#include "tests/regfile_read.h"

#include <string.h>

#include "base/memory.h"
#include "base/text.h"

#define HEADER_4 "REGEDIT4"
#define HEADER_5 "Windows Registry Editor Version 5.00"

/* Code page 1252 from 0x80 to 0x9f as Windows maps it; all other bytes are the first 256 characters
 * of Unicode. */
static const uint16_t ansi_high[32] = { 0x20ac, 0x0081, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020,
	0x2021, 0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0x008d, 0x017d, 0x008f, 0x0090, 0x2018,
	0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153,
	0x009d, 0x017e, 0x0178 };

/* UTF-16LE of ANSI bytes, twice as long. */
static uint8_t *ansi_to_utf16(TALLOC_CTX *mem, const uint8_t *bytes, size_t len)
{
	uint8_t *out = memory_array(mem, 2, len);

	for (size_t i = 0; out && i < len; i++) {
		unsigned unit =
			bytes[i] >= 0x80 && bytes[i] < 0xa0 ? ansi_high[bytes[i] - 0x80] : bytes[i];
		out[2 * i] = (uint8_t)unit;
		out[2 * i + 1] = (uint8_t)(unit >> 8);
	}
	return out;
}

struct reader {
	struct regfile *file;
	char *rest; /* what follows the current line */
	char *at;   /* where reading is in the line */
	size_t line;
	/* why a reading function returned false; otherwise the line is malformed */
	bool memory_out;
};

/* What a function made that fails for want of memory alone. */
static void *made(struct reader *reader, void *thing)
{
	reader->memory_out |= !thing;
	return thing;
}

/* Goes to the next line and cuts it off. False at the end. */
static bool line_next(struct reader *reader)
{
	size_t len = strcspn(reader->rest, "\n");
	char *line = reader->rest;

	if (*line == '\0')
		return false;
	reader->rest += line[len] ? len + 1 : len;
	line[len] = '\0';
	if (len > 0 && line[len - 1] == '\r')
		line[len - 1] = '\0';
	reader->at = line;
	reader->line++;
	return true;
}

static void skip_blanks(struct reader *reader)
{
	reader->at += strspn(reader->at, " \t");
}

/* Nothing but blanks or a comment may follow. */
static bool line_ends(struct reader *reader)
{
	skip_blanks(reader);
	return *reader->at == '\0' || *reader->at == ';';
}

/* Takes word, in any case, if it is here. */
static bool take(struct reader *reader, const char *word)
{
	size_t len = strlen(word);

	/* The comparison stops at the end of the line by itself. */
	if (!text_equal_n(reader->at, word, len))
		return false;
	reader->at += len;
	return true;
}

/* A number of 1 to most hex digits. */
static bool take_hex(struct reader *reader, size_t most, uint32_t *value)
{
	size_t digits = 0;
	int digit;

	for (*value = 0; digits < most && (digit = text_hex_digit(*reader->at)) >= 0;
		digits++, reader->at++)
		*value = *value << 4 | (uint32_t)digit;
	return digits > 0;
}

/* A string in quotes, unescaped where it lies. NULL if it does not end or has an invalid escape. */
static char *take_quoted(struct reader *reader)
{
	char *start, *out;

	if (!take(reader, "\""))
		return NULL;
	start = out = reader->at;
	while (*reader->at && *reader->at != '"') {
		if (*reader->at == '\\') {
			reader->at++;
			if (*reader->at != '\\' && *reader->at != '"')
				return NULL;
		}
		*out++ = *reader->at++;
	}
	if (*reader->at == '\0')
		return NULL;
	reader->at++;
	*out = '\0';
	return start;
}

/* In a REGEDIT4 file the bytes of strings are ANSI (Q186146). */
static bool widen(struct reader *reader, struct reg_data *data)
{
	uint8_t *units;

	if (reader->file->version == REGFILE_5 ||
		(data->type != REG_SZ && data->type != REG_EXPAND_SZ && data->type != REG_MULTI_SZ))
		return true;
	units = made(reader, ansi_to_utf16(reader->file, data->bytes, data->len));
	talloc_free(data->bytes);
	data->bytes = units;
	data->len *= 2;
	return units;
}

/* Bytes with a comma between them; a backslash in the place of one continues them on the next
 * line. */
static bool read_hex(struct reader *reader, struct reg_data *data)
{
	bool more = !line_ends(reader);
	uint32_t byte;
	uint8_t *last;

	for (; more; skip_blanks(reader)) {
		if (take(reader, "\\")) {
			if (!line_ends(reader) || !line_next(reader))
				return false;
			continue;
		}
		if (!take_hex(reader, 2, &byte) ||
			!(last = made(reader,
				  memory_more(reader->file, &data->bytes, data->len, 1))))
			return false;
		*last = (uint8_t)byte;
		data->len++;
		skip_blanks(reader);
		more = take(reader, ",");
	}
	return line_ends(reader) && widen(reader, data);
}

static bool read_whole(struct reader *reader, struct reg_data *whole, struct reg_data *data)
{
	if (!made(reader, whole))
		return false;
	*data = *whole;
	return line_ends(reader);
}

static bool read_data(struct reader *reader, struct reg_value *value)
{
	uint32_t number = REG_BINARY;

	if (*reader->at == '"') {
		const char *text = take_quoted(reader);
		return text &&
			read_whole(reader, regdata_from_string(reader->file, REG_SZ, text),
				&value->data);
	}
	if (take(reader, "dword:")) {
		skip_blanks(reader);
		return take_hex(reader, 8, &number) &&
			read_whole(reader, regdata_from_dword(reader->file, number), &value->data);
	}
	if (!take(reader, "hex") ||
		(take(reader, "(") && (!take_hex(reader, 8, &number) || !take(reader, ")"))) ||
		!take(reader, ":"))
		return false;
	value->data.type = number;
	return read_hex(reader, &value->data);
}

static bool read_value(struct reader *reader)
{
	struct regfile_key *key;
	struct reg_value *value;
	const char *name = take(reader, "@") ? "" : take_quoted(reader);

	skip_blanks(reader);
	if (!name || strchr(name, '\r') || reader->file->count == 0 || !take(reader, "="))
		return false;
	skip_blanks(reader);
	key = &reader->file->keys[reader->file->count - 1];
	value = made(reader, memory_more(reader->file, &key->values, key->count, sizeof *value));
	if (!value)
		return false;
	key->count++;
	value->name = made(reader, talloc_strdup(reader->file, name));
	return value->name && read_data(reader, value);
}

/* [path]; a path may hold brackets itself, so the last one on the line counts. No name
 * has a CR in it: it would end the line for one program and not for another. */
static bool read_key(struct reader *reader)
{
	struct regfile_key *key;
	char *path = reader->at + 1, *close = strrchr(path, ']');

	if (!close || close <= path || *path == '-' || strchr(path, '\r'))
		return false;
	reader->at = close + 1;
	if (!line_ends(reader))
		return false;
	*close = '\0';
	key = made(reader,
		memory_more(reader->file, &reader->file->keys, reader->file->count, sizeof *key));
	if (!key)
		return false;
	reader->file->count++;
	key->path = made(reader, talloc_strdup(reader->file, path));
	return key->path;
}

static bool read_lines(struct reader *reader)
{
	bool good = line_next(reader) &&
		take(reader, reader->file->version == REGFILE_5 ? HEADER_5 : HEADER_4) &&
		line_ends(reader);

	reader->line = 1;
	while (good && line_next(reader))
		good = line_ends(reader) ||
			(*reader->at == '[' ? read_key(reader) : read_value(reader));
	return good;
}

/* The file as text. NULL for want of memory. */
static char *file_text(struct regfile *file, const uint8_t *bytes, size_t len)
{
	uint8_t *units;
	char *text;

	file->version = len >= 2 && bytes[0] == 0xff && bytes[1] == 0xfe ? REGFILE_5 : REGFILE_4;
	if (file->version == REGFILE_5)
		return text_from_utf16(file, bytes + 2, len - 2);
	units = ansi_to_utf16(file, bytes, len);
	text = units ? text_from_utf16(file, units, len * 2) : NULL;
	talloc_free(units);
	return text;
}

int regfile_read(TALLOC_CTX *mem, const uint8_t *bytes, size_t len, struct regfile **file,
	struct error *err)
{
	struct reader reader = { .file = talloc_zero(mem, struct regfile) };
	char *text = reader.file ? file_text(reader.file, bytes, len) : NULL;
	int ret = 0;

	reader.rest = text;
	if (!text)
		ret = error_memory(err);
	else if ((reader.file->version == REGFILE_5 && len % 2) || strstr(text, "\xc0\x80"))
		ret = error_set(err, TROUBLE_RECORD_DAMAGED, "%s",
			"The .reg file is cut off or not text.");
	else if (!read_lines(&reader))
		ret = reader.memory_out
			? error_memory(err)
			: error_set(err, TROUBLE_RECORD_DAMAGED,
				  "Line %zu of the .reg file is malformed.", reader.line);
	talloc_free(text);
	if (ret)
		TALLOC_FREE(reader.file);
	*file = reader.file;
	return ret;
}

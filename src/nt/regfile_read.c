/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads .reg files of both versions. The whole file becomes text first; from there on one reader does. */
#include "nt/regfile.h"

#include <string.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "nt/regfile_ansi.h"

struct reader {
	struct regfile *file;
	char *rest;           /* what follows the current line */
	char *at;             /* where reading is in the line */
	size_t line;
	struct error *err;
};

static int read_damaged(const struct reader *reader)
{
	return error_set(reader->err, TROUBLE_RECORD_DAMAGED, _("Line %zu of the .reg file is malformed."),
			 reader->line);
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

	for (*value = 0; digits < most && (digit = text_hex_digit(*reader->at)) >= 0; digits++, reader->at++)
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
static int widen(struct reader *reader, struct reg_data *data)
{
	uint8_t *units;

	if (reader->file->version == REGFILE_5 || !ansi_type(data->type))
		return 0;
	units = ansi_to_utf16(reader->file, data->bytes, data->len);
	if (!units)
		return error_memory(reader->err);
	talloc_free(data->bytes);
	data->bytes = units;
	data->len *= 2;
	return 0;
}

/* Bytes with a comma between them; a backslash in the place of one continues them on the next line. */
static int read_hex(struct reader *reader, struct reg_data *data)
{
	bool more = !line_ends(reader);
	uint32_t byte;
	uint8_t *last;

	for (; more; skip_blanks(reader)) {
		if (take(reader, "\\")) {
			if (!line_ends(reader) || !line_next(reader))
				return read_damaged(reader);
			continue;
		}
		if (!take_hex(reader, 2, &byte))
			return read_damaged(reader);
		last = memory_more(reader->file, &data->bytes, data->len, 1);
		if (!last)
			return error_memory(reader->err);
		*last = (uint8_t)byte;
		data->len++;
		skip_blanks(reader);
		more = take(reader, ",");
	}
	return line_ends(reader) ? widen(reader, data) : read_damaged(reader);
}

static int read_made(struct reader *reader, const struct reg_data *made, struct reg_data *data)
{
	if (!made)
		return error_memory(reader->err);
	*data = *made;
	return line_ends(reader) ? 0 : read_damaged(reader);
}

static int read_data(struct reader *reader, struct regfile_value *value)
{
	uint32_t number = REG_BINARY;

	if (*reader->at == '"') {
		const char *text = take_quoted(reader);
		return text ? read_made(reader, regdata_from_string(reader->file, REG_SZ, text), &value->data)
			    : read_damaged(reader);
	}
	if (take(reader, "-")) {
		value->deleted = true;
		return line_ends(reader) ? 0 : read_damaged(reader);
	}
	if (take(reader, "dword:")) {
		skip_blanks(reader);
		if (!take_hex(reader, 8, &number))
			return read_damaged(reader);
		return read_made(reader, regdata_from_dword(reader->file, number), &value->data);
	}
	if (!take(reader, "hex") || (take(reader, "(") && (!take_hex(reader, 8, &number) || !take(reader, ")"))) ||
	    !take(reader, ":"))
		return read_damaged(reader);
	value->data.type = number;
	return read_hex(reader, &value->data);
}

static int read_value(struct reader *reader)
{
	struct regfile_key *key;
	struct regfile_value *value;
	const char *name = take(reader, "@") ? "" : take_quoted(reader);

	skip_blanks(reader);
	if (!name || strchr(name, '\r') || reader->file->count == 0 || !take(reader, "="))
		return read_damaged(reader);
	skip_blanks(reader);
	key = &reader->file->keys[reader->file->count - 1];
	value = memory_more(reader->file, &key->values, key->count, sizeof *value);
	if (!value)
		return error_memory(reader->err);
	key->count++;
	value->name = talloc_strdup(reader->file, name);
	return value->name ? read_data(reader, value) : error_memory(reader->err);
}

/* [path] or [-path]; a path may hold brackets itself, so the last one on the line counts. No name has a CR in it: it would
 * end the line for one program and not for another. */
static int read_key(struct reader *reader)
{
	struct regfile_key *key;
	char *path = reader->at + 1, *close = strrchr(path, ']');
	bool deleted = *path == '-';

	path += deleted;
	if (!close || close <= path || *path == '-' || strchr(path, '\r'))
		return read_damaged(reader);
	reader->at = close + 1;
	if (!line_ends(reader))
		return read_damaged(reader);
	*close = '\0';
	key = memory_more(reader->file, &reader->file->keys, reader->file->count, sizeof *key);
	if (!key)
		return error_memory(reader->err);
	reader->file->count++;
	*key = (struct regfile_key){ .path = talloc_strdup(reader->file, path), .deleted = deleted };
	return key->path ? 0 : error_memory(reader->err);
}

static int read_lines(struct reader *reader)
{
	const char *header = reader->file->version == REGFILE_5 ? REGFILE_HEADER_5 : REGFILE_HEADER_4;
	int ret = 0;

	if (!line_next(reader) || !take(reader, header) || !line_ends(reader)) {
		reader->line = 1;
		return read_damaged(reader);
	}
	while (!ret && line_next(reader)) {
		if (line_ends(reader))
			continue;
		ret = *reader->at == '[' ? read_key(reader) : read_value(reader);
	}
	return ret;
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

int regfile_read(TALLOC_CTX *mem, const uint8_t *bytes, size_t len, struct regfile **file, struct error *err)
{
	struct reader reader = { .err = err };
	char *text;
	int ret;

	*file = NULL;
	reader.file = talloc_zero(mem, struct regfile);
	text = reader.file ? file_text(reader.file, bytes, len) : NULL;
	reader.rest = text;
	if (!text)
		ret = error_memory(err);
	else if ((reader.file->version == REGFILE_5 && len % 2) || strstr(text, "\xc0\x80"))
		ret = error_set(err, TROUBLE_RECORD_DAMAGED, "%s", _("The .reg file is cut off or not text."));
	else
		ret = read_lines(&reader);
	talloc_free(text);
	if (ret)
		talloc_free(reader.file);
	else
		*file = reader.file;
	return ret;
}

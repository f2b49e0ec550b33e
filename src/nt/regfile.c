/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writes .reg files the way Windows' own editor does, to the column where a line breaks. What one
 * key says is made as text and then turned into the bytes of the file. */
#include "nt/regfile.h"

#include <stdarg.h>
#include <string.h>

#include "base/bytes.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"

/* A line of hex breaks after the byte that passes this column; with comma and backslash it then has
 * at most 80. */
#define HEX_COLUMN 76

struct sheet {
	enum regfile_version version;
	const char *key; /* for error sentences */
	char *text;      /* of this key, NULL before it says anything */
	uint8_t *bytes;  /* of the file so far */
	size_t len;
	int ret; /* not 0: nothing more is written */
	struct error *err;
};

__attribute__((format(printf, 2, 3))) static void say(struct sheet *sheet, const char *format, ...)
{
	char *text = NULL;
	va_list args;

	if (sheet->ret)
		return;
	va_start(args, format);
	text = talloc_vasprintf_append_buffer(sheet->text, format, args);
	va_end(args);
	if (text)
		sheet->text = text;
	else
		sheet->ret = error_memory(sheet->err);
}

/* unit: the character that code page 1252 lacks, or 0. */
static void refuse(struct sheet *sheet, unsigned unit)
{
	sheet->ret = unit
		? error_set(sheet->err, TROUBLE_NAME,
			  _("A REGEDIT4 file cannot hold the character U+%04X, which the key %s uses."),
			  unit, sheet->key)
		: error_set(sheet->err, TROUBLE_NAME,
			  _("A .reg file cannot hold a name or value that the key %s uses."),
			  sheet->key);
}

/* The types whose bytes are characters, and so ANSI in a REGEDIT4 file (Q186146). */
static bool is_text(uint32_t type)
{
	return type == REG_SZ || type == REG_EXPAND_SZ || type == REG_MULTI_SZ;
}

/* The byte of a unit in code page 1252 as Windows maps it, where the five bytes without a character
 * stand for the control of the same number; -1 if it has none. */
static int ansi_byte(unsigned unit)
{
	/* 0x80 to 0x9f; all other bytes are the first 256 characters of Unicode. */
	static const uint16_t high[32] = { 0x20ac, 0x0081, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020,
		0x2021, 0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0x008d, 0x017d, 0x008f, 0x0090,
		0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x02dc, 0x2122, 0x0161,
		0x203a, 0x0153, 0x009d, 0x017e, 0x0178 };

	if (unit < 0x80 || (unit >= 0xa0 && unit < 0x100))
		return (int)unit;
	for (int i = 0; i < 32; i++)
		if (high[i] == unit)
			return 0x80 + i;
	return -1;
}

/* ANSI bytes of UTF-16LE (len is even), half as long; NULL if that cannot be. */
static uint8_t *to_ansi(struct sheet *sheet, const uint8_t *units, size_t len)
{
	uint8_t *out = memory_array(NULL, 1, len / 2);

	if (!out)
		sheet->ret = error_memory(sheet->err);
	for (size_t i = 0; out && i < len / 2; i++) {
		unsigned unit = get16(units + 2 * i);
		int byte = ansi_byte(unit);

		if (byte < 0) {
			refuse(sheet, unit);
			TALLOC_FREE(out);
		} else {
			out[i] = (uint8_t)byte;
		}
	}
	return out;
}

/* The text goes into the file. */
static void flush(struct sheet *sheet)
{
	size_t len = 0;
	uint8_t *bytes = sheet->ret ? NULL : text_to_utf16(NULL, sheet->text, &len), *ansi, *grown;

	if (!sheet->ret && !bytes)
		refuse(sheet, 0);
	if (!sheet->ret && sheet->version == REGFILE_4) {
		ansi = to_ansi(sheet, bytes, len);
		talloc_free(bytes);
		bytes = ansi;
		len /= 2;
	}
	grown = sheet->ret ? NULL : memory_array_grow(NULL, sheet->bytes, 1, sheet->len + len);
	if (grown) {
		memcpy(grown + sheet->len, bytes, len);
		sheet->bytes = grown;
		sheet->len += len;
		TALLOC_FREE(sheet->text);
	} else if (!sheet->ret) {
		sheet->ret = error_memory(sheet->err);
	}
	talloc_free(bytes);
}

/* A line can hold neither a line end nor a NUL. */
static bool fits_a_line(const char *text)
{
	return !strpbrk(text, "\r\n") && !strstr(text, "\xc0\x80");
}

static void say_quoted(struct sheet *sheet, const char *text)
{
	say(sheet, "\"");
	for (; *text; text++)
		say(sheet, strchr("\\\"", *text) ? "\\%c" : "%c", *text);
	say(sheet, "\"");
}

/* The UTF-16 units of the line so far. */
static size_t column_of(const char *text)
{
	const char *line = strrchr(text, '\n');
	size_t len = 0;

	talloc_free(text_to_utf16(NULL, line ? line + 1 : text, &len));
	return len / 2;
}

static void say_hex(struct sheet *sheet, const uint8_t *bytes, size_t len)
{
	size_t column = column_of(sheet->text);

	for (size_t i = 0; i < len; i++) {
		say(sheet, i + 1 < len ? "%02x," : "%02x", bytes[i]);
		column += 3;
		if (i + 1 < len && column > HEX_COLUMN) {
			say(sheet, "\\\r\n  ");
			column = 2;
		}
	}
}

static void say_hex_value(struct sheet *sheet, const struct reg_data *data)
{
	uint8_t *ansi;

	if (data->type == REG_BINARY)
		say(sheet, "hex:");
	else
		say(sheet, "hex(%x):", (unsigned)data->type);
	if (sheet->version == REGFILE_5 || !is_text(data->type)) {
		say_hex(sheet, data->bytes, data->len);
	} else if (data->len % 2) {
		refuse(sheet, 0);
	} else if ((ansi = to_ansi(sheet, data->bytes, data->len))) {
		say_hex(sheet, ansi, data->len / 2);
		talloc_free(ansi);
	}
}

/* Data that can be written as a string in quotes and read back as the same bytes: one final NUL and
 * no other. Otherwise NULL. */
static char *plain_string(const struct reg_data *data)
{
	bool ends = data->type == REG_SZ && data->len >= 2 && data->len % 2 == 0 &&
		!data->bytes[data->len - 2] && !data->bytes[data->len - 1];
	char *text = ends ? text_from_utf16(NULL, data->bytes, data->len - 2) : NULL;

	if (text && !fits_a_line(text))
		TALLOC_FREE(text);
	return text;
}

static void say_data(struct sheet *sheet, const struct reg_data *data)
{
	char *text = plain_string(data);
	uint32_t value;

	if (text)
		say_quoted(sheet, text);
	else if (data->type == REG_DWORD && regdata_dword(data, &value))
		say(sheet, "dword:%08x", (unsigned)value);
	else
		say_hex_value(sheet, data);
	talloc_free(text);
}

static void say_value(struct sheet *sheet, const struct reg_value *value)
{
	if (!fits_a_line(value->name))
		refuse(sheet, 0);
	else if (*value->name)
		say_quoted(sheet, value->name);
	else
		say(sheet, "@");
	say(sheet, "=");
	say_data(sheet, &value->data);
	say(sheet, "\r\n");
}

static void say_key(struct sheet *sheet, const struct regfile_key *key)
{
	sheet->key = key->path;
	if (key->path[0] == '\0' || key->path[0] == '-' || !fits_a_line(key->path))
		refuse(sheet, 0);
	say(sheet, "[%s]\r\n", key->path);
	for (size_t i = 0; i < key->count && !sheet->ret; i++)
		say_value(sheet, &key->values[i]);
	say(sheet, "\r\n");
	flush(sheet);
}

int regfile_write(TALLOC_CTX *mem, const struct regfile *file, uint8_t **bytes, size_t *len,
	struct error *err)
{
	struct sheet sheet = { .version = file->version, .key = "", .err = err };

	say(&sheet, "%s\r\n\r\n",
		file->version == REGFILE_5 ? "\xef\xbb\xbf"
					     "Windows Registry Editor Version 5.00"
					   : "REGEDIT4");
	flush(&sheet);
	for (size_t i = 0; i < file->count && !sheet.ret; i++)
		say_key(&sheet, &file->keys[i]);
	*bytes = talloc_steal(mem, sheet.bytes);
	*len = sheet.len;
	if (sheet.ret)
		TALLOC_FREE(*bytes);
	talloc_free(sheet.text);
	return sheet.ret;
}

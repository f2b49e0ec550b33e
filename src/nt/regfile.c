/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writes .reg files the way Windows' own editor does, to the column where a line breaks. Reading is in
 * regfile_read.c. */
#include "nt/regfile.h"

#include <string.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "nt/regfile_ansi.h"

/* A line of hex breaks after the byte that passes this column; with comma and backslash it then has at most 80. */
#define HEX_COLUMN 76

/* The file in UTF-16LE while it grows, and what is being written, for error sentences. */
struct sheet {
	enum regfile_version version;
	uint8_t *units;
	size_t len, room;
	size_t column;
	const char *key;
	struct error *err;
};

static int sheet_room(struct sheet *sheet, size_t more)
{
	size_t room = sheet->room;
	uint8_t *grown;

	if (more > SIZE_MAX / 4 || sheet->len > SIZE_MAX / 4)
		return error_memory(sheet->err);
	while (room - sheet->len < more)
		room = room ? room * 2 : 4096;
	if (room == sheet->room)
		return 0;
	grown = memory_array_grow(NULL, sheet->units, 1, room);
	if (!grown)
		return error_memory(sheet->err);
	sheet->units = grown;
	sheet->room = room;
	return 0;
}

static int sheet_units(struct sheet *sheet, const uint8_t *units, size_t len)
{
	int ret = sheet_room(sheet, len);

	if (ret)
		return ret;
	if (len)
		memcpy(sheet->units + sheet->len, units, len);
	sheet->len += len;
	sheet->column += len / 2;
	return 0;
}

static int sheet_ascii(struct sheet *sheet, const char *text)
{
	int ret = 0;

	for (; *text && !ret; text++)
		ret = sheet_units(sheet, (const uint8_t[]){ (uint8_t)*text, 0 }, 2);
	return ret;
}

static int sheet_line_end(struct sheet *sheet)
{
	int ret = sheet_ascii(sheet, "\r\n");

	sheet->column = 0;
	return ret;
}

static int sheet_refuse(const struct sheet *sheet, unsigned unit)
{
	char *key = text_shown(NULL, sheet->key);
	int ret;

	if (!key)
		ret = error_memory(sheet->err);
	else if (unit)
		ret = error_set(sheet->err, TROUBLE_NAME,
				_("A REGEDIT4 file cannot hold the character U+%04X, which the key %s uses."), unit,
				key);
	else
		ret = error_set(sheet->err, TROUBLE_NAME,
				_("A .reg file cannot hold a name or value that the key %s uses."), key);
	talloc_free(key);
	return ret;
}

/* Whether the code page has every unit; asked piece by piece, so that the sentence can say where one is missing. */
static int sheet_check(const struct sheet *sheet, const uint8_t *units, size_t len)
{
	unsigned missing;
	uint8_t *ansi;

	if (sheet->version == REGFILE_5)
		return 0;
	ansi = ansi_from_utf16(NULL, units, len, &missing);
	talloc_free(ansi);
	if (ansi)
		return 0;
	return missing ? sheet_refuse(sheet, missing) : error_memory(sheet->err);
}

static bool unit_is(const uint8_t *units, size_t at, char c)
{
	return units[at] == (uint8_t)c && units[at + 1] == 0;
}

/* A line can hold neither a line end nor a NUL. */
static bool units_fit_a_line(const uint8_t *units, size_t len)
{
	for (size_t i = 0; i < len; i += 2)
		if (unit_is(units, i, '\0') || unit_is(units, i, '\r') || unit_is(units, i, '\n'))
			return false;
	return true;
}

/* Text as it is (a key) or escaped (within quotes). */
static int sheet_text_units(struct sheet *sheet, const uint8_t *units, size_t len, bool escaped)
{
	int ret = sheet_check(sheet, units, len);

	if (!ret && !escaped)
		return sheet_units(sheet, units, len);
	for (size_t i = 0; i < len && !ret; i += 2) {
		if (unit_is(units, i, '\\') || unit_is(units, i, '"'))
			ret = sheet_ascii(sheet, "\\");
		if (!ret)
			ret = sheet_units(sheet, units + i, 2);
	}
	return ret;
}

static int sheet_text(struct sheet *sheet, const char *text, bool escaped)
{
	size_t len;
	uint8_t *units = text_to_utf16(NULL, text, &len);
	int ret;

	if (!units || !units_fit_a_line(units, len))
		ret = sheet_refuse(sheet, 0);
	else
		ret = sheet_text_units(sheet, units, len, escaped);
	talloc_free(units);
	return ret;
}

/* "name"= or @= */
static int sheet_name(struct sheet *sheet, const char *name)
{
	int ret;

	if (*name == '\0')
		return sheet_ascii(sheet, "@=");
	ret = sheet_ascii(sheet, "\"");
	if (!ret)
		ret = sheet_text(sheet, name, true);
	return ret ? ret : sheet_ascii(sheet, "\"=");
}

static int sheet_hex(struct sheet *sheet, const uint8_t *bytes, size_t len)
{
	static const char digits[] = "0123456789abcdef";
	int ret = 0;

	for (size_t i = 0; i < len && !ret; i++) {
		char pair[] = { digits[bytes[i] >> 4], digits[bytes[i] & 15], i + 1 < len ? ',' : '\0', '\0' };
		ret = sheet_ascii(sheet, pair);
		if (!ret && i + 1 < len && sheet->column > HEX_COLUMN) {
			ret = sheet_ascii(sheet, "\\");
			if (!ret)
				ret = sheet_line_end(sheet);
			if (!ret)
				ret = sheet_ascii(sheet, "  ");
		}
	}
	return ret;
}

/* The types whose bytes are characters, and so ANSI in a REGEDIT4 file (Q186146). */
static bool type_is_text(uint32_t type)
{
	return type == REG_SZ || type == REG_EXPAND_SZ || type == REG_MULTI_SZ;
}

static int sheet_hex_value(struct sheet *sheet, const struct reg_data *data)
{
	unsigned missing = 0;
	uint8_t *ansi = NULL;
	char type[24] = "hex:";
	int ret;

	if (data->type != REG_BINARY)
		snprintf(type, sizeof type, "hex(%x):", (unsigned)data->type);
	ret = sheet_ascii(sheet, type);
	if (ret || sheet->version == REGFILE_5 || !type_is_text(data->type))
		return ret ? ret : sheet_hex(sheet, data->bytes, data->len);
	if (data->len % 2)
		return sheet_refuse(sheet, 0);
	ansi = ansi_from_utf16(NULL, data->bytes, data->len, &missing);
	if (!ansi)
		return missing ? sheet_refuse(sheet, missing) : error_memory(sheet->err);
	ret = sheet_hex(sheet, ansi, data->len / 2);
	talloc_free(ansi);
	return ret;
}

/* Whether the data can be written as a string in quotes and read back as the same bytes: one final NUL and no other. */
static bool string_is_plain(const struct reg_data *data)
{
	return data->type == REG_SZ && data->len >= 2 && data->len % 2 == 0 &&
	       unit_is(data->bytes, data->len - 2, '\0') && units_fit_a_line(data->bytes, data->len - 2);
}

static int sheet_data(struct sheet *sheet, const struct reg_data *data)
{
	char dword[24];
	uint32_t value;
	int ret;

	if (string_is_plain(data)) {
		ret = sheet_ascii(sheet, "\"");
		if (!ret)
			ret = sheet_text_units(sheet, data->bytes, data->len - 2, true);
		return ret ? ret : sheet_ascii(sheet, "\"");
	}
	if (data->type == REG_DWORD && regdata_dword(data, &value)) {
		snprintf(dword, sizeof dword, "dword:%08x", (unsigned)value);
		return sheet_ascii(sheet, dword);
	}
	return sheet_hex_value(sheet, data);
}

static int sheet_value(struct sheet *sheet, const struct regfile_value *value)
{
	int ret = sheet_name(sheet, value->name);

	if (!ret)
		ret = value->deleted ? sheet_ascii(sheet, "-") : sheet_data(sheet, &value->data);
	return ret ? ret : sheet_line_end(sheet);
}

static int sheet_key(struct sheet *sheet, const struct regfile_key *key)
{
	int ret;

	sheet->key = key->path;
	if (key->path[0] == '\0' || key->path[0] == '-')
		return sheet_refuse(sheet, 0);
	ret = sheet_ascii(sheet, key->deleted ? "[-" : "[");
	if (!ret)
		ret = sheet_text(sheet, key->path, false);
	if (!ret)
		ret = sheet_ascii(sheet, "]");
	if (!ret)
		ret = sheet_line_end(sheet);
	for (size_t i = 0; i < key->count && !ret; i++)
		ret = sheet_value(sheet, &key->values[i]);
	return ret ? ret : sheet_line_end(sheet);
}

static int sheet_file(struct sheet *sheet, const struct regfile *file)
{
	int ret = 0;

	if (file->version == REGFILE_5)
		ret = sheet_units(sheet, (const uint8_t[]){ 0xff, 0xfe }, 2);
	if (!ret)
		ret = sheet_ascii(sheet,
				  file->version == REGFILE_5 ? "Windows Registry Editor Version 5.00" : "REGEDIT4");
	if (!ret)
		ret = sheet_line_end(sheet);
	if (!ret)
		ret = sheet_line_end(sheet);
	for (size_t i = 0; i < file->count && !ret; i++)
		ret = sheet_key(sheet, &file->keys[i]);
	return ret;
}

int regfile_write(TALLOC_CTX *mem, const struct regfile *file, uint8_t **bytes, size_t *len, struct error *err)
{
	struct sheet sheet = { .version = file->version, .key = "", .err = err };
	unsigned missing;
	int ret = sheet_file(&sheet, file);

	if (!ret && file->version == REGFILE_5) {
		*bytes = talloc_steal(mem, sheet.units);
		*len = sheet.len;
		return 0;
	}
	if (!ret) {
		*bytes = ansi_from_utf16(mem, sheet.units, sheet.len, &missing);
		*len = sheet.len / 2;
		ret = *bytes ? 0 : error_memory(err);
	}
	talloc_free(sheet.units);
	return ret;
}

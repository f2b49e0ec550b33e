/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What follows the last character of a string, its ending, is whatever the writer left there: NULs
 * or none, old bytes, half a character. New strings take over the ending of the old ones byte by
 * byte.
 */
#include "nt/regdata.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "base/memory.h"
#include "base/text.h"

static const char *const type_names[] = {
	"REG_NONE",
	"REG_SZ",
	"REG_EXPAND_SZ",
	"REG_BINARY",
	"REG_DWORD",
	"REG_DWORD_BE",
	"REG_LINK",
	"REG_MULTI_SZ",
	"REG_RESOURCE_LIST",
	"REG_FULL_RESOURCE_DESCRIPTOR",
	"REG_RESOURCE_REQUIREMENTS_LIST",
	"REG_QWORD",
};

char *regdata_type_name(TALLOC_CTX *mem, uint32_t type)
{
	if (type < ARRAY_SIZE(type_names))
		return talloc_strdup(mem, type_names[type]);
	return talloc_asprintf(mem, "type 0x%" PRIx32, type);
}

bool regdata_type_parse(const char *name, uint32_t *type)
{
	char *again;
	bool same;

	for (*type = 0; *type < ARRAY_SIZE(type_names); (*type)++)
		if (strcmp(name, type_names[*type]) == 0)
			return true;
	if (sscanf(name, "type 0x%" SCNx32, type) != 1)
		return false;
	again = regdata_type_name(NULL, *type);
	same = again && strcmp(again, name) == 0;
	talloc_free(again);
	return same;
}

bool regdata_equal(const struct reg_data *a, const struct reg_data *b)
{
	if (!a || !b)
		return a == b;
	return a->type == b->type && a->len == b->len &&
		(a->len == 0 || memcmp(a->bytes, b->bytes, a->len) == 0);
}

struct reg_data *regdata_copy(TALLOC_CTX *mem, const struct reg_data *data)
{
	struct reg_data *copy = talloc_zero(mem, struct reg_data);

	if (!copy)
		return NULL;
	copy->bytes = memory_array(copy, 1, data->len);
	if (!copy->bytes) {
		talloc_free(copy);
		return NULL;
	}
	copy->type = data->type;
	copy->len = data->len;
	if (data->len)
		memcpy(copy->bytes, data->bytes, data->len);
	return copy;
}

struct reg_data *regdata_from_dword(TALLOC_CTX *mem, uint32_t value)
{
	uint8_t bytes[4];

	put32(bytes, value);
	return regdata_copy(mem, &(struct reg_data){ REG_DWORD, bytes, sizeof bytes });
}

bool regdata_dword(const struct reg_data *data, uint32_t *value)
{
	bool big = data->type == REG_DWORD_BE;

	if ((data->type != REG_DWORD && !big) || data->len != 4)
		return false;
	*value = big ? __builtin_bswap32(get32(data->bytes)) : get32(data->bytes);
	return true;
}

static bool is_string(uint32_t type)
{
	return type == REG_SZ || type == REG_EXPAND_SZ;
}

/* The bytes of the string that begins at from, up to a NUL or the end. */
static size_t string_size(const struct reg_data *data, size_t from)
{
	size_t at = from;

	while (at + 2 <= data->len && (data->bytes[at] || data->bytes[at + 1]))
		at += 2;
	return at - from;
}

/* Where the last string of a list ends; 0 if there is none. An empty string ends the list. */
static size_t list_size(const struct reg_data *data)
{
	size_t from = 0, size, end = 0;

	for (; (size = string_size(data, from)) > 0; from = end + 2)
		end = from + size;
	return end;
}

static bool data_append(struct reg_data *data, const uint8_t *bytes, size_t len)
{
	uint8_t *grown = memory_array_grow(data, data->bytes, 1, data->len + len);

	if (!grown)
		return false;
	if (len)
		memcpy(grown + data->len, bytes, len);
	data->bytes = grown;
	data->len += len;
	return true;
}

/* False for what cannot be a string with a NUL behind it. */
static bool data_append_string(struct reg_data *data, const char *text)
{
	struct reg_data units = { .type = REG_SZ };
	bool ok;

	units.bytes = text_to_utf16(NULL, text, &units.len);
	ok = units.bytes && string_size(&units, 0) == units.len &&
		data_append(data, units.bytes, units.len);
	talloc_free(units.bytes);
	return ok;
}

/* The strings with a NUL between them, and an ending. NULL if they cannot be that: an empty string
 * would end a list. */
static struct reg_data *data_join(TALLOC_CTX *mem, uint32_t type, char *const *strings,
	size_t count, const uint8_t *ending, size_t len)
{
	struct reg_data *data = regdata_copy(mem, &(struct reg_data){ .type = type });
	bool ok = data;

	for (size_t i = 0; ok && i < count; i++)
		ok = (*strings[i] || is_string(type)) &&
			(i == 0 || data_append(data, (const uint8_t *)"\0", 2)) &&
			data_append_string(data, strings[i]);
	if (ok && data_append(data, ending, len))
		return data;
	talloc_free(data);
	return NULL;
}

/* The same, ending as the old data do from end on. */
static struct reg_data *data_join_as(TALLOC_CTX *mem, const struct reg_data *old, size_t end,
	char *const *strings, size_t count)
{
	return data_join(mem, old->type, strings, count, end < old->len ? old->bytes + end : NULL,
		old->len - end);
}

char *regdata_string(TALLOC_CTX *mem, const struct reg_data *data)
{
	return is_string(data->type) ? text_from_utf16(mem, data->bytes, string_size(data, 0))
				     : NULL;
}

struct reg_data *regdata_with_string(TALLOC_CTX *mem, const struct reg_data *old, const char *text)
{
	char *string = (char *)(uintptr_t)text;

	return is_string(old->type) ? data_join_as(mem, old, string_size(old, 0), &string, 1)
				    : NULL;
}

struct reg_data *regdata_from_string(TALLOC_CTX *mem, uint32_t type, const char *text)
{
	char *string = (char *)(uintptr_t)text;

	return is_string(type) ? data_join(mem, type, &string, 1, (const uint8_t *)"\0", 2) : NULL;
}

char **regdata_strings(TALLOC_CTX *mem, const struct reg_data *data, size_t *count)
{
	char **strings = data->type == REG_MULTI_SZ ? memory_array(mem, sizeof *strings, 1) : NULL;
	size_t size;

	*count = 0;
	for (size_t from = 0; strings && (size = string_size(data, from)) > 0; from += size + 2) {
		char *string = text_from_utf16(strings, data->bytes + from, size);

		if (!string || !memory_more(mem, &strings, *count, sizeof *strings)) {
			talloc_free(strings);
			return NULL;
		}
		strings[(*count)++] = string;
	}
	return strings;
}

struct reg_data *regdata_from_strings(TALLOC_CTX *mem, char *const *strings, size_t count)
{
	return data_join(mem, REG_MULTI_SZ, strings, count, (const uint8_t *)"\0\0\0", 4);
}

struct reg_data *regdata_with_strings(TALLOC_CTX *mem, const struct reg_data *old,
	char *const *strings, size_t count)
{
	size_t end = old->type == REG_MULTI_SZ ? list_size(old) : 0;

	if (old->type != REG_MULTI_SZ)
		return NULL;
	/* The ending of a list without strings says nothing about how a string ends. */
	return end ? data_join_as(mem, old, end, strings, count)
		   : regdata_from_strings(mem, strings, count);
}

/* "45 3a 5c", at most limit bytes and then "...". */
static char *hex_text(TALLOC_CTX *mem, const struct reg_data *data, size_t limit)
{
	char *out = talloc_strdup(mem, "");

	for (size_t i = 0; i < data->len && i < limit; i++)
		out = talloc_asprintf_append_buffer(out, i ? " %02x" : "%02x", data->bytes[i]);
	return data->len > limit ? talloc_strdup_append_buffer(out, "...") : out;
}

/* The strings, " | " between them. */
static char *joined_text(TALLOC_CTX *mem, const struct reg_data *data)
{
	size_t count;
	char **strings = regdata_strings(mem, data, &count),
	     *out = strings ? talloc_strdup(mem, "") : NULL;

	for (size_t i = 0; strings && i < count; i++)
		out = talloc_asprintf_append_buffer(out, "%s%s", i ? " | " : "", strings[i]);
	talloc_free(strings);
	return out;
}

char *regdata_text(TALLOC_CTX *mem, const struct reg_data *data, size_t limit)
{
	uint32_t value;

	if (is_string(data->type))
		return regdata_string(mem, data);
	if (data->type == REG_MULTI_SZ)
		return joined_text(mem, data);
	if (regdata_dword(data, &value))
		return talloc_asprintf(mem, "0x%08" PRIx32 " (%" PRIu32 ")", value, value);
	return hex_text(mem, data, limit);
}

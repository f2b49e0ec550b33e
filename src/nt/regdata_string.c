/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Strings inside registry data. What follows the last character of a string, its ending, is whatever the writer left
 * there: NULs or none, old bytes, half a character. New strings take over the ending of the old ones byte by byte.
 */
#include "nt/regdata.h"

#include <string.h>

#include "base/memory.h"
#include "base/text.h"

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

/* Whether text can be one string of UTF-16 with a NUL behind it; *units are its bytes. */
static bool string_units(TALLOC_CTX *mem, const char *text, uint8_t **units, size_t *len)
{
	*units = text_to_utf16(mem, text, len);
	return *units && string_size(&(struct reg_data){ REG_SZ, *units, *len }, 0) == *len;
}

static bool data_append(struct reg_data *data, const uint8_t *bytes, size_t len)
{
	uint8_t *grown;

	if (len == 0)
		return true;
	grown = data->len > SIZE_MAX - len ? NULL : memory_array_grow(data, data->bytes, 1, data->len + len);
	if (!grown)
		return false;
	memcpy(grown + data->len, bytes, len);
	data->bytes = grown;
	data->len += len;
	return true;
}

static bool data_append_string(struct reg_data *data, const char *text)
{
	uint8_t *units;
	size_t len;
	bool ok = string_units(NULL, text, &units, &len) && data_append(data, units, len);

	talloc_free(units);
	return ok;
}

static struct reg_data *data_new(TALLOC_CTX *mem, uint32_t type)
{
	return regdata_copy(mem, &(struct reg_data){ type, NULL, 0 });
}

/* data, or NULL if it could not be completed. */
static struct reg_data *data_done(struct reg_data *data, bool ok)
{
	if (ok)
		return data;
	talloc_free(data);
	return NULL;
}

char *regdata_string(TALLOC_CTX *mem, const struct reg_data *data)
{
	return is_string(data->type) ? text_from_utf16(mem, data->bytes, string_size(data, 0)) : NULL;
}

static struct reg_data *string_with_ending(TALLOC_CTX *mem, uint32_t type, const char *text, const uint8_t *ending,
					   size_t len)
{
	struct reg_data *data = is_string(type) ? data_new(mem, type) : NULL;

	return data_done(data, data && data_append_string(data, text) && data_append(data, ending, len));
}

struct reg_data *regdata_with_string(TALLOC_CTX *mem, const struct reg_data *old, const char *text)
{
	size_t size;

	if (!is_string(old->type))
		return NULL;
	size = string_size(old, 0);
	return string_with_ending(mem, old->type, text, size < old->len ? old->bytes + size : NULL, old->len - size);
}

struct reg_data *regdata_from_string(TALLOC_CTX *mem, uint32_t type, const char *text)
{
	return string_with_ending(mem, type, text, (const uint8_t *)"\0", 2);
}

/* Steps to the next string of a list; an empty one ends the list. */
static bool list_next(const struct reg_data *data, size_t *from, size_t *size)
{
	*size = string_size(data, *from);
	return *size > 0;
}

/* Counts the strings of a list; *ending is where the last one's last character ends. */
static size_t list_measure(const struct reg_data *data, size_t *ending)
{
	size_t from = 0, size, count = 0;

	*ending = 0;
	while (list_next(data, &from, &size)) {
		count++;
		*ending = from + size;
		if (data->len - *ending < 2)
			break;
		from = *ending + 2;
	}
	return count;
}

char **regdata_strings(TALLOC_CTX *mem, const struct reg_data *data, size_t *count)
{
	size_t from = 0, size, ending;
	char **strings;

	*count = 0;
	if (data->type != REG_MULTI_SZ)
		return NULL;
	*count = list_measure(data, &ending);
	strings = memory_array_zero(mem, sizeof *strings, *count);
	for (size_t i = 0; strings && i < *count; i++) {
		(void)list_next(data, &from, &size);
		strings[i] = text_from_utf16(strings, data->bytes + from, size);
		if (!strings[i]) {
			talloc_free(strings);
			return NULL;
		}
		from += size + 2;
	}
	return strings;
}

/* An empty string would end the list early. */
static struct reg_data *strings_with_ending(TALLOC_CTX *mem, char *const *strings, size_t count, const uint8_t *ending,
					    size_t len)
{
	struct reg_data *data = data_new(mem, REG_MULTI_SZ);
	bool ok = data != NULL;

	for (size_t i = 0; ok && i < count; i++)
		ok = *strings[i] && (i == 0 || data_append(data, (const uint8_t *)"\0", 2)) &&
		     data_append_string(data, strings[i]);
	return data_done(data, ok && data_append(data, ending, len));
}

struct reg_data *regdata_from_strings(TALLOC_CTX *mem, char *const *strings, size_t count)
{
	return strings_with_ending(mem, strings, count, (const uint8_t *)"\0\0\0", 4);
}

struct reg_data *regdata_with_strings(TALLOC_CTX *mem, const struct reg_data *old, char *const *strings, size_t count)
{
	size_t ending;

	if (old->type != REG_MULTI_SZ)
		return NULL;
	/* The ending of a list without strings says nothing about how a string ends. */
	if (list_measure(old, &ending) == 0)
		return regdata_from_strings(mem, strings, count);
	return strings_with_ending(mem, strings, count, ending < old->len ? old->bytes + ending : NULL,
				   old->len - ending);
}

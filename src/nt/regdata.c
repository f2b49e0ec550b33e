/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Types, numbers and how data looks. Strings are in regdata_string.c. */
#include "nt/regdata.h"

#include <inttypes.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"

static const char *const type_names[] = {
	"REG_NONE", "REG_SZ", "REG_EXPAND_SZ", "REG_BINARY", "REG_DWORD", "REG_DWORD_BE", "REG_LINK", "REG_MULTI_SZ",
	"REG_RESOURCE_LIST", "REG_FULL_RESOURCE_DESCRIPTOR", "REG_RESOURCE_REQUIREMENTS_LIST", "REG_QWORD",
};

#define TYPE_COUNT (sizeof type_names / sizeof *type_names)

static const char type_number[] = "type 0x";

const char *regdata_type_name(TALLOC_CTX *mem, uint32_t type)
{
	if (type < TYPE_COUNT)
		return talloc_strdup(mem, type_names[type]);
	return talloc_asprintf(mem, "%s%" PRIx32, type_number, type);
}

bool regdata_type_parse(const char *name, uint32_t *type)
{
	static const char digits[] = "0123456789abcdef";
	const char *digit = name + strlen(type_number);

	for (uint32_t i = 0; i < TYPE_COUNT; i++) {
		if (strcmp(name, type_names[i]) == 0) {
			*type = i;
			return true;
		}
	}
	if (strncmp(name, type_number, strlen(type_number)) != 0 || strlen(digit) < 1 || strlen(digit) > 8 ||
	    strspn(digit, digits) != strlen(digit))
		return false;
	for (*type = 0; *digit; digit++)
		*type = *type << 4 | (uint32_t)(strchr(digits, *digit) - digits);
	return true;
}

bool regdata_equal(const struct reg_data *a, const struct reg_data *b)
{
	if (!a || !b)
		return a == b;
	return a->type == b->type && a->len == b->len && (a->len == 0 || memcmp(a->bytes, b->bytes, a->len) == 0);
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
	uint8_t bytes[4] = { (uint8_t)value, (uint8_t)(value >> 8), (uint8_t)(value >> 16), (uint8_t)(value >> 24) };

	return regdata_copy(mem, &(struct reg_data){ REG_DWORD, bytes, sizeof bytes });
}

bool regdata_dword(const struct reg_data *data, uint32_t *value)
{
	bool big = data->type == REG_DWORD_BE;

	if ((data->type != REG_DWORD && !big) || data->len != 4)
		return false;
	*value = 0;
	for (size_t i = 0; i < 4; i++)
		*value = *value << 8 | data->bytes[big ? i : 3 - i];
	return true;
}

/* "45 3a 5c", at most limit bytes and then "...". */
static char *hex_text(TALLOC_CTX *mem, const struct reg_data *data, size_t limit)
{
	static const char digits[] = "0123456789abcdef";
	size_t count = data->len < limit ? data->len : limit;
	char *out = count > SIZE_MAX / 3 - 4 ? NULL : memory_array(mem, 1, count * 3 + 4), *end = out;

	if (!out)
		return NULL;
	for (size_t i = 0; i < count; i++) {
		if (i)
			*end++ = ' ';
		*end++ = digits[data->bytes[i] >> 4];
		*end++ = digits[data->bytes[i] & 15];
	}
	strcpy(end, count < data->len ? "..." : "");
	return out;
}

/* The strings, " | " between them. */
static char *joined_text(TALLOC_CTX *mem, const struct reg_data *data)
{
	size_t count, room = 1;
	char **strings = regdata_strings(mem, data, &count);
	char *out, *end;

	for (size_t i = 0; strings && i < count; i++)
		room += strlen(strings[i]) + 3;
	out = strings ? memory_array(mem, 1, room) : NULL;
	if (out) {
		*(end = out) = '\0';
		for (size_t i = 0; i < count; i++)
			end = stpcpy(stpcpy(end, i ? " | " : ""), strings[i]);
	}
	talloc_free(strings);
	return out;
}

char *regdata_text(TALLOC_CTX *mem, const struct reg_data *data, size_t limit)
{
	uint32_t value;

	if (data->type == REG_SZ || data->type == REG_EXPAND_SZ)
		return regdata_string(mem, data);
	if (data->type == REG_MULTI_SZ)
		return joined_text(mem, data);
	if (regdata_dword(data, &value))
		return talloc_asprintf(mem, "0x%08" PRIx32 " (%" PRIu32 ")", value, value);
	return hex_text(mem, data, limit);
}

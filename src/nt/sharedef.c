/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "nt/sharedef.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "nt/descriptor.h"

/* The value of the field, if the string is that field; otherwise NULL. */
static const char *field_value(const char *string, const char *field)
{
	size_t len = strlen(field);

	if (strlen(string) <= len || string[len] != '=' || !text_equal_n(string, field, len))
		return NULL;
	return string + len + 1;
}

char *sharedef_field(TALLOC_CTX *mem, const struct reg_data *data, const char *field)
{
	size_t count;
	char **strings = regdata_strings(mem, data, &count);
	char *value = NULL;

	for (size_t i = 0; strings && i < count && !value; i++) {
		const char *found = field_value(strings[i], field);
		if (found)
			value = talloc_strdup(mem, found);
	}
	talloc_free(strings);
	return value;
}

/* The number a field holds, if all of it is one; otherwise if there is no such field. */
static bool field_is(TALLOC_CTX *mem, const struct reg_data *data, const char *field,
	unsigned long number, bool otherwise)
{
	char *text = sharedef_field(mem, data, field), *end = NULL;
	bool is = text ? strtoul(text, &end, 10) == number && end != text && !*end : otherwise;

	talloc_free(text);
	return is;
}

bool sharedef_usable(TALLOC_CTX *mem, const struct reg_data *data)
{
	return field_is(mem, data, "Type", 0, true) && !field_is(mem, data, "MaxUses", 0, false);
}

/* Gives the field its new value wherever it stands and keeps the spelling of its name; *found says
 * if it stands anywhere. False for want of memory. */
static bool field_set(char **strings, size_t count, const char *field, const char *value,
	bool *found)
{
	*found = false;
	for (size_t i = 0; i < count; i++) {
		if (!field_value(strings[i], field))
			continue;
		strings[i] =
			talloc_asprintf(strings, "%.*s=%s", (int)strlen(field), strings[i], value);
		if (!strings[i])
			return false;
		*found = true;
	}
	return true;
}

struct reg_data *sharedef_with_path(TALLOC_CTX *mem, const struct reg_data *data, const char *path)
{
	return sharedef_from_sibling(mem, data, NULL, path, NULL);
}

struct reg_data *sharedef_from_sibling(TALLOC_CTX *mem, const struct reg_data *sibling,
	const char *name, const char *path, const char *remark)
{
	size_t count;
	char **strings = regdata_strings(mem, sibling, &count);
	bool has_path = false, any;
	bool ok = strings && (!remark || field_set(strings, count, "Remark", remark, &any)) &&
		(!name || field_set(strings, count, "ShareName", name, &any)) &&
		field_set(strings, count, "Path", path, &has_path);
	struct reg_data *made =
		ok && has_path ? regdata_with_strings(mem, sibling, strings, count) : NULL;

	talloc_free(strings);
	return made;
}

/* In quotes if the command prompt would take it apart otherwise. A quotation mark itself cannot be
 * in a path and cannot be written. */
static char *word_quoted(TALLOC_CTX *mem, const char *word, bool always)
{
	char *clean = talloc_strdup(mem, word);

	if (!clean)
		return NULL;
	for (char *c = clean; *c; c++)
		if (*c == '"')
			*c = '\'';
	if (!always && !strpbrk(clean, " \t&()[]{}^=;!'+,`|<>"))
		return clean;
	return talloc_asprintf(mem, "\"%s\"", clean);
}

char *sharedef_command(TALLOC_CTX *mem, const char *name, const char *path, const char *remark)
{
	TALLOC_CTX *tmp = talloc_new(mem);
	char *share = word_quoted(tmp, name, false);
	char *folder = word_quoted(tmp, path, false);
	char *words = word_quoted(tmp, remark, true);
	char *command = NULL;

	if (share && folder && words)
		command = talloc_asprintf(mem, "net share %s=%s /remark:%s", share, folder, words);
	talloc_free(tmp);
	return command;
}

bool sharedef_security_ok(const struct reg_data *data)
{
	return data->type == REG_BINARY && descriptor_ok(data->bytes, data->len);
}

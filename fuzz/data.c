/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The data of registry values, and share definitions in them. */
#include "fuzz/fuzz.h"

#include <string.h>

#include "base/text.h"
#include "nt/sharedef.h"

static void texts(TALLOC_CTX *mem, const struct reg_data *data, const char *text)
{
	char *was = regdata_string(mem, data);
	struct reg_data *same, *other;

	if (!was)
		return;
	same = regdata_with_string(mem, data, was);
	must(same && regdata_equal(same, data), "a string put back in its place changes nothing");
	other = regdata_with_string(mem, data, text);
	if (!other)
		return;
	must(other->type == data->type, "a type stays");
	must(!strcmp(regdata_string(mem, other), text), "a string is what was put in");
}

static void lists(TALLOC_CTX *mem, const struct reg_data *data)
{
	size_t count, again;
	char **strings = regdata_strings(mem, data, &count), **back;
	struct reg_data *same, *fresh;

	if (!strings)
		return;
	same = regdata_with_strings(mem, data, strings, count);
	must(same && (count == 0 || regdata_equal(same, data)),
		"strings put back in their place change nothing");
	fresh = regdata_from_strings(mem, strings, count);
	back = fresh ? regdata_strings(mem, fresh, &again) : NULL;
	must(back && again == count, "as many strings come back");
	for (size_t i = 0; i < count; i++)
		must(!strcmp(strings[i], back[i]), "strings come back as they were");
}

/* Only the field named changes. */
static void share(TALLOC_CTX *mem, const struct reg_data *data, const char *text)
{
	static const char path[] = "E:\\exchsrvr\\connect\\msmcon\\maildata";
	struct reg_data *moved = sharedef_with_path(mem, data, path),
			*made = sharedef_from_sibling(mem, data, "Maildat$", path, text);
	char *is = sharedef_field(mem, data, "Path"),
	     *command = sharedef_command(mem, "Maildat$", path, text);
	size_t before, after;
	char **old = regdata_strings(mem, data, &before), **new;

	must(!is || !moved || !strcmp(sharedef_field(mem, moved, "path"), path),
		"the path is the new one");
	must(is || !moved, "without a path there is none to change");
	must(!made || sharedef_field(mem, made, "PATH"), "a new share has a path");
	must(command && !strchr(command + 10, '\n') == !strchr(text, '\n'),
		"a command holds what it was given");
	if (!moved)
		return;
	new = regdata_strings(mem, moved, &after);
	must(before == after, "no string of a share comes or goes");
	for (size_t i = 0; i < before; i++)
		must(!strcmp(old[i], new[i]) || text_equal_n(old[i], "Path=", 5),
			"nothing but the path of a share changes");
}

int fuzz_data(const uint8_t *bytes, size_t len)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	struct feed feed = { bytes, len };
	uint32_t type = feed_byte(&feed), parsed, number;
	char *text = feed_text(mem, &feed);
	struct reg_data data = { type == 255 ? 0xfedcba98 : type, NULL, feed.left };
	char *shown;

	data.bytes = talloc_memdup(mem, feed.bytes, feed.left);
	must(regdata_type_parse(regdata_type_name(mem, data.type), &parsed) && parsed == data.type,
		"a type's name stands for it");
	if (regdata_type_parse(text, &parsed))
		(void)regdata_type_name(mem, parsed);
	must(regdata_equal(&data, regdata_copy(mem, &data)), "a copy is equal");
	shown = regdata_text(mem, &data, 40);
	must_show(text_shown(mem, shown));
	if (regdata_dword(&data, &number) && data.type == REG_DWORD)
		must(regdata_equal(&data, regdata_from_dword(mem, number)),
			"a number comes back as it was");
	texts(mem, &data, text);
	lists(mem, &data);
	share(mem, &data, text);
	talloc_free(mem);
	return 0;
}

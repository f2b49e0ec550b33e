/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "server/judge.h"

#include <errno.h>
#include <hivex.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"

/* Names are compared here and not by libhivex, which folds case by locale: in Turkish it would not
 * find "ImagePath" under "imagepath". */
static bool judge_same(char *name, const char *wanted)
{
	bool same = name && text_equal(name, wanted);

	free(name);
	return same;
}

/* Keys and values are found alike: 0 if there is none of that name. found: libhivex's list. */
static size_t judge_find(hive_h *hive, size_t *found, char *(*name_of)(hive_h *, size_t),
	const char *name)
{
	size_t at = 0, one;

	while (found && found[at] && !judge_same(name_of(hive, found[at]), name))
		at++;
	one = found ? found[at] : 0;
	free(found);
	return one;
}

/* The key of an edit, 0 if it is missing. */
static hive_node_h judge_key(hive_h *hive, const char *key)
{
	char *path = strdup(key), *save = NULL, *name;
	hive_node_h node = path ? hivex_root(hive) : 0;

	/* The first name is the file's. */
	if (path)
		strtok_r(path, "\\", &save);
	while (node && (name = strtok_r(NULL, "\\", &save)))
		node = judge_find(hive, hivex_node_children(hive, node), hivex_node_name, name);
	free(path);
	return node;
}

static bool judge_data(hive_h *hive, hive_value_h value, const struct reg_data *data)
{
	hive_type type;
	size_t len;
	char *bytes;
	bool same;

	if (hivex_value_type(hive, value, &type, &len) != 0 || (uint32_t)type != data->type ||
		len != data->len)
		return false;
	if (len == 0)
		return true;
	bytes = hivex_value_value(hive, value, &type, &len);
	same = bytes && len == data->len && memcmp(bytes, data->bytes, len) == 0;
	free(bytes);
	return same;
}

/* What is wrong with an edit, as a sentence to be translated; NULL if nothing is. */
static const char *judge_edit(hive_h *hive, const struct reg_edit *edit)
{
	hive_node_h node = judge_key(hive, edit->key);
	hive_value_h value = node
		? judge_find(hive, hivex_node_values(hive, node), hivex_value_key, edit->value)
		: 0;

	if (!node)
		return N_("The second reader (libhivex) does not find the key.");
	if (!edit->data)
		return value ? N_("The second reader (libhivex) still finds the value.") : NULL;
	if (!value)
		return N_("The second reader (libhivex) does not find the value.");
	if (!judge_data(hive, value, edit->data))
		return N_(
			"The second reader (libhivex) reads something other than what was written.");
	return NULL;
}

int judge_values(int fd, const struct reg_edit *edits, size_t count, struct error *err)
{
	locale_t plain = newlocale(LC_ALL_MASK, "C", (locale_t)0), before;
	char *path = talloc_asprintf(NULL, "/proc/self/fd/%d", fd);
	const char *wrong = NULL;
	size_t at = 0;
	hive_h *hive;
	int sys;

	if (plain == (locale_t)0 || !path)
		return error_memory(err);
	before = uselocale(plain);
	/* Opened for writing it is read into memory instead of mapped: then a file that shrinks in
	 * the meantime does not kill the program. It is never committed. */
	hive = hivex_open(path, HIVEX_OPEN_WRITE);
	sys = errno;
	if (hive) {
		while (at < count && !wrong)
			wrong = judge_edit(hive, &edits[at++]);
		hivex_close(hive);
	}
	uselocale(before);
	freelocale(plain);
	talloc_free(path);
	if (!hive)
		return error_system(err, TROUBLE_VERIFY, sys,
			_("The second reader (libhivex) cannot open the registry file"));
	return wrong ? error_set(err, TROUBLE_VERIFY, "%s\\%s: %s", edits[at - 1].key,
			       edits[at - 1].value, _(wrong))
		     : 0;
}

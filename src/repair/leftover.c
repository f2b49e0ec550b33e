/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "repair/leftover.h"

#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "nt/path.h"

enum { LEFTOVER_LIMIT = 1000 };

/* mark anywhere after the first character, in any case; NULL if it is not there. */
static const char *behind_mark(const char *name, const char *mark)
{
	size_t len = strlen(mark);

	for (const char *at = *name ? name + 1 : name; strlen(at) > len; at++)
		if (text_equal_n(at, mark, len))
			return at + len;
	return NULL;
}

enum leftover_kind leftover_of(const char *name)
{
	const char *rest = behind_mark(name, LEFTOVER_TORN_MARK);

	if (rest && strspn(rest, "0123456789") == strlen(rest))
		return LEFTOVER_TORN;
	if (text_ends(name, SERVER_STAGE_SUFFIX))
		return LEFTOVER_STAGE;
	if (text_ends(name, SERVER_ASIDE_SUFFIX))
		return LEFTOVER_ASIDE;
	return behind_mark(name, LEFTOVER_TREE_MARK) ? LEFTOVER_TREE : LEFTOVER_NONE;
}

int leftover_list(struct server *server, TALLOC_CTX *mem, const char *folder, char ***names,
	size_t *count, struct error *err)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	struct entry_list list;
	int ret = server_list(server, tmp, folder, &list, err);

	for (size_t i = 0; ret == 0 && i < list.count && *count < LEFTOVER_LIMIT; i++)
		if (leftover_of(list.entries[i].name) != LEFTOVER_NONE &&
			!memory_more_text(mem, names, count,
				path_join(mem, folder, list.entries[i].name)))
			ret = error_memory(err);
	talloc_free(tmp);
	return ret;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "server/edits.h"

#include <string.h>

#include "base/memory.h"
#include "base/text.h"

static bool edit_same_value(const struct reg_edit *a, const struct reg_edit *b)
{
	return text_equal(a->key, b->key) && text_equal(a->value, b->value);
}

int edits_sane(const struct reg_edit *edits, size_t count, struct error *err)
{
	for (size_t i = 0; i < count; i++) {
		if (!text_equal_n(edits[i].key, SYSTEM_PREFIX, strlen(SYSTEM_PREFIX)) ||
			!edits[i].key[strlen(SYSTEM_PREFIX)])
			return error_set(err, TROUBLE_BUG,
				_("A change was asked for in a registry file that this program never changes."));
		for (size_t j = 0; j < i; j++)
			if (edit_same_value(&edits[i], &edits[j]))
				return error_set(err, TROUBLE_BUG,
					_("Two changes of the same registry value were asked for."));
	}
	return 0;
}

int edits_copy(TALLOC_CTX *mem, const struct reg_edit *edits, size_t count, struct reg_edit **copy,
	struct error *err)
{
	*copy = memory_array_zero(mem, sizeof *edits, count);
	if (!*copy)
		return error_memory(err);
	for (size_t i = 0; i < count; i++) {
		struct reg_edit *edit = &(*copy)[i];

		edit->key = talloc_strdup(*copy, edits[i].key);
		edit->value = talloc_strdup(*copy, edits[i].value);
		edit->data = edits[i].data ? regdata_copy(*copy, edits[i].data) : NULL;
		if (!edit->key || !edit->value || (edits[i].data && !edit->data))
			return error_memory(err);
	}
	return 0;
}

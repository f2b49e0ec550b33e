/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/wizard/keybar.h"

#include "base/i18n.h"
#include "base/memory.h"

struct key_label *keybar_page(TALLOC_CTX *mem, const struct page *page, const struct view *view,
	size_t *count)
{
	const struct row *row = view->cursor < page->row_count ? &page->rows[view->cursor] : NULL;
	const struct question *decide = row ? row->decide : NULL;
	const struct key_label general[] = { { "F2", _("Why") }, { "F3", _("Back") },
		{ "Enter", _("Press") }, { "Tab", _("Next") } };
	struct key_label *keys = talloc_zero_array(mem, struct key_label,
		(unsigned)(2 + ARRAY_SIZE(general) + (decide ? decide->answer_count : 0)));
	size_t n = 0;

	*count = 0;
	if (!keys)
		return NULL;
	keys[n++] = (struct key_label){ "F1 ?", _("Help") };
	for (size_t i = 0; decide && i < decide->answer_count; i++)
		if (decide->answers[i].key != '\0')
			keys[n++] = (struct key_label){ talloc_asprintf(keys, "%c",
								decide->answers[i].key),
				decide->answers[i].label };
	for (size_t i = 0; i < ARRAY_SIZE(general); i++)
		keys[n++] = general[i];
	keys[n++] = (struct key_label){ "F10 q", _("Quit") };
	*count = n;
	return keys;
}

const char *hint_page(TALLOC_CTX *mem, const struct page *page, const struct view *view)
{
	const char *hint = !view->on_table && view->action < page->action_count
		? page->actions[view->action].hint
		: NULL;

	return talloc_strdup(mem, hint ? hint : "");
}

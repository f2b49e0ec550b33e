/* SPDX-License-Identifier: GPL-3.0-or-later */
/* F1: what the page asks, and every key from the one list. */
#include "base/i18n.h"
#include "ui/wizard/wizard_private.h"

static char *help_text(TALLOC_CTX *mem, const struct page *page)
{
	const struct request_row *rows = request_rows();
	char *text =
		talloc_asprintf(mem, "%s\n%s%s%s%s\n", page->help != NULL ? page->help : "", page->lead != NULL ? page->lead : "",
				page->tail != NULL ? page->tail : "", page->coach != NULL ? page->coach : "", _("Keys"));

	for (int i = 0; i < REQUEST_COUNT; i++) {
		char twin[4] = { 0 };

		if (rows[i].twin > ' ' && rows[i].twin < 0x7f)
			twin[0] = (char)rows[i].twin;
		text = talloc_asprintf_append_buffer(text, "  %-10s %-2s %s\n", rows[i].word, twin, _(rows[i].what));
	}
	return talloc_asprintf_append_buffer(
		text, "%s\n",
		_("  y n e         decide the row under the cursor, go to the next open one\n"
		  "  1 to 6        look at that step\n"
		  "  Esc           closes the top box without an answer; on a page: nothing\n"
		  "  Ctrl-C        as F10; while work runs: stop after this change\n"
		  "  Ctrl-Z        suspend"));
}

void help_show(struct wizard *wizard, const struct page *page)
{
	struct page_text text = { .title = _("Help"), .text = help_text(wizard, page) };

	if (text.text != NULL)
		pager_show(wizard, page, &text);
	talloc_free((void *)text.text);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Something long to be read: help, report, journal. */
#include <ncurses.h>
#include <string.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "ui/signals.h"
#include "ui/wizard/wizard_private.h"

const char *search_ask(struct wizard *wizard)
{
	char line[128] = "";
	size_t len = 0;
	int key;

	for (;;) {
		mvprintw(LINES - 1, 0, "/%s", line);
		clrtoeol();
		refresh();
		key = terminal_key(-1);
		if (request_of(key) == REQUEST_PRESS)
			break;
		if (key == KEY_ESC || key == KEY_CTRL_C || key == KEY_RESIZE || signals_came() != 0)
			return NULL;
		if ((key == KEY_BACKSPACE || key == 127 || key == 8) && len > 0)
			line[--len] = '\0';
		else if (key >= ' ' && key < 0x100 && len < sizeof line - 1 && key != 127)
			line[len++] = (char)key, line[len] = '\0';
	}
	if (len > 0) {
		talloc_free(wizard->found);
		wizard->found = talloc_strdup(wizard, line);
	}
	return wizard->found;
}

/* The first line behind top that holds what was looked for, from the beginning again if need be. */
static size_t search(struct wizard *wizard, const struct page_text *text, size_t top)
{
	const char *wanted = search_ask(wizard);
	struct lines lines = { 0 };
	TALLOC_CTX *mem = talloc_new(wizard);

	layout_wrap(mem, text->text, (size_t)COLS - 2, &lines);
	for (size_t i = 1; wanted && i <= lines.count; i++) {
		if (strcasestr(lines.text[(top + i) % lines.count], wanted)) {
			top = (top + i) % lines.count;
			break;
		}
	}
	talloc_free(mem);
	return top;
}

int pager_show(void *ui, const struct page *page, const struct page_text *text)
{
	struct wizard *wizard = ui;
	size_t top = 0;

	while (signals_came() == 0) {
		struct screen *screen = terminal_screen(wizard);
		enum request request;
		size_t room;
		int key;

		compose_text(screen, page, text, &top);
		terminal_paint(screen);
		room = screen->table_rows;
		talloc_free(screen);
		key = terminal_key(-1);
		request = request_of(key);
		if (key == KEY_ESC || key == KEY_CTRL_C || request == REQUEST_LEAVE ||
			request == REQUEST_BACK || request == REQUEST_HELP)
			break;
		if (request == REQUEST_SEARCH)
			top = search(wizard, text, top);
		else if (request == REQUEST_PRESS)
			top++;
		else if (request == REQUEST_PAUSE)
			top += room;
		else
			(void)request_move(request, room, &top);
	}
	return 0;
}

/* ---- F1: what the page asks, and every key from the one list ---- */

static char *help_text(TALLOC_CTX *mem, const struct page *page)
{
	const char *parts[] = { page->lead, page->tail, page->coach };
	char *text = talloc_asprintf(mem, "%s\n", page->help ? page->help : "");

	for (size_t i = 0; i < ARRAY_SIZE(parts); i++)
		text = talloc_strdup_append_buffer(text, parts[i]);
	text = talloc_asprintf_append_buffer(text, "%s\n", _("Keys"));
	for (int i = 0; i < REQUEST_COUNT; i++) {
		const struct request_row *row = &request_rows[i];
		char twin[2] = { row->twin > ' ' && row->twin < 0x7f ? (char)row->twin : '\0' };

		text = talloc_asprintf_append_buffer(text, "  %-10s %-2s %s\n", row->word, twin,
			_(row->what));
	}
	return talloc_asprintf_append_buffer(text, "%s\n",
		_("  y n e         decide the row under the cursor, go to the next open one\n"
		  "  1 to 6        look at that step\n"
		  "  Esc           closes the top box without an answer; on a page: nothing\n"
		  "  Ctrl-C        as F10; while work runs: stop after this change\n"
		  "  Ctrl-Z        suspend"));
}

void help_show(struct wizard *wizard, const struct page *page)
{
	char *text = help_text(wizard, page);

	pager_show(wizard, page, &(struct page_text){ _("Help"), text });
	talloc_free(text);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Something long to be read: help, report, journal. */
#include <ncurses.h>
#include <string.h>

#include "base/i18n.h"
#include "ui/wizard/wizard_private.h"

const char *search_ask(struct wizard *wizard)
{
	char line[128] = "";
	size_t rows, columns, len = 0;
	int key;

	terminal_size(&rows, &columns);
	for (;;) {
		mvprintw((int)rows - 1, 0, "/%s", line);
		clrtoeol();
		refresh();
		key = terminal_key(-1);
		if (key == '\n' || key == '\r' || key == KEY_ENTER)
			break;
		if (key == 27 || key == 3 || key == KEY_RESIZE || *wizard->signal != 0)
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
static size_t search(struct wizard *wizard, const struct page_text *text, size_t top, size_t columns)
{
	const char *wanted = search_ask(wizard);
	struct lines lines = { 0 };
	TALLOC_CTX *mem = talloc_new(wizard);

	if (wanted != NULL && layout_wrap(mem, layout_text(mem, text->text, wizard->utf8), columns - 2, &lines) == 0) {
		for (size_t i = 1; i <= lines.count; i++) {
			if (strcasestr(lines.text[(top + i) % lines.count], wanted) != NULL) {
				top = (top + i) % lines.count;
				break;
			}
		}
	}
	talloc_free(mem);
	return top;
}

static size_t moved(enum request request, size_t top, size_t room)
{
	switch (request) {
	case REQUEST_UP:
		return top > 0 ? top - 1 : 0;
	case REQUEST_DOWN:
	case REQUEST_PRESS:
		return top + 1;
	case REQUEST_PAGE_UP:
		return top > room ? top - room : 0;
	case REQUEST_PAGE_DOWN:
	case REQUEST_PAUSE:
		return top + room;
	case REQUEST_FIRST:
		return 0;
	case REQUEST_LAST:
		return (size_t)1 << 30;
	default:
		return top;
	}
}

int pager_show(struct wizard *wizard, const struct page *page, const struct page_text *text)
{
	size_t top = 0;

	while (*wizard->signal == 0) {
		size_t rows, columns, room;
		struct screen *screen;
		enum request request;
		int key, ret;

		terminal_size(&rows, &columns);
		ret = compose_text(wizard, page, text, &top, rows, columns, wizard->utf8, &screen);
		if (ret != 0)
			return ret;
		terminal_paint(screen);
		room = screen->table_rows;
		talloc_free(screen);
		key = terminal_key(-1);
		request = request_of(key);
		if (key == 27 || key == 3 || request == REQUEST_LEAVE || request == REQUEST_BACK ||
		    request == REQUEST_HELP)
			break;
		if (request == REQUEST_SEARCH)
			top = search(wizard, text, top, columns);
		else
			top = moved(request, top, room);
	}
	return 0;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The sheet that pages are composed on, and the frame every page has. */
#include <string.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "ui/wizard/compose_private.h"

struct screen *screen_new(TALLOC_CTX *mem, size_t rows, size_t columns)
{
	struct screen *screen = talloc_zero(mem, struct screen);

	if (screen == NULL)
		return NULL;
	screen->rows = rows;
	screen->columns = columns;
	screen->lines = talloc_zero_array(screen, char *, (unsigned)rows);
	for (size_t i = 0; screen->lines != NULL && i < rows; i++) {
		screen->lines[i] = layout_fit(screen->lines, "", columns, CUT_END);
		if (screen->lines[i] == NULL)
			return NULL;
	}
	return screen->lines != NULL ? screen : NULL;
}

/* The bytes of text that stand before a column, and the width they really take. */
static size_t bytes_before(const char *text, size_t column)
{
	size_t at = 0;

	while (text[at] != '\0') {
		size_t next = at + 1;
		char *head;
		size_t width;

		while (((unsigned char)text[next] & 0xc0) == 0x80)
			next++;
		head = talloc_strndup(NULL, text, next);
		width = layout_width(head);
		talloc_free(head);
		if (width > column)
			break;
		at = next;
	}
	return at;
}

void screen_put(struct screen *screen, size_t row, size_t column, size_t width, const char *text, bool utf8)
{
	char *line, *fitted;
	size_t left, right;

	if (row >= screen->rows || column >= screen->columns)
		return;
	if (width > screen->columns - column)
		width = screen->columns - column;
	fitted = layout_fit(screen->lines, layout_text(screen->lines, text, utf8), width, CUT_END);
	line = screen->lines[row];
	left = bytes_before(line, column);
	right = bytes_before(line, column + width);
	screen->lines[row] = talloc_asprintf(screen->lines, "%.*s%s%s", (int)left, line, fitted, line + right);
}

void screen_style(struct screen *screen, size_t row, size_t column, size_t width, enum style style)
{
	struct stretch *more;

	if (row >= screen->rows || column >= screen->columns || width == 0)
		return;
	if (width > screen->columns - column)
		width = screen->columns - column;
	more = memory_more(screen, &screen->stretches, screen->stretch_count, sizeof *more);
	if (more == NULL)
		return;
	screen->stretch_count++;
	*more = (struct stretch){ row, column, width, style };
}

void pen_line(struct pen *pen, const char *text)
{
	if (pen->row + FRAME_BOTTOM < pen->screen->rows)
		screen_put(pen->screen, pen->row, pen->column, pen->width, text, pen->utf8);
	pen->row++;
}

void pen_lines(struct pen *pen, const struct lines *lines, size_t first, size_t count)
{
	for (size_t i = first; i < lines->count && i - first < count; i++)
		pen_line(pen, lines->text[i]);
}

void frame_draw(struct screen *screen, const struct page *page, const char *keys, bool utf8)
{
	char *right = talloc_asprintf(screen, "%s   %s", page->server != NULL ? page->server : "", page->badge);
	const char *left = screen->columns >= SCREEN_WIDE ? "msmcfix   Q240208" : "msmcfix";
	char *rule = talloc_strdup(screen, "");
	char *shown = layout_text(screen, right, utf8);
	size_t width = layout_width(shown), room = screen->columns - strlen(left) - 4;

	if (width > room) {
		shown = layout_fit(screen, shown, room, CUT_MIDDLE);
		width = room;
	}
	screen_put(screen, 0, 1, strlen(left), left, utf8);
	screen_put(screen, 0, screen->columns - width - 1, width, shown, true);
	screen_style(screen, 0, 0, screen->columns, STYLE_TITLE);
	for (size_t i = 0; i < screen->columns; i++)
		rule = talloc_strdup_append_buffer(rule, "-");
	screen_put(screen, 1, 0, screen->columns, rule, true);
	screen_put(screen, screen->rows - 1, 1, screen->columns - 2, keys, utf8);
	screen_style(screen, screen->rows - 1, 0, screen->columns, STYLE_KEYS);
}

void screen_too_small(struct screen *screen)
{
	char *text = talloc_asprintf(screen, _("needs %dx%d; this is %zux%zu. Enlarge, or use --plain"),
				     SCREEN_MIN_COLUMNS, SCREEN_MIN_ROWS, screen->columns, screen->rows);
	struct lines lines = { 0 };

	screen->too_small = true;
	if (layout_wrap(screen, text, screen->columns, &lines) != 0)
		return;
	for (size_t i = 0; i < lines.count && i < screen->rows; i++)
		screen_put(screen, i, 0, screen->columns, lines.text[i], true);
}

bool screen_titled(struct screen *screen, const struct page *page, const char *title, const char *keys, bool utf8, struct pen *pen)
{
	if (screen->rows < SCREEN_MIN_ROWS || screen->columns < SCREEN_MIN_COLUMNS) {
		screen_too_small(screen);
		return false;
	}
	*pen = (struct pen){ screen, FRAME_TOP, 1, screen->columns - 2, utf8 };
	frame_draw(screen, page, keys, utf8);
	pen_line(pen, title);
	screen_style(screen, FRAME_TOP, 1, screen->columns - 2, STYLE_HEADING);
	pen->row++;
	return true;
}

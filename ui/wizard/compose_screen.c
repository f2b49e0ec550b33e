/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The sheet that pages are composed on, and the frame every page has. */
#include <stdarg.h>
#include <string.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "ui/wizard/compose_private.h"

static void too_small_draw(struct screen *screen)
{
	char *text =
		talloc_asprintf(screen, _("needs %dx%d; this is %zux%zu. Enlarge, or use --plain"),
			SCREEN_MIN_COLUMNS, SCREEN_MIN_ROWS, screen->columns, screen->rows);
	struct lines lines = { 0 };

	layout_wrap(screen, text, screen->columns, &lines);
	for (size_t i = 0; i < lines.count; i++)
		screen_put(screen, i, 0, screen->columns, lines.text[i], ROLE_TEXT);
}

struct screen *screen_new(TALLOC_CTX *mem, size_t rows, size_t columns)
{
	struct screen *screen = talloc_zero(mem, struct screen);

	screen->rows = rows;
	screen->columns = columns;
	screen->lines = talloc_array(screen, char *, (unsigned)rows);
	for (size_t i = 0; i < rows; i++)
		screen->lines[i] = layout_repeat(screen, ' ', columns);
	screen->too_small = rows < SCREEN_MIN_ROWS || columns < SCREEN_MIN_COLUMNS;
	if (screen->too_small)
		too_small_draw(screen);
	return screen;
}

void screen_put(struct screen *screen, size_t row, size_t column, size_t width, const char *text,
	enum role role)
{
	struct stretch *more;
	char *line, *rest;

	if (row >= screen->rows || column >= screen->columns)
		return;
	if (width > screen->columns - column)
		width = screen->columns - column;
	line = screen->lines[row];
	rest = line + layout_bytes(line, column + width);
	text = layout_text(screen, layout_fit(screen, text, width, CUT_END));
	screen->lines[row] = talloc_asprintf(screen, "%.*s%s%s", (int)layout_bytes(line, column),
		line, text, rest);
	if (role == ROLE_TEXT)
		return;
	more = memory_more(screen, &screen->stretches, screen->stretch_count++, sizeof *more);
	*more = (struct stretch){ row, column, width, role };
}

void pen_line(struct pen *pen, enum role role, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	if (pen->row + FRAME_BOTTOM < pen->screen->rows)
		screen_put(pen->screen, pen->row, pen->column, pen->width,
			talloc_vasprintf(pen->screen, format, args), role);
	va_end(args);
	pen->row++;
}

void pen_right(const struct pen *pen, size_t row, const char *format, ...)
{
	va_list args;
	size_t width;
	char *text;

	va_start(args, format);
	text = talloc_vasprintf(pen->screen, format, args);
	va_end(args);
	width = layout_width(text);
	if (width < pen->width)
		screen_put(pen->screen, row, pen->column + pen->width - width, width, text,
			ROLE_TEXT);
}

void frame_draw(struct pen *pen, const struct page *page, const char *title, const char *keys)
{
	struct screen *screen = pen->screen;
	struct pen top = { screen, 0, 0, screen->columns - 1 };
	const char *program = screen->columns >= SCREEN_WIDE ? "msmcfix   Q240208" : "msmcfix";
	char *server = talloc_asprintf(screen, "%s   %s  %s", page->server ? page->server : "",
		page->badge, page->mode ? page->mode : "");
	size_t room = screen->columns - strlen(program) - 4;

	if (layout_width(server) > room)
		server = layout_fit(screen, server, room, CUT_MIDDLE);
	screen_put(screen, 0, 0, screen->columns, talloc_asprintf(screen, " %s", program),
		ROLE_BAR);
	pen_right(&top, 0, "%s", server);
	screen_put(screen, 1, 0, screen->columns, layout_repeat(screen, '-', screen->columns),
		ROLE_TEXT);
	screen_put(screen, screen->rows - 1, 1, screen->columns - 2, keys, ROLE_TEXT);
	screen_put(screen, FRAME_TOP, pen->column, pen->width, title, ROLE_STRONG);
}

const struct hit *screen_hit(const struct screen *screen, size_t row, size_t column)
{
	for (size_t i = 0; i < screen->hit_count; i++) {
		const struct hit *hit = &screen->hits[i];

		if (hit->row == row && column >= hit->column && column - hit->column < hit->width)
			return hit;
	}
	return NULL;
}

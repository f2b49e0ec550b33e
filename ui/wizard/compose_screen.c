/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The sheet that pages are composed on, and what is drawn on it in one stroke. */
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
	screen->end = rows > FRAME_BOTTOM ? rows - FRAME_BOTTOM : 0;
	screen->hint = rows > FRAME_BOTTOM ? rows - 2 : 0;
	screen->columns = columns;
	screen->tier = TIER_256;
	screen->lines = talloc_array(screen, char *, (unsigned)rows);
	for (size_t i = 0; i < rows; i++)
		screen->lines[i] = layout_repeat(screen, ' ', columns);
	screen->too_small = rows < SCREEN_MIN_ROWS || columns < SCREEN_MIN_COLUMNS;
	if (screen->too_small)
		too_small_draw(screen);
	return screen;
}

/* Running text needs no stretch where nothing else was drawn before. */
static bool is_bare(const struct screen *screen, size_t row, size_t column, size_t width)
{
	for (size_t i = 0; i < screen->stretch_count; i++) {
		const struct stretch *stretch = &screen->stretches[i];

		if (stretch->row == row && stretch->column < column + width &&
			column < stretch->column + stretch->width)
			return false;
	}
	return true;
}

void screen_mark(struct screen *screen, size_t row, size_t column, size_t width, enum role role)
{
	struct stretch *more =
		memory_more(screen, &screen->stretches, screen->stretch_count++, sizeof *more);

	*more = (struct stretch){ row, column, width, role };
}

void screen_put(struct screen *screen, size_t row, size_t column, size_t width, const char *text,
	enum role role)
{
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
	if (role != ROLE_TEXT || !is_bare(screen, row, column, width))
		screen_mark(screen, row, column, width, role);
}

size_t screen_say(struct screen *screen, size_t row, size_t column, const char *text,
	enum role role)
{
	size_t width = layout_width(text);

	screen_put(screen, row, column, width, text, role);
	return column + width;
}

void screen_hit_add(struct screen *screen, size_t row, size_t column, size_t width,
	enum hit_kind kind, size_t index)
{
	struct hit *hit = memory_more(screen, &screen->hits, screen->hit_count++, sizeof *hit);

	*hit = (struct hit){ row, column, width, kind, index };
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

void pen_line(struct pen *pen, enum role role, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	if (pen->row < pen->screen->end)
		screen_put(pen->screen, pen->row, pen->column, pen->width,
			talloc_vasprintf(pen->screen, format, args), role);
	va_end(args);
	pen->row++;
}

void pen_rule(struct pen *pen, const char *title, const char *note)
{
	struct screen *screen = pen->screen;
	size_t end = pen->column + pen->width, room = pen->width - 4, width;

	screen_put(screen, pen->row, pen->column, pen->width,
		theme_line(screen, SIGN_HORIZONTAL, pen->width), ROLE_QUIET);
	width = layout_width(note);
	if (width > 0 && width + 3 < room && layout_width(title) + width + 3 <= room) {
		screen_put(screen, pen->row, end - width - 3, width + 2,
			talloc_asprintf(screen, " %s ", note), ROLE_QUIET);
		room -= width + 3;
	}
	width = layout_width(title);
	if (width > room)
		width = room;
	if (width > 0)
		screen_put(screen, pen->row, pen->column + 2, width + 2,
			talloc_asprintf(screen, " %s ",
				layout_fit(screen, title, width, CUT_MIDDLE)),
			ROLE_STRONG);
	pen->row++;
}

void line_more(struct screen *screen, size_t row, size_t column, size_t width, const char *text,
	enum role role, const char *key)
{
	char *dots = talloc_asprintf(screen, *key != '\0' ? " .. %s" : " ..", key);
	size_t room = width - layout_width(dots), used = layout_width(text);

	if (used > room) {
		struct lines lines = { 0 };

		layout_wrap(screen, text, room, &lines);
		text = lines.text[0];
		used = layout_width(text);
	}
	screen_put(screen, row, column, width, text, role);
	screen_say(screen, row, column + used, dots, ROLE_OPEN);
}

size_t lamp_width(const char *word)
{
	size_t width = layout_width(word);

	return (width < LAMP_WIDTH ? LAMP_WIDTH : width) + LAMP_EDGES;
}

size_t lamp_put(struct screen *screen, size_t row, size_t column, size_t width, const char *word,
	enum tone tone)
{
	const char *edges = screen->tier == TIER_MONO ? "[]" : "  ";
	size_t room = width - LAMP_EDGES, used = layout_width(word);
	char *text = talloc_asprintf(screen, "%*s%s", (int)(used < room ? (room - used) / 2 : 0),
		"", word);

	screen_put(screen, row, column, width,
		talloc_asprintf(screen, "%c%s%c", edges[0], layout_fit(screen, text, room, CUT_END),
			edges[1]),
		role_of(tone));
	return column + width;
}

void bar_put(struct screen *screen, size_t row, size_t column, size_t width, size_t full,
	enum role role)
{
	const char *filled = screen->tier == TIER_MONO ? theme_line(screen, SIGN_FILLED, full) : "";

	screen_put(screen, row, column, width, theme_line(screen, SIGN_REST, width), ROLE_QUIET);
	if (full > 0)
		screen_put(screen, row, column, full, filled, role);
}

/* The thumb is never so small that it cannot be seen, and at an end only where the lines are. */
void scroll_bar(struct screen *screen, size_t row, size_t shown, size_t top, size_t count)
{
	const char *thumb = screen->tier == TIER_MONO ? theme_sign(SIGN_FILLED) : " ";
	size_t length, at;

	if (count <= shown || shown == 0)
		return;
	length = shown * shown / count;
	if (length == 0)
		length = 1;
	at = (shown - length) * top / (count - shown);
	if (at == 0 && top > 0 && shown > length + 1)
		at = 1;
	if (at == shown - length && top + shown < count && at > 1)
		at--;
	for (size_t i = 0; i < shown; i++) {
		bool in = i >= at && i < at + length;

		screen_put(screen, row + i, screen->columns - 1, 1,
			in ? thumb : theme_sign(SIGN_VERTICAL), in ? ROLE_BAR : ROLE_QUIET);
	}
}

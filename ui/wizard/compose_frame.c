/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What every page has around its body: the title line above; buttons, hint and keys below. */
#include <string.h>

#include "base/memory.h"
#include "ui/wizard/compose_private.h"

enum { SERVER_AT = 11 };

void frame_top(struct screen *screen, const struct page *page)
{
	enum role bar = page->alarm ? ROLE_DANGER : ROLE_BAR;
	const char *mode = page->mode, *server = page->server ? page->server : "";
	const char *badge = page->badge ? page->badge : "";
	bool mono = screen->tier == TIER_MONO;
	size_t end = screen->columns, width;

	screen_put(screen, 0, 0, screen->columns, " msmcfix", bar);
	if (mode) {
		mode = talloc_asprintf(screen, mono ? "[%s]" : " %s ", mode);
		width = layout_width(mode);
		end -= width;
		screen_put(screen, 0, end, width, mode, role_of(page->mode_tone));
	}
	width = layout_width(badge);
	if (width + 1 + SERVER_AT < end && width > 0) {
		end -= width + 1;
		screen_put(screen, 0, end, width, badge, bar);
	}
	width = layout_width(server);
	if (width + 1 > end - SERVER_AT)
		width = end - SERVER_AT - 1;
	screen_put(screen, 0, SERVER_AT, width, layout_fit(screen, server, width, CUT_MIDDLE), bar);
}

/* ---- Keys ---- */

static char *key_cell(struct screen *screen, const struct key_label *key)
{
	return talloc_asprintf(screen, screen->tier == TIER_MONO ? "[%s]" : "%s", key->key);
}

static size_t key_width(struct screen *screen, const struct key_label *key)
{
	return layout_width(key_cell(screen, key)) + layout_width(key->label) + 2;
}

static size_t key_put(struct screen *screen, size_t column, const struct key_label *key)
{
	size_t row = screen->rows - 1;

	column = screen_say(screen, row, column, key_cell(screen, key), ROLE_KEY);
	return screen_say(screen, row, column, talloc_asprintf(screen, " %s ", key->label),
		ROLE_KEY_LABEL);
}

void frame_keys(struct screen *screen, const struct key_label *keys, size_t count)
{
	size_t at = 0, end = screen->columns, width;

	screen_put(screen, screen->rows - 1, 0, screen->columns, "", ROLE_KEY_LABEL);
	if (count == 0)
		return;
	width = key_width(screen, &keys[count - 1]);
	end -= width < end ? width : end;
	for (size_t i = 0; i + 1 < count; i++) {
		if (at + key_width(screen, &keys[i]) > end)
			break;
		at = key_put(screen, at, &keys[i]);
	}
	key_put(screen, end, &keys[count - 1]);
}

/* Sentences that are parted by two blanks: as many as there is room for. */
void frame_hint(const struct pen *pen, const char *hint)
{
	char *text = talloc_strdup(pen->screen, hint);

	for (size_t i = strlen(text); i-- > 1 && layout_width(text) > pen->width;)
		if (text[i] == ' ' && text[i - 1] == ' ')
			text[i - 1] = '\0';
	screen_put(pen->screen, pen->screen->rows - 2, pen->column, pen->width, text, ROLE_QUIET);
}

/* ---- Buttons ---- */

/* What Enter presses: what writes only where the person went to it. */
static bool is_focused(const struct page *page, const struct view *view, size_t index)
{
	return index == view->action && !(view->on_table && page->actions[index].writes);
}

struct buttons {
	const struct page *page;
	const struct view *view;
	bool brief;
};

static char *button_text(struct screen *screen, const struct buttons *buttons, size_t index)
{
	const struct action *action = &buttons->page->actions[index];
	const char *label = buttons->brief && action->brief ? action->brief : action->label;
	bool marked = screen->tier == TIER_MONO && is_focused(buttons->page, buttons->view, index);

	return talloc_asprintf(screen, marked ? "[>%s<]" : "[ %s ]", label);
}

static size_t buttons_width(struct screen *screen, const struct buttons *buttons)
{
	size_t width = 0;

	for (size_t i = 0; i < buttons->page->action_count; i++)
		width += layout_width(button_text(screen, buttons, i)) + (i > 0 ? 2 : 0);
	return width;
}

/* The first button to draw so that the focused one is among those that fit. */
static size_t buttons_first(struct screen *screen, const struct buttons *buttons, size_t room)
{
	size_t first = buttons->view->action,
	       width = layout_width(button_text(screen, buttons, first));

	for (; first > 0; first--) {
		width += layout_width(button_text(screen, buttons, first - 1)) + 2;
		if (width > room)
			break;
	}
	return first;
}

static void button_draw(struct screen *screen, const struct buttons *buttons, size_t index,
	size_t column, size_t width)
{
	size_t row = screen->rows - FRAME_BOTTOM;

	screen_put(screen, row, column, width, button_text(screen, buttons, index),
		is_focused(buttons->page, buttons->view, index) ? ROLE_FOCUS : ROLE_STRONG);
	screen_hit_add(screen, row, column, width, HIT_BUTTON, index);
	if (index == buttons->view->action && !buttons->view->on_table) {
		screen->cursor_row = row;
		screen->cursor_column = column + 2;
	}
}

/* Left to right; where they are too many for the line, '<' and '>' say that there are more. */
void buttons_draw(const struct pen *pen, const struct page *page, const struct view *view)
{
	struct screen *screen = pen->screen;
	size_t row = screen->rows - FRAME_BOTTOM, end = pen->column + pen->width, at = pen->column;
	struct buttons buttons = { page, view, false };
	size_t first = 0;

	if (page->action_count == 0)
		return;
	buttons.brief = buttons_width(screen, &buttons) > pen->width;
	if (buttons_width(screen, &buttons) > pen->width)
		first = buttons_first(screen, &buttons, pen->width - 2);
	if (first > 0)
		screen_put(screen, row, pen->column - 1, 1, "<", ROLE_OPEN);
	for (size_t i = first; i < page->action_count; i++) {
		size_t width = layout_width(button_text(screen, &buttons, i)),
		       last = i + 1 < page->action_count ? 2 : 0;

		if (at + width + last > end && i > view->action) {
			screen_put(screen, row, end - 1, 1, ">", ROLE_OPEN);
			break;
		}
		button_draw(screen, &buttons, i, at, at + width > end ? end - at : width);
		at += width + 2;
	}
}

struct pen frame_titled(struct screen *screen, const struct page *page, const char *title,
	const struct key_label *keys, size_t count)
{
	struct pen pen = { screen, FRAME_TOP, 1, screen->columns - 2 };

	frame_top(screen, page);
	frame_keys(screen, keys, count);
	pen_line(&pen, ROLE_STRONG, "%s", title);
	pen.row++;
	return pen;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What every page has around its body: the title line above; buttons, hint and keys below. */
#include <stdio.h>
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

/* The letters that a key stands for: "w" of "F2 w", "y", all of "1-6". */
static const char *key_letters(const char *key)
{
	const char *blank = strrchr(key, ' '), *last = blank ? blank + 1 : key;

	return strcmp(key, KEY_STEPS) == 0 ? "123456" : last[1] == '\0' ? last : "";
}

static size_t key_put(struct screen *screen, size_t column, const struct key_label *key)
{
	size_t row = screen->rows - 1, used = strlen(screen->letters);

	snprintf(screen->letters + used, sizeof screen->letters - used, "%s",
		key_letters(key->key));
	column = screen_say(screen, row, column, key_cell(screen, key), ROLE_KEY);
	return screen_say(screen, row, column, talloc_asprintf(screen, " %s ", key->label),
		ROLE_KEY_LABEL);
}

/* What must be there stands there with shorter labels where there is no room for whole ones: a row
 * is decided by nothing but its letters. The first and the last are whole. */
static void labels_shorten(struct screen *screen, struct key_label *keys, size_t must, size_t room)
{
	enum { SHORTEST = 2 };
	size_t used = 0, longest = 1;

	for (size_t i = 0; i < must; i++) {
		used += key_width(screen, &keys[i]);
		if (i > 0 && layout_width(keys[i].label) >= layout_width(keys[longest].label))
			longest = i;
	}
	if (used <= room || must < 2 || layout_width(keys[longest].label) <= SHORTEST)
		return;
	keys[longest].label = talloc_strndup(screen, keys[longest].label,
		layout_bytes(keys[longest].label, layout_width(keys[longest].label) - 1));
	labels_shorten(screen, keys, must, room);
}

void frame_keys(struct screen *screen, struct key_label *keys, size_t count, size_t must)
{
	size_t at = 0, end = screen->columns, width;

	screen->letters[0] = '\0';
	screen_put(screen, screen->rows - 1, 0, screen->columns, "", ROLE_KEY_LABEL);
	if (count == 0)
		return;
	width = key_width(screen, &keys[count - 1]);
	end -= width < end ? width : end;
	labels_shorten(screen, keys, must, end);
	for (size_t i = 0; i + 1 < count; i++)
		if (at + key_width(screen, &keys[i]) <= end)
			at = key_put(screen, at, &keys[i]);
	key_put(screen, end, &keys[count - 1]);
}

static size_t lines_of(const struct pen *pen, const char *text, struct lines *lines)
{
	*lines = (struct lines){ 0 };
	layout_wrap(pen->screen, text, pen->width, lines);
	return lines->count;
}

/* Whether a sentence ends before text[at]. */
static bool is_sentence(const char *text, size_t at)
{
	static const char stop[] = "\xe3\x80\x82"; /* of Japanese */
	size_t len = strlen(stop);

	return at == 0 || (text[at] == ' ' && strchr(" .", text[at - 1])) ||
		(at >= len && strncmp(text + at - len, stop, len) == 0);
}

/* As many whole sentences of text as so many lines hold; "" for none. */
static char *sentences(const struct pen *pen, const char *text, size_t room, struct lines *lines)
{
	char *some = talloc_strdup(pen->screen, text);

	while (lines_of(pen, some, lines) > room) {
		size_t at = strlen(some);

		while (!is_sentence(some, --at))
			;
		some[at] = '\0';
	}
	return some;
}

static bool hint_fits(const struct pen *pen, const struct page *page, struct view view)
{
	const char *hint = hint_page(pen->screen, page, &view);
	struct lines lines;

	return *hint == '\0' || *sentences(pen, hint, 1, &lines) != '\0';
}

void hint_place(const struct pen *pen, const struct page *page, const struct view *view)
{
	struct view at = *view;
	bool fits = true;

	for (at.on_table = false, at.action = 0; at.action < page->action_count; at.action++)
		fits = fits && hint_fits(pen, page, at);
	for (at.on_table = true, at.cursor = 0; at.cursor < page->row_count; at.cursor++)
		fits = fits && (!page->rows[at.cursor].decide || hint_fits(pen, page, at));
	pen->screen->hint -= !fits;
	pen->screen->end -= !fits;
}

void frame_hint(const struct pen *pen, const char *hint)
{
	struct lines lines;

	(void)sentences(pen, hint, pen->screen->rows - 1 - pen->screen->hint, &lines);
	for (size_t i = 0; i < lines.count; i++)
		screen_put(pen->screen, pen->screen->hint + i, pen->column, pen->width,
			lines.text[i], ROLE_QUIET);
}

/* ---- Buttons ---- */

enum { APART = 2 };

/* What Enter presses: what writes only where the person went to it. */
static bool is_focused(const struct page *page, const struct view *view, size_t index)
{
	return index == view->action && !(view->on_table && page->actions[index].writes);
}

char *button_text(struct screen *screen, const char *label, bool focused)
{
	return talloc_asprintf(screen, focused && screen->tier == TIER_MONO ? "[>%s<]" : "[ %s ]",
		label);
}

/* Short ones where a line has no room for all. */
static const char *button_label(const struct pen *pen, const struct page *page, size_t index)
{
	const struct action *action = &page->actions[index];
	size_t width = 0;

	for (size_t i = 0; i < page->action_count; i++)
		width += (i > 0 ? APART : 0) +
			layout_width(button_text(pen->screen, page->actions[i].label, false));
	return width > pen->width && action->brief ? action->brief : action->label;
}

void buttons_place(const struct pen *pen, const struct page *page)
{
	struct screen *screen = pen->screen;
	size_t at = pen->column, end = pen->column + pen->width, more = 0;

	for (size_t i = 0; i < page->action_count; i++) {
		size_t width = layout_width(button_text(screen, button_label(pen, page, i), false));

		if (at + width > end && at > pen->column) {
			at = pen->column;
			more++;
		}
		screen_hit_add(screen, screen->end + more, at, at + width > end ? end - at : width,
			HIT_BUTTON, i);
		at += width + APART;
	}
	screen->end -= more;
	for (size_t i = 0; i < screen->hit_count; i++)
		screen->hits[i].row -= more;
}

void buttons_draw(const struct pen *pen, const struct page *page, const struct view *view)
{
	struct screen *screen = pen->screen;

	for (size_t i = 0; i < screen->hit_count; i++) {
		const struct hit *hit = &screen->hits[i];
		bool focused = is_focused(page, view, hit->index);

		if (hit->kind != HIT_BUTTON)
			continue;
		screen_put(screen, hit->row, hit->column, hit->width,
			button_text(screen, button_label(pen, page, hit->index), focused),
			focused ? ROLE_FOCUS : ROLE_STRONG);
		if (hit->index == view->action && !view->on_table) {
			screen->cursor_row = hit->row;
			screen->cursor_column = hit->column + 2;
		}
	}
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A page on a screen: message, lead, table, details, tail, coach, buttons; what does not fit gives
 * way in a fixed order. */
#include "ui/wizard/compose.h"

#include <string.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "ui/wizard/compose_private.h"

enum { STEPS_WIDTH = 22 };

/* The parts of a body, from top to bottom. */
enum part_name { MESSAGE, LEAD, TABLE, DETAILS, TAIL, COACH, PARTS };

struct parts {
	struct part {
		struct lines lines; /* wrapped */
		size_t shown;       /* so many of them; the table adds its headings */
		enum role role;
	} part[PARTS];
	struct table *table;
	bool airy; /* an empty line below the title */
};

/* Behind each part is an empty line, but not behind the last of the page. */
static size_t parts_height(const struct parts *parts)
{
	size_t height = parts->airy ? 1 : 0;

	for (int i = 0; i < PARTS; i++)
		if (parts->part[i].shown > 0)
			height += parts->part[i].shown + (i == TABLE ? TABLE_HEAD : 0) + 1;
	return parts->part[TAIL].shown > 0 || parts->part[COACH].shown > 0 ? height - 1 : height;
}

/*
 * What gives way, in this order, and how many lines must stay. A table that is only read is the
 * page's news and keeps its lines longest: for it the first ones of the order count, too. One that
 * is decided on needs some rows and what is told about the row under the cursor. F1 and F6 show all
 * that was cut.
 */
static void parts_fit(struct parts *parts, size_t height)
{
	static const struct {
		enum part_name part;
		size_t least;
	} order[] = { { TAIL, 1 }, { LEAD, 3 }, { TABLE, 7 }, { DETAILS, 6 }, { COACH, 4 },
		{ TABLE, 3 }, { TAIL, 1 }, { DETAILS, 4 }, { LEAD, 1 }, { TAIL, 0 }, { COACH, 2 },
		{ DETAILS, 0 } };
	enum { FOR_ONLY_READ = 2 };
	struct part *lead = &parts->part[LEAD];

	for (int i = 0; i < PARTS; i++)
		parts->part[i].shown = parts->part[i].lines.count;
	parts->airy = true;
	parts->airy = parts_height(parts) <= height;
	for (size_t i = parts->table->selectable ? FOR_ONLY_READ : 0; i < ARRAY_SIZE(order); i++) {
		struct part *part = &parts->part[order[i].part];

		while (part->shown > order[i].least && parts_height(parts) > height)
			part->shown--;
	}
	/* No empty line at its end. */
	while (lead->shown > 1 && lead->shown < lead->lines.count &&
		*lead->lines.text[lead->shown - 1] == '\0')
		lead->shown--;
}

static struct parts parts_wrap(struct screen *screen, const struct page *page,
	const struct view *view, size_t width)
{
	const char *texts[PARTS] = { [MESSAGE] = page->message,
		[LEAD] = page->lead,
		[TAIL] = page->tail,
		[COACH] = page->coach };
	struct parts parts = { .table = table_new(screen, page, view, width) };
	struct part *part = parts.part;

	part[COACH].role = ROLE_STRONG;
	if (page->message && page->message_bad) {
		part[MESSAGE].role = ROLE_OPEN;
		texts[MESSAGE] = talloc_asprintf(screen, "! %s", page->message);
	}
	for (int i = 0; i < PARTS; i++)
		if (texts[i])
			layout_wrap(screen, texts[i], width, &part[i].lines);
	part[TABLE].lines = parts.table->lines;
	details_wrap(screen, page, view, width, &part[DETAILS].lines);
	return parts;
}

static bool is_marks(const char *line)
{
	return line[strspn(line, " ^")] == '\0' && strchr(line, '^');
}

/* The end of its last line says that more there is to read, and with which key. */
static void part_draw(struct pen *pen, const struct part *part, const char *key)
{
	for (size_t i = 0; i < part->shown; i++)
		pen_line(pen, is_marks(part->lines.text[i]) ? ROLE_COME : part->role, "%s",
			part->lines.text[i]);
	if (part->shown < part->lines.count)
		pen_right(pen, pen->row - 1, " ... %s", key);
}

static void body_draw(struct pen *pen, const struct parts *parts, struct view *view)
{
	/* The coach speaks just above the buttons, wherever the page ends. */
	size_t coach = pen->screen->rows - FRAME_BOTTOM - parts->part[COACH].shown;

	pen->row += parts->airy ? 1 : 0;
	for (int i = 0; i < PARTS; i++) {
		const struct part *part = &parts->part[i];

		if (part->shown == 0)
			continue;
		if (i == COACH && pen->row < coach)
			pen->row = coach;
		if (i == TABLE)
			table_draw(pen, parts->table, view, part->shown);
		else
			part_draw(pen, part, i == DETAILS ? "F6" : "F1");
		pen->row++;
	}
}

/* The list of steps at the left; narrow screens have only "Step 2 of 6" in their title. */
static void steps_draw(struct screen *screen, const struct page *page)
{
	size_t row = FRAME_TOP;

	screen_put(screen, row, 1, STEPS_WIDTH - 2, _("Steps"), ROLE_TEXT);
	for (size_t r = FRAME_TOP; r + FRAME_BOTTOM < screen->rows; r++)
		screen_put(screen, r, STEPS_WIDTH, 1, "|", ROLE_TEXT);
	row += 2;
	for (size_t i = 0; i < page->step_count; i++, row++) {
		const struct step_line *step = &page->steps[i];
		char *line = talloc_asprintf(screen, "%s ", mark_word(step->mark));

		if (step->number > 0)
			line = talloc_asprintf_append(line, "%d ", step->number);
		line = talloc_strdup_append(line, step->title);
		screen_put(screen, row, 1, STEPS_WIDTH - 2, line,
			step->mark == MARK_NOW ? ROLE_CURSOR : ROLE_TEXT);
	}
	if (page->run)
		screen_put(screen, screen->rows - 3, 1, STEPS_WIDTH - 2,
			talloc_asprintf(screen, _("Run %s"), page->run), ROLE_TEXT);
}

static char *button_text(TALLOC_CTX *mem, const struct page *page, size_t index)
{
	return talloc_asprintf(mem, "[ %s ]", page->actions[index].label);
}

/* The first button to draw so that the focused one is among those that fit. */
static size_t buttons_first(struct screen *screen, const struct page *page, size_t focused,
	size_t room)
{
	size_t first = focused, width = layout_width(button_text(screen, page, first));

	for (; first > 0; first--) {
		width += layout_width(button_text(screen, page, first - 1)) + 2;
		if (width > room)
			break;
	}
	return first;
}

/* Buttons left to right; where they are too many for the line, '<' and '>' say that there are
 * more. */
static void buttons_draw(struct screen *screen, const struct page *page, const struct view *view,
	size_t column)
{
	size_t row = screen->rows - 2, at = column, end = screen->columns - 2;
	size_t first = buttons_first(screen, page, view->action, end - column);

	if (first > 0)
		screen_put(screen, row, column - 1, 1, "<", ROLE_TEXT);
	for (size_t i = first; i < page->action_count; i++) {
		char *label = button_text(screen, page, i);
		size_t width = layout_width(label);

		if (at + width > end && i > view->action) {
			screen_put(screen, row, end, 1, ">", ROLE_TEXT);
			break;
		}
		screen_put(screen, row, at, width, label,
			i == view->action ? ROLE_FOCUS : ROLE_TEXT);
		if (i == view->action && !view->on_table) {
			screen->cursor_row = row;
			screen->cursor_column = at + 2;
		}
		at += width + 2;
	}
}

static char *key_add(char *keys, const char *key, size_t width)
{
	const char *gap = *keys != '\0' ? "  " : "";

	return layout_width(keys) + strlen(gap) + layout_width(key) <= width
		? talloc_asprintf_append(keys, "%s%s", gap, key)
		: keys;
}

/* The keys that do something here, as many as the line holds, the most wanted first. */
static char *keys_line(TALLOC_CTX *mem, const struct page *page, const struct view *view,
	size_t width)
{
	const struct row *row = view->cursor < page->row_count ? &page->rows[view->cursor] : NULL;
	const struct question *decide = row ? row->decide : NULL;
	const char *general[] = { _("F1 Help"), _("F2 Why"), _("F3 Back"), _("F10 Quit"),
		_("Enter press"), _("Tab next"),
		row && row->detail_count > 0 ? _("F6 Details") : "",
		page->again ? _("F5 Look again") : "" };
	char *keys = talloc_strdup(mem, "");

	for (size_t i = 0; decide && i < decide->answer_count; i++) {
		const struct answer *answer = &decide->answers[i];

		if (answer->key != '\0')
			keys = key_add(keys,
				talloc_asprintf(mem, "%c %s", answer->key, answer->label), width);
	}
	for (size_t i = 0; i < page->action_count; i++)
		if (page->actions[i].of_row && page->actions[i].key != '\0')
			keys = key_add(keys,
				talloc_asprintf(mem, "%c %s", page->actions[i].key,
					page->actions[i].label),
				width);
	for (size_t i = 0; i < ARRAY_SIZE(general); i++)
		if (*general[i] != '\0')
			keys = key_add(keys, general[i], width);
	return keys;
}

/* Lays the body out beside the list of steps, or with the whole width. */
static struct parts body_fit(struct pen *pen, const struct page *page, const struct view *view,
	size_t left)
{
	struct screen *screen = pen->screen;
	struct parts parts;

	pen->row = FRAME_TOP + 1;
	pen->column = left;
	pen->width = screen->columns - left - 1;
	parts = parts_wrap(screen, page, view, pen->width);
	parts_fit(&parts, screen->rows - FRAME_BOTTOM - pen->row);
	return parts;
}

void compose_page(struct screen *screen, const struct page *page, struct view *view)
{
	bool pane = page->steps && screen->columns >= SCREEN_WIDE;
	struct pen pen = { .screen = screen };
	struct parts parts;

	if (screen->too_small)
		return;
	if (view->action >= page->action_count)
		view->action = 0;
	if (view->cursor >= page->row_count)
		view->cursor = page->row_count > 0 ? page->row_count - 1 : 0;
	parts = body_fit(&pen, page, view, pane ? STEPS_WIDTH + 2 : 1);
	/* All of a table that is only read should be seen. */
	if (pane && !parts.table->selectable &&
		parts.part[TABLE].shown < parts.part[TABLE].lines.count) {
		pane = false;
		parts = body_fit(&pen, page, view, 1);
	}
	view->scrolls = parts.part[TABLE].shown < parts.part[TABLE].lines.count;
	frame_draw(&pen, page, page->title, keys_line(screen, page, view, screen->columns - 2));
	if (pane)
		steps_draw(screen, page);
	screen->table_rows = parts.part[TABLE].shown;
	body_draw(&pen, &parts, view);
	buttons_draw(screen, page, view, pen.column);
}

struct view view_first(const struct page *page)
{
	struct view view = { .cursor = page->cursor };

	for (size_t i = 0; i < page->action_count; i++)
		if (page->actions[i].focused)
			view.action = i;
	for (size_t i = page->row_count; i-- > 0;) {
		if (page->rows[i].decide && !page->rows[i].decided) {
			view.cursor = i;
			view.on_table = true;
		}
	}
	return view;
}

void compose_text(struct screen *screen, const struct page *page, const struct page_text *text,
	size_t *top)
{
	struct lines lines = { 0 };
	size_t room, end;
	struct pen pen;
	char *where;

	if (screen->too_small)
		return;
	pen = frame_titled(screen, page, text->title,
		_("Up/Down PgUp/PgDn scroll  / search  q or Esc back"));
	layout_wrap(screen, text->text, pen.width, &lines);
	room = screen->rows - FRAME_BOTTOM - pen.row;
	if (*top + room > lines.count)
		*top = lines.count > room ? lines.count - room : 0;
	end = *top + room < lines.count ? *top + room : lines.count;
	screen->table_rows = room;
	screen->text_width = pen.width;
	screen->cursor_row = pen.row;
	screen->cursor_column = 1;
	for (size_t i = *top; i < end; i++)
		pen_line(&pen, ROLE_TEXT, "%s", lines.text[i]);
	where = talloc_asprintf(screen, _("Lines %zu to %zu of %zu"),
		lines.count > 0 ? *top + 1 : 0, end, lines.count);
	screen_put(screen, screen->rows - 2, 1, pen.width, where, ROLE_TEXT);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A page on a screen: message, lead, table, details, tail, buttons; what does not fit gives way in a fixed order. */
#include "ui/wizard/compose.h"

#include <string.h>

#include "base/error.h"
#include "base/i18n.h"
#include "ui/wizard/compose_private.h"

enum { STEPS_WIDTH = 22, TABLE_GOOD = 7, TABLE_MIN = 3, LEAD_GOOD = 3, COACH_GOOD = 4, COACH_MIN = 2, DETAILS_GOOD = 6, DETAILS_MIN = 4 };
enum { KEY_OF_DETAILS = 6, KEY_OF_AGAIN = 7 };

/* The parts of a body, wrapped, and how many lines of each are shown. */
struct parts {
	struct lines message, lead, details, tail, coach;
	struct table *table;
	size_t lead_shown, table_shown, details_shown, tail_shown, coach_shown;
	bool airy;                      /* an empty line below the title */
};

static size_t with_gap(size_t lines)
{
	return lines > 0 ? lines + 1 : 0;
}

static size_t parts_height(const struct parts *parts)
{
	return (parts->airy ? 1 : 0) + with_gap(parts->message.count) + with_gap(parts->lead_shown) +
	       with_gap(table_height(parts->table, parts->table_shown)) + with_gap(parts->details_shown) +
	       (parts->coach_shown > 0 ? with_gap(parts->tail_shown) : parts->tail_shown) + parts->coach_shown;
}

/* Shrinks *count until the parts fit into height, but not below least. */
static void give_way(const struct parts *parts, size_t *count, size_t least, size_t height)
{
	while (*count > least && parts_height(parts) > height)
		(*count)--;
}

static bool empty(const char *line)
{
	return line[strspn(line, " ")] == '\0';
}

/*
 * What gives way, in this order. A table that is only read is the page's news and keeps its lines longest; one that is
 * decided on needs some rows and what is told about the row under the cursor. F1 and F6 show all that was cut.
 */
static void parts_fit(struct parts *parts, size_t height)
{
	parts->lead_shown = parts->lead.count;
	parts->details_shown = parts->details.count;
	parts->tail_shown = parts->tail.count;
	parts->coach_shown = parts->coach.count;
	parts->table_shown = table_lines(parts->table);
	parts->airy = true;
	if (parts_height(parts) > height)
		parts->airy = false;
	if (!table_selectable(parts->table)) {
		give_way(parts, &parts->tail_shown, 1, height);
		give_way(parts, &parts->lead_shown, LEAD_GOOD, height);
	}
	give_way(parts, &parts->table_shown, TABLE_GOOD, height);
	give_way(parts, &parts->details_shown, DETAILS_GOOD, height);
	give_way(parts, &parts->coach_shown, COACH_GOOD, height);
	give_way(parts, &parts->table_shown, TABLE_MIN, height);
	give_way(parts, &parts->tail_shown, 1, height);
	give_way(parts, &parts->details_shown, DETAILS_MIN, height);
	give_way(parts, &parts->lead_shown, 1, height);
	give_way(parts, &parts->tail_shown, 0, height);
	give_way(parts, &parts->coach_shown, COACH_MIN, height);
	give_way(parts, &parts->details_shown, 0, height);
	while (parts->lead_shown > 1 && parts->lead_shown < parts->lead.count &&
	       empty(parts->lead.text[parts->lead_shown - 1]))
		parts->lead_shown--;
}

static int parts_wrap(TALLOC_CTX *mem, const struct page *page, const struct view *view, size_t width,
		      struct parts *parts)
{
	int rc = 0;

	if (page->message != NULL) {
		const char *front = page->message_bad ? "! " : "";

		rc = layout_wrap(mem, layout_text(mem, talloc_asprintf(mem, "%s%s", front, page->message), view->utf8),
				 width, &parts->message);
	}
	if (rc == 0 && page->lead != NULL)
		rc = layout_wrap(mem, layout_text(mem, page->lead, view->utf8), width, &parts->lead);
	if (rc == 0)
		rc = details_lines(mem, page, view, width, view->utf8, &parts->details);
	if (rc == 0 && page->tail != NULL)
		rc = layout_wrap(mem, layout_text(mem, page->tail, view->utf8), width, &parts->tail);
	if (rc == 0 && page->coach != NULL)
		rc = layout_wrap(mem, layout_text(mem, page->coach, view->utf8), width, &parts->coach);
	if (rc == 0)
		rc = table_new(mem, page, view, width, &parts->table);
	return rc;
}

/* The end of the line just written says that more there is to read, and with which key. */
static void more_mark(struct pen *pen, const char *key)
{
	char *text = talloc_asprintf(pen->screen, " ... %s", key);
	size_t width = layout_width(text);

	if (width < pen->width)
		screen_put(pen->screen, pen->row - 1, pen->column + pen->width - width, width, text, true);
}

static void lines_draw(struct pen *pen, const struct lines *lines, size_t shown, const char *key)
{
	if (shown == 0)
		return;
	pen_lines(pen, lines, 0, shown);
	if (shown < lines->count)
		more_mark(pen, key);
	pen->row++;
}

static void details_draw(struct pen *pen, const struct parts *parts)
{
	size_t row = pen->row;

	lines_draw(pen, &parts->details, parts->details_shown, "F6");
	for (size_t i = 0; i < parts->details_shown; i++) {
		const char *line = parts->details.text[i];

		if (strspn(line, " ^") == strlen(line))
			screen_style(pen->screen, row + i, pen->column, pen->width, STYLE_MARK);
	}
}

/* The coach speaks just above the buttons, wherever the page ends. */
static void coach_draw(struct pen *pen, const struct parts *parts)
{
	size_t top = pen->screen->rows - FRAME_BOTTOM - parts->coach_shown;

	if (parts->coach_shown == 0)
		return;
	if (pen->row < top)
		pen->row = top;
	top = pen->row;
	lines_draw(pen, &parts->coach, parts->coach_shown, "F1");
	for (size_t row = top; row < top + parts->coach_shown; row++)
		screen_style(pen->screen, row, pen->column, pen->width, STYLE_HEADING);
}

static void body_draw(struct pen *pen, const struct page *page, struct view *view, const struct parts *parts)
{
	size_t before;

	if (parts->airy)
		pen->row++;
	before = pen->row;
	lines_draw(pen, &parts->message, parts->message.count, "F1");
	if (page->message_bad)
		for (size_t row = before; row + 1 < pen->row; row++)
			screen_style(pen->screen, row, pen->column, pen->width, STYLE_BAD);
	lines_draw(pen, &parts->lead, parts->lead_shown, "F1");
	if (parts->table_shown > 0) {
		table_draw(pen, parts->table, view, parts->table_shown);
		pen->row++;
	}
	details_draw(pen, parts);
	lines_draw(pen, &parts->tail, parts->tail_shown, "F1");
	coach_draw(pen, parts);
}

/* The list of steps at the left; narrow screens have only "Step 2 of 6" in their title. */
static void steps_draw(struct screen *screen, const struct page *page, bool utf8)
{
	size_t row = FRAME_TOP;

	screen_put(screen, row, 1, STEPS_WIDTH - 2, _("Steps"), utf8);
	for (size_t r = FRAME_TOP; r + FRAME_BOTTOM < screen->rows; r++)
		screen_put(screen, r, STEPS_WIDTH, 1, "|", true);
	row += 2;
	for (size_t i = 0; i < page->step_count; i++, row++) {
		const struct step_line *step = &page->steps[i];
		char *line = step->number > 0 ? talloc_asprintf(screen, "%s %d %s", mark_word(step->mark), step->number,
								step->title)
					      : talloc_asprintf(screen, "%s %s", mark_word(step->mark), step->title);

		screen_put(screen, row, 1, STEPS_WIDTH - 2, line, utf8);
		if (step->mark == MARK_NOW)
			screen_style(screen, row, 1, STEPS_WIDTH - 2, STYLE_CURSOR);
	}
	if (page->run != NULL)
		screen_put(screen, screen->rows - 3, 1, STEPS_WIDTH - 2,
			   talloc_asprintf(screen, _("Run %s"), page->run), utf8);
}

static char *button_text(TALLOC_CTX *mem, const struct page *page, size_t index, bool utf8)
{
	return layout_text(mem, talloc_asprintf(mem, "[ %s ]", page->actions[index].label), utf8);
}

/* The first button to draw so that the focused one is among those that fit. */
static size_t buttons_first(struct screen *screen, const struct page *page, const struct view *view, size_t room)
{
	size_t first = view->action, width = layout_width(button_text(screen, page, first, view->utf8));

	while (first > 0) {
		width += layout_width(button_text(screen, page, first - 1, view->utf8)) + 2;
		if (width > room)
			break;
		first--;
	}
	return first;
}

/* Buttons left to right; where they are too many for the line, '<' and '>' say that there are more. */
static void buttons_draw(struct screen *screen, const struct page *page, const struct view *view, size_t column)
{
	size_t row = screen->rows - 2, at = column, end = screen->columns - 2, first;

	if (page->action_count == 0)
		return;
	first = buttons_first(screen, page, view, end - column);
	if (first > 0)
		screen_put(screen, row, column - 1, 1, "<", true);
	for (size_t i = first; i < page->action_count; i++) {
		char *label = button_text(screen, page, i, view->utf8);
		size_t width = layout_width(label);

		if (at + width > end && i > view->action) {
			screen_put(screen, row, end, 1, ">", true);
			break;
		}
		screen_put(screen, row, at, width, label, true);
		if (i == view->action) {
			screen_style(screen, row, at, width, STYLE_FOCUS);
			if (!view->on_table) {
				screen->cursor_row = row;
				screen->cursor_column = at + 2;
			}
		}
		at += width + 2;
	}
}

/* The keys that do something here, as many as the line holds, the most wanted first. */
static char *keys_line(TALLOC_CTX *mem, const struct page *page, const struct view *view, size_t width)
{
	const struct row *row = view->cursor < page->row_count ? &page->rows[view->cursor] : NULL;
	const char *general[] = {
		N_("F1 Help"),	   N_("F2 Why"),   N_("F3 Back"),    N_("F10 Quit"),
		N_("Enter press"), N_("Tab next"), N_("F6 Details"), N_("F5 Look again")
	};
	char *keys = talloc_strdup(mem, "");

	if (row == NULL || row->detail_count == 0)
		general[KEY_OF_DETAILS] = "";
	if (!page->again)
		general[KEY_OF_AGAIN] = "";

	for (size_t i = 0; row != NULL && row->decide != NULL && i < row->decide->answer_count; i++)
		if (row->decide->answers[i].key != '\0')
			keys = talloc_asprintf_append(keys, "%c %s  ", row->decide->answers[i].key,
						      row->decide->answers[i].label);
	for (size_t i = 0; i < sizeof general / sizeof *general; i++)
		if (*general[i] != '\0' && layout_width(keys) + layout_width(_(general[i])) <= width)
			keys = talloc_asprintf_append(
				keys, "%s%s", _(general[i]),
				layout_width(keys) + layout_width(_(general[i])) + 2 <= width ? "  " : "");
	return keys;
}

/* Lays the body out beside the list of steps, or with the whole width; whether all of a table that is only read can be
 * seen. */
static bool body_fit(struct screen *screen, const struct page *page, const struct view *view, struct pen *pen,
		     size_t left, struct parts *parts)
{
	*pen = (struct pen){ screen, FRAME_TOP + 1, left, screen->columns - left - 1, view->utf8 };
	*parts = (struct parts){ 0 };
	if (parts_wrap(screen, page, view, pen->width, parts) != 0)
		return false;
	parts_fit(parts, screen->rows - FRAME_BOTTOM - pen->row);
	return table_selectable(parts->table) || parts->table_shown == table_lines(parts->table);
}

static void page_draw(struct screen *screen, const struct page *page, struct view *view)
{
	bool pane = page->steps != NULL && screen->columns >= SCREEN_WIDE;
	struct parts parts;
	struct pen pen;

	if (pane)
		pane = body_fit(screen, page, view, &pen, STEPS_WIDTH + 2, &parts);
	if (!pane)
		body_fit(screen, page, view, &pen, 1, &parts);
	if (parts.table == NULL)
		return;
	frame_draw(screen, page, keys_line(screen, page, view, screen->columns - 2), view->utf8);
	if (pane)
		steps_draw(screen, page, view->utf8);
	screen_put(screen, FRAME_TOP, pen.column, pen.width, page->title, view->utf8);
	screen_style(screen, FRAME_TOP, pen.column, pen.width, STYLE_HEADING);
	screen->table_rows = parts.table_shown;
	body_draw(&pen, page, view, &parts);
	buttons_draw(screen, page, view, pen.column);
}

int compose_page(TALLOC_CTX *mem, const struct page *page, struct view *view, size_t rows, size_t columns,
		 struct screen **out)
{
	struct screen *screen = screen_new(mem, rows, columns);

	*out = screen;
	if (screen == NULL)
		return error_memory(NULL);
	if (view->action >= page->action_count)
		view->action = 0;
	if (view->cursor >= page->row_count)
		view->cursor = page->row_count > 0 ? page->row_count - 1 : 0;
	if (rows < SCREEN_MIN_ROWS || columns < SCREEN_MIN_COLUMNS)
		screen_too_small(screen);
	else
		page_draw(screen, page, view);
	return 0;
}

int compose_text(TALLOC_CTX *mem, const struct page *page, const struct page_text *text, size_t *top, size_t rows,
		 size_t columns, bool utf8, struct screen **out)
{
	struct screen *screen = screen_new(mem, rows, columns);
	struct lines lines = { 0 };
	size_t room;
	struct pen pen;

	*out = screen;
	if (screen == NULL)
		return error_memory(NULL);
	if (!screen_titled(screen, page, text->title, _("Up/Down PgUp/PgDn scroll  / search  q or Esc back"), utf8, &pen))
		return 0;
	if (layout_wrap(screen, layout_text(screen, text->text, utf8), columns - 2, &lines) != 0)
		return error_memory(NULL);
	room = rows - FRAME_BOTTOM - pen.row;
	if (*top + room > lines.count)
		*top = lines.count > room ? lines.count - room : 0;
	screen->table_rows = room;
	screen->cursor_row = pen.row;
	screen->cursor_column = 1;
	pen_lines(&pen, &lines, *top, room);
	screen_put(screen, rows - 2, 1, columns - 2,
		   talloc_asprintf(screen, _("Lines %zu to %zu of %zu"), lines.count > 0 ? *top + 1 : 0,
				   *top + room < lines.count ? *top + room : lines.count, lines.count), utf8);
	return 0;
}

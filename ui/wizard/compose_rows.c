/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A table on the sheet: headings, the rows that are seen, the head of a group that stays on top
 * while its rows scroll. */
#include <string.h>

#include "ui/wizard/compose_private.h"

/* A heading runs on over empty ones; where lamps stand in front of all and it is the only one, it
 * begins above them. */
static void headings_draw(struct pen *pen, const struct table *table)
{
	const struct page *page = table->page;
	size_t at = pen->column + table->front + table->lamp, end = pen->column + pen->width;
	bool only = true;

	for (size_t c = 1; c < page->column_count; c++)
		only = only && *page->columns[c].heading == '\0';
	pen_rule(pen, only && table->lamp > 0 ? page->columns[0].heading : "", "");
	for (size_t c = 0; c < page->column_count && (!only || table->lamp == 0); c++) {
		const char *heading = page->columns[c].heading;
		size_t width = layout_width(heading);

		if (table->widths[c] == 0)
			continue;
		if (table->short_end && c + 1 == page->column_count && width < pen->width)
			at = end - width;
		if (width > end - at)
			width = end - at;
		if (width > 0)
			screen_put(pen->screen, pen->row - 1, at - 1,
				width + (at + width < end) + 1,
				talloc_asprintf(pen->screen, at + width < end ? " %s " : " %s",
					layout_fit(pen->screen, heading, width, CUT_END)),
				ROLE_QUIET);
		at += table->widths[c] + table->gap;
	}
}

static enum role mark_role(enum mark mark)
{
	static const enum role roles[] = {
		[MARK_NONE] = ROLE_TEXT,
		[MARK_DONE] = ROLE_RIGHT,
		[MARK_NOW] = ROLE_STRONG,
		[MARK_OPEN] = ROLE_TEXT,
		[MARK_LOCK] = ROLE_QUIET,
		[MARK_WEAK] = ROLE_OPEN,
		[MARK_ASK] = ROLE_OPEN,
		[MARK_CHANGE] = ROLE_DECIDED,
		[MARK_KEEP] = ROLE_RIGHT,
		[MARK_RIGHT] = ROLE_RIGHT,
	};

	return roles[mark];
}

/* The word beside a mark looks like it, unless the page says otherwise. */
static enum role cell_role(const struct page *page, const struct row *row, size_t column)
{
	return column == 0 && page->marks && row->tones[0] == TONE_TEXT
		? mark_role(row->mark)
		: role_of(row->tones[column]);
}

static void front_draw(const struct pen *pen, const struct table *table, const struct row *row,
	bool here)
{
	struct screen *screen = pen->screen;
	size_t at = pen->column;

	if (here && screen->tier == TIER_MONO)
		screen_put(screen, pen->row, at, 1, ">", ROLE_CURSOR);
	if (table->page->marks)
		screen_put(screen, pen->row, at + table->front - 2, 1, mark_sign(row->mark),
			here ? ROLE_CURSOR : mark_role(row->mark));
	if (row->lamp)
		lamp_put(screen, pen->row, at + table->front, table->lamp - 1, row->lamp,
			row->lamp_tone);
}

static void line_draw(const struct pen *pen, const struct table *table,
	const struct table_line *line, bool here)
{
	const struct row *row = &table->page->rows[line->row];
	size_t at = pen->column + table->front + table->lamp;

	if (here)
		screen_put(pen->screen, pen->row, pen->column, pen->width, "", ROLE_CURSOR);
	if (line->first)
		front_draw(pen, table, row, here);
	for (size_t c = 0; c < table->page->column_count; c++) {
		if (table->widths[c] == 0)
			continue;
		screen_put(pen->screen, pen->row, at, table->widths[c], line->cells[c],
			here ? ROLE_CURSOR : cell_role(table->page, row, c));
		at += table->widths[c] + table->gap;
	}
	screen_hit_add(pen->screen, pen->row, pen->column, pen->width, HIT_ROW, line->row);
}

static void head_draw(const struct pen *pen, const struct row *row)
{
	const char *note = row->group_note ? row->group_note : "";
	size_t width = layout_width(note), room = pen->width;

	if (width > 0 && width + 2 < room) {
		room -= width + 2;
		screen_put(pen->screen, pen->row, pen->column + room + 1, width, note,
			role_of(row->group_tone));
	}
	screen_put(pen->screen, pen->row, pen->column, room, row->group, ROLE_STRONG);
}

/* The group that the line at top is in, if its head is above; NULL if it is not. */
static const struct row *head_above(const struct table *table, size_t top)
{
	for (size_t i = top + 1; i-- > 0;)
		if (table->lines[i].head)
			return i < top ? &table->page->rows[table->lines[i].row] : NULL;
	return NULL;
}

static size_t cursor_line(const struct table *table, size_t cursor)
{
	size_t i = 0;

	while (i + 1 < table->count && (table->lines[i].row != cursor || table->lines[i].head))
		i++;
	return i;
}

/* Keeps the row under the cursor among those seen, and not below a head that stays on top; a table
 * that is only read scrolls by lines. */
static void view_keep(const struct table *table, struct view *view, size_t shown)
{
	size_t line = cursor_line(table, view->cursor);

	if (view->top > table->count - shown)
		view->top = table->count - shown;
	if (!table->selectable)
		return;
	if (line < view->top || (line == view->top && head_above(table, line) && shown > 1)) {
		view->top = line;
		if (line > 0 && (table->lines[line - 1].head || head_above(table, line)))
			view->top--;
	}
	if (line >= view->top + shown)
		view->top = line + 1 - shown;
}

/* How many lines were on the screen, from the first on without a gap; at another width they are
 * others. */
static void rows_seen(struct view *view, size_t columns, size_t end)
{
	if (view->seen_columns != columns)
		view->seen = 0;
	view->seen_columns = columns;
	if (view->top <= view->seen && end > view->seen)
		view->seen = end;
}

void table_draw(struct pen *pen, const struct table *table, struct view *view, size_t shown)
{
	size_t line = cursor_line(table, view->cursor);
	const struct row *above;

	headings_draw(pen, table);
	view_keep(table, view, shown);
	above = shown > 1 ? head_above(table, view->top) : NULL;
	scroll_bar(pen->screen, pen->row, shown, view->top, table->count);
	rows_seen(view, pen->screen->columns, view->top + shown);
	pen->screen->last_seen = view->seen >= table->count;
	for (size_t i = view->top; i < view->top + shown; i++, pen->row++) {
		bool here = table->selectable && i == line;

		if (here) {
			pen->screen->cursor_row = pen->row;
			pen->screen->cursor_column = pen->column;
		}
		if (i == view->top && above)
			head_draw(pen, above);
		else if (table->lines[i].head)
			head_draw(pen, &table->page->rows[table->lines[i].row]);
		else
			line_draw(pen, table, &table->lines[i], here);
	}
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of a page: column widths, headings, the rows that are seen. */
#include <string.h>

#include "base/i18n.h"
#include "ui/wizard/compose_private.h"

enum { GAP = 2, MARK_WIDTH = 6, CURSOR_WIDTH = 2 };

/* Columns of the table at this width; a column that is left out has width 0. */
static void column_widths(const struct page *page, size_t width, size_t widths[PAGE_COLUMNS])
{
	size_t fixed = CURSOR_WIDTH + (page->marks ? MARK_WIDTH + GAP : 0), total = fixed, widest = 0;

	for (size_t c = 0; c < page->column_count; c++) {
		widths[c] = layout_width(page->columns[c].heading);
		for (size_t r = 0; r < page->row_count; r++) {
			const char *cell = page->rows[r].cells[c];
			size_t w = cell != NULL ? layout_width(cell) : 0;

			if (w > widths[c])
				widths[c] = w;
		}
		total += widths[c] + GAP;
	}
	for (size_t c = 0; c < page->column_count && total > width + GAP; c++) {
		if (!page->columns[c].spare)
			continue;
		total -= widths[c] + GAP;
		widths[c] = 0;
	}
	while (total > width + GAP) {
		widest = 0;
		for (size_t c = 1; c < page->column_count; c++)
			if (page->columns[c].cut != CUT_NEVER &&
			    (page->columns[widest].cut == CUT_NEVER || widths[c] > widths[widest]))
				widest = c;
		if (widths[widest] <= 4)
			return;
		widths[widest]--;
		total--;
	}
}

static char *table_line(TALLOC_CTX *mem, const struct page *page, const size_t widths[PAGE_COLUMNS],
			const char *const *cells, const char *front, bool utf8)
{
	char *line = talloc_strdup(mem, front);
	const char *gap = "";

	for (size_t c = 0; c < page->column_count; c++) {
		char *shown;

		if (widths[c] == 0)
			continue;
		shown = layout_text(mem, cells[c] != NULL ? cells[c] : "", utf8);
		line = talloc_asprintf_append_buffer(line, "%s%s", gap, layout_fit(mem, shown, widths[c], page->columns[c].cut));
		gap = "  ";
	}
	return line;
}

static void headings_draw(struct pen *pen, const struct page *page, const size_t widths[PAGE_COLUMNS])
{
	const char *headings[PAGE_COLUMNS] = { NULL }, *rules[PAGE_COLUMNS] = { NULL };
	const char *front = page->marks ? "          " : "  ";

	for (size_t c = 0; c < page->column_count; c++) {
		char *rule = talloc_strdup(pen->screen, "");

		for (size_t i = 0; i < widths[c]; i++)
			rule = talloc_strdup_append_buffer(rule, "-");
		headings[c] = page->columns[c].heading;
		rules[c] = rule;
	}
	pen_line(pen, table_line(pen->screen, page, widths, headings, front, pen->utf8));
	screen_style(pen->screen, pen->row - 1, pen->column, pen->width, STYLE_HEADING);
	pen_line(pen, table_line(pen->screen, page, widths, rules, front, pen->utf8));
}

static void row_draw(struct pen *pen, const struct page *page, const size_t widths[PAGE_COLUMNS], size_t index,
		     bool here)
{
	const struct row *row = &page->rows[index];
	char *front = talloc_strdup(pen->screen, here && row->selectable ? "> " : "  ");

	if (page->marks)
		front = talloc_asprintf_append(front, "%s  ", row->mark != MARK_NONE ? mark_word(row->mark) : "      ");
	pen_line(pen, table_line(pen->screen, page, widths, row->cells, front, pen->utf8));
	if (here && row->selectable)
		screen_style(pen->screen, pen->row - 1, pen->column, pen->width, STYLE_CURSOR);
}

size_t table_height(const struct page *page, size_t shown)
{
	if (page->column_count == 0 || page->row_count == 0)
		return 0;
	return 2 + shown;
}

/* Keeps the cursor on a row and that row among those seen. */
static void view_keep(const struct page *page, struct view *view, size_t shown)
{
	if (view->cursor >= page->row_count)
		view->cursor = page->row_count - 1;
	if (view->top + shown > page->row_count)
		view->top = page->row_count > shown ? page->row_count - shown : 0;
	if (view->cursor < view->top)
		view->top = view->cursor;
	if (view->cursor >= view->top + shown)
		view->top = view->cursor + 1 - shown;
}

void table_draw(struct pen *pen, const struct page *page, struct view *view, size_t shown)
{
	size_t widths[PAGE_COLUMNS] = { 0 }, hidden;

	if (table_height(page, shown) == 0 || shown == 0)
		return;
	view_keep(page, view, shown);
	column_widths(page, pen->width, widths);
	headings_draw(pen, page, widths);
	for (size_t i = 0; i < shown && view->top + i < page->row_count; i++) {
		if (view->top + i == view->cursor) {
			pen->screen->cursor_row = pen->row;
			pen->screen->cursor_column = pen->column;
		}
		row_draw(pen, page, widths, view->top + i, view->top + i == view->cursor);
	}
	hidden = page->row_count - (page->row_count < view->top + shown ? page->row_count : view->top + shown);
	if (hidden > 0 || view->top > 0) {
		char *more = hidden > 0 ? talloc_asprintf(pen->screen, _("%zu more: PgDn"), hidden)
					: talloc_asprintf(pen->screen, _("%zu above: PgUp"), view->top);
		size_t width = layout_width(more);

		if (width < pen->width)
			screen_put(pen->screen, pen->row, pen->column + pen->width - width - 1, width, more, true);
	}
}

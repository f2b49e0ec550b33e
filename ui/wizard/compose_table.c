/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of a page: column widths, headings, the rows that are seen. */
#include <string.h>

#include "base/error.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "ui/wizard/compose_private.h"

enum { GAP = 2, CURSOR_WIDTH = 2, MARK_WIDTH = 6, NARROWEST = 4 };

struct table {
	const struct page *page;
	bool utf8, selectable;
	size_t widths[PAGE_COLUMNS];    /* 0: left out */
	struct lines lines;
	size_t *row_of;                 /* which row a line belongs to */
};

bool table_selectable(const struct table *table)
{
	return table->selectable;
}

size_t table_lines(const struct table *table)
{
	return table->lines.count;
}

size_t table_height(const struct table *table, size_t shown)
{
	return table->lines.count > 0 ? 2 + shown : 0;
}

/* The widest text of a column, as this terminal shows it. */
static size_t column_natural(TALLOC_CTX *mem, const struct table *table, size_t column)
{
	const struct page *page = table->page;
	size_t widest = layout_width(layout_text(mem, page->columns[column].heading, table->utf8));

	for (size_t r = 0; r < page->row_count; r++) {
		const char *cell = page->rows[r].cells[column];
		size_t width = cell != NULL ? layout_width(layout_text(mem, cell, table->utf8)) : 0;

		if (width > widest)
			widest = width;
	}
	return widest;
}

/* The column that can best lose a character: the widest of those that may be cut; PAGE_COLUMNS if none can. */
static size_t column_giving(const struct table *table)
{
	size_t widest = PAGE_COLUMNS;

	for (size_t c = 0; c < table->page->column_count; c++)
		if (table->page->columns[c].cut != CUT_NEVER && table->widths[c] > NARROWEST &&
		    (widest == PAGE_COLUMNS || table->widths[c] > table->widths[widest]))
			widest = c;
	return widest;
}

/* Columns as wide as their text; where that is too much, spare ones go first, then the widest are cut. */
static void column_widths(TALLOC_CTX *mem, struct table *table, size_t width)
{
	const struct page *page = table->page;
	size_t total = CURSOR_WIDTH + (page->marks ? MARK_WIDTH + GAP : 0);

	for (size_t c = 0; c < page->column_count; c++) {
		table->widths[c] = column_natural(mem, table, c);
		total += table->widths[c] + (c > 0 ? GAP : 0);
	}
	for (size_t c = 1; c < page->column_count && total > width; c++) {
		if (!page->columns[c].spare)
			continue;
		total -= table->widths[c] + GAP;
		table->widths[c] = 0;
	}
	for (; total > width; total--) {
		size_t c = column_giving(table);

		if (c == PAGE_COLUMNS)
			return;
		table->widths[c]--;
	}
}

/* One line of cells behind its front. */
static char *table_line(TALLOC_CTX *mem, const struct table *table, const char *const *cells, const char *front)
{
	char *line = talloc_strdup(mem, front);
	const char *gap = "";

	for (size_t c = 0; c < table->page->column_count; c++) {
		if (table->widths[c] == 0)
			continue;
		line = talloc_asprintf_append_buffer(line, "%s%s", gap,
						     layout_fit(mem, cells[c] != NULL ? cells[c] : "", table->widths[c],
								table->page->columns[c].cut));
		gap = "  ";
	}
	return line;
}

static int line_add(TALLOC_CTX *mem, struct table *table, const char *line, size_t row)
{
	size_t *more = memory_more(mem, &table->row_of, table->lines.count, sizeof *more);

	if (more == NULL)
		return error_memory(NULL);
	*more = row;
	return layout_add(&table->lines, mem, line);
}

/* A row that is only read: cells that do not fit go on below. */
static int row_wrap(TALLOC_CTX *mem, struct table *table, size_t index, const char *const *cells, const char *front)
{
	struct lines wrapped[PAGE_COLUMNS] = { 0 };
	size_t height = 1;
	int rc = 0;

	for (size_t c = 0; rc == 0 && c < table->page->column_count; c++) {
		if (table->widths[c] > 8)
			rc = layout_wrap(mem, cells[c], table->widths[c], &wrapped[c]);
		else
			rc = layout_add(&wrapped[c], mem, cells[c]);
		if (wrapped[c].count > height)
			height = wrapped[c].count;
	}
	for (size_t i = 0; rc == 0 && i < height; i++) {
		const char *parts[PAGE_COLUMNS] = { NULL };

		for (size_t c = 0; c < table->page->column_count; c++)
			parts[c] = i < wrapped[c].count ? wrapped[c].text[i] : "";
		rc = line_add(
			mem, table,
			table_line(mem, table, parts, i == 0 ? front : layout_fit(mem, "", strlen(front), CUT_END)),
			index);
	}
	return rc;
}

static int row_add(TALLOC_CTX *mem, struct table *table, size_t index, bool here)
{
	const struct row *row = &table->page->rows[index];
	const char *cells[PAGE_COLUMNS] = { NULL };
	char *front = talloc_strdup(mem, here && row->selectable ? "> " : "  ");

	if (table->page->marks)
		front = talloc_asprintf_append(front, "%s  ", row->mark != MARK_NONE ? mark_word(row->mark) : "      ");
	for (size_t c = 0; c < table->page->column_count; c++)
		cells[c] = layout_text(mem, row->cells[c] != NULL ? row->cells[c] : "", table->utf8);
	if (!table->selectable)
		return row_wrap(mem, table, index, cells, front);
	return line_add(mem, table, table_line(mem, table, cells, front), index);
}

int table_new(TALLOC_CTX *mem, const struct page *page, const struct view *view, size_t width, struct table **out)
{
	struct table *table = talloc_zero(mem, struct table);
	int rc = 0;

	*out = table;
	if (table == NULL)
		return error_memory(NULL);
	table->page = page;
	table->utf8 = view->utf8;
	for (size_t i = 0; i < page->row_count; i++)
		table->selectable = table->selectable || page->rows[i].selectable;
	column_widths(mem, table, width);
	for (size_t i = 0; rc == 0 && page->column_count > 0 && i < page->row_count; i++)
		rc = row_add(table, table, i, i == view->cursor);
	return rc;
}

static void headings_draw(struct pen *pen, const struct table *table)
{
	const char *headings[PAGE_COLUMNS] = { NULL }, *rules[PAGE_COLUMNS] = { NULL };
	const char *front = table->page->marks ? "          " : "  ";

	for (size_t c = 0; c < table->page->column_count; c++) {
		char *rule = talloc_strdup(pen->screen, "");

		for (size_t i = 0; i < table->widths[c]; i++)
			rule = talloc_strdup_append_buffer(rule, "-");
		headings[c] = layout_text(pen->screen, table->page->columns[c].heading, pen->utf8);
		rules[c] = rule;
	}
	pen_line(pen, table_line(pen->screen, table, headings, front));
	screen_style(pen->screen, pen->row - 1, pen->column, pen->width, STYLE_HEADING);
	pen_line(pen, table_line(pen->screen, table, rules, front));
}

/* Keeps the cursor on a row and that row among those seen; a table that is only read scrolls by lines. */
static void view_keep(const struct table *table, struct view *view, size_t shown)
{
	if (view->cursor >= table->page->row_count)
		view->cursor = table->page->row_count - 1;
	if (view->top + shown > table->lines.count)
		view->top = table->lines.count > shown ? table->lines.count - shown : 0;
	if (!table->selectable)
		return;
	if (view->cursor < view->top)
		view->top = view->cursor;
	if (view->cursor >= view->top + shown)
		view->top = view->cursor + 1 - shown;
}

/* What stands above and below, in the line under the table. */
static void more_draw(struct pen *pen, const struct table *table, const struct view *view, size_t shown)
{
	size_t end = view->top + shown, below = table->lines.count > end ? table->lines.count - end : 0, width;
	char *more;

	if (below > 0)
		more = talloc_asprintf(pen->screen, _("%zu more: PgDn"), below);
	else if (view->top > 0)
		more = talloc_asprintf(pen->screen, _("%zu above: PgUp"), view->top);
	else
		return;
	width = layout_width(more);
	if (width < pen->width)
		screen_put(pen->screen, pen->row, pen->column + pen->width - width, width, more, true);
}

void table_draw(struct pen *pen, const struct table *table, struct view *view, size_t shown)
{
	if (table->lines.count == 0 || shown == 0)
		return;
	view_keep(table, view, shown);
	headings_draw(pen, table);
	for (size_t i = view->top; i < table->lines.count && i - view->top < shown; i++) {
		bool here = table->selectable && table->row_of[i] == view->cursor;

		if (here) {
			pen->screen->cursor_row = pen->row;
			pen->screen->cursor_column = pen->column;
			screen_style(pen->screen, pen->row, pen->column, pen->width, STYLE_CURSOR);
		}
		pen_line(pen, table->lines.text[i]);
	}
	more_draw(pen, table, view, shown);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of a page: column widths, headings, the rows that are seen; and what is told below it
 * about the row under the cursor: before and after stacked, the changed characters marked. */
#include <string.h>

#include "base/i18n.h"
#include "ui/wizard/compose_private.h"

enum {
	GAP = 2,
	CURSOR_WIDTH = 2,
	MARK_WIDTH = 6,
	NARROWEST = 4,
	WRAPS_FROM = 9,
	LABELS_WIDEST = 14
};

static const char *cell(const struct row *row, size_t column)
{
	return row->cells[column] ? row->cells[column] : "";
}

/* The widest text of a column. */
static size_t column_natural(const struct page *page, size_t column)
{
	size_t widest = layout_width(page->columns[column].heading);

	for (size_t r = 0; r < page->row_count; r++) {
		size_t width = layout_width(cell(&page->rows[r], column));

		if (width > widest)
			widest = width;
	}
	return widest;
}

/* The column that can best lose a character: the widest of those that may be cut; PAGE_COLUMNS if
 * none can. */
static size_t column_giving(const struct table *table)
{
	size_t widest = PAGE_COLUMNS;

	for (size_t c = 0; c < table->page->column_count; c++)
		if (table->page->columns[c].cut != CUT_NEVER && table->widths[c] > NARROWEST &&
			(widest == PAGE_COLUMNS || table->widths[c] > table->widths[widest]))
			widest = c;
	return widest;
}

/* Columns as wide as their text; where that is too much, spare ones go first, then the widest are
 * cut. */
static void column_widths(struct table *table, size_t width)
{
	const struct page *page = table->page;
	size_t total = CURSOR_WIDTH + (page->marks ? MARK_WIDTH + GAP : 0);

	for (size_t c = 0; c < page->column_count; c++) {
		table->widths[c] = column_natural(page, c);
		total += table->widths[c] + (c > 0 ? GAP : 0);
	}
	for (size_t c = 1; c < page->column_count && total > width; c++) {
		if (!page->columns[c].spare)
			continue;
		total -= table->widths[c] + GAP;
		table->widths[c] = 0;
	}
	for (size_t c; total > width && (c = column_giving(table)) < PAGE_COLUMNS; total--)
		table->widths[c]--;
}

/* One line of cells behind its front. */
static char *table_line(TALLOC_CTX *mem, const struct table *table, const char *const *cells,
	const char *front)
{
	char *line = talloc_strdup(mem, front);
	const char *gap = "";

	for (size_t c = 0; c < table->page->column_count; c++) {
		if (table->widths[c] == 0)
			continue;
		line = talloc_asprintf_append_buffer(line, "%s%s", gap,
			layout_fit(mem, cells[c], table->widths[c], table->page->columns[c].cut));
		gap = "  ";
	}
	return line;
}

/* A row that is only read: cells that do not fit continue below. */
static void row_wrap(struct table *table, const struct row *row, const char *front)
{
	struct lines wrapped[PAGE_COLUMNS] = { 0 };
	size_t height = 1;

	for (size_t c = 0; c < table->page->column_count; c++) {
		if (table->widths[c] >= WRAPS_FROM)
			layout_wrap(table, cell(row, c), table->widths[c], &wrapped[c]);
		else
			layout_add(table, &wrapped[c], talloc_strdup(table, cell(row, c)));
		if (wrapped[c].count > height)
			height = wrapped[c].count;
	}
	for (size_t i = 0; i < height; i++) {
		const char *cells[PAGE_COLUMNS];

		for (size_t c = 0; c < table->page->column_count; c++)
			cells[c] = i < wrapped[c].count ? wrapped[c].text[i] : "";
		layout_add(table, &table->lines, table_line(table, table, cells, front));
		front = layout_repeat(table, ' ', layout_width(front));
	}
}

static void row_add(struct table *table, const struct row *row, bool here)
{
	const char *cells[PAGE_COLUMNS];
	char *front = talloc_strdup(table, here && row->selectable ? "> " : "  ");

	if (table->page->marks)
		front = talloc_asprintf_append(front, "%s  ",
			row->mark != MARK_NONE ? mark_word(row->mark) : "      ");
	if (!table->selectable) {
		row_wrap(table, row, front);
		return;
	}
	for (size_t c = 0; c < table->page->column_count; c++)
		cells[c] = cell(row, c);
	layout_add(table, &table->lines, table_line(table, table, cells, front));
}

struct table *table_new(TALLOC_CTX *mem, const struct page *page, const struct view *view,
	size_t width)
{
	struct table *table = talloc_zero(mem, struct table);

	table->page = page;
	table->selectable = layout_selectable(page);
	column_widths(table, width);
	for (size_t i = 0; page->column_count > 0 && i < page->row_count; i++)
		row_add(table, &page->rows[i], i == view->cursor);
	return table;
}

static void headings_draw(struct pen *pen, const struct table *table)
{
	const char *headings[PAGE_COLUMNS], *rules[PAGE_COLUMNS];
	const char *front = table->page->marks ? "          " : "  ";

	for (size_t c = 0; c < table->page->column_count; c++) {
		headings[c] = table->page->columns[c].heading;
		rules[c] = layout_repeat(pen->screen, '-', table->widths[c]);
	}
	pen_line(pen, ROLE_STRONG, "%s", table_line(pen->screen, table, headings, front));
	pen_line(pen, ROLE_TEXT, "%s", table_line(pen->screen, table, rules, front));
}

/* Keeps the row under the cursor among those seen; a table that is only read scrolls by lines. */
static void view_keep(const struct table *table, struct view *view, size_t shown)
{
	if (view->top + shown > table->lines.count)
		view->top = table->lines.count - shown;
	if (table->selectable && view->cursor < view->top)
		view->top = view->cursor;
	if (table->selectable && view->cursor >= view->top + shown)
		view->top = view->cursor + 1 - shown;
}

void table_draw(struct pen *pen, const struct table *table, struct view *view, size_t shown)
{
	size_t below;

	view_keep(table, view, shown);
	below = table->lines.count - view->top - shown;
	headings_draw(pen, table);
	for (size_t i = view->top; i < view->top + shown; i++) {
		bool here = table->selectable && i == view->cursor;

		if (here) {
			pen->screen->cursor_row = pen->row;
			pen->screen->cursor_column = pen->column;
		}
		pen_line(pen, here ? ROLE_CURSOR : ROLE_TEXT, "%s", table->lines.text[i]);
	}
	/* What stands above and below, in the line under the table. */
	if (below > 0)
		pen_right(pen, pen->row, _("%zu more: PgDn"), below);
	else if (view->top > 0)
		pen_right(pen, pen->row, _("%zu above: PgUp"), view->top);
}

/* ---- about the row under the cursor ---- */

static size_t labels_width(const struct row *row)
{
	size_t widest = 0;

	for (size_t i = 0; i < row->detail_count; i++) {
		size_t width = layout_width(row->details[i].label);

		if (width > widest)
			widest = width;
	}
	return widest < LABELS_WIDEST ? widest : LABELS_WIDEST;
}

/* A path is broken where the line ends, never at blanks, so that the marks can stand below its
 * characters. */
static void path_wrap(TALLOC_CTX *mem, const char *text, const char *marks, size_t width,
	struct lines *lines)
{
	do {
		char *part = talloc_strndup(mem, text, layout_bytes(text, width));
		char *below = talloc_strndup(mem, marks, layout_width(part));

		layout_add(mem, lines, part);
		if (strchr(below, '^'))
			layout_add(mem, lines, below);
		text += strlen(part);
		marks += strlen(below);
	} while (*text != '\0');
}

void details_wrap(TALLOC_CTX *mem, const struct page *page, const struct view *view, size_t width,
	struct lines *lines)
{
	const struct row *row = view->cursor < page->row_count ? &page->rows[view->cursor] : NULL;
	size_t labels = row ? labels_width(row) : 0;
	const char *before = NULL;

	for (size_t i = 0; row && i < row->detail_count; i++) {
		const struct detail *detail = &row->details[i];
		bool changed = detail->kind == DETAIL_AFTER && before;
		const char *marks = changed ? layout_marks(mem, before, detail->text) : "",
			   *label = detail->label;
		struct lines own = { 0 };

		if (detail->kind == DETAIL_BEFORE)
			before = detail->text;
		if (detail->kind <= DETAIL_TOLD)
			layout_wrap(mem, detail->text, width - labels - 2, &own);
		else
			path_wrap(mem, detail->text, marks, width - labels - 2, &own);
		for (size_t k = 0; k < own.count; k++, label = "")
			layout_add(mem, lines,
				talloc_asprintf(mem, "%s  %s",
					layout_fit(mem, label, labels, CUT_END), own.text[k]));
	}
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of a page laid out for a width: which columns are there and how wide, what is cut
 * where, so that no two rows look alike. compose_rows.c draws it. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "ui/wizard/compose_private.h"

enum { NARROWEST = 4, WRAPS_FROM = 9, SIGN_COLUMNS = 2, EDGE = 2, GAP = 2, SHORT = 5 };

static const char *cell(const struct row *row, size_t column)
{
	return row->cells[column] ? row->cells[column] : "";
}

static size_t cells_widest(const struct page *page, size_t column)
{
	size_t widest = 0;

	for (size_t r = 0; r < page->row_count; r++) {
		size_t width = layout_width(cell(&page->rows[r], column));

		if (width > widest)
			widest = width;
	}
	return widest;
}

/* A last column of short words stands at the right edge, the column before it that may be cut has
 * the room between. */
static bool ends_short(const struct page *page)
{
	size_t last = page->column_count - 1;

	return layout_selectable(page) && page->column_count > 2 &&
		page->columns[last].cut == CUT_NEVER && cells_widest(page, last) <= SHORT;
}

/* A heading may run on where the ones behind it are empty; a short last one ends with its
 * column. */
static size_t column_natural(const struct page *page, size_t column)
{
	size_t widest = cells_widest(page, column), next = column + 1;
	size_t heading = layout_width(page->columns[column].heading);

	while (next < page->column_count && *page->columns[next].heading == '\0')
		next++;
	if (next > column + 1 || (next == page->column_count && ends_short(page)))
		return widest;
	return heading > widest ? heading : widest;
}

/* Below 80 columns the sign stands for the word beside it. */
static bool loses_word(const struct page *page, size_t columns)
{
	if (columns >= SCREEN_WIDE || !page->marks || page->column_count < 2 ||
		page->columns[0].cut != CUT_NEVER)
		return false;
	for (size_t i = 0; i < page->row_count; i++)
		if (page->rows[i].mark == MARK_NONE)
			return false;
	return true;
}

static size_t table_total(const struct table *table)
{
	size_t total = table->front + table->lamp, shown = 0;

	for (size_t c = 0; c < table->page->column_count; c++) {
		total += table->widths[c];
		shown += table->widths[c] > 0;
	}
	return total + (shown > 0 ? shown - 1 : 0) * table->gap;
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

static void table_stretch(struct table *table, size_t width)
{
	size_t giving = column_giving(table), total = table_total(table);

	for (size_t c = 0; c < table->page->column_count; c++)
		if (table->widths[c] > 0 && table->page->columns[c].cut == CUT_MIDDLE) {
			giving = c;
			break;
		}
	if (total < width && giving < PAGE_COLUMNS)
		table->widths[giving] += width - total;
}

/* Columns as wide as their text; where that is too much, gaps and spare ones go first, then the
 * widest are cut. */
static void column_widths(struct table *table, size_t columns, size_t width)
{
	const struct page *page = table->page;

	table->gap = GAP;
	for (size_t c = loses_word(page, columns); c < page->column_count; c++)
		table->widths[c] = column_natural(page, c);
	if (table_total(table) > width)
		table->gap = 1;
	for (size_t c = 1; c < page->column_count && table_total(table) > width; c++)
		if (page->columns[c].spare)
			table->widths[c] = 0;
	for (size_t c; table_total(table) > width && (c = column_giving(table)) < PAGE_COLUMNS;)
		table->widths[c]--;
	table->short_end = ends_short(page);
	if (table->short_end)
		table_stretch(table, width);
}

static char *cell_fit(struct table *table, const struct row *row, size_t column, unsigned way)
{
	const char *text = cell(row, column);
	size_t width = table->widths[column], used = layout_width(text);

	if (table->short_end && column + 1 == table->page->column_count && used < width)
		text = talloc_asprintf(table, "%*s%s", (int)(width - used), "", text);
	return layout_fit_way(table, text, width, table->page->columns[column].cut, way);
}

/* ---- No two rows look alike ---- */

static bool is_cut(const struct table *table, const struct row *row, size_t column)
{
	return table->widths[column] > 0 && layout_width(cell(row, column)) > table->widths[column];
}

/* A name may be cut; words of a state do not tell two rows apart. */
static bool tells_apart(const struct table *table, size_t column)
{
	return table->widths[column] > 0 && table->page->columns[column].cut != CUT_NEVER;
}

static int looks_compare(const void *a, const void *b)
{
	const struct table_line *one = *(struct table_line *const *)a,
				*other = *(struct table_line *const *)b;

	return strcmp(one->name, other->name);
}

static bool is_same_row(const struct table *table, const struct table_line *one,
	const struct table_line *other)
{
	for (size_t c = 0; c < table->page->column_count; c++)
		if (tells_apart(table, c) &&
			strcmp(cell(&table->page->rows[one->row], c),
				cell(&table->page->rows[other->row], c)) != 0)
			return false;
	return true;
}

static void line_name(struct table *table, struct table_line *line)
{
	char *name = talloc_strdup(table, "");

	for (size_t c = 0; c < table->page->column_count; c++)
		if (tells_apart(table, c))
			name = talloc_asprintf_append_buffer(name, "%s\n", line->cells[c]);
	line->name = name;
}

/* Where no cut tells it from others, its number does. */
static void line_refit(struct table *table, struct table_line *line, unsigned way)
{
	const struct row *row = &table->page->rows[line->row];
	char *number = talloc_asprintf(table, "~%zu", line->row + 1);
	size_t room = layout_width(number);
	bool numbered = way < LAYOUT_WAYS;

	for (size_t c = 0; c < table->page->column_count; c++) {
		if (!is_cut(table, row, c))
			continue;
		if (way < LAYOUT_WAYS)
			line->cells[c] = cell_fit(table, row, c, way);
		else if (!numbered && table->widths[c] > room)
			line->cells[c] = talloc_asprintf(table, "%s%s",
				layout_fit(table, cell(row, c), table->widths[c] - room, CUT_END),
				number);
		numbered = true;
	}
	line_name(table, line);
}

/* Those that look like another one, at the beginning of lines; how many. */
static size_t lines_alike(const struct table *table, struct table_line **lines, size_t count,
	struct table_line **alike)
{
	size_t found = 0;

	qsort(lines, count, sizeof *lines, looks_compare);
	for (size_t i = 0, end; i < count; i = end) {
		bool differ = false;

		for (end = i + 1; end < count && looks_compare(&lines[i], &lines[end]) == 0; end++)
			differ = differ || !is_same_row(table, lines[i], lines[end]);
		for (size_t k = i; differ && k < end; k++)
			alike[found++] = lines[k];
	}
	return found;
}

static void lines_part(struct table *table)
{
	struct table_line **lines = memory_array(table, sizeof *lines, table->count),
			  **alike = memory_array(table, sizeof *alike, table->count);
	size_t count = 0;

	for (size_t i = 0; i < table->count; i++)
		if (!table->lines[i].head) {
			line_name(table, &table->lines[i]);
			lines[count++] = &table->lines[i];
		}
	for (unsigned way = 1; way <= LAYOUT_WAYS; way++) {
		size_t found = lines_alike(table, lines, count, alike);

		for (size_t i = 0; i < found; i++)
			line_refit(table, alike[i], way);
		if (found == 0)
			break;
	}
}

/* ---- Lines ---- */

static struct table_line *line_add(struct table *table, size_t row, bool first)
{
	struct table_line *line =
		memory_more(table, &table->lines, table->count++, sizeof *table->lines);

	line->row = row;
	line->first = first;
	return line;
}

/* A row that is only read: cells that do not fit continue below. */
static void row_wrap(struct table *table, size_t index)
{
	const struct row *row = &table->page->rows[index];
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
		struct table_line *line = line_add(table, index, i == 0);

		for (size_t c = 0; c < table->page->column_count; c++)
			line->cells[c] =
				layout_fit(table, i < wrapped[c].count ? wrapped[c].text[i] : "",
					table->widths[c], table->page->columns[c].cut);
	}
}

static void row_add(struct table *table, size_t index)
{
	const struct row *row = &table->page->rows[index];
	struct table_line *line;

	if (row->group)
		line_add(table, index, true)->head = true;
	if (!table->selectable) {
		row_wrap(table, index);
		return;
	}
	line = line_add(table, index, true);
	for (size_t c = 0; c < table->page->column_count; c++)
		line->cells[c] = cell_fit(table, row, c, 0);
}

static size_t lamps_width(const struct page *page)
{
	size_t widest = 0;

	for (size_t i = 0; i < page->row_count; i++) {
		size_t width = page->rows[i].lamp ? lamp_width(page->rows[i].lamp) : 0;

		if (width > widest)
			widest = width;
	}
	return widest;
}

struct table *table_new(const struct screen *screen, const struct page *page, size_t width)
{
	struct table *table = talloc_zero((void *)screen, struct table);
	bool pointed, mono = screen->tier == TIER_MONO;

	table->page = page;
	table->selectable = layout_selectable(page);
	table->lamp = lamps_width(page);
	pointed = table->selectable && (mono || !page->marks);
	table->front = (size_t)(pointed ? EDGE : 0) + (size_t)(page->marks ? SIGN_COLUMNS : 0);
	if (table->front == 0)
		table->front = table->lamp > 0 ? 1 : EDGE;
	if (table->lamp > 0)
		table->lamp++;
	column_widths(table, screen->columns, width);
	for (size_t i = 0; page->column_count > 0 && i < page->row_count; i++)
		row_add(table, i);
	if (table->selectable)
		lines_part(table);
	return table;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pictures: the two drives and what leads where; points with their bar. */
#include <string.h>

#include "base/i18n.h"
#include "ui/wizard/compose_private.h"

/* ---- Drives ---- */

enum { DRIVE_EDGES = 4, DRIVE_LEAST = 24, ARROW_EDGES = 8, ARROW_LEAST = 16 };

static size_t drive_natural(const struct drive *drive)
{
	size_t widest = layout_width(drive->name) + DRIVE_EDGES;

	for (size_t i = 0; i < DRIVE_LINES; i++) {
		size_t width =
			drive->lines[i].text ? layout_width(drive->lines[i].text) + DRIVE_EDGES : 0;

		if (width > widest)
			widest = width;
	}
	return widest;
}

static size_t arrows_natural(const struct drives *drives)
{
	size_t widest = ARROW_LEAST;

	for (size_t i = 0; i < drives->arrow_count; i++) {
		size_t width = layout_width(drives->arrows[i].told.text) + ARROW_EDGES;

		if (width > widest)
			widest = width;
	}
	return widest;
}

/* Both drives are as wide as the wider one wants, within what is left beside the arrows; 0: too
 * narrow. */
static size_t drive_width(const struct drives *drives, size_t width)
{
	size_t left = drive_natural(&drives->left), right = drive_natural(&drives->right);
	size_t wanted = left > right ? left : right, arrows = arrows_natural(drives);
	size_t most = width > arrows ? (width - arrows) / 2 : 0;

	if (wanted < DRIVE_LEAST)
		wanted = DRIVE_LEAST;
	if (wanted > most)
		wanted = most;
	return wanted >= DRIVE_LEAST ? wanted : 0;
}

static size_t drives_lines(const struct drives *drives)
{
	size_t count = drives->arrow_count;

	for (size_t i = 0; i < DRIVE_LINES; i++)
		if ((drives->left.lines[i].text || drives->right.lines[i].text) && i >= count)
			count = i + 1;
	return count;
}

size_t drives_height(const struct screen *screen, const struct page *page, size_t width)
{
	if (!page->drives || screen->columns < SCREEN_WIDE || drive_width(page->drives, width) == 0)
		return 0;
	return drives_lines(page->drives) + 2;
}

static void edge_draw(struct screen *screen, size_t row, size_t column, size_t width,
	enum sign left, enum sign right, enum role role)
{
	screen_put(screen, row, column, width,
		talloc_asprintf(screen, "%s%s%s", theme_sign(left),
			theme_line(screen, SIGN_HORIZONTAL, width - 2), theme_sign(right)),
		role);
}

static void drive_draw(const struct pen *pen, const struct drive *drive, size_t column,
	size_t width, size_t lines)
{
	bool good = drive->lamp == TONE_RIGHT || drive->lamp == TONE_GOOD;
	enum role edge = good ? ROLE_STRONG : ROLE_QUIET;
	struct screen *screen = pen->screen;
	size_t row = pen->row, name = layout_width(drive->name);

	if (name > width - DRIVE_EDGES)
		name = width - DRIVE_EDGES;
	edge_draw(screen, row, column, width, SIGN_TOP_LEFT, SIGN_TOP_RIGHT, edge);
	screen_put(screen, row, column + 2, name + 2,
		talloc_asprintf(screen, " %s ", layout_fit(screen, drive->name, name, CUT_END)),
		ROLE_STRONG);
	for (size_t i = 0; i < lines; i++) {
		const struct told *told = &drive->lines[i];

		screen_put(screen, ++row, column, width, theme_sign(SIGN_VERTICAL), edge);
		screen_put(screen, row, column + width - 1, 1, theme_sign(SIGN_VERTICAL), edge);
		screen_put(screen, row, column + 2, width - DRIVE_EDGES,
			i < DRIVE_LINES && told->text ? told->text : "", role_of(told->tone));
	}
	edge_draw(screen, ++row, column, width, SIGN_BOTTOM_LEFT, SIGN_BOTTOM_RIGHT, edge);
	screen_put(screen, row, column + width - 5, 3,
		talloc_asprintf(screen, " %s ", theme_sign(SIGN_LAMP)), role_of(drive->lamp));
}

static void arrow_draw(const struct pen *pen, const struct arrow *arrow, size_t row, size_t column,
	size_t width)
{
	struct screen *screen = pen->screen;
	enum role role = role_of(arrow->told.tone);
	char *line = theme_line(screen, SIGN_HORIZONTAL, width - 1);
	size_t used = layout_width(arrow->told.text);

	line = arrow->to_right ? talloc_asprintf(screen, "%s%s", line, theme_sign(SIGN_TO_RIGHT))
			       : talloc_asprintf(screen, "%s%s", theme_sign(SIGN_TO_LEFT), line);
	screen_put(screen, row, column, width, line, role);
	if (used + 4 > width)
		used = width - 4;
	screen_put(screen, row, column + (width - used - 2) / 2, used + 2,
		talloc_asprintf(screen, " %s ",
			layout_fit(screen, arrow->told.text, used, CUT_END)),
		role);
}

void drives_draw(struct pen *pen, const struct drives *drives)
{
	size_t width = drive_width(drives, pen->width), lines = drives_lines(drives);

	drive_draw(pen, &drives->left, pen->column, width, lines);
	drive_draw(pen, &drives->right, pen->column + pen->width - width, width, lines);
	for (size_t i = 0; i < drives->arrow_count; i++)
		arrow_draw(pen, &drives->arrows[i], pen->row + 1 + i, pen->column + width + 1,
			pen->width - 2 * width - 2);
	pen->row += lines + 2;
}

/* ---- Points ---- */

enum { POINTS_HEIGHT = 5, POINTS_BRIEF = 2, NEEDED_AT = 3 };

size_t points_height(const struct page *page, bool big)
{
	if (!page->points)
		return 0;
	return big ? POINTS_HEIGHT : POINTS_BRIEF;
}

static size_t points_column(const struct points *points, int value, size_t width)
{
	if (value <= 0 || points->most <= 0)
		return 0;
	if (value >= points->most)
		return width;
	return (size_t)value * width / (size_t)points->most;
}

/* "of 100 points  NOT PASSED  80 are needed to pass" */
static void points_line(const struct pen *pen, const struct page *page, size_t column, char *text)
{
	const struct points *points = page->points;
	struct screen *screen = pen->screen;
	size_t end = pen->column + pen->width;
	char *needed;

	column = screen_say(screen, pen->row, column, text, ROLE_STRONG) + 2;
	if (page->verdict.text && column + lamp_width(page->verdict.text) < end)
		column = lamp_put(screen, pen->row, column, lamp_width(page->verdict.text),
				 page->verdict.text, page->verdict.tone) +
			2;
	needed = talloc_asprintf(screen, _("%d are needed to pass"), points->pass);
	if (column + layout_width(needed) <= end)
		screen_say(screen, pen->row, column, needed, ROLE_QUIET);
}

/* Below the bar, where the points end and where one passes; the two never touch. */
static void points_marks(const struct pen *pen, const struct points *points, size_t row,
	size_t column, size_t width)
{
	const int values[] = { points->got, points->pass };
	size_t free = column, end = column + width;

	for (int i = 0; i < 2; i++) {
		int value = values[(points->got <= points->pass) == (i == 0) ? 0 : 1];
		char *text = talloc_asprintf(pen->screen, "%s %d", theme_sign(SIGN_UP), value);
		size_t at = column + points_column(points, value, width), used = layout_width(text);

		at = at > column ? at - 1 : at;
		if (at < free)
			at = free;
		if (at + used > end)
			at = end - used;
		if (at >= free)
			free = screen_say(pen->screen, row, at, text, ROLE_STRONG) + 2;
	}
}

void points_draw(struct pen *pen, const struct page *page, bool big)
{
	const struct points *points = page->points;
	struct screen *screen = pen->screen;
	char *got = talloc_asprintf(screen, "%d", points->got);
	size_t column = pen->column, width;

	if (!big) {
		points_line(pen, page, column,
			talloc_asprintf(screen, _("%d of %d points"), points->got, points->most));
		bar_put(screen, pen->row + 1, column, pen->width - 1,
			points_column(points, points->got, pen->width - 1), ROLE_CALM);
		pen->row += POINTS_BRIEF;
		return;
	}
	letters_draw(screen, pen->row, column + 1, got, TONE_CALM);
	column += letters_width(got) + NEEDED_AT;
	width = pen->column + pen->width - column - 1;
	points_line(pen, page, column, talloc_asprintf(screen, _("of %d points"), points->most));
	bar_put(screen, pen->row + 2, column, width, points_column(points, points->got, width),
		ROLE_CALM);
	points_marks(pen, points, pen->row + 3, column, width);
	pen->row += POINTS_HEIGHT;
}

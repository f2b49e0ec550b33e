/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is told about the row under the cursor: before and after first, what changed in them marked;
 * then sentences; facts beside them where the screen is wide, below where it is tall. */
#include <string.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "ui/wizard/compose_private.h"

enum { LABELS_LEAST = 3, LABELS_MOST = 14, SIGN = 2, APART = 4 };

static bool is_pair(enum detail_kind kind)
{
	return kind == DETAIL_BEFORE || kind == DETAIL_AFTER;
}

/* Columns of its label. */
static size_t labels_of(const struct details *details, const struct detail_line *line)
{
	return line->kind == DETAIL_FACT ? details->fact_labels : details->labels;
}

static struct detail_line *line_add(struct details *details, const struct detail *detail,
	const char *text)
{
	struct detail_line *line;

	if (detail->kind == DETAIL_FACT)
		line = memory_more(details, &details->facts, details->fact_count++,
			sizeof *details->facts);
	else
		line = memory_more(details, &details->lines, details->count++,
			sizeof *details->lines);
	*line = (struct detail_line){ .kind = detail->kind,
		.label = detail->label,
		.text = text,
		.marks = "" };
	return line;
}

static void text_add(struct details *details, const struct detail *detail, size_t width)
{
	struct lines wrapped = { 0 };

	layout_wrap(details, detail->text, width, &wrapped);
	for (size_t i = 0; i < wrapped.count; i++) {
		struct detail_line *line = line_add(details, detail, wrapped.text[i]);

		if (i > 0)
			line->label = "";
	}
}

/* A value is broken where the line ends, never at blanks, so that the marks stay with its
 * characters. Without colours they stand below. */
static void value_add(struct details *details, const struct detail *detail, const char *marks,
	size_t width, bool below)
{
	const char *text = detail->text;
	bool first = true;

	do {
		char *part = talloc_strndup(details, text, layout_bytes(text, width));
		char *own = talloc_strndup(details, marks, layout_width(part));
		struct detail_line *line = line_add(details, detail, part);
		bool marked = strchr(own, '^') != NULL;

		line->marks = own;
		if (!first)
			line->label = "";
		if (marked && below && detail->kind == DETAIL_AFTER) {
			line = line_add(details, detail, own);
			line->label = "";
			line->kind = DETAIL_TEXT;
		}
		text += strlen(part);
		marks += strlen(own);
		first = false;
	} while (*text != '\0');
}

/* The text of the other one of the pair; NULL for none. */
static const char *pair_other(const struct row *row, enum detail_kind kind)
{
	enum detail_kind wanted = kind == DETAIL_BEFORE ? DETAIL_AFTER : DETAIL_BEFORE;

	for (size_t i = 0; i < row->detail_count; i++)
		if (row->details[i].kind == wanted)
			return row->details[i].text;
	return NULL;
}

static size_t labels_width(const struct row *row, bool facts)
{
	size_t widest = LABELS_LEAST;

	for (size_t i = 0; i < row->detail_count; i++) {
		size_t width = layout_width(row->details[i].label);

		if ((row->details[i].kind == DETAIL_FACT) == facts && width > widest)
			widest = width;
	}
	return widest < LABELS_MOST ? widest : LABELS_MOST;
}

static bool any_details(const struct page *page, bool facts)
{
	for (size_t r = 0; r < page->row_count; r++)
		for (size_t i = 0; i < page->rows[r].detail_count; i++)
			if (!facts || page->rows[r].details[i].kind == DETAIL_FACT)
				return page->rows[r].selectable;
	return false;
}

static bool only_facts(const struct row *row)
{
	for (size_t i = 0; row && i < row->detail_count; i++)
		if (row->details[i].kind != DETAIL_FACT)
			return false;
	return row;
}

/* "5 of 11: MSExchangeMSMI, ImagePath"; rows that are only read are not counted. */
static char *details_title(TALLOC_CTX *mem, const struct page *page, size_t cursor)
{
	const struct row *row = &page->rows[cursor];
	size_t at = 0, all = 0;

	for (size_t i = 0; i < page->row_count; i++) {
		all += page->rows[i].selectable;
		at += page->rows[i].selectable && i <= cursor;
	}
	return row->subject ? talloc_asprintf(mem, _("%zu of %zu: %s"), at, all, row->subject)
			    : talloc_asprintf(mem, _("%zu of %zu"), at, all);
}

struct details *details_of(TALLOC_CTX *mem, const struct row *row, size_t width, bool mono,
	size_t facts)
{
	struct details *details = talloc_zero(mem, struct details);
	size_t room;

	details->labels = labels_width(row, false);
	details->fact_labels = labels_width(row, true);
	details->width = width;
	details->open_choice = row->open_choice;
	room = width - details->labels - 1 - SIGN;
	for (size_t i = 0; i < row->detail_count; i++) {
		const struct detail *detail = &row->details[i];
		const char *other = is_pair(detail->kind) ? pair_other(row, detail->kind) : NULL;

		if (is_pair(detail->kind))
			value_add(details, detail,
				other ? layout_marks(details, other, detail->text) : "", room,
				mono);
	}
	details->pair = details->count;
	for (size_t i = 0; i < row->detail_count; i++)
		if (!is_pair(row->details[i].kind) && row->details[i].kind != DETAIL_FACT)
			text_add(details, &row->details[i], room);
	for (size_t i = 0; i < row->detail_count; i++)
		if (facts > 0 && row->details[i].kind == DETAIL_FACT)
			text_add(details, &row->details[i],
				facts - details->fact_labels - 1 - SIGN);
	return details;
}

struct details *details_new(const struct screen *screen, const struct page *page,
	const struct view *view, size_t width)
{
	const struct row *row = view->cursor < page->row_count ? &page->rows[view->cursor] : NULL;
	/* Beside nothing they would stand in a corner of their own. */
	bool beside =
		screen->columns >= SCREEN_BESIDE && any_details(page, true) && !only_facts(row);
	size_t own = beside ? width * 3 / 5 - APART : width,
	       facts = beside ? width - own - APART
		: screen->rows >= SCREEN_TALL || screen->columns >= SCREEN_BESIDE ? width
										  : 0;
	struct details *details;

	if (!row || !any_details(page, false))
		return NULL;
	details = details_of((void *)screen, row, own, screen->tier == TIER_MONO, facts);
	details->title = details_title(details, page, view->cursor);
	details->type = row->type ? row->type : "";
	details->beside = beside;
	return details;
}

size_t details_height(const struct details *details)
{
	if (!details)
		return 0;
	if (!details->beside)
		return details->count + details->fact_count;
	return details->count > details->fact_count ? details->count : details->fact_count;
}

/* The line again, now with what changed on its own ground. */
static void marks_draw(struct screen *screen, const struct detail_line *line, enum role role,
	size_t row, size_t column)
{
	const char *text = line->text;

	for (const char *marks = line->marks; *marks != '\0' && *text != '\0';) {
		size_t run = strspn(marks, *marks == '^' ? "^" : " ");
		size_t bytes = layout_bytes(text, run);
		char *part = talloc_strndup(screen, text, bytes);

		if (*marks == '^')
			screen_say(screen, row, column, part, role);
		column += layout_width(part);
		text += bytes;
		marks += run;
	}
}

const char *details_sign(const struct detail_line *line)
{
	return *line->label == '\0' ? " " : line->kind == DETAIL_BEFORE ? "-" : "+";
}

static void line_draw(struct pen *pen, const struct details *details,
	const struct detail_line *line, size_t row, size_t column, size_t width)
{
	static const enum role
		roles[] = { [DETAIL_BEFORE] = ROLE_GONE, [DETAIL_AFTER] = ROLE_COME };
	struct screen *screen = pen->screen;
	size_t labels = labels_of(details, line), at = column + labels + 1;

	screen_put(screen, row, column, labels, line->label, ROLE_QUIET);
	if (is_pair(line->kind))
		screen_put(screen, row, at, 1, details_sign(line), ROLE_TEXT);
	at += SIGN;
	screen_put(screen, row, at, width - (at - column), line->text, ROLE_TEXT);
	if (is_pair(line->kind))
		marks_draw(screen, line, details->open_choice ? ROLE_WARN : roles[line->kind], row,
			at);
}

static void facts_draw(struct pen *pen, const struct details *details, size_t row, size_t shown)
{
	size_t column = pen->column + details->width + APART,
	       width = pen->width - details->width - APART;

	for (size_t i = 0; details->fact_count > 0 && i < shown; i++) {
		screen_put(pen->screen, row + i, column - SIGN, 1, theme_sign(SIGN_VERTICAL),
			ROLE_QUIET);
		if (i < details->fact_count)
			line_draw(pen, details, &details->facts[i], row + i, column, width);
	}
}

/* The line at that place, facts behind the others. */
static const struct detail_line *line_at(const struct details *details, size_t index)
{
	return index < details->count ? &details->lines[index]
				      : &details->facts[index - details->count];
}

void details_draw(struct pen *pen, const struct details *details, size_t shown)
{
	size_t all = details->count + (details->beside ? 0 : details->fact_count),
	       last = all < shown ? all : shown;

	pen_rule(pen, details->title, details->type);
	for (size_t i = 0; i < last; i++) {
		const struct detail_line *line = line_at(details, i);
		size_t used = labels_of(details, line) + 1 + SIGN;

		line_draw(pen, details, line, pen->row + i, pen->column, details->width);
		if (i + 1 == last && last < all)
			line_more(pen->screen, pen->row + i, pen->column + used,
				details->width - used, line->text, ROLE_TEXT, "F6");
	}
	if (details->beside)
		facts_draw(pen, details, pen->row, shown);
	pen->row += shown;
}

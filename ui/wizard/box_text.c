/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a box says: the row that it is about with before and after, then the question; in lines,
 * with libdialog's codes for the part that changes. */
#include <string.h>

#include "base/i18n.h"
#include "ui/wizard/box_text.h"

enum { BOX_NARROW = 58, BOX_WIDE = 76, BOX_APART = 8, BOX_EDGES = 4, TITLE_EDGES = 6 };

static size_t width_at(size_t columns)
{
	size_t width = columns > BOX_APART ? columns - BOX_APART : 0;

	return width < BOX_NARROW ? BOX_NARROW : width > BOX_WIDE ? BOX_WIDE : width;
}

/* To libdialog \Z begins a code wherever it stands: one that changes nothing goes between. */
static char *coded(TALLOC_CTX *mem, const char *text, bool marked)
{
	char *out = talloc_strdup(mem, "");
	const char *at;

	for (; (at = strstr(text, "\\Z")); text = at + 1)
		out = talloc_asprintf_append(out, "%.*s\\Z%c", (int)(at + 1 - text), text,
			marked ? 'r' : 'n');
	return talloc_strdup_append(out, text);
}

/* A line of a value; marks has ^ below each column that is to stand out. */
static char *marked(TALLOC_CTX *mem, const char *text, const char *marks)
{
	char *out = talloc_strdup(mem, "");

	while (*text != '\0') {
		bool on = *marks == '^';
		size_t run = strspn(marks, on ? "^" : " ");
		size_t bytes = *marks != '\0' ? layout_bytes(text, run) : strlen(text);
		char *part = layout_text(mem, talloc_strndup(mem, text, bytes > 0 ? bytes : 1));

		out = talloc_asprintf_append(out, on ? "\\Zr%s\\Zn" : "%s", coded(mem, part, on));
		text += bytes > 0 ? bytes : 1;
		marks += run;
	}
	return out;
}

static void row_add(TALLOC_CTX *mem, struct lines *lines, const struct row *row, size_t width)
{
	/* A code behind a line that is full would be a line of its own to libdialog. */
	const struct details *details = details_of(mem, row, width - 1, false, 0);
	size_t count = lines->count;

	if (row->subject) {
		size_t own = layout_width(row->subject);
		char *subject =
			layout_fit(mem, row->subject, own < width ? own : width, CUT_MIDDLE);

		layout_add(mem, lines, coded(mem, layout_text(mem, subject), false));
	}
	for (size_t i = 0; i < details->pair; i++) {
		const struct detail_line *line = &details->lines[i];

		layout_add(mem, lines,
			talloc_asprintf(mem, "%s %s %s",
				layout_fit(mem, line->label, details->labels, CUT_END),
				details_sign(line), marked(mem, line->text, line->marks)));
	}
	if (lines->count > count)
		layout_add(mem, lines, talloc_strdup(mem, ""));
}

static void paragraphs_add(TALLOC_CTX *mem, struct lines *lines, const char *text, size_t width)
{
	struct lines wrapped = { 0 };

	layout_wrap(mem, text, width, &wrapped);
	for (size_t i = 0; i < wrapped.count; i++)
		layout_add(mem, lines, coded(mem, layout_text(mem, wrapped.text[i]), false));
}

/* What is cut is on the page. */
static char *joined(TALLOC_CTX *mem, const struct lines *lines, size_t most)
{
	char *out = talloc_strdup(mem, "");

	for (size_t i = 0; i < lines->count && i < most; i++)
		out = talloc_asprintf_append_buffer(out, "%s%s", i > 0 ? "\n" : "",
			i + 1 == most && lines->count > most ? ".." : lines->text[i]);
	return out;
}

struct box_text box_text_of(TALLOC_CTX *mem, const char *title, const struct row *row,
	const char *text, size_t columns, int most)
{
	size_t width = width_at(columns), room = width - BOX_EDGES;
	struct box_text out = { .title = "", .width = (int)width };
	struct lines lines = { 0 };

	/* The question itself is never cut: where the edge has no room for it, it comes first. */
	if (layout_width(title) + TITLE_EDGES <= width)
		out.title = coded(mem, layout_text(mem, title), false);
	else
		paragraphs_add(mem, &lines, title, room);
	if (row)
		row_add(mem, &lines, row, room);
	if (text)
		paragraphs_add(mem, &lines, text, room);
	while (lines.count > 0 && *lines.text[lines.count - 1] == '\0')
		lines.count--;
	out.lines = lines.count < (size_t)most ? (int)lines.count : most;
	out.text = joined(mem, &lines, (size_t)most);
	return out;
}

void compose_beneath(struct screen *screen, const struct page *page, const struct view *view,
	struct key_label *keys, size_t count)
{
	struct view seen = *view;
	size_t rail = rail_width(screen, page), drawn;

	compose_page(screen, page, &seen);
	drawn = screen->stretch_count;
	for (size_t i = 0; i < drawn; i++) {
		struct stretch focus = screen->stretches[i];

		if (focus.role != ROLE_FOCUS)
			continue;
		screen->stretches[i].role = ROLE_STRONG;
		/* "[>Start<]" */
		screen_put(screen, focus.row, focus.column + 1, 1, " ", ROLE_STRONG);
		screen_put(screen, focus.row, focus.column + focus.width - 2, 1, " ", ROLE_STRONG);
	}
	for (size_t i = screen->hint; i + 1 < screen->rows; i++)
		screen_put(screen, i, rail, screen->columns - rail, "", ROLE_TEXT);
	frame_keys(screen, keys, count, 0);
}

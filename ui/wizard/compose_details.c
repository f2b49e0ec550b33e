/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is told below the table about the row under the cursor: before and after stacked, the changed characters marked.
 */
#include <string.h>

#include "ui/wizard/compose_private.h"

enum { LABELS_WIDEST = 14 };

/* The columns that labels and texts have. */
struct widths {
	size_t labels, texts;
};

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

static void line_add(TALLOC_CTX *mem, struct widths widths, const char *label, const char *text, struct lines *lines)
{
	layout_add(mem, lines, talloc_asprintf(mem, "%s  %s", layout_fit(mem, label, widths.labels, CUT_END), text));
}

static void detail_wrap(TALLOC_CTX *mem, const struct detail *detail, struct widths widths, struct lines *lines)
{
	struct lines wrapped = { 0 };

	layout_wrap(mem, detail->text, widths.texts, &wrapped);
	for (size_t i = 0; i < wrapped.count; i++)
		line_add(mem, widths, i == 0 ? detail->label : "", wrapped.text[i], lines);
}

/* A path is broken where the line ends, never at blanks, so that the marks can stand below its characters. */
static void path_wrap(TALLOC_CTX *mem, const struct detail *detail, const char *marks, struct widths widths,
		      struct lines *lines)
{
	const char *text = detail->text, *label = detail->label;

	do {
		char *part = talloc_strndup(mem, text, layout_bytes(text, widths.texts));
		char *below = talloc_strndup(mem, marks, layout_width(part));

		line_add(mem, widths, label, part, lines);
		if (strchr(below, '^') != NULL)
			line_add(mem, widths, "", below, lines);
		text += strlen(part);
		marks += strlen(below);
		label = "";
	} while (*text != '\0');
}

void details_wrap(TALLOC_CTX *mem, const struct page *page, const struct view *view, size_t width, struct lines *lines)
{
	const struct row *row;
	const char *before = NULL;
	struct widths widths;

	if (view->cursor >= page->row_count)
		return;
	row = &page->rows[view->cursor];
	widths.labels = labels_width(row);
	widths.texts = width - widths.labels - 2;
	for (size_t i = 0; i < row->detail_count; i++) {
		const struct detail *detail = &row->details[i];
		bool changed = detail->kind == DETAIL_AFTER && before != NULL;

		if (detail->kind == DETAIL_BEFORE)
			before = detail->text;
		if (detail->kind <= DETAIL_TOLD)
			detail_wrap(mem, detail, widths, lines);
		else
			path_wrap(mem, detail, changed ? layout_marks(mem, before, detail->text) : "", widths, lines);
	}
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is told below the table about the row under the cursor: before and after stacked, the changed characters marked.
 */
#include <string.h>

#include "ui/wizard/compose_private.h"

static const struct detail *before_of(const struct row *row, size_t index)
{
	while (index-- > 0)
		if (row->details[index].kind == DETAIL_BEFORE)
			return &row->details[index];
	return NULL;
}

static size_t label_width(const struct row *row)
{
	size_t widest = 0;

	for (size_t i = 0; i < row->detail_count; i++) {
		size_t width = layout_width(row->details[i].label);

		if (width > widest)
			widest = width;
	}
	return widest < 14 ? widest : 14;
}

/* A label and its text; lines after the first are indented under the text. */
static int detail_wrap(TALLOC_CTX *mem, const struct detail *detail, const char *text, size_t labels, size_t width,
		       bool utf8, struct lines *lines)
{
	struct lines wrapped = { 0 };
	char *label = layout_fit(mem, layout_text(mem, detail->label, utf8), labels, CUT_END);
	int rc = layout_wrap(mem, text, width - labels - 2, &wrapped);

	for (size_t i = 0; rc == 0 && i < wrapped.count; i++)
		rc = layout_add(lines, mem, talloc_asprintf(mem, "%s  %s", i == 0 ? label : layout_fit(mem, "", labels,
				CUT_END), wrapped.text[i]));
	return rc;
}

/* A path is broken where the line ends, never at blanks, so that the marks can stand below its characters. */
static int path_wrap(TALLOC_CTX *mem, const struct detail *detail, const char *text, const char *marks, size_t labels,
		     size_t width, struct lines *lines)
{
	size_t room = width - labels - 2, at = 0, len = strlen(text);
	const char *label = detail->label;
	int rc = 0;

	do {
		size_t part = len - at < room ? len - at : room;

		while (part > 1 && at + part < len && ((unsigned char)text[at + part] & 0xc0) == 0x80)
			part--;
		rc = layout_add(lines, mem, talloc_asprintf(mem, "%s  %.*s", layout_fit(mem, label, labels, CUT_END),
							    (int)part, text + at));
		if (rc == 0 && marks != NULL && strlen(marks) > at && strcspn(marks + at, "^") < part)
			rc = layout_add(lines, mem, talloc_asprintf(mem, "%*s%.*s", (int)labels + 2, "", (int)part,
								    marks + at));
		at += part;
		label = "";
	} while (rc == 0 && at < len);
	return rc;
}

int details_lines(TALLOC_CTX *mem, const struct page *page, const struct view *view, size_t width, bool utf8,
		  struct lines *lines)
{
	const struct row *row;
	size_t labels;
	int rc = 0;

	if (page->row_count == 0 || view->cursor >= page->row_count)
		return 0;
	row = &page->rows[view->cursor];
	labels = label_width(row);
	for (size_t i = 0; rc == 0 && i < row->detail_count; i++) {
		const struct detail *detail = &row->details[i], *before = before_of(row, i);
		char *text = layout_text(mem, detail->text, utf8), *marks = NULL;

		if (detail->kind == DETAIL_AFTER && before != NULL)
			marks = layout_marks(mem, layout_text(mem, before->text, utf8), text);
		rc = detail->kind <= DETAIL_TOLD ? detail_wrap(mem, detail, text, labels, width, utf8, lines)
						 : path_wrap(mem, detail, text, marks, labels, width, lines);
	}
	return rc;
}

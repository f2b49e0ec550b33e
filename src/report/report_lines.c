/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The report in lines of 78 columns. */
#include "base/memory.h"
#include "base/text.h"
#include "report/report_internal.h"

enum { COLUMNS = 78, LABEL = 12 };

/* How a block lies in lines: so many cells in front, in columns of these widths; what is behind
 * them wrapped to an indent, or under them, where it begins a line of its own. */
static const struct {
	const char *lead;
	size_t front;
	int widths[3], indent;
	const char *under;
} lies[] = {
	[BLOCK_CHANGE] = { .indent = 2 },
	[BLOCK_FIELD] = { " ", 1, { LABEL }, 1 + LABEL, NULL },
	[BLOCK_GIVEN] = { " ", 1, { LABEL }, 1 + LABEL, NULL },
	[BLOCK_STEP] = { " ", 2, { 17, 15, 21 }, 33, NULL },
	[BLOCK_FINDING] = { " ", 2, { LABEL }, 1 + LABEL, "             " },
	[BLOCK_MAIL] = { " ", 1, { 0 }, 5, "   " },
	[BLOCK_ITEM] = { .lead = " * ", .indent = 3 },
	[BLOCK_NOTE] = { .lead = " ", .front = 1, .indent = 3 },
	[BLOCK_PARAGRAPH] = { .lead = " ", .indent = 1 },
	[BLOCK_GAP] = { .front = 0 },
};

/* text and blanks to so many columns, one at least. */
static char *padded(char *line, const char *text, int columns)
{
	int blanks = columns - (int)text_width(text);

	return talloc_asprintf_append_buffer(line, "%s%*s", text, blanks > 1 ? blanks : 1, "");
}

static char *block_lines(TALLOC_CTX *mem, const struct block *block)
{
	const char *under = lies[block->kind].under;
	char *line = talloc_strdup(mem, writing_any(lies[block->kind].lead)),
	     *text = talloc_strdup(mem, "");
	size_t front = block->cells[1] ? lies[block->kind].front : 0;

	for (size_t i = 0; i < ARRAY_SIZE(block->cells) && block->cells[i]; i++) {
		char **to = i < front ? &line : &text;
		bool last = i + 1 == ARRAY_SIZE(block->cells) || !block->cells[i + 1];

		*to = last || (under && i + 1 == front)
			? talloc_strdup_append_buffer(*to, block->cells[i])
			: padded(*to, block->cells[i], lies[block->kind].widths[i]);
	}
	if (!under)
		return text_wrap(mem, line, lies[block->kind].indent, COLUMNS, text);
	return talloc_asprintf(mem, "%s\n%s", line,
		*text ? text_wrap(mem, under, lies[block->kind].indent, COLUMNS, text) : "");
}

char *report_text(TALLOC_CTX *mem, const struct report *report)
{
	struct writing *writing = report_writing(NULL, report);
	char *out = talloc_strdup(mem, "");

	for (size_t i = 0; i < writing->count; i++) {
		const struct block *block = &writing->blocks[i];
		bool heading = block->kind == BLOCK_HEADING;

		out = talloc_asprintf_append_buffer(out, "%s%s%s",
			heading || block->kind == BLOCK_CHANGE ? "\n" : "",
			block_lines(writing, block), block->kind == BLOCK_TITLE ? "\n" : "");
		for (size_t j = text_width(block->cells[0]); heading && j > 0; j--)
			out = talloc_strdup_append_buffer(out, j > 1 ? "-" : "-\n");
		if (block->command)
			out = talloc_asprintf_append_buffer(out, "     %s\n", block->command);
	}
	talloc_free(writing);
	return out;
}

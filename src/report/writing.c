/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The ground of a report: what entries say, its blocks, and these in lines of 78 columns. */
#include <stdarg.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "report/report_internal.h"

enum { COLUMNS = 78, LABEL = 12 };

char *entry_path_shown(TALLOC_CTX *mem, const json_t *entry, const char *member)
{
	char *path = path_of_json(mem, entry, member), *shown = path ? text_shown(mem, path) : NULL;

	talloc_free(path);
	return shown;
}

/* "MSExchangeMSMI: stopped" */
static char *service_said(TALLOC_CTX *mem, const json_t *entry)
{
	const char *to = json_string_value(json_object_get(entry, "to"));
	char *name = entry_path_shown(mem, entry, "name");
	char *said = name && to ? talloc_asprintf(mem, "%s: %s", name, to) : talloc_strdup(mem, "");

	talloc_free(name);
	return said;
}

char *entry_note(TALLOC_CTX *mem, const json_t *entry)
{
	static const enum journal_kind told[] = { JOURNAL_NOTE, JOURNAL_FAILED, JOURNAL_PAUSED,
		JOURNAL_RESUMED, JOURNAL_UNDO };
	const char *note = json_string_value(json_object_get(entry, "note")),
		   *way = undo_way_text(json_string_value(json_object_get(entry, "way"))),
		   *text = json_string_value(json_object_get(entry, "text"));

	/* Earlier versions put the sentence itself on record. */
	text = way ? way : text;
	if (entry_is(entry, JOURNAL_SERVICE))
		return service_said(mem, entry);
	for (size_t i = 0; !note && i < ARRAY_SIZE(told); i++)
		if (entry_is(entry, told[i]))
			note = text ? text : "";
	return note ? talloc_strdup(mem, note) : NULL;
}

const char *writing_any(const char *text)
{
	return text ? text : "";
}

const char *writing_said(const json_t *object, const char *member)
{
	return writing_any(json_string_value(json_object_get(object, member)));
}

static bool is_heading(const struct writing *writing)
{
	return writing->count > 0 && writing->blocks[writing->count - 1].kind == BLOCK_HEADING;
}

/* A title that nothing followed is none. */
void writing_block(struct writing *writing, struct block block)
{
	struct block *more;

	if (block.kind == BLOCK_HEADING && is_heading(writing))
		writing->count--;
	more = memory_more(writing->mem, &writing->blocks, writing->count, sizeof *more);
	if (!more)
		return;
	writing->count++;
	for (size_t i = 0; i < ARRAY_SIZE(block.cells); i++)
		if (block.cells[i])
			block.cells[i] = text_shown(writing->mem, block.cells[i]);
	if (block.other)
		block.other = text_shown(writing->mem, block.other);
	*more = block;
}

/* With what args make of format as the last cell. */
__attribute__((format(printf, 3, 0))) static void block_format(struct writing *writing,
	struct block block, const char *format, va_list args)
{
	char *text = talloc_vasprintf(writing->mem, format, args);

	/* The title has the end of its line in it. */
	if (text && block.kind == BLOCK_TITLE)
		text[strlen(text) - 1] = '\0';
	block.cells[block.cells[0] ? 1 : 0] = writing_any(text);
	writing_block(writing, block);
}

void writing_title(struct writing *writing, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	block_format(writing, (struct block){ .kind = BLOCK_TITLE }, format, args);
	va_end(args);
}

void writing_field(struct writing *writing, const char *label, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	block_format(writing, (struct block){ .kind = BLOCK_FIELD, .cells = { label } }, format,
		args);
	va_end(args);
}

void writing_item(struct writing *writing, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	block_format(writing, (struct block){ .kind = BLOCK_ITEM }, format, args);
	va_end(args);
}

void writing_heading(struct writing *writing, const char *title)
{
	writing_block(writing, (struct block){ .kind = BLOCK_HEADING, .cells = { title } });
}

/* ---- lines ---- */

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
	[BLOCK_ID] = { .lead = " ", .front = 1, .under = "" },
	[BLOCK_NOTE] = { .lead = " ", .front = 1, .indent = 3 },
	[BLOCK_NOTICE] = { .lead = " ", .indent = 3 },
	[BLOCK_PARAGRAPH] = { .lead = " ", .indent = 1 },
	[BLOCK_GAP] = { .front = 0 },
};

/* text and blanks to so many columns, one at least. */
static char *padded(char *line, const char *text, int columns)
{
	int blanks = columns - (int)text_width(text);

	return talloc_asprintf_append_buffer(line, "%s%*s", text, blanks > 1 ? blanks : 1, "");
}

/* From one cell to another, the last of them without blanks behind it. */
static char *cells_line(char *line, const struct block *block, size_t from, size_t to)
{
	for (size_t i = from; i < to && block->cells[i]; i++)
		line = i + 1 < to && block->cells[i + 1]
			? padded(line, block->cells[i], lies[block->kind].widths[i])
			: talloc_strdup_append_buffer(line, block->cells[i]);
	return line;
}

static char *block_lines(TALLOC_CTX *mem, const struct block *block)
{
	size_t front = lies[block->kind].front;
	const char *under = lies[block->kind].under;
	char *text = cells_line(talloc_strdup(mem, ""), block, front, ARRAY_SIZE(block->cells)),
	     *line = cells_line(talloc_strdup(mem, writing_any(lies[block->kind].lead)), block, 0,
		     front);

	if (!under && front > 0)
		line = padded(line, "", lies[block->kind].indent - (int)text_width(line));
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

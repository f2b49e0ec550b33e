/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/layout.h"

#include <langinfo.h>
#include <stdint.h>
#include <string.h>
#include <wchar.h>

#include "base/memory.h"
#include "base/text.h"
#include "base/text_unit.h"

enum { DOTS = 2 };

bool layout_utf8(void)
{
	return strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

/* One character; a stray byte counts as itself. Returns its length, 0 at the end. */
static size_t character(const char *text, uint32_t *code)
{
	size_t len = 0;

	*code = *text != '\0' ? text_step(text, &len) : 0;
	if (*code >= TEXT_BAD)
		*code -= TEXT_BAD;
	return len;
}

/* From here to there: the one sign of ours that texts hold; where it cannot be shown, ">". */
enum { ARROW = 0x2192 };

static size_t code_width(uint32_t code)
{
	int width;

	if (code < 0x80 || code == ARROW)
		return 1;
	if (!layout_utf8())
		return code > 0xffff ? 10 : 6;
	width = wcwidth((wchar_t)code);
	return width < 0 ? 1 : (size_t)width;
}

char *layout_text(TALLOC_CTX *mem, const char *text)
{
	char *out;
	uint32_t code;
	size_t len;

	if (layout_utf8())
		return talloc_strdup(mem, text);
	out = talloc_strdup(mem, "");
	for (; (len = character(text, &code)) > 0; text += len)
		out = code < 0x80       ? talloc_strndup_append_buffer(out, text, len)
			: code == ARROW ? talloc_strdup_append_buffer(out, ">")
					: talloc_asprintf_append_buffer(out,
						  code > 0xffff ? "\\U%08x" : "\\u%04x", code);
	return out;
}

size_t layout_width(const char *text)
{
	size_t width = 0, len;
	uint32_t code;

	for (; (len = character(text, &code)) > 0; text += len)
		width += code_width(code);
	return width;
}

size_t layout_bytes(const char *text, size_t width)
{
	size_t bytes = 0, used = 0, len;
	uint32_t code;

	while ((len = character(text + bytes, &code)) > 0 && (used += code_width(code)) <= width)
		bytes += len;
	return bytes;
}

/* Where the widest end of text begins that takes no more than width columns. */
static size_t end_from(const char *text, size_t width)
{
	size_t at = 0, left = layout_width(text), len;
	uint32_t code;

	for (; left > width && (len = character(text + at, &code)) > 0; at += len)
		left -= code_width(code);
	return at;
}

/* What begins text and what ends it, with dots between. */
static char *dotted(TALLOC_CTX *mem, const char *text, size_t begin, size_t end)
{
	return talloc_asprintf(mem, "%.*s..%s", (int)begin, text, text + end);
}

/* A key or path keeps its last part whole, and in front what fits of whole parts; begin and end are
 * left alone where the last part alone is too wide. */
static bool cut_parts(const char *text, size_t room, size_t *begin, size_t *end)
{
	size_t len = strlen(text), last, head = 0;

	for (last = len > 0 ? len - 1 : 0; last > 0 && text[last] != '\\'; last--)
		;
	if (last == 0 || layout_width(text + last) > room)
		return false;
	room -= layout_width(text + last);
	for (size_t i = 0; i < layout_bytes(text, room); i++)
		if (text[i] == '\\')
			head = i + 1;
	*begin = head;
	*end = last;
	return true;
}

/* Text ends at a word, unless that would take half of it. */
static size_t cut_word(const char *text, size_t room)
{
	size_t most = layout_bytes(text, room), at = most;

	if (text[most] != ' ')
		while (at > 0 && text[at - 1] != ' ')
			at--;
	while (at > 0 && strchr(" ,;:", text[at - 1]))
		at--;
	return at > most / 2 ? at : most;
}

static char *cut_text(TALLOC_CTX *mem, const char *text, size_t width, enum column_cut cut,
	unsigned way)
{
	size_t room = width - DOTS, begin = 0, end = strlen(text);

	if (way == 0 && cut != CUT_MIDDLE)
		begin = cut_word(text, room);
	else if (way == 0 && !cut_parts(text, room, &begin, &end))
		end = end_from(text, room);
	else if (way == 1)
		end = end_from(text, room);
	else if (way == 2)
		begin = layout_bytes(text, room);
	else if (way == 3) {
		begin = layout_bytes(text, room / 2);
		end = end_from(text, room - room / 2);
	}
	return dotted(mem, text, begin, end);
}

char *layout_fit_way(TALLOC_CTX *mem, const char *text, size_t width, enum column_cut cut,
	unsigned way)
{
	if (layout_width(text) > width)
		text = width < DOTS ? layout_repeat(mem, '.', width)
				    : cut_text(mem, text, width, cut, way);
	return talloc_asprintf(mem, "%s%*s", text, (int)(width - layout_width(text)), "");
}

char *layout_fit(TALLOC_CTX *mem, const char *text, size_t width, enum column_cut cut)
{
	return layout_fit_way(mem, text, width, cut, 0);
}

char *layout_repeat(TALLOC_CTX *mem, char character, size_t count)
{
	char *text = talloc_asprintf(mem, "%*s", (int)count, "");

	memset(text, character, count);
	return text;
}

void layout_add(TALLOC_CTX *mem, struct lines *lines, char *line)
{
	char **more = memory_more(mem, &lines->text, lines->count, sizeof *more);

	*more = line;
	lines->count++;
}

/* Where to break a line that is wider than width: after the last word that fits, else in it. */
static size_t break_at(const char *text, size_t width)
{
	size_t most = layout_bytes(text, width), at = 0, len;
	uint32_t before = ' ', code;

	for (size_t i = 0; i <= most && (len = character(text + i, &code)) > 0; i += len) {
		if (before != ' ' && (code == ' ' || text_may_end(before, code)))
			at = i;
		before = code;
	}
	return at > strspn(text, " ") ? at : most > 0 ? most : character(text, &code);
}

static void wrap_line(TALLOC_CTX *mem, char *text, size_t width, struct lines *lines)
{
	char *tab = strchr(text, '\t');
	size_t indent = strspn(text, " ");

	if (tab) {
		*tab = ' ';
		indent = (size_t)(tab + 1 - text);
	}
	if (indent > width / 2)
		indent = width / 2;
	while (layout_width(text) > width) {
		size_t at = break_at(text, width);

		layout_add(mem, lines, talloc_strndup(mem, text, at));
		at += strspn(text + at, " ");
		text = talloc_asprintf(mem, "%*s%s", (int)indent, "", text + at);
	}
	layout_add(mem, lines, text);
}

void layout_wrap(TALLOC_CTX *mem, const char *text, size_t width, struct lines *lines)
{
	if (width < 8)
		width = 8;
	while (*text != '\0') {
		size_t len = strcspn(text, "\n");

		wrap_line(mem, text_close_stops(talloc_strndup(mem, text, len)), width, lines);
		text += len + (text[len] == '\n');
	}
}

char *layout_marks(TALLOC_CTX *mem, const char *before, const char *after)
{
	struct text_span *spans;
	size_t count = text_changes(mem, before, after, &spans), at = 0;
	char *marks = talloc_strdup(mem, "");

	for (size_t i = 0; i < count; i++) {
		size_t from = layout_width(talloc_strndup(marks, after, spans[i].from)),
		       width = layout_width(
			       talloc_strndup(marks, after + spans[i].from, spans[i].len));

		width = width > 0 ? width : 1;
		marks = talloc_asprintf_append_buffer(marks, "%*s%s",
			from > at ? (int)(from - at) : 0, "", layout_repeat(marks, '^', width));
		at = strlen(marks);
	}
	return marks;
}

bool layout_selectable(const struct page *page)
{
	for (size_t i = 0; i < page->row_count; i++)
		if (page->rows[i].selectable)
			return true;
	return false;
}

size_t question_row(const struct page *page, const struct question *question)
{
	const char *id = strchr(question->id, ':');

	for (size_t i = 0; i < page->row_count; i++) {
		const struct row *row = &page->rows[i];

		if (row->decide == question || (id && row->id && strcmp(id + 1, row->id) == 0))
			return i;
	}
	return page->row_count;
}

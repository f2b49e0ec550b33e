/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/layout.h"

#include <langinfo.h>
#include <stdint.h>
#include <string.h>
#include <wchar.h>

#include "base/memory.h"
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

/* Whether a byte is one of a character, and not its first. */
static bool inside(char byte)
{
	return ((unsigned char)byte & 0xc0) == 0x80;
}

/* Bytes that two texts share at their beginning, and at the end of what is left. */
static void common(const char *before, size_t before_len, const char *after, size_t after_len,
	size_t *start, size_t *end)
{
	size_t least = before_len < after_len ? before_len : after_len;

	for (*start = 0; *start < least && before[*start] == after[*start]; (*start)++)
		;
	while (*start > 0 && (inside(before[*start]) || inside(after[*start])))
		(*start)--;
	for (*end = 0; *end < least - *start &&
		before[before_len - *end - 1] == after[after_len - *end - 1];
		(*end)++)
		;
	while (*end > 0 && inside(after[after_len - *end]))
		(*end)--;
}

static bool is_digit(char byte)
{
	return byte >= '0' && byte <= '9';
}

/* What changed as an eye looks for it: a number whole, a drive's letter with its colon. */
static void widen(const char *after, size_t len, size_t *start, size_t *end)
{
	if (*start + *end < len && is_digit(after[*start]))
		while (*start > 0 && is_digit(after[*start - 1]))
			(*start)--;
	if (*start + *end < len && is_digit(after[len - *end - 1]))
		while (*end > 0 && is_digit(after[len - *end]))
			(*end)--;
	if (*end > 0 && len - *end == *start + 1 && after[*start + 1] == ':')
		(*end)--;
}

/* The columns of one word or path of a list, marked where they changed; a mark where something is
 * gone. */
static char *marks_add(char *marks, const char *before, size_t before_len, const char *after,
	size_t after_len)
{
	bool same = before_len == after_len && strncmp(before, after, after_len) == 0;
	size_t start = after_len, end = 0, changed, rest;

	if (!same) {
		common(before, before_len, after, after_len, &start, &end);
		widen(after, after_len, &start, &end);
	}
	changed = layout_width(talloc_strndup(marks, after + start, after_len - start - end));
	rest = layout_width(talloc_strndup(marks, after + after_len - end, end));
	if (!same && changed == 0) {
		changed = 1;
		rest -= rest > 0;
	}
	return talloc_asprintf_append_buffer(marks, "%*s%s%*s",
		(int)layout_width(talloc_strndup(marks, after, start)), "",
		layout_repeat(marks, '^', changed), (int)rest, "");
}

/* Between paths of a list, and between words. */
static const char between[] = "; ";

static size_t list_count(const char *text)
{
	size_t count = 1;

	for (; *text != '\0'; text++)
		count += strchr(between, *text) != NULL;
	return count;
}

char *layout_marks(TALLOC_CTX *mem, const char *before, const char *after)
{
	bool list = list_count(before) == list_count(after);
	char *marks = talloc_strdup(mem, "");
	size_t len;

	if (strcmp(before, after) == 0)
		return marks;
	for (;;) {
		size_t before_len = list ? strcspn(before, between) : strlen(before),
		       after_len = list ? strcspn(after, between) : strlen(after);

		marks = marks_add(marks, before, before_len, after, after_len);
		before += before_len;
		after += after_len;
		if (*before == '\0' || *after == '\0')
			break;
		marks = talloc_strdup_append_buffer(marks, " ");
		before++;
		after++;
	}
	for (len = strlen(marks); len > 0 && marks[len - 1] == ' '; len--)
		marks[len - 1] = '\0';
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

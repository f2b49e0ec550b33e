/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/layout.h"

#include <langinfo.h>
#include <stdint.h>
#include <string.h>
#include <wchar.h>

#include "base/memory.h"
#include "base/text_unit.h"

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

/* With dots for what does not fit; of the rest, two thirds are for the end where the middle is cut:
 * there paths differ. */
static char *cut_text(TALLOC_CTX *mem, const char *text, size_t width, enum column_cut cut)
{
	size_t dots = width < 3 ? width : 3, room = width - dots, left = layout_width(text), len;
	const char *tail = cut == CUT_MIDDLE ? text : "";
	uint32_t code;

	for (; left > room * 2 / 3 && (len = character(tail, &code)) > 0; tail += len)
		left -= code_width(code);
	return talloc_asprintf(mem, "%.*s%.*s%s",
		(int)layout_bytes(text, room - layout_width(tail)), text, (int)dots, "...", tail);
}

char *layout_fit(TALLOC_CTX *mem, const char *text, size_t width, enum column_cut cut)
{
	if (layout_width(text) > width)
		text = cut_text(mem, text, width, cut);
	return talloc_asprintf(mem, "%s%*s", text, (int)(width - layout_width(text)), "");
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

/* Where to break a line that is wider than width: after the last blank that fits, else in the
 * word. */
static size_t break_at(const char *text, size_t width)
{
	size_t most = layout_bytes(text, width), at = most;
	uint32_t code;

	while (at > 0 && text[at] != ' ')
		at--;
	while (at > 0 && text[at - 1] == ' ')
		at--;
	return at > strspn(text, " ") ? at : most > 0 ? most : character(text, &code);
}

static void wrap_line(TALLOC_CTX *mem, char *text, size_t width, struct lines *lines)
{
	size_t indent = strspn(text, " ");

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

		wrap_line(mem, talloc_strndup(mem, text, len), width, lines);
		text += len + (text[len] == '\n');
	}
}

/* Whether a byte is one of a character, and not its first. */
static bool inside(char byte)
{
	return ((unsigned char)byte & 0xc0) == 0x80;
}

char *layout_marks(TALLOC_CTX *mem, const char *before, const char *after)
{
	const char *before_end = before + strlen(before), *end = after + strlen(after);
	size_t start = 0, changed;
	char *marks;

	if (strcmp(before, after) == 0)
		return talloc_strdup(mem, "");
	while (before[start] != '\0' && before[start] == after[start])
		start++;
	while (start > 0 && (inside(before[start]) || inside(after[start])))
		start--;
	while (before_end > before + start && end > after + start && before_end[-1] == end[-1]) {
		before_end--;
		end--;
	}
	while (inside(*end))
		end++;
	changed = layout_width(talloc_strndup(mem, after + start, (size_t)(end - after) - start));
	marks = layout_repeat(mem, '^', changed > 0 ? changed : 1);
	return talloc_asprintf(mem, "%*s%s", (int)layout_width(talloc_strndup(mem, after, start)),
		"", marks);
}

bool layout_selectable(const struct page *page)
{
	for (size_t i = 0; i < page->row_count; i++)
		if (page->rows[i].selectable)
			return true;
	return false;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/layout.h"

#include <langinfo.h>
#include <stdint.h>
#include <string.h>
#include <wchar.h>

#include "base/error.h"
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

static size_t code_width(uint32_t code)
{
	int width = code < 0x80 ? 1 : wcwidth((wchar_t)code);

	return width < 0 ? 1 : (size_t)width;
}

char *layout_text(TALLOC_CTX *mem, const char *text, bool utf8)
{
	char *out = talloc_strdup(mem, "");
	uint32_t code;
	size_t len;

	if (utf8)
		return talloc_strdup(mem, text);
	for (; (len = character(text, &code)) > 0; text += len)
		out = code < 0x80 ? talloc_strndup_append_buffer(out, text, len)
				  : talloc_asprintf_append_buffer(out, code > 0xffff ? "\\U%08x" : "\\u%04x", code);
	return out;
}

size_t layout_width_of(const char *text, size_t bytes)
{
	const char *end = text + bytes;
	size_t width = 0, len;
	uint32_t code;

	for (; text < end && (len = character(text, &code)) > 0; text += len)
		width += code_width(code);
	return width;
}

size_t layout_width(const char *text)
{
	return layout_width_of(text, strlen(text));
}

/* Bytes of the longest beginning of text that fits into width columns; *used of them. */
static size_t fit_bytes(const char *text, size_t width, size_t *used)
{
	size_t bytes = 0, len;
	uint32_t code;

	*used = 0;
	for (; (len = character(text + bytes, &code)) > 0 && *used + code_width(code) <= width; bytes += len)
		*used += code_width(code);
	return bytes;
}

/* The shortest end of text that leaves out at least the columns beyond width. */
static const char *fit_end(const char *text, size_t width, size_t *used)
{
	size_t total = layout_width(text), len;
	uint32_t code;

	for (; total > width && (len = character(text, &code)) > 0; text += len)
		total -= code_width(code);
	*used = total;
	return text;
}

static char *pad(char *text, size_t used, size_t width)
{
	for (; used < width; used++)
		text = talloc_strdup_append_buffer(text, " ");
	return text;
}

char *layout_fit(TALLOC_CTX *mem, const char *text, size_t width, enum column_cut cut)
{
	size_t used, tail_used = 0, dots = width < 3 ? width : 3;
	const char *tail = "";
	char *out;

	if (layout_width(text) <= width)
		return pad(talloc_strdup(mem, text), layout_width(text), width);
	if (cut == CUT_MIDDLE)
		tail = fit_end(text, (width - dots) * 2 / 3, &tail_used);
	out = talloc_strndup(mem, text, fit_bytes(text, width - dots - tail_used, &used));
	out = talloc_strndup_append_buffer(out, "...", dots);
	out = talloc_strdup_append_buffer(out, tail);
	return pad(out, used + dots + tail_used, width);
}

int layout_add(struct lines *lines, TALLOC_CTX *mem, const char *line)
{
	char **more = memory_more(mem, &lines->text, lines->count, sizeof *more);

	if (more == NULL)
		return error_memory(NULL);
	lines->count++;
	*more = talloc_strdup(lines->text, line);
	return *more != NULL ? 0 : error_memory(NULL);
}

/* Where to break a line of len bytes that is wider than width: after the last blank that fits, else in the word. */
static size_t break_at(const char *text, size_t width)
{
	size_t used, most = fit_bytes(text, width, &used), at = most;

	while (at > 0 && text[at] != ' ')
		at--;
	while (at > 0 && text[at - 1] == ' ')
		at--;
	return at > strspn(text, " ") ? at : most > 0 ? most : 1;
}

static int wrap_line(TALLOC_CTX *mem, const char *text, size_t width, struct lines *lines)
{
	size_t indent = strspn(text, " ");
	char *rest = talloc_strdup(mem, text);

	if (indent > width / 2)
		indent = width / 2;
	while (layout_width(rest) > width) {
		size_t at = break_at(rest, width);
		int rc = layout_add(lines, mem, talloc_strndup(rest, rest, at));

		if (rc != 0)
			return rc;
		rest = talloc_asprintf(mem, "%*s%s", (int)indent, "", rest + at + strspn(rest + at, " "));
		if (rest == NULL)
			return error_memory(NULL);
	}
	return layout_add(lines, mem, rest);
}

int layout_wrap(TALLOC_CTX *mem, const char *text, size_t width, struct lines *lines)
{
	if (width < 8)
		width = 8;
	while (*text != '\0') {
		size_t len = strcspn(text, "\n");
		int rc = wrap_line(mem, talloc_strndup(mem, text, len), width, lines);

		if (rc != 0)
			return rc;
		text += len + (text[len] == '\n');
	}
	return 0;
}

/* Bytes of the common beginning of a and b that end between two characters. */
static size_t common_start(const char *a, const char *b)
{
	size_t at = 0, len;
	uint32_t ca, cb;

	while ((len = character(a + at, &ca)) > 0 && character(b + at, &cb) == len && ca == cb)
		at += len;
	return at;
}

static size_t common_end(const char *a, size_t a_len, const char *b, size_t b_len)
{
	size_t n = 0;

	while (n < a_len && n < b_len && a[a_len - 1 - n] == b[b_len - 1 - n])
		n++;
	while (n > 0 && ((unsigned char)b[b_len - n] & 0xc0) == 0x80)
		n--;
	return n;
}

char *layout_marks(TALLOC_CTX *mem, const char *before, const char *after)
{
	size_t start = common_start(before, after);
	size_t end = common_end(before + start, strlen(before) - start, after + start, strlen(after) - start);
	char *head = talloc_strndup(mem, after, start);
	char *middle = talloc_strndup(mem, after + start, strlen(after) - start - end);
	char *out = talloc_strdup(mem, "");

	if (strcmp(before, after) == 0 || head == NULL || middle == NULL || out == NULL)
		return out;
	out = pad(out, 0, layout_width(head));
	for (size_t i = layout_width(middle); i > 0; i--)
		out = talloc_strdup_append_buffer(out, "^");
	return *middle == '\0' ? talloc_strdup_append_buffer(out, "^") : out;
}

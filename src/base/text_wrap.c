/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text in columns, the same in every locale. */
#include <string.h>
#include <wchar.h>

#include "base/text.h"
#include "base/text_unit.h"

/* Counted by hand: wcwidth would depend on the locale. East Asian wide characters count for two,
 * marks that combine for none. */
static size_t character_width(uint32_t c)
{
	if ((c >= 0x300 && c <= 0x36f) || (c >= 0x20d0 && c <= 0x20ff))
		return 0;
	if ((c >= 0x1100 && c <= 0x115f) || (c >= 0x2e80 && c <= 0xa4cf) ||
		(c >= 0xac00 && c <= 0xd7a3) || (c >= 0xf900 && c <= 0xfaff) ||
		(c >= 0xfe30 && c <= 0xfe6f) || (c >= 0xff00 && c <= 0xff60) ||
		(c >= 0x1f300 && c <= 0x1faff) || (c >= 0x20000 && c <= 0x3fffd))
		return 2;
	return 1;
}

static size_t width_n(const char *text, size_t len)
{
	size_t width = 0, size;

	for (size_t i = 0; i < len; i += size)
		width += character_width(text_step(text + i, &size));
	return width;
}

size_t text_width(const char *text)
{
	return width_n(text, strlen(text));
}

bool text_is_wide(const char *text)
{
	size_t size;

	for (; *text != '\0'; text += size)
		if (character_width(text_step(text, &size)) == 2)
			return true;
	return false;
}

size_t text_whole(const char *text, size_t most)
{
	size_t len = strnlen(text, most);

	while (len > 0 && ((unsigned char)text[len] & 0xc0) == 0x80)
		len--;
	return len;
}

size_t text_fit(const char *text, size_t columns)
{
	size_t len = 0, size = 0;

	for (; text[len] != '\0'; len += size) {
		size_t width = character_width(text_step(text + len, &size));

		if (width > columns)
			break;
		columns -= width;
	}
	return len;
}

size_t text_widest(size_t least, const char *text)
{
	size_t width = text_width(text);

	return width > least ? width : least;
}

char *text_pad(TALLOC_CTX *mem, const char *text, size_t columns)
{
	size_t width = text_width(text);

	return talloc_asprintf(mem, "%s%*s", text, (int)(width < columns ? columns - width : 0),
		"");
}

static const char ideographic[] = "\xe3\x80\x82";

char *text_close_stops(char *text)
{
	for (char *at = text; at && (at = strstr(at, ideographic));) {
		at += strlen(ideographic);
		memmove(at, at + (*at == ' '), strlen(at + (*at == ' ')) + 1);
	}
	return text;
}

size_t text_full_stop(const char *text)
{
	return text_ends(text, ideographic) ? strlen(ideographic) : text_ends(text, ".");
}

/* Signs that begin no line, and that end none (JIS X 4051). */
bool text_may_end(uint32_t before, uint32_t after)
{
	static const wchar_t begin_none[] =
		L")]},.:;!?%\u3001\u3002\u300d\u300f\u30fb\u30fc"
		L"\u3041\u3043\u3045\u3047\u3049\u3063\u3083\u3085\u3087"
		L"\u30a1\u30a3\u30a5\u30a7\u30a9\u30c3\u30e3\u30e5\u30e7",
			     end_none[] = L"([{\u300c\u300e";

	return (character_width(before) == 2 || character_width(after) == 2) &&
		!wcschr(begin_none, (wchar_t)after) && !wcschr(end_none, (wchar_t)before);
}

/* The bytes up to a blank, or to where a line may end without one. */
static size_t piece(const char *text)
{
	size_t len = 0, size;
	uint32_t before = 0;

	for (; text[len] != '\0' && !strchr(" \n", text[len]); len += size) {
		uint32_t code = text_step(text + len, &size);

		if (len > 0 && text_may_end(before, code))
			break;
		before = code;
	}
	return len;
}

char *text_wrap(TALLOC_CTX *mem, const char *first, int indent, size_t columns, const char *text)
{
	size_t column = text_width(first), blanks = 0;
	char *out = talloc_strdup(mem, first);
	bool fresh = true;

	while (out && *text) {
		size_t len = piece(text), width = width_n(text, len);
		if (!fresh && column + blanks + width > columns) {
			out = talloc_asprintf_append_buffer(out, "\n%*s", indent, "");
			column = (size_t)indent;
			blanks = 0;
		}
		out = out ? talloc_asprintf_append_buffer(out, "%*s%.*s", (int)blanks, "", (int)len,
				    text)
			  : NULL;
		column += blanks + width;
		fresh = false;
		text += len;
		blanks = strspn(text, " \n");
		text += blanks;
		if (len > 2 && strncmp(text - blanks - 3, ideographic, 3) == 0)
			blanks = 0;
	}
	return out ? talloc_strdup_append_buffer(out, "\n") : NULL;
}

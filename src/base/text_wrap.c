/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text in columns, the same in every locale. */
#include <string.h>

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

char *text_wrap(TALLOC_CTX *mem, const char *first, int indent, size_t columns, const char *text)
{
	size_t column = text_width(first), blanks = 0;
	char *out = talloc_strdup(mem, first);
	bool fresh = true;

	while (out && *text) {
		size_t len = strcspn(text, " \n"), width = width_n(text, len);
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
	}
	return out ? talloc_strdup_append_buffer(out, "\n") : NULL;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/say.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "base/i18n.h"

/* Counted by hand: wcwidth would depend on the locale. East Asian wide characters count for two, marks that combine for
 * none. */
static size_t character_width(unsigned c)
{
	if ((c >= 0x300 && c <= 0x36f) || (c >= 0x20d0 && c <= 0x20ff))
		return 0;
	if ((c >= 0x1100 && c <= 0x115f) || (c >= 0x2e80 && c <= 0xa4cf) || (c >= 0xac00 && c <= 0xd7a3) ||
	    (c >= 0xf900 && c <= 0xfaff) || (c >= 0xfe30 && c <= 0xfe6f) || (c >= 0xff00 && c <= 0xff60) ||
	    (c >= 0x1f300 && c <= 0x1faff) || (c >= 0x20000 && c <= 0x3fffd))
		return 2;
	return 1;
}

static size_t width_n(const char *text, size_t len)
{
	size_t width = 0;

	for (size_t i = 0; i < len;) {
		unsigned char lead = (unsigned char)text[i];
		size_t size = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
		unsigned c = size == 1 ? lead : lead & (0xffu >> (size + 1));
		for (size_t k = 1; k < size && i + k < len; k++)
			c = c << 6 | ((unsigned char)text[i + k] & 0x3fu);
		width += character_width(c);
		i += size;
	}
	return width;
}

size_t say_width(const char *text)
{
	return width_n(text, strlen(text));
}

/* Blanks inside a line stay as they are: they may be part of a name. */
void say_paragraph(FILE *to, const char *first, int indent, const char *text)
{
	size_t column = say_width(first), blanks = 0;
	bool fresh = true;

	fputs(first, to);
	while (*text) {
		size_t len = strcspn(text, " \n"), width = width_n(text, len);
		if (!fresh && column + blanks + width > SAY_COLUMNS) {
			fprintf(to, "\n%*s", indent, "");
			column = (size_t)indent;
			blanks = 0;
		}
		fprintf(to, "%*s", (int)blanks, "");
		fwrite(text, 1, len, to);
		column += blanks + width;
		fresh = false;
		text += len;
		blanks = strspn(text, " \n");
		text += blanks;
	}
	fputc('\n', to);
}

/* The reader of the output has seen enough: that is not an error, and nobody is left to tell. */
static bool reader_gone(void)
{
	struct pollfd output = { .fd = STDOUT_FILENO, .events = POLLOUT };

	return ferror(stdout) && poll(&output, 1, 0) > 0 && (output.revents & POLLERR) != 0;
}

int say_trouble(const struct error *err)
{
	const char *advice = error_advice(err);

	fflush(stdout);
	if (err->trouble == TROUBLE_IO && reader_gone())
		return 128 + SIGPIPE;
	say_paragraph(stderr, "msmcfix: ", 9, err->text);
	if (*advice)
		say_paragraph(stderr, "         ", 9, advice);
	return trouble_exit(err->trouble);
}

int say_done(int code)
{
	struct error err;

	if (fflush(stdout) == 0 && !ferror(stdout))
		return code;
	if (reader_gone())
		return 128 + SIGPIPE;
	error_system(&err, TROUBLE_IO, errno, _("The output could not be written completely"));
	return say_trouble(&err);
}

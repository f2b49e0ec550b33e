/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/say.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/text.h"

const char *say_shown(TALLOC_CTX *mem, const char *text)
{
	const char *shown = text_shown(mem, text ? text : "");

	return shown ? shown : "?";
}

void say_paragraph(FILE *to, const char *first, int indent, const char *text)
{
	char *lines = text_wrap(NULL, first, indent, SAY_COLUMNS, text);

	fputs(lines ? lines : text, to);
	talloc_free(lines);
}

void say(const char *format, ...)
{
	va_list args;
	char *text;

	va_start(args, format);
	text = talloc_vasprintf(NULL, format, args);
	va_end(args);
	say_paragraph(stdout, "", 0, text ? text : "");
	talloc_free(text);
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

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/say.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/i18n.h"
#include "base/text.h"

const char *say_shown(TALLOC_CTX *mem, const char *text)
{
	return text_shown(mem, text ? text : "");
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

int say_json(json_t *json, const char *wrong, struct error *err)
{
	bool failed = json_dumpf(json, stdout, JSON_INDENT(2)) != 0 || putchar('\n') == EOF;

	json_decref(json);
	return failed ? error_set(err, TROUBLE_IO, "%s", wrong) : 0;
}

/* ---- files ---- */

/* A device or a pipe. A link would lead where somebody else wants, and so would a pipe that
 * somebody else made. */
static int put_through(const char *path, const struct stat *st, const char *text)
{
	int fd, sys;

	if (S_ISLNK(st->st_mode))
		return ELOOP;
	if (S_ISFIFO(st->st_mode) && st->st_uid != geteuid())
		return EACCES;
	fd = open(path, O_WRONLY | O_NOFOLLOW | O_NOCTTY | O_CLOEXEC);
	if (fd < 0)
		return errno;
	sys = dprintf(fd, "%s", text) < 0 ? errno : 0;
	return close(fd) != 0 && sys == 0 ? errno : sys;
}

int output_write(const char *path, const char *text)
{
	struct stat st;

	errno = EIO;
	if (!path || strcmp(path, "-") == 0)
		return fputs(text, stdout) == EOF ? errno : 0;
	/* A new, private file. In a folder where others may write too, a name that leads elsewhere
	 * may be waiting. */
	if (lstat(path, &st) != 0 || S_ISREG(st.st_mode))
		return file_replace(AT_FDCWD, path, 0600, text, strlen(text));
	return put_through(path, &st, text);
}

enum trouble output_trouble(int sys)
{
	return sys == ENOENT || sys == ENOTDIR || sys == EISDIR || sys == ENAMETOOLONG
		? TROUBLE_NOT_THERE
		: TROUBLE_IO;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/password.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/text.h"
#include "ui/signals.h"

static const char terminal[] = "/dev/tty";

static int wipe(char *text)
{
	explicit_bzero(text, talloc_get_size(text));
	return 0;
}

/* Room that is wiped when it is freed. */
static char *room(TALLOC_CTX *mem, size_t size)
{
	char *text = talloc_zero_array(mem, char, (unsigned)size);

	if (text)
		talloc_set_destructor(text, wipe);
	return text;
}

char *password_keep(TALLOC_CTX *mem, const char *text)
{
	size_t size = strlen(text) + 1;
	char *kept = room(mem, size);

	return kept ? memcpy(kept, text, size) : NULL;
}

/* ---- a file ---- */

/* Whoever else can read it has the password, and whoever owns it can let others read it. */
/* The file is refused for what it is: no file system and no right is at fault. */
static int file_refused(struct error *err, int ret)
{
	return error_advise(err, ret,
		_("Put the password into a file of your own that nobody else may read (chmod 600)."));
}

static int file_allowed(TALLOC_CTX *mem, int fd, const char *path, struct error *err)
{
	const char *shown = text_shown(mem, path);
	struct stat meta;

	if (fstat(fd, &meta) != 0)
		return error_system(err, TROUBLE_IO, errno,
			_("The password file %s cannot be read"), shown);
	if (!S_ISREG(meta.st_mode))
		return file_refused(err,
			error_set(err, TROUBLE_PERMISSION,
				_("The password file %s is not a regular file."), shown));
	if (meta.st_uid != geteuid() && meta.st_uid != 0)
		return file_refused(err,
			error_set(err, TROUBLE_PERMISSION,
				_("The password file %s belongs to another user."), shown));
	if ((meta.st_mode & 077) != 0)
		return error_advise(err,
			error_set(err, TROUBLE_PERMISSION,
				_("The password file %s can be used by others than its owner."),
				shown),
			_("Run: chmod 600 %s"), shown);
	return 0;
}

/* One line, its end taken off; a file of one is what editors and echo write. */
static const char *line_wrong(char *text, size_t len)
{
	if (len > 0 && text[len - 1] == '\n')
		text[--len] = '\0';
	if (len > 0 && text[len - 1] == '\r')
		text[--len] = '\0';
	if (len == 0)
		return N_("The password file %s is empty.");
	if (len > PASSWORD_MOST)
		return N_("The password file %s is longer than 256 bytes.");
	return strlen(text) < len || strchr(text, '\n')
		? N_("The password file %s has more than one line.")
		: NULL;
}

static int file_read(TALLOC_CTX *mem, int fd, const char *path, char **password, struct error *err)
{
	enum { END = 2, SIZE = PASSWORD_MOST + END + 1 };
	char *text = room(mem, SIZE + 1);
	const char *wrong;
	ssize_t got;

	if (!text)
		return error_memory(err);
	got = read(fd, text, SIZE);
	if (got < 0)
		return error_system(err, TROUBLE_IO, errno,
			_("The password file %s cannot be read"), text_shown(mem, path));
	wrong = line_wrong(text, (size_t)got);
	if (wrong) {
		talloc_free(text);
		return error_set(err, TROUBLE_USAGE, _(wrong), text_shown(mem, path));
	}
	*password = text;
	return 0;
}

int password_of_file(TALLOC_CTX *mem, const char *path, char **password, struct error *err)
{
	/* A pipe must not keep it waiting. */
	int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	int sys = errno, ret;

	if (fd < 0 && sys == ELOOP)
		return file_refused(err,
			error_set(err, TROUBLE_PERMISSION,
				_("The password file %s is a link; name the file itself."),
				text_shown(mem, path)));
	if (fd < 0)
		return error_system(err,
			sys == ENOENT || sys == ENOTDIR ? TROUBLE_NOT_THERE : TROUBLE_PERMISSION,
			sys, _("The password file %s cannot be read"), text_shown(mem, path));
	ret = file_allowed(mem, fd, path, err);
	if (ret == 0)
		ret = file_read(mem, fd, path, password, err);
	close(fd);
	return ret;
}

/* ---- the terminal ---- */

/* Until a key comes or a signal: false. The handler may run just before the wait begins. */
static bool key_waited(int fd)
{
	enum { LOOK_MS = 50 };
	struct pollfd wait = { .fd = fd, .events = POLLIN };

	while (signals_came() == 0)
		if (poll(&wait, 1, LOOK_MS) > 0)
			return true;
	return false;
}

/* What is longer than a password can be is no password: nothing is cut off silently. */
static bool line_read(int fd, char *text)
{
	size_t len = 0;
	char byte = '\0';

	while (key_waited(fd) && read(fd, &byte, 1) == 1 && byte != '\n')
		if (len <= PASSWORD_MOST)
			text[len++] = byte;
	text[len] = '\0';
	return byte == '\n' && len <= PASSWORD_MOST;
}

/* A terminal that was stopped by its key would stay silent. */
static struct termios silent(const struct termios *before)
{
	struct termios now = *before;

	now.c_lflag &= ~(tcflag_t)(ECHO | ECHOE | ECHOK | ECHONL);
	now.c_lflag |= ICANON | ISIG;
	now.c_cc[VSUSP] = _POSIX_VDISABLE;
	return now;
}

static int terminal_open(int *fd, struct error *err)
{
	*fd = open(terminal, O_RDWR | O_NOCTTY | O_CLOEXEC);
	return *fd >= 0
		? 0
		: error_set(err, TROUBLE_USAGE,
			  _("There is no terminal to type the password at. Give --password-file FILE."));
}

int password_can_ask(struct error *err)
{
	int fd, ret = terminal_open(&fd, err);

	if (ret == 0)
		close(fd);
	return ret;
}

static int ask(TALLOC_CTX *mem, int fd, const char *prompt, char **password, struct error *err)
{
	struct termios before, now;
	char *text = room(mem, PASSWORD_MOST + 2);
	bool ended;

	if (!text)
		return error_memory(err);
	if (tcgetattr(fd, &before) != 0)
		return error_system(err, TROUBLE_USAGE, errno,
			_("The terminal cannot be kept from showing a password"));
	now = silent(&before);
	(void)tcsetattr(fd, TCSAFLUSH, &now);
	dprintf(fd, "%s ", prompt);
	ended = line_read(fd, text);
	/* A handler may interrupt it. */
	while (tcsetattr(fd, TCSAFLUSH, &before) != 0 && errno == EINTR)
		;
	dprintf(fd, "\n");
	/* No line is no answer. */
	if (ended && *text != '\0') {
		*password = text;
		return 0;
	}
	talloc_free(text);
	return error_set(err, TROUBLE_STOPPED, _("No password was given. Nothing was done."));
}

int password_ask(TALLOC_CTX *mem, const char *prompt, char **password, struct error *err)
{
	int fd, ret = terminal_open(&fd, err);

	if (ret != 0)
		return ret;
	ret = ask(mem, fd, prompt, password, err);
	close(fd);
	return ret;
}

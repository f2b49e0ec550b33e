/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"

/* A device or a pipe. A link would lead where somebody else wants, and so would a pipe that somebody else made. */
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
	/* A new, private file. In a folder where others may write too, a name that leads elsewhere may be waiting. */
	if (lstat(path, &st) != 0 || S_ISREG(st.st_mode))
		return file_replace(AT_FDCWD, path, 0600, text, strlen(text));
	return put_through(path, &st, text);
}

enum trouble output_trouble(int sys)
{
	return sys == ENOENT || sys == ENOTDIR || sys == EISDIR || sys == ENAMETOOLONG ? TROUBLE_NOT_THERE : TROUBLE_IO;
}

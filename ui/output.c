/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"

/* 0 or an errno. What failed may have left none: want of memory, for one. */
static int stream_put(FILE *file, int (*write)(void *arg, FILE *to), void *arg)
{
	int sys;

	errno = 0;
	if (write(arg, file) == 0)
		return 0;
	sys = errno;
	return sys != 0 ? sys : EIO;
}

/* Closes it as well. */
static int put(int fd, int (*write)(void *arg, FILE *to), void *arg)
{
	FILE *file = fd >= 0 ? fdopen(fd, "w") : NULL;
	int sys = file ? 0 : errno;

	if (!file) {
		if (fd >= 0)
			close(fd);
		return sys;
	}
	sys = stream_put(file, write, arg);
	return fclose(file) != 0 && sys == 0 ? errno : sys;
}

/* A file that was not there, and is nobody else's business. In a folder where others may write too, a name that leads elsewhere may be waiting. */
static int put_whole(const char *path, int (*write)(void *arg, FILE *to), void *arg)
{
	char *bytes;
	size_t len;
	int sys = file_hold(write, arg, &bytes, &len);

	if (sys != 0)
		return sys;
	sys = file_replace(AT_FDCWD, path, 0600, bytes, len);
	free(bytes);
	return sys;
}

/* What stands there and is no file: a link would lead where somebody else wants, and so would a pipe that somebody else made. */
static int put_through(const char *path, const struct stat *st, int (*write)(void *arg, FILE *to), void *arg)
{
	if (S_ISLNK(st->st_mode))
		return ELOOP;
	if (S_ISFIFO(st->st_mode) && st->st_uid != geteuid())
		return EACCES;
	return put(open(path, O_WRONLY | O_NOFOLLOW | O_NOCTTY | O_CLOEXEC), write, arg);
}

int output_write(const char *path, int (*write)(void *arg, FILE *to), void *arg)
{
	struct stat st;

	if (!path || strcmp(path, "-") == 0)
		return stream_put(stdout, write, arg);
	if (lstat(path, &st) != 0 || S_ISREG(st.st_mode))
		return put_whole(path, write, arg);
	return put_through(path, &st, write, arg);
}

enum trouble output_trouble(int sys)
{
	switch (sys) {
	case ENOENT:
	case ENOTDIR:
	case EISDIR:
	case ENAMETOOLONG:
		return TROUBLE_NOT_THERE;
	case ELOOP:
		return TROUBLE_LINK;
	case EACCES:
	case EPERM:
	case EROFS:
		return TROUBLE_PERMISSION;
	case ENOSPC:
	case EDQUOT:
		return TROUBLE_NO_ROOM;
	default:
		return TROUBLE_IO;
	}
}

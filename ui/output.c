/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"

/* 0 or an errno. */
static int stream_put(FILE *file, const char *text)
{
	errno = 0;
	if (fputs(text, file) != EOF)
		return 0;
	return errno != 0 ? errno : EIO;
}

/* Closes it as well. */
static int put(int fd, const char *text)
{
	FILE *file = fd >= 0 ? fdopen(fd, "w") : NULL;
	int sys = file ? 0 : errno;

	if (!file) {
		if (fd >= 0)
			close(fd);
		return sys;
	}
	sys = stream_put(file, text);
	return fclose(file) != 0 && sys == 0 ? errno : sys;
}

/* A new, private file. In a folder where others may write too, a name that leads elsewhere may be waiting. */
static int put_whole(const char *path, const char *text)
{
	return file_replace(AT_FDCWD, path, 0600, text, strlen(text));
}

/* What is there and not a file: a link would lead where somebody else wants, and so would a pipe that somebody
 * else made. */
static int put_through(const char *path, const struct stat *st, const char *text)
{
	if (S_ISLNK(st->st_mode))
		return ELOOP;
	if (S_ISFIFO(st->st_mode) && st->st_uid != geteuid())
		return EACCES;
	return put(open(path, O_WRONLY | O_NOFOLLOW | O_NOCTTY | O_CLOEXEC), text);
}

int output_write(const char *path, const char *text)
{
	struct stat st;

	if (!path || strcmp(path, "-") == 0)
		return stream_put(stdout, text);
	if (lstat(path, &st) != 0 || S_ISREG(st.st_mode))
		return put_whole(path, text);
	return put_through(path, &st, text);
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

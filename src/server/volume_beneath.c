/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the other parts of the volume stand on: opening what lies below the root, and nothing
 * else. */
#include "server/volume_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "base/text.h"
#include "server/volume_mount.h"

const char *volume_shown(TALLOC_CTX *mem, const struct volume *volume, const char *path)
{
	char *full = talloc_asprintf(mem, "%c:\\%s", volume->letter, path);
	char *shown = full ? text_shown(mem, full) : NULL;

	talloc_free(full);
	return shown ? shown : "?";
}

int volume_failed(const struct volume *volume, const char *path, enum trouble trouble, int sys,
	const char *format, struct error *err)
{
	const struct volume_watch *watch = volume->watch;
	bool gone = watch && watch->lives && (sys == EIO || sys == ENOTCONN || sys == ECONNABORTED);
	char *full;
	int ret = gone ? watch->lives(watch->arg, err) : 0;

	if (ret != 0)
		return ret;
	full = talloc_asprintf(NULL, "%c:\\%s", volume->letter, path);
	ret = sys ? error_system(err, trouble, sys, _(format), full ? full : "?")
		  : error_set(err, trouble, _(format), full ? full : "?");

	talloc_free(full);
	return ret;
}

const char *proc_fd(char out[PROC_FD_ROOM], int fd)
{
	snprintf(out, PROC_FD_ROOM, "/proc/self/fd/%d", fd);
	return out;
}

bool volume_short_name_at(const char *name, char *out, size_t room)
{
	ssize_t len = getxattr(name, NTFS_SHORT_NAME, out, room - 1);

	if (len <= 0)
		return false;
	out[len] = '\0';
	return true;
}

/* Where openat2 is missing: the last name of a path, opened in its folder and checked
 * afterwards. */
static int step_last(const struct volume *volume, int dir, const char *name, int flags, mode_t mode)
{
	int fd = openat(dir, name, flags | O_NOFOLLOW | O_CLOEXEC, mode);
	struct stat status;
	int sys = 0;

	if (fd < 0) {
		sys = errno;
		if (sys == ENOTDIR && fstatat(dir, name, &status, AT_SYMLINK_NOFOLLOW) == 0 &&
			S_ISLNK(status.st_mode))
			sys = ELOOP;
		return -sys;
	}
	if (fstat(fd, &status) != 0)
		sys = errno;
	else if (status.st_dev != volume->dev || mount_id(fd) != volume->mount)
		sys = EXDEV;
	else if (S_ISLNK(status.st_mode) && !(flags & O_NOFOLLOW))
		sys = ELOOP;
	if (sys == 0)
		return fd;
	close(fd);
	return -sys;
}

static int beneath_by_steps(const struct volume *volume, int top, const char *real, int flags,
	mode_t mode)
{
	char name[NAME_MAX + 1];
	int dir = top, fd = -ENOENT;

	for (;;) {
		size_t len = strcspn(real, "/");
		bool last = real[len] == '\0';

		if (len > NAME_MAX)
			fd = -ENAMETOOLONG;
		else {
			memcpy(name, real, len);
			name[len] = '\0';
			fd = strcmp(name, "..") == 0 ? -EXDEV
				: last               ? step_last(volume, dir, name, flags, mode)
				       : step_last(volume, dir, name, O_PATH | O_DIRECTORY, 0);
		}
		if (dir != top)
			close(dir);
		if (last || fd < 0)
			return fd;
		dir = fd;
		real += len + 1;
	}
}

int volume_beneath(const struct volume *volume, int dir, const char *real, int flags, mode_t mode)
{
	struct open_how how = {
		.flags = (unsigned)(flags | O_CLOEXEC),
		.mode = mode,
		.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_XDEV,
	};
	long fd;

	if (*real == '\0')
		real = ".";
	if (volume->by_steps)
		return beneath_by_steps(volume, dir, real, flags, mode);
	/* EAGAIN: something was renamed at that moment. */
	for (int tries = 0; tries < 32; tries++) {
		fd = syscall(SYS_openat2, dir, real, &how, sizeof how);
		if (fd >= 0 || (errno != EAGAIN && errno != EINTR))
			break;
	}
	return fd >= 0 ? (int)fd : -errno;
}

int volume_location_dir(const struct volume *volume, const struct volume_location *location)
{
	return location->folder ? location->folder->fd : volume->root;
}

int volume_open_location(const struct volume *volume, const struct volume_location *location,
	int flags, mode_t mode)
{
	return volume_beneath(volume, volume_location_dir(volume, location), location->leaf, flags,
		mode);
}

int volume_open_again(int handle, int flags)
{
	char proc[PROC_FD_ROOM];
	int fd;

	proc_fd(proc, handle);
	fd = open(proc, flags | O_NOATIME | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (fd < 0 && errno == EPERM)
		fd = open(proc, flags | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	return fd;
}

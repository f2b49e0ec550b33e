/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A folder's identity, whatever its path, and whether one drive's folder is inside another's. */
#include "base/file.h"
#include "server/volume_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/i18n.h"
#include "server/volume_mount.h"

/* Far more than a path can have. */
enum { STEPS_UP = 4096 };

int volume_identity(struct volume *volume, const char *path, struct file_identity *identity,
	struct error *err)
{
	struct stat status;
	int fd = volume_handle(volume, path, &status, err);

	if (fd < 0)
		return fd;
	close(fd);
	*identity = (struct file_identity){ .device = status.st_dev,
		.inode = status.st_ino,
		.shared = S_ISREG(status.st_mode) && status.st_nlink > 1 };
	return 0;
}

static bool same(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

/* Whether the folder of top is among those above inner's, or is it. 0 or an errno. */
static int climbs_to(int inner, int top, bool *reached)
{
	struct stat here, goal, before = { 0 };
	int fd = openat(inner, ".", O_PATH | O_DIRECTORY | O_CLOEXEC), above, sys = 0;

	*reached = false;
	if (fd < 0 || fstat(top, &goal) != 0)
		sys = errno;
	for (int i = 0; sys == 0 && !*reached && i < STEPS_UP; i++) {
		if (fstat(fd, &here) != 0)
			sys = errno;
		*reached = sys == 0 && same(&here, &goal);
		if (sys != 0 || *reached || (i > 0 && same(&here, &before)))
			break;
		before = here;
		above = openat(fd, "..", O_PATH | O_DIRECTORY | O_CLOEXEC);
		sys = above < 0 ? errno : 0;
		close(fd);
		fd = above;
	}
	file_shut(fd);
	return sys;
}

/* The part of path below base; NULL if it is not there. */
static const char *below(const char *path, const char *base)
{
	size_t len = strlen(base);

	if (len > 0 && base[len - 1] == '/')
		len--;
	return strncmp(path, base, len) == 0 && (path[len] == '/' || path[len] == '\0') ? path + len
											: NULL;
}

/* The file system of a folder and the path of the folder in it, "8:1/root/of/mount/rest": what two
 * mounts of one file system have in common. NULL if unknown. */
static char *place_in_file_system(TALLOC_CTX *mem, int folder)
{
	struct mount_line *mount = mount_of(mem, folder);
	char name[PROC_FD_ROOM], path[PATH_MAX];
	ssize_t len = readlink(proc_fd(name, folder), path, sizeof path - 1);
	const char *rest;

	if (!mount || len < 0)
		return NULL;
	path[len] = '\0';
	rest = below(path, mount->mount_point);
	return rest ? talloc_asprintf(mem, "%s%s%s", mount->device,
			      strcmp(mount->root, "/") == 0 ? "" : mount->root, rest)
		    : NULL;
}

/* Within one mount the folders above decide. Where a part of the file system was mounted a second
 * time, the place in it does. False if unknown. */
static bool lies_known(int inner, int outer, bool *lies)
{
	TALLOC_CTX *tmp;
	char *one, *other;
	int sys = climbs_to(inner, outer, lies), id = sys ? -1 : mount_id(inner);

	if (*lies || (id >= 0 && id == mount_id(outer)))
		return true;
	tmp = talloc_new(NULL);
	one = sys == 0 ? place_in_file_system(tmp, inner) : NULL;
	other = one ? place_in_file_system(tmp, outer) : NULL;
	if (other)
		*lies = below(one, other);
	talloc_free(tmp);
	return other;
}

int volume_lies_in(const struct volume *inner, const struct volume *outer, bool *lies,
	struct error *err)
{
	if (lies_known(inner->root, outer->root, lies))
		return 0;
	return error_set(err, TROUBLE_CANNOT,
		_("Whether drive %c: is inside drive %c: is unknown."), inner->letter,
		outer->letter);
}

int volume_holds(struct volume *volume, const char *path, const char *outside, bool *holds,
	struct error *err)
{
	char *there = talloc_strdup(NULL, outside), *slash;
	struct stat status;
	int outer = volume_handle(volume, path, &status, err), inner = -1;

	*holds = false;
	while (outer >= 0 && there &&
		(inner = open(*there ? there : "/", O_PATH | O_DIRECTORY | O_CLOEXEC)) < 0 &&
		(slash = strrchr(there, '/')))
		*slash = '\0';
	if (inner >= 0)
		(void)lies_known(inner, outer, holds);
	file_shut(inner);
	file_shut(outer);
	talloc_free(there);
	return outer < 0 ? outer : 0;
}

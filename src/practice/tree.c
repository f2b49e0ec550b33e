/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files and folders of a practice server, with times and modes that do not depend on clock or
 * umask. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "practice/parts.h"

struct tree_folder {
	char *path;
	int64_t time;
};

struct practice_tree {
	int fd;
	const char *dir;             /* which it is, of whoever opened it */
	struct tree_folder *folders; /* parents before children */
	size_t count;
	int status;
	struct error error;
};

static int tree_close(struct practice_tree *tree)
{
	file_shut(tree->fd);
	return 0;
}

static bool folder_empty(int fd)
{
	struct dirent **names = NULL;
	const int count = scandirat(fd, ".", &names, NULL, NULL);

	for (int i = 0; i < count; i++)
		free(names[i]);
	free(names);
	return count == 2; /* "." and ".." */
}

int practice_tree_open(TALLOC_CTX *mem, const char *dir, struct practice_tree **out,
	struct error *err)
{
	struct practice_tree *tree = talloc_zero(mem, struct practice_tree);
	int ret = 0;

	if (!tree)
		return error_memory(err);
	tree->fd = -1;
	talloc_set_destructor(tree, tree_close);
	tree->dir = dir;
	if (mkdir(dir, 0755) < 0 && errno != EEXIST)
		ret = error_system(err, TROUBLE_IO, errno, _("The folder %s cannot be created"),
			dir);
	else if ((tree->fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC)) < 0)
		ret = error_system(err, TROUBLE_IO, errno, _("The folder %s cannot be opened"),
			dir);
	else if (!folder_empty(tree->fd))
		ret = error_set(err, TROUBLE_USAGE,
			_("The folder %s is not empty; a practice server is only built in an empty or new folder."),
			dir);
	if (ret < 0) {
		talloc_free(tree);
		return ret;
	}
	*out = tree;
	return 0;
}

static void tree_fail(struct practice_tree *tree, const char *path)
{
	tree->status = error_system(&tree->error, TROUBLE_IO, errno, _("%s/%s cannot be written"),
		tree->dir, path);
}

static struct tree_folder *folder_find(struct practice_tree *tree, const char *path, size_t len)
{
	for (size_t i = tree->count; i-- > 0;)
		if (strlen(tree->folders[i].path) == len &&
			memcmp(tree->folders[i].path, path, len) == 0)
			return &tree->folders[i];
	return NULL;
}

static void folder_add(struct practice_tree *tree, const char *path, size_t len, int64_t time)
{
	struct tree_folder *folder = memory_more(tree, &tree->folders, tree->count, sizeof *folder);
	char *name = folder ? talloc_strndup(tree->folders, path, len) : NULL;

	if (!name) {
		tree->status = error_memory(&tree->error);
		return;
	}
	/* Modes come out as asked for, whatever umask and default ACLs say. */
	if (mkdirat(tree->fd, name, 0755) < 0 || fchmodat(tree->fd, name, 0755, 0) < 0) {
		tree_fail(tree, name);
		return;
	}
	*folder = (struct tree_folder){ name, time };
	tree->count++;
}

/* The folders on the way through the first len bytes of path; new ones get this time. */
static void folders_make(struct practice_tree *tree, const char *path, size_t len, int64_t time)
{
	for (size_t at = 0; tree->status == 0 && at < len; at++) {
		at += strcspn(path + at, "/");
		if (!folder_find(tree, path, at))
			folder_add(tree, path, at, time);
	}
}

void practice_folder(struct practice_tree *tree, const char *path, int64_t time)
{
	if (!path && tree->status == 0)
		tree->status = error_memory(&tree->error);
	if (tree->status == 0)
		folders_make(tree, path, strlen(path), time);
	if (tree->status == 0)
		folder_find(tree, path, strlen(path))->time = time;
}

void practice_file(struct practice_tree *tree, const char *path, const void *bytes, size_t len,
	int64_t time, mode_t mode)
{
	const struct timespec times[2] = { { .tv_sec = (time_t)time }, { .tv_sec = (time_t)time } };
	const char *leaf = path ? strrchr(path, '/') : NULL;
	int fd, sys;

	if (tree->status == 0 && (!path || (!bytes && len > 0)))
		tree->status = error_memory(&tree->error);
	if (tree->status == 0 && leaf)
		folders_make(tree, path, (size_t)(leaf - path), time);
	if (tree->status < 0)
		return;
	fd = openat(tree->fd, path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);
	sys = fd < 0 ? errno : file_write(fd, bytes, len, 0);
	if (sys == 0 && (fchmod(fd, mode) < 0 || futimens(fd, times) < 0))
		sys = errno;
	if (fd >= 0 && close(fd) < 0 && sys == 0)
		sys = errno;
	errno = sys;
	if (sys != 0)
		tree_fail(tree, path);
}

void practice_buf_file(struct practice_tree *tree, const char *path, struct practice_buf *buf,
	int64_t time, mode_t mode)
{
	if (buf->failed && tree->status == 0)
		tree->status = error_memory(&tree->error);
	practice_file(tree, path, buf->bytes, buf->len, time, mode);
	talloc_free(buf->bytes);
}

bool practice_tree_has(struct practice_tree *tree, const char *path)
{
	return faccessat(tree->fd, path, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

int practice_tree_finish(struct practice_tree *tree, struct error *err)
{
	for (size_t i = 0; tree->status == 0 && i < tree->count; i++) {
		const struct tree_folder *folder = &tree->folders[i];
		const struct timespec times[2] = { { .tv_sec = (time_t)folder->time },
			{ .tv_sec = (time_t)folder->time } };

		if (utimensat(tree->fd, folder->path, times, 0) < 0)
			tree_fail(tree, folder->path);
	}
	if (tree->status < 0 && err)
		*err = tree->error;
	return tree->status;
}

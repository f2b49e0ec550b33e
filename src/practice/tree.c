/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files and folders of a practice server, with times and modes that do not depend on clock or umask. */
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
#include "base/text.h"
#include "practice/parts.h"

struct tree_folder {
	char *path;
	int64_t time;
};

struct practice_tree {
	int fd;
	char *shown;                 /* the folder's name, safe to show */
	struct tree_folder *folders; /* parents before children */
	size_t count;
	bool masked;                 /* modes do not come out as asked for: a umask, a default ACL */
	int status;
	struct error error;
};

static int tree_close(struct practice_tree *tree)
{
	if (tree->fd >= 0)
		close(tree->fd);
	return 0;
}

static bool folder_empty(int fd)
{
	int copy = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = copy < 0 ? NULL : fdopendir(copy);
	bool empty = dir != NULL;

	if (dir == NULL && copy >= 0)
		close(copy);
	for (struct dirent *entry = NULL; empty && (entry = readdir(dir)) != NULL;)
		empty = strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0;
	if (dir)
		closedir(dir);
	return empty;
}

int practice_tree_open(TALLOC_CTX *mem, const char *dir, struct practice_tree **out, struct error *err)
{
	struct practice_tree *tree = talloc_zero(mem, struct practice_tree);
	int rc = 0;

	if (tree == NULL)
		return error_memory(err);
	tree->fd = -1;
	talloc_set_destructor(tree, tree_close);
	tree->shown = text_shown(tree, dir);
	if (tree->shown == NULL)
		rc = error_memory(err);
	else if (mkdir(dir, 0755) < 0 && errno != EEXIST)
		rc = error_system(err, TROUBLE_IO, errno, _("The folder %s cannot be created"), tree->shown);
	else if ((tree->fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC)) < 0)
		rc = error_system(err, TROUBLE_IO, errno, _("The folder %s cannot be opened"), tree->shown);
	else if (!folder_empty(tree->fd))
		rc = error_set(
			err, TROUBLE_USAGE,
			_("The folder %s is not empty; a practice server is only built in an empty or new folder."),
			tree->shown);
	if (rc < 0) {
		talloc_free(tree);
		return rc;
	}
	*out = tree;
	return 0;
}

static void tree_fail(struct practice_tree *tree, const char *path)
{
	tree->status = error_system(&tree->error, TROUBLE_IO, errno, _("%s/%s cannot be written"), tree->shown, path);
}

static struct tree_folder *folder_find(struct practice_tree *tree, const char *path, size_t len)
{
	for (size_t i = tree->count; i-- > 0;)
		if (strlen(tree->folders[i].path) == len && memcmp(tree->folders[i].path, path, len) == 0)
			return &tree->folders[i];
	return NULL;
}

/* Whether a new folder got the mode that was asked for. The first one tells for all: what takes bits away from 0755
 * takes them from files too, what leaves them leaves 0644 and 0444. */
static bool modes_masked(const struct practice_tree *tree, const char *name)
{
	struct stat st;

	return fstatat(tree->fd, name, &st, AT_SYMLINK_NOFOLLOW) < 0 || (st.st_mode & 07777) != 0755;
}

static void folder_add(struct practice_tree *tree, const char *path, size_t len, int64_t time)
{
	struct tree_folder *folder = memory_more(tree, &tree->folders, tree->count, sizeof *folder);
	char *name = folder ? talloc_strndup(tree->folders, path, len) : NULL;

	if (name == NULL) {
		tree->status = error_memory(&tree->error);
		return;
	}
	if (mkdirat(tree->fd, name, 0755) < 0) {
		tree_fail(tree, name);
		return;
	}
	if (tree->count == 0)
		tree->masked = modes_masked(tree, name);
	if (tree->masked && fchmodat(tree->fd, name, 0755, 0) < 0) {
		tree_fail(tree, name);
		return;
	}
	tree->count++;
	*folder = (struct tree_folder){name, time};
}

/* The folders on the way to path, and path itself if whole; new ones get this time. */
static void folders_make(struct practice_tree *tree, const char *path, bool whole, int64_t time)
{
	for (const char *p = path; tree->status == 0 && *p;) {
		size_t len = (size_t)(p - path) + strcspn(p, "/");

		if (path[len] == '\0' && !whole)
			return;
		if (folder_find(tree, path, len) == NULL)
			folder_add(tree, path, len, time);
		p = path + len + (path[len] == '/');
	}
}

void practice_folder(struct practice_tree *tree, const char *path, int64_t time)
{
	struct tree_folder *folder;

	if (path == NULL && tree->status == 0)
		tree->status = error_memory(&tree->error);
	if (tree->status < 0)
		return;
	folders_make(tree, path, true, time);
	folder = folder_find(tree, path, strlen(path));
	if (folder)
		folder->time = time;
}

static void tree_file(struct practice_tree *tree, const char *path, const void *bytes, size_t len, int64_t time,
		      mode_t mode)
{
	const struct timespec times[2] = {{.tv_sec = (time_t)time}, {.tv_sec = (time_t)time}};
	int fd, sys;

	if ((path == NULL || (bytes == NULL && len > 0)) && tree->status == 0)
		tree->status = error_memory(&tree->error);
	if (tree->status < 0)
		return;
	folders_make(tree, path, false, time);
	if (tree->status < 0)
		return;
	fd = openat(tree->fd, path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);
	sys = fd < 0 ? errno : file_write(fd, bytes, len, 0);
	if (sys == 0 && ((tree->masked && fchmod(fd, mode) < 0) || futimens(fd, times) < 0))
		sys = errno;
	errno = sys;
	if (sys != 0)
		tree_fail(tree, path);
	if (fd >= 0 && close(fd) < 0 && tree->status == 0)
		tree_fail(tree, path);
}

void practice_file(struct practice_tree *tree, const char *path, const void *bytes, size_t len, int64_t time)
{
	tree_file(tree, path, bytes, len, time, 0644);
}

void practice_file_read_only(struct practice_tree *tree, const char *path, const void *bytes, size_t len, int64_t time)
{
	tree_file(tree, path, bytes, len, time, 0444);
}

void practice_buf_file(struct practice_tree *tree, const char *path, const struct practice_buf *buf, int64_t time)
{
	if (buf->failed && tree->status == 0)
		tree->status = error_memory(&tree->error);
	practice_file(tree, path, buf->bytes, buf->len, time);
}

bool practice_tree_has(struct practice_tree *tree, const char *path)
{
	struct stat st;

	return path != NULL && fstatat(tree->fd, path, &st, AT_SYMLINK_NOFOLLOW) == 0;
}

int practice_tree_finish(struct practice_tree *tree, struct error *err)
{
	for (size_t i = tree->count; tree->status == 0 && i-- > 0;) {
		const struct timespec time = {.tv_sec = (time_t)tree->folders[i].time};
		const struct timespec times[2] = {time, time};

		if (utimensat(tree->fd, tree->folders[i].path, times, 0) < 0)
			tree_fail(tree, tree->folders[i].path);
	}
	if (tree->status < 0 && err)
		*err = tree->error;
	return tree->status;
}

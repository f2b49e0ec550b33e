/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Folders and files of a practice server, while somebody else may remove them at any moment: what
 * is not there is no error, only nothing to do. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "practice/mail_parts.h"

char *mail_spelled(TALLOC_CTX *mem, int folder, const char *name)
{
	char *found = NULL;
	struct stat st;
	struct dirent *entry;
	DIR *dir;
	int fd;

	if (fstatat(folder, name, &st, AT_SYMLINK_NOFOLLOW) == 0)
		return talloc_strdup(mem, name);
	fd = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	dir = fd >= 0 ? fdopendir(fd) : NULL;
	if (!dir && fd >= 0)
		close(fd);
	while (dir && !found && (entry = readdir(dir)) != NULL)
		if (text_equal(entry->d_name, name))
			found = talloc_strdup(mem, entry->d_name);
	if (dir)
		closedir(dir);
	return found ? found : talloc_strdup(mem, name);
}

/* One name of the way. */
static int folder_step(int at, const char *name, unsigned how)
{
	char *spelled = how & FOLDER_ANY_CASE ? mail_spelled(NULL, at, name) : NULL;
	const char *real = spelled ? spelled : name;
	int fd = -1;

	if (strcmp(real, "..") != 0) {
		if (how & FOLDER_MAKE)
			(void)mkdirat(at, real, 0755);
		fd = openat(at, real, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	}
	talloc_free(spelled);
	return fd;
}

int mail_folder(int at, const char *path, unsigned how)
{
	int fd = openat(at, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	while (fd >= 0 && *path) {
		const size_t len = strcspn(path, "/");
		char name[256];
		int next = -1;

		if (len > 0 && len < sizeof name) {
			memcpy(name, path, len);
			name[len] = '\0';
			next = folder_step(fd, name, how);
		}
		close(fd);
		fd = next;
		path += len + (path[len] == '/');
	}
	return fd;
}

int mail_folder_of(int root, struct server *server, const char *path)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	struct error err;
	bool found = false;
	char *real = NULL, *below;
	int fd = -1;

	if (server->ops->file_stat(server, tmp, path, &found, NULL, &real, &err) == 0 && found) {
		below = talloc_asprintf(tmp, "%c%s", path[0], (real ? real : path) + 2);
		for (char *p = below; p && *p; p++)
			*p = *p == '\\' ? '/' : *p;
		if (below)
			fd = mail_folder(root, below, FOLDER_ANY_CASE);
	}
	talloc_free(tmp);
	return fd;
}

static int name_compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

char **mail_names(TALLOC_CTX *mem, int folder, size_t *count)
{
	int fd = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;
	struct dirent *entry;
	char **names = NULL;

	*count = 0;
	if (!dir && fd >= 0)
		close(fd);
	while (dir && *count < MAIL_NAMES_MOST && (entry = readdir(dir)) != NULL)
		if (entry->d_name[0] != '.' &&
			!memory_more_text(mem, &names, count, talloc_strdup(mem, entry->d_name)))
			break;
	if (dir)
		closedir(dir);
	if (*count)
		qsort(names, *count, sizeof *names, name_compare);
	return names;
}

uint8_t *mail_get(TALLOC_CTX *mem, int folder, const char *name, size_t limit, size_t *len,
	int64_t *mtime)
{
	const int fd = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	uint8_t *bytes = NULL;
	struct stat st = { 0 };

	*len = 0;
	if (fd < 0)
		return NULL;
	if (fstat(fd, &st) < 0 || file_read(mem, fd, limit, &bytes, len) != 0)
		bytes = NULL;
	if (mtime)
		*mtime = st.st_mtime;
	close(fd);
	return bytes;
}

static bool file_fill(int fd, const void *bytes, size_t len, uint64_t off, int64_t at)
{
	const struct timespec times[2] = { { .tv_sec = (time_t)at }, { .tv_sec = (time_t)at } };

	return file_write(fd, bytes, len, off) == 0 && futimens(fd, times) == 0;
}

bool mail_put(int mail, int folder, const char *name, const void *bytes, size_t len, int64_t at,
	bool replace)
{
	char temporary[32];
	bool done = false;
	int fd;

	snprintf(temporary, sizeof temporary, ".new-%ld", (long)getpid());
	(void)unlinkat(mail, temporary, 0);
	fd = openat(mail, temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
	if (fd >= 0) {
		done = file_fill(fd, bytes, len, 0, at);
		close(fd);
	}
	if (done && replace)
		done = renameat(mail, temporary, folder, name) == 0;
	else if (done)
		done = linkat(mail, temporary, folder, name, 0) == 0;
	(void)unlinkat(mail, temporary, 0);
	return done;
}

bool mail_write(int folder, const char *name, const void *bytes, size_t len, int64_t off,
	int64_t at)
{
	const int fd = openat(folder, name,
		O_WRONLY | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0644);
	struct stat st;
	bool done = false;

	if (fd < 0)
		return false;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
		done = file_fill(fd, bytes, len, (uint64_t)(off < 0 ? st.st_size : off), at);
	close(fd);
	return done;
}

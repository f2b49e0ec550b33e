/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Single files of a run, below an open folder; and which runs there are. */
#include "record/record_internal.h"

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

enum { RUNS_MAX = 100000 };

int run_file_open(int dir, const char *name, int flags, struct stat *st)
{
	int fd = openat(dir, name, flags | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600), sys = 0;

	if (fd < 0)
		return -1;
	if (fstat(fd, st))
		sys = errno;
	else if (!S_ISREG(st->st_mode))
		sys = EINVAL;
	else if ((flags & O_ACCMODE) != O_RDONLY && st->st_nlink > 1)
		sys = EMLINK;
	if (!sys)
		return fd;
	close(fd);
	errno = sys;
	return -1;
}

int run_file_read(TALLOC_CTX *mem, int dir, const char *name, size_t limit, uint8_t **bytes,
	size_t *len, struct error *err)
{
	struct stat st;
	int fd = run_file_open(dir, name, O_RDONLY, &st), sys = fd < 0 ? errno : 0;

	*bytes = NULL;
	*len = 0;
	if (sys == ENOENT)
		return 0;
	if (!sys)
		sys = file_read(mem, fd, limit, bytes, len);
	file_shut(fd);
	if (sys == EINVAL || sys == EFBIG)
		return error_set(err, TROUBLE_RECORD_DAMAGED,
			_("%s of the run is too large, or not a file."), name);
	return sys ? error_system(err, TROUBLE_IO, sys, _("%s of the run cannot be read"), name)
		   : 0;
}

int run_folder_sync(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC), failed;

	if (fd < 0)
		return -1;
	failed = fsync(fd);
	close(fd);
	return failed;
}

/* ---- what is called like a run ---- */

static bool digits(const char *text, size_t count)
{
	return strlen(text) >= count && strspn(text, "0123456789") >= count;
}

bool run_name_ok(const char *name)
{
	size_t rest;

	if (!digits(name, 8) || name[8] != '-' || !digits(name + 9, 6))
		return false;
	if (!name[15])
		return true;
	rest = strlen(name + 15);
	return name[15] == '-' && rest > 1 && rest < 8 &&
		strspn(name + 16, "0123456789") == rest - 1;
}

int run_name_compare(const char *a, const char *b)
{
	int order = strncmp(a, b, 15);

	if (order)
		return order;
	long x = a[15] ? strtol(a + 16, NULL, 10) : 0, y = b[15] ? strtol(b + 16, NULL, 10) : 0;
	return (x > y) - (x < y);
}

/* What the file holds if that can be a number of ours: 15 digits at most, and an end of line. */
uint64_t run_number_read(int dir, const char *file)
{
	uint64_t number = 0;
	uint8_t *bytes;
	size_t len;

	if (!run_file_read(NULL, dir, file, 16, &bytes, &len, NULL) && len > 1 &&
		strspn((const char *)bytes, "0123456789") == len - 1 && bytes[len - 1] == '\n')
		number = strtoull((const char *)bytes, NULL, 10);
	talloc_free(bytes);
	return number;
}

uint64_t run_number(int place, const char *name)
{
	int dir = openat(place, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	uint64_t number = dir < 0 ? 0 : run_number_read(dir, "number");

	file_shut(dir);
	return number;
}

static int newer_first(const void *a, const void *b)
{
	const struct run_summary *x = a, *y = b;

	if (x->number != y->number)
		return x->number < y->number ? 1 : -1;
	return run_name_compare(y->name, x->name);
}

static int names_read(TALLOC_CTX *mem, DIR *dir, struct run_summary **list, size_t *count,
	struct error *err)
{
	struct dirent *entry;

	while ((entry = readdir(dir)) && *count < RUNS_MAX) {
		struct run_summary *more;

		if (!run_name_ok(entry->d_name))
			continue;
		more = memory_more(mem, list, *count, sizeof *more);
		if (!more)
			return error_memory(err);
		more->name = talloc_strdup(mem, entry->d_name);
		more->number = run_number(dirfd(dir), entry->d_name);
		(*count)++;
	}
	return 0;
}

int runs_names(TALLOC_CTX *mem, const char *runs, struct run_summary **list, size_t *count,
	struct error *err)
{
	DIR *dir = opendir(runs);
	int ret;

	*list = NULL;
	*count = 0;
	if (!dir && errno == ENOENT)
		return 0;
	if (!dir)
		return error_system(err, TROUBLE_IO, errno,
			_("The folder for runs, %s, cannot be read"), text_shown(mem, runs));
	ret = names_read(mem, dir, list, count, err);
	closedir(dir);
	if (*count)
		qsort(*list, *count, sizeof **list, newer_first);
	return ret;
}

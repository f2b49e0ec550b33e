/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Single files of a run, below an open folder. */
#include "record/record_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/i18n.h"

void run_time_text(char out[32])
{
	time_t now = time(NULL);
	struct tm tm;

	if (!gmtime_r(&now, &tm) || !strftime(out, 32, "%Y-%m-%dT%H:%M:%SZ", &tm))
		strcpy(out, "1970-01-01T00:00:00Z");
}

int run_write_all(int fd, const void *bytes, size_t len, uint64_t off)
{
	const char *at = bytes;

	while (len) {
		ssize_t put = pwrite(fd, at, len, (off_t)off);

		if (put < 0 && errno == EINTR)
			continue;
		if (put <= 0) {
			errno = put ? errno : ENOSPC;
			return -1;
		}
		at += put;
		off += (uint64_t)put;
		len -= (size_t)put;
	}
	return 0;
}

int run_file_open(int dir, const char *name, size_t limit, int *fd, size_t *size, struct error *err)
{
	struct stat st;
	int result = 0;

	*fd = openat(dir, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (*fd < 0)
		return errno == ENOENT ? 0 : error_system(err, TROUBLE_IO, errno, _("%s of the run cannot be opened"), name);
	if (fstat(*fd, &st))
		result = error_system(err, TROUBLE_IO, errno, _("%s of the run cannot be read"), name);
	else if (!S_ISREG(st.st_mode) || st.st_size < 0 || (uint64_t)st.st_size > limit)
		result = error_set(err, TROUBLE_RECORD_DAMAGED, _("%s of the run is too large, or not a file."), name);
	*size = result ? 0 : (size_t)st.st_size;
	if (result) {
		close(*fd);
		*fd = -1;
	}
	return result;
}

static int read_fd(TALLOC_CTX *mem, int fd, const char *name, size_t size, uint8_t **bytes, size_t *len,
		   struct error *err)
{
	size_t got = 0;
	ssize_t more = 0;

	*bytes = talloc_size(mem, size + 1);
	if (!*bytes)
		return error_memory(err);
	while (got < size && (more = pread(fd, *bytes + got, size - got, (off_t)got)) > 0)
		got += (size_t)more;
	if (more < 0)
		return error_system(err, TROUBLE_IO, errno, _("%s of the run cannot be read"), name);
	(*bytes)[got] = 0;
	*len = got;
	return 0;
}

int run_file_read(TALLOC_CTX *mem, int dir, const char *name, size_t limit, uint8_t **bytes, size_t *len,
		  struct error *err)
{
	size_t size;
	int fd, result = run_file_open(dir, name, limit, &fd, &size, err);

	*bytes = NULL;
	*len = 0;
	if (result || fd < 0)
		return result;
	result = read_fd(mem, fd, name, size, bytes, len, err);
	close(fd);
	return result;
}

int run_file_put(int dir, const char *name, const void *bytes, size_t len)
{
	char temp[300];
	int fd, failed;

	if (snprintf(temp, sizeof temp, "%s.tmp", name) >= (int)sizeof temp) {
		errno = ENAMETOOLONG;
		return -1;
	}
	/* What an earlier crash left, or anybody put there, is not written into. */
	(void)unlinkat(dir, temp, 0);
	fd = openat(dir, temp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return -1;
	failed = run_write_all(fd, bytes, len, 0) || fsync(fd);
	if (close(fd) || failed) {
		int sys = errno;

		(void)unlinkat(dir, temp, 0);
		errno = sys;
		return -1;
	}
	return renameat(dir, temp, dir, name) || fsync(dir) ? -1 : 0;
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

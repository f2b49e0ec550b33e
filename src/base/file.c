/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"

int file_pread(int fd, void *bytes, size_t len, uint64_t off, size_t *got)
{
	*got = 0;
	while (*got < len) {
		ssize_t n = pread(fd, (uint8_t *)bytes + *got, len - *got, (off_t)(off + *got));

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n ? errno : 0;
		*got += (size_t)n;
	}
	return 0;
}

void file_shut(int fd)
{
	if (fd >= 0)
		close(fd);
}

int file_read(TALLOC_CTX *mem, int fd, size_t limit, uint8_t **bytes, size_t *len)
{
	struct stat st;
	size_t size;
	int sys;

	*bytes = NULL;
	*len = 0;
	if (fstat(fd, &st) != 0)
		return errno;
	if (!S_ISREG(st.st_mode) || st.st_size < 0 || (uint64_t)st.st_size > limit)
		return EFBIG;
	size = (size_t)st.st_size;
	*bytes = memory_array(mem, 1, size + 1);
	if (!*bytes)
		return ENOMEM;
	sys = file_pread(fd, *bytes, size, 0, len);
	(*bytes)[*len] = 0;
	return sys;
}

int file_write(int fd, const void *bytes, size_t len, uint64_t off)
{
	const char *at = bytes;

	while (len) {
		ssize_t put = pwrite(fd, at, len, (off_t)off);

		if (put < 0 && errno == EINTR)
			continue;
		if (put <= 0)
			return put ? errno : ENOSPC;
		at += put;
		off += (uint64_t)put;
		len -= (size_t)put;
	}
	return 0;
}

int file_make(int dir, const char *name, mode_t mode, const void *bytes, size_t len)
{
	int fd, sys;

	/* What an earlier crash left, or anybody put there, is not written into. */
	(void)unlinkat(dir, name, 0);
	fd = openat(dir, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
	if (fd < 0)
		return errno;
	sys = file_write(fd, bytes, len, 0);
	if (sys == 0 && fsync(fd) != 0)
		sys = errno;
	if (close(fd) != 0 && sys == 0)
		sys = errno;
	if (sys != 0)
		(void)unlinkat(dir, name, 0);
	return sys;
}

int file_replace(int dir, const char *name, mode_t mode, const void *bytes, size_t len)
{
	char *fresh = talloc_asprintf(NULL, "%s.new", name);
	int sys = fresh ? file_make(dir, fresh, mode, bytes, len) : ENOMEM;

	if (sys == 0 && renameat(dir, fresh, dir, name) != 0) {
		sys = errno;
		(void)unlinkat(dir, fresh, 0);
	}
	if (sys == 0 && dir != AT_FDCWD && fsync(dir) != 0)
		sys = errno;
	talloc_free(fresh);
	return sys;
}

int file_digest(const char *path, struct digest *digest, uint64_t *size)
{
	enum { BLOCK = 1 << 18 };
	int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC), sys;
	uint8_t *block = memory_array(NULL, 1, BLOCK);
	struct digest_state state;
	struct stat st;
	size_t got = BLOCK;

	digest_begin(&state);
	*size = 0;
	sys = fd < 0 || fstat(fd, &st) != 0 ? errno : !S_ISREG(st.st_mode) ? ELOOP : 0;
	if (!block)
		sys = ENOMEM;
	for (; sys == 0 && got == BLOCK; *size += got) {
		sys = file_pread(fd, block, BLOCK, *size, &got);
		digest_add(&state, block, got);
	}
	*digest = digest_end(&state);
	talloc_free(block);
	if (fd >= 0)
		close(fd);
	return sys;
}

int file_sync(const char *path)
{
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	int sys = fd < 0 || fsync(fd) != 0 ? errno : 0;

	if (fd >= 0)
		close(fd);
	return sys;
}

int file_sync_name(const char *path)
{
	char *folder = talloc_strndup(NULL, path, (size_t)(strrchr(path, '/') - path) + 1);
	int sys = folder ? file_sync(folder) : ENOMEM;

	talloc_free(folder);
	return sys;
}

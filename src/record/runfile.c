/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Single files of a run, below an open folder. */
#include "record/record_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/i18n.h"

/* *fd is -1 where there is no such file. */
static int file_open(int dir, const char *name, size_t limit, int *fd, size_t *size, struct error *err)
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

int run_file_read(TALLOC_CTX *mem, int dir, const char *name, size_t limit, uint8_t **bytes, size_t *len,
		  struct error *err)
{
	size_t size;
	int fd, sys, result = file_open(dir, name, limit, &fd, &size, err);

	*bytes = NULL;
	*len = 0;
	if (result || fd < 0)
		return result;
	sys = file_read(mem, fd, limit, bytes, len);
	close(fd);
	return sys ? error_system(err, TROUBLE_IO, sys, _("%s of the run cannot be read"), name) : 0;
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

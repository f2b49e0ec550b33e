/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files of this machine as a whole. What returns anything returns 0 or an errno. */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <talloc.h>

#include "base/digest.h"

/* fd is closed, where it is not -1. */
void file_shut(int fd);
/* What is behind fd, owned by mem, with a NUL behind it that *len does not count. EFBIG: it is no
 * file, or larger than limit. */
int file_read(TALLOC_CTX *mem, int fd, size_t limit, uint8_t **bytes, size_t *len);
/* len bytes at off, fewer only at the end of the file. */
int file_pread(int fd, void *bytes, size_t len, uint64_t off, size_t *got);
/* All of it at off, however many calls it takes. */
int file_write(int fd, const void *bytes, size_t len, uint64_t off);
/* A new file name in the folder dir, synced; what had that name and was no folder goes first, and
 * nobody else has the new one open. It is gone again where that fails. */
int file_make(int dir, const char *name, mode_t mode, const void *bytes, size_t len);
/* The same as name.new, then renamed: name never holds half a file. The folder is synced unless dir
 * is AT_FDCWD. */
int file_replace(int dir, const char *name, mode_t mode, const void *bytes, size_t len);
/* The digest and the length of a regular file that is no link, from its first byte to its last. */
int file_digest(const char *path, struct digest *digest, uint64_t *size);
/* A file or a folder made to last; and that a full path is a file's name. */
int file_sync(const char *path);
int file_sync_name(const char *path);

#endif

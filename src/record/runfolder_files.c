/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The files of a run's folder. */
#include "record/record_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/filetime.h"
#include "base/i18n.h"
#include "base/text.h"

enum { JSON_LIMIT = 32 << 20 };

/* "before/SYSTEM" has at most one folder in front; no other shape is ever asked for. */
static const char *rel_leaf(const char *rel, char folder[64])
{
	const char *slash = strchr(rel, '/');
	size_t len = slash ? (size_t)(slash - rel) : 0;

	folder[0] = '\0';
	if (!slash)
		return *rel && strcmp(rel, "..") != 0 ? rel : NULL;
	if (len == 0 || len >= 64 || strchr(slash + 1, '/') || !slash[1] ||
		!strcmp(slash + 1, ".."))
		return NULL;
	memcpy(folder, rel, len);
	folder[len] = '\0';
	return strcmp(folder, "..") != 0 ? slash + 1 : NULL;
}

/* The descriptor of the folder rel lies in, made if asked; -1 with errno. */
static int rel_folder(const struct runfolder *run, const char *folder, bool make)
{
	if (!*folder)
		return fcntl(runfolder_fd(run), F_DUPFD_CLOEXEC, 3);
	if (make && !mkdirat(runfolder_fd(run), folder, 0700) && fsync(runfolder_fd(run)))
		return -1;
	return openat(runfolder_fd(run), folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
}

/* 0 or an errno. */
static int leaf_write(const struct runfolder *run, const char *folder, const char *leaf,
	const void *bytes, size_t len)
{
	int dir = rel_folder(run, folder, true);
	int sys = dir < 0 ? errno : file_replace(dir, leaf, 0600, bytes, len);

	file_shut(dir);
	return sys;
}

int runfolder_write(struct runfolder *run, const char *rel, const void *bytes, size_t len,
	struct error *err)
{
	char folder[64];
	const char *leaf = rel_leaf(rel, folder);
	int sys;

	if (!leaf || !runfolder_writable(run))
		return error_set(err, TROUBLE_BUG, "runfolder_write: %s", rel);
	do
		sys = leaf_write(run, folder, leaf, bytes, len);
	while (runfolder_give(run, sys, len));
	return sys ? error_system(err, TROUBLE_NO_RUN_FOLDER, sys,
			     _("%s of the run cannot be written"), rel)
		   : 0;
}

int runfolder_read(struct runfolder *run, TALLOC_CTX *mem, const char *rel, size_t limit,
	uint8_t **bytes, size_t *len, struct error *err)
{
	char folder[64];
	const char *leaf = rel_leaf(rel, folder);
	int dir, ret;

	*bytes = NULL;
	if (!leaf)
		return error_set(err, TROUBLE_BUG, "runfolder_read: %s", rel);
	dir = rel_folder(run, folder, false);
	ret = dir < 0 ? 0 : run_file_read(mem, dir, leaf, limit, bytes, len, err);
	file_shut(dir);
	if (!ret && !*bytes)
		return error_set(err, TROUBLE_NOT_THERE, _("Run %s has no %s."),
			runfolder_name(run), rel);
	return ret;
}

int64_t runfolder_size(struct runfolder *run, const char *rel)
{
	char folder[64];
	const char *leaf = rel_leaf(rel, folder);
	int dir = leaf ? rel_folder(run, folder, false) : -1;
	struct stat st;
	bool there =
		dir >= 0 && !fstatat(dir, leaf, &st, AT_SYMLINK_NOFOLLOW) && S_ISREG(st.st_mode);

	file_shut(dir);
	return there ? st.st_size : -1;
}

int runfolder_write_json(struct runfolder *run, const char *rel, const json_t *json,
	struct error *err)
{
	char *text = json_dumps(json, JSON_INDENT(1));
	int ret;

	if (!text)
		return error_memory(err);
	ret = runfolder_write(run, rel, text, strlen(text), err);
	free(text);
	return ret;
}

int runfolder_read_json(struct runfolder *run, const char *rel, json_t **json, struct error *err)
{
	json_error_t where;
	uint8_t *bytes;
	size_t len;
	int ret = runfolder_read(run, run, rel, JSON_LIMIT, &bytes, &len, err);

	if (ret)
		return ret;
	*json = json_loadb((const char *)bytes, len, JSON_REJECT_DUPLICATES, &where);
	talloc_free(bytes);
	if (!*json)
		return error_set(err, TROUBLE_RECORD_DAMAGED,
			_("%s of run %s is damaged (line %d)."), rel, runfolder_name(run),
			where.line);
	return 0;
}

void runfolder_log(struct runfolder *run, const char *format, ...)
{
	char stamp[FILETIME_STAMP], *said, *line;
	struct stat st;
	va_list args;
	ssize_t written;
	int fd;

	if (!runfolder_writable(run))
		return;
	va_start(args, format);
	said = talloc_vasprintf(run, format, args);
	va_end(args);
	filetime_stamp(stamp);
	line = talloc_asprintf(said, "%s %s\n", stamp, text_shown(said, said));
	fd = run_file_open(runfolder_fd(run), "log", O_WRONLY | O_APPEND | O_CREAT, &st);
	if (fd >= 0) {
		written = write(fd, line, strlen(line));
		(void)written;
		close(fd);
	}
	talloc_free(said);
}

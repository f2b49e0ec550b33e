/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/runfolder_internal.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/text.h"
#include "run/journal_internal.h"

struct runfolder {
	char *name, *dir;
	int fd, lock;
	bool writable;
};

static int runfolder_close(struct runfolder *run)
{
	if (run->lock >= 0)
		close(run->lock);
	if (run->fd >= 0)
		close(run->fd);
	return 0;
}

int runfolder_fd(const struct runfolder *run)
{
	return run->fd;
}

bool runfolder_writable(const struct runfolder *run)
{
	return run->writable;
}

const char *runfolder_name(const struct runfolder *run)
{
	return run->name;
}

const char *runfolder_dir(const struct runfolder *run)
{
	return run->dir;
}

void run_time_text(char out[32])
{
	time_t now = time(NULL);
	struct tm tm;

	if (!gmtime_r(&now, &tm) || !strftime(out, 32, "%Y-%m-%dT%H:%M:%SZ", &tm))
		strcpy(out, "1970-01-01T00:00:00Z");
}

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
	return name[15] == '-' && rest > 1 && rest < 8 && strspn(name + 16, "0123456789") == rest - 1;
}

int run_name_compare(const char *a, const char *b)
{
	int order = strncmp(a, b, 15);

	if (order)
		return order;
	long x = a[15] ? strtol(a + 16, NULL, 10) : 0, y = b[15] ? strtol(b + 16, NULL, 10) : 0;
	return (x > y) - (x < y);
}

/* A folder object without descriptors. */
static struct runfolder *runfolder_new(TALLOC_CTX *mem, const char *runs, const char *name)
{
	struct runfolder *run = talloc_zero(mem, struct runfolder);

	if (!run)
		return NULL;
	run->fd = run->lock = -1;
	talloc_set_destructor(run, runfolder_close);
	run->name = talloc_strdup(run, name);
	run->dir = talloc_asprintf(run, "%s/%s", runs, name);
	if (!run->name || !run->dir)
		TALLOC_FREE(run);
	return run;
}

/* Someone who only lists runs holds the lock for a moment: that must not look like a second process. */
static int lock_take(int fd)
{
	struct timespec wait = { .tv_nsec = 10 * 1000 * 1000 };

	for (int tries = 0; tries < 5; tries++) {
		if (!flock(fd, LOCK_EX | LOCK_NB))
			return 0;
		if (errno != EWOULDBLOCK)
			return -1;
		nanosleep(&wait, NULL);
	}
	errno = EWOULDBLOCK;
	return -1;
}

static int runfolder_lock(struct runfolder *run, struct error *err)
{
	run->lock = openat(run->fd, "lock", O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (run->lock < 0)
		return error_system(err, TROUBLE_NO_RUN_FOLDER, errno, _("The lock of run %s cannot be opened"),
				    run->name);
	if (lock_take(run->lock)) {
		if (errno == EWOULDBLOCK)
			return error_set(err, TROUBLE_LOCKED, _("Another msmcfix is working in run %s."), run->name);
		return error_system(err, TROUBLE_NO_RUN_FOLDER, errno, _("Run %s cannot be locked"), run->name);
	}
	run->writable = true;
	return 0;
}

bool run_is_locked(int dir)
{
	int fd = openat(dir, "lock", O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	bool locked;

	if (fd < 0)
		return false;
	locked = flock(fd, LOCK_EX | LOCK_NB) && errno == EWOULDBLOCK;
	close(fd);
	return locked;
}

static int folder_open(struct runfolder *run, struct error *err)
{
	run->fd = open(run->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	if (run->fd >= 0)
		return 0;
	if (errno == ENOENT || errno == ENOTDIR)
		return error_set(err, TROUBLE_NOT_THERE, _("There is no run %s."), run->name);
	return error_system(err, TROUBLE_NO_RUN_FOLDER, errno, _("The folder of run %s cannot be opened"), run->name);
}

/* The new name must last before anything relies on it: the place of runs is synced. */
static int folder_make(struct runfolder *run, const char *runs, bool *taken, struct error *err)
{
	int place, result = 0;

	*taken = false;
	if (mkdir(run->dir, 0700)) {
		*taken = errno == EEXIST;
		return *taken ? 0
			      : error_system(err, TROUBLE_NO_RUN_FOLDER, errno,
					     _("A folder for this run cannot be made"));
	}
	place = open(runs, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (place < 0 || fsync(place))
		result = error_system(err, TROUBLE_NO_RUN_FOLDER, errno, _("The place of runs cannot be made to last"));
	if (place >= 0)
		close(place);
	return result;
}

static int create_named(struct runfolder *run, struct error *err)
{
	int result = folder_open(run, err);

	if (!result)
		result = runfolder_lock(run, err);
	if (!result && fsync(run->fd))
		result = error_system(err, TROUBLE_NO_RUN_FOLDER, errno,
				      _("The folder of this run cannot be made to last"));
	return result;
}

int runfolder_create(TALLOC_CTX *mem, const char *runs, struct runfolder **run, struct error *err)
{
	char stamp[32], name[RUN_NAME_MAX];
	time_t now = time(NULL);
	struct tm tm;

	if (!gmtime_r(&now, &tm) || !strftime(stamp, sizeof stamp, "%Y%m%d-%H%M%S", &tm))
		return error_set(err, TROUBLE_NO_RUN_FOLDER, _("This machine's clock cannot be read."));
	for (int number = 1; number < 1000; number++) {
		struct runfolder *made;
		bool taken;
		int result;

		(void)snprintf(name, sizeof name, number > 1 ? "%s-%d" : "%s", stamp, number);
		made = runfolder_new(mem, runs, name);
		if (!made)
			return error_memory(err);
		result = folder_make(made, runs, &taken, err);
		if (!result && !taken)
			result = create_named(made, err);
		if (result || taken)
			talloc_free(made);
		else
			*run = made;
		/* A name that holds nothing would look like a run that was cut off. */
		if (result && !taken)
			(void)run_remove(runs, name, NULL);
		if (result || !taken)
			return result;
	}
	return error_set(err, TROUBLE_NO_RUN_FOLDER, _("Every name for a run of this second is taken."));
}

/* The newest run of the place. */
static int name_last(const char *runs, char out[RUN_NAME_MAX], struct error *err)
{
	DIR *dir = opendir(runs);
	struct dirent *entry;

	*out = '\0';
	while (dir && (entry = readdir(dir)))
		if (run_name_ok(entry->d_name) && (!*out || run_name_compare(entry->d_name, out) > 0))
			memcpy(out, entry->d_name, strlen(entry->d_name) + 1);
	if (dir)
		closedir(dir);
	return *out ? 0 : error_set(err, TROUBLE_NOT_THERE, _("There is no run yet."));
}

int runfolder_open(TALLOC_CTX *mem, const char *runs, const char *name, bool writable, struct runfolder **run,
		   struct error *err)
{
	char last[RUN_NAME_MAX] = "";
	struct runfolder *made;
	int result = 0;

	if (!strcmp(name, "last")) {
		result = name_last(runs, last, err);
		name = last;
	} else if (!run_name_ok(name)) {
		char *shown = text_shown(mem, name);

		result = error_set(err, TROUBLE_NOT_THERE, _("There is no run \"%.80s\"."), shown ? shown : "");
		talloc_free(shown);
	}
	if (result)
		return result;
	made = runfolder_new(mem, runs, name);
	if (!made)
		return error_memory(err);
	result = folder_open(made, err);
	if (!result && writable)
		result = runfolder_lock(made, err);
	if (result)
		talloc_free(made);
	else
		*run = made;
	return result;
}

/* ---- files ---- */

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

static int read_fd(TALLOC_CTX *mem, int fd, const char *name, size_t limit, uint8_t **bytes, size_t *len,
		   struct error *err)
{
	struct stat st;
	size_t got = 0;
	ssize_t more = 0;

	if (fstat(fd, &st))
		return error_system(err, TROUBLE_IO, errno, _("%s of the run cannot be read"), name);
	if (!S_ISREG(st.st_mode) || st.st_size < 0 || (uint64_t)st.st_size > limit)
		return error_set(err, TROUBLE_RECORD_DAMAGED,
				 _("%s of the run is no file of a size that can be right."), name);
	*bytes = talloc_size(mem, (size_t)st.st_size + 1);
	if (!*bytes)
		return error_memory(err);
	while (got < (size_t)st.st_size && (more = pread(fd, *bytes + got, (size_t)st.st_size - got, (off_t)got)) > 0)
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
	int fd = openat(dir, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK), result;

	*bytes = NULL;
	*len = 0;
	if (fd < 0) {
		if (errno == ENOENT)
			return 0;
		return error_system(err, TROUBLE_IO, errno, _("%s of the run cannot be opened"), name);
	}
	result = read_fd(mem, fd, name, limit, bytes, len, err);
	close(fd);
	return result;
}

/* "before/SYSTEM" has at most one folder in front; no other shape is ever asked for. */
static const char *rel_leaf(const char *rel, char folder[64])
{
	const char *slash = strchr(rel, '/');
	size_t len = slash ? (size_t)(slash - rel) : 0;

	folder[0] = '\0';
	if (!slash)
		return *rel && strcmp(rel, "..") != 0 ? rel : NULL;
	if (len == 0 || len >= 64 || strchr(slash + 1, '/') || !slash[1] || !strcmp(slash + 1, ".."))
		return NULL;
	memcpy(folder, rel, len);
	folder[len] = '\0';
	return strcmp(folder, "..") != 0 ? slash + 1 : NULL;
}

/* The descriptor of the folder rel lies in, made if asked; -1 with errno. */
static int rel_folder(const struct runfolder *run, const char *folder, bool make)
{
	if (!*folder)
		return fcntl(run->fd, F_DUPFD_CLOEXEC, 3);
	if (make && !mkdirat(run->fd, folder, 0700) && fsync(run->fd))
		return -1;
	return openat(run->fd, folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
}

/* To a name of its own first: the final name never holds half a file. */
static int file_put(int dir, const char *name, const void *bytes, size_t len)
{
	char temp[300];
	int fd, failed;

	if (snprintf(temp, sizeof temp, "%s.tmp", name) >= (int)sizeof temp) {
		errno = ENAMETOOLONG;
		return -1;
	}
	fd = openat(dir, temp, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
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

int runfolder_write(struct runfolder *run, const char *rel, const void *bytes, size_t len, struct error *err)
{
	char folder[64];
	const char *leaf = rel_leaf(rel, folder);
	int dir, result = 0;

	if (!leaf || !run->writable)
		return error_set(err, TROUBLE_BUG, "runfolder_write: %s", rel);
	dir = rel_folder(run, folder, true);
	if (dir < 0 || file_put(dir, leaf, bytes, len))
		result = error_system(err, TROUBLE_NO_RUN_FOLDER, errno, _("%s of the run cannot be written"), rel);
	if (dir >= 0)
		close(dir);
	return result;
}

int runfolder_read(struct runfolder *run, TALLOC_CTX *mem, const char *rel, size_t limit, uint8_t **bytes, size_t *len,
		   struct error *err)
{
	char folder[64];
	const char *leaf = rel_leaf(rel, folder);
	int dir, result;

	*bytes = NULL;
	if (!leaf)
		return error_set(err, TROUBLE_BUG, "runfolder_read: %s", rel);
	dir = rel_folder(run, folder, false);
	result = dir < 0 ? 0 : run_file_read(mem, dir, leaf, limit, bytes, len, err);
	if (dir >= 0)
		close(dir);
	if (!result && !*bytes)
		return error_set(err, TROUBLE_NOT_THERE, _("Run %s has no %s."), run->name, rel);
	return result;
}

bool runfolder_has(struct runfolder *run, const char *rel)
{
	struct stat st;

	return !fstatat(run->fd, rel, &st, AT_SYMLINK_NOFOLLOW) && S_ISREG(st.st_mode);
}

int runfolder_write_json(struct runfolder *run, const char *rel, const json_t *json, struct error *err)
{
	char *text = json_dumps(json, JSON_INDENT(1));
	int result;

	if (!text)
		return error_memory(err);
	result = runfolder_write(run, rel, text, strlen(text), err);
	free(text);
	return result;
}

int runfolder_read_json(struct runfolder *run, const char *rel, json_t **json, struct error *err)
{
	json_error_t where;
	uint8_t *bytes;
	size_t len;
	int result = runfolder_read(run, run, rel, 64u << 20, &bytes, &len, err);

	if (result)
		return result;
	*json = json_loadb((const char *)bytes, len, JSON_REJECT_DUPLICATES, &where);
	talloc_free(bytes);
	if (!*json)
		return error_set(err, TROUBLE_RECORD_DAMAGED, _("%s of run %s is damaged (line %d)."), rel, run->name,
				 where.line);
	return 0;
}

void runfolder_log(struct runfolder *run, const char *format, ...)
{
	char stamp[32];
	char *said, *shown, *line = NULL;
	va_list args;
	int fd;

	if (!run->writable)
		return;
	va_start(args, format);
	said = talloc_vasprintf(run, format, args);
	va_end(args);
	shown = said ? text_shown(run, said) : NULL;
	run_time_text(stamp);
	if (shown)
		line = talloc_asprintf(run, "%s %s\n", stamp, shown);
	fd = openat(run->fd, "log", O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (line && fd >= 0 && write(fd, line, strlen(line)) < 0)
		talloc_set_name_const(run, "runfolder (log full)");
	if (fd >= 0)
		close(fd);
	talloc_free(line);
	talloc_free(shown);
	talloc_free(said);
}

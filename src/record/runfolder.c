/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "record/record_internal.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/i18n.h"
#include "base/text.h"

/* What fits into 15 digits; more than a place will ever see. */
#define RUN_NUMBER_LAST 999999999999999u

struct runfolder {
	char *name, *dir;
	int fd, lock;
	bool writable;
	uint64_t least; /* of the reserve: no more of it is given back */
};

static int runfolder_close(struct runfolder *run)
{
	file_shut(run->lock);
	file_shut(run->fd);
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

/* Someone who only lists runs holds the lock for a moment: that must not look like a second
 * process. */
static int lock_take(int fd, int tries)
{
	struct timespec wait = { .tv_nsec = 10 * 1000 * 1000 };

	while (tries-- > 0) {
		if (!flock(fd, LOCK_EX | LOCK_NB))
			return 0;
		if (errno != EWOULDBLOCK)
			return -1;
		nanosleep(&wait, NULL);
	}
	errno = EWOULDBLOCK;
	return -1;
}

static int run_missing(const struct runfolder *run, struct error *err)
{
	return error_advise(err,
		error_set(err, TROUBLE_NOT_THERE, _("There is no run %s."), run->name),
		_("\"%s runs\" lists them; another place of runs is named with --runs."),
		text_call());
}

static int runfolder_lock(struct runfolder *run, struct error *err)
{
	struct stat held, named;
	int ret, sys;

	run->lock = openat(run->fd, "lock", O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	sys = run->lock < 0 ? errno : 0;
	ret = sys ? error_system(err, TROUBLE_NO_RUN_FOLDER, sys,
			    _("The lock of run %s cannot be opened"), run->name)
		  : 0;
	/* The run is there and nowhere else. */
	if (sys == EROFS || sys == EACCES)
		return error_advise(err, ret,
			_("Copy the run's folder to a place that you may write to, and name that place with --runs."));
	if (ret)
		return ret;
	if (lock_take(run->lock, 5)) {
		if (errno == EWOULDBLOCK)
			return error_set(err, TROUBLE_LOCKED,
				_("Another msmcfix is working in run %s."), run->name);
		return error_system(err, TROUBLE_NO_RUN_FOLDER, errno, _("Run %s cannot be locked"),
			run->name);
	}
	/* Who held it may have forgotten the run. */
	if (fstat(run->fd, &held) || lstat(run->dir, &named) || held.st_ino != named.st_ino ||
		held.st_dev != named.st_dev)
		return run_missing(run, err);
	run->writable = true;
	return 0;
}

bool run_is_locked(int dir)
{
	int fd = openat(dir, "lock", O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
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
		return run_missing(run, err);
	return error_system(err, TROUBLE_NO_RUN_FOLDER, errno,
		_("The folder of run %s cannot be opened"), run->name);
}

/* The new name must last before anything relies on it: the place of runs is synced. */
static int folder_make(struct runfolder *run, const char *runs, bool *taken, struct error *err)
{
	*taken = false;
	if (mkdir(run->dir, 0700)) {
		*taken = errno == EEXIST;
		return *taken ? 0
			      : error_system(err, TROUBLE_NO_RUN_FOLDER, errno,
					_("A folder for this run cannot be made"));
	}
	if (run_folder_sync(runs))
		return error_system(err, TROUBLE_NO_RUN_FOLDER, errno,
			_("The folder for runs cannot be synced to disk"));
	return 0;
}

/* The newest run of the place; one without a name where there is none. */
static struct run_summary run_newest(TALLOC_CTX *mem, const char *runs)
{
	struct run_summary *list;
	size_t count;

	(void)runs_names(mem, runs, &list, &count, NULL);
	return count ? list[0] : (struct run_summary){ .name = NULL };
}

/* Notes the next number in the counter, which is open and locked. One that was lost or damaged is
 * counted from the runs. */
static int number_next(int counter, const char *path, uint64_t last, uint64_t *number)
{
	char text[24];
	uint64_t counted = run_number_read(AT_FDCWD, path);

	*number = (counted > last ? counted : last) + 1;
	if (*number > RUN_NUMBER_LAST) {
		errno = EOVERFLOW;
		return -1;
	}
	(void)snprintf(text, sizeof text, "%" PRIu64 "\n", *number);
	errno = file_write(counter, text, strlen(text), 0);
	return errno || ftruncate(counter, (off_t)strlen(text)) ? -1 : fsync(counter);
}

/* One program at a time takes a number of the place. */
static int number_take(const char *runs, uint64_t *number, struct error *err)
{
	char *path = talloc_asprintf(NULL, "%s/.counter", runs);
	struct stat st;
	int fd = run_file_open(AT_FDCWD, path, O_RDWR | O_CREAT, &st), ret = 0;

	if (fd < 0 || lock_take(fd, 500) ||
		number_next(fd, path, run_newest(path, runs).number, number))
		ret = error_system(err,
			errno == EWOULDBLOCK ? TROUBLE_LOCKED : TROUBLE_NO_RUN_FOLDER, errno,
			_("The counter of runs (.counter in the folder for runs) cannot be kept"));
	file_shut(fd);
	talloc_free(path);
	return ret;
}

/* ---- the reserve: blocks that nobody else gets, for what is yet to be written ---- */

#define RESERVE "reserve"

enum { RESERVE_PIECE = 16 << 10 };

/* Its descriptor and what the disk holds of it; -1 where it is not there, or not ours alone. */
static int reserve_open(const struct runfolder *run, int make, uint64_t *has)
{
	struct stat st = { .st_size = 0 };
	int fd = run_file_open(run->fd, RESERVE, O_RDWR | make, &st);

	*has = fd < 0
		? 0
		: (uint64_t)(st.st_blocks < st.st_size / 512 ? st.st_blocks * 512 : st.st_size);
	return fd;
}

uint64_t runfolder_reserved(const struct runfolder *run)
{
	uint64_t has;
	int fd = reserve_open(run, 0, &has);

	file_shut(fd);
	return has;
}

static bool no_room(int sys)
{
	return sys == ENOSPC || sys == EDQUOT;
}

int runfolder_reserve(struct runfolder *run, uint64_t bytes, uint64_t least, struct error *err)
{
	uint64_t has;
	int fd, sys;

	run->least = least;
	if (runfolder_reserved(run) >= bytes)
		return 0;
	/* What a cut left half written takes room, and is written anew. */
	(void)unlinkat(run->fd, "report.json.new", 0);
	(void)unlinkat(run->fd, "report.txt.new", 0);
	fd = reserve_open(run, O_CREAT, &has);
	/* Where the file system cannot do it, the C library writes every block. */
	do
		sys = fd < 0 ? errno : posix_fallocate(fd, 0, (off_t)bytes);
	while (fd >= 0 && sys == EINTR);
	if (sys && fd >= 0 && ftruncate(fd, (off_t)has))
		sys = errno;
	file_shut(fd);
	/* Where none can be made, the room there is must do. */
	return no_room(sys)
		? error_system(err, TROUBLE_NO_ROOM, sys,
			  _("The record of run %s and of its undo needs %llu bytes more"),
			  run->name, (unsigned long long)(bytes - has))
		: 0;
}

void runfolder_reserve_cut(struct runfolder *run, uint64_t bytes)
{
	uint64_t has;
	int fd = reserve_open(run, 0, &has), failed;

	if (fd < 0)
		return;
	failed = bytes < has ? ftruncate(fd, (off_t)bytes) : 0;
	if (!bytes)
		failed = unlinkat(run->fd, RESERVE, 0);
	(void)failed;
	close(fd);
}

bool runfolder_give(struct runfolder *run, int sys, size_t len)
{
	uint64_t has = no_room(sys) ? runfolder_reserved(run) : 0, give = len + RESERVE_PIECE;

	if (has <= run->least)
		return false;
	runfolder_reserve_cut(run, has - run->least > give ? has - give : run->least);
	/* Some file systems have it to give only when that is on the disk. */
	(void)syncfs(run->fd);
	return runfolder_reserved(run) < has;
}

/* A run holds files and one level of folders with files; what else lies there is not ours to
 * remove. */
static int folder_empty(int fd, bool deeper)
{
	DIR *dir = fdopendir(fd);
	struct dirent *entry;
	int failed = 0;

	if (!dir)
		return -1;
	while (!failed && (entry = readdir(dir))) {
		if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
			continue;
		if (!unlinkat(dirfd(dir), entry->d_name, 0))
			continue;
		int below = deeper && (errno == EISDIR || errno == EPERM)
			? openat(dirfd(dir), entry->d_name,
				  O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW)
			: -1;
		failed = below < 0 || folder_empty(below, false) ||
				unlinkat(dirfd(dir), entry->d_name, AT_REMOVEDIR)
			? -1
			: 0;
	}
	int sys = errno;
	closedir(dir);
	errno = sys;
	return failed;
}

int run_remove(const char *runs, const char *name, struct error *err)
{
	char *path = talloc_asprintf(NULL, "%s/%s", runs, name);
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW), result = 0;

	if (fd < 0 || folder_empty(fd, true) || rmdir(path))
		result = error_system(err, TROUBLE_IO, errno,
			_("The record of run %s cannot be removed"), name);
	talloc_free(path);
	return result;
}

/* *taken: there is one of that name. A name that holds nothing would look like a run that was cut
 * off. */
static int create_named(TALLOC_CTX *mem, const char *runs, const char *name, uint64_t number,
	struct runfolder **run, bool *taken, struct error *err)
{
	struct runfolder *made = runfolder_new(mem, runs, name);
	char text[24];
	int ret;

	if (!made)
		return error_memory(err);
	(void)snprintf(text, sizeof text, "%" PRIu64 "\n", number);
	ret = folder_make(made, runs, taken, err);
	if (!ret && !*taken)
		ret = folder_open(made, err);
	if (!ret && !*taken)
		ret = runfolder_lock(made, err);
	if (!ret && !*taken &&
		(errno = file_replace(made->fd, "number", 0600, text, strlen(text))) != 0)
		ret = error_system(err, TROUBLE_NO_RUN_FOLDER, errno,
			_("%s of the run cannot be written"), "number");
	if (ret || *taken)
		talloc_free(made);
	else
		*run = made;
	if (ret)
		(void)run_remove(runs, name, NULL);
	return ret;
}

int runfolder_create(TALLOC_CTX *mem, const char *runs, struct runfolder **run, struct error *err)
{
	char stamp[32], name[RUN_NAME_MAX];
	time_t now = time(NULL);
	uint64_t place_number = 0;
	struct tm tm;
	bool taken = true;
	int ret;

	if (!gmtime_r(&now, &tm) || !strftime(stamp, sizeof stamp, "%Y%m%d-%H%M%S", &tm) ||
		!run_name_ok(stamp))
		return error_advise(err,
			error_set(err, TROUBLE_NO_RUN_FOLDER,
				_("This machine's clock cannot be read.")),
			_("Set the clock of this machine, then try again."));
	ret = number_take(runs, &place_number, err);
	for (int number = 1; !ret && taken && number < 1000; number++) {
		(void)snprintf(name, sizeof name, number > 1 ? "%s-%d" : "%s", stamp, number);
		ret = create_named(mem, runs, name, place_number, run, &taken, err);
	}
	return ret || !taken ? ret
			     : error_set(err, TROUBLE_NO_RUN_FOLDER,
				       _("Every name for a run of this second is taken."));
}

int runfolder_open(TALLOC_CTX *mem, const char *runs, const char *name, bool writable,
	struct runfolder **run, struct error *err)
{
	TALLOC_CTX *tmp = talloc_new(mem);
	struct runfolder *made = NULL;
	int ret = 0;

	if (!strcmp(name, "last")) {
		name = run_newest(tmp, runs).name;
		ret = name ? 0 : error_set(err, TROUBLE_NOT_THERE, _("There is no run yet."));
	} else if (!run_name_ok(name)) {
		ret = error_set(err, TROUBLE_NOT_THERE, _("There is no run \"%s\"."),
			text_shown(tmp, name));
	}
	if (!ret) {
		made = runfolder_new(mem, runs, name);
		ret = made ? folder_open(made, err) : error_memory(err);
	}
	if (!ret && writable)
		ret = runfolder_lock(made, err);
	if (ret)
		talloc_free(made);
	else
		*run = made;
	talloc_free(tmp);
	return ret;
}

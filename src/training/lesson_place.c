/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where lessons live: folders of the trainee's own, files that are whole or not there, a lock. */
#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/text.h"
#include "training/lesson_internal.h"

void lesson_now(char stamp[LESSON_STAMP])
{
	time_t now = time(NULL);
	struct tm tm;

	if (!gmtime_r(&now, &tm) || !strftime(stamp, LESSON_STAMP, "%Y-%m-%dT%H:%M:%SZ", &tm))
		strcpy(stamp, "1970-01-01T00:00:00Z");
}

int lesson_folder(int dir, const char *name, bool make)
{
	if (make && mkdirat(dir, name, 0700) != 0 && errno != EEXIST)
		return -1;
	return openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

int training_place(TALLOC_CTX *mem, const char *runs, char **place, struct error *err)
{
	char *warning = NULL, *made = training_place_name(mem, runs);
	int fd = -1, ret = made ? runs_prepare(mem, made, true, true, &warning, err) : error_memory(err);

	talloc_free(warning);
	if (ret == 0)
		fd = lesson_folder(AT_FDCWD, made, false);
	if (ret == 0 && fd < 0)
		ret = error_system(err, TROUBLE_NO_RUN_FOLDER, errno,
				   _("The folder of the training ground, %s, cannot be opened"), text_shown(mem, made));
	if (fd >= 0)
		close(fd);
	if (ret == 0)
		*place = made;
	return ret;
}

char *training_place_name(TALLOC_CTX *mem, const char *runs)
{
	return talloc_asprintf(mem, "%s/training", runs);
}

char *training_results(TALLOC_CTX *mem, const char *place)
{
	return talloc_asprintf(mem, "%s/" RESULTS_FOLDER, place);
}

/* ---- files ---- */

static int fd_read(TALLOC_CTX *mem, int fd, size_t limit, char **bytes, size_t *len)
{
	struct stat meta;
	ssize_t more = 1;

	*len = 0;
	if (fstat(fd, &meta) != 0)
		return -1;
	if (!S_ISREG(meta.st_mode) || meta.st_size < 0 || (uint64_t)meta.st_size > limit) {
		errno = EFBIG;
		return -1;
	}
	*bytes = talloc_size(mem, (size_t)meta.st_size + 1);
	if (!*bytes) {
		errno = ENOMEM;
		return -1;
	}
	while (*len < (size_t)meta.st_size && more > 0) {
		more = pread(fd, *bytes + *len, (size_t)meta.st_size - *len, (off_t)*len);
		*len += more > 0 ? (size_t)more : 0;
	}
	(*bytes)[*len] = '\0';
	return more < 0 ? -1 : 0;
}

int lesson_file_read(TALLOC_CTX *mem, int dir, const char *name, size_t limit, char **bytes, size_t *len,
		     struct error *err)
{
	int fd = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC), ret = 0;

	*bytes = NULL;
	if (fd < 0 && errno == ENOENT)
		return 0;
	if (fd < 0 || fd_read(mem, fd, limit, bytes, len) != 0)
		ret = error_system(err, TROUBLE_RECORD_DAMAGED, errno, _("The file %s cannot be read"),
				   text_shown(mem, name));
	if (fd >= 0)
		close(fd);
	return ret;
}

static int fd_write(int fd, const char *bytes, size_t len)
{
	while (len) {
		ssize_t put = write(fd, bytes, len);

		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return -1;
		bytes += put;
		len -= (size_t)put;
	}
	return fsync(fd);
}

/* A result must not take another's place: linkat refuses where rename would not. */
static int name_give(int dir, const char *staged, const char *name, bool fresh, bool *taken)
{
	int failed = fresh ? linkat(dir, staged, dir, name, 0) : renameat(dir, staged, dir, name);

	*taken = fresh && failed && errno == EEXIST;
	if (*taken)
		failed = 0;
	if (fresh)
		(void)unlinkat(dir, staged, 0);
	return failed || fsync(dir) ? -1 : 0;
}

int lesson_file_write(int dir, const char *name, const char *bytes, size_t len, bool fresh, bool *taken,
		      struct error *err)
{
	char staged[32];
	uint64_t chance = 0;
	int fd, sys = 0;

	/* Many write into one folder of results, perhaps from many hosts. */
	(void)!getrandom(&chance, sizeof chance, 0);
	snprintf(staged, sizeof staged, "new.%016llx", (unsigned long long)chance);
	fd = openat(dir, staged, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0 || fd_write(fd, bytes, len) != 0)
		sys = errno;
	if (fd >= 0 && close(fd) != 0 && !sys)
		sys = errno;
	if (!sys && name_give(dir, staged, name, fresh, taken) != 0)
		sys = errno;
	if (!sys)
		return 0;
	(void)unlinkat(dir, staged, 0);
	return error_system(err, TROUBLE_IO, sys, _("The record of the lesson cannot be written"));
}

int lesson_lock(struct lesson *lesson, bool fresh, bool *locked, struct error *err)
{
	const int how = fresh ? LOCK_EX : LOCK_EX | LOCK_NB;

	*locked = false;
	lesson->lock = openat(lesson->fd, LESSON_LOCK,
			      O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | (fresh ? O_CREAT : 0), 0600);
	if (lesson->lock < 0)
		return error_system(err, TROUBLE_IO, errno, _("The lesson cannot be locked"));
	while (flock(lesson->lock, how) != 0) {
		if (errno == EWOULDBLOCK)
			return 0;
		if (errno != EINTR)
			return error_system(err, TROUBLE_IO, errno, _("The lesson cannot be locked"));
	}
	*locked = true;
	return 0;
}

/* ---- who sits there ---- */

static size_t characters(const char *text)
{
	size_t count = 0;

	for (; *text; text++)
		count += ((unsigned char)*text & 0xc0) != 0x80;
	return count;
}

int seat_name(TALLOC_CTX *mem, const char *seat, char **name, struct error *err)
{
	const struct passwd *user = seat ? NULL : getpwuid(geteuid());
	char *shown, *made;

	if (!seat && user && *user->pw_name && characters(user->pw_name) <= LESSON_SEAT_LIMIT)
		seat = user->pw_name;
	made = seat ? talloc_strdup(mem, seat) : talloc_asprintf(mem, "uid %lu", (unsigned long)geteuid());
	shown = made ? text_shown(mem, made) : NULL;
	if (!shown)
		return error_memory(err);
	if (strcmp(shown, made) != 0 || !*made || strspn(made, " ") == strlen(made) ||
	    characters(made) > LESSON_SEAT_LIMIT)
		return error_set(err, TROUBLE_USAGE,
				 _("The name of a seat has 1 to %d printable characters."),
				 LESSON_SEAT_LIMIT);
	*name = made;
	talloc_free(shown);
	return 0;
}

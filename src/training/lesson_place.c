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
#include <unistd.h>

#include "base/file.h"
#include "base/i18n.h"
#include "base/text.h"
#include "training/lesson_internal.h"

int lesson_folder(int dir, const char *name, bool make)
{
	if (make && mkdirat(dir, name, 0700) != 0 && errno != EEXIST)
		return -1;
	return openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

int lesson_folder_in(const char *place, const char *name, bool make)
{
	int dir = lesson_folder(AT_FDCWD, place, false),
	    fd = dir < 0 ? -1 : lesson_folder(dir, name, make);
	const int sys = errno;

	file_shut(dir);
	errno = sys;
	return fd;
}

DIR *lesson_listing(const char *place, const char *name)
{
	int fd = lesson_folder_in(place, name, false);
	DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;

	if (!dir && fd >= 0)
		close(fd);
	return dir;
}

int training_place(TALLOC_CTX *mem, const char *runs, char **place, struct error *err)
{
	char *warning = NULL, *made = training_place_name(mem, runs);
	int fd = -1,
	    ret = made ? runs_prepare(mem, made, true, true, &warning, err) : error_memory(err);

	talloc_free(warning);
	if (ret == 0)
		fd = lesson_folder(AT_FDCWD, made, false);
	if (ret == 0 && fd < 0)
		ret = error_system(err, TROUBLE_NO_RUN_FOLDER, errno,
			_("The folder of the training ground, %s, cannot be opened"),
			text_shown(mem, made));
	file_shut(fd);
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

char *lesson_file_read(TALLOC_CTX *mem, int dir, const char *name, size_t limit, size_t *len)
{
	int fd = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	uint8_t *bytes = NULL;

	if (fd < 0)
		return NULL;
	if (file_read(mem, fd, limit, &bytes, len) != 0)
		bytes = NULL;
	close(fd);
	return (char *)bytes;
}

static int file_told(int sys, struct error *err)
{
	return sys == 0 ? 0
			: error_system(err, TROUBLE_IO, sys,
				  _("The record of the lesson cannot be written"));
}

int lesson_file_write(int dir, const char *name, const char *bytes, size_t len, struct error *err)
{
	return file_told(file_replace(dir, name, 0600, bytes, len), err);
}

/* Under a name that nobody else uses: many write into one folder of results, perhaps from many
 * hosts. A result must not take another's place: linkat refuses where rename would not. */
int lesson_file_add(int dir, const char *name, const char *bytes, size_t len, bool *taken,
	struct error *err)
{
	char staged[32];
	uint64_t chance = 0;
	int sys;

	(void)!getrandom(&chance, sizeof chance, 0);
	snprintf(staged, sizeof staged, "new.%016llx", (unsigned long long)chance);
	sys = file_make(dir, staged, 0600, bytes, len);
	if (sys != 0)
		return file_told(sys, err);
	if (linkat(dir, staged, dir, name, 0) != 0)
		sys = errno;
	(void)unlinkat(dir, staged, 0);
	*taken = sys == EEXIST;
	if (sys == 0 || *taken)
		sys = fsync(dir) == 0 ? 0 : errno;
	return file_told(sys, err);
}

int lesson_lock(struct lesson *lesson, bool fresh)
{
	lesson->lock = openat(lesson->fd, LESSON_LOCK,
		O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | (fresh ? O_CREAT : 0), 0600);
	if (lesson->lock < 0)
		return errno;
	while (flock(lesson->lock, fresh ? LOCK_EX : LOCK_EX | LOCK_NB) != 0)
		if (errno != EINTR)
			return errno;
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
	made = seat ? talloc_strdup(mem, seat)
		    : talloc_asprintf(mem, "uid %lu", (unsigned long)geteuid());
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

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A lesson from its beginning, or gone on with. */
#include "training/lesson.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "training/lesson_internal.h"

static int lesson_close(struct lesson *lesson)
{
	if (lesson->passing && lesson->dir)
		practice_remove(lesson->dir);
	if (lesson->lock >= 0)
		close(lesson->lock);
	if (lesson->fd >= 0)
		close(lesson->fd);
	return 0;
}

/* One whose folder has this name, if it has one already. */
static struct lesson *lesson_new(TALLOC_CTX *mem, const char *place, const char *folder)
{
	struct lesson *lesson = talloc_zero(mem, struct lesson);

	if (!lesson)
		return NULL;
	lesson->fd = lesson->lock = lesson->chosen = -1;
	talloc_set_destructor(lesson, lesson_close);
	lesson->place = talloc_strdup(lesson, place);
	lesson->dir = folder ? talloc_asprintf(lesson, "%s/" LESSONS_FOLDER "/%s", place, folder) : NULL;
	if (lesson->place && (lesson->dir || !folder))
		return lesson;
	talloc_free(lesson);
	return NULL;
}

/* The folders in it. */
static int lesson_folders(struct lesson *lesson, struct error *err)
{
	lesson->server = talloc_asprintf(lesson, "%s/server", lesson->dir);
	lesson->runs = talloc_asprintf(lesson, "%s/runs", lesson->dir);
	return lesson->server && lesson->runs ? 0 : error_memory(err);
}

/* ---- beginning ---- */

static int folder_fresh(struct lesson *lesson, struct error *err)
{
	char *shown = text_shown(lesson, lesson->place);
	int place = lesson_folder(AT_FDCWD, lesson->place, false),
	    lessons = place < 0 ? -1 : lesson_folder(place, LESSONS_FOLDER, true);
	int ret = 0;

	if (lessons < 0)
		ret = error_system(err, TROUBLE_NO_RUN_FOLDER, errno,
				   _("The folder of the training ground, %s, cannot be opened"), shown ? shown : "");
	if (ret == 0)
		lesson->dir = talloc_asprintf(lesson, "%s/" LESSONS_FOLDER "/%s-%llu-XXXXXX", lesson->place,
					      lesson->name, (unsigned long long)lesson->seed);
	if (ret == 0 && !lesson->dir)
		ret = error_memory(err);
	if (ret == 0 && !mkdtemp(lesson->dir)) {
		ret = error_system(err, TROUBLE_NO_RUN_FOLDER, errno, _("No folder for the lesson can be created in %s"),
				   shown ? shown : "");
		lesson->dir = NULL;
	}
	/* Until the lesson stands, what there is of it goes when it fails. */
	lesson->passing = ret == 0;
	if (ret == 0 && (lesson->fd = lesson_folder(lessons, strrchr(lesson->dir, '/') + 1, false)) < 0)
		ret = error_system(err, TROUBLE_NO_RUN_FOLDER, errno, _("The folder of the lesson cannot be opened"));
	if (place >= 0)
		close(place);
	if (lessons >= 0)
		close(lessons);
	return ret;
}

/* A case that begins cut has its run inside the server's folder; here it goes where every lesson has its runs. */
static int server_make(struct lesson *lesson, const struct training_case *training, struct error *err)
{
	int ret = case_build(training, lesson->server, lesson->seed, err), failed;

	if (ret != 0)
		return ret;
	if (training->begins_cut) {
		char *cut = case_runs(lesson, lesson->server);

		failed = cut ? rename(cut, lesson->runs) : -1;
	} else {
		failed = mkdir(lesson->runs, 0700);
	}
	return failed ? error_system(err, TROUBLE_NO_RUN_FOLDER, errno,
				     _("The folder for the runs of the lesson cannot be created"))
		      : 0;
}

static int lesson_make(struct lesson *lesson, const struct lesson_wish *wish, struct error *err)
{
	struct training_case *training = NULL, *bound = NULL;
	bool locked, taken;
	int ret = case_find(lesson, wish->name, &training, err);

	if (ret == 0)
		ret = seat_name(lesson, wish->seat, &lesson->seat, err);
	if (ret == 0)
		ret = case_bind(lesson, training, lesson->seed, &bound, err);
	if (ret != 0)
		return ret;
	lesson->bound = bound;
	lesson->name = training->name;
	lesson->own = training->text != NULL;
	ret = folder_fresh(lesson, err);
	if (ret == 0)
		ret = lesson_folders(lesson, err);
	if (ret == 0)
		ret = lesson_lock(lesson, true, &locked, err);
	/* A teacher's text is kept, so that the lesson can be resumed when the file is gone or another. */
	if (ret == 0 && lesson->own)
		ret = lesson_file_write(lesson->fd, LESSON_CASE, training->text, training->text_len, false, &taken, err);
	if (ret == 0)
		ret = server_make(lesson, training, err);
	filetime_stamp(lesson->begun);
	/* Last: only a lesson that has its record is one. */
	return ret == 0 ? lesson_save(lesson, err) : ret;
}

int lesson_begin(TALLOC_CTX *mem, const char *place, const struct lesson_wish *wish, struct lesson **lesson,
		 struct error *err)
{
	struct lesson *made;
	int ret;

	if (wish->seed > INT64_MAX)
		return error_set(err, TROUBLE_USAGE, _("The seed must be below 2^63."));
	made = lesson_new(mem, place, NULL);
	if (!made)
		return error_memory(err);
	made->seed = wish->seed;
	made->exam = wish->exam;
	ret = lesson_make(made, wish, err);
	if (ret == 0) {
		made->passing = false;
		*lesson = made;
	} else {
		talloc_free(made);
	}
	return ret;
}

/* ---- going on ---- */

/* A folder below a lesson must be a folder: practice server and runs are opened by their names. */
static bool folders_stand(const struct lesson *lesson)
{
	static const char *const names[] = {"server", "runs"};
	bool stand = true;

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		int fd = lesson_folder(lesson->fd, names[i], false);

		stand = stand && fd >= 0;
		if (fd >= 0)
			close(fd);
	}
	return stand;
}

/* The one in a folder, its record not yet read; NULL if there is none. */
static struct lesson *lesson_at(TALLOC_CTX *mem, const char *place, int lessons, const char *folder)
{
	struct lesson *lesson = lesson_new(mem, place, folder);

	if (lesson)
		lesson->fd = lesson_folder(lessons, folder, false);
	if (lesson && lesson->fd < 0)
		TALLOC_FREE(lesson);
	return lesson;
}

/* Opens one that may be gone on with; NULL if it is not: of another seat, ended, damaged. */
static struct lesson *lesson_open(TALLOC_CTX *mem, const char *place, int lessons, const char *folder)
{
	struct lesson *lesson = lesson_at(mem, place, lessons, folder);

	if (lesson && lesson_load(lesson, NULL) == 0 && !lesson->ended)
		return lesson;
	talloc_free(lesson);
	return NULL;
}

/* In hand: locked, and still as it is when nobody else can change it. */
static struct lesson *lesson_take(TALLOC_CTX *mem, const char *place, int lessons, const char *folder)
{
	struct lesson *lesson = lesson_at(mem, place, lessons, folder);
	bool locked = false;

	if (lesson && lesson_lock(lesson, false, &locked, NULL) == 0 && locked &&
	    lesson_load(lesson, NULL) == 0 && !lesson->ended && folders_stand(lesson) &&
	    lesson_folders(lesson, NULL) == 0 && lesson_bind(lesson, NULL) == 0)
		return lesson;
	talloc_free(lesson);
	return NULL;
}

struct left {
	char *folder;
	struct timespec begun;          /* of the lock's making, finer than the record's seconds */
};

static int newest_first(const void *a, const void *b)
{
	const struct timespec *x = &((const struct left *)a)->begun, *y = &((const struct left *)b)->begun;

	if (x->tv_sec != y->tv_sec)
		return x->tv_sec < y->tv_sec ? 1 : -1;
	return (x->tv_nsec < y->tv_nsec) - (x->tv_nsec > y->tv_nsec);
}

/* What a lesson must be to be the one looked for. */
struct looked_for {
	char *name;                     /* NULL: any */
	bool own;
	char *seat;
};

static int left_add(TALLOC_CTX *mem, struct left **list, size_t *count, const char *folder,
		    const struct timespec *begun, struct error *err)
{
	struct left *left = memory_more(mem, list, *count, sizeof *left);

	if (!left)
		return error_memory(err);
	(*count)++;
	*left = (struct left){.folder = talloc_strdup(mem, folder), .begun = *begun};
	return left->folder ? 0 : error_memory(err);
}

static int left_read(TALLOC_CTX *mem, const char *place, int lessons, const struct looked_for *wanted,
		     struct left **list, size_t *count, struct error *err)
{
	DIR *dir = lesson_listing(lessons, ".");
	struct dirent *entry;
	size_t seen = 0;
	int ret = 0;

	while (dir && ret == 0 && (entry = readdir(dir)) && seen++ < LESSON_FOLDERS_LIMIT) {
		struct lesson *lesson = *entry->d_name != '.' ? lesson_open(mem, place, lessons, entry->d_name) : NULL;
		struct stat lock;

		if (!lesson)
			continue;
		if (strcmp(lesson->seat, wanted->seat) == 0 &&
		    fstatat(lesson->fd, LESSON_LOCK, &lock, AT_SYMLINK_NOFOLLOW) == 0 &&
		    (!wanted->name || (strcmp(lesson->name, wanted->name) == 0 && lesson->own == wanted->own)))
			ret = left_add(mem, list, count, entry->d_name, &lock.st_mtim, err);
		talloc_free(lesson);
	}
	if (dir)
		closedir(dir);
	if (*count)
		qsort(*list, *count, sizeof **list, newest_first);
	return ret;
}

static int wanted_make(TALLOC_CTX *mem, const char *name, const char *seat, struct looked_for *wanted,
		       struct error *err)
{
	struct training_case *training;
	int ret = seat_name(mem, seat, &wanted->seat, err);

	if (ret == 0 && name) {
		ret = case_find(mem, name, &training, err);
		wanted->name = ret == 0 ? training->name : NULL;
		wanted->own = strchr(name, '/') != NULL;
	}
	return ret;
}

int lesson_again(TALLOC_CTX *mem, const char *place, const char *name, const char *seat, struct lesson **lesson,
		 struct error *err)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	struct looked_for wanted = {0};
	struct left *list = NULL;
	size_t count = 0;
	int fd = lesson_folder(AT_FDCWD, place, false),
	    lessons = fd >= 0 ? lesson_folder(fd, LESSONS_FOLDER, false) : -1;
	int ret = tmp ? wanted_make(tmp, name, seat, &wanted, err) : error_memory(err);

	*lesson = NULL;
	if (ret == 0 && lessons >= 0)
		ret = left_read(tmp, place, lessons, &wanted, &list, &count, err);
	for (size_t i = 0; ret == 0 && !*lesson && i < count; i++)
		*lesson = lesson_take(mem, place, lessons, list[i].folder);
	if (fd >= 0)
		close(fd);
	if (lessons >= 0)
		close(lessons);
	talloc_free(tmp);
	return ret;
}

/* One of the seat that nobody has in hand; what is no lesson is left alone. */
static bool lesson_clear(TALLOC_CTX *mem, const char *place, int lessons, const char *folder, const char *seat)
{
	struct lesson *lesson = lesson_at(mem, place, lessons, folder);
	bool locked = false;

	if (lesson && lesson_lock(lesson, false, &locked, NULL) == 0 && locked &&
	    lesson_load(lesson, NULL) == 0)
		lesson->passing = strcmp(lesson->seat, seat) == 0;
	locked = lesson && lesson->passing;
	talloc_free(lesson);
	return locked;
}

int lessons_clear(const char *place, const char *seat, size_t *removed, struct error *err)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	char *path = tmp ? talloc_asprintf(tmp, "%s/" LESSONS_FOLDER, place) : NULL;
	DIR *dir = path ? lesson_listing(AT_FDCWD, path) : NULL;
	struct dirent *entry;

	while (dir && (entry = readdir(dir)))
		*removed += *entry->d_name != '.' && lesson_clear(tmp, place, dirfd(dir), entry->d_name, seat);
	if (dir)
		closedir(dir);
	talloc_free(tmp);
	return path ? 0 : error_memory(err);
}

/* ---- what it is ---- */

const struct training_case *lesson_case(const struct lesson *lesson)
{
	return lesson->bound;
}

const char *lesson_server(const struct lesson *lesson)
{
	return lesson->server;
}

const char *lesson_runs(const struct lesson *lesson)
{
	return lesson->runs;
}

const char *lesson_seat(const struct lesson *lesson)
{
	return lesson->seat;
}

bool lesson_exam(const struct lesson *lesson)
{
	return lesson->exam;
}

int lesson_points(const struct lesson *lesson)
{
	const size_t lost = lesson->tip_count * SCORE_TIP;

	return lost < SCORE_FULL ? SCORE_FULL - (int)lost : 0;
}

/* ---- the question of the case ---- */

int lesson_choose(struct lesson *lesson, size_t choice, struct error *err)
{
	const int before = lesson->chosen;
	int ret;

	if (choice >= lesson->bound->choice_count)
		return error_set(err, TROUBLE_USAGE, _("The question of this case has no such answer."));
	lesson->chosen = (int)choice;
	ret = lesson_save(lesson, err);
	if (ret != 0)
		lesson->chosen = before;
	return ret;
}

int lesson_chosen(const struct lesson *lesson)
{
	return lesson->chosen;
}

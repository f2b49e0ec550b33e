/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A lesson from its beginning, or resumed. */
#include "training/lesson.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/i18n.h"
#include "base/text.h"
#include "training/lesson_internal.h"

static int lesson_close(struct lesson *lesson)
{
	if (lesson->temporary && lesson->dir)
		(void)practice_remove(lesson->dir);
	file_shut(lesson->lock);
	file_shut(lesson->fd);
	return 0;
}

static struct lesson *lesson_new(TALLOC_CTX *mem, const char *place)
{
	struct lesson *lesson = talloc_zero(mem, struct lesson);

	if (!lesson)
		return NULL;
	lesson->fd = lesson->lock = lesson->chosen = -1;
	talloc_set_destructor(lesson, lesson_close);
	lesson->place = talloc_strdup(lesson, place);
	return lesson;
}

/* Its folder, and the folders in that; false for want of memory. */
static bool lesson_folders(struct lesson *lesson, const char *dir)
{
	lesson->dir = talloc_strdup(lesson, dir);
	lesson->server = talloc_asprintf(lesson, "%s/server", dir);
	lesson->runs = talloc_asprintf(lesson, "%s/runs", dir);
	return lesson->place && lesson->dir && lesson->server && lesson->runs;
}

/* ---- beginning ---- */

static int folder_fresh(struct lesson *lesson, struct error *err)
{
	char *shown = text_shown(lesson, lesson->place);
	/* Of an exam it says neither case nor seed: the name is shown on pages. */
	char *dir = lesson->exam
		? talloc_asprintf(lesson, "%s/" LESSONS_FOLDER "/exam-XXXXXX", lesson->place)
		: talloc_asprintf(lesson, "%s/" LESSONS_FOLDER "/%s-%llu-XXXXXX", lesson->place,
			  lesson->name, (unsigned long long)lesson->seed);
	int lessons = lesson_folder_in(lesson->place, LESSONS_FOLDER, true), ret = 0;

	if (!shown || !dir)
		ret = error_memory(err);
	else if (lessons < 0)
		ret = error_system(err, TROUBLE_NO_RUN_FOLDER, errno,
			_("The folder of the training ground, %s, cannot be opened"), shown);
	else if (!mkdtemp(dir))
		ret = error_system(err, TROUBLE_NO_RUN_FOLDER, errno,
			_("No folder for the lesson can be created in %s"), shown);
	if (ret == 0 && !lesson_folders(lesson, dir))
		ret = error_memory(err);
	/* Until the lesson stands, what there is of it goes when it fails. */
	lesson->temporary = ret == 0;
	if (ret == 0 && (lesson->fd = lesson_folder(lessons, strrchr(dir, '/') + 1, false)) < 0)
		ret = error_system(err, TROUBLE_NO_RUN_FOLDER, errno,
			_("The folder of the lesson cannot be opened"));
	file_shut(lessons);
	return ret;
}

/* A case that begins cut has its run inside the server's folder; here it goes where every lesson
 * has its runs. */
static int server_make(struct lesson *lesson, const struct training_case *training,
	struct error *err)
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

static int lesson_make(struct lesson *lesson, const struct lesson_request *request,
	struct error *err)
{
	struct training_case *training = NULL, *bound = NULL;
	int ret = case_find(lesson, request->name, &training, err), sys;

	if (ret == 0)
		ret = seat_name(lesson, request->seat, &lesson->seat, err);
	if (ret == 0)
		ret = case_bind(lesson, training, lesson->seed, &bound, err);
	if (ret != 0)
		return ret;
	lesson->bound = bound;
	lesson->name = training->name;
	lesson->own = training->text;
	ret = folder_fresh(lesson, err);
	if (ret == 0 && (sys = lesson_lock(lesson, true)) != 0)
		ret = error_system(err, TROUBLE_IO, sys, _("The lesson cannot be locked"));
	/* A teacher's text is kept, so that the lesson can be resumed when the file is gone or
	 * another. */
	if (ret == 0 && lesson->own)
		ret = lesson_file_write(lesson->fd, LESSON_CASE, training->text, training->text_len,
			err);
	if (ret == 0)
		ret = server_make(lesson, training, err);
	filetime_stamp(lesson->begun);
	/* Last: only a lesson that has its record is one. */
	return ret == 0 ? lesson_save(lesson, err) : ret;
}

int lesson_begin(TALLOC_CTX *mem, const char *place, const struct lesson_request *request,
	struct lesson **lesson, struct error *err)
{
	struct lesson *made = lesson_new(mem, place);
	int ret;

	if (!made)
		return error_memory(err);
	made->seed = request->seed;
	made->exam = request->exam;
	ret = lesson_make(made, request, err);
	if (ret == 0) {
		made->temporary = false;
		*lesson = made;
	} else {
		talloc_free(made);
	}
	return ret;
}

/* ---- resuming ---- */

/* What a lesson must be to be the one looked for. */
struct looked_for {
	char *name; /* NULL: any */
	bool own;
	char *seat;
};

static bool is_wanted(const struct lesson *lesson, const struct looked_for *wanted)
{
	return !lesson->ended && strcmp(lesson->seat, wanted->seat) == 0 &&
		(!wanted->name ||
			(strcmp(lesson->name, wanted->name) == 0 && lesson->own == wanted->own));
}

/* A folder below a lesson must be a folder: practice server and runs are opened by their names. */
static bool folders_stand(const struct lesson *lesson)
{
	int server = lesson_folder(lesson->fd, "server", false),
	    runs = lesson_folder(lesson->fd, "runs", false);

	file_shut(server);
	file_shut(runs);
	return server >= 0 && runs >= 0;
}

/* The one in a folder, its record read; locked: taken in hand before that, when nobody else can
 * change it. NULL if there is none. */
static struct lesson *lesson_open(TALLOC_CTX *mem, const char *place, int lessons,
	const char *folder, bool locked)
{
	struct lesson *lesson = lesson_new(mem, place);
	char *dir =
		lesson ? talloc_asprintf(lesson, "%s/" LESSONS_FOLDER "/%s", place, folder) : NULL;

	if (dir && lesson_folders(lesson, dir) &&
		(lesson->fd = lesson_folder(lessons, folder, false)) >= 0 &&
		(!locked || lesson_lock(lesson, false) == 0) && lesson_load(lesson))
		return lesson;
	talloc_free(lesson);
	return NULL;
}

/* Only a lesson of the seat is locked: others may want theirs at this moment. */
static struct lesson *lesson_take(TALLOC_CTX *mem, const char *place, int lessons,
	const char *folder, const struct looked_for *wanted)
{
	struct lesson *lesson = lesson_open(mem, place, lessons, folder, false);
	const bool ours = lesson && is_wanted(lesson, wanted);

	talloc_free(lesson);
	lesson = ours ? lesson_open(mem, place, lessons, folder, true) : NULL;
	if (lesson && is_wanted(lesson, wanted) && folders_stand(lesson) && lesson_bind(lesson))
		return lesson;
	talloc_free(lesson);
	return NULL;
}

/* By the making of the lock, which is finer than the record's seconds. */
static bool is_newer(const struct lesson *lesson, const struct lesson *other)
{
	struct stat a, b;

	if (fstat(lesson->lock, &a) != 0 || fstat(other->lock, &b) != 0)
		return false;
	return a.st_mtim.tv_sec != b.st_mtim.tv_sec ? a.st_mtim.tv_sec > b.st_mtim.tv_sec
						    : a.st_mtim.tv_nsec > b.st_mtim.tv_nsec;
}

static struct lesson *lesson_newest(TALLOC_CTX *mem, const char *place,
	const struct looked_for *wanted)
{
	DIR *dir = lesson_listing(place, LESSONS_FOLDER);
	struct lesson *newest = NULL;
	struct dirent *entry;

	for (size_t seen = 0; dir && (entry = readdir(dir)) && seen < LESSON_FOLDERS_LIMIT;
		seen++) {
		struct lesson *lesson = *entry->d_name != '.'
			? lesson_take(mem, place, dirfd(dir), entry->d_name, wanted)
			: NULL;

		if (lesson && newest && !is_newer(lesson, newest)) {
			talloc_free(lesson);
		} else if (lesson) {
			talloc_free(newest);
			newest = lesson;
		}
	}
	if (dir)
		closedir(dir);
	return newest;
}

int lesson_again(TALLOC_CTX *mem, const char *place, const char *name, const char *seat,
	struct lesson **lesson, struct error *err)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	struct looked_for wanted = { .own = name && strchr(name, '/') };
	struct training_case *training = NULL;
	int ret = seat_name(tmp, seat, &wanted.seat, err);

	*lesson = NULL;
	if (ret == 0 && name)
		ret = case_find(tmp, name, &training, err);
	if (ret == 0) {
		wanted.name = training ? training->name : NULL;
		*lesson = lesson_newest(mem, place, &wanted);
	}
	talloc_free(tmp);
	return ret;
}

/* One of the seat that nobody has in hand; what is no lesson is left alone. */
static bool lesson_clear(const char *place, int lessons, const char *folder, const char *seat)
{
	struct lesson *lesson = lesson_open(NULL, place, lessons, folder, true);
	const bool ours = lesson && strcmp(lesson->seat, seat) == 0;

	if (ours)
		lesson->temporary = true;
	talloc_free(lesson);
	return ours;
}

void lessons_clear(const char *place, const char *seat, size_t *removed)
{
	DIR *dir = lesson_listing(place, LESSONS_FOLDER);
	struct dirent *entry;

	while (dir && (entry = readdir(dir)))
		*removed += *entry->d_name != '.' &&
			lesson_clear(place, dirfd(dir), entry->d_name, seat);
	if (dir)
		closedir(dir);
}

/* ---- what it is ---- */

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
		return error_set(err, TROUBLE_USAGE,
			_("The question of this case has no such answer."));
	lesson->chosen = (int)choice;
	ret = lesson_save(lesson, err);
	if (ret != 0)
		lesson->chosen = before;
	return ret;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lessons one after the other: begun, resumed, ended; and the order of an exam. */
#include "ui/guide/train.h"

#include <sys/random.h>
#include <unistd.h>

#include "base/i18n.h"
#include "ui/reach.h"

enum { SEED_MOST = 1000000 /* a seed that can be read out and typed */ };

static uint64_t seed_new(void)
{
	uint64_t seed;

	if (getrandom(&seed, sizeof seed, 0) != (ssize_t)sizeof seed)
		seed = (uint64_t)time(NULL) ^ (uint64_t)getpid() << 16;
	return seed % SEED_MOST + 1;
}

/* The lesson that this seat has left, of that case or of any (NULL); *left stays NULL if it is not
 * of the exam, or has another seed than is wanted. */
static int lesson_left(struct guide *guide, const char *name, struct lesson **left)
{
	struct training *training = guide->training;
	bool exam = training->exam, seeded = exam || (name && guide->given->has_seed);
	uint64_t seed = exam ? training->exam_seed : guide->given->seed;
	int ret =
		lesson_again(training, training->place, name, training->seat, left, &guide->error);

	if (ret == 0 && *left &&
		((*left)->exam != exam || (seeded && (*left)->bound->seed != seed)))
		TALLOC_FREE(*left);
	return ret;
}

/* What is known of this seat: results, and a lesson that was left. Neither is needed to learn. */
static void seat_survey(struct guide *guide)
{
	struct training *training = guide->training;
	char *folder = training_results(guide->page, training->place);
	struct error err;
	size_t odd;

	TALLOC_FREE(training->results);
	if (results_read(training, folder, &training->results, &training->result_count, &odd,
		    &err) != 0)
		training->result_count = 0;
	TALLOC_FREE(training->left);
	if (!training->exam && lesson_left(guide, NULL, &training->left) != 0)
		training->left = NULL;
}

/* From here on the walk's server is the lesson's. */
static void lesson_take(struct guide *guide, struct lesson *lesson)
{
	struct training *training = guide->training;

	guide_forget(guide);
	training->lesson = talloc_steal(training, lesson);
	training->begun = time(NULL);
	guide->options = (struct options){ .practice = true,
		.practice_case = lesson->server,
		.runs = lesson->runs,
		.plain = guide->given->plain,
		.command = guide->given->command };
	talloc_free(guide->operator_name);
	guide->operator_name = talloc_strdup(guide,
		guide->given->operator_name ? guide->given->operator_name : training->seat);
	guide_jump(guide, PAGE_LESSON);
}

/* Puts away the lesson in hand, ended or not. */
static void lesson_put_away(struct guide *guide)
{
	struct training *training = guide->training;

	guide_forget(guide);
	TALLOC_FREE(training->name);
	TALLOC_FREE(training->lesson);
	training->facts = NULL;
	training->said = NULL;
	training->told = NULL;
	training->score = NULL;
	guide->options = *guide->given;
}

static int job_lesson(struct guide *guide)
{
	struct training *training = guide->training;

	return lesson_begin(training, training->place, &training->request, &training->lesson,
		&guide->error);
}

static void begin(struct guide *guide, const char *name, uint64_t seed)
{
	struct training *training = guide->training;
	char *own = talloc_strdup(training, name);

	lesson_put_away(guide);
	training->name = own;
	training->request = (struct lesson_request){ own, seed, training->seat, training->exam };
	if (guide_work(guide, _("Making the practice server"), job_lesson)) {
		lesson_take(guide, training->lesson);
		return;
	}
	training->lesson = NULL;
	guide_jump(guide, training->exam ? PAGE_EXAM : PAGE_TRAIN);
}

void train_begin(struct guide *guide, const char *name)
{
	const struct training *training = guide->training;

	begin(guide, name,
		training->exam                   ? training->exam_seed
			: guide->given->has_seed ? guide->given->seed
						 : seed_new());
}

void train_again(struct guide *guide)
{
	const struct training *training = guide->training;

	begin(guide, training->name ? training->name : training->lesson->bound->name, seed_new());
}

void train_resume(struct guide *guide)
{
	struct lesson *left = guide->training->left;

	guide->training->left = NULL;
	if (left)
		lesson_take(guide, left);
}

/* ---- the end ---- */

static int run_newest(struct guide *guide, struct runfolder **run)
{
	const char *runs = guide->training->lesson->runs;
	struct run_summary *list;
	size_t count;
	int ret = runs_list(guide->page, runs, &list, &count, &guide->error);

	*run = NULL;
	return ret != 0 || count == 0
		? ret
		: runfolder_open(guide->page, runs, list[0].name, false, run, &guide->error);
}

static int job_end(struct guide *guide)
{
	struct training *training = guide->training;
	struct runfolder *run;
	int ret = 0;

	training->told = coach_told(guide, training->lesson);
	if (guide->engine)
		run = engine_runfolder(guide->engine);
	else
		ret = run_newest(guide, &run);
	return ret != 0 ? ret
			: lesson_end(training->lesson, training->lesson, guide->server, run,
				  &training->score, &guide->error);
}

void train_score(struct guide *guide)
{
	if (!guide_work(guide, _("Checking the result"), job_end))
		return;
	guide_forget(guide);
	guide_jump(guide, PAGE_DEBRIEF);
	if (!guide->training->exam)
		return;
	guide_say(guide, _("The case is ended, and noted."));
	train_list(guide);
}

void train_end(struct guide *guide)
{
	struct lesson *lesson = guide->training->lesson;

	if (lesson->bound->ask && lesson->chosen < 0 && guide->at != PAGE_ASK)
		guide_go(guide, PAGE_ASK);
	else
		train_score(guide);
}

void train_list(struct guide *guide)
{
	lesson_put_away(guide);
	seat_survey(guide);
	guide_jump(guide, guide->training->exam ? PAGE_EXAM : PAGE_TRAIN);
}

/* ---- an exam ---- */

/* One that was left in the middle is resumed; the cases already ended stay ended. */
static int exam_open(struct guide *guide)
{
	struct training *training = guide->training;
	struct lesson *left = NULL;
	int ret;

	training->exam_count = (size_t)guide->given->exam;
	ret = exam_cases(training, guide->given->seed, training->seat, training->exam_count,
		&training->exam, &guide->error);
	if (ret != 0)
		return ret;
	training->exam_seed = seat_seed(guide->given->seed, training->seat);
	seat_survey(guide);
	guide_jump(guide, PAGE_EXAM);
	for (size_t i = 0; ret == 0 && !left && i < training->exam_count; i++)
		ret = lesson_left(guide, training->exam[i], &left);
	if (ret == 0 && left)
		lesson_take(guide, left);
	return ret;
}

/* A case named on the command line: resumed if it was left, unless another seed is wanted. */
static int case_open(struct guide *guide)
{
	const char *name = guide->given->train_case;
	struct lesson *left = NULL;
	int ret = lesson_left(guide, name, &left);

	if (ret == 0 && left) {
		lesson_take(guide, left);
		guide_say(guide, _("This lesson was begun earlier; it is resumed."));
	} else if (ret == 0) {
		train_begin(guide, name);
	}
	return ret;
}

void train_open(struct guide *guide)
{
	struct training *training = guide->training;
	char *runs;
	int ret = reach_runs(training, guide->given, &runs, &guide->error);

	if (ret == 0)
		ret = training_place(training, runs, &training->place, &guide->error);
	if (ret == 0 && guide->given->exam > 0)
		ret = exam_open(guide);
	else if (ret == 0 && guide->given->train_case)
		ret = case_open(guide);
	if (ret == 0 && !training->lesson && !training->exam)
		seat_survey(guide);
	if (ret != 0)
		guide_trouble(guide);
}

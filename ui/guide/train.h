/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The training ground in the walk: which lesson is in hand, what comes after it, and what the coach
 * says on the ordinary pages. A lesson's server is walked by the pages of any other server; only
 * guide->options lead to it.
 */
#ifndef GUIDE_TRAIN_H
#define GUIDE_TRAIN_H

#include <time.h>

#include "training/classroom.h"
#include "ui/guide/state.h"

struct training {
	char *place;
	char *seat;
	struct result *results; /* of this seat and others, as far as they can be read */
	size_t result_count;
	struct lesson *left; /* begun earlier and not ended: offered on the list */

	struct lesson_request request; /* the lesson to be begun by the job */
	char *name; /* of the case as it was asked for; NULL of a lesson that was resumed */
	struct lesson *lesson; /* in hand until its debrief is left; owns all that follows */
	time_t begun;
	struct mark_rows *facts;  /* of the page "marks"; NULL before they were looked for */
	enum page_id after_marks; /* where the walk would have gone */
	char *said;               /* what the coach says once, in answer to the last reply */
	const char *const *told;  /* once it is ended: what wrong decisions led to */
	struct score *score;      /* once it is ended */

	const char *const *exam; /* names of its cases; NULL outside exams */
	size_t exam_count;
	uint64_t exam_seed; /* of this seat */
};

/* train.c */
/* The place, the results; and the lesson or exam named on the command line. Trouble is shown on the
 * first page. */
void train_open(struct guide *guide);
/* Begins one, or resumes the one left; then its page comes. A failure is shown on the page in
 * hand. */
void train_begin(struct guide *guide, const char *name);
void train_resume(struct guide *guide);
void train_again(struct guide *guide);
/* The end of the lesson: first its question, if it has one that was not answered yet. */
void train_end(struct guide *guide);
void train_score(struct guide *guide);
/* The list of cases again; in an exam the list of its cases. */
void train_list(struct guide *guide);

/* seat.c */
/* A lesson is in hand and not ended. coach_speaks: and it is no exam. */
bool coach_on(const struct guide *guide);
bool coach_speaks(const struct guide *guide);
void coach_say(struct guide *guide, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* What wrong decisions lead to, NULL-ended; empty in exams and before carrying out. */
const char *const *coach_told(struct guide *guide, TALLOC_CTX *mem);
/* The result of a case of the exam, NULL while it is not ended; how many are, one after the
 * other. */
const struct result *exam_result(const struct training *training, const char *name);
size_t exam_done(const struct training *training);
int train_exit(const struct guide *guide);

/* marks.c: levels 2 and 3 and exams, what looks wrong is said before the diagnosis is shown */
/* Where that is so, the walk that has just reached the diagnosis (or an unfinished run) is taken to
 * that page. */
void marks_enter(struct guide *guide);
void marks_open(struct guide *guide);
/* ... and back to where it was. */
void marks_leave(struct guide *guide);

/* propose.c: levels 2 and 3, the value is proposed before it is shown */
bool propose_wanted(const struct guide *guide, const struct finding *finding);
/* What was proposed last, in the place of what the program would write. */
void propose_detail(struct guide *guide, struct page *page, struct row *row,
	const struct finding *finding);
void propose_question(struct guide *guide, struct page *page);
bool propose_reply(struct guide *guide, const struct input *input);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A lesson: one trainee at one case. Its folder holds the practice server, its runs, and
 * lesson.json with what the journal of a run does not know: who sits there, which tips were taken,
 * what was proposed, which answer was given. It is written (0600, renamed into place) before a tip
 * is shown, so that looking and breaking off costs what it costs. A lesson can be left and resumed.
 *
 *   <place>/lessons/<case>-<seed>-XXXXXX/{lesson.json, lock, server/{C,E,practice.json}, runs/}
 *   <place>/results/<seat>-<case>-<seed>-<time>.json     (score_json of an ended lesson)
 *
 * place is training_place(): "training" below the place of runs; no run of a real server is ever in
 * it, and nothing here opens a folder outside it.
 */
#ifndef TRAINING_LESSON_H
#define TRAINING_LESSON_H

#include "base/filetime.h"
#include "repair/finding.h"
#include "training/marks.h"
#include "training/score.h"

enum lesson_verdict {
	LESSON_RIGHT,
	LESSON_TYPE_ONLY_PART,
	LESSON_WRONG_PATH,
	LESSON_TOUCHED_MORE,
	LESSON_NOT_CHANGED
};

/* A tip that was taken: its words as they were, for the finding may look different later. */
struct lesson_taken {
	char *id, *text;
};

struct lesson_proposal {
	char *id, *text;
	enum lesson_verdict verdict;
};

/* What the trainee said of a row before the diagnosis was shown. */
enum mark_says { SAYS_NOTHING, SAYS_WRONG, SAYS_RIGHT, SAYS_UNSURE };
/* What came of it, once all is said. */
enum mark_outcome {
	OUTCOME_OPEN,
	OUTCOME_MET, /* right said to be right; wrong to be wrong, for a good reason */
	OUTCOME_MISSED,
	OUTCOME_FALSE,
	OUTCOME_OTHER_REASON,
	OUTCOME_EITHER /* not counted */
};

struct lesson_mark {
	char *id, *subject;
	enum mark_says says;
	enum mark_reason reason; /* of SAYS_WRONG; else REASON_NONE */
	enum mark_outcome outcome;
};

/* For reading: only the functions below change it. */
struct lesson {
	char *place, *dir, *server, *runs; /* server: for practice_open */
	int fd, lock;                      /* the folder, and the lock in it; -1: not open */
	const struct training_case *bound;
	bool own; /* the case is a teacher's, its text lies in the folder */
	char *name, *seat;
	char begun[FILETIME_STAMP];
	uint64_t seed;
	bool exam, ended, temporary; /* temporary: the folder goes with the lesson */
	struct lesson_taken *tips;
	size_t tip_count;
	struct lesson_proposal *proposals;
	size_t proposal_count;
	int chosen; /* of the answers to the question of the case; -1: none */
	struct lesson_mark *marks;
	size_t mark_count;
	bool marked; /* all is said; nothing of it can be said otherwise from now on */
};

/* "training" below runs (of runs_place); made 0700 where it is missing. Owned by mem. */
int training_place(TALLOC_CTX *mem, const char *runs, char **place, struct error *err);
/* Only its name, nothing is made; and the folder of results below a place. NULL for want of
 * memory. */
char *training_place_name(TALLOC_CTX *mem, const char *runs);
char *training_results(TALLOC_CTX *mem, const char *place);

/* The name of a seat, checked: 1 to 40 characters that can be shown; NULL: the login name. Owned by
 * mem. TROUBLE_USAGE. */
int seat_name(TALLOC_CTX *mem, const char *seat, char **name, struct error *err);

struct lesson_request {
	const char *name; /* of a case, or a teacher's file (with a '/') */
	uint64_t seed;    /* below 2^63 */
	/* who sits there: for the result, shown, 1 to 40 characters; NULL: the login name */
	const char *seat;
	bool exam; /* no tips, and no word about right or wrong before the end */
};
/* Builds the server in a fresh folder of place, and takes its lock. Freed: the lock goes; the
 * folder stays until it is ended. */
int lesson_begin(TALLOC_CTX *mem, const char *place, const struct lesson_request *request,
	struct lesson **lesson, struct error *err);
/* The newest lesson of this seat (and case, unless NULL) that was begun and not ended: *lesson
 * stays NULL if there is none. One that another process has in hand is passed over. */
int lesson_again(TALLOC_CTX *mem, const char *place, const char *name, const char *seat,
	struct lesson **lesson, struct error *err);

/* 100 less the tips so far: what can still be had */
int lesson_points(const struct lesson *lesson);

/* ---- tips: where to look, what is wrong, the answer ---- */

/* Of the case's own file; where it has none for this finding, made of the finding itself (its step,
 * its state, its after). finding NULL: about the case. How many there are, and how many were
 * taken. */
size_t lesson_tips(const struct lesson *lesson, const struct finding *finding, size_t *taken);
/* Takes the next one and records it first. TROUBLE_USAGE if there is none left, and in an exam. */
int lesson_tip(struct lesson *lesson, const struct finding *finding, struct error *err);
/* A tip that was taken; safe to show, owned by mem. */
const char *lesson_tip_text(TALLOC_CTX *mem, const struct lesson *lesson,
	const struct finding *finding, size_t stage);

/* ---- marking first (levels 2 and 3, and in exams): what looks wrong, and why ---- */

/* Whether the diagnosis is still to be withheld. */
bool lesson_marks_first(const struct lesson *lesson);
/* What was said of a row last; NULL: nothing yet. */
const struct lesson_mark *lesson_marked(const struct lesson *lesson, const char *id);
/* Says it, and records it. SAYS_WRONG wants one of the reasons of the row's kind: TROUBLE_USAGE;
 * so is saying anything once all is said. */
int lesson_mark(struct lesson *lesson, const struct mark_row *row, enum mark_says says,
	enum mark_reason reason, struct error *err);
/* All is said: what is so is recorded beside it, before anybody is shown it. */
int lesson_marks_end(struct lesson *lesson, const struct mark_rows *rows, struct error *err);
/* "wrong", "right", "unsure"; "": nothing. Record and ids, never translated. */
const char *mark_says_name(enum mark_says says);
/* Added up; for the score as well. */
struct score_marks lesson_marks_sum(const struct lesson *lesson);

/* ---- proposing first (levels 2 and 3) ---- */

/* Whether the value this finding wants is still hidden: nothing proposed that was right, and the
 * last tip not taken. In an exam: nothing proposed. */
bool lesson_hides(const struct lesson *lesson, const struct finding *finding);
/* What was proposed for it last; NULL: nothing yet. */
const char *lesson_proposed(const struct lesson *lesson, const struct finding *finding);
/* Records a proposal for a registry value and says what is to be thought of it: *remark, one or two
 * sentences for a person (in an exam only that it is noted). Nothing is lost by a wrong one: the
 * state of the server counts. */
int lesson_propose(struct lesson *lesson, const struct finding *finding, const char *text,
	enum lesson_verdict *verdict, const char **remark, struct error *err);

/* ---- the question of the case, consequences, the end ---- */

int lesson_choose(struct lesson *lesson, size_t choice, struct error *err);

/* What wrong decisions lead to on this server as it stands now (after carrying out): each a fault's
 * consequence, the service and the event it logs. NULL-ended, owned by mem; empty in an exam.
 * server NULL: it is opened for this; run as in score_make. */
int lesson_consequences(TALLOC_CTX *mem, struct lesson *lesson, struct server *server,
	struct runfolder *run, const char *const **told, struct error *err);

/* Scores what stands, writes the result below place, and removes the lesson's folder when the
 * lesson is freed. server and run as above. */
int lesson_end(TALLOC_CTX *mem, struct lesson *lesson, struct server *server, struct runfolder *run,
	struct score **score, struct error *err);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TRAINING_SCORE_INTERNAL_H
#define TRAINING_SCORE_INTERNAL_H

#include "record/journal.h"
#include "repair/survey.h"
#include "training/score.h"

/* What the judges look at. */
struct judge {
	const struct training_case *training;
	struct score *score;
	TALLOC_CTX *tmp;
	struct error *err;
	struct server *before_server, *server; /* the beginning, built again; now. NULL: cannot be opened */
	const struct survey *before, *now;     /* NULL: cannot be surveyed */
	const struct journal *journal;         /* NULL: nothing was begun */
	int status;
};

/* One loss; points 0 is none. reason is printf's. */
void judge_lose(struct judge *judge, const char *id, int points, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/* The fault of the last loss: the one that explains id; NULL where nothing came of it. */
void judge_explain(struct judge *judge, const char *id);

/* score_fault.c: the fault of the case whose consequence explains a loss about id, or NULL. */
const struct fault *loss_fault(const struct training_case *training, const char *id);

/* score_rows.c: the rows of the survey against the case's table. */
void judge_rows(struct judge *judge);
/* score_strays.c: everything else on the disks and in the registry is as it was. */
void judge_strays(struct judge *judge);

#endif

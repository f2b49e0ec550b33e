/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TRAINING_SCORE_INTERNAL_H
#define TRAINING_SCORE_INTERNAL_H

#include "record/journal.h"
#include "repair/survey.h"
#include "server/copy.h"
#include "training/score.h"

/* What the judges look at. */
struct judge {
	const struct training_case *training;
	struct score *score;
	TALLOC_CTX *tmp;
	struct error *err;
	/* the beginning, built again; now. NULL: cannot be opened */
	struct server *before_server, *server;
	const struct survey *before, *now; /* NULL: cannot be surveyed */
	const struct journal *journal;     /* NULL: nothing was begun */
	int status;
};

/* score_loss.c: one loss; points 0 is none. cause: the fault that explains this id explains it;
 * NULL: nothing came of it. reason is printf's. */
void judge_lose(struct judge *judge, const char *id, const char *cause, int points,
	const char *format, ...) __attribute__((format(printf, 5, 6)));

/* score_rows.c: the rows of the survey against the case's table. */
void judge_rows(struct judge *judge);
/* score_strays.c: everything else on the disks and in the registry is as it was. */
void judge_strays(struct judge *judge);
/* score_mail.c: whether a file is other than it was (NULL: not there) because mail moved. */
bool judge_mail_moved(struct judge *judge, const char *path, const struct copy_item *before,
	const struct copy_item *now);

#endif

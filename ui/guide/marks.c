/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The way to the page "marks", and on from it. */
#include "base/i18n.h"
#include "ui/guide/train.h"

static int job_facts(struct guide *guide)
{
	struct training *training = guide->training;

	TALLOC_FREE(training->facts);
	return marks_facts(training->lesson, guide->server, guide->survey, &training->facts,
		&guide->error);
}

void marks_open(struct guide *guide)
{
	guide_work(guide, _("Looking at the server. Nothing is changed."), job_facts);
}

void marks_enter(struct guide *guide)
{
	struct training *training = guide->training;

	if (!coach_on(guide) || !guide->survey || !lesson_marks_first(training->lesson) ||
		(guide->at != PAGE_DIAGNOSIS && guide->at != PAGE_UNFINISHED))
		return;
	training->after_marks = guide->at;
	marks_open(guide);
	guide->at = PAGE_MARKS;
}

void marks_leave(struct guide *guide)
{
	/* In an exam there is nothing to come back to. */
	if (guide->training->lesson->exam)
		guide->at = guide->training->after_marks;
	else
		guide_go(guide, guide->training->after_marks);
}

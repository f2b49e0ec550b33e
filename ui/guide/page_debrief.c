/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The end of a lesson: points, and for each one lost the reason. In an exam only once it is
 * over. */
#include <string.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "ui/guide/train.h"

static const struct column columns[] = {
	{ N_("Points"), 6, CUT_NEVER, false },
	{ N_("What for"), 66, CUT_END, false },
};

static void rows(struct page *page, const struct score *score)
{
	page_columns(page, columns, ARRAY_SIZE(columns));
	for (size_t i = 0; i < score->count; i++) {
		const struct loss *loss = &score->losses[i];
		struct row *row = page_row(page, loss->id, page_text(page, "-%d", loss->points),
			loss->reason, NULL);

		/* What is about no row of the server has an id for programs only. */
		if (strchr(loss->id, '/'))
			row_detail(page, row, DETAIL_TEXT, _("about"),
				finding_id_shown(page, loss->id));
		row_detail(page, row, DETAIL_TEXT, _("lost for"), loss->reason);
		if (!loss->fault)
			continue;
		if (loss->fault->consequence)
			row_detail(page, row, DETAIL_TEXT, _("leads to"),
				_(loss->fault->consequence));
		row_detail(page, row, DETAIL_TEXT, _("right"), _(loss->fault->right));
		row_detail(page, row, DETAIL_TEXT, _("fault"), _(loss->fault->title));
		row_detail(page, row, DETAIL_TEXT, _("cause"),
			page_text(page, "%s (%s)", _(loss->fault->cause), loss->fault->source));
	}
}

static const char *verdict(const struct score *score)
{
	if (score->failed)
		return _("NOT PASSED: something was done that must never be done.");
	return score->passed ? _("Passed.") : _("NOT PASSED.");
}

/* Where the program must refuse there is nothing to change. */
static const char *changed(const struct training_case *training, const struct score *score)
{
	if (case_refuses(training))
		return _("Nothing was to be changed.");
	return score->repaired ? _("All is changed that the case wants changed.")
			       : _("Not all is changed that the case wants changed.");
}

/* The next case of the same teaching order, NULL behind the last. */
static const char *next_case(const struct guide *guide)
{
	size_t count;
	const struct case_name *names = cases(&count),
			       *at = case_named(guide->training->lesson->bound->name);

	return at && at + 1 < names + count ? at[1].name : NULL;
}

static void make(struct guide *guide, struct page *page)
{
	const struct score *score = guide->training->score;
	const struct training_case *training = guide->training->lesson->bound;

	page->title = page_text(page, _("Debrief: %s"), text_shown(page, training->title));
	page_lead(page, _("%d of %d points. %s\n"), score->points, SCORE_FULL, verdict(score));
	page_lead(page, _("Level %d, seed %llu. %s\n"), training->level,
		(unsigned long long)training->seed, changed(training, score));
	rows(page, score);
	if (score->count == 0)
		page_tail(page, "%s\n", _("Nothing was lost."));
	for (const char *const *told = guide->training->told; told && *told; told++)
		page_tail(page, _("What it leads to: %s\n"), text_shown(page, *told));
	page->why = _(
		"Points come from the state of the server and from the journal, by the same checks as in a real repair. Nothing is given for pressing "
		"keys.\n");
	if (next_case(guide))
		page_action(page, WORD_NEXT, _("Next case"), 'c', ACTION_FORWARD);
	page_action(page, WORD_AGAIN, _("Try again, another seed"), 'a', ACTION_OTHER);
	page_action(page, WORD_READ, _("Read all of it"), 'i', ACTION_OTHER);
	page_action(page, WORD_LIST, _("All cases"), 'v', ACTION_OTHER);
	page_action(page, WORD_QUIT, _("Quit"), 'x', ACTION_LEAVE);
}

static void reply(struct guide *guide, const struct input *input)
{
	if (input->action == WORD_NEXT && next_case(guide))
		train_begin(guide, next_case(guide));
	if (input->action == WORD_AGAIN)
		train_again(guide);
	if (input->action == WORD_LIST)
		train_list(guide);
	if (input->action == WORD_READ)
		guide_read(guide, _("Debrief"),
			score_text(guide->page, guide->training->lesson->bound,
				guide->training->score));
}

const struct guide_page page_debrief = { .make = make, .reply = reply };

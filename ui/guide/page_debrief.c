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
	{ N_("What"), 18, CUT_MIDDLE, true },
	{ N_("What for"), 66, CUT_END, false },
};

/* What is not lost needs no reason; it comes first. */
static void rows_got(struct page *page, const struct score *score)
{
	page_row(page, NULL, page_text(page, "+%d", score->points), "",
		score->count == 0 ? _("Nothing was lost.") : _("All else is as the case wants it."),
		NULL)
		->tones[0] = TONE_RIGHT;
	if (score->tips == 0)
		page_row(page, NULL, "0", "", _("No tips were taken."), NULL);
}

static void rows(struct page *page, const struct score *score)
{
	page_columns(page, columns, ARRAY_SIZE(columns));
	rows_got(page, score);
	/* The first loss is what is to be read. */
	if (score->count > 0 && page->cursor < page->row_count)
		page->cursor = page->row_count;
	for (size_t i = 0; i < score->count; i++) {
		const struct loss *loss = &score->losses[i];
		/* What is about no row of the server has an id for programs only. */
		const char *about = strchr(loss->id, '/') ? finding_id_shown(page, loss->id) : NULL;
		struct row *row = page_row(page, loss->id, page_text(page, "-%d", loss->points),
			about ? about : "", loss->reason, NULL);

		row->tones[0] = TONE_OPEN;
		row->subject = about ? text_shown(page, loss->id) : NULL;
		row->type = loss->fault ? _(loss->fault->title) : NULL;

		if (about)
			row_detail(page, row, DETAIL_TEXT, _("about"), about);
		row_detail(page, row, DETAIL_TEXT, _("lost for"), loss->reason);
		if (!loss->fault)
			continue;
		if (loss->fault->consequence)
			row_detail(page, row, DETAIL_TEXT, _("leads to"),
				_(loss->fault->consequence));
		row_detail(page, row, DETAIL_TEXT, C_("what would be", "right"),
			_(loss->fault->right));
		row_detail(page, row, DETAIL_TEXT, _("fault"), _(loss->fault->title));
		row_detail(page, row, DETAIL_TEXT, _("cause"),
			page_text(page, "%s (%s)", _(loss->fault->cause), loss->fault->source));
	}
}

static void verdict(struct page *page, const struct score *score)
{
	struct points *points = talloc(page, struct points);

	if (points)
		*points = (struct points){ score->points, SCORE_FULL, SCORE_PASS };
	page->points = points;
	page->verdict = score->passed ? (struct told){ _("PASSED"), TONE_GOOD }
				      : (struct told){ _("NOT PASSED"), TONE_DANGER };
	if (score->failed)
		page_lead(page, "%s\n", _("Something was done that must never be done."));
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

static void actions(const struct guide *guide, struct page *page)
{
	bool passed = guide->training->score->passed;
	struct action *action;

	if (next_case(guide)) {
		action = page_action(page, WORD_NEXT, _("Take the next case"), 'c', ACTION_FORWARD);
		action->brief = C_("a case", "Next");
		action->hint = _("The next case of the same order, on a new server.");
		action->focused = passed;
	}
	action = page_action(page, WORD_AGAIN, _("Try again, another seed"), 't', ACTION_OTHER);
	action->brief = _("Again");
	action->hint = _("The same faults on a new server.");
	action->focused = !passed || !next_case(guide);
	action = page_action(page, WORD_READ, _("Read all of it"), 'i', ACTION_OTHER);
	action->brief = _("Read");
	action->hint = _("Every point with what was done, what is right, and why.");
	action = page_action(page, WORD_LIST, _("List the cases"), 'v', ACTION_OTHER);
	action->brief = _("List");
	action->hint = _("The list of cases, with the best result of each.");
	page_action(page, WORD_QUIT, _("Quit"), 'x', ACTION_LEAVE)->hint =
		_("Leaves. The result is noted.");
}

static void make(struct guide *guide, struct page *page)
{
	const struct score *score = guide->training->score;
	const struct training_case *training = guide->training->lesson->bound;

	page->title = page_text(page, _("Debrief: %s"), text_shown(page, training->title));
	verdict(page, score);
	page_lead(page, _("Level %d, seed %llu. %s\n"), training->level,
		(unsigned long long)training->seed, changed(training, score));
	rows(page, score);
	for (const char *const *told = guide->training->told; told && *told; told++)
		page_tail(page, _("What it leads to: %s\n"), text_shown(page, *told));
	page->why = _(
		"Points come from the state of the server and from the journal, by the same checks as in a real repair. Nothing is given for pressing "
		"keys.\n");
	actions(guide, page);
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

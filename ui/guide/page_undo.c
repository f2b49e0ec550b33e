/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Putting back: what it would do, then the question. */
#include <string.h>

#include "base/i18n.h"
#include "ui/guide/state.h"

static void make(struct guide *guide, struct page *page)
{
	struct question *question = page_confirm(page, QUESTION_UNDO_WRITE,
		_("Put all of this back?"),
		_("The server will be as it was before the repair: broken, as the service pack left it. The "
		  "backup of step 1 stays.\n"));

	question_answer(page, question, WORD_KEEP, _("Keep the repair"), 'n', true);
	question_answer(page, question, WORD_UNDO, _("Put it back"), 0, false);
	page->title = _("Undo");
	page_lead(page, "%s\n", _("This would be put back, the last step first:"));
	page_lead(page, "%s", guide->undo_text ? guide->undo_text : "");
	page->why = _(
		"Undo puts back the saved files and the registry as they were. A change that someone else has "
		"altered since is not "
		"touched: both values are shown instead.\n");
	page_action(page, WORD_KEEP, _("Keep the repair"), 'c', ACTION_BACK);
	page_action(page, WORD_UNDO, _("Put all back"), 0, ACTION_OTHER)->ask = question;
	page_action(page, WORD_READ, _("Read all of it"), 'i', ACTION_OTHER);
}

static void undone(struct guide *guide)
{
	bool nothing = guide->stage == RUN_DECIDING && guide->status;
	const char *notes = strstr(guide->undo_text, "\n\n");

	run_forget(guide);
	if (!guide_work(guide, _("Checking again"), job_survey))
		return;
	guide_say(guide, "%s%s",
		nothing ? _("The run is ended. It had changed nothing.")
			: _("All of it is put back and verified. The server is as it was before the repair."),
		notes ? notes : "");
	guide_jump(guide, PAGE_DIAGNOSIS);
}

static void reply(struct guide *guide, const struct input *input)
{
	if (input->action == WORD_KEEP)
		guide->at = guide->back_count > 0 ? guide->back[--guide->back_count] : PAGE_REPORT;
	if (input->action == WORD_READ)
		guide_read(guide, _("Undo"), guide->undo_text);
	if (input->answer != WORD_UNDO)
		return;
	if (guide_work(guide, _("Putting back"), job_undo))
		undone(guide);
	else
		/* The record was let go of; where it stands now is told by the page it is opened
		 * from. */
		guide_jump(guide,
			run_take(guide, guide->resume) == 0 ? PAGE_UNFINISHED : PAGE_DIAGNOSIS);
}

const struct guide_page page_undo = { .make = make, .reply = reply };

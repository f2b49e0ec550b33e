/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A server that is off has to be started before mail can flow: instructions to carry there, and the
 * way to step 5. */
#include "base/i18n.h"
#include "base/text.h"
#include "ui/guide/state.h"

static void make(struct guide *guide, struct page *page)
{
	struct action *action;

	page->title = _("Now start the server");
	page_lead(page, "%s", guide->pause_text);
	if (guide->server->overlay)
		page_tail(page, "%s\n",
			_("Leave this program before you start the machine: it has the image open."));
	page_tail(page, _("The same to take along: %s\n"),
		text_shown(page,
			page_text(page, "%s/next.txt",
				runfolder_dir(engine_runfolder(guide->engine)))));
	page->why = _(
		"Steps 5 and 6 need a server that runs: only then can mail be seen to flow, and only then may the old folder go. The run "
		"is on record and waits.\n");
	page->copied = true;
	action = page_action(page, WORD_MAIL, _("Go on to step 5"), 'c', ACTION_FORWARD);
	action->brief = _("Step 5");
	action->hint = _("To step 5, if the server runs by now. Nothing is written.");
	action = page_action(page, WORD_LEAVE, _("Leave and resume later"), 'x', ACTION_LEAVE);
	action->brief = _("Leave");
	action->hint =
		_("Leaves the program. The run is paused; the command to resume it is printed.");
	/* Who presses Enter once too often does not leave before it was read. */
	action = page_action(page, WORD_READ, _("Read all of it"), 'i', ACTION_OTHER);
	action->brief = _("Read");
	action->focused = true;
	action->hint = _("Opens the instructions as a whole.");
}

static void reply(struct guide *guide, const struct input *input)
{
	if (input->action == WORD_MAIL &&
		guide_work(guide, _("Looking for mail. Nothing is changed."), job_mail))
		guide_go(guide, PAGE_MAIL);
	if (input->action == WORD_READ)
		guide_read(guide, _("What to do at the server"), guide->pause_text);
}

const struct guide_page page_pause = { .make = make, .reply = reply, .steps = true };

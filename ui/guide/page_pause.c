/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A server that is off has to be started before mail can flow: instructions to carry there, and the
 * way to step 5. */
#include "base/i18n.h"
#include "base/text.h"
#include "ui/guide/state.h"

static void make(struct guide *guide, struct page *page)
{
	page->title = _("Now start the server");
	page_lead(page, "%s", guide->pause_text);
	page_tail(page, _("The same to take along: %s\n"),
		text_shown(page,
			page_text(page, "%s/next.txt",
				runfolder_dir(engine_runfolder(guide->engine)))));
	page->why = _(
		"Steps 5 and 6 need a server that runs: only then can mail be seen to flow, and only then may the old folder go. The run "
		"is on record and waits.\n");
	page_action(page, WORD_LEAVE, _("Leave, resume later"), 'x', ACTION_LEAVE);
	page_action(page, WORD_MAIL, _("The server runs: step 5"), 'c', ACTION_FORWARD);
	page_action(page, WORD_READ, _("Read all of it"), 'i', ACTION_OTHER);
}

static void reply(struct guide *guide, const struct input *input)
{
	if (input->action == WORD_MAIL)
		guide_go(guide, PAGE_MAIL);
	if (input->action == WORD_READ)
		guide_read(guide, _("What to do at the server"), guide->pause_text);
}

const struct guide_page page_pause = { .make = make, .reply = reply };

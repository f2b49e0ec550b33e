/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A run that was cut off or paused: what the journal says, what the server says, and what follows. */
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "ui/guide/guide_private.h"

static int make(struct guide *guide, struct page *page)
{
	const struct run_look *look = guide->look;
	struct action *action;

	page->title = page_text(page, _("Run %s is not finished"), text_shown(page, guide->resume));
	page_lead(page, "%s\n", _("Nothing has been changed now; this was found by looking at the server."));
	page_lead(page, _("\nThe journal says  %s\n"), text_shown(page, look->journal_says));
	page_lead(page, _("The server says   %s\n"), text_shown(page, look->server_says));
	page_lead(page, _("So                %s\n"), text_shown(page, look->so));
	page->why = _("A run can be cut off at any instant: each change is then either made or not made, and the server itself tells which. The "
		      "journal alone is not believed.\n");
	page->help = page->why;
	page_action(page, "look", _("Look at the server"), 'i', ACTION_FORWARD);
	action = page_action(page, "go-on", _("Go on"), 'c', ACTION_FORWARD);
	if (action != NULL)
		action->refused = look->foreign > 0 ? _("Something on the server is neither as it was before nor as the repair would leave it. "
							"Look at it first.") : NULL;
	page_action(page, "undo", _("Put all back"), 0, ACTION_OTHER);
	page_action(page, "quit", _("Quit"), 'x', ACTION_LEAVE);
	return 0;
}

static int go_on(struct guide *guide)
{
	if (guide_work(guide, _("Going on where the run was cut off"), job_resume) != 0)
		return guide_trouble(guide);
	guide_jump(guide, guide->server->caps & SERVER_SERVICES ? &page_mail : &page_pause);
	return 0;
}

static int reply(struct guide *guide, const struct reply *reply)
{
	if (reply_action(reply, "quit")) {
		guide->over = true;
		guide->exit_code = 3;
	} else if (reply_action(reply, "look")) {
		guide_go(guide, &page_diagnosis);
	} else if (reply_action(reply, "go-on")) {
		return go_on(guide);
	} else if (reply_action(reply, "undo")) {
		if (guide_work(guide, _("Looking what could be put back"), job_undo_look) != 0)
			return guide_trouble(guide);
		guide_go(guide, &page_undo);
	}
	return 0;
}

const struct guide_page page_unfinished = { "unfinished", 0, make, reply };

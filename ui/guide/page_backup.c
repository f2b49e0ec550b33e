/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Step 1: the backup, done at once; it reads the server and writes beside the Bin. */
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "ui/guide/state.h"

static struct question *backup_question(struct page *page, bool bin)
{
	struct question *question = page_question(page, "backup.write", NULL, ASK_CHOICE,
						  bin ? _("Write the backup beside the Bin now?") : _("Begin the repair now?"));

	if (question == NULL)
		return NULL;
	question->text = bin ? _("A new folder is made and the Bin copied into it; the registry files are saved into the "
				 "run's own folder. Nothing "
				 "that the server uses is changed.\n")
			     : _("The registry files are saved into the run's own folder. Nothing that the server uses is "
				 "changed.\n");
	question->writes = true;
	question_answer(page, question, "not-yet", _("Not yet"), 'n', true);
	question_answer(page, question, "write", bin ? _("Back up now") : _("Begin now"), 0, false);
	return question;
}

static int make(struct guide *guide, struct page *page)
{
	const struct finding *finding = survey_finding(guide->survey, "backup/Bin");
	const char *bin = finding != NULL && finding->target != NULL ? text_shown(page, finding->target) : "";
	bool there = guide_backs_up(guide);
	struct action *action;

	page->title = page_text(page, _("Step 1 of 6: %s"), _(article_step(1)->title));
	page->why = page_text(page, "%s\n", _(article_step(1)->asks));
	page->help = page->why;
	if (guide->backed_up && there) {
		page_lead(page, "%s\n",
			  _("Done: every file was copied, read back, and compared by SHA-256. The registry files are "
			    "saved and "
			    "checked too. The backup is never written again in this run."));
		page_action(page, "continue", _("Continue"), 'c', ACTION_FORWARD);
	} else if (guide->backed_up) {
		page_lead(page, "%s\n", _("Done: there was nothing to back up, and the registry files are saved and checked."));
		page_action(page, "continue", _("Continue"), 'c', ACTION_FORWARD);
	} else {
		page_lead(page,
			  there ? _("The relocated Bin %s is copied to a new folder beside it, with all its sub-folders. Every "
				    "file is read back "
				    "and compared by SHA-256.\n")
				: _("There is no folder %s, so there is nothing to back up. Step 2 makes it; an undo removes "
				    "it.\n"),
			  bin);
		page_lead(page, "%s\n", there ? _("Before that the registry files are saved into the folder of this run.")
					      : _("The registry files are saved into the folder of this run."));
		page_tail(page, "%s\n", _(article_step(1)->undo));
		action = page_action(page, "backup", there ? _("Back up now") : _("Begin now"), 'c', ACTION_FORWARD);
		if (action != NULL)
			action->ask = backup_question(page, there);
	}
	page_action(page, "back", _("Back"), 0, ACTION_BACK);
	return 0;
}

static int reply(struct guide *guide, const struct reply *reply)
{
	if (reply_action(reply, "continue"))
		guide_go(guide, PAGE_COPY);
	if (!reply_action(reply, "backup") || reply->answer == NULL || strcmp(reply->answer, "write") != 0)
		return 0;
	if (guide_work(guide, _("Backing up"), job_backup) != 0)
		return guide_trouble(guide);
	guide_say(guide, "%s%s%s", guide_backs_up(guide) ? _("The backup is verified.") : _("The run is begun."),
		  engine_warning(guide->engine) != NULL ? " " : "",
		  engine_warning(guide->engine) != NULL ? engine_warning(guide->engine) : "");
	guide_go(guide, PAGE_COPY);
	return 0;
}

const struct guide_page page_backup = { 1, make, reply };

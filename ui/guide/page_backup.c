/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Step 1: the backup, done at once; it reads the server and writes beside the Bin. */
#include "base/i18n.h"
#include "base/text.h"
#include "ui/guide/state.h"

static struct question *backup_question(struct page *page, bool bin)
{
	struct question *question = page_confirm(page, QUESTION_BACKUP_WRITE,
		bin ? _("Write the backup beside the Bin now?") : _("Begin the repair now?"),
		bin ? _("A new folder is made and the Bin copied into it; the registry files are saved into the run's own folder. "
			"Nothing that the server uses is changed.\n")
		    : _("The registry files are saved into the run's own folder. Nothing that the server uses is changed.\n"));

	question_answer(page, question, WORD_NOT_YET, _("Not yet"), 'n', true);
	question_answer(page, question, WORD_WRITE, bin ? _("Back up now") : _("Begin now"), 0,
		false);
	return question;
}

static void make(struct guide *guide, struct page *page)
{
	const char *bin = page_shown(page, survey_finding(guide->survey, "backup/Bin")->target);
	bool there = guide_backs_up(guide);

	page_step(page, 1);
	if (guide->backed_up) {
		page_lead(page, "%s\n",
			there ? _("Done: every file was copied, read back, and compared by SHA-256. The registry files are saved and "
				  "checked too. The backup is never written again in this run.")
			      : _("Done: there was nothing to back up, and the registry files are saved and checked."));
		page_action(page, WORD_CONTINUE, _("Continue"), 'c', ACTION_FORWARD);
	} else {
		page_lead(page,
			there ? _("The relocated Bin %s is copied to a new folder beside it, with all its sub-folders. Every "
				  "file is read back "
				  "and compared by SHA-256.\n")
			      : _("There is no folder %s, so there is nothing to back up. Step 2 makes it; an undo removes "
				  "it.\n"),
			bin);
		page_lead(page, "%s\n",
			there ? _("Before that the registry files are saved into the folder of this run.")
			      : _("The registry files are saved into the folder of this run."));
		page_tail(page, "%s\n", _(article_step(1)->undo));
		page_action(page, WORD_BACKUP, there ? _("Back up now") : _("Begin now"), 'c',
			ACTION_FORWARD)
			->ask = backup_question(page, there);
	}
	page_action(page, WORD_BACK, _("Back"), 0, ACTION_BACK);
}

static void reply(struct guide *guide, const struct input *input)
{
	const char *warning;

	if (input->answer != WORD_WRITE || !guide_work(guide, _("Backing up"), job_backup))
		return;
	warning = engine_told(guide->engine)->warning;
	guide_say(guide, "%s%s%s",
		guide_backs_up(guide) ? _("The backup is verified.") : _("The run is begun."),
		warning ? " " : "", warning ? warning : "");
	guide_go(guide, PAGE_COPY);
}

const struct guide_page page_backup = { .make = make,
	.reply = reply,
	.next = PAGE_COPY,
	.step = 1,
	.steps = true };

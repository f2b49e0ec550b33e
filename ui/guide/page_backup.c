/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Step 1: the backup, done at once; it reads the server and writes beside the Bin. */
#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "ui/guide/state.h"
#include "ui/reach.h"

/* What is written, and where: the copy beside the Bin, the registry files in the folder of runs. */
static void rows(struct guide *guide, struct page *page, bool bin)
{
	static const struct column columns[] = {
		{ N_("What"), 10, CUT_NEVER, false },
		{ N_("Where, and how much"), 48, CUT_MIDDLE, false },
	};
	const struct finding *finding = survey_finding(guide->survey, "backup/Bin");
	const char *full = survey_notice(guide->survey, "room");
	char *runs = NULL;

	page_columns(page, columns, ARRAY_SIZE(columns));
	if (bin) {
		page_row(page, NULL, _("copy"), text_shown(page, finding->text), NULL);
		page_row(page, NULL, _("to"),
			page_text(page, _("%s-RUN (RUN: the name of this run)"),
				text_shown(page, finding->source)),
			NULL);
		page_row(page, NULL, _("room"),
			full ? text_shown(page, full) : _("there is enough"), NULL);
	}
	(void)reach_runs(page, &guide->options, &runs, NULL);
	page_row(page, NULL, _("registry"),
		page_text(page,
			server_runs(guide->server) ? _("the services' key, as a .reg file in %s")
						   : _("its files, saved in %s"),
			runs ? text_shown(page, runs) : _("the folder of the run")),
		NULL);
}

/* What is said of the registry, whose files only a server that is off lets anybody have. */
static const char *registry_said(const struct guide *guide, const char *files, const char *key)
{
	return server_runs(guide->server) ? _(key) : _(files);
}

/* The page is the confirmation: nothing asks the same again. */
static void begin(struct guide *guide, struct page *page, const char *bin, bool there)
{
	struct action *action;

	if (there)
		page_lead(page, "%s\n",
			_("The relocated Bin is copied to a new folder beside it. Every file is read back and compared by SHA-256. Nothing that the server uses is changed."));
	else
		page_lead(page,
			_("There is no folder %s, so there is nothing to back up. Step 2 makes it; an undo removes it.\n"),
			bin);
	rows(guide, page, there);
	page_tail(page, "%s\n", _(article_step(1)->undo));
	page_action(page, WORD_BACK, _("Back"), 0, ACTION_BACK)->hint =
		_("To the page before; nothing is written.");
	action = page_action(page, WORD_BACKUP, there ? _("Back up now") : _("Begin now"), 0,
		ACTION_FORWARD);
	action->brief = there ? _("Back up") : _("Begin");
	action->writes = true;
	action->hint = there
		? registry_said(guide, N_("Writes the copy and saves the registry files now."),
			  N_("Writes the copy and saves the services' registry key now."))
		: registry_said(guide, N_("Saves the registry files now."),
			  N_("Saves the services' registry key now."));
}

static void make(struct guide *guide, struct page *page)
{
	const char *bin = page_shown(page, survey_finding(guide->survey, "backup/Bin")->target);
	bool there = guide_backs_up(guide);

	page_step(page, 1);
	if (!guide->backed_up) {
		begin(guide, page, bin, there);
		return;
	}
	page_lead(page, "%s\n",
		there ? registry_said(guide,
				N_("Done: every file was copied, read back, and compared by SHA-256. The registry files are saved and "
				   "checked too. The backup is never written again in this run."),
				N_("Done: every file was copied, read back, and compared by SHA-256. The services' registry key is saved "
				   "too, as a .reg file. The backup is never written again in this run."))
		      : registry_said(guide,
				N_("Done: there was nothing to back up, and the registry files are saved and checked."),
				N_("Done: there was nothing to back up, and the services' registry key is saved as a .reg file.")));
	page_continue(page, _("Continue"));
}

static void reply(struct guide *guide, const struct input *input)
{
	const char *warning;

	if (input->action != WORD_BACKUP || !guide_work(guide, _("Backing up"), job_backup))
		return;
	warning = engine_told(guide->engine)->warning;
	guide_say(guide, "%s%s%s",
		guide_backs_up(guide) ? _("The backup is verified.") : _("The run is begun."),
		warning ? " " : "", warning ? warning : "");
	guide->message_bad = warning != NULL;
	guide_go(guide, PAGE_COPY);
}

const struct guide_page page_backup = { .make = make,
	.reply = reply,
	.next = PAGE_COPY,
	.step = 1,
	.steps = true };

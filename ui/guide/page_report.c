/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The end: what came of it, in honest words. */
#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "report/report.h"
#include "ui/guide/state.h"

static const struct column columns[] = {
	{ N_("Step"), 17, CUT_END, false },
	{ N_("Result"), 14, CUT_END, false },
	{ N_("What"), 20, CUT_END, false },
	{ N_("How it was checked"), 24, CUT_END, true },
};

static void rows(struct guide *guide, struct page *page)
{
	for (int step = STEP_BACKUP; step <= STEP_OLDFOLDER; step++) {
		struct row *row = page_row(page, NULL, NULL);

		if (!report_step_words(page, guide->report, step, &row->cells[1], &row->cells[2],
			    &row->cells[3]))
			return;
		row->cells[0] = page_text(page, "%d %s", step, _(article_step(step)->title));
	}
}

static void make(struct guide *guide, struct page *page)
{
	const char *notes = engine_told(guide->engine)->notes;

	page->title = _("Report");
	page->why = _(
		"Verified means that the program read it back and compared. Attested means that a person said so.\n");
	page_lead(page, "%s\n", report_result_sentence(guide->report));
	page_lead(page, _("Mail flow: %s\n"), report_mail_sentence(page, guide->report));
	page_lead(page, _("The old folder: %s\n"), report_oldfolder_sentence(guide->report));
	page_columns(page, columns, ARRAY_SIZE(columns));
	rows(guide, page);
	if (notes)
		page_tail(page, _("Note: %s\n"), notes);
	if (guide->hooks) {
		page_tail(page, "%s\n",
			_("This is a practice server; its record goes with the lesson. The debrief says what it is worth."));
		page_action(page, WORD_READ, _("Read the report"), 'i', ACTION_OTHER);
		return;
	}
	if (report_notice(guide->report, "last-known-good"))
		page_tail(page, "%s\n",
			text_shown(page, report_notice(guide->report, "last-known-good")));
	page_tail(page, "%s\n%s\n",
		_("The next service pack will do the same again: run msmcfix check after it."),
		page_text(page, _("Undo: %s"), engine_command(guide->engine, page, "undo")));
	page_tail(page, _("Report: %s\n"),
		text_shown(page,
			page_text(page, "%s/report.txt",
				runfolder_dir(engine_runfolder(guide->engine)))));
	page_action(page, WORD_READ, _("Read the report"), 'i', ACTION_FORWARD);
	page_action(page, WORD_QUIT, _("Quit"), 'x', ACTION_LEAVE);
}

static void reply(struct guide *guide, const struct input *input)
{
	char *text;

	if (input->action != WORD_READ)
		return;
	text = report_text(guide, guide->report);
	guide_read(guide, _("Report"), text);
	talloc_free(text);
}

const struct guide_page page_report = { .make = make, .reply = reply };

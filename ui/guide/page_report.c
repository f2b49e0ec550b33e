/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The end: what came of it, in honest words. */
#include "base/i18n.h"
#include "base/text.h"
#include "ui/guide/guide_private.h"

static char *report_read(struct guide *guide, TALLOC_CTX *mem)
{
	uint8_t *bytes;
	size_t len;

	if (runfolder_read(engine_runfolder(guide->engine), mem, "report.txt", 4 << 20, &bytes, &len, &guide->error) != 0)
		return NULL;
	return talloc_strndup(mem, (const char *)bytes, len);
}

static int make(struct guide *guide, struct page *page)
{
	const char *name = engine_run_name(guide->engine);

	page->title = _("Report");
	page_lead(page, "%s\n", guide->finish_code == 0
					? _("REPAIRED. The server was looked at again from scratch: nothing is left to change.")
					: _("NOT ALL IS DONE. The server was looked at again from scratch; the report says what is left."));
	page_lead(page, _("Mail flow, weakest line: %s.\n"),
		  mail_grade_text(guide->evidence != NULL ? evidence_weakest(guide->evidence) : MAIL_NOT_TESTED));
	page_tail(page, "%s\n%s\n%s\n", _("Booting \"Last Known Good\" would bring the old values back."),
		  _("The next service pack will do the same again: run msmcfix check after it."),
		  page_text(page, _("Undo: msmcfix undo %s (all, one step, one change)"), name));
	page_tail(page, _("Report: %s\n"), text_shown(page, page_text(page, "%s/report.txt",
								      runfolder_dir(engine_runfolder(guide->engine)))));
	page->why = _("Verified means that the program read it back and compared. Attested means that a person said so.\n");
	page->help = page->why;
	page_action(page, "read", _("Read the report"), 'i', ACTION_FORWARD);
	page_action(page, "quit", _("Quit"), 'x', ACTION_LEAVE);
	return 0;
}

static int reply(struct guide *guide, const struct reply *reply)
{
	if (reply_action(reply, "quit")) {
		guide->over = true;
		guide->exit_code = guide->finish_code;
	} else if (reply_action(reply, "read")) {
		struct page_text text = { _("Report"), report_read(guide, guide) };
		int ret;

		if (text.text == NULL)
			return guide_trouble(guide);
		ret = guide->ops->read(guide->ui, guide->page, &text);
		talloc_free((void *)text.text);
		return ret;
	}
	return 0;
}

const struct guide_page page_report = { "report", 0, make, reply };

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The end: what came of it, in honest words. */
#include <string.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "report/report.h"
#include "ui/guide/state.h"

static const struct column columns[] = {
	{ N_("Step"), 13, CUT_NEVER, false },
	{ N_("What"), 28, CUT_END, false },
	{ N_("How it was checked"), 24, CUT_END, true },
};

/* ---- one word for all of it ---- */

static enum tone verdict_tone(enum verdict verdict)
{
	static const enum tone tones[] = {
		[VERDICT_REPAIRED] = TONE_GOOD,
		[VERDICT_RIGHT] = TONE_GOOD,
		[VERDICT_KEPT] = TONE_CALM,
		[VERDICT_TO_STAGE] = TONE_WARN,
		[VERDICT_ATTESTED] = TONE_WARN,
		[VERDICT_UNKNOWN] = TONE_WARN,
		[VERDICT_NOT_SEEN] = TONE_WARN,
		[VERDICT_NOT_TESTED] = TONE_WARN,
		[VERDICT_FOLDER] = TONE_WARN,
		[VERDICT_OPEN] = TONE_WARN,
		[VERDICT_WRONG] = TONE_DANGER,
		[VERDICT_MAIL_FAILED] = TONE_DANGER,
		[VERDICT_DELETION_CUT] = TONE_DANGER,
		[VERDICT_UNDO_CUT] = TONE_DANGER,
		[VERDICT_UNFINISHED] = TONE_WARN,
		[VERDICT_UNCHANGED] = TONE_CALM,
		[VERDICT_UNDONE] = TONE_CALM,
		[VERDICT_PARTLY_UNDONE] = TONE_WARN,
		[VERDICT_UNDO_WAITS] = TONE_WARN,
	};

	return tones[verdict];
}

static const char *counts(const struct report *report, struct page *page)
{
	struct report_step total = report_total(report);
	long long open = total.open + total.undecided;

	return total.put_back
		? page_text(page, _("Steps 2 to 4: %lld made, %lld put back, %lld kept, %lld open"),
			  (long long)total.made, (long long)total.put_back, (long long)total.kept,
			  open)
		: page_text(page, _("Steps 2 to 4: %lld made, %lld kept, %lld open"),
			  (long long)total.made, (long long)total.kept, open);
}

/* ---- the six steps ---- */

/* What a step came to, by its result on record. */
static const struct step_lamp {
	const char *result, *lamp;
	enum tone tone;
} lamps[] = {
	{ "done", N_("DONE"), TONE_GOOD },
	{ "kept", N_("KEPT"), TONE_CALM },
	{ "nothing to do", N_("RIGHT"), TONE_GOOD },
	{ "not decided", N_("OPEN"), TONE_WARN },
	{ "not finished", N_("OPEN"), TONE_WARN },
	{ "partly undone", N_("PARTLY"), TONE_WARN },
	{ "put back", N_("PUT BACK"), TONE_CALM },
	{ "removed", N_("REMOVED"), TONE_CALM },
	{ "failed", N_("FAILED"), TONE_DANGER },
	{ "not tested", N_("UNTESTED"), TONE_WARN },
	{ "not seen", N_("NOT SEEN"), TONE_WARN },
	{ "outcome unknown", N_("UNKNOWN"), TONE_WARN },
	{ "attested", N_("ATTESTED"), TONE_WARN },
	{ "verified to a stage", N_("TO STAGE"), TONE_WARN },
	{ "verified", N_("VERIFIED"), TONE_GOOD },
	{ "not reached", N_("OPEN"), TONE_WARN },
	{ "left", N_("LEFT"), TONE_CALM },
	{ "set aside", N_("ASIDE"), TONE_CALM },
	{ "deletion cut off", N_("CUT OFF"), TONE_DANGER },
	{ "deleted", N_("DELETED"), TONE_CALM },
};

static void lamp_set(const struct report *report, int step, struct row *row)
{
	const char *result = report->steps[step - 1].result->name;

	row->lamp = _(report->steps[step - 1].result->text);
	row->lamp_tone = TONE_WARN;
	for (size_t i = 0; i < ARRAY_SIZE(lamps); i++) {
		if (strcmp(lamps[i].result, result) != 0)
			continue;
		row->lamp = _(lamps[i].lamp);
		row->lamp_tone = lamps[i].tone;
	}
	if (step == STEP_OLDFOLDER && report->old_folder->end == OLDFOLDER_NOT_REACHED &&
		!report_oldfolder_stands(report)) {
		row->lamp = _("RIGHT");
		row->lamp_tone = TONE_GOOD;
	}
}

static const char *part(struct page *page, const char *text, json_int_t count, const char *format)
{
	return count == 0 ? text
			  : page_text(page, *text ? _("%s, %s") : "%s%s", text,
				    talloc_asprintf(page, format, (long long)count));
}

static void changes_told(const struct report *report, struct page *page, int step, struct row *row)
{
	const struct report_step *told = &report->steps[step - 1];
	const char *text = "";

	text = part(page, text, told->made,
		step == STEP_BACKUP ? _("%lld files and folders") : _("%lld made"));
	text = part(page, text, told->kept, _("%lld kept"));
	text = part(page, text, told->put_back, _("%lld put back"));
	text = part(page, text, told->undecided, _("%lld not decided"));
	text = part(page, text, told->open, _("%lld not seen to the end"));
	row->cells[1] = *text ? text : _("nothing to do");
	row->cells[2] = *told->checked ? _(told->checked) : told->kept > 0 ? _("by decision") : "";
}

static void mail_told(const struct report *report, struct page *page, struct row *row)
{
	static const char *const checked[] = {
		[MAIL_FAILED] = N_("a person's word"),
		[MAIL_NOT_TESTED] = "",
		[MAIL_NOT_SEEN] = "",
		[MAIL_UNKNOWN] = "",
		[MAIL_ATTESTED] = N_("a person's word"),
		[MAIL_VERIFIED_TO] = N_("seen to a stage"),
		[MAIL_VERIFIED] = N_("seen end to end"),
	};
	const struct evidence_list *mail = report->mail;
	size_t told = 0;

	for (size_t i = 0; i < mail->count; i++)
		told += mail->rows[i].grade != MAIL_NOT_TESTED;
	row->cells[1] = mail->count == 0
		? _("not tested")
		: page_text(page,
			  P_("%zu of %zu line looked at", "%zu of %zu lines looked at",
				  mail->count),
			  told, mail->count);
	row->cells[2] = *checked[report->weakest] ? _(checked[report->weakest]) : "";
	row->tones[2] = report->weakest == MAIL_ATTESTED ? TONE_OPEN : TONE_TEXT;
}

static void oldfolder_told(const struct report *report, struct row *row)
{
	static const char *const told[][2] = {
		[OLDFOLDER_NOT_REACHED] = { N_("not come to"), "" },
		[OLDFOLDER_LEFT] = { N_("left where it is"), N_("by decision") },
		[OLDFOLDER_DECIDED] = { N_("not seen to the end"), "" },
		[OLDFOLDER_IS_ASIDE] = { N_("set aside, with another name"),
			N_("looked at again") },
		[OLDFOLDER_IS_BACK] = { N_("has its name again"), N_("looked at again") },
		[OLDFOLDER_CUT] = { N_("a part of it is gone"), "" },
		[OLDFOLDER_DELETED] = { N_("deleted for good"), N_("looked at again") },
	};
	enum oldfolder_end end = report->old_folder->end;
	bool stands = end != OLDFOLDER_NOT_REACHED || report_oldfolder_stands(report);

	row->cells[1] = stands ? _(told[end][0]) : _("there is none");
	row->cells[2] = *told[end][1] ? _(told[end][1]) : "";
}

static void rows(const struct report *report, struct page *page)
{
	for (int step = STEP_BACKUP; step <= STEP_OLDFOLDER; step++) {
		struct row *row = page_row(page, NULL,
			page_text(page, "%d %s", step, _(article_step(step)->title)), NULL);

		row->tones[0] = TONE_STRONG;
		lamp_set(report, step, row);
		if (step == STEP_MAIL)
			mail_told(report, page, row);
		else if (step == STEP_OLDFOLDER)
			oldfolder_told(report, row);
		else
			changes_told(report, page, step, row);
	}
}

/* ---- the page ---- */

static void read_action(struct page *page, enum action_kind kind)
{
	struct action *action = page_action(page, WORD_READ, _("Read the report"), 'i', kind);

	action->brief = _("Report");
	action->hint = _("Every change with its before, after, decision and check.");
}

/* Where mail was not seen to flow: what to do, and how that is put down. */
static void mail_next(struct guide *guide, struct page *page)
{
	struct action *action;

	if (guide->report->weakest == MAIL_VERIFIED || guide->report->mail->count == 0 ||
		engine_told(guide->engine)->undone)
		return;
	if (guide->report->weakest == MAIL_FAILED)
		page_tail(page, "%s\n", report_mail_advice());
	if (guide_temporary(guide))
		page_tail(page, "%s\n",
			_("To record mail: back to step 5 (F3), while this program runs."));
	else
		page_tail(page, _("To record mail: back to step 5 (F3), or later:\n  %s\n"),
			engine_command(guide->engine, page, "resume"));
	action = page_action(page, WORD_BACK, _("Back to step 5"), 0, ACTION_BACK);
	action->brief = _("Step 5");
	action->hint = _("Mail that was seen is recorded; the run ends anew then.");
}

static void make(struct guide *guide, struct page *page)
{
	const char *notes = engine_told(guide->engine)->notes;
	enum verdict verdict = report_verdict(guide->report);

	page->title = _("Report");
	page->why = _(
		"Verified means that the program read it back and compared. Attested means that a person said so.\n");
	page->verdict = (struct told){ verdict_word(verdict), verdict_tone(verdict) };
	page->counts = counts(guide->report, page);
	page_lead(page, "%s\n", verdict_sentence(verdict));
	page_columns(page, columns, ARRAY_SIZE(columns));
	rows(guide->report, page);
	if (notes)
		page_tail(page, _("Note: %s\n"), notes);
	if (guide->hooks) {
		page_tail(page, "%s\n",
			_("This is a practice server; its record goes with the lesson. The debrief says what it is worth."));
		read_action(page, ACTION_OTHER);
		return;
	}
	if (report_notice(guide->report, "last-known-good"))
		page_tail(page, "%s\n",
			text_shown(page, report_notice(guide->report, "last-known-good")));
	page_tail(page, "%s\n%s\n",
		guide_temporary(guide)
			? _("Undo: F7, while this practice server is there; it goes with the program.")
			: engine_told(guide->engine)->undone
			? _("The overlay was thrown away, and the run with it. The image is as it was.")
			: engine_wrote(guide->engine)
			? page_text(page, _("Undo:\n  %s"),
				  engine_command(guide->engine, page, "undo"))
			: engine_outcome(guide->engine),
		guide_temporary(guide)
			? _("The next service pack will do the same again.")
			: page_text(page,
				  _("The next service pack will do the same again. To check after it:\n  %s"),
				  engine_check_command(guide->engine, page)));
	page_tail(page, _("Report: %s\n"),
		text_shown(page,
			page_text(page, "%s/report.txt",
				runfolder_dir(engine_runfolder(guide->engine)))));
	page->copied = true;
	read_action(page, ACTION_FORWARD);
	mail_next(guide, page);
	page_action(page, WORD_QUIT, _("Quit"), 'x', ACTION_LEAVE)->hint =
		_("Leaves. The run stays on record, with its report.");
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

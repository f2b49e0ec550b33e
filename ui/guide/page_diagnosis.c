/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The first thing an operator sees of a server: the finding. */
#include <pwd.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "ui/guide/state.h"
#include "ui/wrong.h"

static const struct column columns[] = {
	{ N_("What is wrong"), 64, CUT_END, false },
	{ N_("Step"), 5, CUT_NEVER, false },
};

static void wrong(void *arg, const char *text, const char *steps)
{
	page_row(arg, NULL, text, steps, NULL);
}

static void folders(struct page *page, const struct survey *survey)
{
	page_lead(page, "  %-10s %s\n", _("default"), text_shown(page, survey->default_msmcon));
	page_lead(page, "  %-10s %s\n", _("relocated"), text_shown(page, survey->relocated_msmcon));
	page_lead(page, "  %-10s %zu  ", _("PC MTAs"), survey->pcmta_count);
	for (size_t i = 0; i < survey->pcmta_count; i++)
		page_lead(page, "%s%s", i > 0 ? ", " : "",
			text_shown(page, survey->pcmtas[i].name));
	page_lead(page, "\n");
}

static void notices(struct page *page, const struct survey *survey)
{
	size_t newer = wrong_newer(survey);

	if (newer > 0)
		page_tail(page,
			P_("%zu file of the relocated Bin is NEWER than setup's (a hotfix?): you decide in step 2.\n",
				"%zu files of the relocated Bin are NEWER than setup's (hotfixes?): you decide in step 2.\n",
				newer),
			newer);
	for (size_t i = 0; i < survey->notice_count; i++)
		page_tail(page, "%s\n", text_shown(page, survey->notices[i].text));
}

/* The name proposed is who is logged in; it still has to be said. */
static const char *login_name(struct page *page)
{
	const char *name = getenv("SUDO_USER");
	struct passwd *user = !name ? getpwuid(getuid()) : NULL;

	return text_shown(page, name ? name : user != NULL ? user->pw_name : "");
}

static struct question *operator_question(struct page *page)
{
	struct question *question = page_line(page, QUESTION_DIAGNOSIS_OPERATOR, NULL,
		_("Who decides?"),
		_("Every decision goes on record with the name of who made it. Your name:\n"));

	question->proposal = login_name(page);
	return question;
}

static const char *start_refused(const struct guide *guide)
{
	if (guide->survey->check_only)
		return guide->survey->check_only_why;
	if (!survey_lives(guide->survey))
		return survey_live_sentence(guide->survey);
	/* Two repairs in each other's way; only what a run left in pieces that nobody can join is
	 * better begun anew. */
	if (guide->resume && guide->status->foreign == 0 &&
		(guide->stage == RUN_CARRYING || guide->stage == RUN_UNDOING))
		return _(
			"A run of this server is not finished: go back, and resume it or put it back.");
	return NULL;
}

/* Said on this page by a person, and on record once the run begins. */
static struct question *live_question(struct guide *guide, struct page *page)
{
	struct question *question = page_question(page, QUESTION_DIAGNOSIS_LIVE, NULL, ASK_CHOICE,
		_("Which postoffice is in use?"));

	question->text = page_text(page, "%s\n", text_shown(page, guide->survey->live_reasons));
	question_answer(page, question, WORD_UNSURE, _("Not sure"), 'n', true);
	question_answer(page, question, WORD_RELOCATED,
		page_text(page, _("Relocated, %.2s"), guide->survey->relocated_msmcon), 0, false);
	question_answer(page, question, WORD_DEFAULT,
		page_text(page, _("Default, %.2s"), guide->survey->default_msmcon), 0, false);
	return question;
}

/* It leads the page, as what gives way last. */
static void grave(struct page *page, const char *sentence)
{
	page->message =
		page->message ? page_text(page, "%s %s", sentence, page->message) : sentence;
	page->message_bad = true;
}

static void make(struct guide *guide, struct page *page)
{
	const struct survey *survey = guide->survey;
	struct action *start;

	page->title = _("Diagnosis");
	page_lead(page, "%s\n\n",
		_("Nothing has been changed. This page comes from reading alone."));
	page_lead(page, _("Exchange %s on %s. The connector's postoffice was moved to %.2s.\n"),
		survey->release ? survey->release
			: survey->exchange_version != NULL
			? text_shown(page, survey->exchange_version)
			: _("of unknown version"),
		text_shown(page, survey->exchange_root), survey->relocated_msmcon);
	folders(page, survey);
	page_columns(page, columns, ARRAY_SIZE(columns));
	wrong_tell(page, survey, wrong, page);
	if (survey->needs_person > 0)
		page_tail(page,
			P_("%zu finding needs a person: \"Every finding\" says what to do.\n",
				"%zu findings need a person: \"Every finding\" says what to do.\n",
				survey->needs_person),
			survey->needs_person);
	if (survey->open == 0)
		page_tail(page, "%s\n",
			_("Steps 1 to 4 have nothing to change: all of it is right, or kept by decision."));
	if (!survey->check_only && survey_lives(survey))
		page_tail(page, "%s\n",
			survey->open > 0
				? _("The repair backs up first, shows every change, and can be undone.")
				: _("Start leads through them to steps 5 and 6."));
	notices(page, survey);
	page->why = page_text(page, "%s: %s\n%s\n%s\n", text_shown(page, survey->relocated_msmcon),
		text_shown(page, survey->relocated_source),
		text_shown(page, survey->letters_source), page_shown(page, survey->live_reasons));
	start = page_action(page, WORD_START, _("Start"), 's', ACTION_FORWARD);
	start->refused = start_refused(guide);
	start->ask = guide->operator_name ? NULL : operator_question(page);
	if (survey->check_only)
		grave(page,
			page_text(page, _("CANNOT BE REPAIRED HERE: %s %s"),
				text_shown(page, survey->check_only_why),
				survey->check_only_advice));
	if (!survey_lives(survey)) {
		page_action(page, WORD_LIVE, _("Say which one is in use"), 'p', ACTION_OTHER)->ask =
			live_question(guide, page);
		grave(page, survey_live_sentence(survey));
	}
	page_action(page, WORD_ROWS, _("Every finding"), 'f', ACTION_OTHER);
	page_action(page, WORD_QUIT, _("Quit"), 'x', ACTION_LEAVE);
}

/* What a value that is still to be proposed would name is not told here either. */
static const char *found_text(const struct guide *guide, const struct finding *finding)
{
	return guide_covers(guide, finding) && finding->missing
		? ""
		: text_shown(guide->page, finding->text);
}

/* What is asked here is not sent to an option. */
static const char *todo_text(const struct guide *guide, const struct finding *finding)
{
	bool asked = finding->kind == KIND_POSTOFFICE && !survey_lives(guide->survey) &&
		!guide->survey->maildata_relocated.missing;

	return asked
		? _("Look at both for new mail, then say on the page before this which one is in use.")
		: text_shown(guide->page, finding->todo);
}

static char *all_findings(const struct guide *guide)
{
	struct page *page = guide->page;
	char *text = talloc_strdup(page, "");

	for (size_t i = 0; i < guide->survey->finding_count; i++) {
		const struct finding *finding = &guide->survey->findings[i];

		text = talloc_asprintf_append_buffer(text, _("Step %d, %s: %s\n  %s\n"),
			finding->step, finding_state_name(finding->state),
			text_shown(page, finding->subject), found_text(guide, finding));
		if (finding->kept_by)
			text = talloc_asprintf_append_buffer(text, _("  Kept by %s in run %s.\n"),
				finding->kept_by, finding->kept_run);
		else if (finding_needs_person(finding))
			text = talloc_asprintf_append_buffer(text, "  %s\n",
				todo_text(guide, finding));
	}
	return text;
}

static void reply(struct guide *guide, const struct input *input)
{
	if (input->action == WORD_LIVE &&
		(input->answer == WORD_RELOCATED || input->answer == WORD_DEFAULT)) {
		guide->options.live =
			input->answer == WORD_RELOCATED ? LIVE_SAID_RELOCATED : LIVE_SAID_DEFAULT;
		guide_work(guide, _("Looking at the server. Nothing is changed."), job_survey);
	}
	if (input->action == WORD_ROWS)
		guide_read(guide, _("Every finding"), all_findings(guide));
	if (input->action == WORD_START &&
		(guide->operator_name || guide_operator(guide, input->text)))
		guide_go(guide, PAGE_PCMTA);
}

const struct guide_page page_diagnosis = { .make = make, .reply = reply };

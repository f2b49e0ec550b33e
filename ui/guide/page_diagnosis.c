/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The first thing an operator sees of a server: the finding. */
#include <pwd.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/text.h"
#include "ui/guide/found.h"

static void folders(struct page *page, const struct survey *survey)
{
	char *text = page_text(page, _("Default Msmcon: %s\nRelocated Msmcon: %s\nPC MTAs: %zu"),
		text_shown(page, survey->default_msmcon),
		text_shown(page, survey->relocated_msmcon), survey->pcmta_count);

	for (size_t i = 0; i < survey->pcmta_count; i++)
		text = page_text(page, "%s%s %s", text, i > 0 ? "," : ":",
			text_shown(page, survey->pcmtas[i].name));
	page->why = page_text(page, "%s\n%s\n%s: %s\n%s\n%s\n",
		_("Nothing has been changed. This page comes from reading alone."), text,
		text_shown(page, survey->relocated_msmcon),
		text_shown(page, survey->relocated_source),
		text_shown(page, survey->letters_source), page_shown(page, survey->live_reasons));
}

/* The name proposed is who is logged in; it still has to be said. root is nobody's name. */
static const char *login_name(struct page *page)
{
	const char *name = getenv("SUDO_USER");
	struct passwd *user = !name && getuid() != 0 ? getpwuid(getuid()) : NULL;

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

/* What a value that is still to be proposed would name is not told here either. */
static const char *found_text(const struct guide *guide, struct page *page,
	const struct finding *finding)
{
	return guide_covers(guide, finding) && finding->missing ? ""
								: text_shown(page, finding->text);
}

/* What is asked here is not sent to an option. */
static const char *todo_text(const struct guide *guide, struct page *page,
	const struct finding *finding)
{
	bool asked = finding->kind == KIND_POSTOFFICE && !survey_lives(guide->survey) &&
		!guide->survey->maildata_relocated.missing;

	return asked
		? _("Look at both for new mail, then say on the page before this which one is in use.")
		: text_shown(page, finding->todo);
}

/* The folder is there; what is not is its copy. */
static const char *subject(struct page *page, const struct finding *finding)
{
	const char *shown = text_shown(page, finding->subject);

	return finding->kind == KIND_BACKUP ? page_text(page, _("backup of %s"), shown) : shown;
}

static char *all_findings(const struct guide *guide, struct page *page)
{
	char *text = talloc_strdup(page, "");

	for (size_t i = 0; i < guide->survey->finding_count; i++) {
		const struct finding *finding = &guide->survey->findings[i];

		/* What no step of the article is about has none. */
		if (finding->step > 0)
			text = talloc_asprintf_append_buffer(text, _("Step %d, "), finding->step);
		text = talloc_asprintf_append_buffer(text, "%s: %s\n  %s\n",
			_(finding_state_name(finding->state)), subject(page, finding),
			found_text(guide, page, finding));
		if (finding->kept_by)
			text = talloc_asprintf_append_buffer(text, _("  Kept by %s in run %s.\n"),
				finding->kept_by, finding->kept_run);
		else if (finding_needs_person(finding))
			text = talloc_asprintf_append_buffer(text, "  %s\n",
				todo_text(guide, page, finding));
		else if (finding_is_open(finding))
			text = talloc_asprintf_append_buffer(text,
				_("  Step %d shows before and after, and asks.\n"), finding->step);
	}
	return text;
}

/* It leads the page, as what gives way last. */
static void grave(struct page *page, const char *sentence)
{
	page->message =
		page->message ? page_text(page, "%s %s", sentence, page->message) : sentence;
	page->message_bad = true;
}

/* What forbids a repair; nothing that reassures stands beside it. */
static bool forbidden(struct page *page, const struct survey *survey)
{
	if (survey->check_only)
		grave(page,
			page_text(page, _("CANNOT BE REPAIRED HERE: %s %s"),
				text_shown(page, survey->check_only_why),
				survey->check_only_advice));
	if (!survey_lives(survey))
		grave(page, survey_live_sentence(survey));
	return survey->check_only || !survey_lives(survey);
}

static void tail(struct page *page, const struct survey *survey, bool forbids, bool overlay)
{
	if (overlay)
		page_tail(page, "%s\n",
			_("Looking opens the image read-only. Repairing writes into an overlay; the image changes only when you commit."));
	if (survey->needs_person > 0)
		page_tail(page,
			P_("%zu finding needs a person: \"Every finding\" says what to do.\n",
				"%zu findings need a person: \"Every finding\" says what to do.\n",
				survey->needs_person),
			survey->needs_person);
	if (!forbids)
		page_tail(page, "%s\n",
			survey->open > 0
				? _("The repair backs up first, shows every change, and can be undone.")
				: _("Steps 5 and 6 are left to go through: mail flow, and the old folder."));
	for (size_t i = 0; i < survey->notice_count; i++)
		page_tail(page, "%s\n", text_shown(page, survey->notices[i].text));
}

/* Looked at from the page of an earlier run. */
static bool run_beside(const struct guide *guide)
{
	return guide->resume && !guide->engine;
}

/* What Start would begin beside. */
static void on_record(struct guide *guide, struct page *page)
{
	const char *said = page_text(page,
		start_refused(guide) ? _("%s. It stays on record.")
				     : _("%s. It stays on record; Start begins a new run."),
		run_title(guide, page));

	page->message = page->message ? page_text(page, "%s %s", page->message, said) : said;
}

/* First choice while that run can be resumed or put back. */
static void back_action(struct guide *guide, struct page *page)
{
	bool ended = guide->stage == RUN_UNDONE || guide->stage == RUN_UNBEGUN ||
		(guide->status && guide->status->ended);
	struct action *action = page_action(page, WORD_BACK, _("Back to that run"), 0, ACTION_BACK);

	action->brief = _("Back");
	action->hint = _("To its page: resume it, or put it back.");
	action->focused = !ended && survey_lives(guide->survey) && !guide->survey->check_only;
}

static void start(struct guide *guide, struct page *page)
{
	const struct survey *survey = guide->survey;
	bool open = survey->open > 0;
	struct action *action = page_action(page, WORD_START,
		open && !guide->engine ? _("Start") : _("Go through the steps"), 's',
		ACTION_FORWARD);

	if (run_beside(guide))
		action->label = _("Start a new run");
	action->brief = _("Start");
	action->hint = run_beside(guide)
		? _("Begins a new run beside that one. Nothing is changed yet.")
		: guide->engine ? _("Back to the steps of this run; nothing is lost.")
		: open ? _("Nothing is changed yet. Next: who decides, then the steps one by one.")
		       : _("Nothing is changed yet. Next: who decides, then on to steps 5 and 6.");
	action->refused = start_refused(guide);
	action->ask = guide->operator_name ? NULL : operator_question(page);
}

static void other_actions(struct guide *guide, struct page *page)
{
	struct action *action;

	if (!survey_lives(guide->survey)) {
		action = page_action(page, WORD_LIVE, _("Say which one is in use"), 'p',
			ACTION_OTHER);
		action->brief = _("Which one");
		action->hint =
			_("Nothing is changed. What you say goes on record with the repair.");
		action->ask = live_question(guide, page);
		action->focused = true;
	}
	action = page_action(page, WORD_ROWS, _("Read every finding"), 'f', ACTION_OTHER);
	action->focused = guide->survey->check_only && survey_lives(guide->survey);
	action->brief = _("Findings");
	action->hint = _("Every file, value, share and service, and what to do.");
	if (run_beside(guide) && guide->back_count > 0)
		back_action(guide, page);
	page_action(page, WORD_QUIT, _("Quit"), 'x', ACTION_LEAVE)->hint =
		_("Leaves. Nothing was changed.");
}

static void make(struct guide *guide, struct page *page)
{
	const struct survey *survey = guide->survey;

	page->title = found_title(page, survey);
	found_drives(page, survey);
	found_steps(page, survey);
	tail(page, survey, forbidden(page, survey), guide->server->overlay);
	if (run_beside(guide))
		on_record(guide, page);
	folders(page, survey);
	page_more(page, _("Every finding"), _("whole: button \"Read every finding\""),
		all_findings(guide, page));
	start(guide, page);
	other_actions(guide, page);
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
		guide_read(guide, _("Every finding"), all_findings(guide, guide->page));
	if (input->action == WORD_START &&
		(guide->operator_name || guide_operator(guide, input->text)))
		guide_go(guide, PAGE_PCMTA);
}

const struct guide_page page_diagnosis = { .make = make, .reply = reply };

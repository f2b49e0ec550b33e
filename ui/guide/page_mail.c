/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Step 5: mail flow, per PC MTA and direction. What the program saw, and where, is told apart from
 * what a person says; "later" is always possible. */
#include <string.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "ui/guide/page_mail.h"

/* Seconds: a real server is not asked more often than its own PC MTAs ask (doc/domain.md 10). */
enum { LOOK_EVERY = 20, LOOK_EVERY_PRACTICE = 2 };

static const struct column columns[] = {
	{ N_("PC MTA"), 28, CUT_END, false },
	{ N_("Direction"), 19, CUT_NEVER, false },
	{ N_("Test message"), 15, CUT_NEVER, true },
	{ N_("Known"), 15, CUT_END, false },
};

/* Whether mail can flow while one looks. */
static bool running(const struct guide *guide)
{
	return guide->server && (guide->server->caps & SERVER_SERVICES) != 0;
}

/* ---- Why mail does not flow ---- */

/* That a service does not run, which one sentence says of all of them. */
static bool of_stopped(const struct guide *guide, struct page *page, const struct mail_fact *fact)
{
	char *rest, *names = guide->stopped ? talloc_strdup(page, guide->stopped) : NULL;

	for (char *name = names ? strtok_r(names, ",", &rest) : NULL; name && !fact->source;
		name = strtok_r(NULL, ",", &rest))
		if (strstr(fact->text, text_trim(name)))
			return true;
	return false;
}

static void facts_told(const struct guide *guide, struct page *page, bool bad, bool stops_all)
{
	const struct mail_watch *watch = guide->watch;

	for (size_t i = 0; i < watch->fact_count; i++) {
		const struct mail_fact *fact = &watch->facts[i];

		if (fact->bad != bad || (bad && fact->stops_all != stops_all) ||
			(bad && of_stopped(guide, page, fact)))
			continue;
		page_lead(page, stops_all ? _("NO MAIL FLOWS: %s") : "%s",
			page_shown(page, fact->text));
		page_lead(page, fact->source ? " (%s)\n" : "\n", page_shown(page, fact->source));
	}
}

/* What stops everything first, for a small screen shows the first lines alone. */
static void lead(struct guide *guide, struct page *page)
{
	const struct mail_watch *watch = guide->watch;

	if (guide->stopped)
		page_lead(page,
			mail_all_stopped(guide, page)
				? _("NO MAIL FLOWS before these services run: %s. Press \"Start\".\n")
				: _("NO MAIL FLOWS through these before they run: %s. Press \"Start\".\n"),
			guide->stopped);
	if (watch)
		facts_told(guide, page, true, true);
	if (watch)
		facts_told(guide, page, true, false);
	if (*decide_half(guide, page, true) != '\0')
		page_lead(page, "%s\n", decide_half(guide, page, true));
	if (guide->survey)
		page_lead(page, "%s", survey_services_said(page, guide->survey));
	if (watch)
		page_lead(page, "%s\n", mail_watch_text(page, watch));
	else if (guide->server && guide->engine && engine_told(guide->engine)->notes)
		page_lead(page, "%s\n", engine_told(guide->engine)->notes);
	if (watch)
		facts_told(guide, page, false, false);
}

/* Step 6 stands on a server that is there. */
static void tail(struct guide *guide, struct page *page)
{
	if (guide_by_record(guide))
		page_tail(page, "%s\n  %s\n",
			guide->record && guide->record->reached.image
				? _("Step 6 needs the image. Shut the virtual machine down and run:")
				: _("Step 6 needs the server's volumes. Mount them and run:"),
			guide_command(guide, page, "resume"));
	else if (!running(guide))
		page_tail(page, "%s\n",
			_("The server is off: what came since was read from its volumes once. Start it, let mail flow, come back with them."));
}

/* ---- Buttons ---- */

static struct question *start_question(struct guide *guide, struct page *page)
{
	struct question *question =
		page_confirm(page, QUESTION_MAIL_START, _("Start these services now?"),
			page_text(page, _("MSExchangeMSMI first, then the others: %s\n%s\n"),
				guide->stopped, decide_half(guide, page, true)));

	question_answer(page, question, WORD_NOT_YET, _("Not yet"), 'n', true);
	question_answer(page, question, WORD_START, _("Start them"), 0, false);
	return question;
}

static void actions(struct guide *guide, struct page *page)
{
	struct action *action =
		page_action(page, WORD_CONTINUE, _("Continue"), 'c', ACTION_FORWARD);

	action->focused = true;
	action->hint = guide_by_record(guide)
		? _("Step 6 needs the volumes: looks whether they are there.")
		: _("Looks again at all that must be so before step 6. Nothing is changed.");
	mail_rest_action(guide, page);
	if (guide->stopped) {
		action = page_action(page, WORD_START, _("Start the services"), 's', ACTION_OTHER);
		action->ask = start_question(guide, page);
		action->brief = _("Start");
		action->hint = _("Asks, then starts them on the server.");
	}
	if (guide->server) {
		action = page_action(page, WORD_AGAIN, _("Look again"), 0, ACTION_OTHER);
		action->brief = _("Look");
		action->hint =
			_("Reads what is new in folders, logs and events. Nothing is changed.");
	}
	mail_read_action(guide, page);
	action = page_action(page, WORD_LATER, _("Later: leave the run open"), 'x', ACTION_LEAVE);
	action->brief = _("Later");
	action->hint = _("Leaves the program; what was recorded stays.");
	page_action(page, WORD_BACK, _("Back"), 0, ACTION_BACK)->hint = guide_by_record(guide)
		? NULL
		: _("What was written, what is open, and how it was checked.");
}

static void make(struct guide *guide, struct page *page)
{
	page_step(page, 5);
	page->copied = !guide->server || !mail_simulated(guide);
	page->counts = page_text(page, _("All of step 5 is as strong as its weakest line: %s"),
		mail_grade_text(evidence_weakest(guide->evidence)));
	if (running(guide))
		page->refresh = mail_simulated(guide) ? LOOK_EVERY_PRACTICE : LOOK_EVERY;
	lead(guide, page);
	tail(guide, page);
	page_columns(page, columns, ARRAY_SIZE(columns));
	for (size_t i = 0; i < guide->evidence->count; i++)
		mail_row(guide, page, &guide->evidence->rows[i]);
	page->why = page_text(page, "%s%s\n%s%s", page->why,
		_("A message of its own per direction and PC MTA, so that none passes for another. The program "
		  "looks at folders, logs and events, and says how far it saw each message come; what only "
		  "somebody else saw stays that person's word."),
		_("Folders are only listed, never opened, and nothing is deleted there.\n"),
		mail_simulated(guide)
			? _("This is a practice server: what is seen here never counts for a real one.\n")
			: "");
	page_more(page, _("What the article asks"),
		page_text(page, _("%s, step %d"), ARTICLE_NUMBER, 5), page->why);
	mail_form(guide, page);
	actions(guide, page);
}

/* ---- Replies ---- */

/* What a look has brought, a line for each row whose word is another now. */
static void news_say(struct guide *guide, const enum mail_grade *before, const size_t *sightings)
{
	char *text = talloc_strdup(guide->page, "");

	for (size_t i = 0; i < guide->evidence->count; i++) {
		const struct evidence *row = &guide->evidence->rows[i];

		if (row->grade == before[i] && row->sighting_count == sightings[i])
			continue;
		text = talloc_asprintf_append(text, "%s%s, %s: %s", *text ? "\n" : "",
			text_shown(guide->page, row->pcmta), mail_direction_text(row->direction),
			evidence_text(guide->page, row));
	}
	guide_say(guide, "%s", *text ? text : _("Looked again: nothing new was seen."));
}

static void again_asked(struct guide *guide)
{
	size_t count = guide->evidence->count;
	enum mail_grade *grades = talloc_array(guide->page, enum mail_grade, (unsigned)count);
	size_t *sightings = talloc_array(guide->page, size_t, (unsigned)count);

	for (size_t i = 0; grades && sightings && i < count; i++) {
		grades[i] = guide->evidence->rows[i].grade;
		sightings[i] = guide->evidence->rows[i].sighting_count;
	}
	if (guide_work(guide, _("Looking for mail. Nothing is changed."), job_mail_look) &&
		grades && sightings && guide->evidence->count == count)
		news_say(guide, grades, sightings);
}

/* What one look could not do the next one may: its trouble is said until then. */
static void again(struct guide *guide, bool quiet)
{
	bool failed = guide->look_failed;

	guide->look_failed = false;
	if (!quiet) {
		again_asked(guide);
	} else if (guide_work_quiet(guide, _("looking for mail"), job_mail_look)) {
		if (failed)
			TALLOC_FREE(guide->message);
	} else {
		guide->look_failed = guide->error.trouble != TROUBLE_STOPPED || failed;
	}
}

static void go_on(struct guide *guide)
{
	if (guide_by_record(guide) &&
		!guide_reach(guide, _("Looking for its server. Nothing is changed."),
			job_run_reopen)) {
		if (guide->options.host)
			return;
		guide_say(guide, _("%s Mount them, then press Continue again."), guide->error.text);
		guide->message_bad = true;
	} else if (guide_work(guide, _("Checking again before step 6"), job_gates)) {
		guide_go(guide, PAGE_OLDFOLDER);
	}
}

static void reply(struct guide *guide, const struct input *input)
{
	if (input->action == WORD_CONTINUE)
		go_on(guide);
	else if (input->action == WORD_AGAIN)
		again(guide, false);
	else if (input->answer == WORD_START) {
		if (guide_work(guide, _("Starting the services"), job_start_services))
			guide_say(guide, _("The services run."));
		guide_work(guide, _("Looking at the services"), job_mail);
	} else {
		mail_asked(guide, input);
	}
}

const struct guide_page page_mail = { .make = make,
	.reply = reply,
	.again = again,
	.step = 5,
	.steps = true };

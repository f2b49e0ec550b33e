/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Step 5: mail flow, per PC MTA and direction. What a person says is attested, never verified;
 * "later" is always possible. */
#include <string.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "ui/guide/decide.h"

static const struct column columns[] = {
	{ N_("PC MTA"), 28, CUT_END, false },
	{ N_("Direction"), 19, CUT_NEVER, false },
	{ N_("Test message"), 15, CUT_NEVER, true },
	{ N_("Known"), 14, CUT_END, false },
};

static char *row_id(TALLOC_CTX *mem, const struct evidence *row)
{
	return talloc_asprintf(mem, "%s/%s", text_percent(mem, row->pcmta),
		mail_direction_name(row->direction));
}

/* The line that row of the page is about: they stand in the same order. */
static struct evidence *evidence_of(struct guide *guide, const char *row)
{
	for (size_t i = 0; row && i < guide->page->row_count; i++)
		if (strcmp(guide->page->rows[i].id, row) == 0)
			return &guide->evidence->rows[i];
	return NULL;
}

/* What the two ends have to do for this direction (doc/domain.md 10). */
static char *instructions(struct page *page, const struct evidence *row)
{
	const char *pcmta = text_shown(page, row->pcmta);

	if (text_equal(row->pcmta, ARTICLE_SERVICE_ATMTA))
		return page_text(page,
			row->direction == MAIL_TO_MSMAIL
				? _("From an Exchange mailbox send a new message with the subject %s to a user of Microsoft Mail "
				    "for AppleTalk. Then look for it on that user's Macintosh.")
				: _("From a Macintosh with Microsoft Mail for AppleTalk send a NEW message (no reply) with the "
				    "subject %s to an Exchange mailbox. Then look for it there."),
			row->token);
	if (row->direction == MAIL_TO_MSMAIL)
		return page_text(page,
			_("From an Exchange mailbox send a new message with the subject %s to a user of a "
			  "postoffice that %s serves. "
			  "Then look for it on the MS Mail client."),
			row->token, pcmta);
	return page_text(page,
		_("On an MS Mail client of a postoffice that %s serves send a NEW message (no reply) with the "
		  "subject %s to an "
		  "Exchange mailbox. Then look for it there; a non-delivery report is not an arrival."),
		pcmta, row->token);
}

static void row_make(const struct guide *guide, struct page *page, const struct evidence *evidence)
{
	char *id = row_id(page, evidence);
	struct row *row = page_row(page, id, text_shown(page, evidence->pcmta),
		mail_direction_text(evidence->direction), evidence->token,
		mail_grade_text(evidence->grade), NULL);
	struct question *question = page_question(page, QUESTION_MAIL_SEEN, id, ASK_CHOICE,
		_("Did this very message arrive?"));

	question_answer(page, question, WORD_ARRIVED, _("Arrived"), 'y', false);
	question_answer(page, question, WORD_FAILED, _("Did not arrive"), 'n', false);
	question_answer(page, question, WORD_LATER, _("Later"), 'e', true);
	row->decide = question;
	if (evidence->grade != MAIL_NOT_TESTED)
		row->decided = "said";
	/* Not asked about again by itself in this walk, but it can still be answered. */
	else if (guide->mail_put_off && strstr(guide->mail_put_off, evidence->token))
		row->decided = "later";
	row_detail(page, row, DETAIL_TEXT, _("Do"), instructions(page, evidence));
	row_detail(page, row, DETAIL_TEXT, _("Known"), evidence_text(page, evidence));
}

/* Who saw what, where: asked as a form once "arrived" or "did not arrive" was said. */
static void form_question(struct guide *guide, struct page *page)
{
	struct question *question = page_question(page, guide->asking, guide->asked_for, ASK_FORM,
		guide->asking == QUESTION_MAIL_ATTEST ? _("What was seen?")
						      : _("What was seen instead?"));

	question->text = _(
		"This is recorded as a person's word: ATTESTED, not verified. At least ten characters on "
		"what was seen: subject, "
		"sender, time.\n");
	question_field(page, question, WORD_BY, _("Your name"), guide->operator_name, 1);
	question_field(page, question, WORD_MAILBOX, _("Mailbox"), "", 1);
	question_field(page, question, WORD_SEEN, _("What was seen"), "", 10);
	page->question = question;
}

static struct question *start_question(struct guide *guide, struct page *page)
{
	struct question *question = page_confirm(page, QUESTION_MAIL_START,
		_("Start these services now?"),
		page_text(page, _("MSExchangeMSMI first, then the others: %s\n"), guide->stopped));

	question_answer(page, question, WORD_NOT_YET, _("Not yet"), 'n', true);
	question_answer(page, question, WORD_START, _("Start them"), 0, false);
	return question;
}

static void actions(struct guide *guide, struct page *page)
{
	page_action(page, WORD_CONTINUE, _("Continue"), 'c', ACTION_FORWARD)->focused = true;
	if (guide->stopped)
		page_action(page, WORD_START, _("Start the services"), 's', ACTION_OTHER)->ask =
			start_question(guide, page);
	page_action(page, WORD_LATER, _("Later: leave the run open"), 'x', ACTION_LEAVE);
	page_action(page, WORD_BACK, _("Back"), 0, ACTION_BACK);
}

static void make(struct guide *guide, struct page *page)
{
	page_step(page, 5);
	page_lead(page,
		_("2 directions for each PC MTA. All of step 5 is as strong as its weakest line: %s.\n"),
		mail_grade_text(evidence_weakest(guide->evidence)));
	if (guide->server->caps & SERVER_SIMULATED)
		page_lead(page, "%s\n",
			_("This is a practice server: what is attested here never counts for a real one."));
	page_lead(page, "%s", survey_services_said(page, guide->survey));
	if (guide->stopped)
		page_lead(page, _("Not running: %s. No mail flows before they do.\n"),
			guide->stopped);
	page_columns(page, columns, ARRAY_SIZE(columns));
	for (size_t i = 0; i < guide->evidence->count; i++)
		row_make(guide, page, &guide->evidence->rows[i]);
	page->why = page_text(page, "%s%s\n", page->why,
		_("A message of its own per direction and PC MTA, so that none passes for another. This "
		  "version watches no mailbox "
		  "itself: it takes the word of who looked, and says so."));
	if (guide->asking == QUESTION_MAIL_ATTEST || guide->asking == QUESTION_MAIL_DENY)
		form_question(guide, page);
	actions(guide, page);
}

static void attested(struct guide *guide, const struct input *input)
{
	struct evidence *row = evidence_of(guide, input->row);
	bool works = input->question == QUESTION_MAIL_ATTEST;

	if (!row || !input->fields)
		return;
	if (engine_attest(guide->engine, row, works, input->fields[0], input->fields[1],
		    input->fields[2], &guide->error) == 0)
		decide_next(guide);
	else
		guide_trouble(guide);
}

static void seen(struct guide *guide, const struct input *input)
{
	const struct evidence *row = evidence_of(guide, input->row);

	if (input->answer == WORD_ARRIVED || input->answer == WORD_FAILED)
		guide_ask(guide,
			input->answer == WORD_ARRIVED ? QUESTION_MAIL_ATTEST : QUESTION_MAIL_DENY,
			input->row);
	if (input->answer != WORD_LATER || !row)
		return;
	guide->mail_put_off = talloc_asprintf(guide, "%s %s",
		guide->mail_put_off ? guide->mail_put_off : "", row->token);
	decide_next(guide);
}

static void reply(struct guide *guide, const struct input *input)
{
	if (input->action == WORD_CONTINUE &&
		guide_work(guide, _("Checking again before step 6"), job_gates))
		guide_go(guide, PAGE_OLDFOLDER);
	if (input->answer == WORD_START) {
		if (guide_work(guide, _("Starting the services"), job_start_services))
			guide_say(guide, _("The services run."));
		guide_work(guide, _("Looking at the services"), job_mail);
	}
	if (input->question == QUESTION_MAIL_ATTEST || input->question == QUESTION_MAIL_DENY)
		attested(guide, input);
	if (input->question == QUESTION_MAIL_SEEN)
		seen(guide, input);
}

const struct guide_page page_mail = { .make = make, .reply = reply, .step = 5 };

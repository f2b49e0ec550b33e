/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Step 5: mail flow, per PC MTA and direction. What a person says is attested, never verified; "later" is always
 * possible. */
#include <string.h>

#include "base/i18n.h"
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
	return talloc_asprintf(mem, "%s/%s", text_percent(mem, row->pcmta), mail_direction_name(row->direction));
}

static struct evidence *evidence_of(struct guide *guide, const char *id)
{
	for (size_t i = 0; id != NULL && guide->evidence != NULL && i < guide->evidence->count; i++) {
		char *own = row_id(guide, &guide->evidence->rows[i]);
		bool same = own != NULL && strcmp(own, id) == 0;

		talloc_free(own);
		if (same)
			return &guide->evidence->rows[i];
	}
	return NULL;
}

/* What the two ends have to do for this direction (doc/domain.md 10). */
static char *instructions(struct page *page, const struct evidence *row)
{
	const char *pcmta = text_shown(page, row->pcmta);

	if (text_equal(row->pcmta, ARTICLE_SERVICE_ATMTA))
		return page_text(page,
				 row->direction == MAIL_TO_MSMAIL ?
					 _("From an Exchange mailbox send a new message with the subject %s to a user of Microsoft Mail "
					   "for AppleTalk. Then look for it on that user's Macintosh.") :
					 _("From a Macintosh with Microsoft Mail for AppleTalk send a NEW message (no reply) with the "
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

static struct question *seen_question(struct page *page, const char *id)
{
	struct question *question =
		page_question(page, QUESTION_MAIL_SEEN, id, ASK_CHOICE, _("Did this very message arrive?"));

	question_answer(page, question, WORD_ARRIVED, _("Arrived"), 'y', false);
	question_answer(page, question, WORD_FAILED, _("Did not arrive"), 'n', false);
	question_answer(page, question, WORD_LATER, _("Later"), 'e', true);
	return question;
}

/* Put off: not asked about again by itself in this walk, but it can still be answered. */
static bool put_off(const struct guide *guide, const char *id)
{
	char *between = talloc_asprintf(guide, "\n%s\n", id);
	bool found = guide->mail_later != NULL && between != NULL && strstr(guide->mail_later, between) != NULL;

	talloc_free(between);
	return found;
}

static void row_make(const struct guide *guide, struct page *page, const struct evidence *evidence)
{
	char *id = row_id(page, evidence);
	struct row *row = page_row(page, id);

	row->cells[0] = text_shown(page, evidence->pcmta);
	row->cells[1] = mail_direction_text(evidence->direction);
	row->cells[2] = evidence->token;
	row->cells[3] = mail_grade_text(evidence->grade);
	row->decide = seen_question(page, id);
	if (evidence->grade != MAIL_NOT_TESTED)
		row->decided = "said";
	else if (put_off(guide, id))
		row->decided = "later";
	row_detail(page, row, DETAIL_TEXT, _("Do"), instructions(page, evidence));
	row_detail(page, row, DETAIL_TEXT, _("Known"), evidence_text(page, evidence));
}

/* Who saw what, where: asked as a form once "arrived" or "did not arrive" was said. */
static void form_question(struct guide *guide, struct page *page, bool arrived)
{
	struct question *question =
		page_question(page, arrived ? QUESTION_MAIL_ATTEST : QUESTION_MAIL_DENY, guide->asked_for, ASK_FORM,
			      arrived ? _("What was seen?") : _("What was seen instead?"));

	if (question == NULL)
		return;
	question->text = _("This is recorded as a person's word: ATTESTED, not verified. At least ten characters on "
			   "what was seen: subject, "
			   "sender, time.\n");
	question_field(page, question, WORD_BY, _("Your name"), guide->operator_name, 1);
	question_field(page, question, WORD_MAILBOX, _("Mailbox"), "", 1);
	question_field(page, question, WORD_SEEN, _("What was seen"), "", 10);
	page->question = question;
}

static struct question *start_question(struct guide *guide, struct page *page)
{
	struct question *question = page_confirm(page, QUESTION_MAIL_START, _("Start these services now?"),
						 page_text(page, _("MSExchangeMSMI first, then the others: %s\n"), guide->stopped));

	question_answer(page, question, WORD_NOT_YET, _("Not yet"), 'n', true);
	question_answer(page, question, WORD_START, _("Start them"), 0, false);
	return question;
}

static void actions(struct guide *guide, struct page *page)
{
	page_action(page, WORD_CONTINUE, _("Continue"), 'c', ACTION_FORWARD)->focused = true;
	if (guide->stopped != NULL)
		page_action(page, WORD_START, _("Start the services"), 's', ACTION_OTHER)->ask = start_question(guide, page);
	page_action(page, WORD_LATER, _("Later: leave the run open"), 'x', ACTION_LEAVE);
	page_action(page, WORD_BACK, _("Back"), 0, ACTION_BACK);
}

static void make(struct guide *guide, struct page *page)
{
	page_step(page, 5);
	if (guide->evidence == NULL && engine_evidence(guide->engine, &guide->evidence, &guide->error) != 0) {
		page_lead(page, "%s\n", guide->error.text);
		page_action(page, WORD_BACK, _("Back"), 0, ACTION_BACK);
		return;
	}
	page_lead(page, _("2 directions for each PC MTA. All of step 5 is as strong as its weakest line: %s.\n"),
		  mail_grade_text(evidence_weakest(guide->evidence)));
	if (guide->server->caps & SERVER_SIMULATED)
		page_lead(page, "%s\n",
			  _("This is a practice server: what is attested here never counts for a real one."));
	if (guide->survey != NULL)
		page_lead(page, "%s", survey_services_said(page, guide->survey));
	if (guide->stopped != NULL)
		page_lead(page, _("Not running: %s. No mail flows before they do.\n"), guide->stopped);
	page_columns(page, columns, sizeof columns / sizeof *columns);
	for (size_t i = 0; i < guide->evidence->count; i++)
		row_make(guide, page, &guide->evidence->rows[i]);
	page->steps = NULL;
	page->why = page_text(page, "%s%s\n", page->why,
			      _("A message of its own per direction and PC MTA, so that none passes for another. This "
				"version watches no mailbox "
				"itself: it takes the word of who looked, and says so."));
	if (guide_asks(guide, QUESTION_MAIL_ATTEST) || guide_asks(guide, QUESTION_MAIL_DENY))
		form_question(guide, page, guide_asks(guide, QUESTION_MAIL_ATTEST));
	actions(guide, page);
}

static int attested(struct guide *guide, const struct input *input, bool works)
{
	struct evidence *row = evidence_of(guide, input->row);

	if (row == NULL || input->fields == NULL)
		return 0;
	if (engine_attest(guide->engine, row, works, input->fields[0], input->fields[1], input->fields[2],
			  &guide->error) != 0)
		return guide_trouble(guide);
	decide_next(guide);
	return 0;
}

static int continue_to_step_6(struct guide *guide)
{
	if (guide_work(guide, _("Looking again before step 6"), job_gates) != 0)
		return guide_trouble(guide);
	guide_go(guide, PAGE_OLDFOLDER);
	return 0;
}

static int reply(struct guide *guide, const struct input *input)
{
	if (input->action == WORD_CONTINUE)
		return continue_to_step_6(guide);
	if (input->action == WORD_START && input->answer == WORD_START) {
		if (guide_work(guide, _("Starting the services"), job_start_services) != 0)
			return guide_trouble(guide);
		guide_say(guide, _("The services run."));
	} else if (input->question == QUESTION_MAIL_ATTEST || input->question == QUESTION_MAIL_DENY) {
		return attested(guide, input, input->question == QUESTION_MAIL_ATTEST);
	} else if (input->question == QUESTION_MAIL_SEEN && input->answer == WORD_LATER) {
		guide->mail_later = talloc_asprintf(
			guide, "%s\n%s\n", guide->mail_later != NULL ? guide->mail_later : "", input->row);
		decide_next(guide);
	} else if (input->question == QUESTION_MAIL_SEEN && input->answer != NO_WORD) {
		guide_ask(guide, input->answer == WORD_ARRIVED ? QUESTION_MAIL_ATTEST : QUESTION_MAIL_DENY, input->row);
	}
	return 0;
}

const struct guide_page page_mail = { make, reply };

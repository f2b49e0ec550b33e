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
static struct evidence *evidence_at(struct guide *guide, const struct page *page, const char *row)
{
	for (size_t i = 0; row && i < page->row_count; i++)
		if (strcmp(page->rows[i].id, row) == 0)
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

static enum tone grade_tone(enum mail_grade grade)
{
	return grade == MAIL_FAILED ? TONE_DANGER : grade == MAIL_VERIFIED ? TONE_RIGHT : TONE_WARN;
}

/* Whether nothing was said of it yet, nor put off. */
static bool waits(const struct guide *guide, const struct evidence *row)
{
	return row->grade == MAIL_NOT_TESTED &&
		!(guide->mail_put_off && strstr(guide->mail_put_off, row->token));
}

static void row_make(const struct guide *guide, struct page *page, const struct evidence *evidence)
{
	char *id = row_id(page, evidence);
	bool put_off = evidence->grade == MAIL_NOT_TESTED && !waits(guide, evidence);
	struct row *row = page_row(page, id, text_shown(page, evidence->pcmta),
		mail_direction_text(evidence->direction), evidence->token,
		put_off ? _("later") : mail_grade_text(evidence->grade), NULL);
	struct question *question = page_question(page, QUESTION_MAIL_SEEN, id, ASK_CHOICE,
		_("Did this very message arrive?"));

	question_answer(page, question, WORD_ARRIVED, _("Arrived"), 'y', false);
	question_answer(page, question, WORD_FAILED, _("Did not arrive"), 'n', false);
	question_answer(page, question, WORD_LATER, _("Later"), 'e', true);
	question_hint(question, WORD_ARRIVED, _("Asks who saw it, where, and what."));
	question_hint(question, WORD_FAILED,
		_("Asks who looked, where, and what was seen instead."));
	question_hint(question, WORD_LATER,
		_("Leaves this direction open; it can be recorded later."));
	row->decide = question;
	row->tones[3] = grade_tone(evidence->grade);
	if (evidence->grade != MAIL_NOT_TESTED)
		row->decided = "said";
	/* Not asked about again by itself in this walk, but it can still be answered. */
	else if (put_off)
		row->decided = "later";
	row_detail(page, row, DETAIL_TEXT, C_("instructions", "Do"), instructions(page, evidence));
	if (evidence->grade != MAIL_NOT_TESTED)
		row_detail(page, row, DETAIL_TEXT, _("Known"), evidence_text(page, evidence));
}

static bool direction_waits(const struct guide *guide, enum mail_direction direction)
{
	for (size_t i = 0; i < guide->evidence->count; i++)
		if (guide->evidence->rows[i].direction == direction &&
			waits(guide, &guide->evidence->rows[i]))
			return true;
	return false;
}

/* The last word of a person in this run, or NULL; works: that it arrived, of a direction in which
 * others wait for one. */
static const struct evidence *said_last(const struct guide *guide, bool works)
{
	const struct evidence *last = NULL;

	for (size_t i = 0; i < guide->evidence->count; i++) {
		const struct evidence *row = &guide->evidence->rows[i];
		bool fits = row->by &&
			(!works ||
				(row->grade == MAIL_ATTESTED &&
					direction_waits(guide, row->direction)));

		if (fits && (!last || row->at >= last->at))
			last = row;
	}
	return last;
}

static char *line_of(struct page *page, const struct evidence *row)
{
	return page_text(page, "%s  %s, %s", row->token, text_shown(page, row->pcmta),
		mail_direction_text(row->direction));
}

/* Whatever somebody says: what does not run carries no mail. */
static char *stopped_text(const struct guide *guide, struct page *page)
{
	return guide->stopped
		? page_text(page,
			  _("Not running: %s. Mail cannot have flowed now; what was seen must be from before.\n"),
			  guide->stopped)
		: page_text(page, "%s", "");
}

/* Who saw what, where: asked as a form once "arrived" or "did not arrive" was said. The name is
 * kept for the next; the mailbox mostly is another, and what was seen is what counts. */
static void form_question(struct guide *guide, struct page *page)
{
	bool works = guide->asking == QUESTION_MAIL_ATTEST;
	const struct evidence *row = evidence_at(guide, page, guide->asked_for),
			      *last = said_last(guide, false);
	struct question *question = page_question(page, guide->asking, guide->asked_for, ASK_FORM,
		works ? _("What was seen?") : _("What was seen instead?"));

	question->text = page_text(page, "%s\n%s%s\n", row ? line_of(page, row) : "",
		stopped_text(guide, page),
		works ? _("Recorded as a person's word: ATTESTED, not verified. Say what was seen, in ten characters or more: subject, sender, time.")
		      : _("Recorded as a person's word: FAILED. Say what was seen instead, in ten characters or more."));
	question_field(page, question, WORD_BY, _("Your name"),
		last ? page_shown(page, last->by) : guide->operator_name, 1);
	question_field(page, question, WORD_MAILBOX, _("Mailbox"), "", 1);
	question_field(page, question, WORD_SEEN, _("What was seen"), "", 10);
	page->question = question;
}

/* A mailbox of one system is none of the other's. */
static bool rest_fits(const struct guide *guide, const struct evidence *row,
	const struct evidence *last)
{
	return waits(guide, row) && row->direction == last->direction;
}

/* Those of the same direction that nothing was said of, once one was: each is named before it is
 * recorded as well. */
static void rest_action(struct guide *guide, struct page *page)
{
	const struct evidence *last = said_last(guide, true);
	char *text = talloc_strdup(page, "");
	struct question *question;
	struct action *action;
	size_t count = 0;

	for (size_t i = 0; last && i < guide->evidence->count; i++) {
		if (!rest_fits(guide, &guide->evidence->rows[i], last))
			continue;
		count++;
		text = talloc_asprintf_append(text, "  %s\n",
			line_of(page, &guide->evidence->rows[i]));
	}
	if (count == 0)
		return;
	question = page_confirm(page, QUESTION_MAIL_REST, _("Did each of these arrive?"),
		page_text(page,
			_("%s%sRecorded for each of them: %s, mailbox %s: \"%s\". ATTESTED, not verified.\n"),
			text, stopped_text(guide, page), page_shown(page, last->by),
			page_shown(page, last->mailbox), page_shown(page, last->seen)));
	question_answer(page, question, WORD_NOT_YET, _("Not yet"), 'n', true);
	question_answer(page, question, WORD_ARRIVED, _("Each arrived"), 0, false);
	action = page_action(page, WORD_ROWS,
		page_text(page,
			P_("Record the same for the other %zu", "Record the same for the other %zu",
				count),
			count),
		0, ACTION_OTHER);
	action->brief = _("The same");
	action->hint = _("Lists the others of this direction, then asks.");
	action->ask = question;
}

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
	rest_action(guide, page);
	if (guide->stopped) {
		action = page_action(page, WORD_START, _("Start the services"), 's', ACTION_OTHER);
		action->ask = start_question(guide, page);
		action->brief = _("Start");
		action->hint = _("Asks, then starts them on the server.");
	}
	action = page_action(page, WORD_LATER, _("Later: leave the run open"), 'x', ACTION_LEAVE);
	action->brief = _("Later");
	action->hint = _("Leaves the program; what was recorded stays.");
	page_action(page, WORD_BACK, _("Back"), 0, ACTION_BACK)->hint = guide_by_record(guide)
		? NULL
		: _("What was written, what is open, and how it was checked.");
}

/* Where the server is, and what of it matters here. */
static void server_lead(struct guide *guide, struct page *page)
{
	if (guide->evidence->count > 0 && guide->evidence->rows[0].simulated)
		page_lead(page, "%s\n",
			_("This is a practice server: what is attested here never counts for a real one."));
	if (guide->survey)
		page_lead(page, "%s", survey_services_said(page, guide->survey));
	if (*decide_half(guide, page, true) != '\0')
		page_lead(page, "%s\n", decide_half(guide, page, true));
	if (guide->stopped)
		page_lead(page, _("Not running: %s. No mail flows before they do.\n"),
			guide->stopped);
	if (guide_by_record(guide))
		page_tail(page, "%s\n  %s\n",
			guide->record && guide->record->reached.image
				? _("Step 6 needs the image. Shut the virtual machine down and run:")
				: _("Step 6 needs the server's volumes. Mount them and run:"),
			guide_command(guide, page, "resume"));
}

static void make(struct guide *guide, struct page *page)
{
	page_step(page, 5);
	page->copied = true;
	page_lead(page,
		_("2 directions for each PC MTA. All of step 5 is as strong as its weakest line: %s.\n"),
		mail_grade_text(evidence_weakest(guide->evidence)));
	server_lead(guide, page);
	page_columns(page, columns, ARRAY_SIZE(columns));
	for (size_t i = 0; i < guide->evidence->count; i++)
		row_make(guide, page, &guide->evidence->rows[i]);
	page->why = page_text(page, "%s%s\n", page->why,
		_("A message of its own per direction and PC MTA, so that none passes for another. This "
		  "version watches no mailbox "
		  "itself: it takes the word of who looked, and says so."));
	page_more(page, _("What the article asks"),
		page_text(page, _("%s, step %d"), ARTICLE_NUMBER, 5), page->why);
	if (guide->asking == QUESTION_MAIL_ATTEST || guide->asking == QUESTION_MAIL_DENY)
		form_question(guide, page);
	actions(guide, page);
}

/* Each is recorded by itself; what was not recorded is not counted. */
static void rest_attested(struct guide *guide)
{
	const struct evidence *found = said_last(guide, true);
	/* What is recorded is the newest itself. */
	const struct evidence said = found ? *found : (struct evidence){ 0 }, *last = &said;

	for (size_t i = 0; found && i < guide->evidence->count; i++) {
		struct evidence *row = &guide->evidence->rows[i];

		if (!rest_fits(guide, row, last))
			continue;
		if (engine_attest(guide->engine, row,
			    &(struct mail_word){ .works = true,
				    .by = last->by,
				    .mailbox = last->mailbox,
				    .seen = last->seen },
			    &guide->error) != 0) {
			guide_trouble(guide);
			return;
		}
	}
}

static void attested(struct guide *guide, const struct input *input)
{
	struct evidence *row = evidence_at(guide, guide->page, input->row);
	bool works = input->question == QUESTION_MAIL_ATTEST;

	if (!row || !input->fields)
		return;
	if (engine_attest(guide->engine, row,
		    &(struct mail_word){ .works = works,
			    .by = input->fields[0],
			    .mailbox = input->fields[1],
			    .seen = input->fields[2] },
		    &guide->error) != 0) {
		guide_trouble(guide);
		return;
	}
	/* A run that had come to its end has another one to come to. */
	guide->finished = false;
	decide_next(guide);
}

static void seen(struct guide *guide, const struct input *input)
{
	const struct evidence *row = evidence_at(guide, guide->page, input->row);

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
	if (input->action == WORD_ROWS && input->answer == WORD_ARRIVED)
		rest_attested(guide);
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

const struct guide_page page_mail = { .make = make, .reply = reply, .step = 5, .steps = true };

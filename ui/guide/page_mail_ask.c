/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the page of step 5 asks: who sent what, who saw what, which mailbox; and what the answers
 * do. What a person says is attested, never verified. */
#include <stdlib.h>
#include <string.h>

#include "base/filetime.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "ui/guide/page_mail.h"

/* ---- What is proposed ---- */

static bool direction_waits(const struct guide *guide, enum mail_direction direction)
{
	for (size_t i = 0; i < guide->evidence->count; i++)
		if (guide->evidence->rows[i].direction == direction &&
			mail_waits(guide, &guide->evidence->rows[i]))
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

/* The last message of that direction that was sent, or NULL. */
static const struct evidence *sent_last(const struct guide *guide, enum mail_direction direction)
{
	const struct evidence *last = NULL;

	for (size_t i = 0; i < guide->evidence->count; i++) {
		const struct evidence *row = &guide->evidence->rows[i];

		if (row->sent != 0 && row->direction == direction &&
			(!last || row->sent >= last->sent))
			last = row;
	}
	return last;
}

/* Whether it is a mailbox of Exchange, or one that this PC MTA serves. */
static bool box_fits(const struct mail_box *box, const char *pcmta, bool exchange)
{
	return box->exchange ? exchange : !exchange && box->pcmta && text_equal(box->pcmta, pcmta);
}

/* The first two that no other test message has; "" for none. */
static void boxes_propose(const struct guide *guide, struct page *page, const struct evidence *row,
	const char **from, const char **to)
{
	const struct mail_boxes *boxes = &guide->boxes;
	const bool out = row->direction == MAIL_TO_MSMAIL;

	*from = *to = "";
	for (size_t i = 0; i < boxes->count; i++)
		for (size_t k = 0; k < boxes->count; k++) {
			const struct mail_box *sender = &boxes->boxes[i], *other = &boxes->boxes[k];

			if (!box_fits(sender, row->pcmta, out) ||
				!box_fits(other, row->pcmta, !out) ||
				!evidence_pair_is_free(guide->evidence, row, sender->address,
					other->address))
				continue;
			*from = page_shown(page, sender->address);
			*to = page_shown(page, other->address);
			return;
		}
}

/* "1  NET1/PO1/HJONES  Helen Jones", a line each; "" where there are none. */
static char *boxes_listed(const struct guide *guide, struct page *page)
{
	char *text = talloc_strdup(page, "");
	size_t width = 0;

	for (size_t i = 0; i < guide->boxes.count; i++)
		width = text_widest(width, page_shown(page, guide->boxes.boxes[i].address));
	for (size_t i = 0; i < guide->boxes.count; i++)
		text = talloc_asprintf_append(text, "  %zu  %s  %s\n", i + 1,
			text_pad(page, page_shown(page, guide->boxes.boxes[i].address), width),
			page_shown(page, guide->boxes.boxes[i].shown));
	return text;
}

/* Those of one end, side by side: a small box has room for all of them. */
static const char *boxes_of(const struct guide *guide, struct page *page, const char *pcmta,
	bool exchange)
{
	char *text = talloc_strdup(page, "");

	for (size_t i = 0; i < guide->boxes.count; i++)
		if (box_fits(&guide->boxes.boxes[i], pcmta, exchange))
			text = talloc_asprintf_append(text, "%s%s", *text ? ", " : "",
				page_shown(page, guide->boxes.boxes[i].address));
	return text;
}

/* ---- The forms ---- */

/* Whatever somebody says: what does not run carries no mail. */
static char *stopped_text(const struct guide *guide, struct page *page)
{
	return guide->stopped
		? page_text(page,
			  _("Not running: %s. Mail cannot have flowed now; what was seen must be from before.\n"),
			  guide->stopped)
		: page_text(page, "%s", "");
}

static const char *who_said(const struct guide *guide, struct page *page, const char *last)
{
	return last ? page_shown(page, last) : guide->operator_name;
}

/* Who saw what, where. The name is kept for the next; the mailbox mostly is another, and what was
 * seen is what counts. */
static void seen_form(struct guide *guide, struct page *page, const struct evidence *row)
{
	bool works = guide->asking == QUESTION_MAIL_ATTEST;
	const struct evidence *last = said_last(guide, false);
	struct question *question = page_question(page, guide->asking, guide->asked_for, ASK_FORM,
		works ? _("What was seen?") : _("What was seen instead?"));

	question->text = page_text(page, "%s\n%s%s\n", row ? mail_line_text(page, row) : "",
		stopped_text(guide, page),
		works ? _("Recorded as a person's word: ATTESTED, not verified. Say what was seen, in ten characters or more: subject, sender, time.")
		      : _("Recorded as a person's word: FAILED. Say what was seen instead, in ten characters or more."));
	question_field(page, question, WORD_BY, _("Your name"),
		who_said(guide, page, last ? last->by : NULL), 1);
	question_field(page, question, WORD_MAILBOX, _("Mailbox"), "", 1);
	question_field(page, question, WORD_SEEN, _("What was seen"), "", 10);
	if (works)
		question_field(page, question, WORD_SUBJECT, _("Subject as read there"), "", 0);
	page->question = question;
}

/* Of another system only the end that all have in common: the mailbox of Exchange. */
static void pair_propose(const struct guide *guide, struct page *page, const struct evidence *row,
	const char **from, const char **to)
{
	const struct evidence *last = sent_last(guide, row->direction);

	*from = *to = "";
	if (row->simulated)
		boxes_propose(guide, page, row, from, to);
	else if (last && row->direction == MAIL_TO_MSMAIL)
		*from = page_shown(page, last->from);
	else if (last)
		*to = page_shown(page, last->to);
}

/* Who sent it, from which mailbox to which: by these alone can it be told from other mail in the
 * logs, for most have no subject. */
static void sent_form(struct guide *guide, struct page *page, const struct evidence *row)
{
	const struct evidence *last = sent_last(guide, MAIL_TO_MSMAIL),
			      *other = sent_last(guide, MAIL_TO_EXCHANGE);
	const char *stopped = guide->stopped
		? page_text(page, _("Not running: %s. Nothing flows before they do.\n"),
			  guide->stopped)
		: "";
	struct question *question = page_question(page, guide->asking, guide->asked_for, ASK_FORM,
		row->simulated ? _("Send it from where to where?") : _("Who sent it to whom?"));
	const char *from, *to;

	question->text = row->simulated
		? page_text(page, "%s\n%s%s", mail_line_text(page, row), stopped,
			  page_text(page, _("Exchange: %s\nMS Mail: %s\n"),
				  boxes_of(guide, page, row->pcmta, true),
				  boxes_of(guide, page, row->pcmta, false)))
		: page_text(page, "%s\n%s%s\n", mail_line_text(page, row), stopped,
			  _("Each mailbox as MS Mail knows it: NET/PO/BOX. By these two it is known in the logs: no other test message may have the same, and no other mail should."));
	question_field(page, question, WORD_BY, _("Who sent it"),
		who_said(guide, page,
			last && (!other || last->sent >= other->sent) ? last->sent_by
				: other                               ? other->sent_by
								      : NULL),
		1);
	pair_propose(guide, page, row, &from, &to);
	question_field(page, question, WORD_FROM, _("From mailbox"), from, 1);
	question_field(page, question, WORD_TO, _("To mailbox"), to, 1);
	page->question = question;
}

static void again_question(struct guide *guide, struct page *page, const struct evidence *row)
{
	struct question *question = page_confirm(page, QUESTION_MAIL_AGAIN,
		_("Test this direction again?"),
		page_text(page, "%s\n%s\n%s\n", mail_line_text(page, row), evidence_text(page, row),
			_("It gets a new code and is NOT TESTED again. What was seen and said of the earlier message stays in the journal. The new one needs another mailbox at one end.")));

	question->id =
		page_text(page, "%s:%s", question_name(QUESTION_MAIL_AGAIN), guide->asked_for);
	question_answer(page, question, WORD_NOT_YET, _("Not yet"), 'n', true);
	question_answer(page, question, WORD_ANEW, _("New code"), 0, false);
	page->question = question;
}

void mail_form(struct guide *guide, struct page *page)
{
	const struct evidence *row = mail_line(guide, page, guide->asked_for);

	if (guide->asking == QUESTION_MAIL_SENT && row)
		sent_form(guide, page, row);
	if (guide->asking == QUESTION_MAIL_AGAIN && row)
		again_question(guide, page, row);
	if (guide->asking == QUESTION_MAIL_ATTEST || guide->asking == QUESTION_MAIL_DENY)
		seen_form(guide, page, row);
}

/* ---- The others of a direction ---- */

/* A mailbox of one system is none of the other's. */
static bool rest_fits(const struct guide *guide, const struct evidence *row,
	const struct evidence *last)
{
	return mail_waits(guide, row) && row->direction == last->direction;
}

/* Those of the same direction that nothing was said of, once one was: each is named before it is
 * recorded as well. */
void mail_rest_action(struct guide *guide, struct page *page)
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
			mail_line_text(page, &guide->evidence->rows[i]));
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

/* Each is recorded by itself; what was not recorded is not counted. */
static void rest_attested(struct guide *guide)
{
	const struct evidence *found = said_last(guide, true);
	/* What is recorded is the newest itself. */
	const struct evidence said = found ? *found : (struct evidence){ 0 }, *last = &said;

	for (size_t i = 0; found && i < guide->evidence->count; i++) {
		struct evidence *row = &guide->evidence->rows[i];
		struct mail_word word = { .works = true,
			.by = last->by,
			.mailbox = last->mailbox,
			.seen = last->seen,
			.subject = "" };

		if (rest_fits(guide, row, last) &&
			engine_attest(guide->engine, row, &word, &guide->error) != 0) {
			guide_trouble(guide);
			return;
		}
	}
}

/* ---- Mailboxes of a practice server ---- */

void mail_read_action(struct guide *guide, struct page *page)
{
	struct question *question;
	struct action *action;

	if (guide->boxes.count == 0)
		return;
	question = page_line(page, QUESTION_MAIL_READ, NULL, _("Which mailbox?"),
		page_text(page, "%s%s\n", boxes_listed(guide, page),
			_("Its number, or its address.")));
	action = page_action(page, WORD_READ, _("Read a mailbox"), 0, ACTION_OTHER);
	action->brief = _("Read");
	action->hint = _("Asks which mailbox, then shows all that is in it.");
	action->ask = question;
}

static const struct mail_box *box_named(const struct guide *guide, const char *text)
{
	char *end;
	unsigned long number = strtoul(text, &end, 10);

	if (*end == '\0' && number >= 1 && number <= guide->boxes.count)
		return &guide->boxes.boxes[number - 1];
	for (size_t i = 0; i < guide->boxes.count; i++)
		if (text_equal(guide->boxes.boxes[i].address, text) ||
			text_equal(guide->boxes.boxes[i].name, text))
			return &guide->boxes.boxes[i];
	return NULL;
}

/* A line of a letter at a time; a letter ends no line of the screen by itself. */
static char *letter_text(struct page *page, char *text, const char *body)
{
	while (body && *body != '\0') {
		size_t len = strcspn(body, "\n");
		char *line = talloc_strndup(page, body, len);

		text = talloc_asprintf_append(text, "  %s\n", text_shown(page, line));
		body += len + (body[len] == '\n');
	}
	return text;
}

static char *letters_text(const struct guide *guide, struct page *page)
{
	const struct mail_letters *letters = &guide->letters;
	char *text = talloc_strdup(page, letters->count == 0 ? _("Nothing is in it.\n") : "");

	for (size_t i = letters->count; i-- > 0;) {
		const struct mail_letter *letter = &letters->letters[i];
		char *when = filetime_text(page, filetime_of(letter->at, 0), false);

		text = talloc_asprintf_append(text,
			letter->report         ? _("%s  a non-delivery report\n")
				: letter->sent ? _("%s  sent from here\n")
					       : _("%s  received\n"),
			when ? when : "");
		text = talloc_asprintf_append(text, _("From: %s\nTo: %s\nSubject: %s\n"),
			page_shown(page, letter->from), page_shown(page, letter->to),
			page_shown(page, letter->subject));
		text = talloc_asprintf_append(letter_text(page, text, letter->text), "\n");
	}
	return text;
}

static void box_read(struct guide *guide, const char *text)
{
	guide->box = box_named(guide, text);
	if (!guide->box) {
		guide_say(guide, _("There is no mailbox \"%s\" here."),
			text_shown(guide->page, text));
		guide->message_bad = true;
	} else if (guide_work(guide, _("Reading the mailbox"), job_mail_read)) {
		guide_read(guide,
			page_text(guide->page, _("Mailbox %s, newest first"),
				page_shown(guide->page, guide->box->address)),
			letters_text(guide, guide->page));
	}
}

/* ---- Answers ---- */

/* A run that had come to its end has another one to come to. */
static void recorded(struct guide *guide)
{
	guide->finished = false;
	decide_next(guide);
}

static void attested(struct guide *guide, const struct input *input)
{
	struct evidence *row = mail_line(guide, guide->page, input->row);
	bool works = input->question == QUESTION_MAIL_ATTEST;

	if (!row || !input->fields)
		return;
	if (engine_attest(guide->engine, row,
		    &(struct mail_word){ .works = works,
			    .by = input->fields[0],
			    .mailbox = input->fields[1],
			    .seen = input->fields[2],
			    .subject = works ? input->fields[3] : "" },
		    &guide->error) != 0)
		guide_trouble(guide);
	else
		recorded(guide);
}

static void sent(struct guide *guide, const struct input *input)
{
	struct evidence *row = mail_line(guide, guide->page, input->row);

	if (!row || !input->fields)
		return;
	if (engine_mail_sent(guide->engine, row, input->fields[0], input->fields[1],
		    input->fields[2], &guide->error) != 0) {
		guide_trouble(guide);
		return;
	}
	guide_say(guide,
		row->simulated ? _("%s was sent.")
			       : _("%s is on record as sent; from now on it is looked for."),
		row->token);
	recorded(guide);
	(void)guide_work_quiet(guide, _("looking for mail"), job_mail_look);
}

/* The cursor stays: sending is what comes next. */
static void again(struct guide *guide, const struct input *input)
{
	struct evidence *row = mail_line(guide, guide->page, input->row);

	if (!row || input->answer != WORD_ANEW)
		return;
	if (engine_mail_again(guide->engine, row, &guide->error) != 0) {
		guide_trouble(guide);
		return;
	}
	guide->finished = false;
	guide_say(guide, _("%s is the new code; send a new message with it."), row->token);
}

static void answered(struct guide *guide, const struct input *input)
{
	const struct evidence *row = mail_line(guide, guide->page, input->row);

	if (input->answer == WORD_SENT)
		guide_ask(guide, QUESTION_MAIL_SENT, input->row);
	if (input->answer == WORD_ARRIVED)
		guide_ask(guide, QUESTION_MAIL_ATTEST, input->row);
	if (input->answer == WORD_FAILED)
		guide_ask(guide, QUESTION_MAIL_DENY, input->row);
	if (input->answer == WORD_ANEW)
		guide_ask(guide, QUESTION_MAIL_AGAIN, input->row);
	if (input->answer != WORD_LATER || !row)
		return;
	guide->mail_put_off = talloc_asprintf(guide, "%s %s",
		guide->mail_put_off ? guide->mail_put_off : "", row->token);
	decide_next(guide);
}

void mail_asked(struct guide *guide, const struct input *input)
{
	if (input->action == WORD_ROWS && input->answer == WORD_ARRIVED)
		rest_attested(guide);
	if (input->action == WORD_READ && input->text)
		box_read(guide, input->text);
	if (input->question == QUESTION_MAIL_SENT)
		sent(guide, input);
	if (input->question == QUESTION_MAIL_AGAIN)
		again(guide, input);
	if (input->question == QUESTION_MAIL_ATTEST || input->question == QUESTION_MAIL_DENY)
		attested(guide, input);
	if (input->question == QUESTION_MAIL_SEEN)
		answered(guide, input);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Before the diagnosis of a lesson: the bare facts, of which the trainee says what looks wrong and
 * why. Once all is said, what is so stands beside it. */
#include <string.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "ui/guide/decide.h"
#include "ui/guide/train.h"

static const struct column said_columns[] = {
	{ N_("You say"), 12, CUT_END, false },
	{ N_("What"), 25, CUT_MIDDLE, false },
	{ N_("As found"), 38, CUT_MIDDLE, false },
};

static const struct column told_columns[] = {
	{ N_("You said"), 12, CUT_END, false },
	{ N_("It is"), 9, CUT_NEVER, false },
	{ N_("What"), 23, CUT_MIDDLE, false },
	{ N_("As found"), 30, CUT_MIDDLE, true },
};

/* How each outcome is shown beside what was said. */
static const struct {
	const char *word;
	enum tone tone;
} OUTCOMES[] = {
	[OUTCOME_OPEN] = { "", TONE_QUIET },
	[OUTCOME_MET] = { N_("as said"), TONE_RIGHT },
	[OUTCOME_MISSED] = { N_("WRONG"), TONE_OPEN },
	[OUTCOME_FALSE] = { N_("right"), TONE_OPEN },
	[OUTCOME_OTHER_REASON] = { N_("not why"), TONE_OPEN },
	[OUTCOME_EITHER] = { N_("either"), TONE_QUIET },
};

static const struct lesson *lesson_of(const struct guide *guide)
{
	return guide->training->lesson;
}

/* ---- a row ---- */

/* Of the reasons of one kind no two have the same letter. */
static const struct {
	char letter;
	const char *label, *brief; /* brief: side by side in the line of keys, at 60 columns, too */
} SHORT[] = {
	[REASON_OLD_DRIVE] = { 'o', N_("Old drive"), N_("Old drive") },
	[REASON_ELSEWHERE] = { 'p', N_("Elsewhere"), N_("Other") },
	[REASON_MISSING] = { 'm', N_("Missing"), N_("Gone") },
	[REASON_OLDER] = { 'o', N_("Older"), N_("Older") },
	[REASON_NEWER] = { 'p', N_("Newer"), N_("Newer") },
	[REASON_SHARED] = { 's', N_("Shared wrongly"), N_("Share") },
	[REASON_STOPPED] = { 's', N_("Does not run"), N_("Stopped") },
	[REASON_ACCOUNT] = { 'p', N_("Account"), N_("Account") },
	[REASON_STALE] = { 's', N_("Stale"), N_("Stale") },
	[REASON_WAITS] = { 'm', N_("Mail waits"), N_("Waits") },
};

/* What looks wrong is said by its reason. */
static const char *said(const struct lesson_mark *mark)
{
	if (mark && mark->says == SAYS_WRONG)
		return _(SHORT[mark->reason].label);
	return !mark || mark->says == SAYS_NOTHING ? ""
		: mark->says == SAYS_RIGHT         ? _("right")
						   : _("not sure");
}

/* What looks wrong is said by why it does. */
static struct question *says_question(struct page *page, const struct mark_row *row)
{
	struct question *question = page_question(page, QUESTION_MARKS_SAY, row->id, ASK_CHOICE,
		page_text(page, _("What looks wrong with it: %s?"), row->subject));

	for (unsigned i = 1; i < REASONS; i++) {
		enum word_id word = word_of(mark_reason_name((enum mark_reason)i));

		if (!(mark_reasons(row->kind) & 1u << i))
			continue;
		question_answer(page, question, word, _(SHORT[i].brief), SHORT[i].letter, false);
		question_hint(question, word, mark_reason_text((enum mark_reason)i));
	}
	question_answer(page, question, WORD_RIGHT, _("Right"), 'n', false);
	question_answer(page, question, WORD_UNSURE, _("Unsure"), 'e', true);
	return question;
}

static void row_details(struct page *page, struct row *shown, const struct mark_row *row,
	const struct lesson_mark *mark)
{
	shown->subject = row->subject;
	if (mark && mark->says == SAYS_WRONG)
		row_detail(page, shown, DETAIL_TEXT, _("you say"), mark_reason_text(mark->reason));
	row_detail(page, shown, DETAIL_TEXT, _("found"), row->fact);
	if (*row->more)
		row_detail(page, shown, DETAIL_TEXT, _("files"), row->more);
}

/* Why it is so: the reasons that would have been good ones. */
static const char *reasons(struct page *page, const struct mark_row *row)
{
	const char *text = "";

	for (unsigned i = 1; i < REASONS; i++)
		if (row->reasons & 1u << i)
			text = page_text(page, "%s%s%s", text, *text ? _(", or ") : "",
				mark_reason_text((enum mark_reason)i));
	return text;
}

static void row_said(struct guide *guide, struct page *page, const struct mark_row *row)
{
	const struct lesson_mark *mark = lesson_marked(lesson_of(guide), row->id);
	struct row *shown = page_row(page, row->id, said(mark), row->subject, row->fact, NULL);

	if (!lesson_of(guide)->marked)
		shown->decide = says_question(page, row);
	shown->decided = mark && mark->says != SAYS_NOTHING ? mark_says_name(mark->says) : NULL;
	shown->tones[0] = mark && mark->says == SAYS_WRONG ? TONE_DECIDED : TONE_TEXT;
	row_details(page, shown, row, mark);
}

static void row_told(struct guide *guide, struct page *page, const struct mark_row *row)
{
	const struct lesson_mark *mark = lesson_marked(lesson_of(guide), row->id);
	enum mark_outcome outcome = mark ? mark->outcome : OUTCOME_OPEN;
	struct row *shown = page_row(page, row->id, said(mark), _(OUTCOMES[outcome].word),
		row->subject, row->fact, NULL);

	shown->selectable = true;
	shown->tones[1] = OUTCOMES[outcome].tone;
	if (row->truth == TRUTH_WRONG)
		row_detail(page, shown, DETAIL_TOLD, _("it is"), reasons(page, row));
	row_details(page, shown, row, mark);
}

static void rows(struct guide *guide, struct page *page, const struct mark_rows *all)
{
	const bool told = lesson_of(guide)->marked && !lesson_of(guide)->exam;
	enum mark_kind kind = MARK_KINDS;

	if (told)
		page_columns(page, told_columns, ARRAY_SIZE(told_columns));
	else
		page_columns(page, said_columns, ARRAY_SIZE(said_columns));
	for (size_t i = 0; i < all->count; i++) {
		(told ? row_told : row_said)(guide, page, &all->rows[i]);
		if (all->rows[i].kind != kind)
			((struct row *)page->rows)[page->row_count - 1].group =
				mark_kind_text(all->rows[i].kind);
		kind = all->rows[i].kind;
	}
}

/* ---- the page ---- */

static const struct mark_row *row_named(const struct guide *guide, const char *id)
{
	const struct mark_rows *all = guide->training->facts;

	for (size_t i = 0; id && all && i < all->count; i++)
		if (strcmp(all->rows[i].id, id) == 0)
			return &all->rows[i];
	return NULL;
}

static bool is_unsaid(const struct guide *guide, const char *id)
{
	const struct lesson_mark *mark = lesson_marked(lesson_of(guide), id);

	return !mark || mark->says == SAYS_NOTHING;
}

static size_t unsaid(const struct guide *guide)
{
	const struct mark_rows *all = guide->training->facts;
	size_t count = 0;

	for (size_t i = 0; all && i < all->count; i++)
		count += is_unsaid(guide, all->rows[i].id);
	return count;
}

static void actions_say(struct guide *guide, struct page *page)
{
	const size_t left = unsaid(guide);
	struct action *action =
		page_action(page, WORD_SAID, _("Say that is all"), 'c', ACTION_FORWARD);

	action->brief = _("All said");
	action->hint = _("What you said goes on record, and the diagnosis opens.");
	if (left) {
		struct question *question = page_question(page, QUESTION_MARKS_END, NULL,
			ASK_CHOICE, _("Is that all?"));

		question->text = page_text(page,
			P_("Of %zu row you said nothing. It counts as not found if it is wrong.\n",
				"Of %zu rows you said nothing. Those that are wrong count as not found.\n",
				left),
			left);
		question_answer(page, question, WORD_STAY, _("Stay"), 'n', true);
		question_answer(page, question, WORD_SAID, _("That is all"), 'y', false);
		action->ask = question;
		action =
			page_action(page, WORD_REST, _("Say the rest is right"), 'g', ACTION_OTHER);
		action->brief = _("Rest right");
		/* So that it can be said between two rows. */
		action->of_row = true;
		action->hint = _("Everything of which nothing was said is marked as right.");
	}
}

static const char *counted(const struct guide *guide, struct page *page)
{
	const struct score_marks sum = lesson_marks_sum(lesson_of(guide));

	return page_text(page,
		_("Found %zu of %zu, %zu of them for another reason; %zu wrongly. That costs %d of %d points.\n"),
		sum.found + sum.reasons, sum.wrong, sum.reasons, sum.falsely,
		score_marks_lost(&sum), SCORE_MARKS);
}

static void make(struct guide *guide, struct page *page)
{
	const struct lesson *lesson = lesson_of(guide);
	struct action *action;

	page->why = page_text(page,
		_("Whoever reads a verdict first looks no further. So look at the facts yourself, and say what is wrong and why, before the program "
		  "does. Compare both Bins by version, not by date. A file that is newer than setup's is marked too: somebody must think about it. Each "
		  "thing missed or marked wrongly costs its share of %d points, another reason half of that.\n"),
		SCORE_MARKS);
	if (!guide->training->facts) {
		page->title = _("What looks wrong?");
		page_action(page, WORD_AGAIN, _("Look again"), 'c', ACTION_FORWARD);
		return;
	}
	rows(guide, page, guide->training->facts);
	if (!lesson->marked) {
		page->title = _("What looks wrong?");
		page_lead(page, "%s\n",
			_("These are the facts of the server, without a verdict. Say of each row what looks wrong with it, that it looks right (n), or that "
			  "you are not sure (e)."));
		actions_say(guide, page);
		return;
	}
	page->title = _("What you said, and what is so");
	if (!lesson->exam)
		page_lead(page, "%s", counted(guide, page));
	action = page_action(page, WORD_BEGIN, _("Show the diagnosis"), 'c', ACTION_FORWARD);
	action->brief = _("Diagnosis");
	action->hint = _("What the program finds, and what it would do.");
}

/* ---- replies ---- */

static bool mark(struct guide *guide, const char *id, enum mark_says says, enum mark_reason reason)
{
	const struct mark_row *row = row_named(guide, id);

	if (!row)
		return false;
	if (lesson_mark(guide->training->lesson, row, says, reason, &guide->error) == 0)
		return true;
	guide_trouble(guide);
	return false;
}

static void rest(struct guide *guide)
{
	const struct mark_rows *all = guide->training->facts;
	bool good = true;

	for (size_t i = 0; good && i < all->count; i++)
		if (is_unsaid(guide, all->rows[i].id))
			good = mark(guide, all->rows[i].id, SAYS_RIGHT, REASON_NONE);
}

/* Nothing of the comparison is told in an exam: it goes straight on. */
static void all_said(struct guide *guide)
{
	if (lesson_marks_end(guide->training->lesson, guide->training->facts, &guide->error) != 0)
		guide_trouble(guide);
	else if (lesson_of(guide)->exam)
		marks_leave(guide);
	else
		guide->cursor = 0;
}

static void answered(struct guide *guide, const struct input *input)
{
	const enum mark_reason reason = mark_reason_parse(word_name(input->answer));
	const enum mark_says says = reason != REASON_NONE ? SAYS_WRONG
		: input->answer == WORD_RIGHT             ? SAYS_RIGHT
							  : SAYS_UNSURE;

	if (mark(guide, input->row, says, reason))
		decide_next(guide);
}

static void reply(struct guide *guide, const struct input *input)
{
	if (input->action == WORD_AGAIN)
		marks_open(guide);
	if (!guide->training->facts)
		return;
	if (input->row && input->question == QUESTION_MARKS_SAY)
		answered(guide, input);
	if (input->action == WORD_REST)
		rest(guide);
	if (input->action == WORD_SAID && (!unsaid(guide) || input->answer == WORD_SAID))
		all_said(guide);
	if (input->action == WORD_BEGIN && lesson_of(guide)->marked)
		marks_leave(guide);
}

const struct guide_page page_marks = { .make = make, .reply = reply };

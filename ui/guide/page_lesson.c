/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A lesson before its server is looked at: the story, and what counts. Later the question of its
 * case. */
#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "ui/guide/reading.h"
#include "ui/guide/train.h"

/* The title of a case may give its trap away; in an exam it stays covered. */
static const char *title(const struct guide *guide, struct page *page)
{
	const struct training *training = guide->training;

	if (training->exam)
		return page_text(page, _("Exam, case %zu of %zu"), exam_done(training) + 1,
			training->exam_count);
	if (guide->training->lesson->exam)
		return _("A case of an exam");
	return page_text(page, _("Case: %s"), text_shown(page, training->lesson->bound->title));
}

static const char *counts(const struct guide *guide, struct page *page)
{
	if (guide->training->lesson->exam)
		return _(
			"What counts is the server as you leave it, and your decisions on record. There are no tips, and nothing is said of right or wrong "
			"before the end.");
	return page_text(page,
		_("What counts is the server as you leave it, and your decisions on record. Reading why is free, each tip costs %d points. "
		  "%d points pass."),
		SCORE_TIP, SCORE_PASS);
}

static void how(const struct guide *guide, struct page *page)
{
	const struct training_case *training = guide->training->lesson->bound;

	if (lesson_marks_first(guide->training->lesson))
		page_tail(page, "%s\n",
			_("First you see the bare facts, and say what looks wrong and why; then the diagnosis opens."));
	if (training->level >= 2)
		page_tail(page, "%s\n",
			_("Each registry value that has to change you propose first; only then it is shown."));
	if (training->begins_cut)
		page_tail(page, "%s\n",
			_("Somebody was here before you and was cut off: the server has an unfinished run."));
	if (training->ask)
		page_tail(page, "%s\n", _("At the end there is a question about it."));
}

static void make(struct guide *guide, struct page *page)
{
	const struct training_case *training = guide->training->lesson->bound;
	struct action *action;

	page->title = title(guide, page);
	page_lead(page, "%s\n\n", text_shown(page, training->story));
	if (guide->training->lesson->exam)
		page_lead(page, _("Level %d, %d points to be had.\n\n"), training->level,
			SCORE_FULL);
	else
		page_lead(page, _("Level %d, seed %llu, %d points to be had.\n\n"), training->level,
			(unsigned long long)training->seed, lesson_points(guide->training->lesson));
	page_lead(page, "%s\n", counts(guide, page));
	how(guide, page);
	page->why = _(
		"The same number makes the same server again, with the same names and faults. Another number makes another server of the same "
		"case.\n");
	action = page_action(page, WORD_BEGIN, _("Look at the server"), 'c', ACTION_FORWARD);
	action->brief = _("Look");
	action->hint = _("Looking changes nothing.");
	reading_actions(page);
	if (guide->training->lesson->exam)
		return;
	action = page_action(page, WORD_LIST, _("List the cases"), 'v', ACTION_BACK);
	action->brief = _("List");
	action->hint = _("Back to the list; this lesson can be resumed from there.");
}

static void reply(struct guide *guide, const struct input *input)
{
	if (input->action == WORD_LIST)
		train_list(guide);
	if (reading_reply(guide, input) || input->action != WORD_BEGIN)
		return;
	/* Reached already: back to where it begins. */
	if (guide->server) {
		guide_go(guide, guide->resume ? PAGE_UNFINISHED : PAGE_DIAGNOSIS);
		marks_enter(guide);
		return;
	}
	if (guide_work(guide, _("Looking at the server. Nothing is changed."), job_reach)) {
		/* The story can be read again. */
		guide->back[guide->back_count++] = PAGE_LESSON;
		marks_enter(guide);
		return;
	}
	guide->message = talloc_asprintf_append(guide->message, " %s",
		_("The program refuses this server. If it is right to, end the lesson."));
}

const struct guide_page page_lesson = { .make = make, .reply = reply };

/* ---- the question ---- */

static const struct column choices[] = {
	{ N_("Answer"), 70, CUT_END, false },
};

/* All of them are to be seen before one is taken: none waits to be asked about. */
static void choice_make(struct page *page, const struct training_case *training, size_t index)
{
	const char *number = page_text(page, "%zu", index + 1),
		   *text = text_shown(page, training->choices[index].text);
	struct question *question = page_question(page, QUESTION_LESSON_CHOOSE, number, ASK_CHOICE,
		_("Is this your answer?"));
	struct row *row = page_row(page, number, text, NULL);

	question_answer(page, question, WORD_CHOOSE, _("Choose it"), 'y', false);
	question_answer(page, question, WORD_NOT, _("Not this one"), 'n', true);
	row->decide = question;
	row->decided = "listed";
	row_detail(page, row, DETAIL_TEXT, _("answer"), text);
}

static void ask_make(struct guide *guide, struct page *page)
{
	const struct training_case *training = guide->training->lesson->bound;
	struct action *action;

	page->title = _("A question at the end");
	page->server = page_text(page, _("no server, seat %s"),
		text_shown(page, guide->training->lesson->seat));
	page_lead(page, "%s\n", text_shown(page, training->ask));
	page_columns(page, choices, ARRAY_SIZE(choices));
	for (size_t i = 0; i < training->choice_count; i++)
		choice_make(page, training, i);
	page_tail(page, _("A wrong answer, and none, cost %d points.\n"), training->ask_points);
	page->why =
		_("Not everything an operator must know can be seen in the state of a server.\n");
	action = page_action(page, WORD_CHOOSE, _("Choose this answer"), 'c', ACTION_FORWARD);
	action->of_row = true;
	action->brief = _("Choose it");
	action->hint = _("The answer under the cursor counts, and the lesson ends.");
	page_action(page, WORD_BACK, _("Back to the server"), 0, ACTION_BACK)->brief = _("Back");
	action = page_action(page, WORD_NONE, _("Give no answer"), 0, ACTION_OTHER);
	action->brief = _("No answer");
	action->hint = _("The lesson ends; the points of the question are lost.");
}

static void ask_reply(struct guide *guide, const struct input *input)
{
	bool chosen = (input->action == WORD_CHOOSE || input->answer == WORD_CHOOSE) &&
		input->cursor < guide->page->row_count;

	if (chosen && lesson_choose(guide->training->lesson, input->cursor, &guide->error) != 0)
		guide_trouble(guide);
	else if (chosen || input->action == WORD_NONE)
		train_score(guide);
}

const struct guide_page page_ask = { .make = ask_make, .reply = ask_reply };

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a lesson adds to the ordinary pages. */
#include <stdint.h>

#include "base/i18n.h"
#include "base/text.h"
#include "ui/guide/decide.h"
#include "ui/guide/train.h"

static const char *badge(const struct guide *guide, struct page *page)
{
	const struct training *training = guide->training;
	long seconds = (long)(time(NULL) - training->begun);
	const char *clock = page_text(page, "%02ld:%02ld", seconds / 60, seconds % 60);

	if (training->exam)
		return page_text(page, _("%s  %zu of %zu"), clock, exam_done(training) + 1,
			training->exam_count);
	if (training->lesson->exam)
		return clock;
	return page_text(page, _("%s  %d points"), clock, lesson_points(training->lesson));
}

/* What is said of services that are down is said in a lesson as well. */
static void title(const struct guide *guide, struct page *page)
{
	const struct training *training = guide->training;
	bool exam = training->exam || (training->lesson && training->lesson->exam);

	page->mode = exam ? _("EXAM") : _("TRAINING");
	page->mode_tone = TONE_CALM;
	if (!coach_on(guide))
		page->badge = "";
	else if (!guide->engine || !engine_services_down(guide->engine))
		page->badge = badge(guide, page);
	if (!guide->server)
		page->server = page_text(page, _("no server, seat %s"),
			text_shown(page, guide->training->seat));
	/* That it is practice stands in the mode. */
	else if (coach_on(guide))
		page->server = text_shown(page, guide->server->id.name);
}

/* ---- tips ---- */

static void details(struct guide *guide, struct page *page, struct row *row,
	const struct finding *finding)
{
	size_t taken = 0;

	propose_detail(guide, page, row, finding);
	if (!coach_speaks(guide))
		return;
	lesson_tips(guide->training->lesson, finding, &taken);
	for (size_t i = 0; i < taken; i++)
		row_detail(page, row, DETAIL_TEXT, page_text(page, _("tip %zu"), i + 1),
			lesson_tip_text(page, guide->training->lesson, finding, i));
}

static void tips_repeat(struct guide *guide, const struct finding *finding, size_t taken)
{
	char *all = talloc_strdup(guide->page, "");

	for (size_t i = 0; i < taken; i++)
		all = talloc_asprintf_append(all, " %zu: %s", i + 1,
			lesson_tip_text(guide->page, guide->training->lesson, finding, i));
	coach_say(guide, _("There is no further tip about this.%s"), all);
}

/* The next one about this row; about the case where there is none for the row. On record before it
 * is shown. */
static void tip(struct guide *guide, const struct finding *finding)
{
	struct lesson *lesson = guide->training->lesson;
	size_t taken = 0, count = lesson_tips(lesson, finding, &taken);

	if (count == 0 && finding)
		tip(guide, NULL);
	else if (taken >= count)
		tips_repeat(guide, finding, taken);
	else if (lesson_tip(lesson, finding, &guide->error) != 0)
		guide_trouble(guide);
	else
		coach_say(guide,
			finding ? _("Tip %zu of %zu (-%d): %s")
				: _("Tip %zu of %zu (-%d), about the case: %s"),
			taken + 1, count, SCORE_TIP,
			lesson_tip_text(guide->page, lesson, finding, taken));
}

/* ---- consequences ---- */

static bool any_sent(const struct guide *guide)
{
	for (size_t i = 0; guide->evidence && i < guide->evidence->count; i++)
		if (guide->evidence->rows[i].sent != 0)
			return true;
	return false;
}

static void told_lines(struct guide *guide, struct page *page)
{
	const char *const *told = coach_told(guide, page);

	if (!*told)
		page_coach(page,
			any_sent(guide)
				? _("nothing that was decided speaks against mail. How far each message came says where to look. Where one stays away, read the mailbox at its end, and say that it did not arrive.")
				: _("nothing that was decided speaks against mail. Send a test message each way, and see what becomes of it."));
	for (; *told; told++)
		page_coach(page, text_shown(page, *told));
}

/* ---- the page ---- */

static bool hidden_rows(const struct guide *guide)
{
	for (size_t i = 0; i < guide->plan->count; i++)
		if (guide->plan->rows[i].decision == DECISION_UNDECIDED &&
			propose_wanted(guide, guide->plan->rows[i].finding))
			return true;
	return false;
}

static void lines(struct guide *guide, struct page *page)
{
	const char *said = guide->training->said;

	if (said)
		page_coach(page, said);
	if (guide->at == PAGE_MAIL)
		told_lines(guide, page);
	if (page->coach || page->question)
		return;
	if (guide->at == PAGE_DIAGNOSIS)
		page_coach(page,
			_("first read what was found. Why (F2, w) is free on every page; a tip (t) costs points."));
	else if (guide->at == PAGE_REGISTRY && hidden_rows(guide))
		page_coach(page,
			_("you propose the value first: y, then type what it should become. n keeps it as it is."));
}

static struct question *leave(struct guide *guide, struct page *page)
{
	struct question *question = page_question(page, QUESTION_LESSON_LEAVE, NULL, ASK_CHOICE,
		_("Leave the lesson?"));
	bool undone = guide->engine && (!guide->carried_out || decide_to_write(guide, 0) > 0);

	question->text = page_text(page, "%s\n%s%s",
		guide->training->lesson->exam
			? _("Ended, this case of the exam counts as it stands now. It can be resumed later, too.")
			: _("Ended, the server counts as it stands now, and the debrief follows. It can be resumed later, too."),
		undone ? _("What was decided is not carried out yet.") : "", undone ? "\n" : "");
	question_answer(page, question, WORD_STAY, _("Stay"), 'n', true);
	question_answer(page, question, WORD_LATER, _("Resume later"), 0, false);
	question_answer(page, question, WORD_END, _("End it"), 0, false);
	return question;
}

static void tip_action(struct page *page)
{
	struct action *action = page_action(page, WORD_TIP,
		page_text(page, _("Take a tip (-%d)"), SCORE_TIP), 't', ACTION_OTHER);

	action->brief = page_text(page, _("Tip (-%d)"), SCORE_TIP);
	action->of_row = true;
	action->hint = page_text(page, _("A tip on this row, or on the case; it costs %d points."),
		SCORE_TIP);
}

/* Every way out of the program becomes one: out of the lesson. */
static void ways_out(struct guide *guide, struct page *page)
{
	struct action *actions = (struct action *)(uintptr_t)page->actions, *end;
	size_t kept = 0;

	for (size_t i = 0; i < page->action_count; i++)
		if (actions[i].kind != ACTION_LEAVE)
			actions[kept++] = actions[i];
	page->action_count = kept;
	/* A tip is a verdict: none before the diagnosis. */
	if (coach_speaks(guide) && guide->at != PAGE_REPORT && guide->at != PAGE_MARKS)
		tip_action(page);
	end = page_action(page, WORD_END,
		coach_speaks(guide) ? _("End the lesson") : _("End this case"), 'x', ACTION_LEAVE);
	end->brief = _("End");
	end->hint = _("The server counts as it stands now.");
	if (guide->at != PAGE_REPORT)
		end->ask = leave(guide, page);
	else
		end->focused = true;
}

static void page_add(struct guide *guide, struct page *page)
{
	if (coach_on(guide))
		propose_question(guide, page);
	if (!coach_on(guide) || guide->at > PAGE_MARKS || guide->at == PAGE_TRAIN)
		return;
	if (coach_speaks(guide) && guide->at != PAGE_MARKS)
		lines(guide, page);
	ways_out(guide, page);
}

/* The row under the cursor as the survey knows it. */
static const struct finding *finding_at(const struct guide *guide, size_t cursor)
{
	const char *id = cursor < guide->page->row_count ? guide->page->rows[cursor].id : NULL;

	return id && guide->survey ? survey_finding(guide->survey, id) : NULL;
}

static bool reply_take(struct guide *guide, const struct input *input)
{
	bool end = input->action == WORD_END && guide->at == PAGE_REPORT;

	TALLOC_FREE(guide->training->said);
	if (!coach_on(guide))
		return false;
	if (propose_reply(guide, input))
		return true;
	if (input->action == WORD_TIP && coach_speaks(guide))
		tip(guide, finding_at(guide, input->cursor));
	else if (input->action != WORD_END && input->question != QUESTION_LESSON_LEAVE)
		return false;
	else if (end || input->answer == WORD_END)
		train_end(guide);
	else if (input->answer == WORD_LATER) {
		guide->over = true;
		guide->exit_code = 3;
	}
	return true;
}

/* ---- hooked in ---- */

int coach_new(struct guide *guide)
{
	static const struct guide_hooks hooks = {
		.open = train_open,
		.in_lesson = coach_on,
		.covers = propose_wanted,
		.details = details,
		.title = title,
		.page = page_add,
		.leave = leave,
		.reply = reply_take,
		.exit_code = train_exit,
	};
	struct training *training = talloc_zero(guide, struct training);

	guide->hooks = &hooks;
	guide->training = training;
	if (!training)
		return error_memory(&guide->error);
	guide->at = PAGE_TRAIN;
	return seat_name(training, guide->given->seat, &training->seat, &guide->error);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/guide/decide.h"

#include <stdint.h>

#include "base/i18n.h"
#include "base/text.h"

void decide_row(const struct guide *guide, struct row *row, const struct finding *finding,
	const struct question *question)
{
	const struct plan_row *plan_row = plan_find(guide->plan, finding->id);

	if (!plan_row || plan_row->written)
		return;
	row->decide = question;
	if (plan_row->decision == DECISION_CHANGE)
		row->decided = plan_row->edited ? word_name(WORD_EDIT) : word_name(WORD_CHANGE);
	else if (plan_row->decision == DECISION_KEEP)
		row->decided = word_name(WORD_KEEP);
}

struct question *decide_question(struct page *page, enum question_id id, const struct finding *row,
	const char *title)
{
	bool changes = !row || row->can_change;
	struct question *question = page_question(page, id, row ? row->id : NULL, ASK_CHOICE,
		changes ? title : _("Keep it as it is?"));

	if (changes)
		question_answer(page, question, WORD_CHANGE, _("Change"), 'y', false);
	question_answer(page, question, WORD_KEEP, _("Keep"), 'n', true);
	for (size_t i = 0; i < question->answer_count; i++)
		((struct answer *)(uintptr_t)question->answers)[i].hint = question->answers[i].safe
			? _("It stays as it is; that goes on record.")
			: _("It is written from the page Write, not before.");
	return question;
}

enum decision decision_of(const struct input *input)
{
	return input->answer == WORD_CHANGE  ? DECISION_CHANGE
		: input->answer == WORD_KEEP ? DECISION_KEEP
					     : DECISION_UNDECIDED;
}

void decide_next(struct guide *guide)
{
	const struct page *page = guide->page;

	for (size_t i = 1; i < page->row_count; i++) {
		size_t at = (guide->cursor + i) % page->row_count;

		if (page->rows[at].decide && !page->rows[at].decided &&
			page->rows[at].decide != page->rows[guide->cursor].decide) {
			guide->cursor = at;
			return;
		}
	}
}

bool decide(struct guide *guide, const char *id, enum decision decision,
	const struct reg_data *edited)
{
	const struct plan_row *row = plan_find(guide->plan, id);

	if (decision == DECISION_UNDECIDED)
		return false;
	/* One of many that are decided together may be written already. */
	if (row && row->written)
		return true;
	if (engine_decide(guide->engine, id, decision, edited, &guide->error) != 0) {
		guide_trouble(guide);
		return false;
	}
	/* A run that had come to its end has something to write again. */
	guide->finished = false;
	decide_next(guide);
	return true;
}

const struct change *decide_made(const struct guide *guide, const struct finding *finding)
{
	return guide->engine ? engine_made(guide->engine, finding->id) : NULL;
}

bool decide_carries(int step)
{
	return step >= 2 && step <= 4;
}

static bool row_open(const struct plan_row *row)
{
	return finding_is_open(row->finding) && row->decision == DECISION_UNDECIDED;
}

static bool row_to_write(const struct plan_row *row)
{
	return row->decision == DECISION_CHANGE && !row->written;
}

size_t decide_put_back(const struct guide *guide, int step)
{
	size_t count = 0;

	for (size_t i = 0; guide->engine && guide->plan && i < guide->plan->count; i++) {
		const struct plan_row *row = &guide->plan->rows[i];

		count += (step == 0 || row->finding->step == step) && row_open(row) &&
			engine_took_back(guide->engine, row->finding->id);
	}
	return count;
}

static bool row_any(const struct plan_row *row)
{
	return row;
}

static size_t rows_count(const struct guide *guide, int step, bool (*is)(const struct plan_row *))
{
	size_t count = 0;

	for (size_t i = 0; guide->plan && i < guide->plan->count; i++) {
		int of = guide->plan->rows[i].finding->step;

		count += decide_carries(of) && (step == 0 || of == step) &&
			is(&guide->plan->rows[i]);
	}
	return count;
}

size_t decide_all(const struct guide *guide, int step)
{
	return rows_count(guide, step, row_any);
}

size_t decide_open(const struct guide *guide, int step)
{
	return rows_count(guide, step, row_open);
}

size_t decide_to_write(const struct guide *guide, int step)
{
	return rows_count(guide, step, row_to_write);
}

static const char *steps_text(struct page *page, const int *steps, size_t count)
{
	return count == 1    ? page_text(page, "%d", steps[0])
		: count == 2 ? page_text(page, _("%d and %d"), steps[0], steps[1])
			     : page_text(page, _("%d, %d and %d"), steps[0], steps[1], steps[2]);
}

const char *decide_half(const struct guide *guide, struct page *page, bool written)
{
	int steps[STEP_SHARE] = { 0 };
	size_t count = 0;

	for (int step = STEP_FILES; step <= STEP_SHARE; step++)
		if (decide_open(guide, step) + (written ? decide_to_write(guide, step) : 0) > 0)
			steps[count++] = step;
	return count == 0
		? ""
		: page_text(page,
			  P_("Half a repair: step %s stays open. Mail will not flow, so do not start the services, before its rows are decided and written. Keeping a row does not make mail flow.",
				  "Half a repair: steps %s stay open. Mail will not flow, so do not start the services, before their rows are decided and written. Keeping a row does not make mail flow.",
				  count),
			  steps_text(page, steps, count));
}

void decide_tail(const struct guide *guide, struct page *page, int step)
{
	size_t open = decide_open(guide, step);

	if (open > 0)
		page_tail(page,
			P_("%zu undecided. What is not decided stays as it is.\n",
				"%zu undecided. What is not decided stays as it is.\n", open),
			open);
	else
		page_tail(page, "%s\n",
			guide->carried_out && decide_to_write(guide, step) == 0
				? _("Nothing is undecided, and what was decided is written.")
				: _("All of this step is decided. Nothing is written before step Write."));
}

void decide_todo(struct page *page, struct row *row, const struct finding *finding)
{
	if (finding->kept_by)
		row_detail(page, row, DETAIL_TEXT, _("kept"),
			page_text(page, _("by %s in run %s"), finding->kept_by, finding->kept_run));
	else if (finding->move >= MOVE_PERSON)
		row_detail(page, row, DETAIL_TEXT, _("to do"), text_shown(page, finding->todo));
}

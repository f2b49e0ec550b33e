/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Levels 2 and 3: what a value should become is proposed by the trainee before the page shows
 * it. */
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "ui/guide/decide.h"
#include "ui/guide/train.h"

enum { FIRST_PROPOSED_LEVEL = 2 };

/* A value that a line of text can say as it is. */
static bool can_be_typed(const struct reg_data *data)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	char *text = data ? regdata_string(tmp, data) : NULL;
	bool can = text && strcmp(text, text_shown(tmp, text)) == 0;

	talloc_free(tmp);
	return can;
}

bool propose_wanted(const struct guide *guide, const struct finding *finding)
{
	const struct plan_row *row;

	if (!coach_on(guide) || !guide->plan || finding->kind != KIND_VALUE || !finding->can_change)
		return false;
	row = plan_find(guide->plan, finding->id);
	if (!row || row->decision == DECISION_CHANGE ||
		guide->training->lesson->bound->level < FIRST_PROPOSED_LEVEL)
		return false;
	/* In an exam any proposal would uncover ours: it stays covered until one is taken. */
	return (guide->training->lesson->exam || lesson_hides(guide->training->lesson, finding)) &&
		can_be_typed(finding->before.value.data);
}

/* What the trainee proposed last, in the place of what the program would write. */
void propose_detail(struct guide *guide, struct page *page, struct row *row,
	const struct finding *finding)
{
	const char *yours;

	if (!propose_wanted(guide, finding))
		return;
	yours = lesson_proposed(guide->training->lesson, finding);
	row_detail(page, row, yours ? DETAIL_AFTER : DETAIL_TEXT, _("yours"),
		yours ? text_shown(page, yours) : _("(to be proposed)"));
}

void propose_question(struct guide *guide, struct page *page)
{
	const struct finding *finding = guide->asking == QUESTION_REGISTRY_PROPOSE
		? survey_finding(guide->survey, guide->asked_for)
		: NULL;
	struct question *question;

	if (!finding || !propose_wanted(guide, finding))
		return;
	question = page_line(page, QUESTION_REGISTRY_PROPOSE, guide->asked_for,
		_("What should the value become?"),
		_("Type and ending are kept. Change what has to be changed, and nothing else.\n"));
	question->proposal = lesson_proposed(guide->training->lesson, finding);
	if (!question->proposal)
		question->proposal = regdata_string(page, finding->before.value.data);
	page->question = question;
}

/* The cursor goes to the row that was asked about: a question over the page has none. */
static void cursor_to(struct guide *guide, const char *id)
{
	for (size_t i = 0; i < guide->page->row_count; i++)
		if (guide->page->rows[i].id && strcmp(guide->page->rows[i].id, id) == 0)
			guide->cursor = i;
}

static void decide_as(struct guide *guide, const struct finding *finding, const char *text)
{
	struct reg_data *data = regdata_with_string(guide, finding->before.value.data, text);

	if (data)
		decide(guide, finding->id, DECISION_CHANGE,
			regdata_equal(data, finding->after.value.data) ? NULL : data);
}

static void proposed(struct guide *guide, const struct finding *finding, const char *text)
{
	struct lesson *lesson = guide->training->lesson;
	enum lesson_verdict verdict;
	const char *remark;

	cursor_to(guide, finding->id);
	if (lesson_propose(lesson, finding, text, &verdict, &remark, &guide->error) != 0) {
		guide_trouble(guide);
		return;
	}
	/* An exam says nothing of right and wrong: the program takes what it would take from
	 * anybody. */
	if (verdict == LESSON_RIGHT || lesson->exam)
		decide_as(guide, finding, text);
	if (!lesson->exam)
		coach_say(guide, "%s", remark);
}

/* "Change" of a covered value asks for the text first. */
bool propose_reply(struct guide *guide, const struct input *input)
{
	bool answers = input->question == QUESTION_REGISTRY_PROPOSE,
	     asks = input->question == QUESTION_REGISTRY_DECIDE && input->answer == WORD_CHANGE;
	const struct finding *finding =
		answers || asks ? survey_finding(guide->survey, input->row) : NULL;

	if (!finding || !propose_wanted(guide, finding))
		return answers;
	if (asks)
		guide_ask(guide, QUESTION_REGISTRY_PROPOSE, finding->id);
	else if (input->text)
		proposed(guide, finding, input->text);
	return true;
}

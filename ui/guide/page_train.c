/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The training ground: which case. */
#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "ui/guide/reading.h"
#include "ui/guide/train.h"

static const struct column columns[] = {
	{ N_("Case"), 40, CUT_END, false },
	{ N_("Level"), 5, CUT_NEVER, false },
	{ N_("Name"), 19, CUT_END, true },
	{ N_("Best"), 4, CUT_NEVER, false },
};

static const char *best(const struct guide *guide, struct page *page, const char *name)
{
	const struct training *training = guide->training;
	int points = progress_best(training->results, training->result_count, training->seat, name);

	return points < 0 ? "-" : page_text(page, "%d", points);
}

/* None is open: nobody is asked about thirty cases one after the other. */
static void row_make(const struct guide *guide, struct page *page, const struct case_name *name)
{
	struct question *question = page_question(page, QUESTION_TRAIN_CASE, name->name, ASK_CHOICE,
		_("Take this case?"));
	struct row *row =
		page_row(page, name->name, _(name->title), page_text(page, "%d", name->level),
			name->name, best(guide, page, name->name), NULL);

	question_answer(page, question, WORD_TAKE, _("Take it"), 'y', false);
	question_answer(page, question, WORD_NOT, _("Not this one"), 'n', true);
	row->decide = question;
	row->decided = "listed";
}

static void rows(const struct guide *guide, struct page *page)
{
	size_t count;
	const struct case_name *names = cases(&count);

	page_columns(page, columns, ARRAY_SIZE(columns));
	for (int level = 1; level <= CASE_LEVELS; level++)
		for (size_t i = 0; i < count; i++)
			if (names[i].level == level)
				row_make(guide, page, &names[i]);
}

static void actions(struct page *page, const struct lesson *left)
{
	struct action *action;

	if (left) {
		action = page_action(page, WORD_RESUME, _("Resume"), 'o', ACTION_FORWARD);
		action->focused = true;
		action->hint = _("The lesson that was left, where it was left.");
	}
	action = page_action(page, WORD_TAKE, _("Take the case"), 'c', ACTION_FORWARD);
	action->of_row = true;
	action->brief = _("Take it");
	action->hint = _("A server with the faults of this case, made on the spot.");
	reading_actions(page);
	if (page->back)
		page_action(page, WORD_BACK, _("Back"), 0, ACTION_BACK)->hint =
			_("To the first page: repair or practise.");
	page_action(page, WORD_QUIT, _("Quit"), 'x', ACTION_LEAVE)->hint = _("Leaves.");
}

static void make(struct guide *guide, struct page *page)
{
	const struct lesson *left = guide->training->left;

	page->title = _("Training ground");
	page_lead(page, "%s\n",
		_("Servers that break in the ways the article describes, made on the spot: nothing here can be lost. What you leave on "
		  "the server is what counts, 100 points at most, 60 pass."));
	rows(guide, page);
	if (left)
		page_tail(page, _("Left unfinished: %s, seed %llu.\n"),
			text_shown(page, left->bound->title),
			(unsigned long long)left->bound->seed);
	page->why = _(
		"Level 1 shows what to change. In levels 2 and 3 you propose each registry value before it is shown, and cases have traps: whoever says "
		"yes to everything does not pass them.\n");
	actions(page, left);
}

static void reply(struct guide *guide, const struct input *input)
{
	const struct page *page = guide->page;

	if (reading_reply(guide, input) || !guide->training->place)
		return;
	if (input->action == WORD_RESUME)
		train_resume(guide);
	else if (input->answer == WORD_TAKE)
		train_begin(guide, input->row);
	else if (input->action == WORD_TAKE && input->cursor < page->row_count)
		train_begin(guide, page->rows[input->cursor].id);
}

const struct guide_page page_train = { .make = make, .reply = reply };

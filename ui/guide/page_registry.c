/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Step 3: every registry value before and after, decided one by one. */
#include <string.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "ui/guide/decide.h"

static const struct column columns[] = {
	{ N_("Do"), 6, CUT_NEVER, false },
	{ N_("Key"), 34, CUT_MIDDLE, false },
	{ N_("Value"), 19, CUT_END, false },
	{ N_("Leads to"), 9, CUT_NEVER, false },
};

static const char *leads_word(const struct finding *finding)
{
	static const char *const words[] = {
		[LEADS_DEFAULT] = N_("default"),
		[LEADS_RELOCATED] = N_("relocated"),
		[LEADS_MIXED] = N_("mixed"),
		[LEADS_NOWHERE] = N_("elsewhere"),
	};

	return finding->state == FINDING_ABSENT ? _("absent") : _(words[finding->leads]);
}

static const char *value_text(struct page *page, const struct reg_data *data)
{
	return !data ? _("(no such value)") : text_shown(page, regdata_text(page, data, 512));
}

/* The key as an operator knows it: what stands below Services. */
static const char *key_shown(struct page *page, const struct finding *finding)
{
	const char *key = finding->before.value.key;
	const char *services = key ? strstr(key, "\\Services\\") : NULL;

	return text_shown(page, services ? services + strlen("\\Services\\") : finding->subject);
}

static void value_detail(struct page *page, struct row *row, const struct finding *finding)
{
	const struct reg_data *before = finding->before.value.data;

	row_detail(page, row, DETAIL_TEXT, _("value"),
		page_text(page, before ? _("%s, %s: %s (the type is kept)") : "%s, %s",
			key_shown(page, finding), row->cells[2],
			before ? regdata_type_name(page, before->type) : ""));
}

/* Where it is covered, the text comes first: it is what has to be looked at, and long. */
static void details(struct guide *guide, struct page *page, struct row *row,
	const struct finding *finding)
{
	const struct plan_row *plan_row = plan_find(guide->plan, finding->id);
	const struct reg_data *before = finding->before.value.data;
	bool hidden = guide_covers(guide, finding);
	bool edited = plan_row && plan_row->edited;
	const char *missing = edited ? NULL : finding->missing;
	const struct reg_data *after = edited ? plan_row->edited : finding->after.value.data;

	if (!hidden)
		value_detail(page, row, finding);
	row_detail(page, row, DETAIL_BEFORE, _("before"), value_text(page, before));
	if (!hidden && (finding->can_change || edited))
		row_detail(page, row, DETAIL_AFTER, _("after"), value_text(page, after));
	guide_details(guide, page, row, finding);
	if (hidden)
		value_detail(page, row, finding);
	if (missing && !hidden)
		row_detail(page, row, DETAIL_TEXT, _("missing"),
			page_text(page, _("%s does not exist"), text_shown(page, missing)));
	if (!edited)
		decide_todo(page, row, finding);
	row_detail(page, row, DETAIL_TEXT, _("why"), page_shown(page, finding->why));
	if (!missing && (finding->can_change || edited) && !hidden)
		row_detail(page, row, DETAIL_TEXT, _("file"),
			_("what it names exists, or comes with step 2"));
}

/* A string can, whatever it says; a value that is not there cannot. */
static bool can_be_edited(struct page *page, const struct finding *finding)
{
	const struct reg_data *data = finding->before.value.data;

	return data && regdata_with_string(page, data, "");
}

static struct question *question_of_value(struct guide *guide, struct page *page,
	const struct finding *finding)
{
	struct question *question;

	if (guide_covers(guide, finding)) {
		question = page_question(page, QUESTION_REGISTRY_DECIDE, finding->id, ASK_CHOICE,
			_("Propose what this value should become?"));
		question_answer(page, question, WORD_CHANGE, _("Propose"), 'y', false);
		question_answer(page, question, WORD_KEEP, _("Keep"), 'n', true);
	} else {
		question = decide_question(page, QUESTION_REGISTRY_DECIDE, finding,
			_("Change this value?"));
		if (can_be_edited(page, finding))
			question_answer(page, question, WORD_EDIT, _("Edit"), 'e', true);
	}
	question->why = page_text(page, "%s\n", page_shown(page, finding->why));
	return question;
}

static void row_make(struct guide *guide, struct page *page, const struct finding *finding)
{
	struct row *row =
		page_row(page, finding->id, decide_word(guide, finding), key_shown(page, finding),
			page_shown(page, finding->before.value.name), leads_word(finding), NULL);

	decide_row(guide, row, finding, question_of_value(guide, page, finding));
	details(guide, page, row, finding);
}

/* "Edit" was answered: the text of the value, to be changed and then decided as a change. */
static void edit_question(struct guide *guide, struct page *page)
{
	const struct plan_row *row = plan_find(guide->plan, guide->asked_for);
	const struct reg_data *data = row->edited ? row->edited : row->finding->after.value.data;
	const char *text = data ? regdata_string(page, data) : NULL;
	struct question *question;

	if (!text || strcmp(text, text_shown(page, text)) != 0)
		return;
	question = page_line(page, QUESTION_REGISTRY_EDIT, guide->asked_for, _("The new value"),
		_("Type and ending are kept. Every path that differs from before must lead into the relocated Msmcon.\n"));
	question->proposal = text;
	page->question = question;
}

static void make(struct guide *guide, struct page *page)
{
	size_t values = 0, right = 0;

	page_step(page, 3);
	page_columns(page, columns, ARRAY_SIZE(columns));
	for (size_t i = 0; i < 2 * guide->survey->finding_count; i++) {
		const struct finding *finding =
			&guide->survey->findings[i % guide->survey->finding_count];
		bool first = finding_is_open(finding) && finding->move >= MOVE_PERSON;

		/* What needs a person stands above the rest. */
		if (finding->kind != KIND_VALUE || first != (i < guide->survey->finding_count))
			continue;
		values++;
		right += finding->move == MOVE_NONE;
		row_make(guide, page, finding);
	}
	page_lead(page, _("%zu values, %zu right, %zu undecided. In HKLM\\SYSTEM\\%s\\Services\n"),
		values, right, decide_open(guide, 3), text_shown(page, guide->survey->control_set));
	page->help = page_text(page, "%s%s\n", page->why,
		_("y changes the value under the cursor as shown, n keeps it, e lets you edit the new "
		  "value. Only the part of "
		  "the path that names the default Msmcon is replaced."));
	if (guide->asking == QUESTION_REGISTRY_EDIT)
		edit_question(guide, page);
	page_continue(page, _("Continue"));
}

static void edited(struct guide *guide, const char *id, const char *text)
{
	const struct plan_row *row = plan_find(guide->plan, id);
	const struct reg_data *data = row && text
		? regdata_with_string(guide, row->finding->before.value.data, text)
		: NULL;

	if (data)
		decide(guide, id, DECISION_CHANGE, data);
}

static void reply(struct guide *guide, const struct input *input)
{
	if (input->question == QUESTION_REGISTRY_EDIT)
		edited(guide, input->row, input->text);
	else if (input->question == QUESTION_REGISTRY_DECIDE && input->answer == WORD_EDIT)
		guide_ask(guide, QUESTION_REGISTRY_EDIT, input->row);
	else if (input->question == QUESTION_REGISTRY_DECIDE)
		decide(guide, input->row, decision_of(input), NULL);
}

const struct guide_page page_registry = { .make = make,
	.reply = reply,
	.next = PAGE_SHARE,
	.step = 3 };

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Step 3: every registry value before and after, decided one by one. */
#include <ctype.h>
#include <string.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "ui/guide/step.h"

static const struct column columns[] = {
	{ N_("Do"), 6, CUT_NEVER, false },
	{ N_("Key"), 34, CUT_MIDDLE, false },
	{ N_("Value"), 19, CUT_END, false },
	{ N_("Drive"), 5, CUT_NEVER, false },
};

/* ---- what is said of a value ---- */

/* The drive that it leads to as it is; "-" where that is none. */
static const char *drive_now(const struct guide *guide, struct page *page,
	const struct finding *finding)
{
	const struct survey *survey = guide->survey;
	const struct reg_data *data = finding->before.value.data;
	const char *text = data ? regdata_string(page, data) : NULL;

	switch (finding->leads) {
	case LEADS_DEFAULT:
		return page_text(page, "%.1s", page_shown(page, survey->default_msmcon));
	case LEADS_RELOCATED:
		return page_text(page, "%.1s", page_shown(page, survey->relocated_msmcon));
	case LEADS_MIXED:
		return page_text(page, "%.1s+%.1s", page_shown(page, survey->default_msmcon),
			page_shown(page, survey->relocated_msmcon));
	default:
		text = text && *text == '"' ? text + 1 : text;
		return text && isalpha((unsigned char)*text) && text[1] == ':'
			? page_text(page, "%.1s", text)
			: "-";
	}
}

/* Where it leads now, and where it would; what a trainee is to find out is not told. */
static const char *drive_word(const struct guide *guide, struct page *page,
	const struct finding *finding)
{
	const struct plan_row *row = plan_find(guide->plan, finding->id);
	const char *now = drive_now(guide, page, finding);
	bool changes = row && (finding->can_change || row->edited) &&
		row->decision != DECISION_KEEP && !guide_covers(guide, finding);

	if (step_written(guide, finding))
		return page_text(page, "%.1s", page_shown(page, guide->survey->relocated_msmcon));
	return changes
		? page_text(page, "%s→%.1s", now, page_shown(page, guide->survey->relocated_msmcon))
		: now;
}

/* What is missing where the value leads elsewhere (or is not there). */
static const char *if_kept(const struct finding *finding)
{
	static const char *const words[] = {
		[PATH_COMMAND] = N_("the service runs from there, or not at all"),
		[PATH_PLAIN] = N_("counters are missing, no more"),
		[PATH_LIST] = N_("event texts are missing, no more"),
	};

	return _(words[finding->form]);
}

static const char *source_of(const struct finding *finding)
{
	size_t count;
	const struct article_entry *entries = article_entries(&count);

	for (size_t i = 0; i < count; i++)
		if (entries[i].number == finding->entry)
			return entries[i].source;
	return ARTICLE_NUMBER;
}

static void facts(struct guide *guide, struct page *page, struct row *row,
	const struct finding *finding, bool changes)
{
	const struct reg_data *before = finding->before.value.data;

	row->type = before ? regdata_type_name(page, before->type) : NULL;
	if (before)
		row_detail(page, row, DETAIL_FACT, _("type"),
			page_text(page, _("%s, is kept"), row->type));
	row_detail(page, row, DETAIL_FACT, _("in"),
		page_text(page, "%s\\Services", page_shown(page, guide->survey->control_set)));
	if (changes && !finding->missing)
		row_detail(page, row, DETAIL_FACT,
			page_text(page, _("file on %.2s"),
				page_shown(page, guide->survey->relocated_msmcon)),
			_("is there, or comes with step 2"));
	step_facts(page, row, finding, row->decide ? if_kept(finding) : NULL, source_of(finding));
}

static void missing(struct page *page, struct row *row, const char *path)
{
	if (path)
		row_detail(page, row, DETAIL_TEXT, _("missing"),
			page_text(page, _("%s does not exist"), text_shown(page, path)));
}

/* Where it is covered, the text comes first: it is what has to be looked at, and long. */
static void details(struct guide *guide, struct page *page, struct row *row,
	const struct finding *finding)
{
	const struct plan_row *plan_row = plan_find(guide->plan, finding->id);
	bool hidden = guide_covers(guide, finding);
	const struct reg_data *edited = plan_row ? plan_row->edited : NULL;
	bool changes = !hidden && (finding->can_change || edited);

	step_sides(guide, page, row, finding, step_value(page, finding->before.value.data),
		changes ? step_value(page, edited ? edited : finding->after.value.data) : NULL);
	guide_details(guide, page, row, finding);
	if (!edited && !hidden)
		missing(page, row, finding->missing);
	if (!edited)
		decide_todo(page, row, finding);
	row_detail(page, row, DETAIL_TEXT, _("why"), page_shown(page, finding->why));
	facts(guide, page, row, finding, changes);
}

/* ---- questions ---- */

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
		question_hint(question, WORD_CHANGE,
			page_text(page, _("%.2s is written at step Write, not before."),
				page_shown(page, guide->survey->relocated_msmcon)));
		question_hint(question, WORD_EDIT,
			_("Opens the new value to be typed; decides nothing."));
	}
	question_hint(question, WORD_KEEP, _("The value stays as it is; that goes on record."));
	return question;
}

static void row_make(struct guide *guide, struct page *page, const struct finding *finding)
{
	struct row *row = page_row(page, finding->id, step_word(guide, finding),
		step_key(page, finding), page_shown(page, finding->before.value.name),
		drive_word(guide, page, finding), NULL);

	step_row(guide, page, row, finding, 3);
	decide_row(guide, row, finding, question_of_value(guide, page, finding));
	details(guide, page, row, finding);
}

/* "Edit" was answered: the text of the value, to be changed and then decided as a change. What was
 * typed and refused stands there again, with the reason. */
static void edit_question(struct guide *guide, struct page *page)
{
	const struct plan_row *row = plan_find(guide->plan, guide->asked_for);
	const struct reg_data *data = row->edited ? row->edited : row->finding->after.value.data;
	const char *text = data ? regdata_string(page, data) : NULL;
	struct question *question;

	if (!text || strcmp(text, text_shown(page, text)) != 0)
		return;
	question = page_line(page, QUESTION_REGISTRY_EDIT, guide->asked_for, _("The new value"),
		page_text(page,
			_("%s%sType and ending are kept. Every path that is changed must lead into the relocated Msmcon, to a file that is there.\n"),
			guide->typed_edit ? guide->error.text : "", guide->typed_edit ? "\n" : ""));
	question->proposal = guide->typed_edit ? guide->typed_edit : text;
	page->question = question;
}

static void make(struct guide *guide, struct page *page)
{
	size_t count = guide->survey->finding_count;
	bool proposes = false;

	page_step(page, STEP_VALUES);
	page_columns(page, columns, ARRAY_SIZE(columns));
	for (size_t i = 0; i < 2 * count; i++) {
		const struct finding *finding = &guide->survey->findings[i % count];
		bool first = finding_is_open(finding) && finding->move >= MOVE_PERSON;

		proposes |= finding->kind == KIND_VALUE && guide_covers(guide, finding);
		/* What needs a person stands above the rest. */
		if (finding->kind == KIND_VALUE && first == (i < count))
			row_make(guide, page, finding);
	}
	decide_tail(guide, page, STEP_VALUES);
	page->help = page_text(page, "%s%s\n", page->why,
		proposes
			? _("y asks what a value should become before it is shown, n keeps it.")
			: _("y changes the value under the cursor as shown, n keeps it, e lets you edit the new value, a shows all like it and decides them "
			    "at once. Only the part of the path that names the default Msmcon is replaced."));
	if (guide->asking == QUESTION_REGISTRY_EDIT)
		edit_question(guide, page);
	step_around(guide, page, STEP_VALUES);
	alike_action(guide, page, STEP_VALUES);
}

/* ---- answers ---- */

/* What is refused stays in the box, to be typed on. */
static void edited(struct guide *guide, const char *id, const char *text)
{
	const struct plan_row *row = plan_find(guide->plan, id);
	const struct finding *finding = row ? row->finding : NULL;
	struct reg_data *data = finding && text
		? regdata_with_string(guide, finding->before.value.data, text)
		: NULL;
	bool proposed =
		data && finding->can_change && regdata_equal(data, finding->after.value.data);

	TALLOC_FREE(guide->typed_edit);
	if (!data || decide(guide, id, DECISION_CHANGE, proposed ? NULL : data))
		return;
	guide->typed_edit = text_shown(guide, text);
	TALLOC_FREE(guide->message);
	guide_ask(guide, QUESTION_REGISTRY_EDIT, id);
}

static void reply(struct guide *guide, const struct input *input)
{
	bool asks = input->question == QUESTION_REGISTRY_DECIDE && input->answer == WORD_EDIT;

	if (input->question != QUESTION_REGISTRY_EDIT)
		TALLOC_FREE(guide->typed_edit);
	if (input->action == WORD_ALIKE)
		alike_open(guide, input->cursor);
	else if (input->question == QUESTION_REGISTRY_EDIT)
		edited(guide, input->row, input->text);
	else if (asks)
		guide_ask(guide, QUESTION_REGISTRY_EDIT, input->row);
	else if (input->question == QUESTION_REGISTRY_DECIDE)
		decide(guide, input->row, decision_of(input), NULL);
}

const struct guide_page page_registry = { .make = make,
	.reply = reply,
	.next = PAGE_SHARE,
	.step = STEP_VALUES,
	.steps = true };

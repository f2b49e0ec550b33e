/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Step 2: setup's Bin files over the relocated ones, decided one by one. */
#include <string.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "ui/guide/step.h"

static const struct column columns[] = {
	{ N_("Do"), 6, CUT_NEVER, false },
	{ N_("File"), 14, CUT_MIDDLE, false },
	{ N_("Now"), 14, CUT_NEVER, false },
	{ N_("Setup's"), 12, CUT_NEVER, false },
	{ N_("It is"), 7, CUT_NEVER, false },
};

/* What each comparison is called, and what becomes of the server where the file is left as it
 * is. */
static const struct words {
	const char *is, *if_kept;
} words[] = {
	[FILE_SAME] = { N_("same"), N_("it stays as it is") },
	[FILE_OLDER] = { N_("older"), N_("an old program beside new ones") },
	[FILE_NEWER] = { N_("NEWER"), N_("the newer file stays") },
	[FILE_DIFFERENT] = { N_("other"), N_("the file here stays") },
	[FILE_ONLY_SETUP] = { N_("missing"), N_("what needs it does not find it") },
	[FILE_ONLY_RELOCATED] = { N_("extra"), N_("it stays") },
};

static const char *version_text(struct page *page, const struct file_fact *fact)
{
	char text[24];

	if (!fact->present)
		return _("not there");
	if (!fact->has_version)
		return _("no version");
	pe_version_text(&fact->version, text);
	return talloc_strdup(page, text);
}

/* Where nothing can be changed, the after side is the one of before, and says nothing of setup. */
static const char *setup_text(struct page *page, const struct finding *finding)
{
	if (finding->compare == FILE_ONLY_RELOCATED)
		return _("not there");
	if (finding->compare == FILE_ONLY_SETUP && !finding->can_change)
		return _("is there");
	return version_text(page, &finding->after.file);
}

/* The file as it is called below Bin; its whole path stands in the details. */
static const char *file_name(struct page *page, const struct finding *finding)
{
	const char *name = finding->subject;

	if (strncmp(name, "Bin\\", 4) == 0)
		name += 4;
	return text_shown(page, name);
}

static void details(struct guide *guide, struct page *page, struct row *row,
	const struct finding *finding)
{
	bool decides = row->decide != NULL;

	step_sides(guide, page, row, finding, step_side(page, finding, &finding->before),
		finding->can_change ? step_side(page, finding, &finding->after) : NULL);
	guide_details(guide, page, row, finding);
	decide_todo(page, row, finding);
	row_detail(page, row, DETAIL_TEXT, _("why"), page_shown(page, finding->why));
	row_detail(page, row, DETAIL_TEXT, _("found"), text_shown(page, finding->text));
	if (finding->target)
		row_detail(page, row, DETAIL_TEXT, _("file"), text_shown(page, finding->target));
	step_facts(page, row, finding, decides ? _(words[finding->compare].if_kept) : NULL,
		ARTICLE_NUMBER);
}

static struct question *question_of_file(struct page *page, const struct finding *finding)
{
	const char *name = text_shown(page, finding->subject);
	struct question *question = decide_question(page, QUESTION_COPY_DECIDE, finding,
		page_text(page,
			finding->compare == FILE_ONLY_SETUP
				? _("Add setup's %s to the relocated side?")
				: _("Copy setup's %s over the one on the relocated side?"),
			name));

	question_hint(question, WORD_CHANGE,
		_("Setup's file is written at step Write, not before."));
	question_hint(question, WORD_KEEP, _("The file stays as it is; that goes on record."));
	return question;
}

static void row_make(struct guide *guide, struct page *page, const struct finding *finding)
{
	struct row *row = page_row(page, finding->id, step_word(guide, finding),
		file_name(page, finding), version_text(page, &step_now(guide, finding)->file),
		setup_text(page, finding),
		_(words[step_written(guide, finding) ? FILE_SAME : finding->compare].is), NULL);

	step_row(guide, page, row, finding, 4);
	decide_row(guide, row, finding, question_of_file(page, finding));
	details(guide, page, row, finding);
}

/* Rows that need an eye first: what is open or newer stands above what is plain. */
static void rows(struct guide *guide, struct page *page)
{
	for (int pass = 0; pass < 3; pass++) {
		for (size_t i = 0; i < guide->survey->finding_count; i++) {
			const struct finding *finding = &guide->survey->findings[i];
			int wanted = finding->move != MOVE_NONE && !finding->needed ? 0
				: finding->needed                                   ? 1
										    : 2;

			if (finding->kind == KIND_FILE && wanted == pass)
				row_make(guide, page, finding);
		}
	}
}

static void make(struct guide *guide, struct page *page)
{
	page_step(page, STEP_FILES);
	page_columns(page, columns, ARRAY_SIZE(columns));
	rows(guide, page);
	decide_tail(guide, page, STEP_FILES);
	page->help = page_text(page, "%s%s\n", page->why,
		_("y takes setup's file for the one under the cursor, n keeps the one that is here. a shows all that are stale like it, and "
		  "decides them at once. A NEWER file may be a hotfix made after the service pack, and is usually better kept."));
	step_around(guide, page, STEP_FILES);
	alike_action(guide, page, STEP_FILES);
}

static void reply(struct guide *guide, const struct input *input)
{
	if (input->action == WORD_ALIKE)
		alike_open(guide, input->cursor);
	if (input->question == QUESTION_COPY_DECIDE)
		decide(guide, input->row, decision_of(input), NULL);
}

const struct guide_page page_copy = { .make = make,
	.reply = reply,
	.next = PAGE_REGISTRY,
	.step = STEP_FILES,
	.steps = true };

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Step 2: setup's Bin files over the relocated ones. Plainly stale files are one decision, each
 * newer one is its own. */
#include <string.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "ui/guide/decide.h"

static const struct column columns[] = {
	{ N_("Do"), 6, CUT_NEVER, false },
	{ N_("File"), 14, CUT_MIDDLE, false },
	{ N_("Setup's"), 12, CUT_NEVER, false },
	{ N_("Now"), 14, CUT_NEVER, false },
	{ N_("It is"), 5, CUT_NEVER, false },
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

static const char *compare_word(const struct finding *finding)
{
	static const char *const words[] = {
		[FILE_SAME] = N_("same"),
		[FILE_OLDER] = N_("older"),
		[FILE_NEWER] = N_("NEWER"),
		[FILE_DIFFERENT] = N_("other"),
		[FILE_ONLY_SETUP] = N_("new"),
		[FILE_ONLY_RELOCATED] = N_("extra"),
	};

	return _(words[finding->compare]);
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
	row_detail(page, row, DETAIL_TEXT, _("Found"), text_shown(page, finding->text));
	guide_details(guide, page, row, finding);
	decide_todo(page, row, finding);
	row_detail(page, row, DETAIL_TEXT, _("Why"), page_shown(page, finding->why));
	if (finding->target)
		row_detail(page, row, DETAIL_TEXT, _("File"), text_shown(page, finding->target));
	if (finding->undo)
		row_detail(page, row, DETAIL_TEXT, _("Undo"), text_shown(page, finding->undo));
}

static void row_make(struct guide *guide, struct page *page, const struct finding *finding,
	const struct question *list)
{
	struct row *row = page_row(page, finding->id, decide_word(guide, finding),
		file_name(page, finding), version_text(page, &finding->after.file),
		version_text(page, &finding->before.file), compare_word(finding), NULL);
	const char *name = text_shown(page, finding->subject);

	decide_row(guide, row, finding,
		finding->needed
			? list
			: decide_question(page, QUESTION_COPY_DECIDE, finding,
				  page_text(page,
					  _("Copy setup's %s over the one on the relocated side?"),
					  name)));
	details(guide, page, row, finding);
}

/* Rows that need an eye first: what is open or newer stands above what is plain. */
static void rows(struct guide *guide, struct page *page, const struct question *list)
{
	for (int pass = 0; pass < 3; pass++) {
		for (size_t i = 0; i < guide->survey->finding_count; i++) {
			const struct finding *finding = &guide->survey->findings[i];
			int wanted = finding->move != MOVE_NONE && !finding->needed ? 0
				: finding->needed                                   ? 1
										    : 2;

			if (finding->kind == KIND_FILE && wanted == pass)
				row_make(guide, page, finding, list);
		}
	}
}

static void make(struct guide *guide, struct page *page)
{
	struct question *list = decide_question(page, QUESTION_COPY_LIST, NULL,
		_("Copy all files the article asks for: older here, missing here, or not the same?"));
	size_t stale = 0;

	page_step(page, 2);
	for (size_t i = 0; i < guide->survey->finding_count; i++)
		stale += guide->survey->findings[i].kind == KIND_FILE &&
			guide->survey->findings[i].needed;
	page_lead(page,
		P_("%zu file would be replaced or added in the relocated Bin.\n",
			"%zu files would be replaced or added in the relocated Bin.\n", stale),
		stale);
	page_columns(page, columns, ARRAY_SIZE(columns));
	rows(guide, page, list);
	decide_tail(guide, page, 2);
	page->help = page_text(page, "%s%s\n", page->why,
		_("y or n on a file that is older here, missing here or not the same decides the whole list of them; a NEWER file is decided on "
		  "its own: "
		  "it may be a hotfix made after the service pack, and a newer file is usually better kept."));
	page_continue(page, _("Continue"));
}

/* One answer for every plainly stale file; each goes on record by itself. */
static void decide_list(struct guide *guide, enum decision decision)
{
	bool done = true;

	for (size_t i = 0; done && i < guide->plan->count; i++) {
		const struct finding *finding = guide->plan->rows[i].finding;

		if (finding->kind == KIND_FILE && finding->needed)
			done = decide(guide, finding->id, decision, NULL);
	}
}

static void reply(struct guide *guide, const struct input *input)
{
	if (input->question == QUESTION_COPY_LIST)
		decide_list(guide, decision_of(input));
	if (input->question == QUESTION_COPY_DECIDE)
		decide(guide, input->row, decision_of(input), NULL);
}

const struct guide_page page_copy = { .make = make,
	.reply = reply,
	.next = PAGE_REGISTRY,
	.step = 2,
	.steps = true };

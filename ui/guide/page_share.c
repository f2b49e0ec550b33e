/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Step 4: the share Maildat$. */
#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "ui/guide/decide.h"

static const struct column columns[] = {
	{ N_("Do"), 6, CUT_NEVER, false },
	{ N_("Share"), 14, CUT_END, false },
	{ N_("Leads to"), 50, CUT_MIDDLE, false },
};

static const char *path_text(struct page *page, const struct share_fact *fact)
{
	return fact->path ? text_shown(page, fact->path) : _("(not shared)");
}

static void row_make(struct guide *guide, struct page *page, const struct finding *finding)
{
	const char *path = path_text(page, &finding->before.share);
	struct row *row = page_row(page, finding->id, decide_word(guide, finding),
		text_shown(page, finding->subject), path, NULL);

	decide_row(guide, row, finding,
		decide_question(page, QUESTION_SHARE_DECIDE, finding,
			finding->before.share.path
				? _("Let the share lead to the relocated Maildata?")
				: _("Share the relocated Maildata?")));
	row_detail(page, row, DETAIL_BEFORE, _("before"), path);
	if (finding->can_change) {
		row_detail(page, row, DETAIL_AFTER, _("after"),
			path_text(page, &finding->after.share));
		if (finding->after.share.open_to_all)
			row_detail(page, row, DETAIL_TEXT, _("access"),
				_("no permissions are stored for it: Windows NT then gives everyone full access, "
				  "which is also what setup "
				  "gave this share"));
	}
	guide_details(guide, page, row, finding);
	decide_todo(page, row, finding);
	row_detail(page, row, DETAIL_TEXT, _("found"), text_shown(page, finding->text));
	row_detail(page, row, DETAIL_TEXT, _("why"), page_shown(page, finding->why));
}

static void make(struct guide *guide, struct page *page)
{
	page_step(page, 4);
	page_lead(page, "%s\n",
		_("Mail programs and PC MTAs reach the postoffice by this name, not by its drive."));
	page_columns(page, columns, ARRAY_SIZE(columns));
	for (size_t i = 0; i < guide->survey->finding_count; i++)
		if (guide->survey->findings[i].kind == KIND_SHARE)
			row_make(guide, page, &guide->survey->findings[i]);
	decide_tail(guide, page, 4);
	page_continue(page, _("Continue"));
}

static void reply(struct guide *guide, const struct input *input)
{
	if (input->question == QUESTION_SHARE_DECIDE)
		decide(guide, input->row, decision_of(input), NULL);
}

const struct guide_page page_share = { .make = make,
	.reply = reply,
	.next = PAGE_CARRY,
	.step = 4,
	.steps = true };

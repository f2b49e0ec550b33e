/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Step 4: the share Maildat$. */
#include <string.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "nt/descriptor.h"
#include "ui/guide/step.h"

static const struct column columns[] = {
	{ N_("Do"), 6, CUT_NEVER, false },
	{ N_("Share"), 14, CUT_END, false },
	{ N_("Leads to"), 50, CUT_MIDDLE, false },
};

static struct question *question_of_share(struct page *page, const struct finding *finding)
{
	struct question *question = decide_question(page, QUESTION_SHARE_DECIDE, finding,
		finding->before.share.path ? _("Let the share lead to the relocated Maildata?")
					   : _("Share the relocated Maildata?"));

	question_hint(question, WORD_CHANGE, _("The share is written at step Write, not before."));
	question_hint(question, WORD_KEEP, _("The share stays as it is; that goes on record."));
	return question;
}

/* Of something before and after, which one that is the same says once; NULL: there is none. */
static void both_details(struct page *page, struct row *row, const char *label, const char *now,
	const char *next)
{
	bool same = now && next && strcmp(now, next) == 0;

	if (now)
		row_detail(page, row, DETAIL_TEXT, label,
			same || !next ? page_text(page, "%s", now)
				      : page_text(page, _("now: %s"), now));
	if (next && !same)
		row_detail(page, row, DETAIL_TEXT, label, page_text(page, _("new: %s"), next));
}

static const char *permissions(struct page *page, const struct share_fact *share)
{
	const struct reg_data *security = share->security;

	return share->path ? descriptor_share_text(page, security ? security->bytes : NULL,
				     security ? security->len : 0)
			   : NULL;
}

static const char *remark(struct page *page, const struct share_fact *share)
{
	return share->path ? page_shown(page, share->remark ? share->remark : "") : NULL;
}

/* What only a running server shows as it is. */
static void share_details(struct page *page, struct row *row, const struct finding *finding)
{
	const struct share_fact *now = &finding->before.share,
				*next = finding->can_change ? &finding->after.share : now;

	both_details(page, row, _("remark"), remark(page, now), remark(page, next));
	both_details(page, row, _("permissions"), permissions(page, now), permissions(page, next));
}

static void details(struct guide *guide, struct page *page, struct row *row,
	const struct finding *finding)
{
	step_sides(guide, page, row, finding, step_side(page, finding, &finding->before),
		finding->can_change ? step_side(page, finding, &finding->after) : NULL);
	if (finding->can_change && finding->after.share.open_to_all)
		row_detail(page, row, DETAIL_TEXT, _("access"),
			_("no permissions are stored for it: Windows NT then gives everyone full access, which is also what setup gave this share"));
	if (server_runs(guide->server))
		share_details(page, row, finding);
	guide_details(guide, page, row, finding);
	decide_todo(page, row, finding);
	row_detail(page, row, DETAIL_TEXT, _("found"), text_shown(page, finding->text));
	row_detail(page, row, DETAIL_TEXT, _("why"), page_shown(page, finding->why));
	step_facts(page, row, finding,
		row->decide ? _("mail programs do not find the postoffice") : NULL, ARTICLE_NUMBER);
}

static void row_make(struct guide *guide, struct page *page, const struct finding *finding)
{
	struct row *row = page_row(page, finding->id, step_word(guide, finding),
		text_shown(page, finding->subject),
		step_side(page, finding, step_now(guide, finding)), NULL);

	step_row(guide, page, row, finding, 0);
	decide_row(guide, row, finding, question_of_share(page, finding));
	details(guide, page, row, finding);
}

static void make(struct guide *guide, struct page *page)
{
	page_step(page, STEP_SHARE);
	page_lead(page, "%s\n",
		_("Mail programs and PC MTAs reach the postoffice by this name, not by its drive."));
	page_columns(page, columns, ARRAY_SIZE(columns));
	for (size_t i = 0; i < guide->survey->finding_count; i++)
		if (guide->survey->findings[i].kind == KIND_SHARE)
			row_make(guide, page, &guide->survey->findings[i]);
	decide_tail(guide, page, STEP_SHARE);
	step_around(guide, page, STEP_SHARE);
}

static void reply(struct guide *guide, const struct input *input)
{
	if (input->question == QUESTION_SHARE_DECIDE)
		decide(guide, input->row, decision_of(input), NULL);
}

const struct guide_page page_share = { .make = make,
	.reply = reply,
	.next = PAGE_CARRY,
	.step = STEP_SHARE,
	.steps = true };

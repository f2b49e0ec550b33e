/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/guide/step.h"

#include <stdint.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"

enum { VALUE_TEXT = 4096 };

/* ---- a row ---- */

static enum mark mark_of(const struct guide *guide, const struct finding *finding)
{
	const struct plan_row *row = plan_find(guide->plan, finding->id);

	if (!row)
		return decide_made(guide, finding) ? MARK_DONE : MARK_RIGHT;
	if (row->written)
		return MARK_DONE;
	if (row->decision == DECISION_CHANGE)
		return MARK_CHANGE;
	return row->decision == DECISION_KEEP || finding->kept_by ? MARK_KEEP : MARK_ASK;
}

const char *step_word(const struct guide *guide, const struct finding *finding)
{
	const struct plan_row *row = plan_find(guide->plan, finding->id);

	switch (mark_of(guide, finding)) {
	case MARK_ASK:
		return _("open");
	case MARK_DONE:
		return _("done");
	case MARK_CHANGE:
		return _("change");
	case MARK_KEEP:
		return row->decision == DECISION_KEEP ? _("keep") : _("kept");
	default:
		return finding->state == FINDING_ABSENT ? _("absent") : _("right");
	}
}

void step_row(const struct guide *guide, struct page *page, struct row *row,
	const struct finding *finding, size_t about)
{
	static const enum tone tones[] = { [MARK_ASK] = TONE_OPEN,
		[MARK_CHANGE] = TONE_DECIDED,
		[MARK_KEEP] = TONE_QUIET,
		[MARK_RIGHT] = TONE_RIGHT };
	char *shown = finding_id_shown(page, finding->id);

	page->marks = true;
	row->mark = mark_of(guide, finding);
	row->tones[0] = row->tones[about] = tones[row->mark];
	row->subject = shown ? shown : "";
	row->open_choice = !finding->needed;
}

void step_facts(struct page *page, struct row *row, const struct finding *finding,
	const char *if_kept, const char *source)
{
	if (if_kept) {
		row_detail(page, row, DETAIL_FACT, _("if kept"), if_kept);
		row_detail(page, row, DETAIL_FACT, _("undo"), page_shown(page, finding->undo));
	}
	source = page_text(page, _("%s, step %d"), source, finding->step);
	row_detail(page, row, DETAIL_FACT, _("article"), source);
	if (row->decide)
		((struct question *)(uintptr_t)row->decide)->why =
			page_text(page, _("%s\n\nIf it is kept: %s\nUndo: %s\nSource: %s\n"),
				page_shown(page, finding->why), if_kept ? if_kept : "-",
				page_shown(page, finding->undo), source);
}

/* ---- its sides ---- */

bool step_written(const struct guide *guide, const struct finding *finding)
{
	const struct plan_row *row = plan_find(guide->plan, finding->id);

	return row && row->written && decide_made(guide, finding);
}

const struct side *step_now(const struct guide *guide, const struct finding *finding)
{
	return step_written(guide, finding) ? &decide_made(guide, finding)->after
					    : &finding->before;
}

void step_sides(const struct guide *guide, struct page *page, struct row *row,
	const struct finding *finding, const char *before, const char *after)
{
	bool written = step_written(guide, finding);

	row_detail(page, row, DETAIL_BEFORE, written ? _("was") : _("now"), before);
	if (after)
		row_detail(page, row, DETAIL_AFTER, written ? _("now") : _("new"), after);
}

const char *step_value(struct page *page, const struct reg_data *data)
{
	return data ? page_shown(page, regdata_text(page, data, VALUE_TEXT)) : _("(no such value)");
}

static const char *file_side(struct page *page, const struct file_fact *fact)
{
	char version[24];

	if (!fact->present)
		return _("not there");
	if (!fact->has_version)
		return page_text(page, _("no version, %llu bytes"), (unsigned long long)fact->size);
	pe_version_text(&fact->version, version);
	return page_text(page, _("%s, %llu bytes"), version, (unsigned long long)fact->size);
}

const char *step_side(struct page *page, const struct finding *finding, const struct side *side)
{
	if (finding->kind == KIND_FILE)
		return file_side(page, &side->file);
	if (finding->kind == KIND_VALUE)
		return step_value(page, side->value.data);
	return side->share.path ? text_shown(page, side->share.path) : _("(not shared)");
}

const char *step_key(struct page *page, const struct finding *finding)
{
	const char *key = finding->before.value.key;
	const char *services = key ? strstr(key, "\\Services\\") : NULL;

	return text_shown(page, services ? services + strlen("\\Services\\") : finding->subject);
}

/* ---- the page ---- */

/* "11 values", "1 file" */
static const char *many(struct page *page, int step, size_t count)
{
	if (step == STEP_FILES)
		return page_text(page, P_("%zu file", "%zu files", count), count);
	if (step == STEP_VALUES)
		return page_text(page, P_("%zu value", "%zu values", count), count);
	return page_text(page, P_("%zu share", "%zu shares", count), count);
}

/* What counts as decided before anybody was asked in this run: by whom, and in which. */
static void kept_told(const struct guide *guide, struct page *page, int step)
{
	const struct finding *first = NULL;
	size_t kept = 0;

	for (size_t i = guide->survey->finding_count; i-- > 0;) {
		const struct finding *finding = &guide->survey->findings[i];

		if (finding->step != step || !finding->kept_by)
			continue;
		first = finding;
		kept++;
	}
	if (kept > 0)
		page_lead(page,
			P_("%zu was kept by decision of %s in run %s, and can be decided anew.\n",
				"%zu were kept by decision, the first of %s in run %s, and can be decided anew.\n",
				kept),
			kept, first->kept_by, first->kept_run);
}

void step_around(struct guide *guide, struct page *page, int step)
{
	size_t all = 0, right = 0, open = decide_open(guide, step);

	for (size_t i = 0; i < guide->survey->finding_count; i++) {
		const struct finding *finding = &guide->survey->findings[i];

		all += finding->step == step;
		right += finding->step == step && finding->move == MOVE_NONE &&
			!decide_made(guide, finding);
	}
	kept_told(guide, page, step);
	page->counts = page_text(page, _("%s: %zu right, %zu decided, %zu open"),
		many(page, step, all), right, all - right - open, open);
	page_more(page, _("What the article asks"),
		page_text(page, _("%s, step %d"), ARTICLE_NUMBER, step), page->why);
	page_continue(page, _("Continue"));
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rest like this: every open row that is as plain as the one it was asked of, each with its
 * before and after; one answer, and one decision on record for each. */
#include <string.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "ui/guide/short.h"
#include "ui/guide/step.h"

/* A path needs a line of its own, a version does not. */
static const struct column value_columns[] = {
	{ N_("Side"), 4, CUT_NEVER, false },
	{ N_("Key and value, now and new"), 54, CUT_MIDDLE, false },
};
static const struct column file_columns[] = {
	{ N_("File"), 16, CUT_MIDDLE, false },
	{ N_("Now"), 26, CUT_MIDDLE, false },
	{ N_("New"), 26, CUT_MIDDLE, false },
};

static bool open_and_plain(const struct guide *guide, const struct finding *finding)
{
	const struct plan_row *row = plan_find(guide->plan, finding->id);

	return row && row->decision == DECISION_UNDECIDED && !row->edited && finding->needed &&
		finding->can_change && !finding->kept_by && !finding->missing &&
		!guide_covers(guide, finding);
}

bool alike(const struct guide *guide, const struct finding *like, const struct finding *finding)
{
	if (like->kind != finding->kind || !open_and_plain(guide, finding))
		return false;
	if (finding->kind == KIND_VALUE)
		return finding->leads == LEADS_DEFAULT && like->leads == LEADS_DEFAULT;
	return finding->kind == KIND_FILE && finding->compare == like->compare &&
		(finding->compare == FILE_OLDER || finding->compare == FILE_ONLY_SETUP);
}

static size_t alike_count(const struct guide *guide, const struct finding *like)
{
	size_t count = 0;

	for (size_t i = 0; like && i < guide->plan->count; i++)
		count += alike(guide, like, guide->plan->rows[i].finding);
	return count;
}

/* ---- on the page of the step ---- */

/* The first open row of the step that has another like it; NULL if there is none. */
static const struct finding *alike_any(const struct guide *guide, int step, size_t *count)
{
	for (size_t i = 0; i < guide->plan->count; i++) {
		const struct finding *finding = guide->plan->rows[i].finding;

		*count = finding->step == step && alike(guide, finding, finding)
			? alike_count(guide, finding)
			: 0;
		if (*count > 1)
			return finding;
	}
	return NULL;
}

void alike_action(struct guide *guide, struct page *page, int step)
{
	struct action *action;
	size_t count;

	if (!alike_any(guide, step, &count))
		return;
	action = page_action(page, WORD_ALIKE, _("Show all alike"), 'a', ACTION_OTHER);
	action->brief = _("Alike");
	action->of_row = true;
	action->hint = _("Shows all that are open and like this one. Nothing is decided yet.");
	page_more(page, _("All alike (a)"), "",
		step == STEP_VALUES
			? page_text(page,
				  P_("%zu open value leads to the old folder. One page shows it before and after, one answer decides it.\n",
					  "%zu open values lead to the old folder. One page shows them all before and after, one answer decides them; each goes on record by itself.\n",
					  count),
				  count)
			: page_text(page,
				  P_("%zu open file is of one kind. One page shows it before and after, one answer decides it.\n",
					  "%zu open files are of one kind. One page shows them all before and after, one answer decides them; each goes on record by itself.\n",
					  count),
				  count));
}

void alike_open(struct guide *guide, size_t cursor)
{
	const char *id = cursor < guide->page->row_count ? guide->page->rows[cursor].id : NULL;
	const struct finding *like = id ? survey_finding(guide->survey, id) : NULL;
	size_t count;

	/* Lines of text know no cursor: there the first of a kind stands for all. */
	if (!like && cursor >= guide->page->row_count)
		like = alike_any(guide, guide->at == PAGE_COPY ? STEP_FILES : STEP_VALUES, &count);
	if (alike_count(guide, like) == 0) {
		guide_say(guide,
			_("No open row is like this one. What is unknown, newer or edited is decided one by one."));
		guide->cursor = cursor < guide->page->row_count ? cursor : 0;
		return;
	}
	talloc_free(guide->alike);
	guide->alike = talloc_strdup(guide, like->id);
	guide_go(guide, PAGE_ALIKE);
}

/* ---- the page itself ---- */

static void side_row(struct page *page, const char *label, const char *text, enum tone tone)
{
	page_row(page, NULL, label, text, NULL)->tones[1] = tone;
}

static void value_rows(struct page *page, const struct finding *finding)
{
	const char *shown = finding_id_shown(page, finding->id);

	side_row(page, _("key"), shown, TONE_STRONG);
	side_row(page, _("now"), step_side(page, finding, &finding->before), TONE_QUIET);
	side_row(page, _("new"), step_side(page, finding, &finding->after), TONE_DECIDED);
}

static void file_row(struct page *page, const struct finding *finding)
{
	const char *leaf = strrchr(finding->subject, '\\');
	const char *sides[2];
	struct row *row;

	sides_short(page, KIND_FILE, &finding->before, &finding->after, sides);
	row = page_row(page, NULL,
		text_shown(page,
			leaf && strncmp(finding->subject, "Bin\\", 4) == 0 ? finding->subject + 4
									   : finding->subject),
		sides[0], sides[1], NULL);
	row->tones[1] = TONE_QUIET;
	row->tones[2] = TONE_DECIDED;
}

static void lead(struct guide *guide, struct page *page, bool values)
{
	if (values)
		page_lead(page, _("Only the beginning of each path changes: %s becomes %s.\n"),
			page_shown(page, guide->survey->default_msmcon),
			page_shown(page, guide->survey->relocated_msmcon));
	else
		page_lead(page, "%s\n", _("Setup's file takes the place of each."));
	page_lead(page, "%s\n",
		_("One decision on record for each. Nothing is written before step Write."));
}

static void make(struct guide *guide, struct page *page)
{
	const struct finding *like = survey_finding(guide->survey, guide->alike);
	bool values = like->kind == KIND_VALUE;
	size_t count = alike_count(guide, like);
	struct action *change;

	page_step(page, like->step);
	page->title = page_text(page, _("Step %d of 6: all alike"), like->step);
	page_columns(page, values ? value_columns : file_columns,
		values ? ARRAY_SIZE(value_columns) : ARRAY_SIZE(file_columns));
	for (size_t i = 0; i < guide->plan->count; i++) {
		const struct finding *finding = guide->plan->rows[i].finding;

		if (!alike(guide, like, finding))
			continue;
		if (values)
			value_rows(page, finding);
		else
			file_row(page, finding);
	}
	lead(guide, page, values);
	page_action(page, WORD_BACK, _("Back"), 0, ACTION_BACK);
	change = page_action(page, WORD_CHANGE,
		page_text(page, P_("Change %zu", "Change all %zu", count), count), 0,
		ACTION_FORWARD);
	change->until_seen = _("Look through the whole list first: Home, then PgDn to its end.");
	change->hint =
		_("Decides each of them as a change. It is written at step Write, not before.");
	if (count == 0)
		change->refused = _("None of them is open any more.");
}

static void reply(struct guide *guide, const struct input *input)
{
	const struct finding *like = survey_finding(guide->survey, guide->alike);
	size_t done = 0;
	bool good = true;

	if (input->action != WORD_CHANGE)
		return;
	for (size_t i = 0; good && i < guide->plan->count; i++) {
		const struct finding *finding = guide->plan->rows[i].finding;

		if (!alike(guide, like, finding))
			continue;
		good = decide(guide, finding->id, DECISION_CHANGE, NULL);
		done += good;
	}
	if (!good)
		return;
	guide_say(guide,
		P_("%zu decided as a change, on record.", "%zu decided as changes, each on record.",
			done),
		done);
	guide_back(guide);
}

const struct guide_page page_alike = { .make = make, .reply = reply, .steps = true };

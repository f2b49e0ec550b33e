/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Putting back: all of it, a step, or one change; each is seen with what it would be again. The
 * page is the confirmation. */
#include <string.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "ui/guide/state.h"

static const struct column columns[] = {
	{ N_("Step"), 4, CUT_NEVER, true },
	{ N_("What"), 30, CUT_MIDDLE, false },
	{ N_("Would be again"), 34, CUT_MIDDLE, false },
};

/* ---- what there is ---- */

static size_t of_step(const struct undo_look *look, int step)
{
	size_t count = 0;

	for (size_t i = 0; i < look->count; i++)
		count += look->rows[i].step == step;
	return count;
}

static void row_make(struct page *page, const struct undo_look *look, size_t index)
{
	const struct undo_row *undo = &look->rows[index];
	const char *what = finding_id_shown(page, undo->id);
	size_t count = of_step(look, undo->step);
	struct row *row = page_row(page, undo->id, page_text(page, "%d", undo->step), what,
		undo->refused ? _("changed since, see below") : undo->back, NULL);

	row->subject = what;
	row->open_choice = true;
	row->tones[2] = undo->refused ? TONE_WARN : TONE_TEXT;
	if (index == 0 || look->rows[index - 1].step != undo->step) {
		row->group = page_text(page, _("Step %d: %s"), undo->step,
			_(article_step(undo->step)->title));
		row->group_note = page_text(page, P_("%zu change", "%zu changes", count), count);
	}
	row_detail(page, row, DETAIL_BEFORE, _("now"), undo->now);
	row_detail(page, row, DETAIL_AFTER, _("again"), undo->back);
	if (undo->refused)
		row_detail(page, row, DETAIL_TEXT, _("refused"), undo->refused);
}

/* Of the dry run's text what is about no change alone: how the registry goes back, and the like. */
static void notes(const struct guide *guide, struct page *page)
{
	const char *line = guide->undo_text ? guide->undo_text : "";

	for (size_t len; *line != '\0'; line += len + (line[len] == '\n')) {
		bool of_row = false;

		len = strcspn(line, "\n");
		for (size_t i = 0; i < guide->undo->count; i++) {
			size_t id = strlen(guide->undo->rows[i].id);

			of_row |= len > id && strncmp(line, guide->undo->rows[i].id, id) == 0 &&
				line[id] == ':';
		}
		if (!of_row && len > 0)
			page_tail(page, "%.*s\n", (int)len, line);
	}
}

/* Nothing is to be put back: a run that is not at its end can be ended. */
static void actions_bare(struct guide *guide, struct page *page)
{
	struct action *action = page_action(page, WORD_KEEP, _("Back"), 'c', ACTION_BACK);

	action->focused = true;
	action->hint = _("The run stays as it is.");
	if (guide->status && guide->status->ended)
		return;
	action = page_action(page, WORD_UNDO, _("End this run"), 0, ACTION_OTHER);
	action->writes = true;
	action->hint = _("Writes its end on record. There is nothing to put back.");
}

static void actions(struct guide *guide, struct page *page)
{
	size_t count = guide->undo->count;
	struct action *action =
		page_action(page, WORD_KEEP, _("Keep the repair"), 'c', ACTION_BACK);

	action->focused = true;
	action->brief = _("Keep");
	action->hint = _("Nothing is put back.");
	action = page_action(page, WORD_UNDO,
		page_text(page, P_("Put %zu back", "Put all %zu back", count), count), 0,
		ACTION_OTHER);
	action->writes = true;
	action->refused = guide->undo_refused;
	action->hint = _("Writes: puts back all that this run changed.");
	action = page_action(page, WORD_UNDO_STEP, _("Put this step back"), 0, ACTION_OTHER);
	action->writes = action->of_row = true;
	action->brief = _("Put step back");
	action->hint = _("Writes: puts back each change of the cursor's step.");
	action = page_action(page, WORD_UNDO_CHANGE, _("Put this change back"), 0, ACTION_OTHER);
	action->writes = action->of_row = true;
	action->brief = _("Put one back");
	action->hint = _("Writes: puts back the one change under the cursor.");
}

static void make(struct guide *guide, struct page *page)
{
	page->title = _("Undo");
	page->undo = false; /* this is its page */
	if (guide->undo->count > 0)
		page_lead(page, "%s\n",
			_("Putting all of it back leaves the connector as it was before the repair: broken, as the service pack left it. The backup of step 1 stays. "
			  "A step or a change can go back by itself."));
	if (guide->undo_refused)
		page_lead(page, "%s\n", guide->undo_refused);
	if (guide->undo->count > 0 && guide->running)
		page_lead(page,
			_("Services run: %s. They are stopped before anything is put back, and started again after it; they then run with the old values.\n"),
			guide->running);
	page_columns(page, columns, guide->undo->count > 0 ? ARRAY_SIZE(columns) : 0);
	for (size_t i = 0; i < guide->undo->count; i++)
		row_make(page, guide->undo, i);
	notes(guide, page);
	page->why = _(
		"Undo puts back the saved files and the registry as they were. A change that someone else has altered since is not touched: both "
		"values are shown instead.\n");
	(guide->undo->count > 0 ? actions : actions_bare)(guide, page);
}

/* ---- doing it ---- */

/* Where nothing was to be put back, an undo that was cut off may have done it before. */
static const char *undone_said(const struct guide *guide, bool nothing)
{
	if (!nothing)
		return _("All that this run had changed is put back and verified.");
	return guide->stage == RUN_DECIDING ? _("The run is ended. It had changed nothing.")
					    : _("The run is ended. There was nothing to put back.");
}

/* What was put back stands in an overlay of its own: it is not done before that has its end. */
static bool undo_waits(struct guide *guide, const char *said)
{
	if (!guide->server->overlay || run_take(guide, guide->resume) != 0 || !guide->record ||
		!guide->record->overlay_waits || !guide->record->overlay->earlier)
		return false;
	guide_jump(guide, PAGE_ENDING);
	guide_say(guide, "%s", said);
	return true;
}

void guide_undone(struct guide *guide, const char *said, const char *told)
{
	if (undo_waits(guide, said))
		return;
	run_forget(guide);
	if (!guide_work(guide, _("Checking again"), job_survey))
		return;
	guide_say(guide, "%s%s", said, told);

	guide_jump(guide, PAGE_DIAGNOSIS);
}

/* What was asked for, for a sentence. */
static const char *asked(struct guide *guide)
{
	return guide->undo_change ? finding_id_shown(guide->page, guide->undo_change)
				  : page_text(guide->page, _("Step %d"), guide->undo_step);
}

/* The walk stays here, with a fresh look; where nothing is left, the run is undone. */
static void partly_undone(struct guide *guide, const char *told)
{
	if (run_take(guide, guide->resume) != 0) {
		guide_trouble(guide);
		guide_jump(guide, PAGE_DIAGNOSIS);
		return;
	}
	if (guide->stage == RUN_UNDONE) {
		guide_undone(guide, undone_said(guide, false), told);
		return;
	}
	if (undo_waits(guide,
		    page_text(guide->page, _("%s is put back and verified.%s"), asked(guide), "")))
		return;
	guide_jump(guide, PAGE_UNFINISHED);
	if (!guide_work(guide, _("Checking again"), job_survey))
		return;
	guide_undo(guide);
	if (!guide->message)
		guide_say(guide, _("%s is put back and verified.%s"), asked(guide), told);
}

static void undo_do(struct guide *guide)
{
	bool all = !guide->undo_change && guide->undo_step == 0;
	const char *told, *said = undone_said(guide, guide->undo->count == 0);

	if (!guide_work(guide, _("Putting back"), job_undo)) {
		/* The record was let go of; where it stands now is told by the page it is opened
		 * from. */
		guide_jump(guide,
			run_take(guide, guide->resume) == 0 ? PAGE_UNFINISHED : PAGE_DIAGNOSIS);
		return;
	}
	told = strstr(guide->undo_text, "\n\n");
	told = page_text(guide->page, "%s", told ? told : "");
	if (all)
		guide_undone(guide, said, told);
	else
		partly_undone(guide, told);
}

static void pressed(struct guide *guide, enum word_id action, size_t cursor)
{
	const struct undo_row *row =
		cursor < guide->undo->count ? &guide->undo->rows[cursor] : NULL;

	if (!row && action != WORD_UNDO) {
		guide_say(guide, _("Say first which line it is about. Nothing was put back."));
		return;
	}
	guide->undo_step = action == WORD_UNDO_STEP ? row->step : 0;
	TALLOC_FREE(guide->undo_change);
	if (action == WORD_UNDO_CHANGE)
		guide->undo_change = talloc_strdup(guide, row->id);
	undo_do(guide);
}

static void reply(struct guide *guide, const struct input *input)
{
	if (input->action == WORD_KEEP)
		guide->at = guide->back_count > 0 ? guide->back[--guide->back_count] : PAGE_REPORT;
	if (input->action == WORD_UNDO || input->action == WORD_UNDO_STEP ||
		input->action == WORD_UNDO_CHANGE)
		pressed(guide, input->action, input->cursor);
}

const struct guide_page page_undo = { .make = make, .reply = reply };

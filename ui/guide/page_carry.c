/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The last page before writing: every row of steps 2 to 4, decided or left. It is the confirmation;
 * what was decided is carried out from here and verified, and what was left can be later. */
#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "ui/guide/short.h"
#include "ui/guide/step.h"

static const struct column columns[] = {
	{ N_("Do"), 7, CUT_NEVER, false },
	{ N_("What"), 28, CUT_MIDDLE, false },
	{ N_("Before"), 11, CUT_NEVER, false },
	{ N_("After"), 14, CUT_NEVER, false },
};

/* What becomes of a row. */
enum fate { FATE_WRITE, FATE_WRITTEN, FATE_KEEP, FATE_RIGHT, FATE_OPEN, FATES };
static const struct {
	const char *word;
	enum mark mark;
	enum tone tone;
} fates[FATES] = {
	[FATE_WRITE] = { N_("write"), MARK_CHANGE, TONE_DECIDED },
	[FATE_WRITTEN] = { N_("written"), MARK_DONE, TONE_RIGHT },
	[FATE_KEEP] = { N_("keep"), MARK_KEEP, TONE_RIGHT },
	[FATE_RIGHT] = { N_("right"), MARK_RIGHT, TONE_RIGHT },
	[FATE_OPEN] = { N_("open"), MARK_ASK, TONE_OPEN },
};

static enum fate fate_of(const struct guide *guide, const struct finding *finding)
{
	const struct plan_row *row = plan_find(guide->plan, finding->id);

	if (!row)
		return decide_made(guide, finding) ? FATE_WRITTEN : FATE_RIGHT;
	if (row->decision == DECISION_CHANGE)
		return row->written ? FATE_WRITTEN : FATE_WRITE;
	return row->decision == DECISION_KEEP || finding->kept_by ? FATE_KEEP : FATE_OPEN;
}

/* How many of a step (0: of all three) come to what. */
static void fates_count(const struct guide *guide, int step, size_t count[FATES])
{
	for (size_t i = 0; i < guide->survey->finding_count; i++) {
		const struct finding *finding = &guide->survey->findings[i];

		if (decide_carries(finding->step) && (step == 0 || finding->step == step))
			count[fate_of(guide, finding)]++;
	}
}

/* "10 to write, 1 kept": those that there are. */
static const char *fates_text(struct page *page, const size_t count[FATES])
{
	const char *texts[FATES] = {
		[FATE_WRITE] = page_text(page, P_("%zu to write", "%zu to write", count[0]),
			count[FATE_WRITE]),
		[FATE_WRITTEN] = page_text(page, _("%zu written already"), count[FATE_WRITTEN]),
		[FATE_KEEP] = page_text(page, _("%zu kept"), count[FATE_KEEP]),
		[FATE_RIGHT] = page_text(page, _("%zu right"), count[FATE_RIGHT]),
		[FATE_OPEN] = page_text(page,
			P_("%zu stays open", "%zu stay open", count[FATE_OPEN]), count[FATE_OPEN]),
	};
	const char *all = NULL;

	for (int i = 0; i < FATES; i++)
		if (count[i] > 0)
			all = all ? page_text(page, _("%s, %s"), all, texts[i]) : texts[i];
	return all ? all : "";
}

/* ---- one row: what it is about, before and after in short ---- */

/* Before, and what was made of it or could be; false where nothing is. What a trainee is still to
 * propose is not told. */
static bool sides(const struct guide *guide, const struct finding *finding, enum fate fate,
	struct side side[2])
{
	const struct plan_row *row = plan_find(guide->plan, finding->id);
	const struct change *made = fate == FATE_WRITTEN ? decide_made(guide, finding) : NULL;
	bool edited = !made && row && row->edited;

	side[0] = made ? made->before : finding->before;
	side[1] = made ? made->after : finding->after;
	if (edited)
		side[1].value.data = row->edited;
	if (fate == FATE_WRITE || fate == FATE_WRITTEN)
		return true;
	return fate != FATE_RIGHT && (finding->can_change || edited) &&
		!guide_covers(guide, finding);
}

static void cells(const struct guide *guide, struct page *page, struct row *row,
	const struct finding *finding, enum fate fate)
{
	struct side side[2];
	bool changes = sides(guide, finding, fate, side), written = fate == FATE_WRITTEN;
	const char *text[2];

	row_detail(page, row, DETAIL_BEFORE, written ? _("was") : _("now"),
		step_side(page, finding, &side[0]));
	if (changes)
		row_detail(page, row, DETAIL_AFTER, written ? _("now") : _("new"),
			step_side(page, finding, &side[1]));
	row->cells[1] = name_short(page, finding->kind, finding->subject, &finding->before);
	row->tones[0] = row->tones[3] = fates[fate].tone;
	row->tones[2] = TONE_QUIET;
	if (changes && fate != FATE_KEEP) {
		sides_short(page, finding->kind, &side[0], &side[1], text);
		row->cells[2] = text[0];
		row->cells[3] = page_text(page, "→ %s", text[1]);
		if (fate != FATE_OPEN)
			row->tones[3] = TONE_STRONG;
		if (finding->kind == KIND_FILE && finding->compare == FILE_NEWER) {
			row->cells[1] = page_text(page, _("%s, %s"), row->cells[1], _("NEWER"));
			row->tones[1] = TONE_OPEN;
		}
		return;
	}
	row->cells[2] = side_short(page, finding->kind, &finding->before);
	row->cells[3] = finding->kind == KIND_FILE && finding->compare == FILE_NEWER
		? _("= NEWER")
		: page_text(page, "= %s", row->cells[2]);
}

/* The question of the page of its step. */
static struct question *row_question(struct guide *guide, struct page *page,
	const struct finding *finding)
{
	static const struct {
		enum question_id id;
		const char *title;
	} questions[] = {
		[KIND_FILE] = { QUESTION_COPY_DECIDE, N_("Copy setup's file over this one?") },
		[KIND_VALUE] = { QUESTION_REGISTRY_DECIDE, N_("Change this value?") },
		[KIND_SHARE] = { QUESTION_SHARE_DECIDE,
			N_("Let the share lead to the relocated Maildata?") },
	};
	struct question *question;

	/* It has to be proposed first, on its own page. */
	if (guide_covers(guide, finding))
		return NULL;
	question = decide_question(page, questions[finding->kind].id, finding,
		_(questions[finding->kind].title));
	question->why = page_text(page, "%s\n", page_shown(page, finding->why));
	question_hint(question, WORD_CHANGE, _("It is written with the others, from this page."));
	return question;
}

static void row_make(struct guide *guide, struct page *page, const struct finding *finding)
{
	enum fate fate = fate_of(guide, finding);
	struct row *row = page_row(page, finding->id, _(fates[fate].word), NULL);

	row->mark = fates[fate].mark;
	row->open_choice = !finding->needed;
	cells(guide, page, row, finding, fate);
	row->subject = row->cells[1];
	if (fate != FATE_RIGHT && fate != FATE_WRITTEN)
		decide_row(guide, row, finding, row_question(guide, page, finding));
	decide_todo(page, row, finding);
	if (fate == FATE_WRITTEN)
		row_detail(page, row, DETAIL_TOLD, _("checked"),
			finding->kind == KIND_FILE                   ? _("read back, SHA-256")
				: guide->server->caps & SERVER_HIVES ? _("read back by two readers")
								     : _("read back"));
	row_detail(page, row, DETAIL_TEXT, _("why"), page_shown(page, finding->why));
}

/* ---- all of them ---- */

static const char *group_title(const struct guide *guide, struct page *page, int step)
{
	if (step == 2)
		return page_text(page, _("Files in the Bin on %.2s"),
			page_shown(page, guide->survey->relocated_msmcon));
	return step == 3
		? page_text(page, _("Registry, %s"), page_shown(page, guide->survey->control_set))
		: _("Share");
}

static void group(struct guide *guide, struct page *page, int step)
{
	size_t first = page->row_count, count[FATES] = { 0 };
	struct row *row;

	for (size_t i = 0; i < guide->survey->finding_count; i++)
		if (guide->survey->findings[i].step == step)
			row_make(guide, page, &guide->survey->findings[i]);
	if (page->row_count == first)
		return;
	fates_count(guide, step, count);
	row = (struct row *)(uintptr_t)&page->rows[first];
	row->group = group_title(guide, page, step);
	row->group_note = fates_text(page, count);
	row->group_tone = count[FATE_OPEN] > 0 ? TONE_OPEN : TONE_QUIET;
}

static void write_action(struct guide *guide, struct page *page, const size_t count[FATES])
{
	size_t writes = count[FATE_WRITE], open = count[FATE_OPEN];
	const char *label = guide->carried_out
		? page_text(page, P_("Write %zu more", "Write %zu more", writes), writes)
		: page_text(page, P_("Write %zu", "Write %zu", writes), writes);
	struct action *action;

	if (open > 0)
		label = page_text(page, P_("%s, leave %zu open", "%s, leave %zu open", open), label,
			open);
	action = page_action(page, WORD_WRITE, label, 0, ACTION_FORWARD);
	action->brief = _("Write");
	action->writes = true;
	action->hint = page_text(page,
		P_("Writes %zu change to %s now.", "Writes %zu changes to %s now.", writes), writes,
		page->server);
	if (writes == 0)
		action->refused = guide->carried_out
			? _("All that was decided is written. Decide what is open first.")
			: _("Nothing has been decided as a change; there is nothing to write.");
}

static void actions(struct guide *guide, struct page *page, const size_t count[FATES])
{
	bool on = guide->carried_out || count[FATE_WRITE] + count[FATE_OPEN] == 0;

	if (on)
		page_action(page, WORD_CONTINUE, _("Continue"), 'c', ACTION_FORWARD)->hint =
			count[FATE_WRITE] > 0
			? _("On to step 5; what is decided can be written later.")
			: _("On to step 5; nothing is written.");
	else
		page_action(page, WORD_NOT_YET, _("Not yet"), 0, ACTION_BACK)->hint =
			_("Nothing is written; all decisions are kept.");
	if (count[FATE_WRITE] + count[FATE_OPEN] > 0)
		write_action(guide, page, count);
	page_action(page, WORD_BACK, _("Back"), 0, ACTION_BACK)->hint =
		_("To the page before; nothing is written.");
}

static void around(struct guide *guide, struct page *page, const size_t count[FATES])
{
	if (count[FATE_WRITE] + count[FATE_OPEN] + count[FATE_WRITTEN] == 0)
		page_lead(page, "%s\n",
			_("Nothing was decided as a change, so there is nothing to write. Steps 5 and 6 come next."));
	if (count[FATE_WRITTEN] > 0)
		page_lead(page, "%s\n",
			_("What is written was read back and compared. What is open can be decided and written now or later."));
	if (count[FATE_WRITE] + count[FATE_WRITTEN] > 0 && count[FATE_OPEN] > 0)
		page_tail(page, "%s\n", decide_half(guide, page, false));
	if (count[FATE_WRITE] > 0 && guide->running)
		page_lead(page,
			_("Stopped just before, and started just after: %s. Mail waits that long.\n"),
			guide->running);
	if (count[FATE_WRITE] > 0)
		page_tail(page, "%s\n",
			count[FATE_OPEN] > 0
				? _("Each change is on record first and can be put back; the rest can be written later.")
				: _("Each change is on record first and can be put back."));
}

static void make(struct guide *guide, struct page *page)
{
	size_t count[FATES] = { 0 };

	fates_count(guide, 0, count);
	page->title = guide->carried_out ? _("What was written, and what is open")
					 : _("Before writing: every row, in its order");
	page->counts = fates_text(page, count);
	page->marks = true;
	page_columns(page, columns, ARRAY_SIZE(columns));
	for (int step = 2; step <= 4; step++)
		group(guide, page, step);
	around(guide, page, count);
	page->why = _(
		"Writing everything in one go keeps the outage short and the server out of half-repaired states: old files with new "
		"registry values would not run. Everything is prepared beside its target first and switched in at the end; it can be "
		"stopped between two changes and resumed later.\n");
	page->help = page_text(page, "%s%s\n", page->why,
		_("y writes the row under the cursor with the others, n keeps it as it is. What is open stays as it is, and can be "
		  "decided and written later in this run."));
	actions(guide, page, count);
}

/* ---- what a reply does ---- */

/* Where the last thing is that is still open; the page before where nothing is. */
static void not_yet(struct guide *guide)
{
	static const enum page_id
		pages[] = { [2] = PAGE_COPY, [3] = PAGE_REGISTRY, [4] = PAGE_SHARE };
	int step = 4;

	while (step > 1 && decide_open(guide, step) == 0)
		step--;
	if (step > 1)
		guide_go(guide, pages[step]);
	else
		guide_back(guide);
}

/* How long the outage was; nothing where none was seen. */
static const char *down_said(struct guide *guide)
{
	return guide->down_for > 0
		? page_text(guide->page,
			  P_(" They were down for %lu second.", " They were down for %lu seconds.",
				  guide->down_for),
			  guide->down_for)
		: "";
}

static void written(struct guide *guide)
{
	const char *notes = engine_told(guide->engine)->notes;
	size_t open = decide_open(guide, 0);

	const char *left = open == 0
		? ""
		: page_text(guide->page,
			  P_(" %zu row was left open; it can be decided in its step and written later.",
				  " %zu rows were left open; they can be decided in their steps and written later.",
				  open),
			  open);

	guide_say(guide, "%s%s%s%s%s%s",
		guide->running
			? _("Carried out and verified. The services that were stopped for it run again.")
			: _("Carried out and verified."),
		down_said(guide), left, notes ? "\n" : "", notes ? notes : "",
		_("\nBack (F3) lists what was written, and how each was checked."));
}

static void reply(struct guide *guide, const struct input *input)
{
	bool writes = input->action == WORD_WRITE;

	if (input->question != NO_QUESTION)
		decide(guide, input->row, decision_of(input), NULL);
	if (input->action == WORD_NOT_YET)
		not_yet(guide);
	if (!writes && input->action != WORD_CONTINUE)
		return;
	/* Where all was kept there is nothing to write, and that is on record as well. */
	if ((writes || !guide->carried_out) &&
		!guide_work(guide, _("Carrying out what was decided"), job_carry)) {
		guide_cut(guide);
		return;
	}
	if (writes)
		written(guide);
	else if (decide_to_write(guide, 0) > 0)
		guide_say(guide,
			P_("%zu change is decided and not written. Back leads to the page that writes it.",
				"%zu changes are decided and not written. Back leads to the page that writes them.",
				decide_to_write(guide, 0)),
			decide_to_write(guide, 0));
	else if (!engine_wrote(guide->engine))
		guide_say(guide, "%s", engine_outcome(guide->engine));
	guide_finish(guide);
}

const struct guide_page page_carry = { .make = make, .reply = reply, .steps = true };

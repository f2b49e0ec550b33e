/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Step 6: the old folder. The safe end is focused and valid; deleting for good asks for the
 * server's name. */
#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "ui/guide/state.h"

static const struct column columns[] = {
	{ N_("What must be so"), 66, CUT_END, false },
	{ N_("so?"), 5, CUT_NEVER, false },
};

static const char *answer_word(enum gate_answer answer)
{
	return answer == GATE_YES ? _("yes") : answer == GATE_WEAK ? _("weak") : _("no");
}

static void rows(struct guide *guide, struct page *page)
{
	for (size_t i = 0; i < guide->gates->count; i++) {
		const struct gate *gate = &guide->gates->gates[i];
		struct row *row = page_row(page, gate->id, text_shown(page, gate->text),
			answer_word(gate->answer), NULL);

		row->tones[1] = gate->answer == GATE_YES ? TONE_RIGHT
			: gate->answer == GATE_WEAK      ? TONE_WARN
							 : TONE_DANGER;
		row_detail(page, row, DETAIL_TEXT, _("Asked"), row->cells[0]);
		if (gate->detail)
			row_detail(page, row, DETAIL_TOLD, _("Because"), gate->detail);
		if (gate->answer != GATE_YES && page->cursor == 0)
			page->cursor = i;
	}
}

static const char *refused(const struct guide *guide)
{
	if (!guide->gates->folder)
		return _("There is no default Msmcon any more.");
	return guide->gates->leave_only
		? _("One of the answers above is no: the folder can only be left.")
		: NULL;
}

static struct question *aside_question(struct guide *guide, struct page *page)
{
	const char *folder = text_shown(page, guide->gates->folder);
	struct question *question = page_confirm(page, QUESTION_OLDFOLDER_ASIDE,
		_("Set the old folder aside?"),
		page_text(page,
			_("%sIt is renamed on its own drive. Undo renames it back.\n\nbefore: %s\nafter:  %s\n"),
			guide->gates->weak
				? _("Mail flow was not verified end to end, only attested or seen part of the way. ")
				: "",
			folder,
			page_shown(page, engine_tree(guide->engine, page, guide->gates->folder))));

	question_answer(page, question, WORD_LEAVE, _("Leave it"), 'n', true);
	question_answer(page, question, WORD_ASIDE, _("Set it aside"), 0, false);
	return question;
}

/* In an overlay it has not happened yet. */
static const char *for_good(const struct guide *guide)
{
	return guide->server->overlay
		? _("It can be thrown away with its overlay; once that is committed it cannot be undone. ")
		: _("This cannot be undone. ");
}

static struct question *delete_question(struct guide *guide, struct page *page)
{
	struct question *question = page_confirm(page, QUESTION_OLDFOLDER_DELETE,
		page_text(page, _("Delete %s?"), text_shown(page, guide->gates->folder)),
		page_text(page, "%s%s\n%s\n", for_good(guide),
			guide->gates->weak
				? _("Mail flow was not verified end to end, only attested or seen part of the way.")
				: "",
			_("Type the server's name to delete:")));

	question_answer(page, question, WORD_LEAVE, _("Leave it"), 0, true);
	question_answer(page, question, WORD_DELETE,
		guide->deletion_cut ? _("Delete the rest") : _("Delete for good"), 0, false);

	question->kind = ASK_TYPED;
	question->expected = guide->server->id.name;
	question->min_length = 1;
	return question;
}

/* Where one of the gates says no, only leaving it is left. */
static void act(struct guide *guide, struct page *page, enum word_id id, const char *label,
	const char *hint, struct question *(*ask)(struct guide *, struct page *))
{
	struct action *action = page_action(page, id, label, 0, ACTION_OTHER);

	action->hint = hint;
	action->refused = refused(guide);
	action->ask = !action->refused ? ask(guide, page) : NULL;
}

static void make(struct guide *guide, struct page *page)
{
	struct action *leave;

	page_step(page, 6);
	if (guide->gates->folder)
		page_lead(page, _("%s     %zu files, %.1f MB\n"),
			text_shown(page, guide->gates->folder), guide->gates->files,
			(double)guide->gates->bytes / 1e6);
	if (guide->deletion_cut)
		page_lead(page, "%s\n",
			_("Deleting it was begun and cut off: a part of it is gone. This is the rest."));
	page_columns(page, columns, ARRAY_SIZE(columns));
	rows(guide, page);
	page_tail(page, "%s\n",
		_("The article asks for this only if the folder must go. The next service pack may want it "
		  "(Q246086)."));
	leave = page_action(page, WORD_LEAVE, _("Leave it and finish"), 'c', ACTION_FORWARD);
	leave->brief = _("Leave it");
	leave->hint =
		_("The folder stays where it is, which is a valid end. All is checked again.");
	act(guide, page, WORD_ASIDE, _("Set it aside"),
		_("Asks, then renames it. Undo renames it back."), aside_question);
	act(guide, page, WORD_DELETE,
		guide->deletion_cut ? _("Delete the rest") : _("Delete for good"),
		_("Asks for the server's name. This cannot be undone."), delete_question);
	page_action(page, WORD_BACK, _("Back"), 0, ACTION_BACK);
}

static void reply(struct guide *guide, const struct input *input)
{
	static const char *const titles[] = {
		[OLDFOLDER_LEAVE] = N_("Checking again from scratch"),
		[OLDFOLDER_ASIDE] = N_("Setting the old folder aside"),
		[OLDFOLDER_DELETE] = N_("Deleting the old folder"),
	};

	if (input->action == WORD_LEAVE)
		guide->choice = OLDFOLDER_LEAVE;
	else if (input->action == WORD_ASIDE && input->answer == WORD_ASIDE)
		guide->choice = OLDFOLDER_ASIDE;
	else if (input->action == WORD_DELETE && input->text)
		guide->choice = OLDFOLDER_DELETE;
	else
		return;
	/* Whether it is the server's name the core decides. */
	guide_typed(guide, input->text);
	if (guide_work(guide, _(titles[guide->choice]), job_oldfolder))
		guide_report(guide);
}

const struct guide_page page_oldfolder = { .make = make, .reply = reply, .step = 6, .steps = true };

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The one visible act of writing: what was decided for steps 2 to 4, shown once more, then carried out and verified. */
#include "base/i18n.h"
#include "ui/guide/state.h"

static const struct column columns[] = {
	{ N_("What"), 26, CUT_END, false },
	{ N_("How much"), 44, CUT_END, false },
};

struct tally {
	size_t change, keep, open;
};

static struct tally tally(const struct guide *guide, int step)
{
	struct tally tally = { 0 };

	for (size_t i = 0; i < guide->plan->count; i++) {
		const struct plan_row *row = &guide->plan->rows[i];

		if (row->finding->step != step)
			continue;
		tally.change += row->decision == DECISION_CHANGE;
		tally.keep += row->decision == DECISION_KEEP;
		tally.open += row->decision == DECISION_UNDECIDED;
	}
	return tally;
}

static size_t changes(const struct guide *guide)
{
	return tally(guide, 2).change + tally(guide, 3).change + tally(guide, 4).change;
}

static void line(struct guide *guide, struct page *page, int step, const char *what)
{
	struct tally count = tally(guide, step);
	struct row *row = page_row(page, NULL);

	row->cells[0] = what;
	row->cells[1] = page_text(page, _("%zu to change, %zu kept by decision, %zu not decided"), count.change, count.keep,
				  count.open);
	row->mark = guide->carried_out ? MARK_DONE : count.open > 0 ? MARK_WEAK : MARK_OPEN;
}

/* The outage: what stops, and starts again. Only where services can be reached, and only those that run. */
static void service_line(struct guide *guide, struct page *page, const char *what, const char *none)
{
	struct row *row;

	if (!(guide->server->caps & SERVER_SERVICES))
		return;
	row = page_row(page, NULL);
	row->cells[0] = what;
	row->cells[1] = guide->running != NULL ? guide->running : none;
	row->mark = guide->carried_out ? MARK_DONE : MARK_OPEN;
}

static struct question *write_question(struct guide *guide, struct page *page)
{
	struct question *question = page_confirm(page, QUESTION_CARRY_WRITE, page_text(page, _("Write these changes to %s?"), page->server), NULL);

	question->text = guide_in_lesson(guide)
				 ? page_text(page, _("Operator %s. Every change is on record before it is made.\n"), guide->operator_name)
				 : page_text(page, _("Operator %s. Every change is on record before it is made. Undo: msmcfix undo %s\n"),
					     guide->operator_name, engine_run_name(guide->engine));
	question_answer(page, question, WORD_NOT_YET, _("Not yet"), 'n', true);
	question_answer(page, question, WORD_WRITE, page_text(page, P_("Write %zu change", "Write %zu changes", changes(guide)),
							      changes(guide)), 0, false);
	return question;
}

static void actions(struct guide *guide, struct page *page)
{
	struct action *action;

	if (guide->carried_out) {
		page_action(page, WORD_CONTINUE, _("Continue"), 'c', ACTION_FORWARD);
		return;
	}
	action = page_action(page, WORD_WRITE, _("Write the changes"), 'c', ACTION_FORWARD);
	if (changes(guide) > 0)
		action->ask = write_question(guide, page);
	else
		action->refused = _("Nothing has been decided as a change; there is nothing to write.");
	page_action(page, WORD_BACK, _("Back"), 0, ACTION_BACK);
	page_action(page, WORD_LATER, _("Leave it as it is"), 'x', ACTION_LEAVE);
}

static void make(struct guide *guide, struct page *page)
{
	page->title = _("Carry out what was decided");
	page->marks = true;
	page_columns(page, columns, sizeof columns / sizeof *columns);
	service_line(guide, page, _("stop services"), _("none of the connector's runs"));
	line(guide, page, 2, _("files in the relocated Bin"));
	line(guide, page, 3, _("registry values"));
	line(guide, page, 4, _("share Maildat$"));
	service_line(guide, page, _("start services"), _("none: what did not run is not started"));
	if (guide->carried_out) {
		page_lead(page, "%s\n", _("Carried out: every change was read back and compared."));
	} else {
		page_lead(page, "%s\n", _("Everything is prepared beside its target first and switched in at the end; it can be stopped between "
					  "two changes and gone on with later."));
		if (guide->running != NULL)
			page_tail(page, "%s\n", _("Mail stops while services are down, a short time."));
		page_tail(page, "%s\n", _("What is not decided stays as it is."));
	}
	page->why = _("Writing everything in one go keeps the outage short and the server out of half-repaired states: old files with new "
		      "registry values would not run.\n");
	actions(guide, page);
}

static int reply(struct guide *guide, const struct input *input)
{
	if (input->action == WORD_CONTINUE)
		return guide_after_carry(guide);
	if (input->action != WORD_WRITE || input->answer != WORD_WRITE)
		return 0;
	if (guide_work(guide, _("Carrying out what was decided"), job_carry) != 0)
		return guide_trouble(guide);
	guide_say(guide, "%s", guide->running != NULL ? _("Carried out and verified. The services that were stopped for it run again.")
						      : _("Carried out and verified."));
	return guide_after_carry(guide);
}

const struct guide_page page_carry = { make, reply };

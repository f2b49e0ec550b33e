/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The one visible act of writing: what was decided for steps 2 to 4, shown once more, then carried
 * out and verified. */
#include "base/i18n.h"
#include "base/memory.h"
#include "ui/guide/decide.h"

static const struct column columns[] = {
	{ N_("What"), 26, CUT_END, false },
	{ N_("How much"), 44, CUT_END, false },
};

/* The rows of these steps with this decision. */
static size_t decided(const struct guide *guide, int from, int to, enum decision decision)
{
	size_t count = 0;

	for (size_t i = 0; i < guide->plan->count; i++) {
		const struct plan_row *row = &guide->plan->rows[i];

		count += row->finding->step >= from && row->finding->step <= to &&
			row->decision == decision;
	}
	return count;
}

static size_t changes(const struct guide *guide)
{
	return decided(guide, 2, 4, DECISION_CHANGE);
}

/* Nothing to write, and nothing left to decide: steps 5 and 6 follow at once. */
static bool all_kept(const struct guide *guide)
{
	return changes(guide) == 0 &&
		decide_open(guide, 2) + decide_open(guide, 3) + decide_open(guide, 4) == 0;
}

static void line(struct guide *guide, struct page *page, int step, const char *what)
{
	size_t open = decided(guide, step, step, DECISION_UNDECIDED);
	const char *much =
		page_text(page, _("%zu to change, %zu kept by decision, %zu not decided"),
			decided(guide, step, step, DECISION_CHANGE),
			decided(guide, step, step, DECISION_KEEP), open);

	page_row(page, NULL, what, much, NULL)->mark = guide->carried_out ? MARK_DONE
		: open > 0                                                ? MARK_WEAK
									  : MARK_OPEN;
}

/* The outage: what stops, and starts again. Only where services can be reached, and only those that
 * run. */
static void service_line(struct guide *guide, struct page *page, const char *what, const char *none)
{
	const char *names = guide->running ? guide->running : none;

	if (guide->server->caps & SERVER_SERVICES)
		page_row(page, NULL, what, names, NULL)->mark =
			guide->carried_out ? MARK_DONE : MARK_OPEN;
}

static struct question *write_question(struct guide *guide, struct page *page)
{
	struct question *question = page_confirm(page, QUESTION_CARRY_WRITE,
		page_text(page, _("Write these changes to %s?"), page->server), NULL);

	question->text = guide->hooks
		? page_text(page, _("Operator %s. Every change is on record before it is made.\n"),
			  guide->operator_name)
		: page_text(page,
			  _("Operator %s. Every change is on record before it is made. Undo: msmcfix undo %s\n"),
			  guide->operator_name, engine_run_name(guide->engine));
	question_answer(page, question, WORD_NOT_YET, _("Not yet"), 'n', true);
	question_answer(page, question, WORD_WRITE,
		page_text(page, P_("Write %zu change", "Write %zu changes", changes(guide)),
			changes(guide)),
		0, false);
	return question;
}

static void actions(struct guide *guide, struct page *page)
{
	struct action *write;

	if (guide->carried_out || all_kept(guide)) {
		page_action(page, WORD_CONTINUE, _("Continue"), 'c', ACTION_FORWARD);
	} else {
		write = page_action(page, WORD_WRITE, _("Write the changes"), 'c', ACTION_FORWARD);
		write->ask = write_question(guide, page);
		if (changes(guide) == 0)
			write->refused = _(
				"Nothing has been decided as a change; there is nothing to write.");
	}
	if (guide->carried_out)
		return;
	page_action(page, WORD_BACK, _("Back"), 0, ACTION_BACK);
	page_action(page, WORD_LATER, _("Leave it as it is"), 'x', ACTION_LEAVE);
}

static void lead(struct guide *guide, struct page *page)
{
	if (all_kept(guide))
		page_lead(page, "%s\n",
			_("Nothing was decided as a change, so there is nothing to write. Steps 5 and 6 come next."));
	else if (guide->carried_out)
		page_lead(page, "%s\n", _("Carried out: every change was read back and compared."));
	if (all_kept(guide) || guide->carried_out)
		return;
	page_lead(page, "%s\n",
		_("Everything is prepared beside its target first and switched in at the end; it can be stopped between "
		  "two changes and resumed later."));
	if (guide->running)
		page_tail(page, "%s\n", _("Mail stops while services are down, a short time."));
	page_tail(page, "%s\n", _("What is not decided stays as it is."));
}

static void make(struct guide *guide, struct page *page)
{
	page->title = _("Carry out what was decided");
	page->marks = true;
	page_columns(page, columns, ARRAY_SIZE(columns));
	service_line(guide, page, _("stop services"), _("none of the connector's runs"));
	line(guide, page, 2, _("files in the relocated Bin"));
	line(guide, page, 3, _("registry values"));
	line(guide, page, 4, _("share Maildat$"));
	service_line(guide, page, _("start services"), _("none: what did not run is not started"));
	lead(guide, page);
	page->why = _(
		"Writing everything in one go keeps the outage short and the server out of half-repaired states: old files with new "
		"registry values would not run.\n");
	actions(guide, page);
}

static void reply(struct guide *guide, const struct input *input)
{
	bool writes = input->answer == WORD_WRITE;
	const char *notes;

	if (!writes && input->action != WORD_CONTINUE)
		return;
	if (!guide->carried_out &&
		!guide_work(guide, _("Carrying out what was decided"), job_carry))
		return;
	notes = engine_told(guide->engine)->notes;
	if (writes)
		guide_say(guide, "%s%s%s",
			guide->running
				? _("Carried out and verified. The services that were stopped for it run again.")
				: _("Carried out and verified."),
			notes ? "\n" : "", notes ? notes : "");
	guide_finish(guide);
}

const struct guide_page page_carry = { .make = make, .reply = reply, .steps = true };

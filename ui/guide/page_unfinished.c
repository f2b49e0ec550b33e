/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A run that was cut off or paused: what the journal says, what the server says, and what
 * follows. */
#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "ui/guide/decide.h"
#include "ui/reach.h"

/* What follows at each stage; where there is none, the look has one. */
static const char *const sos[] = {
	[RUN_DECIDING] = N_(
		"Nothing of steps 2 to 4 was written. What was decided stands, and the rest can be decided."),
	[RUN_AFTER] = N_(
		"Steps 2 to 4 are through. What is open of them, or was put back, can still be decided and written; mail flow and the old folder come after."),
	[RUN_UNDONE] = N_("There is nothing to resume."),
};

/* Its end, or what puts it back, stands in an overlay without an end. */
static bool waits(const struct guide *guide)
{
	return (guide->stage == RUN_AFTER || guide->stage == RUN_UNDONE) && guide->record &&
		guide->record->overlay_waits;
}

static bool writes(const struct guide *guide)
{
	return guide->stage == RUN_CARRYING || guide->stage == RUN_UNDOING;
}

static struct question *write_question(struct guide *guide, struct page *page)
{
	bool undoing = guide->stage == RUN_UNDOING;
	struct question *question = page_confirm(page, QUESTION_UNFINISHED_WRITE,
		undoing ? _("Put back the rest now?") : _("Write the rest of the changes now?"),
		page_text(page,
			_("Operator %s. It writes to %s what was decided then, and nothing else.\n"),
			guide->operator_name, page->server));

	question_answer(page, question, WORD_NOT_YET, _("Not yet"), 'n', true);
	question_answer(page, question, WORD_WRITE, undoing ? _("Put it back") : _("Write them"), 0,
		false);
	return question;
}

static const char *resume_refused(const struct guide *guide)
{
	if (guide->stage == RUN_UNBEGUN)
		return _("Nothing was changed by it. Look at the server and begin again.");
	if (guide->status->foreign > 0 && writes(guide))
		return _(
			"Something on the server is neither as it was before nor as the repair would leave it. Look at it first.");
	return NULL;
}

/* Asked once; who was the last to decide is proposed. */
static struct question *who_question(struct guide *guide, struct page *page)
{
	struct question *who;

	if (guide->operator_name)
		return NULL;
	who = page_line(page, QUESTION_UNFINISHED_OPERATOR, NULL,
		guide->options.undo ? _("Who puts it back?") : _("Who resumes it?"),
		_("What is done from here on goes on record with the name of who does it. Your name:\n"));
	who->proposal = guide->record ? guide->record->operator_name : NULL;
	if (guide->asking == QUESTION_UNFINISHED_OPERATOR)
		page->question = who;
	return who;
}

static void quit_action(struct page *page, bool resumable)
{
	page_action(page, WORD_QUIT, _("Quit"), 'x', ACTION_LEAVE)->hint = resumable
		? _("Leaves the program. The run stays on record and can be resumed.")
		: _("Leaves the program. The run stays on record.");
}

static void actions(struct guide *guide, struct page *page)
{
	bool changed = writes(guide) || guide->stage == RUN_AFTER;
	struct question *who = who_question(guide, page);
	struct action *action;

	action = page_action(page, WORD_STATUS, _("Look at the server"), 'i', ACTION_FORWARD);
	action->brief = _("Look");
	action->hint = _("The finding as it is now. The run stays as it is.");
	if (guide->stage == RUN_UNDONE && !waits(guide)) {
		quit_action(page, false);
		return;
	}
	action = page_action(page, WORD_RESUME, _("Resume"), 'c', ACTION_FORWARD);
	action->hint = writes(guide) ? _("Asks, then writes what was decided.")
				     : _("Opens the page where it stopped. Nothing is written.");
	action->refused = resume_refused(guide);
	action->ask = !action->refused ? who : NULL;
	if (guide->stage == RUN_UNDONE) {
		quit_action(page, true);
		return;
	}
	action = page_action(page, WORD_UNDO, changed ? _("Put all back") : _("End this run"), 0,
		ACTION_OTHER);
	action->hint = _("Shows what would be put back, then asks.");
	action->ask = who;
	quit_action(page, true);
}

static void fact(struct page *page, const char *label, const char *text)
{
	page_lead(page, "\n%s\n%s\n", label, page_shown(page, text));
}

/* What was put back is open again, and counted once. */
static char *counts(const struct guide *guide, struct page *page)
{
	size_t back = guide->status->put_back, open = decide_open(guide, 0);

	return page_text(page, _("%zu written, %zu put back, %zu left open"), guide->status->made,
		back, open > back ? open - back : 0);
}

/* Where the table's sentence would not be all of it. */
static const char *so_told(const struct guide *guide, struct page *page)
{
	const struct run_status *status = guide->status;
	const char *so = sos[guide->stage];

	if (waits(guide))
		return _(
			"What was written stands in an overlay, and the image does not have it. Resuming opens the page that asks what becomes of it.");
	if (guide->stage == RUN_AFTER && status->to_do > 0)
		return page_text(page,
			P_("Steps 2 to 4 are written in part: %zu change is decided and not written. Resuming opens the page that writes it.",
				"Steps 2 to 4 are written in part: %zu changes are decided and not written. Resuming opens the page that writes them.",
				status->to_do),
			status->to_do);
	if (guide->stage == RUN_AFTER && status->ended)
		return _(
			"It is finished. Resuming opens step 5: mail can be recorded, what is open decided and written, and step 6 decided again.");
	return so ? _(so) : status->so;
}

static void make_status(struct guide *guide, struct page *page)
{
	const struct run_status *status = guide->status;

	if (status->made + status->put_back > 0)
		page->counts = counts(guide, page);
	if (status->services)
		page_lead(page, "%s\n\n", status->services);
	page_lead(page, "%s\n",
		_("Nothing has been changed now; this was found by reading the journal and looking at the server."));
	fact(page, _("The journal says:"), status->journal_says);
	fact(page, _("The server says:"), status->server_says);
	fact(page, _("So:"), so_told(guide, page));
	page->why = _(
		"A run can be cut off at any instant: each change is then either made or not made, and the server itself tells which. The "
		"journal alone is not believed.\n");
	if (guide->asking == QUESTION_UNFINISHED_WRITE)
		page->question = write_question(guide, page);
	actions(guide, page);
}

/* ---- its server was not reached ---- */

/* What is said of it, by the way it is reached. */
enum { WAY_DISKS, WAY_IMAGE, WAY_LIVE };
static const struct {
	const char *step5, *rest, *why, *again;
} ways[] = {
	[WAY_DISKS] = {
		N_("Step 5 needs no volumes. Record here what was seen at the running server."),
		N_("For step 6, and to put back, mount them and run:"),
		N_("Mail can only be seen to flow on the running server, and then its volumes are not mounted here. What a person says is "
		   "recorded as ATTESTED, with the name and the time.\n"),
		N_("Look for the volumes again"),
	},
	[WAY_IMAGE] = {
		N_("Step 5 needs no image. Record here what was seen at the running server."),
		N_("For step 6, and to put back, shut the virtual machine down and run:"),
		N_("Mail can only be seen to flow on the running server, and then its image is in use. What a person says is recorded as "
		   "ATTESTED, with the name and the time.\n"),
		N_("Look for the image again"),
	},
	[WAY_LIVE] = {
		N_("Step 5 can be recorded without it: here is written what was seen there."),
		N_("For step 6, and to put back, run:"),
		N_("What a person says about mail is recorded as ATTESTED, with the name and the time.\n"),
		N_("Look for the server again"),
	},
};

static void make_record(struct guide *guide, struct page *page)
{
	const struct run_record *record = guide->record;
	const int way = record->reached.host ? WAY_LIVE
		: record->reached.image      ? WAY_IMAGE
					     : WAY_DISKS;
	struct action *action;

	page_lead(page, _("Server %s was not reached: the run needs %s.\n"), record->server,
		record->needs);
	if (record->services)
		page_lead(page, "\n%s\n", record->services);
	page_lead(page, "\n%s\n  %s.\n", _("How it stands, by its record:"), record->stands);
	page_lead(page, "\n%s\n", _(ways[way].step5));
	page_lead(page, "\n%s\n  %s\n", _(ways[way].rest), guide_command(guide, page, "resume"));
	page->copied = true;
	page->why = _(ways[way].why);
	action = page_action(page, WORD_RESUME, _("Record step 5"), 'c', ACTION_FORWARD);
	action->ask = who_question(guide, page);
	action->hint = _("Opens step 5. Nothing is written to the server.");
	action = page_action(page, WORD_AGAIN, _(ways[way].again), 'r', ACTION_OTHER);
	action->brief = _("Look again");
	quit_action(page, true);
}

static const struct column columns[] = {
	{ N_("Run"), 17, CUT_NEVER, false },
	{ N_("Server"), 15, CUT_END, false },
	{ N_("How it stands"), 40, CUT_END, false },
};

static void make_choice(struct guide *guide, struct page *page)
{
	struct action *action;

	page->title = _("Which run?");
	page_lead(page, _("%zu runs are not finished. The newest one needs %s.\n"),
		guide->unfinished_count, guide->unfinished[0]->needs);
	page_columns(page, columns, ARRAY_SIZE(columns));
	for (size_t i = 0; i < guide->unfinished_count; i++) {
		const struct run_record *record = guide->unfinished[i];
		struct row *row = page_row(page, record->name, record->name, record->server,
			record->stands, NULL);

		row->selectable = true;
		row_detail(page, row, DETAIL_TEXT, _("Stands"), row->cells[2]);
		row_detail(page, row, DETAIL_TEXT, _("Needs"), record->needs);
		row_detail(page, row, DETAIL_TEXT, C_("command to type", "Run"),
			reach_run_command(page, record, guide->options.runs, "resume"));
	}
	page->why = _(
		"Each run belongs to one server. It is resumed where its record says that the server's volumes were.\n");
	action = page_action(page, WORD_TAKE, _("Resume this run"), 'c', ACTION_FORWARD);
	action->of_row = true;
	action->hint = _("Looks for its server. Nothing is changed.");
	quit_action(page, true);
}

static void make(struct guide *guide, struct page *page)
{
	if (!guide->resume) {
		make_choice(guide, page);
		return;
	}
	page->title = run_title(guide, page);
	page->run = guide->resume;
	if (guide->status)
		make_status(guide, page);
	else
		make_record(guide, page);
}

/* The first page that still wants a decision; the one that writes if none does. */
static enum page_id page_open(const struct guide *guide)
{
	static const enum page_id pages[] = { 0, 0, PAGE_COPY, PAGE_REGISTRY, PAGE_SHARE };

	if (!guide->backed_up)
		return PAGE_BACKUP;
	for (int step = 2; step <= 4; step++)
		if (decide_open(guide, step) > 0)
			return pages[step];
	return PAGE_CARRY;
}

/* While the rest is written the title does not say that it is only looked at. */
static void title_resuming(struct guide *guide)
{
	if (!writes(guide))
		return;
	guide->page->alarm = guide->status->services;
	guide->page->badge = guide->page->alarm ? _("SERVICES DOWN") : _("resuming");
}

/* What was cut off and made anew comes before what else there is to say. */
static void torn_tell(struct guide *guide)
{
	const char *torn = guide->engine ? engine_told(guide->engine)->torn : NULL,
		   *said = guide->message ? page_text(guide->page, "\n%s", guide->message) : "";

	if (torn)
		guide_say(guide, "%s%s", torn, said);
}

static void resume(struct guide *guide)
{
	bool after = guide->stage == RUN_AFTER;
	size_t reset, to_write;

	title_resuming(guide);
	if (!guide_work(guide, _("Resuming the run"), job_resume))
		return;
	to_write = decide_to_write(guide, 0);
	if (guide->stage == RUN_DECIDING) {
		reset = engine_told(guide->engine)->reset;
		if (reset > 0)
			guide_say(guide,
				P_("%zu decision does not fit the server any more and is open again.",
					"%zu decisions do not fit the server any more and are open again.",
					reset),
				reset);
		guide_jump(guide, page_open(guide));
	} else if (after && engine_overlay_waits(guide->engine)) {
		guide_jump(guide, PAGE_ENDING);
	} else if (after) {
		guide_jump(guide, to_write > 0 ? PAGE_CARRY : PAGE_MAIL);
		if (to_write > 0)
			guide_say(guide,
				P_("%zu change is decided and not written. Write it here, or leave it so and go on.",
					"%zu changes are decided and not written. Write them here, or leave them so and go on.",
					to_write),
				to_write);
	} else if (guide->stage == RUN_AFTER) {
		guide_jump(guide, PAGE_CARRY);
		guide_say(guide, _("Carried out and verified."));
		guide_finish(guide);
	} else {
		guide_undone(guide, _("All that this run had changed is put back and verified."),
			"");
	}
	torn_tell(guide);
}

static void pressed(struct guide *guide, enum word_id action)
{
	if (action == WORD_RESUME && guide->stage == RUN_UNDONE)
		guide_jump(guide, PAGE_ENDING);
	else if (action == WORD_RESUME && writes(guide))
		guide_ask(guide, QUESTION_UNFINISHED_WRITE, NULL);
	else if (action == WORD_RESUME)
		resume(guide);
	else
		guide_undo(guide);
}

/* The command to be given elsewhere stands on the page. */
static void look_for(struct guide *guide, int (*job)(struct guide *))
{
	if (guide_reach(guide, _("Looking for its server. Nothing is changed."), job) ||
		!guide->record->reached.disks)
		return;
	guide_say(guide, _("%s Mount them and look again."), guide->error.text);
	guide->message_bad = true;
}

static void record_reply(struct guide *guide, const struct input *input)
{
	if (input->action == WORD_AGAIN)
		look_for(guide, job_run_reach);
	guide_operator(guide, input->text);
	if (input->action == WORD_RESUME && guide->operator_name &&
		guide_work(guide, _("Resuming the run"), job_run_record))
		guide_jump(guide, PAGE_MAIL);
}

static void choice_reply(struct guide *guide, const struct input *input)
{
	if (input->action != WORD_TAKE || input->cursor >= guide->unfinished_count)
		return;
	guide->record = guide->unfinished[input->cursor];
	look_for(guide, job_run_choose);
}

static void reply(struct guide *guide, const struct input *input)
{
	if (!guide->resume) {
		choice_reply(guide, input);
		return;
	}
	if (!guide->status) {
		record_reply(guide, input);
		return;
	}
	if (input->action == WORD_STATUS)
		guide_go(guide, PAGE_DIAGNOSIS);
	guide_operator(guide, input->text);
	if (input->question == QUESTION_UNFINISHED_OPERATOR && guide->operator_name)
		guide_undo(guide);
	if ((input->action == WORD_RESUME || input->action == WORD_UNDO) && guide->operator_name)
		pressed(guide, input->action);
	if (input->answer == WORD_WRITE)
		resume(guide);
}

const struct guide_page page_unfinished = { .make = make, .reply = reply };

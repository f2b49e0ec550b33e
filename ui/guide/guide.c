/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The walk: one page after the other, and what is the same on all of them. */
#include "ui/guide/guide.h"

#include <string.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "ui/guide/decide.h"
#include "ui/guide/journal.h"
#include "ui/reach.h"

#define PAGE_PLACE(id, variable, name) &page_##variable
static const struct guide_page *const pages[] = { GUIDE_PAGES(PAGE_PLACE) };

/* The step that is being looked at: "the rest like this" is one page for two of them. */
static int step_here(const struct guide *guide)
{
	size_t from = guide->back_count - 1;

	return guide->at == PAGE_ALIKE ? pages[guide->back[from]]->step : pages[guide->at]->step;
}

static bool mail_failed(const struct guide *guide)
{
	return guide->evidence && evidence_weakest(guide->evidence) == MAIL_FAILED;
}

/* Where the repair stands, for the step list; 0 is carrying out. Done is only what has nothing left
 * open. */
static enum mark step_mark(const struct guide *guide, int step)
{
	if (step_here(guide) == step)
		return MARK_NOW;
	if (step == 1)
		return guide->backed_up ? MARK_DONE : MARK_OPEN;
	/* 0: of all three. */
	if (step <= 4)
		return !guide->carried_out || decide_to_write(guide, step) > 0 ? MARK_OPEN
			: decide_open(guide, step) > 0                         ? MARK_WEAK
									       : MARK_DONE;
	if (step == 5 && guide->evidence &&
		(mail_failed(guide) || evidence_weakest(guide->evidence) >= MAIL_ATTESTED))
		return evidence_weakest(guide->evidence) >= MAIL_VERIFIED ? MARK_DONE : MARK_WEAK;
	return guide->carried_out || step == 5 ? MARK_OPEN : MARK_LOCK;
}

/* Before writing: how many are decided, of all; after it: how many were left open. What was put
 * back is told as that. */
static const char *step_count(const struct guide *guide, struct page *page, int step)
{
	size_t open = decide_open(guide, step), all = decide_all(guide, step),
	       back = decide_put_back(guide, step);

	if (guide->carried_out)
		return open > back ? page_text(page, "%zu", open - back)
			: back > 0 ? _("back")
				   : NULL;
	return step > 0 && all > 0 ? page_text(page, "%zu/%zu", all - open, all) : NULL;
}

static void page_steps(const struct guide *guide, struct page *page)
{
	static const int numbers[] = { 1, 2, 3, 4, 0, 5, 6 };
	size_t count = ARRAY_SIZE(numbers);
	struct step_line *steps = talloc_zero_array(page, struct step_line, (unsigned)count);

	if (!steps)
		return;
	for (size_t i = 0; i < count; i++) {
		int step = numbers[i];

		steps[i].number = step;
		steps[i].title = step == 0    ? _("Write 2-4")
			: step == STEP_VALUES ? C_("short", "Registry")
					      : _(article_step(step)->title);
		steps[i].mark = step_mark(guide, step);
		if (guide->engine && guide->plan && (step == 0 || decide_carries(step)))
			steps[i].count = step_count(guide, page, step);
		if (step == 5 && mail_failed(guide))
			steps[i].count = mail_grade_text(MAIL_FAILED);
	}
	page->steps = steps;
	page->step_count = count;
}

/* How many rows wait for a decision, and how many decisions for being written; "" for none. */
static const char *undone_said(const struct guide *guide, struct page *page)
{
	size_t open = decide_open(guide, 0), unwritten = decide_to_write(guide, 0);
	const char *said = open == 0
		? ""
		: page_text(page,
			  P_("%zu row of steps 2 to 4 is not decided.\n",
				  "%zu rows of steps 2 to 4 are not decided.\n", open),
			  open);

	return unwritten == 0
		? said
		: page_text(page,
			  P_("%s%zu change is decided and not written.\n",
				  "%s%zu changes are decided and not written.\n", unwritten),
			  said, unwritten);
}

/* Before it: services that this run stopped, and that nobody starts while it is left. */
static const char *left_said(const struct guide *guide, struct page *page)
{
	const char *owed = engine_services_owed(guide->engine, page),
		   *undone = undone_said(guide, page);

	return owed
		? page_text(page,
			  _("Services are stopped, and stay so until the run is resumed: %s\n%s"),
			  owed, undone)
		: undone;
}

/* With a run begun, leaving is asked about once. */
static struct question *leave_question(struct guide *guide, struct page *page)
{
	struct question *question =
		page_question(page, QUESTION_LEAVE, NULL, ASK_CHOICE, _("Leave the program?"));

	question->text = guide_temporary(guide)
		? page_text(page,
			  _("%sThe practice server goes with the program, and this run cannot be resumed. Its report stays:\n  %s\n"),
			  left_said(guide, page), guide_command(guide, page, "report"))
		: page_text(page,
			  _("%sNothing is decided by leaving. Run %s stays on record and can be resumed; the command for it is said at the end.\n"),
			  left_said(guide, page), page->run);
	question_answer(page, question, WORD_STAY, _("Stay"), 'n', true);
	question_answer(page, question, WORD_LEAVE, _("Leave"), 'y', false);
	return question;
}

/* Once a run has begun, what it stands on is not looked at afresh. */
static bool can_survey_again(const struct guide *guide)
{
	return guide->server && !guide->engine;
}

/* Whether the page has something of its own to look at again. */
static bool looks_again(const struct guide *guide)
{
	return guide->server && pages[guide->at]->again;
}

/* Where no action asked for the focus, the first has it that writes nothing and does not leave the
 * program. */
static void page_focus(struct page *page)
{
	struct action *actions = (struct action *)page->actions;
	size_t first = 0;

	for (size_t i = page->action_count; i-- > 0;) {
		if (actions[i].focused)
			return;
		if (!actions[i].writes && actions[i].kind != ACTION_LEAVE)
			first = i;
	}
	if (page->action_count > 0)
		actions[first].focused = true;
}

/* The page before in the order of the walk, where no page was left for this one: after a run was
 * resumed. 0: none. */
static enum page_id page_before(const struct guide *guide)
{
	static const enum page_id before[] = {
		[PAGE_PCMTA] = PAGE_DIAGNOSIS,
		[PAGE_READY] = PAGE_DIAGNOSIS,
		[PAGE_BACKUP] = PAGE_READY,
		[PAGE_COPY] = PAGE_BACKUP,
		[PAGE_REGISTRY] = PAGE_COPY,
		[PAGE_SHARE] = PAGE_REGISTRY,
		[PAGE_CARRY] = PAGE_SHARE,
		[PAGE_ENDING] = PAGE_CARRY,
		[PAGE_PAUSE] = PAGE_CARRY,
		[PAGE_MAIL] = PAGE_CARRY,
		[PAGE_OLDFOLDER] = PAGE_MAIL,
		[PAGE_REPORT] = PAGE_MAIL,
	};
	/* A lesson has come to its end; a run can be gone through again. */
	bool ended = guide->finished && guide->hooks;

	/* What was put back. */
	if (guide->at == PAGE_ENDING && !guide->engine)
		return PAGE_UNFINISHED;
	return guide->survey && !ended && guide->at < ARRAY_SIZE(before) ? before[guide->at] : 0;
}

/* From the list of cases to the first page, where it was asked for there. */
static bool back_to_reach(struct guide *guide)
{
	if (guide->at != PAGE_TRAIN || guide->given->train)
		return false;
	guide->hooks = NULL;
	TALLOC_FREE(guide->training);
	guide->at = PAGE_REACH;
	return true;
}

void guide_back(struct guide *guide)
{
	enum page_id before = page_before(guide);

	/* What was opened for that page alone. */
	if (guide->at == PAGE_LETTERS)
		TALLOC_FREE(guide->image);
	if (guide->back_count > 0)
		guide->at = guide->back[--guide->back_count];
	else if (before != 0)
		guide->at = before;
	else if (!back_to_reach(guide))
		guide_say(guide, _("There is no page before this one."));
	guide->cursor = 0;
}

/* The page of the present state, owned by the guide. */
static struct page *page_now(struct guide *guide)
{
	struct page *page = talloc_zero(guide, struct page);

	if (!page)
		return NULL;
	page->id = page_name(guide->at);
	page->cursor = guide->cursor;
	page->again = can_survey_again(guide) || looks_again(guide);
	page->back = guide->back_count > 0 || page_before(guide) != 0 ||
		(guide->at == PAGE_TRAIN && !guide->given->train);
	page->undo = guide->engine && engine_wrote(guide->engine);
	page->journal = guide->engine != NULL;
	page->who = guide->operator_name ? page_shown(page, guide->operator_name) : NULL;
	guide_title(guide, page);
	if (pages[guide->at]->steps)
		page_steps(guide, page);
	page->message = guide->message ? talloc_strdup(page, guide->message) : NULL;
	page->message_bad = guide->message && guide->message_bad;
	pages[guide->at]->make(guide, page);
	if (!page->help)
		page->help = page->why;
	if (guide->hooks)
		guide->hooks->page(guide, page);
	if (guide->asking == QUESTION_LEAVE)
		page->question = guide->hooks ? guide->hooks->leave(guide, page)
					      : leave_question(guide, page);
	page_focus(page);
	return page;
}

/* Leaving never decides anything. What had been begun stays on record and can be resumed. */
static void leave(struct guide *guide, int by_signal)
{
	guide->over = true;
	if (by_signal != 0)
		guide->exit_code = 128 + by_signal;
	else if (guide->hooks)
		guide->exit_code = guide->hooks->exit_code(guide);
	else if (guide->finished)
		guide->exit_code = guide->finish_code;
	else if (guide->engine || guide->at == PAGE_ENDING ||
		(guide->at == PAGE_UNFINISHED && guide->stage != RUN_UNDONE &&
			guide->stage != RUN_UNBEGUN))
		guide->exit_code = 3;
	else if (guide->survey)
		guide->exit_code = guide->survey->open > 0 ? 2 : 0;
}

/* A run that was looked at has one, too. */
static int journal_read(struct guide *guide, struct runfolder **run, struct journal **journal)
{
	char *runs;
	int ret = 0;

	if (guide->engine)
		*run = engine_runfolder(guide->engine);
	else
		ret = reach_runs(guide->page, &guide->options, &runs, &guide->error);
	if (ret == 0 && !guide->engine)
		ret = runfolder_open(guide->page, runs, guide->resume, false, run, &guide->error);
	return ret != 0 ? ret : journal_open(guide->page, *run, journal, &guide->error);
}

static void journal_show(struct guide *guide)
{
	struct runfolder *run;
	struct journal *journal;
	const char *file;

	if (!guide->engine && !guide->resume) {
		guide_say(guide, _("There is no journal yet: nothing has been changed."));
	} else if (journal_read(guide, &run, &journal) != 0) {
		guide_trouble(guide);
	} else {
		file = page_text(guide->page, "%s/%s", runfolder_dir(run), JOURNAL_FILE);
		guide_read(guide, _("Journal of this run"),
			journal_sentences(guide->page, journal, text_shown(guide->page, file)));
	}
}

/* Whether the walk went on from there. */
static bool was_at(const struct guide *guide, enum page_id page)
{
	for (size_t i = 0; i < guide->back_count; i++) {
		if (guide->back[i] == page)
			return true;
	}
	return false;
}

static void step_show(struct guide *guide, int step)
{
	static const enum page_id steps[] = { 0, PAGE_BACKUP, PAGE_COPY, PAGE_REGISTRY, PAGE_SHARE,
		PAGE_MAIL, PAGE_OLDFOLDER };
	bool known = step == 1 ? guide->engine != NULL || was_at(guide, PAGE_READY)
		: step <= 4    ? guide->engine != NULL && guide->survey != NULL
		: step == 5    ? guide->evidence != NULL
			       : guide->gates != NULL;

	if (!known)
		guide_say(guide, _("Step %d cannot be looked at yet."), step);
	else if (guide->at != steps[step])
		guide_go(guide, steps[step]);
}

static void undo_show(struct guide *guide)
{
	if (!guide->engine || !engine_wrote(guide->engine))
		guide_say(guide,
			_("Nothing has been changed on the server yet; there is nothing to put back."));
	else if (guide_by_record(guide))
		guide_say(guide, _("Putting back needs %s. Once that is there, run:\n  %s"),
			engine_needs(guide->engine, guide->page),
			guide_command(guide, guide->page, "undo"));
	else
		guide_undo(guide);
}

static void left(struct guide *guide, const struct reply *reply)
{
	bool open = guide->hooks ? guide->hooks->in_lesson(guide)
				 : guide->engine != NULL && !guide->finished;

	if (open && !reply->final)
		guide_ask(guide, QUESTION_LEAVE, NULL);
	else
		leave(guide, reply->signal);
}

static bool leaves(const struct page *page, const struct reply *reply)
{
	for (size_t i = 0; reply->kind == REPLY_ACTION && i < page->action_count; i++)
		if (page->actions[i].kind == ACTION_LEAVE &&
			strcmp(page->actions[i].id, reply->id) == 0)
			return true;
	return false;
}

static struct input input_of(const struct reply *reply)
{
	const char *colon = reply->kind == REPLY_ANSWER ? strchr(reply->id, ':') : NULL;

	return (struct input){
		.action = reply->kind == REPLY_ACTION ? word_of(reply->id) : NO_WORD,
		.question = reply->kind == REPLY_ANSWER ? question_of(reply->id) : NO_QUESTION,
		.row = colon ? colon + 1 : NULL,
		.answer = word_of(reply->answer),
		.text = reply->text && *reply->text != '\0' ? reply->text : NULL,
		.fields = reply->fields,
		.cursor = reply->cursor,
	};
}

/* Whether it is what every page has. */
static bool reply_general(struct guide *guide, const struct reply *reply)
{
	switch (reply->kind) {
	case REPLY_LEAVE:
		left(guide, reply);
		return true;
	case REPLY_BACK:
		guide_back(guide);
		return true;
	case REPLY_AGAIN:
		if (can_survey_again(guide))
			guide_work(guide, _("Checking again"), job_survey);
		else if (looks_again(guide))
			pages[guide->at]->again(guide, false);
		return true;
	case REPLY_JOURNAL:
		journal_show(guide);
		return true;
	case REPLY_STEP:
		step_show(guide, reply->step);
		return true;
	case REPLY_UNDO:
		undo_show(guide);
		return true;
	case REPLY_REFRESH:
		if (looks_again(guide))
			pages[guide->at]->again(guide, true);
		return true;
	case REPLY_ACTION:
	case REPLY_ANSWER:
		break;
	}
	return false;
}

/* Who goes on from step 5 is told for how many messages step 6 has nothing to go by (its gates). */
static void unseen_tell(struct guide *guide)
{
	const struct evidence_list *list = guide->evidence;
	size_t unseen = 0;

	for (size_t i = 0; list && i < list->count; i++)
		unseen += list->rows[i].grade < MAIL_ATTESTED;
	if (unseen > 0 && !guide->message)
		guide_say(guide,
			P_("Step 5: %zu of %zu test messages has no word that counts in step 6 (weakest: %s). So far the old folder can only be left.",
				"Step 5: %zu of %zu test messages have no word that counts in step 6 (weakest: %s). So far the old folder can only be left.",
				unseen),
			unseen, list->count, mail_grade_text(evidence_weakest(list)));
}

static void reply_take(struct guide *guide, const struct reply *reply)
{
	const struct guide_page *page = pages[guide->at];
	struct input input = input_of(reply);

	guide->cursor = reply->cursor < guide->page->row_count ? reply->cursor : 0;
	guide->asking = NO_QUESTION;
	/* Nobody did anything: what was said is still to be read. */
	if (reply->kind == REPLY_REFRESH) {
		(void)reply_general(guide, reply);
		return;
	}
	TALLOC_FREE(guide->message);
	if ((guide->hooks && guide->hooks->reply(guide, &input)) || reply_general(guide, reply))
		return;
	if (leaves(guide->page, reply) ||
		(input.question == QUESTION_LEAVE && input.answer == WORD_LEAVE))
		leave(guide, 0);
	else if (input.action == WORD_BACK)
		guide_back(guide);
	else if (input.action == WORD_CONTINUE && page->next != 0)
		guide_go(guide, page->next);
	else if (input.question != QUESTION_LEAVE && page->reply)
		page->reply(guide, &input);
	if (guide->at == PAGE_OLDFOLDER && page == &page_mail)
		unseen_tell(guide);
}

int guide_new(TALLOC_CTX *mem, const struct options *options, const char *resume,
	struct guide **out, struct error *err)
{
	struct guide *guide = talloc_zero(mem, struct guide);

	*out = guide;
	if (!guide)
		return error_memory(err);
	guide->own = *options;
	guide->reaching = (struct reaching){ .waiting = guide_waiting,
		.waiting_arg = guide,
		.image = &guide->image };
	guide->own.reaching = &guide->reaching;
	guide->given = &guide->own;
	guide->options = guide->own;
	if (options->operator_name)
		guide->operator_name = talloc_strdup(guide, options->operator_name);
	guide->resume_wanted = resume;
	if (!options->train || coach_new(guide) == 0)
		return 0;
	*err = guide->error;
	return -(int)err->trouble;
}

/* A server named on the command line is reached before the first page; the page says what went
 * wrong if it cannot be. */
static void first_survey(struct guide *guide)
{
	if (guide->hooks)
		guide->hooks->open(guide);
	else if (reach_named(guide->given))
		guide_reach(guide, _("Looking at the server. Nothing is changed."), job_reach);
	else if (guide->resume_wanted)
		guide_reach(guide, _("Looking for the run. Nothing is changed."), job_run_find);
	guide_undo_first(guide);
}

static int page_walk(struct guide *guide, bool first)
{
	struct reply reply = { 0 };
	int ret = 0;

	guide->page = page_now(guide);
	if (!guide->page)
		return -TROUBLE_MEMORY;
	if (first)
		first_survey(guide);
	else
		ret = guide->ops->page(guide->ui, guide->page, &reply);
	if (!first && ret == 0)
		reply_take(guide, &reply);
	TALLOC_FREE(guide->page);
	return ret;
}

const char *guide_left(const struct guide *guide)
{
	return guide->parting ? guide->parting : "";
}

int guide_run(struct guide *guide, const struct ui_ops *ops, void *ui)
{
	int ret;

	guide->ops = ops;
	guide->ui = ui;
	ret = page_walk(guide, true);
	while (ret == 0 && !guide->over)
		ret = page_walk(guide, false);
	/* A run that is left with something to do says so on record: nobody takes it for a crash
	 * then. */
	if (guide->engine && !guide->finished)
		(void)engine_leave(guide->engine, NULL);
	guide->parting = guide_parting(guide);
	return ret != 0 ? trouble_exit((enum trouble) - ret) : guide->exit_code;
}

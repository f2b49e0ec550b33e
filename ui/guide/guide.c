/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The walk: one page after the other, and what is the same on all of them. */
#include "ui/guide/guide.h"

#include <string.h>
#include <time.h>

#include "base/i18n.h"
#include "base/text.h"
#include "ui/guide/decide.h"

/* The walk. What "Continue" leads to is a page's own business where nothing stands here. */
static const struct place {
	const struct guide_page *page;
	int step;                    /* 1 to 6, 0 outside the steps */
	enum page_id next;
} places[] = {
	[PAGE_REACH] = { &page_reach, 0, 0 },
	[PAGE_UNFINISHED] = { &page_unfinished, 0, 0 },
	[PAGE_DIAGNOSIS] = { &page_diagnosis, 0, 0 },
	[PAGE_PCMTA] = { &page_pcmta, 0, PAGE_READY },
	[PAGE_READY] = { &page_ready, 0, PAGE_BACKUP },
	[PAGE_BACKUP] = { &page_backup, 1, PAGE_COPY },
	[PAGE_COPY] = { &page_copy, 2, PAGE_REGISTRY },
	[PAGE_REGISTRY] = { &page_registry, 3, PAGE_SHARE },
	[PAGE_SHARE] = { &page_share, 4, PAGE_CARRY },
	[PAGE_CARRY] = { &page_carry, 0, 0 },
	[PAGE_PAUSE] = { &page_pause, 0, 0 },
	[PAGE_MAIL] = { &page_mail, 5, 0 },
	[PAGE_OLDFOLDER] = { &page_oldfolder, 6, 0 },
	[PAGE_REPORT] = { &page_report, 0, 0 },
	[PAGE_UNDO] = { &page_undo, 0, 0 },
	[PAGE_TRAIN] = { &page_train, 0, 0 },
	[PAGE_LESSON] = { &page_lesson, 0, 0 },
	[PAGE_ASK] = { &page_ask, 0, 0 },
	[PAGE_DEBRIEF] = { &page_debrief, 0, 0 },
	[PAGE_EXAM] = { &page_exam, 0, 0 },
};

/* The title line: which server, and in what state of affairs. */
static void page_title(struct guide *guide, struct page *page)
{
	bool simulated = guide->server != NULL && (guide->server->caps & SERVER_SIMULATED) != 0;
	bool down = guide->engine != NULL && engine_services_down(guide->engine);
	const char *state = down ? _("SERVICES DOWN") : guide->finished ? _("END") : guide->engine != NULL ? _("REPAIR")
			    : guide->at == PAGE_UNFINISHED ? _("RESUME") : _("LOOKING ONLY");
	time_t now = time(NULL);
	struct tm tm;
	char clock[16] = "";

	if (guide->server != NULL)
		page->server = page_text(page, "%s (%s)", text_shown(page, guide->server->id.name), guide->server->reach);
	page->run = guide->engine != NULL ? engine_run_name(guide->engine) : NULL;
	if (guide->engine != NULL && gmtime_r(&now, &tm) != NULL)
		strftime(clock, sizeof clock, " %H:%MZ", &tm);
	page->badge = page_text(page, "%s%s%s", simulated ? _("PRACTICE  ") : "", state, clock);
	if (guide->hooks != NULL)
		guide->hooks->title(guide, page);
}

/* Where the repair stands, for the step list. */
static enum mark step_mark(const struct guide *guide, int step)
{
	if (places[guide->at].step == step)
		return MARK_NOW;
	if (step == 1)
		return guide->backed_up ? MARK_DONE : MARK_OPEN;
	if (step <= 4)
		return !guide->carried_out ? MARK_OPEN : decide_open(guide, step) > 0 ? MARK_WEAK : MARK_DONE;
	if (step == 5)
		return guide->evidence == NULL ? MARK_OPEN
		       : evidence_weakest(guide->evidence) >= MAIL_VERIFIED ? MARK_DONE
		       : evidence_weakest(guide->evidence) >= MAIL_ATTESTED ? MARK_WEAK
									    : MARK_OPEN;
	return guide->finished ? MARK_DONE : guide->carried_out ? MARK_OPEN : MARK_LOCK;
}

static void page_steps(struct guide *guide, struct page *page)
{
	static const int numbers[] = { 1, 2, 3, 4, 0, 5, 6 };
	size_t count = sizeof numbers / sizeof *numbers;
	struct step_line *steps = talloc_zero_array(page, struct step_line, (unsigned)count);

	if (steps == NULL || (places[guide->at].step == 0 && guide->at != PAGE_CARRY))
		return;
	for (size_t i = 0; i < count; i++) {
		steps[i].number = numbers[i];
		steps[i].title = numbers[i] == 0 ? _("Carry out 2-4") : _(article_step(numbers[i])->title);
		steps[i].mark = numbers[i] != 0 ? step_mark(guide, numbers[i])
				: guide->at == PAGE_CARRY ? MARK_NOW
				: guide->carried_out       ? MARK_DONE
							   : MARK_OPEN;
	}
	page->steps = steps;
	page->step_count = count;
}

/* With a run begun, leaving is asked about once. */
static struct question *leave_question(const struct guide *guide, struct page *page)
{
	struct question *question = page_question(page, QUESTION_LEAVE, NULL, ASK_CHOICE, _("Leave the program?"));

	question->text = page_text(page, guide_passing(guide)
						 ? _("The practice server goes with the program. Run %s stays on record, to be read: msmcfix report.\n")
						 : _("Run %s stays on record and can be gone on with: msmcfix resume. What is not decided stays as it is.\n"),
				   page->run != NULL ? page->run : "");
	question_answer(page, question, WORD_STAY, _("Stay"), 'n', true);
	question_answer(page, question, WORD_LEAVE, _("Leave"), 'y', false);
	return question;
}

/* Once a run has begun, what it stands on is not looked at afresh. */
static bool can_look_again(const struct guide *guide)
{
	return guide->server != NULL && guide->engine == NULL;
}

struct page *guide_page(TALLOC_CTX *mem, struct guide *guide)
{
	struct page *page = talloc_zero(mem, struct page);
	bool focused = false;

	if (page == NULL)
		return NULL;
	page->id = page_name(guide->at);
	page->step = places[guide->at].step;
	page->server = _("no server yet");
	page->cursor = guide->cursor;
	page->again = can_look_again(guide);
	page_title(guide, page);
	page_steps(guide, page);
	if (guide->message != NULL) {
		page->message = talloc_strdup(page, guide->message);
		page->message_bad = guide->message_bad;
	}
	places[guide->at].page->make(guide, page);
	if (page->help == NULL)
		page->help = page->why;
	if (guide->hooks != NULL)
		guide->hooks->page(guide, page);
	if (guide_asks(guide, QUESTION_LEAVE))
		page->question = guide->hooks != NULL ? guide->hooks->leave(guide, page) : leave_question(guide, page);
	for (size_t i = 0; i < page->action_count; i++)
		focused = focused || page->actions[i].focused;
	if (!focused && page->action_count > 0)
		((struct action *)page->actions)[0].focused = true;
	return page;
}

/* Leaving never decides anything. What had been begun stays on record and can be gone on with. */
static void leave(struct guide *guide, int by_signal)
{
	guide->over = true;
	if (by_signal != 0)
		guide->exit_code = 128 + by_signal;
	else if (guide->hooks != NULL)
		guide->exit_code = guide->hooks->exit_code(guide);
	else if (guide->finished)
		guide->exit_code = guide->finish_code;
	else if (guide->engine != NULL || (guide->at == PAGE_UNFINISHED && guide->stage != RUN_UNDONE && guide->stage != RUN_UNBEGUN))
		guide->exit_code = 3;
	else if (guide->survey != NULL)
		guide->exit_code = guide->survey->open > 0 ? 2 : 0;
}

static int back(struct guide *guide)
{
	if (guide->back_count == 0) {
		guide_say(guide, _("There is no page before this one."));
		return 0;
	}
	guide->at = guide->back[--guide->back_count];
	guide->cursor = 0;
	return 0;
}

static int journal_show(struct guide *guide)
{
	uint8_t *bytes = NULL;
	char *text;
	size_t len = 0;
	int ret;

	if (guide->engine == NULL) {
		guide_say(guide, _("There is no journal yet: nothing has been changed."));
		return 0;
	}
	if (runfolder_read(engine_runfolder(guide->engine), guide, "journal.jsonl", 16 << 20, &bytes, &len, &guide->error) != 0)
		return guide_trouble(guide);
	text = talloc_strndup(bytes, (const char *)bytes, len);
	ret = guide_read(guide, _("Journal of this run"), text);
	talloc_free(bytes);
	return ret;
}

static int step_show(struct guide *guide, int step)
{
	static const enum page_id steps[] = { 0, PAGE_BACKUP, PAGE_COPY, PAGE_REGISTRY, PAGE_SHARE,
							  PAGE_MAIL, PAGE_OLDFOLDER };

	if (guide->survey == NULL || (step != 1 && guide->engine == NULL) || (step >= 5 && !guide->carried_out)) {
		guide_say(guide, _("Step %d cannot be looked at yet."), step);
		return 0;
	}
	if (guide->at != steps[step])
		guide_go(guide, steps[step]);
	return 0;
}

static int undo_show(struct guide *guide)
{
	if (guide->engine == NULL || !guide->carried_out) {
		guide_say(guide, _("Nothing has been changed on the server yet; there is nothing to put back."));
		return 0;
	}
	if (guide_work(guide, _("Looking what could be put back"), job_undo_look) != 0)
		return guide_trouble(guide);
	if (guide->at != PAGE_UNDO)
		guide_go(guide, PAGE_UNDO);
	return 0;
}

static void left(struct guide *guide, const struct reply *reply)
{
	bool open = guide->hooks != NULL ? guide_in_lesson(guide) : guide->engine != NULL && !guide->finished;

	if (open && !reply->final)
		guide_ask(guide, QUESTION_LEAVE, NULL);
	else
		leave(guide, reply->signal);
}

static bool leaves(const struct page *page, const struct reply *reply)
{
	for (size_t i = 0; reply->kind == REPLY_ACTION && i < page->action_count; i++)
		if (page->actions[i].kind == ACTION_LEAVE && strcmp(page->actions[i].id, reply->id) == 0)
			return true;
	return false;
}

static struct input input_of(const struct reply *reply)
{
	const char *colon = reply->kind == REPLY_ANSWER ? strchr(reply->id, ':') : NULL;

	return (struct input){
		.action = reply->kind == REPLY_ACTION ? word_of(reply->id) : NO_WORD,
		.question = reply->kind == REPLY_ANSWER ? question_of(reply->id) : NO_QUESTION,
		.row = colon != NULL ? colon + 1 : NULL,
		.answer = word_of(reply->answer),
		.text = reply->text != NULL && *reply->text != '\0' ? reply->text : NULL,
		.fields = reply->fields,
		.cursor = reply->cursor,
	};
}

static int guide_reply(struct guide *guide, const struct page *page, const struct reply *reply, const struct ui_ops *ops,
		void *ui)
{
	struct input input = input_of(reply);
	int ret;

	guide->ops = ops;
	guide->ui = ui;
	guide->page = page;
	guide->cursor = reply->cursor < page->row_count ? reply->cursor : 0;
	talloc_free(guide->message);
	guide->message = NULL;
	guide->asking = NO_QUESTION;
	if (guide->hooks != NULL && guide->hooks->reply(guide, &input, &ret))
		return ret;
	switch (reply->kind) {
	case REPLY_LEAVE:
		left(guide, reply);
		return 0;
	case REPLY_BACK:
		return back(guide);
	case REPLY_AGAIN:
		return can_look_again(guide) && guide_work(guide, _("Looking again"), job_look) != 0 ? guide_trouble(guide) : 0;
	case REPLY_JOURNAL:
		return journal_show(guide);
	case REPLY_STEP:
		return step_show(guide, reply->step);
	case REPLY_UNDO:
		return undo_show(guide);
	case REPLY_ACTION:
	case REPLY_ANSWER:
		break;
	}
	if (leaves(page, reply) || (input.question == QUESTION_LEAVE && input.answer == WORD_LEAVE))
		leave(guide, 0);
	if (guide->over || input.question == QUESTION_LEAVE)
		return 0;
	if (input.action == WORD_BACK)
		return back(guide);
	if (input.action == WORD_CONTINUE && places[guide->at].next != 0) {
		guide_go(guide, places[guide->at].next);
		return 0;
	}
	return places[guide->at].page->reply != NULL ? places[guide->at].page->reply(guide, &input) : 0;
}

int guide_new(TALLOC_CTX *mem, const struct options *options, const char *resume, struct guide **out, struct error *err)
{
	struct guide *guide = talloc_zero(mem, struct guide);

	*out = guide;
	if (guide == NULL)
		return error_memory(err);
	guide->given = options;
	guide->options = *options;
	guide->at = PAGE_REACH;
	guide->exit_code = 0;
	if (options->operator_name != NULL)
		guide->operator_name = talloc_strdup(guide, options->operator_name);
	guide->resume_wanted = resume;
	if (!options->train || coach_new(guide) == 0)
		return 0;
	*err = guide->error;
	return -(int)err->trouble;
}

/* A server named on the command line is reached before the first page; the page says what went wrong if it cannot be. */
static void first_look(struct guide *guide, const struct ui_ops *ops, void *ui)
{
	struct page *page;

	if (guide->given->disks == NULL && !guide->given->practice && guide->hooks == NULL)
		return;
	page = guide_page(guide, guide);
	guide->ops = ops;
	guide->ui = ui;
	guide->page = page;
	if (guide->hooks != NULL)
		guide->hooks->open(guide);
	else if (guide_work(guide, _("Looking at the server. Nothing is changed."), job_reach) != 0)
		guide_trouble(guide);
	talloc_free(page);
	guide->page = NULL;
}

/* A run that is left with something to do says so on record: nobody takes it for a crash then. */
static void leave_record(struct guide *guide)
{
	if (guide->engine != NULL && !guide->finished)
		(void)engine_leave(guide->engine, NULL);
}

static int walk_on(struct guide *guide, const struct ui_ops *ops, void *ui)
{
	while (!guide->over) {
		struct page *page = guide_page(guide, guide);
		struct reply reply = { 0 };
		int ret = page != NULL ? ops->page(ui, page, &reply) : -TROUBLE_MEMORY;

		if (ret == 0)
			ret = guide_reply(guide, page, &reply, ops, ui);
		talloc_free(page);
		if (ret != 0)
			return trouble_exit((enum trouble)-ret);
	}
	return guide->exit_code;
}

int guide_run(struct guide *guide, const struct ui_ops *ops, void *ui)
{
	int code;

	if (ops->page == NULL || ops->work == NULL || ops->read == NULL)
		return trouble_exit(TROUBLE_BUG);
	first_look(guide, ops, ui);
	code = walk_on(guide, ops, ui);
	leave_record(guide);
	return code;
}

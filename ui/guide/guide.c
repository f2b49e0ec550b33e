/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The walk: one page after the other, and what is the same on all of them. */
#include "ui/guide/guide.h"

#include <stdarg.h>
#include <string.h>
#include <time.h>

#include "base/i18n.h"
#include "base/text.h"
#include "run/rehearse.h"
#include "ui/guide/decide.h"
#include "ui/guide/train.h"

void guide_go(struct guide *guide, const struct guide_page *page)
{
	if (guide->back_count == GUIDE_BACK)
		memmove(guide->back, guide->back + 1, sizeof *guide->back * --guide->back_count);
	guide->back[guide->back_count++] = guide->at;
	guide->at = page;
	guide->cursor = 0;
}

void guide_jump(struct guide *guide, const struct guide_page *page)
{
	guide->back_count = 0;
	guide->at = page;
	guide->cursor = 0;
}

void guide_say(struct guide *guide, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	talloc_free(guide->message);
	guide->message = talloc_vasprintf(guide, format, args);
	guide->message_bad = false;
	va_end(args);
}

int guide_trouble(struct guide *guide)
{
	enum trouble trouble = guide->error.trouble;
	/* What a command line or a plan's file would need helps nobody here. */
	const char *advice = trouble == TROUBLE_USAGE || trouble == TROUBLE_PLAN_FOREIGN ? "" : error_advice(&guide->error);

	guide_say(guide, "%s%s%s", guide->error.text, *advice != '\0' ? " " : "", advice);
	guide->message_bad = true;
	guide->exit_code = trouble_exit(guide->error.trouble);
	return 0;
}

struct survey_options guide_survey_options(struct guide *guide)
{
	return (struct survey_options){
		.relocated = guide->relocated,
		.pcmta_add = guide->pcmta_add,
		.pcmta_strike = guide->pcmta_strike,
		.letters_confirmed = guide->letters_confirmed,
		.live = guide->live,
		.rehearse = survey_rehearse,
		.rehearse_arg = (void *)(uintptr_t)guide->options->runs,
	};
}

bool reply_action(const struct reply *reply, const char *id)
{
	return reply->kind == REPLY_ACTION && strcmp(reply->id, id) == 0;
}

bool reply_question(const struct reply *reply, const char *id)
{
	size_t len = strlen(id);

	return reply->kind == REPLY_ANSWER && strncmp(reply->id, id, len) == 0 &&
	       (reply->id[len] == '\0' || reply->id[len] == ':');
}

bool reply_answer(const struct reply *reply, const char *answer)
{
	return reply->answer != NULL && strcmp(reply->answer, answer) == 0;
}

const char *reply_row(const struct reply *reply)
{
	const char *colon = reply->id != NULL ? strchr(reply->id, ':') : NULL;

	return colon != NULL ? colon + 1 : NULL;
}

void guide_ask(struct guide *guide, const char *question, const char *row)
{
	talloc_free(guide->asking);
	talloc_free(guide->asked_for);
	guide->asking = talloc_strdup(guide, question);
	guide->asked_for = row != NULL ? talloc_strdup(guide, row) : NULL;
}

bool guide_asks(const struct guide *guide, const char *question)
{
	return guide->asking != NULL && strcmp(guide->asking, question) == 0;
}

/* The title line: which server, and in what state of affairs. */
static void page_title(struct guide *guide, struct page *page)
{
	bool simulated = guide->server != NULL && (guide->server->caps & SERVER_SIMULATED) != 0;
	bool down = guide->engine != NULL && engine_services_down(guide->engine);
	const char *state = down ? _("SERVICES DOWN") : guide->finished ? _("END") : guide->engine != NULL ? _("REPAIR")
			    : guide->at == &page_unfinished ? _("RESUME") : _("LOOKING ONLY");
	time_t now = time(NULL);
	struct tm tm;
	char clock[16] = "";

	if (guide->server != NULL)
		page->server = page_text(page, "%s (%s)", text_shown(page, guide->server->id.name), guide->server->reach);
	page->run = guide->engine != NULL ? engine_run_name(guide->engine) : NULL;
	if (guide->engine != NULL && gmtime_r(&now, &tm) != NULL)
		strftime(clock, sizeof clock, " %H:%MZ", &tm);
	page->badge = page_text(page, "%s%s%s", simulated ? _("PRACTICE  ") : "", state, clock);
	if (guide->training != NULL && !coach_on(guide))
		page->badge = _("TRAINING");
	if (!coach_on(guide))
		return;
	/* That it is practice stands in the badge, beside more than there is room for twice. */
	if (guide->server != NULL)
		page->server = text_shown(page, guide->server->id.name);
	page->badge = coach_badge(guide, page, down);
}

/* Where the repair stands, for the step list. */
static enum mark step_mark(const struct guide *guide, int step)
{
	if (guide->at->step == step)
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

	if (steps == NULL || (guide->at->step == 0 && guide->at != &page_carry))
		return;
	for (size_t i = 0; i < count; i++) {
		steps[i].number = numbers[i];
		steps[i].title = numbers[i] == 0 ? _("Carry out 2-4") : _(article_step(numbers[i])->title);
		steps[i].mark = numbers[i] != 0 ? step_mark(guide, numbers[i])
				: guide->at == &page_carry ? MARK_NOW
				: guide->carried_out       ? MARK_DONE
							   : MARK_OPEN;
	}
	page->steps = steps;
	page->step_count = count;
}

/* With a run begun, leaving is asked about once. */
static struct question *leave_question(const struct guide *guide, struct page *page)
{
	struct question *question = page_question(page, "leave", NULL, ASK_CHOICE, _("Leave the program?"));

	if (question == NULL)
		return NULL;
	question->text = page_text(page, guide_passing(guide)
						 ? _("The practice server goes with the program. Run %s stays on record, to be read: msmcfix report.\n")
						 : _("Run %s stays on record and can be gone on with: msmcfix resume. What is not decided stays as it is.\n"),
				   page->run != NULL ? page->run : "");
	question_answer(page, question, "stay", _("Stay"), 'n', true);
	question_answer(page, question, "leave", _("Leave"), 'y', false);
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
	page->id = guide->at->id;
	page->step = guide->at->step;
	page->server = _("no server yet");
	page->cursor = guide->cursor;
	page->again = can_look_again(guide);
	page_title(guide, page);
	page_steps(guide, page);
	if (guide->message != NULL) {
		page->message = talloc_strdup(page, guide->message);
		page->message_bad = guide->message_bad;
	}
	if (guide->at->make(guide, page) != 0)
		return NULL;
	coach_page(guide, page);
	if (guide_asks(guide, "leave"))
		page->question = leave_question(guide, page);
	if (guide_asks(guide, "lesson.leave"))
		page->question = coach_leave(guide, page);
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
	else if (guide->training != NULL)
		guide->exit_code = train_exit(guide);
	else if (guide->finished)
		guide->exit_code = guide->finish_code;
	else if (guide->engine != NULL)
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

static int journal_show(struct guide *guide, const struct page *page, const struct ui_ops *ops, void *ui)
{
	struct page_text text = { .title = _("Journal of this run") };
	uint8_t *bytes = NULL;
	size_t len = 0;
	int ret;

	if (guide->engine == NULL) {
		guide_say(guide, _("There is no journal yet: nothing has been changed."));
		return 0;
	}
	if (runfolder_read(engine_runfolder(guide->engine), guide, "journal.jsonl", 16 << 20, &bytes, &len,
			   &guide->error) != 0)
		return guide_trouble(guide);
	text.text = talloc_strndup(guide, (const char *)bytes, len);
	ret = ops->read(ui, page, &text);
	talloc_free((void *)text.text);
	talloc_free(bytes);
	return ret;
}

static int step_show(struct guide *guide, int step)
{
	static const struct guide_page *const pages[] = { NULL, &page_backup, &page_copy, &page_registry, &page_share,
							  &page_mail, &page_oldfolder };

	if (guide->survey == NULL || (step != 1 && guide->engine == NULL) || (step >= 5 && !guide->carried_out)) {
		guide_say(guide, _("Step %d cannot be looked at yet."), step);
		return 0;
	}
	if (guide->at != pages[step])
		guide_go(guide, pages[step]);
	return 0;
}

static int undo_show(struct guide *guide)
{
	if (guide->engine == NULL || !guide->carried_out) {
		guide_say(guide, _("Nothing has been changed on the server yet; there is nothing to put back."));
		return 0;
	}
	guide->page = NULL;
	if (guide_work(guide, _("Looking what could be put back"), job_undo_look) != 0)
		return guide_trouble(guide);
	if (guide->at != &page_undo)
		guide_go(guide, &page_undo);
	return 0;
}

static void left(struct guide *guide, const struct reply *reply)
{
	if (!reply->final && coach_on(guide))
		guide_ask(guide, "lesson.leave", NULL);
	else if (!reply->final && guide->training == NULL && guide->engine != NULL && !guide->finished)
		guide_ask(guide, "leave", NULL);
	else
		leave(guide, reply->signal);
}

static int guide_reply(struct guide *guide, const struct page *page, const struct reply *reply, const struct ui_ops *ops,
		       void *ui)
{
	int ret;

	guide->ops = ops;
	guide->ui = ui;
	guide->page = page;
	guide->cursor = reply->cursor < page->row_count ? reply->cursor : 0;
	talloc_free(guide->message);
	guide->message = NULL;
	if (guide->training != NULL)
		TALLOC_FREE(guide->training->said);
	talloc_free(guide->asking);
	guide->asking = NULL;
	switch (reply->kind) {
	case REPLY_LEAVE:
		left(guide, reply);
		return 0;
	case REPLY_BACK:
		return back(guide);
	case REPLY_AGAIN:
		return can_look_again(guide) && guide_work(guide, _("Looking again"), job_look) != 0 ? guide_trouble(guide) : 0;
	case REPLY_JOURNAL:
		return journal_show(guide, page, ops, ui);
	case REPLY_STEP:
		return step_show(guide, reply->step);
	case REPLY_UNDO:
		return undo_show(guide);
	case REPLY_ACTION:
	case REPLY_ANSWER:
		break;
	}
	if (reply_question(reply, "leave")) {
		if (reply_answer(reply, "leave"))
			leave(guide, 0);
		return 0;
	}
	if (reply_action(reply, "back"))
		return back(guide);
	return coach_reply(guide, reply, &ret) ? ret : guide->at->reply(guide, reply);
}

void guide_forget(struct guide *guide)
{
	TALLOC_FREE(guide->engine);
	TALLOC_FREE(guide->gates);
	run_forget(guide);
	TALLOC_FREE(guide->server);
	TALLOC_FREE(guide->mail_later);
	TALLOC_FREE(guide->running);
	TALLOC_FREE(guide->stopped);
	TALLOC_FREE(guide->pause_text);
	TALLOC_FREE(guide->undo_text);
	TALLOC_FREE(guide->report);
	guide->survey = NULL;
	guide->plan = NULL;
	guide->evidence = NULL;
	guide->backed_up = guide->carried_out = guide->finished = guide->deletion_cut = false;
	guide->unfinished = 0;
	guide->finish_code = 0;
	guide->reach_failed = 0;
	guide->reach = REACH_AS_TOLD;
}

int guide_new(TALLOC_CTX *mem, const struct options *options, const char *resume, struct guide **out, struct error *err)
{
	struct guide *guide = talloc_zero(mem, struct guide);

	*out = guide;
	if (guide == NULL)
		return error_memory(err);
	guide->options = options;
	guide->relocated = options->relocated;
	guide->pcmta_add = options->pcmta_add;
	guide->pcmta_strike = options->pcmta_strike;
	guide->letters_confirmed = options->letters_confirmed;
	guide->live = options->live;
	guide->at = &page_reach;
	guide->exit_code = 0;
	if (options->operator_name != NULL)
		guide->operator_name = talloc_strdup(guide, options->operator_name);
	guide->resume_wanted = resume;
	if (options->train && train_new(guide) != 0)
		return error_memory(err);
	return 0;
}

/* A server named on the command line is reached before the first page; the page says what went wrong if it cannot be. */
static void first_look(struct guide *guide, const struct ui_ops *ops, void *ui)
{
	struct page *page;

	if (guide->options->disks == NULL && !guide->options->practice && guide->training == NULL)
		return;
	page = guide_page(guide, guide);
	guide->ops = ops;
	guide->ui = ui;
	guide->page = page;
	if (guide->training != NULL)
		train_open(guide);
	else if (guide_work(guide, _("Looking at the server. Nothing is changed."), job_reach) != 0)
		guide_trouble(guide);
	talloc_free(page);
	guide->page = NULL;
}

int guide_after_carry(struct guide *guide)
{
	bool running = (guide->server->caps & SERVER_SERVICES) != 0;
	const char *note = engine_services_note(guide->engine);

	coach_forget_told(guide);
	if (note != NULL) {
		guide_say(guide, "%s", note);
		guide->message_bad = true;
	}
	if (!running && guide_work(guide, _("Writing down what is to be done at the server"), job_pause) != 0)
		return guide_trouble(guide);
	if (running && guide_work(guide, _("Looking at the services"), job_services) != 0)
		return guide_trouble(guide);
	guide_go(guide, running ? &page_mail : &page_pause);
	return 0;
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

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The long calls of the core, with the screen alive: what they tell becomes the state that the front end draws. */
#include <stdint.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "ui/guide/guide_private.h"
#include "ui/reach.h"

static int told(struct guide *guide)
{
	return guide->tell != NULL ? guide->tell(guide->tell_ui, &guide->state) : 0;
}

static int copy_told(void *arg, const char *name, uint64_t done, uint64_t total)
{
	struct guide *guide = arg;
	char *shown = text_shown(guide, name);
	int stop;

	guide->state.now = shown != NULL ? shown : "";
	guide->state.bytes = done;
	guide->state.bytes_total = total;
	guide->state.may_stop = true;
	stop = told(guide);
	guide->state.now = "";
	talloc_free(shown);
	return stop;
}

/* An act begins or ends: its part of the list is the one in hand, those before it are done. */
static int act_told(void *arg, int step, const char *sentence)
{
	struct guide *guide = arg;

	for (size_t i = 0; i < guide->state.part_count; i++)
		guide->parts[i].mark = guide->parts[i].number < step    ? MARK_DONE
				       : guide->parts[i].number == step ? MARK_NOW
									: MARK_OPEN;
	guide->state.what = sentence;
	guide->state.bytes = guide->state.bytes_total = 0;
	return told(guide);
}

static int survey_told(void *arg, const char *what)
{
	struct guide *guide = arg;

	guide->state.what = what;
	guide->state.may_stop = true;
	return told(guide);
}

struct work {
	struct guide *guide;
	int (*fn)(struct guide *);
};

static int work_run(void *arg, job_tell *tell, void *ui)
{
	struct work *work = arg;
	int ret;

	work->guide->tell = tell;
	work->guide->tell_ui = ui;
	ret = work->fn(work->guide);
	work->guide->tell = NULL;
	return ret;
}

int guide_work(struct guide *guide, const char *title, int (*fn)(struct guide *))
{
	struct work work = { guide, fn };
	struct job job = { work_run, &work, title };
	struct page *own = NULL;
	int ret;

	guide->error = (struct error){ 0 };
	guide->state = (struct job_state){ .what = title, .now = "" };
	if (guide->page == NULL)
		guide->page = own = guide_page(guide, guide);
	ret = guide->ops->work(guide->ui, guide->page, &job);
	if (own != NULL) {
		talloc_free(own);
		guide->page = NULL;
	}
	return ret;
}

int job_look(struct guide *guide)
{
	struct survey_options options = guide_survey_options(guide);
	const struct survey *survey;
	struct plan *plan;
	int ret;

	options.tell = survey_told;
	options.arg = guide;
	ret = survey_make(guide, guide->server, &options, &survey, &guide->error);
	if (ret == 0)
		ret = plan_make(guide, survey, false, &plan, &guide->error);
	if (ret != 0)
		return ret;
	guide->survey = survey;
	guide->plan = plan;
	return 0;
}

int job_reach(struct guide *guide)
{
	struct options options = *guide->options;
	int ret;

	if (guide->drives != NULL) {
		options.disks = guide->drives;
		options.practice = false;
	} else if (options.disks == NULL) {
		options.practice = true;
	}
	ret = reach_server(guide, &options, &guide->server, &guide->error);
	if (ret != 0)
		return ret;
	ret = job_look(guide);
	if (ret == 0)
		guide_jump(guide, &page_diagnosis);
	return ret;
}

static struct engine_options engine_options_of(struct guide *guide)
{
	return (struct engine_options){
		.runs = guide->options->runs,
		.operator_name = guide->operator_name,
		.decided_how = "asked",
		.progress = { copy_told, guide },
		.tell = act_told,
		.tell_arg = guide,
	};
}

static void parts_set(struct guide *guide, const int *steps, size_t count)
{
	for (size_t i = 0; i < count; i++)
		guide->parts[i] = (struct step_line){ steps[i], _(article_step(steps[i])->title), MARK_OPEN };
	guide->state.parts = guide->parts;
	guide->state.part_count = count;
}

int job_backup(struct guide *guide)
{
	struct engine_options options = engine_options_of(guide);
	int ret = 0;

	if (guide->engine == NULL)
		ret = engine_begin(guide, guide->server, guide->plan, &options, &guide->engine, &guide->error);
	if (ret == 0)
		ret = engine_decide(guide->engine, "backup/Bin", DECISION_CHANGE, NULL, &guide->error);
	if (ret == 0)
		ret = engine_backup(guide->engine, &guide->error);
	if (ret == 0)
		guide->backed_up = true;
	return ret;
}

int job_carry(struct guide *guide)
{
	static const int steps[] = { 2, 3, 4 };
	int ret;

	parts_set(guide, steps, sizeof steps / sizeof *steps);
	ret = engine_carry_out(guide->engine, &guide->error);
	if (ret == 0)
		guide->carried_out = true;
	return ret;
}

int job_finish(struct guide *guide)
{
	struct survey_options options = guide_survey_options(guide);
	int ret;

	options.tell = survey_told;
	options.arg = guide;
	ret = engine_finish(guide->engine, &options, &guide->finish_code, &guide->error);
	if (ret == 0)
		guide->finished = true;
	return ret;
}

int job_gates(struct guide *guide)
{
	struct survey_options options = guide_survey_options(guide);

	TALLOC_FREE(guide->gates);
	return engine_gates(guide->engine, guide, &options, &guide->gates, &guide->error);
}

int job_resume(struct guide *guide)
{
	struct engine_options options = engine_options_of(guide);
	int ret = engine_resume(guide, guide->server, guide->resume, &options, &guide->engine, &guide->error);

	if (ret != 0)
		return ret;
	guide->backed_up = guide->carried_out = true;
	return engine_evidence(guide->engine, &guide->evidence, &guide->error);
}

static int undo(struct guide *guide, bool dry_run)
{
	struct engine_options options = engine_options_of(guide);
	struct undo_options undo = { .dry_run = dry_run };
	const char *name = guide->engine != NULL ? engine_run_name(guide->engine) : guide->resume;
	int ret;

	TALLOC_FREE(guide->undo_text);
	ret = engine_undo(guide, guide->server, name, &options, &undo, &guide->undo_text, &guide->error);
	if (ret == 0 && !dry_run) {
		guide->carried_out = false;
		guide->finished = true;
		guide->finish_code = 0;
	}
	return ret;
}

int job_undo_look(struct guide *guide)
{
	return undo(guide, true);
}

int job_undo(struct guide *guide)
{
	return undo(guide, false);
}

static int oldfolder(struct guide *guide, enum oldfolder_choice choice)
{
	struct survey_options options = guide_survey_options(guide);

	/* The page has asked for the name and for the weakness, and shown both; it comes here only with them. */
	return engine_oldfolder(guide->engine, &options, choice, guide->server->id.name, guide->gates->weak,
				&guide->error);
}

int job_aside(struct guide *guide)
{
	return oldfolder(guide, OLDFOLDER_ASIDE);
}

int job_delete(struct guide *guide)
{
	return oldfolder(guide, OLDFOLDER_DELETE);
}

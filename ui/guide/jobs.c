/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The long calls of the core, with the screen alive: what they tell becomes the state that the front end draws. */
#include <stdint.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "report/report.h"
#include "ui/guide/state.h"
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

/* The page in view no longer only looks; and the outage begins or is over. */
static void badge_told(const struct guide *guide)
{
	struct page *page = (struct page *)(uintptr_t)guide->page;
	bool simulated = guide->server != NULL && (guide->server->caps & SERVER_SIMULATED) != 0;

	page->badge = page_text(page, "%s%s", simulated ? _("PRACTICE  ") : "",
				engine_services_down(guide->engine) ? _("SERVICES DOWN") : _("REPAIR"));
}

/* An act begins or ends: its part of the list is the one in hand, those before it are done. */
static int act_told(void *arg, int step, const char *sentence)
{
	struct guide *guide = arg;

	for (size_t i = 0; step > 0 && i < guide->state.part_count; i++)
		guide->parts[i].mark = guide->parts[i].number < step    ? MARK_DONE
				       : guide->parts[i].number == step ? MARK_NOW
									: MARK_OPEN;
	if (step == 0 && guide->page != NULL && guide->engine != NULL)
		badge_told(guide);
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

	guide->error = (struct error){ 0 };
	guide->state = (struct job_state){ .what = title, .now = "" };
	return guide->ops->work(guide->ui, guide->page, &job);
}

int job_look(struct guide *guide)
{
	struct survey_options options = guide_survey_options(guide);
	const struct survey *survey;
	struct plan *plan;
	int ret;

	options.tell = survey_told;
	options.arg = guide;
	ret = reach_kept(guide, &guide->options, guide->server, &options, &guide->error);
	if (ret == 0)
		ret = survey_make(guide, guide->server, &options, &survey, &guide->error);
	if (ret == 0)
		ret = plan_make(guide, survey, false, &plan, &guide->error);
	if (ret != 0)
		return ret;
	guide->survey = survey;
	guide->plan = plan;
	return job_services(guide);
}

int job_reach(struct guide *guide)
{
	int ret;

	TALLOC_FREE(guide->server);
	ret = reach_server(guide, &guide->options, &guide->server, &guide->error);
	if (ret == 0)
		ret = job_look(guide);
	if (ret != 0) {
		TALLOC_FREE(guide->server);
		guide->survey = NULL;
		return ret;
	}
	ret = runs_find(guide);
	guide_jump(guide, guide->resume != NULL ? PAGE_UNFINISHED : PAGE_DIAGNOSIS);
	return ret;
}

static struct engine_options engine_options_of(struct guide *guide)
{
	return (struct engine_options){
		.runs = guide->options.runs,
		.operator_name = guide->operator_name,
		.decided_how = "asked",
		.progress = { copy_told, guide },
		.tell = act_told,
		.tell_arg = guide,
	};
}

/* What is carried out has three parts, the steps 2 to 4. */
static void parts_set(struct guide *guide)
{
	for (int i = 0; i < 3; i++)
		guide->parts[i] = (struct step_line){ i + 2, _(article_step(i + 2)->title), MARK_OPEN };
	guide->state.parts = guide->parts;
	guide->state.part_count = 3;
}

bool guide_backs_up(const struct guide *guide)
{
	const struct finding *bin = survey_finding(guide->survey, "backup/Bin");

	return bin != NULL && bin->can_change;
}

int job_backup(struct guide *guide)
{
	struct engine_options options = engine_options_of(guide);
	int ret = 0;

	if (guide->engine == NULL)
		ret = engine_begin(guide, guide->server, guide->plan, &options, &guide->engine, &guide->error);
	if (ret == 0 && guide->page != NULL)
		badge_told(guide);
	if (ret == 0 && guide_backs_up(guide))
		ret = engine_decide(guide->engine, "backup/Bin", DECISION_CHANGE, NULL, &guide->error);
	if (ret == 0)
		ret = engine_backup(guide->engine, &guide->error);
	if (ret == 0)
		guide->backed_up = true;
	return ret;
}

int job_carry(struct guide *guide)
{
	int ret;

	parts_set(guide);
	ret = engine_carry_out(guide->engine, &guide->error);
	if (ret == 0)
		guide->carried_out = true;
	return ret;
}

/* ---- services ---- */

static void name_append(struct guide *guide, char **list, const char *name)
{
	char *shown = text_shown(guide, name);

	*list = talloc_asprintf(guide, "%s%s%s", *list != NULL ? *list : "", *list != NULL ? ", " : "", shown != NULL ? shown : "");
	talloc_free(shown);
}

static void service_told(struct guide *guide, const struct service_list *list, const char *name)
{
	for (size_t i = 0; i < list->count; i++) {
		bool down = list->services[i].state == SERVICE_STOPPED || list->services[i].state == SERVICE_STOPPING;

		if (text_equal(list->services[i].name, name))
			name_append(guide, down ? &guide->stopped : &guide->running, list->services[i].name);
	}
}

int job_services(struct guide *guide)
{
	struct service_list list = { NULL, 0 };
	TALLOC_CTX *tmp;
	int ret;

	TALLOC_FREE(guide->running);
	TALLOC_FREE(guide->stopped);
	if (!(guide->server->caps & SERVER_SERVICES))
		return 0;
	tmp = talloc_new(guide);
	ret = guide->server->ops->service_list(guide->server, tmp, &list, &guide->error);
	if (ret == 0)
		service_told(guide, &list, "MSExchangeMSMI");
	for (size_t i = 0; ret == 0 && i < guide->survey->pcmta_count; i++)
		service_told(guide, &list, guide->survey->pcmtas[i].name);
	talloc_free(tmp);
	return ret;
}

int job_start_services(struct guide *guide)
{
	int ret = engine_services_start(guide->engine, &guide->error);
	struct error why = guide->error;

	/* What runs now is looked at in any case. */
	if (job_services(guide) != 0 && ret == 0)
		return -(int)guide->error.trouble;
	guide->error = why;
	return ret;
}

int job_pause(struct guide *guide)
{
	int ret = engine_evidence(guide->engine, &guide->evidence, &guide->error);

	TALLOC_FREE(guide->pause_text);
	return ret != 0 ? ret : engine_pause(guide->engine, guide, &guide->pause_text, &guide->error);
}

int guide_after_carry(struct guide *guide)
{
	bool running = (guide->server->caps & SERVER_SERVICES) != 0;
	const char *note = engine_told(guide->engine)->services_note;

	guide_changed(guide);
	if (note != NULL) {
		guide_say(guide, "%s", note);
		guide->message_bad = true;
	}
	if (!running && guide_work(guide, _("Writing down what is to be done at the server"), job_pause) != 0)
		return guide_trouble(guide);
	if (running && guide_work(guide, _("Looking at the services"), job_services) != 0)
		return guide_trouble(guide);
	guide_go(guide, running ? PAGE_MAIL : PAGE_PAUSE);
	return 0;
}

/* ---- the end ---- */

int job_finish(struct guide *guide)
{
	struct survey_options options = guide_survey_options(guide);
	int ret;

	options.tell = survey_told;
	options.arg = guide;
	ret = engine_finish(guide->engine, &options, &guide->finish_code, &guide->error);
	if (ret != 0)
		return ret;
	guide->finished = true;
	TALLOC_FREE(guide->report);
	return report_read(guide, engine_runfolder(guide->engine), NULL, &guide->report, &guide->error);
}

int job_gates(struct guide *guide)
{
	struct survey_options options = guide_survey_options(guide);
	struct report *report = NULL;
	int ret;

	TALLOC_FREE(guide->gates);
	ret = engine_gates(guide->engine, guide, &options, &guide->gates, &guide->error);
	/* It may have found a PC MTA that is new. */
	if (ret == 0)
		ret = engine_evidence(guide->engine, &guide->evidence, &guide->error);
	if (ret == 0)
		ret = report_read(guide, engine_runfolder(guide->engine), NULL, &report, &guide->error);
	guide->deletion_cut = report != NULL && report->old_folder->end == OLDFOLDER_CUT;
	talloc_free(report);
	return ret;
}

/* ---- an earlier run ---- */

/* Where there is something left to decide, the plan is the engine's; else pages 2 to 4 show the server as it is now. */
static int resumed(struct guide *guide)
{
	struct survey_options options;

	guide->backed_up = guide->stage == RUN_AFTER || (guide->look != NULL && guide->look->backup_verified);
	guide->carried_out = guide->stage == RUN_AFTER;
	if (guide->stage == RUN_DECIDING) {
		guide->plan = engine_plan(guide->engine);
		guide->survey = guide->plan->survey;
		return 0;
	}
	if (guide->stage != RUN_AFTER)
		TALLOC_FREE(guide->engine);
	/* A look has no part in carrying out. */
	guide->state.part_count = 0;
	if (job_look(guide) != 0)
		return -(int)guide->error.trouble;
	options = guide_survey_options(guide);
	return guide->engine != NULL ? engine_evidence_now(guide->engine, &options, &guide->evidence, &guide->error) : 0;
}

int job_resume(struct guide *guide)
{
	struct engine_options options = engine_options_of(guide);
	struct survey_options look = guide_survey_options(guide);
	int ret;

	parts_set(guide);
	ret = engine_resume(guide, guide->server, guide->resume, &options, &look, &guide->engine, &guide->stage, &guide->error);
	if (ret == 0 && engine_told(guide->engine)->idle != NULL) {
		ret = error_set(&guide->error, TROUBLE_CANNOT, "%s", engine_told(guide->engine)->idle);
		TALLOC_FREE(guide->engine);
	}
	return ret != 0 ? ret : resumed(guide);
}

/* The record has one owner at a time: the engine lets go of it before it is opened for putting back. */
static void engine_close(struct guide *guide)
{
	if (guide->engine == NULL)
		return;
	talloc_free(guide->resume);
	guide->resume = talloc_strdup(guide, engine_run_name(guide->engine));
	TALLOC_FREE(guide->engine);
	guide->evidence = NULL;
	guide->backed_up = guide->carried_out = guide->finished = false;
}

static int undo(struct guide *guide, bool dry_run)
{
	struct engine_options options = engine_options_of(guide);
	struct undo_options undo = { .dry_run = dry_run };
	char *name = talloc_strdup(guide, guide->engine != NULL ? engine_run_name(guide->engine) : guide->resume);
	int ret;

	/* Looking is nobody's decision. */
	if (dry_run && options.operator_name == NULL)
		options.operator_name = "dry run";
	if (!dry_run)
		engine_close(guide);
	TALLOC_FREE(guide->undo_text);
	ret = name != NULL ? engine_undo(guide, guide->server, name, &options, &undo, &guide->undo_text, &guide->error)
			   : error_memory(&guide->error);
	talloc_free(name);
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

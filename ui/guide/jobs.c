/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The long calls of the core, with the screen alive: what they tell becomes the state that the
 * front end draws. */
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "report/report.h"
#include "run/rehearse.h"
#include "ui/guide/decide.h"
#include "ui/guide/short.h"
#include "ui/reach.h"

static int copy_told(void *arg, const char *name, uint64_t done, uint64_t total)
{
	struct guide *guide = arg;
	int stop;

	guide->state.now = page_shown(guide->page, name);
	guide->state.bytes = done;
	guide->state.bytes_total = total;
	guide->state.may_stop = true;
	stop = guide->tell(guide->tell_ui, &guide->state);
	guide->state.now = "";
	return stop;
}

/* An act begins or ends: its part of the list is the one in hand, those before it are done. The
 * outage begins or is over. */
static int act_told(void *arg, int step, const char *sentence)
{
	struct guide *guide = arg;

	for (size_t i = 0; step > 0 && i < guide->state.part_count; i++)
		guide->parts[i].mark = guide->parts[i].number < step ? MARK_DONE
			: guide->parts[i].number == step             ? MARK_NOW
								     : MARK_OPEN;
	if (guide->engine)
		guide_title(guide, guide->page);
	guide->state.what = sentence;
	guide->state.bytes = guide->state.bytes_total = 0;
	return guide->tell(guide->tell_ui, &guide->state);
}

/* Between two changes nothing is stopped: the act is looked at to its end. */
static void change_told(void *arg, const struct change *change)
{
	struct guide *guide = arg;
	bool hive = change->kind == KIND_VALUE || change->kind == KIND_SHARE;
	int part = change->step - STEP_FILES;
	const char *text[2];

	if (change->kind != KIND_FILE && !hive)
		return;
	sides_short(guide->page, change->kind, &change->before, &change->after, text);
	memmove(guide->last + 1, guide->last, sizeof guide->last - sizeof *guide->last);
	guide->last[0] = (struct change_line){
		.what = name_short(guide->page, change->kind,
			change->target ? path_leaf(change->target) : NULL, &change->before),
		.before = text[0],
		.after = text[1],
		.checked = hive && !server_runs(guide->server) ? _("read by two readers")
							       : _("read back"),
	};
	guide->state.last = guide->last;
	guide->state.last_count += guide->state.last_count < GUIDE_LAST;
	if (guide->state.total == 0 || part < 0 || part >= GUIDE_PARTS)
		return;
	guide->state.done += guide->state.done < guide->state.total;
	guide->part_done[part]++;
	guide->parts[part].count =
		page_text(guide->page, "%zu/%zu", guide->part_done[part], guide->part_total[part]);
	(void)guide->tell(guide->tell_ui, &guide->state);
}

static int survey_told(void *arg, const char *what)
{
	struct guide *guide = arg;
	struct job_state look = guide->state;

	/* A look has no part in carrying out. */
	look.part_count = 0;
	look.what = what;
	look.may_stop = true;
	return guide->tell(guide->tell_ui, &look);
}

static int job_run(void *arg, job_tell *tell, void *ui)
{
	struct guide *guide = arg;
	int ret;

	guide->tell = tell;
	guide->tell_ui = ui;
	ret = guide->job(guide);
	guide->tell = NULL;
	return ret;
}

static bool work(struct guide *guide, const char *title, int (*job)(struct guide *), bool quiet)
{
	const struct job all = { .run = job_run, .arg = guide, .title = title, .quiet = quiet };

	guide->error = (struct error){ 0 };
	guide->gave_up = false;
	guide->state = (struct job_state){ .what = title, .now = "" };
	guide->job = job;
	return guide->ops->work(guide->ui, guide->page, &all) == 0;
}

bool guide_work(struct guide *guide, const char *title, int (*job)(struct guide *))
{
	bool done = work(guide, title, job, false);

	if (!done)
		guide_trouble(guide);
	return done;
}

bool guide_work_quiet(struct guide *guide, const char *title, int (*job)(struct guide *))
{
	bool done = work(guide, title, job, true);

	if (!done && guide->error.trouble != TROUBLE_STOPPED)
		guide_trouble(guide);
	return done;
}

/* With what the operator has said so far, and with the rehearsal. */
static struct survey_options survey_options_of(struct guide *guide)
{
	struct survey_options options = reach_survey_options(&guide->options);

	options.rehearse = survey_rehearse;
	options.rehearse_arg = (char *)guide->options.runs;
	options.tell = survey_told;
	options.arg = guide;
	return options;
}

/* ---- the server ---- */

int job_survey(struct guide *guide)
{
	struct survey_options options = survey_options_of(guide);
	const struct survey *survey;
	struct plan *plan;
	int ret = reach_kept(guide, &guide->options, guide->server, &options, &guide->error);

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

/* Images that were looked at without the overlays that the run in hand left over them. */
static bool beneath(const struct guide *guide)
{
	const struct overlay_stand *stand =
		guide->resume && guide->record ? guide->record->overlay : NULL;

	return guide->server->overlay && !guide->options.over && stand && stand->over;
}

/* Where its record says that they were. */
static int reach_beneath(struct guide *guide)
{
	const struct run_record *record = guide->record;

	guide->options.over = record->overlay->over;
	guide->options.letters = record->reached.letters;
	guide->options.overlay = record->reached.overlay;
	guide->resume_wanted = record->name;
	return job_reach(guide);
}

int job_reach(struct guide *guide)
{
	int ret;

	TALLOC_FREE(guide->server);
	ret = reach_server(guide, &guide->options, &guide->server, &guide->error);
	if (ret == 0)
		ret = job_survey(guide);
	if (ret != 0) {
		TALLOC_FREE(guide->server);
		guide->survey = NULL;
		return ret;
	}
	ret = runs_find(guide);
	if (ret == 0 && beneath(guide))
		return reach_beneath(guide);
	guide_jump(guide, guide->resume ? PAGE_UNFINISHED : PAGE_DIAGNOSIS);
	return ret;
}

/* ---- steps 1 to 4 ---- */

static struct engine_options engine_options_of(struct guide *guide)
{
	return (struct engine_options){
		.runs = guide->options.runs,
		.operator_name = guide->operator_name,
		.decided_how = "asked",
		.progress = { copy_told, guide },
		.tell = act_told,
		.made = change_told,
		.tell_arg = guide,
	};
}

/* What is carried out has three parts, the steps 2 to 4. */
static void parts_set(struct guide *guide)
{
	for (int i = 0; i < GUIDE_PARTS; i++) {
		guide->part_done[i] = 0;
		guide->part_total[i] = decide_to_write(guide, STEP_FILES + i);
		guide->parts[i] = (struct step_line){ .number = STEP_FILES + i,
			.title = _(article_step(STEP_FILES + i)->title),
			.mark = MARK_OPEN };
		guide->state.total += guide->part_total[i];
	}
	guide->state.parts = guide->parts;
	guide->state.part_count = GUIDE_PARTS;
}

bool guide_backs_up(const struct guide *guide)
{
	return survey_finding(guide->survey, "backup/Bin")->can_change;
}

int job_backup(struct guide *guide)
{
	struct engine_options options = engine_options_of(guide);
	int ret = 0;

	if (!guide->engine)
		ret = engine_begin(guide, guide->server, guide->plan, &options, &guide->engine,
			&guide->error);
	if (ret == 0 && guide_backs_up(guide))
		ret = engine_decide(guide->engine, "backup/Bin", DECISION_CHANGE, NULL,
			&guide->error);
	if (ret == 0)
		ret = engine_backup(guide->engine, &guide->error);
	guide->backed_up = ret == 0;
	return ret;
}

int job_carry(struct guide *guide)
{
	int ret;

	parts_set(guide);
	guide->down_for = 0;
	/* From here on it is no longer a run that wrote nothing. */
	guide->stage = RUN_CARRYING;
	ret = engine_carry_out(guide->engine, &guide->error);
	if (ret != 0)
		return ret;
	guide->stage = RUN_AFTER;
	guide->carried_out = true;
	return 0;
}

/* ---- after carrying out ---- */

int job_start_services(struct guide *guide)
{
	return engine_services_start(guide->engine, &guide->error);
}

/* On record, with instructions. */
static int job_pause(struct guide *guide)
{
	int ret = engine_evidence(guide->engine, &guide->evidence, &guide->error);

	return ret != 0 ? ret
			: engine_pause(guide->engine, guide, &guide->pause_text, &guide->error);
}

void guide_finish(struct guide *guide)
{
	bool running = (guide->server->caps & SERVER_SERVICES) != 0,
	     waits = engine_overlay_waits(guide->engine);
	const char *note = engine_told(guide->engine)->services_note;

	if (note) {
		guide_say(guide, "%s", note);
		guide->message_bad = true;
	}
	if (waits)
		guide_go(guide, PAGE_ENDING);
	else if (!running &&
		guide_work(guide, _("Writing down what is to be done at the server"), job_pause))
		guide_go(guide, PAGE_PAUSE);
	if (running && guide_work(guide, _("Looking at the services"), job_mail))
		guide_go(guide, PAGE_MAIL);
}

/* ---- step 6 and the end ---- */

int job_gates(struct guide *guide)
{
	struct survey_options options = survey_options_of(guide);
	struct report *report = NULL;
	/* Until there are new ones the old ones stay: their page may be where Back leads. */
	int ret =
		engine_gates(guide->engine, guide->engine, &options, &guide->gates, &guide->error);

	/* It may have found a PC MTA that is new. */
	if (ret == 0)
		ret = engine_evidence(guide->engine, &guide->evidence, &guide->error);
	if (ret == 0)
		ret = report_read(guide, engine_runfolder(guide->engine),
			engine_words(guide->engine), &report, &guide->error);
	guide->deletion_cut = report && report->old_folder->end == OLDFOLDER_CUT;
	talloc_free(report);
	return ret;
}

static int job_report(struct guide *guide)
{
	TALLOC_FREE(guide->report);
	return report_read(guide, engine_runfolder(guide->engine), engine_words(guide->engine),
		&guide->report, &guide->error);
}

/* The page has asked for the name and shown the weakness. */
int job_oldfolder(struct guide *guide)
{
	struct survey_options options = survey_options_of(guide);
	int ret = engine_oldfolder(guide->engine, &options, guide->choice, guide->typed,
		guide->gates->weak, &guide->error);

	if (ret == 0)
		ret = engine_finish(guide->engine, &options, &guide->finish_code, &guide->error);
	if (ret != 0)
		return ret;
	guide->finished = true;
	return job_report(guide);
}

/* Of a run that was put back the record is free: it is opened for the decision alone. */
static int job_ending_undone(struct guide *guide)
{
	struct engine_options options = engine_options_of(guide);
	struct engine *engine;
	int ret = engine_overlay_open(guide, guide->server, guide->resume, &options, &engine,
		&guide->error);

	if (ret != 0)
		return ret;
	ret = engine_overlay_end(engine, guide->end, guide->typed, &guide->error);
	TALLOC_FREE(guide->undo_text);
	if (ret == 0 && guide->end == OVERLAY_KEEP)
		guide->undo_text = engine_overlay_start(engine, guide);
	talloc_free(engine);
	return ret;
}

/* A drop either puts back all of the run, and ends it, or opens step 6 again. */
int job_ending(struct guide *guide)
{
	bool ended = guide->finished || (guide->status && guide->status->ended);
	int ret = 0;

	if (!guide->engine)
		return job_ending_undone(guide);
	ret = engine_overlay_end(guide->engine, guide->end, guide->typed, &guide->error);
	if (ret == 0)
		ret = job_report(guide);
	if (ret == 0)
		guide->finished = guide->end == OVERLAY_DROP
			? report_verdict(guide->report) == VERDICT_UNDONE
			: ended;
	return ret;
}

void guide_report(struct guide *guide)
{
	guide_jump(guide, engine_overlay_waits(guide->engine) ? PAGE_ENDING : PAGE_REPORT);
}

/* ---- an earlier run ---- */

/* The plan is the engine's, and what it stands on; where the run is put back there is none. */
int job_resume(struct guide *guide)
{
	struct engine_options options = engine_options_of(guide);
	struct survey_options survey_options = survey_options_of(guide);
	int ret;

	parts_set(guide);
	ret = engine_resume(guide, guide->server, guide->resume, &options, &survey_options,
		&guide->engine, &guide->stage, &guide->error);
	if (ret == 0 && engine_told(guide->engine)->idle) {
		ret = error_set(&guide->error, TROUBLE_CANNOT, "%s",
			engine_told(guide->engine)->idle);
		TALLOC_FREE(guide->engine);
	}
	if (ret != 0)
		return ret;
	guide->backed_up = guide->stage == RUN_AFTER || engine_backed_up(guide->engine);
	guide->carried_out = guide->stage == RUN_AFTER;
	if (engine_plan(guide->engine)) {
		guide->plan = engine_plan(guide->engine);
		guide->survey = guide->plan->survey;
		return guide->carried_out ? job_mail(guide) : job_services(guide);
	}
	TALLOC_FREE(guide->engine);
	return job_survey(guide);
}

/* The record has one owner at a time: the engine lets go of it before it is opened for putting
 * back. */
static void engine_close(struct guide *guide)
{
	if (!guide->engine)
		return;
	talloc_free(guide->resume);
	guide->resume = talloc_strdup(guide, engine_run_name(guide->engine));
	TALLOC_FREE(guide->engine);
	mail_forget(guide);
	guide->gates = NULL;
	guide->backed_up = guide->carried_out = guide->finished = false;
}

/* What was chosen, or, dry, everything. */
static int undo(struct guide *guide, bool dry_run)
{
	struct engine_options options = engine_options_of(guide);
	struct undo_options undo = { .dry_run = dry_run,
		.step = dry_run ? 0 : guide->undo_step,
		.change_id = dry_run ? NULL : guide->undo_change };
	const char *name;
	int ret = 0;

	/* Looking is nobody's decision. */
	if (dry_run && !options.operator_name)
		options.operator_name = "dry run";
	if (!dry_run)
		engine_close(guide);
	name = guide->engine ? engine_run_name(guide->engine) : guide->resume;
	if (dry_run) {
		TALLOC_FREE(guide->undo);
		ret = engine_undo_look(guide, guide->server, name, &options, &guide->undo,
			&guide->error);
	}
	TALLOC_FREE(guide->undo_text);
	return ret != 0 ? ret
			: engine_undo(guide, guide->server, name, &options, &undo,
				  &guide->undo_text, &guide->error);
}

/* Where one change stands against all of them, the others can still be put back. */
static int job_undo_check(struct guide *guide)
{
	int ret = guide->survey ? job_services(guide) : 0;

	TALLOC_FREE(guide->undo_refused);
	if (ret != 0)
		return ret;
	ret = undo(guide, true);
	if (ret == 0 || !guide->undo || guide->undo->count < 2)
		return ret;
	guide->undo_refused = talloc_strdup(guide, guide->error.text);
	return 0;
}

int job_undo(struct guide *guide)
{
	return undo(guide, false);
}

void guide_undo(struct guide *guide)
{
	if (guide_work(guide, _("Checking what can be put back"), job_undo_check) &&
		guide->at != PAGE_UNDO)
		guide_go(guide, PAGE_UNDO);
}

void guide_undo_first(struct guide *guide)
{
	if (!guide->given->undo || !guide->resume || !guide->status)
		return;
	if (guide->stage == RUN_UNDONE && guide->record && guide->record->overlay_waits)
		return;
	if (!guide->operator_name && guide->stage != RUN_UNDONE)
		guide_ask(guide, QUESTION_UNFINISHED_OPERATOR, NULL);
	else
		guide_undo(guide);
}

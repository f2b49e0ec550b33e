/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An earlier run, resumed. */
#include "run/resume.h"

#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "record/reached.h"
#include "run/engine_internal.h"
#include "run/services.h"

/* ---- where it stands ---- */

static bool step_carries(int step)
{
	return step >= STEP_FILES && step <= STEP_SHARE;
}

/* The last act of steps 2 to 4 that is not followed by steps 5 and 6 or the end; NULL: none.
 * *after: those came. */
static const struct act_record *act_last(const struct engine *engine, const struct history *history,
	bool *after)
{
	const struct act_record *last = NULL;

	for (size_t i = 0; i < history->count; i++)
		if (!history->acts[i].undo && step_carries(history->acts[i].step))
			last = &history->acts[i];
	*after = false;
	for (size_t i = last ? last->prepared : 0; i < journal_count(engine->journal); i++) {
		const json_t *entry = journal_entry(engine->journal, i);

		*after |= entry_is(entry, JOURNAL_EVIDENCE) || entry_is(entry, JOURNAL_END);
	}
	return last;
}

/* Decided when that act ended, and neither made nor put back by the record. */
static bool change_missing(const struct history *history, const struct act_record *last,
	const struct change *change)
{
	return change && step_carries(change->step) && change->record < last->at &&
		!history_made(history, change->id) && !history_taken_back(history, change);
}

/* As its record alone tells. CARRYING: steps 2 to 4 were begun, and are not seen to be through. */
static enum run_stage stage_on_record(const struct engine *engine, const struct history *history)
{
	enum run_state state = journal_state(engine->journal);
	enum run_end end = journal_result(engine->journal);
	const struct act_record *last;
	bool after;

	if (!engine->begun || (state == STATE_DONE && end == END_NOTHING))
		return RUN_UNBEGUN;
	if (state == STATE_UNDONE)
		return RUN_UNDONE;
	if (history->undoing)
		return RUN_UNDOING;
	if (history->lost)
		return RUN_CARRYING;
	last = act_last(engine, history, &after);
	if (!last || after)
		return after ? RUN_AFTER : RUN_DECIDING;
	for (size_t i = 0; last->done && i < engine->decided_count; i++)
		if (change_missing(history, last, engine->decided[i].change))
			return RUN_CARRYING;
	return last->done ? RUN_AFTER : RUN_CARRYING;
}

/* What the record does not tell of, the server may have. */
static int stage_find(struct engine *engine, const struct history *history, enum run_stage *stage,
	struct error *err)
{
	const struct act_record *last;
	bool after, through;

	*stage = stage_on_record(engine, history);
	if (*stage != RUN_CARRYING || history->lost)
		return 0;
	last = act_last(engine, history, &after);
	through = last->done;
	for (size_t i = 0; through && i < engine->decided_count; i++) {
		const struct change *change = engine->decided[i].change;
		enum change_state state;

		if (!change_missing(history, last, change))
			continue;
		if (change_state_read(engine->server, engine, change, &state, NULL, err))
			return -(int)err->trouble;
		through = state != CHANGE_OLD;
	}
	*stage = through ? RUN_AFTER : RUN_CARRYING;
	return 0;
}

int run_stage_of(struct server *server, struct runfolder *run, enum run_stage *stage,
	struct error *err)
{
	struct history history;
	struct engine *engine;
	int ret = engine_of_run(run, server, run, &engine, err);

	if (ret)
		return ret;
	ret = history_read(engine, engine, &history, err);
	if (!ret)
		ret = stage_find(engine, &history, stage, err);
	talloc_free(engine);
	return ret;
}

/* ---- without its server ---- */

/* The last who is on record for anything. */
static const char *operator_last(const struct journal *journal)
{
	const char *name = NULL;

	for (size_t i = journal_count(journal); !name && i-- > 0;)
		name = json_string_value(json_object_get(journal_entry(journal, i), "operator"));
	return name && text_is_name(name) ? name : NULL;
}

/* How it stands, a clause for a person; only what was cut off is called so. */
static char *stands_tell(TALLOC_CTX *mem, const struct run_record *record,
	const struct engine *engine, const struct record_tally *tally)
{
	static const char *const texts[][2] = {
		[RUN_UNBEGUN] = { N_("ended; nothing was changed"),
			N_("cut off before anything was decided; nothing was changed") },
		[RUN_DECIDING] = { N_("nothing of steps 2 to 4 is written yet"),
			N_("nothing of steps 2 to 4 is written yet") },
		[RUN_CARRYING] = { N_("stopped while steps 2 to 4 were written"),
			N_("cut off while steps 2 to 4 were written") },
		[RUN_UNDOING] = { N_("stopped while it was put back"),
			N_("cut off while it was put back") },
		[RUN_UNDONE] = { N_("put back"), N_("put back") },
	};
	bool cut = journal_state(engine->journal) == STATE_CUT_OFF;

	if (record->overlay_waits && record->overlay->state == OVERLAY_CLOSED)
		return talloc_strdup(mem,
			_("its overlay waits to be committed, kept or thrown away"));
	if (record->stage != RUN_AFTER)
		return talloc_strdup(mem, _(texts[record->stage][cut]));
	if (tally->open)
		return talloc_asprintf(mem,
			P_("steps 2 to 4 were carried out; %zu change is decided and not written yet",
				"steps 2 to 4 were carried out; %zu changes are decided and not written yet",
				tally->open),
			tally->open);
	if (tally->put_back && journal_ended(engine->journal))
		return talloc_asprintf(mem,
			P_("it came to its end, and %zu change was put back since",
				"it came to its end, and %zu changes were put back since",
				tally->put_back),
			tally->put_back);
	if (tally->put_back)
		return talloc_asprintf(mem,
			P_("steps 2 to 4 were carried out, and %zu change was put back since; steps 5 and 6 are open",
				"steps 2 to 4 were carried out, and %zu changes were put back since; steps 5 and 6 are open",
				tally->put_back),
			tally->put_back);
	if (journal_ended(engine->journal))
		return talloc_strdup(mem,
			_("it came to its end; mail flow can be recorded and step 6 decided again"));
	return talloc_strdup(mem,
		tally->made ? _("steps 2 to 4 were carried out as decided; steps 5 and 6 are open")
			    : _("steps 2 to 4 changed nothing; steps 5 and 6 are open"));
}

static int record_fill(struct engine *engine, struct run_record *record, struct error *err)
{
	const json_t *begun = journal_last(engine->journal, JOURNAL_RUN);
	const char *name = operator_last(engine->journal);
	char *server = path_of_json(record, json_object_get(begun, "server"), "name");
	struct record_tally tally;
	struct history history;
	int ret = history_read(record, engine, &history, err);

	if (ret)
		return ret;
	tally = history_tally(engine, &history);
	record->name = talloc_strdup(record, engine_run_name(engine));
	record->server = text_shown(record, server ? server : "");
	record->operator_name = name ? text_shown(record, name) : NULL;
	record->begun = begun;
	record->stage = stage_on_record(engine, &history);
	record->overlay = engine->stand;
	record->overlay_waits = engine_overlay_waits(engine);
	record->stands = stands_tell(record, record, engine, &tally);
	record->open = !journal_finished(engine->journal);
	record->passing = json_is_true(json_object_get(begun, "passing"));
	record->mail_alone = record->stage == RUN_AFTER && !record->passing;
	record->known = reached_read(record, begun, &record->reached);
	record->services = services_stand(engine, record);
	record->needs = reached_needs(record, &record->reached);
	return record->name && record->server && record->stands && record->needs
		? 0
		: error_memory(err);
}

int run_record_read(TALLOC_CTX *mem, const char *runs, const char *name, struct run_record **record,
	struct error *err)
{
	struct run_record *made = talloc_zero(mem, struct run_record);
	struct engine *engine;
	struct runfolder *run;
	int ret = made ? runfolder_open(made, runs, name, false, &run, err) : error_memory(err);

	if (!ret)
		ret = engine_of_run(made, NULL, run, &engine, err);
	if (!ret)
		ret = record_fill(engine, made, err);
	if (ret)
		talloc_free(made);
	else
		*record = made;
	return ret;
}

bool run_record_fits(const struct run_record *record, const struct server *server)
{
	return run_is_of(server, record->begun);
}

static int mail_refused(const struct engine *engine, const struct run_record *record,
	struct error *err)
{
	bool over = record->passing || record->stage == RUN_UNBEGUN || record->stage == RUN_UNDONE;

	if (record->mail_alone)
		return 0;
	return error_set(err, TROUBLE_CANNOT,
		over ? _("Step 5 of run %s cannot be recorded: %s.")
		     : _("Step 5 of run %s cannot be recorded yet: %s. Resume it where its server is, or put it back: %s"),
		record->name, record->passing ? _("its practice server is gone") : record->stands,
		engine_command(engine, record->name, "resume"));
}

static int mail_alone(struct engine *engine, struct error *err)
{
	struct run_record *record = talloc_zero(engine, struct run_record);
	int ret = record ? record_fill(engine, record, err) : error_memory(err);

	if (!ret)
		ret = mail_refused(engine, record, err);
	talloc_free(record);
	return ret ? ret
		   : journal_add(engine->journal, JOURNAL_RESUMED,
			     json_pack("{s:s}", "operator", engine->operator_name), true, err);
}

int engine_resume_record(TALLOC_CTX *mem, const char *run_name,
	const struct engine_options *options, struct engine **engine, struct error *err)
{
	struct engine *made;
	int ret = engine_open(mem, NULL, run_name, true, options, &made, err);

	if (ret)
		return ret;
	ret = mail_alone(made, err);
	if (ret)
		talloc_free(made);
	else
		*engine = made;
	return ret;
}

/* ---- nothing to resume ---- */

/* decide: steps 5 and 6 of a finished run can still be done, or done again. NULL where there is
 * something to resume. */
static const char *idle_sentence(const struct engine *engine, bool decide)
{
	enum run_state state = journal_state(engine->journal);

	if (!engine->begun)
		return _(
			"This run was cut off before its decisions were on record. Nothing was changed; begin again.");
	if (state == STATE_UNDONE)
		return _("This run was put back; there is nothing to resume.");
	if (state == STATE_DONE && (!decide || journal_result(engine->journal) == END_NOTHING))
		return _("This run is finished; there is nothing to resume.");
	return NULL;
}

/* It comes to its end if it had none; and the services that it could not start are tried again. */
static int idle_tell(struct engine *engine, const char *sentence, struct error *err)
{
	const char *note;
	int ret = journal_last(engine->journal, JOURNAL_END)
		? services_late(engine, err)
		: journal_end(engine->journal, END_NOTHING, 1, err);

	if (ret)
		return ret;
	note = engine_overlay_waits(engine)
		? _("Its overlay waits: commit it, keep it, or throw it away (commit, keep, drop).")
		: engine->told.services_note;
	engine->told.idle =
		talloc_asprintf(engine, "%s%s%s", sentence, note ? " " : "", note ? note : "");
	engine->told.idle_exit = engine->begun
		? entry_number(journal_last(engine->journal, JOURNAL_END), "exit")
		: 1;
	return engine->told.idle ? 0 : error_memory(err);
}

/* ---- decisions of then on the server of now ---- */

static int decision_drop(struct engine *engine, const char *id, struct error *err)
{
	engine->told.reset++;
	return record_decision(engine, id, DECISION_UNDECIDED, NULL, NULL, false, err);
}

static bool same_change(const struct change *a, const struct change *b)
{
	return a->kind == b->kind && finding_side_equal(a->kind, &a->before, &b->before) &&
		finding_side_equal(a->kind, &a->after, &b->after);
}

/* What the operator had edited is edited again, if it is still allowed. */
static int row_edited(struct engine *engine, struct plan_row *row, const struct change *change,
	struct error *err)
{
	struct plan *plan = engine->plan;
	bool value = change->kind == KIND_VALUE && row->finding->kind == KIND_VALUE;
	const struct reg_data *after = value ? change->after.value.data : NULL;

	if (!after || finding_side_equal(KIND_VALUE, &row->finding->after, &change->after) ||
		plan_edit_allowed(engine->server, plan->survey, row->finding, after, NULL))
		return 0;
	row->edited = regdata_copy(plan, after);
	return row->edited ? 0 : error_memory(err);
}

/* What was made already stays on record as made, whatever somebody else has made of it since. */
static int change_take(struct engine *engine, const struct history *history, struct plan_row *row,
	struct decided *decided, struct error *err)
{
	struct change *fresh = NULL;
	int ret = row_edited(engine, row, decided->change, err);

	if (!ret && plan_row_changes(row) && !engine_misfit(engine, decided->change))
		ret = change_from_row(engine, engine->plan, row, engine->backup, &fresh, err);
	if (ret)
		return ret;
	if (fresh && same_change(fresh, decided->change)) {
		row->decision = DECISION_CHANGE;
		return 0;
	}
	row->edited = NULL;
	return history_made(history, decided->id) ? 0 : decision_drop(engine, decided->id, err);
}

static int decided_take(struct engine *engine, const struct history *history,
	struct decided *decided, struct error *err)
{
	struct plan_row *row = plan_find(engine->plan, decided->id);
	const struct change *change = decided->change;
	enum change_state state = CHANGE_NEW;
	int ret = 0;

	if (row && !change)
		row->decision = decided->decision;
	/* Who put it back has decided again; it is open. */
	decided->taken_back = change && history_taken_back(history, change);
	if (!change || decided->taken_back)
		return 0;
	decided->made = history_made(history, decided->id);
	if (row)
		return change_take(engine, history, row, decided, err);
	if (!step_carries(change->step) || history_made(history, change->id) ||
		engine_misfit(engine, change))
		return 0;
	/* There is nothing to be changed there any more; what somebody else put right may stand. */
	ret = change_state_read(engine->server, engine, change, &state, NULL, err);
	return ret || state == CHANGE_NEW ? ret : decision_drop(engine, decided->id, err);
}

static int plan_rebuild(struct engine *engine, const struct survey_options *survey_options,
	struct error *err)
{
	const struct survey *survey;
	struct history history;
	int ret = history_read(engine, engine, &history, err);

	if (!ret)
		ret = engine_survey(engine, engine, survey_options, &survey, err);
	if (!ret)
		ret = plan_make(engine, survey, false, &engine->plan, err);
	/* One that is named only now is on record before anything of it is decided. */
	if (!ret)
		ret = pcmtas_record(engine, survey, err);
	for (size_t i = 0; !ret && i < engine->decided_count; i++)
		ret = decided_take(engine, &history, &engine->decided[i], err);
	return ret;
}

/* ---- resumed ---- */

static bool untried(const struct history *history)
{
	return !history->tried && !history->count;
}

static int resume_repair(struct engine *engine, const struct history *history, struct error *err)
{
	if (engine->server->ops->reg_gate(engine->server, err) ||
		(untried(history) && trial_make(engine, err)) ||
		(engine->backup_verified && backup_check(engine, true, err)) ||
		engine_backup(engine, err) || engine_carry_out(engine, err) ||
		oldfolder_settle(engine, err))
		return -(int)err->trouble;
	return 0;
}

static int resume_undo(struct engine *engine, const struct history *history, struct error *err)
{
	const json_t *asked = history->undo;
	struct undo_options undo = { .step = entry_number(asked, "step"),
		.change_id = json_string_value(json_object_get(asked, "change")),
		.backups = json_is_true(json_object_get(asked, "backups")) };
	bool part = undo.step || undo.change_id;
	char *text;
	/* A part of what was lost with its overlay cannot be put back. */
	int ret = history->lost && part ? resume_repair(engine, history, err) : 0;

	if (!ret)
		ret = undo_resume(engine, &undo, &text, err);

	engine->told.undone = !ret;
	return ret;
}

/* The backup of step 1 goes with an overlay that was cut off, and was decided. */
static int backup_again(struct engine *engine, struct error *err)
{
	const struct decided *backup = engine_decided(engine, "backup/Bin");

	return engine->told.torn && backup && backup->decision == DECISION_CHANGE
		? engine_backup(engine, err)
		: 0;
}

static int resume_deciding(struct engine *engine, const struct history *history,
	const struct survey_options *survey_options, struct error *err)
{
	if (services_up(engine, err) ||
		(engine->backup_verified && backup_check(engine, true, err)) ||
		plan_rebuild(engine, survey_options, err) ||
		(untried(history) && trial_make(engine, err)) || backup_again(engine, err))
		return -(int)err->trouble;
	return 0;
}

/* What was left open can be decided now. */
static int resume_after(struct engine *engine, const struct survey_options *survey_options,
	struct error *err)
{
	if (room_take(engine, ROOM_CARRY, 0, false, err) || oldfolder_settle(engine, err) ||
		services_up(engine, err) || plan_rebuild(engine, survey_options, err))
		return -(int)err->trouble;
	return 0;
}

static int resume_stage(struct engine *engine, const struct history *history,
	const struct survey_options *survey_options, enum run_stage *stage, struct error *err)
{
	int ret;

	switch (*stage) {
	case RUN_UNDOING:
		*stage = RUN_UNDONE;
		return resume_undo(engine, history, err);
	case RUN_CARRYING:
		*stage = RUN_AFTER;
		ret = resume_repair(engine, history, err);
		return ret || !survey_options ? ret : plan_rebuild(engine, survey_options, err);
	case RUN_AFTER:
		return resume_after(engine, survey_options, err);
	default:
		return resume_deciding(engine, history, survey_options, err);
	}
}

static int resume_run(struct engine *engine, const struct survey_options *survey_options,
	enum run_stage *stage, struct error *err)
{
	const char *idle;
	struct history history;
	int ret = overlay_recover(engine, err);

	if (!ret)
		ret = history_read(engine, engine, &history, err);
	if (ret)
		return ret;
	idle = idle_sentence(engine, survey_options);
	*stage = stage_on_record(engine, &history);
	if (idle)
		return idle_tell(engine, idle, err);
	/* An undo looks itself; after step 4 all is about what the server is now. */
	if (*stage != RUN_UNDOING && (*stage != RUN_AFTER || !survey_options))
		ret = engine_fits(engine, &history, err);
	if (ret ||
		journal_add(engine->journal, JOURNAL_RESUMED,
			json_pack("{s:s}", "operator", engine->operator_name), true, err) ||
		engine_sweep(engine, &history, err) ||
		(survey_options && stage_find(engine, &history, stage, err)))
		return history_keep(engine, &history,
			overlay_settle(engine, -(int)err->trouble, err), err);
	if (!survey_options && *stage != RUN_UNDOING)
		*stage = RUN_CARRYING;
	ret = resume_stage(engine, &history, survey_options, stage, err);
	/* As where a run is begun: nothing but a trial can be in it. */
	if (!ret && *stage == RUN_DECIDING)
		return 0;
	return history_keep(engine, &history, overlay_settle(engine, ret, err), err);
}

int engine_resume(TALLOC_CTX *mem, struct server *server, const char *run_name,
	const struct engine_options *options, const struct survey_options *survey_options,
	struct engine **engine, enum run_stage *stage, struct error *err)
{
	struct engine *made;
	int ret = engine_open(mem, server, run_name, true, options, &made, err);

	if (ret)
		return ret;
	ret = resume_run(made, survey_options, stage, err);
	/* What was asked for without a survey has its end before it. */
	if (!ret && (survey_options || made->told.idle))
		room_end(made);
	if (ret)
		talloc_free(made);
	else
		*engine = made;
	return ret;
}

int engine_leave(struct engine *engine, struct error *err)
{
	struct error why;
	int ret;

	ret = overlay_close(engine, &why);
	if (!ret && journal_state(engine->journal) != STATE_CUT_OFF)
		return 0;
	if (!ret)
		ret = journal_add(engine->journal, JOURNAL_PAUSED,
			json_pack("{s:s}", "text", N_("left by the operator")), true, &why);
	/* What was attested since the last one is in it. */
	if (!ret)
		ret = record_report(engine, &why);
	return ret && err ? error_pass(err, &why) : ret;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An earlier run, resumed. */
#include "run/resume.h"

#include <string.h>

#include "base/i18n.h"
#include "run/engine_internal.h"
#include "run/services.h"

/* ---- to its end ---- */

static int idle_set(struct engine *engine, const char *sentence, struct error *err)
{
	const char *note = engine->services_note;

	engine->idle = talloc_asprintf(engine, "%s%s%s", sentence, note ? " " : "", note ? note : "");
	return engine->idle ? 0 : error_memory(err);
}

/* Nothing was changed before the beginning was on record as a whole. */
static int idle_unbegun(struct engine *engine, struct error *err)
{
	int result = 0;

	if (!journal_finished(engine->journal) || !journal_last(engine->journal, JOURNAL_END))
		result = journal_end(engine->journal, END_NOTHING, 1, err);
	engine->idle_exit = 1;
	if (result)
		return result;
	return idle_set(engine, _("This run was cut off before its decisions were on record. Nothing was changed; "
				  "begin again."), err);
}

/* Nothing but the services that it could not start. */
static int idle_ended(struct engine *engine, const char *sentence, int exit_code, struct error *err)
{
	int result = services_late(engine, err);

	engine->idle_exit = exit_code;
	return result ? result : idle_set(engine, sentence, err);
}

static int resume_undo(struct engine *engine, const struct history *history, struct error *err)
{
	struct undo_options undo;
	char *text;
	int result = undo_options_of(engine, history->undo, &undo, err);

	if (!result)
		result = undo_carry_out(engine, &undo, &text, err);
	engine->undone = !result;
	return result;
}

static int resume_repair(struct engine *engine, const struct history *history, struct error *err)
{
	int result = engine->server->ops->reg_gate(engine->server, err);

	if (!result && !history->tried && !history->count)
		result = trial_make(engine, err);
	if (!result && engine->backup_verified)
		result = backup_check(engine, true, err);
	if (!result)
		result = engine_backup(engine, err);
	if (!result)
		result = engine_carry_out(engine, err);
	return result ? result : oldfolder_settle(engine, err);
}

static int resume_with(struct engine *engine, const struct history *history, struct error *err)
{
	int result = journal_add(engine->journal, JOURNAL_RESUMED, json_pack("{s:s}", "operator", engine->operator_name),
				 true, err);

	if (!result)
		result = engine_sweep(engine, history, err);
	if (!result)
		result = history->undoing ? resume_undo(engine, history, err) : resume_repair(engine, history, err);
	return result;
}

static int resume_run(struct engine *engine, struct error *err)
{
	enum run_state state = journal_state(engine->journal);
	struct history history;
	int result;

	if (!engine->begun)
		return idle_unbegun(engine, err);
	if (state == STATE_DONE)
		return idle_ended(engine, _("This run is finished; there is nothing to resume."),
				  entry_number(journal_last(engine->journal, JOURNAL_END), "exit"), err);
	if (state == STATE_UNDONE)
		return idle_ended(engine, _("This run was put back; there is nothing to resume."), 0, err);
	result = history_read(engine, engine, &history, err);
	return result ? result : resume_with(engine, &history, err);
}

int engine_resume(TALLOC_CTX *mem, struct server *server, const char *run_name, const struct engine_options *options,
		  struct engine **engine, struct error *err)
{
	struct engine *made;
	int result = engine_open(mem, server, run_name, true, options, &made, err);

	if (result)
		return result;
	result = resume_run(made, err);
	if (result)
		talloc_free(made);
	else
		*engine = made;
	return result;
}

/* ---- where it stands ---- */

static bool in_steps(const struct change *change)
{
	return change && change->step >= STEP_FILES && change->step <= STEP_SHARE;
}

/* A decided change of steps 2 to 4 that the server does not have, though it was not put back. */
static int any_to_do(struct engine *engine, const struct history *history, bool *to_do, struct error *err)
{
	int result = 0;

	*to_do = false;
	for (size_t i = 0; !result && i < engine->decided_count && !*to_do; i++) {
		const struct decided *decided = &engine->decided[i];
		enum change_state state;

		if (decided->decision != DECISION_CHANGE || !in_steps(decided->change) || history_undone(history, decided->id))
			continue;
		result = change_look(engine->server, engine, decided->change, &state, NULL, err);
		*to_do = !result && state == CHANGE_OLD;
	}
	return result;
}

static bool ended_after_carrying(const struct journal *journal)
{
	enum run_end end = journal_result(journal);

	return journal_last(journal, JOURNAL_EVIDENCE) || end == END_REPAIRED || end == END_LEFT || end == END_PARTLY_UNDONE;
}

static int stage_of_acts(struct engine *engine, const struct history *history, enum run_stage *stage, struct error *err)
{
	bool begun = false, open = false, to_do = false;
	int result;

	for (size_t i = 0; i < history->count; i++) {
		bool carries = !history->acts[i].undo && history->acts[i].step >= STEP_FILES && history->acts[i].step <= STEP_SHARE;

		begun |= carries;
		open = carries ? !history->acts[i].done : open;
	}
	result = begun ? any_to_do(engine, history, &to_do, err) : 0;
	*stage = !begun ? RUN_DECIDING : open || to_do ? RUN_CARRYING : RUN_AFTER;
	return result;
}

static int stage_find(struct engine *engine, enum run_stage *stage, struct error *err)
{
	enum run_state state = journal_state(engine->journal);
	struct history history;
	int result;

	*stage = RUN_UNBEGUN;
	if (!engine->begun || (state == STATE_DONE && journal_result(engine->journal) == END_NOTHING))
		return 0;
	result = history_read(engine, engine, &history, err);
	if (result)
		return result;
	if (state == STATE_UNDONE)
		*stage = RUN_UNDONE;
	else if (history.undoing)
		*stage = RUN_UNDOING;
	else if (ended_after_carrying(engine->journal))
		*stage = RUN_AFTER;
	else
		result = stage_of_acts(engine, &history, stage, err);
	return result;
}

int run_stage_of(struct server *server, struct runfolder *run, enum run_stage *stage, struct error *err)
{
	struct engine *engine;
	int result = engine_of_run(run, server, run, &engine, err);

	if (result)
		return result;
	result = stage_find(engine, stage, err);
	talloc_free(engine);
	return result;
}

/* ---- decisions of then on the server of now ---- */

static int decision_drop(struct engine *engine, struct decided *decided, struct error *err)
{
	decided->decision = DECISION_UNDECIDED;
	decided->change = NULL;
	engine->reset++;
	return record_decision(engine, decided->id, DECISION_UNDECIDED, NULL, NULL, false, err);
}

static bool same_change(const struct change *a, const struct change *b)
{
	return a->kind == b->kind && finding_side_equal(a->kind, &a->before, &b->before) && finding_side_equal(a->kind, &a->after, &b->after);
}

/* What the operator had edited is edited again, if it is still allowed. */
static int row_edited(struct plan *plan, struct plan_row *row, const struct change *change, struct error *err)
{
	bool value = change->kind == KIND_VALUE && row->finding->kind == KIND_VALUE;
	const struct reg_data *after = value ? change->after.value.data : NULL;

	if (!after || finding_side_equal(KIND_VALUE, &row->finding->after, &change->after) ||
	    plan_value_allowed(plan->survey, row->finding, after, NULL))
		return 0;
	row->edited = regdata_copy(plan, after);
	return row->edited ? 0 : error_memory(err);
}

static int change_take(struct engine *engine, struct plan_row *row, struct decided *decided, struct error *err)
{
	struct change *fresh;
	int result = row_edited(engine->plan, row, decided->change, err);

	if (!result)
		result = change_from_row(engine, engine->plan, row, engine->backup, &fresh, err);
	if (result)
		return result;
	if (same_change(fresh, decided->change)) {
		row->decision = DECISION_CHANGE;
		return 0;
	}
	row->edited = NULL;
	return decision_drop(engine, decided, err);
}

static int decided_take(struct engine *engine, struct decided *decided, struct error *err)
{
	struct plan_row *row = plan_find(engine->plan, decided->id);
	enum change_state state = CHANGE_NEW;
	int result = 0;

	if (row && decided->decision == DECISION_CHANGE)
		return change_take(engine, row, decided, err);
	if (row)
		row->decision = decided->decision;
	if (row || !in_steps(decided->change))
		return 0;
	/* There is nothing to be changed there any more; what somebody else put right may stand. */
	result = change_look(engine->server, engine, decided->change, &state, NULL, err);
	return result || state == CHANGE_NEW ? result : decision_drop(engine, decided, err);
}

static int plan_rebuild(struct engine *engine, const struct survey_options *look, struct error *err)
{
	const struct survey *survey;
	int result = engine_survey(engine, engine, look, &survey, err);

	if (!result)
		result = plan_make(engine, survey, false, &engine->plan, err);
	for (size_t i = 0; !result && i < engine->decided_count; i++)
		result = decided_take(engine, &engine->decided[i], err);
	return result;
}

/* ---- opened for the next pages ---- */

static int stage_refused(struct engine *engine, enum run_stage stage, struct error *err)
{
	const char *name = runfolder_name(engine->run);
	int result = 0;

	if (stage == RUN_UNDONE)
		return error_advise(err, error_set(err, TROUBLE_CANNOT, _("Run %s was put back; there is nothing to resume."), name),
				    _("Begin a new repair."));
	/* It comes to its end with that. */
	if (!journal_last(engine->journal, JOURNAL_END))
		result = journal_end(engine->journal, END_NOTHING, 1, err);
	return result ? result
		      : error_advise(err, error_set(err, TROUBLE_CANNOT,
						    _("Run %s was cut off before its beginning was on record. Nothing was changed."),
						    name),
				     _("Begin again."));
}

static int resume_here(struct engine *engine, const struct survey_options *look, enum run_stage stage, struct error *err)
{
	struct history history;
	int result = stage == RUN_UNBEGUN || stage == RUN_UNDONE ? stage_refused(engine, stage, err) : 0;

	if (!result)
		result = journal_add(engine->journal, JOURNAL_RESUMED, json_pack("{s:s}", "operator", engine->operator_name), true, err);
	if (!result)
		result = history_read(engine, engine, &history, err);
	if (!result)
		result = engine_sweep(engine, &history, err);
	if (!result && stage == RUN_AFTER)
		result = oldfolder_settle(engine, err);
	if (!result)
		result = services_up(engine, err);
	if (result || stage == RUN_AFTER)
		return result;
	if (engine->backup_verified)
		result = backup_check(engine, true, err);
	if (!result)
		result = plan_rebuild(engine, look, err);
	return result || history.tried || history.count ? result : trial_make(engine, err);
}

int engine_reopen(TALLOC_CTX *mem, struct server *server, const char *run_name, const struct engine_options *options,
		  const struct survey_options *look, struct engine **engine, enum run_stage *stage, struct error *err)
{
	struct engine *made;
	int result = engine_open(mem, server, run_name, true, options, &made, err);

	if (result)
		return result;
	result = stage_find(made, stage, err);
	if (!result && (*stage == RUN_CARRYING || *stage == RUN_UNDOING)) {
		*stage = *stage == RUN_UNDOING ? RUN_UNDONE : RUN_AFTER;
		result = resume_run(made, err);
	} else if (!result) {
		result = resume_here(made, look, *stage, err);
	}
	if (result)
		talloc_free(made);
	else
		*engine = made;
	return result;
}

int engine_leave(struct engine *engine, struct error *err)
{
	if (journal_state(engine->journal) != STATE_CUT_OFF)
		return 0;
	return journal_add(engine->journal, JOURNAL_PAUSED, json_pack("{s:s}", "text", "left by the operator"), true, err);
}

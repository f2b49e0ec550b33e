/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/reopen.h"

#include <string.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "run/engine_internal.h"
#include "run/kept.h"
#include "run/later.h"
#include "run/services.h"

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
	const char *result = json_string_value(json_object_get(journal_last(journal, "end"), "result"));

	return journal_last(journal, "evidence") || (result && strcmp(result, "nothing") != 0 && strcmp(result, "undone") != 0);
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
	const char *state = journal_state(engine->journal);
	const char *ended = json_string_value(json_object_get(journal_last(engine->journal, "end"), "result"));
	struct history history;
	int result;

	*stage = RUN_UNBEGUN;
	if (!engine->begun || (!strcmp(state, "done") && ended && !strcmp(ended, "nothing")))
		return 0;
	result = history_read(engine, engine, &history, err);
	if (result)
		return result;
	if (!strcmp(state, "undone"))
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

/* ---- looking again ---- */

int engine_survey(struct engine *engine, TALLOC_CTX *mem, const struct survey_options *look, const struct survey **survey, struct error *err)
{
	struct survey_options options;
	int result = engine_survey_options(engine, look, &options, err);

	if (!result)
		result = kept_read(mem, engine->server, engine->runs, runfolder_name(engine->run), &options, err);
	return result ? result : survey_make(mem, engine->server, &options, survey, err);
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

struct plan *engine_plan(struct engine *engine)
{
	return engine->plan;
}

size_t engine_reset(const struct engine *engine)
{
	return engine->reset;
}

/* ---- step 6 ---- */

static int rename_settle(struct engine *engine, struct error *err)
{
	struct decided *decided = engine_decided(engine, "oldfolder");
	struct act act = { .step = STEP_OLDFOLDER, .count = 1 };
	enum change_state state;
	int result;

	if (!decided || !decided->change)
		return 0;
	act.changes = &decided->change;
	result = change_look(engine->server, engine, decided->change, &state, NULL, err);
	if (!result && (state == CHANGE_OLD || state == CHANGE_NEW))
		result = act_run(engine, &act, err);
	return result;
}

/* All of it was gone when the run was cut off; what is left of a folder goes only when it is asked for anew. */
static int deletion_settle(struct engine *engine, const struct oldfolder_record *record, struct error *err)
{
	bool found = false;
	int result = record->folder ? engine->server->ops->look(engine->server, engine, record->folder, &found, NULL, NULL, err) : 0;

	if (result || found || !record->folder)
		return result;
	return journal_add(engine->journal, "deleted",
			   json_pack("{s:s, s:I, s:I, s:b, s:o}", "operator", record->operator_name ? record->operator_name : "", "files",
				     record->files, "bytes", record->bytes, "weak", record->weak, "folder", json_path(record->folder)), true, err);
}

int oldfolder_settle(struct engine *engine, struct error *err)
{
	struct oldfolder_record *record;
	int result = oldfolder_read(engine, engine->journal, &record, err);

	if (!result && record->end == OLDFOLDER_DECIDED)
		return rename_settle(engine, err);
	return !result && record->end == OLDFOLDER_CUT ? deletion_settle(engine, record, err) : result;
}

/* ---- going on ---- */

static int go_on_here(struct engine *engine, const struct survey_options *look, enum run_stage stage, struct error *err)
{
	struct history history;
	int result = journal_add(engine->journal, "resumed", json_pack("{s:s}", "operator", engine->operator_name), true, err);

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

static int stage_refused(struct engine *engine, enum run_stage stage, struct error *err)
{
	const char *name = runfolder_name(engine->run);
	int result = 0;

	if (stage == RUN_UNDONE)
		return error_advise(err, error_set(err, TROUBLE_CANNOT, _("Run %s was put back; there is nothing to go on with."), name),
				    _("Begin a new repair."));
	/* It comes to its end with that. */
	if (!journal_last(engine->journal, "end"))
		result = journal_add(engine->journal, "end", json_pack("{s:s, s:i}", "result", "nothing", "exit", 1), true, err);
	return result ? result
		      : error_advise(err, error_set(err, TROUBLE_CANNOT,
						    _("Run %s was cut off before its beginning was on record. Nothing was changed."),
						    name),
				     _("Begin again."));
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
		bool undoing = *stage == RUN_UNDOING;

		talloc_free(made);
		*stage = undoing ? RUN_UNDONE : RUN_AFTER;
		return engine_resume(mem, server, run_name, options, engine, err);
	}
	if (!result && (*stage == RUN_UNBEGUN || *stage == RUN_UNDONE))
		result = stage_refused(made, *stage, err);
	if (!result)
		result = go_on_here(made, look, *stage, err);
	if (result)
		talloc_free(made);
	else
		*engine = made;
	return result;
}

int engine_leave(struct engine *engine, struct error *err)
{
	const char *state = journal_state(engine->journal);

	if (strcmp(state, "cut off") != 0)
		return 0;
	return journal_add(engine->journal, "paused", json_pack("{s:s}", "text", "left by the operator"), true, err);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A run from its beginning to its end. */
#include "run/engine_internal.h"
#include "run/mail.h"

#include <string.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "repair/rehearse.h"
#include "report/outcome.h"
#include "run/finish.h"
#include "run/rehearse.h"
#include "run/resume.h"
#include "run/services.h"

/* ---- beginning ---- */

/* Nothing may be there yet. */
static int place_free(struct engine *engine, const char *path, struct error *err)
{
	bool found;
	int ret = engine->server->ops->file_stat(engine->server, engine, path, &found, NULL, NULL,
		err);

	if (ret || !found)
		return ret;
	return error_advise(err,
		error_set(err, TROUBLE_MOVED, _("%s is there already."), text_shown(engine, path)),
		_("Move it away, then try again."));
}

/* Step 1's tree stands beside Bin, and says whose it is. Where there is no Bin there is nothing to
 * back up. */
static int backup_place(struct engine *engine, const struct survey *survey, struct error *err)
{
	const struct finding *bin = survey_finding(survey, "backup/Bin");

	if (!bin || !bin->target)
		return error_set(err, TROUBLE_BUG, "backup_place");
	engine->bin = talloc_strdup(engine, bin->target);
	if (engine->bin && !bin->can_change)
		return 0;
	engine->backup = engine_tree(engine, engine, engine->bin);
	return engine->bin && engine->backup ? place_free(engine, engine->backup, err)
					     : error_memory(err);
}

static int record_plan(struct engine *engine, struct error *err)
{
	json_t *plan = plan_json(engine->plan);
	int ret = runfolder_write_json(engine->run, "plan.json", plan, err);

	json_decref(plan);
	survey_words(engine->plan->survey, engine->words);
	return ret;
}

static int record_begin(struct engine *engine, struct error *err)
{
	json_int_t count = 0;

	/* Of a running server the registry is saved as such a file, and more is in it. */
	if (record_run(engine, err) || record_registry(engine, err) ||
		(!server_runs(engine->server) &&
			record_entries(engine, engine->plan->survey, "before/entries.reg", err)) ||
		pcmtas_record(engine, engine->plan->survey, err) || record_plan(engine, err))
		return -(int)err->trouble;
	for (size_t i = 0; i < engine->plan->count; i++) {
		const struct plan_row *row = &engine->plan->rows[i];

		if (row->decision == DECISION_UNDECIDED)
			continue;
		if (engine_decide(engine, row->finding->id, row->decision, row->edited, err))
			return -(int)err->trouble;
		count++;
	}
	if (journal_add(engine->journal, JOURNAL_BEGUN, json_pack("{s:I}", "decisions", count),
		    true, err))
		return -(int)err->trouble;
	engine->begun = true;
	return 0;
}

/* A run that could not be begun leaves no record, unless it left a trial file: nothing else was
 * changed. */
static int run_begin(struct engine *engine, struct error *err)
{
	char *name;

	if (runfolder_create(engine, engine->runs, &engine->run, err))
		return -(int)err->trouble;
	if (!backup_place(engine, engine->plan->survey, err) &&
		!journal_open(engine, engine->run, &engine->journal, err) &&
		!record_begin(engine, err) && !room_take(engine, ROOM_RUN, 0, false, err) &&
		!trial_make(engine, err))
		return 0;
	/* With an overlay goes whatever is in it; one that cannot be closed stays on record. */
	if (engine->overlay_open)
		engine->trial_left = overlay_close(engine, NULL);
	name = talloc_strdup(engine, runfolder_name(engine->run));
	/* On FUSE a folder with open files cannot go. */
	TALLOC_FREE(engine->journal);
	TALLOC_FREE(engine->run);
	if (name && !engine->trial_left)
		(void)run_remove(engine->runs, name, NULL);
	return -(int)err->trouble;
}

static int place_prepare(struct engine *engine, const char *named, struct error *err)
{
	bool by_hand, simulated = engine->server->caps & SERVER_SIMULATED;

	if (runs_place(engine, named, &engine->runs, &by_hand, err))
		return -(int)err->trouble;
	return runs_prepare(engine, engine->runs, by_hand, simulated, &engine->told.warning, err);
}

int engine_begin(TALLOC_CTX *mem, struct server *server, struct plan *plan,
	const struct engine_options *options, struct engine **engine, struct error *err)
{
	if (engine_new(mem, server, options, engine, err))
		return -(int)err->trouble;
	(*engine)->plan = plan;
	if (!repair_allowed(server, plan->survey, err) && !server->ops->lock(server, err) &&
		!server->ops->reg_gate(server, err) &&
		!plan_rehearse(server, plan, options->runs, err) &&
		!place_prepare(*engine, options->runs, err) && !run_begin(*engine, err))
		return 0;
	TALLOC_FREE(*engine);
	return -(int)err->trouble;
}

/* ---- deciding ---- */

static int row_edit(struct engine *engine, struct plan_row *row, const struct reg_data *edited,
	struct error *err)
{
	int ret = edited
		? plan_edit_allowed(engine->server, engine->plan->survey, row->finding, edited, err)
		: 0;

	if (ret || row->edited == edited)
		return ret;
	row->edited = edited ? regdata_copy(engine->plan, edited) : NULL;
	return edited && !row->edited ? error_memory(err) : 0;
}

/* Whether there is such a row, and it can still be decided about. */
static int row_decidable(const struct plan_row *row, const char *id, struct error *err)
{
	if (!row)
		return error_set(err, TROUBLE_BUG, "engine_decide: %s", id);
	return row->written
		? error_set(err, TROUBLE_CANNOT,
			  _("This is written and verified already; to put it back use Undo."))
		: 0;
}

int engine_decide(struct engine *engine, const char *id, enum decision decision,
	const struct reg_data *edited, struct error *err)
{
	struct plan_row *row = engine->plan ? plan_find(engine->plan, id) : NULL;
	struct change *change = NULL;
	int ret = row_decidable(row, id, err);

	if (!ret)
		ret = row_edit(engine, row, edited, err);
	if (!ret && decision == DECISION_CHANGE && !plan_row_changes(row))
		ret = error_set(err, TROUBLE_PLAN_FOREIGN,
			_("There is nothing that the program could change %s to. %s"),
			finding_id_shown(engine, row->finding->id), row->finding->todo);
	if (!ret && decision == DECISION_CHANGE)
		ret = change_from_row(engine, engine->plan, row, engine->backup, &change, err);
	if (!ret && change && engine_wrote(engine))
		ret = undo_possible(engine, change, err);
	if (!ret)
		ret = record_decision(engine, id, decision, change, row->finding, engine->begun,
			err);
	if (!ret)
		row->decision = decision;
	return ret;
}

/* ---- step 1 ---- */

static struct change *backup_decided(const struct engine *engine)
{
	for (size_t i = 0; i < engine->decided_count; i++)
		if (engine->decided[i].change && engine->decided[i].change->kind == KIND_BACKUP)
			return engine->decided[i].change;
	return NULL;
}

static int backup_make(struct engine *engine, struct change *change, struct error *err)
{
	bool removed;

	if (overlay_write(engine, err) || backup_discard(engine, &removed, err))
		return -(int)err->trouble;
	if (removed)
		runfolder_log(engine->run, "removed a backup that was not finished: %s",
			engine->backup);
	if (change_room(engine->server, &change, 1, 'C', 0, err))
		return -(int)err->trouble;
	return act_run_one(engine, change, err);
}

int engine_backup(struct engine *engine, struct error *err)
{
	struct change *change = backup_decided(engine);
	int ret;

	if (engine->backup_verified)
		return 0;
	if (!engine->backup) {
		ret = place_free(engine, engine->bin, err);
		if (!ret)
			ret = engine_tell(engine, STEP_BACKUP,
				_("There is no Bin, so there is nothing to back up"), err);
	} else if (!change) {
		return error_advise(err,
			error_set(err, TROUBLE_CANNOT,
				_("The backup of step 1 was not decided, and without it nothing is changed.")),
			_("Decide for the backup first: in a plan, set the decision of backup/Bin to \"change\"."));
	} else {
		ret = backup_make(engine, change, err);
	}
	engine->backup_verified = !ret;
	return ret ? overlay_settle(engine, ret, err) : 0;
}

bool engine_backed_up(const struct engine *engine)
{
	return engine->backup_verified;
}

/* ---- steps 2 to 4 ---- */

/* The plan may have been changed behind the engine's back; what is carried out is what is on
 * record. */
static int decisions_recorded(struct engine *engine, struct error *err)
{
	for (size_t i = 0; engine->plan && i < engine->plan->count; i++) {
		const struct plan_row *row = &engine->plan->rows[i];
		const struct decided *decided = engine_decided(engine, row->finding->id);

		if (row->decision == DECISION_CHANGE &&
			(!decided || decided->decision != DECISION_CHANGE))
			return error_set(err, TROUBLE_BUG,
				_("The decision about %s is not on record; nothing is changed."),
				finding_id_shown(engine, row->finding->id));
	}
	return 0;
}

/* With a plan, what it has to write: what was written before may have changed since, which is no
 * affair of this writing. */
static bool still_to_write(const struct engine *engine, const struct history *history,
	const struct change *change)
{
	const struct plan_row *row = engine->plan ? plan_find(engine->plan, change->id) : NULL;

	return engine->plan ? row && row->decision == DECISION_CHANGE && !row->written
			    : !history_taken_back(history, change);
}

/* The decided changes of one step that were not put back since. */
static struct change **changes_of_step(struct engine *engine, TALLOC_CTX *mem,
	const struct history *history, int step, size_t *count)
{
	struct change **changes = memory_array(mem, sizeof *changes, engine->decided_count);

	*count = 0;
	for (size_t i = 0; changes && i < engine->decided_count; i++) {
		const struct decided *decided = &engine->decided[i];

		if (decided->decision == DECISION_CHANGE && decided->change->step == step &&
			still_to_write(engine, history, decided->change))
			changes[(*count)++] = decided->change;
	}
	return changes;
}

struct step_todo {
	struct change **changes;
	size_t count, old;
	struct error note; /* see struct act; of changes that are still to be made */
};

/* What there is to do; nothing may be there that is neither side. Looked at as a whole before the
 * first change is made. */
static int step_check(struct engine *engine, TALLOC_CTX *mem, const struct history *history,
	struct step_todo *todo, struct error *err)
{
	for (size_t i = 0; i < todo->count; i++) {
		enum change_state state;
		char *text;

		if (change_state_read(engine->server, mem, todo->changes[i], &state, &text, err))
			return -(int)err->trouble;
		if (state != CHANGE_OLD && state != CHANGE_NEW)
			return error_set(err, TROUBLE_MOVED,
				_("%s is neither as it was nor as it was decided. It is now: %s"),
				finding_id_shown(mem, todo->changes[i]->id),
				change_state_text(engine->server, mem, todo->changes[i], text));
		/* A record may be forged; what a plan holds was checked when it was decided. */
		if (state == CHANGE_OLD && engine->ground &&
			change_names(engine->server, engine->ground, todo->changes[i], err))
			return -(int)err->trouble;
		/* What a cut act made was not seen to its end: in one copy of the registry it may
		 * still be old, and the record is to say of all that it was read back. */
		todo->old += state == CHANGE_OLD || history_cut(history, todo->changes[i]->id);
	}
	return 0;
}

static int steps_check(struct engine *engine, TALLOC_CTX *mem, const struct history *history,
	struct step_todo todo[STEP_SHARE + 1], struct error *err)
{
	int ret = 0;

	for (int step = STEP_FILES; !ret && step <= STEP_SHARE; step++) {
		struct server_rehearsal comes_to = { 0 };

		todo[step].changes = changes_of_step(engine, mem, history, step, &todo[step].count);
		ret = todo[step].changes ? step_check(engine, mem, history, &todo[step], err)
					 : error_memory(err);
		if (!ret && todo[step].old)
			ret = changes_rehearse(engine->server, todo[step].changes, todo[step].count,
				'C', 0, &comes_to, err);
		todo[step].note = comes_to.note;
	}
	return ret;
}

static void rows_written(struct engine *engine, const struct step_todo *todo)
{
	for (size_t i = 0; i < todo->count; i++) {
		const char *id = todo->changes[i]->id;
		struct plan_row *row = engine->plan ? plan_find(engine->plan, id) : NULL;

		engine_decided(engine, id)->made = true;
		if (row)
			row->written = true;
	}
}

static int steps_carry_out(struct engine *engine, TALLOC_CTX *mem, struct error *err)
{
	struct step_todo todo[STEP_SHARE + 1] = { 0 };
	struct history history;

	if (room_take(engine, ROOM_CARRY, 0, false, err) ||
		history_read(mem, engine, &history, err) ||
		steps_check(engine, mem, &history, todo, err))
		return -(int)err->trouble;
	for (int step = STEP_FILES; step <= STEP_SHARE; step++) {
		struct act act = { .step = step,
			.changes = todo[step].changes,
			.count = todo[step].count,
			.note = todo[step].note };

		if (todo[step].old && act_run(engine, &act, err))
			return -(int)err->trouble;
		rows_written(engine, &todo[step]);
	}
	return 0;
}

int engine_carry_out(struct engine *engine, struct error *err)
{
	struct error why;
	TALLOC_CTX *tmp;
	int ret = decisions_recorded(engine, err);

	if (!ret && engine->plan && !survey_lives(engine->plan->survey))
		ret = error_set(err, TROUBLE_LIVE, "%s",
			survey_live_sentence(engine->plan->survey));
	if (!ret && !engine->backup_verified)
		ret = error_set(err, TROUBLE_CANNOT,
			_("The backup of step 1 is not verified, and without it nothing is changed."));
	if (ret)
		return ret;
	tmp = talloc_new(NULL);
	ret = steps_carry_out(engine, tmp, err);
	/* However it ended, what ran before is to run again; the first trouble is the one that is
	 * told. */
	if (services_up(engine, &why) && !ret)
		ret = error_pass(err, &why);
	talloc_free(tmp);
	ret = overlay_settle(engine, ret, err);
	return ret ? services_left(engine, ret, err) : 0;
}

/* ---- the end ---- */

static json_t *left_json(const struct survey *final)
{
	json_t *left = json_array();

	for (size_t i = 0; i < final->finding_count; i++)
		if (finding_is_open(&final->findings[i]))
			json_array_append_new(left, json_string(final->findings[i].id));
	return left;
}

static int finish_record(struct engine *engine, const struct survey *final, int *exit_code,
	struct error *err)
{
	bool all = final->open == 0;
	enum run_end end = engine->told.undone ? END_UNDONE : all ? END_REPAIRED : END_LEFT;
	struct evidence_list *evidence;
	char hex[65];

	if (evidence_read(engine, engine->journal, &evidence, err))
		return -(int)err->trouble;
	/* A run that came to step 5 is as good as its weakest line there. */
	all &= evidence->count == 0 || evidence_weakest(evidence) == MAIL_VERIFIED;
	/* Nor is one whose services did not come up again all right. */
	*exit_code = (engine->told.undone || all) && !engine_services_down(engine) ? 0 : 1;
	if (record_survey(engine, final, hex, err) ||
		journal_add(engine->journal, JOURNAL_SURVEYED,
			json_pack("{s:I, s:o, s:s}", "needed", (json_int_t) final->changes_needed,
				"left", left_json(final), "sha256", hex),
			false, err) ||
		journal_end(engine->journal, end, *exit_code, err) || record_report(engine, err))
		return -(int)err->trouble;
	room_end(engine);
	return 0;
}

int engine_finish(struct engine *engine, const struct survey_options *options, int *exit_code,
	struct error *err)
{
	const struct survey *final;

	if (engine->told.idle)
		return error_set(err, TROUBLE_BUG, "engine_finish: %s", engine->told.idle);
	/* What counts is what a stranger would find. */
	if (overlay_close(engine, err) || engine_survey(engine, engine, options, &final, err) ||
		record_entries(engine, final, "after/entries.reg", err))
		return -(int)err->trouble;
	/* A server that is off runs next: what comes to it then is new. */
	if (!(engine->server->caps & SERVER_SERVICES) && engine_mail_before(engine, final, err))
		return -(int)err->trouble;
	return finish_record(engine, final, exit_code, err);
}

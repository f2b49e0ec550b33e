/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An earlier run opened again, and gone on with. */
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "run/engine_internal.h"
#include "run/services.h"

/* ---- opening ---- */

static bool same_text(const json_t *was, const char *member, const char *is)
{
	char *text = path_of_json(NULL, was, member);
	bool same = text && !strcmp(text, is ? is : "");

	talloc_free(text);
	return same;
}

/* The computer's name alone would not do: a server that was set up anew has it again. One practice server is like another, and still not it. */
bool run_is_of(const struct server *server, const json_t *entry)
{
	const json_t *was = json_object_get(entry, "server");
	const struct server_id *is = &server->id;

	return (!json_is_true(json_object_get(entry, "passing")) || (server->caps & SERVER_PASSING)) && same_text(was, "name", is->name) &&
	       same_text(was, "product_id", is->product_id) &&
	       json_integer_value(json_object_get(was, "install_date")) == (json_int_t)is->install_date;
}

static int run_identity(struct engine *engine, const json_t *entry, struct error *err)
{
	const json_t *was = json_object_get(entry, "server");
	char *name = path_of_json(engine, was, "name"), *shown = name ? text_shown(engine, name) : NULL;

	if (json_is_true(json_object_get(entry, "passing")) && !(engine->server->caps & SERVER_PASSING))
		return error_set(err, TROUBLE_OTHER_SERVER,
				 _("Run %s was made on a practice server that is gone, with the program that had made it; only its report is left."),
				 runfolder_name(engine->run));
	if (run_is_of(engine->server, entry))
		return 0;
	return error_set(err, TROUBLE_OTHER_SERVER, _("Run %s was made on another server, %.100s."),
			 runfolder_name(engine->run), shown ? shown : "");
}

static bool path_proper(TALLOC_CTX *mem, const char *path)
{
	char *normal = path ? path_normal(mem, path) : NULL;

	return normal && !strcmp(normal, path);
}

/* The tree's name follows from Bin and run: it is not believed, but made again and compared. */
static int run_places(struct engine *engine, const json_t *entry, struct error *err)
{
	char *backup = path_of_json(engine, entry, "backup");

	engine->bin = path_of_json(engine, entry, "bin");
	if (path_proper(engine, engine->bin) && json_is_null(json_object_get(entry, "backup")))
		return 0;
	if (path_proper(engine, engine->bin))
		engine->backup = talloc_asprintf(engine, "%s.q240208-%s", engine->bin, runfolder_name(engine->run));
	if (!engine->backup || !backup || strcmp(backup, engine->backup) != 0)
		return error_set(err, TROUBLE_RECORD_DAMAGED,
				 _("The journal of run %s does not say where its backup is."),
				 runfolder_name(engine->run));
	return 0;
}

static bool backup_was_verified(const struct journal *journal)
{
	bool verified = false;

	for (size_t i = 0; i < journal_count(journal); i++) {
		const json_t *entry = journal_entry(journal, i);

		if (entry_is(entry, "done") && entry_number(entry, "step") == STEP_BACKUP)
			verified = !json_is_true(json_object_get(entry, "undo"));
	}
	return verified;
}

static bool change_in_place(const struct engine *engine, const char *setups, const struct change *change)
{
	switch (change->kind) {
	case KIND_BACKUP:
		return engine->backup && path_equal(change->target, engine->backup) && path_equal(change->source, engine->bin);
	case KIND_FILE:
		return path_under(change->target, engine->bin) && setups && path_under(change->source, setups);
	default:
		return true;
	}
}

/* Whoever wrote the record: files go from setup's Msmcon to the relocated Bin, and nowhere else. */
static int decided_places(struct engine *engine, const json_t *entry, struct error *err)
{
	char *setups = path_of_json(engine, entry, "default");

	for (size_t i = 0; i < engine->decided_count; i++) {
		const struct change *change = engine->decided[i].change;

		if (change && !change_in_place(engine, setups, change))
			return error_set(err, TROUBLE_RECORD_DAMAGED,
					 _("The journal of run %s asks for a file where this program never writes one: %.200s."),
					 runfolder_name(engine->run), change->id);
	}
	return 0;
}

static int run_read(struct engine *engine, struct error *err)
{
	const json_t *entry = journal_last(engine->journal, "run");
	int result;

	if (!entry)
		return 0;
	if (!document_format_known(entry))
		return error_set(err, TROUBLE_RECORD_DAMAGED,
				 _("The journal of run %s is of a format that this version does not know. Use the version that made the run."),
				 runfolder_name(engine->run));
	result = run_identity(engine, entry, err);
	if (!result)
		result = run_places(engine, entry, err);
	if (!result)
		result = decided_read(engine, engine->journal, &engine->decided, &engine->decided_count, err);
	if (!result)
		result = decided_places(engine, entry, err);
	engine->begun = journal_last(engine->journal, "begun");
	engine->backup_verified = !engine->backup || backup_was_verified(engine->journal);
	return result;
}

/* For looking alone: nobody decides anything. */
int engine_of_run(TALLOC_CTX *mem, struct server *server, struct runfolder *run, struct engine **engine,
		  struct error *err)
{
	struct engine *made = talloc_zero(mem, struct engine);
	int result;

	if (!made)
		return error_memory(err);
	made->server = server;
	made->run = run;
	result = journal_open(made, run, &made->journal, err);
	if (!result)
		result = run_read(made, err);
	if (result)
		talloc_free(made);
	else
		*engine = made;
	return result;
}

int engine_open(TALLOC_CTX *mem, struct server *server, const char *run_name, bool writable,
		const struct engine_options *options, struct engine **engine, struct error *err)
{
	struct engine *made;
	bool by_hand;
	int result = engine_new(mem, server, options, &made, err);

	if (result)
		return result;
	result = runs_place(made, options->runs, &made->runs, &by_hand, err);
	if (!result)
		result = runfolder_open(made, made->runs, run_name, writable, &made->run, err);
	if (!result)
		result = journal_open(made, made->run, &made->journal, err);
	if (!result)
		result = run_read(made, err);
	if (!result && writable)
		result = server->ops->lock(server, err);
	if (!result && writable && !(server->caps & SERVER_WRITE))
		result = error_set(err, TROUBLE_READ_ONLY, _("This server can be looked at, but not written to."));
	if (result)
		talloc_free(made);
	else
		*engine = made;
	return result;
}

/* ---- sweeping ---- */

struct change **changes_decided(struct engine *engine, size_t *count)
{
	struct change **changes = talloc_array(engine, struct change *, (unsigned)engine->decided_count + 1);

	*count = 0;
	for (size_t i = 0; changes && i < engine->decided_count; i++)
		if (engine->decided[i].change)
			changes[(*count)++] = engine->decided[i].change;
	return changes;
}

int engine_names_free(struct engine *engine, struct error *err)
{
	size_t count;
	struct change **changes = changes_decided(engine, &count);
	int result = changes ? change_free(engine->server, changes, count, err) : error_memory(err);

	talloc_free(changes);
	return result;
}

int engine_sweep(struct engine *engine, const struct history *history, struct error *err)
{
	struct change **changes;
	size_t count, removed = 0;
	int result = trial_clear(engine, history, err);

	if (result || history->swept)
		return result;
	/* What may have been there before the run is nobody's to remove. */
	if (!history->free)
		return engine_names_free(engine, err);
	changes = changes_decided(engine, &count);
	result = changes ? change_sweep(engine->server, changes, count, &removed, err) : error_memory(err);
	if (removed)
		runfolder_log(engine->run, "removed %zu names that were left when the run was cut off", removed);
	talloc_free(changes);
	return result;
}

/* ---- going on ---- */

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

	if (!journal_finished(engine->journal) || !journal_last(engine->journal, "end"))
		result = journal_add(engine->journal, "end", json_pack("{s:s, s:i}", "result", "nothing", "exit", 1),
				     true, err);
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
	int result = journal_add(engine->journal, "resumed", json_pack("{s:s}", "operator", engine->operator_name),
				 true, err);

	if (!result)
		result = engine_sweep(engine, history, err);
	if (!result)
		result = history->undoing ? resume_undo(engine, history, err) : resume_repair(engine, history, err);
	return result;
}

static int resume_run(struct engine *engine, struct error *err)
{
	const char *state = journal_state(engine->journal);
	struct history history;
	int result;

	if (!engine->begun)
		return idle_unbegun(engine, err);
	if (!strcmp(state, "done"))
		return idle_ended(engine, _("This run is finished; there is nothing to go on with."),
				  entry_number(journal_last(engine->journal, "end"), "exit"), err);
	if (!strcmp(state, "undone"))
		return idle_ended(engine, _("This run was put back; there is nothing to go on with."), 0, err);
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

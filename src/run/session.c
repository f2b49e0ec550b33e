/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A server and a run of it, opened: what everything else in this room stands on. */
#include <string.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "record/reached.h"
#include "run/engine_internal.h"
#include "run/resume.h"

enum { RUN_FILE_LIMIT = 64 << 20 };

/* ---- making one ---- */

static int engine_free(struct engine *engine)
{
	json_decref(engine->words);
	json_decref(engine->places);
	return 0;
}

int engine_new(TALLOC_CTX *mem, struct server *server, const struct engine_options *options,
	struct engine **engine, struct error *err)
{
	struct engine *made;

	if (!options->operator_name || !text_is_name(options->operator_name))
		return error_set(err, TROUBLE_USAGE,
			_("Who decides? Give the operator's name; without one nothing is changed."));
	made = talloc_zero(mem, struct engine);
	if (!made)
		return error_memory(err);
	made->words = json_object();
	talloc_set_destructor(made, engine_free);
	made->server = server;
	made->progress = options->progress;
	made->tell = options->tell;
	made->made = options->made;
	made->tell_arg = options->tell_arg;
	made->operator_name = text_shown(made, options->operator_name);
	made->how = text_shown(made, options->decided_how ? options->decided_how : "");
	*engine = made;
	return 0;
}

int engine_tell(struct engine *engine, int step, const char *sentence, struct error *err)
{
	runfolder_log(engine->run, "%d %s", step, sentence);
	if (!engine->tell || !engine->tell(engine->tell_arg, step, sentence))
		return 0;
	return error_advise(err, error_set(err, TROUBLE_STOPPED, _("Stopped between two changes.")),
		_("Nothing is lost. Start the program again and resume the run."));
}

const char *engine_run_name(const struct engine *engine)
{
	return runfolder_name(engine->run);
}

struct runfolder *engine_runfolder(struct engine *engine)
{
	return engine->run;
}

/* Where the server is now counts before what the record says. */
static struct server_reached engine_reached(const struct engine *engine, TALLOC_CTX *mem)
{
	struct server_reached reached = { 0 };

	if (engine->server)
		reached = engine->server->reached;
	if (!reached_said(&reached))
		(void)reached_read(mem, journal_last(engine->journal, JOURNAL_RUN), &reached);
	return reached;
}

char *engine_command(const struct engine *engine, TALLOC_CTX *mem, const char *command)
{
	struct server_reached reached = engine_reached(engine, mem);
	char *line = reached_command(mem, &reached, engine->runs, command, engine_run_name(engine));

	return reached_signed(line, command, engine->operator_name,
		engine->server ? engine->server->id.name : NULL);
}

char *engine_record_command(const struct engine *engine, TALLOC_CTX *mem)
{
	return reached_command(mem, NULL, engine->runs, "resume", engine_run_name(engine));
}

char *engine_check_command(const struct engine *engine, TALLOC_CTX *mem)
{
	struct server_reached reached = engine_reached(engine, mem);
	char *kept = reached_kept(mem, engine->journal);

	if (kept)
		reached.image = kept;
	return reached_command(mem, &reached, engine->runs, "check", NULL);
}

char *engine_needs(const struct engine *engine, TALLOC_CTX *mem)
{
	struct server_reached reached = engine_reached(engine, mem);

	return reached_needs(mem, &reached);
}

const char *engine_backup_root(const struct engine *engine)
{
	return engine->backup ? engine->backup : engine->bin;
}

bool engine_wrote(const struct engine *engine)
{
	for (size_t i = 0; i < journal_count(engine->journal); i++) {
		const json_t *entry = journal_entry(engine->journal, i);

		if (entry_is(entry, JOURNAL_ACT) && entry_number(entry, "step") > STEP_BACKUP)
			return true;
	}
	return false;
}

const char *engine_outcome(const struct engine *engine)
{
	if (engine_wrote(engine))
		return _("What was decided is written and verified.");
	for (size_t i = 0; i < engine->decided_count; i++)
		if (engine->decided[i].decision == DECISION_KEEP)
			return _("Nothing was written: everything was kept by decision.");
	return _("Nothing was written: there was nothing to change.");
}

const struct change *engine_made(const struct engine *engine, const char *id)
{
	const struct decided *decided = engine_decided(engine, id);

	return decided && decided->made ? decided->change : NULL;
}

bool engine_took_back(const struct engine *engine, const char *id)
{
	const struct decided *decided = engine_decided(engine, id);

	return decided && decided->taken_back;
}

struct plan *engine_plan(struct engine *engine)
{
	return engine->plan;
}

const struct engine_told *engine_told(const struct engine *engine)
{
	return &engine->told;
}

/* ---- opening ---- */

static bool same_text(const json_t *was, const char *member, const char *is)
{
	char *text = path_of_json(NULL, was, member);
	bool same = text && !strcmp(text, is ? is : "");

	talloc_free(text);
	return same;
}

/* It went with the program that had made it. */
static bool passed(const struct server *server, const json_t *entry)
{
	return json_is_true(json_object_get(entry, "passing")) &&
		!(server->caps & SERVER_TEMPORARY);
}

/* The computer's name alone would not do: a server that was set up anew has it again. One practice
 * server is like another, and still not it. */
bool run_is_of(const struct server *server, const json_t *entry)
{
	const json_t *was = json_object_get(entry, "server");
	const struct server_id *is = &server->id;

	return !passed(server, entry) && same_text(was, "name", is->name) &&
		same_text(was, "product_id", is->product_id) &&
		json_integer_value(json_object_get(was, "install_date")) ==
		(json_int_t)is->install_date;
}

int run_gone(const char *name, enum trouble trouble, struct error *err)
{
	int ret = error_set(err, trouble,
		_("Run %s was made on a practice server that is gone: it went with the program. Only its report is left."),
		name);

	return error_advise(err, ret, _("%s report %s shows it, %s runs --forget %s removes it."),
		text_call(), name, text_call(), name);
}

static int run_identity(struct engine *engine, const json_t *entry, struct error *err)
{
	char *name;

	if (run_is_of(engine->server, entry))
		return 0;
	if (passed(engine->server, entry))
		return run_gone(runfolder_name(engine->run), TROUBLE_OTHER_SERVER, err);
	name = path_of_json(engine, json_object_get(entry, "server"), "name");
	return error_set(err, TROUBLE_OTHER_SERVER, _("Run %s was made on another server, %s."),
		runfolder_name(engine->run), text_shown(engine, name ? name : ""));
}

/* The tree's name follows from Bin and run: it is not believed, but made again and compared. */
static int run_places(struct engine *engine, const json_t *entry, struct error *err)
{
	char *backup = path_of_json(engine, entry, "backup"),
	     *bin = path_of_json(engine, entry, "bin"),
	     *relocated = path_of_json(engine, entry, "relocated");
	char *normal = bin ? path_normal(engine, bin) : NULL;
	bool proper = normal && !strcmp(normal, bin) && relocated &&
		path_equal(bin, path_join(engine, relocated, "Bin"));

	engine->bin = bin;
	if (proper && !json_is_null(json_object_get(entry, "backup"))) {
		engine->backup = engine_tree(engine, engine, bin);
		proper = backup && !strcmp(backup, engine->backup);
	}
	return proper
		? 0
		: error_set(err, TROUBLE_RECORD_DAMAGED,
			  _("The journal of run %s does not say where its Bin and its backup are."),
			  runfolder_name(engine->run));
}

static bool backup_was_verified(const struct journal *journal)
{
	bool verified = false;

	for (size_t i = 0; i < journal_count(journal); i++) {
		const json_t *entry = journal_entry(journal, i);

		if (entry_is(entry, JOURNAL_DONE) && entry_number(entry, "step") == STEP_BACKUP)
			verified = !json_is_true(json_object_get(entry, "undo"));
	}
	return verified;
}

/* A backup that was made in an overlay goes with it. */
int overlay_reread(struct engine *engine, struct error *err)
{
	engine->backup_verified = !engine->backup || backup_was_verified(engine->journal);
	return overlay_stand(engine, engine->journal, &engine->stand, err);
}

/* A file of the run is written only behind the entry that it follows from: a journal without that
 * entry is not what it was, and what it no longer says cannot be told. */
static int run_whole(struct engine *engine, struct error *err)
{
	static const struct {
		const char *file;
		/* an end may have gone with its overlay */
		enum journal_kind entry, or, lost;
	} rows[] = { { "server.json", JOURNAL_RUN, JOURNAL_RUN, JOURNAL_RUN },
		{ "plan.json", JOURNAL_SAVED, JOURNAL_SAVED, JOURNAL_SAVED },
		{ "report.json", JOURNAL_END, JOURNAL_PAUSED, JOURNAL_OVERLAY } };

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		uint8_t *bytes;
		size_t len;

		if (journal_last(engine->journal, rows[i].entry) ||
			journal_last(engine->journal, rows[i].or) ||
			journal_last(engine->journal, rows[i].lost) ||
			runfolder_read(engine->run, engine, rows[i].file, RUN_FILE_LIMIT, &bytes,
				&len, NULL) == -TROUBLE_NOT_THERE)
			continue;
		return error_advise(err,
			error_set(err, TROUBLE_RECORD_DAMAGED,
				_("The journal of run %s is not whole: it does not say what led to its %s."),
				runfolder_name(engine->run), rows[i].file),
			_("Restore the journal from a copy of the run folder. The registry files in before/ and "
			  "the backup of Bin stay as they are."));
	}
	return 0;
}

/* The journal, if it is of this server, and what it says was decided. */
static int run_read(struct engine *engine, struct error *err)
{
	const json_t *entry;
	int ret = journal_open(engine, engine->run, &engine->journal, err);

	if (!ret)
		ret = run_whole(engine, err);
	entry = ret ? NULL : journal_last(engine->journal, JOURNAL_RUN);
	if (!entry)
		return ret;
	if (!document_format_known(entry))
		return error_set(err, TROUBLE_RECORD_DAMAGED,
			_("The journal of run %s is of a format that this version does not know. Use the version that made the run."),
			runfolder_name(engine->run));
	if (engine->server)
		ret = run_identity(engine, entry, err);
	if (!ret)
		ret = run_places(engine, entry, err);
	if (!ret && engine->server)
		ret = engine_ground(engine, entry, err);
	if (!ret)
		ret = decided_read(engine, err);
	engine->begun = journal_last(engine->journal, JOURNAL_BEGUN);
	return ret ? ret : overlay_reread(engine, err);
}

/* For looking alone: nobody decides anything. */
int engine_of_run(TALLOC_CTX *mem, struct server *server, struct runfolder *run,
	struct engine **engine, struct error *err)
{
	struct engine *made = talloc_zero(mem, struct engine);
	int ret;

	if (!made)
		return error_memory(err);
	made->words = json_object();
	talloc_set_destructor(made, engine_free);
	made->server = server;
	made->run = run;
	ret = run_read(made, err);
	if (ret)
		talloc_free(made);
	else
		*engine = made;
	return ret;
}

static int engine_lock(struct engine *engine, struct error *err)
{
	int ret = engine->server ? engine->server->ops->lock(engine->server, err) : 0;

	if (!ret && engine->server && !(engine->server->caps & SERVER_WRITE))
		ret = error_set(err, TROUBLE_READ_ONLY,
			_("This server can be looked at, but not written to."));
	return ret;
}

int engine_open(TALLOC_CTX *mem, struct server *server, const char *run_name, bool writable,
	const struct engine_options *options, struct engine **engine, struct error *err)
{
	struct engine *made;
	bool by_hand;

	if (engine_new(mem, server, options, &made, err))
		return -(int)err->trouble;
	if (!runs_place(made, options->runs, &made->runs, &by_hand, err) &&
		!runfolder_open(made, made->runs, run_name, writable, &made->run, err) &&
		!run_read(made, err) && (!writable || !engine_lock(made, err))) {
		*engine = made;
		return 0;
	}
	talloc_free(made);
	return -(int)err->trouble;
}

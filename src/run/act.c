/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One act: prepared beside its targets, put on record, switched in, looked at, put on record. */
#include <string.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "run/engine_internal.h"
#include "run/services.h"

/* What is prepared: a batch, or whole registry files. */
struct prepared {
	struct batch *batch;
	struct reg_stage *whole;
};

int act_number_next(const struct journal *journal)
{
	int last = 0;

	for (size_t i = 0; i < journal_count(journal); i++) {
		int number = entry_number(journal_entry(journal, i), "act");

		last = number > last ? number : last;
	}
	return last + 1;
}

/* "paused" with the reason. */
static void act_paused(struct engine *engine, const struct error *why)
{
	(void)journal_add(engine->journal, JOURNAL_PAUSED,
		json_pack("{s:s}", "text", error_recorded(engine, why)), true, NULL);
	runfolder_log(engine->run, "paused: %s", why->text);
}

static void act_failed(struct engine *engine, int number, const struct error *why)
{
	json_t *fields = json_pack("{s:i, s:s, s:s}", "act", number, "trouble",
		trouble_name(why->trouble), "text", error_recorded(engine, why));

	(void)journal_add(engine->journal, JOURNAL_FAILED, fields, true, NULL);
	runfolder_log(engine->run, "act %d failed: %s", number, why->text);
}

static json_t *act_fields(const struct act *act, int number)
{
	json_t *fields = json_pack("{s:i, s:i}", "act", number, "step", act->step);

	if (act->undo)
		json_object_set_new(fields, "undo", json_true());
	if (act->images)
		json_object_set_new(fields, "image", json_true());
	return fields;
}

/* The times of what an act changes besides: an undo of everything puts them back where they are
 * still those that the last act left. */
int times_record(struct engine *engine, char *const *paths, size_t count, json_t *times,
	struct error *err)
{
	for (size_t i = 0; i < count; i++) {
		struct file_meta meta;
		bool found;
		char *coded = text_percent(engine, paths[i]);

		if (engine->server->ops->file_stat(engine->server, engine, paths[i], &found, &meta,
			    NULL, err))
			return -(int)err->trouble;
		if (found &&
			(!coded ||
				json_object_set_new(times, coded,
					json_integer((json_int_t)meta.mtime))))
			return error_memory(err);
		talloc_free(coded);
	}
	return 0;
}

static int act_times(struct engine *engine, const struct act *act, TALLOC_CTX *mem, json_t *times,
	struct error *err)
{
	char **paths;
	size_t count;

	if (change_touched(engine->server, mem, act->changes, act->count, &paths, &count, err))
		return -(int)err->trouble;
	return times_record(engine, paths, count, times, err);
}

static int act_preparing(struct engine *engine, const struct act *act, int number, TALLOC_CTX *mem,
	struct error *err)
{
	/* An undo puts back the times that the first acts found. */
	json_t *fields = act_fields(act, number), *times = act->undo ? NULL : json_object();
	int ret = times ? act_times(engine, act, mem, times, err) : 0;

	json_object_set_new(fields, "count", json_integer((json_int_t)act->count));
	/* What lies there from now on is this run's, and is swept. */
	json_object_set_new(fields, "free", json_true());
	if (times)
		json_object_set_new(fields, "times", times);
	if (!ret)
		return journal_add(engine->journal, JOURNAL_PREPARING, fields, true, err);
	json_decref(fields);
	return ret;
}

static struct reg_stage *prepared_hives(const struct prepared *prepared)
{
	return prepared->whole ? prepared->whole : batch_hives(prepared->batch);
}

/* The digests of the registry files as the act found them and as it will leave them: by them an
 * undo knows whether anybody else has written, before, between and after the acts. */
static int act_hives(const struct engine *engine, const struct act *act,
	const struct prepared *prepared, json_t *fields, struct error *err)
{
	struct reg_stage *stage = prepared_hives(prepared);
	const struct server_ops *ops = engine->server->ops;
	json_t *found, *leaves;

	if (!stage || !(engine->server->caps & SERVER_HIVES))
		return 0;
	found = json_object();
	leaves = json_object();
	if (json_object_set_new(fields, "found", found) ||
		json_object_set_new(fields, "leaves", leaves))
		return error_memory(err);
	if (ops->reg_stage_files(stage, false, hive_digest, found, err) ||
		ops->reg_stage_files(stage, true, hive_digest, leaves, err))
		return -(int)err->trouble;
	return !act->images || hives_followed(engine->journal, found)
		? 0
		: error_set(err, TROUBLE_MOVED,
			  _("Somebody else has written to the registry since the undo began. The registry was not put back."));
}

/* Every change, on record before anything visible changes. Before and after of a change stand with
 * its decision: the act only names both. */
static int act_begun(struct engine *engine, const struct act *act, int number,
	const struct prepared *prepared, struct error *err)
{
	json_t *fields = act_fields(act, number), *changes = json_array(), *decided = json_array();
	int failed = 0, ret;

	for (size_t i = 0; i < act->count; i++) {
		const struct change *change = act->changes[i];

		failed |= json_array_append_new(changes,
			change->record ? json_string(change->id) : change_json(change));
		failed |= json_array_append_new(decided, json_integer((json_int_t)change->record));
	}
	failed |= json_object_set_new(fields, "changes", changes);
	failed |= json_object_set_new(fields, "decided", decided);
	ret = failed ? error_memory(err) : act_hives(engine, act, prepared, fields, err);
	if (!ret)
		return journal_add(engine->journal, JOURNAL_ACT, fields, true, err);
	json_decref(fields);
	return ret;
}

static int act_prepare(struct engine *engine, const struct act *act, TALLOC_CTX *mem,
	struct prepared *prepared, struct error *err)
{
	struct server *server = engine->server;

	if (act->images)
		return server->ops->reg_stage_whole(server, mem, act->images, act->image_count,
			&prepared->whole, err);
	return batch_prepare(server, mem, act->changes, act->count, &engine->progress,
		&prepared->batch, err);
}

static int act_switch(struct engine *engine, struct prepared *prepared, struct error *err)
{
	size_t copies;

	if (prepared->whole)
		return engine->server->ops->reg_switch(prepared->whole, &copies, err);
	return batch_switch(prepared->batch, &engine->progress, err);
}

static int change_prove(struct engine *engine, const struct change *change, TALLOC_CTX *mem,
	json_t *looked, struct error *err)
{
	enum change_state state;
	char *text;

	if (change_state_read(engine->server, mem, change, &state, &text, err))
		return -(int)err->trouble;
	if (state != CHANGE_NEW)
		return error_set(err, TROUBLE_VERIFY,
			_("%s was written, but looked at again it is: %s"),
			finding_id_shown(mem, change->id),
			change_state_text(engine->server, mem, change, text));
	if (json_object_set_new(looked, change->id, json_string(change_state_name(state))))
		return error_memory(err);
	if (engine->made)
		engine->made(engine->tell_arg, change);
	return 0;
}

/* A backup has been read back and compared as a whole when it comes here; what it holds is on
 * record before it counts. */
static int act_read_back(struct engine *engine, const struct act *act,
	const struct prepared *prepared, TALLOC_CTX *mem, json_t *looked, struct error *err)
{
	const struct copy_list *list = prepared->batch ? batch_backup_list(prepared->batch) : NULL;
	int ret = list ? record_manifest(engine, list, err) : 0;

	for (size_t i = 0; !ret && i < act->count; i++)
		ret = change_prove(engine, act->changes[i], mem, looked, err);
	return ret;
}

/* A sentence behind what *text says already, once; NULL: nothing. */
static int note_add(TALLOC_CTX *mem, char **text, const char *note, struct error *err)
{
	char *more;

	if (!note || (*text && strstr(*text, note)))
		return 0;
	more = talloc_asprintf(mem, "%s%s%s", *text ? *text : "", *text ? " " : "", note);
	talloc_free(*text);
	*text = more;
	return more ? 0 : error_memory(err);
}

int engine_note(struct engine *engine, const char *note, struct error *err)
{
	return note_add(engine, &engine->told.notes, note, err);
}

/* What there is to know of this act, in the language here. */
static int notes_of(struct engine *engine, const struct act *act, const struct prepared *prepared,
	char **note, struct error *err)
{
	struct reg_stage *stage = prepared_hives(prepared);
	const char *staged = stage ? engine->server->ops->reg_stage_note(stage) : NULL,
		   *rehearsed = *act->note.text ? error_text(&act->note) : NULL;
	int ret = note_add(engine, note, rehearsed, err);

	return ret ? ret : note_add(engine, note, staged, err);
}

/* The same for whoever is told of the run, and on record. */
static int notes_put(struct engine *engine, const struct act *act, const struct prepared *prepared,
	json_t *fields, struct error *err)
{
	char *shown = NULL, *note = NULL;
	int ret = notes_of(engine, act, prepared, &shown, err);
	bool english = i18n_english();

	if (!ret)
		ret = notes_of(engine, act, prepared, &note, err);
	i18n_shown(english);
	if (!ret)
		ret = engine_note(engine, shown, err);
	if (note)
		json_object_set_new(fields, "note", json_string(note));
	if (note && shown)
		json_object_set_new(engine->words, note, json_string(shown));
	talloc_free(shown);
	talloc_free(note);
	return ret;
}

static int act_done(struct engine *engine, const struct act *act, int number,
	const struct prepared *prepared, TALLOC_CTX *tmp, json_t *looked, struct error *err)
{
	const struct copy_list *copied =
		prepared->batch ? batch_backup_list(prepared->batch) : NULL;
	json_t *fields = act_fields(act, number), *times = json_object();

	if (copied)
		json_object_set_new(fields, "items", json_integer((json_int_t)copied->count));
	json_object_set(fields, "looked", looked);
	json_object_set_new(fields, "times", times);
	if (act_times(engine, act, tmp, times, err) ||
		notes_put(engine, act, prepared, fields, err)) {
		json_decref(fields);
		return -(int)err->trouble;
	}
	return journal_add(engine->journal, JOURNAL_DONE, fields, true, err);
}

static const char *act_sentence(const struct act *act, bool ended)
{
	static const struct {
		const char *begins, *ends;
	} steps[] = {
		[STEP_BACKUP] = { N_("Backing up Bin"),
			N_("Bin is backed up, read back and compared") },
		[STEP_FILES] = { N_("Copying files"), N_("Files copied, read back and compared") },
		[STEP_VALUES] = { N_("Writing registry values"),
			N_("Registry values written and read back") },
		[STEP_SHARE] = { N_("Writing the share"), N_("Share written and read back") },
		[STEP_OLDFOLDER] = { N_("Setting the old folder aside"),
			N_("The old folder is set aside") },
	};

	if (act->undo)
		return ended ? _("Put back and looked at again") : _("Putting back");
	return ended ? _(steps[act->step].ends) : _(steps[act->step].begins);
}

static int act_steps(struct engine *engine, const struct act *act, int number, TALLOC_CTX *mem,
	json_t *looked, struct error *err)
{
	struct prepared prepared = { NULL, NULL };
	bool outage = act->step >= STEP_FILES && act->step <= STEP_SHARE;

	if (overlay_write(engine, err) ||
		change_sweep(engine->server, act->changes, act->count, NULL, err) ||
		act_preparing(engine, act, number, mem, err) ||
		engine_tell(engine, act->step, act_sentence(act, false), err) ||
		act_prepare(engine, act, mem, &prepared, err) ||
		/* All is prepared; only now does the outage begin. */
		(outage && services_down(engine, err)) ||
		act_begun(engine, act, number, &prepared, err) ||
		act_switch(engine, &prepared, err) ||
		act_read_back(engine, act, &prepared, mem, looked, err))
		return -(int)err->trouble;
	return act_done(engine, act, number, &prepared, mem, looked, err);
}

int act_run(struct engine *engine, const struct act *act, struct error *err)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	json_t *looked = json_object();
	struct error own = { .trouble = TROUBLE_NONE };
	int number = act_number_next(engine->journal);
	int ret = act_steps(engine, act, number, tmp, looked, &own);

	json_decref(looked);
	/* What was staged goes before the record says that the act came to its end. */
	talloc_free(tmp);
	if (!ret)
		ret = engine_tell(engine, act->step, act_sentence(act, true), &own);
	if (!ret)
		return 0;
	if (own.trouble == TROUBLE_STOPPED)
		act_paused(engine, &own);
	else
		act_failed(engine, number, &own);
	return error_pass(err, &own);
}

int act_run_one(struct engine *engine, struct change *change, struct error *err)
{
	return act_run(engine,
		&(struct act){ .step = change->step, .changes = &change, .count = 1 }, err);
}

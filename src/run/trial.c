/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What only writing can tell, tried when the run is on record and before step 1; and clearing away
 * what a cut left. */
#include <string.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "repair/rehearse.h"
#include "run/engine_internal.h"
#include "run/rehearse.h"

static int folder_try(struct engine *engine, const char *folder, int64_t mtime, struct error *err)
{
	const struct server_ops *ops = engine->server->ops;
	struct error why;
	int ret = ops->trial(engine->server, folder, &why);
	int cleared = ops->trial_clear(engine->server, folder, mtime, ret == 0 ? &why : NULL);
	const char *shown = text_shown(engine, folder);

	if (ret == 0 && cleared == 0)
		return 0;
	/* A file that somebody else put under that name is no trial's. */
	engine->trial_left = cleared != 0 && cleared != -TROUBLE_MOVED;
	if (engine->trial_left)
		return error_advise(err,
			error_set(err, why.trouble,
				_("Before step 1 a trial file was written into %s. It may still be there, and nothing else was "
				  "changed. %s"),
				shown, error_text(&why)),
			_("Undo this run when the drive can be written to again (%s undo last)."),
			text_call());
	return error_advise(err,
		error_set(err, why.trouble,
			_("Before step 1 a trial file was written into %s and removed again. That failed, so nothing was begun. "
			  "%s"),
			shown, error_text(&why)),
		"%s", error_advice(&why));
}

static int trial_folders(struct engine *engine, TALLOC_CTX *mem, char ***folders, size_t *count,
	struct error *err)
{
	struct change **changes;
	size_t change_count;

	if (engine->plan)
		return plan_folders(engine->server, mem, engine->plan, folders, count, err);
	changes = changes_decided(mem, engine, &change_count);
	return changes
		? changes_folders(engine->server, mem, changes, change_count, folders, count, err)
		: error_memory(err);
}

static int folders_try(struct engine *engine, char *const *folders, size_t count,
	const json_t *times, struct error *err)
{
	for (size_t i = 0; i < count; i++) {
		char *coded = text_percent(engine, folders[i]);

		if (folder_try(engine, folders[i],
			    json_integer_value(json_object_get(times, coded)), err))
			return -(int)err->trouble;
		talloc_free(coded);
	}
	return 0;
}

int trial_make(struct engine *engine, struct error *err)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	json_t *times = json_object();
	char **folders;
	size_t count;
	bool tried = !overlay_write(engine, err) &&
		!trial_folders(engine, tmp, &folders, &count, err) &&
		!times_record(engine, folders, count, times, err) &&
		!journal_add(engine->journal, JOURNAL_TRIAL, json_pack("{s:O}", "times", times),
			true, err) &&
		!folders_try(engine, folders, count, times, err) &&
		!journal_add(engine->journal, JOURNAL_TRIED, json_object(), true, err);

	json_decref(times);
	talloc_free(tmp);
	return tried ? 0 : -(int)err->trouble;
}

/* The folders that a repair writes into; whatever a record says, there was no trial anywhere
 * else. */
static bool trial_place(struct engine *engine, TALLOC_CTX *mem, const char *path)
{
	char *bin_in = path_parent(mem, engine->bin),
	     *config = talloc_asprintf(mem, "%s\\system32\\config", engine->server->id.nt_folder);

	return engine->ground &&
		(path_under(path, engine->bin) || (bin_in && path_equal(path, bin_in)) ||
			(config && path_equal(path, config)));
}

static int trial_clear(struct engine *engine, const json_t *trial, struct error *err)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	const char *coded;
	json_t *time;
	int ret = 0;

	json_object_foreach (json_object_get(trial, "times"), coded, time) {
		char *path = text_unpercent(tmp, coded);

		if (ret == 0 && path && json_is_integer(time) && trial_place(engine, tmp, path))
			ret = engine->server->ops->trial_clear(engine->server, path,
				json_integer_value(time), err);
	}
	talloc_free(tmp);
	if (ret == 0)
		runfolder_log(engine->run, "cleared what a trial that was cut off may have left");
	return ret;
}

/* ---- sweeping ---- */

int engine_sweep(struct engine *engine, const struct history *history, struct error *err)
{
	struct change **changes;
	size_t count, removed = 0;
	int ret = history->trial || !history->swept ? overlay_write(engine, err) : 0;

	if (!ret && history->trial)
		ret = trial_clear(engine, history->trial, err);
	if (ret != 0 || history->swept)
		return ret;
	changes = changes_fitting(engine, engine, history, &count);
	if (!changes)
		return error_memory(err);
	/* What may have been there before the run is nobody's to remove. */
	ret = change_sweep(engine->server, changes, count, history->free ? &removed : NULL, err);
	for (size_t i = 0; i < engine->decided_count; i++)
		if (engine->decided[i].change && engine_misfit(engine, engine->decided[i].change))
			runfolder_log(engine->run,
				"what is beside %s was left alone: it does not fit the server",
				engine->decided[i].id);
	if (removed)
		runfolder_log(engine->run,
			"removed %zu names that were left when the run was cut off", removed);
	talloc_free(changes);
	return ret;
}

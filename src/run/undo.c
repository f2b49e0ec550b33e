/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Putting back, newest step first. What there is to put back is told by looking at the server, not by believing the
 * journal. */
#include <string.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "repair/rehearse.h"
#include "run/after.h"
#include "run/rehearse.h"
#include "run/services.h"
#include "run/undo_internal.h"

/* ---- doing it ---- */

enum { ANY_STEP = 0, HIVE_STEPS = -1 };

static bool item_in(const struct item *item, int step)
{
	return step == ANY_STEP || (step == HIVE_STEPS ? item_is_hive(item) : item->change->step == step);
}

static int act_of(struct undoing *undoing, int step, struct act *act, struct error *err)
{
	*act = (struct act){ .step = step, .undo = true };
	act->changes = memory_array(undoing, sizeof *act->changes, undoing->count);
	if (!act->changes)
		return error_memory(err);
	for (size_t i = 0; i < undoing->count; i++) {
		struct item *item = &undoing->items[i];

		if (item->state == CHANGE_OLD && item_in(item, step))
			act->changes[act->count++] = item->reverse;
	}
	return 0;
}

static bool act_has_values(const struct act *act)
{
	for (size_t i = 0; i < act->count; i++)
		if (act->changes[i]->kind == KIND_VALUE)
			return true;
	return false;
}

static int hives_back(struct undoing *undoing, struct error *err)
{
	struct act act;
	int result = 0;

	if (undoing->image_count) {
		result = act_of(undoing, HIVE_STEPS, &act, err);
		act.step = act_has_values(&act) ? STEP_VALUES : STEP_SHARE;
		act.images = undoing->images;
		act.image_count = undoing->image_count;
		return !result && act.count ? act_run(undoing->engine, &act, err) : result;
	}
	for (int step = STEP_SHARE; !result && step >= STEP_VALUES; step--) {
		result = act_of(undoing, step, &act, err);
		if (!result && act.count)
			result = act_run(undoing->engine, &act, err);
	}
	return result;
}

/* The old folder has its own name again before values may lead into it. */
static int folder_back(struct undoing *undoing, struct error *err)
{
	struct act act;
	int result = act_of(undoing, STEP_OLDFOLDER, &act, err);

	return !result && act.count ? act_run(undoing->engine, &act, err) : result;
}

static int files_back(struct undoing *undoing, struct error *err)
{
	struct act act;
	int result = act_of(undoing, STEP_FILES, &act, err);

	if (!result && act.count)
		result = act_run(undoing->engine, &act, err);
	for (size_t i = 0; !result && i < undoing->count; i++)
		result = change_clean(undoing->engine->server, undoing->items[i].reverse, err);
	return result;
}

/* A tree that never was finished goes with the rest; a finished one only when asked for. */
static int tree_judge(struct undoing *undoing, struct error *err)
{
	struct engine *engine = undoing->engine;
	struct file_meta meta;
	bool there = false;
	int result = engine->backup ? engine->server->ops->look(engine->server, undoing, engine->backup, &there, &meta, NULL, err) : 0;

	undoing->tree = there && (undoing->options->backups || (!engine->backup_verified && !undoing->options->step &&
								!undoing->options->change_id));
	return result;
}

static int tree_note(struct undoing *undoing, int number, enum journal_kind kind, struct error *err)
{
	json_t *fields = json_pack("{s:i, s:i, s:b}", "act", number, "step", STEP_BACKUP, "undo", 1);

	if (kind == JOURNAL_ACT)
		json_object_set_new(fields, "changes", json_array());
	if (kind == JOURNAL_DONE)
		json_object_set_new(fields, "removed", json_path(undoing->engine->backup));
	return journal_add(undoing->engine->journal, kind, fields, true, err);
}

static int tree_away(struct undoing *undoing, struct error *err)
{
	struct engine *engine = undoing->engine;
	int number = act_number_next(engine->journal), result;
	bool removed;

	if (!undoing->tree)
		return 0;
	result = tree_note(undoing, number, JOURNAL_ACT, err);
	if (!result)
		result = engine->backup_verified ? backup_remove(engine, err) : backup_discard(engine, &removed, err);
	return result ? result : tree_note(undoing, number, JOURNAL_DONE, err);
}

/* ---- times ---- */

/* Where a time cannot be set at all it stays; a disk that fails is no reason to pass it over. */
static int time_back(struct engine *engine, const char *path, int64_t mtime, struct error *err)
{
	struct error why = { .trouble = TROUBLE_NONE };
	struct file_meta meta;
	bool found = false;
	int result = engine->server->ops->look(engine->server, engine, path, &found, &meta, NULL, &why);

	if (!result && found && meta.mtime != mtime)
		result = engine->server->ops->set_time(engine->server, path, mtime, &why);
	if (result)
		runfolder_log(engine->run, "a time was not put back: %s", why.text);
	return why.trouble == TROUBLE_IO || why.trouble == TROUBLE_NO_ROOM ? error_pass(err, &why) : 0;
}

/* The paths whose times these changes alter; *paths owned by undoing. */
struct touched {
	char **paths;
	size_t count;
};

/* below: or one below it, whose folder may be a new name in it. */
static bool touched_has(const struct touched *touched, const char *path, bool below)
{
	for (size_t i = 0; i < touched->count; i++)
		if (path_equal(touched->paths[i], path) || (below && path_under(touched->paths[i], path)))
			return true;
	return false;
}

/* What the items in that state touch; wanted: only those asked for. */
static int items_touched(struct undoing *all, enum change_state state, const struct undo_options *wanted, struct touched *touched,
			 struct error *err)
{
	struct change **changes = memory_array(all, sizeof *changes, all->count);
	size_t count = 0;

	for (size_t i = 0; changes && i < all->count; i++)
		if (all->items[i].state == state && item_wanted(wanted, all->items[i].change))
			changes[count++] = all->items[i].reverse;
	return changes ? change_touched(all->engine->server, all, changes, count, &touched->paths, &touched->count, err)
		       : error_memory(err);
}

/* The first time on record of each path is the one it had before the run. It comes back with the last change that
 * touched the path. A way of reaching the server that cannot set times leaves them. all: from items_stand. */
static int times_back(struct undoing *all, const struct undo_options *asked, struct error *err)
{
	static const struct undo_options everything = { 0 };
	struct engine *engine = all->engine;
	bool old = json_integer_value(json_object_get(journal_last(engine->journal, JOURNAL_RUN), "format")) == 1;
	struct touched stand = { NULL, 0 }, back = { NULL, 0 };
	json_t *seen = json_object();
	int result = seen ? items_touched(all, CHANGE_OLD, &everything, &stand, err) : error_memory(err);

	if (!result)
		result = items_touched(all, CHANGE_NEW, asked, &back, err);
	for (size_t i = 0; !result && i < journal_count(engine->journal); i++) {
		const json_t *entry = entry_is(journal_entry(engine->journal, i), JOURNAL_PREPARING) ? journal_entry(engine->journal, i) : NULL;
		const json_t *times = json_object_get(entry, "times"), *time;
		const char *coded;

		json_object_foreach((json_t *)(uintptr_t)times, coded, time) {
			char *path = json_object_get(seen, coded) ? NULL : text_unpercent(engine, coded);
			bool ours = path && !touched_has(&stand, path, true) && (!all->todo || touched_has(&back, path, false));

			json_object_set_new(seen, coded, json_true());
			if (!result && ours && json_is_integer(time))
				result = time_back(engine, path,
						   old ? filetime_of_ns(json_integer_value(time))
						       : json_integer_value(time),
						   err);
			talloc_free(path);
		}
	}
	json_decref(seen);
	return result;
}

static int undo_do(struct undoing *undoing, struct error *err)
{
	int result = undoing->todo ? engine_tell(undoing->engine, 0, _("Putting back what this run changed"), err) : 0;

	if (!result)
		result = folder_back(undoing, err);
	if (!result)
		result = hives_back(undoing, err);
	if (!result)
		result = files_back(undoing, err);
	return result ? result : tree_away(undoing, err);
}

/* What reading can tell will fail is refused before the first byte: half of a server put back is neither. */
static int undo_rehearse(struct undoing *undoing, struct error *err)
{
	struct engine *engine = undoing->engine;
	/* Only a dry run leaves what a cut left where it is. */
	struct server_rehearsal comes_to = { .swept_first = undoing->options->dry_run && !undoing->history.swept };
	uint64_t largest = 0;
	struct act act;
	int result = 0;

	if (!undoing->todo && !undoing->tree)
		return 0;
	if (!(engine->server->caps & SERVER_WRITE))
		return error_set(err, TROUBLE_READ_ONLY, _("This server can be looked at, but not written to."));
	if (undoing->tree && engine->backup_verified)
		result = backup_check(engine, false, err);
	if (result == -TROUBLE_NOT_THERE)
		return error_advise(err, result, _("Undo without --backups: the backup stays then, and can be removed by hand."));
	if (!result)
		result = act_of(undoing, ANY_STEP, &act, err);
	for (size_t i = 0; !result && i < act.count; i++)
		if (act.changes[i]->kind == KIND_FILE && act.changes[i]->after.file.size > largest)
			largest = act.changes[i]->after.file.size;
	if (!result)
		result = runs_room(engine->runs, RECORD_LEAST + (uint64_t)act.count * RECORD_ROW, largest, err);
	if (!result && act.count)
		result = changes_rehearse(engine->server, act.changes, act.count, 'C', 0, &comes_to, err);
	talloc_free(comes_to.note);
	return result;
}

static int undo_prepare(struct undoing *undoing, struct error *err)
{
	int result = history_read(undoing, undoing->engine, &undoing->history, err);

	undoing->unsure = !result && history_hives_unsure(&undoing->history);
	if (!result)
		result = items_collect(undoing, err);
	if (!result && undoing->options->change_id && !undoing->count)
		result = error_set(err, TROUBLE_NOT_THERE, _("This run made no change %s that could be put back."),
				   undoing->options->change_id);
	if (!result)
		result = items_look(undoing, err);
	if (!result)
		result = images_judge(undoing, err);
	/* Who puts back a part does not ask for all to be as it was. */
	if (!result && undoing->todo && !undoing->options->step && !undoing->options->change_id)
		result = items_newest(undoing, err);
	if (!result)
		result = tree_judge(undoing, err);
	if (!result)
		result = undo_rehearse(undoing, err);
	return result ? result : items_say(undoing, err);
}

static int undoing_new(struct engine *engine, const struct undo_options *options, struct undoing **undoing,
		       struct error *err)
{
	*undoing = talloc_zero(engine, struct undoing);
	if (*undoing) {
		(*undoing)->engine = engine;
		(*undoing)->options = options;
		(*undoing)->text = talloc_strdup(*undoing, "");
	}
	return *undoing && (*undoing)->text ? 0 : error_memory(err);
}

/* Every change of the run, those that were not asked about included, and which of them still stand: OLD, counted by todo. */
static int items_stand(struct engine *engine, struct undoing **all, struct error *err)
{
	static const struct undo_options everything = { 0 };
	int result = undoing_new(engine, &everything, all, err);

	if (!result)
		result = history_read(*all, engine, &(*all)->history, err);
	if (!result)
		result = items_collect(*all, err);
	for (size_t i = 0; !result && i < (*all)->count; i++) {
		struct item *item = &(*all)->items[i];

		result = change_look(engine->server, *all, item->reverse, &item->state, NULL, err);
		if (item->state != CHANGE_NEW)
			item->state = CHANGE_OLD;
		(*all)->todo += item->state == CHANGE_OLD;
	}
	return result;
}

/* A run that had not come to its end, and of which only a part was put back, can still be resumed. */
static int undo_record(struct engine *engine, bool all, struct error *err)
{
	if (!all && !journal_last(engine->journal, JOURNAL_END))
		return journal_add(engine->journal, JOURNAL_PAUSED,
				   json_pack("{s:s, s:b}", "text", "partly put back", "undo", 1), true, err);
	return journal_end(engine->journal, all ? END_UNDONE : END_PARTLY_UNDONE, 0, err);
}

static int undo_end(struct engine *engine, const struct undo_options *undo, struct error *err)
{
	struct undoing *all = NULL;
	int result = items_stand(engine, &all, err);

	if (!result)
		result = times_back(all, undo, err);
	if (!result)
		result = undo_record(engine, all->todo == 0, err);
	talloc_free(all);
	return result ? result : record_report(engine, NULL, err);
}

int undo_carry_out(struct engine *engine, const struct undo_options *undo, char **text, struct error *err)
{
	struct undoing *undoing;
	struct error why;
	int result = undoing_new(engine, undo, &undoing, err);

	if (!result)
		result = undo_prepare(undoing, err);
	if (!result)
		result = undo_do(undoing, err);
	/* However it ended, what ran before is to run again. */
	if (services_up(engine, &why) && !result)
		result = error_pass(err, &why);
	if (!result && engine_services_note(engine))
		result = undo_say(undoing, err, "%s", engine_services_note(engine));
	if (!result && undoing->tree)
		result = undo_say(undoing, err, _("removed: %s"), text_shown(undoing, engine->backup));
	if (!result)
		*text = talloc_steal(engine, undoing->text);
	/* The end looks at everything once more. */
	talloc_free(undoing);
	return result ? result : undo_end(engine, undo, err);
}

/* ---- asked for ---- */

int undo_options_of(TALLOC_CTX *mem, const json_t *entry, struct undo_options *undo, struct error *err)
{
	const char *id = json_string_value(json_object_get(entry, "change"));

	*undo = (struct undo_options){ .step = entry_number(entry, "step"),
				       .backups = json_is_true(json_object_get(entry, "backups")) };
	undo->change_id = id ? talloc_strdup(mem, id) : NULL;
	return id && !undo->change_id ? error_memory(err) : 0;
}

static json_t *undo_fields(const struct engine *engine, const struct undo_options *undo)
{
	json_t *fields = json_pack("{s:s, s:s}", "operator", engine->operator_name, "how", engine->how);

	if (fields && undo->step)
		json_object_set_new(fields, "step", json_integer(undo->step));
	if (fields && undo->change_id)
		json_object_set_new(fields, "change", json_string(undo->change_id));
	if (fields && undo->backups)
		json_object_set_new(fields, "backups", json_true());
	return fields;
}

static int undo_usage(const struct undo_options *undo, struct error *err)
{
	if (undo->step == STEP_BACKUP || (undo->step && undo->change_id))
		return error_set(err, TROUBLE_USAGE,
				 undo->step == STEP_BACKUP
					 ? _("Step 1 changed nothing; its backup is removed with --backups.")
					 : _("Name either a step or a change."));
	if (undo->backups && (undo->step || undo->change_id))
		return error_set(err, TROUBLE_USAGE, _("The backup can only be removed when everything is put back."));
	return 0;
}

/* What would be done, and nothing else. */
static int undo_show(struct engine *engine, const struct undo_options *undo, bool *nothing, char **text,
		     struct error *err)
{
	struct undoing *undoing;
	int result = undoing_new(engine, undo, &undoing, err);

	if (!result)
		result = undo_prepare(undoing, err);
	if (!result && undoing->tree)
		result = undo_say(undoing, err, _("to be removed: %s"), text_shown(undoing, engine->backup));
	*nothing = !result && undoing->todo == 0 && !undoing->tree;
	if (!result)
		*text = talloc_steal(engine, undoing->text);
	talloc_free(undoing);
	return result;
}

/* A run that was cut off before it changed anything may have stopped services: they are to run again. */
static int undo_services(struct engine *engine, char **text, struct error *err)
{
	int result = services_late(engine, err);

	if (!result && engine_services_note(engine)) {
		*text = talloc_asprintf_append(*text, "%s\n", engine_services_note(engine));
		result = *text ? 0 : error_memory(err);
	}
	return result;
}

static int undo_nothing(struct engine *engine, const struct undo_options *undo, const struct history *history, char **text,
			struct error *err)
{
	struct undoing *all = NULL;
	bool ever = false;
	int result = 0;

	for (size_t i = 0; i < history->count; i++)
		ever |= history->acts[i].begun && !history->acts[i].undo && history->acts[i].step > STEP_BACKUP;
	*text = talloc_asprintf(engine, "%s\n",
				journal_state(engine->journal) == STATE_UNDONE
					? _("This run was put back already; there is nothing to put back.")
				: ever ? _("There is nothing to put back.")
				       : _("This run changed nothing; there is nothing to put back."));
	if (!*text)
		return error_memory(err);
	if (runfolder_writable(engine->run))
		result = undo_services(engine, text, err);
	if (result || !runfolder_writable(engine->run) || journal_ended(engine->journal) || undo->step || undo->change_id)
		return result;
	/* Even then a run that was cut off comes to its end. */
	result = items_stand(engine, &all, err);
	if (!result)
		result = times_back(all, undo, err);
	talloc_free(all);
	if (!result)
		result = journal_end(engine->journal, ever ? END_UNDONE : END_NOTHING, 0, err);
	return result;
}

static int undo_run(struct engine *engine, const struct undo_options *undo, char **text, struct error *err)
{
	struct history history;
	bool nothing = true;
	int result = 0;

	*text = NULL;
	if (!engine->begun)
		return undo_nothing(engine, undo, &(struct history){ 0 }, text, err);
	result = history_read(engine, engine, &history, err);
	if (!result && !undo->dry_run)
		result = engine_sweep(engine, &history, err);
	if (!result)
		result = undo_show(engine, undo, &nothing, text, err);
	if (!result && nothing)
		return undo_nothing(engine, undo, &history, text, err);
	if (result || undo->dry_run)
		return result;
	TALLOC_FREE(*text);
	result = journal_add(engine->journal, JOURNAL_UNDO, undo_fields(engine, undo), true, err);
	return result ? result : undo_carry_out(engine, undo, text, err);
}

int engine_undo(TALLOC_CTX *mem, struct server *server, const char *run_name, const struct engine_options *options,
		const struct undo_options *undo, char **text, struct error *err)
{
	struct engine *engine;
	int result = undo_usage(undo, err);

	if (!result)
		result = engine_open(mem, server, run_name, !undo->dry_run, options, &engine, err);
	if (result)
		return result;
	result = undo_run(engine, undo, text, err);
	if (!result)
		*text = talloc_steal(mem, *text);
	talloc_free(engine);
	return result;
}

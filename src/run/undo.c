/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Putting back, newest step first. What there is to put back is told by looking at the server, not
 * by believing the journal. */
#include <string.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "repair/rehearse.h"
#include "report/outcome.h"
#include "run/finish.h"
#include "run/services.h"
#include "run/undo_internal.h"

/* ---- doing it ---- */

enum { ANY_STEP = 0, HIVE_STEPS = -1 };

static bool item_in(const struct item *item, int step)
{
	return step == ANY_STEP ||
		(step == HIVE_STEPS ? item_is_hive(item) : item->change->step == step);
}

static int act_of(struct undoing *undoing, int step, struct act *act, struct error *err)
{
	*act = (struct act){ .step = step, .undo = true, .note = undoing->note };
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

static int step_back(struct undoing *undoing, int step, struct error *err)
{
	struct act act;
	int ret = act_of(undoing, step, &act, err);

	if (ret || !act.count)
		return ret;
	if (step == HIVE_STEPS) {
		/* The last step first: the values are the last, if there are any. */
		act.step = act.changes[act.count - 1]->step;
		act.images = undoing->images;
		act.image_count = undoing->image_count;
	}
	*undoing->note.text = '\0';
	return act_run(undoing->engine, &act, err);
}

static int hives_back(struct undoing *undoing, struct error *err)
{
	int ret;

	if (undoing->image_count)
		return step_back(undoing, HIVE_STEPS, err);
	ret = step_back(undoing, STEP_SHARE, err);
	return ret ? ret : step_back(undoing, STEP_VALUES, err);
}

static int files_back(struct undoing *undoing, struct error *err)
{
	int ret = step_back(undoing, STEP_FILES, err);

	for (size_t i = 0; !ret && i < undoing->count; i++)
		ret = change_clean(undoing->engine->server, undoing->items[i].reverse, err);
	return ret;
}

/* A tree that never was finished goes with the rest; a finished one only when asked for. */
static int tree_judge(struct undoing *undoing, struct error *err)
{
	struct engine *engine = undoing->engine;
	const struct undo_options *options = undoing->options;
	bool all = !options->step && !options->change_id, there = false;
	int ret = engine->backup ? engine->server->ops->file_stat(engine->server, undoing,
					   engine->backup, &there, NULL, NULL, err)
				 : 0;

	undoing->tree = there && !engine->unproved.trouble &&
		(options->backups || (all && !engine->backup_verified));
	return ret;
}

static int tree_away(struct undoing *undoing, struct error *err)
{
	struct engine *engine = undoing->engine;
	int number = act_number_next(engine->journal), ret;
	bool removed;

	if (!undoing->tree)
		return 0;
	ret = journal_add(engine->journal, JOURNAL_ACT,
		json_pack("{s:i, s:i, s:b, s:[]}", "act", number, "step", STEP_BACKUP, "undo", 1,
			"changes"),
		true, err);
	if (!ret)
		ret = engine->backup_verified ? backup_remove(engine, err)
					      : backup_discard(engine, &removed, err);
	if (ret)
		return ret;
	return journal_add(engine->journal, JOURNAL_DONE,
		json_pack("{s:i, s:i, s:b, s:o}", "act", number, "step", STEP_BACKUP, "undo", 1,
			"removed", json_path(engine->backup)),
		true, err);
}

/* ---- times ---- */

/* Where a time cannot be set at all it stays; a disk that fails is no reason to pass it over. */
static int time_back(struct engine *engine, const char *path, int64_t mtime, struct error *err)
{
	struct error why = { .trouble = TROUBLE_NONE };
	struct file_meta meta;
	bool found = false;
	int ret = engine->server->ops->file_stat(engine->server, engine, path, &found, &meta, NULL,
		&why);

	if (!ret && found && meta.mtime != mtime)
		ret = overlay_write(engine, &why);
	if (!ret && found && meta.mtime != mtime)
		ret = engine->server->ops->set_time(engine->server, path, mtime, &why);
	if (ret)
		runfolder_log(engine->run, "a time was not put back: %s", why.text);
	return why.trouble == TROUBLE_IO || why.trouble == TROUBLE_NO_ROOM ? error_pass(err, &why)
									   : 0;
}

/* What still stands of a run. */
struct standing {
	size_t changes;
	char **paths; /* whose times these changes alter */
	size_t path_count;
};

/* The path, or one below it, whose folder may be a new name in it. */
static bool standing_alters(const struct standing *standing, const char *path)
{
	for (size_t i = 0; i < standing->path_count; i++)
		if (path_equal(standing->paths[i], path) || path_under(standing->paths[i], path))
			return true;
	return false;
}

/* The paths whose times the changes of this run alter. */
static int owned_find(struct engine *engine, struct standing *own, struct error *err)
{
	struct history history;
	struct change **changes;

	if (history_read(engine, engine, &history, err))
		return -(int)err->trouble;
	changes = changes_fitting(engine, engine, &history, &own->changes);
	return changes ? change_touched(engine->server, engine, changes, own->changes, &own->paths,
				 &own->path_count, err)
		       : error_memory(err);
}

/* A time on record as the server tells it. */
static int64_t time_told(const struct engine *engine, const json_t *time)
{
	const json_t *run = journal_last(engine->journal, JOURNAL_RUN);
	int64_t mtime = json_integer_value(time);

	return entry_number(run, "format") == 1 ? filetime_of_ns(mtime) : mtime;
}

/* The times on record of each path: those that the first act found, or those that the last one
 * left. After an act without an end nobody knows what it left. */
static json_t *times_told(const struct journal *journal, bool left)
{
	json_t *told = json_object();
	int open = 0;

	for (size_t i = 0; i < journal_count(journal); i++) {
		const json_t *entry = journal_entry(journal, i);
		json_t *times = json_object_get(entry, "times");

		if (entry_is(entry, JOURNAL_PREPARING))
			open = entry_number(entry, "act");
		if (entry_is(entry, JOURNAL_DONE) && entry_number(entry, "act") == open)
			open = 0;
		if (left && entry_is(entry, JOURNAL_DONE))
			(void)json_object_update(told, times);
		if (!left && entry_is(entry, JOURNAL_PREPARING))
			(void)json_object_update_missing(told, times);
	}
	if (left && open)
		json_object_clear(told);
	return told;
}

/* Into others, by name: the paths that somebody else has written to since this run did; their times
 * are not this run's to put back. A cut undo may have left any time: what it found is on record. */
static int others_find(struct engine *engine, const struct history *history, json_t *others,
	struct error *err)
{
	struct standing own = { 0 };
	json_t *first = times_told(engine->journal, false),
	       *left = times_told(engine->journal, true);
	int ret = history->undoing ? 0 : owned_find(engine, &own, err);

	for (size_t i = 0; !ret && i < own.path_count; i++) {
		char *coded = text_percent(engine, own.paths[i]);
		const json_t *time = coded ? json_object_get(left, coded) : NULL;
		struct file_meta meta;
		bool found = false;

		if (time)
			ret = engine->server->ops->file_stat(engine->server, engine, own.paths[i],
				&found, &meta, NULL, err);
		/* What an earlier undo has put back is as it was. */
		if (found && meta.mtime != time_told(engine, time) &&
			meta.mtime != time_told(engine, json_object_get(first, coded)))
			json_object_set_new(others, coded, json_true());
		talloc_free(coded);
	}
	json_decref(first);
	json_decref(left);
	return ret;
}

/* With the last change that altered the time of a path it comes back, unless somebody else has
 * written there: the first on record is the one that it had before the run. Which paths these are
 * is never read. A way of reaching the server that cannot set times leaves them. */
static int times_back(struct engine *engine, const struct standing *standing, const json_t *others,
	struct error *err)
{
	struct standing own = { 0 };
	json_t *first = times_told(engine->journal, false);
	int ret = owned_find(engine, &own, err);

	for (size_t i = 0; i < own.path_count; i++) {
		char *coded = text_percent(engine, own.paths[i]);
		const json_t *time = coded ? json_object_get(first, coded) : NULL;

		if (!ret && json_is_integer(time) && !json_object_get(others, coded) &&
			!standing_alters(standing, own.paths[i]))
			ret = time_back(engine, own.paths[i], time_told(engine, time), err);
		talloc_free(coded);
	}
	json_decref(first);
	return ret;
}

/* As every undo of this run found them. */
static json_t *others_told(const struct journal *journal)
{
	json_t *others = json_object();

	for (size_t i = 0; i < journal_count(journal); i++)
		(void)json_object_update(others,
			json_object_get(journal_entry(journal, i), "others"));
	return others;
}

/* The old folder has its own name again before values may lead into it. */
static int undo_do(struct undoing *undoing, struct error *err)
{
	if ((undoing->todo &&
		    engine_tell(undoing->engine, 0, _("Putting back what this run changed"),
			    err)) ||
		step_back(undoing, STEP_OLDFOLDER, err) || hives_back(undoing, err) ||
		files_back(undoing, err))
		return -(int)err->trouble;
	return tree_away(undoing, err);
}

/* What reading can tell will fail is refused before the first byte: half of a server put back is
 * neither. */
static int undo_rehearse(struct undoing *undoing, struct error *err)
{
	struct engine *engine = undoing->engine;
	/* Only a dry run leaves what a cut left where it is. */
	struct server_rehearsal comes_to = { .swept_first = undoing->options->dry_run &&
			!undoing->history.swept };
	uint64_t largest = 0;
	struct act act;
	int ret = 0;

	if (!undoing->todo && !undoing->tree)
		return 0;
	if (!(engine->server->caps & SERVER_WRITE))
		return error_set(err, TROUBLE_READ_ONLY,
			_("This server can be looked at, but not written to."));
	if (undoing->tree && engine->backup_verified)
		ret = backup_check(engine, false, err);
	if (ret == -TROUBLE_NOT_THERE)
		return error_advise(err, ret,
			_("Undo without --backups: the backup stays then, and can be removed by hand."));
	if (!ret)
		ret = act_of(undoing, ANY_STEP, &act, err);
	for (size_t i = 0; !ret && i < act.count; i++)
		if (act.changes[i]->kind == KIND_FILE && act.changes[i]->after.file.size > largest)
			largest = act.changes[i]->after.file.size;
	if (!ret)
		ret = room_take(engine, ROOM_UNDO, largest, undoing->options->dry_run, err);
	/* The gate is asked also where only the backup goes. */
	if (!ret)
		ret = act.count ? changes_rehearse(engine->server, act.changes, act.count, 'C', 0,
					  &comes_to, err)
				: engine->server->ops->reg_gate(engine->server, err);
	undoing->note = comes_to.note;
	return ret;
}

/* What is asked for, all of which fits the server: known before anything is swept. */
static int undo_collect(struct undoing *undoing, struct error *err)
{
	const struct undo_options *options = undoing->options;
	int ret = items_collect(undoing, err);

	if (!ret && undoing->unfit)
		return engine_misfits(undoing->engine, undoing->unfit,
			engine_misfit(undoing->engine, undoing->unfit), err);
	if (!ret && options->change_id && !undoing->count)
		return error_set(err, TROUBLE_NOT_THERE,
			_("This run made no change %s that could be put back."),
			options->change_id);
	return ret ? ret : items_witnessed(undoing, err);
}

static int undo_prepare(struct undoing *undoing, struct error *err)
{
	const struct undo_options *options = undoing->options;
	bool all = !options->step && !options->change_id;
	int ret;

	/* Who puts back a part does not ask for all to be as it was. */
	if (items_check(undoing, err) || images_judge(undoing, err) ||
		(undoing->todo && all && items_newest(undoing, err)) || tree_judge(undoing, err) ||
		undo_rehearse(undoing, err))
		return -(int)err->trouble;
	ret = items_say(undoing, err);
	return ret || !undoing->way ? ret
				    : undo_say(undoing, err, "%s", _(undo_way_text(undoing->way)));
}

/* Asked about or not. Owned by the engine. */
static int standing_find(struct engine *engine, struct standing *standing, struct error *err)
{
	static const struct undo_options everything = { 0 };
	struct change **changes;
	struct undoing *all;

	if (undoing_new(engine, &everything, &all, err) || items_collect(all, err))
		return -(int)err->trouble;
	changes = memory_array(all, sizeof *changes, all->count);
	if (!changes)
		return error_memory(err);
	standing->changes = 0;
	for (size_t i = 0; i < all->count; i++) {
		enum change_state state;

		if (item_done(all, &all->items[i]))
			continue;
		if (change_state_read(engine->server, all, all->items[i].reverse, &state, NULL,
			    err))
			return -(int)err->trouble;
		if (state != CHANGE_NEW)
			changes[standing->changes++] = all->items[i].reverse;
	}
	if (change_touched(engine->server, all, changes, standing->changes, &standing->paths,
		    &standing->path_count, err))
		return -(int)err->trouble;
	/* What does not fit the server stands, wherever that is. */
	standing->changes += all->unfit_count;
	return 0;
}

/* A run that had not come to its end, and of which only a part was put back, can still be
 * resumed. */
static int undo_record(struct engine *engine, bool part, struct error *err)
{
	if (part && !journal_last(engine->journal, JOURNAL_END))
		return journal_add(engine->journal, JOURNAL_PAUSED,
			json_pack("{s:s, s:b}", "text", N_("partly put back"), "undo", 1), true,
			err);
	return journal_end(engine->journal, part ? END_PARTLY_UNDONE : END_UNDONE, 0, err);
}

static int undo_end(struct engine *engine, struct error *err)
{
	struct standing standing;
	json_t *others = others_told(engine->journal);
	bool failed = standing_find(engine, &standing, err) ||
		times_back(engine, &standing, others, err) || overlay_close(engine, err) ||
		/* What counts is what a stranger would find. */
		(engine->server->overlay && standing_find(engine, &standing, err)) ||
		undo_record(engine, standing.changes > 0, err);

	json_decref(others);
	return failed ? -(int)err->trouble : record_report(engine, err);
}

/* One that is resumed is on record once more: the registry may go back another way now. */
static int undo_asked(const struct undoing *undoing, struct error *err)
{
	struct engine *engine = undoing->engine;
	const struct undo_options *undo = undoing->options;
	json_t *others = json_object(), *fields;

	if (others_find(engine, &undoing->history, others, err)) {
		json_decref(others);
		return -(int)err->trouble;
	}
	fields = json_pack("{s:s, s:s, s:o}", "operator", engine->operator_name, "how", engine->how,
		"others", others);

	if (fields && undo->step)
		json_object_set_new(fields, "step", json_integer(undo->step));
	if (fields && undo->change_id)
		json_object_set_new(fields, "change", json_string(undo->change_id));
	if (fields && undo->backups)
		json_object_set_new(fields, "backups", json_true());
	if (fields && undoing->way)
		json_object_set_new(fields, "way", json_string(undoing->way));
	return journal_add(engine->journal, JOURNAL_UNDO, fields, true, err);
}

/* What was prepared. */
static int undo_carry_out(struct undoing *undoing, char **text, struct error *err)
{
	struct engine *engine = undoing->engine;
	struct error why;
	bool writes = undoing->todo || undoing->tree;
	int ret = writes ? overlay_write(engine, err) : 0;

	if (!ret)
		ret = undo_asked(undoing, err);
	if (ret)
		return ret;
	ret = undo_do(undoing, err);

	/* However it ended, what ran before is to run again. */
	if (services_up(engine, &why) && !ret)
		ret = error_pass(err, &why);
	if (ret)
		return services_left(engine, ret, err);
	if (engine->told.services_note)
		ret = undo_say(undoing, err, "%s", engine->told.services_note);
	if (!ret && undoing->tree)
		ret = undo_say(undoing, err, _("removed: %s"), text_shown(undoing, engine->backup));
	if (!ret && engine->told.notes)
		ret = undo_say(undoing, err, "\n%s", engine->told.notes);
	*text = talloc_steal(engine, undoing->text);
	/* The end looks at everything once more. */
	talloc_free(undoing);
	return ret ? ret : undo_end(engine, err);
}

int undo_resume(struct engine *engine, const struct undo_options *undo, char **text,
	struct error *err)
{
	struct undoing *undoing;

	if (undoing_new(engine, undo, &undoing, err) || undo_collect(undoing, err) ||
		undo_prepare(undoing, err))
		return -(int)err->trouble;
	return undo_carry_out(undoing, text, err);
}

/* ---- asked for ---- */

/* A run that was cut off before it changed anything may have stopped services: they are to run
 * again. */
static int undo_services(struct engine *engine, char **text, struct error *err)
{
	int ret = services_late(engine, err);

	if (!ret && engine->told.services_note) {
		*text = talloc_asprintf_append(*text, "%s\n", engine->told.services_note);
		ret = *text ? 0 : error_memory(err);
	}
	return ret;
}

/* What becomes of a run of which nothing is to be put back; its backup stays, and has a name. */
static int undo_ends(struct engine *engine, bool ever, bool dry_run, char **text, struct error *err)
{
	*text = talloc_asprintf_append(*text, "%s\n",
		dry_run ? _("The run is not at its end yet: undo ends it.")
			: _("The run is ended."));
	if (!ever && engine->backup && engine->backup_verified)
		*text = talloc_asprintf_append(*text, _("Its backup of step 1 stays: %s\n"),
			text_shown(*text, engine->backup));
	return *text ? 0 : error_memory(err);
}

static int undo_nothing(struct undoing *undoing, char **text, struct error *err)
{
	struct engine *engine = undoing->engine;
	const struct undo_options *undo = undoing->options;
	json_t *others;
	bool ever = false, failed,
	     ends = !journal_ended(engine->journal) && !undo->step && !undo->change_id;

	for (size_t i = 0; i < undoing->history.count; i++) {
		const struct act_record *act = &undoing->history.acts[i];

		ever |= act->begun && !act->undo && act->step > STEP_BACKUP;
	}
	*text = talloc_asprintf(engine, "%s\n",
		journal_state(engine->journal) == STATE_UNDONE
			? _("This run was put back already; there is nothing to put back.")
			: ever ? _("There is nothing to put back.")
			       : _("This run changed nothing; there is nothing to put back."));
	if (!*text)
		return error_memory(err);
	if (ends && undo_ends(engine, ever, undo->dry_run, text, err))
		return -(int)err->trouble;
	if (undo->dry_run)
		return 0;
	if (undo_services(engine, text, err))
		return -(int)err->trouble;
	if (!ends)
		return 0;
	/* Even then a run that was cut off comes to its end. */
	others = others_told(engine->journal);
	failed = others_find(engine, &undoing->history, others, err) ||
		times_back(engine, &(struct standing){ 0 }, others, err) ||
		overlay_close(engine, err);
	json_decref(others);
	if (failed)
		return -(int)err->trouble;
	return journal_end(engine->journal, ever ? END_UNDONE : END_NOTHING, 0, err);
}

/* The run stays as it was where it was refused before the first change. */
static int undo_begin(struct undoing *undoing, char **text, struct error *err)
{
	struct engine *engine = undoing->engine;
	const struct history before = undoing->history;

	int ret = undo_carry_out(undoing, text, err);

	return history_keep(engine, &before, overlay_settle(engine, ret, err), err);
}

static int undo_run(struct engine *engine, const struct undo_options *undo, char **text,
	struct error *err)
{
	struct undoing *undoing;
	bool all = !undo->step && !undo->change_id;
	int ret = undo->dry_run ? overlay_image_same(engine, err) : overlay_recover(engine, err);

	if (!ret && all)
		ret = overlay_undoes(engine, &all, err);
	if (ret || all)
		return ret ? ret : overlay_undo(engine, undo->dry_run, text, err);
	ret = undoing_new(engine, undo, &undoing, err);
	if (!ret && engine->begun)
		ret = undo_collect(undoing, err);
	if (!ret && engine->begun && !undo->dry_run)
		ret = engine_sweep(engine, &undoing->history, err);
	if (!ret && engine->begun)
		ret = undo_prepare(undoing, err);
	if (ret)
		return ret;
	if (!undoing->todo && !undoing->tree)
		return undo_nothing(undoing, text, err);
	if (!undo->dry_run)
		return undo_begin(undoing, text, err);
	if (undoing->tree)
		ret = undo_say(undoing, err, _("to be removed: %s"),
			text_shown(undoing, engine->backup));
	*text = undoing->text;
	return ret;
}

int engine_undo(TALLOC_CTX *mem, struct server *server, const char *run_name,
	const struct engine_options *options, const struct undo_options *undo, char **text,
	struct error *err)
{
	struct engine *engine;
	int ret;

	if (undo_usage(undo, err) ||
		engine_open(mem, server, run_name, !undo->dry_run, options, &engine, err))
		return -(int)err->trouble;
	ret = overlay_settle(engine, undo_run(engine, undo, text, err), err);
	if (!ret && !undo->dry_run)
		room_end(engine);
	if (!ret && !undo->dry_run && engine_overlay_waits(engine))
		*text = talloc_asprintf_append(*text, "%s\n%s",
			_("This stands in an overlay that waits: until it is committed or kept, the server's disks do not have it. To commit, keep or drop it:"),
			engine_overlay_commands(engine, engine));
	*text = ret ? NULL : talloc_steal(mem, *text);
	talloc_free(engine);
	return ret;
}

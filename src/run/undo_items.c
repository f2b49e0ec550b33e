/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a run has done that can be turned round, told by looking at the server. */
#include <stdarg.h>
#include <string.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "report/outcome.h"
#include "run/undo_internal.h"

int undo_say(struct undoing *undoing, struct error *err, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	undoing->text = talloc_vasprintf_append_buffer(undoing->text, format, args);
	va_end(args);
	undoing->text = talloc_strdup_append_buffer(undoing->text, "\n");
	return undoing->text ? 0 : error_memory(err);
}

/* ---- what there is ---- */

int undoing_new(struct engine *engine, const struct undo_options *options, struct undoing **undoing,
	struct error *err)
{
	struct undoing *made = talloc_zero(engine, struct undoing);
	int ret;

	if (!made)
		return error_memory(err);
	*undoing = made;
	made->engine = engine;
	made->options = options;
	made->text = talloc_strdup(made, "");
	ret = history_read(made, engine, &made->history, err);
	return ret;
}

/* Whether these options ask for the change. */
static bool item_wanted(const struct undo_options *options, const struct change *change)
{
	if (change->kind == KIND_BACKUP || change->kind == KIND_SERVICE)
		return false;
	if (options->change_id)
		return !strcmp(change->id, options->change_id);
	return !options->step || options->step == change->step;
}

static const struct item *item_of(const struct undoing *undoing, const char *id)
{
	for (size_t i = 0; i < undoing->count; i++)
		if (!strcmp(undoing->items[i].change->id, id))
			return &undoing->items[i];
	return NULL;
}

/* A folder that was set aside, put back, and then deleted for good: no undo brings it again. */
static bool item_gone(const struct undoing *undoing, const struct change *change)
{
	return change->kind == KIND_OLDFOLDER &&
		journal_last(undoing->engine->journal, JOURNAL_DELETING);
}

static int item_add(struct undoing *undoing, const struct change *change, struct error *err)
{
	struct item *item;

	if (!item_wanted(undoing->options, change) || item_of(undoing, change->id) ||
		item_gone(undoing, change))
		return 0;
	if (engine_misfit(undoing->engine, change)) {
		undoing->unfit = undoing->unfit ? undoing->unfit : change;
		undoing->unfit_count++;
		return 0;
	}
	item = memory_more(undoing, &undoing->items, undoing->count, sizeof *item);
	if (!item)
		return error_memory(err);
	item->change = change;
	if (change_reverse(undoing, change, engine_backup_root(undoing->engine), &item->reverse,
		    err))
		return -(int)err->trouble;
	undoing->count++;
	return 0;
}

/* Everything that was ever begun in this run, by step from the last to the first. */
int items_collect(struct undoing *undoing, struct error *err)
{
	for (int step = STEP_OLDFOLDER; step >= STEP_FILES; step--)
		for (size_t i = undoing->history.count; i-- > 0;) {
			const struct act_record *act = &undoing->history.acts[i];

			if (act->undo || act->step != step)
				continue;
			for (size_t k = 0; k < act->count; k++)
				if (item_add(undoing, act->changes[k], err))
					return -(int)err->trouble;
		}
	return 0;
}

/* ---- whether it may be put back ---- */

/* The way on where something stands against putting back all. */
static int undo_rest(struct error *err, int ret)
{
	return error_advise(err, ret,
		_("Set that right by hand, then try again; or put back the rest, a step or a change at a time: "
		  "%s undo RUN --step N, or --change ID."),
		text_call());
}

static int item_foreign(struct undoing *undoing, const struct item *item, const char *now,
	struct error *err)
{
	struct server *server = undoing->engine->server;
	TALLOC_CTX *tmp = talloc_new(NULL);
	const struct change *change = item->change;
	char *was = change_side_text(tmp, change->kind, &change->before);
	char *made = change_side_text(tmp, change->kind, &change->after);
	bool told = !was || !made || (*was && *made), second = item->state == CHANGE_OLD;
	int ret = !told
		? error_set(err, TROUBLE_MOVED,
			  _("%s was changed by somebody else since. Now: %s. Nothing was put back."),
			  finding_id_shown(tmp, change->id),
			  change_state_text(server, tmp, item->reverse, now))
		: error_set(err, TROUBLE_MOVED,
			  _("%s was changed by somebody else since. Before the repair: %s. The repair made it: %s. "
			    "Now: %s. Nothing was put back."),
			  finding_id_shown(tmp, change->id),
			  change_side_text(tmp, change->kind, &change->before),
			  change_side_text(tmp, change->kind, &change->after),
			  second ? now : change_state_text(server, tmp, item->reverse, now));

	talloc_free(tmp);
	return undo_rest(err, ret);
}

/* The backup must still hold what is to come back: known before anything is put back, not half
 * way. */
static int item_source(struct undoing *undoing, const struct item *item, struct error *err)
{
	const struct change *reverse = item->reverse;
	struct digest digest;
	char *shown;
	int ret;

	if (reverse->kind != KIND_FILE || !reverse->after.file.present)
		return 0;
	shown = text_shown(undoing, reverse->source);
	ret = server_digest(undoing->engine->server, reverse->source, &digest, err);
	if (ret == -TROUBLE_NOT_THERE)
		return undo_rest(err,
			error_set(err, TROUBLE_NOT_THERE,
				_("%s of the backup is missing, and %s would be put back from it; nothing was put back."),
				shown, finding_id_shown(undoing, item->change->id)));
	if (ret || digest_equal(&digest, &reverse->after.file.digest))
		return ret;
	return undo_rest(err,
		error_set(err, TROUBLE_VERIFY,
			_("%s is not what was backed up; nothing was put back."), shown));
}

/* The value in SYSTEM.ALT; NULL where there is none, or it cannot be read, or an act that was cut
 * off may have left either side there. */
static struct reg_data *second_copy(struct undoing *undoing, const struct item *item)
{
	const struct value_fact *was = &item->change->before.value;
	struct server *server = undoing->engine->server;
	struct reg_data *now = NULL;
	char *key;

	if (item->change->kind != KIND_VALUE || history_unsure(&undoing->history, item->change->id))
		return NULL;
	key = talloc_asprintf(undoing, "SYSTEM.ALT%s", was->key + strcspn(was->key, "\\"));
	return server->ops->reg_read(server, undoing, key, was->name, &now, NULL) ? NULL : now;
}

/* Whether SYSTEM.ALT alone still holds what this run wrote, or what nobody knows: *foreign. */
static bool second_behind(struct undoing *undoing, const struct item *item, char **foreign)
{
	const struct reg_data *now = second_copy(undoing, item),
			      *after = item->change->after.value.data;

	if (!now || regdata_equal(now, item->change->before.value.data))
		return false;
	if (item->state == CHANGE_OLD && !regdata_equal(now, after))
		*foreign = talloc_asprintf(undoing, "SYSTEM.ALT: %s",
			text_shown(undoing, regdata_text(undoing, now, 64)));
	return regdata_equal(now, after);
}

/* What an undo put back is done with, whatever was made of it since. */
bool item_done(const struct undoing *undoing, const struct item *item)
{
	return history_undone(&undoing->history, item->change->id) &&
		!history_unsure(&undoing->history, item->change->id);
}

static int item_state(struct undoing *undoing, struct item *item, struct error *err)
{
	struct server *server = undoing->engine->server;
	char *text = NULL, *foreign = NULL;

	item->state = CHANGE_NEW;
	if (item_done(undoing, item))
		return 0;
	if (change_state_read(server, undoing, item->reverse, &item->state, &text, err))
		return -(int)err->trouble;
	if (item->state != CHANGE_OLD && item->state != CHANGE_NEW)
		foreign = text;
	else if (second_behind(undoing, item, &foreign) ||
		history_unsure(&undoing->history, item->change->id))
		item->state = CHANGE_OLD;
	return foreign ? item_foreign(undoing, item, foreign, err) : 0;
}

int item_check(struct undoing *undoing, struct item *item, struct error *err)
{
	int ret = item_state(undoing, item, err);

	return !ret && item->state == CHANGE_OLD ? item_source(undoing, item, err) : ret;
}

/* All is looked at before the first is put back. */
int items_check(struct undoing *undoing, struct error *err)
{
	for (size_t i = 0; i < undoing->count; i++) {
		if (item_check(undoing, &undoing->items[i], err))
			return -(int)err->trouble;
		undoing->todo += undoing->items[i].state == CHANGE_OLD;
	}
	return 0;
}

/* What it will be again: a folder its name, anything else its side of before. */
char *item_text(struct undoing *undoing, const struct item *item)
{
	if (item->change->kind == KIND_OLDFOLDER)
		return text_shown(undoing, item->change->target);
	return change_side_text(undoing, item->change->kind, &item->change->before);
}

static int deletion_say(struct undoing *undoing, struct error *err)
{
	struct oldfolder_record *old;
	int ret = oldfolder_read(undoing, undoing->engine->journal, &old, err);

	if (ret || (old->end != OLDFOLDER_DELETED && old->end != OLDFOLDER_CUT))
		return ret;
	return old->end == OLDFOLDER_DELETED
		? undo_say(undoing, err,
			  _("The old folder was deleted for good and does not come back: what leads to it will lead nowhere."))
		: undo_say(undoing, err,
			  _("Deleting the old folder was cut off: a part of it is gone and does not come back. What is left stays in %s."),
			  text_shown(undoing, old->folder ? old->folder : ""));
}

int items_say(struct undoing *undoing, struct error *err)
{
	for (size_t i = 0; i < undoing->count; i++) {
		const struct item *item = &undoing->items[i];

		if (item->state == CHANGE_OLD &&
			undo_say(undoing, err, "%s: %s", item->change->id,
				item_text(undoing, item)))
			return -(int)err->trouble;
	}
	return undoing->todo ? deletion_say(undoing, err) : 0;
}

/* ---- whether it could be put back, before it is made ---- */

int undo_possible(struct engine *engine, const struct change *change, struct error *err)
{
	static const struct undo_options everything = { 0 };
	struct undoing *undoing = talloc_zero(engine, struct undoing);
	struct error why = { .trouble = TROUBLE_NONE };
	int ret;

	if (!undoing)
		return error_memory(err);
	undoing->engine = engine;
	undoing->options = &everything;
	ret = history_read(undoing, engine, &undoing->history, &why);
	if (!ret)
		ret = item_add(undoing, change, &why);
	if (!ret)
		ret = items_witnessed(undoing, &why);
	if (!ret && undoing->count)
		ret = item_source(undoing, &undoing->items[0], &why);
	talloc_free(undoing);
	if (ret == -TROUBLE_PLAN_FOREIGN || ret == -TROUBLE_VERIFY || ret == -TROUBLE_NOT_THERE)
		return error_advise(err,
			error_set(err, TROUBLE_MOVED,
				_("%s is not as it was when this run began, so this run could not put it back."),
				change->id),
			_("Keep it as it is, or repair it in another run once this one is finished."));
	return ret ? error_pass(err, &why) : 0;
}

/* ---- what came later ---- */

/* Whether the other run began where a change of this one was not there, on another server that is
 * like this one, or on this one put back by hand. What was edited in between is neither. */
static bool began_apart(const struct undoing *undoing, const struct change *theirs)
{
	const struct item *item = item_of(undoing, theirs->id);

	return item && item->state == CHANGE_OLD &&
		finding_side_equal(theirs->kind, &item->change->before, &theirs->before) &&
		!finding_side_equal(theirs->kind, &item->change->after, &theirs->before);
}

/* What another run has changed and is so still. */
static int changes_standing(struct undoing *undoing, TALLOC_CTX *mem, const struct history *history,
	struct change ***changes, size_t *count, bool *apart, struct error *err)
{
	for (size_t i = 0; i < history->count; i++)
		for (size_t k = 0; !history->acts[i].undo && history->acts[i].step > STEP_BACKUP &&
			k < history->acts[i].count;
			k++) {
			struct change *change = history->acts[i].changes[k], **more;
			enum change_state state;

			*apart |= began_apart(undoing, change);
			if (change_state_read(undoing->engine->server, mem, change, &state, NULL,
				    err))
				return -(int)err->trouble;
			if (state != CHANGE_NEW || history_undone(history, change->id))
				continue;
			more = memory_more(mem, changes, *count, sizeof *more);
			if (!more)
				return error_memory(err);
			*more = change;
			(*count)++;
		}
	return 0;
}

/* What of this run and of another is the same file or folder, NULL for nothing. Registry files that
 * nobody has written to since this run are not shared. */
static int paths_shared(struct undoing *undoing, TALLOC_CTX *mem, struct change **theirs,
	size_t their_count, const char **shared, struct error *err)
{
	struct change **ours = memory_array(mem, sizeof *ours, undoing->count);
	char **their_paths, **paths;
	size_t count = 0, path_count, their_path_count;

	if (!ours)
		return error_memory(err);
	for (size_t i = 0; i < undoing->count; i++)
		if (undoing->items[i].state == CHANGE_OLD &&
			!(undoing->image_count && item_is_hive(&undoing->items[i])))
			ours[count++] = undoing->items[i].reverse;
	if (change_touched(undoing->engine->server, mem, ours, count, &paths, &path_count, err) ||
		change_touched(undoing->engine->server, mem, theirs, their_count, &their_paths,
			&their_path_count, err))
		return -(int)err->trouble;
	for (size_t i = 0; i < path_count; i++)
		for (size_t k = 0; k < their_path_count; k++)
			if (path_equal(paths[i], their_paths[k]))
				*shared = paths[i];
	return 0;
}

/* A record that cannot be read says nothing. */
static int run_newer(struct undoing *undoing, TALLOC_CTX *mem, const char *name,
	const char **shared, struct error *err)
{
	struct change **changes = NULL;
	struct history history;
	struct runfolder *run;
	struct engine *other;
	size_t count = 0;
	bool apart = false;
	int ret;

	if (runfolder_open(mem, undoing->engine->runs, name, false, &run, NULL) ||
		engine_of_run(mem, undoing->engine->server, run, &other, NULL) || !other->begun ||
		json_is_true(
			json_object_get(journal_last(other->journal, JOURNAL_RUN), "passing")) ||
		history_read(mem, other, &history, NULL))
		return 0;
	ret = changes_standing(undoing, mem, &history, &changes, &count, &apart, err);
	return ret || apart || !count ? ret
				      : paths_shared(undoing, mem, changes, count, shared, err);
}

int items_newest(struct undoing *undoing, struct error *err)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	struct run_summary *list;
	const char *shared = NULL;
	size_t count, i;
	int ret = runs_names(tmp, undoing->engine->runs, &list, &count, err);

	for (i = 0; !ret && !shared && i < count &&
		strcmp(list[i].name, runfolder_name(undoing->engine->run)) != 0;
		i++)
		ret = run_newer(undoing, tmp, list[i].name, &shared, err);
	if (!ret && shared)
		ret = error_advise(err,
			error_set(err, TROUBLE_MOVED,
				_("Run %s came later and changed %s too: what was there before this run would not come "
				  "back as it was. Nothing was put back."),
				list[i - 1].name, text_shown(tmp, shared)),
			_("Undo that run first, then this one; or put back only a step or a change of this one (--step, --change)."));
	talloc_free(tmp);
	return ret;
}

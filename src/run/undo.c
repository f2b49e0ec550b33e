/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Putting back, newest step first. What there is to put back is told by looking at the server, not by believing the journal. */
#include <stdarg.h>
#include <string.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "nt/regf.h"
#include "run/engine_internal.h"
#include "run/runfolder_internal.h"
#include "run/services.h"

enum { HIVE_LIMIT = 256 << 20 };

/* One change to be turned round. */
struct item {
	const struct change *change;
	struct change *reverse;
	enum change_state state;       /* of the reverse: NEW is put back already */
};

struct undoing {
	struct engine *engine;
	const struct undo_options *options;
	struct history history;
	struct item *items;            /* the last step first */
	size_t count;
	size_t todo;
	bool unsure;                   /* the registry files: see history_hives_unsure */
	bool tree;                     /* step 1's tree is to go */
	struct hive_image images[2];   /* the saved registry files, where they may be put back as a whole */
	size_t image_count;
	char *text;
};

static int say(struct undoing *undoing, struct error *err, const char *format, ...) __attribute__((format(printf, 3, 4)));

static int say(struct undoing *undoing, struct error *err, const char *format, ...)
{
	va_list args;
	char *line;

	va_start(args, format);
	line = talloc_vasprintf(undoing, format, args);
	va_end(args);
	if (line)
		undoing->text = talloc_strdup_append_buffer(undoing->text, line);
	if (line && undoing->text)
		undoing->text = talloc_strdup_append_buffer(undoing->text, "\n");
	talloc_free(line);
	return line && undoing->text ? 0 : error_memory(err);
}

static bool is_hive(const struct item *item)
{
	return item->change->kind == KIND_VALUE || item->change->kind == KIND_SHARE;
}

/* ---- what there is ---- */

static bool item_wanted(const struct undo_options *options, const struct change *change)
{
	if (change->kind == KIND_BACKUP || change->kind == KIND_SERVICE)
		return false;
	if (options->change_id)
		return !strcmp(change->id, options->change_id);
	return !options->step || options->step == change->step;
}

static bool item_known(const struct undoing *undoing, const char *id)
{
	for (size_t i = 0; i < undoing->count; i++)
		if (!strcmp(undoing->items[i].change->id, id))
			return true;
	return false;
}

/* A folder that was set aside, put back, and then deleted for good: no undo brings it again. */
static bool item_gone(const struct undoing *undoing, const struct change *change)
{
	return change->kind == KIND_OLDFOLDER && journal_last(undoing->engine->journal, "deleting");
}

static int item_add(struct undoing *undoing, const struct change *change, struct error *err)
{
	struct item *grown, *item;
	int result;

	if (!item_wanted(undoing->options, change) || item_known(undoing, change->id) || item_gone(undoing, change))
		return 0;
	grown = memory_array_grow(undoing, undoing->items, sizeof *grown, undoing->count + 1);
	if (!grown)
		return error_memory(err);
	undoing->items = grown;
	item = &grown[undoing->count];
	*item = (struct item){ .change = change };
	result = change_reverse(undoing, change, undoing->engine->backup, &item->reverse, err);
	undoing->count += !result;
	return result;
}

/* Everything that was ever begun in this run, by step from the last to the first. */
static int items_collect(struct undoing *undoing, struct error *err)
{
	int result = 0;

	for (int step = STEP_OLDFOLDER; !result && step >= STEP_FILES; step--)
		for (size_t i = undoing->history.count; !result && i-- > 0;) {
			const struct act_record *act = &undoing->history.acts[i];

			for (size_t k = 0; !result && !act->undo && act->step == step && k < act->count; k++)
				result = item_add(undoing, act->changes[k], err);
		}
	return result;
}

static int item_foreign(const struct item *item, const char *now, struct error *err)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	char *was = change_side_text(tmp, item->change->kind, &item->change->before);
	char *made = change_side_text(tmp, item->change->kind, &item->change->after);
	int result = error_set(err, TROUBLE_MOVED, _("%s was changed by somebody else since. Before the repair: %s. The repair made it: %s. "
			       "Now: %s. Nothing was put back."), item->change->id, was ? was : "", made ? made : "", now);

	talloc_free(tmp);
	return result;
}

/* The backup must still hold what is to come back: known before anything is put back, not half way. */
static int item_source(struct undoing *undoing, const struct item *item, struct error *err)
{
	const struct change *reverse = item->reverse;
	char *shown = text_shown(undoing, reverse->source ? reverse->source : "");
	struct digest digest;
	int result;

	if (reverse->kind != KIND_FILE || !reverse->after.file.present)
		return 0;
	result = server_digest(undoing->engine->server, reverse->source, &digest, err);
	if (!result && !digest_equal(&digest, &reverse->after.file.digest))
		result = error_set(err, TROUBLE_VERIFY, _("%s is not what was backed up; nothing was put back."), shown ? shown : "");
	talloc_free(shown);
	return result;
}

/* All is looked at before the first is put back. */
static int items_look(struct undoing *undoing, struct error *err)
{
	int result = 0;

	for (size_t i = 0; !result && i < undoing->count; i++) {
		struct item *item = &undoing->items[i];
		char *text;

		result = change_look(undoing->engine->server, undoing, item->reverse, &item->state, &text, err);
		if (!result && item->state != CHANGE_OLD && item->state != CHANGE_NEW)
			result = item_foreign(item, text, err);
		if (!result && undoing->unsure && is_hive(item))
			item->state = CHANGE_OLD;
		if (!result && item->state == CHANGE_OLD)
			result = item_source(undoing, item, err);
		undoing->todo += !result && item->state == CHANGE_OLD;
		if (!result)
			talloc_free(text);
	}
	return result;
}

/* What it will be again: a folder its name, anything else its side of before. */
static char *item_text(struct undoing *undoing, const struct item *item)
{
	if (item->change->kind == KIND_OLDFOLDER)
		return text_shown(undoing, item->change->target);
	return change_side_text(undoing, item->change->kind, &item->change->before);
}

static int items_say(struct undoing *undoing, struct error *err)
{
	int result = 0;

	for (size_t i = 0; !result && i < undoing->count; i++) {
		const struct item *item = &undoing->items[i];
		char *to = item->state == CHANGE_OLD ? item_text(undoing, item) : NULL;

		if (item->state == CHANGE_OLD)
			result = say(undoing, err, "%s: %s", item->change->id, to ? to : "");
		talloc_free(to);
	}
	if (!result && undoing->todo && journal_last(undoing->engine->journal, "deleting"))
		result = say(undoing, err, _("The old folder was deleted for good and does not come back: what leads to it will lead nowhere."));
	return result;
}

/* ---- the registry files as a whole ---- */

/* What may differ between the saved file and the one that is there now: our own changes, and nothing else. */
struct ours {
	const struct undoing *undoing;
	bool only;
};

static bool item_is(const struct item *item, const char *key, const char *value)
{
	const char *own = item->change->before.value.key;

	if (item->change->kind == KIND_SHARE)
		return text_equal(value, item->change->target);
	return item->change->kind == KIND_VALUE && text_equal(value, item->change->before.value.name) && strchr(own, '\\') &&
	       text_equal(key, strchr(own, '\\') + 1);
}

static int ours_only(void *arg, const char *key, const char *value, const struct reg_data *a, const struct reg_data *b)
{
	struct ours *ours = arg;

	(void)a, (void)b;
	for (size_t i = 0; value && i < ours->undoing->count; i++)
		if (item_is(&ours->undoing->items[i], key, value))
			return 0;
	ours->only = false;
	return 1;
}

struct comparing {
	struct undoing *undoing;
	const json_t *left;            /* digests as the last act left them; NULL while that act came to no end */
	bool same;
};

static const struct hive_image *image_of(const struct undoing *undoing, const char *name)
{
	for (size_t i = 0; i < undoing->image_count; i++)
		if (text_equal(undoing->images[i].name, name))
			return &undoing->images[i];
	return NULL;
}

static bool bytes_ours(const struct undoing *undoing, const struct hive_image *image, const uint8_t *bytes, size_t len)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	struct ours ours = { undoing, true };
	struct regf *was, *is;
	bool readable = !regf_open_bytes(tmp, image->name, image->bytes, image->len, &was, NULL) &&
			!regf_open_bytes(tmp, image->name, bytes, len, &is, NULL);
	bool same = readable ? regf_diff(was, is, ours_only, &ours, NULL) >= 0 && ours.only
			     : image->len == len && !memcmp(image->bytes, bytes, len);

	talloc_free(tmp);
	return same;
}

static int hive_compare(void *arg, const char *name, const uint8_t *bytes, size_t len, struct error *err)
{
	struct comparing *comparing = arg;
	const struct hive_image *image = image_of(comparing->undoing, name);
	const char *left = json_string_value(json_object_get(comparing->left, name));
	struct digest digest;
	char hex[65];

	(void)err;
	if (text_equal(name, "SYSTEM.LOG"))
		return 0;
	if (!image) {
		comparing->same = false;
		return 0;
	}
	digest = digest_of(bytes, len);
	digest_text(&digest, hex);
	comparing->same &= comparing->left ? left && !strcmp(left, hex) : bytes_ours(comparing->undoing, image, bytes, len);
	return 0;
}

/* The saved files, each as its digest in the journal says; without any of them there is nothing to put back as a whole. */
static int images_read(struct undoing *undoing, struct error *err)
{
	static const char *const names[] = { "SYSTEM", "SYSTEM.ALT" };
	const json_t *files = json_object_get(journal_last(undoing->engine->journal, "saved"), "files");
	int result = 0;

	for (size_t i = 0; !result && i < sizeof names / sizeof *names; i++) {
		const char *saved = json_string_value(json_object_get(files, names[i]));
		char *rel = talloc_asprintf(undoing, "before/%s", names[i]), hex[65];
		struct digest digest;
		uint8_t *bytes;
		size_t len;

		if (!rel)
			return error_memory(err);
		if (!saved)
			continue;
		result = runfolder_read(undoing->engine->run, undoing, rel, HIVE_LIMIT, &bytes, &len, err);
		if (result)
			break;
		digest = digest_of(bytes, len);
		digest_text(&digest, hex);
		if (strcmp(hex, saved) != 0)
			result = error_set(err, TROUBLE_RECORD_DAMAGED, _("%s of run %s is not as it was saved."), rel,
					   runfolder_name(undoing->engine->run));
		undoing->images[undoing->image_count++] = (struct hive_image){ names[i], bytes, len };
	}
	return result;
}

/* The digests that the last act on the registry files left, or NULL if it came to no end. */
static const json_t *hives_left(const struct undoing *undoing)
{
	const struct journal *journal = undoing->engine->journal;
	const json_t *hives = NULL;

	for (size_t i = 0; i < journal_count(journal); i++) {
		const json_t *left = json_object_get(journal_entry(journal, i), "hives");

		hives = left ? left : hives;
	}
	return undoing->unsure ? NULL : hives;
}

/* Byte for byte only when all of the registry goes back and nobody has written to it since. */
static int images_judge(struct undoing *undoing, struct error *err)
{
	struct comparing comparing = { undoing, hives_left(undoing), true };
	const struct undo_options *options = undoing->options;
	bool any = false;
	int result;

	for (size_t i = 0; i < undoing->count; i++)
		any |= is_hive(&undoing->items[i]) && undoing->items[i].state == CHANGE_OLD;
	if (!any || options->step || options->change_id || !(undoing->engine->server->caps & SERVER_HIVES))
		return 0;
	result = images_read(undoing, err);
	if (!result && undoing->image_count)
		result = undoing->engine->server->ops->reg_save(undoing->engine->server, hive_compare, &comparing, err);
	if (!comparing.same)
		undoing->image_count = 0;
	return result;
}

/* ---- doing it ---- */

static int act_of(struct undoing *undoing, bool hives, int step, struct act *act, struct error *err)
{
	*act = (struct act){ .step = step, .undo = true };
	act->changes = memory_array(undoing, sizeof *act->changes, undoing->count);
	if (!act->changes)
		return error_memory(err);
	for (size_t i = 0; i < undoing->count; i++) {
		struct item *item = &undoing->items[i];

		if (item->state == CHANGE_OLD && (hives ? is_hive(item) : item->change->step == step))
			act->changes[act->count++] = item->reverse;
	}
	return 0;
}

static int hives_back(struct undoing *undoing, struct error *err)
{
	struct act act;
	int result = 0;

	if (undoing->image_count) {
		result = act_of(undoing, true, STEP_VALUES, &act, err);
		act.images = undoing->images;
		act.image_count = undoing->image_count;
		return !result && act.count ? act_run(undoing->engine, &act, err) : result;
	}
	for (int step = STEP_SHARE; !result && step >= STEP_VALUES; step--) {
		result = act_of(undoing, false, step, &act, err);
		if (!result && act.count)
			result = act_run(undoing->engine, &act, err);
	}
	return result;
}

/* The old folder has its own name again before values may lead into it. */
static int folder_back(struct undoing *undoing, struct error *err)
{
	struct act act;
	int result = act_of(undoing, false, STEP_OLDFOLDER, &act, err);

	return !result && act.count ? act_run(undoing->engine, &act, err) : result;
}

static int files_back(struct undoing *undoing, struct error *err)
{
	struct act act;
	int result = act_of(undoing, false, STEP_FILES, &act, err);

	if (!result && act.count)
		result = change_room(undoing->engine->server, act.changes, act.count, err);
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
	int result = engine->server->ops->look(engine->server, undoing, engine->backup, &there, &meta, NULL, err);

	undoing->tree = there && (undoing->options->backups ||
				  (!engine->backup_verified && !undoing->options->step && !undoing->options->change_id));
	return result;
}

static int tree_note(struct undoing *undoing, int number, const char *what, struct error *err)
{
	json_t *fields = json_pack("{s:i, s:i, s:b}", "act", number, "step", STEP_BACKUP, "undo", 1);

	if (!fields)
		return error_memory(err);
	if (!strcmp(what, "act"))
		json_object_set_new(fields, "changes", json_array());
	if (!strcmp(what, "done"))
		json_object_set_new(fields, "removed", json_path(undoing->engine->backup));
	return journal_add(undoing->engine->journal, what, fields, true, err);
}

static int tree_away(struct undoing *undoing, struct error *err)
{
	struct engine *engine = undoing->engine;
	int number = act_number_next(engine->journal), result;
	bool removed;

	if (!undoing->tree)
		return 0;
	result = tree_note(undoing, number, "act", err);
	if (!result)
		result = engine->backup_verified ? backup_remove(engine, err) : backup_discard(engine, &removed, err);
	return result ? result : tree_note(undoing, number, "done", err);
}

/* ---- times ---- */

static int time_back(struct engine *engine, const char *path, int64_t mtime)
{
	struct error why;
	struct file_meta meta;
	bool found = false;
	int result = engine->server->ops->look(engine->server, engine, path, &found, &meta, NULL, &why);

	if (!result && found && meta.mtime != mtime)
		result = engine->server->ops->set_time(engine->server, path, mtime, &why);
	if (result)
		runfolder_log(engine->run, "a time was not put back: %s", why.text);
	return result;
}

/* The first time on record of each path is the one it had before the run. A way of reaching the server that cannot set times leaves them. */
static int times_back(struct engine *engine, struct error *err)
{
	json_t *seen = json_object();
	int result = seen ? 0 : error_memory(err);

	for (size_t i = 0; !result && i < journal_count(engine->journal); i++) {
		const json_t *times = json_object_get(journal_entry(engine->journal, i), "times"), *time;
		const char *coded;

		json_object_foreach((json_t *)(uintptr_t)times, coded, time) {
			char *path = json_object_get(seen, coded) ? NULL : text_unpercent(engine, coded);

			json_object_set_new(seen, coded, json_true());
			if (path && json_is_integer(time))
				(void)time_back(engine, path, json_integer_value(time));
			talloc_free(path);
		}
	}
	json_decref(seen);
	return result;
}

static int undo_do(struct undoing *undoing, struct error *err)
{
	int result = undoing->todo ? engine_tell(undoing->engine, 0, _("Putting back what this run changed"), err) : 0;

	/* Nothing may be written into registry files that are not sound. */
	if (!result && undoing->todo)
		result = undoing->engine->server->ops->reg_gate(undoing->engine->server, err);
	if (!result)
		result = folder_back(undoing, err);
	if (!result)
		result = hives_back(undoing, err);
	if (!result)
		result = files_back(undoing, err);
	return result ? result : tree_away(undoing, err);
}

static int undo_prepare(struct undoing *undoing, struct error *err)
{
	int result = history_read(undoing, undoing->engine->journal, &undoing->history, err);

	undoing->unsure = !result && history_hives_unsure(&undoing->history);
	if (!result)
		result = items_collect(undoing, err);
	if (!result && undoing->options->change_id && !undoing->count)
		result = error_set(err, TROUBLE_NOT_THERE, _("This run made no change %s that could be put back."), undoing->options->change_id);
	if (!result)
		result = items_look(undoing, err);
	if (!result)
		result = images_judge(undoing, err);
	if (!result)
		result = tree_judge(undoing, err);
	return result ? result : items_say(undoing, err);
}

static int undoing_new(struct engine *engine, const struct undo_options *options, struct undoing **undoing, struct error *err)
{
	*undoing = talloc_zero(engine, struct undoing);
	if (*undoing) {
		(*undoing)->engine = engine;
		(*undoing)->options = options;
		(*undoing)->text = talloc_strdup(*undoing, "");
	}
	return *undoing && (*undoing)->text ? 0 : error_memory(err);
}

/* Whether every change of the run is put back, those that were not asked about included. */
static int all_back(struct engine *engine, bool *all, struct error *err)
{
	static const struct undo_options everything = { 0 };
	struct undoing *undoing;
	int result = undoing_new(engine, &everything, &undoing, err);

	if (!result)
		result = history_read(undoing, engine->journal, &undoing->history, err);
	if (!result)
		result = items_collect(undoing, err);
	if (!result)
		result = items_look(undoing, err);
	*all = !result && undoing->todo == 0;
	talloc_free(undoing);
	return result == -TROUBLE_MOVED ? 0 : result;
}

/* A run that had not come to its end, and of which only a part was put back, can still be gone on with. */
static int undo_record(struct engine *engine, bool all, struct error *err)
{
	if (!all && !journal_last(engine->journal, "end"))
		return journal_add(engine->journal, "paused", json_pack("{s:s, s:b}", "text", "partly put back", "undo", 1), true, err);
	return journal_add(engine->journal, "end", json_pack("{s:s, s:i}", "result", all ? "undone" : "partly undone", "exit", 0), true, err);
}

static int undo_end(struct undoing *undoing, struct error *err)
{
	bool all;
	int result = all_back(undoing->engine, &all, err);

	if (!result && undoing->tree)
		result = say(undoing, err, _("removed: %s"), text_shown(undoing, undoing->engine->backup));
	if (!result && all)
		result = times_back(undoing->engine, err);
	if (!result)
		result = undo_record(undoing->engine, all, err);
	return result ? result : record_report(undoing->engine, NULL, err);
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
		result = error_set(err, why.trouble, "%s", why.text);
	if (!result)
		result = undo_end(undoing, err);
	if (!result)
		*text = talloc_steal(engine, undoing->text);
	talloc_free(undoing);
	return result;
}

/* ---- asked for ---- */

int undo_options_of(TALLOC_CTX *mem, const json_t *entry, struct undo_options *undo, struct error *err)
{
	const char *id = json_string_value(json_object_get(entry, "change"));

	*undo = (struct undo_options){ .step = entry_number(entry, "step"), .backups = json_is_true(json_object_get(entry, "backups")) };
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
		return error_set(err, TROUBLE_USAGE, undo->step == STEP_BACKUP
				 ? _("Step 1 changed nothing; its backup is removed with --backups.") : _("Name either a step or a change."));
	if (undo->backups && (undo->step || undo->change_id))
		return error_set(err, TROUBLE_USAGE, _("The backup can only be removed when everything is put back."));
	return 0;
}

/* What would be done, and nothing else. */
static int undo_show(struct engine *engine, const struct undo_options *undo, bool *nothing, char **text, struct error *err)
{
	struct undoing *undoing;
	int result = undoing_new(engine, undo, &undoing, err);

	if (!result)
		result = undo_prepare(undoing, err);
	if (!result && undoing->tree)
		result = say(undoing, err, _("to be removed: %s"), text_shown(undoing, engine->backup));
	*nothing = !result && undoing->todo == 0 && !undoing->tree;
	if (!result)
		*text = talloc_steal(engine, undoing->text);
	talloc_free(undoing);
	return result;
}

static int undo_nothing(struct engine *engine, const struct history *history, char **text, struct error *err)
{
	const char *state = journal_state(journal_entries(engine->journal));
	bool ever = false;
	int result = 0;

	for (size_t i = 0; i < history->count; i++)
		ever |= history->acts[i].begun && !history->acts[i].undo && history->acts[i].step > STEP_BACKUP;
	*text = talloc_asprintf(engine, "%s\n", !strcmp(state, "undone") ? _("This run was put back already; there is nothing to put back.")
				: ever ? _("There is nothing to put back.") : _("This run changed nothing; there is nothing to put back."));
	if (!*text)
		return error_memory(err);
	if (!runfolder_writable(engine->run) || !strcmp(state, "undone") || !strcmp(state, "done"))
		return 0;
	/* Even then a run that was cut off comes to its end. */
	result = times_back(engine, err);
	if (!result)
		result = journal_add(engine->journal, "end", json_pack("{s:s, s:i}", "result", ever ? "undone" : "nothing", "exit", 0), true, err);
	return result;
}

static int undo_run(struct engine *engine, const struct undo_options *undo, char **text, struct error *err)
{
	struct history history;
	bool nothing = true;
	int result = 0;

	*text = NULL;
	if (!engine->begun)
		return undo_nothing(engine, &(struct history){ 0 }, text, err);
	result = history_read(engine, engine->journal, &history, err);
	if (!result && !undo->dry_run)
		result = engine_sweep(engine, &history, err);
	if (!result)
		result = undo_show(engine, undo, &nothing, text, err);
	if (!result && nothing)
		return undo_nothing(engine, &history, text, err);
	if (result || undo->dry_run)
		return result;
	result = journal_add(engine->journal, "undo", undo_fields(engine, undo), true, err);
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

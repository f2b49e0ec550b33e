/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An earlier run told by looking at the server: three facts for the operator, and what became of each change. */
#include <string.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "nt/regf.h"
#include "repair/leftover.h"
#include "run/engine_internal.h"

struct tally {
	size_t made, to_do, neither;
};

static void tally_add(struct tally *tally, enum change_state state)
{
	tally->made += state == CHANGE_NEW;
	tally->to_do += state == CHANGE_OLD;
	tally->neither += state == CHANGE_FOREIGN || state == CHANGE_ABSENT;
}

/* Neither side, whichever way the act turned it. */
static int change_foreign(const struct engine *engine, struct change *change, bool undo, size_t *foreign, struct error *err)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	struct change *turned = change;
	enum change_state state = CHANGE_OLD;
	int result = undo ? change_reverse(tmp, change, engine_backup_root(engine), &turned, err) : 0;

	if (!result)
		result = change_look(engine->server, tmp, turned, &state, NULL, err);
	*foreign += state == CHANGE_FOREIGN;
	talloc_free(tmp);
	return result;
}

static int acts_look(struct engine *engine, struct run_look *look, const struct history *history, struct error *err)
{
	int result = 0;

	for (size_t i = 0; i < history->count; i++)
		for (size_t k = 0; !result && history->acts[i].begun && k < history->acts[i].count; k++)
			result = change_foreign(engine, history->acts[i].changes[k], history->acts[i].undo, &look->foreign, err);
	return result;
}

/* Every decided change of steps 2 to 4, as the server has it now. */
static int decided_tally(struct engine *engine, struct tally *tally, struct error *err)
{
	int result = 0;

	for (size_t i = 0; !result && i < engine->decided_count; i++) {
		const struct change *change = engine->decided[i].change;
		enum change_state state;

		if (!change || change->step < STEP_FILES)
			continue;
		result = change_look(engine->server, engine, change, &state, NULL, err);
		if (!result)
			tally_add(tally, state);
	}
	return result;
}

static const struct act_record *act_open(const struct history *history)
{
	const struct act_record *last = history->count ? &history->acts[history->count - 1] : NULL;

	return last && !last->done ? last : NULL;
}

static char *journal_tells(struct engine *engine, struct run_look *look, const struct history *history)
{
	const struct act_record *open = act_open(history);

	if (!engine->begun)
		return talloc_strdup(look, _("It was cut off before its decisions were on record."));
	if (history->undoing)
		return talloc_strdup(look, _("It was being put back, and that did not come to its end."));
	if (look->ended)
		return talloc_strdup(look, _("It came to its end."));
	if (!open)
		return talloc_asprintf(look, P_("%zu act was finished, and nothing else was begun.",
						"%zu acts were finished, and nothing else was begun.", history->count),
				       history->count);
	if (!open->begun)
		return talloc_asprintf(look, _("Step %d was being prepared; nothing of it was switched in."),
				       open->step);
	return talloc_asprintf(look, P_("Step %d was begun, with %zu change, and not finished.",
					"Step %d was begun, with %zu changes, and not finished.", open->count),
			       open->step, open->count);
}

static char *journal_says(struct engine *engine, struct run_look *look, const struct history *history)
{
	char *text = journal_tells(engine, look, history);

	if (text && journal_torn(engine->journal))
		text = talloc_strdup_append(text, _(" Its last line was cut off in the middle and does not count."));
	return text;
}

/* ---- the copy of the registry ---- */

struct twins {
	TALLOC_CTX *mem;
	struct regf *hives[2];         /* SYSTEM and SYSTEM.ALT */
};

static int twin_open(void *arg, const char *name, const uint8_t *bytes, size_t len, struct error *err)
{
	struct twins *twins = arg;
	bool alt = text_equal(name, "SYSTEM.ALT");
	uint8_t *copy = alt || text_equal(name, "SYSTEM") ? talloc_memdup(twins->mem, bytes, len) : NULL;

	(void)err;
	if (copy)
		(void)regf_open_bytes(twins->mem, name, copy, len, &twins->hives[alt], NULL);
	return 0;
}

static int twin_differs(void *arg, const char *key, const char *value, const struct reg_data *a, const struct reg_data *b)
{
	(void)arg, (void)key, (void)value, (void)a, (void)b;
	return 1;
}

/* While an act on the registry came to no end, its file may hold it and its copy not. */
static bool copy_behind(const struct engine *engine, const struct history *history)
{
	struct twins twins = { talloc_new(NULL), { NULL, NULL } };
	bool behind = history_hives_unsure(history) && (engine->server->caps & SERVER_HIVES) &&
		      !engine->server->ops->reg_save(engine->server, twin_open, &twins, NULL) && twins.hives[0] && twins.hives[1] &&
		      regf_diff(twins.hives[0], twins.hives[1], twin_differs, NULL, NULL) != 0;

	talloc_free(twins.mem);
	return behind;
}

/* ---- what was staged ---- */

static size_t names_left(const struct engine *engine, TALLOC_CTX *mem, char *const *folders, size_t count)
{
	size_t found = 0, left = 0;
	char **names = NULL;

	for (size_t i = 0; i < count; i++)
		(void)leftover_list(engine->server, mem, folders[i], &names, &found, NULL);
	for (size_t i = 0; i < found; i++) {
		enum leftover_kind kind = leftover_of(path_leaf(names[i]));

		left += kind == LEFTOVER_STAGE || kind == LEFTOVER_TORN;
	}
	return left;
}

/* Beside the targets of a run that was cut off, in every folder it may have written to. */
static size_t leftovers_count(const struct engine *engine, const struct history *history)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	size_t count, folder_count, left = 0;
	struct change **changes = changes_decided(tmp, engine, &count);
	char **folders;

	if (changes && !history->swept && !change_touched(engine->server, tmp, changes, count, &folders, &folder_count, NULL))
		left = names_left(engine, tmp, folders, folder_count);
	talloc_free(tmp);
	return left;
}

static char *server_says(struct engine *engine, struct run_look *look, const struct history *history, const struct tally *tally)
{
	char *text = talloc_asprintf(look, _("Of the decided changes %zu are as they are to be, %zu as they were, %zu neither."), tally->made,
				     tally->to_do, tally->neither);

	look->copy_behind = copy_behind(engine, history);
	if (text && look->copy_behind)
		text = talloc_strdup_append(text, _(" The registry file SYSTEM and its copy SYSTEM.ALT do not say the same."));
	look->leftovers = leftovers_count(engine, history);
	if (text && look->leftovers)
		text = talloc_asprintf_append(text, _(" Names that writing left behind: %zu. They go when the run is resumed or put back."),
					      look->leftovers);
	if (text && look->backup && !look->backup_verified)
		text = talloc_strdup_append(text, _(" The backup of Bin is begun and not whole."));
	return text;
}

static char *so_text(struct engine *engine, struct run_look *look, const struct history *history,
		     const struct tally *tally)
{
	if (tally->neither)
		return talloc_strdup(
			look, _("Somebody else has changed something since; look at it before you resume or put back."));
	if (!engine->begun)
		return talloc_strdup(look, _("Nothing was changed. Begin again."));
	if (history->undoing)
		return talloc_strdup(look, _("Resuming puts the rest back."));
	if (look->ended)
		return talloc_strdup(look, _("There is nothing to resume."));
	if (!tally->to_do && look->copy_behind)
		return talloc_strdup(look, _("All is made but in SYSTEM.ALT. Resuming writes it there as well; or put all back."));
	if (tally->to_do)
		return talloc_asprintf(look,
				       _("%zu changes are made, %zu are still to do. You can resume, or put all back."),
				       tally->made, tally->to_do);
	return talloc_strdup(look, _("Everything that was decided is done."));
}

static int look_say(struct engine *engine, struct run_look *look, const struct history *history, struct error *err)
{
	struct tally tally = { 0, 0, 0 };
	int result = decided_tally(engine, &tally, err);

	if (result)
		return result;
	look->journal_says = journal_says(engine, look, history);
	look->server_says = server_says(engine, look, history, &tally);
	look->so = so_text(engine, look, history, &tally);
	return look->journal_says && look->server_says && look->so ? 0 : error_memory(err);
}

/* How far the tree of step 1 came. */
static bool tree_begun(const struct history *history)
{
	for (size_t i = 0; i < history->count; i++)
		if (history->acts[i].step == STEP_BACKUP && !history->acts[i].undo)
			return true;
	return false;
}

/* It may have been removed since, as asked. */
static int backup_look(struct engine *engine, struct run_look *look, const struct history *history, struct error *err)
{
	struct file_meta meta;
	bool found = false;
	int result = 0;

	if (engine->backup && tree_begun(history))
		result = engine->server->ops->look(engine->server, look, engine->backup, &found, &meta, NULL, err);
	if (found)
		look->backup = talloc_strdup(look, engine->backup);
	return result || !found || look->backup ? result : error_memory(err);
}

static int look_fill(struct engine *engine, struct run_look *look, struct error *err)
{
	struct history history;
	int result = history_read(look, engine, &history, err);

	if (result)
		return result;
	look->ended = journal_ended(engine->journal);
	look->backup_verified = engine->backup_verified;
	result = backup_look(engine, look, &history, err);
	if (!result)
		result = acts_look(engine, look, &history, err);
	return result ? result : look_say(engine, look, &history, err);
}

int run_look(TALLOC_CTX *mem, struct server *server, struct runfolder *run, struct run_look **look, struct error *err)
{
	struct run_look *made = talloc_zero(mem, struct run_look);
	struct engine *engine;
	int result = made ? engine_of_run(made, server, run, &engine, err) : error_memory(err);

	if (!result)
		result = look_fill(engine, made, err);
	if (result)
		talloc_free(made);
	else
		*look = made;
	return result;
}

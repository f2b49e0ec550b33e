/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An earlier run told by looking at the server: three facts for the operator, and what became of
 * each change. */
#include <string.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "repair/leftover.h"
#include "run/engine_internal.h"
#include "run/finish.h"

/* Every decided change of steps 2 to 6, as the server has it now. */
struct tally {
	size_t made, put_back, to_do, neither;
	bool unsure; /* in one copy of the registry, and perhaps not in the other */
};

static int decided_tally(struct engine *engine, struct run_status *status,
	const struct history *history, struct tally *tally, struct error *err)
{
	for (size_t i = 0; i < engine->decided_count; i++) {
		const struct change *change = engine->decided[i].change;
		enum change_state state;
		int ret;
		bool neither;

		if (!change || change->step < STEP_FILES)
			continue;
		/* It is open again, whatever somebody has made of it since. */
		if (history_taken_back(history, change)) {
			tally->put_back++;
			continue;
		}
		ret = change_state_read(engine->server, engine, change, &state, NULL, err);
		if (ret)
			return ret;
		neither = state != CHANGE_NEW && state != CHANGE_OLD;
		tally->made += state == CHANGE_NEW;
		tally->to_do += state == CHANGE_OLD;
		tally->neither += neither;
		tally->unsure |= history_unsure(history, change->id);
		status->foreign += neither && history_act(history, change->id, false);
	}
	return 0;
}

static const struct act_record *act_open(const struct history *history)
{
	const struct act_record *last = history->count ? &history->acts[history->count - 1] : NULL;

	return last && !last->done ? last : NULL;
}

static char *journal_tells(struct engine *engine, struct run_status *status,
	const struct history *history)
{
	const struct act_record *open = act_open(history);

	if (!engine->begun)
		return talloc_strdup(status,
			_("It was cut off before its decisions were on record."));
	if (history->undoing)
		return talloc_strdup(status,
			_("It was being put back, and that did not come to its end."));
	if (status->ended)
		return talloc_strdup(status, _("It came to its end."));
	if (!open)
		return talloc_asprintf(status,
			P_("%zu act was finished, and nothing else was begun.",
				"%zu acts were finished, and nothing else was begun.",
				history->count),
			history->count);
	if (!open->begun)
		return talloc_asprintf(status,
			_("Step %d was being prepared; nothing of it was switched in."),
			open->step);
	return talloc_asprintf(status,
		P_("Step %d was begun, with %zu change, and not finished.",
			"Step %d was begun, with %zu changes, and not finished.", open->count),
		open->step, open->count);
}

/* Names beside the targets of a run that was cut off, in every folder it may have written to. */
static size_t leftovers_count(const struct engine *engine, const struct history *history)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	size_t count, folder_count = 0, found = 0, left = 0;
	struct change **changes = changes_decided(tmp, engine, &count);
	char **folders, **names = NULL;

	if (changes && !history->swept)
		(void)change_touched(engine->server, tmp, changes, count, &folders, &folder_count,
			NULL);
	for (size_t i = 0; i < folder_count; i++)
		(void)leftover_list(engine->server, tmp, folders[i], &names, &found, NULL);
	for (size_t i = 0; i < found; i++) {
		enum leftover_kind kind = leftover_of(path_leaf(names[i]));

		left += kind != LEFTOVER_NONE && kind != LEFTOVER_TREE;
	}
	talloc_free(tmp);
	return left;
}

static char *server_says(struct run_status *status, const struct tally *tally, size_t left,
	bool half)
{
	char *text = talloc_asprintf(status,
		tally->put_back
			? _("Of the decided changes %zu are made, %zu are as before, %zu are neither, %zu were put back.")
			: _("Of the decided changes %zu are made, %zu are as before, %zu are neither."),
		tally->made, tally->to_do, tally->neither, tally->put_back);

	if (left)
		text = talloc_asprintf_append(text,
			_(" Names that writing left behind: %zu. They go when the run is resumed or put back."),
			left);
	return half ? talloc_strdup_append(text, _(" The backup of Bin is begun and not whole."))
		    : text;
}

static const char *so(const struct engine *engine, struct run_status *status,
	const struct history *history, const struct tally *tally)
{
	if (tally->neither)
		return _(
			"Somebody else has changed something since; look at it before you resume or put back.");
	if (!engine->begun)
		return _("Nothing was changed. Begin again.");
	if (history->undoing)
		return _("Resuming puts the rest back.");
	if (status->ended)
		return _("There is nothing to resume.");
	if (tally->to_do)
		return talloc_asprintf(status,
			_("%zu changes are made, %zu are still to do. You can resume, or put all back."),
			tally->made, tally->to_do);
	if (tally->unsure && (engine->server->caps & SERVER_HIVES))
		return _(
			"All is made in the registry file SYSTEM, and perhaps not in its copy SYSTEM.ALT. Resuming writes it there as well; "
			"or put all back.");
	return tally->put_back ? _("Everything that was decided is done, or was put back.")
			       : _("Everything that was decided is done.");
}

/* The tree of step 1 was begun, and is there and not whole. */
static int half_a_backup(struct engine *engine, const struct history *history, bool *half,
	struct error *err)
{
	*half = false;
	for (size_t i = 0; i < history->count; i++)
		if (!engine->backup_verified && history->acts[i].step == STEP_BACKUP)
			return engine->server->ops->file_stat(engine->server, engine,
				engine->backup, half, NULL, NULL, err);
	return 0;
}

static int status_fill(struct engine *engine, struct run_status *status, struct error *err)
{
	struct tally tally = { 0 };
	struct history history;
	bool half;

	status->ended = journal_ended(engine->journal);
	status->backup_verified = engine->backup_verified;
	if (history_read(status, engine, &history, err) ||
		half_a_backup(engine, &history, &half, err) ||
		decided_tally(engine, status, &history, &tally, err))
		return -(int)err->trouble;
	status->services = services_stand(engine, status);
	status->journal_says = journal_tells(engine, status, &history);
	if (journal_torn(engine->journal))
		status->journal_says = talloc_strdup_append(status->journal_says,
			_(" Its last line was cut off in the middle and does not count."));
	status->made = tally.made;
	status->put_back = tally.put_back;
	status->to_do = tally.to_do;
	status->server_says = server_says(status, &tally, leftovers_count(engine, &history), half);
	status->so = talloc_strdup(status, so(engine, status, &history, &tally));
	return 0;
}

int run_status(TALLOC_CTX *mem, struct server *server, struct runfolder *run,
	struct run_status **status, struct error *err)
{
	struct run_status *made = talloc_zero(mem, struct run_status);
	struct engine *engine;
	int ret = made ? engine_of_run(made, server, run, &engine, err) : error_memory(err);

	if (!ret)
		ret = status_fill(engine, made, err);
	if (ret)
		talloc_free(made);
	else
		*status = made;
	return ret;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a record may ask for, whoever wrote it: what fits the server as it is now. */
#include <string.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "repair/leftover.h"
#include "run/engine_internal.h"

/* ---- what the server says ---- */

/* Every PC MTA that the record names: whether it may be one the survey decides. */
static const char *const *pcmtas_named(struct engine *engine)
{
	char **names = NULL;
	size_t count = 0, at;
	const json_t *name;

	for (size_t i = 0; i < journal_count(engine->journal); i++)
		json_array_foreach (json_object_get(journal_entry(engine->journal, i), "names"), at,
			name)
			if (json_is_string(name))
				(void)memory_more_text(engine, &names, &count,
					text_unpercent(engine, json_string_value(name)));
	/* The NULL at the end. */
	return memory_more(engine, &names, count, sizeof *names) ? (const char *const *)names
								 : NULL;
}

int engine_ground(struct engine *engine, const json_t *entry, struct error *err)
{
	struct survey_options options = { .relocated = path_of_json(engine, entry, "relocated"),
		.relocated_recorded = true,
		.pcmta_recorded = true,
		.pcmta_add = pcmtas_named(engine),
		.places = true };
	char *set = path_of_json(engine, entry, "control_set");
	struct error *why = &engine->unproved;
	int ret = -TROUBLE_HIVE_CHANGING;

	/* If somebody wrote to a registry file since it was opened, it is opened again. */
	for (int i = 0; i < 2 && ret == -TROUBLE_HIVE_CHANGING; i++)
		ret = survey_make(engine, engine->server, &options, &engine->ground, why);
	if (!ret) {
		engine->unproved.trouble = TROUBLE_NONE;
		engine->same_set = set && text_equal(set, engine->ground->control_set);
	}
	/* Looked at it can be all the same; nothing of it fits then. */
	if (ret == -TROUBLE_NO_RELOCATED || ret == -TROUBLE_SAME_MSMCON || ret == -TROUBLE_USAGE ||
		ret == -TROUBLE_NO_EXCHANGE || ret == -TROUBLE_LETTERS) {
		/* It comes to stand within a sentence. */
		why->text[strlen(why->text) - text_full_stop(why->text)] = '\0';
		why->english[strlen(why->english) - text_full_stop(why->english)] = '\0';
		return 0;
	}
	return ret ? error_pass(err, why) : 0;
}

char *engine_tree(const struct engine *engine, TALLOC_CTX *mem, const char *folder)
{
	return talloc_asprintf(mem, "%s" LEFTOVER_TREE_MARK "%s", folder,
		runfolder_name(engine->run));
}

/* ---- each kind ---- */

static bool backup_fits(const struct engine *engine, const struct change *change)
{
	return !strcmp(change->id, "backup/Bin") && engine->backup &&
		path_equal(change->target, engine->backup) &&
		path_equal(change->source, engine->bin);
}

/* From setup's Bin to the relocated one, under the name that the id says. */
static bool file_fits(const struct engine *engine, TALLOC_CTX *mem, const struct change *change)
{
	const char *from = path_join(mem, engine->ground->default_msmcon, "Bin");
	size_t skip = strlen(engine->bin) + 1;
	const char *rel = path_under(change->target, engine->bin) && strlen(change->target) > skip
		? change->target + skip
		: NULL;
	char *subject = rel ? text_percent(mem, path_join(mem, "Bin", rel)) : NULL;
	char *id = subject ? talloc_asprintf(mem, "file/%s", subject) : NULL;

	return id && text_equal(change->id, id) && change->after.file.present && from &&
		path_equal(change->source, path_join(mem, from, rel)) &&
		(!change->traits_from ||
			path_equal(path_parent(mem, change->traits_from),
				path_parent(mem, change->target)));
}

/* The old folder, and the name that this run gives it. */
static bool oldfolder_fits(const struct engine *engine, TALLOC_CTX *mem,
	const struct change *change)
{
	const char *folder = engine->ground->default_msmcon,
		   *aside = engine_tree(engine, mem, folder);

	return !strcmp(change->id, "oldfolder") && path_equal(change->target, folder) && aside &&
		path_equal(change->source, aside);
}

const char *engine_misfit(const struct engine *engine, const struct change *change)
{
	TALLOC_CTX *tmp;
	bool fits;

	/* What this very process put on record is its own. */
	if (!engine->ground)
		return engine->unproved.trouble ? engine->unproved.text : NULL;
	if (change->kind == KIND_VALUE || change->kind == KIND_SHARE)
		return engine->same_set
			? change_misfit(engine->ground, change, false)
			: N_("it was made in another control set than the server starts with now");
	tmp = talloc_new(NULL);
	fits = change->kind == KIND_BACKUP  ? backup_fits(engine, change)
		: change->kind == KIND_FILE ? file_fits(engine, tmp, change)
					    : oldfolder_fits(engine, tmp, change);
	talloc_free(tmp);
	return fits ? NULL : N_("its files are not those that its name says");
}

int engine_misfits(const struct engine *engine, const struct change *change, const char *why,
	struct error *err)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	int ret = error_set(err, TROUBLE_PLAN_FOREIGN,
		_("The record of run %s does not fit this server: %s: %s. Nothing was written."),
		runfolder_name(engine->run), finding_id_shown(tmp, change->id),
		why == engine->unproved.text ? error_text(&engine->unproved) : _(why));

	talloc_free(tmp);
	return error_advise(err, ret,
		_("Other changes can be put back one at a time: %s undo RUN --step N, or --change ID. "
		  "For this one, restore the run folder from a copy, or put it back by hand."),
		text_call());
}

int engine_fits(const struct engine *engine, const struct history *history, struct error *err)
{
	for (size_t i = 0; i < engine->decided_count; i++) {
		const struct change *change = engine->decided[i].change;
		const char *why = change && !history_taken_back(history, change)
			? engine_misfit(engine, change)
			: NULL;

		if (why)
			return engine_misfits(engine, change, why, err);
	}
	return 0;
}

struct change **changes_fitting(TALLOC_CTX *mem, const struct engine *engine,
	const struct history *history, size_t *count)
{
	struct change **changes = changes_decided(mem, engine, count);
	size_t all = *count;

	for (size_t i = 0; i < history->count; i++)
		for (size_t k = 0; !history->acts[i].undo && k < history->acts[i].count; k++) {
			struct change **more = memory_more(mem, &changes, all, sizeof *more);

			if (!more)
				return NULL;
			*more = history->acts[i].changes[k];
			all++;
		}
	*count = 0;
	for (size_t i = 0; changes && i < all; i++)
		if (!engine_misfit(engine, changes[i]))
			changes[(*count)++] = changes[i];
	return changes;
}

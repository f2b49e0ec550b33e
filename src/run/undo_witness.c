/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Second witnesses of what was there before a run, for its journal may be forged. */
#include <string.h>

#include "base/i18n.h"
#include "nt/regf.h"
#include "run/undo_internal.h"

/* A witness that is missing or cannot be read says nothing. */
enum witness { WITNESS_SILENT, WITNESS_YES, WITNESS_NO };
enum { HIVE_LIMIT = 256 << 20 };

/* ---- the registry as it was saved when the run began ---- */

/* The saved SYSTEM, NULL without one. */
static struct regf *saved_open(struct undoing *undoing, TALLOC_CTX *mem)
{
	struct regf *hive = NULL;
	uint8_t *bytes;
	size_t len;

	if (!runfolder_read(undoing->engine->run, mem, "before/SYSTEM", HIVE_LIMIT, &bytes, &len,
		    NULL) &&
		regf_open_bytes(mem, "SYSTEM", bytes, len, &hive, NULL))
		hive = NULL;
	return hive;
}

/* Where there was no value, data is NULL. */
static enum witness saved_says(struct regf *saved, TALLOC_CTX *mem, const struct value_fact *was)
{
	const char *below = was->key ? strchr(was->key, '\\') : NULL;
	struct reg_value *value = NULL;
	regf_key key = 0;

	if (!saved || !below || regf_find(saved, below + 1, &key, NULL) ||
		(key && regf_value(saved, mem, key, was->name, &value, NULL)))
		return WITNESS_SILENT;
	return regdata_equal(value ? &value->data : NULL, was->data) ? WITNESS_YES : WITNESS_NO;
}

/* Where Windows ran there was no registry file to save: then the plan as the run began with it
 * tells. */
static enum witness planned_says(const json_t *plan, TALLOC_CTX *mem, const struct change *change)
{
	const json_t *row;
	struct side was;
	size_t i;

	json_array_foreach (json_object_get(plan, "rows"), i, row)
		if (entry_says(row, "id", change->id) &&
			!finding_side_parse(mem, change->kind, json_object_get(row, "before"), &was,
				NULL))
			return finding_side_equal(change->kind, &was, &change->before) ? WITNESS_YES
										       : WITNESS_NO;
	return WITNESS_SILENT;
}

/* ---- the backup of Bin ---- */

/* A file that the backup holds was not added by the run. */
static int added_check(struct undoing *undoing, const struct item *item, struct error *err)
{
	struct engine *engine = undoing->engine;
	char *copy = engine->backup ? NULL : engine_tree(engine, undoing, engine->bin);
	bool there = false,
	     added = item->change->kind == KIND_FILE && !item->change->before.file.present;
	int ret = added ? engine->server->ops->file_stat(engine->server, undoing,
				  copy ? copy : item->reverse->source, &there, NULL, NULL, err)
			: 0;

	return ret || !there ? ret
			     : engine_misfits(engine, item->change,
				       N_("the backup of Bin says that it was there before"), err);
}

/* ---- what they object to ---- */

/* Why what was there before may not come back, a clause; NULL if it may. */
static const char *hive_objects(const struct engine *engine, TALLOC_CTX *mem, struct regf *saved,
	const json_t *plan, const struct change *change)
{
	struct value_fact was = change_registry(mem, engine->ground, change);
	enum witness says = saved ? saved_says(saved, mem, &was) : planned_says(plan, mem, change);

	if (says == WITNESS_SILENT)
		return change_misfit(engine->ground, change, true);
	return says == WITNESS_YES ? NULL
		: saved ? N_("the registry file that was saved tells of another value before")
			: N_("what was recorded when the run began tells of something else before");
}

int items_witnessed(struct undoing *undoing, struct error *err)
{
	const struct engine *engine = undoing->engine;
	TALLOC_CTX *tmp = talloc_new(undoing);
	struct regf *saved = saved_open(undoing, tmp);
	json_t *plan = NULL;
	int ret = 0;

	if (!saved && server_runs(engine->server))
		(void)runfolder_read_json(engine->run, "plan.json", &plan, NULL);

	for (size_t i = 0; engine->ground && !ret && i < undoing->count; i++) {
		const struct item *item = &undoing->items[i];
		const char *why = item_is_hive(item)
			? hive_objects(engine, tmp, saved, plan, item->change)
			: NULL;

		ret = why ? engine_misfits(engine, item->change, why, err)
			  : added_check(undoing, item, err);
	}
	json_decref(plan);
	talloc_free(tmp);
	return ret;
}

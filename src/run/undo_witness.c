/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A second witness of what was there before: the registry file that was saved when the run began,
 * and the backup of Bin. */
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "nt/regf.h"
#include "run/undo_internal.h"

enum { HIVE_LIMIT = 256 << 20 };

/* A witness that is missing or cannot be read says nothing. */
enum witness { WITNESS_SILENT, WITNESS_YES, WITNESS_NO };

/* The saved SYSTEM, NULL without one. */
static struct regf *saved_open(struct undoing *undoing, TALLOC_CTX *mem)
{
	struct regf *hive;
	uint8_t *bytes;
	size_t len;

	return !runfolder_read(undoing->engine->run, mem, "before/SYSTEM", HIVE_LIMIT, &bytes, &len,
		       NULL) &&
			!regf_open_bytes(mem, "SYSTEM", bytes, len, &hive, NULL)
		? hive
		: NULL;
}

/* Where there was no value, data is NULL. */
static enum witness saved_says(struct regf *saved, TALLOC_CTX *mem, const struct value_fact *was)
{
	const char *below = was->key ? strchr(was->key, '\\') : NULL;
	struct regf_value *value = NULL;
	regf_key key = 0;

	if (!saved || !below || regf_find(saved, below + 1, &key, NULL) ||
		(key && regf_value(saved, mem, key, was->name, &value, NULL)))
		return WITNESS_SILENT;
	return regdata_equal(value ? &value->data : NULL, was->data) ? WITNESS_YES : WITNESS_NO;
}

/* A file that the backup holds was not added by the run. */
static int added_check(struct undoing *undoing, const struct item *item, struct error *err)
{
	struct engine *engine = undoing->engine;
	char *copy = engine->backup ? NULL : engine_tree(engine, undoing, engine->bin);
	bool there = false;
	int ret = engine->server->ops->file_stat(engine->server, undoing,
		copy ? copy : item->reverse->source, &there, NULL, NULL, err);

	return ret || !there
		? ret
		: engine_misfits(engine, item->change,
			  _("the backup of Bin says that it was there before"), err);
}

int items_witnessed(struct undoing *undoing, struct error *err)
{
	struct engine *engine = undoing->engine;
	TALLOC_CTX *tmp = talloc_new(undoing);
	struct regf *saved = saved_open(undoing, tmp);
	int ret = 0;

	for (size_t i = 0; engine->ground && !ret && i < undoing->count; i++) {
		const struct item *item = &undoing->items[i];
		const struct change *change = item->change;
		struct value_fact was = change_registry(tmp, engine->ground, change);
		enum witness says =
			item_is_hive(item) ? saved_says(saved, tmp, &was) : WITNESS_YES;

		if (says == WITNESS_NO)
			ret = engine_misfits(engine, change,
				_("the registry file that was saved says something else of what was there before"),
				err);
		else if (says == WITNESS_SILENT && !change_plain(engine->ground, change))
			ret = engine_misfits(engine, change,
				_("there is no saved registry file to confirm what was there before, and it did not lead into the default Msmcon"),
				err);
		else if (change->kind == KIND_FILE && !change->before.file.present)
			ret = added_check(undoing, item, err);
	}
	talloc_free(tmp);
	return ret;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What of a run could be put back, row by row, for somebody who chooses. */
#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "repair/article.h"
#include "run/undo_internal.h"

/* A row that cannot be put back says why; the others can. */
static int row_add(struct undo_look *look, struct undoing *undoing, struct item *item,
	struct error *err)
{
	const struct change *change = item->change;
	struct error why = { .trouble = TROUBLE_NONE };
	int ret = item_check(undoing, item, &why);
	struct undo_row *row;

	if (!ret && item->state != CHANGE_OLD)
		return 0;
	row = memory_more(look, &look->rows, look->count, sizeof *row);
	if (!row)
		return error_memory(err);
	look->count++;
	*row = (struct undo_row){ .id = talloc_strdup(look, change->id),
		.step = change->step,
		.back = talloc_steal(look, item_text(undoing, item)),
		.now = change->kind == KIND_OLDFOLDER
			? text_shown(look, change->source ? change->source : "")
			: change_side_text(look, change->kind, &change->after),
		.refused = ret ? talloc_strdup(look, why.text) : NULL };
	return row->id && row->back && row->now ? 0 : error_memory(err);
}

int engine_undo_look(TALLOC_CTX *mem, struct server *server, const char *run_name,
	const struct engine_options *options, struct undo_look **look, struct error *err)
{
	static const struct undo_options everything = { .dry_run = true };
	struct undo_look *made = talloc_zero(mem, struct undo_look);
	struct undoing *undoing = NULL;
	struct engine *engine = NULL;
	int ret;

	*look = NULL;
	if (!made)
		return error_memory(err);
	ret = engine_open(made, server, run_name, false, options, &engine, err);
	if (!ret)
		ret = undoing_new(engine, &everything, &undoing, err);
	if (!ret && engine->begun)
		ret = items_collect(undoing, err);
	for (size_t i = 0; !ret && i < undoing->count; i++)
		ret = row_add(made, undoing, &undoing->items[i], err);
	talloc_free(ret ? (void *)made : (void *)engine);
	*look = ret ? NULL : made;
	return ret;
}

int undo_usage(const struct undo_options *undo, struct error *err)
{
	if (undo->step == STEP_BACKUP || (undo->step && undo->change_id))
		return error_set(err, TROUBLE_USAGE,
			undo->step == STEP_BACKUP
				? _("Step 1 changed nothing; its backup is removed with --backups.")
				: _("Name either a step or a change."));
	if (undo->backups && (undo->step || undo->change_id))
		return error_set(err, TROUBLE_USAGE,
			_("The backup can only be removed when everything is put back."));
	return 0;
}

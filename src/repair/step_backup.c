/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Step 1: the whole Bin as a tree beside it. Made once, verified, and never written again. */
#include "repair/change_internal.h"

#include "base/i18n.h"

static int backup_look(struct server *server, TALLOC_CTX *mem, const struct change *change,
	enum change_state *state, char **text, struct error *err)
{
	enum entry_kind kind;
	int ret = server_kind(server, change->target, &kind, err);

	if (ret)
		return ret;
	*state = kind == ENTRY_NONE    ? CHANGE_OLD
		: kind == ENTRY_FOLDER ? CHANGE_NEW
				       : CHANGE_FOREIGN;
	*text = talloc_strdup(mem,
		kind == ENTRY_NONE             ? _("no backup")
			: kind == ENTRY_FOLDER ? _("a folder")
					       : _("something that is not a folder"));
	return 0;
}

static int backup_prepare(struct batch *batch, struct error *err)
{
	batch->list = talloc_zero(batch, struct copy_list);
	if (!batch->list)
		return error_memory(err);
	return copy_walk(batch->server, batch->list, batch->changes[0]->source, BIN_NAMES_MOST,
		batch->list, err);
}

/* Half a backup is worse than none: what was made is removed again. */
static int backup_switch(struct batch *batch, struct error *err)
{
	const struct change *change = batch->changes[0];
	int ret = copy_tree(batch->server, change->source, change->target, batch->list,
		batch->progress, err);

	if (!ret)
		ret = server_sync_above(batch->server, change->target, err);
	if (ret)
		(void)copy_remove_tree(batch->server, change->target, batch->list, NULL);
	return ret;
}

const struct step_ops step_backup_ops = { backup_look, backup_prepare, backup_switch };

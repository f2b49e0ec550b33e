/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Step 1: the whole Bin as a tree beside it. Made once, verified, and never written again. */
#include "repair/change_internal.h"

#include "base/i18n.h"

static int backup_look(struct server *server, TALLOC_CTX *mem, const struct change *change,
	enum change_state *state, char **text, struct error *err)
{
	struct file_meta meta;
	bool found;
	int ret = server->ops->file_stat(server, mem, change->target, &found, &meta, NULL, err);

	if (ret)
		return ret;
	*state = !found ? CHANGE_OLD : meta.kind == ENTRY_FOLDER ? CHANGE_NEW : CHANGE_FOREIGN;
	*text = talloc_strdup(mem,
		!found                              ? _("no backup")
			: meta.kind == ENTRY_FOLDER ? _("a folder")
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
	char *above = path_parent(batch, change->target);
	int ret = above ? 0 : error_memory(err);

	if (!ret)
		ret = copy_tree(batch->server, change->source, change->target, batch->list,
			batch->progress, err);
	if (!ret)
		ret = batch->server->ops->sync_folder(batch->server, above, err);
	if (ret)
		(void)copy_remove_tree(batch->server, change->target, batch->list, NULL);
	return ret;
}

const struct step_ops step_backup_ops = { backup_look, backup_prepare, backup_switch };

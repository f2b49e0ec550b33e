/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Step 1: the whole Bin as a tree beside it. Made once, verified, and never written again. */
#include "repair/change_internal.h"

#include "base/i18n.h"
#include "base/text.h"

enum { ITEM_ROOM = 4096 };

static int backup_look(struct server *server, TALLOC_CTX *mem, const struct change *change, enum change_state *state,
		       char **text, struct error *err)
{
	struct file_meta meta;
	bool found;
	int result = server->ops->look(server, mem, change->target, &found, &meta, NULL, err);

	if (result)
		return result;
	*state = !found ? CHANGE_OLD : meta.kind == ENTRY_FOLDER ? CHANGE_NEW : CHANGE_FOREIGN;
	*text = talloc_strdup(mem, !found		       ? _("no backup")
				   : meta.kind == ENTRY_FOLDER ? _("a folder")
							       : _("something that is not a folder"));
	return *text ? 0 : error_memory(err);
}

static int backup_prepare(struct batch *batch, const struct copy_progress *progress, struct error *err)
{
	const struct change *change = batch->changes[0];
	enum change_state state;
	char *text;
	int result = backup_look(batch->server, batch, change, &state, &text, err);

	(void)progress;
	if (!result && batch->count != 1)
		result = error_set(err, TROUBLE_BUG, "backup_prepare: %zu", batch->count);
	if (!result && state != CHANGE_OLD)
		result = error_advise(err, error_set(err, TROUBLE_MOVED,
						     _("%s already exists, and a backup is never overwritten."),
						     text_shown(batch, change->target)),
				      _("Move it away, or start a new run: each run has its own name."));
	if (result)
		return result;
	batch->list = talloc_zero(batch, struct copy_list);
	if (!batch->list)
		return error_memory(err);
	return copy_walk(batch->server, batch->list, change->source, BIN_NAMES_MOST, batch->list, err);
}

/* Half a backup is worse than none: what was made is removed again. */
static int backup_switch(struct batch *batch, const struct copy_progress *progress, size_t *done, struct error *err)
{
	const struct change *change = batch->changes[0];
	char *above = path_parent(batch, change->target);
	int result = above ? 0 : error_memory(err);

	if (!result)
		result = copy_tree(batch->server, change->source, change->target, batch->list, progress, err);
	if (!result)
		result = batch->server->ops->sync_folder(batch->server, above, err);
	if (!result)
		*done = 1;
	else
		(void)copy_remove_tree(batch->server, change->target, batch->list, NULL);
	return result;
}

static int backup_need(struct server *server, const struct change *change, struct change_need *need, struct error *err)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	struct copy_list list = { 0 };
	int result = copy_walk(server, tmp, change->source, BIN_NAMES_MOST, &list, err);

	if (!result)
		change_need_add(need, change->target, list.bytes + (uint64_t)list.count * ITEM_ROOM);
	talloc_free(tmp);
	return result;
}

/* Its files have their final names from the start. */
static int backup_beside(struct server *server, TALLOC_CTX *mem, const struct change *change, size_t which, char **path,
			 char **staged, struct error *err)
{
	(void)server, (void)mem, (void)change, (void)which, (void)staged, (void)err;
	*path = NULL;
	return 0;
}

const struct step_ops step_backup_ops = { backup_look, backup_prepare, backup_switch, backup_need, backup_beside };

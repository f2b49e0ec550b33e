/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Step 6, as far as it can be undone: the old folder gets another name on its own drive. One rename, so it is old or new at any instant. */
#include "repair/change_internal.h"

#include "base/i18n.h"
#include "base/text.h"

static int folder_there(struct server *server, const char *path, bool *there, struct error *err)
{
	struct file_meta meta;
	int result = server->ops->look(server, NULL, path, there, &meta, NULL, err);

	if (!result && *there && meta.kind != ENTRY_FOLDER)
		return error_set(err, TROUBLE_LINK, _("Something else is where the old folder belongs."));
	return result;
}

static int oldfolder_look(struct server *server, TALLOC_CTX *mem, const struct change *change, enum change_state *state, char **text,
			  struct error *err)
{
	bool here = false, there = false;
	char *shown;
	int result = folder_there(server, change->target, &here, err);

	if (!result)
		result = folder_there(server, change->source, &there, err);
	if (result)
		return result;
	*state = here && there ? CHANGE_FOREIGN : here ? CHANGE_OLD : there ? CHANGE_NEW : CHANGE_ABSENT;
	shown = text_shown(mem, there ? change->source : change->target);
	*text = here || there ? talloc_asprintf(mem, _("the folder is %s"), shown ? shown : "")
			      : talloc_strdup(mem, _("the folder is gone"));
	talloc_free(shown);
	return *text ? 0 : error_memory(err);
}

static int oldfolder_prepare(struct batch *batch, const struct copy_progress *progress, struct error *err)
{
	enum change_state state;
	char *text;
	int result = step_tell(progress, batch->changes[0]->target, 0, 1, err);

	if (!result && batch->count != 1)
		result = error_set(err, TROUBLE_BUG, "oldfolder_prepare: %zu", batch->count);
	if (!result)
		result = oldfolder_look(batch->server, batch, batch->changes[0], &state, &text, err);
	if (!result && state != CHANGE_OLD && state != CHANGE_NEW)
		result = error_set(err, TROUBLE_MOVED, _("The old folder is neither as it was nor as it should become: %s."), text);
	return result;
}

static int oldfolder_switch(struct batch *batch, const struct copy_progress *progress, size_t *done, struct error *err)
{
	const struct change *change = batch->changes[0];
	const struct server_ops *ops = batch->server->ops;
	char *above = path_parent(batch, change->target);
	enum change_state state;
	char *text;
	int result = above ? step_tell(progress, change->target, 0, 1, err) : error_memory(err);

	if (!result)
		result = oldfolder_look(batch->server, batch, change, &state, &text, err);
	if (!result && state == CHANGE_OLD)
		result = ops->rename(batch->server, change->target, change->source, err);
	if (!result)
		result = ops->sync_folder(batch->server, above, err);
	if (!result)
		*done = 1;
	return result;
}

/* A rename needs no room and stages nothing. */
static int oldfolder_need(struct server *server, const struct change *change, struct change_need *need, struct error *err)
{
	(void)server;
	(void)change;
	(void)need;
	(void)err;
	return 0;
}

static int oldfolder_beside(struct server *server, TALLOC_CTX *mem, const struct change *change, size_t which, char **path, char **staged,
			    struct error *err)
{
	(void)server;
	(void)mem;
	(void)change;
	(void)which;
	(void)err;
	*path = *staged = NULL;
	return 0;
}

const struct step_ops step_oldfolder_ops = { oldfolder_look, oldfolder_prepare, oldfolder_switch, oldfolder_need, oldfolder_beside };

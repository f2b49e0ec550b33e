/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Step 6, as far as it can be undone: the old folder gets another name on its own drive. One
 * rename, so it is old or new at any instant. */
#include "repair/change_internal.h"

#include "base/i18n.h"
#include "base/text.h"

static int folder_there(struct server *server, const char *path, bool *there, struct error *err)
{
	enum entry_kind kind;
	int ret = server_kind(server, path, &kind, err);

	*there = kind == ENTRY_FOLDER;
	return ret || *there || kind == ENTRY_NONE
		? ret
		: error_set(err, TROUBLE_LINK,
			  _("Something else is where the old folder belongs."));
}

static int oldfolder_state(struct server *server, TALLOC_CTX *mem, const struct change *change,
	enum change_state *state, char **text, struct error *err)
{
	bool here = false, there = false;
	char *shown;
	int ret = folder_there(server, change->target, &here, err);

	if (!ret)
		ret = folder_there(server, change->source, &there, err);
	if (ret)
		return ret;
	*state = here && there ? CHANGE_FOREIGN
		: here         ? CHANGE_OLD
		: there        ? CHANGE_NEW
			       : CHANGE_ABSENT;
	shown = text_shown(mem, there ? change->source : change->target);
	*text = here || there ? talloc_asprintf(mem, _("the folder is %s"), shown ? shown : "")
			      : talloc_strdup(mem, _("the folder is gone"));
	talloc_free(shown);
	return 0;
}

static int oldfolder_switch(struct batch *batch, struct error *err)
{
	const struct change *change = batch->changes[0];
	int ret = 0;

	if (batch->states[0] == CHANGE_OLD)
		ret = batch->server->ops->rename(batch->server, change->target, change->source,
			err);
	return ret ? ret : server_sync_above(batch->server, change->target, err);
}

const struct step_ops step_oldfolder_ops = { oldfolder_state, NULL, oldfolder_switch };

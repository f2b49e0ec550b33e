/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Step 4: the share of the postoffice. On disks its definition is a registry value, which the
 * server's own interface knows how to write; a running server takes a share away and makes it
 * anew. */
#include "repair/change_internal.h"

#include "base/i18n.h"
#include "base/text.h"
#include "nt/descriptor.h"

/* Whether the change adds or removes the descriptor: then it is checked too. */
static bool moves_security(const struct change *change)
{
	return change->before.share.security || change->after.share.security;
}

/* A share that is replaced on a running server is away before it comes back: where a cut left it
 * away, it is still to be made, by a repair as by an undo. */
static bool on_the_way(const struct change *change)
{
	return change->before.share.path && change->after.share.path &&
		!change->before.share.definition && !change->after.share.definition;
}

/* Where it leads and, where that counts, who may do what there. */
static char *share_text(TALLOC_CTX *mem, const struct share *share, bool permissions)
{
	char *shown = text_shown(mem, share->path), *text = NULL,
	     *access = permissions
		? descriptor_share_text(mem, share->security, share->security_len)
		: NULL;

	if (shown && access)
		text = talloc_asprintf(mem, _("shared, leading to %s; permissions: %s"), shown,
			access);
	else if (shown && !permissions)
		text = talloc_asprintf(mem, _("shared, leading to %s"), shown);
	talloc_free(shown);
	talloc_free(access);
	return text;
}

/* A running server has no definition to show, of a run that was begun at its disks neither. */
static enum change_state state_of(const struct change *change, const struct side *now, bool there)
{
	struct change bare = *change;

	if (!there && on_the_way(change))
		return CHANGE_OLD;
	if (there && !now->share.definition)
		bare.before.share.definition = bare.after.share.definition = NULL;
	return step_state(&bare, now, there);
}

static int share_state(struct server *server, TALLOC_CTX *mem, const struct change *change,
	enum change_state *state, char **text, struct error *err)
{
	struct share *share = NULL;
	struct reg_data descriptor;
	struct side now = { 0 };
	int ret = server->ops->share_get(server, mem, change->target, &share, err);

	if (ret)
		return ret;
	if (share) {
		descriptor = (struct reg_data){ REG_BINARY, share->security, share->security_len };
		now.share = (struct share_fact){ .path = share->path,
			.remark = share->remark,
			.definition = share->definition };
		now.share.security = moves_security(change) && share->security ? &descriptor : NULL;
	}
	*state = state_of(change, &now, share);
	*text = share ? share_text(mem, share, server_runs(server) && moves_security(change))
		      : talloc_strdup(mem, _("not shared"));
	talloc_free(share);
	return 0;
}

int step_share_stage(struct server *server, TALLOC_CTX *mem, const struct change *change,
	struct reg_stage **stage, struct error *err)
{
	const struct share_fact *after = &change->after.share;
	struct share share = {
		.name = change->target,
		.path = after->path,
		.remark = after->remark,
		.definition = after->definition,
		.security = after->security ? after->security->bytes : NULL,
		.security_len = after->security ? after->security->len : 0,
	};

	return server->ops->share_stage(server, mem, change->target, after->path ? &share : NULL,
		moves_security(change), stage, err);
}

static int share_prepare(struct batch *batch, struct error *err)
{
	return step_share_stage(batch->server, batch, batch->changes[0], &batch->hive, err);
}

const struct step_ops step_share_ops = { share_state, share_prepare, step_hive_switch };

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Step 4: the share of the postoffice. On disks its definition is a registry value, which the server's own interface
 * knows how to write. */
#include "repair/change_internal.h"

#include "base/i18n.h"
#include "base/text.h"

/* security: the change adds or removes the descriptor, so it is checked too. */
static void fact_of(const struct share *share, bool security, struct reg_data *descriptor, struct side *side)
{
	*side = (struct side){ 0 };
	if (!share)
		return;
	*descriptor = (struct reg_data){ REG_BINARY, share->security, share->security_len };
	side->share.security = security && share->security ? descriptor : NULL;
	side->share.path = share->path;
	side->share.remark = share->remark;
	side->share.definition = share->definition;
	side->share.open_to_all = !share->security;
}

static bool moves_security(const struct change *change)
{
	return change->before.share.security || change->after.share.security;
}

static int share_look(struct server *server, TALLOC_CTX *mem, const struct change *change, enum change_state *state,
		      char **text, struct error *err)
{
	struct share *share = NULL;
	struct reg_data descriptor;
	struct side now;
	char *shown;
	int result = server->ops->share_get(server, mem, change->target, &share, err);

	/* As in step 3: the second reading opens the registry file again. */
	if (result == -TROUBLE_HIVE_CHANGING)
		result = server->ops->share_get(server, mem, change->target, &share, err);
	if (result)
		return result;
	fact_of(share, moves_security(change), &descriptor, &now);
	if (finding_side_equal(KIND_SHARE, &now, &change->after))
		*state = CHANGE_NEW;
	else if (finding_side_equal(KIND_SHARE, &now, &change->before))
		*state = CHANGE_OLD;
	else
		*state = share ? CHANGE_FOREIGN : CHANGE_ABSENT;
	shown = share ? text_shown(mem, share->path) : NULL;
	*text = share ? talloc_asprintf(mem, _("shared, leading to %s"), shown ? shown : "")
		      : talloc_strdup(mem, _("not shared"));
	talloc_free(shown);
	talloc_free(share);
	return *text ? 0 : error_memory(err);
}

int step_share_stage(struct server *server, TALLOC_CTX *mem, const struct change *change, struct reg_stage **stage,
		     struct error *err)
{
	const struct share_fact *after = &change->after.share;
	struct share share = {
		change->target, after->path, after->remark, after->definition,
		after->security ? after->security->bytes : NULL, after->security ? after->security->len : 0,
	};

	return server->ops->share_stage(server, mem, change->target, after->path ? &share : NULL, moves_security(change),
					stage, err);
}

static int share_prepare(struct batch *batch, const struct copy_progress *progress, struct error *err)
{
	const struct change *change = batch->changes[0];
	struct reg_stage *stage;
	enum change_state state;
	char *text;
	int result = step_tell(progress, change->target, 0, 1, err);

	if (!result && batch->count != 1)
		result = error_set(err, TROUBLE_BUG, "share_prepare: %zu", batch->count);
	if (!result)
		result = share_look(batch->server, batch, change, &state, &text, err);
	if (!result && state != CHANGE_OLD && state != CHANGE_NEW)
		result = error_set(err, TROUBLE_MOVED,
				   _("The share %s is neither as it was nor as it should become: it is %s."), change->target,
				   text);
	if (!result)
		result = step_share_stage(batch->server, batch, change, &stage, err);
	if (result)
		return result;
	batch->staged = stage;
	return step_hive_staged(batch, err);
}

static int share_switch(struct batch *batch, const struct copy_progress *progress, size_t *done, struct error *err)
{
	int result = step_tell(progress, batch->changes[0]->target, 0, 1, err);

	return result ? result : step_hive_switch(batch, done, err);
}

const struct step_ops step_share_ops = { share_look, share_prepare, share_switch, step_hive_need, step_hive_beside };

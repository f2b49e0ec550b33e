/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is there now, and how a batch is made: both by the operations of its kind. */
#include "repair/change_internal.h"

#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"

static const struct step_ops *ops_of(const struct change *change)
{
	static const struct step_ops *const table[] = {
		[KIND_BACKUP] = &step_backup_ops,
		[KIND_FILE] = &step_copy_ops,
		[KIND_VALUE] = &step_registry_ops,
		[KIND_SHARE] = &step_share_ops,
		[KIND_OLDFOLDER] = &step_oldfolder_ops,
	};

	return table[change->kind];
}

int change_state_read(struct server *server, TALLOC_CTX *mem, const struct change *change,
	enum change_state *state, char **text, struct error *err)
{
	const struct step_ops *ops = ops_of(change);
	char *said = NULL;
	int ret = ops->state(server, mem, change, state, &said, err);

	/* If somebody wrote to a registry file since it was opened, the second reading opens it
	 * again and sees what is there now. */
	if (ret == -TROUBLE_HIVE_CHANGING)
		ret = ops->state(server, mem, change, state, &said, err);
	if (!ret && !said)
		ret = error_memory(err);
	if (text)
		*text = said;
	else
		talloc_free(said);
	return ret;
}

const char *change_state_text(struct server *server, TALLOC_CTX *mem, const struct change *change,
	const char *text)
{
	enum change_state state;
	char *english = NULL;

	if (i18n_twice())
		(void)change_state_read(server, mem, change, &state, &english, NULL);
	return english ? english : text;
}

/* ---- batches ---- */

static int moved(struct batch *batch, const struct change *change, const char *text,
	struct error *err)
{
	const struct value_fact *value = &change->before.value;
	int ret;

	switch (change->kind) {
	case KIND_BACKUP:
		ret = error_set(err, TROUBLE_MOVED,
			_("%s already exists, and a backup is never overwritten."),
			text_shown(batch, change->target));
		return error_advise(err, ret,
			_("Move it away, or start a new run: each run has its own name."));
	case KIND_VALUE:
		return error_set(err, TROUBLE_MOVED,
			_("%s\\%s is neither as it was nor as it should become: it says %s."),
			text_shown(batch, value->key), text_shown(batch, value->name),
			change_state_text(batch->server, batch, change, text));
	case KIND_SHARE:
		return error_set(err, TROUBLE_MOVED,
			_("The share %s is neither as it was nor as it should become: it is %s."),
			change->target, change_state_text(batch->server, batch, change, text));
	case KIND_OLDFOLDER:
		return error_set(err, TROUBLE_MOVED,
			_("The old folder is neither as it was nor as it should become: %s."),
			change_state_text(batch->server, batch, change, text));
	default:
		return error_set(err, TROUBLE_MOVED,
			_("%s is neither as it was nor as it should become: there is %s."),
			text_shown(batch, change->target),
			change_state_text(batch->server, batch, change, text));
	}
}

/* All is looked at before the first is staged. */
static int batch_states(struct batch *batch, struct error *err)
{
	int ret = 0;

	for (size_t i = 0; !ret && i < batch->count; i++) {
		const struct change *change = batch->changes[i];
		enum change_state *state = &batch->states[i];
		char *text;

		ret = change_state_read(batch->server, batch, change, state, &text, err);
		if (!ret && *state != CHANGE_OLD &&
			(*state != CHANGE_NEW || change->kind == KIND_BACKUP))
			ret = moved(batch, change, text, err);
	}
	return ret;
}

static int batch_tell(const struct batch *batch, struct error *err)
{
	const struct change *first = batch->changes[0];

	return step_tell(batch->progress, first->kind == KIND_VALUE ? _("Registry") : first->target,
		0, batch->count, err);
}

int batch_prepare(struct server *server, TALLOC_CTX *mem, struct change *const *changes,
	size_t count, const struct copy_progress *progress, struct batch **batch, struct error *err)
{
	struct batch *made = talloc_zero(mem, struct batch);
	int ret;

	if (!made)
		return error_memory(err);
	*made = (struct batch){ .server = server,
		.changes = changes,
		.count = count,
		.ops = ops_of(changes[0]),
		.progress = progress };
	made->states = memory_array_zero(made, sizeof *made->states, count);
	ret = made->states ? batch_tell(made, err) : error_memory(err);
	if (!ret)
		ret = batch_states(made, err);
	if (!ret && made->ops->prepare)
		ret = made->ops->prepare(made, err);
	if (ret)
		talloc_free(made);
	else
		*batch = made;
	return ret;
}

int batch_switch(struct batch *batch, const struct copy_progress *progress, struct error *err)
{
	int ret;

	batch->progress = progress;
	ret = batch_tell(batch, err);
	return ret ? ret : batch->ops->switch_in(batch, err);
}

const struct copy_list *batch_backup_list(const struct batch *batch)
{
	return batch->list;
}

struct reg_stage *batch_hives(const struct batch *batch)
{
	return batch->hive;
}

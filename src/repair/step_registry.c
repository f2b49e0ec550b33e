/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Step 3: registry values, all of an act in one writing of the hive. */
#include "repair/change_internal.h"

#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"

enum { TEXT_LIMIT = 64 };

int step_hive_switch(struct batch *batch, struct error *err)
{
	size_t copies;

	return batch->server->ops->reg_switch(batch->hive, &copies, err);
}

static int value_state(struct server *server, TALLOC_CTX *mem, const struct change *change,
	enum change_state *state, char **text, struct error *err)
{
	const struct value_fact *value = &change->before.value;
	struct side now = { 0 };
	char *said;
	int ret = server->ops->reg_read(server, mem, value->key, value->name, &now.value.data, err);

	if (ret)
		return ret;
	*state = step_state(change, &now, now.value.data);
	said = now.value.data ? regdata_text(mem, now.value.data, TEXT_LIMIT) : NULL;
	*text = now.value.data ? said ? text_shown(mem, said) : NULL
			       : talloc_strdup(mem, _("no such value"));
	talloc_free(said);
	talloc_free(now.value.data);
	return 0;
}

static int values_prepare(struct batch *batch, struct error *err)
{
	struct reg_edit *edits = memory_array(batch, sizeof *edits, batch->count);

	if (!edits)
		return error_memory(err);
	for (size_t i = 0; i < batch->count; i++) {
		const struct change *change = batch->changes[i];

		edits[i] = (struct reg_edit){ change->before.value.key, change->before.value.name,
			change->after.value.data };
	}
	return batch->server->ops->reg_stage(batch->server, batch, edits, batch->count,
		&batch->hive, err);
}

const struct step_ops step_registry_ops = { value_state, values_prepare, step_hive_switch };

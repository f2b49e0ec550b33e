/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Step 3: registry values, all of an act in one writing of the hive. What every change of a registry file needs
 * is here too. */
#include "repair/change_internal.h"

#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"

enum { TEXT_LIMIT = 64 };

/* What a registry file may grow by. */
#define GROWTH UINT64_C(65536)

/* The two copies and the names they are staged under. */
static const struct {
	const char *name, *staged;
} hive_files[] = {
	{ "SYSTEM", "SYSTEM" SERVER_STAGE_SUFFIX },
	{ "SYSTEM.ALT", "SYSTEMA" SERVER_STAGE_SUFFIX },
};

enum { HIVE_FILES = sizeof hive_files / sizeof *hive_files };

static char *step_config_folder(struct server *server, TALLOC_CTX *mem)
{
	return talloc_asprintf(mem, "%s\\system32\\config", server->id.nt_folder ? server->id.nt_folder : "");
}

/* Both copies may have to be written again beside the old ones. */
int step_hive_need(struct server *server, const struct change *change, struct change_need *need, struct error *err)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	char *folder = step_config_folder(server, tmp);
	int result = folder ? 0 : error_memory(err);

	(void)change;
	for (size_t i = 0; !result && !need->hive && (server->caps & SERVER_HIVES) && i < HIVE_FILES; i++) {
		char *path = path_join(tmp, folder, hive_files[i].name);
		struct file_meta meta;
		bool found;

		result = path ? server->ops->look(server, tmp, path, &found, &meta, NULL, err) : error_memory(err);
		if (!result && found)
			change_need_add(need, path, meta.size + GROWTH);
	}
	need->hive = true;
	talloc_free(tmp);
	return result;
}

int step_hive_beside(struct server *server, TALLOC_CTX *mem, const struct change *change, size_t which, char **path,
		     char **staged, struct error *err)
{
	char *folder;

	(void)change;
	*path = NULL;
	if (which >= HIVE_FILES || !(server->caps & SERVER_HIVES))
		return 0;
	folder = step_config_folder(server, mem);
	*path = folder ? path_join(mem, folder, hive_files[which].name) : NULL;
	*staged = talloc_strdup(mem, hive_files[which].staged);
	talloc_free(folder);
	return *path && *staged ? 0 : error_memory(err);
}

int step_hive_staged(struct batch *batch, struct error *err)
{
	const char *note = batch->server->ops->reg_stage_note(batch->staged);

	batch->note = note ? talloc_strdup(batch, note) : NULL;
	return note && !batch->note ? error_memory(err) : 0;
}

int step_hive_switch(struct batch *batch, size_t *done, struct error *err)
{
	size_t copies;
	int result = batch->server->ops->reg_switch(batch->staged, &copies, err);

	if (!result)
		*done = batch->count;
	return result;
}

/* ---- values ---- */

static int data_text(TALLOC_CTX *mem, const struct reg_data *data, char **text, struct error *err)
{
	char *said = data ? regdata_text(mem, data, TEXT_LIMIT) : NULL;

	*text = data ? said ? text_shown(mem, said) : NULL : talloc_strdup(mem, _("no such value"));
	talloc_free(said);
	return *text ? 0 : error_memory(err);
}

/* If somebody wrote to a registry file since it was opened, the second reading opens it again and sees what is
 * there now. */
static int value_read(struct server *server, TALLOC_CTX *mem, const struct value_fact *value, struct reg_data **now,
		      struct error *err)
{
	int result = server->ops->reg_read(server, mem, value->key, value->name, now, err);

	if (result == -TROUBLE_HIVE_CHANGING)
		result = server->ops->reg_read(server, mem, value->key, value->name, now, err);
	return result;
}

static int value_look(struct server *server, TALLOC_CTX *mem, const struct change *change, enum change_state *state,
		      char **text, struct error *err)
{
	const struct value_fact *value = &change->before.value;
	struct reg_data *now = NULL;
	int result = value_read(server, mem, value, &now, err);

	if (result)
		return result;
	if (regdata_equal(now, change->after.value.data))
		*state = CHANGE_NEW;
	else if (regdata_equal(now, value->data))
		*state = CHANGE_OLD;
	else
		*state = now ? CHANGE_FOREIGN : CHANGE_ABSENT;
	result = data_text(mem, now, text, err);
	talloc_free(now);
	return result;
}

static int value_expected(struct batch *batch, const struct change *change, struct error *err)
{
	enum change_state state;
	char *text;
	int result = value_look(batch->server, batch, change, &state, &text, err);

	if (!result && state != CHANGE_OLD && state != CHANGE_NEW)
		result = error_set(err, TROUBLE_MOVED, _("%s\\%s is neither as it was nor as it should become: it says %s."),
				   text_shown(batch, change->before.value.key),
				   text_shown(batch, change->before.value.name), text);
	return result;
}

static int values_prepare(struct batch *batch, const struct copy_progress *progress, struct error *err)
{
	struct reg_edit *edits = memory_array_zero(batch, sizeof *edits, batch->count);
	struct reg_stage *stage;
	int result = edits ? step_tell(progress, _("Registry"), 0, batch->count, err) : error_memory(err);

	for (size_t i = 0; !result && i < batch->count; i++) {
		const struct change *change = batch->changes[i];

		result = value_expected(batch, change, err);
		edits[i] = (struct reg_edit){ change->before.value.key, change->before.value.name,
					      change->after.value.data };
	}
	if (!result)
		result = batch->server->ops->reg_stage(batch->server, batch, edits, batch->count, &stage, err);
	if (result)
		return result;
	batch->staged = stage;
	return step_hive_staged(batch, err);
}

static int values_switch(struct batch *batch, const struct copy_progress *progress, size_t *done, struct error *err)
{
	int result = step_tell(progress, _("Registry"), 0, batch->count, err);

	return result ? result : step_hive_switch(batch, done, err);
}

const struct step_ops step_registry_ops = { value_look, values_prepare, values_switch, step_hive_need,
					    step_hive_beside };

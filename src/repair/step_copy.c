/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Step 2: files replaced, added, and (on undo) removed. All are staged, one barrier a drive, read
 * back, then renamed one by one. */
#include "repair/change_internal.h"

#include <string.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"

static int file_state(struct server *server, TALLOC_CTX *mem, const struct change *change,
	enum change_state *state, char **text, struct error *err)
{
	struct side now = { 0 };
	struct file_meta meta;
	char hex[65];
	bool found;
	int ret = server->ops->file_stat(server, mem, change->target, &found, &meta, NULL, err);

	now.file.present = !ret && found && meta.kind == ENTRY_FILE;
	if (now.file.present) {
		now.file.size = meta.size;
		ret = server_digest(server, change->target, &now.file.digest, err);
	}
	if (ret)
		return ret;
	digest_text(&now.file.digest, hex);
	*state = found && !now.file.present ? CHANGE_FOREIGN : step_state(change, &now, found);
	if (now.file.present)
		*text = talloc_asprintf(mem, _("a file of %llu bytes, SHA-256 %.16s..."),
			(unsigned long long)meta.size, hex);
	else
		*text = talloc_strdup(mem,
			found ? _("something that is not a file") : _("no such file"));
	return 0;
}

/* ---- preparing ---- */

/* What was not switched is discarded, and so are folders that are left empty: no other can be
 * removed. */
static int staged_discard(struct batch *batch)
{
	for (size_t i = 0; i < batch->count; i++)
		TALLOC_FREE(batch->stages[i]);
	for (size_t i = batch->folder_count; i-- > 0;)
		(void)batch->server->ops->remove(batch->server, batch->folders[i], NULL);
	return 0;
}

/* A file may be in a folder that only setup's side has. */
static int folder_make(struct batch *batch, char *folder, struct error *err)
{
	const struct server_ops *ops = batch->server->ops;
	enum entry_kind kind;
	char *above;
	int ret = server_kind(batch->server, folder, &kind, err);

	if (ret || kind != ENTRY_NONE || path_parts(folder) == 0)
		return ret;
	above = path_parent(batch, folder);
	ret = folder_make(batch, above, err);
	if (!ret)
		ret = ops->mkdir(batch->server, folder, above, err);
	if (!ret && !memory_more_text(batch, &batch->folders, &batch->folder_count, folder))
		ret = error_memory(err);
	return ret;
}

static int file_stage(struct batch *batch, size_t index, struct error *err)
{
	const struct change *change = batch->changes[index];
	bool added = !change->before.file.present;
	struct stage_spec spec = { .target = change->target,
		.traits_from = added ? change->traits_from : change->target,
		.mtime = FILETIME_NONE };
	struct digest digest;
	/* Where a file is there already, so is its folder. */
	int ret = added ? folder_make(batch, path_parent(batch, change->target), err) : 0;

	if (!ret)
		ret = copy_stage(batch->server, batch, change->source, &spec, &batch->stages[index],
			&digest, batch->progress, err);
	if (!ret && !digest_equal(&digest, &change->after.file.digest))
		ret = error_set(err, TROUBLE_MOVED,
			_("%s is no longer the file that the decision was about."),
			text_shown(batch, change->source));
	return ret;
}

/* One barrier a drive, then every stage is read back from the disk. */
static int files_prove(struct batch *batch, struct error *err)
{
	char synced = '\0';
	int ret = 0;

	for (size_t i = 0; !ret && i < batch->count; i++) {
		const char letter = batch->changes[i]->target[0];

		if (!batch->stages[i] || letter == synced)
			continue;
		ret = batch->server->ops->sync(batch->server, letter, err);
		synced = letter;
	}
	for (size_t i = 0; !ret && i < batch->count; i++) {
		const struct change *change = batch->changes[i];

		if (!batch->stages[i])
			continue;
		ret = step_tell(batch->progress, path_leaf(change->target), i, batch->count, err);
		if (!ret)
			ret = copy_stage_verify(batch->server, batch->stages[i],
				&change->after.file.digest, err);
	}
	return ret;
}

static int files_prepare(struct batch *batch, struct error *err)
{
	int ret = 0;

	batch->stages = memory_array_zero(batch, sizeof *batch->stages, batch->count);
	if (!batch->stages)
		return error_memory(err);
	talloc_set_destructor(batch, staged_discard);
	for (size_t i = 0; !ret && i < batch->count; i++)
		if (batch->states[i] == CHANGE_OLD && batch->changes[i]->after.file.present)
			ret = file_stage(batch, i, err);
	return ret ? ret : files_prove(batch, err);
}

/* ---- switching ---- */

static int file_switch(struct batch *batch, size_t index, struct error *err)
{
	if (batch->stages[index])
		return batch->server->ops->stage_switch(batch->stages[index], err);
	if (batch->states[index] == CHANGE_NEW)
		return 0;
	return batch->server->ops->remove(batch->server, batch->changes[index]->target, err);
}

/* The renames are safe once their folders are synced. */
static int folders_sync(struct batch *batch, size_t count, struct error *err)
{
	int ret = 0;

	for (size_t i = 0; !ret && i < count; i++) {
		const char *target = batch->changes[i]->target;

		if (i == 0 || !step_same_folder(target, batch->changes[i - 1]->target))
			ret = server_sync_above(batch->server, target, err);
	}
	return ret;
}

static int files_switch(struct batch *batch, struct error *err)
{
	struct error later;
	size_t done = 0;
	int ret = 0, synced;

	while (!ret && done < batch->count) {
		ret = step_tell(batch->progress, path_leaf(batch->changes[done]->target), done,
			batch->count, err);
		if (!ret)
			ret = file_switch(batch, done, err);
		done += !ret;
	}
	synced = folders_sync(batch, done, &later);
	return !ret && synced ? error_pass(err, &later) : ret;
}

const struct step_ops step_copy_ops = { file_state, files_prepare, files_switch };

/* ---- when an added file is gone again ---- */

/* *gone: it is not there, or was empty and is removed. */
static int folder_clean(struct server *server, TALLOC_CTX *mem, const char *folder, bool *gone,
	struct error *err)
{
	struct entry_list list;
	enum entry_kind kind;
	int ret = server_kind(server, folder, &kind, err);

	*gone = !ret && kind == ENTRY_NONE;
	if (ret || *gone)
		return ret;
	ret = server->ops->list(server, mem, folder, &list, err);
	if (ret || list.count)
		return ret;
	*gone = true;
	ret = server->ops->remove(server, folder, err);
	return ret ? ret : server_sync_above(server, folder, err);
}

/* A folder was made for it if the backup, which is there, lacks it; without a backup there was no
 * Bin: it came with its files. */
static int folders_clean(struct server *server, TALLOC_CTX *mem, const struct change *reverse,
	struct error *err)
{
	const char *there = reverse->source, *folder = path_parent(mem, reverse->target),
		   *mark = strstr(there, LEFTOVER_TREE_MARK);
	/* The root of the backup tree. */
	const char *root = mark
		? talloc_strndup(mem, there, (size_t)(mark - there) + strcspn(mark, "\\"))
		: NULL;
	enum entry_kind kept = ENTRY_FOLDER;
	int ret = root ? server_kind(server, root, &kept, err) : 0;
	bool gone = kept != ENTRY_NONE;

	for (kept = ENTRY_NONE; !ret && gone && folder; folder = path_parent(mem, folder)) {
		there = root ? path_parent(mem, there) : there;
		if (!there || !(root ? path_under(there, root) : path_under(folder, there)))
			break;
		if (root)
			ret = server_kind(server, there, &kept, err);
		if (ret || kept != ENTRY_NONE)
			break;
		ret = folder_clean(server, mem, folder, &gone, err);
	}
	return ret;
}

int change_clean(struct server *server, const struct change *reverse, struct error *err)
{
	TALLOC_CTX *tmp;
	int ret;

	if (reverse->kind != KIND_FILE || reverse->after.file.present)
		return 0;
	tmp = talloc_new(NULL);
	ret = folders_clean(server, tmp, reverse, err);
	talloc_free(tmp);
	return ret;
}

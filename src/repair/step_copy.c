/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Step 2: files replaced, added, and (on undo) removed. All are staged, one barrier a drive, read back, then
 * renamed one by one. */
#include "repair/change_internal.h"

#include <string.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"

struct staged_files {
	struct server *server;
	struct stage **stages;     /* of each change; NULL: nothing to stage */
	size_t count;
	char **folders;            /* made for files to come, outermost first */
	size_t folder_count;
};

/* ---- looking ---- */

static int file_found(struct server *server, TALLOC_CTX *mem, const struct change *change, const struct file_meta *meta,
		      enum change_state *state, char **text, struct error *err)
{
	struct side now = { .file = { .present = true, .size = meta->size } };
	char hex[65];
	int result = server_digest(server, change->target, &now.file.digest, err);

	if (result)
		return result;
	*state = step_state(change, &now, true);
	digest_text(&now.file.digest, hex);
	*text = talloc_asprintf(mem, _("a file of %llu bytes, SHA-256 %.16s..."), (unsigned long long)meta->size, hex);
	return 0;
}

static int file_look(struct server *server, TALLOC_CTX *mem, const struct change *change, enum change_state *state,
		     char **text, struct error *err)
{
	const struct side none = { 0 };
	struct file_meta meta;
	bool found;
	int result = server->ops->look(server, mem, change->target, &found, &meta, NULL, err);

	if (!result && found && meta.kind == ENTRY_FILE)
		return file_found(server, mem, change, &meta, state, text, err);
	if (result)
		return result;
	*state = found ? CHANGE_FOREIGN : step_state(change, &none, false);
	*text = talloc_strdup(mem, found ? _("something that is not a file") : _("no such file"));
	return 0;
}

/* ---- preparing ---- */

/* What was not switched is discarded, and so are folders that are left empty: no other can be removed. */
static int staged_discard(struct staged_files *all)
{
	for (size_t i = 0; i < all->count; i++)
		TALLOC_FREE(all->stages[i]);
	for (size_t i = all->folder_count; i-- > 0;)
		(void)all->server->ops->remove(all->server, all->folders[i], NULL);
	return 0;
}

/* A file may be in a folder that only setup's side has. */
static int folder_make(struct staged_files *all, char *folder, struct error *err)
{
	struct file_meta meta;
	char *above;
	bool found;
	int result = all->server->ops->look(all->server, all, folder, &found, &meta, NULL, err);

	if (result || found || path_parts(folder) == 0)
		return result;
	above = path_parent(all, folder);
	result = above ? folder_make(all, above, err) : error_memory(err);
	if (!result)
		result = all->server->ops->mkdir(all->server, folder, above, err);
	if (!result && !memory_more_text(all, &all->folders, &all->folder_count, folder))
		result = error_memory(err);
	return result;
}

static int file_stage(const struct batch *batch, size_t index, struct error *err)
{
	struct staged_files *all = batch->staged;
	const struct change *change = batch->changes[index];
	bool added = !change->before.file.present;
	struct stage_spec spec = { .target = change->target, .traits_from = added ? change->traits_from : change->target,
				   .mtime = FILETIME_NONE };
	struct digest digest;
	char *folder = path_parent(all, change->target);
	int result = folder ? 0 : error_memory(err);

	/* Where a file is there already, so is its folder. */
	if (!result && added)
		result = folder_make(all, folder, err);
	if (!result)
		result = copy_stage(all->server, all, change->source, &spec, &all->stages[index], &digest, batch->progress, err);
	if (!result && !digest_equal(&digest, &change->after.file.digest))
		result = error_set(err, TROUBLE_MOVED, _("%s is no longer the file that the decision was about."),
				   text_shown(all, change->source));
	return result;
}

/* One barrier a drive, then every stage is read back from the disk. */
static int files_prove(const struct batch *batch, struct error *err)
{
	const struct staged_files *all = batch->staged;
	char synced = '\0';
	int result = 0;

	for (size_t i = 0; !result && i < all->count; i++) {
		const char letter = batch->changes[i]->target[0];

		if (all->stages[i] && letter != synced)
			result = batch->server->ops->sync(batch->server, letter, err);
		synced = all->stages[i] ? letter : synced;
	}
	for (size_t i = 0; !result && i < all->count; i++) {
		if (!all->stages[i])
			continue;
		result = step_tell(batch->progress, path_leaf(batch->changes[i]->target), i, all->count, err);
		if (!result)
			result = copy_stage_verify(batch->server, all->stages[i], &batch->changes[i]->after.file.digest, err);
	}
	return result;
}

static int files_prepare(struct batch *batch, struct error *err)
{
	struct staged_files *all = talloc_zero(batch, struct staged_files);
	int result = 0;

	if (!all)
		return error_memory(err);
	*all = (struct staged_files){ .server = batch->server, .count = batch->count };
	all->stages = memory_array_zero(all, sizeof *all->stages, batch->count);
	if (!all->stages)
		return error_memory(err);
	talloc_set_destructor(all, staged_discard);
	batch->staged = all;
	for (size_t i = 0; !result && i < batch->count; i++)
		if (batch->states[i] == CHANGE_OLD && batch->changes[i]->after.file.present)
			result = file_stage(batch, i, err);
	return result ? result : files_prove(batch, err);
}

/* ---- switching ---- */

static int file_switch(struct batch *batch, size_t index, struct error *err)
{
	const struct staged_files *all = batch->staged;

	if (all->stages[index])
		return batch->server->ops->stage_switch(all->stages[index], err);
	if (batch->states[index] == CHANGE_NEW)
		return 0;
	return batch->server->ops->remove(batch->server, batch->changes[index]->target, err);
}

/* The renames are safe once their folders are synced. */
static int folders_sync(struct batch *batch, size_t count, struct error *err)
{
	int result = 0;

	for (size_t i = 0; !result && i < count; i++) {
		const char *target = batch->changes[i]->target;
		char *folder;

		if (i > 0 && step_same_folder(target, batch->changes[i - 1]->target))
			continue;
		folder = path_parent(batch, target);
		result = folder ? batch->server->ops->sync_folder(batch->server, folder, err) : error_memory(err);
	}
	return result;
}

static int files_switch(struct batch *batch, struct error *err)
{
	struct error later;
	size_t done = 0;
	int result = 0, synced;

	while (!result && done < batch->count) {
		result = step_tell(batch->progress, path_leaf(batch->changes[done]->target), done, batch->count, err);
		if (!result)
			result = file_switch(batch, done, err);
		done += !result;
	}
	synced = folders_sync(batch, done, &later);
	return !result && synced ? error_pass(err, &later) : result;
}

const struct step_ops step_copy_ops = { file_look, files_prepare, files_switch };

/* ---- when an added file is gone again ---- */

/* *gone: it is not there, or was empty and is removed. */
static int folder_clean(struct server *server, TALLOC_CTX *mem, const char *folder, bool *gone, struct error *err)
{
	struct entry_list list;
	struct file_meta meta;
	bool found;
	int result = server->ops->look(server, mem, folder, &found, &meta, NULL, err);

	*gone = !result && !found;
	if (result || !found)
		return result;
	result = server->ops->list(server, mem, folder, &list, err);
	if (result || list.count)
		return result;
	*gone = true;
	result = server->ops->remove(server, folder, err);
	return result ? result : server->ops->sync_folder(server, path_parent(mem, folder), err);
}

/* A folder was made for it if the backup, which is there, lacks it; without a backup there was no Bin: it came with its files. */
static int folders_clean(struct server *server, TALLOC_CTX *mem, const struct change *reverse, struct error *err)
{
	const char *there = reverse->source, *folder = path_parent(mem, reverse->target), *mark = strstr(there, LEFTOVER_TREE_MARK);
	/* The root of the backup tree. */
	const char *root = mark ? talloc_strndup(mem, there, (size_t)(mark - there) + strcspn(mark, "\\")) : NULL;
	bool gone = true, kept = false;
	int result = root ? server->ops->look(server, mem, root, &gone, NULL, NULL, err) : 0;

	for (; !result && gone && folder; folder = path_parent(mem, folder)) {
		there = root ? path_parent(mem, there) : there;
		if (!there || !(root ? path_under(there, root) : path_under(folder, there)))
			break;
		if (root)
			result = server->ops->look(server, mem, there, &kept, NULL, NULL, err);
		if (result || kept)
			break;
		result = folder_clean(server, mem, folder, &gone, err);
	}
	return result;
}

int change_clean(struct server *server, const struct change *reverse, struct error *err)
{
	TALLOC_CTX *tmp;
	int result;

	if (reverse->kind != KIND_FILE || reverse->after.file.present)
		return 0;
	tmp = talloc_new(NULL);
	result = folders_clean(server, tmp, reverse, err);
	talloc_free(tmp);
	return result;
}

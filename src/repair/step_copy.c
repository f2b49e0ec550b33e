/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Step 2: files replaced, added, and (on undo) removed. All are staged, one barrier a drive, read back, then
 * renamed one by one. */
#include "repair/change_internal.h"

#include <string.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"

#define BACKUP_MARK ".q240208-"

struct staged_file {
	struct stage *stage;       /* NULL: nothing to stage */
	bool skip;                 /* already as it should be */
};

struct staged_files {
	struct server *server;
	struct staged_file *files;
	size_t count;
	char **folders;            /* made for files to come, outermost first */
	size_t folder_count;
	bool kept;                 /* a file has been switched into one of them, perhaps */
};

/* ---- looking ---- */

static char *fact_text(TALLOC_CTX *mem, const struct file_meta *meta, const struct digest *digest)
{
	char hex[65];

	digest_text(digest, hex);
	return talloc_asprintf(mem, _("a file of %llu bytes, SHA-256 %.16s..."), (unsigned long long)meta->size, hex);
}

static bool fact_is(const struct file_fact *fact, const struct file_meta *meta, const struct digest *digest)
{
	return fact->present && fact->size == meta->size && digest_equal(&fact->digest, digest);
}

static int file_found(struct server *server, TALLOC_CTX *mem, const struct change *change, const struct file_meta *meta,
		      enum change_state *state, char **text, struct error *err)
{
	struct digest digest;
	int result;

	*state = CHANGE_FOREIGN;
	if (meta->kind != ENTRY_FILE) {
		*text = talloc_strdup(mem, _("something that is not a file"));
		return *text ? 0 : error_memory(err);
	}
	result = server_digest(server, change->target, &digest, err);
	if (result)
		return result;
	if (fact_is(&change->after.file, meta, &digest))
		*state = CHANGE_NEW;
	else if (fact_is(&change->before.file, meta, &digest))
		*state = CHANGE_OLD;
	*text = fact_text(mem, meta, &digest);
	return *text ? 0 : error_memory(err);
}

static int file_look(struct server *server, TALLOC_CTX *mem, const struct change *change, enum change_state *state,
		     char **text, struct error *err)
{
	struct file_meta meta;
	bool found;
	int result = server->ops->look(server, mem, change->target, &found, &meta, NULL, err);

	if (result || found)
		return result ? result : file_found(server, mem, change, &meta, state, text, err);
	*state = !change->after.file.present ? CHANGE_NEW : !change->before.file.present ? CHANGE_OLD : CHANGE_ABSENT;
	*text = talloc_strdup(mem, _("no such file"));
	return *text ? 0 : error_memory(err);
}

/* ---- preparing ---- */

/* What was not switched is discarded, and so are folders left empty. */
static int staged_discard(struct staged_files *all)
{
	for (size_t i = 0; i < all->count; i++)
		TALLOC_FREE(all->files[i].stage);
	for (size_t i = all->folder_count; !all->kept && i-- > 0;)
		(void)all->server->ops->remove(all->server, all->folders[i], NULL);
	return 0;
}

/* A file may be in a folder that only setup's side has. */
static int folder_make(struct staged_files *all, const char *folder, struct error *err)
{
	struct file_meta meta;
	char **made, *above;
	bool found;
	int result = all->server->ops->look(all->server, all, folder, &found, &meta, NULL, err);

	if (result || found || path_parts(folder) == 0)
		return result;
	above = path_parent(all, folder);
	result = above ? folder_make(all, above, err) : error_memory(err);
	if (result)
		return result;
	made = memory_more(all, &all->folders, all->folder_count, sizeof *made);
	if (made)
		*made = talloc_strdup(all->folders, folder);
	if (!made || !*made)
		return error_memory(err);
	result = all->server->ops->mkdir(all->server, folder, above, err);
	all->folder_count += !result;
	return result;
}

static int moved(const struct change *change, const char *now, struct error *err)
{
	char *shown = text_shown(NULL, change->target);
	int result = error_set(err, TROUBLE_MOVED, _("%s is neither as it was nor as it should become: there is %s."),
			       shown ? shown : "", now);

	talloc_free(shown);
	return result;
}

static int file_stage(struct staged_files *all, struct staged_file *file, const struct change *change,
		      const struct copy_progress *progress, struct error *err)
{
	struct stage_spec spec = { .target = change->target, .mtime = FILETIME_NONE };
	struct digest digest;
	char *folder = path_parent(all, change->target);
	int result = folder ? 0 : error_memory(err);

	/* Where a file is there already, so is its folder. */
	if (!result && !change->before.file.present)
		result = folder_make(all, folder, err);
	talloc_free(folder);
	spec.traits_from = change->before.file.present ? change->target : change->traits_from;
	if (!result)
		result = copy_stage(all->server, all, change->source, &spec, &file->stage, &digest, progress, err);
	if (!result && !digest_equal(&digest, &change->after.file.digest)) {
		char *shown = text_shown(all, change->source);

		result = error_set(err, TROUBLE_MOVED, _("%s is no longer the file that the decision was about."),
				   shown ? shown : "");
		talloc_free(shown);
	}
	return result;
}

static int file_prepare(struct staged_files *all, size_t index, const struct change *change,
			const struct copy_progress *progress, struct error *err)
{
	enum change_state state;
	char *text = NULL;
	int result = file_look(all->server, all, change, &state, &text, err);

	if (!result && state != CHANGE_OLD && state != CHANGE_NEW)
		result = moved(change, text, err);
	talloc_free(text);
	if (result)
		return result;
	all->files[index].skip = state == CHANGE_NEW;
	if (all->files[index].skip || !change->after.file.present)
		return 0;
	return file_stage(all, &all->files[index], change, progress, err);
}

/* One barrier a drive, then every stage is read back from the disk. */
static int files_prove(struct batch *batch, const struct staged_files *all, const struct copy_progress *progress,
		       struct error *err)
{
	bool synced[CHANGE_LETTERS] = { false };
	int result = 0;

	for (size_t i = 0; !result && i < all->count; i++) {
		unsigned letter = (unsigned)((unsigned char)batch->changes[i]->target[0] | 0x20) - 'a';

		if (!all->files[i].stage || letter >= CHANGE_LETTERS || synced[letter])
			continue;
		result = batch->server->ops->sync(batch->server, batch->changes[i]->target[0], err);
		synced[letter] = true;
	}
	for (size_t i = 0; !result && i < all->count; i++) {
		if (!all->files[i].stage)
			continue;
		result = step_tell(progress, path_leaf(batch->changes[i]->target), i, all->count, err);
		if (!result)
			result = copy_stage_verify(batch->server, all->files[i].stage,
						   &batch->changes[i]->after.file.digest, err);
	}
	return result;
}

static int files_prepare(struct batch *batch, const struct copy_progress *progress, struct error *err)
{
	struct staged_files *all = talloc_zero(batch, struct staged_files);
	int result = 0;

	if (!all)
		return error_memory(err);
	all->server = batch->server;
	all->files = memory_array_zero(all, sizeof *all->files, batch->count);
	if (!all->files)
		return error_memory(err);
	all->count = batch->count;
	talloc_set_destructor(all, staged_discard);
	batch->staged = all;
	for (size_t i = 0; !result && i < batch->count; i++)
		result = file_prepare(all, i, batch->changes[i], progress, err);
	return result ? result : files_prove(batch, all, progress, err);
}

/* ---- switching ---- */

/* The root of the backup tree that path is in, or NULL. */
static char *backup_root(TALLOC_CTX *mem, const char *path)
{
	const char *mark = path ? strstr(path, BACKUP_MARK) : NULL;

	return mark ? talloc_strndup(mem, path, (size_t)(mark - path) + strcspn(mark, "\\")) : NULL;
}

/* Whether the backup lacks the folder though the backup itself is there: then this repair made it. */
static int folder_is_ours(struct server *server, TALLOC_CTX *mem, const char *root, const char *there, bool *ours,
			  struct error *err)
{
	struct file_meta meta;
	bool found = false;
	int result = 0;

	*ours = false;
	if (path_equal(there, root) || !path_under(there, root))
		return 0;
	result = server->ops->look(server, mem, root, &found, &meta, NULL, err);
	if (result || !found)
		return result;
	result = server->ops->look(server, mem, there, &found, &meta, NULL, err);
	*ours = !result && !found;
	return result;
}

/* The folder made for a file that was added and removed again, if nothing else came into it. */
static int folders_clean(struct server *server, TALLOC_CTX *mem, const struct change *change, struct error *err)
{
	char *root = backup_root(mem, change->source), *there = change->source, *folder = change->target;
	struct entry_list list;
	struct file_meta meta;
	bool ours = true, found;
	int result = 0;

	while (!result && ours) {
		folder = path_parent(mem, folder);
		there = root ? path_parent(mem, there) : there;
		result = there && folder ? 0 : error_memory(err);
		/* Without a backup there was no Bin: it came with its files. */
		ours = !result && (root || path_under(folder, there));
		if (ours && root)
			result = folder_is_ours(server, mem, root, there, &ours, err);
		if (!result && ours)
			result = server->ops->look(server, mem, folder, &found, &meta, NULL, err);
		if (result || !ours || !found)
			continue;
		result = server->ops->list(server, mem, folder, &list, err);
		if (!result && list.count)
			break;
		if (!result)
			result = server->ops->remove(server, folder, err);
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

static int file_remove(struct server *server, TALLOC_CTX *mem, const struct change *change, struct error *err)
{
	int result = server->ops->remove(server, change->target, err);

	return result ? result : folders_clean(server, mem, change, err);
}

static int file_switch(struct batch *batch, struct staged_files *all, size_t index, struct error *err)
{
	const struct change *change = batch->changes[index];
	TALLOC_CTX *tmp;
	int result;

	if (all->files[index].skip)
		return 0;
	if (all->files[index].stage) {
		result = batch->server->ops->stage_switch(all->files[index].stage, err);
		if (!result)
			all->kept = true;
		return result;
	}
	tmp = talloc_new(NULL);
	result = file_remove(batch->server, tmp, change, err);
	talloc_free(tmp);
	return result;
}

/* The renames are safe once their folders are synced; a removed folder has nothing to sync, but the one above it has. */
static int folder_sync(struct batch *batch, TALLOC_CTX *mem, const char *path, struct error *err)
{
	const char *folder = path;
	struct file_meta meta;
	bool found = false;
	int result = 0;

	while (folder && !result && !found) {
		result = batch->server->ops->look(batch->server, mem, folder, &found, &meta, NULL, err);
		if (!found)
			folder = path_parent(mem, folder);
	}
	if (!folder)
		return error_memory(err);
	return result ? result : batch->server->ops->sync_folder(batch->server, folder, err);
}

static int folders_sync(struct batch *batch, size_t count, struct error *err)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	char *last = NULL;
	int result = 0;

	for (size_t i = 0; !result && i < count; i++) {
		char *folder = path_parent(tmp, batch->changes[i]->target);

		if (!folder)
			result = error_memory(err);
		else if (!last || strcmp(last, folder) != 0)
			result = folder_sync(batch, tmp, folder, err);
		last = folder;
	}
	talloc_free(tmp);
	return result;
}

static int files_switch(struct batch *batch, const struct copy_progress *progress, size_t *done, struct error *err)
{
	struct staged_files *all = batch->staged;
	struct error later;
	int result = 0, synced;

	while (!result && *done < batch->count) {
		result = step_tell(progress, path_leaf(batch->changes[*done]->target), *done, batch->count, err);
		if (!result)
			result = file_switch(batch, all, *done, err);
		if (!result)
			++*done;
	}
	synced = folders_sync(batch, *done, &later);
	if (!result && synced)
		result = error_pass(err, &later);
	return result;
}

static int file_need(struct server *server, const struct change *change, struct change_need *need, struct error *err)
{
	(void)server, (void)err;
	if (change->after.file.present)
		change_need_add(need, change->target, change->after.file.size + 4096);
	return 0;
}

static int file_beside(struct server *server, TALLOC_CTX *mem, const struct change *change, size_t which, char **path,
		       char **staged, struct error *err)
{
	(void)server;
	*path = NULL;
	if (which > 0)
		return 0;
	*path = talloc_strdup(mem, change->target);
	*staged = talloc_asprintf(mem, "%s" SERVER_STAGE_SUFFIX, path_leaf(change->target));
	return *path && *staged ? 0 : error_memory(err);
}

const struct step_ops step_copy_ops = { file_look, files_prepare, files_switch, file_need, file_beside };

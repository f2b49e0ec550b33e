/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is there now, room for what is to come, what a killed run left; and the batch, handed to the kind's own
 * operations. */
#include "repair/change_internal.h"

#include <string.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"

/* The name ntfs-3g gives a file while it renames over it (doc/hives.md 5). */
#define TORN_MARK ".ntfs-3g-"

int change_look(struct server *server, TALLOC_CTX *mem, const struct change *change, enum change_state *state,
		char **text, struct error *err)
{
	const struct step_ops *ops;
	char *said = NULL;
	int result = step_ops_of(change->kind, &ops, err);

	if (!result)
		result = ops->look(server, mem, change, state, &said, err);
	if (text)
		*text = said;
	else
		talloc_free(said);
	return result;
}

int step_tell(const struct copy_progress *progress, const char *name, uint64_t done, uint64_t total, struct error *err)
{
	if (!progress || !progress->tell || !progress->tell(progress->arg, name, done, total))
		return 0;
	return error_advise(err, error_set(err, TROUBLE_STOPPED, _("Stopped between two changes.")),
			    _("Nothing is lost. Start the program again and resume the run."));
}

/* ---- batches ---- */

int batch_prepare(struct server *server, TALLOC_CTX *mem, struct change *const *changes, size_t count,
		  const struct copy_progress *progress, struct batch **batch, struct error *err)
{
	struct batch *made = talloc_zero(mem, struct batch);
	int result = made ? 0 : error_memory(err);

	for (size_t i = 1; !result && i < count; i++)
		if (changes[i]->kind != changes[0]->kind)
			result =
				error_set(err, TROUBLE_BUG, "batch_prepare: %s and %s", changes[0]->id, changes[i]->id);
	if (!result && count == 0)
		result = error_set(err, TROUBLE_BUG, "batch_prepare: nothing");
	if (!result)
		result = step_ops_of(changes[0]->kind, &made->ops, err);
	if (!result) {
		made->server = server;
		made->changes = changes;
		made->count = count;
		result = made->ops->prepare(made, progress, err);
	}
	if (result)
		talloc_free(made);
	else
		*batch = made;
	return result;
}

int batch_switch(struct batch *batch, const struct copy_progress *progress, size_t *done, struct error *err)
{
	*done = 0;
	return batch->ops->switch_in(batch, progress, done, err);
}

const struct copy_list *batch_backup_list(const struct batch *batch)
{
	return batch->list;
}

const char *batch_note(const struct batch *batch)
{
	return batch->note;
}

/* ---- room ---- */

void change_need_add(struct change_need *need, const char *path, uint64_t bytes)
{
	unsigned letter = (unsigned)((unsigned char)path[0] | 0x20) - 'a';

	if (letter < CHANGE_LETTERS)
		need->bytes[letter] += bytes;
}

/* Two drives may be folders of one file system: what they need is needed there at once. */
static int room_compare(struct server *server, const struct change_need *need, struct error *err)
{
	struct file_identity at[CHANGE_LETTERS];
	int result = 0;

	for (unsigned i = 0; !result && i < CHANGE_LETTERS; i++) {
		char root[] = { (char)('A' + i), ':', '\\', '\0' };
		uint64_t room = 0, bytes = need->bytes[i];

		if (!bytes)
			continue;
		result = server->ops->room(server, root, &room, err);
		if (!result)
			result = server->ops->identity(server, root, &at[i], err);
		for (unsigned k = 0; !result && k < i; k++)
			bytes += need->bytes[k] && at[k].device == at[i].device ? need->bytes[k] : 0;
		if (!result && room < bytes)
			result = error_set(
				err, TROUBLE_NO_ROOM,
				bytes == need->bytes[i]
					? _("Drive %c: has room for %llu bytes; what will be written needs %llu.")
					: _("Drive %c: and others on its file system have room for %llu bytes; what "
					    "will be written needs %llu."),
				root[0], (unsigned long long)room, (unsigned long long)bytes);
	}
	return result;
}

int change_room(struct server *server, struct change *const *changes, size_t count, struct error *err)
{
	return change_room_with(server, changes, count, 'C', 0, err);
}

int change_room_with(struct server *server, struct change *const *changes, size_t count, char letter, uint64_t bytes,
		     struct error *err)
{
	struct change_need need = { 0 };
	const struct step_ops *ops;
	int result = 0;

	change_need_add(&need, &letter, bytes);
	for (size_t i = 0; !result && i < count; i++) {
		result = step_ops_of(changes[i]->kind, &ops, err);
		if (!result)
			result = ops->need(server, changes[i], &need, err);
	}
	return result ? result : room_compare(server, &need, err);
}

/* ---- what changes besides ---- */

static int path_once(TALLOC_CTX *mem, char ***paths, size_t *count, char *path, struct error *err)
{
	char **more;

	if (!path)
		return error_memory(err);
	for (size_t i = 0; i < *count; i++)
		if (path_equal((*paths)[i], path))
			return 0;
	more = memory_more(mem, paths, *count, sizeof *more);
	if (!more)
		return error_memory(err);
	*more = talloc_steal(mem, path);
	(*count)++;
	return 0;
}

/* The folder it lies in or, where that is still to be made, the one that the first new folder comes into. */
static int folder_touched(struct server *server, TALLOC_CTX *mem, const char *target, char ***paths, size_t *count,
			  struct error *err)
{
	char *folder = path_parent(mem, target);
	bool found = false;
	int result = 0;

	while (!result && folder && !found) {
		result = server->ops->look(server, mem, folder, &found, NULL, NULL, err);
		found |= path_parts(folder) == 0;
		if (!result && !found)
			folder = path_parent(mem, folder);
	}
	return result ? result : path_once(mem, paths, count, folder, err);
}

static int touched_by(struct server *server, TALLOC_CTX *mem, const struct change *change, char ***paths, size_t *count,
		      struct error *err)
{
	bool hive = change->kind == KIND_VALUE || change->kind == KIND_SHARE;
	const struct step_ops *ops;
	char *path = NULL, *staged;
	int result = step_ops_of(change->kind, &ops, err);

	if (!result && !hive)
		return folder_touched(server, mem, change->target, paths, count, err);
	for (size_t which = 0; !result; which++) {
		result = ops->beside(server, mem, change, which, &path, &staged, err);
		if (result || !path)
			break;
		result = path_once(mem, paths, count, path_parent(mem, path), err);
		if (!result)
			result = path_once(mem, paths, count, path, err);
	}
	return result;
}

int change_touched(struct server *server, TALLOC_CTX *mem, struct change *const *changes, size_t count, char ***paths,
		   size_t *path_count, struct error *err)
{
	bool hives = false;
	int result = 0;

	*paths = NULL;
	*path_count = 0;
	for (size_t i = 0; !result && i < count; i++) {
		bool hive = changes[i]->kind == KIND_VALUE || changes[i]->kind == KIND_SHARE;

		if (!hive || !hives)
			result = touched_by(server, mem, changes[i], paths, path_count, err);
		hives |= hive;
	}
	return result;
}

/* ---- what a killed run left ---- */

struct sweep {
	struct server *server;
	char *folder;              /* the one that list is of */
	struct entry_list list;
	size_t *removed;           /* NULL: nothing is removed, and a name that is there is refused */
};

static int sweep_folder(struct sweep *sweep, const char *path, struct error *err)
{
	char *folder = path_parent(sweep, path);
	struct file_meta meta;
	bool found;
	int result;

	if (!folder)
		return error_memory(err);
	if (sweep->folder && path_equal(folder, sweep->folder)) {
		talloc_free(folder);
		return 0;
	}
	talloc_free(sweep->folder);
	sweep->folder = folder;
	talloc_free(sweep->list.entries);
	sweep->list = (struct entry_list){ 0 };
	result = sweep->server->ops->look(sweep->server, sweep, folder, &found, &meta, NULL, err);
	if (!result && found && meta.kind == ENTRY_FOLDER)
		result = sweep->server->ops->list(sweep->server, sweep, folder, &sweep->list, err);
	return result;
}

static bool name_torn(const char *name, const char *leaf)
{
	size_t len = strlen(leaf), mark = sizeof TORN_MARK - 1;

	return strlen(name) > len + mark && text_equal_n(name, leaf, len) && !strncmp(name + len, TORN_MARK, mark) &&
	       strspn(name + len + mark, "0123456789") == strlen(name + len + mark);
}

/* The power cut left the file system itself in disorder, and a name of the torn file may still be half there: a file that
 * was given its name back could not be replaced any more. So its content gets that name as a new file. */
static int sweep_restore(struct sweep *sweep, const char *torn, const char *target, struct error *err)
{
	const struct server_ops *ops = sweep->server->ops;
	struct stage_spec spec = { .target = target, .traits_from = torn, .mtime = FILETIME_NONE };
	struct digest digest;
	struct stage *stage = NULL;
	int result = copy_stage(sweep->server, sweep, torn, &spec, &stage, &digest, NULL, err);

	if (!result)
		result = ops->sync(sweep->server, target[0], err);
	if (!result)
		result = copy_stage_verify(sweep->server, stage, &digest, err);
	if (!result)
		result = ops->stage_switch(stage, err);
	if (!result)
		result = ops->sync_folder(sweep->server, sweep->folder, err);
	talloc_free(stage);
	return result;
}

/* The old content waits under such a name while the target's own is missing; where the target is there it is only a
 * second name. One that is only half there cannot be removed: there the driver says that there is no such name. */
static int sweep_torn(struct sweep *sweep, const char *torn, const char *target, struct error *err)
{
	struct file_meta meta;
	bool found;
	int result = sweep->server->ops->look(sweep->server, sweep, target, &found, &meta, NULL, err);

	if (!result && !found)
		result = sweep_restore(sweep, torn, target, err);
	if (!result && sweep->server->ops->remove(sweep->server, torn, err))
		result = error_advise(err, error_set(err, TROUBLE_IO,
						     _("The name %s, which a power cut left, cannot be removed. Nothing is lost."),
						     text_shown(sweep, torn)),
				      _("Let Windows check the drive (chkdsk /f) before you do anything else to it."));
	return result;
}

static int sweep_entry(struct sweep *sweep, struct entry *entry, const char *target, bool torn, struct error *err)
{
	char *path = path_join(sweep, sweep->folder, entry->name);
	int result;

	if (!path)
		return error_memory(err);
	result = torn ? sweep_torn(sweep, path, target, err) : sweep->server->ops->remove(sweep->server, path, err);
	talloc_free(path);
	if (!result) {
		entry->meta.kind = ENTRY_OTHER;      /* gone */
		++*sweep->removed;
		result = sweep->server->ops->sync_folder(sweep->server, sweep->folder, err);
	}
	return result;
}

static bool name_staged(const char *name, const char *leaf, const char *staged)
{
	size_t len = strlen(leaf);

	return text_equal(name, staged) ||
	       (strlen(name) > len && text_equal_n(name, leaf, len) && text_equal(name + len, SERVER_STAGE_SUFFIX));
}

static int in_the_way(struct sweep *sweep, const char *name, const char *target, struct error *err)
{
	char *path = path_join(sweep, sweep->folder, name), *shown = path ? text_shown(sweep, path) : NULL, *leaf = text_shown(sweep, path_leaf(target));
	int ret = error_set(err, TROUBLE_MOVED, _("%s already exists, and the new %s would be written under such a name."), shown ? shown : "",
			    leaf ? leaf : "");

	return error_advise(err, ret, _("If a run was interrupted (msmcfix runs), resume or undo it. "
					"If not, move this away. Then try again."));
}

/* What was staged goes first: its name is needed for a file that has lost its own. */
static int sweep_target(struct sweep *sweep, const char *target, const char *staged, struct error *err)
{
	const char *leaf = path_leaf(target);
	int result = sweep_folder(sweep, target, err);

	for (int torn = 0; !result && torn <= 1; torn++)
		for (size_t i = 0; !result && i < sweep->list.count; i++) {
			struct entry *entry = &sweep->list.entries[i];
			bool ours = torn ? name_torn(entry->name, leaf) : name_staged(entry->name, leaf, staged);

			if (ours && !sweep->removed)
				return in_the_way(sweep, entry->name, target, err);
			if (ours && entry->meta.kind == ENTRY_FILE)
				result = sweep_entry(sweep, entry, target, torn, err);
		}
	return result;
}

static int sweep_change(struct sweep *sweep, const struct change *change, struct error *err)
{
	const struct step_ops *ops;
	char *target = NULL, *staged = NULL;
	int result = step_ops_of(change->kind, &ops, err);

	for (size_t which = 0; !result; which++) {
		result = ops->beside(sweep->server, sweep, change, which, &target, &staged, err);
		if (result || !target)
			break;
		result = sweep_target(sweep, target, staged, err);
		talloc_free(target);
		talloc_free(staged);
	}
	return result;
}

static int sweep_all(struct server *server, struct change *const *changes, size_t count, size_t *removed, struct error *err)
{
	struct sweep *sweep = talloc_zero(NULL, struct sweep);
	bool hives = false;
	int result = sweep ? 0 : error_memory(err);

	if (result)
		return result;
	sweep->server = server;
	sweep->removed = removed;
	for (size_t i = 0; !result && i < count; i++) {
		bool hive = changes[i]->kind == KIND_VALUE || changes[i]->kind == KIND_SHARE;

		/* All registry values lie in the same files. */
		if (hive && hives)
			continue;
		hives |= hive;
		result = sweep_change(sweep, changes[i], err);
	}
	talloc_free(sweep);
	return result;
}

int change_sweep(struct server *server, struct change *const *changes, size_t count, size_t *removed, struct error *err)
{
	*removed = 0;
	return sweep_all(server, changes, count, removed, err);
}

int change_free(struct server *server, struct change *const *changes, size_t count, struct error *err)
{
	return sweep_all(server, changes, count, NULL, err);
}

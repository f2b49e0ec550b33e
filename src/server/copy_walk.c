/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A tree as a list, and the removal of a tree that this program made. */
#include "server/copy.h"

#include <string.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "nt/path.h"

enum { DEPTH = 64 };

struct walk {
	struct server *server;
	const char *root;
	size_t limit;
	struct copy_list *list;
};

/* A name that cannot be copied, or not to a place where Windows would find it. */
static int entry_refused(const struct walk *walk, const struct entry *entry, const char *path,
	struct error *err)
{
	if (!path_name_ok(entry->name))
		return error_set(err, TROUBLE_NAME, _("Windows NT cannot hold the name of %s."),
			path);
	if (entry->meta.kind == ENTRY_UNREADABLE)
		return error_set(err, TROUBLE_IO, _("%s cannot be examined."), path);
	if (entry->meta.kind == ENTRY_OTHER)
		return error_set(err, TROUBLE_LINK, _("%s is neither a file nor a folder."), path);
	if (walk->list->count >= walk->limit)
		return error_advise(err,
			error_set(err, TROUBLE_CANNOT,
				_("%s holds more than %zu files and folders."), walk->root,
				walk->limit),
			_("Move what does not belong there elsewhere, then try again."));
	return 0;
}

static int walk_add(struct walk *walk, const char *rel, const struct file_meta *meta,
	struct error *err)
{
	struct copy_list *list = walk->list;
	struct copy_item *item = memory_more(NULL, &list->items, list->count, sizeof *item);

	if (!item)
		return error_memory(err);
	*item = (struct copy_item){ .rel = talloc_strdup(list->items, rel), .meta = *meta };
	if (!item->rel)
		return error_memory(err);
	if (__builtin_add_overflow(list->bytes, meta->size, &list->bytes))
		return error_set(err, TROUBLE_CANNOT,
			_("The files are larger than any disk can hold."));
	list->count++;
	return 0;
}

static int walk_folder(struct walk *walk, const char *rel, unsigned depth, struct error *err);

static int walk_entry(struct walk *walk, TALLOC_CTX *tmp, const char *rel,
	const struct entry *entry, unsigned depth, struct error *err)
{
	char *below = *rel ? talloc_asprintf(tmp, "%s\\%s", rel, entry->name)
			   : talloc_strdup(tmp, entry->name);
	char *path = below ? path_join(tmp, walk->root, below) : NULL;
	int ret;

	if (!path)
		return error_memory(err);
	ret = entry_refused(walk, entry, path, err);
	if (ret == 0)
		ret = walk_add(walk, below, &entry->meta, err);
	if (ret == 0 && entry->meta.kind == ENTRY_FOLDER)
		ret = walk_folder(walk, below, depth + 1, err);
	return ret;
}

static int walk_folder(struct walk *walk, const char *rel, unsigned depth, struct error *err)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	char *path = *rel ? path_join(tmp, walk->root, rel) : talloc_strdup(tmp, walk->root);
	struct entry_list entries = { 0 };
	int ret = 0;

	if (!path)
		ret = error_memory(err);
	else if (depth > DEPTH)
		ret = error_set(err, TROUBLE_CANNOT, _("%s is more than %d folders deep."), path,
			DEPTH);
	else
		ret = walk->server->ops->list(walk->server, tmp, path, &entries, err);
	for (size_t i = 0; ret == 0 && i < entries.count; i++) {
		if (i > 0 && text_equal(entries.entries[i - 1].name, entries.entries[i].name))
			ret = error_set(err, TROUBLE_TWINS,
				_("The folder %s has two names that are the same to Windows: %s and %s."),
				path, entries.entries[i - 1].name, entries.entries[i].name);
		else
			ret = walk_entry(walk, tmp, rel, &entries.entries[i], depth, err);
	}
	talloc_free(tmp);
	return ret;
}

int copy_walk(struct server *server, TALLOC_CTX *mem, const char *root, size_t limit,
	struct copy_list *list, struct error *err)
{
	struct walk walk = { .server = server, .root = root, .limit = limit, .list = list };
	int ret;

	*list = (struct copy_list){ 0 };
	ret = walk_folder(&walk, "", 1, err);
	if (ret != 0) {
		talloc_free(list->items);
		*list = (struct copy_list){ 0 };
	} else {
		list->items = talloc_steal(mem, list->items);
	}
	return ret;
}

int copy_walk_again(struct server *server, TALLOC_CTX *mem, const char *root,
	const struct copy_list *list, struct copy_list *found, enum trouble too_much,
	struct error *err)
{
	/* A few more than expected are enough to name the first one too many. */
	int ret = copy_walk(server, mem, root, list->count + 1000, found, err);

	if (ret == -TROUBLE_CANNOT) {
		ret = -(int)too_much;
		if (err)
			err->trouble = too_much;
	}
	return ret;
}

/* Both lists come from copy_walk, so both are in one order. */
static const struct copy_item *first_foreign(const struct copy_list *found,
	const struct copy_list *list)
{
	size_t at = 0;

	for (size_t i = 0; i < found->count; i++) {
		const struct copy_item *item = &found->items[i];
		while (at < list->count && !text_equal(list->items[at].rel, item->rel))
			at++;
		if (at == list->count || list->items[at].meta.kind != item->meta.kind)
			return item;
		at++;
	}
	return NULL;
}

static int remove_found(struct server *server, TALLOC_CTX *tmp, const char *root,
	const struct copy_list *found, struct error *err)
{
	int ret = 0;

	for (size_t i = found->count; ret == 0 && i > 0; i--) {
		char *path = path_join(tmp, root, found->items[i - 1].rel);
		ret = path ? server->ops->remove(server, path, err) : error_memory(err);
		talloc_free(path);
	}
	return ret == 0 ? server->ops->remove(server, root, err) : ret;
}

int copy_remove_tree(struct server *server, const char *root, const struct copy_list *list,
	struct error *err)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	struct copy_list found;
	const struct copy_item *foreign;
	bool there = false;
	int ret = server->ops->file_stat(server, tmp, root, &there, &(struct file_meta){ 0 }, NULL,
		err);

	if (ret == 0 && there) {
		ret = copy_walk_again(server, tmp, root, list, &found, TROUBLE_MOVED, err);
		foreign = ret == 0 ? first_foreign(&found, list) : NULL;
		if (foreign)
			ret = error_advise(err,
				error_set(err, TROUBLE_MOVED,
					_("%s was not put there by this program, so %s is not removed."),
					foreign->rel, root),
				_("Move it out of there, then try again."));
		if (ret == 0)
			ret = remove_found(server, tmp, root, &found, err);
	}
	talloc_free(tmp);
	return ret;
}

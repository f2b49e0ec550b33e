/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Data hashed, data and trees copied, and what was written read again. */
#include "server/copy.h"

#include "base/i18n.h"
#include "base/text.h"
#include "nt/path.h"

enum { BLOCK = 256 * 1024 };

/* One piece of work: how far it is, and the room for a block of data. */
struct work {
	struct server *server;
	const struct copy_progress *progress;
	uint64_t done, total;
	uint8_t block[BLOCK];
};

static struct work *work_make(TALLOC_CTX *mem, struct server *server,
	const struct copy_progress *progress, uint64_t total)
{
	struct work *work = talloc(mem, struct work);

	if (work) {
		work->server = server;
		work->progress = progress;
		work->done = 0;
		work->total = total;
	}
	return work;
}

/* Tells how far the work is; -TROUBLE_STOPPED if it is to end here. */
static int work_tell(struct work *work, const char *name, uint64_t more, struct error *err)
{
	work->done += more;
	if (!work->progress || !work->progress->tell ||
		work->progress->tell(work->progress->arg, name, work->done, work->total) == 0)
		return 0;
	return error_set(err, TROUBLE_STOPPED, "%s", _("Stopped as asked."));
}

/* Reads an open file and hashes it, on the way to the stage if there is one; without a file reads
 * the stage back. *size of what was read. A file that grows while it is read would have no end, so
 * nothing is read past the size it is expected to have. */
static int data_read(struct work *work, struct server_file *file, const char *path,
	uint64_t expected, struct stage *stage, struct digest *digest, uint64_t *size,
	struct error *err)
{
	const struct server_ops *ops = work->server->ops;
	struct digest_state state;
	size_t got = 0, len = 0;
	int ret = work_tell(work, path, 0, err);

	digest_begin(&state);
	*size = 0;
	while (ret == 0 && got == len && *size < expected) {
		len = expected - *size < BLOCK ? (size_t)(expected - *size) : BLOCK;
		ret = file ? ops->file_read(file, *size, work->block, len, &got, err)
			   : ops->stage_read(stage, *size, work->block, len, &got, err);
		if (ret != 0)
			break;
		digest_add(&state, work->block, got);
		*size += got;
		if (file && stage)
			ret = ops->stage_write(stage, work->block, got, err);
		if (ret == 0)
			ret = work_tell(work, path, got, err);
	}
	*digest = digest_end(&state);
	return ret;
}

/* If a file is written to while it is copied, the copy is neither the old nor the new file. */
static int copy_unchanged(struct server *server, const char *from, const struct file_meta *before,
	uint64_t size, struct error *err)
{
	struct file_meta now = { 0 };
	bool found = false;
	int ret = server->ops->file_stat(server, NULL, from, &found, &now, NULL, err);

	if (ret == 0 &&
		(!found || now.kind != ENTRY_FILE || now.size != before->size ||
			now.mtime != before->mtime || size != before->size))
		ret = error_advise(err,
			error_set(err, TROUBLE_VERIFY, _("%s changed while it was copied."), from),
			_("Stop whatever writes to it, then try again."));
	return ret;
}

/* spec is complete. The stage is returned ready. */
static int copy_to_stage(struct work *work, TALLOC_CTX *mem, const char *from,
	const struct file_meta *meta, const struct stage_spec *spec, struct stage **stage,
	struct digest *digest, struct error *err)
{
	const struct server_ops *ops = work->server->ops;
	TALLOC_CTX *tmp = talloc_new(NULL);
	struct server_file *file = NULL;
	uint64_t size = 0;
	int ret = ops->file_open(work->server, tmp, from, &file, NULL, err);

	*stage = NULL;
	if (ret == 0)
		ret = ops->stage(work->server, mem, spec, stage, err);
	if (ret == 0)
		ret = data_read(work, file, from, meta->size, *stage, digest, &size, err);
	if (ret == 0)
		ret = copy_unchanged(work->server, from, meta, size, err);
	if (ret == 0)
		ret = ops->stage_ready(*stage, err);
	if (ret != 0)
		TALLOC_FREE(*stage);
	talloc_free(tmp);
	return ret;
}

/* Into a new folder, so under its final name at once. */
static int copy_item(struct work *work, const char *from, const char *to, struct copy_item *item,
	struct error *err)
{
	struct stage_spec spec = { .target = to,
		.traits_from = from,
		.mtime = item->meta.mtime,
		.size = item->meta.size,
		.fresh = true };
	struct stage *stage = NULL;
	int ret;

	if (item->meta.kind == ENTRY_FOLDER)
		return work->server->ops->mkdir(work->server, to, from, err);
	ret = copy_to_stage(work, work, from, &item->meta, &spec, &stage, &item->digest, err);
	if (ret == 0)
		ret = work->server->ops->stage_switch(stage, err);
	talloc_free(stage);
	return ret;
}

static int copy_room(struct server *server, TALLOC_CTX *tmp, const char *to,
	const struct copy_list *list, struct error *err)
{
	char *parent = path_parent(tmp, to);
	uint64_t room = 0;
	int ret = parent ? server->ops->room(server, parent, &room, err) : error_memory(err);

	if (ret == 0 && room < list->bytes)
		ret = error_set(err, TROUBLE_NO_ROOM,
			_("%s needs %llu bytes, and its drive has room for %llu."), to,
			(unsigned long long)list->bytes, (unsigned long long)room);
	return ret;
}

static int copy_items(struct work *work, const char *from, const char *to, struct copy_list *list,
	struct error *err)
{
	int ret = work->server->ops->mkdir(work->server, to, from, err);

	for (size_t i = 0; ret == 0 && i < list->count; i++) {
		TALLOC_CTX *tmp = talloc_new(work);
		char *source = path_join(tmp, from, list->items[i].rel);
		char *target = path_join(tmp, to, list->items[i].rel);
		ret = source && target ? copy_item(work, source, target, &list->items[i], err)
				       : error_memory(err);
		talloc_free(tmp);
	}
	return ret == 0 ? work->server->ops->sync(work->server, to[0], err) : ret;
}

static bool item_same(const struct copy_item *a, const struct copy_item *b)
{
	return text_equal(a->rel, b->rel) && a->meta.kind == b->meta.kind;
}

/* Two lists of copy_walk: the first name that is only in one of them, or the first file of another
 * size. */
static int compare_lists(TALLOC_CTX *tmp, const char *root, const struct copy_list *found,
	const struct copy_list *list, struct error *err)
{
	const struct copy_item *has = found->items, *has_end = has + found->count;
	const struct copy_item *want = list->items, *want_end = want + list->count;
	char *path;

	while (has < has_end && want < want_end && item_same(has, want) &&
		has->meta.size == want->meta.size)
		has++, want++;
	if (has == has_end && want == want_end)
		return 0;
	path = path_join(tmp, root, want < want_end ? want->rel : has->rel);
	if (!path)
		return error_memory(err);
	if (want == want_end)
		return error_set(err, TROUBLE_VERIFY, _("%s is there and should not be."), path);
	if (has == has_end)
		return error_set(err, TROUBLE_VERIFY, _("%s is missing."), path);
	if (item_same(has, want))
		return error_set(err, TROUBLE_VERIFY,
			_("%s reads back differently from what was written."), path);
	return error_set(err, TROUBLE_VERIFY, _("%s was expected, and %s is there instead."), path,
		has->rel);
}

static int compare_item(struct work *work, const char *root, const struct copy_item *item,
	struct error *err)
{
	TALLOC_CTX *tmp = talloc_new(work);
	char *path = path_join(tmp, root, item->rel);
	struct server_file *file;
	struct digest digest;
	uint64_t size = 0;
	int ret = path ? work->server->ops->file_open(work->server, tmp, path, &file, NULL, err)
		       : error_memory(err);

	if (ret == 0)
		ret = data_read(work, file, path, item->meta.size, NULL, &digest, &size, err);
	if (ret == 0 && (size != item->meta.size || !digest_equal(&digest, &item->digest)))
		ret = error_set(err, TROUBLE_VERIFY,
			_("%s reads back differently from what was written."), path);
	talloc_free(tmp);
	return ret;
}

static int tree_compare(struct work *work, const char *root, const struct copy_list *list,
	struct error *err)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	struct copy_list found;
	int ret = copy_walk_again(work->server, tmp, root, list, &found, TROUBLE_VERIFY, err);

	if (ret == 0)
		ret = compare_lists(tmp, root, &found, list, err);
	for (size_t i = 0; ret == 0 && i < list->count; i++)
		if (list->items[i].meta.kind == ENTRY_FILE)
			ret = compare_item(work, root, &list->items[i], err);
	talloc_free(tmp);
	return ret;
}

int copy_tree(struct server *server, const char *from, const char *to, struct copy_list *list,
	const struct copy_progress *progress, struct error *err)
{
	/* Every byte is read twice. */
	uint64_t total = list->bytes < UINT64_MAX / 2 ? list->bytes * 2 : UINT64_MAX;
	struct work *work = work_make(NULL, server, progress, total);
	int ret = 0;

	if (!work)
		ret = error_memory(err);
	else if (path_under(to, from))
		ret = error_set(err, TROUBLE_CANNOT,
			_("%s is inside the folder that it would be a copy of."), to);
	if (ret == 0)
		ret = copy_room(server, work, to, list, err);
	if (ret == 0)
		ret = copy_items(work, from, to, list, err);
	if (ret == 0)
		ret = tree_compare(work, to, list, err);
	talloc_free(work);
	return ret;
}

int copy_verify(struct server *server, const char *root, const struct copy_list *list,
	const struct copy_progress *progress, struct error *err)
{
	struct work *work = work_make(NULL, server, progress, list->bytes);
	int ret = work ? tree_compare(work, root, list, err) : error_memory(err);

	talloc_free(work);
	return ret;
}

int copy_stage(struct server *server, TALLOC_CTX *mem, const char *from,
	const struct stage_spec *given, struct stage **stage, struct digest *digest,
	const struct copy_progress *progress, struct error *err)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	struct stage_spec spec = *given;
	struct file_meta meta = { 0 };
	struct work *work;
	bool found = false;
	int ret = server->ops->file_stat(server, tmp, from, &found, &meta, NULL, err);

	*stage = NULL;
	if (ret == 0 && !found)
		ret = error_set(err, TROUBLE_NOT_THERE, _("There is no %s."), from);
	if (ret == 0 && meta.kind != ENTRY_FILE)
		ret = error_set(err, TROUBLE_LINK, _("%s is not a file."), from);
	if (ret == 0) {
		spec.size = meta.size;
		if (spec.mtime == FILETIME_NONE)
			spec.mtime = meta.mtime;
		work = work_make(tmp, server, progress, meta.size);
		ret = work ? copy_to_stage(work, mem, from, &meta, &spec, stage, digest, err)
			   : error_memory(err);
	}
	talloc_free(tmp);
	return ret;
}

int copy_stage_verify(struct server *server, struct stage *stage, const struct digest *digest,
	struct error *err)
{
	struct work *work = work_make(NULL, server, NULL, 0);
	struct digest found;
	uint64_t size;
	int ret = work ? data_read(work, NULL, "", UINT64_MAX, stage, &found, &size, err)
		       : error_memory(err);

	if (ret == 0 && !digest_equal(&found, digest))
		ret = error_set(err, TROUBLE_VERIFY, "%s",
			_("A new file reads back differently from what was written."));
	talloc_free(work);
	return ret;
}

int server_digest(struct server *server, const char *path, struct digest *digest, struct error *err)
{
	struct work *work = work_make(NULL, server, NULL, 0);
	struct server_file *file;
	uint64_t size = 0, got = 0;
	int ret = work ? server->ops->file_open(server, work, path, &file, &size, err)
		       : error_memory(err);

	/* One byte more, to see one that grows. */
	if (ret == 0)
		ret = data_read(work, file, path, size + 1, NULL, digest, &got, err);
	if (ret == 0 && got != size)
		ret = error_set(err, TROUBLE_MOVED, _("%s changed while it was read."), path);
	talloc_free(work);
	return ret;
}

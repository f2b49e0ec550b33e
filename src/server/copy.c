/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "server/copy_internal.h"

#include <inttypes.h>
#include <string.h>

#include "base/i18n.h"
#include "nt/path.h"

struct copy_work *copy_work_make(TALLOC_CTX *mem, struct server *server, const struct copy_progress *progress,
				 uint64_t total)
{
	struct copy_work *work = talloc_zero(mem, struct copy_work);

	if (!work)
		return NULL;
	work->server = server;
	work->progress = progress;
	work->total = total;
	work->block = talloc_array(work, uint8_t, COPY_BLOCK);
	if (!work->block)
		TALLOC_FREE(work);
	return work;
}

int copy_tell(struct copy_work *work, const char *name, uint64_t more, struct error *err)
{
	work->done += more;
	if (!work->progress || !work->progress->tell ||
	    work->progress->tell(work->progress->arg, name, work->done, work->total) == 0)
		return 0;
	return error_set(err, TROUBLE_STOPPED, "%s", _("Stopped as asked."));
}

/* From an open file to the stage, hashing on the way; *size of what was read. A file that grows while it is read
 * would have no end, so nothing is read past the size it had; copy_unchanged finds out. */
static int copy_data(struct copy_work *work, struct server_file *file, const char *from, uint64_t expected,
		     struct stage *stage, struct digest *digest, uint64_t *size, struct error *err)
{
	const struct server_ops *ops = work->server->ops;
	struct digest_state state;
	size_t got = 0;
	int ret = copy_tell(work, from, 0, err);

	digest_begin(&state);
	*size = 0;
	while (ret == 0 && *size < expected) {
		ret = ops->file_read(file, *size, work->block, copy_block(expected - *size), &got, err);
		if (ret != 0 || got == 0)
			break;
		digest_add(&state, work->block, got);
		*size += got;
		ret = ops->stage_write(stage, work->block, got, err);
		if (ret == 0)
			ret = copy_tell(work, from, got, err);
	}
	if (ret == 0)
		*digest = digest_end(&state);
	return ret;
}

/* If a file is written to while it is copied, the copy is neither the old nor the new file. */
static int copy_unchanged(struct server *server, TALLOC_CTX *tmp, const char *from, const struct file_meta *before,
			  uint64_t size, struct error *err)
{
	struct file_meta now = { 0 };
	bool found = false;
	int ret = server->ops->look(server, tmp, from, &found, &now, NULL, err);

	if (ret == 0 && (!found || now.kind != ENTRY_FILE || now.size != before->size || now.mtime != before->mtime ||
			 size != before->size))
		ret = error_advise(err, error_set(err, TROUBLE_VERIFY, _("%s changed while it was copied."), copy_shown(tmp, from)),
				   _("Stop whatever writes to it, then try again."));
	return ret;
}

/* spec is complete. The stage is returned ready. */
static int copy_to_stage(struct copy_work *work, TALLOC_CTX *mem, const char *from, const struct file_meta *meta,
			 const struct stage_spec *spec, struct stage **stage, struct digest *digest, struct error *err)
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
		ret = copy_data(work, file, from, meta->size, *stage, digest, &size, err);
	if (ret == 0)
		ret = copy_unchanged(work->server, tmp, from, meta, size, err);
	if (ret == 0)
		ret = ops->stage_ready(*stage, err);
	if (ret != 0)
		TALLOC_FREE(*stage);
	talloc_free(tmp);
	return ret;
}

/* Into a new folder, so under its final name at once. */
static int copy_item(struct copy_work *work, const char *from, const char *to, struct copy_item *item,
		     struct error *err)
{
	struct stage_spec spec = {
		.target = to, .traits_from = from, .mtime = item->meta.mtime, .size = item->meta.size, .fresh = true
	};
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

static int copy_room(struct server *server, TALLOC_CTX *tmp, const char *to, const struct copy_list *list,
		     struct error *err)
{
	char *parent = path_parent(tmp, to);
	uint64_t room = 0;
	int ret = parent ? server->ops->room(server, parent, &room, err) : error_memory(err);

	if (ret == 0 && room < list->bytes)
		ret = error_set(err, TROUBLE_NO_ROOM,
				_("%s needs %" PRIu64 " bytes, and its drive has room for %" PRIu64 "."),
				copy_shown(tmp, to), list->bytes, room);
	return ret;
}

static int copy_items(struct copy_work *work, const char *from, const char *to, struct copy_list *list,
		      struct error *err)
{
	int ret = work->server->ops->mkdir(work->server, to, from, err);

	for (size_t i = 0; ret == 0 && i < list->count; i++) {
		TALLOC_CTX *tmp = talloc_new(work);
		char *source = path_join(tmp, from, list->items[i].rel);
		char *target = path_join(tmp, to, list->items[i].rel);
		ret = source && target ? copy_item(work, source, target, &list->items[i], err) : error_memory(err);
		talloc_free(tmp);
	}
	return ret == 0 ? work->server->ops->sync(work->server, to[0], err) : ret;
}

int copy_tree(struct server *server, const char *from, const char *to, struct copy_list *list,
	      const struct copy_progress *progress, struct error *err)
{
	/* Every byte is read twice. */
	uint64_t total = list->bytes < UINT64_MAX / 2 ? list->bytes * 2 : UINT64_MAX;
	struct copy_work *work = copy_work_make(NULL, server, progress, total);
	int ret = 0;

	if (!work)
		ret = error_memory(err);
	else if (path_under(to, from))
		ret = error_set(err, TROUBLE_CANNOT, _("%s is inside the folder that it would be a copy of."),
				copy_shown(work, to));
	if (ret == 0)
		ret = copy_room(server, work, to, list, err);
	if (ret == 0)
		ret = copy_items(work, from, to, list, err);
	if (ret == 0)
		ret = copy_compare(work, to, list, err);
	talloc_free(work);
	return ret;
}

int copy_stage(struct server *server, TALLOC_CTX *mem, const char *from, const struct stage_spec *given,
	       struct stage **stage, struct digest *digest, const struct copy_progress *progress, struct error *err)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	struct stage_spec spec = *given;
	struct file_meta meta = { 0 };
	struct copy_work *work;
	bool found = false;
	int ret = server->ops->look(server, tmp, from, &found, &meta, NULL, err);

	*stage = NULL;
	if (ret == 0 && !found)
		ret = error_set(err, TROUBLE_NOT_THERE, _("There is no %s."), copy_shown(tmp, from));
	if (ret == 0 && meta.kind != ENTRY_FILE)
		ret = error_set(err, TROUBLE_LINK, _("%s is not a file."), copy_shown(tmp, from));
	if (ret == 0) {
		spec.size = meta.size;
		if (spec.mtime == FILETIME_NONE)
			spec.mtime = meta.mtime;
		work = copy_work_make(tmp, server, progress, meta.size);
		ret = work ? copy_to_stage(work, mem, from, &meta, &spec, stage, digest, err) : error_memory(err);
	}
	talloc_free(tmp);
	return ret;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What was written, read again. */
#include "server/copy_internal.h"

#include "base/i18n.h"
#include "base/text.h"
#include "nt/path.h"

/* What has grown is not read to an end that may never come: its size was looked at before. */
static int file_digest(struct copy_work *work, struct server_file *file, const char *path, uint64_t expected,
		       struct digest *digest, uint64_t *size, struct error *err)
{
	struct digest_state state;
	size_t got = 0;
	int ret = copy_tell(work, path, 0, err);

	digest_begin(&state);
	*size = 0;
	while (ret == 0 && *size < expected) {
		ret = work->server->ops->file_read(file, *size, work->block, copy_block(expected - *size), &got, err);
		if (ret != 0 || got == 0)
			break;
		digest_add(&state, work->block, got);
		*size += got;
		ret = copy_tell(work, path, got, err);
	}
	if (ret == 0)
		*digest = digest_end(&state);
	return ret;
}

static int differs(const char *path, const char *sentence, struct error *err)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	int ret = error_set(err, TROUBLE_VERIFY, sentence, copy_shown(tmp, path));

	talloc_free(tmp);
	return ret;
}

/* Two lists of copy_walk: the first name that is only in one of them, or the first file of another size. */
static int compare_lists(TALLOC_CTX *tmp, const char *root, const struct copy_list *found, const struct copy_list *list,
			 struct error *err)
{
	size_t count = found->count < list->count ? found->count : list->count, i = 0;
	const char *rel;
	char *path;

	while (i < count && text_equal(found->items[i].rel, list->items[i].rel) &&
	       found->items[i].meta.kind == list->items[i].meta.kind &&
	       found->items[i].meta.size == list->items[i].meta.size)
		i++;
	if (i == found->count && i == list->count)
		return 0;
	rel = i < list->count ? list->items[i].rel : found->items[i].rel;
	path = path_join(tmp, root, rel);
	if (!path)
		return error_memory(err);
	if (i < count && text_equal(found->items[i].rel, rel) && found->items[i].meta.kind == list->items[i].meta.kind)
		return differs(path, _("%s reads back differently from what was written."), err);
	if (i < count)
		return error_set(err, TROUBLE_VERIFY, _("%s was expected, and %s is there instead."),
				 copy_shown(tmp, path), copy_shown(tmp, found->items[i].rel));
	return differs(path, i < list->count ? _("%s is missing.") : _("%s is there and should not be."), err);
}

static int compare_item(struct copy_work *work, const char *root, const struct copy_item *item, struct error *err)
{
	TALLOC_CTX *tmp = talloc_new(work);
	char *path = path_join(tmp, root, item->rel);
	struct server_file *file;
	struct digest digest;
	uint64_t size = 0;
	int ret = path ? work->server->ops->file_open(work->server, tmp, path, &file, NULL, err) : error_memory(err);

	if (ret == 0)
		ret = file_digest(work, file, path, item->meta.size, &digest, &size, err);
	if (ret == 0 && (size != item->meta.size || !digest_equal(&digest, &item->digest)))
		ret = differs(path, _("%s reads back differently from what was written."), err);
	talloc_free(tmp);
	return ret;
}

int copy_compare(struct copy_work *work, const char *root, const struct copy_list *list, struct error *err)
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

int copy_verify(struct server *server, const char *root, const struct copy_list *list,
		const struct copy_progress *progress, struct error *err)
{
	struct copy_work *work = copy_work_make(NULL, server, progress, list->bytes);
	int ret = work ? copy_compare(work, root, list, err) : error_memory(err);

	talloc_free(work);
	return ret;
}

int copy_stage_verify(struct server *server, struct stage *stage, const struct digest *digest, struct error *err)
{
	struct copy_work *work = copy_work_make(NULL, server, NULL, 0);
	struct digest_state state;
	struct digest found;
	uint64_t off = 0;
	size_t got = 0;
	int ret = work ? 0 : error_memory(err);

	digest_begin(&state);
	while (ret == 0) {
		ret = server->ops->stage_read(stage, off, work->block, COPY_BLOCK, &got, err);
		if (ret != 0 || got == 0)
			break;
		digest_add(&state, work->block, got);
		off += got;
		if (got < COPY_BLOCK)
			break;
	}
	if (ret == 0) {
		found = digest_end(&state);
		if (!digest_equal(&found, digest))
			ret = error_set(err, TROUBLE_VERIFY, "%s",
					_("A new file reads back differently from what was written."));
	}
	talloc_free(work);
	return ret;
}

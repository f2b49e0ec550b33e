/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tree of step 1 and its manifest in the run folder, in the form of sha256sum. */
#include <string.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "run/engine_internal.h"

#define MANIFEST "before/Bin.SHA256SUMS"

enum { MANIFEST_LIMIT = 64 << 20, ITEM_LIMIT = 200000, FILE_LIMIT = 256 << 20, DIGITS = 64 };

static void text_turn(char *text, char from, char to)
{
	for (char *at = strchr(text, from); at; at = strchr(at, from))
		*at = to;
}

/* As sha256sum writes it. */
static char *manifest_line(TALLOC_CTX *mem, const struct digest *digest, const char *rel)
{
	char hex[DIGITS + 1], *line;

	digest_text(digest, hex);
	line = talloc_asprintf(mem, "%s  %s\n", hex, rel);
	text_turn(line, '\\', '/');
	return line;
}

int record_manifest(struct engine *engine, const struct copy_list *list, struct error *err)
{
	char *text = talloc_strdup(engine, "");
	int ret;

	for (size_t i = 0; text && i < list->count; i++)
		if (list->items[i].meta.kind == ENTRY_FILE)
			text = talloc_strdup_append_buffer(text,
				manifest_line(text, &list->items[i].digest, list->items[i].rel));
	ret = text ? runfolder_write(engine->run, MANIFEST, text, strlen(text), err)
		   : error_memory(err);
	talloc_free(text);
	return ret;
}

static int backup_differs(struct engine *engine, const char *rel, struct error *err)
{
	char *shown = text_shown(NULL, rel), *tree = text_shown(NULL, engine->backup);
	int ret = error_set(err, TROUBLE_VERIFY,
		_("The backup %s is not as it was when it was verified: %s"), tree ? tree : "",
		shown ? shown : "");

	talloc_free(shown);
	talloc_free(tree);
	return ret;
}

/* Each file that is as it was is crossed off. */
static int item_check(struct engine *engine, TALLOC_CTX *mem, char *manifest,
	const struct copy_item *item, struct error *err)
{
	char *line, *at;
	struct digest digest;
	int ret;

	if (item->meta.kind == ENTRY_FOLDER)
		return 0;
	if (server_digest(engine->server, path_join(mem, engine->backup, item->rel), &digest, err))
		return -(int)err->trouble;
	line = manifest_line(mem, &digest, item->rel);
	if (!line)
		return error_memory(err);
	at = strstr(manifest, line);
	if (at && (at == manifest || at[-1] == '\n')) {
		memmove(at, at + strlen(line), strlen(at + strlen(line)) + 1);
		return 0;
	}
	ret = backup_differs(engine, item->rel, err);
	/* Its name alone is not there either. */
	return strstr(manifest, line + DIGITS)
		? ret
		: error_advise(err, ret,
			  _("The repair did not put it there: take it away, then try again."));
}

static int backup_compare(struct engine *engine, TALLOC_CTX *mem, bool whole,
	struct copy_list *list, struct error *err)
{
	uint8_t *bytes;
	char *manifest;
	size_t len;

	if (runfolder_read(engine->run, mem, MANIFEST, MANIFEST_LIMIT, &bytes, &len, err) ||
		copy_walk(engine->server, mem, engine->backup, ITEM_LIMIT, list, err))
		return -(int)err->trouble;
	manifest = (char *)bytes;
	for (size_t i = 0; i < list->count; i++)
		if (item_check(engine, mem, manifest, &list->items[i], err))
			return -(int)err->trouble;
	if (!whole || !*manifest)
		return 0;
	/* A file that is missing. */
	manifest[strcspn(manifest, "\n")] = '\0';
	text_turn(manifest, '/', '\\');
	return backup_differs(engine,
		strlen(manifest) > DIGITS + 2 ? manifest + DIGITS + 2 : manifest, err);
}

int backup_check(struct engine *engine, bool whole, struct error *err)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	struct copy_list list = { 0 };
	int ret = engine->backup ? backup_compare(engine, tmp, whole, &list, err) : 0;

	talloc_free(tmp);
	return ret;
}

static int tree_remove(struct engine *engine, TALLOC_CTX *mem, const struct copy_list *list,
	struct error *err)
{
	int ret = copy_remove_tree(engine->server, engine->backup, list, err);

	return ret ? ret
		   : engine->server->ops->sync_folder(engine->server,
			     path_parent(mem, engine->backup), err);
}

/* Whether a file of the tree is one that a cut left: Bin's bytes, or zeros where they had not come
 * to the disk yet, as far as it goes. */
static bool file_spare(struct engine *engine, const char *rel)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	struct server *server = engine->server;
	uint8_t *copy, *bin;
	size_t len, bin_len, i = 0;
	bool spare = !server_read_file(server, tmp, path_join(tmp, engine->backup, rel), FILE_LIMIT,
			     &copy, &len, NULL) &&
		!server_read_file(server, tmp, path_join(tmp, engine->bin, rel), FILE_LIMIT, &bin,
			&bin_len, NULL) &&
		len <= bin_len;

	while (spare && i < len && (copy[i] == bin[i] || !copy[i]))
		i++;
	talloc_free(tmp);
	return spare && i == len;
}

/* A tree that was never finished holds nothing that Bin does not have. One that does is somebody's
 * only copy, whatever the record says. */
static int backup_spare(struct engine *engine, TALLOC_CTX *mem, struct error *err)
{
	struct copy_list list = { 0 };
	int ret = copy_walk(engine->server, mem, engine->backup, ITEM_LIMIT, &list, err);

	for (size_t i = 0; !ret && i < list.count; i++)
		if (list.items[i].meta.kind == ENTRY_FILE && !file_spare(engine, list.items[i].rel))
			ret = error_advise(err,
				error_set(err, TROUBLE_VERIFY,
					_("The record does not say that the backup %s was finished, but its %s is not what Bin has now. It stays."),
					text_shown(mem, engine->backup),
					text_shown(mem, list.items[i].rel)),
				_("Restore the newest copy of the run folder; or move that folder away, then try again."));
	return ret;
}

int backup_discard(struct engine *engine, bool *removed, struct error *err)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	struct copy_list list = { 0 };
	int ret = engine->server->ops->file_stat(engine->server, tmp, engine->backup, removed, NULL,
		NULL, err);

	if (!ret && *removed)
		ret = backup_spare(engine, tmp, err);
	if (!ret && *removed)
		ret = copy_walk(engine->server, tmp, engine->bin, ITEM_LIMIT, &list, err);
	if (!ret && *removed)
		ret = tree_remove(engine, tmp, &list, err);
	talloc_free(tmp);
	return ret;
}

/* What a removal that was cut off has left is still only what the manifest says. */
int backup_remove(struct engine *engine, struct error *err)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	struct copy_list list = { 0 };
	int ret = backup_compare(engine, tmp, false, &list, err);

	if (!ret)
		ret = tree_remove(engine, tmp, &list, err);
	talloc_free(tmp);
	return ret;
}

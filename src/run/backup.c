/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tree of step 1 and its manifest in the run folder, in the form of sha256sum. */
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "run/engine_internal.h"

#define MANIFEST "before/Bin.SHA256SUMS"

enum { MANIFEST_LIMIT = 64 << 20, ITEM_LIMIT = 200000, DIGITS = 64 };

struct line {
	char *rel;
	struct digest digest;
	bool seen;
};

struct manifest {
	struct line *lines;
	size_t count;
};

/* As sha256sum writes it. */
int record_manifest(struct engine *engine, const struct copy_list *list, struct error *err)
{
	char hex[DIGITS + 1], *text = talloc_strdup(engine, "");
	int result;

	for (size_t i = 0; text && i < list->count; i++) {
		if (list->items[i].meta.kind != ENTRY_FILE)
			continue;
		digest_text(&list->items[i].digest, hex);
		text = talloc_asprintf_append_buffer(text, "%s  %s\n", hex, list->items[i].rel);
	}
	for (char *at = text ? strchr(text, '\\') : NULL; at; at = strchr(at, '\\'))
		*at = '/';
	result = text ? runfolder_write(engine->run, MANIFEST, text, strlen(text), err) : error_memory(err);
	talloc_free(text);
	return result;
}

static int line_order(const void *a, const void *b)
{
	const struct line *x = a, *y = b;

	return text_compare(x->rel, y->rel);
}

/* The name stays where it is in the text. */
static int line_parse(char *text, struct line *line, struct error *err)
{
	char hex[DIGITS + 1];

	if (strlen(text) < DIGITS + 3 || text[DIGITS] != ' ' || text[DIGITS + 1] != ' ')
		return error_set(err, TROUBLE_RECORD_DAMAGED, _("%s of the run is damaged."), MANIFEST);
	memcpy(hex, text, DIGITS);
	hex[DIGITS] = '\0';
	line->rel = text + DIGITS + 2;
	line->seen = false;
	for (char *at = strchr(line->rel, '/'); at; at = strchr(at, '/'))
		*at = '\\';
	return digest_parse(hex, &line->digest)
		       ? 0
		       : error_set(err, TROUBLE_RECORD_DAMAGED, _("%s of the run is damaged."), MANIFEST);
}

static int manifest_read(struct engine *engine, TALLOC_CTX *mem, struct manifest *manifest, struct error *err)
{
	uint8_t *bytes;
	char *rest = NULL;
	size_t len, lines = 0;
	int result = runfolder_read(engine->run, mem, MANIFEST, MANIFEST_LIMIT, &bytes, &len, err);

	*manifest = (struct manifest){ NULL, 0 };
	if (result)
		return result;
	for (size_t i = 0; i < len; i++)
		lines += bytes[i] == '\n';
	manifest->lines = memory_array(mem, sizeof *manifest->lines, lines + 1);
	if (!manifest->lines)
		return error_memory(err);
	for (char *line = strtok_r((char *)bytes, "\n", &rest); !result && line && manifest->count <= lines;
	     line = strtok_r(NULL, "\n", &rest))
		result = line_parse(line, &manifest->lines[manifest->count++], err);
	if (!result && manifest->count)
		qsort(manifest->lines, manifest->count, sizeof *manifest->lines, line_order);
	return result;
}

static int backup_differs(struct engine *engine, const char *rel, struct error *err)
{
	char *shown = text_shown(NULL, rel), *tree = text_shown(NULL, engine->backup);
	int result = error_set(err, TROUBLE_VERIFY, _("The backup %s is not as it was when it was verified: %s"),
			       tree ? tree : "", shown ? shown : "");

	talloc_free(shown);
	talloc_free(tree);
	return result;
}

static int item_check(struct engine *engine, TALLOC_CTX *mem, struct manifest *manifest, const struct copy_item *item,
		      struct error *err)
{
	struct line wanted = { .rel = item->rel }, *line;
	struct digest digest;
	char *path;
	int result;

	if (item->meta.kind == ENTRY_FOLDER)
		return 0;
	line = manifest->count ? bsearch(&wanted, manifest->lines, manifest->count, sizeof wanted, line_order) : NULL;
	if (!line)
		return error_advise(err, backup_differs(engine, item->rel, err), _("The repair did not put it there: take it away, then try again."));
	path = path_join(mem, engine->backup, item->rel);
	result = path ? server_digest(engine->server, path, &digest, err) : error_memory(err);
	if (!result && !digest_equal(&digest, &line->digest))
		result = backup_differs(engine, item->rel, err);
	line->seen = true;
	talloc_free(path);
	return result;
}

static int backup_compare(struct engine *engine, TALLOC_CTX *mem, bool whole, struct copy_list *list, struct error *err)
{
	struct manifest manifest;
	int result = manifest_read(engine, mem, &manifest, err);

	if (!result)
		result = copy_walk(engine->server, mem, engine->backup, ITEM_LIMIT, list, err);
	for (size_t i = 0; !result && i < list->count; i++)
		result = item_check(engine, mem, &manifest, &list->items[i], err);
	for (size_t i = 0; !result && whole && i < manifest.count; i++)
		if (!manifest.lines[i].seen)
			result = backup_differs(engine, manifest.lines[i].rel, err);
	return result;
}

int backup_check(struct engine *engine, bool whole, struct error *err)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	struct copy_list list = { 0 };
	int result = engine->backup ? backup_compare(engine, tmp, whole, &list, err) : 0;

	talloc_free(tmp);
	return result;
}

static int backup_there(struct engine *engine, bool *there, struct error *err)
{
	struct file_meta meta;

	return engine->server->ops->look(engine->server, engine, engine->backup, there, &meta, NULL, err);
}

static int tree_remove(struct engine *engine, TALLOC_CTX *mem, const struct copy_list *list, struct error *err)
{
	char *above = path_parent(mem, engine->backup);
	int result = above ? copy_remove_tree(engine->server, engine->backup, list, err) : error_memory(err);

	return result ? result : engine->server->ops->sync_folder(engine->server, above, err);
}

int backup_discard(struct engine *engine, bool *removed, struct error *err)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	struct copy_list list = { 0 };
	int result = backup_there(engine, removed, err);

	if (!result && *removed) {
		result = copy_walk(engine->server, tmp, engine->bin, ITEM_LIMIT, &list, err);
		if (!result)
			result = tree_remove(engine, tmp, &list, err);
	}
	talloc_free(tmp);
	return result;
}

/* What a removal that was cut off has left is still only what the manifest says. */
int backup_remove(struct engine *engine, struct error *err)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	struct copy_list list = { 0 };
	int result = backup_compare(engine, tmp, false, &list, err);

	if (!result)
		result = tree_remove(engine, tmp, &list, err);
	talloc_free(tmp);
	return result;
}

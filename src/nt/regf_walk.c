/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every value below a key in one pass. A hive may list a cell a thousand times: each is visited once. */
#include "nt/regf_internal.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"

struct walk {
	struct regf *hive;
	regf_walk_fn *fn;
	void *arg;
	uint8_t *seen;  /* a bit per 8 bytes: this key or value was gone through */
	uint64_t bytes; /* of data handed out */
	char *path;     /* of the key that the walk is in */
};

static int walk_free(struct walk *w)
{
	free(w->seen);
	return 0;
}

static int walk_once(struct walk *w, uint32_t pos, struct error *err)
{
	if (bits_get(w->seen, pos / 8))
		return regf_broken(w->hive, pos, _("Two owners share one cell."), err);
	bits_set(w->seen, pos / 8);
	return 0;
}

/* Data in one piece, as nearly all are, stay where they lie. */
static int walk_value(struct walk *w, uint32_t pos, struct error *err)
{
	TALLOC_CTX *mem = talloc_new(w);
	struct regf_value value = { 0 };
	struct regf_place place;
	struct regf_cell vk;
	int ret = mem == NULL ? error_memory(err) : regf_vk(w->hive, pos, &vk, err);
	if (ret == 0)
		ret = walk_once(w, pos, err);
	if (ret == 0)
		ret = regf_place(w->hive, mem, &vk, &place, err);
	if (ret == 0 && (w->bytes += place.len) > w->hive->header.length)
		ret = regf_broken(w->hive, pos, _("The values of a key claim more data than the file could hold."), err);
	if (ret == 0 && place.npieces > 1)
		ret = regf_value_read(w->hive, mem, &vk, &value, err);
	else if (ret == 0) {
		struct regf_name name = regf_vk_name(&vk);
		value = (struct regf_value){ .name = regf_name_text(mem, &name), .cell = pos };
		value.data = (struct reg_data){ .type = get32(vk.data + VK_TYPE), .len = place.len };
		if (place.npieces == 1)
			value.data.bytes = (uint8_t *)(uintptr_t)(w->hive->image + REGF_BASE + place.piece.pos);
		ret = value.name == NULL ? error_memory(err) : 0;
	}
	if (ret == 0)
		ret = w->fn(w->arg, w->path, &value, err);
	talloc_free(mem);
	return ret;
}

static int walk_values(struct walk *w, const struct regf_cell *nk, struct error *err)
{
	struct regf_cell list;
	uint32_t count;
	int ret = regf_value_list(w->hive, nk, &list, &count, err);
	for (uint32_t i = 0; ret == 0 && i < count; i++)
		ret = walk_value(w, get32(list.data + 4 * i), err);
	return ret;
}

static int walk_key(struct walk *w, regf_key key, int depth, struct error *err);

static int walk_below(struct walk *w, const struct regf_cell *nk, int depth, struct error *err)
{
	size_t count, len = strlen(w->path);
	regf_key *keys;
	int ret = regf_list(w->hive, w, nk, NULL, NULL, &keys, &count, err);
	for (size_t i = 0; ret == 0 && i < count; i++) {
		struct regf_key_info info = { 0 };
		ret = regf_key_info(w->hive, keys, keys[i], &info, err);
		if (ret == 0)
			w->path = talloc_asprintf_append(w->path, "%s%s", len ? "\\" : "", info.name);
		if (ret == 0)
			ret = w->path == NULL ? error_memory(err) : walk_key(w, keys[i], depth + 1, err);
		talloc_free(info.name);
		if (w->path != NULL)
			w->path[len] = '\0';
	}
	talloc_free(keys);
	return ret;
}

static int walk_key(struct walk *w, regf_key key, int depth, struct error *err)
{
	struct regf_cell nk;
	if (depth > REGF_DEPTH)
		return regf_broken(w->hive, key, _("Keys are nested deeper than Windows allows."), err);
	int ret = regf_nk(w->hive, key, &nk, err);
	if (ret == 0)
		ret = walk_once(w, key, err);
	if (ret == 0)
		ret = w->fn(w->arg, w->path, NULL, err);
	if (ret == 0)
		ret = walk_values(w, &nk, err);
	return ret == 0 ? walk_below(w, &nk, depth, err) : ret;
}

int regf_walk(struct regf *hive, regf_key key, const char *path, regf_walk_fn *fn, void *arg, struct error *err)
{
	struct walk *w = talloc_zero(NULL, struct walk);
	const uint8_t *bins;
	if (w == NULL)
		return error_memory(err);
	talloc_set_destructor(w, walk_free);
	*w = (struct walk){ .hive = hive, .fn = fn, .arg = arg };
	w->path = talloc_strdup(w, path);
	w->seen = calloc(1, hive->header.length / 64 + 1);
	int ret = w->path == NULL || w->seen == NULL ? error_memory(err) : regf_bytes_all(hive, &bins, err);
	if (ret == 0)
		ret = walk_key(w, key, 1, err);
	talloc_free(w);
	return ret;
}

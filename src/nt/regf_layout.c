/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Gives every cell of a hive in the making its place.
 *
 * Bins are filled from the front; a cell that does not fit opens the next bin, and what is left of the old one becomes
 * a free cell. Lists are kept to what fits in one page, as NT does: lf, then li, then ri over li; never lh, which
 * version 1.3 does not know.
 */
#include "nt/regf_build_internal.h"

#include <string.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"

enum { LF_MOST = 506, LI_MOST = 1012, ROOT_FLAGS = 0x0c, FIRST_ROOM = 1 << 16 };

struct layout {
	const struct regf_build *build;
	TALLOC_CTX *mem;
	uint8_t *file;	   /* base block and bins */
	size_t room;	   /* of file */
	uint32_t pos, end; /* the next cell, and where its bin ends */
	uint32_t security;
	struct error *err;
};

static uint8_t *at(const struct layout *l, uint32_t pos)
{
	return l->file + REGF_BASE + pos;
}

static int layout_room(struct layout *l, size_t size)
{
	size_t room = l->room == 0 ? FIRST_ROOM : l->room;
	if (size > REGF_BASE + (size_t)REGF_INLINE - REGF_PAGE)
		return error_set(l->err, TROUBLE_NO_ROOM, _("The registry file would grow beyond 2 GiB."));
	while (room < size)
		room *= 2;
	if (room == l->room)
		return 0;
	uint8_t *file = memory_array_grow(l->mem, l->file, 1, room);
	if (file == NULL)
		return error_memory(l->err);
	memset(file + l->room, 0, room - l->room);
	l->file = file;
	l->room = room;
	return 0;
}

/* The rest of the bin becomes one free cell. */
static void bin_close(struct layout *l)
{
	if (l->pos < l->end)
		put32(at(l, l->pos), l->end - l->pos);
	l->pos = l->end;
}

static int bin_open(struct layout *l, uint32_t size)
{
	int ret = layout_room(l, (size_t)REGF_BASE + l->end + size);
	if (ret != 0)
		return ret;
	uint32_t pos = l->end;
	memcpy(at(l, pos), "hbin", 4);
	put32(at(l, pos) + 4, pos);
	put32(at(l, pos) + 8, size);
	if (pos == 0)
		put64(at(l, pos) + 20, l->build->time);
	l->pos = pos + REGF_BIN_HEADER;
	l->end = pos + size;
	return 0;
}

/* A zeroed cell for len bytes. */
static int cell_new(struct layout *l, size_t len, uint32_t *pos)
{
	uint32_t size = ((uint32_t)len + 4 + 7) / 8 * 8;
	if (size > l->end - l->pos) {
		bin_close(l);
		int ret = bin_open(l, (REGF_BIN_HEADER + size + REGF_PAGE - 1) / REGF_PAGE * REGF_PAGE);
		if (ret != 0)
			return ret;
	}
	*pos = l->pos;
	put32(at(l, *pos), 0U - size);
	l->pos += size;
	return 0;
}

/* One security cell for all keys: a ring of one. */
static int layout_security(struct layout *l)
{
	const struct regf_build *build = l->build;
	int ret = cell_new(l, SK_BYTES + build->security_len, &l->security);
	if (ret != 0)
		return ret;
	uint8_t *sk = at(l, l->security) + 4;
	memcpy(sk, "sk", 2);
	put32(sk + SK_FLINK, l->security);
	put32(sk + SK_BLINK, l->security);
	put32(sk + SK_COUNT, build->keys);
	put32(sk + SK_LEN, (uint32_t)build->security_len);
	memcpy(sk + SK_BYTES, build->security, build->security_len);
	return 0;
}

static int layout_value(struct layout *l, const struct build_value *value, uint32_t *pos)
{
	const struct reg_data *data = value->data;
	uint32_t len = (uint32_t)data->len, cell = 0;
	int ret = cell_new(l, VK_NAME + value->name.len, pos);
	if (ret == 0 && len > 4)
		ret = cell_new(l, len, &cell);
	if (ret != 0)
		return ret;
	uint8_t *vk = at(l, *pos) + 4;
	regf_vk_write(vk, &value->name, data->type);
	put32(vk + VK_LEN, len > 4 ? len : len | REGF_INLINE);
	if (len > 4)
		put32(vk + VK_DATA, cell);
	if (len != 0)
		memcpy(len > 4 ? at(l, cell) + 4 : vk + VK_DATA, data->bytes, len);
	return 0;
}

static int layout_values(struct layout *l, const struct build_key *key, uint32_t nk)
{
	uint32_t list, pos, most_name = 0, most_data = 0;
	if (key->nvalues == 0)
		return 0;
	int ret = cell_new(l, 4 * key->nvalues, &list);
	for (size_t i = 0; ret == 0 && i < key->nvalues; i++) {
		const struct build_value *value = &key->values[i];
		uint32_t name = (uint32_t)regf_name_units(&value->name) * 2, data = (uint32_t)value->data->len;
		ret = layout_value(l, value, &pos);
		if (ret == 0)
			put32(at(l, list) + 4 + 4 * i, pos);
		most_name = name > most_name ? name : most_name;
		most_data = data > most_data ? data : most_data;
	}
	if (ret != 0)
		return ret;
	uint8_t *p = at(l, nk) + 4;
	put32(p + NK_VALUES, (uint32_t)key->nvalues);
	put32(p + NK_VALUE_LIST, list);
	put32(p + NK_MAX_VALUE_NAME, most_name);
	put32(p + NK_MAX_VALUE_DATA, most_data);
	return 0;
}

/* A list of the children [first, first + count), whose cells are pos: lf with hints, or li. */
static int list_leaf(struct layout *l, const struct build_key *key, const uint32_t *pos, size_t first, size_t count,
		     bool lf, uint32_t *list)
{
	size_t entry = lf ? 8 : 4;
	int ret = cell_new(l, 4 + entry * count, list);
	if (ret != 0)
		return ret;
	uint8_t *p = at(l, *list) + 4;
	memcpy(p, lf ? "lf" : "li", 2);
	put16(p + 2, (uint32_t)count);
	for (size_t i = 0; i < count; i++) {
		put32(p + 4 + entry * i, pos[first + i]);
		if (lf)
			regf_name_hint(&key->children[first + i]->name, p + 4 + entry * i + 4);
	}
	return 0;
}

static int list_index(struct layout *l, const struct build_key *key, const uint32_t *pos, uint32_t *list)
{
	size_t n = (key->nchildren + LI_MOST - 1) / LI_MOST;
	uint32_t leaf;
	int ret = cell_new(l, 4 + 4 * n, list);
	if (ret != 0)
		return ret;
	memcpy(at(l, *list) + 4, "ri", 2);
	put16(at(l, *list) + 6, (uint32_t)n);
	for (size_t i = 0; ret == 0 && i < n; i++) {
		size_t first = i * LI_MOST, rest = key->nchildren - first;
		ret = list_leaf(l, key, pos, first, rest < LI_MOST ? rest : LI_MOST, false, &leaf);
		if (ret == 0)
			put32(at(l, *list) + 8 + 4 * i, leaf);
	}
	return ret;
}

static int layout_key(struct layout *l, const struct build_key *key, uint32_t parent, uint32_t *out);

static int layout_children(struct layout *l, const struct build_key *key, uint32_t nk)
{
	uint32_t list, most = 0;
	int ret = 0;
	if (key->nchildren == 0)
		return 0;
	uint32_t *pos = memory_array(l->mem, sizeof *pos, key->nchildren);
	if (pos == NULL)
		return error_memory(l->err);
	for (size_t i = 0; ret == 0 && i < key->nchildren; i++) {
		uint32_t name = (uint32_t)regf_name_units(&key->children[i]->name) * 2;
		ret = layout_key(l, key->children[i], nk, &pos[i]);
		most = name > most ? name : most;
	}
	if (ret == 0 && key->nchildren > LI_MOST)
		ret = list_index(l, key, pos, &list);
	else if (ret == 0)
		ret = list_leaf(l, key, pos, 0, key->nchildren, key->nchildren <= LF_MOST, &list);
	talloc_free(pos);
	if (ret != 0)
		return ret;
	uint8_t *p = at(l, nk) + 4;
	put32(p + NK_SUBKEYS, (uint32_t)key->nchildren);
	put32(p + NK_LIST, list);
	put32(p + NK_MAX_NAME, most);
	return 0;
}

static void nk_write(const struct layout *l, const struct build_key *key, uint32_t parent, uint32_t pos)
{
	uint8_t *p = at(l, pos) + 4;
	memcpy(p, "nk", 2);
	put16(p + NK_FLAGS, (key->name.latin1 ? NK_LATIN1 : 0U) | (key == l->build->root ? ROOT_FLAGS : 0U));
	put64(p + NK_TIME, l->build->time);
	put32(p + NK_PARENT, parent);
	put32(p + NK_LIST, REGF_NIL);
	put32(p + NK_VOLATILE_LIST, REGF_NIL);
	put32(p + NK_VALUE_LIST, REGF_NIL);
	put32(p + NK_SECURITY, l->security);
	put32(p + NK_CLASS, REGF_NIL);
	put16(p + NK_NAME_LEN, (uint32_t)key->name.len);
	memcpy(p + NK_NAME, key->name.bytes, key->name.len);
}

static int layout_key(struct layout *l, const struct build_key *key, uint32_t parent, uint32_t *out)
{
	int ret = cell_new(l, NK_NAME + key->name.len, out);
	if (ret == 0 && key == l->build->root)
		ret = layout_security(l);
	if (ret != 0)
		return ret;
	nk_write(l, key, parent, *out);
	ret = layout_values(l, key, *out);
	return ret == 0 ? layout_children(l, key, *out) : ret;
}

static int layout_pad(struct layout *l)
{
	bin_close(l);
	int ret = layout_room(l, l->build->pad > (size_t)REGF_BASE + l->end ? l->build->pad + REGF_PAGE
									    : (size_t)REGF_BASE + l->end);
	while (ret == 0 && (size_t)REGF_BASE + l->end < l->build->pad) {
		ret = bin_open(l, REGF_PAGE);
		if (ret == 0)
			bin_close(l);
	}
	return ret;
}

static int layout_header(struct layout *l, uint32_t root)
{
	const struct regf_build *build = l->build;
	uint8_t *p = l->file;
	size_t len;
	uint8_t *name = text_to_utf16(l->mem, build->file_name, &len);
	if (name == NULL)
		return error_set(l->err, TROUBLE_NAME,
				 _("The file name for a registry file's header is not valid text."));
	memcpy(p, "regf", 4);
	put32(p + 4, build->sequence1);
	put32(p + 8, build->sequence2);
	put64(p + 12, build->time);
	put32(p + 20, 1);
	put32(p + 24, 3);
	put32(p + 32, 1);
	put32(p + 36, root);
	put32(p + 40, l->end);
	put32(p + 44, 1);
	/* 32 units with the final NUL; of a longer name NT keeps the end. */
	size_t keep = len < 62 ? len : 62;
	memcpy(p + 48, name + len - keep, keep);
	put32(p + 508, regf_checksum(p));
	return 0;
}

int regf_build_finish(struct regf_build *build, TALLOC_CTX *mem, uint8_t **bytes, size_t *len, struct error *err)
{
	struct layout l = { .build = build, .mem = talloc_new(NULL), .err = err };
	uint32_t root;
	*bytes = NULL;
	*len = 0;
	if (l.mem == NULL)
		return error_memory(err);
	int ret = layout_room(&l, FIRST_ROOM);
	if (ret == 0)
		ret = layout_key(&l, build->root, REGF_NIL, &root);
	if (ret == 0)
		ret = layout_pad(&l);
	if (ret == 0)
		ret = layout_header(&l, root);
	if (ret == 0) {
		*len = (size_t)REGF_BASE + l.end;
		*bytes = talloc_steal(mem, l.file);
	}
	talloc_free(l.mem);
	return ret;
}

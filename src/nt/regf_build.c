/* SPDX-License-Identifier: GPL-3.0-or-later */
/* First the tree of a hive in the making, then its layout, which gives every cell its place. */
#include "nt/regf_build.h"

#include <string.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "nt/regf_internal.h"

struct build_value {
	struct regf_name name;
	struct reg_data *data;
};

struct build_key {
	struct regf_name name;
	struct build_key **children; /* in the order of their names */
	size_t nchildren;
	struct build_value *values; /* in the order they came */
	size_t nvalues;
};

struct regf_build {
	struct build_key *root;
	char *file_name;
	uint64_t time;
	uint32_t sequence1, sequence2;
};

static int key_new(TALLOC_CTX *mem, const char *text, struct build_key **out, struct error *err)
{
	struct build_key *key = talloc_zero(mem, struct build_key);
	int ret = !key ? error_memory(err)
		       : regf_name_stored(key, text, REGF_KEY_NAME_MAX, &key->name, err);
	if (ret != 0)
		TALLOC_FREE(key);
	*out = key;
	return ret;
}

struct regf_build *regf_build_new(TALLOC_CTX *mem, const char *root_name, const char *file_name,
	uint64_t time)
{
	struct regf_build *build = talloc_zero(mem, struct regf_build);
	if (!build)
		return NULL;
	build->time = time;
	build->sequence1 = build->sequence2 = 1;
	build->file_name = talloc_strdup(build, file_name);
	if (!build->file_name || key_new(build, root_name, &build->root, NULL) != 0)
		TALLOC_FREE(build);
	return build;
}

/* A key's child of this name, made where it is missing. Children are kept in the order of their
 * names, and nearly always come in it. */
static int child_make(struct build_key *key, const char *text, struct build_key **out,
	struct error *err)
{
	struct build_key *child;
	size_t at = key->nchildren;
	int order = 1, ret = key_new(key, text, &child, err);
	if (ret != 0)
		return ret;
	while (at > 0 &&
		(order = regf_name_compare(&key->children[at - 1]->name, &child->name)) > 0)
		at--;
	if (order == 0) {
		talloc_free(child);
		*out = key->children[at - 1];
		return 0;
	}
	if (!memory_more(key, &key->children, key->nchildren, sizeof *key->children))
		return error_memory(err);
	memmove(key->children + at + 1, key->children + at,
		(key->nchildren - at) * sizeof *key->children);
	key->nchildren++;
	*out = key->children[at] = child;
	return 0;
}

/* The key of a path, made where it is missing. "" is the root. */
static int key_at(struct regf_build *build, const char *path, struct build_key **out,
	struct error *err)
{
	struct build_key *key = build->root;
	int ret = 0;
	for (int depth = 1; ret == 0 && *path != '\0'; depth++) {
		size_t len = strcspn(path, "\\");
		char *name = talloc_strndup(NULL, path, len);
		if (!name)
			return error_memory(err);
		if (len == 0 || depth >= REGF_DEPTH)
			ret = error_set(err, TROUBLE_NAME,
				_("The path of a registry key has an empty name or too many names in it."));
		else
			ret = child_make(key, name, &key, err);
		talloc_free(name);
		path += len;
		if (*path == '\\' && *++path == '\0' && ret == 0)
			ret = error_set(err, TROUBLE_NAME,
				_("The path of a registry key ends with a backslash."));
	}
	*out = key;
	return ret;
}

int regf_build_key(struct regf_build *build, const char *path, struct error *err)
{
	struct build_key *key;
	return key_at(build, path, &key, err);
}

/* A key's value of this name, made where it is missing. */
static struct build_value *value_make(struct build_key *key, const struct regf_name *name)
{
	for (size_t i = 0; i < key->nvalues; i++)
		if (regf_name_compare(&key->values[i].name, name) == 0)
			return &key->values[i];
	struct build_value *value = memory_more(key, &key->values, key->nvalues, sizeof *value);
	if (value) {
		value->name = *name;
		key->nvalues++;
	}
	return value;
}

int regf_build_value(struct regf_build *build, const char *path, const char *name,
	const struct reg_data *data, struct error *err)
{
	struct build_key *key;
	struct build_value *value;
	struct regf_name stored;
	if (data->len > REGF_DATA_MAX)
		return error_set(err, TROUBLE_CANNOT,
			_("A registry value of %zu bytes is larger than a registry file can hold."),
			data->len);
	int ret = key_at(build, path, &key, err);
	if (ret == 0)
		ret = regf_name_stored(key, name, REGF_VALUE_NAME_MAX, &stored, err);
	if (ret != 0)
		return ret;
	struct reg_data *copy = regdata_copy(key, data);
	value = copy ? value_make(key, &stored) : NULL;
	if (!value)
		return error_memory(err);
	value->data = copy;
	return 0;
}

void regf_build_sequence(struct regf_build *build, uint32_t sequence1, uint32_t sequence2)
{
	build->sequence1 = sequence1;
	build->sequence2 = sequence2;
}

/*
 * Bins are filled from the front; a cell that does not fit opens the next bin, and what is left of
 * the old one becomes a free cell. Lists are kept to what fits in one page, as NT does: lf, then
 * li, then ri over li; never lh, which version 1.3 does not know.
 */
enum { LF_MOST = 506, LI_MOST = 1012, ROOT_FLAGS = 0x0c };

/* Owner Administrators (S-1-5-32-544), group SYSTEM (S-1-5-18), everyone (S-1-1-0) KEY_ALL_ACCESS,
 * inherited by subkeys ([MS-DTYP] 2.4.6): header (list present, self-relative), owner, group, then
 * a list of one entry. */
static const uint8_t everyone[] = { 1, 0, 0x04, 0x80, 20, 0, 0, 0, 36, 0, 0, 0, 0, 0, 0, 0, 48, 0,
	0, 0, 1, 2, 0, 0, 0, 0, 0, 5, 32, 0, 0, 0, 0x20, 0x02, 0, 0, 1, 1, 0, 0, 0, 0, 0, 5, 18, 0,
	0, 0, 2, 0, 28, 0, 1, 0, 0, 0, 0, 2, 20, 0, 0x3f, 0x00, 0x0f, 0x00, 1, 1, 0, 0, 0, 0, 0, 1,
	0, 0, 0, 0 };

struct layout {
	const struct regf_build *build;
	TALLOC_CTX *mem;
	uint8_t *file;     /* base block and bins */
	uint32_t pos, end; /* the next cell, and where its bin ends */
	uint32_t security, keys;
	struct error *err;
};

/* The rest of the bin becomes one free cell. */
static void bin_close(struct layout *l)
{
	if (l->pos < l->end)
		put32(regf_at(l->file, l->pos), l->end - l->pos);
	l->pos = l->end;
}

static int bin_open(struct layout *l, uint32_t size)
{
	uint32_t pos = l->end;
	if (size > REGF_INLINE - REGF_PAGE - pos)
		return error_set(l->err, TROUBLE_NO_ROOM,
			_("The registry file would grow beyond 2 GiB."));
	uint8_t *file = memory_array_grow(l->mem, l->file, 1, (size_t)REGF_BASE + pos + size);
	if (!file)
		return error_memory(l->err);
	l->file = file;
	memset(regf_at(l->file, pos), 0, size);
	memcpy(regf_at(l->file, pos), "hbin", 4);
	put32(regf_at(l->file, pos) + 4, pos);
	put32(regf_at(l->file, pos) + 8, size);
	if (pos == 0)
		put64(regf_at(l->file, pos) + 20, l->build->time);
	l->pos = pos + REGF_BIN_HEADER;
	l->end = pos + size;
	return 0;
}

/* A zeroed cell for len bytes. */
static int cell_new(struct layout *l, size_t len, uint32_t *pos)
{
	uint32_t size = regf_cell_size(len);
	if (size > l->end - l->pos) {
		bin_close(l);
		int ret = bin_open(l,
			(REGF_BIN_HEADER + size + REGF_PAGE - 1) / REGF_PAGE * REGF_PAGE);
		if (ret != 0)
			return ret;
	}
	*pos = l->pos;
	put32(regf_at(l->file, *pos), 0U - size);
	l->pos += size;
	return 0;
}

/* One security cell for all keys: a ring of one. */
static int layout_security(struct layout *l)
{
	int ret = cell_new(l, SK_BYTES + sizeof everyone, &l->security);
	if (ret != 0)
		return ret;
	memcpy(regf_field(l->file, l->security, 0), "sk", 2);
	put32(regf_field(l->file, l->security, SK_FLINK), l->security);
	put32(regf_field(l->file, l->security, SK_BLINK), l->security);
	put32(regf_field(l->file, l->security, SK_LEN), sizeof everyone);
	memcpy(regf_field(l->file, l->security, SK_BYTES), everyone, sizeof everyone);
	return 0;
}

static int layout_value(struct layout *l, const struct build_value *value, uint32_t *pos)
{
	uint32_t cell = 0;
	int ret = cell_new(l, VK_NAME + value->name.len, pos);
	if (ret == 0 && value->data->len > 4)
		ret = cell_new(l, value->data->len, &cell);
	if (ret != 0)
		return ret;
	regf_vk_write(regf_field(l->file, *pos, 0), &value->name);
	regf_data_write(l->file, *pos, cell, value->data);
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
		uint32_t name = (uint32_t)regf_name_units(&value->name) * 2,
			 data = (uint32_t)value->data->len;
		ret = layout_value(l, value, &pos);
		if (ret == 0)
			put32(regf_field(l->file, list, 4 * i), pos);
		most_name = name > most_name ? name : most_name;
		most_data = data > most_data ? data : most_data;
	}
	if (ret != 0)
		return ret;
	put32(regf_field(l->file, nk, NK_VALUES), (uint32_t)key->nvalues);
	put32(regf_field(l->file, nk, NK_VALUE_LIST), list);
	put32(regf_field(l->file, nk, NK_MAX_VALUE_NAME), most_name);
	put32(regf_field(l->file, nk, NK_MAX_VALUE_DATA), most_data);
	return 0;
}

/* A list of the children [first, first + count), whose cells are pos: lf with hints, or li. */
static int list_leaf(struct layout *l, const struct build_key *key, const uint32_t *pos,
	size_t first, size_t count, bool lf, uint32_t *list)
{
	size_t entry = lf ? 8 : 4;
	int ret = cell_new(l, 4 + entry * count, list);
	if (ret != 0)
		return ret;
	uint8_t *p = regf_field(l->file, *list, 0);
	memcpy(p, lf ? "lf" : "li", 2);
	put16(p + 2, (uint32_t)count);
	for (size_t i = 0; i < count; i++) {
		put32(p + 4 + entry * i, pos[first + i]);
		if (lf)
			regf_name_hint(&key->children[first + i]->name, p + 4 + entry * i + 4);
	}
	return 0;
}

static int list_index(struct layout *l, const struct build_key *key, const uint32_t *pos,
	uint32_t *list)
{
	size_t n = (key->nchildren + LI_MOST - 1) / LI_MOST;
	uint32_t leaf;
	int ret = cell_new(l, 4 + 4 * n, list);
	if (ret != 0)
		return ret;
	memcpy(regf_field(l->file, *list, 0), "ri", 2);
	put16(regf_field(l->file, *list, 2), (uint32_t)n);
	for (size_t i = 0; ret == 0 && i < n; i++) {
		size_t first = i * LI_MOST, rest = key->nchildren - first;
		ret = list_leaf(l, key, pos, first, rest < LI_MOST ? rest : LI_MOST, false, &leaf);
		if (ret == 0)
			put32(regf_field(l->file, *list, 4 + 4 * i), leaf);
	}
	return ret;
}

static int layout_key(struct layout *l, const struct build_key *key, uint32_t parent,
	uint32_t *out);

static int layout_children(struct layout *l, const struct build_key *key, uint32_t nk)
{
	uint32_t list, most = 0;
	int ret = 0;
	if (key->nchildren == 0)
		return 0;
	uint32_t *pos = memory_array(l->mem, sizeof *pos, key->nchildren);
	if (!pos)
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
	put32(regf_field(l->file, nk, NK_SUBKEYS), (uint32_t)key->nchildren);
	put32(regf_field(l->file, nk, NK_LIST), list);
	put32(regf_field(l->file, nk, NK_MAX_NAME), most);
	return 0;
}

static void nk_write(const struct layout *l, const struct build_key *key, uint32_t parent,
	uint32_t pos)
{
	uint8_t *p = regf_field(l->file, pos, 0);
	memcpy(p, "nk", 2);
	put16(p + NK_FLAGS,
		(key->name.latin1 ? NK_LATIN1 : 0U) | (key == l->build->root ? ROOT_FLAGS : 0U));
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
	l->keys++;
	nk_write(l, key, parent, *out);
	ret = layout_values(l, key, *out);
	return ret == 0 ? layout_children(l, key, *out) : ret;
}

static int layout_header(struct layout *l, uint32_t root)
{
	const struct regf_build *build = l->build;
	uint8_t *p = l->file;
	size_t len;
	uint8_t *name = text_to_utf16(l->mem, build->file_name, &len);
	if (!name)
		return error_set(l->err, TROUBLE_NAME,
			_("The file name for a registry file's header is not valid text."));
	memset(p, 0, REGF_BASE);
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

int regf_build_finish(struct regf_build *build, TALLOC_CTX *mem, uint8_t **bytes, size_t *len,
	struct error *err)
{
	struct layout l = { .build = build, .mem = talloc_new(NULL), .err = err };
	uint32_t root;
	*bytes = NULL;
	*len = 0;
	if (!l.mem)
		return error_memory(err);
	int ret = layout_key(&l, build->root, REGF_NIL, &root);
	if (ret == 0)
		ret = layout_header(&l, root);
	if (ret == 0) {
		bin_close(&l);
		put32(regf_field(l.file, l.security, SK_COUNT), l.keys);
		*len = (size_t)REGF_BASE + l.end;
		*bytes = talloc_steal(mem, l.file);
	}
	talloc_free(l.mem);
	return ret;
}

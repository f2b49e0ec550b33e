/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keys: nk cells, the lists that name them, their class and their security. */
#include "nt/regf_internal.h"

#include <string.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"

enum { NK_CELL_LEAST = 80 };

int regf_nk(struct regf *hive, regf_key key, struct regf_cell *nk, struct error *err)
{
	int ret = regf_cell(hive, key, NK_NAME, nk, err);
	if (ret != 0)
		return ret;
	if (memcmp(nk->data, "nk", 2) != 0)
		return regf_broken(hive, key, _("A key was expected here."), err);
	if (get16(nk->data + NK_NAME_LEN) > nk->len - NK_NAME)
		return regf_broken(hive, key, _("The name of a key is longer than its cell."), err);
	return 0;
}

struct regf_name regf_nk_name(const struct regf_cell *nk)
{
	return (struct regf_name){ nk->data + NK_NAME, get16(nk->data + NK_NAME_LEN),
				   get16(nk->data + NK_FLAGS) & NK_LATIN1 };
}

/* A list of subkeys as it grows; never over max, the number the key itself names. */
struct collect {
	struct regf *hive;
	regf_list_fn *fn;
	void *arg;
	regf_key *keys;
	size_t count, max;
};

static int list_open(struct collect *c, uint32_t pos, struct regf_cell *list, struct error *err)
{
	int ret = regf_cell(c->hive, pos, 4, list, err);
	if (ret == 0 && c->fn != NULL)
		ret = c->fn(c->arg, list, err);
	return ret;
}

/* The size of an entry in this kind of key list, 0 if it is not one. */
static uint32_t leaf_entry(const struct regf_cell *list)
{
	if (memcmp(list->data, "lf", 2) == 0 || memcmp(list->data, "lh", 2) == 0)
		return 8;
	return memcmp(list->data, "li", 2) == 0 ? 4 : 0;
}

static int list_leaf(struct collect *c, const struct regf_cell *list, struct error *err)
{
	uint32_t entry = leaf_entry(list), n = get16(list->data + 2);
	if (entry == 0)
		return regf_broken(c->hive, list->pos, _("A list of keys was expected here."), err);
	if (n > (list->len - 4) / entry)
		return regf_broken(c->hive, list->pos, _("A list of keys is longer than its cell."), err);
	if (n > c->max - c->count)
		return regf_broken(c->hive, list->pos, _("A list holds more keys than its key says."), err);
	for (uint32_t i = 0; i < n; i++)
		c->keys[c->count++] = get32(list->data + 4 + i * entry);
	return 0;
}

/* An ri list holds leaves only; NT never nests them deeper, and neither do we. */
static int list_index(struct collect *c, const struct regf_cell *index, struct error *err)
{
	uint32_t n = get16(index->data + 2);
	if (n > (index->len - 4) / 4)
		return regf_broken(c->hive, index->pos, _("A list of keys is longer than its cell."), err);
	for (uint32_t i = 0; i < n; i++) {
		struct regf_cell leaf;
		int ret = list_open(c, get32(index->data + 4 + i * 4), &leaf, err);
		if (ret == 0)
			ret = list_leaf(c, &leaf, err);
		if (ret != 0)
			return ret;
	}
	return 0;
}

int regf_list(struct regf *hive, TALLOC_CTX *mem, const struct regf_cell *nk, regf_list_fn *fn, void *arg,
	      regf_key **keys, size_t *count, struct error *err)
{
	struct collect c = { hive, fn, arg, NULL, 0, get32(nk->data + NK_SUBKEYS) };
	struct regf_cell list;
	*keys = NULL;
	*count = 0;
	if (c.max == 0)
		return 0;
	if (c.max > hive->header.length / NK_CELL_LEAST)
		return regf_broken(hive, nk->pos, _("A key claims more subkeys than the file could hold."), err);
	int ret = list_open(&c, get32(nk->data + NK_LIST), &list, err);
	if (ret != 0)
		return ret;
	c.keys = memory_array(mem, sizeof *c.keys, c.max);
	if (c.keys == NULL)
		return error_memory(err);
	ret = memcmp(list.data, "ri", 2) == 0 ? list_index(&c, &list, err) : list_leaf(&c, &list, err);
	if (ret == 0 && c.count != c.max)
		ret = regf_broken(hive, nk->pos, _("A list holds fewer keys than its key says."), err);
	if (ret != 0) {
		talloc_free(c.keys);
		return ret;
	}
	*keys = c.keys;
	*count = c.count;
	return 0;
}

int regf_subkeys(struct regf *hive, TALLOC_CTX *mem, regf_key key, regf_key **keys, size_t *count, struct error *err)
{
	struct regf_cell nk;
	*keys = NULL;
	*count = 0;
	int ret = regf_nk(hive, key, &nk, err);
	return ret == 0 ? regf_list(hive, mem, &nk, NULL, NULL, keys, count, err) : ret;
}

static int subkey_compare(struct regf *hive, regf_key key, const struct regf_name *name, int *order, struct error *err)
{
	struct regf_cell nk;
	int ret = regf_nk(hive, key, &nk, err);
	if (ret != 0)
		return ret;
	struct regf_name this = regf_nk_name(&nk);
	*order = regf_name_compare(name, &this);
	return 0;
}

/* Binary search, as NT does it: finds nearly every key there is, and proves nothing if it finds none. */
static int subkey_halved(struct regf *hive, struct regf_children *children, const struct regf_name *name,
			 regf_key *found, struct error *err)
{
	size_t low = 0, high = children->count;
	size_t mid = children->next < high ? children->next : high / 2;
	int ret = 0;
	while (ret == 0 && *found == 0 && low < high) {
		int order = 0;
		ret = subkey_compare(hive, children->keys[mid], name, &order, err);
		if (order == 0)
			*found = children->keys[mid];
		else if (order < 0)
			high = mid;
		else
			low = mid + 1;
		children->next = mid + 1;
		mid = low + (high - low) / 2;
	}
	return ret;
}

/* Checks every subkey before it reports that there is none. Neither the order of the lists nor their hints are
 * trusted: a key that NT finds by name must not be missed here. */
static int subkey_named(struct regf *hive, struct regf_children *children, const struct regf_name *name,
			regf_key *found, struct error *err)
{
	int ret = subkey_halved(hive, children, name, found, err);
	for (size_t i = 0; ret == 0 && *found == 0 && i < children->count; i++) {
		int order = 0;
		ret = subkey_compare(hive, children->keys[i], name, &order, err);
		if (ret == 0 && order == 0)
			*found = children->keys[i];
	}
	if (ret != 0)
		*found = 0;
	return ret;
}

int regf_subkey_among(struct regf *hive, struct regf_children *children, const char *name, regf_key *found,
		      struct error *err)
{
	struct regf_name want;
	*found = 0;
	int ret = regf_name_of(NULL, name, &want, err);
	if (ret != 0)
		return ret;
	ret = subkey_named(hive, children, &want, found, err);
	talloc_free((void *)(uintptr_t)want.bytes);
	return ret;
}

static int subkey_text(struct regf *hive, regf_key key, const char *name, size_t len, regf_key *found,
		       struct error *err)
{
	struct regf_children children;
	char *text = talloc_strndup(NULL, name, len);
	*found = 0;
	if (text == NULL)
		return error_memory(err);
	int ret = regf_subkeys(hive, text, key, &children.keys, &children.count, err);
	children.next = children.count / 2;
	if (ret == 0)
		ret = regf_subkey_among(hive, &children, text, found, err);
	talloc_free(text);
	return ret;
}

int regf_find(struct regf *hive, const char *path, regf_key *key, struct error *err)
{
	int ret = 0;

	*key = hive->header.root;
	while (ret == 0 && *key != 0 && *path != '\0') {
		size_t len = strcspn(path, "\\");
		ret = subkey_text(hive, *key, path, len, key, err);
		path += len;
		if (*path == '\\')
			path++;
	}
	if (ret != 0)
		*key = 0;
	return ret;
}

int regf_key_info(struct regf *hive, TALLOC_CTX *mem, regf_key key, struct regf_key_info *info, struct error *err)
{
	struct regf_cell nk;
	int ret = regf_nk(hive, key, &nk, err);
	if (ret != 0)
		return ret;
	struct regf_name name = regf_nk_name(&nk);
	*info = (struct regf_key_info){ .name = regf_name_text(mem, &name),
					.timestamp = get64(nk.data + NK_TIME),
					.subkeys = get32(nk.data + NK_SUBKEYS),
					.values = get32(nk.data + NK_VALUES),
					.security = get32(nk.data + NK_SECURITY) };
	return info->name == NULL ? error_memory(err) : 0;
}

int regf_class(struct regf *hive, const struct regf_cell *nk, struct regf_name *class, uint32_t *cell,
	       struct error *err)
{
	struct regf_cell found;
	uint32_t len = get16(nk->data + NK_CLASS_LEN);
	*class = (struct regf_name){ 0 };
	*cell = REGF_NIL;
	if (len == 0 || get32(nk->data + NK_CLASS) == REGF_NIL)
		return 0;
	int ret = regf_cell(hive, get32(nk->data + NK_CLASS), len, &found, err);
	if (ret == 0) {
		*class = (struct regf_name){ found.data, len, false };
		*cell = found.pos;
	}
	return ret;
}

int regf_descriptor(struct regf *hive, uint32_t pos, struct regf_cell *sk, struct regf_name *descriptor,
		    struct error *err)
{
	int ret = regf_cell(hive, pos, SK_BYTES, sk, err);
	if (ret != 0)
		return ret;
	if (memcmp(sk->data, "sk", 2) != 0)
		return regf_broken(hive, pos, _("A security descriptor was expected here."), err);
	uint32_t len = get32(sk->data + SK_LEN);
	if (len > sk->len - SK_BYTES)
		return regf_broken(hive, pos, _("A security descriptor is longer than its cell."), err);
	*descriptor = (struct regf_name){ sk->data + SK_BYTES, len, false };
	return 0;
}

int regf_security(struct regf *hive, TALLOC_CTX *mem, regf_key key, uint8_t **bytes, size_t *len, struct error *err)
{
	struct regf_cell nk, sk;
	struct regf_name descriptor;
	int ret = regf_nk(hive, key, &nk, err);
	if (ret == 0)
		ret = regf_descriptor(hive, get32(nk.data + NK_SECURITY), &sk, &descriptor, err);
	if (ret != 0)
		return ret;
	*len = descriptor.len;
	*bytes = talloc_size(mem, descriptor.len + 1);
	if (*bytes == NULL)
		return error_memory(err);
	memcpy(*bytes, descriptor.bytes, descriptor.len);
	return 0;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keys: nk cells, the lists that name them, their class and their security. */
#include "nt/regf_internal.h"

#include <string.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"

enum { NK_CELL_LEAST = 80 };

struct regf_name regf_nk_name(const struct regf_cell *nk)
{
	return (struct regf_name){ nk->data + NK_NAME, get16(nk->data + NK_NAME_LEN),
		get16(nk->data + NK_FLAGS) & NK_LATIN1 };
}

/* A list of subkeys as it grows; never over max, the number the key itself names. */
struct collect {
	struct regf *hive;
	regf_key *keys;
	size_t count, max;
};

static int list_leaf(struct collect *c, const struct regf_cell *list, struct error *err)
{
	bool hints = memcmp(list->data, "lf", 2) == 0 || memcmp(list->data, "lh", 2) == 0;
	uint32_t entry = hints ? 8 : 4, n = get16(list->data + 2);
	if (!hints && memcmp(list->data, "li", 2) != 0)
		return regf_broken(c->hive, list->pos, N_("A list of keys was expected here."),
			err);
	if (n > (list->len - 4) / entry)
		return regf_broken(c->hive, list->pos,
			N_("A list of keys is longer than its cell."), err);
	if (n > c->max - c->count)
		return regf_broken(c->hive, list->pos,
			N_("A list holds more keys than its key says."), err);
	for (uint32_t i = 0; i < n; i++)
		c->keys[c->count++] = get32(list->data + 4 + i * entry);
	return 0;
}

/* An ri list holds leaves only; NT never nests them deeper, and neither do we. */
static int list_index(struct collect *c, const struct regf_cell *index, struct error *err)
{
	uint32_t n = get16(index->data + 2);
	if (n > (index->len - 4) / 4)
		return regf_broken(c->hive, index->pos,
			N_("A list of keys is longer than its cell."), err);
	for (uint32_t i = 0; i < n; i++) {
		struct regf_cell leaf;
		int ret = regf_cell(c->hive, get32(index->data + 4 + i * 4), 4, &leaf, err);
		if (ret == 0)
			ret = list_leaf(c, &leaf, err);
		if (ret != 0)
			return ret;
	}
	return 0;
}

int regf_list(struct regf *hive, TALLOC_CTX *mem, const struct regf_cell *nk, regf_key **keys,
	size_t *count, struct error *err)
{
	struct collect c = { .hive = hive, .max = get32(nk->data + NK_SUBKEYS) };
	struct regf_cell list;
	*keys = NULL;
	*count = 0;
	if (c.max == 0)
		return 0;
	if (c.max > hive->header.length / NK_CELL_LEAST)
		return regf_broken(hive, nk->pos,
			N_("A key claims more subkeys than the file could hold."), err);
	int ret = regf_cell(hive, get32(nk->data + NK_LIST), 4, &list, err);
	if (ret != 0)
		return ret;
	c.keys = memory_array(mem, sizeof *c.keys, c.max);
	if (!c.keys)
		return error_memory(err);
	ret = memcmp(list.data, "ri", 2) == 0 ? list_index(&c, &list, err)
					      : list_leaf(&c, &list, err);
	if (ret == 0 && c.count != c.max)
		ret = regf_broken(hive, nk->pos, N_("A list holds fewer keys than its key says."),
			err);
	if (ret != 0)
		TALLOC_FREE(c.keys);
	*keys = c.keys;
	*count = ret == 0 ? c.count : 0;
	return ret;
}

static int subkey_read(struct regf *hive, TALLOC_CTX *mem, regf_key key, struct regf_subkey *subkey,
	struct error *err)
{
	struct regf_cell nk;
	int ret = regf_nk(hive, key, &nk, err);
	if (ret != 0)
		return ret;
	struct regf_name name = regf_nk_name(&nk);
	*subkey = (struct regf_subkey){ regf_name_text(mem, &name), key };
	return !subkey->name ? error_memory(err) : 0;
}

int regf_subkeys(struct regf *hive, TALLOC_CTX *mem, regf_key key, struct regf_subkey **subkeys,
	size_t *count, struct error *err)
{
	struct regf_cell nk;
	regf_key *keys;
	size_t n;
	*subkeys = NULL;
	*count = 0;
	int ret = regf_nk(hive, key, &nk, err);
	if (ret == 0)
		ret = regf_list(hive, mem, &nk, &keys, &n, err);
	if (ret != 0)
		return ret;
	*subkeys = memory_array(mem, sizeof **subkeys, n);
	ret = !*subkeys ? error_memory(err) : 0;
	for (size_t i = 0; ret == 0 && i < n; i++)
		ret = subkey_read(hive, *subkeys, keys[i], &(*subkeys)[i], err);
	talloc_free(keys);
	if (ret != 0)
		TALLOC_FREE(*subkeys);
	*count = ret == 0 ? n : 0;
	return ret;
}

static int subkey_compare(struct regf *hive, regf_key key, const struct regf_name *want, int *order,
	struct error *err)
{
	struct regf_cell nk;
	int ret = regf_nk(hive, key, &nk, err);
	if (ret != 0)
		return ret;
	struct regf_name name = regf_nk_name(&nk);
	*order = regf_name_compare(want, &name);
	return 0;
}

/* Halves the list, as NT does it, then looks at one subkey after the other. Neither the order of
 * the lists nor their hints are trusted: a key that NT finds by name must not be missed here. */
static int subkey_named(struct regf *hive, TALLOC_CTX *mem, regf_key key, const char *text,
	regf_key *found, struct error *err)
{
	struct regf_name want;
	struct regf_cell nk;
	regf_key *keys;
	size_t count = 0, low = 0, high;
	int order = 1;
	*found = 0;
	int ret = regf_name_of(mem, text, &want, err);
	if (ret == 0)
		ret = regf_nk(hive, key, &nk, err);
	if (ret == 0)
		ret = regf_list(hive, mem, &nk, &keys, &count, err);
	high = count;
	while (ret == 0 && *found == 0 && low < high) {
		size_t middle = low + (high - low) / 2;
		ret = subkey_compare(hive, keys[middle], &want, &order, err);
		if (ret == 0 && order == 0)
			*found = keys[middle];
		else if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	for (size_t i = 0; ret == 0 && *found == 0 && i < count; i++) {
		ret = subkey_compare(hive, keys[i], &want, &order, err);
		if (ret == 0 && order == 0)
			*found = keys[i];
	}
	return ret;
}

int regf_find(struct regf *hive, const char *path, regf_key *key, struct error *err)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	int ret = 0;
	*key = hive->header.root;
	while (ret == 0 && *key != 0 && *path != '\0') {
		size_t len = strcspn(path, "\\");
		char *name = talloc_strndup(mem, path, len);
		ret = !name ? error_memory(err) : subkey_named(hive, mem, *key, name, key, err);
		path += len;
		if (*path == '\\')
			path++;
	}
	talloc_free(mem);
	if (ret != 0)
		*key = 0;
	return ret;
}

int regf_class(struct regf *hive, const struct regf_cell *nk, struct regf_name *class,
	struct error *err)
{
	struct regf_cell cell;
	uint32_t len = get16(nk->data + NK_CLASS_LEN);
	*class = (struct regf_name){ 0 };
	if (len == 0 || get32(nk->data + NK_CLASS) == REGF_NIL)
		return 0;
	int ret = regf_cell(hive, get32(nk->data + NK_CLASS), len, &cell, err);
	if (ret == 0)
		*class = (struct regf_name){ cell.data, len, false };
	return ret;
}

int regf_sk(struct regf *hive, uint32_t pos, struct regf_cell *sk, struct error *err)
{
	int ret = regf_cell(hive, pos, SK_BYTES, sk, err);
	if (ret != 0)
		return ret;
	if (memcmp(sk->data, "sk", 2) != 0)
		return regf_broken(hive, pos, N_("A security descriptor was expected here."), err);
	if (get32(sk->data + SK_LEN) > sk->len - SK_BYTES)
		return regf_broken(hive, pos, N_("A security descriptor is longer than its cell."),
			err);
	return 0;
}

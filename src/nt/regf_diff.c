/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two hives side by side, in the order of names, so that neither lists nor positions matter. */
#include "nt/regf_internal.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/memory.h"

enum { NK_CELL_LEAST = 80 };

struct diff {
	struct regf *a, *b;
	regf_diff_fn *fn;
	void *arg;
	struct error *err;
	uint64_t visits, most; /* a hive that lists keys twice must not make this endless */
};

/* What is walked: a key on each side, 0 where there is none. */
struct pair {
	regf_key a, b;
};

/* A subkey or value on its way through the merge. */
struct item {
	struct regf_name name;
	uint32_t pos;
};

static int by_name(const void *a, const void *b)
{
	const struct item *x = a, *y = b;
	int order = regf_name_compare(&x->name, &y->name);
	return order != 0 ? order : (x->pos > y->pos) - (x->pos < y->pos);
}

static int items_of_keys(struct diff *d, TALLOC_CTX *mem, struct regf *hive, regf_key key, struct item **items,
			 size_t *count)
{
	regf_key *keys;
	*items = NULL;
	*count = 0;
	if (key == 0)
		return 0;
	int ret = regf_subkeys(hive, mem, key, &keys, count, d->err);
	if (ret != 0)
		return ret;
	*items = memory_array(mem, sizeof **items, *count);
	if (*items == NULL)
		return error_memory(d->err);
	for (size_t i = 0; i < *count; i++) {
		struct regf_cell nk;
		ret = regf_nk(hive, keys[i], &nk, d->err);
		if (ret != 0)
			return ret;
		(*items)[i] = (struct item){ regf_nk_name(&nk), keys[i] };
	}
	if (*count > 1)
		qsort(*items, *count, sizeof **items, by_name);
	return 0;
}

static int items_of_values(struct diff *d, TALLOC_CTX *mem, struct regf *hive, regf_key key, struct item **items,
			   size_t *count)
{
	struct regf_cell nk, list, vk;
	uint32_t n = 0;
	*items = NULL;
	*count = 0;
	int ret = key == 0 ? 0 : regf_nk(hive, key, &nk, d->err);
	if (ret == 0 && key != 0)
		ret = regf_value_list(hive, &nk, &list, &n, d->err);
	if (ret != 0 || n == 0)
		return ret;
	*items = memory_array(mem, sizeof **items, n);
	if (*items == NULL)
		return error_memory(d->err);
	for (uint32_t i = 0; i < n; i++) {
		ret = regf_vk(hive, get32(list.data + 4 * i), &vk, d->err);
		if (ret != 0)
			return ret;
		(*items)[i] = (struct item){ regf_vk_name(&vk), vk.pos };
	}
	*count = n;
	qsort(*items, *count, sizeof **items, by_name);
	return 0;
}

/* The next pair of a merge: what is first by name, or both where they are equal. */
static void merge_next(const struct item *a, size_t na, size_t *i, const struct item *b, size_t nb, size_t *j,
		       const struct item **x, const struct item **y)
{
	int order = *i == na ? 1 : *j == nb ? -1 : regf_name_compare(&a[*i].name, &b[*j].name);
	*x = order <= 0 ? &a[(*i)++] : NULL;
	*y = order >= 0 ? &b[(*j)++] : NULL;
}

static int diff_call(struct diff *d, const char *path, const char *value, const struct reg_data *a,
		     const struct reg_data *b)
{
	return d->fn(d->arg, path, value, a, b);
}

static int value_read(struct diff *d, TALLOC_CTX *mem, struct regf *hive, const struct item *item,
		      struct regf_value *value)
{
	struct regf_cell vk;
	*value = (struct regf_value){ 0 };
	if (item == NULL)
		return 0;
	int ret = regf_vk(hive, item->pos, &vk, d->err);
	return ret == 0 ? regf_value_read(hive, mem, &vk, value, d->err) : ret;
}

/* One value on both sides, or on one. A name spelled differently is a difference too. */
static int diff_value(struct diff *d, const char *path, const struct item *x, const struct item *y)
{
	struct regf_value a, b;
	TALLOC_CTX *mem = talloc_new(NULL);
	if (mem == NULL)
		return error_memory(d->err);
	int ret = value_read(d, mem, d->a, x, &a);
	if (ret == 0)
		ret = value_read(d, mem, d->b, y, &b);
	if (ret == 0 && !(x != NULL && y != NULL && regdata_equal(&a.data, &b.data) && strcmp(a.name, b.name) == 0))
		ret = diff_call(d, path, x != NULL ? a.name : b.name, x != NULL ? &a.data : NULL,
				y != NULL ? &b.data : NULL);
	talloc_free(mem);
	return ret;
}

static int diff_values(struct diff *d, TALLOC_CTX *mem, const char *path, struct pair key)
{
	struct item *a, *b;
	size_t na, nb;
	int ret = items_of_values(d, mem, d->a, key.a, &a, &na);
	if (ret == 0)
		ret = items_of_values(d, mem, d->b, key.b, &b, &nb);
	for (size_t i = 0, j = 0; ret == 0 && (i < na || j < nb);) {
		const struct item *x, *y;
		merge_next(a, na, &i, b, nb, &j, &x, &y);
		ret = diff_value(d, path, x, y);
	}
	return ret;
}

/* The things of a key that are not its values, as bytes. */
struct aspects {
	struct regf_name parts[3];
};

static int aspects_read(struct diff *d, struct regf *hive, regf_key key, struct aspects *aspects)
{
	struct regf_cell nk, sk;
	uint32_t cell;
	int ret = regf_nk(hive, key, &nk, d->err);
	if (ret != 0)
		return ret;
	aspects->parts[0] = regf_nk_name(&nk);
	ret = regf_class(hive, &nk, &aspects->parts[1], &cell, d->err);
	if (ret == 0)
		ret = regf_descriptor(hive, get32(nk.data + NK_SECURITY), &sk, &aspects->parts[2], d->err);
	return ret;
}

/* For the callback, which only reads it. */
static struct reg_data aspect_data(TALLOC_CTX *mem, const struct regf_name *part)
{
	return (struct reg_data){ REG_NONE, talloc_memdup(mem, part->bytes, part->len), part->len };
}

static int diff_aspect(struct diff *d, const char *path, const struct regf_name *x, const struct regf_name *y)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	if (mem == NULL)
		return error_memory(d->err);
	struct reg_data a = aspect_data(mem, x), b = aspect_data(mem, y);
	int ret = diff_call(d, path, NULL, &a, &b);
	talloc_free(mem);
	return ret;
}

/* The key itself: there or not, spelling, class, security. */
static int diff_itself(struct diff *d, const char *path, struct pair key, bool root)
{
	const struct reg_data nothing = { 0 };
	struct aspects a, b;
	if (key.a == 0 || key.b == 0)
		return diff_call(d, path, NULL, key.a != 0 ? &nothing : NULL, key.b != 0 ? &nothing : NULL);
	int ret = aspects_read(d, d->a, key.a, &a);
	if (ret == 0)
		ret = aspects_read(d, d->b, key.b, &b);
	/* The root is named after the place where the hive was last mounted: that says nothing about its contents. */
	for (int i = root; ret == 0 && i < 3; i++) {
		const struct regf_name *x = &a.parts[i], *y = &b.parts[i];
		if (x->len != y->len || (x->len != 0 && memcmp(x->bytes, y->bytes, x->len) != 0))
			ret = diff_aspect(d, path, x, y);
	}
	return ret;
}

static int diff_key(struct diff *d, const char *path, struct pair key, int depth);

static int diff_subkey(struct diff *d, TALLOC_CTX *mem, const char *path, const struct item *x, const struct item *y,
		       int depth)
{
	char *name = regf_name_text(mem, x != NULL ? &x->name : &y->name);
	char *below = name == NULL ? NULL : talloc_asprintf(mem, "%s%s%s", path, *path != '\0' ? "\\" : "", name);
	if (below == NULL)
		return error_memory(d->err);
	int ret = diff_key(d, below, (struct pair){ x != NULL ? x->pos : 0, y != NULL ? y->pos : 0 }, depth + 1);
	talloc_free(name);
	talloc_free(below);
	return ret;
}

static int diff_subkeys(struct diff *d, TALLOC_CTX *mem, const char *path, struct pair key, int depth)
{
	struct item *a, *b;
	size_t na, nb;
	int ret = items_of_keys(d, mem, d->a, key.a, &a, &na);
	if (ret == 0)
		ret = items_of_keys(d, mem, d->b, key.b, &b, &nb);
	for (size_t i = 0, j = 0; ret == 0 && (i < na || j < nb);) {
		const struct item *x, *y;
		merge_next(a, na, &i, b, nb, &j, &x, &y);
		ret = diff_subkey(d, mem, path, x, y, depth);
	}
	return ret;
}

static int diff_key(struct diff *d, const char *path, struct pair key, int depth)
{
	if (depth > REGF_DEPTH || ++d->visits > d->most)
		return regf_broken(key.a != 0 ? d->a : d->b, key.a != 0 ? key.a : key.b, _("Keys contain one another."),
				   d->err);
	TALLOC_CTX *mem = talloc_new(NULL);
	int ret = mem == NULL ? error_memory(d->err) : diff_itself(d, path, key, depth == 1);
	if (ret == 0)
		ret = diff_values(d, mem, path, key);
	if (ret == 0)
		ret = diff_subkeys(d, mem, path, key, depth);
	talloc_free(mem);
	return ret;
}

int regf_diff(struct regf *a, struct regf *b, regf_diff_fn *fn, void *arg, struct error *err)
{
	struct diff d = { a, b, fn, arg, err, 0, ((uint64_t)a->header.length + b->header.length) / NK_CELL_LEAST };
	return diff_key(&d, "", (struct pair){ a->header.root, b->header.root }, 1);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two sound hives side by side, in the order of names, so that neither lists nor positions
 * matter. */
#include "nt/regf_internal.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

struct diff {
	struct regf *a, *b;
	regf_diff_fn *fn;
	void *arg;
	struct error *err;
};

/* What is compared: a key on each side, 0 where there is none. */
struct pair {
	regf_key a, b;
};

/* Of subkeys and of values, which both begin with their name. */
static int by_name(const void *a, const void *b)
{
	return text_compare(*(char *const *)a, *(char *const *)b);
}

/* Which of two sorted lists has the next name: below 0 the first, above 0 the second, 0 both. NULL:
 * that list has ended. */
static int next_of(const void *a, const void *b)
{
	return !a ? 1 : !b ? -1 : by_name(a, b);
}

static int values_sorted(struct diff *d, TALLOC_CTX *mem, struct regf *hive, regf_key key,
	struct regf_value **values, size_t *count)
{
	*values = NULL;
	*count = 0;
	int ret = key == 0 ? 0 : regf_values(hive, mem, key, values, count, d->err);
	if (*count > 1)
		qsort(*values, *count, sizeof **values, by_name);
	return ret;
}

static int subkeys_sorted(struct diff *d, TALLOC_CTX *mem, struct regf *hive, regf_key key,
	struct regf_subkey **subkeys, size_t *count)
{
	*subkeys = NULL;
	*count = 0;
	int ret = key == 0 ? 0 : regf_subkeys(hive, mem, key, subkeys, count, d->err);
	if (*count > 1)
		qsort(*subkeys, *count, sizeof **subkeys, by_name);
	return ret;
}

/* One value on both sides, or on one. A name spelled differently is a difference too. */
static int diff_value(struct diff *d, const char *path, const struct regf_value *a,
	const struct regf_value *b)
{
	if (a && b && strcmp(a->name, b->name) == 0 && regdata_equal(&a->data, &b->data))
		return 0;
	return d->fn(d->arg, path, a ? a->name : b->name, a ? &a->data : NULL, b ? &b->data : NULL);
}

static int diff_values(struct diff *d, TALLOC_CTX *mem, const char *path, struct pair key)
{
	struct regf_value *a, *b;
	size_t na, nb;
	int ret = values_sorted(d, mem, d->a, key.a, &a, &na);
	if (ret == 0)
		ret = values_sorted(d, mem, d->b, key.b, &b, &nb);
	for (size_t i = 0, j = 0; ret == 0 && (i < na || j < nb);) {
		const struct regf_value *x = i < na ? &a[i] : NULL, *y = j < nb ? &b[j] : NULL;
		int order = next_of(x, y);
		ret = diff_value(d, path, order <= 0 ? x : NULL, order >= 0 ? y : NULL);
		i += order <= 0;
		j += order >= 0;
	}
	return ret;
}

static bool same_bytes(const struct regf_name *a, const struct regf_name *b)
{
	return a->len == b->len && (a->len == 0 || memcmp(a->bytes, b->bytes, a->len) == 0);
}

/* The things of a key that are not its values: spelling, class, descriptor. */
static void key_parts(struct regf *hive, regf_key key, struct regf_name parts[3])
{
	struct regf_cell nk = regf_cell_at(hive, key),
			 sk = regf_cell_at(hive, get32(nk.data + NK_SECURITY));
	parts[0] = regf_nk_name(&nk);
	(void)regf_class(hive, &nk, &parts[1], NULL);
	parts[2] = (struct regf_name){ sk.data + SK_BYTES, get32(sk.data + SK_LEN), false };
}

/* The root is named after the place where the hive was last mounted, which says nothing. */
static bool keys_equal(struct diff *d, struct pair key, bool root)
{
	struct regf_name a[3], b[3];
	bool equal = true;
	key_parts(d->a, key.a, a);
	key_parts(d->b, key.b, b);
	for (int i = root; i < 3; i++)
		equal = equal && same_bytes(&a[i], &b[i]);
	return equal;
}

static int diff_itself(struct diff *d, const char *path, struct pair key, bool root)
{
	const struct reg_data nothing = { 0 };
	if (key.a != 0 && key.b != 0 && keys_equal(d, key, root))
		return 0;
	return d->fn(d->arg, path, NULL, key.a != 0 ? &nothing : NULL,
		key.b != 0 ? &nothing : NULL);
}

static int diff_key(struct diff *d, const char *path, struct pair key, bool root);

static int diff_subkeys(struct diff *d, TALLOC_CTX *mem, const char *path, struct pair key)
{
	struct regf_subkey *a, *b;
	size_t na, nb;
	int ret = subkeys_sorted(d, mem, d->a, key.a, &a, &na);
	if (ret == 0)
		ret = subkeys_sorted(d, mem, d->b, key.b, &b, &nb);
	for (size_t i = 0, j = 0; ret == 0 && (i < na || j < nb);) {
		const struct regf_subkey *x = i < na ? &a[i] : NULL, *y = j < nb ? &b[j] : NULL;
		int order = next_of(x, y);
		struct pair below = { order <= 0 ? x->key : 0, order >= 0 ? y->key : 0 };
		char *name = talloc_asprintf(mem, "%s%s%s", path, *path != '\0' ? "\\" : "",
			order <= 0 ? x->name : y->name);
		ret = !name ? error_memory(d->err) : diff_key(d, name, below, false);
		i += order <= 0;
		j += order >= 0;
	}
	return ret;
}

static int diff_key(struct diff *d, const char *path, struct pair key, bool root)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	int ret = diff_itself(d, path, key, root);
	if (ret == 0)
		ret = diff_values(d, mem, path, key);
	if (ret == 0)
		ret = diff_subkeys(d, mem, path, key);
	talloc_free(mem);
	return ret;
}

int regf_diff(struct regf *a, struct regf *b, regf_diff_fn *fn, void *arg, struct error *err)
{
	struct diff d = { a, b, fn, arg, err };
	int ret = regf_check(a, err);
	if (ret == 0)
		ret = regf_check(b, err);
	return ret == 0 ? diff_key(&d, "", (struct pair){ a->header.root, b->header.root }, true)
			: ret;
}

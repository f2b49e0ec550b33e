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

/* What a key has of one kind, in the order of names. */
struct things {
	struct reg_value *values;
	struct regf_subkey *subkeys;
	size_t count;
};

static int things_sorted(struct diff *d, TALLOC_CTX *mem, struct regf *hive, regf_key key,
	bool subkeys, struct things *things)
{
	*things = (struct things){ 0 };
	if (key == 0)
		return 0;
	int ret = subkeys ? regf_subkeys(hive, mem, key, &things->subkeys, &things->count, d->err)
			  : regf_values(hive, mem, key, &things->values, &things->count, d->err);
	if (ret == 0 && subkeys)
		qsort(things->subkeys, things->count, sizeof *things->subkeys, by_name);
	else if (ret == 0)
		qsort(things->values, things->count, sizeof *things->values, by_name);
	return ret;
}

/* One value on both sides, or on one. A name spelled differently is a difference too. */
static int diff_value(struct diff *d, const char *path, const struct reg_value *a,
	const struct reg_value *b)
{
	if (a && b && strcmp(a->name, b->name) == 0 && regdata_equal(&a->data, &b->data))
		return 0;
	return d->fn(d->arg, path, a ? a->name : b->name, a ? &a->data : NULL, b ? &b->data : NULL);
}

static int diff_key(struct diff *d, const char *path, struct pair key, bool root);

/* One subkey likewise. */
static int diff_subkey(struct diff *d, const char *path, const struct regf_subkey *a,
	const struct regf_subkey *b)
{
	char *name = talloc_asprintf(NULL, "%s%s%s", path, *path != '\0' ? "\\" : "",
		a ? a->name : b->name);
	int ret = !name ? error_memory(d->err)
			: diff_key(d, name, (struct pair){ a ? a->key : 0, b ? b->key : 0 }, false);
	talloc_free(name);
	return ret;
}

/* All values, or all subkeys: the next name of either list, or of both. */
static int diff_things(struct diff *d, TALLOC_CTX *mem, const char *path, struct pair key,
	bool subkeys)
{
	struct things a, b;
	int ret = things_sorted(d, mem, d->a, key.a, subkeys, &a);
	if (ret == 0)
		ret = things_sorted(d, mem, d->b, key.b, subkeys, &b);
	for (size_t i = 0, j = 0; ret == 0 && (i < a.count || j < b.count);) {
		int order = i == a.count ? 1
			: j == b.count   ? -1
			: subkeys        ? by_name(&a.subkeys[i], &b.subkeys[j])
					 : by_name(&a.values[i], &b.values[j]);
		bool here = order <= 0, there = order >= 0;
		ret = subkeys ? diff_subkey(d, path, here ? &a.subkeys[i] : NULL,
					there ? &b.subkeys[j] : NULL)
			      : diff_value(d, path, here ? &a.values[i] : NULL,
					there ? &b.values[j] : NULL);
		i += here;
		j += there;
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

static int diff_key(struct diff *d, const char *path, struct pair key, bool root)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	int ret = diff_itself(d, path, key, root);
	if (ret == 0)
		ret = diff_things(d, mem, path, key, false);
	if (ret == 0)
		ret = diff_things(d, mem, path, key, true);
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

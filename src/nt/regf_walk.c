/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every value below a key in one pass. */
#include "nt/regf_internal.h"

struct walk {
	struct regf *hive;
	regf_walk_fn *fn;
	void *arg;
	struct error *err;
};

static int walk_values(const struct walk *w, TALLOC_CTX *mem, regf_key key, const char *path)
{
	struct reg_value *values;
	size_t count;
	int ret = regf_values(w->hive, mem, key, &values, &count, w->err);
	for (size_t i = 0; ret == 0 && i < count; i++)
		ret = w->fn(w->arg, path, &values[i], w->err);
	talloc_free(values);
	return ret;
}

static int walk_key(const struct walk *w, regf_key key, const char *path)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	struct regf_subkey *subkeys;
	size_t count = 0;
	int ret = w->fn(w->arg, path, NULL, w->err);
	if (ret == 0)
		ret = walk_values(w, mem, key, path);
	if (ret == 0)
		ret = regf_subkeys(w->hive, mem, key, &subkeys, &count, w->err);
	for (size_t i = 0; ret == 0 && i < count; i++) {
		char *below = talloc_asprintf(mem, "%s%s%s", path, *path != '\0' ? "\\" : "",
			subkeys[i].name);
		ret = !below ? error_memory(w->err) : walk_key(w, subkeys[i].key, below);
	}
	talloc_free(mem);
	return ret;
}

int regf_walk(struct regf *hive, regf_key key, const char *path, regf_walk_fn *fn, void *arg,
	struct error *err)
{
	struct walk w = { hive, fn, arg, err };
	int ret = regf_check(hive, err);
	return ret == 0 ? walk_key(&w, key, path) : ret;
}

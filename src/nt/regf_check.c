/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The whole walk before anything is written.
 *
 * What makes writing unsafe is refused: a bin or cell that does not chain, a cell reached twice
 * (whoever changes one owner changes the other), a key listed twice or below another parent, two
 * names that NT cannot tell apart, a list of a kind the version does not know. What is merely odd
 * is accepted, because no value we change depends on it: a list that is not sorted, a stale hint, a
 * missing root flag, reference counts, volatile leftovers.
 */
#include "nt/regf_internal.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/memory.h"

struct check {
	struct regf *hive;
	uint8_t *starts;      /* a bit per 8 bytes: a cell in use begins here */
	uint8_t *seen;        /* ... and was reached */
	uint8_t *descriptors; /* ... as a security cell, which many keys may share */
};

/* The cells of one bin, up to its very end. */
static int check_cells(struct check *c, uint32_t pos, uint32_t end, struct error *err)
{
	const uint8_t *bins = c->hive->image + REGF_BASE;
	while (pos < end) {
		uint32_t raw = get32(bins + pos), used = raw >> 31, size = used ? 0U - raw : raw;
		if (size == 0 || size % 8 != 0 || size > end - pos)
			return regf_broken(c->hive, pos, N_("The chain of cells is broken."), err);
		if (used)
			bits_set(c->starts, pos / 8);
		pos += size;
	}
	return 0;
}

static int check_bins(struct check *c, struct error *err)
{
	uint32_t length = c->hive->header.length;
	int ret = regf_bytes_all(c->hive, err);
	for (uint32_t pos = 0; ret == 0 && pos < length;) {
		const uint8_t *bin = c->hive->image + REGF_BASE + pos;
		uint32_t size = get32(bin + 8);
		if (memcmp(bin, "hbin", 4) != 0 || get32(bin + 4) != pos || size == 0 ||
			size % REGF_PAGE != 0 || size > length - pos)
			return regf_broken(c->hive, pos, N_("The header of a bin is wrong."), err);
		ret = check_cells(c, pos + REGF_BIN_HEADER, pos + size, err);
		pos += size;
	}
	return ret;
}

/* Takes a cell for one owner. pos has come through regf_cell. */
static int check_take(struct check *c, uint32_t pos, struct error *err)
{
	if (!bits_get(c->starts, pos / 8))
		return regf_broken(c->hive, pos, N_("An offset points into the middle of a cell."),
			err);
	if (bits_get(c->seen, pos / 8))
		return regf_broken(c->hive, pos, N_("Two owners share one cell."), err);
	bits_set(c->seen, pos / 8);
	return 0;
}

/* Security cells form a ring, each pointing to its neighbours. */
static int check_neighbour(struct check *c, const struct regf_cell *sk, uint32_t link,
	uint32_t back, struct error *err)
{
	struct regf_cell other;
	int ret = regf_sk(c->hive, get32(sk->data + link), &other, err);
	if (ret == 0 && get32(other.data + back) != sk->pos)
		ret = regf_broken(c->hive, sk->pos,
			N_("The ring of security descriptors is broken."), err);
	return ret;
}

static int check_security(struct check *c, uint32_t pos, struct error *err)
{
	struct regf_cell sk;
	int ret = regf_sk(c->hive, pos, &sk, err);
	if (ret != 0 || bits_get(c->descriptors, pos / 8))
		return ret;
	bits_set(c->descriptors, pos / 8);
	ret = check_take(c, pos, err);
	if (ret == 0)
		ret = check_neighbour(c, &sk, SK_FLINK, SK_BLINK, err);
	if (ret == 0)
		ret = check_neighbour(c, &sk, SK_BLINK, SK_FLINK, err);
	return ret;
}

static int by_name(const void *a, const void *b)
{
	return regf_name_compare(a, b);
}

/* Names in order differ at a glance; others are put in order first. what is translated when it is
 * reported. */
static int check_unique(struct check *c, uint32_t pos, struct regf_name *names, size_t count,
	const char *what, struct error *err)
{
	size_t i = 1;

	while (i < count && regf_name_compare(&names[i - 1], &names[i]) < 0)
		i++;
	if (i >= count)
		return 0;
	qsort(names, count, sizeof *names, by_name);
	for (i = 1; i < count; i++)
		if (regf_name_compare(&names[i - 1], &names[i]) == 0)
			return regf_broken(c->hive, pos, what, err);
	return 0;
}

static int check_name(struct check *c, const struct regf_cell *cell, const struct regf_name *name,
	struct error *err)
{
	if (!name->latin1 && name->len % 2 != 0)
		return regf_broken(c->hive, cell->pos,
			N_("A name ends in the middle of a character."), err);
	return 0;
}

static int check_value(struct check *c, uint32_t pos, struct regf_name *name, struct error *err)
{
	struct regf_cell vk;
	struct regf_place place;
	uint32_t cell;
	int ret = regf_vk(c->hive, pos, &vk, err);
	if (ret != 0)
		return ret;
	*name = regf_vk_name(&vk);
	ret = check_take(c, pos, err);
	if (ret == 0)
		ret = check_name(c, &vk, name, err);
	if (ret == 0)
		ret = regf_place(c->hive, &vk, &place, err);
	for (uint32_t i = 0; ret == 0 && (cell = regf_place_cell(c->hive, &place, i)) != REGF_NIL;
		i++)
		ret = check_take(c, cell, err);
	return ret;
}

static int check_values(struct check *c, TALLOC_CTX *mem, const struct regf_cell *nk,
	struct error *err)
{
	struct regf_cell list;
	uint32_t count;
	int ret = regf_value_list(c->hive, nk, &list, &count, err);
	if (ret != 0 || count == 0)
		return ret;
	struct regf_name *names = memory_array_zero(mem, sizeof *names, count);
	ret = !names ? error_memory(err) : check_take(c, list.pos, err);
	for (uint32_t i = 0; ret == 0 && i < count; i++)
		ret = check_value(c, get32(list.data + 4 * i), &names[i], err);
	if (ret == 0)
		ret = check_unique(c, nk->pos, names, count,
			N_("A key has two values of the same name."), err);
	return ret;
}

static int check_list(struct check *c, const struct regf_cell *list, struct error *err)
{
	if (c->hive->header.minor < 5 && memcmp(list->data, "lh", 2) == 0)
		return regf_broken(c->hive, list->pos,
			N_("A list of keys is of a kind that Windows NT 4.0 and 2000 do not know."),
			err);
	return check_take(c, list->pos, err);
}

/* The lists themselves, which regf_list has been through. */
static int check_lists(struct check *c, const struct regf_cell *nk, struct error *err)
{
	struct regf_cell list = regf_cell_at(c->hive, get32(nk->data + NK_LIST));
	bool index = memcmp(list.data, "ri", 2) == 0;
	int ret = check_list(c, &list, err);
	for (uint32_t i = 0; ret == 0 && index && i < get16(list.data + 2); i++) {
		struct regf_cell leaf = regf_cell_at(c->hive, get32(list.data + 4 + 4 * (size_t)i));
		ret = check_list(c, &leaf, err);
	}
	return ret;
}

static int check_key(struct check *c, regf_key key, regf_key parent, int depth, struct error *err);

static int check_subkeys(struct check *c, TALLOC_CTX *mem, const struct regf_cell *nk, int depth,
	struct error *err)
{
	regf_key *keys;
	size_t count;
	int ret = regf_list(c->hive, mem, nk, &keys, &count, err);
	if (ret == 0 && count != 0)
		ret = check_lists(c, nk, err);
	if (ret != 0 || count == 0)
		return ret;
	struct regf_name *names = memory_array(mem, sizeof *names, count);
	if (!names)
		return error_memory(err);
	for (size_t i = 0; ret == 0 && i < count; i++) {
		struct regf_cell child;
		ret = regf_nk(c->hive, keys[i], &child, err);
		if (ret == 0)
			names[i] = regf_nk_name(&child);
		if (ret == 0)
			ret = check_key(c, keys[i], nk->pos, depth + 1, err);
	}
	if (ret == 0)
		ret = check_unique(c, nk->pos, names, count,
			N_("A key has two subkeys of the same name."), err);
	return ret;
}

/* What belongs to the key itself. The root's parent is wherever the hive was mounted, and says
 * nothing. */
static int check_nk(struct check *c, const struct regf_cell *nk, regf_key parent, struct error *err)
{
	struct regf_name name = regf_nk_name(nk), class;
	int ret = check_take(c, nk->pos, err);
	if (ret == 0 && parent != 0 && get32(nk->data + NK_PARENT) != parent)
		ret = regf_broken(c->hive, nk->pos,
			N_("A key names a different parent from the key that lists it."), err);
	if (ret == 0)
		ret = check_name(c, nk, &name, err);
	if (ret == 0)
		ret = regf_class(c->hive, nk, &class, err);
	if (ret == 0 && class.len != 0)
		ret = check_take(c, get32(nk->data + NK_CLASS), err);
	if (ret == 0)
		ret = check_security(c, get32(nk->data + NK_SECURITY), err);
	return ret;
}

static int check_key(struct check *c, regf_key key, regf_key parent, int depth, struct error *err)
{
	struct regf_cell nk;
	if (depth > REGF_DEPTH)
		return regf_broken(c->hive, key, N_("Keys are nested deeper than Windows allows."),
			err);
	TALLOC_CTX *mem = talloc_new(c);
	int ret = !mem ? error_memory(err) : regf_nk(c->hive, key, &nk, err);
	if (ret == 0)
		ret = check_nk(c, &nk, parent, err);
	if (ret == 0)
		ret = check_values(c, mem, &nk, err);
	if (ret == 0)
		ret = check_subkeys(c, mem, &nk, depth, err);
	talloc_free(mem);
	return ret;
}

int regf_check(struct regf *hive, struct error *err)
{
	size_t bytes = hive->header.length / 64 + 1;
	if (hive->sound)
		return 0;
	struct check *c = talloc_zero(NULL, struct check);
	if (!c)
		return error_memory(err);
	c->hive = hive;
	c->starts = memory_array_zero(c, 1, bytes);
	c->seen = memory_array_zero(c, 1, bytes);
	c->descriptors = memory_array_zero(c, 1, bytes);
	int ret = c->starts && c->seen && c->descriptors ? check_bins(c, err) : error_memory(err);
	if (ret == 0)
		ret = check_key(c, hive->header.root, 0, 1, err);
	hive->sound = ret == 0;
	talloc_free(c);
	return ret;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Values: vk cells, the list that names them, and where their data is. */
#include "nt/regf_internal.h"

#include <string.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"

enum { VK_CELL_LEAST = 24 };

int regf_vk(struct regf *hive, uint32_t pos, struct regf_cell *vk, struct error *err)
{
	int ret = regf_cell(hive, pos, VK_NAME, vk, err);
	if (ret != 0)
		return ret;
	if (memcmp(vk->data, "vk", 2) != 0)
		return regf_broken(hive, pos, N_("A value was expected here."), err);
	if (get16(vk->data + VK_NAME_LEN) > vk->len - VK_NAME)
		return regf_broken(hive, pos, N_("The name of a value is longer than its cell."),
			err);
	return 0;
}

struct regf_name regf_vk_name(const struct regf_cell *vk)
{
	return (struct regf_name){ vk->data + VK_NAME, get16(vk->data + VK_NAME_LEN),
		get16(vk->data + VK_FLAGS) & VK_LATIN1 };
}

void regf_vk_write(uint8_t *vk, const struct regf_name *name)
{
	memcpy(vk, "vk", 2);
	put16(vk + VK_NAME_LEN, (uint32_t)name->len);
	put16(vk + VK_FLAGS, name->latin1 ? VK_LATIN1 : 0);
	memcpy(vk + VK_NAME, name->bytes, name->len);
}

void regf_data_write(uint8_t *file, uint32_t pos, uint32_t cell, const struct reg_data *data)
{
	uint32_t len = (uint32_t)data->len;
	put32(regf_field(file, pos, VK_LEN), len > 4 ? len : len | REGF_INLINE);
	put32(regf_field(file, pos, VK_DATA), cell);
	put32(regf_field(file, pos, VK_TYPE), data->type);
	if (len != 0)
		memcpy(len > 4 ? regf_field(file, cell, 0) : regf_field(file, pos, VK_DATA),
			data->bytes, len);
}

int regf_value_list(struct regf *hive, const struct regf_cell *nk, struct regf_cell *list,
	uint32_t *count, struct error *err)
{
	*list = (struct regf_cell){ 0 };
	*count = get32(nk->data + NK_VALUES);
	if (*count == 0)
		return 0;
	if (*count > hive->header.length / VK_CELL_LEAST)
		return regf_broken(hive, nk->pos,
			N_("A key claims more values than the file could hold."), err);
	int ret = regf_cell(hive, get32(nk->data + NK_VALUE_LIST), 4, list, err);
	if (ret == 0 && *count > list->len / 4)
		ret = regf_broken(hive, list->pos, N_("A list of values is longer than its cell."),
			err);
	return ret;
}

int regf_value_find(struct regf *hive, const struct regf_cell *nk, const struct regf_name *name,
	struct regf_cell *vk, uint32_t *index, struct error *err)
{
	struct regf_cell list;
	uint32_t count;
	int ret = regf_value_list(hive, nk, &list, &count, err);
	for (uint32_t i = 0; ret == 0 && i < count; i++) {
		ret = regf_vk(hive, get32(list.data + 4 * i), vk, err);
		if (ret != 0)
			break;
		struct regf_name this = regf_vk_name(vk);
		if (regf_name_compare(&this, name) == 0) {
			*index = i;
			return 0;
		}
	}
	*vk = (struct regf_cell){ 0 };
	return ret;
}

struct regf_piece regf_piece(const struct regf *hive, const struct regf_place *place, uint32_t done)
{
	uint32_t rest = place->len - done;
	if (place->list == REGF_NIL)
		return (struct regf_piece){ place->pos + done, rest };
	const uint8_t *segments = regf_cell_at(hive, place->list).data;
	return (struct regf_piece){ get32(segments + 4 * (size_t)(done / REGF_DB_SEGMENT)) + 4,
		rest < REGF_DB_SEGMENT ? rest : REGF_DB_SEGMENT };
}

uint32_t regf_place_cell(const struct regf *hive, const struct regf_place *place, uint32_t index)
{
	if (index == 0)
		return place->cell;
	if (index == 1 || place->list == REGF_NIL)
		return place->list;
	uint64_t done = (uint64_t)(index - 2) * REGF_DB_SEGMENT;
	return done < place->len ? regf_piece(hive, place, (uint32_t)done).pos - 4 : REGF_NIL;
}

/* Big data: a db cell names a list of segments, each full but the last. */
static int place_segments(struct regf *hive, const struct regf_cell *db, struct regf_place *place,
	struct error *err)
{
	struct regf_cell list, segment;
	uint32_t n = get16(db->data + 2);
	if (n != (place->len + REGF_DB_SEGMENT - 1) / REGF_DB_SEGMENT)
		return regf_broken(hive, db->pos, N_("A long value has a wrong number of parts."),
			err);
	int ret = regf_cell(hive, get32(db->data + 4), 4 * n, &list, err);
	if (ret != 0)
		return ret;
	place->list = list.pos;
	for (uint32_t i = 0; ret == 0 && i < n; i++) {
		struct regf_piece piece = regf_piece(hive, place, i * REGF_DB_SEGMENT);
		ret = regf_cell(hive, piece.pos - 4, piece.len, &segment, err);
	}
	return ret;
}

int regf_place(struct regf *hive, const struct regf_cell *vk, struct regf_place *place,
	struct error *err)
{
	uint32_t raw = get32(vk->data + VK_LEN);
	struct regf_cell cell;
	*place = (struct regf_place){ raw & ~REGF_INLINE, vk->pos + 4 + VK_DATA, REGF_NIL,
		REGF_NIL };
	if (raw & REGF_INLINE)
		return place->len <= 4
			? 0
			: regf_broken(hive, vk->pos,
				  N_("A value claims more than four bytes in a field of four."),
				  err);
	if (place->len == 0)
		return 0;
	if (place->len > hive->header.length)
		return regf_broken(hive, vk->pos,
			N_("A value claims more data than the file could hold."), err);
	int ret = regf_cell(hive, get32(vk->data + VK_DATA), 4, &cell, err);
	if (ret != 0)
		return ret;
	place->cell = cell.pos;
	place->pos = cell.pos + 4;
	/* A cell that is long enough holds the data itself, even where Windows would have split
	 * it. */
	if (cell.len >= place->len)
		return 0;
	if (hive->header.minor > 3 && place->len > REGF_DB_SEGMENT && cell.len >= 8 &&
		memcmp(cell.data, "db", 2) == 0)
		return place_segments(hive, &cell, place, err);
	return regf_broken(hive, cell.pos, N_("The data of a value is longer than its cell."), err);
}

static int value_read(struct regf *hive, TALLOC_CTX *mem, uint32_t pos, struct reg_value *value,
	struct error *err)
{
	struct regf_cell vk;
	struct regf_place place;
	int ret = regf_vk(hive, pos, &vk, err);
	if (ret == 0)
		ret = regf_place(hive, &vk, &place, err);
	if (ret != 0)
		return ret;
	struct regf_name name = regf_vk_name(&vk);
	value->name = regf_name_text(mem, &name);
	value->data = (struct reg_data){ get32(vk.data + VK_TYPE), memory_array(mem, 1, place.len),
		place.len };
	if (!value->name || !value->data.bytes)
		return error_memory(err);
	for (uint32_t done = 0; done < place.len;) {
		struct regf_piece piece = regf_piece(hive, &place, done);
		memcpy(value->data.bytes + done, hive->image + REGF_BASE + piece.pos, piece.len);
		done += piece.len;
	}
	return 0;
}

/* Reads the values of a list into array. Together they cannot be longer than the file, unless cells
 * are used twice. */
static int values_read(struct regf *hive, const struct regf_cell *list, uint32_t count,
	struct reg_value *array, struct error *err)
{
	uint64_t total = 0;
	for (uint32_t i = 0; i < count; i++) {
		int ret = value_read(hive, array, get32(list->data + 4 * i), &array[i], err);
		if (ret != 0)
			return ret;
		total += array[i].data.len + strlen(array[i].name) / 3;
		if (total > hive->header.length)
			return regf_broken(hive, list->pos,
				N_("The values of a key claim more data than the file could hold."),
				err);
	}
	return 0;
}

int regf_values(struct regf *hive, TALLOC_CTX *mem, regf_key key, struct reg_value **values,
	size_t *count, struct error *err)
{
	struct regf_cell nk, list;
	uint32_t n;
	*values = NULL;
	*count = 0;
	int ret = regf_nk(hive, key, &nk, err);
	if (ret == 0)
		ret = regf_value_list(hive, &nk, &list, &n, err);
	if (ret != 0)
		return ret;
	*values = memory_array_zero(mem, sizeof **values, n);
	ret = *values ? values_read(hive, &list, n, *values, err) : error_memory(err);
	if (ret != 0)
		TALLOC_FREE(*values);
	*count = ret == 0 ? n : 0;
	return ret;
}

int regf_value(struct regf *hive, TALLOC_CTX *mem, regf_key key, const char *name,
	struct reg_value **value, struct error *err)
{
	struct regf_cell nk, vk;
	struct regf_name want;
	uint32_t index;
	TALLOC_CTX *tmp = talloc_new(mem);
	*value = NULL;
	int ret = !tmp ? error_memory(err) : regf_nk(hive, key, &nk, err);
	if (ret == 0)
		ret = regf_name_of(tmp, name, &want, err);
	if (ret == 0)
		ret = regf_value_find(hive, &nk, &want, &vk, &index, err);
	if (ret == 0 && vk.data) {
		*value = talloc_zero(mem, struct reg_value);
		ret = !*value ? error_memory(err) : value_read(hive, *value, vk.pos, *value, err);
	}
	if (ret != 0)
		TALLOC_FREE(*value);
	talloc_free(tmp);
	return ret;
}

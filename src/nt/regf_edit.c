/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Edits one after the other in a copy of the file, which stays sound throughout. New cells go into
 * one new bin at the end; cells that nothing points to any more are marked free, as NT does, so
 * that none leaks. A pointer into the copy is good until the next new cell, so cells are kept by
 * position. */
#include "nt/regf_edit.h"

#include <string.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "nt/regf_internal.h"

enum { SECTOR = 512, GROWN_MOST = 10 << 20, BIN_TIME = 20 };

struct work {
	struct regf hive; /* over the copy */
	uint8_t *file;
	size_t len;
	uint32_t bin, pos; /* the new bin and its next cell; 0 while there is none */
	bool structure;    /* more than data bytes in place */
	bool one_sector;
	regf_key *touched; /* the key of every edit that changed something */
	size_t ntouched;
	struct error *err;
};

/* What a hive cannot hold has nothing to do with room on a disk: the sentence is in err, this is
 * what to do. */
static int too_large(struct error *err)
{
	return error_advise(err, -TROUBLE_CANNOT,
		_("Decide to keep this value (\"keep\"), and change it on the running server with regedt32."));
}

static int growth_fits(const struct regf *hive, uint64_t size, struct error *err)
{
	if (size <= GROWN_MOST)
		return 0;
	error_set(err, TROUBLE_CANNOT,
		_("The registry file %s would grow to %llu bytes. "
		  "Windows NT must load it into the first 16 MB of memory, so this program never makes it larger than 10 MB."),
		hive->name, (unsigned long long)size);
	return too_large(err);
}

/* Makes the bins length bytes long and zeroes what is new: a file may have rubbish after the last
 * bin. */
static int work_extend(struct work *w, uint64_t length)
{
	uint64_t size = REGF_BASE + length;
	int ret = growth_fits(&w->hive, size, w->err);
	if (ret != 0)
		return ret;
	if (size > w->len) {
		uint8_t *file = memory_array_grow(NULL, w->file, 1, (size_t)size);
		if (!file)
			return error_memory(w->err);
		w->file = file;
		w->len = (size_t)size;
	}
	memset(w->file + w->hive.size, 0, (size_t)(size - w->hive.size));
	w->hive.image = w->file;
	w->hive.size = size;
	w->hive.header.length = (uint32_t)length;
	return 0;
}

/* A zeroed cell for len bytes in the new bin. */
static int cell_new(struct work *w, size_t len, uint32_t *out)
{
	uint32_t size = regf_cell_size(len);
	if (w->bin == 0) {
		w->bin = w->hive.header.length;
		w->pos = w->bin + REGF_BIN_HEADER;
	}
	uint64_t end = (uint64_t)w->pos + size,
		 length = (end + REGF_PAGE - 1) / REGF_PAGE * REGF_PAGE;
	int ret = length > w->hive.header.length ? work_extend(w, length) : 0;
	if (ret != 0)
		return ret;
	*out = w->pos;
	put32(regf_at(w->file, w->pos), 0U - size);
	w->pos += size;
	return 0;
}

static void cell_free(struct work *w, uint32_t pos)
{
	put32(regf_at(w->file, pos), 0U - get32(regf_at(w->file, pos)));
}

/* The cells of old data. */
static void place_free(struct work *w, const struct regf_place *place)
{
	uint32_t cell;
	for (uint32_t i = 0; (cell = regf_place_cell(&w->hive, place, i)) != REGF_NIL; i++)
		cell_free(w, cell);
}

static void field_raise(uint8_t *field, size_t value)
{
	if (get32(field) < value)
		put32(field, (uint32_t)value);
}

/* Gives a vk cell its data, up to four bytes inside it, more in a cell of their own. */
static int data_store(struct work *w, uint32_t key, uint32_t vk, const struct reg_data *data)
{
	uint32_t cell = 0, len = (uint32_t)data->len;
	if (data->len > REGF_DATA_MAX ||
		(w->hive.header.minor > 3 && data->len > REGF_DB_SEGMENT)) {
		error_set(w->err, TROUBLE_CANNOT,
			_("A registry value of %zu bytes is too large to be written to %s."),
			data->len, w->hive.name);
		return too_large(w->err);
	}
	int ret = len > 4 ? cell_new(w, len, &cell) : 0;
	if (ret != 0)
		return ret;
	regf_data_write(w->file, vk, cell, data);
	field_raise(regf_field(w->file, key, NK_MAX_VALUE_DATA), len);
	return 0;
}

/* Writes bytes of the same number where the old ones lie. False where they are the same already. */
static bool data_overwrite(struct work *w, const struct regf_place *place,
	const struct reg_data *data)
{
	size_t first = SIZE_MAX, last = 0;
	for (uint32_t done = 0; done < place->len;) {
		struct regf_piece piece = regf_piece(&w->hive, place, done);
		for (uint32_t i = 0; i < piece.len; i++, done++) {
			size_t off = (size_t)REGF_BASE + piece.pos + i;
			if (w->file[off] == data->bytes[done])
				continue;
			w->file[off] = data->bytes[done];
			/* The pieces of a long value may lie in any order. */
			first = off < first ? off : first;
			last = off > last ? off : last;
		}
	}
	if (first > last)
		return false;
	w->one_sector = w->one_sector && first / SECTOR == last / SECTOR;
	return true;
}

static int value_change(struct work *w, uint32_t key, const struct regf_cell *vk,
	const struct reg_data *data, bool *changed)
{
	uint32_t value = vk->pos, old_type = get32(vk->data + VK_TYPE);
	struct regf_place place;
	int ret = regf_place(&w->hive, vk, &place, w->err);
	if (ret != 0)
		return ret;
	if (place.len == data->len) {
		*changed = data_overwrite(w, &place, data);
		if (old_type == data->type)
			return 0;
		put32(regf_field(w->file, value, VK_TYPE), data->type);
	} else {
		ret = data_store(w, key, value, data);
		if (ret != 0)
			return ret;
		place_free(w, &place);
	}
	*changed = w->structure = true;
	return 0;
}

/* The list of values, one longer, in a new cell. The old one is freed. */
static int list_append(struct work *w, uint32_t key, uint32_t value)
{
	size_t count = get32(regf_field(w->file, key, NK_VALUES));
	uint32_t cell, old = get32(regf_field(w->file, key, NK_VALUE_LIST));
	int ret = cell_new(w, 4 * (count + 1), &cell);
	if (ret != 0)
		return ret;
	if (count != 0) {
		memcpy(regf_field(w->file, cell, 0), regf_field(w->file, old, 0), 4 * count);
		cell_free(w, old);
	}
	put32(regf_field(w->file, cell, 4 * count), value);
	put32(regf_field(w->file, key, NK_VALUES), (uint32_t)count + 1);
	put32(regf_field(w->file, key, NK_VALUE_LIST), cell);
	return 0;
}

static int value_add(struct work *w, uint32_t key, const char *text, const struct reg_data *data)
{
	struct regf_name name;
	uint32_t vk;
	TALLOC_CTX *mem = talloc_new(NULL);
	int ret = regf_name_stored(mem, text, REGF_VALUE_NAME_MAX, &name, w->err);
	if (ret == 0)
		ret = cell_new(w, VK_NAME + name.len, &vk);
	if (ret == 0) {
		regf_vk_write(regf_field(w->file, vk, 0), &name);
		field_raise(regf_field(w->file, key, NK_MAX_VALUE_NAME),
			2 * regf_name_units(&name));
		ret = data_store(w, key, vk, data);
	}
	if (ret == 0)
		ret = list_append(w, key, vk);
	talloc_free(mem);
	return ret;
}

/* Takes entry index out of the list, which stays where it is. */
static void list_remove(struct work *w, uint32_t key, size_t index)
{
	size_t rest = get32(regf_field(w->file, key, NK_VALUES)) - 1;
	uint32_t list = get32(regf_field(w->file, key, NK_VALUE_LIST));
	put32(regf_field(w->file, key, NK_VALUES), (uint32_t)rest);
	if (rest == 0) {
		put32(regf_field(w->file, key, NK_VALUE_LIST), REGF_NIL);
		cell_free(w, list);
		return;
	}
	memmove(regf_field(w->file, list, 4 * index), regf_field(w->file, list, 4 * index + 4),
		4 * (rest - index));
	put32(regf_field(w->file, list, 4 * rest), 0);
}

static int value_remove(struct work *w, uint32_t key, const struct regf_cell *vk, uint32_t index)
{
	struct regf_place place;
	int ret = regf_place(&w->hive, vk, &place, w->err);
	if (ret != 0)
		return ret;
	list_remove(w, key, index);
	place_free(w, &place);
	cell_free(w, vk->pos);
	return 0;
}

/* The key of an edit, and its value: vk->data is NULL where there is none yet. */
static int edit_find(struct work *w, const struct reg_edit *edit, regf_key *key,
	struct regf_cell *vk, uint32_t *index)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	struct regf_name name;
	int ret = regf_find(&w->hive, edit->key, key, w->err);
	if (ret == 0 && *key == 0)
		ret = error_set(w->err, TROUBLE_NOT_THERE, _("The registry file %s has no key %s."),
			w->hive.name, edit->key);
	if (ret == 0)
		ret = regf_name_of(mem, edit->value, &name, w->err);
	if (ret == 0) {
		struct regf_cell nk = regf_cell_at(&w->hive, *key);
		ret = regf_value_find(&w->hive, &nk, &name, vk, index, w->err);
	}
	talloc_free(mem);
	return ret;
}

static int edit_apply(struct work *w, const struct reg_edit *edit)
{
	regf_key key;
	struct regf_cell vk;
	uint32_t index;
	bool changed = true;
	int ret = edit_find(w, edit, &key, &vk, &index);
	if (ret != 0 || (!vk.data && !edit->data))
		return ret;
	if (vk.data && edit->data) {
		ret = value_change(w, key, &vk, edit->data, &changed);
	} else {
		w->structure = true;
		ret = edit->data ? value_add(w, key, edit->value, edit->data)
				 : value_remove(w, key, &vk, index);
	}
	if (ret == 0 && changed)
		w->touched[w->ntouched++] = key;
	return ret;
}

void regf_touch(uint8_t *file, uint64_t now)
{
	put32(file + 4, get32(file + 4) + 1);
	put32(file + 8, get32(file + 4));
	put64(file + 12, now);
	put64(file + REGF_BASE + BIN_TIME, now);
	put32(file + 508, regf_checksum(file));
}

/* The new bin's header with its rest as a free cell, and all that a write moves on. */
static void work_finish(struct work *w, uint64_t now)
{
	uint32_t end = w->hive.header.length;
	if (w->bin != 0) {
		memcpy(regf_at(w->file, w->bin), "hbin", 4);
		put32(regf_at(w->file, w->bin + 4), w->bin);
		put32(regf_at(w->file, w->bin + 8), end - w->bin);
		if (w->pos < end)
			put32(regf_at(w->file, w->pos), end - w->pos);
	}
	if (!w->structure)
		return;
	for (size_t i = 0; i < w->ntouched; i++)
		put64(regf_field(w->file, w->touched[i], NK_TIME), now);
	put32(w->file + 40, end);
	regf_touch(w->file, now);
}

/* The bytes must be the ones the hive was opened over, or read from. */
static int work_begin(struct work *w, struct regf *hive, const uint8_t *bytes, size_t len,
	size_t count)
{
	int ret = regf_check(hive, w->err);
	if (ret != 0)
		return ret;
	if (len < hive->size ||
		(bytes != hive->image && memcmp(bytes, hive->image, (size_t)hive->size) != 0))
		return error_set(w->err, TROUBLE_HIVE_CHANGING,
			_("The registry file %s changed while it was read."), hive->name);
	w->file = memory_array(NULL, 1, len);
	w->touched = !w->file ? NULL : memory_array(w->file, sizeof *w->touched, count);
	if (!w->touched)
		return error_memory(w->err);
	memcpy(w->file, bytes, len);
	w->len = len;
	w->one_sector = true;
	w->hive = *hive;
	w->hive.source = NULL;
	w->hive.image = w->file;
	return 0;
}

int regf_edit(TALLOC_CTX *mem, struct regf *hive, const uint8_t *bytes, size_t len,
	const struct reg_edit *edits, size_t count, uint64_t now, struct regf_edited *edited,
	struct error *err)
{
	struct work w = { .err = err };
	*edited = (struct regf_edited){ 0 };
	int ret = work_begin(&w, hive, bytes, len, count);
	for (size_t i = 0; ret == 0 && i < count; i++)
		ret = edit_apply(&w, &edits[i]);
	if (ret == 0) {
		work_finish(&w, now);
		*edited = (struct regf_edited){ .bytes = talloc_steal(mem, w.file),
			.len = w.len,
			.changed = w.ntouched,
			.same_length = !w.structure,
			.one_sector_each = !w.structure && w.one_sector };
	}
	talloc_free(ret == 0 ? (void *)w.touched : w.file);
	return ret;
}

int regf_weigh(struct regf *hive, const struct reg_edit *edits, size_t count, uint64_t *grows,
	struct error *err)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	struct regf_edited edited;
	int ret = regf_check(hive, err);
	if (ret == 0)
		ret = regf_edit(mem, hive, hive->image, (size_t)hive->size, edits, count, 0,
			&edited, err);
	talloc_free(mem);
	if (ret != 0 || edited.len == hive->size)
		return ret;
	*grows += edited.len - hive->size;
	return growth_fits(hive, hive->size + *grows, err);
}

/* Which sectors of two images differ: neighbours are one run. */
struct regf_run *regf_runs(TALLOC_CTX *mem, const uint8_t *before, const uint8_t *after, size_t len,
	size_t *count)
{
	struct regf_run *runs = memory_array(mem, sizeof *runs, 1);
	*count = 0;
	for (size_t off = 0; runs && off < len; off += SECTOR) {
		size_t n = len - off < SECTOR ? len - off : SECTOR;
		if (memcmp(before + off, after + off, n) == 0)
			continue;
		if (*count == 0 || runs[*count - 1].off + runs[*count - 1].len != off) {
			if (!memory_more(mem, &runs, *count, sizeof *runs)) {
				talloc_free(runs);
				return NULL;
			}
			runs[(*count)++].off = off;
		}
		runs[*count - 1].len += n;
	}
	return runs;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Edits one after the other in a copy of the file, through the same reader that reads hives. New cells go into
 * one new bin at the end; cells that nothing points to any more are marked free, as NT does, so that none leaks.
 * A pointer into the copy is good until the next new cell. */
#include "nt/regf_edit.h"

#include <string.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "nt/regf_internal.h"

enum { SECTOR = 512, GROWN_MOST = 10 << 20, HEADROOM = 1 << 16, BIN_TIME = 20 };

struct work {
	struct regf hive; /* over the copy */
	uint8_t *file;
	size_t len, room;  /* of the file: as long as it is, as long as it may become */
	uint32_t bin, pos; /* the new bin and its next cell; 0 while there is none */
	bool structure;	   /* more than data bytes in place */
	bool one_sector;
	regf_key *touched; /* the key of every edit that changed something */
	size_t ntouched;
	struct error *err;
};

static uint8_t *at(const struct work *w, uint32_t pos)
{
	return w->file + REGF_BASE + pos;
}

/* What a hive cannot hold has nothing to do with room on a disk. */
static const char *regf_limit_advice(void)
{
	return _("Decide to keep this value (\"keep\"), and change it on the running server with regedt32.");
}

static uint32_t cell_size(size_t len)
{
	return ((uint32_t)len + 4 + 7) / 8 * 8;
}

static uint64_t page_end(uint64_t pos)
{
	return (pos + REGF_PAGE - 1) / REGF_PAGE * REGF_PAGE;
}

/* Makes the bins length bytes long and zeroes what is new: a file may have rubbish after the last bin. */
static int work_extend(struct work *w, uint64_t length)
{
	if (length >= REGF_INLINE)
		return error_advise(w->err, error_set(w->err, TROUBLE_CANNOT, _("The registry file %s would grow beyond 2 GiB."),
						      w->hive.name),
				    regf_limit_advice());
	size_t size = (size_t)(REGF_BASE + length);
	if (size > w->room) {
		uint8_t *file = memory_array_grow(NULL, w->file, 1, size + HEADROOM);
		if (file == NULL)
			return error_memory(w->err);
		w->file = file;
		w->room = size + HEADROOM;
	}
	memset(w->file + w->hive.size, 0, size - (size_t)w->hive.size);
	w->hive.image = w->file;
	w->hive.size = size;
	w->hive.header.length = (uint32_t)length;
	w->len = size > w->len ? size : w->len;
	return 0;
}

/* A zeroed cell for len bytes in the new bin. */
static int cell_new(struct work *w, size_t len, uint32_t *out)
{
	uint32_t size = cell_size(len);
	if (w->bin == 0) {
		w->bin = w->hive.header.length;
		w->pos = w->bin + REGF_BIN_HEADER;
	}
	uint64_t length = page_end((uint64_t)w->pos + size);
	if (length > w->hive.header.length) {
		int ret = work_extend(w, length);
		if (ret != 0)
			return ret;
	}
	*out = w->pos;
	put32(at(w, w->pos), 0U - size);
	w->pos += size;
	return 0;
}

static void cell_free(struct work *w, uint32_t pos)
{
	put32(at(w, pos), 0U - get32(at(w, pos)));
}

/* Cuts a cell to len bytes; the rest becomes a free cell. */
static void cell_cut(struct work *w, uint32_t pos, size_t len)
{
	uint32_t old = 0U - get32(at(w, pos)), size = cell_size(len);
	if (size >= old)
		return;
	put32(at(w, pos), 0U - size);
	put32(at(w, pos + size), old - size);
}

static void field_raise(uint8_t *field, size_t value)
{
	if (get32(field) < value)
		put32(field, (uint32_t)value);
}

static int data_fits(const struct regf *hive, const struct reg_data *data, struct error *err)
{
	if (data->len <= REGF_DATA_MAX && (hive->header.minor <= 3 || data->len <= REGF_DB_SEGMENT))
		return 0;
	return error_advise(err, error_set(err, TROUBLE_CANNOT,
					   _("A registry value of %zu bytes is too large to be written to %s."), data->len,
					   hive->name),
			    regf_limit_advice());
}

/* Gives a vk cell its data, up to four bytes inside it, more in a cell of their own. */
static int data_store(struct work *w, uint32_t vk, const struct reg_data *data)
{
	uint32_t cell = 0, len = (uint32_t)data->len;
	int ret = data_fits(&w->hive, data, w->err);
	if (ret != 0)
		return ret;
	if (len > 4) {
		ret = cell_new(w, len, &cell);
		if (ret != 0)
			return ret;
		memcpy(at(w, cell) + 4, data->bytes, len);
	}
	uint8_t *p = at(w, vk) + 4;
	put32(p + VK_LEN, len > 4 ? len : len | REGF_INLINE);
	put32(p + VK_DATA, cell);
	put32(p + VK_TYPE, data->type);
	if (len > 0 && len <= 4)
		memcpy(p + VK_DATA, data->bytes, len);
	return 0;
}

/* Writes bytes of the same number where the old ones lie; first and last are the file offsets of what differed. */
static bool data_overwrite(struct work *w, const struct regf_place *place, const struct reg_data *data, size_t *first,
			   size_t *last)
{
	const uint8_t *from = data->bytes;
	bool differs = false;
	for (size_t i = 0; i < place->npieces; i++) {
		for (uint32_t j = 0; j < place->pieces[i].len; j++, from++) {
			size_t off = (size_t)REGF_BASE + place->pieces[i].pos + j;
			if (w->file[off] == *from)
				continue;
			w->file[off] = *from;
			/* The pieces of a long value may lie in any order. */
			*first = differs && *first < off ? *first : off;
			*last = differs && *last > off ? *last : off;
			differs = true;
		}
	}
	return differs;
}

static int value_change(struct work *w, const struct regf_cell *nk, const struct regf_cell *vk,
			const struct reg_data *data, bool *changed)
{
	uint32_t key = nk->pos, value = vk->pos, old_type = get32(vk->data + VK_TYPE);
	size_t first = 0, last = 0;
	struct regf_place place;
	TALLOC_CTX *mem = talloc_new(NULL);
	int ret = mem == NULL ? error_memory(w->err) : regf_place(&w->hive, mem, vk, &place, w->err);
	if (ret == 0 && place.len == data->len) {
		*changed = data_overwrite(w, &place, data, &first, &last);
		w->one_sector = w->one_sector && first / SECTOR == last / SECTOR;
		if (old_type != data->type) {
			put32(at(w, value) + 4 + VK_TYPE, data->type);
			*changed = w->structure = true;
		}
	} else if (ret == 0) {
		ret = data_store(w, value, data);
		for (size_t i = 0; ret == 0 && i < place.ncells; i++)
			cell_free(w, place.cells[i]);
		if (ret == 0)
			field_raise(at(w, key) + 4 + NK_MAX_VALUE_DATA, data->len);
		*changed = w->structure = true;
	}
	talloc_free(mem);
	return ret;
}

/* The list of values, one longer, in a new cell. The old one is freed. */
static int list_append(struct work *w, uint32_t key, uint32_t value)
{
	struct regf_cell nk, list;
	uint32_t count, cell, old;
	int ret = regf_nk(&w->hive, key, &nk, w->err);
	if (ret == 0)
		ret = regf_value_list(&w->hive, &nk, &list, &count, w->err);
	if (ret != 0)
		return ret;
	old = list.pos;
	ret = cell_new(w, 4 * ((size_t)count + 1), &cell);
	if (ret != 0)
		return ret;
	if (count != 0) {
		memcpy(at(w, cell) + 4, at(w, old) + 4, 4 * (size_t)count);
		cell_free(w, old);
	}
	put32(at(w, cell) + 4 + 4 * (size_t)count, value);
	put32(at(w, key) + 4 + NK_VALUES, count + 1);
	put32(at(w, key) + 4 + NK_VALUE_LIST, cell);
	return 0;
}

static int value_add(struct work *w, uint32_t key, const char *text, const struct reg_data *data)
{
	struct regf_name name;
	uint32_t vk;
	TALLOC_CTX *mem = talloc_new(NULL);
	int ret = mem == NULL ? error_memory(w->err) : regf_name_stored(mem, text, REGF_VALUE_NAME_MAX, &name, w->err);
	if (ret == 0)
		ret = cell_new(w, VK_NAME + name.len, &vk);
	if (ret == 0) {
		regf_vk_write(at(w, vk) + 4, &name, data->type);
		ret = data_store(w, vk, data);
	}
	if (ret == 0)
		ret = list_append(w, key, vk);
	if (ret == 0) {
		field_raise(at(w, key) + 4 + NK_MAX_VALUE_NAME, 2 * regf_name_units(&name));
		field_raise(at(w, key) + 4 + NK_MAX_VALUE_DATA, data->len);
	}
	talloc_free(mem);
	return ret;
}

/* Takes entry index out of the list, which stays where it is. */
static int list_remove(struct work *w, const struct regf_cell *nk, uint32_t index)
{
	struct regf_cell list;
	uint32_t count;
	int ret = regf_value_list(&w->hive, nk, &list, &count, w->err);
	if (ret != 0)
		return ret;
	uint8_t *entries = at(w, list.pos) + 4, *key = at(w, nk->pos) + 4;
	put32(key + NK_VALUES, count - 1);
	if (count == 1) {
		put32(key + NK_VALUE_LIST, REGF_NIL);
		cell_free(w, list.pos);
		return 0;
	}
	memmove(entries + 4 * (size_t)index, entries + 4 * (size_t)index + 4, 4 * (size_t)(count - 1 - index));
	put32(entries + 4 * (size_t)(count - 1), 0);
	cell_cut(w, list.pos, 4 * (size_t)(count - 1));
	return 0;
}

static int value_remove(struct work *w, const struct regf_cell *nk, const struct regf_cell *vk, uint32_t index)
{
	struct regf_place place;
	TALLOC_CTX *mem = talloc_new(NULL);
	int ret = mem == NULL ? error_memory(w->err) : regf_place(&w->hive, mem, vk, &place, w->err);
	if (ret == 0)
		ret = list_remove(w, nk, index);
	for (size_t i = 0; ret == 0 && i < place.ncells; i++)
		cell_free(w, place.cells[i]);
	if (ret == 0)
		cell_free(w, vk->pos);
	talloc_free(mem);
	return ret;
}

/* The key of an edit, and its value: vk->data is NULL where there is none yet. */
static int edit_find(struct regf *hive, const struct regf_edit *edit, struct regf_cell *nk, struct regf_cell *vk,
		     uint32_t *index, struct error *err)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	struct regf_name name;
	regf_key key = 0;
	int ret = mem == NULL ? error_memory(err) : regf_find(hive, edit->key, &key, err);
	if (ret == 0 && key == 0)
		ret = error_set(err, TROUBLE_NOT_THERE, _("The registry file %s has no key %s."), hive->name,
				text_shown(mem, edit->key));
	if (ret == 0)
		ret = regf_nk(hive, key, nk, err);
	if (ret == 0)
		ret = regf_name_of(mem, edit->value, &name, err);
	if (ret == 0)
		ret = regf_value_find(hive, nk, &name, vk, index, err);
	talloc_free(mem);
	return ret;
}

static int edit_value(struct work *w, const struct regf_edit *edit, struct regf_cell *nk, bool *changed)
{
	struct regf_cell vk;
	uint32_t index;
	int ret = edit_find(&w->hive, edit, nk, &vk, &index, w->err);
	if (ret != 0)
		return ret;
	if (vk.data != NULL && edit->data != NULL)
		return value_change(w, nk, &vk, edit->data, changed);
	*changed = vk.data != NULL || edit->data != NULL;
	w->structure = w->structure || *changed;
	if (edit->data != NULL)
		return value_add(w, nk->pos, edit->value, edit->data);
	return vk.data != NULL ? value_remove(w, nk, &vk, index) : 0;
}

static int edit_apply(struct work *w, const struct regf_edit *edit)
{
	struct regf_cell nk;
	bool changed = false;
	int ret = edit_value(w, edit, &nk, &changed);
	if (ret == 0 && changed)
		w->touched[w->ntouched++] = nk.pos;
	return ret;
}

/* The new bin's header, and its rest as a free cell. */
static void bin_finish(struct work *w)
{
	uint32_t end = w->hive.header.length;
	uint8_t *p = at(w, w->bin);
	memcpy(p, "hbin", 4);
	put32(p + 4, w->bin);
	put32(p + 8, end - w->bin);
	if (w->pos < end)
		put32(at(w, w->pos), end - w->pos);
}

void regf_touch(uint8_t *file, uint64_t now)
{
	put32(file + 4, get32(file + 4) + 1);
	put32(file + 8, get32(file + 4));
	put64(file + 12, now);
	put64(file + REGF_BASE + BIN_TIME, now);
	put32(file + 508, regf_checksum(file));
}

static void header_finish(struct work *w, uint64_t now)
{
	for (size_t i = 0; i < w->ntouched; i++)
		put64(at(w, w->touched[i]) + 4 + NK_TIME, now);
	put32(w->file + 40, w->hive.header.length);
	regf_touch(w->file, now);
}

static int growth_fits(const struct regf *hive, uint64_t size, struct error *err)
{
	if (size <= GROWN_MOST)
		return 0;
	return error_advise(err, error_set(err, TROUBLE_CANNOT,
					   _("The registry file %s would grow to %llu bytes. "
					     "Windows NT must load it into the first 16 MB of memory, so this program never makes it larger than 10 MB."),
					   hive->name, (unsigned long long)size),
			    regf_limit_advice());
}

static int work_finish(struct work *w, uint64_t now)
{
	int ret = w->bin != 0 ? growth_fits(&w->hive, w->hive.size, w->err) : 0;
	if (ret != 0)
		return ret;
	if (w->bin != 0)
		bin_finish(w);
	if (w->structure)
		header_finish(w, now);
	return 0;
}

/* The bytes must be the ones the hive was opened over, or read from. */
static int work_begin(struct work *w, const struct regf *hive, const uint8_t *bytes, size_t len, size_t count)
{
	struct regf_header header;
	if (len < hive->size || !regf_header_read(bytes, len, &header) || header.checksum != hive->header.checksum ||
	    memcmp(bytes, hive->image, SECTOR) != 0)
		return error_set(w->err, TROUBLE_HIVE_CHANGING, _("The registry file %s changed while it was read."),
				 hive->name);
	w->room = len + HEADROOM;
	w->file = memory_array(NULL, 1, w->room);
	w->touched = w->file == NULL ? NULL : memory_array(w->file, sizeof *w->touched, count);
	if (w->touched == NULL)
		return error_memory(w->err);
	memcpy(w->file, bytes, len);
	w->len = len;
	w->one_sector = true;
	w->hive = (struct regf){ .name = hive->name, .header = hive->header, .image = w->file, .size = hive->size };
	return 0;
}

int regf_edit(TALLOC_CTX *mem, struct regf *hive, const uint8_t *bytes, size_t len, const struct regf_edit *edits,
	      size_t count, uint64_t now, struct regf_edited *edited, struct error *err)
{
	struct work w = { .err = err };
	*edited = (struct regf_edited){ 0 };
	int ret = work_begin(&w, hive, bytes, len, count);
	for (size_t i = 0; ret == 0 && i < count; i++)
		ret = edit_apply(&w, &edits[i]);
	if (ret == 0)
		ret = work_finish(&w, now);
	if (ret == 0)
		*edited = (struct regf_edited){ .bytes = talloc_steal(mem, w.file),
						.len = w.len,
						.changed = w.ntouched,
						.same_length = !w.structure,
						.one_sector_each = !w.structure && w.one_sector };
	talloc_free(ret == 0 ? (void *)w.touched : w.file);
	return ret;
}

/* The new cells an edit needs, as edit_value makes them; before: values that other edits may add to its key's list. */
static int edit_weigh(struct regf *hive, const struct regf_edit *edit, size_t before, uint64_t *need, struct error *err)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	struct regf_place place = { .len = UINT32_MAX };
	struct regf_name name;
	struct regf_cell nk, vk;
	uint32_t index;
	int ret = mem == NULL ? error_memory(err) : edit_find(hive, edit, &nk, &vk, &index, err);
	if (ret == 0 && edit->data != NULL && vk.data != NULL)
		ret = regf_place(hive, mem, &vk, &place, err);
	if (ret == 0 && edit->data != NULL && place.len != edit->data->len) {
		ret = data_fits(hive, edit->data, err);
		*need += edit->data->len > 4 ? cell_size(edit->data->len) : 0;
		if (ret == 0 && vk.data == NULL)
			ret = regf_name_stored(mem, edit->value, REGF_VALUE_NAME_MAX, &name, err);
		if (ret == 0 && vk.data == NULL)
			*need += cell_size(VK_NAME + name.len) + cell_size(4 * (get32(nk.data + NK_VALUES) + before + 1));
	}
	talloc_free(mem);
	return ret;
}

int regf_weigh(struct regf *hive, const struct regf_edit *edits, size_t count, uint64_t *grows, struct error *err)
{
	uint64_t need = 0;
	int ret = 0;
	for (size_t i = 0; ret == 0 && i < count; i++)
		ret = edit_weigh(hive, &edits[i], i, &need, err);
	if (ret != 0 || need == 0)
		return ret;
	*grows += page_end(REGF_BIN_HEADER + need);
	return growth_fits(hive, hive->size + *grows, err);
}

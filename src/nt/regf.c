/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A hive's header, its gate, and the one way to its bytes. */
#include "nt/regf_internal.h"

#include <string.h>

#include "base/i18n.h"
#include "base/memory.h"

enum { CHUNK = 32768 };

/* The file behind a hive. buffer is as long as the image; memory that nobody touched costs nothing,
 * so only what was read does. */
struct regf_source {
	regf_read_fn *read;
	void *arg;
	uint8_t *buffer;
	uint8_t *have; /* a bit per chunk of the bins */
};

int regf_broken(const struct regf *hive, uint32_t pos, const char *what, struct error *err)
{
	return error_set(err, TROUBLE_HIVE_BROKEN,
		_("The registry file %s is damaged at byte %llu. %s"), hive->name,
		(unsigned long long)REGF_BASE + pos, _(what));
}

/* Makes len bytes of the bins present. */
static int bytes_at(struct regf *hive, uint32_t pos, uint32_t len, struct error *err)
{
	struct regf_source *source = hive->source;
	int ret = 0;
	for (uint64_t i = pos / CHUNK; source && ret == 0 && i * CHUNK < (uint64_t)pos + len; i++) {
		uint64_t off = REGF_BASE + i * CHUNK, rest = hive->size - off;
		if (bits_get(source->have, i))
			continue;
		ret = source->read(source->arg, off, source->buffer + off,
			(size_t)(rest < CHUNK ? rest : CHUNK), err);
		if (ret == 0)
			bits_set(source->have, i);
	}
	return ret;
}

int regf_bytes_all(struct regf *hive, struct error *err)
{
	int ret = bytes_at(hive, 0, hive->header.length, err);

	/* Nothing is left to be asked for; the buffer lives as long as the hive. */
	if (ret == 0)
		hive->source = NULL;
	return ret;
}

int regf_cell(struct regf *hive, uint32_t pos, uint32_t min, struct regf_cell *cell,
	struct error *err)
{
	uint32_t length = hive->header.length;
	if (pos % 8 != 0 || pos < REGF_BIN_HEADER || pos >= length)
		return regf_broken(hive, pos,
			N_("An offset points to a place where no cell can be."), err);
	int ret = bytes_at(hive, pos, 4, err);
	if (ret != 0)
		return ret;
	uint32_t raw = get32(hive->image + REGF_BASE + pos), size = 0U - raw;
	if (!(raw & 0x80000000U))
		return regf_broken(hive, pos, N_("A cell that is in use is marked as free."), err);
	if (size % 8 != 0 || size > length - pos)
		return regf_broken(hive, pos, N_("A cell has an impossible size."), err);
	if (size - 4 < min)
		return regf_broken(hive, pos, N_("A cell is too small for what it should hold."),
			err);
	*cell = regf_cell_at(hive, pos);
	return bytes_at(hive, pos, size, err);
}

int regf_nk(struct regf *hive, regf_key key, struct regf_cell *nk, struct error *err)
{
	int ret = regf_cell(hive, key, NK_NAME, nk, err);
	if (ret != 0)
		return ret;
	if (memcmp(nk->data, "nk", 2) != 0)
		return regf_broken(hive, key, N_("A key was expected here."), err);
	if (get16(nk->data + NK_NAME_LEN) > nk->len - NK_NAME)
		return regf_broken(hive, key, N_("The name of a key is longer than its cell."),
			err);
	return 0;
}

uint32_t regf_checksum(const uint8_t *base_block)
{
	uint32_t sum = 0;
	for (int i = 0; i < 127; i++)
		sum ^= get32(base_block + 4 * i);
	if (sum == 0)
		return 1;
	return sum == 0xffffffffU ? 0xfffffffeU : sum;
}

bool regf_header_read(const uint8_t *bytes, size_t len, struct regf_header *header)
{
	if (len < 512 || memcmp(bytes, "regf", 4) != 0)
		return false;
	*header = (struct regf_header){ .sequence1 = get32(bytes + 4),
		.sequence2 = get32(bytes + 8),
		.timestamp = get64(bytes + 12),
		.major = get32(bytes + 20),
		.minor = get32(bytes + 24),
		.type = get32(bytes + 28),
		.root = get32(bytes + 36),
		.length = get32(bytes + 40),
		.checksum = get32(bytes + 508) };
	return true;
}

/* Is it a hive at all, whole, and of a kind that may be read here? */
static int gate_kind(struct regf *hive, size_t len, struct error *err)
{
	const struct regf_header *h = &hive->header;
	const uint8_t *block = hive->image;
	if (len < 4 || memcmp(block, "regf", 4) != 0)
		return error_set(err, TROUBLE_NOT_A_HIVE,
			_("%s is not a registry file: its signature is missing."), hive->name);
	if (len < REGF_BASE || !regf_header_read(block, len, &hive->header))
		return error_set(err, TROUBLE_HIVE_TRUNCATED,
			_("The registry file %s ends inside its own header."), hive->name);
	if (h->checksum != regf_checksum(block))
		return error_set(err, TROUBLE_HIVE_CHECKSUM,
			_("The header of the registry file %s is damaged: its checksum is 0x%08x and should "
			  "be 0x%08x."),
			hive->name, h->checksum, regf_checksum(block));
	if (h->type != 0)
		return error_set(err, TROUBLE_NOT_A_HIVE,
			_("%s is a log of a registry file (type %u), not the registry file itself."),
			hive->name, h->type);
	if (h->major == 1 && h->minor < 3)
		return error_set(err, TROUBLE_TOO_OLD,
			_("The registry file %s has the format 1.%u of Windows NT 3.51 or older, which this "
			  "program does not touch."),
			hive->name, h->minor);
	if (h->major != 1 || (h->minor != 3 && h->minor != 5))
		return error_set(err, TROUBLE_NOT_A_HIVE,
			_("The registry file %s has the format %u.%u, which Windows NT 4.0, 2000 and 2003 do not write."),
			hive->name, h->major, h->minor);
	return 0;
}

/* Is it at rest and all there? */
static int gate_state(const struct regf *hive, uint64_t size, struct error *err)
{
	const struct regf_header *h = &hive->header;
	if (h->sequence1 != h->sequence2)
		return error_set(err, TROUBLE_HIVE_DIRTY,
			_("The registry file %s was not closed cleanly: Windows began write number %u and "
			  "finished number %u."),
			hive->name, h->sequence1, h->sequence2);
	if (h->length > size - REGF_BASE)
		return error_set(err, TROUBLE_HIVE_TRUNCATED,
			_("The registry file %s is cut short: it should have at least %llu bytes and has %llu."),
			hive->name, (unsigned long long)h->length + REGF_BASE,
			(unsigned long long)size);
	if (h->length == 0 || h->length % REGF_PAGE != 0 || h->length >= REGF_INLINE)
		return error_set(err, TROUBLE_HIVE_BROKEN,
			_("The header of the registry file %s gives an impossible length, %u."),
			hive->name, h->length);
	return 0;
}

static struct regf *hive_new(TALLOC_CTX *mem, const char *name, const uint8_t *image)
{
	struct regf *hive = talloc_zero(mem, struct regf);
	if (!hive)
		return NULL;
	hive->image = image;
	hive->name = talloc_strdup(hive, name);
	if (!hive->name)
		TALLOC_FREE(hive);
	return hive;
}

/* Passes the header: of the image only the first 4096 bytes need be there, or what the file has of
 * them. */
static int gate(struct regf *hive, uint64_t size, struct error *err)
{
	int ret = gate_kind(hive, size < REGF_BASE ? (size_t)size : REGF_BASE, err);
	if (ret == 0)
		ret = gate_state(hive, size, err);
	hive->size = (uint64_t)REGF_BASE + hive->header.length;
	return ret;
}

/* Only now that the header's length is known to be the file's does it cost memory. */
static int source_open(struct regf *hive, regf_read_fn *read, void *arg, struct error *err)
{
	struct regf_source *source = hive->source = talloc(hive, struct regf_source);
	if (!source)
		return error_memory(err);
	*source = (struct regf_source){ read, arg, memory_array(source, 1, (size_t)hive->size),
		memory_array_zero(source, 1, hive->header.length / CHUNK / 8 + 1) };
	if (!source->buffer || !source->have)
		return error_memory(err);
	memcpy(source->buffer, hive->image, REGF_BASE);
	hive->image = source->buffer;
	return 0;
}

/* The last part of either way to open: the root, and the hive given away or freed. */
static int open_end(struct regf *hive, int ret, struct regf **out, struct error *err)
{
	struct regf_cell root;
	if (ret == 0)
		ret = regf_nk(hive, hive->header.root, &root, err);
	if (ret != 0)
		TALLOC_FREE(hive);
	*out = hive;
	return ret;
}

int regf_open(TALLOC_CTX *mem, const char *name, uint64_t size, regf_read_fn *read, void *arg,
	struct regf **out, struct error *err)
{
	uint8_t block[REGF_BASE] = { 0 };
	struct regf *hive = hive_new(mem, name, block);
	*out = NULL;
	if (!hive)
		return error_memory(err);
	int ret = read(arg, 0, block, size < REGF_BASE ? (size_t)size : REGF_BASE, err);
	if (ret == 0)
		ret = gate(hive, size, err);
	if (ret == 0)
		ret = source_open(hive, read, arg, err);
	return open_end(hive, ret, out, err);
}

int regf_open_bytes(TALLOC_CTX *mem, const char *name, const uint8_t *bytes, size_t len,
	struct regf **out, struct error *err)
{
	struct regf *hive = hive_new(mem, name, bytes);
	*out = NULL;
	if (!hive)
		return error_memory(err);
	return open_end(hive, gate(hive, len, err), out, err);
}

regf_key regf_root(const struct regf *hive)
{
	return hive->header.root;
}

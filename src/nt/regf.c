/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A hive's header, its gate, and the one way to its bytes. */
#include "nt/regf_internal.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/i18n.h"
#include "base/text.h"

enum { CHUNK = 4096, READ_AT_ONCE = 1 << 20, AHEAD_MOST = 16, LARGE_PAGE = 2 << 20 };

/* The file behind a hive. buffer is as long as the image; memory nobody touched costs nothing, so only what was read
 * does. */
struct regf_source {
	regf_read_fn *read;
	void *arg;
	uint8_t *buffer;
	uint8_t *have; /* a bit per chunk */
	uint64_t next; /* the chunk behind what was read last */
	uint64_t ahead; /* so many chunks are read at once when the reader goes on there */
};

static int source_free(struct regf_source *source)
{
	free(source->buffer);
	free(source->have);
	return 0;
}

int regf_broken(const struct regf *hive, uint32_t pos, const char *what, struct error *err)
{
	return error_set(err, TROUBLE_HIVE_BROKEN, _("The registry file %s is damaged at byte %llu. %s"), hive->name,
			 (unsigned long long)REGF_BASE + pos, what);
}

/* The chunk behind those from first on that are to be read at once: up to last those that are missing; behind it, where
 * the reader goes on from what was read last, twice as many each time. */
static uint64_t source_end(struct regf *hive, uint64_t first, uint64_t last)
{
	struct regf_source *source = hive->source;
	uint64_t chunks = (hive->size + CHUNK - 1) / CHUNK, most = READ_AT_ONCE / CHUNK, end = first + 1;
	source->ahead = first != source->next ? 1 : source->ahead < AHEAD_MOST ? source->ahead * 2 : AHEAD_MOST;
	if (last < first + source->ahead - 1)
		last = first + source->ahead - 1;
	while (end < chunks && end <= last && end - first < most && !bits_get(source->have, end))
		end++;
	source->next = end;
	return end;
}

/* Reads the chunks [first, last] that are missing, neighbours together. */
static int source_fill(struct regf *hive, uint64_t first, uint64_t last, struct error *err)
{
	struct regf_source *source = hive->source;
	while (first <= last) {
		if (bits_get(source->have, first)) {
			first++;
			continue;
		}
		uint64_t end = source_end(hive, first, last);
		uint64_t off = first * CHUNK, len = end * CHUNK - off;
		if (len > hive->size - off)
			len = hive->size - off;
		int ret = source->read(source->arg, off, source->buffer + off, (size_t)len, err);
		if (ret != 0)
			return ret;
		for (; first < end; first++)
			bits_set(source->have, first);
	}
	return 0;
}

static int bytes_at(struct regf *hive, uint64_t off, uint64_t len, const uint8_t **bytes, struct error *err)
{
	*bytes = hive->image + off;
	if (hive->source == NULL || len == 0)
		return 0;
	uint64_t first = off / CHUNK, last = (off + len - 1) / CHUNK;
	if (first == last && bits_get(hive->source->have, first))
		return 0;
	return source_fill(hive, first, last, err);
}

/* Into large pages where the system has them: of small ones, each costs as much as reading it. */
int regf_bytes_all(struct regf *hive, const uint8_t **bins, struct error *err)
{
	if (hive->source != NULL) {
		uintptr_t begin = ((uintptr_t)hive->image + REGF_PAGE - 1) / REGF_PAGE * REGF_PAGE;
		uint64_t skipped = begin - (uintptr_t)hive->image;
		if (hive->size > LARGE_PAGE + skipped)
			(void)madvise((void *)begin, (size_t)(hive->size - skipped), MADV_HUGEPAGE);
	}
	return bytes_at(hive, REGF_BASE, hive->header.length, bins, err);
}

int regf_cell(struct regf *hive, uint32_t pos, uint32_t min, struct regf_cell *cell, struct error *err)
{
	uint32_t length = hive->header.length;
	const uint8_t *p;
	if (pos % 8 != 0 || pos < REGF_BIN_HEADER || pos >= length)
		return regf_broken(hive, pos, _("An offset points to a place where no cell can be."), err);
	int ret = bytes_at(hive, (uint64_t)REGF_BASE + pos, 4, &p, err);
	if (ret != 0)
		return ret;
	uint32_t raw = get32(p), size = 0U - raw;
	if (!(raw & 0x80000000U))
		return regf_broken(hive, pos, _("A cell that is in use is marked as free."), err);
	if (size % 8 != 0 || size > length - pos)
		return regf_broken(hive, pos, _("A cell has an impossible size."), err);
	if (size - 4 < min)
		return regf_broken(hive, pos, _("A cell is too small for what it should hold."), err);
	ret = bytes_at(hive, (uint64_t)REGF_BASE + pos, size, &p, err);
	*cell = (struct regf_cell){ p + 4, pos, size - 4 };
	return ret;
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
static int gate_kind(struct regf *hive, const uint8_t *block, size_t len, struct error *err)
{
	const struct regf_header *h = &hive->header;
	if (len < 4 || memcmp(block, "regf", 4) != 0)
		return error_set(err, TROUBLE_NOT_A_HIVE, _("%s is not a registry file: its signature is missing."),
				 hive->name);
	if (len < REGF_BASE || !regf_header_read(block, len, &hive->header))
		return error_set(err, TROUBLE_HIVE_TRUNCATED, _("The registry file %s ends inside its own header."),
				 hive->name);
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
		return error_set(
			err, TROUBLE_NOT_A_HIVE,
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
		return error_set(
			err, TROUBLE_HIVE_TRUNCATED,
			_("The registry file %s is cut short: it should have at least %llu bytes and has %llu."),
			hive->name, (unsigned long long)h->length + REGF_BASE, (unsigned long long)size);
	if (h->length == 0 || h->length % REGF_PAGE != 0 || h->length >= REGF_INLINE)
		return error_set(err, TROUBLE_HIVE_BROKEN,
				 _("The header of the registry file %s gives an impossible length, %u."), hive->name,
				 h->length);
	return 0;
}

/* Passes header and root; block is the first 4096 bytes, or what there is. */
static int gate(struct regf *hive, const uint8_t *block, uint64_t size, struct error *err)
{
	int ret = gate_kind(hive, block, size < REGF_BASE ? (size_t)size : REGF_BASE, err);
	if (ret == 0)
		ret = gate_state(hive, size, err);
	hive->size = (uint64_t)REGF_BASE + hive->header.length;
	return ret;
}

static int source_open(struct regf *hive, regf_read_fn *read, void *arg, const uint8_t *block, struct error *err)
{
	struct regf_source *source = talloc_zero(hive, struct regf_source);
	if (source == NULL)
		return error_memory(err);
	talloc_set_destructor(source, source_free);
	source->read = read;
	source->arg = arg;
	source->buffer = calloc(1, (size_t)hive->size);
	source->have = calloc(1, (size_t)(hive->size / CHUNK / 8 + 1));
	if (source->buffer == NULL || source->have == NULL)
		return error_memory(err);
	memcpy(source->buffer, block, REGF_BASE);
	for (uint64_t i = 0; i < REGF_BASE / CHUNK; i++)
		bits_set(source->have, i);
	hive->source = source;
	hive->image = source->buffer;
	return 0;
}

static struct regf *hive_new(TALLOC_CTX *mem, const char *name)
{
	struct regf *hive = talloc_zero(mem, struct regf);
	if (hive == NULL)
		return NULL;
	hive->name = text_shown(hive, name);
	if (hive->name == NULL)
		TALLOC_FREE(hive);
	return hive;
}

/* The last part of either way to open: the root, and the hive given away or freed. */
static int open_end(struct regf *hive, int ret, struct regf **out, struct error *err)
{
	struct regf_cell nk;
	if (ret == 0)
		ret = regf_nk(hive, hive->header.root, &nk, err);
	if (ret != 0)
		TALLOC_FREE(hive);
	*out = hive;
	return ret;
}

int regf_open(TALLOC_CTX *mem, const char *name, uint64_t size, regf_read_fn *read, void *arg, struct regf **out,
	      struct error *err)
{
	uint8_t block[REGF_BASE];
	struct regf *hive = hive_new(mem, name);
	*out = NULL;
	if (hive == NULL)
		return error_memory(err);
	int ret = size == 0 ? 0 : read(arg, 0, block, size < REGF_BASE ? (size_t)size : REGF_BASE, err);
	if (ret == 0)
		ret = gate(hive, block, size, err);
	if (ret == 0)
		ret = source_open(hive, read, arg, block, err);
	return open_end(hive, ret, out, err);
}

int regf_open_bytes(TALLOC_CTX *mem, const char *name, const uint8_t *bytes, size_t len, struct regf **out,
		    struct error *err)
{
	struct regf *hive = hive_new(mem, name);
	*out = NULL;
	if (hive == NULL)
		return error_memory(err);
	hive->image = bytes;
	return open_end(hive, gate(hive, bytes, len, err), out, err);
}

regf_key regf_root(const struct regf *hive)
{
	return hive->header.root;
}

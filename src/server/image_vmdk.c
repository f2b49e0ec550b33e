/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * VMDK: a text descriptor, alone or in a sparse file, and the extents that it lists.
 *
 * qemu finds an entry of the descriptor wherever its name stands in the text, reads an extent on
 * across line ends, and passes over what it does not know. So here every line must be of a known
 * form, and what it would pass over is refused: the disk would be another one.
 */
#include "server/image_private.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"

#define DESCRIPTOR "# Disk DescriptorFile"
#define PARENT_HINT "parentFileNameHint"
#define BLANKS " \t\v\f\r" /* of sscanf, but for the line's end */

enum {
	/* of a sparse file, in sectors */
	DESCRIPTOR_AT = 1,
	EXTENTS_MOST = 1000,
	VERSION_MOST = 3,
	GTES_MOST = 512, /* entries of a grain table */
};

/* A sparse file's header whose grain directory is told by a footer at its end. */
#define AT_END UINT64_MAX
#define SECTORS_MOST ((uint64_t)1 << 53)

struct descriptor {
	TALLOC_CTX *mem;
	struct image_bytes *bytes;
	struct image_header *header;
	struct error *err;
	bool embedded; /* in a sparse file: that is its one extent, whatever it was called once */
	bool blank;    /* the line before was */
	char *type;
};

bool image_is_vmdk(const struct image_bytes *bytes)
{
	return bytes->head_len >= sizeof DESCRIPTOR &&
		(!memcmp(bytes->head, "KDMV", 4) || !memcmp(bytes->head, "COWD", 4) ||
			!memcmp(bytes->head, DESCRIPTOR, sizeof DESCRIPTOR - 1));
}

static uint64_t sector_where(const struct image_table *table, const uint8_t *entry)
{
	uint32_t sector = get32(entry);

	(void)table;
	/* 1 is a grain of zeros. */
	return sector > 1 ? (uint64_t)sector * SECTOR : 0;
}

static int directory_check(struct image_bytes *bytes, uint64_t sector, uint64_t count,
	uint32_t entries, struct error *err)
{
	const struct image_table grains = { .width = 4, .count = entries, .where = sector_where };
	const struct image_table directory = { .width = 4,
		.count = count,
		.where = sector_where,
		.below = &grains };

	if (sector > SECTORS_MOST || count > UINT32_MAX ||
		!image_inside(bytes, sector * SECTOR, count * 4) ||
		!image_table_inside(bytes, &directory, sector * SECTOR))
		return image_cut(bytes, err);
	return 0;
}

/* COWD: ESX's; version, flags, sectors, grain, directory's place and length from 4 on. */
static int cowd_check(struct image_bytes *bytes, struct error *err)
{
	enum { GRAIN_ENTRIES = 4096 };

	if (bytes->head_len < SECTOR)
		return image_cut(bytes, err);
	return directory_check(bytes, get32(bytes->head + 20), get32(bytes->head + 24),
		GRAIN_ENTRIES, err);
}

static int sesparse_check(struct image_bytes *bytes, struct error *err)
{
	uint64_t at, len;

	if (bytes->head_len < SECTOR)
		return image_cut(bytes, err);
	if (get64(bytes->head) != 0xcafebabe)
		return image_senseless(bytes, err);
	at = get64(bytes->head + 128);
	len = get64(bytes->head + 136);
	if (at > SECTORS_MOST || len > SECTORS_MOST ||
		!image_inside(bytes, at * SECTOR, len * SECTOR))
		return image_cut(bytes, err);
	return 0;
}

/* KDMV. version 4, flags 8, capacity 12, grain 20, descriptor 28 and its length 36, entries of a
 * grain table 44, directory 56, overhead 64, unclean 72, line ends 73, compression 77. */
static int sparse_check(struct image_bytes *bytes, struct error *err)
{
	static const uint8_t line_ends[] = { '\n', ' ', '\r', '\n' };
	uint8_t footer[SECTOR];
	const uint8_t *head = bytes->head;
	uint64_t covered, capacity;
	uint32_t entries;

	if (bytes->head_len < SECTOR)
		return image_cut(bytes, err);
	/* qemu takes a file without capacity for a descriptor, and opens what that lists. */
	if (get64(head + 12) == 0 || memcmp(head + 73, line_ends, sizeof line_ends) != 0)
		return image_senseless(bytes, err);
	if (get64(head + 56) == AT_END) {
		if (!image_get(bytes, bytes->size - (uint64_t)2 * SECTOR, footer, SECTOR) ||
			memcmp(footer, "KDMV", 4) != 0)
			return image_cut(bytes, err);
		head = footer;
	}
	entries = get32(head + 44);
	capacity = get64(head + 12);
	covered = get64(head + 20);
	if (capacity == 0 || capacity > SECTORS_MOST || covered == 0 || covered > SECTORS_MOST ||
		entries == 0 || entries > GTES_MOST || get32(head + 4) > VERSION_MOST)
		return image_senseless(bytes, err);
	if (bytes->head[72] != 0)
		return image_unclosed(bytes, err);
	covered *= entries;
	if (get64(head + 64) > bytes->size / SECTOR)
		return image_cut(bytes, err);
	return directory_check(bytes, get64(head + 56), (capacity + covered - 1) / covered, entries,
		err);
}

/* What the line of an extent says: access, sectors, kind, name, offset, as qemu takes it. */
static int extent_read(struct descriptor *desc, const char *line, bool after_blank)
{
	static const struct {
		const char *word;
		enum image_extent_kind kind;
	} kinds[] = {
		{ "FLAT", EXTENT_FLAT },
		{ "VMFS", EXTENT_FLAT },
		{ "SPARSE", EXTENT_SPARSE },
		{ "VMFSSPARSE", EXTENT_SPARSE },
		{ "SESPARSE", EXTENT_SESPARSE },
	};
	struct image_header *header = desc->header;
	struct image_extent *extent;
	char access[10], word[16], name[512];
	int64_t sectors, at = -1;
	int end = 0,
	    fields = sscanf(line, "%9s %" SCNd64 " %15s \"%511[^\n\r\"]\"%n %" SCNd64 "%n", access,
		    &sectors, word, name, &end, &at, &end);
	size_t i = 0;

	if (desc->embedded) {
		header->extent_count++;
		return 0;
	}
	/* After a blank line qemu counts an extent twice. */
	if (after_blank)
		return image_unreadable(desc->bytes, _("a blank line before an extent"), desc->err);
	if (fields < 3 || sectors <= 0 || (uint64_t)sectors > SECTORS_MOST)
		return image_senseless(desc->bytes, desc->err);
	while (i < ARRAY_SIZE(kinds) && strcmp(kinds[i].word, word) != 0)
		i++;
	/* Of a disk with holes or parts not to be read qemu makes a shorter one. */
	if (i == ARRAY_SIZE(kinds) || strcmp(access, "RW") != 0)
		return image_unreadable(desc->bytes, line, desc->err);
	if (fields != (i == 0 ? 5 : 4) || line[end] != '\0' ||
		(i == 0 && (at < 0 || (uint64_t)at > SECTORS_MOST)) ||
		header->extent_count == EXTENTS_MOST)
		return image_senseless(desc->bytes, desc->err);
	extent = memory_more(desc->mem, &header->extents, header->extent_count,
		sizeof *header->extents);
	if (!extent)
		return error_memory(desc->err);
	header->extent_count++;
	extent->kind = kinds[i].kind;
	extent->end = ((uint64_t)sectors + (i == 0 ? (uint64_t)at : 0)) * SECTOR;
	return image_name(desc->mem, desc->bytes, name, strlen(name), &extent->name, desc->err);
}

/* "createType="vmfs"": what is between the quotes, in its place; NULL: it is not of that form. */
static char *quoted(char *value)
{
	size_t len = strlen(value);

	if (len < 2 || value[0] != '"' || strchr(value + 1, '"') != value + len - 1)
		return NULL;
	value[len - 1] = '\0';
	return value + 1;
}

static int entry_read(struct descriptor *desc, char *line, char *value)
{
	struct image_header *header = desc->header;
	char *said;

	*value++ = '\0';
	if (!strcmp(line, "CID") || !strcmp(line, "parentCID")) {
		*(*line == 'C' ? &header->cid : &header->parent_cid) =
			(uint32_t)strtoul(value, NULL, 16);
		return 0;
	}
	if (strcmp(line, "createType") != 0 && strcmp(line, PARENT_HINT) != 0)
		return 0;
	said = quoted(value);
	if (!said || (*line == 'c' ? desc->type : header->backing))
		return image_senseless(desc->bytes, desc->err);
	header->backing_format = IMAGE_VMDK;
	if (*line == 'p')
		return image_name(desc->mem, desc->bytes, said, strlen(said), &header->backing,
			desc->err);
	desc->type = said;
	return 0;
}

static int line_read(struct descriptor *desc, char *line)
{
	static const char *const access[] = { "RW", "RDONLY", "NOACCESS" };
	size_t len = strlen(line), word;
	char *value = strchr(line, '=');
	bool blank = desc->blank;

	while (len > 0 && strchr(BLANKS, line[len - 1]))
		line[--len] = '\0';
	line += strspn(line, BLANKS);
	desc->blank = *line == '\0';
	if (desc->blank || *line == '#')
		return 0;
	word = strcspn(line, BLANKS);
	for (size_t i = 0; i < ARRAY_SIZE(access); i++)
		if (strlen(access[i]) == word && !memcmp(access[i], line, word))
			return extent_read(desc, line, blank);
	if (!value)
		return image_senseless(desc->bytes, desc->err);
	return value < line + word ? entry_read(desc, line, value) : 0;
}

/* text is cut up. */
static int descriptor_read(struct descriptor *desc, char *text)
{
	const char *hint = strstr(text, PARENT_HINT);
	int ret = 0;

	if (strncmp(text, DESCRIPTOR, strlen(DESCRIPTOR)) != 0)
		return image_only_part(desc->bytes, desc->err);
	if (hint && (hint[-1] != '\n' || strstr(hint + 1, PARENT_HINT)))
		return image_senseless(desc->bytes, desc->err);
	for (char *line; ret == 0 && (line = strsep(&text, "\n"));)
		ret = line_read(desc, line);
	if (ret == 0 &&
		(!desc->type || desc->header->extent_count == 0 ||
			!desc->header->backing != (desc->header->parent_cid == VMDK_NO_PARENT)))
		ret = image_senseless(desc->bytes, desc->err);
	return ret;
}

static int embedded_read(struct descriptor *desc)
{
	struct image_bytes *bytes = desc->bytes;
	const uint8_t *head = bytes->head;
	uint64_t len;
	char *text;
	int ret = sparse_check(bytes, desc->err);

	desc->embedded = true;
	if (ret != 0)
		return ret;
	len = get64(head + 36) * SECTOR;
	if (get64(head + 28) == 0 || get64(head + 36) == 0)
		return image_only_part(bytes, desc->err);
	if (get64(head + 28) != DESCRIPTOR_AT || get64(head + 36) > IMAGE_HEAD / SECTOR ||
		len > bytes->head_len - SECTOR || !memchr(head + SECTOR, '\0', (size_t)len))
		return image_senseless(bytes, desc->err);
	text = talloc_strdup(desc->mem, (const char *)head + SECTOR);
	if (!text)
		return error_memory(desc->err);
	ret = descriptor_read(desc, text);
	if (ret == 0 && desc->header->extent_count != 1)
		ret = image_senseless(bytes, desc->err);
	desc->header->extent_count = 0;
	return ret;
}

int image_vmdk_read(TALLOC_CTX *mem, struct image_bytes *bytes, struct image_header *header,
	struct error *err)
{
	static const char *const types[] = { "monolithicFlat", "vmfs", "vmfsSparse", "seSparse",
		"twoGbMaxExtentSparse", "twoGbMaxExtentFlat" };
	struct descriptor desc = { .mem = mem, .bytes = bytes, .header = header, .err = err };
	char *text;
	int ret;

	header->parent_cid = VMDK_NO_PARENT;
	if (!memcmp(bytes->head, "COWD", 4))
		return image_only_part(bytes, err);
	if (!memcmp(bytes->head, "KDMV", 4))
		return embedded_read(&desc);
	if (bytes->size >= IMAGE_HEAD)
		return image_senseless(bytes, err);
	text = talloc_strndup(mem, (const char *)bytes->head, bytes->head_len);
	if (!text)
		return error_memory(err);
	ret = descriptor_read(&desc, text);
	if (ret == 0 && text_number(types, ARRAY_SIZE(types), desc.type) == ARRAY_SIZE(types))
		ret = image_unreadable(bytes, desc.type, err);
	return ret;
}

int image_extent_read(struct image_bytes *bytes, const struct image_extent *extent,
	struct error *err)
{
	if (extent->kind == EXTENT_FLAT)
		return image_inside(bytes, 0, extent->end) ? 0 : image_cut(bytes, err);
	if (extent->kind == EXTENT_SESPARSE)
		return sesparse_check(bytes, err);
	if (bytes->head_len >= 4 && !memcmp(bytes->head, "COWD", 4))
		return cowd_check(bytes, err);
	if (bytes->head_len >= 4 && !memcmp(bytes->head, "KDMV", 4))
		return sparse_check(bytes, err);
	return image_senseless(bytes, err);
}

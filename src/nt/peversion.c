/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * From the DOS header to the fixed part of the version resource. Every step reads through number(),
 * which knows where the bytes end, and gives a piece of the file that lies wholly inside of it.
 * There are no loops but those over counted tables, and the resource tree is always three steps
 * deep: type, name, language.
 */
#include "nt/peversion.h"

#include <stdio.h>
#include <string.h>

enum {
	DOS_NEW_HEADER = 0x3c,
	FILE_HEADER_SIZE = 20,
	FILE_IS_DLL = 0x2000,
	SECTION_SIZE = 40,
	OPTIONAL_32 = 0x10b,
	OPTIONAL_64 = 0x20b,
	DIRECTORY_RESOURCE = 2,
	RESOURCE_HEADER_SIZE = 16,
	RESOURCE_ENTRY_SIZE = 8,
	RESOURCE_VERSION = 16,
	VERSION_KEY_AT = 6,
	FIXED_SIZE = 52
};

#define FIXED_SIGNATURE 0xfeef04bdu
#define SUBDIRECTORY 0x80000000u

/* A piece of the file. */
struct piece {
	const uint8_t *bytes;
	size_t len;
};

static bool piece_has(const struct piece *piece, size_t at, size_t size)
{
	return at <= piece->len && size <= piece->len - at;
}

/* The little-endian number of so many bytes; 0 where the piece has none. */
static uint32_t number(const struct piece *piece, size_t at, size_t size)
{
	uint32_t value = 0;

	for (size_t i = size; piece_has(piece, at, size) && i-- > 0;)
		value = value << 8 | piece->bytes[at + i];
	return value;
}

static bool piece_cut(const struct piece *piece, size_t at, size_t size, struct piece *part)
{
	if (!piece_has(piece, at, size))
		return false;
	part->bytes = piece->bytes + at;
	part->len = size;
	return true;
}

/* What the file header says, optional header, section table. */
struct headers {
	uint32_t section_count, flags;
	struct piece optional, sections;
};

static bool headers_read(const struct piece *file, struct headers *headers)
{
	size_t start = number(file, DOS_NEW_HEADER, 4), header = start + 4,
	       optional = header + FILE_HEADER_SIZE, size = number(file, header + 16, 2);

	if (number(file, 0, 2) != 0x5a4d || number(file, start, 4) != 0x4550)
		return false;
	headers->section_count = number(file, header + 2, 2);
	headers->flags = number(file, header + 18, 2);
	return piece_cut(file, optional, size, &headers->optional) &&
		piece_cut(file, optional + size, (size_t)headers->section_count * SECTION_SIZE,
			&headers->sections);
}

/* Where in memory the resources are; 0 if there are none. */
static uint32_t resource_directory(const struct piece *optional)
{
	uint32_t magic = number(optional, 0, 2);
	size_t directories = magic == OPTIONAL_32 ? 96 : 112;

	if ((magic != OPTIONAL_32 && magic != OPTIONAL_64) ||
		number(optional, directories - 4, 4) <= DIRECTORY_RESOURCE)
		return 0;
	return number(optional, directories + DIRECTORY_RESOURCE * 8, 4);
}

/* What the file holds from an address in memory to the end of its section. */
static bool address_piece(const struct piece *file, const struct headers *headers, uint32_t address,
	struct piece *part)
{
	for (size_t at = 0; at < headers->sections.len; at += SECTION_SIZE) {
		uint32_t virtual = number(&headers->sections, at + 12, 4),
			 size = number(&headers->sections, at + 16, 4);
		if (address >= virtual && address - virtual < size)
			return piece_cut(file,
				(size_t)number(&headers->sections, at + 20, 4) +
					(address - virtual),
				size - (address - virtual), part);
	}
	return false;
}

/* The entry of a resource directory with a number, or the first one of any name where id is 0. */
static bool entry_find(const struct piece *tree, size_t directory, uint32_t id, uint32_t *offset)
{
	uint32_t count = number(tree, directory + 12, 2) + number(tree, directory + 14, 2);

	for (size_t at = directory + RESOURCE_HEADER_SIZE;
		count > 0 && piece_has(tree, at, RESOURCE_ENTRY_SIZE);
		count--, at += RESOURCE_ENTRY_SIZE) {
		*offset = number(tree, at + 4, 4);
		if (id == 0 || number(tree, at, 4) == id)
			return true;
	}
	return false;
}

static bool directory_find(const struct piece *tree, size_t directory, uint32_t id, uint32_t *sub)
{
	if (!entry_find(tree, directory, id, sub) || !(*sub & SUBDIRECTORY))
		return false;
	*sub &= ~SUBDIRECTORY;
	return true;
}

/* Where the tree describes the version resource, in the first language there is. */
static bool version_find(const struct piece *tree, uint32_t *leaf)
{
	uint32_t names, languages;

	return directory_find(tree, 0, RESOURCE_VERSION, &names) &&
		directory_find(tree, names, 0, &languages) &&
		entry_find(tree, languages, 0, leaf) && !(*leaf & SUBDIRECTORY);
}

/* The key of the block, in UTF-16 with its NUL. */
static bool key_right(const struct piece *block)
{
	static const char key[] = "VS_VERSION_INFO";
	bool right = piece_has(block, VERSION_KEY_AT, 2 * sizeof key);

	for (size_t i = 0; i < sizeof key; i++)
		right = right && number(block, VERSION_KEY_AT + 2 * i, 2) == (unsigned char)key[i];
	return right;
}

static bool fixed_read(const struct piece *block, struct pe_version *version)
{
	size_t fixed = (VERSION_KEY_AT + 2 * sizeof "VS_VERSION_INFO" + 3) & ~(size_t)3;
	struct piece whole;

	if (!piece_cut(block, 0, number(block, 0, 2), &whole) || !key_right(&whole) ||
		number(block, 2, 2) < FIXED_SIZE || !piece_has(&whole, fixed, FIXED_SIZE) ||
		number(&whole, fixed, 4) != FIXED_SIGNATURE)
		return false;
	for (size_t i = 0; i < 4; i++)
		version->part[i] = (uint16_t)number(&whole, fixed + 8 + 2 * (i ^ 1), 2);
	return true;
}

bool pe_version_read(const uint8_t *bytes, size_t len, struct pe_version *version)
{
	struct piece file = { bytes, len }, tree, rest, block;
	struct headers headers;
	uint32_t resources, leaf;

	return headers_read(&file, &headers) &&
		(resources = resource_directory(&headers.optional)) != 0 &&
		address_piece(&file, &headers, resources, &tree) && version_find(&tree, &leaf) &&
		address_piece(&file, &headers, number(&tree, leaf, 4), &rest) &&
		piece_cut(&rest, 0, number(&tree, (size_t)leaf + 4, 4), &block) &&
		fixed_read(&block, version);
}

/* The section table is inside the file, and so is everything it names. */
static bool sections_whole(const struct piece *file, const struct headers *headers)
{
	uint32_t magic = number(&headers->optional, 0, 2);
	bool whole = headers->section_count > 0 && (magic == OPTIONAL_32 || magic == OPTIONAL_64);

	for (size_t at = 0; whole && at < headers->sections.len; at += SECTION_SIZE) {
		uint32_t size = number(&headers->sections, at + 16, 4);
		whole = size == 0 || piece_has(file, number(&headers->sections, at + 20, 4), size);
	}
	return whole;
}

/* A header with relocations below 0x40 has no newer one; NE, LE and LX are 16-bit Windows, VxDs and
 * OS/2. */
static bool is_old(const struct piece *file)
{
	uint32_t signature = number(file, number(file, DOS_NEW_HEADER, 4), 2);

	if (number(file, 0, 2) != 0x5a4d || !piece_has(file, 0x18, 2))
		return false;
	return number(file, 0x18, 2) < 0x40 || signature == 0x454e || signature == 0x454c ||
		signature == 0x584c;
}

enum pe_kind pe_kind_read(const uint8_t *bytes, size_t len)
{
	struct piece file = { bytes, len };
	struct headers headers;

	if (!headers_read(&file, &headers))
		return is_old(&file) ? PE_OLD : PE_NONE;
	if (!sections_whole(&file, &headers))
		return PE_NONE;
	return headers.flags & FILE_IS_DLL ? PE_LIBRARY : PE_PROGRAM;
}

int pe_version_compare(const struct pe_version *a, const struct pe_version *b)
{
	for (size_t i = 0; i < 4; i++)
		if (a->part[i] != b->part[i])
			return a->part[i] < b->part[i] ? -1 : 1;
	return 0;
}

void pe_version_text(const struct pe_version *version, char out[24])
{
	snprintf(out, 24, "%u.%u.%u.%u", version->part[0], version->part[1], version->part[2],
		version->part[3]);
}

bool pe_version_parse(const char *text, struct pe_version *version)
{
	unsigned part[4];
	char again[24];

	if (sscanf(text, "%5u.%5u.%5u.%5u", &part[0], &part[1], &part[2], &part[3]) != 4)
		return false;
	for (size_t i = 0; i < 4; i++)
		version->part[i] = (uint16_t)part[i];
	/* What is too large, or would be written differently, does not survive the round trip. */
	pe_version_text(version, again);
	return strcmp(again, text) == 0;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * From the DOS header to the fixed part of the version resource. Every step reads through pe_16 and pe_32, which know
 * where the bytes end, and gives a piece of the file that lies wholly inside of it. There are no loops but those over
 * counted tables, and the resource tree is always three steps deep: type, name, language.
 */
#include "nt/peversion.h"

#include <stdio.h>

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

static bool pe_16(const struct piece *piece, size_t at, uint32_t *value)
{
	if (!piece_has(piece, at, 2))
		return false;
	*value = (uint32_t)piece->bytes[at] | (uint32_t)piece->bytes[at + 1] << 8;
	return true;
}

static bool pe_32(const struct piece *piece, size_t at, uint32_t *value)
{
	uint32_t low, high;

	if (!pe_16(piece, at, &low) || !piece_has(piece, at, 4) || !pe_16(piece, at + 2, &high))
		return false;
	*value = low | high << 16;
	return true;
}

static bool piece_cut(const struct piece *piece, size_t at, size_t size, struct piece *part)
{
	if (!piece_has(piece, at, size))
		return false;
	part->bytes = piece->bytes + at;
	part->len = size;
	return true;
}

/* The headers: file header, optional header, section table. */
struct headers {
	struct piece optional, sections;
	uint32_t section_count;
};

static bool headers_read(const struct piece *file, struct headers *headers)
{
	uint32_t dos, start, signature, size;

	if (!pe_16(file, 0, &dos) || dos != 0x5a4d || !pe_32(file, DOS_NEW_HEADER, &start) ||
	    !pe_32(file, start, &signature) || signature != 0x4550 ||
	    !pe_16(file, (size_t)start + 4 + 2, &headers->section_count) || !pe_16(file, (size_t)start + 4 + 16, &size))
		return false;
	return piece_cut(file, (size_t)start + 4 + FILE_HEADER_SIZE, size, &headers->optional) &&
	       piece_cut(file, (size_t)start + 4 + FILE_HEADER_SIZE + size,
			 (size_t)headers->section_count * SECTION_SIZE, &headers->sections);
}

/* Where in memory the resources are. */
static bool resource_directory(const struct piece *optional, uint32_t *address)
{
	uint32_t magic, count;
	size_t directories;

	if (!pe_16(optional, 0, &magic) || (magic != OPTIONAL_32 && magic != OPTIONAL_64))
		return false;
	directories = magic == OPTIONAL_32 ? 96 : 112;
	return pe_32(optional, directories - 4, &count) && count > DIRECTORY_RESOURCE &&
	       pe_32(optional, directories + DIRECTORY_RESOURCE * 8, address) && *address != 0;
}

/* What the file holds from an address in memory to the end of its section. */
static bool address_piece(const struct piece *file, const struct headers *headers, uint32_t address, struct piece *part)
{
	uint32_t virtual, raw_size, raw;

	for (uint32_t i = 0; i < headers->section_count; i++) {
		size_t at = (size_t)i * SECTION_SIZE;
		if (!pe_32(&headers->sections, at + 12, &virtual) || !pe_32(&headers->sections, at + 16, &raw_size) ||
		    !pe_32(&headers->sections, at + 20, &raw))
			return false;
		if (address < virtual || address - virtual >= raw_size)
			continue;
		return piece_cut(file, (size_t)raw + (address - virtual), raw_size - (address - virtual), part);
	}
	return false;
}

/* The entry of a resource directory with a number, or the first one of any name where id is 0. */
static bool entry_find(const struct piece *tree, uint32_t directory, uint32_t id, uint32_t *offset)
{
	uint32_t named, numbered, name;

	if (!piece_has(tree, directory, RESOURCE_HEADER_SIZE) || !pe_16(tree, (size_t)directory + 12, &named) ||
	    !pe_16(tree, (size_t)directory + 14, &numbered))
		return false;
	for (uint32_t i = 0; i < named + numbered; i++) {
		size_t at = (size_t)directory + RESOURCE_HEADER_SIZE + (size_t)i * RESOURCE_ENTRY_SIZE;
		if (!pe_32(tree, at, &name) || !pe_32(tree, at + 4, offset))
			return false;
		if (id == 0 || name == id)
			return true;
	}
	return false;
}

static bool directory_find(const struct piece *tree, uint32_t directory, uint32_t id, uint32_t *sub)
{
	if (!entry_find(tree, directory, id, sub) || !(*sub & SUBDIRECTORY))
		return false;
	*sub &= ~SUBDIRECTORY;
	return true;
}

/* Address and size of the version resource, in the first language there is. */
static bool version_find(const struct piece *tree, uint32_t *address, uint32_t *size)
{
	uint32_t names, languages, leaf;

	return directory_find(tree, 0, RESOURCE_VERSION, &names) && directory_find(tree, names, 0, &languages) &&
	       entry_find(tree, languages, 0, &leaf) && !(leaf & SUBDIRECTORY) && pe_32(tree, leaf, address) &&
	       pe_32(tree, (size_t)leaf + 4, size);
}

/* The key of the block, in UTF-16 with its NUL. */
static bool key_right(const struct piece *block)
{
	static const char key[] = "VS_VERSION_INFO";
	uint32_t unit;

	for (size_t i = 0; i < sizeof key; i++)
		if (!pe_16(block, VERSION_KEY_AT + 2 * i, &unit) || unit != (unsigned char)key[i])
			return false;
	return true;
}

static bool fixed_read(const struct piece *block, struct pe_version *version)
{
	uint32_t length, value_length, signature, high, low;
	size_t fixed = (VERSION_KEY_AT + 2 * sizeof "VS_VERSION_INFO" + 3) & ~(size_t)3;
	struct piece whole;

	if (!pe_16(block, 0, &length) || !pe_16(block, 2, &value_length) || !piece_cut(block, 0, length, &whole) ||
	    !key_right(&whole) || value_length < FIXED_SIZE || !piece_has(&whole, fixed, FIXED_SIZE))
		return false;
	if (!pe_32(&whole, fixed, &signature) || signature != FIXED_SIGNATURE || !pe_32(&whole, fixed + 8, &high) ||
	    !pe_32(&whole, fixed + 12, &low))
		return false;
	version->part[0] = (uint16_t)(high >> 16);
	version->part[1] = (uint16_t)high;
	version->part[2] = (uint16_t)(low >> 16);
	version->part[3] = (uint16_t)low;
	return true;
}

bool pe_version_read(const uint8_t *bytes, size_t len, struct pe_version *version)
{
	struct piece file = { bytes, len }, tree, rest, block;
	struct headers headers;
	uint32_t address, size;

	return headers_read(&file, &headers) && resource_directory(&headers.optional, &address) &&
	       address_piece(&file, &headers, address, &tree) && version_find(&tree, &address, &size) &&
	       address_piece(&file, &headers, address, &rest) && piece_cut(&rest, 0, size, &block) &&
	       fixed_read(&block, version);
}

/* The section table is inside the file, and so is everything it names. */
static bool sections_whole(const struct piece *file, const struct headers *headers)
{
	uint32_t magic, size, raw;

	if (headers->section_count == 0 || !pe_16(&headers->optional, 0, &magic) || (magic != OPTIONAL_32 && magic != OPTIONAL_64))
		return false;
	for (uint32_t i = 0; i < headers->section_count; i++) {
		size_t at = (size_t)i * SECTION_SIZE;

		if (!pe_32(&headers->sections, at + 16, &size) || !pe_32(&headers->sections, at + 20, &raw) ||
		    (size && !piece_has(file, raw, size)))
			return false;
	}
	return true;
}

/* A header with relocations below 0x40 has no newer one; NE, LE and LX are 16-bit Windows, VxDs and OS/2. */
static bool is_old(const struct piece *file)
{
	uint32_t dos, relocations, start, signature;

	if (!pe_16(file, 0, &dos) || dos != 0x5a4d || !pe_16(file, 0x18, &relocations))
		return false;
	if (relocations < 0x40)
		return true;
	return pe_32(file, DOS_NEW_HEADER, &start) && pe_16(file, start, &signature) &&
	       (signature == 0x454e || signature == 0x454c || signature == 0x584c);
}

enum pe_kind pe_kind_read(const uint8_t *bytes, size_t len)
{
	struct piece file = { bytes, len };
	struct headers headers;
	uint32_t start, flags;

	if (!headers_read(&file, &headers))
		return is_old(&file) ? PE_OLD : PE_NONE;
	if (!sections_whole(&file, &headers) || !pe_32(&file, DOS_NEW_HEADER, &start) || !pe_16(&file, (size_t)start + 4 + 18, &flags))
		return PE_NONE;
	return flags & FILE_IS_DLL ? PE_LIBRARY : PE_PROGRAM;
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
	snprintf(out, 24, "%u.%u.%u.%u", version->part[0], version->part[1], version->part[2], version->part[3]);
}

/* A number of 1 to 5 digits up to 65535; the text after it, or NULL. */
static const char *part_parse(const char *text, uint16_t *part)
{
	uint32_t value = 0;
	size_t digits = 0;

	for (; digits < 6 && *text >= '0' && *text <= '9'; digits++, text++)
		value = value * 10 + (uint32_t)(*text - '0');
	if (digits < 1 || digits > 5 || value > UINT16_MAX)
		return NULL;
	*part = (uint16_t)value;
	return text;
}

bool pe_version_parse(const char *text, struct pe_version *version)
{
	for (size_t i = 0; i < 4; i++) {
		text = part_parse(text, &version->part[i]);
		if (!text || *text != (i < 3 ? '.' : '\0'))
			return false;
		text++;
	}
	return true;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which format a file has, and the formats that need few words: raw, VHD, VHDX, VDI, E01. */
#include "server/image_private.h"

#include <string.h>

#include "base/memory.h"

enum table { TABLE_NONE, TABLE_SOUND, TABLE_BEYOND };

/* The four entries at 446 and 55 AA: a flag, a type at 4, first sector and number at 8 and 12. A
 * protective entry (EE) may count beyond the end. */
static enum table table_tell(const struct image_bytes *bytes)
{
	enum { ENTRIES = 446, ENTRY = 16, COUNT = 4, PROTECTIVE = 0xee };
	uint64_t end[COUNT] = { 0 }, start[COUNT] = { 0 };
	enum table table = TABLE_NONE;

	if (bytes->head_len < SECTOR || get16(bytes->head + 510) != 0xaa55)
		return TABLE_NONE;
	for (size_t i = 0; i < COUNT; i++) {
		const uint8_t *entry = bytes->head + ENTRIES + i * ENTRY;

		if (entry[4] == 0)
			continue;
		start[i] = get32(entry + 8);
		end[i] = start[i] + get32(entry + 12);
		if ((entry[0] & 0x7f) != 0 || start[i] == 0 || end[i] == start[i])
			return TABLE_NONE;
		for (size_t k = 0; k < i; k++)
			if (start[i] < end[k] && start[k] < end[i])
				return TABLE_NONE;
		if (end[i] > bytes->size / SECTOR && entry[4] != PROTECTIVE)
			table = TABLE_BEYOND;
		else if (table == TABLE_NONE)
			table = TABLE_SOUND;
	}
	return table;
}

/* A VHD's footer: one's complement sum over all bytes but its own four at sum. */
static bool vhd_sound(const uint8_t *bytes, size_t len, const char magic[8], size_t sum)
{
	uint32_t total = 0;

	for (size_t i = 0; i < len; i++)
		if (i - sum >= 4)
			total += bytes[i];
	return !memcmp(bytes, magic, 8) && be32(bytes + sum) == ~total;
}

enum { FOOTER_SUM = 64, FOOTER_SIZE = 48, FOOTER_TYPE = 60, VHD_FIXED = 2, VHD_DYNAMIC };

static int raw_read(struct image_bytes *bytes, bool told, struct image_header *header,
	struct error *err)
{
	uint8_t footer[SECTOR];

	header->format = IMAGE_RAW;
	header->length = bytes->size;
	if (table_tell(bytes) == TABLE_BEYOND || bytes->size % SECTOR != 0)
		return image_cut(bytes, err);
	/* A partition may reach to the last sector, which a guest can make look like a footer. */
	if (!told && bytes->size > SECTOR &&
		image_get(bytes, bytes->size - SECTOR, footer, sizeof footer) &&
		vhd_sound(footer, sizeof footer, "conectix", FOOTER_SUM) &&
		be32(footer + FOOTER_TYPE) == VHD_FIXED &&
		be64(footer + FOOTER_SIZE) == bytes->size - SECTOR) {
		struct image_bytes disk = *bytes;

		disk.size -= SECTOR;
		if (table_tell(&disk) != TABLE_BEYOND) {
			header->length = disk.size;
			header->fixed_vhd = true;
		}
	}
	return bytes->sys ? image_cut(bytes, err) : 0;
}

static uint64_t vhd_where(const struct image_table *table, const uint8_t *entry)
{
	(void)table;
	return be32(entry) == UINT32_MAX ? 0 : (uint64_t)be32(entry) * SECTOR;
}

static int vhd_read(struct image_bytes *bytes, struct error *err)
{
	enum { DYNAMIC = 1024, DYNAMIC_SUM = 36 };
	struct image_table blocks = { .width = 4, .where = vhd_where };
	uint8_t footer[SECTOR], dynamic[DYNAMIC];
	uint64_t table;

	if (bytes->head_len < SECTOR)
		return image_cut(bytes, err);
	if (be32(bytes->head + FOOTER_TYPE) > VHD_DYNAMIC)
		return image_unreadable(bytes, _("it holds what differs from another one"), err);
	if (be32(bytes->head + FOOTER_TYPE) != VHD_DYNAMIC ||
		!vhd_sound(bytes->head, SECTOR, "conectix", FOOTER_SUM))
		return image_senseless(bytes, err);
	/* The footer is at the end of a file that is whole. */
	if (!image_get(bytes, bytes->size - SECTOR, footer, sizeof footer) ||
		!vhd_sound(footer, SECTOR, "conectix", FOOTER_SUM) ||
		!image_get(bytes, be64(bytes->head + 16), dynamic, sizeof dynamic))
		return image_cut(bytes, err);
	if (!vhd_sound(dynamic, sizeof dynamic, "cxsparse", DYNAMIC_SUM))
		return image_senseless(bytes, err);
	table = be64(dynamic + 16);
	blocks.count = be32(dynamic + 28);
	if (!image_inside(bytes, table, blocks.count * 4) ||
		!image_table_inside(bytes, &blocks, table))
		return image_cut(bytes, err);
	return 0;
}

static int vdi_read(struct image_bytes *bytes, struct error *err)
{
	enum { HEADER = 512, NORMAL = 1, FIXED = 2, PARENTS = 0x1a8, PARENTS_LEN = 32 };
	static const uint8_t none[PARENTS_LEN];
	const uint8_t *head = bytes->head;
	uint64_t each, blocks, kept;

	if (bytes->head_len < HEADER)
		return image_cut(bytes, err);
	if (get32(head + 0x44) >> 16 != 1)
		return image_unreadable(bytes, _("another version of VDI"), err);
	if ((get32(head + 0x4c) != NORMAL && get32(head + 0x4c) != FIXED) ||
		memcmp(head + PARENTS, none, sizeof none) != 0)
		return image_unreadable(bytes, _("it holds what differs from another one"), err);
	each = (uint64_t)get32(head + 0x178) + get32(head + 0x17c);
	blocks = get32(head + 0x180);
	kept = get32(head + 0x184);
	if (get32(head + 0x178) == 0 || kept > blocks ||
		get64(head + 0x170) / get32(head + 0x178) > blocks)
		return image_senseless(bytes, err);
	/* Blocks lie one behind the other. */
	if (!image_inside(bytes, get32(head + 0x154), blocks * 4) ||
		!image_inside(bytes, get32(head + 0x158), kept * each))
		return image_cut(bytes, err);
	return 0;
}

/* [MS-VHDX] 2.2 to 2.6. */
enum {
	VHDX_HEADER = 64 << 10,
	VHDX_REGIONS = 192 << 10,
	VHDX_ENTRIES_MOST = 2047,
	VHDX_ENTRY = 32,
};

struct vhdx_item {
	uint64_t off;
	uint32_t len;
	bool found;
};

/* The entry of that GUID in the table at head: its first one is at from, their number at 8 or 10,
 * and the place is of 64 or 32 bits. */
static struct vhdx_item vhdx_find(struct image_bytes *bytes, uint64_t table, bool region,
	const char guid[16])
{
	struct vhdx_item item = { 0 };
	uint8_t entry[VHDX_ENTRY];
	uint32_t count;

	if (!image_get(bytes, table, entry, sizeof entry))
		return item;
	count = region ? get32(entry + 8) : get16(entry + 10);
	for (uint32_t i = 0; !item.found && i < count && i < VHDX_ENTRIES_MOST; i++) {
		table += i == 0 && region ? VHDX_ENTRY / 2 : VHDX_ENTRY;
		if (!image_get(bytes, table, entry, sizeof entry))
			break;
		item.found = !memcmp(entry, guid, 16);
		item.off = region ? get64(entry + 16) : get32(entry + 16);
		item.len = get32(entry + (region ? 24 : 20));
	}
	return item;
}

static uint64_t vhdx_where(const struct image_table *table, const uint8_t *entry)
{
	enum { FULL = 6, PARTLY = 7, STATE = 7 };
	uint64_t value = get64(entry);

	(void)table;
	return (value & STATE) == FULL || (value & STATE) == PARTLY ? value >> 20 << 20 : 0;
}

/* Whether the younger header says that the log is to be replayed: its GUID at 48 is not zero. */
static bool vhdx_log(struct image_bytes *bytes)
{
	static const uint8_t none[16];
	uint8_t head[2][64];

	for (size_t i = 0; i < 2; i++)
		if (!image_get(bytes, VHDX_HEADER * (i + 1), head[i], sizeof head[i]) ||
			memcmp(head[i], "head", 4) != 0)
			memset(head[i], 0, sizeof head[i]);
	return memcmp(head[get64(head[1] + 8) > get64(head[0] + 8)] + 48, none, sizeof none) != 0;
}

static int vhdx_read(struct image_bytes *bytes, struct error *err)
{
	enum { HAS_PARENT = 2 };
	struct image_table blocks = { .width = 8, .where = vhdx_where };
	struct vhdx_item bat, meta, parameters;
	uint8_t value[8];

	if (!image_get(bytes, VHDX_REGIONS, value, sizeof value))
		return image_cut(bytes, err);
	if (vhdx_log(bytes))
		return image_unclosed(bytes, err);
	/* 2DC27766-F623-4200-9D64-115E9BFD4A08, 8B7CA206-4790-4B9A-B8FE-575F050F886E */
	bat = vhdx_find(bytes, VHDX_REGIONS, true,
		"\x66\x77\xc2\x2d\x23\xf6\x00\x42\x9d\x64\x11\x5e\x9b\xfd\x4a\x08");
	meta = vhdx_find(bytes, VHDX_REGIONS, true,
		"\x06\xa2\x7c\x8b\x90\x47\x9a\x4b\xb8\xfe\x57\x5f\x05\x0f\x88\x6e");
	if (memcmp(value, "regi", 4) != 0 || !bat.found || !meta.found)
		return image_senseless(bytes, err);
	blocks.count = bat.len / blocks.width;
	if (!image_inside(bytes, bat.off, bat.len) || !image_inside(bytes, meta.off, meta.len) ||
		!image_table_inside(bytes, &blocks, bat.off))
		return image_cut(bytes, err);
	/* CAA16737-FA36-4D43-B3B6-33F0AA44E76B */
	parameters = vhdx_find(bytes, meta.off, false,
		"\x37\x67\xa1\xca\x36\xfa\x43\x4d\xb3\xb6\x33\xf0\xaa\x44\xe7\x6b");
	if (!parameters.found || !image_get(bytes, meta.off + parameters.off, value, sizeof value))
		return image_senseless(bytes, err);
	return get32(value + 4) & HAS_PARENT
		? image_unreadable(bytes, _("it holds what differs from another one"), err)
		: 0;
}

/* Sections, each with its kind, and where the next one begins at 16; the last one names itself. */
int image_segment_read(struct image_bytes *bytes, unsigned number, bool *more, struct error *err)
{
	enum { FIRST = 13, SECTION = 76 };
	uint8_t section[SECTION];
	uint64_t at = FIRST, next = 0;

	if (bytes->head_len < FIRST || memcmp(bytes->head, "EVF\x09\x0d\x0a\xff", 8) != 0)
		return image_senseless(bytes, err);
	if (get16(bytes->head + 9) != number)
		return number == 1 ? image_only_part(bytes, err) : image_senseless(bytes, err);
	for (;; at = next) {
		if (!image_get(bytes, at, section, sizeof section))
			return image_cut(bytes, err);
		next = get64(section + 16);
		*more = !memcmp(section, "next", 5);
		if (*more || !memcmp(section, "done", 5))
			return 0;
		if (next < at + SECTION)
			return image_senseless(bytes, err);
	}
}

static bool magic_at(const struct image_bytes *bytes, size_t off, const char *magic, size_t len)
{
	return bytes->head_len >= off + len && !memcmp(bytes->head + off, magic, len);
}

/* What begins like a format; raw for everything else. */
static enum image_format magic_tell(const struct image_bytes *bytes)
{
	static const struct {
		enum image_format format;
		size_t off, len;
		const char *magic;
	} rows[] = {
		{ IMAGE_QCOW2, 0, 4, "QFI\xfb" },
		{ IMAGE_VHD, 0, 8, "conectix" },
		{ IMAGE_VHDX, 0, 8, "vhdxfile" },
		{ IMAGE_VDI, 0x40, 4, "\x7f\x10\xda\xbe" },
		{ IMAGE_EWF, 0, 8, "EVF\x09\x0d\x0a\xff" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (magic_at(bytes, rows[i].off, rows[i].magic, rows[i].len))
			return rows[i].format;
	return image_is_vmdk(bytes) ? IMAGE_VMDK : IMAGE_RAW;
}

int image_header_read(TALLOC_CTX *mem, struct image_bytes *bytes, const enum image_format *told,
	struct image_header *header, struct error *err)
{
	enum image_format format = magic_tell(bytes);
	bool more;

	*header = (struct image_header){ .parent_cid = VMDK_NO_PARENT };
	if (told && *told == IMAGE_RAW)
		return raw_read(bytes, true, header, err);
	/* A guest can write any header to the beginning of its disk. */
	if ((!told && table_tell(bytes) == TABLE_SOUND) ||
		(told && *told == IMAGE_VHD && format == IMAGE_RAW)) {
		format = IMAGE_RAW;
	} else if (told && format != *told) {
		return error_set(err, TROUBLE_IMAGE,
			_("%s is not of the format %s, as the disk image that stands on it says."),
			bytes->path, image_format_name(*told));
	}
	header->format = format;
	switch (format) {
	case IMAGE_QCOW2:
		return image_qcow2_read(mem, bytes, header, err);
	case IMAGE_VMDK:
		return image_vmdk_read(mem, bytes, header, err);
	case IMAGE_VHD:
		return vhd_read(bytes, err);
	case IMAGE_VHDX:
		return vhdx_read(bytes, err);
	case IMAGE_VDI:
		return vdi_read(bytes, err);
	case IMAGE_EWF:
		return image_segment_read(bytes, 1, &more, err);
	case IMAGE_RAW:
		break;
	}
	return magic_at(bytes, 510, "\x55\xaa", 2) ? raw_read(bytes, false, header, err)
						   : image_not(bytes, err);
}

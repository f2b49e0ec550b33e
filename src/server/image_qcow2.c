/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The header of a qcow2, versions 2 and 3. */
#include "server/image_private.h"

#include <string.h>

#include "base/memory.h"

enum {
	HEADER_2 = 72, /* bytes of a header of version 2 */
	HEADER_3 = 104,
	EXTENSION_BACKING = (int)0xe2792aca,
	/* What qemu takes. */
	BACKING_MOST = 1023,
	L1_MOST = 0x2000000 / 8,
};

/* Incompatible features; 8 and 16 (compression, extended L2 entries) do no harm. */
enum { DIRTY = 1, CORRUPT = 2, DATA_FILE = 4, EXTENDED_L2 = 16, KNOWN = 31 };

#define OFFSET_MASK 0x00fffffffffffe00
#define COMPRESSED ((uint64_t)1 << 62)

static uint64_t l1_where(const struct image_table *table, const uint8_t *entry)
{
	(void)table;
	return be64(entry) & OFFSET_MASK;
}

static uint64_t l2_where(const struct image_table *table, const uint8_t *entry)
{
	uint64_t value = be64(entry);

	if (value & COMPRESSED)
		return value & (((uint64_t)1 << (62 - (table->bits - 8))) - 1);
	return value & OFFSET_MASK;
}

static int features_check(const struct image_bytes *bytes, const uint8_t *head, uint64_t features,
	struct error *err)
{
	if (be32(head + 32) != 0)
		return image_unreadable(bytes, _("it is encrypted"), err);
	if (features & DATA_FILE)
		return image_unreadable(bytes, _("it keeps its data in another file"), err);
	if (features & ~(uint64_t)KNOWN)
		return image_unreadable(bytes,
			_("it uses features that this program does not know"), err);
	if (features & CORRUPT)
		return error_set(err, TROUBLE_IMAGE, _("The disk image %s is marked as damaged."),
			bytes->path);
	return features & DIRTY ? image_unclosed(bytes, err) : 0;
}

static int tables_check(struct image_bytes *bytes, const uint8_t *head, uint64_t features,
	struct error *err)
{
	unsigned bits = be32(head + 20);
	uint64_t cluster = (uint64_t)1 << bits, l1 = be64(head + 40), refcounts = be64(head + 48);
	struct image_table l2_table = { .width = features & EXTENDED_L2 ? 16 : 8,
		.where = l2_where,
		.bits = bits };
	struct image_table l1_table = { .width = 8,
		.count = be32(head + 36),
		.where = l1_where,
		.below = &l2_table };

	l2_table.count = cluster / l2_table.width;
	if (l1_table.count > L1_MOST || (l1 | refcounts) & (cluster - 1))
		return image_senseless(bytes, err);
	if (!image_inside(bytes, l1, l1_table.count * 8) ||
		!image_inside(bytes, refcounts, be32(head + 56) * cluster) ||
		!image_table_inside(bytes, &l1_table, l1))
		return image_cut(bytes, err);
	return 0;
}

/* The format of the backing file, from the extensions between the header and end: a type and a
 * length, then so many bytes, padded to eight. NULL: it is not said. */
static const uint8_t *backing_format(const uint8_t *head, size_t off, size_t end, size_t *len)
{
	while (off <= end && end - off >= 8) {
		uint32_t type = be32(head + off);

		*len = be32(head + off + 4);
		off += 8;
		if (type == 0 || *len > end - off)
			break;
		if (type == (uint32_t)EXTENSION_BACKING)
			return head + off;
		off += (*len + 7) / 8 * 8;
	}
	return NULL;
}

static int backing_of(const struct image_bytes *bytes, const uint8_t *said, size_t len,
	struct image_header *header, struct error *err)
{
	int ret;

	if (!said) {
		ret = error_set(err, TROUBLE_IMAGE,
			_("The disk image %s does not say which format its backing file %s has."),
			bytes->path, header->backing);
		return error_advise(err, ret,
			_("Find out its format and say it: qemu-img rebase -u -F FORMAT -b %s %s"),
			header->backing, bytes->path);
	}
	for (int i = IMAGE_RAW; i < IMAGE_EWF; i++) {
		const char *driver = image_format_driver((enum image_format)i);

		if (strlen(driver) == len && !memcmp(driver, said, len)) {
			header->backing_format = (enum image_format)i;
			return 0;
		}
	}
	return image_unreadable(bytes, _("its backing file has another format"), err);
}

static int backing_read(TALLOC_CTX *mem, const struct image_bytes *bytes, size_t extensions,
	struct image_header *header, struct error *err)
{
	uint64_t off = be64(bytes->head + 8), cluster = (uint64_t)1 << be32(bytes->head + 20);
	size_t len = be32(bytes->head + 16), format_len = 0;
	const uint8_t *format;
	int ret;

	if (off == 0)
		return 0;
	if (len > BACKING_MOST || off > cluster || len > cluster - off || off < extensions)
		return image_senseless(bytes, err);
	if (off > bytes->head_len || len > bytes->head_len - off)
		return image_cut(bytes, err);
	ret = image_name(mem, bytes, (const char *)bytes->head + off, len, &header->backing, err);
	if (ret != 0)
		return ret;
	format = backing_format(bytes->head, extensions, (size_t)off, &format_len);
	return backing_of(bytes, format, format_len, header, err);
}

int image_qcow2_read(TALLOC_CTX *mem, struct image_bytes *bytes, struct image_header *header,
	struct error *err)
{
	const uint8_t *head = bytes->head;
	uint32_t version, bits;
	uint64_t features;
	size_t extensions;
	int ret;

	if (bytes->head_len < HEADER_3)
		return image_cut(bytes, err);
	version = be32(head + 4);
	bits = be32(head + 20);
	if (version != 2 && version != 3)
		return image_unreadable(bytes, _("another version of QCOW"), err);
	extensions = version == 2 ? HEADER_2 : be32(head + 100);
	if (bits < 9 || bits > 21 || extensions > (size_t)1 << bits ||
		extensions < (version == 2 ? HEADER_2 : HEADER_3))
		return image_senseless(bytes, err);
	features = version == 2 ? 0 : be64(head + 72);
	ret = features_check(bytes, head, features, err);
	if (ret == 0)
		ret = backing_read(mem, bytes, extensions, header, err);
	return ret == 0 ? tables_check(bytes, head, features, err) : ret;
}

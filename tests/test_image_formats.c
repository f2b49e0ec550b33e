/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Headers of disk images, written out by hand and bent. */
#include "server/image_private.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"
#include "tests/image_hand.h"
#include "tests/support.h"

static int header_of(TALLOC_CTX *mem, const uint8_t *bytes, size_t len, struct image_header *header,
	struct error *err)
{
	struct image_bytes all = { .path = "/vm/x",
		.head = bytes,
		.head_len = len,
		.size = len,
		.fd = -1 };

	*err = (struct error){ 0 };
	return image_header_read(mem, &all, NULL, header, err);
}

static const struct {
	hand_image *make;
	enum image_format format;
} images[] = {
	{ hand_raw, IMAGE_RAW },
	{ hand_fixed_vhd, IMAGE_RAW },
	{ hand_qcow2, IMAGE_QCOW2 },
	{ hand_vmdk, IMAGE_VMDK },
	{ hand_vhd, IMAGE_VHD },
	{ hand_vhdx, IMAGE_VHDX },
	{ hand_vdi, IMAGE_VDI },
	{ hand_ewf, IMAGE_EWF },
};

static void told_by_magic(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(images); i++) {
		struct image_header header;
		struct error err;
		size_t len;
		uint8_t *bytes = images[i].make(*state, &len);

		assert_int_equal(header_of(*state, bytes, len, &header, &err), 0);
		assert_int_equal(header.format, images[i].format);
		assert_int_equal(header.fixed_vhd, images[i].make == hand_fixed_vhd);
		assert_int_equal(header.length, images[i].format == IMAGE_RAW ? 1 << 20 : 0);
		assert_null(header.backing);
	}
}

/* One change to an image, and what comes of it: a trouble and a word of its sentence. sum: of a
 * VHD's dynamic header, made anew (its footers would differ anyway). */
static const struct {
	hand_image *make;
	size_t off, len;
	const char *bytes;
	enum trouble trouble;
	const char *says;
} changes[] = {
	{ hand_raw, 510, 1, "x", TROUBLE_IMAGE, "no disk image" },
	{ hand_raw, 446 + 12, 4, "\xc2\x07\0\0", TROUBLE_IMAGE, "cut off" },
	{ hand_raw, 446 + 8, 4, "\0\x10\0\0", TROUBLE_IMAGE, "cut off" },
	/* A protective entry counts as far as it can; a flag that is none is code, not a table. */
	{ hand_raw, 446 + 4, 12, "\xee\0\0\0\1\0\0\0\xff\xff\xff\xff", TROUBLE_NONE, "" },
	{ hand_raw, 446, 16, "\x33\xc0\x8e\xd0\xbc\0\x7c\xfb\x50\x07\x50\x1f\xfc\xbe\x1b\x7c",
		TROUBLE_NONE, "" },
	{ hand_qcow2, 4, 4, "\0\0\0\1", TROUBLE_CANNOT, "version" },
	{ hand_qcow2, 20, 4, "\0\0\0\x08", TROUBLE_IMAGE, "no sense" },
	{ hand_qcow2, 20, 4, "\0\0\0\x40", TROUBLE_IMAGE, "no sense" },
	{ hand_qcow2, 32, 4, "\0\0\0\1", TROUBLE_CANNOT, "encrypted" },
	{ hand_qcow2, 32, 4, "\0\0\0\2", TROUBLE_CANNOT, "encrypted" },
	{ hand_qcow2, 79, 1, "\1", TROUBLE_IMAGE, "not closed" },
	{ hand_qcow2, 79, 1, "\2", TROUBLE_IMAGE, "marked as damaged" },
	{ hand_qcow2, 79, 1, "\4", TROUBLE_CANNOT, "data in another file" },
	{ hand_qcow2, 79, 1, "\x20", TROUBLE_CANNOT, "does not know" },
	{ hand_qcow2, 72, 1, "\x80", TROUBLE_CANNOT, "does not know" },
	{ hand_qcow2, 79, 1, "\x18", TROUBLE_NONE, "" },
	{ hand_qcow2, 44, 4, "\0\0\x08\0", TROUBLE_IMAGE, "cut off" },
	{ hand_qcow2, 40, 4, "\1\0\0\0", TROUBLE_IMAGE, "cut off" },
	{ hand_qcow2, 36, 4, "\0\0\0\x41", TROUBLE_IMAGE, "cut off" },
	{ hand_qcow2, 52, 4, "\0\0\x08\0", TROUBLE_IMAGE, "cut off" },
	{ hand_qcow2, 3 * 512, 8, "\x80\0\0\0\0\0\x08\0", TROUBLE_IMAGE, "cut off" },
	/* An L2 table in the third cluster, whose first entry is data behind the end; one that is
	 * compressed; and all L2 tables in one place. */
	{ hand_qcow2, 3 * 512 - 512, 520, NULL, TROUBLE_IMAGE, "cut off" },
	{ hand_vmdk, 4, 4, "\4\0\0\0", TROUBLE_IMAGE, "no sense" },
	{ hand_vmdk, 12, 8, "\0\0\0\0\0\0\0\0", TROUBLE_IMAGE, "no sense" },
	{ hand_vmdk, 20, 8, "\0\0\0\0\0\0\0\0", TROUBLE_IMAGE, "no sense" },
	{ hand_vmdk, 28, 8, "\0\0\0\0\0\0\0\0", TROUBLE_IMAGE, "a part of" },
	{ hand_vmdk, 44, 4, "\xff\xff\0\0", TROUBLE_IMAGE, "no sense" },
	{ hand_vmdk, 56, 1, "\x1a", TROUBLE_IMAGE, "cut off" },
	{ hand_vmdk, 64, 1, "\x1b", TROUBLE_IMAGE, "cut off" },
	{ hand_vmdk, 72, 1, "\1", TROUBLE_IMAGE, "not closed" },
	{ hand_vmdk, 73, 4, "\n \n\n", TROUBLE_IMAGE, "no sense" },
	{ hand_vmdk, 21 * 512, 4, "\xff\0\0\0", TROUBLE_IMAGE, "cut off" },
	{ hand_vmdk, 22 * 512, 4, "\x1a\0\0\0", TROUBLE_IMAGE, "cut off" },
	{ hand_vmdk, 22 * 512, 4, "\1\0\0\0", TROUBLE_NONE, "" },
	{ hand_vmdk, 512, 1, "x", TROUBLE_IMAGE, "a part of" },
	{ hand_vmdk, 0, 4, "COWD", TROUBLE_IMAGE, "a part of" },
	{ hand_vhd, 60, 4, "\0\0\0\4", TROUBLE_CANNOT, "differs from another" },
	{ hand_vhd, 30, 1, "x", TROUBLE_IMAGE, "no sense" },
	{ hand_vhd, 2048, 1, "x", TROUBLE_IMAGE, "cut off" },
	{ hand_vhd, 512 + 100, 1, "x", TROUBLE_IMAGE, "no sense" },
	{ hand_vhd, 1536, 4, "\0\0\0\5", TROUBLE_IMAGE, "cut off" },
	{ hand_vhd, 1536, 4, "\0\0\0\4", TROUBLE_NONE, "" },
	{ hand_vhdx, 128 * 1024 + 48, 1, "x", TROUBLE_IMAGE, "not closed" },
	/* The older header does not count. */
	{ hand_vhdx, 64 * 1024 + 48, 1, "x", TROUBLE_NONE, "" },
	{ hand_vhdx, 192 * 1024, 1, "x", TROUBLE_IMAGE, "no sense" },
	{ hand_vhdx, 192 * 1024 + 8, 1, "\1", TROUBLE_IMAGE, "no sense" },
	{ hand_vhdx, 192 * 1024 + 36, 1, "\1", TROUBLE_IMAGE, "cut off" },
	{ hand_vhdx, 192 * 1024 + 68, 1, "\1", TROUBLE_IMAGE, "cut off" },
	{ hand_vhdx, 3 << 20, 4, "\6\0\x40\0", TROUBLE_IMAGE, "cut off" },
	{ hand_vhdx, 3 << 20, 4, "\2\0\x40\0", TROUBLE_NONE, "" },
	{ hand_vhdx, (2 << 20) + 65536 + 4, 1, "\2", TROUBLE_CANNOT, "differs from another" },
	{ hand_vdi, 0x46, 1, "\2", TROUBLE_CANNOT, "version" },
	{ hand_vdi, 0x4c, 1, "\4", TROUBLE_CANNOT, "differs from another" },
	{ hand_vdi, 0x1b8, 1, "\4", TROUBLE_CANNOT, "differs from another" },
	{ hand_vdi, 0x154, 2, "\xfd\x03", TROUBLE_IMAGE, "cut off" },
	{ hand_vdi, 0x184, 1, "\1", TROUBLE_IMAGE, "cut off" },
	{ hand_vdi, 0x184, 1, "\2", TROUBLE_IMAGE, "no sense" },
	{ hand_vdi, 0x178, 4, "\0\0\0\0", TROUBLE_IMAGE, "no sense" },
	{ hand_ewf, 9, 1, "\2", TROUBLE_IMAGE, "a part of" },
	{ hand_ewf, 29, 1, "\x5a", TROUBLE_IMAGE, "cut off" },
	{ hand_ewf, 29, 1, "\x0d", TROUBLE_IMAGE, "no sense" },
};

static void a_change_is_seen(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(changes); i++) {
		struct image_header header;
		struct error err;
		size_t len;
		uint8_t *bytes = changes[i].make(*state, &len);
		int ret;

		if (changes[i].bytes)
			memcpy(bytes + changes[i].off, changes[i].bytes, changes[i].len);
		else {
			hand_be32(bytes + 3 * 512 + 4, 1024);
			hand_be32(bytes + 1024 + 4, 4 * 512);
		}
		ret = header_of(*state, bytes, len, &header, &err);
		if (ret != -(int)changes[i].trouble || !strstr(err.text, changes[i].says))
			fail_msg("change %zu at %zu: %s", i, changes[i].off, err.text);
		assert_true(ret == 0 || strstr(err.text, "/vm/x"));
	}
}

/* qcow2.txt: an L2 entry with bit 62 is compressed; its place are the bits below 62 - (bits - 8),
 * here 61. */
static void compressed_clusters(void **state)
{
	struct image_header header;
	struct error err;
	size_t len;
	uint8_t *bytes = hand_qcow2(*state, &len);

	hand_be32(bytes + 3 * 512 + 4, 1024);
	hand_be32(bytes + 1024, 0x40000000);
	hand_be32(bytes + 1024 + 4, 2047);
	assert_int_equal(header_of(*state, bytes, len, &header, &err), 0);
	hand_be32(bytes + 1024 + 4, 2048);
	assert_int_equal(header_of(*state, bytes, len, &header, &err), -TROUBLE_IMAGE);
	/* More tables than the file has room for. */
	hand_be32(bytes + 1024, 0);
	hand_be32(bytes + 1024 + 4, 0);
	for (size_t i = 0; i < 32; i++)
		hand_be32(bytes + 3 * 512 + i * 8 + 4, 1024);
	assert_int_equal(header_of(*state, bytes, len, &header, &err), -TROUBLE_IMAGE);
}

/* A guest can write these to the first sector of its raw disk. */
static void a_raw_disk_stays_one(void **state)
{
	static hand_image *const fronts[] = { hand_qcow2, hand_vmdk, hand_vhd, hand_vhdx, hand_vdi,
		hand_ewf };
	struct image_header header;
	struct error err;
	size_t len, front_len;
	uint8_t *disk, *front;

	for (size_t i = 0; i < ARRAY_SIZE(fronts); i++) {
		disk = hand_raw(*state, &len);
		front = fronts[i](*state, &front_len);
		memcpy(disk, front, front_len < 440 ? front_len : 440);
		put32(disk + 446 + 8, 63);
		disk[446] = 0;
		assert_int_equal(header_of(*state, disk, len, &header, &err), 0);
		assert_int_equal(header.format, IMAGE_RAW);
		assert_int_equal(header.length, len);
	}
	disk = hand_raw(*state, &len);
	strcpy((char *)disk, "# Disk DescriptorFile\nRW 1 FLAT \"/etc/passwd\" 0\n");
	assert_int_equal(header_of(*state, disk, len, &header, &err), 0);
	assert_int_equal(header.format, IMAGE_RAW);
	/* And a sound footer to the last, where its partition ends. */
	disk = hand_fixed_vhd(*state, &len);
	put32(disk + 446 + 12, 2048 - 63 + 1);
	assert_int_equal(header_of(*state, disk, len, &header, &err), 0);
	assert_false(header.fixed_vhd);
	assert_int_equal(header.length, len);
	/* One that is not sound is none. */
	disk = hand_fixed_vhd(*state, &len);
	disk[(1 << 20) + 100] = 1;
	assert_int_equal(header_of(*state, disk, len, &header, &err), 0);
	assert_int_equal(header.length, len);
}

#define HEAD "# Disk DescriptorFile\nCID=123\nparentCID=ffffffff\ncreateType=\"vmfs\"\n"
#define SNAP "# Disk DescriptorFile\nCID=123\nparentCID=99\ncreateType=\"vmfs\"\n"

/* Descriptors alone. What qemu 7.2 makes of the odd ones was tried: it passes over what is not RW,
 * doubles an extent after a blank line, and reads on across line ends. */
static const struct {
	const char *text;
	enum trouble trouble;
	const char *name; /* of the last extent or of the parent */
} descriptors[] = {
	{ HEAD "RW 8 FLAT \"a b.vmdk\" 8\r\n", TROUBLE_NONE, "a b.vmdk" },
	{ HEAD "RW 8 VMFS \"./a\"\nddb.adapterType = \"ide\"\n", TROUBLE_NONE, "a" },
	{ HEAD "RW 8 SPARSE \"a\"\nRW 8 VMFSSPARSE \"b\"\n RW\t8 SESPARSE \"c\" \n", TROUBLE_NONE,
		"c" },
	{ SNAP "parentFileNameHint=\"p.vmdk\"\nRW 8 VMFSSPARSE \"d\"\n", TROUBLE_NONE, "p.vmdk" },
	{ HEAD, TROUBLE_IMAGE, "" },
	{ HEAD "RW 8 FLAT \"a\"\n", TROUBLE_IMAGE, "" },
	{ HEAD "RW 8 VMFS \"a\" 0\n", TROUBLE_IMAGE, "" },
	{ HEAD "RW 8 FLAT \"a\" -1\n", TROUBLE_IMAGE, "" },
	{ HEAD "RW 8 FLAT \"a\n", TROUBLE_IMAGE, "" },
	{ HEAD "RW 8 FLAT \"a\" 0 x\n", TROUBLE_IMAGE, "" },
	{ HEAD "RW 9223372036854775807 VMFS \"a\"\n", TROUBLE_IMAGE, "" },
	{ HEAD "RW -8 VMFS \"a\"\n", TROUBLE_IMAGE, "" },
	{ HEAD "RW\n8 VMFS \"/etc/passwd\"\n", TROUBLE_IMAGE, "" },
	{ HEAD "\f\nRW 8 VMFS \"a\"\n", TROUBLE_CANNOT, "" },
	{ HEAD "RDONLY 8 VMFS \"a\"\n", TROUBLE_CANNOT, "" },
	{ HEAD "NOACCESS 8 VMFS \"a\"\n", TROUBLE_CANNOT, "" },
	{ HEAD "RW 8 ZERO\n", TROUBLE_CANNOT, "" },
	{ HEAD "RW 8 VMFSRAW \"a\"\n", TROUBLE_CANNOT, "" },
	{ HEAD "RW 8 VMFS \"/etc/passwd\"\n", TROUBLE_IMAGE_CHAIN, "" },
	{ HEAD "\vRW 8 VMFS \"/etc/=\"\n", TROUBLE_IMAGE_CHAIN, "" },
	{ HEAD "RW 8 VMFS \"../a\"\n", TROUBLE_IMAGE_CHAIN, "" },
	{ HEAD "RW 8 VMFS \".\"\n", TROUBLE_IMAGE_CHAIN, "" },
	{ HEAD "RW 8 VMFS \"./..\"\n", TROUBLE_IMAGE_CHAIN, "" },
	{ HEAD "RW 8 VMFS \"./\"\n", TROUBLE_IMAGE_CHAIN, "" },
	{ HEAD "RW 8 VMFS \"nbd:h\"\n", TROUBLE_IMAGE_CHAIN, "" },
	{ HEAD "RW 8 VMFS \"a\"\n# parentFileNameHint=\"/etc/x\"\n", TROUBLE_IMAGE, "" },
	{ SNAP "RW 8 VMFS \"a\"\n", TROUBLE_IMAGE, "" },
	{ HEAD "parentFileNameHint=\"p\"\nRW 8 VMFS \"a\"\n", TROUBLE_IMAGE, "" },
	{ SNAP "parentFileNameHint=\"p\"\nparentFileNameHint=\"q\"\nRW 8 VMFS \"a\"\n",
		TROUBLE_IMAGE, "" },
	{ SNAP "parentFileNameHint = \"p\"\nRW 8 VMFS \"a\"\n", TROUBLE_IMAGE, "" },
	{ SNAP "parentFileNameHint=\"/p\"\nRW 8 VMFS \"a\"\n", TROUBLE_IMAGE_CHAIN, "" },
	{ "# Disk DescriptorFile\ncreateType=\"custom\"\nRW 8 VMFS \"a\"\n", TROUBLE_CANNOT, "" },
	{ HEAD "what is this\nRW 8 VMFS \"a\"\n", TROUBLE_IMAGE, "" },
};

static void descriptors_read(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(descriptors); i++) {
		struct image_header header;
		struct error err;
		int ret = header_of(*state, (const uint8_t *)descriptors[i].text,
			strlen(descriptors[i].text), &header, &err);

		if (ret != -(int)descriptors[i].trouble)
			fail_msg("descriptor %zu: %s", i, err.text);
		if (ret == 0)
			assert_string_equal(header.backing
					? header.backing
					: header.extents[header.extent_count - 1].name,
				descriptors[i].name);
	}
}

static void try(const uint8_t *bytes, size_t len)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	struct image_header header;
	struct error err;

	assert_true(header_of(mem, bytes, len, &header, &err) == 0 || *err.text);
	talloc_free(mem);
}

/* Every byte of every image (of a large one, those that are not zero and their neighbours), bent;
 * and every beginning of it. Under a sanitizer a byte read outside ends the test. */
static void nothing_is_read_outside(void **state)
{
	static const uint8_t bends[] = { 0xff, 0x80, 0x01 };

	for (size_t i = 0; i < ARRAY_SIZE(images); i++) {
		size_t len, last = 0;
		uint8_t *bytes = images[i].make(*state, &len);

		for (size_t at = 0; at < len; at++) {
			if (bytes[at])
				last = at;
			if (at > 1024 && at - last > 8)
				continue;
			for (size_t k = 0; k < ARRAY_SIZE(bends); k++) {
				bytes[at] ^= bends[k];
				try(bytes, len);
				bytes[at] ^= bends[k];
			}
		}
		for (size_t cut = 0; cut < len && cut < 3000; cut += cut < 600 ? 1 : 97) {
			uint8_t *exact = malloc(cut + 1);

			memcpy(exact, bytes, cut);
			exact = realloc(exact, cut ? cut : 1);
			try(exact, cut);
			free(exact);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SUPPORT_TEST(told_by_magic),
		SUPPORT_TEST(a_change_is_seen),
		SUPPORT_TEST(compressed_clusters),
		SUPPORT_TEST(a_raw_disk_stays_one),
		SUPPORT_TEST(descriptors_read),
		SUPPORT_TEST(nothing_is_read_outside),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

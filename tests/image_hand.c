/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/image_hand.h"

#include <string.h>

#include "base/bytes.h"

enum { DISK = 1 << 20, SECTORS = DISK / 512, KIB = 1 << 10 };

static uint8_t *room(TALLOC_CTX *mem, size_t *len, size_t want)
{
	*len = want;
	return talloc_zero_size(mem, want);
}

void hand_be32(uint8_t *at, uint32_t value)
{
	for (int i = 0; i < 4; i++)
		at[i] = (uint8_t)(value >> (24 - 8 * i));
}

uint8_t *hand_raw(TALLOC_CTX *mem, size_t *len)
{
	uint8_t *disk = room(mem, len, DISK);

	disk[446] = 0x80;
	disk[446 + 4] = 0x07;
	put32(disk + 446 + 8, 63);
	put32(disk + 446 + 12, SECTORS - 63);
	put16(disk + 510, 0xaa55);
	return disk;
}

/* docs/interop/qcow2.txt: clusters of 512 bytes; refcount table in the second, a refcount block in
 * the third, L1 of 32 entries (each 32 KiB) in the fourth. */
uint8_t *hand_qcow2_on(TALLOC_CTX *mem, size_t *len, const char *backing, size_t backing_len,
	const char *format)
{
	uint8_t *file = room(mem, len, 4 * 512);
	size_t off = 104;

	memcpy(file, "QFI\xfb", 4);
	hand_be32(file + 4, 3);
	hand_be32(file + 20, 9);
	hand_be32(file + 28, DISK);
	hand_be32(file + 36, 32);
	hand_be32(file + 44, 3 * 512);
	hand_be32(file + 52, 512);
	hand_be32(file + 56, 1);
	hand_be32(file + 96, 4);
	hand_be32(file + 100, 104);
	hand_be32(file + 512 + 4, 2 * 512);
	if (format) {
		hand_be32(file + off, 0xe2792aca);
		hand_be32(file + off + 4, (uint32_t)strlen(format));
		memcpy(file + off + 8, format, strlen(format));
		off += 8 + (strlen(format) + 7) / 8 * 8;
	}
	off += 8; /* the end of extensions */
	if (backing) {
		memcpy(file + off, backing, backing_len);
		hand_be32(file + 12, (uint32_t)off);
		hand_be32(file + 16, (uint32_t)backing_len);
	}
	return file;
}

uint8_t *hand_qcow2(TALLOC_CTX *mem, size_t *len)
{
	return hand_qcow2_on(mem, len, NULL, 0, NULL);
}

/* Virtual Disk Format 5.0: grains of 128 sectors, 512 a table; the descriptor in sectors 1 to 20,
 * the directory in 21, its one table in 22 to 25. */
uint8_t *hand_vmdk(TALLOC_CTX *mem, size_t *len)
{
	static const char text[] =
		"# Disk DescriptorFile\nversion=1\nCID=fffffffe\n"
		"parentCID=ffffffff\ncreateType=\"monolithicSparse\"\n\n"
		"# Extent description\nRW 2048 SPARSE \"x.vmdk\"\n\nddb.x = \"4\"\n";
	uint8_t *file = room(mem, len, (size_t)26 * 512);

	memcpy(file, "KDMV", 4);
	put32(file + 4, 1);
	put32(file + 8, 1);
	put64(file + 12, SECTORS);
	put64(file + 20, 128);
	put64(file + 28, 1);
	put64(file + 36, 20);
	put32(file + 44, 512);
	put64(file + 56, 21);
	put64(file + 64, 26);
	memcpy(file + 73, "\n \r\n", 4);
	memcpy(file + 512, text, sizeof text);
	put32(file + (size_t)21 * 512, 22);
	return file;
}

void hand_vhd_sum(uint8_t *bytes, size_t len, size_t off)
{
	uint32_t sum = 0;

	memset(bytes + off, 0, 4);
	for (size_t i = 0; i < len; i++)
		sum += bytes[i];
	hand_be32(bytes + off, ~sum);
}

/* VHD 1.0: creator, sizes, type, sum. */
static void footer(uint8_t *at, uint32_t data, uint32_t type)
{
	memcpy(at, "conectix", 8);
	hand_be32(at + 8, 2);
	hand_be32(at + 12, 0x10000);
	hand_be32(at + 16, type == 2 ? UINT32_MAX : 0);
	hand_be32(at + 20, data);
	hand_be32(at + 44, DISK);
	hand_be32(at + 52, DISK);
	hand_be32(at + 60, type);
	hand_vhd_sum(at, 512, 64);
}

uint8_t *hand_fixed_vhd(TALLOC_CTX *mem, size_t *len)
{
	uint8_t *disk = talloc_realloc_size(mem, hand_raw(mem, len), DISK + 512);

	*len = DISK + 512;
	footer(memset(disk + DISK, 0, 512), UINT32_MAX, 2);
	return disk;
}

/* Copy of the footer, dynamic header, a table of one block that is not there, footer. */
uint8_t *hand_vhd(TALLOC_CTX *mem, size_t *len)
{
	uint8_t *file = room(mem, len, 512 + 1024 + 512 + 512);

	footer(file, 512, 3);
	footer(file + 2048, 512, 3);
	memcpy(file + 512, "cxsparse", 8);
	memset(file + 512 + 8, 0xff, 8);
	hand_be32(file + 512 + 20, 1536);
	hand_be32(file + 512 + 24, 0x10000);
	hand_be32(file + 512 + 28, 1);
	hand_be32(file + 512 + 32, 2 << 20);
	hand_vhd_sum(file + 512, 1024, 36);
	memset(file + 1536, 0xff, 512);
	return file;
}

/* [MS-VHDX]: two headers, region table with BAT (at 3 MiB) and metadata (at 2 MiB). */
uint8_t *hand_vhdx(TALLOC_CTX *mem, size_t *len)
{
	uint8_t *file = room(mem, len, (size_t)4 * DISK), *at;

	memcpy(file, "vhdxfile", 8);
	for (size_t i = 1; i <= 2; i++) {
		memcpy(file + i * 64 * KIB, "head", 4);
		put64(file + i * 64 * KIB + 8, i);
		put16(file + i * 64 * KIB + 66, 1);
	}
	at = file + (size_t)192 * KIB;
	memcpy(at, "regi", 4);
	put32(at + 8, 2);
	memcpy(at + 16, "\x66\x77\xc2\x2d\x23\xf6\x00\x42\x9d\x64\x11\x5e\x9b\xfd\x4a\x08", 16);
	put64(at + 32, (uint64_t)3 * DISK);
	put32(at + 40, DISK);
	memcpy(at + 48, "\x06\xa2\x7c\x8b\x90\x47\x9a\x4b\xb8\xfe\x57\x5f\x05\x0f\x88\x6e", 16);
	put64(at + 64, (uint64_t)2 * DISK);
	put32(at + 72, DISK);
	at = file + (size_t)2 * DISK;
	memcpy(at, "metadata", 8);
	put16(at + 10, 1);
	memcpy(at + 32, "\x37\x67\xa1\xca\x36\xfa\x43\x4d\xb3\xb6\x33\xf0\xaa\x44\xe7\x6b", 16);
	put32(at + 48, 64 * KIB);
	put32(at + 52, 8);
	put32(at + 64 * KIB, DISK);
	return file;
}

/* VDICore.h: 1.1, dynamic, map at 512, data at 1024, one block of 1 MiB that is not there. */
uint8_t *hand_vdi(TALLOC_CTX *mem, size_t *len)
{
	uint8_t *file = room(mem, len, 1024);

	put32(file + 0x40, 0xbeda107f);
	put32(file + 0x44, 0x10001);
	put32(file + 0x48, 0x180);
	put32(file + 0x4c, 1);
	put32(file + 0x154, 512);
	put32(file + 0x158, 1024);
	put32(file + 0x168, 512);
	put64(file + 0x170, DISK);
	put32(file + 0x178, DISK);
	put32(file + 0x180, 1);
	memset(file + 512, 0xff, 512);
	return file;
}

/* libewf's description: signature, segment 1, then sections of 76 bytes: kind, next, size. */
uint8_t *hand_ewf(TALLOC_CTX *mem, size_t *len)
{
	uint8_t *file = room(mem, len, 13 + 2 * 76);

	memcpy(file, "EVF\x09\x0d\x0a\xff\x00\x01\x01\x00\x00", 13);
	memcpy(file + 13, "header", 6);
	put64(file + 13 + 16, 13 + 76);
	memcpy(file + 13 + 76, "done", 4);
	put64(file + 13 + 76 + 16, 13 + 76);
	return file;
}

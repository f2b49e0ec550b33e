/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "handmade.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"

void hand_put(uint8_t *p, unsigned width, uint64_t value)
{
	for (unsigned i = 0; i < width; i++)
		p[i] = (uint8_t)(value >> (8 * i));
}

uint64_t hand_get(const uint8_t *p, unsigned width)
{
	uint64_t value = 0;
	for (unsigned i = 0; i < width; i++)
		value |= (uint64_t)p[i] << (8 * i);
	return value;
}

void hand_checksum(uint8_t *file)
{
	uint64_t sum = 0;
	for (int i = 0; i < 508; i += 4)
		sum ^= hand_get(file + i, 4);
	if (sum == 0)
		sum = 1;
	if (sum == 0xffffffffU)
		sum = 0xfffffffeU;
	hand_put(file + 508, 4, sum);
}

struct field {
	uint32_t pos;
	unsigned width;
	uint64_t value;
};

#define NIL 0xffffffffU
#define USED(size) (0x100000000ULL - (size))
#define LETTERS(a, b) ((a) | (b) << 8)

/* Names and data are below. What is not here is zero. The fields of an nk cell are 4 further than
 * in its description, for the cell's size. */
static const struct field fields[] = {
	{ 0, 4, 0x6e696268 /* hbin */ },
	{ 8, 4, 0x1000 },

	{ HAND_ROOT, 4, USED(0x58) },
	{ HAND_ROOT + 4, 2, LETTERS('n', 'k') },
	{ HAND_ROOT + 6, 2, 0x2c },
	{ HAND_ROOT + 8, 8, HAND_TIME },
	{ HAND_ROOT + 20, 4, NIL },
	{ HAND_ROOT + 24, 4, 2 },
	{ HAND_ROOT + 32, 4, HAND_LF },
	{ HAND_ROOT + 36, 4, NIL },
	{ HAND_ROOT + 44, 4, NIL },
	{ HAND_ROOT + 48, 4, HAND_SK },
	{ HAND_ROOT + 52, 4, NIL },
	{ HAND_ROOT + 56, 4, 10 },
	{ HAND_ROOT + 76, 2, 4 },

	{ HAND_SK, 4, USED(0x30) },
	{ HAND_SK + 4, 2, LETTERS('s', 'k') },
	{ HAND_SK + 8, 4, HAND_SK },
	{ HAND_SK + 12, 4, HAND_SK },
	{ HAND_SK + 16, 4, 3 },
	{ HAND_SK + 20, 4, 20 },
	{ HAND_SK + 24, 4, 0x80000001 },

	{ HAND_LF, 4, USED(0x18) },
	{ HAND_LF + 4, 2, LETTERS('l', 'f') },
	{ HAND_LF + 6, 2, 2 },
	{ HAND_LF + 8, 4, HAND_ALPHA },
	{ HAND_LF + 16, 4, HAND_BETA },

	{ HAND_ALPHA, 4, USED(0x58) },
	{ HAND_ALPHA + 4, 2, LETTERS('n', 'k') },
	{ HAND_ALPHA + 6, 2, 0x20 },
	{ HAND_ALPHA + 8, 8, HAND_TIME },
	{ HAND_ALPHA + 20, 4, HAND_ROOT },
	{ HAND_ALPHA + 32, 4, NIL },
	{ HAND_ALPHA + 36, 4, NIL },
	{ HAND_ALPHA + 40, 4, 3 },
	{ HAND_ALPHA + 44, 4, HAND_VALUES },
	{ HAND_ALPHA + 48, 4, HAND_SK },
	{ HAND_ALPHA + 52, 4, NIL },
	{ HAND_ALPHA + 64, 4, 8 },
	{ HAND_ALPHA + 68, 4, 20 },
	{ HAND_ALPHA + 76, 2, 5 },

	{ HAND_BETA, 4, USED(0x58) },
	{ HAND_BETA + 4, 2, LETTERS('n', 'k') },
	{ HAND_BETA + 6, 2, 0x20 },
	{ HAND_BETA + 8, 8, HAND_TIME },
	{ HAND_BETA + 20, 4, HAND_ROOT },
	{ HAND_BETA + 32, 4, NIL },
	{ HAND_BETA + 36, 4, NIL },
	{ HAND_BETA + 44, 4, NIL },
	{ HAND_BETA + 48, 4, HAND_SK },
	{ HAND_BETA + 52, 4, NIL },
	{ HAND_BETA + 76, 2, 4 },

	{ HAND_VALUES, 4, USED(0x10) },
	{ HAND_VALUES + 4, 4, HAND_PATH },
	{ HAND_VALUES + 8, 4, HAND_NUM },
	{ HAND_VALUES + 12, 4, HAND_DEFAULT },

	{ HAND_PATH, 4, USED(0x20) },
	{ HAND_PATH + 4, 2, LETTERS('v', 'k') },
	{ HAND_PATH + 6, 2, 4 },
	{ HAND_PATH + 8, 4, 20 },
	{ HAND_PATH + 12, 4, HAND_DATA },
	{ HAND_PATH + 16, 4, 2 },
	{ HAND_PATH + 20, 2, 1 },
	{ HAND_DATA, 4, USED(0x18) },
	{ HAND_NUM, 4, USED(0x20) },
	{ HAND_NUM + 4, 2, LETTERS('v', 'k') },
	{ HAND_NUM + 6, 2, 3 },
	{ HAND_NUM + 8, 4, 0x80000004 },
	{ HAND_NUM + 12, 4, 0x12345678 },
	{ HAND_NUM + 16, 4, 4 },
	{ HAND_NUM + 20, 2, 1 },
	{ HAND_DEFAULT, 4, USED(0x18) },
	{ HAND_DEFAULT + 4, 2, LETTERS('v', 'k') },
	{ HAND_DEFAULT + 8, 4, 0x80000004 },
	{ HAND_DEFAULT + 12, 4, 'A' },
	{ HAND_DEFAULT + 16, 4, 1 },
	{ HAND_FREE, 4, 0x1000 - HAND_FREE },
};

/* Sequence numbers 7/7, version 1.3, type 0, one bin. */
static const struct field base[] = {
	{ 0, 4, 0x66676572 /* regf */ },
	{ 4, 4, 7 },
	{ 8, 4, 7 },
	{ 12, 8, HAND_TIME },
	{ 20, 4, 1 },
	{ 24, 4, 3 },
	{ 32, 4, 1 },
	{ 36, 4, HAND_ROOT },
	{ 40, 4, 0x1000 },
	{ 44, 4, 1 },
};

uint8_t *handmade(TALLOC_CTX *mem)
{
	static const char path[20] = "C\0:\0\\\0E\0x\0c\0h\0s\0r\0v";
	uint8_t *file = talloc_zero_size(mem, HAND_LEN), *bin = file + HAND_BIN;
	for (size_t i = 0; i < ARRAY_SIZE(base); i++)
		hand_put(file + base[i].pos, base[i].width, base[i].value);
	for (size_t i = 0; i < ARRAY_SIZE(fields); i++)
		hand_put(bin + fields[i].pos, fields[i].width, fields[i].value);
	memcpy(bin + HAND_ROOT + 80, "ROOT", 4);
	memcpy(bin + HAND_ALPHA + 80, "Alpha", 5);
	memcpy(bin + HAND_BETA + 80, "beta", 4);
	memcpy(bin + HAND_LF + 12, "Alph", 4);
	memcpy(bin + HAND_LF + 20, "beta", 4);
	memcpy(bin + HAND_PATH + 24, "Path", 4);
	memcpy(bin + HAND_NUM + 24, "Num", 3);
	memcpy(bin + HAND_DATA + 4, path, sizeof path);
	hand_checksum(file);
	return file;
}

uint8_t *hand_pad(TALLOC_CTX *mem, uint8_t *file, size_t *len, size_t size)
{
	size_t old = *len, end = (size + 4095) / 4096 * 4096;
	if (size <= old)
		return file;
	file = talloc_realloc_size(mem, file, end);
	memset(file + old, 0, end - old);
	for (size_t pos = old; pos < end; pos += 4096) {
		memcpy(file + pos, "hbin", 4);
		hand_put(file + pos + 4, 4, pos - HAND_BIN);
		hand_put(file + pos + 8, 4, 4096);
		hand_put(file + pos + 32, 4, 4096 - 32);
	}
	hand_put(file + 40, 4, end - HAND_BIN);
	hand_checksum(file);
	*len = end;
	return file;
}

struct regf *hand_open(TALLOC_CTX *mem, const uint8_t *file, size_t len)
{
	struct error err = { 0 };
	struct regf *hive;
	if (regf_open_bytes(mem, "SYSTEM", file, len, &hive, &err) != 0)
		fail_msg("%s", err.text);
	return hive;
}

struct regf *hand_checked(TALLOC_CTX *mem, const uint8_t *file, size_t len)
{
	struct error err = { 0 };
	struct regf *hive = hand_open(mem, file, len);
	if (regf_check(hive, &err) != 0)
		fail_msg("%s", err.text);
	return hive;
}

size_t hand_cells(const uint8_t *file, size_t len, const char *letters)
{
	size_t count = 0, bin = 0x1000, end = 0x1000 + (size_t)hand_get(file + 40, 4);
	if (end > len)
		return SIZE_MAX;
	for (size_t size; bin < end; bin += size) {
		size = (size_t)hand_get(file + bin + 8, 4);
		for (size_t cell = bin + 32; cell < bin + size;) {
			uint32_t raw = (uint32_t)hand_get(file + cell, 4), used = raw >> 31;
			if (used && memcmp(file + cell + 4, letters, 2) == 0)
				count++;
			cell += used ? 0U - raw : raw;
		}
	}
	return count;
}

static int diff_text(void *arg, const char *key, const char *value, const struct reg_data *a,
	const struct reg_data *b)
{
	char **text = arg;
	*text = talloc_asprintf_append(*text, "%s|%s|%d:%d>%d:%d;", key, value ? value : "(key)",
		a ? (int)a->type : -1, a ? (int)a->len : -1, b ? (int)b->type : -1,
		b ? (int)b->len : -1);
	return 0;
}

char *hand_differences(const uint8_t *a, size_t na, const uint8_t *b, size_t nb)
{
	TALLOC_CTX *mem = talloc_parent(a);
	char *text = talloc_strdup(mem, "");
	struct error err = { 0 };
	if (regf_diff(hand_checked(mem, a, na), hand_checked(mem, b, nb), diff_text, &text, &err) !=
		0)
		fail_msg("%s", err.text);
	return text;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "nt/peversion.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"
#include "tests/support.h"

/*
 * A PE file laid out by hand after the PE and COFF specification and VS_VERSIONINFO's reference:
 *   0x000 DOS header, new header at 0x80 0x080 "PE", file header, optional header (0xe0 or 0xf0
 *   bytes)
 *   then 2 sections: .text at address 0x1000, 0x200 bytes from 0x400; .rsrc at address 0x2000,
 *   0x200 bytes from 0x600
 *   0x600 resource root: 2 entries, type 3 and type 16 -> 0x20; names -> 0x38; languages -> leaf
 *   0x50 -> address 0x2080
 */
enum { FILE_SIZE = 0x800, HEADER = 0x80, RESOURCES = 0x600, VERSION = 0x680 };

static void put_16(uint8_t *bytes, size_t at, unsigned value)
{
	bytes[at] = (uint8_t)value;
	bytes[at + 1] = (uint8_t)(value >> 8);
}

static void put_32(uint8_t *bytes, size_t at, uint32_t value)
{
	put_16(bytes, at, value & 0xffff);
	put_16(bytes, at + 2, value >> 16);
}

static void put_section(uint8_t *bytes, size_t at, const char *name, uint32_t address, uint32_t raw)
{
	memcpy(bytes + at, name, strlen(name));
	put_32(bytes, at + 8, 0x200);
	put_32(bytes, at + 12, address);
	put_32(bytes, at + 16, 0x200);
	put_32(bytes, at + 20, raw);
}

static void put_directory(uint8_t *bytes, size_t at, unsigned numbered)
{
	put_16(bytes, at + 14, numbered);
}

static void put_resources(uint8_t *bytes)
{
	put_directory(bytes, RESOURCES, 2);
	put_32(bytes, RESOURCES + 16, 3);
	put_32(bytes, RESOURCES + 20, 0x80000180);
	put_32(bytes, RESOURCES + 24, 16);
	put_32(bytes, RESOURCES + 28, 0x80000020);
	put_directory(bytes, RESOURCES + 0x20, 1);
	put_32(bytes, RESOURCES + 0x30, 1);
	put_32(bytes, RESOURCES + 0x34, 0x80000038);
	put_directory(bytes, RESOURCES + 0x38, 1);
	put_32(bytes, RESOURCES + 0x48, 0x409);
	put_32(bytes, RESOURCES + 0x4c, 0x50);
	put_32(bytes, RESOURCES + 0x50, 0x2080);
	put_32(bytes, RESOURCES + 0x54, 0x5c);
}

/* 6 bytes, 16 units of the key, 2 bytes to the next multiple of four, 52 bytes. */
static void put_version(uint8_t *bytes)
{
	static const char key[] = "VS_VERSION_INFO";

	put_16(bytes, VERSION, 0x5c);
	put_16(bytes, VERSION + 2, 52);
	for (size_t i = 0; i < sizeof key; i++)
		put_16(bytes, VERSION + 6 + 2 * i, (unsigned char)key[i]);
	put_32(bytes, VERSION + 40, 0xfeef04bd);
	put_32(bytes, VERSION + 44, 0x00010000);
	put_32(bytes, VERSION + 48, 5u << 16 | 5);
	put_32(bytes, VERSION + 52, 2448u << 16 | 8);
}

/* Owned by mem and exactly as long as the file, so that a sanitizer sees every step beyond it. */
static uint8_t *file_make(TALLOC_CTX *mem, bool wide)
{
	size_t optional = HEADER + 24, optional_size = wide ? 0xf0 : 0xe0,
	       directories = optional + (wide ? 112 : 96);
	uint8_t *bytes = talloc_zero_size(mem, FILE_SIZE);

	memcpy(bytes, "MZ", 2);
	put_32(bytes, 0x3c, HEADER);
	memcpy(bytes + HEADER, "PE\0", 4);
	put_16(bytes, HEADER + 4, wide ? 0x8664 : 0x14c);
	put_16(bytes, HEADER + 6, 2);
	put_16(bytes, HEADER + 20, (unsigned)optional_size);
	put_16(bytes, optional, wide ? 0x20b : 0x10b);
	put_32(bytes, directories - 4, 16);
	put_32(bytes, directories + 16, 0x2000);
	put_32(bytes, directories + 20, 0x200);
	put_section(bytes, optional + optional_size, ".text", 0x1000, 0x400);
	put_section(bytes, optional + optional_size + 40, ".rsrc", 0x2000, RESOURCES);
	put_resources(bytes);
	put_version(bytes);
	return bytes;
}

static void versions_are_read(void **state)
{
	static const struct pe_version wanted = { { 5, 5, 2448, 8 } };
	struct pe_version version;

	for (int wide = 0; wide < 2; wide++) {
		memset(&version, 0xff, sizeof version);
		assert_true(pe_version_read(file_make(*state, wide), FILE_SIZE, &version));
		assert_int_equal(pe_version_compare(&version, &wanted), 0);
	}
}

/* A buffer of exactly that length. The last byte that matters is the version's last one. */
static void every_truncation(void **state)
{
	struct pe_version version;
	uint8_t *whole = file_make(*state, false);

	for (size_t len = 0; len <= FILE_SIZE; len++) {
		uint8_t *cut = malloc(len ? len : 1);
		assert_non_null(cut);
		memcpy(cut, whole, len);
		/* The section says it has 0x200 bytes; a file without them is cut off. */
		assert_int_equal(pe_version_read(cut, len, &version), len == FILE_SIZE);
		free(cut);
	}
	assert_false(pe_version_read(NULL, 0, &version));
}

static void every_bit_flipped(void **state)
{
	struct pe_version version;

	for (int wide = 0; wide < 2; wide++) {
		uint8_t *bytes = file_make(*state, wide);
		for (size_t bit = 0; bit < FILE_SIZE * 8; bit++) {
			bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
			(void)pe_version_read(bytes, FILE_SIZE, &version);
			bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
		}
		assert_true(pe_version_read(bytes, FILE_SIZE, &version));
	}
}

static void random_damage(void **state)
{
	static const uint8_t nasty[] = { 0x00, 0xff, 0x7f, 0x80, 0x01, 0xfe };
	uint64_t random = 11;
	struct pe_version version;
	uint8_t *whole = file_make(*state, false), *bytes = talloc_size(*state, FILE_SIZE);

	for (int run = 0; run < 50000; run++) {
		memcpy(bytes, whole, FILE_SIZE);
		for (size_t n = support_random(&random) % 12 + 1; n > 0; n--) {
			size_t at = support_random(&random) % 2
				? support_random(&random) % 0x1d0
				: RESOURCES + support_random(&random) % 0x100;
			bytes[at] = nasty[support_random(&random) % sizeof nasty];
		}
		(void)pe_version_read(bytes, FILE_SIZE, &version);
	}
}

/* One field wrong at a time. */
static void what_is_no_version(void **state)
{
	static const struct {
		size_t at;
		uint32_t value;
		const char *what;
	} rows[] = {
		{ 0, 0x00004d5a, "no MZ" },
		{ 0x3c, FILE_SIZE, "new header behind the end" },
		{ 0x3c, 0xffffffff, "new header beyond all" },
		{ HEADER, 0x0000454e, "NE, a program of 16 bits" },
		{ HEADER + 4, 0x0000014c, "no sections" },
		{ HEADER + 4, 0xffff014c, "too many sections" },
		{ HEADER + 20, 0xffff, "optional header too long" },
		{ HEADER + 20, 0x0002, "optional header too short" },
		{ HEADER + 24, 0x0107, "a ROM image" },
		{ HEADER + 24 + 92, 2, "no resource directory" },
		{ HEADER + 24 + 96 + 16, 0, "no resources" },
		{ HEADER + 24 + 96 + 16, 0x3000, "resources in no section" },
		{ HEADER + 24 + 0xe0 + 40 + 16, 0x201, "section longer than the file" },
		{ HEADER + 24 + 0xe0 + 40 + 20, 0xfffffff0, "section beyond the file" },
		{ RESOURCES + 12, 0, "no entries" },
		{ RESOURCES + 24, 6, "no version among them" },
		{ RESOURCES + 24, 0x80000010, "a name instead of type 16" },
		{ RESOURCES + 28, 0x20, "type leads to a leaf" },
		{ RESOURCES + 28, 0xffffffff, "names beyond the section" },
		{ RESOURCES + 0x34, 0x38, "name leads to a leaf" },
		{ RESOURCES + 0x38 + 12, 0, "no language" },
		{ RESOURCES + 0x4c, 0x80000050, "language leads to a folder" },
		{ RESOURCES + 0x4c, 0x1fe, "leaf half outside" },
		{ RESOURCES + 0x50, 0x4000, "data in no section" },
		{ RESOURCES + 0x54, 0x181, "data longer than its section" },
		{ RESOURCES + 0x54, 0x5b, "data shorter than it says itself" },
		{ VERSION, 52u << 16 | 0x5b, "block cuts the numbers off" },
		{ VERSION, 51u << 16 | 0x5c, "numbers too short" },
		{ VERSION + 4, 'X' << 16, "another key" },
		{ VERSION + 34, 'x', "a longer key" },
		{ VERSION + 40, 0xfeef04bc, "no signature" },
	};
	struct pe_version version;

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		uint8_t *bytes = file_make(*state, false);
		put_32(bytes, rows[i].at, rows[i].value);
		if (pe_version_read(bytes, FILE_SIZE, &version))
			fail_msg("taken: %s", rows[i].what);
	}
}

/* A directory that is its own sub-folder must not lead in circles. */
static void circles_end(void **state)
{
	uint8_t *bytes = file_make(*state, false);
	struct pe_version version;

	put_32(bytes, RESOURCES + 28, 0x80000000);
	assert_false(pe_version_read(bytes, FILE_SIZE, &version));
}

static void versions_compare(void **state)
{
	static const char *const rising[] = {
		"0.0.0.0",
		"5.0.1457.10",
		"5.0.1461.53",
		"5.5.1960.4",
		"5.5.2448.0",
		"5.5.2448.1",
		"5.5.2652.36",
		"5.6.0.0",
		"6.0.0.0",
		"65535.65535.65535.65535",
	};
	struct pe_version a, b;
	char text[24];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rising); i++) {
		assert_true(pe_version_parse(rising[i], &a));
		pe_version_text(&a, text);
		assert_string_equal(text, rising[i]);
		for (size_t j = 0; j < ARRAY_SIZE(rising); j++) {
			assert_true(pe_version_parse(rising[j], &b));
			assert_int_equal(pe_version_compare(&a, &b), (i > j) - (i < j));
		}
	}
}

static void malformed_versions(void **state)
{
	static const char *const bad[] = {
		"",
		"5",
		"5.5.2448",
		"5.5.2448.",
		".5.2448.0",
		"5..2448.0",
		"5.5.2448.0.1",
		"5.5.2448.0 ",
		" 5.5.2448.0",
		"65536.0.0.0",
		"5.5.2448.000000",
		"-1.0.0.0",
		"+1.0.0.0",
		"5,5,2448,0",
		"5.5.2448.x",
	};
	struct pe_version version;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		assert_false(pe_version_parse(bad[i], &version));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(versions_are_read),
		cmocka_unit_test(every_truncation),
		cmocka_unit_test(every_bit_flipped),
		cmocka_unit_test(random_damage),
		cmocka_unit_test(what_is_no_version),
		cmocka_unit_test(circles_end),
		cmocka_unit_test(versions_compare),
		cmocka_unit_test(malformed_versions),
	};

	return cmocka_run_group_tests_name("peversion", tests, support_memory_new,
		support_memory_free);
}

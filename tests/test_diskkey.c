/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "nt/diskkey.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"
#include "tests/support.h"

/*
 * Two disks, written by hand after ntdskreg.h and "Inside the Disk Key":
 *   header of 44 bytes; disks at 44, 180 bytes of them
 *   44 two disks
 *   48 first disk: two partitions, signature 4d534d43
 *   56 C: at 32,256 (sector 63), 0x3fff8200 bytes  108 no letter, at 1 GiB, 0x100000 bytes
 *   160 second disk: one partition, signature 0badcafe
 *   168 E: at 32,256, 4 GiB                        220 to 224: ignored
 */
enum { LENGTH = 228, DISKS = 44, SIZE = 176, FIRST_C = 56, FIRST_NONE = 108, SECOND_E = 168 };
static const uint8_t two_disks[LENGTH] =
	/* version 3, checksum, dirty; disks from 44, 176 bytes; the rest of the header */
	"\3\0\0\0"
	"\xde\xad\xbe\xef"
	"\1\0\0\0"
	"\x2c\0\0\0"
	"\xb0\0\0\0"
	"\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
	/* two disks; the first has two partitions */
	"\2\0\0\0"
	"\2\0\0\0"
	"\x43\x4d\x53\x4d"
	/* no member, healthy, offset, length, length in a set, reserved, letter, 1, number 1 */
	"\4\0\0\0\0\0\0\0"
	"\0\x7e\0\0\0\0\0\0"
	"\0\x82\xff\x3f\0\0\0\0"
	"\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
	"C\1\1\0\0\0\0\0\0\0\0\0"
	"\4\0\0\0\0\0\0\0"
	"\0\0\0\x40\0\0\0\0"
	"\0\0\x10\0\0\0\0\0"
	"\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
	"\0\0\2\0\0\0\0\0\0\0\0\0"
	/* the second has one */
	"\1\0\0\0"
	"\xfe\xca\xad\x0b"
	"\4\0\0\0\0\0\0\0"
	"\0\x7e\0\0\0\0\0\0"
	"\0\0\0\0\1\0\0\0"
	"\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
	"E\1\1\0\0\0\0\0\1\0\0\0"
	/* behind the list, as the description of a set would be */
	"\xff\xff\xff\xff\xff\xff\xff\xff";

static void the_letters_of_two_disks(void **state)
{
	struct disk_letter *letters;
	size_t count;

	assert_int_equal(diskkey_information(*state, two_disks, LENGTH, &letters, &count, NULL), 0);
	assert_int_equal(count, 2);
	assert_int_equal(letters[0].letter, 'C');
	assert_int_equal(letters[0].signature, 0x4d534d43);
	assert_int_equal(letters[0].offset, 32256);
	assert_int_equal(letters[0].length, 1073709568);
	assert_int_equal(letters[1].letter, 'E');
	assert_int_equal(letters[1].signature, 0x0badcafe);
	assert_int_equal(letters[1].offset, 32256);
	assert_true(letters[1].length == UINT64_C(4294967296));
	assert_false(letters[0].set || letters[1].set || letters[0].dynamic || letters[1].dynamic);
}

/* What is bent, and whether there is anything left to read: the number of letters, or -1. */
static void what_makes_no_sense(void **state)
{
	static const struct {
		size_t at;
		uint8_t byte;
		int letters;
	} rows[] = {
		{ 0, 2, -1 },                 /* another version */
		{ 4, 0, 2 },                  /* the checksum's rule is not known */
		{ 8, 0, 2 },                  /* nor is a dirty shutdown one of the disk's */
		{ 12, 43, -1 },               /* a list that begins in the header */
		{ 15, 0x80, -1 },             /* or far behind the end */
		{ 16, 175, -1 },              /* or ends in its last partition */
		{ 16, 184, 2 },               /* or later than it need */
		{ 19, 0xff, -1 },             /* or behind the end */
		{ DISKS, 1, 1 },              /* a disk less */
		{ DISKS, 3, -1 },             /* and more */
		{ DISKS + 5, 1, -1 },         /* 258 partitions */
		{ FIRST_C, 0, 2 },            /* a mirror: see below */
		{ FIRST_C + 15, 0x80, -1 },   /* a negative offset */
		{ FIRST_C + 23, 0x80, -1 },   /* a negative length */
		{ FIRST_C + 40, 'c', -1 },    /* no letter */
		{ FIRST_C + 40, '@', -1 },    /* nor that */
		{ FIRST_C + 40, 'E', -1 },    /* a letter twice */
		{ FIRST_C + 40, 0, 1 },       /* none */
		{ FIRST_NONE + 40, 'Z', 3 },  /* one more */
		{ FIRST_NONE + 15, 0x80, 2 }, /* what has no letter may be anywhere */
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		uint8_t bent[LENGTH];
		struct disk_letter *letters;
		struct error err;
		size_t count;
		int ret;

		memcpy(bent, two_disks, LENGTH);
		bent[rows[i].at] = rows[i].byte;
		ret = diskkey_information(*state, bent, LENGTH, &letters, &count, &err);
		assert_int_equal(ret, rows[i].letters < 0 ? -TROUBLE_HIVE_BROKEN : 0);
		assert_true(ret != 0 || count == (size_t)rows[i].letters);
	}
}

/* The members of a set have one letter; a partition of none cannot have it too. */
static void members_of_a_set(void **state)
{
	struct disk_letter *letters;
	uint8_t bent[LENGTH];
	size_t count;

	memcpy(bent, two_disks, LENGTH);
	bent[FIRST_C] = bent[SECOND_E] = 0;
	bent[SECOND_E + 40] = 'C';
	assert_int_equal(diskkey_information(*state, bent, LENGTH, &letters, &count, NULL), 0);
	assert_int_equal(count, 1);
	assert_true(letters[0].set);
	bent[SECOND_E] = 4;
	assert_int_equal(diskkey_information(*state, bent, LENGTH, &letters, &count, NULL),
		-TROUBLE_HIVE_BROKEN);
}

/* Cut at every byte, in memory that ends there: only what lies behind the list can be missed. Each
 * byte bent to each value: whatever is told is a letter of a partition within 8 EiB, and told
 * once. */
static void cut_and_bent_everywhere(void **state)
{
	struct disk_letter *letters;
	size_t count;

	for (size_t len = 0; len <= LENGTH; len++) {
		uint8_t *cut = memory_array(*state, 1, len);
		memcpy(cut, two_disks, len);
		assert_int_equal(diskkey_information(*state, cut, len, &letters, &count, NULL) == 0,
			len >= DISKS + SIZE);
		talloc_free(cut);
	}
	for (size_t at = 0; at < LENGTH; at++) {
		for (unsigned byte = 0; byte < 256; byte++) {
			uint8_t *bent = talloc_memdup(*state, two_disks, LENGTH);
			bent[at] = (uint8_t)byte;
			count = 0;
			(void)diskkey_information(bent, bent, LENGTH, &letters, &count, NULL);
			for (size_t i = 0; i < count; i++) {
				assert_true(letters[i].letter >= 'A' && letters[i].letter <= 'Z');
				assert_true(letters[i].offset <= INT64_MAX - letters[i].length);
				assert_true(i == 0 || letters[i].letter > letters[i - 1].letter);
			}
			talloc_free(bent);
		}
	}
}

/* The first is from a real server's registry; the others are a volume on a dynamic disk, a CD-ROM's
 * device name (its beginning), names that are no letter's, and data of no known length. */
static void letters_of_the_mount_manager(void **state)
{
	static const uint8_t basic[12] = { 0xfe, 0x4c, 0x3e, 0x27, 0, 0, 0xf0, 0x15 },
			     dynamic[24] = "DMIO:ID:0123456789abcde",
			     cdrom[24] = { '\\', 0, '?', 0, '?', 0, '\\', 0, 'I', 0, 'D', 0, 'E' };
	static const struct {
		const char *name;
		const uint8_t *bytes;
		size_t len;
		char letter;
	} rows[] = {
		{ "\\DosDevices\\C:", basic, 12, 'C' },
		{ "\\dosdevices\\e:", basic, 12, 'E' },
		{ "\\DosDevices\\E:", dynamic, 24, 'E' },
		{ "\\DosDevices\\D:", cdrom, 24, 0 },
		{ "\\DosDevices\\C:", basic, 11, 0 },
		{ "\\DosDevices\\C:", dynamic, 16, 0 },
		{ "\\DosDevices\\C:", NULL, 0, 0 },
		{ "\\DosDevices\\C", basic, 12, 0 },
		{ "\\DosDevices\\1:", basic, 12, 0 },
		{ "\\DosDevices\\CC", basic, 12, 0 },
		{ "\\??\\Volume{0b}", basic, 12, 0 },
		{ "", basic, 12, 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct reg_data data = { REG_BINARY, (uint8_t *)rows[i].bytes, rows[i].len };
		struct disk_letter letter = { 0 };

		assert_int_equal(diskkey_mounted(rows[i].name, &data, &letter),
			rows[i].letter != 0);
		assert_int_equal(letter.letter, rows[i].letter);
		assert_int_equal(letter.dynamic, rows[i].letter && rows[i].len == 24);
		if (rows[i].letter && !letter.dynamic) {
			assert_int_equal(letter.signature, 0x273e4cfe);
			assert_int_equal(letter.offset, 0x15f00000);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SUPPORT_TEST(the_letters_of_two_disks),
		SUPPORT_TEST(what_makes_no_sense),
		SUPPORT_TEST(members_of_a_set),
		SUPPORT_TEST(cut_and_bent_everywhere),
		SUPPORT_TEST(letters_of_the_mount_manager),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

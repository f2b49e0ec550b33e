/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which partition has which letter: the broken server of the lab, its drives as partitions of two
 * disks. */
#include "server/image_parts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"
#include "tests/lab.h"
#include "tests/support.h"

enum { SYSTEM_DISK = 0x4d534d43, DATA_DISK = 0x0badcafe, OFFSET = 32256 };
#define SIZE (UINT64_C(1) << 30)

/* What the registry keeps of letters: nothing, MountedDevices, SYSTEM\DISK. */
enum list { NOTHING, MOUNTED, DISK };

struct place {
	struct lab *lab;
	struct image_part *parts;
	size_t count;
};

/* A partition more; folder: "C", "E" or another of the lab's folder. */
static void part_add(struct place *on, unsigned disk, uint32_t signature, const char *folder)
{
	struct image_part *part = memory_more(on->lab, &on->parts, on->count, sizeof *part);

	*part = (struct image_part){ .disk = disk,
		.number = 1,
		.offset = OFFSET,
		.size = SIZE,
		.signature = signature,
		.kind = PART_NTFS,
		.label = talloc_strdup(on->lab, *folder == 'E' ? "DATA" : ""),
		.folder = lab_path(on->lab, folder),
		.holds = talloc_strdup(on->lab, "") };
	on->count++;
}

/* Disk 1 has what was C:, disk 2 what was E:; or the other way round. */
static void place_build(struct place *on, uint32_t second, bool swapped)
{
	lab_build(on->lab);
	if (swapped)
		part_add(on, 1, second, "E");
	part_add(on, swapped + 1, SYSTEM_DISK, "C");
	if (!swapped)
		part_add(on, 2, second, "E");
}

/* Both letters in either list; layouts: see tests/test_diskkey.c. */
static void keep(struct lab *lab, enum list kept, const char letters[2], uint32_t second)
{
	const uint32_t signatures[2] = { SYSTEM_DISK, second };
	uint8_t list[44 + 4 + 2 * 60] = { 3, [12] = 44, [16] = 124, [44] = 2 };

	for (size_t i = 0; i < 2; i++) {
		uint8_t value[12], *disk = list + 48 + i * 60;
		for (size_t k = 0; k < 4; k++)
			value[k] = disk[4 + k] = (uint8_t)(signatures[i] >> 8 * k);
		memcpy(value + 4, "\x00\x7e\0\0\0\0\0\0", 8);
		disk[0] = 1;
		disk[8] = 4;
		memcpy(disk + 16, "\x00\x7e\0\0\0\0\0\0\0\0\0\x40", 12);
		disk[48] = (uint8_t)letters[i];
		if (kept == MOUNTED)
			lab_bytes(lab, "SYSTEM\\MountedDevices",
				talloc_asprintf(lab, "\\DosDevices\\%c:", letters[i]), REG_BINARY,
				value, sizeof value);
	}
	if (kept == DISK)
		lab_bytes(lab, "SYSTEM\\DISK", "Information", REG_BINARY, list, sizeof list);
}

/* Wanted: a letter each part or '-', and how it is known: Said, Kept, Content. */
static void wants(const struct place *on, const char *letters, const char *proofs)
{
	static const char names[] = { [PART_OPEN] = '-',
		[PART_SAID] = 'S',
		[PART_KEPT] = 'K',
		[PART_CONTENT] = 'C' };
	char got[2][8] = { "", "" };

	for (size_t i = 0; i < on->count; i++) {
		got[0][i] = on->parts[i].letter ? on->parts[i].letter : '-';
		got[1][i] = names[on->parts[i].proof];
	}
	assert_string_equal(got[0], letters);
	assert_string_equal(got[1], proofs);
}

/* Says of it all: letters, proofs, and the trouble of what is open. */
static void told(struct place *on, const char *said, const char *nt_folder, const char *letters,
	const char *proofs, int trouble)
{
	struct error err = { 0 };

	if (image_letters(on->parts, on->count, said, nt_folder, &err) != 0)
		fail_msg("%s", err.text);
	wants(on, letters, proofs);
	assert_int_equal(image_letters_open(on->parts, on->count, &err), -trouble);
	assert_true(!trouble || strstr(err.text, "1 ("));
}

/* What Windows keeps, in all orders, right or wrong; where it proves nothing the folders on C:
 * still do. Nothing in this registry names E:. */
static void what_windows_keeps(void **state)
{
	static const struct {
		enum list kept;
		const char *given;       /* to the disk that was C:, and to the other */
		uint32_t second, really; /* signature of the other in the list, and on the disk */
		bool swapped, grown;
		const char *letters, *proofs;
	} rows[] = {
		{ NOTHING, "CE", DATA_DISK, DATA_DISK, false, false, "C-", "C-" },
		{ NOTHING, "CE", DATA_DISK, DATA_DISK, true, false, "-C", "-C" },
		{ MOUNTED, "CE", DATA_DISK, DATA_DISK, false, false, "CE", "KK" },
		{ MOUNTED, "CE", DATA_DISK, DATA_DISK, true, false, "EC", "KK" },
		{ MOUNTED, "CF", DATA_DISK, DATA_DISK, false, false, "CF", "KK" },
		{ DISK, "CE", DATA_DISK, DATA_DISK, false, false, "CE", "KK" },
		{ DISK, "CE", DATA_DISK, DATA_DISK, true, false, "EC", "KK" },
		/* two disks with one signature; another disk than the one it was */
		{ MOUNTED, "CE", DATA_DISK, SYSTEM_DISK, false, false, "C-", "C-" },
		{ DISK, "CE", DATA_DISK, SYSTEM_DISK, false, false, "C-", "C-" },
		{ MOUNTED, "CE", DATA_DISK, SYSTEM_DISK, true, false, "-C", "-C" },
		{ DISK, "CE", DATA_DISK, 0x12345678, false, false, "C-", "K-" },
		/* a partition of another size, which MountedDevices does not tell */
		{ DISK, "CE", DATA_DISK, DATA_DISK, false, true, "C-", "K-" },
		{ MOUNTED, "CE", DATA_DISK, DATA_DISK, false, true, "CE", "KK" },
		/* a list in which Windows' own drive is not where Windows is */
		{ MOUNTED, "EC", DATA_DISK, DATA_DISK, false, false, "C-", "C-" },
		{ DISK, "DE", DATA_DISK, DATA_DISK, false, false, "C-", "C-" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct place on = { .lab = lab_new(*state) };

		keep(on.lab, rows[i].kept, rows[i].given, rows[i].second);
		place_build(&on, rows[i].really, rows[i].swapped);
		on.parts[1].size += rows[i].grown;
		told(&on, NULL, NULL, rows[i].letters, rows[i].proofs,
			strchr(rows[i].letters, '-') ? TROUBLE_WHICH_LETTERS : 0);
	}
}

/* What lies on a partition is told, what tells most first, safe to show; and what is open. */
static void what_is_told_of_them(void **state)
{
	struct place on = { .lab = lab_new(*state) };
	struct error err;

	lab_file(on.lab, "C/a\033[2J/x", "x", 0);
	lab_file(on.lab, "C/RECYCLER/x", "x", 0);
	lab_file(on.lab, "E/pagefile.sys", "x", 0);
	place_build(&on, DATA_DISK, false);
	assert_int_equal(image_letters(on.parts, on.count, NULL, NULL, NULL), 0);
	assert_non_null(strstr(on.parts[0].holds, "WINNT"));
	assert_true(strncmp(on.parts[0].holds, "exchsrvr, WINNT, a\\x1b[2J", 24) == 0);
	assert_null(strstr(on.parts[0].holds, "RECYCLER"));
	assert_string_equal(on.parts[1].holds, "exchsrvr");
	assert_int_equal(image_letters_open(on.parts, on.count, &err), -TROUBLE_WHICH_LETTERS);
	assert_non_null(strstr(err.text, "2.1 (DATA; exchsrvr)."));
	assert_null(strstr(err.text, "1.1"));
}

/* A path that is on one partition alone proves its letter; on Windows' own partition, whose letter
 * is known, what is named under another may lie as well. */
static void what_lies_there(void **state)
{
	static const struct {
		const char *key, *value, *text, *file;
		const char *letters, *proofs;
	} rows[] = {
		{ NULL, NULL, NULL, NULL, "C-", "C-" },
		{ "SERVICES\\Backup", "ImagePath", "\"E:\\tools\\backup.exe\" -s",
			"E/tools/backup.exe", "CE", "CC" },
		{ "SERVICES\\MSExchangeIS\\ParametersPrivate", "DB Path", "E:\\mdbdata\\priv.edb",
			"E/mdbdata/priv.edb", "CE", "CC" },
		/* as on C: too */
		{ "SERVICES\\Backup", "ImagePath", "E:\\exchsrvr\\bin\\mad.exe",
			"E/exchsrvr/bin/mad.exe", "CE", "CC" },
		/* only on C: */
		{ "SERVICES\\Backup", "ImagePath", "E:\\tools\\backup.exe", "C/tools/backup.exe",
			"C-", "C-" },
		/* nowhere */
		{ "SERVICES\\Backup", "ImagePath", "E:\\tools\\backup.exe", "E/tools/other.exe",
			"C-", "C-" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		for (int swapped = 0; swapped < 2; swapped++) {
			struct place on = { .lab = lab_new(*state) };
			char letters[3] = "", proofs[3] = "";

			if (rows[i].key) {
				lab_text(on.lab, rows[i].key, rows[i].value, REG_SZ, rows[i].text);
				lab_file(on.lab, rows[i].file, "x", 0);
			}
			place_build(&on, DATA_DISK, swapped);
			for (int k = 0; k < 2; k++) {
				letters[k] = rows[i].letters[k ^ swapped];
				proofs[k] = rows[i].proofs[k ^ swapped];
			}
			told(&on, NULL, NULL, letters, proofs,
				rows[i].letters[1] == '-' ? TROUBLE_WHICH_LETTERS : 0);
		}
	}
}

/* Exchange lies on D:, whose disk was forgotten: that its folder and files of the connector are on
 * E:, where the connector was moved to, does not make that D:, and neither does a tool that was
 * copied along when most of what D: had is nowhere. */
static void the_disk_of_exchange_is_missing(void **state)
{
	struct place on = { .lab = lab_new(*state) };

	lab_text(on.lab, "SOFTWARE\\Microsoft\\Exchange\\Setup", "Services", REG_SZ,
		"D:\\exchsrvr");
	lab_values(on.lab, "D:\\exchsrvr\\connect\\msmcon");
	lab_text(on.lab, "SERVICES\\MSExchangeSA", "ImagePath", REG_SZ,
		"D:\\exchsrvr\\bin\\mad.exe");
	lab_text(on.lab, "SERVICES\\Backup", "ImagePath", REG_SZ, "D:\\tools\\backup.exe");
	lab_file(on.lab, "E/tools/backup.exe", "x", 0);
	lab_move(on.lab, "C/exchsrvr", "D/exchsrvr");
	place_build(&on, DATA_DISK, false);
	told(&on, NULL, NULL, "C-", "C-", TROUBLE_WHICH_LETTERS);
	/* Said of C: alone, E: may stay away, but D: is still named and missing. */
	on.parts[0].letter = '\0';
	told(&on, "C=1.1", NULL, "C-", "S-", TROUBLE_WHICH_LETTERS);
}

/* Twice the same disk: two Windows, and which is which is for the operator to say. */
static void one_disk_twice(void **state)
{
	struct place on = { .lab = lab_new(*state) };
	const char *argv[] = { "cp", "-r", NULL, NULL, NULL };
	char *output;

	keep(on.lab, DISK, "CE", DATA_DISK);
	place_build(&on, DATA_DISK, false);
	argv[2] = lab_path(on.lab, "C");
	argv[3] = lab_path(on.lab, "copy");
	assert_int_equal(support_run(on.lab, argv, NULL, &output), 0);
	part_add(&on, 3, SYSTEM_DISK, "copy");
	told(&on, NULL, NULL, "---", "---", TROUBLE_WHICH_LETTERS);
	told(&on, NULL, "C:\\WINNT", "---", "---", TROUBLE_WHICH_LETTERS);
	told(&on, "C=3.1,e=2.1", NULL, "-EC", "-SS", 0);
	on.parts[1].letter = on.parts[2].letter = '\0';
	on.parts[1].proof = on.parts[2].proof = PART_OPEN;
	/* E: is where the list says, though it cannot say where C: is. */
	told(&on, "C=1.1", NULL, "C--", "S--", 0);
}

/* Windows is on D:, beside an older one that says C:; the folder named decides. */
static void windows_elsewhere(void **state)
{
	struct place on = { .lab = lab_new(*state) };
	const char *argv[] = { "cp", "-r", NULL, NULL, NULL };
	char *output;

	lab_text(on.lab, "SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion", "SystemRoot", REG_SZ,
		"D:\\WINNT");
	place_build(&on, DATA_DISK, false);
	told(&on, NULL, "C:\\WINNT", "--", "--", TROUBLE_WHICH_LETTERS);
	told(&on, NULL, NULL, "D-", "C-", TROUBLE_WHICH_LETTERS);
	on.parts[0].letter = '\0';
	on.parts[0].proof = PART_OPEN;
	argv[2] = lab_path(on.lab, "C/WINNT");
	argv[3] = lab_path(on.lab, "C/WINNT.OLD");
	assert_int_equal(support_run(on.lab, argv, NULL, &output), 0);
	told(&on, NULL, NULL, "--", "--", TROUBLE_WHICH_LETTERS);
	told(&on, NULL, "d:/winnt", "D-", "C-", TROUBLE_WHICH_LETTERS);
}

/* A registry that cannot be read is not the same as none; a FAT partition that was not mounted may
 * be the one that has it. */
static void no_registry(void **state)
{
	struct place on = { .lab = lab_new(*state) };
	struct error err;

	place_build(&on, DATA_DISK, false);
	support_write_text(lab_path(on.lab, "C/WINNT/system32/config/SYSTEM"), "regf");
	assert_int_equal(image_letters(on.parts, on.count, NULL, NULL, &err),
		-TROUBLE_HIVE_TRUNCATED);
	on.parts[0].folder = NULL;
	on.parts[0].kind = PART_FAT;
	told(&on, NULL, NULL, "--", "--", 0 + TROUBLE_WHICH_LETTERS);
	assert_int_equal(image_letters_open(on.parts, on.count, &err), -TROUBLE_WHICH_LETTERS);
	assert_non_null(strstr(error_advice(&err), "Partition 1.1 is FAT"));
	on.parts[0].kind = on.parts[1].kind = PART_OTHER;
	assert_int_equal(image_letters_open(on.parts, on.count, &err), 0);
	assert_int_equal(image_letters_open(NULL, 0, &err), 0);
}

static void what_is_said_wrongly(void **state)
{
	static const char *const texts[] = { "C", "C=", "C=1", "C=1.", "C=1.1,", "C=1.1;E=2.1",
		",C=1.1", "1=1.1", "C=1.1,C=2.1", "C=1.1,E=1.1", "C=1.2", "C=0.1", "C=3.1",
		"C=1.1E=2.1", "C=11111111111.1", "\xc3\xa9=1.1" };
	struct place on = { .lab = lab_new(*state) };

	place_build(&on, DATA_DISK, false);
	part_add(&on, 3, DATA_DISK, "E");
	on.parts[2].folder = NULL;
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		struct error err = { 0 };
		for (size_t k = 0; k < on.count; k++)
			on.parts[k].letter = '\0';
		if (image_letters(on.parts, on.count, texts[i], NULL, &err) != -TROUBLE_USAGE)
			fail_msg("%s: %s", texts[i], err.text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SUPPORT_TEST(what_windows_keeps),
		SUPPORT_TEST(what_is_told_of_them),
		SUPPORT_TEST(what_lies_there),
		SUPPORT_TEST(the_disk_of_exchange_is_missing),
		SUPPORT_TEST(one_disk_twice),
		SUPPORT_TEST(windows_elsewhere),
		SUPPORT_TEST(no_registry),
		SUPPORT_TEST(what_is_said_wrongly),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

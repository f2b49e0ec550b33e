/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Partitions told from the bytes of a disk, and how Windows left them: tables by sfdisk and by
 * hand, volumes by mkntfs, journals by hand after the Linux-NTFS project's description of $LogFile.
 * What ntfs-3g makes of each is asked of its own ntfs-3g.probe. */
#include "server/image_parts.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/memory.h"
#include "server/volume_mount.h"
#include "tests/ntfs_place.h"
#include "tests/support.h"

enum { SECTOR = 512, VOLUME = 4 << 20, CLUSTER = 8192, LOG_SIZE = 1 << 20, PAGE = 4096 };

struct fixture {
	char *dir, *volume, *disk;
};

static void put(uint8_t *at, uint64_t value, size_t len)
{
	for (size_t i = 0; i < len; i++)
		at[i] = (uint8_t)(value >> 8 * i);
}

static int run(struct fixture *on, const char *program, const char *a, const char *b,
	const char *input)
{
	const char *argv[] = { program, a, b, NULL };
	char *output = NULL;

	return support_run(on, argv, input, &output);
}

static void copy(struct fixture *on, const char *from, const char *to)
{
	assert_int_equal(run(on, "cp", from, to, NULL), 0);
}

/* Bytes into a file that is there. */
static void poke(const char *path, uint64_t at, const void *bytes, size_t len)
{
	int fd = open(path, O_WRONLY);

	assert_int_equal(pwrite(fd, bytes, len, (off_t)at), len);
	close(fd);
}

static char *below(struct fixture *on, const char *name)
{
	return talloc_asprintf(on, "%s/%s", on->dir, name);
}

static void volume_make(struct fixture *on)
{
	const char *const argv[] = { "mkntfs", "-q", "-F", "-f", "-L", "Mail\tbox", "-s", "512",
		"-c", "8192", "-p", "63", "-H", "255", "-S", "63", on->volume, NULL };
	char *output;

	if (!support_have("mkntfs") || !support_have("sfdisk"))
		return;
	support_write_text(on->volume, "");
	assert_int_equal(truncate(on->volume, VOLUME), 0);
	assert_int_equal(support_run(on, argv, NULL, &output), 0);
}

static uint8_t *volume_read(struct fixture *on)
{
	size_t len;

	return support_read(on, on->volume, &len);
}

static int setup(void **state)
{
	struct fixture *on = talloc_zero(NULL, struct fixture);
	const char *path = getenv("PATH");

	setenv("PATH", talloc_asprintf(on, "%s:/usr/sbin:/sbin", path ? path : ""), 1);
	on->dir = support_folder(on);
	on->volume = below(on, "volume");
	on->disk = below(on, "disk");
	volume_make(on);
	*state = on;
	return 0;
}

static void need_volume(const struct fixture *on)
{
	if (access(on->volume, F_OK) != 0)
		support_skip("no mkntfs or no sfdisk here");
}

/* ---- tables ---- */

/* A primary partition of NTFS, one of something else, and a logical one of FAT. */
static void partitions_of_sfdisk(void **state)
{
	/* 512 bytes, 1 cluster, 1 sector before 2 tables of 32, root of 512, 8,192 sectors, f8 */
	static const char fat[] = "\xeb\x3c\x90MSDOS5.0"
				  "\0\2\1\1\0\2\0\2\0\x20\xf8\x20\0"
				  "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x29\1\2\3\4NO NAME    FAT16   ";
	struct fixture *on = *state;
	struct image_part *parts = NULL;
	size_t count = 0;

	need_volume(on);
	support_write_text(on->disk, "");
	assert_int_equal(truncate(on->disk, 16 << 20), 0);
	assert_int_equal(
		run(on, "sfdisk", "-q", on->disk,
			"label: dos\nlabel-id: 0x4d534d43\nunit: sectors\n"
			"start=63, size=8192, type=7\nstart=8300, size=100, type=83\n"
			"start=10240, size=20000, type=5\nstart=10303, size=8192, type=6\n"),
		0);
	poke(on->disk, 63 * SECTOR, volume_read(on), VOLUME);
	poke(on->disk, 10303 * SECTOR, fat, sizeof fat - 1);
	poke(on->disk, 10303 * SECTOR + 510, "\x55\xaa", 2);
	poke(on->disk, 10304 * SECTOR, "\xf8\xff\xff\xff", 4);
	poke(on->disk, (10303 + 1 + 2 * 32) * SECTOR, "NT4 BOOT   \x08", 12);
	assert_int_equal(image_parts_read(on, on->disk, 2, &parts, &count, NULL), 0);
	assert_int_equal(count, 3);
	for (size_t i = 0; i < count; i++) {
		assert_int_equal(parts[i].disk, 2);
		assert_int_equal(parts[i].number, i + 1);
		assert_int_equal(parts[i].signature, 0x4d534d43);
		assert_null(parts[i].folder);
	}
	assert_int_equal(parts[0].offset, 32256);
	assert_int_equal(parts[0].size, VOLUME);
	assert_int_equal(parts[0].kind, PART_NTFS);
	assert_string_equal(parts[0].label, "Mail\\x09box");
	assert_int_equal(parts[1].kind, PART_OTHER);
	assert_int_equal(parts[2].offset, 5275136);
	assert_int_equal(parts[2].kind, PART_FAT);
	assert_string_equal(parts[2].label, "NT4 BOOT");
	/* Another disk goes behind them; and the volume is clean where it lies. */
	assert_int_equal(image_parts_read(on, on->disk, 3, &parts, &count, NULL), 0);
	assert_int_equal(count, 6);
	assert_true(parts[3].disk == 3 && parts[3].number == 1);
	assert_int_equal(image_part_clean(on->disk, parts[0].offset, &parts[0], NULL), 0);
	assert_int_equal(image_part_clean(on->disk, parts[0].offset + SECTOR, &parts[0], NULL),
		-TROUBLE_VOLUME_DIRTY);
}

/* Two entries of a table by hand (at 446, 16 bytes each: type at 4, first sector at 8, sectors at
 * 12), on a disk of 2,048 sectors. */
static void disks_that_are_refused(void **state)
{
	static const struct {
		uint8_t types[2];
		uint32_t starts[2], sizes[2];
		int trouble;
		const char *says;
	} rows[] = {
		{ { 7, 0x0c }, { 63, 1000 }, { 900, 1048 }, 0, NULL },
		{ { 7, 0x83 }, { 63, 1000 }, { 900, 100 }, 0, NULL },
		{ { 7, 0x42 }, { 63, 1000 }, { 900, 100 }, TROUBLE_DISK_KIND, "dynamic disk" },
		{ { 7, 0x87 }, { 63, 1000 }, { 900, 100 }, TROUBLE_DISK_KIND, "mirror" },
		{ { 0x86, 7 }, { 63, 1000 }, { 900, 100 }, TROUBLE_DISK_KIND, "mirror" },
		{ { 7, 0xc7 }, { 63, 1000 }, { 900, 100 }, TROUBLE_DISK_KIND, "mirror" },
		{ { 0, 0 }, { 0, 0 }, { 0, 0 }, TROUBLE_DISK_KIND, "has no partition" },
		{ { 7, 7 }, { 63, 962 }, { 900, 100 }, TROUBLE_IMAGE, "overlap" },
		{ { 7, 7 }, { 63, 1000 }, { 900, 1049 }, TROUBLE_IMAGE, "end behind" },
		{ { 7, 7 }, { 63, UINT32_MAX }, { 900, UINT32_MAX }, TROUBLE_IMAGE, "end behind" },
	};
	struct fixture *on = *state;

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		uint8_t *disk = memory_array_zero(on, SECTOR, 2048);
		struct image_part *parts = NULL;
		struct error err = { 0 };
		size_t count = 0;

		put(disk + 440, 0x4d534d43, 4);
		for (size_t k = 0; k < 2; k++) {
			disk[446 + k * 16 + 4] = rows[i].types[k];
			put(disk + 446 + k * 16 + 8, rows[i].starts[k], 4);
			put(disk + 446 + k * 16 + 12, rows[i].sizes[k], 4);
		}
		put(disk + 510, 0xaa55, 2);
		support_write(on->disk, disk, 2048 * SECTOR);
		assert_int_equal(image_parts_read(on, on->disk, 1, &parts, &count, &err),
			-rows[i].trouble);
		assert_true(!rows[i].says || strstr(err.text, rows[i].says));
	}
}

/* A volume without a table, nothing, less than a sector, no file, and a GPT. */
static void disks_without_a_table(void **state)
{
	struct fixture *on = *state;
	struct image_part *parts = NULL;
	struct error err;
	size_t count = 0;

	support_write(on->disk, memory_array_zero(on, SECTOR, 64), SECTOR * 64);
	assert_int_equal(image_parts_read(on, on->disk, 1, &parts, &count, &err),
		-TROUBLE_DISK_KIND);
	support_write_text(on->disk, "");
	assert_int_equal(image_parts_read(on, on->disk, 1, &parts, &count, &err), -TROUBLE_IMAGE);
	unlink(on->disk);
	assert_int_equal(image_parts_read(on, on->disk, 1, &parts, &count, &err), -TROUBLE_IO);
	need_volume(on);
	assert_int_equal(image_parts_read(on, on->volume, 1, &parts, &count, &err),
		-TROUBLE_DISK_KIND);
	assert_non_null(strstr(err.text, "no partition table"));
	support_write_text(on->disk, "");
	assert_int_equal(truncate(on->disk, 8 << 20), 0);
	assert_int_equal(run(on, "sfdisk", "-q", on->disk, "label: gpt\nsize=2M\n"), 0);
	assert_int_equal(image_parts_read(on, on->disk, 1, &parts, &count, &err),
		-TROUBLE_DISK_KIND);
	assert_non_null(strstr(err.text, "GPT"));
	assert_int_equal(count, 0);
}

/* ---- how Windows left a volume ---- */

static const struct image_part ntfs_part = { .disk = 1, .number = 1, .kind = PART_NTFS };

static int clean(const char *volume, struct error *err)
{
	return image_part_clean(volume, 0, &ntfs_part, err);
}

/* What ntfs-3g says: 0, 15 unclean, 14 hibernated. */
static void judge(struct fixture *on, const char *volume, int wanted)
{
	if (support_have("ntfs-3g.probe"))
		assert_int_equal(run(on, "ntfs-3g.probe", "--readwrite", volume, NULL), wanted);
}

static void a_volume_that_is_marked_dirty(void **state)
{
	struct fixture *on = *state;
	char *marked = below(on, "marked");
	struct error err;

	need_volume(on);
	judge(on, on->volume, 0);
	assert_int_equal(clean(on->volume, NULL), 0);
	copy(on, on->volume, marked);
	assert_int_equal(outside_image(marked, true), 0);
	assert_int_equal(clean(marked, &err), -TROUBLE_VOLUME_DIRTY);
	assert_non_null(strstr(err.text, "Partition 1.1 is marked dirty"));
	assert_true(mount_source_dirty(marked));
}

/* A restart page: header, update sequence at 30 (its number 1, the 8 words it keeps are 0), area at
 * 48 with one client whose record is at 64 of it. */
struct page {
	const char *magic;
	uint64_t lsn;
	uint16_t in_use, flags, version;
};

static void page_write(uint8_t *page, const struct page *says)
{
	uint8_t *area = page + 48;

	memset(page, 0, PAGE);
	memcpy(page, says->magic, 4);
	put(page + 4, 30, 2);
	put(page + 6, PAGE / SECTOR + 1, 2);
	if (memcmp(says->magic, "CHKD", 4) == 0)
		put(page + 8, says->lsn, 8);
	put(page + 16, PAGE, 4);
	put(page + 20, PAGE, 4);
	put(page + 24, 48, 2);
	put(page + 26, says->version & 0xff, 2);
	put(page + 28, says->version >> 8, 2);
	put(page + 30, 1, 2);
	for (size_t end = SECTOR; end <= PAGE; end += SECTOR)
		put(page + end - 2, 1, 2);
	put(area, says->lsn, 8);
	put(area + 8, 1, 2);
	put(area + 10, says->in_use == 0xffff ? 0 : 0xffff, 2);
	put(area + 12, says->in_use, 2);
	put(area + 14, says->flags, 2);
	put(area + 16, 67 - 21, 4); /* 1 MiB has 21 bits */
	put(area + 20, 64 + 160, 2);
	put(area + 22, 64, 2);
	put(area + 24, LOG_SIZE, 8);
	put(area + 36, 48, 2);
	put(area + 38, 64, 2);
	put(area + 64 + 16, 0xffffffff, 4); /* neither the client before nor the next */
	put(area + 64 + 28, 8, 4);
	memcpy(area + 64 + 32, "N\0T\0F\0S", 8);
}

/* Where the journal's data begin: its record is number 2, its data attribute (0x80) has one run,
 * 128 clusters, whose mapping pair is 22 80 00 and the first cluster. */
static uint64_t journal_place(const uint8_t *volume, uint64_t *pairs)
{
	uint64_t table = (volume[48] | (uint64_t)volume[49] << 8) * CLUSTER,
		 record = table + 2 * 1024, at = record + volume[record + 20];

	while (volume[at] != 0x80)
		at += volume[at + 4];
	*pairs = at + volume[at + 32];
	assert_memory_equal(volume + *pairs, "\x22\x80\x00", 3);
	return (volume[*pairs + 3] | (uint64_t)volume[*pairs + 4] << 8) * CLUSTER;
}

static void journals(void **state)
{
	static const struct {
		struct page pages[2];
		bool closed;
	} rows[] = {
		/* nobody has it open; open; open, and all is in its place */
		{ { { "RSTR", 8, 0xffff, 0, 0x101 }, { "RSTR", 8, 0xffff, 0, 0x101 } }, true },
		{ { { "RSTR", 8, 0, 0, 0x101 }, { "RSTR", 8, 0, 0, 0x101 } }, false },
		{ { { "RSTR", 8, 0, 2, 0x101 }, { "RSTR", 8, 0, 2, 0x101 } }, true },
		/* flags that say nothing */
		{ { { "RSTR", 8, 0, 1, 0x101 }, { "RSTR", 8, 0, 1, 0x101 } }, false },
		/* the later page counts */
		{ { { "RSTR", 8, 0xffff, 0, 0x101 }, { "RSTR", 9, 0, 0, 0x101 } }, false },
		{ { { "RSTR", 8, 0, 0, 0x101 }, { "RSTR", 9, 0xffff, 0, 0x101 } }, true },
		{ { { "RSTR", 9, 0, 0, 0x101 }, { "RSTR", 8, 0xffff, 0, 0x101 } }, false },
		/* only the second is one */
		{ { { "BAAD", 9, 0, 0, 0x101 }, { "RSTR", 8, 0xffff, 0, 0x101 } }, true },
		{ { { "BAAD", 9, 0xffff, 0, 0x101 }, { "RSTR", 8, 0, 0, 0x101 } }, false },
		/* none is; chkdsk's; a client that is not there; another version */
		{ { { "BAAD", 9, 0xffff, 0, 0x101 }, { "BAAD", 9, 0xffff, 0, 0x101 } }, false },
		{ { { "CHKD", 8, 0xffff, 0, 0x101 }, { "CHKD", 8, 0xffff, 0, 0x101 } }, true },
		{ { { "RSTR", 8, 1, 2, 0x101 }, { "RSTR", 8, 1, 2, 0x101 } }, false },
		{ { { "RSTR", 8, 0xffff, 0, 0x301 }, { "RSTR", 8, 0xffff, 0, 0x301 } }, false },
	};
	struct fixture *on = *state;
	char *changed = below(on, "changed");

	need_volume(on);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		uint8_t pages[2 * PAGE];
		uint64_t pairs, at = journal_place(volume_read(on), &pairs);
		struct error err = { 0 };
		int ret;

		page_write(pages, &rows[i].pages[0]);
		page_write(pages + PAGE, &rows[i].pages[1]);
		copy(on, on->volume, changed);
		poke(changed, at, pages, sizeof pages);
		ret = clean(changed, &err);
		if (ret != (rows[i].closed ? 0 : -TROUBLE_VOLUME_DIRTY))
			fail_msg("row %zu: %s", i, err.text);
		assert_true(ret == 0 || strstr(err.text, "its journal is still open"));
		judge(on, changed, rows[i].closed ? 0 : 15);
	}
}

/* The mapping pairs of the journal, and their mirror, whose first cluster stands at 56. */
static void pairs_poke(const char *path, const uint8_t *volume, uint64_t at, const uint8_t two[8])
{
	uint64_t table = volume[48] | (uint64_t)volume[49] << 8,
		 mirror = volume[56] | (uint64_t)volume[57] << 8;

	poke(path, at, two, 8);
	poke(path, at + (mirror - table) * CLUSTER, two, 8);
}

/* The journal in two pieces: one cluster, and 127 behind it. A page of a log that is nowhere begun
 * lies in the fourth cluster of the second. */
static void a_journal_in_pieces(void **state)
{
	struct fixture *on = *state;
	char *changed = below(on, "pieces");
	uint8_t two[8] = { 0x21, 1, 0, 0, 0x11, 127, 1, 0 }, rcrd[4] = "RCRD";
	uint64_t pairs, at;
	uint8_t *volume;

	need_volume(on);
	volume = volume_read(on);
	at = journal_place(volume, &pairs);
	put(two + 2, at / CLUSTER, 2);
	copy(on, on->volume, changed);
	pairs_poke(changed, volume, pairs, two);
	judge(on, changed, 0);
	assert_int_equal(clean(changed, NULL), 0);
	poke(changed, at + 4 * CLUSTER, rcrd, sizeof rcrd);
	judge(on, changed, 15);
	assert_int_equal(clean(changed, NULL), -TROUBLE_VOLUME_DIRTY);
	two[4] = 0x01; /* a hole */
	pairs_poke(changed, volume, pairs, two);
	assert_int_equal(clean(changed, NULL), -TROUBLE_VOLUME_DIRTY);
}

/* Each byte that is looked at bent in three ways: an answer, whatever it is; and cut off, no good
 * one. */
static void damaged_volumes(void **state)
{
	struct fixture *on = *state;
	char *changed = below(on, "damaged");
	uint64_t pairs, table;
	uint8_t *volume;
	int fd;

	need_volume(on);
	volume = volume_read(on);
	(void)journal_place(volume, &pairs);
	table = pairs / 1024 * 1024 - 2 * 1024;
	copy(on, on->volume, changed);
	fd = open(changed, O_RDWR);
	for (uint64_t at = 0; at < table + 4096; at += at == 83 ? table + 2048 - 83 : 1) {
		static const uint8_t masks[] = { 0x01, 0x80, 0xff };
		for (size_t k = 0; k < ARRAY_SIZE(masks); k++) {
			const uint8_t bent = volume[at] ^ masks[k];
			assert_int_equal(pwrite(fd, &bent, 1, (off_t)at), 1);
			assert_true(volume_ntfs_end(fd, 0) <= NTFS_JOURNAL_OPEN);
		}
		assert_int_equal(pwrite(fd, volume + at, 1, (off_t)at), 1);
	}
	assert_int_equal(volume_ntfs_end(fd, 0), NTFS_CLOSED);
	assert_int_equal(volume_ntfs_end(fd, INT64_MAX), NTFS_UNTOLD);
	assert_int_equal(ftruncate(fd, (off_t)table + 3 * 1024), 0);
	assert_int_equal(volume_ntfs_end(fd, 0), NTFS_UNTOLD);
	close(fd);
	assert_int_equal(clean(changed, NULL), -TROUBLE_VOLUME_DIRTY);
}

/* hiberfil.sys of Windows 2000 begins so while it hibernates, and is called "wake" once it woke. */
static void windows_that_hibernates(void **state)
{
	static const struct {
		const char *name, *head;
		bool hibernates;
	} rows[] = {
		{ "hiberfil.sys", "hibr", true },
		{ "HIBERFIL.SYS", "HIBR", true },
		{ "hiberfil.sys", "wake", false },
		{ "hiberfil.sys", "hib", false },
		{ "other.sys", "hibr", false },
	};
	struct fixture *on = *state;
	char *sleeping = below(on, "sleeping"), *file = below(on, "hibr");
	const char *const ntfscp[] = { "ntfscp", "-q", sleeping, file, "hiberfil.sys", NULL };
	struct image_part part = { .disk = 2, .number = 3, .kind = PART_FAT };

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct error err = { 0 };
		part.folder = support_folder(on);
		support_write_text(talloc_asprintf(on, "%s/%s", part.folder, rows[i].name),
			rows[i].head);
		assert_int_equal(image_part_clean(on->disk, 0, &part, &err),
			rows[i].hibernates ? -TROUBLE_VOLUME_DIRTY : 0);
		assert_true(!rows[i].hibernates || strstr(err.text, "partition 2.3"));
	}
	need_volume(on);
	if (!support_have("ntfscp"))
		support_skip("no ntfscp here");
	copy(on, on->volume, sleeping);
	support_write(file, memcpy(memory_array_zero(on, 1, PAGE), "hibr", 4), PAGE);
	assert_int_equal(support_run(on, ntfscp, NULL, NULL), 0);
	judge(on, sleeping, 14);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(partitions_of_sfdisk),
		cmocka_unit_test(disks_that_are_refused),
		cmocka_unit_test(disks_without_a_table),
		cmocka_unit_test(a_volume_that_is_marked_dirty),
		cmocka_unit_test(journals),
		cmocka_unit_test(a_journal_in_pieces),
		cmocka_unit_test(damaged_volumes),
		cmocka_unit_test(windows_that_hibernates),
	};

	return cmocka_run_group_tests(tests, setup, support_memory_free);
}

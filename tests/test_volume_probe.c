/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a volume is seen to be: members of NT software mirrors, mount options that do harm. */
#include "server/volume_internal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/memory.h"
#include "server/volume_mount.h"
#include "tests/support.h"

static void mirror_types(void **state)
{
	(void)state;
	/* ntdddisk.h: 6 and 7 are FAT16 and NTFS, 0x80 marks a member of a set, 0xC0 one put out of
	 * use. */
	assert_true(volume_type_is_mirror(0x86));
	assert_true(volume_type_is_mirror(0x87));
	assert_true(volume_type_is_mirror(0xc7));
	assert_false(volume_type_is_mirror(0x06));
	assert_false(volume_type_is_mirror(0x07));
	assert_false(volume_type_is_mirror(0x83)); /* Linux */
	assert_false(volume_type_is_mirror(0x82)); /* Linux swap */
	assert_false(volume_type_is_mirror(0x8e)); /* Linux LVM */
	assert_false(volume_type_is_mirror(-1));
}

/* A disk with two partitions, written out by hand: the table begins at 446, an entry has 16 bytes,
 * its type at 4, first sector at 8 and number of sectors at 12, the sector ends in 55 AA. */
static void disk_write(const char *image)
{
	static uint8_t disk[1 << 20];

	disk[446 + 4] = 0x07;
	disk[446 + 8] = 1;
	disk[446 + 12] = 100;
	disk[462 + 4] = 0x87;
	disk[462 + 8] = 200;
	disk[462 + 12] = 100;
	disk[510] = 0x55;
	disk[511] = 0xaa;
	support_write(image, disk, sizeof disk);
}

static void a_partition_table_is_read(void **state)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	char *dir = support_folder(mem);
	char *image = talloc_asprintf(mem, "%s/disk", dir);

	(void)state;
	disk_write(image);
	assert_int_equal(volume_partition_type(image, 1), 0x07);
	assert_int_equal(volume_partition_type(image, 200), 0x87);
	assert_int_equal(volume_partition_type(image, 300), -1);
	assert_int_equal(volume_partition_type(dir, 1), -1);
	assert_int_equal(truncate(image, 256), 0);
	assert_int_equal(volume_partition_type(image, 1), -1);
	talloc_free(mem);
}

/* file: below what sysfs has of 8:1, or, with "@", below root; so is a text with it. */
static void told(TALLOC_CTX *mem, const char *root, const char *file, const char *text)
{
	char *path = *file == '@' ? talloc_asprintf(mem, "%s%s", root, file + 1)
				  : talloc_asprintf(mem, "%s/sys/dev/block/8:1/%s", root, file);

	if (strcmp(text, "/") == 0)
		support_mkdir(path);
	else
		support_write_text(path,
			talloc_asprintf(mem, "%s%s\n", *text == '@' ? root : "",
				text + (*text == '@')));
}

/* What the kernel and udev tell of block device 8:1, below a folder of the test's own; /dev/sda has
 * type 0x87 at sector 200 and 0x07 at sector 1. A file whose text is "/" is a folder: there, and
 * not to be read. */
static void what_cannot_be_told_is_no_ordinary_partition(void **state)
{
	static const struct {
		const char *name;
		struct {
			const char *file, *text;
		} files[5];
		int type;
	} cases[] = {
		{ "a member",
			{ { "dev", "8:1" }, { "start", "200" },
				{ "../uevent", "MAJOR=8\nDEVNAME=sda" } },
			0x87 },
		{ "an ordinary one",
			{ { "dev", "8:1" }, { "start", "1" }, { "../uevent", "DEVNAME=sda" } },
			0x07 },
		{ "a whole disk, or an image without a table", { { "dev", "8:1" } }, 0 },
		{ "a loop device of a whole image",
			{ { "dev", "8:1" }, { "loop/offset", "0" },
				{ "loop/backing_file", "@/dev/sda" } },
			0 },
		{ "a loop device from where a member begins",
			{ { "dev", "8:1" }, { "loop/offset", "102400" },
				{ "loop/backing_file", "@/dev/sda" } },
			0x87 },
		{ "its image is gone",
			{ { "dev", "8:1" }, { "loop/offset", "102400" },
				{ "loop/backing_file", "@/gone (deleted)" } },
			-1 },
		{ "its image has no name", { { "dev", "8:1" }, { "loop/offset", "102400" } }, -1 },
		{ "its offset cannot be read", { { "dev", "8:1" }, { "loop/offset", "/" } }, -1 },
		{ "no sysfs", { { NULL, NULL } }, -1 },
		{ "sysfs cannot be read", { { "dev", "/" } }, -1 },
		{ "its start cannot be read", { { "dev", "8:1" }, { "start", "/" } }, -1 },
		{ "the table knows no such partition",
			{ { "dev", "8:1" }, { "start", "300" }, { "../uevent", "DEVNAME=sda" } },
			-1 },
		{ "the disk cannot be opened",
			{ { "dev", "8:1" }, { "start", "200" },
				{ "../uevent", "DEVNAME=cciss/c0d0" } },
			-1 },
		{ "the disk has no table",
			{ { "dev", "8:1" }, { "start", "200" }, { "../uevent", "DEVNAME=sdb" } },
			-1 },
		{ "the disk has no name", { { "dev", "8:1" }, { "start", "200" } }, -1 },
		{ "made by kpartx", { { "dev", "8:1" }, { "dm/uuid", "part1-mpath-1" } }, -1 },
		{ "a logical volume", { { "dev", "8:1" }, { "dm/uuid", "LVM-1" } }, 0 },
		{ "udev knows a member",
			{ { "dev", "8:1" }, { "start", "200" },
				{ "@/run/udev/data/b8:1", "N:sda1\nE:ID_PART_ENTRY_TYPE=0x87" } },
			0x87 },
		{ "udev knows one of a GPT",
			{ { "dev", "8:1" }, { "start", "200" },
				{ "@/run/udev/data/b8:1",
					"E:ID_PART_ENTRY_TYPE=ebd0a0a2-b9e5-4433-87c0-68b6b72699c7" } },
			0 },
		{ "udev does not know",
			{ { "dev", "8:1" }, { "start", "200" },
				{ "@/run/udev/data/b8:1", "N:sda1" } },
			-1 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		TALLOC_CTX *mem = talloc_new(NULL);
		const char *root = support_folder(mem);
		const char *const folders[] = { "sh", "-c",
			"cd \"$0\" && mkdir -p dev run/udev/data sys/dev/block/8:1/loop sys/dev/block/8:1/dm",
			root, NULL };
		int type;

		assert_int_equal(support_run(mem, folders, NULL, NULL), 0);
		disk_write(talloc_asprintf(mem, "%s/dev/sda", root));
		support_write_text(talloc_asprintf(mem, "%s/dev/sdb", root), "no disk");
		for (size_t k = 0; k < 5 && cases[i].files[k].file; k++)
			told(mem, root, cases[i].files[k].file, cases[i].files[k].text);
		type = volume_partition_of(root, makedev(8, 1));
		if (type != cases[i].type)
			fail_msg("%s: %d", cases[i].name, type);
		talloc_free(mem);
	}
	assert_int_equal(volume_partition_of("/none", makedev(0, 27)), 0);
}

/* A Macintosh's table by hand, of numbers with the highest byte first: the first sector begins with
 * "ER" and the size of a sector, the second with "PM", its number of entries at 4, the first sector
 * of the partition at 8 and their number at 12. */
static void a_table_of_another_kind_has_no_members(void **state)
{
	static uint8_t disk[1 << 20] = { 'E', 'R', 2 };
	TALLOC_CTX *mem = talloc_new(NULL);
	const char *image = talloc_asprintf(mem, "%s/disk", support_folder(mem));

	(void)state;
	memcpy(disk + 512, "PM", 2);
	disk[512 + 7] = 1;
	disk[512 + 11] = 200;
	disk[512 + 15] = 100;
	support_write(image, disk, sizeof disk);
	assert_int_equal(volume_partition_type(image, 200), 0);
	assert_int_equal(volume_partition_type(image, 1), -1);
	talloc_free(mem);
}

static void mountinfo_lines(void **state)
{
	static const char text[] =
		"22 27 0:21 / /proc rw,relatime - proc proc rw\n"
		"42 27 0:39 / /mnt/my\\040disk ro,relatime shared:1 master:2 - vfat /dev/sdb1 rw,iocharset=ascii,utf8\n"
		"43 27 0:40 / /x rw - ext4\n";
	struct mount_line *line = mount_line_find(NULL, text, 42);

	(void)state;
	assert_non_null(line);
	assert_string_equal(line->mount_point, "/mnt/my disk");
	assert_string_equal(line->options, "ro,relatime");
	assert_string_equal(line->fs, "vfat");
	assert_string_equal(line->source, "/dev/sdb1");
	assert_string_equal(line->super_options, "rw,iocharset=ascii,utf8");
	assert_null(mount_line_find(NULL, text, 43));
	assert_null(mount_line_find(NULL, text, 4));
	assert_null(mount_line_find(NULL, "", 4));
	talloc_free(line);
}

static void harmful_options_are_named(void **state)
{
	static const struct {
		const char *fs, *options, *starts;
	} cases[] = {
		{ "vfat",
			"rw,relatime,fmask=0022,codepage=437,iocharset=ascii,shortname=mixed,utf8,errors=remount-ro",
			NULL },
		{ "vfat", "rw,codepage=437,iocharset=ascii,shortname=mixed", "iocharset: " },
		{ "vfat", "rw,iocharset=utf8", NULL },
		{ "vfat", "rw,iocharset=utf8,uni_xlate", "uni_xlate: " },
		{ "msdos", "rw", "msdos: " },
		{ "ntfs-3g", "rw,hide_hid_files", "hide_hid_files: " },
		{ "ntfs-3g",
			"allow_other,windows_names,noatime,show_sys_files,streams_interface=xattr",
			NULL },
		{ "ntfs-3g", "streams_interface=none", "streams_interface: " },
		{ "ntfs-3g", "rw,streams_interface=windows,big_writes", "streams_interface: " },
		{ "ntfs-3g", "streams_interface=openxattr", "streams_interface: " },
		{ "ntfs-3g", "streams_interface=none,streams_interface=xattr", NULL },
		{ "ntfs-3g", "rw,ignore_case", "ignore_case: " },
		{ "ntfs-3g", "efs_raw", "efs_raw: " },
		{ "ntfs-3g", "locale=de_DE", "locale: " },
		{ "ntfs3", "rw,uid=0,iocharset=utf8", "driver: " },
		{ "ntfs", "ro", "driver: " },
		{ "vfat", "rw,sys_immutable,iocharset=utf8", "sys_immutable: " },
		{ "exfat", "rw,iocharset=cp437", "iocharset: " },
		{ "ext4", "rw,force,nohidden", NULL },
		{ "fat", "uni_xlate", NULL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		char *hazard = mount_hazard(NULL, cases[i].fs, cases[i].options);
		if (!cases[i].starts != !hazard ||
			(hazard && strncmp(hazard, cases[i].starts, strlen(cases[i].starts)) != 0))
			fail_msg("%s %s: %s", cases[i].fs, cases[i].options,
				hazard ? hazard : "none");
		talloc_free(hazard);
	}
}

static void daemon_command_lines(void **state)
{
	static const char command[] =
		"/usr/bin/ntfs-3g\0-o\0rw,hide_hid_files\0disk.img\0mnt\0-odebug";
	static const char full[] = "lowntfs-3g\0/dev/disk/by-label/C\0/srv/mnt\0-o\0hide_hid_files";
	struct mount_line elsewhere = { .source = "/dev/disk/by-label/C",
		.mount_point = "/other/mnt" };
	struct mount_line here = { .source = "/srv/disk.img", .mount_point = "/srv/mnt" };
	struct mount_line other = { .source = "/srv/disk.img", .mount_point = "/srv/mnt2" };
	char *options = mount_command_options(NULL, command, sizeof command - 1, &here);

	(void)state;
	assert_string_equal(options, ",rw,hide_hid_files,debug");
	talloc_free(options);
	assert_null(mount_command_options(NULL, command, sizeof command - 1, &other));
	options = mount_command_options(NULL, full, sizeof full - 1, &here);
	assert_string_equal(options, ",hide_hid_files");
	talloc_free(options);
	assert_null(mount_command_options(NULL, full, sizeof full - 1, &elsewhere));
	assert_null(mount_command_options(NULL, "cat\0disk.img\0mnt", 16, &here));
	assert_null(mount_command_options(NULL, "", 0, &here));
}

/* An NTFS volume by hand, with only what the flag is found by: boot sector (clusters of 4096, MFT
 * at cluster 2, records of 1024 as a power of two), and record 3 with an attribute of type 0x30
 * before that of type 0x70, whose value is at 24 and its flags at 10 of it. The last two bytes of
 * both its sectors are kept in the update sequence at 48. */
#define RECORD (8192 + 3 * 1024)
static void volume_by_hand(uint8_t image[16384], unsigned flags)
{
	uint8_t *record = image + RECORD;

	memset(image, 0, 16384);
	memcpy(image + 3, "NTFS    ", 8);
	image[12] = 2;
	image[13] = 8;
	image[48] = 2;
	image[64] = 0xf6;
	memcpy(record, "FILE", 4);
	record[4] = 48;
	record[6] = 3;
	record[20] = 56;
	record[48] = record[510] = record[1022] = 7;
	record[50] = 0xaa;
	record[56] = 0x30;
	record[60] = 32;
	record[88] = 0x70;
	record[92] = 40;
	record[88 + 20] = 24;
	record[88 + 24 + 10] = (uint8_t)flags;
	record[88 + 24 + 11] = (uint8_t)(flags >> 8);
	record[128] = record[129] = record[130] = record[131] = 0xff;
}

static bool dirty(const char *image, const uint8_t *bytes, size_t len)
{
	support_write(image, bytes, len);
	return mount_source_dirty(image);
}

static void a_dirty_volume_is_told(void **state)
{
	/* offset and new byte: each leaves no volume whose flag could be read */
	static const struct {
		unsigned at;
		uint8_t byte;
	} spoiled[] = {
		{ 3, 'X' },
		{ 12, 0 },
		{ 13, 0 },
		{ 64, 0 },
		{ 64, 0x80 },
		{ 64, 127 },
		{ 55, 0xff },
		{ 48, 3 },
		{ RECORD, 'B' },
		{ RECORD + 5, 255 },
		{ RECORD + 6, 2 },
		{ RECORD + 7, 255 },
		{ RECORD + 510, 8 },
		{ RECORD + 1022, 8 },
		{ RECORD + 21, 4 },
		{ RECORD + 60, 0 },
		{ RECORD + 60, 8 },
		{ RECORD + 63, 0xff },
		{ RECORD + 92, 12 },
		{ RECORD + 96, 1 },
		{ RECORD + 109, 0xff },
	};
	static uint8_t image[16384];
	TALLOC_CTX *mem = talloc_new(NULL);
	char *file = talloc_asprintf(mem, "%s/image", support_folder(mem));
	uint64_t seed = 3;

	(void)state;
	volume_by_hand(image, 0x8001);
	assert_true(dirty(file, image, sizeof image));
	assert_false(dirty(file, image, RECORD + 1023));
	assert_false(dirty(file, image, 500));
	volume_by_hand(image, 0x8002);
	assert_false(dirty(file, image, sizeof image));
	for (size_t i = 0; i < ARRAY_SIZE(spoiled); i++) {
		volume_by_hand(image, 1);
		image[spoiled[i].at] = spoiled[i].byte;
		if (dirty(file, image, sizeof image))
			fail_msg("%u: %u", spoiled[i].at, spoiled[i].byte);
	}
	for (int i = 0; i < 2000; i++) {
		volume_by_hand(image, 1);
		for (int k = 0; k < 4; k++)
			image[(k & 1 ? RECORD : 0) + support_random(&seed) % 136] =
				(uint8_t)support_random(&seed);
		dirty(file, image, sizeof image);
	}
	assert_false(mount_source_dirty("/dev/null"));
	assert_false(mount_source_dirty("/none"));
	assert_false(mount_source_dirty("image"));
	talloc_free(mem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(mirror_types),
		cmocka_unit_test(a_partition_table_is_read),
		cmocka_unit_test(what_cannot_be_told_is_no_ordinary_partition),
		cmocka_unit_test(a_table_of_another_kind_has_no_members),
		cmocka_unit_test(mountinfo_lines),
		cmocka_unit_test(harmful_options_are_named),
		cmocka_unit_test(daemon_command_lines),
		cmocka_unit_test(a_dirty_volume_is_told),
	};

	return cmocka_run_group_tests_name("volume_probe", tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a volume is seen to be: members of NT software mirrors, mount options that do harm. */
#include "server/volume_internal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "server/volume_mount.h"
#include "tests/support.h"

static void mirror_types(void **state)
{
	(void)state;
	/* ntdddisk.h: 6 and 7 are FAT16 and NTFS, 0x80 marks a member of a set, 0xC0 one put out of use. */
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

/* A disk with two partitions, written out by hand: the table begins at 446, an entry has 16 bytes, its type at 4, first
 * sector at 8 and number of sectors at 12, the sector ends in 55 AA. */
static void a_partition_table_is_read(void **state)
{
	static uint8_t disk[1 << 20];
	TALLOC_CTX *mem = talloc_new(NULL);
	char *dir = support_folder(mem);
	char *image = talloc_asprintf(mem, "%s/disk", dir);

	(void)state;
	disk[446 + 4] = 0x07;
	disk[446 + 8] = 1;
	disk[446 + 12] = 100;
	disk[462 + 4] = 0x87;
	disk[462 + 8] = 200;
	disk[462 + 12] = 100;
	disk[510] = 0x55;
	disk[511] = 0xaa;
	support_write(image, disk, sizeof disk);
	assert_int_equal(volume_partition_type(image, 1), 0x07);
	assert_int_equal(volume_partition_type(image, 2), 0x87);
	assert_int_equal(volume_partition_type(image, 3), -1);
	assert_int_equal(volume_partition_type(dir, 1), -1);
	support_write(image, disk, 256);
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
		{ "vfat", "rw,relatime,fmask=0022,codepage=437,iocharset=ascii,shortname=mixed,utf8,errors=remount-ro",
		  NULL },
		{ "vfat", "rw,codepage=437,iocharset=ascii,shortname=mixed", "iocharset: " },
		{ "vfat", "rw,iocharset=utf8", NULL },
		{ "vfat", "rw,iocharset=utf8,uni_xlate", "uni_xlate: " },
		{ "msdos", "rw", "msdos: " },
		{ "ntfs-3g", "rw,hide_hid_files", "hide_hid_files: " },
		{ "ntfs-3g", "allow_other,windows_names,streams_interface=none", NULL },
		{ "ntfs-3g", "locale=de_DE", "locale: " },
		{ "ntfs3", "rw,uid=0,iocharset=utf8", NULL },
		{ "ntfs3", "rw,nohidden", "nohidden: " },
		{ "ntfs3", "rw,force", "force: " },
		{ "ext4", "rw,force,nohidden", NULL },
		{ "fat", "uni_xlate", NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char *harm = mount_harm(NULL, cases[i].fs, cases[i].options);
		if (!cases[i].starts != !harm || (harm && strncmp(harm, cases[i].starts, strlen(cases[i].starts)) != 0))
			fail_msg("%s %s: %s", cases[i].fs, cases[i].options, harm ? harm : "none");
		talloc_free(harm);
	}
}

static void daemon_command_lines(void **state)
{
	static const char command[] = "/usr/bin/ntfs-3g\0-o\0rw,hide_hid_files\0disk.img\0mnt\0-odebug";
	static const char full[] = "lowntfs-3g\0/dev/disk/by-label/C\0/srv/mnt\0-o\0hide_hid_files";
	struct mount_line elsewhere = { .source = "/dev/disk/by-label/C", .mount_point = "/other/mnt" };
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(mirror_types),         cmocka_unit_test(a_partition_table_is_read),
		cmocka_unit_test(mountinfo_lines),      cmocka_unit_test(harmful_options_are_named),
		cmocka_unit_test(daemon_command_lines),
	};

	return cmocka_run_group_tests_name("volume_probe", tests, NULL, NULL);
}

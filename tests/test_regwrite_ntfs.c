/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The registry on a real NTFS volume: what NTFS keeps besides the data is there afterwards,
 * whichever way was taken. */
#include "server/server.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/ntfolder.h"
#include "tests/support.h"

#define KEY "SYSTEM\\ControlSet001\\Services\\MSExchangeMSMI"

/* Self-relative: owner and group Administrators; Everyone may read and run, SYSTEM all. Not what
 * any new file would get. */
static const uint8_t acl[] = { 1, 0, 4, 0x80, 0x14, 0, 0, 0, 0x24, 0, 0, 0, 0, 0, 0, 0, 0x34, 0, 0,
	0, 1, 2, 0, 0, 0, 0, 0, 5, 0x20, 0, 0, 0, 0x20, 2, 0, 0, 1, 2, 0, 0, 0, 0, 0, 5, 0x20, 0, 0,
	0, 0x20, 2, 0, 0, 2, 0, 0x30, 0, 2, 0, 0, 0, 0, 0, 0x14, 0, 0xa9, 0, 0x12, 0, 1, 1, 0, 0, 0,
	0, 0, 1, 0, 0, 0, 0, 0, 0, 0x14, 0, 0xff, 1, 0x1f, 0, 1, 1, 0, 0, 0, 0, 0, 5, 0x12, 0, 0,
	0 };

struct ntfs {
	char *image, *mount;
	TALLOC_CTX *users; /* whatever has files open there */
	bool mounted;
};

static void umount_it(struct ntfs *ntfs)
{
	const char *const argv[] = { "umount", ntfs->mount, NULL };
	const char *const fuse[] = { "fusermount", "-u", ntfs->mount, NULL };

	if (ntfs->mounted && support_run(NULL, argv, NULL, NULL) != 0)
		(void)support_run(NULL, fuse, NULL, NULL);
	ntfs->mounted = false;
}

static int ntfs_free(struct ntfs *ntfs)
{
	talloc_free(ntfs->users);
	umount_it(ntfs);
	return 0;
}

/* Skips where that cannot be. The driver of the mount before may still be busy with the image for a
 * moment. */
static void mount_it(struct ntfs *ntfs, const char *options)
{
	const char *const argv[] = { "ntfs-3g", "-o", options, ntfs->image, ntfs->mount, NULL };

	for (int i = 0; i < 100 && !ntfs->mounted; i++) {
		ntfs->mounted = support_run(ntfs, argv, NULL, NULL) == 0;
		if (!ntfs->mounted)
			usleep(20000);
	}
	if (!ntfs->mounted)
		support_skip("an NTFS image cannot be mounted here");
}

static struct ntfs *ntfs_new(TALLOC_CTX *mem)
{
	struct ntfs *ntfs = talloc_zero(mem, struct ntfs);
	char *folder = support_folder(mem);

	ntfs->image = talloc_asprintf(ntfs, "%s/image", folder);
	ntfs->users = talloc_new(ntfs);
	ntfs->mount = talloc_asprintf(ntfs, "%s/mount", folder);
	const char *const argv[] = { "mkntfs", "-F", "-Q", ntfs->image, NULL };
	if (access("/dev/fuse", R_OK | W_OK) != 0 || !support_have("mkntfs") ||
		!support_have("ntfs-3g"))
		support_skip("ntfs-3g, mkntfs or /dev/fuse is not here");
	support_mkdir(ntfs->mount);
	support_write_text(ntfs->image, "");
	assert_int_equal(truncate(ntfs->image, 24 << 20), 0);
	if (support_run(ntfs, argv, NULL, NULL) != 0)
		support_skip("mkntfs does not work here");
	/* Unmounted before the folder is removed. */
	talloc_steal(ntfs, folder);
	talloc_set_destructor(ntfs, ntfs_free);
	mount_it(ntfs, "streams_interface=none");
	return ntfs;
}

static void traits_give(struct nt_disks *d, const char *name)
{
	char *path = talloc_asprintf(d, "%s/%s", d->config, name);
	const uint8_t attributes[4] = { 0x26, 0, 0, 0 }; /* hidden, system, archive */

	assert_int_equal(setxattr(path, "system.ntfs_acl", acl, sizeof acl, 0), 0);
	assert_int_equal(setxattr(path, "system.ntfs_attrib", attributes, sizeof attributes, 0), 0);
	assert_int_equal(setxattr(path, "system.ntfs_dos_name", name, strlen(name), 0), 0);
}

static void has_traits(struct nt_disks *d, const char *name)
{
	char *path = talloc_asprintf(d, "%s/%s", d->config, name), text[64] = { 0 };
	uint8_t buf[512];

	assert_int_equal(getxattr(path, "system.ntfs_acl", buf, sizeof buf), sizeof acl);
	assert_memory_equal(buf, acl, sizeof acl);
	assert_int_equal(getxattr(path, "system.ntfs_attrib", buf, sizeof buf), 4);
	assert_int_equal(buf[0], 0x26);
	assert_int_equal(getxattr(path, "system.ntfs_dos_name", text, sizeof text - 1),
		strlen(name));
	assert_string_equal(text, name);
}

/* The creation time, the first eight bytes. */
static uint64_t born(struct nt_disks *d, const char *name)
{
	char *path = talloc_asprintf(d, "%s/%s", d->config, name);
	uint64_t times[4] = { 0 };

	assert_true(getxattr(path, "system.ntfs_times", times, sizeof times) >= 8);
	return times[0];
}

/* Changes ImagePath to text; tells whether SYSTEM is still the same file. */
static bool change(struct nt_disks *d, const char *text)
{
	struct server *server = nt_open(d);
	struct reg_edit edit = { KEY, "ImagePath", regdata_from_string(d, REG_EXPAND_SZ, text) };
	char *path = talloc_asprintf(d, "%s/SYSTEM", d->config), *now;
	struct reg_stage *stage;
	struct stat before, after;
	struct error err;
	size_t done = 0;

	assert_true(server->caps & SERVER_WRITE);
	assert_int_equal(stat(path, &before), 0);
	if (server->ops->reg_stage(server, server, &edit, 1, &stage, &err) != 0 ||
		server->ops->reg_switch(stage, &done, &err) != 0)
		fail_msg("%s", err.text);
	assert_int_equal(done, 2);
	assert_int_equal(server_reg_string(server, server, KEY, "ImagePath", &now, &err), 0);
	assert_string_equal(now, text);
	assert_int_equal(stat(path, &after), 0);
	talloc_free(server);
	return before.st_ino == after.st_ino;
}

static void both_ways_keep_what_ntfs_keeps(void **state)
{
	struct ntfs *ntfs = ntfs_new(*state);
	struct nt_disks *d = nt_disks_in(ntfs->users, ntfs->mount);
	uint64_t time;

	traits_give(d, "SYSTEM");
	traits_give(d, "SYSTEM.ALT");
	time = born(d, "SYSTEM");
	assert_true(change(d, NT_IMAGE_MOVED));
	has_traits(d, "SYSTEM");
	has_traits(d, "SYSTEM.ALT");
	assert_false(change(d, NT_IMAGE_LONGER));
	has_traits(d, "SYSTEM");
	has_traits(d, "SYSTEM.ALT");
	assert_true(born(d, "SYSTEM") == time);
	/* And not only in the driver's memory. */
	umount_it(ntfs);
	mount_it(ntfs, "streams_interface=none");
	has_traits(d, "SYSTEM");
	has_traits(d, "SYSTEM.ALT");
	assert_false(change(d, NT_IMAGE));
}

static void the_short_name_of_a_file_stays(void **state)
{
	struct ntfs *ntfs = ntfs_new(*state);
	struct nt_disks *d = nt_disks_in(ntfs->users, ntfs->mount);
	struct server *server = nt_open(d);
	struct stage_spec spec = { .target = "E:\\long file name.exe",
		.traits_from = "E:\\long file name.exe",
		.mtime = FILETIME_NONE,
		.size = 3 };
	char *path = talloc_asprintf(d, "%s/long file name.exe", d->e), *name;
	struct stage *stage;
	struct error err;

	support_write_text(path, "old");
	assert_int_equal(setxattr(path, "system.ntfs_dos_name", "LONGFI~7.EXE", 12, 0), 0);
	if (server->ops->stage(server, d, &spec, &stage, &err) != 0 ||
		server->ops->stage_write(stage, "new", 3, &err) != 0 ||
		server->ops->stage_ready(stage, &err) != 0 ||
		server->ops->sync(server, 'E', &err) != 0 ||
		server->ops->stage_switch(stage, &err) != 0)
		fail_msg("%s", err.text);
	assert_int_equal(server->ops->short_name(server, d, spec.target, &name, &err), 0);
	assert_non_null(name);
	assert_string_equal(name, "LONGFI~7.EXE");
}

static void a_volume_mounted_for_reading_is_looked_at_only(void **state)
{
	struct ntfs *ntfs = ntfs_new(*state);
	struct nt_disks *d = nt_disks_in(ntfs->users, ntfs->mount);
	struct reg_edit edit = { KEY, "ImagePath",
		regdata_from_string(d, REG_EXPAND_SZ, NT_IMAGE_MOVED) };
	struct stage_spec spec = { .target = "E:\\x", .mtime = FILETIME_NONE };
	struct reg_stage *reg_stage;
	struct server *server;
	struct stage *stage;
	struct error err;

	umount_it(ntfs);
	mount_it(ntfs, "ro,streams_interface=none");
	server = nt_open(d);
	assert_string_equal(server->id.name, "VANMAIL");
	assert_false(server->caps & SERVER_WRITE);
	assert_int_equal(server->ops->reg_gate(server, &err), -TROUBLE_READ_ONLY);
	assert_int_equal(server->ops->reg_stage(server, d, &edit, 1, &reg_stage, &err),
		-TROUBLE_READ_ONLY);
	assert_int_equal(server->ops->stage(server, d, &spec, &stage, &err), -TROUBLE_READ_ONLY);
	assert_int_equal(server->ops->mkdir(server, "E:\\x", NULL, &err), -TROUBLE_READ_ONLY);
	assert_int_equal(server->ops->remove(server, "C:\\WINNT\\system32\\config\\SYSTEM", &err),
		-TROUBLE_READ_ONLY);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SUPPORT_TEST(both_ways_keep_what_ntfs_keeps),
		SUPPORT_TEST(the_short_name_of_a_file_stays),
		SUPPORT_TEST(a_volume_mounted_for_reading_is_looked_at_only),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

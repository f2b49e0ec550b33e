/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The writing calls of a volume, and the traits of what it holds, on plain folders; ntfs.test does
 * the same on a real NTFS volume. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/memory.h"
#include "tests/support.h"
#include "tests/volume_place.h"

static int give(struct place *place, const char *path, const struct file_traits *all, int64_t mtime)
{
	return volume_set_traits(place->volume, path, all, mtime, NULL, &place->err);
}

/* Holes are not copied: it is told of a file that has some, and of no other. */
static void holes_are_told(void **state)
{
	struct place *place = *state;
	struct error note;
	char *full = memset(talloc_size(place, 1 << 16), 'x', 1 << 16);
	FILE *file = fopen(place_below(place, "full"), "w");

	assert_true(file && fwrite(full, 1 << 16, 1, file) == 1 && fclose(file) == 0);
	support_write_text(place_below(place, "small"), "x");
	support_write_text(place_below(place, "holes"), "x");
	assert_int_equal(truncate(place_below(place, "holes"), 1 << 20), 0);
	assert_int_equal(volume_traits_check(place->volume, "full", &note, &place->err), 0);
	assert_string_equal(note.text, "");
	assert_int_equal(volume_traits_check(place->volume, "small", &note, &place->err), 0);
	assert_string_equal(note.text, "");
	assert_int_equal(volume_traits_check(place->volume, "holes", &note, &place->err), 0);
	assert_non_null(strstr(note.text, "holes takes less room"));
}

/* What a file that was made just now has of its own accord goes. */
static void a_new_file_is_dressed(void **state)
{
	struct place *place = *state;
	struct file_traits *traits;
	struct stat status;
	uint64_t size = 0;
	int fd = volume_create(place->volume, "new", &place->err);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, "four", 4), 4);
	close(fd);
	support_write_text(place_below(place, "model"), "");
	assert_int_equal(chmod(place_below(place, "model"), 0640), 0);
	bool extended = setxattr(place_below(place, "new"), "user.own", "1", 1, 0) == 0;
	assert_int_equal(volume_traits_read(place->volume, place, "model", &traits, &place->err),
		0);
	assert_int_equal(volume_set_traits(place->volume, "NEW", traits, 125441568000000000, &size,
				 &place->err),
		0);
	assert_int_equal(size, 4);
	assert_int_equal(stat(place_below(place, "new"), &status), 0);
	assert_int_equal(status.st_mode & 07777, 0640);
	assert_int_equal(status.st_mtim.tv_sec, 899683200);
	if (extended)
		assert_true(
			getxattr(place_below(place, "new"), "user.own", &size, sizeof size) < 0);
	assert_int_equal(volume_set_traits(place->volume, "no", NULL, FILETIME_NONE, &size,
				 &place->err),
		-TROUBLE_NOT_THERE);
}

static void files_are_made_once(void **state)
{
	struct place *place = *state;
	struct stat status;
	int fd = volume_create(place->volume, "New.txt", &place->err);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, "x", 1), 1);
	close(fd);
	assert_int_equal(stat(place_below(place, "New.txt"), &status), 0);
	assert_int_equal(status.st_mode & 07777, 0600);
	assert_int_equal(volume_create(place->volume, "NEW.TXT", &place->err), -TROUBLE_IO);
	assert_non_null(strstr(place->err.text, "File exists"));
	assert_int_equal(volume_create(place->volume, "none\\x", &place->err), -TROUBLE_NOT_THERE);
	assert_int_equal(volume_mkdir(place->volume, "Dir", &place->err), 0);
	assert_int_equal(volume_mkdir(place->volume, "dir", &place->err), -TROUBLE_IO);
	assert_int_equal(volume_remove(place->volume, "DIR", &place->err), 0);
	assert_int_equal(volume_remove(place->volume, "new.TXT", &place->err), 0);
	assert_int_equal(volume_remove(place->volume, "new.TXT", &place->err), -TROUBLE_NOT_THERE);
	assert_int_equal(volume_remove(place->volume, "", &place->err), -TROUBLE_IO);
	support_write_text(place_below(place, "again"), "");
	fd = volume_open_write(place->volume, "AGAIN", &place->err);
	assert_true(fd >= 0);
	assert_int_equal(pwrite(fd, "y", 1, 3), 1);
	close(fd);
}

static void long_names_fit_or_are_refused(void **state)
{
	struct place *place = *state;
	char name[257] = "", euro[3 * 255 + 1] = "";

	memset(name, 'n', 255);
	int fd = volume_create(place->volume, name, &place->err);
	assert_true(fd >= 0);
	close(fd);
	assert_true(place_there(place, name, NULL, NULL));
	name[255] = 'n';
	assert_int_equal(volume_create(place->volume, name, &place->err), -TROUBLE_NAME);
	for (int i = 0; i < 255; i++)
		memcpy(euro + 3 * i, "\xe2\x82\xac", 3);
	assert_false(place_there(place, euro, NULL, NULL));
	fd = volume_create(place->volume, euro, &place->err);
	assert_int_equal(fd, -TROUBLE_NAME);
}

static void rename_keeps_or_replaces_as_told(void **state)
{
	struct place *place = *state;
	char *real;

	support_write_text(place_below(place, "Old.exe"), "old");
	support_write_text(place_below(place, "new.q24"), "fresh");
	support_mkdir(place_below(place, "Dir"));
	assert_int_equal(volume_rename(place->volume, "new.q24", "OLD.EXE", false, &place->err),
		-TROUBLE_IO);
	assert_int_equal(volume_rename(place->volume, "new.q24", "dir", true, &place->err),
		-TROUBLE_IO);
	assert_int_equal(chmod(place_below(place, "Old.exe"), 0444), 0);
	assert_int_equal(volume_rename(place->volume, "new.q24", "OLD.EXE", true, &place->err), 0);
	assert_true(place_there(place, "old.exe", NULL, &real));
	assert_string_equal(real, "Old.exe");
	assert_false(place_there(place, "new.q24", NULL, NULL));
	size_t len;
	assert_string_equal((char *)support_read(place, place_below(place, "Old.exe"), &len),
		"fresh");
	assert_int_equal(volume_rename(place->volume, "old.exe", "OLD.EXE", false, &place->err), 0);
	assert_true(place_there(place, "old.exe", NULL, &real));
	assert_string_equal(real, "OLD.EXE");
	assert_int_equal(volume_rename(place->volume, "OLD.exe", "dir\\f", false, &place->err), 0);
	assert_true(place_there(place, "dir\\F", NULL, NULL));
	assert_int_equal(volume_rename(place->volume, "dir", "Dir2", false, &place->err), 0);
	assert_true(place_there(place, "dir2\\F", NULL, NULL));
	assert_false(place_there(place, "dir\\F", NULL, NULL));
	assert_int_equal(volume_rename(place->volume, "dir2", "dir2\\in", false, &place->err),
		-TROUBLE_IO);
	assert_int_equal(volume_rename(place->volume, "none", "x", false, &place->err),
		-TROUBLE_NOT_THERE);
	assert_int_equal(volume_rename(place->volume, "dir2", "none\\x", false, &place->err),
		-TROUBLE_NOT_THERE);
	assert_int_equal(volume_rename(place->volume, "", "x", false, &place->err), -TROUBLE_IO);
}

/* What the volume changes itself changes the names that are remembered. */
static void own_changes_are_known(void **state)
{
	struct place *place = *state;
	int fd;

	assert_int_equal(volume_mkdir(place->volume, "D", &place->err), 0);
	/* Long enough for the names to be remembered. */
	usleep(50000);
	assert_false(place_there(place, "d\\f", NULL, NULL));
	fd = volume_create(place->volume, "D\\F", &place->err);
	assert_true(fd >= 0);
	close(fd);
	assert_true(place_there(place, "d\\f", NULL, NULL));
	assert_int_equal(volume_rename(place->volume, "d\\f", "d\\B", false, &place->err), 0);
	assert_false(place_there(place, "d\\f", NULL, NULL));
	assert_true(place_there(place, "d\\b", NULL, NULL));
	/* Another folder under the same name. */
	assert_int_equal(volume_rename(place->volume, "D", "E", false, &place->err), 0);
	assert_int_equal(volume_mkdir(place->volume, "D", &place->err), 0);
	assert_false(place_there(place, "d\\b", NULL, NULL));
	assert_true(place_there(place, "e\\b", NULL, NULL));
	assert_int_equal(volume_remove(place->volume, "e\\b", &place->err), 0);
	assert_false(place_there(place, "e\\b", NULL, NULL));
	/* What others change is seen as before. */
	usleep(50000);
	support_write_text(place_below(place, "E/b"), "");
	assert_true(place_there(place, "e\\B", NULL, NULL));
}

/* More folders than are remembered, and more than one visit to each. */
static void many_folders(void **state)
{
	struct place *place = *state;
	char path[64];

	for (int round = 0; round < 2; round++) {
		for (int i = 0; i < VOLUME_FOLDERS * 3; i++) {
			snprintf(path, sizeof path, "D%d", i);
			if (round == 0)
				assert_int_equal(volume_mkdir(place->volume, path, &place->err), 0);
			snprintf(path, sizeof path, "d%d\\F%d", i, round);
			int fd = volume_create(place->volume, path, &place->err);
			assert_true(fd >= 0);
			close(fd);
		}
	}
	for (int i = 0; i < VOLUME_FOLDERS * 3; i++) {
		snprintf(path, sizeof path, "D%d\\f1", i);
		assert_true(place_there(place, path, NULL, NULL));
	}
}

static void traits_go_from_file_to_file(void **state)
{
	struct place *place = *state;
	struct file_traits *a, *b, *c;
	const char *what;
	struct stat status;
	bool extended;

	support_write_text(place_below(place, "a"), "");
	support_write_text(place_below(place, "b"), "");
	assert_int_equal(chmod(place_below(place, "a"), 0640), 0);
	extended = setxattr(place_below(place, "a"), "user.note", "kept", 4, 0) == 0;
	if (extended)
		assert_int_equal(setxattr(place_below(place, "b"), "user.extra", "x", 1, 0), 0);
	if (geteuid() == 0)
		assert_int_equal(chown(place_below(place, "a"), 12, 34), 0);
	assert_int_equal(volume_traits_read(place->volume, place, "A", &a, &place->err), 0);
	assert_int_equal(volume_traits_read(place->volume, place, "B", &b, &place->err), 0);
	assert_false(file_traits_equal(a, b, &what));
	assert_non_null(what);
	assert_int_equal(give(place, "b", a, FILETIME_NONE), 0);
	assert_int_equal(volume_traits_read(place->volume, place, "b", &c, &place->err), 0);
	assert_true(file_traits_equal(a, c, NULL));
	assert_int_equal(stat(place_below(place, "b"), &status), 0);
	assert_int_equal(status.st_mode & 07777, 0640);
	if (geteuid() == 0)
		assert_true(status.st_uid == 12 && status.st_gid == 34);
	if (extended) {
		char value[8];
		assert_int_equal(getxattr(place_below(place, "b"), "user.note", value,
					 sizeof value),
			4);
		assert_memory_equal(value, "kept", 4);
		assert_int_equal(getxattr(place_below(place, "b"), "user.extra", value,
					 sizeof value),
			-1);
	}
	support_mkdir(place_below(place, "d"));
	assert_int_equal(give(place, "d", a, FILETIME_NONE), -TROUBLE_IO);
}

/* A volume that says yes and does nothing: the calls of the C library, by name. */
static const char *deaf = "";

int chmod(const char *name, mode_t mode)
{
	return strcmp(deaf, "chmod") == 0 ? 0 : (int)syscall(SYS_fchmodat, AT_FDCWD, name, mode);
}

int chown(const char *name, uid_t uid, gid_t gid)
{
	return strcmp(deaf, "chown") == 0 ? 0
					  : (int)syscall(SYS_fchownat, AT_FDCWD, name, uid, gid, 0);
}

int setxattr(const char *name, const char *attribute, const void *value, size_t len, int flags)
{
	return strcmp(deaf, "setxattr") == 0
		? 0
		: (int)syscall(SYS_setxattr, name, attribute, value, len, flags);
}

int utimensat(int dir, const char *name, const struct timespec times[2], int flags)
{
	return strcmp(deaf, "utimensat") == 0
		? 0
		: (int)syscall(SYS_utimensat, dir, name, times, flags);
}

static void what_a_volume_does_not_keep_is_noticed(void **state)
{
	static const struct {
		const char *call, *names;
	} cases[] = { { "chmod", "the permissions" }, { "chown", "the owner" },
		{ "setxattr", "user.note" } };
	struct place *place = *state;
	struct file_traits *traits;
	bool extended;

	support_write_text(place_below(place, "a"), "");
	assert_int_equal(chmod(place_below(place, "a"), 0640), 0);
	extended = setxattr(place_below(place, "a"), "user.note", "kept", 4, 0) == 0;
	if (geteuid() == 0)
		assert_int_equal(chown(place_below(place, "a"), 12, 34), 0);
	assert_int_equal(volume_traits_read(place->volume, place, "a", &traits, &place->err), 0);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		const char *name = talloc_asprintf(place, "b%zu", i);
		int ret;

		if ((i == 1 && geteuid() != 0) || (i == 2 && !extended))
			continue;
		support_write_text(place_below(place, name), "");
		deaf = cases[i].call;
		ret = give(place, name, traits, FILETIME_NONE);
		deaf = "";
		assert_int_equal(ret, -TROUBLE_VERIFY);
		assert_non_null(strstr(place->err.text, cases[i].names));
		assert_int_equal(give(place, name, traits, FILETIME_NONE), 0);
	}
}

static void a_time_that_is_not_kept_is_noticed(void **state)
{
	struct place *place = *state;
	struct file_traits *traits;
	uint64_t size;

	support_write_text(place_below(place, "a"), "");
	assert_int_equal(volume_traits_read(place->volume, place, "a", &traits, &place->err), 0);
	deaf = "utimensat";
	assert_int_equal(give(place, "a", NULL, 125441568000000000), -TROUBLE_VERIFY);
	assert_non_null(strstr(place->err.text, "did not keep the time"));
	assert_int_equal(volume_set_traits(place->volume, "a", traits, 125441568000000000, &size,
				 &place->err),
		-TROUBLE_VERIFY);
	deaf = "";
	assert_int_equal(volume_set_traits(place->volume, "a", traits, 125441568000000000, &size,
				 &place->err),
		0);
}

static void posix_acl_is_a_trait(void **state)
{
	/* Version 2; user::rw-, user:7:r--, group::r--, mask::r--, other::--- (acl(5),
	 * linux/posix_acl_xattr.h). */
	static const uint8_t acl[] = { 2, 0, 0, 0, 1, 0, 6, 0, 255, 255, 255, 255, 2, 0, 4, 0, 7, 0,
		0, 0, 4, 0, 4, 0, 255, 255, 255, 255, 16, 0, 4, 0, 255, 255, 255, 255, 32, 0, 0, 0,
		255, 255, 255, 255 };
	struct place *place = *state;
	struct file_traits *traits;
	uint8_t back[64];

	support_write_text(place_below(place, "a"), "");
	support_write_text(place_below(place, "b"), "");
	if (setxattr(place_below(place, "a"), "system.posix_acl_access", acl, sizeof acl, 0) != 0)
		skip();
	assert_int_equal(volume_traits_read(place->volume, place, "a", &traits, &place->err), 0);
	assert_int_equal(give(place, "b", traits, FILETIME_NONE), 0);
	assert_int_equal(getxattr(place_below(place, "b"), "system.posix_acl_access", back,
				 sizeof back),
		sizeof acl);
	assert_memory_equal(back, acl, sizeof acl);
	assert_int_equal(volume_traits_read(place->volume, place, "d", &traits, &place->err),
		-TROUBLE_NOT_THERE);
}

static void times_are_set_and_read_back(void **state)
{
	static const int64_t times[] = { 125441568000000000, 125441568001234567, 116444736000000000,
		116444735985000000 };
	struct place *place = *state;
	struct file_meta meta;

	support_write_text(place_below(place, "a"), "");
	for (size_t i = 0; i < ARRAY_SIZE(times); i++) {
		assert_int_equal(give(place, "A", NULL, times[i]), 0);
		assert_true(place_there(place, "a", &meta, NULL));
		assert_true(meta.mtime == times[i]);
	}
}

static void a_folder_is_locked_once(void **state)
{
	struct place *place = *state;
	struct volume *other;

	support_mkdir(place_below(place, "config"));
	int fd = volume_lock(place->volume, "Config", &place->err);
	assert_true(fd >= 0);
	assert_int_equal(volume_open(place, 'E', place->dir, &other, &place->err), 0);
	assert_int_equal(volume_lock(other, "config", &place->err), -TROUBLE_LOCKED);
	close(fd);
	fd = volume_lock(other, "config", &place->err);
	assert_true(fd >= 0);
	close(fd);
}

static void a_trial_leaves_nothing(void **state)
{
	struct place *place = *state;
	struct entry_list list;

	support_mkdir(place_below(place, "d"));
	assert_int_equal(volume_trial(place->volume, "d", &place->err), 0);
	support_write_text(place_below(place, "d/model"), "");
	assert_int_equal(chmod(place_below(place, "d/model"), 0444), 0);
	support_write_text(place_below(place, "d/Q24TRIAL.q24"),
		"This file is a trial and can be removed.\r\n");
	assert_int_equal(volume_trial(place->volume, "d", &place->err), 0);
	assert_int_equal(volume_list(place->volume, place, "d", &list, &place->err), 0);
	assert_int_equal(list.count, 1);
	assert_int_equal(volume_trial(place->volume, "none", &place->err), -TROUBLE_NOT_THERE);
	assert_int_equal(volume_sync_folder(place->volume, "D", &place->err), 0);
	assert_int_equal(volume_sync(place->volume, &place->err), 0);
}

static void a_trial_takes_no_file_of_a_person(void **state)
{
	struct place *place = *state;
	struct entry_list list;

	support_mkdir(place_below(place, "d"));
	support_write_text(place_below(place, "d/Q24TRIAL.q24"), "This file is mine.");
	assert_int_equal(volume_trial(place->volume, "d", &place->err), -TROUBLE_MOVED);
	assert_non_null(strstr(place->err.text, "Q24TRIAL.q24"));
	assert_int_equal(volume_list(place->volume, place, "d", &list, &place->err), 0);
	assert_int_equal(list.count, 1);
	assert_int_equal(list.entries[0].meta.size, strlen("This file is mine."));
}

static void what_may_not_be_done_is_said(void **state)
{
	struct place *place = *state;
	uid_t was = geteuid();

	support_mkdir(place_below(place, "d"));
	support_write_text(place_below(place, "d/f"), "x");
	assert_int_equal(chmod(place_below(place, "d/f"), 0), 0);
	assert_int_equal(chmod(place_below(place, "d"), 0555), 0);
	assert_int_equal(chmod(place->dir, 0755), 0);
	if (was == 0)
		assert_int_equal(seteuid(65534), 0);
	int opened = place_opens(place, "d\\f"),
	    made = volume_create(place->volume, "d\\g", &place->err);
	int trial = volume_trial(place->volume, "d", &place->err);
	struct file_traits *traits;
	int read_ret = volume_traits_read(place->volume, place, "d", &traits, &place->err);
	if (was == 0)
		assert_int_equal(seteuid(was), 0);
	assert_int_equal(opened, -TROUBLE_PERMISSION);
	assert_int_equal(made, -TROUBLE_PERMISSION);
	assert_int_equal(trial, -TROUBLE_PERMISSION);
	assert_int_equal(read_ret, 0);
}

static void a_full_disk_is_said(void **state)
{
	struct place *place = *state;
	struct volume *small = NULL;
	uint64_t room = 0;
	static char block[4096];

	support_mkdir(place_below(place, "m"));
	if (mount("none", place_below(place, "m"), "tmpfs", 0, "size=16k") != 0)
		skip();
	int opened = volume_open(place, 'F', place_below(place, "m"), &small, &place->err);
	int asked = opened == 0 ? volume_room(small, &room, &place->err) : -1;
	int fd = opened == 0 ? volume_create(small, "f", &place->err) : -1;
	while (fd >= 0 && write(fd, block, sizeof block) == sizeof block)
		;
	int full = errno, trial = fd >= 0 ? volume_trial(small, "", &place->err) : 0;
	if (fd >= 0)
		close(fd);
	talloc_free(small);
	assert_int_equal(umount(place_below(place, "m")), 0);
	assert_int_equal(opened, 0);
	assert_int_equal(asked, 0);
	assert_true(room > 0 && room <= 16384);
	assert_int_equal(full, ENOSPC);
	assert_int_equal(trial, -TROUBLE_NO_ROOM);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		BOTH_WAYS(files_are_made_once),
		BOTH_WAYS(long_names_fit_or_are_refused),
		BOTH_WAYS(rename_keeps_or_replaces_as_told),
		BOTH_WAYS(own_changes_are_known),
		BOTH_WAYS(many_folders),
		ONE_WAY(traits_go_from_file_to_file),
		ONE_WAY(what_a_volume_does_not_keep_is_noticed),
		ONE_WAY(a_time_that_is_not_kept_is_noticed),
		ONE_WAY(posix_acl_is_a_trait),
		ONE_WAY(times_are_set_and_read_back),
		ONE_WAY(a_folder_is_locked_once),
		ONE_WAY(a_trial_leaves_nothing),
		ONE_WAY(a_trial_takes_no_file_of_a_person),
		ONE_WAY(what_may_not_be_done_is_said),
		ONE_WAY(a_full_disk_is_said),
		BOTH_WAYS(holes_are_told),
		BOTH_WAYS(a_new_file_is_dressed),
	};

	return cmocka_run_group_tests_name("volume: writing", tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names in any case, twins, links and mounts, on plain folders; ntfs.test does the same on a real
 * NTFS volume. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/memory.h"
#include "tests/support.h"
#include "tests/volume_place.h"

static void any_case_finds_the_spelling_on_the_disk(void **state)
{
	struct place *place = *state;
	struct file_meta meta;
	char *real;

	support_mkdir(place_below(place, "ExchSrvr"));
	support_mkdir(place_below(place, "ExchSrvr/Bin"));
	support_write_text(place_below(place, "ExchSrvr/Bin/Mt.exe"), "abc");
	support_write_text(place_below(place, "ExchSrvr/Bin/M\xc3\xbcller \xd0\x96.txt"), "");
	assert_true(place_there(place, "EXCHSRVR\\bin\\MT.EXE", &meta, &real));
	assert_string_equal(real, "ExchSrvr\\Bin\\Mt.exe");
	assert_int_equal(meta.kind, ENTRY_FILE);
	assert_int_equal(meta.size, 3);
	assert_true(place_there(place, "exchsrvr\\BIN\\m\xc3\x9cLLER \xd0\xb6.TXT", NULL, &real));
	assert_string_equal(real, "ExchSrvr\\Bin\\M\xc3\xbcller \xd0\x96.txt");
	assert_true(place_there(place, "", &meta, &real));
	assert_string_equal(real, "");
	assert_int_equal(meta.kind, ENTRY_FOLDER);
	assert_false(place_there(place, "exchsrvr\\none\\deeper", NULL, &real));
	assert_null(real);
	assert_false(place_there(place, "exchsrvr\\bin\\mt.exe\\x", NULL, NULL));
	assert_int_equal(place_opens(place, "exchsrvr\\bin\\mt.exe"), 0);
	assert_int_equal(place_opens(place, "exchsrvr\\bin"), -TROUBLE_LINK);
	assert_int_equal(place_opens(place, "exchsrvr\\bin\\no"), -TROUBLE_NOT_THERE);
}

static void what_others_change_is_seen_at_once(void **state)
{
	struct place *place = *state;

	support_mkdir(place_below(place, "a"));
	assert_false(place_there(place, "a\\f", NULL, NULL));
	support_write_text(place_below(place, "a/F"), "");
	assert_true(place_there(place, "a\\f", NULL, NULL));
	assert_int_equal(unlink(place_below(place, "a/F")), 0);
	/* Long enough for the names to be remembered. */
	usleep(50000);
	assert_false(place_there(place, "a\\f", NULL, NULL));
	assert_false(place_there(place, "a\\f", NULL, NULL));
	support_write_text(place_below(place, "a/F"), "");
	assert_true(place_there(place, "a\\f", NULL, NULL));
	assert_int_equal(rename(place_below(place, "a/F"), place_below(place, "a/G")), 0);
	assert_false(place_there(place, "a\\f", NULL, NULL));
	assert_true(place_there(place, "a\\g", NULL, NULL));
	assert_int_equal(rename(place_below(place, "a"), place_below(place, "b")), 0);
	support_mkdir(place_below(place, "A"));
	support_write_text(place_below(place, "A/H"), "");
	assert_false(place_there(place, "a\\g", NULL, NULL));
	assert_true(place_there(place, "a\\h", NULL, NULL));
	assert_true(place_there(place, "b\\g", NULL, NULL));
}

static void twins_are_refused(void **state)
{
	struct place *place = *state;

	support_mkdir(place_below(place, "Bin"));
	support_write_text(place_below(place, "Bin/x"), "");
	assert_int_equal(place_check(place, "bin\\x"), 0);
	support_mkdir(place_below(place, "BIN"));
	assert_int_equal(place_check(place, "bin\\x"), -TROUBLE_TWINS);
	assert_int_equal(place_check(place, "Bin\\x"), -TROUBLE_TWINS);
	assert_non_null(strstr(place->err.text, "Bin"));
	assert_non_null(strstr(place->err.text, "BIN"));
	assert_int_equal(rmdir(place_below(place, "BIN")), 0);
	support_write_text(place_below(place, "Bin/X"), "");
	assert_int_equal(place_opens(place, "bin\\X"), -TROUBLE_TWINS);
	assert_int_equal(volume_create(place->volume, "Bin\\X", &place->err), -TROUBLE_TWINS);
	assert_int_equal(volume_remove(place->volume, "Bin\\x", &place->err), -TROUBLE_TWINS);
}

static void a_hostile_name_is_shown_escaped(void **state)
{
	struct place *place = *state;

	support_write_text(place_below(place, "a\x1b[2J"), "");
	support_write_text(place_below(place, "A\x1b[2J"), "");
	assert_int_equal(place_check(place, "a\x1b[2J"), -TROUBLE_NAME);
	assert_null(strchr(place->err.text, '\x1b'));
	assert_int_equal(place_check(place,
				 "\xe2\x80\xae"
				 "exe"),
		0);
}

static void names_nt_cannot_hold_are_refused(void **state)
{
	static const char *const names[] = {
		"..",
		".",
		"a\\..\\b",
		"nul",
		"NUL.txt",
		"com1",
		"x?",
		"x*",
		"a:b",
		"end.",
		"end ",
		"a/b",
		"../x",
		"a\\\\b",
		"a\\",
		"\\a",
		"bad\xff",
		"\xc0\x80",
	};
	struct place *place = *state;

	support_mkdir(place_below(place, "a"));
	support_write_text(place_below(place, "nul"), "");
	support_write_text(place_below(place, "bad\xff"), "");
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		int ret = place_check(place, names[i]);
		if (ret != -TROUBLE_NAME)
			fail_msg("%s: %d", names[i], ret);
		assert_int_equal(place_opens(place, names[i]), -TROUBLE_NAME);
		assert_int_equal(volume_create(place->volume, names[i], &place->err),
			-TROUBLE_NAME);
		assert_int_equal(volume_mkdir(place->volume, names[i], &place->err), -TROUBLE_NAME);
		assert_int_equal(volume_remove(place->volume, names[i], &place->err),
			-TROUBLE_NAME);
		assert_int_equal(volume_rename(place->volume, "a", names[i], true, &place->err),
			-TROUBLE_NAME);
	}
	assert_false(place_there(place, "\xed\xa0\x80", NULL, NULL));
}

static void listing_shows_everything_in_order(void **state)
{
	struct place *place = *state;
	struct entry_list list;

	support_mkdir(place_below(place, "b"));
	support_write_text(place_below(place, "C"), "four");
	support_write_text(place_below(place, "a"), "");
	support_write_text(place_below(place, "z\xff"), "");
	assert_int_equal(symlink("/", place_below(place, "link")), 0);
	assert_int_equal(mkfifo(place_below(place, "pipe"), 0600), 0);
	assert_int_equal(volume_list(place->volume, place, "", &list, &place->err), 0);
	assert_int_equal(list.count, 6);
	assert_string_equal(list.entries[0].name, "a");
	assert_string_equal(list.entries[1].name, "b");
	assert_int_equal(list.entries[1].meta.kind, ENTRY_FOLDER);
	assert_string_equal(list.entries[2].name, "C");
	assert_int_equal(list.entries[2].meta.size, 4);
	assert_int_equal(list.entries[3].meta.kind, ENTRY_OTHER);
	assert_int_equal(list.entries[4].meta.kind, ENTRY_OTHER);
	assert_string_equal(list.entries[5].name, "z\xff");
	assert_int_equal(volume_list(place->volume, place, "C", &list, &place->err),
		-TROUBLE_NOT_THERE);
	assert_int_equal(volume_list(place->volume, place, "nothing", &list, &place->err),
		-TROUBLE_NOT_THERE);
}

/* A folder whose names may be read, and nothing of what they name. */
static void one_name_stops_no_list(void **state)
{
	struct place *place = *state;
	struct entry_list list;
	int ret, looked;
	uid_t me = geteuid();

	support_mkdir(place_below(place, "d"));
	support_write_text(place_below(place, "d/x"), "x");
	assert_int_equal(chmod(place_below(place, "d"), 0744), 0);
	if (me == 0 && (chmod(place_below(place, ""), 0755) != 0 || seteuid(65534) != 0))
		support_skip("not to be had");
	if (me != 0)
		assert_int_equal(chmod(place_below(place, "d"), 0444), 0);
	ret = volume_list(place->volume, place, "d", &list, &place->err);
	looked = place_check(place, "d\\x");
	assert_int_equal(seteuid(me), 0);
	assert_int_equal(chmod(place_below(place, "d"), 0755), 0);
	assert_int_equal(ret, 0);
	assert_int_equal(list.count, 1);
	assert_int_equal(list.entries[0].meta.kind, ENTRY_UNREADABLE);
	assert_int_equal(looked, -TROUBLE_PERMISSION);
	assert_non_null(strstr(place->err.text, ":\\d\\x"));
}

static void links_pipes_and_sockets_are_refused(void **state)
{
	struct place *place = *state;
	struct file_meta meta;

	support_mkdir(place_below(place, "real"));
	support_write_text(place_below(place, "real/f"), "");
	assert_int_equal(symlink("real", place_below(place, "link")), 0);
	assert_int_equal(symlink("real/f", place_below(place, "file")), 0);
	assert_int_equal(mkfifo(place_below(place, "pipe"), 0600), 0);
	assert_int_equal(mknod(place_below(place, "sock"), S_IFSOCK | 0600, 0), 0);
	assert_int_equal(place_check(place, "link\\f"), -TROUBLE_LINK);
	assert_int_equal(place_opens(place, "link\\f"), -TROUBLE_LINK);
	assert_int_equal(place_opens(place, "file"), -TROUBLE_LINK);
	assert_int_equal(place_opens(place, "pipe"), -TROUBLE_LINK);
	assert_int_equal(place_opens(place, "sock"), -TROUBLE_LINK);
	assert_true(place_there(place, "link", &meta, NULL));
	assert_int_equal(meta.kind, ENTRY_OTHER);
	assert_true(place_there(place, "pipe", &meta, NULL));
	assert_int_equal(meta.kind, ENTRY_OTHER);
	assert_int_equal(volume_create(place->volume, "link\\new", &place->err), -TROUBLE_LINK);
	assert_int_equal(volume_mkdir(place->volume, "link\\new", &place->err), -TROUBLE_LINK);
	assert_int_equal(volume_remove(place->volume, "link\\f", &place->err), -TROUBLE_LINK);
	assert_int_equal(volume_remove(place->volume, "link", &place->err), -TROUBLE_LINK);
	assert_int_equal(volume_rename(place->volume, "real\\f", "link\\g", false, &place->err),
		-TROUBLE_LINK);
	assert_int_equal(volume_rename(place->volume, "real\\f", "file", true, &place->err),
		-TROUBLE_LINK);
	assert_int_equal(volume_rename(place->volume, "link", "other", true, &place->err),
		-TROUBLE_LINK);
	assert_int_equal(volume_set_traits(place->volume, "file", NULL, 0, NULL, &place->err),
		-TROUBLE_LINK);
	assert_int_equal(volume_lock(place->volume, "link", &place->err), -TROUBLE_LINK);
	assert_int_equal(place_opens(place, "real\\f"), 0);
}

/* The folder is known already when a link to the outside takes its place. */
static void a_link_swapped_in_leads_nowhere(void **state)
{
	struct place *place = *state;
	char *outside = support_folder(place);
	const char *secret = talloc_asprintf(place, "%s/f", outside);

	support_write_text(secret, "outside");
	support_mkdir(place_below(place, "d"));
	support_write_text(place_below(place, "d/f"), "inside");
	assert_int_equal(place_opens(place, "d\\f"), 0);
	assert_int_equal(rename(place_below(place, "d"),
				 talloc_asprintf(place, "%s/moved", outside)),
		0);
	assert_int_equal(symlink(outside, place_below(place, "d")), 0);
	assert_int_equal(place_opens(place, "d\\f"), -TROUBLE_LINK);
	assert_int_equal(volume_create(place->volume, "d\\new", &place->err), -TROUBLE_LINK);
	assert_int_equal(volume_remove(place->volume, "d\\f", &place->err), -TROUBLE_LINK);
	assert_int_equal(access(secret, F_OK), 0);
	assert_int_equal(access(talloc_asprintf(place, "%s/moved/f", outside), F_OK), 0);
	assert_int_not_equal(access(talloc_asprintf(place, "%s/moved/new", outside), F_OK), 0);
}

/* Nothing that is remembered lets a path out: not even with the times as they were. */
static void beneath_never_leaves_the_root(void **state)
{
	struct place *place = *state;
	struct volume *volume = place->volume;

	support_mkdir(place_below(place, "d"));
	assert_int_equal(symlink("/etc", place_below(place, "up")), 0);
	assert_int_equal(volume_beneath(volume, volume->root, "..", O_PATH, 0), -EXDEV);
	assert_int_equal(volume_beneath(volume, volume->root, "d/../../x", O_PATH, 0), -EXDEV);
	assert_int_equal(volume_beneath(volume, volume->root, "up", O_PATH, 0), -ELOOP);
	assert_int_equal(volume_beneath(volume, volume->root, "up/passwd", O_RDONLY, 0), -ELOOP);
	assert_int_equal(volume_beneath(volume, volume->root, "up", O_RDONLY | O_DIRECTORY, 0),
		-ELOOP);
	assert_int_equal(volume_beneath(volume, volume->root, "up/new", O_RDWR | O_CREAT | O_EXCL,
				 0600),
		-ELOOP);
	assert_int_equal(volume_beneath(volume, volume->root, "no", O_RDONLY, 0), -ENOENT);
}

/* A folder of the same file system, mounted once more: its device is the same. */
static void a_bind_mount_is_not_entered(void **state)
{
	struct place *place = *state;

	support_mkdir(place_below(place, "m"));
	support_mkdir(place_below(place, "other"));
	support_write_text(place_below(place, "other/f"), "");
	if (mount(place_below(place, "other"), place_below(place, "m"), NULL, MS_BIND, NULL) != 0)
		skip();
	int deeper = place_check(place, "m\\f"), opened = place_opens(place, "m\\f"),
	    made = volume_create(place->volume, "m\\g", &place->err);
	assert_int_equal(umount(place_below(place, "m")), 0);
	assert_int_equal(deeper, -TROUBLE_LINK);
	assert_int_equal(opened, -TROUBLE_LINK);
	assert_int_equal(made, -TROUBLE_LINK);
	assert_int_equal(place_check(place, "other\\f"), 0);
}

static void another_mount_is_not_entered(void **state)
{
	struct place *place = *state;
	struct file_meta meta;

	support_mkdir(place_below(place, "m"));
	if (mount("none", place_below(place, "m"), "tmpfs", 0, "size=64k") != 0)
		skip();
	support_write_text(place_below(place, "m/f"), "");
	bool found = place_there(place, "m", &meta, NULL);
	int deeper = place_check(place, "m\\f"), opened = place_opens(place, "m\\f"),
	    made = volume_create(place->volume, "m\\g", &place->err);
	assert_int_equal(umount(place_below(place, "m")), 0);
	assert_true(found);
	assert_int_equal(meta.kind, ENTRY_OTHER);
	assert_int_equal(deeper, -TROUBLE_LINK);
	assert_int_equal(opened, -TROUBLE_LINK);
	assert_int_equal(made, -TROUBLE_LINK);
}

static void a_read_only_mount_is_known(void **state)
{
	struct place *place = *state;
	struct volume *fixed = NULL;

	support_mkdir(place_below(place, "m"));
	if (mount("none", place_below(place, "m"), "tmpfs", MS_RDONLY, "size=16k") != 0)
		skip();
	int opened = volume_open(place, 'F', place_below(place, "m"), &fixed, &place->err);
	bool read_only = opened == 0 && volume_traits(fixed)->read_only;
	int made = opened == 0 ? volume_create(fixed, "f", &place->err) : 0;
	talloc_free(fixed);
	assert_int_equal(umount(place_below(place, "m")), 0);
	assert_true(read_only);
	assert_int_equal(made, -TROUBLE_READ_ONLY);
	assert_false(volume_traits(place->volume)->read_only);
}

static void opening_what_is_no_folder(void **state)
{
	struct place *place = *state;
	struct volume *volume;

	support_write_text(place_below(place, "f"), "");
	support_mkdir(place_below(place, "d"));
	assert_int_equal(symlink("d", place_below(place, "l")), 0);
	assert_int_equal(volume_open(place, 'C', place_below(place, "none"), &volume, &place->err),
		-TROUBLE_NOT_THERE);
	assert_int_equal(volume_open(place, 'C', place_below(place, "f"), &volume, &place->err),
		-TROUBLE_NOT_THERE);
	assert_null(volume);
	assert_int_equal(volume_open(place, 'C', place_below(place, "l"), &volume, &place->err), 0);
	assert_int_equal(volume_letter(volume), 'C');
}

static void plain_folders_have_no_nt_traits(void **state)
{
	struct place *place = *state;
	const struct volume_traits *traits = volume_traits(place->volume);
	char *name = (char *)1;

	support_write_text(place_below(place, "f"), "");
	assert_false(traits->short_names || traits->mirror);
	assert_true(traits->time_grain >= 1);
	assert_null(traits->hazardous_option);
	assert_int_equal(volume_short_name(place->volume, place, "f", &name, &place->err), 0);
	assert_null(name);
	assert_int_equal(volume_set_short_name(place->volume, "f", "F", &place->err),
		-TROUBLE_CANNOT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		BOTH_WAYS(any_case_finds_the_spelling_on_the_disk),
		BOTH_WAYS(what_others_change_is_seen_at_once),
		BOTH_WAYS(twins_are_refused),
		ONE_WAY(a_hostile_name_is_shown_escaped),
		BOTH_WAYS(names_nt_cannot_hold_are_refused),
		ONE_WAY(listing_shows_everything_in_order),
		ONE_WAY(one_name_stops_no_list),
		BOTH_WAYS(links_pipes_and_sockets_are_refused),
		BOTH_WAYS(a_link_swapped_in_leads_nowhere),
		BOTH_WAYS(beneath_never_leaves_the_root),
		BOTH_WAYS(another_mount_is_not_entered),
		BOTH_WAYS(a_bind_mount_is_not_entered),
		ONE_WAY(a_read_only_mount_is_known),
		ONE_WAY(opening_what_is_no_folder),
		ONE_WAY(plain_folders_have_no_nt_traits),
	};

	return cmocka_run_group_tests_name("volume", tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ntfs_check MODE FOLDER: what ntfs.test asks of a volume that ntfs-3g has mounted at FOLDER. */
#include "tests/ntfs_place.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/memory.h"
#include "server/copy.h"
#include "tests/support.h"

#define SHORT_NAME "LONGFI~1.EXE"

static int give(struct place *place, const char *path, const struct file_traits *all, int64_t mtime)
{
	return volume_set_traits(place->volume, path, all, mtime, NULL, &place->err);
}

static void must(struct place *place, int ret)
{
	if (ret != 0)
		fail_msg("%s", place->err.text);
}

static bool found(struct place *place, const char *path, struct file_meta *meta, char **real)
{
	bool there = false;

	must(place, volume_stat(place->volume, place, path, &there, meta, real, &place->err));
	return there;
}

/* What is to be told of a file; "" if nothing is. */
static const char *note_on(struct place *place, const char *path)
{
	struct error *note = talloc_zero(place, struct error);

	must(place, volume_traits_check(place->volume, path, note, &place->err));
	return note->text;
}

/* Copies a tree that has so many files and folders in it. */
static void copied(struct place *place, const char *from, const char *to, size_t count,
	struct copy_list *list)
{
	must(place, copy_walk(place->server, place, from, 1000, list, &place->err));
	assert_int_equal(list->count, count);
	must(place, copy_tree(place->server, from, to, list, NULL, &place->err));
}

/* Puts one file in the place of another, which it takes the traits of. */
static void replace(struct place *place, const char *from, const char *target)
{
	struct stage_spec spec = { target, .traits_from = target, .mtime = FILETIME_NONE };
	struct stage *stage;
	struct digest digest;
	struct server *server = place->server;

	must(place, copy_stage(server, place, from, &spec, &stage, &digest, NULL, &place->err));
	must(place, server->ops->sync(server, 'E', &place->err));
	must(place, copy_stage_verify(server, stage, &digest, &place->err));
	must(place, server->ops->stage_switch(stage, &place->err));
	talloc_free(stage);
}

static void ntfs_is_known(void **state)
{
	struct place *place = *state;
	const struct volume_traits *traits = volume_traits(place->volume);
	uint64_t room;

	assert_true(traits->short_names);
	assert_false(traits->read_only || traits->mirror);
	assert_int_equal(traits->time_grain, 1);
	assert_null(traits->hazardous_option);
	must(place, volume_room(place->volume, &room, &place->err));
	assert_true(room > 1 << 20);
	must(place, volume_sync(place->volume, &place->err));
}

static void traits_go_from_file_to_file(void **state)
{
	struct place *place = *state;
	struct file_traits *traits, *after;
	struct file_meta meta;
	const char *what;

	support_mkdir(place_below(place, "t"));
	outside_make(place_below(place, "t/a"), "a");
	support_write_text(place_below(place, "t/b"), "b");
	must(place, give(place, "t\\b", NULL, 125441568001234567));
	must(place, volume_traits_read(place->volume, place, "T\\A", &traits, &place->err));
	must(place, volume_traits_read(place->volume, place, "T\\B", &after, &place->err));
	assert_false(file_traits_equal(traits, after, &what));
	must(place, give(place, "t\\b", traits, FILETIME_NONE));
	outside_wants(place_below(place, "t/b"));
	assert_true(found(place, "t\\b", &meta, NULL));
	assert_true(meta.mtime == 125441568001234567);
}

/* 1601-01-01, which NTFS shows of a time that was never set, 2300-01-01 and one before 1601:
 * through a whole copy. */
static void all_times_of_nt_are_kept(void **state)
{
	static const int64_t times[] = { 0, INT64_C(220582656000000000),
		INT64_C(125441568001234567), 1, -5 };
	struct place *place = *state;
	struct copy_list list;

	place_serve(place);
	support_mkdir(place_below(place, "times"));
	for (size_t i = 0; i < ARRAY_SIZE(times); i++) {
		const char *name = talloc_asprintf(place, "times/%zu", i);
		int64_t all[2] = { times[i], times[i] };

		support_write_text(place_below(place, name), "x");
		outside_set(place_below(place, name), "system.ntfs_times", all, sizeof all);
	}
	copied(place, "E:\\times", "E:\\times.copy", 5, &list);
	for (size_t i = 0; i < ARRAY_SIZE(times); i++) {
		int64_t found[4];

		assert_true(list.items[i].meta.mtime == times[i]);
		assert_int_equal(getxattr(place_below(place,
						  talloc_asprintf(place, "times.copy/%zu", i)),
					 "system.ntfs_times", found, sizeof found),
			sizeof found);
		assert_true(found[1] == times[i]);
	}
}

/* A volume that says yes and does nothing. */
static const char *deaf = "";

int setxattr(const char *name, const char *attribute, const void *value, size_t len, int flags)
{
	return strcmp(deaf, attribute) == 0
		? 0
		: (int)syscall(SYS_setxattr, name, attribute, value, len, flags);
}

static void what_is_not_kept_is_noticed(void **state)
{
	static const char *const attributes[] = { "system.ntfs_acl", "system.ntfs_crtime",
		"system.ntfs_attrib_be" };
	struct place *place = *state;
	struct file_traits *traits;
	int ret;

	support_mkdir(place_below(place, "deaf"));
	outside_make(place_below(place, "deaf/a"), "a");
	must(place, volume_traits_read(place->volume, place, "deaf\\a", &traits, &place->err));
	for (size_t i = 0; i < ARRAY_SIZE(attributes); i++) {
		const char *name = talloc_asprintf(place, "deaf/b%zu", i),
			   *path = talloc_asprintf(place, "deaf\\b%zu", i);

		support_write_text(place_below(place, name), "b");
		deaf = attributes[i];
		ret = give(place, path, traits, FILETIME_NONE);
		deaf = "";
		assert_int_equal(ret, -TROUBLE_VERIFY);
	}
	deaf = "system.ntfs_times";
	ret = give(place, "deaf\\a", NULL, 125441568000000000);
	deaf = "";
	assert_int_equal(ret, -TROUBLE_VERIFY);
}

static void a_replaced_file_keeps_what_it_had(void **state)
{
	struct place *place = *state;
	struct stat status;
	size_t len;

	place_serve(place);
	support_mkdir(place_below(place, "r"));
	outside_make(place_below(place, "r/LongFileName.exe"), "old");
	outside_set(place_below(place, "r/LongFileName.exe"), "system.ntfs_dos_name", SHORT_NAME,
		strlen(SHORT_NAME));
	support_write_text(place_below(place, "r/New.exe"), "replaced");
	must(place, give(place, "r\\New.exe", NULL, 125441568000000000));
	replace(place, "E:\\r\\NEW.exe", "E:\\r\\longfilename.EXE");
	char *now = (char *)support_read(place, place_below(place, "r/LongFileName.exe"), &len);
	assert_string_equal(now, "replaced");
	outside_wants(place_below(place, "r/LongFileName.exe"));
	outside_wants_xattr(place_below(place, "r/LongFileName.exe"), "system.ntfs_dos_name",
		SHORT_NAME, strlen(SHORT_NAME));
	assert_int_equal(stat(place_below(place, "r/LongFileName.exe"), &status), 0);
	assert_true(status.st_mtim.tv_sec == 899683200 && status.st_mtim.tv_nsec == 0);
	assert_int_not_equal(access(place_below(place, "r/LongFileName.exe.q24"), F_OK), 0);
}

/* Of 60 entries: 20 bytes of header, two identifiers of 16 (Administrators), a list of 8 + 60 x
 * 24. */
static void a_long_descriptor_goes_along(void **state)
{
	struct place *place = *state;
	uint8_t acl[52 + 8 + 60 * 24];
	struct file_traits *traits;

	memcpy(acl, outside_acl, 52);
	memcpy(acl + 52,
		(const uint8_t[]){ 2, 0, (8 + 60 * 24) & 255, (8 + 60 * 24) >> 8, 60, 0, 0, 0 }, 8);
	for (size_t i = 0; i < 60; i++) {
		static const uint8_t entry[24] = { 0, 0, 24, 0, 0xa9, 0, 0x12, 0, 1, 2, 0, 0, 0, 0,
			0, 5, 0x20 };
		memcpy(acl + 60 + i * 24, entry, sizeof entry);
		acl[60 + i * 24 + 20] = (uint8_t)i;
		acl[60 + i * 24 + 21] = 4;
	}
	support_mkdir(place_below(place, "acl"));
	support_write_text(place_below(place, "acl/a"), "a");
	support_write_text(place_below(place, "acl/b"), "b");
	outside_set(place_below(place, "acl/a"), "system.ntfs_acl", acl, sizeof acl);
	(void)note_on(place, "acl\\A");
	must(place, volume_traits_read(place->volume, place, "acl\\a", &traits, &place->err));
	must(place, give(place, "acl\\b", traits, FILETIME_NONE));
	outside_wants_xattr(place_below(place, "acl/b"), "system.ntfs_acl", acl, sizeof acl);
}

/* A new file is compressed where its folder is (MS-FSCC 2.6: 0x800). */
static void compression_is_told(void **state)
{
	static const uint8_t compressed[] = { 0, 0, 0x08, 0x20 };
	struct place *place = *state;

	support_mkdir(place_below(place, "z"));
	support_write_text(place_below(place, "z/before"), "x");
	outside_set(place_below(place, "z"), "system.ntfs_attrib_be", compressed,
		sizeof compressed);
	support_write_text(place_below(place, "z/within"), "x");
	support_write_text(place_below(place, "z/out"), "x");
	assert_int_equal(rename(place_below(place, "z/out"), place_below(place, "out")), 0);
	support_write_text(place_below(place, "plain"), "x");
	assert_string_equal(note_on(place, "z\\within"), "");
	assert_string_equal(note_on(place, "plain"), "");
	assert_non_null(strstr(note_on(place, "OUT"), "E:\\OUT is compressed"));
	assert_non_null(strstr(note_on(place, "z\\before"), "is not compressed"));
}

/* On NTFS it is an attribute (MS-FSCC 2.6: 0x200); ntfs-3g makes a file sparse that is lengthened
 * over a hole. */
static void holes_are_told(void **state)
{
	struct place *place = *state;

	support_write_text(place_below(place, "holes"), "x");
	assert_int_equal(truncate(place_below(place, "holes"), 4 << 20), 0);
	assert_non_null(strstr(note_on(place, "holes"), "sparse"));
}

static void short_names_lead_to_long_ones(void **state)
{
	struct place *place = *state;
	struct file_meta meta;
	char *name, *real;

	support_mkdir(place_below(place, "s"));
	support_mkdir(place_below(place, "s/Exchange Server"));
	support_write_text(place_below(place, "s/Exchange Server/x"), "x");
	must(place,
		volume_set_short_name(place->volume, "S\\exchange server", "EXCHAN~1",
			&place->err));
	outside_wants_xattr(place_below(place, "s/Exchange Server"), "system.ntfs_dos_name",
		"EXCHAN~1", 8);
	must(place,
		volume_short_name(place->volume, place, "s\\Exchange Server", &name, &place->err));
	assert_string_equal(name, "EXCHAN~1");
	assert_true(found(place, "s\\exchan~1\\X", &meta, &real));
	assert_string_equal(real, "s\\Exchange Server\\x");
	assert_false(found(place, "s\\exchan~2", &meta, &real));
	must(place,
		volume_short_name(place->volume, place, "s\\Exchange Server\\x", &name,
			&place->err));
	assert_null(name);
}

static void a_tree_keeps_its_traits(void **state)
{
	struct place *place = *state;
	struct copy_list list;

	place_serve(place);
	support_mkdir(place_below(place, "c"));
	support_mkdir(place_below(place, "c/Sub"));
	outside_make(place_below(place, "c/Sub/f.dll"), "data");
	outside_set(place_below(place, "c/Sub"), "system.ntfs_acl", outside_acl, OUTSIDE_ACL);
	for (int i = 0; i < 60; i++)
		support_write_text(place_below(place, talloc_asprintf(place, "c/File%d", i)),
			"abc");
	copied(place, "E:\\C", "E:\\C.backup", 62, &list);
	outside_wants(place_below(place, "C.backup/Sub/f.dll"));
	outside_wants_xattr(place_below(place, "C.backup/Sub"), "system.ntfs_acl", outside_acl,
		OUTSIDE_ACL);
	support_write_text(place_below(place, "C.backup/File7"), "abd");
	assert_int_equal(copy_verify(place->server, "E:\\C.backup", &list, NULL, &place->err),
		-TROUBLE_VERIFY);
	must(place, copy_remove_tree(place->server, "E:\\C.backup", &list, &place->err));
	assert_int_not_equal(access(place_below(place, "C.backup"), F_OK), 0);
}

static void wants_refusal(struct place *place, const char *name, enum trouble trouble)
{
	struct copy_list list;

	assert_int_equal(volume_open_file(place->volume, talloc_asprintf(place, "n\\%s", name),
				 NULL, &place->err),
		-(int)trouble);
	assert_int_equal(copy_walk(place->server, place, "E:\\n", 9, &list, &place->err),
		-(int)trouble);
	assert_int_equal(unlink(place_below(place, talloc_asprintf(place, "n/%s", name))), 0);
}

static void what_nt_cannot_hold_is_refused(void **state)
{
	static const char *const names[] = { "nul", "end.", "q?x" };
	struct place *place = *state;
	struct copy_list list;

	place_serve(place);
	support_mkdir(place_below(place, "n"));
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		support_write_text(place_below(place, talloc_asprintf(place, "n/%s", names[i])),
			"");
		wants_refusal(place, names[i], TROUBLE_NAME);
	}
	support_write_text(place_below(place, "n/A"), "");
	support_write_text(place_below(place, "n/a"), "");
	wants_refusal(place, "A", TROUBLE_TWINS);
	assert_int_equal(symlink("/etc/passwd", place_below(place, "n/link")), 0);
	wants_refusal(place, "link", TROUBLE_LINK);
	must(place, copy_walk(place->server, place, "E:\\n", 9, &list, &place->err));
}

static void a_trial_leaves_nothing(void **state)
{
	struct place *place = *state;
	struct entry_list list;

	support_mkdir(place_below(place, "y"));
	outside_make(place_below(place, "y/model"), "");
	must(place, volume_trial(place->volume, "y", &place->err));
	must(place, volume_list(place->volume, place, "y", &list, &place->err));
	assert_int_equal(list.count, 1);
	assert_string_equal(list.entries[0].name, "model");
	int fd = volume_lock(place->volume, "y", &place->err);
	assert_true(fd >= 0);
	assert_int_equal(volume_lock(place->volume, "y", &place->err), -TROUBLE_LOCKED);
	close(fd);
}

/* lowntfs-3g with ignore_case lists all names in lower case and finds them in any. */
static void lower_case_lists_are_understood(void **state)
{
	struct place *place = *state;
	struct copy_list list;
	size_t len;

	place_serve(place);
	support_mkdir(place_below(place, "WinNT"));
	outside_make(place_below(place, "WinNT/Mt.exe"), "old");
	support_write_text(place_below(place, "WinNT/New.exe"), "new");
	assert_int_equal(volume_create(place->volume, "winnt\\MT.EXE", &place->err), -TROUBLE_IO);
	replace(place, "E:\\winnt\\NEW.EXE", "E:\\WINNT\\Mt.exe");
	assert_string_equal((char *)support_read(place, place_below(place, "winnt/mt.exe"), &len),
		"new");
	outside_wants(place_below(place, "winnt/mt.exe"));
	copied(place, "E:\\WINNT", "E:\\Copy", 2, &list);
	must(place, volume_trial(place->volume, "WINNT", &place->err));
}

static void wants_hazard(struct place *place, const char *option)
{
	const char *hazard = volume_traits(place->volume)->hazardous_option;

	assert_non_null(hazard);
	assert_int_equal(strncmp(hazard, option, strlen(option)), 0);
}

static void hiding_files_is_called_harmful(void **state)
{
	wants_hazard(*state, "hide_hid_files: ");
}

static void hidden_streams_are_called_harmful(void **state)
{
	wants_hazard(*state, "streams_interface: ");
}

/* Made by ntfs.test: a stream of 60,000 bytes at l/small, one of 100,000 at l/large. */
static void streams_are_kept_or_refused(void **state)
{
	struct place *place = *state;
	struct file_traits *traits;
	char bytes[65536], copied[65536];

	assert_null(volume_traits(place->volume)->hazardous_option);
	(void)note_on(place, "l\\small");
	assert_int_equal(volume_traits_check(place->volume, "l\\large", &(struct error){ 0 },
				 &place->err),
		-TROUBLE_CANNOT);
	assert_non_null(strstr(place->err.text, "E:\\l\\large: the stream AFP_Resource"));
	must(place, volume_traits_read(place->volume, place, "l\\small", &traits, &place->err));
	support_write_text(place_below(place, "l/new"), "new");
	must(place, give(place, "l\\new", traits, FILETIME_NONE));
	assert_int_equal(getxattr(place_below(place, "l/small"), "user.AFP_Resource", bytes,
				 sizeof bytes),
		60000);
	assert_int_equal(getxattr(place_below(place, "l/new"), "user.AFP_Resource", copied,
				 sizeof copied),
		60000);
	assert_memory_equal(bytes, copied, 60000);
}

static void a_mark_of_windows_is_seen(void **state)
{
	struct place *place = *state;

	assert_true(volume_traits(place->volume)->dirty);
}

/* Made by ntfs.test: what Broken.txt names is lost. */
static void a_lost_file_stops_nothing_else(void **state)
{
	struct place *place = *state;
	struct entry_list list;
	struct file_meta meta;
	bool there, seen = false;

	must(place, volume_list(place->volume, place, "", &list, &place->err));
	for (size_t i = 0; i < list.count; i++) {
		seen = seen || strcmp(list.entries[i].name, "Whole.txt") == 0;
		if (strcmp(list.entries[i].name, "Broken.txt") == 0)
			assert_int_equal(list.entries[i].meta.kind, ENTRY_UNREADABLE);
	}
	assert_true(seen);
	assert_true(found(place, "whole.txt", &meta, NULL));
	assert_true(volume_stat(place->volume, place, "BROKEN.txt", &there, &meta, NULL,
			    &place->err) < 0);
	assert_non_null(strstr(place->err.text, "E:\\BROKEN.txt"));
}

static void read_only_is_known(void **state)
{
	struct place *place = *state;

	assert_true(volume_traits(place->volume)->read_only);
	assert_int_equal(volume_create(place->volume, "x", &place->err), -TROUBLE_READ_ONLY);
	assert_int_equal(volume_trial(place->volume, "", &place->err), -TROUBLE_READ_ONLY);
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, place_setup, place_teardown)

static const struct CMUnitTest full[] = {
	TEST(ntfs_is_known),
	TEST(traits_go_from_file_to_file),
	TEST(all_times_of_nt_are_kept),
	TEST(what_is_not_kept_is_noticed),
	TEST(a_replaced_file_keeps_what_it_had),
	TEST(a_long_descriptor_goes_along),
	TEST(compression_is_told),
	TEST(holes_are_told),
	TEST(short_names_lead_to_long_ones),
	TEST(a_tree_keeps_its_traits),
	TEST(what_nt_cannot_hold_is_refused),
	TEST(a_trial_leaves_nothing),
};
static const struct {
	const char *mode;
	struct CMUnitTest tests[1];
} modes[] = {
	{ "low", { TEST(lower_case_lists_are_understood) } },
	{ "hidden", { TEST(hiding_files_is_called_harmful) } },
	{ "streams", { TEST(hidden_streams_are_called_harmful) } },
	{ "large", { TEST(streams_are_kept_or_refused) } },
	{ "marked", { TEST(a_mark_of_windows_is_seen) } },
	{ "lost", { TEST(a_lost_file_stops_nothing_else) } },
	{ "fixed", { TEST(read_only_is_known) } },
};

int main(int argc, char *argv[])
{
	if (argc != 3)
		return 64;
	place_mounted = argv[2];
	if (strcmp(argv[1], "mark") == 0 || strcmp(argv[1], "lose") == 0)
		return outside_image(argv[2], argv[1][0] == 'm');
	for (size_t i = 0; i < ARRAY_SIZE(modes); i++)
		if (strcmp(argv[1], modes[i].mode) == 0)
			return cmocka_run_group_tests(modes[i].tests, NULL, NULL);
	return strcmp(argv[1], "full") == 0 ? cmocka_run_group_tests(full, NULL, NULL) : 64;
}

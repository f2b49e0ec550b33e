/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ntfs_check MODE FOLDER: what ntfs.test asks of a volume that ntfs-3g has mounted at FOLDER. What
 * is set and seen from outside goes through ntfs-3g's own extended attributes, not through the code
 * under test. */
#include "server/copy.h"

#include <errno.h>
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
#include "tests/ntfolder.h"
#include "tests/support.h"

/* A self-relative security descriptor (MS-DTYP 2.4.6): owner and group BUILTIN\Administrators,
 * everyone may read and execute. */
static const uint8_t special_acl[] = { 1, 0, 0x04, 0x80, 0x14, 0, 0, 0, 0x24, 0, 0, 0, 0, 0, 0, 0,
	0x34, 0, 0, 0, 1, 2, 0, 0, 0, 0, 0, 5, 0x20, 0, 0, 0, 0x20, 2, 0, 0, 1, 2, 0, 0, 0, 0, 0, 5,
	0x20, 0, 0, 0, 0x20, 2, 0, 0, 2, 0, 0x1c, 0, 1, 0, 0, 0, 0, 0, 0x14, 0, 0xa9, 0, 0x12, 0, 1,
	1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0 };
/* Hidden, system, archive. */
static const uint8_t special_attributes[] = { 0, 0, 0, 0x26 };
/* 1999-12-31 00:00 UTC as FILETIME: days since 1601 are 145730. */
#define CREATED (UINT64_C(145730) * 86400 * 10000000)
#define SHORT_NAME "LONGFI~1.EXE"

struct place {
	const char *dir;
	struct volume *volume;
	struct server *server;
	struct error err;
};

/* Of the command line. */
static const char *mounted;

static const char *below(struct place *place, const char *name)
{
	return talloc_asprintf(place, "%s/%s", place->dir, name);
}

static int setup(void **state)
{
	struct place *place = talloc_zero(NULL, struct place);

	place->dir = mounted;
	if (volume_open(place, 'E', mounted, &place->volume, &place->err) != 0)
		fail_msg("%s", place->err.text);
	*state = place;
	return 0;
}

static int teardown(void **state)
{
	talloc_free(*state);
	return 0;
}

/* A server with its E: on the mounted volume. */
static void open_server(struct place *place)
{
	struct nt_disks *disks = nt_disks(place);
	struct disks_options options = { .drives = talloc_asprintf(place, "C=%s,E=%s", disks->c,
						 place->dir) };

	if (disks_open(place, &options, &place->server, &place->err) != 0)
		fail_msg("%s", place->err.text);
}

/* A file with everything an NT file can have. */
static void special_make(struct place *place, const char *name, const char *content)
{
	const char *file = below(place, name);
	uint64_t created = CREATED;

	support_write_text(file, content);
	assert_int_equal(setxattr(file, "system.ntfs_attrib_be", special_attributes,
				 sizeof special_attributes, 0),
		0);
	assert_int_equal(setxattr(file, "system.ntfs_crtime", &created, sizeof created, 0), 0);
	assert_int_equal(setxattr(file, "system.ntfs_acl", special_acl, sizeof special_acl, 0), 0);
}

static void wants_xattr(struct place *place, const char *name, const char *attribute,
	const void *value, size_t len)
{
	uint8_t found[4096];
	ssize_t got = getxattr(below(place, name), attribute, found, sizeof found);

	if (got != (ssize_t)len || memcmp(found, value, len) != 0)
		fail_msg("%s of %s is another (%zd bytes)", attribute, name, got);
}

static void wants_special(struct place *place, const char *name)
{
	uint64_t created = CREATED;

	wants_xattr(place, name, "system.ntfs_acl", special_acl, sizeof special_acl);
	wants_xattr(place, name, "system.ntfs_attrib_be", special_attributes,
		sizeof special_attributes);
	wants_xattr(place, name, "system.ntfs_crtime", &created, sizeof created);
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
	assert_int_equal(volume_room(place->volume, &room, &place->err), 0);
	assert_true(room > 1 << 20);
	assert_int_equal(volume_sync(place->volume, &place->err), 0);
}

static void traits_go_from_file_to_file(void **state)
{
	struct place *place = *state;
	struct file_traits *traits, *after;
	struct file_meta meta;
	const char *what;
	bool found;

	support_mkdir(below(place, "t"));
	special_make(place, "t/a", "a");
	support_write_text(below(place, "t/b"), "b");
	assert_int_equal(volume_set_mtime(place->volume, "t\\b", 125441568001234567, &place->err),
		0);
	assert_int_equal(volume_traits_read(place->volume, place, "T\\A", &traits, &place->err), 0);
	assert_int_equal(volume_traits_read(place->volume, place, "T\\B", &after, &place->err), 0);
	assert_false(file_traits_equal(traits, after, &what));
	if (volume_traits_write(place->volume, "t\\b", traits, &place->err) != 0)
		fail_msg("%s", place->err.text);
	wants_special(place, "t/b");
	assert_int_equal(volume_stat(place->volume, place, "t\\b", &found, &meta, NULL,
				 &place->err),
		0);
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

	open_server(place);
	support_mkdir(below(place, "times"));
	for (size_t i = 0; i < ARRAY_SIZE(times); i++) {
		const char *name = talloc_asprintf(place, "times/%zu", i);
		int64_t all[2] = { times[i], times[i] };

		support_write_text(below(place, name), "x");
		assert_int_equal(setxattr(below(place, name), "system.ntfs_times", all, sizeof all,
					 0),
			0);
	}
	assert_int_equal(copy_walk(place->server, place, "E:\\times", 9, &list, &place->err), 0);
	assert_int_equal(list.count, 5);
	if (copy_tree(place->server, "E:\\times", "E:\\times.copy", &list, NULL, &place->err) != 0)
		fail_msg("%s", place->err.text);
	for (size_t i = 0; i < ARRAY_SIZE(times); i++) {
		int64_t found[4];

		assert_true(list.items[i].meta.mtime == times[i]);
		assert_int_equal(getxattr(below(place, talloc_asprintf(place, "times.copy/%zu", i)),
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

	support_mkdir(below(place, "deaf"));
	special_make(place, "deaf/a", "a");
	assert_int_equal(volume_traits_read(place->volume, place, "deaf\\a", &traits, &place->err),
		0);
	for (size_t i = 0; i < ARRAY_SIZE(attributes); i++) {
		const char *name = talloc_asprintf(place, "deaf/b%zu", i),
			   *path = talloc_asprintf(place, "deaf\\b%zu", i);

		support_write_text(below(place, name), "b");
		deaf = attributes[i];
		ret = volume_traits_write(place->volume, path, traits, &place->err);
		deaf = "";
		assert_int_equal(ret, -TROUBLE_VERIFY);
	}
	deaf = "system.ntfs_times";
	ret = volume_set_mtime(place->volume, "deaf\\a", 125441568000000000, &place->err);
	deaf = "";
	assert_int_equal(ret, -TROUBLE_VERIFY);
}

static void a_replaced_file_keeps_what_it_had(void **state)
{
	struct place *place = *state;
	struct stage_spec spec = { .target = "E:\\r\\longfilename.EXE",
		.traits_from = "E:\\r\\longfilename.EXE",
		.mtime = FILETIME_NONE };
	struct stage *stage;
	struct digest digest;
	struct stat status;
	size_t len;

	open_server(place);
	support_mkdir(below(place, "r"));
	special_make(place, "r/LongFileName.exe", "old");
	assert_int_equal(setxattr(below(place, "r/LongFileName.exe"), "system.ntfs_dos_name",
				 SHORT_NAME, strlen(SHORT_NAME), 0),
		0);
	support_write_text(below(place, "r/New.exe"), "replaced");
	assert_int_equal(volume_set_mtime(place->volume, "r\\New.exe", 125441568000000000,
				 &place->err),
		0);
	if (copy_stage(place->server, place, "E:\\r\\NEW.exe", &spec, &stage, &digest, NULL,
		    &place->err) != 0)
		fail_msg("%s", place->err.text);
	assert_int_equal(place->server->ops->sync(place->server, 'E', &place->err), 0);
	assert_int_equal(copy_stage_verify(place->server, stage, &digest, &place->err), 0);
	if (place->server->ops->stage_switch(stage, &place->err) != 0)
		fail_msg("%s", place->err.text);
	talloc_free(stage);
	assert_string_equal((char *)support_read(place, below(place, "r/LongFileName.exe"), &len),
		"replaced");
	wants_special(place, "r/LongFileName.exe");
	wants_xattr(place, "r/LongFileName.exe", "system.ntfs_dos_name", SHORT_NAME,
		strlen(SHORT_NAME));
	assert_int_equal(stat(below(place, "r/LongFileName.exe"), &status), 0);
	assert_true(status.st_mtim.tv_sec == 899683200 && status.st_mtim.tv_nsec == 0);
	assert_int_not_equal(access(below(place, "r/LongFileName.exe.q24"), F_OK), 0);
}

/* Of 60 entries: 20 bytes of header, two identifiers of 16 (Administrators), a list of 8 + 60 x
 * 24. */
static void a_long_descriptor_goes_along(void **state)
{
	struct place *place = *state;
	uint8_t acl[52 + 8 + 60 * 24];
	struct file_traits *traits;
	char *note;

	memcpy(acl, special_acl, 52);
	memcpy(acl + 52,
		(const uint8_t[]){ 2, 0, (8 + 60 * 24) & 255, (8 + 60 * 24) >> 8, 60, 0, 0, 0 }, 8);
	for (size_t i = 0; i < 60; i++) {
		static const uint8_t entry[24] = { 0, 0, 24, 0, 0xa9, 0, 0x12, 0, 1, 2, 0, 0, 0, 0,
			0, 5, 0x20 };
		memcpy(acl + 60 + i * 24, entry, sizeof entry);
		acl[60 + i * 24 + 20] = (uint8_t)i;
		acl[60 + i * 24 + 21] = 4;
	}
	support_mkdir(below(place, "acl"));
	support_write_text(below(place, "acl/a"), "a");
	support_write_text(below(place, "acl/b"), "b");
	assert_int_equal(setxattr(below(place, "acl/a"), "system.ntfs_acl", acl, sizeof acl, 0), 0);
	assert_int_equal(volume_traits_check(place->volume, place, "acl\\A", &note, &place->err),
		0);
	assert_int_equal(volume_traits_read(place->volume, place, "acl\\a", &traits, &place->err),
		0);
	assert_int_equal(volume_traits_write(place->volume, "acl\\b", traits, &place->err), 0);
	wants_xattr(place, "acl/b", "system.ntfs_acl", acl, sizeof acl);
}

/* A new file is compressed where its folder is (MS-FSCC 2.6: 0x800). */
static void compression_is_told(void **state)
{
	static const uint8_t compressed[] = { 0, 0, 0x08, 0x20 };
	struct place *place = *state;
	char *note;

	support_mkdir(below(place, "z"));
	support_write_text(below(place, "z/before"), "x");
	assert_int_equal(setxattr(below(place, "z"), "system.ntfs_attrib_be", compressed,
				 sizeof compressed, 0),
		0);
	support_write_text(below(place, "z/within"), "x");
	support_write_text(below(place, "z/out"), "x");
	assert_int_equal(rename(below(place, "z/out"), below(place, "out")), 0);
	support_write_text(below(place, "plain"), "x");
	assert_int_equal(volume_traits_check(place->volume, place, "z\\within", &note, &place->err),
		0);
	assert_null(note);
	assert_int_equal(volume_traits_check(place->volume, place, "plain", &note, &place->err), 0);
	assert_null(note);
	assert_int_equal(volume_traits_check(place->volume, place, "OUT", &note, &place->err), 0);
	assert_non_null(note ? strstr(note, "E:\\OUT is compressed") : NULL);
	assert_int_equal(volume_traits_check(place->volume, place, "z\\before", &note, &place->err),
		0);
	assert_non_null(note ? strstr(note, "is not compressed") : NULL);
}

/* On NTFS it is an attribute (MS-FSCC 2.6: 0x200); ntfs-3g makes a file sparse that is lengthened
 * over a hole. */
static void holes_are_told(void **state)
{
	struct place *place = *state;
	char *note;

	support_write_text(below(place, "holes"), "x");
	assert_int_equal(truncate(below(place, "holes"), 4 << 20), 0);
	assert_int_equal(volume_traits_check(place->volume, place, "holes", &note, &place->err), 0);
	assert_non_null(note ? strstr(note, "sparse") : NULL);
}

static void short_names_lead_to_long_ones(void **state)
{
	struct place *place = *state;
	struct file_meta meta;
	char *name, *real;
	bool found;

	support_mkdir(below(place, "s"));
	support_mkdir(below(place, "s/Exchange Server"));
	support_write_text(below(place, "s/Exchange Server/x"), "x");
	assert_int_equal(volume_set_short_name(place->volume, "S\\exchange server", "EXCHAN~1",
				 &place->err),
		0);
	wants_xattr(place, "s/Exchange Server", "system.ntfs_dos_name", "EXCHAN~1", 8);
	assert_int_equal(volume_short_name(place->volume, place, "s\\Exchange Server", &name,
				 &place->err),
		0);
	assert_string_equal(name, "EXCHAN~1");
	assert_int_equal(volume_stat(place->volume, place, "s\\exchan~1\\X", &found, &meta, &real,
				 &place->err),
		0);
	assert_true(found);
	assert_string_equal(real, "s\\Exchange Server\\x");
	assert_int_equal(volume_stat(place->volume, place, "s\\exchan~2", &found, &meta, &real,
				 &place->err),
		0);
	assert_false(found);
	assert_int_equal(volume_short_name(place->volume, place, "s\\Exchange Server\\x", &name,
				 &place->err),
		0);
	assert_null(name);
}

static void a_tree_keeps_its_traits(void **state)
{
	struct place *place = *state;
	struct copy_list list;

	open_server(place);
	support_mkdir(below(place, "c"));
	support_mkdir(below(place, "c/Sub"));
	special_make(place, "c/Sub/f.dll", "data");
	assert_int_equal(setxattr(below(place, "c/Sub"), "system.ntfs_acl", special_acl,
				 sizeof special_acl, 0),
		0);
	for (int i = 0; i < 60; i++)
		support_write_text(below(place, talloc_asprintf(place, "c/File%d", i)), "abc");
	assert_int_equal(copy_walk(place->server, place, "E:\\C", 100, &list, &place->err), 0);
	assert_int_equal(list.count, 62);
	if (copy_tree(place->server, "E:\\C", "E:\\C.backup", &list, NULL, &place->err) != 0)
		fail_msg("%s", place->err.text);
	wants_special(place, "C.backup/Sub/f.dll");
	wants_xattr(place, "C.backup/Sub", "system.ntfs_acl", special_acl, sizeof special_acl);
	support_write_text(below(place, "C.backup/File7"), "abd");
	assert_int_equal(copy_verify(place->server, "E:\\C.backup", &list, NULL, &place->err),
		-TROUBLE_VERIFY);
	assert_int_equal(copy_remove_tree(place->server, "E:\\C.backup", &list, &place->err), 0);
	assert_int_not_equal(access(below(place, "C.backup"), F_OK), 0);
}

static void what_nt_cannot_hold_is_refused(void **state)
{
	static const char *const names[] = { "nul", "end.", "q?x" };
	struct place *place = *state;
	struct copy_list list;

	open_server(place);
	support_mkdir(below(place, "n"));
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		support_write_text(below(place, talloc_asprintf(place, "n/%s", names[i])), "");
		assert_int_equal(volume_open_file(place->volume,
					 talloc_asprintf(place, "n\\%s", names[i]), NULL,
					 &place->err),
			-TROUBLE_NAME);
		assert_int_equal(copy_walk(place->server, place, "E:\\n", 9, &list, &place->err),
			-TROUBLE_NAME);
		assert_int_equal(unlink(below(place, talloc_asprintf(place, "n/%s", names[i]))), 0);
	}
	support_write_text(below(place, "n/A"), "");
	support_write_text(below(place, "n/a"), "");
	assert_int_equal(volume_open_file(place->volume, "n\\A", NULL, &place->err),
		-TROUBLE_TWINS);
	assert_int_equal(copy_walk(place->server, place, "E:\\n", 9, &list, &place->err),
		-TROUBLE_TWINS);
	assert_int_equal(unlink(below(place, "n/a")), 0);
	assert_int_equal(symlink("/etc/passwd", below(place, "n/link")), 0);
	assert_int_equal(volume_open_file(place->volume, "n\\link", NULL, &place->err),
		-TROUBLE_LINK);
	assert_int_equal(copy_walk(place->server, place, "E:\\n", 9, &list, &place->err),
		-TROUBLE_LINK);
	assert_int_equal(unlink(below(place, "n/link")), 0);
	assert_int_equal(copy_walk(place->server, place, "E:\\n", 9, &list, &place->err), 0);
}

static void a_trial_leaves_nothing(void **state)
{
	struct place *place = *state;
	struct entry_list list;

	support_mkdir(below(place, "y"));
	special_make(place, "y/model", "");
	if (volume_trial(place->volume, "y", &place->err) != 0)
		fail_msg("%s", place->err.text);
	assert_int_equal(volume_list(place->volume, place, "y", &list, &place->err), 0);
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
	struct stage_spec spec = { .target = "E:\\WINNT\\Mt.exe",
		.traits_from = "E:\\WINNT\\Mt.exe",
		.mtime = FILETIME_NONE };
	struct stage *stage;
	struct digest digest;
	struct copy_list list;
	size_t len;

	open_server(place);
	support_mkdir(below(place, "WinNT"));
	special_make(place, "WinNT/Mt.exe", "old");
	support_write_text(below(place, "WinNT/New.exe"), "new");
	assert_int_equal(volume_create(place->volume, "winnt\\MT.EXE", &place->err), -TROUBLE_IO);
	if (copy_stage(place->server, place, "E:\\winnt\\NEW.EXE", &spec, &stage, &digest, NULL,
		    &place->err) != 0)
		fail_msg("%s", place->err.text);
	if (place->server->ops->stage_switch(stage, &place->err) != 0)
		fail_msg("%s", place->err.text);
	talloc_free(stage);
	assert_string_equal((char *)support_read(place, below(place, "winnt/mt.exe"), &len), "new");
	wants_special(place, "winnt/mt.exe");
	assert_int_equal(copy_walk(place->server, place, "E:\\WINNT", 9, &list, &place->err), 0);
	assert_int_equal(list.count, 2);
	if (copy_tree(place->server, "E:\\WINNT", "E:\\Copy", &list, NULL, &place->err) != 0)
		fail_msg("%s", place->err.text);
	if (volume_trial(place->volume, "WINNT", &place->err) != 0)
		fail_msg("%s", place->err.text);
}

static void hiding_files_is_called_harmful(void **state)
{
	struct place *place = *state;
	const char *hazard = volume_traits(place->volume)->hazardous_option;

	assert_non_null(hazard);
	assert_int_equal(strncmp(hazard, "hide_hid_files: ", 16), 0);
}

static void hidden_streams_are_called_harmful(void **state)
{
	struct place *place = *state;
	const char *hazard = volume_traits(place->volume)->hazardous_option;

	assert_non_null(hazard);
	assert_int_equal(strncmp(hazard, "streams_interface: ", 19), 0);
}

/* Made by ntfs.test: a stream of 60,000 bytes at l/small, one of 100,000 at l/large. */
static void streams_are_kept_or_refused(void **state)
{
	struct place *place = *state;
	struct file_traits *traits;
	char *note, bytes[65536], copied[65536];

	assert_null(volume_traits(place->volume)->hazardous_option);
	assert_int_equal(volume_traits_check(place->volume, place, "l\\small", &note, &place->err),
		0);
	assert_int_equal(volume_traits_check(place->volume, place, "l\\large", &note, &place->err),
		-TROUBLE_CANNOT);
	assert_non_null(strstr(place->err.text, "E:\\l\\large"));
	assert_non_null(strstr(place->err.text, "stream AFP_Resource"));
	assert_int_equal(volume_traits_read(place->volume, place, "l\\small", &traits, &place->err),
		0);
	support_write_text(below(place, "l/new"), "new");
	assert_int_equal(volume_traits_write(place->volume, "l\\new", traits, &place->err), 0);
	assert_int_equal(getxattr(below(place, "l/small"), "user.AFP_Resource", bytes,
				 sizeof bytes),
		60000);
	assert_int_equal(getxattr(below(place, "l/new"), "user.AFP_Resource", copied,
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
	bool found, seen = false;

	assert_int_equal(volume_list(place->volume, place, "", &list, &place->err), 0);
	for (size_t i = 0; i < list.count; i++) {
		seen = seen || strcmp(list.entries[i].name, "Whole.txt") == 0;
		if (strcmp(list.entries[i].name, "Broken.txt") == 0)
			assert_int_equal(list.entries[i].meta.kind, ENTRY_UNREADABLE);
	}
	assert_true(seen);
	assert_int_equal(volume_stat(place->volume, place, "whole.txt", &found, &meta, NULL,
				 &place->err),
		0);
	assert_true(volume_stat(place->volume, place, "BROKEN.txt", &found, &meta, NULL,
			    &place->err) < 0);
	assert_non_null(strstr(place->err.text, "E:\\BROKEN.txt"));
}

/* Changes an image that is not mounted: "mark" sets the flag of $Volume's record (number 3;
 * attribute type 0x70, flags at 10 of its value) and of its copy, "lose" spoils the record of the
 * file Broken.txt. */
static int image_change(const char *image, bool mark)
{
	static const char name[] = "B\0r\0o\0k\0e\0n";
	FILE *file = fopen(image, "r+b");
	uint8_t record[1024];
	int changed = 0;

	for (long at = 0; file && fseek(file, at, SEEK_SET) == 0 &&
		fread(record, sizeof record, 1, file) == 1;
		at += 1024) {
		if (memcmp(record, "FILE", 4) != 0 || record[45] != 0 ||
			(mark ? record[44] != 3 : record[44] < 24) ||
			(!mark && !memmem(record, 510, name, sizeof name - 1)))
			continue;
		for (size_t i = record[20]; mark && i < 400; i += record[i + 4])
			if (record[i] == 0x70 && record[i + 1] == 0) {
				record[i + record[i + 20] + 10] |= 1;
				break;
			} else if (record[i + 4] == 0) {
				break;
			}
		if (!mark)
			memset(record, 0, 4);
		changed += fseek(file, at, SEEK_SET) == 0 &&
			fwrite(record, sizeof record, 1, file) == 1;
	}
	return !file || fclose(file) != 0 || changed == 0;
}

static void read_only_is_known(void **state)
{
	struct place *place = *state;

	assert_true(volume_traits(place->volume)->read_only);
	assert_int_equal(volume_create(place->volume, "x", &place->err), -TROUBLE_READ_ONLY);
	assert_int_equal(volume_trial(place->volume, "", &place->err), -TROUBLE_READ_ONLY);
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

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
static const struct CMUnitTest low[] = { TEST(lower_case_lists_are_understood) };
static const struct CMUnitTest hidden[] = { TEST(hiding_files_is_called_harmful) };
static const struct CMUnitTest streams[] = { TEST(hidden_streams_are_called_harmful) };
static const struct CMUnitTest large[] = { TEST(streams_are_kept_or_refused) };
static const struct CMUnitTest marked[] = { TEST(a_mark_of_windows_is_seen) };
static const struct CMUnitTest lost[] = { TEST(a_lost_file_stops_nothing_else) };
static const struct CMUnitTest fixed[] = { TEST(read_only_is_known) };

int main(int argc, char *argv[])
{
	if (argc != 3)
		return 64;
	mounted = argv[2];
	if (strcmp(argv[1], "full") == 0)
		return cmocka_run_group_tests(full, NULL, NULL);
	if (strcmp(argv[1], "low") == 0)
		return cmocka_run_group_tests(low, NULL, NULL);
	if (strcmp(argv[1], "mark") == 0 || strcmp(argv[1], "lose") == 0)
		return image_change(argv[2], argv[1][0] == 'm');
	if (strcmp(argv[1], "streams") == 0)
		return cmocka_run_group_tests(streams, NULL, NULL);
	if (strcmp(argv[1], "large") == 0)
		return cmocka_run_group_tests(large, NULL, NULL);
	if (strcmp(argv[1], "marked") == 0)
		return cmocka_run_group_tests(marked, NULL, NULL);
	if (strcmp(argv[1], "lost") == 0)
		return cmocka_run_group_tests(lost, NULL, NULL);
	if (strcmp(argv[1], "hidden") == 0)
		return cmocka_run_group_tests(hidden, NULL, NULL);
	return cmocka_run_group_tests(fixed, NULL, NULL);
}

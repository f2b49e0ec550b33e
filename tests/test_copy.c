/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The copy engine over the drives of a server that is off: whole trees, single files, and what is
 * refused. */
#include "tests/copy_place.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/memory.h"
#include "tests/support.h"

/* FIPS 180-2, appendix B.1: "abc"; and the digest of nothing. */
#define SHA_ABC "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
#define SHA_NOTHING "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

static void wants_digest(const struct copy_item *item, const char *rel, const char *hex)
{
	char text[65];

	assert_string_equal(item->rel, rel);
	digest_text(&item->digest, text);
	assert_string_equal(text, hex);
}

static void same_file(struct place *place, const char *a, const char *b)
{
	struct stat left, right;
	size_t len_a, len_b;
	uint8_t *bytes_a = support_read(place, place_below(place, a), &len_a),
		*bytes_b = support_read(place, place_below(place, b), &len_b);

	assert_int_equal(len_a, len_b);
	assert_memory_equal(bytes_a, bytes_b, len_a);
	assert_int_equal(stat(place_below(place, a), &left), 0);
	assert_int_equal(stat(place_below(place, b), &right), 0);
	assert_true(left.st_mode == right.st_mode && left.st_uid == right.st_uid &&
		left.st_gid == right.st_gid);
	assert_true(left.st_mtim.tv_sec == right.st_mtim.tv_sec &&
		left.st_mtim.tv_nsec / 100 == right.st_mtim.tv_nsec / 100);
}

static void a_tree_is_copied_whole(void **state)
{
	struct place *place = *state;

	place_fill(place);
	assert_int_equal(place_copy(place, NULL), 0);
	assert_int_equal(place->list.count, 6);
	assert_int_equal(place->list.bytes, PLACE_BIG + 6);
	wants_digest(&place->list.items[0], "abc.txt", SHA_ABC);
	wants_digest(&place->list.items[1], "Empty", SHA_NOTHING);
	assert_string_equal(place->list.items[2].rel, "Sub");
	assert_string_equal(place->list.items[3].rel, "Sub\\Big.dll");
	wants_digest(&place->list.items[4], "Sub\\M\xc3\xbcller.txt", SHA_ABC);
	assert_string_equal(place->list.items[5].rel, "Sub\\None");
	same_file(place, "Bin/abc.txt", "Bin.new/abc.txt");
	same_file(place, "Bin/Empty", "Bin.new/Empty");
	same_file(place, "Bin/Sub/Big.dll", "Bin.new/Sub/Big.dll");
	same_file(place, "Bin/Sub/M\xc3\xbcller.txt", "Bin.new/Sub/M\xc3\xbcller.txt");
	assert_true(place_there(place, "Bin.new/Sub/None"));
	assert_int_equal(copy_verify(place->server, "E:\\Bin", &place->list, NULL, &place->err), 0);
	assert_int_equal(copy_verify(place->server, "e:\\bin.NEW", &place->list, NULL, &place->err),
		0);
}

static void the_digest_is_sha256sum_s(void **state)
{
	struct place *place = *state;
	char text[65], *output;

	place_fill(place);
	const char *const argv[] = { "sha256sum", place_below(place, "Bin/Sub/Big.dll"), NULL };
	if (!support_have("sha256sum"))
		skip();
	assert_int_equal(place_copy(place, NULL), 0);
	assert_int_equal(support_run(place, argv, NULL, &output), 0);
	digest_text(&place->list.items[3].digest, text);
	assert_memory_equal(text, output, 64);
}

static void an_empty_folder_is_a_tree(void **state)
{
	struct place *place = *state;

	assert_int_equal(place_copy(place, NULL), 0);
	assert_int_equal(place->list.count, 0);
	assert_true(place_there(place, "Bin.new"));
	assert_int_equal(place_remove(place), 0);
	assert_false(place_there(place, "Bin.new"));
	assert_int_equal(place_remove(place), 0);
}

static void what_is_there_is_never_overwritten(void **state)
{
	struct place *place = *state;

	place_fill(place);
	support_mkdir(place_below(place, "bin.NEW"));
	assert_int_equal(place_copy(place, NULL), -TROUBLE_IO);
	assert_int_equal(rmdir(place_below(place, "bin.NEW")), 0);
	assert_int_equal(copy_tree(place->server, "E:\\Bin", "E:\\Bin\\Sub\\x", &place->list, NULL,
				 &place->err),
		-TROUBLE_CANNOT);
	assert_int_equal(copy_tree(place->server, "E:\\Bin", "E:\\none\\x", &place->list, NULL,
				 &place->err),
		-TROUBLE_NOT_THERE);
}

static void wants_refusal(struct place *place, enum trouble trouble, const char *word)
{
	assert_int_equal(place_walk(place), -(int)trouble);
	if (!strstr(place->err.text, word))
		fail_msg("no '%s' in: %s", word, place->err.text);
	assert_null(place->list.items);
}

static void what_is_no_file_is_refused_by_name(void **state)
{
	struct place *place = *state;

	assert_int_equal(mkfifo(place_below(place, "Bin/pipe"), 0600), 0);
	wants_refusal(place, TROUBLE_LINK, "E:\\bin\\pipe");
	assert_int_equal(unlink(place_below(place, "Bin/pipe")), 0);
	assert_int_equal(symlink("/etc/passwd", place_below(place, "Bin/link")), 0);
	wants_refusal(place, TROUBLE_LINK, "E:\\bin\\link");
	assert_int_equal(unlink(place_below(place, "Bin/link")), 0);
	assert_int_equal(symlink("/etc", place_below(place, "Bin/folder")), 0);
	wants_refusal(place, TROUBLE_LINK, "E:\\bin\\folder");
	assert_int_equal(unlink(place_below(place, "Bin/folder")), 0);
	assert_int_equal(mknod(place_below(place, "Bin/sock"), S_IFSOCK | 0600, 0), 0);
	wants_refusal(place, TROUBLE_LINK, "E:\\bin\\sock");
	assert_int_equal(unlink(place_below(place, "Bin/sock")), 0);
	if (mknod(place_below(place, "Bin/zero"), S_IFCHR | 0600, (1 << 8) | 5) == 0) {
		wants_refusal(place, TROUBLE_LINK, "E:\\bin\\zero");
		assert_int_equal(unlink(place_below(place, "Bin/zero")), 0);
	}
	assert_int_equal(place_walk(place), 0);
}

static void names_nt_cannot_hold_are_refused(void **state)
{
	static const char *const names[] = { "nul", "aux.txt", "end.", "end ", "q?x", "a\\b",
		"bad\xff", "tab\t" };
	struct place *place = *state;

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		const char *file = place_below(place, talloc_asprintf(place, "Bin/%s", names[i]));
		support_write_text(file, "");
		wants_refusal(place, TROUBLE_NAME, "E:\\bin\\");
		assert_null(strpbrk(place->err.text, "\t\xff"));
		assert_int_equal(unlink(file), 0);
	}
	support_write_text(place_below(place, "Bin/Twin"), "");
	support_write_text(place_below(place, "Bin/tWIN"), "");
	wants_refusal(place, TROUBLE_TWINS, "tWIN");
	assert_int_equal(copy_walk(place->server, place, "E:\\none", 9, &place->list, &place->err),
		-TROUBLE_NOT_THERE);
	assert_int_equal(copy_walk(place->server, place, "E:\\bin\\twin", 9, &place->list,
				 &place->err),
		-TROUBLE_TWINS);
}

static void depth_and_number_have_limits(void **state)
{
	struct place *place = *state;
	char *path = talloc_strdup(place, place_below(place, "Bin"));

	for (int i = 0; i < 63; i++) {
		path = talloc_asprintf_append(path, "/d");
		support_mkdir(path);
	}
	assert_int_equal(place_copy(place, NULL), 0);
	assert_int_equal(place->list.count, 63);
	support_mkdir(talloc_asprintf(place, "%s/d", path));
	wants_refusal(place, TROUBLE_CANNOT, "64");
	assert_int_equal(rmdir(talloc_asprintf(place, "%s/d", path)), 0);
	assert_int_equal(copy_walk(place->server, place, "E:\\bin", 63, &place->list, &place->err),
		0);
	assert_int_equal(copy_walk(place->server, place, "E:\\bin", 62, &place->list, &place->err),
		-TROUBLE_CANNOT);
}

static void the_longest_names_are_copied(void **state)
{
	struct place *place = *state;
	char name[256] = "";

	memset(name, 'n', 255);
	support_write_text(place_below(place, talloc_asprintf(place, "Bin/%s", name)), "abc");
	assert_int_equal(place_copy(place, NULL), 0);
	wants_digest(&place->list.items[0], name, SHA_ABC);
	assert_true(place_there(place, talloc_asprintf(place, "Bin.new/%s", name)));
}

static void wants_verify(struct place *place, const char *word)
{
	assert_int_equal(copy_verify(place->server, "E:\\Bin.new", &place->list, NULL, &place->err),
		-TROUBLE_VERIFY);
	if (!strstr(place->err.text, word))
		fail_msg("no '%s' in: %s", word, place->err.text);
}

static void every_difference_is_seen(void **state)
{
	struct place *place = *state;
	char name[64];

	place_fill(place);
	assert_int_equal(place_copy(place, NULL), 0);
	support_write_text(place_below(place, "Bin.new/abc.txt"), "abd");
	wants_verify(place, "E:\\Bin.new\\abc.txt");
	support_write_text(place_below(place, "Bin.new/abc.txt"), "abcd");
	wants_verify(place, "E:\\Bin.new\\abc.txt");
	assert_int_equal(unlink(place_below(place, "Bin.new/abc.txt")), 0);
	wants_verify(place, "abc.txt");
	support_mkdir(place_below(place, "Bin.new/abc.txt"));
	wants_verify(place, "abc.txt");
	assert_int_equal(rmdir(place_below(place, "Bin.new/abc.txt")), 0);
	support_write_text(place_below(place, "Bin.new/abc.txt"), "abc");
	support_write_text(place_below(place, "Bin.new/zzz"), "");
	wants_verify(place, "E:\\Bin.new\\zzz");
	for (int i = 0; i < 1100; i++) {
		snprintf(name, sizeof name, "Bin.new/z%d", i);
		support_write_text(place_below(place, name), "");
	}
	wants_verify(place, "E:\\Bin.new");
	assert_int_equal(place_remove(place), -TROUBLE_MOVED);
	assert_true(place_there(place, "Bin.new/abc.txt"));
}

static void only_our_own_is_removed(void **state)
{
	struct place *place = *state;

	place_fill(place);
	assert_int_equal(place_copy(place, NULL), 0);
	support_write_text(place_below(place, "Bin.new/Sub/notes"), "mine");
	assert_int_equal(place_remove(place), -TROUBLE_MOVED);
	assert_non_null(strstr(place->err.text, "notes"));
	assert_true(place_there(place, "Bin.new/abc.txt"));
	assert_int_equal(unlink(place_below(place, "Bin.new/Sub/notes")), 0);
	assert_int_equal(unlink(place_below(place, "Bin.new/Sub/Big.dll")), 0);
	assert_int_equal(place_remove(place), 0);
	assert_false(place_there(place, "Bin.new"));
	assert_true(place_there(place, "Bin/abc.txt"));
}

static int staged(struct place *place, const char *from, const struct stage_spec *spec,
	struct stage **stage, struct digest *digest)
{
	return copy_stage(place->server, place, from, spec, stage, digest, NULL, &place->err);
}

static void one_file_is_staged_checked_and_switched(void **state)
{
	struct place *place = *state;
	struct stage_spec spec = { .target = "E:\\Mt.exe",
		.traits_from = "E:\\Mt.exe",
		.mtime = FILETIME_NONE };
	struct stage *stage;
	struct digest digest;
	struct stat status;
	char text[65];
	size_t len;

	place_fill(place);
	support_write_text(place_below(place, "Mt.exe"), "old");
	assert_int_equal(chmod(place_below(place, "Mt.exe"), 0604), 0);
	assert_int_equal(staged(place, "E:\\bin\\ABC.txt", &spec, &stage, &digest), 0);
	digest_text(&digest, text);
	assert_string_equal(text, SHA_ABC);
	assert_string_equal((char *)support_read(place, place_below(place, "Mt.exe"), &len), "old");
	assert_int_equal(place->server->ops->sync(place->server, 'E', &place->err), 0);
	assert_int_equal(copy_stage_verify(place->server, stage, &digest, &place->err), 0);
	assert_int_equal(place->server->ops->stage_switch(stage, &place->err), 0);
	talloc_free(stage);
	assert_string_equal((char *)support_read(place, place_below(place, "Mt.exe"), &len), "abc");
	assert_int_equal(stat(place_below(place, "Mt.exe"), &status), 0);
	assert_int_equal(status.st_mode & 07777, 0604);
	assert_true(status.st_mtim.tv_sec == 899683200 && status.st_mtim.tv_nsec == 500);
	assert_false(place_there(place, "Mt.exe.q24"));
}

static void a_stage_that_is_not_as_written_is_seen(void **state)
{
	struct place *place = *state;
	struct stage_spec spec = { .target = "E:\\New.exe",
		.traits_from = NULL,
		.mtime = FILETIME_NONE };
	struct stage *stage;
	struct digest digest;

	place_fill(place);
	assert_int_equal(staged(place, "E:\\Bin\\abc.txt", &spec, &stage, &digest), 0);
	support_write_text(place_below(place, "New.exe.q24"), "abd");
	assert_int_equal(copy_stage_verify(place->server, stage, &digest, &place->err),
		-TROUBLE_VERIFY);
	talloc_free(stage);
	assert_false(place_there(place, "New.exe.q24"));
	assert_false(place_there(place, "New.exe"));
	assert_int_equal(staged(place, "E:\\Bin\\no", &spec, &stage, &digest), -TROUBLE_NOT_THERE);
	assert_int_equal(staged(place, "E:\\Bin\\Sub", &spec, &stage, &digest), -TROUBLE_LINK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PLACE_TEST(a_tree_is_copied_whole),
		PLACE_TEST(the_digest_is_sha256sum_s),
		PLACE_TEST(an_empty_folder_is_a_tree),
		PLACE_TEST(what_is_there_is_never_overwritten),
		PLACE_TEST(what_is_no_file_is_refused_by_name),
		PLACE_TEST(names_nt_cannot_hold_are_refused),
		PLACE_TEST(depth_and_number_have_limits),
		PLACE_TEST(the_longest_names_are_copied),
		PLACE_TEST(every_difference_is_seen),
		PLACE_TEST(only_our_own_is_removed),
		PLACE_TEST(one_file_is_staged_checked_and_switched),
		PLACE_TEST(a_stage_that_is_not_as_written_is_seen),
	};

	return cmocka_run_group_tests_name("copy", tests, NULL, NULL);
}

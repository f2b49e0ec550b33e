/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Listings of a running server that lie, lead elsewhere, or have no end. */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"
#include "server/copy.h"
#include "server/remote_private.h"
#include "tests/fake_link.h"

#define FOLDER "E:\\data"

static struct error err;

static int set_up(void **state)
{
	*state = talloc_new(NULL);
	fake_server(*state);
	fake_file_put(FOLDER, 0x10, "");
	fake_file_put(FOLDER "\\good.txt", 0x20, "good");
	return 0;
}

static int listed(void **state, struct entry_list *list)
{
	struct server *server = fake_opened(state, &err);
	int ret = remote_list(server, *state, FOLDER, list, &err);

	return ret;
}

static enum entry_kind kind_in(const struct entry_list *list, const char *name)
{
	for (size_t i = 0; i < list->count; i++)
		if (strcmp(list->entries[i].name, name) == 0)
			return list->entries[i].meta.kind;
	return ENTRY_NONE;
}

static void assert_shown(void)
{
	for (const char *c = err.text; *c; c++)
		assert_true((unsigned char)*c >= 0x20 && (unsigned char)*c < 0x7f);
}

/* The whole folder is refused, for what else it says is worth no more; and the terminal is not
 * driven by it. */
static void a_name_that_leads_elsewhere_is_refused(void **state)
{
	static const char *const names[] = { "..", ".", "a/b", "a\\b", "..\\..\\boot.ini",
		"/etc/passwd", "\x1b[2J", "\x1b]0;x\x07", "a\nb", "a\tb", "\xff\xfe", "\xc3(",
		"\xf8\x88\x80\x80\x80" };

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		struct entry_list list;

		fake_server(*state);
		fake_file_put(FOLDER, 0x10, "");
		fake_file_put(talloc_asprintf(*state, FOLDER "\\%s", names[i]), 0x20, "x");
		if (listed(state, &list) != -TROUBLE_NAME)
			fail_msg("name %zu is listed", i);
		assert_int_equal(list.count, 0);
		assert_shown();
	}
}

/* What NT cannot hold is told and never walked, as it is on disks. */
static void a_name_that_nt_cannot_hold_is_not_walked(void **state)
{
	char *longest = talloc_zero_array(*state, char, 301);
	const char *const names[] = { longest, "a:b", "a*b", "what?", "a|b", "dot.", "space " };
	struct entry_list list;
	struct server *server;
	bool found;

	memset(longest, 'x', 300);
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		fake_file_put(talloc_asprintf(*state, FOLDER "\\%s", names[i]), 0x10, "");
	assert_int_equal(listed(state, &list), 0);
	assert_int_equal(list.count, ARRAY_SIZE(names) + 1);
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		assert_int_equal(kind_in(&list, names[i]), ENTRY_OTHER);
	assert_int_equal(kind_in(&list, "good.txt"), ENTRY_FILE);
	server = fake_opened(state, &err);
	assert_int_equal(remote_stat(server, *state,
				 talloc_asprintf(*state, FOLDER "\\%s", longest), &found, NULL,
				 NULL, &err),
		-TROUBLE_NAME);
}

static void twins_are_refused(void **state)
{
	struct server *server = fake_opened(state, &err);
	bool found;

	fake_file_put(FOLDER "\\MT.exe", 0x20, "one");
	fake_file_put(FOLDER "\\mt.EXE", 0x20, "other");
	fake_file_put(FOLDER "\\\xc3\xa4.txt", 0x20, "one");
	fake_file_put(FOLDER "\\\xc3\x84.TXT", 0x20, "other");
	assert_int_equal(remote_stat(server, *state, FOLDER "\\mt.exe", &found, NULL, NULL, &err),
		-TROUBLE_TWINS);
	assert_int_equal(remote_remove(server, FOLDER "\\\xc3\xa4.txt", &err), -TROUBLE_TWINS);
	assert_int_equal(fake.file_count, 6);
	assert_int_equal(remote_stat(server, *state, FOLDER "\\good.txt", &found, NULL, NULL, &err),
		0);
}

/* Two claim one short name, and one has it as its own. */
static void a_name_comes_before_a_short_one(void **state)
{
	struct server *server = fake_opened(state, &err);
	char *real;
	bool found;

	fake_file_put(FOLDER "\\a long name", 0x20, "x")->short_name = "ALONG~1";
	fake_file_put(FOLDER "\\along~1", 0x20, "y");
	fake_file_put(FOLDER "\\bad", 0x20, "y")->short_name = "..\\x";
	assert_int_equal(remote_stat(server, *state, FOLDER "\\ALONG~1", &found, NULL, &real, &err),
		0);
	assert_string_equal(real, FOLDER "\\along~1");
	assert_int_equal(remote_short_name(server, *state, FOLDER "\\bad", &real, &err), 0);
	assert_null(real);
}

/* [MS-FSCC] 2.6 FILE_ATTRIBUTE_REPARSE_POINT: it leads elsewhere. */
static void a_reparse_point_is_not_followed(void **state)
{
	struct server *server = fake_opened(state, &err);
	struct entry_list list;
	bool found = true;

	fake_file_put(FOLDER "\\junction", 0x410, "");
	fake_file_put(FOLDER "\\junction\\boot.ini", 0x20, "elsewhere");
	fake_file_put(FOLDER "\\link", 0x420, "x");
	assert_int_equal(remote_stat(server, *state, FOLDER "\\junction\\boot.ini", &found, NULL,
				 NULL, &err),
		0);
	assert_false(found);
	assert_int_equal(remote_list(server, *state, FOLDER "\\junction", &list, &err),
		-TROUBLE_LINK);
	assert_int_equal(remote_remove(server, FOLDER "\\junction", &err), -TROUBLE_LINK);
	assert_int_equal(remote_remove(server, FOLDER "\\link", &err), -TROUBLE_LINK);
	assert_non_null(fake_file(FOLDER "\\junction\\boot.ini"));
}

static void a_crowd_is_listed_or_refused(void **state)
{
	struct server *server = fake_opened(state, &err);
	struct entry_list list;
	bool found;

	fake_file_put(FOLDER "\\crowd", 0x10, "");
	fake.crowd = 100000;
	assert_int_equal(remote_list(server, *state, FOLDER "\\crowd", &list, &err), 0);
	assert_int_equal(list.count, 100000);
	assert_int_equal(remote_stat(server, *state, FOLDER "\\crowd\\F99999", &found, NULL, NULL,
				 &err),
		0);
	assert_true(found);
	fake.crowd = 1000000;
	assert_int_equal(remote_list(server, *state, FOLDER "\\crowd", &list, &err),
		-TROUBLE_CANNOT);
	assert_non_null(strstr(err.text, FOLDER "\\crowd cannot be listed"));
}

static int copied(void **state, struct server *server)
{
	const struct stage_spec spec = { .target = "E:\\new.txt", .mtime = FILETIME_NONE };
	struct digest digest;
	struct stage *stage;
	int ret =
		copy_stage(server, *state, FOLDER "\\good.txt", &spec, &stage, &digest, NULL, &err);

	talloc_free(stage);
	assert_null(fake_file("E:\\new.txt.q24"));
	return ret;
}

static void a_size_that_lies_is_noticed(void **state)
{
	struct server *server = fake_opened(state, &err);
	uint8_t *bytes;
	size_t len;

	assert_int_equal(copied(state, server), 0);
	fake_file(FOLDER "\\good.txt")->more = 3;
	remote_files_forget(remote_of(server));
	assert_int_equal(copied(state, server), -TROUBLE_VERIFY);
	fake_file(FOLDER "\\good.txt")->more = UINT64_MAX - 4;
	remote_files_forget(remote_of(server));
	assert_int_equal(copied(state, server), -TROUBLE_NO_ROOM);
	assert_int_equal(server_read_file(server, *state, FOLDER "\\good.txt", 100, &bytes, &len,
				 &err),
		0);
	assert_int_equal(len, 4);
}

/* The first and the last moment there are, and none. */
static void a_time_that_cannot_be_is_copied_as_it_is(void **state)
{
	static const int64_t times[] = { INT64_MIN + 1, INT64_MAX, 0, -1 };
	struct server *server = fake_opened(state, &err);

	for (size_t i = 0; i < ARRAY_SIZE(times); i++) {
		fake_file(FOLDER "\\good.txt")->mtime = times[i];
		remote_files_forget(remote_of(server));
		assert_int_equal(copied(state, server), 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, fake_tear_down)
		TEST(a_name_that_leads_elsewhere_is_refused),
		TEST(a_name_that_nt_cannot_hold_is_not_walked),
		TEST(twins_are_refused),
		TEST(a_name_comes_before_a_short_one),
		TEST(a_reparse_point_is_not_followed),
		TEST(a_crowd_is_listed_or_refused),
		TEST(a_size_that_lies_is_noticed),
		TEST(a_time_that_cannot_be_is_copied_as_it_is),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

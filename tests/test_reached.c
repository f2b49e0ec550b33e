/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a server was reached: on record and back, and the command that a shell takes apart again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"
#include "record/reached.h"
#include "tests/support.h"

static void what_was_recorded_comes_back(void **state)
{
	const struct server_reached disks = { .disks = "C=/mnt/a b,E=/mnt/x\\,y",
		.nt_folder = "D:\\WINNT" };
	const struct server_reached practice = { .practice = "/srv/50% of it/" };
	const struct server_reached live = { .host = "EXCH01",
		.user = "DOM\\admin",
		.port = 4450,
		.nt4 = true };
	struct server_reached back;
	json_t *fields = json_object();

	reached_record(&disks, fields);
	assert_true(reached_read(*state, fields, &back));
	assert_string_equal(back.disks, disks.disks);
	assert_string_equal(back.nt_folder, disks.nt_folder);
	assert_null(back.practice);
	json_object_clear(fields);
	assert_false(reached_read(*state, fields, &back));
	reached_record(&practice, fields);
	assert_true(reached_read(*state, fields, &back));
	assert_string_equal(back.practice, practice.practice);
	assert_null(back.disks);
	json_object_clear(fields);
	reached_record(&live, fields);
	assert_true(reached_read(*state, fields, &back));
	assert_string_equal(back.host, "EXCH01");
	assert_string_equal(back.user, "DOM\\admin");
	assert_int_equal(back.port, 4450);
	assert_true(back.nt4);
	/* What no command line could hold is not believed. */
	json_object_set_new(fields, "host", json_string("--yes"));
	json_object_set_new(fields, "port", json_integer(65536));
	assert_false(reached_read(*state, fields, &back));
	assert_int_equal(back.port, 0);
	json_decref(fields);
}

static void what_a_run_needs_is_named(void **state)
{
	static const struct {
		struct server_reached reached;
		const char *text;
	} cases[] = {
		{ { .disks = "C=/mnt/c" }, "volumes C: (they were at /mnt/c)" },
		{ { .disks = "C=/mnt/c,E=/mnt/e" },
			"volumes C: and E: (they were at /mnt/c and /mnt/e)" },
		{ { .disks = "C=/a\\,b,D=/d,E=/e" },
			"volumes C:, D: and E: (they were at /a,b, /d and /e)" },
		{ { .practice = "/srv/p/" }, "its practice server (it was in /srv/p/)" },
		{ { .host = "EXCH\033[2J" }, "the running server EXCH\\x1b[2J" },
		{ { 0 }, "the volumes of its server" },
		/* a record may say anything */
		{ { .disks = "" }, "the volumes of its server" },
		{ { .disks = "nonsense" }, "the volumes of its server" },
		{ { .disks = "C=/a\033[2J" }, "volumes C: (they were at /a\\x1b[2J)" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		assert_string_equal(reached_needs(*state, &cases[i].reached), cases[i].text);
}

static void folders_are_named_from_the_root(void **state)
{
	char *here = realpath(".", NULL);
	struct server_reached vm = { .image = "/vm/a\\,b.vmdk,/vm/c.vmdk", .letters = "C=1.1" };

	assert_string_equal(reached_needs(*state, &vm), "disk images /vm/a,b.vmdk and /vm/c.vmdk");
	assert_non_null(strstr(reached_command(*state, &vm, NULL, "resume", "R"),
		" --image '/vm/a\\,b.vmdk,/vm/c.vmdk' --letters C=1.1"));
	assert_string_equal(reached_absolute(*state, "C=/mnt/c,E=/x\\,y"), "C=/mnt/c,E=/x\\,y");
	if (!strchr(here, ','))
		assert_string_equal(reached_absolute(*state, "C=c,E=/e"),
			talloc_asprintf(*state, "C=%s/c,E=/e", here));
	/* What is no such list stays what it is. */
	assert_string_equal(reached_absolute(*state, "C=c,nonsense"), "C=c,nonsense");
	free(here);
}

static void the_command_is_the_one_that_was_called(void **state)
{
	const struct server_reached disks = { .disks = "C=/mnt/c,E=/mnt/e" };
	const struct server_reached nt = { .disks = "C=/c", .nt_folder = "D:\\WINNT" };
	const struct server_reached practice = { .practice = "/it's/" };
	const struct server_reached live = { .host = "EXCH01",
		.user = "DOM\\admin",
		.port = 4450,
		.nt4 = true };
	const struct server_reached plain = { .host = "10.0.0.1" };

	unsetenv("MSMCFIX_CALL");
	setenv("MSMCFIX_STATE_DIR", "/place", 1);
	assert_string_equal(reached_command(*state, &disks, "/place", "resume", "19991122-0939"),
		"msmcfix --disks C=/mnt/c,E=/mnt/e resume 19991122-0939");
	assert_string_equal(reached_command(*state, &nt, "/other", "undo", "R"),
		"msmcfix --disks C=/c --nt 'D:\\WINNT' --runs /other undo R");
	assert_string_equal(reached_command(*state, &practice, NULL, "resume", "a b"),
		"msmcfix --practice='/it'\\''s/' resume 'a b'");
	assert_string_equal(reached_command(*state, &live, NULL, "resume", "R"),
		"msmcfix --host EXCH01 --user 'DOM\\admin' --port 4450 --nt4 resume R");
	assert_string_equal(reached_command(*state, &plain, NULL, "undo", "R"),
		"msmcfix --host 10.0.0.1 undo R");
	assert_string_equal(reached_command(*state, NULL, NULL, "check", NULL), "msmcfix check");
	assert_string_equal(reached_signed(talloc_strdup(*state, "m commit R"), "commit",
				    "Jane Doe", "EX1"),
		"m commit R --operator 'Jane Doe' --yes --server EX1");
	assert_string_equal(reached_signed(talloc_strdup(*state, "m keep R"), "keep", "Jane",
				    "EX1"),
		"m keep R --operator Jane --yes");
	assert_string_equal(reached_signed(talloc_strdup(*state, "m undo R"), "undo", "Jane",
				    "EX1"),
		"m undo R");
	setenv("MSMCFIX_CALL", "./setup run", 1);
	assert_string_equal(reached_command(*state, NULL, NULL, "runs", NULL), "./setup run runs");
	setenv("MSMCFIX_CALL", "\033]0;x\007y", 1);
	assert_null(strpbrk(reached_command(*state, NULL, NULL, "runs", NULL), "\033\007"));
	setenv("MSMCFIX_CALL", "", 1);
	assert_string_equal(reached_command(*state, NULL, NULL, "runs", NULL), "msmcfix runs");
}

/* Every byte that a folder's name can hold and a screen can show: one word, the same. */
static void a_shell_takes_it_apart_into_the_same_words(void **state)
{
	char odd[96 + 4] = "", *output;
	struct server_reached reached = { .practice = odd };
	const char *argv[] = { "sh", "-c", NULL, NULL };
	size_t len = 0;

	for (char c = ' '; c <= '~'; c++)
		if (c != '\\')
			odd[len++] = c;
	setenv("MSMCFIX_CALL", "printf '%s\\n'", 1);
	argv[2] = reached_command(*state, &reached, NULL, "resume", "R");
	assert_int_equal(support_run(*state, argv, NULL, &output), 0);
	assert_string_equal(output, talloc_asprintf(*state, "--practice=%s\nresume\nR\n", odd));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SUPPORT_TEST(what_was_recorded_comes_back),
		SUPPORT_TEST(what_a_run_needs_is_named),
		SUPPORT_TEST(folders_are_named_from_the_root),
		SUPPORT_TEST(the_command_is_the_one_that_was_called),
		SUPPORT_TEST(a_shell_takes_it_apart_into_the_same_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Values of a running server changed: what is written, when nothing is, and what a lost answer
 * leaves. */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "nt/winreg.h"
#include "server/remote.h"
#include "tests/fake_link.h"

#define KEY "SYSTEM\\ControlSet001\\Services\\MSExchangeMSMI"
#define NEW "E:\\new\\mt.exe"

static struct error err;

static struct reg_edit moving(void **state)
{
	return (struct reg_edit){ KEY, "imagepath",
		regdata_from_string(*state, REG_EXPAND_SZ, NEW) };
}

static struct reg_stage *staged(void **state, struct server *server, const struct reg_edit *edits,
	size_t count)
{
	struct reg_stage *stage;

	assert_int_equal(server->ops->reg_stage(server, *state, edits, count, &stage, &err), 0);
	return stage;
}

static int switched(void **state, size_t *done)
{
	struct server *server = fake_opened(state, &err);
	struct reg_edit edit = moving(state);

	return server->ops->reg_switch(staged(state, server, &edit, 1), done, &err);
}

static void is_new(void **state)
{
	assert_true(regdata_equal(fake_value(KEY, "ImagePath"), moving(state).data));
	assert_int_equal(fake_key(KEY)->count, 2);
	assert_string_equal(fake_key(KEY)->values[0].name, "ImagePath");
}

static void a_value_is_set_and_keeps_its_spelling(void **state)
{
	size_t done;

	assert_int_equal(switched(state, &done), 0);
	assert_int_equal(done, 1);
	assert_int_equal(fake.sets, 1);
	is_new(state);
}

static void values_are_set_and_deleted_and_counted(void **state)
{
	struct server *server = fake_opened(state, &err);
	struct reg_edit edits[] = { moving(state), { KEY, "Start", NULL },
		{ KEY, "Added", regdata_from_string(*state, REG_SZ, "x") } };
	size_t done;

	assert_int_equal(server->ops->reg_switch(staged(state, server, edits, 3), &done, &err), 0);
	assert_int_equal(done, 3);
	assert_null(fake_value(KEY, "Start"));
	assert_true(regdata_equal(fake_value(KEY, "Added"), edits[2].data));
}

/* The right to write is tried by opening alone. */
static void a_key_without_rights_is_named_before_anything_is_written(void **state)
{
	struct server *server = fake_opened(state, &err);
	struct server_rehearsal rehearsal = { .begun = false };
	struct reg_edit edit = moving(state);
	struct reg_stage *stage;

	fake.deny = KEY;
	assert_int_equal(server->ops->reg_stage(server, *state, &edit, 1, &stage, &err),
		-TROUBLE_PERMISSION);
	assert_non_null(strstr(err.text, KEY "\\imagepath"));
	assert_null(stage);
	server->rehearsing = &rehearsal;
	server->dry_run = true;
	assert_int_equal(server->ops->reg_stage(server, *state, &edit, 1, &stage, &err),
		-TROUBLE_PERMISSION);
	assert_int_equal(fake.sets, 0);
}

static void a_rehearsal_is_a_look_and_a_dry_run_refuses(void **state)
{
	struct server *server = fake_opened(state, &err);
	struct server_rehearsal rehearsal = { .begun = false };
	struct reg_edit edit = moving(state);
	struct reg_stage *stage;

	server->dry_run = true;
	assert_int_equal(server->ops->reg_stage(server, *state, &edit, 1, &stage, &err),
		-TROUBLE_CANNOT);
	server->rehearsing = &rehearsal;
	talloc_free(staged(state, server, &edit, 1));
	assert_int_equal(fake.sets, 0);
}

static void a_key_that_is_not_there_is_refused(void **state)
{
	struct server *server = fake_opened(state, &err);
	struct reg_edit edit = { KEY "\\No", "x", NULL };
	struct reg_stage *stage;

	assert_int_equal(server->ops->reg_stage(server, *state, &edit, 1, &stage, &err),
		-TROUBLE_NOT_THERE);
	edit.key = "SOFTWARE\\x";
	assert_int_equal(server->ops->reg_stage(server, *state, &edit, 1, &stage, &err),
		-TROUBLE_BUG);
}

static void what_somebody_changed_meanwhile_stays(void **state)
{
	struct server *server = fake_opened(state, &err);
	struct reg_edit edit = moving(state);
	struct reg_stage *stage = staged(state, server, &edit, 1);
	size_t done;

	fake_put(KEY, "ImagePath", REG_EXPAND_SZ, "D:\\theirs");
	assert_int_equal(server->ops->reg_switch(stage, &done, &err), -TROUBLE_MOVED);
	assert_int_equal(done, 0);
	assert_int_equal(fake.sets, 0);
}

/* The connection breaks before the value is set, and after. */
static void a_lost_answer_is_looked_up(void **state)
{
	size_t done;

	fake_breaks("winreg", WINREG_SET_VALUE, 1, false);
	assert_int_equal(switched(state, &done), 0);
	assert_int_equal(done, 1);
	assert_int_equal(fake.connects, 2);
	assert_int_equal(fake.sets, 1);
	is_new(state);
}

static void what_was_set_is_not_set_again(void **state)
{
	size_t done;

	fake_breaks("winreg", WINREG_SET_VALUE, 1, true);
	assert_int_equal(switched(state, &done), 0);
	assert_int_equal(done, 1);
	assert_int_equal(fake.connects, 2);
	assert_int_equal(fake.sets, 1);
	is_new(state);
}

static void a_lost_flush_is_looked_up_too(void **state)
{
	size_t done;

	fake_breaks("winreg", WINREG_FLUSH, 1, true);
	assert_int_equal(switched(state, &done), 0);
	assert_int_equal(fake.sets, 1);
	is_new(state);
}

static void a_lost_answer_that_cannot_be_looked_up_is_said(void **state)
{
	size_t done;

	fake_breaks("winreg", WINREG_SET_VALUE, 1, true);
	fake.break_stays = true;
	assert_int_equal(switched(state, &done), -TROUBLE_UNREACHABLE);
	assert_int_equal(done, 0);
	assert_non_null(strstr(err.text, "is not known"));
}

static void a_lost_delete_is_looked_up(void **state)
{
	struct server *server = fake_opened(state, &err);
	struct reg_edit edit = { KEY, "Start", NULL };
	struct reg_stage *stage = staged(state, server, &edit, 1);
	size_t done;

	fake_breaks("winreg", WINREG_DELETE_VALUE, 1, true);
	assert_int_equal(server->ops->reg_switch(stage, &done, &err), 0);
	assert_int_equal(done, 1);
	assert_int_equal(fake.sets, 1);
	assert_null(fake_value(KEY, "Start"));
}

static void registry_files_are_out_of_reach(void **state)
{
	struct server *server = fake_opened(state, &err);
	struct reg_stage *stage;

	assert_int_equal(server->ops->reg_save(server, NULL, NULL, &err), -TROUBLE_CANNOT);
	assert_int_equal(server->ops->reg_stage_whole(server, *state, NULL, 0, &stage, &err),
		-TROUBLE_CANNOT);
	assert_int_equal(server->ops->reg_gate(server, &err), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, fake_set_up, fake_tear_down)
		TEST(a_value_is_set_and_keeps_its_spelling),
		TEST(values_are_set_and_deleted_and_counted),
		TEST(a_key_without_rights_is_named_before_anything_is_written),
		TEST(a_rehearsal_is_a_look_and_a_dry_run_refuses),
		TEST(a_key_that_is_not_there_is_refused),
		TEST(what_somebody_changed_meanwhile_stays),
		TEST(a_lost_answer_is_looked_up),
		TEST(what_was_set_is_not_set_again),
		TEST(a_lost_flush_is_looked_up_too),
		TEST(a_lost_answer_that_cannot_be_looked_up_is_said),
		TEST(a_lost_delete_is_looked_up),
		TEST(registry_files_are_out_of_reach),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

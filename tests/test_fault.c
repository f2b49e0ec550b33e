/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of faults: whole, and each fault changes the server in the way it says. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"
#include "tests/players.h"
#include "tests/support.h"
#include "training/fault.h"

static void table_is_whole(void **state)
{
	size_t count;
	const struct fault *table = faults(&count);

	(void)state;
	assert_true(count >= 24);
	for (size_t i = 0; i < count; i++) {
		const struct fault *fault = &table[i];

		assert_true(
			fault->id && fault->title && fault->cause && fault->source && fault->right);
		assert_true(*fault->id && *fault->title && *fault->cause && *fault->source &&
			*fault->right);
		assert_ptr_equal(fault_find(fault->id), fault); /* so no id stands there twice */
		for (size_t t = 0; t < fault->edit_count; t++)
			assert_true(fault->edits[t].op <= PRACTICE_NAME);
	}
	assert_null(fault_find("no-such-fault"));
	assert_null(fault_find(""));
}

/* Every fault but the one that is a run changes the bytes of a server that is otherwise right. */
static void each_changes_something(void **state)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	char *folder = support_folder(mem), *dir = talloc_asprintf(mem, "%s/plain", folder), *plain;
	struct practice_spec spec = { .scenario = "x", .seed = 3, .flags = PRACTICE_OLD_MAILDATA };
	struct error err = { .trouble = TROUBLE_NONE };
	size_t count;
	const struct fault *table = faults(&count);

	(void)state;
	assert_int_equal(practice_build(dir, &spec, &err), 0);
	plain = player_tree(mem, dir);
	for (size_t i = 0; i < count; i++) {
		/* What is in the record of a server, not on its drives. */
		const char *const by_record[] = { "power-cut", "no-room", "report-comes",
			"one-way" };
		char *other = talloc_asprintf(mem, "%s/%s", folder, table[i].id);

		bool skip = false;

		for (size_t r = 0; r < ARRAY_SIZE(by_record); r++)
			skip = skip || strcmp(table[i].id, by_record[r]) == 0;
		if (skip)
			continue;
		spec.flags = PRACTICE_OLD_MAILDATA ^ table[i].flags;
		spec.edits = table[i].edits;
		spec.edit_count = table[i].edit_count;
		assert_int_equal(practice_build(other, &spec, &err), 0);
		if (strcmp(plain, player_tree(mem, other)) == 0)
			fail_msg("%s changes nothing", table[i].id);
		support_remove(other);
	}
	talloc_free(mem);
}

/* A drive that is full by decree says so, and never more than there really is. */
static void room_is_limited(void **state)
{
	const struct practice_edit full = { .op = PRACTICE_ROOM, .name = "E", .number = 200000 };
	struct practice_spec spec = { .scenario = "x", .seed = 3, .edits = &full, .edit_count = 1 };
	TALLOC_CTX *mem = talloc_new(NULL);
	char *dir = talloc_asprintf(mem, "%s/x", support_folder(mem));
	struct server *server;
	struct error err;
	uint64_t bytes;

	(void)state;
	assert_int_equal(practice_build(dir, &spec, &err), 0);
	assert_int_equal(practice_open(mem, dir, &server, &err), 0);
	assert_int_equal(server->ops->room(server, "E:\\", &bytes, &err), 0);
	assert_int_equal(bytes, 200000);
	assert_int_equal(server->ops->room(server, "C:\\", &bytes, &err), 0);
	assert_true(bytes != 200000);
	talloc_free(server);
	talloc_free(mem);
}

static void names_are_filled_in(void **state)
{
	const struct practice_edit name = { .op = PRACTICE_NAME, .name = "lan", .text = "A b C" };
	const struct practice_edit root = { .op = PRACTICE_NAME,
		.name = "relocated",
		.text = "E:\\Long Name" };
	const struct practice_edit both[] = { name, root };
	const struct practice_spec spec = { .scenario = "x",
		.seed = 3,
		.edits = both,
		.edit_count = 2 };
	TALLOC_CTX *mem = talloc_new(NULL);
	struct error err;
	char *out;

	(void)state;
	assert_int_equal(practice_text(mem, &spec,
				 "{lan}: {relocated}\\bin, {default}, {nobody}, {", &out, &err),
		0);
	assert_string_equal(out,
		"A b C: E:\\Long Name\\connect\\msmcon\\bin, C:\\exchsrvr\\connect\\msmcon, {nobody}, {");
	talloc_free(mem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(table_is_whole),
		cmocka_unit_test(each_changes_something),
		cmocka_unit_test(room_is_limited),
		cmocka_unit_test(names_are_filled_in),
	};

	return cmocka_run_group_tests_name("fault", tests, NULL, NULL);
}

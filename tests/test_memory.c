/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static int setup(void **state)
{
	*state = talloc_new(NULL);
	return *state == NULL;
}

static int teardown(void **state)
{
	talloc_free(*state);
	return 0;
}

/* talloc alone would count 2^32 + 1 elements as one. */
static void a_size_that_cannot_be_is_want_of_memory(void **state)
{
	assert_null(memory_array(*state, SIZE_MAX / 2, 3));
	assert_null(memory_array(*state, 1, SIZE_MAX - 10));
	assert_null(memory_array_zero(*state, SIZE_MAX / 2, 3));
}

static void nothing_is_at_least_a_byte(void **state)
{
	assert_non_null(memory_array(*state, 8, 0));
	assert_non_null(memory_array(*state, 0, 8));
}

static void what_is_cleared_is_zero_and_what_grows_is_kept(void **state)
{
	uint32_t *list = memory_array_zero(*state, sizeof *list, 4);

	for (size_t i = 0; i < 4; i++)
		assert_int_equal(list[i], 0);
	list[3] = 7;
	list = memory_array_grow(*state, list, sizeof *list, 1000);
	assert_non_null(list);
	assert_int_equal(list[3], 7);
	assert_null(memory_array_grow(*state, list, sizeof *list, SIZE_MAX / 2));
	assert_int_equal(list[3], 7);
}

static void a_shelf_keeps_what_is_put_on_it(void **state)
{
	struct memory_shelf *shelf = memory_shelf(*state);
	char *kept[3000], text[32], large[5000];

	assert_non_null(shelf);
	for (size_t i = 0; i < 3000; i++) {
		snprintf(text, sizeof text, "Bin\\FILE%zu.DLL", i);
		kept[i] = memory_shelve(shelf, text);
		assert_non_null(kept[i]);
	}
	memset(large, 'x', sizeof large - 1);
	large[sizeof large - 1] = '\0';
	assert_string_equal(memory_shelve(shelf, large), large);
	for (size_t i = 0; i < 3000; i++) {
		snprintf(text, sizeof text, "Bin\\FILE%zu.DLL", i);
		assert_string_equal(kept[i], text);
	}
	assert_string_equal(memory_shelve(shelf, ""), "");
	assert_null(memory_shelve(shelf, NULL));
	assert_null(memory_shelve(NULL, "x"));
}

/* Two hundred thousand characters in ten thousand strings: a tenth more, with the blocks' heads and the rest of the last. */
static void a_shelf_costs_little(void **state)
{
	struct memory_shelf *shelf = memory_shelf(*state);

	for (size_t i = 0; i < 10000; i++)
		assert_non_null(memory_shelve(shelf, "nineteen characters"));
	assert_true(talloc_total_size(shelf) >= 200000 && talloc_total_size(shelf) < 240000);
}

struct named {
	int before;
	char *id, *none, *target, *again;
	int after;
};

static void strings_move_behind_what_names_them(void **state)
{
	static const size_t members[] = { offsetof(struct named, id), offsetof(struct named, none), offsetof(struct named, target),
					  offsetof(struct named, again) };
	struct named *named = talloc_zero(*state, struct named);
	char *child = talloc_strdup(named, "stays");

	named->before = 1;
	named->after = 2;
	named->id = talloc_strdup(named, "file/Bin\\mt.exe");
	named->target = named->again = talloc_strdup(named, "E:\\x");
	named = memory_seal(*state, named, sizeof *named, members, 4);
	assert_non_null(named);
	assert_int_equal(named->before, 1);
	assert_int_equal(named->after, 2);
	assert_string_equal(named->id, "file/Bin\\mt.exe");
	assert_null(named->none);
	assert_string_equal(named->target, "E:\\x");
	assert_ptr_equal(named->again, named->target);
	assert_ptr_equal(named->id, (char *)(named + 1));
	/* 15 + 1 characters, 4 + 1. */
	assert_ptr_equal(named->target, named->id + 16);
	assert_int_equal(talloc_get_size(named), sizeof *named + 21);
	assert_ptr_equal(talloc_parent(child), named);
	assert_int_equal(talloc_total_blocks(named), 2);
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_size_that_cannot_be_is_want_of_memory),
		TEST(nothing_is_at_least_a_byte),
		TEST(what_is_cleared_is_zero_and_what_grows_is_kept),
		TEST(a_shelf_keeps_what_is_put_on_it),
		TEST(a_shelf_costs_little),
		TEST(strings_move_behind_what_names_them),
	};

	return cmocka_run_group_tests_name("test_memory", tests, NULL, NULL);
}

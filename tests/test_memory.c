/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support.h"

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

static void a_list_grows_one_by_one(void **state)
{
	uint16_t *list = NULL, *exact = memory_array(*state, sizeof *exact, 3), *before;

	for (uint16_t i = 0; i < 1000; i++) {
		uint16_t *more = memory_more(*state, &list, i, sizeof *more);

		assert_ptr_equal(more, &list[i]);
		assert_int_equal(*more, 0);
		*more = i;
	}
	for (uint16_t i = 0; i < 1000; i++)
		assert_int_equal(list[i], i);
	/* One that was made for just so many has no room behind them. */
	exact[2] = 7;
	assert_non_null(memory_more(*state, &exact, 3, sizeof *exact));
	assert_int_equal(exact[2], 7);
	assert_true(talloc_get_size(exact) >= 4 * sizeof *exact);
	before = exact;
	assert_null(memory_more(*state, &exact, SIZE_MAX / 4 + 1, sizeof *exact));
	assert_ptr_equal(exact, before);
}

static void a_list_of_texts_owns_them(void **state)
{
	char **list = NULL, *text = talloc_strdup(*state, "one");
	size_t count = 0;

	assert_true(memory_more_text(*state, &list, &count, text));
	assert_ptr_equal(talloc_parent(text), list);
	assert_false(memory_more_text(*state, &list, &count, NULL));
	assert_true(memory_more_text(*state, &list, &count, talloc_strdup(*state, "two")));
	assert_int_equal(count, 2);
	assert_string_equal(list[1], "two");
}

#define TEST(test) cmocka_unit_test(test)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_size_that_cannot_be_is_want_of_memory),
		TEST(nothing_is_at_least_a_byte),
		TEST(what_is_cleared_is_zero_and_what_grows_is_kept),
		TEST(a_list_grows_one_by_one),
		TEST(a_list_of_texts_owns_them),
	};

	return cmocka_run_group_tests_name("test_memory", tests, support_memory_new,
		support_memory_free);
}

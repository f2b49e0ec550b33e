/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mail/token.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"

static void has_the_documented_form(void **state)
{
	char token[TOKEN_LENGTH + 1];

	(void)state;
	for (int i = 0; i < 1000; i++) {
		assert_true(token_make(token));
		assert_int_equal(strlen(token), 15);
		assert_memory_equal(token, "MSMC-", 5);
		assert_int_equal(strspn(token + 5, "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"), 10);
		assert_true(token_is(token));
	}
}

static void two_are_not_the_same(void **state)
{
	char a[TOKEN_LENGTH + 1], b[TOKEN_LENGTH + 1];

	(void)state;
	assert_true(token_make(a));
	assert_true(token_make(b));
	assert_string_not_equal(a, b);
}

static void other_text_is_no_token(void **state)
{
	static const char *const wrong[] = { "", "MSMC-", "MSMC-7K2QX9WDB", "MSMC-7K2QX9WDBNN",
		"msmc-7K2QX9WDBN", "MSMC-7K2QX9WDB0", "MSMC-7K2QX9WDBI", "XXXX-7K2QX9WDBN" };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++)
		assert_false(token_is(wrong[i]));
	assert_true(token_is("MSMC-7K2QX9WDBN"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(has_the_documented_form),
		cmocka_unit_test(two_are_not_the_same),
		cmocka_unit_test(other_text_is_no_token),
	};

	return cmocka_run_group_tests_name("token", tests, NULL, NULL);
}

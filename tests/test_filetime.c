/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Moments of NT. Expected numbers: days between two dates of the Gregorian calendar, times
 * 864,000,000,000. */
#include "base/filetime.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/memory.h"

static const struct {
	int64_t time;
	const char *text, *rounded;
} rows[] = {
	{ 0, "1601-01-01T00:00:00Z", "1601-01-01T00:00:00Z" },
	{ -1, "1600-12-31T23:59:59.9999999Z", "1600-12-31T23:59:59Z" },
	{ 1, "1601-01-01T00:00:00.0000001Z", "1601-01-01T00:00:00Z" },
	{ INT64_C(116444736000000000), "1970-01-01T00:00:00Z", "1970-01-01T00:00:00Z" },
	{ INT64_C(116444735999999999), "1969-12-31T23:59:59.9999999Z", "1969-12-31T23:59:59Z" },
	{ INT64_C(125657052671234567), "1999-03-12T09:41:07.1234567Z", "1999-03-12T09:41:07Z" },
	{ INT64_C(220582656000000000), "2300-01-01T00:00:00Z", "2300-01-01T00:00:00Z" },
	{ INT64_C(2650467743990000000), "9999-12-31T23:59:59Z", "9999-12-31T23:59:59Z" },
	{ INT64_MAX, "30828-09-14T02:48:05.4775807Z", "30828-09-14T02:48:05Z" },
};

static void text_and_back(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		char *exact = filetime_text(NULL, rows[i].time, true),
		     *short_text = filetime_text(NULL, rows[i].time, false);
		int64_t back = 5;

		assert_string_equal(exact, rows[i].text);
		assert_string_equal(short_text, rows[i].rounded);
		assert_true(filetime_parse(exact, &back));
		assert_true(back == rows[i].time);
		talloc_free(exact);
		talloc_free(short_text);
	}
}

/* Whatever a disk holds can be written down and read back. */
static void every_moment_comes_back(void **state)
{
	uint64_t number = 88172645463325252u;

	(void)state;
	for (int i = 0; i < 20000; i++) {
		int64_t time, back = 0;
		char *text;

		number ^= number << 13;
		number ^= number >> 7;
		number ^= number << 17;
		time = i == 0 ? INT64_MIN + 1 : (int64_t)number >> (i % 40);
		text = filetime_text(NULL, time, true);
		if (!text || !filetime_parse(text, &back) || back != time)
			fail_msg("%lld: %s: %lld", (long long)time, text ? text : "",
				(long long)back);
		talloc_free(text);
	}
}

static void other_texts_are_refused(void **state)
{
	static const char *const texts[] = {
		"",
		"1999",
		"1999-02-31T09:41:07Z",
		"+999-03-12T09:41:07Z",
		"1999-03-12T09:41:07",
		"1999-03-12T09:41:07z",
		"1999-03-12 09:41:07Z",
		" 1999-03-12T09:41:07Z",
		"1999-03-12T09:41:60Z",
		"1999-03-12T24:00:00Z",
		"1999-03-12T09:41:07.Z",
		"1999-03-12T09:41:07.5Z",
		"1999-03-12T09:41:07.0000000Z",
		"1999-03-12T09:41:07.12345678Z",
		"1999-03-12T09:41:07.-123456Z",
		"1999-03-12T09:41:07.1234567",
		"1999-03-12T09:41:07Z ",
		"30828-09-14T02:48:05.4775808Z",
		"999999-01-01T00:00:00Z",
		"99-01-01T00:00:00Z",
	};
	int64_t time;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
		if (filetime_parse(texts[i], &time))
			fail_msg("taken: %s", texts[i]);
	assert_false(filetime_parse(NULL, &time));
}

static void the_machine_s_times(void **state)
{
	struct timespec when = filetime_timespec(0);

	(void)state;
	assert_true(when.tv_sec == -11644473600 && when.tv_nsec == 0);
	when = filetime_timespec(-1);
	assert_true(when.tv_sec == -11644473601 && when.tv_nsec == 999999900);
	assert_true(filetime_of(-11644473600, 0) == 0);
	assert_true(filetime_of(10413792000, 199) == INT64_C(220582656000000001));
	assert_true(filetime_of(INT64_MAX, 0) == INT64_MAX &&
		filetime_of(INT64_MAX / 10, 0) == INT64_MAX);
	assert_true(filetime_of(INT64_MIN, 0) == INT64_MIN + 1 &&
		filetime_of(INT64_MIN / 10, 0) == INT64_MIN + 1);
	assert_true(filetime_of_ns(0) == INT64_C(116444736000000000));
	assert_true(filetime_of_ns(-1) == INT64_C(116444735999999999));
	assert_true(filetime_of_ns(INT64_C(921231667123456789)) == INT64_C(125657052671234567));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_and_back),
		cmocka_unit_test(every_moment_comes_back),
		cmocka_unit_test(other_texts_are_refused),
		cmocka_unit_test(the_machine_s_times),
	};

	return cmocka_run_group_tests_name("filetime", tests, NULL, NULL);
}

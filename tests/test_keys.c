/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What stands behind an Esc and is no key: whole sequences, by ECMA-48 and xterm's ctlseqs; and
 * what such a sequence reports. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "base/memory.h"
#include "tests/support.h"
#include "ui/wizard/keys.h"

/* How many of the bytes behind the Esc belong to it. */
static size_t taken(const char *bytes)
{
	struct tail tail = { 0 };
	size_t count = 0;
	bool more = true;

	while (more && bytes[count] != '\0')
		more = tail_takes(&tail, (unsigned char)bytes[count++]);
	return more ? 0 : count;
}

static void a_sequence_is_taken_whole_and_nothing_behind_it(void **state)
{
	static const struct {
		const char *what, *bytes;
	} rows[] = {
		{ "Alt and a letter", "y" },
		{ "a key of the keypad", "Oy" },
		{ "a control sequence", "[99y" },
		{ "one with parameters and a final byte", "[1;5A" },
		{ "one with an intermediate byte", "[2 q" },
		{ "a key of the Linux console", "[[A" },
		{ "a click, three bytes", "[M yn" },
		{ "a click far right", "[M \xe9\xe9" },
		{ "a click in numbers", "[<0;89;4M" },
		{ "a button let go", "[<0;89;4m" },
		{ "a click as urxvt reports it", "[32;89;4M" },
		{ "the focus came", "[I" },
		{ "the focus went", "[O" },
		{ "a title, ended by BEL", "]0;yes\a" },
		{ "a title, ended by Esc \\", "]0;no\033\\" },
		{ "a device control string", "P1$ry\033\\" },
		{ "a paste", "[200~y\nq\n\033[201~" },
		{ "a paste with keys in it", "[200~\033[A\033[\033[201y\033[201~" },
		{ "Alt and a key of its own", "\033[A" },
		{ "one cut off, and another behind it", "[1;\033[<0;1;1M" },
		{ "a key cut off, and another", "O\033Oy" },
		{ "a click cut off, and another", "[M \033[M yn" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		char behind[64];

		print_message("%s\n", rows[i].what);
		(void)snprintf(behind, sizeof behind, "%sy", rows[i].bytes);
		assert_int_equal(taken(behind), strlen(rows[i].bytes));
	}
}

static void a_sequence_that_is_cut_off_waits_for_more(void **state)
{
	static const char *const cut[] = { "[", "[1;", "O", "[M y", "[<0;8", "]0;title", "P1",
		"[200~yes\n", "[200~yes\n\033[201", "" };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cut); i++)
		assert_int_equal(taken(cut[i]), 0);
}

/* By xterm's ctlseqs, "Mouse Tracking" and "FocusIn/FocusOut"; columns and lines count from 1
 * there. */
static void a_report_says_what_was_done_where(void **state)
{
	static const struct {
		const char *what, *bytes;
		struct report report;
	} rows[] = {
		{ "a click in bytes: column 1, line 1", "[M !!", { REPORT_CLICK, 0, 0 } },
		{ "one far right: column 201, line 7", "[M \xe9'", { REPORT_CLICK, 6, 200 } },
		{ "letting go, in bytes", "[M#!!", { REPORT_NONE, 0, 0 } },
		{ "the wheel in bytes", "[M`!!", { REPORT_WHEEL_UP, 0, 0 } },
		{ "a click in numbers", "[<0;89;4M", { REPORT_CLICK, 3, 88 } },
		{ "one with Ctrl held", "[<16;89;4M", { REPORT_CLICK, 3, 88 } },
		{ "letting go", "[<0;89;4m", { REPORT_NONE, 0, 0 } },
		{ "the right button", "[<2;89;4M", { REPORT_NONE, 0, 0 } },
		{ "the wheel up", "[<64;2;3M", { REPORT_WHEEL_UP, 2, 1 } },
		{ "the wheel down", "[<65;2;3M", { REPORT_WHEEL_DOWN, 2, 1 } },
		{ "dragging", "[<32;2;3M", { REPORT_NONE, 0, 0 } },
		{ "line 0, which is none", "[<0;1;0M", { REPORT_NONE, 0, 0 } },
		{ "a number too many", "[<0;89;4;1M", { REPORT_NONE, 0, 0 } },
		{ "a number too few", "[<0;89M", { REPORT_NONE, 0, 0 } },
		{ "one that was not asked for (urxvt)", "[32;89;4M", { REPORT_NONE, 0, 0 } },
		{ "the focus came", "[I", { REPORT_FOCUS, 0, 0 } },
		{ "the focus went", "[O", { REPORT_NONE, 0, 0 } },
		{ "tabs forward, no focus", "[5I", { REPORT_NONE, 0, 0 } },
		{ "a key", "[1;5A", { REPORT_NONE, 0, 0 } },
		{ "a click that was pasted", "[200~\033[<0;89;4M\033[201~", { REPORT_NONE, 0, 0 } },
		{ "one in a title", "]0;\033[<0;89;4M\a", { REPORT_NONE, 0, 0 } },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct tail tail = { 0 };
		struct report report;

		print_message("%s\n", rows[i].what);
		for (const char *at = rows[i].bytes; tail_takes(&tail, (unsigned char)*at); at++)
			;
		report = tail_report(&tail);
		assert_int_equal(report.kind, rows[i].report.kind);
		if (report.kind != REPORT_CLICK)
			continue;
		assert_int_equal(report.row, rows[i].report.row);
		assert_int_equal(report.column, rows[i].report.column);
	}
}

static void nothing_cut_off_or_broken_is_a_report(void **state)
{
	uint64_t random = 12;

	(void)state;
	for (int i = 0; i < 200000; i++) {
		static const char likely[] = "[<M0;9ImO\033 !~";
		struct tail tail = { 0 };
		size_t len = 0;
		int bytes[12];
		bool more = true;

		while (more && len < ARRAY_SIZE(bytes)) {
			uint32_t number = support_random(&random);

			bytes[len] = number % 4 == 0 ? (int)(number >> 8 & 0x1ff)
						     : likely[(number >> 8) % (sizeof likely - 1)];
			more = tail_takes(&tail, bytes[len++]);
		}
		if (more && tail_report(&tail).kind != REPORT_NONE)
			fail_msg("a report that is not whole counts");
		if (tail_report(&tail).kind == REPORT_CLICK)
			assert_true(tail_report(&tail).row < 10000 &&
				tail_report(&tail).column < 10000);
	}
}

static void a_click_that_raises_the_window_is_dropped(void **state)
{
	const struct report came = { REPORT_FOCUS, 0, 0 }, click = { REPORT_CLICK, 4, 5 },
			    wheel = { REPORT_WHEEL_UP, 4, 5 }, none = { REPORT_NONE, 0, 0 };
	uint64_t focus = 0;

	(void)state;
	assert_true(report_counts(&click, 100, &focus));
	assert_false(report_counts(&came, 5000, &focus));
	assert_false(report_counts(&click, 5000, &focus));
	assert_false(report_counts(&click, 5299, &focus));
	assert_true(report_counts(&wheel, 5299, &focus));
	assert_true(report_counts(&click, 5300, &focus));
	assert_false(report_counts(&none, 6000, &focus));
	assert_true(report_counts(&click, 6000, &focus));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_sequence_is_taken_whole_and_nothing_behind_it),
		cmocka_unit_test(a_sequence_that_is_cut_off_waits_for_more),
		cmocka_unit_test(a_report_says_what_was_done_where),
		cmocka_unit_test(nothing_cut_off_or_broken_is_a_report),
		cmocka_unit_test(a_click_that_raises_the_window_is_dropped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

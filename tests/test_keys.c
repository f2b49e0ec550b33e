/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What stands behind an Esc and is no key: whole sequences, by ECMA-48 and xterm's ctlseqs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "base/memory.h"
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_sequence_is_taken_whole_and_nothing_behind_it),
		cmocka_unit_test(a_sequence_that_is_cut_off_waits_for_more),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/error.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"

struct wanted {
	enum trouble trouble;
	const char *name;
	int code;
};

/* The exit codes and names of the manual page, written out a second time: the names and codes are a
 * promise to scripts. */
static const struct wanted wanted[] = {
	{ TROUBLE_NONE, "none", 0 },
	{ TROUBLE_STOPPED, "stopped", 3 },
	{ TROUBLE_MOVED, "moved", 4 },
	{ TROUBLE_PLAN_FOREIGN, "plan-foreign", 4 },
	{ TROUBLE_PLAN_DAMAGED, "plan-damaged", 65 },
	{ TROUBLE_USAGE, "usage", 64 },
	{ TROUBLE_NOT_A_HIVE, "not-a-hive", 65 },
	{ TROUBLE_HIVE_TRUNCATED, "hive-truncated", 65 },
	{ TROUBLE_HIVE_DIRTY, "hive-dirty", 65 },
	{ TROUBLE_HIVE_CHECKSUM, "hive-checksum", 65 },
	{ TROUBLE_HIVE_BROKEN, "hive-broken", 65 },
	{ TROUBLE_HIVE_NO_SELECT, "hive-no-select", 65 },
	{ TROUBLE_HIVE_NO_SERVICES, "hive-no-services", 65 },
	{ TROUBLE_HIVE_CHANGING, "hive-changing", 74 },
	{ TROUBLE_TWINS, "twins", 65 },
	{ TROUBLE_LINK, "link", 65 },
	{ TROUBLE_NAME, "name", 65 },
	{ TROUBLE_RECORD_DAMAGED, "record-damaged", 65 },
	{ TROUBLE_NOT_THERE, "not-there", 66 },
	{ TROUBLE_NO_NT, "no-nt", 66 },
	{ TROUBLE_SEVERAL_NT, "several-nt", 66 },
	{ TROUBLE_NO_EXCHANGE, "no-exchange", 66 },
	{ TROUBLE_NO_RELOCATED, "no-relocated", 66 },
	{ TROUBLE_SAME_MSMCON, "same-msmcon", 65 },
	{ TROUBLE_LETTERS, "letters", 66 },
	{ TROUBLE_UNREACHABLE, "unreachable", 69 },
	{ TROUBLE_DIALECT, "dialect", 69 },
	{ TROUBLE_BUG, "bug", 70 },
	{ TROUBLE_MEMORY, "memory", 70 },
	{ TROUBLE_NO_ROOM, "no-room", 73 },
	{ TROUBLE_RUNS_IN_MEMORY, "runs-in-memory", 73 },
	{ TROUBLE_NO_RUN_FOLDER, "no-run-folder", 73 },
	{ TROUBLE_IO, "io", 74 },
	{ TROUBLE_VERIFY, "verify", 74 },
	{ TROUBLE_LOCKED, "locked", 75 },
	{ TROUBLE_PERMISSION, "permission", 77 },
	{ TROUBLE_READ_ONLY, "read-only", 77 },
	{ TROUBLE_MOUNT, "mounted-wrongly", 77 },
	{ TROUBLE_VOLUME_DIRTY, "volume-dirty", 65 },
	{ TROUBLE_CLUSTER, "cluster", 78 },
	{ TROUBLE_MIRROR, "mirror", 78 },
	{ TROUBLE_TOO_OLD, "too-old", 78 },
	{ TROUBLE_CANNOT, "cannot", 78 },
	{ TROUBLE_IMAGE, "image", 65 },
	{ TROUBLE_IMAGE_CHAIN, "image-chain", 65 },
	{ TROUBLE_DISK_KIND, "disk-kind", 78 },
	{ TROUBLE_WHICH_LETTERS, "which-letters", 66 },
	{ TROUBLE_PROGRAM, "program", 69 },
	{ TROUBLE_OTHER_SERVER, "other-server", 4 },
	{ TROUBLE_LIVE, "which-postoffice", 4 },
};

static void every_trouble_has_its_name_and_code(void **state)
{
	(void)state;
	assert_int_equal(ARRAY_SIZE(wanted), TROUBLE_COUNT);
	for (int i = 0; i < TROUBLE_COUNT; i++) {
		assert_int_equal(wanted[i].trouble, i);
		assert_string_equal(trouble_name(wanted[i].trouble), wanted[i].name);
		assert_int_equal(trouble_exit(wanted[i].trouble), wanted[i].code);
	}
}

static void names_are_unique_words(void **state)
{
	(void)state;
	for (int i = 0; i < TROUBLE_COUNT; i++) {
		const char *name = trouble_name((enum trouble)i);
		assert_int_equal(strspn(name, "abcdefghijklmnopqrstuvwxyz-"), strlen(name));
		for (int j = 0; j < i; j++)
			assert_string_not_equal(name, trouble_name((enum trouble)j));
	}
}

static void every_trouble_has_advice(void **state)
{
	(void)state;
	assert_string_equal(trouble_advice(TROUBLE_NONE), "");
	for (int i = 1; i < TROUBLE_COUNT; i++) {
		const char *advice = trouble_advice((enum trouble)i);
		size_t length = strlen(advice);
		assert_true(length > 10);
		assert_true(advice[0] >= 'A' && advice[0] <= 'Z');
		assert_int_equal(advice[length - 1], '.');
	}
	assert_non_null(strstr(trouble_advice(TROUBLE_HIVE_DIRTY), "shut it down cleanly"));
}

static void an_unknown_trouble_is_a_bug(void **state)
{
	(void)state;
	assert_string_equal(trouble_name(TROUBLE_COUNT), "bug");
	assert_int_equal(trouble_exit((enum trouble) - 1), 70);
	assert_int_equal(trouble_exit((enum trouble)4711), 70);
}

static void sentence_is_kept(void **state)
{
	struct error err;

	(void)state;
	assert_int_equal(error_set(&err, TROUBLE_TWINS, "%s and %s differ only in case", "a", "A"),
		-TROUBLE_TWINS);
	assert_int_equal(err.trouble, TROUBLE_TWINS);
	assert_string_equal(err.text, "a and A differ only in case");
	assert_int_equal(error_set(NULL, TROUBLE_TWINS, "nobody listens"), -TROUBLE_TWINS);
	assert_int_equal(error_memory(&err), -TROUBLE_MEMORY);
	assert_true(strlen(err.text) > 10);
	assert_int_equal(error_memory(NULL), -TROUBLE_MEMORY);
}

/* Whatever a disk or the locale brings along. By hand: ESC, a right-to-left override (U+202E), a
 * byte that is no UTF-8. */
static void sentence_is_safe_to_show(void **state)
{
	struct error err;

	(void)state;
	error_set(&err, TROUBLE_TWINS, "%s, caf\xc3\xa9", "a\x1b[2J\xe2\x80\xae\xff\\");
	assert_string_equal(err.text, "a\\x1b[2J\\u202e\\xff\\, caf\xc3\xa9");
	error_set(&err, TROUBLE_TWINS, "%s again", err.text);
	assert_string_equal(err.text, "a\\x1b[2J\\u202e\\xff\\, caf\xc3\xa9 again");
	error_system(&err, TROUBLE_IO, ENOENT, "No %s", "\n");
	assert_string_equal(err.text, "No \\x0a: No such file or directory");
}

/* What helps is what the kernel refuses for: a limit is not cured by another folder. */
static void the_advice_fits_the_cause(void **state)
{
	static const struct {
		enum trouble fallback;
		int sys;
		const char *advice;
	} rows[] = {
		{ TROUBLE_IO, EMFILE, "ulimit -n" },
		{ TROUBLE_NO_RUN_FOLDER, EMFILE, "ulimit -n" },
		{ TROUBLE_IO, EFBIG, "ulimit -f" },
		{ TROUBLE_NO_RUN_FOLDER, EFBIG, "ulimit -f" },
		{ TROUBLE_NO_RUN_FOLDER, EROFS, "--runs" },
		{ TROUBLE_NO_RUN_FOLDER, ENOSPC, "--runs" },
		{ TROUBLE_NO_RUN_FOLDER, EIO, "--runs" },
		{ TROUBLE_IO, EROFS, "read-write" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct error err;

		(void)error_system(&err, rows[i].fallback, rows[i].sys, "x");
		assert_non_null(strstr(error_advice(&err), rows[i].advice));
	}
}

/* Characters of 1 to 4 bytes at the end of the room: the text ends before the one that does not
 * fit. */
static void long_sentence_ends_at_a_character(void **state)
{
	static const char *const characters[] = { "a", "\xc3\xa9", "\xe2\x82\xac",
		"\xf0\x9f\x98\x80" };
	struct error err;

	(void)state;
	for (size_t width = 1; width <= 4; width++) {
		for (int lead = 1010; lead < 1030; lead++) {
			size_t room = sizeof err.text - 1, fit, length;
			error_set(&err, TROUBLE_IO, "%*s%s%s%s%s%s%s", lead, "",
				characters[width - 1], characters[width - 1], characters[width - 1],
				characters[width - 1], characters[width - 1],
				characters[width - 1]);
			length = strlen(err.text);
			assert_true(length <= room);
			if (length > (size_t)lead)
				assert_int_equal((length - (size_t)lead) % width, 0);
			fit = (size_t)lead + 6 * width;
			assert_true(length == fit || room - length <= width);
		}
	}
}

static void system_errors_choose_their_trouble(void **state)
{
	static const struct {
		int sys;
		enum trouble trouble;
	} rows[] = {
		{ ENOSPC, TROUBLE_NO_ROOM },
		{ EDQUOT, TROUBLE_NO_ROOM },
		{ EACCES, TROUBLE_PERMISSION },
		{ EPERM, TROUBLE_PERMISSION },
		{ EROFS, TROUBLE_READ_ONLY },
		{ ELOOP, TROUBLE_LINK },
		{ EXDEV, TROUBLE_LINK },
		{ EIO, TROUBLE_NOT_THERE },
		{ ENOENT, TROUBLE_NOT_THERE },
	};
	struct error err;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		assert_int_equal(error_system(&err, TROUBLE_NOT_THERE, rows[i].sys,
					 "Cannot read %s", "x"),
			-(int)rows[i].trouble);
		assert_int_equal(err.trouble, rows[i].trouble);
		assert_true(strncmp(err.text, "Cannot read x: ", 15) == 0);
	}
	error_system(&err, TROUBLE_IO, ENOENT, "Cannot read %s", "x");
	assert_string_equal(err.text, "Cannot read x: No such file or directory");
	assert_int_equal(error_system(NULL, TROUBLE_IO, EROFS, "x"), -TROUBLE_READ_ONLY);
	assert_int_equal(error_system(&err, TROUBLE_IO, EIO, "%*s", 2000, "x"), -TROUBLE_IO);
	assert_int_equal(strlen(err.text), sizeof err.text - 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_trouble_has_its_name_and_code),
		cmocka_unit_test(names_are_unique_words),
		cmocka_unit_test(every_trouble_has_advice),
		cmocka_unit_test(an_unknown_trouble_is_a_bug),
		cmocka_unit_test(sentence_is_kept),
		cmocka_unit_test(sentence_is_safe_to_show),
		cmocka_unit_test(the_advice_fits_the_cause),
		cmocka_unit_test(long_sentence_ends_at_a_character),
		cmocka_unit_test(system_errors_choose_their_trouble),
	};

	return cmocka_run_group_tests_name("error", tests, NULL, NULL);
}

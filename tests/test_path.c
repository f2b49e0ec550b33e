/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "nt/path.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"
#include "base/text.h"
#include "tests/support.h"

#define MOVED "E:\\exchsrvr\\connect\\msmcon"

static void paths_become_normal(void **state)
{
	static const struct {
		const char *said, *normal;
	} rows[] = {
		{ "C:\\exchsrvr", "C:\\exchsrvr" },
		{ "c:\\ExchSrvr\\Connect", "C:\\ExchSrvr\\Connect" },
		{ "e:/exchsrvr//connect/", "E:\\exchsrvr\\connect" },
		{ "E:\\exchsrvr\\\\connect\\\\\\", "E:\\exchsrvr\\connect" },
		{ "\\??\\C:\\WINNT\\x.sys", "C:\\WINNT\\x.sys" },
		{ "C:\\", "C:\\" },
		{ "c:/", "C:\\" },
		{ "C:\\\\", "C:\\" },
		{ "C:\\Program Files\\.x\\a b.c", "C:\\Program Files\\.x\\a b.c" },
		{ "C:\\caf\xc3\xa9", "C:\\caf\xc3\xa9" },
		{ "C:\\100%\\x", "C:\\100%\\x" },
		{ "", NULL },
		{ "C", NULL },
		{ "C:", NULL },
		{ "C:x", NULL },
		{ "x", NULL },
		{ "\\x", NULL },
		{ "\\\\srv\\share\\x", NULL },
		{ "1:\\x", NULL },
		{ "CC:\\x", NULL },
		{ " C:\\x", NULL },
		{ "system32\\drivers\\x.sys", NULL },
		{ "C:\\a\\..\\b", NULL },
		/* "Naming Files, Paths, and Namespaces": a single dot is the folder itself, but not
		 * behind \\?\. */
		{ "C:\\.\\b", "C:\\b" },
		{ "C:\\a\\.", "C:\\a" },
		{ "C:.\\b", NULL },
		{ "\\\\?\\C:\\x", "C:\\x" },
		{ "\\\\?\\C:\\.\\x", NULL },
		{ "\\\\?\\C:/x", NULL },
		{ "\\??\\C:\\a\\\\x", NULL },
		{ "\\??\\C:\\x\\", NULL },
		{ "\\\\?\\UNC\\srv\\share", NULL },
		{ "C:\\a.\\b", NULL },
		{ "C:\\a \\b", NULL },
		{ "C:\\a\\b.", NULL },
		{ "C:\\a:b", NULL },
		{ "C:\\a*", NULL },
		{ "C:\\a?b", NULL },
		{ "C:\\a|b", NULL },
		{ "C:\\<a>", NULL },
		{ "C:\\\"a\"", NULL },
		{ "C:\\a\tb", NULL },
		{ "C:\\a\xc0\x80"
		  "b",
			NULL },
		{ "C:\\a\xff", NULL },
		{ "C:\\con", NULL },
		{ "C:\\x\\nul.txt", NULL },
		{ "C:\\x\\LPT1\\y", NULL },
		{ "\\??\\", NULL },
		{ "\\??\\x", NULL },
		{ "\\??\\UNC\\srv\\share", NULL },
		{ "\\??C:\\x", NULL },
		{ "%SystemRoot%\\x", NULL },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		support_same_text(path_normal(*state, rows[i].said), rows[i].normal);
}

static void names_that_nt_holds(void **state)
{
	static const char *const good[] = {
		"a",
		"Mt.exe",
		"Program Files",
		".x",
		"..x",
		" x",
		"a;b",
		"CON1",
		"COM0",
		"COM10",
		"LPT",
		"COM",
		"NULL",
		"xnul",
		"con_",
		"a.b.c",
		"\xed\xa0\x80",
		"\xe4\xb8\xad",
		"{x}",
		"100%",
		"MAILDAT$",
	};
	static const char *const bad[] = {
		"",
		".",
		"..",
		"...",
		" ",
		"x.",
		"x ",
		"a/b",
		"a\\b",
		"a:b",
		"a<",
		"a>",
		"a|",
		"a?",
		"a*",
		"a\"",
		"a\x01",
		"a\x1f",
		"\xc0\x80",
		"CON",
		"con",
		"Prn",
		"aux",
		"NUL",
		"nul.txt",
		"NUL .txt",
		"com1",
		"COM9.x",
		"lpt1",
		"LPT9",
		"con.a.b",
		"\xff",
		"\xe2\x82",
	};
	char name[3 * 256 + 1] = "";

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(good); i++)
		if (!path_name_ok(good[i]))
			fail_msg("refused: %s", good[i]);
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		if (path_name_ok(bad[i]))
			fail_msg("taken: %s", bad[i]);
	for (size_t i = 0; i < 256; i++) {
		strcat(name, "\xe4\xb8\xad");
		assert_int_equal(path_name_ok(name), i < 255);
	}
	/* A character beyond the first plane takes two of the 255 units. */
	name[0] = '\0';
	for (size_t i = 1; i <= 128; i++) {
		strcat(name, "\xf0\x9f\x98\x80");
		assert_int_equal(path_name_ok(name), i <= 127);
	}
}

static void paths_come_apart(void **state)
{
	assert_int_equal(path_parts("C:\\"), 0);
	assert_int_equal(path_parts("C:\\a"), 1);
	assert_int_equal(path_parts(MOVED), 3);
	support_same_text(path_part(*state, MOVED, 0), "exchsrvr");
	support_same_text(path_part(*state, MOVED, 2), "msmcon");
	assert_null(path_part(*state, MOVED, 3));
	assert_null(path_part(*state, "C:\\", 0));
	support_same_text(path_leaf(MOVED), "msmcon");
	support_same_text(path_leaf("C:\\"), "");
	support_same_text(path_parent(*state, MOVED), "E:\\exchsrvr\\connect");
	support_same_text(path_parent(*state, "E:\\exchsrvr"), "E:\\");
	support_same_text(path_parent(*state, "E:\\"), "E:\\");
	support_same_text(path_join(*state, "E:\\", "a"), "E:\\a");
	support_same_text(path_join(*state, "E:\\a", "b c"), "E:\\a\\b c");
	support_same_text(path_join(*state, "E:\\100%s", "%d"), "E:\\100%s\\%d");
}

static void paths_compare(void **state)
{
	(void)state;
	assert_true(path_equal("C:\\ExchSrvr", "c:\\EXCHSRVR"));
	assert_false(path_equal("C:\\ExchSrvr", "E:\\ExchSrvr"));
	assert_true(path_under("C:\\ExchSrvr", "C:\\exchsrvr"));
	assert_true(path_under("C:\\EXCHSRVR\\connect\\x", "C:\\exchsrvr"));
	assert_false(path_under("C:\\exchsrvrx", "C:\\exchsrvr"));
	assert_false(path_under("C:\\exchsrv", "C:\\exchsrvr"));
	assert_false(path_under("C:\\", "C:\\exchsrvr"));
	assert_true(path_under("C:\\x", "C:\\"));
	assert_true(path_under("C:\\", "C:\\"));
	assert_false(path_under("D:\\x", "C:\\"));
	assert_true(path_under("C:\\\xc3\xa9t\xc3\xa9\\x", "C:\\\xc3\x89T\xc3\x89"));
}

static void short_names(void **state)
{
	static const struct {
		const char *name, *guess;
		bool is_short;
	} rows[] = {
		{ "exchsrvr", "exchsrvr", true },
		{ "MSMCON", "MSMCON", true },
		{ "mt.exe", "mt.exe", true },
		{ "MAILDAT$", "MAILDAT$", true },
		{ "EXCHAN~1", "EXCHAN~1", true },
		{ "12345678.123", "12345678.123", true },
		{ "Exchange Server", "EXCHAN~1", false },
		{ "Program Files", "PROGRA~1", false },
		{ "123456789", "123456~1", false },
		{ "a.jpeg", "A~1.JPE", false },
		{ "a b.c", "AB~1.C", false },
		{ "x+y.txt", "X_Y~1.TXT", false },
		{ "a.b.c", "AB~1.C", false },
		{ ".profile", "PROFIL~1", false },
		{ "longname.t", "longname.t", true },
		{ "longername.t e", "LONGER~1.TE", false },
		{ "My Documents.old", "MYDOCU~1.OLD", false },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		assert_int_equal(path_is_short(rows[i].name), rows[i].is_short);
		support_same_text(path_short_guess(*state, rows[i].name), rows[i].guess);
	}
	assert_false(path_is_short(""));
	assert_false(path_is_short("."));
	assert_false(path_is_short("a."));
	assert_false(path_is_short(".a"));
	assert_false(path_is_short("caf\xc3\xa9"));
	assert_false(path_is_short("NUL"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(paths_become_normal),
		cmocka_unit_test(names_that_nt_holds),
		cmocka_unit_test(paths_come_apart),
		cmocka_unit_test(paths_compare),
		cmocka_unit_test(short_names),
	};

	return cmocka_run_group_tests_name("path", tests, support_memory_new, support_memory_free);
}

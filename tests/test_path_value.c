/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Paths inside registry values: found, and made to lead elsewhere. */
#include "nt/path.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"
#include "tests/support.h"

#define DEFAULT "C:\\exchsrvr\\connect\\msmcon"
#define MOVED "E:\\exchsrvr\\connect\\msmcon"

struct span_row {
	enum path_form form;
	const char *text;
	size_t count;
	const char *written[3];
	const char *full[3];
};

static const struct span_row span_rows[] = {
	{ PATH_COMMAND, "C:\\x\\mt.exe", 1, { "C:\\x\\mt.exe" }, { "C:\\x\\mt.exe" } },
	{ PATH_COMMAND, "C:\\x\\mt.exe -k a b", 1, { "C:\\x\\mt.exe" }, { "C:\\x\\mt.exe" } },
	{ PATH_COMMAND, "C:\\Program Files\\x\\mt.EXE -k", 1, { "C:\\Program Files\\x\\mt.EXE" },
		{ "C:\\Program Files\\x\\mt.EXE" } },
	{ PATH_COMMAND, "\"C:\\Program Files\\x\\mt.exe\" -k \"C:\\y\"", 1,
		{ "C:\\Program Files\\x\\mt.exe" }, { "C:\\Program Files\\x\\mt.exe" } },
	{ PATH_COMMAND, "\"C:\\no end\\mt.exe", 1, { "C:\\no end\\mt.exe" },
		{ "C:\\no end\\mt.exe" } },
	{ PATH_COMMAND, "C:\\x\\mt -k C:\\y\\z", 1, { "C:\\x\\mt" }, { "C:\\x\\mt" } },
	{ PATH_COMMAND, "C:\\x\\mt -k other.exe", 1, { "C:\\x\\mt -k other.exe" },
		{ "C:\\x\\mt -k other.exe" } },
	{ PATH_COMMAND, "C:\\x\\mt.exeold -k", 1, { "C:\\x\\mt.exeold" }, { "C:\\x\\mt.exeold" } },
	{ PATH_COMMAND, "C:\\x.exe\\mt.exe", 1, { "C:\\x.exe\\mt.exe" }, { "C:\\x.exe\\mt.exe" } },
	{ PATH_COMMAND, "  C:\\x\\mt.exe\t-k", 1, { "C:\\x\\mt.exe" }, { "C:\\x\\mt.exe" } },
	{ PATH_COMMAND, "\\??\\C:\\x\\d.sys", 1, { "\\??\\C:\\x\\d.sys" }, { "C:\\x\\d.sys" } },
	{ PATH_COMMAND, "%SystemRoot%\\system32\\services.exe", 1,
		{ "%SystemRoot%\\system32\\services.exe" },
		{ "C:\\WINNT\\system32\\services.exe" } },
	{ PATH_COMMAND, "%SYSTEMROOT%\\x.exe -k", 1, { "%SYSTEMROOT%\\x.exe" },
		{ "C:\\WINNT\\x.exe" } },
	{ PATH_COMMAND, "\\SystemRoot\\System32\\d.sys", 1, { "\\SystemRoot\\System32\\d.sys" },
		{ "C:\\WINNT\\System32\\d.sys" } },
	{ PATH_COMMAND, "%SystemDrive%\\exchsrvr\\x.exe", 1, { "%SystemDrive%\\exchsrvr\\x.exe" },
		{ "C:\\exchsrvr\\x.exe" } },
	{ PATH_COMMAND, "%SystemDrive%", 1, { "%SystemDrive%" }, { NULL } },
	{ PATH_COMMAND, "%SystemRootX%\\x.exe", 1, { "%SystemRootX%\\x.exe" }, { NULL } },
	{ PATH_COMMAND, "%Other%\\x.exe", 1, { "%Other%\\x.exe" }, { NULL } },
	{ PATH_COMMAND, "\\SystemRootX\\d.sys", 1, { "\\SystemRootX\\d.sys" }, { NULL } },
	{ PATH_COMMAND, "system32\\drivers\\d.sys", 1, { "system32\\drivers\\d.sys" }, { NULL } },
	{ PATH_COMMAND, "C:\\x\\..\\mt.exe", 1, { "C:\\x\\..\\mt.exe" }, { NULL } },
	{ PATH_COMMAND, "", 0, { NULL }, { NULL } },
	{ PATH_COMMAND, ".exe -k", 1, { ".exe" }, { NULL } },
	{ PATH_COMMAND, "a b", 1, { "a" }, { NULL } },
	{ PATH_COMMAND, "   ", 0, { NULL }, { NULL } },
	{ PATH_COMMAND, "\"\" -k", 0, { NULL }, { NULL } },
	{ PATH_PLAIN, "C:\\a b\\mtperf.dll", 1, { "C:\\a b\\mtperf.dll" },
		{ "C:\\a b\\mtperf.dll" } },
	{ PATH_PLAIN, "C:\\a.exe b.dll", 1, { "C:\\a.exe b.dll" }, { "C:\\a.exe b.dll" } },
	{ PATH_PLAIN, " \"C:\\a b\\x.dll\" ", 1, { "C:\\a b\\x.dll" }, { "C:\\a b\\x.dll" } },
	{ PATH_PLAIN, "C:\\a;C:\\b", 1, { "C:\\a;C:\\b" }, { NULL } },
	{ PATH_PLAIN, "mtperf.dll", 1, { "mtperf.dll" }, { NULL } },
	{ PATH_LIST, "C:\\x\\mtmsg.dll", 1, { "C:\\x\\mtmsg.dll" }, { "C:\\x\\mtmsg.dll" } },
	{ PATH_LIST, "C:\\x\\a.dll;%SystemRoot%\\b.dll", 2,
		{ "C:\\x\\a.dll", "%SystemRoot%\\b.dll" }, { "C:\\x\\a.dll", "C:\\WINNT\\b.dll" } },
	{ PATH_LIST, ";; C:\\x y\\a.dll ;\t;e:\\b.dll;", 2, { "C:\\x y\\a.dll", "e:\\b.dll" },
		{ "C:\\x y\\a.dll", "E:\\b.dll" } },
	{ PATH_LIST, "\"C:\\a;b\\x.dll\" junk;C:\\c", 2, { "C:\\a;b\\x.dll", "C:\\c" },
		{ "C:\\a;b\\x.dll", "C:\\c" } },
	{ PATH_LIST, "a.dll;b.dll;C:\\c.dll", 3, { "a.dll", "b.dll", "C:\\c.dll" },
		{ NULL, NULL, "C:\\c.dll" } },
	{ PATH_LIST, ";", 0, { NULL }, { NULL } },
	{ PATH_LIST, "", 0, { NULL }, { NULL } },
};

static void paths_are_found_in_values(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(span_rows); i++) {
		const struct span_row *row = &span_rows[i];
		size_t count;
		struct path_span *spans =
			path_spans(*state, row->text, row->form, "C:\\WINNT", &count);
		assert_non_null(spans);
		assert_int_equal(count, row->count);
		for (size_t j = 0; j < count; j++) {
			support_same_text(talloc_strndup(*state, row->text + spans[j].begin,
						  spans[j].end - spans[j].begin),
				row->written[j]);
			support_same_text(spans[j].full, row->full[j]);
		}
	}
}

static void variables_need_a_system_root(void **state)
{
	size_t count;
	struct path_span *spans =
		path_spans(*state, "%SystemRoot%\\x.exe", PATH_COMMAND, NULL, &count);

	assert_int_equal(count, 1);
	assert_null(spans[0].full);
	spans = path_spans(*state, "C:\\x.exe", PATH_COMMAND, NULL, &count);
	support_same_text(spans[0].full, "C:\\x.exe");
}

struct move_row {
	enum path_form form;
	const char *before;
	enum path_leads leads;
	const char *after; /* NULL: as before */
};

/* The worked example of a server whose postoffice moved from C: to E:, and what such values look
 * like in the wild. */
static const struct move_row move_rows[] = {
	{ PATH_COMMAND, "C:\\exchsrvr\\connect\\msmcon\\bin\\async.exe", LEADS_DEFAULT,
		"E:\\exchsrvr\\connect\\msmcon\\bin\\async.exe" },
	{ PATH_COMMAND,
		"C:\\exchsrvr\\connect\\msmcon\\bin\\x25eicon.exe -p 2 /c:C:\\exchsrvr\\connect\\msmcon\\x",
		LEADS_DEFAULT,
		"E:\\exchsrvr\\connect\\msmcon\\bin\\x25eicon.exe -p 2 /c:C:\\exchsrvr\\connect\\msmcon\\x" },
	{ PATH_COMMAND, "c:\\EXCHSRVR\\CONNECT\\MSMCON\\BIN\\MT.EXE", LEADS_DEFAULT,
		MOVED "\\BIN\\MT.EXE" },
	{ PATH_COMMAND, "C:\\ExchSrvr\\Connect\\Msmcon\\Bin\\Mt.exe", LEADS_DEFAULT,
		MOVED "\\Bin\\Mt.exe" },
	{ PATH_PLAIN, "C:\\exchsrvr\\connect\\msmcon\\bin\\mtperf.dll", LEADS_DEFAULT,
		MOVED "\\bin\\mtperf.dll" },
	{ PATH_PLAIN, "C:\\exchsrvr\\connect\\msmcon\\bin\\xtnperf.dll", LEADS_DEFAULT,
		MOVED "\\bin\\xtnperf.dll" },
	{ PATH_LIST, "C:\\exchsrvr\\connect\\msmcon\\bin\\mtmsg.dll", LEADS_DEFAULT,
		MOVED "\\bin\\mtmsg.dll" },
	{ PATH_LIST,
		"C:\\exchsrvr\\connect\\msmcon\\bin\\xtnmsg.dll;C:\\exchsrvr\\connect\\msmcon\\bin\\mtmsg.dll",
		LEADS_DEFAULT, MOVED "\\bin\\xtnmsg.dll;" MOVED "\\bin\\mtmsg.dll" },
	{ PATH_LIST, "; C:\\exchsrvr\\connect\\msmcon\\bin\\a.dll ;;%SystemRoot%\\b.dll;",
		LEADS_DEFAULT, "; " MOVED "\\bin\\a.dll ;;%SystemRoot%\\b.dll;" },
	{ PATH_LIST, MOVED "\\bin\\a.dll;" DEFAULT "\\bin\\b.dll", LEADS_MIXED,
		MOVED "\\bin\\a.dll;" MOVED "\\bin\\b.dll" },
	{ PATH_LIST, "x.dll;" DEFAULT "\\bin\\b.dll", LEADS_DEFAULT,
		"x.dll;" MOVED "\\bin\\b.dll" },
	{ PATH_LIST, MOVED "\\a.dll;x.dll;" MOVED "\\b.dll", LEADS_RELOCATED, NULL },
	{ PATH_COMMAND, "e:\\EXCHSRVR\\connect\\msmcon\\bin\\mt.exe -x", LEADS_RELOCATED, NULL },
	{ PATH_COMMAND, "\"C:\\exchsrvr\\connect\\msmcon\\bin\\mt.exe\" -k \"a b\"", LEADS_DEFAULT,
		"\"" MOVED "\\bin\\mt.exe\" -k \"a b\"" },
	{ PATH_COMMAND, "\"C:\\exchsrvr\\connect\\msmcon\\bin\\mt.exe", LEADS_DEFAULT,
		"\"" MOVED "\\bin\\mt.exe" },
	{ PATH_COMMAND, "\\??\\C:\\exchsrvr\\connect\\msmcon\\bin\\mt.exe", LEADS_DEFAULT,
		"\\??\\" MOVED "\\bin\\mt.exe" },
	{ PATH_COMMAND, "%SystemDrive%\\exchsrvr\\connect\\msmcon\\bin\\mt.exe", LEADS_DEFAULT,
		MOVED "\\bin\\mt.exe" },
	{ PATH_COMMAND, "C:/exchsrvr//connect/msmcon/bin/mt.exe", LEADS_DEFAULT,
		MOVED "/bin/mt.exe" },
	{ PATH_COMMAND, " \tC:\\exchsrvr\\connect\\msmcon\\bin\\mt.exe  -k ", LEADS_DEFAULT,
		" \t" MOVED "\\bin\\mt.exe  -k " },
	{ PATH_COMMAND, "C:\\exchsrvr\\.\\connect\\msmcon\\.\\bin\\mt.exe", LEADS_DEFAULT,
		MOVED "\\.\\bin\\mt.exe" },
	{ PATH_COMMAND, "\\\\?\\C:\\exchsrvr\\connect\\msmcon\\bin\\mt.exe", LEADS_DEFAULT,
		"\\\\?\\" MOVED "\\bin\\mt.exe" },
	{ PATH_COMMAND, "\\\\?\\" MOVED "\\.\\bin\\mt.exe", LEADS_NOWHERE, NULL },
	{ PATH_COMMAND, MOVED "\\.\\bin\\mt.exe", LEADS_RELOCATED, NULL },
	{ PATH_PLAIN, DEFAULT, LEADS_DEFAULT, MOVED },
	{ PATH_PLAIN, DEFAULT "\\", LEADS_DEFAULT, MOVED "\\" },
	{ PATH_PLAIN, DEFAULT "\\\\maildata", LEADS_DEFAULT, MOVED "\\\\maildata" },
	{ PATH_PLAIN, MOVED, LEADS_RELOCATED, NULL },
	{ PATH_PLAIN, DEFAULT "X\\bin\\mt.exe", LEADS_NOWHERE, NULL },
	{ PATH_PLAIN, DEFAULT ".old\\bin\\mt.exe", LEADS_NOWHERE, NULL },
	{ PATH_PLAIN, "C:\\exchsrvrX\\connect\\msmcon\\bin\\mt.exe", LEADS_NOWHERE, NULL },
	{ PATH_PLAIN, "C:\\exchsrvr\\connect", LEADS_NOWHERE, NULL },
	{ PATH_PLAIN, "D:\\exchsrvr\\connect\\msmcon\\bin\\mt.exe", LEADS_NOWHERE, NULL },
	{ PATH_PLAIN, "C:\\exchsrvr\\connect\\Msfbconn\\Msfbconn.exe", LEADS_NOWHERE, NULL },
	{ PATH_PLAIN, "C:\\exchsrvr\\bin\\..\\connect\\msmcon\\bin\\mt.exe", LEADS_NOWHERE, NULL },
	{ PATH_PLAIN, "\\\\MAIL1\\maildat$", LEADS_NOWHERE, NULL },
	{ PATH_PLAIN, "mtperf.dll", LEADS_NOWHERE, NULL },
	{ PATH_PLAIN, "C:\\exchsrvr\\res\\mtmsg.dll", LEADS_NOWHERE, NULL },
	{ PATH_COMMAND, "", LEADS_NOWHERE, NULL },
	{ PATH_COMMAND, "cmd.exe /c C:\\exchsrvr\\connect\\msmcon\\bin\\mt.exe", LEADS_NOWHERE,
		NULL },
};

static void check_move(TALLOC_CTX *mem, const struct move_row *row, const char *root,
	const struct path_folder *from, const struct path_folder *to)
{
	enum path_leads leads;
	char *after;

	assert_int_equal(path_relocate(mem, row->before, row->form, root, from, to, &leads, &after),
		0);
	if (leads != row->leads)
		fail_msg("%s leads %d", row->before, (int)leads);
	support_same_text(after, row->after ? row->after : row->before);
}

static void values_are_relocated(void **state)
{
	const struct path_folder from = { DEFAULT, NULL }, to = { MOVED, NULL };

	for (size_t i = 0; i < ARRAY_SIZE(move_rows); i++)
		check_move(*state, &move_rows[i], "C:\\WINNT", &from, &to);
}

/* Where the path ends with the folder there is no separator that a root could take over. */
static void a_root_brings_its_backslash(void **state)
{
	static const struct move_row rows[] = {
		{ PATH_PLAIN, DEFAULT, LEADS_DEFAULT, "D:\\" },
		{ PATH_PLAIN, DEFAULT "\\bin\\x.dll", LEADS_DEFAULT, "D:\\bin\\x.dll" },
		{ PATH_COMMAND, "\\??\\" DEFAULT "  t", LEADS_DEFAULT, "\\??\\D:\\  t" },
		{ PATH_LIST, DEFAULT "/;" DEFAULT ";", LEADS_DEFAULT, "D:/;D:\\;" },
	};
	const struct path_folder from = { DEFAULT, NULL }, to = { "D:\\", NULL };

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		check_move(*state, &rows[i], "C:\\WINNT", &from, &to);
}

/* What has been relocated is right, and stays as it is. */
static void relocating_twice_changes_nothing(void **state)
{
	const struct path_folder from = { DEFAULT, NULL }, to = { MOVED, NULL };

	for (size_t i = 0; i < ARRAY_SIZE(move_rows); i++) {
		const struct move_row *row = &move_rows[i];
		struct move_row again = { row->form, row->after ? row->after : row->before,
			LEADS_RELOCATED, NULL };
		if (row->leads != LEADS_NOWHERE)
			check_move(*state, &again, "C:\\WINNT", &from, &to);
	}
}

static void short_names_lead_there_too(void **state)
{
	static const char *const from_shorts[] = { "EXCHAN~1", "CONNEC~1", NULL };
	static const char *const to_shorts[] = { "POSTOF~1", NULL };
	static const struct move_row rows[] = {
		{ PATH_COMMAND, "C:\\EXCHAN~1\\CONNEC~1\\MSMCON\\BIN\\MT.EXE", LEADS_DEFAULT,
			"E:\\Post Office\\msmcon\\BIN\\MT.EXE" },
		{ PATH_COMMAND, "C:\\exchan~1\\Connectors\\msmcon\\bin\\mt.exe -k", LEADS_DEFAULT,
			"E:\\Post Office\\msmcon\\bin\\mt.exe -k" },
		{ PATH_COMMAND, "C:\\Exchange Server\\connec~1\\msmcon\\bin\\mt.exe -k",
			LEADS_DEFAULT, "E:\\Post Office\\msmcon\\bin\\mt.exe -k" },
		{ PATH_PLAIN, "\\??\\c:\\EXCHAN~1\\Connectors\\msmcon", LEADS_DEFAULT,
			"\\??\\E:\\Post Office\\msmcon" },
		{ PATH_PLAIN, "C:\\EXCHAN~2\\Connectors\\msmcon\\bin\\mt.exe", LEADS_NOWHERE,
			NULL },
		{ PATH_PLAIN, "C:\\EXCHAN~1\\Connectors\\MSMCON~1\\bin\\mt.exe", LEADS_NOWHERE,
			NULL },
		{ PATH_PLAIN, "C:\\CONNEC~1\\EXCHAN~1\\msmcon\\bin\\mt.exe", LEADS_NOWHERE, NULL },
		{ PATH_PLAIN, "E:\\POSTOF~1\\msmcon\\bin\\mt.exe", LEADS_RELOCATED, NULL },
	};
	const struct path_folder from = { "C:\\Exchange Server\\Connectors\\msmcon", from_shorts };
	const struct path_folder to = { "E:\\Post Office\\msmcon", to_shorts };

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		check_move(*state, &rows[i], "C:\\WINNT", &from, &to);
}

/* Exchange below the system root: the variable goes only where it stands wholly inside the
 * prefix. */
static void variables_inside_the_prefix(void **state)
{
	static const struct move_row rows[] = {
		{ PATH_COMMAND, "%SystemRoot%\\exchsrvr\\msmcon\\bin\\mt.exe -k", LEADS_DEFAULT,
			"E:\\msmcon\\bin\\mt.exe -k" },
		{ PATH_COMMAND, "\\SystemRoot\\exchsrvr\\msmcon\\bin\\mt.exe", LEADS_DEFAULT,
			"E:\\msmcon\\bin\\mt.exe" },
		{ PATH_COMMAND, "%windir%\\EXCHSRVR\\msmcon", LEADS_DEFAULT, "E:\\msmcon" },
		{ PATH_COMMAND, "%SystemDrive%\\WINNT\\exchsrvr\\msmcon\\x", LEADS_DEFAULT,
			"E:\\msmcon\\x" },
		{ PATH_COMMAND, "%SystemRoot%\\exchsrvr\\msmconx", LEADS_NOWHERE, NULL },
		{ PATH_COMMAND, "%SystemRoot%", LEADS_NOWHERE, NULL },
	};
	static const struct move_row above[] = {
		{ PATH_COMMAND, "%SystemRoot%\\x.exe", LEADS_NOWHERE,
			NULL }, /* D:\NT\WINNT stands for more than D:\NT */
		{ PATH_COMMAND, "%SystemDrive%\\NT\\WINNT\\x.exe", LEADS_DEFAULT,
			"E:\\msmcon\\WINNT\\x.exe" },
		{ PATH_COMMAND, "d:\\nt\\winnt\\x.exe", LEADS_DEFAULT, "E:\\msmcon\\winnt\\x.exe" },
	};
	const struct path_folder to = { "E:\\msmcon", NULL };
	const struct path_folder below = { "C:\\WINNT\\exchsrvr\\msmcon", NULL },
				 over = { "D:\\NT", NULL };

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		check_move(*state, &rows[i], "C:\\WINNT", &below, &to);
	for (size_t i = 0; i < ARRAY_SIZE(above); i++)
		check_move(*state, &above[i], "D:\\NT\\WINNT", &over, &to);
}

static void folders_of_other_lengths(void **state)
{
	static const struct move_row to_root[] = {
		{ PATH_PLAIN, DEFAULT "\\bin\\mt.exe", LEADS_DEFAULT, "E:\\bin\\mt.exe" },
		{ PATH_PLAIN, "e:\\bin\\mt.exe", LEADS_RELOCATED, NULL },
	};
	static const struct move_row nested[] = {
		{ PATH_PLAIN, DEFAULT "\\bin\\mt.exe", LEADS_DEFAULT,
			DEFAULT "\\moved\\bin\\mt.exe" },
		{ PATH_PLAIN, DEFAULT "\\moved\\bin\\mt.exe", LEADS_RELOCATED, NULL },
		{ PATH_LIST, DEFAULT "\\a;" DEFAULT "\\moved\\b", LEADS_MIXED,
			DEFAULT "\\moved\\a;" DEFAULT "\\moved\\b" },
	};
	static const struct move_row from_root[] = {
		{ PATH_PLAIN, "C:\\bin\\mt.exe", LEADS_DEFAULT, MOVED "\\bin\\mt.exe" },
		{ PATH_PLAIN, "C:\\", LEADS_DEFAULT, MOVED "\\" },
	};
	const struct path_folder from = { DEFAULT, NULL }, root = { "E:\\", NULL },
				 inside = { DEFAULT "\\moved", NULL };
	const struct path_folder start = { "C:\\", NULL }, moved = { MOVED, NULL };

	for (size_t i = 0; i < ARRAY_SIZE(to_root); i++)
		check_move(*state, &to_root[i], "C:\\WINNT", &from, &root);
	for (size_t i = 0; i < ARRAY_SIZE(nested); i++)
		check_move(*state, &nested[i], "C:\\WINNT", &from, &inside);
	for (size_t i = 0; i < ARRAY_SIZE(from_root); i++)
		check_move(*state, &from_root[i], "C:\\WINNT", &start, &moved);
}

/* Where a prefix ends, counted by hand. */
static void prefixes_end_behind_the_last_name(void **state)
{
	static const struct {
		const char *text;
		size_t prefix;
	} rows[] = {
		{ "C:\\exchsrvr\\connect\\msmcon\\bin", 26 },
		{ "C:\\exchsrvr\\connect\\msmcon", 26 },
		{ "C:\\exchsrvr\\connect\\msmcon\\", 26 },
		{ "C:\\\\exchsrvr\\connect\\msmcon\\x", 27 },
		{ "\\??\\C:\\exchsrvr\\connect\\msmcon\\x", 30 },
		{ "%SystemDrive%\\exchsrvr\\connect\\msmcon\\x", 37 },
		{ "C:\\exchsrvr\\connect\\msmco", 0 },
		{ "x", 0 },
	};
	const struct path_folder folder = { DEFAULT, NULL };
	size_t count;

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct path_span *spans =
			path_spans(*state, rows[i].text, PATH_PLAIN, "C:\\WINNT", &count);
		assert_int_equal(path_prefix(rows[i].text, spans, &folder), rows[i].prefix);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(paths_are_found_in_values),
		cmocka_unit_test(variables_need_a_system_root),
		cmocka_unit_test(values_are_relocated),
		cmocka_unit_test(a_root_brings_its_backslash),
		cmocka_unit_test(relocating_twice_changes_nothing),
		cmocka_unit_test(short_names_lead_there_too),
		cmocka_unit_test(variables_inside_the_prefix),
		cmocka_unit_test(folders_of_other_lengths),
		cmocka_unit_test(prefixes_end_behind_the_last_name),
	};

	return cmocka_run_group_tests_name("path_value", tests, support_memory_new,
		support_memory_free);
}

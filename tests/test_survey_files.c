/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the survey finds of files, and of what the next boot does with them. */
#include "repair/survey.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "practice/practice.h"
#include "tests/lab.h"
#include "tests/support.h"
#include "tests/survey_rows.h"

static void files_without_versions(void **state)
{
	struct lab *lab = *state;
	const struct survey *survey;
	const struct finding *row;

	lab_file(lab, "C/exchsrvr/connect/msmcon/bin/address.dll", "same", LAB_SETUP_TIME);
	lab_file(lab, "E/exchsrvr/connect/msmcon/bin/address.dll", "same", LAB_SETUP_TIME - 9000);
	lab_file(lab, "C/exchsrvr/connect/msmcon/bin/Sub/NEW.TXT", "abc", LAB_SETUP_TIME);
	lab_file(lab, "E/exchsrvr/connect/msmcon/bin/own.ini", "mine", LAB_SETUP_TIME);
	lab_file(lab, "E/exchsrvr/connect/msmcon/bin/mt.exe.q24", "half", LAB_SETUP_TIME);
	lab_file(lab, "E/exchsrvr/connect/msmcon/bin.q240208-19990312-0941/mt.exe", "old",
		LAB_SETUP_TIME);
	survey = lab_survey(lab, NULL);
	assert_int_equal(lab_row(survey, "file/Bin\\address.dll")->compare, FILE_SAME);
	assert_int_equal(lab_row(survey, "file/Bin\\address.dll")->state, FINDING_RIGHT);
	row = lab_row(survey, "file/Bin\\mt.exe");
	assert_int_equal(row->compare, FILE_DIFFERENT);
	assert_true(row->needed && row->can_change);
	assert_string_equal(row->target, LAB_MOVED "\\bin\\mt.exe");
	assert_string_equal(row->source, LAB_DEFAULT "\\bin\\mt.exe");
	row = lab_row(survey, "file/Bin\\Sub\\NEW.TXT");
	assert_int_equal(row->compare, FILE_ONLY_SETUP);
	assert_int_equal(row->state, FINDING_ABSENT);
	assert_false(row->before.file.present);
	assert_int_equal(row->after.file.size, 3);
	assert_string_equal(row->target, LAB_MOVED "\\bin\\Sub\\NEW.TXT");
	row = lab_row(survey, "file/Bin\\own.ini");
	assert_int_equal(row->compare, FILE_ONLY_RELOCATED);
	assert_false(row->can_change || row->needed);
	assert_null(survey_finding(survey, "file/Bin\\mt.exe.q24"));
	assert_int_equal(survey->leftover_count, 2);
}

static void a_folder_where_setup_has_a_file(void **state)
{
	struct lab *lab = *state;
	const struct finding *row;

	lab_unfile(lab, "E/exchsrvr/connect/msmcon/bin/mt.exe");
	lab_file(lab, "E/exchsrvr/connect/msmcon/bin/mt.exe/x", "x", LAB_SETUP_TIME);
	row = lab_row(lab_survey(lab, NULL), "file/Bin\\mt.exe");
	assert_int_equal(row->state, FINDING_UNKNOWN);
	assert_false(row->can_change || row->needed);
}

/* Setup's side has no files at all. By its version (Store.exe is 5.5.2448, Q158530) one of the
 * connector's own that was kept up to date is right, one from before the service pack nobody can
 * tell; of others none is expected. */
static void files_that_setup_lacks(void **state)
{
	struct practice_spec spec = { .scenario = "standard",
		.seed = 7,
		.flags = PRACTICE_STANDARD };
	struct survey_options none = { 0 };
	const struct survey *survey;
	struct server *server;
	char *dir = support_folder(*state);
	struct error err;

	assert_int_equal(practice_build(dir, &spec, &err), 0);
	support_remove(talloc_asprintf(dir, "%s/C/exchsrvr/CONNECT/MSMCON/BIN", dir));
	assert_int_equal(practice_open(*state, dir, &server, &err), 0);
	assert_int_equal(survey_make(*state, server, &none, &survey, &err), 0);
	assert_int_equal(lab_row(survey, "file/Bin\\async.exe")->move, MOVE_NONE); /* 5.5.2652 */
	assert_int_equal(lab_row(survey, "file/Bin\\mt.exe")->move, MOVE_UNKNOWN); /* 5.5.1960 */
	assert_non_null(strstr(lab_row(survey, "file/Bin\\mt.exe")->todo, "CD"));
	assert_int_equal(lab_row(survey, "file/Bin\\x25eicon.exe")->move, MOVE_UNKNOWN);
	assert_int_equal(lab_row(survey, "file/Bin\\x400omv1.dll")->move, MOVE_NONE);
	assert_int_equal(lab_row(survey, "file/Bin\\mtperf.ini")->move, MOVE_NONE);
}

/* Old, newer and equal versions, as a practice server has them: its builder knows versions from
 * Q243604 and the hotfixes of doc/domain.md 9. */
static void files_with_versions(void **state)
{
	struct practice_spec spec = { .scenario = "standard",
		.seed = 7,
		.flags = PRACTICE_STANDARD };
	struct survey_options none = { 0 };
	const struct survey *survey;
	const struct finding *row;
	struct server *server;
	char *dir = support_folder(*state);
	struct error err;
	size_t newer = 0;

	assert_int_equal(practice_build(dir, &spec, &err), 0);
	assert_int_equal(practice_open(*state, dir, &server, &err), 0);
	assert_int_equal(survey_make(*state, server, &none, &survey, &err), 0);
	assert_true(survey->changes_needed > 10);
	assert_int_equal(survey->live, LIVE_RELOCATED);
	row = lab_row(survey, "file/Bin\\mt.exe");
	assert_int_equal(row->compare, FILE_OLDER);
	assert_true(row->needed);
	assert_true(row->before.file.version.part[2] < row->after.file.version.part[2]);
	for (size_t i = 0; i < survey->finding_count; i++) {
		row = &survey->findings[i];
		if (row->kind != KIND_FILE || row->compare != FILE_NEWER)
			continue;
		newer++;
		assert_int_equal(row->state, FINDING_UNKNOWN);
		assert_true(row->can_change);
		assert_false(row->needed);
	}
	assert_int_equal(newer, 1);
}

static void a_healthy_server_needs_nothing(void **state)
{
	struct practice_spec spec = { .scenario = "healthy", .seed = 3 };
	struct survey_options none = { 0 };
	const struct survey *survey;
	struct server *server;
	char *dir = support_folder(*state);
	struct error err;

	assert_true(practice_scenario("healthy", &spec.flags));
	assert_int_equal(practice_build(dir, &spec, &err), 0);
	assert_int_equal(practice_open(*state, dir, &server, &err), 0);
	assert_int_equal(survey_make(*state, server, &none, &survey, &err), 0);
	assert_int_equal(survey->changes_needed, 0);
	assert_false(lab_row(survey, "backup/Bin")->needed);
	assert_int_equal(lab_row(survey, "share/Maildat$")->state, FINDING_RIGHT);
}

/* Each names a whole program or library of the relocated Bin: but not the one that Q171259 says, or
 * with arguments that lead back. */
static void a_value_that_names_another_file(void **state)
{
	static const struct {
		const char *key, *name, *text;
		enum finding_move move;
		bool change;
		const char *told;
	} rows[] = {
		{ "MSExchangeMSMI", "ImagePath", LAB_MOVED "\\bin\\mt.exe", MOVE_NONE, false, "" },
		{ "MSExchangeMSMI", "ImagePath", LAB_MOVED "\\bin\\MT", MOVE_NONE, false, "" },
		{ "MSExchangeMSMI", "ImagePath", LAB_MOVED "\\bin\\async.exe", MOVE_PERSON, false,
			"belongs here" },
		{ "MSExchangeMSMI", "ImagePath", LAB_DEFAULT "\\bin\\async.exe", MOVE_PERSON, false,
			"belongs here" },
		{ "MSExchangeMSMI\\Performance", "Library", LAB_MOVED "\\bin\\xtnperf.dll",
			MOVE_PERSON, false, "belongs here" },
		{ "MSExchangePCMTA\\Performance", "Library", LAB_MOVED "\\bin\\mtperf.dll",
			MOVE_PERSON, false, "belongs here" },
		{ "MSExchangeMSMI", "ImagePath",
			LAB_MOVED "\\bin\\mt.exe " LAB_DEFAULT "\\maildata", MOVE_PERSON, false,
			"arguments" },
		{ "MSExchangeMSMI", "ImagePath",
			"\"" LAB_MOVED "\\bin\\mt.exe\" -d\"" LAB_DEFAULT "\"", MOVE_PERSON, false,
			"arguments" },
		{ "MSExchangeMSMI", "ImagePath",
			LAB_DEFAULT "\\bin\\mt.exe " LAB_DEFAULT "\\maildata", MOVE_PERSON, false,
			"arguments" },
		{ "MSExchangeMSMI", "ImagePath", LAB_MOVED "\\bin\\mt.exe " LAB_MOVED "\\maildata",
			MOVE_NONE, false, "" },
		{ "MSExchangeMSMI", "ImagePath", LAB_DEFAULT "\\bin\\mt.exe /log C:\\temp",
			MOVE_PROGRAM, true, "" },
		{ LAB_VANCOUVER, "ImagePath", LAB_MOVED "\\bin\\mt.exe", MOVE_PERSON, false,
			"belongs here" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct lab *lab = lab_new(*state);
		const struct finding *row;

		lab_text(lab, talloc_asprintf(lab, "SERVICES\\%s", rows[i].key), rows[i].name,
			REG_EXPAND_SZ, rows[i].text);
		row = lab_row(lab_survey(lab, NULL),
			talloc_asprintf(lab, "registry/%s\\%s", rows[i].key, rows[i].name));
		if (row->move != rows[i].move || row->can_change != rows[i].change ||
			row->needed != rows[i].change || !strstr(row->text, rows[i].told) ||
			(row->state == FINDING_RIGHT) != (row->move == MOVE_NONE))
			fail_msg("row %zu: move %d, %s", i, (int)row->move, row->text);
	}
}

/* The list of MoveFileEx: pairs of names, of which the second may be empty. */
static void what_the_next_boot_does(void **state)
{
	static const struct {
		const char *from, *to;
		bool told;
	} rows[] = {
		{ "\\??\\" LAB_MOVED "\\bin\\mt.exe", "", true },
		{ "\\??\\C:\\temp\\mt.tmp", "!\\??\\" LAB_MOVED "\\Bin\\mt.exe", true },
		{ "\\??\\C:\\temp\\new", "\\??\\C:\\WINNT\\system32\\config\\SYSTEM", true },
		{ "\\??\\C:\\temp\\a.tmp", "", false },
		{ "\\??\\" LAB_MOVED "\\bin2\\mt.exe", "", false },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct lab *lab = lab_new(*state);
		const struct survey *survey;
		const struct finding *row;
		size_t first, second;
		uint8_t *from = text_to_utf16(lab, rows[i].from, &first),
			*to = text_to_utf16(lab, rows[i].to, &second);
		uint8_t *all = talloc_zero_array(lab, uint8_t, (unsigned)(first + second + 100));

		/* A pair that touches nothing, the one of the row, the end. */
		memcpy(all, "x", 1);
		memcpy(all + 6, from, first);
		memcpy(all + 6 + first + 2, to, second);
		lab_bytes(lab, "SYSTEM\\ControlSet001\\Control\\Session Manager",
			"PendingFileRenameOperations", REG_MULTI_SZ, all, first + second + 12);
		survey = lab_survey(lab, NULL);
		row = survey_finding(survey, "registry/PendingFileRenameOperations");
		if (!!row != rows[i].told)
			fail_msg("row %zu", i);
		if (!row)
			continue;
		assert_int_equal(row->move, MOVE_PERSON);
		assert_false(row->can_change);
		assert_non_null(strstr(row->text, *rows[i].to ? rows[i].to : rows[i].from));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_LAB(files_without_versions),
		WITH_LAB(a_folder_where_setup_has_a_file),
		WITH_LAB(files_that_setup_lacks),
		WITH_LAB(files_with_versions),
		WITH_LAB(a_healthy_server_needs_nothing),
		WITH_LAB(a_value_that_names_another_file),
		WITH_LAB(what_the_next_boot_does),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the survey finds of the values. Every expected string is worked out by hand from the
 * server's description in lab.c. */
#include "repair/survey.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "tests/lab.h"
#include "tests/survey_rows.h"

#define LOG "registry/EventLog\\Application\\"

/* The eleven values, two PC MTAs, as the worked example says. */
static void the_worked_example(void **state)
{
	static const struct {
		const char *id, *leaf;
		uint32_t type;
	} rows[] = {
		{ "registry/MTA to Vancouver PO\\ImagePath", "async.exe", REG_EXPAND_SZ },
		{ "registry/Legacy Mail Connector\\ImagePath", "x25eicon.exe", REG_EXPAND_SZ },
		{ "registry/MSExchangeMSMI\\ImagePath", "mt.exe", REG_EXPAND_SZ },
		{ "registry/MSExchangeMSMI\\Performance\\Library", "mtperf.dll", REG_SZ },
		{ "registry/MSExchangePCMTA\\Performance\\Library", "xtnperf.dll", REG_SZ },
		{ LOG "MSExchangeMSMI\\CategoryMessageFile", "mtmsg.dll", REG_EXPAND_SZ },
		{ LOG "MSExchangeMSMI\\EventMessageFile", "mtmsg.dll", REG_EXPAND_SZ },
		{ LOG "MTA to Vancouver PO\\CategoryMessageFile", "xtnmsg.dll", REG_EXPAND_SZ },
		{ LOG "MTA to Vancouver PO\\EventMessageFile", "xtnmsg.dll", REG_EXPAND_SZ },
		{ LOG "Legacy Mail Connector\\CategoryMessageFile", "xtnmsg.dll", REG_EXPAND_SZ },
		{ LOG "Legacy Mail Connector\\EventMessageFile", "xtnmsg.dll", REG_EXPAND_SZ },
	};
	const struct survey *survey = lab_survey(*state, NULL);
	size_t values = 0;

	assert_string_equal(survey->control_set, "ControlSet001");
	assert_string_equal(survey->default_msmcon, LAB_DEFAULT);
	assert_string_equal(survey->relocated_msmcon, LAB_MOVED);
	assert_int_equal(survey->pcmta_count, 2);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		rows_wrong(survey, rows[i].id, rows[i].type,
			talloc_asprintf(*state, LAB_DEFAULT "\\bin\\%s", rows[i].leaf),
			talloc_asprintf(*state, LAB_MOVED "\\bin\\%s", rows[i].leaf));
	for (size_t i = 0; i < survey->finding_count; i++)
		values += survey->findings[i].kind == KIND_VALUE;
	assert_int_equal(values, 11);
	/* Eight files, eleven values, the share, and the backup before them. */
	assert_int_equal(survey->changes_needed, 8 + 11 + 1 + 1);
	assert_true(lab_row(survey, "backup/Bin")->needed);
}

static void rows_are_in_the_order_of_steps(void **state)
{
	const struct survey *survey = lab_survey(*state, NULL);

	for (size_t i = 1; i < survey->finding_count; i++) {
		assert_true(survey->findings[i - 1].step <= survey->findings[i].step);
		if (survey->findings[i].kind == KIND_VALUE &&
			survey->findings[i - 1].kind == KIND_VALUE)
			assert_true(survey->findings[i - 1].entry <= survey->findings[i].entry);
	}
	for (size_t i = 0; i < survey->finding_count; i++)
		for (size_t k = 0; k < i; k++)
			assert_string_not_equal(survey->findings[i].id, survey->findings[k].id);
}

/* The service pack changes only "most" of the values. */
static void some_values_are_right(void **state)
{
	struct lab *lab = *state;
	const struct survey *survey;

	lab_text(lab, "SERVICES\\" LAB_VANCOUVER, "ImagePath", REG_EXPAND_SZ,
		"E:\\EXCHSRVR\\Connect\\MSMCON\\bin\\async.exe");
	survey = lab_survey(lab, NULL);
	assert_int_equal(lab_row(survey, "registry/MTA to Vancouver PO\\ImagePath")->state,
		FINDING_RIGHT);
	assert_false(lab_row(survey, "registry/MTA to Vancouver PO\\ImagePath")->needed);
	assert_string_equal(survey->relocated_source,
		"Registry values of the connector still name it.");
	assert_true(survey->letters_proved);
	assert_false(survey->check_only);
}

static void spellings_are_kept(void **state)
{
	struct lab *lab = *state;
	const struct survey *survey;

	lab_text(lab, "SERVICES\\" LAB_LEGACY, "ImagePath", REG_EXPAND_SZ,
		"\"c:\\EXCHSRVR\\connect\\Msmcon\\BIN\\x25eicon.exe\" /log:2 C:\\exchsrvr\\x");
	lab_text(lab, "SERVICES\\MSExchangeMSMI", "ImagePath", REG_SZ,
		"\\??\\C:\\exchsrvr\\connect\\msmcon\\bin\\mt.exe -x");
	lab_text(lab, "SERVICES\\EventLog\\Application\\MSExchangeMSMI", "EventMessageFile",
		REG_EXPAND_SZ,
		"%SystemRoot%\\System32\\netmsg.dll;C:\\exchsrvr\\connect\\msmcon\\bin\\mtmsg.dll");
	lab_text(lab, "SERVICES\\EventLog\\Application\\" LAB_LEGACY, "EventMessageFile",
		REG_EXPAND_SZ,
		"E:\\exchsrvr\\connect\\msmcon\\bin\\xtnmsg.dll;C:\\exchsrvr\\connect\\msmcon\\bin\\xtnmsg.dll");
	survey = lab_survey(lab, NULL);
	rows_wrong(survey, "registry/Legacy Mail Connector\\ImagePath", REG_EXPAND_SZ,
		"\"c:\\EXCHSRVR\\connect\\Msmcon\\BIN\\x25eicon.exe\" /log:2 C:\\exchsrvr\\x",
		"\"E:\\exchsrvr\\connect\\msmcon\\BIN\\x25eicon.exe\" /log:2 C:\\exchsrvr\\x");
	rows_wrong(survey, "registry/MSExchangeMSMI\\ImagePath", REG_SZ,
		"\\??\\C:\\exchsrvr\\connect\\msmcon\\bin\\mt.exe -x",
		"\\??\\E:\\exchsrvr\\connect\\msmcon\\bin\\mt.exe -x");
	rows_wrong(survey, LOG "MSExchangeMSMI\\EventMessageFile", REG_EXPAND_SZ,
		"%SystemRoot%\\System32\\netmsg.dll;C:\\exchsrvr\\connect\\msmcon\\bin\\mtmsg.dll",
		"%SystemRoot%\\System32\\netmsg.dll;E:\\exchsrvr\\connect\\msmcon\\bin\\mtmsg.dll");
	assert_int_equal(lab_row(survey, LOG "Legacy Mail Connector\\EventMessageFile")->leads,
		LEADS_MIXED);
	rows_wrong(survey, LOG "Legacy Mail Connector\\EventMessageFile", REG_EXPAND_SZ,
		"E:\\exchsrvr\\connect\\msmcon\\bin\\xtnmsg.dll;C:\\exchsrvr\\connect\\msmcon\\bin\\xtnmsg.dll",
		"E:\\exchsrvr\\connect\\msmcon\\bin\\xtnmsg.dll;E:\\exchsrvr\\connect\\msmcon\\bin\\xtnmsg.dll");
}

/* Setup wrote strings without NUL (Q279158); the new data end as the old ones did. */
static void endings_are_kept(void **state)
{
	static const uint8_t before[] =
		"C\0:"
		"\0\\\0e\0x\0c\0h\0s\0r\0v\0r\0\\\0c\0o\0n\0n\0e\0c\0t\0\\\0m\0s\0m\0c\0o\0n\0"
		"\\\0b\0i\0n\0\\\0m\0t\0.\0e\0x\0e";
	struct lab *lab = *state;
	const struct finding *row;
	/* with the zero byte of the last character, without a NUL behind it */
	size_t len = sizeof(before);

	lab_bytes(lab, "SERVICES\\MSExchangeMSMI", "ImagePath", REG_EXPAND_SZ, before, len);
	row = lab_row(lab_survey(lab, NULL), "registry/MSExchangeMSMI\\ImagePath");
	assert_int_equal(row->before.value.data->len, len);
	assert_int_equal(row->after.value.data->len, len);
	assert_int_equal(row->after.value.data->bytes[0], 'E');
	assert_memory_equal(row->after.value.data->bytes + 1, before + 1, len - 1);
}

/* C:\Program Files\Exchsrvr is C:\PROGRA~1\Exchsrvr for a service that was installed so; no disk of
 * this machine says it. */
static void short_names(void **state)
{
	struct lab *lab = *state;
	const struct survey *survey;

	lab_text(lab, "SOFTWARE\\Microsoft\\Exchange\\Setup", "Services", REG_SZ,
		"C:\\Program Files\\Exchsrvr");
	lab_text(lab, "SOFTWARE\\Microsoft\\Exchange\\Setup", "MSMailConnector", REG_SZ,
		"C:\\PROGRA~1\\Exchsrvr\\");
	lab_file(lab, "C/Program Files/Exchsrvr/connect/msmcon/bin/mt.exe", "new", LAB_SETUP_TIME);
	lab_values(lab, "C:\\Program Files\\Exchsrvr\\connect\\msmcon");
	lab_text(lab, "SERVICES\\MSExchangeMSMI", "ImagePath", REG_EXPAND_SZ,
		"C:\\PROGRA~1\\Exchsrvr\\connect\\msmcon\\bin\\mt.exe");
	lab_unfile(lab, "C/exchsrvr/connect");
	survey = lab_survey(lab, NULL);
	assert_string_equal(survey->default_msmcon, "C:\\Program Files\\Exchsrvr\\connect\\msmcon");
	assert_string_equal(survey->default_shorts[0], "PROGRA~1");
	assert_null(survey->default_shorts[1]);
	rows_wrong(survey, "registry/MSExchangeMSMI\\ImagePath", REG_EXPAND_SZ,
		"C:\\PROGRA~1\\Exchsrvr\\connect\\msmcon\\bin\\mt.exe", LAB_MOVED "\\bin\\mt.exe");
	assert_non_null(strstr(lab_row(survey, "registry/MSExchangeMSMI\\ImagePath")->text,
		"derived by the Windows rule"));
}

/* Two folders whose names shorten alike: the rule cannot tell them apart, so the value is left
 * alone. */
static void short_names_that_two_could_have(void **state)
{
	struct lab *lab = *state;
	const struct survey *survey;

	lab_text(lab, "SOFTWARE\\Microsoft\\Exchange\\Setup", "Services", REG_SZ,
		"C:\\Program Files\\Exchsrvr");
	lab_text(lab, "SOFTWARE\\Microsoft\\Exchange\\Setup", "MSMailConnector", REG_SZ,
		"C:\\Program Files\\Exchsrvr");
	lab_file(lab, "C/Program Files/Exchsrvr/connect/msmcon/bin/mt.exe", "new", LAB_SETUP_TIME);
	lab_file(lab, "C/Program Friends/x", "new", LAB_SETUP_TIME);
	lab_text(lab, "SERVICES\\MSExchangeMSMI", "ImagePath", REG_EXPAND_SZ,
		"C:\\PROGRA~1\\Exchsrvr\\connect\\msmcon\\bin\\mt.exe");
	lab_text(lab, "SERVICES\\" LAB_VANCOUVER, "ImagePath", REG_EXPAND_SZ,
		LAB_MOVED "\\bin\\async.exe");
	lab_unfile(lab, "C/exchsrvr/connect");
	survey = lab_survey(lab, &(struct survey_options){ .relocated = LAB_MOVED });
	assert_null(survey->default_shorts[0]);
	assert_int_equal(lab_row(survey, "registry/MSExchangeMSMI\\ImagePath")->state,
		FINDING_UNKNOWN);
}

static void values_that_are_no_change(void **state)
{
	struct lab *lab = *state;
	const struct survey *survey;
	const struct finding *row;

	lab_text(lab, "SERVICES\\MSExchangeMSMI\\Performance", "Library", REG_SZ,
		"C:\\elsewhere\\mtperf.dll");
	lab_number(lab, "SERVICES\\MSExchangePCMTA\\Performance", "Library", 7);
	lab_remove(lab, "SERVICES\\EventLog\\Application\\MSExchangeMSMI", "CategoryMessageFile");
	lab_remove(lab, "SERVICES\\EventLog\\Application\\" LAB_LEGACY, NULL);
	lab_remove(lab, "SERVICES\\" LAB_LEGACY, "ImagePath");
	survey = lab_survey(lab, NULL);
	row = lab_row(survey, "registry/MSExchangeMSMI\\Performance\\Library");
	assert_int_equal(row->state, FINDING_WRONG);
	assert_int_equal(row->move, MOVE_PERSON);
	assert_false(row->can_change || row->needed);
	assert_non_null(row->missing);
	row = lab_row(survey, "registry/MSExchangePCMTA\\Performance\\Library");
	assert_int_equal(row->move, MOVE_PERSON);
	assert_false(row->can_change || row->needed);
	row = lab_row(survey, LOG "MSExchangeMSMI\\CategoryMessageFile");
	assert_int_equal(row->state, FINDING_ABSENT);
	assert_false(row->can_change || row->needed);
	assert_string_equal(row->text, "There is no such value; that may be normal.");
	assert_string_equal(lab_row(survey, LOG "Legacy Mail Connector\\EventMessageFile")->text,
		"There is no such "
		"key; that may be "
		"normal.");
	row = lab_row(survey, "registry/Legacy Mail Connector\\ImagePath");
	assert_int_equal(row->state, FINDING_ABSENT);
	assert_int_equal(row->move, MOVE_PERSON);
	assert_non_null(strstr(row->todo, "does not make values up"));
}

/* What a service is to start from must be a whole program in the relocated Msmcon (CreateProcess;
 * PE and COFF specification). */
static void whose_move_a_value_is(void **state)
{
	static const struct {
		const char *text;
		enum finding_move move;
	} rows[] = {
		{ LAB_MOVED "\\bin\\mt.exe", MOVE_NONE },
		{ LAB_MOVED "\\.\\bin\\mt.exe", MOVE_NONE },
		{ "\\\\?\\" LAB_MOVED "\\bin\\mt.exe", MOVE_NONE },
		{ "E:/exchsrvr//connect/msmcon/bin/mt.exe", MOVE_NONE },
		{ LAB_MOVED "\\bin\\mt.exe\\", MOVE_PERSON }, /* no file ends so */
		{ LAB_MOVED "\\bin\\mt.exe/", MOVE_PERSON },
		{ LAB_MOVED "\\bin\\..\\bin\\mt.exe", MOVE_PERSON },
		{ "%SystemDrive%\\exchsrvr\\connect\\msmcon\\bin\\mt.exe", MOVE_PROGRAM },
		{ LAB_DEFAULT "\\.\\bin\\mt.exe", MOVE_PROGRAM },
		{ "\\\\?\\" LAB_DEFAULT "\\bin\\mt.exe", MOVE_PROGRAM },
		{ LAB_MOVED "\\bin\\mt", MOVE_NONE }, /* .exe is appended */
		{ LAB_MOVED "\\bin\\mt -x", MOVE_NONE },
		{ "\"" LAB_MOVED "\\bin\\mt.exe\" -x", MOVE_NONE },
		{ LAB_MOVED "\\bin", MOVE_PERSON }, /* a folder: bin.exe is not there */
		{ LAB_MOVED "\\bin\\mtmsg.dll", MOVE_PERSON },
		{ LAB_MOVED "\\bin\\gone.exe", MOVE_PERSON },
		{ LAB_MOVED "\\bin\\empty.exe", MOVE_PERSON },
		{ LAB_MOVED "\\bin\\folder.exe", MOVE_PERSON },
		/* a drive that was not given */
		{ "F:\\exchsrvr\\connect\\msmcon\\bin\\mt.exe", MOVE_UNKNOWN },
		{ "C:\\third\\mt.exe", MOVE_PERSON },
		{ "\\\\LAB\\E$\\mt.exe", MOVE_PERSON },
		{ "mt.exe", MOVE_PERSON },
		{ "", MOVE_PERSON },
		{ LAB_DEFAULT "\\bin\\mt.exe", MOVE_PROGRAM },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct lab *lab = lab_new(*state);
		const struct survey *survey;
		const struct finding *row;

		lab_values(lab, LAB_MOVED);
		lab_file(lab, "E/exchsrvr/connect/msmcon/bin/empty.exe", "", LAB_SETUP_TIME);
		lab_file(lab, "E/exchsrvr/connect/msmcon/bin/folder.exe/x", "x", LAB_SETUP_TIME);
		lab_text(lab, "SERVICES\\MSExchangeMSMI", "ImagePath", REG_EXPAND_SZ, rows[i].text);
		survey = lab_survey(lab, NULL);
		row = lab_row(survey, "registry/MSExchangeMSMI\\ImagePath");
		if (row->move != rows[i].move)
			fail_msg("%s: %d", rows[i].text, (int)row->move);
		assert_int_equal(row->todo != NULL, row->move != MOVE_NONE);
		talloc_free(lab);
	}
}

/* What the values of services name lies in Bin itself, and is what is known to do that work: a
 * backup of step 1 stands beside Bin. */
static void files_that_do_other_work(void **state)
{
	static const char msmi[] = "MSExchangeMSMI",
			  events[] = "EventLog\\Application\\" LAB_LEGACY;
	static const struct {
		const char *service, *name, *text;
		bool right;
	} rows[] = {
		{ msmi, "ImagePath", LAB_MOVED "\\bin\\mt.exe", true },
		{ msmi, "ImagePath", LAB_MOVED "\\bin\\old\\mt.exe", false },
		{ msmi, "ImagePath", LAB_MOVED "\\bin.q240208-1\\mt.exe", false },
		{ msmi, "ImagePath", LAB_MOVED "\\mt.exe", false },
		{ LAB_LEGACY, "ImagePath", LAB_MOVED "\\bin\\async.exe", true },
		{ LAB_LEGACY, "ImagePath", LAB_MOVED "\\bin\\mt.exe", false },
		{ LAB_LEGACY, "ImagePath", LAB_MOVED "\\bin.q240208-1\\async.exe", false },
		{ events, "EventMessageFile", LAB_MOVED "\\bin\\xtnmsg.dll", true },
		{ events, "EventMessageFile", LAB_MOVED "\\bin\\mt.exe", false },
		{ events, "EventMessageFile", LAB_MOVED "\\bin\\address.dll", false },
		{ events, "EventMessageFile", LAB_MOVED "\\bin.q240208-1\\xtnmsg.dll", false },
		{ events, "EventMessageFile",
			LAB_MOVED "\\bin\\xtnmsg.dll;" LAB_MOVED "\\bin.q240208-1\\xtnmsg.dll",
			false },
		{ events, "EventMessageFile", LAB_MOVED "\\bin\\xtnmsg.dll;E:\\other\\res.dll",
			true },
	};
	static const char *const files[] = { "connect/msmcon/bin/async.exe",
		"connect/msmcon/bin/address.dll", "connect/msmcon/bin/old/mt.exe",
		"connect/msmcon/bin.q240208-1/mt.exe", "connect/msmcon/bin.q240208-1/async.exe",
		"connect/msmcon/bin.q240208-1/xtnmsg.dll", "connect/msmcon/mt.exe" };

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct lab *lab = lab_new(*state);
		const struct finding *row;

		lab_values(lab, LAB_MOVED);
		for (size_t k = 0; k < sizeof(files) / sizeof(files[0]); k++)
			lab_file(lab, talloc_asprintf(lab, "E/exchsrvr/%s", files[k]), "whole",
				LAB_SETUP_TIME);
		lab_file(lab, "E/other/res.dll", "whole", LAB_SETUP_TIME);
		lab_text(lab, talloc_asprintf(lab, "SERVICES\\%s", rows[i].service), rows[i].name,
			REG_EXPAND_SZ, rows[i].text);
		row = lab_row(lab_survey(lab, NULL),
			talloc_asprintf(lab, "registry/%s\\%s", rows[i].service, rows[i].name));
		if ((row->move == MOVE_NONE) != rows[i].right)
			fail_msg("%s of %s: %d", rows[i].text, rows[i].service, (int)row->move);
		talloc_free(lab);
	}
}

/* A file Program or Program.exe in the root stops whatever lies below "Program Files" and is named
 * without quotation marks; a folder of that name stops services of Windows 2000 only (Q195052,
 * 812486). */
static void what_stands_before_a_blank(void **state)
{
	static const struct {
		const char *nt, *file, *text;
		enum finding_move move;
	} rows[] = {
		{ "4.0", "E/other", "E:\\My Mail\\msmcon\\bin\\mt.exe", MOVE_NONE },
		{ "4.0", "E/My", "E:\\My Mail\\msmcon\\bin\\mt.exe", MOVE_PERSON },
		{ "4.0", "E/My.exe", "E:\\My Mail\\msmcon\\bin\\mt.exe", MOVE_PERSON },
		{ "4.0", "E/My.dll", "E:\\My Mail\\msmcon\\bin\\mt.exe", MOVE_NONE },
		{ "4.0", "E/My/file", "E:\\My Mail\\msmcon\\bin\\mt.exe", MOVE_NONE },
		{ "4.0", "E/My.exe/file", "E:\\My Mail\\msmcon\\bin\\mt.exe", MOVE_NONE },
		{ "5.0", "E/My/file", "E:\\My Mail\\msmcon\\bin\\mt.exe", MOVE_PERSON },
		{ "5.0", "E/My.exe/file", "E:\\My Mail\\msmcon\\bin\\mt.exe", MOVE_NONE },
		{ "5.0", "E/My/file", "\"E:\\My Mail\\msmcon\\bin\\mt.exe\"", MOVE_NONE },
		{ "4.0", "E/My", "\"E:\\My Mail\\msmcon\\bin\\mt.exe\"", MOVE_NONE },
		{ "4.0", "E/other", "E:\\My Mail\\msmcon\\bin\\mt", MOVE_NONE },
		{ "4.0", "E/My Mail/msmcon/bin/mt", "E:\\My Mail\\msmcon\\bin\\mt", MOVE_PERSON },
		{ "4.0", "E/My Mail/msmcon/bin/mt", "\"E:\\My Mail\\msmcon\\bin\\mt\"",
			MOVE_PERSON },
		{ "4.0", "E/My Mail/msmcon/bin/mt", "E:\\My Mail\\msmcon\\bin\\mt.exe", MOVE_NONE },
		{ "4.0", "E/My Mail/msmcon/bin/mt/file", "E:\\My Mail\\msmcon\\bin\\mt",
			MOVE_NONE },
		{ "4.0", "E/other", "E:\\My|Mail a\\mt.exe", MOVE_PERSON },
		{ "4.0", "E/other", "E:\\My|Mail\\mt", MOVE_PERSON },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct lab *lab = lab_new(*state);
		enum finding_move move;

		lab_move(lab, "E/exchsrvr/connect", "E/My Mail");
		lab_values(lab, "E:\\My Mail\\msmcon");
		lab_file(lab, rows[i].file, "no program", LAB_SETUP_TIME);
		lab_text(lab, "SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion", "CurrentVersion",
			REG_SZ, rows[i].nt);
		lab_text(lab, "SERVICES\\MSExchangeMSMI", "ImagePath", REG_EXPAND_SZ, rows[i].text);
		move = lab_row(lab_survey(lab, NULL), "registry/MSExchangeMSMI\\ImagePath")->move;
		if (move != rows[i].move)
			fail_msg("NT %s, %s beside %s: %d", rows[i].nt, rows[i].file, rows[i].text,
				(int)move);
		talloc_free(lab);
	}
}

/* Windows expands variables in a REG_EXPAND_SZ only. */
static void a_variable_in_a_plain_string(void **state)
{
	struct lab *lab = *state;
	const struct finding *row;

	lab_text(lab, "SERVICES\\MSExchangeMSMI", "ImagePath", REG_SZ,
		"%SystemDrive%\\exchsrvr\\connect\\msmcon\\bin\\mt.exe");
	row = lab_row(lab_survey(lab, NULL), "registry/MSExchangeMSMI\\ImagePath");
	assert_int_equal(row->move, MOVE_PERSON);
	assert_false(row->can_change || row->needed);
}

/* Setup's empty file is not proposed over a program; an empty program is replaced by setup's. */
static void empty_files(void **state)
{
	struct lab *lab = *state;
	const struct survey *survey;
	const struct finding *row;

	lab_file(lab, "C/exchsrvr/connect/msmcon/bin/mt.exe", "", LAB_SETUP_TIME);
	lab_file(lab, "E/exchsrvr/connect/msmcon/bin/async.exe", "", LAB_SETUP_TIME);
	survey = lab_survey(lab, NULL);
	row = lab_row(survey, "file/Bin\\mt.exe");
	assert_false(row->needed);
	assert_int_equal(row->move, MOVE_PROGRAM);
	row = lab_row(survey, "file/Bin\\async.exe");
	assert_true(row->needed);
}

/* A right value whose file is not there is a finding; a file that step 2 will bring counts as
 * there. */
static void missing_files(void **state)
{
	struct lab *lab = *state;
	const struct survey *survey;

	lab_values(lab, LAB_MOVED);
	lab_unfile(lab, "E/exchsrvr/connect/msmcon/bin/async.exe");
	lab_unfile(lab, "E/exchsrvr/connect/msmcon/bin/xtnperf.dll");
	lab_unfile(lab, "C/exchsrvr/connect/msmcon/bin/xtnperf.dll");
	survey = lab_survey(lab, NULL);
	assert_null(lab_row(survey, "registry/MTA to Vancouver PO\\ImagePath")->missing);
	assert_int_equal(lab_row(survey, "registry/MTA to Vancouver PO\\ImagePath")->move,
		MOVE_PROGRAM);
	assert_int_equal(lab_row(survey, "registry/MSExchangePCMTA\\Performance\\Library")->state,
		FINDING_WRONG);
	assert_int_equal(lab_row(survey, "registry/MSExchangePCMTA\\Performance\\Library")->move,
		MOVE_PERSON);
	assert_string_equal(lab_row(survey, "registry/MSExchangePCMTA\\Performance\\Library")
				    ->missing,
		LAB_MOVED "\\bi"
			  "n\\x"
			  "tnpe"
			  "rf."
			  "dl"
			  "l");
	assert_int_equal(lab_row(survey, "file/Bin\\Xtnperf.dll")->state, FINDING_ABSENT);
	assert_int_equal(lab_row(survey, "file/Bin\\Xtnperf.dll")->move, MOVE_PERSON);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_LAB(the_worked_example),
		WITH_LAB(rows_are_in_the_order_of_steps),
		WITH_LAB(some_values_are_right),
		WITH_LAB(spellings_are_kept),
		WITH_LAB(endings_are_kept),
		WITH_LAB(short_names),
		WITH_LAB(short_names_that_two_could_have),
		WITH_LAB(values_that_are_no_change),
		WITH_LAB(whose_move_a_value_is),
		WITH_LAB(files_that_do_other_work),
		WITH_LAB(what_stands_before_a_blank),
		WITH_LAB(empty_files),
		WITH_LAB(a_variable_in_a_plain_string),
		WITH_LAB(missing_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

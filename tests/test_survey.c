/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the survey finds: files, values, share, services. Every expected string is worked out by hand from the server's
 * description in lab.c. */
#include "repair/survey.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "server/practice.h"
#include "tests/lab.h"
#include "tests/support.h"

#define LOG "registry/EventLog\\Application\\"

static int lab_setup(void **state)
{
	*state = lab_new(NULL);
	return *state ? 0 : -1;
}

static int lab_teardown(void **state)
{
	return talloc_free(*state);
}

/* Type and text of one side of a value. */
static void assert_side(const struct side *side, uint32_t type, const char *text)
{
	assert_non_null(side->value.data);
	assert_int_equal(side->value.data->type, type);
	assert_string_equal(regdata_string(side->value.data, side->value.data), text);
}

static void assert_wrong(const struct survey *survey, const char *id, uint32_t type, const char *before,
			 const char *after)
{
	const struct finding *row = lab_row(survey, id);

	assert_int_equal(row->state, FINDING_WRONG);
	assert_int_equal(row->step, 3);
	assert_true(row->needed && row->can_change);
	assert_side(&row->before, type, before);
	assert_side(&row->after, type, after);
}

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
		assert_wrong(survey, rows[i].id, rows[i].type,
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
		if (survey->findings[i].kind == KIND_VALUE && survey->findings[i - 1].kind == KIND_VALUE)
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
	assert_int_equal(lab_row(survey, "registry/MTA to Vancouver PO\\ImagePath")->state, FINDING_RIGHT);
	assert_false(lab_row(survey, "registry/MTA to Vancouver PO\\ImagePath")->needed);
	assert_string_equal(survey->relocated_source, "Registry values of the connector still name it.");
	assert_true(survey->letters_proved);
	assert_false(survey->look_only);
}

static void spellings_are_kept(void **state)
{
	struct lab *lab = *state;
	const struct survey *survey;

	lab_text(lab, "SERVICES\\" LAB_LEGACY, "ImagePath", REG_EXPAND_SZ,
		 "\"c:\\EXCHSRVR\\connect\\Msmcon\\BIN\\x25eicon.exe\" /log:2 C:\\exchsrvr\\x");
	lab_text(lab, "SERVICES\\MSExchangeMSMI", "ImagePath", REG_SZ,
		 "\\??\\C:\\exchsrvr\\connect\\msmcon\\bin\\mt.exe -x");
	lab_text(lab, "SERVICES\\EventLog\\Application\\MSExchangeMSMI", "EventMessageFile", REG_EXPAND_SZ,
		 "%SystemRoot%\\System32\\netmsg.dll;C:\\exchsrvr\\connect\\msmcon\\bin\\mtmsg.dll");
	lab_text(lab, "SERVICES\\EventLog\\Application\\" LAB_LEGACY, "EventMessageFile", REG_EXPAND_SZ,
		 "E:\\exchsrvr\\connect\\msmcon\\bin\\xtnmsg.dll;C:\\exchsrvr\\connect\\msmcon\\bin\\xtnmsg.dll");
	survey = lab_survey(lab, NULL);
	assert_wrong(survey, "registry/Legacy Mail Connector\\ImagePath", REG_EXPAND_SZ,
		     "\"c:\\EXCHSRVR\\connect\\Msmcon\\BIN\\x25eicon.exe\" /log:2 C:\\exchsrvr\\x",
		     "\"E:\\exchsrvr\\connect\\msmcon\\BIN\\x25eicon.exe\" /log:2 C:\\exchsrvr\\x");
	assert_wrong(survey, "registry/MSExchangeMSMI\\ImagePath", REG_SZ,
		     "\\??\\C:\\exchsrvr\\connect\\msmcon\\bin\\mt.exe -x",
		     "\\??\\E:\\exchsrvr\\connect\\msmcon\\bin\\mt.exe -x");
	assert_wrong(survey, LOG "MSExchangeMSMI\\EventMessageFile", REG_EXPAND_SZ,
		     "%SystemRoot%\\System32\\netmsg.dll;C:\\exchsrvr\\connect\\msmcon\\bin\\mtmsg.dll",
		     "%SystemRoot%\\System32\\netmsg.dll;E:\\exchsrvr\\connect\\msmcon\\bin\\mtmsg.dll");
	assert_int_equal(lab_row(survey, LOG "Legacy Mail Connector\\EventMessageFile")->leads, LEADS_MIXED);
	assert_wrong(survey, LOG "Legacy Mail Connector\\EventMessageFile", REG_EXPAND_SZ,
		     "E:\\exchsrvr\\connect\\msmcon\\bin\\xtnmsg.dll;C:\\exchsrvr\\connect\\msmcon\\bin\\xtnmsg.dll",
		     "E:\\exchsrvr\\connect\\msmcon\\bin\\xtnmsg.dll;E:\\exchsrvr\\connect\\msmcon\\bin\\xtnmsg.dll");
}

/* Setup wrote strings without NUL (Q279158); the new data end as the old ones did. */
static void endings_are_kept(void **state)
{
	static const uint8_t before[] = "C\0:"
					"\0\\\0e\0x\0c\0h\0s\0r\0v\0r\0\\\0c\0o\0n\0n\0e\0c\0t\0\\\0m\0s\0m\0c\0o\0n\0"
					"\\\0b\0i\0n\0\\\0m\0t\0.\0e\0x\0e";
	struct lab *lab = *state;
	const struct finding *row;
	size_t len = sizeof(before);          /* with the zero byte of the last character, without a NUL behind it */

	lab_bytes(lab, "SERVICES\\MSExchangeMSMI", "ImagePath", REG_EXPAND_SZ, before, len);
	row = lab_row(lab_survey(lab, NULL), "registry/MSExchangeMSMI\\ImagePath");
	assert_int_equal(row->before.value.data->len, len);
	assert_int_equal(row->after.value.data->len, len);
	assert_int_equal(row->after.value.data->bytes[0], 'E');
	assert_memory_equal(row->after.value.data->bytes + 1, before + 1, len - 1);
}

/* C:\Program Files\Exchsrvr is C:\PROGRA~1\Exchsrvr for a service that was installed so; no disk of this machine says
 * it. */
static void short_names(void **state)
{
	struct lab *lab = *state;
	const struct survey *survey;

	lab_text(lab, "SOFTWARE\\Microsoft\\Exchange\\Setup", "Services", REG_SZ, "C:\\Program Files\\Exchsrvr");
	lab_text(lab, "SOFTWARE\\Microsoft\\Exchange\\Setup", "MSMailConnector", REG_SZ, "C:\\PROGRA~1\\Exchsrvr\\");
	lab_file(lab, "C/Program Files/Exchsrvr/connect/msmcon/bin/mt.exe", "new", LAB_SETUP_TIME);
	lab_values(lab, "C:\\Program Files\\Exchsrvr\\connect\\msmcon");
	lab_text(lab, "SERVICES\\MSExchangeMSMI", "ImagePath", REG_EXPAND_SZ,
		 "C:\\PROGRA~1\\Exchsrvr\\connect\\msmcon\\bin\\mt.exe");
	lab_unfile(lab, "C/exchsrvr/connect");
	survey = lab_survey(lab, NULL);
	assert_string_equal(survey->default_msmcon, "C:\\Program Files\\Exchsrvr\\connect\\msmcon");
	assert_string_equal(survey->default_shorts[0], "PROGRA~1");
	assert_null(survey->default_shorts[1]);
	assert_wrong(survey, "registry/MSExchangeMSMI\\ImagePath", REG_EXPAND_SZ,
		     "C:\\PROGRA~1\\Exchsrvr\\connect\\msmcon\\bin\\mt.exe", LAB_MOVED "\\bin\\mt.exe");
	assert_non_null(strstr(lab_row(survey, "registry/MSExchangeMSMI\\ImagePath")->text, "worked out by the rule"));
}

/* Two folders whose names shorten alike: the rule cannot tell them apart, so the value is left alone. */
static void short_names_that_two_could_have(void **state)
{
	struct lab *lab = *state;
	const struct survey *survey;

	lab_text(lab, "SOFTWARE\\Microsoft\\Exchange\\Setup", "Services", REG_SZ, "C:\\Program Files\\Exchsrvr");
	lab_text(lab, "SOFTWARE\\Microsoft\\Exchange\\Setup", "MSMailConnector", REG_SZ, "C:\\Program Files\\Exchsrvr");
	lab_file(lab, "C/Program Files/Exchsrvr/connect/msmcon/bin/mt.exe", "new", LAB_SETUP_TIME);
	lab_file(lab, "C/Program Friends/x", "new", LAB_SETUP_TIME);
	lab_text(lab, "SERVICES\\MSExchangeMSMI", "ImagePath", REG_EXPAND_SZ,
		 "C:\\PROGRA~1\\Exchsrvr\\connect\\msmcon\\bin\\mt.exe");
	lab_text(lab, "SERVICES\\" LAB_VANCOUVER, "ImagePath", REG_EXPAND_SZ, LAB_MOVED "\\bin\\async.exe");
	lab_unfile(lab, "C/exchsrvr/connect");
	survey = lab_survey(lab, &(struct survey_options){ .relocated = LAB_MOVED });
	assert_null(survey->default_shorts[0]);
	assert_int_equal(lab_row(survey, "registry/MSExchangeMSMI\\ImagePath")->state, FINDING_UNKNOWN);
}

static void values_that_are_no_change(void **state)
{
	struct lab *lab = *state;
	const struct survey *survey;
	const struct finding *row;

	lab_text(lab, "SERVICES\\MSExchangeMSMI\\Performance", "Library", REG_SZ, "C:\\elsewhere\\mtperf.dll");
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
	assert_string_equal(lab_row(survey, LOG "Legacy Mail Connector\\EventMessageFile")->text, "There is no such "
												  "key; that may be "
												  "normal.");
	row = lab_row(survey, "registry/Legacy Mail Connector\\ImagePath");
	assert_int_equal(row->state, FINDING_ABSENT);
	assert_int_equal(row->move, MOVE_PERSON);
	assert_non_null(strstr(row->todo, "does not make values up"));
}

/* What a service is to start from must be a whole program in the relocated Msmcon (CreateProcess; PE and COFF specification). */
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
		{ LAB_MOVED "\\bin\\mt.exe\\", MOVE_PERSON },         /* no file ends so */
		{ LAB_MOVED "\\bin\\mt.exe/", MOVE_PERSON },
		{ LAB_MOVED "\\bin\\..\\bin\\mt.exe", MOVE_PERSON },
		{ "%SystemDrive%\\exchsrvr\\connect\\msmcon\\bin\\mt.exe", MOVE_PROGRAM },
		{ LAB_DEFAULT "\\.\\bin\\mt.exe", MOVE_PROGRAM },
		{ "\\\\?\\" LAB_DEFAULT "\\bin\\mt.exe", MOVE_PROGRAM },
		{ LAB_MOVED "\\bin\\mt", MOVE_NONE },                   /* .exe is appended */
		{ LAB_MOVED "\\bin\\mt -x", MOVE_NONE },
		{ "\"" LAB_MOVED "\\bin\\mt.exe\" -x", MOVE_NONE },
		{ LAB_MOVED "\\bin", MOVE_PERSON },                     /* a folder: bin.exe is not there */
		{ LAB_MOVED "\\bin\\mtmsg.dll", MOVE_PERSON },
		{ LAB_MOVED "\\bin\\gone.exe", MOVE_PERSON },
		{ LAB_MOVED "\\bin\\empty.exe", MOVE_PERSON },
		{ LAB_MOVED "\\bin\\folder.exe", MOVE_PERSON },
		{ "F:\\exchsrvr\\connect\\msmcon\\bin\\mt.exe", MOVE_UNKNOWN }, /* a drive that was not given */
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

/* Windows expands variables in a REG_EXPAND_SZ only. */
static void a_variable_in_a_plain_string(void **state)
{
	struct lab *lab = *state;
	const struct finding *row;

	lab_text(lab, "SERVICES\\MSExchangeMSMI", "ImagePath", REG_SZ, "%SystemDrive%\\exchsrvr\\connect\\msmcon\\bin\\mt.exe");
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

/* A right value whose file is not there is a finding; a file that step 2 will bring counts as there. */
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
	assert_int_equal(lab_row(survey, "registry/MTA to Vancouver PO\\ImagePath")->move, MOVE_PROGRAM);
	assert_int_equal(lab_row(survey, "registry/MSExchangePCMTA\\Performance\\Library")->state, FINDING_WRONG);
	assert_int_equal(lab_row(survey, "registry/MSExchangePCMTA\\Performance\\Library")->move, MOVE_PERSON);
	assert_string_equal(lab_row(survey, "registry/MSExchangePCMTA\\Performance\\Library")->missing, LAB_MOVED "\\bi"
														  "n\\x"
														  "tnpe"
														  "rf."
														  "dl"
														  "l");
	assert_int_equal(lab_row(survey, "file/Bin\\Xtnperf.dll")->state, FINDING_ABSENT);
	assert_int_equal(lab_row(survey, "file/Bin\\Xtnperf.dll")->move, MOVE_PERSON);
}

static void the_appletalk_mta(void **state)
{
	struct lab *lab = *state;
	const struct survey *survey;

	lab_number(lab, "SERVICES\\MSExchangeATMTA", "Type", 0x10);
	lab_text(lab, "SERVICES\\MSExchangeATMTA", "ImagePath", REG_EXPAND_SZ, LAB_DEFAULT "\\bin\\macgate.exe");
	lab_text(lab, "SERVICES\\MSExchangeATMTA\\Performance", "Library", REG_EXPAND_SZ,
		 LAB_DEFAULT "\\bin\\macgperf.dll");
	survey = lab_survey(lab, NULL);
	assert_wrong(survey, "registry/MSExchangeATMTA\\ImagePath", REG_EXPAND_SZ, LAB_DEFAULT "\\bin\\macgate.exe",
		     LAB_MOVED "\\bin\\macgate.exe");
	assert_wrong(survey, "registry/MSExchangeATMTA\\Performance\\Library", REG_EXPAND_SZ,
		     LAB_DEFAULT "\\bin\\macgperf.dll", LAB_MOVED "\\bin\\macgperf.dll");
	assert_int_equal(lab_row(survey, "registry/MSExchangeATMTA\\ImagePath")->entry, 9);
	assert_int_equal(survey->pcmta_count, 2);
}

/* What the next start uses counts, not what ran last. */
static void another_control_set(void **state)
{
	struct lab *lab = *state;
	const struct survey *survey;

	lab_number(lab, "SYSTEM\\Select", "Default", 2);
	lab_text(lab, "SYSTEM\\ControlSet002\\Services\\MSExchangeMSMI", "ImagePath", REG_EXPAND_SZ,
		 LAB_DEFAULT "\\bin\\mt.exe");
	lab_text(lab, "SYSTEM\\ControlSet002\\Control\\ComputerName\\ComputerName", "ComputerName", REG_SZ, "MAIL1");
	survey = lab_survey(lab, &(struct survey_options){ .letters_confirmed = true });
	assert_string_equal(survey->control_set, "ControlSet002");
	assert_string_equal(lab_row(survey, "registry/MSExchangeMSMI\\ImagePath")->before.value.key,
			    "SYSTEM\\ControlSet002\\Services\\MSExchangeMSMI");
	assert_non_null(lab_notice(survey, "control-set"));
	assert_non_null(lab_notice(survey, "no-pcmta"));
	/* Last Known Good is set 1, where all is wrong. Only MSMI's own five and the counters of all MTAs are known
	 * without PC MTAs. */
	assert_non_null(strstr(lab_notice(survey, "last-known-good")->text, "5 values of ControlSet001"));
}

static void pcmtas_added_and_struck(void **state)
{
	static const char *const add[] = { "browser", NULL }, *const strike[] = { "LEGACY mail connector", NULL };
	const struct survey *survey =
		lab_survey(*state, &(struct survey_options){ .pcmta_add = add, .pcmta_strike = strike });

	assert_int_equal(survey->pcmta_count, 2);
	assert_string_equal(survey->pcmtas[0].name, LAB_VANCOUVER);
	assert_string_equal(survey->pcmtas[1].name, "Browser");
	assert_true(survey->pcmtas[1].by_operator);
	assert_int_equal(lab_row(survey, "registry/Browser\\ImagePath")->move, MOVE_PERSON);
}

/* What is no service is an error that names the near ones: a typing error would hide values, or mail never asked for. */
static void names_of_no_service(void **state)
{
	static const char *const wrong[] = { "MTA to Vancuver PO", NULL }, *const far[] = { "Zzz", NULL };
	static const char *const left[] = { "Old MTA", NULL };
	static const struct survey_options rows[] = {
		{ .pcmta_add = wrong }, { .pcmta_strike = wrong }, { .pcmta_add = far }, { .pcmta_strike = far },
		{ .pcmta_add = left },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct lab *lab = lab_new(*state);
		const struct survey *survey;
		struct error err;
		lab_lines(lab, "SERVICES\\Old MTA\\Parameters", "DrivesUNC", "\\\\a\\b /Z");
		assert_int_equal(lab_try(lab, &rows[i], &survey, &err), -TROUBLE_USAGE);
		assert_non_null(strstr(err.text, LAB_VANCOUVER));
		assert_null(strstr(err.text, "Browser"));
	}
}

/* Neither Type nor ImagePath: Windows deletes a service's values and may leave its subkeys. */
static void a_key_left_by_a_deleted_service(void **state)
{
	struct lab *lab = *state;
	const struct survey *survey;

	lab_lines(lab, "SERVICES\\Old MTA\\Parameters", "DrivesUNC", "\\\\MAIL1\\maildat$ /Z");
	lab_lines(lab, "SERVICES\\No program\\Parameters", "DrivesUNC", "\\\\MAIL1\\maildat$ /Z");
	lab_number(lab, "SERVICES\\No program", "Type", 0x10);
	lab_text(lab, "SERVICES\\No type", "ImagePath", REG_SZ, LAB_DEFAULT "\\bin\\async.exe");
	survey = lab_survey(lab, NULL);
	assert_int_equal(survey->pcmta_count, 4);
	assert_null(survey_finding(survey, "service/Old MTA"));
	assert_null(survey_finding(survey, "registry/Old MTA\\ImagePath"));
	assert_non_null(strstr(lab_notice(survey, "service-left")->text, ": Old MTA."));
	assert_int_equal(lab_row(survey, "registry/No program\\ImagePath")->state, FINDING_ABSENT);
	assert_int_equal(lab_row(survey, "service/No type")->state, FINDING_WRONG);
}

/* Signs that are worth a question only: it is asked with the very option. */
static void connector_mtas_that_are_suggested(void **state)
{
	struct lab *lab = *state;
	const char *text;

	lab_text(lab, "SERVICES\\Weak program", "ImagePath", REG_SZ, LAB_MOVED "\\bin\\mtaold.exe");
	lab_text(lab, "SERVICES\\Weak place", "ImagePath", REG_SZ, "D:\\tools\\async.exe -x");
	lab_number(lab, "SERVICES\\Weak events", "Type", 0x10);
	lab_text(lab, "SERVICES\\EventLog\\Application\\Weak events", "EventMessageFile", REG_SZ,
		 LAB_DEFAULT "\\bin\\own.dll");
	lab_number(lab, "SERVICES\\Weak name", "Type", 0x10);
	lab_text(lab, "SERVICES\\Weak name", "DisplayName", REG_SZ, "Vienna MTA");
	lab_text(lab, "SERVICES\\Weak name", "ObjectName", REG_SZ, "LAB\\exservice");
	lab_number(lab, "SERVICES\\Other MTA", "Type", 0x10);
	lab_text(lab, "SERVICES\\Other MTA", "ObjectName", REG_SZ, "LAB\\somebody");
	lab_text(lab, "SERVICES\\MSExchangeMTA", "ImagePath", REG_SZ, LAB_MOVED "\\bin\\emsmta.exe");
	text = lab_notice(lab_survey(lab, NULL), "pcmta-suggested")->text;
	assert_non_null(strstr(text, "Weak program (it runs " LAB_MOVED "\\bin\\mtaold.exe; option: --pcmta \"Weak program\")"));
	assert_non_null(strstr(text, "--pcmta \"Weak place\""));
	assert_non_null(strstr(text, "--pcmta \"Weak events\""));
	assert_non_null(strstr(text, "it is called Vienna MTA"));
	assert_null(strstr(text, "Other MTA"));
	assert_null(strstr(text, "MSExchangeMTA"));
}

/* Each of the three signs alone is enough; a driver never is one. */
static void signs_of_a_pcmta(void **state)
{
	struct lab *lab = *state;
	const struct survey *survey;

	lab_text(lab, "SERVICES\\By program", "ImagePath", REG_EXPAND_SZ, "D:\\x\\MSMCON\\Bin\\ASYNC.EXE");
	lab_lines(lab, "SERVICES\\By parameters\\Parameters", "DrivesWAN", "\\\\a\\b /Z");
	lab_number(lab, "SERVICES\\By parameters", "Type", 0x110);
	lab_number(lab, "SERVICES\\By messages", "Type", 0x20);
	lab_text(lab, "SERVICES\\EventLog\\Application\\By messages", "EventMessageFile", REG_SZ, "C:\\XTNMSG.DLL");
	lab_text(lab, "SERVICES\\A driver", "ImagePath", REG_EXPAND_SZ, "C:\\x\\msmcon\\bin\\async.exe");
	lab_number(lab, "SERVICES\\A driver", "Type", 1);
	lab_text(lab, "SERVICES\\Elsewhere", "ImagePath", REG_EXPAND_SZ, "C:\\modem\\async.exe");
	survey = lab_survey(lab, &(struct survey_options){ .relocated = LAB_MOVED });
	assert_int_equal(survey->pcmta_count, 5);
	for (size_t i = 0; i < 5; i++) {
		const char *name = survey->pcmtas[i].name;
		assert_true(strncmp(name, "By ", 3) == 0 || strcmp(name, LAB_LEGACY) == 0 ||
			    strcmp(name, LAB_VANCOUVER) == 0);
		assert_true(*survey->pcmtas[i].signs);
	}
}

/* ---- files ---- */

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
	lab_file(lab, "E/exchsrvr/connect/msmcon/bin.q240208-19990312-0941/mt.exe", "old", LAB_SETUP_TIME);
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

/* Setup's side has no files at all. By its version (Store.exe is 5.5.2448, Q158530) one of the connector's own that was
 * kept up to date is right, one from before the service pack nobody can tell; of others none is expected. */
static void files_that_setup_lacks(void **state)
{
	struct practice_spec spec = { .scenario = "standard", .seed = 7, .flags = PRACTICE_STANDARD };
	struct survey_options none = { 0 };
	const struct survey *survey;
	struct server *server;
	char *dir = support_folder(*state);
	struct error err;

	assert_int_equal(practice_build(dir, &spec, &err), 0);
	support_remove(talloc_asprintf(dir, "%s/C/exchsrvr/CONNECT/MSMCON/BIN", dir));
	assert_int_equal(practice_open(*state, dir, &server, &err), 0);
	assert_int_equal(survey_make(*state, server, &none, &survey, &err), 0);
	assert_int_equal(lab_row(survey, "file/Bin\\async.exe")->move, MOVE_NONE);       /* 5.5.2652 */
	assert_int_equal(lab_row(survey, "file/Bin\\mt.exe")->move, MOVE_UNKNOWN);       /* 5.5.1960 */
	assert_non_null(strstr(lab_row(survey, "file/Bin\\mt.exe")->todo, "CD"));
	assert_int_equal(lab_row(survey, "file/Bin\\x25eicon.exe")->move, MOVE_UNKNOWN);
	assert_int_equal(lab_row(survey, "file/Bin\\x400omv1.dll")->move, MOVE_NONE);
	assert_int_equal(lab_row(survey, "file/Bin\\mtperf.ini")->move, MOVE_NONE);
}

/* Old, newer and equal versions, as a practice server has them: its builder knows versions from Q243604 and the
 * hotfixes of domain.md 2. */
static void files_with_versions(void **state)
{
	struct practice_spec spec = { .scenario = "standard", .seed = 7, .flags = PRACTICE_STANDARD };
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

/* Each names a whole program or library of the relocated Bin: but not the one that Q171259 says, or with arguments that lead back. */
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
		{ "MSExchangeMSMI", "ImagePath", LAB_MOVED "\\bin\\async.exe", MOVE_PERSON, false, "belongs here" },
		{ "MSExchangeMSMI", "ImagePath", LAB_DEFAULT "\\bin\\async.exe", MOVE_PERSON, false, "belongs here" },
		{ "MSExchangeMSMI\\Performance", "Library", LAB_MOVED "\\bin\\xtnperf.dll", MOVE_PERSON, false, "belongs here" },
		{ "MSExchangePCMTA\\Performance", "Library", LAB_MOVED "\\bin\\mtperf.dll", MOVE_PERSON, false, "belongs here" },
		{ "MSExchangeMSMI", "ImagePath", LAB_MOVED "\\bin\\mt.exe " LAB_DEFAULT "\\maildata", MOVE_PERSON, false, "arguments" },
		{ "MSExchangeMSMI", "ImagePath", "\"" LAB_MOVED "\\bin\\mt.exe\" -d\"" LAB_DEFAULT "\"", MOVE_PERSON, false, "arguments" },
		{ "MSExchangeMSMI", "ImagePath", LAB_DEFAULT "\\bin\\mt.exe " LAB_DEFAULT "\\maildata", MOVE_PERSON, false, "arguments" },
		{ "MSExchangeMSMI", "ImagePath", LAB_MOVED "\\bin\\mt.exe " LAB_MOVED "\\maildata", MOVE_NONE, false, "" },
		{ "MSExchangeMSMI", "ImagePath", LAB_DEFAULT "\\bin\\mt.exe /log C:\\temp", MOVE_PROGRAM, true, "" },
		{ LAB_VANCOUVER, "ImagePath", LAB_MOVED "\\bin\\mt.exe", MOVE_NONE, false, "" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct lab *lab = lab_new(*state);
		const struct finding *row;

		lab_text(lab, talloc_asprintf(lab, "SERVICES\\%s", rows[i].key), rows[i].name, REG_EXPAND_SZ, rows[i].text);
		row = lab_row(lab_survey(lab, NULL), talloc_asprintf(lab, "registry/%s\\%s", rows[i].key, rows[i].name));
		if (row->move != rows[i].move || row->can_change != rows[i].change || row->needed != rows[i].change || !strstr(row->text, rows[i].told) ||
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
		uint8_t *from = text_to_utf16(lab, rows[i].from, &first), *to = text_to_utf16(lab, rows[i].to, &second);
		uint8_t *all = talloc_zero_array(lab, uint8_t, (unsigned)(first + second + 100));

		/* A pair that touches nothing, the one of the row, the end. */
		memcpy(all, "x", 1);
		memcpy(all + 6, from, first);
		memcpy(all + 6 + first + 2, to, second);
		lab_bytes(lab, "SYSTEM\\ControlSet001\\Control\\Session Manager", "PendingFileRenameOperations", REG_MULTI_SZ, all, first + second + 12);
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

/* ---- the share ---- */

static void assert_share(const struct finding *row, const char *lines)
{
	char **strings;
	size_t count;
	char *all = talloc_strdup(NULL, "");

	assert_true(row->can_change);
	strings = regdata_strings(all, row->after.share.definition, &count);
	for (size_t i = 0; i < count; i++)
		all = talloc_asprintf_append(all, "%s\n", strings[i]);
	assert_string_equal(all, lines);
	talloc_free(all);
}

static void a_share_made_after_a_sibling(void **state)
{
	struct lab *lab = *state;
	const struct finding *row;

	lab_remove(lab, "SERVICES\\LanmanServer\\Shares\\Security", "Maildat$");
	row = lab_row(lab_survey(lab, NULL), "share/Maildat$");
	assert_int_equal(row->state, FINDING_ABSENT);
	assert_share(row, "MaxUses=4294967295\nPath=E:\\exchsrvr\\connect\\msmcon\\maildata\nPermissions=0\n"
		     "Remark=Access for MSMI postoffice\nType=0\n");
	assert_true(row->after.share.open_to_all);
	assert_non_null(strstr(row->text, "Resources"));
	/* Everyone would have full access: a person decides that, nothing is proposed. */
	assert_false(row->needed);
	assert_non_null(strstr(row->text, "everyone"));
}

/* Permissions come back where it is known that they are this share's; where they are not, it is asked. */
static void permissions_of_an_absent_share(void **state)
{
	enum { LEFT = 1, NO_KEY = 2, ODD = 4, DAMAGED = 8, NONE = 16 };
	static const struct {
		const char *path;             /* of the share in another control set; NULL: it has none */
		int how;
		bool needed, open, brought;
		const char *told;
	} rows[] = {
		{ NULL, LEFT, true, false, false, "still kept" },
		{ LAB_MOVED "\\maildata", LEFT, true, false, false, "still kept" },
		{ LAB_MOVED "\\maildata", 0, true, false, true, "as ControlSet003 has them" },
		{ LAB_DEFAULT "\\MAILDATA", 0, true, false, true, "as ControlSet003 has them" },
		{ "C:\\old\\maildata", 0, false, true, false, "a share of another folder" },
		{ LAB_MOVED "\\maildata", DAMAGED, false, true, false, "are damaged" },
		{ LAB_MOVED "\\maildata", NO_KEY, false, true, false, "no key" },
		{ LAB_MOVED "\\maildata", ODD, false, true, false, "would replace a value" },
		{ LAB_MOVED "\\maildata", NONE, true, true, false, "had full access" },
		{ "C:\\old\\maildata", NONE, false, true, false, "is not known" },
		{ NULL, 0, false, true, false, "is not known" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct lab *lab = lab_new(*state);
		const char *shares = "SYSTEM\\ControlSet003\\Services\\LanmanServer\\Shares";
		const char *security = "SERVICES\\LanmanServer\\Shares\\Security";
		const struct finding *row;

		if (!(rows[i].how & LEFT))
			lab_remove(lab, security, rows[i].how & NO_KEY ? NULL : "Maildat$");
		if (rows[i].how & ODD)
			lab_text(lab, security, "maildat$", REG_SZ, "odd");
		if (rows[i].path)
			lab_lines(lab, shares, "Maildat$", talloc_asprintf(lab, "Path=%s\nType=0", rows[i].path));
		if (rows[i].path && !(rows[i].how & NONE))
			lab_bytes(lab, talloc_asprintf(lab, "%s\\Security", shares), "MAILDAT$", REG_BINARY, lab_descriptor,
				  rows[i].how & DAMAGED ? 27 : LAB_DESCRIPTOR);
		row = lab_row(lab_survey(lab, &(struct survey_options){ .relocated = LAB_MOVED, .live = LIVE_SAID_RELOCATED }),
			      "share/Maildat$");
		if (!strstr(row->text, rows[i].told))
			fail_msg("row %zu: %s", i, row->text);
		assert_true(row->can_change);
		assert_int_equal(row->needed, rows[i].needed);
		assert_int_equal(row->after.share.open_to_all, rows[i].open);
		assert_int_equal(!!row->after.share.security, rows[i].brought);
		if (rows[i].brought)
			assert_memory_equal(row->after.share.security->bytes, lab_descriptor, LAB_DESCRIPTOR);
	}
}

static void a_share_of_another_control_set(void **state)
{
	struct lab *lab = *state;
	const struct finding *row;

	lab_lines(lab, "SYSTEM\\ControlSet003\\Services\\LanmanServer\\Shares", "maildat$",
		  "Type=0\nPath=C:\\old\\maildata\nRemark=ours\nMaxUses=5");
	row = lab_row(lab_survey(lab, NULL), "share/Maildat$");
	assert_share(row, "Type=0\nPath=E:\\exchsrvr\\connect\\msmcon\\maildata\nRemark=ours\nMaxUses=5\n");
	assert_string_equal(row->after.share.remark, "ours");
	assert_false(row->after.share.open_to_all);
}

static void a_share_nobody_can_write_down(void **state)
{
	struct lab *lab = *state;
	const struct finding *row;

	lab_remove(lab, "SERVICES\\LanmanServer\\Shares", "Resources");
	row = lab_row(lab_survey(lab, NULL), "share/Maildat$");
	assert_false(row->can_change || row->needed);
	assert_int_equal(row->move, MOVE_PERSON);
	assert_non_null(strstr(row->todo, "net share"));
	assert_non_null(strstr(row->todo, "E:\\exchsrvr\\connect\\msmcon\\maildata"));
}

static void a_share_with_the_wrong_path(void **state)
{
	struct lab *lab = *state;
	const struct finding *row;

	lab_lines(lab, "SERVICES\\LanmanServer\\Shares", "MAILDAT$",
		  "CSCFlags=0\npath=C:\\exchsrvr\\connect\\msmcon\\maildata\nRemark=x\nType=0");
	row = lab_row(lab_survey(lab, NULL), "share/Maildat$");
	assert_int_equal(row->state, FINDING_WRONG);
	assert_share(row, "CSCFlags=0\npath=E:\\exchsrvr\\connect\\msmcon\\maildata\nRemark=x\nType=0\n");
}

/* Type 0 is a disk, MaxUses -1 no limit (domain.md 3); a printer, a pipe or a share of no uses leads nobody to the folder. */
static void a_share_that_is_no_use(void **state)
{
	static const struct {
		const char *fields;
		bool usable;
	} rows[] = {
		{ "Type=0\nMaxUses=4294967295", true },
		{ "MaxUses=10", true },
		{ "Type=0", true },
		{ "Type=1", false },
		{ "Type=3\nMaxUses=4294967295", false },
		{ "Type=", false },
		{ "Type=0\nMaxUses=0", false },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		for (int other = 0; other < 2; other++) {
			struct lab *lab = lab_new(*state);
			const struct finding *row;

			lab_lines(lab, other ? "SYSTEM\\ControlSet003\\Services\\LanmanServer\\Shares" : "SERVICES\\LanmanServer\\Shares", "Maildat$",
				  talloc_asprintf(lab, "Path=" LAB_MOVED "\\maildata\n%s", rows[i].fields));
			row = lab_row(lab_survey(lab, NULL), "share/Maildat$");
			if (other) {
				assert_true(row->can_change);
				assert_int_equal(!!strstr(row->text, "ControlSet003"), rows[i].usable);
				continue;
			}
			assert_int_equal(row->state, rows[i].usable ? FINDING_RIGHT : FINDING_WRONG);
			assert_false(row->can_change);
			assert_int_equal(row->move, rows[i].usable ? MOVE_NONE : MOVE_PERSON);
			if (!rows[i].usable)
				assert_non_null(strstr(row->todo, "net share Maildat$ /delete"));
		}
}

static void a_share_that_is_right(void **state)
{
	struct lab *lab = *state;
	const struct survey *survey;
	const struct finding *row;

	lab_lines(lab, "SERVICES\\LanmanServer\\Shares", "Maildat$",
		  "Path=e:\\EXCHSRVR\\Connect\\Msmcon\\MAILDATA\\\nType=0");
	lab_remove(lab, "SERVICES\\LanmanServer\\Shares\\Security", "Maildat$");
	survey = lab_survey(lab, NULL);
	row = lab_row(survey, "share/Maildat$");
	assert_int_equal(row->state, FINDING_RIGHT);
	assert_false(row->can_change || row->needed);
	assert_non_null(strstr(row->text, "everyone"));
	assert_true(survey->letters_proved);
}

/* ---- services ---- */

static void accounts_and_starts(void **state)
{
	struct lab *lab = *state;
	const struct survey *survey;

	lab_text(lab, "SERVICES\\MSExchangeMSMI", "ObjectName", REG_SZ, "LocalSystem");
	lab_number(lab, "SERVICES\\" LAB_LEGACY, "Start", 4);
	survey = lab_survey(lab, NULL);
	assert_int_equal(lab_row(survey, "service/MSExchangeMSMI")->state, FINDING_WRONG);
	assert_non_null(strstr(lab_row(survey, "service/MSExchangeMSMI")->text, "LocalSystem"));
	assert_int_equal(lab_row(survey, "service/" LAB_LEGACY)->state, FINDING_WRONG);
	assert_non_null(strstr(lab_row(survey, "service/" LAB_LEGACY)->text, "disabled"));
	assert_int_equal(lab_row(survey, "service/" LAB_VANCOUVER)->state, FINDING_RIGHT);
	assert_string_equal(lab_row(survey, "service/" LAB_VANCOUVER)->text, "It starts by itself, and runs as "
									     "LAB\\exservice.");
	assert_false(lab_row(survey, "service/MSExchangeMSMI")->can_change);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(the_worked_example, lab_setup, lab_teardown),
		cmocka_unit_test_setup_teardown(rows_are_in_the_order_of_steps, lab_setup, lab_teardown),
		cmocka_unit_test_setup_teardown(some_values_are_right, lab_setup, lab_teardown),
		cmocka_unit_test_setup_teardown(spellings_are_kept, lab_setup, lab_teardown),
		cmocka_unit_test_setup_teardown(endings_are_kept, lab_setup, lab_teardown),
		cmocka_unit_test_setup_teardown(short_names, lab_setup, lab_teardown),
		cmocka_unit_test_setup_teardown(short_names_that_two_could_have, lab_setup, lab_teardown),
		cmocka_unit_test_setup_teardown(values_that_are_no_change, lab_setup, lab_teardown),
		cmocka_unit_test_setup_teardown(whose_move_a_value_is, lab_setup, lab_teardown),
		cmocka_unit_test_setup_teardown(empty_files, lab_setup, lab_teardown),
		cmocka_unit_test_setup_teardown(a_variable_in_a_plain_string, lab_setup, lab_teardown),
		cmocka_unit_test_setup_teardown(missing_files, lab_setup, lab_teardown),
		cmocka_unit_test_setup_teardown(the_appletalk_mta, lab_setup, lab_teardown),
		cmocka_unit_test_setup_teardown(another_control_set, lab_setup, lab_teardown),
		cmocka_unit_test_setup_teardown(pcmtas_added_and_struck, lab_setup, lab_teardown),
		cmocka_unit_test_setup_teardown(names_of_no_service, lab_setup, lab_teardown),
		cmocka_unit_test_setup_teardown(a_key_left_by_a_deleted_service, lab_setup, lab_teardown),
		cmocka_unit_test_setup_teardown(connector_mtas_that_are_suggested, lab_setup, lab_teardown),
		cmocka_unit_test_setup_teardown(signs_of_a_pcmta, lab_setup, lab_teardown),
		cmocka_unit_test_setup_teardown(files_without_versions, lab_setup, lab_teardown),
		cmocka_unit_test_setup_teardown(a_folder_where_setup_has_a_file, lab_setup, lab_teardown),
		cmocka_unit_test_setup_teardown(files_that_setup_lacks, lab_setup, lab_teardown),
		cmocka_unit_test_setup_teardown(files_with_versions, lab_setup, lab_teardown),
		cmocka_unit_test_setup_teardown(a_healthy_server_needs_nothing, lab_setup, lab_teardown),
		cmocka_unit_test_setup_teardown(a_value_that_names_another_file, lab_setup, lab_teardown),
		cmocka_unit_test_setup_teardown(what_the_next_boot_does, lab_setup, lab_teardown),
		cmocka_unit_test_setup_teardown(a_share_made_after_a_sibling, lab_setup, lab_teardown),
		cmocka_unit_test_setup_teardown(permissions_of_an_absent_share, lab_setup, lab_teardown),
		cmocka_unit_test_setup_teardown(a_share_of_another_control_set, lab_setup, lab_teardown),
		cmocka_unit_test_setup_teardown(a_share_nobody_can_write_down, lab_setup, lab_teardown),
		cmocka_unit_test_setup_teardown(a_share_with_the_wrong_path, lab_setup, lab_teardown),
		cmocka_unit_test_setup_teardown(a_share_that_is_no_use, lab_setup, lab_teardown),
		cmocka_unit_test_setup_teardown(a_share_that_is_right, lab_setup, lab_teardown),
		cmocka_unit_test_setup_teardown(accounts_and_starts, lab_setup, lab_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

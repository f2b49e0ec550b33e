/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the survey finds of PC MTAs and control sets. */
#include "repair/survey.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "tests/lab.h"
#include "tests/survey_rows.h"

static void the_appletalk_mta(void **state)
{
	struct lab *lab = *state;
	const struct survey *survey;

	lab_number(lab, "SERVICES\\MSExchangeATMTA", "Type", 0x10);
	lab_text(lab, "SERVICES\\MSExchangeATMTA", "ImagePath", REG_EXPAND_SZ,
		LAB_DEFAULT "\\bin\\macgate.exe");
	lab_text(lab, "SERVICES\\MSExchangeATMTA\\Performance", "Library", REG_EXPAND_SZ,
		LAB_DEFAULT "\\bin\\macgperf.dll");
	survey = lab_survey(lab, NULL);
	rows_wrong(survey, "registry/MSExchangeATMTA\\ImagePath", REG_EXPAND_SZ,
		LAB_DEFAULT "\\bin\\macgate.exe", LAB_MOVED "\\bin\\macgate.exe");
	rows_wrong(survey, "registry/MSExchangeATMTA\\Performance\\Library", REG_EXPAND_SZ,
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
	lab_text(lab, "SYSTEM\\ControlSet002\\Control\\ComputerName\\ComputerName", "ComputerName",
		REG_SZ, "MAIL1");
	survey = lab_survey(lab, &(struct survey_options){ .letters_confirmed = true });
	assert_string_equal(survey->control_set, "ControlSet002");
	assert_string_equal(lab_row(survey, "registry/MSExchangeMSMI\\ImagePath")->before.value.key,
		"SYSTEM\\ControlSet002\\Services\\MSExchangeMSMI");
	assert_non_null(lab_notice(survey, "control-set"));
	assert_non_null(lab_notice(survey, "no-pcmta"));
	/* Last Known Good is set 1, where all is wrong. Only MSMI's own five and the counters of
	 * all MTAs are known without PC MTAs. */
	assert_non_null(
		strstr(lab_notice(survey, "last-known-good")->text, "5 values of ControlSet001"));
}

static void pcmtas_added_and_struck(void **state)
{
	static const char *const add[] = { "browser", NULL },
				 *const exclude[] = { "LEGACY mail connector", NULL };
	const struct survey *survey = lab_survey(*state,
		&(struct survey_options){ .pcmta_add = add, .pcmta_exclude = exclude });

	assert_int_equal(survey->pcmta_count, 2);
	assert_string_equal(survey->pcmtas[0].name, LAB_VANCOUVER);
	assert_string_equal(survey->pcmtas[1].name, "Browser");
	assert_non_null(strstr(lab_notice(survey, "pcmta-struck")->text, LAB_LEGACY));
	assert_true(survey->pcmtas[1].by_operator);
	assert_int_equal(lab_row(survey, "registry/Browser\\ImagePath")->move, MOVE_PERSON);
}

/* What is no service is an error that names the near ones: a typing error would hide values, or
 * mail never asked for. */
static void names_of_no_service(void **state)
{
	static const char *const wrong[] = { "MTA to Vancuver PO", NULL },
				 *const far[] = { "Zzz", NULL };
	static const char *const left[] = { "Old MTA", NULL };
	static const struct survey_options rows[] = {
		{ .pcmta_add = wrong },
		{ .pcmta_exclude = wrong },
		{ .pcmta_add = far },
		{ .pcmta_exclude = far },
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

/* Said of services that were there then: who is gone since is no typing error. */
static void names_on_record(void **state)
{
	static const char *const gone[] = { "Zzz", "LEGACY mail connector", NULL },
				 *const left[] = { "Zzz", "Browser", NULL };
	const struct survey *survey = lab_survey(*state,
		&(struct survey_options){ .pcmta_add = left,
			.pcmta_exclude = gone,
			.pcmta_recorded = true });

	assert_int_equal(survey->pcmta_count, 2);
	assert_string_equal(survey->pcmtas[1].name, "Browser");
	assert_int_equal(survey->struck_count, 1);
	assert_string_equal(survey->struck[0], "Legacy Mail Connector");
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
static void pcmtas_that_are_suggested(void **state)
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
	lab_text(lab, "SERVICES\\MSExchangeMTA", "ImagePath", REG_SZ,
		LAB_MOVED "\\bin\\emsmta.exe");
	text = lab_notice(lab_survey(lab, NULL), "pcmta-suggested")->text;
	assert_non_null(strstr(text,
		"Weak program (it runs " LAB_MOVED
		"\\bin\\mtaold.exe; option: --pcmta \"Weak program\")"));
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

	lab_text(lab, "SERVICES\\By program", "ImagePath", REG_EXPAND_SZ,
		"D:\\x\\MSMCON\\Bin\\ASYNC.EXE");
	lab_lines(lab, "SERVICES\\By parameters\\Parameters", "DrivesWAN", "\\\\a\\b /Z");
	lab_number(lab, "SERVICES\\By parameters", "Type", 0x110);
	lab_number(lab, "SERVICES\\By messages", "Type", 0x20);
	lab_text(lab, "SERVICES\\EventLog\\Application\\By messages", "EventMessageFile", REG_SZ,
		"C:\\XTNMSG.DLL");
	lab_text(lab, "SERVICES\\A driver", "ImagePath", REG_EXPAND_SZ,
		"C:\\x\\msmcon\\bin\\async.exe");
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_LAB(the_appletalk_mta),
		WITH_LAB(another_control_set),
		WITH_LAB(pcmtas_added_and_struck),
		WITH_LAB(names_of_no_service),
		WITH_LAB(names_on_record),
		WITH_LAB(a_key_left_by_a_deleted_service),
		WITH_LAB(pcmtas_that_are_suggested),
		WITH_LAB(signs_of_a_pcmta),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the survey finds the relocated Msmcon, and which of the two postoffices it takes for the
 * one in use. */
#include "repair/survey.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "tests/lab.h"
#include "tests/survey_rows.h"

static void named_by_the_operator(void **state)
{
	struct lab *lab = *state;
	const struct survey *survey;

	lab_text(lab, "SERVICES\\MSExchangeMSMI", "ImagePath", REG_SZ, LAB_MOVED "\\bin\\mt.exe");
	survey = lab_survey(lab,
		&(struct survey_options){ .relocated = "e:/EXCHSRVR/connect/Msmcon/" });
	assert_string_equal(survey->relocated_msmcon, LAB_MOVED);
	assert_string_equal(survey->relocated_source, "The operator named it.");
	assert_true(survey->letters_proved);
}

/* It may have any name and lie anywhere, on its own drive or in Exchange's: what names it leads
 * there. */
static void a_relocated_folder_of_any_name(void **state)
{
	static const struct {
		const char *files, *folder; /* on this machine, and as the server knows it */
		const char *named;          /* how values and share write it */
	} rows[] = {
		{ "E/exchsrvr/connect/msmcon", LAB_MOVED, LAB_MOVED },
		{ "E/Mail Connector", "E:\\Mail Connector", "e:\\mail connector" },
		{ "E/Mail Connector", "E:\\Mail Connector", "E:\\MAILCO~1" },
		{ "E/a/b/c/d", "E:\\a\\b\\c\\d", "E:\\a\\b\\c\\d" },
		{ "E", "E:\\", "E:" },
		{ "C/po", "C:\\po", "C:\\po" },
		{ "C", "C:\\", "C:" },
		{ "E/msmcon/inner", "E:\\msmcon\\inner", "E:\\msmcon\\inner" },
		{ "C/exchsrvr/connect/msmcon/moved", LAB_DEFAULT "\\moved", LAB_DEFAULT "\\moved" },
		{ "E/po", "E:\\po", "E:\\x\\..\\po" },
		{ "E/po", "E:\\po", "E:\\.\\po\\maildata\\.." },
	};
	enum { SHARE, COMMAND, LIBRARY, MESSAGES, SHARE_OF_SET, VALUE_OF_SET, WAYS };
	static const char *const sources[WAYS] = {
		"The share Maildat$ leads to it.",
		"Registry values of the connector still name it.",
		"Registry values of the connector still name it.",
		"Registry values of the connector still name it.",
		"The control set ControlSet003 still names it.",
		"The control set ControlSet003 still names it.",
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]) * WAYS; i++) {
		const char *named = rows[i / WAYS].named;
		struct lab *lab = lab_new(*state);
		const struct survey *survey;
		struct error err;
		char *bin = talloc_asprintf(lab, "%s\\Bin\\", named);
		char *share = talloc_asprintf(lab, "Path=%s\\maildata\nType=0", named);

		lab_move(lab, "E/exchsrvr/connect/msmcon", rows[i / WAYS].files);
		switch (i % WAYS) {
		case SHARE:
			lab_lines(lab, "SERVICES\\LanmanServer\\Shares", "Maildat$", share);
			break;
		case COMMAND:
			lab_text(lab, "SERVICES\\" LAB_VANCOUVER, "ImagePath", REG_EXPAND_SZ,
				talloc_asprintf(lab, "\"%sasync.exe\" /x", bin));
			break;
		case LIBRARY:
			lab_text(lab, "SERVICES\\MSExchangePCMTA\\Performance", "Library", REG_SZ,
				talloc_asprintf(lab, "%sxtnperf.dll", bin));
			break;
		case MESSAGES:
			lab_text(lab, "SERVICES\\EventLog\\Application\\MSExchangeMSMI",
				"EventMessageFile", REG_SZ,
				talloc_asprintf(lab, "C:\\exchsrvr\\res\\x.dll;%smtmsg.dll", bin));
			break;
		case SHARE_OF_SET:
			lab_lines(lab, "SYSTEM\\ControlSet003\\Services\\LanmanServer\\Shares",
				"Maildat$", share);
			break;
		default:
			lab_text(lab, "SYSTEM\\ControlSet003\\Services\\MSExchangeMSMI",
				"ImagePath", REG_SZ, talloc_asprintf(lab, "%smt.exe", bin));
		}
		if (lab_try(lab, NULL, &survey, &err) != 0)
			fail_msg("%s, way %zu: %s", named, i % WAYS, err.text);
		assert_string_equal(survey->relocated_msmcon, rows[i / WAYS].folder);
		assert_string_equal(survey->relocated_source, sources[i % WAYS]);
		assert_true(survey->letters_proved);
		assert_int_equal(!!lab_notice(survey, "nested"),
			path_under(survey->relocated_msmcon, LAB_DEFAULT) ||
				path_under(LAB_DEFAULT, survey->relocated_msmcon));
		talloc_free(lab);
	}
}

/* At the root of a drive everything is as it is elsewhere. */
static void a_drive_that_is_the_msmcon(void **state)
{
	struct lab *lab = *state;
	const struct survey *survey;

	lab_move(lab, "E/exchsrvr/connect/msmcon", "E");
	lab_lines(lab, "SERVICES\\LanmanServer\\Shares", "Maildat$",
		"Path=" LAB_DEFAULT "\\maildata\nType=0");
	survey = lab_survey(lab,
		&(struct survey_options){ .relocated = "e:/", .letters_confirmed = true });
	assert_string_equal(survey->relocated_msmcon, "E:\\");
	assert_string_equal(lab_row(survey, "share/Maildat$")->after.share.path, "E:\\maildata");
	assert_string_equal(lab_row(survey, "backup/Bin")->target, "E:\\bin");
	assert_string_equal(lab_row(survey, "file/Bin\\mt.exe")->target, "E:\\bin\\mt.exe");
	assert_string_equal(regdata_string(lab,
				    lab_row(survey, "registry/MSExchangeMSMI\\ImagePath")
					    ->after.value.data),
		"E:\\bin\\mt.exe");
	assert_true(survey->maildata_relocated.master_glb);
	assert_int_equal(survey->live, LIVE_RELOCATED);
}

/* A PC MTA is known by its program, also where no folder is called Msmcon and no drive is given for
 * proof. */
static void pcmtas_of_a_folder_of_any_name(void **state)
{
	struct lab *lab = *state;

	lab_move(lab, "E/exchsrvr/connect/msmcon", "E/po");
	lab_values(lab, "E:\\po");
	lab_remove(lab, "SERVICES\\" LAB_LEGACY "\\Parameters", NULL);
	lab_remove(lab, "SERVICES\\EventLog\\Application\\" LAB_LEGACY, NULL);
	assert_int_equal(lab_survey(lab, NULL)->pcmta_count, 2);
}

/* Only Maildata was moved: a server like any other, with no Bin to keep and all files to bring. */
static void without_a_relocated_bin(void **state)
{
	for (size_t i = 0; i < 2; i++) {
		struct lab *lab = lab_new(*state);
		const struct survey_options by_name = { .relocated = LAB_MOVED };
		const struct survey *survey;

		lab_unfile(lab, "E/exchsrvr/connect/msmcon/bin");
		lab_lines(lab, "SERVICES\\LanmanServer\\Shares", "Maildat$",
			"Path=" LAB_MOVED "\\maildata\nType=0");
		survey = lab_survey(lab, i ? &by_name : NULL);
		assert_string_equal(survey->relocated_msmcon, LAB_MOVED);
		assert_int_equal(lab_row(survey, "backup/Bin")->state, FINDING_RIGHT);
		assert_false(lab_row(survey, "backup/Bin")->can_change ||
			lab_row(survey, "backup/Bin")->needed);
		assert_non_null(strstr(lab_row(survey, "backup/Bin")->text, "nothing to back up"));
		assert_int_equal(lab_row(survey, "file/Bin\\mt.exe")->compare, FILE_ONLY_SETUP);
		assert_true(lab_row(survey, "file/Bin\\mt.exe")->needed);
		assert_true(survey->letters_proved);
	}
}

/* A name at a drive's root that NT cannot hold stops nothing, whatever lies behind it: NT could not
 * reach it. */
static void names_that_cannot_be_at_a_root(void **state)
{
	static const char *const roots[] = { "C/nul", "E/nul", "E/aux.old", "C/a?b" };
	struct lab *lab = *state;
	const struct survey *survey;

	for (size_t i = 0; i < sizeof(roots) / sizeof(roots[0]); i++) {
		lab_file(lab, talloc_asprintf(lab, "%s/system32/config/SYSTEM", roots[i]),
			"no hive", LAB_SETUP_TIME);
		lab_file(lab,
			talloc_asprintf(lab, "%s/connect/msmcon/maildata/glb/master.glb", roots[i]),
			"x", LAB_SETUP_TIME);
	}
	survey = lab_survey(lab, &(struct survey_options){ .letters_confirmed = true });
	assert_string_equal(survey->id->nt_folder, "C:\\WINNT");
	assert_string_equal(survey->relocated_msmcon, LAB_MOVED);
	assert_int_equal(survey->check_only_trouble, 0);
	assert_true(lab_row(survey, "file/Bin\\mt.exe")->needed);
}

/* What cannot be told is asked, with both named and why. */
static void two_that_could_be_it(void **state)
{
	struct lab *lab = *state;
	const struct survey *survey;
	struct error err;

	lab_file(lab, "C/po/maildata/glb/master.glb", "x", LAB_SETUP_TIME);
	lab_text(lab, "SERVICES\\MSExchangeMSMI", "ImagePath", REG_SZ, LAB_MOVED "\\bin\\mt.exe");
	lab_lines(lab, "SERVICES\\LanmanServer\\Shares", "Maildat$",
		"Path=C:\\po\\maildata\nType=0");
	assert_int_equal(lab_try(lab, NULL, &survey, &err), -TROUBLE_NO_RELOCATED);
	assert_non_null(
		strstr(err.text, LAB_MOVED ": Registry values of the connector still name it."));
	assert_non_null(strstr(err.text, "C:\\po: The share Maildat$ leads to it."));
}

/* Once the old folder has been removed there is nothing to copy from, and the values are judged all
 * the same. */
static void the_default_folder_is_gone(void **state)
{
	struct lab *lab = *state;
	const struct survey *survey;

	lab_unfile(lab, "C/exchsrvr/connect");
	lab_values(lab, LAB_MOVED);
	survey = lab_survey(lab, NULL);
	assert_string_equal(survey->default_msmcon, LAB_DEFAULT);
	assert_int_equal(lab_row(survey, "registry/MSExchangeMSMI\\ImagePath")->state,
		FINDING_RIGHT);
	assert_int_equal(lab_row(survey, "oldfolder")->state, FINDING_ABSENT);
	assert_non_null(lab_notice(survey, "no-setup-bin"));
	assert_int_equal(survey->live, LIVE_RELOCATED);
	/* The share, and the backup before it. */
	assert_int_equal(survey->changes_needed, 2);
}

/* ---- the two postoffices ---- */

static void which_postoffice_lives(void **state)
{
	const struct survey *survey = lab_survey(*state, NULL);

	assert_int_equal(survey->live, LIVE_RELOCATED);
	assert_true(survey->maildata_relocated.master_glb && survey->maildata_default.master_glb);
	assert_int_equal(survey->maildata_relocated.newest, filetime_of(LAB_SETUP_TIME - 57600, 0));
	assert_string_equal(survey->maildata_relocated.newest_file, "GLB\\CONTROL.GLB");
	assert_int_equal(survey->maildata_default.after_setup, 0);
	assert_int_equal(survey->setup_time, filetime_of(LAB_SETUP_TIME, 0));
	assert_non_null(strstr(survey->live_reasons, "1999-03-11T17:41:07Z"));
}

/* Mail that came into the default postoffice since, and nothing that speaks for the other: the old
 * folder may only be left. */
static void mail_after_the_service_pack(void **state)
{
	struct lab *lab = *state;
	const struct survey *survey;

	lab_file(lab, "C/exchsrvr/connect/msmcon/maildata/key/inqueue3.key", "x",
		LAB_SETUP_TIME + 3600);
	lab_file(lab, "C/exchsrvr/connect/msmcon/maildata/att/atf/0000040f.att", "x",
		LAB_SETUP_TIME + 3601);
	lab_file(lab, "C/exchsrvr/connect/msmcon/maildata/p1/within.the", "x", LAB_SETUP_TIME + 2);
	lab_file(lab, "C/exchsrvr/connect/msmcon/maildata/log/sent.log", "x",
		LAB_SETUP_TIME + 3700);
	survey = lab_survey(lab, NULL);
	assert_int_equal(survey->maildata_default.after_setup, 2);
	assert_string_equal(survey->maildata_default.after_setup_names[0], "KEY\\inqueue3.key");
	assert_string_equal(survey->maildata_default.after_setup_names[1],
		"ATT\\ATF\\0000040f.att");
	assert_int_equal(survey->live, LIVE_DEFAULT);
	assert_int_equal(lab_row(survey, "postoffice")->state, FINDING_WRONG);
	assert_int_equal(lab_row(survey, "postoffice")->move, MOVE_PERSON);
	assert_non_null(strstr(lab_row(survey, "postoffice")->todo, "--live"));
	assert_int_equal(survey->changes_needed, 0);
	for (size_t i = 0; i < survey->finding_count; i++)
		assert_false(survey->findings[i].needed);
	assert_true(survey->open > 0);
	assert_non_null(strstr(lab_row(survey, "oldfolder")->text, "2 mail files"));
}

/* The newest mail and what the share named have a vote each; equal times have none, nor has a share
 * that setup may have led back (Q240208); what has no Maildata is no postoffice. */
static void witnesses_of_the_postoffices(void **state)
{
	static const char *const default_share = "Path=" LAB_DEFAULT "\\maildata\nType=0",
				 *const moved_share = "Path=" LAB_MOVED "\\maildata\nType=0";
	const struct {
		long long default_mail;   /* seconds after the newest mail of the relocated one */
		const char *before, *now; /* the share in the other control set, and in this one */
		bool gone;
		enum survey_live live;
	} rows[] = {
		{ -60, NULL, NULL, false, LIVE_RELOCATED },
		{ -60, NULL, default_share, false, LIVE_RELOCATED },
		{ -60, default_share, NULL, false, LIVE_UNCLEAR },
		{ -60, default_share, NULL, true, LIVE_RELOCATED },
		{ 0, NULL, NULL, false, LIVE_UNCLEAR },
		{ 0, NULL, default_share, false, LIVE_UNCLEAR },
		{ 0, NULL, moved_share, false, LIVE_RELOCATED },
		{ 0, moved_share, NULL, false, LIVE_RELOCATED },
		{ 0, default_share, NULL, false, LIVE_DEFAULT },
		{ 60, NULL, NULL, false, LIVE_DEFAULT },
		{ 60, moved_share, NULL, false, LIVE_UNCLEAR },
		{ 60, NULL, moved_share, false, LIVE_UNCLEAR },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct lab *lab = lab_new(*state);

		lab_file(lab, "C/exchsrvr/connect/msmcon/maildata/mbg/inqueue3.mbg", "x",
			LAB_SETUP_TIME - 57600 + rows[i].default_mail);
		if (rows[i].before)
			lab_lines(lab, "SYSTEM\\ControlSet002\\Services\\LanmanServer\\Shares",
				"Maildat$", rows[i].before);
		if (rows[i].now)
			lab_lines(lab, "SERVICES\\LanmanServer\\Shares", "Maildat$", rows[i].now);
		if (rows[i].gone)
			lab_unfile(lab, "C/exchsrvr/connect/msmcon/maildata");
		if (lab_survey(lab, NULL)->live != rows[i].live)
			fail_msg("row %zu", i);
		talloc_free(lab);
	}
}

/* What a run of this program wrote tells nothing; what the share had said before that does. */
static void witnesses_that_this_program_made(void **state)
{
	static const char *const moved_share = "Path=" LAB_MOVED "\\maildata\nType=0";
	static const struct {
		bool other_set, written;
		enum survey_live led;
		bool led_before;
		enum survey_live live;
	} rows[] = {
		{ false, false, LIVE_UNCLEAR, false, LIVE_RELOCATED },
		{ false, true, LIVE_UNCLEAR, false, LIVE_UNCLEAR },
		{ true, true, LIVE_UNCLEAR, false, LIVE_UNCLEAR },
		{ false, true, LIVE_RELOCATED, true, LIVE_RELOCATED },
		{ true, true, LIVE_RELOCATED, false, LIVE_RELOCATED },
		{ false, true, LIVE_DEFAULT, false, LIVE_UNCLEAR },
		{ true, true, LIVE_DEFAULT, true, LIVE_DEFAULT },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct lab *lab = lab_new(*state);
		const char *written = rows[i].written ? LAB_MOVED : "E:\\another";
		struct survey_options options = { .written = { .values = written,
							  .share = written,
							  .vouched = written,
							  .share_led = rows[i].led,
							  .share_led_before =
								  rows[i].led_before } };
		const struct survey *survey;

		/* Equal times: only the share has a vote. */
		lab_file(lab, "C/exchsrvr/connect/msmcon/maildata/mbg/inqueue3.mbg", "x",
			LAB_SETUP_TIME - 57600);
		lab_lines(lab, "SERVICES\\LanmanServer\\Shares", "Maildat$", moved_share);
		if (rows[i].other_set)
			lab_lines(lab, "SYSTEM\\ControlSet002\\Services\\LanmanServer\\Shares",
				"Maildat$", moved_share);
		survey = lab_survey(lab, &options);
		if (survey->live != rows[i].live)
			fail_msg("row %zu", i);
		assert_int_equal(survey->letters_proved, !rows[i].written);
		assert_int_equal(!!strstr(survey->live_reasons, "The registry still names"),
			!rows[i].written);
		talloc_free(lab);
	}
}

/* Keys and mail lie in KEY and MBG, of a connector's postoffice too (Q77926, Q181951): without them
 * none lives, whoever says so. */
static void a_postoffice_that_mail_cannot_move_through(void **state)
{
	static const char *const folders[] = { "key", "mbg" };

	for (size_t i = 0; i < 8; i++) {
		struct lab *lab = lab_new(*state);
		const struct survey *survey;

		lab_unfile(lab,
			talloc_asprintf(lab, "E/exchsrvr/connect/msmcon/maildata/%s",
				folders[i % 2]));
		if (i & 2)
			lab_unfile(lab, "C/exchsrvr/connect/msmcon/maildata");
		survey = lab_survey(lab,
			&(struct survey_options){
				.live = i & 4 ? LIVE_SAID_RELOCATED : LIVE_SAID_NOTHING });
		assert_int_equal(survey->live, LIVE_UNCLEAR);
		assert_int_equal(survey_lives(survey), !!(i & 4));
		assert_int_equal(lab_row(survey, "postoffice")->state, FINDING_WRONG);
		assert_int_equal(lab_row(survey, "postoffice")->move, MOVE_PERSON);
		assert_non_null(strstr(lab_row(survey, "postoffice")->text,
			i % 2 ? "no folder MBG" : "no folder KEY"));
		assert_non_null(strstr(lab_row(survey, "postoffice")->todo, "backup"));
		talloc_free(lab);
	}
}

/* Newer, and named by the share: then it is the default one that lives. */
static void the_default_postoffice_lives(void **state)
{
	struct lab *lab = *state;
	const struct survey *survey;

	lab_file(lab, "C/exchsrvr/connect/msmcon/maildata/mbg/inqueue3.mbg", "x",
		LAB_SETUP_TIME - 60);
	lab_lines(lab, "SERVICES\\LanmanServer\\Shares", "Maildat$",
		"Path=C:\\exchsrvr\\connect\\msmcon\\maildata\nType=0");
	survey = lab_survey(lab, NULL);
	assert_int_equal(survey->live, LIVE_DEFAULT);
	assert_int_equal(lab_row(survey, "postoffice")->state, FINDING_WRONG);
	assert_int_equal(lab_row(survey, "share/Maildat$")->state, FINDING_WRONG);
	assert_false(survey_lives(survey));
	assert_int_equal(survey->changes_needed, 0);
	/* A person's word settles it, either way; the evidence stays what it is. */
	survey = lab_survey(lab, &(struct survey_options){ .live = LIVE_SAID_RELOCATED });
	assert_int_equal(survey->live, LIVE_DEFAULT);
	assert_int_equal(lab_row(survey, "postoffice")->move, MOVE_NONE);
	assert_true(survey->changes_needed > 0);
	survey = lab_survey(lab, &(struct survey_options){ .live = LIVE_SAID_DEFAULT });
	assert_false(survey_lives(survey));
	assert_int_equal(survey->changes_needed, 0);
}

static void a_damaged_postoffice(void **state)
{
	struct lab *lab = *state;
	const struct survey *survey;

	lab_file(lab, "E/exchsrvr/connect/msmcon/maildata/glb/master.glb", "",
		LAB_SETUP_TIME - 90000000);
	lab_unfile(lab, "E/exchsrvr/connect/msmcon/maildata/p1");
	survey = lab_survey(lab, NULL);
	assert_false(survey->maildata_relocated.master_glb);
	assert_non_null(lab_notice(survey, "relocated-maildata"));
	assert_non_null(lab_notice(survey, "no-p1"));
}

/* Without a log the folder that setup filled is the witness; it was filled when this test made
 * it. */
static void without_a_log_of_setup(void **state)
{
	struct lab *lab = *state;
	const struct survey *survey;

	lab_unfile(lab, "C/Exchange Server Setup.log");
	survey = lab_survey(lab, NULL);
	assert_true(survey->setup_time > filetime_of(LAB_SETUP_TIME, 0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_LAB(named_by_the_operator),
		WITH_LAB(a_relocated_folder_of_any_name),
		WITH_LAB(a_drive_that_is_the_msmcon),
		WITH_LAB(pcmtas_of_a_folder_of_any_name),
		WITH_LAB(without_a_relocated_bin),
		WITH_LAB(names_that_cannot_be_at_a_root),
		WITH_LAB(two_that_could_be_it),
		WITH_LAB(the_default_folder_is_gone),
		WITH_LAB(which_postoffice_lives),
		WITH_LAB(mail_after_the_service_pack),
		WITH_LAB(witnesses_of_the_postoffices),
		WITH_LAB(witnesses_that_this_program_made),
		WITH_LAB(a_postoffice_that_mail_cannot_move_through),
		WITH_LAB(the_default_postoffice_lives),
		WITH_LAB(a_damaged_postoffice),
		WITH_LAB(without_a_log_of_setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the survey makes of the server around the connector: letters, the two Msmcon, the two postoffices, copies of the
 * registry, notices. */
#include "repair/survey.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "repair/leftover.h"
#include "nt/regf_build.h"
#include "tests/lab.h"
#include "tests/support.h"

static int lab_setup(void **state)
{
	*state = lab_new(NULL);
	return *state ? 0 : -1;
}

static int lab_teardown(void **state)
{
	return talloc_free(*state);
}

/* ---- letters ---- */

/* Nothing in the registry names E: any more: the folder is found on the disk, and its letter is the operator's word
 * only. */
static void letters_without_proof(void **state)
{
	const struct survey *survey = lab_survey(*state, NULL);

	assert_string_equal(survey->relocated_msmcon, LAB_MOVED);
	assert_string_equal(survey->relocated_source, "It was found on the disk, with a postoffice in it.");
	assert_false(survey->letters_proved);
	assert_true(survey->look_only);
	assert_int_equal(survey->look_only_trouble, TROUBLE_LETTERS);
	assert_non_null(strstr(lab_notice(survey, "letters")->text, "drive E:"));
}

static void letters_by_the_operators_word(void **state)
{
	const struct survey *survey = lab_survey(*state, &(struct survey_options){ .letters_confirmed = true });

	assert_false(survey->letters_proved);
	assert_false(survey->look_only);
	assert_null(lab_notice(survey, "letters"));
}

/* \DosDevices\E: of Windows 2000 beside \DosDevices\C:; a volume's GUID name and a floppy's longer data say nothing. */
static void letters_of_windows_2000(void **state)
{
	static const uint8_t disk[12] = { 1, 2, 3, 4, 0, 0x7e };
	struct lab *lab = *state;

	lab_bytes(lab, "SYSTEM\\MountedDevices", "\\DosDevices\\C:", REG_BINARY, disk, sizeof(disk));
	lab_bytes(lab, "SYSTEM\\MountedDevices", "\\DosDevices\\e:", REG_BINARY, disk, sizeof(disk));
	lab_values(lab, LAB_MOVED);
	assert_true(lab_survey(lab, NULL)->letters_proved);
}

/* "DMIO:ID:" and a GUID: a dynamic volume or a GPT partition. A list may hold all kinds, and one without Windows' own drive
 * says nothing. */
static void letters_of_dynamic_disks(void **state)
{
	static const uint8_t basic[12] = { 1, 2, 3, 4, 0, 0x7e }, dynamic[24] = "DMIO:ID:0123456789abcde", other[24] = "no disk";
	const struct {
		const uint8_t *own, *relocated;
		size_t own_len, relocated_len;
	} lists[] = {
		{ basic, dynamic, 12, 24 }, { dynamic, basic, 24, 12 }, { dynamic, dynamic, 24, 24 },
		{ NULL, NULL, 0, 0 },       { other, NULL, 24, 0 },
	};
	for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
		struct lab *lab = lab_new(*state);
		lab_values(lab, LAB_MOVED);
		lab_bytes(lab, "SYSTEM\\MountedDevices", "\\DosDevices\\A:", REG_BINARY, basic, sizeof(basic));
		if (lists[i].own)
			lab_bytes(lab, "SYSTEM\\MountedDevices", "\\DosDevices\\C:", REG_BINARY, lists[i].own, lists[i].own_len);
		if (lists[i].relocated)
			lab_bytes(lab, "SYSTEM\\MountedDevices", "\\DosDevices\\E:", REG_BINARY, lists[i].relocated,
				  lists[i].relocated_len);
		assert_true(lab_survey(lab, NULL)->letters_proved);
	}
}

/* ---- the relocated Msmcon ---- */

static void named_by_the_share(void **state)
{
	struct lab *lab = *state;
	const struct survey *survey;

	lab_lines(lab, "SERVICES\\LanmanServer\\Shares", "Maildat$",
		  "Path=E:\\exchsrvr\\connect\\msmcon\\maildata\nType=0");
	survey = lab_survey(lab, NULL);
	assert_string_equal(survey->relocated_source, "The share Maildat$ leads to it.");
	assert_true(survey->letters_proved);
}

static void named_by_another_control_set(void **state)
{
	struct lab *lab = *state;
	const struct survey *survey;

	lab_text(lab, "SYSTEM\\ControlSet003\\Services\\" LAB_LEGACY, "ImagePath", REG_SZ,
		 LAB_MOVED "\\bin\\x25eicon.exe");
	survey = lab_survey(lab, NULL);
	assert_string_equal(survey->relocated_source, "The control set ControlSet003 still names it.");
	assert_true(survey->letters_proved);
	assert_null(lab_notice(survey, "last-known-good"));
}

static void named_by_the_operator(void **state)
{
	struct lab *lab = *state;
	const struct survey *survey;

	lab_text(lab, "SERVICES\\MSExchangeMSMI", "ImagePath", REG_SZ, LAB_MOVED "\\bin\\mt.exe");
	survey = lab_survey(lab, &(struct survey_options){ .relocated = "e:/EXCHSRVR/connect/Msmcon/" });
	assert_string_equal(survey->relocated_msmcon, LAB_MOVED);
	assert_string_equal(survey->relocated_source, "The operator named it.");
	assert_true(survey->letters_proved);
}

/* It may have any name and lie anywhere, on its own drive or in Exchange's: what names it leads there. */
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

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]) * WAYS; i++) {
		const char *named = rows[i / WAYS].named;
		struct lab *lab = lab_new(NULL);
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
			lab_text(lab, "SERVICES\\EventLog\\Application\\MSExchangeMSMI", "EventMessageFile", REG_SZ,
				 talloc_asprintf(lab, "C:\\exchsrvr\\res\\x.dll;%smtmsg.dll", bin));
			break;
		case SHARE_OF_SET:
			lab_lines(lab, "SYSTEM\\ControlSet003\\Services\\LanmanServer\\Shares", "Maildat$", share);
			break;
		default:
			lab_text(lab, "SYSTEM\\ControlSet003\\Services\\MSExchangeMSMI", "ImagePath", REG_SZ,
				 talloc_asprintf(lab, "%smt.exe", bin));
		}
		if (lab_try(lab, NULL, &survey, &err) != 0)
			fail_msg("%s, way %zu: %s", named, i % WAYS, err.text);
		assert_string_equal(survey->relocated_msmcon, rows[i / WAYS].folder);
		assert_true(survey->letters_proved);
		assert_int_equal(!!lab_notice(survey, "nested"), path_under(survey->relocated_msmcon, LAB_DEFAULT) ||
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
	lab_lines(lab, "SERVICES\\LanmanServer\\Shares", "Maildat$", "Path=" LAB_DEFAULT "\\maildata\nType=0");
	survey = lab_survey(lab, &(struct survey_options){ .relocated = "e:/", .letters_confirmed = true });
	assert_string_equal(survey->relocated_msmcon, "E:\\");
	assert_string_equal(lab_row(survey, "share/Maildat$")->after.share.path, "E:\\maildata");
	assert_string_equal(lab_row(survey, "backup/Bin")->target, "E:\\bin");
	assert_string_equal(lab_row(survey, "file/Bin\\mt.exe")->target, "E:\\bin\\mt.exe");
	assert_string_equal(regdata_string(lab, lab_row(survey, "registry/MSExchangeMSMI\\ImagePath")->after.value.data),
			    "E:\\bin\\mt.exe");
	assert_true(survey->maildata_relocated.master_glb);
	assert_int_equal(survey->live, LIVE_RELOCATED);
}

/* A Connector MTA is known by its program, also where no folder is called Msmcon and no drive is given for proof. */
static void connector_mtas_of_a_folder_of_any_name(void **state)
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
		lab_lines(lab, "SERVICES\\LanmanServer\\Shares", "Maildat$", "Path=" LAB_MOVED "\\maildata\nType=0");
		survey = lab_survey(lab, i ? &by_name : NULL);
		assert_string_equal(survey->relocated_msmcon, LAB_MOVED);
		assert_int_equal(lab_row(survey, "backup/Bin")->state, FINDING_RIGHT);
		assert_false(lab_row(survey, "backup/Bin")->can_change || lab_row(survey, "backup/Bin")->needed);
		assert_non_null(strstr(lab_row(survey, "backup/Bin")->text, "nothing to back up"));
		assert_int_equal(lab_row(survey, "file/Bin\\mt.exe")->compare, FILE_ONLY_SETUP);
		assert_true(lab_row(survey, "file/Bin\\mt.exe")->needed);
		assert_true(survey->letters_proved);
	}
}

/* A name at a drive's root that NT cannot hold stops nothing, whatever lies behind it: NT could not reach it. */
static void names_that_cannot_be_at_a_root(void **state)
{
	static const char *const roots[] = { "C/nul", "E/nul", "E/aux.old", "C/a?b" };
	struct lab *lab = *state;
	const struct survey *survey;

	for (size_t i = 0; i < sizeof(roots) / sizeof(roots[0]); i++) {
		lab_file(lab, talloc_asprintf(lab, "%s/system32/config/SYSTEM", roots[i]), "no hive", LAB_SETUP_TIME);
		lab_file(lab, talloc_asprintf(lab, "%s/connect/msmcon/maildata/glb/master.glb", roots[i]), "x", LAB_SETUP_TIME);
	}
	survey = lab_survey(lab, &(struct survey_options){ .letters_confirmed = true });
	assert_string_equal(survey->id->nt_folder, "C:\\WINNT");
	assert_string_equal(survey->relocated_msmcon, LAB_MOVED);
	assert_int_equal(survey->look_only_trouble, 0);
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
	lab_lines(lab, "SERVICES\\LanmanServer\\Shares", "Maildat$", "Path=C:\\po\\maildata\nType=0");
	assert_int_equal(lab_try(lab, NULL, &survey, &err), -TROUBLE_NO_RELOCATED);
	assert_non_null(strstr(err.text, LAB_MOVED ": Registry values of the connector still name it."));
	assert_non_null(strstr(err.text, "C:\\po: The share Maildat$ leads to it."));
}

/* Once the old folder has been removed there is nothing to copy from, and the values are judged all the same. */
static void the_default_folder_is_gone(void **state)
{
	struct lab *lab = *state;
	const struct survey *survey;

	lab_unfile(lab, "C/exchsrvr/connect");
	lab_values(lab, LAB_MOVED);
	survey = lab_survey(lab, NULL);
	assert_string_equal(survey->default_msmcon, LAB_DEFAULT);
	assert_int_equal(lab_row(survey, "registry/MSExchangeMSMI\\ImagePath")->state, FINDING_RIGHT);
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

/* Mail that came into the default postoffice since, and nothing that speaks for the other: the old folder may only be left. */
static void mail_after_the_service_pack(void **state)
{
	struct lab *lab = *state;
	const struct survey *survey;

	lab_file(lab, "C/exchsrvr/connect/msmcon/maildata/key/inqueue3.key", "x", LAB_SETUP_TIME + 3600);
	lab_file(lab, "C/exchsrvr/connect/msmcon/maildata/att/atf/0000040f.att", "x", LAB_SETUP_TIME + 3601);
	lab_file(lab, "C/exchsrvr/connect/msmcon/maildata/p1/within.the", "x", LAB_SETUP_TIME + 2);
	lab_file(lab, "C/exchsrvr/connect/msmcon/maildata/log/sent.log", "x", LAB_SETUP_TIME + 3700);
	survey = lab_survey(lab, NULL);
	assert_int_equal(survey->maildata_default.after_setup, 2);
	assert_string_equal(survey->maildata_default.after_setup_names[0], "KEY\\inqueue3.key");
	assert_string_equal(survey->maildata_default.after_setup_names[1], "ATT\\ATF\\0000040f.att");
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

/* The newest mail and what the share named have a vote each; equal times have none, nor has a share that setup may have led back
 * (Q240208); what has no Maildata is no postoffice. */
static void witnesses_of_the_postoffices(void **state)
{
	static const char *const default_share = "Path=" LAB_DEFAULT "\\maildata\nType=0", *const moved_share = "Path=" LAB_MOVED "\\maildata\nType=0";
	const struct {
		long long default_mail;         /* seconds after the newest mail of the relocated one */
		const char *before, *now;       /* the share in the other control set, and in this one */
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

		lab_file(lab, "C/exchsrvr/connect/msmcon/maildata/mbg/inqueue3.mbg", "x", LAB_SETUP_TIME - 57600 + rows[i].default_mail);
		if (rows[i].before)
			lab_lines(lab, "SYSTEM\\ControlSet002\\Services\\LanmanServer\\Shares", "Maildat$", rows[i].before);
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
		{ false, false, LIVE_UNCLEAR, false, LIVE_RELOCATED }, { false, true, LIVE_UNCLEAR, false, LIVE_UNCLEAR },
		{ true, true, LIVE_UNCLEAR, false, LIVE_UNCLEAR },     { false, true, LIVE_RELOCATED, true, LIVE_RELOCATED },
		{ true, true, LIVE_RELOCATED, false, LIVE_RELOCATED }, { false, true, LIVE_DEFAULT, false, LIVE_UNCLEAR },
		{ true, true, LIVE_DEFAULT, true, LIVE_DEFAULT },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct lab *lab = lab_new(*state);
		const char *written = rows[i].written ? LAB_MOVED : "E:\\another";
		struct survey_options options = { .written = { .values = written, .share = written, .vouched = written, .share_led = rows[i].led,
							       .share_led_before = rows[i].led_before } };
		const struct survey *survey;

		/* Equal times: only the share has a vote. */
		lab_file(lab, "C/exchsrvr/connect/msmcon/maildata/mbg/inqueue3.mbg", "x", LAB_SETUP_TIME - 57600);
		lab_lines(lab, "SERVICES\\LanmanServer\\Shares", "Maildat$", moved_share);
		if (rows[i].other_set)
			lab_lines(lab, "SYSTEM\\ControlSet002\\Services\\LanmanServer\\Shares", "Maildat$", moved_share);
		survey = lab_survey(lab, &options);
		if (survey->live != rows[i].live)
			fail_msg("row %zu", i);
		assert_int_equal(survey->letters_proved, !rows[i].written);
		assert_int_equal(!!strstr(survey->live_reasons, "The registry still names"), !rows[i].written);
		talloc_free(lab);
	}
}

/* Keys and mail lie in KEY and MBG, of a connector's postoffice too (Q77926, Q181951): without them none lives, whoever says so. */
static void a_postoffice_that_mail_cannot_move_through(void **state)
{
	static const char *const folders[] = { "key", "mbg" };

	for (size_t i = 0; i < 8; i++) {
		struct lab *lab = lab_new(*state);
		const struct survey *survey;

		lab_unfile(lab, talloc_asprintf(lab, "E/exchsrvr/connect/msmcon/maildata/%s", folders[i % 2]));
		if (i & 2)
			lab_unfile(lab, "C/exchsrvr/connect/msmcon/maildata");
		survey = lab_survey(lab, &(struct survey_options){ .live = i & 4 ? LIVE_SAID_RELOCATED : LIVE_SAID_NOTHING });
		assert_int_equal(survey->live, LIVE_UNCLEAR);
		assert_int_equal(survey_lives(survey), !!(i & 4));
		assert_int_equal(lab_row(survey, "postoffice")->state, FINDING_WRONG);
		assert_int_equal(lab_row(survey, "postoffice")->move, MOVE_PERSON);
		assert_non_null(strstr(lab_row(survey, "postoffice")->text, i % 2 ? "no folder MBG" : "no folder KEY"));
		assert_non_null(strstr(lab_row(survey, "postoffice")->todo, "backup"));
		talloc_free(lab);
	}
}

/* Newer, and named by the share: then it is the default one that lives. */
static void the_default_postoffice_lives(void **state)
{
	struct lab *lab = *state;
	const struct survey *survey;

	lab_file(lab, "C/exchsrvr/connect/msmcon/maildata/mbg/inqueue3.mbg", "x", LAB_SETUP_TIME - 60);
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

	lab_file(lab, "E/exchsrvr/connect/msmcon/maildata/glb/master.glb", "", LAB_SETUP_TIME - 90000000);
	lab_unfile(lab, "E/exchsrvr/connect/msmcon/maildata/p1");
	survey = lab_survey(lab, NULL);
	assert_false(survey->maildata_relocated.master_glb);
	assert_non_null(lab_notice(survey, "relocated-maildata"));
	assert_non_null(lab_notice(survey, "no-p1"));
}

/* Without a log the folder that setup filled is the witness; it was filled when this test made it. */
static void without_a_log_of_setup(void **state)
{
	struct lab *lab = *state;
	const struct survey *survey;

	lab_unfile(lab, "C/Exchange Server Setup.log");
	survey = lab_survey(lab, NULL);
	assert_true(survey->setup_time > filetime_of(LAB_SETUP_TIME, 0));
}

/* ---- copies of the registry ---- */

static void last_known_good(void **state)
{
	struct lab *lab = *state;
	const struct survey *survey;

	lab_number(lab, "SYSTEM\\Select", "LastKnownGood", 2);
	lab_text(lab, "SYSTEM\\ControlSet002\\Services\\MSExchangeMSMI", "ImagePath", REG_SZ,
		 LAB_DEFAULT "\\bin\\mt.exe");
	lab_text(lab, "SYSTEM\\ControlSet002\\Services\\MSExchangeMSMI\\Performance", "Library", REG_SZ,
		 LAB_MOVED "\\bin\\mtperf.dll");
	survey = lab_survey(lab, NULL);
	assert_non_null(strstr(lab_notice(survey, "last-known-good")->text, "1 values of ControlSet002"));
}

static void last_known_good_without_fault(void **state)
{
	struct lab *lab = *state;

	lab_number(lab, "SYSTEM\\Select", "LastKnownGood", 2);
	lab_text(lab, "SYSTEM\\ControlSet002\\Services\\MSExchangeMSMI", "ImagePath", REG_SZ,
		 LAB_MOVED "\\bin\\mt.exe");
	assert_non_null(strstr(lab_notice(lab_survey(lab, NULL), "last-known-good-right")->text, "None of its values"));
}

static void the_second_copy_is_the_same(void **state)
{
	struct lab *lab = *state;

	lab_with_alt(lab);
	assert_null(lab_notice(lab_survey(lab, NULL), "system-alt"));
}

static void the_second_copy_is_another(void **state)
{
	struct lab *lab = *state, *other = lab_new(lab);
	size_t len;
	uint8_t *bytes;

	lab_text(other, "SERVICES\\MSExchangeMSMI", "ImagePath", REG_EXPAND_SZ, LAB_MOVED "\\bin\\mt.exe");
	lab_build(other);
	bytes = support_read(lab, lab_path(other, "C/WINNT/system32/config/SYSTEM"), &len);
	lab_build(lab);
	support_write(lab_path(lab, "C/WINNT/system32/config/SYSTEM.ALT"), bytes, len);
	assert_non_null(strstr(lab_notice(lab_survey(lab, NULL), "system-alt")->text, "differs in 1 of the values"));
}

/* It has no control set at all: not one of the keys, not even of the share. */
static void the_second_copy_lacks_keys(void **state)
{
	struct lab *lab = *state;
	struct regf_build *build = regf_build_new(lab, "root", "SYSTEM", 0);
	struct error err;
	uint8_t *bytes;
	size_t len;
	const char *text;

	assert_int_equal(regf_build_key(build, "Setup", &err), 0);
	assert_int_equal(regf_build_finish(build, lab, &bytes, &len, &err), 0);
	lab_build(lab);
	support_write(lab_path(lab, "C/WINNT/system32/config/SYSTEM.ALT"), bytes, len);
	text = lab_notice(lab_survey(lab, NULL), "system-alt")->text;
	assert_non_null(strstr(text, "has no key for"));
	assert_null(strstr(text, "no key for 0"));
}

static void the_second_copy_is_damaged(void **state)
{
	struct lab *lab = *state;

	lab_build(lab);
	support_write_text(lab_path(lab, "C/WINNT/system32/config/SYSTEM.ALT"), "no registry file");
	assert_non_null(strstr(lab_notice(lab_survey(lab, NULL), "system-alt")->text, "cannot be used"));
}

/* ---- what else is said ---- */

static void values_elsewhere(void **state)
{
	struct lab *lab = *state;
	const struct survey *survey;

	lab_text(lab, "SERVICES\\Backup agent", "ImagePath", REG_SZ, "C:\\exchsrvr\\connect\\msmcon\\bin\\agent.exe");
	lab_text(lab, "SERVICES\\EventLog\\Application\\MSExchangeATMTA", "EventMessageFile", REG_SZ,
		 LAB_DEFAULT "\\bin\\macmsg.dll");
	survey = lab_survey(lab, NULL);
	assert_non_null(strstr(lab_notice(survey, "named-elsewhere")->text, "(2): Backup agent\\ImagePath, "
			       "EventLog\\Application\\MSExchangeATMTA\\EventMessageFile."));
}

static void a_domain_controller(void **state)
{
	struct lab *lab = *state;

	lab_text(lab, "SYSTEM\\ControlSet001\\Control\\ProductOptions", "ProductType", REG_SZ, "LanmanNT");
	assert_non_null(lab_notice(lab_survey(lab, NULL), "domain-controller"));
}

static void a_cluster(void **state)
{
	struct lab *lab = *state;
	const struct survey *survey;

	lab_number(lab, "SERVICES\\ClusSvc", "Start", 2);
	survey = lab_survey(lab, NULL);
	assert_true(survey->look_only);
	assert_int_equal(survey->look_only_trouble, TROUBLE_CLUSTER);
	assert_int_equal(trouble_exit(survey->look_only_trouble), 78);
	assert_true(survey->changes_needed > 0);
}

static void a_cluster_by_its_hive(void **state)
{
	struct lab *lab = *state;

	lab_file(lab, "C/WINNT/cluster/CLUSDB", "regf", 0);
	assert_int_equal(lab_survey(lab, NULL)->look_only_trouble, TROUBLE_CLUSTER);
}

static void other_notices(void **state)
{
	struct lab *lab = *state;
	const struct survey *survey;

	lab_lines(lab, "SERVICES\\LanmanServer\\Shares", "connect$", "Path=C:\\EXCHSRVR\\CONNECT\nType=0");
	survey = lab_survey(lab, NULL);
	assert_non_null(lab_notice(survey, "connect-share"));
	assert_non_null(lab_notice(survey, "next-service-pack"));
	/* There is no Store.exe in the lab. */
	assert_int_equal(survey->cover, ARTICLE_UNKNOWN_VERSION);
	assert_non_null(lab_notice(survey, "version"));
}

static void leftover_names(void **state)
{
	static const struct {
		const char *name;
		enum leftover_kind kind;
	} rows[] = {
		{ "mt.exe.q24", LEFTOVER_STAGE },
		{ "MT.EXE.Q24", LEFTOVER_STAGE },
		{ ".q24", LEFTOVER_NONE },
		{ "mt.q24.exe", LEFTOVER_NONE },
		{ "Bin.q240208-19991122-094107", LEFTOVER_TREE },
		{ "msmcon.Q240208-2", LEFTOVER_TREE },
		{ "Bin.q240208", LEFTOVER_NONE },
		{ "Bin.q240208-", LEFTOVER_NONE },
		{ "SYSTEM.ntfs-3g-0123456789", LEFTOVER_TORN },
		{ "SYSTEM.ntfs-3g-", LEFTOVER_NONE },
		{ "SYSTEM.ntfs-3g-x", LEFTOVER_NONE },
		{ "", LEFTOVER_NONE },
		{ "mt.exe", LEFTOVER_NONE },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_int_equal(leftover_of(rows[i].name), rows[i].kind);
}

/* ---- hostile names ---- */

static void names_that_would_drive_a_terminal(void **state)
{
	struct lab *lab = *state;
	const struct survey *survey;
	json_t *json;
	char *text;

	lab_text(lab, "SERVICES\\Bad\x1b[2J/%\xe2\x80\xae", "ImagePath", REG_SZ, LAB_DEFAULT "\\bin\\async.exe");
	lab_text(lab, "SERVICES\\MSExchangeMSMI", "ImagePath", REG_EXPAND_SZ, LAB_DEFAULT "\\bin\\\xed\xa0\x80.exe");
	survey = lab_survey(lab, NULL);
	assert_non_null(lab_row(survey, "registry/Bad%1B[2J%2F%25%E2%80%AE\\ImagePath"));
	json = survey_json(survey);
	text = json_dumps(json, 0);
	assert_non_null(text);
	assert_null(strchr(text, '\x1b'));
	assert_null(strstr(text, "\xe2\x80\xae"));
	assert_null(strstr(text, "\xed\xa0\x80"));
	assert_non_null(strstr(text, "Bad\\\\x1b[2J/%\\\\u202e"));
	free(text);
	json_decref(json);
}

static void thousands_of_services(void **state)
{
	struct lab *lab = *state;
	char key[64];

	for (int i = 0; i < 3000; i++) {
		snprintf(key, sizeof(key), "SERVICES\\Filler %d", i);
		lab_key(lab, key);
	}
	assert_int_equal(lab_survey(lab, NULL)->pcmta_count, 2);
}

static int count_down(void *arg, const char *what)
{
	int *left = arg;

	assert_true(*what);
	return --*left == 0;
}

static void it_can_be_stopped(void **state)
{
	for (int after = 1; after < 5; after++) {
		struct lab *lab = lab_new(*state);
		const struct survey *survey = NULL;
		struct error err;
		int left = after;
		assert_int_equal(lab_try(lab, &(struct survey_options){ .tell = count_down, .arg = &left }, &survey,
					 &err),
				 -TROUBLE_STOPPED);
		assert_null(survey);
		talloc_free(lab);
	}
}

static void json_has_the_promised_shape(void **state)
{
	json_t *json = survey_json(lab_survey(*state, NULL)), *rows = json_object_get(json, "rows");
	const char *name, *reach, *set, *here, *there;
	int format, needed;

	assert_int_equal(json_unpack(json, "{s:i,s:{s:s,s:s,s:s},s:{s:s,s:s},s:i}", "format", &format, "server", "name",
				     &name, "reach", &reach, "control_set", &set, "msmcon", "default", &here,
				     "relocated", &there, "changes_needed", &needed),
			 0);
	assert_int_equal(format, 2);
	assert_string_equal(name, "MAIL1");
	assert_string_equal(reach, "disks");
	assert_string_equal(set, "ControlSet001");
	assert_string_equal(here, LAB_DEFAULT);
	assert_string_equal(there, LAB_MOVED);
	assert_int_equal(needed, 21);
	assert_int_equal(json_array_size(json_object_get(json, "pcmta_services")), 2);
	for (size_t i = 0; i < json_array_size(rows); i++) {
		static const char *const keys[] = { "id",  "step", "kind",   "state", "text",
						    "why", "undo", "before", "after" };
		for (size_t k = 0; k < sizeof(keys) / sizeof(keys[0]); k++)
			assert_non_null(json_object_get(json_array_get(rows, i), keys[k]));
	}
	json_decref(json);
}

/* What a service depends on must be there and be able to start, however far behind; so must the one that shares folders. Manual and automatic are
 * normal (Q176566). */
static void services_that_cannot_start(void **state)
{
#define MSMI "MSExchangeMSMI"
	static const struct {
		const char *about, *key, *depends; /* depends or, where NULL, start */
		uint32_t start;
		const char *said;                  /* NULL: nothing is wrong with it */
	} rows[] = {
		{ MSMI, MSMI, NULL, 2, NULL },
		{ MSMI, MSMI, NULL, 3, NULL },
		{ MSMI, MSMI, NULL, 0, "no valid start type" },
		{ MSMI, MSMI, NULL, 4, "disabled" },
		{ LAB_LEGACY, LAB_LEGACY, NULL, 4, "disabled" },
		{ "LanmanServer", "LanmanServer", NULL, 4, "disabled" },
		{ "LanmanServer", "LanmanServer", NULL, 3, NULL },
		{ MSMI, MSMI, "MSEXCHANGESA", 0, NULL },
		{ MSMI, MSMI, "MSExchangeSA\nNobody", 0, "depends on Nobody, which is not a service" },
		{ MSMI, MSMI, "MSExchangeMSMI", 0, NULL },
		{ LAB_LEGACY, LAB_LEGACY, "LanmanServer\nMSExchangeDS", 0, "depends on MSExchangeDS" },
		{ "LanmanServer", "LanmanServer", "Srv", 0, "depends on Srv" },
		{ MSMI, "MSExchangeSA", NULL, 4, "depends on MSExchangeSA, which is disabled" },
		{ MSMI, "MSExchangeSA", "Eventlog", 0, "depends on Eventlog, which is not a service" },
		{ MSMI, "Browser", NULL, 4, NULL },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct lab *lab = lab_new(*state);
		const struct survey *survey;
		const struct finding *row;
		char *id = talloc_asprintf(lab, "service/%s", rows[i].about), *key = talloc_asprintf(lab, "SERVICES\\%s", rows[i].key);

		if (!strcmp(rows[i].about, MSMI))
			lab_lines(lab, "SERVICES\\MSExchangeMSMI", "DependOnService", "MSExchangeSA");
		if (rows[i].depends)
			lab_lines(lab, key, "DependOnService", rows[i].depends);
		else
			lab_number(lab, key, "Start", rows[i].start);
		survey = lab_survey(lab, NULL);
		row = survey_finding(survey, id);
		if ((row && row->state != FINDING_RIGHT) != (rows[i].said != NULL))
			fail_msg("row %zu: %s", i, row ? row->text : "no row");
		if (!rows[i].said)
			continue;
		assert_non_null(strstr(row->text, rows[i].said));
		assert_int_equal(row->move, MOVE_PERSON);
		assert_non_null(strstr(survey_services_said(lab, survey), row->todo));
		talloc_free(lab);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(letters_without_proof, lab_setup, lab_teardown),
		cmocka_unit_test_setup_teardown(letters_by_the_operators_word, lab_setup, lab_teardown),
		cmocka_unit_test_setup_teardown(letters_of_dynamic_disks, lab_setup, lab_teardown),
		cmocka_unit_test_setup_teardown(letters_of_windows_2000, lab_setup, lab_teardown),
		cmocka_unit_test_setup_teardown(named_by_the_share, lab_setup, lab_teardown),
		cmocka_unit_test_setup_teardown(named_by_another_control_set, lab_setup, lab_teardown),
		cmocka_unit_test_setup_teardown(named_by_the_operator, lab_setup, lab_teardown),
		cmocka_unit_test(a_relocated_folder_of_any_name),
		cmocka_unit_test_setup_teardown(a_drive_that_is_the_msmcon, lab_setup, lab_teardown),
		cmocka_unit_test_setup_teardown(connector_mtas_of_a_folder_of_any_name, lab_setup, lab_teardown),
		cmocka_unit_test_setup_teardown(without_a_relocated_bin, lab_setup, lab_teardown),
		cmocka_unit_test_setup_teardown(names_that_cannot_be_at_a_root, lab_setup, lab_teardown),
		cmocka_unit_test_setup_teardown(two_that_could_be_it, lab_setup, lab_teardown),
		cmocka_unit_test_setup_teardown(the_default_folder_is_gone, lab_setup, lab_teardown),
		cmocka_unit_test_setup_teardown(which_postoffice_lives, lab_setup, lab_teardown),
		cmocka_unit_test_setup_teardown(mail_after_the_service_pack, lab_setup, lab_teardown),
		cmocka_unit_test_setup_teardown(witnesses_of_the_postoffices, lab_setup, lab_teardown),
		cmocka_unit_test_setup_teardown(services_that_cannot_start, lab_setup, lab_teardown),
		cmocka_unit_test_setup_teardown(witnesses_that_this_program_made, lab_setup, lab_teardown),
		cmocka_unit_test_setup_teardown(a_postoffice_that_mail_cannot_move_through, lab_setup, lab_teardown),
		cmocka_unit_test_setup_teardown(the_default_postoffice_lives, lab_setup, lab_teardown),
		cmocka_unit_test_setup_teardown(a_damaged_postoffice, lab_setup, lab_teardown),
		cmocka_unit_test_setup_teardown(without_a_log_of_setup, lab_setup, lab_teardown),
		cmocka_unit_test_setup_teardown(last_known_good, lab_setup, lab_teardown),
		cmocka_unit_test_setup_teardown(last_known_good_without_fault, lab_setup, lab_teardown),
		cmocka_unit_test_setup_teardown(the_second_copy_is_the_same, lab_setup, lab_teardown),
		cmocka_unit_test_setup_teardown(the_second_copy_is_another, lab_setup, lab_teardown),
		cmocka_unit_test_setup_teardown(the_second_copy_lacks_keys, lab_setup, lab_teardown),
		cmocka_unit_test_setup_teardown(the_second_copy_is_damaged, lab_setup, lab_teardown),
		cmocka_unit_test_setup_teardown(values_elsewhere, lab_setup, lab_teardown),
		cmocka_unit_test_setup_teardown(a_domain_controller, lab_setup, lab_teardown),
		cmocka_unit_test_setup_teardown(a_cluster, lab_setup, lab_teardown),
		cmocka_unit_test_setup_teardown(a_cluster_by_its_hive, lab_setup, lab_teardown),
		cmocka_unit_test_setup_teardown(other_notices, lab_setup, lab_teardown),
		cmocka_unit_test_setup_teardown(leftover_names, lab_setup, lab_teardown),
		cmocka_unit_test_setup_teardown(names_that_would_drive_a_terminal, lab_setup, lab_teardown),
		cmocka_unit_test_setup_teardown(thousands_of_services, lab_setup, lab_teardown),
		cmocka_unit_test_setup_teardown(it_can_be_stopped, lab_setup, lab_teardown),
		cmocka_unit_test_setup_teardown(json_has_the_promised_shape, lab_setup, lab_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

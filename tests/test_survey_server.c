/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the survey makes of the server around the connector: letters, copies of the registry,
 * notices. */
#include "repair/survey.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"
#include "nt/regf_build.h"
#include "repair/leftover.h"
#include "tests/lab.h"
#include "tests/support.h"
#include "tests/survey_rows.h"

/* Nothing in the registry names E: any more: the folder is found on the disk, and its letter is the
 * operator's word only. */
static void letters_without_proof(void **state)
{
	const struct survey *survey = lab_survey(*state, NULL);

	assert_string_equal(survey->relocated_msmcon, LAB_MOVED);
	assert_string_equal(survey->relocated_source,
		"It was found on the disk, with a postoffice in it.");
	assert_false(survey->letters_proved);
	assert_int_equal(survey->check_only_trouble, TROUBLE_LETTERS);
	assert_non_null(strstr(lab_notice(survey, "letters")->text, "drive E:"));
	survey = lab_survey(*state, &(struct survey_options){ .letters_confirmed = true });
	assert_false(survey->letters_proved || survey->check_only);
	assert_null(lab_notice(survey, "letters"));
}

/* \DosDevices\E: of Windows 2000 beside \DosDevices\C:; a volume's GUID name and a floppy's longer
 * data say nothing. */
static void letters_of_windows_2000(void **state)
{
	static const uint8_t disk[12] = { 1, 2, 3, 4, 0, 0x7e };
	struct lab *lab = *state;

	lab_bytes(lab, "SYSTEM\\MountedDevices", "\\DosDevices\\C:", REG_BINARY, disk,
		sizeof(disk));
	lab_bytes(lab, "SYSTEM\\MountedDevices", "\\DosDevices\\e:", REG_BINARY, disk,
		sizeof(disk));
	lab_values(lab, LAB_MOVED);
	assert_true(lab_survey(lab, NULL)->letters_proved);
}

/* "DMIO:ID:" and a GUID: a dynamic volume or a GPT partition. A list may hold all kinds, and one
 * without Windows' own drive says nothing. */
static void letters_of_dynamic_disks(void **state)
{
	static const uint8_t basic[12] = { 1, 2, 3, 4, 0, 0x7e },
			     dynamic[24] = "DMIO:ID:0123456789abcde", other[24] = "no disk";
	const struct {
		const uint8_t *own, *relocated;
		size_t own_len, relocated_len;
	} lists[] = {
		{ basic, dynamic, 12, 24 },
		{ dynamic, basic, 24, 12 },
		{ dynamic, dynamic, 24, 24 },
		{ NULL, NULL, 0, 0 },
		{ other, NULL, 24, 0 },
	};
	for (size_t i = 0; i < ARRAY_SIZE(lists); i++) {
		struct lab *lab = lab_new(*state);
		lab_values(lab, LAB_MOVED);
		lab_bytes(lab, "SYSTEM\\MountedDevices", "\\DosDevices\\A:", REG_BINARY, basic,
			sizeof(basic));
		if (lists[i].own)
			lab_bytes(lab, "SYSTEM\\MountedDevices", "\\DosDevices\\C:", REG_BINARY,
				lists[i].own, lists[i].own_len);
		if (lists[i].relocated)
			lab_bytes(lab, "SYSTEM\\MountedDevices", "\\DosDevices\\E:", REG_BINARY,
				lists[i].relocated, lists[i].relocated_len);
		assert_true(lab_survey(lab, NULL)->letters_proved);
	}
}

/* NT 4.0's list (tests/test_diskkey.c has its layout): one disk with a partition a letter, each of
 * a megabyte. It counts where Windows 2000's is absent, if it is whole and has Windows' own drive;
 * a damaged one says nothing. */
static void letters_of_nt4(void **state)
{
	static const struct {
		const char *letters;
		uint8_t version;
		bool mounted;
		int trouble;
	} rows[] = {
		{ "CE", 3, false, 0 },
		{ "CD", 3, false, TROUBLE_LETTERS },
		{ "DF", 3, false, 0 },
		{ "CD", 2, false, 0 },
		{ "CD", 3, true, 0 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct lab *lab = lab_new(*state);
		uint8_t list[44 + 12 + 2 * 52] = {
			rows[i].version, [12] = 44, [16] = 116, [44] = 1, [48] = 2
		};
		const struct survey *survey;
		struct error err;

		for (size_t k = 0; k < 2; k++) {
			uint8_t *partition = list + 56 + k * 52;
			partition[0] = 4;
			partition[10] = partition[18] = 16;
			partition[40] = (uint8_t)rows[i].letters[k];
		}
		lab_values(lab, LAB_MOVED);
		lab_bytes(lab, "SYSTEM\\DISK", "Information", REG_BINARY, list, sizeof list);
		if (rows[i].mounted)
			lab_key(lab, "SYSTEM\\MountedDevices");
		assert_int_equal(lab_try(lab, NULL, &survey, &err), -rows[i].trouble);
		assert_true(rows[i].trouble || survey->letters_proved);
	}
}

/* ---- copies of the registry ---- */

static void last_known_good(void **state)
{
	static const struct {
		const char *image, *id, *told;
	} rows[] = {
		{ LAB_DEFAULT "\\bin\\mt.exe", "last-known-good", "1 value of ControlSet002" },
		{ LAB_MOVED "\\bin\\mt.exe", "last-known-good-right", "None of its values" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct lab *lab = lab_new(*state);

		lab_number(lab, "SYSTEM\\Select", "LastKnownGood", 2);
		lab_text(lab, "SYSTEM\\ControlSet002\\Services\\MSExchangeMSMI", "ImagePath",
			REG_SZ, rows[i].image);
		lab_text(lab, "SYSTEM\\ControlSet002\\Services\\MSExchangeMSMI\\Performance",
			"Library", REG_SZ, LAB_MOVED "\\bin\\mtperf.dll");
		assert_non_null(
			strstr(lab_notice(lab_survey(lab, NULL), rows[i].id)->text, rows[i].told));
	}
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

	lab_text(other, "SERVICES\\MSExchangeMSMI", "ImagePath", REG_EXPAND_SZ,
		LAB_MOVED "\\bin\\mt.exe");
	lab_build(other);
	bytes = support_read(lab, lab_path(other, "C/WINNT/system32/config/SYSTEM"), &len);
	lab_build(lab);
	support_write(lab_path(lab, "C/WINNT/system32/config/SYSTEM.ALT"), bytes, len);
	assert_non_null(strstr(lab_notice(lab_survey(lab, NULL), "system-alt")->text,
		"differs in 1 of the values"));
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
	assert_non_null(
		strstr(lab_notice(lab_survey(lab, NULL), "system-alt")->text, "cannot be used"));
}

/* ---- what else is said ---- */

static void values_elsewhere(void **state)
{
	struct lab *lab = *state;
	const struct survey *survey;

	lab_text(lab, "SERVICES\\Backup agent", "ImagePath", REG_SZ,
		"C:\\exchsrvr\\connect\\msmcon\\bin\\agent.exe");
	lab_text(lab, "SERVICES\\EventLog\\Application\\MSExchangeATMTA", "EventMessageFile",
		REG_SZ, LAB_DEFAULT "\\bin\\macmsg.dll");
	survey = lab_survey(lab, NULL);
	assert_non_null(strstr(lab_notice(survey, "named-elsewhere")->text,
		"(2): Backup agent\\ImagePath, "
		"EventLog\\Application\\MSExchangeATMTA\\EventMessageFile."));
}

static void a_domain_controller(void **state)
{
	struct lab *lab = *state;

	lab_text(lab, "SYSTEM\\ControlSet001\\Control\\ProductOptions", "ProductType", REG_SZ,
		"LanmanNT");
	assert_non_null(lab_notice(lab_survey(lab, NULL), "domain-controller"));
}

/* By its service, or by its hive. */
static void a_cluster(void **state)
{
	for (int hive = 0; hive < 2; hive++) {
		struct lab *lab = lab_new(*state);
		const struct survey *survey;

		if (hive)
			lab_file(lab, "C/WINNT/cluster/CLUSDB", "regf", 0);
		else
			lab_number(lab, "SERVICES\\ClusSvc", "Start", 2);
		survey = lab_survey(lab, NULL);
		assert_true(survey->check_only);
		assert_int_equal(survey->check_only_trouble, TROUBLE_CLUSTER);
		assert_true(survey->changes_needed > 0);
	}
}

static void other_notices(void **state)
{
	struct lab *lab = *state;
	const struct survey *survey;

	lab_lines(lab, "SERVICES\\LanmanServer\\Shares", "connect$",
		"Path=C:\\EXCHSRVR\\CONNECT\nType=0");
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

	lab_text(lab, "SERVICES\\Bad\x1b[2J/%\xe2\x80\xae", "ImagePath", REG_SZ,
		LAB_DEFAULT "\\bin\\async.exe");
	lab_text(lab, "SERVICES\\MSExchangeMSMI", "ImagePath", REG_EXPAND_SZ,
		LAB_DEFAULT "\\bin\\\xed\xa0\x80.exe");
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
		assert_int_equal(lab_try(lab,
					 &(struct survey_options){ .tell = count_down,
						 .arg = &left },
					 &survey, &err),
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

	assert_int_equal(json_unpack(json, "{s:i,s:{s:s,s:s,s:s},s:{s:s,s:s},s:i}", "format",
				 &format, "server", "name", &name, "reach", &reach, "control_set",
				 &set, "msmcon", "default", &here, "relocated", &there,
				 "changes_needed", &needed),
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
		static const char *const keys[] = { "id", "step", "kind", "state", "text", "why",
			"undo", "before", "after" };
		for (size_t k = 0; k < sizeof(keys) / sizeof(keys[0]); k++)
			assert_non_null(json_object_get(json_array_get(rows, i), keys[k]));
	}
	json_decref(json);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_LAB(letters_without_proof),
		WITH_LAB(letters_of_windows_2000),
		WITH_LAB(letters_of_dynamic_disks),
		WITH_LAB(letters_of_nt4),
		WITH_LAB(last_known_good),
		WITH_LAB(the_second_copy_is_the_same),
		WITH_LAB(the_second_copy_is_another),
		WITH_LAB(the_second_copy_lacks_keys),
		WITH_LAB(the_second_copy_is_damaged),
		WITH_LAB(values_elsewhere),
		WITH_LAB(a_domain_controller),
		WITH_LAB(a_cluster),
		WITH_LAB(other_notices),
		WITH_LAB(leftover_names),
		WITH_LAB(names_that_would_drive_a_terminal),
		WITH_LAB(thousands_of_services),
		WITH_LAB(it_can_be_stopped),
		WITH_LAB(json_has_the_promised_shape),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

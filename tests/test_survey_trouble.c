/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bad servers, one a row: the trouble it must come to, a word of the sentence, what is done to a
 * sound server for that. Nothing may be written in any of them. The exit codes are those of
 * test_error.c. */
#include "repair/survey.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/text.h"
#include "nt/regf.h"
#include "server/volume_internal.h"
#include "tests/lab.h"
#include "tests/support.h"

#define SETUP "SOFTWARE\\Microsoft\\Exchange\\Setup"
#define WINDOWS "SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion"
#define SYSTEM_FILE "C/WINNT/system32/config/SYSTEM"

typedef void lab_fn(struct lab *lab);

struct row {
	const char *name;
	enum trouble trouble;
	const char *says;
	lab_fn *before; /* before it is written out */
	/* or this value says something else; without a text the key is not there */
	const char *key, *value, *text;
	lab_fn *after; /* done to the files */
	struct survey_options options;
};

/* ---- what is done ---- */

static void nothing_moved(struct lab *lab)
{
	lab_unfile(lab, "E/exchsrvr");
	lab_lines(lab, "SERVICES\\LanmanServer\\Shares", "Maildat$",
		"Path=C:\\exchsrvr\\connect\\msmcon\\maildata\nType=0");
}

static void no_postoffice(struct lab *lab)
{
	lab_unfile(lab, "E/exchsrvr/connect/msmcon/maildata");
}

static void named_on_another_drive(struct lab *lab)
{
	lab_values(lab, "F:\\exchsrvr\\connect\\msmcon");
}

static void two_postoffices(struct lab *lab)
{
	lab_file(lab, "E/copy/connect/msmcon/maildata/glb/master.glb", "x", 0);
}

static void two_in_the_registry(struct lab *lab)
{
	lab_file(lab, "E/copy/connect/msmcon/maildata/glb/master.glb", "x", 0);
	lab_text(lab, "SERVICES\\MSExchangeMSMI", "ImagePath", REG_SZ,
		"E:\\copy\\connect\\msmcon\\bin\\mt.exe");
	lab_text(lab, "SERVICES\\" LAB_LEGACY, "ImagePath", REG_SZ, LAB_MOVED "\\bin\\mt.exe");
}

static void moved_to_the_other_drive(struct lab *lab)
{
	lab_file(lab, "C/mail/connect/msmcon/maildata/glb/master.glb", "x", 0);
	lab_unfile(lab, "E/exchsrvr");
	lab_values(lab, "E:\\mail\\connect\\msmcon");
}

static void no_such_letter(struct lab *lab)
{
	static const uint8_t disk[12] = { 1 };

	lab_bytes(lab, "SYSTEM\\MountedDevices", "\\DosDevices\\C:", REG_BINARY, disk,
		sizeof(disk));
	lab_bytes(lab, "SYSTEM\\MountedDevices", "\\DosDevices\\D:", REG_BINARY, disk,
		sizeof(disk));
}

static void no_such_dynamic_letter(struct lab *lab)
{
	lab_bytes(lab, "SYSTEM\\MountedDevices", "\\DosDevices\\C:", REG_BINARY,
		"DMIO:ID:0123456789abcdef", 24);
	lab_bytes(lab, "SYSTEM\\MountedDevices", "\\DosDevices\\D:", REG_BINARY,
		"DMIO:ID:fedcba9876543210", 24);
}

static void select_beyond(struct lab *lab)
{
	lab_number(lab, "SYSTEM\\Select", "Default", 1000);
}

static void no_services(struct lab *lab)
{
	lab_number(lab, "SYSTEM\\Select", "Default", 4);
	lab_key(lab, "SYSTEM\\ControlSet004\\Control");
}

static void too_many_mtas(struct lab *lab)
{
	char key[64];

	for (int i = 0; i < 1001; i++) {
		snprintf(key, sizeof(key), "SERVICES\\Mta %d\\Parameters", i);
		lab_text(lab, key, "DrivesUNC", REG_SZ, "");
		*strrchr(key, '\\') = '\0';
		lab_number(lab, key, "Type", 0x10);
	}
}

/* Changes one byte of the registry file, and the checksum with it. */
static void system_byte(struct lab *lab, size_t at, uint8_t byte)
{
	size_t len;
	uint8_t *bytes = support_read(lab, lab_path(lab, SYSTEM_FILE), &len);
	uint32_t sum;

	bytes[at] = byte;
	sum = regf_checksum(bytes);
	for (size_t i = 0; i < 4; i++)
		bytes[508 + i] = (uint8_t)(sum >> (8 * i));
	support_write(lab_path(lab, SYSTEM_FILE), bytes, len);
}

static void dirty(struct lab *lab)
{
	system_byte(lab, 4, 77);
}

static void old_format(struct lab *lab)
{
	system_byte(lab, 24, 1);
}

static void checksum(struct lab *lab)
{
	size_t len;
	uint8_t *bytes = support_read(lab, lab_path(lab, SYSTEM_FILE), &len);

	bytes[508] ^= 1;
	support_write(lab_path(lab, SYSTEM_FILE), bytes, len);
}

static void truncated(struct lab *lab)
{
	size_t len;
	uint8_t *bytes = support_read(lab, lab_path(lab, SYSTEM_FILE), &len);

	support_write(lab_path(lab, SYSTEM_FILE), bytes, len - 4096);
}

static void no_hive(struct lab *lab)
{
	support_write_text(lab_path(lab, SYSTEM_FILE), "this is no registry file");
}

static void no_nt(struct lab *lab)
{
	assert_int_equal(unlink(lab_path(lab, SYSTEM_FILE)), 0);
}

static void twins(struct lab *lab)
{
	support_mkdir(lab_path(lab, "C/ExchSrvr"));
}

static void a_link(struct lab *lab)
{
	assert_int_equal(symlink("mt.exe",
				 lab_path(lab, "E/exchsrvr/connect/msmcon/bin/other.exe")),
		0);
}

static void a_link_on_the_way(struct lab *lab)
{
	char *real = lab_path(lab, "E/exchsrvr/connect"), *away = lab_path(lab, "E/exchsrvr/real");

	assert_int_equal(rename(real, away), 0);
	assert_int_equal(symlink("real", real), 0);
}

static void a_name_nt_cannot_hold(struct lab *lab)
{
	support_write_text(lab_path(lab, "E/exchsrvr/connect/msmcon/bin/nul.dll"), "x");
}

/* ---- the table ---- */

static const char *const no_such_service[] = { "Nobody", NULL };

static const struct row rows[] = {
	{ "no Exchange", TROUBLE_NO_EXCHANGE, "Services in SOFTWARE", .key = SETUP },
	{ "Exchange at no path", TROUBLE_NO_EXCHANGE, "no valid value", .key = SETUP,
		.value = "Services", .text = "..\\exchsrvr" },
	{ "Exchange on a drive not given", TROUBLE_LETTERS, "drive D: was not given", .key = SETUP,
		.value = "Services", .text = "D:\\exchsrvr" },
	{ "Exchange's folder is not there", TROUBLE_LETTERS, "C:\\exchange", .key = SETUP,
		.value = "Services", .text = "C:\\exchange" },
	{ "nothing was moved", TROUBLE_SAME_MSMCON, "never moved", .before = nothing_moved },
	{ "both Msmcon the same", TROUBLE_SAME_MSMCON, "the default Msmcon",
		.options = { .relocated = "c:\\EXCHSRVR\\connect\\msmcon" } },
	{ "no relocated postoffice", TROUBLE_NO_RELOCATED, "No relocated Msmcon",
		.before = no_postoffice },
	{ "the operator's folder has no postoffice", TROUBLE_NO_RELOCATED, "Master.glb",
		.before = no_postoffice, .options = { .relocated = LAB_MOVED } },
	{ "the operator's folder is not there", TROUBLE_NO_RELOCATED, "E:\\nowhere",
		.options = { .relocated = "E:\\nowhere" } },
	{ "the operator's folder is no path", TROUBLE_USAGE, "nowhere\\x1b[2J",
		.options = { .relocated = "nowhere\x1b[2J" } },
	{ "relocated to a drive not given", TROUBLE_LETTERS, "drive F: was not given",
		.before = named_on_another_drive },
	{ "two postoffices on the disks", TROUBLE_NO_RELOCATED, "E:\\copy\\connect\\msmcon",
		.before = two_postoffices },
	{ "two postoffices in the registry", TROUBLE_NO_RELOCATED, "Several folders",
		.before = two_in_the_registry },
	{ "Windows says another letter", TROUBLE_LETTERS, "D:\\WINNT", .key = WINDOWS,
		.value = "SystemRoot", .text = "D:\\WINNT" },
	{ "a program is on the other drive", TROUBLE_LETTERS,
		"given as C:", .key = "SERVICES\\MSExchangeSA", .value = "ImagePath",
		.text = "E:\\exchsrvr\\bin\\mad.exe" },
	{ "the postoffice is on the other drive", TROUBLE_LETTERS,
		"given as C:", .before = moved_to_the_other_drive },
	{ "Windows has no such dynamic letter", TROUBLE_LETTERS,
		"letter E:", .before = no_such_dynamic_letter },
	{ "Windows has no such letter", TROUBLE_LETTERS, "letter E:", .before = no_such_letter },
	{ "a service that is none", TROUBLE_USAGE, "Nobody",
		.options = { .pcmta_add = no_such_service } },
	{ "Windows NT 3.51", TROUBLE_TOO_OLD, "3.51", .key = WINDOWS, .value = "CurrentVersion",
		.text = "3.51" },
	{ "a hive of NT 3.51", TROUBLE_TOO_OLD, "SYSTEM", .after = old_format },
	{ "no Select", TROUBLE_HIVE_NO_SELECT, "control set", .key = "SYSTEM\\Select" },
	{ "Select beyond all sets", TROUBLE_HIVE_NO_SELECT, "control set",
		.before = select_beyond },
	{ "no Services", TROUBLE_HIVE_NO_SERVICES, "services", .before = no_services },
	{ "a thousand and one MTAs", TROUBLE_HIVE_BROKEN, "1000", .before = too_many_mtas },
	{ "dirty", TROUBLE_HIVE_DIRTY, "SYSTEM", .after = dirty },
	{ "checksum", TROUBLE_HIVE_CHECKSUM, "SYSTEM", .after = checksum },
	{ "truncated", TROUBLE_HIVE_TRUNCATED, "SYSTEM", .after = truncated },
	{ "no hive", TROUBLE_NOT_A_HIVE, "SYSTEM", .after = no_hive },
	{ "no Windows NT", TROUBLE_NO_NT, "Windows NT", .after = no_nt },
	{ "case twins", TROUBLE_TWINS, "xch", .after = twins },
	{ "a link in Bin", TROUBLE_LINK, "other.exe", .after = a_link },
	{ "a link on the way", TROUBLE_LINK, "connect", .after = a_link_on_the_way,
		.options = { .relocated = LAB_MOVED } },
	{ "a name NT cannot hold", TROUBLE_NAME, "nul.dll", .after = a_name_nt_cannot_hold },
};

/* Names, sizes, times and contents of everything below a folder, as foreign programs see them. */
static char *picture(TALLOC_CTX *mem, const char *dir)
{
	const char *const argv[] = { "sh", "-c",
		"cd \"$0\" && find . -printf '%p %s %T@ %l\\n' | sort && "
		"find . -type f -exec cksum {} + | sort",
		dir, NULL };
	char *output;

	assert_int_equal(support_run(mem, argv, NULL, &output), 0);
	assert_true(strlen(output) > 100);
	return output;
}

static void one_row(const struct row *row)
{
	struct lab *lab = lab_new(NULL);
	const struct survey *survey = NULL;
	struct error err;
	const char *dir;
	char *before;
	int ret;

	if (row->before)
		row->before(lab);
	if (row->text)
		lab_text(lab, row->key, row->value, REG_SZ, row->text);
	else if (row->key)
		lab_remove(lab, row->key, NULL);
	dir = lab_build(lab);
	if (row->after)
		row->after(lab);
	before = picture(lab, dir);
	ret = lab_try(lab, &row->options, &survey, &err);
	if (ret != -(int)row->trouble || !strstr(err.text, row->says))
		fail_msg("%s: %s (%s)", row->name, trouble_name((enum trouble) - ret),
			ret ? err.text : "");
	assert_true(err.trouble == row->trouble && *trouble_advice(err.trouble));
	assert_null(strchr(err.text, '\x1b'));
	assert_string_equal(picture(lab, dir), before);
	talloc_free(lab);
}

static void the_table(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		one_row(&rows[i]);
}

/* What every volume is seen to be, beyond what it is. */
static struct volume_traits seen;

int __real_volume_probe(struct volume *volume, struct error *err);
int __wrap_volume_probe(struct volume *volume, struct error *err);
int __wrap_volume_probe(struct volume *volume, struct error *err)
{
	int ret = __real_volume_probe(volume, err);

	volume->traits.mirror |= seen.mirror;
	volume->traits.mirror_untold |= seen.mirror_untold;
	volume->traits.dirty |= seen.dirty;
	volume->traits.read_only |= seen.read_only;
	if (seen.hazardous_option)
		volume->traits.hazardous_option = seen.hazardous_option;
	return ret;
}

/* What may not be written is looked at all the same: the survey says why it forbids the rest, and
 * what to do. */
static void volumes_that_are_only_looked_at(void **state)
{
	static char option[] = "hide_hid_files";
	const struct survey_options confirmed = { .letters_confirmed = true };
	static const struct {
		struct volume_traits seen;
		enum trouble trouble;
		const char *says, *advice;
		bool drive; /* the drive itself says so to whoever would write */
	} cases[] = {
		{ { .mirror = true }, TROUBLE_MIRROR, "is one half of a mirror", "by hand", true },
		{ { .mirror_untold = true }, TROUBLE_MIRROR, "type cannot be read", "whole disk",
			true },
		{ { .mirror = true, .mirror_untold = true, .read_only = true }, TROUBLE_MIRROR,
			"is one half of a mirror", "by hand", true },
		{ { .dirty = true }, TROUBLE_VOLUME_DIRTY, "wants to check", "chkdsk", false },
		{ { .read_only = true }, TROUBLE_READ_ONLY, "read-only",
			"mount the volume read-write", true },
		{ { .hazardous_option = option }, TROUBLE_MOUNT, option, "without that option",
			false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct lab *lab = lab_new(NULL);
		const struct survey *survey;
		struct server *server;
		struct error err = { 0 };

		lab_build(lab);
		seen = cases[i].seen;
		server = lab_open(lab);
		survey = lab_survey(lab, &confirmed);
		assert_true(survey->changes_needed > 0);
		assert_int_equal(survey_forbids(survey, &err), -(int)cases[i].trouble);
		assert_non_null(strstr(err.text, cases[i].says));
		assert_non_null(strstr(error_advice(&err), cases[i].advice));
		assert_int_equal(server->ops->mkdir(server, "E:\\new", NULL, &err),
			cases[i].drive ? -(int)cases[i].trouble : 0);
		assert_int_equal(!(server->caps & SERVER_WRITE), cases[i].drive);
		seen = (struct volume_traits){ 0 };
		talloc_free(lab);
	}
}

/* A sound server is looked at without a trace, too. */
static void looking_never_writes(void **state)
{
	struct lab *lab = lab_new(NULL);
	const char *dir;
	char *before;

	(void)state;
	lab_with_alt(lab);
	dir = lab_build(lab);
	before = picture(lab, dir);
	assert_true(lab_survey(lab, NULL)->changes_needed > 0);
	assert_string_equal(picture(lab, dir), before);
	talloc_free(lab);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_table),
		cmocka_unit_test(volumes_that_are_only_looked_at),
		cmocka_unit_test(looking_never_writes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

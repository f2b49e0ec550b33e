/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bad servers, one a row: what is done to a sound one, the trouble and the exit code it must come to, a word of the
 * sentence. Nothing may be written in any of them. */
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
#define SYSTEM_FILE "C/WINNT/system32/config/SYSTEM"

typedef void lab_fn(struct lab *lab);

struct row {
	const char *name;
	lab_fn *before;                 /* before it is written out */
	lab_fn *after;                  /* done to the files */
	struct survey_options options;
	enum trouble trouble;
	int code;
	const char *says;
};

/* ---- what is done ---- */

static void no_exchange(struct lab *lab)
{
	lab_remove(lab, SETUP, NULL);
}

static void exchange_is_no_path(struct lab *lab)
{
	lab_text(lab, SETUP, "Services", REG_SZ, "..\\exchsrvr");
}

static void exchange_elsewhere(struct lab *lab)
{
	lab_text(lab, SETUP, "Services", REG_SZ, "D:\\exchsrvr");
}

static void exchange_folder_gone(struct lab *lab)
{
	lab_text(lab, SETUP, "Services", REG_SZ, "C:\\exchange");
}

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
	lab_text(lab, "SERVICES\\MSExchangeMSMI", "ImagePath", REG_SZ, "E:\\copy\\connect\\msmcon\\bin\\mt.exe");
	lab_text(lab, "SERVICES\\" LAB_LEGACY, "ImagePath", REG_SZ, LAB_MOVED "\\bin\\mt.exe");
}

/* The server's own word for its folder is another letter than the one it was given under. */
static void windows_elsewhere(struct lab *lab)
{
	lab_text(lab, "SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion", "SystemRoot", REG_SZ, "D:\\WINNT");
}

static void exchange_on_the_other_drive(struct lab *lab)
{
	lab_text(lab, "SERVICES\\MSExchangeSA", "ImagePath", REG_SZ, "E:\\exchsrvr\\bin\\mad.exe");
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

	lab_bytes(lab, "SYSTEM\\MountedDevices", "\\DosDevices\\C:", REG_BINARY, disk, sizeof(disk));
	lab_bytes(lab, "SYSTEM\\MountedDevices", "\\DosDevices\\D:", REG_BINARY, disk, sizeof(disk));
}

static void no_such_dynamic_letter(struct lab *lab)
{
	lab_bytes(lab, "SYSTEM\\MountedDevices", "\\DosDevices\\C:", REG_BINARY, "DMIO:ID:0123456789abcdef", 24);
	lab_bytes(lab, "SYSTEM\\MountedDevices", "\\DosDevices\\D:", REG_BINARY, "DMIO:ID:fedcba9876543210", 24);
}

static void too_old(struct lab *lab)
{
	lab_text(lab, "SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion", "CurrentVersion", REG_SZ, "3.51");
}

static void no_select(struct lab *lab)
{
	lab_remove(lab, "SYSTEM\\Select", NULL);
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
	assert_int_equal(symlink("mt.exe", lab_path(lab, "E/exchsrvr/connect/msmcon/bin/other.exe")), 0);
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
	{ "no Exchange", no_exchange, NULL, { 0 }, TROUBLE_NO_EXCHANGE, 66, "Services in SOFTWARE" },
	{ "Exchange at no path", exchange_is_no_path, NULL, { 0 }, TROUBLE_NO_EXCHANGE, 66, "no valid value" },
	{ "Exchange on a drive not given",
	  exchange_elsewhere,
	  NULL,
	  { 0 },
	  TROUBLE_LETTERS,
	  66,
	  "drive D: was not given" },
	{ "Exchange's folder is not there", exchange_folder_gone, NULL, { 0 }, TROUBLE_LETTERS, 66, "C:\\exchange" },
	{ "nothing was moved", nothing_moved, NULL, { 0 }, TROUBLE_SAME_MSMCON, 65, "never moved" },
	{ "both Msmcon the same",
	  NULL,
	  NULL,
	  { .relocated = "c:\\EXCHSRVR\\connect\\msmcon" },
	  TROUBLE_SAME_MSMCON,
	  65,
	  "the default Msmcon" },
	{ "no relocated postoffice", no_postoffice, NULL, { 0 }, TROUBLE_NO_RELOCATED, 66, "No relocated Msmcon" },
	{ "the operator's folder has no postoffice",
	  no_postoffice,
	  NULL,
	  { .relocated = LAB_MOVED },
	  TROUBLE_NO_RELOCATED,
	  66,
	  "Master.glb" },
	{ "the operator's folder is not there",
	  NULL,
	  NULL,
	  { .relocated = "E:\\nowhere" },
	  TROUBLE_NO_RELOCATED,
	  66,
	  "E:\\nowhere" },
	{ "the operator's folder is no path",
	  NULL,
	  NULL,
	  { .relocated = "nowhere\x1b[2J" },
	  TROUBLE_USAGE,
	  64,
	  "nowhere\\x1b[2J" },
	{ "relocated to a drive not given",
	  named_on_another_drive,
	  NULL,
	  { 0 },
	  TROUBLE_LETTERS,
	  66,
	  "drive F: was not given" },
	{ "two postoffices on the disks",
	  two_postoffices,
	  NULL,
	  { 0 },
	  TROUBLE_NO_RELOCATED,
	  66,
	  "E:\\copy\\connect\\msmcon" },
	{ "two postoffices in the registry",
	  two_in_the_registry,
	  NULL,
	  { 0 },
	  TROUBLE_NO_RELOCATED,
	  66,
	  "Several folders" },
	{ "Windows says another letter", windows_elsewhere, NULL, { 0 }, TROUBLE_LETTERS, 66, "D:\\WINNT" },
	{ "a program is on the other drive",
	  exchange_on_the_other_drive,
	  NULL,
	  { 0 },
	  TROUBLE_LETTERS,
	  66,
	  "given as C:" },
	{ "the postoffice is on the other drive",
	  moved_to_the_other_drive,
	  NULL,
	  { 0 },
	  TROUBLE_LETTERS,
	  66,
	  "given as C:" },
	{ "Windows has no such dynamic letter", no_such_dynamic_letter, NULL, { 0 }, TROUBLE_LETTERS, 66, "letter E:" },
	{ "Windows has no such letter", no_such_letter, NULL, { 0 }, TROUBLE_LETTERS, 66, "letter E:" },
	{ "a service that is none", NULL, NULL, { .pcmta_add = no_such_service }, TROUBLE_USAGE, 64, "Nobody" },
	{ "Windows NT 3.51", too_old, NULL, { 0 }, TROUBLE_TOO_OLD, 78, "3.51" },
	{ "a hive of NT 3.51", NULL, old_format, { 0 }, TROUBLE_TOO_OLD, 78, "SYSTEM" },
	{ "no Select", no_select, NULL, { 0 }, TROUBLE_HIVE_NO_SELECT, 65, "control set" },
	{ "Select beyond all sets", select_beyond, NULL, { 0 }, TROUBLE_HIVE_NO_SELECT, 65, "control set" },
	{ "no Services", no_services, NULL, { 0 }, TROUBLE_HIVE_NO_SERVICES, 65, "services" },
	{ "a thousand and one MTAs", too_many_mtas, NULL, { 0 }, TROUBLE_HIVE_BROKEN, 65, "1000" },
	{ "dirty", NULL, dirty, { 0 }, TROUBLE_HIVE_DIRTY, 65, "SYSTEM" },
	{ "checksum", NULL, checksum, { 0 }, TROUBLE_HIVE_CHECKSUM, 65, "SYSTEM" },
	{ "truncated", NULL, truncated, { 0 }, TROUBLE_HIVE_TRUNCATED, 65, "SYSTEM" },
	{ "no hive", NULL, no_hive, { 0 }, TROUBLE_NOT_A_HIVE, 65, "SYSTEM" },
	{ "no Windows NT", NULL, no_nt, { 0 }, TROUBLE_NO_NT, 66, "Windows NT" },
	{ "case twins", NULL, twins, { 0 }, TROUBLE_TWINS, 65, "xch" },
	{ "a link in Bin", NULL, a_link, { 0 }, TROUBLE_LINK, 65, "other.exe" },
	{ "a link on the way", NULL, a_link_on_the_way, { .relocated = LAB_MOVED }, TROUBLE_LINK, 65, "connect" },
	{ "a name NT cannot hold", NULL, a_name_nt_cannot_hold, { 0 }, TROUBLE_NAME, 65, "nul.dll" },
};

/* Names, sizes, times and contents of everything below a folder, as foreign programs see them. */
static char *picture(TALLOC_CTX *mem, const char *dir)
{
	const char *const argv[] = { "sh", "-c", "cd \"$0\" && find . -printf '%p %s %T@ %l\\n' | sort && "
				     "find . -type f -exec cksum {} + | sort", dir, NULL };
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
	dir = lab_build(lab);
	if (row->after)
		row->after(lab);
	before = picture(lab, dir);
	ret = lab_try(lab, &row->options, &survey, &err);
	if (ret != -(int)row->trouble || !strstr(err.text, row->says))
		fail_msg("%s: %s (%s)", row->name, trouble_name((enum trouble)-ret), ret ? err.text : "");
	assert_int_equal(trouble_exit(err.trouble), row->code);
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
	if (seen.harmful_option)
		volume->traits.harmful_option = seen.harmful_option;
	return ret;
}

/* What may not be written is looked at all the same: the survey says why it forbids the rest, and what to do. */
static void volumes_that_are_only_looked_at(void **state)
{
	static char option[] = "hide_hid_files";
	const struct survey_options confirmed = { .letters_confirmed = true };
	static const struct {
		struct volume_traits seen;
		enum trouble trouble;
		int code;
		const char *says, *advice;
		bool drive; /* the drive itself says so to whoever would write */
	} cases[] = {
		{ { .mirror = true }, TROUBLE_MIRROR, 78, "is one half of a mirror", "by hand", true },
		{ { .mirror_untold = true }, TROUBLE_MIRROR, 78, "type cannot be read", "whole disk", true },
		{ { .mirror = true, .mirror_untold = true, .read_only = true }, TROUBLE_MIRROR, 78, "is one half of a mirror", "by hand", true },
		{ { .dirty = true }, TROUBLE_VOLUME_DIRTY, 65, "wants to check", "chkdsk", false },
		{ { .read_only = true }, TROUBLE_READ_ONLY, 77, "read-only", "mount the volume read-write", true },
		{ { .harmful_option = option }, TROUBLE_MOUNT, 77, option, "without that option", false },
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
		assert_int_equal(trouble_exit(err.trouble), cases[i].code);
		assert_non_null(strstr(err.text, cases[i].says));
		assert_non_null(strstr(error_advice(&err), cases[i].advice));
		assert_int_equal(server->ops->mkdir(server, "E:\\new", NULL, &err), cases[i].drive ? -(int)cases[i].trouble : 0);
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

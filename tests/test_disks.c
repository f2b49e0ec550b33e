/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A server that is off: how it is found and told apart. */
#include "server/disks.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/memory.h"
#include "tests/ntfolder.h"
#include "tests/support.h"

static char *in(TALLOC_CTX *mem, const char *folder, const char *name)
{
	return talloc_asprintf(mem, "%s/%s", folder, name);
}

/* Runs the drives, wants the trouble and a word of its sentence. */
static void wants(TALLOC_CTX *mem, const char *drives, enum trouble trouble, const char *word)
{
	struct error err;

	if (nt_try(mem, drives, NULL, &err) != -(int)trouble)
		fail_msg("%s: wanted %s, got %s", drives, trouble_name(trouble), err.text);
	if (!strstr(err.text, word))
		fail_msg("no '%s' in: %s", word, err.text);
}

static void the_server_is_identified(void **state)
{
	struct server *server = nt_open(nt_disks(*state));
	char *letters;

	assert_string_equal(server->id.name, "VANMAIL");
	assert_string_equal(server->id.nt_folder, "C:\\WINNT");
	assert_string_equal(server->id.nt_version, "4.0");
	assert_string_equal(server->id.product_id, "50370-111-1111111-08511");
	assert_string_equal(server->id.product_type, "ServerNT");
	assert_int_equal(server->id.install_date, 0x34000000);
	assert_string_equal(server->reach, "disks");
	assert_true(server->caps & SERVER_WRITE);
	assert_true(server->caps & SERVER_HIVES);
	assert_false(server->caps & (SERVER_SERVICES | SERVER_MAIL | SERVER_SIMULATED));
	assert_int_equal(server->ops->drives(server, server, &letters, NULL), 0);
	assert_string_equal(letters, "CE");
}

static void drives_must_be_well_formed(void **state)
{
	struct nt_disks *d = nt_disks(*state);
	char *twice = talloc_asprintf(d, "C=%s,c=%s", d->c, d->e),
	     *same = talloc_asprintf(d, "C=%s,E=%s/.", d->c, d->c);

	wants(d, "", TROUBLE_USAGE, "C=/mnt/c");
	wants(d, "C", TROUBLE_USAGE, "C=/mnt/c");
	wants(d, "C=", TROUBLE_USAGE, "C=/mnt/c");
	wants(d, "C=,E=/", TROUBLE_USAGE, "C=/mnt/c");
	wants(d, "1=/", TROUBLE_USAGE, "C=/mnt/c");
	wants(d, d->c, TROUBLE_USAGE, "C=/mnt/c");
	wants(d, twice, TROUBLE_USAGE, "C:");
	wants(d, same, TROUBLE_USAGE, "same folder");
	wants(d, talloc_asprintf(d, "%s,F=%s/none", d->drives, d->root), TROUBLE_NOT_THERE, "none");
	wants(d, talloc_asprintf(d, "C=%s/WINNT/system32/config/SYSTEM", d->c), TROUBLE_NOT_THERE,
		"SYSTEM");
}

static void a_comma_in_a_folder_can_be_written(void **state)
{
	struct nt_disks *d = nt_disks(*state);
	struct error err;

	assert_int_equal(rename(d->c, in(d, d->root, "a, b")), 0);
	assert_int_equal(nt_try(d, talloc_asprintf(d, "c=%s/a\\, b,E=%s", d->root, d->e), NULL,
				 &err),
		0);
}

static void no_nt_folder_is_said(void **state)
{
	struct nt_disks *d = nt_disks(*state);

	wants(d, talloc_asprintf(d, "E=%s", d->e), TROUBLE_NO_NT, "system32\\config\\SYSTEM");
}

static void names_are_found_in_any_case(void **state)
{
	struct nt_disks *d = nt_disks(*state);
	struct server *server;
	char *text;

	rename(in(d, d->config, "SYSTEM"), in(d, d->config, "system"));
	rename(d->config, in(d, d->winnt, "system32/Config"));
	rename(in(d, d->winnt, "system32"), in(d, d->winnt, "SYSTEM32"));
	rename(d->winnt, in(d, d->c, "winnt"));
	server = nt_open(d);
	assert_string_equal(server->id.nt_folder, "C:\\winnt");
	assert_int_equal(server_reg_string(server, server,
				 "system\\controlset001\\SERVICES\\msexchangemsmi", "IMAGEPATH",
				 &text, NULL),
		0);
	assert_string_equal(text, NT_IMAGE);
}

static void twins_are_refused(void **state)
{
	struct nt_disks *d = nt_disks(*state);

	nt_folder(in(d, d->c, "winnt"), &(struct nt_system){ 0 });
	wants(d, d->drives, TROUBLE_TWINS, "WINNT");
}

static void a_linked_hive_is_refused(void **state)
{
	struct nt_disks *d = nt_disks(*state);

	rename(in(d, d->config, "SYSTEM"), in(d, d->e, "SYSTEM"));
	assert_int_equal(symlink(in(d, d->e, "SYSTEM"), in(d, d->config, "SYSTEM")), 0);
	wants(d, d->drives, TROUBLE_LINK, "SYSTEM");
}

static void boot_ini_tells_several_apart(void **state)
{
	static const struct {
		const char *boot_ini, *folder; /* NULL: cannot be told */
	} rows[] = {
		{ NULL, NULL },
		{ "", NULL },
		{ "[boot loader]\r\ntimeout=30\r\ndefault=multi(0)disk(0)rdisk(0)partition(1)\\WINNT\r\n",
			"C:\\WINNT" },
		{ "[Boot Loader]\r\nDefault = multi(0)disk(0)rdisk(0)partition(2)\\nt4exch \r\n",
			"E:\\NT4EXCH" },
		{ "[boot loader]\ndefault=scsi(0)disk(0)rdisk(0)partition(2)\\NT4EXCH",
			"E:\\NT4EXCH" },
		{ "[boot loader]\r\ndefault=C:\\\r\n[operating systems]\r\nC:\\=\"MS-DOS\"\r\n",
			NULL },
		{ "[operating systems]\r\ndefault=multi(0)disk(0)rdisk(0)partition(1)\\WINNT\r\n",
			NULL },
		{ "[boot loader]\r\ndefault=multi(0)disk(0)rdisk(0)partition(1)\\OTHER\r\n", NULL },
	};
	struct nt_disks *d = nt_disks(*state);

	nt_folder(in(d, d->e, "NT4EXCH"), &(struct nt_system){ 0 });
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		if (rows[i].boot_ini)
			support_write_text(in(d, d->c, "BOOT.INI"), rows[i].boot_ini);
		if (rows[i].folder)
			assert_string_equal(nt_open(d)->id.nt_folder, rows[i].folder);
		else
			wants(d, d->drives, TROUBLE_SEVERAL_NT, "C:\\WINNT, E:\\NT4EXCH");
	}
}

static void a_person_chooses_the_nt_folder(void **state)
{
	struct nt_disks *d = nt_disks(*state);
	struct disks_options options = { .drives = d->drives, .nt_folder = "e:/nt4exch/" };
	struct server *server;
	struct error err;

	nt_folder(in(d, d->e, "NT4EXCH"), &(struct nt_system){ 0 });
	support_write_text(in(d, d->c, "boot.ini"),
		"[boot loader]\r\ndefault=multi(0)disk(0)rdisk(0)partition(1)\\WINNT\r\n");
	assert_int_equal(disks_open(d, &options, &server, &err), 0);
	assert_string_equal(server->id.nt_folder, "E:\\NT4EXCH");
	assert_int_equal(nt_try(d, d->drives, "D:\\WINNT", &err), -TROUBLE_NO_NT);
	assert_int_equal(nt_try(d, d->drives, "..", &err), -TROUBLE_NO_NT);
}

/* C:\NT\WINNT40 is at no root: boot.ini names it, as its default or as an entry. */
static void boot_ini_tells_of_a_deeper_folder(void **state)
{
	static const char *const rows[] = {
		"[boot loader]\r\ndefault=multi(0)disk(0)rdisk(0)partition(1)\\NT\\WINNT40\r\n",
		"[boot loader]\r\ndefault=multi(0)disk(0)rdisk(0)partition(1)\\nt\\winnt40 \r\n",
		("[boot loader]\r\ntimeout=30\r\n[operating systems]\r\nC:\\=\"MS-DOS\"\r\n"
		 "multi(0)disk(0)rdisk(0)partition(1)\\NT\\WINNT40 = \"Windows NT Server Version 4.00\" /basevideo /sos\r\n"),
	};
	struct nt_disks *d = nt_disks(*state);

	support_mkdir(in(d, d->c, "NT"));
	assert_int_equal(rename(d->winnt, in(d, d->c, "NT/WINNT40")), 0);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		support_write_text(in(d, d->c, "boot.ini"), rows[i]);
		assert_string_equal(nt_open(d)->id.nt_folder, "C:\\NT\\WINNT40");
	}
	support_write_text(in(d, d->c, "boot.ini"),
		"[boot loader]\r\ndefault=multi(0)disk(0)\\..\\c\\NT\\WINNT40\r\n");
	wants(d, d->drives, TROUBLE_NO_NT, "--nt");
}

/* Beside one that is found at a root, and before it where boot.ini starts it. */
static void a_deeper_folder_beside_another(void **state)
{
	struct nt_disks *d = nt_disks(*state);
	struct server *server;

	support_mkdir(in(d, d->e, "NT"));
	nt_folder(in(d, d->e, "NT/WINNT40"), &(struct nt_system){ 0 });
	support_write_text(in(d, d->c, "boot.ini"),
		"[boot loader]\r\ndefault=multi(0)disk(0)rdisk(0)partition(2)\\NT\\WINNT40\r\n");
	server = nt_open(d);
	assert_string_equal(server->id.nt_folder, "E:\\NT\\WINNT40");
	assert_string_equal(server->id.nt_folders, "C:\\WINNT, E:\\NT\\WINNT40");
	assert_string_equal(server->id.nt_booted, "\\NT\\WINNT40");
}

static void a_person_names_a_folder_of_any_depth(void **state)
{
	static const struct {
		const char *folder, *told; /* NULL: it is the one */
	} rows[] = {
		{ "C:\\Old\\NT\\WINNT40", NULL },
		{ "c:/old/nt/winnt40/", NULL },
		{ "C:\\\\Old\\NT\\WINNT40\\", NULL },
		{ "C:\\Old\\NT", "no file system32\\config\\SYSTEM" },
		{ "C:\\Old\\NT\\WINNT41", "no such folder" },
		{ "C:\\Old\\NT\\WINNT40\\system32\\config\\SYSTEM", "not a folder" },
		{ "D:\\NT", "its drive was not given" },
		{ "\\NT\\WINNT40", "not a full path" },
		{ "C:\\Old\\..\\Old\\NT\\WINNT40", "not a full path" },
	};
	struct nt_disks *d = nt_disks(*state);
	struct error err;

	support_mkdir(in(d, d->c, "Old"));
	support_mkdir(in(d, d->c, "Old/NT"));
	nt_folder(in(d, d->c, "Old/NT/WINNT40"), &(struct nt_system){ 0 });
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct disks_options options = { .drives = d->drives, .nt_folder = rows[i].folder };
		struct server *server;
		int ret = disks_open(d, &options, &server, &err);
		assert_int_equal(ret, rows[i].told ? -TROUBLE_NO_NT : 0);
		if (!rows[i].told) {
			assert_string_equal(server->id.nt_folder, "C:\\Old\\NT\\WINNT40");
			continue;
		}
		assert_non_null(strstr(err.text, rows[i].told));
		assert_non_null(strstr(err.text, "C:\\WINNT."));
	}
}

/* Not even where a person chose is boot.ini believed to start the one. */
static void boot_ini_with_one_name_on_two_drives_tells_nothing(void **state)
{
	struct nt_disks *d = nt_disks(*state);
	struct disks_options options = { .drives = d->drives, .nt_folder = "E:\\WINNT" };
	struct server *server;
	struct error err;

	nt_folder(in(d, d->e, "WINNT"), &(struct nt_system){ 0 });
	support_write_text(in(d, d->c, "boot.ini"),
		"[boot loader]\r\ndefault=multi(0)disk(0)rdisk(0)partition(1)\\WINNT\r\n");
	wants(d, d->drives, TROUBLE_SEVERAL_NT, "C:\\WINNT, E:\\WINNT");
	assert_int_equal(disks_open(d, &options, &server, &err), 0);
	assert_null(server->id.nt_booted);
}

static void a_dirty_hive_is_refused_and_the_second_copy_named(void **state)
{
	struct nt_disks *d = nt_disks(*state);
	struct nt_system dirty = { .dirty = 1 };

	nt_hive(d->winnt, "SYSTEM", &dirty);
	wants(d, d->drives, TROUBLE_HIVE_DIRTY, "SYSTEM.ALT, is clean");
	nt_hive(d->winnt, "SYSTEM.ALT", &dirty);
	wants(d, d->drives, TROUBLE_HIVE_DIRTY, "SYSTEM.ALT, is no better");
	unlink(in(d, d->config, "SYSTEM.ALT"));
	wants(d, d->drives, TROUBLE_HIVE_DIRTY, "no second copy");
}

static void a_file_that_is_no_system_hive_is_refused(void **state)
{
	struct nt_disks *d = nt_disks(*state);

	nt_hive(d->winnt, "SYSTEM", &(struct nt_system){ .no_select = true });
	wants(d, d->drives, TROUBLE_HIVE_NO_SELECT, "control set");
	nt_hive(d->winnt, "SYSTEM", &(struct nt_system){ .default_set = 1000 });
	wants(d, d->drives, TROUBLE_HIVE_NO_SELECT, "control set");
	nt_hive(d->winnt, "SYSTEM", &(struct nt_system){ .default_set = 3 });
	wants(d, d->drives, TROUBLE_HIVE_NO_SERVICES, "ControlSet003");
	nt_hive(d->winnt, "SYSTEM", &(struct nt_system){ .no_services = true });
	wants(d, d->drives, TROUBLE_HIVE_NO_SERVICES, "ControlSet001");
	support_write_text(in(d, d->config, "SYSTEM"), "This is no registry file.");
	wants(d, d->drives, TROUBLE_NOT_A_HIVE, "SYSTEM");
}

static void another_control_set_is_used_when_select_says_so(void **state)
{
	struct nt_disks *d = nt_disks(*state);

	nt_hive(d->winnt, "SYSTEM", &(struct nt_system){ .default_set = 2 });
	assert_string_equal(nt_open(d)->id.name, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SUPPORT_TEST(the_server_is_identified),
		SUPPORT_TEST(drives_must_be_well_formed),
		SUPPORT_TEST(a_comma_in_a_folder_can_be_written),
		SUPPORT_TEST(no_nt_folder_is_said),
		SUPPORT_TEST(names_are_found_in_any_case),
		SUPPORT_TEST(twins_are_refused),
		SUPPORT_TEST(a_linked_hive_is_refused),
		SUPPORT_TEST(boot_ini_tells_several_apart),
		SUPPORT_TEST(boot_ini_with_one_name_on_two_drives_tells_nothing),
		SUPPORT_TEST(a_person_chooses_the_nt_folder),
		SUPPORT_TEST(boot_ini_tells_of_a_deeper_folder),
		SUPPORT_TEST(a_deeper_folder_beside_another),
		SUPPORT_TEST(a_person_names_a_folder_of_any_depth),
		SUPPORT_TEST(a_dirty_hive_is_refused_and_the_second_copy_named),
		SUPPORT_TEST(a_file_that_is_no_system_hive_is_refused),
		SUPPORT_TEST(another_control_set_is_used_when_select_says_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A server that is off: how it is found and told apart, and what is read of its registry. */
#include "server/disks.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/text.h"
#include "tests/ntfolder.h"
#include "tests/support.h"

static int setup(void **state)
{
	*state = talloc_new(NULL);
	return *state == NULL;
}

static int teardown(void **state)
{
	talloc_free(*state);
	return 0;
}

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
	wants(d, talloc_asprintf(d, "C=%s/WINNT/system32/config/SYSTEM", d->c), TROUBLE_NOT_THERE, "SYSTEM");
}

static void a_comma_in_a_folder_can_be_written(void **state)
{
	struct nt_disks *d = nt_disks(*state);
	struct error err;

	assert_int_equal(rename(d->c, in(d, d->root, "a, b")), 0);
	assert_int_equal(nt_try(d, talloc_asprintf(d, "c=%s/a\\, b,E=%s", d->root, d->e), NULL, &err), 0);
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
	assert_int_equal(server_reg_string(server, server, "system\\controlset001\\SERVICES\\msexchangemsmi",
					   "IMAGEPATH", &text, NULL),
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
		{ "[Boot Loader]\r\nDefault = multi(0)disk(0)rdisk(0)partition(2)\\nt4exch \r\n", "E:\\NT4EXCH" },
		{ "[boot loader]\ndefault=scsi(0)disk(0)rdisk(0)partition(2)\\NT4EXCH", "E:\\NT4EXCH" },
		{ "[boot loader]\r\ndefault=C:\\\r\n[operating systems]\r\nC:\\=\"MS-DOS\"\r\n", NULL },
		{ "[operating systems]\r\ndefault=multi(0)disk(0)rdisk(0)partition(1)\\WINNT\r\n", NULL },
		{ "[boot loader]\r\ndefault=multi(0)disk(0)rdisk(0)partition(1)\\OTHER\r\n", NULL },
	};
	struct nt_disks *d = nt_disks(*state);

	nt_folder(in(d, d->e, "NT4EXCH"), &(struct nt_system){ 0 });
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		if (rows[i].boot_ini)
			support_write_text(in(d, d->c, "BOOT.INI"), rows[i].boot_ini);
		if (rows[i].folder)
			assert_string_equal(nt_open(d)->id.nt_folder, rows[i].folder);
		else
			wants(d, d->drives, TROUBLE_SEVERAL_NT, "C:\\WINNT, E:\\NT4EXCH");
	}
}

static void boot_ini_with_one_name_on_two_drives_tells_nothing(void **state)
{
	struct nt_disks *d = nt_disks(*state);

	nt_folder(in(d, d->e, "WINNT"), &(struct nt_system){ 0 });
	support_write_text(in(d, d->c, "boot.ini"),
			   "[boot loader]\r\ndefault=multi(0)disk(0)rdisk(0)partition(1)\\WINNT\r\n");
	wants(d, d->drives, TROUBLE_SEVERAL_NT, "C:\\WINNT, E:\\WINNT");
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
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		support_write_text(in(d, d->c, "boot.ini"), rows[i]);
		assert_string_equal(nt_open(d)->id.nt_folder, "C:\\NT\\WINNT40");
	}
	support_write_text(in(d, d->c, "boot.ini"), "[boot loader]\r\ndefault=multi(0)disk(0)\\..\\c\\NT\\WINNT40\r\n");
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
		{ "C:\\Old\\NT\\WINNT40\\system32\\config\\SYSTEM", "no folder" },
		{ "D:\\NT", "its drive was not given" },
		{ "\\NT\\WINNT40", "no full path" },
		{ "C:\\Old\\..\\Old\\NT\\WINNT40", "no full path" },
	};
	struct nt_disks *d = nt_disks(*state);
	struct error err;

	support_mkdir(in(d, d->c, "Old"));
	support_mkdir(in(d, d->c, "Old/NT"));
	nt_folder(in(d, d->c, "Old/NT/WINNT40"), &(struct nt_system){ 0 });
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
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

/* Where a person chose, boot.ini is believed to start it only if it can mean no other. */
static void one_name_on_two_drives_is_not_what_starts(void **state)
{
	struct nt_disks *d = nt_disks(*state);
	struct disks_options options = { .drives = d->drives, .nt_folder = "E:\\WINNT" };
	struct server *server;
	struct error err;

	nt_folder(in(d, d->e, "WINNT"), &(struct nt_system){ 0 });
	support_write_text(in(d, d->c, "boot.ini"),
			   "[boot loader]\r\ndefault=multi(0)disk(0)rdisk(0)partition(1)\\WINNT\r\n");
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

static bool lists(const struct reg_key *key, const char *subkey)
{
	for (size_t i = 0; i < key->subkey_count; i++)
		if (strcmp(key->subkeys[i], subkey) == 0)
			return true;
	return false;
}

static void keys_are_listed(void **state)
{
	struct server *server = nt_open(nt_disks(*state));
	struct reg_key *key;

	assert_int_equal(server->ops->reg_list(server, server, "SYSTEM", &key, NULL), 0);
	assert_int_equal(key->subkey_count, 3);
	assert_true(lists(key, "Select") && lists(key, "ControlSet001") && lists(key, "ControlSet002"));
	assert_int_equal(key->value_count, 0);
	assert_int_equal(server->ops->reg_list(server, server, "SYSTEM\\ControlSet001\\Services", &key, NULL), 0);
	assert_int_equal(key->subkey_count, 3);
	assert_true(lists(key, "MTA to Z\xc3\xbcrich"));
	assert_int_equal(
		server->ops->reg_list(server, server, "SYSTEM\\ControlSet001\\Services\\MSExchangeMSMI", &key, NULL),
		0);
	assert_int_equal(key->subkey_count, 1);
	assert_int_equal(key->value_count, 3);
	for (size_t i = 0; i < key->value_count; i++) {
		if (strcmp(key->values[i].name, "Start") == 0) {
			assert_int_equal(key->values[i].data.type, REG_DWORD);
			assert_memory_equal(key->values[i].data.bytes, "\2\0\0\0", 4);
		}
	}
}

/* The values below Services of the server that ntfolder.c builds, in the order of their keys' names; stops at the one asked for. */
struct walked {
	char *said;
	const char *stop;
};

static int walked_value(void *arg, const char *key, const struct reg_value *value, struct error *err)
{
	struct walked *walked = arg;

	(void)err;
	walked->said = talloc_asprintf_append(walked->said, "%s:%s:%u:%zu\n", key, value->name, value->data.type,
					      value->data.len);
	return walked->stop && strcmp(value->name, walked->stop) == 0 ? -TROUBLE_STOPPED : 0;
}

static void all_values_below_a_key_are_walked(void **state)
{
	struct server *server = nt_open(nt_disks(*state));
	struct server *dry = server_dry_run(server, server);
	struct walked walked = { talloc_strdup(server, ""), NULL }, again = { talloc_strdup(server, ""), "Start" };
	const char *key = "SYSTEM\\ControlSet001\\Services\\MSExchangeMSMI", *expected =
		"SYSTEM\\ControlSet001\\Services\\MSExchangeMSMI:ImagePath:2:80\n"
		"SYSTEM\\ControlSet001\\Services\\MSExchangeMSMI:Start:4:4\n"
		"SYSTEM\\ControlSet001\\Services\\MSExchangeMSMI:Blob:3:1500\n"
		"SYSTEM\\ControlSet001\\Services\\MSExchangeMSMI\\Performance:Library:1:88\n";
	struct error err;

	assert_int_equal(server->ops->reg_walk(server, key, walked_value, &walked, &err), 0);
	assert_string_equal(walked.said, expected);
	assert_int_equal(dry->ops->reg_walk(dry, key, walked_value, &again, &err), -TROUBLE_STOPPED);
	assert_true(strncmp(again.said, expected, strlen(again.said)) == 0 && strstr(again.said, ":Start:"));
	again = (struct walked){ talloc_strdup(server, ""), NULL };
	assert_int_equal(server->ops->reg_walk(server, "SYSTEM", walked_value, &again, &err), 0);
	assert_non_null(strstr(again.said, expected));
	assert_non_null(strstr(again.said, "\nSYSTEM\\ControlSet002\\Services\\MSExchangeMSMI:ImagePath:1:20\n"));
	assert_non_null(strstr(again.said, "\nSYSTEM\\Select:Default:4:4\n"));
	again.said = talloc_strdup(server, "");
	assert_int_equal(server->ops->reg_walk(server, "SYSTEM\\Nothing\\below", walked_value, &again, &err), 0);
	assert_string_equal(again.said, "");
	assert_int_equal(server->ops->reg_walk(server, "SAM", walked_value, &again, &err), -TROUBLE_BUG);
}

static void a_look_at_everything_holds_still(void **state)
{
	struct nt_disks *d = nt_disks(*state);
	struct server *server = nt_open(d);
	const char *key = "SYSTEM\\ControlSet001\\Services\\MSExchangeMSMI";
	char *path = talloc_asprintf(d, "%s/SYSTEM", d->config), *text;
	size_t len;
	uint8_t *bytes = support_read(d, path, &len);
	struct error err;

	assert_int_equal(server->ops->hold(server, &err), 0);
	assert_int_equal(server->ops->release(server, &err), 0);
	assert_int_equal(server->ops->hold(server, &err), 0);
	nt_hive(d->winnt, "SYSTEM", &(struct nt_system){ .image = "D:\\other.exe" });
	assert_int_equal(server_reg_string(server, server, key, "ImagePath", &text, &err), 0);
	assert_int_equal(server->ops->release(server, &err), -TROUBLE_HIVE_CHANGING);
	assert_int_equal(server_reg_string(server, server, key, "ImagePath", &text, &err), 0);
	assert_string_equal(text, "D:\\other.exe");

	/* The header of the first bin, which no key that is asked for leads to. */
	bytes[4096] = 'H';
	support_write(path, bytes, len);
	server = nt_open(d);
	assert_int_equal(server->ops->hold(server, &err), -TROUBLE_HIVE_BROKEN);
	assert_non_null(strstr(err.text, "byte 4096"));
}

static void what_is_absent_is_no_error(void **state)
{
	static const char *const keys[] = { "SYSTEM\\Nothing", "SYSTEM\\Nothing\\below", "SYSTEM.ALT",
					    "SYSTEM.ALT\\Select", "SOFTWARE\\Microsoft\\Exchange" };
	struct nt_disks *d = nt_disks(*state);
	struct server *server;
	struct reg_key *key;
	struct reg_data *data;
	struct error err;

	unlink(in(d, d->config, "SYSTEM.ALT"));
	server = nt_open(d);
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
		assert_int_equal(server->ops->reg_list(server, server, keys[i], &key, &err), 0);
		assert_null(key);
		assert_int_equal(server->ops->reg_read(server, server, keys[i], "Value", &data, &err), 0);
		assert_null(data);
	}
	assert_int_equal(server->ops->reg_read(server, server, "SYSTEM\\Select", "Failed", &data, &err), 0);
	assert_null(data);
	assert_int_equal(server->ops->reg_list(server, server, "SAM\\SAM", &key, &err), -TROUBLE_BUG);
}

static void texts_and_numbers_have_their_types(void **state)
{
	struct server *server = nt_open(nt_disks(*state));
	const char *key = "SYSTEM\\ControlSet001\\Services\\MSExchangeMSMI";
	char *text;
	uint32_t number;
	bool found;

	assert_int_equal(server_reg_string(server, server, key, "ImagePath", &text, NULL), 0);
	assert_string_equal(text, NT_IMAGE);
	assert_int_equal(server_reg_string(server, server, key, "Start", &text, NULL), 0);
	assert_null(text);
	assert_int_equal(server_reg_dword(server, key, "Start", &number, &found, NULL), 0);
	assert_true(found);
	assert_int_equal(number, 2);
	assert_int_equal(server_reg_dword(server, key, "ImagePath", &number, &found, NULL), 0);
	assert_false(found);
	assert_int_equal(server_reg_string(server, server, "SYSTEM.ALT\\ControlSet001\\Services\\MSExchangeMSMI",
					   "ImagePath", &text, NULL),
			 0);
	assert_string_equal(text, NT_IMAGE);
}

/* The kernel's clock for files ticks every few milliseconds. */
static void a_tick_passes(void)
{
	usleep(20000);
}

static void a_hive_that_changes_while_it_is_read_is_refused_once(void **state)
{
	struct nt_disks *d = nt_disks(*state);
	struct server *server = nt_open(d);
	const char *key = "SYSTEM\\ControlSet001\\Services\\MSExchangeMSMI";
	struct error err;
	char *text;

	a_tick_passes();
	nt_hive(d->winnt, "SYSTEM", &(struct nt_system){ .image = NT_IMAGE_MOVED });
	assert_int_equal(server_reg_string(server, server, key, "ImagePath", &text, &err), -TROUBLE_HIVE_CHANGING);
	assert_non_null(strstr(err.text, "C:\\WINNT\\system32\\config\\SYSTEM"));
	assert_int_equal(server_reg_string(server, server, key, "ImagePath", &text, &err), 0);
	assert_string_equal(text, NT_IMAGE_MOVED);
	a_tick_passes();
	/* Another file under its name. */
	nt_hive(d->winnt, "NEW", &(struct nt_system){ .image = NT_IMAGE_LONGER });
	assert_int_equal(rename(in(d, d->config, "NEW"), in(d, d->config, "SYSTEM")), 0);
	assert_int_equal(server_reg_string(server, server, key, "ImagePath", &text, &err), -TROUBLE_HIVE_CHANGING);
	assert_int_equal(server_reg_string(server, server, key, "ImagePath", &text, &err), 0);
	assert_string_equal(text, NT_IMAGE_LONGER);
}

static uint64_t bytes_read_so_far(void)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	size_t len;
	char *io = (char *)support_read(mem, "/proc/self/io", &len);
	unsigned long long count = 0;

	if (sscanf(io, "rchar: %llu", &count) != 1)
		fail_msg("/proc/self/io says: %s", io);
	talloc_free(mem);
	return count;
}

static void a_large_hive_is_read_in_pieces(void **state)
{
	struct nt_disks *d = nt_disks(*state);
	const char *key = "SYSTEM\\ControlSet001\\Services\\MSExchangeMSMI";
	struct server *server;
	uint64_t before, used;
	char *text;

	if (access("/proc/self/io", R_OK) != 0)
		support_skip("no /proc/self/io");
	nt_hive(d->winnt, "SYSTEM", &(struct nt_system){ .size = 64 << 20 });
	before = bytes_read_so_far();
	server = nt_open(d);
	for (int i = 0; i < 100; i++)
		assert_int_equal(server_reg_string(server, server, key, "ImagePath", &text, NULL), 0);
	used = bytes_read_so_far() - before;
	assert_string_equal(text, NT_IMAGE);
	if (used > 1 << 20)
		fail_msg("%llu bytes were read for two dozen values", (unsigned long long)used);
}

static int count_hives(void *arg, const char *name, const uint8_t *bytes, size_t len, struct error *err)
{
	char **seen = arg;

	(void)err;
	*seen = talloc_asprintf_append(*seen, "%s:%zu:%.4s ", name, len, (const char *)bytes);
	return strcmp(name, "SYSTEM.LOG") == 0 ? -TROUBLE_STOPPED : 0;
}

static void hives_are_handed_out_whole(void **state)
{
	struct nt_disks *d = nt_disks(*state);
	struct server *server = nt_open(d);
	struct stat st;
	char *seen = talloc_strdup(d, ""), *expected;

	assert_int_equal(stat(in(d, d->config, "SYSTEM"), &st), 0);
	expected = talloc_asprintf(d, "SYSTEM:%zu:regf SYSTEM.ALT:%zu:regf ", (size_t)st.st_size, (size_t)st.st_size);
	assert_int_equal(server->ops->reg_save(server, count_hives, &seen, NULL), 0);
	assert_string_equal(seen, expected);
	support_write_text(in(d, d->config, "SYSTEM.LOG"), "DIRT");
	assert_int_equal(server->ops->reg_save(server, count_hives, &seen, NULL), -TROUBLE_STOPPED);
	assert_non_null(strstr(seen, "SYSTEM.LOG:4:DIRT"));
}

static void shares_are_read(void **state)
{
	struct server *server = nt_open(nt_disks(*state));
	struct share *share;

	assert_int_equal(server->ops->share_get(server, server, "MAILDAT$", &share, NULL), 0);
	assert_string_equal(share->name, "Maildat$");
	assert_string_equal(share->path, "C:\\exchsrvr\\Connect\\Msmcon\\Maildata");
	assert_string_equal(share->remark, "Access for MSMI postoffice");
	assert_int_equal(share->definition->type, REG_MULTI_SZ);
	assert_int_equal(share->security_len, 28);
	assert_int_equal(share->security[3], 0x80);
	assert_int_equal(server->ops->share_get(server, server, "Address", &share, NULL), 0);
	assert_null(share);
}

static void services_cannot_be_seen(void **state)
{
	struct server *server = nt_open(nt_disks(*state));
	struct service_list list;
	struct error err;

	assert_int_equal(server->ops->service_list(server, server, &list, &err), -TROUBLE_CANNOT);
	assert_int_equal(server->ops->service_set(server, "MSExchangeMSMI", SERVICE_STOPPED, &err), -TROUBLE_CANNOT);
	assert_non_null(strstr(err.text, "Stop the service MSExchangeMSMI"));
	assert_int_equal(server->ops->service_set(server, "MSExchangeMSMI", SERVICE_RUNNING, &err), -TROUBLE_CANNOT);
	assert_non_null(strstr(err.text, "Start the service MSExchangeMSMI"));
}

static void one_repair_at_a_time(void **state)
{
	struct nt_disks *d = nt_disks(*state);
	struct server *one = nt_open(d), *two = nt_open(d);
	struct error err;

	assert_int_equal(one->ops->lock(one, &err), 0);
	assert_int_equal(one->ops->lock(one, &err), 0);
	assert_int_equal(two->ops->lock(two, &err), -TROUBLE_LOCKED);
	talloc_free(one);
	assert_int_equal(two->ops->lock(two, &err), 0);
}

/* After a torn rename of ntfs-3g the old bytes lie under a name of the driver's. */
static void a_torn_rename_is_seen_and_only_looked_at(void **state)
{
	struct nt_disks *d = nt_disks(*state);
	struct server *server;
	struct error err;
	char *text;

	rename(in(d, d->config, "SYSTEM"), in(d, d->config, "SYSTEM.ntfs-3g-0123456789"));
	nt_hive(d->winnt, "SYSTEM.q24", &(struct nt_system){ .image = NT_IMAGE_LONGER });
	server = nt_open(d);
	assert_int_equal(server_reg_string(server, server, "SYSTEM\\ControlSet001\\Services\\MSExchangeMSMI",
					   "ImagePath", &text, NULL),
			 0);
	assert_string_equal(text, NT_IMAGE);
	assert_int_equal(server->ops->reg_gate(server, &err), -TROUBLE_MOVED);
	/* The one that is left says how the other may take its place again. */
	assert_int_equal(server->ops->rename(server, "C:\\WINNT\\system32\\config\\SYSTEM.ntfs-3g-0123456789",
					     "C:\\WINNT\\system32\\config\\SYSTEM", &err),
			 0);
	assert_int_equal(server->ops->remove(server, "C:\\WINNT\\system32\\config\\SYSTEM.q24", &err), 0);
	server = nt_open(d);
	assert_int_equal(server->ops->reg_gate(server, &err), 0);
}

/* Every name, size and time below a folder. */
static char *picture(TALLOC_CTX *mem, const char *folder)
{
	const char *const argv[] = { "find", folder, "-printf", "%P %y %s %T@ %C@ %m\\n", NULL };
	char *out;

	assert_int_equal(support_run(mem, argv, NULL, &out), 0);
	assert_non_null(strstr(out, "SOFTWARE f"));
	return out;
}

static void looking_never_writes(void **state)
{
	struct nt_disks *d = nt_disks(*state);
	char *before = picture(d, d->root), *after;
	struct server *server = nt_open(d);
	struct share *share;
	struct reg_key *key;

	assert_int_equal(server->ops->reg_gate(server, NULL), 0);
	assert_int_equal(server->ops->reg_list(server, server, "SOFTWARE", &key, NULL), 0);
	assert_int_equal(server->ops->share_get(server, server, "Maildat$", &share, NULL), 0);
	after = picture(d, d->root);
	assert_string_equal(before, after);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(the_server_is_identified, setup, teardown),
		cmocka_unit_test_setup_teardown(drives_must_be_well_formed, setup, teardown),
		cmocka_unit_test_setup_teardown(a_comma_in_a_folder_can_be_written, setup, teardown),
		cmocka_unit_test_setup_teardown(no_nt_folder_is_said, setup, teardown),
		cmocka_unit_test_setup_teardown(names_are_found_in_any_case, setup, teardown),
		cmocka_unit_test_setup_teardown(twins_are_refused, setup, teardown),
		cmocka_unit_test_setup_teardown(a_linked_hive_is_refused, setup, teardown),
		cmocka_unit_test_setup_teardown(boot_ini_tells_several_apart, setup, teardown),
		cmocka_unit_test_setup_teardown(boot_ini_with_one_name_on_two_drives_tells_nothing, setup, teardown),
		cmocka_unit_test_setup_teardown(a_person_chooses_the_nt_folder, setup, teardown),
		cmocka_unit_test_setup_teardown(boot_ini_tells_of_a_deeper_folder, setup, teardown),
		cmocka_unit_test_setup_teardown(a_deeper_folder_beside_another, setup, teardown),
		cmocka_unit_test_setup_teardown(a_person_names_a_folder_of_any_depth, setup, teardown),
		cmocka_unit_test_setup_teardown(one_name_on_two_drives_is_not_what_starts, setup, teardown),
		cmocka_unit_test_setup_teardown(a_dirty_hive_is_refused_and_the_second_copy_named, setup, teardown),
		cmocka_unit_test_setup_teardown(a_file_that_is_no_system_hive_is_refused, setup, teardown),
		cmocka_unit_test_setup_teardown(another_control_set_is_used_when_select_says_so, setup, teardown),
		cmocka_unit_test_setup_teardown(keys_are_listed, setup, teardown),
		cmocka_unit_test_setup_teardown(all_values_below_a_key_are_walked, setup, teardown),
		cmocka_unit_test_setup_teardown(a_look_at_everything_holds_still, setup, teardown),
		cmocka_unit_test_setup_teardown(what_is_absent_is_no_error, setup, teardown),
		cmocka_unit_test_setup_teardown(texts_and_numbers_have_their_types, setup, teardown),
		cmocka_unit_test_setup_teardown(a_hive_that_changes_while_it_is_read_is_refused_once, setup, teardown),
		cmocka_unit_test_setup_teardown(a_large_hive_is_read_in_pieces, setup, teardown),
		cmocka_unit_test_setup_teardown(hives_are_handed_out_whole, setup, teardown),
		cmocka_unit_test_setup_teardown(shares_are_read, setup, teardown),
		cmocka_unit_test_setup_teardown(services_cannot_be_seen, setup, teardown),
		cmocka_unit_test_setup_teardown(one_repair_at_a_time, setup, teardown),
		cmocka_unit_test_setup_teardown(a_torn_rename_is_seen_and_only_looked_at, setup, teardown),
		cmocka_unit_test_setup_teardown(looking_never_writes, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

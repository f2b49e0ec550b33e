/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A server that is off, read: registry, shares, services, registry files as a whole; and two that
 * would repair it at once. */
#include "server/disks.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/memory.h"
#include "tests/ntfolder.h"
#include "tests/support.h"

static char *in(TALLOC_CTX *mem, const char *folder, const char *name)
{
	return talloc_asprintf(mem, "%s/%s", folder, name);
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
	assert_true(
		lists(key, "Select") && lists(key, "ControlSet001") && lists(key, "ControlSet002"));
	assert_int_equal(key->value_count, 0);
	assert_int_equal(server->ops->reg_list(server, server, "SYSTEM\\ControlSet001\\Services",
				 &key, NULL),
		0);
	assert_int_equal(key->subkey_count, 3);
	assert_true(lists(key, "MTA to Z\xc3\xbcrich"));
	assert_int_equal(server->ops->reg_list(server, server,
				 "SYSTEM\\ControlSet001\\Services\\MSExchangeMSMI", &key, NULL),
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

/* The values below Services of the server that ntfolder.c builds, in the order of their keys'
 * names; stops at the one asked for. */
struct walked {
	char *said;
	const char *stop;
	size_t keys;
};

static int walked_value(void *arg, const char *key, const struct reg_value *value,
	struct error *err)
{
	struct walked *walked = arg;

	(void)err;
	walked->keys += !value;
	if (!value)
		return 0;
	walked->said = talloc_asprintf_append(walked->said, "%s:%s:%u:%zu\n", key, value->name,
		value->data.type, value->data.len);
	return walked->stop && strcmp(value->name, walked->stop) == 0 ? -TROUBLE_STOPPED : 0;
}

static void all_values_below_a_key_are_walked(void **state)
{
	struct server *server = nt_open(nt_disks(*state));
	struct walked walked = { talloc_strdup(server, ""), NULL, 0 },
		      again = { talloc_strdup(server, ""), "Start", 0 };
	const char *
		key = "SYSTEM\\ControlSet001\\Services\\MSExchangeMSMI",
	       *expected =
		       "SYSTEM\\ControlSet001\\Services\\MSExchangeMSMI:ImagePath:2:80\n"
		       "SYSTEM\\ControlSet001\\Services\\MSExchangeMSMI:Start:4:4\n"
		       "SYSTEM\\ControlSet001\\Services\\MSExchangeMSMI:Blob:3:1500\n"
		       "SYSTEM\\ControlSet001\\Services\\MSExchangeMSMI\\Performance:Library:1:88\n";
	struct error err;

	assert_int_equal(server->ops->reg_walk(server, key, walked_value, &walked, &err), 0);
	assert_string_equal(walked.said, expected);
	assert_true(walked.keys > 0);
	assert_int_equal(server->ops->reg_walk(server, key, walked_value, &again, &err),
		-TROUBLE_STOPPED);
	assert_true(strncmp(again.said, expected, strlen(again.said)) == 0 &&
		strstr(again.said, ":Start:"));
	again = (struct walked){ talloc_strdup(server, ""), NULL, 0 };
	assert_int_equal(server->ops->reg_walk(server, "SYSTEM", walked_value, &again, &err), 0);
	assert_non_null(strstr(again.said, expected));
	assert_non_null(strstr(again.said,
		"\nSYSTEM\\ControlSet002\\Services\\MSExchangeMSMI:ImagePath:1:20\n"));
	assert_non_null(strstr(again.said, "\nSYSTEM\\Select:Default:4:4\n"));
	again = (struct walked){ talloc_strdup(server, ""), NULL, 0 };
	assert_int_equal(server->ops->reg_walk(server, "SYSTEM\\Nothing\\below", walked_value,
				 &again, &err),
		0);
	assert_string_equal(again.said, "");
	assert_int_equal(again.keys, 0);
	assert_int_equal(server->ops->reg_walk(server, "SAM", walked_value, &again, &err),
		-TROUBLE_BUG);
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
	static const char *const keys[] = { "SYSTEM\\Nothing", "SYSTEM\\Nothing\\below",
		"SYSTEM.ALT", "SYSTEM.ALT\\Select", "SOFTWARE\\Microsoft\\Exchange" };
	struct nt_disks *d = nt_disks(*state);
	struct server *server;
	struct reg_key *key;
	struct reg_data *data;
	struct error err;

	unlink(in(d, d->config, "SYSTEM.ALT"));
	server = nt_open(d);
	for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
		assert_int_equal(server->ops->reg_list(server, server, keys[i], &key, &err), 0);
		assert_null(key);
		assert_int_equal(server->ops->reg_read(server, server, keys[i], "Value", &data,
					 &err),
			0);
		assert_null(data);
	}
	assert_int_equal(server->ops->reg_read(server, server, "SYSTEM\\Select", "Failed", &data,
				 &err),
		0);
	assert_null(data);
	assert_int_equal(server->ops->reg_list(server, server, "SAM\\SAM", &key, &err),
		-TROUBLE_BUG);
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
	assert_int_equal(server_reg_string(server, server,
				 "SYSTEM.ALT\\ControlSet001\\Services\\MSExchangeMSMI", "ImagePath",
				 &text, NULL),
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
	assert_int_equal(server_reg_string(server, server, key, "ImagePath", &text, &err),
		-TROUBLE_HIVE_CHANGING);
	assert_non_null(strstr(err.text, "C:\\WINNT\\system32\\config\\SYSTEM"));
	assert_int_equal(server_reg_string(server, server, key, "ImagePath", &text, &err), 0);
	assert_string_equal(text, NT_IMAGE_MOVED);
	a_tick_passes();
	/* Another file under its name. */
	nt_hive(d->winnt, "NEW", &(struct nt_system){ .image = NT_IMAGE_LONGER });
	assert_int_equal(rename(in(d, d->config, "NEW"), in(d, d->config, "SYSTEM")), 0);
	assert_int_equal(server_reg_string(server, server, key, "ImagePath", &text, &err),
		-TROUBLE_HIVE_CHANGING);
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
		assert_int_equal(server_reg_string(server, server, key, "ImagePath", &text, NULL),
			0);
	used = bytes_read_so_far() - before;
	assert_string_equal(text, NT_IMAGE);
	if (used > 1 << 20)
		fail_msg("%llu bytes were read for two dozen values", (unsigned long long)used);
}

static int count_hives(void *arg, const char *name, const uint8_t *bytes, size_t len,
	struct error *err)
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
	expected = talloc_asprintf(d, "SYSTEM:%zu:regf SYSTEM.ALT:%zu:regf ", (size_t)st.st_size,
		(size_t)st.st_size);
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
	assert_int_equal(server->ops->service_set(server, "MSExchangeMSMI", SERVICE_STOPPED, &err),
		-TROUBLE_CANNOT);
	assert_non_null(strstr(err.text, "Stop the service MSExchangeMSMI"));
	assert_int_equal(server->ops->service_set(server, "MSExchangeMSMI", SERVICE_RUNNING, &err),
		-TROUBLE_CANNOT);
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
	assert_int_equal(server_reg_string(server, server,
				 "SYSTEM\\ControlSet001\\Services\\MSExchangeMSMI", "ImagePath",
				 &text, NULL),
		0);
	assert_string_equal(text, NT_IMAGE);
	assert_int_equal(server->ops->reg_gate(server, &err), -TROUBLE_MOVED);
	/* The one that is left says how the other may take its place again. */
	assert_int_equal(server->ops->rename(server,
				 "C:\\WINNT\\system32\\config\\SYSTEM.ntfs-3g-0123456789",
				 "C:\\WINNT\\system32\\config\\SYSTEM", &err),
		0);
	assert_int_equal(server->ops->remove(server, "C:\\WINNT\\system32\\config\\SYSTEM.q24",
				 &err),
		0);
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
		SUPPORT_TEST(keys_are_listed),
		SUPPORT_TEST(all_values_below_a_key_are_walked),
		SUPPORT_TEST(a_look_at_everything_holds_still),
		SUPPORT_TEST(what_is_absent_is_no_error),
		SUPPORT_TEST(texts_and_numbers_have_their_types),
		SUPPORT_TEST(a_hive_that_changes_while_it_is_read_is_refused_once),
		SUPPORT_TEST(a_large_hive_is_read_in_pieces),
		SUPPORT_TEST(hives_are_handed_out_whole),
		SUPPORT_TEST(shares_are_read),
		SUPPORT_TEST(services_cannot_be_seen),
		SUPPORT_TEST(one_repair_at_a_time),
		SUPPORT_TEST(a_torn_rename_is_seen_and_only_looked_at),
		SUPPORT_TEST(looking_never_writes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

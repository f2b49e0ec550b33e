/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A running server looked at: who it is, its drives, its registry over many pipes. */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "nt/winreg.h"
#include "server/remote_private.h"
#include "tests/fake_link.h"

#define SERVICES "SYSTEM\\ControlSet001\\Services"
#define KEY SERVICES "\\MSExchangeMSMI"

static struct error err;

/* D$ is a folder that somebody shared under that name; E$ bears no mark, and is the whole drive. */
static void it_is_recognised_and_has_its_drives(void **state)
{
	struct server *server = fake_opened(state, &err);
	char *letters;

	assert_string_equal(server->id.name, "EXCH01");
	assert_string_equal(server->id.product_id, "12345");
	assert_string_equal(server->id.product_type, "ServerNT");
	assert_string_equal(server->id.nt_folder, "C:\\WINNT");
	assert_string_equal(server->reach, "live");
	assert_int_equal(server->caps, SERVER_WRITE | SERVER_SERVICES);
	assert_int_equal(server->ops->drives(server, *state, &letters, &err), 0);
	assert_string_equal(letters, "CE");
	assert_int_equal(fake.connects, 1);
}

static void no_control_set_is_refused(void **state)
{
	struct server *server;

	fake_key("SYSTEM\\Select")->count = 0;
	assert_int_equal(fake_open(*state, &server, &err), -TROUBLE_HIVE_NO_SELECT);
}

/* Two of one machine at one server; and a third after the first is gone. */
static void one_repair_at_a_time(void **state)
{
	struct server *first = fake_opened(state, &err), *second = fake_opened(state, &err);

	assert_int_equal(first->ops->lock(first, &err), 0);
	assert_int_equal(first->ops->lock(first, &err), 0);
	assert_int_equal(second->ops->lock(second, &err), -TROUBLE_LOCKED);
	talloc_free(first);
	assert_int_equal(second->ops->lock(second, &err), 0);
}

static void a_key_is_listed_whole(void **state)
{
	struct server *server = fake_opened(state, &err);
	struct reg_key *key;

	assert_int_equal(server->ops->reg_list(server, *state, KEY, &key, &err), 0);
	assert_int_equal(key->value_count, 2);
	assert_int_equal(key->subkey_count, 1);
	assert_string_equal(key->subkeys[0], "Performance");
	assert_string_equal(key->values[0].name, "ImagePath");
	assert_true(regdata_equal(&key->values[0].data, fake_value(KEY, "ImagePath")));
}

static void what_is_not_there_is_none(void **state)
{
	struct server *server = fake_opened(state, &err);
	struct reg_key *key;
	struct reg_data *data;

	assert_int_equal(server->ops->reg_list(server, *state, KEY "\\No", &key, &err), 0);
	assert_null(key);
	assert_int_equal(server->ops->reg_list(server, *state, "SYSTEM.ALT\\Select", &key, &err),
		0);
	assert_null(key);
	assert_int_equal(server->ops->reg_read(server, *state, KEY, "No", &data, &err), 0);
	assert_null(data);
	assert_int_equal(server->ops->reg_list(server, *state, "SAM\\x", &key, &err), -TROUBLE_BUG);
}

static int note(void *arg, const char *key, const struct reg_value *value, struct error *why)
{
	char **text = arg;

	(void)why;
	*text = talloc_asprintf_append(*text, "%s%s%s\n", key + strlen(SERVICES), value ? " " : "",
		value ? value->name : "");
	return 0;
}

static char *walked(void **state, struct server *server)
{
	char *text = talloc_strdup(*state, "");

	assert_int_equal(server->ops->reg_walk(server, SERVICES, note, &text, &err), 0);
	return text;
}

#define TREE \
	"\n\\MSExchangeMSMI\n\\MSExchangeMSMI ImagePath\n\\MSExchangeMSMI Start\n" \
	"\\MSExchangeMSMI\\Performance\n\\MSExchangeMSMI\\Performance Library\n"

/* In whatever order the answers come, and with several questions in flight. */
static void a_walk_is_in_order(void **state)
{
	struct server *server = fake_opened(state, &err);

	assert_string_equal(walked(state, server), TREE);
	fake.last_first = true;
	assert_string_equal(walked(state, server), TREE);
	assert_true(fake.most_in_flight > 2);
	assert_true(fake.most_in_flight <= REMOTE_PIPES);
}

static void what_is_held_is_asked_once(void **state)
{
	struct server *server = fake_opened(state, &err);
	struct reg_key *key;
	struct reg_data *data;
	unsigned calls;

	assert_int_equal(server->ops->hold(server, &err), 0);
	assert_int_equal(server->ops->reg_list(server, *state, "SYSTEM\\Select", &key, &err), 0);
	assert_int_equal(server->ops->reg_list(server, *state, "SYSTEM\\No\\Way", &key, &err), 0);
	calls = fake.calls;
	assert_string_equal(walked(state, server), TREE);
	assert_int_equal(server->ops->reg_read(server, *state, KEY, "imagepath", &data, &err), 0);
	assert_true(regdata_equal(data, fake_value(KEY, "ImagePath")));
	assert_int_equal(server->ops->reg_list(server, *state, SERVICES "\\No\\A", &key, &err), 0);
	assert_null(key);
	assert_int_equal(server->ops->reg_list(server, *state, "SYSTEM\\No\\Way", &key, &err), 0);
	assert_int_equal(server->ops->reg_list(server, *state, "SYSTEM\\Select", &key, &err), 0);
	assert_non_null(key);
	assert_int_equal(fake.calls, calls);
	assert_int_equal(server->ops->release(server, &err), 0);
	fake_put(KEY, "ImagePath", REG_SZ, "new");
	assert_int_equal(server->ops->reg_read(server, *state, KEY, "ImagePath", &data, &err), 0);
	assert_true(regdata_equal(data, fake_value(KEY, "ImagePath")));
	assert_int_equal(fake.writing_opens, 0);
}

static void a_value_that_grew_is_asked_again(void **state)
{
	struct server *server = fake_opened(state, &err);
	struct reg_key *key;

	fake.grows = true;
	assert_int_equal(server->ops->reg_list(server, *state, KEY, &key, &err), 0);
	assert_true(regdata_equal(&key->values[0].data, fake_value(KEY, "ImagePath")));
}

static void a_value_that_went_begins_the_key_again(void **state)
{
	struct server *server = fake_opened(state, &err);
	struct reg_key *key;

	fake.shrinks = true;
	assert_int_equal(server->ops->reg_list(server, *state, KEY, &key, &err), 0);
	assert_int_equal(key->value_count, 2);
	assert_string_equal(key->values[1].name, "Start");
}

static void what_is_too_much_is_refused(void **state)
{
	struct server *server = fake_opened(state, &err);
	struct reg_key *key;

	fake.claim_values = 1000000;
	assert_int_equal(server->ops->reg_list(server, *state, KEY, &key, &err),
		-TROUBLE_NOT_A_HIVE);
	assert_non_null(strstr(err.text, KEY));
	fake.claim_values = 0;
	fake.claim_needed = WINREG_VALUE_LIMIT + 1;
	assert_int_equal(server->ops->reg_list(server, *state, KEY, &key, &err), -TROUBLE_IO);
	assert_non_null(strstr(err.text, "1048577"));
	/* The next who asks gets his own answers. */
	fake.claim_needed = 0;
	assert_int_equal(server->ops->reg_list(server, *state, KEY, &key, &err), 0);
	assert_int_equal(key->value_count, 2);
}

/* A name that drives a terminal is handed on as it is, and shown escaped. */
static void a_hostile_name_is_a_name(void **state)
{
	struct server *server = fake_opened(state, &err);
	struct reg_key *key;

	fake_put(KEY "\\\x1b[2J", "\x1b]0;x\x07", REG_SZ, "");
	assert_int_equal(server->ops->reg_list(server, *state, KEY "\\\x1b[2J", &key, &err), 0);
	assert_string_equal(key->values[0].name, "\x1b]0;x\x07");
	fake.claim_values = 1000000;
	assert_true(server->ops->reg_list(server, *state, KEY "\\\x1b[2J", &key, &err) < 0);
	assert_null(strchr(err.text, '\x1b'));
}

static void a_reading_is_done_again_after_a_break(void **state)
{
	struct server *server = fake_opened(state, &err);

	fake.break_pipe = "winreg";
	fake.break_opnum = WINREG_ENUM_VALUE;
	fake.break_nth = 2;
	assert_string_equal(walked(state, server), TREE);
	assert_int_equal(fake.connects, 2);
}

static void a_second_break_is_said(void **state)
{
	struct server *server = fake_opened(state, &err);
	char *text = talloc_strdup(*state, "");

	fake.break_pipe = "winreg";
	fake.break_opnum = WINREG_ENUM_VALUE;
	fake.break_nth = 2;
	fake.break_stays = true;
	assert_int_equal(server->ops->reg_walk(server, SERVICES, note, &text, &err),
		-TROUBLE_UNREACHABLE);
	assert_string_equal(text, "");
	fake.break_stays = false;
	assert_string_equal(walked(state, server), TREE);
}

static void another_server_is_noticed_after_a_break(void **state)
{
	struct server *server = fake_opened(state, &err);
	char *text = talloc_strdup(*state, "");

	fake_put("SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion", "ProductId", REG_SZ, "67890");
	fake.break_pipe = "winreg";
	fake.break_opnum = WINREG_QUERY_INFO;
	fake.break_nth = 1;
	assert_int_equal(server->ops->reg_walk(server, SERVICES, note, &text, &err),
		-TROUBLE_OTHER_SERVER);
	assert_int_equal(trouble_exit(err.trouble), 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, fake_set_up, fake_tear_down)
		TEST(it_is_recognised_and_has_its_drives),
		TEST(no_control_set_is_refused),
		TEST(one_repair_at_a_time),
		TEST(a_key_is_listed_whole),
		TEST(what_is_not_there_is_none),
		TEST(a_walk_is_in_order),
		TEST(what_is_held_is_asked_once),
		TEST(a_value_that_grew_is_asked_again),
		TEST(a_value_that_went_begins_the_key_again),
		TEST(what_is_too_much_is_refused),
		TEST(a_hostile_name_is_a_name),
		TEST(a_reading_is_done_again_after_a_break),
		TEST(a_second_break_is_said),
		TEST(another_server_is_noticed_after_a_break),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

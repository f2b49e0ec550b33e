/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Services of a running server: listed in parts, started, stopped, waited for. */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "server/remote.h"
#include "tests/fake_link.h"

static struct error err;

static int seconds_seen, gives_up;

static int waits(void *arg, const char *doing, unsigned seconds)
{
	(void)arg;
	assert_non_null(strstr(doing, "Slow"));
	seconds_seen = (int)seconds + 1;
	return gives_up;
}

static int set(void **state, const char *name, enum service_state to)
{
	struct server *server = fake_opened(state, &err);

	return server->ops->service_set(server, name, to, &err);
}

static void a_list_comes_in_parts(void **state)
{
	struct server *server = fake_opened(state, &err);
	struct service_list list;

	fake_service("A", 1);
	fake_service("B", 2);
	fake_service("C", 3);
	fake_service("D", 4);
	fake_service("E", 7);
	fake.list_at_once = 2;
	assert_int_equal(server->ops->service_list(server, *state, &list, &err), 0);
	assert_int_equal(list.count, 5);
	assert_int_equal(list.services[0].state, SERVICE_STOPPED);
	assert_int_equal(list.services[1].state, SERVICE_STARTING);
	assert_int_equal(list.services[2].state, SERVICE_STOPPING);
	assert_int_equal(list.services[3].state, SERVICE_RUNNING);
	assert_string_equal(list.services[4].name, "E");
}

static void it_starts_and_stops(void **state)
{
	struct fake_service *service = fake_service("MSExchangeMSMI", 1);

	assert_int_equal(set(state, "MSExchangeMSMI", SERVICE_RUNNING), 0);
	assert_int_equal(service->status.state, 4);
	assert_int_equal(set(state, "MSExchangeMSMI", SERVICE_RUNNING), 0);
	assert_int_equal(fake.sets, 1);
	assert_int_equal(set(state, "MSExchangeMSMI", SERVICE_STOPPED), 0);
	assert_int_equal(set(state, "MSExchangeMSMI", SERVICE_STOPPED), 0);
	assert_int_equal(service->status.state, 1);
	assert_int_equal(fake.sets, 2);
}

static void who_depends_is_named(void **state)
{
	fake_service("MSExchangeMSMI", 4);
	fake_service("Vancouver", 4)->depends = "MSExchangeMSMI";
	fake_service("Legacy", 1)->depends = "MSExchangeMSMI";
	fake_service("MSExchangeATMTA", 4)->depends = "MSExchangeMSMI";
	assert_int_equal(set(state, "MSExchangeMSMI", SERVICE_STOPPED), -TROUBLE_CANNOT);
	assert_non_null(strstr(err.text, "Vancouver, MSExchangeATMTA."));
}

static void what_the_manager_says_is_a_sentence(void **state)
{
	static const struct {
		uint32_t code;
		const char *said;
	} codes[] = { { 1053, "respond in time" }, { 1058, "disabled" }, { 1069, "log on" },
		{ 2, "not there" }, { 5, "denied" }, { 4711, "4711" } };
	struct fake_service *service = fake_service("MSExchangeMSMI", 1);

	for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
		service->start_code = codes[i].code;
		assert_true(set(state, "MSExchangeMSMI", SERVICE_RUNNING) < 0);
		assert_non_null(strstr(err.text, codes[i].said));
		assert_non_null(strstr(err.text, "MSExchangeMSMI"));
	}
	assert_int_equal(set(state, "No", SERVICE_RUNNING), -TROUBLE_NOT_THERE);
}

static void one_that_ends_again_says_why(void **state)
{
	struct fake_service *service = fake_service("MSExchangeMSMI", 1);

	service->after_start[0] = 2;
	service->after_start[1] = 1;
	service->status.exit_code = 1067;
	assert_int_equal(set(state, "MSExchangeMSMI", SERVICE_RUNNING), -TROUBLE_CANNOT);
	assert_non_null(strstr(err.text, "unexpectedly"));
	service->asked = 0;
	service->status.exit_code = 1066;
	service->status.own_exit_code = 105;
	assert_int_equal(set(state, "MSExchangeMSMI", SERVICE_RUNNING), -TROUBLE_CANNOT);
	assert_non_null(strstr(err.text, "105"));
}

/* Its hint is short and it does not move; nobody waits for good. */
static void one_that_stands_still_is_given_up(void **state)
{
	struct server *server = fake_opened(state, &err);
	struct fake_service *service = fake_service("Slow", 2);

	service->status.wait_hint_ms = 1;
	seconds_seen = 0;
	server->waiting = waits;
	assert_int_equal(server->ops->service_set(server, "Slow", SERVICE_RUNNING, &err),
		-TROUBLE_CANNOT);
	assert_non_null(strstr(err.text, "did not start in the time"));
	assert_true(seconds_seen >= 2);
	assert_int_equal(fake.sets, 0);
}

static void who_waits_may_give_up(void **state)
{
	struct server *server = fake_opened(state, &err);

	fake_service("Slow", 3);
	gives_up = 1;
	server->waiting = waits;
	assert_int_equal(server->ops->service_set(server, "Slow", SERVICE_STOPPED, &err),
		-TROUBLE_STOPPED);
	gives_up = 0;
}

static void a_lost_start_is_not_given_twice(void **state)
{
	fake_service("MSExchangeMSMI", 1);
	fake_breaks("svcctl", SVCCTL_START, 1, true);
	assert_int_equal(set(state, "MSExchangeMSMI", SERVICE_RUNNING), 0);
	assert_int_equal(fake.sets, 1);
	assert_int_equal(fake.connects, 2);
}

static void a_dry_run_touches_none(void **state)
{
	struct server *server = fake_opened(state, &err);

	fake_service("MSExchangeMSMI", 4);
	server->dry_run = true;
	assert_int_equal(server->ops->service_set(server, "MSExchangeMSMI", SERVICE_STOPPED, &err),
		-TROUBLE_CANNOT);
	assert_int_equal(fake.sets, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, fake_set_up, fake_tear_down)
		TEST(a_list_comes_in_parts),
		TEST(it_starts_and_stops),
		TEST(who_depends_is_named),
		TEST(what_the_manager_says_is_a_sentence),
		TEST(one_that_ends_again_says_why),
		TEST(one_that_stands_still_is_given_up),
		TEST(who_waits_may_give_up),
		TEST(a_lost_start_is_not_given_twice),
		TEST(a_dry_run_touches_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

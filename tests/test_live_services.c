/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Services of a running server that do not do as they are told. */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"
#include "run/engine_internal.h"
#include "tests/finish_bench.h"
#include "tests/live_double.h"

#define MSMI "MSExchangeMSMI"

static struct live_double live;

static struct server *open_live(struct finish_bench *bench)
{
	struct server *server;

	live = (struct live_double){ 0 };
	server = live_open(bench, bench->dir, &live, &bench->err);
	if (!server)
		fail_msg("%s", bench->err.text);
	return server;
}

static void all_start(struct finish_bench *bench, struct server *server)
{
	static const char *const names[] = { MSMI, FINISH_VANCOUVER, FINISH_LEGACY };

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (server->ops->service_set(server, names[i], SERVICE_RUNNING, &bench->err))
			fail_msg("%s", bench->err.text);
}

/* 1051 comes as a sentence that names who depends: nothing is written. */
static void not_stopped_nothing_written(void **state)
{
	static const struct live_service dependent = { MSMI, SERVICE_STOPPED, TROUBLE_CANNOT,
		"The service MSExchangeMSMI cannot be stopped: other services depend on it: Fax." };
	struct finish_bench *bench = *state;
	struct server *server = open_live(bench);
	struct engine *engine;

	all_start(bench, server);
	engine = finish_begun(bench, server);
	assert_int_equal(engine_backup(engine, &bench->err), 0);
	live.fails = &dependent;
	assert_int_equal(engine_carry_out(engine, &bench->err), -TROUBLE_CANNOT);
	assert_non_null(strstr(bench->err.text, "Fax"));
	assert_false(engine_wrote(engine));
	assert_false(engine_services_down(engine));
	assert_int_equal(finish_service(bench, server, FINISH_LEGACY), SERVICE_RUNNING);
}

/* It would not start again, so it is not stopped. */
static void disabled_is_not_stopped(void **state)
{
	struct finish_bench *bench = *state;
	struct server *server = open_live(bench);
	struct engine *engine;
	const struct survey *survey;

	all_start(bench, server);
	assert_int_equal(survey_make(bench, server, &bench->survey_options, &survey, &bench->err),
		0);
	finish_value(bench, server,
		talloc_asprintf(bench, "%s\\" FINISH_LEGACY, survey_services_key(bench, survey)),
		"Start", regdata_from_dword(bench, 4));
	engine = finish_begun(bench, server);
	assert_int_equal(engine_backup(engine, &bench->err), 0);
	live.services_asked = 0;
	assert_int_equal(engine_carry_out(engine, &bench->err), -TROUBLE_CANNOT);
	assert_non_null(strstr(bench->err.text, FINISH_LEGACY " runs, but is disabled"));
	assert_int_equal(live.services_asked, 0);
	assert_false(engine_wrote(engine));
}

/* ---- given up while one is waited for ---- */

struct waited {
	size_t calls;
	const char *doing;
	unsigned gives_up; /* so often, of waits that would be longer */
};

static int wait_some(void *arg, const char *doing, unsigned seconds)
{
	struct waited *waited = arg;

	waited->calls++;
	waited->doing = doing;
	if (!waited->gives_up || seconds < 2)
		return 0;
	waited->gives_up--;
	return 1;
}

/* Nothing is written, and what was stopped is waited for until it runs again. */
static void given_up_and_started_again(void **state)
{
	struct finish_bench *bench = *state;
	struct server *server = open_live(bench);
	struct waited waited = { .gives_up = 1 };
	struct engine *engine;

	all_start(bench, server);
	engine = finish_begun(bench, server);
	assert_int_equal(engine_backup(engine, &bench->err), 0);
	live.slow = 5;
	server->waiting = wait_some;
	server->waiting_arg = &waited;
	assert_int_equal(engine_carry_out(engine, &bench->err), -TROUBLE_STOPPED);
	assert_true(waited.calls > 3);
	assert_false(engine_wrote(engine));
	assert_false(engine_services_down(engine));
	assert_int_equal(finish_service(bench, server, MSMI), SERVICE_RUNNING);
	assert_int_equal(finish_service(bench, server, FINISH_LEGACY), SERVICE_RUNNING);
	/* Waited for to the end it goes on. */
	assert_int_equal(engine_carry_out(engine, &bench->err), 0);
	assert_int_equal(finish_service(bench, server, MSMI), SERVICE_RUNNING);
}

/* Who gives up once more, while they are started, leaves: which are down is on record. */
static void given_up_twice(void **state)
{
	struct finish_bench *bench = *state;
	struct server *server = open_live(bench);
	struct waited waited = { .gives_up = 9 };
	struct engine *engine;

	all_start(bench, server);
	engine = finish_begun(bench, server);
	assert_int_equal(engine_backup(engine, &bench->err), 0);
	live.slow = 5;
	server->waiting = wait_some;
	server->waiting_arg = &waited;
	assert_int_equal(engine_carry_out(engine, &bench->err), -TROUBLE_STOPPED);
	assert_false(engine_wrote(engine));
	assert_true(engine_services_down(engine));
	assert_non_null(strstr(error_advice(&bench->err), "do not run again"));
	server->waiting = NULL;
	assert_int_equal(engine_services_start(engine, &bench->err), 0);
	assert_false(engine_services_down(engine));
}

/* One that does not start (1069) is no failure of the repair: it is said, and owed. */
static void one_does_not_start(void **state)
{
	static const struct live_service logon = { FINISH_VANCOUVER, SERVICE_RUNNING,
		TROUBLE_CANNOT, "The service did not start: its account cannot log on." };
	struct finish_bench *bench = *state;
	struct server *server = open_live(bench);
	struct engine *engine;

	all_start(bench, server);
	live.fails = &logon;
	engine = finish_carried(bench, server);
	assert_non_null(strstr(engine_told(engine)->services_note, "cannot log on"));
	assert_string_equal(engine_services_owed(engine, bench), FINISH_VANCOUVER);
	assert_int_equal(finish_service(bench, server, FINISH_LEGACY), SERVICE_RUNNING);
	live.fails = NULL;
	assert_int_equal(engine_services_start(engine, &bench->err), 0);
	assert_null(engine_services_owed(engine, bench));
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, finish_make, finish_free)
	const struct CMUnitTest tests[] = {
		CASE(not_stopped_nothing_written),
		CASE(disabled_is_not_stopped),
		CASE(given_up_and_started_again),
		CASE(given_up_twice),
		CASE(one_does_not_start),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

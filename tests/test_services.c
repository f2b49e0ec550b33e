/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The services around the outage. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "run/engine_internal.h"
#include "tests/finish_bench.h"
#include "tests/support.h"

#define MSMI "MSExchangeMSMI"

static void start(struct finish_bench *bench, struct server *server, const char *name)
{
	if (server->ops->service_set(server, name, SERVICE_RUNNING, &bench->err))
		fail_msg("%s", bench->err.text);
}

static void all_start(struct finish_bench *bench, struct server *server)
{
	start(bench, server, MSMI);
	start(bench, server, FINISH_VANCOUVER);
	start(bench, server, FINISH_LEGACY);
}

/* "-A -B +B +A": what was stopped and started, as the journal has it. */
static char *services_told(struct finish_bench *bench)
{
	char *told = talloc_strdup(bench, "");
	struct journal *journal;
	struct runfolder *run;

	assert_int_equal(runfolder_open(bench, bench->runs, "last", false, &run, &bench->err), 0);
	assert_int_equal(journal_open(bench, run, &journal, &bench->err), 0);
	for (size_t i = 0; i < journal_count(journal); i++) {
		const json_t *entry = journal_entry(journal, i);

		if (entry_is(entry, JOURNAL_SERVICE))
			told = talloc_asprintf_append(told, "%s%s ",
				strcmp(finish_text(entry, "to"), "stopped") ? "+" : "-",
				finish_text(entry, "name"));
	}
	talloc_free(run);
	return told;
}

/* How many progress calls saw the Interchange running, and how many stopped, while files were there
 * old or new. */
struct seen {
	size_t running, stopped;
};

static void look_at_services(struct finish_bench *bench)
{
	struct seen *seen = bench->seen;

	if (finish_service(bench, bench->server, MSMI) == SERVICE_RUNNING)
		seen->running++;
	else
		seen->stopped++;
}

static void stopped_for_the_switch(void **state)
{
	struct finish_bench *bench = *state;
	struct server *server = finish_open(bench, true);
	struct seen seen = { 0, 0 };
	struct engine *engine;

	all_start(bench, server);
	engine = finish_begun(bench, server);
	assert_int_equal(engine_backup(engine, &bench->err), 0);
	bench->server = server;
	bench->seen = &seen;
	bench->tick = look_at_services;
	assert_int_equal(engine_carry_out(engine, &bench->err), 0);
	/* Files are staged while mail still flows, and switched in while it does not. */
	assert_true(seen.running > 0);
	assert_true(seen.stopped > 0);
	assert_false(engine_services_down(engine));
	assert_null(engine_told(engine)->services_note);
	assert_int_equal(finish_service(bench, server, MSMI), SERVICE_RUNNING);
	assert_int_equal(finish_service(bench, server, FINISH_LEGACY), SERVICE_RUNNING);
	assert_string_equal(services_told(bench),
		"-" FINISH_LEGACY " -" FINISH_VANCOUVER " -" MSMI " +" MSMI " +" FINISH_VANCOUVER
		" +" FINISH_LEGACY " ");
	assert_non_null(strstr(finish_report_text(bench), MSMI ": stopped"));
}

static void only_what_ran(void **state)
{
	struct finish_bench *bench = *state;
	struct server *server = finish_open(bench, true);

	start(bench, server, MSMI);
	talloc_free(finish_carried(bench, server));
	assert_string_equal(services_told(bench), "-" MSMI " +" MSMI " ");
	assert_int_equal(finish_service(bench, server, FINISH_LEGACY), SERVICE_STOPPED);
}

static void none_ran(void **state)
{
	struct finish_bench *bench = *state;
	struct server *server = finish_open(bench, true);
	struct engine *engine = finish_carried(bench, server);

	assert_string_equal(services_told(bench), "");
	/* By the operator's word. */
	if (engine_services_start(engine, &bench->err))
		fail_msg("%s", bench->err.text);
	assert_int_equal(finish_service(bench, server, MSMI), SERVICE_RUNNING);
	assert_int_equal(finish_service(bench, server, FINISH_VANCOUVER), SERVICE_RUNNING);
}

static int (*real_set)(struct server *, const char *, enum service_state, struct error *);

static int set_stuck(struct server *server, const char *name, enum service_state state,
	struct error *err)
{
	if (!strcmp(name, MSMI) && state == SERVICE_STOPPED)
		return error_set(err, TROUBLE_CANNOT, "The service MSExchangeMSMI hangs.");
	return real_set(server, name, state, err);
}

static int set_dead(struct server *server, const char *name, enum service_state state,
	struct error *err)
{
	if (!strcmp(name, FINISH_VANCOUVER) && state == SERVICE_RUNNING)
		return error_set(err, TROUBLE_CANNOT, "The service does not start.");
	return real_set(server, name, state, err);
}

static void services_by(struct server *server,
	int (*set)(struct server *, const char *, enum service_state, struct error *))
{
	if (server->ops->service_set != set_stuck && server->ops->service_set != set_dead)
		real_set = server->ops->service_set;
	((struct server_ops *)(uintptr_t)server->ops)->service_set = set;
}

static void one_does_not_stop(void **state)
{
	struct finish_bench *bench = *state;
	struct server *server = finish_open(bench, true);
	struct engine *engine;
	const struct survey *survey;

	all_start(bench, server);
	engine = finish_begun(bench, server);
	assert_int_equal(engine_backup(engine, &bench->err), 0);
	services_by(server, set_stuck);
	assert_int_equal(engine_carry_out(engine, &bench->err), -TROUBLE_CANNOT);
	assert_non_null(strstr(bench->err.text, "hangs"));
	assert_int_equal(finish_service(bench, server, FINISH_VANCOUVER), SERVICE_RUNNING);
	assert_int_equal(finish_service(bench, server, MSMI), SERVICE_RUNNING);
	assert_false(engine_services_down(engine));
	assert_int_equal(survey_make(bench, server, &bench->survey_options, &survey, &bench->err),
		0);
	assert_int_equal(survey_finding(survey, "registry/MSExchangeMSMI\\ImagePath")->state,
		FINDING_WRONG);
	assert_int_equal(survey_finding(survey, "file/Bin\\mt.exe")->state, FINDING_WRONG);
	/* Once it can be stopped, the same run goes on. */
	services_by(server, real_set);
	assert_int_equal(engine_carry_out(engine, &bench->err), 0);
}

/* The repair stands; what does not start is told, and owed to the server until it does. */
static void one_does_not_start(void **state)
{
	struct finish_bench *bench = *state;
	struct server *server = finish_open(bench, true);
	struct engine *engine;

	all_start(bench, server);
	services_by(server, set_dead);
	engine = finish_carried(bench, server);
	assert_true(engine_services_down(engine));
	assert_string_equal(engine_told(engine)->services_note, "The service does not start.");
	assert_int_equal(finish_service(bench, server, MSMI), SERVICE_RUNNING);
	assert_int_equal(finish_service(bench, server, FINISH_LEGACY), SERVICE_RUNNING);
	assert_int_equal(engine_services_start(engine, &bench->err), -TROUBLE_CANNOT);
	talloc_free(engine);
	services_by(server, real_set);
	engine = finish_resumed(bench, server, RUN_AFTER);
	assert_false(engine_services_down(engine));
	assert_int_equal(finish_service(bench, server, FINISH_VANCOUVER), SERVICE_RUNNING);
}

static enum run_state last_state(struct finish_bench *bench)
{
	struct runfolder *run;
	struct journal *journal;

	assert_int_equal(runfolder_open(bench, bench->runs, "last", false, &run, &bench->err), 0);
	assert_int_equal(journal_open(bench, run, &journal, &bench->err), 0);
	return journal_state(journal);
}

/* A run that has come to its end still owes what it could not start, and stays at its end. */
static void one_starts_later(void **state)
{
	struct finish_bench *bench = *state;
	struct server *server = finish_open(bench, true);
	struct engine *engine;
	const char *idle;
	int code;

	all_start(bench, server);
	services_by(server, set_dead);
	engine = finish_carried(bench, server);
	code = finish_finish(bench, engine);
	talloc_free(engine);
	for (int dead = 1; dead >= 0; dead--) {
		enum run_stage stage;

		services_by(server, dead ? set_dead : real_set);
		assert_int_equal(engine_resume(bench, server, "last", &bench->options, NULL,
					 &engine, &stage, &bench->err),
			0);
		idle = engine_told(engine)->idle;
		assert_non_null(strstr(idle, "nothing to resume"));
		assert_true(!strstr(idle, "does not start") == !dead);
		assert_int_equal(engine_told(engine)->idle_exit, code);
		assert_int_equal(engine_services_down(engine), dead);
		assert_int_equal(last_state(bench), STATE_DONE);
		talloc_free(engine);
	}
	assert_int_equal(finish_service(bench, server, FINISH_VANCOUVER), SERVICE_RUNNING);
}

/* The same where everything was put back. */
static void one_starts_after_an_undo(void **state)
{
	struct finish_bench *bench = *state;
	struct server *server = finish_open(bench, true);
	char *text;

	all_start(bench, server);
	services_by(server, set_dead);
	talloc_free(finish_carried(bench, server));
	assert_int_equal(engine_undo(bench, server, "last", &bench->options,
				 &(struct undo_options){ 0 }, &text, &bench->err),
		0);
	assert_non_null(strstr(text, "does not start"));
	assert_int_equal(last_state(bench), STATE_UNDONE);
	services_by(server, real_set);
	assert_int_equal(engine_undo(bench, server, "last", &bench->options,
				 &(struct undo_options){ 0 }, &text, &bench->err),
		0);
	assert_int_equal(last_state(bench), STATE_UNDONE);
	assert_int_equal(finish_service(bench, server, FINISH_VANCOUVER), SERVICE_RUNNING);
}

static void around_an_undo(void **state)
{
	struct finish_bench *bench = *state;
	struct server *server = finish_open(bench, true);
	char *text;

	talloc_free(finish_carried(bench, server));
	all_start(bench, server);
	assert_int_equal(engine_undo(bench, server, "last", &bench->options,
				 &(struct undo_options){ 0 }, &text, &bench->err),
		0);
	assert_int_equal(finish_service(bench, server, MSMI), SERVICE_RUNNING);
	assert_non_null(strstr(services_told(bench), "-" MSMI " +" MSMI));
}

static void none_on_disks(void **state)
{
	struct finish_bench *bench = *state;
	struct engine *engine = finish_carried(bench, finish_open(bench, false));

	assert_false(engine_services_down(engine));
	assert_string_equal(services_told(bench), "");
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, finish_make, finish_free)
	const struct CMUnitTest tests[] = {
		CASE(stopped_for_the_switch),
		CASE(only_what_ran),
		CASE(none_ran),
		CASE(one_does_not_stop),
		CASE(one_does_not_start),
		CASE(one_starts_later),
		CASE(one_starts_after_an_undo),
		CASE(around_an_undo),
		CASE(none_on_disks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Repairs that do not begin: nothing is written, and no half record stays. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/memory.h"
#include "tests/bench_run.h"
#include "tests/cut_tree.h"
#include "tests/support.h"

static void expect_refused(struct bench *bench, enum trouble trouble)
{
	struct server *server = bench_open(bench);
	struct plan *plan = bench_plan(bench, server);
	struct engine *engine;

	assert_int_equal(engine_begin(bench, server, plan, &bench->options, &engine, &bench->err),
		-(int)trouble);
	assert_true(bench->err.text[0] != '\0');
	assert_int_equal(bench_runs(bench), 0);
	bench_same(bench, TREE_TIMES | TREE_BACKUPS);
}

static void nothing_begins_without_an_operator(void **state)
{
	static const char *const names[] = { NULL, "", "  \t", "-", ".", "?", "\xe2\x80\x8b",
		"\xff", "\x1b[;" };
	struct bench *bench = *state;

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		bench->options.operator_name = names[i];
		expect_refused(bench, TROUBLE_USAGE);
	}
}

/* Another process repairs the same server. */
static void a_server_under_repair_is_refused(void **state)
{
	struct bench *bench = *state;
	int ready[2], go[2], status;
	char byte;
	pid_t child;

	assert_int_equal(pipe(ready), 0);
	assert_int_equal(pipe(go), 0);
	child = fork();
	if (child == 0) {
		struct server *server = bench_open(bench);

		if (server->ops->lock(server, NULL) || write(ready[1], "x", 1) != 1)
			_exit(1);
		_exit(read(go[0], &byte, 1) == 1 ? 0 : 1);
	}
	assert_int_equal(read(ready[0], &byte, 1), 1);
	expect_refused(bench, TROUBLE_LOCKED);
	assert_int_equal(write(go[1], "x", 1), 1);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
}

/* A backup can be there under the name of a run whose record is gone: it is not written into. */
static void the_backup_of_a_forgotten_run_is_not_written_over(void **state)
{
	struct bench *bench = *state;
	time_t now = time(NULL);
	char stamp[32];

	for (time_t at = now; at < now + 30; at++) {
		assert_true(strftime(stamp, sizeof stamp, "%Y%m%d-%H%M%S", gmtime(&at)));
		support_mkdir(talloc_asprintf(bench, "%s/E/exchsrvr/connect/msmcon/bin.q240208-%s",
			bench->dir, stamp));
	}
	assert_int_equal(bench_repair(bench, NULL), -TROUBLE_MOVED);
	assert_non_null(strstr(bench->err.text, "is there already"));
	assert_int_equal(bench_runs(bench), 0);
}

static void runs_in_memory_are_refused(void **state)
{
	struct bench *bench = *state;
	char *dir = talloc_strdup(bench, "/dev/shm/msmcfix-test-XXXXXX");
	struct server *server = bench_open(bench);
	struct engine *engine;

	if (access("/dev/shm", W_OK) || !mkdtemp(dir))
		skip();
	bench->options.runs = dir;
	assert_int_equal(engine_begin(bench, server, bench_plan(bench, server), &bench->options,
				 &engine, &bench->err),
		0);
	assert_non_null(engine_told(engine)->warning);
	talloc_free(engine);
	support_remove(dir);
}

static void a_server_that_can_only_be_checked_is_not_repaired(void **state)
{
	struct bench *bench = *state;
	struct server *server = bench_open(bench);
	struct plan *plan = bench_plan(bench, server);
	struct survey *survey = talloc_memdup(bench, plan->survey, sizeof *survey);
	struct engine *engine;

	survey->check_only = true;
	survey->check_only_trouble = TROUBLE_CLUSTER;
	survey->check_only_why = talloc_strdup(bench, "A cluster.");
	plan->survey = survey;
	assert_int_equal(engine_begin(bench, server, plan, &bench->options, &engine, &bench->err),
		-TROUBLE_CLUSTER);
	assert_string_equal(bench->err.text, "A cluster.");
	assert_int_equal(bench_runs(bench), 0);
}

/* Without step 1 nothing is changed, whatever was decided. */
static void without_step_1_nothing_changes(void **state)
{
	struct bench *bench = *state;
	struct server *server = bench_open(bench);
	struct plan *plan = bench_plan(bench, server);
	struct engine *engine;

	plan_find(plan, "backup/Bin")->decision = DECISION_KEEP;
	assert_int_equal(engine_begin(bench, server, plan, &bench->options, &engine, &bench->err),
		0);
	assert_int_equal(engine_backup(engine, &bench->err), -TROUBLE_CANNOT);
	assert_int_equal(engine_carry_out(engine, &bench->err), -TROUBLE_CANNOT);
	bench_same(bench, TREE_TIMES | TREE_BACKUPS);
}

#define WITH_BENCH(name) cmocka_unit_test_setup_teardown(name, bench_make, bench_free)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_BENCH(nothing_begins_without_an_operator),
		WITH_BENCH(a_server_under_repair_is_refused),
		WITH_BENCH(the_backup_of_a_forgotten_run_is_not_written_over),
		WITH_BENCH(runs_in_memory_are_refused),
		WITH_BENCH(a_server_that_can_only_be_checked_is_not_repaired),
		WITH_BENCH(without_step_1_nothing_changes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What was left open when steps 2 to 4 were carried out: decided and written later in the same
 * run. */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"
#include "run/engine_internal.h"
#include "run/resume.h"
#include "tests/bench_run.h"
#include "tests/cut_tree.h"
#include "tests/support.h"

#define MSMI BENCH_SERVICES "MSExchangeMSMI"
#define FILE_LEFT "file/Bin\\mt.exe"
#define VALUE_LEFT "registry/MSExchangeMSMI\\ImagePath"
#define SHARE_LEFT "share/Maildat$"

static const char *const left[] = { FILE_LEFT, VALUE_LEFT, SHARE_LEFT };
static const struct survey_options nothing_said = { 0 };

static struct journal *journal_of(struct bench *bench)
{
	struct runfolder *run;
	struct journal *journal;

	assert_int_equal(runfolder_open(bench, bench->runs, "last", false, &run, &bench->err), 0);
	assert_int_equal(journal_open(bench, run, &journal, &bench->err), 0);
	return journal;
}

/* How many acts of a step came to their end. */
static size_t acts(struct bench *bench, int step)
{
	struct journal *journal = journal_of(bench);
	size_t count = 0;

	for (size_t i = 0; i < journal_count(journal); i++)
		count += entry_is(journal_entry(journal, i), JOURNAL_DONE) &&
			entry_number(journal_entry(journal, i), "step") == step;
	return count;
}

/* One of each step is left undecided, all else is decided; carried out. */
static struct engine *first_writing(struct bench *bench)
{
	struct server *server = bench_open(bench);
	struct plan *plan = bench_plan(bench, server);
	struct engine *engine;

	for (size_t i = 0; i < ARRAY_SIZE(left); i++)
		plan_find(plan, left[i])->decision = DECISION_UNDECIDED;
	assert_int_equal(engine_begin(bench, server, plan, &bench->options, &engine, &bench->err),
		0);
	assert_int_equal(engine_backup(engine, &bench->err), 0);
	assert_int_equal(engine_carry_out(engine, &bench->err), 0);
	assert_string_equal(bench_read(bench, BENCH_BIN "mt.exe"), "old");
	/* The server's lock goes with it. */
	talloc_steal(engine, server);
	return engine;
}

static void decide_left(struct bench *bench, struct engine *engine)
{
	for (size_t i = 0; i < ARRAY_SIZE(left); i++)
		if (engine_decide(engine, left[i], DECISION_CHANGE, NULL, &bench->err))
			fail_msg("%s: %s", left[i], bench->err.text);
}

static struct engine *resumed(struct bench *bench, enum run_stage expected)
{
	struct server *server = bench_open(bench);
	struct engine *engine;
	enum run_stage stage;

	if (engine_resume(bench, server, "last", &bench->options, &nothing_said, &engine, &stage,
		    &bench->err))
		fail_msg("%s", bench->err.text);
	assert_int_equal(stage, expected);
	talloc_steal(engine, server);
	return engine;
}

static enum run_stage stage_of(struct bench *bench)
{
	struct runfolder *run;
	enum run_stage stage;

	assert_int_equal(runfolder_open(bench, bench->runs, "last", false, &run, &bench->err), 0);
	assert_int_equal(run_stage_of(bench_open(bench), run, &stage, &bench->err), 0);
	return stage;
}

static void expect_all_written(struct bench *bench)
{
	struct server *server = bench_open(bench);

	assert_string_equal(bench_read(bench, BENCH_BIN "mt.exe"), "new");
	assert_string_equal(bench_value_read(bench, MSMI, "ImagePath"), LAB_MOVED "\\bin\\mt.exe");
	assert_int_equal(bench_plan(bench, server)->survey->open, 0);
	talloc_free(server);
}

/* The whole of it once more: the report counts both writings, an undo puts both back. */
static void expect_end(struct bench *bench, struct engine *engine)
{
	int code = -1;

	assert_int_equal(engine_finish(engine, &nothing_said, &code, &bench->err), 0);
	assert_int_equal(code, 0);
	expect_all_written(bench);
	assert_int_equal(acts(bench, STEP_BACKUP), 1);
	talloc_free(engine);
	if (bench_undo(bench, NULL, NULL))
		fail_msg("%s", bench->err.text);
	bench_same(bench, TREE_TIMES);
}

static void what_was_left_is_written_in_the_same_run(void **state)
{
	struct bench *bench = *state;
	struct engine *engine = first_writing(bench);

	decide_left(bench, engine);
	assert_int_equal(engine_carry_out(engine, &bench->err), 0);
	for (int step = STEP_FILES; step <= STEP_SHARE; step++)
		assert_int_equal(acts(bench, step), step == STEP_SHARE ? 1 : 2);
	/* Nothing is left to write, so nothing is. */
	assert_int_equal(engine_carry_out(engine, &bench->err), 0);
	assert_int_equal(acts(bench, STEP_FILES), 2);
	expect_end(bench, engine);
}

static void each_change_is_in_one_act_alone(void **state)
{
	struct bench *bench = *state;
	struct engine *engine = first_writing(bench);
	struct history history;

	decide_left(bench, engine);
	assert_int_equal(engine_carry_out(engine, &bench->err), 0);
	assert_int_equal(history_read(bench, engine, &history, &bench->err), 0);
	for (size_t i = 0; i < history.count; i++)
		for (size_t k = 0; k < history.acts[i].count; k++)
			assert_ptr_equal(history_act(&history, history.acts[i].changes[k]->id,
						 false),
				&history.acts[i]);
	assert_int_equal(history.acts[history.count - 1].count, 1);
}

static void what_was_left_is_written_after_a_resume(void **state)
{
	struct bench *bench = *state;
	struct engine *engine;

	talloc_free(first_writing(bench));
	engine = resumed(bench, RUN_AFTER);
	/* What is written is right, and no row of the plan any more. */
	assert_null(plan_find(engine_plan(engine), "file/Bin\\mtmsg.dll"));
	assert_int_equal(plan_find(engine_plan(engine), FILE_LEFT)->decision, DECISION_UNDECIDED);
	decide_left(bench, engine);
	talloc_free(engine);
	/* Decided, and left before it was written: nothing was cut off, and it waits. */
	assert_int_equal(stage_of(bench), RUN_AFTER);
	engine = resumed(bench, RUN_AFTER);
	assert_int_equal(acts(bench, STEP_FILES), 1);
	assert_int_equal(engine_carry_out(engine, &bench->err), 0);
	expect_end(bench, engine);
}

/* Steps 5 and 6 had been come to: decisions after that wait on their page. */
static void decided_behind_step_5_it_waits_to_be_written(void **state)
{
	struct bench *bench = *state;
	struct engine *engine = first_writing(bench);
	int code;

	assert_int_equal(engine_finish(engine, &nothing_said, &code, &bench->err), 0);
	assert_int_equal(code, 1);
	talloc_free(engine);
	engine = resumed(bench, RUN_AFTER);
	decide_left(bench, engine);
	talloc_free(engine);
	assert_int_equal(stage_of(bench), RUN_AFTER);
	engine = resumed(bench, RUN_AFTER);
	for (size_t i = 0; i < ARRAY_SIZE(left); i++)
		assert_int_equal(plan_find(engine_plan(engine), left[i])->decision,
			DECISION_CHANGE);
	assert_string_equal(bench_read(bench, BENCH_BIN "mt.exe"), "old");
	assert_int_equal(engine_carry_out(engine, &bench->err), 0);
	expect_end(bench, engine);
}

static void what_is_written_is_decided_no_more(void **state)
{
	struct bench *bench = *state;
	struct engine *engine = first_writing(bench);
	size_t entries = journal_count(journal_of(bench));

	for (enum decision decision = DECISION_CHANGE; decision <= DECISION_KEEP; decision++)
		assert_int_equal(engine_decide(engine, "file/Bin\\mtmsg.dll", decision, NULL,
					 &bench->err),
			-TROUBLE_CANNOT);
	assert_int_equal(journal_count(journal_of(bench)), entries);
}

/* Stopped before each act of the second writing, or within it: resumed to its end, or all of the
 * run put back. */
static void the_second_writing_is_stopped_and_resumed(void **state)
{
	for (int step = STEP_FILES; step <= STEP_SHARE; step++)
		for (int way = 0; way < 4; way++) {
			struct bench *bench;
			struct engine *engine;

			bench_free(state);
			bench_make(state);
			bench = *state;
			engine = first_writing(bench);
			decide_left(bench, engine);
			bench->stop_at = step;
			bench->stop_within = way & 1;
			assert_int_equal(engine_carry_out(engine, &bench->err), -TROUBLE_STOPPED);
			bench->stop_at = 0;
			talloc_free(engine);
			assert_int_equal(stage_of(bench), RUN_CARRYING);
			if (way & 2) {
				assert_int_equal(bench_undo(bench, NULL, NULL), 0);
				bench_same(bench, TREE_TIMES);
			} else {
				expect_end(bench, resumed(bench, RUN_AFTER));
			}
		}
}

/* ---- somebody else ---- */

/* What this run wrote has been changed since: that is no reason not to write the rest. It is open
 * again, and may be kept. */
static void what_was_written_and_changed_since_bars_nothing(void **state)
{
	struct bench *bench = *state;
	struct engine *engine;
	int code;

	talloc_free(first_writing(bench));
	bench_write(bench, BENCH_BIN "address.dll", "hotfix");
	engine = resumed(bench, RUN_AFTER);
	assert_int_equal(plan_find(engine_plan(engine), "file/Bin\\address.dll")->decision,
		DECISION_UNDECIDED);
	decide_left(bench, engine);
	assert_int_equal(engine_decide(engine, "file/Bin\\address.dll", DECISION_KEEP, NULL,
				 &bench->err),
		0);
	assert_int_equal(engine_carry_out(engine, &bench->err), 0);
	assert_string_equal(bench_read(bench, BENCH_BIN "mt.exe"), "new");
	assert_string_equal(bench_read(bench, BENCH_BIN "address.dll"), "hotfix");
	assert_int_equal(engine_finish(engine, &nothing_said, &code, &bench->err), 0);
	assert_int_equal(code, 0);
}

/* Neither the backup nor the saved registry has what it was changed to: no undo could put that
 * back, so it is not written over. */
static void what_was_changed_since_the_run_began_is_not_written(void **state)
{
	static const char *const ids[] = { FILE_LEFT, VALUE_LEFT, "file/Bin\\mtmsg.dll" };
	struct bench *bench = *state;
	struct engine *engine;

	talloc_free(first_writing(bench));
	bench_write(bench, BENCH_BIN "mt.exe", "hotfix");
	bench_write(bench, BENCH_BIN "mtmsg.dll", "hotfix");
	bench_value(bench, MSMI, "ImagePath", LAB_DEFAULT "\\bin\\MT.EXE");
	engine = resumed(bench, RUN_AFTER);
	for (size_t i = 0; i < ARRAY_SIZE(ids); i++) {
		assert_int_equal(engine_decide(engine, ids[i], DECISION_CHANGE, NULL, &bench->err),
			-TROUBLE_MOVED);
		assert_non_null(strstr(bench->err.text, ids[i]));
		assert_int_equal(plan_find(engine_plan(engine), ids[i])->decision,
			DECISION_UNDECIDED);
	}
	assert_int_equal(engine_carry_out(engine, &bench->err), 0);
	assert_string_equal(bench_read(bench, BENCH_BIN "mt.exe"), "hotfix");
}

/* ---- put back, and decided again ---- */

static void one_that_was_put_back_is_open_and_can_be_written_again(void **state)
{
	static const struct undo_options one = { .change_id = VALUE_LEFT };
	struct bench *bench = *state;
	struct engine *engine = first_writing(bench);
	struct server *server;
	enum run_stage stage;

	decide_left(bench, engine);
	assert_int_equal(engine_carry_out(engine, &bench->err), 0);
	talloc_free(engine);
	assert_int_equal(bench_undo(bench, &one, NULL), 0);
	engine = resumed(bench, RUN_AFTER);
	assert_int_equal(plan_find(engine_plan(engine), VALUE_LEFT)->decision, DECISION_UNDECIDED);
	assert_int_equal(engine_carry_out(engine, &bench->err), 0);
	assert_string_equal(bench_value_read(bench, MSMI, "ImagePath"),
		LAB_DEFAULT "\\bin\\mt.exe");
	assert_int_equal(engine_decide(engine, VALUE_LEFT, DECISION_CHANGE, NULL, &bench->err), 0);
	talloc_free(engine);
	/* Decided again, it is what a resume without a walk carries out. */
	server = bench_open(bench);
	assert_int_equal(engine_resume(bench, server, "last", &bench->options, NULL, &engine,
				 &stage, &bench->err),
		0);
	talloc_steal(engine, server);
	expect_end(bench, engine);
}

#define WITH_BENCH(name) cmocka_unit_test_setup_teardown(name, bench_make, bench_free)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_BENCH(what_was_left_is_written_in_the_same_run),
		WITH_BENCH(each_change_is_in_one_act_alone),
		WITH_BENCH(what_was_left_is_written_after_a_resume),
		WITH_BENCH(decided_behind_step_5_it_waits_to_be_written),
		WITH_BENCH(what_is_written_is_decided_no_more),
		WITH_BENCH(the_second_writing_is_stopped_and_resumed),
		WITH_BENCH(what_was_written_and_changed_since_bars_nothing),
		WITH_BENCH(what_was_changed_since_the_run_began_is_not_written),
		WITH_BENCH(one_that_was_put_back_is_open_and_can_be_written_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

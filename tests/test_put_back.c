/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A run of which a part was put back: what it says of itself, on which page ever, and what others
 * wrote meanwhile. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/memory.h"
#include "record/journal.h"
#include "report/report.h"
#include "run/finish.h"
#include "run/resume.h"
#include "tests/bench_run.h"
#include "tests/support.h"

#define VALUE_BACK "registry/MSExchangeMSMI\\ImagePath"

static const struct survey_options nothing_said = { 0 };
static const struct undo_options one = { .change_id = VALUE_BACK };

static void says(const char *text, const char *words)
{
	if (!strstr(text, words))
		fail_msg("not said: %s\nin: %s", words, text);
}

static struct runfolder *run_of(struct bench *bench)
{
	struct runfolder *run;

	assert_int_equal(runfolder_open(bench, bench->runs, "last", false, &run, &bench->err), 0);
	return run;
}

static struct report *report_of(struct bench *bench)
{
	struct report *report;

	assert_int_equal(report_read(bench, run_of(bench), NULL, &report, &bench->err), 0);
	return report;
}

static struct run_record *record_of(struct bench *bench)
{
	struct run_record *record;

	assert_int_equal(run_record_read(bench, bench->runs, "last", &record, &bench->err), 0);
	return record;
}

/* As much as was decided is written; left as somebody leaves who comes again. */
static void carried(struct bench *bench, bool decided)
{
	struct server *server = bench_open(bench);
	struct plan *plan = bench_plan(bench, server);
	struct engine *engine;

	for (size_t i = 0; !decided && i < plan->count; i++)
		if (plan->rows[i].finding->step > STEP_BACKUP)
			plan->rows[i].decision = DECISION_KEEP;
	assert_int_equal(engine_begin(bench, server, plan, &bench->options, &engine, &bench->err),
		0);
	assert_int_equal(engine_backup(engine, &bench->err), 0);
	assert_int_equal(engine_carry_out(engine, &bench->err), 0);
	assert_int_equal(engine_leave(engine, &bench->err), 0);
	talloc_free(engine);
	talloc_free(server);
}

static void finished(struct bench *bench)
{
	struct server *server = bench_open(bench);
	struct engine *engine;
	enum run_stage stage;
	int code;

	if (engine_resume(bench, server, "last", &bench->options, &nothing_said, &engine, &stage,
		    &bench->err))
		fail_msg("%s", bench->err.text);
	assert_int_equal(stage, RUN_AFTER);
	assert_int_equal(engine_finish(engine, &nothing_said, &code, &bench->err), 0);
	talloc_free(engine);
	talloc_free(server);
}

/* Written, put back, left open: each counted, each once; and none of it called wrong or cut off. */
static void what_was_put_back_is_counted_everywhere(void **state)
{
	struct bench *bench = *state;
	struct report_step before, total;
	struct run_status *status;
	struct server *server;

	carried(bench, true);
	before = report_total(report_of(bench));
	assert_int_equal(bench_undo(bench, &one, NULL), 0);
	total = report_total(report_of(bench));
	assert_int_equal(total.made, before.made - 1);
	assert_int_equal(total.put_back, 1);
	assert_int_equal(total.undecided, before.undecided);
	assert_string_equal(verdict_word(report_verdict(report_of(bench))), "PARTLY BACK");
	says(report_text(bench, report_of(bench)), "made, 1 put back");
	server = bench_open(bench);
	assert_int_equal(run_status(bench, server, run_of(bench), &status, &bench->err), 0);
	assert_int_equal(status->made, total.made);
	assert_int_equal(status->put_back, 1);
	says(status->server_says, "0 are as before, 0 are neither, 1 were put back.");
	says(status->so, "or was put back");
	talloc_free(server);
	finished(bench);
	assert_string_equal(verdict_word(report_verdict(report_of(bench))), "PARTLY BACK");
	assert_int_equal(report_total(report_of(bench)).put_back, 1);
}

/* By the record alone: through, and what was put back is said; step 5 needs no more. */
static void step_5_is_recorded_after_a_part_was_put_back(void **state)
{
	struct bench *bench = *state;
	struct engine *engine;

	carried(bench, true);
	says(record_of(bench)->stands, "carried out as decided");
	assert_int_equal(bench_undo(bench, &one, NULL), 0);
	assert_int_equal(record_of(bench)->stage, RUN_AFTER);
	assert_null(strstr(record_of(bench)->stands, "cut off"));
	says(record_of(bench)->stands, "1 change was put back since");
	if (engine_resume_record(bench, "last", &bench->options, &engine, &bench->err))
		fail_msg("%s", bench->err.text);
	talloc_free(engine);
}

/* Stopped while writing: refused, and the sentence says what to do; only a cut is called one. */
static void step_5_waits_for_what_was_stopped_while_writing(void **state)
{
	struct bench *bench = *state;
	struct engine *engine;
	struct server *server;
	enum run_stage stage;

	bench->stop_at = STEP_VALUES;
	assert_int_equal(bench_repair(bench, NULL), -TROUBLE_STOPPED);
	bench->stop_at = 0;
	assert_int_equal(record_of(bench)->stage, RUN_CARRYING);
	says(record_of(bench)->stands, "stopped while");
	assert_int_equal(engine_resume_record(bench, "last", &bench->options, &engine, &bench->err),
		-TROUBLE_CANNOT);
	says(bench->err.text, "stopped while steps 2 to 4 were written");
	says(bench->err.text, "resume ");
	/* Resumed to its end, that is no more in the way. */
	server = bench_open(bench);
	if (engine_resume(bench, server, "last", &bench->options, &nothing_said, &engine, &stage,
		    &bench->err))
		fail_msg("%s", bench->err.text);
	talloc_free(engine);
	talloc_free(server);
	assert_true(record_of(bench)->mail_alone);
}

/* Who kept everything is not told that anything was written. */
static void where_all_was_kept_nothing_is_called_written(void **state)
{
	struct bench *bench = *state;
	struct server *server;
	struct engine *engine;
	enum run_stage stage;
	char *text;

	carried(bench, false);
	server = bench_open(bench);
	assert_int_equal(engine_resume(bench, server, "last", &bench->options, &nothing_said,
				 &engine, &stage, &bench->err),
		0);
	assert_int_equal(engine_pause(engine, bench, &text, &bench->err), 0);
	assert_null(strstr(text, "written and verified"));
	says(text, "Nothing was written: everything was kept by decision.");
	says(record_of(bench)->stands, "changed nothing");
	assert_string_equal(verdict_word(report_verdict(report_of(bench))), "NOT FINISHED");
	talloc_free(engine);
	talloc_free(server);
	finished(bench);
	assert_string_equal(verdict_word(report_verdict(report_of(bench))), "KEPT");
}

static struct timespec time_of(struct bench *bench, const char *path)
{
	struct stat meta;

	assert_int_equal(stat(talloc_asprintf(bench, "%s/%s", bench->dir, path), &meta), 0);
	return meta.st_mtim;
}

/* Windows NT counts by 100 ns. */
static bool same(struct timespec a, struct timespec b)
{
	return a.tv_sec == b.tv_sec && a.tv_nsec / 100 == b.tv_nsec / 100;
}

/* A folder or file that somebody else has written to since keeps the time of that; the others get
 * theirs back; also when the undo comes in parts. */
static void times_of_what_others_wrote_stay(void **state)
{
	static const char *const places[] = { BENCH_BIN, "C/WINNT/system32/config/SYSTEM" };
	static const struct undo_options files = { .step = STEP_FILES };
	struct bench *bench = *state;

	for (int part = 0; part < 2; part++)
		for (size_t i = 0; i < ARRAY_SIZE(places); i++) {
			struct timespec was[ARRAY_SIZE(places)],
				now[2] = { { .tv_nsec = UTIME_OMIT }, { .tv_sec = 951782400 } };

			bench_free(state);
			bench_make(state);
			bench = *state;
			for (size_t k = 0; k < ARRAY_SIZE(places); k++)
				was[k] = time_of(bench, places[k]);
			assert_int_equal(bench_repair(bench, NULL), 0);
			assert_int_equal(utimensat(AT_FDCWD,
						 talloc_asprintf(bench, "%s/%s", bench->dir,
							 places[i]),
						 now, 0),
				0);
			if (part)
				assert_int_equal(bench_undo(bench, &files, NULL), 0);
			assert_int_equal(bench_undo(bench, NULL, NULL), 0);
			for (size_t k = 0; k < ARRAY_SIZE(places); k++)
				if (same(time_of(bench, places[k]), was[k]) != (k != i))
					fail_msg("%s, written to: %s, in parts: %d", places[k],
						places[i], part);
		}
}

#define WITH_BENCH(name) cmocka_unit_test_setup_teardown(name, bench_make, bench_free)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_BENCH(what_was_put_back_is_counted_everywhere),
		WITH_BENCH(step_5_is_recorded_after_a_part_was_put_back),
		WITH_BENCH(step_5_waits_for_what_was_stopped_while_writing),
		WITH_BENCH(where_all_was_kept_nothing_is_called_written),
		WITH_BENCH(times_of_what_others_wrote_stay),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

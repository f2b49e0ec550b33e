/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>
#include "base/filetime.h"
#include "base/memory.h"
#include "base/text.h"
#include "run/engine_internal.h"
#include "run/resume.h"
#include "tests/bench_run.h"
#include "tests/cut_tree.h"
#include "tests/support.h"

#define MSMI BENCH_SERVICES "MSExchangeMSMI"

static const struct survey_options nothing_said = { 0 };

/* Goes on with the last run to its end; the exit code or a negative trouble. */
static int go_on(struct bench *bench, const char **idle)
{
	struct server *server = bench_open(bench);
	struct engine *engine;
	const char *why = NULL;
	enum run_stage stage;
	int code = 0,
	    ret = engine_resume(bench, server, "last", &bench->options, NULL, &engine, &stage,
		    &bench->err);

	if (!ret)
		why = engine_told(engine)->idle;
	if (why)
		code = engine_told(engine)->idle_exit;
	if (!ret && !why)
		ret = engine_finish(engine, &nothing_said, &code, &bench->err);
	if (idle)
		*idle = why ? talloc_strdup(bench, why) : NULL;
	if (!ret)
		talloc_free(engine);
	talloc_free(server);
	return ret ? ret : code;
}

static struct bench *again(void **state)
{
	bench_free(state);
	bench_make(state);
	return *state;
}

static void stopped(struct bench *bench, int step, bool within)
{
	bench->stop_at = step;
	bench->stop_within = within;
	assert_int_equal(bench_repair(bench, NULL), -TROUBLE_STOPPED);
	bench->stop_at = 0;
}

static void expect_repaired(struct bench *bench)
{
	assert_string_equal(bench_read(bench, BENCH_BIN "mt.exe"), "new");
	assert_string_equal(bench_read(bench, BENCH_BIN "sub/deep.dll"), "deep");
	assert_string_equal(bench_value_read(bench, MSMI, "ImagePath"), LAB_MOVED "\\bin\\mt.exe");
	assert_string_equal(bench_value_read(bench,
				    "SYSTEM.ALT\\ControlSet001\\Services\\MSExchangeMSMI",
				    "ImagePath"),
		LAB_MOVED "\\bin\\mt.exe");
	struct server *server = bench_open(bench);
	struct plan *plan = bench_plan(bench, server);
	assert_int_equal(plan->survey->changes_needed, 0);
	talloc_free(server);
}

static struct run_summary *last_run(struct bench *bench)
{
	struct run_summary *list;
	size_t count;

	assert_int_equal(runs_list(bench, bench->runs, &list, &count, &bench->err), 0);
	assert_true(count > 0);
	return &list[0];
}

static char *last_file(struct bench *bench, const char *name)
{
	return talloc_asprintf(bench, "%s/%s/%s", bench->runs, last_run(bench)->name, name);
}

/* Stopped before each step or within it, and gone on with. */
static void stopped_at_every_step_it_is_resumed(void **state)
{
	for (int step = 1; step <= 4; step++)
		for (int within = 0; within < 2; within++) {
			struct bench *bench = again(state);

			stopped(bench, step, within);
			assert_int_equal(go_on(bench, NULL), 0);
			expect_repaired(bench);
			assert_int_equal(last_run(bench)->state, STATE_DONE);
		}
}

static void a_finished_run_has_nothing_to_resume(void **state)
{
	struct bench *bench = *state;
	const char *idle;

	assert_int_equal(bench_repair(bench, NULL), 0);
	assert_int_equal(go_on(bench, &idle), 0);
	assert_non_null(idle);
	assert_int_equal(bench_undo(bench, NULL, NULL), 0);
	assert_int_equal(go_on(bench, &idle), 0);
	assert_non_null(strstr(idle, "put back"));
	bench_same(bench, TREE_TIMES);
}

static struct run_status *look_of(struct bench *bench)
{
	struct runfolder *run;
	struct run_status *status;

	assert_int_equal(runfolder_open(bench, bench->runs, "last", false, &run, &bench->err), 0);
	assert_int_equal(run_status(bench, bench_open(bench), run, &status, &bench->err), 0);
	return status;
}

/* Cut off before the decisions were on record as a whole: nothing was changed, and that is said. */
static void cut_off_before_the_decisions_it_changed_nothing(void **state)
{
	struct bench *bench = *state;
	const char *idle;

	stopped(bench, 1, false);
	bench_journal_cut(bench, "saved", true);
	assert_int_equal(go_on(bench, &idle), 1);
	assert_non_null(idle);
	bench_same(bench, TREE_TIMES | TREE_BACKUPS);
}

static void a_torn_line_is_resumed(void **state)
{
	struct bench *bench = *state;

	assert_int_equal(bench_repair(bench, NULL), 0);
	bench_journal_cut(bench, "act", true);
	assert_non_null(strstr(look_of(bench)->journal_says, "last line"));
	assert_int_equal(go_on(bench, NULL), 0);
	expect_repaired(bench);
	assert_null(strstr(look_of(bench)->journal_says, "last line"));
}

/* All of an act was made and nobody had seen it: it is looked at, and then that is on record. */
static void what_a_cut_act_made_is_seen_to_its_end(void **state)
{
	for (int step = STEP_FILES; step < STEP_SHARE; step++) {
		struct bench *bench = again(state);
		size_t len;

		stopped(bench, step + 1, false);
		bench_journal_cut(bench, "act", false);
		assert_int_equal(go_on(bench, NULL), 0);
		expect_repaired(bench);
		assert_non_null(
			strstr((char *)support_read(bench, last_file(bench, "journal.jsonl"), &len),
				talloc_asprintf(bench, "\"what\":\"done\",\"act\":%d,\"step\":%d",
					step + 1, step)));
	}
}

static void a_damaged_line_is_refused(void **state)
{
	struct bench *bench = *state;
	char *path;
	uint8_t *bytes;
	size_t len;

	stopped(bench, 3, false);
	path = last_file(bench, "journal.jsonl");
	bytes = support_read(bench, path, &len);
	bytes[len / 2] ^= 1;
	support_write(path, bytes, len);
	assert_int_equal(go_on(bench, NULL), -TROUBLE_RECORD_DAMAGED);
	assert_int_equal(bench_undo(bench, NULL, NULL), -TROUBLE_RECORD_DAMAGED);
	assert_string_equal(bench_value_read(bench, MSMI, "ImagePath"),
		LAB_DEFAULT "\\bin\\mt.exe");
}

/* What a killed prepare left beside its targets goes; what only looks like it stays. */
static void what_a_killed_prepare_left_goes(void **state)
{
	struct bench *bench = *state;

	stopped(bench, 2, true);
	bench_write(bench, BENCH_BIN "mt.exe.q24", "half");
	bench_write(bench, BENCH_BIN "stranger.q24", "mine");
	assert_int_equal(go_on(bench, NULL), 0);
	assert_false(bench_there(bench, BENCH_BIN "mt.exe.q24"));
	assert_true(bench_there(bench, BENCH_BIN "stranger.q24"));
	expect_repaired(bench);
}

/* What is named like a stage and came when all was done is no stage: putting back says so before it
 * writes anything. */
static void a_name_like_a_stage_that_is_none_stays(void **state)
{
	struct bench *bench = *state;

	assert_int_equal(bench_repair(bench, NULL), 0);
	bench_write(bench, BENCH_BIN "mt.exe.q24", "a person's");
	assert_int_equal(bench_undo(bench, NULL, NULL), -TROUBLE_MOVED);
	assert_non_null(strstr(bench->err.text, "mt.exe.q24 already exists"));
	assert_string_equal(bench_read(bench, BENCH_BIN "mt.exe.q24"), "a person's");
	expect_repaired(bench);
	assert_int_equal(unlink(talloc_asprintf(bench, "%s/" BENCH_BIN "mt.exe.q24", bench->dir)),
		0);
	assert_int_equal(bench_undo(bench, NULL, NULL), 0);
}

/* Registry files that were staged when the run was killed, and a rename that ntfs-3g could not
 * finish (doc/hives.md 6). */
static void staged_registry_files_go(void **state)
{
	struct bench *bench = *state;
	char *config = talloc_asprintf(bench, "%s/C/WINNT/system32/config", bench->dir);
	char *name = talloc_asprintf(bench, "%s/SYSTEM", config),
	     *torn = talloc_asprintf(bench, "%s/SYSTEM.ntfs-3g-0000012345", config);

	stopped(bench, 4, true);
	assert_int_equal(rename(name, torn), 0);
	bench_write(bench, "C/WINNT/system32/config/SYSTEM.q24", "half");
	bench_write(bench, "C/WINNT/system32/config/SYSTEMA.q24", "half");
	assert_non_null(strstr(look_of(bench)->server_says, "left behind: 3"));
	if (go_on(bench, NULL))
		fail_msg("%s", bench->err.text);
	expect_repaired(bench);
	assert_int_equal(access(torn, F_OK), -1);
	assert_false(bench_there(bench, "C/WINNT/system32/config/SYSTEM.q24"));
	assert_int_equal(bench_undo(bench, &(struct undo_options){ .backups = true }, NULL), 0);
	bench_same(bench, TREE_BACKUPS);
}

/* Killed between the registry file and its copy: that is seen, and going on writes the copy;
 * putting back undoes both. */
static void the_copy_of_the_registry_that_is_behind_is_written(void **state)
{
	static const char alt[] = "C/WINNT/system32/config/SYSTEM.ALT";
	static const char shares[] = "SYSTEM.ALT\\ControlSet001\\Services\\LanmanServer\\Shares";

	for (int back = 0; back < 2; back++) {
		struct bench *bench = again(state);
		struct run_status *status;
		struct server *server;
		struct reg_data *share;
		uint8_t *bytes;
		size_t len;

		stopped(bench, STEP_SHARE, false);
		bytes = support_read(bench, talloc_asprintf(bench, "%s/%s", bench->dir, alt), &len);
		assert_int_equal(go_on(bench, NULL), 0);
		support_write(talloc_asprintf(bench, "%s/%s", bench->dir, alt), bytes, len);
		bench_journal_cut(bench, "act", false);
		status = look_of(bench);
		assert_non_null(strstr(status->so, "SYSTEM.ALT"));
		assert_int_equal(back ? bench_undo(bench, NULL, NULL) : go_on(bench, NULL), 0);
		server = bench_open(bench);
		assert_int_equal(server->ops->reg_read(server, bench, shares, "Maildat$", &share,
					 &bench->err),
			0);
		talloc_free(server);
		assert_int_equal(share == NULL, back);
		if (back)
			bench_same(bench, TREE_TIMES);
	}
}

/* As it was when the first act had begun to write beside its targets. */
static void journal_preparing(struct bench *bench)
{
	struct runfolder *run;
	struct journal *journal;

	assert_int_equal(runfolder_open(bench, bench->runs, "last", true, &run, &bench->err), 0);
	assert_int_equal(journal_open(run, run, &journal, &bench->err), 0);
	assert_int_equal(journal_add(journal, JOURNAL_PREPARING,
				 json_pack("{s:i, s:i, s:i}", "act", 1, "step", 1, "count", 1),
				 true, &bench->err),
		0);
	talloc_free(run);
}

/* As it was when the trial was cut off. */
static void journal_trial(struct bench *bench, const char *folder, int64_t mtime)
{
	struct runfolder *run;
	struct journal *journal;
	char *coded = text_percent(bench, folder);

	bench_journal_cut(bench, "begun", false);
	assert_int_equal(runfolder_open(bench, bench->runs, "last", true, &run, &bench->err), 0);
	assert_int_equal(journal_open(run, run, &journal, &bench->err), 0);
	assert_int_equal(journal_add(journal, JOURNAL_TRIAL,
				 json_pack("{s:{s:I}}", "times", coded, (json_int_t)mtime), true,
				 &bench->err),
		0);
	talloc_free(run);
}

/* What a trial left goes, by resume and by undo, and the folder has its time back. */
static void what_a_trial_left_goes(void **state)
{
	for (int back = 0; back < 2; back++) {
		struct bench *bench = again(state);
		struct stat st;

		assert_int_equal(stat(talloc_asprintf(bench, "%s/%s..", bench->dir, BENCH_BIN),
					 &st),
			0);
		assert_int_equal(bench_repair(bench, NULL), 0);
		assert_int_equal(bench_undo(bench, &(struct undo_options){ .backups = true }, NULL),
			0);
		journal_trial(bench, LAB_MOVED,
			filetime_of(st.st_mtim.tv_sec, (uint32_t)st.st_mtim.tv_nsec));
		bench_write(bench, BENCH_BIN "../Q24TRIAL.q24", "This file is a tri");
		assert_int_equal(back ? bench_undo(bench, NULL, NULL) : go_on(bench, NULL), 0);
		assert_false(bench_there(bench, BENCH_BIN "../Q24TRIAL.q24"));
		if (back)
			bench_same(bench, TREE_TIMES);
		else
			expect_repaired(bench);
	}
}

/* A record that tells of a trial where the program makes none is not followed. */
static void a_trial_recorded_elsewhere_is_not_followed(void **state)
{
	static const char *const folders[] = { "C:\\WINNT", "E:\\",
		"C:\\WINNT\\system32\\config\\..", LAB_DEFAULT, "" };
	struct bench *bench = *state;

	assert_int_equal(bench_repair(bench, NULL), 0);
	assert_int_equal(bench_undo(bench, &(struct undo_options){ .backups = true }, NULL), 0);
	for (size_t i = 0; i < ARRAY_SIZE(folders); i++) {
		journal_trial(bench, folders[i], 0);
		assert_int_equal(bench_undo(bench, NULL, NULL), 0);
		bench_same(bench, TREE_TIMES);
	}
}

/* A backup that was killed half way is removed, and made again. Not all of it is on the disk. */
static void half_a_backup_is_made_again(void **state)
{
	struct bench *bench = *state;
	char *name, *path;
	uint8_t *half;
	size_t len;

	assert_int_equal(bench_repair(bench, &name), 0);
	assert_int_equal(bench_undo(bench, NULL, NULL), 0);
	path = talloc_asprintf(bench, "%s/" BENCH_BIN "../bin.q240208-%s/mt.exe", bench->dir, name);
	bench_journal_cut(bench, "begun", false);
	journal_preparing(bench);
	half = support_read(bench, path, &len);
	half[len / 2 - 1] = '\0';
	support_write(path, half, len / 2);
	assert_non_null(strstr(look_of(bench)->server_says, "not whole"));
	assert_int_equal(go_on(bench, NULL), 0);
	expect_repaired(bench);
	assert_int_equal(bench_undo(bench, &(struct undo_options){ .backups = true }, NULL), 0);
	bench_same(bench, TREE_BACKUPS);
}

/* A backup that was verified and is not what it was any more is no backup: nothing goes on. */
static void a_backup_that_changed_is_refused(void **state)
{
	struct bench *bench = *state;
	char *own;

	stopped(bench, 2, false);
	own = talloc_asprintf(bench, "E/exchsrvr/connect/msmcon/bin.q240208-%s/my own.txt",
		last_run(bench)->name);
	bench_write(bench, own, "a person's");
	assert_int_equal(go_on(bench, NULL), -TROUBLE_VERIFY);
	assert_non_null(strstr(bench->err.text, "my own.txt"));
	assert_non_null(strstr(error_advice(&bench->err), "take it away"));
	assert_int_equal(unlink(talloc_asprintf(bench, "%s/%s", bench->dir, own)), 0);
	bench_write(bench,
		talloc_asprintf(bench, "E/exchsrvr/connect/msmcon/bin.q240208-%s/mt.exe",
			last_run(bench)->name),
		"other");
	assert_int_equal(go_on(bench, NULL), -TROUBLE_VERIFY);
	assert_string_equal(bench_read(bench, BENCH_BIN "mt.exe"), "old");
}

static void a_foreign_change_is_refused(void **state)
{
	struct bench *bench = *state;

	stopped(bench, 3, false);
	bench_write(bench, BENCH_BIN "mt.exe", "a hotfix");
	assert_int_equal(go_on(bench, NULL), -TROUBLE_MOVED);
	assert_non_null(strstr(bench->err.text, "Bin\\mt.exe"));
	assert_string_equal(bench_value_read(bench, MSMI, "ImagePath"),
		LAB_DEFAULT "\\bin\\mt.exe");
}

static void another_server_is_refused(void **state)
{
	struct bench *bench = *state;
	struct lab *other = lab_new(bench);
	struct engine *engine;
	enum run_stage stage;

	stopped(bench, 3, false);
	lab_text(other, "SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion", "ProductId", REG_SZ,
		"50370-222-2222222-08511");
	lab_build(other);
	assert_int_equal(engine_resume(bench, lab_open(other), "last", &bench->options, NULL,
				 &engine, &stage, &bench->err),
		-TROUBLE_OTHER_SERVER);
}

static void a_run_that_is_not_there_is_named(void **state)
{
	struct bench *bench = *state;

	assert_int_equal(go_on(bench, NULL), -TROUBLE_NOT_THERE);
}

/* A single change that was put back on purpose is not made again. */
static void what_was_put_back_stays_back(void **state)
{
	struct bench *bench = *state;
	const struct undo_options one = { .change_id = "file/Bin\\mt.exe" };

	stopped(bench, 3, false);
	assert_int_equal(bench_undo(bench, &one, NULL), 0);
	assert_int_equal(last_run(bench)->state, STATE_PAUSED);
	assert_int_equal(go_on(bench, NULL), 1);
	assert_string_equal(bench_read(bench, BENCH_BIN "mt.exe"), "old");
}

/* The three facts of the page about an unfinished run. */
static void the_status_tells_journal_server_and_what_to_do(void **state)
{
	struct bench *bench = *state;
	struct run_status *status;

	stopped(bench, 3, true);
	status = look_of(bench);
	assert_true(status->backup_verified);
	assert_false(status->ended);
	assert_int_equal(status->foreign, 0);
	assert_non_null(strstr(status->journal_says, "3"));
	assert_true(*status->server_says && *status->so);
	bench_write(bench, BENCH_BIN "mt.exe", "a hotfix");
	status = look_of(bench);
	assert_int_equal(status->foreign, 1);
	assert_non_null(strstr(status->so, "else"));
}

#define WITH_BENCH(name) cmocka_unit_test_setup_teardown(name, bench_make, bench_free)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_BENCH(stopped_at_every_step_it_is_resumed),
		WITH_BENCH(a_finished_run_has_nothing_to_resume),
		WITH_BENCH(cut_off_before_the_decisions_it_changed_nothing),
		WITH_BENCH(a_torn_line_is_resumed),
		WITH_BENCH(what_a_cut_act_made_is_seen_to_its_end),
		WITH_BENCH(a_damaged_line_is_refused),
		WITH_BENCH(what_a_killed_prepare_left_goes),
		WITH_BENCH(a_name_like_a_stage_that_is_none_stays),
		WITH_BENCH(staged_registry_files_go),
		WITH_BENCH(the_copy_of_the_registry_that_is_behind_is_written),
		WITH_BENCH(what_a_trial_left_goes),
		WITH_BENCH(a_trial_recorded_elsewhere_is_not_followed),
		WITH_BENCH(half_a_backup_is_made_again),
		WITH_BENCH(a_backup_that_changed_is_refused),
		WITH_BENCH(a_foreign_change_is_refused),
		WITH_BENCH(another_server_is_refused),
		WITH_BENCH(a_run_that_is_not_there_is_named),
		WITH_BENCH(what_was_put_back_stays_back),
		WITH_BENCH(the_status_tells_journal_server_and_what_to_do),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

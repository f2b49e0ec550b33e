/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The report claims no more than is so: after an undo, one that was cut off too, and of what nobody
 * decided. */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"
#include "base/text.h"
#include "record/journal.h"
#include "report/report.h"
#include "tests/bench_run.h"
#include "tests/support.h"

#define IMAGE_PATH "registry/MSExchangeMSMI\\ImagePath"

static struct report *report_of(struct bench *bench)
{
	struct runfolder *run;
	struct report *report;

	assert_int_equal(runfolder_open(bench, bench->runs, "last", false, &run, &bench->err), 0);
	assert_int_equal(report_read(bench, run, NULL, &report, &bench->err), 0);
	assert_int_equal(report->unread_count, 0);
	return report;
}

/* In one long line: words that were wrapped are found as well. */
static char *text_of(struct bench *bench)
{
	char *text = report_text(bench, report_of(bench)), *to = text;

	for (const char *at = text; *at; at++)
		if (!strchr(" \n", *at))
			*to++ = *at;
		else if (to > text && to[-1] != ' ')
			*to++ = ' ';
	*to = '\0';
	return text;
}

static void says(const char *text, const char *words)
{
	if (!strstr(text, words))
		fail_msg("not said: %s", words);
}

static void says_not(const char *text, const char *words)
{
	if (strstr(text, words))
		fail_msg("said: %s", words);
}

static void result_is(const json_t *json, const char *expected)
{
	const char *result = json_string_value(json_object_get(json, "result"));

	assert_string_equal(result ? result : "null", expected);
}

static const json_t *row_of(const json_t *json, const char *id)
{
	const json_t *row;
	size_t i;

	json_array_foreach (json_object_get(json, "changes"), i, row)
		if (!strcmp(json_string_value(json_object_get(row, "id")), id))
			return row;
	fail_msg("no row %s", id);
	return NULL;
}

static const json_t *step_of(const json_t *json, size_t number)
{
	return json_array_get(json_object_get(json, "steps"), number - 1);
}

static char *journal_of(struct bench *bench)
{
	return talloc_asprintf(bench, "%s/%s/" JOURNAL_FILE, bench->runs,
		runfolder_name(report_of(bench)->run));
}

/* However far an undo came before it was killed: that is said, and nothing that it touched is
 * called made. */
static void an_undo_that_was_cut_off_is_said(void **state)
{
	struct bench *bench = *state;
	size_t len, begin;
	char *path, *text;

	assert_int_equal(bench_repair(bench, NULL), 0);
	path = journal_of(bench);
	(void)support_read(bench, path, &begin);
	assert_int_equal(bench_undo(bench, &(struct undo_options){ .backups = true }, NULL), 0);
	text = (char *)support_read(bench, path, &len);
	for (char *end = strchr(text + begin, '\n') + 1; *end; end = strchr(end, '\n') + 1) {
		json_t *json, *entries;
		const json_t *row;
		char *told;
		size_t good, i;

		support_write(path, text, (size_t)(end - text));
		json = report_json(report_of(bench));
		told = text_of(bench);
		says(told, "UNDO CUT OFF. Resume it, or undo again, before the server is started.");
		says(told,
			talloc_asprintf(bench, "To resume: msmcfix --runs %s resume ",
				bench->runs));
		says(told,
			talloc_asprintf(bench, "To put all back: msmcfix --runs %s undo ",
				bench->runs));
		says_not(told, "tart the server");
		says_not(told, "REPAIRED");
		result_is(json, "undo cut off");
		assert_true(json_is_null(json_object_get(json, "ended")));
		assert_int_equal(journal_parse(text, (size_t)(end - text), &entries, &good,
					 &bench->err),
			0);
		json_array_foreach (entries, i, row) {
			const json_t *id;
			size_t k;

			json_array_foreach (json_object_get(row, "changes"), k, id)
				if (json_is_true(json_object_get(row, "undo")) &&
					!strcmp(json_string_value(
							json_object_get(row_of(json,
										json_string_value(
											id)),
								"result")),
						"verified"))
					fail_msg("%s is called verified", json_string_value(id));
		}
		json_decref(entries);
		json_decref(json);
	}
}

static void a_backup_that_was_removed_is_not_kept(void **state)
{
	struct bench *bench = *state;
	json_t *json;
	char *text;

	assert_int_equal(bench_repair(bench, NULL), 0);
	says(text_of(bench), "Bin.SHA256SUMS in the run's folder");
	assert_int_equal(bench_undo(bench, &(struct undo_options){ .backups = true }, NULL), 0);
	json = report_json(report_of(bench));
	text = text_of(bench);
	says(text, " 1 Back up Bin removed 0 files, folders ");
	says(text, " result removed removed 2");
	says_not(text, "verified");
	says_not(text, "Bin.SHA256SUMS in the run's folder");
	result_is(row_of(json, "backup/Bin"), "removed");
	result_is(step_of(json, 1), "removed");
	assert_true(json_is_null(json_object_get(json, "backup")));
	json_decref(json);
}

/* A run that stopped before step 1 was done has no backup. */
static void a_backup_that_was_not_made_is_not_kept(void **state)
{
	struct bench *bench = *state;
	json_t *json;

	bench->stop_at = 1;
	assert_int_equal(bench_repair(bench, NULL), -TROUBLE_STOPPED);
	json = report_json(report_of(bench));
	says_not(text_of(bench), "Bin.SHA256SUMS in the run's folder");
	assert_true(json_is_null(json_object_get(json, "backup")));
	json_decref(json);
}

static void what_nobody_decided_is_counted(void **state)
{
	struct bench *bench = *state;
	struct server *server = bench_open(bench);
	struct plan *plan = bench_plan(bench, server);
	struct engine *engine;
	json_t *json;
	char *text;

	plan_find(plan, "share/Maildat$")->decision = DECISION_UNDECIDED;
	plan_find(plan, "file/Bin\\mt.exe")->decision = DECISION_UNDECIDED;
	plan_find(plan, "file/Bin\\mtmsg.dll")->decision = DECISION_KEEP;
	assert_int_equal(bench_carry(bench, server, plan, &engine), 1);
	json = report_json(report_of(bench));
	text = text_of(bench);
	says(text, "2 Copy files 1 left open 8 made, 1 kept ");
	says(text, " 4 Share 1 left open 0 made ");
	says(text,
		"* 2 rows of steps 2 to 4 were left open. They can be decided and written in this run: msmcfix --runs ");
	says_not(text, "4 Share nothing to do");
	result_is(step_of(json, 4), "not decided");
	assert_int_equal(json_integer_value(json_object_get(step_of(json, 2), "undecided")), 1);
	assert_int_equal(json_integer_value(json_object_get(step_of(json, 3), "undecided")), 0);
	result_is(step_of(json, 3), "done");
	assert_int_equal(json_integer_value(json_object_get(step_of(json, 4), "undecided")), 1);
	json_decref(json);
}

/* What somebody had put back by hand before the undo. */
static void what_was_as_before_already_is_not_called_verified(void **state)
{
	static const struct undo_options rows[] = { { 0 }, { .step = 3 } };
	struct bench *bench = *state;
	json_t *json;

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		assert_int_equal(bench_repair(bench, NULL), 0);
		bench_value(bench, BENCH_SERVICES "MSExchangeMSMI", "ImagePath",
			LAB_DEFAULT "\\bin\\mt.exe");
		assert_int_equal(bench_undo(bench, &rows[i], NULL), 0);
		json = report_json(report_of(bench));
		result_is(row_of(json, IMAGE_PATH), "as before");
		result_is(step_of(json, 3), "put back");
		result_is(row_of(json, "file/Bin\\mt.exe"), i ? "verified" : "put back");
		says(text_of(bench), "as before already");
		json_decref(json);
		assert_int_equal(bench_undo(bench, NULL, NULL), 0);
	}
}

/* A change alone. */
static void a_step_of_which_a_part_was_put_back_is_not_done(void **state)
{
	struct bench *bench = *state;
	json_t *json;

	assert_int_equal(bench_repair(bench, NULL), 0);
	assert_int_equal(bench_undo(bench, &(struct undo_options){ .change_id = IMAGE_PATH }, NULL),
		0);
	json = report_json(report_of(bench));
	result_is(step_of(json, 3), "partly undone");
	result_is(step_of(json, 2), "done");
	says(text_of(bench), "its row says what the undo found");
	json_decref(json);
}

/* Each who decided or had something put back, once and in order; and who, beside what is back. */
static void everybody_who_wrote_is_named(void **state)
{
	struct bench *bench = *state;
	char *text;

	bench->options.operator_name = "jsmith";
	assert_int_equal(bench_repair(bench, NULL), 0);
	says(text_of(bench), " Operator jsmith ");
	says_not(text_of(bench), "undo by");
	bench->options.operator_name = "jdoe";
	assert_int_equal(bench_undo(bench, &(struct undo_options){ .change_id = IMAGE_PATH }, NULL),
		0);
	bench->options.operator_name = "mbrown";
	assert_int_equal(bench_undo(bench, &(struct undo_options){ .step = 2 }, NULL), 0);
	text = text_of(bench);
	says(text, " Operators jsmith, jdoe, mbrown ");
	text = strstr(text, IMAGE_PATH " before");
	assert_non_null(text);
	text = strstr(text, " undo by ");
	assert_int_equal(strncmp(text, " undo by jdoe ", 14), 0);
}

/* What is to be copied names the server and stands in one line. */
static void the_command_to_look_is_whole(void **state)
{
	struct bench *bench = *state;

	assert_int_equal(bench_repair(bench, NULL), 0);
	says(report_text(bench, report_of(bench)), " --disks C=FOLDER,E=FOLDER --runs ");
	says(report_text(bench, report_of(bench)), " check\n");
	assert_int_equal(bench_undo(bench, NULL, NULL), 0);
	says(report_text(bench, report_of(bench)), " --disks C=FOLDER,E=FOLDER --runs ");
	says(report_text(bench, report_of(bench)), " check\n");
}

#define WITH_BENCH(name) cmocka_unit_test_setup_teardown(name, bench_make, bench_free)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_BENCH(an_undo_that_was_cut_off_is_said),
		WITH_BENCH(a_backup_that_was_removed_is_not_kept),
		WITH_BENCH(a_backup_that_was_not_made_is_not_kept),
		WITH_BENCH(what_nobody_decided_is_counted),
		WITH_BENCH(what_was_as_before_already_is_not_called_verified),
		WITH_BENCH(everybody_who_wrote_is_named),
		WITH_BENCH(the_command_to_look_is_whole),
		WITH_BENCH(a_step_of_which_a_part_was_put_back_is_not_done),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

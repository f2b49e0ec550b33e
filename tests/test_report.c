/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/digest.h"
#include "base/memory.h"
#include "base/text.h"
#include "record/journal.h"
#include "report/report.h"
#include "tests/bench_run.h"
#include "tests/support.h"

enum { COLUMNS = 78 };

static struct runfolder *last_run(struct bench *bench, bool writable)
{
	struct runfolder *run;

	assert_int_equal(runfolder_open(bench, bench->runs, "last", writable, &run, &bench->err),
		0);
	return run;
}

static json_t *json_of(struct bench *bench, struct runfolder *run)
{
	struct report *report;
	json_t *json;

	assert_int_equal(report_read(bench, run, NULL, &report, &bench->err), 0);
	json = report_json(report);
	return json;
}

static json_t *report_of(struct bench *bench)
{
	return json_of(bench, last_run(bench, false));
}

static char *text_of(struct bench *bench)
{
	struct report *report;
	char *text;

	assert_int_equal(report_read(bench, last_run(bench, false), NULL, &report, &bench->err), 0);
	text = report_text(bench, report);
	return text;
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

static void is(const json_t *object, const char *member, const char *expected)
{
	const char *text = json_string_value(json_object_get(object, member));

	assert_non_null(text);
	assert_string_equal(text, expected);
}

/* A journal that cannot be read: no report, rather than one that leaves a decision out. */
static void a_journal_that_cannot_be_read_makes_no_report(void **state)
{
	struct bench *bench = *state;
	struct runfolder *run;
	struct report *report;
	char *path, *aside;

	assert_int_equal(bench_repair(bench, NULL), 0);
	run = last_run(bench, false);
	path = talloc_asprintf(bench, "%s/%s/%s", bench->runs, runfolder_name(run), JOURNAL_FILE);
	aside = talloc_asprintf(bench, "%s.aside", path);
	assert_int_equal(rename(path, aside), 0);
	assert_int_equal(mkdir(path, 0700), 0);
	assert_int_equal(report_read(run, run, NULL, &report, &bench->err),
		-TROUBLE_RECORD_DAMAGED);
	assert_int_equal(rmdir(path), 0);
	assert_int_equal(rename(aside, path), 0);
	assert_int_equal(report_read(run, run, NULL, &report, &bench->err), 0);
}

/* What an act has to note (a second copy of the registry that stays as it is, say) is told beside
 * all else that happened. */
static void the_note_of_an_act_is_told(void **state)
{
	struct bench *bench = *state;
	struct runfolder *run;
	struct journal *journal;
	const json_t *note;
	json_t *json;

	assert_int_equal(bench_repair(bench, NULL), 0);
	run = last_run(bench, true);
	assert_int_equal(journal_open(bench, run, &journal, &bench->err), 0);
	assert_int_equal(journal_add(journal, JOURNAL_DONE,
				 json_pack("{s:i, s:i, s:{}, s:s}", "act", 9, "step", 3, "looked",
					 "note", "It stays as it is."),
				 true, &bench->err),
		0);
	json = json_of(bench, run);
	note = json_object_get(json, "notes");
	note = json_array_get(note, json_array_size(note) - 1);
	is(note, "what", "done");
	is(note, "text", "It stays as it is.");
	json_decref(json);
}

/* The keys are a promise to programs. */
static void the_keys_of_the_json_report_stay(void **state)
{
	static const char *const keys[] = {
		"format",
		"article",
		"run",
		"state",
		"started",
		"ended",
		"version",
		"operator",
		"reach",
		"simulated",
		"server",
		"exchange",
		"control_set",
		"default",
		"relocated",
		"bin",
		"backup",
		"saved",
		"result",
		"exit",
		"surveyed",
		"needed",
		"left",
		"mail",
		"mail_weakest",
		"old_folder",
		"steps",
		"changes",
		"notes",
		"survey",
	};
	struct bench *bench = *state;
	json_t *json;

	assert_int_equal(bench_repair(bench, NULL), 0);
	json = report_of(bench);
	for (size_t i = 0; i < ARRAY_SIZE(keys); i++)
		if (!json_object_get(json, keys[i]))
			fail_msg("no %s", keys[i]);
	is(json, "article", "Q240208");
	is(json, "result", "repaired");
	is(json, "state", "done");
	is(json_object_get(json, "server"), "name", "MAIL1");
	is(json, "relocated", LAB_MOVED);
	assert_int_equal(json_array_size(json_object_get(json, "steps")), 6);
	json_decref(json);
}

/* Who, what, before, after, how it was checked: for every change. */
static void every_change_has_who_what_before_after_and_check(void **state)
{
	struct bench *bench = *state;
	const json_t *row;
	json_t *json;

	assert_int_equal(bench_repair(bench, NULL), 0);
	json = report_of(bench);
	row = row_of(json, "registry/MSExchangeMSMI\\ImagePath");
	is(row, "decision", "change");
	is(row, "operator", "jsmith");
	is(row, "result", "verified");
	is(json_object_get(row, "before"), "text", LAB_DEFAULT "\\bin\\mt.exe");
	is(json_object_get(row, "after"), "text", LAB_MOVED "\\bin\\mt.exe");
	assert_true(json_is_null(json_object_get(row_of(json, "file/Bin\\added.dll"), "before")));
	is(row_of(json, "share/Maildat$"), "result", "verified");
	json_decref(json);
}

/* Nothing is said of mail flow but that it was not seen, and the old folder was left. */
static void mail_is_not_seen_and_the_old_folder_was_left(void **state)
{
	struct bench *bench = *state;
	struct report *report;
	char *text;

	assert_int_equal(bench_repair(bench, NULL), 0);
	text = text_of(bench);
	assert_null(strstr(text, "REPAIRED"));
	assert_non_null(strstr(text, "NOT TESTED. Steps 1 to 4: nothing is left to change"));
	assert_null(strstr(text, "ATTESTED"));
	assert_null(strstr(text, "PRACTICE"));
	assert_non_null(strstr(text, "MAIL1"));
	assert_non_null(strstr(text, "jsmith"));
	assert_non_null(strstr(text, "To put all back:\n     msmcfix --runs "));
	assert_int_equal(report_read(bench, last_run(bench, false), NULL, &report, &bench->err), 0);
	report->simulated = true;
	text = report_text(bench, report);
	assert_non_null(strstr(text, "PRACTICE"));
}

/* No line of words is wider than the page, but for a name that cannot be broken or a command. */
static void no_line_is_wider_than_the_page(void **state)
{
	struct bench *bench = *state;
	char *text, *rest = NULL;

	assert_int_equal(bench_repair(bench, NULL), 0);
	text = text_of(bench);
	for (char *line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
		const char *words = line + strspn(line, " ");
		if (strlen(line) > COLUMNS && strchr(words, ' ') && !strstr(line, "\\") &&
			strncmp(words, "msmcfix ", 8) != 0)
			fail_msg("%s", line);
	}
}

static void what_was_left_is_told(void **state)
{
	struct bench *bench = *state;
	struct server *server = bench_open(bench);
	struct plan *plan = bench_plan(bench, server);
	struct engine *engine;
	json_t *json;

	plan_find(plan, "file/Bin\\mt.exe")->decision = DECISION_UNDECIDED;
	plan_find(plan, "file/Bin\\mtmsg.dll")->decision = DECISION_KEEP;
	assert_int_equal(bench_carry(bench, server, plan, &engine), 1);
	json = report_of(bench);
	is(json, "result", "left");
	assert_int_equal(json_array_size(json_object_get(json, "left")), 1);
	assert_string_equal(json_string_value(json_array_get(json_object_get(json, "left"), 0)),
		"file/Bin\\mt.exe");
	is(row_of(json, "file/Bin\\mtmsg.dll"), "decision", "keep");
	is(row_of(json, "file/Bin\\mtmsg.dll"), "result", "left");
	json_decref(json);
}

static void what_was_put_back_is_told(void **state)
{
	struct bench *bench = *state;
	json_t *json;

	assert_int_equal(bench_repair(bench, NULL), 0);
	assert_int_equal(bench_undo(bench, NULL, NULL), 0);
	json = report_of(bench);
	is(json, "result", "undone");
	is(row_of(json, "file/Bin\\mt.exe"), "result", "put back");
	assert_non_null(strstr(text_of(bench), "PUT BACK"));
	assert_null(strstr(text_of(bench), "REPAIRED"));
	json_decref(json);
}

static void says(const char *text, const char *words)
{
	if (!strstr(text, words))
		fail_msg("not said: %s", words);
}

/* What the last look saw of things that were put back since is void, and nothing is advised by
 * it. */
static void findings_from_before_an_undo_are_void(void **state)
{
	struct bench *bench = *state;
	const struct undo_options part = { .step = 4 };
	json_t *json;
	char *text;

	assert_int_equal(bench_repair(bench, NULL), 0);
	json = report_of(bench);
	assert_int_equal(json_array_size(json_object_get(json, "undone_since")), 0);
	says(text_of(bench), "from scratch at the end");
	json_decref(json);

	assert_int_equal(bench_undo(bench, &part, NULL), 0);
	json = report_of(bench);
	text = text_of(bench);
	assert_int_equal(json_array_size(json_object_get(json, "undone_since")), 1);
	assert_string_equal(json_string_value(
				    json_array_get(json_object_get(json, "undone_since"), 0)),
		"share/Maildat$");
	says(text, "from scratch before the undo");
	says(text, "1 change was put back since");
	says(text, " put back    share/Maildat$\n");
	says(text, " right       registry/MSExchangeMSMI\\ImagePath\n");
	assert_null(strstr(text, "Start the server"));
	says(text, "neither repaired nor as it was");
	json_decref(json);

	says(text, "bin.q240208-");
	says(text, "Step 6 was not reached");
	assert_int_equal(bench_undo(bench, &(struct undo_options){ .backups = true }, NULL), 0);
	json = report_of(bench);
	text = text_of(bench);
	assert_null(strstr(text, "SHA256SUMS in the run's folder"));
	assert_null(strstr(text, "from scratch at the end"));
	says(text, " put back    registry/MSExchangeMSMI\\ImagePath\n");
	assert_null(strstr(text, "Start the server"));
	json_decref(json);
}

/* Read on its own, without the server and without the record: every finding, what was kept and as
 * what, the hash of every original, when, what next. */
static void the_report_stands_alone(void **state)
{
	struct bench *bench = *state;
	struct server *server = bench_open(bench);
	struct plan *plan = bench_plan(bench, server);
	struct digest digest;
	struct engine *engine;
	const json_t *row;
	json_t *json;
	char *text, hex[65];
	uint8_t *bytes;
	size_t i, len;

	plan_find(plan, "file/Bin\\mtmsg.dll")->decision = DECISION_KEEP;
	assert_int_equal(bench_carry(bench, server, plan, &engine), 0);
	json = report_of(bench);
	text = text_of(bench);
	assert_true(json_array_size(json_object_get(json_object_get(json, "survey"), "rows")) > 10);
	json_array_foreach (json_object_get(json_object_get(json, "survey"), "rows"), i, row)
		says(text, json_string_value(json_object_get(row, "id")));
	row = row_of(json, "file/Bin\\mtmsg.dll");
	is(row, "decision", "keep");
	says(text, json_string_value(json_object_get(json_object_get(row, "before"), "sha256")));
	says(text, json_string_value(json_object_get(json_object_get(row, "after"), "sha256")));
	assert_true(json_string_length(json_object_get(row, "text")) > 0);
	bytes = support_read(bench,
		talloc_asprintf(bench, "%s/C/WINNT/system32/config/SYSTEM", bench->original), &len);
	digest = digest_of(bytes, len);
	digest_text(&digest, hex);
	says(text, hex);
	bytes = support_read(bench,
		talloc_asprintf(bench, "%s/" BENCH_BIN "mt.exe", bench->original), &len);
	digest = digest_of(bytes, len);
	digest_text(&digest, hex);
	says(text, hex);
	says(text, "(UTC)");
	assert_null(strstr(text, "Last Known Good"));
	says(text, "next service pack");
	says(text,
		json_string_value(
			json_object_get(row_of(json, "registry/MSExchangeMSMI\\ImagePath"),
				"checked")));
	json_decref(json);
}

/* What is not at its end tells what was found when it began. */
static void an_unfinished_run_tells_the_findings_of_its_beginning(void **state)
{
	struct bench *bench = *state;
	json_t *json;

	bench->stop_at = 2;
	assert_int_equal(bench_repair(bench, NULL), -TROUBLE_STOPPED);
	json = report_of(bench);
	assert_true(json_is_null(json_object_get(json, "surveyed")));
	says(text_of(bench), "Findings, when the run began");
	says(text_of(bench), "share/Maildat$");
	json_decref(json);
}

/* A run that did not come to its end is not called repaired. */
static void a_paused_run_is_not_called_repaired(void **state)
{
	struct bench *bench = *state;
	json_t *json;
	char *text;

	bench->stop_at = 3;
	assert_int_equal(bench_repair(bench, NULL), -TROUBLE_STOPPED);
	json = report_of(bench);
	text = text_of(bench);
	is(json, "state", "paused");
	assert_true(json_is_null(json_object_get(json, "result")));
	is(row_of(json, "file/Bin\\mt.exe"), "result", "verified");
	is(row_of(json, "registry/MSExchangeMSMI\\ImagePath"), "result", "not made");
	assert_non_null(strstr(text, "NOT FINISHED"));
	assert_non_null(strstr(text, "To resume:\n     msmcfix --runs "));
	json_decref(json);
}

/* The files in the run's folder say the same as what is made anew. */
static void the_saved_report_says_what_a_new_one_says(void **state)
{
	struct bench *bench = *state;
	json_t *json, *written;
	uint8_t *bytes;
	size_t len;

	assert_int_equal(bench_repair(bench, NULL), 0);
	json = report_of(bench);
	assert_int_equal(runfolder_read(last_run(bench, false), bench, "report.json", 1 << 20,
				 &bytes, &len, &bench->err),
		0);
	written = json_loadb((char *)bytes, len, 0, NULL);
	assert_true(json_equal(json, written));
	assert_int_equal(runfolder_read(last_run(bench, false), bench, "report.txt", 1 << 20,
				 &bytes, &len, &bench->err),
		0);
	assert_string_equal((char *)bytes, text_of(bench));
	json_decref(json);
	json_decref(written);
}

/* Where the last look is no file, the report says so; what the first one saw is no answer. */
static void a_last_survey_that_cannot_be_read_is_said(void **state)
{
	struct bench *bench = *state;
	const char *place;
	json_t *json;

	assert_int_equal(bench_repair(bench, NULL), 0);
	place = talloc_asprintf(bench, "%s/after/survey.json",
		runfolder_dir(last_run(bench, false)));
	assert_int_equal(unlink(place), 0);
	assert_int_equal(mkdir(place, 0700), 0);
	json = report_of(bench);
	assert_true(json_is_null(json_object_get(json, "survey")));
	assert_int_equal(json_array_size(json_object_get(json, "unread")), 1);
	assert_non_null(
		strstr(json_string_value(json_array_get(json_object_get(json, "unread"), 0)),
			"survey.json"));
	json_decref(json);
}

/* Whatever a record says, nothing of it drives the terminal. */
static void nothing_in_a_record_drives_the_terminal(void **state)
{
	static const char bad[] = "x\x1b[2J\x07\xe2\x80\xae y\r\x9b";
	struct bench *bench = *state;
	struct runfolder *run;
	struct journal *journal;
	struct report *report;
	json_t *begun;
	char *text;

	assert_int_equal(bench_repair(bench, NULL), 0);
	run = last_run(bench, true);
	assert_int_equal(journal_open(run, run, &journal, &bench->err), 0);
	assert_int_equal(journal_add(journal, JOURNAL_NOTE,
				 json_pack("{s:s}", "text", "x\x1b[2J\x07\xe2\x80\xae y\r"), true,
				 &bench->err),
		0);
	assert_int_equal(report_read(bench, run, NULL, &report, &bench->err), 0);
	begun = json_deep_copy(report->begun);
	json_object_set_new(begun, "operator", json_stringn_nocheck(bad, sizeof bad - 1));
	json_object_set_new(json_object_get(begun, "server"), "name",
		json_stringn_nocheck(bad, sizeof bad - 1));
	report->begun = begun;
	report->changes[0].id = bad;
	text = report_text(bench, report);
	for (const char *at = text; *at; at++)
		if ((unsigned char)*at < 0x20 && *at != '\n')
			fail_msg("byte %d at %zu", *at, (size_t)(at - text));
	assert_null(strstr(text, "\xe2\x80\xae"));
	assert_non_null(strstr(text, "\\x1b[2J"));
	json_decref(begun);
}

#define WITH_BENCH(name) cmocka_unit_test_setup_teardown(name, bench_make, bench_free)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_BENCH(a_journal_that_cannot_be_read_makes_no_report),
		WITH_BENCH(the_note_of_an_act_is_told),
		WITH_BENCH(the_keys_of_the_json_report_stay),
		WITH_BENCH(every_change_has_who_what_before_after_and_check),
		WITH_BENCH(mail_is_not_seen_and_the_old_folder_was_left),
		WITH_BENCH(no_line_is_wider_than_the_page),
		WITH_BENCH(what_was_left_is_told),
		WITH_BENCH(the_report_stands_alone),
		WITH_BENCH(an_unfinished_run_tells_the_findings_of_its_beginning),
		WITH_BENCH(what_was_put_back_is_told),
		WITH_BENCH(findings_from_before_an_undo_are_void),
		WITH_BENCH(a_paused_run_is_not_called_repaired),
		WITH_BENCH(the_saved_report_says_what_a_new_one_says),
		WITH_BENCH(a_last_survey_that_cannot_be_read_is_said),
		WITH_BENCH(nothing_in_a_record_drives_the_terminal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

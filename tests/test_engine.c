/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whole repairs: what they do, what is on record of it, and what stops them on the way. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

#include <cmocka.h>

#include "base/memory.h"
#include "record/journal.h"
#include "run/kept.h"
#include "tests/bench_run.h"
#include "tests/cut_tree.h"
#include "tests/regfile_read.h"
#include "tests/support.h"

static struct journal *journal_last_run(struct bench *bench)
{
	struct runfolder *run;
	struct journal *journal;

	assert_int_equal(runfolder_open(bench, bench->runs, "last", false, &run, &bench->err), 0);
	assert_int_equal(journal_open(bench, run, &journal, &bench->err), 0);
	return journal;
}

static void a_whole_repair_ends_verified(void **state)
{
	static const char *const copied[] = { "mt.exe", "mtmsg.dll", "xtnperf.dll", "address.dll" };
	struct bench *bench = *state;
	char *name;

	assert_int_equal(bench_repair(bench, &name), 0);
	for (size_t i = 0; i < ARRAY_SIZE(copied); i++)
		assert_string_equal(bench_read(bench,
					    talloc_asprintf(bench, BENCH_BIN "%s", copied[i])),
			"new");
	assert_string_equal(bench_read(bench, BENCH_BIN "added.dll"), "added");
	assert_string_equal(bench_read(bench, BENCH_BIN "sub/deep.dll"), "deep");
	assert_string_equal(bench_read(bench, BENCH_BIN "own.dll"), "own");
	assert_string_equal(bench_value_read(bench, BENCH_SERVICES "MSExchangeMSMI", "ImagePath"),
		LAB_MOVED "\\bin\\mt.exe");
	assert_string_equal(bench_value_read(bench, BENCH_SERVICES LAB_VANCOUVER, "ImagePath"),
		LAB_MOVED "\\bin\\async.exe");
	assert_string_equal(bench_value_read(bench,
				    "SYSTEM.ALT\\ControlSet001\\Services\\MSExchangeMSMI",
				    "ImagePath"),
		LAB_MOVED "\\bin\\mt.exe");
	/* The backup is what Bin was. */
	name = talloc_asprintf(bench, "%s/E/exchsrvr/connect/msmcon/bin.q240208-%s", bench->dir,
		name);
	char why[1024], *was = talloc_asprintf(bench, "%s/" BENCH_BIN, bench->original);
	was[strlen(was) - 1] = '\0';
	if (!tree_same(was, name, 0, why))
		fail_msg("%s", why);
}

/* What was not planned is as it was: bytes and times of everything outside Bin and the registry
 * files. */
static void nothing_else_changes(void **state)
{
	struct bench *bench = *state;
	char why[1024];

	assert_int_equal(bench_repair(bench, NULL), 0);
	support_remove(talloc_asprintf(bench, "%s/E/exchsrvr/connect/msmcon/bin", bench->dir));
	support_remove(talloc_asprintf(bench, "%s/E/exchsrvr/connect/msmcon/bin", bench->original));
	for (size_t i = 0; i < 2; i++) {
		const char *const name =
			i ? "C/WINNT/system32/config/SYSTEM.ALT" : "C/WINNT/system32/config/SYSTEM";

		support_remove(talloc_asprintf(bench, "%s/%s", bench->dir, name));
		support_remove(talloc_asprintf(bench, "%s/%s", bench->original, name));
	}
	if (!tree_same(bench->original, bench->dir, 0, why))
		fail_msg("%s", why);
}

/* The second survey finds nothing, proposes nothing, and nothing is written. */
static void a_second_repair_finds_nothing_and_writes_nothing(void **state)
{
	struct bench *bench = *state;
	struct server *server;
	struct plan *plan;

	assert_int_equal(bench_repair(bench, NULL), 0);
	bench_as_it_is(bench);
	server = bench_open(bench);
	plan = bench_plan(bench, server);
	assert_int_equal(plan->survey->changes_needed, 0);
	assert_int_equal(plan_count(plan, DECISION_CHANGE), 0);
	bench_same(bench, TREE_TIMES | TREE_BACKUPS);
	assert_int_equal(bench_runs(bench), 1);
}

/* What a run wrote is known for its own in the next look, with what the share had said before; once
 * it is put back it is not. */
static void a_run_knows_what_it_wrote_until_it_is_undone(void **state)
{
	struct bench *bench = *state;
	struct server *server;
	struct survey_options options = { 0 };
	char *text;

	assert_int_equal(bench_repair(bench, NULL), 0);
	server = bench_open(bench);
	assert_int_equal(kept_read(bench, server, bench->runs, NULL, &options, &bench->err), 0);
	assert_string_equal(options.written.values, LAB_MOVED);
	assert_string_equal(options.written.share, LAB_MOVED);
	assert_null(options.written.vouched);
	assert_int_equal(options.written.share_led, LIVE_RELOCATED);
	assert_true(options.written.share_led_before);
	talloc_free(server);
	assert_int_equal(bench_undo(bench, &(struct undo_options){ 0 }, &text), 0);
	server = bench_open(bench);
	assert_int_equal(kept_read(bench, server, bench->runs, NULL, &options, &bench->err), 0);
	assert_null(options.written.values);
	assert_null(options.written.share);
}

static size_t index_of(const struct journal *journal, enum journal_kind kind, const char *id)
{
	for (size_t i = 0; i < journal_count(journal); i++) {
		const json_t *entry = journal_entry(journal, i);
		const char *named = json_string_value(json_object_get(entry, "id"));
		if (entry_is(entry, kind) && (!id || (named && !strcmp(named, id))))
			return i;
	}
	fail_msg("no entry %d %s", (int)kind, id ? id : "");
	return 0;
}

/* Each decision is on record, by whom, with what it covers, before the first act; each act says
 * before and after before it is done. */
static void the_record_says_before_each_act_what_it_does(void **state)
{
	struct bench *bench = *state;
	const struct journal *journal;
	const json_t *decision, *change;
	size_t first;

	assert_int_equal(bench_repair(bench, NULL), 0);
	journal = journal_last_run(bench);
	first = index_of(journal, JOURNAL_PREPARING, NULL);
	assert_true(index_of(journal, JOURNAL_SAVED, NULL) < first);
	for (size_t i = 0; i < journal_count(journal); i++)
		if (entry_is(journal_entry(journal, i), JOURNAL_DECISION))
			assert_true(i < first);
	first = index_of(journal, JOURNAL_DECISION, "registry/MSExchangeMSMI\\ImagePath");
	decision = journal_entry(journal, first);
	assert_string_equal(json_string_value(json_object_get(decision, "operator")), "jsmith");
	assert_string_equal(json_string_value(json_object_get(decision, "decision")), "change");
	change = json_object_get(decision, "change");
	assert_string_equal(json_string_value(
				    json_object_get(json_object_get(change, "before"), "text")),
		LAB_DEFAULT "\\bin\\mt.exe");
	assert_string_equal(json_string_value(
				    json_object_get(json_object_get(change, "after"), "text")),
		LAB_MOVED "\\bin\\mt.exe");
	for (int act = 1; act <= 4; act++) {
		size_t seen[3] = { 0, 0, 0 };

		for (size_t i = 0; i < journal_count(journal); i++) {
			static const enum journal_kind kinds[] = { JOURNAL_PREPARING, JOURNAL_ACT,
				JOURNAL_DONE };

			for (size_t k = 0; k < 3; k++)
				if (entry_is(journal_entry(journal, i), kinds[k]) &&
					entry_number(journal_entry(journal, i), "act") == act)
					seen[k] = i;
		}
		assert_true(first <= seen[0] && seen[0] < seen[1] && seen[1] < seen[2]);
	}
	assert_int_equal(journal_state(journal), STATE_DONE);
}

/* The lists of sums are judged by another program. */
static void the_lists_of_sums_hold_for_another_program(void **state)
{
	struct bench *bench = *state;
	char *name, *output, *before, *script;

	if (!support_have("sha256sum"))
		skip();
	assert_int_equal(bench_repair(bench, &name), 0);
	before = talloc_asprintf(bench, "%s/%s/before", bench->runs, name);
	script = talloc_asprintf(bench,
		"cd %s && sha256sum -c --strict SHA256SUMS && cd %s/E/exchsrvr/connect/msmcon/bin.q240208-%s && "
		"sha256sum -c --strict %s/Bin.SHA256SUMS && find . -type f | wc -l && wc -l <%s/Bin.SHA256SUMS",
		before, bench->dir, name, before, before);
	if (support_run(bench, (const char *[]){ "sh", "-c", script, NULL }, NULL, &output))
		fail_msg("%s", output);
	assert_non_null(strstr(output, "SYSTEM: OK"));
	assert_non_null(strstr(output, "SYSTEM.ALT: OK"));
	assert_non_null(strstr(output, "mt.exe: OK"));
}

static const struct reg_value *reg_value(const struct regfile *file, const char *key,
	const char *value)
{
	for (size_t i = 0; i < file->count; i++)
		for (size_t k = 0; !strcmp(file->keys[i].path, key) && k < file->keys[i].count; k++)
			if (!strcmp(file->keys[i].values[k].name, value))
				return &file->keys[i].values[k];
	fail_msg("no %s %s", key, value);
	return NULL;
}

/* For the registry editor of a running server: NT 4.0's form, and the name the control set has
 * there. */
static void entries_are_saved_for_regedit_of_nt4(void **state)
{
	static const struct {
		const char *rel, *text;
	} files[] = { { "before/entries.reg", LAB_DEFAULT "\\bin\\mt.exe" },
		{ "after/entries.reg", LAB_MOVED "\\bin\\mt.exe" } };
	struct bench *bench = *state;
	struct runfolder *run;

	assert_int_equal(bench_repair(bench, NULL), 0);
	assert_int_equal(runfolder_open(bench, bench->runs, "last", false, &run, &bench->err), 0);
	for (size_t i = 0; i < 2; i++) {
		const struct reg_value *value;
		struct regfile *file;
		uint8_t *bytes;
		size_t len;

		assert_int_equal(runfolder_read(run, bench, files[i].rel, 1 << 20, &bytes, &len,
					 &bench->err),
			0);
		assert_memory_equal(bytes, "REGEDIT4\r\n\r\n", 12);
		assert_int_equal(regfile_read(bench, bytes, len, &file, &bench->err), 0);
		value = reg_value(file,
			"HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\MSExchangeMSMI",
			"ImagePath");
		assert_int_equal(value->data.type, REG_EXPAND_SZ);
		assert_string_equal(regdata_string(bench, &value->data), files[i].text);
	}
}

/* The plan is only carried out as it is on record. */
static void only_what_is_on_record_is_carried_out(void **state)
{
	struct bench *bench = *state;
	struct server *server = bench_open(bench);
	struct plan *plan = bench_plan(bench, server);
	struct engine *engine;

	plan_find(plan, "share/Maildat$")->decision = DECISION_UNDECIDED;
	assert_int_equal(engine_begin(bench, server, plan, &bench->options, &engine, &bench->err),
		0);
	assert_int_equal(engine_backup(engine, &bench->err), 0);
	plan_find(plan, "share/Maildat$")->decision = DECISION_CHANGE;
	assert_int_equal(engine_carry_out(engine, &bench->err), -TROUBLE_BUG);
	bench_same(bench, 0);
}

/* Everything that is proposed is decided on, and step 1 is done. */
static struct engine *backed_up(struct bench *bench)
{
	struct server *server = bench_open(bench);
	struct engine *engine;

	assert_int_equal(engine_begin(bench, server, bench_plan(bench, server), &bench->options,
				 &engine, &bench->err),
		0);
	assert_int_equal(engine_backup(engine, &bench->err), 0);
	return engine;
}

/* The world moves between decision and deed: nothing of steps 2 to 4 is written, also what had not
 * moved. */
static void a_server_that_moved_since_the_decision_is_left_alone(void **state)
{
	struct bench *bench = *state;
	struct engine *engine = backed_up(bench);

	bench_write(bench, BENCH_BIN "xtnmsg.dll", "somebody else's");
	assert_int_equal(engine_carry_out(engine, &bench->err), -TROUBLE_MOVED);
	assert_non_null(strstr(bench->err.text, "Bin\\xtnmsg.dll"));
	assert_string_equal(bench_read(bench, BENCH_BIN "mt.exe"), "old");
	assert_string_equal(bench_value_read(bench, BENCH_SERVICES "MSExchangeMSMI", "ImagePath"),
		LAB_DEFAULT "\\bin\\mt.exe");
}

static void a_value_that_moved_since_the_decision_stops_the_act(void **state)
{
	struct bench *bench = *state;
	struct engine *engine = backed_up(bench);

	bench_value(bench, BENCH_SERVICES "MSExchangeMSMI", "ImagePath", "D:\\elsewhere\\mt.exe");
	assert_int_equal(engine_carry_out(engine, &bench->err), -TROUBLE_MOVED);
	assert_non_null(strstr(bench->err.text, "D:\\elsewhere\\mt.exe"));
	assert_string_equal(bench_read(bench, BENCH_BIN "mt.exe"), "old");
}

/* Setup's file is another one than was decided on. */
static void a_file_of_setup_that_moved_stops_the_act(void **state)
{
	struct bench *bench = *state;
	struct engine *engine = backed_up(bench);

	bench_write(bench, BENCH_SETUP "mt.exe", "NEW");
	assert_int_equal(engine_carry_out(engine, &bench->err), -TROUBLE_MOVED);
	assert_string_equal(bench_read(bench, BENCH_BIN "mt.exe"), "old");
	assert_string_equal(bench_read(bench, BENCH_BIN "address.dll"), "old");
	assert_false(bench_there(bench, BENCH_BIN "sub"));
	assert_false(bench_there(bench, BENCH_BIN "address.dll.q24"));
}

/* Kept by decision is all right, also in a run that comes later; undecided is left, and said so. */
static void kept_is_all_right_and_undecided_is_told(void **state)
{
	struct bench *bench = *state;
	struct server *server = bench_open(bench);
	struct plan *plan = bench_plan(bench, server);
	struct engine *engine;

	plan_find(plan, "file/Bin\\mt.exe")->decision = DECISION_KEEP;
	plan_find(plan, "file/Bin\\address.dll")->decision = DECISION_UNDECIDED;
	assert_int_equal(bench_carry(bench, server, plan, &engine), 1);
	assert_string_equal(bench_read(bench, BENCH_BIN "mt.exe"), "old");
	assert_string_equal(bench_read(bench, BENCH_BIN "mtmsg.dll"), "new");
	talloc_free(engine);
	talloc_free(server);

	server = bench_open(bench);
	plan = bench_plan(bench, server);
	plan_find(plan, "file/Bin\\mt.exe")->decision = DECISION_UNDECIDED;
	assert_int_equal(bench_carry(bench, server, plan, &engine), 0);
	assert_string_equal(bench_read(bench, BENCH_BIN "mt.exe"), "old");
}

static void an_edited_value_is_written_as_edited(void **state)
{
	static const char id[] = "registry/MSExchangeMSMI\\ImagePath",
			  right[] = LAB_MOVED "\\BIN\\MT.EXE";
	/* Elsewhere, a library, nothing, the program of another service. */
	static const char *const wrong[] = { "E:\\elsewhere\\mt.exe", LAB_MOVED "\\bin\\xtnmsg.dll",
		LAB_MOVED "\\bin\\mtt.exe", LAB_MOVED "\\bin\\async.exe" };
	struct bench *bench = *state;
	struct server *server = bench_open(bench);
	struct engine *engine;

	assert_int_equal(engine_begin(bench, server, bench_plan(bench, server), &bench->options,
				 &engine, &bench->err),
		0);
	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++)
		assert_int_equal(engine_decide(engine, id, DECISION_CHANGE,
					 regdata_from_string(bench, REG_EXPAND_SZ, wrong[i]),
					 &bench->err),
			-TROUBLE_PLAN_FOREIGN);
	assert_int_equal(engine_decide(engine, id, DECISION_CHANGE,
				 regdata_from_string(bench, REG_EXPAND_SZ, right), &bench->err),
		0);
	assert_int_equal(engine_backup(engine, &bench->err), 0);
	assert_int_equal(engine_carry_out(engine, &bench->err), 0);
	assert_string_equal(bench_value_read(bench, BENCH_SERVICES "MSExchangeMSMI", "ImagePath"),
		right);
}

/* Stopped before an act or within it: what was staged is gone again, what was done before stands,
 * and the run is paused. */
static void a_stop_pauses_the_run(void **state)
{
	struct bench *bench = *state;

	bench->stop_at = 2;
	bench->stop_within = true;
	assert_int_equal(bench_repair(bench, NULL), -TROUBLE_STOPPED);
	assert_int_equal(journal_state(journal_last_run(bench)), STATE_PAUSED);
	bench_same(bench, 0);
	assert_true(bench_changed(bench));
}

/* What this very process put on record is its own. */
static void what_was_stopped_is_carried_out_by_the_same_engine(void **state)
{
	struct bench *bench = *state;
	struct server *server = bench_open(bench);
	struct engine *engine;

	bench->stop_at = 3;
	assert_int_equal(bench_carry(bench, server, bench_plan(bench, server), &engine),
		-TROUBLE_STOPPED);
	bench->stop_at = 0;
	if (engine_carry_out(engine, &bench->err))
		fail_msg("%s", bench->err.text);
}

static void a_stop_within_the_backup_leaves_none(void **state)
{
	struct bench *bench = *state;

	bench->stop_at = 1;
	bench->stop_within = true;
	assert_int_equal(bench_repair(bench, NULL), -TROUBLE_STOPPED);
	bench_same(bench, TREE_BACKUPS);
}

/* More files than a process may have open. */
static void more_files_than_may_be_open_are_no_trouble(void **state)
{
	struct bench *bench = *state;
	struct rlimit old, low;
	char name[64];

	for (int i = 0; i < 300; i++) {
		(void)snprintf(name, sizeof name, BENCH_SETUP "many%03d.txt", i);
		bench_write(bench, name, "new");
	}
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &old), 0);
	low = (struct rlimit){ .rlim_cur = 128, .rlim_max = old.rlim_max };
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &low), 0);
	int ret = bench_repair(bench, NULL);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &old), 0);
	if (ret)
		fail_msg("%s", bench->err.text);
	assert_string_equal(bench_read(bench, BENCH_BIN "many299.txt"), "new");
}

#define WITH_BENCH(name) cmocka_unit_test_setup_teardown(name, bench_make, bench_free)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_BENCH(a_whole_repair_ends_verified),
		WITH_BENCH(nothing_else_changes),
		WITH_BENCH(a_second_repair_finds_nothing_and_writes_nothing),
		WITH_BENCH(a_run_knows_what_it_wrote_until_it_is_undone),
		WITH_BENCH(the_record_says_before_each_act_what_it_does),
		WITH_BENCH(the_lists_of_sums_hold_for_another_program),
		WITH_BENCH(entries_are_saved_for_regedit_of_nt4),
		WITH_BENCH(only_what_is_on_record_is_carried_out),
		WITH_BENCH(a_server_that_moved_since_the_decision_is_left_alone),
		WITH_BENCH(a_value_that_moved_since_the_decision_stops_the_act),
		WITH_BENCH(a_file_of_setup_that_moved_stops_the_act),
		WITH_BENCH(kept_is_all_right_and_undecided_is_told),
		WITH_BENCH(an_edited_value_is_written_as_edited),
		WITH_BENCH(a_stop_pauses_the_run),
		WITH_BENCH(what_was_stopped_is_carried_out_by_the_same_engine),
		WITH_BENCH(a_stop_within_the_backup_leaves_none),
		WITH_BENCH(more_files_than_may_be_open_are_no_trouble),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Records that ask for what does not fit the server: refused row by row, before the first byte, and
 * the run stays as it was. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"
#include "tests/bench_run.h"
#include "run/resume.h"
#include "tests/cut_tree.h"
#include "tests/support.h"

#define MSMI BENCH_SERVICES "MSExchangeMSMI"
#define MSMI_ID "registry/MSExchangeMSMI\\ImagePath"

static const struct undo_options everything = { 0 }, values = { .step = 3 },
				 one = { .change_id = MSMI_ID };

static struct journal *journal_of(struct bench *bench, struct runfolder **run)
{
	struct journal *journal;

	assert_int_equal(runfolder_open(bench, bench->runs, "last", true, run, &bench->err), 0);
	assert_int_equal(journal_open(*run, *run, &journal, &bench->err), 0);
	return journal;
}

/* The change that was decided about an id. */
static json_t *change_of(struct bench *bench, const char *id)
{
	struct runfolder *run;
	struct journal *journal = journal_of(bench, &run);
	json_t *change = NULL;

	for (size_t i = 0; !change && i < journal_count(journal); i++)
		if (entry_says(journal_entry(journal, i), "id", id))
			change = json_deep_copy(
				json_object_get(journal_entry(journal, i), "change"));
	assert_non_null(change);
	talloc_free(run);
	return change;
}

/* One more act on record, which holds this change whole; then the run is as it was. */
static void act_forge(struct bench *bench, json_t *change)
{
	struct runfolder *run;
	struct journal *journal = journal_of(bench, &run);
	int step = entry_number(change, "step");

	assert_int_equal(journal_add(journal, JOURNAL_ACT,
				 json_pack("{s:i, s:i, s:[o], s:[i]}", "act", 90 + step, "step",
					 step, "changes", change, "decided", 0),
				 false, &bench->err),
		0);
	assert_int_equal(journal_add(journal, JOURNAL_DONE,
				 json_pack("{s:i, s:i}", "act", 90 + step, "step", step), false,
				 &bench->err),
		0);
	assert_int_equal(journal_end(journal, END_REPAIRED, 0, &bench->err), 0);
	talloc_free(run);
}

/* Refused for a row that is named, without a byte, and the run is as it was. */
static void refused(struct bench *bench, const struct undo_options *undo, const char *names)
{
	enum run_state was = bench_state(bench);
	const char *shown = finding_id_shown(bench, names);

	bench_as_it_is(bench);
	assert_int_equal(bench_undo(bench, undo, NULL), -TROUBLE_PLAN_FOREIGN);
	if (!strstr(bench->err.text, shown))
		fail_msg("not named: %s: %s", names, bench->err.text);
	bench_same(bench, TREE_TIMES | TREE_BACKUPS);
	assert_int_equal(bench_state(bench), was);
}

static void member_set(json_t *change, const char *member, const char *text)
{
	json_object_set_new(change, member, text ? json_string(text) : json_null());
}

/* What a change is about, written whole into an act, and what it says instead. */
static const struct forgery {
	const char *about, *member, *text, *id;
} forgeries[] = {
	{ MSMI_ID, "key", BENCH_SERVICES "MSExchangeMTA", "registry/other" },
	{ MSMI_ID, "key", BENCH_SERVICES "MSExchangeMTA", "registry/MSExchangeMTA\\ImagePath" },
	{ MSMI_ID, "key", BENCH_SERVICES "Legacy", "registry/Legacy\\ImagePath" },
	{ MSMI_ID, "name", "ObjectName", MSMI_ID "2" },
	{ MSMI_ID, "key", "SYSTEM\\ControlSet003\\Services\\MSExchangeMSMI", MSMI_ID "3" },
	{ MSMI_ID, "id", "registry/\x1b[2JMSExchangeMSMI\\ImagePath",
		"\\x1b[2JMSExchangeMSMI, ImagePath" },
	{ "file/Bin\\mt.exe", "target", LAB_MOVED "\\maildata\\glb\\master.glb", NULL },
	{ "file/Bin\\mt.exe", "target", LAB_MOVED "\\bin\\async.exe", NULL },
	{ "file/Bin\\mt.exe", "source", "C:\\WINNT\\explorer.exe", NULL },
	{ "file/Bin\\added.dll", "traits_from", "C:\\WINNT\\explorer.exe", NULL },
	{ "share/Maildat$", "target", "C$", NULL },
	{ "share/Maildat$", "path", "C:\\", NULL },
};

/* Undo of everything names it; what fits is put back all the same. */
static void a_row_that_does_not_fit_bars_no_other(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(forgeries); i++) {
		const struct forgery *row = &forgeries[i];
		struct bench *bench;
		json_t *change;

		if (i) {
			bench_free(state);
			bench_make(state);
		}
		bench = *state;
		assert_int_equal(bench_repair(bench, NULL), 0);
		change = change_of(bench, row->about);
		if (row->id && strcmp(row->member, "id") != 0)
			member_set(change, "id", row->id);
		member_set(strcmp(row->member, "path") ? change : json_object_get(change, "after"),
			row->member, row->text);
		act_forge(bench, change);
		refused(bench, &everything, row->id ? row->id : row->about);
		assert_int_equal(bench_undo(bench, &one, NULL), 0);
		assert_string_equal(bench_value_read(bench, MSMI, "ImagePath"),
			LAB_DEFAULT "\\bin\\mt.exe");
	}
}

/* A side of the share, or of a value, that only the record tells of. */
static void side_set(json_t *change, const char *name, const char *text)
{
	json_t *side = json_object_get(change, name);
	char hex[1024] = "";

	for (size_t i = 0; i <= strlen(text); i++)
		(void)snprintf(hex + 4 * i, 5, "%02x00", (unsigned char)text[i]);
	member_set(side, "text", text);
	member_set(side, "hex", hex);
}

static void what_was_there_before_has_a_witness(void **state)
{
	static const struct {
		const char *text;
		bool saved, back;
	} rows[] = {
		/* the saved SYSTEM contradicts, whatever it is */
		{ "C:\\TEMP\\evil.exe", true, false },
		{ LAB_DEFAULT "\\bin\\other.exe", true, false },
		/* without it the article's form counts */
		{ "C:\\TEMP\\evil.exe", false, false },
		{ LAB_DEFAULT "\\..\\evil.exe", false, false },
		{ LAB_DEFAULT "\\bin\\mt.exe -x", false, false },
		{ LAB_DEFAULT "\\bin\\mt.exe", false, true },
		{ "c:\\EXCHSRVR\\connect\\msmcon\\bin\\mt.exe", false, true },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct bench *bench;
		json_t *change;
		char *name;

		if (i) {
			bench_free(state);
			bench_make(state);
		}
		bench = *state;
		assert_int_equal(bench_repair(bench, &name), 0);
		change = change_of(bench, MSMI_ID);
		side_set(change, "before", rows[i].text);
		act_forge(bench, change);
		if (!rows[i].saved)
			support_remove(
				talloc_asprintf(bench, "%s/%s/before/SYSTEM", bench->runs, name));
		if (!rows[i].back) {
			refused(bench, &one, MSMI_ID);
			continue;
		}
		assert_int_equal(bench_undo(bench, &one, NULL), 0);
		assert_string_equal(bench_value_read(bench, MSMI, "ImagePath"), rows[i].text);
	}
}

/* An honest run whose saved registry is lost goes back value by value. */
static void without_the_saved_registry_values_go_back(void **state)
{
	struct bench *bench = *state;
	const struct undo_options share = { .step = 4 };
	char *name;

	assert_int_equal(bench_repair(bench, &name), 0);
	support_remove(talloc_asprintf(bench, "%s/%s/before", bench->runs, name));
	assert_int_equal(bench_undo(bench, &share, NULL), 0);
	assert_int_equal(bench_undo(bench, &values, NULL), 0);
	assert_string_equal(bench_value_read(bench, MSMI, "ImagePath"),
		LAB_DEFAULT "\\bin\\mt.exe");
}

/* A file that the backup holds was not added, and the share did not lead where the saved registry
 * does not say. */
static void an_added_file_and_the_share_have_one_too(void **state)
{
	struct bench *bench = *state;
	json_t *change, *side;

	assert_int_equal(bench_repair(bench, NULL), 0);
	change = change_of(bench, "file/Bin\\mt.exe");
	member_set(change, "before", NULL);
	act_forge(bench, change);
	refused(bench, &(struct undo_options){ .step = 2 }, "file/Bin\\mt.exe");
	change = change_of(bench, "share/Maildat$");
	side = json_deep_copy(json_object_get(change, "after"));
	json_object_del(side, "security");
	json_object_set_new(change, "before", side);
	act_forge(bench, change);
	refused(bench, &(struct undo_options){ .step = 4 }, "share/Maildat$");
}

/* The server starts with another control set now: its values and its share are others. */
static void in_another_control_set_files_alone_go_back(void **state)
{
	struct bench *bench = *state;
	struct server *server;
	uint8_t three[4] = { 3 };
	struct reg_data data = { REG_DWORD, three, sizeof three };
	struct reg_edit edit = { "SYSTEM\\Select", "Default", &data };
	struct reg_stage *stage;
	size_t done;

	assert_int_equal(bench_repair(bench, NULL), 0);
	server = bench_open(bench);
	assert_int_equal(server->ops->reg_stage(server, bench, &edit, 1, &stage, &bench->err), 0);
	assert_int_equal(server->ops->reg_switch(stage, &done, &bench->err), 0);
	talloc_free(stage);
	talloc_free(server);
	refused(bench, &everything, "share/Maildat$");
	refused(bench, &values, "ImagePath");
	assert_int_equal(bench_undo(bench, &(struct undo_options){ .step = 2 }, NULL), 0);
	assert_string_equal(bench_read(bench, BENCH_BIN "mt.exe"), "old");
	assert_int_equal(bench_state(bench), STATE_DONE);
}

/* A folder that a new --relocated would not be let name is none of a record's either. */
static void a_relocated_msmcon_must_be_one(void **state)
{
	static const char master[] = "E/exchsrvr/connect/msmcon/maildata/glb/master.glb";
	struct bench *bench = *state;
	char *path = talloc_asprintf(bench, "%s/%s", bench->dir, master),
	     *away = talloc_asprintf(bench, "%s.away", path);

	assert_int_equal(bench_repair(bench, NULL), 0);
	assert_int_equal(rename(path, away), 0);
	refused(bench, &everything, "share/Maildat$");
	assert_non_null(strstr(bench->err.text, "it has no Maildata"));
	refused(bench, &one, MSMI_ID);
	assert_int_equal(rename(away, path), 0);
	assert_int_equal(bench_undo(bench, NULL, NULL), 0);
}

/* A time on record for what this run did not change is not set. */
static void no_other_time_is_set(void **state)
{
	static const char *const others[] = { "C:\\WINNT", "C:\\exchsrvr", "E:\\exchsrvr",
		LAB_MOVED "\\maildata", "C:\\WINNT\\system32\\config\\SOFTWARE" };
	struct bench *bench = *state;
	json_t *times = json_object();
	struct runfolder *run;
	struct journal *journal;

	assert_int_equal(bench_repair(bench, NULL), 0);
	for (size_t i = 0; i < ARRAY_SIZE(others); i++)
		json_object_set_new(times, others[i], json_integer(119600064000000000));
	journal = journal_of(bench, &run);
	assert_int_equal(journal_add(journal, JOURNAL_PREPARING,
				 json_pack("{s:i, s:i, s:o}", "act", 4, "step", 4, "times", times),
				 true, &bench->err),
		0);
	assert_int_equal(journal_end(journal, END_REPAIRED, 0, &bench->err), 0);
	talloc_free(run);
	assert_int_equal(bench_undo(bench, NULL, NULL), 0);
	bench_same(bench, TREE_TIMES);
}

/* What a cut left beside a file of others is nobody's to remove. */
static void nothing_is_swept_beside_what_does_not_fit(void **state)
{
	struct bench *bench = *state;
	struct journal *journal;
	struct runfolder *run;
	json_t *change;

	assert_int_equal(bench_repair(bench, NULL), 0);
	change = change_of(bench, "file/Bin\\mt.exe");
	member_set(change, "id", "file/Bin\\x");
	member_set(change, "target", LAB_MOVED "\\maildata\\glb\\master.glb");
	journal = journal_of(bench, &run);
	assert_int_equal(journal_add(journal, JOURNAL_DECISION,
				 json_pack("{s:s, s:s, s:o}", "id", "file/Bin\\x", "decision",
					 "change", "change", change),
				 false, &bench->err),
		0);
	assert_int_equal(journal_add(journal, JOURNAL_PREPARING,
				 json_pack("{s:i, s:i, s:b}", "act", 95, "step", 2, "free", 1),
				 true, &bench->err),
		0);
	talloc_free(run);
	bench_write(bench, "E/exchsrvr/connect/msmcon/maildata/glb/master.glb.q24", "mine");
	bench_write(bench, BENCH_BIN "mt.exe.q24", "left by a cut");
	assert_int_equal(bench_undo(bench, NULL, NULL), 0);
	assert_true(bench_there(bench, "E/exchsrvr/connect/msmcon/maildata/glb/master.glb.q24"));
	assert_false(bench_there(bench, BENCH_BIN "mt.exe.q24"));
}

/* ---- the run stays as it was ---- */

static const struct server_ops *own_ops;

static int no_reg_stage(struct server *server, TALLOC_CTX *mem, const struct reg_edit *edits,
	size_t count, struct reg_stage **stage, struct error *err)
{
	return server->rehearsing
		? own_ops->reg_stage(server, mem, edits, count, stage, err)
		: error_set(err, TROUBLE_HIVE_DIRTY, "a registry that is refused");
}

static int no_reg_whole(struct server *server, TALLOC_CTX *mem, const struct hive_image *images,
	size_t count, struct reg_stage **stage, struct error *err)
{
	(void)server, (void)mem, (void)images, (void)count, (void)stage;
	return error_set(err, TROUBLE_HIVE_DIRTY, "a registry that is refused");
}

static int no_share_stage(struct server *server, TALLOC_CTX *mem, const char *name,
	const struct share *after, bool security, struct reg_stage **stage, struct error *err)
{
	return server->rehearsing
		? own_ops->share_stage(server, mem, name, after, security, stage, err)
		: error_set(err, TROUBLE_HIVE_DIRTY, "a share that is refused");
}

static int no_stage(struct server *server, TALLOC_CTX *mem, const struct stage_spec *spec,
	struct stage **stage, struct error *err)
{
	return server->rehearsing ? own_ops->stage(server, mem, spec, stage, err)
				  : error_set(err, TROUBLE_IO, "a file that is refused");
}

static int no_gate(struct server *server, struct error *err)
{
	(void)server;
	return error_set(err, TROUBLE_HIVE_CHECKSUM, "a gate that is shut");
}

/* Each kind of refusal, met at the last instant before the first change. */
static void a_refused_undo_leaves_the_run_as_it_was(void **state)
{
	struct server_ops ops[5];
	static const int steps[] = { 3, 0, 4, 2, 0 };

	for (size_t i = 0; i < 3 * ARRAY_SIZE(ops); i++) {
		struct undo_options undo = { .step = steps[i / 3] };
		enum run_state was;
		struct bench *bench;
		struct server *server;
		struct runfolder *run;
		char *text;

		if (i) {
			bench_free(state);
			bench_make(state);
		}
		bench = *state;
		/* done, stopped within step 4, cut off there */
		bench->stop_at = i % 3 ? 4 : 0;
		(void)bench_repair(bench, NULL);
		bench->stop_at = 0;
		if (i % 3 && undo.step == 4)
			undo.step = 2;
		if (i % 3 == 2) {
			struct journal *journal = journal_of(bench, &run);

			assert_int_equal(journal_add(journal, JOURNAL_RESUMED, json_object(), true,
						 &bench->err),
				0);
			talloc_free(run);
		}
		was = bench_state(bench);
		assert_int_equal(was,
			i % 3 == 0           ? STATE_DONE
				: i % 3 == 1 ? STATE_PAUSED
					     : STATE_CUT_OFF);
		bench_as_it_is(bench);
		server = bench_open(bench);
		own_ops = server->ops;
		for (size_t k = 0; k < ARRAY_SIZE(ops); k++)
			ops[k] = *own_ops;
		ops[0].reg_stage = no_reg_stage;
		ops[1].reg_stage_whole = no_reg_whole;
		ops[1].stage = no_stage;
		ops[1].reg_stage = no_reg_stage;
		ops[2].share_stage = no_share_stage;
		ops[2].stage = no_stage;
		ops[3].stage = no_stage;
		ops[4].reg_gate = no_gate;
		ops[4].reg_stage = no_reg_stage;
		ops[4].reg_stage_whole = no_reg_whole;
		ops[4].share_stage = no_share_stage;
		server->ops = &ops[i / 3];
		assert_true(engine_undo(bench, server, "last", &bench->options, &undo, &text,
				    &bench->err) < 0);
		server->ops = own_ops;
		talloc_free(server);
		assert_int_equal(bench_state(bench), was);
		bench_same(bench, TREE_TIMES | TREE_BACKUPS);
		assert_int_equal(bench_undo(bench, NULL, NULL), 0);
	}
}

/* Within the relocated Msmcon, and so no misfit; but there is no such file, or not of that kind. A
 * plan would have refused it, and so does a resume. */
static void a_value_that_would_name_no_file_is_not_written(void **state)
{
	static const char *const names[] = { "\\bin\\nosuch.exe", "\\bin\\mtmsg.dll", "\\bin" };
	struct bench *bench = *state;

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		struct runfolder *run;
		struct journal *journal;
		struct server *server;
		struct engine *engine;
		enum run_stage stage;
		json_t *change;

		bench->stop_at = STEP_VALUES;
		assert_int_equal(bench_repair(bench, NULL), -TROUBLE_STOPPED);
		bench->stop_at = 0;
		change = change_of(bench, MSMI_ID);
		side_set(change, "after", talloc_asprintf(bench, LAB_MOVED "%s", names[i]));
		journal = journal_of(bench, &run);
		assert_int_equal(journal_add(journal, JOURNAL_DECISION,
					 json_pack("{s:s, s:s, s:o}", "id", MSMI_ID, "decision",
						 "change", "change", change),
					 true, &bench->err),
			0);
		talloc_free(run);
		bench_as_it_is(bench);
		for (int asked = 0; asked < 2; asked++) {
			static const struct survey_options said = { 0 };

			server = bench_open(bench);
			assert_int_equal(engine_resume(bench, server, "last", &bench->options,
						 asked ? &said : NULL, &engine, &stage,
						 &bench->err),
				-TROUBLE_PLAN_FOREIGN);
			talloc_free(server);
			if (!strstr(bench->err.text, LAB_MOVED))
				fail_msg("not named: %s", bench->err.text);
			bench_same(bench, TREE_TIMES | TREE_BACKUPS);
		}
		assert_int_equal(bench_undo(bench, NULL, NULL), 0);
	}
}

#define WITH_BENCH(name) cmocka_unit_test_setup_teardown(name, bench_make, bench_free)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_BENCH(a_row_that_does_not_fit_bars_no_other),
		WITH_BENCH(what_was_there_before_has_a_witness),
		WITH_BENCH(without_the_saved_registry_values_go_back),
		WITH_BENCH(an_added_file_and_the_share_have_one_too),
		WITH_BENCH(in_another_control_set_files_alone_go_back),
		WITH_BENCH(a_relocated_msmcon_must_be_one),
		WITH_BENCH(no_other_time_is_set),
		WITH_BENCH(nothing_is_swept_beside_what_does_not_fit),
		WITH_BENCH(a_value_that_would_name_no_file_is_not_written),
		WITH_BENCH(a_refused_undo_leaves_the_run_as_it_was),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

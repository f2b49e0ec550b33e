/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A repair in an overlay: begun, closed, gone on with, cut off, and the three ends. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "record/runfolder.h"
#include "run/kept.h"
#include "run/overlay.h"
#include "tests/cut_tree.h"
#include "tests/overlay_double.h"
#include "tests/support.h"

static char *original;

/* Whether the drives are as they were before everything. */
static bool untouched(struct finish_bench *bench)
{
	char difference[1024];

	return tree_same(original, bench->dir, TREE_TIMES | TREE_BACKUPS, difference);
}

static struct server *opened(struct finish_bench *bench)
{
	struct server *server = overlay_double_open(bench);

	if (!original) {
		original = talloc_asprintf(bench, "%s.original", bench->dir);
		tree_clone(bench->dir, original);
	}
	return server;
}

static int overlay_free(void **state)
{
	original = NULL;
	return finish_free(state);
}

/* The states of its overlays as the journal has them, one after the other. */
static char *states(struct finish_bench *bench)
{
	char *text = talloc_strdup(bench, "");
	struct runfolder *run;
	struct journal *journal;

	assert_int_equal(runfolder_open(bench, bench->runs, "last", false, &run, &bench->err), 0);
	assert_int_equal(journal_open(run, run, &journal, &bench->err), 0);
	for (size_t i = 0; i < journal_count(journal); i++) {
		const json_t *entry = journal_entry(journal, i);

		if (entry_is(entry, JOURNAL_OVERLAY))
			text = talloc_asprintf_append(text, "%s%s", *text ? " " : "",
				json_string_value(json_object_get(entry, "state")));
	}
	talloc_free(run);
	return text;
}

/* What was written is judged by the schemas that describe it: the journal, and two files more. */
static void described(struct finish_bench *bench, int files_judged)
{
	const char *source = getenv("srcdir");
	struct run_summary *list;
	size_t count;
	char *output, *schema = talloc_asprintf(bench, "%s/doc/schema", source ? source : "."),
		      *judge = talloc_asprintf(bench, "%s/tests/schema.py", source ? source : ".");

	assert_int_equal(runs_list(bench, bench->runs, &list, &count, &bench->err), 0);
	for (int i = 0; i < files_judged; i++) {
		static const char *const files[] = { "journal.jsonl", "report.json", "plan.json" },
					 *const names[] = { "journal", "report", "plan" };
		char *file =
			talloc_asprintf(bench, "%s/%s/%s", bench->runs, list[0].name, files[i]);
		const char *argv[] = { "python3", "-B", judge, schema, names[i], file, NULL },
			   *have[] = { "python3", "-B", "-c",
				   "import jsonschema; jsonschema.Draft202012Validator", NULL };

		if (access(file, F_OK) == 0 && support_run(bench, argv, NULL, &output) &&
			support_run(bench, have, NULL, NULL) == 0)
			fail_msg("%s", output);
	}
}

static void repaired(struct finish_bench *bench, const char *what)
{
	const struct survey *survey;
	struct server *server = overlay_double_open(bench);

	overlay_double_must(bench,
		survey_make(bench, server, &bench->survey_options, &survey, &bench->err));
	if (survey->changes_needed)
		fail_msg("%s: %zu changes are needed", what, survey->changes_needed);
	talloc_free(server);
}

/* Carried out and finished: it waits. */
static void repair(struct finish_bench *bench)
{
	struct server *server = opened(bench);
	struct engine *engine = finish_carried(bench, server);

	(void)finish_finish(bench, engine);
	assert_true(engine_overlay_waits(engine));
	talloc_free(engine);
	talloc_free(server);
}

static struct engine *decider(struct finish_bench *bench)
{
	struct engine *engine;

	overlay_double_must(bench,
		engine_overlay_open(bench, overlay_double_open(bench), "last", &bench->options,
			&engine, &bench->err));
	return engine;
}

static int decide(struct finish_bench *bench, enum overlay_end how, const char *typed)
{
	struct engine *engine = decider(bench);
	int ret = engine_overlay_end(engine, how, typed, &bench->err);

	talloc_free(engine);
	return ret;
}

static void a_repair_waits_and_is_committed(void **state_)
{
	struct finish_bench *bench = *state_;
	char hex[65], *file;
	struct digest digest = digest_of("disk+", 5);
	bool waits;

	repair(bench);
	file = overlay_double_file(bench, "");
	assert_int_equal(access(file, F_OK), 0);
	assert_string_equal(states(bench), "begun closed");
	assert_int_equal(overlay_double_state(bench, &waits), STATE_DONE);
	assert_true(waits);
	repaired(bench, "closed");
	/* Another name, and none. */
	assert_int_equal(decide(bench, OVERLAY_COMMIT, "MAIL2"), -TROUBLE_USAGE);
	assert_int_equal(decide(bench, OVERLAY_COMMIT, NULL), -TROUBLE_USAGE);
	assert_int_equal(overlay_double.committed, 0);
	/* As NT compares names. */
	overlay_double_must(bench, decide(bench, OVERLAY_COMMIT, "mail1"));
	assert_string_equal(states(bench), "begun closed committing ended");
	assert_int_equal(overlay_double_state(bench, &waits), STATE_DONE);
	assert_false(waits);
	assert_int_equal(access(file, F_OK), -1);
	repaired(bench, "committed");
	digest_text(&digest, hex);
	if (!strstr(finish_report_text(bench), hex))
		fail_msg("%s", finish_report_text(bench));
	described(bench, 3);
	assert_int_equal(decide(bench, OVERLAY_COMMIT, "MAIL1"), -TROUBLE_CANNOT);
	assert_int_equal(decide(bench, OVERLAY_DROP, NULL), -TROUBLE_CANNOT);
}

static void a_cut_commit_is_repeated_without_asking(void **state_)
{
	struct finish_bench *bench = *state_;
	const struct survey *survey;
	struct engine *engine;
	enum run_stage stage;
	struct plan *plan;

	repair(bench);
	overlay_double.cut_commit = true;
	assert_int_equal(decide(bench, OVERLAY_COMMIT, "MAIL1"), -TROUBLE_IO);
	assert_string_equal(states(bench), "begun closed committing");
	/* Nobody begins another on what is half committed. */
	overlay_double_must(bench,
		survey_make(bench, overlay_double_open(bench), &bench->survey_options, &survey,
			&bench->err));
	overlay_double_must(bench, plan_make(bench, survey, true, &plan, &bench->err));
	assert_int_equal(engine_begin(bench, overlay_double.server, plan, &bench->options, &engine,
				 &bench->err),
		-TROUBLE_CANNOT);
	/* By whatever is done next, and first. */
	overlay_double_must(bench,
		engine_resume(bench, overlay_double_open(bench), "last", &bench->options, NULL,
			&engine, &stage, &bench->err));
	assert_non_null(engine_told(engine)->idle);
	assert_string_equal(states(bench), "begun closed committing ended");
	assert_int_equal(overlay_double.committed, 2);
	talloc_free(engine);
	repaired(bench, "committed");
}

static void it_is_kept_and_says_how_to_start(void **state_)
{
	struct finish_bench *bench = *state_;
	struct overlay_stand *stand;
	struct engine *engine;
	bool waits;
	char *file;

	repair(bench);
	file = overlay_double_file(bench, "");
	engine = decider(bench);
	overlay_double_must(bench, engine_overlay_end(engine, OVERLAY_KEEP, NULL, &bench->err));
	assert_non_null(strstr(engine_overlay_start(engine, bench),
		talloc_asprintf(bench, "-drive file=%s,format=qcow2\n", file)));
	talloc_free(engine);
	assert_int_equal(overlay_double_state(bench, &waits), STATE_DONE);
	assert_false(waits);
	/* What opens the server next looks through it. */
	struct runfolder *run;
	struct journal *journal;
	assert_int_equal(runfolder_open(bench, bench->runs, "last", false, &run, &bench->err), 0);
	assert_int_equal(journal_open(run, run, &journal, &bench->err), 0);
	overlay_double_must(bench, overlay_stand(bench, journal, &stand, &bench->err));
	assert_true(stand->earlier);
	assert_string_equal(stand->over[0]->files[0].path, file);
	assert_null(stand->over[1]);
	assert_ptr_equal(overlay_below(stand), stand->over[0]);
	talloc_free(run);
}

static const struct survey *looked_at(struct finish_bench *bench, struct survey_options *options)
{
	struct server *server = overlay_double_open(bench);
	const struct survey *survey;

	*options = bench->survey_options;
	overlay_double_must(bench,
		kept_read(bench, server, bench->runs, NULL, options, &bench->err));
	overlay_double_must(bench, survey_make(bench, server, options, &survey, &bench->err));
	return survey;
}

/* Who looks at the image alone is told; who would repair it below what stands on it is refused. */
static void the_image_below_says_what_stands_over_it(void **state_)
{
	struct finish_bench *bench = *state_;
	const struct survey *survey;
	struct survey_options options;
	struct engine *engine;
	char *file;

	repair(bench);
	file = overlay_double_file(bench, "");
	survey = looked_at(bench, &options);
	assert_null(options.overlay_kept);
	assert_non_null(strstr(survey_notice(survey, "overlay"), options.overlay_run));
	assert_int_equal(survey_forbids(survey, &bench->err), 0);
	engine = decider(bench);
	overlay_double_must(bench, engine_overlay_end(engine, OVERLAY_KEEP, NULL, &bench->err));
	assert_non_null(strstr(engine_check_command(engine, bench), file));
	talloc_free(engine);
	survey = looked_at(bench, &options);
	assert_string_equal(options.overlay_kept, file);
	assert_int_equal(survey_forbids(survey, &bench->err), -TROUBLE_MOVED);
	assert_non_null(strstr(error_advice(&bench->err), file));
	/* It is not there any more: somebody has cleared up. */
	assert_int_equal(unlink(file), 0);
	survey = looked_at(bench, &options);
	assert_null(options.overlay_run);
	assert_int_equal(survey_forbids(survey, &bench->err), 0);
}

static void thrown_away_the_run_is_undone(void **state_)
{
	struct finish_bench *bench = *state_;
	bool waits;

	repair(bench);
	assert_false(untouched(bench));
	/* A cut one is repeated. */
	overlay_double.cut_drop = true;
	assert_int_equal(decide(bench, OVERLAY_DROP, NULL), -TROUBLE_IO);
	overlay_double_must(bench, decide(bench, OVERLAY_DROP, NULL));
	assert_true(untouched(bench));
	assert_int_equal(overlay_double_state(bench, &waits), STATE_UNDONE);
	assert_false(waits);
	assert_string_equal(states(bench), "begun closed dropping ended");
	described(bench, 1);
}

/* A process that dies closes nothing: the engine is let go. */
static void cut_at(struct finish_bench *bench, int where)
{
	struct server *server = opened(bench);
	struct engine *engine = finish_begun(bench, server);

	if (where > 0)
		overlay_double_must(bench, engine_backup(engine, &bench->err));
	if (where > 1) {
		/* In the middle of an act, and its record says so. */
		overlay_double.fail_close = TROUBLE_IO;
		bench->told = 0;
		bench->stop_at = where == 2 ? 1 : 0;
		assert_true(engine_carry_out(engine, &bench->err) < 0);
		bench->stop_at = 0;
	}
	talloc_free(engine);
	talloc_free(server);
}

static void cut_off_it_is_set_aside_and_carried_out_again(void **state_)
{
	for (int where = 2; where <= 3; where++) {
		struct finish_bench *bench = *state_;
		struct engine *engine;
		enum run_stage stage;
		char *torn;
		bool waits;

		if (where > 2) {
			overlay_free(state_);
			finish_make(state_);
			bench = *state_;
		}
		cut_at(bench, where);
		assert_true(strstr(states(bench), "closed") == NULL);
		overlay_double_must(bench,
			engine_resume(bench, overlay_double_open(bench), "last", &bench->options,
				NULL, &engine, &stage, &bench->err));
		torn = talloc_asprintf(bench, "%s.torn", overlay_double_file(bench, ""));
		assert_non_null(strstr(engine_told(engine)->torn, torn));
		assert_int_equal(access(torn, F_OK), 0);
		assert_int_equal(access(overlay_double_file(bench, "-2"), F_OK), 0);
		(void)finish_finish(bench, engine);
		talloc_free(engine);
		repaired(bench, "again");
		assert_string_equal(strstr(states(bench), "torn"), "torn begun closed");
		if (where == 3)
			described(bench, 1);
		overlay_double_must(bench,
			decide(bench, where % 2 ? OVERLAY_COMMIT : OVERLAY_DROP, "MAIL1"));
		assert_int_equal(access(torn, F_OK), -1);
		(void)overlay_double_state(bench, &waits);
		assert_false(waits);
		if (where % 2 == 0)
			assert_true(untouched(bench));
	}
}

/* In the walk nothing of steps 2 to 4 was decided when it was cut: that is decided again, on the
 * backup of step 1, which was. */
static void cut_while_deciding_the_walk_goes_on(void **state_)
{
	struct finish_bench *bench = *state_;
	struct engine *engine;

	cut_at(bench, 1);
	engine = finish_resumed(bench, overlay_double_open(bench), RUN_DECIDING);
	assert_true(engine_backed_up(engine));
	overlay_double_must(bench, engine_carry_out(engine, &bench->err));
	(void)finish_finish(bench, engine);
	talloc_free(engine);
	repaired(bench, "decided");
}

static void an_overlay_that_fails_its_check_is_not_repaired(void **state_)
{
	struct finish_bench *bench = *state_;
	struct server *server = opened(bench);
	struct engine *engine = finish_begun(bench, server);
	bool waits;

	overlay_double_must(bench, engine_backup(engine, &bench->err));
	overlay_double.fail_close = TROUBLE_VERIFY;
	assert_int_equal(engine_carry_out(engine, &bench->err), -TROUBLE_VERIFY);
	assert_int_equal(overlay_double_state(bench, &waits), STATE_RUNNING);
	assert_string_equal(states(bench), "begun failed");
	/* Nor is it gone on with here. */
	assert_int_equal(engine_oldfolder(engine, &bench->survey_options, OLDFOLDER_ASIDE, NULL,
				 true, &bench->err),
		-TROUBLE_CANNOT);
	talloc_free(engine);
	assert_int_equal(decide(bench, OVERLAY_KEEP, NULL), -TROUBLE_CANNOT);
	assert_int_equal(overlay_double_state(bench, &waits), STATE_CUT_OFF);
	described(bench, 1);
}

static void an_image_that_was_written_to_is_refused(void **state_)
{
	struct finish_bench *bench = *state_;
	struct engine *engine;
	enum run_stage stage;

	repair(bench);
	support_write_text(overlay_double.image, "dusk");
	assert_int_equal(decide(bench, OVERLAY_COMMIT, "MAIL1"), -TROUBLE_MOVED);
	assert_non_null(strstr(bench->err.text, overlay_double.image));
	assert_int_equal(decide(bench, OVERLAY_KEEP, NULL), -TROUBLE_MOVED);
	assert_int_equal(engine_resume(bench, overlay_double_open(bench), "last", &bench->options,
				 NULL, &engine, &stage, &bench->err),
		-TROUBLE_MOVED);
	support_write_text(overlay_double.image, "disk");
	overlay_double_must(bench, decide(bench, OVERLAY_COMMIT, "MAIL1"));
}

static void a_plan_is_refused_where_the_image_was_written_to(void **state_)
{
	struct finish_bench *bench = *state_;
	struct server *server = opened(bench);
	const struct survey *survey;
	struct plan *plan, *back;
	char *text, *differences;
	json_t *json;

	overlay_double_must(bench,
		survey_make(bench, server, &bench->survey_options, &survey, &bench->err));
	overlay_double_must(bench, plan_make(bench, survey, true, &plan, &bench->err));
	json = plan_json(plan);
	text = json_dumps(json, 0);
	overlay_double_must(bench,
		plan_load(bench, text, strlen(text), survey, &back, &differences, &bench->err));
	support_write_text(overlay_double.image, "dusk");
	overlay_double_must(bench,
		survey_make(bench, server, &bench->survey_options, &survey, &bench->err));
	assert_int_equal(plan_load(bench, text, strlen(text), survey, &back, &differences,
				 &bench->err),
		-TROUBLE_MOVED);
	free(text);
	json_decref(json);
}

/* Nothing was written: there is nothing to decide about. */
static void what_holds_nothing_is_not_asked_about(void **state_)
{
	struct finish_bench *bench = *state_;
	struct server *server = opened(bench);
	struct engine *engine = finish_begun(bench, server);

	overlay_double_must(bench, engine_leave(engine, &bench->err));
	assert_false(engine_overlay_waits(engine));
	talloc_free(engine);
	assert_true(untouched(bench));
	assert_string_equal(states(bench), "begun ended");
	engine = finish_resumed(bench, server, RUN_DECIDING);
	overlay_double_must(bench, engine_backup(engine, &bench->err));
	overlay_double_must(bench, engine_carry_out(engine, &bench->err));
	assert_true(engine_overlay_waits(engine));
	talloc_free(engine);
	assert_string_equal(states(bench), "begun ended begun closed");
	repaired(bench, "in the second");
}

/* Begun and refused: no file and no record. */
static void one_that_cannot_be_made_leaves_nothing(void **state_)
{
	struct finish_bench *bench = *state_;
	struct server *server = opened(bench);
	const struct survey *survey;
	struct engine *engine;
	struct plan *plan;

	overlay_double_must(bench,
		survey_make(bench, server, &bench->survey_options, &survey, &bench->err));
	overlay_double_must(bench, plan_make(bench, survey, true, &plan, &bench->err));
	overlay_double.fail_begin = TROUBLE_NO_ROOM;
	assert_int_equal(engine_begin(bench, server, plan, &bench->options, &engine, &bench->err),
		-TROUBLE_NO_ROOM);
	assert_int_equal(support_names(bench->runs), 0);
	assert_true(untouched(bench));
	assert_int_equal(overlay_double.dropped, 1);
}

#define OVERLAY_TEST(test) cmocka_unit_test_setup_teardown(test, finish_make, overlay_free)

int main(void)
{
	const struct CMUnitTest tests[] = {
		OVERLAY_TEST(a_repair_waits_and_is_committed),
		OVERLAY_TEST(a_cut_commit_is_repeated_without_asking),
		OVERLAY_TEST(it_is_kept_and_says_how_to_start),
		OVERLAY_TEST(the_image_below_says_what_stands_over_it),
		OVERLAY_TEST(thrown_away_the_run_is_undone),
		OVERLAY_TEST(cut_off_it_is_set_aside_and_carried_out_again),
		OVERLAY_TEST(cut_while_deciding_the_walk_goes_on),
		OVERLAY_TEST(an_overlay_that_fails_its_check_is_not_repaired),
		OVERLAY_TEST(an_image_that_was_written_to_is_refused),
		OVERLAY_TEST(a_plan_is_refused_where_the_image_was_written_to),
		OVERLAY_TEST(what_holds_nothing_is_not_asked_about),
		OVERLAY_TEST(one_that_cannot_be_made_leaves_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

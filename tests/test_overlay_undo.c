/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Undo and step 6 on a server in a disk image: what is thrown away, and what gets an overlay of its
 * own. */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "record/runfolder.h"
#include "report/report.h"
#include "run/overlay.h"
#include "tests/cut_tree.h"
#include "tests/overlay_double.h"
#include "tests/support.h"

static char *original(struct finish_bench *bench)
{
	return talloc_asprintf(bench, "%s.original", bench->dir);
}

static bool untouched(struct finish_bench *bench, unsigned how)
{
	char difference[1024];

	return tree_same(original(bench), bench->dir, how, difference);
}

/* Steps 2 to 4 are carried out, their overlay is closed; the end: how, or (below 0) none yet. */
static void repair(struct finish_bench *bench, int how)
{
	struct server *server = overlay_double_open(bench);
	struct engine *engine;

	tree_clone(bench->dir, original(bench));
	engine = finish_ready(bench, server);
	(void)finish_finish(bench, engine);
	if (how >= 0)
		overlay_double_must(bench,
			engine_overlay_end(engine, (enum overlay_end)how, "MAIL1", &bench->err));
	talloc_free(engine);
	talloc_free(server);
}

static int undo(struct finish_bench *bench, struct undo_options options, char **text)
{
	char *said;
	int ret = engine_undo(bench, overlay_double_open(bench), "last", &bench->options, &options,
		text ? text : &said, &bench->err);

	return ret;
}

static int decide(struct finish_bench *bench, enum overlay_end how)
{
	struct engine *engine;
	int ret;

	overlay_double_must(bench,
		engine_overlay_open(bench, overlay_double_open(bench), "last", &bench->options,
			&engine, &bench->err));
	ret = engine_overlay_end(engine, how, "MAIL1", &bench->err);
	talloc_free(engine);
	return ret;
}

/* What a VM that ran from it would leave: other bytes. */
static void ran(struct finish_bench *bench, const char *suffix)
{
	support_write_text(overlay_double_file(bench, suffix), "live mail");
}

static void before_its_end_it_is_thrown_away(void **state_)
{
	struct finish_bench *bench = *state_;
	bool waits;
	char *text;

	repair(bench, -1);
	overlay_double_must(bench, undo(bench, (struct undo_options){ .dry_run = true }, &text));
	assert_non_null(strstr(text, overlay_double_file(bench, "")));
	assert_int_equal(overlay_double.dropped + overlay_double.gone_on, 0);
	assert_false(untouched(bench, TREE_TIMES));
	overlay_double_must(bench, undo(bench, (struct undo_options){ 0 }, NULL));
	assert_true(untouched(bench, TREE_TIMES | TREE_BACKUPS));
	assert_int_equal(overlay_double_state(bench, &waits), STATE_UNDONE);
	assert_false(waits);
	assert_int_equal(overlay_double.begun, 1);
}

static void a_part_is_put_back_in_the_same(void **state_)
{
	struct finish_bench *bench = *state_;
	bool waits;

	repair(bench, -1);
	overlay_double_must(bench, undo(bench, (struct undo_options){ .step = 4 }, NULL));
	assert_int_equal(overlay_double.gone_on, 1);
	assert_int_equal(overlay_double.begun, 1);
	assert_int_equal(overlay_double_state(bench, &waits), STATE_DONE);
	assert_true(waits);
}

/* Which is what a VM that ran from it makes of it, and a commit. */
static void after_its_end_it_has_an_overlay_of_its_own(void **state_)
{
	for (int how = -1; how <= (int)OVERLAY_COMMIT; how++) {
		struct finish_bench *bench;
		bool waits;

		if (how >= 0) {
			finish_free(state_);
			finish_make(state_);
		}
		bench = *state_;
		repair(bench, how);
		if (how != (int)OVERLAY_COMMIT)
			ran(bench, "");
		if (how < 0)
			assert_int_equal(decide(bench, OVERLAY_DROP), -TROUBLE_MOVED);
		overlay_double_must(bench,
			undo(bench, (struct undo_options){ .backups = true }, NULL));
		assert_true(untouched(bench, TREE_TIMES | TREE_BACKUPS));
		assert_int_equal(overlay_double.begun, 2);
		assert_int_equal(overlay_double.dropped, 0);
		assert_int_equal(overlay_double_state(bench, &waits), STATE_UNDONE);
		assert_true(waits);
		assert_int_equal(access(overlay_double_file(bench, "-2"), F_OK), 0);
		/* Its own end: thrown away, the repair stands again. */
		overlay_double_must(bench, decide(bench, OVERLAY_DROP));
		assert_int_equal(overlay_double_state(bench, &waits), STATE_DONE);
		assert_false(waits);
		assert_false(untouched(bench, TREE_TIMES | TREE_BACKUPS));
		/* And put back once more. */
		overlay_double_must(bench,
			undo(bench, (struct undo_options){ .backups = true }, NULL));
		assert_true(untouched(bench, TREE_TIMES | TREE_BACKUPS));
		overlay_double_must(bench, decide(bench, OVERLAY_COMMIT));
		assert_int_equal(overlay_double_state(bench, &waits), STATE_UNDONE);
		assert_false(waits);
	}
}

static const char *verdict(struct finish_bench *bench)
{
	struct runfolder *run;
	struct report *report;

	overlay_double_must(bench,
		runfolder_open(bench, bench->runs, "last", false, &run, &bench->err));
	overlay_double_must(bench, report_read(run, run, NULL, &report, &bench->err));
	return verdict_word(report_verdict(report));
}

/* What the server's disks hold is the repair until then. */
static void an_undo_that_waits_is_not_put_back_yet(void **state_)
{
	struct finish_bench *bench = *state_;
	struct engine *engine;
	char *text;

	repair(bench, OVERLAY_COMMIT);
	overlay_double_must(bench, undo(bench, (struct undo_options){ .backups = true }, &text));
	assert_string_equal(verdict(bench), "UNDO WAITS");
	assert_non_null(strstr(text, " --yes --server MAIL1\n"));
	assert_non_null(strstr(text, " keep "));
	overlay_double_must(bench,
		engine_overlay_open(bench, overlay_double_open(bench), "last", &bench->options,
			&engine, &bench->err));
	assert_null(overlay_below(engine_overlay_stand(engine)));
	overlay_double_must(bench,
		engine_overlay_end(engine, OVERLAY_COMMIT, "MAIL1", &bench->err));
	assert_int_equal(engine_overlay_result(engine), END_UNDONE);
	talloc_free(engine);
	assert_string_equal(verdict(bench), "PUT BACK");
}

static void what_was_kept_stands_on_the_image_as_it_was(void **state_)
{
	struct finish_bench *bench = *state_;
	struct engine *engine;
	enum run_stage stage;

	repair(bench, OVERLAY_KEEP);
	support_write_text(overlay_double.image, "dusk");
	for (int dry = 0; dry < 2; dry++)
		assert_int_equal(undo(bench, (struct undo_options){ .dry_run = dry }, NULL),
			-TROUBLE_MOVED);
	assert_int_equal(engine_resume(bench, overlay_double_open(bench), "last", &bench->options,
				 &bench->survey_options, &engine, &stage, &bench->err),
		-TROUBLE_MOVED);
	assert_int_equal(overlay_double.begun, 1);
	support_write_text(overlay_double.image, "disk");
	overlay_double_must(bench, undo(bench, (struct undo_options){ .backups = true }, NULL));
	/* What a commit goes into is what was kept. */
	overlay_double_must(bench,
		engine_overlay_open(bench, overlay_double_open(bench), "last", &bench->options,
			&engine, &bench->err));
	assert_string_equal(overlay_below(engine_overlay_stand(engine))->files[0].path,
		overlay_double_file(bench, ""));
	talloc_free(engine);
}

static void run_says(struct finish_bench *bench, const char *name, const char *text)
{
	struct runfolder *run;
	uint8_t *bytes;
	size_t len;

	overlay_double_must(bench,
		runfolder_open(bench, bench->runs, "last", false, &run, &bench->err));
	overlay_double_must(bench,
		runfolder_read(run, bench, name, 1 << 20, &bytes, &len, &bench->err));
	if (!memmem(bytes, len, text, strlen(text)))
		fail_msg("%s is not in:\n%.*s", text, (int)len, (char *)bytes);
	talloc_free(run);
}

/* Nobody who reads what the run left starts the image. */
static void who_keeps_it_is_told_what_to_start(void **state_)
{
	struct finish_bench *bench = *state_;
	struct forgotten left;
	bool waits;
	char *file;

	repair(bench, OVERLAY_KEEP);
	file = overlay_double_file(bench, "");
	assert_int_equal(overlay_double_state(bench, &waits), STATE_DONE);
	run_says(bench, "next.txt", "never from the image");
	run_says(bench, "next.txt", file);
	run_says(bench, "report.txt", "Start the virtual machine");
	overlay_double_must(bench,
		runs_forget(bench, bench->runs, "last", true, &left, &bench->err));
	assert_string_equal(left.overlays, file);
}

static void a_look_at_what_undo_would_do_begins_nothing(void **state_)
{
	struct finish_bench *bench = *state_;

	repair(bench, OVERLAY_COMMIT);
	overlay_double_must(bench, undo(bench, (struct undo_options){ .dry_run = true }, NULL));
	assert_int_equal(overlay_double.begun, 1);
}

static void a_cut_undo_is_carried_out_again(void **state_)
{
	struct finish_bench *bench = *state_;
	struct engine *engine;
	enum run_stage stage;
	bool waits;

	repair(bench, OVERLAY_COMMIT);
	bench->told = 0;
	bench->stop_at = 1;
	overlay_double.fail_close = TROUBLE_IO;
	assert_true(undo(bench, (struct undo_options){ .backups = true }, NULL) < 0);
	bench->stop_at = 0;
	overlay_double_must(bench,
		engine_resume(bench, overlay_double_open(bench), "last", &bench->options,
			&bench->survey_options, &engine, &stage, &bench->err));
	assert_int_equal(stage, RUN_UNDONE);
	assert_non_null(engine_told(engine)->torn);
	talloc_free(engine);
	assert_true(untouched(bench, TREE_TIMES | TREE_BACKUPS));
	assert_int_equal(overlay_double_state(bench, &waits), STATE_UNDONE);
	assert_true(waits);
}

/* ---- step 6 ---- */

static void aside(struct finish_bench *bench)
{
	struct engine *engine = finish_resumed(bench, overlay_double_open(bench), RUN_AFTER);

	finish_attest(bench, engine);
	overlay_double_must(bench,
		engine_oldfolder(engine, &bench->survey_options, OLDFOLDER_ASIDE, NULL, true,
			&bench->err));
	assert_false(finish_there(bench, FINISH_MSMCON));
	overlay_double_must(bench, engine_leave(engine, &bench->err));
	talloc_free(engine);
}

static void step_6_has_its_own_and_its_own_end(void **state_)
{
	struct finish_bench *bench = *state_;
	bool waits;

	repair(bench, OVERLAY_COMMIT);
	aside(bench);
	assert_int_equal(overlay_double.begun, 2);
	(void)overlay_double_state(bench, &waits);
	assert_true(waits);
	/* Thrown away: the folder stands, the repair too, and it can be decided again. */
	overlay_double_must(bench, decide(bench, OVERLAY_DROP));
	assert_true(finish_there(bench, FINISH_MSMCON));
	assert_int_not_equal(finish_end(bench), OLDFOLDER_IS_ASIDE);
	assert_int_equal(overlay_double_state(bench, &waits), STATE_DONE);
	assert_false(waits);
	aside(bench);
	assert_int_equal(overlay_double.begun, 3);
	overlay_double_must(bench, decide(bench, OVERLAY_COMMIT));
	assert_int_equal(finish_end(bench), OLDFOLDER_IS_ASIDE);
	(void)overlay_double_state(bench, &waits);
	assert_false(waits);
}

static void step_6_that_was_cut_is_carried_out_again(void **state_)
{
	struct finish_bench *bench = *state_;
	struct engine *engine;
	bool waits;

	repair(bench, OVERLAY_KEEP);
	engine = finish_resumed(bench, overlay_double_open(bench), RUN_AFTER);
	finish_attest(bench, engine);
	overlay_double.fail_close = TROUBLE_IO;
	assert_int_equal(engine_oldfolder(engine, &bench->survey_options, OLDFOLDER_ASIDE, NULL,
				 true, &bench->err),
		-TROUBLE_IO);
	talloc_free(engine);
	engine = finish_resumed(bench, overlay_double_open(bench), RUN_AFTER);
	assert_non_null(engine_told(engine)->torn);
	assert_false(finish_there(bench, FINISH_MSMCON));
	assert_int_equal(finish_end(bench), OLDFOLDER_IS_ASIDE);
	assert_int_equal(overlay_double.begun, 3);
	overlay_double_must(bench, engine_overlay_end(engine, OVERLAY_KEEP, NULL, &bench->err));
	talloc_free(engine);
	(void)overlay_double_state(bench, &waits);
	assert_false(waits);
}

/* The journal as it was when the last count of its lines were not written yet; false where the
 * decision would be among them. */
static bool cut_before(struct finish_bench *bench, const char *journal, const char *whole,
	size_t count)
{
	const char *end = whole + strlen(whole);

	for (; count > 0; count--)
		for (end--; end > whole && end[-1] != '\n';)
			end--;
	support_write_text(journal, talloc_strndup(bench, whole, (size_t)(end - whole)));
	return !strstr(end, "\"dropping\"") && !strstr(end, "\"committing\"");
}

/* Between any two entries of it. */
static void a_cut_end_is_brought_about(void **state_)
{
	for (int how = OVERLAY_COMMIT; how <= (int)OVERLAY_DROP; how += OVERLAY_DROP) {
		struct finish_bench *bench;
		struct run_summary *list;
		struct engine *engine;
		enum run_stage stage;
		size_t count, len;
		char *journal, *whole;
		bool waits;

		if (how > 0) {
			finish_free(state_);
			finish_make(state_);
		}
		bench = *state_;
		repair(bench, how);
		assert_int_equal(runs_list(bench, bench->runs, &list, &count, &bench->err), 0);
		journal = talloc_asprintf(bench, "%s/%s/journal.jsonl", bench->runs, list[0].name);
		whole = (char *)support_read(bench, journal, &len);
		whole = talloc_strndup(bench, whole, len);
		for (size_t lines = 1; cut_before(bench, journal, whole, lines); lines++) {
			overlay_double_must(bench,
				engine_resume(bench, overlay_double_open(bench), "last",
					&bench->options, NULL, &engine, &stage, &bench->err));
			talloc_free(engine);
			assert_int_equal(overlay_double_state(bench, &waits),
				how == OVERLAY_DROP ? STATE_UNDONE : STATE_DONE);
			assert_false(waits);
			assert_int_equal(overlay_double.begun, 1);
			assert_int_equal(untouched(bench, TREE_TIMES | TREE_BACKUPS),
				how == OVERLAY_DROP);
		}
	}
}

#define UNDO_TEST(test) cmocka_unit_test_setup_teardown(test, finish_make, finish_free)

int main(void)
{
	const struct CMUnitTest tests[] = {
		UNDO_TEST(before_its_end_it_is_thrown_away),
		UNDO_TEST(a_part_is_put_back_in_the_same),
		UNDO_TEST(after_its_end_it_has_an_overlay_of_its_own),
		UNDO_TEST(an_undo_that_waits_is_not_put_back_yet),
		UNDO_TEST(what_was_kept_stands_on_the_image_as_it_was),
		UNDO_TEST(who_keeps_it_is_told_what_to_start),
		UNDO_TEST(a_look_at_what_undo_would_do_begins_nothing),
		UNDO_TEST(a_cut_undo_is_carried_out_again),
		UNDO_TEST(step_6_has_its_own_and_its_own_end),
		UNDO_TEST(step_6_that_was_cut_is_carried_out_again),
		UNDO_TEST(a_cut_end_is_brought_about),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lessons: what they keep, what they cost, and what they refuse. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "tests/ground.h"
#include "tests/players.h"
#include "tests/support.h"

#define DEFAULT "C:\\exchsrvr\\connect\\msmcon\\bin\\"
#define RELOCATED "E:\\exchsrvr\\connect\\msmcon\\bin\\"

/* ---- what stands where ---- */

static void it_has_a_folder_of_its_own(void **state)
{
	struct ground *ground = *state;
	struct lesson *lesson;
	char *folder;

	assert_int_equal(ground_mode(ground->place), 0700);
	lesson = ground_begin(ground, "standard", 7, false);
	folder = ground_folder(ground, lesson);
	assert_non_null(strstr(folder, "/training/lessons/standard-7-"));
	assert_int_equal(ground_mode(folder), 0700);
	assert_int_equal(ground_mode(ground_file(ground, lesson, "lesson.json")), 0600);
	assert_int_equal(ground_mode(ground_file(ground, lesson, "lock")), 0600);
	assert_int_equal(support_names(lesson->runs), 0);
	assert_int_equal(lesson->bound->seed, 7);
	assert_string_equal(lesson->seat, GROUND_SEAT);
	assert_false(lesson->exam);
	assert_int_equal(lesson_points(lesson), 100);
	assert_int_equal(lesson->chosen, -1);
}

static void what_cannot_begin_leaves_nothing(void **state)
{
	const struct lesson_request wishes[] = {
		{ .name = "nonsense", .seat = GROUND_SEAT },
		{ .name = "standard", .seat = "" },
		{ .name = "standard", .seat = "  " },
		{ .name = "standard", .seat = "one\x1b[2J" },
		{ .name = "standard", .seat = "12345678901234567890123456789012345678901" },
		{ .name = "standard", .seat = GROUND_SEAT, .seed = UINT64_C(1) << 63 },
	};
	struct ground *ground = *state;
	struct lesson *lesson = NULL;

	for (size_t i = 0; i < ARRAY_SIZE(wishes); i++)
		assert_int_equal(lesson_begin(ground->mem, ground->place, &wishes[i], &lesson,
					 &ground->err),
			-TROUBLE_USAGE);
	assert_int_equal(support_names(ground_below(ground, "lessons")), 0);
}

/* The run that was cut off is where a lesson's runs are; and no run of this place's owner. */
static void a_cut_run_is_the_lessons_own(void **state)
{
	struct ground *ground = *state;
	struct run_summary *list;
	struct lesson *lesson;
	size_t count;

	lesson = ground_begin(ground, "power-cut", 1, false);
	assert_int_equal(runs_list(ground->mem, lesson->runs, &list, &count, &ground->err), 0);
	assert_int_equal(count, 1);
	assert_true(list[0].simulated);
	assert_int_equal(runs_list(ground->mem, ground->runs, &list, &count, &ground->err), 0);
	assert_int_equal(count, 0);
}

/* ---- tips ---- */

static void a_tip_is_recorded_and_costs_five(void **state)
{
	static const char *const async[] = {
		"Compare the versions of the two Async.exe, not their dates.",
		"The one on E: is newer than the service pack.", "Keep it."
	};
	struct ground *ground = *state;
	struct server *server;
	const struct finding *finding;
	struct lesson *lesson;
	size_t taken, len;

	lesson = ground_begin(ground, "standard", 1, false);
	finding = ground_row(ground_stat(ground, lesson, &server), "file/Bin\\async.exe");
	assert_int_equal(lesson_tips(lesson, finding, &taken), 3);
	assert_int_equal(taken, 0);
	assert_null(lesson_tip_text(ground->mem, lesson, finding, 0));
	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(lesson_tip(lesson, finding, &ground->err), 0);
		assert_string_equal(lesson_tip_text(ground->mem, lesson, finding, i), async[i]);
		assert_int_equal(lesson_points(lesson), 95 - 5 * (int)i);
		assert_non_null(strstr((char *)support_read(ground->mem,
					       ground_file(ground, lesson, "lesson.json"), &len),
			async[i]));
	}
	assert_int_equal(lesson_tips(lesson, finding, &taken), 3);
	assert_int_equal(taken, 3);
	assert_int_equal(lesson_tip(lesson, finding, &ground->err), -TROUBLE_USAGE);
	assert_int_equal(lesson_points(lesson), 85);
	/* About the case: others. */
	assert_int_equal(lesson_tips(lesson, NULL, &taken), 3);
	assert_int_equal(taken, 0);
}

/* What cannot be recorded is not shown, and costs nothing. */
static void no_record_no_tip(void **state)
{
	struct ground *ground = *state;
	struct lesson *lesson;

	lesson = ground_begin(ground, "standard", 1, false);
	support_remove(ground_folder(ground, lesson));
	assert_int_not_equal(lesson_tip(lesson, NULL, &ground->err), 0);
	assert_null(lesson_tip_text(ground->mem, lesson, NULL, 0));
	assert_int_equal(lesson_points(lesson), 100);
	assert_int_not_equal(lesson_choose(lesson, 0, &ground->err), 0);
	assert_int_equal(lesson->chosen, -1);
}

/* Of a row that the case says nothing of: where, what, and the answer from the row itself. */
static void tips_are_made_of_the_finding(void **state)
{
	static const struct {
		const char *id, *words;
	} answers[] = {
		{ "registry/MSExchangeMSMI\\ImagePath", "Change it to: " RELOCATED "mt.exe" },
		{ "file/Bin\\mt.exe", "Copy setup's file over" },
		{ "share/Maildat$", "Change it to: E:\\exchsrvr\\connect\\msmcon\\maildata" },
	};
	struct ground *ground = *state;
	const struct survey *survey;
	struct server *server;
	struct lesson *lesson;
	size_t taken;

	lesson = ground_begin(ground, "standard", 1, false);
	survey = ground_stat(ground, lesson, &server);
	for (size_t i = 0; i < ARRAY_SIZE(answers); i++) {
		const struct finding *finding = ground_row(survey, answers[i].id);

		assert_int_equal(lesson_tips(lesson, finding, &taken), 3);
		for (int stage = 0; stage < 3; stage++)
			assert_int_equal(lesson_tip(lesson, finding, &ground->err), 0);
		assert_non_null(strcasestr(lesson_tip_text(ground->mem, lesson, finding, 2),
			answers[i].words));
		/* The answer only in the last. */
		assert_null(strcasestr(lesson_tip_text(ground->mem, lesson, finding, 1),
			answers[i].words));
	}
	for (size_t i = 0; i < survey->finding_count; i++)
		if (survey->findings[i].kind == KIND_SERVICE)
			assert_int_equal(lesson_tips(lesson, &survey->findings[i], &taken), 0);
}

/* ---- proposing ---- */

static void proposals_are_judged(void **state)
{
	static const char id[] = "registry/MTA to Vancouver PO\\ImagePath";
	static const struct {
		const char *text;
		enum lesson_verdict verdict;
	} tries[] = {
		{ "\"" DEFAULT "async.exe\" /log:2 /round:5", LESSON_NOT_CHANGED },
		{ RELOCATED "async.exe", LESSON_TYPE_ONLY_PART },
		{ "\"" RELOCATED "async.exe\"", LESSON_TYPE_ONLY_PART },
		{ "\"" RELOCATED "async.exe\" /round:5", LESSON_TOUCHED_MORE },
		{ "\"" RELOCATED "async.exe\" /LOG:2 /round:5", LESSON_TOUCHED_MORE },
		{ "\"" RELOCATED "mt.exe\" /log:2 /round:5", LESSON_TOUCHED_MORE },
		{ "\"D:\\exchsrvr\\connect\\msmcon\\bin\\async.exe\" /log:2 /round:5",
			LESSON_WRONG_PATH },
		{ "nothing", LESSON_WRONG_PATH },
	};
	struct ground *ground = *state;
	struct server *server;
	const struct finding *finding;
	enum lesson_verdict verdict;
	struct lesson *lesson;
	const char *remark;

	lesson = ground_begin(ground, "arguments", 1, false);
	assert_int_equal(lesson->bound->level, 2);
	finding = ground_row(ground_stat(ground, lesson, &server), id);
	assert_true(lesson_hides(lesson, finding));
	for (size_t i = 0; i < ARRAY_SIZE(tries); i++) {
		assert_int_equal(lesson_propose(lesson, finding, tries[i].text, &verdict, &remark,
					 &ground->err),
			0);
		if (verdict != tries[i].verdict)
			fail_msg("%s: %d", tries[i].text, verdict);
		assert_true(strlen(remark) > 10);
		assert_true(lesson_hides(lesson, finding));
	}
	assert_int_equal(lesson_propose(lesson, finding, "", &verdict, &remark, &ground->err),
		-TROUBLE_USAGE);
	assert_int_equal(lesson_propose(lesson, finding, "a\x1b[2J", &verdict, &remark,
				 &ground->err),
		-TROUBLE_USAGE);
	/* Windows does not care how a path's letters are written, nor we about blanks around. */
	assert_int_equal(
		lesson_propose(lesson, finding,
			" \"e:\\EXCHSRVR\\connect\\msmcon\\Bin\\async.exe\" /log:2 /round:5 ",
			&verdict, &remark, &ground->err),
		0);
	assert_int_equal(verdict, LESSON_RIGHT);
	assert_false(lesson_hides(lesson, finding));
	assert_int_equal(lesson_points(lesson), 100);
}

static void level_one_and_the_last_tip_hide_nothing(void **state)
{
	struct ground *ground = *state;
	struct server *server;
	const struct finding *finding;
	struct lesson *lesson;

	lesson = ground_begin(ground, "standard", 1, false);
	assert_false(lesson_hides(lesson,
		ground_row(ground_stat(ground, lesson, &server),
			"registry/MSExchangeMSMI\\ImagePath")));
	talloc_free(server);
	lesson = ground_begin(ground, "arguments", 1, false);
	finding = ground_row(ground_stat(ground, lesson, &server),
		"registry/MSExchangeMSMI\\ImagePath");
	for (int stage = 0; stage < 3; stage++) {
		assert_true(lesson_hides(lesson, finding));
		assert_int_equal(lesson_tip(lesson, finding, &ground->err), 0);
	}
	assert_false(lesson_hides(lesson, finding));
}

static void an_exam_tells_nothing(void **state)
{
	struct ground *ground = *state;
	struct server *server;
	const struct finding *finding;
	enum lesson_verdict verdict;
	const char *remark, *const *told;
	struct lesson *lesson;
	char *said;
	size_t taken;

	lesson = ground_begin(ground, "arguments", 1, true);
	assert_true(lesson->exam);
	finding = ground_row(ground_stat(ground, lesson, &server),
		"registry/MSExchangeMSMI\\ImagePath");
	assert_int_equal(lesson_tips(lesson, finding, &taken), 0);
	assert_int_equal(lesson_tip(lesson, finding, &ground->err), -TROUBLE_USAGE);
	assert_int_equal(lesson_points(lesson), 100);
	assert_true(lesson_hides(lesson, finding));
	assert_int_equal(lesson_propose(lesson, finding, "nonsense", &verdict, &remark,
				 &ground->err),
		0);
	said = talloc_strdup(ground->mem, remark);
	assert_false(lesson_hides(lesson, finding));
	assert_int_equal(lesson_propose(lesson, finding, RELOCATED "mt.exe", &verdict, &remark,
				 &ground->err),
		0);
	assert_string_equal(said, remark);
	assert_int_equal(lesson_consequences(ground->mem, lesson, server, NULL, &told,
				 &ground->err),
		0);
	assert_null(told[0]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(it_has_a_folder_of_its_own, ground_setup,
			ground_teardown),
		cmocka_unit_test_setup_teardown(what_cannot_begin_leaves_nothing, ground_setup,
			ground_teardown),
		cmocka_unit_test_setup_teardown(a_cut_run_is_the_lessons_own, ground_setup,
			ground_teardown),
		cmocka_unit_test_setup_teardown(a_tip_is_recorded_and_costs_five, ground_setup,
			ground_teardown),
		cmocka_unit_test_setup_teardown(no_record_no_tip, ground_setup, ground_teardown),
		cmocka_unit_test_setup_teardown(tips_are_made_of_the_finding, ground_setup,
			ground_teardown),
		cmocka_unit_test_setup_teardown(proposals_are_judged, ground_setup,
			ground_teardown),
		cmocka_unit_test_setup_teardown(level_one_and_the_last_tip_hide_nothing,
			ground_setup, ground_teardown),
		cmocka_unit_test_setup_teardown(an_exam_tells_nothing, ground_setup,
			ground_teardown),
	};

	return cmocka_run_group_tests_name("test_lesson", tests, NULL, NULL);
}

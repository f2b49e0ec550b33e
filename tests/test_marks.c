/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What looks wrong, said before the diagnosis: the rows, what is so, the record, and the price. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "tests/ground.h"
#include "tests/support.h"

static struct mark_rows *facts(struct ground *ground, const struct lesson *lesson)
{
	struct mark_rows *rows;
	struct server *server;
	const struct survey *survey = ground_stat(ground, lesson, &server);

	assert_int_equal(marks_facts(ground->mem, server, survey, &rows, &ground->err), 0);
	talloc_free(server);
	return rows;
}

static const struct mark_row *row(const struct mark_rows *rows, const char *id)
{
	for (size_t i = 0; i < rows->count; i++)
		if (strcmp(rows->rows[i].id, id) == 0)
			return &rows->rows[i];
	fail_msg("there is no row %s", id);
	return NULL;
}

/* ---- the rows ---- */

/* Of two-paths with seed 3, as the case has it: two values hold a path of C:, one file is newer. */
static void what_is_so(void **state)
{
	static const struct {
		const char *id;
		enum mark_truth truth;
		enum mark_reason reason;
	} known[] = {
		{ "registry/EventLog\\Application\\Harbour Office\\EventMessageFile", TRUTH_WRONG,
			REASON_OLD_DRIVE },
		{ "registry/EventLog\\Application\\MSExchangeMSMI\\EventMessageFile", TRUTH_WRONG,
			REASON_OLD_DRIVE },
		{ "registry/MSExchangeMSMI\\ImagePath", TRUTH_RIGHT, REASON_NONE },
		{ "share/Maildat$", TRUTH_RIGHT, REASON_NONE },
		{ "files/E:5.5.2652.36", TRUTH_WRONG, REASON_NEWER },
		{ "files/E:5.5.2448.0", TRUTH_RIGHT, REASON_NONE },
		{ "files/C:5.5.2448.0", TRUTH_RIGHT, REASON_NONE },
		{ "service/MSExchangeMSMI", TRUTH_RIGHT, REASON_NONE },
		{ "service/LanmanServer", TRUTH_RIGHT, REASON_NONE },
	};
	struct ground *ground = *state;
	struct mark_rows *rows = facts(ground, ground_begin(ground, "two-paths", 3, false));
	size_t wrong = 0;

	for (size_t i = 0; i < ARRAY_SIZE(known); i++) {
		assert_int_equal(row(rows, known[i].id)->truth, known[i].truth);
		if (known[i].reason != REASON_NONE)
			assert_true(row(rows, known[i].id)->reasons & 1u << known[i].reason);
	}
	for (size_t i = 0; i < rows->count; i++)
		wrong += rows->rows[i].truth == TRUTH_WRONG;
	assert_int_equal(wrong, 3);
}

/* Files of one folder and one version are one row, whatever is thought of them. */
static void files_by_folder_and_version(void **state)
{
	struct ground *ground = *state;
	struct mark_rows *rows = facts(ground, ground_begin(ground, "standard", 1, false));
	size_t same = 0;

	for (size_t i = 0; i < rows->count; i++)
		for (size_t k = 0; k < i; k++)
			same += rows->rows[i].kind == MARK_FILES &&
				strcmp(rows->rows[i].subject, rows->rows[k].subject) == 0;
	assert_int_equal(same, 0);
	assert_string_equal(row(rows, "files/E:absent")->fact, "Conadmin.dll");
	assert_int_equal(row(rows, "files/E:absent")->truth, TRUTH_WRONG);
	assert_string_equal(row(rows, "share/Maildat$")->fact, "(no such share)");
}

/* No word of a verdict in what the trainee is shown. */
static void the_facts_are_bare(void **state)
{
	static const char *const words[] = { "wrong", "right", "older", "newer than", "stale",
		"NEWER", "should" };
	struct ground *ground = *state;
	struct mark_rows *rows = facts(ground, ground_begin(ground, "everything", 1, false));

	assert_true(rows->count > 20);
	for (size_t i = 0; i < rows->count; i++)
		for (size_t w = 0; w < ARRAY_SIZE(words); w++) {
			assert_null(strstr(rows->rows[i].subject, words[w]));
			assert_null(strstr(rows->rows[i].fact, words[w]));
			assert_null(strstr(rows->rows[i].more, words[w]));
		}
}

/* ---- saying it ---- */

static void only_where_it_is_wanted(void **state)
{
	struct ground *ground = *state;

	assert_false(lesson_marks_first(ground_begin(ground, "standard", 1, false)));
	assert_true(lesson_marks_first(ground_begin(ground, "two-paths", 1, false)));
	assert_true(lesson_marks_first(ground_begin(ground, "standard", 1, true)));
	/* What the program refuses nobody looks at. */
	assert_false(lesson_marks_first(ground_begin(ground, "dirty-hive", 1, false)));
}

static void a_reason_goes_with_it(void **state)
{
	struct ground *ground = *state;
	struct lesson *lesson = ground_begin(ground, "two-paths", 3, false);
	const struct mark_row *share = row(facts(ground, lesson), "share/Maildat$");

	assert_int_equal(lesson_mark(lesson, share, SAYS_WRONG, REASON_NONE, &ground->err),
		-TROUBLE_USAGE);
	assert_int_equal(lesson_mark(lesson, share, SAYS_WRONG, REASON_STALE, &ground->err),
		-TROUBLE_USAGE);
	assert_int_equal(lesson_mark(lesson, share, SAYS_RIGHT, REASON_MISSING, &ground->err),
		-TROUBLE_USAGE);
	assert_null(lesson_marked(lesson, share->id));
	assert_int_equal(lesson_mark(lesson, share, SAYS_WRONG, REASON_MISSING, &ground->err), 0);
	assert_int_equal(lesson_mark(lesson, share, SAYS_UNSURE, REASON_NONE, &ground->err), 0);
	assert_int_equal(lesson->mark_count, 1);
	assert_int_equal(lesson_marked(lesson, share->id)->says, SAYS_UNSURE);
}

static void it_is_left_and_resumed(void **state)
{
	struct ground *ground = *state;
	struct lesson *lesson = ground_begin(ground, "two-paths", 3, false);
	struct mark_rows *rows = facts(ground, lesson);
	struct score_marks sum;

	assert_int_equal(lesson_mark(lesson, row(rows, "files/E:5.5.2652.36"), SAYS_WRONG,
				 REASON_OLDER, &ground->err),
		0);
	talloc_free(lesson);
	lesson = ground_again(ground, "two-paths", GROUND_SEAT);
	assert_int_equal(lesson_marked(lesson, "files/E:5.5.2652.36")->reason, REASON_OLDER);
	assert_true(lesson_marks_first(lesson));
	assert_int_equal(lesson_mark(lesson, row(rows, "share/Maildat$"), SAYS_WRONG, REASON_SHARED,
				 &ground->err),
		0);
	assert_int_equal(lesson_marks_end(lesson, rows, &ground->err), 0);
	/* What was said before what is so was shown stays said. */
	assert_int_equal(lesson_mark(lesson, row(rows, "share/Maildat$"), SAYS_RIGHT, REASON_NONE,
				 &ground->err),
		-TROUBLE_USAGE);
	talloc_free(lesson);
	lesson = ground_again(ground, "two-paths", GROUND_SEAT);
	assert_false(lesson_marks_first(lesson));
	sum = lesson_marks_sum(lesson);
	assert_int_equal(sum.wrong, 3);
	assert_int_equal(sum.found, 0);
	assert_int_equal(sum.reasons, 1);
	assert_int_equal(sum.falsely, 1);
	assert_string_equal(sum.false_names, "Maildat$");
	/* Shared among four at least, five points each: two missed, one falsely marked, a half. */
	assert_int_equal(score_marks_lost(&sum), 18);
}

/* ---- the price ---- */

static void what_it_costs(void **state)
{
	/* By hand: 20 points, shared among the wrong rows, four at least, rounded up. */
	static const struct {
		struct score_marks marks;
		int lost;
	} prices[] = {
		{ { .wanted = false, .wrong = 9 }, 0 },
		{ { .wanted = true, .said = false }, 20 },
		{ { .wanted = true, .said = true, .wrong = 10, .found = 10 }, 0 },
		{ { .wanted = true, .said = true, .wrong = 10, .found = 9 }, 2 },
		{ { .wanted = true, .said = true, .wrong = 10, .found = 9, .reasons = 1 }, 1 },
		{ { .wanted = true, .said = true, .wrong = 10, .found = 10, .falsely = 3 }, 6 },
		{ { .wanted = true, .said = true, .wrong = 3, .found = 2 }, 5 },
		{ { .wanted = true, .said = true, .wrong = 1, .found = 1, .falsely = 1 }, 5 },
		{ { .wanted = true, .said = true, .wrong = 10, .found = 0 }, 20 },
		{ { .wanted = true, .said = true, .wrong = 5, .found = 5, .falsely = 40 }, 20 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(prices); i++)
		assert_int_equal(score_marks_lost(&prices[i].marks), prices[i].lost);
}

static void the_result_says_it(void **state)
{
	struct ground *ground = *state;
	struct lesson *lesson = ground_begin(ground, "two-paths", 3, true);
	struct score *score;
	const struct loss *loss = NULL;

	assert_int_equal(lesson_end(ground->mem, lesson, NULL, NULL, &score, &ground->err), 0);
	for (size_t i = 0; i < score->count; i++)
		if (strcmp(score->losses[i].id, "marks") == 0)
			loss = &score->losses[i];
	assert_non_null(loss);
	assert_int_equal(loss->points, 20);
	assert_non_null(strstr(loss->reason, "Nobody said what looks wrong"));
}

/* ---- a record that somebody else wrote ---- */

static bool resumed(struct ground *ground, const char *file, const char *text, const char *marks)
{
	const char *at = strstr(text, "\"marks\": [");
	char *made;
	struct lesson *lesson = NULL;

	assert_non_null(at);
	made = talloc_asprintf(ground->mem, "%.*s\"marks\": %s}", (int)(at - text), text, marks);
	support_write_text(file, made);
	assert_int_equal(lesson_again(ground->mem, ground->place, "two-paths", GROUND_SEAT, &lesson,
				 &ground->err),
		0);
	talloc_free(lesson);
	return lesson != NULL;
}

#define ROW(id, subject, says, reason, outcome) \
	"{\"id\": \"" id "\", \"subject\": \"" subject "\", \"says\": \"" says \
	"\", \"reason\": \"" reason "\", \"outcome\": \"" outcome "\"}"

static void a_hostile_record_is_none(void **state)
{
	static const struct {
		const char *marks;
		bool good;
	} records[] = {
		{ "[]", true },
		{ "[" ROW("share/x", "x", "wrong", "missing", "open") "]", true },
		{ "[" ROW("share/x", "x", "", "", "missed") "]", true },
		{ "{}", false },
		{ "[1]", false },
		{ "[" ROW("", "x", "right", "", "open") "]", false },
		{ "[" ROW("share/x", "", "right", "", "open") "]", false },
		{ "[" ROW("share/x", "\\u001b[2J", "right", "", "open") "]", false },
		{ "[" ROW("share/x", "x", "wrong", "", "open") "]", false },
		{ "[" ROW("share/x", "x", "right", "missing", "open") "]", false },
		{ "[" ROW("share/x", "x", "wrong", "nonsense", "open") "]", false },
		{ "[" ROW("share/x", "x", "maybe", "", "open") "]", false },
		{ "[" ROW("share/x", "x", "right", "", "won") "]", false },
		{ "[" ROW("a", "x", "right", "", "open") "," ROW("a", "x", "right", "", "open") "]",
			false },
	};
	struct ground *ground = *state;
	struct lesson *lesson = ground_begin(ground, "two-paths", 3, false);
	char *file = ground_file(ground, lesson, "lesson.json"), *text;
	size_t len;

	talloc_free(lesson);
	text = (char *)support_read(ground->mem, file, &len);
	text = talloc_strndup(ground->mem, text, len);
	for (size_t i = 0; i < ARRAY_SIZE(records); i++)
		if (resumed(ground, file, text, records[i].marks) != records[i].good)
			fail_msg("record %zu: %s", i, records[i].marks);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(what_is_so, ground_setup, ground_teardown),
		cmocka_unit_test_setup_teardown(files_by_folder_and_version, ground_setup,
			ground_teardown),
		cmocka_unit_test_setup_teardown(the_facts_are_bare, ground_setup, ground_teardown),
		cmocka_unit_test_setup_teardown(only_where_it_is_wanted, ground_setup,
			ground_teardown),
		cmocka_unit_test_setup_teardown(a_reason_goes_with_it, ground_setup,
			ground_teardown),
		cmocka_unit_test_setup_teardown(it_is_left_and_resumed, ground_setup,
			ground_teardown),
		cmocka_unit_test(what_it_costs),
		cmocka_unit_test_setup_teardown(the_result_says_it, ground_setup, ground_teardown),
		cmocka_unit_test_setup_teardown(a_hostile_record_is_none, ground_setup,
			ground_teardown),
	};

	return cmocka_run_group_tests_name("marks", tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The score: what is lost for what, and that nothing else on the server may change. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/flow.h"
#include "tests/players.h"
#include "tests/support.h"

struct lesson {
	TALLOC_CTX *mem;
	char *dir;
	struct training_case *training, *bound;
	struct played played;
};

static void play(struct lesson *lesson, const char *name, enum player player)
{
	struct error err = { .trouble = TROUBLE_NONE };

	lesson->mem = talloc_new(NULL);
	lesson->dir = talloc_asprintf(lesson->mem, "%s/x", support_folder(lesson->mem));
	assert_int_equal(case_find(lesson->mem, name, &lesson->training, &err), 0);
	assert_int_equal(case_bind(lesson->mem, lesson->training, 1, &lesson->bound, &err), 0);
	if (player_play(lesson->mem, player, lesson->training, 1, lesson->dir, &lesson->played,
		    &err) != 0)
		fail_msg("%s", err.text);
}

/* Judged once more, as the server is now. */
static struct score *again(struct lesson *lesson, size_t tips, int chosen)
{
	struct score_given given = { .tips = tips, .chosen = chosen };
	struct error err = { .trouble = TROUBLE_NONE };
	struct runfolder *run = NULL;
	struct server *server;
	struct score *score;

	assert_int_equal(practice_open(lesson->mem, lesson->dir, &server, &err), 0);
	if (lesson->played.run)
		assert_int_equal(runfolder_open(lesson->mem, case_runs(lesson->mem, lesson->dir),
					 lesson->played.run, false, &run, &err),
			0);
	if (score_make(lesson->mem, lesson->bound, server, run, &given, &score, &err) != 0)
		fail_msg("%s", err.text);
	talloc_free(server);
	return score;
}

static const struct loss *lost(const struct score *score, const char *id)
{
	for (size_t i = 0; i < score->count; i++)
		if (strcmp(score->losses[i].id, id) == 0)
			return &score->losses[i];
	return NULL;
}

static void tips_cost(void **state)
{
	struct lesson lesson;
	struct score *score;

	(void)state;
	play(&lesson, "standard", PLAYER_EXPERT);
	assert_int_equal(lesson.played.score->points, 100);
	assert_true(lesson.played.score->passed && lesson.played.score->repaired);
	score = again(&lesson, 3, -1);
	assert_int_equal(score->points, 85);
	assert_int_equal(score->tips, 3);
	assert_int_equal(again(&lesson, 100, -1)->points, 0);
	talloc_free(lesson.mem);
}

static void the_trap_costs(void **state)
{
	struct lesson lesson;
	const struct loss *loss;

	(void)state;
	play(&lesson, "standard", PLAYER_YES);
	assert_int_equal(lesson.played.score->points, 55);
	assert_false(lesson.played.score->passed);
	assert_int_equal(lesson.played.score->count, 1);
	loss = lost(lesson.played.score, "file/Bin\\async.exe");
	assert_non_null(loss);
	assert_int_equal(loss->points, 45);
	assert_non_null(strstr(loss->reason, "should have been kept"));
	talloc_free(lesson.mem);
}

static void nothing_done_is_nothing_earned(void **state)
{
	struct lesson lesson;

	(void)state;
	play(&lesson, "standard", PLAYER_ENTER);
	/* 60 for what is needed, 45 for the decision that is missing */
	assert_int_equal(lesson.played.score->points, 0);
	assert_int_equal(lost(lesson.played.score, CASE_NEEDED)->points, 60);
	assert_non_null(
		strstr(lost(lesson.played.score, "file/Bin\\async.exe")->reason, "Nobody decided"));
	assert_false(lesson.played.score->repaired);
	talloc_free(lesson.mem);
}

static void the_question(void **state)
{
	struct lesson lesson;

	(void)state;
	play(&lesson, "nothing-wrong", PLAYER_ENTER);
	for (int i = 0; i < (int)lesson.bound->choice_count; i++)
		assert_int_equal(again(&lesson, 0, i)->points,
			lesson.bound->choices[i].right ? 100 : 40);
	assert_int_equal(again(&lesson, 0, -1)->points, 40);
	assert_int_equal(again(&lesson, 0, 77)->points, 40);
	talloc_free(lesson.mem);
}

/* A hand that slipped outside the repair. */
static void strays_are_seen(void **state)
{
	struct lesson lesson;
	struct score *score;
	char *path;

	(void)state;
	play(&lesson, "standard", PLAYER_EXPERT);
	path = talloc_asprintf(lesson.mem, "%s/C/boot.ini", lesson.dir);
	support_write_text(path, "spoilt");
	score = again(&lesson, 0, -1);
	assert_int_equal(score->points, 90);
	assert_non_null(strstr(lost(score, "elsewhere")->reason, "C:\\boot.ini"));
	support_write_text(talloc_asprintf(lesson.mem, "%s/E/new.txt", lesson.dir), "new");
	support_remove(talloc_asprintf(lesson.mem, "%s/C/exchsrvr/BIN/Mad.exe", lesson.dir));
	assert_int_equal(again(&lesson, 0, -1)->points, 70);
	talloc_free(lesson.mem);
}

static void start(struct lesson *lesson, const char *name)
{
	struct error err = { .trouble = TROUBLE_NONE };
	struct server *server;

	assert_int_equal(practice_open(lesson->mem, lesson->dir, &server, &err), 0);
	if (server->ops->service_set(server, name, SERVICE_RUNNING, &err) != 0)
		fail_msg("%s", err.text);
	talloc_free(server);
}

/* Once it is repaired, mail flows: what waited leaves, logs grow. A letter that nobody sent and
 * that is gone all the same is another matter. */
static void mail_is_no_stray(void **state)
{
	struct lesson lesson;
	struct score *score;
	char *letter;

	(void)state;
	play(&lesson, "standard", PLAYER_EXPERT);
	start(&lesson, "MSExchangeMSMI");
	start(&lesson, "MTA to Vancouver PO");
	start(&lesson, "Legacy Mail Connector");
	assert_in_range(flow_steps(lesson.dir, 1000000000, 3), 3, 3);
	score = again(&lesson, 0, -1);
	assert_null(lost(score, "elsewhere"));
	assert_int_equal(score->points, 100);
	letter = talloc_asprintf(lesson.mem,
		"%s/E/exchsrvr/connect/msmcon/maildata/MAI/MAB/0000240B.MAI", lesson.dir);
	assert_int_equal(unlink(letter), 0);
	assert_non_null(strstr(lost(again(&lesson, 0, -1), "elsewhere")->reason, "0000240B.MAI"));
	assert_true(flow_all(lesson.dir) > 0);
	assert_int_equal(again(&lesson, 0, -1)->points, 90);
	talloc_free(lesson.mem);
}

/* A value of another control set, changed by hand on the disk. */
static void registry_strays_are_seen(void **state)
{
	static const char *const keys[] = { "SYSTEM\\ControlSet002\\Services\\MSExchangeMSMI" };
	struct lesson lesson;
	struct error err = { .trouble = TROUBLE_NONE };
	struct server *server;
	struct reg_stage *stage;
	struct score *score;
	size_t done;

	(void)state;
	play(&lesson, "standard", PLAYER_EXPERT);
	assert_int_equal(practice_open(lesson.mem, lesson.dir, &server, &err), 0);
	const struct reg_edit edit = { .key = keys[0], .value = "DisplayName" };
	assert_int_equal(server->ops->reg_stage(server, lesson.mem, &edit, 1, &stage, &err), 0);
	assert_int_equal(server->ops->reg_switch(stage, &done, &err), 0);
	talloc_free(server);
	score = again(&lesson, 0, -1);
	assert_int_equal(score->points, 80); /* once in each copy */
	assert_non_null(strstr(lost(score, "elsewhere")->reason,
		"ControlSet002\\Services\\MSExchangeMSMI\\DisplayName"));
	talloc_free(lesson.mem);
}

static void put_back_again(void **state)
{
	struct lesson lesson;
	struct error err = { .trouble = TROUBLE_NONE };

	(void)state;
	play(&lesson, "standard", PLAYER_EXPERT);
	assert_int_equal(player_undo(lesson.mem, lesson.dir, lesson.played.run, &err), 0);
	/* the decision to keep is still on record, the repair is gone */
	assert_int_equal(again(&lesson, 0, -1)->points, 40);
	talloc_free(lesson.mem);
}

static void told_to_a_person_and_a_program(void **state)
{
	struct lesson lesson;
	json_t *json;
	char *text;

	(void)state;
	play(&lesson, "standard", PLAYER_YES);
	text = score_text(lesson.mem, lesson.bound, lesson.played.score);
	assert_non_null(strstr(text, "PRACTICE"));
	assert_non_null(strstr(text, "55 of 100 points: not passed"));
	for (const char *line = text; *line; line += strcspn(line, "\n") + 1)
		assert_true(strcspn(line, "\n") <= 78);
	json = score_json(lesson.bound, "seat 4", lesson.played.score);
	assert_string_equal(json_string_value(json_object_get(json, "case")), "standard");
	assert_string_equal(json_string_value(json_object_get(json, "seat")), "seat 4");
	assert_int_equal(json_integer_value(json_object_get(json, "points")), 55);
	assert_false(json_is_true(json_object_get(json, "passed")));
	assert_int_equal(json_array_size(json_object_get(json, "losses")), 1);
	json_decref(json);
	talloc_free(lesson.mem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tips_cost),
		cmocka_unit_test(the_trap_costs),
		cmocka_unit_test(nothing_done_is_nothing_earned),
		cmocka_unit_test(the_question),
		cmocka_unit_test(strays_are_seen),
		cmocka_unit_test(mail_is_no_stray),
		cmocka_unit_test(registry_strays_are_seen),
		cmocka_unit_test(put_back_again),
		cmocka_unit_test(told_to_a_person_and_a_program),
	};

	return cmocka_run_group_tests_name("score", tests, NULL, NULL);
}

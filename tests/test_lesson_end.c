/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lessons that are resumed, that end, and that stay in their place. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/memory.h"
#include "tests/ground.h"
#include "tests/players.h"
#include "tests/support.h"

/* ---- resuming ---- */

static void it_can_be_resumed(void **state)
{
	struct ground *ground = *state;
	struct lesson *first, *second, *found;
	size_t taken;

	assert_null(ground_again(ground, NULL, GROUND_SEAT));
	first = ground_begin(ground, "standard", 1, false);
	assert_null(ground_again(ground, NULL, GROUND_SEAT)); /* in hand */
	second = ground_begin(ground, "spaces", 2, true);
	assert_int_equal(lesson_tip(first, NULL, &ground->err), 0);
	/* it asks nothing */
	assert_int_equal(lesson_choose(second, 0, &ground->err), -TROUBLE_USAGE);
	talloc_free(first);
	assert_null(ground_again(ground, "spaces", GROUND_SEAT));
	talloc_free(second);
	assert_null(ground_again(ground, NULL, "B. Miller"));
	assert_null(ground_again(ground, "two-paths", GROUND_SEAT));
	found = ground_again(ground, NULL, GROUND_SEAT);
	assert_string_equal(found->bound->name, "spaces"); /* the newer one */
	assert_true(found->exam);
	assert_int_equal(found->bound->seed, 2);
	first = ground_again(ground, NULL, GROUND_SEAT);
	assert_string_equal(first->bound->name, "standard");
	assert_int_equal(lesson_points(first), 95);
	assert_non_null(lesson_tip_text(ground->mem, first, NULL, 0));
	assert_int_equal(lesson_tips(first, NULL, &taken), 3);
	assert_int_equal(taken, 1);
	assert_null(ground_again(ground, NULL, GROUND_SEAT));
}

/* A record that says what cannot be, or is no file, is no lesson to resume. */
static void a_damaged_record_is_passed_over(void **state)
{
	static const struct {
		const char *from, *to;
	} spoils[] = {
		{ "\"format\": 1", "\"format\": 2" },
		{ "\"seed\": 3", "\"seed\": -3" },
		{ "\"seed\": 3", "\"seed\": \"3\"" },
		{ "\"case\": \"standard\"", "\"case\": \"../../x\"" },
		{ "\"seat\": \"A.", "\"seat\": \"\\u001bA." },
		{ "\"chosen\": -1", "\"chosen\": 5" },
		{ "\"chosen\": -1", "\"chosen\": -2" },
		{ "\"exam\": false", "\"exam\": 0" },
		{ "\"tips\": [", "\"tips\": [{}," },
		{ "\"tips\": [", "\"tips\": [], \"tips\": [" },
		{ "\"begun\": \"2", "\"begun\": \"22" },
		{ "\"own\": false", "\"own\": true" },
		{ "{", "[" },
	};
	struct ground *ground = *state;
	struct lesson *lesson;
	char *path, *whole, *server, *aside;
	size_t len;

	lesson = ground_begin(ground, "standard", 3, false);
	path = ground_file(ground, lesson, "lesson.json");
	server = talloc_strdup(ground->mem, lesson->server);
	talloc_free(lesson);
	whole = (char *)support_read(ground->mem, path, &len);
	for (size_t i = 0; i < ARRAY_SIZE(spoils); i++) {
		char *at = strstr(whole, spoils[i].from);

		assert_non_null(at);
		support_write_text(path,
			talloc_asprintf(ground->mem, "%.*s%s%s", (int)(at - whole), whole,
				spoils[i].to, at + strlen(spoils[i].from)));
		if (ground_again(ground, NULL, GROUND_SEAT))
			fail_msg("taken with %s", spoils[i].to);
	}
	support_write(path, whole, len / 2);
	assert_null(ground_again(ground, NULL, GROUND_SEAT));
	/* A link to a good record, and a server that is elsewhere. */
	aside = talloc_asprintf(ground->mem, "%s/aside", ground->top);
	support_write_text(aside, whole);
	unlink(path);
	assert_int_equal(symlink(aside, path), 0);
	assert_null(ground_again(ground, NULL, GROUND_SEAT));
	unlink(path);
	support_write_text(path, whole);
	assert_int_equal(rename(server, talloc_asprintf(ground->mem, "%s/else", ground->top)), 0);
	assert_int_equal(symlink(talloc_asprintf(ground->mem, "%s/else", ground->top), server), 0);
	assert_null(ground_again(ground, NULL, GROUND_SEAT));
	unlink(server);
	assert_int_equal(rename(talloc_asprintf(ground->mem, "%s/else", ground->top), server), 0);
	assert_non_null(ground_again(ground, NULL, GROUND_SEAT));
}

static void a_teachers_case_is_kept_with_the_lesson(void **state)
{
	struct ground *ground = *state;
	struct lesson_request request = { .seat = GROUND_SEAT };
	struct lesson *lesson = NULL;
	char *path;

	path = talloc_asprintf(ground->mem, "%s/my.case", ground->top);
	request.name = path;
	support_write_text(path,
		"case: mine\ntitle: Mine\nlevel: 1\nstory: {server} is down.\nfault: sp-share\n"
		"expect: needed change 60 it is asked for\n");
	assert_int_equal(lesson_begin(ground->mem, ground->place, &request, &lesson, &ground->err),
		0);
	assert_string_equal(lesson->bound->name, "mine");
	talloc_free(lesson);
	lesson = ground_again(ground, path, GROUND_SEAT);
	assert_non_null(lesson);
	talloc_free(lesson);
	support_remove(path);
	lesson = ground_again(ground, NULL, GROUND_SEAT);
	assert_non_null(lesson);
	assert_string_equal(lesson->bound->title, "Mine");
	/* What is wrong with a file is told with its name and line. */
	support_write_text(path, "case: mine\nlevel: 4\n");
	assert_int_equal(lesson_begin(ground->mem, ground->place, &request, &lesson, &ground->err),
		-TROUBLE_USAGE);
	assert_non_null(strstr(ground->err.text, "/my.case: Line 2 of the case:"));
}

/* ---- the end ---- */

static json_t *only_result(struct ground *ground)
{
	char *folder = ground_below(ground, "results");
	DIR *dir = opendir(folder);
	struct dirent *entry;
	json_t *json = NULL;

	assert_non_null(dir);
	while ((entry = readdir(dir))) {
		char *path = talloc_asprintf(ground->mem, "%s/%s", folder, entry->d_name);

		if (*entry->d_name == '.')
			continue;
		assert_null(json);
		assert_int_equal(ground_mode(path), 0600);
		json = json_load_file(path, 0, NULL);
		assert_non_null(json);
	}
	closedir(dir);
	return json;
}

static void the_end_writes_a_result(void **state)
{
	struct ground *ground = *state;
	const struct survey *survey;
	struct mark_rows *rows;
	struct server *server;
	struct lesson *lesson;
	struct score *score;
	json_t *json;
	size_t right = 0;

	lesson = ground_begin(ground, "nothing-wrong", 1, true);
	survey = ground_stat(ground, lesson, &server);
	/* In an exam what looks wrong is said first; here nothing is. */
	assert_int_equal(marks_facts(ground->mem, server, survey, &rows, &ground->err), 0);
	assert_int_equal(lesson_marks_end(lesson, rows, &ground->err), 0);
	while (!lesson->bound->choices[right].right)
		right++;
	assert_int_equal(lesson_choose(lesson, right, &ground->err), 0);
	assert_int_equal(lesson_choose(lesson, 77, &ground->err), -TROUBLE_USAGE);
	assert_int_equal(lesson->chosen, (int)right);
	assert_int_equal(lesson_end(ground->mem, lesson, server, NULL, &score, &ground->err), 0);
	assert_int_equal(score->points, 100);
	assert_true(score->passed);
	assert_int_equal(lesson_end(ground->mem, lesson, server, NULL, &score, &ground->err),
		-TROUBLE_USAGE);
	json = only_result(ground);
	assert_int_equal(json_integer_value(json_object_get(json, "points")), 100);
	assert_string_equal(json_string_value(json_object_get(json, "seat")), GROUND_SEAT);
	assert_true(json_is_true(json_object_get(json, "exam")));
	assert_int_equal(json_string_length(json_object_get(json, "started")), 20);
	json_decref(json);
	talloc_free(server);
	talloc_free(lesson);
	assert_int_equal(support_names(ground_below(ground, "lessons")), 0);
	/* One whose folder could not be removed is not offered again. */
	lesson = ground_begin(ground, "nothing-wrong", 1, false);
	(void)ground_stat(ground, lesson, &server);
	talloc_free(server);
	/* Nobody looked at the server: it is opened for the end. */
	assert_int_equal(lesson_end(ground->mem, lesson, NULL, NULL, &score, &ground->err), 0);
	lesson->temporary = false;
	assert_int_equal(score->points, 40);
	assert_false(score->failed);
	talloc_free(lesson);
	assert_int_equal(support_names(ground_below(ground, "lessons")), 1);
	assert_null(ground_again(ground, NULL, GROUND_SEAT));
}

/* Yes to everything copies over the fix; the lesson says what comes of it, and only of that. */
static void wrong_decisions_have_consequences(void **state)
{
	struct ground *ground = *state;
	struct runfolder *folder;
	struct server *server;
	struct lesson *lesson;
	struct score *score;
	const char *const *told;
	char *run;

	lesson = ground_begin(ground, "standard", 1, false);
	if (player_repair(ground->mem, PLAYER_YES, lesson->bound, lesson->server, lesson->runs,
		    &run, &ground->err) != 0)
		fail_msg("%s", ground->err.text);
	(void)ground_stat(ground, lesson, &server);
	assert_int_equal(runfolder_open(ground->mem, lesson->runs, run, false, &folder,
				 &ground->err),
		0);
	assert_int_equal(lesson_consequences(ground->mem, lesson, server, folder, &told,
				 &ground->err),
		0);
	assert_non_null(told[0]);
	assert_non_null(
		strstr(told[0], "Bin\\async.exe: The fault that the fix had cured is back"));
	assert_non_null(strstr(told[0], "does not show it"));
	assert_null(told[1]);
	assert_int_equal(lesson_tip(lesson, NULL, &ground->err), 0);
	assert_int_equal(lesson_end(ground->mem, lesson, server, folder, &score, &ground->err), 0);
	assert_int_equal(score->points, 50); /* 45 for the trap, 5 for the tip */
	assert_false(score->passed);
}

/* Nothing done: what was never changed has no consequence of a change. */
static void doing_nothing_has_consequences_too(void **state)
{
	struct ground *ground = *state;
	struct server *server;
	struct lesson *lesson;
	const char *const *told;

	lesson = ground_begin(ground, "standard", 1, false);
	(void)ground_stat(ground, lesson, &server);
	assert_int_equal(lesson_consequences(ground->mem, lesson, server, NULL, &told,
				 &ground->err),
		0);
	assert_non_null(told[0]);
	assert_non_null(strstr(told[0], "needed: Old programs run beside a new Exchange"));
	assert_null(told[1]);
}

/* ---- the sandbox ---- */

/* Begun, played, scored and ended: outside the place there is nothing new, and nothing is left in
 * TMPDIR. */
static void it_stays_in_its_place(void **state)
{
	struct ground *ground = *state;
	struct server *server;
	struct lesson *lesson;
	struct score *score;
	char *run, *real;

	real = talloc_asprintf(ground->mem, "%s/19991122-094107", ground->runs);
	support_mkdir(real);
	support_write_text(talloc_asprintf(ground->mem, "%s/journal.jsonl", real), "a real one\n");
	lesson = ground_begin(ground, "standard", 1, false);
	assert_int_equal(player_repair(ground->mem, PLAYER_EXPERT, lesson->bound, lesson->server,
				 lesson->runs, &run, &ground->err),
		0);
	assert_int_equal(support_names(lesson->runs), 1);
	(void)ground_stat(ground, lesson, &server);
	assert_int_equal(lesson_end(ground->mem, lesson, server, NULL, &score, &ground->err), 0);
	assert_int_equal(support_names(getenv("TMPDIR")), 0);
	talloc_free(server);
	talloc_free(lesson);
	assert_int_equal(support_names(ground->top), 2);  /* runs, tmp */
	assert_int_equal(support_names(ground->runs), 2); /* training, the real one */
	assert_int_equal(support_names(real), 1);
	assert_int_equal(support_names(ground->place), 2); /* lessons, results */
}

/* A place that is a link leads elsewhere. */
static void a_place_that_is_a_link_is_refused(void **state)
{
	struct ground *ground = *state;
	struct lesson_request request = { .name = "standard", .seat = GROUND_SEAT };
	struct lesson *lesson;
	char *other, *place;

	other = talloc_asprintf(ground->mem, "%s/other", ground->top);
	support_mkdir(other);
	assert_int_equal(rmdir(ground->place), 0);
	assert_int_equal(symlink(other, ground->place), 0);
	assert_int_not_equal(training_place(ground->mem, ground->runs, &place, &ground->err), 0);
	assert_int_not_equal(lesson_begin(ground->mem, ground->place, &request, &lesson,
				     &ground->err),
		0);
	unlink(ground->place);
	support_mkdir(ground->place);
	assert_int_equal(symlink(other, ground_below(ground, "lessons")), 0);
	assert_int_not_equal(lesson_begin(ground->mem, ground->place, &request, &lesson,
				     &ground->err),
		0);
	assert_int_equal(support_names(other), 0);
}

/* The whole program is tried with twelve. */
enum { CLASS = 4 };

/* One of a class, in a process of its own: begins, takes a tip, ends. Its exit code says whether
 * all went well. */
static int attend(struct ground *ground, int number)
{
	char *seat = talloc_asprintf(ground->mem, "Seat %d", number);
	struct lesson_request request = { .name = "nothing-wrong", .seed = 5, .seat = seat };
	struct lesson *lesson, *other = NULL;
	struct server *server;
	struct score *score;

	if (lesson_begin(ground->mem, ground->place, &request, &lesson, &ground->err) != 0)
		return 1;
	if (lesson_again(ground->mem, ground->place, NULL, seat, &other, &ground->err) != 0 ||
		other)
		return 2;
	if (lesson_tip(lesson, NULL, &ground->err) != 0 || lesson_points(lesson) != 95)
		return 3;
	if (practice_open(ground->mem, lesson->server, &server, &ground->err) != 0)
		return 4;
	if (lesson_end(ground->mem, lesson, server, NULL, &score, &ground->err) != 0 ||
		score->points != 35)
		return 5;
	talloc_free(server);
	talloc_free(lesson);
	return 0;
}

static void several_at_once_do_not_meet(void **state)
{
	struct ground *ground = *state;
	pid_t children[CLASS];

	for (int i = 0; i < CLASS; i++) {
		children[i] = fork();
		assert_true(children[i] >= 0);
		if (children[i] == 0)
			_exit(attend(ground, i + 1));
	}
	for (int i = 0; i < CLASS; i++) {
		int status = 0;

		assert_int_equal(waitpid(children[i], &status, 0), children[i]);
		assert_true(WIFEXITED(status));
		assert_int_equal(WEXITSTATUS(status), 0);
	}
	assert_int_equal(support_names(ground_below(ground, "results")), CLASS);
	assert_int_equal(support_names(ground_below(ground, "lessons")), 0);
	assert_int_equal(support_names(getenv("TMPDIR")), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(it_can_be_resumed, ground_setup, ground_teardown),
		cmocka_unit_test_setup_teardown(a_damaged_record_is_passed_over, ground_setup,
			ground_teardown),
		cmocka_unit_test_setup_teardown(a_teachers_case_is_kept_with_the_lesson,
			ground_setup, ground_teardown),
		cmocka_unit_test_setup_teardown(the_end_writes_a_result, ground_setup,
			ground_teardown),
		cmocka_unit_test_setup_teardown(wrong_decisions_have_consequences, ground_setup,
			ground_teardown),
		cmocka_unit_test_setup_teardown(doing_nothing_has_consequences_too, ground_setup,
			ground_teardown),
		cmocka_unit_test_setup_teardown(it_stays_in_its_place, ground_setup,
			ground_teardown),
		cmocka_unit_test_setup_teardown(a_place_that_is_a_link_is_refused, ground_setup,
			ground_teardown),
		cmocka_unit_test_setup_teardown(several_at_once_do_not_meet, ground_setup,
			ground_teardown),
	};

	return cmocka_run_group_tests_name("test_lesson_end", tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lessons: what they keep, what they cost, what they refuse, and that they stay in their place. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "repair/survey.h"
#include "tests/players.h"
#include "tests/support.h"
#include "training/lesson.h"

#define SEAT "A. Miller"
#define DEFAULT "C:\\exchsrvr\\connect\\msmcon\\bin\\"
#define RELOCATED "E:\\exchsrvr\\connect\\msmcon\\bin\\"

/* A ground of its own, with the folder that stands for TMPDIR beside it. */
struct ground {
	TALLOC_CTX *mem;
	char *top, *runs, *place;
	struct error err;
};

static void ground_make(struct ground *ground)
{
	char *passing;

	*ground = (struct ground){ .mem = talloc_new(NULL) };
	ground->top = support_folder(ground->mem);
	ground->runs = talloc_asprintf(ground->mem, "%s/runs", ground->top);
	passing = talloc_asprintf(ground->mem, "%s/tmp", ground->top);
	support_mkdir(passing);
	setenv("TMPDIR", passing, 1);
	assert_int_equal(training_place(ground->mem, ground->runs, &ground->place, &ground->err), 0);
}

static void ground_free(struct ground *ground)
{
	unsetenv("TMPDIR");
	talloc_free(ground->mem);
}

static struct lesson *begin(struct ground *ground, const char *name, uint64_t seed, bool exam)
{
	struct lesson_wish wish = { .name = name, .seed = seed, .seat = SEAT, .exam = exam };
	struct lesson *lesson = NULL;

	if (lesson_begin(ground->mem, ground->place, &wish, &lesson, &ground->err) != 0)
		fail_msg("%s", ground->err.text);
	return lesson;
}

static struct lesson *again(struct ground *ground, const char *name, const char *seat)
{
	struct lesson *lesson = NULL;

	if (lesson_again(ground->mem, ground->place, name, seat, &lesson, &ground->err) != 0)
		fail_msg("%s", ground->err.text);
	return lesson;
}

static const struct survey *look(struct ground *ground, const struct lesson *lesson, struct server **server)
{
	static const struct survey_options options;
	const struct survey *survey = NULL;

	if (practice_open(ground->mem, lesson_server(lesson), server, &ground->err) != 0 ||
	    survey_make(ground->mem, *server, &options, &survey, &ground->err) != 0)
		fail_msg("%s", ground->err.text);
	return survey;
}

static const struct finding *row(const struct survey *survey, const char *id)
{
	const struct finding *finding = survey_finding(survey, id);

	if (!finding)
		fail_msg("no row %s", id);
	return finding;
}

static unsigned mode_of(const char *path)
{
	struct stat meta;

	assert_int_equal(lstat(path, &meta), 0);
	return meta.st_mode & 07777;
}

/* The lesson's own folder: that of its server is in it. */
static char *folder_of(struct ground *ground, const struct lesson *lesson)
{
	char *folder = talloc_strdup(ground->mem, lesson_server(lesson));

	*strrchr(folder, '/') = '\0';
	return folder;
}

static char *file_of(struct ground *ground, const struct lesson *lesson, const char *name)
{
	return talloc_asprintf(ground->mem, "%s/%s", folder_of(ground, lesson), name);
}

static size_t names_in(const char *folder)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;
	size_t count = 0;

	while (dir && (entry = readdir(dir)))
		count += *entry->d_name != '.';
	if (dir)
		closedir(dir);
	return count;
}

static char *below(struct ground *ground, const char *name)
{
	return talloc_asprintf(ground->mem, "%s/%s", ground->place, name);
}

/* ---- what stands where ---- */

static void it_has_a_folder_of_its_own(void **state)
{
	struct ground ground;
	struct lesson *lesson;
	char *folder;

	(void)state;
	ground_make(&ground);
	assert_int_equal(mode_of(ground.place), 0700);
	lesson = begin(&ground, "standard", 7, false);
	folder = folder_of(&ground, lesson);
	assert_non_null(strstr(folder, "/training/lessons/standard-7-"));
	assert_int_equal(mode_of(folder), 0700);
	assert_int_equal(mode_of(file_of(&ground, lesson, "lesson.json")), 0600);
	assert_int_equal(mode_of(file_of(&ground, lesson, "lock")), 0600);
	assert_int_equal(names_in(lesson_runs(lesson)), 0);
	assert_int_equal(lesson_case(lesson)->seed, 7);
	assert_string_equal(lesson_seat(lesson), SEAT);
	assert_false(lesson_exam(lesson));
	assert_int_equal(lesson_points(lesson), 100);
	assert_int_equal(lesson_chosen(lesson), -1);
	ground_free(&ground);
}

static void what_cannot_begin_leaves_nothing(void **state)
{
	const struct lesson_wish wishes[] = {
		{ .name = "nonsense", .seat = SEAT },
		{ .name = "standard", .seat = "" },
		{ .name = "standard", .seat = "  " },
		{ .name = "standard", .seat = "one\x1b[2J" },
		{ .name = "standard", .seat = "12345678901234567890123456789012345678901" },
		{ .name = "standard", .seat = SEAT, .seed = UINT64_C(1) << 63 },
	};
	struct ground ground;
	struct lesson *lesson = NULL;

	(void)state;
	ground_make(&ground);
	for (size_t i = 0; i < sizeof wishes / sizeof *wishes; i++)
		assert_int_equal(lesson_begin(ground.mem, ground.place, &wishes[i], &lesson, &ground.err),
				 -TROUBLE_USAGE);
	assert_int_equal(names_in(below(&ground, "lessons")), 0);
	ground_free(&ground);
}

/* The run that was cut off is where a lesson's runs are; and no run of this place's owner. */
static void a_cut_run_is_the_lessons_own(void **state)
{
	struct ground ground;
	struct run_summary *list;
	struct lesson *lesson;
	size_t count;

	(void)state;
	ground_make(&ground);
	lesson = begin(&ground, "power-cut", 1, false);
	assert_int_equal(runs_list(ground.mem, lesson_runs(lesson), &list, &count, &ground.err), 0);
	assert_int_equal(count, 1);
	assert_true(list[0].simulated);
	assert_int_equal(runs_list(ground.mem, ground.runs, &list, &count, &ground.err), 0);
	assert_int_equal(count, 0);
	ground_free(&ground);
}

/* ---- tips ---- */

static void a_tip_is_recorded_and_costs_five(void **state)
{
	static const char *const async[] = { "Compare the versions of the two Async.exe, not their dates.",
					     "The one on E: is newer than the service pack.", "Keep it." };
	struct ground ground;
	struct server *server;
	const struct finding *finding;
	struct lesson *lesson;
	size_t taken, len;

	(void)state;
	ground_make(&ground);
	lesson = begin(&ground, "standard", 1, false);
	finding = row(look(&ground, lesson, &server), "file/Bin\\async.exe");
	assert_int_equal(lesson_tips(lesson, finding, &taken), 3);
	assert_int_equal(taken, 0);
	assert_null(lesson_tip_text(ground.mem, lesson, finding, 0));
	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(lesson_tip(lesson, finding, &ground.err), 0);
		assert_string_equal(lesson_tip_text(ground.mem, lesson, finding, i), async[i]);
		assert_int_equal(lesson_points(lesson), 95 - 5 * (int)i);
		assert_non_null(strstr((char *)support_read(ground.mem, file_of(&ground, lesson, "lesson.json"), &len),
				       async[i]));
	}
	assert_int_equal(lesson_tips(lesson, finding, &taken), 3);
	assert_int_equal(taken, 3);
	assert_int_equal(lesson_tip(lesson, finding, &ground.err), -TROUBLE_USAGE);
	assert_int_equal(lesson_points(lesson), 85);
	/* About the case: others. */
	assert_int_equal(lesson_tips(lesson, NULL, &taken), 3);
	assert_int_equal(taken, 0);
	ground_free(&ground);
}

/* What cannot be recorded is not shown, and costs nothing. */
static void no_record_no_tip(void **state)
{
	struct ground ground;
	struct lesson *lesson;

	(void)state;
	ground_make(&ground);
	lesson = begin(&ground, "standard", 1, false);
	support_remove(folder_of(&ground, lesson));
	assert_int_not_equal(lesson_tip(lesson, NULL, &ground.err), 0);
	assert_null(lesson_tip_text(ground.mem, lesson, NULL, 0));
	assert_int_equal(lesson_points(lesson), 100);
	assert_int_not_equal(lesson_choose(lesson, 0, &ground.err), 0);
	assert_int_equal(lesson_chosen(lesson), -1);
	ground_free(&ground);
}

/* Of a row that the case says nothing of: where, what, and the answer from the row itself. */
static void tips_are_made_of_the_finding(void **state)
{
	static const struct {
		const char *id, *words;
	} answers[] = {
		{ "registry/MSExchangeMSMI\\ImagePath", "Change it to: " RELOCATED "mt.exe" },
		{ "file/Bin\\mt.exe", "Bring setup's file over" },
		{ "share/Maildat$", "Change it to: E:\\exchsrvr\\connect\\msmcon\\maildata" },
	};
	struct ground ground;
	const struct survey *survey;
	struct server *server;
	struct lesson *lesson;
	size_t taken;

	(void)state;
	ground_make(&ground);
	lesson = begin(&ground, "standard", 1, false);
	survey = look(&ground, lesson, &server);
	for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
		const struct finding *finding = row(survey, answers[i].id);

		assert_int_equal(lesson_tips(lesson, finding, &taken), 3);
		for (int stage = 0; stage < 3; stage++)
			assert_int_equal(lesson_tip(lesson, finding, &ground.err), 0);
		assert_non_null(strcasestr(lesson_tip_text(ground.mem, lesson, finding, 2), answers[i].words));
		/* The answer only in the last. */
		assert_null(strcasestr(lesson_tip_text(ground.mem, lesson, finding, 1), answers[i].words));
	}
	for (size_t i = 0; i < survey->finding_count; i++)
		if (survey->findings[i].kind == KIND_SERVICE)
			assert_int_equal(lesson_tips(lesson, &survey->findings[i], &taken), 0);
	ground_free(&ground);
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
		{ "\"D:\\exchsrvr\\connect\\msmcon\\bin\\async.exe\" /log:2 /round:5", LESSON_WRONG_PATH },
		{ "nothing", LESSON_WRONG_PATH },
	};
	struct ground ground;
	struct server *server;
	const struct finding *finding;
	enum lesson_verdict verdict;
	struct lesson *lesson;
	const char *remark;

	(void)state;
	ground_make(&ground);
	lesson = begin(&ground, "arguments", 1, false);
	assert_int_equal(lesson_case(lesson)->level, 2);
	finding = row(look(&ground, lesson, &server), id);
	assert_true(lesson_hides(lesson, finding));
	for (size_t i = 0; i < sizeof tries / sizeof *tries; i++) {
		assert_int_equal(lesson_propose(lesson, finding, tries[i].text, &verdict, &remark, &ground.err), 0);
		if (verdict != tries[i].verdict)
			fail_msg("%s: %d", tries[i].text, verdict);
		assert_true(strlen(remark) > 10);
		assert_true(lesson_hides(lesson, finding));
	}
	assert_int_equal(lesson_propose(lesson, finding, "", &verdict, &remark, &ground.err), -TROUBLE_USAGE);
	assert_int_equal(lesson_propose(lesson, finding, "a\x1b[2J", &verdict, &remark, &ground.err), -TROUBLE_USAGE);
	/* Windows does not care how a path's letters are written, nor we about blanks around. */
	assert_int_equal(lesson_propose(lesson, finding,
					" \"e:\\EXCHSRVR\\connect\\msmcon\\Bin\\async.exe\" /log:2 /round:5 ", &verdict,
					&remark, &ground.err),
			 0);
	assert_int_equal(verdict, LESSON_RIGHT);
	assert_false(lesson_hides(lesson, finding));
	assert_int_equal(lesson_points(lesson), 100);
	ground_free(&ground);
}

static void level_one_and_the_last_tip_hide_nothing(void **state)
{
	struct ground ground;
	struct server *server;
	const struct finding *finding;
	struct lesson *lesson;

	(void)state;
	ground_make(&ground);
	lesson = begin(&ground, "standard", 1, false);
	assert_false(lesson_hides(lesson, row(look(&ground, lesson, &server), "registry/MSExchangeMSMI\\ImagePath")));
	talloc_free(server);
	lesson = begin(&ground, "arguments", 1, false);
	finding = row(look(&ground, lesson, &server), "registry/MSExchangeMSMI\\ImagePath");
	for (int stage = 0; stage < 3; stage++) {
		assert_true(lesson_hides(lesson, finding));
		assert_int_equal(lesson_tip(lesson, finding, &ground.err), 0);
	}
	assert_false(lesson_hides(lesson, finding));
	ground_free(&ground);
}

static void an_exam_tells_nothing(void **state)
{
	struct ground ground;
	struct server *server;
	const struct finding *finding;
	enum lesson_verdict verdict;
	const char *remark, *const *told;
	struct lesson *lesson;
	char *said;
	size_t taken;

	(void)state;
	ground_make(&ground);
	lesson = begin(&ground, "arguments", 1, true);
	assert_true(lesson_exam(lesson));
	finding = row(look(&ground, lesson, &server), "registry/MSExchangeMSMI\\ImagePath");
	assert_int_equal(lesson_tips(lesson, finding, &taken), 0);
	assert_int_equal(lesson_tip(lesson, finding, &ground.err), -TROUBLE_USAGE);
	assert_int_equal(lesson_points(lesson), 100);
	assert_true(lesson_hides(lesson, finding));
	assert_int_equal(lesson_propose(lesson, finding, "nonsense", &verdict, &remark, &ground.err), 0);
	said = talloc_strdup(ground.mem, remark);
	assert_false(lesson_hides(lesson, finding));
	assert_int_equal(lesson_propose(lesson, finding, RELOCATED "mt.exe", &verdict, &remark, &ground.err), 0);
	assert_string_equal(said, remark);
	assert_int_equal(lesson_consequences(ground.mem, lesson, server, NULL, &told, &ground.err), 0);
	assert_null(told[0]);
	ground_free(&ground);
}

/* ---- going on ---- */

static void it_can_be_gone_on_with(void **state)
{
	struct ground ground;
	struct lesson *first, *second, *found;
	size_t taken;

	(void)state;
	ground_make(&ground);
	assert_null(again(&ground, NULL, SEAT));
	first = begin(&ground, "standard", 1, false);
	assert_null(again(&ground, NULL, SEAT)); /* in hand */
	second = begin(&ground, "spaces", 2, true);
	assert_int_equal(lesson_tip(first, NULL, &ground.err), 0);
	assert_int_equal(lesson_choose(second, 0, &ground.err), -TROUBLE_USAGE); /* it asks nothing */
	talloc_free(first);
	assert_null(again(&ground, "spaces", SEAT));
	talloc_free(second);
	assert_null(again(&ground, NULL, "B. Miller"));
	assert_null(again(&ground, "two-paths", SEAT));
	found = again(&ground, NULL, SEAT);
	assert_string_equal(lesson_case(found)->name, "spaces"); /* the newer one */
	assert_true(lesson_exam(found));
	assert_int_equal(lesson_case(found)->seed, 2);
	first = again(&ground, NULL, SEAT);
	assert_string_equal(lesson_case(first)->name, "standard");
	assert_int_equal(lesson_points(first), 95);
	assert_non_null(lesson_tip_text(ground.mem, first, NULL, 0));
	assert_int_equal(lesson_tips(first, NULL, &taken), 3);
	assert_int_equal(taken, 1);
	assert_null(again(&ground, NULL, SEAT));
	ground_free(&ground);
}

/* A record that says what cannot be, or is no file, is no lesson to go on with. */
static void a_damaged_record_is_passed_over(void **state)
{
	static const struct {
		const char *from, *to;
	} spoils[] = {
		{ "\"format\": 1", "\"format\": 2" },	     { "\"seed\": 3", "\"seed\": -3" },
		{ "\"seed\": 3", "\"seed\": \"3\"" },	     { "\"case\": \"standard\"", "\"case\": \"../../x\"" },
		{ "\"seat\": \"A.", "\"seat\": \"\\u001bA." }, { "\"chosen\": -1", "\"chosen\": 5" },
		{ "\"chosen\": -1", "\"chosen\": -2" },	     { "\"exam\": false", "\"exam\": 0" },
		{ "\"tips\": [", "\"tips\": [{}," },	     { "\"tips\": [", "\"tips\": [], \"tips\": [" },
		{ "\"begun\": \"2", "\"begun\": \"22" },     { "\"own\": false", "\"own\": true" },
		{ "{", "[" },
	};
	struct ground ground;
	struct lesson *lesson;
	char *path, *whole, *server, *aside;
	size_t len;

	(void)state;
	ground_make(&ground);
	lesson = begin(&ground, "standard", 3, false);
	path = file_of(&ground, lesson, "lesson.json");
	server = talloc_strdup(ground.mem, lesson_server(lesson));
	talloc_free(lesson);
	whole = (char *)support_read(ground.mem, path, &len);
	for (size_t i = 0; i < sizeof spoils / sizeof *spoils; i++) {
		char *at = strstr(whole, spoils[i].from);

		assert_non_null(at);
		support_write_text(path, talloc_asprintf(ground.mem, "%.*s%s%s", (int)(at - whole), whole, spoils[i].to,
							 at + strlen(spoils[i].from)));
		if (again(&ground, NULL, SEAT))
			fail_msg("taken with %s", spoils[i].to);
	}
	support_write(path, whole, len / 2);
	assert_null(again(&ground, NULL, SEAT));
	/* A link to a good record, and a server that is elsewhere. */
	aside = talloc_asprintf(ground.mem, "%s/aside", ground.top);
	support_write_text(aside, whole);
	unlink(path);
	assert_int_equal(symlink(aside, path), 0);
	assert_null(again(&ground, NULL, SEAT));
	unlink(path);
	support_write_text(path, whole);
	assert_int_equal(rename(server, talloc_asprintf(ground.mem, "%s/else", ground.top)), 0);
	assert_int_equal(symlink(talloc_asprintf(ground.mem, "%s/else", ground.top), server), 0);
	assert_null(again(&ground, NULL, SEAT));
	unlink(server);
	assert_int_equal(rename(talloc_asprintf(ground.mem, "%s/else", ground.top), server), 0);
	assert_non_null(again(&ground, NULL, SEAT));
	ground_free(&ground);
}

static void a_teachers_case_is_kept_with_the_lesson(void **state)
{
	struct ground ground;
	struct lesson_wish wish = { .seat = SEAT };
	struct lesson *lesson = NULL;
	char *path;

	(void)state;
	ground_make(&ground);
	path = talloc_asprintf(ground.mem, "%s/my.case", ground.top);
	wish.name = path;
	support_write_text(path, "case: mine\ntitle: Mine\nlevel: 1\nstory: {server} is down.\nfault: sp-share\n"
				 "expect: needed change 60 it is asked for\n");
	assert_int_equal(lesson_begin(ground.mem, ground.place, &wish, &lesson, &ground.err), 0);
	assert_string_equal(lesson_case(lesson)->name, "mine");
	talloc_free(lesson);
	lesson = again(&ground, path, SEAT);
	assert_non_null(lesson);
	talloc_free(lesson);
	support_remove(path);
	lesson = again(&ground, NULL, SEAT);
	assert_non_null(lesson);
	assert_string_equal(lesson_case(lesson)->title, "Mine");
	/* What is wrong with a file is told with its name and line. */
	support_write_text(path, "case: mine\nlevel: 4\n");
	assert_int_equal(lesson_begin(ground.mem, ground.place, &wish, &lesson, &ground.err), -TROUBLE_USAGE);
	assert_non_null(strstr(ground.err.text, "/my.case: Line 2 of the case:"));
	ground_free(&ground);
}

/* ---- the end ---- */

static json_t *only_result(struct ground *ground)
{
	char *folder = below(ground, "results");
	DIR *dir = opendir(folder);
	struct dirent *entry;
	json_t *json = NULL;

	assert_non_null(dir);
	while ((entry = readdir(dir))) {
		char *path = talloc_asprintf(ground->mem, "%s/%s", folder, entry->d_name);

		if (*entry->d_name == '.')
			continue;
		assert_null(json);
		assert_int_equal(mode_of(path), 0600);
		json = json_load_file(path, 0, NULL);
		assert_non_null(json);
	}
	closedir(dir);
	return json;
}

static void the_end_writes_a_result(void **state)
{
	struct ground ground;
	struct server *server;
	struct lesson *lesson;
	struct score *score;
	json_t *json;
	size_t right = 0;

	(void)state;
	ground_make(&ground);
	lesson = begin(&ground, "nothing-wrong", 1, true);
	(void)look(&ground, lesson, &server);
	while (!lesson_case(lesson)->choices[right].right)
		right++;
	assert_int_equal(lesson_choose(lesson, right, &ground.err), 0);
	assert_int_equal(lesson_choose(lesson, 77, &ground.err), -TROUBLE_USAGE);
	assert_int_equal(lesson_chosen(lesson), (int)right);
	assert_int_equal(lesson_end(ground.mem, lesson, server, NULL, false, &score, &ground.err), 0);
	assert_int_equal(score->points, 100);
	assert_true(score->passed);
	assert_int_equal(lesson_end(ground.mem, lesson, server, NULL, false, &score, &ground.err), -TROUBLE_USAGE);
	json = only_result(&ground);
	assert_int_equal(json_integer_value(json_object_get(json, "points")), 100);
	assert_string_equal(json_string_value(json_object_get(json, "seat")), SEAT);
	assert_true(json_is_true(json_object_get(json, "exam")));
	assert_int_equal(json_string_length(json_object_get(json, "started")), 20);
	json_decref(json);
	talloc_free(server);
	talloc_free(lesson);
	assert_int_equal(names_in(below(&ground, "lessons")), 0);
	/* One that is kept is not offered again. */
	lesson = begin(&ground, "nothing-wrong", 1, false);
	(void)look(&ground, lesson, &server);
	talloc_free(server);
	/* Nobody looked at the server: it is opened for the end. */
	assert_int_equal(lesson_end(ground.mem, lesson, NULL, NULL, true, &score, &ground.err), 0);
	assert_int_equal(score->points, 40);
	assert_false(score->failed);
	talloc_free(lesson);
	assert_int_equal(names_in(below(&ground, "lessons")), 1);
	assert_null(again(&ground, NULL, SEAT));
	ground_free(&ground);
}

/* Yes to everything copies over the fix; the lesson says what comes of it, and only of that. */
static void wrong_decisions_have_consequences(void **state)
{
	struct ground ground;
	struct runfolder *folder;
	struct server *server;
	struct lesson *lesson;
	struct score *score;
	const char *const *told;
	char *run;

	(void)state;
	ground_make(&ground);
	lesson = begin(&ground, "standard", 1, false);
	if (player_repair(ground.mem, PLAYER_YES, lesson_case(lesson), lesson_server(lesson), lesson_runs(lesson), &run,
			  &ground.err) != 0)
		fail_msg("%s", ground.err.text);
	(void)look(&ground, lesson, &server);
	assert_int_equal(runfolder_open(ground.mem, lesson_runs(lesson), run, false, &folder, &ground.err), 0);
	assert_int_equal(lesson_consequences(ground.mem, lesson, server, folder, &told, &ground.err), 0);
	assert_non_null(told[0]);
	assert_non_null(strstr(told[0], "file/Bin\\async.exe: The fault that the fix had cured is back"));
	assert_non_null(strstr(told[0], "does not play it"));
	assert_null(told[1]);
	assert_int_equal(lesson_tip(lesson, NULL, &ground.err), 0);
	assert_int_equal(lesson_end(ground.mem, lesson, server, folder, false, &score, &ground.err), 0);
	assert_int_equal(score->points, 50); /* 45 for the trap, 5 for the tip */
	assert_false(score->passed);
	ground_free(&ground);
}

/* Nothing done: what was never changed has no consequence of a change. */
static void doing_nothing_has_consequences_too(void **state)
{
	struct ground ground;
	struct server *server;
	struct lesson *lesson;
	const char *const *told;

	(void)state;
	ground_make(&ground);
	lesson = begin(&ground, "standard", 1, false);
	(void)look(&ground, lesson, &server);
	assert_int_equal(lesson_consequences(ground.mem, lesson, server, NULL, &told, &ground.err), 0);
	assert_non_null(told[0]);
	assert_non_null(strstr(told[0], "needed: Old programs run beside a new Exchange"));
	assert_null(told[1]);
	ground_free(&ground);
}

/* ---- the sandbox ---- */

/* Begun, played, scored and ended: outside the place there is nothing new, and nothing is left in TMPDIR. */
static void it_stays_in_its_place(void **state)
{
	struct ground ground;
	struct server *server;
	struct lesson *lesson;
	struct score *score;
	char *run, *real;

	(void)state;
	ground_make(&ground);
	real = talloc_asprintf(ground.mem, "%s/19991122-094107", ground.runs);
	support_mkdir(real);
	support_write_text(talloc_asprintf(ground.mem, "%s/journal.jsonl", real), "a real one\n");
	lesson = begin(&ground, "standard", 1, false);
	assert_int_equal(player_repair(ground.mem, PLAYER_EXPERT, lesson_case(lesson), lesson_server(lesson),
				       lesson_runs(lesson), &run, &ground.err),
			 0);
	assert_int_equal(names_in(lesson_runs(lesson)), 1);
	(void)look(&ground, lesson, &server);
	assert_int_equal(lesson_end(ground.mem, lesson, server, NULL, false, &score, &ground.err), 0);
	assert_int_equal(names_in(getenv("TMPDIR")), 0);
	talloc_free(server);
	talloc_free(lesson);
	assert_int_equal(names_in(ground.top), 2);  /* runs, tmp */
	assert_int_equal(names_in(ground.runs), 2); /* training, the real one */
	assert_int_equal(names_in(real), 1);
	assert_int_equal(names_in(ground.place), 2); /* lessons, results */
	ground_free(&ground);
}

/* A place that is a link leads elsewhere. */
static void a_place_that_is_a_link_is_refused(void **state)
{
	struct ground ground;
	struct lesson_wish wish = { .name = "standard", .seat = SEAT };
	struct lesson *lesson;
	char *other, *place;

	(void)state;
	ground_make(&ground);
	other = talloc_asprintf(ground.mem, "%s/other", ground.top);
	support_mkdir(other);
	assert_int_equal(rmdir(ground.place), 0);
	assert_int_equal(symlink(other, ground.place), 0);
	assert_int_not_equal(training_place(ground.mem, ground.runs, &place, &ground.err), 0);
	assert_int_not_equal(lesson_begin(ground.mem, ground.place, &wish, &lesson, &ground.err), 0);
	unlink(ground.place);
	support_mkdir(ground.place);
	assert_int_equal(symlink(other, below(&ground, "lessons")), 0);
	assert_int_not_equal(lesson_begin(ground.mem, ground.place, &wish, &lesson, &ground.err), 0);
	assert_int_equal(names_in(other), 0);
	ground_free(&ground);
}

/* The whole program is tried with twelve. */
enum { CLASS = 4 };

/* One of a class, in a process of its own: begins, takes a tip, ends. Its exit code says whether all went well. */
static int attend(struct ground *ground, int number)
{
	char *seat = talloc_asprintf(ground->mem, "Seat %d", number);
	struct lesson_wish wish = { .name = "nothing-wrong", .seed = 5, .seat = seat };
	struct lesson *lesson, *other = NULL;
	struct server *server;
	struct score *score;

	if (lesson_begin(ground->mem, ground->place, &wish, &lesson, &ground->err) != 0)
		return 1;
	if (lesson_again(ground->mem, ground->place, NULL, seat, &other, &ground->err) != 0 || other)
		return 2;
	if (lesson_tip(lesson, NULL, &ground->err) != 0 || lesson_points(lesson) != 95)
		return 3;
	if (practice_open(ground->mem, lesson_server(lesson), &server, &ground->err) != 0)
		return 4;
	if (lesson_end(ground->mem, lesson, server, NULL, false, &score, &ground->err) != 0 || score->points != 35)
		return 5;
	talloc_free(server);
	talloc_free(lesson);
	return 0;
}

static void several_at_once_do_not_meet(void **state)
{
	struct ground ground;
	pid_t children[CLASS];

	(void)state;
	ground_make(&ground);
	for (int i = 0; i < CLASS; i++) {
		children[i] = fork();
		assert_true(children[i] >= 0);
		if (children[i] == 0)
			_exit(attend(&ground, i + 1));
	}
	for (int i = 0; i < CLASS; i++) {
		int status = 0;

		assert_int_equal(waitpid(children[i], &status, 0), children[i]);
		assert_true(WIFEXITED(status));
		assert_int_equal(WEXITSTATUS(status), 0);
	}
	assert_int_equal(names_in(below(&ground, "results")), CLASS);
	assert_int_equal(names_in(below(&ground, "lessons")), 0);
	assert_int_equal(names_in(getenv("TMPDIR")), 0);
	ground_free(&ground);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_has_a_folder_of_its_own),
		cmocka_unit_test(what_cannot_begin_leaves_nothing),
		cmocka_unit_test(a_cut_run_is_the_lessons_own),
		cmocka_unit_test(a_tip_is_recorded_and_costs_five),
		cmocka_unit_test(no_record_no_tip),
		cmocka_unit_test(tips_are_made_of_the_finding),
		cmocka_unit_test(proposals_are_judged),
		cmocka_unit_test(level_one_and_the_last_tip_hide_nothing),
		cmocka_unit_test(an_exam_tells_nothing),
		cmocka_unit_test(it_can_be_gone_on_with),
		cmocka_unit_test(a_damaged_record_is_passed_over),
		cmocka_unit_test(a_teachers_case_is_kept_with_the_lesson),
		cmocka_unit_test(the_end_writes_a_result),
		cmocka_unit_test(wrong_decisions_have_consequences),
		cmocka_unit_test(doing_nothing_has_consequences_too),
		cmocka_unit_test(it_stays_in_its_place),
		cmocka_unit_test(a_place_that_is_a_link_is_refused),
		cmocka_unit_test(several_at_once_do_not_meet),
	};

	return cmocka_run_group_tests_name("lesson", tests, NULL, NULL);
}

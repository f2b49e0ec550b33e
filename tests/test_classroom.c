/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A class: seeds and cases of its seats, results that may be anything, the table, the CSV,
 * progress. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "tests/support.h"
#include "training/classroom.h"

static int level_of(const char *name)
{
	size_t count;
	const struct case_name *names = cases(&count);

	for (size_t i = 0; i < count; i++)
		if (strcmp(names[i].name, name) == 0)
			return names[i].level;
	return 0;
}

/* sha256sum of the text in quotation marks, the first 16 digits; the highest bit left out. */
static void the_seed_of_a_seat(void **state)
{
	(void)state;
	/* "1999/Seat 7": fcb8... */
	assert_true(seat_seed(1999, "Seat 7") == UINT64_C(0x7cb8749eb184e3b7));
	assert_true(seat_seed(1999, "Seat 8") == UINT64_C(0x1c49c46bbb0c00fa)); /* 9c49... */
	assert_true(seat_seed(1, "\xc3\xa9") == UINT64_C(0x0b54d42a0d9a00bd));
	assert_true(seat_seed(UINT64_MAX, "x") == UINT64_C(0x33f6a25081078511));
}

static void the_cases_of_an_exam(void **state)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	const char *const *names, *const *again, *const *other;
	struct error err;
	size_t all, differ = 0;

	(void)state;
	(void)cases(&all);
	assert_int_equal(exam_cases(mem, 1999, "Seat 7", 6, &names, &err), 0);
	assert_int_equal(exam_cases(mem, 1999, "Seat 7", 6, &again, &err), 0);
	assert_int_equal(exam_cases(mem, 1999, "Seat 8", 6, &other, &err), 0);
	for (size_t i = 0; i < 6; i++) {
		assert_int_equal(level_of(names[i]), (int)(i % 3) + 1);
		assert_string_equal(names[i], again[i]);
		differ += strcmp(names[i], other[i]) != 0;
	}
	assert_null(names[6]);
	assert_true(differ > 0);
	/* All of them: each once, though the levels are of different length. */
	assert_int_equal(exam_cases(mem, 3, "x", all, &names, &err), 0);
	for (size_t i = 0; i < all; i++)
		for (size_t other_one = 0; other_one < i; other_one++)
			assert_string_not_equal(names[i], names[other_one]);
	assert_int_equal(exam_cases(mem, 3, "x", all + 1, &names, &err), -TROUBLE_USAGE);
	assert_int_equal(exam_cases(mem, 3, "x", 0, &names, &err), -TROUBLE_USAGE);
	talloc_free(mem);
}

/* ---- results ---- */

#define HEAD "{\"format\": 1, \"case\": \"standard\", \"level\": 1, \"seed\": 7, "
#define TIMES "\"started\": \"2026-11-22T20:20:53Z\", \"ended\": \"2026-11-22T20:40:00Z\""
#define MIDDLE \
	"\"passed\": true, \"tips\": 2, \"repaired\": true, \"exam\": true, \"own\": false, \"losses\": [], "
#define GOOD HEAD "\"seat\": \"Ann\", \"points\": 90, " MIDDLE TIMES "}"

static void put(const char *folder, const char *name, const char *text)
{
	char *path = talloc_asprintf(NULL, "%s/%s", folder, name);

	support_write_text(path, text);
	talloc_free(path);
}

static void results_are_read_and_sorted(void **state)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	char *folder = support_folder(mem);
	struct result *results;
	struct error err;
	size_t count, odd;

	(void)state;
	put(folder, "1.json",
		HEAD
		"\"seat\": \"Bob\", \"points\": 55, \"passed\": false, \"tips\": 0, \"repaired\": false, \"exam\": false, "
		"\"own\": true, \"losses\": [{\"id\": \"file/Bin\\\\async.exe\", \"points\": 45, \"reason\": \"a "
		"fix\"}], " TIMES "}");
	put(folder, "2.json", GOOD);
	assert_int_equal(results_read(mem, folder, &results, &count, &odd, &err), 0);
	assert_int_equal(count, 2);
	assert_int_equal(odd, 0);
	assert_string_equal(results[0].seat, "Ann");
	assert_string_equal(results[0].name, "standard");
	assert_string_equal(results[0].ended, "2026-11-22T20:40:00Z");
	assert_int_equal(results[0].points, 90);
	assert_int_equal(results[0].tips, 2);
	assert_true(results[0].passed && results[0].exam && results[0].repaired && !results[0].own);
	assert_null(results[0].reasons[0]);
	assert_string_equal(results[1].reasons[0], "-45 file/Bin\\async.exe: a fix");
	assert_true(results[1].own && !results[1].passed);
	assert_int_equal(results_read(mem, "/nowhere/at/all", &results, &count, &odd, &err),
		-TROUBLE_NOT_THERE);
	talloc_free(mem);
}

/* What is no result is counted, and nothing of it is believed. */
static void what_is_no_result(void **state)
{
	static const struct {
		const char *from, *to;
	} spoils[] = {
		{ "\"points\": 90", "\"points\": 101" },
		{ "\"points\": 90", "\"points\": -1" },
		{ "\"points\": 90", "\"points\": 59" },
		{ "\"points\": 90", "\"points\": 90.5" },
		{ "\"points\": 90", "\"points\": 90, \"points\": 90" },
		{ "\"format\": 1", "\"format\": 2" },
		{ "\"level\": 1", "\"level\": 4" },
		{ "\"seed\": 7", "\"seed\": -7" },
		{ "\"seat\": \"Ann\"", "\"seat\": \"\\u001b[2JAnn\"" },
		{ "\"seat\": \"Ann\"", "\"seat\": \"\\u202eAnn\"" },
		{ "\"seat\": \"Ann\"", "\"seat\": null" },
		{ "\"case\": \"standard\"", "\"case\": \"../x\"" },
		{ "2026-11-22T20:40", "22 Nov  20:40:0" },
		{ "\"losses\": []", "\"losses\": [{}]" },
		{ "\"losses\": []", "\"losses\": 1" },
		{ "\"tips\": 2", "\"tips\": 100000" },
		{ "{", "[" },
	};
	TALLOC_CTX *mem = talloc_new(NULL);
	char *folder = support_folder(mem), *path, *big;
	struct result *results;
	struct error err;
	size_t count, odd, made = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(spoils); i++) {
		const char *at = strstr(GOOD, spoils[i].from);

		assert_non_null(at);
		put(folder, talloc_asprintf(mem, "%zu.json", made++),
			talloc_asprintf(mem, "%.*s%s%s", (int)(at - GOOD), GOOD, spoils[i].to,
				at + strlen(spoils[i].from)));
	}
	/* The report of a real run, something else, a very long one, a link to a good one. */
	put(folder, "report.json",
		"{\"format\": 1, \"article\": \"Q240208\", \"run\": \"19991122-094107\", \"result\": \"repaired\"}");
	put(folder, "notes.txt", "Ann did well.");
	big = talloc_size(mem, 400001);
	memset(big, ' ', 400000);
	strcpy(big + 400000 - strlen(GOOD), GOOD);
	put(folder, "big.json", big);
	path = talloc_asprintf(mem, "%s/../good-%ld", folder, (long)getpid());
	support_write_text(path, GOOD);
	assert_int_equal(symlink(path, talloc_asprintf(mem, "%s/link.json", folder)), 0);
	assert_int_equal(mkfifo(talloc_asprintf(mem, "%s/pipe.json", folder), 0600), 0);
	made += 5;
	/* Folders are not looked into. */
	support_mkdir(talloc_asprintf(mem, "%s/more", folder));
	put(folder, "more/good.json", GOOD);
	assert_int_equal(results_read(mem, folder, &results, &count, &odd, &err), 0);
	support_remove(path);
	assert_int_equal(count, 0);
	assert_int_equal(odd, made);
	talloc_free(mem);
}

/* ---- the table and the CSV ---- */

static char *no_reasons[] = { NULL };

#define RESULT(who, what, lev, pts, ok, in_exam, took) \
	{ \
		.seat = (char *)(who), .name = (char *)(what), \
		.started = (char *)"2026-11-22T20:20:53Z", \
		.ended = (char *)"2026-11-22T20:40:00Z", .level = (lev), .points = (pts), \
		.tips = (took), .seed = 7, .passed = (ok), .exam = (in_exam), .repaired = (ok), \
		.reasons = no_reasons \
	}

static void the_table(void **state)
{
	const struct result results[] = {
		RESULT("Ann", "standard", 1, 90, true, true, 2),
		RESULT("Ann", "two-paths", 2, 55, false, true, 0),
		RESULT("A name of more than twenty-four characters", "standard", 1, 100, true,
			false, 0),
	};
	TALLOC_CTX *mem = talloc_new(NULL);
	char *table = results_table(mem, results, 3);

	(void)state;
	/* By hand: (90 + 55) / 2 = 72.5 and (90 + 100) / 2 = 95. */
	assert_string_equal(table,
		"Seat                                Cases Passed  Mean Lowest  Best  Tips\n"
		"Ann                       exam          2      1    73     55    90     2\n"
		"A name of more than twe~  practice      1      1   100    100   100     0\n"
		"\n"
		"Case                 Level Played Passed  Mean Lowest  Best  Tips\n"
		"standard                 1      2      2    95     90   100     2\n"
		"two-paths                2      1      0    55     55    55     0\n");
	for (const char *line = table, *end; (end = strchr(line, '\n')); line = end + 1)
		assert_true(end - line <= 80);
	talloc_free(mem);
}

static void the_csv(void **state)
{
	char *reasons[] = { (char *)"-45 file/Bin\\async.exe: a \"fix\", newer",
		(char *)"-5 tips: 1", NULL };
	struct result results[] = {
		RESULT("=cmd|' /C calc'!A0", "standard", 1, 50, false, true, 1),
		RESULT("Ann", "two-paths", 2, 100, true, false, 0),
	};
	TALLOC_CTX *mem = talloc_new(NULL);

	(void)state;
	results[0].reasons = reasons;
	assert_string_equal(results_csv(mem, results, 2),
		"seat,case,level,seed,exam,points,passed,repaired,tips,started,ended,reasons\r\n"
		"\"'=cmd|' /C calc'!A0\",\"standard\",1,7,yes,50,no,no,1,2026-11-22T20:20:53Z,2026-11-22T20:40:00Z,"
		"\"'-45 file/Bin\\async.exe: a \"\"fix\"\", newer | -5 tips: 1\"\r\n"
		"\"Ann\",\"two-paths\",2,7,no,100,yes,yes,0,2026-11-22T20:20:53Z,2026-11-22T20:40:00Z,\"\"\r\n");
	talloc_free(mem);
}

/* As OWASP lists them ("CSV injection"), and the wide forms of the signs, which some spreadsheets
 * take for the signs; not in the middle of a cell, and not what is only like one. */
static void what_a_spreadsheet_takes_for_a_formula_is_made_text(void **state)
{
	static const struct {
		const char *seat, *cell;
	} rows[] = {
		{ "=1+1", "'=1+1" },
		{ "+1", "'+1" },
		{ "-1", "'-1" },
		{ "@SUM(A1)", "'@SUM(A1)" },
		{ "\t=1", "'\t=1" },
		{ "\r=1", "'\r=1" },
		{ "\n=1", "'\n=1" },
		{ "\xef\xbc\x9d\x31", "'\xef\xbc\x9d\x31" },
		{ "\xef\xbc\x8b\x31", "'\xef\xbc\x8b\x31" },
		{ "\xef\xbc\x8d\x31", "'\xef\xbc\x8d\x31" },
		{ "\xef\xbc\xa0\x31", "'\xef\xbc\xa0\x31" },
		{ "Ann=1", "Ann=1" },
		{ "\xef\xbc\x91", "\xef\xbc\x91" },
		{ "", "" },
	};
	TALLOC_CTX *mem = talloc_new(NULL);

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct result result = RESULT(rows[i].seat, "standard", 1, 50, false, true, 1);
		char *csv = results_csv(mem, &result, 1), *line;

		assert_non_null(csv);
		line = strstr(csv, "reasons\r\n") + strlen("reasons\r\n");
		assert_memory_equal(line + 1, rows[i].cell, strlen(rows[i].cell));
		assert_int_equal(line[1 + strlen(rows[i].cell)], '"');
	}
	talloc_free(mem);
}

/* ---- progress ---- */

static void the_best_counts(void **state)
{
	struct result results[] = {
		RESULT("Ann", "standard", 1, 55, false, false, 0),
		RESULT("Ann", "standard", 1, 90, true, true, 0),
		RESULT("Ann", "standard", 1, 100, true, false, 0),
		RESULT("Bob", "two-paths", 2, 70, true, false, 0),
	};

	(void)state;
	assert_int_equal(progress_best(results, 4, "Ann", "standard"), 100);
	results[2].own = true; /* a teacher's case of the same name */
	assert_int_equal(progress_best(results, 4, "Ann", "standard"), 90);
	assert_int_equal(progress_best(results, 4, "Ann", "two-paths"), -1);
	assert_int_equal(progress_best(results, 4, "Carl", "standard"), -1);
}

static void clearing_takes_what_is_the_seats(void **state)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	char *top = support_folder(mem), *place;
	struct lesson_request request = { .name = "nothing-wrong", .seat = "Ann" };
	struct lesson *lesson, *held;
	struct error err;
	size_t removed;

	(void)state;
	assert_int_equal(progress_clear(talloc_asprintf(mem, "%s/none", top), "Ann", &removed,
				 &err),
		0);
	assert_int_equal(removed, 0);
	assert_int_equal(training_place(mem, top, &place, &err), 0);
	support_mkdir(training_results(mem, place));
	put(training_results(mem, place), "a.json", GOOD);
	put(training_results(mem, place), "b.json",
		HEAD "\"seat\": \"Bob\", \"points\": 90, " MIDDLE TIMES "}");
	put(training_results(mem, place), "notes", "Ann");
	assert_int_equal(lesson_begin(mem, place, &request, &lesson, &err), 0);
	assert_int_equal(lesson_begin(mem, place, &request, &held, &err), 0);
	talloc_free(lesson);
	request.seat = "Bob";
	assert_int_equal(lesson_begin(mem, place, &request, &lesson, &err), 0);
	talloc_free(lesson);
	/* A result and a lesson; not the one in hand, not Bob's, not what is no result. */
	assert_int_equal(progress_clear(place, "Ann", &removed, &err), 0);
	assert_int_equal(removed, 2);
	assert_int_equal(support_names(talloc_asprintf(mem, "%s/results", place)), 2);
	assert_int_equal(support_names(talloc_asprintf(mem, "%s/lessons", place)), 2);
	assert_int_equal(access(held->server, F_OK), 0);
	talloc_free(mem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_seed_of_a_seat),
		cmocka_unit_test(the_cases_of_an_exam),
		cmocka_unit_test(results_are_read_and_sorted),
		cmocka_unit_test(what_is_no_result),
		cmocka_unit_test(the_table),
		cmocka_unit_test(the_csv),
		cmocka_unit_test(what_a_spreadsheet_takes_for_a_formula_is_made_text),
		cmocka_unit_test(the_best_counts),
		cmocka_unit_test(clearing_takes_what_is_the_seats),
	};

	return cmocka_run_group_tests_name("classroom", tests, NULL, NULL);
}

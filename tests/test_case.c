/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cases: the built-in ones, a teacher's text with its errors, and that a seed decides
 * everything. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"
#include "tests/players.h"
#include "tests/support.h"

#define HEAD "case: x\ntitle: T\nlevel: 2\nstory: S\nfault: hotfix\n"
#define NEED "expect: needed change 60 the article\n"
#define KEEP "expect: file/Bin\\async.exe keep 45 trap newer\n"

static void built_in(void **state)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	int levels[CASE_LEVELS + 1] = { 0 };
	size_t count;
	const struct case_name *names = cases(&count);

	(void)state;
	assert_true(count >= 24);
	for (size_t i = 0; i < count; i++) {
		struct training_case *training;
		struct error err = { .trouble = TROUBLE_NONE };

		if (case_find(mem, names[i].name, &training, &err) != 0)
			fail_msg("%s: %s", names[i].name, err.text);
		assert_string_equal(training->name, names[i].name);
		assert_string_equal(training->title, names[i].title);
		assert_int_equal(training->level, names[i].level);
		assert_true(i == 0 || names[i].level >= names[i - 1].level); /* teaching order */
		levels[training->level]++;
		for (size_t j = 0; j < i; j++)
			assert_string_not_equal(names[i].name, names[j].name);
	}
	for (int level = 1; level <= CASE_LEVELS; level++)
		assert_true(levels[level] >= 5);
	talloc_free(mem);
}

static void teachers_text(void **state)
{
	static const char text[] =
		"# mine\r\ncase: x\ntitle: T\nlevel: 2\nstory: S\n\tgoes\ton\n\nfault: hotfix\n" NEED
		"expect: registry/A change b\\ImagePath change 15 the blank in change b is part of the name\n"
		"ask: 45 Why?\nright: R\nwrong: W\nwrong: V\nbegins: cut\n"
		"tip: | one | two\ntip: file/Bin\\async.exe | a | b | c\n";
	TALLOC_CTX *mem = talloc_new(NULL);
	struct training_case *training;
	struct error err;

	(void)state;
	assert_int_equal(case_parse(mem, text, sizeof text - 1, &training, &err), 0);
	assert_string_equal(training->story, "S goes on");
	assert_int_equal(training->fault_count, 1);
	assert_string_equal(training->expects[1].id, "registry/A change b\\ImagePath");
	assert_int_equal(training->expects[1].answer, CASE_CHANGE);
	assert_int_equal(training->expects[1].points, 15);
	assert_false(training->expects[1].trap);
	assert_int_equal(training->ask_points, 45);
	assert_int_equal(training->choice_count, 3);
	assert_true(training->begins_cut);
	assert_string_equal(training->tips[0].id, "");
	assert_string_equal(training->tips[0].tips[1], "two");
	assert_null(training->tips[0].tips[2]);
	assert_string_equal(training->tips[1].tips[2], "c");
	talloc_free(mem);
}

/* A last line of blanks alone, in a text that ends where its length says: the byte behind it is no
 * blank for a sanitizer to miss. */
static void the_text_ends_with_its_length(void **state)
{
	static const char text[] = "case: x\ntitle: T\nlevel: 2\nstory: S\nfault: hotfix\n" NEED
				   "ask: 45 Why?\nright: R\nwrong: W\n  ";
	TALLOC_CTX *mem = talloc_new(NULL);
	char *exact = talloc_memdup(mem, text, sizeof text - 1);
	struct training_case *training;
	struct error err;

	(void)state;
	assert_int_equal(case_parse(mem, exact, sizeof text - 1, &training, &err), 0);
	assert_string_equal(training->choices[1].text, "W");
	talloc_free(mem);
}

static void errors_name_the_line(void **state)
{
	static const struct {
		const char *text, *says;
	} wrong[] = {
		{ HEAD "fault: nonsense\n", "Line 6 of the case: there is no fault \"nonsense\"" },
		{ HEAD "fault: hotfix\n", "Line 6 of the case: the fault hotfix is named twice" },
		{ HEAD "level: 1\n", "Line 6 of the case: this was given before" },
		{ "case: x\nlevel: 4\n", "Line 2 of the case: the level must be 1, 2 or 3" },
		{ "case: Up\n", "Line 1 of the case: a name has at most" },
		{ "case: x\n\n# c\nnonsense\n", "Line 4 of the case: a line is" },
		{ "case: x\nhow: y\n", "Line 2 of the case: the word \"how\" is unknown" },
		{ "case:\n", "Line 1 of the case: there is nothing after case:" },
		{ HEAD "expect: a change 0 w\n", "Line 6 of the case: an expectation is" },
		{ HEAD "expect: a change 101 w\n", "Line 6 of the case: an expectation is" },
		{ HEAD "expect: a change 99999999999999999999 w\n",
			"Line 6 of the case: an expectation is" },
		{ HEAD "expect: a do 5 w\n", "Line 6 of the case: an expectation is" },
		{ HEAD "expect: a change 5\n", "Line 6 of the case: say why" },
		{ HEAD NEED NEED, "Line 7 of the case: needed is expected twice" },
		{ HEAD "expect: needed keep 50 w\n", "Line 6 of the case: for what is needed" },
		{ HEAD "tip: a\n", "Line 6 of the case: a tip is" },
		{ HEAD "tip: a | b || c\n", "Line 6 of the case: a tip has" },
		{ HEAD "tip: a | b | c | d | e\n", "Line 6 of the case: a tip has" },
		{ HEAD "ask: why\n", "Line 6 of the case: a question is" },
		{ HEAD "ask: 45 why\nright: a\nright: b\n",
			"Line 8 of the case: a question has one right answer" },
		{ HEAD "begins: late\n", "Line 6 of the case: \"begins\" takes only \"cut\"" },
		{ "case: x\ntitle: a\x1b[2Jb\n", "Line 2 of the case: it has characters" },
		{ "case: x\ntitle: a\xff\n", "Line 2 of the case: it has characters" },
		{ "case: x\ntitle: T\nlevel: 1\n" NEED, "The case is not complete: it needs" },
		{ HEAD, "The case is not complete: it expects nothing" },
		{ HEAD NEED "ask: 45 why\nright: a\n", "The case is not complete: a question has" },
		{ HEAD NEED "wrong: a\n", "The case is not complete: a question has" },
		{ HEAD NEED "expect: b keep 40 trap w\n", "costs 40 points" },
		{ HEAD KEEP "expect: c change 60 trap w\n", "a trap is something to keep" },
		{ HEAD "expect: b leave 45 trap w\n", "doing nothing 0" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
		struct training_case *training;
		struct error err = { .trouble = TROUBLE_NONE };

		assert_int_equal(case_parse(NULL, wrong[i].text, strlen(wrong[i].text), &training,
					 &err),
			-TROUBLE_USAGE);
		if (!strstr(err.text, wrong[i].says))
			fail_msg("%zu: expected \"%s\", got \"%s\"", i, wrong[i].says, err.text);
	}
}

/* Cut short, with bytes turned, with NULs, endless: an answer and a bounded one, whatever it is. */
static void hostile_text(void **state)
{
	static const char good[] =
		HEAD NEED KEEP "ask: 45 Why?\nright: R\nwrong: W\ntip: | a | b\n";
	TALLOC_CTX *mem = talloc_new(NULL);
	uint64_t random = 7;
	struct training_case *training;
	struct error err;
	char *large;

	(void)state;
	for (size_t len = 0; len < sizeof good; len++)
		(void)case_parse(mem, good, len, &training, &err);
	for (int round = 0; round < 4000; round++) {
		char bytes[sizeof good];

		memcpy(bytes, good, sizeof good);
		for (int n = 0; n < 3; n++)
			bytes[support_random(&random) % sizeof good] =
				(char)support_random(&random);
		(void)case_parse(mem, bytes, sizeof bytes, &training, &err);
	}
	large = talloc_zero_size(mem, 200000);
	memset(large, 'a', 200000);
	assert_int_equal(case_parse(mem, large, 200000, &training, &err), -TROUBLE_USAGE);
	assert_int_equal(case_parse(mem, large, 60000, &training, &err), -TROUBLE_USAGE);
	for (size_t i = 0; i + 10 <= 60000; i += 10)
		memcpy(large + i, "tip: |a|b\n", 10);
	assert_int_equal(case_parse(mem, large, 60000, &training, &err), -TROUBLE_USAGE);
	assert_non_null(strstr(err.text, "too many lines"));
	talloc_free(mem);
}

static void bound_to_a_seed(void **state)
{
	static const char text[] =
		"case: x\ntitle: T\nlevel: 1\nstory: {server} and {lan}\nfault: names-with-spaces\n"
		"expect: registry/{lan}\\ImagePath change 60 {x25} too\nask: 45 {lan}?\nright: R\nwrong: W\nwrong: V\n";
	TALLOC_CTX *mem = talloc_new(NULL);
	struct training_case *training, *bound;
	struct error err;
	size_t first = 0;

	(void)state;
	assert_int_equal(case_parse(mem, text, sizeof text - 1, &training, &err), 0);
	assert_int_equal(case_bind(mem, training, 5, &bound, &err), 0);
	assert_string_equal(bound->expects[0].id,
		"registry/Warehouse and Workshop Offices\\ImagePath");
	assert_string_equal(bound->expects[0].why, "Night Line to the Islands too");
	assert_string_equal(bound->ask, "Warehouse and Workshop Offices?");
	assert_null(strchr(bound->story, '{'));
	for (uint64_t seed = 0; seed < 60; seed++) {
		size_t right = 0;

		assert_int_equal(case_bind(mem, training, seed, &bound, &err), 0);
		for (size_t i = 0; i < bound->choice_count; i++)
			right +=
				bound->choices[i].right && strcmp(bound->choices[i].text, "R") == 0;
		assert_int_equal(right, 1);
		first += bound->choices[0].right;
	}
	assert_in_range(first, 8, 35); /* a third of 60, give or take */
	talloc_free(mem);
}

static void same_seed_same_bytes(void **state)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	char *folder = support_folder(mem), *tree[3];
	struct training_case *training;
	struct error err;

	(void)state;
	assert_int_equal(case_find(mem, "everything", &training, &err), 0);
	for (uint64_t i = 0; i < 3; i++) {
		char *dir = talloc_asprintf(mem, "%s/%d", folder, (int)i);

		assert_int_equal(case_build(training, dir, i < 2 ? 9 : 10, &err), 0);
		tree[i] = player_tree(mem, dir);
	}
	assert_string_equal(tree[0], tree[1]);
	assert_string_not_equal(tree[0], tree[2]);
	talloc_free(mem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(built_in),
		cmocka_unit_test(teachers_text),
		cmocka_unit_test(errors_name_the_line),
		cmocka_unit_test(the_text_ends_with_its_length),
		cmocka_unit_test(hostile_text),
		cmocka_unit_test(bound_to_a_seed),
		cmocka_unit_test(same_seed_same_bytes),
	};

	return cmocka_run_group_tests_name("case", tests, NULL, NULL);
}

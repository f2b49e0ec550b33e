/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The first pages: three ways in, and the finding. Nothing is said that the survey does not
 * know. */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "base/memory.h"
#include "tests/support.h"
#include "tests/walker.h"
#include "training/case.h"
#include "ui/guide/found.h"
#include "ui/layout.h"
#include "ui/reach.h"

enum { LAMP_WIDTH = 8, DRIVE_WIDTH = 22, NARROW = 60 };

/* ---- the finding of every case ---- */

/* A lamp says right only where nothing of its step is open or kept. */
static void lamp_true(const struct survey *survey, const struct row *row, int step)
{
	size_t open = 0, kept = 0, wrong = 0;

	for (size_t i = 0; i < survey->finding_count; i++) {
		const struct finding *finding = &survey->findings[i];

		if (finding->step != step)
			continue;
		open += finding_is_open(finding);
		kept += finding->kept_by != NULL;
		wrong += finding_is_open(finding) && finding->state != FINDING_UNKNOWN;
	}
	assert_int_equal(row->lamp_tone == TONE_GOOD,
		survey_lives(survey) && open == 0 && kept == 0);
	if (row->lamp_tone == TONE_DANGER)
		assert_true(wrong > 0 && survey_lives(survey));
}

static void steps_true(struct page *page, const struct survey *survey)
{
	found_steps(page, survey);
	assert_int_equal(page->row_count, 6);
	for (int step = 1; step <= 6; step++) {
		const struct row *row = &page->rows[step - 1];

		assert_in_range(layout_width(row->lamp), 3, LAMP_WIDTH);
		assert_true(row->cells[1] != NULL && *row->cells[1] != '\0');
		if (step >= STEP_FILES && step <= STEP_SHARE)
			lamp_true(survey, row, step);
	}
	/* Nobody has looked at mail. */
	assert_int_not_equal(page->rows[STEP_MAIL - 1].lamp_tone, TONE_GOOD);
}

static size_t leading(const struct survey *survey, bool relocated)
{
	size_t count = 0;

	for (size_t i = 0; i < survey->finding_count; i++) {
		const struct finding *finding = &survey->findings[i];

		if (finding->kind == KIND_VALUE)
			count += relocated
				? finding->leads == LEADS_RELOCATED &&
					finding->state == FINDING_RIGHT
				: finding->leads == LEADS_DEFAULT || finding->leads == LEADS_MIXED;
	}
	return count;
}

static size_t arrow_number(const struct drives *drives, bool to_right)
{
	for (size_t i = 0; i < drives->arrow_count; i++)
		if (drives->arrows[i].to_right == to_right &&
			strstr(drives->arrows[i].told.text, "value") != NULL)
			return (size_t)strtoul(drives->arrows[i].told.text, NULL, 10);
	return 0;
}

static void drive_fits(const struct drive *drive)
{
	for (size_t i = 0; i < DRIVE_LINES; i++)
		if (drive->lines[i].text != NULL)
			assert_in_range(layout_width(drive->lines[i].text), 1, DRIVE_WIDTH);
}

static void drives_true(struct page *page, const struct survey *survey)
{
	const struct drives *drives;

	found_drives(page, survey);
	drives = page->drives;
	assert_non_null(drives);
	drive_fits(&drives->left);
	drive_fits(&drives->right);
	assert_int_equal(arrow_number(drives, false), leading(survey, false));
	assert_int_equal(arrow_number(drives, true), leading(survey, true));
	for (size_t i = 0; !survey_lives(survey) && i < drives->arrow_count; i++)
		assert_int_equal(drives->arrows[i].told.tone, TONE_TEXT);
}

/* All that one case shows; a server that must be refused has no finding. */
static bool case_true(TALLOC_CTX *mem, const char *name)
{
	struct options options = { .practice = true,
		.practice_case = name,
		.runs = support_folder(mem) };
	struct page *page = talloc_zero(mem, struct page);
	const struct survey *survey;
	struct server *server;
	struct error err = { 0 };

	if (reach_survey(mem, &options, true, &server, &survey, &err) != 0)
		return false;
	assert_in_range(layout_width(found_title(page, survey)), 20, NARROW);
	assert_int_equal(strstr(found_title(page, survey), "all of it is right") != NULL,
		survey->open == 0 && survey_lives(survey) && !survey->check_only);
	steps_true(page, survey);
	drives_true(page, survey);
	return true;
}

static void every_case_is_told_as_the_survey_knows_it(void **state)
{
	size_t count, told = 0;
	const struct case_name *names = cases(&count);

	for (size_t i = 0; i < count; i++) {
		TALLOC_CTX *mem = talloc_new(*state);

		print_message("case %s\n", names[i].name);
		told += case_true(mem, names[i].name);
		talloc_free(mem);
	}
	assert_true(told >= count - 2);
}

/* The standard case: 11 values, of which 2 are right; 15 files, 10 of them stale and one newer; no
 * share. */
static void the_standard_case_is_told_in_six_lamps(void **state)
{
	static const char *const lamps[] = { "TO DO", "WRONG", "WRONG", "WRONG", "NOT SEEN",
		"after 5" };
	struct options options = { .practice = true, .runs = support_folder(*state) };
	struct page *page = talloc_zero(*state, struct page);
	const struct survey *survey;
	struct server *server;
	struct error err;

	assert_int_equal(reach_survey(*state, &options, true, &server, &survey, &err), 0);
	found_steps(page, survey);
	found_drives(page, survey);
	for (size_t i = 0; i < ARRAY_SIZE(lamps); i++)
		assert_string_equal(page->rows[i].lamp, lamps[i]);
	assert_string_equal(page->rows[1].cells[1],
		"10 of 15 files are not setup's, 1 more is NEWER");
	assert_string_equal(page->rows[2].cells[1], "9 of 11 values lead to C:");
	assert_string_equal(page->drives->arrows[0].told.text, "9 values, wrong");
	assert_false(page->drives->arrows[0].to_right);
	assert_string_equal(page->drives->arrows[1].told.text, "2 values, right");
	assert_true(page->drives->arrows[1].to_right);
}

/* ---- the page ---- */

static void seen(struct walker *walker, const struct page *page)
{
	walker->arg = talloc_asprintf(walker, "%s|%s|%s|%s", page->title,
		page->message != NULL ? page->message : "", page->message_bad ? "BAD" : "",
		page->tail != NULL ? page->tail : "");
	for (size_t i = 0; i < page->action_count; i++)
		if (page->actions[i].kind != ACTION_BACK)
			assert_non_null(page->actions[i].hint);
}

static void leave(struct walker *walker, const struct page *page, struct reply *reply)
{
	(void)walker, (void)page;
	reply->final = true;
}

static const char *diagnosis(TALLOC_CTX *mem, const char *name)
{
	struct walker *walker = walker_new(mem, false);

	walker->options.practice_case = name;
	walker->seen = seen;
	walker_walk(walker, leave);
	assert_string_equal(walker->last, "diagnosis");
	return walker->arg;
}

/* It was cut off under reassurance. */
static void nothing_reassures_beside_what_forbids(void **state)
{
	static const struct {
		const char *name, *grave;
	} cases[] = { { "both-alive", "It is not clear which of the two postoffices is in use." },
		{ "late-mail", "It is not clear which of the two postoffices is in use." },
		{ "no-room", "CANNOT BE REPAIRED HERE" } };

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		const char *page = diagnosis(*state, cases[i].name);

		assert_non_null(strstr(page, cases[i].grave));
		assert_non_null(strstr(page, "|BAD|"));
		assert_null(strstr(page, "can be undone"));
		assert_null(strstr(page, "Nothing has been changed"));
	}
	assert_non_null(strstr(diagnosis(*state, "standard"), "can be undone"));
}

/* ---- three ways in ---- */

static struct walker *nowhere(TALLOC_CTX *mem)
{
	struct walker *walker = walker_new(mem, false);

	walker->options = (struct options){ .runs = walker->runs };
	walker->seen = seen;
	return walker;
}

/* Presses what walker->arg of the first page says, once. */
static const char *pressed;
static void press_once(struct walker *walker, const struct page *page, struct reply *reply)
{
	reply->final = true;
	if (strcmp(page->id, "reach") == 0 && walker->pages == 1)
		walker_press(reply, pressed);
}

static void each_way_leads_to_its_page(void **state)
{
	static const char *const ways[][2] = { { "practice", "diagnosis" }, { "keep", "diagnosis" },
		{ "train", "train" }, { "disks", "reach" } };

	for (size_t i = 0; i < ARRAY_SIZE(ways); i++) {
		struct walker *walker = nowhere(*state);

		pressed = ways[i][0];
		walker_walk(walker, press_once);
		assert_string_equal(walker->last, ways[i][1]);
		talloc_free(walker);
	}
}

/* Walks walker->options' first page: into a lesson, out to the list of cases, back to the start. */
static void there_and_back(struct walker *walker, const struct page *page, struct reply *reply)
{
	static const struct {
		const char *page, *press;
	} steps[] = { { "reach", "train" }, { "train", "take" }, { "lesson", "list" },
		{ "train", "go-on" }, { "lesson", "list" }, { "train", NULL } };

	reply->final = true;
	if (walker->pages > ARRAY_SIZE(steps))
		return;
	assert_string_equal(page->id, steps[walker->pages - 1].page);
	if (steps[walker->pages - 1].press)
		walker_press(reply, steps[walker->pages - 1].press);
	else
		reply->kind = REPLY_BACK;
}

static void out_of_training_there_is_a_way_back(void **state)
{
	struct walker *walker = nowhere(*state);

	walker_walk(walker, there_and_back);
	assert_string_equal(walker->last, "reach");
	assert_int_equal(walker->pages, 7);
}

static void a_practice_server_may_be_kept(void **state)
{
	struct walker *walker = nowhere(*state);
	struct stat meta;
	const char *dir = talloc_asprintf(walker, "%s/practice-standard-1", walker->runs);

	pressed = "practice";
	walker_walk(walker, press_once);
	assert_int_not_equal(stat(dir, &meta), 0);
	pressed = "keep";
	walker_walk(walker, press_once);
	assert_int_equal(stat(dir, &meta), 0);
	assert_non_null(strstr(walker->arg, "msmcfix --practice="));
	assert_non_null(strstr(walker->arg, dir));
}

static void leave_run(struct walker *walker, const struct page *page, struct reply *reply)
{
	if (strcmp(page->id, "carry") == 0)
		*reply = (struct reply){ .kind = REPLY_LEAVE, .final = true };
	else
		walker_right(walker, page, reply);
}

static void a_run_that_waits_is_named_first(void **state)
{
	struct walker *walker = walker_new(*state, true);

	assert_int_equal(walker_walk(walker, leave_run), 3);
	walker->options = (struct options){ .runs = walker->runs };
	walker->seen = seen;
	walker_walk(walker, leave);
	assert_string_equal(walker->last, "reach");
	assert_non_null(strstr(walker->arg,
		talloc_asprintf(walker,
			"of server MAIL1 is not finished:\n  msmcfix --runs %s resume ",
			walker->runs)));
}

/* ---- what every page says ---- */

/* The first sentence stands whole on the smallest screen, behind its letter. */
static void hint_fits(size_t before, const char *hint)
{
	const char *end = hint ? strstr(hint, ". ") : NULL;
	size_t width = !hint ? 0 : end ? (size_t)(end + 1 - hint) : layout_width(hint);

	print_message("%s\n", hint ? hint : "");
	assert_in_range(before + width, 0, 58);
}

static void hints_fit(const struct page *page)
{
	for (size_t i = 0; i < page->action_count; i++)
		hint_fits(0, page->actions[i].hint);
	for (size_t i = 0; i < page->row_count; i++)
		for (size_t k = 0; page->rows[i].decide && k < page->rows[i].decide->answer_count;
			k++)
			hint_fits(strlen("y: "), page->rows[i].decide->answers[k].hint);
}

/* F2 says cause, risk and source of each row that is decided on in its step. */
static void whys_are_whole(const struct page *page)
{
	for (size_t i = 0; i < page->row_count; i++) {
		const struct question *decide = page->rows[i].decide;

		if (!decide)
			continue;
		assert_non_null(strstr(decide->why, "If it is kept: "));
		assert_non_null(strstr(decide->why, "Undo: "));
		assert_non_null(strstr(decide->why, "Source: Q"));
	}
}

static bool is_page(const struct page *page, const char *ids)
{
	return strstr(ids, talloc_asprintf((void *)page, " %s ", page->id)) != NULL;
}

static void whole(struct walker *walker, const struct page *page)
{
	(void)walker;
	hints_fit(page);
	if (is_page(page, " copy registry share "))
		whys_are_whole(page);
	/* Nobody is in a step before the first one. */
	for (size_t i = 0; i < page->step_count && is_page(page, " pcmta ready "); i++)
		assert_int_not_equal(page->steps[i].mark, MARK_NOW);
}

static void a_walk_says_where_one_is_and_what_keys_do(void **state)
{
	struct walker *walker = walker_new(*state, false);

	walker->seen = whole;
	walker_walk(walker, walker_right);
	assert_string_equal(walker->last, "report");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SUPPORT_TEST(every_case_is_told_as_the_survey_knows_it),
		SUPPORT_TEST(the_standard_case_is_told_in_six_lamps),
		SUPPORT_TEST(nothing_reassures_beside_what_forbids),
		SUPPORT_TEST(each_way_leads_to_its_page),
		SUPPORT_TEST(out_of_training_there_is_a_way_back),
		SUPPORT_TEST(a_practice_server_may_be_kept),
		SUPPORT_TEST(a_run_that_waits_is_named_first),
		SUPPORT_TEST(a_walk_says_where_one_is_and_what_keys_do),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

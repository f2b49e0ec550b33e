/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The page that stands while work runs: look-carry.png in cells and roles. */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"
#include "tests/gallery.h"
#include "tests/sample_pages.h"
#include "tests/support.h"

static const struct step_line parts[] = { { 0, "stop services", MARK_DONE, "3 stopped" },
	{ 2, "replace files", MARK_NOW, "6 of 10" }, { 3, "set values", MARK_OPEN, "0 of 9" },
	{ 4, "share Maildat$", MARK_OPEN, NULL }, { 0, "start services", MARK_OPEN, NULL } };
static const struct change_line last[] = { { "Xtnmsg.dll", "5.5.1960.9", "5.5.2448.0", NULL },
	{ "Mtmsg.dll", "5.5.1960.9", "5.5.2448.0", "read back" },
	{ "Mtperf.dll", "5.5.1960.9", "5.5.2448.0", "read back" },
	{ "Conadmin.dll", "not there", "5.5.2448.0", "read back" },
	{ "Mt.exe", "5.5.1960.9", "5.5.2448.0", "read back" },
	{ "address.dll", "5.5.1960.9", "5.5.2448.0", "read back" },
	{ "2 PC MTAs", "running", "stopped", "asked again" },
	{ "MSExchangeMSMI", "running", "stopped", "asked again" } };
static const struct job_state carrying = { .what = "replace files",
	.now = "Xtnmsg.dll",
	.done = 8,
	.total = 20,
	.last = last,
	.last_count = ARRAY_SIZE(last),
	.bytes = 1100000,
	.bytes_total = 1800000,
	.parts = parts,
	.part_count = ARRAY_SIZE(parts),
	.may_stop = true };

static struct page *page_of(TALLOC_CTX *mem)
{
	struct page *page = sample_page(mem, SAMPLE_REVIEW);

	page->alarm = true;
	page->badge = "SERVICES DOWN 00:04";
	return page;
}

static struct screen *worked(TALLOC_CTX *mem, const struct working *working, size_t rows,
	size_t columns)
{
	struct screen *screen = screen_new(mem, rows, columns);

	compose_work(screen, page_of(mem), working);
	return screen;
}

/* The row that holds a text. */
static size_t row_of(const struct screen *screen, const char *text)
{
	for (size_t i = 0; i < screen->rows; i++)
		if (strstr(screen->lines[i], text))
			return i;
	return screen->rows;
}

static enum role role_of_text(struct screen *screen, const char *text)
{
	size_t row = row_of(screen, text);
	const char *line = screen->lines[row < screen->rows ? row : 0];

	assert_in_range(row, 0, screen->rows - 1);
	return sheet_role(screen, row,
		layout_width(talloc_strndup(screen, line, (size_t)(strstr(line, text) - line))));
}

/* 80 columns: 18 of the list of steps, an empty one at each side: 60. 8 of 20 of them: 24. */
static void the_bar_is_of_all_changes(void **state)
{
	struct working working = { .title = "Writing what was decided", .state = &carrying };
	struct screen *screen = worked(*state, &working, 24, 80);
	size_t row = row_of(screen, " 8 of 20 changes ");

	assert_int_equal(role_of_text(screen, "Writing what was decided"), ROLE_STRONG);
	for (size_t c = 19; c < 43; c++)
		assert_int_equal(sheet_role(screen, row, c), ROLE_GOOD);
	for (size_t c = 43; c < 79; c++)
		assert_int_not_equal(sheet_role(screen, row, c), ROLE_GOOD);
	assert_int_equal(sheet_role(screen, 0, 0), ROLE_DANGER);
}

static void parts_have_their_sign_and_how_far_they_are(void **state)
{
	struct working working = { .title = "W", .state = &carrying };
	struct screen *screen = worked(*state, &working, 24, 80);

	assert_int_equal(role_of_text(screen, "■ stop services"), ROLE_RIGHT);
	assert_int_equal(role_of_text(screen, "3 stopped"), ROLE_RIGHT);
	assert_int_equal(role_of_text(screen, "→ replace files"), ROLE_STRONG);
	assert_int_equal(role_of_text(screen, "· set values"), ROLE_QUIET);
	assert_int_equal(role_of_text(screen, "0 of 9"), ROLE_QUIET);
	assert_int_equal(row_of(screen, "1.1 of 1.8 MB"), row_of(screen, "→ replace files"));
	assert_int_equal(row_of(screen, "6 of 10"), row_of(screen, "→ replace files"));
}

static void the_newest_change_is_on_top_and_says_how_it_was_checked(void **state)
{
	struct working working = { .title = "W", .state = &carrying };
	struct screen *screen = worked(*state, &working, 36, 120);
	size_t row = row_of(screen, "Last changes");

	for (size_t i = 0; i < ARRAY_SIZE(last); i++) {
		const char *line = screen->lines[row + 1 + i];

		assert_non_null(strstr(line, last[i].what));
		assert_non_null(strstr(line, last[i].before));
		assert_non_null(strstr(line, last[i].after));
		assert_non_null(strstr(line, last[i].checked ? last[i].checked : "writing"));
	}
	assert_int_equal(role_of_text(screen, "→ Xtnmsg.dll"), ROLE_STRONG);
	assert_int_equal(role_of_text(screen, "■ Mtmsg.dll"), ROLE_RIGHT);
	assert_int_equal(role_of_text(screen, "read back"), ROLE_RIGHT);
	assert_int_equal(role_of_text(screen, "not there"), ROLE_QUIET);
}

/* What does not fit gives way to what can be done. */
static void the_button_and_its_hint_are_never_covered(void **state)
{
	static const size_t sizes[][2] = { { 20, 60 }, { 20, 61 }, { 24, 80 }, { 20, 99 },
		{ 36, 120 }, { 60, 200 } };
	struct working working = { .title = "W", .state = &carrying };

	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		struct screen *screen = worked(*state, &working, sizes[i][0], sizes[i][1]);

		assert_int_equal(row_of(screen, "[ Stop after this change ]"), sizes[i][0] - 3);
		assert_int_equal(role_of_text(screen, "[ Stop after this change ]"), ROLE_FOCUS);
		assert_int_equal(screen->cursor_row, sizes[i][0] - 3);
		assert_int_equal(row_of(screen, "It is safe to stop"), sizes[i][0] - 2);
		assert_int_equal(row_of(screen, " Pause "), sizes[i][0] - 1);
		assert_int_equal(row_of(screen, "F10 q Stop"), sizes[i][0] - 1);
		assert_non_null(
			strstr(screen->lines[row_of(screen, "Last changes") + 1], "writing"));
	}
}

static void cursor_on(const struct screen *screen, const char *text)
{
	const char *line = screen->lines[screen->cursor_row];

	assert_int_equal(strncmp(line + layout_bytes(line, screen->cursor_column), text,
				 strlen(text)),
		0);
}

/* Whoever reads where the cursor is reads what can be done, else what is said, else what is being
 * done. */
static void the_cursor_stands_where_there_is_something_to_read(void **state)
{
	static const size_t sizes[][2] = { { 24, 80 }, { 20, 60 }, { 36, 120 } };
	struct job_state look = { .what = "reading the registry", .now = "" };

	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		struct working working = { .title = "Writing", .state = &carrying };

		cursor_on(worked(*state, &working, sizes[i][0], sizes[i][1]),
			"Stop after this change ]");
		working.paused = true;
		cursor_on(worked(*state, &working, sizes[i][0], sizes[i][1]),
			"Stop after this change ]");
		working.stopping = true;
		working.paused = false;
		cursor_on(worked(*state, &working, sizes[i][0], sizes[i][1]),
			"Stopping after this change.");
		working = (struct working){ .title = "Looking", .state = &look };
		cursor_on(worked(*state, &working, sizes[i][0], sizes[i][1]), "Looking");
	}
}

/* So does a text, after every step through it; and what says that the screen is too small. */
static void a_text_is_read_from_its_first_line(void **state)
{
	struct page *page = page_of(*state);
	char *text = talloc_strdup(page, "");

	for (int i = 0; i < 50; i++)
		text = talloc_asprintf_append(text, "sentence %d\n", i);
	for (size_t top = 0; top <= 20; top += 10) {
		struct screen *screen = screen_new(page, 24, 80);
		size_t at = top;

		compose_text(screen, page, &(struct page_text){ "Why", text }, &at);
		cursor_on(screen, talloc_asprintf(page, "sentence %zu ", top));
	}
	cursor_on(screen_new(page, 10, 30), "needs 60x20");
}

/* 58 columns of a page at 60, 20 of them for the part, 16 for its bar: 22 are left. */
static void how_fast_it_is_gives_way(void **state)
{
	struct working working = { .title = "W", .state = &carrying, .rate = 1e6 };

	assert_in_range(row_of(worked(*state, &working, 24, 80), "1.1 of 1.8 MB   1.0 MB/s"), 0,
		23);
	assert_int_equal(row_of(worked(*state, &working, 20, 60), "1.0"), 20);
}

static void what_was_wished_is_said(void **state)
{
	struct working working = { .title = "W", .state = &carrying, .stopping = true };
	struct screen *screen = worked(*state, &working, 20, 60);
	struct job_state look = { .what = "reading the registry", .now = "" };

	assert_in_range(row_of(screen, "Stopping after this change."), 0, 19);
	assert_int_equal(row_of(screen, "[ Stop"), 20);
	working = (struct working){ .title = "W", .state = &carrying, .paused = true };
	screen = worked(*state, &working, 20, 60);
	assert_in_range(row_of(screen, "Paused. Space goes on."), 0, 19);
	assert_in_range(row_of(screen, " Go on "), 0, 19);
	/* where it cannot be stopped nothing says that it can */
	working = (struct working){ .title = "W", .state = &look };
	screen = worked(*state, &working, 20, 60);
	assert_int_equal(row_of(screen, "top"), 20);
	assert_in_range(row_of(screen, "reading the registry"), 0, 19);
}

/* A silent server is told in place of the title, from the first second on; it can be given up also
 * when it was to stop before. */
static void who_is_waited_for_is_told_and_can_be_given_up(void **state)
{
	struct job_state job = carrying;
	struct working working = { .title = "Writing", .state = &job, .stopping = true };
	struct screen *screen;

	job.waiting = "";
	assert_in_range(row_of(worked(*state, &working, 20, 60), "Writing"), 0, 19);
	job.waiting = "Stopping MSExchangeMSMI - 12 s";
	screen = worked(*state, &working, 20, 60);
	assert_int_equal(role_of_text(screen, "Stopping MSExchangeMSMI - 12 s"), ROLE_STRONG);
	assert_int_equal(row_of(screen, "Writing"), 20);
	assert_int_equal(row_of(screen, "[ Give up ]"), 17);
	cursor_on(screen, "Give up ]");
	assert_int_equal(row_of(screen, "The server has not answered yet."), 18);
	assert_int_equal(row_of(screen, "F10 q Give up"), 19);
	assert_int_equal(row_of(screen, "Pause"), 20);
}

/* More done than there is, texts longer than the screen. */
static void it_holds_whatever_it_is_told(void **state)
{
	char *text = layout_repeat(*state, 'x', 1000);
	struct step_line part = { 2, text, MARK_NOW, text };
	struct change_line change = { text, text, text, text };
	struct job_state job = { .what = text,
		.now = text,
		.done = 30,
		.total = 20,
		.last = &change,
		.last_count = 1,
		.bytes = 9,
		.bytes_total = 3,
		.parts = &part,
		.part_count = 1,
		.may_stop = true };
	struct working working = { .title = text, .state = &job, .rate = 1e12 };

	for (size_t columns = 60; columns < 130; columns++) {
		struct screen *screen = worked(*state, &working, 20, columns);

		(void)sheet_text(*state, screen); /* asserts that each line is as wide */
		assert_int_equal(row_of(screen, "[ Stop after this change ]"), 17);
	}
}

static void the_pages_of_work_are_as_they_were(void **state)
{
	static const size_t sizes[][2] = { { 24, 80 }, { 20, 60 }, { 36, 120 } };
	struct gallery *gallery = gallery_new(*state);
	struct job_state job = carrying;
	struct working working = { .title = "Writing what was decided", .state = &carrying };

	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++)
		gallery_sheet(gallery, "work", worked(*state, &working, sizes[i][0], sizes[i][1]));
	job.waiting = "Stopping MSExchangeMSMI - 12 s";
	working.state = &job;
	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++)
		gallery_sheet(gallery, "work-waiting",
			worked(*state, &working, sizes[i][0], sizes[i][1]));
	assert_int_equal(gallery->wrong, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SUPPORT_TEST(the_bar_is_of_all_changes),
		SUPPORT_TEST(parts_have_their_sign_and_how_far_they_are),
		SUPPORT_TEST(the_newest_change_is_on_top_and_says_how_it_was_checked),
		SUPPORT_TEST(the_button_and_its_hint_are_never_covered),
		SUPPORT_TEST(the_cursor_stands_where_there_is_something_to_read),
		SUPPORT_TEST(a_text_is_read_from_its_first_line),
		SUPPORT_TEST(how_fast_it_is_gives_way),
		SUPPORT_TEST(what_was_wished_is_said),
		SUPPORT_TEST(who_is_waited_for_is_told_and_can_be_given_up),
		SUPPORT_TEST(it_holds_whatever_it_is_told),
		SUPPORT_TEST(the_pages_of_work_are_as_they_were),
	};

	support_locale();
	return cmocka_run_group_tests(tests, NULL, NULL);
}

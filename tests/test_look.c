/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the look says of a page's parts, on the pages of its pictures: where they stand, in which
 * roles, and from which size on. */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"
#include "tests/gallery.h"
#include "tests/sample_pages.h"
#include "tests/support.h"

static struct screen *composed(const struct page *page, struct view *view, size_t rows,
	size_t columns)
{
	struct screen *screen = screen_new((void *)page, rows, columns);

	compose_page(screen, page, view);
	return screen;
}

/* As a page is first seen. */
static struct screen *seen(const struct page *page, size_t rows, size_t columns)
{
	struct view view = view_first(page);

	return composed(page, &view, rows, columns);
}

/* Where a text stands first; the row is the number of rows where it does not. */
struct place {
	size_t row, column;
};
static struct place place_of(const struct screen *screen, const char *text)
{
	for (size_t i = 0; i < screen->rows; i++) {
		const char *found = strstr(screen->lines[i], text);

		if (found)
			return (struct place){ i,
				layout_width(talloc_strndup((void *)screen, screen->lines[i],
					(size_t)(found - screen->lines[i]))) };
	}
	return (struct place){ screen->rows, 0 };
}

static bool shows(const struct screen *screen, const char *text)
{
	return place_of(screen, text).row < screen->rows;
}

static enum role role_of_text(const struct screen *screen, const char *text)
{
	struct place place = place_of(screen, text);

	assert_true(place.row < screen->rows);
	return sheet_role(screen, place.row, place.column);
}

/* ---- The frame ---- */

static void the_first_line_says_where_and_how_and_all_of_it_warns(void **state)
{
	struct page *page = sample_page(*state, SAMPLE_END);
	struct screen *screen = seen(page, 24, 80);

	assert_int_equal(strncmp(screen->lines[0], " msmcfix   MAIL1 ", 17), 0);
	assert_string_equal(screen->lines[0] + 80 - 13, "09:39Z  LIVE ");
	assert_int_equal(sheet_role(screen, 0, 79), ROLE_DANGER);
	assert_int_equal(sheet_role(screen, 0, 70), ROLE_BAR);
	page->alarm = true;
	screen = seen(page, 24, 80);
	for (size_t c = 0; c < 80; c++)
		assert_int_equal(sheet_role(screen, 0, c), ROLE_DANGER);
}

static void the_last_three_lines_are_buttons_hint_and_keys(void **state)
{
	struct page *page = sample_page(*state, SAMPLE_FIRST);
	struct screen *screen = seen(page, 24, 80);

	assert_int_equal(place_of(screen, "[ Start the repair ]  [ Every finding ]").row, 21);
	assert_int_equal(role_of_text(screen, "[ Start the repair ]"), ROLE_FOCUS);
	assert_int_equal(role_of_text(screen, "[ Every finding ]"), ROLE_STRONG);
	assert_int_equal(place_of(screen, "Nothing is changed yet. Enter: back up").row, 22);
	assert_int_equal(sheet_role(screen, 22, 1), ROLE_QUIET);
	assert_int_equal(sheet_role(screen, 23, 0), ROLE_KEY);
	assert_int_equal(sheet_role(screen, 23, 5), ROLE_KEY_LABEL);
	assert_string_equal(screen->lines[23] + 80 - 11, "F10 q Quit ");
	assert_int_equal(sheet_role(screen, 23, 69), ROLE_KEY);
	/* too narrow for all of them: the short words */
	assert_true(shows(seen(page, 20, 60), "[ Start ]  [ Findings ]  [ Practise ]  [ Quit ]"));
}

static void without_colours_signs_stand_for_them(void **state)
{
	struct page *page = sample_page(*state, SAMPLE_REGISTRY);
	struct view view = view_first(page);
	struct screen *screen = screen_new(page, 24, 80);

	screen->tier = TIER_MONO;
	compose_page(screen, page, &view);
	assert_int_equal(strncmp(screen->lines[23], "[F1 ?] Help [PgDn] More [y] Change ", 35), 0);
	assert_true(shows(screen, "[PRACTICE]"));
	assert_true(shows(screen, "[>Next step<]"));
	assert_true(shows(screen, "> ? open"));
	/* what changed is marked below, too */
	assert_int_equal(place_of(screen, "^^").row, place_of(screen, "new + E:").row + 1);
	assert_int_equal(place_of(screen, "^^").column, place_of(screen, "E:\\exchsrvr").column);
	page = sample_page(*state, SAMPLE_END);
	view = view_first(page);
	screen = screen_new(page, 24, 80);
	screen->tier = TIER_MONO;
	compose_page(screen, page, &view);
	assert_true(shows(screen, "### "));
	assert_true(shows(screen, "[  DONE  ]"));
	assert_true(shows(screen, "[ATTESTED]"));
}

/* ---- The steps ---- */

static void the_steps_stand_at_the_left_from_80_columns(void **state)
{
	struct page *page = sample_page(*state, SAMPLE_REGISTRY);
	struct screen *screen;

	/* a count that leaves no room for all words */
	((struct step_line *)page->steps)[1].count = "11/11";
	screen = seen(page, 24, 80);
	assert_int_equal(strncmp(screen->lines[4], " → 3 Registry 2/9 ",
				 strlen(" → 3 Registry 2/9 ")),
		0);
	for (size_t c = 0; c < 18; c++)
		assert_int_equal(sheet_role(screen, 4, c), ROLE_HERE);
	assert_int_equal(role_of_text(screen, "■ 1 Back up Bin"), ROLE_RAIL_DONE);
	assert_int_equal(role_of_text(screen, "- 6 Old folder"), ROLE_RAIL_QUIET);
	assert_int_equal(sheet_role(screen, 15, 17), ROLE_RAIL);
	assert_int_equal(sheet_role(screen, 15, 18), ROLE_TEXT);
	assert_int_equal(place_of(screen, "Run 1122-0939").row, 19);
	assert_string_equal(talloc_strndup(page, screen->lines[3],
				    layout_bytes(screen->lines[3], 18)),
		" ■ 2 Copy   11/11 ");
	assert_int_equal(place_of(screen, "jsmith").row, 20);
	assert_int_equal(place_of(screen, "Step 3 of 6: Registry").column, 19);
	assert_false(shows(seen(page, 24, 79), "Back up Bin"));
	/* wider, with a line between */
	screen = seen(page, 36, 100);
	assert_int_equal(place_of(screen, "Step 3 of 6: Registry").column, 23);
	assert_int_equal(place_of(screen, "2 Copy files").row, 4);
	assert_int_equal(place_of(screen, "3 Registry").row, 6);
	/* a title of one word that is longer than the room beside its count */
	((struct step_line *)page->steps)[2].title = "Registrierung";
	((struct step_line *)page->steps)[2].count = "11/11";
	assert_true(shows(seen(page, 24, 80), " 3 Regis. 11/11 "));
}

/* ---- The table ---- */

static void below_80_columns_a_row_loses_the_word_not_the_sign(void **state)
{
	struct page *page = sample_page(*state, SAMPLE_REGISTRY);
	struct screen *screen = seen(page, 20, 60);

	assert_false(shows(screen, "change "));
	assert_true(shows(screen, " → Legacy Mail Connector"));
	assert_true(shows(screen, " ? EventLog\\..\\MSExchangeMSMI"));
	assert_true(shows(seen(page, 24, 80), " → change Legacy Mail Connector"));
}

/* As in the picture: ten of eleven rows, keys cut between parts, what changed on its ground. */
static void a_value_is_seen_as_in_the_picture(void **state)
{
	struct page *page = sample_page(*state, SAMPLE_REGISTRY);
	struct screen *screen = seen(page, 24, 80);

	assert_int_equal(place_of(screen, "5 of 11: MSExchangePCMTA\\Performance, Library").row,
		14);
	assert_true(shows(screen, " REG_SZ "));
	assert_int_equal(sheet_role(screen, 8, 40), ROLE_CURSOR);
	assert_int_equal(screen->cursor_row, 8);
	assert_true(shows(screen, "? open   MSExchangePCMTA\\Performance Library"));
	assert_true(
		shows(screen, "? open   EventLog\\..\\MSExchangeMSMI  CategoryMessageFile C>E"));
	assert_true(shows(screen, "now - C:\\exchsrvr\\connect\\msmcon\\bin\\mtperf.dll"));
	assert_int_equal(role_of_text(screen, "C:\\exchsrvr"), ROLE_GONE);
	assert_int_equal(role_of_text(screen, ":\\exchsrvr"), ROLE_GONE);
	assert_int_equal(role_of_text(screen, "\\exchsrvr"), ROLE_TEXT);
	assert_int_equal(role_of_text(screen, "E:\\exchsrvr"), ROLE_COME);
	assert_false(screen->last_seen);
	/* smaller: what is left out says so, and with which key */
	screen = seen(page, 20, 60);
	assert_true(shows(screen, " .. F6"));
	assert_int_equal(role_of_text(screen, ".. F6"), ROLE_OPEN);
}

/* Where the file that is there may be the better one, no colour speaks for either. */
static void an_open_choice_has_one_colour(void **state)
{
	struct page *page = sample_page(*state, SAMPLE_REGISTRY);
	struct screen *screen;

	for (size_t i = 0; i < page->row_count; i++)
		((struct row *)page->rows)[i].open_choice = true;
	for (size_t columns = 60; columns <= 120; columns += 20) {
		screen = seen(page, 24, columns);
		assert_int_equal(role_of_text(screen, "C:\\exchsrvr"), ROLE_WARN);
		assert_int_equal(role_of_text(screen, "E:\\exchsrvr"), ROLE_WARN);
		for (size_t row = 0; row < screen->rows; row++)
			for (size_t c = 0; c < screen->columns; c++)
				assert_false(sheet_role(screen, row, c) == ROLE_GONE ||
					sheet_role(screen, row, c) == ROLE_COME);
	}
}

/* The head of a group stays on top while its rows scroll, and never over the cursor. */
static void the_head_of_a_group_stays_on_top(void **state)
{
	struct page *page = sample_page(*state, SAMPLE_REVIEW);
	struct view view = view_first(page);

	view.on_table = true;
	for (size_t i = 0; i < 2 * page->row_count; i++) {
		struct screen *screen;
		const struct hit *first = NULL;

		view.cursor = i < page->row_count ? i : 2 * page->row_count - 1 - i;
		screen = composed(page, &view, 24, 80);
		for (size_t h = screen->hit_count; h-- > 0;)
			if (screen->hits[h].kind == HIT_ROW)
				first = &screen->hits[h];
		assert_non_null(strstr(screen->lines[4],
			first->index < 11 || first->row > 5 ? "Files in the Bin on E:"
							    : "Registry, ControlSet001"));
		assert_int_equal(sheet_role(screen, 4, 20), ROLE_STRONG);
		assert_true(screen->cursor_row > 4);
		assert_int_equal(screen_hit(screen, screen->cursor_row, screen->cursor_column)
					 ->index,
			view.cursor);
		talloc_free(screen);
	}
	assert_true(shows(composed(page, &view, 24, 80), "11 written"));
}

/* Which cells of the last column are the thumb. */
static void thumb(const struct screen *screen, size_t from, size_t to, size_t *first, size_t *count)
{
	*count = 0;
	for (size_t row = from; row < to; row++) {
		if (sheet_role(screen, row, screen->columns - 1) != ROLE_BAR)
			continue;
		*first = *count == 0 ? row : *first;
		++*count;
	}
}

static void the_scroll_bar_says_which_rows_are_seen(void **state)
{
	struct page *page = sample_page(*state, SAMPLE_REVIEW);
	struct view view = view_first(page);
	size_t first = 0, count;
	struct screen *screen = composed(page, &view, 24, 80);
	size_t end = 4 + screen->table_rows;

	/* 24 lines: 22 rows and two heads */
	thumb(screen, 4, end, &first, &count);
	assert_int_equal(first, 4);
	assert_int_equal(count, screen->table_rows * screen->table_rows / 24);
	assert_false(screen->last_seen);
	view.on_table = true;
	view.cursor = 21;
	screen = composed(page, &view, 24, 80);
	thumb(screen, 4, end, &first, &count);
	assert_int_equal(first + count, end);
	assert_true(screen->last_seen);
	/* neither at the top nor at the end */
	view.cursor = 20;
	view.top = 1;
	view.cursor = 5;
	screen = composed(page, &view, 24, 80);
	thumb(screen, 4, end, &first, &count);
	assert_true(first > 4 && first + count < end);
	/* all of it is seen */
	screen = composed(page, &view, 50, 80);
	thumb(screen, 4, 30, &first, &count);
	assert_int_equal(count, 0);
	assert_true(screen->last_seen);
}

static void characters_of_two_columns_shift_nothing(void **state)
{
	struct page *page = sample_page(*state, SAMPLE_REGISTRY);
	struct row *row = (struct row *)&page->rows[4];
	struct detail pair[] = { { DETAIL_BEFORE, "now", "C:\\郵便\\a.exe" },
		{ DETAIL_AFTER, "new", "C:\\郵局\\a.exe" } };
	struct screen *screen;
	struct place place;

	row->cells[1] = "郵便\\郵便局郵便局郵便局郵便局郵便局";
	row->details = pair;
	row->detail_count = 2;
	screen = seen(page, 24, 80);
	assert_int_equal(place_of(screen, "Library").column, place_of(screen, "ImagePath").column);
	place = place_of(screen, "局\\a.exe");
	assert_int_equal(sheet_role(screen, place.row, place.column), ROLE_COME);
	assert_int_equal(sheet_role(screen, place.row, place.column + 1), ROLE_COME);
	assert_int_equal(sheet_role(screen, place.row, place.column + 2), ROLE_TEXT);
	assert_int_equal(sheet_role(screen, place.row, place.column - 1), ROLE_TEXT);
}

/* ---- More where there is room ---- */

static void wide_and_tall_screens_show_more(void **state)
{
	struct page *page = sample_page(*state, SAMPLE_REGISTRY);
	struct screen *screen = seen(page, 38, 120);

	assert_int_equal(place_of(screen, "REG_SZ, is kept").row, place_of(screen, "now - C:").row);
	assert_true(shows(screen, "EventLog\\Application\\MTA to Vancouver PO"));
	/* facts wrap, and are whole */
	assert_true(shows(screen, "│ if kept      the counters of the PC "));
	assert_true(shows(screen, "│              MTAs are missing there, "));
	assert_true(shows(screen, "│              nothing else is"));
	assert_true(shows(screen, "── What the article says ──"));
	assert_true(shows(screen, " Q240208, step 3 ─"));
	assert_true(shows(screen, "── All alike (a) ──"));
	assert_false(shows(seen(page, 33, 120), "What the article says"));
	assert_false(shows(seen(page, 33, 109), "REG_SZ, is kept"));
	/* tall alone: below the rest */
	assert_true(shows(seen(page, 50, 80), "REG_SZ, is kept"));
}

/* ---- Pictures ---- */

static void the_first_page_shows_drives_and_lamps(void **state)
{
	struct page *page = sample_page(*state, SAMPLE_FIRST);
	struct screen *screen = seen(page, 24, 80);

	assert_int_equal(place_of(screen, "┌─ C:  old drive ─").row, 3);
	assert_int_equal(place_of(screen, "┌─ C:  old drive ─").column, 1);
	assert_true(shows(screen, "← 9 values, wrong ─") || shows(screen, "←─ 9 values, wrong ─"));
	assert_int_equal(role_of_text(screen, "9 values, wrong"), ROLE_OPEN);
	assert_int_equal(role_of_text(screen, "the LIVE postoffice"), ROLE_RIGHT);
	assert_int_equal(role_of_text(screen, "WRONG"), ROLE_DANGER);
	/* ten columns, with its edges */
	for (size_t c = 2; c < 12; c++)
		assert_int_equal(sheet_role(screen, 10, c), ROLE_WARN);
	assert_int_equal(role_of_text(screen, "1 Back up Bin"), ROLE_STRONG);
	/* narrow: the picture goes, the finding stays whole */
	screen = seen(page, 20, 60);
	assert_false(shows(screen, "old drive"));
	assert_true(shows(screen, "back to C:"));
	assert_true(shows(screen, "WRONG"));
}

static void the_verdict_is_big_where_there_is_room(void **state)
{
	struct page *page = sample_page(*state, SAMPLE_END);
	struct screen *screen = seen(page, 24, 80);
	size_t cells = 0;

	for (size_t row = 1; row < 9; row++)
		for (size_t c = 0; c < 80; c++)
			cells += sheet_role(screen, row, c) == ROLE_GOOD;
	/* R 12 E 12 P 10 A 12 I 9 R 12 E 12 D 12 */
	assert_true(cells > 80 && cells < 100);
	assert_false(shows(screen, "REPAIRED"));
	screen = seen(page, 20, 60);
	assert_int_equal(place_of(screen, "REPAIRED").row, 1);
	assert_int_equal(role_of_text(screen, "REPAIRED"), ROLE_GOOD);
	assert_true(shows(screen, "The repair is over"));
}

static void points_stand_as_figures_over_a_bar(void **state)
{
	struct page *page = sample_page(*state, SAMPLE_DEBRIEF);
	struct screen *screen = seen(page, 24, 80);
	size_t filled = 0, rest = 0;

	for (size_t c = 0; c < 80; c++) {
		filled += c > 12 && sheet_role(screen, 5, c) == ROLE_CALM;
		rest += sheet_role(screen, 5, c) == ROLE_QUIET;
	}
	/* 55 of 100, but for part of a cell */
	assert_in_range(55 * (filled + rest) - 100 * filled, 0, 99);
	assert_int_equal(role_of_text(screen, "NOT PASSED"), ROLE_DANGER);
	assert_true(shows(screen, "↑ 55"));
	assert_true(place_of(screen, "↑ 80").column > place_of(screen, "↑ 55").column + 4);
	assert_true(shows(seen(page, 20, 60), "55 of 100 points"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SUPPORT_TEST(the_first_line_says_where_and_how_and_all_of_it_warns),
		SUPPORT_TEST(the_last_three_lines_are_buttons_hint_and_keys),
		SUPPORT_TEST(without_colours_signs_stand_for_them),
		SUPPORT_TEST(the_steps_stand_at_the_left_from_80_columns),
		SUPPORT_TEST(below_80_columns_a_row_loses_the_word_not_the_sign),
		SUPPORT_TEST(a_value_is_seen_as_in_the_picture),
		SUPPORT_TEST(an_open_choice_has_one_colour),
		SUPPORT_TEST(the_head_of_a_group_stays_on_top),
		SUPPORT_TEST(the_scroll_bar_says_which_rows_are_seen),
		SUPPORT_TEST(characters_of_two_columns_shift_nothing),
		SUPPORT_TEST(wide_and_tall_screens_show_more),
		SUPPORT_TEST(the_first_page_shows_drives_and_lamps),
		SUPPORT_TEST(the_verdict_is_big_where_there_is_room),
		SUPPORT_TEST(points_stand_as_figures_over_a_bar),
	};

	support_locale();
	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Pages on a sheet: every page of the walk at 80x24, at 60x20 and in lines against tests/pages, and what must hold at
 * any size. With MSMCFIX_PAGES=write the golden pages are written anew (make pages); then read what changed.
 */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/gallery.h"
#include "tests/support.h"
#include "ui/plain/plain.h"
#include "ui/wizard/compose.h"

static int mem_setup(void **state)
{
	*state = talloc_new(NULL);
	return *state ? 0 : -1;
}

static int mem_teardown(void **state)
{
	talloc_free(*state);
	return 0;
}

/* ---- Golden pages ---- */

static void golden(struct walker *walker, const struct page *page)
{
	gallery_seen(walker->arg, walker, page);
}

/* Before the end, one look at what could be put back. */
static void with_undo(struct walker *walker, const struct page *page, struct reply *reply)
{
	if (strcmp(page->id, "undo") == 0)
		walker_press(reply, "keep");
	else if (strcmp(page->id, "oldfolder") == 0 && strstr(walker->trace, "oldfolder undo\n") == NULL)
		reply->kind = REPLY_UNDO;
	else
		walker_right(walker, page, reply);
}

static void test_pages(void **state)
{
	struct walker *walker = walker_new(*state, false);
	struct gallery *gallery = gallery_new(walker);

	walker->arg = gallery;
	walker->seen = golden;
	walker_walk(walker, with_undo);
	assert_string_equal(walker->last, "report");
	assert_non_null(strstr(gallery->shown, " undo "));
	assert_int_equal(gallery->wrong, 0);
}

static void quit_at_once(struct walker *walker, const struct page *page, struct reply *reply)
{
	(void)walker;
	(void)page;
	walker_press(reply, "quit");
}

/* How to reach a server, where no volume is mounted that could be a Windows drive: else this machine's would be listed.
 */
static void golden_reach(struct walker *walker, const struct page *page)
{
	if (page->row_count == 0)
		golden(walker, page);
}

static void test_page_reach(void **state)
{
	struct walker *walker = walker_new(*state, false);
	struct gallery *gallery = gallery_new(walker);

	walker->options.practice = false;
	walker->options.practice_case = NULL;
	walker->arg = gallery;
	walker->seen = golden_reach;
	assert_int_equal(walker_walk(walker, quit_at_once), 0);
	assert_int_equal(gallery->wrong, 0);
}

/* A server's disks: the pause after carrying out, and the unfinished run that is met later. */
static void golden_disks(struct walker *walker, const struct page *page)
{
	if (strcmp(page->id, "pause") == 0 || strcmp(page->id, "unfinished") == 0)
		golden(walker, page);
}

static void to_the_pause(struct walker *walker, const struct page *page, struct reply *reply)
{
	if (strcmp(page->id, "unfinished") != 0)
		walker_right(walker, page, reply);
}

static void test_pages_of_disks(void **state)
{
	struct walker *walker = walker_new(*state, true);
	struct gallery *gallery = gallery_new(walker);

	walker->options.letters_confirmed = true;
	walker->arg = gallery;
	walker->seen = golden_disks;
	assert_int_equal(walker_walk(walker, to_the_pause), 3);
	assert_string_equal(walker->last, "pause");
	walker_walk(walker, to_the_pause);
	assert_string_equal(walker->last, "unfinished");
	assert_int_equal(gallery->wrong, 0);
}

/* ---- At any size ---- */

static const struct answer yes_no[] = { { "change", "Change", 'y', false }, { "keep", "Keep", 'n', true } };

/* A page that has more of everything than fits. */
static struct page *crowded(TALLOC_CTX *mem, size_t rows)
{
	static const struct column columns[] = { { "Do", 6, CUT_NEVER, false },
						 { "Key", 30, CUT_MIDDLE, false },
						 { "Seldom", 30, CUT_END, true },
						 { "Leads to", 9, CUT_NEVER, false } };
	static const struct detail details[] = {
		{ DETAIL_BEFORE, "before", "C:\\exchsrvr\\connect\\msmcon\\bin\\mt.exe" },
		{ DETAIL_AFTER, "after", "E:\\exchsrvr\\connect\\msmcon\\bin\\mt.exe" },
		{ DETAIL_TEXT, "why",
		  "a long reason that takes more than one line of a screen, and then "
		  "some more, so that it cannot all be shown at once anywhere" }
	};
	static const struct question question = { .id = "registry.decide:x", .kind = ASK_CHOICE, .title = "Change?",
						  .answers = yes_no, .answer_count = 2 };
	static const struct action actions[] = { { .id = "continue", .label = "Continue", .focused = true },
						 { .id = "back", .label = "Back" } };
	static const struct step_line steps[] = { { 1, "Back up Bin", MARK_DONE }, { 2, "Copy files", MARK_NOW } };
	struct page *page = talloc_zero(mem, struct page);
	struct row *own = talloc_zero_array(page, struct row, (unsigned)rows);

	*page = (struct page){ .id = "registry",
			       .title = "Step 3 of 6",
			       .server = "MAIL1 (disks)",
			       .badge = "REPAIR 09:41Z",
			       .lead = "A lead.\n",
			       .columns = columns,
			       .column_count = 4,
			       .rows = own,
			       .row_count = rows,
			       .tail = "A tail.\n",
			       .steps = steps,
			       .step_count = 2,
			       .actions = actions,
			       .action_count = 2 };
	for (size_t i = 0; i < rows; i++)
		own[i] = (struct row){
			.id = "x",
			.selectable = true,
			.decide = &question,
			.details = details,
			.detail_count = 3,
			.cells = { "  ?", talloc_asprintf(page, "EventLog\\Application\\Connector number %zu", i),
				   "something that is not needed", "default" }
		};
	return page;
}

static bool on_screen(const struct screen *screen, const char *text)
{
	for (size_t i = 0; i < screen->rows; i++)
		if (strstr(screen->lines[i], text) != NULL)
			return true;
	return false;
}

static void test_cursor_stays_visible(void **state)
{
	static const size_t sizes[][2] = { { 20, 60 }, { 24, 80 }, { 50, 132 }, { 20, 79 }, { 200, 300 } };

	for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
		struct page *page = crowded(*state, 40);
		struct view view = { .utf8 = true, .on_table = true };

		for (size_t i = 0; i < 2 * page->row_count; i++) {
			struct screen *screen;

			view.cursor = i < page->row_count ? i : 2 * page->row_count - 1 - i;
			assert_int_equal(compose_page(page, page, &view, sizes[s][0], sizes[s][1], &screen), 0);
			assert_string_equal(talloc_strndup(page, strchr(screen->lines[screen->cursor_row], '>'), 2),
					    "> ");
			assert_true(on_screen(screen, "[ Continue ]"));
			assert_true(on_screen(screen, "y Change"));
			assert_true(on_screen(screen, "before"));
			assert_true(screen->table_rows >= 3);
			talloc_free(screen);
		}
		talloc_free(page);
	}
}

static void test_moving_shifts_nothing(void **state)
{
	struct page *page = crowded(*state, 5);
	struct view view = { .utf8 = true, .on_table = true };
	struct screen *first, *later;

	assert_int_equal(compose_page(page, page, &view, 24, 80, &first), 0);
	for (size_t i = 0; i < 50; i++) {
		view.cursor = i % 5;
		assert_int_equal(compose_page(page, page, &view, 24, 80, &later), 0);
	}
	view.cursor = 0;
	assert_int_equal(compose_page(page, page, &view, 24, 80, &later), 0);
	assert_string_equal(sheet_text(page, first), sheet_text(page, later));
}

static void test_spare_columns_give_way(void **state)
{
	struct page *page = crowded(*state, 5);
	struct view view = { .utf8 = true };
	struct screen *screen;

	compose_page(page, page, &view, 24, 132, &screen);
	assert_true(on_screen(screen, "Seldom"));
	compose_page(page, page, &view, 20, 60, &screen);
	assert_false(on_screen(screen, "Seldom"));
	assert_true(on_screen(screen, "Leads to"));
	assert_true(on_screen(screen, "number 0"));
}

static void test_narrow_has_no_step_list(void **state)
{
	struct page *page = crowded(*state, 5);
	struct view view = { .utf8 = true };
	struct screen *screen;

	compose_page(page, page, &view, 24, 80, &screen);
	assert_true(on_screen(screen, "[done] 1 Back up Bin"));
	compose_page(page, page, &view, 24, 79, &screen);
	assert_false(on_screen(screen, "[done] 1 Back up Bin"));
	assert_true(on_screen(screen, "Step 3 of 6"));
}

static void test_only_read_rows_wrap(void **state)
{
	struct page *page = crowded(*state, 3);
	struct view view = { .utf8 = true };
	struct screen *screen;

	for (size_t i = 0; i < 3; i++) {
		((struct row *)page->rows)[i].selectable = false;
		((struct row *)page->rows)[i].decide = NULL;
		((struct row *)page->rows)[i].detail_count = 0;
	}
	compose_page(page, page, &view, 40, 60, &screen);
	assert_true(on_screen(screen, "number 2"));
	assert_false(on_screen(screen, "..."));
}

static void test_too_small(void **state)
{
	static const size_t sizes[][2] = { { 19, 60 }, { 20, 59 }, { 1, 1 }, { 5, 10 }, { 1, 300 } };
	struct page *page = crowded(*state, 5);

	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		struct view view = { .utf8 = true };
		struct screen *screen;

		assert_int_equal(compose_page(page, page, &view, sizes[i][0], sizes[i][1], &screen), 0);
		assert_true(screen->too_small);
		assert_false(on_screen(screen, "Continue"));
	}
}

static void test_ascii(void **state)
{
	struct page *page = crowded(*state, 2);
	struct view view = { .utf8 = false };
	struct screen *screen;

	((struct row *)page->rows)[0].cells[1] = "B\xc3\xbcro";
	page->lead = "M\xc3\xbcnchen\n";
	compose_page(page, page, &view, 24, 80, &screen);
	for (size_t i = 0; i < screen->rows; i++)
		for (const char *p = screen->lines[i]; *p != '\0'; p++)
			assert_true(*p >= ' ' && *p < 0x7f);
	assert_true(on_screen(screen, "M\\u00fcnchen"));
}

static void test_many_buttons(void **state)
{
	struct action actions[] = { { .id = "a", .label = "The first of the buttons", .focused = true },
				    { .id = "b", .label = "The second of the buttons" },
				    { .id = "c", .label = "The third of the buttons" } };
	struct page *page = crowded(*state, 2);
	struct view view = { .utf8 = true };
	struct screen *screen;

	page->actions = actions;
	page->action_count = 3;
	for (view.action = 0; view.action < 3; view.action++) {
		char *label = talloc_asprintf(page, "[ %s ]", actions[view.action].label);

		compose_page(page, page, &view, 20, 60, &screen);
		assert_true(on_screen(screen, label));
		assert_int_equal(screen->cursor_row, 18);
		assert_memory_equal(screen->lines[18] + screen->cursor_column - 2, label, strlen(label));
		assert_true((screen->lines[18][0] == '<') == (view.action > 0));
		assert_true((screen->lines[18][58] == '>') == (view.action < 2));
	}
}

static void test_work(void **state)
{
	static const struct step_line parts[] = { { 2, "Copy files", MARK_DONE }, { 3, "Registry", MARK_NOW } };
	struct job_state work = { .what = "set values",
				  .now = "x",
				  .done = 4,
				  .total = 9,
				  .parts = parts,
				  .part_count = 2,
				  .may_stop = true };
	struct page *page = crowded(*state, 2);
	struct screen *screen;

	assert_int_equal(compose_work(page, page, "Carrying out", &work, false, false, 0, 20, 60, true, &screen), 0);
	assert_true(on_screen(screen, "Carrying out"));
	assert_true(on_screen(screen, "4 of 9"));
	assert_true(on_screen(screen, "safe to stop"));
	assert_int_equal(compose_work(page, page, "Carrying out", &work, true, false, 0, 20, 60, true, &screen), 0);
	assert_true(on_screen(screen, "Stopping after this change"));
	work = (struct job_state){ .what = "a", .now = "b", .bytes = 1, .bytes_total = 0 };
	assert_int_equal(compose_work(page, page, "A", &work, false, true, 1e6, 20, 60, true, &screen), 0);
	assert_true(on_screen(screen, "Paused"));
}

static void test_pager(void **state)
{
	struct page *page = crowded(*state, 2);
	struct page_text text = { "Help", "one\ntwo\nthree\n" };
	struct screen *screen;
	size_t top = 1000;

	assert_int_equal(compose_text(page, page, &text, &top, 24, 80, true, &screen), 0);
	assert_int_equal(top, 0);
	assert_true(on_screen(screen, "Lines 1 to 3 of 3"));
	text.text = "";
	assert_int_equal(compose_text(page, page, &text, &top, 24, 80, true, &screen), 0);
	assert_true(on_screen(screen, "Lines 0 to 0 of 0"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_pages, mem_setup, mem_teardown),
		cmocka_unit_test_setup_teardown(test_page_reach, mem_setup, mem_teardown),
		cmocka_unit_test_setup_teardown(test_pages_of_disks, mem_setup, mem_teardown),
		cmocka_unit_test_setup_teardown(test_cursor_stays_visible, mem_setup, mem_teardown),
		cmocka_unit_test_setup_teardown(test_moving_shifts_nothing, mem_setup, mem_teardown),
		cmocka_unit_test_setup_teardown(test_spare_columns_give_way, mem_setup, mem_teardown),
		cmocka_unit_test_setup_teardown(test_narrow_has_no_step_list, mem_setup, mem_teardown),
		cmocka_unit_test_setup_teardown(test_only_read_rows_wrap, mem_setup, mem_teardown),
		cmocka_unit_test_setup_teardown(test_too_small, mem_setup, mem_teardown),
		cmocka_unit_test_setup_teardown(test_ascii, mem_setup, mem_teardown),
		cmocka_unit_test_setup_teardown(test_many_buttons, mem_setup, mem_teardown),
		cmocka_unit_test_setup_teardown(test_work, mem_setup, mem_teardown),
		cmocka_unit_test_setup_teardown(test_pager, mem_setup, mem_teardown),
	};

	setlocale(LC_ALL, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Pages on a sheet: every page of the walk at 80x24, at 60x20 and in lines against tests/pages, and
 * what must hold at any size. With MSMCFIX_PAGES=write the golden pages are written anew (make
 * pages); then read what changed.
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

#include "base/i18n.h"
#include "base/memory.h"
#include "tests/gallery.h"
#include "tests/support.h"
#include "ui/plain/plain.h"
#include "ui/wizard/compose.h"

/* ---- Golden pages ---- */

static void golden(struct walker *walker, const struct page *page)
{
	gallery_seen(walker->arg, walker, page);
}

/* A walk whose pages are compared as seen says. */
static struct gallery *gallery_of(struct walker *walker,
	void (*seen)(struct walker *, const struct page *))
{
	walker->arg = gallery_new(walker);
	walker->seen = seen;
	return walker->arg;
}

static void pages_of_a_repair_are_as_they_were_read(void **state)
{
	struct walker *walker = walker_new(*state, false);
	struct gallery *gallery = gallery_of(walker, golden);

	walker_walk(walker, walker_with_undo);
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

/* How to reach a server, where no volume is mounted that could be a Windows drive: else this
 * machine's would be listed. */
static void golden_reach(struct walker *walker, const struct page *page)
{
	if (page->row_count == 0)
		golden(walker, page);
}

static void the_page_that_asks_for_a_server_is_as_it_was_read(void **state)
{
	struct walker *walker = walker_new(*state, false);
	struct gallery *gallery = gallery_of(walker, golden_reach);

	walker->options.practice = false;
	walker->options.practice_case = NULL;
	assert_int_equal(walker_walk(walker, quit_at_once), 0);
	assert_int_equal(gallery->wrong, 0);
}

/* A server's disks: the pause after carrying out, the unfinished run that is met later, and step 5,
 * where a person says what was sent and what arrived. */
static void golden_disks(struct walker *walker, const struct page *page)
{
	struct gallery *gallery = walker->arg;

	gallery->prefix = strcmp(page->id, "mail") == 0 ? "disks-" : "";
	if (strcmp(page->id, "pause") == 0 || strcmp(page->id, "unfinished") == 0)
		golden(walker, page);
	else if (strcmp(page->id, "mail") == 0 && strstr(walker->trace, "=arrived"))
		gallery_show(gallery, walker, page,
			page->question ? "disks-mail-attest" : "disks-mail-attested");
	else if (strcmp(page->id, "mail") == 0)
		golden(walker, page);
}

/* Once it waited; then on, to step 5. */
static void beyond_the_pause(struct walker *walker, const struct page *page, struct reply *reply)
{
	if (strcmp(page->id, "pause") == 0)
		walker_press(reply, "mail");
	else if (strcmp(page->id, "unfinished") == 0 && page->question == NULL)
		*reply = (struct reply){ .kind = REPLY_ACTION, .id = "go-on", .text = "jsmith" };
	else if (strcmp(page->id, "mail") == 0 && page->question == NULL &&
		page->rows[page->row_count - 1].decided && page->rows[0].decided &&
		strstr(walker->trace, "=arrived"))
		reply->kind = REPLY_LEAVE;
	else
		walker_right(walker, page, reply);
}

static void to_the_pause(struct walker *walker, const struct page *page, struct reply *reply)
{
	if (strcmp(page->id, "unfinished") != 0)
		walker_right(walker, page, reply);
}

static void pages_of_a_repair_on_disks_are_as_they_were_read(void **state)
{
	struct walker *walker = walker_new(*state, true);
	struct gallery *gallery = gallery_of(walker, golden_disks);

	walker->options.letters_confirmed = true;
	assert_int_equal(walker_walk(walker, to_the_pause), 3);
	assert_string_equal(walker->last, "pause");
	walker_walk(walker, to_the_pause);
	assert_string_equal(walker->last, "unfinished");
	walker->resume = "last";
	walker_walk(walker, beyond_the_pause);
	assert_non_null(strstr(gallery->shown, " disks-mail-attested "));
	assert_int_equal(gallery->wrong, 0);
}

/* ---- At any size ---- */

static const struct answer yes_no[] = { { "change", "Change", 'y', false, NULL, 0 },
	{ "keep", "Keep", 'n', true, NULL, 0 } };

/* A page that has more of everything than fits. */
static struct page *crowded(TALLOC_CTX *mem, size_t rows)
{
	static const struct column columns[] = { { "Do", 6, CUT_NEVER, false },
		{ "Key", 30, CUT_MIDDLE, false }, { "Seldom", 30, CUT_END, true },
		{ "Leads to", 9, CUT_NEVER, false } };
	static const struct detail details[] = {
		{ DETAIL_BEFORE, "before", "C:\\exchsrvr\\connect\\msmcon\\bin\\mt.exe" },
		{ DETAIL_AFTER, "after", "E:\\exchsrvr\\connect\\msmcon\\bin\\mt.exe" },
		{ DETAIL_TEXT, "why",
			"a long reason that takes more than one line of a screen, and then "
			"some more, so that it cannot all be shown at once anywhere" }
	};
	static const struct question question = { .id = "registry.decide:x",
		.kind = ASK_CHOICE,
		.title = "Change?",
		.answers = yes_no,
		.answer_count = 2 };
	static const struct action actions[] = {
		{ .id = "continue", .label = "Continue", .focused = true },
		{ .id = "back", .label = "Back" }
	};
	static const struct step_line steps[] = { { 1, "Back up Bin", MARK_DONE, NULL },
		{ 2, "Copy files", MARK_NOW, NULL } };
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
		own[i] = (struct row){ .id = "x",
			.selectable = true,
			.decide = &question,
			.details = details,
			.detail_count = 3,
			.cells = { "  ?",
				talloc_asprintf(page, "EventLog\\Application\\Connector number %zu",
					i),
				"something that is not needed", "default" } };
	return page;
}

static struct screen *composed(const struct page *page, struct view *view, size_t rows,
	size_t columns)
{
	struct screen *screen = screen_new((void *)page, rows, columns);

	compose_page(screen, page, view);
	return screen;
}

static bool on_screen(const struct screen *screen, const char *text)
{
	for (size_t i = 0; i < screen->rows; i++)
		if (strstr(screen->lines[i], text) != NULL)
			return true;
	return false;
}

static void the_row_under_the_cursor_is_always_seen(void **state)
{
	static const size_t sizes[][2] = { { 20, 60 }, { 24, 80 }, { 50, 132 }, { 20, 79 },
		{ 200, 300 } };

	for (size_t s = 0; s < ARRAY_SIZE(sizes); s++) {
		struct page *page = crowded(*state, 40);
		struct view view = { .on_table = true };

		for (size_t i = 0; i < 2 * page->row_count; i++) {
			struct screen *screen;

			view.cursor = i < page->row_count ? i : 2 * page->row_count - 1 - i;
			screen = composed(page, &view, sizes[s][0], sizes[s][1]);
			assert_non_null(strstr(screen->lines[screen->cursor_row],
				talloc_asprintf(page, "number %zu ", view.cursor)));
			assert_int_equal(sheet_role(screen, screen->cursor_row,
						 screen->cursor_column),
				ROLE_CURSOR);
			assert_true(on_screen(screen, "[ Continue ]"));
			assert_true(on_screen(screen, "y Change"));
			assert_true(on_screen(screen, "before"));
			assert_true(screen->table_rows >= 3);
			talloc_free(screen);
		}
		talloc_free(page);
	}
}

static void moving_the_cursor_shifts_nothing(void **state)
{
	struct page *page = crowded(*state, 5);
	struct view view = { .on_table = true };
	char *first = sheet_text(page, composed(page, &view, 24, 80));

	for (size_t i = 0; i < 50; i++) {
		view.cursor = i % 5;
		composed(page, &view, 24, 80);
	}
	view.cursor = 0;
	assert_string_equal(sheet_text(page, composed(page, &view, 24, 80)), first);
}

/* Whether a screen of that size has this text when the page is first seen. */
static bool shows(const struct page *page, size_t rows, size_t columns, const char *text)
{
	struct view view = view_first(page);

	return on_screen(composed(page, &view, rows, columns), text);
}

static void spare_columns_give_way(void **state)
{
	struct page *page = crowded(*state, 5);

	assert_true(shows(page, 24, 132, "Seldom"));
	assert_false(shows(page, 20, 60, "Seldom"));
	assert_true(shows(page, 20, 60, "Leads to"));
	assert_true(shows(page, 20, 60, "number 0"));
}

static void a_narrow_screen_has_no_list_of_steps(void **state)
{
	struct page *page = crowded(*state, 5);

	assert_true(shows(page, 24, 80, "■ 1 Back up Bin"));
	assert_false(shows(page, 24, 79, "1 Back up Bin"));
	assert_true(shows(page, 24, 79, "Step 3 of 6"));
}

static void rows_that_are_only_read_wrap(void **state)
{
	struct page *page = crowded(*state, 3);

	for (size_t i = 0; i < 3; i++)
		((struct row *)page->rows)[i] =
			(struct row){ .cells = { page->rows[i].cells[0], page->rows[i].cells[1],
					      page->rows[i].cells[2], page->rows[i].cells[3] } };
	assert_true(shows(page, 40, 60, "number 2"));
	assert_false(shows(page, 40, 60, "..."));
}

static void a_screen_that_is_too_small_shows_no_button(void **state)
{
	static const size_t sizes[][2] = { { 19, 60 }, { 20, 59 }, { 1, 1 }, { 5, 10 },
		{ 1, 300 } };
	struct page *page = crowded(*state, 5);

	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		assert_true(screen_new(page, sizes[i][0], sizes[i][1])->too_small);
		assert_false(shows(page, sizes[i][0], sizes[i][1], "Continue"));
	}
}

static void without_utf8_all_is_ascii(void **state)
{
	struct page *page = crowded(*state, 2);
	struct view view = { 0 };
	struct screen *screen;

	((struct row *)page->rows)[0].cells[1] = "B\xc3\xbcro";
	page->lead = "M\xc3\xbcnchen\n";
	setlocale(LC_ALL, "C");
	screen = composed(page, &view, 24, 80);
	support_locale();
	for (size_t i = 0; i < screen->rows; i++)
		for (const char *p = screen->lines[i]; *p != '\0'; p++)
			assert_true(*p >= ' ' && *p < 0x7f);
	assert_true(on_screen(screen, "M\\u00fcnchen"));
}

/* Where the short words do not fit one line either, they take more; two of these make 60. */
static void all_buttons_are_seen_however_many(void **state)
{
	struct action actions[] = {
		{ .id = "a", .label = "The first of the buttons", .focused = true },
		{ .id = "b", .label = "The second of the buttons", .brief = "The second of them" },
		{ .id = "c", .label = "The third of the buttons" }
	};
	struct page *page = crowded(*state, 40);
	struct view view = { 0 };

	page->actions = actions;
	page->action_count = 3;
	for (view.action = 0; view.action < 3; view.action++) {
		struct screen *screen = composed(page, &view, 20, 60);

		assert_memory_equal(screen->lines[16],
			" [ The first of the buttons ]  [ The second of them ]", 53);
		assert_memory_equal(screen->lines[17], " [ The third of the buttons ] ", 30);
		assert_int_equal(screen->cursor_row, view.action < 2 ? 16 : 17);
		assert_int_equal(sheet_role(screen, screen->cursor_row, screen->cursor_column),
			ROLE_FOCUS);
	}
}

static void a_text_scrolls_no_further_than_its_end(void **state)
{
	struct page *page = crowded(*state, 2);
	struct page_text text = { "Help", "one\ntwo\nthree\n" };
	struct screen *screen = screen_new(page, 24, 80);
	size_t top = 1000;

	compose_text(screen, page, &text, &top);
	assert_int_equal(top, 0);
	assert_true(on_screen(screen,
		talloc_asprintf(page, _("Lines %zu to %zu of %zu"), (size_t)1, (size_t)3,
			(size_t)3)));
	text.text = "";
	compose_text(screen, page, &text, &top);
	assert_true(on_screen(screen,
		talloc_asprintf(page, _("Lines %zu to %zu of %zu"), (size_t)0, (size_t)0,
			(size_t)0)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SUPPORT_TEST(pages_of_a_repair_are_as_they_were_read),
		SUPPORT_TEST(the_page_that_asks_for_a_server_is_as_it_was_read),
		SUPPORT_TEST(pages_of_a_repair_on_disks_are_as_they_were_read),
		SUPPORT_TEST(the_row_under_the_cursor_is_always_seen),
		SUPPORT_TEST(moving_the_cursor_shifts_nothing),
		SUPPORT_TEST(spare_columns_give_way),
		SUPPORT_TEST(a_narrow_screen_has_no_list_of_steps),
		SUPPORT_TEST(rows_that_are_only_read_wrap),
		SUPPORT_TEST(a_screen_that_is_too_small_shows_no_button),
		SUPPORT_TEST(without_utf8_all_is_ascii),
		SUPPORT_TEST(all_buttons_are_seen_however_many),
		SUPPORT_TEST(a_text_scrolls_no_further_than_its_end),
	};

	support_locale();
	return cmocka_run_group_tests(tests, NULL, NULL);
}

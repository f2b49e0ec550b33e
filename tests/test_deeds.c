/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Every key on every page of a repair, a repair on disks and a lesson: what stands in the last line
 * acts, and no other letter; a key means one thing; what writes wants the focus and Enter. And
 * clicks at every place of a screen.
 */
#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <ncurses.h>

#include "base/memory.h"
#include "tests/support.h"
#include "tests/walker.h"
#include "ui/wizard/keybar.h"

/* All bytes, all keys of ncurses, those that a terminal's description adds, and some that are
 * none. */
enum { KEYS_FROM = -2, KEYS_TO = 2 * KEY_MAX };

/* How a letter was used on the pages seen so far. */
struct meanings {
	char *of[128];
	size_t pages, deciding;
};

static bool enter(int key)
{
	return key == '\n' || key == '\r' || key == KEY_ENTER;
}

/* The label behind a letter in the last line of a screen, read off the screen: "w" stands in "F2 w"
 * and alone, a digit in "1-6"; NULL if it is not there. */
static const char *shown(const struct screen *screen, int key)
{
	const char *label = NULL;

	for (size_t i = 0; i + 1 < screen->stretch_count; i++) {
		const struct stretch *at = &screen->stretches[i];
		size_t edge = screen->tier == TIER_MONO ? 1 : 0, len = at->width - 2 * edge;
		const char *line = screen->lines[screen->rows - 1] + at->column + edge, *end;

		if (at->row != screen->rows - 1 || at->role != ROLE_KEY || key <= ' ' ||
			key >= 0x7f)
			continue;
		end = line + len;
		if (!(len == 1 && *line == key) && !(len > 2 && end[-2] == ' ' && end[-1] == key) &&
			!(len == 3 && strncmp(line, "1-6", 3) == 0 && key >= '1' && key <= '6'))
			continue;
		if (label != NULL)
			fail_msg("%c stands there twice", key);
		label = talloc_strndup((void *)screen, end + edge + 1, at[1].width - 2);
	}
	return label;
}

/* A letter has one use on all pages. Which answer y gives is in its label, so that an answer is
 * "decides" and no more. */
static void one_meaning(struct meanings *meanings, const struct page *page, int key,
	const char *label, enum deed_kind kind)
{
	char **of = &meanings->of[key];
	const char *use = kind == DEED_ANSWER ? "decides" : label;

	if (*of == NULL)
		*of = talloc_strdup(meanings, use);
	/* Points of a tip are in its label; a narrow line shortens it. */
	size_t first = strcspn(*of, "."), second = strcspn(use, "."),
	       same = first < second ? first : second;

	if (strncmp(*of, use, same < 3 ? same : 3) != 0)
		fail_msg("%c on page %s: %s, elsewhere: %s", key, page->id, use, *of);
}

static void key_sound(struct meanings *meanings, const struct page *page, const struct view *view,
	const struct screen *screen, int key)
{
	struct deed deed = deed_of(page, view, screen, key);
	const char *label = shown(screen, key);
	bool letter = key > ' ' && key < 0x7f && isalnum(key);

	/* The steps at the left begin with their digits. */
	if (screen->steps && deed.kind == DEED_STEP && label == NULL)
		label = "Steps";
	if (letter && (deed.kind != DEED_NONE) != (label != NULL))
		fail_msg("%c on page %s is %s but %s", key, page->id,
			label != NULL ? label : "not shown",
			deed.kind != DEED_NONE ? "acts" : "does not act");
	if (label != NULL)
		one_meaning(meanings, page, key, label, deed.kind);
	if (deed.kind == DEED_ANSWER) {
		assert_non_null(label);
		assert_memory_equal(label,
			page->rows[view->cursor].decide->answers[deed.index].label,
			strcspn(label, "."));
		meanings->deciding++;
	}
	if (deed.kind != DEED_PRESS)
		return;
	if (!enter(key) && (label == NULL || !page->actions[deed.index].of_row))
		fail_msg("key %d presses %s", key, page->actions[deed.index].label);
	if (enter(key))
		assert_int_equal(deed.index, view->action);
	if (page->actions[deed.index].writes)
		assert_true(enter(key) && !view->on_table);
}

/* Keys that never do anything on a page. */
static void dead_keys(const struct page *page, const struct view *view, const struct screen *screen)
{
	static const int dead[] = { ERR, 0, KEY_ESC, ' ', 's', KEY_MOUSE, KEY_RESIZE, KEY_UNKNOWN,
		KEY_BACKSPACE, KEY_DC, KEY_IC, KEY_F(4), KEY_F(8), KEY_F(11), KEY_F(12), 127, 4,
		26 };

	/* A page that looks again by itself is paused by Space, and a row may have an answer s. */
	for (size_t i = 0; i < ARRAY_SIZE(dead); i++)
		if ((dead[i] != ' ' || page->refresh == 0) &&
			(dead[i] != 's' || !shown(screen, 's')))
			assert_int_equal(deed_of(page, view, screen, dead[i]).kind, DEED_NONE);
}

/* Nothing else decides a row, so all its letters are there however short the line is. */
static void answers_shown(const struct page *page, const struct view *view,
	const struct screen *screen)
{
	const struct row *row = row_here(page, view);
	bool asks = row && row->decide && row->decide->kind == ASK_CHOICE;

	for (size_t i = 0; asks && i < row->decide->answer_count; i++)
		if (row->decide->answers[i].key != '\0' &&
			!shown(screen, row->decide->answers[i].key))
			fail_msg("page %s has no room for %s at %zu", page->id,
				row->decide->answers[i].label, screen->columns);
}

static void view_sound(struct meanings *meanings, const struct page *page, struct view *view,
	size_t columns)
{
	struct screen *screen = screen_new(meanings, 20, columns);
	const char *hint;

	screen->tier = columns == 80 ? TIER_256 : TIER_MONO;
	compose_page(screen, page, view);
	hint = hint_page(screen, page, view);
	assert_string_equal(shown(screen, '?'), "Help");
	answers_shown(page, view, screen);
	assert_string_equal(shown(screen, 'q'), "Quit");
	for (int key = KEYS_FROM; key < KEYS_TO; key++)
		key_sound(meanings, page, view, screen, key);
	dead_keys(page, view, screen);
	assert_true(*hint != '\0' && strchr(hint, '\n') == NULL);
	talloc_free(screen);
}

/* However one stands on it. */
static void page_keys(struct meanings *meanings, const struct page *page)
{
	static const size_t columns[] = { 60, 80, 132 };
	struct view view = view_first(page);
	size_t size = 0;

	assert_false(page->actions[view.action].writes);
	for (size_t row = 0; row == 0 || row < page->row_count; row++)
		for (size_t action = 0; action < page->action_count; action++)
			for (int way = 0; way < 2; way++)
				view_sound(meanings, page,
					&(struct view){ .cursor = row,
						.action = action,
						.on_table = way == 1 },
					columns[size++ % ARRAY_SIZE(columns)]);
	meanings->pages++;
}

static void seen(struct walker *walker, const struct page *page)
{
	page_keys(walker->arg, page);
}

static void to_the_registry(struct walker *walker, const struct page *page, struct reply *reply)
{
	if (strcmp(page->id, "registry") == 0)
		reply->final = true;
	else
		walker_right(walker, page, reply);
}

static void no_letter_acts_that_is_not_shown(void **state)
{
	struct meanings *meanings = talloc_zero(*state, struct meanings);
	struct walker *walkers[] = { walker_new(*state, false), walker_new(*state, true),
		walker_new(*state, false) };

	walkers[2]->options = (struct options){ .train = true,
		.train_case = "two-paths",
		.seed = 3,
		.has_seed = true,
		.seat = "jsmith",
		.runs = walkers[2]->runs };
	for (size_t i = 0; i < ARRAY_SIZE(walkers); i++) {
		walkers[i]->arg = meanings;
		walkers[i]->seen = seen;
		walker_walk(walkers[i], i == 2 ? to_the_registry : walker_right);
	}
	assert_true(meanings->pages > 30);
	assert_true(meanings->deciding > 0);
}

/* ---- A page by hand: rows to decide, and an action that writes ---- */

static const struct answer answers[] = { { "change", "Change", 'y', false,
						 "E: is written at step Write, not before.", 0 },
	{ "keep", "Keep", 'n', true, NULL, 0 } };
static const struct question decide = { .id = "registry.decide:x",
	.kind = ASK_CHOICE,
	.title = "Change?",
	.why = "Why this one.",
	.answers = answers,
	.answer_count = ARRAY_SIZE(answers) };
static const struct action actions[] = {
	{ .id = "not-yet", .label = "Not yet", .hint = "Nothing is written.", .focused = true },
	{ .id = "write", .label = "Write 2", .key = 'c', .writes = true, .of_row = true },
	{ .id = "rest", .label = "The rest", .until_seen = "Not before the last row was seen." },
	{ .id = "tip", .label = "Tip", .key = 't', .of_row = true },
};
static const struct row rows[] = { { .id = "a", .selectable = true, .decide = &decide },
	{ .id = "b", .selectable = true }, { .cells = { "only read" } } };
static const struct page review = { .id = "review",
	.rows = rows,
	.row_count = ARRAY_SIZE(rows),
	.actions = actions,
	.action_count = ARRAY_SIZE(actions) };

static void the_last_line_is_in_the_order_of_use(void **state)
{
	static const struct detail detail = { DETAIL_FACT, "a", "b" };
	struct row row = { .selectable = true,
		.decide = &decide,
		.details = &detail,
		.detail_count = 1 };
	struct page page = { .id = "x",
		.rows = &row,
		.row_count = 1,
		.actions = actions + 3,
		.action_count = 1,
		.why = "Why.",
		.back = true,
		.again = true,
		.undo = true,
		.journal = true };
	static const char *const keys[] = { "F1 ?", "PgDn", "y", "n", "t", "F2 w", "F3 b", "F5 r",
		"F6 d", "F7 u", "F9 l", "/", "Enter", "Tab", "F10 q" };
	size_t count, must;
	struct key_label *bar = keybar_page(*state, &page,
		&(struct view){ .scrolls = true, .below = true }, &count, &must);

	assert_int_equal(count, ARRAY_SIZE(keys));
	for (size_t i = 0; i < count; i++)
		assert_string_equal(bar[i].key, keys[i]);
	page = (struct page){ .id = "x", .actions = actions, .action_count = 1 };
	bar = keybar_page(*state, &page, &(struct view){ 0 }, &count, &must);
	assert_int_equal(count, 4);
	assert_string_equal(bar[1].key, "Enter");
	assert_string_equal(bar[2].key, "Tab");
}

static void what_writes_wants_the_focus_and_enter(void **state)
{
	struct meanings *meanings = talloc_zero(*state, struct meanings);
	struct view view = { .action = 1 };
	struct screen *screen;

	page_keys(meanings, &review);
	screen = screen_new(meanings, 24, 80);
	compose_page(screen, &review, &view);
	assert_int_equal(deed_of(&review, &view, screen, '\n').kind, DEED_PRESS);
	assert_int_equal(deed_of(&review, &view, screen, 'c').kind, DEED_NONE);
	view.on_table = true;
	assert_int_equal(deed_of(&review, &view, screen, '\n').kind, DEED_NONE);
}

static void the_hint_says_what_a_key_does_now(void **state)
{
	static const struct {
		struct view view;
		const char *hint;
	} hints[] = {
		{ { .on_table = true },
			"y: E: is written at step Write, not before.  Tab: buttons" },
		{ { 0 }, "Nothing is written." },
		{ { .cursor = 1, .on_table = true }, "Nothing is written." },
		{ { .action = 1 }, "Enter: Write 2" },
		{ { .cursor = 1, .action = 1, .on_table = true }, "Tab: buttons" },
		{ { .action = 2 }, "Not before the last row was seen." },
		{ { .action = 2, .last_seen = true }, "Enter: The rest" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(hints); i++)
		assert_string_equal(hint_page(*state, &review, &hints[i].view), hints[i].hint);
}

/* ---- The mouse ---- */

enum { ROWS = 6, COLUMNS = 30 };

/* Rows of the table on lines 0 to 2, buttons of four columns from column 5 of line 4, and hits of
 * what the page does not have. */
static struct screen *clicked(TALLOC_CTX *mem)
{
	static const struct hit hits[] = { { 0, 0, COLUMNS, HIT_ROW, 0 },
		{ 1, 0, COLUMNS, HIT_ROW, 1 }, { 2, 0, COLUMNS, HIT_ROW, 2 },
		{ 4, 5, 4, HIT_BUTTON, 0 }, { 4, 10, 4, HIT_BUTTON, 1 },
		{ 4, 15, 4, HIT_BUTTON, 2 }, { 4, 20, 4, HIT_BUTTON, 9 }, { 5, 0, 4, HIT_ROW, 9 } };
	struct screen *screen = screen_new(mem, ROWS, COLUMNS);

	screen->hits = (struct hit *)hits;
	screen->hit_count = ARRAY_SIZE(hits);
	return screen;
}

static struct deed click(struct screen *screen, const struct view *view, size_t row, size_t column,
	size_t focused)
{
	return deed_at(&review, view, screen, row, column, focused);
}

static void the_first_click_focuses_and_the_second_presses(void **state)
{
	struct screen *screen = clicked(*state);
	struct view view = { .action = 2, .on_table = true };

	assert_int_equal(click(screen, &view, 1, 29, 0).kind, DEED_CURSOR);
	assert_int_equal(click(screen, &view, 1, 29, 0).index, 1);
	assert_int_equal(click(screen, &view, 2, 3, 0).kind, DEED_NONE); /* only read */
	assert_int_equal(click(screen, &view, 4, 4, 0).kind, DEED_NONE);
	assert_int_equal(click(screen, &view, 4, 5, 0).kind, DEED_FOCUS);
	assert_int_equal(click(screen, &view, 4, 8, 0).index, 0);
	assert_int_equal(click(screen, &view, 4, 9, 0).kind, DEED_NONE);
	/* The focus is on it already, but no click put it there. */
	view = (struct view){ .action = 0 };
	assert_int_equal(click(screen, &view, 4, 5, 0).kind, DEED_FOCUS);
	assert_int_equal(click(screen, &view, 4, 5, 1).kind, DEED_PRESS);
	assert_int_equal(click(screen, &view, 4, 5, 1).index, 0);
	/* A click put it there, but it went on since, by a key. */
	view.on_table = true;
	assert_int_equal(click(screen, &view, 4, 5, 1).kind, DEED_FOCUS);
	view = (struct view){ .action = 2 };
	assert_int_equal(click(screen, &view, 4, 5, 1).kind, DEED_FOCUS);
}

static void no_click_writes_or_decides(void **state)
{
	struct screen *screen = clicked(*state);

	for (size_t at = 0; at < (ROWS + 2) * (COLUMNS + 2); at++)
		for (size_t focused = 0; focused <= review.action_count; focused++)
			for (size_t action = 0; action < 2 * review.action_count; action++) {
				struct view view = { .action = action / 2, .on_table = action % 2 };
				struct deed deed = click(screen, &view, at / (COLUMNS + 2),
					at % (COLUMNS + 2), focused);

				assert_true(deed.kind == DEED_NONE || deed.kind == DEED_CURSOR ||
					deed.kind == DEED_FOCUS || deed.kind == DEED_PRESS);
				if (deed.kind == DEED_PRESS)
					assert_false(actions[deed.index].writes);
				if (deed.kind == DEED_CURSOR)
					assert_in_range(deed.index, 0, 1);
				if (deed.kind == DEED_FOCUS)
					assert_in_range(deed.index, 0, review.action_count - 1);
			}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SUPPORT_TEST(no_letter_acts_that_is_not_shown),
		SUPPORT_TEST(the_last_line_is_in_the_order_of_use),
		SUPPORT_TEST(what_writes_wants_the_focus_and_enter),
		SUPPORT_TEST(the_hint_says_what_a_key_does_now),
		SUPPORT_TEST(the_first_click_focuses_and_the_second_presses),
		SUPPORT_TEST(no_click_writes_or_decides),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

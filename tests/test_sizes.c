/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pages at every size of a screen: those of a walk, those of the look's pictures, and random ones.
 * What must hold on each. */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "tests/sample_pages.h"
#include "tests/support.h"
#include "tests/walker.h"
#include "ui/wizard/keybar.h"

/* Where the page begins beside the steps: 18 columns of them, 22 from 100 columns on. */
static size_t left_of(const struct page *page, size_t columns)
{
	if (!page->steps || columns < 80)
		return 1;
	return columns >= 100 ? 23 : 19;
}

/* All on a screen beside the list of steps but for its blanks: not every language breaks lines at
 * them. */
static char *words_of(const struct screen *screen, size_t left)
{
	char *words = talloc_strdup((void *)screen, "");

	for (size_t i = 0; i < screen->rows; i++)
		words = talloc_strdup_append_buffer(words,
			screen->lines[i] + layout_bytes(screen->lines[i], left));
	return support_squeezed((void *)screen, words);
}

static void text_is_whole(const struct page *page, const struct screen *screen, const char *text)
{
	const char *words = words_of(screen, left_of(page, screen->columns));
	char *wanted = support_squeezed((void *)screen, text);

	if (!strstr(words, wanted))
		fail_msg("%s: %zux%zu lacks \"%s\"", page->id, screen->columns, screen->rows,
			wanted);
}

/* But for blanks at their ends, which nobody sees. */
static bool same_text(const char *a, const char *b)
{
	while (*a != '\0' && *a == *b) {
		a++;
		b++;
	}
	return a[strspn(a, " ")] == '\0' && b[strspn(b, " ")] == '\0';
}

/* The cells that may be cut are names; states may be the same. */
static bool same_name(const struct page *page, size_t one, size_t other)
{
	for (size_t c = 0; c < page->column_count; c++) {
		const char *a = page->rows[one].cells[c], *b = page->rows[other].cells[c];

		if (page->columns[c].cut != CUT_NEVER && !page->columns[c].spare &&
			!same_text(a ? a : "", b ? b : ""))
			return false;
	}
	return true;
}

static const char *row_text(const struct screen *screen, const struct hit *hit)
{
	const char *line = screen->lines[hit->row];

	line += layout_bytes(line, hit->column);
	return talloc_strndup((void *)screen, line, layout_bytes(line, hit->width));
}

static void rows_differ(const struct page *page, const struct screen *screen)
{
	for (size_t i = 0; i < screen->hit_count; i++) {
		for (size_t k = 0; k < i; k++) {
			const struct hit *one = &screen->hits[i], *other = &screen->hits[k];

			if (one->kind != HIT_ROW || other->kind != HIT_ROW ||
				!layout_selectable(page) ||
				same_name(page, one->index, other->index))
				continue;
			assert_string_not_equal(row_text(screen, one), row_text(screen, other));
		}
	}
}

static void all_is_inside(const struct screen *screen)
{
	for (size_t i = 0; i < screen->rows; i++)
		assert_int_equal(layout_width(screen->lines[i]), screen->columns);
	for (size_t i = 0; i < screen->stretch_count; i++) {
		const struct stretch *stretch = &screen->stretches[i];

		assert_true(stretch->row < screen->rows);
		assert_true(stretch->column + stretch->width <= screen->columns);
	}
	for (size_t i = 0; i < screen->hit_count; i++) {
		const struct hit *hit = &screen->hits[i];

		assert_true(hit->row >= 1 && hit->row + 3 <= screen->rows);
		assert_true(hit->column + hit->width <= screen->columns);
	}
	assert_true(screen->cursor_row < screen->rows);
	assert_true(screen->cursor_column < screen->columns);
}

/* A button, whole: its label or the short one between brackets, in the lines above the hint. */
static bool sheet_at(const struct screen *screen, const struct hit *hit, const struct page *page)
{
	const struct action *action = &page->actions[hit->index];
	const char *text = row_text(screen, hit);
	size_t len = strlen(text);

	return hit->row + 3 <= screen->rows && hit->row >= screen->end && len > 4 &&
		(strncmp(text + 2, layout_text((void *)screen, action->label), len - 4) == 0 ||
			(action->brief && strncmp(text + 2, action->brief, len - 4) == 0)) &&
		text[len - 1] == ']';
}

/* The lines of the hint. */
static const char *hint_of(const struct screen *screen, size_t left)
{
	char *hint = talloc_strdup((void *)screen, "");

	for (size_t i = screen->hint; i + 1 < screen->rows; i++)
		hint = talloc_strdup_append_buffer(hint,
			screen->lines[i] + layout_bytes(screen->lines[i], left));
	return support_squeezed((void *)screen, hint);
}

/* What is below the screen is told of; and no sentence is cut in the hint. */
static void what_is_cut_is_told(const struct page *page, const struct screen *screen,
	const struct view *view)
{
	const char *keys = screen->lines[screen->rows - 1],
		   *hint = hint_of(screen, left_of(page, screen->columns));
	const char *whole = support_squeezed((void *)screen,
		layout_text((void *)screen, hint_page((void *)screen, page, view)));
	bool last = page->row_count == 0 || screen->table_rows == 0;
	size_t len;

	for (size_t i = 0; i < screen->hit_count; i++)
		last = last ||
			(screen->hits[i].kind == HIT_ROW &&
				screen->hits[i].index + 1 == page->row_count);
	assert_true(last || strstr(keys, "PgDn") != NULL);
	len = strlen(hint);
	if (strncmp(hint, whole, len) != 0 ||
		(len > 0 && whole[len] != '\0' && !text_full_stop(hint)))
		fail_msg("%s: %zux%zu hint is \"%s\" of \"%s\"", page->id, screen->columns,
			screen->rows, hint, whole);
	if (!page->message_bad && text_full_stop(whole) && len == 0)
		fail_msg("%s: %zux%zu has no room for the hint \"%s\"", page->id, screen->columns,
			screen->rows, whole);
}

/* What the person is at: the row under the cursor, or the focused button. */
static void focus_is_seen(const struct page *page, const struct screen *screen,
	const struct view *view)
{
	bool on_row = view->on_table && layout_selectable(page);
	size_t buttons = 0;
	const struct hit *hit = screen_hit(screen, screen->cursor_row, screen->cursor_column);

	for (size_t i = 0; i < screen->hit_count; i++)
		buttons += screen->hits[i].kind == HIT_BUTTON &&
			sheet_at(screen, &screen->hits[i], page);
	assert_int_equal(buttons, page->action_count);
	if (!on_row && page->action_count == 0)
		return;
	assert_non_null(hit);
	assert_true(hit->kind == (on_row ? HIT_ROW : HIT_BUTTON));
	assert_int_equal(hit->index, on_row ? view->cursor : view->action);
	/* Where a braille display begins: the first cell of a row, the first word of a button. */
	assert_int_equal(screen->cursor_column, hit->column + (on_row ? 0 : 2));
}

static void keys_are_there(const struct screen *screen)
{
	const char *line = screen->lines[screen->rows - 1];
	bool mono = screen->tier == TIER_MONO;
	const char *last = talloc_asprintf((void *)screen, mono ? "[F10 q] %s " : "F10 q %s ",
			   _("Quit")),
		   *first = talloc_asprintf((void *)screen, mono ? "[F1 ?] %s" : "F1 ? %s",
			   _("Help"));

	assert_int_equal(strncmp(line, first, strlen(first)), 0);
	assert_string_equal(line + strlen(line) - strlen(last), last);
}

static void holds_here(const struct page *page, struct view *view, size_t rows, size_t columns,
	enum tier tier)
{
	struct screen *screen = screen_new((void *)page, rows, columns);

	screen->tier = tier;
	compose_page(screen, page, view);
	all_is_inside(screen);
	focus_is_seen(page, screen, view);
	keys_are_there(screen);
	what_is_cut_is_told(page, screen, view);
	rows_differ(page, screen);
	if (page->message && page->message_bad)
		text_is_whole(page, screen, page->message);
	assert_non_null(strstr(screen->lines[0], "msmcfix"));
	talloc_free(screen);
}

/* As it is first seen; with the cursor in the last row; with the last button focused. */
static void holds(const struct page *page, size_t rows, size_t columns, enum tier tier)
{
	struct view view = view_first(page);

	holds_here(page, &view, rows, columns, tier);
	view.on_table = false;
	view.action = page->action_count > 0 ? page->action_count - 1 : 0;
	holds_here(page, &view, rows, columns, tier);
	if (!layout_selectable(page))
		return;
	view.on_table = true;
	view.cursor = page->row_count - 1;
	holds_here(page, &view, rows, columns, tier);
	view.cursor = page->row_count / 2;
	holds_here(page, &view, rows, columns, tier);
}

static void the_pages_of_the_pictures_hold_at_every_size(void **state)
{
#ifdef HOUSE_SANITIZERS
	const size_t step = 5; /* the others pass the same code, and are tried without */
#else
	const size_t step = 1;
#endif
	for (int sample = 0; sample < SAMPLES; sample++) {
		struct page *page = sample_page(*state, (enum sample)sample);

		for (size_t columns = 60; columns <= 132; columns += step)
			for (size_t rows = 20; rows <= 50; rows += 3)
				holds(page, rows, columns, columns % 2 ? TIER_MONO : TIER_256);
		holds(page, 60, 200, TIER_8);
		talloc_free(page);
	}
}

static void sizes(struct walker *walker, const struct page *page)
{
	static const size_t columns[] = { 60, 67, 79, 80, 99, 100, 110, 132 },
			    rows[] = { 20, 24, 34, 50 };

	(void)walker;
	for (size_t i = 0; i < ARRAY_SIZE(columns) * ARRAY_SIZE(rows); i++)
		holds(page, rows[i % ARRAY_SIZE(rows)], columns[i / ARRAY_SIZE(rows)], TIER_256);
}

static void the_pages_of_a_walk_hold_at_every_size(void **state)
{
	struct walker *walker = walker_new(*state, false);

	walker->seen = sizes;
	walker_walk(walker, walker_right);
	assert_string_equal(walker->last, "report");
}

/* ---- What a page must not lose ---- */

static bool is_page(const struct page *page, const char *ids)
{
	return strstr(ids, talloc_asprintf((void *)page, " %s ", page->id)) != NULL;
}

static struct screen *first_seen(const struct page *page, struct view *view, size_t rows,
	size_t columns)
{
	struct screen *screen = screen_new((void *)page, rows, columns);

	*view = view_first(page);
	compose_page(screen, page, view);
	return screen;
}

/* No line is empty, but one above the text below, while rows are waiting for room. */
static void no_line_is_lost(const struct page *page, size_t rows, size_t columns)
{
	struct view view;
	struct screen *screen = first_seen(page, &view, rows, columns);
	size_t empty = 0;

	for (size_t i = 1; i < screen->end; i++) {
		const char *line = screen->lines[i];

		line += layout_bytes(line, left_of(page, columns));
		empty += line[strspn(line, " ")] == '\0';
	}
	if (view.scrolls && empty > 1)
		print_error("%s: %zu empty at %zux%zu\n", page->id, empty, columns, rows);
	assert_in_range(view.scrolls ? empty : 0, 0, 1);
}

/* What is to be closed, and that it is: no matter how small the screen. */
static void ready_says_all(const struct page *page, size_t rows, size_t columns)
{
	struct view view;
	struct screen *screen = first_seen(page, &view, rows, columns);

	/* 40 % more than English may take a second screen. */
	if (view.scrolls && getenv("LANGUAGE"))
		return;
	assert_false(view.scrolls);
	text_is_whole(page, screen,
		_("Close all of this, on the server and on every computer that watches it."));
	text_is_whole(page, screen, _("Backup jobs"));
	assert_non_null(strstr(page->help, _("Backup jobs")));
}

static bool begins_line(const struct screen *screen, size_t left, const char *word)
{
	for (size_t i = 0; i < screen->rows; i++)
		if (strncmp(screen->lines[i] + layout_bytes(screen->lines[i], left), word,
			    strlen(word)) == 0)
			return true;
	return false;
}

static const size_t looks[][2] = { { 24, 80 }, { 20, 60 }, { 36, 120 } };

static void loses_nothing(struct walker *walker, const struct page *page)
{
	struct view view;

	(void)walker;
	for (size_t i = 0; i < ARRAY_SIZE(looks); i++) {
		if (is_page(page, " undo copy "))
			no_line_is_lost(page, looks[i][0], looks[i][1]);
		if (is_page(page, " ready "))
			ready_says_all(page, looks[i][0], looks[i][1]);
	}
	/* Where there are only facts, they have the whole width. */
	if (is_page(page, " carry ") && !strstr(walker->trace, "carry "))
		assert_true(begins_line(first_seen(page, &view, 36, 120), 23, _("why")));
	if (is_page(page, " undo "))
		assert_false(page->undo);
}

static void no_page_of_a_walk_loses_what_it_has_to_say(void **state)
{
	struct walker *walker = walker_new(*state, false);

	walker->seen = loses_nothing;
	walker_walk(walker, walker_with_undo);
	assert_non_null(strstr(walker->trace, "undo keep"));
	assert_string_equal(walker->last, "report");
}

/* ---- Random pages ---- */

static const char *random_text(TALLOC_CTX *mem, uint64_t *seed, uint32_t most, const char *end)
{
	static const char *const bits[] = { "a", " ", "\\", "word", "Application", "\xc3\xbc",
		"\xe9\x83\xb5", ";", "C:\\exchsrvr", " and ", "1999", "\xff", "  " };
	char *text = talloc_strdup(mem, "");

	for (uint32_t n = support_random(seed) % (most + 1); n > 0; n--)
		text = talloc_asprintf_append_buffer(text, "%s%s",
			bits[support_random(seed) % ARRAY_SIZE(bits)],
			support_random(seed) % 12 == 0 ? end : "");
	return talloc_asprintf_append_buffer(text, "%s", end);
}

static enum tone random_tone(uint64_t *seed)
{
	return (enum tone)(support_random(seed) % (TONE_CALM + 1));
}

static void random_rows(struct page *page, uint64_t *seed)
{
	struct column *columns = talloc_zero_array(page, struct column, PAGE_COLUMNS);
	size_t count = 1 + support_random(seed) % PAGE_COLUMNS;
	bool selectable = support_random(seed) % 3 != 0;

	page->row_count = support_random(seed) % 40;
	page->rows = talloc_zero_array(page, struct row, (unsigned)page->row_count + 1);
	page->columns = columns;
	page->column_count = count;
	page->marks = support_random(seed) % 2;
	for (size_t c = 0; c < count; c++)
		columns[c] = (struct column){ random_text(page, seed, 2, ""), 9,
			c > 1 && support_random(seed) % 3 == 0 ? CUT_END : CUT_MIDDLE,
			c > 1 && support_random(seed) % 2 };
	for (size_t i = 0; i < page->row_count; i++) {
		struct row *row = (struct row *)&page->rows[i];
		struct detail *details = talloc_zero_array(page, struct detail, 6);

		row->selectable = selectable;
		row->mark = (enum mark)(support_random(seed) % (MARK_RIGHT + 1));
		row->group = support_random(seed) % 6 == 0 ? random_text(page, seed, 9, "") : NULL;
		row->group_note = random_text(page, seed, 5, "");
		row->lamp = support_random(seed) % 4 == 0 ? random_text(page, seed, 2, "") : NULL;
		row->subject = support_random(seed) % 2 ? random_text(page, seed, 20, "") : NULL;
		row->type = random_text(page, seed, 3, "");
		for (size_t c = 0; c < count; c++) {
			row->cells[c] = random_text(page, seed, 12, "");
			row->tones[c] = random_tone(seed);
		}
		row->details = details;
		row->detail_count = support_random(seed) % 7;
		for (size_t d = 0; d < row->detail_count; d++)
			details[d] = (struct detail){ (enum detail_kind)(support_random(seed) %
							      (DETAIL_AFTER + 1)),
				random_text(page, seed, 3, ""), random_text(page, seed, 40, "") };
	}
}

static void random_drives(struct page *page, uint64_t *seed)
{
	struct drives *drives = talloc_zero(page, struct drives);

	page->drives = drives;
	drives->left.name = random_text(page, seed, 5, "");
	drives->right.name = random_text(page, seed, 5, "");
	drives->arrow_count = support_random(seed) % (DRIVE_LINES + 1);
	for (size_t i = 0; i < DRIVE_LINES; i++) {
		drives->left.lines[i].text = random_text(page, seed, 9, "");
		drives->arrows[i].told.text = random_text(page, seed, 5, "");
		drives->arrows[i].to_right = support_random(seed) % 2;
	}
}

/* Alone, and four times: ten lines at 60 columns. */
#define grave \
	"It is not clear which of the two postoffices is in use: both were written to " \
	"after the service pack, by times that do not agree."

static struct page *random_page(TALLOC_CTX *mem, uint64_t *seed)
{
	static const char *const verdicts[] = { "REPAIRED", "NOT PASSED", "Weiß nicht", "" };
	struct page *page = sample_page(mem, (enum sample)(support_random(seed) % SAMPLES));
	struct points *points = talloc(page, struct points);

	random_rows(page, seed);
	*points = (struct points){ (int)(support_random(seed) % 300) - 100,
		(int)(support_random(seed) % 120), (int)(support_random(seed) % 120) };
	page->title = random_text(page, seed, 20, "");
	page->server = random_text(page, seed, 20, "");
	page->badge = random_text(page, seed, 6, "");
	page->mode = support_random(seed) % 2 ? "LIVE" : NULL;
	page->lead = random_text(page, seed, 60, "\n");
	page->tail = random_text(page, seed, 60, "\n");
	page->coach = support_random(seed) % 3 == 0 ? random_text(page, seed, 60, "\n") : NULL;
	page->counts = support_random(seed) % 2 ? random_text(page, seed, 12, "") : NULL;
	page->why = random_text(page, seed, 90, "\n");
	if (support_random(seed) % 2) {
		page->message = talloc_asprintf(page, "%s%s", grave,
			support_random(seed) % 3 == 0 ? " " grave " " grave " " grave : "");
		page->message_bad = true;
	}
	if (support_random(seed) % 2)
		random_drives(page, seed);
	page->points = support_random(seed) % 4 == 0 ? points : NULL;
	if (support_random(seed) % 3 == 0)
		page->verdict =
			(struct told){ verdicts[support_random(seed) % 4], random_tone(seed) };
	return page;
}

static void random_pages_hold_at_random_sizes(void **state)
{
	uint64_t seed = 12;

	for (int round = 0; round < 1500; round++) {
		struct page *page = random_page(*state, &seed);

		setlocale(LC_ALL, round % 4 == 0 ? "C" : "C.UTF-8");
		holds(page, 20 + support_random(&seed) % 41, 60 + support_random(&seed) % 141,
			(enum tier)(support_random(&seed) % TIERS));
		talloc_free(page);
	}
	support_locale();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SUPPORT_TEST(the_pages_of_the_pictures_hold_at_every_size),
		SUPPORT_TEST(the_pages_of_a_walk_hold_at_every_size),
		SUPPORT_TEST(no_page_of_a_walk_loses_what_it_has_to_say),
		SUPPORT_TEST(random_pages_hold_at_random_sizes),
	};

	support_locale();
	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a box says, in libdialog's codes, and the page beneath it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"
#include "tests/gallery.h"
#include "tests/sample_pages.h"
#include "tests/support.h"
#include "ui/wizard/box_text.h"

/* What libdialog shows of a text (dialog(3), --colors): a backslash, Z and one character more are a
 * code; the parts between \Zr and \Zn stand out, here in brackets. */
static char *shown(TALLOC_CTX *mem, const char *text)
{
	char *out = talloc_strdup(mem, "");
	bool on = false;

	for (; *text != '\0'; text++) {
		if (text[0] == '\\' && text[1] == 'Z' && text[2] != '\0') {
			bool now = text[2] == 'r';

			assert_true(now || text[2] == 'n');
			out = talloc_asprintf_append(out, "%s", now == on ? "" : now ? "[" : "]");
			on = now;
			text += 2;
		} else {
			out = talloc_asprintf_append(out, "%c", *text);
		}
	}
	assert_false(on);
	return out;
}

static char *without_brackets(TALLOC_CTX *mem, const char *text)
{
	char *out = talloc_strdup(mem, "");

	for (; *text != '\0'; text++)
		if (*text != '[' && *text != ']')
			out = talloc_asprintf_append(out, "%c", *text);
	return out;
}

static struct row row_with(const struct detail details[2])
{
	return (struct row){ .subject = "MSExchangeMSMI, ImagePath",
		.details = details,
		.detail_count = 2 };
}

static void the_row_stands_in_it_with_what_changes_marked(void **state)
{
	static const struct detail details[] = { { DETAIL_BEFORE, "now", "C:\\x\\mt.exe" },
		{ DETAIL_AFTER, "new", "E:\\x\\mt.exe" } };
	const struct row row = row_with(details);
	struct box_text box = box_text_of(*state, "Change it?", &row, "It starts there.\n", 80, 12);

	assert_string_equal(box.title, "Change it?");
	assert_string_equal(box.text,
		"MSExchangeMSMI, ImagePath\n"
		"now - \\ZrC:\\Zn\\x\\mt.exe\n"
		"new + \\ZrE:\\Zn\\x\\mt.exe\n"
		"\n"
		"It starts there.");
	assert_int_equal(box.lines, 5);
}

/* C:\Zip is a folder, and no code. */
static void no_path_is_taken_for_a_code(void **state)
{
	static const char *const paths[] = { "C:\\Zip\\Zr\\Zn", "\\Z", "\\\\Z\\Z", "E:\\Z;C:\\Zb" };

	for (size_t i = 0; i < ARRAY_SIZE(paths); i++)
		for (size_t k = 0; k < ARRAY_SIZE(paths); k++) {
			const struct detail details[] = { { DETAIL_BEFORE, "now", paths[i] },
				{ DETAIL_AFTER, "new", paths[k] } };
			const struct row row = row_with(details);
			struct box_text box = box_text_of(*state, paths[i], &row, paths[k], 80, 12);

			assert_string_equal(shown(*state, box.title), paths[i]);
			assert_string_equal(without_brackets(*state, shown(*state, box.text)),
				talloc_asprintf(*state,
					"MSExchangeMSMI, ImagePath\nnow - %s\nnew + %s\n\n%s",
					paths[i], paths[k], paths[k]));
		}
}

/* To libdialog what stands behind a full line is a line more, be it only a code. */
static void no_code_stands_behind_a_full_line(void **state)
{
	char *value = talloc_strdup(*state, "C:\\x");

	for (int i = 0; i < 200; i++) {
		const struct detail details[] = { { DETAIL_BEFORE, "now", "C:\\x" },
			{ DETAIL_AFTER, "new", value } };
		const struct row row = row_with(details);
		struct box_text box = box_text_of(*state, "?", &row, "text", 80, 12);

		for (char *line = strtok(box.text, "\n"); line; line = strtok(NULL, "\n")) {
			bool code =
				strlen(line) > 3 && strcmp(line + strlen(line) - 3, "\\Zn") == 0;
			char *seen = without_brackets(*state, shown(*state, line));

			assert_true(layout_width(seen) + code <= (size_t)box.width - 4);
		}
		value = talloc_strdup_append(value, i % 9 ? "a" : "\\");
	}
}

static char *random_text(TALLOC_CTX *mem, size_t most)
{
	static const char *const pieces[] = { "\\", "Z", "r", "n", ":", ";", "C", "é", "€", " " };
	char *text = talloc_strdup(mem, "x");

	for (size_t i = (size_t)rand() % most; i > 0; i--)
		text = talloc_strdup_append(text, pieces[(size_t)rand() % ARRAY_SIZE(pieces)]);
	return text;
}

/* libdialog ends the whole program where a box is too big: no line is wider, no text longer. */
static void whatever_it_is_told_it_fits(void **state)
{
	srand(12);
	for (int i = 0; i < 2000; i++) {
		size_t columns = 60 + (size_t)rand() % 100;
		const struct detail details[] = { { DETAIL_BEFORE, "now",
							  random_text(*state, 200) },
			{ DETAIL_AFTER, "new", random_text(*state, 200) } };
		const struct row row = row_with(details);
		struct box_text box = box_text_of(*state, random_text(*state, 90), &row,
			random_text(*state, 900), columns, 13);
		char *text = without_brackets(*state, shown(*state, box.text)), *next;
		int lines = 0;

		assert_true(box.width >= 58 && (size_t)box.width + 2 <= columns);
		assert_true(layout_width(shown(*state, box.title)) + 6 <= (size_t)box.width);
		for (; text; text = next, lines++) {
			next = strchr(text, '\n');
			if (next)
				*next++ = '\0';
			assert_true(layout_width(text) + 4 <= (size_t)box.width);
		}
		assert_int_equal(lines, box.lines);
		assert_true(lines <= 13);
	}
}

/* A question longer than the edge stands first in the text, where nothing cuts it. */
static void the_question_is_never_cut(void **state)
{
	char *title = talloc_asprintf(*state, "%s?", layout_repeat(*state, 'q', 53));
	struct box_text box = box_text_of(*state, title, NULL, "a\nb\nc\nd\n", 60, 3);

	assert_string_equal(box.title, "");
	assert_string_equal(box.text, talloc_asprintf(*state, "%s\na\n..", title));
	box = box_text_of(*state, title + 2, NULL, "a\n", 60, 3);
	assert_string_equal(box.title, title + 2);
	assert_string_equal(box.text, "a");
}

static void the_row_is_found_by_its_question(void **state)
{
	const struct question decide = { .id = "registry.decide:a" };
	const struct question edit = { .id = "registry.edit:share/b:c" }, plain = { .id = "ready" };
	const struct row rows[] = { { .id = "x" }, { .id = "y", .decide = &decide },
		{ .id = "share/b:c" } };
	const struct page page = { .rows = rows, .row_count = 3 };

	(void)state;
	assert_int_equal(question_row(&page, &decide), 1);
	assert_int_equal(question_row(&page, &edit), 2);
	assert_int_equal(question_row(&page, &plain), 3);
}

static struct key_label keys[] = { { "F1 ?", "Help" }, { "Tab", "Next" }, { "Enter", "Press" },
	{ "Esc", "Close" } };
static const size_t sizes[][2] = { { 24, 80 }, { 20, 60 }, { 36, 120 } };

static struct screen *beneath(TALLOC_CTX *mem, enum sample sample, const size_t size[2],
	enum tier tier)
{
	struct page *page = sample_page(mem, sample);
	struct screen *screen = screen_new(page, size[0], size[1]);
	struct view view = view_first(page);

	screen->tier = tier;
	compose_beneath(screen, page, &view, keys, ARRAY_SIZE(keys));
	return screen;
}

/* One thing has the focus, and that is in the box; the hint and the keys of the page are gone. */
static void the_page_beneath_has_no_focus(void **state)
{
	for (int sample = 0; sample < SAMPLES; sample++)
		for (size_t i = 0; i < ARRAY_SIZE(sizes); i++)
			for (int tier = 0; tier < TIERS; tier++) {
				struct screen *screen = beneath(*state, (enum sample)sample,
					sizes[i], (enum tier)tier);
				char *text = sheet_text(*state, screen);
				const char *hint = screen->lines[screen->rows - 2];

				for (size_t r = 0; r < screen->rows; r++)
					for (size_t c = 0; c < screen->columns; c++)
						assert_int_not_equal(sheet_role(screen, r, c),
							ROLE_FOCUS);
				assert_null(strstr(text, "[>"));
				assert_null(strstr(text, "<]"));
				assert_int_equal(strspn(hint + screen->columns / 3, " "),
					strlen(hint + screen->columns / 3));
				assert_non_null(strstr(screen->lines[screen->rows - 1], "Close"));
				assert_null(strstr(screen->lines[screen->rows - 1], "Quit"));
			}
}

static void the_page_beneath_is_as_it_was(void **state)
{
	struct gallery *gallery = gallery_new(*state);

	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++)
		gallery_sheet(gallery, "beneath",
			beneath(*state, SAMPLE_REVIEW, sizes[i], TIER_256));
	assert_int_equal(gallery->wrong, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SUPPORT_TEST(the_row_stands_in_it_with_what_changes_marked),
		SUPPORT_TEST(no_path_is_taken_for_a_code),
		SUPPORT_TEST(no_code_stands_behind_a_full_line),
		SUPPORT_TEST(whatever_it_is_told_it_fits),
		SUPPORT_TEST(the_question_is_never_cut),
		SUPPORT_TEST(the_row_is_found_by_its_question),
		SUPPORT_TEST(the_page_beneath_has_no_focus),
		SUPPORT_TEST(the_page_beneath_is_as_it_was),
	};

	support_locale();
	return cmocka_run_group_tests(tests, NULL, NULL);
}

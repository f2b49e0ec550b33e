/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text in columns: widths, cuts, wraps, marks. Expected lines are written by hand. */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"
#include "tests/support.h"
#include "ui/layout.h"

static void a_character_takes_the_columns_that_it_takes_on_a_terminal(void **state)
{
	(void)state;
	assert_int_equal(layout_width(""), 0);
	assert_int_equal(layout_width("Maildat$"), 8);
	assert_int_equal(layout_width("Gr\xc3\xbc\xc3\x9f"), 4);
	/* two characters of two columns */
	assert_int_equal(layout_width("\xe9\x83\xb5\xe4\xbe\xbf"), 4);
	assert_int_equal(layout_width("\xff"), 1);
}

/* Where the locale's characters are others, what is not ASCII is written as \u and \U, and measured
 * so. */
static void without_utf8_characters_are_escaped_and_measured_so(void **state)
{
	assert_string_equal(layout_text(*state, "B\xc3\xbcro"), "B\xc3\xbcro");
	setlocale(LC_ALL, "C");
	assert_string_equal(layout_text(*state, "B\xc3\xbcro"), "B\\u00fcro");
	assert_string_equal(layout_text(*state, "\xf0\x9f\x93\xae"), "\\U0001f4ee");
	assert_int_equal(layout_width("B\xc3\xbcro\xf0\x9f\x93\xae"), 19);
	assert_string_equal(layout_fit(*state, "B\xc3\xbcrokratie", 9, CUT_END), "B\xc3\xbc..");
	setlocale(LC_ALL, "C.UTF-8");
}

static void text_is_padded_or_cut_to_a_width(void **state)
{
	assert_string_equal(layout_fit(*state, "ab", 5, CUT_END), "ab   ");
	assert_string_equal(layout_fit(*state, "abcdefgh", 8, CUT_END), "abcdefgh");
	assert_string_equal(layout_fit(*state, "abcdefghi", 8, CUT_END), "abcdef..");
	assert_string_equal(layout_fit(*state, "abcdef", 2, CUT_END), "..");
	/* A character of two columns does not fit into the last one: a blank stands there. */
	assert_string_equal(layout_fit(*state, "a\xe9\x83\xb5\xe9\x83\xb5\xe9\x83\xb5", 6, CUT_END),
		"a\xe9\x83\xb5.. ");
	assert_int_equal(layout_width(layout_fit(*state,
				 "\xe9\x83\xb5\xe9\x83\xb5\xe9\x83\xb5\xe9\x83\xb5", 6, CUT_END)),
		6);
}

/* What is cut ends at a word, unless that takes half of it; no sign hangs before the dots. */
static void text_is_cut_at_words(void **state)
{
	assert_string_equal(layout_fit(*state, "a second Msmcon", 12, CUT_END), "a second..  ");
	assert_string_equal(layout_fit(*state, "a second Msmcon", 14, CUT_END), "a second..    ");
	assert_string_equal(layout_fit(*state, "one, two", 7, CUT_END), "one..  ");
	assert_string_equal(layout_fit(*state, "a CategoryMessageFile", 12, CUT_END),
		"a Category..");
	assert_string_equal(layout_fit(*state, "fits whole", 10, CUT_END), "fits whole");
}

/* Keys are cut at backslashes: the last part whole, in front what fits of whole parts. */
static void keys_are_cut_between_their_parts(void **state)
{
	static const char *const key = "EventLog\\Application\\MSExchangeMSMI";
	static const struct {
		size_t width;
		const char *shown;
	} cuts[] = { { 35, "EventLog\\Application\\MSExchangeMSMI" },
		{ 34, "EventLog\\..\\MSExchangeMSMI        " },
		{ 26, "EventLog\\..\\MSExchangeMSMI" }, { 25, "..\\MSExchangeMSMI        " },
		{ 17, "..\\MSExchangeMSMI" }, { 16, "..MSExchangeMSMI" },
		{ 15, "..SExchangeMSMI" } };

	for (size_t i = 0; i < ARRAY_SIZE(cuts); i++)
		assert_string_equal(layout_fit(*state, key, cuts[i].width, CUT_MIDDLE),
			cuts[i].shown);
	assert_string_equal(layout_fit(*state, "C:\\exchsrvr\\bin\\mt.exe", 14, CUT_MIDDLE),
		"C:\\..\\mt.exe  ");
	/* other cuts of the same */
	assert_string_equal(layout_fit_way(*state, key, 16, CUT_MIDDLE, 1), "..MSExchangeMSMI");
	assert_string_equal(layout_fit_way(*state, key, 16, CUT_MIDDLE, 2), "EventLog\\Appli..");
	assert_string_equal(layout_fit_way(*state, key, 16, CUT_MIDDLE, 3), "EventLo..ngeMSMI");
	assert_string_equal(layout_fit_way(*state, "short", 16, CUT_MIDDLE, 2), "short           ");
}

static void wraps(void *mem, const char *text, size_t width, const char *expected)
{
	struct lines lines = { 0 };
	char *joined = talloc_strdup(mem, "");

	layout_wrap(mem, text, width, &lines);
	for (size_t i = 0; i < lines.count; i++) {
		assert_true(layout_width(lines.text[i]) <= (width < 8 ? 8 : width));
		joined = talloc_asprintf_append(joined, "%s|", lines.text[i]);
	}
	assert_string_equal(joined, expected);
}

static void paragraphs_wrap_at_blanks(void **state)
{
	wraps(*state, "one two three four\n", 10, "one two|three four|");
	wraps(*state, "no end", 10, "no end|");
	wraps(*state, "", 10, "");
	wraps(*state, "a\n\nb\n", 10, "a||b|");
	wraps(*state, "  one two three four\n", 12, "  one two|  three four|");
	wraps(*state, "abcdefghijklmnop\n", 8, "abcdefgh|ijklmnop|");
	wraps(*state, "x abcdefghijkl\n", 8, "x|abcdefgh|ijkl|");
	wraps(*state, "123456789\n", 3, "12345678|9|"); /* never narrower than 8 */
	wraps(*state, "          deep\n", 12, "          de|      ep|");
	wraps(*state, "\xe9\x83\xb5\xe4\xbe\xbf\xe9\x83\xb5\xe4\xbe\xbf\xe9\x83\xb5\n", 8,
		"\xe9\x83\xb5\xe4\xbe\xbf\xe9\x83\xb5\xe4\xbe\xbf|\xe9\x83\xb5|");
	wraps(*state, "a\xe3\x80\x82 \xe9\x83\xb5. x\n", 20, "a\xe3\x80\x82\xe9\x83\xb5. x|");
}

static void marks_stand_under_what_changed(void **state)
{
	assert_string_equal(layout_marks(*state, "C:\\bin\\mt.exe", "E:\\bin\\mt.exe"), "^^");
	assert_string_equal(layout_marks(*state, "x;C:\\a", "x;E:\\b"), "  ^^^^");
	/* each path of a list by itself */
	assert_string_equal(layout_marks(*state, "C:\\a;C:\\b", "E:\\a;E:\\b"), "^^   ^^");
	assert_string_equal(layout_marks(*state, "C:\\a;C:\\b", "C:\\a;E:\\b"), "     ^^");
	assert_string_equal(layout_marks(*state, "a", "a;b"), " ^^");
	/* each word, and a number as a whole */
	assert_string_equal(layout_marks(*state, "5.5.1960.9, 160768 bytes",
				    "5.5.2448.0, 161280 bytes"),
		"    ^^^^^^  ^^^^^^");
	assert_string_equal(layout_marks(*state, "version 10", "version 12"), "        ^^");
	assert_string_equal(layout_marks(*state, "same", "same"), "");
	/* something is gone from here */
	assert_string_equal(layout_marks(*state, "abc", "ac"), " ^");
	assert_string_equal(layout_marks(*state, "ab x1", "a x2"), " ^ ^");
	assert_string_equal(layout_marks(*state, "", "new"), "^^^");
	/* they share their first byte */
	assert_string_equal(layout_marks(*state, "\xc3\xa4", "\xc3\xbc"), "^");
}

static void whatever_the_text_no_line_is_too_wide(void **state)
{
	static const char *const bits[] = { "a", " ", "\\", "\xc3\xbc", "\xe9\x83\xb5", "\n",
		"\xff", "word", "  " };
	uint64_t seed = 20;

	for (int round = 0; round < 2000; round++) {
		TALLOC_CTX *mem = talloc_new(*state);
		char *text = talloc_strdup(mem, "");
		size_t width = 8 + support_random(&seed) % 40;
		struct lines lines = { 0 };

		for (uint32_t n = support_random(&seed) % 60; n > 0; n--)
			text = talloc_strdup_append(text,
				bits[support_random(&seed) % (ARRAY_SIZE(bits))]);
		layout_wrap(mem, text, width, &lines);
		for (size_t i = 0; i < lines.count; i++)
			assert_true(layout_width(lines.text[i]) <= width);
		assert_int_equal(layout_width(layout_fit(mem, text, width,
					 round % 2 ? CUT_END : CUT_MIDDLE)),
			width);
		talloc_free(mem);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_character_takes_the_columns_that_it_takes_on_a_terminal),
		SUPPORT_TEST(without_utf8_characters_are_escaped_and_measured_so),
		SUPPORT_TEST(text_is_padded_or_cut_to_a_width),
		SUPPORT_TEST(text_is_cut_at_words),
		SUPPORT_TEST(keys_are_cut_between_their_parts),
		SUPPORT_TEST(paragraphs_wrap_at_blanks),
		SUPPORT_TEST(marks_stand_under_what_changed),
		SUPPORT_TEST(whatever_the_text_no_line_is_too_wide),
	};

	setlocale(LC_ALL, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/text.h"

#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"
#include "tests/support.h"

static void round_trip(TALLOC_CTX *mem, const uint8_t *bytes, size_t len)
{
	char *text = text_from_utf16(mem, bytes, len);
	size_t again_len;
	uint8_t *again;

	assert_non_null(text);
	again = text_to_utf16(mem, text, &again_len);
	assert_non_null(again);
	assert_int_equal(again_len, len & ~(size_t)1);
	assert_memory_equal(again, bytes, again_len);
	talloc_free(text);
	talloc_free(again);
}

static void every_unit_survives(void **state)
{
	for (uint32_t unit = 0; unit < 65536; unit++) {
		uint8_t bytes[6] = { 'a', 0, (uint8_t)unit, (uint8_t)(unit >> 8), 'b', 0 };
		round_trip(*state, bytes, sizeof bytes);
		round_trip(*state, bytes + 2, 2);
	}
}

/* Half of the units are surrogates, so that pairs, halves and wrong orders all come up. */
static void random_sequences_survive(void **state)
{
	uint64_t random = 0x240208;
	uint8_t bytes[64];

	for (int run = 0; run < 20000; run++) {
		size_t len = support_random(&random) % (sizeof bytes + 1);
		for (size_t i = 0; i < len; i++)
			bytes[i] = (uint8_t)support_random(&random);
		for (size_t i = 1; i < len; i += 2)
			if (support_random(&random) & 1)
				bytes[i] = (uint8_t)(0xd8 | (bytes[i] & 7));
		round_trip(*state, bytes, len);
	}
}

/* RFC 3629's examples and the two additions of text.h. */
static void characters_have_their_bytes(void **state)
{
	static const struct {
		uint8_t utf16[6];
		size_t len;
		const char *text;
	} rows[] = {
		{ { 'A', 0, 0x62, 0x22, 0x91, 0x03 }, 6, "A\xe2\x89\xa2\xce\x91" },
		{ { 0x4c, 0xd8, 0xb4, 0xdf }, 4, "\xf0\xa3\x8e\xb4" },
		{ { 0, 0 }, 2, "\xc0\x80" },
		{ { 0x00, 0xd8, 'x', 0 }, 4, "\xed\xa0\x80x" },
		{ { 0xff, 0xdf }, 2, "\xed\xbf\xbf" },
		{ { 0x00, 0xdc, 0x00, 0xd8 }, 4, "\xed\xb0\x80\xed\xa0\x80" },
		{ { 0xff, 0xff }, 2, "\xef\xbf\xbf" },
		{ { 'a', 0, 'b' }, 3, "a" },
		{ { 0 }, 0, "" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		assert_string_equal(text_from_utf16(*state, rows[i].utf16, rows[i].len),
			rows[i].text);
	assert_string_equal(text_from_utf16(*state, NULL, 0), "");
	assert_string_equal(text_from_latin1(*state, (const uint8_t *)"a\xe9\0\xff", 4),
		"a\xc3\xa9\xc0\x80\xc3\xbf");
	assert_string_equal(text_from_latin1(*state, NULL, 0), "");
}

static void other_bytes_are_no_text(void **state)
{
	static const char *const bad[] = {
		"\x80",
		"\xbf"
		"a",
		"\xc0", "\xc0\x81", "\xc1\xbf", "\xe0\x80\x80", "\xe0\x9f\xbf", "\xc3",
		"a\xc3"
		"a",
		"\xe2\x82", "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80", "\xf8\x88\x80\x80\x80", "\xff",
		"\xfe", "\xf0\x9f\x98",
		"\xed\xa0\xbd\xed\xb8\x80", /* a pair, written half by half */
	};
	size_t len;

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		assert_null(text_to_utf16(*state, bad[i], &len));
	assert_non_null(text_to_utf16(*state, "", &len));
	assert_int_equal(len, 0);
}

static void shown_text_is_tame(void **state)
{
	static const struct {
		const char *text, *shown;
	} rows[] = {
		{ "E:\\exchsrvr\\connect", "E:\\exchsrvr\\connect" },
		{ "caf\xc3\xa9 \xe4\xb8\xad \xf0\x9f\x98\x80",
			"caf\xc3\xa9 \xe4\xb8\xad \xf0\x9f\x98\x80" },
		{ "a\x1b[31mb\r\n\t\x7f", "a\\x1b[31mb\\x0d\\x0a\\x09\\x7f" },
		{ "\xc2\x9b"
		  "31m",
			"\\u009b31m" },
		{ "\xc0\x80", "\\x00" },
		{ "evil\xe2\x80\xae"
		  "exe.txt",
			"evil\\u202eexe.txt" },
		{ "\xe2\x81\xa6x\xe2\x81\xa9", "\\u2066x\\u2069" },
		{ "\xe2\x80\x8e\xe2\x80\x8f\xd8\x9c", "\\u200e\\u200f\\u061c" },
		{ "\xe2\x80\x8b\xe2\x80\x8d\xe2\x81\xa0\xef\xbb\xbf",
			"\\u200b\\u200d\\u2060\\ufeff" },
		{ "\xe2\x80\xa8\xe2\x80\xa9", "\\u2028\\u2029" },
		{ "\xed\xa0\x80", "\\ud800" },
		{ "\xf3\xa0\x80\x81", "\\udb40\\udc01" },
		{ "\xff\xc3(", "\\xff\\xc3(" },
		{ "\xe2\x82", "\\xe2\\x82" },
		{ "", "" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		assert_string_equal(text_shown(*state, rows[i].text), rows[i].shown);
}

/* Any bytes at all: what comes out is strict UTF-8 without a control character, judged by the C
 * library's own decoder. */
static void shown_random_bytes_are_tame(void **state)
{
	locale_t utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", NULL);
	locale_t before;
	uint64_t random = 99;
	char bytes[32];

	if (!utf8)
		support_skip("there is no locale C.UTF-8");
	before = uselocale(utf8);
	for (int run = 0; run < 20000; run++) {
		size_t len = support_random(&random) % sizeof bytes;
		for (size_t i = 0; i < len; i++)
			bytes[i] = (char)(support_random(&random) % 255 + 1);
		bytes[len] = '\0';
		char *shown = text_shown(*state, bytes);
		assert_int_not_equal(mbstowcs(NULL, shown, 0), (size_t)-1);
		for (const char *c = shown; *c; c++)
			assert_true((unsigned char)*c >= 0x20 && *c != 0x7f);
		char *coded = text_percent(*state, bytes);
		assert_null(strchr(coded, '/'));
		assert_string_equal(text_shown(*state, coded), coded);
		assert_string_equal(text_unpercent(*state, coded), bytes);
		talloc_free(shown);
		talloc_free(coded);
	}
	uselocale(before);
	freelocale(utf8);
}

static void ids_are_coded(void **state)
{
	assert_string_equal(text_percent(*state, "MTA to Vancouver PO\\ImagePath"),
		"MTA to Vancouver PO\\ImagePath");
	assert_string_equal(text_percent(*state, "a/b%c\n\x7f"), "a%2Fb%25c%0A%7F");
	assert_string_equal(text_percent(*state, "caf\xc3\xa9\xe2\x80\xae\xc0\x80\xff"),
		"caf\xc3\xa9%E2%80%AE%C0%80%FF");
	assert_string_equal(text_unpercent(*state, "a%2Fb%25c%0a%7f"), "a/b%c\n\x7f");
	assert_string_equal(text_unpercent(*state, ""), "");
	assert_null(text_unpercent(*state, "%"));
	assert_null(text_unpercent(*state, "%2"));
	assert_null(text_unpercent(*state, "%2g"));
	assert_null(text_unpercent(*state, "% 2"));
	assert_null(text_unpercent(*state, "a%00b"));
}

static void letters_fold(void **state)
{
	static const uint16_t pairs[][2] = {
		{ 'a', 'A' },
		{ 'i', 'I' },
		{ 'z', 'Z' },
		{ 0xe0, 0xc0 },
		{ 0xfe, 0xde },
		{ 0xff, 0x178 },
		{ 0x101, 0x100 },
		{ 0x13a, 0x139 },
		{ 0x17e, 0x17d },
		{ 0x3b1, 0x391 },
		{ 0x3ac, 0x386 },
		{ 0x3ce, 0x38f },
		{ 0x430, 0x410 },
		{ 0x451, 0x401 },
	};
	static const uint16_t alone[] = { '@', '[', '`', '{', 0xd7, 0xf7, 0xdf, 0xb5, 0x130, 0x131,
		0x138, 0x149, 0x17f, 0x178, 0xd800, 0xffff };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(pairs); i++) {
		assert_int_equal(text_upcase(pairs[i][0]), pairs[i][1]);
		assert_int_equal(text_upcase(pairs[i][1]), pairs[i][1]);
	}
	for (size_t i = 0; i < ARRAY_SIZE(alone); i++)
		assert_int_equal(text_upcase(alone[i]), alone[i]);
}

/* The upper-case table that mkntfs writes on every volume, as the outside judge of the blocks we
 * fold. */
static void letters_fold_as_on_ntfs(void **state)
{
	static const uint16_t blocks[][2] = { { 0, 0x17f }, { 0x386, 0x3ce }, { 0x400, 0x481 },
		{ 0x490, 0x4bf }, { 0x4d0, 0x4eb } };
	char *folder, *command, *table;
	size_t len;

	if (!support_have("mkntfs") || !support_have("ntfscat"))
		support_skip("mkntfs and ntfscat are not installed");
	folder = support_folder(*state);
	table = talloc_asprintf(*state, "%s/upcase", folder);
	command = talloc_asprintf(*state,
		"cd %s && truncate -s 4M image && mkntfs -F -Q image && ntfscat -i 10 image > upcase",
		folder);
	assert_int_equal(support_run(*state, (const char *[]){ "sh", "-c", command, NULL }, NULL,
				 NULL),
		0);
	uint8_t *bytes = support_read(*state, table, &len);
	assert_int_equal(len, 131072);
	for (size_t b = 0; b < ARRAY_SIZE(blocks); b++)
		for (size_t unit = blocks[b][0]; unit <= blocks[b][1]; unit++)
			assert_int_equal(text_upcase((uint16_t)unit),
				bytes[2 * unit] | bytes[2 * unit + 1] << 8);
}

static void names_compare(void **state)
{
	static const struct {
		const char *a, *b;
		int order;
	} rows[] = {
		{ "", "", 0 },
		{ "", "a", -1 },
		{ "a", "B", -1 },
		{ "b", "A", 1 },
		{ "ImagePath", "IMAGEPATH", 0 },
		{ "abc", "ab", 1 },
		{ "a_", "aZ", 1 }, /* '_' stands behind the capitals */
		{ "stra\xc3\x9f"
		  "e",
			"STRA\xc3\x9f"
			"E",
			0 },
		{ "\xc3\xa9", "\xc3\x89", 0 },
		{ "\xd1\x8f", "\xd0\xaf", 0 },
		{ "\xc4\xb1", "I", 1 }, /* dotless i is a letter of its own in every locale */
		{ "\xf0\x90\x80\x80", "\xef\xbf\xbf", -1 }, /* by units: D800 before FFFF */
		{ "\xed\xa0\x80", "\xf0\x90\x80\x80", -1 },
		{ "\xff", "\xef\xbf\xbf", 1 },
		{ "\xfe", "\xff", -1 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		assert_int_equal(text_compare(rows[i].a, rows[i].b), rows[i].order);
		assert_int_equal(text_compare(rows[i].b, rows[i].a), -rows[i].order);
		assert_int_equal(text_equal(rows[i].a, rows[i].b), rows[i].order == 0);
	}
}

static void beginnings_compare(void **state)
{
	(void)state;
	assert_true(text_equal_n("System32x", "SYSTEM32y", 8));
	assert_false(text_equal_n("System32x", "SYSTEM32y", 9));
	assert_true(text_equal_n("a", "b", 0));
	assert_true(text_equal_n("ab", "AB", 5));
	assert_false(text_equal_n("ab", "ABc", 3));
	assert_true(text_equal_n("\xc3\xa9x", "\xc3\x89y", 2));
}

static void hex_and_back(void **state)
{
	uint32_t number;
	static const uint8_t bytes[] = { 0x00, 0x01, 0x9a, 0xff };
	size_t len = 99;
	uint8_t *again;

	assert_string_equal(text_hex(*state, bytes, sizeof bytes), "00019aff");
	assert_string_equal(text_hex(*state, NULL, 0), "");
	again = text_unhex(*state, "00019aFF", &len);
	assert_int_equal(len, 4);
	assert_memory_equal(again, bytes, 4);
	assert_non_null(text_unhex(*state, "", &len));
	assert_int_equal(len, 0);
	assert_null(text_unhex(*state, "0", &len));
	assert_null(text_unhex(*state, "0g", &len));
	assert_null(text_unhex(*state, "00 1", &len));
	assert_true(text_hex32("0000030C rest", &number));
	assert_int_equal(number, 0x30c);
	assert_false(text_hex32("0000030", &number));
	assert_false(text_hex32("0000030G", &number));
	/* Two bytes, and three: none of them is cut. */
	assert_int_equal(text_whole("a\xc3\xa4", 9), 3);
	assert_int_equal(text_whole("a\xc3\xa4", 2), 1);
	assert_int_equal(text_whole("\xe2\x82\xac", 2), 0);
}

/* Where the locale is not installed, a private one does. */
static bool turkish_begins(TALLOC_CTX *mem)
{
	char *folder = support_folder(mem),
	     *locale = talloc_asprintf(mem, "%s/tr_TR.UTF-8", folder);

	if (setlocale(LC_ALL, "tr_TR.UTF-8"))
		return true;
	if (!support_have("localedef"))
		return false;
	/* It also ends with 1 when it only warned. */
	(void)support_run(mem,
		(const char *[]){ "localedef", "-i", "tr_TR", "-f", "UTF-8", locale, NULL }, NULL,
		NULL);
	setenv("LOCPATH", folder, 1);
	return setlocale(LC_ALL, "tr_TR.UTF-8");
}

/* Turkish has its own i: nothing here may ask the locale. */
static void turkish_changes_nothing(void **state)
{
	if (!turkish_begins(*state))
		support_skip("there is no locale tr_TR.UTF-8");
	letters_fold(state);
	names_compare(state);
	beginnings_compare(state);
	setlocale(LC_ALL, "C");
}

/* The widths of marks that combine and of East Asian characters: Unicode Standard Annex 11. */
static void paragraphs_are_wrapped(void **state)
{
	assert_int_equal(text_width("a\xcc\x81\xe4\xb8\xad"
				    "b"),
		4);
	assert_string_equal(text_wrap(*state, "- ", 2, 10, "one two  three\nfour"),
		"- one two\n  three\n  four\n");
	assert_string_equal(text_wrap(*state, "", 4, 10, "longer-than-it a  b"),
		"longer-than-it\n    a  b\n");
	assert_string_equal(text_wrap(*state, "> ", 2, 10, ""), "> \n");
	/* An ideographic full stop has its own blank. */
	assert_string_equal(text_wrap(*state, "", 0, 20, "a\xe3\x80\x82 b. c"),
		"a\xe3\x80\x82"
		"b. c\n");
}

static void ends_numbers_and_blanks(void **state)
{
	static const char *const names[] = { "change", "keep" };
	char padded[] = " \t a\tb  \t", blank[] = " \t", empty[] = "";

	(void)state;
	assert_true(text_ends("Mt.EXE", ".exe"));
	assert_false(text_ends(".exe", ".exe")); /* nothing comes before it */
	assert_false(text_ends("exe", ".exe"));
	assert_false(text_ends("mt.exe.", ".exe"));
	assert_int_equal(text_number(names, 2, "keep"), 1);
	assert_int_equal(text_number(names, 2, "Keep"), 2); /* a word of a record, not of Windows */
	assert_int_equal(text_number(names, 2, ""), 2);
	assert_int_equal(text_number(names, 2, NULL), 2);
	assert_string_equal(text_trim(padded), "a\tb");
	assert_string_equal(text_trim(blank), "");
	assert_string_equal(text_trim(empty), "");
}

/* after with what changed in brackets */
static void changes(TALLOC_CTX *mem, const char *before, const char *after, const char *expected)
{
	struct text_span *spans;
	size_t count = text_changes(mem, before, after, &spans), at = 0;
	char *shown = talloc_strdup(mem, "");

	for (size_t i = 0; i < count; i++) {
		assert_true(spans[i].from >= at && spans[i].from + spans[i].len <= strlen(after));
		shown = talloc_asprintf_append(shown, "%.*s[%.*s]", (int)(spans[i].from - at),
			after + at, (int)spans[i].len, after + spans[i].from);
		at = spans[i].from + spans[i].len;
	}
	assert_string_equal(talloc_asprintf_append(shown, "%s", after + at), expected);
}

static void what_changed_is_found(void **state)
{
	/* both ways: what went, and what came */
	changes(*state, "C:\\bin\\mt.exe", "E:\\bin\\mt.exe", "[E:]\\bin\\mt.exe");
	changes(*state, "E:\\bin\\mt.exe", "C:\\bin\\mt.exe", "[C:]\\bin\\mt.exe");
	changes(*state, "C:\\a;C:\\b", "C:\\a;E:\\b", "C:\\a;[E:]\\b");
	changes(*state, "a", "a;b", "a[;b]");
	changes(*state, "abc", "ac", "a[]c");
	changes(*state, "ac", "abc", "a[b]c");
	changes(*state, "", "new one", "[new one]");
	changes(*state, "gone", "", "[]");
	changes(*state, "same", "same", "same");
	/* no letter is cut */
	changes(*state, "\xc3\xa4", "\xc3\xbc", "[\xc3\xbc]");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_unit_survives),
		cmocka_unit_test(random_sequences_survive),
		cmocka_unit_test(characters_have_their_bytes),
		cmocka_unit_test(other_bytes_are_no_text),
		cmocka_unit_test(shown_text_is_tame),
		cmocka_unit_test(shown_random_bytes_are_tame),
		cmocka_unit_test(ids_are_coded),
		cmocka_unit_test(letters_fold),
		cmocka_unit_test(letters_fold_as_on_ntfs),
		cmocka_unit_test(names_compare),
		cmocka_unit_test(beginnings_compare),
		cmocka_unit_test(hex_and_back),
		cmocka_unit_test(paragraphs_are_wrapped),
		cmocka_unit_test(turkish_changes_nothing),
		cmocka_unit_test(ends_numbers_and_blanks),
		cmocka_unit_test(what_changed_is_found),
	};

	return cmocka_run_group_tests_name("text", tests, support_memory_new, support_memory_free);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The theme against what it promises: contrast in palettes that people have, and signs that their
 * fonts have. */
#include <glob.h>
#include <locale.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include <cmocka.h>

#include "base/memory.h"
#include "tests/support.h"
#include "ui/layout.h"
#include "ui/wizard/theme.h"

/* ---- contrast: WCAG 2.1, 1.4.3 and its definition of relative luminance ---- */

static double linear(uint32_t rgb, int shift)
{
	double c = (rgb >> shift & 0xff) / 255.0;

	return c <= 0.03928 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4);
}

static double luminance(uint32_t rgb)
{
	return 0.2126 * linear(rgb, 16) + 0.7152 * linear(rgb, 8) + 0.0722 * linear(rgb, 0);
}

static double contrast(uint32_t a, uint32_t b)
{
	double x = luminance(a) + 0.05, y = luminance(b) + 0.05;

	return x > y ? x / y : y / x;
}

/* Bold is drawn in the bright half: so does the console, and so do xterm and PuTTY unless told
 * otherwise. */
static const struct {
	const char *name;
	uint32_t rgb[16];
} palettes[] = {
	/* Linux, drivers/tty/vt/vt.c: default_red, default_grn, default_blu */
	{ "VGA",
		{ 0x000000, 0xaa0000, 0x00aa00, 0xaa5500, 0x0000aa, 0xaa00aa, 0x00aaaa, 0xaaaaaa,
			0x555555, 0xff5555, 0x55ff55, 0xffff55, 0x5555ff, 0xff55ff, 0x55ffff,
			0xffffff } },
	/* xterm, XTerm-col.ad: black red3 green3 yellow3 blue2 magenta3 cyan3 gray90 gray50 ... */
	{ "xterm",
		{ 0x000000, 0xcd0000, 0x00cd00, 0xcdcd00, 0x0000ee, 0xcd00cd, 0x00cdcd, 0xe5e5e5,
			0x7f7f7f, 0xff0000, 0x00ff00, 0xffff00, 0x5c5cff, 0xff00ff, 0x00ffff,
			0xffffff } },
	/* PuTTY's manual, 4.13.5 "Adjusting the colours": ANSI Black to ANSI White Bold */
	{ "PuTTY",
		{ 0x000000, 0xbb0000, 0x00bb00, 0xbbbb00, 0x0000bb, 0xbb00bb, 0x00bbbb, 0xbbbbbb,
			0x555555, 0xff5555, 0x55ff55, 0xffff55, 0x5555ff, 0xff55ff, 0x55ffff,
			0xffffff } },
};

/* xterm, 256colres.pl: a cube of six steps, then 24 greys. */
static uint32_t cube(short color)
{
	static const uint32_t steps[] = { 0, 95, 135, 175, 215, 255 };
	uint32_t n = (uint32_t)color - 16;

	assert_in_range(color, 16, 255); /* the sixteen below are the terminal's owner's */
	return n >= 216 ? (8 + 10 * (n - 216)) * 0x10101
			: steps[n / 36] << 16 | steps[n / 6 % 6] << 8 | steps[n % 6];
}

static void legible(const char *where, enum role role, uint32_t fore, uint32_t back)
{
	if (role != ROLE_SHADOW && contrast(fore, back) < 4.5)
		fail_msg("role %d in %s has a contrast of %.2f", role, where, contrast(fore, back));
}

static void every_role_is_legible(void **state)
{
	(void)state;
	assert_true(contrast(0xffffff, 0) > 20.99 && contrast(0xffffff, 0) < 21.01);
	for (int role = 0; role < ROLE_COUNT; role++) {
		struct ink ink = theme_ink((enum role)role, TIER_256);

		legible("256", (enum role)role, cube(ink.fore), cube(ink.back));
		ink = theme_ink((enum role)role, TIER_8);
		assert_in_range(ink.fore, 0, 7);
		assert_in_range(ink.back, 0, 7);
		for (size_t i = 0; i < ARRAY_SIZE(palettes); i++)
			legible(palettes[i].name, (enum role)role,
				palettes[i].rgb[ink.fore + (ink.bold ? 8 : 0)],
				palettes[i].rgb[ink.back]);
	}
}

/* What must be seen at once is not told by a colour alone. */
static void without_colours_the_focus_stands_out(void **state)
{
	static const enum role reversed[] = { ROLE_FOCUS, ROLE_BAR, ROLE_GONE, ROLE_DANGER,
		ROLE_COME, ROLE_GOOD, ROLE_BOX_FOCUS };
	static const enum role bold[] = { ROLE_STRONG, ROLE_OPEN, ROLE_DECIDED, ROLE_HERE,
		ROLE_CURSOR, ROLE_WARN, ROLE_CALM, ROLE_KEY, ROLE_BOX_TITLE };

	(void)state;
	for (int role = 0; role < ROLE_COUNT; role++) {
		struct ink ink = theme_ink((enum role)role, TIER_MONO);

		assert_true(ink.fore < 0 && ink.back < 0);
	}
	for (size_t i = 0; i < ARRAY_SIZE(reversed); i++)
		assert_true(theme_ink(reversed[i], TIER_MONO).reverse);
	for (size_t i = 0; i < ARRAY_SIZE(bold); i++)
		assert_true(theme_ink(bold[i], TIER_MONO).bold);
}

static void the_tier_is_what_the_terminal_can_do(void **state)
{
	(void)state;
	assert_int_equal(tier_of(256, NULL), TIER_256);
	assert_int_equal(tier_of(16777216, NULL), TIER_256);
	assert_int_equal(tier_of(88, NULL), TIER_8);
	assert_int_equal(tier_of(8, ""), TIER_8); /* no-color.org: set, and not empty */
	assert_int_equal(tier_of(2, NULL), TIER_MONO);
	assert_int_equal(tier_of(-1, NULL), TIER_MONO);
	assert_int_equal(tier_of(256, "1"), TIER_MONO);
}

/* ---- signs ---- */

enum { MARKS = MARK_RIGHT + 1, SIGNS = MARKS + SIGN_COUNT };

static const char *sign_of(int index)
{
	return index < MARKS ? mark_sign((enum mark)index) : theme_sign((enum sign)(index - MARKS));
}

static wchar_t code_of(int index)
{
	wchar_t code[2];

	assert_int_equal(mbstowcs(code, sign_of(index), 2), 1);
	return code[0];
}

static void every_sign_is_one_cell_wide(void **state)
{
	(void)state;
	for (int i = 0; i < SIGNS; i++) {
		assert_int_equal(layout_width(sign_of(i)), 1);
		assert_int_equal(wcwidth(code_of(i)), 1);
	}
}

static void without_utf8_signs_are_ascii(void **state)
{
	(void)state;
	assert_non_null(setlocale(LC_CTYPE, "C"));
	for (int i = 0; i < SIGNS; i++)
		assert_true(strlen(sign_of(i)) == 1 && *sign_of(i) >= ' ' && *sign_of(i) < 0x7f);
	assert_non_null(setlocale(LC_CTYPE, "C.UTF-8"));
}

/* States that may stand below each other must differ, in either set. */
static void marks_of_rows_and_of_steps_differ(void **state)
{
	static const enum mark steps[] = { MARK_DONE, MARK_NOW, MARK_OPEN, MARK_LOCK, MARK_WEAK };
	static const enum mark rows[] = { MARK_ASK, MARK_CHANGE, MARK_KEEP, MARK_RIGHT };
	static const char *const locales[] = { "C", "C.UTF-8" };

	(void)state;
	for (size_t l = 0; l < ARRAY_SIZE(locales); l++) {
		assert_non_null(setlocale(LC_CTYPE, locales[l]));
		for (size_t i = 0; i < ARRAY_SIZE(steps); i++)
			for (size_t k = 0; k < i; k++)
				assert_string_not_equal(mark_sign(steps[i]), mark_sign(steps[k]));
		for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
			for (size_t k = 0; k < i; k++)
				assert_string_not_equal(mark_sign(rows[i]), mark_sign(rows[k]));
	}
}

/*
 * What the kernel's own font can show: code page 437. Besides ASCII, by hand from Unicode's
 * MAPPINGS/VENDORS/MICSFT/PC/CP437.TXT (0x80 to 0xff) and MAPPINGS/VENDORS/MISC/IBMGRAPH.TXT
 * (0x01 to 0x1f and 0x7f).
 */
static const wchar_t cp437[] =
	L"ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀"
	L"αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0"
	L"☺☻♥♦♣♠•◘○◙♂♀♪♫☼►◄↕‼¶§▬↨↑↓→←∟↔▲▼⌂";

static void every_sign_is_in_the_kernels_font(void **state)
{
	(void)state;
	assert_int_equal(wcslen(cp437), 128 + 31 + 1);
	for (int i = 0; i < SIGNS; i++)
		if (code_of(i) > 0x7e && !wcschr(cp437, code_of(i)))
			fail_msg("%s is not in code page 437", sign_of(i));
}

/* The end of a font of the console holds which characters each of its glyphs is for: PSF 1 in
 * UTF-16 with 0xffff behind each glyph's, PSF 2 in UTF-8 with 0xff (kbd, psf.h). */
static bool in_psf1(const unsigned char *table, size_t len, wchar_t code)
{
	for (size_t i = 0; i + 1 < len; i += 2)
		if ((wchar_t)(table[i] | table[i + 1] << 8) == code)
			return true;
	return false;
}

static bool font_has(const unsigned char *font, size_t len, int index)
{
	enum { PSF1_HEAD = 4 };
	size_t at;

	if (font[0] == 0x36 && font[1] == 0x04) {
		at = PSF1_HEAD + (font[2] & 1 ? 512U : 256U) * font[3];
		assert_true((font[2] & 6) != 0 && at < len);
		return in_psf1(font + at, len - at, code_of(index));
	}
	assert_memory_equal(font, "\x72\xb5\x4a\x86", 4);
	at = font[8] + (size_t)(font[16] | font[17] << 8) * (font[20] | (unsigned)font[21] << 8);
	assert_true(at < len);
	return memmem(font + at, len - at, sign_of(index), strlen(sign_of(index))) != NULL;
}

static size_t font_read(TALLOC_CTX *mem, const char *path, unsigned char *font, size_t room)
{
	FILE *pipe = popen(talloc_asprintf(mem, "gzip -dc %s", path), "r");
	size_t len;

	assert_non_null(pipe);
	len = fread(font, 1, room, pipe);
	assert_int_equal(pclose(pipe), 0);
	return len;
}

static void every_sign_is_in_the_fonts_of_the_console(void **state)
{
	static const char *const wanted[] = { "Lat15", "Lat2", "Uni2" };
	static unsigned char font[1 << 18];
	const char *folder = getenv("MSMCFIX_FONTS");
	glob_t found = { 0 };

	for (size_t i = 0; i < ARRAY_SIZE(wanted); i++)
		(void)glob(talloc_asprintf(*state, "%s/%s-*.psf.gz",
				   folder ? folder : "/usr/share/consolefonts", wanted[i]),
			i > 0 ? GLOB_APPEND : 0, NULL, &found);
	for (size_t i = 0; i < found.gl_pathc; i++) {
		size_t len = font_read(*state, found.gl_pathv[i], font, sizeof font);

		for (int sign = 0; sign < SIGNS; sign++)
			if (!font_has(font, len, sign))
				fail_msg("%s has no %s", found.gl_pathv[i], sign_of(sign));
	}
	if (found.gl_pathc == 0) {
		print_message("no fonts of package console-setup-linux here\n");
		skip();
	}
	globfree(&found);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SUPPORT_TEST(every_role_is_legible),
		SUPPORT_TEST(without_colours_the_focus_stands_out),
		SUPPORT_TEST(the_tier_is_what_the_terminal_can_do),
		SUPPORT_TEST(every_sign_is_one_cell_wide),
		SUPPORT_TEST(without_utf8_signs_are_ascii),
		SUPPORT_TEST(marks_of_rows_and_of_steps_differ),
		SUPPORT_TEST(every_sign_is_in_the_kernels_font),
		SUPPORT_TEST(every_sign_is_in_the_fonts_of_the_console),
	};

	setlocale(LC_ALL, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}

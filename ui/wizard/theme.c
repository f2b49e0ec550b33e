/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/wizard/theme.h"

#include "ui/layout.h"

enum role role_of(enum tone tone)
{
	static const enum role roles[] = {
		[TONE_TEXT] = ROLE_TEXT,
		[TONE_STRONG] = ROLE_STRONG,
		[TONE_QUIET] = ROLE_QUIET,
		[TONE_RIGHT] = ROLE_RIGHT,
		[TONE_OPEN] = ROLE_OPEN,
		[TONE_DECIDED] = ROLE_DECIDED,
		[TONE_GOOD] = ROLE_GOOD,
		[TONE_WARN] = ROLE_WARN,
		[TONE_DANGER] = ROLE_DANGER,
		[TONE_CALM] = ROLE_CALM,
	};

	return roles[tone];
}

enum tier tier_of(int colors, const char *no_color)
{
	if ((no_color && *no_color != '\0') || colors < 8)
		return TIER_MONO;
	return colors >= 256 ? TIER_256 : TIER_8;
}

/* ECMA-48's order of the first eight. */
enum { BLACK, RED, GREEN, YELLOW, BLUE, MAGENTA, CYAN, WHITE };
enum { PLAIN, BOLD = 1, REVERSE = 2 };

/*
 * The 256 are of the cube (16 and up), which no palette changes. The contrast of each is held by
 * tests/test_theme.c.
 */
static const struct {
	short fore, back;     /* of 256 */
	short fore_8, back_8; /* of 8 */
	unsigned bold_8, mono;
} inks[ROLE_COUNT] = {
	[ROLE_TEXT] = { 253, 18, WHITE, BLUE, PLAIN, PLAIN },
	[ROLE_STRONG] = { 231, 18, WHITE, BLUE, BOLD, BOLD },
	[ROLE_QUIET] = { 110, 18, CYAN, BLUE, PLAIN, PLAIN },
	[ROLE_RIGHT] = { 120, 18, GREEN, BLUE, BOLD, PLAIN },
	[ROLE_OPEN] = { 228, 18, YELLOW, BLUE, BOLD, BOLD },
	[ROLE_DECIDED] = { 123, 18, CYAN, BLUE, BOLD, BOLD },
	[ROLE_RAIL] = { 252, 17, WHITE, BLUE, PLAIN, PLAIN },
	[ROLE_RAIL_QUIET] = { 110, 17, CYAN, BLUE, PLAIN, PLAIN },
	[ROLE_RAIL_DONE] = { 120, 17, GREEN, BLUE, BOLD, PLAIN },
	[ROLE_RAIL_OPEN] = { 228, 17, YELLOW, BLUE, BOLD, BOLD },
	[ROLE_HERE] = { 231, 18, WHITE, BLUE, BOLD, BOLD },
	[ROLE_CURSOR] = { 16, 116, BLACK, CYAN, PLAIN, BOLD },
	[ROLE_FOCUS] = { 16, 231, BLACK, WHITE, PLAIN, REVERSE },
	[ROLE_BAR] = { 16, 252, BLACK, WHITE, PLAIN, REVERSE },
	[ROLE_GONE] = { 231, 124, WHITE, RED, BOLD, REVERSE },
	[ROLE_DANGER] = { 231, 124, WHITE, RED, BOLD, REVERSE },
	[ROLE_COME] = { 16, 114, BLACK, GREEN, PLAIN, REVERSE },
	[ROLE_GOOD] = { 16, 114, BLACK, GREEN, PLAIN, REVERSE },
	[ROLE_WARN] = { 228, 16, YELLOW, BLACK, BOLD, BOLD },
	[ROLE_CALM] = { 16, 116, BLACK, CYAN, PLAIN, BOLD },
	[ROLE_KEY] = { 231, 16, WHITE, BLACK, BOLD, BOLD },
	[ROLE_KEY_LABEL] = { 16, 110, BLACK, CYAN, PLAIN, PLAIN },
	[ROLE_BOX] = { 16, 252, BLACK, WHITE, PLAIN, PLAIN },
	[ROLE_BOX_TITLE] = { 18, 252, BLUE, WHITE, PLAIN, BOLD },
	[ROLE_BOX_FOCUS] = { 231, 18, WHITE, BLUE, BOLD, REVERSE },
	[ROLE_SHADOW] = { 240, 16, BLACK, BLACK, BOLD, PLAIN },
};

struct ink theme_ink(enum role role, enum tier tier)
{
	if (tier == TIER_256)
		return (struct ink){ inks[role].fore, inks[role].back, inks[role].mono == BOLD,
			false };
	if (tier == TIER_8)
		return (struct ink){ inks[role].fore_8, inks[role].back_8,
			inks[role].bold_8 == BOLD, false };
	return (struct ink){ .fore = -1,
		.back = -1,
		.bold = inks[role].mono == BOLD,
		.reverse = inks[role].mono == REVERSE };
}

/* In the kernel's own font (code page 437), the console fonts of Debian, and WGL4;
 * tests/test_theme.c. */
struct signs {
	const char *utf8, *ascii;
};

static const char *sign_here(const struct signs *signs)
{
	return layout_utf8() ? signs->utf8 : signs->ascii;
}

const char *mark_sign(enum mark mark)
{
	static const struct signs signs[] = {
		[MARK_NONE] = { " ", " " },
		[MARK_DONE] = { "■", "*" },
		[MARK_NOW] = { "→", ">" },
		[MARK_OPEN] = { "·", "." },
		[MARK_LOCK] = { "-", "x" },
		[MARK_WEAK] = { "?", "?" },
		[MARK_ASK] = { "?", "?" },
		[MARK_CHANGE] = { "→", "+" },
		[MARK_KEEP] = { "·", "-" },
		[MARK_RIGHT] = { "=", "=" },
	};

	return sign_here(&signs[mark]);
}

const char *theme_sign(enum sign sign)
{
	static const struct signs signs[SIGN_COUNT] = {
		[SIGN_TO_LEFT] = { "←", "<" },
		[SIGN_TO_RIGHT] = { "→", ">" },
		[SIGN_UP] = { "↑", "^" },
		[SIGN_LAMP] = { "■", "*" },
		[SIGN_REST] = { "░", "." },
		[SIGN_HORIZONTAL] = { "─", "-" },
		[SIGN_VERTICAL] = { "│", "|" },
		[SIGN_TOP_LEFT] = { "┌", "+" },
		[SIGN_TOP_RIGHT] = { "┐", "+" },
		[SIGN_BOTTOM_LEFT] = { "└", "+" },
		[SIGN_BOTTOM_RIGHT] = { "┘", "+" },
		[SIGN_FILLED] = { "#", "#" },
	};

	return sign_here(&signs[sign]);
}

char *theme_line(TALLOC_CTX *mem, enum sign sign, size_t count)
{
	char *line = talloc_strdup(mem, "");

	while (count-- > 0)
		line = talloc_strdup_append_buffer(line, theme_sign(sign));
	return line;
}

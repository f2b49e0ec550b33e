/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Big letters of cells with a ground of their own: no font can lack them. */
#include <stdint.h>
#include <string.h>

#include "base/text_unit.h"
#include "ui/wizard/compose_private.h"

enum { LETTER_WIDTH = 4, LETTER_STEP = 5 };

/* Five rows of four cells each, from the top left; a hexadecimal digit is a row. */
static const char font[] = " -0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ\xc4\xd6\xdc"; /* Latin-1 */
static const uint32_t pictures[] = { 0x00000, 0x00f00, 0x69996, 0x26227, 0xe168f, 0xe161e, 0x99f11,
	0xe8e1e, 0x68e96, 0xf1244, 0x69696, 0x69716, 0x69f99, 0xe9e9e, 0x78887, 0xe999e, 0xf8e8f,
	0xf8e88, 0x78b97, 0x99f99, 0x72227, 0x11196, 0x9aca9, 0x8888f, 0x9ff99, 0x9dfb9, 0x69996,
	0xe9e88, 0x699a5, 0xe9ea9, 0x7861e, 0xf2222, 0x99996, 0x99966, 0x99ff9, 0x99699, 0x99711,
	0xf168f, 0x969f9, 0x96996, 0x90996 };

/* NULL for none. */
static const uint32_t *letter_of(const char *text, size_t *len)
{
	uint32_t letter = text_step(text, len);
	const char *at = letter > 0 && letter <= 0xff ? strchr(font, (int)letter) : NULL;

	return at ? &pictures[at - font] : NULL;
}

size_t letters_width(const char *word)
{
	size_t count = 0, len;

	for (; *word != '\0'; word += len, count++)
		if (!letter_of(word, &len))
			return 0;
	return count > 0 ? count * LETTER_STEP - 1 : 0;
}

/* Whether that cell of a letter is filled. */
static bool is_filled(uint32_t cells, size_t row, size_t column)
{
	return (cells >> ((LETTER_HEIGHT - 1 - row) * LETTER_WIDTH + LETTER_WIDTH - 1 - column) &
		       1) != 0;
}

/* The ground of a warning is too near to the page's: there the cells are signs in its colour. */
void letters_draw(struct screen *screen, size_t row, size_t column, const char *word,
	enum tone tone)
{
	bool signs = screen->tier == TIER_MONO || tone == TONE_WARN;
	enum role role = tone == TONE_WARN ? ROLE_OPEN : role_of(tone);

	size_t len;

	for (; *word != '\0'; word += len, column += LETTER_STEP) {
		const uint32_t *letter = letter_of(word, &len);

		for (size_t i = 0; letter && i < LETTER_HEIGHT * LETTER_WIDTH; i++)
			if (is_filled(*letter, i / LETTER_WIDTH, i % LETTER_WIDTH))
				screen_put(screen, row + i / LETTER_WIDTH,
					column + i % LETTER_WIDTH, 1,
					signs ? theme_sign(SIGN_FILLED) : " ", role);
	}
}

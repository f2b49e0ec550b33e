/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Big letters of cells with a ground of their own: no font can lack them. */
#include <stdint.h>
#include <string.h>

#include "ui/wizard/compose_private.h"

enum { LETTER_WIDTH = 4, LETTER_STEP = 5 };

/* Five rows of four cells each, from the top left; a hexadecimal digit is a row. */
static const struct letter {
	char letter;
	uint32_t cells;
} font[] = {
	{ ' ', 0x00000 },
	{ '-', 0x00f00 },
	{ '0', 0x69996 },
	{ '1', 0x26227 },
	{ '2', 0xe168f },
	{ '3', 0xe161e },
	{ '4', 0x99f11 },
	{ '5', 0xe8e1e },
	{ '6', 0x68e96 },
	{ '7', 0xf1244 },
	{ '8', 0x69696 },
	{ '9', 0x69716 },
	{ 'A', 0x69f99 },
	{ 'B', 0xe9e9e },
	{ 'C', 0x78887 },
	{ 'D', 0xe999e },
	{ 'E', 0xf8e8f },
	{ 'F', 0xf8e88 },
	{ 'G', 0x78b97 },
	{ 'H', 0x99f99 },
	{ 'I', 0x72227 },
	{ 'J', 0x11196 },
	{ 'K', 0x9acA9 },
	{ 'L', 0x8888f },
	{ 'M', 0x9ff99 },
	{ 'N', 0x9dfb9 },
	{ 'O', 0x69996 },
	{ 'P', 0xe9e88 },
	{ 'Q', 0x699a5 },
	{ 'R', 0xe9ea9 },
	{ 'S', 0x7861e },
	{ 'T', 0xf2222 },
	{ 'U', 0x99996 },
	{ 'V', 0x99966 },
	{ 'W', 0x99ff9 },
	{ 'X', 0x99699 },
	{ 'Y', 0x99711 },
	{ 'Z', 0xf168f },
};

static const struct letter *letter_of(char letter)
{
	for (size_t i = 0; i < sizeof font / sizeof *font; i++)
		if (font[i].letter == letter)
			return &font[i];
	return NULL;
}

size_t letters_width(const char *word)
{
	size_t count = strlen(word);

	for (size_t i = 0; i < count; i++)
		if (!letter_of(word[i]))
			return 0;
	return count > 0 ? count * LETTER_STEP - 1 : 0;
}

/* Whether that cell of a letter is filled. */
static bool is_filled(const struct letter *letter, size_t row, size_t column)
{
	return (letter->cells >> ((LETTER_HEIGHT - 1 - row) * LETTER_WIDTH + LETTER_WIDTH - 1 -
					 column) &
		       1) != 0;
}

/* The ground of a warning is too near to the page's: there the cells are signs in its colour. */
void letters_draw(struct screen *screen, size_t row, size_t column, const char *word,
	enum tone tone)
{
	bool signs = screen->tier == TIER_MONO || tone == TONE_WARN;
	enum role role = tone == TONE_WARN ? ROLE_OPEN : role_of(tone);

	for (; *word != '\0'; word++, column += LETTER_STEP) {
		const struct letter *letter = letter_of(*word);

		for (size_t i = 0; letter && i < LETTER_HEIGHT * LETTER_WIDTH; i++)
			if (is_filled(letter, i / LETTER_WIDTH, i % LETTER_WIDTH))
				screen_put(screen, row + i / LETTER_WIDTH,
					column + i % LETTER_WIDTH, 1,
					signs ? theme_sign(SIGN_FILLED) : " ", role);
	}
}

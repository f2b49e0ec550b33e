/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One step through text, for what measures or rewrites it. */
#ifndef BASE_TEXT_UNIT_H
#define BASE_TEXT_UNIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What text_step gives for a byte that begins no character: TEXT_BAD plus the byte. Above all of
 * Unicode. */
#define TEXT_BAD 0x200000u

/* The character at text, which must not be at its end: a code point, a lone surrogate, 0 for C0 80,
 * or TEXT_BAD + byte. *size is the number of its bytes, 1 for a bad one. Never reads past the final
 * NUL. */
uint32_t text_step(const char *text, size_t *size);

/* Whether a line may end between two characters that no blank is between: one of them is wide, and
 * neither a sign that belongs to the other. */
bool text_may_end(uint32_t before, uint32_t after);

/* Without the blanks behind ideographic full stops, which have their own; changes text. */
char *text_close_stops(char *text);

#endif

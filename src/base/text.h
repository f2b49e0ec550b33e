/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Text as the core holds it, and as a person may see it.
 *
 * Inside the program every name and string that came from Windows is UTF-8 in which a lone
 * surrogate is written as its own three bytes and NUL as C0 80. So any UTF-16 survives the way in
 * and out, and C strings work. Nothing of that may reach a terminal: what is shown goes through
 * text_shown.
 */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <talloc.h>

/* UTF-16LE code units to text. len is in bytes; an odd last byte is ignored. Never NULL but for
 * want of memory. */
char *text_from_utf16(TALLOC_CTX *mem, const uint8_t *bytes, size_t len);

/* Text to UTF-16LE without a final NUL; *len in bytes. NULL if text is not of the kind described
 * above. */
uint8_t *text_to_utf16(TALLOC_CTX *mem, const char *text, size_t *len);

/* Latin-1 (compressed registry names) to text. */
char *text_from_latin1(TALLOC_CTX *mem, const uint8_t *bytes, size_t len);

/* For a person: control characters, direction marks (U+200E, U+200F, U+202A to U+202E, U+2066 to
 * U+2069, U+061C), zero-width characters, line and paragraph separators, lone surrogates and bad
 * UTF-8 become \xNN or \uNNNN; a backslash stays as it is. Valid UTF-8. */
char *text_shown(TALLOC_CTX *mem, const char *text);

/* The same into out, which has room bytes, as far as whole characters fit with a NUL behind them;
 * the number of bytes. */
size_t text_escape(char *out, size_t room, const char *text);

/* The program as it was started (MSMCFIX_CALL, set by who calls it under another name), safe to
 * show: every command that is shown begins with it. Lives as long as the environment. */
const char *text_call(void);

/* Whether text can be a person's name: there is a letter or a digit in it. Every character beyond
 * ASCII that text_shown leaves as it is counts as a letter. */
bool text_is_name(const char *text);

/* The subject of an id: '%', '/', control characters, and bytes that text_shown would escape become
 * %XX, byte by byte. */
char *text_percent(TALLOC_CTX *mem, const char *text);
/* Back again; NULL if it is malformed. */
char *text_unpercent(TALLOC_CTX *mem, const char *text);

/* The upper case of a UTF-16 code unit as Windows NT folds names: ASCII, Latin-1, Latin Extended-A,
 * Greek and Cyrillic; independent of the locale. */
uint16_t text_upcase(uint16_t unit);

/* Comparison of names as Windows NT does it, in text_upcase order; <0, 0, >0. */
int text_compare(const char *a, const char *b);
bool text_equal(const char *a, const char *b);
/* The same for the first n bytes of each (n must fall on character boundaries). */
bool text_equal_n(const char *a, const char *b, size_t n);

/* Whether text is longer than this and ends so; letters count alike in either case. */
bool text_ends(const char *text, const char *with);
/* The number of a name in a list of count, or count for NULL and for what is none. */
size_t text_number(const char *const *names, size_t count, const char *name);
/* text without blanks around it, cut in place. */
char *text_trim(char *text);

/* A list as the command line has it, "a,b", with "\\," for a comma in an item. The next item is
 * taken off *rest; item is put behind what list holds already. NULL for want of memory; list NULL
 * stays NULL. */
char *text_item(TALLOC_CTX *mem, const char **rest);
char *text_item_add(char *list, const char *item);

/* How many columns a string takes on a terminal; text must have gone through text_shown. */
size_t text_width(const char *text);
/* Whether there is a character of two columns in text. */
bool text_is_wide(const char *text);
/* The length of text, or of as many whole characters of it as most bytes hold. */
size_t text_whole(const char *text, size_t most);
/* How many bytes of text take at most so many columns. */
size_t text_fit(const char *text, size_t columns);
/* The columns that a list needs with text in it, and least without. */
size_t text_widest(size_t least, const char *text);
/* text with blanks behind it up to so many columns. */
char *text_pad(TALLOC_CTX *mem, const char *text, size_t columns);
/* The bytes of the full stop that text ends in, "." or U+3002; 0 for none. */
size_t text_full_stop(const char *text);
/* A paragraph in lines of so many columns, each ended: the first begins with first, the others with
 * indent blanks. Blanks inside a line stay as they are, for they may be part of a name. Words
 * longer than a line are not cut. */
char *text_wrap(TALLOC_CTX *mem, const char *first, int indent, size_t columns, const char *text);

/* Bytes of a text. */
struct text_span {
	size_t from, len;
};
/* The parts of after that are not common to before (common prefix and suffix left out, for each
 * word and each path of a list; numbers whole, a drive's letter with its colon), one without a
 * length where something is gone; none if they are the same. Owned by mem. Returns how many. */
size_t text_changes(TALLOC_CTX *mem, const char *before, const char *after,
	struct text_span **spans);

#define TEXT_HEX_DIGITS "0123456789abcdefABCDEF"
/* What a hex digit counts, or -1. */
int text_hex_digit(char c);
/* The number of the eight hex digits that text begins with; false if it does not. */
bool text_hex32(const char *text, uint32_t *number);
/* Lower-case hex of bytes. */
char *text_hex(TALLOC_CTX *mem, const uint8_t *bytes, size_t len);
/* Bytes of hex; NULL if it is malformed. */
uint8_t *text_unhex(TALLOC_CTX *mem, const char *hex, size_t *len);

#endif

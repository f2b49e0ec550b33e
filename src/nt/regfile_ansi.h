/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the reader and the writer of nt/regfile.h share. Code page 1252 is as Windows maps it: the
 * five bytes without a character stand for the control of the same number. */
#ifndef NT_REGFILE_ANSI_H
#define NT_REGFILE_ANSI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <talloc.h>

#define REGFILE_HEADER_4 "REGEDIT4"
#define REGFILE_HEADER_5 "Windows Registry Editor Version 5.00"

/* The types whose bytes are characters, and so ANSI in a REGEDIT4 file (Q186146). */
bool ansi_type(uint32_t type);

/* UTF-16LE of ANSI bytes, twice as long, owned by mem. NULL for want of memory. */
uint8_t *ansi_to_utf16(TALLOC_CTX *mem, const uint8_t *bytes, size_t len);

/* ANSI bytes of UTF-16LE (len is even), half as long, owned by mem. NULL if the code page lacks a
 * unit, which then is *missing, or for want of memory, with *missing 0. */
uint8_t *ansi_from_utf16(TALLOC_CTX *mem, const uint8_t *bytes, size_t len, unsigned *missing);

#endif

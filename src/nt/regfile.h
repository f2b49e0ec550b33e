/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * .reg files, written: REGEDIT4 (NT 4.0: ANSI code page 1252, CRLF; Q195178, Q186146) and version
 * 5.00 (Windows 2000: UTF-16LE with BOM). In a REGEDIT4 file the bytes of hex(1), hex(2) and hex(7)
 * are ANSI, in 5.00 UTF-16LE.
 */
#ifndef NT_REGFILE_H
#define NT_REGFILE_H

#include "base/error.h"
#include "nt/regdata.h"

enum regfile_version { REGFILE_4, REGFILE_5 };

struct regfile_key {
	char *path; /* HKEY_LOCAL_MACHINE\SYSTEM\... */
	struct reg_value *values;
	size_t count;
};

struct regfile {
	enum regfile_version version;
	struct regfile_key *keys;
	size_t count;
};

/* Writes the file's bytes. A character that code page 1252 lacks makes REGFILE_4 fail with
 * TROUBLE_NAME and names it, and so does a string of odd length, which only 5.00 can hold; names
 * with CR, LF or NUL fail in both. Strings with CR, LF, embedded NUL or no final NUL are written as
 * hex(type). Lines wrap at 80 columns, where Windows' own editor wraps them. */
int regfile_write(TALLOC_CTX *mem, const struct regfile *file, uint8_t **bytes, size_t *len,
	struct error *err);

#endif

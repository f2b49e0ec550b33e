/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The version resource of a PE file (VS_FIXEDFILEINFO; PE and COFF specification). Hostile bytes:
 * nothing is trusted. */
#ifndef NT_PEVERSION_H
#define NT_PEVERSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* 5.5.2448.0 */
struct pe_version {
	uint16_t part[4];
};

/* Reads the file version out of a whole PE file (32 or 64 bit). False if it is no PE file, has no
 * version resource, or is malformed. */
bool pe_version_read(const uint8_t *bytes, size_t len, struct pe_version *version);

/* What a file is to Windows NT's loader (PE and COFF specification). */
enum pe_kind {
	PE_NONE,    /* empty, cut off, or nothing that could be started or loaded */
	PE_OLD,     /* a program of DOS or 16-bit Windows, as far as its header tells */
	PE_PROGRAM, /* whole: every section lies within the file */
	PE_LIBRARY, /* ... and marked as a DLL */
};
enum pe_kind pe_kind_read(const uint8_t *bytes, size_t len);

/* <0, 0, >0 */
int pe_version_compare(const struct pe_version *a, const struct pe_version *b);

/* "5.5.2448.0"; the buffer holds the longest. */
void pe_version_text(const struct pe_version *version, char out[24]);
bool pe_version_parse(const char *text, struct pe_version *version);

#endif

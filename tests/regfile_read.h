/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The reader that judges what nt/regfile.h writes; the program itself reads no .reg file. */
#ifndef TESTS_REGFILE_READ_H
#define TESTS_REGFILE_READ_H

#include "nt/regfile.h"

/* Reads either version, by its header. Anything malformed, and anything that deletes, is
 * TROUBLE_RECORD_DAMAGED with its line number. Everything is owned by *file. */
int regfile_read(TALLOC_CTX *mem, const uint8_t *bytes, size_t len, struct regfile **file,
	struct error *err);

#endif

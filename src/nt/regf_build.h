/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A hive of version 1.3 made from scratch, as NT 4.0 would lay it out: lf lists (ri over li where a
 * key has more subkeys than one list holds), one security descriptor (everyone may do everything)
 * shared by all keys, bins of 4096 bytes and multiples. Same calls, same bytes.
 */
#ifndef NT_REGF_BUILD_H
#define NT_REGF_BUILD_H

#include "base/error.h"
#include "nt/regdata.h"

struct regf_build;

/* root_name is the name of the root key; time the FILETIME of header and keys; file_name goes into
 * the header ("SYSTEM"). */
struct regf_build *regf_build_new(TALLOC_CTX *mem, const char *root_name, const char *file_name,
	uint64_t time);

/* Makes the key of this path and those on the way. 0 or a trouble. */
int regf_build_key(struct regf_build *build, const char *path, struct error *err);

/* Sets a value (the key is made if need be). data is copied. */
int regf_build_value(struct regf_build *build, const char *path, const char *name,
	const struct reg_data *data, struct error *err);

/* Sequence numbers of the header, 1/1 unless set; unequal ones make a dirty hive (for training and
 * tests). */
void regf_build_sequence(struct regf_build *build, uint32_t sequence1, uint32_t sequence2);

/* Lays it all out. The bytes are owned by mem. */
int regf_build_finish(struct regf_build *build, TALLOC_CTX *mem, uint8_t **bytes, size_t *len,
	struct error *err);

#endif

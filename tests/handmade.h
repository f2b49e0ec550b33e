/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A hive laid out by hand, every position written down, so that tests know where a byte must be
 * without asking the code they test. Positions are relative to the first bin; add 0x1000 for the
 * file.
 *
 *   020 root key "ROOT" (flags 2c)             078 its security cell, a ring of one
 *   0a8 lf list: 0c0, 118 0c0 key "Alpha" with three values 118 key "beta" with none
 *   170 list of values: 180, 1b8, 1d8
 *   180 "Path" REG_EXPAND_SZ of 20 bytes at 1a0: C:\Exchsr without a final NUL ... 1b8 "Num"
 *   REG_DWORD inline
 *   1d8 the default value, REG_SZ "A" inline   1f0 free to the end of the bin
 */
#ifndef TESTS_HANDMADE_H
#define TESTS_HANDMADE_H

#include <stddef.h>
#include <stdint.h>
#include <talloc.h>

#include "nt/regf.h"

enum {
	HAND_LEN = 0x2000,
	HAND_BIN = 0x1000,
	HAND_ROOT = 0x20,
	HAND_SK = 0x78,
	HAND_LF = 0xa8,
	HAND_ALPHA = 0xc0,
	HAND_BETA = 0x118,
	HAND_VALUES = 0x170,
	HAND_PATH = 0x180,
	HAND_DATA = 0x1a0,
	HAND_NUM = 0x1b8,
	HAND_DEFAULT = 0x1d8,
	HAND_FREE = 0x1f0
};
/* FILETIME of 2000-01-01 00:00 UTC. */
#define HAND_TIME 0x01bf53eb256d4000ULL

/* A fresh copy of HAND_LEN bytes, owned by mem. */
uint8_t *handmade(TALLOC_CTX *mem);

/* Little-endian fields of width 1, 2, 4 or 8 bytes. */
void hand_put(uint8_t *p, unsigned width, uint64_t value);
uint64_t hand_get(const uint8_t *p, unsigned width);
/* Puts the checksum of the format into the base block: XOR of the first 127 words. */
void hand_checksum(uint8_t *file);

/* The same hive with free bins behind it, at least size bytes long in all. */
uint8_t *hand_pad(TALLOC_CTX *mem, uint8_t *file, size_t *len, size_t size);

/* Opens a hive that must pass the gate; one that must pass the walk as well. */
struct regf *hand_open(TALLOC_CTX *mem, const uint8_t *file, size_t len);
struct regf *hand_checked(TALLOC_CTX *mem, const uint8_t *file, size_t len);

/* How many cells in use begin with these two letters, found by walking bins and cells alone. */
size_t hand_cells(const uint8_t *file, size_t len, const char *letters);

/* How two hives differ, owned by the first's owner: "key|value|type:bytes>type:bytes;" each, -1 for
 * what is not there. */
char *hand_differences(const uint8_t *a, size_t na, const uint8_t *b, size_t nb);

#endif

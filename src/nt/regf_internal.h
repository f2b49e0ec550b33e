/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the parts of the hive code share: bytes, cells, names, lists and the whereabouts of data.
 * Positions are relative to the first bin, as a hive counts them; NIL is its "none".
 */
#ifndef NT_REGF_INTERNAL_H
#define NT_REGF_INTERNAL_H

#include "base/bytes.h"
#include "nt/regf.h"

enum {
	REGF_BASE = 4096, /* the base block before the first bin */
	REGF_PAGE = 4096, /* a bin is one or more of these */
	REGF_BIN_HEADER = 32,
	REGF_DEPTH = 512, /* NT's own limit of nested keys */
	/* data longer than this is split over a db cell from version 1.4 on */
	REGF_DB_SEGMENT = 16344,
	REGF_KEY_NAME_MAX = 255, /* UTF-16 units */
	REGF_VALUE_NAME_MAX = 16383,
	REGF_DATA_MAX = 1000000 /* NT takes no cell over 1 MiB */
};
#define REGF_NIL 0xffffffffU
#define REGF_INLINE 0x80000000U /* in a value's length: the data stands in the offset field */

/* Fields, from the begin of a cell's data. */
enum {
	NK_FLAGS = 2,
	NK_TIME = 4,
	NK_PARENT = 16,
	NK_SUBKEYS = 20,
	NK_LIST = 28,
	NK_VOLATILE_LIST = 32,
	NK_VALUES = 36,
	NK_VALUE_LIST = 40,
	NK_SECURITY = 44,
	NK_CLASS = 48,
	NK_MAX_NAME = 52, /* these three in UTF-16 bytes, whatever way the names are stored */
	NK_MAX_VALUE_NAME = 60,
	NK_MAX_VALUE_DATA = 64,
	NK_NAME_LEN = 72,
	NK_CLASS_LEN = 74,
	NK_NAME = 76
};
enum { NK_LATIN1 = 0x20, VK_LATIN1 = 1 };
enum { VK_NAME_LEN = 2, VK_LEN = 4, VK_DATA = 8, VK_TYPE = 12, VK_FLAGS = 16, VK_NAME = 20 };
enum { SK_FLINK = 4, SK_BLINK = 8, SK_COUNT = 12, SK_LEN = 16, SK_BYTES = 20 };

struct regf_source;

struct regf {
	char *name; /* what sentences call it */
	struct regf_header header;
	/* base block and bins; over a source only what was asked for so far */
	const uint8_t *image;
	uint64_t size;              /* of image */
	struct regf_source *source; /* NULL over bytes in memory */
	/* passed regf_check: all is there, and whatever an offset leads to is a cell of the right
	 * kind */
	bool sound;
};

/* An allocated cell, its size field taken off. */
struct regf_cell {
	const uint8_t *data;
	uint32_t pos, len;
};

/* A name as it lies in a cell. */
struct regf_name {
	const uint8_t *bytes;
	size_t len; /* in bytes */
	bool latin1;
};

/* Where the data of a value lies: inside its vk cell, in a cell of their own, or in the segments
 * that the list of a db cell names. */
struct regf_place {
	uint32_t len;
	uint32_t pos; /* of the first byte, where they are in one piece */
	/* the data cell or the db cell; REGF_NIL inside the vk cell, or where there are no bytes */
	uint32_t cell;
	uint32_t list; /* the cell with the positions of the segments, or REGF_NIL */
};
struct regf_piece {
	uint32_t pos, len;
};

/* In a file: the byte at pos, and a field of the cell there. */
static inline uint8_t *regf_at(uint8_t *file, uint32_t pos)
{
	return file + REGF_BASE + pos;
}

static inline uint8_t *regf_field(uint8_t *file, uint32_t pos, size_t off)
{
	return regf_at(file, pos) + 4 + off;
}

static inline bool bits_get(const uint8_t *bits, uint64_t i)
{
	return bits[i / 8] >> (i % 8) & 1;
}

static inline void bits_set(uint8_t *bits, uint64_t i)
{
	bits[i / 8] = (uint8_t)(bits[i / 8] | 1U << (i % 8));
}

/* Sets TROUBLE_HIVE_BROKEN at this position; what is a whole, translated sentence. */
int regf_broken(const struct regf *hive, uint32_t pos, const char *what, struct error *err);

/* Reads all bins. */
int regf_bytes_all(struct regf *hive, struct error *err);
/* The allocated cell at pos, with at least min bytes of data. The one way to anything in a bin that
 * was not checked. */
int regf_cell(struct regf *hive, uint32_t pos, uint32_t min, struct regf_cell *cell,
	struct error *err);
/* The same where the hive is sound. */
static inline struct regf_cell regf_cell_at(const struct regf *hive, uint32_t pos)
{
	const uint8_t *p = hive->image + REGF_BASE + pos;
	return (struct regf_cell){ p + 4, pos, 0U - get32(p) - 4 };
}

/* Keys and values: cells whose signature, least length and name length are right. */
int regf_nk(struct regf *hive, regf_key key, struct regf_cell *nk, struct error *err);
int regf_vk(struct regf *hive, uint32_t pos, struct regf_cell *vk, struct error *err);
struct regf_name regf_nk_name(const struct regf_cell *nk);
struct regf_name regf_vk_name(const struct regf_cell *vk);

/* Names: text, order as NT sorts, equality. The name of a text is in mem; TROUBLE_NAME if it cannot
 * be one. */
char *regf_name_text(TALLOC_CTX *mem, const struct regf_name *name);
int regf_name_of(TALLOC_CTX *mem, const char *text, struct regf_name *name, struct error *err);
int regf_name_compare(const struct regf_name *a, const struct regf_name *b);
size_t regf_name_units(const struct regf_name *name);
/* A name as a cell is to hold it, Latin-1 where it can be: at most so many UTF-16 units. Owned by
 * mem. */
int regf_name_stored(TALLOC_CTX *mem, const char *text, size_t most, struct regf_name *name,
	struct error *err);
/* What an lf list says of a name: its first four characters, or a first 0 where one of them is not
 * Latin-1. */
void regf_name_hint(const struct regf_name *name, uint8_t hint[4]);

/* The subkeys an nk cell lists, owned by mem. */
int regf_list(struct regf *hive, TALLOC_CTX *mem, const struct regf_cell *nk, regf_key **keys,
	size_t *count, struct error *err);

/* The list of values of an nk cell: list->data holds count positions; count 0 leaves list empty. */
int regf_value_list(struct regf *hive, const struct regf_cell *nk, struct regf_cell *list,
	uint32_t *count, struct error *err);
/* The value of this name and its place in the list; vk->data is NULL where there is none. */
int regf_value_find(struct regf *hive, const struct regf_cell *nk, const struct regf_name *name,
	struct regf_cell *vk, uint32_t *index, struct error *err);
/* Writes a fresh vk cell's name. */
void regf_vk_write(uint8_t *vk, const struct regf_name *name);
/* Gives the vk cell at pos its data: more than four bytes lie in cell. */
void regf_data_write(uint8_t *file, uint32_t pos, uint32_t cell, const struct reg_data *data);
/* What a cell for len bytes takes. */
static inline uint32_t regf_cell_size(size_t len)
{
	return ((uint32_t)len + 4 + 7) / 8 * 8;
}

/* Where the data of a value lies; what its cells hold is present from then on. */
int regf_place(struct regf *hive, const struct regf_cell *vk, struct regf_place *place,
	struct error *err);
/* The pieces one after the other: the one that begins at byte done of the data, which is below
 * place->len. */
struct regf_piece regf_piece(const struct regf *hive, const struct regf_place *place,
	uint32_t done);
/* The cells it takes, from index 0 on; REGF_NIL behind the last. */
uint32_t regf_place_cell(const struct regf *hive, const struct regf_place *place, uint32_t index);

/* The class name of a key as raw bytes inside the hive; len 0 without one. */
int regf_class(struct regf *hive, const struct regf_cell *nk, struct regf_name *class,
	struct error *err);
/* A security cell, whose descriptor is whole. */
int regf_sk(struct regf *hive, uint32_t pos, struct regf_cell *sk, struct error *err);

#endif

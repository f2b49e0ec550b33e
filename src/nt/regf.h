/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reading a registry hive file of version 1.3 (NT 4.0, 2000) or 1.5 (XP, 2003).
 *
 * A hive is read through a source that delivers bytes by position; each part of the file is asked
 * for once and only when it is needed. Everything in a hive is hostile: every offset, length and
 * count is checked, and lists are followed to a limited depth only. Format and its traps:
 * doc/hives.md 1.
 */
#ifndef NT_REGF_H
#define NT_REGF_H

#include "base/error.h"
#include "nt/regdata.h"

/* Delivers exactly len bytes from offset off; 0 or a negative trouble with err set. */
typedef int regf_read_fn(void *arg, uint64_t off, void *buf, size_t len, struct error *err);

struct regf;

/* A key: the position of its nk cell, relative to the first bin. 0 is "no key". */
typedef uint32_t regf_key;

struct regf_header {
	uint32_t sequence1, sequence2;
	uint64_t timestamp; /* FILETIME of the last write */
	uint32_t major, minor, type, root, length, checksum;
};

/*
 * Opens the hive of size bytes behind read, and passes the header through the gate (doc/hives.md
 * 2): size, "regf", version 1.3 or 1.5, type 0, checksum with its two special values, equal
 * sequence numbers, length a multiple of 4096 and inside the file, root cell a key. NT 3.51 and
 * older (minor below 3) are TROUBLE_TOO_OLD; unequal numbers TROUBLE_HIVE_DIRTY; and so on, each
 * its own trouble. name is how sentences call the file. The source must outlive the hive.
 */
int regf_open(TALLOC_CTX *mem, const char *name, uint64_t size, regf_read_fn *read, void *arg,
	struct regf **hive, struct error *err);

/* The same for bytes in memory, which must outlive the hive. */
int regf_open_bytes(TALLOC_CTX *mem, const char *name, const uint8_t *bytes, size_t len,
	struct regf **hive, struct error *err);

/* Reads only the first 4096 bytes, whatever their state; false if they are not a hive header. Tells
 * a dirty hive from a clean one. */
bool regf_header_read(const uint8_t *bytes, size_t len, struct regf_header *header);
/* The checksum that belongs into these first 512 bytes (XOR of 127 words; 0 becomes 1, 0xffffffff
 * becomes 0xfffffffe). */
uint32_t regf_checksum(const uint8_t *base_block);

/*
 * The whole walk, before anything may be written: every bin header, the chain of cells in every
 * bin, every key, list, value and data cell reachable from the root, each visited once, depth at
 * most 512; lists in the kind their version has (no lh below 1.5), key names unique.
 * TROUBLE_HIVE_BROKEN names the first damage and its offset. Reads the whole file, and does nothing
 * the second time.
 */
int regf_check(struct regf *hive, struct error *err);

regf_key regf_root(const struct regf *hive);

/* Finds a key by its path below the root, names (as NT compares them) separated by '\'. *key is 0
 * where there is none: that is no error. */
int regf_find(struct regf *hive, const char *path, regf_key *key, struct error *err);

struct regf_subkey {
	char *name;
	regf_key key;
};
/* The subkeys in the order of the list. Owned by mem. */
int regf_subkeys(struct regf *hive, TALLOC_CTX *mem, regf_key key, struct regf_subkey **subkeys,
	size_t *count, struct error *err);

/* The values in the order of the list, data included; big data (db) of 1.5 is joined. Owned by
 * mem. */
int regf_values(struct regf *hive, TALLOC_CTX *mem, regf_key key, struct reg_value **values,
	size_t *count, struct error *err);
/* One value by name; *value is NULL where there is none. Reads no other value's data. */
int regf_value(struct regf *hive, TALLOC_CTX *mem, regf_key key, const char *name,
	struct reg_value **value, struct error *err);

/*
 * Calls back for key and all keys below it, first with value NULL, then for every value of it, in
 * the order of the lists, whatever their type. path is what the first key is called; the others are
 * path, '\\' and their names. A non-zero return of the callback ends the walk and is returned. The
 * hive must pass regf_check first.
 */
typedef int regf_walk_fn(void *arg, const char *key, const struct reg_value *value,
	struct error *err);
int regf_walk(struct regf *hive, regf_key key, const char *path, regf_walk_fn *fn, void *arg,
	struct error *err);

/*
 * What differs in meaning between two hives, which must pass regf_check first: keys and values
 * added, removed or changed (name, type, data, security descriptor, class; not timestamps, not
 * positions, not the name of the root). Calls back once a difference, in the order of names: key
 * path (no leading '\'), value name or NULL for the key itself, the data on either side or NULL
 * where there is none (of a key, data that say nothing). A key on one side alone is followed by its
 * values and subkeys. A non-zero return of the callback ends the walk and is returned.
 */
typedef int regf_diff_fn(void *arg, const char *key, const char *value, const struct reg_data *a,
	const struct reg_data *b);
int regf_diff(struct regf *a, struct regf *b, regf_diff_fn *fn, void *arg, struct error *err);

#endif

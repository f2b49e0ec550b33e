/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The data of a registry value: a type and raw bytes, and what they say. The bytes are the truth;
 * text is for eyes. */
#ifndef NT_REGDATA_H
#define NT_REGDATA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <talloc.h>

enum reg_type {
	REG_NONE = 0,
	REG_SZ = 1,
	REG_EXPAND_SZ = 2,
	REG_BINARY = 3,
	REG_DWORD = 4,
	REG_DWORD_BE = 5,
	REG_LINK = 6,
	REG_MULTI_SZ = 7,
	REG_RESOURCE_LIST = 8,
	REG_FULL_RESOURCE_DESCRIPTOR = 9,
	REG_RESOURCE_REQUIREMENTS_LIST = 10,
	REG_QWORD = 11
};

struct reg_data {
	uint32_t type;  /* enum reg_type, or whatever the hive says */
	uint8_t *bytes; /* may be NULL when len is 0 */
	size_t len;
};

struct reg_value {
	char *name; /* "" is the default value */
	struct reg_data data;
};

/* One value's new data; NULL removes the value. The key must exist. */
struct reg_edit {
	const char *key;   /* from the root on or the hive's file, as whoever takes it says */
	const char *value; /* any case; an existing one keeps its spelling */
	const struct reg_data *data;
};

/* "REG_SZ" ..., or "type 0x1234" (owned by mem). regdata_type_parse takes what this gives. */
char *regdata_type_name(TALLOC_CTX *mem, uint32_t type);
bool regdata_type_parse(const char *name, uint32_t *type);

/* Type and bytes; NULL equals NULL alone. */
bool regdata_equal(const struct reg_data *a, const struct reg_data *b);
/* A deep copy, owned by mem. */
struct reg_data *regdata_copy(TALLOC_CTX *mem, const struct reg_data *data);

/* The string of REG_SZ and REG_EXPAND_SZ up to the first NUL, with or without a final NUL, odd
 * lengths allowed (Q279158: setup wrote strings without NUL). NULL if the type is another. */
char *regdata_string(TALLOC_CTX *mem, const struct reg_data *data);

/* New data of the same type that says text and ends as the old one did: no NUL, one, several, bytes
 * behind it, an odd last byte. For REG_SZ and REG_EXPAND_SZ only; NULL otherwise. */
struct reg_data *regdata_with_string(TALLOC_CTX *mem, const struct reg_data *old, const char *text);

/* The strings of REG_MULTI_SZ; *count of them; tolerant of missing final NULs. NULL if the type is
 * another. */
char **regdata_strings(TALLOC_CTX *mem, const struct reg_data *data, size_t *count);
/* Data of REG_MULTI_SZ with the two final NULs. */
struct reg_data *regdata_from_strings(TALLOC_CTX *mem, char *const *strings, size_t count);
/* The same, ending as old did: one NUL or none where it had so. */
struct reg_data *regdata_with_strings(TALLOC_CTX *mem, const struct reg_data *old,
	char *const *strings, size_t count);

/* Fresh data: REG_SZ or REG_EXPAND_SZ with one final NUL; REG_DWORD. */
struct reg_data *regdata_from_string(TALLOC_CTX *mem, uint32_t type, const char *text);
struct reg_data *regdata_from_dword(TALLOC_CTX *mem, uint32_t value);
/* REG_DWORD (either byte order) of exactly four bytes. */
bool regdata_dword(const struct reg_data *data, uint32_t *value);

/* For eyes, unescaped: the string; the strings joined by " | "; 0x%08x (%u); hex pairs, at most
 * limit bytes and then "...". */
char *regdata_text(TALLOC_CTX *mem, const struct reg_data *data, size_t limit);

#endif

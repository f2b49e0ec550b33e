/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Arrays on talloc whose size is a size_t: talloc_array counts with an unsigned int and would
 * silently cut a larger number. */
#ifndef BASE_MEMORY_H
#define BASE_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <talloc.h>

/* How many elements an array has whose length is known here. */
#define ARRAY_SIZE(array) (sizeof(array) / sizeof(array)[0])

/* Room for count elements of each bytes, owned by mem, not cleared; at least one byte, so NULL
 * always means want of memory (or a size that cannot be). */
void *memory_array(TALLOC_CTX *mem, size_t each, size_t count);
/* The same, cleared. */
void *memory_array_zero(TALLOC_CTX *mem, size_t each, size_t count);
/* Makes old (from above, or NULL) hold count elements; what is new is not cleared. NULL leaves old
 * as it is. */
void *memory_array_grow(TALLOC_CTX *mem, void *old, size_t each, size_t count);

/* Room for one more behind the count elements of a list, which doubles where it is full. list: the
 * address of the pointer to the first (NULL: none yet), from above. The new element, cleared, for
 * the caller to count; NULL leaves all as it is. */
void *memory_more(TALLOC_CTX *mem, void *list, size_t count, size_t each);

/* Puts text behind the *count texts of such a list, which then owns it. False for want of memory,
 * for which text NULL stands too. */
bool memory_more_text(TALLOC_CTX *mem, char ***list, size_t *count, char *text);

#endif

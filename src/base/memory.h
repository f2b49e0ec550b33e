/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Arrays on talloc whose size is a size_t: talloc_array counts with an unsigned int and would silently cut a larger
 * number. */
#ifndef BASE_MEMORY_H
#define BASE_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <talloc.h>

/* Room for count elements of each bytes, owned by mem, not cleared; at least one byte, so NULL always means want of
 * memory (or a size that cannot be). */
void *memory_array(TALLOC_CTX *mem, size_t each, size_t count);
/* The same, cleared. */
void *memory_array_zero(TALLOC_CTX *mem, size_t each, size_t count);
/* Makes old (from above, or NULL) hold count elements; what is new is not cleared. NULL leaves old as it is. */
void *memory_array_grow(TALLOC_CTX *mem, void *old, size_t each, size_t count);

/* A shelf: strings that live and go together, one behind the other in blocks. Of thousands of short ones each then takes its own length, where a
 * talloc string takes a hundred bytes more. */
struct memory_shelf;
/* Owned by mem; NULL for want of memory. */
struct memory_shelf *memory_shelf(TALLOC_CTX *mem);
/* A copy of text that lives as long as the shelf and cannot be freed alone. NULL for want of memory, or where shelf or text is NULL. */
char *memory_shelve(struct memory_shelf *shelf, const char *text);

/*
 * Moves strings that a structure names into the structure itself, behind its size bytes. piece: the structure, a talloc piece of its own; members:
 * the places (offsetof) of count members of type char *, each NULL or a talloc string, which is freed; a member that equals an earlier one stays
 * equal to it. The structure may move: what is returned is where it is. NULL for want of memory: then all is as it was.
 */
void *memory_seal(TALLOC_CTX *mem, void *piece, size_t size, const size_t members[], size_t count);

#endif

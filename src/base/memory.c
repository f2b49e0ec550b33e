/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"

#include <stdint.h>
#include <string.h>
#include <sys/mman.h>

/* 0 where the product cannot be. */
static size_t array_bytes(size_t each, size_t count)
{
	if (each == 0 || count == 0)
		return 1;
	return count > SIZE_MAX / each ? 0 : each * count;
}

/* Whole files go into large pages where the system has them: of small ones, each costs more than filling it. */
void *memory_array(TALLOC_CTX *mem, size_t each, size_t count)
{
	enum { SMALL_PAGE = 4096, LARGE = 4 << 20 };
	size_t bytes = array_bytes(each, count);
	void *array = bytes ? talloc_size(mem, bytes) : NULL;
	size_t skipped = (SMALL_PAGE - (uintptr_t)array % SMALL_PAGE) % SMALL_PAGE;

	if (array && bytes >= LARGE)
		(void)madvise((char *)array + skipped, bytes - skipped, MADV_HUGEPAGE);
	return array;
}

void *memory_array_zero(TALLOC_CTX *mem, size_t each, size_t count)
{
	void *array = memory_array(mem, each, count);

	if (array)
		memset(array, 0, array_bytes(each, count));
	return array;
}

void *memory_array_grow(TALLOC_CTX *mem, void *old, size_t each, size_t count)
{
	size_t bytes = array_bytes(each, count);

	return bytes ? talloc_realloc_size(mem, old, bytes) : NULL;
}

/* ---- a shelf ---- */

enum { FIRST_BLOCK = 1024, LARGEST_BLOCK = 32 << 10 };

struct memory_shelf {
	char *block;               /* the one that is filled now */
	size_t used, room;
};

struct memory_shelf *memory_shelf(TALLOC_CTX *mem)
{
	return talloc_zero(mem, struct memory_shelf);
}

static size_t next_block(const struct memory_shelf *shelf, size_t wanted)
{
	size_t room = shelf->room == 0 ? FIRST_BLOCK : shelf->room < LARGEST_BLOCK ? 2 * shelf->room : LARGEST_BLOCK;

	return wanted > room ? wanted : room;
}

char *memory_shelve(struct memory_shelf *shelf, const char *text)
{
	size_t len = text ? strlen(text) + 1 : 0;
	char *place;

	if (!shelf || !text)
		return NULL;
	if (len > shelf->room - shelf->used) {
		size_t room = next_block(shelf, len);
		char *block = talloc_size(shelf, room);

		if (!block)
			return NULL;
		*shelf = (struct memory_shelf){ block, 0, room };
	}
	place = shelf->block + shelf->used;
	memcpy(place, text, len);
	shelf->used += len;
	return place;
}

/* ---- strings behind their structure ---- */

static char **member_of(void *piece, size_t place)
{
	return (char **)(void *)((char *)piece + place);
}

/* The earlier member that names the same string, or index itself. */
static size_t same_before(void *piece, const size_t members[], size_t index)
{
	for (size_t i = 0; i < index; i++)
		if (*member_of(piece, members[i]) == *member_of(piece, members[index]))
			return i;
	return index;
}

void *memory_seal(TALLOC_CTX *mem, void *piece, size_t size, const size_t members[], size_t count)
{
	size_t bytes = size;
	char *sealed;

	for (size_t i = 0; i < count; i++)
		if (*member_of(piece, members[i]) && same_before(piece, members, i) == i)
			bytes += strlen(*member_of(piece, members[i])) + 1;
	sealed = talloc_realloc_size(mem, piece, bytes);
	for (size_t i = 0, used = size; sealed && i < count; i++) {
		char **member = member_of(sealed, members[i]), *old = *member;
		size_t len = old ? strlen(old) + 1 : 0;

		if (!old || (old >= sealed && old < sealed + used))
			continue;       /* moved with an earlier one */
		memcpy(sealed + used, old, len);
		for (size_t k = i; k < count; k++)
			if (*member_of(sealed, members[k]) == old)
				*member_of(sealed, members[k]) = sealed + used;
		talloc_free(old);
		used += len;
	}
	return sealed;
}

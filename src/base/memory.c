/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"

#include <stdint.h>
#include <string.h>

/* 0 where the product cannot be. */
static size_t array_bytes(size_t each, size_t count)
{
	if (each == 0 || count == 0)
		return 1;
	return count > SIZE_MAX / each ? 0 : each * count;
}

void *memory_array(TALLOC_CTX *mem, size_t each, size_t count)
{
	size_t bytes = array_bytes(each, count);

	return bytes ? talloc_size(mem, bytes) : NULL;
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

bool memory_pack(TALLOC_CTX *mem, char **const strings[], size_t count)
{
	size_t bytes = 1, used = 0;
	char *piece;

	for (size_t i = 0; i < count; i++)
		bytes += *strings[i] ? strlen(*strings[i]) + 1 : 0;
	piece = talloc_size(mem, bytes);
	for (size_t i = 0; piece && i < count; i++) {
		size_t len = *strings[i] ? strlen(*strings[i]) + 1 : 0;

		if (!len)
			continue;
		memcpy(piece + used, *strings[i], len);
		talloc_free(*strings[i]);
		*strings[i] = piece + used;
		used += len;
	}
	return piece != NULL;
}

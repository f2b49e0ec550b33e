/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"

#include <stdint.h>
#include <string.h>

/* 0 if the product overflows. */
static size_t array_bytes(size_t each, size_t count)
{
	if (each == 0 || count == 0)
		return 1;
	return count > SIZE_MAX / each ? 0 : each * count;
}

void *memory_array(TALLOC_CTX *mem, size_t each, size_t count)
{
	return memory_array_grow(mem, NULL, each, count);
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

void *memory_more(TALLOC_CTX *mem, void *list, size_t count, size_t each)
{
	enum { FEW = 4 };
	char *array;

	memcpy(&array, list, sizeof array);
	if (!array || talloc_get_size(array) / each <= count) {
		array = memory_array_grow(mem, array, each, count < FEW ? FEW : 2 * count);
		if (!array)
			return NULL;
		memcpy(list, &array, sizeof array);
	}
	return memset(array + count * each, 0, each);
}

bool memory_more_text(TALLOC_CTX *mem, char ***list, size_t *count, char *text)
{
	char **more = text ? memory_more(mem, list, *count, sizeof *more) : NULL;

	if (!more)
		return false;
	*more = talloc_steal(*list, text);
	++*count;
	return true;
}

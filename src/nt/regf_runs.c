/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which sectors of two images differ. */
#include "nt/regf_edit.h"

#include <string.h>

#include "base/memory.h"

enum { SECTOR = 512 };

static size_t sector_len(size_t off, size_t len)
{
	return len - off < SECTOR ? len - off : SECTOR;
}

/* Fills runs (unless NULL) and returns how many there are. */
static size_t runs_find(const uint8_t *before, const uint8_t *after, size_t len, struct regf_run *runs)
{
	size_t count = 0, end = 0;
	for (size_t off = 0; off < len; off += SECTOR) {
		size_t n = sector_len(off, len);
		if (memcmp(before + off, after + off, n) == 0)
			continue;
		bool joins = count != 0 && end == off;
		if (!joins)
			count++;
		end = off + n;
		if (runs != NULL && !joins)
			runs[count - 1].off = off;
		if (runs != NULL)
			runs[count - 1].len = end - (size_t)runs[count - 1].off;
	}
	return count;
}

struct regf_run *regf_runs(TALLOC_CTX *mem, const uint8_t *before, const uint8_t *after, size_t len, size_t *count)
{
	*count = runs_find(before, after, len, NULL);
	struct regf_run *runs = memory_array_zero(mem, sizeof *runs, *count);
	if (runs != NULL)
		runs_find(before, after, len, runs);
	return runs;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "nt/regfile_ansi.h"

#include "base/memory.h"
#include "nt/regdata.h"

/* 0x80 to 0x9f; all other bytes are the first 256 characters of Unicode. */
static const uint16_t ansi_high[32] = { 0x20ac, 0x0081, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020,
	0x2021, 0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0x008d, 0x017d, 0x008f, 0x0090, 0x2018,
	0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153,
	0x009d, 0x017e, 0x0178 };

bool ansi_type(uint32_t type)
{
	return type == REG_SZ || type == REG_EXPAND_SZ || type == REG_MULTI_SZ;
}

/* The byte of a unit, or -1. */
static int byte_of_unit(unsigned unit)
{
	if (unit < 0x80 || (unit >= 0xa0 && unit < 0x100))
		return (int)unit;
	for (int i = 0; i < 32; i++)
		if (ansi_high[i] == unit)
			return 0x80 + i;
	return -1;
}

uint8_t *ansi_to_utf16(TALLOC_CTX *mem, const uint8_t *bytes, size_t len)
{
	uint8_t *out = memory_array(mem, 2, len);

	for (size_t i = 0; out && i < len; i++) {
		unsigned unit =
			bytes[i] >= 0x80 && bytes[i] < 0xa0 ? ansi_high[bytes[i] - 0x80] : bytes[i];
		out[2 * i] = (uint8_t)unit;
		out[2 * i + 1] = (uint8_t)(unit >> 8);
	}
	return out;
}

uint8_t *ansi_from_utf16(TALLOC_CTX *mem, const uint8_t *bytes, size_t len, unsigned *missing)
{
	uint8_t *out = memory_array(mem, 1, len / 2);

	*missing = 0;
	for (size_t i = 0; out && i < len / 2; i++) {
		unsigned unit = bytes[2 * i] | (unsigned)bytes[2 * i + 1] << 8;
		int byte = byte_of_unit(unit);
		if (byte < 0) {
			*missing = unit;
			talloc_free(out);
			return NULL;
		}
		out[i] = (uint8_t)byte;
	}
	return out;
}

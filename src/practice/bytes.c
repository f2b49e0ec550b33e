/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Numbers that follow from a seed, and little-endian bytes that grow. */
#include <string.h>

#include "base/bytes.h"
#include "base/text.h"
#include "practice/parts.h"

/* FNV-1a, to bring a label into the seed. */
static uint64_t label_hash(uint64_t seed, const char *label)
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325) ^ seed;

	for (; *label; label++)
		hash = (hash ^ (uint8_t)*label) * UINT64_C(0x100000001b3);
	return hash;
}

uint64_t practice_random(uint64_t *state)
{
	uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

uint64_t practice_draw(uint64_t seed, const char *label, uint64_t below)
{
	uint64_t state = label_hash(seed, label);

	return practice_random(&state) % below;
}

void practice_noise(uint64_t seed, const char *label, uint8_t *bytes, size_t len)
{
	uint64_t state = label_hash(seed, label), word;

	for (; len >= sizeof(word); bytes += sizeof(word), len -= sizeof(word))
		put64(bytes, practice_random(&state));
	word = len ? practice_random(&state) : 0;
	for (; len > 0; len--, word >>= 8)
		*bytes++ = (uint8_t)word;
}

uint8_t *practice_zeros(struct practice_buf *buf, size_t len)
{
	if (!buf->failed && buf->room - buf->len < len) {
		buf->room = 2 * (buf->room + len);
		buf->bytes = talloc_realloc_size(buf->mem, buf->bytes, buf->room);
		buf->failed = !buf->bytes;
	}
	if (buf->failed || len == 0)
		return NULL;
	buf->len += len;
	return memset(buf->bytes + buf->len - len, 0, len);
}

void practice_put(struct practice_buf *buf, const void *bytes, size_t len)
{
	uint8_t *at = practice_zeros(buf, len);

	if (at)
		memcpy(at, bytes, len);
}

void practice_put16(struct practice_buf *buf, uint32_t number)
{
	uint8_t *at = practice_zeros(buf, 2);

	if (at)
		put16(at, number);
}

void practice_put32(struct practice_buf *buf, uint32_t number)
{
	uint8_t *at = practice_zeros(buf, 4);

	if (at)
		put32(at, number);
}

void practice_put_utf16(struct practice_buf *buf, const char *text)
{
	size_t len = 0;
	uint8_t *units = text ? text_to_utf16(buf->mem, text, &len) : NULL;

	if (units)
		practice_put(buf, units, len);
	else
		buf->failed = true;
	talloc_free(units);
}

void practice_align(struct practice_buf *buf, size_t to)
{
	practice_zeros(buf, (to - buf->len % to) % to);
}

void practice_set16(struct practice_buf *buf, size_t at, uint32_t number)
{
	if (!buf->failed)
		put16(buf->bytes + at, number);
}

void practice_set32(struct practice_buf *buf, size_t at, uint32_t number)
{
	if (!buf->failed)
		put32(buf->bytes + at, number);
}

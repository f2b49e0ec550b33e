/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Numbers that follow from a seed, and little-endian bytes that grow. */
#include <string.h>

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

	return below == 0 ? 0 : practice_random(&state) % below;
}

/* Little-endian on every machine; compilers make one store of it. */
static void put64(uint8_t *bytes, uint64_t word)
{
	bytes[0] = (uint8_t)word;
	bytes[1] = (uint8_t)(word >> 8);
	bytes[2] = (uint8_t)(word >> 16);
	bytes[3] = (uint8_t)(word >> 24);
	bytes[4] = (uint8_t)(word >> 32);
	bytes[5] = (uint8_t)(word >> 40);
	bytes[6] = (uint8_t)(word >> 48);
	bytes[7] = (uint8_t)(word >> 56);
}

void practice_noise(uint64_t seed, const char *label, uint8_t *bytes, size_t len)
{
	uint64_t state = label_hash(seed, label), word;
	size_t i = 0;

	/* Megabytes of it: whole words first. */
	for (; len - i >= 8; i += 8)
		put64(bytes + i, practice_random(&state));
	word = i < len ? practice_random(&state) : 0;
	for (; i < len; i++, word >>= 8)
		bytes[i] = (uint8_t)word;
}

struct practice_buf practice_buf_new(TALLOC_CTX *mem)
{
	return (struct practice_buf){.mem = mem};
}

bool practice_buf_ok(const struct practice_buf *buf)
{
	return !buf->failed && buf->bytes != NULL;
}

static bool buf_grow(struct practice_buf *buf, size_t more)
{
	size_t room = buf->room ? buf->room : 1024;
	uint8_t *bytes;

	if (buf->failed)
		return false;
	while (room - buf->len < more)
		room *= 2;
	if (room == buf->room)
		return true;
	bytes = talloc_realloc_size(buf->mem, buf->bytes, room);
	buf->failed = bytes == NULL;
	if (buf->failed)
		return false;
	buf->bytes = bytes;
	buf->room = room;
	return true;
}

void practice_put(struct practice_buf *buf, const void *bytes, size_t len)
{
	if (!buf_grow(buf, len) || len == 0)
		return;
	memcpy(buf->bytes + buf->len, bytes, len);
	buf->len += len;
}

void practice_zeros(struct practice_buf *buf, size_t len)
{
	if (!buf_grow(buf, len))
		return;
	memset(buf->bytes + buf->len, 0, len);
	buf->len += len;
}

void practice_put16(struct practice_buf *buf, uint32_t number)
{
	uint8_t bytes[2] = {(uint8_t)number, (uint8_t)(number >> 8)};

	practice_put(buf, bytes, sizeof(bytes));
}

void practice_put32(struct practice_buf *buf, uint32_t number)
{
	practice_put16(buf, number & 0xffff);
	practice_put16(buf, number >> 16);
}

void practice_align(struct practice_buf *buf, size_t to)
{
	practice_zeros(buf, (to - buf->len % to) % to);
}

void practice_set16(struct practice_buf *buf, size_t at, uint32_t number)
{
	if (buf->failed || buf->len < 2 || at > buf->len - 2)
		return;
	buf->bytes[at] = (uint8_t)number;
	buf->bytes[at + 1] = (uint8_t)(number >> 8);
}

void practice_set32(struct practice_buf *buf, size_t at, uint32_t number)
{
	practice_set16(buf, at, number & 0xffff);
	practice_set16(buf, at + 2, number >> 16);
}

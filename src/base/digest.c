/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/digest.h"

#include <string.h>

void digest_begin(struct digest_state *state)
{
	sha256_init(&state->sha256);
}

void digest_add(struct digest_state *state, const void *bytes, size_t len)
{
	if (len > 0)
		sha256_update(&state->sha256, len, bytes);
}

struct digest digest_end(struct digest_state *state)
{
	struct digest digest;

	sha256_digest(&state->sha256, sizeof digest.bytes, digest.bytes);
	return digest;
}

struct digest digest_of(const void *bytes, size_t len)
{
	struct digest_state state;

	digest_begin(&state);
	digest_add(&state, bytes, len);
	return digest_end(&state);
}

bool digest_equal(const struct digest *a, const struct digest *b)
{
	return memcmp(a->bytes, b->bytes, sizeof a->bytes) == 0;
}

void digest_text(const struct digest *digest, char out[65])
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < sizeof digest->bytes; i++) {
		out[2 * i] = digits[digest->bytes[i] >> 4];
		out[2 * i + 1] = digits[digest->bytes[i] & 15];
	}
	out[64] = '\0';
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

bool digest_parse(const char *text, struct digest *out)
{
	for (size_t i = 0; i < sizeof out->bytes; i++) {
		int high = hex_digit(text[2 * i]);
		int low = high < 0 ? -1 : hex_digit(text[2 * i + 1]);
		if (low < 0)
			return false;
		out->bytes[i] = (uint8_t)(high << 4 | low);
	}
	return text[64] == '\0';
}

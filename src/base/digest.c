/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/digest.h"

#include <nettle/base16.h>
#include <string.h>

#include "base/text.h"

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
	base16_encode_update(out, sizeof digest->bytes, digest->bytes);
	out[64] = '\0';
}

bool digest_parse(const char *text, struct digest *out)
{
	size_t len = sizeof out->bytes;
	struct base16_decode_ctx hex;

	base16_decode_init(&hex);
	return strspn(text, TEXT_HEX_DIGITS) == 64 && text[64] == '\0' &&
		base16_decode_update(&hex, &len, out->bytes, 64, text);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/digest.h"

#include <string.h>
#include <sys/random.h>

#include "base/crypto_late.h"

struct digest_state {
	EVP_MD_CTX *context;
	bool failed;
};

/* libcrypto can be missing, and fail for want of memory. A digest that could not be made must equal no other one,
 * or two failures would pass for two equal files; so it is drawn by lot. */
static void digest_spoil(struct digest *digest)
{
	size_t have = 0;

	memset(digest->bytes, 0, sizeof digest->bytes);
	while (have < sizeof digest->bytes) {
		ssize_t got = getrandom(digest->bytes + have, sizeof digest->bytes - have, 0);
		if (got > 0)
			have += (size_t)got;
	}
}

static int digest_state_free(struct digest_state *state)
{
	if (state->context)
		crypto()->context_free(state->context);
	return 0;
}

struct digest_state *digest_begin(TALLOC_CTX *mem)
{
	struct digest_state *state = talloc_zero(mem, struct digest_state);

	if (!state || !crypto()) {
		talloc_free(state);
		return NULL;
	}
	talloc_set_destructor(state, digest_state_free);
	state->context = crypto()->context_new();
	if (!state->context || crypto()->init(state->context, crypto()->sha256(), NULL) != 1) {
		talloc_free(state);
		return NULL;
	}
	return state;
}

void digest_add(struct digest_state *state, const void *bytes, size_t len)
{
	if (len > 0 && crypto()->update(state->context, bytes, len) != 1)
		state->failed = true;
}

struct digest digest_end(struct digest_state *state)
{
	struct digest digest;
	unsigned int size = 0;

	if (state->failed || crypto()->final(state->context, digest.bytes, &size) != 1 ||
	    size != sizeof digest.bytes)
		digest_spoil(&digest);
	talloc_free(state);
	return digest;
}

struct digest digest_of(const void *bytes, size_t len)
{
	struct digest digest;
	unsigned int size = 0;

	if (!crypto() || crypto()->whole(len ? bytes : "", len, digest.bytes, &size, crypto()->sha256(), NULL) != 1 ||
	    size != sizeof digest.bytes)
		digest_spoil(&digest);
	return digest;
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

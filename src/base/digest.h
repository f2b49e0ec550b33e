/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SHA-256 (FIPS 180-4) by nettle, in one go or in pieces. It cannot fail. */
#ifndef BASE_DIGEST_H
#define BASE_DIGEST_H

#include <nettle/sha2.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct digest {
	uint8_t bytes[32];
};

/* A running digest; it holds nothing that has to be freed. */
struct digest_state {
	struct sha256_ctx sha256;
};

void digest_begin(struct digest_state *state);
void digest_add(struct digest_state *state, const void *bytes, size_t len);
struct digest digest_end(struct digest_state *state);

struct digest digest_of(const void *bytes, size_t len);
bool digest_equal(const struct digest *a, const struct digest *b);

/* 64 lower-case hex digits and NUL. */
void digest_text(const struct digest *digest, char out[65]);
/* From exactly 64 hex digits; false if it is malformed. */
bool digest_parse(const char *text, struct digest *out);

#endif

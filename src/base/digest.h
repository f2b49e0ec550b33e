/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SHA-256 (FIPS 180-4) through libcrypto, in one go or in pieces. */
#ifndef BASE_DIGEST_H
#define BASE_DIGEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <talloc.h>

struct digest {
	uint8_t bytes[32];
};

struct digest_state;

/* A running digest, owned by mem. NULL for want of memory. */
struct digest_state *digest_begin(TALLOC_CTX *mem);
void digest_add(struct digest_state *state, const void *bytes, size_t len);
/* Ends the digest and frees the state. */
struct digest digest_end(struct digest_state *state);

struct digest digest_of(const void *bytes, size_t len);
bool digest_equal(const struct digest *a, const struct digest *b);

/* 64 lower-case hex digits and NUL. */
void digest_text(const struct digest *digest, char out[65]);
/* From exactly 64 hex digits; false if it is malformed. */
bool digest_parse(const char *text, struct digest *out);

#endif

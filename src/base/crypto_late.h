/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the digests use of libcrypto, which is loaded when it is first asked for. Loaded with the program, its 21,000
 * relocations and the 119 pages they touch were a third of the time to the first page, which needs no digest.
 */
#ifndef BASE_CRYPTO_LATE_H
#define BASE_CRYPTO_LATE_H

#include <openssl/evp.h>
#include <stdbool.h>

struct crypto {
	EVP_MD_CTX *(*context_new)(void);
	void (*context_free)(EVP_MD_CTX *);
	int (*init)(EVP_MD_CTX *, const EVP_MD *, ENGINE *);
	int (*update)(EVP_MD_CTX *, const void *, size_t);
	int (*final)(EVP_MD_CTX *, unsigned char *, unsigned int *);
	int (*whole)(const void *, size_t, unsigned char *, unsigned int *, const EVP_MD *, ENGINE *);
	const EVP_MD *(*sha256)(void);
};

/* NULL if it cannot be loaded: no digest is made then, as for want of memory, and nothing passes for equal. */
const struct crypto *crypto(void);

/* Whether it could be loaded. Without it no two files can be compared: asked for before a server is looked at. */
bool crypto_there(void);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the digests use of libcrypto, under its own names, with libcrypto loaded when the first of them is called.
 * Loaded with the program, its 21,000 relocations and the 119 pages they touch were a third of the time to the first
 * page, which needs no digest. Where it cannot be loaded no digest is made, as for want of memory: nothing passes for
 * equal.
 */
#include "base/crypto_late.h"

#include <dlfcn.h>
#include <openssl/evp.h>
#include <stddef.h>
#include <string.h>

#define NAME_OF(version) "libcrypto.so." #version
#define NAME(version) NAME_OF(version)

struct crypto {
	EVP_MD_CTX *(*context_new)(void);
	void (*context_free)(EVP_MD_CTX *);
	int (*init)(EVP_MD_CTX *, const EVP_MD *, ENGINE *);
	int (*update)(EVP_MD_CTX *, const void *, size_t);
	int (*final)(EVP_MD_CTX *, unsigned char *, unsigned int *);
	int (*whole)(const void *, size_t, unsigned char *, unsigned int *, const EVP_MD *, ENGINE *);
	const EVP_MD *(*sha256)(void);
};

static const struct {
	const char *name;
	size_t at;
} members[] = {
	{ "EVP_MD_CTX_new", offsetof(struct crypto, context_new) },
	{ "EVP_MD_CTX_free", offsetof(struct crypto, context_free) },
	{ "EVP_DigestInit_ex", offsetof(struct crypto, init) },
	{ "EVP_DigestUpdate", offsetof(struct crypto, update) },
	{ "EVP_DigestFinal_ex", offsetof(struct crypto, final) },
	{ "EVP_Digest", offsetof(struct crypto, whole) },
	{ "EVP_sha256", offsetof(struct crypto, sha256) },
};

static bool crypto_load(struct crypto *crypto)
{
	void *library = dlopen(NAME(OPENSSL_SHLIB_VERSION), RTLD_LAZY | RTLD_LOCAL | RTLD_NODELETE);
	size_t found = 0;

	for (size_t i = 0; library && i < sizeof members / sizeof members[0]; i++) {
		void *symbol = dlsym(library, members[i].name);

		memcpy((char *)crypto + members[i].at, &symbol, sizeof symbol);
		found += symbol != NULL;
	}
	return found == sizeof members / sizeof members[0];
}

/* NULL if it cannot be had. */
static const struct crypto *crypto(void)
{
	static struct crypto loaded;
	static bool tried, there;

	if (!tried)
		there = crypto_load(&loaded);
	tried = true;
	return there ? &loaded : NULL;
}

bool crypto_there(void)
{
	return crypto() != NULL;
}

EVP_MD_CTX *EVP_MD_CTX_new(void)
{
	return crypto() ? crypto()->context_new() : NULL;
}

void EVP_MD_CTX_free(EVP_MD_CTX *context)
{
	if (context)
		crypto()->context_free(context);
}

const EVP_MD *EVP_sha256(void)
{
	return crypto() ? crypto()->sha256() : NULL;
}

int EVP_DigestInit_ex(EVP_MD_CTX *context, const EVP_MD *type, ENGINE *engine)
{
	return crypto() ? crypto()->init(context, type, engine) : 0;
}

int EVP_DigestUpdate(EVP_MD_CTX *context, const void *bytes, size_t len)
{
	return crypto() ? crypto()->update(context, bytes, len) : 0;
}

int EVP_DigestFinal_ex(EVP_MD_CTX *context, unsigned char *digest, unsigned int *size)
{
	return crypto() ? crypto()->final(context, digest, size) : 0;
}

int EVP_Digest(const void *bytes, size_t len, unsigned char *digest, unsigned int *size, const EVP_MD *type,
	       ENGINE *engine)
{
	return crypto() ? crypto()->whole(bytes, len, digest, size, type, engine) : 0;
}

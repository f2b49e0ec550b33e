/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/crypto_late.h"

#include <dlfcn.h>
#include <stddef.h>
#include <string.h>

#define NAME_OF(version) "libcrypto.so." #version
#define NAME(version) NAME_OF(version)

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

const struct crypto *crypto(void)
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

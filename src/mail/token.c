/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mail/token.h"

#include <string.h>
#include <sys/random.h>

/* 32 characters, so that five bits of randomness make one. */
static const char letters[] = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
static const char prefix[] = "MSMC-";

enum { PREFIX_LENGTH = sizeof(prefix) - 1, RANDOM_LENGTH = TOKEN_LENGTH - PREFIX_LENGTH };

bool token_make(char out[TOKEN_LENGTH + 1])
{
	unsigned char random[RANDOM_LENGTH];

	if (getrandom(random, sizeof random, 0) != (ssize_t)sizeof random)
		return false;
	memcpy(out, prefix, PREFIX_LENGTH);
	for (int i = 0; i < RANDOM_LENGTH; i++)
		out[PREFIX_LENGTH + i] = letters[random[i] % 32];
	out[TOKEN_LENGTH] = '\0';
	return true;
}

bool token_is(const char *text)
{
	if (strlen(text) != TOKEN_LENGTH || strncmp(text, prefix, PREFIX_LENGTH) != 0)
		return false;
	return strspn(text + PREFIX_LENGTH, letters) == RANDOM_LENGTH;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The mark by which a test message is known: "MSMC-" and ten characters, another one for every PC
 * MTA and direction. */
#ifndef MAIL_TOKEN_H
#define MAIL_TOKEN_H

#include <stdbool.h>

enum { TOKEN_LENGTH = 15 };

/* A fresh token from the system's random source: letters and digits that are not taken for one
 * another when read aloud (no 0 O 1 I). False where the system gives no randomness. */
bool token_make(char out[TOKEN_LENGTH + 1]);

/* Whether text is exactly one token. */
bool token_is(const char *text);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libcrypto, which makes the digests, is loaded when it is first needed and not with the program. */
#ifndef BASE_CRYPTO_LATE_H
#define BASE_CRYPTO_LATE_H

#include <stdbool.h>

/* Whether it could be loaded. Without it no two files can be compared: asked for before a server is looked at. */
bool crypto_there(void);

#endif

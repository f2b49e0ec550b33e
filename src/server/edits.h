/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Edits of the registry as every way of reaching a server takes them. */
#ifndef SERVER_EDITS_H
#define SERVER_EDITS_H

#include "base/error.h"
#include "nt/regdata.h"

#define SYSTEM_PREFIX "SYSTEM\\"

/* Only SYSTEM is ever edited, and no value twice: verifying could not tell which of two was
 * meant. */
int edits_sane(const struct reg_edit *edits, size_t count, struct error *err);
/* A deep copy, owned by mem. */
int edits_copy(TALLOC_CTX *mem, const struct reg_edit *edits, size_t count, struct reg_edit **copy,
	struct error *err);

#endif

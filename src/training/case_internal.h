/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TRAINING_CASE_INTERNAL_H
#define TRAINING_CASE_INTERNAL_H

#include "training/case.h"

/* The built-in cases as text, in the order of cases(). */
struct case_text {
	const char *text;
	size_t len;
};
const struct case_text *case_texts(void);

/* A teacher's file, and the bytes it was read from (may be NULL). What is wrong with it is told with its name in front.
 */
int case_file(TALLOC_CTX *mem, const char *path, struct training_case **found, char **text, size_t *len,
	      struct error *err);

/* What practice_build is told for this case; owned by mem. */
int case_spec(TALLOC_CTX *mem, const struct training_case *training, uint64_t seed, struct practice_spec *spec,
	      struct error *err);

#endif

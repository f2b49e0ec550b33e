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

/* What practice_build is told for this case; owned by mem. */
int case_spec(TALLOC_CTX *mem, const struct training_case *training, uint64_t seed,
	struct practice_spec *spec, struct error *err);

#endif

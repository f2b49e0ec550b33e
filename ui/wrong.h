/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is wrong in a line each, as the first page and `check` tell it. */
#ifndef UI_WRONG_H
#define UI_WRONG_H

#include "repair/survey.h"

/* text is safe to show and belongs to the mem of wrong_tell; steps: "1, 2". */
typedef void wrong_told(void *arg, const char *text, const char *steps);
void wrong_tell(TALLOC_CTX *mem, const struct survey *survey, wrong_told *told, void *arg);

/* A finding of the later steps in one line, safe to show; what exactly was found is told elsewhere.
 * Owned by mem. */
const char *wrong_short(TALLOC_CTX *mem, const struct finding *finding);

/* Files newer than setup's that wait for a decision. */
size_t wrong_newer(const struct survey *survey);

#endif

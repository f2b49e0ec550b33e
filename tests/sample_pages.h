/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pages by hand that have all that a page can have, as in the pictures of the look: texts, names
 * and counts are examples. */
#ifndef TESTS_SAMPLE_PAGES_H
#define TESTS_SAMPLE_PAGES_H

#include <talloc.h>

#include "ui/guide/page.h"

enum sample { SAMPLE_FIRST, SAMPLE_REGISTRY, SAMPLE_REVIEW, SAMPLE_END, SAMPLE_DEBRIEF, SAMPLES };
extern const char *const sample_names[SAMPLES];
struct page *sample_page(TALLOC_CTX *mem, enum sample sample);

#endif

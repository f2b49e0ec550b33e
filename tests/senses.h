/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a page must say to who sees no colours, and to who hears it read aloud. */
#ifndef TESTS_SENSES_H
#define TESTS_SENSES_H

#include <talloc.h>

#include "ui/guide/page.h"

/* Without colours: what a colour says a sign, a word or a bracket says as well, at every size. Why
 * it does not, or NULL. */
const char *senses_seen(TALLOC_CTX *mem, const struct page *page);

/* text: the page in lines, up to its first prompt. Why it makes no sense when it is heard, or
 * NULL. */
const char *senses_heard(TALLOC_CTX *mem, const struct page *page, const char *text);

#endif

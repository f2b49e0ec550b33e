/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A trainee who knows the article and sees only the page "marks": what he says of each row follows
 * from the facts that stand there, by rules written by hand. */
#ifndef TESTS_MARKER_H
#define TESTS_MARKER_H

#include "ui/guide/page.h"

/* The answer to a row: "old-drive", "right" ... */
const char *marker_says(const struct page *page, const struct row *row);
/* The next reply on that page: the first row of which nothing was said, else "said", and then
 * "begin". */
void marker_reply(const struct page *page, struct reply *reply);

#endif

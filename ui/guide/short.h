/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a row or change is about, and its sides, in a word or two. All owned by the page and safe to
 * show. */
#ifndef GUIDE_SHORT_H
#define GUIDE_SHORT_H

#include "ui/guide/state.h"

/* "5.5.1960.9", "58 bytes", "C:", "not there". */
const char *side_short(struct page *page, enum finding_kind kind, const struct side *side);
/* Before and after, never the same where they differ. */
void sides_short(struct page *page, enum finding_kind kind, const struct side *before,
	const struct side *after, const char *text[2]);
/* A value by its key below Services and its name, anything else by name. */
const char *name_short(struct page *page, enum finding_kind kind, const char *name,
	const struct side *side);

#endif

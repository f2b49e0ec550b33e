/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the pages of steps 2 to 4 have in common besides decisions: how a row looks, what stands
 * around the table, and "the rest like this". */
#ifndef GUIDE_STEP_H
#define GUIDE_STEP_H

#include "ui/guide/decide.h"

/* Where a row stands: "open", "change", "keep", "right", ... */
const char *step_word(const struct guide *guide, const struct finding *finding);
/* The mark and the tones that go with it, and what stands above its details. about: the column that
 * says what would change, 0 for none. */
void step_row(const struct guide *guide, struct page *page, struct row *row,
	const struct finding *finding, size_t about);
/* "11 values: 2 right, 2 decided, 7 open"; what the article asks; Continue and Back. */
void step_around(struct guide *guide, struct page *page, int step);
/* Short lines that go with every row of a step; if_kept is NULL where there is nothing to keep. */
void step_facts(struct page *page, struct row *row, const struct finding *finding,
	const char *if_kept, const char *source);

/* Whether it was written since the server was looked at; what is there now; and both sides as
 * details, after NULL where there is none. */
bool step_written(const struct guide *guide, const struct finding *finding);
const struct side *step_now(const struct guide *guide, const struct finding *finding);
void step_sides(const struct guide *guide, struct page *page, struct row *row,
	const struct finding *finding, const char *before, const char *after);

/* One side, whole; data: a value that stands for it. Owned by the page. */
const char *step_side(struct page *page, const struct finding *finding, const struct side *side);
const char *step_value(struct page *page, const struct reg_data *data);
/* The key below Services as an operator knows it. */
const char *step_key(struct page *page, const struct finding *finding);

/* ---- the rest like this ---- */

/* Whether it is open and plain, and what is done about it is what is done about like: a value that
 * leads to the default Msmcon, a file older than setup's, a file that is to come. */
bool alike(const struct guide *guide, const struct finding *like, const struct finding *finding);
/* The action of a row, and what it is for. */
void alike_action(struct guide *guide, struct page *page, int step);
/* It was pressed with the cursor on that row. */
void alike_open(struct guide *guide, size_t cursor);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a survey found, as the first page of a server shows it: one sentence, the two drives, the
 * six steps. Nothing is said that the survey does not know. */
#ifndef GUIDE_FOUND_H
#define GUIDE_FOUND_H

#include "ui/guide/state.h"

/* The whole in one sentence. */
const char *found_title(struct page *page, const struct survey *survey);
/* What stands on either side, and what leads where. */
void found_drives(struct page *page, const struct survey *survey);
/* A row a step, with its lamp. */
void found_steps(struct page *page, const struct survey *survey);

/* The findings of a step, counted by what is to become of them. */
struct tally {
	size_t all, kept;
	size_t stale, newer, other; /* that the program can change */
	size_t person, wrong;       /* a person must see to; seen to be wrong, whoever's they are */
	const struct finding *only; /* the last one that a person must see to */
};
struct tally found_tally(const struct survey *survey, int step);
/* The first of that kind, or NULL. */
const struct finding *found_kind(const struct survey *survey, enum finding_kind kind);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the pages of steps 2 to 4 share: rows that wait for a decision. */
#ifndef GUIDE_DECIDE_H
#define GUIDE_DECIDE_H

#include "ui/guide/state.h"

/* Fills in what a decision is of, if there is one to be made: the question, and the answer given so
 * far. */
void decide_row(const struct guide *guide, struct row *row, const struct finding *finding,
	const struct question *question);

/* The question "change or keep?" of one row (or, with row NULL, of a whole list); what cannot be
 * changed can be kept. writes is false: deciding changes nothing yet. */
struct question *decide_question(struct page *page, enum question_id id, const struct finding *row,
	const char *title);
/* Who kept it, or what a person does about it. */
void decide_todo(struct page *page, struct row *row, const struct finding *finding);

/* Records a decision about one row, or says why it was refused (false); then the cursor goes to the
 * next open row. */
bool decide(struct guide *guide, const char *id, enum decision decision,
	const struct reg_data *edited);
/* From the row just decided on to the next of its page that is open. */
void decide_next(struct guide *guide);
/* The decision of a reply's answer id; UNDECIDED if it is none. */
enum decision decision_of(const struct input *input);

/* Whether it is one of the steps that are decided row by row and carried out together: 2 to 4. */
bool decide_carries(int step);
/* Rows of a step (0: of steps 2 to 4): all that are not right, those that are not decided yet, and
 * those that are to be written; and as a paragraph below the table. */
size_t decide_all(const struct guide *guide, int step);
size_t decide_open(const struct guide *guide, int step);
size_t decide_to_write(const struct guide *guide, int step);
/* Of those that are open: what this run had written and put back. */
size_t decide_put_back(const struct guide *guide, int step);
void decide_tail(const struct guide *guide, struct page *page, int step);

/* What it means that rows of some steps stay open while others are written, a sentence; "" where
 * none does. written: what is decided and not written stays open too. */
const char *decide_half(const struct guide *guide, struct page *page, bool written);

/* What this run wrote there; NULL for nothing. */
const struct change *decide_made(const struct guide *guide, const struct finding *finding);

#endif

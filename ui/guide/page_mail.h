/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The page of step 5, in three parts: what stands on it, its rows, what replies to it do. */
#ifndef GUIDE_PAGE_MAIL_H
#define GUIDE_PAGE_MAIL_H

#include "ui/guide/decide.h"

/* ---- page_mail_rows.c ---- */

/* One row with its question and details; in the order of guide->evidence. */
void mail_row(const struct guide *guide, struct page *page, const struct evidence *evidence);
/* The line that row of the page is about. */
struct evidence *mail_line(const struct guide *guide, const struct page *page, const char *row);
/* Whether the mailboxes of both ends are the program's own. */
bool mail_simulated(const struct guide *guide);
/* Whether its test message is still to be sent, and nobody put that off. Never by record alone:
 * there a person's word is all there is. */
bool mail_unsent(const struct guide *guide, const struct evidence *row);
/* Whether a person is asked whether it arrived. */
bool mail_waits(const struct guide *guide, const struct evidence *row);
/* Whether the Interchange does not run, so that nothing flows at all. */
bool mail_all_stopped(const struct guide *guide, TALLOC_CTX *mem);
/* "MSMC-7K2QX9WDBN  MTA to Vancouver PO, Exchange -> MS Mail" */
char *mail_line_text(struct page *page, const struct evidence *row);

/* ---- page_mail_ask.c ---- */

/* The form that guide->asking wants. */
void mail_form(struct guide *guide, struct page *page);
/* "Read a mailbox", where there are some; "the same for the other N". */
void mail_read_action(struct guide *guide, struct page *page);
void mail_rest_action(struct guide *guide, struct page *page);
/* Replies to all of these, and to the rows. */
void mail_asked(struct guide *guide, const struct input *input);

#endif

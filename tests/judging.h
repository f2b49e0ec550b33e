/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a judge of mail flow is given: entries of logs by one letter each, and a row. */
#ifndef TESTS_JUDGING_H
#define TESTS_JUDGING_H

#include "mail/judge.h"

#define TOKEN "MSMC-23456789AB"
#define OTHER_TOKEN "MSMC-BA98765432"
#define EX "NET1/PO1/ADMIN"
#define EX_DN "/o=Org/ou=Site/cn=Recipients/cn=admin"
#define MS "NET2/PO2/SMITH"
enum { SENT_AT = 943265000, NUMBER = 0x30c };

#define OUTWARD MAIL_TO_MSMAIL
#define INWARD MAIL_TO_EXCHANGE

/* The entries of these letters (judging.c). places: queue, SENT.LOG, RECV.LOG, tracking, events,
 * mailboxes; S seen, P partly, T trouble. '!' among the logs: a letter of this number stood in the
 * queue before. */
struct mail_seen *seen_make(TALLOC_CTX *mem, const char *logs, const char *places);
/* Sent, and not looked for yet. */
struct evidence *row_make(TALLOC_CTX *mem, enum mail_direction direction);

#endif

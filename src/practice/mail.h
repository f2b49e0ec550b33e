/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The connector of a practice server: Interchange, PC MTAs, and the two mail systems behind them,
 * as one small process that moves real files. It does what the server's own registry, share and
 * services make it do, so it breaks where they are wrong:
 *
 * - the Interchange works in the Maildata beside the Msmcon that its ImagePath leads to, and not at
 *   all while it or a service that it needs is stopped, or while it logs on with another account
 *   than Exchange's directory (event 2410, Q164177);
 * - a PC MTA works in the Maildata that Maildat$ leads to, and not at all while it is stopped or
 *   the share is gone; it sends no report (Q277831);
 * - what is in the queue leaves it one by one: MAI file, mailbag, KEY, SENT.LOG;
 * - tracking log, SENT.LOG, RECV.LOG and AppEvent.Evt are written as Exchange and the PC MTA write
 *   them, in the server's clock.
 *
 * Mailboxes: DIR/mail/exchange/BOX/NNNNNNNN.msg and DIR/mail/NET/PO/BOX/NNNNNNNN.msg, in lines
 * "from", "to", "subject", "at", an empty line, text; what was sent from a box in its folder sent.
 * On their way: DIR/mail/outbox (sent from Exchange), DIR/mail/gateway (taken by Exchange, waiting
 * for the Interchange), DIR/mail/NET/PO/outbox. It never writes elsewhere but in the Maildata
 * folders, the tracking log's folder and the event log.
 */
#ifndef PRACTICE_MAIL_H
#define PRACTICE_MAIL_H

#include "practice/practice.h"

struct practice_mail;

/* dir: of a practice server that was built. Reads what it needs of registry, share and services at
 * every step anew, read-only. Freed, it leaves the event log as a clean stop does. */
int practice_mail_open(TALLOC_CTX *mem, const char *dir, struct practice_mail **mail,
	struct error *err);
/* One step of everything that is due at now (seconds since 1970, this machine's clock): at most one
 * message a hop and PC MTA. *moved: whether anything was. A fault of the server is no error. */
int practice_mail_step(struct practice_mail *mail, int64_t now, bool *moved, struct error *err);

/* Runs it as a process of its own until the object is freed or this process ends. One at a time
 * for a folder: where another runs already, this one waits until that one ends. */
struct practice_mail_process;
int practice_mail_start(TALLOC_CTX *mem, const char *dir, struct practice_mail_process **process,
	struct error *err);

/* The mailboxes; see server.h. */
int practice_mail_boxes(TALLOC_CTX *mem, const char *dir, struct mail_boxes *boxes,
	struct error *err);
int practice_mail_send(const char *dir, const struct mail_letter *letter, int64_t now,
	struct error *err);
int practice_mail_read(TALLOC_CTX *mem, const char *dir, const struct mail_box *box,
	struct mail_letters *letters, struct error *err);

#endif

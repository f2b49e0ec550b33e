/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Step 5 on the record of a run: what stood there before, test messages, what was seen, what a
 * person says. */
#ifndef RUN_MAIL_H
#define RUN_MAIL_H

#include "repair/step_mail.h"
#include "run/engine.h"

/* The evidence of this run so far; made (with tokens, journaled) for each MTA on record that has
 * none. Owned by the engine. */
int engine_evidence(struct engine *engine, struct evidence_list **list, struct error *err);

/* What stood there before, taken once in a run and kept in its folder (mail-before.json, its digest
 * in the journal); a second call finds it. Where it cannot be taken the run goes on: NOT an error,
 * and the page says why. */
int engine_mail_before(struct engine *engine, const struct survey *survey, struct error *err);

/* On record before it counts (evidence_sent, evidence_attest). On a practice server a message is
 * sent first: from its mailbox, with the code as its subject. */
int engine_mail_sent(struct engine *engine, struct evidence *row, const char *by, const char *from,
	const char *to, struct error *err);
int engine_attest(struct engine *engine, struct evidence *row, const struct mail_word *word,
	struct error *err);
/* A fresh code, on record before it counts (evidence_again); what was seen of the earlier message
 * stays in the journal. */
int engine_mail_again(struct engine *engine, struct evidence *row, struct error *err);

/* Looks once and judges every row of list; what changed goes on record, a row at a time. *watch:
 * owned by the engine, NULL where nothing stood there before on record; grows from look to look. */
int engine_mail_look(struct engine *engine, const struct survey *survey, struct evidence_list *list,
	const struct mail_watch **watch, struct error *err);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A verdict while it is made: what was found of one message, and what follows from it. */
#ifndef MAIL_JUDGE_PRIVATE_H
#define MAIL_JUDGE_PRIVATE_H

#include "mail/judge.h"

struct verdict {
	TALLOC_CTX *mem; /* for texts until the end */
	const struct evidence *row;
	const struct mail_seen *seen;
	enum mail_stage best; /* what only this message can have left */
	bool ambiguous;       /* entries that fit and cannot be told apart */
	/* Exchange, the connector, a PC MTA took one that fits */
	bool submitted, gateway, fetched;
	bool older;           /* what makes it ambiguous may have been sent before it */
	const char *failed;   /* a report came: why */
	const char *doubtful; /* a mailbox holds what cannot be: why */
	bool arrived, left;   /* a practice server's mailboxes */
	uint32_t number;      /* of the message in the connector's postoffice; 0: not known */
	struct mail_sighting sightings[MAIL_SIGHTINGS];
	size_t count;
	bool no_memory;
};

/* Once each, as long as there is room. Texts must live as long as verdict->mem. */
void verdict_saw(struct verdict *verdict, const char *stage, int64_t at, const char *where,
	const char *raw);
/* Whether subject is the code, alone or behind a prefix that a report or a reply puts there. */
bool subject_has(const char *subject, const char *token);
/* What the logs, and the mailboxes of a practice server, have of the message. */
void verdict_entries(struct verdict *verdict);
void verdict_arrivals(struct verdict *verdict, const struct mail_arrival *arrivals, size_t count);

#endif

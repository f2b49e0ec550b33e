/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What events of the Interchange (source MSExchangeMSMI) and of PC MTAs (source: the name of each,
 * Q152554) say about mail flow. One table: number, type and source together, because the same
 * number is an error in one article and tells of success in another (2335: Q159305, Q165485).
 */
#ifndef MAIL_EVENTS_H
#define MAIL_EVENTS_H

#include "mail/maillog.h"
#include "nt/evtfile.h"

/* What an event is worth. */
enum event_worth {
	EVENT_NOTHING, /* says nothing about mail flow */
	EVENT_MESSAGE, /* about one message: *entry; sentence as well where it got stuck */
	EVENT_ALIVE,   /* the connector has begun to work (2384, 2335 as information) */
	EVENT_TROUBLE, /* the connector cannot work, or a message got stuck */
};
struct event_said {
	enum event_worth worth;
	struct mail_entry *entry; /* EVENT_MESSAGE */
	/* EVENT_TROUBLE: a sentence in our own words, what it means and what to do, translated; and
	 * its article, "Q164177". */
	const char *sentence, *source;
	bool stops_all; /* nothing flows while that is so (2410: Q164177) */
};
/* pcmtas: the names of the PC MTAs. Strings of *said are owned by mem or static; what is not said
 * of a message is "". What a PC MTA says of a message that it could not deliver is EVENT_MESSAGE where its
 * subject has a code (Q138054). For want of memory: EVENT_NOTHING. */
void event_read(TALLOC_CTX *mem, const struct evt_record *record, const char *const *pcmtas,
	size_t count, struct event_said *said);

#endif

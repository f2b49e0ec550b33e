/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * From what was seen to the one word it is worth, per direction and PC MTA. Pure: no server, no
 * clock. Nothing here is worth more than was seen:
 *
 * - Entries are those that came after the record of what stood there before; which clock stamped
 *   them does not matter. Of a log that began anew nobody knows that, so what is in it is shown
 *   and counts for nothing.
 * - An entry counts for a test message if sender and recipient are its own and it is the only one
 *   of its kind. Two that fit prove nothing of either, and nothing that comes behind them on the
 *   way can be told apart any more. The event log and a text log may each have one of the same
 *   message, and all that the tracking log says under one number is of one message.
 * - A report of non-delivery with its code, or the only one with its addresses, is FAILED, and
 *   stays so when it cannot be seen any more.
 * - What nothing could have shown is not "not seen": no log, or the event log while no event of a
 *   message that got through is in it (2444 and 2448 need raised logging, Q175447). A listing of
 *   the queue tells no message from another.
 * - Sentences of the record are in English, and translated as a whole when they are shown.
 */
#ifndef MAIL_JUDGE_H
#define MAIL_JUDGE_H

#include "mail/evidence.h"
#include "mail/maillog.h"
#include "mail/stage.h"

/* Where one could have looked. */
enum mail_place {
	PLACE_QUEUE, /* listings of the relocated Maildata */
	PLACE_SENT_LOG,
	PLACE_RECV_LOG,
	PLACE_TRACKING, /* the message tracking log */
	PLACE_EVENTS,   /* the Application event log */
	PLACE_MAILBOX,  /* both ends, on a practice server */
	MAIL_PLACES
};
enum place_state {
	PLACE_ABSENT, /* there is none: not switched on */
	PLACE_SEEN,   /* read */
	PLACE_PARTLY, /* began anew, cut off, or more came than is read: something may be missing */
	PLACE_TROUBLE /* is there and could not be read */
};

/* What a look has brought, all of it since the record of before. */
struct mail_seen {
	struct mail_entry **entries;
	size_t entry_count;
	enum place_state places[MAIL_PLACES];
	char *why[MAIL_PLACES]; /* a sentence for PARTLY and TROUBLE, safe to show; else NULL */
	/* numbers of messages (MAI files) that stood there before and are gone, and that came and
	 * are there now; sorted */
	uint32_t *gone, *come;
	size_t gone_count, come_count;
	/* all that stood there before, sorted; borrowed */
	const uint32_t *stood;
	size_t stood_count;
	int64_t at; /* when it was looked, seconds since 1970, by this machine */
};

/* A message as a practice server's mailbox holds it. */
struct mail_arrival {
	const char *box, *from, *subject;
	bool report; /* a non-delivery report */
	bool sent;   /* the other end: the program saw it leave this box */
};

/* Judges row anew: grade, stage, sightings and why; what a person said stays. A row whose test
 * message nobody has sent stays as it is. waited: seconds since it was said to be sent, by a clock
 * that does not jump where there was one; negative: not known. arrivals: of a practice server.
 * -1 for want of memory. What is new in row hangs on row->pcmta, which is a text of talloc's. */
int mail_judge(struct evidence *row, const struct mail_seen *seen,
	const struct mail_arrival *arrivals, size_t arrival_count, int64_t waited);

#endif

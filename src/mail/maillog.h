/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Text logs that mail leaves behind, read from where they ended last time: SENT.LOG and RECV.LOG of
 * the PC MTAs (Q151215) and the message tracking log of Exchange (Q173364). Pure: bytes go in,
 * entries come out.
 *
 * All of it is hostile. A line is cut at a limit; NUL bytes, other code pages and lines that are
 * none of the form are counted and passed over, never an error. What is in the middle of a line at
 * the end is left for the next time.
 */
#ifndef MAIL_MAILLOG_H
#define MAIL_MAILLOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <talloc.h>

enum {
	MAILLOG_LINE_MOST = 4096,
	MAILLOG_ADDRESS_MOST = 512,
	MAILLOG_RAW_MOST = 200,
};

/* Which form. */
enum maillog_form { MAILLOG_SENT, MAILLOG_RECEIVED, MAILLOG_TRACKING };

/* What an entry says happened to a message. */
enum mail_event {
	MAIL_SUBMITTED,   /* Exchange took it from a mailbox: tracking 4 */
	MAIL_GATEWAY_OUT, /* the Interchange took it out of Exchange: tracking 1003, event 2448 */
	MAIL_GATEWAY_IN,  /* the Interchange brought it into Exchange: tracking 1004, event 2113 */
	MAIL_FROM_QUEUE,  /* the Interchange took it from INQUEUE3: event 2444 */
	MAIL_SENT,        /* a PC MTA put it into another postoffice: SENT.LOG */
	MAIL_RECEIVED,    /* a PC MTA fetched it from there: RECV.LOG */
	MAIL_DELIVERED,   /* into a mailbox or folder of Exchange: tracking 9, 1000 */
	/* a non-delivery report: tracking 1007, 1005 and 1006 unless the status of the recipient is
	 * 0, which is a receipt (Q173280), event 2117 */
	MAIL_REPORTED,
	MAIL_OTHER /* anything else, counted only */
};

struct mail_entry {
	enum mail_event event;
	/* As the log has them ("NET1/PO1/ADMIN", "/o=Org/ou=Site/cn=Recipients/cn=admin"), UTF-8,
	 * bytes that are none as U+FFFD; to: one recipient an entry. */
	char *from, *to;
	/* Numbers of the message (MAI files) here and in the other postoffice; 0: not said. */
	uint32_t here, there;
	/* Seconds since 1970 as the log says (tracking: GMT; SENT.LOG and RECV.LOG: the server's
	 * local time, and after 1999 wrong in unfixed builds, Q259219); 0: not said or out of
	 * reason. Shown, never used to tell messages apart. */
	int64_t at;
	/* The same in all that the tracking log says of one message (made of its MTS-ID); 0: not
	 * said. */
	uint64_t message;
	/* From the event log, not from a text log: the same message may stand in both. */
	bool event_log;
	/* From a log that began anew: it may have stood in it before, and counts for nothing. */
	bool unsure;
	char *subject; /* of a report that carries it (event 2117); else NULL */
	char *where;   /* for a sentence: "SENT.LOG line 41", "event 2448, record 1207" */
	char *raw;     /* the line, at most MAILLOG_RAW_MOST bytes, safe to show */
};

/* A log being read; carries what it must between two pieces (SENT.LOG has two lines an entry). */
struct maillog;
/* name: of the file, for sentences. line: how many lines came before, for their numbers. */
struct maillog *maillog_new(TALLOC_CTX *mem, enum maillog_form form, const char *name,
	uint64_t line);

/* Non-zero ends the feeding and is returned. The entry is good for the call alone. */
typedef int mail_entry_fn(void *arg, const struct mail_entry *entry);
/* The next piece, whatever its length. 0; what fn returned; -1 for want of memory. */
int maillog_feed(struct maillog *log, const uint8_t *bytes, size_t len, mail_entry_fn *fn,
	void *arg);
/* Bytes at the end of what was fed that are not yet a whole entry: whoever begins anew with another
 * object begins so many earlier. In the tracking log every recipient is an entry. */
size_t maillog_pending(const struct maillog *log);
/* Lines that were none of the form or too long, and all of them. Headings, comments and empty lines
 * are not odd. */
uint64_t maillog_odd(const struct maillog *log);
uint64_t maillog_lines(const struct maillog *log);

/* Whether name is that of a tracking log, yyyymmdd.log; *day: the number yyyymmdd. */
bool maillog_tracking_name(const char *name, uint32_t *day);
/* Whether name is that of SENT.LOG (Q151215 writes Send.log, too) or RECV.LOG. */
bool maillog_pcmta_name(const char *name, enum maillog_form *form);

/* Whether a log's address is that of a mailbox as MS Mail knows it, "NET/PO/BOX": without regard to
 * case, blanks at the ends and the type in front ("MS:NET/PO/BOX"). Of a distinguished name, by
 * which the tracking log knows a mailbox of Exchange, the last name must be BOX (the directory
 * name, at first the alias; INFERENCE). Other forms are not guessed. */
bool mail_address_same(const char *logged, const char *box);
/* "NET/PO" of "MS:NET/PO/BOX" and "NET/PO/BOX"; NULL: another form. Owned by mem. */
char *mail_address_postoffice(TALLOC_CTX *mem, const char *address);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Step 5 as a look at the server: what stood in the relocated postoffice and at the ends of the
 * logs when the step was reached, and what has come since. Everything is read, nothing is opened
 * that a running connector needs: of Maildata only the listings of its folders, and the text logs
 * (Q163020, Q168857). Where the server is off, it is read from its volumes in the same way after it
 * ran in between.
 */
#ifndef REPAIR_STEP_MAIL_H
#define REPAIR_STEP_MAIL_H

#include "mail/events.h"
#include "mail/judge.h"
#include "repair/survey.h"

enum {
	MAIL_QUEUE_MOST = 200000, /* messages of a postoffice that are told apart */
	MAIL_BAGS_MOST = 4096,    /* mailbags that are listed */
	MAIL_NEW_MOST =
		64 << 20, /* bytes of a log that are read as new; the rest is PLACE_PARTLY */
	MAIL_ENTRIES_MOST = 10000, /* that are kept */
	MAIL_TAIL = 64,            /* bytes before the end by which a log is known again */
	MAIL_DAYS_MOST = 400,      /* tracking logs after the first */
};

/* The end of a log: the same file goes on where tail stands before size; else it began anew. */
struct log_end {
	char *name;           /* "SENT.LOG", "19991122.log"; NULL: there was none */
	uint64_t size, lines; /* lines: 0 where they were not counted */
	uint8_t tail[MAIL_TAIL];
	size_t tail_len;
};
struct mail_bag {
	char name[13]; /* "00000011.MBG" */
	uint64_t size;
	int64_t mtime; /* base/filetime.h */
};
/* What stood there before. */
struct mail_before {
	int64_t at;      /* this machine's clock, seconds since 1970 */
	char *maildata;  /* the relocated one, "E:\\exchsrvr\\connect\\msmcon\\maildata" */
	uint32_t *queue; /* numbers of the messages, sorted */
	size_t queue_count;
	bool queue_cut; /* there were more than MAIL_QUEUE_MOST */
	struct mail_bag *bags;
	size_t bag_count;
	struct log_end sent, received, tracking;
	char *tracking_folder; /* NULL: message tracking is off, or its folder was not found */
	/* it could not be looked at: what is in it later is not known to be new */
	bool tracking_unread;
	uint32_t last_event; /* 0: none, or the log was not there */
	bool events_found;
};
/* Takes it. tell as in survey_options, may be NULL. Owned by mem. */
int mail_before_take(TALLOC_CTX *mem, struct server *server, const struct survey *survey,
	int (*tell)(void *arg, const char *what), void *arg, struct mail_before **before,
	struct error *err);
/* For the run folder, and back; what is read is not trusted: TROUBLE_RECORD_DAMAGED. New
 * reference. */
json_t *mail_before_json(const struct mail_before *before);
int mail_before_parse(TALLOC_CTX *mem, const json_t *json, struct mail_before **before,
	struct error *err);

/* Something about the connector as a whole, for a person. */
struct mail_fact {
	bool bad;
	bool stops_all; /* while that is so no mail flows */
	char *text;     /* a sentence, translated, safe to show */
	char *source;   /* "event 2410, record 1207 (Q164177)", or NULL */
};
enum { MAIL_FACTS = 40 };

struct mail_watch {
	struct mail_before *before;
	struct mail_seen seen; /* of the last look */
	size_t waiting;        /* of the messages that stood there, still there */
	size_t queue;          /* all that are there now */
	struct mail_fact facts[MAIL_FACTS];
	size_t fact_count;
	bool diagnostics; /* 2444 or 2448 was seen: their absence would mean something */
	/* services of step 5 that were seen running all the time, since when by a clock that does
	 * not jump; 0: not, or not known here */
	int64_t running_since;
	size_t looks;
	/* seen.why as it goes on record, in English */
	char *recorded[MAIL_PLACES];
	struct mail_cursor *cursor; /* where the logs were read to, step_mail's own */
};
/* Begins to watch: the first look reads from what stood there before. before is taken over. */
struct mail_watch *mail_watch_new(TALLOC_CTX *mem, struct mail_before *before);
/* Looks: what is new since the last look is read and added to watch->seen, listings and services
 * are seen anew. What cannot be looked at is no failure: watch->seen.places says so; only memory, a
 * server that is gone and being stopped are. monotonic: seconds of a clock that does not jump. */
int mail_look(struct mail_watch *watch, struct server *server, const struct survey *survey,
	int64_t monotonic, int (*tell)(void *arg, const char *what), void *arg, struct error *err);
/* On a practice server, what is in the two mailboxes of each row that was sent, for mail_judge;
 * none elsewhere. The place says whether they could be read. Owned by mem. */
int mail_arrivals(TALLOC_CTX *mem, struct mail_watch *watch, struct server *server,
	const struct evidence_list *list, struct mail_arrival **arrivals, size_t *count,
	struct error *err);

/* What became of the messages that stood there at since. */
struct mail_backlog {
	int64_t since;
	size_t stood, gone, come;
};
struct mail_backlog mail_watch_backlog(const struct mail_watch *watch);
/* A sentence; owned by mem. */
char *mail_backlog_text(TALLOC_CTX *mem, const struct mail_backlog *backlog);

/* "queue", "sent-log", "received-log", "tracking-log", "event-log", "mailbox"; "the event log",
 * translated; and "absent", "seen", "partly", "trouble". */
const char *mail_place_name(enum mail_place place);
const char *mail_place_text(enum mail_place place);
const char *mail_place_state_name(enum place_state state);
/* PLACE_TROUBLE for a name that is none. */
enum place_state mail_place_state(const char *name);

/* "12 of 38 messages left the postoffice since 1999-11-22T09:41:00Z; 3 came, and are there now.",
 * one or more sentences for a person; owned by mem. */
char *mail_watch_text(TALLOC_CTX *mem, const struct mail_watch *watch);

#endif

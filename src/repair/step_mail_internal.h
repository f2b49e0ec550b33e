/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of step 5 share: one look, and where the looks before it had come to. */
#ifndef REPAIR_STEP_MAIL_INTERNAL_H
#define REPAIR_STEP_MAIL_INTERNAL_H

#include "repair/step_mail.h"

enum {
	MAIL_PIECE = 64 << 10,        /* bytes that are asked for at once */
	MAIL_COUNTED = 256 << 10,     /* a log up to this size has its lines counted before */
	MAIL_EVENT_FACTS = 24,        /* of the newest events */
	MAIL_SETTLED_S = 5 * 60,      /* a service that ran so long has started for good */
	MAIL_DRAIN_S = 10 * 60,       /* a queue that nothing leaves for so long does not drain */
	MAIL_CLOCKS_APART_S = 10 * 60 /* two clocks that far apart are told */
};

struct mail_cursor {
	struct log_end sent, received, tracking;
	char *tracking_folder;
	uint32_t last_event;
	bool heard_back; /* events from before were asked for what they say of the connector */
	bool events_found;
	/* Something was missed there for good, and why: seen again does not make it whole. */
	bool partly[MAIL_PLACES];
	struct error missed[MAIL_PLACES];
	int64_t looked;      /* by this machine's clock, the look before; 0: none */
	int64_t drain_since; /* monotonic: when fewer of before were there than ever; 0: no look */
	size_t fewest;       /* ... and how many */
	struct mail_fact events[MAIL_EVENT_FACTS];
	size_t event_count;
};

/* Who is told what is being done, several times a second; non-zero stops. */
struct mail_told {
	int (*tell)(void *arg, const char *what);
	void *arg;
};

/* One look. */
struct looking {
	TALLOC_CTX *tmp;
	struct mail_watch *watch;
	struct server *server;
	const struct survey *survey;
	int64_t monotonic;
	struct mail_told told;
	int64_t newest; /* time of new tracking entries; 0: none */
};

/* The messages of a postoffice. */
struct mail_queue {
	uint32_t *numbers; /* sorted, each once */
	size_t count;
	bool cut, found; /* found: at least one of its folders is there */
};

/* ---- step_mail.c ---- */

/* Whether this trouble ends a look; any other is only a place that could not be looked at. */
bool mail_ends(int ret);
/* 0, or the trouble of being stopped. */
int mail_tell(const struct mail_told *told, const char *what, struct error *err);
/* 1: listed, 0: there is no such folder, negative: trouble. */
int mail_list(struct server *server, TALLOC_CTX *mem, const char *folder, struct entry_list *list,
	struct error *err);
int mail_queue_list(TALLOC_CTX *mem, struct server *server, const char *maildata,
	const struct mail_told *told, struct mail_queue *queue, struct error *err);
/* SENT.LOG or RECV.LOG in a folder that was listed, the newer of two; NULL: none. */
const struct entry *mail_log_find(const struct entry_list *list, enum maillog_form form);
uint64_t mail_lines(const uint8_t *bytes, size_t len);
/* The folder of the tracking log by share, else where Exchange puts it; NULL where there is
 * none. */
int mail_tracking_folder(TALLOC_CTX *mem, struct server *server, const struct survey *survey,
	char **folder, struct error *err);

/* ---- step_mail_logs.c ---- */

/* What is new in the logs, the tracking log, the event log. Negative only where the look ends. */
int mail_logs_look(struct looking *look, struct error *err);
int mail_tracking_look(struct looking *look, struct error *err);
int mail_entry_take(void *arg, const struct mail_entry *entry);

/* ---- step_mail_facts.c ---- */

int mail_events_look(struct looking *look, struct error *err);
/* Of queue, services, clocks and events: after all else was looked at. */
int mail_facts_make(struct looking *look, struct error *err);

/* ---- step_mail_watch.c ---- */

/* What a place turned out to be; why as far as there is one. Where it ended partly once it stays
 * so, unless it is worse now. */
int mail_place(struct looking *look, enum mail_place place, enum place_state state,
	const struct error *why, struct error *err);

#endif

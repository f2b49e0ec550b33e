/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the parts of the practice server's connector share. Everything below the server's folder is
 * read as if somebody else had written it: bounds, no links. */
#ifndef PRACTICE_MAIL_PARTS_H
#define PRACTICE_MAIL_PARTS_H

#include "practice/mail.h"
#include "practice/parts.h"

enum {
	MAIL_LINE_MOST = 512,
	MAIL_TEXT_MOST = 16 << 10,
	MAIL_FILE_MOST = 32 << 10,
	MAIL_NAMES_MOST = 4096, /* of a folder */
	MAIL_BOXES_MOST = 64,
	MAIL_HOP_S = 1, /* what one hop takes at least, so that a person sees it */
	MAIL_SLOW_S = 90,
};

/* ---- mail_places.c: folders and files below the server's folder ---- */

enum { FOLDER_MAKE = 1, FOLDER_ANY_CASE = 2 };
/* A folder below at, names separated by '/'; no link is followed. A descriptor to close, -1 where
 * it is not there. */
int mail_folder(int at, const char *path, unsigned how);
/* The same for a full path of the server, "E:\exchsrvr", with 8.3 names and in any case. */
int mail_folder_of(int root, struct server *server, const char *path);
/* As name is written in that folder. Owned by mem, NULL for want of memory. */
char *mail_spelled(TALLOC_CTX *mem, int folder, const char *name);
/* What is in a folder and begins with no dot, sorted. */
char **mail_names(TALLOC_CTX *mem, int folder, size_t *count);
/* NULL: not there, no file, too large. mtime may be NULL. */
uint8_t *mail_get(TALLOC_CTX *mem, int folder, const char *name, size_t limit, size_t *len,
	int64_t *mtime);
/* A whole file: written in mail (DIR/mail) and moved, so that nobody sees half of it. False if name
 * is there (unless it is to be replaced) or cannot be written. */
bool mail_put(int mail, int folder, const char *name, const void *bytes, size_t len, int64_t at,
	bool replace);
/* len bytes at off, or behind what is there: off -1. Made if it is not there. */
bool mail_write(int folder, const char *name, const void *bytes, size_t len, int64_t off,
	int64_t at);

/* ---- mail_store.c: what practice.json says of mail, letters, mailboxes ---- */

enum mail_flow { FLOW_FLOWS, FLOW_STUCK, FLOW_REPORT, FLOW_OTHER_SENDER, FLOW_SLOW };
struct mail_route { /* a PC MTA */
	char *name;
	enum mail_flow out, in; /* from Exchange, to it */
};
struct mail_postoffice {
	char *address; /* "NET1/PO1" */
	char *bag;     /* of mail for it: "00000011" */
	size_t route;
};
struct mail_site {
	struct json_t *root;
	char *dn, *exchange, *server;
	uint64_t seed;
	int64_t clock, last;
	bool diagnostics; /* of the Interchange are raised: "diagnostics": true in practice.json */
	struct mail_route *routes;
	struct mail_postoffice *posts;
	size_t route_count, post_count;
	struct mail_boxes boxes;
};
/* Freed with mem; TROUBLE_RECORD_DAMAGED. */
int mail_site_load(TALLOC_CTX *mem, const char *dir, struct mail_site **site, struct error *err);
/* DIR/mail and DIR itself, opened; DIR/mail is made, with some old letters in it, where it is not
 * there. */
int mail_store_open(const struct mail_site *site, const char *dir, int *root, int *mail,
	struct error *err);
const struct mail_box *mail_box_find(const struct mail_site *site, const char *address);
/* That of an address, NULL if it is none of ours. */
const struct mail_postoffice *mail_post_find(const struct mail_site *site, const char *address);

/* A letter in a file. */
struct mail_item {
	struct mail_letter letter;
	char *id;   /* that of Exchange, or NULL */
	char *name; /* of the file */
	int64_t mtime;
};
/* NULL: that is none. */
struct mail_item *mail_item_parse(TALLOC_CTX *mem, const uint8_t *bytes, size_t len);
char *mail_item_text(TALLOC_CTX *mem, const struct mail_item *item);
struct mail_item *mail_item_get(TALLOC_CTX *mem, int folder, const char *name);
/* Under the next free number. */
bool mail_item_put(int mail, const char *folder, const struct mail_item *item, int64_t at);
/* "exchange/HJONES", "NET1/PO1/HJONES"; owned by mem. */
char *mail_box_folder(TALLOC_CTX *mem, const struct mail_box *box);

/* ---- mail_post.c: a Maildata that is worked in ---- */

struct maildata {
	int at;   /* its folder, -1 for none */
	int mail; /* DIR/mail */
};
/* at -1 where path leads to no postoffice. */
struct maildata maildata_open(int root, int mail, struct server *server, const char *path);
void maildata_close(struct maildata *maildata);
/* A letter that waits in a mailbag. */
struct mail_waiting {
	unsigned letter;       /* the number of its MAI file */
	uint32_t record;       /* in the mailbag */
	struct mail_item item; /* as the MAI file has it, else of the header: to is NULL then */
	bool ours;             /* the MAI file was written by this connector */
	size_t size;
};
/* MAI file, header, index, counter. False: no room, or not written. */
bool maildata_put(const struct maildata *maildata, const char *bag, const struct mail_item *item,
	int64_t at, unsigned *letter);
/* The one at or behind record *at that waits; *at goes behind it. NULL: none. */
struct mail_waiting *maildata_next(TALLOC_CTX *mem, const struct maildata *maildata,
	const char *bag, uint32_t *at);
/* Takes it out of the queue. */
bool maildata_take(const struct maildata *maildata, const char *bag,
	const struct mail_waiting *waiting, int64_t now);

/* ---- mail_turn.c ---- */

struct practice_mail {
	char *dir;
	int root, mail;
	unsigned long stuck; /* the last letter of which event 2446 told */
	bool refused;        /* event 2410 was written since the Interchange started */
	bool events;         /* this one wrote into the event log */
};
/* One step while it lasts. */
struct mail_turn {
	TALLOC_CTX *mem;
	struct practice_mail *mail;
	struct mail_site *site;
	struct server *server;
	char *services; /* the key of all services */
	int64_t at;     /* the server's clock */
	struct maildata interchange, share;
	bool moved;
};
/* With mem and mail set: the rest, but for the two Maildata. */
int mail_turn_begin(struct mail_turn *turn, int64_t now, struct error *err);
bool mail_turn_running(const struct mail_turn *turn, const char *service);
/* A value below a service's key; NULL for none. */
char *mail_turn_text(struct mail_turn *turn, const char *service, const char *value);
/* Of the Interchange, now; nothing while EventLog does not run. */
void mail_turn_event(struct mail_turn *turn, const struct practice_event *event);
/* Another event, or (NULL) the log as a clean stop leaves it. */
void mail_turn_log(struct mail_turn *turn, const struct practice_event *event);

/* ---- mail_hops.c: one message each, where it is due ---- */

void mail_hop_submit(struct mail_turn *turn);
void mail_hop_interchange(struct mail_turn *turn);
void mail_hop_pcmta(struct mail_turn *turn, size_t route);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A lab server whose mail is watched: its postoffice and logs are written on the spot, and what is
 * asked of it is counted. */
#ifndef TESTS_WATCHED_H
#define TESTS_WATCHED_H

#include "repair/step_mail.h"
#include "tests/lab.h"

#define WATCHED_MAILDATA "E/exchsrvr/connect/msmcon/maildata/"
#define WATCHED_TRACKING "C/exchsrvr/tracking.log/"

struct watched {
	struct server_ops ops;
	const struct server_ops *real;
	struct lab *lab;
	struct server *server;
	const struct survey *survey;
	struct mail_before *before;
	struct mail_watch *watch;
	struct error err;
	size_t calls;         /* members asked since it was set to 0 */
	char *opened;         /* paths of files, a line each */
	const char *vanishes; /* a file of this machine that goes when a folder is listed */
	int64_t clock;        /* for mail_look */
	struct service_list services;
	struct event_log events; /* what ops->events says, if told */
	bool told;
};

/* Of each test: *state is a lab that is not yet built. */
int watched_setup(void **state);
int watched_teardown(void **state);
#define WATCHED_TEST(test) cmocka_unit_test_setup_teardown(test, watched_setup, watched_teardown)

/* Builds and surveys; what stands there before is taken. */
struct watched *watched_begin(struct lab *lab);
/* A look; it must not fail. */
const struct mail_seen *watched_look(struct watched *watched);

/* A file of the server as it is now; text behind what it holds; a number of zero bytes and text
 * behind them. */
void watched_write(struct watched *watched, const char *path, const char *text);
void watched_append(struct watched *watched, const char *path, const char *text);
void watched_sparse(struct watched *watched, const char *path, uint64_t bytes, const char *text);
void watched_remove(struct watched *watched, const char *path);

/* What was seen and what is not whole, for comparing: "sent A>B; ?sent A>C; sent-log partly; ", with
 * a question mark where it may be from before. */
char *watched_said(struct watched *watched);
/* The first fact with that in it, or NULL. */
const struct mail_fact *watched_fact(const struct watched *watched, const char *part);

/* Lines as Q151215 and Q173280 have them. */
#define WATCHED_SENT(from, to, here, there) \
	"05/17/96 09:44  715  " from "     " to "\r\n" here " " there "\r\n"
#define WATCHED_TRACKED(event, when, from, to) \
	"c=US;a= ;p=ORG;l=MAIL1-" event "\t" event "\t" when \
	"\t/o=ORG/ou=S/cn=configuration/cn=connections/cn=MS Mail Connector (MAIL1)\t\t\t" from \
	"\t0\t512\t0\t0\t0\t1\r\n" to "\t\r\n"

#endif

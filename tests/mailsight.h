/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where a message of a practice server is, by its bytes on the disk. A function fails the running
 * test where the server is not as it was built. */
#ifndef TESTS_MAILSIGHT_H
#define TESTS_MAILSIGHT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <talloc.h>

#define SIGHT_MAILDATA "E/exchsrvr/connect/msmcon/maildata"
#define SIGHT_DEAD "C/exchsrvr/CONNECT/MSMCON/MAILDATA"
/* Of the text that the tests send: SENT.LOG and tracking log know a letter by it. */
#define SIGHT_TEXT "Test message.\n"

enum sight {
	SIGHT_NOWHERE,
	SIGHT_BOX,    /* arrived */
	SIGHT_REPORT, /* a report is in the sender's box */
	SIGHT_OUTBOX,
	SIGHT_GATEWAY, /* Exchange took it */
	SIGHT_QUEUE,   /* in the relocated Maildata */
	SIGHT_DEAD_QUEUE,
};

/* Somebody of Exchange, and somebody of the first postoffice: the second of its two boxes. */
struct sightings {
	TALLOC_CTX *mem;
	const char *dir;
	const char *ours, *theirs;         /* addresses */
	const char *ours_box, *theirs_box; /* folders below DIR/mail */
	const char *dn;                    /* of ours */
};
struct sightings sight_new(TALLOC_CTX *mem, const char *dir);

enum sight sight_out(const struct sightings *sightings, const char *subject);
enum sight sight_in(const struct sightings *sightings, const char *subject);
/* The file of a letter in a folder below DIR/mail; NULL: none has this subject. */
const char *sight_letter(const struct sightings *sightings, const char *box, const char *subject);
/* A text file below the server's folder; NULL: not there. */
const char *sight_file(const struct sightings *sightings, const char *path);
size_t sight_lines(const struct sightings *sightings, const char *path);
/* A line of SENT.LOG or RECV.LOG of the relocated Maildata. */
bool sight_log(const struct sightings *sightings, const char *log, const char *from,
	const char *to);
/* An entry of a tracking log of this century's second decade or later. */
bool sight_tracked(const struct sightings *sightings, unsigned event, const char *from,
	const char *to);
/* How many records of the Application log have this whole identifier, and the text if it is not
 * NULL. */
size_t sight_events(const struct sightings *sightings, uint32_t id, const char *text);
/* MAI files of the relocated Maildata. */
size_t sight_queue(const struct sightings *sightings);
/* Adds how many records of a mailbag wait and do not; those that wait must have their letter, the
 * others must have none. Nothing where there is no such mailbag. */
void sight_bag(const struct sightings *sightings, const char *bag, size_t *waiting, size_t *old);

#endif

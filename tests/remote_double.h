/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A double of server/remote.c: a practice server that is reached as if it ran somewhere. Its name
 * says how it behaves: "old" speaks SMB1 alone, "gone" is not there, "silent" never answers; any
 * other lets in whoever gives the password "right". */
#ifndef TESTS_REMOTE_DOUBLE_H
#define TESTS_REMOTE_DOUBLE_H

struct remote_double {
	const char *dir;       /* of the practice server */
	unsigned slow;         /* tenths of a second that a service takes */
	unsigned opened;       /* how often it let somebody in, and how often it was asked */
	unsigned asked;
	char heard[128];       /* the password it was last given */
};
extern struct remote_double remote_double;

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A double of server/remote.c, on that of a running server. Its name says how it behaves: "old"
 * speaks SMB1 alone, "gone" is not there, "silent" never answers; any other lets in whoever gives
 * the password "opensesame". */
#ifndef TESTS_REMOTE_DOUBLE_H
#define TESTS_REMOTE_DOUBLE_H

#include "tests/live_double.h"

struct remote_double {
	const char *dir; /* of the practice server */
	struct live_double live;
	unsigned asked, opened; /* how often, and how often it let somebody in */
	char heard[128];        /* the password it was last given */
};
extern struct remote_double remote_double;

#endif

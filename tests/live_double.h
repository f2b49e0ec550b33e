/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A running server for the core alone: a practice server without its registry files. Shares have no
 * definition but a descriptor and who is connected, services can be slow or fail, and what only
 * disks can tell is TROUBLE_CANNOT. One at a time.
 */
#ifndef TESTS_LIVE_DOUBLE_H
#define TESTS_LIVE_DOUBLE_H

#include "server/server.h"

/* One call of service_set that fails. */
struct live_service {
	const char *name;
	enum service_state to;
	enum trouble trouble;
	const char *says;
};

struct live_double {
	const char *const *users; /* connected to Maildat$ */
	size_t user_count;
	const struct live_service *fails; /* NULL: none does */
	unsigned slow;                    /* seconds that each service takes */
	/* The connection breaks when a share that is replaced is away and not made again yet; then
	 * for good, until it is opened again. */
	bool cut_replacing;
	bool broken;
	size_t shares_written, services_asked;
};

/* The practice server in dir, as it would run. what stays the caller's. */
struct server *live_open(TALLOC_CTX *mem, const char *dir, struct live_double *what,
	struct error *err);

#endif

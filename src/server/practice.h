/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A practice server: the disks of a broken server, made on the spot, and what a running one would add (services, mail)
 * in DIR/practice.json. Everything in it follows from the seed: names, versions, bytes, times. Same seed, same bytes
 * and times.
 *
 * practice.json: {"format": 1, "seed", "scenario", "services": [{"name", "state"}], "mail": {PC MTA: {"out", "in"}}}. A
 * state is "stopped", "starting", "stopping" or "running"; "out" (Exchange to MS Mail) and "in" say what mail would do
 * on a server that is repaired: "flows" or "stuck". It is the last file written: a folder without it is no practice
 * server.
 */
#ifndef SERVER_PRACTICE_H
#define SERVER_PRACTICE_H

#include "server/server.h"

/* What can be broken or odd; the standard case has everything of PRACTICE_STANDARD. Later cases combine these. */
enum practice_flag {
	PRACTICE_VALUES_DEFAULT = 1 << 0, /* the entries lead to the default Msmcon */
	PRACTICE_BIN_OLD = 1 << 1,        /* the relocated Bin is older than setup's */
	PRACTICE_HOTFIX = 1 << 2,         /* one relocated file is newer */
	PRACTICE_SHARE_GONE = 1 << 3,
	PRACTICE_OLD_MAILDATA = 1 << 4, /* a full old copy of the postoffice under the default Msmcon */
};
#define PRACTICE_STANDARD                                                                                              \
	(PRACTICE_VALUES_DEFAULT | PRACTICE_BIN_OLD | PRACTICE_HOTFIX | PRACTICE_SHARE_GONE | PRACTICE_OLD_MAILDATA)

struct practice_spec {
	const char *scenario; /* "standard" or "healthy"; more come with the cases */
	uint64_t seed;
	unsigned flags;
};

/* The flags of a scenario by name; false if there is none of that name. practice_scenarios: NULL-ended list of names.
 */
bool practice_scenario(const char *name, unsigned *flags);
const char *const *practice_scenarios(void);

/* Builds it below dir (made if missing; must be empty): dir/C, dir/E, dir/practice.json. The hive is of version 1.3.
 * The seed must be below 2^63. After a failure what was made is left for the caller to remove. */
int practice_build(const char *dir, const struct practice_spec *spec, struct error *err);

/*
 * Opens a practice server: disks plus SERVER_SERVICES, SERVER_MAIL, SERVER_SIMULATED. Services behave as Windows NT's:
 * a start starts what the service depends on and fails if it is disabled or its program is not where ImagePath says; a
 * stop fails while another running service depends on it (TROUBLE_CANNOT, each with its sentence).
 */
int practice_open(TALLOC_CTX *mem, const char *dir, struct server **server, struct error *err);

#endif

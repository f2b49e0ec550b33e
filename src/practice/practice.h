/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A practice server: the disks of a broken server, made on the spot, and what a running one would
 * add (services, mail) in DIR/practice.json. Everything in it follows from the seed: names,
 * versions, bytes, times. Same seed, same bytes and times.
 *
 * practice.json: {"format": 1, "seed", "scenario", "services": [{"name", "state"}], "mail": {PC
 * MTA: {"out", "in"}}, "clock": seconds the server's clock is ahead, "room": {drive: bytes free},
 * and who has mailboxes: "site", "postoffices", "boxes"; "diagnostics": true raises the
 * Interchange's logging (events 2444, 2448)}. A
 * state is "stopped", "starting", "stopping" or "running"; "out" (Exchange to MS Mail) and "in" say
 * what becomes of mail beyond what the registry, the share and the services decide by themselves:
 * "flows", "stuck", "report" (a non-delivery report comes back), "other-sender", "slow". It is the
 * last file written: a folder without it is no practice server.
 *
 * Its connector (practice/mail.h) moves real files: mailboxes below DIR/mail, messages through the
 * Maildata folders that its own registry and share lead to.
 */
#ifndef PRACTICE_PRACTICE_H
#define PRACTICE_PRACTICE_H

#include "server/server.h"

/* What can be broken or odd; the standard case has everything of PRACTICE_STANDARD. Later cases
 * combine these. */
enum practice_flag {
	PRACTICE_VALUES_DEFAULT = 1 << 0, /* the entries lead to the default Msmcon */
	PRACTICE_BIN_OLD = 1 << 1,        /* the relocated Bin is older than setup's */
	PRACTICE_HOTFIX = 1 << 2,         /* one relocated file is newer */
	PRACTICE_SHARE_GONE = 1 << 3,
	/* a full old copy of the postoffice under the default Msmcon */
	PRACTICE_OLD_MAILDATA = 1 << 4,
};
#define PRACTICE_STANDARD \
	(PRACTICE_VALUES_DEFAULT | PRACTICE_BIN_OLD | PRACTICE_HOTFIX | PRACTICE_SHARE_GONE | \
		PRACTICE_OLD_MAILDATA)

/*
 * Everything else that can be different about a server, as data: a small closed set of operations.
 * Texts are filled in with the names of the seed's server ({server}, {lan}, {x25}, {default},
 * {relocated} ...).
 */
enum practice_op {
	PRACTICE_REG_SET,  /* path: key below the control set; name: value; type, text: its data */
	PRACTICE_REG_DROP, /* path, name: the value is not there */
	/* path, name: the text's prefix leads to the default Msmcon (number 0) or to the relocated
	 * one (1) */
	PRACTICE_REG_LEAD,
	PRACTICE_SELECT,         /* name: of a value of Select; number */
	PRACTICE_SHARE_SECURITY, /* path: share; number: what everyone may do, an access mask */
	PRACTICE_DIRTY,          /* the SYSTEM registry file was not written to its end */
	PRACTICE_FILE_DROP,      /* path: name of a file in Bin */
	PRACTICE_FILE_VERSION,   /* path: file in Bin; text: "5.5.2652.36"; dated as a hotfix */
	/* path: new file in Bin, or with '/' below the server's folder ("C/x/y.dll"); text:
	 * version; number: bytes, about */
	PRACTICE_FILE_ADD,
	PRACTICE_FILE_READ_ONLY, /* path: file in Bin, NULL for all */
	/* the last mail came into this Maildata number minutes after the service pack */
	PRACTICE_MAIL,
	PRACTICE_ROOM,    /* name: drive letter; number: bytes that are free */
	PRACTICE_SERVICE, /* name: service; text: its state */
	PRACTICE_FLOW,    /* path: "out" or "in"; name: PC MTA; text: one of those words */
	PRACTICE_CLOCK,   /* number: seconds ahead */
	/* name: "lan", "x25", "relocated"; text: what it is called, for relocated "E:\\folder", the
	 * one above connect\msmcon */
	PRACTICE_NAME,
};

/* Where: for registry operations and for those on files. */
enum {
	PRACTICE_IN_DEFAULT_SET = 1, /* the control set that the next start uses */
	PRACTICE_IN_OTHER_SET = 2,
	/* with one of the two: SYSTEM keeps what it had, SYSTEM.ALT differs */
	PRACTICE_IN_ALT_ONLY = 4,
	PRACTICE_ON_DEFAULT = 8, /* the default Msmcon */
	PRACTICE_ON_RELOCATED = 16,
};

struct practice_edit {
	enum practice_op op;
	unsigned where;
	const char *path, *name;
	uint32_t type;
	const char *text;
	int64_t number;
};

struct practice_spec {
	const char *scenario; /* the name that practice.json gets */
	uint64_t seed;
	unsigned flags;
	/* of several about one thing the last counts; what REG_SET says comes after DROP and
	 * LEAD */
	const struct practice_edit *edits;
	size_t edit_count;
};

/* Text with {server}, {lan} and so on filled in for the server that spec describes; what stands in
 * other braces stays. */
int practice_text(TALLOC_CTX *mem, const struct practice_spec *spec, const char *text, char **out,
	struct error *err);

/* The flags of a scenario by name; false if there is none of that name. */
bool practice_scenario(const char *name, unsigned *flags);

/* The next number of a row that the state decides: SplitMix64 (Steele, Lea, Flood 2014). */
uint64_t practice_random(uint64_t *state);

/* Builds it below dir (made if missing; must be empty): dir/C, dir/E, dir/practice.json. The hive
 * is of version 1.3. The seed must be below 2^63. After a failure what was made is left for the
 * caller to remove. */
int practice_build(const char *dir, const struct practice_spec *spec, struct error *err);

/*
 * Opens a practice server: disks plus SERVER_SERVICES, SERVER_MAIL, SERVER_SIMULATED. Services
 * behave as Windows NT's: a start starts what the service depends on and fails if it is disabled or
 * its program is not where ImagePath says; a stop fails while another running service depends on it
 * (TROUBLE_CANNOT, each with its sentence).
 */
int practice_open(TALLOC_CTX *mem, const char *dir, struct server **server, struct error *err);

/* "C=DIR/C,E=DIR/E" of the drives in dir that are there, as --disks takes it: commas in DIR are
 * written "\\,". NULL for want of memory. */
char *practice_drives(TALLOC_CTX *mem, const char *dir);

/* A new empty folder, below base or, where that is NULL, TMPDIR, else where it is in memory. Freed,
 * it is removed with all that is in it. */
int practice_place(TALLOC_CTX *mem, const char *base, char **dir, struct error *err);
/* Removes a folder that this program made, with all that is in it; follows no link. Whether it is
 * gone. */
bool practice_remove(const char *dir);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A running server over the network, through the helper msmcfix-smb: registry, shares and services
 * by its pipes, files by its admin shares (C$, E$).
 *
 * Nothing is kept open for writing and nothing is written before a writing member is called.
 * Between hold and release lists of folders and keys are kept, so that one look asks once; any
 * write forgets them. A connection that broke is made again by the next member that needs it; an
 * answer that was lost is looked up, never guessed.
 */
#ifndef SERVER_REMOTE_H
#define SERVER_REMOTE_H

#include "server/server.h"

struct remote_spec {
	const char *host;     /* name or address */
	const char *user;     /* "DOM\\admin", "admin", "admin@dom" */
	const char *password; /* copied, wiped when the server is freed */
	unsigned port;        /* 0: as the protocol has it */
	bool nt4;             /* the operator agreed: SMB1, NTLMv1 */
	unsigned patience;    /* seconds a silent server is waited for; 0: 60 */
	/* see server.h; asked from the connecting on */
	int (*waiting)(void *arg, const char *doing, unsigned seconds);
	void *waiting_arg;
};

/* Opens it: TROUBLE_UNREACHABLE (no such host, nobody answers there, no SMB, pipe missing),
 * TROUBLE_DIALECT (it speaks SMB1 or takes NTLMv1 alone, and nt4 is not set; told before the
 * password is sent), TROUBLE_PERMISSION (wrong password, account locked, disabled, expired; no
 * rights), TROUBLE_STOPPED (given up), TROUBLE_BUG (the helper is missing or another version: says
 * its package). */
int remote_open(TALLOC_CTX *mem, const struct remote_spec *spec, struct server **server,
	struct error *err);

/* For eyes: "SMB 3.1.1, signed". */
const char *remote_dialect(const struct server *server);

#endif

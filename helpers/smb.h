/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * msmcfix-smb, the helper that speaks SMB for msmcfix: transport, and nothing more. It knows no
 * registry, no repair and no sentence; every error is a code.
 *
 * It is a program of its own because Samba's libraries are many, block, print, read configuration
 * and can only be cancelled by killing. It answers frames (base/frames.h) on descriptor 3, ends
 * when that is closed or its parent ends, and says nothing anywhere else.
 */
#ifndef HELPERS_SMB_H
#define HELPERS_SMB_H

#include <talloc.h>
#include <tevent.h>

#include "base/frames.h"

enum { HELPER_FD = 3 };

struct helper {
	struct tevent_context *events;
	uint8_t *in; /* what came and was not answered yet, FRAME_LIMIT bytes of room */
	size_t in_len;
	bool greeted; /* the versions fit */
	bool over;    /* nobody is there to answer to */
	struct session *session;
	struct files *files;
};

/* ---- talk.c: answers ---- */

/* Sends an answer; body NULL: none. What a frame cannot hold is FRAME_REFUSED. */
void talk_answer(struct helper *helper, const struct frame *request, enum frame_status status,
	uint32_t code, struct frame_writer *body);
void talk_refuse(struct helper *helper, const struct frame *request, const char *why);
/* FRAME_DONE for 0, else FRAME_ERRNO. */
void talk_errno(struct helper *helper, const struct frame *request, int sys);

/* ---- reach.c: whether there is a server that speaks what is asked for ---- */

struct reach {
	char address[64]; /* of the host, as numbers: nobody resolves it again */
	unsigned port;
	char dialect[32]; /* for eyes */
	bool insists;     /* on signing */
};
/* Looks at host, within so many seconds. 0, an errno of connect(2), or an enum frame_reach. */
int reach_server(const char *host, unsigned port, enum frame_dialect dialect, unsigned seconds,
	struct reach *reach);

/* ---- options.c: what Samba's libraries are told, for there is no smb.conf ---- */

/* The options of a dialect, "name=value", ended by NULL. */
const char *const *options_of(enum frame_dialect dialect);

/* ---- session.c: pipes ---- */

/* What the requests of that verb do; body reads the request's. */
void session_connect(struct helper *helper, const struct frame *request, struct frame_reader *body);
void session_pipe(struct helper *helper, const struct frame *request, struct frame_reader *body);
void session_call(struct helper *helper, const struct frame *request, struct frame_reader *body);

/* ---- files.c, handles.c: files ---- */

struct files_login {
	const char *address, *domain, *user, *password;
	unsigned port, seconds;
	enum frame_dialect dialect;
};
/* Gets ready; nothing is said to the server yet. 0 or an errno. */
int files_start(struct helper *helper, const struct files_login *login);
void files_verb(struct helper *helper, const struct frame *request, struct frame_reader *body);

/* smb://address/share/path of what the request says next, escaped; NULL where it is no share or no
 * path that a listing could have given. */
char *files_url(struct helper *helper, TALLOC_CTX *mem, struct frame_reader *body);
/* The errno that libsmbclient left; never 0. */
int files_errno(void);

/* FRAME_OPEN to FRAME_CLOSE. */
void handles_verb(struct helper *helper, const struct frame *request, struct frame_reader *body);

#endif

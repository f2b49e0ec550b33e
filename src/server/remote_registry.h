/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The registry over several pipes at once. For the remote backend alone. */
#ifndef SERVER_REMOTE_REGISTRY_H
#define SERVER_REMOTE_REGISTRY_H

#include "nt/winreg.h"
#include "server/remote_private.h"

/*
 * What one reading takes: values and subkeys of a key, keys, bytes of names and data. The whole
 * SYSTEM of a Windows 2000 must fit in 13 MB when it starts; whoever says more is not believed.
 */
enum { REG_MEMBERS_LIMIT = 65536, REG_KEYS_LIMIT = 100000, REG_BYTES_LIMIT = 64 << 20 };

enum wanted_state { WANTED_NEW, WANTED_OPENING, WANTED_FILLING, WANTED_DONE };

/* A key to be read, or one value of it. */
struct wanted {
	char *path;
	const char *value; /* NULL: all of the key */
	bool flat;         /* without what is below it, in a deep reading */
	/* what came, owned by the wanted; NULL: there is none */
	struct reg_key *key;
	struct reg_data *data;

	/* while it is read */
	enum wanted_state state;
	struct winreg_info info;
	uint32_t next;    /* the member that is asked next: the values, then the subkeys */
	unsigned pipes;   /* that read it */
	unsigned changed; /* how often it was begun again, because members went meanwhile */
	bool shrunk;
};

/* Keys that are read in one go. */
struct reading {
	struct remote *remote;
	struct wanted **wanted; /* owned by the reading, a talloc context */
	size_t count;
	bool deep;      /* all keys below them too, which are added behind them */
	unsigned pipes; /* to be used; fewer than REMOTE_PIPES leave the last ones alone */
};

/* ---- remote_regread.c ---- */

/* One more; NULL for want of memory. value is not copied. */
struct wanted *reading_add(struct reading *reading, const char *path, const char *value);
/* Reads them all. The connection is made if there is none; where it breaks, the reading is done
 * from its beginning, once. */
int reading_run(struct reading *reading, struct error *err);

/* ---- pipes, remote_regpipes.c ---- */

enum pipe_doing {
	PIPE_FREE,
	PIPE_OPENING,
	PIPE_INFO,
	PIPE_VALUE,
	PIPE_SUBKEY,
	PIPE_QUERY,
	PIPE_CLOSING
};

struct reg_pipe {
	uint32_t pipe;
	struct ndr_handle root; /* HKEY_LOCAL_MACHINE, of this pipe */
	struct ndr_handle key;
	bool open;             /* key is */
	struct wanted *on;     /* what it reads; NULL while open: the key is yet to be closed */
	enum pipe_doing doing; /* what is in flight */
	uint32_t number;       /* its request */
	uint32_t index, room;
};

/* Keys as they were read, while the server is held. */
struct kept_key {
	char *path;
	struct reg_key *key; /* NULL: there is none */
};

struct remote_registry {
	unsigned session; /* of which the pipes are */
	struct reg_pipe pipes[REMOTE_PIPES];
	unsigned count;
	struct kept_key *kept; /* sorted by path */
	size_t kept_count;
};

/* So many pipes, each with its root, at least. */
int regpipes_ready(struct remote *remote, unsigned count, struct error *err);

/* ---- remote_registry.c ---- */

/* The data of a value of a key, NULL: there is none, or key is NULL. */
const struct reg_data *registry_data(const struct reg_key *key, const char *value);
/* Forgets what was kept. */
void registry_forget(struct remote *remote);

/* ---- remote_regwrite.c, remote_shares.c ---- */

struct share_change;
struct reg_stage;
typedef int stage_switch_fn(struct reg_stage *stage, size_t *done, struct error *err);

/* What is to be written: values, or a share. */
struct reg_stage {
	struct remote *remote;
	struct reg_edit *edits;
	const struct reg_data **before; /* of each, as it was found; NULL: no such value */
	size_t count;
	struct share_change *share;
	stage_switch_fn *make; /* writes it; NULL: values */
};

/* What every change begins with: not in a dry run, but in a rehearsal. */
int regstage_begin(struct server *server, TALLOC_CTX *mem, struct reg_stage **stage,
	struct error *err);

#endif

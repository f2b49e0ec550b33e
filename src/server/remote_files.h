/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of the remote backend share with each other. Nobody else includes this. */
#ifndef SERVER_REMOTE_FILES_H
#define SERVER_REMOTE_FILES_H

#include "server/remote_private.h"

/* [MS-FSCC] 2.6 */
enum {
	REMOTE_READONLY = 0x01,
	REMOTE_FOLDER = 0x10,
	REMOTE_ARCHIVE = 0x20,
	REMOTE_REPARSE = 0x400,
	REMOTE_SETTABLE = 0x27 /* read-only, hidden, system, archive */
};

struct remote_entry {
	char *name, *short_name; /* short_name "": none */
	uint32_t attributes;
	struct file_meta meta;
};

/* A folder as the server listed it, in text_compare order. */
struct remote_folder {
	char *path;   /* full, as listings spell it */
	int64_t when; /* seconds of the monotonic clock */
	struct remote_entry *entries;
	size_t count;
};

/* Where a path leads. */
struct remote_spot {
	bool found;
	struct remote_entry entry; /* the texts owned by mem */
	char *real;                /* full, spelled as far as it is there */
};

/* ---- remote_folder.c ---- */

/* A file request: verb with one path or two (full, as listings spell them) and a number. */
struct remote_request {
	enum frame_verb verb;
	const char *path, *to;
	uint64_t number;
	const char *what, *on; /* as in remote_failed; on NULL: path */
};
/* Asks; what only reads is asked again, once, where the connection broke. reply may be NULL: there
 * is nothing to read. */
int remote_file_ask(struct remote *remote, TALLOC_CTX *mem, const struct remote_request *request,
	struct frame_reader *reply, struct error *err);
/* The same for what changes a name and is answered with nothing; what was kept of its folders is
 * forgotten, however it ends. */
int remote_file_change(struct remote *remote, const struct remote_request *request,
	struct error *err);
/* Sends a body as it is. */
int remote_body_ask(struct remote *remote, TALLOC_CTX *mem, enum frame_verb verb,
	struct frame_writer *body, struct frame_reader *reply, const char *what, const char *on,
	struct error *err);
/* What the helper says and no helper says. */
int remote_nonsense(struct error *err);

/* The folder at path, spelled as listings do. fresh: asked now, unless the server is held. Owned by
 * remote, good until the next call. */
int remote_folder_get(struct remote *remote, const char *path, bool fresh,
	const struct remote_folder **folder, struct error *err);
/* What lies in the folder that path lies in was changed, and below path. */
void remote_folder_changed(struct remote *remote, const char *path);

/* Finds a full path in any case, by long or 8.3 names. */
int remote_find(struct remote *remote, TALLOC_CTX *mem, const char *path, struct remote_spot *spot,
	struct error *err);
/* The same where it must be there. */
int remote_find_there(struct remote *remote, TALLOC_CTX *mem, const char *path,
	struct remote_spot *spot, struct error *err);

/* As it was listed a moment ago, if it was and nothing was changed there by us since: for who goes
 * on to do what fails where that is no longer so. */
int remote_find_young(struct remote *remote, TALLOC_CTX *mem, const char *path,
	struct remote_spot *spot, struct error *err);
/* The same where it must be there; listed now before it is said not to be. */
int remote_find_use(struct remote *remote, TALLOC_CTX *mem, const char *path,
	struct remote_spot *spot, struct error *err);

/* The room on a drive as it was asked a moment ago, less what was written since; false: ask. */
bool remote_room_known(struct remote *remote, char letter, uint64_t *bytes);
void remote_room_keep(struct remote *remote, char letter, uint64_t bytes);
void remote_room_taken(struct remote *remote, char letter, uint64_t bytes);

/* Connected, and writing is allowed (in a rehearsal too, where nothing is written). */
int remote_may_write(struct remote *remote, struct error *err);

/* ---- remote_traits.c ---- */

/* Gives the file or folder to what from (has) has: attributes, and the descriptor where the server
 * lets it be read and set. to: as listings spell it. */
int remote_traits_give(struct remote *remote, const struct remote_spot *has, const char *to,
	struct error *err);
/* By reading alone: notes what will not be carried. */
int remote_traits_rehearse(struct remote *remote, const char *from, struct error *err);
int remote_attributes_set(struct remote *remote, const char *path, uint32_t attributes,
	struct error *err);
/* Sets the time, to the second that libsmbclient carries. */
int remote_time_set(struct remote *remote, const char *path, int64_t mtime, struct error *err);
/* Looks again: *size as the server tells it now; its time must be mtime (FILETIME_NONE: any). */
int remote_look_again(struct remote *remote, const char *path, int64_t mtime, uint64_t *size,
	struct error *err);
/* Removes what entry says, a read-only file too. */
int remote_delete(struct remote *remote, const char *path, const struct remote_entry *entry,
	struct error *err);

#endif

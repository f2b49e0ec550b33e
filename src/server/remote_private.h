/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the parts of the remote backend share. Nobody else includes this. */
#ifndef SERVER_REMOTE_PRIVATE_H
#define SERVER_REMOTE_PRIVATE_H

#include "nt/ndr.h"
#include "base/frames.h"
#include "server/remote.h"

/* winreg pipes on the one session: so many keys are read at once. Eight take a seventh of the
 * time of one; with more, opening them costs what they save. */
enum { REMOTE_PIPES = 8 };

enum { REMOTE_NO_PIPE = UINT32_MAX };

enum remote_pipe_name {
	REMOTE_SRVSVC,
	REMOTE_WINREG,
	REMOTE_SVCCTL,
	REMOTE_EVENTLOG,
	REMOTE_PIPE_NAMES
};

/* ---- remote_link.c: the helper as a process, frames in and out ---- */

struct remote_link;

/* Finds and starts the helper, without its saying anything to the server yet. TROUBLE_BUG with the
 * package's name where it is missing or of another version. Freed: the helper is ended. */
int link_start(TALLOC_CTX *mem, struct remote_link **link, struct error *err);

/* Sends a request and does not wait. *number: what its answer will carry. */
int link_send(struct remote_link *link, enum frame_verb verb, struct frame_writer *body,
	uint32_t *number, struct error *err);
/* The next answer, whichever; its body is owned by mem. doing, waiting and patience as in
 * struct remote_spec. A helper that died, talks nonsense, or is silent for longer is ended:
 * TROUBLE_UNREACHABLE or TROUBLE_BUG; given up: TROUBLE_STOPPED, and it is ended. */
int link_receive(struct remote_link *link, TALLOC_CTX *mem, const struct remote_spec *spec,
	const char *doing, struct frame *answer, struct error *err);
/* Both, where nothing else is in flight. */
int link_ask(struct remote_link *link, TALLOC_CTX *mem, const struct remote_spec *spec,
	const char *doing, enum frame_verb verb, struct frame_writer *body, struct frame *answer,
	struct error *err);
/* It was ended: whatever needs it starts another. */
bool link_broken(const struct remote_link *link);

/* ---- what all share; remote_calls.c ---- */

struct remote {
	struct server base;
	struct remote_spec spec;  /* its texts are ours */
	struct remote_link *link; /* NULL: none, connect first */
	unsigned session;         /* counts connections: handles of an earlier one are gone */
	char *dialect;
	char *doing;   /* remote_doing */
	char *letters; /* "CE" */
	bool known;    /* id is what it was when it was opened */
	bool held;
	/* pipes of this session; REMOTE_NO_PIPE: not yet opened */
	uint32_t srvsvc, svcctl, eventlog;
	char *log; /* the event log that is open there; NULL: none */
	struct ndr_handle log_handle;
	struct remote_registry *registry; /* pipes, open keys, keys kept while held */
	struct remote_files *files;       /* folders kept while held */
	int lock;
};

extern const struct server_ops remote_ops;

struct remote *remote_of(struct server *server);
/* The control set that the server starts with next, "SYSTEM\ControlSet001". */
int remote_control_set(struct remote *remote, TALLOC_CTX *mem, char **set, struct error *err);
/* Connected, or made so: the start of every member. A server that is connected again must be the
 * one it was: TROUBLE_OTHER_SERVER. */
int remote_connected(struct remote *remote, struct error *err);
/* The connection is no longer good: what needs it makes another. */
void remote_drop(struct remote *remote);
/* Whether ret came from a connection that broke meanwhile: what only reads may be done again,
 * once. */
bool remote_broke(const struct remote *remote, int ret);
/* What is being done, for who waits; until the next remote_doing. Translated, owned by remote. */
const char *remote_doing(struct remote *remote, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* ---- remote_errors.c: codes as sentences ---- */

/*
 * An answer that did not come to its end: what failed and why, by status and code; 0 for
 * FRAME_DONE. what: a sentence without its full stop, marked with N_() and not yet translated (a
 * record is in English), in which %s stands for on.
 */
int remote_failed(struct error *err, const struct frame *answer, const char *what, const char *on);
/* The same for a Windows error code of a call; 0 for 0. */
int remote_windows(struct error *err, uint32_t code, const char *what, const char *on);
/* The same for an NTSTATUS of a call; NDR_BAD is as above. */
int remote_status(struct error *err, uint32_t code, const char *what, const char *on);
/* Whether an answer says that the connection to the server is gone. */
bool remote_lost(const struct frame *answer);
/* Why a pipe could not be opened. */
int remote_pipe_failed(struct error *err, const struct frame *answer, enum remote_pipe_name name,
	const char *host);
/* The meaning of a Windows error code that the table has, translated; NULL
 * for others. */
const char *remote_windows_text(uint32_t code);

/* ---- remote_calls.c: one call of a pipe ---- */

/* Asks pipe, as FRAME_PIPE gave it; *reply reads what the server answered, owned by mem. what, on:
 * as in remote_failed. An answer that did not come is TROUBLE_UNREACHABLE, and the connection is
 * dropped: whether the call was carried out is not known. */
int remote_call(struct remote *remote, TALLOC_CTX *mem, uint32_t pipe, uint16_t opnum,
	struct ndr_writer *request, struct ndr_reader *reply, const char *what, const char *on,
	struct error *err);
/* The two halves of it, where several are in flight. False for want of memory. */
bool remote_call_body(struct frame_writer *body, TALLOC_CTX *mem, uint32_t pipe, uint16_t opnum,
	struct ndr_writer *request);
int remote_call_answered(struct remote *remote, const struct frame *answer,
	struct ndr_reader *reply, const char *what, const char *on, struct error *err);
void remote_pipe_body(struct frame_writer *body, TALLOC_CTX *mem, enum remote_pipe_name name);
int remote_pipe_answered(struct remote *remote, const struct frame *answer,
	enum remote_pipe_name name, uint32_t *pipe, struct error *err);
/* srvsvc, svcctl or eventlog, opened where it is not yet; TROUBLE_UNREACHABLE where the server has
 * none ("Remote Registry is not running"). */
int remote_pipe(struct remote *remote, enum remote_pipe_name name, uint32_t *pipe,
	struct error *err);

/* ---- members by file ---- */

/* remote_files.c */
int remote_drives(struct server *, TALLOC_CTX *, char **, struct error *);
int remote_stat(struct server *, TALLOC_CTX *, const char *, bool *, struct file_meta *, char **,
	struct error *);
int remote_list(struct server *, TALLOC_CTX *, const char *, struct entry_list *, struct error *);
int remote_short_name(struct server *, TALLOC_CTX *, const char *, char **, struct error *);
int remote_identity(struct server *, const char *, struct file_identity *, struct error *);
int remote_drives_nested(struct server *, char pair[2], struct error *);
int remote_stream_lost(struct server *, TALLOC_CTX *, const char *, const char *, char **,
	struct error *);
int remote_room(struct server *, const char *, uint64_t *, struct error *);
int remote_volume_traits(struct server *, char, struct volume_traits *, struct error *);
int remote_file_open(struct server *, TALLOC_CTX *, const char *, struct server_file **, uint64_t *,
	struct error *);
int remote_file_read(struct server_file *, uint64_t, void *, size_t, size_t *, struct error *);
int remote_mkdir(struct server *, const char *, const char *, struct error *);
int remote_remove(struct server *, const char *, struct error *);
int remote_rename(struct server *, const char *, const char *, struct error *);
int remote_set_time(struct server *, const char *, int64_t, struct error *);
int remote_sync(struct server *, char, struct error *);
int remote_sync_folder(struct server *, const char *, struct error *);
int remote_trial(struct server *, const char *, struct error *);
int remote_trial_clear(struct server *, const char *, int64_t, struct error *);
int remote_holds(struct server *, const char *, const char *, bool *, struct error *);
/* Forgets the folders that were kept. */
void remote_files_forget(struct remote *remote);

/* remote_stage.c */
int remote_stage(struct server *, TALLOC_CTX *, const struct stage_spec *, struct stage **,
	struct error *);
int remote_stage_write(struct stage *, const void *, size_t, struct error *);
int remote_stage_ready(struct stage *, struct error *);
int remote_stage_read(struct stage *, uint64_t, void *, size_t, size_t *, struct error *);
int remote_stage_switch(struct stage *, struct error *);

/* remote_registry.c, remote_regwrite.c */
int remote_reg_list(struct server *, TALLOC_CTX *, const char *, struct reg_key **, struct error *);
int remote_reg_read(struct server *, TALLOC_CTX *, const char *, const char *, struct reg_data **,
	struct error *);
int remote_reg_walk(struct server *, const char *, server_value_fn *, void *, struct error *);
int remote_hold(struct server *, struct error *);
int remote_release(struct server *, struct error *);
int remote_reg_save(struct server *, server_hive_fn *, void *, struct error *);
int remote_reg_gate(struct server *, struct error *);
int remote_reg_stage(struct server *, TALLOC_CTX *, const struct reg_edit *, size_t,
	struct reg_stage **, struct error *);
int remote_reg_stage_whole(struct server *, TALLOC_CTX *, const struct hive_image *, size_t,
	struct reg_stage **, struct error *);
const char *remote_reg_stage_note(struct reg_stage *);
int remote_reg_stage_files(struct reg_stage *, bool, server_hive_fn *, void *, struct error *);
int remote_reg_switch(struct reg_stage *, size_t *, struct error *);

/* remote_shares.c */
struct srvsvc_share;
/* All that it shares, without where they lead. */
int remote_share_list(struct remote *remote, TALLOC_CTX *mem, struct srvsvc_share **shares,
	size_t *count, struct error *err);
/* Where one leads; *path NULL: there is none. */
int remote_share_path(struct remote *remote, TALLOC_CTX *mem, const char *name, char **path,
	struct error *err);
int remote_share_get(struct server *, TALLOC_CTX *, const char *, struct share **, struct error *);
int remote_share_stage(struct server *, TALLOC_CTX *, const char *, const struct share *, bool,
	struct reg_stage **, struct error *);

/* remote_services.c */
int remote_service_list(struct server *, TALLOC_CTX *, struct service_list *, struct error *);
int remote_service_set(struct server *, const char *, enum service_state, struct error *);

/* remote_events.c */
int remote_events(struct server *, const char *, uint32_t, server_event_fn *, void *,
	struct event_log *, struct error *);

#endif

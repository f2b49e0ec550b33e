/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The server under repair behind one interface. The core asks for abilities, never for the kind of
 * server.
 *
 * File paths are full ("E:\exchsrvr\connect"); registry keys begin with the hive:
 * "SYSTEM\ControlSet001\Services", "SOFTWARE\Microsoft", "SYSTEM.ALT\Select" for the second copy
 * (absent where there is none). Nothing writes before SERVER_WRITE is there and one of the writing
 * members is called; staging makes only names ending in SERVER_STAGE_SUFFIX beside their targets,
 * switching in on a running server only names ending in SERVER_ASIDE_SUFFIX.
 */
#ifndef SERVER_SERVER_H
#define SERVER_SERVER_H

#include "base/error.h"
#include "nt/diskkey.h"
#include "nt/evtfile.h"
#include "server/volume.h"

#define SERVER_STAGE_SUFFIX ".q24"
/* The file that is replaced, until the new one has its name. */
#define SERVER_ASIDE_SUFFIX ".q24-old"

/* Where Windows NT says who it is. */
#define SERVER_CURRENT_VERSION "SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion"

enum {
	SERVER_WRITE = 1,
	SERVER_SERVICES = 2,
	SERVER_MAIL = 4, /* mailboxes can be read and written from: a practice server alone */
	SERVER_SIMULATED = 16,
	SERVER_HIVES = 32,     /* registry files can be saved and put back as a whole */
	SERVER_TEMPORARY = 64, /* made for this one call, and gone with it */
};

/* What recognises a server again. Owned by the server. */
struct server_id {
	char *name;            /* computer name */
	uint32_t install_date; /* CurrentVersion\InstallDate, seconds since 1970; 0 if not there */
	char *product_id;      /* CurrentVersion\ProductId, "" if not there */
	char *nt_folder;       /* "C:\WINNT" */
	char *nt_folders;      /* all there are, for a sentence; NULL if there is one */
	/* what boot.ini starts, "\WINNT" without its letter; NULL if that is not known */
	char *nt_booted;
	char *nt_version;   /* CurrentVersion, "4.0" */
	char *product_type; /* WinNT, ServerNT, LanmanNT; "" if not there */
};

struct reg_key {
	char **subkeys;
	size_t subkey_count;
	struct reg_value *values;
	size_t value_count;
};

/* What is rehearsed, added up. */
struct server_rehearsal {
	/* bytes that SYSTEM and SYSTEM.ALT would be longer by all that reg_stage and share_stage
	 * were asked */
	uint64_t grows[2];
	bool begun; /* one of them was */
	/* set by who only looks: nothing is opened for writing, not even to see whether one may */
	bool looking;
	/* set by who rehearses: names that a cut left are there, and will be gone by then */
	bool swept_first;
	/* the first sentence about what is not kept though no harm is done, or "": no trouble */
	struct error note;
	size_t notes; /* files of which that is true */
};

struct share {
	char *name, *path, *remark;  /* path and remark may be "" */
	struct reg_data *definition; /* disks: the value below LanmanServer\Shares; live: NULL */
	/* self-relative descriptor, NULL if there is none (everyone: full access) */
	uint8_t *security;
	size_t security_len;
	/* who is connected, for a sentence ("anna from WS1"); on a running server alone */
	char **users;
	size_t user_count;
};

enum service_state {
	SERVICE_UNKNOWN,
	SERVICE_STOPPED,
	SERVICE_STARTING,
	SERVICE_STOPPING,
	SERVICE_RUNNING
};

struct service {
	char *name, *image_path;
	uint32_t start; /* 2 automatic, 3 manual, 4 disabled */
	enum service_state state;
};

struct service_list {
	struct service *services;
	size_t count;
};

/* A new file beside its target. */
struct stage_spec {
	const char *target; /* full path of the file to be replaced or added */
	/* full path of the file whose owner, ACL and attributes it takes; NULL: those of a new
	 * file */
	const char *traits_from;
	/* the name beside it until it is switched in; NULL: its own name and SERVER_STAGE_SUFFIX */
	const char *temporary;
	int64_t mtime; /* base/filetime.h; FILETIME_NONE: as it comes */
	uint64_t size; /* expected; room is checked before the first byte */
	/* target lies in a folder made just now and must not exist: the stage has the final name at
	 * once, stage_switch only keeps it (no rename); freed without stage_switch it is removed as
	 * any other */
	bool fresh;
};

/* An event log as it was read. */
struct event_log {
	bool found;
	uint32_t oldest, newest; /* numbers of its records; 0: it has none */
	bool partly; /* dirty, damaged, or some were overwritten before they were read */
};
typedef int server_event_fn(void *arg, const struct evt_record *record, struct error *err);

/* A mailbox of a practice server. */
struct mail_box {
	char *name;    /* "HJONES" */
	char *address; /* as MS Mail knows it: "NET1/PO1/HJONES" */
	char *shown;   /* for a person: "Helen Jones" */
	bool exchange; /* of Exchange, else of a postoffice of MS Mail */
	char *pcmta;   /* which PC MTA serves its postoffice; NULL for one of Exchange */
};
struct mail_boxes {
	struct mail_box *boxes;
	size_t count;
};
/* A message in one of them, or one to be sent from it. */
struct mail_letter {
	char *from, *to, *subject, *text; /* from, to: addresses */
	int64_t at;                       /* seconds since 1970, by the server's clock */
	bool report;                      /* a non-delivery report */
	bool sent;                        /* it was sent from here */
};
struct mail_letters {
	struct mail_letter *letters; /* the oldest first */
	size_t count;
};

struct overlay_ops;
struct server;
struct server_file;
struct stage;
struct reg_stage;

/* Hands out one registry file's bytes; name is "SYSTEM", "SYSTEM.ALT", "SYSTEM.LOG". Non-zero ends
 * it. */
typedef int server_hive_fn(void *arg, const char *name, const uint8_t *bytes, size_t len,
	struct error *err);

/* Is told of a key, value NULL, then of each value: the key as reg_list takes it, name and raw
 * bytes (followed by no NUL). All are good for the call alone. Non-zero ends the walk and is
 * returned. It may ask for files, but for no registry key. */
typedef int server_value_fn(void *arg, const char *key, const struct reg_value *value,
	struct error *err);

/* A whole registry file to put back. */
struct hive_image {
	const char *name;
	const uint8_t *bytes;
	size_t len;
};

/* Every member is set. What a way of reaching a server lacks returns -TROUBLE_CANNOT, and the
 * sentence says what the operator does instead. */
struct server_ops {
	int (*drives)(struct server *, TALLOC_CTX *, char **letters, struct error *); /* "CE" */
	int (*file_stat)(struct server *, TALLOC_CTX *, const char *path, bool *found,
		struct file_meta *, char **real, struct error *);
	int (*list)(struct server *, TALLOC_CTX *, const char *path, struct entry_list *,
		struct error *);
	int (*short_name)(struct server *, TALLOC_CTX *, const char *path, char **name,
		struct error *);
	int (*identity)(struct server *, const char *path, struct file_identity *, struct error *);
	/* Two drives of which the first lies in the second or is it, by letter; '\0' for both if
	 * none does. */
	int (*drives_nested)(struct server *, char pair[2], struct error *);
	/* The first stream of from that to (NULL: nothing) has not, or not so, for a sentence;
	 * *what NULL: none. */
	int (*stream_lost)(struct server *, TALLOC_CTX *, const char *from, const char *to,
		char **what, struct error *);
	int (*room)(struct server *, const char *path, uint64_t *bytes, struct error *);
	int (*volume_traits)(struct server *, char letter, struct volume_traits *, struct error *);
	/* size: as it was opened; may be NULL. */
	int (*file_open)(struct server *, TALLOC_CTX *, const char *path, struct server_file **,
		uint64_t *size, struct error *);
	/* *got is less than len only at the end of the file; the same with stage_read. */
	int (*file_read)(struct server_file *, uint64_t off, void *buf, size_t len, size_t *got,
		struct error *);
	/* talloc_free closes a server_file, and discards a stage that was not switched (its
	 * temporary name is removed). */

	int (*stage)(struct server *, TALLOC_CTX *, const struct stage_spec *, struct stage **,
		struct error *);
	int (*stage_write)(struct stage *, const void *, size_t, struct error *);
	/* all written: traits and time set and read back; not yet synced */
	int (*stage_ready)(struct stage *, struct error *);
	/* from the disk, after sync */
	int (*stage_read)(struct stage *, uint64_t off, void *buf, size_t len, size_t *got,
		struct error *);
	/* the rename; the 8.3 name is put back */
	int (*stage_switch)(struct stage *, struct error *);
	int (*mkdir)(struct server *, const char *path, const char *traits_from, struct error *);
	/* a file or an empty folder */
	int (*remove)(struct server *, const char *path, struct error *);
	/* same drive; to must not exist */
	int (*rename)(struct server *, const char *from, const char *to, struct error *);
	/* of a file or folder; read back */
	int (*set_time)(struct server *, const char *path, int64_t mtime, struct error *);
	/* everything on that drive made to last */
	int (*sync)(struct server *, char letter, struct error *);
	int (*sync_folder)(struct server *, const char *path, struct error *);

	/* *key NULL: no such key */
	int (*reg_list)(struct server *, TALLOC_CTX *, const char *key, struct reg_key **,
		struct error *);
	/* NULL: none */
	int (*reg_read)(struct server *, TALLOC_CTX *, const char *key, const char *value,
		struct reg_data **, struct error *);
	/* Key and all keys below it, and every value of theirs, of every type, in one pass; a key
	 * that is not there has none. */
	int (*reg_walk)(struct server *, const char *key, server_value_fn *, void *,
		struct error *);
	/* From hold to release the server is taken to stand still, for one look at everything: the
	 * registry files that were read are not asked again whether they changed. hold first passes
	 * SYSTEM through the whole walk, as reg_gate does before anything is written, and holds
	 * nothing where it fails; release says TROUBLE_HIVE_CHANGING where somebody wrote to a
	 * registry file meanwhile. */
	int (*hold)(struct server *, struct error *);
	int (*release)(struct server *, struct error *);
	int (*reg_save)(struct server *, server_hive_fn *, void *, struct error *);
	/* the whole walk that must pass before anything is written */
	int (*reg_gate)(struct server *, struct error *);
	int (*reg_stage)(struct server *, TALLOC_CTX *, const struct reg_edit *, size_t,
		struct reg_stage **, struct error *);
	int (*reg_stage_whole)(struct server *, TALLOC_CTX *, const struct hive_image *, size_t,
		struct reg_stage **, struct error *);
	/* What the operator should know about a stage ("SYSTEM.ALT is damaged and stays as it
	 * is."), one or more sentences, or NULL. */
	const char *(*reg_stage_note)(struct reg_stage *);
	/* The registry files as a stage found them, or (left) as they are once it is switched in:
	 * what reg_switch proves. Nothing is read for it. */
	int (*reg_stage_files)(struct reg_stage *, bool left, server_hive_fn *, void *,
		struct error *);
	/* Writes what was staged, copy after copy, each read back by two readers before the next is
	 * begun; *done counts the copies (SYSTEM, SYSTEM.ALT) that are new, on a running server
	 * the values. Then nothing but the edits differs from before: checked, TROUBLE_VERIFY
	 * otherwise. */
	int (*reg_switch)(struct reg_stage *, size_t *done, struct error *);

	/* NULL: none */
	int (*share_get)(struct server *, TALLOC_CTX *, const char *name, struct share **,
		struct error *);
	/* Makes the share as after has it, or removes it (NULL), whatever is there now. With
	 * security the descriptor under its name goes along: as after has it, or removed with the
	 * share. Without it stays as it is, or as Windows makes it. */
	int (*share_stage)(struct server *, TALLOC_CTX *, const char *name,
		const struct share *after, bool security, struct reg_stage **, struct error *);

	int (*service_list)(struct server *, TALLOC_CTX *, struct service_list *, struct error *);
	int (*service_set)(struct server *, const char *name, enum service_state, struct error *);

	/* Every record of an event log ("Application") with a number above after, the oldest first;
	 * nothing else of it is read where that can be had. */
	int (*events)(struct server *, const char *log, uint32_t after, server_event_fn *, void *,
		struct event_log *, struct error *);

	/* With SERVER_MAIL. Asking for the boxes lets the server's own connector run, as long as
	 * the server is open: what it moves it moves by itself, as a process of its own. */
	int (*mail_boxes)(struct server *, TALLOC_CTX *, struct mail_boxes *, struct error *);
	int (*mail_send)(struct server *, const struct mail_letter *, struct error *);
	int (*mail_read)(struct server *, TALLOC_CTX *, const struct mail_box *,
		struct mail_letters *, struct error *);

	/* Writes a file into folder and takes it away again: what the drive promises, tried. */
	int (*trial)(struct server *, const char *folder, struct error *);
	/* After a trial, however it ended: removes its file if it is still there, and gives the
	 * folder its time back. */
	int (*trial_clear)(struct server *, const char *folder, int64_t mtime, struct error *);
	/* Whether outside, a path on this machine that need not be there yet, lies in the server's
	 * folder path, or is it. */
	int (*holds)(struct server *, const char *path, const char *outside, bool *holds,
		struct error *);
	/* no second repair of this server, as far as that can be seen; held until freed */
	int (*lock)(struct server *, struct error *);
};

/* How a server was reached, as the command line says it, with folders from the root; NULL what was
 * not said. */
struct server_reached {
	const char *disks;     /* "C=/mnt/c,E=/mnt/e" */
	const char *nt_folder; /* "D:\WINNT" */
	const char *practice;  /* "/srv/practice/" */
	/* "/vm/sys.vmdk,/vm/data.vmdk", "C=1.1,E=2.1", the folder for overlays */
	const char *image, *letters, *overlay;
	const char *host, *user; /* "EXCH01", "DOM\\admin"; never a password */
	const char *dialect;     /* what is spoken with host, for eyes ("SMB 3.1.1, signed") */
	unsigned port;           /* 0: none was said */
	bool nt4;                /* the operator agreed to it */
};

struct server {
	const struct server_ops *ops;
	unsigned caps;
	/* Not NULL: stage, mkdir, reg_stage and share_stage end before their first write, and what
	 * they hand out is only to be freed. Each act on the registry is looked at as what the acts
	 * before it would leave. */
	struct server_rehearsal *rehearsing;
	bool dry_run; /* whatever writes refuses; rehearsing still works, for it only reads */
	const char *practice; /* the folder of a practice server, or NULL */
	/* Not NULL: what is written goes into an overlay (server/overlay.h) and looking is done
	 * without one; SERVER_WRITE says that one can be made. */
	const struct overlay_ops *overlay;
	/* "practice", "disks", "image", "live": for titles and records, never for decisions */
	const char *reach;
	struct server_reached reached; /* for records and printed commands */
	/* Called about ten times a second while a running server has not answered yet, or a service
	 * of it has not come to its state: what is being done ("Stopping MSExchangeMSMI"),
	 * translated, and for how many whole seconds. Non-zero gives up this one wait:
	 * TROUBLE_STOPPED. NULL: it is waited to the end of its time. */
	int (*waiting)(void *arg, const char *doing, unsigned seconds);
	void *waiting_arg;
	struct server_id id;
};

/* Who it is, by its registry: name, install date, product, version and type, owned by mem; the
 * others of id stay. set: the control set it starts with, "SYSTEM\ControlSet001". */
int server_identify(struct server *server, TALLOC_CTX *mem, const char *set, struct server_id *id,
	struct error *err);

bool server_id_same(const struct server_id *a, const struct server_id *b);

/* Whether Windows itself is asked while it runs, so that there are no registry files to save, to
 * compare or to put back. */
static inline bool server_runs(const struct server *server)
{
	return !(server->caps & SERVER_HIVES);
}

/* What the writing members return in a dry run: TROUBLE_CANNOT; else 0. */
int server_dry_refused(const struct server *server, struct error *err);

/* Convenience over the members: a whole file of at most limit bytes; its digest; a REG_SZ or
 * REG_EXPAND_SZ as text, a REG_DWORD. *text is NULL, *found false where key or value is absent or
 * of another type. */
int server_read_file(struct server *server, TALLOC_CTX *mem, const char *path, size_t limit,
	uint8_t **bytes, size_t *len, struct error *err);
/* What is there, ENTRY_NONE where nothing is; and the list of a folder, empty where there is none.
 * path NULL: TROUBLE_MEMORY. */
int server_kind(struct server *server, const char *path, enum entry_kind *kind, struct error *err);
int server_list(struct server *server, TALLOC_CTX *mem, const char *path, struct entry_list *list,
	struct error *err);
/* Makes the folder last that path lies in. */
int server_sync_above(struct server *server, const char *path, struct error *err);
int server_digest(struct server *server, const char *path, struct digest *digest,
	struct error *err);
int server_reg_string(struct server *server, TALLOC_CTX *mem, const char *key, const char *value,
	char **text, struct error *err);
/* As server_reg_string, "" where there is none. */
int server_reg_text(struct server *server, TALLOC_CTX *mem, const char *key, const char *value,
	char **text, struct error *err);
int server_reg_dword(struct server *server, const char *key, const char *value, uint32_t *number,
	bool *found, struct error *err);
/* The drive letters that Windows has given to fixed disks: what the mount manager of Windows 2000
 * keeps and, where it keeps nothing, what Disk Administrator of NT 4.0 wrote down. A damaged list
 * has none. */
int server_letters(struct server *server, TALLOC_CTX *mem, struct disk_letter **letters,
	size_t *count, struct error *err);

/* Only a practice server has mailboxes: the same for every other way of reaching one. */
int server_mail_boxes(struct server *, TALLOC_CTX *, struct mail_boxes *, struct error *);
int server_mail_send(struct server *, const struct mail_letter *, struct error *);
int server_mail_read(struct server *, TALLOC_CTX *, const struct mail_box *, struct mail_letters *,
	struct error *);

#endif

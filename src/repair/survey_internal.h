/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the parts of the survey share while it is being made. Private to survey*.c. */
#ifndef REPAIR_SURVEY_INTERNAL_H
#define REPAIR_SURVEY_INTERNAL_H

#include "repair/survey.h"
#include "server/copy.h"

/* Limits against hostile disks: far above what a server has, far below what would hang the program. */
enum {
	LOOK_SERVICES_LIMIT = 20000,
	LOOK_SETS_LIMIT = 16,
	LOOK_VERSION_LIMIT =
		64 << 20, /* larger files are no programs of Exchange: hashed, but not searched for a version */
	LOOK_FAT_GRAIN_S = 2,
};
/* What is in a Bin is read to its last byte: 16 GiB is more than a disk of that time held. */
#define LOOK_BIN_BYTES (UINT64_C(16) << 30)

/* A subkey of Services, listed once. */
struct look_service {
	char *name;
	struct reg_key *key;
	const char *image;                 /* ImagePath as text, NULL if there is none */
	uint32_t type;                     /* 0 if there is none */
	bool leftover;                     /* neither Type nor ImagePath: not a service, though the key exists */
};

/* A registry key that was listed, so that none is listed twice. */
struct look_key {
	struct look_key *next;
	uint32_t hash;                     /* the same for all spellings of a path */
	char *path;
	struct reg_key *key;               /* NULL: there is none */
};

/* One of the article's entries, for one PC MTA where it is for each. */
struct look_entry {
	const struct article_entry *entry;
	char *below;                       /* key below Services */
};

/* What an entry says in another control set. */
struct look_other {
	const char *set;                   /* "ControlSet002" */
	const struct look_entry *entry;
	char *text;
};

/* A file that one Bin or both have. */
struct look_file {
	const char *rel;
	const struct copy_item *setup, *own;
};

struct look {
	TALLOC_CTX *tmp;                   /* freed when the survey is made */
	struct survey *survey;
	struct server *server;
	const struct survey_options *options;
	struct error *err;

	char *letters;                     /* of the drives given */
	struct entry_list roots[26];       /* of each drive given */
	char *set_key, *services_key;      /* "SYSTEM\ControlSet001", its Services */
	struct look_service *services;
	size_t service_count;
	struct reg_key *sources;           /* EventLog\Application, NULL if there is none */
	struct look_key *keys;
	struct look_entry *entries;
	size_t entry_count;
	char **other_sets;                 /* "ControlSet002" ..., Last Known Good's first */
	size_t other_count;

	struct share *share;               /* Maildat$, NULL if there is none */
	char *share_long;                  /* its path with long names, NULL if it is no full path */
	bool relocated_named;              /* the registry names the relocated Msmcon, letter and all */
	struct path_folder from, to;       /* default and relocated Msmcon */
	bool shorts_derived;               /* an 8.3 name of them follows from the rule only */

	bool setup_bin, own_bin;           /* whether either Bin is there */
	char *setup_bin_path, *own_bin_path;
	struct copy_list setup_list, own_list;
	struct look_file *files;
	size_t file_count;

};

/* ---- survey_tools.c ---- */

int look_tell(struct look *look, const char *what);
/* text made safe to show, owned by look->tmp; never NULL. */
const char *look_shown(struct look *look, const char *text);
/* A notice; text is printf style. */
int look_notice(struct look *look, const char *id, const char *format, ...) __attribute__((format(printf, 3, 4)));
/* From here on the server may only be checked. The first reason stays. */
int look_refuse(struct look *look, enum trouble trouble, const char *format, ...) __attribute__((format(printf, 3, 4)));
/* The same, with the advice of why. */
int look_refuse_why(struct look *look, const struct error *why);
/*
 * A new row at the end, zeroed but for what is given, and of MOVE_UNKNOWN: what is left so follows from its state when the survey is made.
 * NULL for want of memory. It moves when the next one is added.
 */
struct finding *look_finding(struct look *look, enum finding_kind kind, int step, const char *prefix,
			     const char *subject);
/* Lists a key at most once in the life of a survey; *key NULL where there is none. */
int look_key(struct look *look, const char *path, struct reg_key **key);
const struct reg_value *look_value(const struct reg_key *key, const char *name);
bool look_has_subkey(const struct reg_key *key, const char *name);
/* A value's text, NULL where it is none; owned by look->tmp. */
char *look_string(struct look *look, const struct reg_data *data);

bool look_has_drive(const struct look *look, const char *path);
/* Whether there is such a file or folder; false also where its drive was not given. */
int look_exists(struct look *look, const char *path, enum entry_kind kind, bool *found);
/* The path as the disk spells it, 8.3 names made long; *real is NULL where there is nothing. Owned by look->tmp. */
int look_real(struct look *look, const char *path, char **real);
/* The 8.3 names of a folder's parts. */
int look_shorts(struct look *look, const char *full, const char *const **shorts);
/* A file's facts; the whole file is read once. Small ones are also searched for a version. */
int look_file_fact(struct look *look, const char *path, const struct file_meta *meta, struct file_fact *fact);

/* ---- one a topic, in the order of the look ---- */

int look_server(struct look *look);            /* survey_server.c: control sets, refusals by kind, drives */
int look_exchange(struct look *look);          /* Exchange's folder, its version, when setup ran */
int look_letters(struct look *look);           /* survey_letters.c: are the drive letters the server's own? */
int look_volumes(struct look *look);           /* may they be written to? */
int look_pcmtas(struct look *look);            /* survey_pcmta.c: services, sources, PC MTAs, the list of entries */
int look_cluster(struct look *look);           /* survey_server.c */
int look_share_read(struct look *look);        /* survey_share.c */
int look_relocated(struct look *look);         /* survey_msmcon.c */
int look_folders(struct look *look);           /* 8.3 names of both Msmcon */
int look_maildata(struct look *look);          /* survey_maildata.c */
int look_postoffice_row(struct look *look);    /* before step 1 */
int look_backup_row(struct look *look);        /* survey_files.c: steps 1 and 2 */
int look_file_rows(struct look *look);
int look_value_rows(struct look *look);        /* survey_values.c: step 3 */
int look_share_row(struct look *look);         /* survey_share.c: step 4 */
int look_service_rows(struct look *look);      /* survey_services.c: step 5 */
int look_oldfolder_row(struct look *look);     /* survey_oldfolder.c: step 6 */
int look_copies(struct look *look);            /* survey_copies.c: Last Known Good, SYSTEM.ALT */
int look_elsewhere(struct look *look);         /* values beside the article's that name the default Msmcon */
int look_leftovers(struct look *look);

int look_named(struct look *look, const struct finding *row, const char *text, const char *root, struct named_file *named);  /* survey_named.c */
/* Which Maildata the share leads to in another control set; LIVE_UNCLEAR where there is none, or it leads elsewhere. */
int look_share_side(struct look *look, const char *set, enum survey_live *side);
/* What the article's entries say in another control set. Owned by look->tmp. */
int look_other_values(struct look *look, const char *set, struct look_other **values, size_t *count);
/* The value of an entry as it stands, NULL where there is none; *key_there tells the key. */
int look_entry_value(struct look *look, const struct look_entry *entry, const struct reg_value **value,
		     bool *key_there);
/* The service of this name, NULL if there is none. */
const struct look_service *look_service_find(const struct look *look, const char *name);
/* A postoffice, not just a folder of that name: Maildata\Glb\Master.glb is there (Q77926). */
int look_is_msmcon(struct look *look, const char *path, bool *found);
/* As much of a Maildata folder: Glb\\Master.glb, with the folders of mail and keys. */
int look_is_maildata(struct look *look, const char *maildata, bool *found);
/* Whether what a run wrote (struct written) leads to the relocated Msmcon. */
bool look_is_written(const struct look *look, const char *msmcon);
/* The path of a value as Windows opens it, also where "." or ".." stand in it; NULL if it is no full local path. */
char *look_span_path(struct look *look, const char *text, const struct path_span *span);
/* The Maildata folder of an Msmcon folder, owned by look->tmp. */
char *look_maildata_path(struct look *look, const char *msmcon);

#endif

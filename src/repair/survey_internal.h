/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the parts of the survey share while it is being made. Private to survey*.c.
 *
 * The first failure stays: its trouble in ret, its sentence in err. From then on the functions here ask nothing more of the server, and what they
 * hand out is NULL, false or empty, so that a part need not ask after every step; the survey ends with that part.
 */
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

/* One of the article's entries, for one PC MTA where it is for each. */
struct look_entry {
	const struct article_entry *entry;
	const char *below;                 /* key below Services */
	const struct reg_key *key;         /* NULL: there is none */
	const struct reg_value *value;     /* NULL: there is none */
};

/* Names for a sentence; not more than a person reads. */
struct look_names {
	const char *text;                  /* NULL: none */
	size_t count;
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
	int ret;                           /* 0 until something failed */
	struct error *err;
	char *nothing;                     /* "", for a text that memory was not there for */
	struct finding spare;              /* for a row that memory was not there for */

	char *letters;                     /* of the drives given */
	struct entry_list roots[26];       /* of each drive given */
	char *services_key;                /* "SYSTEM\ControlSet001\Services" */
	struct look_service *services;
	size_t service_count;
	struct look_entry *entries;
	size_t entry_count;
	char *other_sets[LOOK_SETS_LIMIT]; /* "ControlSet002" ..., Last Known Good's first */
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

/* Fails, unless something did before. */
void look_fail(struct look *look, enum trouble trouble, const char *format, ...) __attribute__((format(printf, 3, 4)));
void look_starved(struct look *look);          /* of memory */
/* A text for a while, and one that the survey keeps; printf style, never NULL. look_need makes another text so: NULL is want of memory. */
char *look_print(struct look *look, const char *format, ...) __attribute__((format(printf, 2, 3)));
char *look_text(struct look *look, const char *format, ...) __attribute__((format(printf, 2, 3)));
char *look_need(struct look *look, char *text);
char *look_path(struct look *look, const char *folder, const char *below);
char *look_parent(struct look *look, const char *path);
/* text made safe to show; never NULL. */
const char *look_shown(struct look *look, const char *text);
/* One more name. */
void look_name(struct look *look, struct look_names *names, const char *name);
/* A notice. */
void look_notice(struct look *look, const char *id, const char *format, ...) __attribute__((format(printf, 3, 4)));
/* From here on the server may only be checked. The first reason stays; look_refuse_why has its own advice. */
void look_refuse(struct look *look, enum trouble trouble, const char *format, ...) __attribute__((format(printf, 3, 4)));
void look_refuse_why(struct look *look, const struct error *why);
/* A new row at the end, zeroed but for what is given, and of MOVE_UNKNOWN: what is left so follows from its state when the survey is made.
 * Never NULL. It moves when the next one is added. */
struct finding *look_finding(struct look *look, enum finding_kind kind, int step, const char *prefix, const char *subject);
/* A sentence of a row's text, behind those that are there. */
void look_say(struct look *look, struct finding *row, const char *format, ...) __attribute__((format(printf, 3, 4)));
/* What a person does about a row. */
void look_todo(struct finding *row, enum finding_move move, const char *todo);

/* NULL where there is no such key. */
struct reg_key *look_key(struct look *look, const char *path);
const struct reg_value *look_value(const struct reg_key *key, const char *name);
bool look_has_subkey(const struct reg_key *key, const char *name);
/* The data of one value, NULL where there is none. */
struct reg_data *look_data(struct look *look, const char *key, const char *value);
/* A copy that the survey keeps; NULL of NULL. */
struct reg_data *look_copy(struct look *look, const struct reg_data *data);
/* A string, NULL where data is none; the one of a key's value; and a number there, or what is said in its stead. */
char *look_string(struct look *look, const struct reg_data *data);
char *look_value_string(struct look *look, const struct reg_key *key, const char *name);
uint32_t look_number(const struct reg_key *key, const char *name, uint32_t otherwise);
/* What an entry of the article says in another control set, NULL where it says nothing. */
char *look_other_text(struct look *look, const char *set, const struct look_entry *entry);
/* The definition of Maildat$ in a control set, and the path in it; NULL where there is none. */
struct reg_data *look_share_data(struct look *look, const char *set);
char *look_share_path(struct look *look, const char *set);

bool look_has_drive(const struct look *look, const char *path);
/* Whether there is such a file or folder, and what it is; false also where its drive was not given. */
bool look_meta(struct look *look, const char *path, struct file_meta *meta);
bool look_exists(struct look *look, const char *path, enum entry_kind kind);
void look_list(struct look *look, const char *folder, struct entry_list *list);
/* Fails where path, for what the registry names, is on another drive than it says, outside the default Msmcon: letters were mixed up. */
void look_other_drives(struct look *look, const char *named, const char *path, enum entry_kind kind);
/* The path as the disk spells it, 8.3 names made long; NULL where there is nothing. */
char *look_real(struct look *look, const char *path);
/* The same of a path as a share has it (NT 4.0 may hold the 8.3 form, Q147224); as it is written where there is nothing, NULL where it is no full path. */
char *look_long(struct look *look, const char *path);
/* The 8.3 names of a folder's parts. */
const char *const *look_shorts(struct look *look, const char *full);
/* The whole file is read once. Small ones are also searched for a version. */
struct file_fact look_file_fact(struct look *look, const char *path, const struct file_meta *meta);

/* ---- one a topic, in the order of the look ---- */

void look_server(struct look *look);           /* survey_server.c: control sets, refusals by kind, drives */
void look_exchange(struct look *look);         /* Exchange's folder, its version, when setup ran */
void look_letters(struct look *look);          /* survey_letters.c: are the drive letters the server's own? */
void look_volumes(struct look *look);          /* may they be written to? */
void look_pcmtas(struct look *look);           /* survey_pcmta.c: services, PC MTAs, the list of entries */
void look_cluster(struct look *look);          /* survey_server.c */
void look_share_read(struct look *look);       /* survey_share.c */
void look_relocated(struct look *look);        /* survey_msmcon.c */
void look_folders(struct look *look);          /* 8.3 names of both Msmcon */
void look_maildata(struct look *look);         /* survey_maildata.c */
void look_postoffice_row(struct look *look);   /* before step 1 */
void look_backup_row(struct look *look);       /* survey_files.c: steps 1 and 2 */
void look_file_rows(struct look *look);
void look_value_rows(struct look *look);       /* survey_values.c: step 3 */
void look_share_row(struct look *look);        /* survey_share.c: step 4 */
void look_service_rows(struct look *look);     /* survey_services.c: step 5 */
void look_oldfolder_row(struct look *look);    /* survey_oldfolder.c: step 6 */
void look_copies(struct look *look);           /* survey_copies.c: Last Known Good, SYSTEM.ALT */
void look_elsewhere(struct look *look);        /* survey_oldfolder.c: values beside the article's that name the default Msmcon */
void look_leftovers(struct look *look);

struct named_file look_named(struct look *look, const struct finding *row, const char *text, const char *root);  /* survey_named.c */
/* Which Maildata a path leads to; LIVE_UNCLEAR for NULL, or where it leads elsewhere. */
enum survey_live look_side(struct look *look, const char *path);
/* The service of this name, NULL if there is none. */
const struct look_service *look_service_find(const struct look *look, const char *name);
/* A postoffice, not just a folder of that name: Maildata\Glb\Master.glb is there (Q77926). */
bool look_is_msmcon(struct look *look, const char *path);
/* As much of a Maildata folder: Glb\Master.glb, with the folders of mail and keys. */
bool look_is_maildata(struct look *look, const char *maildata);
/* Whether what a run wrote (struct written) leads to the relocated Msmcon. */
bool look_is_written(const struct look *look, const char *msmcon);
/* The paths of a text, of which there are none in NULL; root is what %SystemRoot% stands for. */
struct path_span *look_spans(struct look *look, const char *text, enum path_form form, const char *root, size_t *count);
/* One of them as it is written, without quotes. */
char *look_span_text(struct look *look, const char *text, const struct path_span *span);
/* The path of a value as Windows opens it, also where "." or ".." stand in it; NULL if it is no full local path. */
char *look_span_path(struct look *look, const char *text, const struct path_span *span);

#endif

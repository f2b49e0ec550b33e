/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the parts of the survey share while it is being made. Private to survey*.c.
 *
 * The first failure stays: its trouble in ret, its sentence in err. From then on the functions here
 * ask nothing more of the server, and what they hand out is NULL, false or empty, so that a part
 * need not ask after every step; the survey ends with that part.
 */
#ifndef REPAIR_SURVEY_INTERNAL_H
#define REPAIR_SURVEY_INTERNAL_H

#include "repair/survey.h"
#include "server/copy.h"

/* Limits against hostile disks: far above what a server has, far below what would hang the
 * program. */
enum {
	SCAN_SERVICES_LIMIT = 20000,
	SCAN_SETS_LIMIT = 16,
	SCAN_VERSION_LIMIT =
		/* larger files are no programs of Exchange: hashed, but not searched for a
		 * version */
	64 << 20,
	SCAN_FAT_GRAIN_S = 2,
};
/* What is in a Bin is read to its last byte: 16 GiB is more than a disk of that time held. */
#define SCAN_BIN_BYTES (UINT64_C(16) << 30)

/* A subkey of Services, listed once. */
struct scan_service {
	char *name;
	struct reg_key *key;
	const char *image; /* ImagePath as text, NULL if there is none */
	uint32_t type;     /* 0 if there is none */
	bool leftover;     /* neither Type nor ImagePath: not a service, though the key exists */
};

/* One of the article's entries, for one PC MTA where it is for each. */
struct scan_entry {
	const struct article_entry *entry;
	const char *below;             /* key below Services */
	const struct reg_key *key;     /* NULL: there is none */
	const struct reg_value *value; /* NULL: there is none */
};

/* Names for a sentence; not more than a person reads. */
struct scan_names {
	const char *text; /* NULL: none */
	size_t count;
};

/* A file that one Bin or both have. */
struct scan_file {
	const char *rel;
	const struct copy_item *setup, *own;
};

struct scan {
	TALLOC_CTX *tmp; /* freed when the survey is made */
	struct survey *survey;
	struct server *server;
	const struct survey_options *options;
	int ret; /* 0 until something failed */
	struct error *err;
	char *nothing;        /* "", for a text that memory was not there for */
	struct finding spare; /* for a row that memory was not there for */

	char *letters;               /* of the drives given */
	struct entry_list roots[26]; /* of each drive given */
	char *services_key;          /* "SYSTEM\ControlSet001\Services" */
	struct scan_service *services;
	size_t service_count;
	struct scan_entry *entries;
	size_t entry_count;
	char *other_sets[SCAN_SETS_LIMIT]; /* "ControlSet002" ..., Last Known Good's first */
	size_t other_count;

	struct share *share;         /* Maildat$, NULL if there is none */
	char *share_long;            /* its path with long names, NULL if it is no full path */
	bool relocated_named;        /* the registry names the relocated Msmcon, letter and all */
	struct path_folder from, to; /* default and relocated Msmcon */
	bool shorts_derived;         /* an 8.3 name of them follows from the rule only */

	bool setup_bin, own_bin; /* whether either Bin is there */
	char *setup_bin_path, *own_bin_path;
	struct copy_list setup_list, own_list;
	struct scan_file *files;
	size_t file_count;
};

/* ---- survey_tools.c ---- */

/* For another look at the server of a survey: no part of it may be changed. mem is tmp, too. */
void scan_again(struct scan *scan, TALLOC_CTX *mem, struct server *server,
	const struct survey *survey, struct error *err);
/* Fails, unless something did before. */
#define scan_fail(scan, trouble, ...) \
	((void)((scan)->ret || ((scan)->ret = error_set((scan)->err, trouble, __VA_ARGS__))))
void scan_starved(struct scan *scan); /* of memory */
/* A text for a while, and one that the survey keeps; printf style, never NULL. scan_need makes
 * another text so: NULL is want of memory. */
char *scan_print(struct scan *scan, const char *format, ...) __attribute__((format(printf, 2, 3)));
char *scan_text(struct scan *scan, const char *format, ...) __attribute__((format(printf, 2, 3)));
char *scan_need(struct scan *scan, char *text);
char *scan_path(struct scan *scan, const char *folder, const char *below);
char *scan_parent(struct scan *scan, const char *path);
/* text made safe to show; never NULL. */
const char *scan_shown(struct scan *scan, const char *text);
/* One more name. */
void scan_name_add(struct scan *scan, struct scan_names *names, const char *name);
/* A notice. */
void scan_notice(struct scan *scan, const char *id, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* From here on the server may only be checked. The first reason stays; scan_refuse_why has its own
 * advice. */
void scan_refuse(struct scan *scan, enum trouble trouble, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void scan_refuse_why(struct scan *scan, const struct error *why);
/* A new row at the end, zeroed but for what is given, and of MOVE_UNKNOWN: what is left so follows
 * from its state when the survey is made. Never NULL. It moves when the next one is added. */
struct finding *scan_finding(struct scan *scan, enum finding_kind kind, int step,
	const char *prefix, const char *subject);
/* A sentence of a row's text, behind those that are there. */
void status_say(struct scan *scan, struct finding *row, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* What a person does about a row. */
void scan_todo(struct finding *row, enum finding_move move, const char *todo);

/* NULL where there is no such key. */
struct reg_key *scan_key(struct scan *scan, const char *path);
const struct reg_value *scan_value(const struct reg_key *key, const char *name);
bool scan_has_subkey(const struct reg_key *key, const char *name);
/* The data of one value, NULL where there is none. */
struct reg_data *scan_data(struct scan *scan, const char *key, const char *value);
/* A copy that the survey keeps; NULL of NULL. */
struct reg_data *scan_copy(struct scan *scan, const struct reg_data *data);
/* A string, NULL where data is none; the one of a key's value; and a number there, or what is said
 * in its stead. */
char *scan_string(struct scan *scan, const struct reg_data *data);
char *scan_value_string(struct scan *scan, const struct reg_key *key, const char *name);
uint32_t scan_number(const struct reg_key *key, const char *name, uint32_t otherwise);
/* What an entry of the article says in another control set, NULL where it says nothing. */
char *scan_other_text(struct scan *scan, const char *set, const struct scan_entry *entry);
/* The definition of Maildat$ in a control set, and the path in it; NULL where there is none. */
struct reg_data *scan_share_data(struct scan *scan, const char *set);
char *scan_share_path(struct scan *scan, const char *set);

bool scan_has_drive(const struct scan *scan, const char *path);
/* Whether there is such a file or folder, and what it is; false also where its drive was not
 * given. */
bool scan_meta(struct scan *scan, const char *path, struct file_meta *meta);
bool scan_exists(struct scan *scan, const char *path, enum entry_kind kind);
void scan_list(struct scan *scan, const char *folder, struct entry_list *list);
/* Fails where path, for what the registry names, is on another drive than it says, outside the
 * default Msmcon: letters were mixed up. */
void scan_other_drives(struct scan *scan, const char *named, const char *path,
	enum entry_kind kind);
/* The path as the disk spells it, 8.3 names made long; NULL where there is nothing. */
char *scan_real(struct scan *scan, const char *path);
/* The same, or the path as it is written where there is nothing. */
char *scan_spelled(struct scan *scan, char *path);
/* The same of a path as a share has it (NT 4.0 may hold the 8.3 form, Q147224); as it is written
 * where there is nothing, NULL where it is no full path. */
char *scan_long(struct scan *scan, const char *path);
/* The 8.3 names of a folder's parts. */
const char *const *scan_shorts(struct scan *scan, const char *full);
/* The whole file is read once. Small ones are also searched for a version. */
struct file_fact scan_file_fact(struct scan *scan, const char *path, const struct file_meta *meta);

/* ---- one a topic, in the order of the look ---- */

void scan_server(struct scan *scan);   /* survey_server.c: control sets, refusals by kind, drives */
void scan_exchange(struct scan *scan); /* Exchange's folder, its version, when setup ran */
/* survey_letters.c: are the drive letters the server's own? */
void scan_letters(struct scan *scan);
void scan_volumes(struct scan *scan); /* may they be written to? */
void scan_pcmtas(struct scan *scan);  /* survey_pcmta.c: services, PC MTAs, the list of entries */
void scan_cluster(struct scan *scan); /* survey_server.c */
void scan_overlaid(struct scan *scan);
void scan_share_read(struct scan *scan);     /* survey_share.c */
void scan_relocated(struct scan *scan);      /* survey_msmcon.c */
void scan_folders(struct scan *scan);        /* 8.3 names of both Msmcon */
void scan_maildata(struct scan *scan);       /* survey_maildata.c */
void scan_postoffice_row(struct scan *scan); /* before step 1 */
void scan_backup_row(struct scan *scan);     /* survey_files.c: steps 1 and 2 */
void scan_file_rows(struct scan *scan);
void scan_value_rows(struct scan *scan);    /* survey_values.c: step 3 */
void scan_share_row(struct scan *scan);     /* survey_share.c: step 4 */
void scan_service_rows(struct scan *scan);  /* survey_services.c: step 5 */
void scan_oldfolder_row(struct scan *scan); /* survey_oldfolder.c: step 6 */
void scan_copies(struct scan *scan);        /* survey_copies.c: Last Known Good, SYSTEM.ALT */
/* survey_oldfolder.c: values beside the article's that name the default Msmcon */
void scan_elsewhere(struct scan *scan);
void scan_leftovers(struct scan *scan);

/* survey_named.c */
struct named_file scan_named(struct scan *scan, const struct finding *row, const char *text,
	const char *root);
/* Which Maildata a path leads to; LIVE_UNCLEAR for NULL, or where it leads elsewhere. */
enum survey_live scan_side(struct scan *scan, const char *path);
/* The service of this name, NULL if there is none. */
const struct scan_service *scan_service_find(const struct scan *scan, const char *name);
/* A postoffice, not just a folder of that name: Maildata\Glb\Master.glb is there (Q77926). */
bool scan_is_msmcon(struct scan *scan, const char *path);
/* As much of a Maildata folder: Glb\Master.glb, with the folders of mail and keys. */
bool scan_is_maildata(struct scan *scan, const char *maildata);
/* Whether what a run wrote (struct written) leads to the relocated Msmcon. */
bool scan_is_written(const struct scan *scan, const char *msmcon);
/* The paths of a text, of which there are none in NULL; root is what %SystemRoot% stands for. */
struct path_span *scan_spans(struct scan *scan, const char *text, enum path_form form,
	const char *root, size_t *count);
/* One of them as it is written, without quotes. */
char *scan_span_text(struct scan *scan, const char *text, const struct path_span *span);
/* The path of a value as Windows opens it, also where "." or ".." stand in it; NULL if it is no
 * full local path. */
char *scan_span_path(struct scan *scan, const char *text, const struct path_span *span);

#endif

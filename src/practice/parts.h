/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the parts of the practice server's builder share. Private to this room. */
#ifndef PRACTICE_PARTS_H
#define PRACTICE_PARTS_H

#include <time.h>

#include "base/memory.h"
#include "nt/peversion.h"
#include "nt/regdata.h"
#include "practice/practice.h"

#define PRACTICE_PCMTAS 2
#define PRACTICE_POSTOFFICES 6
#define PRACTICE_JSON "practice.json"

/* ---- bytes.c: numbers that follow from the seed, bytes that grow ---- */

/* A number below `below` that follows from the seed and the label alone, so that one more draw
 * elsewhere changes nothing here. */
uint64_t practice_draw(uint64_t seed, const char *label, uint64_t below);
/* Bytes that look like compiled code or packed data; the same for the same seed and label. */
void practice_noise(uint64_t seed, const char *label, uint8_t *bytes, size_t len);

/* Little-endian bytes that grow. Once memory fails it stays failed, and what is put is lost. */
struct practice_buf {
	TALLOC_CTX *mem;
	uint8_t *bytes;
	size_t len, room;
	bool failed;
};
/* Where the new bytes are; NULL for none. */
uint8_t *practice_zeros(struct practice_buf *buf, size_t len);
void practice_put(struct practice_buf *buf, const void *bytes, size_t len);
void practice_put16(struct practice_buf *buf, uint32_t number);
void practice_put32(struct practice_buf *buf, uint32_t number);
/* Without a NUL. */
void practice_put_utf16(struct practice_buf *buf, const char *text);
void practice_align(struct practice_buf *buf, size_t to);
/* Over bytes that are there already. */
void practice_set16(struct practice_buf *buf, size_t at, uint32_t number);
void practice_set32(struct practice_buf *buf, size_t at, uint32_t number);

/* ---- world.c: the world that a seed describes ---- */

/* A release of Exchange. Only the third number is told apart by the articles; the fourth differs
 * from file to file. */
struct practice_release {
	const char *name;           /* "Service Pack 2" */
	uint16_t build, store, mta; /* Q243604, Q163294 */
};

/* A postoffice served by one of the PC MTAs. */
struct practice_postoffice {
	const char *network, *name, *host, *share;
	unsigned pcmta;
};

/* Seconds since 1970, UTC, in the order in which it happened. */
struct practice_times {
	int64_t nt;       /* Windows NT installed */
	int64_t exchange; /* Exchange installed */
	int64_t moved;    /* the postoffice moved to the other drive */
	int64_t hotfix;
	int64_t last_mail;
	int64_t service_pack, service_pack_end;
	int64_t hive;                  /* the registry's last write */
	int64_t rtm_files, pack_files; /* what setup's files are dated */
};

/* Everything that the seed decides; texts are the tables' or owned by mem of
 * practice_world_make. */
struct practice_world {
	uint64_t seed;
	unsigned flags;
	const char *server, *domain, *organization, *site, *account, *owner;
	const char *csd_version, *product_type;
	char *product_id;
	const struct practice_release *base, *release;
	/* NT services, named by the administrator: over LAN, over X.25 */
	const char *pcmta[PRACTICE_PCMTAS];
	struct practice_postoffice po[PRACTICE_POSTOFFICES];
	size_t po_count;
	struct practice_times times;
	unsigned right[2]; /* which two entries the service pack left alone */
	bool quoted;       /* one service command line is quoted and has an argument */
	bool listed;       /* one message file value is a list that begins with %SystemRoot% */
	uint32_t domain_sid[3];
	uint32_t set_default; /* the control set of the next start: 1 or 2 */
	char *relocated;      /* "E:\\exchsrvr\\connect\\msmcon" */
	char *relocated_dir;  /* the same below the server's folder: "E/exchsrvr/connect/msmcon" */
	char *dn;             /* "/o=Harbour Works/ou=Quayside" */
	char *exchange;       /* Exchange's own network and postoffice: "HARBOUR/QUAYSIDE" */
	const struct practice_edit *edits;
	size_t edit_count;
};

int practice_world_make(TALLOC_CTX *mem, const struct practice_spec *spec,
	struct practice_world *world, struct error *err);

/* Whether the service pack's damage keeps mail from flowing, and when the last message came
 * through. */
bool practice_broken(const struct practice_world *world);
int64_t practice_last_mail(const struct practice_world *world);

/* Who has mailboxes: the first PRACTICE_AT_EXCHANGE there, then PRACTICE_AT_POSTOFFICE in each
 * postoffice. */
enum { PRACTICE_AT_EXCHANGE = 3, PRACTICE_AT_POSTOFFICE = 2 };
struct practice_person {
	const char *box, *shown;
};
const struct practice_person *practice_person(const struct practice_world *world, size_t index);

/* Text with {server}, {domain}, {account}, {owner}, {org}, {site}, {lan}, {x25}, {default},
 * {relocated} filled in. NULL for want of memory. */
char *practice_expand(TALLOC_CTX *mem, const struct practice_world *world, const char *text);

#define PRACTICE_DEFAULT_MSMCON "C:\\exchsrvr\\connect\\msmcon"

/* The last twist of this kind that touches this place (any of where's bits) and path (NULL: any
 * path); NULL if there is none. A twist without path is about all. */
const struct practice_edit *practice_edit_find(const struct practice_world *world,
	enum practice_op op, unsigned where, const char *path);

/* ---- tree.c: files and folders with times and modes ---- */

/* Once something fails nothing more is done; practice_tree_finish tells. */
struct practice_tree;
int practice_tree_open(TALLOC_CTX *mem, const char *dir, struct practice_tree **tree,
	struct error *err);
/* Makes the folder and those on the way; its time is set at the end, for what is put into it would
 * move it. */
void practice_folder(struct practice_tree *tree, const char *path, int64_t time);
void practice_file(struct practice_tree *tree, const char *path, const void *bytes, size_t len,
	int64_t time, mode_t mode);
/* Frees the bytes. */
void practice_buf_file(struct practice_tree *tree, const char *path, struct practice_buf *buf,
	int64_t time, mode_t mode);
bool practice_tree_has(struct practice_tree *tree, const char *path);
int practice_tree_finish(struct practice_tree *tree, struct error *err);

/* ---- pe.c: PE files ---- */

struct practice_pe {
	const char *name; /* as it calls itself: "Mt.exe" */
	struct pe_version version;
	int64_t built;
	size_t size; /* of the file, about */
};

/* A PE32 file for the Intel 386: code section, resource section with VS_VERSIONINFO. */
struct practice_buf practice_pe(TALLOC_CTX *mem, const struct practice_pe *spec);

/* ---- files.c, maildata.c, registry.c ---- */

void practice_files(struct practice_tree *tree, const struct practice_world *world);
/* A postoffice at path; live: in use until the last mail, else as it was when it was moved away. */
void practice_maildata(struct practice_tree *tree, const struct practice_world *world,
	const char *path, bool live);
int practice_hives(struct practice_tree *tree, const struct practice_world *world,
	struct error *err);

/* What a letter is about. */
const char *practice_subject(uint64_t seed, const char *label);
/* A header as in the one published dump (Q108027). */
struct practice_header {
	const char *sender, *subject;
	int64_t at;
	unsigned letter; /* of its MAI file */
	size_t size;
};
enum { PRACTICE_MBG_RECORD = 116, PRACTICE_KEY_SIZE = 560, PRACTICE_KEY_BITS = 8 };
void practice_mbg_record(struct practice_buf *buf, const struct practice_header *header);

/* ---- written.c: what mail leaves behind ---- */

/* Two lines of SENT.LOG or RECV.LOG (Q151215); there 0: received. */
struct practice_passed {
	int64_t at;
	const char *from, *to;
	size_t size;
	unsigned here, there;
};
void practice_log_head(struct practice_buf *buf, bool sent);
void practice_log_put(struct practice_buf *buf, const struct practice_passed *passed);

/* A message in the tracking log (Q173280): one recipient. */
struct practice_track {
	const char *id, *gateway, *partner, *remote, *from, *to, *report; /* NULL: blank */
	unsigned event;
	int64_t at;
	size_t size;
	bool failed; /* a report that it was not delivered */
};
void practice_track_put(struct practice_buf *buf, const struct practice_track *track);
/* Names in it, owned by mem: of a message, and of the connector. */
char *practice_message_id(TALLOC_CTX *mem, const char *organization, const char *server, int64_t at,
	unsigned long number);
char *practice_gateway(TALLOC_CTX *mem, const char *dn, const char *server);
/* at by the calendar, GMT. */
struct tm practice_tm(int64_t at);

/* The logs of the days before, and the Application event log. */
void practice_logs(struct practice_tree *tree, const struct practice_world *world);

/* ---- evt.c: an event log as a whole ---- */

#define PRACTICE_EVT "C/WINNT/system32/config/AppEvent.Evt"

struct practice_event {
	unsigned id;
	unsigned type, category; /* enum evt_type */
	int64_t at;
	const char *source, *computer;
	const char *strings[4]; /* the first NULL ends them */
};
/* Makes an empty log of what cannot be read as one. */
void practice_evt_open(struct practice_buf *log);
/* Behind the others; the oldest go where 512 KB are full. As a service that runs does it: the
 * header stays as it was, but says so. */
void practice_evt_add(struct practice_buf *log, const struct practice_event *event);
/* What stopping the service writes into the header. */
void practice_evt_close(struct practice_buf *log);

/* ---- hive.c: a hive being filled, and what a case changes in it ---- */

/* A value as a row; text is expanded; REG_MULTI_SZ: strings separated by '|'; REG_DWORD: a number
 * in C notation. */
struct practice_row {
	const char *key, *value;
	uint32_t type;
	const char *text;
};

struct regf_build;

/* Once something fails nothing more is done. */
struct practice_hive {
	TALLOC_CTX *mem; /* of all that is made on the way */
	struct regf_build *build;
	const struct practice_world *world;
	uint32_t set;    /* the control set being filled, 0 for none */
	const char *top; /* what is in front of every key in it */
	bool alt;        /* SYSTEM.ALT */
	int status;
	struct error *err;
};
/* Whether the control set is as it was before the service pack. */
bool practice_hive_before(const struct practice_hive *hive);
/* Key and text are expanded. */
void practice_hive_put(struct practice_hive *hive, const char *key, const char *value,
	struct reg_data *data);
void practice_hive_text(struct practice_hive *hive, const char *key, const char *value,
	uint32_t type, const char *text);
void practice_hive_rows(struct practice_hive *hive, const struct practice_row *rows, size_t count);
/* After everything else in a control set: the values that only a case brings. */
void practice_hive_edits(struct practice_hive *hive);

enum practice_sid { PRACTICE_EVERYONE, PRACTICE_ADMINISTRATORS, PRACTICE_SYSTEM, PRACTICE_ACCOUNT };
struct practice_ace {
	enum practice_sid who;
	uint32_t mask;
};
/* A self-relative security descriptor as REG_BINARY. */
struct reg_data *practice_security(struct practice_hive *hive, const struct practice_ace *aces,
	size_t count);

/* ---- services.c, connector.c: what a control set has below Services ---- */

#define PRACTICE_WIN32 0x30u /* of its type: no driver */

struct practice_service {
	const char *name, *display, *image;
	uint32_t type, start;
	const char *group;   /* or NULL */
	const char *depends; /* separated by '|', or NULL */
};
const struct practice_service *practice_services(size_t *count);
void practice_service_put(struct practice_hive *hive, const struct practice_service *service);
/* Them all, with what stands below them. */
void practice_services_put(struct practice_hive *hive);
/* What the connector and its PC MTAs have. */
void practice_connector_put(struct practice_hive *hive);

/* ---- json.c: what a running server would add ---- */

struct json_t;
/* The text of practice.json for a server just built, owned by mem. */
int practice_json_text(TALLOC_CTX *mem, const struct practice_world *world, const char *scenario,
	char **text, struct error *err);
/* *root is for json_decref. Checked to be of our format, with a list of services. */
int practice_json_load(const char *dir, struct json_t **root, struct error *err);
/* The old file or the new one, nothing between. */
int practice_json_save(const char *dir, const struct json_t *root, struct error *err);
/* The state of a service; SERVICE_UNKNOWN for one that is not in the list. */
enum service_state practice_json_state(const struct json_t *root, const char *name);
/* Sets it; not 0 for want of memory. */
int practice_json_set(struct json_t *root, const char *name, enum service_state state);

#endif

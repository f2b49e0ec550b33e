/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One read-only look at everything: an immutable value. Nothing here writes, and no file is read
 * twice. Order: drive letters proved, NT folder, Exchange, PC MTAs, relocated Msmcon, which
 * Maildata lives, Bin files, entries, share, services, old folder, leftovers of an earlier run.
 */
#ifndef REPAIR_SURVEY_H
#define REPAIR_SURVEY_H

#include <stdio.h>

#include "repair/article.h"
#include "repair/finding.h"
#include "server/server.h"

/* A row that a named person decided to keep as it was then. */
struct kept {
	const char *id, *by, *run;
	enum finding_kind kind;
	enum named_fault names; /* NAMED_UNTOLD: not on record */
	struct side before, after;
};

/* Which postoffice is in use: by evidence, and as a person says. */
enum survey_live { LIVE_RELOCATED, LIVE_DEFAULT, LIVE_UNCLEAR };
enum live_said { LIVE_SAID_NOTHING, LIVE_SAID_RELOCATED, LIVE_SAID_DEFAULT };

/* What runs of this program wrote is no evidence for what they were told. Each is the Msmcon that
 * it leads to, NULL if no run wrote it. */
struct written {
	const char *values, *share;
	/* values or share, by a run whose drive letters an operator vouched for */
	const char *vouched;
	enum survey_live share_led; /* to which Maildata the share led before that */
	bool share_led_before;      /* as another control set had it */
	/* the Msmcon that a person said is in use, or NULL, and the newest mail in the other one
	 * then */
	const char *lives;
	int64_t other_newest;
	const char *lives_by, *lives_run; /* who said so, in which run */
};

struct survey;

struct survey_options {
	const char *relocated;        /* the operator's word for the relocated Msmcon, or NULL */
	const char *const *pcmta_add; /* NULL-ended names the operator added, or NULL */
	const char *const *pcmta_exclude; /* ... and struck */
	/* relocated is what the record of a run says, whoever found it then */
	bool relocated_recorded;
	/* both are from a record: a service that is gone since is no mistake */
	bool pcmta_recorded;
	/* the operator vouches for the drive letters where they could not be proved */
	bool letters_confirmed;
	const struct kept *kept; /* run/kept.h */
	size_t kept_count;
	struct written written; /* run/kept.h too */
	/* A run that has written into an overlay over these images, which are looked at without it
	 * (run/kept.h too); NULL: none. And where it was kept the files, as --image takes them. */
	const char *overlay_run, *overlay_kept;
	enum live_said live;
	/* only where everything is, for which no file is read: control set, default Msmcon, PC
	 * MTAs, and the relocated Msmcon as it was said */
	bool places;
	bool unrecorded; /* nothing of it goes on record: no second look in English */
	/* What would prevent the repair of what was found, asked last: its trouble makes the server
	 * check-only. NULL: not asked. */
	int (*rehearse)(void *arg, struct server *, const struct survey *,
		struct server_rehearsal *, struct error *);
	void *rehearse_arg;
	/* progress, may be NULL; non-zero stops with TROUBLE_STOPPED */
	int (*tell)(void *arg, const char *what);
	void *arg;
};

struct pcmta {
	char *name;
	char *signs; /* why it is taken for one (doc/domain.md 3), a sentence */
	bool by_operator;
};

enum { MAILDATA_NAMES = 20 };

/* What speaks for a Maildata tree being the live one (doc/domain.md 6): shown with its reasons,
 * never decided by structure. */
struct maildata {
	bool present;
	const char *missing; /* a folder without which no mail moves (doc/domain.md 6), or NULL */
	bool master_glb;     /* GLB\MASTER.GLB is there with 176 bytes (Q77926) */
	int64_t newest;      /* newest KEY, MBG, CONTROL.GLB, LOG, MAI, ATT or P1 file; 0 if none */
	char *newest_file;
	size_t after_setup; /* files that came or changed after the service pack */
	char *after_setup_names[MAILDATA_NAMES]; /* the first of them */
};

/* Something to be said that is no row: Last Known Good, a PDC that is off, SYSTEM.ALT out of step,
 * an unknown version. */
struct notice {
	const char *id; /* "last-known-good", stable */
	char *text;
};

struct survey {
	const char *reach;
	unsigned caps;
	const struct server_id *id;
	struct image_stamp *stamps; /* of the disk images that the server is in */
	size_t stamp_count;

	char *control_set; /* "ControlSet001": Select\Default */
	uint32_t select_last_known_good;

	char *exchange_root;    /* Setup\Services */
	char *exchange_version; /* "5.5.2448.8" of Store.exe, NULL if not seen */
	const char *release;    /* "5.5 SP2" or NULL */
	enum article_cover cover;
	int64_t setup_time; /* when the service pack ran, as far as known; 0 unknown */

	char *default_msmcon, *relocated_msmcon;
	char *relocated_source; /* how it was found, a sentence */
	/* 8.3 names of default_msmcon's parts, NULL-holed; for path_folder */
	const char *const *default_shorts;
	bool letters_proved;
	const char *letters_source;

	struct pcmta *pcmtas;
	size_t pcmta_count;
	char **struck; /* services that the operator says are no PC MTAs */
	size_t struck_count;
	struct maildata maildata_default, maildata_relocated;
	enum survey_live live;      /* by evidence alone */
	enum survey_live share_led; /* what the share says of it */
	bool share_led_before;      /* as another control set has it */
	enum live_said live_said;
	char *live_reasons;

	/* cluster, stripe or mirror, dirty, unproved, or the rehearsal failed: may be looked at,
	 * not repaired */
	bool check_only;
	enum trouble check_only_trouble;
	char *check_only_why;
	const char *check_only_advice; /* what to do about it */

	struct finding *findings; /* ordered by step, then as the article lists them */
	size_t finding_count;
	struct notice *notices;
	size_t notice_count;
	char **leftovers; /* stage names and backup trees of an earlier run, full paths */
	size_t leftover_count;
	/* rows that the article asks to change, and that nobody decided to keep */
	size_t changes_needed;
	size_t open; /* finding_is_open: all is right where there is none, and nowhere else */
	/* those of them that no plan puts right by itself: MOVE_PERSON, MOVE_UNKNOWN */
	size_t needs_person;
	const struct survey *english; /* the same for the record; NULL: this one is */
};

/* Where sentences are translated the look is taken once more, in English, for the record: so that
 * English costs nobody anything, and what is shown and what is recorded is of one moment. */
int survey_make(TALLOC_CTX *mem, struct server *server, const struct survey_options *options,
	const struct survey **survey, struct error *err);

/* 0, or the trouble for which the server can only be looked at. */
int survey_forbids(const struct survey *survey, struct error *err);
/* By id; NULL if there is none. */
const struct finding *survey_finding(const struct survey *survey, const char *id);
/* Of a file by its full path: on the relocated side, or setup's. */
const struct finding *survey_file(const struct survey *survey, const char *path, bool setup);

struct named_file {
	enum named_fault fault;
	/* the first one that is not right, else the last one; NULL if there is none */
	const char *path;
};
/* What the paths in text name; root is what %SystemRoot% stands for in it. Strings are owned by
 * mem. */
int survey_named(TALLOC_CTX *mem, struct server *server, const struct survey *survey,
	const struct finding *finding, const char *text, const char *root, struct named_file *named,
	struct error *err);
/* That root: the server's Windows NT folder, or NULL, for Windows expands variables in a
 * REG_EXPAND_SZ only. */
const char *survey_variables(const struct survey *survey, const struct reg_data *data);

/* Whether the relocated postoffice is the one in use: all evidence says so, or a person. While it
 * is not, nothing is "needed" and no repair begins. And the same as a sentence; the way on is the
 * row's, or the front end's that asks. */
bool survey_lives(const struct survey *survey);
const char *survey_live_sentence(const struct survey *survey);

/* Why services of step 5 cannot work as they are set up, with what a person does about it: a line
 * each, "" for nothing, safe to show. Owned by mem; NULL for want of memory. */
char *survey_services_said(TALLOC_CTX *mem, const struct survey *survey);

/* "relocated", "default", "unclear": JSON and record; anything else reads as unclear. */
const char *survey_live_name(enum survey_live live);
enum survey_live survey_live_parse(const char *name);

/* The key of its services, "SYSTEM\ControlSet001\Services"; owned by mem, NULL for want of
 * memory. */
char *survey_services_key(TALLOC_CTX *mem, const struct survey *survey);

/* The text of a notice by id; NULL if there is none. */
const char *survey_notice(const struct survey *survey, const char *id);

/* The one for the record. */
const struct survey *survey_english(const struct survey *survey);

/* `check --json` (doc/json.md), in English. New reference; NULL for want of memory. */
json_t *survey_json(const struct survey *survey);
/* Puts into words what its findings and notices say for the record, and with each what they say
 * here, where that is another language. */
void survey_words(const struct survey *survey, json_t *words);

/* Files and folders of a Bin: a real one has some twenty. With more the survey is TROUBLE_CANNOT
 * and names the folder, so that everything about a repair fits into memory. */
enum { BIN_NAMES_MOST = 2000 };

/* Of check, plan, report and journal. 2: times of files are exact; format 1 had them to the second,
 * and those of a journal's "times" in nanoseconds since 1970. Both are read. */
enum { DOCUMENT_FORMAT = 2 };
bool document_format_known(const json_t *document);

#endif

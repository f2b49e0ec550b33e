/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What was found, row by row, and the change that would fix it. The id of a change is the id of its
 * finding. */
#ifndef REPAIR_FINDING_H
#define REPAIR_FINDING_H

#include <jansson.h>

#include "base/digest.h"
#include "base/error.h"
#include "nt/path.h"
#include "nt/peversion.h"
#include "nt/regdata.h"

enum finding_state { FINDING_RIGHT, FINDING_WRONG, FINDING_ABSENT, FINDING_UNKNOWN };

/* Whose move it is. Right is MOVE_NONE, and nothing else. */
enum finding_move {
	MOVE_NONE,    /* right: seen to be so, or absent where that is normal */
	MOVE_PROGRAM, /* the program can change it, once that is decided */
	MOVE_PERSON,  /* wrong, and a person must act */
	MOVE_UNKNOWN, /* unknown: a person checks */
};

enum finding_kind {
	KIND_BACKUP,     /* backup/Bin: the tree of step 1 */
	KIND_FILE,       /* file/Bin\mt.exe */
	KIND_VALUE,      /* registry/MTA to Vancouver PO\ImagePath */
	KIND_SHARE,      /* share/Maildat$ */
	KIND_SERVICE,    /* service/MSExchangeMSMI: shown, never changed */
	KIND_OLDFOLDER,  /* oldfolder */
	KIND_POSTOFFICE, /* postoffice: which one is in use; never changed */
};

/* What a value names, or why that is not what starts from it, or is loaded from it; of a share,
 * whether its folder is a postoffice. */
enum named_fault {
	NAMED_RIGHT,
	NAMED_COMES,   /* it is right once step 2 is done */
	NAMED_NO_PATH, /* no full path of a local drive, or none at all */
	NAMED_NOTHING,
	NAMED_FOLDER,
	NAMED_BROKEN,     /* empty, cut off, no program at all */
	NAMED_OTHER_KIND, /* a DLL where a program is started, and the like */
	/* unquoted, with blanks: Windows starts this file before it tries the one that is meant */
	NAMED_ANOTHER,
	NAMED_NOT_IT,    /* a file that is there, and not the one that belongs here */
	NAMED_ARGUMENTS, /* the right one, with arguments that lead to the default Msmcon, or may */
	NAMED_UNSEEN,    /* on a drive that was not given */
	NAMED_UNTOLD,
};

/* What a file is; present false stands for "no such file". */
struct file_fact {
	bool present, has_version;
	struct pe_version version;
	enum pe_kind pe; /* as it was looked at; not on record */
	uint64_t size;
	int64_t mtime; /* base/filetime.h */
	struct digest digest;
};

/* How two copies of a file compare: by PE version where both have one, else only same or
 * different. */
enum file_compare {
	FILE_SAME,
	FILE_OLDER,
	FILE_NEWER,
	FILE_DIFFERENT,
	FILE_ONLY_SETUP,
	FILE_ONLY_RELOCATED
};

struct value_fact {
	char *key; /* full, "SYSTEM\ControlSet001\Services\..." */
	char *name;
	struct reg_data *data; /* NULL: no such value */
};

struct share_fact {
	char *path, *remark; /* NULL: no such share */
	/* disks: the value; NULL on a live server or where there is no share */
	struct reg_data *definition;
	/* The descriptor that comes and goes with it. Disks: where a change brings one; NULL: what
	 * is kept under its name stays. Live: the one that it has, or is given; NULL: what Windows
	 * makes of it is not compared */
	struct reg_data *security;
	bool open_to_all; /* no security descriptor: NT gives everyone full access */
};

/* One side of a finding: the member of its kind, or zeros where its kind has none. */
struct side {
	union {
		struct file_fact file;
		struct value_fact value;
		struct share_fact share;
	};
};

struct finding {
	char *id;
	int step;
	enum finding_kind kind;
	enum finding_state state;
	enum finding_move move;
	/* what a person does, a sentence with its option or command; NULL where move is NONE */
	const char *todo;
	/* who decided to keep it as it is, and in which run; NULL: nobody */
	const char *kept_by, *kept_run;
	char *subject;    /* short, for a table: "Mt.exe", "MSExchangeMSMI\ImagePath" */
	const char *text; /* what was found, a sentence */
	const char *why, *undo;
	bool can_change; /* there is an after side */
	/* the article asks for it: proposed as "change"; NEWER files and unknown values are not */
	bool needed;
	struct side before, after;
	enum named_fault names; /* what the before side leads to; RIGHT where it leads to nothing */

	/* by kind */
	enum file_compare compare; /* KIND_FILE */
	/* KIND_FILE: full paths on the relocated side and on setup's side; KIND_BACKUP: the Bin,
	 * the tree to be */
	char *target, *source;
	enum path_leads leads; /* KIND_VALUE */
	enum path_form form;
	int entry; /* KIND_VALUE: number in the article's table, 0 otherwise */
	/* KIND_VALUE: a file that the after side names and that is not there (after step 2), or
	 * NULL */
	char *missing;
};

/* Whether it counts as not right: a row of steps 0 to 4 that is neither right nor kept by a named
 * person. The backup alone is nobody's finding. */
bool finding_is_open(const struct finding *finding);

/* Whether a person must see to it, by its todo: as above, and a service of step 5. */
bool finding_needs_person(const struct finding *finding);

/* Whether it is one of the many that the article's steps 2 and 3 are about: a stale file, a value
 * that leads to the default Msmcon. Also where nothing is proposed because nobody knows which
 * postoffice is in use. */
bool finding_is_stale(const struct finding *finding);

/* What an id is about, for a person: "MSExchangeMSMI, ImagePath", "Bin\mt.exe", "Maildat$"; "the old
 * folder". Safe to show; owned by mem, NULL for want of memory. */
char *finding_id_shown(TALLOC_CTX *mem, const char *id);

/* "right" ...: JSON and code, never translated */
const char *finding_state_name(enum finding_state state);
const char *finding_kind_name(enum finding_kind kind);
const char *named_fault_name(enum named_fault names);
/* FINDING_UNKNOWN and NAMED_UNTOLD for NULL or what is no name. */
enum finding_state finding_state_parse(const char *name);
enum named_fault named_fault_parse(const char *name);

/* A side as JSON (doc/json.md): {"type","text","hex"} for values and shares,
 * {"size","sha256","version","mtime"} for files, null where there is nothing. New reference.
 * finding_side_parse reads it back into a side of the kind; TROUBLE_RECORD_DAMAGED if malformed. */
json_t *finding_side_json(enum finding_kind kind, const struct side *side);
int finding_side_parse(TALLOC_CTX *mem, enum finding_kind kind, const json_t *json,
	struct side *side, struct error *err);
bool finding_side_equal(enum finding_kind kind, const struct side *a, const struct side *b);

/* The row of `check --json` without decision. New reference. */
json_t *finding_json(const struct finding *finding);
/* A string of the server as it is shown, and a text that goes with it; null for NULL. New
 * references. */
json_t *shown_json(const char *text);
json_t *text_json(char *text);

#endif

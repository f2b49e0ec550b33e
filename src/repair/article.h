/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Q240208 as data: the table of registry entries and of the six steps. Nothing else in the program
 * knows a key name or a reason. Reasons are in our own words.
 */
#ifndef REPAIR_ARTICLE_H
#define REPAIR_ARTICLE_H

#include <stdbool.h>
#include <stddef.h>

#include "nt/path.h"

/* The connector's own service, and the one for AppleTalk that not every server has. */
#define ARTICLE_SERVICE "MSExchangeMSMI"
#define ARTICLE_SERVICE_ATMTA "MSExchangeATMTA"

enum article_flag {
	ARTICLE_EACH_PCMTA = 1, /* one row for every PC MTA; %s in key is its name */
	/* only where the service MSExchangeATMTA exists (from Q171259, not in Q240208) */
	ARTICLE_ATMTA = 2,
	ARTICLE_MAY_BE_ABSENT = 4, /* an absent value may be normal: never "needed" */
};

/* One registry entry below SYSTEM\<control set>\Services (doc/domain.md 2). */
struct article_entry {
	int number;      /* its place in the table, from 1; as in doc/domain.md 2 */
	const char *key; /* below Services */
	const char *value;
	enum path_form form;
	unsigned flags;
	const char *source; /* "Q240208" or "Q171259" */
	const char *leaf; /* the file it names (Q171259, Q143380); NULL where no source says one */
	const char *why;  /* N_(): what uses this value and what happens when it is wrong */
};

/* The rows; *count of them. */
const struct article_entry *article_entries(size_t *count);

/* Its key for a PC MTA of this name; owned by mem, NULL for want of memory. */
char *article_key(TALLOC_CTX *mem, const struct article_entry *entry, const char *pcmta);

/* Whether a file of that name in Bin can be what entry number names: the one that a source says;
 * where none does, not one of the connector's own files that is known to be something else. */
bool article_file_fits(int number, const char *name);

enum { STEP_BACKUP = 1, STEP_FILES, STEP_VALUES, STEP_SHARE, STEP_MAIL, STEP_OLDFOLDER };

/* One of the six steps: what it is called, what the article asks, how a change of it is undone
 * (N_(), our own words). */
struct article_step {
	int number;
	const char *title, *asks, *undo;
};
const struct article_step *article_step(int number); /* 1 to 6 */

/* Names the program must know: each in one place. */
#define ARTICLE_NUMBER "Q240208"
#define ARTICLE_SHARE "Maildat$"
#define ARTICLE_SHARE_REMARK "Access for MSMI postoffice" /* KB147376 */
#define ARTICLE_CONNECT_SHARE "connect$"                  /* on the folder above Msmcon */
#define ARTICLE_MSMCON_BELOW_ROOT "connect\\msmcon"
#define ARTICLE_PCMTA_MESSAGES "Xtnmsg.dll"

/* NULL-ended lists: sibling shares to model a definition on; files every Bin must have after the
 * copy; executables, and parameters that Administrator writes, that mark a PC MTA; Exchange's own
 * keys, which are no administrator's PC MTA. */
extern const char *const article_sibling_shares[], *const article_needed_files[];
extern const char *const article_pcmta_executables[], *const article_pcmta_parameters[],
							      *const article_reserved_names[];

/* Whether a name is in such a list; NULL has none. */
bool article_lists(const char *const *names, const char *name);

/* Whether a file of Bin is one of the connector's own, which come with Exchange and its service
 * packs. */
bool article_is_own_file(const char *name);

/* Whether the article names this Exchange version: 5.0 any, 5.5 up to SP2 (build 2448). build is
 * the third part of Store.exe's version. */
enum article_cover { ARTICLE_COVERS, ARTICLE_BY_ANALOGY, ARTICLE_UNKNOWN_VERSION };
/* *release gets "5.5 SP2" and the like, or NULL when the build is in no list (Q158530, Q166349,
 * Q163294). */
enum article_cover article_release(unsigned major, unsigned minor, unsigned build,
	const char **release);

#endif

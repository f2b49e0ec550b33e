/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What went wrong, as a sentence for a person.
 *
 * Functions of the core return 0 or a negative trouble (-TROUBLE_HIVE_DIRTY) and leave one sentence
 * in a struct error: what failed, on what, why. What to do about it is a property of the trouble
 * and comes from one table, which also holds the program's exit code; the manual prints the same
 * table.
 */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H

#include <stdbool.h>
#include <stddef.h>

#include "base/i18n.h"

enum trouble {
	TROUBLE_NONE,
	TROUBLE_STOPPED,      /* stopped or paused by the operator or a signal; can be resumed */
	TROUBLE_MOVED,        /* the server is not as the plan or the journal says */
	TROUBLE_PLAN_FOREIGN, /* the plan asks for something this program never does */
	TROUBLE_PLAN_DAMAGED, /* the file is no plan, or cannot be read as one */
	TROUBLE_USAGE,
	TROUBLE_NOT_A_HIVE,
	TROUBLE_HIVE_TRUNCATED,
	TROUBLE_HIVE_DIRTY,
	TROUBLE_HIVE_CHECKSUM,
	TROUBLE_HIVE_BROKEN, /* a bad cell, list or key somewhere inside */
	TROUBLE_HIVE_NO_SELECT,
	TROUBLE_HIVE_NO_SERVICES,
	TROUBLE_HIVE_CHANGING,  /* the file changed while it was read */
	TROUBLE_TWINS,          /* two names that differ only in case */
	TROUBLE_LINK,           /* a link, device, pipe or socket where a file or folder belongs */
	TROUBLE_NAME,           /* a name or path that Windows NT cannot hold */
	TROUBLE_RECORD_DAMAGED, /* journal or run folder cannot be read as such */
	TROUBLE_NOT_THERE,      /* no such folder, file, run */
	TROUBLE_NO_NT,          /* no NT folder on the drives given */
	TROUBLE_SEVERAL_NT,
	TROUBLE_NO_EXCHANGE,
	TROUBLE_NO_RELOCATED, /* no relocated Msmcon found, or several */
	/* default and relocated Msmcon are one folder: the article does not apply */
	TROUBLE_SAME_MSMCON,
	TROUBLE_LETTERS, /* the drive letters given are not the server's */
	TROUBLE_UNREACHABLE,
	TROUBLE_DIALECT, /* a server that speaks NT 4.0's SMB alone, and nobody agreed to that */
	TROUBLE_BUG,
	TROUBLE_MEMORY,
	TROUBLE_NO_ROOM,        /* for backup, stage or journal */
	TROUBLE_RUNS_IN_MEMORY, /* run folder on tmpfs, ramfs or overlay */
	TROUBLE_NO_RUN_FOLDER,
	TROUBLE_IO,
	TROUBLE_VERIFY, /* read back and not as written */
	TROUBLE_LOCKED,
	TROUBLE_PERMISSION,
	TROUBLE_READ_ONLY,    /* a volume that can be looked at, not repaired */
	TROUBLE_MOUNT,        /* a volume that is mounted with an option that does harm */
	TROUBLE_VOLUME_DIRTY, /* an NTFS volume that Windows wants to check first */
	TROUBLE_CLUSTER,
	TROUBLE_MIRROR,
	TROUBLE_TOO_OLD,       /* NT 3.51 and older */
	TROUBLE_CANNOT,        /* this way of reaching the server lacks the ability */
	TROUBLE_IMAGE,         /* no disk image, or a damaged one */
	TROUBLE_IMAGE_CHAIN,   /* a disk image that names files outside its folder */
	TROUBLE_DISK_KIND,     /* GPT, dynamic disk, no partition: by name */
	TROUBLE_WHICH_LETTERS, /* a partition whose letter nobody knows */
	TROUBLE_PROGRAM,       /* a program of another package is missing */
	TROUBLE_OTHER_SERVER,  /* a run or plan of another server */
	TROUBLE_LIVE, /* which postoffice is in use is not certain, or it is the wrong one */
	TROUBLE_COUNT
};

/* One sentence; fixed size so that reporting an error never needs memory. UTF-8, safe to show. */
struct error {
	enum trouble trouble;
	char text[1024];
	/* the same for the record, where text is translated; else "" (error_record) */
	char english[1024];
	/* what to do in this case, translated, "" for nothing; if not: what the trouble's row says */
	bool advised;
	char advice[512];
};

/* Sets the sentence (printf style; whatever a string argument that came from a disk brings along,
 * the sentence is made safe to show as a whole, as text_shown does it) and returns -trouble. err
 * may be NULL.
 * Where sentences are translated the arguments are worked out a second time, in English, for what
 * goes on record: so they change nothing, and a text among them is made in its place: a sentence
 * that was handed on untranslated is translated there, another error's is its error_text. */
#define error_set(err, trouble, ...) \
	(ERROR_ENGLISH(err, 0, __VA_ARGS__), error_set_shown(err, trouble, __VA_ARGS__))

/* The same for a failed system call: appends the meaning of errno value sys. Picks TROUBLE_NO_ROOM
 * for ENOSPC and EDQUOT, TROUBLE_PERMISSION for EACCES and EPERM, TROUBLE_READ_ONLY for EROFS,
 * TROUBLE_LINK for ELOOP and EXDEV, else fallback. */
#define error_system(err, fallback, sys, ...) \
	(ERROR_ENGLISH(err, sys, __VA_ARGS__), error_system_shown(err, fallback, sys, __VA_ARGS__))

#define ERROR_ENGLISH(err, sys, ...) \
	(i18n_english() ? error_set_english(err, sys, __VA_ARGS__) : (void)0)

/* What these are made of. error_set_english is also the end of i18n_english. */
void error_set_english(struct error *err, int sys, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
int error_set_shown(struct error *err, enum trouble trouble, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
int error_system_shown(struct error *err, enum trouble fallback, int sys, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/* The sentence for the record, and in the language of here and now, as part of another text. */
const char *error_record(const struct error *err);
const char *error_text(const struct error *err);

/* What to do now, where the trouble's row would not fit the case: a translated sentence, printf
 * style (a command in it begins with text_call()), or "". ret is what error_set returned, and is
 * returned. */
int error_advise(struct error *err, int ret, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
const char *error_advice(const struct error *err);

/* The same trouble, sentence and advice as another's; returns -trouble. */
int error_pass(struct error *err, const struct error *why);

/* Out of memory: sets a fixed sentence and returns -TROUBLE_MEMORY. */
int error_memory(struct error *err);

/* The stable name of a trouble ("hive-dirty"), its exit code (EXIT STATUS in the manual page), and
 * the translated sentence that says what to do now (never NULL, may be empty). */
const char *trouble_name(enum trouble trouble);
int trouble_exit(enum trouble trouble);
const char *trouble_advice(enum trouble trouble);

#endif

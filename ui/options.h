/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The command line, read once. Every option of every command is a row of one table in options.c. */
#ifndef UI_OPTIONS_H
#define UI_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>
#include <talloc.h>

#include "base/error.h"
#include "repair/survey.h"

/* Groups of options that a command may take besides the global ones. */
enum options_group {
	OPTIONS_GLOBAL = 0,
	OPTIONS_JSON = 1 << 0,    /* --json */
	OPTIONS_OUTPUT = 1 << 1,  /* --output FILE */
	OPTIONS_PLAN = 1 << 2,    /* --plan FILE */
	OPTIONS_YES = 1 << 3,     /* --yes */
	OPTIONS_DRY_RUN = 1 << 4, /* --dry-run */
	OPTIONS_UNDO = 1 << 5,    /* --step N, --change ID, --backups */
	OPTIONS_FORGET = 1 << 6,  /* --forget RUN */
	OPTIONS_FORMAT = 1 << 7,  /* --format text|html|json */
	/* --list, --build DIR, --scenario S, --seed N, --demo, --seat NAME, --exam N ... */
	OPTIONS_TRAIN = 1 << 8,
	OPTIONS_COMMIT = 1 << 9, /* --server NAME */
};

struct command;
struct reaching; /* ui/reach.h */
struct overlay;

struct options {
	/* which server */
	const char *disks; /* "C=DIR,E=DIR", or NULL */
	bool practice;
	/* a scenario, or the folder of a practice server built earlier (with a '/'); NULL:
	 * standard */
	const char *practice_case;
	const char *nt_folder;
	/* disk images, one a disk; the letters that were said; the folder for overlays */
	const char *image, *letters, *overlay;
	/* of the run in hand, as struct image_spec has them; never said on a command line */
	const struct overlay *const *over;
	const char *host, *user, *password_file; /* a running server, by its name */
	uint64_t port;                           /* 0: not given */
	bool nt4;
	/* set by the walk, which asks on its pages; NULL: a command, which asks at the terminal */
	const struct reaching *reaching;

	/* what the operator knows of it */
	const char *relocated;
	const char **pcmta_add, **pcmta_exclude; /* NULL-ended */
	bool letters_confirmed;
	enum live_said live;

	const char *operator_name;
	bool plain, ascii, no_mouse;
	const char *runs;

	/* of single commands */
	bool json, yes, dry_run, backups, list, demo;
	const char *output, *plan, *change_id, *forget, *format, *build, *scenario, *score, *server;

	bool undo; /* the walk begins with what putting back would do */

	/* the training ground */
	bool train; /* the walk is one of the training ground */
	/* a case, or a teacher's file (with a '/'); NULL: its list of cases */
	const char *train_case;
	uint64_t exam;    /* how many cases; 0: no exam */
	const char *seat; /* NULL: the login name */
	const char *results;
	bool csv, progress, clear_progress;

	uint64_t step; /* 0: not given */
	uint64_t seed;
	bool has_seed;

	bool help, version;

	const struct command *command; /* NULL: none was named */
	char *const *args;             /* what follows the command */
	int arg_count;
};

/* Reads the command line. TROUBLE_USAGE with a sentence for whatever is not understood, not this
 * command's, or given twice. */
int options_parse(TALLOC_CTX *mem, int argc, char *const argv[], struct options *options,
	struct error *err);

/* For --help: prints the options of groups (OPTIONS_GLOBAL: those of all commands), how each is
 * written and what it does. */
void options_help(unsigned groups);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The commands of the program: one row of the table in commands.c and one function each. */
#ifndef UI_COMMANDS_H
#define UI_COMMANDS_H

#include "ui/options.h"

/* One call of a command; what belongs to it hangs on it. */
struct call {
	const struct options *options;
	struct error err;
	int code;        /* the exit code where there is no trouble */
	const char *run; /* the run that can be resumed or undone after a trouble; NULL for none */
	const char
		*then; /* after a trouble: the command to be given once it is put right, or NULL */
	/* how its server was reached, for the commands that are printed; NULL: not known */
	const struct server_reached *reached;
};

/* Prints results to standard output. 0, or a negative trouble with its sentence in err. */
typedef int command_fn(struct call *call);

struct command {
	const char *name;
	command_fn *run;        /* NULL: help, which is main.c's own */
	unsigned takes;         /* enum options_group, or-ed */
	int args_min, args_max; /* words behind the command */
	const char *usage;      /* what follows the name: "--output FILE" */
	const char *help;       /* N_(): what it does, a line */
};

/* The rows; behind the last is one without a name. */
extern const struct command commands[];
/* The row of that name. TROUBLE_USAGE if there is none, with the name that is nearest to it; *found
 * is NULL then. */
int command_find(const char *name, const struct command **found, struct error *err);

command_fn command_check, command_wizard;
command_fn command_commit, command_keep, command_drop;
command_fn command_plan, command_apply, command_undo, command_resume, command_runs, command_report,
	command_train;

/* cmd_class.c: train --list, --progress, --clear-progress and --results: what there is to play, and
 * how it went. */
command_fn class_list, class_progress, class_clear, class_results;

/* walk.c: the walk, on a full screen or in lines (--plain, MSMCFIX_PLAIN, TERM=dumb). resume: the
 * run to resume, "" for the one that is unfinished, NULL for none. */
int walk(struct call *call, const struct options *options, const char *resume);

/* carry.c: calls one; what went wrong is said. Returns the exit code: that of the signal if one
 * stopped it. */
int command_call(command_fn *command, const struct options *options);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The commands of the program. One row of the table in commands.c each; a command is a function from the options to the
 * exit code. It prints results to standard output, and trouble through say_trouble.
 */
#ifndef UI_COMMANDS_H
#define UI_COMMANDS_H

#include <stddef.h>

#include "ui/options.h"

typedef int command_fn(const struct options *options);

struct command {
	const char *name;
	command_fn *handler;
	unsigned takes;                 /* enum options_group, or-ed */
	int args_min, args_max;         /* words behind the command */
	const char *usage;              /* what follows the name: "--output FILE" */
	const char *help;               /* N_(): what it does, a line */
};

/* The rows; *count of them. */
const struct command *commands(size_t *count);
/* NULL if there is no such command. */
const struct command *command_find(const char *name);

command_fn command_check, command_wizard;
command_fn command_plan, command_apply, command_undo, command_resume, command_runs, command_report, command_train;

#endif

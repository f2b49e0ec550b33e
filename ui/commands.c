/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/commands.h"

#include <string.h>

#include "base/i18n.h"

const struct command commands[] = {
	{ "wizard", command_wizard, OPTIONS_GLOBAL, 0, 0, "",
		N_("Walk through the repair at this terminal. The same as no command.") },
	{ "check", command_check, OPTIONS_JSON, 0, 0, "[--json]",
		N_("Check the server and report what is wrong. Changes nothing.") },
	{ "plan", command_plan, OPTIONS_OUTPUT, 0, 0, "--output FILE",
		N_("Write the proposed changes to a file, for you to decide on. Changes nothing.") },
	{ "apply", command_apply, OPTIONS_PLAN | OPTIONS_YES | OPTIONS_DRY_RUN, 0, 0,
		"--plan FILE --operator NAME --yes [--dry-run]",
		N_("Carry out steps 1 to 4 of a plan. Undecided rows are skipped.") },
	{ "undo", command_undo, OPTIONS_UNDO | OPTIONS_YES | OPTIONS_DRY_RUN, 1, 1,
		"RUN [--step N | --change ID] [--backups] [--dry-run] --operator NAME --yes",
		N_("Put back what a run changed: everything, one step, or one change.") },
	{ "resume", command_resume, OPTIONS_YES, 0, 1, "[RUN] [--operator NAME --yes]",
		N_("Resume a run that was interrupted or paused.") },
	{ "runs", command_runs, OPTIONS_JSON | OPTIONS_FORGET | OPTIONS_YES, 0, 0,
		"[--json] [--forget RUN [--yes]]",
		N_("List the runs, newest first, or remove the record of one.") },
	{ "report", command_report, OPTIONS_FORMAT, 1, 1, "RUN [--format text|json]",
		N_("Print the report of a run.") },
	{ "train", command_train, OPTIONS_TRAIN | OPTIONS_YES | OPTIONS_OUTPUT, 0, 1,
		"[CASE] [--seed N] [--seat NAME] | --exam N --seed N [--seat NAME] | --list | --progress | "
		"--clear-progress --yes | --results DIR [--csv] [--output FILE] | "
		"--build DIR [--scenario CASE] [--seed N] | --demo [--scenario CASE] [--seed N]",
		N_("Practise on servers that are safe to break, take an exam, or make a practice server.") },
	{ 0 },
};

const struct command *command_find(const char *name)
{
	for (const struct command *command = commands; command->name; command++)
		if (strcmp(command->name, name) == 0)
			return command;
	return NULL;
}

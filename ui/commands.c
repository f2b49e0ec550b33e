/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/commands.h"

#include <string.h>

#include "base/i18n.h"
#include "base/text.h"

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
	{ "commit", command_commit, OPTIONS_COMMIT | OPTIONS_YES, 1, 1,
		"RUN --server NAME --operator NAME --yes",
		N_("Write what a run left in its overlay into the disk image, for good.") },
	{ "keep", command_keep, OPTIONS_YES, 1, 1, "RUN --operator NAME --yes",
		N_("Keep the overlay of a run as a file over the disk image.") },
	{ "drop", command_drop, OPTIONS_YES, 1, 1, "RUN --operator NAME --yes",
		N_("Throw the overlay of a run away: the disk image stays as it was.") },
	{ "runs", command_runs, OPTIONS_JSON | OPTIONS_FORGET | OPTIONS_YES, 0, 0,
		"[--json] [--forget RUN [--yes]]",
		N_("List the runs, newest first, or remove the record of one.") },
	{ "report", command_report, OPTIONS_FORMAT, 1, 1, "RUN [--format text|html|json]",
		N_("Print the report of a run.") },
	{ "train", command_train, OPTIONS_TRAIN | OPTIONS_YES | OPTIONS_OUTPUT | OPTIONS_JSON, 0, 1,
		"[CASE] [--seed N] [--seat NAME] | --exam N --seed N [--seat NAME] | --list | --progress | "
		"--clear-progress --yes | --results DIR [--csv] [--output FILE] | "
		"--build DIR [--scenario CASE] [--seed N] | --score DIR [--scenario CASE] [--json] | --demo [--scenario CASE] [--seed N]",
		N_("Practise on servers that are safe to break, take an exam, or make a practice server.") },
	{ "help", NULL, OPTIONS_GLOBAL, 0, 1, "[COMMAND]",
		N_("Show the commands and their options, or those of one command.") },
	{ 0 },
};

/* How many letters differ between what both begin with and what both end with. */
static size_t words_apart(const char *one, const char *other)
{
	size_t left = strlen(one), right = strlen(other);

	for (; *one && *one == *other; one++, other++, left--)
		right--;
	for (; left > 0 && right > 0 && one[left - 1] == other[right - 1]; left--)
		right--;
	return left > right ? left : right;
}

int command_find(const char *name, const struct command **found, struct error *err)
{
	size_t least = 3; /* a slip of the fingers changes one letter or swaps two */
	char *shown;
	int ret;

	*found = NULL;
	for (const struct command *command = commands; command->name; command++) {
		size_t apart = words_apart(name, command->name);

		if (apart >= least)
			continue;
		least = apart;
		*found = command;
	}
	if (least == 0)
		return 0;
	shown = text_shown(NULL, name);
	ret = *found ? error_set(err, TROUBLE_USAGE, _("There is no command %s. Did you mean %s?"),
			       shown, (*found)->name)
		     : error_set(err, TROUBLE_USAGE, _("There is no command %s."), shown);
	talloc_free(shown);
	*found = NULL;
	return ret;
}

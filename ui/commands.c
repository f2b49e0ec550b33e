/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/commands.h"

#include <string.h>

#include "base/i18n.h"

static const struct command command_table[] = {
	{ "wizard", command_wizard, OPTIONS_GLOBAL, 0, 0, "",
	  N_("Walk through the repair at this terminal; the same as no command at all.") },
	{ "check", command_check, OPTIONS_JSON, 0, 0, "[--json]",
	  N_("Look at the server and say what is wrong. Changes nothing.") },
};

const struct command *commands(size_t *count)
{
	*count = sizeof(command_table) / sizeof(command_table[0]);
	return command_table;
}

const struct command *command_find(const char *name)
{
	size_t count;
	const struct command *table = commands(&count);

	for (size_t i = 0; i < count; i++)
		if (strcmp(table[i].name, name) == 0)
			return &table[i];
	return NULL;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <signal.h>
#include <stdio.h>

#include "base/i18n.h"
#include "base/text.h"
#include "config.h"
#include "ui/commands.h"
#include "ui/language.h"
#include "ui/say.h"
#include "ui/spare.h"

enum { HELP_INDENT = 10 };

/* "check [--json]", the rest of a long one below its name. */
static void help_usage(const char *before, const struct command *command)
{
	char *first =
		talloc_asprintf(NULL, *command->usage ? "%s%s " : "%s%s", before, command->name);

	say_paragraph(stdout, first, HELP_INDENT, command->usage);
	talloc_free(first);
}

static void help_commands(void)
{
	printf("\n%s\n", _("Commands"));
	for (const struct command *command = commands; command->name; command++) {
		help_usage("  ", command);
		say_paragraph(stdout, "      ", 6, _(command->help));
	}
}

static void help_all(void)
{
	printf(_("Usage: %s [--disks L=DIR[,...] | --host NAME | --practice[=CASE]]\n"
		 "               [OPTION...] COMMAND\n\n"),
		text_call());
	say("%s",
		_("Guided repair of an Exchange 5.0 or 5.5 server whose MS Mail Connector stopped after a "
		  "service pack because its postoffice had been moved to another drive (Microsoft article Q240208)."));
	help_commands();
	printf("\n%s\n", _("Options"));
	options_help(OPTIONS_GLOBAL);
	putchar('\n');
	say("%s",
		_("Exit codes: 0 all right, 2 changes are needed, 64 and above: refused. See the manual page for all of them."));
	say(_("Report faults at %s, and what must stay private until it is cured at %s."),
		PACKAGE_BUGREPORT, SECURITY_CONTACT);
}

static void help_command(const struct command *command)
{
	char *usage = talloc_asprintf(NULL, _("Usage: %s "), text_call());

	help_usage(usage, command);
	talloc_free(usage);
	putchar('\n');
	say("%s", _(command->help));
	if (command->takes != OPTIONS_GLOBAL)
		options_help(command->takes);
	printf("\n%s\n", _("Options of all commands"));
	options_help(OPTIONS_GLOBAL);
}

static int command_help(struct call *call)
{
	const struct options *options = call->options;
	const struct command *about = options->help ? options->command : NULL;

	/* "help --help" is about help itself. */
	if (!options->help && options->arg_count > 0 &&
		command_find(options->args[0], &about, &call->err) != 0)
		return -(int)call->err.trouble;
	if (about)
		help_command(about);
	else
		help_all();
	return 0;
}

static int command_version(struct call *call)
{
	(void)call;
	puts(PACKAGE_STRING);
	puts(_("Licence GPL-3.0-or-later. There is no warranty."));
	return 0;
}

static command_fn *command_wanted(const struct options *options)
{
	if (options->version)
		return command_version;
	if (options->help || (options->command && !options->command->run))
		return command_help;
	return options->command ? options->command->run : command_wizard;
}

int main(int argc, char *argv[])
{
	TALLOC_CTX *mem = talloc_new(NULL);
	struct options options;
	struct error err;
	int code;

	/* A reader that goes away must not leave a practice server behind. */
	(void)signal(SIGPIPE, SIG_IGN);
	/* A file that may not become longer is a sentence, not a death. */
	(void)signal(SIGXFSZ, SIG_IGN);
	language_begin(false);
	(void)error_memory(&err);
	spare_begin(talloc_asprintf(mem, "msmcfix: %s\n", err.text));
	if (options_parse(mem, argc, argv, &options, &err) != 0)
		code = say_trouble(&err);
	else {
		/* All text asks the locale what it may show. */
		if (options.ascii)
			language_begin(true);
		code = command_call(command_wanted(&options), &options);
	}
	talloc_free(mem);
	return code;
}

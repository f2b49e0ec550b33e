/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <locale.h>
#include <signal.h>
#include <stdio.h>

#include "base/i18n.h"
#include "config.h"
#include "ui/commands.h"
#include "ui/say.h"

/* Messages and characters of the operator's language; numbers and the order of letters stay those of the C locale. */
static void locale_begin(void)
{
	setlocale(LC_CTYPE, "");
	setlocale(LC_MESSAGES, "");
	bindtextdomain("msmcfix", LOCALEDIR);
	bind_textdomain_codeset("msmcfix", "UTF-8");
}

enum { HELP_COLUMN = 29, HELP_INDENT = 10 };

static void help_options(unsigned group)
{
	char left[OPTIONS_LEFT], first[OPTIONS_LEFT + 8];
	const char *text;

	for (unsigned i = 0; (text = options_help(group, i, left)); i++) {
		snprintf(first, sizeof(first), "  %-*s", HELP_COLUMN - 2, left);
		say_paragraph(stdout, first, HELP_COLUMN, text);
	}
}

static void help_group(const char *title, unsigned group)
{
	printf("\n%s\n", title);
	help_options(group);
}

/* "check [--json]", the rest of a long one below its name. */
static void help_usage(const char *before, const struct command *command)
{
	char first[64];

	snprintf(first, sizeof(first), *command->usage ? "%s%s " : "%s%s", before, command->name);
	say_paragraph(stdout, first, HELP_INDENT, command->usage);
}

static void help_commands(void)
{
	size_t count;
	const struct command *table = commands(&count);

	printf("\n%s\n", _("Commands"));
	for (size_t i = 0; i < count; i++) {
		help_usage("  ", &table[i]);
		say_paragraph(stdout, "      ", 6, _(table[i].help));
	}
}

static int help_all(void)
{
	puts(_("Usage: msmcfix [--disks L=DIR[,L=DIR...] | --practice[=CASE]] [OPTION...]\n"
	       "               COMMAND"));
	putchar('\n');
	say_paragraph(stdout, "", 0,
		      _("Guided repair of an Exchange 5.0 or 5.5 server whose MS Mail Connector stopped after a "
			"service pack because its postoffice had been moved to another drive (Microsoft article Q240208)."));
	help_commands();
	help_group(_("Options"), OPTIONS_GLOBAL);
	putchar('\n');
	say_paragraph(stdout, "", 0,
		      _("Exit codes: 0 all right, 2 changes are needed, 64 and above: refused. See the manual page for all of them."));
	return say_done(0);
}

static int help_command(const struct command *command)
{
	help_usage(_("Usage: msmcfix "), command);
	putchar('\n');
	say_paragraph(stdout, "", 0, _(command->help));
	for (unsigned group = 1; group <= OPTIONS_TRAIN; group <<= 1)
		if (command->takes & group)
			help_options(group);
	help_group(_("Options of all commands"), OPTIONS_GLOBAL);
	return say_done(0);
}

static int version_print(void)
{
	puts(PACKAGE_STRING);
	puts(_("Licence GPL-3.0-or-later. There is no warranty."));
	return say_done(0);
}

static int program(TALLOC_CTX *mem, int argc, char *argv[])
{
	struct options options;
	struct error err;

	if (options_parse(mem, argc, argv, &options, &err) != 0)
		return say_trouble(&err);
	if (options.version)
		return version_print();
	if (options.help)
		return options.command ? help_command(options.command) : help_all();
	if (!options.command)
		return command_wizard(&options);
	return options.command->handler(&options);
}

int main(int argc, char *argv[])
{
	TALLOC_CTX *mem;
	int code;

	/* A reader that goes away must not leave a practice server behind. */
	(void)signal(SIGPIPE, SIG_IGN);
	locale_begin();
	mem = talloc_new(NULL);
	code = program(mem, argc, argv);
	talloc_free(mem);
	return code;
}

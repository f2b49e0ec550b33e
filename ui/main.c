/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <locale.h>
#include <stdio.h>
#include <unistd.h>

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

static void help_group(const char *title, unsigned group)
{
	char line[OPTIONS_LINE];

	printf("\n%s\n", title);
	for (unsigned i = 0; options_help(group, i, line); i++)
		puts(line);
}

static void help_commands(void)
{
	size_t count;
	const struct command *table = commands(&count);

	printf("\n%s\n", _("Commands"));
	for (size_t i = 0; i < count; i++) {
		printf("  %s %s\n", table[i].name, table[i].usage);
		say_paragraph(stdout, "      ", 6, _(table[i].help));
	}
}

static int help_all(void)
{
	puts(_("Usage: msmcfix [--disks L=DIR[,L=DIR...] | --practice[=CASE]] [OPTION...] COMMAND"));
	putchar('\n');
	say_paragraph(stdout, "", 0,
		      _("Guided repair of an Exchange 5.0 or 5.5 server whose MS Mail Connector stopped after a "
			"service pack because its postoffice had been moved to another drive (Microsoft article "
			"Q240208)."));
	help_commands();
	help_group(_("Options"), OPTIONS_GLOBAL);
	putchar('\n');
	puts(_("Exit: 0 all right, 2 changes are needed, 64 and more: refused, see the manual page."));
	return say_done(0);
}

static int help_command(const struct command *command)
{
	char line[OPTIONS_LINE];

	printf("%s msmcfix %s %s\n\n", _("Usage:"), command->name, command->usage);
	say_paragraph(stdout, "", 0, _(command->help));
	for (unsigned group = 1; group <= OPTIONS_TRAIN; group <<= 1)
		if (command->takes & group)
			for (unsigned i = 0; options_help(group, i, line); i++)
				puts(line);
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

	locale_begin();
	mem = talloc_new(NULL);
	code = program(mem, argc, argv);
	talloc_free(mem);
	return code;
}

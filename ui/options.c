/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/options.h"

#include <errno.h>
#include <getopt.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "ui/commands.h"
#include "ui/say.h"

/* How an option's argument is kept. */
enum option_kind {
	TAKES_FLAG,
	TAKES_TEXT,
	TAKES_LIST,
	TAKES_CASE,
	TAKES_LIVE,
	TAKES_STEP,
	TAKES_SEED,
	TAKES_EXAM,
	TAKES_PORT
};

struct option_row {
	const char *name;
	const char *argument; /* for the help; NULL: takes none; in brackets: may be left out */
	unsigned group;
	enum option_kind kind;
	size_t where; /* in struct options */
	const char *help;
};

#define AT(member) offsetof(struct options, member)

static const struct option_row option_table[] = {
	{ "disks", "L=DIR[,L=DIR...]", OPTIONS_GLOBAL, TAKES_TEXT, AT(disks),
		N_("the server's drives, as folders or mounted volumes on this machine") },
	{ "image", "FILE[,FILE...]", OPTIONS_GLOBAL, TAKES_TEXT, AT(image),
		N_("the disk images of the server's virtual machine, one for each disk") },
	{ "letters", "L=DISK.PART[,...]", OPTIONS_GLOBAL, TAKES_TEXT, AT(letters),
		N_("which partitions of the images are which drives, if that cannot be proved: C=1.1,E=2.1") },
	{ "overlay", "DIR", OPTIONS_GLOBAL, TAKES_TEXT, AT(overlay),
		N_("the folder for what a repair writes until it is committed; default: beside the image") },
	{ "host", "NAME", OPTIONS_GLOBAL, TAKES_TEXT, AT(host),
		N_("a running server, by its name or address on the network") },
	{ "user", "DOM\\USER", OPTIONS_GLOBAL, TAKES_TEXT, AT(user),
		N_("an administrator of that server; the password is asked for") },
	{ "password-file", "FILE", OPTIONS_GLOBAL, TAKES_TEXT, AT(password_file),
		N_("a file with the password, which only its owner may read") },
	{ "port", "N", OPTIONS_GLOBAL, TAKES_PORT, AT(port),
		N_("the port of that server, if it is not the usual one") },
	{ "nt4", NULL, OPTIONS_GLOBAL, TAKES_FLAG, AT(nt4),
		N_("agree to Windows NT 4.0's old protocol, which others on the network can listen to") },
	{ "practice", "[CASE]", OPTIONS_GLOBAL, TAKES_CASE, AT(practice_case),
		N_("a practice server, created if there is none yet") },
	{ "nt", "FOLDER", OPTIONS_GLOBAL, TAKES_TEXT, AT(nt_folder),
		N_("the Windows NT folder, if there are several or none is found: C:\\NT\\WINNT40") },
	{ "relocated", "FOLDER", OPTIONS_GLOBAL, TAKES_TEXT, AT(relocated),
		N_("the relocated Msmcon folder: E:\\exchsrvr\\connect\\msmcon") },
	{ "pcmta", "NAME", OPTIONS_GLOBAL, TAKES_LIST, AT(pcmta_add),
		N_("a PC MTA that was not found; may be repeated") },
	{ "no-pcmta", "NAME", OPTIONS_GLOBAL, TAKES_LIST, AT(pcmta_exclude),
		N_("a service that is not a PC MTA; may be repeated") },
	{ "letters-confirmed", NULL, OPTIONS_GLOBAL, TAKES_FLAG, AT(letters_confirmed),
		N_("confirm the drive letters if they cannot be proved") },
	{ "live", "relocated|default", OPTIONS_GLOBAL, TAKES_LIVE, AT(live),
		N_("which postoffice is live, if the evidence is unclear") },
	{ "operator", "NAME", OPTIONS_GLOBAL, TAKES_TEXT, AT(operator_name),
		N_("who decides, for the record") },
	{ "runs", "DIR", OPTIONS_GLOBAL, TAKES_TEXT, AT(runs),
		N_("the folder for the records of runs") },
	{ "plain", NULL, OPTIONS_GLOBAL, TAKES_FLAG, AT(plain),
		N_("plain lines instead of a full screen") },
	{ "ascii", NULL, OPTIONS_GLOBAL, TAKES_FLAG, AT(ascii),
		N_("ASCII signs only, for terminals and fonts that draw others wrong") },
	{ "no-mouse", NULL, OPTIONS_GLOBAL, TAKES_FLAG, AT(no_mouse),
		N_("leave the mouse to the terminal, to mark and copy text") },
	{ "help", NULL, OPTIONS_GLOBAL, TAKES_FLAG, AT(help), N_("show this help") },
	{ "version", NULL, OPTIONS_GLOBAL, TAKES_FLAG, AT(version), N_("show the version") },
	{ "json", NULL, OPTIONS_JSON, TAKES_FLAG, AT(json), N_("print JSON, for programs") },
	{ "output", "FILE", OPTIONS_OUTPUT, TAKES_TEXT, AT(output), N_("the file to write") },
	{ "plan", "FILE", OPTIONS_PLAN, TAKES_TEXT, AT(plan), N_("the plan with your decisions") },
	{ "yes", NULL, OPTIONS_YES, TAKES_FLAG, AT(yes),
		N_("confirm; without it nothing is done") },
	{ "dry-run", NULL, OPTIONS_DRY_RUN, TAKES_FLAG, AT(dry_run),
		N_("show what would be done, and change nothing") },
	{ "step", "N", OPTIONS_UNDO, TAKES_STEP, AT(step), N_("only this step") },
	{ "change", "ID", OPTIONS_UNDO, TAKES_TEXT, AT(change_id), N_("only this change") },
	{ "backups", NULL, OPTIONS_UNDO, TAKES_FLAG, AT(backups),
		N_("also remove the backup of step 1") },
	{ "forget", "RUN", OPTIONS_FORGET, TAKES_TEXT, AT(forget),
		N_("remove the record of a finished run") },
	{ "server", "NAME", OPTIONS_COMMIT, TAKES_TEXT, AT(server),
		N_("the server's name, typed by you: a commit changes the image") },
	{ "format", "text|html|json", OPTIONS_FORMAT, TAKES_TEXT, AT(format),
		N_("the format of the report") },
	{ "list", NULL, OPTIONS_TRAIN, TAKES_FLAG, AT(list), N_("list the practice cases") },
	{ "build", "DIR", OPTIONS_TRAIN, TAKES_TEXT, AT(build),
		N_("build the practice server in this folder") },
	{ "score", "DIR", OPTIONS_TRAIN, TAKES_TEXT, AT(score),
		N_("judge the practice server in this folder, repaired with other tools") },
	{ "scenario", "CASE", OPTIONS_TRAIN, TAKES_TEXT, AT(scenario),
		N_("the case to build or play") },
	{ "seed", "N", OPTIONS_TRAIN, TAKES_SEED, AT(seed),
		N_("the same number makes the same server") },
	{ "demo", NULL, OPTIONS_TRAIN, TAKES_FLAG, AT(demo),
		N_("play a whole repair in plain lines") },
	{ "seat", "NAME", OPTIONS_TRAIN, TAKES_TEXT, AT(seat),
		N_("name of the trainee or seat; default: login name") },
	{ "exam", "N", OPTIONS_TRAIN, TAKES_EXAM, AT(exam),
		N_("take an exam with this many cases; needs --seed") },
	{ "results", "DIR", OPTIONS_TRAIN, TAKES_TEXT, AT(results),
		N_("show the results of a class, as a table") },
	{ "csv", NULL, OPTIONS_TRAIN, TAKES_FLAG, AT(csv),
		N_("show them as CSV, for a spreadsheet") },
	{ "progress", NULL, OPTIONS_TRAIN, TAKES_FLAG, AT(progress),
		N_("show what you have played so far") },
	{ "clear-progress", NULL, OPTIONS_TRAIN, TAKES_FLAG, AT(clear_progress),
		N_("delete your results and lessons; needs --yes") },
};

enum { OPTION_COUNT = sizeof(option_table) / sizeof(option_table[0]), HELP_COLUMN = 30 };

/* "--disks C=DIR" */
static char *option_usage(TALLOC_CTX *mem, const struct option_row *row)
{
	const char *argument = row->argument ? row->argument : "";

	return *argument == '[' ? talloc_asprintf(mem, "--%s[=%s", row->name, argument + 1)
				: talloc_asprintf(mem, "--%s %s", row->name, argument);
}

void options_help(unsigned groups)
{
	TALLOC_CTX *mem = talloc_new(NULL);

	for (const struct option_row *row = option_table; row < option_table + OPTION_COUNT; row++)
		if (row->group == groups || (row->group & groups))
			say_paragraph(stdout,
				talloc_asprintf(mem, "  %-*s", HELP_COLUMN - 2,
					option_usage(mem, row)),
				HELP_COLUMN, _(row->help));
	talloc_free(mem);
}

static void long_options(struct option out[OPTION_COUNT + 1])
{
	for (size_t i = 0; i < OPTION_COUNT; i++) {
		const char *argument = option_table[i].argument;
		out[i] = (struct option){
			.name = option_table[i].name,
			.has_arg = !argument       ? no_argument
				: *argument == '[' ? optional_argument
						   : required_argument,
		};
	}
	out[OPTION_COUNT] = (struct option){ 0 };
}

static int list_add(TALLOC_CTX *mem, const char ***list, const char *text, struct error *err)
{
	size_t count = 0;
	const char **grown;

	while (*list && (*list)[count])
		count++;
	grown = memory_array_grow(mem, *list, sizeof(*grown), count + 2);
	if (!grown)
		return error_memory(err);
	grown[count] = text;
	grown[count + 1] = NULL;
	*list = grown;
	return 0;
}

/* A decimal number without sign, blanks or rest. */
static int number_keep(enum option_kind kind, const char *text, uint64_t *number, struct error *err)
{
	static const struct {
		uint64_t least, most;
		const char *wrong;
	} kinds[] = {
		[TAKES_STEP] = { 1, 6, N_("--step takes a number from 1 to 6.") },
		[TAKES_SEED] = { 0, UINT64_MAX, N_("--seed takes a whole number.") },
		[TAKES_EXAM] = { 1, 99, N_("--exam takes the number of cases, from 1 to 99.") },
		[TAKES_PORT] = { 1, 65535, N_("--port takes a number from 1 to 65535.") },
	};
	char *end;

	errno = 0;
	*number = strtoull(text, &end, 10);
	if (*text < '0' || *text > '9' || errno != 0 || *end || *number < kinds[kind].least ||
		*number > kinds[kind].most)
		return error_set(err, TROUBLE_USAGE, "%s", _(kinds[kind].wrong));
	return 0;
}

static int option_keep(TALLOC_CTX *mem, const struct option_row *row, const char *argument,
	struct options *options, struct error *err)
{
	void *where = (char *)options + row->where;

	switch (row->kind) {
	case TAKES_FLAG:
		*(bool *)where = true;
		return 0;
	case TAKES_CASE:
		options->practice = true;
		*(const char **)where = argument;
		return 0;
	case TAKES_LIVE:
		if (strcmp(argument, "relocated") != 0 && strcmp(argument, "default") != 0)
			return error_set(err, TROUBLE_USAGE,
				_("--live takes relocated or default."));
		*(enum live_said *)where =
			*argument == 'r' ? LIVE_SAID_RELOCATED : LIVE_SAID_DEFAULT;
		return 0;
	case TAKES_LIST:
		return list_add(mem, where, argument, err);
	case TAKES_TEXT:
		if (*argument == '\0')
			return error_set(err, TROUBLE_USAGE, _("--%s needs a value."), row->name);
		*(const char **)where = argument;
		return 0;
	default:
		options->has_seed = options->has_seed || row->kind == TAKES_SEED;
		return number_keep(row->kind, argument, where, err);
	}
}

/* An option that the command does not take is a mistake; ignoring it could be a costly one. */
static int options_belong(const struct options *options, const bool given[OPTION_COUNT],
	struct error *err)
{
	const struct command *command = options->command;

	for (size_t i = 0; i < OPTION_COUNT; i++) {
		const struct option_row *row = &option_table[i];
		/* A practice server made for this call has a seed as well. */
		bool fits = row->group == OPTIONS_GLOBAL ||
			(row->kind == TAKES_SEED && options->practice) ||
			(command && (command->takes & row->group));

		if (given[i] && !fits)
			return !command ? error_set(err, TROUBLE_USAGE,
						  _("--%s only works with a command."), row->name)
					: error_set(err, TROUBLE_USAGE,
						  _("The command %s does not take --%s."),
						  command->name, row->name);
	}
	return 0;
}

/* What does not go together, in the order in which it is said. */
static int options_fit(const struct options *options, struct error *err)
{
	const bool host = options->host != NULL, image = options->image != NULL;
	const int servers = host + image + options->practice + (options->disks != NULL);
	const struct {
		bool wrong;
		const char *sentence;
	} rules[] = {
		{ servers > 1,
			N_("Name one server: either --disks, --image, --host or --practice.") },
		{ host && options->nt_folder,
			N_("--nt goes with --disks or --image: a running server says itself where its Windows NT is.") },
		{ options->practice && options->nt_folder,
			N_("--nt goes with --disks or --image: a practice server has one Windows NT folder.") },
		{ !image && options->letters, N_("--letters only works with --image.") },
		{ !image && options->overlay, N_("--overlay only works with --image.") },
		{ !host && options->user, N_("--user only works with --host.") },
		{ !host && options->password_file, N_("--password-file only works with --host.") },
		{ !host && options->port != 0, N_("--port only works with --host.") },
		{ !host && options->nt4, N_("--nt4 only works with --host.") },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rules); i++)
		if (rules[i].wrong)
			return error_set(err, TROUBLE_USAGE, "%s", _(rules[i].sentence));
	return 0;
}

static int command_word(int argc, char *const argv[], struct options *options, struct error *err)
{
	const struct command *command;
	int ret;

	if (argc == 0)
		return 0;
	ret = command_find(argv[0], &options->command, err);
	if (ret != 0)
		return ret;
	command = options->command;
	options->args = argv + 1;
	options->arg_count = argc - 1;
	if (!options->help &&
		(options->arg_count < command->args_min || options->arg_count > command->args_max))
		return error_set(err, TROUBLE_USAGE, _("Usage: %s %s %s"), text_call(),
			command->name, command->usage);
	return 0;
}

int options_parse(TALLOC_CTX *mem, int argc, char *const argv[], struct options *options,
	struct error *err)
{
	struct option rows[OPTION_COUNT + 1];
	bool given[OPTION_COUNT] = { false };
	int index = -1, letter, ret = 0;

	*options = (struct options){ 0 };
	long_options(rows);
	opterr = 0;
	while (ret == 0 && (letter = getopt_long(argc, argv, ":", rows, &index)) != -1) {
		/* Without the GNU name of the failing option, optind is after it. */
		if (letter == ':' || letter == '?')
			return error_set(err, TROUBLE_USAGE,
				letter == ':' ? _("%s needs a value.")
					      : _("%s is not a valid option here."),
				text_shown(mem, argv[optind - 1]));
		if (given[index] && option_table[index].kind != TAKES_LIST)
			return error_set(err, TROUBLE_USAGE, _("--%s was given twice."),
				option_table[index].name);
		given[index] = true;
		ret = option_keep(mem, &option_table[index], optarg, options, err);
	}
	if (ret == 0)
		ret = command_word(argc - optind, argv + optind, options, err);
	if (ret == 0)
		ret = options_belong(options, given, err);
	return ret == 0 ? options_fit(options, err) : ret;
}

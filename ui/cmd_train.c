/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `train`: practice servers, and a whole repair of one in lines. */
#include <errno.h>
#include <ftw.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "training/case.h"
#include "ui/carry.h"
#include "ui/commands.h"
#include "ui/reach.h"
#include "ui/say.h"

enum { TRAIN_SEED = 1 };

#define DEMO_OPERATOR "demo"

static int train_list(void)
{
	size_t count;
	const struct case_name *names = cases(&count);

	for (size_t i = 0; i < count; i++)
		printf("%-19s  %d  %s\n", names[i].name, names[i].level, names[i].title);
	return 0;
}

/* A comma ends a folder in --disks, so one in its name has a backslash in front. */
static void folder_print(const char *letter, const char *dir)
{
	printf("%s=", letter);
	for (const char *at = dir; *at; at++)
		printf(*at == ',' ? "\\%c" : "%c", *at);
	printf("/%s", letter);
}

/* Builds the server of the case named on the command line. */
static int train_make(TALLOC_CTX *mem, const struct options *options, const char *dir, struct error *err)
{
	return reach_case(mem, options->scenario, dir, options->has_seed ? options->seed : TRAIN_SEED, err);
}

static int train_build(TALLOC_CTX *mem, const struct options *options, struct error *err)
{
	char *full;
	int ret = train_make(mem, options, options->build, err);

	if (ret != 0)
		return ret;
	full = realpath(options->build, NULL);
	if (!full)
		return error_system(err, TROUBLE_IO, errno,
				    _("The folder of the practice server cannot be found again"));
	folder_print("C", full);
	putchar(',');
	folder_print("E", full);
	putchar('\n');
	free(full);
	return 0;
}

/* ---- the demonstration ---- */

static int demo_gone(const char *path, const struct stat *meta, int flag, struct FTW *where)
{
	(void)meta, (void)flag, (void)where;
	return remove(path);
}

static void demo_say(const char *sentence)
{
	printf("\n== %s\n\n", sentence);
	fflush(stdout);
}

/* The plan proposes what the article asks for; a newer file is the operator's decision, and this operator keeps it. */
static int demo_decide(TALLOC_CTX *mem, const char *path, struct error *err)
{
	json_t *plan = json_load_file(path, 0, NULL), *row;
	size_t i;

	json_array_foreach(json_object_get(plan, "rows"), i, row) {
		const char *decision = json_string_value(json_object_get(row, "decision"));

		if (!decision || strcmp(decision, "undecided") != 0)
			continue;
		json_object_set_new(row, "decision", json_string("keep"));
		printf(_("Kept as it is: %s\n"), carry_shown(mem, json_string_value(json_object_get(row, "subject"))));
	}
	if (!plan || json_dump_file(plan, path, JSON_INDENT(2)) != 0) {
		json_decref(plan);
		return error_set(err, TROUBLE_IO, _("The plan of the demonstration cannot be written."));
	}
	json_decref(plan);
	return 0;
}

/* The same commands that an operator would give, one after the other. */
static int demo_play(TALLOC_CTX *mem, struct options *play, struct error *err)
{
	char *args[] = { "last", NULL };
	int code, ret;

	demo_say(_("msmcfix check: what is wrong"));
	code = command_check(play);
	if (code != 2)
		return error_set(err, TROUBLE_BUG, _("The practice server has nothing to repair."));
	demo_say(_("msmcfix plan: what would be changed"));
	code = command_plan(play);
	if (code != 2)
		return error_set(err, TROUBLE_BUG, _("The practice server has nothing to plan."));
	ret = demo_decide(mem, play->plan, err);
	if (ret != 0)
		return ret;
	demo_say(_("msmcfix apply: carried out"));
	code = command_apply(play);
	if (code != 0)
		return error_set(err, TROUBLE_BUG, _("The repair of the practice server did not come to its end."));
	demo_say(_("msmcfix report"));
	play->args = args;
	play->arg_count = 1;
	code = command_report(play);
	return code == 0 ? 0 : error_set(err, TROUBLE_BUG, _("The practice server's repair has no report."));
}

static int demo_in(TALLOC_CTX *mem, const struct options *options, const char *folder, struct error *err)
{
	struct options play = *options;
	char *server = talloc_asprintf(mem, "%s/server", folder), *plan = talloc_asprintf(mem, "%s/plan.json", folder);
	char *runs = talloc_asprintf(mem, "%s/runs", folder);
	int ret;

	if (!server || !plan || !runs)
		return error_memory(err);
	ret = train_make(mem, options, server, err);
	if (ret != 0)
		return ret;
	printf(_("A practice server was made in %s. It is not real, and nothing outside that folder is touched.\n"),
	       carry_shown(mem, server));
	play.practice = true;
	play.practice_case = server;
	play.output = play.plan = plan;
	play.runs = runs;
	play.operator_name = DEMO_OPERATOR;
	play.yes = true;
	return demo_play(mem, &play, err);
}

static int train_demo(TALLOC_CTX *mem, const struct options *options, struct error *err)
{
	const char *base = getenv("TMPDIR");
	char *folder = talloc_asprintf(mem, "%s/msmcfix-demo-XXXXXX", base && *base ? base : "/tmp");
	int ret;

	if (options->disks || options->practice)
		return error_set(err, TROUBLE_USAGE, _("The demonstration makes its own server; name none."));
	if (!folder)
		return error_memory(err);
	if (!mkdtemp(folder))
		return error_system(err, TROUBLE_IO, errno, _("No folder for the demonstration could be made"));
	ret = demo_in(mem, options, folder, err);
	nftw(folder, demo_gone, 16, FTW_DEPTH | FTW_PHYS);
	if (ret == 0)
		printf(_("\nThis was practice. The folder %s is gone again.\n"), carry_shown(mem, folder));
	return ret;
}

int command_train(const struct options *options)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	struct error err;
	int code, ret;

	if (options->list + options->demo + (options->build != NULL) != 1 || options->arg_count != 0)
		ret = error_set(&err, TROUBLE_USAGE, _("Say one of --list, --build FOLDER and --demo."));
	else if (options->list)
		ret = train_list();
	else
		ret = options->build ? train_build(mem, options, &err) : train_demo(mem, options, &err);
	code = ret != 0 ? say_trouble(&err) : say_done(0);
	talloc_free(mem);
	return code;
}

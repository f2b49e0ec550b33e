/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `train`: the training ground, practice servers, and a whole repair of one in lines. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "training/classroom.h"
#include "ui/carry.h"
#include "ui/cmd_class.h"
#include "ui/commands.h"
#include "ui/reach.h"
#include "ui/say.h"
#include "ui/walk.h"

enum { TRAIN_SEED = 1 };

#define DEMO_OPERATOR "demo"

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
				    _("The folder of the practice server can no longer be found"));
	folder_print("C", full);
	putchar(',');
	folder_print("E", full);
	putchar('\n');
	free(full);
	return 0;
}

/* ---- the demonstration ---- */

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
		printf(_("Kept as it is: %s\n"), say_shown(mem, json_string_value(json_object_get(row, "subject"))));
	}
	if (!plan || json_dump_file(plan, path, JSON_INDENT(2)) != 0) {
		json_decref(plan);
		return error_set(err, TROUBLE_IO, _("The plan of the demonstration cannot be written."));
	}
	json_decref(plan);
	return 0;
}

/* Whether a command ended as expected. If nobody reads its output it continues anyway, to clean up. */
static bool demo_right(int code, int wanted)
{
	return code == wanted || code == 128 + SIGPIPE;
}

/* The same commands that an operator would give, one after the other. */
static int demo_play(TALLOC_CTX *mem, struct options *play, struct error *err)
{
	char *args[] = { "last", NULL };
	int code, ret;

	demo_say(_("msmcfix check: what is wrong"));
	code = command_check(play);
	if (!demo_right(code, 2))
		return error_set(err, TROUBLE_BUG, _("The practice server has nothing to repair."));
	demo_say(_("msmcfix plan: what would be changed"));
	code = command_plan(play);
	if (!demo_right(code, 2))
		return error_set(err, TROUBLE_BUG, _("The practice server has nothing to plan."));
	ret = demo_decide(mem, play->plan, err);
	if (ret != 0)
		return ret;
	demo_say(_("msmcfix apply: carried out"));
	code = command_apply(play);
	if (!demo_right(code, 0))
		return error_set(err, TROUBLE_BUG, _("The repair of the practice server did not finish."));
	demo_say(_("msmcfix report"));
	play->args = args;
	play->arg_count = 1;
	code = command_report(play);
	return demo_right(code, 0) ? 0 : error_set(err, TROUBLE_BUG, _("The practice server's repair has no report."));
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
	printf(_("A practice server was made in %s.\n"), say_shown(mem, server));
	puts(_("It is not real, and nothing outside that folder is touched."));
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
	char *folder = NULL, *gone;
	int ret = practice_place(mem, NULL, &folder, err);

	if (ret != 0)
		return ret;
	ret = demo_in(mem, options, folder, err);
	gone = talloc_strdup(mem, say_shown(folder, folder));
	talloc_free(folder);
	if (ret == 0)
		printf(_("\nThis was practice. The folder was removed again: %s\n"), gone ? gone : "?");
	return ret;
}

/* ---- what is wanted ---- */

enum train_mode { MODE_WALK, MODE_EXAM, MODE_LIST, MODE_PROGRESS, MODE_CLEAR, MODE_RESULTS, MODE_BUILD, MODE_DEMO, MODES };

#define BIT(mode) (1u << (mode))

static const char NO_TWO[] = N_("Give one of --exam, --list, --progress, --clear-progress, --results, --build and --demo, or name a case.");

/* The one thing that the command line asks for; none is the walk. */
static int mode_find(const struct options *options, enum train_mode *mode, struct error *err)
{
	const bool asked[MODES] = {
		[MODE_EXAM] = options->exam != 0,      [MODE_LIST] = options->list,
		[MODE_PROGRESS] = options->progress,   [MODE_CLEAR] = options->clear_progress,
		[MODE_RESULTS] = options->results != NULL, [MODE_BUILD] = options->build != NULL,
		[MODE_DEMO] = options->demo,
	};
	size_t count = 0;

	*mode = MODE_WALK;
	for (unsigned i = 0; i < MODES; i++)
		if (asked[i]) {
			*mode = (enum train_mode)i;
			count++;
		}
	if (count > 1 || (count == 1 && options->arg_count != 0))
		return error_set(err, TROUBLE_USAGE, "%s", _(NO_TWO));
	return 0;
}

/* Which option goes with which. */
static int mode_check(const struct options *options, enum train_mode mode, struct error *err)
{
	const unsigned built = BIT(MODE_BUILD) | BIT(MODE_DEMO), walked = BIT(MODE_WALK) | BIT(MODE_EXAM);
	const struct {
		const char *name;
		bool given;
		unsigned modes;
	} rows[] = {
		{ "scenario", options->scenario != NULL, built },
		{ "seed", options->has_seed, built | walked },
		{ "seat", options->seat != NULL, walked | BIT(MODE_LIST) | BIT(MODE_PROGRESS) | BIT(MODE_CLEAR) },
		{ "csv", options->csv, BIT(MODE_RESULTS) },
		{ "output", options->output != NULL, BIT(MODE_RESULTS) },
		{ "yes", options->yes, BIT(MODE_CLEAR) },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (rows[i].given && !(rows[i].modes & BIT(mode)))
			return error_set(err, TROUBLE_USAGE, _("--%s cannot be combined with the other options of train given here."),
					 rows[i].name);
	if (options->disks || options->practice)
		return error_set(err, TROUBLE_USAGE, _("Training makes its own servers. Do not name one."));
	return 0;
}

/* What can be checked now is reported now, not on the first page. */
static int walk_check(TALLOC_CTX *mem, const struct options *options, enum train_mode mode, struct error *err)
{
	struct training_case *training;
	const char *const *names;
	char *seat;
	int ret = seat_name(mem, options->seat, &seat, err);

	if (ret == 0 && mode == MODE_EXAM && !options->has_seed)
		return error_set(err, TROUBLE_USAGE, _("Give --seed: it must be the same at every seat of an exam."));
	if (ret == 0 && mode == MODE_WALK && options->has_seed && options->arg_count == 0)
		return error_set(err, TROUBLE_USAGE, _("--seed goes with a case: msmcfix train CASE --seed N."));
	if (ret == 0 && mode == MODE_EXAM)
		ret = exam_cases(mem, options->seed, seat, options->exam, &names, err);
	if (ret == 0 && options->arg_count)
		ret = case_find(mem, options->args[0], &training, err);
	if (ret == 0 && options->has_seed && options->seed > INT64_MAX)
		ret = error_set(err, TROUBLE_USAGE, _("The seed must be below 2^63."));
	return ret;
}

static int train_walk(const struct options *options)
{
	struct options walked = *options;

	walked.train = true;
	walked.train_case = options->arg_count ? options->args[0] : NULL;
	return walk(&walked, NULL);
}

static int train_do(TALLOC_CTX *mem, const struct options *options, enum train_mode mode, struct error *err)
{
	switch (mode) {
	case MODE_LIST:
		return class_list(mem, options, err);
	case MODE_PROGRESS:
		return class_progress(mem, options, err);
	case MODE_CLEAR:
		return class_clear(mem, options, err);
	case MODE_RESULTS:
		return class_results(mem, options, err);
	case MODE_BUILD:
		return train_build(mem, options, err);
	case MODE_DEMO:
		return train_demo(mem, options, err);
	default:
		return walk_check(mem, options, mode, err);
	}
}

int command_train(const struct options *options)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	enum train_mode mode;
	struct error err;
	int ret = mode_find(options, &mode, &err);

	if (ret == 0)
		ret = mode_check(options, mode, &err);
	if (ret == 0)
		ret = train_do(mem, options, mode, &err);
	talloc_free(mem);
	if (ret != 0)
		return say_trouble(&err);
	return mode == MODE_WALK || mode == MODE_EXAM ? train_walk(options) : say_done(0);
}

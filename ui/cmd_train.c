/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `train`: the training ground, practice servers, and a whole repair of one in lines. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "base/memory.h"
#include "training/byhand.h"
#include "training/classroom.h"
#include "ui/carry.h"
#include "ui/reach.h"
#include "ui/say.h"

enum { TRAIN_SEED = 1 };

#define DEMO_OPERATOR "demo"

/* Builds the server of the case named on the command line. */
static int train_make(struct call *call, const char *dir)
{
	const struct options *options = call->options;

	return reach_case(call, options->scenario, dir,
		options->has_seed ? options->seed : TRAIN_SEED, &call->err);
}

/* For whoever repairs it with other tools. Servers that are no lesson have no task. */
static int task_write(struct call *call)
{
	const struct options *options = call->options;
	struct training_case *training;
	const char *name = options->scenario ? options->scenario : "standard";

	if (case_find(call, name, &training, NULL) != 0)
		return 0;
	return byhand_task(training, options->build, options->has_seed ? options->seed : TRAIN_SEED,
		&call->err);
}

static int train_build(struct call *call)
{
	char *full;
	int ret = train_make(call, call->options->build);

	if (ret == 0)
		ret = task_write(call);
	if (ret != 0)
		return ret;
	full = realpath(call->options->build, NULL);
	if (!full)
		return error_system(&call->err, TROUBLE_IO, errno,
			_("The folder of the practice server can no longer be found"));
	puts(practice_drives(call, full));
	free(full);
	return 0;
}

/* ---- repaired by hand ---- */

static int score_print(struct call *call, const struct training_case *bound,
	const struct score *score)
{
	char *seat;
	json_t *json;
	int ret;

	if (!call->options->json) {
		char *text = score_text(call, bound, score);

		if (!text)
			return error_memory(&call->err);
		fputs(text, stdout);
		return 0;
	}
	ret = seat_name(call, call->options->seat, &seat, &call->err);
	if (ret != 0)
		return ret;
	json = score_json(bound, seat, score);
	if (json)
		json_object_set_new(json, "by_hand", json_true());
	return say_json(json, _("The score cannot be printed."), &call->err);
}

static int train_judge(struct call *call)
{
	struct training_case *bound = NULL;
	struct score *score = NULL;
	int ret = byhand_score(call, call->options->score, call->options->scenario, &bound, &score,
		&call->err);

	if (ret == 0)
		ret = score_print(call, bound, score);
	if (ret == 0)
		call->code = score->passed ? 0 : 1;
	return ret;
}

/* ---- the demonstration ---- */

/* The plan proposes what the article asks for; a newer file is the operator's decision, and this
 * operator keeps it. */
static int demo_decide(struct call *call, const char *path)
{
	json_t *plan = json_load_file(path, 0, NULL), *row;
	size_t i;
	int failed;

	json_array_foreach (json_object_get(plan, "rows"), i, row) {
		const char *decision = json_string_value(json_object_get(row, "decision"));

		if (!decision || strcmp(decision, "undecided") != 0)
			continue;
		json_object_set_new(row, "decision", json_string("keep"));
		printf(_("Kept as it is: %s\n"),
			say_shown(call, json_string_value(json_object_get(row, "subject"))));
	}
	failed = json_dump_file(plan, path, JSON_INDENT(2));
	json_decref(plan);
	return failed ? error_set(&call->err, TROUBLE_IO,
				_("The plan of the demonstration cannot be written."))
		      : 0;
}

/* The same commands that an operator would give, one after the other. If nobody reads their output
 * the rest comes anyway, to clean up. */
static int demo_play(struct call *call, const struct options *play)
{
	static const struct {
		const char *title;
		command_fn *command;
		int wanted;
		const char *wrong;
	} rows[] = {
		{ N_("%s check: what is wrong"), command_check, 2,
			N_("The practice server has nothing to repair.") },
		{ N_("%s plan: what would be changed"), command_plan, 2,
			N_("The practice server has nothing to plan.") },
		{ N_("%s apply: carried out"), command_apply, 0,
			N_("The repair of the practice server did not finish.") },
		{ N_("%s report"), command_report, 0,
			N_("The practice server's repair has no report.") },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		int code;

		if (rows[i].command == command_apply && demo_decide(call, play->plan) != 0)
			return -(int)call->err.trouble;
		printf("\n== ");
		printf(_(rows[i].title), text_call());
		printf("\n\n");
		fflush(stdout);
		code = command_call(rows[i].command, play);
		/* It has said why. */
		call->code = code > 2 && code != 128 + SIGPIPE ? code : 0;
		if (call->code)
			return 0;
		if (code != rows[i].wanted && code != 128 + SIGPIPE)
			return error_set(&call->err, TROUBLE_BUG, "%s", _(rows[i].wrong));
	}
	return 0;
}

static int demo_in(struct call *call, const char *folder)
{
	char *server = talloc_asprintf(call, "%s/server", folder),
	     *plan = talloc_asprintf(call, "%s/plan.json", folder);
	char *args[] = { "last", NULL };
	struct options play = *call->options;
	int ret = train_make(call, server);

	if (ret != 0)
		return ret;
	printf(_("A practice server was made in %s.\n"), say_shown(call, server));
	puts(_("It is not real, and nothing outside that folder is touched."));
	play.practice = true;
	play.practice_case = server;
	play.output = play.plan = plan;
	play.runs = talloc_asprintf(call, "%s/runs", folder);
	play.operator_name = DEMO_OPERATOR;
	play.yes = true;
	play.args = args;
	play.arg_count = 1;
	return demo_play(call, &play);
}

static int train_demo(struct call *call)
{
	char *folder = NULL;
	int ret = practice_place(call, NULL, &folder, &call->err);

	if (ret != 0)
		return ret;
	ret = demo_in(call, folder);
	if (!practice_remove(folder))
		printf(_("\nThis was practice. The folder could not be removed; remove it by hand: %s\n"),
			say_shown(call, folder));
	else if (ret == 0)
		printf(_("\nThis was practice. The folder was removed again: %s\n"),
			say_shown(call, folder));
	return ret;
}

/* ---- the walk ---- */

/* What can be checked now is reported now, not on the first page. */
static int walk_check(struct call *call)
{
	const struct options *options = call->options;
	struct training_case *training;
	const char *const *names;
	char *seat;
	int ret = seat_name(call, options->seat, &seat, &call->err);

	if (ret == 0 && options->exam && !options->has_seed)
		return error_set(&call->err, TROUBLE_USAGE,
			_("Give --seed: it must be the same at every seat of an exam."));
	if (ret == 0 && !options->exam && options->has_seed && options->arg_count == 0)
		return error_set(&call->err, TROUBLE_USAGE,
			_("--seed goes with a case: %s train CASE --seed N."), text_call());
	if (ret == 0 && options->exam)
		ret = exam_cases(call, options->seed, seat, (size_t)options->exam, &names,
			&call->err);
	if (ret == 0 && options->arg_count)
		ret = case_find(call, options->args[0], &training, &call->err);
	if (ret == 0 && options->has_seed && options->seed > INT64_MAX)
		ret = error_set(&call->err, TROUBLE_USAGE, _("The seed must be below 2^63."));
	return ret;
}

static int train_walk(struct call *call)
{
	struct options walked = *call->options;
	int ret = walk_check(call);

	walked.train = true;
	walked.train_case = walked.arg_count ? walked.args[0] : NULL;
	return ret == 0 ? walk(call, &walked, NULL) : ret;
}

/* ---- what is wanted ---- */

/* Options that go only with some of it. */
enum { SCENARIO = 1, SEED = 2, SEAT = 4, TABLE = 8, CONSENT = 16, JSON = 32 };

struct mode {
	bool asked;
	command_fn *run;
	unsigned takes;
};

/* The one thing that the command line asks for; none is the walk. */
static int mode_find(struct call *call, struct mode *mode)
{
	const struct options *options = call->options;
	const struct mode modes[] = {
		{ options->arg_count != 0, train_walk, SEED | SEAT },
		{ options->exam != 0, train_walk, SEED | SEAT },
		{ options->list, class_list, SEAT },
		{ options->progress, class_progress, SEAT },
		{ options->clear_progress, class_clear, SEAT | CONSENT },
		{ options->results, class_results, TABLE },
		{ options->build, train_build, SCENARIO | SEED },
		{ options->score, train_judge, SCENARIO | SEAT | JSON },
		{ options->demo, train_demo, SCENARIO | SEED },
	};

	*mode = (struct mode){ false, train_walk, SEED | SEAT };
	for (size_t i = 0; i < ARRAY_SIZE(modes); i++) {
		if (modes[i].asked && mode->asked)
			return error_set(&call->err, TROUBLE_USAGE,
				_("Give one of --exam, --list, --progress, --clear-progress, "
				  "--results, --build, --score and --demo, or name a case."));
		if (modes[i].asked)
			*mode = modes[i];
	}
	return 0;
}

/* Which option goes with which. */
static int mode_check(struct call *call, unsigned takes)
{
	const struct options *options = call->options;
	const struct {
		const char *name;
		bool given;
		unsigned option;
	} rows[] = {
		{ "scenario", options->scenario, SCENARIO },
		{ "seed", options->has_seed, SEED },
		{ "seat", options->seat, SEAT },
		{ "csv", options->csv, TABLE },
		{ "output", options->output, TABLE },
		{ "yes", options->yes, CONSENT },
		{ "json", options->json, JSON },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (rows[i].given && !(rows[i].option & takes))
			return error_set(&call->err, TROUBLE_USAGE,
				_("--%s cannot be combined with the other options of train given here."),
				rows[i].name);
	if (reach_named(options))
		return error_set(&call->err, TROUBLE_USAGE,
			_("Training makes its own servers. Do not name one."));
	return 0;
}

int command_train(struct call *call)
{
	struct mode mode;
	int ret = mode_find(call, &mode);

	if (ret == 0)
		ret = mode_check(call, mode.takes);
	return ret == 0 ? mode.run(call) : ret;
}

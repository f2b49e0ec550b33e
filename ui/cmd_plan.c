/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `plan`: what would be changed, as a file with the decisions. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "record/reached.h"
#include "repair/plan.h"
#include "ui/commands.h"
#include "ui/language.h"
#include "ui/reach.h"
#include "ui/say.h"

enum { PLAN_NOTHING = 0, PLAN_CHANGES = 2 };

static int plan_put(struct call *call, const struct plan *plan)
{
	const char *path = call->options->output;
	json_t *json = plan_json(plan);
	char *dumped = json_dumps(json, JSON_INDENT(2)),
	     *text = dumped ? talloc_asprintf(call, "%s\n", dumped) : NULL;
	int sys = text ? output_write(path, text) : ENOMEM;

	json_decref(json);
	free(dumped);
	if (sys == 0)
		return 0;
	return error_advise(&call->err,
		error_system(&call->err, output_trouble(sys), sys,
			_("The plan cannot be written to %s"), say_shown(call, path)),
		_("Name another file with --output."));
}

static void plan_say(struct call *call, const struct server *server, const struct plan *plan)
{
	printf(_("Plan written to %s.\n"), say_shown(call, call->options->output));
	printf(_("Proposed to change: %zu. For you to decide: %zu.\n"),
		plan_count(plan, DECISION_CHANGE), plan_count(plan, DECISION_UNDECIDED));
	if (plan->survey->needs_person)
		printf(P_("%zu row needs a person: its \"todo\" says what to do.\n",
			       "%zu rows need a person: their \"todo\" says what to do.\n",
			       plan->survey->needs_person),
			plan->survey->needs_person);
	say("%s",
		_("Check every row: \"decision\" is \"change\", \"keep\" or \"undecided\". Then run:"));
	printf("  %s --operator NAME --yes\n",
		reached_command(call, &server->reached, call->options->runs, "apply --plan",
			call->options->output));
}

int command_plan(struct call *call)
{
	const struct survey *survey;
	struct server *server;
	struct plan *plan;
	int ret;

	if (!call->options->output)
		return error_set(&call->err, TROUBLE_USAGE,
			_("Name the file for the plan: --output FILE, or --output - for standard output."));
	/* What refuses it is said in one language, too. */
	language_for_programs();
	ret = reach_survey(call, call->options, true, &server, &survey, &call->err);
	if (ret == 0)
		ret = survey_forbids(survey, &call->err);
	if (ret == 0)
		ret = plan_make(call, survey, true, &plan, &call->err);
	if (ret != 0)
		return ret;
	language_begin(call->options->ascii);
	ret = plan_put(call, plan);
	if (ret != 0)
		return ret;
	call->code = survey->open ? PLAN_CHANGES : PLAN_NOTHING;
	if (strcmp(call->options->output, "-") != 0)
		plan_say(call, server, plan);
	return 0;
}

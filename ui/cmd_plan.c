/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `plan`: what would be changed, as a file with the decisions. */
#include <errno.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "repair/plan.h"
#include "ui/commands.h"
#include "ui/output.h"
#include "ui/reach.h"
#include "ui/say.h"

enum { PLAN_NOTHING = 0, PLAN_CHANGES = 2 };

static int plan_put(TALLOC_CTX *mem, const struct plan *plan, const char *path, struct error *err)
{
	json_t *json = plan_json(plan);
	char *dumped = json_dumps(json, JSON_INDENT(2)), *text = dumped ? talloc_asprintf(mem, "%s\n", dumped) : NULL;
	int sys = text ? output_write(path, text) : ENOMEM;

	json_decref(json);
	free(dumped);
	if (sys == 0)
		return 0;
	return error_advise(err, error_system(err, output_trouble(sys), sys, _("The plan cannot be written to %s"), say_shown(mem, path)),
			    _("Name another file with --output."));
}

static void plan_say(TALLOC_CTX *mem, const struct plan *plan, const char *path)
{
	printf(_("Plan written to %s.\n"), say_shown(mem, path));
	printf(_("Proposed to change: %zu. For you to decide: %zu.\n"), plan_count(plan, DECISION_CHANGE),
	       plan_count(plan, DECISION_UNDECIDED));
	if (plan->survey->needs_person)
		printf(P_("%zu row needs a person: its \"todo\" says what to do.\n",
			  "%zu rows need a person: their \"todo\" says what to do.\n", plan->survey->needs_person),
		       plan->survey->needs_person);
	say_paragraph(stdout, "", 0, _("Check every row: \"decision\" is \"change\", \"keep\" or \"undecided\". "
				       "Then: msmcfix apply --plan FILE --operator NAME --yes"));
}

int command_plan(const struct options *options)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	const struct survey *survey;
	struct server *server;
	struct plan *plan = NULL;
	struct error err;
	int code = 0, ret = 0;

	setlocale(LC_MESSAGES, "C");
	if (!options->output)
		ret = error_set(&err, TROUBLE_USAGE,
				_("Name the file for the plan: --output FILE, or --output - for standard output."));
	if (ret == 0)
		ret = reach_server(mem, options, &server, &err);
	if (ret == 0)
		ret = reach_survey(mem, options, server, true, &survey, &err);
	if (ret == 0)
		ret = survey_forbids(survey, &err);
	if (ret == 0)
		ret = plan_make(mem, survey, true, &plan, &err);
	if (ret == 0)
		ret = plan_put(mem, plan, options->output, &err);
	setlocale(LC_MESSAGES, "");
	if (ret != 0)
		code = say_trouble(&err);
	else
		code = survey->open ? PLAN_CHANGES : PLAN_NOTHING;
	if (ret == 0 && strcmp(options->output, "-") != 0)
		plan_say(mem, plan, options->output);
	code = ret == 0 ? say_done(code) : code;
	talloc_free(mem);
	return code;
}

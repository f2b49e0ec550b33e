/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `runs`: what has been done from here, newest first. */
#include <string.h>

#include "base/i18n.h"
#include "record/runfolder.h"
#include "ui/commands.h"
#include "ui/reach.h"
#include "ui/say.h"

static void runs_print(const struct run_summary *runs, size_t count)
{
	if (count == 0)
		puts(_("No runs."));
	for (size_t i = 0; i < count; i++)
		printf("%-18s %-9s %-16s %-9s %-12s %s%s\n", runs[i].name, _(run_state_name(runs[i].state)), runs[i].server,
		       runs[i].reach, runs[i].operator_name, runs[i].started, runs[i].simulated ? _("  PRACTICE") : "");
}

static int runs_print_json(const struct run_summary *runs, size_t count, struct error *err)
{
	json_t *list = json_array();
	int failed = !list;

	for (size_t i = 0; i < count && !failed; i++)
		failed = json_array_append_new(list,
					       json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:b}", "run", runs[i].name,
							 "state", run_state_name(runs[i].state), "server", runs[i].server, "reach",
							 runs[i].reach, "operator", runs[i].operator_name, "started",
							 runs[i].started, "simulated", runs[i].simulated));
	if (!failed)
		failed = json_dumpf(list, stdout, JSON_INDENT(2)) != 0 || putchar('\n') == EOF;
	json_decref(list);
	return failed ? error_set(err, TROUBLE_IO, _("The list of runs could not be written as JSON.")) : 0;
}

static int runs_show(TALLOC_CTX *mem, const struct options *options, const char *place, struct error *err)
{
	struct run_summary *runs;
	size_t count;
	int ret = runs_list(mem, place, &runs, &count, err);

	if (ret == 0 && options->json)
		return runs_print_json(runs, count, err);
	if (ret == 0)
		runs_print(runs, count);
	return ret;
}

int command_runs(const struct options *options)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	struct error err;
	char *place, *backup;
	int code, ret = reach_runs(mem, options, &place, &err);

	if (ret == 0)
		ret = options->forget ? runs_forget(mem, place, options->forget, options->yes, &backup, &err)
				      : runs_show(mem, options, place, &err);
	if (ret == 0 && options->forget)
		printf(_("The record of run %s was removed.\n"), say_shown(mem, options->forget));
	if (ret == 0 && options->forget && *backup)
		printf(_("Its backup stays on the server: %s\n"), backup);
	code = ret != 0 ? say_trouble(&err) : say_done(0);
	talloc_free(mem);
	return code;
}

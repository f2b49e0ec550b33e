/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `runs`: what has been done from here, newest first. */
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "report/report.h"
#include "ui/commands.h"
#include "ui/reach.h"
#include "ui/say.h"

/* What a finished run came to, in the word of its report; "" where that cannot be told. */
static const char *result(TALLOC_CTX *mem, const char *place, const struct run_summary *run)
{
	struct runfolder *folder;
	struct report *report;

	if (run->overlay_waits && run->state != STATE_RUNNING)
		return _("  its overlay waits: commit, keep or drop");
	if (run->state != STATE_DONE ||
		runfolder_open(mem, place, run->name, false, &folder, NULL) ||
		report_read(folder, folder, NULL, &report, NULL))
		return "";
	return talloc_asprintf(mem, "  %s", verdict_word(report_verdict(report)));
}

static void runs_print(TALLOC_CTX *mem, const char *place, const struct run_summary *runs,
	size_t count)
{
	size_t width = 9;

	if (count == 0)
		puts(_("No runs."));
	for (size_t i = 0; i < count; i++)
		width = text_widest(width, _(run_state_name(runs[i].state)));
	for (size_t i = 0; i < count; i++)
		printf("%-18s %s %s %s %s %s%s%s\n", runs[i].name,
			text_pad(mem, _(run_state_name(runs[i].state)), width),
			text_pad(mem, runs[i].server, 16),
			text_pad(mem, i18n_word(runs[i].reach), 9),
			text_pad(mem, runs[i].operator_name, 12), runs[i].started,
			runs[i].passing && runs[i].state != STATE_RUNNING
				? _("  PRACTICE, gone with the program")
				: runs[i].simulated ? _("  PRACTICE")
						    : "",
			result(mem, place, &runs[i]));
}

static json_t *runs_json(const struct run_summary *runs, size_t count)
{
	json_t *list = json_array();

	for (size_t i = 0; i < count; i++) {
		const struct run_summary *run = &runs[i];
		json_t *row =
			json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:b, s:b}", "run", run->name,
				"state", run_state_name(run->state), "server", run->server, "reach",
				run->reach, "operator", run->operator_name, "started", run->started,
				"simulated", run->simulated, "overlay_waits", run->overlay_waits);

		/* A list that is not whole is none. */
		if (json_array_append_new(list, row) != 0) {
			json_decref(list);
			return NULL;
		}
	}
	return list;
}

static int runs_show(struct call *call, const char *place)
{
	struct run_summary *runs;
	size_t count;
	int ret = runs_list(call, place, &runs, &count, &call->err);

	if (ret == 0 && call->options->json)
		return say_json(runs_json(runs, count),
			_("The list of runs could not be written as JSON."), &call->err);
	if (ret == 0)
		runs_print(call, place, runs, count);
	return ret;
}

int command_runs(struct call *call)
{
	const char *forget = call->options->forget;
	struct forgotten left;
	char *place;
	int ret = reach_runs(call, call->options, &place, &call->err);

	if (ret == 0 && !forget)
		return runs_show(call, place);
	if (ret == 0)
		ret = runs_forget(call, place, forget, call->options->yes, &left, &call->err);
	if (ret != 0)
		return ret;
	printf(_("The record of run %s was removed.\n"), left.name);
	if (*left.backup)
		printf(_("Its backup stays on the server: %s\n"), left.backup);
	if (*left.overlays)
		printf(_("Its overlays stay beside the image: %s\n"), left.overlays);
	return 0;
}

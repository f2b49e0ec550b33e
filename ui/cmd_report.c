/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `report RUN`: what a run did, made anew from its record. */
#include <string.h>

#include "base/i18n.h"
#include "report/report.h"
#include "ui/commands.h"
#include "ui/reach.h"
#include "ui/say.h"

static int report_print(struct call *call, const struct report *report, bool as_json)
{
	const char *wrong = _("The report could not be written.");

	if (as_json)
		return say_json(report_json(report), wrong, &call->err);
	return fputs(report_text(call, report), stdout) == EOF
		? error_set(&call->err, TROUBLE_IO, "%s", wrong)
		: 0;
}

int command_report(struct call *call)
{
	const char *format = call->options->format ? call->options->format : "text";
	bool as_json = strcmp(format, "json") == 0;
	struct runfolder *run;
	struct report *report;
	char *place;
	int ret = reach_runs(call, call->options, &place, &call->err);

	if (ret == 0 && !as_json && strcmp(format, "text") != 0)
		ret = error_set(&call->err, TROUBLE_USAGE, _("--format takes text or json."));
	if (ret == 0)
		ret = runfolder_open(call, place, call->options->args[0], false, &run, &call->err);
	if (ret == 0)
		ret = report_read(call, run, NULL, &report, &call->err);
	return ret == 0 ? report_print(call, report, as_json) : ret;
}

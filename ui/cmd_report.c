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
	int ret = 0;

	if (as_json)
		ret = say_json(report_json(report), wrong, &call->err);
	else if (fputs(report_text(call, report), stdout) == EOF)
		ret = error_set(&call->err, TROUBLE_IO, "%s", wrong);
	if (ret == 0 && report->unread_count > 0)
		ret = error_set(&call->err, TROUBLE_IO,
			_("Not all of the record can be read. The report says what is not in it: %s"),
			report->unread[0]);
	return ret;
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

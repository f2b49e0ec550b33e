/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `report RUN`: what a run did, made anew from its record. */
#include "base/i18n.h"
#include "base/text.h"
#include "report/report.h"
#include "ui/commands.h"
#include "ui/reach.h"
#include "ui/say.h"

enum format { FORMAT_TEXT, FORMAT_HTML, FORMAT_JSON, FORMAT_COUNT };

static int report_print(struct call *call, const struct report *report, enum format format)
{
	static char *(*const written[])(TALLOC_CTX *,
		const struct report
			*) = { [FORMAT_TEXT] = report_text, [FORMAT_HTML] = report_html };
	const char *wrong = _("The report could not be written.");
	int ret = 0;

	if (format == FORMAT_JSON)
		ret = say_json(report_json(report), wrong, &call->err);
	else if (fputs(written[format](call, report), stdout) == EOF)
		ret = error_set(&call->err, TROUBLE_IO, "%s", wrong);
	if (ret == 0 && report->unread_count > 0)
		ret = error_set(&call->err, TROUBLE_IO,
			_("Not all of the record can be read. The report says what is not in it: %s"),
			report_said(report, report->unread[0]));
	return ret;
}

int command_report(struct call *call)
{
	static const char *const names[] = { "text", "html", "json" };
	const char *named = call->options->format;
	enum format format =
		named ? (enum format)text_number(names, FORMAT_COUNT, named) : FORMAT_TEXT;
	struct runfolder *run;
	struct report *report;
	char *place;
	int ret = reach_runs(call, call->options, &place, &call->err);

	if (ret == 0 && format == FORMAT_COUNT)
		ret = error_set(&call->err, TROUBLE_USAGE, _("--format takes text, html or json."));
	if (ret == 0)
		ret = runfolder_open(call, place, call->options->args[0], false, &run, &call->err);
	if (ret == 0)
		ret = report_read(call, run, NULL, &report, &call->err);
	return ret == 0 ? report_print(call, report, format) : ret;
}

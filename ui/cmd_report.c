/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `report RUN`: what a run did, made anew from its record. */
#include <string.h>

#include "base/i18n.h"
#include "report/report.h"
#include "ui/commands.h"
#include "ui/reach.h"
#include "ui/say.h"

static int report_print(TALLOC_CTX *mem, const struct report *report, bool as_json, struct error *err)
{
	json_t *json = as_json ? report_json(report) : NULL;
	int ret = 0;

	if (as_json ? json_dumpf(json, stdout, JSON_INDENT(2)) != 0 || putchar('\n') == EOF : fputs(report_text(mem, report), stdout) == EOF)
		ret = error_set(err, TROUBLE_IO, _("The report could not be written."));
	json_decref(json);
	return ret;
}

int command_report(const struct options *options)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	bool as_json = options->format && strcmp(options->format, "json") == 0;
	struct runfolder *run;
	struct report *report;
	struct error err;
	char *place;
	int code, ret = reach_runs(mem, options, &place, &err);

	if (ret == 0 && options->format && !as_json && strcmp(options->format, "text") != 0)
		ret = error_set(&err, TROUBLE_USAGE, _("--format takes text or json."));
	if (ret == 0)
		ret = runfolder_open(mem, place, options->args[0], false, &run, &err);
	if (ret == 0)
		ret = report_read(mem, run, NULL, &report, &err);
	if (ret == 0)
		ret = report_print(mem, report, as_json, &err);
	code = ret != 0 ? say_trouble(&err) : say_done(0);
	talloc_free(mem);
	return code;
}

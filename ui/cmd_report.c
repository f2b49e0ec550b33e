/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `report RUN`: what a run did, made anew from its record. */
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "run/report.h"
#include "ui/carry.h"
#include "ui/commands.h"
#include "ui/say.h"

static int report_print(struct report *report, bool as_json, struct error *err)
{
	int failed = as_json ? report_write_json(report, stdout, 2) || putchar('\n') == EOF : report_write_text(report, stdout);
	int trouble = failed ? report_trouble(report, err) : 0;

	return failed && !trouble ? error_set(err, TROUBLE_IO, _("The report could not be written.")) : trouble;
}

int command_report(const struct options *options)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	bool as_json = options->format && strcmp(options->format, "json") == 0;
	struct runfolder *run;
	struct report *report;
	struct error err;
	char *place;
	int code, ret = carry_place(mem, options, &place, &err);

	if (ret == 0 && options->format && !as_json && strcmp(options->format, "text") != 0)
		ret = error_set(&err, TROUBLE_USAGE, _("--format takes text or json."));
	if (ret == 0)
		ret = runfolder_open(mem, place, options->args[0], false, &run, &err);
	if (ret == 0)
		ret = report_open(mem, run, NULL, &report, &err);
	if (ret == 0)
		ret = report_print(report, as_json, &err);
	code = ret != 0 ? say_trouble(&err) : say_done(0);
	talloc_free(mem);
	return code;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `report RUN`: what a run did, made from its record. */
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "run/report.h"
#include "ui/carry.h"
#include "ui/commands.h"
#include "ui/say.h"

static int report_print(TALLOC_CTX *mem, const json_t *report, bool as_json, struct error *err)
{
	char *text = NULL;
	int ret = as_json ? 0 : report_text(mem, report, &text, err);

	if (ret != 0)
		return ret;
	if (as_json ? json_dumpf(report, stdout, JSON_INDENT(2)) != 0 || putchar('\n') == EOF : fputs(text, stdout) == EOF)
		ret = error_set(err, TROUBLE_IO, _("The report could not be written."));
	return ret;
}

int command_report(const struct options *options)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	bool as_json = options->format && strcmp(options->format, "json") == 0;
	struct runfolder *run;
	json_t *report = NULL;
	struct error err;
	char *place;
	int code, ret = carry_place(mem, options, &place, &err);

	if (ret == 0 && options->format && !as_json && strcmp(options->format, "text") != 0)
		ret = error_set(&err, TROUBLE_USAGE, _("--format takes text or json."));
	if (ret == 0)
		ret = runfolder_open(mem, place, options->args[0], false, &run, &err);
	if (ret == 0)
		ret = report_json(run, NULL, &report, &err);
	if (ret == 0)
		ret = report_print(mem, report, as_json, &err);
	code = ret != 0 ? say_trouble(&err) : say_done(0);
	json_decref(report);
	talloc_free(mem);
	return code;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `check`: the survey as a first page in plain lines, or as JSON. */
#include <locale.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "ui/commands.h"
#include "ui/layout.h"
#include "ui/reach.h"
#include "ui/say.h"
#include "ui/wrong.h"

enum { CHECK_ALL_RIGHT = 0, CHECK_NOT_RIGHT = 2, STEP_COLUMN = 72 };

/* "1999-03-12 09:41 UTC" */
static char *time_short(TALLOC_CTX *mem, int64_t time)
{
	char *text = filetime_text(mem, time, false);

	if (!text || strlen(text) != 20)
		return text;
	return talloc_asprintf(mem, "%.10s %.5s UTC", text, text + 11);
}

/* ---- what there is ---- */

static void print_title(TALLOC_CTX *mem, const struct survey *survey)
{
	char *right = talloc_asprintf(mem, "%s (%s)   %s", say_shown(mem, survey->id->name), survey->reach,
				      survey->caps & SERVER_SIMULATED ? _("PRACTICE") : _("LOOKING ONLY"));
	size_t width = right ? layout_width(right) : 0;
	int gap = width < 60 ? (int)(60 - width) : 1;

	printf("msmcfix   %s   %*s%s\n\n", ARTICLE_NUMBER, gap, "", right ? right : "");
	say_paragraph(stdout, "", 0, _("Nothing has been changed: the server was only read."));
	putchar('\n');
}

static void print_exchange(TALLOC_CTX *mem, const struct survey *survey)
{
	const char *release = survey->release ? survey->release : survey->exchange_version;
	char *text = talloc_asprintf(mem,
				     release ? _("Exchange %s on %c:. The connector's postoffice was moved to %c:.")
					     : _("Exchange%s on %c:. The connector's postoffice was moved to %c:."),
				     release ? say_shown(mem, release) : "", survey->exchange_root[0],
				     survey->relocated_msmcon[0]);

	say_paragraph(stdout, "", 0, text ? text : "");
}

static void print_folder(TALLOC_CTX *mem, const char *word, const char *path, const char *told, int64_t time)
{
	char *when = time ? time_short(mem, time) : NULL;
	char *text = talloc_asprintf(mem, when ? "%s   %s %s" : "%s", say_shown(mem, path), told, when);

	printf("  %-10s ", word);
	say_paragraph(stdout, "", 13, text ? text : "");
}

static void print_pcmtas(TALLOC_CTX *mem, const struct survey *survey)
{
	char *text = talloc_asprintf(mem, "%zu", survey->pcmta_count);

	for (size_t i = 0; text && i < survey->pcmta_count; i++)
		text = talloc_asprintf_append(text, "%s%s", i ? ", " : "   ", say_shown(mem, survey->pcmtas[i].name));
	printf("  %-10s ", _("PC MTAs"));
	say_paragraph(stdout, "", 13, text ? text : "");
}

/* ---- what is wrong ---- */

/* A line with the number of its step at the right edge. */
static void print_wrong(void *arg, const char *text, const char *steps)
{
	size_t width = layout_width(text);
	char *more = width > STEP_COLUMN ? talloc_asprintf(arg, _("%s (Step %s)"), text, steps) : NULL;

	if (more)
		say_paragraph(stdout, "", 2, more);
	else
		printf("%s%*s %s\n", text, width < STEP_COLUMN ? (int)(STEP_COLUMN - width) : 0, "", steps);
}

/* Values that will be right and lead to nothing even then. */
static size_t count_missing(const struct survey *survey)
{
	size_t count = 0;

	for (size_t i = 0; i < survey->finding_count; i++)
		count += survey->findings[i].kind == KIND_VALUE && survey->findings[i].needed && survey->findings[i].missing;
	return count;
}

static void print_findings(TALLOC_CTX *mem, const struct survey *survey)
{
	size_t newer = wrong_newer(survey), missing = count_missing(survey);

	printf("%-*s %s\n", STEP_COLUMN, _("What is wrong"), _("Step"));
	for (int i = 0; i < SAY_COLUMNS; i++)
		putchar(i == STEP_COLUMN ? ' ' : '-');
	putchar('\n');
	wrong_tell(mem, survey, print_wrong, mem);
	if (survey->open == 0)
		print_wrong(mem, _("Mail flow has not been seen"), "5");
	if (missing)
		print_wrong(mem, talloc_asprintf(mem, P_("%zu registry value names a missing file",
							 "%zu registry values name a missing file", missing), missing), "3");
	putchar('\n');
	if (newer)
		say_paragraph(stdout, "", 0, talloc_asprintf(mem, newer == 1 ?
			      _("%zu file on %c: is NEWER than setup's (a hotfix?): you decide in step 2.") :
			      _("%zu files on %c: are NEWER than setup's (hotfixes?): you decide in step 2."),
			      newer, survey->relocated_msmcon[0]));
	if (survey->needs_person)
		say_paragraph(stdout, "", 0, talloc_asprintf(mem, P_("%zu finding needs a person. What to do is below.",
			      "%zu findings need a person. What to do is below.", survey->needs_person), survey->needs_person));
}

/* ---- the rest of it ---- */

static bool row_is_told(const struct finding *row)
{
	return row->state != FINDING_RIGHT || row->missing;
}

static const char *row_word(const struct finding *row)
{
	if (row->kept_by)
		return _("kept  ");
	if (finding_needs_person(row))
		return _("act   ");
	return row->needed ? _("change") : row->move == MOVE_PROGRAM ? _("decide") : _("look  ");
}

static void print_row(const struct finding *row)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	char *first = talloc_asprintf(tmp, "  %d %s ", row->step, row_word(row));
	char *text = talloc_asprintf(tmp, "%s: %s", row->subject, row->text);

	if (row->kept_by)
		text = talloc_asprintf(tmp, _("%s Kept by %s in run %s."), text, row->kept_by, row->kept_run);
	else if (finding_needs_person(row))
		text = talloc_asprintf(tmp, "%s %s", text, row->todo);
	say_paragraph(stdout, first ? first : "", 6, say_shown(tmp, text));
	talloc_free(tmp);
}

static void print_rows(const struct survey *survey)
{
	printf("\n%s\n", _("Row by row (step, what the plan would propose)"));
	for (size_t i = 0; i < survey->finding_count; i++)
		if (row_is_told(&survey->findings[i]))
			print_row(&survey->findings[i]);
}

static void print_notices(TALLOC_CTX *mem, const struct survey *survey)
{
	if (survey->notice_count)
		printf("\n%s\n", _("Notes"));
	for (size_t i = 0; i < survey->notice_count; i++)
		say_paragraph(stdout, "- ", 2, say_shown(mem, survey->notices[i].text));
	for (size_t i = 0; i < survey->leftover_count; i++)
		say_paragraph(stdout, _("- Possibly left by a run: "), 2, say_shown(mem, survey->leftovers[i]));
}

static void print_end(const struct survey *survey)
{
	putchar('\n');
	if (!survey_lives(survey))
		say_paragraph(stdout, "", 0, trouble_advice(TROUBLE_LIVE));
	else if (survey->open == 0)
		say_paragraph(stdout, "", 0, _("Steps 1 to 4 of the article have nothing to change here: "
					       "everything is right, or kept by decision."));
	else if (survey->changes_needed == 0)
		say_paragraph(stdout, "", 0, _("Not everything is right, but the program proposes no change: a person must decide."));
	else if (!survey->look_only)
		say_paragraph(stdout, "", 0, _("A repair backs up first, shows every change, and can be undone."));
}

/* What is grave stands above all else. */
static void print_grave(TALLOC_CTX *mem, const struct survey *survey)
{
	const struct finding *postoffice = survey_finding(survey, "postoffice");

	if (!survey_lives(survey) && postoffice)
		say_paragraph(stdout, "", 0, say_shown(mem, postoffice->text));
	if (survey->look_only) {
		say_paragraph(stdout, _("CANNOT BE REPAIRED HERE: "), 2, say_shown(mem, survey->look_only_why));
		say_paragraph(stdout, "  ", 2, survey->look_only_advice);
	}
	if (!survey_lives(survey) || survey->look_only)
		putchar('\n');
}

static void print_survey(TALLOC_CTX *mem, const struct survey *survey)
{
	print_title(mem, survey);
	print_grave(mem, survey);
	print_exchange(mem, survey);
	print_folder(mem, _("default"), survey->default_msmcon, _("written by setup"), survey->setup_time);
	print_folder(mem, _("relocated"), survey->relocated_msmcon, _("last mail"), survey->maildata_relocated.newest);
	print_pcmtas(mem, survey);
	putchar('\n');
	print_findings(mem, survey);
	print_notices(mem, survey);
	print_rows(survey);
	print_end(survey);
}

static int print_json(const struct survey *survey, struct error *err)
{
	json_t *json = survey_json(survey);
	int failed = json_dumpf(json, stdout, JSON_INDENT(2));

	putchar('\n');
	json_decref(json);
	return failed ? error_set(err, TROUBLE_IO, _("The findings could not be written as JSON.")) : 0;
}

int command_check(const struct options *options)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	const struct survey *survey = NULL;
	struct server *server;
	struct error err;
	int code, ret;

	/* What programs read is the same in every language. */
	if (options->json)
		setlocale(LC_MESSAGES, "C");
	ret = reach_server(mem, options, &server, &err);
	if (ret == 0)
		ret = reach_survey(mem, options, server, true, &survey, &err);
	if (ret == 0 && options->json)
		ret = print_json(survey, &err);
	else if (ret == 0)
		print_survey(mem, survey);
	if (ret != 0)
		code = say_trouble(&err);
	else
		code = say_done(survey->open ? CHECK_NOT_RIGHT : CHECK_ALL_RIGHT);
	talloc_free(mem);
	return code;
}

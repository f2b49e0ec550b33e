/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `check`: the survey as a first page in plain lines, or as JSON. */
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "ui/commands.h"
#include "ui/language.h"
#include "ui/layout.h"
#include "ui/reach.h"
#include "ui/say.h"
#include "ui/wrong.h"

enum { CHECK_ALL_RIGHT = 0, CHECK_NOT_RIGHT = 2, STEP_COLUMN = 72 };

/* "1999-03-12 09:41 UTC" */
static char *time_short(TALLOC_CTX *mem, int64_t time)
{
	char *text = filetime_text(mem, time, false);

	if (strlen(text) != 20)
		return text;
	return talloc_asprintf(mem, "%.10s %.5s UTC", text, text + 11);
}

/* ---- what there is ---- */

static void print_title(TALLOC_CTX *mem, const struct survey *survey)
{
	char *right = talloc_asprintf(mem, "%s (%s)   %s", say_shown(mem, survey->id->name),
		_(survey->reach),
		survey->caps & SERVER_SIMULATED ? _("PRACTICE") : _("LOOKING ONLY"));
	size_t width = layout_width(right);
	int gap = width < 60 ? (int)(60 - width) : 1;

	printf("msmcfix   %s   %*s%s\n\n", ARTICLE_NUMBER, gap, "", right);
	say("%s", _("Nothing has been changed: the server was only read."));
	putchar('\n');
}

static void print_exchange(TALLOC_CTX *mem, const struct survey *survey)
{
	const char *release = survey->release ? survey->release : survey->exchange_version;

	say(release ? _("Exchange %s on %c:. The connector's postoffice was moved to %c:.")
		    : _("Exchange%s on %c:. The connector's postoffice was moved to %c:."),
		release ? say_shown(mem, release) : "", survey->exchange_root[0],
		survey->relocated_msmcon[0]);
}

static void print_fact(TALLOC_CTX *mem, const char *word, const char *text)
{
	say_paragraph(stdout, talloc_asprintf(mem, "  %s ", text_pad(mem, word, 10)), 13, text);
}

static void print_folder(TALLOC_CTX *mem, const char *word, const char *path, const char *told,
	int64_t time)
{
	const char *shown = say_shown(mem, path);

	print_fact(mem, word,
		time ? talloc_asprintf(mem, "%s   %s %s", shown, told, time_short(mem, time))
		     : shown);
}

static void print_pcmtas(TALLOC_CTX *mem, const struct survey *survey)
{
	char *text = talloc_asprintf(mem, "%zu", survey->pcmta_count);

	for (size_t i = 0; i < survey->pcmta_count; i++)
		text = talloc_asprintf_append(text, "%s%s", i ? ", " : "   ",
			say_shown(mem, survey->pcmtas[i].name));
	print_fact(mem, _("PC MTAs"), text);
}

/* ---- what is wrong ---- */

/* A line with the number of its step at the right edge. */
static void print_wrong(void *arg, const char *text, const char *steps)
{
	size_t width = layout_width(text);

	if (width > STEP_COLUMN)
		say_paragraph(stdout, "", 2, talloc_asprintf(arg, _("%s (Step %s)"), text, steps));
	else
		printf("%s%*s %s\n", text, (int)(STEP_COLUMN - width), "", steps);
}

/* Values that will be right and lead to nothing even then. */
static size_t count_missing(const struct survey *survey)
{
	size_t count = 0;

	for (size_t i = 0; i < survey->finding_count; i++)
		count += survey->findings[i].kind == KIND_VALUE && survey->findings[i].needed &&
			survey->findings[i].missing;
	return count;
}

static void print_findings(TALLOC_CTX *mem, const struct survey *survey)
{
	size_t newer = wrong_newer(survey), missing = count_missing(survey),
	       wide = layout_width(_("Step")), room = SAY_COLUMNS - STEP_COLUMN - 1;

	/* A wider title than its column ends at the edge too. */
	printf("%s%s\n",
		text_pad(mem, _("What is wrong"), SAY_COLUMNS - (wide > room ? wide : room)),
		_("Step"));
	printf("%s %s\n", layout_repeat(mem, '-', STEP_COLUMN),
		layout_repeat(mem, '-', SAY_COLUMNS - STEP_COLUMN - 1));
	wrong_tell(mem, survey, print_wrong, mem);
	if (survey->open == 0)
		print_wrong(mem, _("Mail flow has not been seen"), "5");
	if (missing)
		print_wrong(mem,
			talloc_asprintf(mem,
				P_("%zu registry value names a missing file",
					"%zu registry values name a missing file", missing),
				missing),
			"3");
	putchar('\n');
	if (newer)
		say(P_("%zu file on %c: is NEWER than setup's (a hotfix?): you decide in step 2.",
			    "%zu files on %c: are NEWER than setup's (hotfixes?): you decide in step 2.",
			    newer),
			newer, survey->relocated_msmcon[0]);
	if (survey->needs_person)
		say(P_("%zu finding needs a person. What to do is below.",
			    "%zu findings need a person. What to do is below.",
			    survey->needs_person),
			survey->needs_person);
}

/* ---- the rest of it ---- */

enum { WORD_COLUMNS = 6 };

static const char *row_word(const struct finding *row)
{
	if (row->kept_by)
		return _("kept");
	if (finding_needs_person(row))
		return C_("a person must", "act");
	return row->needed ? _("change") : row->move == MOVE_PROGRAM ? _("decide") : _("look");
}

static void print_row(TALLOC_CTX *mem, const struct finding *row, size_t width)
{
	char *first = talloc_asprintf(mem, "  %c %s ", row->step > 0 ? '0' + row->step : '-',
		text_pad(mem, row_word(row), width));
	char *text = talloc_asprintf(mem, "%s: %s", row->subject, row->text);

	if (row->kept_by)
		text = talloc_asprintf(mem, _("%s Kept by %s in run %s."), text, row->kept_by,
			row->kept_run);
	else if (finding_needs_person(row))
		text = talloc_asprintf_append(text, " %s", row->todo);
	say_paragraph(stdout, first, 6, say_shown(mem, text));
}

static void print_rows(TALLOC_CTX *mem, const struct survey *survey)
{
	size_t width = WORD_COLUMNS;

	printf("\n%s\n", _("Row by row (step, what the plan would propose)"));
	for (size_t i = 0; i < survey->finding_count; i++)
		width = text_widest(width, row_word(&survey->findings[i]));
	for (size_t i = 0; i < survey->finding_count; i++)
		if (survey->findings[i].state != FINDING_RIGHT || survey->findings[i].missing)
			print_row(mem, &survey->findings[i], width);
}

static void print_notices(TALLOC_CTX *mem, const struct survey *survey)
{
	if (survey->notice_count)
		printf("\n%s\n", _("Notes"));
	for (size_t i = 0; i < survey->notice_count; i++)
		say_paragraph(stdout, "- ", 2, say_shown(mem, survey->notices[i].text));
	for (size_t i = 0; i < survey->leftover_count; i++)
		say_paragraph(stdout, _("- Possibly left by a run: "), 2,
			say_shown(mem, survey->leftovers[i]));
}

static void print_end(const struct survey *survey)
{
	putchar('\n');
	if (!survey_lives(survey))
		say("%s", trouble_advice(TROUBLE_LIVE));
	else if (survey->open == 0)
		say("%s",
			_("Steps 1 to 4 of the article have nothing to change here: "
			  "everything is right, or kept by decision."));
	else if (survey->changes_needed == 0)
		say("%s",
			_("Not everything is right, but the program proposes no change: a person must decide."));
	else if (!survey->check_only)
		say("%s", _("A repair backs up first, shows every change, and can be undone."));
}

/* What is grave stands above all else. */
static void print_grave(TALLOC_CTX *mem, const struct survey *survey)
{
	const struct finding *postoffice = survey_finding(survey, "postoffice");

	if (!survey_lives(survey) && postoffice)
		say("%s", say_shown(mem, postoffice->text));
	if (survey->check_only) {
		say_paragraph(stdout, _("CANNOT BE REPAIRED HERE: "), 2,
			say_shown(mem, survey->check_only_why));
		say_paragraph(stdout, "  ", 2, survey->check_only_advice);
	}
	if (!survey_lives(survey) || survey->check_only)
		putchar('\n');
}

/* What the server itself says of the services that a run stopped. */
static const char *services_down(struct call *call, struct server *server, const char *runs,
	const char *name)
{
	struct run_status *status;
	struct runfolder *run;

	return runfolder_open(call, runs, name, false, &run, NULL) == 0 &&
			run_status(call, server, run, &status, NULL) == 0
		? status->services
		: NULL;
}

/* Runs of this server that stopped its services and did not come to start them again: before all
 * else. Returns whether there are any. */
static bool print_services(struct call *call, struct server *server)
{
	bool any = false;
	struct run_record **list;
	size_t count = 0;
	char *runs;

	if (!(server->caps & SERVER_SERVICES) ||
		reach_runs(call, call->options, &runs, NULL) != 0 ||
		reach_unfinished(call, runs, &list, &count, NULL) != 0)
		return false;
	for (size_t i = 0; i < count; i++) {
		const char *down = list[i]->services && run_record_fits(list[i], server)
			? services_down(call, server, runs, list[i]->name)
			: NULL;

		if (!down)
			continue;
		any = true;
		if (call->options->json)
			continue;
		say_paragraph(stdout, talloc_asprintf(call, _("RUN %s: "), list[i]->name), 2, down);
		printf("  %s\n\n", reach_run_command(call, list[i], call->options->runs, "resume"));
	}
	return any;
}

static void print_survey(TALLOC_CTX *mem, const struct survey *survey)
{
	print_grave(mem, survey);
	print_exchange(mem, survey);
	print_folder(mem, _("default"), survey->default_msmcon, _("written by setup"),
		survey->setup_time);
	print_folder(mem, _("relocated"), survey->relocated_msmcon, _("last mail"),
		survey->maildata_relocated.newest);
	print_pcmtas(mem, survey);
	putchar('\n');
	print_findings(mem, survey);
	print_notices(mem, survey);
	print_rows(mem, survey);
	print_end(survey);
}

int command_check(struct call *call)
{
	const struct survey *survey;
	struct server *server;
	int ret;

	if (call->options->json)
		language_for_programs();
	ret = reach_survey(call, call->options, true, &server, &survey, &call->err);
	if (ret != 0)
		return ret;
	if (!call->options->json)
		print_title(call, survey);
	call->code = survey->open ? CHECK_NOT_RIGHT : CHECK_ALL_RIGHT;
	if (print_services(call, server))
		call->code = CHECK_NOT_RIGHT;
	if (call->options->json)
		return say_json(survey_json(survey),
			_("The findings could not be written as JSON."), &call->err);
	print_survey(call, survey);
	return 0;
}

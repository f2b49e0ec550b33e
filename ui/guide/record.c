/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where no server was named, the run's record says where it was, and is enough for step 5; and what
 * is said of a run to whoever leaves it. */
#include <unistd.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "record/reached.h"
#include "report/report.h"
#include "ui/guide/state.h"
#include "ui/reach.h"

/* The command line's, and what a running server was told since. */
static const struct options *signed_options(const struct guide *guide, struct options *mine)
{
	*mine = *guide->given;
	if (!guide->options.host)
		return mine;
	mine->user = guide->options.user;
	mine->nt4 = guide->options.nt4;
	return mine;
}

/* Whether its server is there, and only wants to be told more. */
static bool wants_more(const struct guide *guide, int ret)
{
	return guide->options.host && (ret == -TROUBLE_PERMISSION || ret == -TROUBLE_DIALECT);
}

int job_run_reach(struct guide *guide)
{
	struct run_record *record = guide->record;
	struct options mine, with;
	struct server *server;
	int ret = reach_run(guide, signed_options(guide, &mine), record, &with, &server,
		&guide->error);

	/* A running server may want something first, and is asked again. */
	if (ret == 0 || with.host)
		guide->options = with;
	if (ret != 0)
		return ret;
	talloc_free(server);
	guide->resume_wanted = record->name;
	return job_reach(guide);
}

/* Where its server is not there step 5 may be open all the same. */
int job_run_choose(struct guide *guide)
{
	int ret = job_run_reach(guide);

	if (ret == 0 || !guide->record->mail_alone || wants_more(guide, ret))
		return ret;
	guide->resume = talloc_strdup(guide, guide->record->name);
	guide->stage = RUN_AFTER;
	guide_jump(guide, PAGE_UNFINISHED);
	return 0;
}

static void others_say(struct guide *guide)
{
	char *names = NULL;

	for (size_t i = 1; i < guide->unfinished_count; i++)
		names = talloc_asprintf(guide->page, "%s%s%s (%s)", names ? names : "",
			names ? ", " : "", guide->unfinished[i]->name,
			guide->unfinished[i]->server);
	guide_say(guide, _("This is the newest of %zu unfinished runs. The others: %s."),
		guide->unfinished_count, names);
}

static int run_find(struct guide *guide, const char *wanted)
{
	char *runs;
	int ret = reach_runs(guide->page, guide->given, &runs, &guide->error);

	guide->resume_wanted = NULL;
	if (ret == 0 && *wanted != '\0') {
		ret = run_record_read(guide, runs, wanted, &guide->record, &guide->error);
		return ret == 0 ? job_run_choose(guide) : ret;
	}
	if (ret == 0)
		ret = reach_unfinished(guide, runs, &guide->unfinished, &guide->unfinished_count,
			&guide->error);
	if (ret != 0 || guide->unfinished_count == 0)
		return ret;
	guide->record = guide->unfinished[0];
	if (guide->unfinished_count == 1)
		return job_run_choose(guide);
	guide->stage = guide->record->stage;
	ret = job_run_reach(guide);
	if (ret == 0)
		others_say(guide);
	else
		guide_jump(guide, PAGE_UNFINISHED);
	return wants_more(guide, ret) ? ret : 0;
}

/* Where somebody must sign in first it is done again from its beginning. */
int job_run_find(struct guide *guide)
{
	const char *wanted = guide->resume_wanted;
	int ret = run_find(guide, wanted);

	if (wants_more(guide, ret))
		guide->resume_wanted = wanted;
	return ret;
}

int job_run_record(struct guide *guide)
{
	struct engine_options options = { .runs = guide->options.runs,
		.operator_name = guide->operator_name,
		.decided_how = "asked" };
	int ret =
		engine_resume_record(guide, guide->resume, &options, &guide->engine, &guide->error);

	if (ret == 0)
		ret = engine_evidence(guide->engine, &guide->evidence, &guide->error);
	guide->backed_up = guide->carried_out = ret == 0;
	if (ret != 0)
		TALLOC_FREE(guide->engine);
	return ret;
}

/* The record has one owner at a time. Where the run cannot be resumed with its server, it is as if
 * it had not been resumed at all. */
int job_run_reopen(struct guide *guide)
{
	struct options mine, with;
	struct server *server;
	int ret = reach_run(guide, signed_options(guide, &mine), guide->record, &with, &server,
		&guide->error);

	if (with.host)
		guide->options = with;
	if (ret != 0)
		return ret;
	(void)engine_leave(guide->engine, NULL);
	TALLOC_FREE(guide->engine);
	mail_forget(guide);
	guide->options = with;
	guide->server = server;
	ret = job_resume(guide);
	if (ret == 0)
		return 0;
	TALLOC_FREE(guide->engine);
	TALLOC_FREE(guide->server);
	guide->survey = NULL;
	guide_jump(guide, PAGE_UNFINISHED);
	return ret;
}

bool guide_by_record(const struct guide *guide)
{
	return guide->engine && !guide->server;
}

/* ---- what is said of it ---- */

char *guide_command(struct guide *guide, TALLOC_CTX *mem, const char *command)
{
	const struct server *server = guide->server;
	char *runs = NULL, *line;

	if (guide->engine)
		return engine_command(guide->engine, mem, command);
	(void)reach_runs(mem, &guide->options, &runs, NULL);
	line = !server && guide->record ? reach_run_command(mem, guide->record, runs, command)
					: reached_command(mem, server ? &server->reached : NULL,
						  runs, command, guide->resume);
	return reached_signed(line, command, guide->operator_name,
		server                  ? server->id.name
			: guide->record ? guide->record->server
					: NULL);
}

/* The ends that its overlay can have. */
static char *ends_said(struct guide *guide, char *text)
{
	static const char *const ends[][2] = {
		{ N_("To commit: %s\n"), "commit" },
		{ N_("To keep:   %s\n"), "keep" },
		{ N_("To drop:   %s\n"), "drop" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(ends); i++) {
		text = talloc_asprintf_append(text, _(ends[i][0]),
			guide_command(guide, text, ends[i][1]));
	}
	return text;
}

/* Of the run that was in hand, by its record: that is what stays. */
char *guide_parting(struct guide *guide)
{
	const char *name = guide->engine ? engine_run_name(guide->engine) : guide->resume;
	struct run_record *record;
	char *runs, *text, *line;

	if (!name || guide->hooks || reach_runs(guide, &guide->options, &runs, NULL) != 0 ||
		run_record_read(guide, runs, name, &record, NULL) != 0)
		return NULL;
	text = talloc_asprintf(guide,
		guide->finished ? _("Run %s of server %s: %s") : _("Run %s of server %s: %s."),
		name, record->server,
		guide->finished ? report_result_sentence(guide, guide->report) : record->stands);
	if (record->stage == RUN_AFTER && guide->engine && !engine_wrote(guide->engine))
		text = talloc_asprintf_append(text, " %s", engine_outcome(guide->engine));
	if (record->services)
		text = talloc_asprintf_append(text, " %s", record->services);
	/* What is to be copied stays in one piece. */
	text = text_wrap(guide, "", 0, 80, text);
	line = guide->engine ? talloc_asprintf(text, "%s/report.txt",
				       runfolder_dir(engine_runfolder(guide->engine)))
			     : NULL;
	if (line && access(line, F_OK) == 0)
		text = talloc_asprintf_append(text, _("Report:    %s\n"), text_shown(text, line));
	if (guide_temporary(guide))
		return talloc_asprintf_append(text, "%s\n",
			_("Its practice server went with the program: it cannot be resumed or put back."));
	if (record->open || record->stage == RUN_AFTER) {
		line = guide_command(guide, text, "resume");
		text = talloc_asprintf_append(text, _("To resume: %s\n"), line);
	}
	if (record->overlay_waits)
		text = ends_said(guide, text);
	if (guide->finished && engine_wrote(guide->engine)) {
		line = guide_command(guide, text, "undo");
		text = talloc_asprintf_append(text, _("To undo:   %s\n"), line);
	}
	return text;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/carry.h"

#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "record/reached.h"
#include "report/report.h"
#include "run/finish.h"
#include "run/resume.h"
#include "ui/reach.h"
#include "ui/say.h"
#include "ui/signals.h"

static int carry_progress(void *arg, const char *name, uint64_t done, uint64_t total)
{
	(void)arg, (void)name, (void)done, (void)total;
	return signals_came();
}

int carry_consent(struct call *call)
{
	if (call->options->dry_run)
		return 0;
	if (!call->options->operator_name)
		return error_set(&call->err, TROUBLE_USAGE,
			_("Who decides? Give --operator NAME, for the record."));
	if (!call->options->yes)
		return error_set(&call->err, TROUBLE_USAGE, _("Nothing is changed without --yes."));
	return 0;
}

int carry_record(struct call *call, const struct run_record *record, const char *runs,
	struct server **server)
{
	struct options *with = talloc_zero(call, struct options);
	int ret = with ? reach_run(call, call->options, record, with, server, &call->err)
		       : error_memory(&call->err);

	if (ret != 0 && !record->passing)
		call->then = reach_run_command(call, record, runs, call->options->command->name);
	if (ret == 0)
		call->options = with;
	return ret;
}

bool carry_live(struct call *call)
{
	const struct options *options = call->options;
	struct run_record *record;
	char *runs;

	if (reach_named(options))
		return options->host;
	return reach_runs(call, options, &runs, NULL) == 0 &&
		run_record_read(call, runs, options->args[0], &record, NULL) == 0 &&
		record->reached.host;
}

/* Images that were named, through the overlays that this run left over them. */
static int carry_image(struct call *call, const struct run_record *record, struct server **server)
{
	struct options *with = talloc_memdup(call, call->options, sizeof *with);

	if (!with)
		return error_memory(&call->err);
	with->over = record->overlay ? record->overlay->over : NULL;
	call->options = with;
	return reach_server(call, with, server, &call->err);
}

int carry_reach(struct call *call, struct server **server)
{
	const struct options *options = call->options;
	struct run_record *record;
	char *runs;
	int ret;

	if (reach_named(options) && !options->image)
		return reach_server(call, options, server, &call->err);
	ret = reach_runs(call, options, &runs, &call->err);
	if (ret == 0)
		ret = run_record_read(call, runs, options->args[0], &record, &call->err);
	if (ret == 0 && options->image)
		return carry_image(call, record, server);
	return ret == 0 ? carry_record(call, record, runs, server) : ret;
}

static int carry_tell(void *arg, int step, const char *sentence)
{
	(void)arg;
	if (step)
		printf(_("Step %d: %s.\n"), step, sentence);
	else
		printf(_("%s.\n"), sentence);
	fflush(stdout);
	return signals_came();
}

struct engine_options carry_options(const struct options *options, const char *decided_how)
{
	return (struct engine_options){
		.runs = options->runs,
		.operator_name = options->operator_name,
		.decided_how = decided_how,
		.progress = { .tell = carry_progress },
		.tell = carry_tell,
	};
}

/* It is to be typed as it stands. */
static void command_say(FILE *to, const char *label, struct call *call, const char *command,
	const char *run)
{
	char *runs = NULL;

	(void)reach_runs(call, call->options, &runs, NULL);
	fprintf(to, "%s %s\n", label, reached_command(call, call->reached, runs, command, run));
}

static int trouble_said(struct call *call)
{
	bool stopped = call->err.trouble == TROUBLE_STOPPED, signal = stopped && !signals_memory();
	int code;

	if (stopped && signals_memory())
		(void)error_memory(&call->err);
	code = say_trouble(&call->err);

	if (call->then)
		fprintf(stderr, "         %s\n", call->then);
	if (call->run) {
		command_say(stderr, text_pad(call, _("         To resume:"), 25), call, "resume",
			call->run);
		command_say(stderr, text_pad(call, _("         To put all back:"), 25), call,
			"undo", call->run);
	}
	return signal && signals_came() ? 128 + signals_came() : code;
}

int command_call(command_fn *command, const struct options *options)
{
	struct call *call = talloc_zero(NULL, struct call);
	int code;

	/* What is made for a while is removed, whatever comes. */
	signals_catch();
	call->options = options;
	code = command(call) != 0 ? trouble_said(call) : say_done(call->code);
	talloc_free(call);
	return code;
}

/* The verdict, and steps 5 and 6, as the record has them. */
static int carry_told(struct call *call, struct engine *engine, bool undone)
{
	struct report *report;
	char *services;

	if (report_read(call, engine_runfolder(engine), engine_words(engine), &report,
		    &call->err) != 0)
		return -(int)call->err.trouble;
	say("%s", report_result_sentence(call, report));
	if (engine_told(engine)->services_note)
		say("%s", engine_told(engine)->services_note);
	if (engine_told(engine)->notes)
		say(_("Note: %s"), engine_told(engine)->notes);
	if (undone)
		return 0;
	say_paragraph(stdout, _("Mail flow: "), 11, report_mail_sentence(call, report));
	services = engine_plan(engine) ? survey_services_said(call, engine_plan(engine)->survey)
				       : NULL;
	if (services && *services)
		say_paragraph(stdout, "  ", 2, services);
	say_paragraph(stdout, _("The old folder: "), 16, report_oldfolder_sentence(report));
	return 0;
}

enum { LABEL = 15 };

void carry_waits(struct call *call, const struct engine *engine)
{
	static const char *const ends[] = { "commit", "keep", "drop" };

	if (!engine_overlay_waits(engine))
		return;
	printf("\n%s\n%s\n", _("The image is as it was: what was written stands in an overlay."),
		_("Into the image for good, as a file over the image, or thrown away:"));
	for (size_t i = 0; i < ARRAY_SIZE(ends); i++)
		printf("   %s\n", engine_command(engine, call, ends[i]));
}

int carry_finish(struct call *call, struct engine *engine)
{
	struct survey_options survey_options = reach_survey_options(call->options);
	const char *run = engine_run_name(engine);
	int ret = engine_finish(engine, &survey_options, &call->code, &call->err);
	bool undone = engine_told(engine)->undone;

	if (engine_told(engine)->torn)
		say("%s", engine_told(engine)->torn);
	if (ret != 0)
		return ret;
	putchar('\n');
	ret = carry_told(call, engine, undone);
	printf("%s %s/report.txt\n", text_pad(call, _("Report"), LABEL),
		say_shown(call, runfolder_dir(engine_runfolder(engine))));
	if (!undone) {
		command_say(stdout, text_pad(call, _("Steps 5 and 6"), LABEL), call, "resume", run);
		if (engine_wrote(engine))
			command_say(stdout, text_pad(call, _("Undo"), LABEL), call, "undo", run);
	}
	carry_waits(call, engine);
	return ret;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/carry.h"

#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "report/report.h"
#include "run/after.h"
#include "run/resume.h"
#include "ui/reach.h"
#include "ui/say.h"
#include "ui/signals.h"

void carry_begin(void)
{
	signals_catch();
	/* A file system that is full is a sentence, not a death. */
	signal(SIGXFSZ, SIG_IGN);
}

static int carry_progress(void *arg, const char *name, uint64_t done, uint64_t total)
{
	(void)arg, (void)name, (void)done, (void)total;
	return *signals_flag();
}

int carry_consent(const struct options *options, struct error *err)
{
	if (!options->operator_name)
		return error_set(err, TROUBLE_USAGE, _("Who decides? Give --operator NAME, for the record."));
	if (!options->yes)
		return error_set(err, TROUBLE_USAGE, _("Nothing is changed without --yes."));
	return 0;
}

static int carry_tell(void *arg, int step, const char *sentence)
{
	(void)arg;
	if (step)
		printf(_("Step %d: %s.\n"), step, sentence);
	else
		printf("%s.\n", sentence);
	fflush(stdout);
	return *signals_flag();
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

/* A word of a command as a shell takes it. */
static char *word_for_shell(TALLOC_CTX *mem, const char *word)
{
	const char *shown = say_shown(mem, word);

	return talloc_asprintf(mem, strpbrk(shown, " \t\"$`&;|<>()*?[]#~!\\") && !strchr(shown, '\'') ? "'%s'" : "%s", shown);
}

/* With what was given to reach the server and the runs: it is to be typed as it stands. */
static void command_say(FILE *to, const char *before, const struct options *options, const char *command, const char *run)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	char *disks = options->disks ? word_for_shell(tmp, options->disks) : NULL, *runs = options->runs ? word_for_shell(tmp, options->runs) : NULL;

	fprintf(to, "%smsmcfix%s%s%s%s %s %s\n", before, disks ? " --disks " : "", disks ? disks : "", runs ? " --runs " : "", runs ? runs : "", command,
		run);
	talloc_free(tmp);
}

int carry_trouble(const struct error *err, const struct options *options, const char *run)
{
	int code = say_trouble(err);

	if (run) {
		command_say(stderr, _("         To go on:        "), options, "resume", run);
		command_say(stderr, _("         To put all back: "), options, "undo", run);
	}
	return err->trouble == TROUBLE_STOPPED && *signals_flag() ? 128 + *signals_flag() : code;
}

/* Steps 5 and 6, as the record has them. */
static void carry_later(TALLOC_CTX *mem, struct engine *engine)
{
	struct report *report;
	char *mail, *services;

	if (report_read(mem, engine_runfolder(engine), NULL, &report, NULL) != 0)
		return;
	mail = report_mail_sentence(mem, report);
	say_paragraph(stdout, _("Mail flow: "), 11, mail ? mail : "");
	services = engine_plan(engine) ? survey_services_said(mem, engine_plan(engine)->survey) : NULL;
	if (services && *services)
		say_paragraph(stdout, "  ", 2, services);
	say_paragraph(stdout, _("The old folder: "), 16, report_oldfolder_sentence(report));
}

static void carry_end(TALLOC_CTX *mem, struct engine *engine, const struct options *options, int code)
{
	const char *run = engine_run_name(engine), *dir = runfolder_dir(engine_runfolder(engine));

	putchar('\n');
	if (engine_told(engine)->undone)
		say_paragraph(stdout, "", 0,
			      _("PUT BACK. Every change of this run that can be undone was, and was looked at again."));
	else if (code == 0)
		say_paragraph(stdout, "", 0, _("REPAIRED, steps 1 to 4. Checked again from scratch: "
					       "everything is right, or kept by decision."));
	else
		say_paragraph(
			stdout, "", 0,
			_("SOMETHING IS LEFT: not all of steps 1 to 4 is right or kept by decision. The report names it."));
	if (engine_told(engine)->services_note)
		say_paragraph(stdout, "", 0, engine_told(engine)->services_note);
	if (!engine_told(engine)->undone)
		carry_later(mem, engine);
	printf(_("Report          %s/report.txt\n"), say_shown(mem, dir));
	if (engine_told(engine)->undone)
		return;
	command_say(stdout, _("Steps 5 and 6   "), options, "resume", run);
	command_say(stdout, _("Undo            "), options, "undo", run);
}

int carry_out(TALLOC_CTX *mem, struct engine *engine, const struct options *options, bool begun, int *code,
	      struct error *err)
{
	struct survey_options look = reach_survey_options(options);
	int ret = begun ? engine_backup(engine, err) : 0;

	if (ret == 0 && begun)
		ret = engine_carry_out(engine, err);
	if (ret == 0)
		ret = engine_finish(engine, &look, code, err);
	if (ret == 0)
		carry_end(mem, engine, options, *code);
	return ret;
}

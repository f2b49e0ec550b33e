/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `plan`: what would be changed, as a file to be decided on. */
#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/i18n.h"
#include "repair/plan.h"
#include "ui/carry.h"
#include "ui/commands.h"
#include "ui/reach.h"
#include "ui/say.h"

enum { PLAN_NOTHING = 0, PLAN_CHANGES = 2 };

static int plan_failed(TALLOC_CTX *mem, const char *path, int sys, struct error *err)
{
	return error_system(err, TROUBLE_IO, sys, _("The plan cannot be written to %s"), carry_shown(mem, path));
}

/* A file that was not there, and is nobody else's business. In a folder where others may write too, a name that leads
 * elsewhere may be waiting. */
static FILE *file_new(const char *path)
{
	FILE *file;
	int fd;

	(void)unlink(path);
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	file = fd >= 0 ? fdopen(fd, "w") : NULL;
	if (fd >= 0 && !file)
		close(fd);
	return file;
}

/* Under a name of its own first: a plan that is half written must not look like one. */
static int plan_file(TALLOC_CTX *mem, const struct plan *plan, const char *path, struct error *err)
{
	char *temporary = talloc_asprintf(mem, "%s.new", path);
	FILE *file = temporary ? file_new(temporary) : NULL;
	bool written;

	if (!temporary)
		return error_memory(err);
	if (!file)
		return plan_failed(mem, path, errno, err);
	written = plan_write(plan, file, 2) == 0 && fputc('\n', file) != EOF;
	if (fclose(file) != 0 || !written || rename(temporary, path) != 0) {
		int sys = errno;

		remove(temporary);
		return plan_failed(mem, path, sys, err);
	}
	return 0;
}

static int plan_put(TALLOC_CTX *mem, const struct plan *plan, const char *path, struct error *err)
{
	if (strcmp(path, "-") != 0)
		return plan_file(mem, plan, path, err);
	return plan_write(plan, stdout, 2) == 0 && putchar('\n') != EOF ? 0 : plan_failed(mem, path, errno, err);
}

static void plan_say(TALLOC_CTX *mem, const struct plan *plan, const char *path)
{
	struct plan_counts counts = plan_count(plan);

	printf(_("Plan written to %s.\n"), carry_shown(mem, path));
	printf(_("Proposed to change: %zu. For you to decide: %zu.\n"), counts.change, counts.undecided);
	say_paragraph(stdout, "", 0, _("Look at every row; \"decision\" is \"change\", \"keep\" or \"undecided\". Then: "
			"msmcfix apply --plan FILE --operator NAME --yes"));
}

int command_plan(const struct options *options)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	struct survey_options look = reach_survey_options(options);
	const struct survey *survey;
	struct server *server;
	struct plan *plan = NULL;
	struct error err;
	int code = 0, ret = 0;

	setlocale(LC_MESSAGES, "C");
	if (!options->output)
		ret = error_set(&err, TROUBLE_USAGE,
				_("Say where the plan goes: --output FILE, or --output - for standard output."));
	if (ret == 0)
		ret = reach_server(mem, options, &server, &err);
	if (ret == 0)
		ret = survey_make(mem, server, &look, &survey, &err);
	if (ret == 0)
		ret = plan_make(mem, survey, true, &plan, &err);
	if (ret == 0)
		ret = plan_put(mem, plan, options->output, &err);
	setlocale(LC_MESSAGES, "");
	if (ret != 0)
		code = say_trouble(&err);
	else
		code = survey->changes_needed ? PLAN_CHANGES : PLAN_NOTHING;
	if (ret == 0 && strcmp(options->output, "-") != 0)
		plan_say(mem, plan, options->output);
	code = ret == 0 ? say_done(code) : code;
	talloc_free(mem);
	return code;
}

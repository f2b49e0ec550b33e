/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The server of a case, and the run that was interrupted before the case begins. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/text.h"
#include "run/engine.h"
#include "training/case.h"

/* Who began the interrupted run; a name of the story, not a user of this machine. */
#define FIRST_OPERATOR "night shift"

const struct survey_options case_look = { .live = LIVE_SAID_RELOCATED };

char *case_runs(TALLOC_CTX *mem, const char *dir)
{
	return talloc_asprintf(mem, "%s/runs", dir);
}

int case_build_server(const struct training_case *training, const char *dir, uint64_t seed,
	struct error *err)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	struct practice_spec spec;
	int ret = case_spec(mem, training, seed, &spec, err);

	if (ret == 0)
		ret = practice_build(dir, &spec, err);
	talloc_free(mem);
	return ret;
}

/* The power fails: no write is completed, nothing is cleaned up, nobody is told. */
static int power_fails(void *arg, int step, const char *sentence)
{
	(void)sentence;
	if (step >= *(const int *)arg)
		kill(getpid(), SIGKILL);
	return 0;
}

/* The first operator said yes to everything; the power failed when the files were new and the
 * values were about to be. */
static int first_run(TALLOC_CTX *mem, const char *dir, int *until, struct error *err)
{
	struct engine_options options = { .runs = case_runs(mem, dir),
		.operator_name = FIRST_OPERATOR,
		.tell = power_fails,
		.tell_arg = until };
	struct survey_options survey_options = { 0 };
	const struct survey *survey;
	struct server *server;
	struct engine *engine;
	struct plan *plan;
	int ret = options.runs ? practice_open(mem, dir, &server, err) : error_memory(err);

	if (ret == 0)
		ret = survey_make(mem, server, &survey_options, &survey, err);
	if (ret == 0)
		ret = plan_make(mem, survey, true, &plan, err);
	for (size_t i = 0; ret == 0 && i < plan->count; i++)
		plan->rows[i].decision = DECISION_CHANGE;
	if (ret == 0)
		ret = engine_begin(mem, server, plan, &options, &engine, err);
	if (ret == 0)
		ret = engine_backup(engine, err);
	return ret == 0 ? engine_carry_out(engine, err) : ret;
}

/* The child reports failure through a pipe; silence and death by SIGKILL are success. */
static void child_play(const char *dir, int fd)
{
	int until = 3;
	struct error err = { .trouble = TROUBLE_NONE };
	ssize_t written;

	if (first_run(talloc_new(NULL), dir, &until, &err) == 0)
		error_set(&err, TROUBLE_BUG,
			_("The run that was to be interrupted ran to its end."));
	written = write(fd, &err, sizeof err);
	(void)written;
	kill(getpid(), SIGKILL);
}

static int run_cut(const char *dir, struct error *err)
{
	struct error said;
	ssize_t got = 0;
	int ends[2], status = 0;
	pid_t child;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return error_system(err, TROUBLE_IO, errno, _("The case cannot be built"));
	child = fork();
	if (child == 0)
		child_play(dir, ends[1]);
	close(ends[1]);
	if (child > 0) {
		while ((got = read(ends[0], &said, sizeof said)) < 0 && errno == EINTR)
			;
		while (waitpid(child, &status, 0) < 0 && errno == EINTR)
			;
	}
	close(ends[0]);
	if (child < 0)
		return error_system(err, TROUBLE_IO, errno, _("The case cannot be built"));
	if (got == (ssize_t)sizeof said) {
		said.text[sizeof said.text - 1] = '\0';
		return error_set(err, said.trouble, "%s", said.text);
	}
	return WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL
		? 0
		: error_set(err, TROUBLE_BUG, _("The case cannot be built."));
}

/* A row of step 5 is there for every PC MTA. */
static bool mail_has(const struct survey *survey, const struct case_expect *expect)
{
	struct training_mail *mail =
		expect->answer == CASE_MAIL ? case_mail(NULL, expect->id) : NULL;
	bool has = false;

	for (size_t i = 0; mail && i < survey->pcmta_count; i++)
		has = has || text_equal(survey->pcmtas[i].name, mail->pcmta);
	talloc_free(mail);
	return has;
}

/* That what a teacher's case says of rows is about rows that its server has. */
static int ids_check(const struct training_case *bound, const struct survey *survey,
	struct error *err)
{
	const char *missing = NULL;
	int ret;

	for (size_t i = 0; i < bound->expect_count && !missing; i++)
		if (strcmp(bound->expects[i].id, CASE_NEEDED) != 0 &&
			!mail_has(survey, &bound->expects[i]) &&
			!survey_finding(survey, bound->expects[i].id))
			missing = bound->expects[i].id;
	for (size_t i = 0; i < bound->tip_count && !missing; i++)
		if (*bound->tips[i].id && !survey_finding(survey, bound->tips[i].id))
			missing = bound->tips[i].id;
	if (!missing)
		return 0;
	ret = error_set(err, TROUBLE_USAGE,
		_("The case says something of %s, and its server has no such row."), missing);
	return error_advise(err, ret,
		_("Build it without that line; then \"%s --practice=DIR/ check --json\" lists the ids."),
		text_call());
}

static int case_check(const struct training_case *training, const char *dir, uint64_t seed,
	struct error *err)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	struct training_case *bound;
	struct server *server = NULL;
	const struct survey *survey;
	int ret = case_bind(tmp, training, seed, &bound, err);

	if (ret == 0)
		ret = practice_open(tmp, dir, &server, err);
	if (ret == 0)
		ret = survey_make(tmp, server, &case_look, &survey, err);
	if (ret == 0)
		ret = ids_check(bound, survey, err);
	talloc_free(server);
	talloc_free(tmp);
	return ret;
}

int case_build(const struct training_case *training, const char *dir, uint64_t seed,
	struct error *err)
{
	int ret = case_build_server(training, dir, seed, err);

	if (ret == 0 && training->text && !case_refuses(training))
		ret = case_check(training, dir, seed, err);
	return ret == 0 && training->begins_cut ? run_cut(dir, err) : ret;
}

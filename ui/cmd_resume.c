/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `resume [RUN]`: the walk at the right page. With --operator NAME --yes: the decided rest of an
 * interrupted or paused run, without asking. A server that is not named is looked for where the run
 * had it. */
#include "base/i18n.h"
#include "base/text.h"
#include "record/reached.h"
#include "record/runfolder.h"
#include "run/resume.h"
#include "ui/carry.h"
#include "ui/reach.h"
#include "ui/say.h"

enum { LABEL = 16 };

static void told(struct call *call, const char *label, const char *text)
{
	label = talloc_asprintf(call, "%s:", label);
	say_paragraph(stdout, talloc_asprintf(call, "%s ", text_pad(call, label, LABEL + 1)),
		LABEL + 2, text);
}

/* The real name of the run, and its state before it is resumed. */
static int resume_check(struct call *call, struct server *server, const char **name)
{
	struct runfolder *run;
	struct run_status *status;
	char *runs;
	int ret = reach_runs(call, call->options, &runs, &call->err);

	if (ret == 0)
		ret = runfolder_open(call, runs, call->options->args[0], false, &run, &call->err);
	if (ret != 0)
		return ret;
	*name = talloc_strdup(call, runfolder_name(run));
	/* After a power cut its state may be unknown until leftovers are removed: that is no reason
	 * to stop here. */
	if (run_status(call, server, run, &status, &call->err) == 0) {
		if (status->services)
			told(call, _("Services"), status->services);
		told(call, _("The journal says"), status->journal_says);
		told(call, _("The server says"), status->server_says);
		told(call, _("So"), status->so);
		talloc_free(status);
	}
	talloc_free(run);
	return *name ? 0 : error_memory(&call->err);
}

static int resume_run(struct call *call, struct server *server)
{
	struct engine_options carry = carry_options(call->options, "resumed");
	struct engine *engine;
	const char *name = NULL;
	enum run_stage stage;
	int ret = resume_check(call, server, &name);

	call->reached = &server->reached;
	if (ret == 0)
		ret = engine_resume(call, server, name, &carry, NULL, &engine, &stage, &call->err);
	if (ret == 0 && engine_told(engine)->idle) {
		call->code = engine_told(engine)->idle_exit;
		say("%s", engine_told(engine)->idle);
		carry_waits(call, engine);
	} else if (ret == 0) {
		ret = carry_finish(call, engine);
	}
	call->run = ret == -TROUBLE_STOPPED ? name : NULL;
	return ret;
}

/* The run that is named, or the only unfinished one; NULL where there are several. */
static int record_find(struct call *call, const char *runs, struct run_record **record)
{
	struct run_record **list;
	size_t count;
	int ret;

	*record = NULL;
	if (call->options->arg_count > 0)
		return run_record_read(call, runs, call->options->args[0], record, &call->err);
	ret = reach_unfinished(call, runs, &list, &count, &call->err);
	if (ret == 0 && count == 0)
		ret = error_advise(&call->err,
			error_set(&call->err, TROUBLE_NOT_THERE,
				_("There is no unfinished run in %s."), say_shown(call, runs)),
			_("A finished one is resumed by its name, to record mail flow: %s lists them."),
			reached_command(call, NULL, runs, "runs", NULL));
	if (ret == 0 && count == 1)
		*record = list[0];
	return ret;
}

/* Without a server named. The walk goes by the record alone where that is enough, and lets one
 * choose among several. At a running one it signs in itself. */
static int resume_walk(struct call *call, const char *name)
{
	struct run_record *record;
	struct server *server = NULL;
	char *runs;
	int ret = reach_runs(call, call->options, &runs, &call->err);

	if (ret == 0)
		ret = record_find(call, runs, &record);
	if (ret == 0 && record && !record->mail_alone && !record->reached.host)
		ret = carry_record(call, record, runs, &server);
	if (ret != 0)
		return ret;
	talloc_free(server);
	return walk(call, call->options, record ? record->name : name);
}

int command_resume(struct call *call)
{
	const struct options *options = call->options;
	const char *name = options->arg_count > 0 ? options->args[0] : "";
	struct server *server;
	int ret = 0;

	if (!options->yes)
		return reach_named(options) ? walk(call, options, name) : resume_walk(call, name);
	if (options->arg_count == 0)
		ret = error_set(&call->err, TROUBLE_USAGE, _("Name the run; %s lists them."),
			reached_command(call, NULL, options->runs, "runs", NULL));
	if (ret == 0)
		ret = carry_consent(call);
	if (ret == 0)
		ret = carry_reach(call, &server);
	return ret == 0 ? resume_run(call, server) : ret;
}

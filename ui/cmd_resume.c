/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `resume [RUN]`: the walk at the right page. With --operator NAME --yes: the decided rest of an interrupted or
 * paused run, without asking. */
#include "base/i18n.h"
#include "record/runfolder.h"
#include "run/resume.h"
#include "ui/carry.h"
#include "ui/commands.h"
#include "ui/reach.h"
#include "ui/say.h"
#include "ui/walk.h"

/* The real name of the run, and its state before it is resumed. */
static int resume_look(TALLOC_CTX *mem, const struct options *options, struct server *server, char **name,
		       struct error *err)
{
	struct runfolder *run;
	struct run_look *look;
	char *runs;
	int ret = reach_runs(mem, options, &runs, err);

	if (ret == 0)
		ret = runfolder_open(mem, runs, options->args[0], false, &run, err);
	if (ret != 0)
		return ret;
	*name = talloc_strdup(mem, runfolder_name(run));
	/* After a power cut its state may be unknown until leftovers are removed: that is no reason to stop here. */
	if (run_look(mem, server, run, &look, err) == 0) {
		say_paragraph(stdout, _("The journal says "), 17, look->journal_says);
		say_paragraph(stdout, _("The server says  "), 17, look->server_says);
		say_paragraph(stdout, _("So               "), 17, look->so);
		talloc_free(look);
	}
	talloc_free(run);
	return *name ? 0 : error_memory(err);
}

static int resume_run(TALLOC_CTX *mem, const struct options *options, struct server *server, char **name, int *code,
		      struct error *err)
{
	struct engine_options carry = carry_options(options, "resumed");
	struct engine *engine;
	enum run_stage stage;
	int ret = resume_look(mem, options, server, name, err);

	if (ret == 0)
		ret = engine_resume(mem, server, *name, &carry, NULL, &engine, &stage, err);
	if (ret != 0)
		return ret;
	if (!engine_told(engine)->idle)
		return carry_out(mem, engine, options, false, code, err);
	*code = engine_told(engine)->idle_exit;
	say_paragraph(stdout, "", 0, engine_told(engine)->idle);
	return 0;
}

int command_resume(const struct options *options)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	struct server *server;
	struct error err;
	char *name = NULL;
	int code = 0, ret = 0;

	carry_begin();
	if (!options->yes) {
		talloc_free(mem);
		return walk(options, options->arg_count > 0 ? options->args[0] : "");
	}
	if (options->arg_count == 0)
		ret = error_set(&err, TROUBLE_USAGE, _("Name the run; msmcfix runs lists them."));
	if (ret == 0)
		ret = carry_consent(options, &err);
	if (ret == 0)
		ret = reach_server(mem, options, &server, &err);
	if (ret == 0)
		ret = resume_run(mem, options, server, &name, &code, &err);
	code = ret != 0 ? carry_trouble(&err, options, err.trouble == TROUBLE_STOPPED ? name : NULL) : say_done(code);
	talloc_free(mem);
	return code;
}

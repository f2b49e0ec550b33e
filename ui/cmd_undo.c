/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `undo RUN`: all of a run put back, one step of it, or one change. */
#include <unistd.h>

#include "base/i18n.h"
#include "repair/article.h"
#include "ui/carry.h"

/* At a terminal, nothing said but the run: what it would do is shown, and asked. */
static bool undo_walks(const struct options *options)
{
	return !options->operator_name && !options->yes && !options->dry_run && !options->step &&
		!options->change_id && !options->backups && isatty(STDIN_FILENO) == 1 &&
		isatty(STDOUT_FILENO) == 1;
}

static int undo_walk(struct call *call)
{
	struct options options;
	struct server *server = NULL;
	int ret = carry_live(call) ? 0 : carry_reach(call, &server);

	if (ret != 0)
		return ret;
	talloc_free(server);
	options = *call->options;
	options.undo = true;
	return walk(call, &options, options.args[0]);
}

int command_undo(struct call *call)
{
	const struct options *options = call->options;
	struct undo_options undo = { (int)options->step, options->change_id, options->backups,
		options->dry_run };
	struct engine_options carry = carry_options(options, "undo");
	struct server *server;
	char *text;
	int ret = 0;

	if (undo_walks(options))
		return undo_walk(call);
	/* There mail is only looked for. */
	if (options->step == STEP_MAIL)
		ret = error_set(&call->err, TROUBLE_USAGE,
			_("Step 5 changed nothing on the server."));
	if (ret == 0)
		ret = carry_consent(call);
	/* Looking is nobody's decision. */
	if (!carry.operator_name)
		carry.operator_name = "dry run";
	if (ret == 0)
		ret = carry_reach(call, &server);
	if (ret == 0)
		ret = engine_undo(call, server, options->args[0], &carry, &undo, &text, &call->err);
	if (ret != 0)
		return ret;
	if (options->dry_run)
		puts(_("This would be put back. Nothing was written."));
	fputs(text, stdout);
	return 0;
}

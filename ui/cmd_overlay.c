/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `commit`, `keep`, `drop`: the end of what a run wrote over a disk image. */
#include "base/i18n.h"
#include "run/overlay.h"
#include "ui/carry.h"
#include "ui/say.h"

/* What was committed, and what it went into. */
static void commit_say(struct call *call, const struct engine *engine)
{
	const struct overlay *below = overlay_below(engine_overlay_stand(engine));
	static const char *const image[] = {
		N_("The overlay is committed: what this run wrote is in the image."),
		N_("The overlay is committed: the image is what was repaired."),
		N_("The overlay is committed: the image is as it was before the run."),
	};
	static const char *const kept[] = {
		N_("The overlay is committed: what this run wrote is in the overlay that was kept, %s. The image is as it was."),
		N_("The overlay is committed: the overlay that was kept, %s, is what was repaired. The image is as it was."),
		N_("The overlay is committed: the overlay that was kept, %s, holds the server as it was before the run. The image is as it was."),
	};
	enum run_end end = engine_overlay_result(engine);
	int is = end == END_UNDONE ? 2 : end == END_REPAIRED;

	if (below)
		say(_(kept[is]), say_shown(call, below->files[0].path));
	else
		say("%s", _(image[is]));
}

/* Said once it is done. */
static void end_say(struct call *call, const struct engine *engine, enum overlay_end how)
{
	if (engine_told(engine)->undone)
		say("%s",
			_("The overlay was thrown away, and the run with it. The image is as it was."));
	else if (how == OVERLAY_DROP)
		say("%s", _("The overlay was thrown away. What was written before it stands."));
	else if (how == OVERLAY_COMMIT)
		commit_say(call, engine);
	else
		printf("%s\n%s", _("The overlay is kept; the image is as it was."),
			engine_overlay_start(engine, call));
}

static int end_call(struct call *call, enum overlay_end how)
{
	const struct options *options = call->options;
	struct engine_options carry = carry_options(options, "asked");
	struct server *server;
	struct engine *engine;
	int ret = carry_consent(call);

	if (!ret && how == OVERLAY_COMMIT && !options->server)
		ret = error_set(&call->err, TROUBLE_USAGE,
			_("A commit changes the image for good, and spoils snapshots and clones that stand on it. Give the server's name: --server NAME."));
	if (!ret)
		ret = carry_reach(call, &server);
	if (!ret)
		ret = engine_overlay_open(call, server, options->args[0], &carry, &engine,
			&call->err);
	if (!ret)
		ret = engine_overlay_end(engine, how, options->server, &call->err);
	if (!ret)
		end_say(call, engine, how);
	return ret;
}

int command_commit(struct call *call)
{
	return end_call(call, OVERLAY_COMMIT);
}

int command_keep(struct call *call)
{
	return end_call(call, OVERLAY_KEEP);
}

int command_drop(struct call *call)
{
	return end_call(call, OVERLAY_DROP);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `undo RUN`: all of a run put back, one step of it, or one change. */
#include "base/i18n.h"
#include "repair/article.h"
#include "ui/carry.h"
#include "ui/commands.h"
#include "ui/reach.h"
#include "ui/say.h"

/* In step 5 mail is only looked for. */
static int undo_wanted(const struct options *options, struct error *err)
{
	return options->step == STEP_MAIL ? error_set(err, TROUBLE_USAGE, _("Step 5 changed nothing on the server.")) : 0;
}

int command_undo(const struct options *options)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	struct undo_options undo = { options->step, options->change_id, options->backups, options->dry_run };
	struct engine_options carry = carry_options(options, "undo");
	struct server *server;
	struct error err;
	char *text = NULL;
	int code = 0, ret = undo_wanted(options, &err);

	carry_begin();
	if (ret == 0 && !options->dry_run)
		ret = carry_consent(options, &err);
	/* Looking is nobody's decision. */
	if (!carry.operator_name)
		carry.operator_name = "dry run";
	if (ret == 0)
		ret = reach_server(mem, options, &server, &err);
	if (ret == 0)
		ret = engine_undo(mem, server, options->args[0], &carry, &undo, &text, &err);
	if (ret == 0 && options->dry_run)
		puts(_("This would be put back. Nothing was written."));
	if (ret == 0)
		fputs(text, stdout);
	code = ret != 0 ? carry_trouble(&err, options, NULL) : say_done(0);
	talloc_free(mem);
	return code;
}

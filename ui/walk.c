/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The walk, drawn one way or the other. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ui/commands.h"
#include "ui/guide/guide.h"
#include "ui/password.h"
#include "ui/plain/plain.h"
#include "ui/signals.h"
#include "ui/wizard/wizard.h"

static bool set(const char *name)
{
	const char *value = getenv(name);

	return value && *value != '\0' && strcmp(value, "0") != 0;
}

static bool wants_plain(const struct options *options)
{
	const char *term = getenv("TERM");

	return options->plain || set("MSMCFIX_PLAIN") || (term && strcmp(term, "dumb") == 0);
}

/* To the shell, to be read, and copied, below the prompt. */
static int parting_say(struct call *call, const struct guide *guide)
{
	fputs(guide_left(guide), stdout);
	return signals_memory() ? error_memory(&call->err) : 0;
}

/* Lines that come from a file or a pipe sign in nowhere: better said before the first of them. */
static int password_typed(struct call *call, const struct options *options)
{
	return wants_plain(options) && options->host && !options->password_file
		? password_can_ask(&call->err)
		: 0;
}

int walk(struct call *call, const struct options *options, const char *resume)
{
	struct wizard *wizard;
	struct guide *guide;
	int ret = password_typed(call, options);

	if (ret != 0)
		return ret;
	ret = guide_new(call, options, resume, &guide, &call->err);
	if (ret == 0 && wants_plain(options)) {
		call->code = guide_run(guide, &plain_ops, plain_new(call, stdin, stdout));
		return parting_say(call, guide);
	}
	if (ret == 0)
		ret = wizard_new(call, &wizard, &call->err);
	if (ret != 0)
		return ret;
	if (!options->no_mouse)
		wizard_mouse(wizard);
	call->code = guide_run(guide, &wizard_ops, wizard);
	/* The screen is what it was before. */
	talloc_free(wizard);
	return parting_say(call, guide);
}

int command_wizard(struct call *call)
{
	return walk(call, call->options, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The walk, drawn one way or the other. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ui/commands.h"
#include "ui/guide/guide.h"
#include "ui/plain/plain.h"
#include "ui/signals.h"
#include "ui/wizard/wizard.h"

static bool set(const char *name)
{
	const char *value = getenv(name);

	return value != NULL && *value != '\0' && strcmp(value, "0") != 0;
}

static bool wants_plain(const struct options *options)
{
	const char *term = getenv("TERM");

	return options->plain || set("MSMCFIX_PLAIN") || (term != NULL && strcmp(term, "dumb") == 0);
}

static int walk_plain(struct call *call, struct guide *guide)
{
	struct plain *plain = plain_new(call, stdin, stdout);

	if (plain == NULL)
		return error_memory(&call->err);
	call->code = guide_run(guide, &plain_ops, plain);
	return 0;
}

static int walk_wizard(struct call *call, struct guide *guide)
{
	struct wizard *wizard;
	int ret = wizard_new(call, &wizard, &call->err);

	if (ret != 0)
		return ret;
	call->code = guide_run(guide, &wizard_ops, wizard);
	talloc_free(wizard);
	return 0;
}

int walk(struct call *call, const struct options *options, const char *resume)
{
	struct guide *guide;
	int ret;

	signals_catch();
	ret = guide_new(call, options, resume, &guide, &call->err);
	if (ret != 0)
		return ret;
	return wants_plain(options) ? walk_plain(call, guide) : walk_wizard(call, guide);
}

int command_wizard(struct call *call)
{
	return walk(call, call->options, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The walk, drawn one way or the other. */
#include "ui/walk.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ui/commands.h"
#include "ui/guide/guide.h"
#include "ui/plain/plain.h"
#include "ui/say.h"
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

static int walk_plain(TALLOC_CTX *mem, struct guide *guide)
{
	struct plain *plain = plain_new(mem, STDIN_FILENO, stdout);

	if (plain == NULL)
		return trouble_exit(TROUBLE_MEMORY);
	return say_done(guide_run(guide, &plain_ops, plain));
}

static int walk_wizard(TALLOC_CTX *mem, struct guide *guide)
{
	struct wizard *wizard;
	struct error err;
	int code;

	if (wizard_new(mem, &wizard, &err) != 0)
		return say_trouble(&err);
	code = guide_run(guide, &wizard_ops, wizard);
	talloc_free(wizard);
	return code;
}

int walk(const struct options *options, const char *resume)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	struct guide *guide;
	struct error err;
	int code;

	signals_catch();
	if (guide_new(mem, options, resume, &guide, &err) != 0)
		code = say_trouble(&err);
	else
		code = wants_plain(options) ? walk_plain(mem, guide) : walk_wizard(mem, guide);
	talloc_free(mem);
	return code;
}

int command_wizard(const struct options *options)
{
	return walk(options, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mail/stage.h"

#include <stddef.h>
#include <string.h>

#include "base/i18n.h"

static const struct {
	const char *name, *text;
} stages[] = {
	[STAGE_NONE] = { "", "" },
	/* TRANSLATORS: these follow "VERIFIED TO" */
	[STAGE_SUBMITTED] = { "submitted", N_("Exchange, which took it") },
	[STAGE_CONNECTOR] = { "connector", N_("the connector's postoffice") },
	[STAGE_POSTOFFICE] = { "postoffice", N_("the postoffice of MS Mail") },
	[STAGE_FETCHED] = { "fetched", N_("the connector's postoffice, where it came in") },
	[STAGE_EXCHANGE] = { "exchange", N_("Exchange, which is no mailbox yet") },
	[STAGE_MAILBOX] = { "mailbox", N_("the mailbox") },
};

const char *mail_stage_text(enum mail_stage stage)
{
	return i18n_word(stages[stage].text);
}

const char *mail_stage_name(enum mail_stage stage)
{
	return stages[stage].name;
}

enum mail_stage mail_stage_parse(const char *name)
{
	for (enum mail_stage stage = STAGE_SUBMITTED; stage <= STAGE_MAILBOX; stage++)
		if (name && strcmp(stages[stage].name, name) == 0)
			return stage;
	return STAGE_NONE;
}

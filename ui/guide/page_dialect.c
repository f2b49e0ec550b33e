/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A server that speaks Windows NT 4.0's protocol alone: what that means, and whether it is agreed
 * to. */
#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "ui/guide/state.h"

static const struct column columns[] = {
	{ N_("What"), 18, CUT_NEVER, false },
	{ N_("What it means"), 56, CUT_END, false },
};

struct thing {
	const char *what, *means;
};

static const struct thing things[] = {
	{ N_("Reading along"), N_("whoever listens on the network reads what is transferred") },
	{ N_("The password"), N_("from what is sent it can be broken within hours (NTLMv1)") },
	{ N_("Changing it"), N_("nothing is signed: on its way it can be changed unseen") },
};

/* What everybody must have read, also where the table is cut. */
static char *told(struct page *page)
{
	char *text = page_text(page, "%s", "");

	for (size_t i = 0; i < ARRAY_SIZE(things); i++)
		text = talloc_asprintf_append(text, "%s: %s.\n", _(things[i].what),
			_(things[i].means));
	return text;
}

static struct question *agree_question(const struct guide *guide, struct page *page)
{
	struct question *question;

	if (!guide->operator_name) {
		question = page_line(page, QUESTION_DIALECT_OPERATOR, NULL, _("Who agrees?"),
			_("It goes on record with the name of who agrees. Your name:\n"));
		/* Typed, not taken over: Enter once too often agrees to nothing. */
		question->writes = true;
		question_answer(page, question, WORD_NOT_YET, _("Not yet"), 'n', true);
		question_answer(page, question, WORD_AGREE, _("Agree"), 0, false);
		return question;
	}
	question = page_confirm(page, QUESTION_DIALECT_AGREE, _("Speak it with this server?"),
		page_text(page, _("Operator %s. It goes on record with a run that begins.\n"),
			guide->operator_name));
	question_answer(page, question, WORD_NOT_YET, _("Not yet"), 'n', true);
	question_answer(page, question, WORD_AGREE, _("Agree"), 0, false);
	return question;
}

static void make(struct guide *guide, struct page *page)
{
	struct action *action;

	page->title = page_text(page, _("%s speaks only Windows NT 4.0's protocol"),
		page_shown(page, guide->options.host));
	page_lead(page, "%s\n",
		_("Windows NT 4.0 and 2000 know no other (SMB 1). Nothing has been sent to the server yet but the question what it speaks."));
	page_columns(page, columns, ARRAY_SIZE(columns));
	for (size_t i = 0; i < ARRAY_SIZE(things); i++)
		page_row(page, NULL, _(things[i].what), _(things[i].means), NULL)->tones[0] =
			TONE_OPEN;
	page_tail(page, "%s\n",
		_("Agree only on a network that you trust, and change the password afterwards. Its disks are the other way: the server off, its volumes mounted here."));
	page->why = page_text(page, "%s%s\n", told(page),
		_("Best is a cable, or a network of its own, between this computer and the server, and an account made for the repair and "
		  "removed after it. On the command line --nt4 says the same. Who agreed is on record in the run that begins."));
	action = page_action(page, WORD_BACK, _("Not yet"), 0, ACTION_BACK);
	action->hint = _("Nothing more is sent to the server.");
	action->focused = true;
	action = page_action(page, WORD_AGREE, _("Agree and sign in"), 0, ACTION_FORWARD);
	action->brief = _("Agree");
	action->writes = true;
	action->hint = _("Sends the password in a form that can be broken.");
	action->ask = agree_question(guide, page);
}

/* Whoever agrees has a name, and it is a decision of that name alone. */
static void reply(struct guide *guide, const struct input *input)
{
	if (input->action != WORD_AGREE ||
		!(input->answer == WORD_AGREE || guide_operator(guide, input->text)))
		return;
	guide->options.nt4 = true;
	guide_reach_again(guide);
}

const struct guide_page page_dialect = { .make = make, .reply = reply };

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A running server wants to know who asks: user and password, and what it said to the last ones. */
#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "ui/guide/state.h"

static struct question *user_question(const struct guide *guide, struct page *page)
{
	struct question *user = page_line(page, QUESTION_SIGNIN_USER, NULL, _("Who signs in?"),
		_("An administrator of the server: DOMAIN\\NAME, or NAME alone for an account of its own.\n"));

	user->proposal = guide->options.user;
	return user;
}

static struct question *password_question(const struct guide *guide, struct page *page)
{
	struct question *password =
		page_question(page, QUESTION_SIGNIN_PASSWORD, NULL, ASK_SECRET, _("The password?"));

	password->text = page_text(page,
		_("Of %s on %s. Nothing that you type is shown, and it is kept nowhere. Some wrong ones in a row, and the server may lock the account.\n"),
		page_shown(page, guide->options.user), page_shown(page, guide->options.host));
	password->min_length = 1;
	question_answer(page, password, WORD_SIGN_IN, _("Sign in"), 0, false);
	return password;
}

static void fact(struct page *page, const char *label, const char *said)
{
	enum { LABEL = 10 };

	page_lead(page, "  %s %s\n", text_pad(page, label, LABEL), said);
}

static void facts(const struct guide *guide, struct page *page)
{
	const struct options *options = &guide->options;

	fact(page, _("Server"), page_shown(page, options->host));
	fact(page, _("User"), options->user ? page_shown(page, options->user) : _("not said yet"));
	fact(page, _("Protocol"),
		options->nt4 ? _("Windows NT 4.0's, agreed to: others can listen")
			     : _("SMB 2 or 3, signed"));
}

static void actions(const struct guide *guide, struct page *page)
{
	struct question *user = user_question(guide, page),
			*password = password_question(guide, page);
	struct action *action;

	if (guide->options.user) {
		action = page_action(page, WORD_SIGN_IN, _("Sign in"), 's', ACTION_FORWARD);
		action->ask = password;
		action->hint = _("Asks for the password, then looks. Nothing is changed.");
	}
	action = page_action(page, WORD_USER,
		guide->options.user ? _("Change the user") : _("Say who"), 'o', ACTION_OTHER);
	action->ask = user;
	action->hint = _("Asks who signs in, then for the password.");
	page_action(page, WORD_BACK, _("Back"), 0, ACTION_BACK);
	if (guide->asking == QUESTION_SIGNIN_PASSWORD)
		page->question = password;
	if (guide->asking == QUESTION_SIGNIN_USER)
		page->question = user;
}

static void make(struct guide *guide, struct page *page)
{
	page->title = page_text(page, _("Sign in at %s"), page_shown(page, guide->options.host));
	page_lead(page, "%s\n\n",
		_("The server is only looked at. Every change is shown first, asked for, and can be put back."));
	facts(guide, page);
	page_tail(page, "%s\n",
		_("The user needs an administrator's rights on that server. On Windows 2000 its service Remote Registry must run."));
	page->why = _(
		"The registry, the shares, the services and the drives (C$, E$) of a running server are open to its administrators alone. "
		"The password goes to the server and nowhere else: it is in no record, no log and no command line, and is forgotten when "
		"the program ends. For a program that has nobody to ask there is --password-file.\n");
	actions(guide, page);
}

static void user_said(struct guide *guide, const char *user)
{
	guide_password(guide, NULL);
	guide->options.user = talloc_strdup(guide, user);
	guide->options.password_file = NULL;
	guide_ask(guide, QUESTION_SIGNIN_PASSWORD, NULL);
}

static void reply(struct guide *guide, const struct input *input)
{
	bool user = input->action == WORD_USER || input->question == QUESTION_SIGNIN_USER;

	if (!input->text)
		return;
	if (user) {
		user_said(guide, input->text);
		return;
	}
	guide_password(guide, input->text);
	guide_reach_again(guide);
}

const struct guide_page page_signin = { .make = make, .reply = reply };

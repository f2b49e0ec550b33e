/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A server that wants more before it is reached: a running one, and the time it takes; one in disk
 * images, whose letters nobody knows. */
#include <stdio.h>

#include "base/i18n.h"
#include "ui/guide/state.h"
#include "ui/password.h"
#include "ui/signals.h"

/* What answers within a second is not told: the title would only flicker. */
int guide_waiting(void *arg, const char *doing, unsigned seconds)
{
	struct guide *guide = arg;
	struct job_state look = guide->state;
	char told[256] = "";

	if (!guide->tell)
		return signals_new();
	if (seconds > 0)
		snprintf(told, sizeof told, _("%s - %u s"), doing, seconds);
	look.waiting = told;
	look.waited = seconds;
	look.may_stop = seconds > 0;
	guide->gave_up = guide->tell(guide->tell_ui, &look) != 0;
	return guide->gave_up;
}

void guide_password(struct guide *guide, const char *text)
{
	TALLOC_FREE(guide->password);
	if (text)
		guide->password = password_keep(guide, text);
	guide->reaching.password = guide->password;
}

/* ---- what it wants first ---- */

static bool asks_here(const struct guide *guide)
{
	return guide->at == PAGE_SIGNIN || guide->at == PAGE_DIALECT || guide->at == PAGE_LETTERS;
}

/* Those are one step of the walk: Back leads from all to where it was asked for. */
static void ask_at(struct guide *guide, enum page_id page)
{
	if (asks_here(guide))
		guide->at = page;
	else
		guide_go(guide, page);
}

/* Who has signed in nowhere yet was refused nothing. */
static void sign_in(struct guide *guide, bool refused)
{
	ask_at(guide, PAGE_SIGNIN);
	guide_password(guide, NULL);
	if (refused)
		return;
	TALLOC_FREE(guide->message);
	guide_ask(guide, guide->options.user ? QUESTION_SIGNIN_PASSWORD : QUESTION_SIGNIN_USER,
		NULL);
}

/* What it was asked for went on to no other page. */
static void come_back(struct guide *guide)
{
	guide->at = guide->back[--guide->back_count];
	guide->cursor = 0;
}

/* The page itself says what is so. */
static void agree(struct guide *guide)
{
	ask_at(guide, PAGE_DIALECT);
	TALLOC_FREE(guide->message);
}

/* The page itself says what is so; who comes from it has left a letter open. */
static void letters_ask(struct guide *guide)
{
	if (guide->at == PAGE_LETTERS)
		return;
	ask_at(guide, PAGE_LETTERS);
	TALLOC_FREE(guide->message);
}

bool guide_reach(struct guide *guide, const char *title, int (*job)(struct guide *))
{
	bool lacking;

	guide->reach_job = job;
	guide->reach_title = title;
	if (guide_work(guide, title, job)) {
		guide_password(guide, NULL);
		if (asks_here(guide))
			come_back(guide);
		return true;
	}
	if (guide->image)
		letters_ask(guide);
	else if (guide->at == PAGE_LETTERS)
		come_back(guide);
	lacking = reach_unsigned(&guide->options);
	if (!guide->options.host || guide->server)
		return false;
	if (guide->error.trouble == TROUBLE_PERMISSION)
		sign_in(guide, !lacking);
	else if (guide->error.trouble == TROUBLE_DIALECT && !guide->options.nt4)
		agree(guide);
	return false;
}

void guide_reach_again(struct guide *guide)
{
	if (guide_reach(guide, guide->reach_title, guide->reach_job))
		guide_undo_first(guide);
}

/* ---- cut off ---- */

/* The processes below it are gone with what they wrote: it is opened anew, and its lock is free
 * only when it was left. */
static int job_cut_image(struct guide *guide)
{
	char *runs, *name = talloc_strdup(guide->page, engine_run_name(guide->engine));
	int ret = reach_runs(guide->page, &guide->options, &runs, &guide->error);

	guide_forget(guide);
	if (ret == 0)
		ret = run_record_read(guide, runs, name, &guide->record, &guide->error);
	return ret == 0 ? job_run_reach(guide) : ret;
}

/* The record is closed once the server has answered: until then this is the page to be on. */
static int job_cut(struct guide *guide)
{
	int ret = run_take(guide, engine_run_name(guide->engine));

	if (ret != 0)
		return ret;
	(void)engine_leave(guide->engine, NULL);
	TALLOC_FREE(guide->engine);
	mail_forget(guide);
	guide->backed_up = guide->carried_out = false;
	return 0;
}

void guide_cut(struct guide *guide)
{
	char *why = talloc_strdup(guide->page, guide->message);
	bool image = guide->server->overlay && guide->error.trouble == TROUBLE_IO;

	if (!guide->engine ||
		!(guide->gave_up || image || guide->error.trouble == TROUBLE_UNREACHABLE))
		return;
	if (guide_work(guide, _("Looking at what was done until then"),
		    image ? job_cut_image : job_cut))
		guide_jump(guide, PAGE_UNFINISHED);
	else if (!guide->server)
		guide_jump(guide, PAGE_REACH);
	guide_say(guide, "%s", why);
	guide->message_bad = true;
}

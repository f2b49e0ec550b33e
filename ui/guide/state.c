/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The ground floor of the walk: where it stands, what is said next. Calls no page and draws
 * nothing. */
#include <ctype.h>
#include <stdarg.h>
#include <string.h>
#include <time.h>

#include "base/i18n.h"
#include "base/text.h"
#include "ui/guide/state.h"

void guide_go(struct guide *guide, enum page_id page)
{
	if (guide->back_count == GUIDE_BACK)
		memmove(guide->back, guide->back + 1, sizeof *guide->back * --guide->back_count);
	guide->back[guide->back_count++] = guide->at;
	guide->at = page;
	guide->cursor = 0;
}

void guide_jump(struct guide *guide, enum page_id page)
{
	guide->back_count = 0;
	guide->at = page;
	guide->cursor = 0;
}

void guide_say(struct guide *guide, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	talloc_free(guide->message);
	guide->message = talloc_vasprintf(guide, format, args);
	guide->message_bad = false;
	va_end(args);
}

/* What the system says of an error has no full stop. */
static char last(const char *text)
{
	return *text ? text[strlen(text) - 1] : '\0';
}

void guide_trouble(struct guide *guide)
{
	enum trouble trouble = guide->error.trouble;
	/* What a command line or a plan's file would need helps nobody here. */
	const char *advice = trouble == TROUBLE_USAGE || trouble == TROUBLE_PLAN_FOREIGN ||
			trouble == TROUBLE_WHICH_LETTERS
		? ""
		: error_advice(&guide->error);

	guide_say(guide, "%s%s%s", guide->error.text,
		*advice == '\0'                                           ? ""
			: isalnum((unsigned char)last(guide->error.text)) ? ". "
									  : " ",
		advice);
	guide->message_bad = true;
	guide->exit_code = trouble_exit(trouble);
}

/* If the terminal is gone the next page will tell. */
void guide_read(struct guide *guide, const char *title, const char *text)
{
	(void)guide->ops->read(guide->ui, guide->page,
		&(struct page_text){ title, text ? text : "" });
}

/* A key that a box passed on is in nobody's name. */
static bool has_control(const char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text < ' ' || *text == 0x7f)
			return true;
	return false;
}

void guide_typed(struct guide *guide, const char *text)
{
	talloc_free(guide->typed);
	guide->typed = text ? talloc_strdup(guide, text) : NULL;
}

bool guide_operator(struct guide *guide, const char *text)
{
	if (!text || !text_is_name(text) || has_control(text))
		return false;
	talloc_free(guide->operator_name);
	guide->operator_name = text_shown(guide, text);
	return true;
}

void guide_ask(struct guide *guide, enum question_id question, const char *row)
{
	guide->asking = question;
	talloc_free(guide->asked_for);
	guide->asked_for = row ? talloc_strdup(guide, row) : NULL;
}

bool guide_covers(const struct guide *guide, const struct finding *finding)
{
	return guide->hooks && guide->hooks->covers(guide, finding);
}

void guide_details(struct guide *guide, struct page *page, struct row *row,
	const struct finding *finding)
{
	if (guide->hooks)
		guide->hooks->details(guide, page, row, finding);
}

bool guide_temporary(const struct guide *guide)
{
	return guide->server && (guide->server->caps & SERVER_TEMPORARY) != 0;
}

void run_forget(struct guide *guide)
{
	TALLOC_FREE(guide->status);
	TALLOC_FREE(guide->resume);
}

void mail_forget(struct guide *guide)
{
	TALLOC_FREE(guide->mail_mem);
	guide->evidence = NULL;
	guide->watch = NULL;
	guide->boxes = (struct mail_boxes){ 0 };
	guide->letters = (struct mail_letters){ 0 };
	guide->box = NULL;
}

void guide_forget(struct guide *guide)
{
	TALLOC_FREE(guide->engine);
	run_forget(guide);
	TALLOC_FREE(guide->server);
	TALLOC_FREE(guide->mail_put_off);
	TALLOC_FREE(guide->running);
	TALLOC_FREE(guide->stopped);
	TALLOC_FREE(guide->pause_text);
	TALLOC_FREE(guide->undo_text);
	TALLOC_FREE(guide->undo);
	TALLOC_FREE(guide->report);
	guide->survey = NULL;
	guide->plan = NULL;
	mail_forget(guide);
	guide->gates = NULL;
	guide->backed_up = guide->carried_out = guide->finished = false;
}

/* How the server is reached, where one is; a simulated one is never called live. */
static void title_mode(const struct guide *guide, struct page *page)
{
	if (!guide->server)
		return;
	page->mode_tone = TONE_CALM;
	if (guide->server->caps & SERVER_SIMULATED) {
		page->mode = _("PRACTICE");
	} else if (strcmp(guide->server->reach, "live") == 0) {
		page->mode = _("LIVE");
		page->mode_tone = TONE_DANGER;
	} else {
		page->mode = guide->server->overlay ? _("IMAGE") : _("ON DISKS");
	}
}

/* Before a run begins nothing is written, and that is what there is to say; then the time; while
 * services are down, how long they have been. */
static const char *title_badge(struct guide *guide, struct page *page)
{
	time_t now = time(NULL);
	struct tm tm;
	char clock[16] = "";
	long down;

	page->alarm = guide->engine && engine_services_down(guide->engine);
	if (page->alarm && guide->down_since == 0)
		guide->down_since = now;
	down = (long)(now - guide->down_since);
	if (!page->alarm && guide->down_since != 0) {
		guide->down_for = (unsigned long)down;
		guide->down_since = 0;
	}
	if (page->alarm)
		return page_text(page, _("SERVICES DOWN %02ld:%02ld"), down / 60, down % 60);
	if (!guide->engine && guide->at != PAGE_UNDO && guide->at != PAGE_ENDING)
		return _("looking only");
	if (gmtime_r(&now, &tm))
		strftime(clock, sizeof clock, "%H:%MZ", &tm);
	return page_text(page, "%s", clock);
}

/* While it still wants to be told who asks. */
static const char *server_wanted(const struct guide *guide, struct page *page)
{
	bool asked = guide->at == PAGE_SIGNIN || guide->at == PAGE_DIALECT;

	return asked ? page_shown(page, guide->options.host) : _("no server yet");
}

/* With the name it was reached by, where that is another. */
static const char *server_reached(const struct guide *guide, struct page *page)
{
	const struct server *server = guide->server;
	const char *name = page_shown(page, server->id.name), *host = server->reached.host;

	return host && !text_equal(host, server->id.name)
		? page_text(page, _("%s (%s, %s)"), name, _(server->reach), page_shown(page, host))
		: page_text(page, "%s (%s)", name, _(server->reach));
}

void guide_title(struct guide *guide, struct page *page)
{
	page->server = !guide->server && guide->record && guide->resume
		? page_text(page, _("%s (its record)"), guide->record->server)
		: !guide->server ? server_wanted(guide, page)
				 : server_reached(guide, page);
	if (guide->engine)
		page->run = engine_run_name(guide->engine);
	page->badge = title_badge(guide, page);
	title_mode(guide, page);
	if (guide->hooks)
		guide->hooks->title(guide, page);
}

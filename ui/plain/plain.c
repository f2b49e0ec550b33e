/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The front end: pages, work and long texts in lines. */
#include "ui/plain/plain.h"

#include <string.h>

#include "base/i18n.h"
#include "ui/plain/plain_private.h"
#include "ui/signals.h"

struct plain *plain_new(TALLOC_CTX *mem, FILE *in, FILE *out)
{
	struct plain *plain = talloc_zero(mem, struct plain);

	plain->in = in;
	plain->out = out;
	return plain;
}

/* Whether text is another than was told last, which it replaces. */
static bool is_news(struct plain *plain, char **last, const char *text)
{
	if (*last && strcmp(*last, text) == 0)
		return false;
	talloc_free(*last);
	*last = talloc_strdup(plain, text);
	return true;
}

/* A page is printed whole when it is another one than before; else only what is new on it. */
static void show(struct plain *plain, const struct page *page)
{
	char *key = talloc_asprintf(plain, "%s\n%s\n%zu", page->id, page->title, page->row_count);
	bool fresh = is_news(plain, &plain->page_shown, key);

	if (fresh) {
		plain->rows_skipped = false;
		plain_print_page(plain, page);
	}
	if (page->message && !(fresh && page->message_bad))
		plain_print_message(plain, page);
	if (is_news(plain, &plain->coach_shown, page->coach ? page->coach : "") || fresh)
		plain_say(plain, page->coach);
	talloc_free(key);
}

/* The next row that waits for a decision, from the cursor on and round once; row_count if none
 * does. */
static size_t open_row(const struct page *page)
{
	for (size_t i = 0; i < page->row_count; i++) {
		size_t at = (page->cursor + i) % page->row_count;

		if (page->rows[at].decide && !page->rows[at].decided)
			return at;
	}
	return page->row_count;
}

static enum said ask_row(struct plain *plain, const struct page *page, size_t index,
	struct reply *reply)
{
	enum said said;

	/* A line that is only asked to be seen is shown with all there is to it. */
	plain_print_row(plain, page, index, !page->rows[index].decide);
	if (!page->rows[index].decide)
		return SAID_AGAIN;
	said = plain_ask(plain, page, page->rows[index].decide, reply);
	reply->cursor = index;
	return said;
}

static const struct action *find_action(const struct page *page, const char *line)
{
	size_t number;
	char end;

	if (sscanf(line, "%zu%c", &number, &end) == 1 && number >= 1 &&
		number <= page->action_count)
		return &page->actions[number - 1];
	for (size_t i = 0; i < page->action_count; i++)
		if (plain_names(&page->actions[i], line))
			return &page->actions[i];
	return NULL;
}

/* Which line an action is about: there is no cursor here. SAID_LINE: *row is it, behind the last
 * for none. */
static enum said ask_which(struct plain *plain, const struct page *page, struct reply *reply,
	size_t *row)
{
	enum said said;
	size_t number;
	char end;

	*row = page->row_count;
	if (!layout_selectable(page))
		return SAID_LINE;
	plain_line(plain,
		_("About which line? 1 to %zu, 0 for none of them (a full stop gives no answer)"),
		page->row_count);
	said = plain_read(plain, reply);
	if (said != SAID_LINE)
		return said;
	if (strcmp(plain->line, ".") == 0)
		return SAID_AGAIN;
	if (sscanf(plain->line, "%zu%c", &number, &end) != 1 || number > page->row_count)
		return plain_misunderstood(plain, reply, _("There is no such line."));
	if (number == 0)
		return SAID_AGAIN;
	*row = number - 1;
	return SAID_LINE;
}

static enum said press(struct plain *plain, const struct page *page, const struct action *action,
	struct reply *reply)
{
	enum said said = SAID_LINE;
	size_t row = 0;

	if (action->refused) {
		plain_say(plain, action->refused);
		return plain_misunderstood(plain, reply, "");
	}
	if (action->of_row)
		said = ask_which(plain, page, reply, &row);
	if (said != SAID_LINE)
		return said;
	*reply = (struct reply){ .kind = REPLY_ANSWER };
	said = action->ask ? plain_ask(plain, page, action->ask, reply) : SAID_REPLY;
	if (said != SAID_REPLY || reply->kind != REPLY_ANSWER)
		return said;
	reply->kind = REPLY_ACTION;
	reply->id = action->id;
	reply->cursor = row;
	return SAID_REPLY;
}

static enum said ask_action(struct plain *plain, const struct page *page, struct reply *reply)
{
	const struct action *action;
	enum said said;

	plain_line(plain, "%s", _("What now?"));
	plain_print_actions(plain, page);
	said = plain_read(plain, reply);
	if (said != SAID_LINE)
		return said;
	action = find_action(page, plain->line);
	if (action && plain_wants_word(action) && !plain_names(action, plain->line))
		return plain_misunderstood(plain, reply,
			talloc_asprintf(plain,
				_("That writes: type the word %s. No number presses it."),
				action->id));
	if (action)
		return press(plain, page, action, reply);
	said = plain_common(plain, page, NULL, NULL, reply);
	return said == SAID_LINE
		? plain_misunderstood(plain, reply, _("That is none of the actions. ? gives help."))
		: said;
}

/* Where it is about to be written all is shown at once; "line N" decides about one. */
static bool writes(const struct page *page)
{
	for (size_t i = 0; i < page->action_count; i++)
		if (page->actions[i].writes)
			return true;
	return false;
}

static int plain_page(void *ui, const struct page *page, struct reply *reply)
{
	struct plain *plain = ui;
	enum said said = SAID_AGAIN;

	TALLOC_FREE(plain->secret);
	show(plain, page);
	plain->misunderstood = 0;
	*reply = (struct reply){ .kind = REPLY_LEAVE };
	if (page->question) {
		plain_print_values(plain, page, question_row(page, page->question));
		said = plain_ask(plain, page, page->question, reply);
	}
	while (said != SAID_REPLY) {
		bool named = said == SAID_ROW;
		size_t row = named ? plain->row : open_row(page);

		said = named || (row < page->row_count && !plain->rows_skipped && !writes(page))
			? ask_row(plain, page, row, reply)
			: ask_action(plain, page, reply);
		if (said == SAID_ACTIONS)
			plain->rows_skipped = true;
	}
	return 0;
}

/* A line for every ten seconds that a server is silent. */
static int tell_waiting(struct plain *plain, const struct job_state *state)
{
	enum { EVERY = 10 };

	if (state->waited / EVERY > 0 && state->waited / EVERY != plain->waited)
		plain_line(plain, "%s", state->waiting);
	plain->waited = state->waited / EVERY;
	fflush(plain->out);
	return signals_new();
}

/* Of work with parts a line when something else is done. Of work without them one for every tenth:
 * its title has been said. */
static int tell_done(struct plain *plain, const struct job_state *state)
{
	bool fresh = state->part_count > 0 && is_news(plain, &plain->last_what, state->what);
	int tenth = state->total > 0 ? (int)(state->done * 10 / state->total) : 0;

	if (fresh)
		plain_line(plain, _("%s."), state->what);
	else if (state->part_count == 0 && state->total > 0 && tenth > plain->last_tenth)
		plain_line(plain, _("%s: %zu of %zu."), state->what, state->done, state->total);
	fflush(plain->out);
	plain->last_tenth = tenth;
	return signals_came();
}

static int tell(void *ui, const struct job_state *state)
{
	return state->waiting ? tell_waiting(ui, state) : tell_done(ui, state);
}

static int plain_work(void *ui, const struct page *page, const struct job *job)
{
	struct plain *plain = ui;

	(void)page;
	plain->last_tenth = -1;
	plain->waited = 0;
	TALLOC_FREE(plain->secret);
	TALLOC_FREE(plain->last_what);
	if (!job->quiet)
		plain_line(plain, "%s", job->title);
	fflush(plain->out);
	return job->run(job->arg, tell, plain);
}

static int plain_text(void *ui, const struct page *page, const struct page_text *text)
{
	struct plain *plain = ui;

	(void)page;
	plain_line(plain, "%s", "");
	plain_line(plain, "%s", text->title);
	plain_say(plain, text->text);
	return 0;
}

const struct ui_ops plain_ops = { .page = plain_page, .work = plain_work, .read = plain_text };

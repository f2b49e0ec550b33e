/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The front end: pages, work and long texts in lines. */
#include "ui/plain/plain.h"

#include <string.h>

#include "base/i18n.h"
#include "ui/plain/plain_private.h"

struct plain *plain_new(TALLOC_CTX *mem, const struct plain_options *options)
{
	struct plain *plain = talloc_zero(mem, struct plain);

	if (plain == NULL)
		return NULL;
	plain->options = *options;
	if (plain->options.width == 0)
		plain->options.width = 78;
	return plain;
}

/* The coach's lines where they are new, or stand on a page that is. */
static void show_coach(struct plain *plain, const struct page *page, bool fresh)
{
	const char *coach = page->coach != NULL ? page->coach : "";

	if (!fresh && plain->coach_shown != NULL && strcmp(plain->coach_shown, coach) == 0)
		return;
	talloc_free(plain->coach_shown);
	plain->coach_shown = talloc_strdup(plain, coach);
	plain_say(plain, coach);
}

/* A page is printed whole when it is another one than before; else only what is new on it. */
static void show(struct plain *plain, const struct page *page)
{
	char *key = talloc_asprintf(plain, "%s\n%s\n%zu", page->id, page->title, page->row_count);
	bool fresh = plain->page_shown == NULL || key == NULL || strcmp(plain->page_shown, key) != 0;

	if (fresh) {
		talloc_free(plain->page_shown);
		plain->page_shown = key;
		plain->rows_skipped = false;
		plain_print_page(plain, page);
	} else {
		talloc_free(key);
	}
	if (page->message != NULL)
		plain_line(plain, page->message_bad ? _("Attention: %s") : "%s", page->message);
	show_coach(plain, page, fresh);
}

/* The next row that waits for a decision, from the cursor on and round once; row_count if none does. */
static size_t open_row(const struct page *page)
{
	for (size_t i = 0; i < page->row_count; i++) {
		size_t at = (page->cursor + i) % page->row_count;

		if (page->rows[at].decide != NULL && page->rows[at].decided == NULL)
			return at;
	}
	return page->row_count;
}

static enum said ask_row(struct plain *plain, const struct page *page, size_t index, struct reply *reply)
{
	enum said said;

	/* A line that is only asked to be seen is shown with all there is to it. */
	plain_print_row(plain, page, index, page->rows[index].decide == NULL);
	if (page->rows[index].decide == NULL)
		return SAID_AGAIN;
	said = plain_ask(plain, page, page->rows[index].decide, reply);
	reply->cursor = index;
	return said;
}

/* "line 4": false if the words say something else. */
static bool line_asked(struct plain *plain, const struct page *page, struct reply *reply, enum said *said)
{
	size_t number;
	char end;

	if (sscanf(plain->line, "line %zu%c", &number, &end) != 1)
		return false;
	*said = number >= 1 && number <= page->row_count
			? ask_row(plain, page, number - 1, reply)
			: plain_misunderstood(plain, reply, _("There is no such line."));
	return true;
}

static const struct action *find_action(const struct page *page, const char *line)
{
	for (size_t i = 0; i < page->action_count; i++) {
		const struct action *action = &page->actions[i];
		char number[24];

		snprintf(number, sizeof number, "%zu", i + 1);
		if (strcmp(line, number) == 0 || strcmp(line, action->id) == 0 ||
		    (action->key != '\0' && line[0] == action->key && line[1] == '\0'))
			return action;
	}
	return NULL;
}

static bool any_selectable(const struct page *page)
{
	for (size_t i = 0; i < page->row_count; i++)
		if (page->rows[i].selectable)
			return true;
	return false;
}

/* Which line an action is about: there is no cursor here. SAID_ACTIONS: *row is it, behind the last for none. */
static enum said ask_which(struct plain *plain, const struct page *page, struct reply *reply, size_t *row)
{
	size_t number;
	char end;

	*row = page->row_count;
	if (!any_selectable(page))
		return SAID_ACTIONS;
	plain_line(plain, _("About which line? 1 to %zu, 0 for none of them (a full stop gives no answer)"), page->row_count);
	if (!plain_read(plain))
		return plain_leave(plain, reply);
	if (strcmp(plain->line, ".") == 0)
		return SAID_AGAIN;
	if (sscanf(plain->line, "%zu%c", &number, &end) != 1 || number > page->row_count)
		return plain_misunderstood(plain, reply, _("There is no such line."));
	if (number > 0)
		*row = number - 1;
	return SAID_ACTIONS;
}

static enum said press(struct plain *plain, const struct page *page, const struct action *action, struct reply *reply)
{
	size_t row = 0;

	if (action->of_row && action->refused == NULL) {
		enum said said = ask_which(plain, page, reply, &row);

		if (said != SAID_ACTIONS)
			return said;
	}
	plain->misunderstood = 0;
	if (action->refused != NULL) {
		plain_say(plain, action->refused);
		return plain_misunderstood(plain, reply, "");
	}
	*reply = (struct reply){ 0 };
	if (action->ask != NULL) {
		enum said said = plain_ask(plain, page, action->ask, reply);

		if (said != SAID_REPLY || reply->kind != REPLY_ANSWER)
			return said;
	}
	reply->cursor = row;
	reply->kind = REPLY_ACTION;
	reply->id = action->id;
	return SAID_REPLY;
}

static enum said ask_action(struct plain *plain, const struct page *page, struct reply *reply)
{
	const struct action *action;
	enum said said;

	plain_line(plain, "%s", _("What now?"));
	plain_print_actions(plain, page);
	if (!plain_read(plain))
		return plain_leave(plain, reply);
	action = find_action(page, plain->line);
	if (action != NULL)
		return press(plain, page, action, reply);
	if (line_asked(plain, page, reply, &said) || plain_common(plain, page, NULL, NULL, reply, &said))
		return said;
	return plain_misunderstood(plain, reply, _("That is none of the actions. ? gives help."));
}

static int plain_page(void *ui, const struct page *page, struct reply *reply)
{
	struct plain *plain = ui;
	enum said said = SAID_AGAIN;

	show(plain, page);
	*reply = (struct reply){ .kind = REPLY_LEAVE };
	if (page->question != NULL) {
		said = plain_ask(plain, page, page->question, reply);
		if (said == SAID_REPLY)
			return 0;
	}
	for (;;) {
		size_t row = open_row(page);

		said = row < page->row_count && !plain->rows_skipped ? ask_row(plain, page, row, reply)
								     : ask_action(plain, page, reply);
		if (said == SAID_REPLY)
			return 0;
		if (said == SAID_ACTIONS)
			plain->rows_skipped = true;
	}
}

/* Whether something else is done now than was last told. Of work without parts only its tenths are: its
 * title has been said. */
static bool what_is_new(struct plain *plain, const struct job_state *state)
{
	const char *what = state->what != NULL ? state->what : "";
	bool fresh = state->part_count > 0 && (plain->last_what == NULL || strcmp(plain->last_what, what) != 0);

	if (fresh) {
		talloc_free(plain->last_what);
		plain->last_what = talloc_strdup(plain, what);
	}
	return fresh;
}

/* A line when something else is done, and one for every tenth of it. */
static int tell(void *ui, const struct job_state *state)
{
	struct plain *plain = ui;
	bool fresh = what_is_new(plain, state);
	int part = -1, tenth = state->total > 0 ? (int)(state->done * 10 / state->total) : 0;

	for (size_t i = 0; i < state->part_count; i++)
		if (state->parts[i].mark == MARK_NOW)
			part = (int)i;
	if (fresh || part != plain->last_part || tenth > plain->last_tenth) {
		if (state->total > 0)
			plain_line(plain, _("%s: %zu of %zu."), state->what, state->done, state->total);
		else if (fresh || part != plain->last_part)
			plain_line(plain, "%s.", state->what);
		fflush(plain->options.out);
	}
	plain->last_part = part;
	plain->last_tenth = tenth;
	return plain->options.signal != NULL ? (int)*plain->options.signal : 0;
}

static int plain_work(void *ui, const struct page *page, const struct job *job)
{
	struct plain *plain = ui;

	(void)page;
	plain->last_part = -1;
	plain->last_tenth = -1;
	TALLOC_FREE(plain->last_what);
	plain_line(plain, "%s", job->title);
	fflush(plain->options.out);
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

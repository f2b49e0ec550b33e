/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/wizard/keybar.h"

#include <ctype.h>
#include <ncurses.h>
#include <string.h>

#include "base/i18n.h"
#include "base/memory.h"

const struct row *row_here(const struct page *page, const struct view *view)
{
	return view->cursor < page->row_count ? &page->rows[view->cursor] : NULL;
}

const char *why_here(const struct page *page, const struct view *view)
{
	const struct row *row = row_here(page, view);

	return view->on_table && row && row->decide && row->decide->why ? row->decide->why
									: page->why;
}

const char *action_barred(const struct action *action, const struct view *view)
{
	return action->refused ? action->refused : view->last_seen ? NULL : action->until_seen;
}

/* ---- What acts ---- */

/* The question whose letters act here, or NULL. */
static const struct question *decide_here(const struct page *page, const struct view *view)
{
	const struct row *row = row_here(page, view);

	return row && row->decide && row->decide->kind == ASK_CHOICE ? row->decide : NULL;
}

/* What writes has no letter, and what is about a row only where there is one. */
static bool action_letter(const struct page *page, const struct view *view,
	const struct action *action)
{
	return action->of_row && action->key != '\0' && !action->writes && row_here(page, view);
}

/* Enter: what writes is pressed only where the focus can be seen on it. */
static struct deed pressed(const struct page *page, const struct view *view)
{
	if (view->action >= page->action_count ||
		(page->actions[view->action].writes && view->on_table))
		return (struct deed){ .kind = DEED_NONE };
	return (struct deed){ DEED_PRESS, .index = view->action };
}

static bool request_acts(enum request request, const struct page *page, const struct view *view)
{
	const struct row *row = row_here(page, view);
	bool rows = page->row_count > 0, actions = page->action_count > 0;
	const bool acts[REQUEST_COUNT] = {
		[REQUEST_HELP] = true,
		[REQUEST_WHY] = why_here(page, view) != NULL,
		[REQUEST_BACK] = page->back,
		[REQUEST_AGAIN] = page->again,
		[REQUEST_DETAILS] = row && row->detail_count > 0,
		[REQUEST_UNDO] = page->undo,
		[REQUEST_JOURNAL] = page->journal,
		[REQUEST_LEAVE] = true,
		[REQUEST_PRESS] = pressed(page, view).kind == DEED_PRESS,
		[REQUEST_NEXT] = actions,
		[REQUEST_PREVIOUS] = actions,
		[REQUEST_UP] = rows,
		[REQUEST_DOWN] = rows,
		[REQUEST_PAGE_UP] = rows,
		[REQUEST_PAGE_DOWN] = rows,
		[REQUEST_FIRST] = rows,
		[REQUEST_LAST] = rows,
		[REQUEST_SEARCH] = rows && view->scrolls,
		[REQUEST_PAUSE] = page->refresh > 0,
		[REQUEST_REDRAW] = true,
	};

	return request != REQUEST_NONE && acts[request];
}

static bool step_listed(const struct page *page, int number)
{
	for (size_t i = 0; i < page->step_count; i++)
		if (page->steps[i].number == number)
			return number > 0;
	return false;
}

/* Letters and digits act where they can be seen: in the key bar, or before a step. */
static bool is_seen(const struct screen *screen, int key)
{
	bool ascii = key > ' ' && key < 0x7f;

	return !(ascii && isalnum(key)) || strchr(screen->letters, key) ||
		(isdigit(key) && screen->steps);
}

static bool answer_has(const struct answer *answer, int key)
{
	return answer->key != '\0' && (answer->key == key || answer->twin == key);
}

struct deed deed_of(const struct page *page, const struct view *view, const struct screen *screen,
	int key)
{
	const struct question *decide = decide_here(page, view);
	enum request request = key == KEY_CTRL_C ? REQUEST_LEAVE : request_of(key);

	for (size_t i = 0; decide && key != '\0' && i < decide->answer_count; i++)
		if (answer_has(&decide->answers[i], key) && is_seen(screen, decide->answers[i].key))
			return (struct deed){ DEED_ANSWER, .index = i };
	if (!is_seen(screen, key))
		return (struct deed){ .kind = DEED_NONE };
	for (size_t i = 0; i < page->action_count; i++)
		if (action_letter(page, view, &page->actions[i]) && page->actions[i].key == key)
			return (struct deed){ DEED_PRESS, .index = i };
	if (key >= '1' && key <= '6' && step_listed(page, key - '0'))
		return (struct deed){ DEED_STEP, .index = (size_t)(key - '0') };
	if (!request_acts(request, page, view))
		return (struct deed){ .kind = DEED_NONE };
	if (request == REQUEST_PRESS)
		return pressed(page, view);
	return (struct deed){ DEED_REQUEST, .request = request };
}

struct deed deed_at(const struct page *page, const struct view *view, const struct screen *screen,
	size_t row, size_t column, size_t focused)
{
	const struct hit *hit = screen_hit(screen, row, column);
	size_t index = hit ? hit->index : 0;
	bool row_hit = hit && hit->kind == HIT_ROW && index < page->row_count;
	bool button = hit && hit->kind == HIT_BUTTON && index < page->action_count;

	if (row_hit && page->rows[index].selectable)
		return (struct deed){ DEED_CURSOR, .index = index };
	if (!button)
		return (struct deed){ .kind = DEED_NONE };
	if (index + 1 == focused && index == view->action && !view->on_table &&
		!page->actions[index].writes)
		return (struct deed){ DEED_PRESS, .index = index };
	return (struct deed){ DEED_FOCUS, .index = index };
}

/* ---- What is shown ---- */

/* "F2 w": the key and, where it is a letter, its twin. letters: those that act, NULL for all. */
static char *key_text(TALLOC_CTX *mem, enum request request, const char *letters)
{
	const struct request_row *row = &request_rows[request];
	bool twin = row->twin > ' ' && row->twin < 0x7f && (!letters || strchr(letters, row->twin));

	return twin ? talloc_asprintf(mem, "%s %c", row->word, row->twin)
		    : talloc_strdup(mem, row->word);
}

/* A list of keys being made. */
struct keys {
	struct key_label *list;
	size_t count;
};

static void key_add(struct keys *keys, TALLOC_CTX *mem, const char *key, const char *label)
{
	struct key_label *more = memory_more(mem, &keys->list, keys->count++, sizeof *more);

	*more = (struct key_label){ key, label };
}

static void letter_add(struct keys *keys, TALLOC_CTX *mem, char letter, const char *label,
	const char *letters)
{
	if (letter != '\0' && (!letters || strchr(letters, letter)))
		key_add(keys, mem, talloc_asprintf(mem, "%c", letter), label);
}

/* Of the row under the cursor: its answers; the actions that are about it. */
static void answers_add(struct keys *keys, TALLOC_CTX *mem, const struct page *page,
	const struct view *view, const char *letters)
{
	const struct question *decide = decide_here(page, view);

	for (size_t i = 0; decide && i < decide->answer_count; i++)
		letter_add(keys, mem, decide->answers[i].key, decide->answers[i].label, letters);
}

static void actions_add(struct keys *keys, TALLOC_CTX *mem, const struct page *page,
	const struct view *view, const char *letters)
{
	for (size_t i = 0; i < page->action_count; i++) {
		const struct action *action = &page->actions[i];

		if (action_letter(page, view, action))
			letter_add(keys, mem, action->key,
				action->brief ? action->brief : action->label, letters);
	}
}

static void more_add(struct keys *keys, TALLOC_CTX *mem, const struct view *view)
{
	key_add(keys, mem, request_rows[view->below ? REQUEST_PAGE_DOWN : REQUEST_PAGE_UP].word,
		_("More"));
}

/* A row with more answers needs the line for them alone. */
enum { FEW_ANSWERS = 3 };

struct key_label *keybar_page(TALLOC_CTX *mem, const struct page *page, const struct view *view,
	size_t *count, size_t *must)
{
	const struct {
		enum request request;
		const char *label;
		bool here;
	} bar[] = {
		{ REQUEST_PAUSE, view->paused ? N_("Go on") : N_("Pause"), true },
		{ REQUEST_WHY, N_("Why"), true },
		{ REQUEST_NONE, N_("Steps"), step_listed(page, 1) },
		{ REQUEST_BACK, N_("Back"), true },
		{ REQUEST_AGAIN, N_("Look again"), true },
		{ REQUEST_DETAILS, N_("Details"), true },
		{ REQUEST_UNDO, N_("Undo"), true },
		{ REQUEST_JOURNAL, N_("Journal"), true },
		{ REQUEST_SEARCH, N_("Find"), true },
		{ REQUEST_PRESS, N_("Press"), true },
		{ REQUEST_NEXT, N_("Next"), true },
	};
	const struct question *decide = decide_here(page, view);
	bool many = decide && decide->answer_count > FEW_ANSWERS;
	struct keys keys = { 0 };

	key_add(&keys, mem, key_text(mem, REQUEST_HELP, NULL), _("Help"));
	if (view->scrolls && !many)
		more_add(&keys, mem, view);
	answers_add(&keys, mem, page, view, NULL);
	*must = keys.count;
	actions_add(&keys, mem, page, view, NULL);
	if (!many)
		*must = keys.count;
	if (view->scrolls && many)
		more_add(&keys, mem, view);
	for (size_t i = 0; i < ARRAY_SIZE(bar); i++) {
		bool steps = bar[i].request == REQUEST_NONE;

		if (bar[i].here && (steps || request_acts(bar[i].request, page, view)))
			key_add(&keys, mem, steps ? KEY_STEPS : key_text(mem, bar[i].request, NULL),
				_(bar[i].label));
	}
	key_add(&keys, mem, key_text(mem, REQUEST_LEAVE, NULL), _("Quit"));
	*count = keys.count;
	return keys.list;
}

struct key_label *keybar_told(TALLOC_CTX *mem, const struct page *page, const struct view *view,
	const struct screen *screen, size_t *count)
{
	struct keys keys = { 0 };

	answers_add(&keys, mem, page, view, screen->letters);
	actions_add(&keys, mem, page, view, screen->letters);
	if (strchr(screen->letters, '1'))
		key_add(&keys, mem, KEY_STEPS, _("look at that step"));
	for (int i = 0; i < REQUEST_COUNT; i++)
		if (request_acts((enum request)i, page, view))
			key_add(&keys, mem, key_text(mem, (enum request)i, screen->letters),
				_(request_rows[i].what));
	key_add(&keys, mem, _("Esc"),
		_("closes the top box without an answer; on a page: nothing"));
	key_add(&keys, mem, _("Ctrl-C"), _("as F10"));
	key_add(&keys, mem, _("Ctrl-Z"), _("suspend"));
	*count = keys.count;
	return keys.list;
}

/* "y: E: is written at step Write, not before."; "" where no answer says anything. */
static char *letters_hint(TALLOC_CTX *mem, const struct question *decide)
{
	char *hint = talloc_strdup(mem, "");

	for (size_t i = 0; decide && i < decide->answer_count; i++) {
		const struct answer *answer = &decide->answers[i];

		if (answer->key != '\0' && answer->hint)
			hint = talloc_asprintf_append_buffer(hint, "%s%c: %s",
				*hint != '\0' ? "  " : "", answer->key, answer->hint);
	}
	return hint;
}

const char *hint_page(TALLOC_CTX *mem, const struct page *page, const struct view *view)
{
	const struct action *action =
		view->action < page->action_count ? &page->actions[view->action] : NULL;
	const struct question *decide = view->on_table ? decide_here(page, view) : NULL;
	char *hint = letters_hint(mem, decide);
	const char *barred = action ? action_barred(action, view) : NULL;

	if (decide && *hint != '\0')
		return talloc_asprintf_append_buffer(hint, "  %s", _("Tab: buttons"));
	if (!action || (view->on_table && action->writes))
		return action ? talloc_strdup(mem, _("Tab: buttons")) : hint;
	if (barred)
		return talloc_strdup(mem, barred);
	return action->hint ? talloc_strdup(mem, action->hint)
			    : talloc_asprintf(mem, _("Enter: %s"), action->label);
}

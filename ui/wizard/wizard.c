/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A page on the screen until there is one reply. */
#include "ui/wizard/wizard.h"

#include <ncurses.h>
#include <string.h>

#include "base/i18n.h"
#include "ui/signals.h"
#include "ui/wizard/wizard_private.h"

int wizard_new(TALLOC_CTX *mem, struct wizard **out, struct error *err)
{
	struct wizard *wizard;
	int ret = terminal_guard(err);

	if (ret != 0)
		return ret;
	wizard = talloc_zero(mem, struct wizard);
	if (!wizard || !(wizard->board = board_new()))
		return error_memory(err);
	terminal_begin();
	box_keys();
	talloc_set_destructor(wizard, terminal_end);
	*out = wizard;
	return 0;
}

/* Where the focus was; where its action is gone the page says where it belongs. */
static size_t focus_again(const struct wizard *wizard, const struct page *page)
{
	for (size_t i = 0; wizard->focused && i < page->action_count; i++)
		if (strcmp(page->actions[i].id, wizard->focused) == 0)
			return i;
	return view_first(page).action;
}

/* Another page begins with its own focus; the same page keeps what the person had. */
static void view_begin(struct wizard *wizard, const struct page *page)
{
	if (wizard->page_id && strcmp(wizard->page_id, page->id) == 0) {
		wizard->view.cursor = page->cursor;
		wizard->view.action = focus_again(wizard, page);
		return;
	}
	talloc_free(wizard->page_id);
	wizard->page_id = talloc_strdup(wizard, page->id);
	wizard->view = view_first(page);
}

static void view_end(struct wizard *wizard, const struct page *page)
{
	talloc_free(wizard->focused);
	wizard->focused = wizard->view.action < page->action_count
		? talloc_strdup(wizard, page->actions[wizard->view.action].id)
		: NULL;
}

static const struct row *row_here(const struct wizard *wizard, const struct page *page)
{
	return wizard->view.cursor < page->row_count ? &page->rows[wizard->view.cursor] : NULL;
}

static bool replied(struct reply *reply, enum reply_kind kind, const char *id)
{
	reply->kind = kind;
	reply->id = id;
	return true;
}

/* Asks a row's or the page's question in a box; false if there was no answer. */
static bool ask(struct wizard *wizard, const struct page *page, const struct question *question,
	struct reply *reply)
{
	return box_ask(wizard, page, question, reply) && replied(reply, REPLY_ANSWER, question->id);
}

static bool press(struct wizard *wizard, const struct page *page, const struct action *action,
	struct reply *reply)
{
	if (action->refused) {
		box_message(page, action->label, action->refused);
		return false;
	}
	if (action->ask && !box_ask(wizard, page, action->ask, reply))
		return false;
	return replied(reply, REPLY_ACTION, action->id);
}

/* y, n, e: the row's answer of that letter. */
static bool decide(struct wizard *wizard, const struct page *page, int key, struct reply *reply)
{
	const struct row *row = row_here(wizard, page);
	const struct question *question = row ? row->decide : NULL;

	for (size_t i = 0; question && question->kind == ASK_CHOICE && i < question->answer_count;
		i++) {
		if (question->answers[i].key == '\0' || question->answers[i].key != key)
			continue;
		if (question->writes)
			return ask(wizard, page, question, reply);
		reply->answer = question->answers[i].id;
		return replied(reply, REPLY_ANSWER, question->id);
	}
	return false;
}

static void details_show(struct wizard *wizard, const struct page *page)
{
	const struct row *row = row_here(wizard, page);
	char *lines;

	if (!row || row->detail_count == 0)
		return;
	lines = talloc_strdup(wizard, "");
	for (size_t i = 0; i < row->detail_count; i++)
		lines = talloc_asprintf_append(lines, "%s\n  %s\n\n", row->details[i].label,
			row->details[i].text);
	pager_show(wizard, page, &(struct page_text){ _("Details"), lines });
	talloc_free(lines);
}

static void why_show(struct wizard *wizard, const struct page *page)
{
	const struct row *row = row_here(wizard, page);
	bool of_row = wizard->view.on_table && row && row->decide && row->decide->why;
	const char *why = of_row ? row->decide->why : page->why;

	pager_show(wizard, page, &(struct page_text){ _("Why"), why ? why : "" });
}

/* The next row in which one of the cells holds what is looked for. */
static void row_search(struct wizard *wizard, const struct page *page)
{
	const char *wanted = search_ask(wizard);

	for (size_t i = 1; wanted && i <= page->row_count; i++) {
		size_t at = (wizard->view.cursor + i) % page->row_count;

		for (size_t c = 0; c < page->column_count; c++) {
			if (page->rows[at].cells[c] &&
				strcasestr(page->rows[at].cells[c], wanted)) {
				wizard->view.cursor = at;
				return;
			}
		}
	}
}

/* Rows that are only read have no cursor: they scroll, and the screen keeps their top in range. */
static void move_row(struct wizard *wizard, const struct page *page, enum request request,
	size_t room)
{
	struct view *view = &wizard->view;
	bool selectable = layout_selectable(page);

	if (!request_move(request, room, selectable ? &view->cursor : &view->top) || !selectable)
		return;
	view->on_table = true;
	if (view->cursor >= page->row_count)
		view->cursor = page->row_count - 1;
}

static void move_button(struct wizard *wizard, const struct page *page, size_t by)
{
	wizard->view.action = (wizard->view.action + by) % page->action_count;
	wizard->view.on_table = false;
}

/* Requests that stay on the page. */
static void stay(struct wizard *wizard, const struct page *page, enum request request, size_t room)
{
	if (request == REQUEST_NEXT)
		move_button(wizard, page, 1);
	else if (request == REQUEST_PREVIOUS)
		move_button(wizard, page, page->action_count - 1);
	else if (request == REQUEST_HELP)
		help_show(wizard, page);
	else if (request == REQUEST_WHY)
		why_show(wizard, page);
	else if (request == REQUEST_DETAILS)
		details_show(wizard, page);
	else if (request == REQUEST_SEARCH)
		row_search(wizard, page);
	else if (request == REQUEST_REDRAW)
		clearok(curscr, TRUE);
	else
		move_row(wizard, page, request, room);
}

/* Requests that are replies by themselves. */
static bool reply_of(enum request request, struct reply *reply)
{
	static const enum reply_kind kinds[REQUEST_COUNT] = {
		[REQUEST_BACK] = REPLY_BACK,
		[REQUEST_AGAIN] = REPLY_AGAIN,
		[REQUEST_UNDO] = REPLY_UNDO,
		[REQUEST_JOURNAL] = REPLY_JOURNAL,
		[REQUEST_LEAVE] = REPLY_LEAVE,
	};

	/* REPLY_ACTION is 0: nothing by itself. */
	return request != REQUEST_NONE && kinds[request] != REPLY_ACTION &&
		replied(reply, kinds[request], NULL);
}

/* Only what is about a row has a letter, and leaves the focus alone: Enter must not do it again
 * unasked. */
static bool action_key(struct wizard *wizard, const struct page *page, int key, struct reply *reply)
{
	for (size_t i = 0; i < page->action_count; i++)
		if (page->actions[i].of_row && page->actions[i].key == key)
			return press(wizard, page, &page->actions[i], reply);
	return false;
}

/* One key; true if it made a reply. On a screen that is too small no key may do anything but
 * leave. */
static bool key_reply(struct wizard *wizard, const struct page *page, int key,
	const struct screen *screen, struct reply *reply)
{
	enum request request = key == KEY_CTRL_C ? REQUEST_LEAVE : request_of(key);

	if (key == KEY_CTRL_Z) {
		terminal_suspend();
		return false;
	}
	if (screen->too_small && request != REQUEST_LEAVE)
		return false;
	if (key >= '1' && key <= '6') {
		reply->step = key - '0';
		return replied(reply, REPLY_STEP, NULL);
	}
	if (decide(wizard, page, key, reply) || action_key(wizard, page, key, reply) ||
		reply_of(request, reply))
		return true;
	if (request == REQUEST_PRESS)
		return press(wizard, page, &page->actions[wizard->view.action], reply);
	stay(wizard, page, request, screen->table_rows);
	return false;
}

static int wizard_page(void *ui, const struct page *page, struct reply *reply)
{
	struct wizard *wizard = ui;
	bool done;

	view_begin(wizard, page);
	*reply = (struct reply){ 0 };
	done = page->question && ask(wizard, page, page->question, reply);
	while (!done && signals_came() == 0) {
		struct screen *screen = terminal_screen(wizard);

		compose_page(screen, page, &wizard->view);
		terminal_paint(screen);
		*reply = (struct reply){ 0 };
		done = key_reply(wizard, page, terminal_key(-1), screen, reply);
		talloc_free(screen);
	}
	if (!done)
		*reply = (struct reply){ .kind = REPLY_LEAVE,
			.final = true,
			.signal = signals_came() };
	reply->cursor = wizard->view.cursor;
	view_end(wizard, page);
	return 0;
}

const struct ui_ops wizard_ops = { .page = wizard_page, .work = work_run, .read = pager_show };

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
	box_begin();
	talloc_set_destructor(wizard, terminal_end);
	*out = wizard;
	return 0;
}

void wizard_mouse(struct wizard *wizard)
{
	wizard->mouse = true;
}

/* The action that had the focus; where it is gone the page says where it belongs. */
static size_t focus_again(const struct wizard *wizard, const struct page *page)
{
	for (size_t i = 0; wizard->focused && i < page->action_count; i++)
		if (strcmp(page->actions[i].id, wizard->focused) == 0)
			return i;
	return view_first(page).action;
}

/* What writes is walked to anew each time: the cursor waits on its row, a Tab away from it; where
 * there are no rows the page says where to begin. */
static void focus_safe(struct view *view, const struct page *page)
{
	if (view->action >= page->action_count || !page->actions[view->action].writes)
		return;
	if (layout_selectable(page))
		view->on_table = true;
	else
		view->action = view_first(page).action;
}

/* Which rows a page has: of other rows the last was not seen. */
static bool rows_same(struct wizard *wizard, const struct page *page)
{
	const struct row *last = page->row_count > 0 ? &page->rows[page->row_count - 1] : NULL;
	char *rows = talloc_asprintf(wizard, "%zu %s", page->row_count,
		last && last->id ? last->id : "");
	bool same = wizard->rows && rows && strcmp(wizard->rows, rows) == 0;

	talloc_free(wizard->rows);
	wizard->rows = rows;
	return same;
}

/* Nobody asked for another page: who reads it stays where he is, on the row that he was on. */
static void view_keep(struct wizard *wizard, const struct page *page, bool same_rows)
{
	wizard->view.action = focus_again(wizard, page);
	wizard->view.on_table &= layout_selectable(page);
	wizard->view.last_seen &= same_rows;
	wizard->view.seen = same_rows ? wizard->view.seen : 0;
}

/*
 * Another page begins with its own focus, and what was typed for the one before is not for it; the
 * same page keeps what the person had, and when its last row is decided the buttons have the focus.
 */
static void view_begin(struct wizard *wizard, const struct page *page)
{
	bool same = wizard->page_id && strcmp(wizard->page_id, page->id) == 0;
	bool same_rows = rows_same(wizard, page);
	struct view first = view_first(page);

	if (!same)
		flushinp();
	if (!same || wizard->refreshed)
		wizard->made = terminal_now();
	if (same && wizard->refreshed) {
		view_keep(wizard, page, same_rows);
		return;
	}
	wizard->clicked = 0;
	if (same) {
		wizard->view.cursor = page->cursor;
		wizard->view.action = focus_again(wizard, page);
		wizard->view.on_table &= first.on_table || !wizard->answered;
		focus_safe(&wizard->view, page);
		wizard->view.last_seen &= same_rows;
		wizard->view.seen = same_rows ? wizard->view.seen : 0;
		return;
	}
	talloc_free(wizard->page_id);
	wizard->page_id = talloc_strdup(wizard, page->id);
	wizard->view = first;
}

static void view_end(struct wizard *wizard, const struct page *page)
{
	talloc_free(wizard->focused);
	wizard->focused = wizard->view.action < page->action_count
		? talloc_strdup(wizard, page->actions[wizard->view.action].id)
		: NULL;
}

static bool replied(struct reply *reply, enum reply_kind kind, const char *id)
{
	reply->kind = kind;
	reply->id = id;
	return true;
}

/* Boxes have no mouse; and what was typed or pasted into one is for nothing else. */
static bool boxed(struct wizard *wizard, const struct page *page, const struct question *question,
	struct reply *reply)
{
	bool answered;

	terminal_point(wizard, false);
	answered = box_ask(wizard, page, question, reply);
	if (question->kind != ASK_CHOICE)
		terminal_drop();
	return answered;
}

/* Asks a row's or the page's question in a box; false if there was no answer. */
static bool ask(struct wizard *wizard, const struct page *page, const struct question *question,
	struct reply *reply)
{
	return boxed(wizard, page, question, reply) && replied(reply, REPLY_ANSWER, question->id);
}

static bool press(struct wizard *wizard, const struct page *page, const struct action *action,
	struct reply *reply)
{
	const char *barred = action_barred(action, &wizard->view);

	if (barred) {
		terminal_point(wizard, false);
		box_message(wizard, page, action->label, barred, page->row_count);
		return false;
	}
	if (action->ask && !boxed(wizard, page, action->ask, reply))
		return false;
	return replied(reply, REPLY_ACTION, action->id);
}

/* y, n, e: an answer of the row under the cursor. */
static bool decide(struct wizard *wizard, const struct page *page, size_t answer,
	struct reply *reply)
{
	const struct question *question = row_here(page, &wizard->view)->decide;

	if (question->writes)
		return ask(wizard, page, question, reply);
	reply->answer = question->answers[answer].id;
	return replied(reply, REPLY_ANSWER, question->id);
}

static void details_show(struct wizard *wizard, const struct page *page)
{
	const struct row *row = row_here(page, &wizard->view);
	char *lines = talloc_strdup(wizard, "");

	for (size_t i = 0; i < row->detail_count; i++) {
		lines = talloc_asprintf_append(lines, "%s\n  ", row->details[i].label);
		for (const char *at = row->details[i].text; *at != '\0'; at++)
			lines = talloc_asprintf_append_buffer(lines, "%c%s", *at,
				*at == '\n' ? "  " : "");
		lines = talloc_asprintf_append_buffer(lines, "\n\n");
	}
	pager_show(wizard, page, &(struct page_text){ _("Details"), lines });
	talloc_free(lines);
}

static bool row_holds(const struct page *page, size_t row, const char *wanted)
{
	for (size_t c = 0; c < page->column_count; c++)
		if (page->rows[row].cells[c] && strcasestr(page->rows[row].cells[c], wanted))
			return true;
	return false;
}

/* The next row in which one of the cells holds what is looked for; rows without a cursor scroll
 * there. */
static void row_search(struct wizard *wizard, const struct page *page, struct screen *screen)
{
	const char *wanted = search_ask(wizard, screen);
	bool selectable = layout_selectable(page);
	size_t *at = selectable ? &wizard->view.cursor : &wizard->view.top;

	for (size_t i = 1; wanted && i <= page->row_count; i++) {
		size_t row = (*at + i) % page->row_count;

		if (!row_holds(page, row, wanted))
			continue;
		*at = row;
		wizard->view.on_table |= selectable;
		return;
	}
	if (wanted)
		wizard->said = _("not found");
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

/* From a row first to the button that waits for its Tab. */
static void move_button(struct view *view, const struct page *page, size_t by)
{
	if (!view->on_table || !page->actions[view->action].writes)
		view->action = (view->action + by) % page->action_count;
	view->on_table = false;
}

static void page_help(struct wizard *wizard, const struct page *page, struct screen *screen)
{
	size_t count;
	struct key_label *keys = keybar_told(screen, page, &wizard->view, screen, &count);

	help_show(wizard, page, keys, count);
}

/* Requests that stay on the page. */
static void stay(struct wizard *wizard, const struct page *page, enum request request,
	struct screen *screen)
{
	if (request == REQUEST_NEXT)
		move_button(&wizard->view, page, 1);
	else if (request == REQUEST_PREVIOUS)
		move_button(&wizard->view, page, page->action_count - 1);
	else if (request == REQUEST_HELP)
		page_help(wizard, page, screen);
	else if (request == REQUEST_WHY)
		pager_show(wizard, page,
			&(struct page_text){ _("Why"), why_here(page, &wizard->view) });
	else if (request == REQUEST_DETAILS)
		details_show(wizard, page);
	else if (request == REQUEST_SEARCH)
		row_search(wizard, page, screen);
	else if (request == REQUEST_PAUSE)
		wizard->view.paused = !wizard->view.paused;
	else if (request == REQUEST_REDRAW)
		clearok(curscr, TRUE);
	else
		move_row(wizard, page, request, screen->table_rows);
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

/* True if it made a reply. */
static bool deed_do(struct wizard *wizard, const struct page *page, const struct deed *deed,
	struct screen *screen, struct reply *reply)
{
	switch (deed->kind) {
	case DEED_ANSWER:
		return decide(wizard, page, deed->index, reply);
	case DEED_PRESS:
		return press(wizard, page, &page->actions[deed->index], reply);
	case DEED_STEP:
		reply->step = (int)deed->index;
		return replied(reply, REPLY_STEP, NULL);
	case DEED_FOCUS:
		wizard->view.action = deed->index;
		wizard->view.on_table = false;
		wizard->clicked = deed->index + 1;
		break;
	case DEED_CURSOR:
		wizard->view.cursor = deed->index;
		wizard->view.on_table = true;
		break;
	case DEED_REQUEST:
		if (reply_of(deed->request, reply))
			return true;
		stay(wizard, page, deed->request, screen);
		break;
	case DEED_NONE:
		break;
	}
	return false;
}

/* A click does what it is on; the wheel scrolls. */
static struct deed pointed(struct wizard *wizard, const struct page *page,
	const struct report *report, struct screen *screen)
{
	enum { WHEEL_ROWS = 3 };
	size_t clicked = wizard->clicked;

	wizard->clicked = 0;
	if (report->kind == REPORT_CLICK)
		return deed_at(page, &wizard->view, screen, report->row, report->column, clicked);
	for (int i = 0; i < WHEEL_ROWS && page->row_count > 0; i++)
		move_row(wizard, page, report->kind == REPORT_WHEEL_UP ? REQUEST_UP : REQUEST_DOWN,
			1);
	return (struct deed){ .kind = DEED_NONE };
}

enum { LEFT_ALONE_MS = 1000 };

/* Milliseconds until the page is to be made anew by itself, -1: never. Who presses keys is left
 * alone. */
static int refresh_wait(const struct wizard *wizard, const struct page *page)
{
	uint64_t now = terminal_now(), due = wizard->made + page->refresh * UINT64_C(1000),
		 alone = wizard->pressed + LEFT_ALONE_MS;

	if (page->refresh == 0 || wizard->view.paused)
		return -1;
	if (alone > due)
		due = alone;
	return due > now ? (int)(due - now) : 0;
}

/* One key or report; true if it made a reply. On a screen that is too small no key may do anything
 * but leave. */
static bool key_reply(struct wizard *wizard, const struct page *page, struct screen *screen,
	struct reply *reply)
{
	struct report report;
	int key = key_wait(wizard, screen, refresh_wait(wizard, page), &report);
	struct deed deed = { .kind = DEED_NONE };

	if (key == ERR)
		return refresh_wait(wizard, page) == 0 && replied(reply, REPLY_REFRESH, NULL);
	if (report_counts(&report, terminal_now(), &wizard->focus) && wizard->pointing &&
		!screen->too_small)
		deed = pointed(wizard, page, &report, screen);
	else if (report.kind == REPORT_NONE)
		deed = deed_of(page, &wizard->view, screen, key);
	/* Enter held down presses one button, not those of the pages behind it. */
	if (deed.kind == DEED_PRESS && request_of(key) == REQUEST_PRESS && terminal_held(key))
		deed.kind = DEED_NONE;
	if (key != KEY_UNKNOWN)
		wizard->clicked = 0;
	if (key == KEY_CTRL_Z) {
		terminal_point(wizard, false);
		terminal_suspend();
		return false;
	}
	if (screen->too_small && (deed.kind != DEED_REQUEST || deed.request != REQUEST_LEAVE))
		return false;
	return deed_do(wizard, page, &deed, screen, reply);
}

/* Once more where the last row is seen for the first time: the hint then says what can be
 * pressed. */
static struct screen *page_compose(struct wizard *wizard, const struct page *page)
{
	struct screen *screen = terminal_screen(wizard);

	compose_page(screen, page, &wizard->view);
	if (wizard->view.last_seen || !screen->last_seen)
		return screen;
	wizard->view.last_seen = true;
	talloc_free(screen);
	screen = terminal_screen(wizard);
	compose_page(screen, page, &wizard->view);
	return screen;
}

static int wizard_page(void *ui, const struct page *page, struct reply *reply)
{
	struct wizard *wizard = ui;
	bool done;

	typed_forget(wizard);
	view_begin(wizard, page);
	*reply = (struct reply){ 0 };
	done = page->question && ask(wizard, page, page->question, reply);
	while (!done && signals_came() == 0) {
		struct screen *screen = page_compose(wizard, page);

		terminal_point(wizard, !page->copied);
		*reply = (struct reply){ 0 };
		done = key_reply(wizard, page, screen, reply);
		if (reply->kind != REPLY_REFRESH)
			wizard->pressed = terminal_now();
		talloc_free(screen);
	}
	if (!done)
		*reply = (struct reply){ .kind = REPLY_LEAVE,
			.final = true,
			.signal = signals_came() };
	reply->cursor = wizard->view.cursor;
	wizard->answered = reply->kind == REPLY_ANSWER;
	wizard->refreshed = reply->kind == REPLY_REFRESH;
	view_end(wizard, page);
	return 0;
}

const struct ui_ops wizard_ops = { .page = wizard_page, .work = work_run, .read = pager_show };

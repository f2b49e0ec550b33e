/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A page on the screen until there is one reply. */
#include "ui/wizard/wizard.h"

#include <ncurses.h>
#include <string.h>

#include "base/i18n.h"
#include "ui/signals.h"
#include "ui/wizard/wizard_private.h"
#include "ui/wizard/work.h"

enum { KEY_CTRL_C = 3, KEY_CTRL_Z = 26, SCREEN_END = 1 << 24 /* behind every last row */ };

static int wizard_free(struct wizard *wizard)
{
	(void)wizard;
	terminal_end();
	return 0;
}

int wizard_new(TALLOC_CTX *mem, struct wizard **out, struct error *err)
{
	struct wizard *wizard;
	int ret = terminal_check(err);

	if (ret == 0)
		ret = terminal_guard(err);
	if (ret != 0)
		return ret;
	wizard = talloc_zero(mem, struct wizard);
	if (wizard == NULL)
		return error_memory(err);
	wizard->signal = signals_flag();
	wizard->utf8 = layout_utf8();
	terminal_begin(wizard);
	talloc_set_destructor(wizard, wizard_free);
	*out = wizard;
	return 0;
}

/* Another page begins with its own focus; the same page keeps what the person had. */
static void view_begin(struct wizard *wizard, const struct page *page)
{
	wizard->view.cursor = page->cursor;
	wizard->view.utf8 = wizard->utf8;
	if (wizard->page_id != NULL && strcmp(wizard->page_id, page->id) == 0)
		return;
	talloc_free(wizard->page_id);
	wizard->page_id = talloc_strdup(wizard, page->id);
	wizard->view.top = 0;
	wizard->view.on_table = false;
	for (size_t i = 0; i < page->action_count; i++)
		if (page->actions[i].focused)
			wizard->view.action = i;
	for (size_t i = page->row_count; i-- > 0;) {
		if (page->rows[i].decide != NULL && page->rows[i].decided == NULL) {
			wizard->view.cursor = i;
			wizard->view.on_table = true;
		}
	}
}

static const struct row *row_here(const struct wizard *wizard, const struct page *page)
{
	return wizard->view.cursor < page->row_count ? &page->rows[wizard->view.cursor] : NULL;
}

/* Asks a question in a box and makes its answer the reply; false if there was none. */
static bool ask(struct wizard *wizard, const struct page *page, const struct question *question, enum reply_kind kind,
		const char *id, struct reply *reply)
{
	if (box_ask(wizard, page, question, reply) != BOXED_ANSWER)
		return false;
	reply->kind = kind;
	reply->id = id;
	return true;
}

static bool press(struct wizard *wizard, const struct page *page, const struct action *action, struct reply *reply)
{
	if (action->refused != NULL) {
		box_message(wizard, page, action->label, action->refused);
		return false;
	}
	if (action->ask != NULL)
		return ask(wizard, page, action->ask, REPLY_ACTION, action->id, reply);
	reply->kind = REPLY_ACTION;
	reply->id = action->id;
	return true;
}

/* y, n, e: the row's answer of that letter. */
static bool decide(struct wizard *wizard, const struct page *page, int key, struct reply *reply)
{
	const struct row *row = row_here(wizard, page);

	if (row == NULL || row->decide == NULL || row->decide->kind != ASK_CHOICE)
		return false;
	for (size_t i = 0; i < row->decide->answer_count; i++) {
		if (row->decide->answers[i].key == '\0' || row->decide->answers[i].key != key)
			continue;
		if (row->decide->writes)
			return ask(wizard, page, row->decide, REPLY_ANSWER, row->decide->id, reply);
		*reply = (struct reply){ .kind = REPLY_ANSWER,
					 .id = row->decide->id,
					 .answer = row->decide->answers[i].id };
		return true;
	}
	return false;
}

static void details_show(struct wizard *wizard, const struct page *page)
{
	const struct row *row = row_here(wizard, page);
	struct page_text text = { .title = _("Details") };
	char *lines = talloc_strdup(wizard, "");

	for (size_t i = 0; row != NULL && i < row->detail_count; i++)
		lines = talloc_asprintf_append(lines, "%s\n  %s\n\n", row->details[i].label, row->details[i].text);
	text.text = lines;
	if (row != NULL && row->detail_count > 0)
		pager_show(wizard, page, &text);
	talloc_free(lines);
}

static void why_show(struct wizard *wizard, const struct page *page)
{
	const struct row *row = row_here(wizard, page);
	bool of_row = wizard->view.on_table && row != NULL && row->decide != NULL && row->decide->why != NULL;
	struct page_text text = { _("Why"), of_row ? row->decide->why : page->why != NULL ? page->why : "" };

	pager_show(wizard, page, &text);
}

/* The next row in which one of the cells holds what is looked for. */
static void row_search(struct wizard *wizard, const struct page *page)
{
	const char *wanted = search_ask(wizard);

	for (size_t i = 1; wanted != NULL && i <= page->row_count; i++) {
		size_t at = (wizard->view.cursor + i) % page->row_count;

		for (size_t c = 0; c < page->column_count; c++) {
			if (page->rows[at].cells[c] != NULL && strcasestr(page->rows[at].cells[c], wanted) != NULL) {
				wizard->view.cursor = at;
				return;
			}
		}
	}
}

/* Rows that can only be read have no cursor: they scroll, and the screen keeps their top in range. */
static bool only_read(const struct page *page)
{
	for (size_t i = 0; i < page->row_count; i++)
		if (page->rows[i].selectable)
			return false;
	return true;
}

static void move_to(struct wizard *wizard, const struct page *page, size_t row)
{
	if (page->row_count == 0)
		return;
	if (only_read(page)) {
		wizard->view.top = row;
		return;
	}
	wizard->view.cursor = row < page->row_count ? row : page->row_count - 1;
	wizard->view.on_table = true;
}

static void move_button(struct wizard *wizard, const struct page *page, size_t by)
{
	if (page->action_count == 0)
		return;
	wizard->view.action = (wizard->view.action + by) % page->action_count;
	wizard->view.on_table = false;
}

/* Requests that stay on the page. */
static void stay(struct wizard *wizard, const struct page *page, enum request request, size_t room)
{
	size_t cursor = only_read(page) ? wizard->view.top : wizard->view.cursor;

	if (request == REQUEST_UP)
		move_to(wizard, page, cursor > 0 ? cursor - 1 : 0);
	else if (request == REQUEST_DOWN)
		move_to(wizard, page, cursor + 1);
	else if (request == REQUEST_PAGE_UP)
		move_to(wizard, page, cursor > room ? cursor - room : 0);
	else if (request == REQUEST_PAGE_DOWN)
		move_to(wizard, page, cursor + room);
	else if (request == REQUEST_FIRST)
		move_to(wizard, page, 0);
	else if (request == REQUEST_LAST)
		move_to(wizard, page, SCREEN_END);
	else if (request == REQUEST_NEXT)
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
}

/* Requests that are replies by themselves. */
static bool reply_of(enum request request, struct reply *reply)
{
	static const struct {
		enum request request;
		enum reply_kind kind;
	} replies[] = {
		{ REQUEST_BACK, REPLY_BACK }, { REQUEST_AGAIN, REPLY_AGAIN },     { REQUEST_UNDO, REPLY_UNDO },
		{ REQUEST_JOURNAL, REPLY_JOURNAL }, { REQUEST_LEAVE, REPLY_LEAVE },
	};

	for (size_t i = 0; i < sizeof replies / sizeof *replies; i++) {
		if (replies[i].request == request) {
			reply->kind = replies[i].kind;
			return true;
		}
	}
	return false;
}

static bool action_key(struct wizard *wizard, const struct page *page, int key, struct reply *reply)
{
	for (size_t i = 0; i < page->action_count; i++) {
		if (page->actions[i].key != '\0' && page->actions[i].key == key) {
			/* What is about a row leaves the focus alone: Enter must not do it again unasked. */
			if (!page->actions[i].of_row)
				wizard->view.action = i;
			return press(wizard, page, &page->actions[i], reply);
		}
	}
	return false;
}

/* One key; true if it made a reply. */
static bool key_reply(struct wizard *wizard, const struct page *page, int key, size_t room, struct reply *reply)
{
	enum request request = request_of(key);

	if (key == KEY_CTRL_C)
		request = REQUEST_LEAVE;
	if (key == KEY_CTRL_Z) {
		terminal_suspend();
		return false;
	}
	if (key >= '1' && key <= '6') {
		*reply = (struct reply){ .kind = REPLY_STEP, .step = key - '0' };
		return true;
	}
	if (decide(wizard, page, key, reply) || action_key(wizard, page, key, reply) || reply_of(request, reply))
		return true;
	if (request == REQUEST_PRESS && page->action_count > 0)
		return press(wizard, page, &page->actions[wizard->view.action], reply);
	stay(wizard, page, request, room);
	return false;
}

static bool signalled(const struct wizard *wizard, struct reply *reply)
{
	if (*wizard->signal == 0)
		return false;
	*reply = (struct reply){ .kind = REPLY_LEAVE, .final = true, .signal = (int)*wizard->signal };
	return true;
}

static int wizard_page(void *ui, const struct page *page, struct reply *reply)
{
	struct wizard *wizard = ui;
	bool replied = false;

	view_begin(wizard, page);
	*reply = (struct reply){ 0 };
	if (page->question != NULL)
		replied = ask(wizard, page, page->question, REPLY_ANSWER, page->question->id, reply);
	while (!replied && !signalled(wizard, reply)) {
		size_t rows, columns, room;
		struct screen *screen;
		bool small;
		int key, ret;

		terminal_size(&rows, &columns);
		ret = compose_page(wizard, page, &wizard->view, rows, columns, &screen);
		if (ret != 0)
			return ret;
		terminal_paint(screen);
		room = screen->table_rows;
		small = screen->too_small;
		talloc_free(screen);
		key = terminal_key(-1);
		*reply = (struct reply){ 0 };
		/* On a screen that shows nothing, no key may do anything but leave. */
		if (!small || key == KEY_CTRL_C || request_of(key) == REQUEST_LEAVE || key == KEY_CTRL_Z)
			replied = key_reply(wizard, page, key, room, reply);
	}
	reply->cursor = wizard->view.cursor;
	return 0;
}

static int wizard_work(void *ui, const struct page *page, const struct job *job)
{
	return work_run(ui, page, job);
}

static int wizard_read(void *ui, const struct page *page, const struct page_text *text)
{
	return pager_show(ui, page, text);
}

const struct ui_ops wizard_ops = { .page = wizard_page, .work = wizard_work, .read = wizard_read };

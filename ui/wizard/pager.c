/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Something long to be read: help, report, journal. */
#include <limits.h>
#include <ncurses.h>
#include <string.h>
#include <wchar.h>
#include <wctype.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "ui/signals.h"
#include "ui/wizard/compose_private.h"
#include "ui/wizard/wizard_private.h"

/* ---- The last line ---- */

static void line_put(struct screen *screen, const char *text)
{
	size_t width = layout_width(text);

	screen_put(screen, screen->rows - 1, 0, screen->columns, text, ROLE_BAR);
	screen->cursor_row = screen->rows - 1;
	screen->cursor_column = width < screen->columns ? width : screen->columns - 1;
}

int key_wait(struct wizard *wizard, struct screen *screen, int wait, struct report *report)
{
	if (wizard->said)
		line_put(screen, wizard->said);
	terminal_paint(screen);
	wizard->said = NULL;
	return terminal_report(wait, report);
}

/* What is typed: whole characters of the locale, those that can be shown. */
struct typed {
	char text[128];
	size_t len;
	char part[MB_LEN_MAX]; /* the bytes of a character that have come */
	size_t part_len;
	mbstate_t state;
};

static void typed_add(struct typed *typed, int key)
{
	char byte = (char)key;
	wchar_t character;
	size_t ret = mbrtowc(&character, &byte, 1, &typed->state);

	if (typed->part_len < sizeof typed->part)
		typed->part[typed->part_len++] = byte;
	if (ret == (size_t)-2)
		return;
	if (ret == 1 && iswprint((wint_t)character) &&
		typed->len + typed->part_len < sizeof typed->text) {
		memcpy(typed->text + typed->len, typed->part, typed->part_len);
		typed->len += typed->part_len;
	}
	typed->part_len = 0;
	typed->state = (mbstate_t){ 0 };
	typed->text[typed->len] = '\0';
}

static void typed_remove(struct typed *typed)
{
	bool inside = true;

	while (inside && typed->len > 0)
		inside = layout_utf8() && (typed->text[--typed->len] & 0xc0) == 0x80;
	typed->text[typed->len] = '\0';
}

const char *search_ask(struct wizard *wizard, struct screen *screen)
{
	struct typed typed = { 0 };
	int key = 0;

	while (request_of(key) != REQUEST_PRESS) {
		line_put(screen, talloc_asprintf(screen, "/%s", typed.text));
		terminal_paint(screen);
		key = terminal_key(-1);
		if (key == KEY_ESC || key == KEY_CTRL_C || key == KEY_RESIZE || signals_came() != 0)
			return NULL;
		if (key == KEY_BACKSPACE || key == 127 || key == 8)
			typed_remove(&typed);
		else if (key >= ' ' && key < 0x100)
			typed_add(&typed, key);
	}
	if (typed.len > 0) {
		talloc_free(wizard->found);
		wizard->found = talloc_strdup(wizard, typed.text);
	}
	return wizard->found;
}

/* ---- Long text ---- */

struct pager {
	size_t top, room, width;
	const char *wanted; /* marked where it is seen, NULL for nothing */
	size_t next;        /* the line to look at first */
};

/* The next line that holds what is looked for, from the beginning again if need be. */
static void search(struct wizard *wizard, const struct page_text *text, struct pager *pager)
{
	struct lines lines = { 0 };
	TALLOC_CTX *mem = talloc_new(wizard);

	layout_wrap(mem, text->text, pager->width, &lines);
	for (size_t i = 0; i < lines.count; i++) {
		size_t at = (pager->next + i) % lines.count;

		if (!strcasestr(lines.text[at], pager->wanted))
			continue;
		pager->top = at;
		pager->next = at + 1;
		talloc_free(mem);
		return;
	}
	talloc_free(mem);
	wizard->said = _("not found");
}

/* Marks what was found, wherever it is seen. */
static void found_mark(struct screen *screen, const char *wanted)
{
	for (size_t i = 0; i < screen->table_rows && screen->cursor_row + i < screen->rows; i++) {
		size_t row = screen->cursor_row + i;
		const char *line = screen->lines[row];

		for (const char *at = line; (at = strcasestr(at, wanted)); at += strlen(wanted))
			screen_mark(screen, row,
				layout_width(talloc_strndup(screen, line, (size_t)(at - line))),
				layout_width(wanted), ROLE_CURSOR);
	}
}

static bool leaves(int key)
{
	enum request request = request_of(key);

	return key == KEY_ESC || key == KEY_CTRL_C || request == REQUEST_LEAVE ||
		request == REQUEST_BACK || request == REQUEST_HELP;
}

/* Where the text goes by a key or the wheel. */
static void scroll_by(struct pager *pager, int key, const struct report *report)
{
	enum { WHEEL_LINES = 3 };

	if (report->kind == REPORT_WHEEL_DOWN)
		pager->top += WHEEL_LINES;
	else if (report->kind == REPORT_WHEEL_UP)
		pager->top -= pager->top > WHEEL_LINES ? WHEEL_LINES : pager->top;
	else
		(void)request_move(request_of(key), pager->room, &pager->top);
}

/* One key; false if it left the text. */
static bool pager_key(struct wizard *wizard, const struct page *page, const struct page_text *text,
	struct pager *pager)
{
	struct screen *screen = terminal_screen(wizard);
	struct report report;
	int key;

	compose_text(screen, page, text, &pager->top);
	pager->room = screen->table_rows;
	pager->width = screen->text_width;
	if (pager->wanted)
		found_mark(screen, pager->wanted);
	/* The cursor stands where it was found. */
	if (pager->next > pager->top && pager->next <= pager->top + pager->room)
		screen->cursor_row += pager->next - 1 - pager->top;
	key = key_wait(wizard, screen, -1, &report);
	if (request_of(key) == REQUEST_SEARCH && !screen->too_small) {
		pager->wanted = search_ask(wizard, screen);
		pager->next = pager->top;
	}
	talloc_free(screen);
	if ((request_of(key) == REQUEST_SEARCH || key == 'n') && pager->wanted && pager->width > 0)
		search(wizard, text, pager);
	else
		scroll_by(pager, key, &report);
	return !leaves(key);
}

int pager_show(void *ui, const struct page *page, const struct page_text *text)
{
	struct wizard *wizard = ui;
	struct pager pager = { 0 };

	terminal_point(wizard, !page->copied);
	while (signals_came() == 0 && pager_key(wizard, page, text, &pager))
		;
	return 0;
}

/* ---- F1: what the page asks, and the keys that act on it ---- */

/* What the signs in front of steps and rows say; one sign says two things, in two places. */
static char *signs_text(TALLOC_CTX *mem, const struct page *page)
{
	char *text = talloc_strdup(mem, "");

	if (page->steps)
		text = talloc_asprintf_append_buffer(text,
			_("Signs of steps: %s done, %s here, %s to come, %s something left open, %s not possible yet\n"),
			mark_sign(MARK_DONE), mark_sign(MARK_NOW), mark_sign(MARK_OPEN),
			mark_sign(MARK_WEAK), mark_sign(MARK_LOCK));
	if (page->marks)
		text = talloc_asprintf_append_buffer(text,
			_("Signs of rows: %s open, %s to be changed, %s kept, %s right, %s written\n"),
			mark_sign(MARK_ASK), mark_sign(MARK_CHANGE), mark_sign(MARK_KEEP),
			mark_sign(MARK_RIGHT), mark_sign(MARK_DONE));
	return text;
}

static char *help_text(TALLOC_CTX *mem, const struct page *page, const struct key_label *keys,
	size_t count)
{
	const char *parts[] = { page->lead, page->tail, page->coach };
	char *text = talloc_asprintf(mem, "%s\n", page->help ? page->help : "");
	size_t widest = 0;

	for (size_t i = 0; i < ARRAY_SIZE(parts); i++)
		text = talloc_strdup_append_buffer(text, parts[i]);
	text = talloc_asprintf_append_buffer(text, "\n%s\n", _("Keys"));
	for (size_t i = 0; i < count; i++)
		if (layout_width(keys[i].key) > widest)
			widest = layout_width(keys[i].key);
	/* Behind a tab what is told wraps in its own column. */
	for (size_t i = 0; i < count; i++)
		text = talloc_asprintf_append_buffer(text, "  %s \t%s\n",
			layout_fit(mem, keys[i].key, widest, CUT_END), keys[i].label);
	return talloc_asprintf_append_buffer(text, "%s\n%s\n%s",
		_("A letter acts only where it stands in the last line of the screen; the other keys always do."),
		_("The mouse wheel scrolls. A click moves to a row or button; a second click on a button presses it, but never what writes. Shift and drag marks text."),
		signs_text(mem, page));
}

void help_show(struct wizard *wizard, const struct page *page, const struct key_label *keys,
	size_t count)
{
	char *text = help_text(wizard, page, keys, count);

	pager_show(wizard, page, &(struct page_text){ _("Help"), text });
	talloc_free(text);
}

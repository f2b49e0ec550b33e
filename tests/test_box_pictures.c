/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Every box of a repair over its page, as libdialog draws it on a terminal, against tests/pages at
 * 80x24, 60x20 and 120x36: read back from the screen that curses believes the terminal shows. With
 * MSMCFIX_PAGES=write they are written anew (make pages).
 */
#include <ctype.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <dialog.h>

#include "base/memory.h"
#include "tests/gallery.h"
#include "tests/pty.h"
#include "tests/support.h"
#include "ui/signals.h"
#include "ui/wizard/compose_private.h"
#include "ui/wizard/wizard_private.h"

#define PICTURED "1.3-20230209"

/* ---- The process with the box: writes the screen when it is told to ---- */

static int out;

/* What a line is drawn with where the character set is told of (terminfo(5), acs_chars). */
static const wchar_t *line_sign(wchar_t character)
{
	static const wchar_t from[] = L"lkmjqxtuwvn", to[] = L"┌┐└┘─│├┤┬┴┼";
	const wchar_t *at = wcschr(from, character);

	return at && character != L'\0' ? to + (at - from) : L"?";
}

/* The first role that looks like it; what looks like the top line is a box below it, but for the
 * thumb of a scroll bar. */
static enum role role_like(attr_t attributes, short pair, bool in_box)
{
	unsigned ink =
		(unsigned)(attributes & ~(A_COLOR | A_ALTCHARSET)) | (unsigned)COLOR_PAIR(pair);

	if (in_box && ink == terminal_ink(ROLE_BOX))
		return ROLE_BOX;
	for (int role = 0; role < ROLE_COUNT; role++)
		if (terminal_ink((enum role)role) == ink)
			return (enum role)role;
	return (ink ^ A_REVERSE) == terminal_ink(ROLE_BOX) ? (enum role)SHEET_CHANGED : ROLE_TEXT;
}

static void cell_read(struct screen *screen, int row, int column)
{
	wchar_t text[CCHARW_MAX + 1] = { 0 };
	char bytes[64] = "";
	attr_t attributes;
	short pair;
	cchar_t cell;

	if (mvwin_wch(curscr, row, column, &cell) == ERR ||
		getcchar(&cell, text, &attributes, &pair, NULL) == ERR)
		_exit(97);
	if (attributes & A_ALTCHARSET)
		text[0] = *line_sign(text[0]);
	wcstombs(bytes, text, sizeof bytes - 1);
	screen_put(screen, (size_t)row, (size_t)column, 1, bytes,
		role_like(attributes, pair, row > 0 && column + 1 < COLS));
}

/* The process sits in read(2) when this comes: nothing it could disturb is under way. */
static void screen_tell(int number)
{
	struct screen *screen = screen_new(NULL, (size_t)LINES, (size_t)COLS);
	char *text;

	(void)number;
	screen->cursor_row = (size_t)getcury(curscr);
	screen->cursor_column = (size_t)getcurx(curscr);
	for (int row = 0; row < LINES; row++)
		for (int column = 0; column < COLS; column++)
			cell_read(screen, row, column);
	text = sheet_whole(screen, screen);
	_exit(write(out, text, strlen(text)) == (ssize_t)strlen(text) ? 0 : 96);
}

/* question: NULL for a box that only says something. */
static void box_run(const struct page *page, const struct question *question, const char *message)
{
	struct wizard *wizard;
	struct error err = { 0 };
	struct reply reply = { 0 };
	pid_t self;

	setenv("TERM", "xterm-256color", 1);
	setenv("LC_ALL", "C.UTF-8", 1);
	unsetenv("NO_COLOR");
	signals_catch();
	if (wizard_new(NULL, &wizard, &err) != 0)
		_exit(99);
	signal(SIGUSR1, screen_tell);
	self = getpid();
	if (write(out, &self, sizeof self) != sizeof self)
		_exit(98);
	wizard->view = view_first(page);
	if (question)
		box_ask(wizard, page, question, &reply);
	else
		box_message(wizard, page, "", message);
	_exit(95);
}

/* ---- The one that looks at it ---- */

static char *read_all(TALLOC_CTX *mem, int fd)
{
	char *text = talloc_strdup(mem, ""), buffer[4096];
	ssize_t got;

	while ((got = read(fd, buffer, sizeof buffer - 1)) > 0) {
		buffer[got] = '\0';
		text = talloc_strdup_append(text, buffer);
	}
	return text;
}

static char *box_seen(TALLOC_CTX *mem, const struct page *page, const struct question *question,
	const char *message, const unsigned short size[2])
{
	struct pty pty;
	int ends[2];
	pid_t boxes;
	char *text;

	assert_int_equal(pipe(ends), 0);
	out = ends[1];
	if (pty_fork(&pty, size[0], size[1]) < 0)
		support_skip("there are no pseudo terminals here");
	if (pty.child == 0)
		box_run(page, question, message);
	close(ends[1]);
	for (size_t had = 0; had < sizeof boxes;) {
		ssize_t got = read(ends[0], (char *)&boxes + had, sizeof boxes - had);

		assert_true(got > 0);
		had += (size_t)got;
	}
	if (!pty_asleep(&pty, boxes))
		fail_msg("page %s: no box comes", page->id);
	pty_still(&pty, 0.05, 2);
	kill(boxes, SIGUSR1);
	text = read_all(mem, ends[0]);
	close(ends[0]);
	pty_end(&pty, 20);
	return text;
}

/* The key bar calls what Enter does in a field as the button does. */
static void enter_true(const struct question *question, const char *text)
{
	const char *enter = strstr(text, "Enter "), *button = strchr(text, '<');
	const char *label = enter ? enter + strlen("Enter ") : "";

	if (!question || question->kind == ASK_CHOICE)
		return;
	for (button += strspn(button, "< "); *button != '>' && *button != ' '; button++, label++)
		assert_int_equal(tolower((unsigned char)*label), *button);
	assert_true(*label == ' ');
}

static void compared(struct walker *walker, const char *name, const struct question *question,
	const unsigned short size[2], const char *text)
{
	enter_true(question, text);
	gallery_compare(walker->arg, walker,
		talloc_asprintf(walker, "%s-%ux%u", name, size[1], size[0]), text);
}

static void picture(struct walker *walker, const struct page *page, const struct question *question,
	const char *message)
{
	static const unsigned short sizes[][2] = { { 24, 80 }, { 20, 60 }, { 36, 120 } };
	struct gallery *gallery = walker->arg;
	const char *id = question ? question->id : "message";
	char *name = talloc_asprintf(walker, "box-%.*s", (int)strcspn(id, ":"), id);

	if (strstr(gallery->shown, talloc_asprintf(name, " %s ", name)))
		return;
	gallery->shown = talloc_asprintf_append(gallery->shown, "%s ", name);
	walker_normalise(walker, (struct page *)page);
	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++)
		compared(walker, name, question, sizes[i],
			box_seen(walker, page, question, message, sizes[i]));
}

/* All that a page can ask in a box. */
static void boxes_of(struct walker *walker, const struct page *page)
{
	if (page->question)
		picture(walker, page, page->question, NULL);
	for (size_t i = 0; i < page->action_count; i++) {
		const struct action *action = &page->actions[i];

		if (action->ask)
			picture(walker, page, action->ask, NULL);
		if (action->refused || action->until_seen)
			picture(walker, page, NULL,
				action->refused ? action->refused : action->until_seen);
	}
	for (size_t i = 0; i < page->row_count; i++)
		if (page->rows[i].decide && page->rows[i].decide->writes)
			picture(walker, page, page->rows[i].decide, NULL);
}

static bool first_time(const struct walker *walker, const char *what)
{
	return !strstr(walker->trace, what);
}

/* The right way to the end, but once each: a value edited, a list looked at, leaving. */
static void with_detours(struct walker *walker, const struct page *page, struct reply *reply)
{
	if (page->question == NULL && strcmp(page->id, "registry") == 0 &&
		first_time(walker, "registry alike")) {
		walker_press(reply, "alike");
		reply->cursor = 0;
	} else if (page->question == NULL && strcmp(page->id, "alike") == 0) {
		walker_press(reply, "back");
	} else if (page->question == NULL && strcmp(page->id, "registry") == 0 &&
		first_time(walker, "=edit")) {
		for (size_t i = 0; i < page->row_count && !reply->id; i++)
			if (page->rows[i].decide && !page->rows[i].decided) {
				reply->kind = REPLY_ANSWER;
				reply->id = page->rows[i].decide->id;
				reply->answer = "edit";
			}
	} else if (page->question == NULL && strcmp(page->id, "share") == 0 &&
		first_time(walker, "share leave")) {
		reply->kind = REPLY_LEAVE;
	} else if (page->question && strncmp(page->question->id, "registry.edit", 13) == 0) {
		reply->kind = REPLY_ANSWER;
		reply->id = page->question->id;
		reply->text = page->question->proposal;
	} else if (page->question && strncmp(page->question->id, "leave", 5) == 0) {
		reply->kind = REPLY_BACK;
	} else {
		walker_right(walker, page, reply);
	}
}

static void boxes_are_as_they_were_read(void **state)
{
	struct walker *walker = walker_new(*state, false);
	struct gallery *gallery = gallery_new(walker);

	setenv("SUDO_USER", "jsmith", 1); /* the name that is proposed */
	walker->arg = gallery;
	walker->seen = boxes_of;
	walker_walk(walker, with_detours);
	assert_non_null(strstr(gallery->shown, " box-leave "));
	assert_non_null(strstr(gallery->shown, " box-message "));
	assert_non_null(strstr(gallery->shown, " box-oldfolder.delete "));
	/* Another libdialog may part its buttons otherwise. */
	if (gallery->wrong > 0 && strcmp(dialog_version(), PICTURED) != 0)
		support_skip("the pictures are of libdialog " PICTURED);
	assert_int_equal(gallery->wrong, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SUPPORT_TEST(boxes_are_as_they_were_read),
	};

	support_locale();
	return cmocka_run_group_tests(tests, NULL, NULL);
}

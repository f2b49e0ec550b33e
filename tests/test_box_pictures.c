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
#include "tests/remote_double.h"
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

static void tell(const char *text)
{
	if (write(out, text, strlen(text) + 1) != (ssize_t)strlen(text) + 1)
		_exit(96);
}

/* The process sits in read(2) when this comes: nothing it could disturb is under way. */
static void screen_tell(int number)
{
	struct screen *screen = screen_new(NULL, (size_t)LINES, (size_t)COLS);

	(void)number;
	screen->cursor_row = (size_t)getcury(curscr);
	screen->cursor_column = (size_t)getcurx(curscr);
	for (int row = 0; row < LINES; row++)
		for (int column = 0; column < COLS; column++)
			cell_read(screen, row, column);
	tell(sheet_whole(screen, screen));
	talloc_free(screen);
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
		box_message(wizard, page, "", message, page->row_count);
	tell(reply.answer ? reply.answer : "");
	_exit(95);
}

/* ---- The one that looks at it ---- */

struct box_there {
	struct pty pty;
	int in;
	pid_t boxes;
};

/* Up to the byte that ends it. */
static char *heard(TALLOC_CTX *mem, const struct box_there *box)
{
	char *text = talloc_strdup(mem, ""), byte;

	while (read(box->in, &byte, 1) == 1 && byte != '\0')
		text = talloc_strndup_append_buffer(text, &byte, 1);
	return text;
}

static void box_open(struct box_there *box, const struct page *page,
	const struct question *question, const char *message, const unsigned short size[2])
{
	int ends[2];

	assert_int_equal(pipe(ends), 0);
	out = ends[1];
	if (pty_fork(&box->pty, size[0], size[1]) < 0)
		support_skip("there are no pseudo terminals here");
	if (box->pty.child == 0)
		box_run(page, question, message);
	close(ends[1]);
	box->in = ends[0];
	for (size_t had = 0; had < sizeof box->boxes;) {
		ssize_t got = read(ends[0], (char *)&box->boxes + had, sizeof box->boxes - had);

		assert_true(got > 0);
		had += (size_t)got;
	}
	if (!pty_asleep(&box->pty, box->boxes))
		fail_msg("page %s: no box comes", page->id);
	pty_still(&box->pty, 0.05, 2);
}

static char *box_screen(TALLOC_CTX *mem, const struct box_there *box)
{
	kill(box->boxes, SIGUSR1);
	return heard(mem, box);
}

static void box_close(struct box_there *box)
{
	close(box->in);
	kill(box->boxes, SIGKILL);
	pty_end(&box->pty, 20);
}

static char *box_seen(TALLOC_CTX *mem, const struct page *page, const struct question *question,
	const char *message, const unsigned short size[2])
{
	struct box_there box;
	char *text;

	box_open(&box, page, question, message, size);
	text = box_screen(mem, &box);
	box_close(&box);
	return text;
}

/* ---- The cursor ---- */

/* The line that the cursor is in, and its column. */
static char *cursor_line(TALLOC_CTX *mem, const char *screen, size_t *line, size_t *column)
{
	const char *said = strstr(screen, "(cursor: "), *text = screen;

	assert_non_null(said);
	assert_int_equal(sscanf(said, "(cursor: line %zu, column %zu)", line, column), 2);
	for (size_t i = 1; i < *line; i++)
		text = strchr(text, '\n') + 1;
	return talloc_strndup(mem, text, strcspn(text, "\n"));
}

/* "leave it" where the cursor stands on the first letter between < and >; "" in a field. */
static char *focused(TALLOC_CTX *mem, const char *screen, size_t *line, size_t *column)
{
	char *text = cursor_line(mem, screen, line, column), *at, *begin;

	at = text + layout_bytes(text, *column - 1);
	if (!strchr(text, '<') || !strchr(text, '>'))
		return talloc_strdup(mem, "");
	for (begin = at - 1; begin > text && *begin == ' ';)
		begin--;
	if (*begin != '<' || !isalpha((unsigned char)*at))
		fail_msg("the cursor is on no button's first letter: %s, column %zu", text,
			*column);
	*strchr(at, '>') = '\0';
	while (at[strlen(at) - 1] == ' ')
		at[strlen(at) - 1] = '\0';
	return at;
}

/* How often a box must be tabbed through to come back: its fields and its buttons. */
static size_t stops_of(const struct question *question)
{
	if (!question)
		return 1;
	return question->kind == ASK_CHOICE  ? question->answer_count
		: question->kind == ASK_FORM ? question->field_count + 2
					     : 3;
}

/* Enter presses the button that the cursor stands on. */
static void pressed(TALLOC_CTX *mem, struct box_there *box, const struct question *question,
	const char *name)
{
	const char *id;

	pty_keys(&box->pty, "\r");
	id = heard(mem, box);
	for (size_t i = 0; i < question->answer_count; i++)
		if (strcmp(question->answers[i].id, id) == 0 &&
			strcasecmp(question->answers[i].label, name) == 0)
			return;
	fail_msg("%s: on '%s' Enter answers '%s'", question->id, name, id);
}

/* What is typed comes where the cursor stands. */
static void typed(TALLOC_CTX *mem, struct box_there *box, size_t line, size_t column)
{
	size_t now, after, tries = 200;
	char *text;

	pty_keys(&box->pty, "Q");
	/* It may sleep because the key has not come yet, or stand in the middle of drawing. */
	do {
		assert_true(pty_asleep(&box->pty, box->boxes));
		text = cursor_line(mem, box_screen(mem, box), &now, &after);
	} while ((now != line || after != column + 1) && --tries > 0 && usleep(25000) == 0);
	assert_int_equal(now, line);
	assert_int_equal(after, column + 1);
	assert_int_equal(text[layout_bytes(text, column - 1)], 'Q');
}

/* After so many Tabs: the line and the button, "13 " for a field. */
static char *stop_at(TALLOC_CTX *mem, const struct page *page, const struct question *question,
	const char *message, size_t tabs)
{
	static const unsigned short size[] = { 24, 80 };
	struct box_there box;
	size_t line, column;
	char *name;

	box_open(&box, page, question, message, size);
	while (tabs-- > 0)
		pty_keys(&box.pty, "\t");
	assert_true(pty_asleep(&box.pty, box.boxes));
	name = focused(mem, box_screen(mem, &box), &line, &column);
	/* Of what is secret nothing comes, and nothing moves. */
	if (*name == '\0' && !(question && question->kind == ASK_SECRET))
		typed(mem, &box, line, column);
	else if (question && question->kind == ASK_CHOICE)
		pressed(mem, &box, question, name);
	assert_null(strstr(box.pty.seen, "\033[?25l"));
	box_close(&box);
	return talloc_asprintf(mem, "%zu %s", line, name);
}

/* Each Tab takes it to another field or button, until it was in all of them. */
static void cursor_follows(struct walker *walker, const struct page *page,
	const struct question *question, const char *message)
{
	size_t stops = stops_of(question);
	char *seen = talloc_strdup(walker, "\n");

	for (size_t k = 0; k <= stops; k++) {
		char *stop = talloc_asprintf(walker, "\n%s\n",
			stop_at(walker, page, question, message, k));

		if ((strstr(seen, stop) != NULL) != (k == stops))
			fail_msg("page %s: Tab %zu leads to%sbehind%s", page->id, k, stop, seen);
		seen = talloc_strdup_append(seen, stop + 1);
	}
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
	cursor_follows(walker, page, question, message);
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
		walker_mail_flows(walker, page, reply);
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

/* What a person says of mail, where no practice server shows it by itself. */
static void boxes_of_words(struct walker *walker, const struct page *page)
{
	if (page->question && strncmp(page->question->id, "mail.attest", 11) == 0)
		picture(walker, page, page->question, NULL);
	for (size_t i = 0; !page->question && i < page->action_count; i++)
		if (page->actions[i].ask && strcmp(page->actions[i].ask->id, "mail.rest") == 0)
			picture(walker, page, page->actions[i].ask, NULL);
}

static void to_the_words(struct walker *walker, const struct page *page, struct reply *reply)
{
	if (strcmp(page->id, "pause") == 0)
		walker_press(reply, "mail");
	else
		walker_right(walker, page, reply);
}

static void boxes_of_a_persons_word_are_as_they_were_read(void **state)
{
	struct walker *walker = walker_new(*state, true);
	struct gallery *gallery = gallery_new(walker);

	setenv("SUDO_USER", "jsmith", 1);
	walker->options.letters_confirmed = true;
	walker->arg = gallery;
	walker->seen = boxes_of_words;
	walker_walk(walker, to_the_words);
	assert_non_null(strstr(gallery->shown, " box-mail.attest box-mail.rest "));
	if (gallery->wrong > 0 && strcmp(dialog_version(), PICTURED) != 0)
		support_skip("the pictures are of libdialog " PICTURED);
	assert_int_equal(gallery->wrong, 0);
}

/* Who signs in at a running server, and who agrees to its protocol. */
static void signing_in(struct walker *walker, const struct page *page, struct reply *reply)
{
	(void)walker;
	reply->kind = page->question ? REPLY_ANSWER : REPLY_LEAVE;
	reply->id = page->question ? page->question->id : NULL;
	reply->text = page->question && page->question->kind == ASK_SECRET ? "opensesame" : "admin";
	if (!page->question && strcmp(page->id, "dialect") == 0 &&
		first_time(walker, "dialect agree")) {
		walker_press(reply, "agree");
		reply->text = " ";
	}
}

static void boxes_of_a_running_server_are_as_they_were_read(void **state)
{
	struct walker *walker = walker_new(*state, false);
	struct gallery *gallery = gallery_new(walker);

	setenv("SUDO_USER", "jsmith", 1);
	remote_double = (struct remote_double){ .dir = walker->dir };
	walker->options.practice = false;
	walker->options.practice_case = NULL;
	walker->options.host = "old";
	walker->arg = gallery;
	walker->seen = boxes_of;
	walker_walk(walker, signing_in);
	assert_non_null(strstr(gallery->shown, " box-signin.user "));
	assert_non_null(strstr(gallery->shown, " box-signin.password "));
	assert_non_null(strstr(gallery->shown, " box-dialect.operator "));
	if (gallery->wrong > 0 && strcmp(dialog_version(), PICTURED) != 0)
		support_skip("the pictures are of libdialog " PICTURED);
	assert_int_equal(gallery->wrong, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SUPPORT_TEST(boxes_are_as_they_were_read),
		SUPPORT_TEST(boxes_of_a_persons_word_are_as_they_were_read),
		SUPPORT_TEST(boxes_of_a_running_server_are_as_they_were_read),
	};

	support_locale();
	return cmocka_run_group_tests(tests, NULL, NULL);
}

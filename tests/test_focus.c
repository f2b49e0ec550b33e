/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the focus is after something came between: the same page again after an action, a form
 * after another size or a look at the help. On a terminal. */
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/memory.h"
#include "tests/pty.h"
#include "tests/support.h"
#include "ui/signals.h"
#include "ui/wizard/wizard_private.h"

/* ---- The process with the screen: tells each reply in a line ---- */

static const struct action actions[] = {
	{ .id = "keep", .label = "Keep", .focused = true },
	{ .id = "all", .label = "Put all back", .writes = true },
	{ .id = "this", .label = "Put this back", .writes = true, .of_row = true },
	{ .id = "look", .label = "Look" },
};
static const struct field fields[] = { { "who", "Who", "jsmith", 1 }, { "when", "When", "", 0 },
	{ "what", "What", "", 0 } };
static const struct question form = { .id = "mail.attest",
	.kind = ASK_FORM,
	.title = "What was seen?",
	.text = "Who saw the message, and when?\n",
	.writes = true,
	.fields = fields,
	.field_count = ARRAY_SIZE(fields) };

static void told(int out, const char *text)
{
	if (write(out, text, strlen(text)) < 0 || write(out, "\n", 1) != 1)
		_exit(98);
}

/* The undo page, again and again; with one row less each time. */
static void pages_run(struct wizard *wizard, int out, bool selectable)
{
	struct row rows[] = { { .id = "a", .cells = { "a" } }, { .id = "b", .cells = { "b" } },
		{ .id = "c", .cells = { "c" } }, { .id = "d", .cells = { "d" } } };
	static const struct column column = { "What", 10, CUT_END, false };
	size_t cursor = 0;

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		rows[i].selectable = selectable;
	for (;;) {
		struct page page = { .id = "undo",
			.title = "Undo",
			.server = "MAIL1",
			.columns = &column,
			.column_count = 1,
			.rows = rows,
			.row_count = ARRAY_SIZE(rows),
			.cursor = cursor,
			.actions = actions,
			.action_count = ARRAY_SIZE(actions) };
		struct reply reply = { 0 };
		char text[64];

		if (wizard_ops.page(wizard, &page, &reply) != 0 || reply.kind == REPLY_LEAVE)
			return;
		cursor = reply.cursor;
		snprintf(text, sizeof text, "%s %zu", reply.id ? reply.id : "-", cursor);
		told(out, text);
	}
}

static void form_run(struct wizard *wizard, int out)
{
	struct page page = { .id = "mail",
		.title = "Mail",
		.server = "MAIL1",
		.actions = actions,
		.action_count = 1,
		.help = "Help.\n" };

	for (;;) {
		struct reply reply = { 0 };
		char text[256];
		bool answered = box_ask(wizard, &page, &form, &reply);

		if (signals_came() != 0)
			return;
		snprintf(text, sizeof text, "%s %s|%s|%s", answered ? "yes" : "no", reply.fields[0],
			reply.fields[1], reply.fields[2]);
		told(out, text);
	}
}

enum what { PAGES, READ_PAGES, FORM };

static void run(enum what what, int out)
{
	struct wizard *wizard;
	struct error err = { 0 };
	char self[32];

	setenv("TERM", "xterm-256color", 1);
	setenv("LC_ALL", "C", 1);
	setenv("ESCDELAY", "5", 1);
	signals_catch();
	if (wizard_new(NULL, &wizard, &err) != 0)
		_exit(99);
	snprintf(self, sizeof self, "%d", (int)getpid());
	told(out, self);
	if (what == FORM)
		form_run(wizard, out);
	else
		pages_run(wizard, out, what == PAGES);
	talloc_free(wizard);
	_exit(0);
}

/* ---- The person ---- */

struct person {
	struct pty pty;
	int in;
	pid_t process;
	char said[256];
};

/* The next line that was told; false if none is there. */
static bool heard(struct person *person)
{
	size_t len = 0;

	while (poll(&(struct pollfd){ .fd = person->in, .events = POLLIN }, 1, 0) == 1 &&
		len + 1 < sizeof person->said && read(person->in, person->said + len, 1) == 1 &&
		person->said[len] != '\n')
		len++;
	person->said[len] = '\0';
	return len > 0;
}

static struct person *sit_down(TALLOC_CTX *mem, enum what what)
{
	struct person *person = talloc_zero(mem, struct person);
	int tell[2];

	assert_int_equal(pipe(tell), 0);
	if (pty_fork(&person->pty, 24, 80) < 0)
		support_skip("there are no pseudo terminals here");
	if (person->pty.child == 0)
		run(what, tell[1]);
	close(tell[1]);
	person->in = tell[0];
	while (!heard(person))
		pty_still(&person->pty, 0.01, 0.05);
	person->process = (pid_t)atoi(person->said);
	assert_true(pty_asleep(&person->pty, person->process));
	return person;
}

static void get_up(struct person *person)
{
	kill(person->process, SIGTERM);
	pty_end(&person->pty, 20);
	close(person->in);
}

/* A box that is closed and asked anew sleeps in between, too. */
static void settled(struct person *person)
{
	assert_true(pty_asleep(&person->pty, person->process));
	pty_still(&person->pty, 0.15, 5);
	assert_true(pty_asleep(&person->pty, person->process));
}

/* What was told after these keys, "" for nothing. */
static const char *keys(struct person *person, const char *keys)
{
	if (*keys != '\0')
		pty_keys(&person->pty, keys);
	settled(person);
	heard(person);
	return person->said;
}

static void resize(struct person *person, unsigned short rows, unsigned short columns)
{
	const struct winsize size = { .ws_row = rows, .ws_col = columns };

	assert_int_equal(ioctl(person->pty.fd, TIOCSWINSZ, &size), 0);
	settled(person);
}

/* ---- Pages ---- */

#define DOWN "\033OB"

static void a_button_keeps_the_focus_when_its_page_comes_again(void **state)
{
	struct person *person = sit_down(*state, PAGES);

	assert_string_equal(keys(person, DOWN DOWN "\t\t\t"), "");
	assert_string_equal(keys(person, "\r"), "look 2");
	assert_string_equal(keys(person, "\r"), "look 2");
	/* around, and still on the row */
	assert_string_equal(keys(person, "\t\r"), "keep 2");
	get_up(person);
}

/* Enter held down, or pressed once too often, writes once; a Tab goes to the same button again. */
static void what_writes_wants_a_tab_each_time(void **state)
{
	struct person *person = sit_down(*state, PAGES);

	assert_string_equal(keys(person, DOWN "\t\t"), "");
	assert_string_equal(keys(person, "\r"), "this 1");
	assert_string_equal(keys(person, "\r"), "");
	assert_string_equal(keys(person, " \n\r\n"), "");
	assert_string_equal(keys(person, DOWN "\t\r"), "this 2");
	assert_string_equal(keys(person, "\033[Z\r"), "this 2");
	get_up(person);
}

/* Where no row can have the cursor, the page's own button has the focus. */
static void without_rows_the_safe_button_has_the_focus(void **state)
{
	struct person *person = sit_down(*state, READ_PAGES);

	assert_string_equal(keys(person, "\t\r"), "all 0");
	assert_string_equal(keys(person, "\r"), "keep 0");
	get_up(person);
}

/* ---- A form ---- */

static void a_form_keeps_field_and_text_at_another_size(void **state)
{
	struct person *person = sit_down(*state, FORM);

	assert_string_equal(keys(person, DOWN "10:31" DOWN "arrived"), "");
	resize(person, 36, 120);
	assert_string_equal(keys(person, "!"), "");
	resize(person, 20, 60);
	assert_string_equal(keys(person, "?"), "");
	assert_string_equal(keys(person, "\033OP"), ""); /* F1: the help */
	assert_string_equal(keys(person, "q"), "");
	assert_string_equal(keys(person,
				    "\033OA"
				    "x"),
		"");
	assert_string_equal(keys(person, "\r"), "yes jsmith|x10:31|?!arrived");
	get_up(person);
}

static void a_form_keeps_the_button(void **state)
{
	static const char *const to[] = { "", "\t\t\t", "\t\t\t\t" };
	static const char *const ends[] = { "yes jsmith||", "yes jsmith||", "no jsmith||" };

	for (size_t i = 0; i < ARRAY_SIZE(to); i++) {
		struct person *person = sit_down(*state, FORM);

		assert_string_equal(keys(person, to[i]), "");
		resize(person, 20, 60);
		resize(person, 24, 80);
		assert_string_equal(keys(person, "\r"), ends[i]);
		get_up(person);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SUPPORT_TEST(a_button_keeps_the_focus_when_its_page_comes_again),
		SUPPORT_TEST(what_writes_wants_a_tab_each_time),
		SUPPORT_TEST(without_rows_the_safe_button_has_the_focus),
		SUPPORT_TEST(a_form_keeps_field_and_text_at_another_size),
		SUPPORT_TEST(a_form_keeps_the_button),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

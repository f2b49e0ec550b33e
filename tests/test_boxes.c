/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Every byte and every key of the terminal in every kind of box that writes: only Enter writes, and
 * only where a key that moves the focus was pressed before it, or the word was typed.
 */
#include <poll.h>
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
#include <ncurses.h>
#include <term.h>
/* term.h takes these words for itself. */
#undef lines
#undef columns
#undef tone

#include "base/memory.h"
#include "tests/pty.h"
#include "tests/support.h"
#include "ui/signals.h"
#include "ui/wizard/wizard_private.h"

#define KIND "xterm-256color"

static const struct answer answers[] = { { "write", "Write 13 now", 'y', false, NULL, 0 },
	{ "not-yet", "Not yet", 'n', true, NULL, 0 } };
static const struct answer three[] = { { "write", "Arrived", 'y', false, NULL, 0 },
	{ "failed", "Did not arrive", 'n', false, NULL, 0 },
	{ "later", "Later", 'e', true, NULL, 0 } };
static const struct question choice = { .id = "carry.write",
	.kind = ASK_CHOICE,
	.title = "Write these changes?",
	.text = "Operator jsmith\n",
	.writes = true,
	.answers = answers,
	.answer_count = ARRAY_SIZE(answers) };
static const struct question of_three = { .id = "carry.write",
	.kind = ASK_CHOICE,
	.title = "Which?",
	.writes = true,
	.answers = three,
	.answer_count = ARRAY_SIZE(three) };
static const struct question typed = { .id = "oldfolder.delete",
	.kind = ASK_TYPED,
	.title = "Type the server's name to delete:",
	.writes = true,
	.expected = "MAIL1" };

static const struct field fields[] = { { "who", "Who", "jsmith", 1 },
	{ "what", "What", "the message at 10:31", 10 } };
static const struct question form = { .id = "mail.attest",
	.kind = ASK_FORM,
	.title = "What was seen?",
	.writes = true,
	.fields = fields,
	.field_count = ARRAY_SIZE(fields) };

/* ---- The process with the boxes: asks again and again, and tells each answer ---- */

/* 'w' for one that writes, 's' for a safe one, '-' for none. */
static char told(const struct question *question, bool answered, const struct reply *reply)
{
	if (!answered)
		return '-';
	return question->kind != ASK_CHOICE || strcmp(reply->answer, "write") == 0 ? 'w' : 's';
}

static void boxes_run(const struct question *question, int out)
{
	static const struct action action = { .id = "back", .label = "Back", .focused = true };
	struct page page = { .id = "carry",
		.title = "Carry out",
		.server = "MAIL1",
		.badge = "09:41Z",
		.actions = &action,
		.action_count = 1 };
	struct wizard *wizard;
	struct error err = { 0 };
	pid_t self;

	setenv("TERM", KIND, 1);
	setenv("LC_ALL", "C", 1);
	setenv("ESCDELAY", "5", 1);
	signals_catch();
	if (wizard_new(NULL, &wizard, &err) != 0)
		_exit(99);
	self = getpid();
	if (write(out, &self, sizeof self) != sizeof self)
		_exit(99);
	for (;;) {
		struct reply reply = { 0 };
		bool answered = box_ask(wizard, &page, question, &reply);
		char tell = told(question, answered, &reply);

		if (signals_came() != 0 || write(out, &tell, 1) != 1)
			break;
	}
	talloc_free(wizard);
	_exit(0);
}

/* ---- The person ---- */

struct person {
	struct pty pty;
	int in;
	pid_t boxes;
};

static struct person *sit_down(TALLOC_CTX *mem, const struct question *question)
{
	struct person *person = talloc_zero(mem, struct person);
	int tell[2];

	signal(SIGPIPE, SIG_IGN);
	assert_int_equal(pipe(tell), 0);
	if (pty_fork(&person->pty, 24, 80) < 0)
		support_skip("there are no pseudo terminals here");
	if (person->pty.child == 0) {
		close(tell[0]);
		boxes_run(question, tell[1]);
	}
	close(tell[1]);
	person->in = tell[0];
	while (poll(&(struct pollfd){ .fd = tell[0], .events = POLLIN }, 1, 0) == 0)
		pty_still(&person->pty, 0.01, 0.05);
	assert_int_equal(read(tell[0], &person->boxes, sizeof person->boxes), sizeof person->boxes);
	if (!pty_asleep(&person->pty, person->boxes))
		fail_msg("no box comes");
	return person;
}

static void get_up(struct person *person)
{
	kill(person->boxes, SIGTERM);
	pty_end(&person->pty, 20);
	close(person->in);
}

/* What the box answered to that, 0 if it is open still. */
static char answer_to(struct person *person, const char *keys)
{
	char answer = '\0';

	pty_keys(&person->pty, keys);
	if (!pty_asleep(&person->pty, person->boxes))
		fail_msg("no box is there any more");
	if (poll(&(struct pollfd){ .fd = person->in, .events = POLLIN }, 1, 0) == 1)
		assert_int_equal(read(person->in, &answer, 1), 1);
	return answer;
}

/* Closes the box, if these keys did not. */
static char left(struct person *person, char answer)
{
	for (int i = 0; answer == '\0' && i < 10; i++)
		answer = answer_to(person, "\003");
	return answer;
}

/* One key, then Enter; whether that wrote. */
static bool key_and_enter(struct person *person, const char *key)
{
	char answer = answer_to(person, key);

	if (answer == 'w')
		fail_msg("a key alone writes: %s", key);
	if (answer == '\0')
		answer = answer_to(person, "\r");
	return left(person, answer) == 'w';
}

/* A key with the focus on the button that writes; whether it wrote. */
static bool key_on_the_button(struct person *person, const char *key)
{
	return left(person, answer_to(person, talloc_asprintf(person, "\t%s", key))) == 'w';
}

/* What moves the focus: Tab, Shift-Tab and the arrows; and their twins in libdialog, none of which
 * can be shown as a character. */
static bool may_write(const char *key)
{
	return key[1] != '\0' || (*key > 0 && *key < ' ');
}

/* One suspends; behind the other a box waits a moment for what was pasted. */
static bool is_apart(int byte)
{
	return byte == KEY_CTRL_Z || byte == KEY_BOX_PASTE;
}

static void all_bytes(struct person *person, int last, bool (*may)(const char *key))
{
	for (int byte = 1; byte <= last; byte++) {
		const char key[] = { (char)byte, '\0' };

		if (!is_apart(byte) && key_and_enter(person, key) && !may(key))
			fail_msg("byte %d, then Enter, writes", byte);
		if (!is_apart(byte) && key_on_the_button(person, key) && *key != '\r' &&
			*key != '\n')
			fail_msg("byte %d writes", byte);
	}
}

/* Whatever the terminal's description calls a key. */
static void all_keys(struct person *person)
{
	int err;

	assert_int_equal(setupterm(KIND, STDOUT_FILENO, &err), OK);
	for (size_t i = 0; strnames[i] != NULL; i++) {
		const char *key = *strnames[i] == 'k' ? tigetstr(strnames[i]) : NULL;

		if (key != NULL && key != (char *)-1 && *key == '\033')
			assert_false(
				key_on_the_button(person, key) && strcmp(strnames[i], "kent") != 0);
	}
}

static void only_enter_on_the_button_writes(void **state)
{
	struct person *person = sit_down(*state, &choice);

	all_bytes(person, 0xff, may_write);
	all_keys(person);
	assert_true(key_and_enter(person, "\t"));
	assert_true(key_and_enter(person, "\033OC"));
	assert_false(key_and_enter(person, " "));
	get_up(person);
}

static void no_letter_of_three_answers_writes(void **state)
{
	static const char *const letters[] = { "a", "A", "d", "D", "l", "L", "y", "Y", "n", "e",
		"1", " " };
	struct person *person = sit_down(*state, &of_three);

	for (size_t i = 0; i < ARRAY_SIZE(letters); i++) {
		assert_false(key_and_enter(person, letters[i]));
		assert_false(key_on_the_button(person, letters[i]));
		assert_false(key_on_the_button(person, letters[i]));
	}
	assert_true(key_and_enter(person, "\t") || key_and_enter(person, "\t\t"));
	get_up(person);
}

static bool never(const char *key)
{
	(void)key;
	return false;
}

static void only_the_word_writes_where_one_is_asked_for(void **state)
{
	struct person *person = sit_down(*state, &typed);

	all_bytes(person, 0x7f, never);
	assert_true(key_and_enter(person, "MAIL1"));
	assert_false(key_and_enter(person, "MAIL"));
	/* A paste is text: its line end presses nothing, and what follows that is dropped. */
	assert_int_equal(answer_to(person, "\033[200~MAIL1\rx\r\033[201~"), '\0');
	assert_int_equal(answer_to(person, "\r"), 'w');
	get_up(person);
}

static void only_enter_puts_a_form_on_record(void **state)
{
	struct person *person = sit_down(*state, &form);

	for (int byte = 1; byte < 0x80; byte++) {
		const char key[] = { (char)byte, '\0' };

		if (!is_apart(byte) && byte != '\r' && byte != '\n')
			assert_int_equal(left(person, answer_to(person, key)), '-');
	}
	assert_int_equal(answer_to(person, "\033[200~seen by me\r\033[201~"), '\0');
	assert_int_equal(answer_to(person, "\r"), 'w');
	get_up(person);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SUPPORT_TEST(only_enter_on_the_button_writes),
		SUPPORT_TEST(no_letter_of_three_answers_writes),
		SUPPORT_TEST(only_the_word_writes_where_one_is_asked_for),
		SUPPORT_TEST(only_enter_puts_a_form_on_record),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

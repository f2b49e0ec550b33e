/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A page that looks again by itself, on a terminal: when it does, when it does not, what stays
 * where it was, and what is sent to the terminal for it. And the work behind it, which nobody asked
 * for: the page stays, and whoever presses a key comes first.
 */
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/memory.h"
#include "tests/pty.h"
#include "tests/support.h"
#include "ui/signals.h"
#include "ui/wizard/wizard_private.h"

/* ---- The process with the page ---- */

static const struct answer answers[] = { { "later", "Later", 'e', true, NULL, 0 } };
static const struct question decide = { .id = "mail.seen:x",
	.kind = ASK_CHOICE,
	.title = "Did it arrive?",
	.answers = answers,
	.answer_count = 1 };
static const struct question line = { .id = "mail.read",
	.kind = ASK_TEXT,
	.title = "Which mailbox?",
	.text = "One of them.\n",
	.min_length = 1 };
static const struct action actions[] = {
	{ .id = "continue", .label = "Continue", .focused = true, .kind = ACTION_FORWARD },
	{ .id = "again", .label = "Look again" },
	{ .id = "read", .label = "Read a mailbox", .ask = &line },
};
static const struct column columns[] = { { "PC MTA", 20, CUT_END, false },
	{ "Known", 15, CUT_END, false } };

static struct page *page_of(TALLOC_CTX *mem, int look)
{
	struct page *page = talloc_zero(mem, struct page);
	struct row *rows = talloc_zero_array(page, struct row, 3);

	*page = (struct page){ .id = "mail",
		.title = "Step 5 of 6: Mail flow",
		.server = "MAIL1",
		.badge = "09:39Z",
		.refresh = 1,
		.columns = columns,
		.column_count = 2,
		.rows = rows,
		.row_count = 3,
		.why = "Why.\n",
		.help = "Help.\n",
		.lead = talloc_asprintf(page, "look %d\n", look),
		.actions = actions,
		.action_count = ARRAY_SIZE(actions) };
	for (size_t i = 0; i < 3; i++)
		rows[i] = (struct row){ .id = "x",
			.cells = { talloc_asprintf(page, "MTA %zu", i), "NOT SEEN" },
			.decide = &decide,
			.decided = "sent",
			.selectable = true };
	return page;
}

/* What the page's process tells of a reply. */
struct news {
	enum reply_kind kind;
	char id[16];
	size_t cursor;
};

struct looker {
	int out, look;
	unsigned ms; /* that a look takes */
};

/* A look that takes so long waits for a server that does not answer. */
enum { FROZEN_MS = 9000 };

/* Tells in pieces, as a look at folders does; it is stopped where that is wanted. */
static int look(void *arg, job_tell *tell, void *ui)
{
	struct looker *looker = arg;
	struct job_state state = { .what = "looking",
		.now = "",
		.waiting = looker->ms == FROZEN_MS ? "MAIL1 does not answer" : NULL };
	enum { PIECE_MS = 20 };

	for (unsigned ms = 0; ms < looker->ms; ms += PIECE_MS) {
		nanosleep(&(struct timespec){ .tv_nsec = PIECE_MS * 1000000 }, NULL);
		if (tell(ui, &state) != 0)
			return -TROUBLE_STOPPED;
	}
	return 0;
}

static void page_run(struct looker *looker)
{
	struct wizard *wizard = NULL;
	struct reply reply = { 0 };
	struct error err;

	support_locale();
	setenv("TERM", "xterm-256color", 1);
	setenv("ESCDELAY", "5", 1);
	signals_catch();
	if (wizard_new(NULL, &wizard, &err) != 0)
		_exit(99);
	while (reply.kind != REPLY_LEAVE) {
		struct page *page = page_of(wizard, looker->look);
		struct news news;

		page->cursor = reply.cursor;
		if (wizard_ops.page(wizard, page, &reply) != 0)
			break;
		news = (struct news){ .kind = reply.kind, .cursor = reply.cursor };
		snprintf(news.id, sizeof news.id, "%s", reply.id ? reply.id : "");
		if (write(looker->out, &news, sizeof news) != sizeof news)
			break;
		if (reply.kind == REPLY_REFRESH &&
			wizard_ops.work(wizard, page,
				&(struct job){ look, looker, "looking for mail", true }) == 0)
			looker->look++;
		talloc_free(page);
	}
	talloc_free(wizard);
	_exit(0);
}

/* ---- The person ---- */

struct person {
	struct pty pty;
	int in;
};

static struct person *sit_down(TALLOC_CTX *mem, unsigned ms)
{
	struct person *person = talloc_zero(mem, struct person);
	int news[2];

	assert_int_equal(pipe(news), 0);
	if (pty_fork(&person->pty, 24, 80) == 0) {
		struct looker looker = { .out = news[1], .ms = ms };

		close(news[0]);
		page_run(&looker);
	}
	close(news[1]);
	person->in = news[0];
	if (!pty_until(&person->pty, "look 0", 20))
		fail_msg("no page came: %s", person->pty.seen);
	return person;
}

/* The next reply within so many seconds, what is drawn taken in meanwhile; false: none came. */
static bool replied(struct person *person, double most, struct news *news)
{
	double begun = pty_now();

	while (pty_now() - begun < most) {
		struct pollfd wait = { .fd = person->in, .events = POLLIN };

		pty_still(&person->pty, 0.01, 0.01);
		if (poll(&wait, 1, 0) == 1)
			return read(person->in, news, sizeof *news) == sizeof *news;
	}
	return false;
}

static void refreshes(struct person *person, double most, struct news *news)
{
	if (!replied(person, most, news))
		fail_msg("no look within %g s", most);
	assert_int_equal(news->kind, REPLY_REFRESH);
}

static void stand_up(struct person *person)
{
	struct news news = { 0 };

	pty_keys(&person->pty, "\x1b");
	pty_still(&person->pty, 0.1, 1);
	pty_keys(&person->pty, "q");
	while (news.kind != REPLY_LEAVE && replied(person, 10, &news))
		;
	assert_int_equal(news.kind, REPLY_LEAVE);
	assert_int_equal(pty_end(&person->pty, 10), 0);
	close(person->in);
}

/* ---- Tests ---- */

static void it_looks_again_and_sends_what_changed_alone(void **state)
{
	struct person *person = sit_down(*state, 0);
	struct news news;

	refreshes(person, 5, &news);
	pty_still(&person->pty, 0.2, 1);
	/* A whole page has some 2000 cells; "look 0" became "look 1". */
	pty_keys(&person->pty, "");
	refreshes(person, 5, &news);
	pty_still(&person->pty, 0.2, 0.5);
	assert_true(person->pty.bytes > 0);
	assert_true(person->pty.bytes < 120);
	stand_up(person);
}

static void cursor_and_focus_stay(void **state)
{
	struct person *person = sit_down(*state, 0);
	struct news news;

	pty_keys(&person->pty, "\x1bOB");
	pty_keys(&person->pty, "\x1bOB");
	refreshes(person, 5, &news);
	assert_int_equal(news.cursor, 2);
	pty_keys(&person->pty, "\t");
	refreshes(person, 5, &news);
	assert_int_equal(news.cursor, 2);
	/* The second button has the focus still: from the table Tab leads to the one behind. */
	pty_keys(&person->pty, "\r");
	assert_true(replied(person, 5, &news));
	assert_int_equal(news.kind, REPLY_ACTION);
	assert_string_equal(news.id, "again");
	stand_up(person);
}

static void space_pauses_and_goes_on(void **state)
{
	struct person *person = sit_down(*state, 0);
	struct news news;

	pty_keys(&person->pty, " ");
	assert_true(pty_until(&person->pty, "paused", 5));
	assert_false(replied(person, 3.5, &news));
	pty_keys(&person->pty, " ");
	assert_true(pty_until(&person->pty, "looking every 1 s", 5));
	refreshes(person, 5, &news);
	stand_up(person);
}

/* Neither while somebody types, nor under a box or a text. */
static void who_is_busy_is_left_alone(void **state)
{
	struct person *person = sit_down(*state, 0);
	struct news news;

	for (int i = 0; i < 8; i++) {
		pty_keys(&person->pty, i % 2 ? "\x1bOA" : "\x1bOB");
		assert_false(replied(person, 0.4, &news));
	}
	pty_keys(&person->pty, "?");
	assert_false(replied(person, 2.5, &news));
	pty_keys(&person->pty, "q");
	refreshes(person, 5, &news);
	pty_keys(&person->pty, "\t\t\r");
	while (replied(person, 2.5, &news))
		fail_msg("a reply of kind %d under a box", (int)news.kind);
	pty_keys(&person->pty, "\x1b");
	refreshes(person, 5, &news);
	stand_up(person);
}

/* Esc, Enter's neighbours and letters of nothing. */
static void wrong_keys_make_nothing(void **state)
{
	struct person *person = sit_down(*state, 0);
	struct news news;

	pty_keys(&person->pty, " ");
	pty_keys(&person->pty, "\x1b");
	pty_still(&person->pty, 0.1, 1);
	pty_keys(&person->pty, "xzp0\x01\x7f");
	assert_false(replied(person, 2, &news));
	stand_up(person);
}

/* What was typed while it was looked counts, in its order, and at once. */
static void keys_that_come_meanwhile_count(void **state)
{
	struct person *person = sit_down(*state, 600);
	struct news news;

	refreshes(person, 5, &news);
	pty_keys(&person->pty, "\x1bOB\x1bOBe");
	assert_true(replied(person, 5, &news));
	assert_int_equal(news.kind, REPLY_ANSWER);
	assert_int_equal(news.cursor, 2);
	stand_up(person);
}

/* A long one is told of, the page stands there as before, and gives way to who presses a key. */
static void long_look(void **state, unsigned ms)
{
	struct person *person = sit_down(*state, ms);
	struct news news;
	double begun;

	refreshes(person, 5, &news);
	assert_true(pty_until(&person->pty, "looking for mail, 1 s", 4));
	begun = pty_now();
	pty_keys(&person->pty, "e");
	assert_true(replied(person, 5, &news));
	assert_int_equal(news.kind, REPLY_ANSWER);
	assert_true(pty_now() - begun < 1);
	assert_true(pty_until(&person->pty, "every 1 s", 4));
	stand_up(person);
}

static void a_long_look_is_told_of(void **state)
{
	long_look(state, 8000);
}

static void a_frozen_look_gives_way(void **state)
{
	long_look(state, FROZEN_MS);
}

/* In the middle of a long one, too. */
static void a_resize_is_drawn_at_once(void **state)
{
	struct person *person = sit_down(*state, 8000);
	const struct winsize size = { .ws_row = 20, .ws_col = 60 };
	struct news news;

	refreshes(person, 5, &news);
	assert_true(pty_until(&person->pty, "looking for mail, 1 s", 4));
	pty_keys(&person->pty, "");
	assert_int_equal(ioctl(person->pty.fd, TIOCSWINSZ, &size), 0);
	assert_true(pty_until(&person->pty, "Step 5 of 6: Mail flow", 2));
	stand_up(person);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SUPPORT_TEST(it_looks_again_and_sends_what_changed_alone),
		SUPPORT_TEST(cursor_and_focus_stay),
		SUPPORT_TEST(space_pauses_and_goes_on),
		SUPPORT_TEST(who_is_busy_is_left_alone),
		SUPPORT_TEST(wrong_keys_make_nothing),
		SUPPORT_TEST(keys_that_come_meanwhile_count),
		SUPPORT_TEST(a_long_look_is_told_of),
		SUPPORT_TEST(a_frozen_look_gives_way),
		SUPPORT_TEST(a_resize_is_drawn_at_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is no key, on every page of a walk, on a terminal: pastes, reports of the mouse and of the
 * focus, keys that nobody knows, sequences that are cut off. Nothing is decided, pressed or left by
 * any of it, and the keys behind it are read again.
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

#include "base/memory.h"
#include "tests/pty.h"
#include "tests/support.h"
#include "tests/walker.h"
#include "ui/signals.h"
#include "ui/wizard/wizard_private.h"

/* ---- The process with the pages: a person's reply to each is told, then the walk goes on by
 * itself ---- */

/* What a page is told by: first as 'p' that it comes up, then what was replied. */
struct news {
	char what;
	enum reply_kind reply;
	char page[32];
	pid_t process;
	struct hit button; /* one of the page's, of no width where none is told */
};

struct desk {
	struct walker *walker;
	struct wizard *wizard;
	int out;
};

static int tell(struct desk *desk, const struct page *page, char what, const struct reply *reply,
	struct hit button)
{
	struct news news = { .what = what,
		.reply = reply->kind,
		.process = getpid(),
		.button = button };

	snprintf(news.page, sizeof news.page, "%s", page->id);
	return write(desk->out, &news, sizeof news) == sizeof news ? 0 : -1;
}

/* A button that opens no box. */
static struct hit some_button(const struct page *page)
{
	struct screen *screen = screen_new((void *)page, 24, 80);
	struct view view = view_first(page);

	compose_page(screen, page, &view);
	for (size_t i = 0; i < screen->hit_count; i++) {
		const struct hit *hit = &screen->hits[i];

		if (hit->kind == HIT_BUTTON && !page->actions[hit->index].ask &&
			!page->actions[hit->index].refused && !page->actions[hit->index].writes)
			return *hit;
	}
	return (struct hit){ 0 };
}

static int desk_page(void *ui, const struct page *page, struct reply *reply)
{
	struct desk *desk = ui;

	*reply = (struct reply){ 0 };
	if (!page->question) {
		if (tell(desk, page, 'p', reply, some_button(page)) != 0 ||
			wizard_ops.page(desk->wizard, page, reply) != 0 ||
			tell(desk, page, 'r', reply, (struct hit){ 0 }) != 0)
			return -1;
	}
	*reply = (struct reply){ .kind = REPLY_LEAVE, .cursor = page->cursor };
	desk->walker->answer(desk->walker, page, reply);
	walker_note(desk->walker, page, reply);
	return 0;
}

static int desk_work(void *ui, const struct page *page, const struct job *job)
{
	struct desk *desk = ui;

	return walker_ops.work(desk->walker, page, job);
}

static int desk_read(void *ui, const struct page *page, const struct page_text *text)
{
	struct desk *desk = ui;

	return walker_ops.read(desk->walker, page, text);
}

static const struct ui_ops desk_ops = { desk_page, desk_work, desk_read };

static void desk_run(struct walker *walker, int out)
{
	struct desk desk = { .walker = walker, .out = out };
	struct guide *guide = NULL;
	struct error err;

	support_locale();
	setenv("TERM", "xterm-256color", 1);
	setenv("ESCDELAY", "5", 1);
	walker->answer = walker_right;
	signals_catch();
	if (wizard_new(walker, &desk.wizard, &err) != 0 ||
		guide_new(walker, &walker->options, NULL, &guide, &err) != 0)
		_exit(99);
	wizard_mouse(desk.wizard);
	guide_run(guide, &desk_ops, &desk);
	talloc_free(desk.wizard);
	_exit(0);
}

/* ---- The person ---- */

struct person {
	struct pty pty;
	int in;
	struct news news;
};

static struct person *sit_down(TALLOC_CTX *mem)
{
	struct walker *walker = walker_new(mem, false);
	struct person *person = talloc_zero(mem, struct person);
	int news[2];

	signal(SIGPIPE, SIG_IGN);
	assert_int_equal(pipe(news), 0);
	if (pty_fork(&person->pty, 24, 80) < 0)
		support_skip("there are no pseudo terminals here");
	if (person->pty.child == 0) {
		close(news[0]);
		/* What one writes at once may come in pieces where the machine is busy. */
		setenv("ESCDELAY", "100", 1);
		desk_run(walker, news[1]);
	}
	close(news[1]);
	person->in = news[0];
	return person;
}

static bool heard(struct person *person)
{
	return poll(&(struct pollfd){ .fd = person->in, .events = POLLIN }, 1, 0) == 1 &&
		read(person->in, &person->news, sizeof person->news) == sizeof person->news;
}

/* The next page that does not ask at once; false when the walk is over. */
static bool page_comes(struct person *person)
{
	for (double begun = pty_now(); pty_now() - begun < 60 && !person->pty.ended;) {
		pty_still(&person->pty, 0.002, 0.02);
		if (!heard(person))
			continue;
		assert_int_equal(person->news.what, 'p');
		return pty_asleep(&person->pty, person->news.process);
	}
	assert_true(person->pty.ended);
	return false;
}

static void means_nothing(struct person *person, const char *bytes)
{
	pty_keys(&person->pty, bytes);
	assert_true(pty_asleep(&person->pty, person->news.process));
	if (heard(person))
		fail_msg("page %s: reply %d to \\033%s", person->news.page, person->news.reply,
			bytes + 1);
}

/* The key that always acts; where it closed a box, once more. */
static void leaves(struct person *person)
{
	for (int i = 0; i < 20; i++) {
		pty_keys(&person->pty, "\003");
		pty_asleep(&person->pty, person->news.process);
		if (!heard(person))
			continue;
		assert_int_equal(person->news.what, 'r');
		assert_int_equal(person->news.reply, REPLY_LEAVE);
		return;
	}
	fail_msg("page %s is not left", person->news.page);
}

static void no_paste_report_or_broken_sequence_decides(void **state)
{
	static const char *const whole =
		"\033[M yn\033[M#yn\033[M`!!\033[Ma!!\033[M \351\351"   /* three bytes */
		"\033[<2;3;4M\033[<2;3;4m\033[<32;9;9M\033[<0;99999;1M" /* in numbers */
		"\033[<64;5;5M\033[<65;5;5M\033[<0;1;1;1M\033[<;;M\033[<M" /* the wheel, and wrong ones */
		"\033[32;10;3M\033[I\033[<0;10;23M\033[O\033[I\033[<0;12;23M" /* urxvt; raising it */
		"\033[200~y\n\t\r\nq\033[A n\003\004e1\033[201~"              /* a paste */
		"\033[99y\033Oy\033[[A\033]0;ynq\a\033P1$ry\033\\\033[1;5y\033\033[21y";
	static const char *const broken[] = { "", "\033[", "\033[<0;1", "\033O", "\033[M !",
		"\033y", "\033\033\033" };
	struct person *person = sit_down(*state);
	char *seen = talloc_strdup(*state, " ");

	while (page_comes(person)) {
		const char *name = talloc_asprintf(seen, " %s ", person->news.page);

		for (size_t i = 0; !strstr(seen, name) && i < ARRAY_SIZE(broken); i++) {
			means_nothing(person, i == 0 ? whole : broken[i]);
			usleep(10000);
		}
		if (!strstr(seen, name))
			seen = talloc_strdup_append(seen, name);
		leaves(person);
	}
	print_message("%s\n", seen);
	assert_non_null(strstr(seen, " diagnosis "));
	assert_non_null(strstr(seen, " registry "));
	assert_non_null(strstr(seen, " report "));
	assert_int_equal(pty_end(&person->pty, 20), 0);
}

/* A click at a place counted from 0. */
static void click(struct person *person, const struct hit *at)
{
	pty_keys(&person->pty,
		talloc_asprintf(person, "\033[<0;%zu;%zuM\033[<0;%zu;%zum", at->column + 1,
			at->row + 1, at->column + 1, at->row + 1));
	assert_true(pty_asleep(&person->pty, person->news.process));
}

static void the_second_click_on_a_button_presses_it(void **state)
{
	struct person *person = sit_down(*state);
	struct hit button;

	assert_true(page_comes(person));
	button = person->news.button;
	if (button.width == 0)
		support_skip("nothing says where the buttons are");
	click(person, &button);
	assert_false(heard(person));
	means_nothing(person, "\033[I");
	click(person, &button);
	assert_false(heard(person));
	usleep((FOCUS_MS + 20) * 1000);
	click(person, &button);
	click(person, &button);
	assert_true(heard(person));
	assert_int_equal(person->news.what, 'r');
	kill(person->news.process, SIGTERM);
	pty_end(&person->pty, 20);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SUPPORT_TEST(no_paste_report_or_broken_sequence_decides),
		SUPPORT_TEST(the_second_click_on_a_button_presses_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

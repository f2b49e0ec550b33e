/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A running server on the screen: the box of the password, and a server that does not answer. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/memory.h"
#include "tests/pty.h"
#include "tests/remote_double.h"
#include "tests/support.h"
#include "tests/walker.h"
#include "ui/signals.h"
#include "ui/wizard/wizard.h"

#define KIND "xterm-256color"

/* ---- the process with the screen ---- */

static void walk(struct walker *walker)
{
	struct wizard *wizard;
	struct guide *guide;
	struct error err;

	setenv("TERM", KIND, 1);
	setenv("LC_ALL", "C", 1);
	setenv("ESCDELAY", "5", 1);
	signals_catch();
	if (guide_new(walker, &walker->options, NULL, &guide, &err) != 0 ||
		wizard_new(walker, &wizard, &err) != 0)
		_exit(99);
	_exit(guide_run(guide, &wizard_ops, wizard));
}

static void sit_down(TALLOC_CTX *mem, struct pty *pty, const char *host)
{
	struct walker *walker = walker_new(mem, false);

	*pty = (struct pty){ 0 };
	remote_double = (struct remote_double){ .dir = walker->dir };
	walker->options.practice = false;
	walker->options.practice_case = NULL;
	walker->options.host = host;
	walker->options.user = "admin";
	if (pty_fork(pty, 24, 80) < 0)
		support_skip("there are no pseudo terminals here");
	if (pty->child == 0)
		walk(walker);
}

static void seen_afresh(struct pty *pty)
{
	memset(pty->seen, 0, sizeof pty->seen);
}

static void wants(struct pty *pty, const char *keys, const char *text)
{
	seen_afresh(pty);
	pty_keys(pty, keys);
	if (!pty_until(pty, text, 20))
		fail_msg("after the keys there is no \"%s\" in:\n%s", text, pty->seen);
}

/* ---- the person ---- */

static void a_password_is_never_on_the_screen(void **state)
{
	struct pty pty;

	sit_down(*state, &pty, "exch01");
	wants(&pty, "", "The password?");
	seen_afresh(&pty);
	pty_keys(&pty, "Sesam");
	pty_still(&pty, 0.2, 5);
	assert_null(strstr(pty.seen, "S"));
	assert_null(strstr(pty.seen, "*"));
	/* Esc gives no answer. */
	wants(&pty, "\033", "Asks for the password");
	wants(&pty, "\r", "The password?");
	wants(&pty, "Sesam\r", "and that password");
	assert_null(strstr(pty.seen, "Sesam"));
	pty_keys(&pty, "q");
	assert_int_equal(WEXITSTATUS(pty_end(&pty, 10)), 77);
}

/* What was typed before it is still typed after it. */
static void it_outlives_another_size_of_the_terminal(void **state)
{
	struct winsize size = { .ws_row = 30, .ws_col = 100 };
	struct pty pty;

	sit_down(*state, &pty, "exch01");
	wants(&pty, "", "The password?");
	pty_keys(&pty, "open");
	pty_still(&pty, 0.2, 5);
	seen_afresh(&pty);
	assert_int_equal(ioctl(pty.fd, TIOCSWINSZ, &size), 0);
	assert_true(pty_until(&pty, "The password?", 10));
	wants(&pty, "sesame\r", "The postoffice lives on");
	pty_keys(&pty, "q");
	assert_int_equal(WEXITSTATUS(pty_end(&pty, 10)), 2);
}

/* The screen is another process than the one that waits. */
static void a_silent_server_can_be_given_up(void **state)
{
	struct pty pty;
	double began;

	sit_down(*state, &pty, "silent");
	wants(&pty, "", "The password?");
	wants(&pty, "opensesame\r", "Connecting to silent - 1 s");
	pty_keys(&pty, "?");
	assert_true(pty_until(&pty, "Keys", 5));
	assert_true(pty.first < 1);
	wants(&pty, "q", "Give up");
	began = pty_now();
	wants(&pty, "s", "was given up");
	assert_true(pty_now() - began < 5);
	pty_keys(&pty, "q");
	assert_int_equal(WEXITSTATUS(pty_end(&pty, 10)), 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SUPPORT_TEST(a_password_is_never_on_the_screen),
		SUPPORT_TEST(it_outlives_another_size_of_the_terminal),
		SUPPORT_TEST(a_silent_server_can_be_given_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

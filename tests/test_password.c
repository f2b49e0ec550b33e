/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Passwords: which files are believed, and what a terminal shows of what is typed. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/memory.h"
#include "tests/pty.h"
#include "tests/support.h"
#include "ui/password.h"
#include "ui/signals.h"

/* ---- a file ---- */

static char *file_put(TALLOC_CTX *mem, const char *bytes, size_t len, mode_t mode)
{
	char *path = talloc_asprintf(mem, "%s/password", support_folder(mem));
	FILE *file = fopen(path, "wb");

	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, len, file), len);
	fclose(file);
	assert_int_equal(chmod(path, mode), 0);
	return path;
}

static void one_line_is_a_password(void **state)
{
	char longest[PASSWORD_MOST + 1] = "";
	const char *const lines[][2] = { { "secret", "secret" }, { "secret\n", "secret" },
		{ "secret\r\n", "secret" }, { " se cret ", " se cret " },
		{ "p\xc3\xa4ss\n", "p\xc3\xa4ss" }, { longest, longest } };
	struct error err;

	memset(longest, 'x', PASSWORD_MOST);
	for (size_t i = 0; i < ARRAY_SIZE(lines); i++) {
		char *path = file_put(*state, lines[i][0], strlen(lines[i][0]), 0600), *password;

		assert_int_equal(password_of_file(*state, path, &password, &err), 0);
		assert_string_equal(password, lines[i][1]);
	}
	/* Nobody has to be able to write it. */
	assert_int_equal(password_of_file(*state, file_put(*state, "a", 1, 0400), &(char *){ NULL },
				 &err),
		0);
}

static void what_others_could_read_or_is_no_password_is_refused(void **state)
{
	char large[PASSWORD_MOST + 2];
	const struct {
		const char *bytes;
		size_t len;
		mode_t mode;
		enum trouble trouble;
		const char *says;
	} files[] = {
		{ "secret\n", 7, 0640, TROUBLE_PERMISSION, "others than its owner" },
		{ "secret\n", 7, 0604, TROUBLE_PERMISSION, "others than its owner" },
		{ "secret\n", 7, 0620, TROUBLE_PERMISSION, "others than its owner" },
		{ "", 0, 0600, TROUBLE_USAGE, "is empty" },
		{ "\n", 1, 0600, TROUBLE_USAGE, "is empty" },
		{ "one\ntwo\n", 8, 0600, TROUBLE_USAGE, "more than one line" },
		{ "one\n\n", 5, 0600, TROUBLE_USAGE, "more than one line" },
		{ "on\0e\n", 5, 0600, TROUBLE_USAGE, "more than one line" },
		{ large, sizeof large, 0600, TROUBLE_USAGE, "longer than 256 bytes" },
	};
	struct error err;
	char *password;

	memset(large, 'x', sizeof large);
	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		char *path = file_put(*state, files[i].bytes, files[i].len, files[i].mode);

		assert_int_equal(password_of_file(*state, path, &password, &err),
			-(int)files[i].trouble);
		assert_non_null(strstr(err.text, files[i].says));
		assert_null(strstr(err.text, "secret"));
	}
}

static void what_is_no_file_is_refused(void **state)
{
	char *folder = support_folder(*state), *file = file_put(*state, "secret", 6, 0600),
	     *link = talloc_asprintf(folder, "%s/link", folder),
	     *pipe = talloc_asprintf(folder, "%s/pipe", folder),
	     *none = talloc_asprintf(folder, "%s/none", folder), *password;
	struct error err;

	assert_int_equal(symlink(file, link), 0);
	assert_int_equal(mkfifo(pipe, 0600), 0);
	assert_int_equal(password_of_file(folder, link, &password, &err), -TROUBLE_PERMISSION);
	assert_non_null(strstr(err.text, "is a link"));
	assert_int_equal(password_of_file(folder, pipe, &password, &err), -TROUBLE_PERMISSION);
	assert_int_equal(password_of_file(folder, folder, &password, &err), -TROUBLE_PERMISSION);
	assert_non_null(strstr(err.text, "not a regular file"));
	assert_int_equal(password_of_file(folder, none, &password, &err), -TROUBLE_NOT_THERE);
}

static void that_of_another_user_is_refused(void **state)
{
	char *path = file_put(*state, "secret", 6, 0600), *password;
	struct error err;

	if (geteuid() != 0)
		support_skip("only root can give a file away");
	assert_int_equal(chown(path, 4711, (gid_t)-1), 0);
	assert_int_equal(password_of_file(*state, path, &password, &err), -TROUBLE_PERMISSION);
	assert_non_null(strstr(err.text, "belongs to another user"));
}

/* ---- the terminal ---- */

/* Exit status of the child: 0 got it, 1 another one, 2 the terminal is not as it was; else the
 * trouble plus 16. */
static int asked_for(const char *wanted)
{
	struct termios before, after;
	struct error err;
	char *password;
	int ret;

	signals_catch();
	tcgetattr(STDIN_FILENO, &before);
	ret = password_ask(NULL, "Password:", &password, &err);
	tcgetattr(STDIN_FILENO, &after);
	if (before.c_lflag != after.c_lflag || before.c_cc[VSUSP] != after.c_cc[VSUSP])
		return 2;
	return ret != 0 ? 16 - ret : strcmp(password, wanted) != 0;
}

/* What the terminal showed stands in pty->seen. */
static int typed(struct pty *pty, const char *keys)
{
	*pty = (struct pty){ 0 };
	switch (pty_fork(pty, 24, 80)) {
	case 0:
		_exit(asked_for("Sesame 1"));
	case -1:
		support_skip("there are no terminals");
	}
	assert_true(pty_until(pty, "Password:", 10));
	pty_keys(pty, keys);
	return WEXITSTATUS(pty_end(pty, 10));
}

static void nothing_that_is_typed_is_shown(void **state)
{
	struct pty pty;

	(void)state;
	assert_int_equal(typed(&pty, "Sesame 1\r"), 0);
	assert_null(strstr(pty.seen, "Ses"));
	assert_int_equal(typed(&pty, "Sesame 2\177\0331\r"), 1);
	/* Rubbed out as anywhere. */
	assert_int_equal(typed(&pty, "Sesame 2\1771\r"), 0);
	assert_null(strstr(pty.seen, "Ses"));
}

static void a_signal_or_the_end_is_no_password(void **state)
{
	struct pty pty;

	(void)state;
	assert_int_equal(typed(&pty, "Ses\003"), 16 + TROUBLE_STOPPED);
	assert_int_equal(typed(&pty, "\004"), 16 + TROUBLE_STOPPED);
	assert_int_equal(typed(&pty, "\r"), 16 + TROUBLE_STOPPED);
	assert_null(strstr(pty.seen, "Ses"));
}

static void without_a_terminal_the_file_is_named(void **state)
{
	pid_t child = fork();
	int status;

	(void)state;
	if (child == 0) {
		struct error err;
		char *password;

		setsid();
		_exit(password_ask(NULL, "Password:", &password, &err) == -TROUBLE_USAGE &&
					strstr(err.text, "--password-file") &&
					password_can_ask(NULL) != 0
				? 0
				: 1);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SUPPORT_TEST(one_line_is_a_password),
		SUPPORT_TEST(what_others_could_read_or_is_no_password_is_refused),
		SUPPORT_TEST(what_is_no_file_is_refused),
		SUPPORT_TEST(that_of_another_user_is_refused),
		SUPPORT_TEST(nothing_that_is_typed_is_shown),
		SUPPORT_TEST(a_signal_or_the_end_is_no_password),
		SUPPORT_TEST(without_a_terminal_the_file_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

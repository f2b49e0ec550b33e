/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Work with the screen alive: what the two processes tell each other, and the wizard on a terminal
 * while a job hangs. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/pty.h"
#include "ui/signals.h"
#include "ui/wizard/board.h"
#include "ui/wizard/wizard.h"

enum { JOB_STOPPED = 40, JOB_NOT_STOPPED = 41, HANG_SECONDS = 2 };

/* ---- the board ---- */

static int board_setup(void **state)
{
	*state = board_new();
	return *state == NULL;
}

static void nothing_is_there_before_the_first_note(void **state)
{
	struct board *board = *state;
	struct note view;

	assert_false(board_read(board, &view));
	assert_false(board->stop);
}

static void what_is_written_is_read(void **state)
{
	static const struct step_line parts[] = { { 2, "Copy files", MARK_DONE, NULL },
		{ 3, "Registry", MARK_NOW, "2/9" } };
	static const struct change_line last[] = { { "mt.exe", "5.5.1960.9", "5.5.2448.0", NULL },
		{ "Conadmin.dll", "not there", "5.5.2448.0", "read back" } };
	struct job_state told = { .what = "replace files",
		.now = "E:\\x",
		.done = 3,
		.total = 9,
		.bytes = 1u << 30,
		.bytes_total = 1ull << 40,
		.parts = parts,
		.part_count = 2,
		.last = last,
		.last_count = 2,
		.may_stop = true };
	struct board *board = *state;
	struct note view;

	board_write(board, &(struct job_state){ .what = "older" },
		&(struct page){ .badge = "OLD" });
	board_write(board, &told, &(struct page){ .badge = "REPAIR", .alarm = true });
	assert_true(board_read(board, &view));
	assert_string_equal(view.state.what, "replace files");
	assert_string_equal(view.state.now, "E:\\x");
	assert_string_equal(view.badge, "REPAIR");
	assert_true(view.state.done == 3 && view.state.total == 9 && view.state.may_stop &&
		view.state.part_count == 2);
	assert_true(view.state.bytes == 1u << 30 && view.state.bytes_total == 1ull << 40);
	assert_string_equal(view.state.parts[1].title, "Registry");
	assert_true(view.state.parts[1].number == 3 && view.state.parts[1].mark == MARK_NOW);
	assert_null(view.state.parts[0].count);
	assert_string_equal(view.state.parts[1].count, "2/9");
	assert_true(view.alarm && view.state.last_count == 2);
	assert_string_equal(view.state.last[0].what, "mt.exe");
	assert_string_equal(view.state.last[0].before, "5.5.1960.9");
	assert_string_equal(view.state.last[0].after, "5.5.2448.0");
	assert_null(view.state.last[0].checked);
	assert_string_equal(view.state.last[1].checked, "read back");
	board_write(board, &(struct job_state){ .what = "newer" }, &(struct page){ .id = NULL });
	assert_true(board_read(board, &view));
	assert_string_equal(view.state.what, "newer");
	assert_string_equal(view.state.now, "");
	assert_string_equal(view.badge, "");
	assert_true(view.state.part_count == 0 && view.state.last_count == 0 && !view.alarm);
}

/* 1,023 bytes and a NUL; a character of three bytes that would lie across the end is left out
 * whole. */
static void what_is_too_long_is_cut_between_characters(void **state)
{
	struct step_line parts[BOARD_PARTS + 2] = { { 0 } };
	struct change_line last[BOARD_LAST + 2] = { { .what = NULL } };
	struct job_state told = { .parts = parts,
		.part_count = BOARD_PARTS + 2,
		.last = last,
		.last_count = BOARD_LAST + 2 };
	struct board *board = *state;
	struct note view;
	char text[BOARD_TEXT + 100];

	memset(text, 'x', sizeof text);
	text[sizeof text - 1] = '\0';
	memcpy(text + BOARD_TEXT - 2, "\xe2\x82\xac", 3);
	told.what = last[0].after = text;
	board_write(board, &told, &(struct page){ .id = NULL });
	assert_true(board_read(board, &view));
	assert_int_equal(strlen(view.state.what), BOARD_TEXT - 2);
	assert_int_equal(strlen(view.state.last[0].after), BOARD_SHORT - 1);
	memset(text, 'x', BOARD_TEXT);
	board_write(board, &told, &(struct page){ .id = NULL });
	assert_true(board_read(board, &view));
	assert_int_equal(strlen(view.state.what), BOARD_TEXT - 1);
	assert_int_equal(view.state.part_count, BOARD_PARTS);
	assert_int_equal(view.state.last_count, BOARD_LAST);
}

/* A writer that never rests, of numbers that belong together. */
static void writer(struct board *board)
{
	char what[64];

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (size_t i = 1;; i++) {
		snprintf(what, sizeof what, "%zu", i);
		board_write(board,
			&(struct job_state){ .what = what,
				.now = what,
				.done = i,
				.total = i,
				.bytes = i },
			&(struct page){ .badge = what });
	}
}

static bool belongs(const struct note *view)
{
	const struct job_state *now = &view->state;

	return strtoul(now->what, NULL, 10) == now->done && strcmp(now->what, now->now) == 0 &&
		now->total == now->done && now->bytes == now->done &&
		strcmp(view->badge, now->what) == 0;
}

static void a_note_is_whole_whatever_the_writer_does(void **state)
{
	struct board *board = *state;
	struct note view;
	size_t whole = 0, last = 0;
	pid_t child;

	board_write(board, &(struct job_state){ .what = "0", .now = "0" },
		&(struct page){ .badge = "0" });
	child = fork();
	if (child == 0)
		writer(board);
	for (int i = 0; i < 20000; i++) {
		if (!board_read(board, &view))
			continue;
		assert_true(belongs(&view));
		assert_true(view.state.done >= last);
		last = view.state.done;
		whole++;
	}
	/* Stopped anywhere, also in the middle of writing, it keeps nobody from the last whole note
	 * that was read. */
	for (int i = 0; i < 50; i++) {
		kill(child, SIGSTOP);
		waitpid(child, NULL, WUNTRACED);
		(void)board_read(board, &view);
		assert_true(belongs(&view));
		kill(child, SIGCONT);
		nanosleep(&(struct timespec){ .tv_nsec = 100000 }, NULL);
	}
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	assert_true(whole > 0);
}

static void wishes_come_across(void **state)
{
	struct board *board = *state;
	pid_t child = fork();

	if (child == 0) {
		board->stop = true;
		_exit(0);
	}
	waitpid(child, NULL, 0);
	assert_true(board->stop);
	assert_false(board->pause);
}

/* ---- the wizard on a terminal ---- */

/* Tells once, hangs as on a disk that does not answer, and tells again. */
static int hang(void *arg, job_tell *tell, void *ui)
{
	struct job_state state = { .what = "hanging", .now = "E:\\slow.dll", .may_stop = true };
	struct timespec rest = { .tv_sec = HANG_SECONDS };

	(void)arg;
	if (tell(ui, &state) != 0)
		return JOB_STOPPED;
	while (nanosleep(&rest, &rest) != 0)
		;
	return tell(ui, &state) != 0 ? JOB_STOPPED : JOB_NOT_STOPPED;
}

/* In the child of pty_fork: the wizard with that job; how the job ended is how it ends. */
static void hang_run(void)
{
	struct page page = { .id = "carry",
		.title = "Carry out",
		.server = "MAIL1",
		.help = "The help of this page." };
	struct job job = { .run = hang, .title = "Carry out" };
	struct wizard *wizard;
	struct error err = { 0 };
	int ret;

	setenv("TERM", "xterm", 1);
	setenv("LC_ALL", "C", 1);
	signals_catch();
	if (wizard_new(NULL, &wizard, &err) != 0)
		_exit(99);
	ret = wizard_ops.work(wizard, &page, &job);
	talloc_free(wizard);
	_exit(ret);
}

static int hang_setup(void **state)
{
	static struct pty pty;

	if (pty_fork(&pty, 24, 80) == 0)
		hang_run();
	*state = &pty;
	return !pty_until(&pty, "slow.dll", 5);
}

static void keys_are_answered_while_a_job_hangs(void **state)
{
	struct pty *pty = *state;

	pty_keys(pty, " ");
	assert_true(pty_until(pty, "Paused.", 1));
	pty_keys(pty, " ");
	assert_true(pty_until(pty, "safe to stop", 1));
	pty_keys(pty, "s");
	assert_true(pty_until(pty, "Stopping after", 1));
	assert_int_equal(pty_end(pty, 10), JOB_STOPPED << 8);
}

static void what_is_paused_waits(void **state)
{
	struct pty *pty = *state;

	pty_keys(pty, " ");
	assert_true(pty_until(pty, "Paused.", 1));
	pty_still(pty, HANG_SECONDS + 1, HANG_SECONDS + 1);
	assert_false(pty->ended);
	pty_keys(pty, " ");
	assert_int_equal(pty_end(pty, 10), JOB_NOT_STOPPED << 8);
}

/* Also when the job ends meanwhile: it waits until the help was read. */
static void help_can_be_read_while_a_job_runs(void **state)
{
	struct pty *pty = *state;

	pty_keys(pty, "?");
	assert_true(pty_until(pty, "The help of this page.", 1));
	pty_still(pty, HANG_SECONDS + 1, HANG_SECONDS + 1);
	assert_false(pty->ended);
	pty_keys(pty, "q");
	assert_int_equal(pty_end(pty, 10), JOB_NOT_STOPPED << 8);
}

static void a_signal_ends_the_job_at_its_next_word(void **state)
{
	struct pty *pty = *state;

	kill(pty->child, SIGTERM);
	assert_int_equal(pty_end(pty, 10), JOB_STOPPED << 8);
}

/* All of them die with the one that works, and its guard says so on the terminal it gave back. */
static void nobody_outlives_the_job(void **state)
{
	struct pty *pty = *state;
	char path[64], line[256] = "";
	FILE *children;
	long worker;

	snprintf(path, sizeof path, "/proc/%d/task/%d/children", (int)pty->child, (int)pty->child);
	children = fopen(path, "r");
	if (children == NULL) {
		pty_end(pty, 0);
		skip();
	}
	assert_non_null(fgets(line, sizeof line, children));
	fclose(children);
	worker = strtol(line, NULL, 10);
	assert_true(worker > 0);
	pty_keys(pty, "");
	kill((pid_t)worker, SIGKILL);
	assert_true(pty_until(pty, "The program died", 5) || pty->ended);
	assert_non_null(strstr(pty->seen, "The program died"));
	assert_int_equal(pty_end(pty, 5), 70 << 8);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(nothing_is_there_before_the_first_note, board_setup),
		cmocka_unit_test_setup(what_is_written_is_read, board_setup),
		cmocka_unit_test_setup(what_is_too_long_is_cut_between_characters, board_setup),
		cmocka_unit_test_setup(a_note_is_whole_whatever_the_writer_does, board_setup),
		cmocka_unit_test_setup(wishes_come_across, board_setup),
		cmocka_unit_test_setup(keys_are_answered_while_a_job_hangs, hang_setup),
		cmocka_unit_test_setup(what_is_paused_waits, hang_setup),
		cmocka_unit_test_setup(help_can_be_read_while_a_job_runs, hang_setup),
		cmocka_unit_test_setup(a_signal_ends_the_job_at_its_next_word, hang_setup),
		cmocka_unit_test_setup(nobody_outlives_the_job, hang_setup),
	};

	return cmocka_run_group_tests_name("test_work", tests, NULL, NULL);
}

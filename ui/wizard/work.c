/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Work with the screen alive: while a job runs in this process, a second one has the terminal. A write that the kernel
 * holds back, or a disk that takes its time to sync, keeps the job waiting and nobody else.
 */
#include "ui/wizard/work.h"

#include <errno.h>
#include <ncurses.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "ui/wizard/board.h"

enum { REPAINT_MS = 250, PAUSE_NS = 20000000, WAKE_FD = 3 };

/* What either process knows; the child has its own copy. */
struct work {
	struct wizard *wizard;
	const struct page *page;
	const char *title;
	struct board *board;
	struct board_wish *wish;
	pid_t worker, screen;            /* this process and its child, 0 for none */
	int wake[2];                     /* a pipe: at its end the child ends */
	struct timespec begun, drawn;    /* CLOCK_MONOTONIC */
	unsigned long long bytes_begun;
};

static double seconds_since(const struct timespec *then)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)(now.tv_sec - then->tv_sec) + (double)(now.tv_nsec - then->tv_nsec) / 1e9;
}

/* ---- the child: the screen ---- */

/* Bytes a second since the part in hand began; 0 where it cannot be told yet. */
static double rate_of(struct work *work, const struct job_state *state)
{
	double time;

	if (state->bytes < work->bytes_begun) {
		work->bytes_begun = state->bytes;
		clock_gettime(CLOCK_MONOTONIC, &work->begun);
	}
	time = seconds_since(&work->begun);
	return state->bytes > work->bytes_begun && time > 0.5 ? (double)(state->bytes - work->bytes_begun) / time : 0;
}

static void paint(struct work *work, const struct board_view *view)
{
	struct wizard *wizard = work->wizard;
	struct page page = *work->page;
	size_t rows, columns;
	struct screen *screen;

	page.badge = view->badge;
	terminal_size(&rows, &columns);
	if (compose_work(wizard, &page, work->title, &view->state, work->wish->stop, work->wish->pause,
			 rate_of(work, &view->state), rows, columns, wizard->utf8, &screen) != 0)
		return;
	work->wish->painted = true;
	terminal_paint(screen);
	talloc_free(screen);
	clock_gettime(CLOCK_MONOTONIC, &work->drawn);
}

/* What a key means while work runs; true if the screen must say something new. */
static bool key_seen(struct work *work, const struct job_state *state, int key)
{
	if (key == KEY_RESIZE)
		return true;
	if (request_of(key) == REQUEST_HELP) {
		work->wish->painted = true;
		help_show(work->wizard, work->page);
		return true;
	}
	if (!state->may_stop)
		return false;
	if (key == 's' || key == 3 || request_of(key) == REQUEST_LEAVE) {
		work->wish->stop = true;
		work->wish->pause = false;
		return true;
	}
	if (key == ' ' && !work->wish->stop) {
		work->wish->pause = !work->wish->pause;
		return true;
	}
	return false;
}

/* Until a key comes, the next painting is due, or the work is over: then false. */
static bool screen_wait(const struct work *work)
{
	struct pollfd both[] = { { .fd = WAKE_FD, .events = POLLIN }, { .fd = STDIN_FILENO, .events = POLLIN } };
	int left = REPAINT_MS - (int)(seconds_since(&work->drawn) * 1000);

	(void)poll(both, 2, left > 0 ? left : 0);
	return both[0].revents == 0;
}

static void screen_run(struct work *work)
{
	struct board_view view = { 0 };

	while (screen_wait(work)) {
		bool there = board_read(work->board, &view), due;
		int key = terminal_key(0);

		/* A terminal that is gone is the other's business. */
		if (*work->wizard->signal != 0) {
			if (getppid() == work->worker)
				kill(work->worker, (int)*work->wizard->signal);
			return;
		}
		due = seconds_since(&work->drawn) * 1000 >= REPAINT_MS;
		if (there && (key_seen(work, &view.state, key) || due))
			paint(work, &view);
		else if (due)
			clock_gettime(CLOCK_MONOTONIC, &work->drawn);
	}
}

/* Locks and files are the other's alone: this process keeps the terminal and the pipe. */
static void screen_child(struct work *work)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != work->worker || dup2(work->wake[0], WAKE_FD) < 0)
		_exit(1);
	(void)close_range(WAKE_FD + 1, ~0U, 0);
	screen_run(work);
	_exit(0);
}

/* ---- the parent: the work ---- */

/* Without a second process the work is done all the same; the screen stands still meanwhile. */
static void screen_start(struct work *work)
{
	pid_t child;

	if (work->board == NULL || pipe(work->wake) != 0)
		return;
	work->worker = getpid();
	child = fork();
	if (child == 0)
		screen_child(work);
	close(work->wake[0]);
	if (child > 0)
		work->screen = child;
	else
		close(work->wake[1]);
}

static void screen_end(struct work *work)
{
	if (work->screen > 0) {
		close(work->wake[1]);
		while (waitpid(work->screen, NULL, 0) < 0 && errno == EINTR)
			if (*work->wizard->signal != 0)
				kill(work->screen, SIGKILL);
	}
	if (work->board != NULL && work->wish->painted)
		terminal_taken_back();
}

/* A screen that died takes no wishes any more: the work ends at the next safe point. */
static bool screen_died(struct work *work)
{
	if (work->screen <= 0 || waitpid(work->screen, NULL, WNOHANG) == 0)
		return false;
	close(work->wake[1]);
	work->screen = 0;
	work->wish->stop = true;
	return true;
}

static int tell(void *ui, const struct job_state *state)
{
	struct work *work = ui;

	if (work->screen <= 0)
		return (work->board != NULL && work->wish->stop) || *work->wizard->signal != 0;
	board_write(work->board, state, work->page->badge);
	while (!screen_died(work) && work->wish->pause && *work->wizard->signal == 0)
		nanosleep(&(struct timespec){ .tv_nsec = PAUSE_NS }, NULL);
	return work->wish->stop || *work->wizard->signal != 0;
}

int work_run(struct wizard *wizard, const struct page *page, const struct job *job)
{
	struct work work = { .wizard = wizard, .page = page, .title = job->title, .board = board_new(wizard) };
	int ret;

	if (work.board != NULL) {
		work.wish = board_wish(work.board);
		board_write(work.board, &(struct job_state){ .what = job->title }, page->badge);
	}
	clock_gettime(CLOCK_MONOTONIC, &work.begun);
	work.drawn = work.begun;
	screen_start(&work);
	ret = job->run(job->arg, tell, &work);
	screen_end(&work);
	talloc_free(work.board);
	return ret;
}

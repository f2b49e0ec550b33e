/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Work with the screen alive: while a job runs in this process, a second one has the terminal. A
 * write that the kernel holds back, or a disk that takes its time to sync, keeps the job waiting
 * and nobody else.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ncurses.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/i18n.h"
#include "ui/signals.h"
#include "ui/wizard/wizard_private.h"

enum { REPAINT_MS = 250, PAUSE_NS = 20000000, WAKE_FD = 3 };
static const double ENTER_FROM = 1.0, TOLD_FROM = 1.0, GIVES_WAY_FROM = 0.03; /* seconds */

/* What either process knows; the child has its own copy. */
struct work {
	struct wizard *wizard;
	struct board *board;
	const struct page *page;
	const char *title;
	bool quiet;           /* nobody asked for it: the page stays, and the keys are not read */
	pid_t worker, screen; /* this process and its child, 0 for none */
	int wake[2];          /* a pipe: at its end the child ends */
	struct note note;     /* what was last read of the board */
	/* CLOCK_MONOTONIC: the part in hand, the whole, the last painting */
	struct timespec begun, shown, painted;
	unsigned long long bytes_begun;
};

/* ---- the child: the screen ---- */

static double since(const struct timespec *then)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)(now.tv_sec - then->tv_sec) + (double)(now.tv_nsec - then->tv_nsec) / 1e9;
}

/* Bytes a second since the part in hand began; 0 where it cannot be told yet. */
static double rate_of(struct work *work)
{
	unsigned long long bytes = work->note.state.bytes;
	double time;

	if (bytes < work->bytes_begun) {
		work->bytes_begun = bytes;
		clock_gettime(CLOCK_MONOTONIC, &work->begun);
	}
	time = since(&work->begun);
	return time > 0.5 ? (double)(bytes - work->bytes_begun) / time : 0;
}

static struct working working_of(struct work *work)
{
	return (struct working){ work->title, &work->note.state, work->board->stop,
		work->board->pause, rate_of(work) };
}

static void paint(struct work *work)
{
	struct working working = working_of(work);
	struct screen *screen = terminal_screen(work->wizard);
	struct page page = *work->page;

	page.badge = work->note.badge;
	page.alarm = work->note.alarm;
	compose_work(screen, &page, &working);
	work->board->painted = true;
	terminal_paint(screen);
	clock_gettime(CLOCK_MONOTONIC, &work->painted);
	talloc_free(screen);
}

/* The page as it stands, and at its top what is waited for. */
static void paint_quiet(struct work *work, bool told)
{
	struct screen *screen = terminal_screen(work->wizard);
	struct view view = work->wizard->view;
	struct page page = *work->page;

	if (told) {
		page.refresh = 0;
		page.badge = talloc_asprintf(screen, _("%s, %u s"), work->title,
			(unsigned)since(&work->shown));
	}
	compose_page(screen, &page, &view);
	work->board->painted = true;
	terminal_paint(screen);
	talloc_free(screen);
}

/* The button that stops has the focus; but an Enter that comes at once was meant for the page
 * before. */
static bool stops(const struct work *work, int key)
{
	enum request request = request_of(key);

	return request == REQUEST_STOP || request == REQUEST_LEAVE || key == KEY_CTRL_C ||
		(request == REQUEST_PRESS && since(&work->shown) > ENTER_FROM);
}

/* What a key means while work runs; whether there is something new to be seen. */
static bool key_seen(struct work *work, int key)
{
	struct board *board = work->board;
	enum request request = request_of(key);

	if (request == REQUEST_HELP) {
		struct working working = working_of(work);
		struct key_label keys[WORK_KEYS];

		board->painted = true;
		help_show(work->wizard, work->page, keys, keys_work(&working, keys));
		return true;
	}
	if (key == KEY_RESIZE || request == REQUEST_REDRAW) {
		clearok(curscr, TRUE);
		return true;
	}
	if (!work->note.state.may_stop)
		return false;
	if (request == REQUEST_PAUSE && !board->stop && !job_waits(&work->note.state)) {
		board->pause = !board->pause;
		return true;
	}
	if (!stops(work, key))
		return false;
	/* What was to stop after this change is another wish than to leave the change alone. */
	board->give_up = job_waits(&work->note.state);
	board->stop = true;
	board->pause = false;
	return true;
}

/* Until a key comes, the next painting is due, or the work is over: then false. */
static bool screen_wait(void)
{
	struct pollfd both[] = { { .fd = WAKE_FD, .events = POLLIN },
		{ .fd = STDIN_FILENO, .events = POLLIN } };

	(void)poll(both, 2, REPAINT_MS);
	return both[0].revents == 0;
}

/* Keys wait in the terminal for the page. */
static void screen_quiet(struct work *work)
{
	struct pollfd wake = { .fd = WAKE_FD, .events = POLLIN };

	while (poll(&wake, 1, REPAINT_MS) <= 0 && signals_came() == 0) {
		bool resized = terminal_resized(), told = since(&work->shown) >= TOLD_FROM;

		if (resized || told)
			paint_quiet(work, told);
	}
}

static void screen_run(struct work *work)
{
	while (screen_wait()) {
		int key = terminal_key(0);

		/* A terminal that is gone is the other's business. */
		if (signals_came() != 0) {
			if (getppid() == work->worker)
				kill(work->worker, signals_came());
			return;
		}
		(void)board_read(work->board, &work->note);
		if (key_seen(work, key) || since(&work->painted) * 1000 >= REPAINT_MS)
			paint(work);
	}
}

/* Kernels before 5.9 have no close_range. False: something may be open still. */
static bool close_above(int last)
{
	struct dirent *entry;
	DIR *open = close_range((unsigned)last + 1, ~0U, 0) == 0 ? NULL : opendir("/proc/self/fd");

	while (open && (entry = readdir(open))) {
		int fd = atoi(entry->d_name);

		if (fd > last && fd != dirfd(open))
			close(fd);
	}
	return open ? closedir(open) == 0 : fcntl(last + 1, F_GETFD) < 0;
}

/* Locks and files are the other's alone: this process keeps the terminal and the pipe. */
static void screen_child(struct work *work)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != work->worker || dup2(work->wake[0], WAKE_FD) < 0)
		_exit(1);
	if (!close_above(WAKE_FD))
		_exit(1);
	if (work->quiet)
		screen_quiet(work);
	else
		screen_run(work);
	_exit(0);
}

/* ---- the parent: the work ---- */

/* Without a second process the work is done all the same; the screen stands still meanwhile. */
static void screen_start(struct work *work)
{
	if (pipe(work->wake) != 0)
		return;
	work->screen = fork();
	if (work->screen == 0)
		screen_child(work);
	close(work->wake[0]);
	if (work->screen < 0)
		close(work->wake[1]);
}

static void screen_end(struct work *work)
{
	if (work->screen > 0) {
		close(work->wake[1]);
		while (waitpid(work->screen, NULL, 0) < 0 && errno == EINTR)
			if (signals_came() != 0)
				kill(work->screen, SIGKILL);
	}
	if (work->board->painted && work->quiet)
		terminal_top_taken_back();
	else if (work->board->painted)
		terminal_taken_back();
}

/* A screen that died takes no wishes any more: the work ends at the next safe point. */
static bool screen_died(struct work *work)
{
	if (work->screen <= 0 || waitpid(work->screen, NULL, WNOHANG) == 0)
		return false;
	close(work->wake[1]);
	work->screen = 0;
	work->board->stop = true;
	return true;
}

/* Whoever presses a key comes first, unless the work is as good as done; the next look is near. */
static bool gives_way(const struct work *work)
{
	struct pollfd input = { .fd = STDIN_FILENO, .events = POLLIN };

	return work->quiet && since(&work->shown) > GIVES_WAY_FROM && poll(&input, 1, 0) > 0;
}

static int tell(void *ui, const struct job_state *state)
{
	struct work *work = ui;

	board_write(work->board, state, work->page);
	if (state->waiting)
		return atomic_exchange(&work->board->give_up, false) || signals_new() != 0 ||
			gives_way(work);
	while (!screen_died(work) && work->board->pause && signals_came() == 0)
		nanosleep(&(struct timespec){ .tv_nsec = PAUSE_NS }, NULL);
	return work->board->stop || signals_came() != 0 || gives_way(work);
}

int work_run(void *ui, const struct page *page, const struct job *job)
{
	struct wizard *wizard = ui;
	struct work work = { .wizard = wizard,
		.board = wizard->board,
		.page = page,
		.title = job->title,
		.quiet = job->quiet,
		.worker = getpid() };
	int ret;

	typed_forget(wizard);
	work.board->stop = work.board->pause = work.board->give_up = work.board->painted = false;
	board_write(work.board, &(struct job_state){ .what = job->title }, page);
	(void)board_read(work.board, &work.note);
	clock_gettime(CLOCK_MONOTONIC, &work.begun);
	work.shown = work.begun;
	screen_start(&work);
	ret = job->run(job->arg, tell, &work);
	screen_end(&work);
	wizard->made = terminal_now();
	return ret;
}

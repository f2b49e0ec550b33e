/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Work with the screen alive. */
#include "ui/wizard/work.h"

#include <ncurses.h>

enum { REPAINT_MS = 250, PAUSE_MS = 100 };

static double seconds_since(const struct timespec *then)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)(now.tv_sec - then->tv_sec) + (double)(now.tv_nsec - then->tv_nsec) / 1e9;
}

static void paint(struct wizard *wizard, const struct job_state *state)
{
	double time = seconds_since(&wizard->begun), rate = 0;
	size_t rows, columns;
	struct screen *screen;

	if (state->bytes > wizard->bytes_begun && time > 0.5)
		rate = (double)(state->bytes - wizard->bytes_begun) / time;
	terminal_size(&rows, &columns);
	if (compose_work(wizard, wizard->work_page, wizard->work_title, state, wizard->stopping, wizard->paused, rate,
			 rows, columns, wizard->utf8, &screen) != 0)
		return;
	terminal_paint(screen);
	talloc_free(screen);
	clock_gettime(CLOCK_MONOTONIC, &wizard->drawn);
}

/* What a key means while work runs; true if the screen must say something new. */
static bool key_seen(struct wizard *wizard, const struct job_state *state, int key)
{
	if (key == KEY_RESIZE)
		return true;
	if (!state->may_stop)
		return false;
	if (key == 's' || key == 3 || request_of(key) == REQUEST_LEAVE) {
		wizard->stopping = true;
		wizard->paused = false;
		return true;
	}
	if (key == ' ') {
		wizard->paused = !wizard->paused;
		return true;
	}
	return false;
}

static int tell(void *ui, const struct job_state *state)
{
	struct wizard *wizard = ui;
	bool now = key_seen(wizard, state, terminal_key(0));

	if (state->bytes < wizard->bytes_begun) {
		wizard->bytes_begun = state->bytes;
		clock_gettime(CLOCK_MONOTONIC, &wizard->begun);
	}
	if (now || seconds_since(&wizard->drawn) * 1000 >= REPAINT_MS)
		paint(wizard, state);
	while (wizard->paused && *wizard->signal == 0)
		if (key_seen(wizard, state, terminal_key(PAUSE_MS)))
			paint(wizard, state);
	return wizard->stopping || *wizard->signal != 0;
}

int work_run(struct wizard *wizard, const struct page *page, const struct job *job)
{
	wizard->work_page = page;
	wizard->work_title = job->title;
	wizard->stopping = wizard->paused = false;
	wizard->bytes_begun = 0;
	clock_gettime(CLOCK_MONOTONIC, &wizard->begun);
	clock_gettime(CLOCK_MONOTONIC, &wizard->drawn);
	return job->run(job->arg, tell, wizard);
}

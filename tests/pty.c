/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/pty.h"

#include <errno.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

double pty_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

pid_t pty_fork(struct pty *pty, unsigned short rows, unsigned short columns)
{
	struct winsize size = { .ws_row = rows, .ws_col = columns };

	memset(pty, 0, sizeof *pty);
	pty->sent = pty_now();
	pty->child = forkpty(&pty->fd, NULL, NULL, &size);
	return pty->child;
}

bool pty_start(struct pty *pty, unsigned short rows, unsigned short columns, char *const argv[])
{
	pid_t child = pty_fork(pty, rows, columns);

	if (child == 0) {
		execvp(argv[0], argv);
		_exit(127);
	}
	return child > 0;
}

void pty_keys(struct pty *pty, const char *keys)
{
	size_t len = strlen(keys);

	pty->bytes = 0;
	pty->first = pty->last = 0;
	pty->seen[0] = '\0';
	pty->sent = pty_now();
	pty->unread = true;
	while (len > 0) {
		ssize_t wrote = write(pty->fd, keys, len);

		if (wrote < 0 && errno == EINTR)
			continue;
		if (wrote <= 0)
			return;
		keys += wrote;
		len -= (size_t)wrote;
	}
}

/* Keeps the last of what came; NUL bytes, if any, are left out. */
static void tail_keep(struct pty *pty, const char *bytes, size_t len)
{
	size_t had = strlen(pty->seen), room = sizeof pty->seen - 1;

	for (size_t i = 0; i < len; i++) {
		if (bytes[i] == '\0')
			continue;
		if (had == room) {
			memmove(pty->seen, pty->seen + room / 2, room - room / 2);
			had = room - room / 2;
		}
		pty->seen[had++] = bytes[i];
	}
	pty->seen[had] = '\0';
}

void pty_still(struct pty *pty, double quiet, double most)
{
	double begun = pty_now();

	while (!pty->ended && pty_now() - begun < most) {
		struct pollfd wait = { .fd = pty->fd, .events = POLLIN };
		char buffer[8192];
		ssize_t got;

		if (poll(&wait, 1, (int)(quiet * 1000)) == 0)
			return;
		got = read(pty->fd, buffer, sizeof buffer);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0) {
			pty->ended = true;
			return;
		}
		pty->last = pty_now() - pty->sent;
		if (pty->bytes == 0)
			pty->first = pty->last;
		pty->bytes += (size_t)got;
		tail_keep(pty, buffer, (size_t)got);
	}
}

/* How often a process fell asleep, if it sleeps now: proc(5). 0 if it does not, -1 if it is
 * gone. */
static long sleeps(pid_t process)
{
	char path[64], line[256];
	bool asleep = false;
	long times = 0;
	FILE *file;

	snprintf(path, sizeof path, "/proc/%d/status", (int)process);
	file = fopen(path, "r");
	if (file == NULL)
		return -1;
	while (fgets(line, sizeof line, file) != NULL) {
		asleep |= strncmp(line, "State:\tS", 8) == 0;
		(void)sscanf(line, "voluntary_ctxt_switches: %ld", &times);
	}
	fclose(file);
	return asleep ? times : 0;
}

/* What is written to a terminal reaches its reader a little later: so it must have woken since. */
bool pty_asleep(struct pty *pty, pid_t process)
{
	enum { TIMES = 3, PAUSE_US = 300 };
	long last = 0;
	int times = 0;

	for (double begun = pty_now(); times < TIMES && pty_now() - begun < 60 && !pty->ended;) {
		long now;

		usleep(PAUSE_US);
		pty_still(pty, 0, 0.5);
		now = sleeps(process);
		if (now < 0)
			return false;
		times = now > 0 && now == last && (!pty->unread || now != pty->slept) ? times + 1
										      : 0;
		last = now;
	}
	pty->slept = last;
	pty->unread = false;
	return times == TIMES;
}

bool pty_until(struct pty *pty, const char *text, double most)
{
	for (double begun = pty_now(); pty_now() - begun < most && !pty->ended;) {
		pty_still(pty, 0.05, 0.05);
		if (strstr(pty->seen, text) != NULL) {
			pty_still(pty, 0.1, 1);
			return true;
		}
	}
	return false;
}

int pty_end(struct pty *pty, double most)
{
	int status = -1;

	for (double begun = pty_now(); !pty->ended && pty_now() - begun < most;)
		pty_still(pty, 0.05, 0.05);
	if (!pty->ended)
		kill(pty->child, SIGKILL);
	waitpid(pty->child, &status, 0);
	close(pty->fd);
	return status;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A terminal with a program on it, for tests: sends keys, takes in what is drawn, and waits until
 * it is still. */
#ifndef TESTS_PTY_H
#define TESTS_PTY_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct pty {
	int fd;
	pid_t child;
	size_t bytes;       /* that came since pty_keys last sent any */
	double first, last; /* when the first and the last of them came, seconds after that */
	bool ended;         /* the program is gone */
	double sent;        /* when, on the monotonic clock */
	char seen[16384];   /* the end of what came */
	bool unread;        /* keys were sent since pty_asleep */
	long slept;         /* how often the process had slept then */
};

/* In the child this returns 0 like fork; rows and columns may be 0. -1 if there are no
 * terminals. */
pid_t pty_fork(struct pty *pty, unsigned short rows, unsigned short columns);
/* Runs a program (argv ends with NULL); false if there are no terminals. */
bool pty_start(struct pty *pty, unsigned short rows, unsigned short columns, char *const argv[]);
void pty_keys(struct pty *pty, const char *keys);
/* Takes in output until none came for quiet seconds, or for most seconds in all. */
void pty_still(struct pty *pty, double quiet, double most);
/* Takes in output until it has had this text (which must not be broken by movements of the cursor)
 * and then is still. False if it did not come. */
bool pty_until(struct pty *pty, const char *text, double most);
/* Takes in output until the process sleeps again, waiting for input: what was sent since the last
 * call was dealt with. False after a minute, or if the process is gone. */
bool pty_asleep(struct pty *pty, pid_t process);
/* Waits for the end of the program, at most so many seconds, then kills it. Its exit status as of
 * waitpid. */
int pty_end(struct pty *pty, double most);
double pty_now(void);

#endif

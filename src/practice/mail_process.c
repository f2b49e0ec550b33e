/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The connector as a process of its own: it looks once a second, and ends with whoever started
 * it. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/i18n.h"
#include "practice/mail_parts.h"

enum { BUSY_MS = 200, IDLE_MS = 500 };

struct practice_mail_process {
	pid_t pid, owner;
};

/* ---- In the child ---- */

/* Nothing of the other program stays open, no signal of its terminal ends this one: SIGTERM alone
 * is waited for. */
static void child_settle(void)
{
	const int null = open("/dev/null", O_RDWR);
	sigset_t all;

	sigfillset(&all);
	(void)sigprocmask(SIG_SETMASK, &all, NULL);
	for (int number = 1; number < NSIG; number++)
		(void)signal(number, SIG_DFL);
	for (int fd = 0; null >= 0 && fd < 3; fd++)
		(void)dup2(null, fd);
	(void)close_range(3, ~0U, 0);
}

/* Whether it is to go on. */
static bool child_wait(unsigned milliseconds, pid_t parent)
{
	const struct timespec rest = { 0, (long)milliseconds * 1000000 };
	sigset_t end;

	sigemptyset(&end);
	sigaddset(&end, SIGTERM);
	return sigtimedwait(&end, NULL, &rest) < 0 && getppid() == parent;
}

/* Only one works in a folder; the next takes over when that one ends. */
static bool child_locked(const struct practice_mail *mail, int *lock)
{
	if (*lock < 0)
		*lock = openat(mail->mail, ".lock",
			O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0644);
	return *lock >= 0 && flock(*lock, LOCK_EX | LOCK_NB) == 0;
}

static void child_run(const char *dir, pid_t parent)
{
	struct practice_mail *mail = NULL;
	bool locked = false, moved = false;
	int lock = -1;
	int64_t last = 0;
	struct error err;

	if (practice_mail_open(NULL, dir, &mail, &err) < 0)
		return;
	while (child_wait(moved ? BUSY_MS : IDLE_MS, parent)) {
		const int64_t now = time(NULL);

		locked = locked || child_locked(mail, &lock);
		if (!locked || now == last)
			continue;
		last = now;
		/* The folder is gone, or half of it: nothing to do but to see whether it comes
		 * back. */
		if (practice_mail_step(mail, now, &moved, &err) < 0)
			moved = false;
	}
	talloc_free(mail);
}

/* ---- In the parent ---- */

static int process_end(struct practice_mail_process *process)
{
	/* Not where another child of the program frees what it has a copy of. */
	if (process->pid > 0 && process->owner == getpid()) {
		(void)kill(process->pid, SIGTERM);
		while (waitpid(process->pid, NULL, 0) < 0 && errno == EINTR)
			;
	}
	return 0;
}

int practice_mail_start(TALLOC_CTX *mem, const char *dir, struct practice_mail_process **out,
	struct error *err)
{
	struct practice_mail_process *process = talloc_zero(mem, struct practice_mail_process);
	const pid_t parent = getpid();
	sigset_t all, before;

	*out = NULL;
	if (!process)
		return error_memory(err);
	process->owner = parent;
	/* A signal that this program handles must not meet its handler in the child. */
	sigfillset(&all);
	(void)sigprocmask(SIG_SETMASK, &all, &before);
	process->pid = fork();
	if (process->pid == 0) {
		(void)prctl(PR_SET_PDEATHSIG, SIGTERM);
		child_settle();
		if (getppid() == parent)
			child_run(dir, parent);
		/* Nothing of the program that it was a part of may run any more. */
		(void)kill(getpid(), SIGKILL);
	}
	(void)sigprocmask(SIG_SETMASK, &before, NULL);
	if (process->pid < 0) {
		talloc_free(process);
		return error_system(err, TROUBLE_IO, errno,
			_("The connector of the practice server cannot be started"));
	}
	talloc_set_destructor(process, process_end);
	*out = process;
	return 0;
}

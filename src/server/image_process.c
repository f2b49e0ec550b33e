/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The programs below a server in an image: found, started with nothing of ours, waited for. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/memory.h"
#include "server/image_stack_private.h"

enum {
	PATIENCE = 10, /* seconds */
	DYING_NAPS = 200,
	SAID_ROOM = 512,
	KILLED = 128
};

static const struct {
	const char *name, *package;
} programs[PROGRAMS] = {
	[PROGRAM_DAEMON] = { "qemu-storage-daemon", "qemu-system-common" },
	[PROGRAM_QEMU_IMG] = { "qemu-img", "qemu-utils" },
	[PROGRAM_NBDFUSE] = { "nbdfuse", "libnbd-bin" },
	[PROGRAM_NTFS] = { "ntfs-3g", "ntfs-3g" },
	[PROGRAM_EWF] = { "ewfmount", "ewf-tools" },
};

struct process {
	enum process_program program;
	pid_t pid;  /* 0: it has ended */
	int status; /* then */
	int log;
	char said[SAID_ROOM];
};

static int64_t now_seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec;
}

/* ---- ending ---- */

static bool process_ended(struct process *process, int options)
{
	pid_t got;

	if (!process->pid)
		return true;
	while ((got = waitpid(process->pid, &process->status, options)) < 0 && errno == EINTR)
		;
	if (got != 0)
		process->pid = 0;
	return got != 0;
}

static int process_free(struct process *process)
{
	if (process->pid) {
		kill(process->pid, SIGKILL);
		process_ended(process, 0);
	}
	if (process->log >= 0)
		close(process->log);
	return 0;
}

const char *process_said(struct process *process)
{
	off_t size = process->log < 0 ? 0 : lseek(process->log, 0, SEEK_END);
	off_t from = size < SAID_ROOM ? 0 : size - SAID_ROOM + 1;
	ssize_t got = size <= 0 ? 0 : pread(process->log, process->said, SAID_ROOM - 1, from);
	char *line;

	while (got > 0 && strchr("\r\n ", process->said[got - 1]))
		got--;
	process->said[got > 0 ? got : 0] = '\0';
	line = process->said + strlen(process->said);
	while (line > process->said && !strchr("\r\n", line[-1]))
		line--;
	return line;
}

static int process_failed(struct process *process, enum trouble trouble, struct error *err)
{
	const char *said = process_said(process);
	int sig = WIFSIGNALED(process->status) ? WTERMSIG(process->status) : 0;

	/* It refused nothing. */
	if (sig)
		return error_set(err, TROUBLE_IO, _("The program %s was ended by signal %d."),
			programs[process->program].name, sig);
	return error_set(err, trouble, _("The program %s has ended: %s"),
		programs[process->program].name, *said ? said : _("it does not say why."));
}

int process_alive(struct process *process, struct error *err)
{
	return process_ended(process, WNOHANG) ? process_failed(process, TROUBLE_IO, err) : 0;
}

int process_silent(struct process *process, struct error *err)
{
	for (int i = 0; i < DYING_NAPS && !process_ended(process, WNOHANG); i++)
		fence_nap();
	return process->pid ? error_set(err, TROUBLE_IO, _("The program %s does not answer."),
				      programs[process->program].name)
			    : process_failed(process, TROUBLE_IO, err);
}

int process_end(struct process *process, int signal, struct error *err)
{
	int64_t until = now_seconds() + PATIENCE;
	int ret = signal ? process_alive(process, err) : 0;

	if (ret == 0 && signal)
		kill(process->pid, signal);
	while (ret == 0 && !process_ended(process, WNOHANG) && now_seconds() <= until)
		fence_nap();
	if (ret == 0 && process->pid)
		ret = error_set(err, TROUBLE_IO, _("The program %s does not end and was killed."),
			programs[process->program].name);
	else if (ret == 0 && process->status != 0)
		ret = process_failed(process, TROUBLE_IO, err);
	talloc_free(process);
	return ret;
}

int process_finish(struct process *process)
{
	(void)process_ended(process, 0);
	return WIFEXITED(process->status) ? WEXITSTATUS(process->status) : KILLED;
}

/* ---- starting ---- */

static char *program_find(TALLOC_CTX *mem, const char *name, char **path)
{
	const char *places = getenv("MSMCFIX_IMAGE_PATH");

	*path = talloc_asprintf(mem, "PATH=%s",
		places && *places ? places : "/usr/sbin:/usr/bin:/sbin:/bin");
	for (const char *at = *path ? strchr(*path, '=') : NULL; at && *at;) {
		size_t len = strcspn(++at, ":");
		char *file = talloc_asprintf(mem, "%.*s/%s", (int)len, at, name);

		if (file && access(file, X_OK) == 0)
			return file;
		talloc_free(file);
		at += len;
	}
	return NULL;
}

static int child_files(const struct process_spec *spec, int log, int report)
{
	int null = open("/dev/null", O_RDWR);
	int in = spec->talk ? spec->talk : null, out = spec->talk ? spec->talk : log;

	/* Above what they become: one that is put in its place covers none of the others. */
	in = fcntl(in, F_DUPFD, report + 1);
	out = fcntl(out < 0 ? null : out, F_DUPFD, report + 1);
	log = fcntl(log < 0 ? null : log, F_DUPFD, report + 1);
	if (null < 0 || dup2(in, 0) < 0 || dup2(out, 1) < 0 || dup2(log, 2) < 0)
		return errno;
	return close_range(3, ~0U, CLOSE_RANGE_CLOEXEC) == 0 &&
			fcntl(fence_watched(), F_SETFD, 0) == 0
		? 0
		: errno;
}

/* The rest of the child's life as this program. */
static void child_run(const char *file, char *const *argv, char *const *env,
	const struct process_spec *spec, int log, int report, pid_t parent)
{
	sigset_t none;
	int sys;

	for (int i = 1; i < NSIG; i++)
		signal(i, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	umask(077);
	/* Its own session: an interrupt typed at the terminal is for this program alone. */
	sys = setsid() < 0 || chdir(fence_work()) != 0 ? errno : child_files(spec, log, report);
	if (sys == 0)
		sys = fence_child(spec->fence);
	if (sys == 0 && prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && getppid() == parent) {
		execve(file, argv, env);
		sys = errno;
	}
	sys = sys ? sys : ECHILD;
	while (write(report, &sys, sizeof sys) < 0 && errno == EINTR)
		;
	while (true)
		kill(getpid(), SIGKILL);
}

/* 0, or the errno for which the child did not become the program. */
static int process_fork(struct process *process, const char *file, char *const *argv,
	char *const *env, const struct process_spec *spec)
{
	pid_t parent = getpid();
	int report[2], sys = 0;

	if (pipe2(report, O_CLOEXEC) != 0)
		return errno;
	process->pid = report[1] < 3 ? -1 : fork();
	if (process->pid == 0)
		child_run(file, argv, env, spec, process->log, report[1], parent);
	if (process->pid < 0)
		sys = errno;
	close(report[1]);
	while (process->pid > 0 && read(report[0], &sys, sizeof sys) < 0 && errno == EINTR)
		;
	close(report[0]);
	if (process->pid < 0)
		process->pid = 0;
	return sys;
}

static int program_missing(enum process_program program, struct error *err)
{
	return error_advise(err,
		error_set(err, TROUBLE_PROGRAM, _("The program %s is missing."),
			programs[program].name),
		_("A disk image is opened with it. Install the package %s, then try again."),
		programs[program].package);
}

int process_start(TALLOC_CTX *mem, const struct process_spec *spec, struct process **made,
	struct error *err)
{
	struct process *process = talloc_zero(mem, struct process);
	const char *name = programs[spec->program].name;
	char *path = NULL, *file = process ? program_find(process, name, &path) : NULL;
	char *const env[] = { path, "LC_ALL=C", NULL };
	const char **argv;
	size_t count = 0;
	int sys;

	if (!process || !path)
		return error_memory(err);
	process->program = spec->program;
	process->log = -1;
	talloc_set_destructor(process, process_free);
	if (!file) {
		talloc_free(process);
		return program_missing(spec->program, err);
	}
	while (spec->args[count])
		count++;
	argv = memory_array(process, sizeof *argv, count + 2);
	if (!argv)
		return error_memory(err);
	argv[0] = name;
	memcpy(argv + 1, spec->args, (count + 1) * sizeof *argv);
	/* The work folder is small: nobody fills this machine's memory with what he says. */
	if (!spec->mute)
		process->log = open(fence_work(), O_TMPFILE | O_RDWR | O_APPEND | O_CLOEXEC, 0600);
	sys = process_fork(process, file, (char *const *)argv, env, spec);
	if (sys != 0) {
		talloc_free(process);
		return error_system(err, TROUBLE_IO, sys, _("The program %s cannot be started"),
			name);
	}
	*made = process;
	return 0;
}

/* Whether a file system other than the work folder's is there. To ask it is needed, too: until then
 * the kernel believes that its root belongs to a user who is unknown in a user namespace. */
static bool is_mounted(const char *folder)
{
	struct stat below, is;

	return stat(fence_work(), &below) == 0 && stat(folder, &is) == 0 &&
		is.st_dev != below.st_dev;
}

int process_mounted(struct process *process, const char *folder, enum trouble trouble,
	struct error *err)
{
	int64_t until = now_seconds() + PATIENCE;

	while (!is_mounted(folder)) {
		if (process_ended(process, WNOHANG))
			return process_failed(process, trouble, err);
		if (now_seconds() > until)
			return error_set(err, TROUBLE_IO, _("The program %s does not get ready."),
				programs[process->program].name);
		fence_nap();
	}
	return 0;
}

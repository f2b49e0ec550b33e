/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The helper msmcfix-smb as a process: started with nothing but a socket, asked, and ended by
 * killing. What comes from it is measured before it is believed.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "server/remote_private.h"

#define HELPER "msmcfix-smb"
#define HELPER_PACKAGE "msmcfix-live"

enum {
	HELPER_FD = 3, /* where the helper expects its socket */
	SLICE = 100,   /* ms: so often it is asked whether to go on */
	HELLO_SECONDS = 10,
	PATIENCE = 60,
	/* The helper waits for the server as long as it was told, and then says so. */
	GRACE = 5,
	BLOCK = 64 * 1024,
	WAITING_MOST = 64 << 20 /* bytes of answers that nobody took */
};

struct remote_link {
	pid_t pid; /* 0: ended */
	int fd;
	uint8_t *in; /* what came and was not taken yet */
	size_t in_len;
	uint32_t number; /* of the last request */
};

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * INT64_C(1000) + now.tv_nsec / 1000000;
}

/* ---- ending ---- */

/* How it ended, if it does by itself very soon; else it is killed. */
static int link_reap(struct remote_link *link, bool wait_first)
{
	int status = 0;
	pid_t got = 0;

	for (int i = 0; wait_first && got == 0 && i < 50; i++) {
		got = waitpid(link->pid, &status, WNOHANG);
		if (got == 0)
			nanosleep(&(struct timespec){ .tv_nsec = 10000000 }, NULL);
	}
	if (got == 0) {
		kill(link->pid, SIGKILL);
		while (waitpid(link->pid, &status, 0) < 0 && errno == EINTR)
			;
	}
	link->pid = 0;
	return status;
}

static void link_close(struct remote_link *link)
{
	if (link->fd >= 0)
		close(link->fd);
	link->fd = -1;
	link->in_len = 0;
}

static int link_free(struct remote_link *link)
{
	link_close(link);
	if (link->pid)
		link_reap(link, false);
	return 0;
}

static int link_end(struct remote_link *link, int ret)
{
	link_free(link);
	return ret;
}

bool link_broken(const struct remote_link *link)
{
	return link->pid == 0;
}

/* The socket is closed: it crashed, was killed, or gave up. */
static int link_died(struct remote_link *link, struct error *err)
{
	int status;

	link_close(link);
	status = link->pid ? link_reap(link, true) : 0;
	if (WIFSIGNALED(status))
		return error_advise(err,
			error_set(err, TROUBLE_UNREACHABLE,
				_("The helper %s was ended by signal %d."), HELPER,
				WTERMSIG(status)),
			_("Try again: it is started anew."));
	return error_set(err, TROUBLE_BUG, _("The helper %s ended without an answer."), HELPER);
}

static int link_garbage(struct remote_link *link, struct error *err)
{
	return link_end(link,
		error_set(err, TROUBLE_BUG, _("The helper %s says what no helper says."), HELPER));
}

/* ---- starting ---- */

static char *helper_path(TALLOC_CTX *mem)
{
	const char *folder = getenv("MSMCFIX_LIBEXECDIR");

	return talloc_asprintf(mem, "%s/%s", folder && *folder ? folder : LIBEXECDIR, HELPER);
}

static int helper_missing(const char *path, int sys, struct error *err)
{
	return error_advise(err,
		error_system(err, TROUBLE_BUG, sys, _("%s cannot be started"), path),
		_("A running server is reached through it. Install the package %s, then try again."),
		HELPER_PACKAGE);
}

/* Nothing of this program's but the socket, of its environment nothing, no terminal. 0 or an
 * errno. */
static int helper_spawn(const char *path, int socket, pid_t *pid)
{
	char *const argv[] = { (char *)path, NULL };
	static char *const env[] = { "PATH=/usr/bin:/bin", "LC_ALL=C.UTF-8", NULL };
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attr;
	sigset_t none, all;
	int sys;

	sigemptyset(&none);
	sigfillset(&all);
	posix_spawn_file_actions_init(&actions);
	posix_spawnattr_init(&attr);
	sys = posix_spawn_file_actions_adddup2(&actions, socket, HELPER_FD);
	for (int fd = 0; sys == 0 && fd < HELPER_FD; fd++)
		sys = posix_spawn_file_actions_addopen(&actions, fd, "/dev/null", O_RDWR, 0);
	if (sys == 0)
		sys = posix_spawn_file_actions_addclosefrom_np(&actions, HELPER_FD + 1);
	posix_spawnattr_setsigmask(&attr, &none);
	posix_spawnattr_setsigdefault(&attr, &all);
	posix_spawnattr_setflags(&attr,
		POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
	if (sys == 0)
		sys = posix_spawn(pid, path, &actions, &attr, argv, env);
	posix_spawnattr_destroy(&attr);
	posix_spawn_file_actions_destroy(&actions);
	return sys;
}

static int link_spawn(struct remote_link *link, struct error *err)
{
	char *path = helper_path(link);
	int pair[2], sys;

	if (!path)
		return error_memory(err);
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
		return error_system(err, TROUBLE_IO, errno, _("The helper %s cannot be spoken to"),
			HELPER);
	link->fd = pair[0];
	/* The open of /dev/null would land on it. */
	sys = pair[1] < HELPER_FD ? EMFILE : helper_spawn(path, pair[1], &link->pid);
	close(pair[1]);
	if (sys != 0) {
		link->pid = 0;
		return helper_missing(path, sys, err);
	}
	return fcntl(link->fd, F_SETFL, O_NONBLOCK) == 0
		? 0
		: error_system(err, TROUBLE_IO, errno, _("The helper %s cannot be spoken to"),
			  HELPER);
}

static int link_greet(struct remote_link *link, struct error *err)
{
	static const struct remote_spec spec = { .patience = HELLO_SECONDS };
	TALLOC_CTX *tmp = talloc_new(NULL);
	struct frame_writer body;
	struct frame_reader reader;
	struct frame answer;
	int ret;

	frame_begin(&body, tmp);
	frame_put32(&body, FRAMES_VERSION);
	ret = link_ask(link, tmp, &spec, HELPER, FRAME_HELLO, &body, &answer, err);
	if (ret == 0) {
		frame_read(&reader, &answer);
		if (answer.status != FRAME_DONE || frame_get32(&reader) != FRAMES_VERSION ||
			!frame_done(&reader))
			ret = error_advise(err,
				error_set(err, TROUBLE_BUG,
					_("The helper %s is of another version than this program."),
					HELPER),
				_("Install the package %s of version %s, then try again."),
				HELPER_PACKAGE, PACKAGE_VERSION);
	}
	talloc_free(tmp);
	return ret;
}

int link_start(TALLOC_CTX *mem, struct remote_link **made, struct error *err)
{
	struct remote_link *link = talloc_zero(mem, struct remote_link);
	int ret;

	if (!link)
		return error_memory(err);
	link->fd = -1;
	talloc_set_destructor(link, link_free);
	ret = link_spawn(link, err);
	if (ret == 0)
		ret = link_greet(link, err);
	if (ret != 0)
		talloc_free(link);
	else
		*made = link;
	return ret;
}

/* ---- frames ---- */

/* Takes what has come. 0, or an errno; EPIPE: it is closed. */
static int link_fill(struct remote_link *link)
{
	size_t need = link->in_len + BLOCK;
	uint8_t *in = link->in;
	ssize_t got;

	if (!in || talloc_get_size(in) < need) {
		if (need > WAITING_MOST)
			return EMSGSIZE;
		in = memory_array_grow(link, in, 1, need * 2);
		if (!in)
			return ENOMEM;
		link->in = in;
	}
	got = read(link->fd, in + link->in_len, BLOCK);
	if (got > 0)
		link->in_len += (size_t)got;
	if (got == 0)
		return EPIPE;
	return got < 0 && errno != EAGAIN && errno != EINTR ? errno : 0;
}

static int link_failed(struct remote_link *link, int sys, struct error *err)
{
	if (sys == ENOMEM)
		return link_end(link, error_memory(err));
	if (sys == EMSGSIZE)
		return link_garbage(link, err);
	return link_died(link, err);
}

static int link_gone(struct error *err)
{
	return error_set(err, TROUBLE_UNREACHABLE, _("The connection to the helper %s is closed."),
		HELPER);
}

/* A helper that is busy takes nothing, and one that wants to be rid of its answers neither: so they
 * are read meanwhile. */
static int link_push(struct remote_link *link, const uint8_t *bytes, size_t len, struct error *err)
{
	int64_t until = now_ms() + (PATIENCE + GRACE) * INT64_C(1000);

	while (len > 0) {
		struct pollfd wait = { .fd = link->fd, .events = POLLIN | POLLOUT };
		ssize_t sent = send(link->fd, bytes, len, MSG_NOSIGNAL);
		int sys;

		if (sent > 0) {
			bytes += sent;
			len -= (size_t)sent;
			continue;
		}
		if (sent < 0 && errno != EAGAIN && errno != EINTR)
			return link_died(link, err);
		if (now_ms() > until)
			return link_end(link,
				error_set(err, TROUBLE_UNREACHABLE,
					_("The helper %s takes no more requests."), HELPER));
		if (poll(&wait, 1, SLICE) > 0 && (wait.revents & (POLLIN | POLLHUP))) {
			sys = link_fill(link);
			if (sys != 0)
				return link_failed(link, sys, err);
		}
	}
	return 0;
}

int link_send(struct remote_link *link, enum frame_verb verb, struct frame_writer *body,
	uint32_t *number, struct error *err)
{
	struct frame head = { .number = ++link->number, .verb = (uint16_t)verb };
	const uint8_t *bytes;
	size_t len;
	int ret;

	*number = head.number;
	bytes = frame_pack(body, &head, &len);
	if (!bytes)
		ret = error_memory(err);
	else if (link_broken(link))
		ret = link_gone(err);
	else
		ret = link_push(link, bytes, len, err);
	/* A password may be in it. */
	if (body->bytes)
		explicit_bzero(body->bytes, talloc_get_size(body->bytes));
	TALLOC_FREE(body->bytes);
	return ret;
}

/* 1: a whole answer was taken; 0: it is not there yet. */
static int link_take(struct remote_link *link, TALLOC_CTX *mem, struct frame *answer,
	struct error *err)
{
	size_t len = link->in_len >= FRAME_HEAD ? frame_length(link->in) : FRAME_HEAD;
	uint8_t *body;

	if (len == 0)
		return link_garbage(link, err);
	if (link->in_len < FRAME_HEAD || link->in_len < len)
		return 0;
	frame_unpack(link->in, answer);
	body = memory_array(mem, 1, answer->len);
	if (!body)
		return link_end(link, error_memory(err));
	memcpy(body, answer->body, answer->len);
	answer->body = body;
	memmove(link->in, link->in + len, link->in_len - len);
	link->in_len -= len;
	if (answer->verb == 0 || answer->verb >= FRAME_VERBS)
		return link_garbage(link, err);
	return 1;
}

/* Waits a slice; tells who waits. */
static int link_wait(struct remote_link *link, const struct remote_spec *spec, const char *doing,
	int64_t since, struct error *err)
{
	struct pollfd wait = { .fd = link->fd, .events = POLLIN };
	int ready = poll(&wait, 1, SLICE), sys = ready > 0 ? link_fill(link) : 0;
	unsigned seconds = (unsigned)((now_ms() - since) / 1000);
	unsigned patience = (spec->patience ? spec->patience : PATIENCE) + GRACE;

	if (sys != 0)
		return link_failed(link, sys, err);
	if (ready > 0)
		return 0;
	if (spec->waiting && spec->waiting(spec->waiting_arg, doing, seconds) != 0)
		return link_end(link,
			error_advise(err,
				error_set(err, TROUBLE_STOPPED, _("Given up: %s."), doing),
				_("Nothing is lost. Try again once the server answers.")));
	if (seconds < patience)
		return 0;
	return link_end(link,
		error_set(err, TROUBLE_UNREACHABLE, _("There was no answer for %u seconds: %s."),
			seconds, doing));
}

int link_receive(struct remote_link *link, TALLOC_CTX *mem, const struct remote_spec *spec,
	const char *doing, struct frame *answer, struct error *err)
{
	int64_t since = now_ms();

	while (true) {
		int ret = link_broken(link) ? link_gone(err) : link_take(link, mem, answer, err);

		if (ret != 0)
			return ret > 0 ? 0 : ret;
		ret = link_wait(link, spec, doing, since, err);
		if (ret != 0)
			return ret;
	}
}

int link_ask(struct remote_link *link, TALLOC_CTX *mem, const struct remote_spec *spec,
	const char *doing, enum frame_verb verb, struct frame_writer *body, struct frame *answer,
	struct error *err)
{
	uint32_t number;
	int ret = link_send(link, verb, body, &number, err);

	if (ret == 0)
		ret = link_receive(link, mem, spec, doing, answer, err);
	if (ret == 0 && (answer->number != number || answer->verb != verb))
		ret = link_garbage(link, err);
	return ret;
}

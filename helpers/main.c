/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Frames in, one after the other; what each asks for is done by the files beside this one. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "helpers/smb.h"

typedef void verb_fn(struct helper *helper, const struct frame *request, struct frame_reader *body);

static void hello(struct helper *helper, const struct frame *request, struct frame_reader *body)
{
	struct frame_writer answer;

	helper->greeted = frame_get32(body) == FRAMES_VERSION && frame_done(body);
	frame_begin(&answer, helper);
	frame_put32(&answer, FRAMES_VERSION);
	talk_answer(helper, request, FRAME_DONE, 0, &answer);
}

static verb_fn *const verbs[FRAME_VERBS] = {
	[FRAME_HELLO] = hello,
	[FRAME_CONNECT] = session_connect,
	[FRAME_PIPE] = session_pipe,
	[FRAME_CALL] = session_call,
	[FRAME_LIST] = files_verb,
	[FRAME_ROOM] = files_verb,
	[FRAME_OPEN] = handles_verb,
	[FRAME_CREATE] = handles_verb,
	[FRAME_READ] = handles_verb,
	[FRAME_WRITE] = handles_verb,
	[FRAME_CLOSE] = handles_verb,
	[FRAME_MKDIR] = files_verb,
	[FRAME_UNLINK] = files_verb,
	[FRAME_RMDIR] = files_verb,
	[FRAME_RENAME] = files_verb,
	[FRAME_TIME] = files_verb,
	[FRAME_ATTRIBUTES] = files_verb,
};

static void serve(struct helper *helper, const struct frame *request)
{
	verb_fn *verb = request->verb < FRAME_VERBS ? verbs[request->verb] : NULL;
	struct frame_reader body;

	frame_read(&body, request);
	if (!verb)
		talk_refuse(helper, request, "no such verb");
	else if (!helper->greeted && verb != hello)
		talk_refuse(helper, request, "HELLO first");
	else if (verb == files_verb && !helper->files)
		talk_refuse(helper, request, "CONNECT first");
	else if (verb == handles_verb && !helper->files)
		talk_refuse(helper, request, "CONNECT first");
	else
		verb(helper, request, &body);
}

/* The first frame, if all of it is there. A password may have been in it. */
static bool serve_next(struct helper *helper)
{
	size_t len = helper->in_len >= FRAME_HEAD ? frame_length(helper->in) : FRAME_HEAD;
	struct frame request;

	if (len == 0)
		helper->over = true;
	if (helper->over || helper->in_len < len || helper->in_len < FRAME_HEAD)
		return false;
	frame_unpack(helper->in, &request);
	serve(helper, &request);
	explicit_bzero(helper->in, len);
	memmove(helper->in, helper->in + len, helper->in_len - len);
	helper->in_len -= len;
	return true;
}

/* Only takes what came: answering may wait for the server, and would come here again. */
static void readable(struct tevent_context *events, struct tevent_fd *fd, uint16_t flags, void *arg)
{
	struct helper *helper = arg;
	size_t room = FRAME_LIMIT - helper->in_len;
	ssize_t got;

	(void)events;
	(void)flags;
	if (room == 0) {
		/* Further requests wait in the socket until one is answered. */
		tevent_fd_set_flags(fd, 0);
		return;
	}
	got = read(HELPER_FD, helper->in + helper->in_len, room);
	if (got > 0)
		helper->in_len += (size_t)got;
	else if (got == 0 || (errno != EINTR && errno != EAGAIN))
		helper->over = true;
	if (helper->over)
		tevent_fd_set_flags(fd, 0);
}

static void talk(struct helper *helper)
{
	struct tevent_fd *fd =
		tevent_add_fd(helper->events, helper, HELPER_FD, TEVENT_FD_READ, readable, helper);

	while (fd && !helper->over && tevent_loop_once(helper->events) == 0)
		while (serve_next(helper))
			tevent_fd_set_flags(fd, helper->over ? 0 : TEVENT_FD_READ);
}

/* No core, no tracer, no word anywhere, no life without the parent. */
static bool withdraw(void)
{
	int null = open("/dev/null", O_RDWR);

	if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || prctl(PR_SET_DUMPABLE, 0) != 0 || null < 0)
		return false;
	(void)setrlimit(RLIMIT_CORE, &(struct rlimit){ 0 });
	(void)signal(SIGPIPE, SIG_IGN);
	umask(077);
	for (int fd = 0; fd < HELPER_FD; fd++)
		if (dup2(null, fd) < 0)
			return false;
	if (null > HELPER_FD)
		close(null);
	return true;
}

int main(void)
{
	struct stat status;
	struct helper *helper;

	/* Started by hand there is nobody to talk to. */
	if (fstat(HELPER_FD, &status) != 0 || !S_ISSOCK(status.st_mode))
		return 64;
	if (!withdraw())
		return 70;
	helper = talloc_zero(NULL, struct helper);
	if (helper)
		helper->events = tevent_context_init(helper);
	if (helper && helper->events)
		helper->in = talloc_size(helper, FRAME_LIMIT);
	if (!helper || !helper->in)
		return 70;
	talk(helper);
	/* Whatever is still open the server closes with the connection. */
	_exit(0);
}

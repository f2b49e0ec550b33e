/* SPDX-License-Identifier: GPL-3.0-or-later */
/* npd DIR PID...: listens at the pipes below DIR/ncalrpc/np, until it is told to end or its parent
 * dies; then it ends these processes, and in the latter case removes DIR. */
#include "npd.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/bytes.h"

const char *const npd_pipe_names[NPD_PIPES] = { "srvsvc", "svcctl", "winreg", "eventlog" };
pthread_mutex_t npd_lock = PTHREAD_MUTEX_INITIALIZER;
static answer_fn *const answers[NPD_PIPES] = { shares_answer, services_answer, registry_answer,
	events_answer };
static int calls_fd;

/* A connection, and smbd's own pipe behind it. */
struct pair {
	struct talk talk;
	int client, samba;
};

static bool address_set(struct sockaddr_un *address, const char *dir, const char *pipe,
	const char *suffix)
{
	*address = (struct sockaddr_un){ .sun_family = AF_UNIX };
	return snprintf(address->sun_path, sizeof address->sun_path, "%s/ncalrpc/np/%s%s", dir,
		       pipe, suffix) < (int)sizeof address->sun_path;
}

static int pipe_connect(const char *dir, const char *pipe)
{
	struct sockaddr_un address;
	const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (address_set(&address, dir, pipe, ".samba") &&
		connect(fd, (struct sockaddr *)&address, sizeof address) == 0)
		return fd;
	close(fd);
	return -1;
}

/* How smbd and its pipe greet each other: a packet behind its big-endian length, each way. */
static bool greeting_pass(int from, int to)
{
	uint8_t head[4], body[PDU_LIMIT];
	size_t len;

	if (!bytes_read(from, head, sizeof head))
		return false;
	len = (size_t)head[0] << 24 | (size_t)head[1] << 16 | (size_t)head[2] << 8 | head[3];
	return len <= sizeof body && bytes_read(from, body, len) &&
		bytes_write(to, head, sizeof head) && bytes_write(to, body, len);
}

static void call_list(const char *call, const char *subject)
{
	char line[600];
	const int len = snprintf(line, sizeof line, "%s\t%s\n", call, subject);

	if (len > 0 &&
		write(calls_fd, line, len < (int)sizeof line ? (size_t)len : sizeof line) < 0)
		perror("npd: calls");
}

static bool garbage_send(int client, const struct message *request)
{
	uint8_t noise[333];

	for (size_t i = 0; i < sizeof noise; i++)
		noise[i] = (uint8_t)(i * 167 + 91);
	return message_answer(client, request, noise, sizeof noise);
}

/* Nobody reads for ever. */
static bool endless_send(int client, const struct message *request)
{
	static const uint8_t part[4200];
	uint8_t flags = 1;

	while (message_part(client, request, part, sizeof part, flags, PDU_HEAD + sizeof part))
		flags = 0;
	return false;
}

/* Sends an answer as the fault has it; false ends the connection. */
static bool damaged_send(int client, const struct message *request, const struct fault *fault,
	uint8_t *stub, size_t len)
{
	switch (fault->kind) {
	case FAULT_GARBAGE:
		return garbage_send(client, request);
	case FAULT_ENDLESS:
		return endless_send(client, request);
	case FAULT_LIE:
		return message_part(client, request, stub, len > 5000 ? 5000 : len, 3, 0xffff);
	case FAULT_CUT:
		return message_answer(client, request, stub,
			len > fault->number ? fault->number : len);
	case FAULT_PATCH:
		if (len >= 4 && fault->offset <= len - 4)
			put32(stub + fault->offset, fault->number);
		break;
	case FAULT_ERROR:
		if (len >= 4)
			put32(stub + len - 4, fault->number);
		break;
	default:
		break;
	}
	return message_answer(client, request, stub, len);
}

/* Asks smbd's own pipe and hands its answer on. */
static bool pass_through(struct pair *pair, TALLOC_CTX *mem, const struct message *request,
	const struct fault *fault)
{
	struct message *reply;

	if (!message_pass(pair->samba, request))
		return false;
	/* AUTH3, CO_CANCEL, ORPHANED: nobody answers these ([C706] 12.6.4). */
	if (request->type >= 16)
		return true;
	reply = message_read(mem, pair->samba);
	if (!reply || fault->kind == FAULT_LOSE)
		return false;
	if (reply->type != PDU_RESPONSE || reply->secured)
		return message_pass(pair->client, reply);
	pthread_mutex_lock(&npd_lock);
	if (pair->talk.pipe == NPD_WINREG)
		registry_learn(&pair->talk, request, reply);
	pthread_mutex_unlock(&npd_lock);
	return damaged_send(pair->client, request, fault, reply->stub, reply->stub_len);
}

/* The calls that do something are answered with an error before they do it: it is all there is in
 * the answer. */
static bool refused(const char *call, struct ndr_writer *reply, uint32_t error)
{
	static const char *const doing[] = { "winreg.SetValue", "winreg.DeleteValue",
		"winreg.SaveKey", "winreg.FlushKey", "svcctl.StartService", "srvsvc.NetShareDel" };

	for (size_t i = 0; i < sizeof doing / sizeof doing[0]; i++) {
		if (strcmp(call, doing[i]) == 0) {
			ndr_put32(reply, error);
			return true;
		}
	}
	return false;
}

/* What a call is, and the fault that is ordered for it. */
static struct fault call_look(struct pair *pair, TALLOC_CTX *mem, const struct message *request,
	const char **call)
{
	char *subject = NULL;

	*call = call_name(mem, pair->talk.pipe, request);
	if (pair->talk.pipe == NPD_WINREG)
		subject = registry_subject(&pair->talk, mem, request);
	else if (pair->talk.pipe == NPD_SVCCTL)
		subject = services_subject(mem, request);
	else if (pair->talk.pipe == NPD_SRVSVC)
		subject = shares_subject(mem, request);
	subject = subject ? subject : talloc_strdup(mem, "");
	call_list(*call, subject);
	return fault_take(*call, subject);
}

static bool request_serve(struct pair *pair, TALLOC_CTX *mem, struct message *request)
{
	struct ndr_writer reply;
	struct fault fault;
	const char *call;
	uint8_t *stub;
	size_t len;
	bool ours;

	ndr_begin(&reply, mem);
	pthread_mutex_lock(&npd_lock);
	orders_read(pair->talk.dir);
	fault = call_look(pair, mem, request, &call);
	pthread_mutex_unlock(&npd_lock);
	if (fault.kind == FAULT_DELAY)
		usleep(fault.number * 1000);
	if (fault.kind == FAULT_DROP ||
		(fault.kind == FAULT_FREEZE && !fault_wait(pair->talk.dir, pair->client)))
		return false;
	pthread_mutex_lock(&npd_lock);
	ours = (fault.kind == FAULT_ERROR && refused(call, &reply, fault.number)) ||
		answers[pair->talk.pipe](&pair->talk, request, &reply);
	if (!ours && pair->talk.pipe == NPD_WINREG)
		registry_redirect(&pair->talk, request);
	pthread_mutex_unlock(&npd_lock);
	if (!ours)
		return pass_through(pair, mem, request, &fault);
	stub = ndr_bytes(&reply, &len);
	return fault.kind != FAULT_LOSE && damaged_send(pair->client, request, &fault, stub, len);
}

static void *pair_serve(void *arg)
{
	static const struct fault none = { .kind = FAULT_NONE };
	struct pair *pair = arg;
	bool on = pair->samba >= 0 && greeting_pass(pair->client, pair->samba) &&
		greeting_pass(pair->samba, pair->client);

	while (on) {
		TALLOC_CTX *mem = talloc_new(pair->talk.mem);
		struct message *request = message_read(mem, pair->client);

		if (!request)
			on = false;
		else if (request->type == PDU_REQUEST && !request->secured)
			on = request_serve(pair, mem, request);
		else
			on = pass_through(pair, mem, request, &none);
		talloc_free(mem);
	}
	close(pair->client);
	close(pair->samba);
	talloc_free(pair->talk.mem);
	return NULL;
}

static void pair_start(const char *dir, enum npd_pipe pipe, int listener)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	struct pair *pair = talloc_zero(mem, struct pair);
	pthread_t thread;

	pair->talk = (struct talk){ .dir = dir, .pipe = pipe, .mem = mem };
	pair->client = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	pair->samba = pipe_connect(dir, npd_pipe_names[pipe]);
	if (pair->client >= 0 && pthread_create(&thread, NULL, pair_serve, pair) == 0)
		pthread_detach(thread);
}

static int pipe_listen(const char *dir, const char *pipe)
{
	struct sockaddr_un mine, theirs;
	const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (!address_set(&theirs, dir, pipe, ".samba") || !address_set(&mine, dir, pipe, "") ||
		(access(theirs.sun_path, F_OK) != 0 && rename(mine.sun_path, theirs.sun_path)) ||
		(unlink(mine.sun_path) && access(mine.sun_path, F_OK) == 0) ||
		bind(fd, (struct sockaddr *)&mine, sizeof mine) || listen(fd, 64) ||
		chmod(mine.sun_path, 0777)) {
		perror(pipe);
		exit(1);
	}
	return fd;
}

static volatile sig_atomic_t ended;

static void end(int number)
{
	(void)number;
	ended = 1;
}

static void signals_set(void)
{
	const struct sigaction action = { .sa_handler = end };

	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGINT, &action, NULL);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	prctl(PR_SET_PDEATHSIG, SIGTERM);
}

int main(int argc, char **argv)
{
	const pid_t parent = getppid();
	struct pollfd pipes[NPD_PIPES];
	char calls[256];

	if (argc < 2)
		return 64;
	signals_set();
	snprintf(calls, sizeof calls, "%s/calls", argv[1]);
	calls_fd = open(calls, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	if (!play_load(argv[1]))
		return 1;
	for (size_t i = 0; i < NPD_PIPES; i++)
		pipes[i] = (struct pollfd){ .fd = pipe_listen(argv[1], npd_pipe_names[i]),
			.events = POLLIN };
	while (!ended) {
		if (poll(pipes, NPD_PIPES, 1000) <= 0)
			continue;
		for (size_t i = 0; i < NPD_PIPES; i++) {
			if (pipes[i].revents & POLLIN)
				pair_start(argv[1], (enum npd_pipe)i, pipes[i].fd);
		}
	}
	for (int i = 2; i < argc; i++)
		kill((pid_t)strtol(argv[i], NULL, 10), SIGTERM);
	if (getppid() == parent)
		return 0;
	/* Who would have cleared away is dead. */
	sleep(1);
	execlp("rm", "rm", "-rf", argv[1], NULL);
	return 1;
}

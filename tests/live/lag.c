/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * lag PORT MS FOLDER: a way to 127.0.0.1:PORT that takes so many milliseconds there and back. It
 * listens at a port of its own, which FOLDER/port tells. SIGUSR1: FOLDER/counts becomes
 * "CONNECTIONS TURNS UP DOWN" since the last time; a turn is that the client speaks after the
 * server. SIGUSR2: all connections are cut. Ends with its parent.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { PAIRS = 32, CHUNK = 1 << 16, UP = 0, DOWN = 1 };

struct chunk {
	struct chunk *next;
	uint64_t due; /* us */
	size_t len, done;
	uint8_t bytes[];
};

struct way {
	struct chunk *first, **end;
	bool ended; /* nothing more comes from there */
};

struct pair {
	int fds[2]; /* the client's, the server's */
	struct way ways[2];
	bool server_spoke;
};

static struct {
	struct pair pairs[PAIRS];
	size_t count;
	uint64_t delay; /* us, one way */
	unsigned long connections, turns, bytes[2];
} lag;
static volatile sig_atomic_t wanted, cut;

static void signalled(int number)
{
	*(number == SIGUSR1 ? &wanted : &cut) = 1;
}

static uint64_t now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

static struct sockaddr_in loopback(unsigned port)
{
	return (struct sockaddr_in){ .sin_family = AF_INET,
		.sin_port = htons((uint16_t)port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
}

static void pair_close(struct pair *pair)
{
	for (int way = UP; way <= DOWN; way++) {
		close(pair->fds[way]);
		while (pair->ways[way].first) {
			struct chunk *chunk = pair->ways[way].first;

			pair->ways[way].first = chunk->next;
			free(chunk);
		}
	}
	/* The queue's end points into the pair itself: it is copied and set right. */
	*pair = lag.pairs[--lag.count];
	for (int way = UP; way <= DOWN; way++) {
		struct chunk **end = &pair->ways[way].first;

		while (*end)
			end = &(*end)->next;
		pair->ways[way].end = end;
	}
}

static void pair_open(int listener, unsigned port)
{
	const struct sockaddr_in to = loopback(port);
	struct pair *pair = &lag.pairs[lag.count];
	const int client = accept4(listener, NULL, NULL, SOCK_CLOEXEC), one = 1;
	const int server = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (client < 0 || lag.count == PAIRS ||
		connect(server, (const struct sockaddr *)&to, sizeof to)) {
		close(client);
		close(server);
		return;
	}
	*pair = (struct pair){ .fds = { client, server }, .server_spoke = true };
	for (int way = UP; way <= DOWN; way++) {
		pair->ways[way].end = &pair->ways[way].first;
		setsockopt(pair->fds[way], IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
	}
	lag.count++;
	lag.connections++;
}

/* What came from one side, to be due at the other later. */
static bool way_take(struct pair *pair, int way)
{
	struct chunk *chunk = malloc(sizeof *chunk + CHUNK);
	const ssize_t got = chunk ? read(pair->fds[way], chunk->bytes, CHUNK) : -1;

	if (got <= 0) {
		free(chunk);
		pair->ways[way].ended = true;
		return got == 0;
	}
	*chunk = (struct chunk){ .due = now_us() + lag.delay, .len = (size_t)got };
	*pair->ways[way].end = chunk;
	pair->ways[way].end = &chunk->next;
	lag.turns += way == UP && pair->server_spoke;
	pair->server_spoke = way == DOWN;
	lag.bytes[way] += (unsigned long)got;
	return true;
}

/* Sends what is due; false: the other side is gone, or all was sent and no more comes. */
static bool way_give(struct pair *pair, int way)
{
	struct way *queue = &pair->ways[way];

	while (queue->first && queue->first->due <= now_us()) {
		struct chunk *chunk = queue->first;
		const ssize_t sent = send(pair->fds[!way], chunk->bytes + chunk->done,
			chunk->len - chunk->done, MSG_NOSIGNAL | MSG_DONTWAIT);

		if (sent < 0)
			return errno == EAGAIN;
		chunk->done += (size_t)sent;
		if (chunk->done < chunk->len)
			return true;
		queue->first = chunk->next;
		if (!queue->first)
			queue->end = &queue->first;
		free(chunk);
	}
	return queue->first || !queue->ended;
}

/* How long until the next chunk is due, in ms; -1: none waits. */
static int next_due(void)
{
	uint64_t next = UINT64_MAX;
	const uint64_t now = now_us();

	for (size_t i = 0; i < lag.count; i++) {
		for (int way = UP; way <= DOWN; way++) {
			const struct chunk *first = lag.pairs[i].ways[way].first;

			if (first && first->due < next)
				next = first->due;
		}
	}
	if (next == UINT64_MAX)
		return -1;
	return next > now ? (int)((next - now + 999) / 1000) : 0;
}

static void counts_write(const char *folder)
{
	char name[256], made[256];
	FILE *file;

	wanted = 0;
	snprintf(name, sizeof name, "%s/counts", folder);
	snprintf(made, sizeof made, "%s/counts.new", folder);
	file = fopen(made, "we");
	if (!file)
		return;
	fprintf(file, "%lu %lu %lu %lu\n", lag.connections, lag.turns, lag.bytes[UP],
		lag.bytes[DOWN]);
	fclose(file);
	rename(made, name);
	lag.connections = lag.turns = lag.bytes[UP] = lag.bytes[DOWN] = 0;
}

static int listen_at(const char *folder)
{
	struct sockaddr_in address = loopback(0);
	socklen_t len = sizeof address;
	const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	char name[256];
	FILE *file;

	snprintf(name, sizeof name, "%s/port", folder);
	if (bind(fd, (struct sockaddr *)&address, sizeof address) || listen(fd, PAIRS) ||
		getsockname(fd, (struct sockaddr *)&address, &len) || !(file = fopen(name, "we"))) {
		perror("lag");
		exit(1);
	}
	fprintf(file, "%u\n", ntohs(address.sin_port));
	fclose(file);
	return fd;
}

/* One look at everybody. */
static void lag_turn(int listener, unsigned port)
{
	struct pollfd fds[1 + 2 * PAIRS] = { { .fd = listener, .events = POLLIN } };
	const size_t count = lag.count;

	for (size_t i = 0; i < count; i++) {
		for (int way = UP; way <= DOWN; way++)
			fds[1 + 2 * i + (size_t)way] = (struct pollfd){
				.fd = lag.pairs[i].ways[way].ended ? -1 : lag.pairs[i].fds[way],
				.events = POLLIN
			};
	}
	if (poll(fds, 1 + 2 * count, next_due()) < 0)
		return;
	for (size_t i = count; i-- > 0;) {
		struct pair *pair = &lag.pairs[i];
		bool open = true;

		for (int way = UP; way <= DOWN; way++) {
			if (fds[1 + 2 * i + (size_t)way].revents)
				open = way_take(pair, way) && open;
			open = way_give(pair, way) && open;
		}
		if (!open)
			pair_close(pair);
	}
	if (fds[0].revents)
		pair_open(listener, port);
}

int main(int argc, char **argv)
{
	const struct sigaction action = { .sa_handler = signalled };
	int listener;

	if (argc != 4)
		return 64;
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	sigaction(SIGUSR1, &action, NULL);
	sigaction(SIGUSR2, &action, NULL);
	lag.delay = (uint64_t)(strtod(argv[2], NULL) * 500);
	listener = listen_at(argv[3]);
	for (;;) {
		lag_turn(listener, (unsigned)strtoul(argv[1], NULL, 10));
		if (wanted)
			counts_write(argv[3]);
		while (cut && lag.count > 0)
			pair_close(&lag.pairs[0]);
		cut = 0;
	}
}

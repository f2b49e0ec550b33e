/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A look at the server before anything secret is said to it, for Samba's libraries tell a closed
 * port, an unknown name and a server of the other dialect not apart, and wait for a silent one
 * without end.
 *
 * One question in the form of SMB1 that every server answers, offering what is wanted: SMB1 alone,
 * or both ([MS-SMB2] 3.3.5.3.2). One that knows SMB2 is then asked for its dialect.
 */
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/memory.h"
#include "helpers/smb.h"

enum { PORT_DIRECT = 445, PORT_NETBIOS = 139, ANSWER_ROOM = 4096, SMB2_DIALECT_ANY = 0x02ff };

/* A connection, and how long it may take. */
struct probe {
	int fd;
	int64_t until; /* ms of the monotonic clock */
	uint8_t answer[ANSWER_ROOM];
	size_t len;
};

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * INT64_C(1000) + now.tv_nsec / 1000000;
}

/* 0 or an errno. */
static int probe_wait(const struct probe *probe, short events)
{
	struct pollfd wait = { .fd = probe->fd, .events = events };
	int64_t left;
	int ready;

	do {
		left = probe->until - now_ms();
		ready = left > 0 ? poll(&wait, 1, (int)left) : 0;
	} while (ready < 0 && errno == EINTR);
	return ready > 0 ? 0 : ready == 0 ? ETIMEDOUT : errno;
}

static int probe_connect(struct probe *probe, const struct addrinfo *to)
{
	socklen_t len = sizeof(int);
	int sys = 0;

	probe->fd = socket(to->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (probe->fd < 0)
		return errno;
	if (connect(probe->fd, to->ai_addr, to->ai_addrlen) == 0)
		return 0;
	if (errno != EINPROGRESS)
		return errno;
	sys = probe_wait(probe, POLLOUT);
	if (sys == 0 && getsockopt(probe->fd, SOL_SOCKET, SO_ERROR, &sys, &len) != 0)
		sys = errno;
	return sys;
}

static void probe_close(struct probe *probe)
{
	if (probe->fd >= 0)
		close(probe->fd);
	probe->fd = -1;
}

static int probe_send(struct probe *probe, const uint8_t *bytes, size_t len)
{
	while (len > 0) {
		int sys = probe_wait(probe, POLLOUT);
		ssize_t sent = sys == 0 ? send(probe->fd, bytes, len, MSG_NOSIGNAL) : 0;

		if (sys != 0)
			return sys;
		if (sent < 0 && errno != EAGAIN && errno != EINTR)
			return errno;
		if (sent > 0) {
			bytes += sent;
			len -= (size_t)sent;
		}
	}
	return 0;
}

static int probe_receive(struct probe *probe, uint8_t *bytes, size_t len)
{
	while (len > 0) {
		int sys = probe_wait(probe, POLLIN);
		ssize_t got = sys == 0 ? recv(probe->fd, bytes, len, 0) : 0;

		if (sys != 0)
			return sys;
		if (got == 0)
			return ECONNRESET;
		if (got < 0 && errno != EAGAIN && errno != EINTR)
			return errno;
		if (got > 0) {
			bytes += got;
			len -= (size_t)got;
		}
	}
	return 0;
}

/* One message of the session service (RFC 1002 4.3.1); *type is 0 for data. */
static int probe_message(struct probe *probe, uint8_t *type)
{
	uint8_t head[4];
	int sys = probe_receive(probe, head, sizeof head);

	*type = head[0];
	probe->len = (size_t)head[1] << 16 | (size_t)head[2] << 8 | head[3];
	if (sys == 0 && probe->len > sizeof probe->answer)
		return FRAME_NO_SMB;
	return sys == 0 ? probe_receive(probe, probe->answer, probe->len) : sys;
}

/* Asks, and takes an answer of data. What it says otherwise is no SMB. */
static int probe_ask(struct probe *probe, const uint8_t *bytes, size_t len)
{
	uint8_t type = 0;
	int sys = probe_send(probe, bytes, len);

	if (sys == 0)
		sys = probe_message(probe, &type);
	return sys == 0 && type != 0 ? FRAME_NO_SMB : sys;
}

/* On port 139 a session is asked for first: by the name that servers from NT 4.0 on answer to. */
static int probe_session(struct probe *probe)
{
	/* "*SMBSERVER" with 0x20 and a blank name, in half bytes from 'A' (RFC 1001 14.1) */
	static const uint8_t request[] = "\x81\0\0\x44\x20"
					 "CKFDENECFDEFFCFGEFFCCACACACACACA\0\x20"
					 "CACACACACACACACACACACACACACACAAA";
	uint8_t type = 0;
	int sys = probe_send(probe, request, sizeof request);

	if (sys == 0)
		sys = probe_message(probe, &type);
	return sys == 0 && type != 0x82 ? FRAME_NO_SMB : sys;
}

/* NEGOTIATE of SMB1 ([MS-CIFS] 2.2.4.52): NT error codes, Unicode. */
static int ask_smb1(struct probe *probe, const char *dialects, size_t len)
{
	uint8_t request[128] = { 0 }, *smb = request + 4;

	memcpy(smb, "\xffSMB\x72", 5);
	smb[9] = 0x18;
	put16(smb + 10, 0xc001);
	put16(smb + 24, 0xffff);
	put16(smb + 33, (uint16_t)len);
	memcpy(smb + 35, dialects, len);
	request[3] = (uint8_t)(35 + len);
	return probe_ask(probe, request, 4 + 35 + len);
}

#define NT_LM "\2NT LM 0.12"
static int ask_only_smb1(struct probe *probe)
{
	return ask_smb1(probe, NT_LM, sizeof NT_LM);
}

#define ANY_SMB NT_LM "\0\2SMB 2.002\0\2SMB 2.???"
static int ask_any(struct probe *probe)
{
	return ask_smb1(probe, ANY_SMB, sizeof ANY_SMB);
}

/* NEGOTIATE of SMB2 ([MS-SMB2] 2.2.3), the second message of a connection. */
static int ask_smb2(struct probe *probe)
{
	static const uint16_t dialects[] = { 0x0202, 0x0210, 0x0300, 0x0302, 0x0311 };
	enum { HEAD = 64, CONTEXTS = 112, LEN = CONTEXTS + 8 + 38 };
	uint8_t request[4 + LEN] = { 0, 0, 0, LEN }, *smb = request + 4, *body = smb + HEAD,
			    *context = smb + CONTEXTS;

	memcpy(smb, "\xfeSMB", 4);
	put16(smb + 4, HEAD);
	put16(smb + 14, 1); /* credits asked for */
	put64(smb + 24, 1); /* MessageId */
	put16(body, 36);
	put16(body + 2, ARRAY_SIZE(dialects));
	put16(body + 4, 1); /* signing enabled */
	put32(body + 28, CONTEXTS);
	put16(body + 32, 1);
	for (size_t i = 0; i < ARRAY_SIZE(dialects); i++)
		put16(body + 36 + 2 * i, dialects[i]);
	put16(context, 1); /* integrity before authentication: SHA-512, no salt worth the name */
	put16(context + 2, 38);
	put16(context + 8, 1);
	put16(context + 10, 32);
	put16(context + 12, 1);
	return probe_ask(probe, request, sizeof request);
}

static bool answered_smb1(const struct probe *probe)
{
	return probe->len >= 36 && memcmp(probe->answer, "\xffSMB\x72", 5) == 0 &&
		probe->answer[32] >= 1 && get16(probe->answer + 33) == 0;
}

static bool answered_smb2(const struct probe *probe)
{
	return probe->len >= 72 && memcmp(probe->answer, "\xfeSMB", 4) == 0;
}

/* The dialect of an answer to ask_any or ask_smb2. */
static void modern_named(const struct probe *probe, struct reach *reach)
{
	unsigned dialect = get16(probe->answer + 68);

	reach->insists = probe->answer[66] & 2;
	if (get32(probe->answer + 8) != 0 || dialect == SMB2_DIALECT_ANY)
		snprintf(reach->dialect, sizeof reach->dialect, "SMB2 or later");
	else if (dialect & 0x0f && dialect >= 0x0300)
		snprintf(reach->dialect, sizeof reach->dialect, "SMB %u.%u.%u", dialect >> 8 & 0xf,
			dialect >> 4 & 0xf, dialect & 0xf);
	else if (dialect & 0x0f)
		snprintf(reach->dialect, sizeof reach->dialect, "SMB %u.%u.%u", dialect >> 8 & 0xf,
			0U, dialect & 0xf);
	else
		snprintf(reach->dialect, sizeof reach->dialect, "SMB %u.%u", dialect >> 8 & 0xf,
			dialect >> 4 & 0xf);
}

/* Connects anew; port 139 with its session. */
static int probe_open(struct probe *probe, const struct addrinfo *to, unsigned port)
{
	int sys;

	probe_close(probe);
	sys = probe_connect(probe, to);
	return sys == 0 && port == PORT_NETBIOS ? probe_session(probe) : sys;
}

/* A server that hangs up at a question does not know it. */
static bool hung_up(int sys)
{
	return sys == ECONNRESET || sys == EPIPE || sys == ECONNABORTED;
}

static int look_modern(struct probe *probe, struct reach *reach)
{
	int sys = ask_any(probe);

	if (hung_up(sys) || (sys == 0 && !answered_smb1(probe) && !answered_smb2(probe)))
		return FRAME_NO_SMB;
	if (sys != 0)
		return sys;
	if (!answered_smb2(probe))
		return FRAME_ONLY_SMB1;
	modern_named(probe, reach);
	if (get16(probe->answer + 68) == SMB2_DIALECT_ANY && ask_smb2(probe) == 0 &&
		answered_smb2(probe))
		modern_named(probe, reach);
	return 0;
}

static int look_nt4(struct probe *probe, const struct addrinfo *to, struct reach *reach)
{
	int sys = ask_only_smb1(probe);

	if (sys == 0 && answered_smb1(probe)) {
		snprintf(reach->dialect, sizeof reach->dialect, "SMB1");
		reach->insists = probe->answer[35] & 8;
		return 0;
	}
	if (sys != 0 && !hung_up(sys))
		return sys;
	sys = probe_open(probe, to, reach->port);
	if (sys == 0)
		sys = ask_any(probe);
	return sys == 0 && answered_smb2(probe) ? FRAME_NEVER_SMB1 : FRAME_NO_SMB;
}

static int reach_one(const struct addrinfo *to, unsigned port, enum frame_dialect dialect,
	unsigned seconds, struct reach *reach)
{
	struct probe probe = { .fd = -1, .until = now_ms() + seconds * INT64_C(1000) };
	int sys = probe_open(&probe, to, port);

	reach->port = port;
	if (sys == 0 &&
		getnameinfo(to->ai_addr, to->ai_addrlen, reach->address, sizeof reach->address,
			NULL, 0, NI_NUMERICHOST) != 0)
		sys = FRAME_NO_HOST;
	if (sys == 0)
		sys = dialect == FRAME_NT4 ? look_nt4(&probe, to, reach)
					   : look_modern(&probe, reach);
	probe_close(&probe);
	return sys;
}

/* Every address at one port; what the first of them failed with. */
static int reach_port(const char *host, unsigned port, enum frame_dialect dialect, unsigned seconds,
	struct reach *reach)
{
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICSERV }, *list;
	char service[16];
	int first = 0;

	snprintf(service, sizeof service, "%u", port);
	if (getaddrinfo(host, service, &hints, &list) != 0)
		return FRAME_NO_HOST;
	for (const struct addrinfo *to = list; to; to = to->ai_next) {
		int sys = reach_one(to, port, dialect, seconds, reach);

		if (to == list || sys == 0)
			first = sys;
		if (sys == 0)
			break;
	}
	freeaddrinfo(list);
	return first;
}

int reach_server(const char *host, unsigned port, enum frame_dialect dialect, unsigned seconds,
	struct reach *reach)
{
	int sys = reach_port(host, port ? port : PORT_DIRECT, dialect, seconds, reach);

	/* Windows NT 4.0 listens there alone. */
	if (port == 0 && sys == ECONNREFUSED)
		sys = reach_port(host, PORT_NETBIOS, dialect, seconds, reach);
	return sys;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A helper that plays: what it is called, the folder it was started from, says which part. It
 * speaks for test_link.c alone, and knows no SMB. */
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/frames.h"

enum { SOCKET = 3 };

static const char *part;

static bool plays(const char *name)
{
	return strcmp(part, name) == 0;
}

static bool take(uint8_t *bytes, size_t len)
{
	while (len > 0) {
		ssize_t got = read(SOCKET, bytes, len);

		if (got <= 0)
			return false;
		bytes += got;
		len -= (size_t)got;
	}
	return true;
}

static void say(const void *bytes, size_t len)
{
	if (write(SOCKET, bytes, len) != (ssize_t)len)
		_exit(1);
}

static void answer(uint32_t number, uint32_t verb, const void *body, uint32_t len)
{
	uint8_t head[FRAME_HEAD] = { 0 };

	put32(head, len);
	put32(head + 4, number);
	put32(head + 8, verb);
	say(head, sizeof head);
	say(body, len);
}

static void hello(uint32_t number)
{
	uint8_t version[4];

	put32(version, plays("other") ? FRAMES_VERSION + 1 : FRAMES_VERSION);
	answer(number, FRAME_HELLO, version, sizeof version);
}

/* The first request after HELLO. */
static void perform(uint32_t number, uint32_t verb)
{
	uint8_t head[FRAME_HEAD] = { 0 };

	if (plays("silent"))
		pause();
	if (plays("dies"))
		_exit(0);
	if (plays("killed"))
		raise(SIGKILL);
	if (plays("garbage"))
		say("HTTP/1.0 400 Bad Request\r\n", 26);
	if (plays("oversized")) {
		put32(head, FRAME_LIMIT);
		put32(head + 8, verb);
		say(head, sizeof head);
	}
	if (plays("middle")) {
		put32(head, 100);
		put32(head + 4, number);
		put32(head + 8, verb);
		say(head, sizeof head);
		say("half", 4);
		_exit(0);
	}
	if (plays("stranger"))
		answer(number + 1, verb, "", 0);
	if (plays("slow")) {
		usleep(450000);
		answer(number, verb, "", 0);
	}
	if (plays("good"))
		answer(number, verb, "here", 4);
}

int main(int count, char **words)
{
	static uint8_t body[FRAME_LIMIT];
	uint8_t head[FRAME_HEAD];
	char *leaf = count > 0 ? strrchr(words[0], '/') : NULL;

	if (!leaf || getppid() == 1)
		return 64;
	*leaf = '\0';
	part = strrchr(words[0], '/') ? strrchr(words[0], '/') + 1 : words[0];
	while (take(head, sizeof head) && take(body, get32(head)))
		if (get32(head + 8) == FRAME_HELLO)
			hello(get32(head + 4));
		else
			perform(get32(head + 4), get32(head + 8));
	return 0;
}

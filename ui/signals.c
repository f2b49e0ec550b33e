/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/signals.h"

#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include "base/memory.h"

/* What comes so soon after another is the same: timeout(1) signals a process and its group. */
enum { TOGETHER_MS = 500 };

/* Handlers reach nothing but statics. */
static volatile sig_atomic_t came, count, told;
static void (*volatile waker)(void);
static bool memory_short;
static int64_t told_ms;

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * INT64_C(1000) + now.tv_nsec / 1000000;
}

static void handle(int number)
{
	if (came == 0)
		came = number;
	count++;
	if (waker)
		waker();
}

void signals_catch(void)
{
	static const int caught[] = { SIGINT, SIGTERM, SIGHUP, SIGXCPU };
	struct sigaction action = { .sa_handler = handle };

	sigemptyset(&action.sa_mask);
	for (size_t i = 0; i < ARRAY_SIZE(caught); i++)
		sigaction(caught[i], &action, NULL);
	(void)signal(SIGPIPE, SIG_IGN);
}

int signals_came(void)
{
	if (told != count)
		told_ms = now_ms();
	told = count;
	return came == 0 && memory_short ? SIGTERM : (int)came;
}

int signals_new(void)
{
	if (told == count)
		return 0;
	if (told_ms == 0 || now_ms() - told_ms >= TOGETHER_MS)
		return signals_came();
	told = count;
	return 0;
}

void signals_memory_short(void)
{
	memory_short = true;
}

bool signals_memory(void)
{
	return memory_short;
}

void signals_wake(void (*wake)(void))
{
	waker = wake;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/signals.h"

#include <stddef.h>

#include "base/memory.h"

/* Handlers reach nothing but statics. */
static volatile sig_atomic_t came, count, told;
static void (*volatile waker)(void);
static bool memory_short;

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
	told = count;
	return came == 0 && memory_short ? SIGTERM : (int)came;
}

int signals_new(void)
{
	return told != count ? signals_came() : 0;
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

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/flow.h"

#include <time.h>

#include "practice/mail.h"

enum { STEP_S = 30, QUIET = 5, STEPS_MOST = 2000 };

static int flow(const char *dir, int64_t now, unsigned count, unsigned step, unsigned quiet)
{
	struct practice_mail *mail;
	struct error err;
	unsigned idle = 0;
	int steps = 0;

	if (practice_mail_open(NULL, dir, &mail, &err) < 0)
		return -1;
	for (unsigned i = 1; i <= count && idle < quiet; i++) {
		bool moved = false;

		(void)practice_mail_step(mail, now + (int64_t)i * step, &moved, &err);
		idle = moved ? 0 : idle + 1;
		steps += moved;
	}
	talloc_free(mail);
	return steps;
}

int flow_all(const char *server_dir)
{
	return flow(server_dir, time(NULL), STEPS_MOST, STEP_S, QUIET);
}

int flow_steps(const char *server_dir, int64_t now, unsigned count)
{
	return flow(server_dir, now, count, 1, count + 1);
}

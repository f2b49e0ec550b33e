/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Mail of a practice server, played without waiting. */
#ifndef TESTS_FLOW_H
#define TESTS_FLOW_H

#include <stdint.h>

/* Lets its connector work with a clock that grows by half a minute a step, until nothing was moved
 * for longer than a slow hop takes. How many steps moved something; -1 where it cannot be
 * opened. */
int flow_all(const char *server_dir);
/* The same for count steps of one second, from now on. */
int flow_steps(const char *server_dir, int64_t now, unsigned count);

#endif

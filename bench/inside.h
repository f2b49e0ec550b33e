/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A program's own measure of its work, without the time it takes to be loaded; sidebyside reads the
 * line. */
#ifndef BENCH_INSIDE_H
#define BENCH_INSIDE_H

#include <stdio.h>
#include <time.h>

static inline double inside_now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec * 1e3 + (double)time.tv_nsec / 1e6;
}

static inline void inside_print(double begin)
{
	printf("inside %.3f ms\n", inside_now() - begin);
}

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/filetime.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* From 1601 to 1970: 369 years, 89 of them leap years. */
#define EPOCH_SECONDS INT64_C(11644473600)

int64_t filetime_of(int64_t seconds, uint32_t nanoseconds)
{
	int64_t since, time;

	if (__builtin_add_overflow(seconds, EPOCH_SECONDS, &since) ||
		__builtin_mul_overflow(since, FILETIME_SECOND, &time) ||
		__builtin_add_overflow(time, (int64_t)(nanoseconds / 100), &time))
		return seconds > 0 ? INT64_MAX : INT64_MIN + 1;
	return time == FILETIME_NONE ? INT64_MIN + 1 : time;
}

/* The whole units below, also of what is negative. */
static int64_t floor_of(int64_t value, int64_t unit)
{
	return value / unit - (value % unit < 0);
}

int64_t filetime_of_ns(int64_t nanoseconds)
{
	return floor_of(nanoseconds, 100) + EPOCH_SECONDS * FILETIME_SECOND;
}

struct timespec filetime_timespec(int64_t time)
{
	int64_t rest = time % FILETIME_SECOND;

	return (struct timespec){ .tv_sec =
					  (time_t)(floor_of(time, FILETIME_SECOND) - EPOCH_SECONDS),
		.tv_nsec = (long)(rest < 0 ? rest + FILETIME_SECOND : rest) * 100 };
}

char *filetime_text(TALLOC_CTX *mem, int64_t time, bool exact)
{
	struct timespec when = filetime_timespec(time);
	char fraction[24] = "";
	struct tm tm;

	if (!gmtime_r(&when.tv_sec, &tm))
		return NULL;
	if (exact && when.tv_nsec != 0)
		snprintf(fraction, sizeof fraction, ".%07ld", when.tv_nsec / 100);
	return talloc_asprintf(mem, "%04d-%02d-%02dT%02d:%02d:%02d%sZ", tm.tm_year + 1900,
		tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec, fraction);
}

void filetime_stamp(char out[FILETIME_STAMP])
{
	time_t now = time(NULL);
	struct tm tm;

	if (!gmtime_r(&now, &tm) || !strftime(out, FILETIME_STAMP, "%Y-%m-%dT%H:%M:%SZ", &tm))
		strcpy(out, "1970-01-01T00:00:00Z");
}

bool filetime_parse(const char *text, int64_t *time)
{
	struct tm tm = { 0 };
	long fraction = 0;
	char *again;
	int end = 0;
	bool same;

	if (!text ||
		sscanf(text, "%6d-%2d-%2dT%2d:%2d:%2d%n", &tm.tm_year, &tm.tm_mon, &tm.tm_mday,
			&tm.tm_hour, &tm.tm_min, &tm.tm_sec, &end) != 6)
		return false;
	tm.tm_year -= 1900;
	tm.tm_mon -= 1;
	if (text[end] == '.')
		fraction = strtol(text + end + 1, NULL, 10);
	if (fraction < 0 || fraction >= FILETIME_SECOND)
		return false;
	*time = filetime_of((int64_t)timegm(&tm), (uint32_t)fraction * 100);
	/* What is not a date, or would be written differently, does not survive the round trip. */
	again = filetime_text(NULL, *time, true);
	same = again && strcmp(again, text) == 0;
	talloc_free(again);
	return same;
}

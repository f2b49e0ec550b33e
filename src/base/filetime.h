/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Moments as NT has them: units of 100 ns since the beginning of 1601, UTC, signed (FILETIME,
 * MS-DTYP 2.3.3). All times of files are kept so, in memory and on record; they are turned into
 * those of this machine where a volume is asked.
 */
#ifndef BASE_FILETIME_H
#define BASE_FILETIME_H

#include <stdbool.h>
#include <stdint.h>
#include <talloc.h>
#include <time.h>

#define FILETIME_SECOND INT64_C(10000000)
/* No moment at all. */
#define FILETIME_NONE INT64_MIN

/* From seconds since 1970 and nanoseconds; what it cannot hold becomes the first or last that it
 * can. */
int64_t filetime_of(int64_t seconds, uint32_t nanoseconds);
/* From nanoseconds since 1970, as records of format 1 have them. */
int64_t filetime_of_ns(int64_t nanoseconds);
struct timespec filetime_timespec(int64_t time);

/* "1999-03-12T09:41:07Z"; exact: with seven digits of a second behind it unless they are zeros,
 * "1999-03-12T09:41:07.1234567Z". NULL for want of memory. */
char *filetime_text(TALLOC_CTX *mem, int64_t time, bool exact);
/* This machine's time in seconds, written the same way. */
#define FILETIME_STAMP sizeof "1999-03-12T09:41:07Z"
void filetime_stamp(char out[FILETIME_STAMP]);
/* Takes what filetime_text writes, and nothing else. */
bool filetime_parse(const char *text, int64_t *time);

#endif

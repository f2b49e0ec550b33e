/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Loaded before the program (LD_PRELOAD) to let it run out of memory anywhere: MEMORY_AT=n its n-th
 * request is refused, MEMORY_FROM=n that one and all that follow. MEMORY_COUNT=f writes the number
 * of requests to the file f at the end. NO_CLOSE_RANGE=1 is a kernel before 5.9.
 *
 * The program's own malloc (ui/spare.c) asks these of the C library.
 */
#include <dlfcn.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *old, size_t size);

static long asked, at = -1, from = -1;

static long number(const char *name)
{
	const char *text = getenv(name);

	return text ? atol(text) : 0;
}

static bool refused(void)
{
	if (at < 0) {
		at = number("MEMORY_AT");
		from = number("MEMORY_FROM");
	}
	asked++;
	if (asked != at && (from == 0 || asked < from))
		return false;
	errno = ENOMEM;
	return true;
}

static void *next(const char *name)
{
	return dlsym(RTLD_NEXT, name);
}

void *__libc_malloc(size_t size)
{
	static void *(*real)(size_t);
	void *found;

	if (!real) {
		found = next("__libc_malloc");
		memcpy(&real, &found, sizeof real);
	}
	return refused() ? NULL : real(size);
}

void *__libc_calloc(size_t count, size_t size)
{
	static void *(*real)(size_t, size_t);
	void *found;

	if (!real) {
		found = next("__libc_calloc");
		memcpy(&real, &found, sizeof real);
	}
	return refused() ? NULL : real(count, size);
}

void *__libc_realloc(void *old, size_t size)
{
	static void *(*real)(void *, size_t);
	void *found;

	if (!real) {
		found = next("__libc_realloc");
		memcpy(&real, &found, sizeof real);
	}
	return refused() ? NULL : real(old, size);
}

int close_range(unsigned int first, unsigned int last, int flags)
{
	if (!getenv("NO_CLOSE_RANGE"))
		return (int)syscall(SYS_close_range, first, last, flags);
	errno = ENOSYS;
	return -1;
}

__attribute__((destructor)) static void end(void)
{
	const char *path = getenv("MEMORY_COUNT");
	FILE *file = path ? fopen(path, "w") : NULL;

	if (!file)
		return;
	(void)fprintf(file, "%ld\n", asked);
	(void)fclose(file);
}

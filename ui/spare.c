/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The allocator of the C library, for all of the program and its libraries, but it never answers
 * NULL: nobody can then take what is not there for something that is not said. */
#include "ui/spare.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/error.h"
#include "ui/signals.h"

enum { SPARE = 8 << 20 };

static const char *last_words = "msmcfix: There is not enough memory.\n";
static void *spare = MAP_FAILED;

void spare_begin(const char *sentence)
{
	last_words = sentence;
	spare = mmap(NULL, SPARE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

/* A sanitizer has an allocator of its own, which ends the program just so. */
#if defined(__GLIBC__) && !defined(HOUSE_SANITIZERS)
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *old, size_t size);

/* Gives the spare part free, or ends it all. */
static void memory_short(void)
{
	void *part = spare;

	signals_memory_short();
	spare = MAP_FAILED;
	if (part != MAP_FAILED && munmap(part, SPARE) == 0)
		return;
	if (write(STDERR_FILENO, last_words, strlen(last_words)) < 0)
		_exit(trouble_exit(TROUBLE_IO));
	_exit(trouble_exit(TROUBLE_MEMORY));
}

void *malloc(size_t size)
{
	void *found;

	while (!(found = __libc_malloc(size)) && errno == ENOMEM)
		memory_short();
	return found;
}

void *calloc(size_t count, size_t size)
{
	void *found;

	while (!(found = __libc_calloc(count, size)) && errno == ENOMEM)
		memory_short();
	return found;
}

void *realloc(void *old, size_t size)
{
	void *found;

	while (!(found = __libc_realloc(old, size)) && size && errno == ENOMEM)
		memory_short();
	return found;
}
#endif

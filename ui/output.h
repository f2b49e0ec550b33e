/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files that the operator asks for by name: a plan, a table of results. */
#ifndef UI_OUTPUT_H
#define UI_OUTPUT_H

#include <stdio.h>

#include "base/error.h"

/*
 * Writes what write puts into the file at path (0600), under a name of its own first: what is half written must not look like the whole. A device, or a
 * pipe of the caller's own, is written into and stays what it is; a link is not followed (ELOOP). NULL and "-" are standard output. write: non-zero means
 * that it failed. 0, or the errno of what failed.
 */
int output_write(const char *path, int (*write)(void *arg, FILE *to), void *arg);

/* What kind of trouble an errno about a file is that the operator named. */
enum trouble output_trouble(int sys);

#endif

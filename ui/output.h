/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files that the operator asks for by name: a plan, a table of results. */
#ifndef UI_OUTPUT_H
#define UI_OUTPUT_H

#include "base/error.h"

/*
 * Writes text into the file at path (0600), under a name of its own first: what is half written must not look like the whole. A device, or a
 * pipe of the caller's own, is written into and stays what it is; a link is not followed (ELOOP). NULL and "-" are standard output. 0, or the
 * errno of what failed.
 */
int output_write(const char *path, const char *text);

/* For error_system: what kind of trouble an errno about a file is that the operator named. */
enum trouble output_trouble(int sys);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Starts the walk: on a full screen, or in lines (--plain, MSMCFIX_PLAIN, TERM=dumb). */
#ifndef UI_WALK_H
#define UI_WALK_H

#include "ui/options.h"

/* resume: the run to go on with, or NULL. Returns the exit code. */
int walk(const struct options *options, const char *resume);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Starts the walk: on a full screen, or in lines (--plain, MSMCFIX_PLAIN, TERM=dumb). */
#ifndef UI_WALK_H
#define UI_WALK_H

#include "ui/commands.h"

/* resume: the run to resume, "" for the one that is unfinished, NULL for none. */
int walk(struct call *call, const struct options *options, const char *resume);

#endif

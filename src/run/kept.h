/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What named persons decided to keep as it is, read back from the runs of a server. */
#ifndef RUN_KEPT_H
#define RUN_KEPT_H

#include "repair/survey.h"

/*
 * Puts into options what the last decision about each row says, where it is to keep it: of the runs
 * of this server in the folder runs, newest first, first (the name of a run, or NULL) before all
 * others; and of a server in a disk image the overlay that one of the others left over it. Reads
 * only. Runs that cannot be read, are another server's, were never begun or were put back whole say
 * nothing; no folder at all, nothing kept. Owned by mem. TROUBLE_MEMORY only.
 */
int kept_read(TALLOC_CTX *mem, const struct server *server, const char *runs, const char *first,
	struct survey_options *options, struct error *err);

#endif

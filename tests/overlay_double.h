/* SPDX-License-Identifier: GPL-3.0-or-later */
/* overlay_ops over plain folders: begin copies them aside, a drop puts the copy back, a commit
 * forgets it. The image is a file that only a commit writes to, an overlay a file of its own. */
#ifndef TESTS_OVERLAY_DOUBLE_H
#define TESTS_OVERLAY_DOUBLE_H

#include "server/overlay.h"
#include "tests/finish_bench.h"

/* What was called, and what is to fail, once. */
struct overlay_double {
	char *root, *image;    /* the folder of the drives; the image's file */
	struct server *server; /* the one that is open */
	int begun, gone_on, closed, committed, dropped;
	enum trouble fail_close, fail_go_on, fail_begin;
	bool cut_commit, cut_drop; /* after the work, before it is told */
};
extern struct overlay_double overlay_double;

/* The bench's server as the disks in an image. */
struct server *overlay_double_open(struct finish_bench *bench);
/* The file of the overlay with that name, "" for the run's own, "-2", ...; of the last run. */
char *overlay_double_file(struct finish_bench *bench, const char *suffix);
/* How the last run stands, and whether its overlay waits. */
enum run_state overlay_double_state(struct finish_bench *bench, bool *waits);
/* The call succeeds. */
void overlay_double_must(struct finish_bench *bench, int ret);

#endif

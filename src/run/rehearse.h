/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The whole of a repair gone through by reading alone, before anything of it is begun: what the
 * server needs (repair/rehearse.h), and what the run's record needs.
 */
#ifndef RUN_REHEARSE_H
#define RUN_REHEARSE_H

#include "repair/plan.h"

/* Whether this server may be repaired at all: what the survey forbids, a postoffice that may not be
 * in use (4), and a server that can only be looked at (77). */
int repair_allowed(struct server *server, const struct survey *survey, struct error *err);

/* What is decided to be changed or, where nothing but the backup is, all that could be. runs: the
 * place of runs as named, or NULL. Leaves the first trouble; writes nothing, not even a run
 * folder. */
int plan_rehearse(struct server *server, struct plan *plan, const char *runs, struct error *err);

/* For survey_options.rehearse: all that could be changed. runs: as above, a const char *; what
 * concerns the place of runs is only looked at where one was named, for another can still be. */
int survey_rehearse(void *runs, struct server *server, const struct survey *survey,
	struct server_rehearsal *comes_to, struct error *err);

/* The folders that the same changes write into, one a drive, for a trial. Owned by mem. */
int plan_folders(struct server *server, TALLOC_CTX *mem, struct plan *plan, char ***folders,
	size_t *count, struct error *err);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Step 6: may the default Msmcon go? Seven gates, each with its answer and the reason: yes on proof
 * only, what cannot be read is no. Leaving it is always a valid end.
 */
#ifndef REPAIR_OLDFOLDER_H
#define REPAIR_OLDFOLDER_H

#include "mail/evidence.h"
#include "repair/change.h"

enum gate_answer { GATE_YES, GATE_WEAK, GATE_NO };

struct gate {
	/* "apart", "files", "values", "share", "mail-came", "contents", "mail-flow": stable */
	const char *id;
	const char *text; /* what must be so, for a person */
	enum gate_answer answer;
	/* why, with what stands in the way, a line each; NULL if there is nothing to add */
	char *detail;
	/* how many things stand in the way, where they are listed: the first few are named */
	size_t listed;
};

struct gates {
	struct gate *gates;
	size_t count;
	bool leave_only; /* some gate says no */
	/* mail flow attested or verified only to a stage: the weakness must be confirmed */
	bool weak;
	char *folder; /* the default Msmcon, full path; NULL: there is none any more */
	size_t files; /* what is in it */
	uint64_t bytes;
};

/* From a fresh survey that knows what was kept (run/kept.h). Evidence from a practice server never
 * counts for a real one, nor the other way round. */
int oldfolder_gates(TALLOC_CTX *mem, struct server *server, const struct survey *fresh,
	const struct evidence_list *evidence, struct gates **gates, struct error *err);

/* The change that sets the folder aside: renamed on its own drive to NAME.q240208-<run>; can be
 * reversed. */
int oldfolder_aside(TALLOC_CTX *mem, const struct survey *survey, const char *run_name,
	struct change **change, struct error *err);

/* Deletes the folder for good, only what list (copy_walk) names, folders last. Cannot be undone. On
 * resuming, what is already gone is skipped. First it checks again that no folder of the list is
 * one of the relocated Msmcon's: TROUBLE_CANNOT if one is, or if that is unknown. */
int oldfolder_delete(struct server *server, const char *folder, const char *relocated,
	const struct copy_list *list, const struct copy_progress *progress, struct error *err);

#endif

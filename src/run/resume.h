/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An earlier run in the walk: where it stands, and resumed from there. */
#ifndef RUN_RESUME_H
#define RUN_RESUME_H

#include "run/engine.h"

enum run_stage {
	/* its beginning is not on record as a whole: nothing was changed, begin again */
	RUN_UNBEGUN,
	RUN_DECIDING, /* nothing of steps 2 to 4 was begun */
	RUN_CARRYING, /* steps 2 to 4, or the rest of them, were begun and are not through */
	/* steps 2 to 4 are through, or ended as they are: what is left is steps 5 and 6 */
	RUN_AFTER,
	RUN_UNDOING, /* it was being put back */
	RUN_UNDONE
};

/* Reads only. TROUBLE_OTHER_SERVER if the run is another server's. */
int run_stage_of(struct server *server, struct runfolder *run, enum run_stage *stage,
	struct error *err);

/*
 * Resumes the run: what a cut left is swept, a repair or an undo that was under way comes to its
 * end first; FOREIGN targets stop it with TROUBLE_MOVED. Then, by *stage, where it stands now.
 * DECIDING: what was decided stands where the server is as it was then, the rest is to be decided
 * (engine_plan). AFTER: a rename of step 6 that was cut off is finished, and what was left open of
 * steps 2 to 4 can be decided and carried out. UNBEGUN, UNDONE: there was
 * nothing to resume (engine_told's idle), or all of it is put back now. look, for the survey: what
 * the operator says now; what was said then holds too. NULL: nothing more is decided, what is on
 * record is carried out, and a run that came to its end is idle.
 */
int engine_resume(TALLOC_CTX *mem, struct server *server, const char *run_name,
	const struct engine_options *options, const struct survey_options *survey_options,
	struct engine **engine, enum run_stage *stage, struct error *err);

/* A fresh look with what the operator said of this server when the run began. Owned by mem. */
int engine_survey(struct engine *engine, TALLOC_CTX *mem,
	const struct survey_options *survey_options, const struct survey **survey,
	struct error *err);

/* The operator leaves: on record as paused, so that nobody takes it for a crash. */
int engine_leave(struct engine *engine, struct error *err);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An earlier run in the walk: where it stands, and resumed from there. */
#ifndef RUN_RESUME_H
#define RUN_RESUME_H

#include "run/engine.h"
#include "run/overlay.h"

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

/* ---- by its record alone ---- */

/* A run as its record tells it; what was changed since on its server nobody knows. */
struct run_record {
	char *name, *server; /* the computer's name, safe to show */
	char *operator_name; /* who was the last to decide anything, or NULL; safe to show */
	enum run_stage stage;
	char *stands;    /* how, a clause for a person */
	bool open;       /* it did not come to its end */
	bool passing;    /* its server went with the program that had made it */
	bool mail_alone; /* steps 2 to 4 are through: step 5 can be recorded without the server */
	bool known;      /* reached says where the server was */
	struct server_reached reached;
	/* of a server in a disk image: which overlays it is to be looked at through (over); and
	 * that the last one waits to be committed, kept or thrown away */
	const struct overlay_stand *overlay;
	bool overlay_waits;
	char *services; /* see struct run_status */
	char *needs;    /* "volumes C: and E: (they were at /mnt/c and /mnt/e)", safe to show */
	const json_t *begun; /* its entry "run" */
};
/* Reads only. */
int run_record_read(TALLOC_CTX *mem, const char *runs, const char *name, struct run_record **record,
	struct error *err);
/* Whether that server is the run's. */
bool run_record_fits(const struct run_record *record, const struct server *server);

/* The trouble of a run whose server went with the program; returns -trouble. */
int run_gone(const char *name, enum trouble trouble, struct error *err);

/* Resumes the run for step 5 alone: the run is locked, no server is asked. On the engine there are
 * engine_evidence, engine_attest, engine_leave, and what reads the record; nothing else. */
int engine_resume_record(TALLOC_CTX *mem, const char *run_name,
	const struct engine_options *options, struct engine **engine, struct error *err);

/* A fresh look with what the operator said of this server when the run began. Owned by mem. */
int engine_survey(struct engine *engine, TALLOC_CTX *mem,
	const struct survey_options *survey_options, const struct survey **survey,
	struct error *err);

/* The operator leaves: on record as paused, so that nobody takes it for a crash. */
int engine_leave(struct engine *engine, struct error *err);

#endif

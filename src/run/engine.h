/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The repair as a whole: decided changes in acts, each act prepare -> journal "act" -> switch ->
 * look -> journal "done". One act a step: 1 backup, 2 files, 3 registry values, 4 share. Steps 5
 * and 6 come later and use the same acts.
 */
#ifndef RUN_ENGINE_H
#define RUN_ENGINE_H

#include "record/journal.h"
#include "repair/change.h"

struct engine;

struct engine_options {
	const char *runs;          /* place of runs, NULL for the default */
	const char *operator_name; /* who decides; never empty */
	const char *decided_how;   /* "plan file <sha256>", "asked", for the record */
	struct copy_progress progress;
	int (*tell)(void *arg, int step,
		/* an act begins or ends; may be NULL; non-zero: stop at the next safe point */
		const char *sentence);
	/* a change of an act was made and looked at; may be NULL */
	void (*made)(void *arg, const struct change *change);
	void *tell_arg;
};

/*
 * Begins a run on server: server locked, gate passed (reg_gate, nothing forbids repair), all of it
 * rehearsed by reading. Then place and folder of runs proved, run locked, registry files saved and
 * checked in before/, decisions recorded, and a trial file written on every drive that will be
 * written to: if that fails, the run is removed again. plan may still change until
 * engine_carry_out; every decision is recorded by engine_decide.
 */
int engine_begin(TALLOC_CTX *mem, struct server *server, struct plan *plan,
	const struct engine_options *options, struct engine **engine, struct error *err);

/* Records a decision and sets it in the plan. edited (KIND_VALUE) may be NULL; it must pass
 * plan_edit_allowed. What this run has written is decided no more; nor, once it has written, a
 * change of what somebody else has changed since it began, for its backup has another before. */
int engine_decide(struct engine *engine, const char *id, enum decision decision,
	const struct reg_data *edited, struct error *err);

/* Step 1: the backup, done and verified at once. Never done again in a run once verified. */
int engine_backup(struct engine *engine, struct error *err);
bool engine_backed_up(const struct engine *engine);

/* Steps 2 to 4 as decided, as far as this run has not written it yet: what was left open then can
 * be decided and carried out later, as often as there is something. Refuses a change whose decision
 * is not on record, and everything if step 1 is not verified. */
int engine_carry_out(struct engine *engine, struct error *err);

/* Surveys from scratch, writes after/entries.reg, report.txt, report.json and the journal's end.
 * *exit_code: 0 all right, 1 something left. */
int engine_finish(struct engine *engine, const struct survey_options *options, int *exit_code,
	struct error *err);

/* Whether an act is on record that may have changed more than the backup. */
bool engine_wrote(const struct engine *engine);
/* What became of steps 2 to 4, as a sentence: "Nothing was written: ..." where that is so. */
const char *engine_outcome(const struct engine *engine);
/* What this run changed there, also before it was resumed, and did not put back; or NULL. */
const struct change *engine_made(const struct engine *engine, const char *id);

/* Whether it had decided a change there that was put back since, and nothing was decided again. */
bool engine_took_back(const struct engine *engine, const char *id);

const char *engine_run_name(const struct engine *engine);
struct runfolder *engine_runfolder(struct engine *engine);
/* For report_read. */
const json_t *engine_words(const struct engine *engine);
/* "msmcfix --disks C=/mnt/c,E=/mnt/e resume RUN": the command about this run that works here; and
 * "volumes C: and E: (they were at /mnt/c and /mnt/e)", what it needs. Owned by mem, safe to
 * show. */
char *engine_command(const struct engine *engine, TALLOC_CTX *mem, const char *command);
/* The same for a look at its server. */
char *engine_check_command(const struct engine *engine, TALLOC_CTX *mem);
/* The same without a server: step 5 needs none. */
char *engine_record_command(const struct engine *engine, TALLOC_CTX *mem);
char *engine_needs(const struct engine *engine, TALLOC_CTX *mem);
/* FOLDER.q240208-RUN: what this run calls its copy of a folder, or the folder set aside. */
char *engine_tree(const struct engine *engine, TALLOC_CTX *mem, const char *folder);
/* The plan that engine_decide decides on: of the beginning, or of what a resumed walk found. NULL
 * where nothing more is decided. Owned by the engine or by who began it. */
struct plan *engine_plan(struct engine *engine);

/* What there is to say of a run besides its record. */
struct engine_told {
	char *warning;       /* to be shown with the run (run folder in memory), or NULL */
	char *services_note; /* why services could not be started again, sentences, or NULL */
	char *notes;         /* what acts had to note, sentences, or NULL */
	char *torn;          /* that an overlay was cut off and set aside, or NULL */
	char *idle;          /* why there was nothing to resume, a sentence, or NULL */
	int idle_exit;       /* how that run ended */
	bool undone;         /* the run was being put back, and now is */
	size_t reset; /* decisions of then that do not fit the server any more and are open again */
};
const struct engine_told *engine_told(const struct engine *engine);

/* ---- an earlier run ---- */

/* What a run has done, told by looking at the server, not by believing the journal. */
struct run_status {
	bool backup_verified;
	bool ended;
	size_t made, put_back, to_do; /* of the changes decided in steps 2 to 6 */
	size_t foreign; /* changes that were begun and whose target is neither old nor new */
	/* that services were stopped and not started again, a sentence for before all else; NULL:
	 * none */
	char *services;
	char *journal_says, *server_says, *so; /* the three facts of the resume page */
};
/* Opens run's journal against this server: TROUBLE_OTHER_SERVER if its identity differs. */
int run_status(TALLOC_CTX *mem, struct server *server, struct runfolder *run,
	struct run_status **status, struct error *err);

struct undo_options {
	int step;              /* only this step, 0 for all */
	const char *change_id; /* only this change, or NULL */
	bool backups;          /* also remove step 1's tree */
	bool dry_run;
};
/* One change that this run made and that is so still: what it would be again, what it is, safe to
 * show; why it cannot be put back, or NULL. */
struct undo_row {
	char *id;
	int step;
	char *back, *now, *refused;
};
struct undo_look {
	struct undo_row *rows; /* the last step first */
	size_t count;
};
/* What could be put back, told by looking; owned by mem. */
int engine_undo_look(TALLOC_CTX *mem, struct server *server, const char *run_name,
	const struct engine_options *options, struct undo_look **look, struct error *err);

/* Puts back, newest act first; journaled as acts of its own. *text (owned by mem): what was or
 * would be put back, a line each. A target that someone else changed since is TROUBLE_MOVED and
 * shows both. Where hive bytes are still as this run left them, the saved hive is put back byte for
 * byte. */
int engine_undo(TALLOC_CTX *mem, struct server *server, const char *run_name,
	const struct engine_options *options, const struct undo_options *undo, char **text,
	struct error *err);

#endif

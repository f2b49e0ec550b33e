/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of src/run/engine.h share. */
#ifndef RUN_ENGINE_INTERNAL_H
#define RUN_ENGINE_INTERNAL_H

#include "repair/article.h"
#include "run/engine.h"

/* What was decided about one row; the change is there where the decision was "change". */
struct decided {
	char *id;
	enum decision decision;
	struct change *change;
};

struct engine {
	struct server *server;
	struct plan *plan; /* NULL where nothing is to be decided any more */
	struct runfolder *run;
	struct journal *journal;
	char *runs; /* the place of runs */
	char *operator_name, *how;
	struct copy_progress progress;
	int (*tell)(void *arg, int step, const char *sentence);
	void *tell_arg;
	struct engine_told told;

	/* of a run read back: NT folder, control set, default and relocated Msmcon; else NULL */
	struct survey *ground;
	/* the relocated Bin, and step 1's tree beside it: full paths; no tree where there was no
	 * Bin */
	char *bin, *backup;
	struct decided *decided;
	size_t decided_count;
	bool begun; /* the beginning is on record as a whole */
	bool backup_verified;
	bool trial_left; /* a trial file could not be removed: only the record knows of it */
};

/* ---- ground.c: what a record may ask for, whoever wrote it ---- */

/* Sets engine->ground from the server's control set and the folders of the "run" entry. */
int engine_ground(struct engine *engine, const json_t *entry, struct error *err);
/* FOLDER.q240208-RUN: what this run calls its copy of a folder, or the folder set aside. */
char *engine_tree(const struct engine *engine, TALLOC_CTX *mem, const char *folder);
/* Whether a change on record is one that this program makes; and the refusal of one that is not. */
bool engine_writes(const struct engine *engine, const struct change *change);
int engine_writes_not(const struct engine *engine, const struct change *change, struct error *err);

/* ---- session.c ---- */

int engine_new(TALLOC_CTX *mem, struct server *server, const struct engine_options *options,
	struct engine **engine, struct error *err);
/* An earlier run: folder, journal, identity, decisions. writable takes the locks of run and
 * server. */
int engine_open(TALLOC_CTX *mem, struct server *server, const char *run_name, bool writable,
	const struct engine_options *options, struct engine **engine, struct error *err);
/* The same for looking alone, over a run that is open already. */
int engine_of_run(TALLOC_CTX *mem, struct server *server, struct runfolder *run,
	struct engine **engine, struct error *err);
/* Whether a run with this "run" entry is one of this server. */
bool run_is_of(const struct server *server, const json_t *entry);
int engine_tell(struct engine *engine, int step, const char *sentence, struct error *err);
/* For change_reverse. */
const char *engine_backup_root(const struct engine *engine);

/* Every change decided. Owned by mem. */
struct change **changes_decided(TALLOC_CTX *mem, const struct engine *engine, size_t *count);

/* ---- engine_record.c, backup.c ---- */

/* The "run" entry, server.json. */
int record_run(struct engine *engine, struct error *err);
/* The registry files into before/, checked, with their digests; the entries as a .reg file. */
int record_registry(struct engine *engine, struct error *err);
int record_entries(struct engine *engine, const struct survey *survey, const char *rel,
	struct error *err);
int record_manifest(struct engine *engine, const struct copy_list *list, struct error *err);
/* change: what it covers, or NULL; then kept, or NULL, is what stays as it is. */
int record_decision(struct engine *engine, const char *id, enum decision decision,
	struct change *change, const struct finding *kept, bool lasting, struct error *err);
/* What the last look saw, before the journal says that it was had; its SHA-256. */
int record_survey(struct engine *engine, const struct survey *survey, char hex[65],
	struct error *err);
/* report.json and report.txt; final may be NULL. */
int record_report(struct engine *engine, const struct survey *final, struct error *err);

/* The registry files as they are now: name -> SHA-256. New reference in *files. */
int hives_digest(struct server *server, json_t **files, struct error *err);

/* Whether the tree of step 1 holds what the manifest says, and nothing else; whole: all of it. */
int backup_check(struct engine *engine, bool whole, struct error *err);
/* Removes a tree that was never finished: only what Bin has as well. */
int backup_discard(struct engine *engine, bool *removed, struct error *err);
/* Removes the finished tree: only if it is exactly what the manifest says. */
int backup_remove(struct engine *engine, struct error *err);

/* ---- act.c ---- */

struct act {
	int step;
	bool undo;
	struct change **changes;
	size_t count;
	/* not NULL: the saved registry files are put back as a whole */
	const struct hive_image *images;
	size_t image_count;
	/* what its rehearsal had to say of what is not kept, or NULL */
	const char *note;
};

/* prepare -> "act" -> switch -> look -> "done". A stop is journaled as "paused", a failure as
 * "failed". */
int act_run(struct engine *engine, const struct act *act, struct error *err);
/* The same for a single change. */
int act_run_one(struct engine *engine, struct change *change, struct error *err);
int act_number_next(const struct journal *journal);

/* Into times: the time of each path that is there, its name percent-coded. */
int times_record(struct engine *engine, char *const *paths, size_t count, json_t *times,
	struct error *err);

/* ---- trial.c ---- */

struct history;

/* Writes a trial file on every drive that will be written to; journaled as "trial" and "tried". */
int trial_make(struct engine *engine, struct error *err);
/* Removes what a trial or an act left that was cut off. Where names of staged files may be somebody
 * else's: refuses while one is there. */
int engine_sweep(struct engine *engine, const struct history *history, struct error *err);

/* ---- history.c: the acts as the journal tells them ---- */

struct act_record {
	int number, step;
	bool undo;
	bool free;  /* no staged name was there before it */
	bool begun; /* "act" is on record: something may have been switched */
	bool done;
	struct change **changes; /* as decided, whichever way the act turned them */
	size_t count;
};

struct history {
	struct act_record *acts;
	size_t count;
	bool swept; /* no staged name can be left: every prepared act came to its end */
	bool free;  /* none was there before those that did not: what lies there is the run's own */
	const json_t *trial; /* its entry, if it did not come to its end */
	bool tried;
	bool undoing;       /* the last undo did not come to its end */
	const json_t *undo; /* its entry */
};

/* The changes belong to the engine where they still stand as decided, else to mem. */
int history_read(TALLOC_CTX *mem, const struct engine *engine, struct history *history,
	struct error *err);
/* The last act that touched the registry files came to no end: its changes may be in one copy and
 * not in the other. */
bool history_hives_unsure(const struct history *history);
/* The newest act about this id that was begun, or that is done; NULL for none. */
const struct act_record *history_act(const struct history *history, const char *id, bool done);
/* Whether the newest done act about this id, of either direction, was an undo. */
bool history_undone(const struct history *history, const char *id);
/* What is decided about an id, or NULL. */
struct decided *engine_decided(const struct engine *engine, const char *id);
/* A later decision about an id takes the place of an earlier one. */
int decided_put(struct engine *engine, const char *id, enum decision decision,
	struct change *change, struct error *err);
/* All of them from the journal. */
int decided_read(struct engine *engine, struct error *err);

/* ---- after.c ---- */

/* Finishes a rename of step 6 that was decided and cut off. */
int oldfolder_settle(struct engine *engine, struct error *err);

/* ---- undo.c ---- */

/* Resumes an undo that was cut off; what it left is swept. */
int undo_resume(struct engine *engine, const struct undo_options *undo, char **text,
	struct error *err);

#endif

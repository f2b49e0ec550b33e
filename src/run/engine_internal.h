/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of src/run/engine.h share. */
#ifndef RUN_ENGINE_INTERNAL_H
#define RUN_ENGINE_INTERNAL_H

#include "repair/article.h"
#include "repair/step_mail.h"
#include "run/engine.h"
#include "run/overlay.h"

/* What was decided about one row; the change is there where the decision was "change". */
struct decided {
	char *id;
	enum decision decision;
	struct change *change;
	bool made;       /* by this run, and not put back */
	bool taken_back; /* ... and put back; as a resumed run found it */
};

struct engine {
	struct server *server; /* NULL: only the record is there (engine_resume_record) */
	json_t *words;         /* for report_read: what this session has put on record, and shown */
	struct plan *plan;     /* NULL where nothing is to be decided any more */
	struct runfolder *run;
	struct journal *journal;
	char *runs; /* the place of runs */
	char *operator_name, *how;
	struct copy_progress progress;
	int (*tell)(void *arg, int step, const char *sentence);
	void (*made)(void *arg, const struct change *change);
	void *tell_arg;
	struct engine_told told;

	/* of a run read back: where everything is on the server now, or why that cannot be told;
	 * and whether the run was made in the control set that the server starts with */
	const struct survey *ground;
	struct error unproved;
	bool same_set;
	/* the relocated Bin, and step 1's tree beside it: full paths; no tree where there was no
	 * Bin */
	char *bin, *backup;
	struct decided *decided;
	size_t decided_count;
	bool begun; /* the beginning is on record as a whole */
	bool backup_verified;
	struct overlay_stand *stand; /* of its overlays, as the record has it */
	bool overlay_open;           /* by this process */
	/* step 5: what is watched, NULL before there is anything; test messages this process saw
	 * sent; what the last look on record says of the places */
	struct mail_watch *watch;
	bool watch_lost; /* what stood there before is on record and cannot be read */
	struct mail_sending *sendings;
	size_t sending_count;
	json_t *places;
	bool trial_left; /* a trial file could not be removed: only the record knows of it */
};

/* ---- ground.c: what a record may ask for, whoever wrote it ---- */

struct history;

/* Looks at the server for what the record may name; what it says itself is only compared. */
int engine_ground(struct engine *engine, const json_t *entry, struct error *err);
/* Why a change on record is none that this program makes on this server, a clause that
 * engine_misfits translates; NULL if it is one. One that is none bars no other. And the refusal
 * that names it. */
const char *engine_misfit(const struct engine *engine, const struct change *change);
int engine_misfits(const struct engine *engine, const struct change *change, const char *why,
	struct error *err);
/* That all that was decided, and not put back since, fits. */
int engine_fits(const struct engine *engine, const struct history *history, struct error *err);
/* What fits of all that was decided or begun; some may be there twice. NULL for want of memory. */
struct change **changes_fitting(TALLOC_CTX *mem, const struct engine *engine,
	const struct history *history, size_t *count);

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

/* ---- engine_record.c, backup.c ---- */

/* The "run" entry, server.json. */
int record_run(struct engine *engine, struct error *err);
/* The registry files into before/, checked, with their digests; the entries as a .reg file. */
int record_registry(struct engine *engine, struct error *err);
int record_entries(struct engine *engine, const struct survey *survey, const char *rel,
	struct error *err);
int record_manifest(struct engine *engine, const struct copy_list *list, struct error *err);
/* On record first, then it counts. change: what it covers, or NULL; then kept, or NULL, is what
 * stays as it is. */
int record_decision(struct engine *engine, const char *id, enum decision decision,
	struct change *change, const struct finding *kept, bool lasting, struct error *err);
/* What the last look saw, before the journal says that it was had; its SHA-256. */
int record_survey(struct engine *engine, const struct survey *survey, char hex[65],
	struct error *err);
/* The sentence that goes on record. */
static inline const char *error_recorded(struct engine *engine, const struct error *why)
{
	if (i18n_foreign())
		json_object_set_new(engine->words, error_record(why), json_string(why->text));
	return error_record(why);
}

/* report.json and report.txt. */
int record_report(struct engine *engine, struct error *err);

/* A server_hive_fn: into arg, a json object, the file's name and SHA-256. */
int hive_digest(void *arg, const char *name, const uint8_t *bytes, size_t len, struct error *err);

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
	/* what its rehearsal had to say of what is not kept, or "" */
	struct error note;
};

/* prepare -> "act" -> switch -> look -> "done". A stop is journaled as "paused", a failure as
 * "failed". */
int act_run(struct engine *engine, const struct act *act, struct error *err);
/* The same for a single change. */
int act_run_one(struct engine *engine, struct change *change, struct error *err);
int act_number_next(const struct journal *journal);
/* One more sentence for whoever is told of the run, once; NULL: none. */
int engine_note(struct engine *engine, const char *note, struct error *err);

/* Into times: the time of each path that is there, its name percent-coded. */
int times_record(struct engine *engine, char *const *paths, size_t count, json_t *times,
	struct error *err);

/* ---- trial.c ---- */

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
	size_t prepared;         /* number of its first entry */
	size_t at;               /* number of its entry "done" */
	struct change **changes; /* as decided, whichever way the act turned them */
	size_t count;
};

struct history {
	enum run_state state;
	size_t entries; /* of the journal when it was read */
	struct act_record *acts;
	size_t count;
	bool swept; /* no staged name can be left: every prepared act came to its end */
	bool free;  /* none was there before those that did not: what lies there is the run's own */
	const json_t *trial; /* its entry, if it did not come to its end */
	bool tried;
	bool lost;    /* what was made of steps 2 to 4 went with an overlay that was cut off */
	bool undoing; /* the last undo did not come to its end */
	const json_t *undo; /* its entry */
};

/* The changes belong to the engine where they still stand as decided, else to mem. */
int history_read(TALLOC_CTX *mem, const struct engine *engine, struct history *history,
	struct error *err);
/* After what failed (ret; 0: nothing did) before it changed anything: the run is on record again as
 * it was at history. Returns ret; err says why. */
int history_keep(struct engine *engine, const struct history *history, int ret,
	const struct error *err);
/* The newest act about this id that was begun, or that is done; NULL for none. */
const struct act_record *history_act(const struct history *history, const char *id, bool done);
/* The last act about this id came to no end: nobody has seen what it made. */
bool history_cut(const struct history *history, const char *id);
/* ... and it was one on the registry: its change may be in one copy and not in the other. */
bool history_unsure(const struct history *history, const char *id);
/* Whether the newest done act about this id, of either direction, was an undo. */
bool history_undone(const struct history *history, const char *id);
/* ... and nobody has decided about it again since: change is what was decided last. */
bool history_taken_back(const struct history *history, const struct change *change);
/* Whether it was an act of the repair. */
bool history_made(const struct history *history, const char *id);
/* What became of the changes that are decided in steps 2 to 4, by the record alone. */
struct record_tally {
	size_t made, put_back, open;
};
struct record_tally history_tally(const struct engine *engine, const struct history *history);
/* Every change decided. Owned by mem. */
struct change **changes_decided(TALLOC_CTX *mem, const struct engine *engine, size_t *count);
/* What is decided about an id, or NULL. */
struct decided *engine_decided(const struct engine *engine, const char *id);
/* A later decision about an id takes the place of an earlier one. */
int decided_put(struct engine *engine, const char *id, enum decision decision,
	struct change *change, struct error *err);
/* All of them from the journal. */
int decided_read(struct engine *engine, struct error *err);

/* ---- overlay.c: what is written to a server in a disk image; nothing of it on any other ---- */

/* Before whatever writes to the server: an overlay to write to is begun, or gone on with. */
int overlay_write(struct engine *engine, struct error *err);
/* Before a person decides, or the program is left: what was written is closed and checked. One that
 * nothing was done in is thrown away. */
int overlay_close(struct engine *engine, struct error *err);
/* The same after what ended so (ret); its trouble is the first that is told. */
int overlay_settle(struct engine *engine, int ret, struct error *err);
/* Of a run that is opened again: sets aside what was cut off, repeats a commit or drop that was,
 * and looks whether the image is as it was. */
int overlay_recover(struct engine *engine, struct error *err);
/* Whether putting back all of the run is throwing its overlay away; and doing so. */
int overlay_undoes(struct engine *engine, bool *undoes, struct error *err);
int overlay_undo(struct engine *engine, bool dry_run, char **text, struct error *err);
/* An entry, lasting, before anything follows from it; fields are taken. */
int overlay_note(struct engine *engine, const char *state, json_t *fields, struct error *err);
/* TROUBLE_MOVED where the image is not as it was when the overlay was begun. */
int overlay_unmoved(struct engine *engine, struct error *err);
/* The same of a run that is opened again, and of what is below what it kept. */
int overlay_image_same(struct engine *engine, struct error *err);
/* One that was cut off; and one that nobody needs, on record as dropped. */
int overlay_set_aside(struct engine *engine, struct error *err);
int overlay_thrown_away(struct engine *engine, struct error *err);
/* After the stand on record changed. */
int overlay_reread(struct engine *engine, struct error *err);

/* ---- room.c: what the record of a run takes of its disk ---- */

/* What is written, and when it is asked for. The measure is plan.json, which holds each row once
 * with all that is known of it: no other file of the record holds a row twice, or with more
 * words. */
enum room {
	ROOM_BEGIN, /* until the decisions of the beginning are on record, but for registry files */
	ROOM_RUN,   /* reserved then: the rest of the run */
	ROOM_CARRY, /* of that, carrying out and the end */
	ROOM_KEPT,  /* reserved as well, until the run is undone: several undos in part, and all */
	ROOM_UNDO   /* of that, one undo */
};

/* Bytes, for a plan.json of so many; block: runs_block. */
uint64_t room_bytes(enum room room, uint64_t plan, uint64_t block);
/* That there is room for ROOM_RUN, ROOM_CARRY (and the undo of them) or ROOM_UNDO, and, unless dry,
 * that it stays: TROUBLE_NO_ROOM. largest: as for runs_room. */
int room_take(struct engine *engine, enum room room, uint64_t largest, bool dry, struct error *err);
/* Of a run that came to its end, gives back what is not needed any more: all but for an undo, or
 * all. */
void room_end(struct engine *engine);

/* ---- after.c ---- */

/* next.txt: what is to be done at the server. */
int next_write(struct engine *engine, TALLOC_CTX *mem, char **text, struct error *err);
/* Finishes a rename of step 6 that was decided and cut off. */
int oldfolder_settle(struct engine *engine, struct error *err);

/* ---- undo_items.c ---- */

/* That what the run saved when it began says the same as this change of what was there before.
 * TROUBLE_MOVED if not: it could not be put back. */
int undo_possible(struct engine *engine, const struct change *change, struct error *err);

/* ---- status.c ---- */

/* That services were stopped and not started again, a sentence; NULL: none were. */
char *services_stand(const struct engine *engine, TALLOC_CTX *mem);

/* ---- undo_hives.c ---- */

/* Whether registry files with these digests are what this run left, and nobody else has written to
 * them since they were saved. */
bool hives_followed(const struct journal *journal, const json_t *now);

/* ---- undo.c ---- */

/* Resumes an undo that was cut off; what it left is swept. */
int undo_resume(struct engine *engine, const struct undo_options *undo, char **text,
	struct error *err);

#endif

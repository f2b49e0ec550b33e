/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The lasting record of one repair: a folder (0700) with files (0600), all times UTC.
 *
 * lock number reserve journal.jsonl log plan.json server.json next.txt mail-before.json
 * before/{SYSTEM, SYSTEM.ALT, SYSTEM.LOG, entries.reg, Bin.SHA256SUMS, SHA256SUMS}
 * after/{entries.reg, survey.json} report.txt report.json
 *
 * It may be copied to another machine and resumed there: of the paths of this
 * machine it only remembers where the server was.
 */
#ifndef RECORD_RUNFOLDER_H
#define RECORD_RUNFOLDER_H

#include <jansson.h>
#include <stdio.h>

#include "server/server.h"

/*
 * Where runs live: named (--runs), else $MSMCFIX_STATE_DIR, else /var/lib/msmcfix for root, else
 * $XDG_STATE_HOME/msmcfix or
 * ~/.local/state/msmcfix. *by_hand: named by the operator or the environment. Owned by mem.
 */
int runs_place(TALLOC_CTX *mem, const char *named, char **dir, bool *by_hand, struct error *err);

/* Makes the place (0700) and proves that it lasts: tmpfs, ramfs and overlay are
 * TROUBLE_RUNS_IN_MEMORY, unless by_hand or simulated, then *warning (owned by mem) says so. */
int runs_prepare(TALLOC_CTX *mem, const char *dir, bool by_hand, bool simulated, char **warning,
	struct error *err);

/* The same as far as reading tells: nothing is made. */
int runs_suit(TALLOC_CTX *mem, const char *dir, bool by_hand, bool simulated, char **warning,
	struct error *err);
/* Whether there is room for so many bytes, and a file may be as large as the largest:
 * TROUBLE_NO_ROOM. */
int runs_room(const char *dir, uint64_t bytes, uint64_t largest, struct error *err);
/* What its file system takes for the last bytes of a file, as far as that matters here: 4 to 64
 * KiB. */
uint64_t runs_block(const char *dir);

struct runfolder;

/* A new run: "19991122-094107" (UTC), with "-2" and so on if taken. Takes its lock. */
int runfolder_create(TALLOC_CTX *mem, const char *runs, struct runfolder **run, struct error *err);

/* An existing one by name, or "last", the newest by the counter; writable takes the lock:
 * TROUBLE_LOCKED while another process lives in it. The name may hold no separator. */
int runfolder_open(TALLOC_CTX *mem, const char *runs, const char *name, bool writable,
	struct runfolder **run, struct error *err);

const char *runfolder_name(const struct runfolder *run);
const char *runfolder_dir(const struct runfolder *run);
/* Whether its lock is held by this process. */
bool runfolder_writable(const struct runfolder *run);

/* Writes a file below the folder (parents made, 0600): to a temporary name, synced, renamed, folder
 * synced. Reads one (at most limit bytes). */
int runfolder_write(struct runfolder *run, const char *rel, const void *bytes, size_t len,
	struct error *err);
int runfolder_read(struct runfolder *run, TALLOC_CTX *mem, const char *rel, size_t limit,
	uint8_t **bytes, size_t *len, struct error *err);
/* -1 where there is none. */
int64_t runfolder_size(struct runfolder *run, const char *rel);
int runfolder_write_json(struct runfolder *run, const char *rel, const json_t *json,
	struct error *err);
int runfolder_read_json(struct runfolder *run, const char *rel, json_t **json, struct error *err);

/*
 * Makes sure of room for so many bytes that are yet to be written: the file "reserve" holds it. A
 * write that finds the disk full takes it from there, until no more than least is left.
 * TROUBLE_NO_ROOM.
 */
int runfolder_reserve(struct runfolder *run, uint64_t bytes, uint64_t least, struct error *err);
/* What the reserve holds; 0 where there is none, or something else has its name. */
uint64_t runfolder_reserved(const struct runfolder *run);
/* Gives back all but bytes of it. */
void runfolder_reserve_cut(struct runfolder *run, uint64_t bytes);

/* One line to the log (UTC time in front, control characters escaped); never fails loudly. */
void runfolder_log(struct runfolder *run, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* What a run is: what its last entry makes it, or what is seen from outside. */
enum run_state {
	STATE_CUT_OFF,
	STATE_PAUSED,
	STATE_DONE,
	STATE_UNDONE,
	STATE_RUNNING,
	STATE_DAMAGED
};
/* "cut off", "paused", ...: for records, never translated. */
const char *run_state_name(enum run_state state);

/* Every run below the place, newest first, by their numbers and then by their names. */
struct run_summary {
	char *name;
	uint64_t number; /* from the place's counter; 0: it has none */
	char *server;    /* computer name, shown safely */
	char *reach;
	char *operator_name;
	char *started; /* UTC */
	enum run_state state;
	bool simulated;
	bool passing;       /* its server goes, or went, with the program */
	bool overlay_waits; /* see struct run_record */
};
int runs_list(TALLOC_CTX *mem, const char *runs, struct run_summary **list, size_t *count,
	struct error *err);
/* The same with nothing but the names: no run is looked into. */
int runs_names(TALLOC_CTX *mem, const char *runs, struct run_summary **list, size_t *count,
	struct error *err);

/* Removes a run's folder, whatever its state. */
int run_remove(const char *runs, const char *name, struct error *err);
/* Removes the folder of a finished run, or of one whose server went with the program; an unfinished
 * one is refused, and one that can still be undone or keeps decisions unless sure. left (owned
 * by mem) says what stays. */
struct forgotten {
	char *name;     /* of the run */
	char *backup;   /* on the server, to be shown, "" for none */
	char *overlays; /* beside the image, the same: "FILE, FILE" */
};
int runs_forget(TALLOC_CTX *mem, const char *runs, const char *name, bool sure,
	struct forgotten *left, struct error *err);

#endif

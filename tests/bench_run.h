/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A lab server with a place for runs beside it, and a whole repair in one call. */
#ifndef TESTS_BENCH_RUN_H
#define TESTS_BENCH_RUN_H

#include "run/engine.h"
#include "tests/lab.h"

struct bench {
	struct lab *lab;
	/* the server's drives, a copy of them from before, the place of runs */
	char *dir, *original, *runs;
	struct engine_options options;
	struct error err;
	int stop_at;      /* stop before the act of this step, 0: never */
	bool stop_within; /* ... not before it but once its work is under way */
	size_t told;
	int step; /* the act under way */
};

/* cmocka's setup and teardown. The lab has a SYSTEM.ALT; the default Bin has two files more, one in
 * a folder that the relocated Bin lacks. */
int bench_make(void **state);
int bench_free(void **state);

struct server *bench_open(struct bench *bench);
/* A fresh survey and its plan, with everything proposed; the rest undecided. */
struct plan *bench_plan(struct bench *bench, struct server *server);
/* Begin, back up, carry out, finish. The exit code, or a negative trouble with err set. *run_name
 * may be NULL. */
int bench_repair(struct bench *bench, char **run_name);
/* The same for a plan and server at hand, as far as it goes. */
int bench_carry(struct bench *bench, struct server *server, struct plan *plan,
	struct engine **engine);

/* A file of the lab: "E/exchsrvr/...". */
void bench_write(struct bench *bench, const char *path, const char *text);
char *bench_read(struct bench *bench, const char *path);
bool bench_there(struct bench *bench, const char *path);

/* Fails with what differs. how as in cut_tree.h. */
void bench_same(struct bench *bench, unsigned how);
bool bench_changed(struct bench *bench);

/* Sets a value of SYSTEM and SYSTEM.ALT as somebody else would, through the server's own
 * interface. */
void bench_value(struct bench *bench, const char *key, const char *value, const char *text);
char *bench_value_read(struct bench *bench, const char *key, const char *value);

/* How many runs there are. */
size_t bench_runs(struct bench *bench);
/* The state of the newest run. */
enum run_state bench_state(struct bench *bench);
/* The server as it is now is what bench_same compares with. */
void bench_as_it_is(struct bench *bench);

int bench_undo(struct bench *bench, const struct undo_options *undo, char **text);

#define BENCH_BIN "E/exchsrvr/connect/msmcon/bin/"
#define BENCH_SETUP "C/exchsrvr/connect/msmcon/bin/"
#define BENCH_OTHER_SHARES "SYSTEM\\ControlSet003\\Services\\LanmanServer\\Shares"
#define BENCH_SERVICES "SYSTEM\\ControlSet001\\Services\\"

/* The last run's journal as it was after its last entry of this kind; torn: and half of what
 * followed. Its report is gone. */
void bench_journal_cut(struct bench *bench, const char *last_what, bool torn);

#endif

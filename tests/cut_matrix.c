/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * cut_matrix PROGRAM PRELOAD [CASE SEED POINTS]: whole repairs of a training case's server, stopped
 * at calls that change something, and then both gone on with and put back. Stopped by the process
 * being killed, by the power being cut, after which only what was made to last is there, and by
 * disks that are full, fail once or are gone; then the program itself must end with a sentence.
 * Prints TAP.
 *
 * Without a case: the standard one, points taken evenly until CUT_SECONDS (default 35) are over.
 * POINTS of each kind are chosen by the seed; "all" takes every one; "syncs" tells which single
 * sync is missed when it does nothing. With CASE: "table" lines for the sum.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/memory.h"
#include "tests/cut_box.h"
#include "tests/support.h"

/* Exit codes: no room, no run folder (73), I/O (74). */
static const struct box_stop KILL = { .name = "killed", .how = "" };
static const struct box_stop TORN = { .name = "killed in half a write",
	.how = "torn",
	.writes = true };
static const struct box_stop POWER = { .name = "power cut", .how = "", .power = true };
static const struct box_stop FULL = { .name = "disk full",
	.how = "full",
	.fails = true,
	.number = 73,
	.other = 73 };
static const struct box_stop ONCE = { .name = "one error",
	.how = "once",
	.fails = true,
	.number = 74,
	.other = 73 };
static const struct box_stop GONE = { .name = "disk gone",
	.how = "gone",
	.fails = true,
	.number = 74,
	.other = 73 };

struct test {
	enum box_op op;
	const struct box_stop *stop;
};

struct tally {
	long points, cases, failed;
};

/* Which points: all, a number of them by chance, or evenly while there is time. */
struct choice {
	bool all;
	long points;
	double seconds;
	uint64_t chance;
};

static const char *const op_names[BOX_OPS] = { [OP_REPAIR] = "repair",
	[OP_UNDO] = "undo",
	[OP_ASIDE] = "set aside",
	[OP_LATER] = "the rest" };

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

/* ---- endings ---- */

/* Gone on with, it is at its end, or where it began if nothing was ever decided on record. */
static bool ends_resumed(struct box *box, enum box_op op, const char *where, unsigned times)
{
	char name[BOX_ROOM], whole[BOX_ROOM], first[BOX_ROOM];
	int code;

	if (!box_run_named(where, name))
		return box_same(box, box->original, where, times);
	times |= box->services_told;
	code = box_resume(box, where);
	if (code > 1)
		return box_wrong(box, "resume gives %d: %s", code, box_said(box));
	box_format(whole, "%s/server", op == OP_UNDO ? box_from(box, op) : box_to(box, op));
	box_format(first, op == OP_ASIDE ? "%s/server" : "%s",
		op == OP_ASIDE ? box->repaired : box->original);
	if (box_same(box, whole, where, TREE_MEANING | box->services_told))
		return box_backup_same(box, where, 0) && box_all_seen(box, where);
	/* Each row that was decided before the stop is written, no other. */
	if (op == OP_LATER)
		return box_between(box, where, op);
	/* An undo that was stopped is gone on with as an undo; a repair that was decided is never
	 * left at its beginning. */
	if (op == OP_REPAIR && code == 0)
		return false;
	return box_same(box, first, where,
		op == OP_ASIDE ? TREE_MEANING | box->services_told : times);
}

static bool ends_undone(struct box *box, enum box_op op, const char *where, unsigned times)
{
	char name[BOX_ROOM];
	int code;

	if (!box_run_named(where, name))
		return box_same(box, box->original, where, times);
	code = box_undo(box, where, op == OP_UNDO);
	if (code != 0)
		return box_wrong(box, "undo gives %d: %s", code, box_said(box));
	return box_same(box, box->original, where, op == OP_UNDO ? times | TREE_BACKUPS : times);
}

/* ---- points ---- */

static bool is_sync(const char *call)
{
	return strstr(call, "sync") != NULL;
}

static bool is_write(const char *call)
{
	return strstr(call, "write") != NULL;
}

/* A call failed: the program said so in a sentence and ended as documented, or it did without that
 * call and all is as it should be. */
static bool told(struct box *box, const struct test *test, const char *call, int code)
{
	const char *said = box_said(box);
	char whole[BOX_ROOM];

	if (code >= 128)
		return box_wrong(box, "it died: %d: %s", code, said);
	/* The walk tells it on a page, and stays there until it is left. */
	if (test->op == OP_ASIDE && box_has_said(box, "Attention: "))
		return true;
	if (code == test->stop->number || code == test->stop->other)
		return box_has_said(box, "msmcfix: ") || box_wrong(box, "no sentence: %s", said);
	if (code != (test->op == OP_REPAIR ? box->code : test->op == OP_ASIDE))
		return box_wrong(box, "it ended with %d: %s", code, said);
	/* A service that did not start is told, and is no failure of the repair: the run has come
	 * to its end, and starting it is the operator's. Putting the run back starts it. */
	if (box_has_said(box, "practice.json cannot be written"))
		box->services_told = TREE_NO_SERVICES;
	if (is_sync(call) && !box_has_said(box, "service"))
		return box_wrong(box, "nobody noticed that %s failed: %s", call, said);
	box_format(whole, "%s/server", box_to(box, test->op));
	return box_same(box, test->op == OP_UNDO ? box->original : whole, box->box,
		TREE_MEANING | box->services_told);
}

static bool stopped(struct box *box, const struct test *test, long at)
{
	int code;

	box->services_told = 0;
	box_reset(box, test->op);
	code = box_run(box, box->box, test->op, at, test->stop);
	if (test->stop->fails)
		return told(box, test, box->called[at - 1], code);
	return code == BOX_KILLED ||
		box_wrong(box, "it was not stopped but ended with %d: %s", code, box_said(box));
}

/* Number of wrong endings. */
static long point(struct box *box, const struct test *test, long at)
{
	const char *found = box->box;
	unsigned times = test->stop->power ? 0 : TREE_TIMES;
	long failed = 0;

	if (!stopped(box, test, at))
		return 2;
	if (test->stop->power) {
		support_remove(box->after);
		tree_rebuild(box->shadow, box->box, box->after);
		found = box->after;
		if (test->op == OP_REPAIR && !box_claims_hold(box, found))
			return 2;
	}
	if (!box_between(box, found, test->op))
		return 2;
	box_copy(found, box->other);
	failed += !ends_resumed(box, test->op, found, times);
	failed += !ends_undone(box, test->op, box->other, times);
	return failed;
}

/* By the golden ratio all parts come early; by chance where the seed says; else one after the
 * other. */
static long choose(struct choice *choice, long i, long calls)
{
	double part = (double)i * 0.6180339887498949;

	if (choice->all)
		return i + 1;
	if (choice->points)
		return 1 + (long)(support_random(&choice->chance) % (uint32_t)calls);
	return 1 + (long)((part - (double)(long)part) * (double)calls);
}

static struct tally play(struct box *box, const struct test *test, struct choice choice)
{
	double begin = now();
	struct tally tally = { 0, 0, 0 };
	bool seen[BOX_CALLS + 1] = { false };

	for (long i = 0; i < box->calls && tally.failed < 24; i++) {
		long at = choose(&choice, i, box->calls), failed;

		if (seen[at] || (test->stop->writes && !is_write(box->called[at - 1])) ||
			(test->stop->fails && box->side[at - 1] == '-') ||
			(choice.points && tally.points >= choice.points))
			continue;
		if (choice.seconds > 0 && now() - begin > choice.seconds)
			break;
		seen[at] = true;
		failed = point(box, test, at);
		tally.points++;
		tally.cases += 2;
		tally.failed += failed;
		if (failed)
			printf("# %s %s: at call %ld (%s): %s\n", op_names[test->op],
				test->stop->name, at, box->called[at - 1], box->why);
	}
	return tally;
}

static void result(int number, bool good, const char *what)
{
	printf("%s %d - %s\n", good ? "ok" : "not ok", number, what);
	fflush(stdout);
}

/* ---- missing syncs ---- */

/* The first power cut that does harm, from a call on; 0 for none. Near that call every one is
 * tried: before the next sync makes up for it. */
static long hazard(struct box *box, const char *deaf, long from, long near, long step)
{
	static const struct test test = { OP_REPAIR, &POWER };
	long at = from;

	setenv("CUT_DEAF", deaf, 1);
	while (at > 0 && at <= box->calls && !point(box, &test, at))
		at += at < from + near ? 1 : step;
	unsetenv("CUT_DEAF");
	return at > 0 && at <= box->calls ? at : 0;
}

/* A test that cannot fail proves nothing: without syncs of one kind some power cut must do harm. */
static int play_deaf(struct box *box, int number)
{
	static const char *const deaf[] = { "fsync", "fdatasync", "syncfs", "folders" };

	for (size_t i = 0; i < ARRAY_SIZE(deaf); i++) {
		char what[80];

		(void)snprintf(what, sizeof what, "%s that does nothing is noticed", deaf[i]);
		/* Late points first: most of what should last is written by then. */
		result(number++,
			hazard(box, deaf[i], box->calls, -box->calls, -(box->calls / 12 + 1)) > 0,
			what);
	}
	return number;
}

/* Every single one: whether a cut somewhere behind it does harm. */
static int play_syncs(struct box *box)
{
	long syncs = 0, noticed = 0;

	(void)box_count(box, OP_REPAIR);
	for (long k = 1; k <= box->calls; k++) {
		char number[24];
		long at;

		if (!is_sync(box->called[k - 1]))
			continue;
		(void)snprintf(number, sizeof number, "%ld", k);
		at = hazard(box, number, k + 1, 6, 25);
		syncs++;
		noticed += at > 0;
		printf("sync %ld (%s): %s\n", k, box->called[k - 1],
			at ? box->why : "covered by another");
		fflush(stdout);
	}
	printf("# %s: %ld syncs, %ld noticed when missing, %ld covered by another\n", box->name,
		syncs, noticed, syncs - noticed);
	return 0;
}

/* ---- the small part, and a case ---- */

static void play_one(struct box *box, int number, const struct test *test, struct choice choice)
{
	long calls = box_count(box, test->op);
	struct tally tally = calls ? play(box, test, choice) : (struct tally){ 0, 0, 1 };
	char what[100];

	printf("# %ld of %ld points, each gone on with and put back: %ld wrong\n", tally.points,
		calls, tally.failed);
	(void)snprintf(what, sizeof what, "%s, %s: %s, gone on with, and put back", box->name,
		op_names[test->op], test->stop->name);
	result(number, tally.points && !tally.failed, what);
}

static int play_small(struct box *box, struct box *running, const char *work)
{
	static const struct test tests[] = { { OP_REPAIR, &KILL }, { OP_REPAIR, &POWER },
		{ OP_REPAIR, &FULL }, { OP_REPAIR, &ONCE }, { OP_REPAIR, &GONE },
		{ OP_UNDO, &KILL }, { OP_UNDO, &POWER }, { OP_UNDO, &ONCE } };
	/* What was left open, written later. */
	static const struct test later[] = { { OP_LATER, &KILL }, { OP_LATER, &POWER } };
	enum { TESTS = ARRAY_SIZE(tests), DEAF = 4, LATER = ARRAY_SIZE(later) };
	const char *seconds = getenv("CUT_SECONDS");
	const struct choice choice = { .seconds = (seconds ? atof(seconds) : 35) /
			(TESTS + LATER + 1) };

	printf("1..%d\n", (int)(TESTS + DEAF + LATER + 1));
	for (int i = 0; i < TESTS; i++)
		play_one(box, i + 1, &tests[i], choice);
	(void)box_count(box, OP_REPAIR);
	play_deaf(box, TESTS + 1);
	for (int i = 0; i < LATER; i++)
		if (i > 0 ? *box->first : box_leave_open(box))
			play_one(box, TESTS + DEAF + i + 1, &later[i], choice);
		else
			result(TESTS + DEAF + i + 1, false, box->why);
	/* A server on which the connector runs: its services are stopped in the middle, and run
	 * again at every end. */
	*running = (struct box){ .program = box->program,
		.preload = box->preload,
		.name = "some-values",
		.seed = 11 };
	if (box_begin(running, work))
		play_one(running, TESTS + DEAF + LATER + 1, &tests[0], choice);
	else
		result(TESTS + DEAF + LATER + 1, false, running->why);
	return 0;
}

/* A server that the program will not touch, or that needs nothing: nothing of it is touched. */
static int play_refused(struct box *box)
{
	char name[BOX_ROOM];
	bool good = box_same(box, box->original, box->box, TREE_TIMES | TREE_BACKUPS) &&
		!box_run_named(box->box, name);

	printf("table|%s|%s|nothing is written|0|0|1|%d\n", box->name,
		box->refused ? "refused" : "no need", !good);
	if (!good)
		printf("# %s: refused, but %s\n", box->name, box->why);
	return !good;
}

static int play_case(struct box *box, struct choice choice)
{
	static const struct box_stop *const stops[] = { &KILL, &TORN, &POWER, &FULL, &ONCE, &GONE };
	enum { STOPS = ARRAY_SIZE(stops) };
	long failed = 0;

	for (int op = 0; op < BOX_OPS; op++) {
		struct test test = { .op = (enum box_op)op };

		if (op == OP_LATER)
			continue;
		/* What is set aside begins with a repair that is like any other. */
		if (*box->aside ? op == OP_REPAIR : op == OP_ASIDE)
			continue;
		if (!box_count(box, test.op) && op == OP_REPAIR && box->code <= 1)
			return play_refused(box);
		if (!box->calls) {
			printf("# %s %s: %s\n", box->name, op_names[op], box->why);
			failed++;
			continue;
		}
		for (int i = 0; i < STOPS; i++) {
			struct tally tally;

			test.stop = stops[i];
			tally = play(box, &test, choice);
			printf("table|%s%s|%s|%s|%ld|%ld|%ld|%ld\n", box->name,
				box->disks ? " (disks)" : "", op_names[op], stops[i]->name,
				box->calls, tally.points, tally.cases, tally.failed);
			fflush(stdout);
			failed += tally.failed;
		}
	}
	return failed ? 1 : 0;
}

int main(int argc, char *argv[])
{
	TALLOC_CTX *mem = talloc_new(NULL);
	static struct box box, running;
	struct choice choice = { .points = 0 };
	int code;

	box.program = argc > 1 ? argv[1] : "";
	box.preload = argc > 2 ? argv[2] : "";
	box.name = argc > 3 ? argv[3] : "standard";
	box.seed = argc > 4 ? strtoull(argv[4], NULL, 10) : 3;
	if (!strcmp(box.name, "set-aside")) {
		box.name = "standard";
		box.disks = true;
	}
	choice.all = argc > 5 && !strcmp(argv[5], "all");
	choice.points = argc > 5 ? atol(argv[5]) : 0;
	choice.chance = box.seed * 2654435761u + 1;
	box_choose_ground();
	if (!box_begin(&box, support_folder(mem))) {
		printf("Bail out! the repair itself fails: %s\n", box.why);
		talloc_free(mem);
		return 1;
	}
	if (box.refused)
		code = play_refused(&box);
	else if (argc > 5 && !strcmp(argv[5], "syncs"))
		code = play_syncs(&box);
	else
		code = argc > 3 ? play_case(&box, choice)
				: play_small(&box, &running, support_folder(mem));
	if (!box_end(&box)) {
		printf("Bail out! written to by somebody: %s\n", box.why);
		code = 1;
	}
	talloc_free(mem);
	return code;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The runs of a place: their order, whatever the clock says; the list; forgetting. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/memory.h"
#include "record/journal.h"
#include "record/record_internal.h"
#include "tests/run_place.h"

/* The clock of this machine, as the runs see it; 0: as it is. */
static time_t clock_says;

time_t time(time_t *out)
{
	struct timespec now = { .tv_sec = clock_says };

	if (!clock_says)
		clock_gettime(CLOCK_REALTIME, &now);
	if (out)
		*out = now.tv_sec;
	return now.tv_sec;
}

static int forget(struct place *place, const char *name)
{
	struct forgotten left;

	return runs_forget(place, place->dir, name, false, &left, &place->err);
}

static char *run_make(struct place *place, time_t when)
{
	struct runfolder *run;
	char *name;

	clock_says = when;
	assert_int_equal(runfolder_create(place, place->dir, &run, &place->err), 0);
	clock_says = 0;
	name = talloc_strdup(place, runfolder_name(run));
	talloc_free(run);
	return name;
}

/* Newest first; names ends with NULL. */
static void assert_order(struct place *place, const char *const *names)
{
	struct run_summary *list;
	struct runfolder *last;
	size_t count;

	assert_int_equal(runfolder_open(place, place->dir, "last", false, &last, &place->err), 0);
	assert_string_equal(runfolder_name(last), names[0]);
	assert_int_equal(runs_list(place, place->dir, &list, &count, &place->err), 0);
	for (size_t i = 0; i < count; i++)
		assert_string_equal(list[i].name, names[i]);
	assert_null(names[count]);
}

static char *file_of(struct place *place, const char *run, const char *file)
{
	return talloc_asprintf(place, "%s/%s%s%s", place->dir, run, *run ? "/" : "", file);
}

/* The order is that of making, wherever the clock jumps; runs of a place that had no counter yet
 * come before, by their names. */
static void test_order_of_making(void **state)
{
	struct place *place = *state;
	char *first, *back, *ahead;

	support_mkdir(file_of(place, "", "20990101-000000"));
	support_mkdir(file_of(place, "", "19991122-094107-2"));
	first = run_make(place, 943263667);    /* 1999-11-22T09:41:07Z */
	back = run_make(place, 100);           /* 1970-01-01T00:01:40Z */
	ahead = run_make(place, 253402300799); /* 9999-12-31T23:59:59Z */
	assert_string_equal(back, "19700101-000140");
	assert_order(place,
		(const char *[]){ ahead, back, first, "20990101-000000", "19991122-094107-2",
			NULL });
	first = run_make(place, 943263667);
	assert_string_equal(first, "19991122-094107-3");
	assert_order(place,
		(const char *[]){ first, ahead, back, "19991122-094107", "20990101-000000",
			"19991122-094107-2", NULL });
}

/* A year of five digits would make a run that is never found again. */
static void test_clock_out_of_range(void **state)
{
	struct place *place = *state;
	struct runfolder *run;

	clock_says = 253402300800;
	assert_int_equal(runfolder_create(place, place->dir, &run, &place->err),
		-TROUBLE_NO_RUN_FOLDER);
	clock_says = 0;
	assert_int_equal(support_names(place->dir), 0);
}

/* What is no number of ours. */
static const char *const no_numbers[] = {
	"",
	"\n",
	"x\n",
	"7",
	"-1\n",
	"+9\n",
	" 9\n",
	"9\n9\n",
	"0x9\n",
	"9999999999999999\n",
	"99999999999999999999\n",
};

static void test_damaged_number(void **state)
{
	struct place *place = *state;
	char *old = run_make(place, 943263667), *damaged = run_make(place, 943263668),
	     *kept = run_make(place, 943263600);

	for (size_t i = 0; i < ARRAY_SIZE(no_numbers); i++) {
		support_write_text(file_of(place, damaged, "number"), no_numbers[i]);
		assert_order(place, (const char *[]){ kept, old, damaged, NULL });
	}
	support_write_text(file_of(place, "", "elsewhere"), "9\n");
	assert_int_equal(unlink(file_of(place, damaged, "number")), 0);
	assert_int_equal(symlink("../elsewhere", file_of(place, damaged, "number")), 0);
	assert_order(place, (const char *[]){ kept, old, damaged, NULL });
	assert_int_equal(unlink(file_of(place, damaged, "number")), 0);
	assert_int_equal(mkfifo(file_of(place, damaged, "number"), 0600), 0);
	assert_order(place, (const char *[]){ kept, old, damaged, NULL });
}

/* Lost, damaged or behind, as in a place of which only the runs were copied, the counter goes on
 * behind the runs. */
static void test_damaged_counter(void **state)
{
	struct place *place = *state;
	char *counter = file_of(place, "", ".counter"), *newest = run_make(place, 943263667), *name;

	support_write_text(file_of(place, newest, "number"), "41\n");
	for (size_t i = 0; i <= ARRAY_SIZE(no_numbers); i++) {
		if (i)
			support_write_text(counter, no_numbers[i - 1]);
		else
			assert_int_equal(unlink(counter), 0);
		name = run_make(place, 100);
		assert_order(place, (const char *[]){ name, newest, NULL });
		assert_int_equal(run_remove(place->dir, name, &place->err), 0);
	}
	/* The number of a run that is gone is not given twice. */
	support_write_text(counter, "50\n");
	name = run_make(place, 100);
	assert_string_equal(support_read(place, file_of(place, name, "number"), &(size_t){ 0 }),
		"51\n");
}

/* In the counter's place there is something else, or it is at its end: no run is begun, and nothing
 * waits. */
static void test_hostile_counter(void **state)
{
	struct place *place = *state;
	char *counter = file_of(place, "", ".counter"), *target = file_of(place, "", "target");
	struct runfolder *run;

	support_write_text(target, "7\n");
	assert_int_equal(symlink("target", counter), 0);
	assert_int_equal(runfolder_create(place, place->dir, &run, &place->err), -TROUBLE_LINK);
	assert_string_equal(support_read(place, target, &(size_t){ 0 }), "7\n");
	assert_int_equal(unlink(counter), 0);
	assert_int_equal(mkfifo(counter, 0600), 0);
	assert_int_equal(runfolder_create(place, place->dir, &run, &place->err),
		-TROUBLE_NO_RUN_FOLDER);
	assert_int_equal(unlink(counter), 0);
	support_mkdir(counter);
	assert_int_equal(runfolder_create(place, place->dir, &run, &place->err),
		-TROUBLE_NO_RUN_FOLDER);
	assert_int_equal(rmdir(counter), 0);
	support_write_text(counter, "999999999999999\n");
	assert_int_equal(runfolder_create(place, place->dir, &run, &place->err),
		-TROUBLE_NO_RUN_FOLDER);
	assert_int_equal(support_names(place->dir), 1);
}

/* A number is taken only when whoever is taking one has it: here, the 70. */
static void test_number_waits(void **state)
{
	struct place *place = *state;
	char *counter = file_of(place, "", ".counter");
	struct runfolder *run;
	int status, fd;

	support_write_text(counter, "1\n");
	fd = open(counter, O_RDWR | O_CLOEXEC);
	assert_int_equal(flock(fd, LOCK_EX), 0);
	if (fork() == 0)
		_exit(runfolder_create(place, place->dir, &run, NULL) ||
			run_number(AT_FDCWD, runfolder_dir(run)) != 71);
	nanosleep(&(struct timespec){ .tv_nsec = 200 * 1000 * 1000 }, NULL);
	assert_int_equal(pwrite(fd, "70\n", 3, 0), 3);
	assert_int_equal(flock(fd, LOCK_UN), 0);
	close(fd);
	assert_true(wait(&status) > 0);
	assert_int_equal(status, 0);
}

static void write_journal(struct place *place, const char *name, const enum journal_kind *kinds,
	const char *result)
{
	struct runfolder *run;
	struct journal *journal;

	support_mkdir(talloc_asprintf(place, "%s/%s", place->dir, name));
	assert_int_equal(runfolder_open(place, place->dir, name, true, &run, &place->err), 0);
	assert_int_equal(journal_open(run, run, &journal, &place->err), 0);
	for (size_t i = 0; kinds[i]; i++) {
		json_t *fields = kinds[i] == JOURNAL_RUN
			? json_pack("{s:{s:s}, s:s, s:s, s:b}", "server", "name", "MA\x1bIL1",
				  "reach", "disks", "operator", "jsmith", "simulated", 0)
			: json_pack("{s:s, s:i, s:s}", "result", result, "step", 2, "decision",
				  "keep");

		assert_int_equal(journal_add(journal, kinds[i], fields, true, &place->err), 0);
	}
	talloc_free(run);
}

static void test_list(void **state)
{
	struct place *place = *state;
	struct run_summary *list;
	size_t count;

	assert_int_equal(runs_list(place, "/nowhere/at/all", &list, &count, &place->err), 0);
	assert_int_equal(count, 0);
	write_journal(place, "19991122-094107",
		(enum journal_kind[]){ JOURNAL_RUN, JOURNAL_PREPARING, JOURNAL_END, 0 },
		"repaired");
	write_journal(place, "19991123-094107",
		(enum journal_kind[]){ JOURNAL_RUN, JOURNAL_PREPARING, 0 }, "");
	write_journal(place, "19991123-094107-2",
		(enum journal_kind[]){ JOURNAL_RUN, JOURNAL_PREPARING, JOURNAL_PAUSED, 0 }, "");
	write_journal(place, "19991124-094107",
		(enum journal_kind[]){ JOURNAL_RUN, JOURNAL_PREPARING, JOURNAL_END, 0 }, "undone");
	write_journal(place, "19991125-094107", (enum journal_kind[]){ 0 }, "");
	support_write_text(talloc_asprintf(place, "%s/19991125-094107/journal.jsonl", place->dir),
		"{}\nx\n");
	support_mkdir(talloc_asprintf(place, "%s/practice", place->dir));

	static const struct {
		const char *name;
		enum run_state state;
	} expected[] = {
		{ "19991125-094107", STATE_DAMAGED },
		{ "19991124-094107", STATE_UNDONE },
		{ "19991123-094107-2", STATE_PAUSED },
		{ "19991123-094107", STATE_CUT_OFF },
		{ "19991122-094107", STATE_DONE },
	};
	assert_int_equal(runs_list(place, place->dir, &list, &count, &place->err), 0);
	assert_int_equal(count, 5);
	for (size_t i = 0; i < count; i++) {
		assert_string_equal(list[i].name, expected[i].name);
		assert_int_equal(list[i].state, expected[i].state);
	}
	assert_string_equal(list[4].server, "MA\\x1bIL1");
	assert_string_equal(list[4].operator_name, "jsmith");
	assert_string_equal(list[4].reach, "disks");
	assert_int_equal(strlen(list[4].started), 20);
	assert_false(list[4].simulated);
}

/* What an undo or a later check would need goes only with the operator's word. */
static void test_forget_what_counts(void **state)
{
	static const struct {
		enum journal_kind what[4];
		const char *result;
		bool counts;
	} rows[] = {
		{ { JOURNAL_RUN, JOURNAL_ACT, JOURNAL_END }, "repaired", true },
		{ { JOURNAL_RUN, JOURNAL_ACT, JOURNAL_END }, "left", true },
		{ { JOURNAL_RUN, JOURNAL_ACT, JOURNAL_END }, "partly undone", true },
		{ { JOURNAL_RUN, JOURNAL_ACT, JOURNAL_END }, "undone", false },
		{ { JOURNAL_RUN, JOURNAL_DECISION, JOURNAL_END }, "repaired", true },
		{ { JOURNAL_RUN, JOURNAL_DECISION, JOURNAL_END }, "nothing", false },
		{ { JOURNAL_RUN, JOURNAL_END }, "repaired", false },
	};
	struct place *place = *state;
	struct forgotten left;

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		write_journal(place, "19991122-094107", rows[i].what, rows[i].result);
		assert_int_equal(forget(place, "last"), rows[i].counts ? -TROUBLE_USAGE : 0);
		if (!rows[i].counts)
			continue;
		assert_non_null(strstr(error_advice(&place->err), "--yes"));
		assert_int_equal(runs_forget(place, place->dir, "last", true, &left, &place->err),
			0);
		assert_string_equal(left.name, "19991122-094107");
	}
}

static void test_forget(void **state)
{
	struct place *place = *state;
	char *done = talloc_asprintf(place, "%s/19991122-094107", place->dir);
	char *open = talloc_asprintf(place, "%s/19991123-094107", place->dir);

	write_journal(place, "19991122-094107",
		(enum journal_kind[]){ JOURNAL_RUN, JOURNAL_PREPARING, JOURNAL_END, 0 },
		"repaired");
	write_journal(place, "19991123-094107",
		(enum journal_kind[]){ JOURNAL_RUN, JOURNAL_PREPARING, 0 }, "");
	support_mkdir(talloc_asprintf(place, "%s/before", done));
	support_write_text(talloc_asprintf(place, "%s/before/SYSTEM", done), "x");
	assert_int_equal(forget(place, "19991123-094107"), -TROUBLE_USAGE);
	assert_int_equal(access(open, F_OK), 0);
	assert_int_equal(forget(place, "19991122-094107"), 0);
	assert_int_equal(access(done, F_OK), -1);
	assert_int_equal(forget(place, "19991122-094107"), -TROUBLE_NOT_THERE);
}

/* Who waits for the lock of a run that is being forgotten finds no run, not one without a
 * record. */
static void test_forgotten_while_waited_for(void **state)
{
	struct place *place = *state;
	char *name = run_make(place, 943263667), *dir, *away;
	struct runfolder *held, *run;
	int status;
	pid_t child;

	dir = talloc_asprintf(place, "%s/%s", place->dir, name);
	away = talloc_asprintf(place, "%s/.away", place->dir);
	assert_int_equal(runfolder_open(place, place->dir, name, true, &held, &place->err), 0);
	assert_int_equal(forget(place, name), -TROUBLE_LOCKED);
	assert_int_equal(access(dir, F_OK), 0);
	child = fork();
	if (!child) {
		/* The lock is its parent's alone. */
		talloc_free(held);
		_exit(-runfolder_open(place, place->dir, name, true, &run, &place->err));
	}
	/* It tries for 50 ms. */
	nanosleep(&(struct timespec){ .tv_nsec = 15 * 1000 * 1000 }, NULL);
	assert_int_equal(rename(dir, away), 0);
	talloc_free(held);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(WEXITSTATUS(status), TROUBLE_NOT_THERE);
}

/* A link inside a run's folder is removed, not what it leads to. */
static void test_forget_follows_no_link(void **state)
{
	struct place *place = *state;
	char *kept = talloc_asprintf(place, "%s/kept", place->dir);

	support_mkdir(kept);
	support_write_text(talloc_asprintf(place, "%s/file", kept), "x");
	write_journal(place, "19991122-094107", (enum journal_kind[]){ JOURNAL_RUN, 0 }, "");
	assert_int_equal(symlink(kept,
				 talloc_asprintf(place, "%s/19991122-094107/before", place->dir)),
		0);
	assert_int_equal(forget(place, "last"), 0);
	assert_int_equal(access(talloc_asprintf(place, "%s/file", kept), F_OK), 0);
}

#define WITH_PLACE(name) cmocka_unit_test_setup_teardown(name, place_make, support_memory_free)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_PLACE(test_order_of_making),
		WITH_PLACE(test_clock_out_of_range),
		WITH_PLACE(test_damaged_number),
		WITH_PLACE(test_damaged_counter),
		WITH_PLACE(test_hostile_counter),
		WITH_PLACE(test_number_waits),
		WITH_PLACE(test_list),
		WITH_PLACE(test_forget_what_counts),
		WITH_PLACE(test_forget),
		WITH_PLACE(test_forgotten_while_waited_for),
		WITH_PLACE(test_forget_follows_no_link),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

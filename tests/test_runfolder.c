/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "record/journal.h"
#include "record/record_internal.h"
#include "tests/support.h"

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

struct place {
	char *dir;
	struct error err;
};

static int place_make(void **state)
{
	struct place *place = talloc_zero(NULL, struct place);

	place->dir = support_folder(place);
	*state = place;
	return 0;
}

static int place_free(void **state)
{
	talloc_free(*state);
	return 0;
}

static mode_t mode_of(const char *path)
{
	struct stat st;

	assert_int_equal(lstat(path, &st), 0);
	return st.st_mode & 07777;
}

static int forget(struct place *place, const char *name)
{
	char *backup;

	return runs_forget(place, place->dir, name, false, &backup, &place->err);
}

static void test_names(void **state)
{
	(void)state;
	assert_true(run_name_ok("19991122-094107"));
	assert_true(run_name_ok("19991122-094107-2"));
	assert_false(run_name_ok("19991122-094107-"));
	assert_false(run_name_ok("19991122-094107-2/"));
	assert_false(run_name_ok("../19991122-0941"));
	assert_false(run_name_ok("19991122"));
	assert_false(run_name_ok(""));
	assert_false(run_name_ok(".."));
	assert_true(run_name_compare("19991122-094107-2", "19991122-094107") > 0);
	assert_true(run_name_compare("19991122-094107-10", "19991122-094107-9") > 0);
	assert_true(run_name_compare("19991122-094108", "19991122-094107-9") > 0);
	assert_int_equal(run_name_compare("19991122-094107", "19991122-094107"), 0);
}

/* The order is: named, MSMCFIX_STATE_DIR, /var/lib/msmcfix for root, XDG_STATE_HOME, ~/.local/state. */
static void test_place(void **state)
{
	struct place *place = *state;
	bool root = geteuid() == 0, by_hand;
	char *dir, here[4096];

	setenv("HOME", "/home/x", 1);
	setenv("XDG_STATE_HOME", "/state", 1);
	setenv("MSMCFIX_STATE_DIR", "/mine", 1);
	assert_int_equal(runs_place(place, "/named", &dir, &by_hand, &place->err), 0);
	assert_string_equal(dir, "/named");
	assert_true(by_hand);
	assert_int_equal(runs_place(place, NULL, &dir, &by_hand, &place->err), 0);
	assert_string_equal(dir, "/mine");
	assert_true(by_hand);
	unsetenv("MSMCFIX_STATE_DIR");
	assert_int_equal(runs_place(place, NULL, &dir, &by_hand, &place->err), 0);
	assert_string_equal(dir, root ? "/var/lib/msmcfix" : "/state/msmcfix");
	assert_false(by_hand);
	unsetenv("XDG_STATE_HOME");
	assert_int_equal(runs_place(place, NULL, &dir, &by_hand, &place->err), 0);
	assert_string_equal(dir, root ? "/var/lib/msmcfix" : "/home/x/.local/state/msmcfix");
	assert_non_null(getcwd(here, sizeof here));
	assert_int_equal(runs_place(place, "there", &dir, &by_hand, &place->err), 0);
	assert_string_equal(dir, talloc_asprintf(place, "%s/there", here));
}

static void test_modes(void **state)
{
	struct place *place = *state;
	char *runs = talloc_asprintf(place, "%s/a/b", place->dir), *warning;
	struct runfolder *run;

	umask(0);
	assert_int_equal(runs_prepare(place, runs, true, false, &warning, &place->err), 0);
	assert_int_equal(mode_of(runs), 0700);
	assert_int_equal(runfolder_create(place, runs, &run, &place->err), 0);
	assert_true(run_name_ok(runfolder_name(run)));
	assert_int_equal(mode_of(runfolder_dir(run)), 0700);
	assert_int_equal(runfolder_write(run, "before/SYSTEM", "abc", 3, &place->err), 0);
	assert_int_equal(mode_of(talloc_asprintf(place, "%s/before", runfolder_dir(run))), 0700);
	assert_int_equal(mode_of(talloc_asprintf(place, "%s/before/SYSTEM", runfolder_dir(run))), 0600);
	assert_int_equal(mode_of(talloc_asprintf(place, "%s/lock", runfolder_dir(run))), 0600);
	umask(022);
}

static void test_write_read(void **state)
{
	struct place *place = *state;
	struct runfolder *run;
	uint8_t *bytes;
	size_t len;
	json_t *json = json_pack("{s:i}", "a", 1), *again;

	assert_int_equal(runfolder_create(place, place->dir, &run, &place->err), 0);
	assert_int_equal(runfolder_write(run, "plan.json", "first", 5, &place->err), 0);
	assert_int_equal(runfolder_write(run, "plan.json", "second", 6, &place->err), 0);
	assert_int_equal(runfolder_read(run, place, "plan.json", 100, &bytes, &len, &place->err), 0);
	assert_int_equal(len, 6);
	assert_memory_equal(bytes, "second", 6);
	assert_int_equal(runfolder_read(run, place, "plan.json", 5, &bytes, &len, &place->err),
			 -TROUBLE_RECORD_DAMAGED);
	assert_int_equal(runfolder_read(run, place, "none", 5, &bytes, &len, &place->err), -TROUBLE_NOT_THERE);
	assert_int_equal(runfolder_read(run, place, "before/none", 5, &bytes, &len, &place->err), -TROUBLE_NOT_THERE);
	assert_true(runfolder_size(run, "plan.json") > 0);
	assert_int_equal(runfolder_size(run, "plan.json.new"), -1);
	assert_int_equal(runfolder_write_json(run, "x.json", json, &place->err), 0);
	assert_int_equal(runfolder_read(run, place, "x.json", 99, &bytes, &len, &place->err), 0);
	again = json_loadb((char *)bytes, len, 0, NULL);
	assert_true(json_equal(json, again));
	json_decref(json);
	json_decref(again);
}

/* No name leads out of the folder. */
static void test_names_of_files(void **state)
{
	static const char *const bad[] = { "", "..", "../x", "a/../x", "a/b/c", "/x", "a/", "a/.." };
	struct place *place = *state;
	struct runfolder *run;

	assert_int_equal(runfolder_create(place, place->dir, &run, &place->err), 0);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_int_equal(runfolder_write(run, bad[i], "x", 1, &place->err), -TROUBLE_BUG);
}

static void test_second_of_the_same_second(void **state)
{
	struct place *place = *state;
	struct runfolder *a, *b, *c, *last;

	assert_int_equal(runfolder_create(place, place->dir, &a, &place->err), 0);
	assert_int_equal(runfolder_create(place, place->dir, &b, &place->err), 0);
	assert_int_equal(runfolder_create(place, place->dir, &c, &place->err), 0);
	assert_string_not_equal(runfolder_name(a), runfolder_name(b));
	assert_true(run_name_compare(runfolder_name(a), runfolder_name(b)) < 0);
	assert_true(run_name_compare(runfolder_name(b), runfolder_name(c)) < 0);
	assert_int_equal(runfolder_open(place, place->dir, "last", false, &last, &place->err), 0);
	assert_string_equal(runfolder_name(last), runfolder_name(c));
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

/* The order is that of making, wherever the clock jumps; runs of a place that had no counter yet come before, by their names. */
static void test_order_of_making(void **state)
{
	struct place *place = *state;
	char *first, *back, *ahead;

	support_mkdir(file_of(place, "", "20990101-000000"));
	support_mkdir(file_of(place, "", "19991122-094107-2"));
	first = run_make(place, 943263667);     /* 1999-11-22T09:41:07Z */
	back = run_make(place, 100);            /* 1970-01-01T00:01:40Z */
	ahead = run_make(place, 253402300799);  /* 9999-12-31T23:59:59Z */
	assert_string_equal(back, "19700101-000140");
	assert_order(place, (const char *[]){ ahead, back, first, "20990101-000000", "19991122-094107-2", NULL });
	first = run_make(place, 943263667);
	assert_string_equal(first, "19991122-094107-3");
	assert_order(place, (const char *[]){ first, ahead, back, "19991122-094107", "20990101-000000", "19991122-094107-2", NULL });
}

/* A year of five digits would make a run that is never found again. */
static void test_clock_out_of_range(void **state)
{
	struct place *place = *state;
	struct runfolder *run;

	clock_says = 253402300800;
	assert_int_equal(runfolder_create(place, place->dir, &run, &place->err), -TROUBLE_NO_RUN_FOLDER);
	clock_says = 0;
	assert_int_equal(support_names(place->dir), 0);
}

/* What is no number of ours. */
static const char *const no_numbers[] = {
	"", "\n", "x\n", "7", "-1\n", "+9\n", " 9\n", "9\n9\n", "0x9\n", "9999999999999999\n", "99999999999999999999\n",
};

static void test_damaged_number(void **state)
{
	struct place *place = *state;
	char *old = run_make(place, 943263667), *damaged = run_make(place, 943263668), *kept = run_make(place, 943263600);

	for (size_t i = 0; i < sizeof no_numbers / sizeof *no_numbers; i++) {
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

/* Lost, damaged or behind, as in a place of which only the runs were copied, the counter goes on behind the runs. */
static void test_damaged_counter(void **state)
{
	struct place *place = *state;
	char *counter = file_of(place, "", ".counter"), *newest = run_make(place, 943263667), *name;

	support_write_text(file_of(place, newest, "number"), "41\n");
	for (size_t i = 0; i <= sizeof no_numbers / sizeof *no_numbers; i++) {
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
	assert_string_equal(support_read(place, file_of(place, name, "number"), &(size_t){ 0 }), "51\n");
}

/* In the counter's place there is something else, or it is at its end: no run is begun, and nothing waits. */
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
	assert_int_equal(runfolder_create(place, place->dir, &run, &place->err), -TROUBLE_NO_RUN_FOLDER);
	assert_int_equal(unlink(counter), 0);
	support_mkdir(counter);
	assert_int_equal(runfolder_create(place, place->dir, &run, &place->err), -TROUBLE_NO_RUN_FOLDER);
	assert_int_equal(rmdir(counter), 0);
	support_write_text(counter, "999999999999999\n");
	assert_int_equal(runfolder_create(place, place->dir, &run, &place->err), -TROUBLE_NO_RUN_FOLDER);
	assert_int_equal(support_names(place->dir), 1);
}

/* Several programs at once: each run has a number of its own. */
static void test_numbers_at_once(void **state)
{
	enum { PROGRAMS = 4, RUNS = 8 };
	struct place *place = *state;
	bool seen[PROGRAMS * RUNS + 1] = { false };
	struct run_summary *list;
	int status;
	size_t count;

	for (int i = 0; i < PROGRAMS; i++) {
		if (fork() != 0)
			continue;
		struct runfolder *run;

		for (int made = 0; made < RUNS; made++)
			if (runfolder_create(place, place->dir, &run, NULL))
				_exit(1);
		_exit(0);
	}
	for (int i = 0; i < PROGRAMS; i++) {
		assert_true(wait(&status) > 0);
		assert_int_equal(status, 0);
	}
	assert_int_equal(runs_list(place, place->dir, &list, &count, &place->err), 0);
	assert_int_equal(count, PROGRAMS * RUNS);
	for (size_t i = 0; i < count; i++) {
		assert_true(list[i].number > 0 && list[i].number <= count);
		assert_false(seen[list[i].number]);
		seen[list[i].number] = true;
	}
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
		_exit(runfolder_create(place, place->dir, &run, NULL) || run_number(AT_FDCWD, runfolder_dir(run)) != 71);
	nanosleep(&(struct timespec){ .tv_nsec = 200 * 1000 * 1000 }, NULL);
	assert_int_equal(pwrite(fd, "70\n", 3, 0), 3);
	assert_int_equal(flock(fd, LOCK_UN), 0);
	close(fd);
	assert_true(wait(&status) > 0);
	assert_int_equal(status, 0);
}

static void test_not_there(void **state)
{
	static const char *const names[] = { "last", "19991122-094107", "..", "../x", "a\nb", "" };
	struct place *place = *state;
	struct runfolder *run;

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		assert_int_equal(runfolder_open(place, place->dir, names[i], true, &run, &place->err),
				 -TROUBLE_NOT_THERE);
	assert_int_equal(runfolder_open(place, "/nowhere/at/all", "last", true, &run, &place->err), -TROUBLE_NOT_THERE);
}

/* A link in the place of the run's folder is not followed. */
static void test_link(void **state)
{
	struct place *place = *state;
	struct runfolder *run;

	assert_int_equal(symlink("/tmp", talloc_asprintf(place, "%s/19991122-094107", place->dir)), 0);
	assert_int_not_equal(runfolder_open(place, place->dir, "19991122-094107", true, &run, &place->err), 0);
}

/* Another process has the run: it can be read, but not written, and is listed as running. */
static void test_locked(void **state)
{
	struct place *place = *state;
	struct runfolder *run;
	char *name;
	int ready[2], go[2], status;
	char byte;
	pid_t child;

	assert_int_equal(pipe(ready), 0);
	assert_int_equal(pipe(go), 0);
	child = fork();
	if (child == 0) {
		if (runfolder_create(place, place->dir, &run, NULL) || write(ready[1], "x", 1) != 1)
			_exit(1);
		_exit(read(go[0], &byte, 1) == 1 ? 0 : 1);
	}
	assert_int_equal(read(ready[0], &byte, 1), 1);
	assert_int_equal(runfolder_open(place, place->dir, "last", false, &run, &place->err), 0);
	name = talloc_strdup(place, runfolder_name(run));
	assert_int_equal(runfolder_open(place, place->dir, name, true, &run, &place->err), -TROUBLE_LOCKED);
	assert_int_equal(forget(place, name), -TROUBLE_LOCKED);

	struct run_summary *list;
	size_t count;
	assert_int_equal(runs_list(place, place->dir, &list, &count, &place->err), 0);
	assert_int_equal(count, 1);
	assert_int_equal(list[0].state, STATE_RUNNING);

	assert_int_equal(write(go[1], "x", 1), 1);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	assert_int_equal(runfolder_open(place, place->dir, name, true, &run, &place->err), 0);
}

static void test_in_memory(void **state)
{
	struct place *place = *state;
	struct statfs fs;
	char *dir = talloc_strdup(place, "/dev/shm/msmcfix-test-XXXXXX"), *runs, *warning = NULL;

	if (statfs("/dev/shm", &fs) || (unsigned long)fs.f_type != 0x01021994 || !mkdtemp(dir))
		skip();
	runs = talloc_asprintf(place, "%s/runs", dir);
	assert_int_equal(runs_prepare(place, runs, false, false, &warning, &place->err), -TROUBLE_RUNS_IN_MEMORY);
	/* Refused, it leaves nothing behind. */
	assert_int_equal(access(runs, F_OK), -1);
	assert_int_equal(runs_prepare(place, runs, true, false, &warning, &place->err), 0);
	assert_non_null(warning);
	assert_non_null(strstr(warning, "tmpfs"));
	assert_int_equal(runs_prepare(place, runs, false, true, &warning, &place->err), 0);
	assert_non_null(warning);
	support_remove(dir);
}

static void write_journal(struct place *place, const char *name, const enum journal_kind *kinds, const char *result)
{
	struct runfolder *run;
	struct journal *journal;

	support_mkdir(talloc_asprintf(place, "%s/%s", place->dir, name));
	assert_int_equal(runfolder_open(place, place->dir, name, true, &run, &place->err), 0);
	assert_int_equal(journal_open(run, run, &journal, &place->err), 0);
	for (size_t i = 0; kinds[i]; i++) {
		json_t *fields = kinds[i] == JOURNAL_RUN
					 ? json_pack("{s:{s:s}, s:s, s:s, s:b}", "server", "name", "MA\x1bIL1", "reach",
						     "disks", "operator", "jsmith", "simulated", 0)
					 : json_pack("{s:s, s:i, s:s}", "result", result, "step", 2, "decision", "keep");

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
	write_journal(place, "19991122-094107", (enum journal_kind[]){ JOURNAL_RUN, JOURNAL_PREPARING, JOURNAL_END, 0 }, "repaired");
	write_journal(place, "19991123-094107", (enum journal_kind[]){ JOURNAL_RUN, JOURNAL_PREPARING, 0 }, "");
	write_journal(place, "19991123-094107-2", (enum journal_kind[]){ JOURNAL_RUN, JOURNAL_PREPARING, JOURNAL_PAUSED, 0 }, "");
	write_journal(place, "19991124-094107", (enum journal_kind[]){ JOURNAL_RUN, JOURNAL_PREPARING, JOURNAL_END, 0 }, "undone");
	write_journal(place, "19991125-094107", (enum journal_kind[]){ 0 }, "");
	support_write_text(talloc_asprintf(place, "%s/19991125-094107/journal.jsonl", place->dir), "{}\nx\n");
	support_mkdir(talloc_asprintf(place, "%s/practice", place->dir));

	static const struct {
		const char *name;
		enum run_state state;
	} expected[] = {
		{ "19991125-094107", STATE_DAMAGED }, { "19991124-094107", STATE_UNDONE }, { "19991123-094107-2", STATE_PAUSED },
		{ "19991123-094107", STATE_CUT_OFF }, { "19991122-094107", STATE_DONE },
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
		{ { JOURNAL_RUN, JOURNAL_ACT, JOURNAL_END }, "repaired", true },	  { { JOURNAL_RUN, JOURNAL_ACT, JOURNAL_END }, "left", true },
		{ { JOURNAL_RUN, JOURNAL_ACT, JOURNAL_END }, "partly undone", true }, { { JOURNAL_RUN, JOURNAL_ACT, JOURNAL_END }, "undone", false },
		{ { JOURNAL_RUN, JOURNAL_DECISION, JOURNAL_END }, "repaired", true },
		{ { JOURNAL_RUN, JOURNAL_DECISION, JOURNAL_END }, "nothing", false }, { { JOURNAL_RUN, JOURNAL_END }, "repaired", false },
	};
	struct place *place = *state;
	char *backup;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		write_journal(place, "19991122-094107", rows[i].what, rows[i].result);
		assert_int_equal(forget(place, "last"), rows[i].counts ? -TROUBLE_USAGE : 0);
		if (!rows[i].counts)
			continue;
		assert_non_null(strstr(error_advice(&place->err), "--yes"));
		assert_int_equal(runs_forget(place, place->dir, "last", true, &backup, &place->err), 0);
	}
}

static void test_forget(void **state)
{
	struct place *place = *state;
	char *done = talloc_asprintf(place, "%s/19991122-094107", place->dir);
	char *open = talloc_asprintf(place, "%s/19991123-094107", place->dir);

	write_journal(place, "19991122-094107", (enum journal_kind[]){ JOURNAL_RUN, JOURNAL_PREPARING, JOURNAL_END, 0 }, "repaired");
	write_journal(place, "19991123-094107", (enum journal_kind[]){ JOURNAL_RUN, JOURNAL_PREPARING, 0 }, "");
	support_mkdir(talloc_asprintf(place, "%s/before", done));
	support_write_text(talloc_asprintf(place, "%s/before/SYSTEM", done), "x");
	assert_int_equal(forget(place, "19991123-094107"), -TROUBLE_USAGE);
	assert_int_equal(access(open, F_OK), 0);
	assert_int_equal(forget(place, "19991122-094107"), 0);
	assert_int_equal(access(done, F_OK), -1);
	assert_int_equal(forget(place, "19991122-094107"), -TROUBLE_NOT_THERE);
}

/* A link inside a run's folder is removed, not what it leads to. */
static void test_forget_follows_no_link(void **state)
{
	struct place *place = *state;
	char *kept = talloc_asprintf(place, "%s/kept", place->dir);

	support_mkdir(kept);
	support_write_text(talloc_asprintf(place, "%s/file", kept), "x");
	write_journal(place, "19991122-094107", (enum journal_kind[]){ JOURNAL_RUN, 0 }, "");
	assert_int_equal(symlink(kept, talloc_asprintf(place, "%s/19991122-094107/before", place->dir)), 0);
	assert_int_equal(forget(place, "last"), 0);
	assert_int_equal(access(talloc_asprintf(place, "%s/file", kept), F_OK), 0);
}

static void test_log(void **state)
{
	struct place *place = *state;
	struct runfolder *run;
	uint8_t *bytes;
	size_t len;

	assert_int_equal(runfolder_create(place, place->dir, &run, &place->err), 0);
	runfolder_log(run, "%s", "first");
	runfolder_log(run, "se\ncond %d", 2);
	bytes = support_read(place, talloc_asprintf(place, "%s/log", runfolder_dir(run)), &len);
	assert_non_null(strstr((char *)bytes, "Z first\n"));
	assert_non_null(strstr((char *)bytes, "Z se\\x0acond 2\n"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test_setup_teardown(test_place, place_make, place_free),
		cmocka_unit_test_setup_teardown(test_modes, place_make, place_free),
		cmocka_unit_test_setup_teardown(test_write_read, place_make, place_free),
		cmocka_unit_test_setup_teardown(test_names_of_files, place_make, place_free),
		cmocka_unit_test_setup_teardown(test_second_of_the_same_second, place_make, place_free),
		cmocka_unit_test_setup_teardown(test_order_of_making, place_make, place_free),
		cmocka_unit_test_setup_teardown(test_clock_out_of_range, place_make, place_free),
		cmocka_unit_test_setup_teardown(test_damaged_number, place_make, place_free),
		cmocka_unit_test_setup_teardown(test_damaged_counter, place_make, place_free),
		cmocka_unit_test_setup_teardown(test_hostile_counter, place_make, place_free),
		cmocka_unit_test_setup_teardown(test_numbers_at_once, place_make, place_free),
		cmocka_unit_test_setup_teardown(test_number_waits, place_make, place_free),
		cmocka_unit_test_setup_teardown(test_not_there, place_make, place_free),
		cmocka_unit_test_setup_teardown(test_link, place_make, place_free),
		cmocka_unit_test_setup_teardown(test_locked, place_make, place_free),
		cmocka_unit_test_setup_teardown(test_in_memory, place_make, place_free),
		cmocka_unit_test_setup_teardown(test_list, place_make, place_free),
		cmocka_unit_test_setup_teardown(test_forget, place_make, place_free),
		cmocka_unit_test_setup_teardown(test_forget_what_counts, place_make, place_free),
		cmocka_unit_test_setup_teardown(test_forget_follows_no_link, place_make, place_free),
		cmocka_unit_test_setup_teardown(test_log, place_make, place_free),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

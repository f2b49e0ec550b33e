/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/memory.h"
#include "record/record_internal.h"
#include "tests/run_place.h"

static mode_t mode_of(const char *path)
{
	struct stat st;

	assert_int_equal(lstat(path, &st), 0);
	return st.st_mode & 07777;
}

static void a_run_is_named_by_its_second(void **state)
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

/* The order is: named, MSMCFIX_STATE_DIR, /var/lib/msmcfix for root, XDG_STATE_HOME,
 * ~/.local/state. */
static void the_place_of_runs_is_looked_up_in_order(void **state)
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

static void folders_are_0700_and_files_0600(void **state)
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
	assert_int_equal(mode_of(talloc_asprintf(place, "%s/before/SYSTEM", runfolder_dir(run))),
		0600);
	assert_int_equal(mode_of(talloc_asprintf(place, "%s/lock", runfolder_dir(run))), 0600);
	umask(022);
}

static void what_is_written_is_read(void **state)
{
	struct place *place = *state;
	struct runfolder *run;
	uint8_t *bytes;
	size_t len;
	json_t *json = json_pack("{s:i}", "a", 1), *again;

	assert_int_equal(runfolder_create(place, place->dir, &run, &place->err), 0);
	assert_int_equal(runfolder_write(run, "plan.json", "first", 5, &place->err), 0);
	assert_int_equal(runfolder_write(run, "plan.json", "second", 6, &place->err), 0);
	assert_int_equal(runfolder_read(run, place, "plan.json", 100, &bytes, &len, &place->err),
		0);
	assert_int_equal(len, 6);
	assert_memory_equal(bytes, "second", 6);
	assert_int_equal(runfolder_read(run, place, "plan.json", 5, &bytes, &len, &place->err),
		-TROUBLE_RECORD_DAMAGED);
	assert_int_equal(runfolder_read(run, place, "none", 5, &bytes, &len, &place->err),
		-TROUBLE_NOT_THERE);
	assert_int_equal(runfolder_read(run, place, "before/none", 5, &bytes, &len, &place->err),
		-TROUBLE_NOT_THERE);
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
static void no_name_leads_out_of_the_folder(void **state)
{
	static const char *const bad[] = { "", "..", "../x", "a/../x", "a/b/c", "/x", "a/",
		"a/.." };
	struct place *place = *state;
	struct runfolder *run;

	assert_int_equal(runfolder_create(place, place->dir, &run, &place->err), 0);
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		assert_int_equal(runfolder_write(run, bad[i], "x", 1, &place->err), -TROUBLE_BUG);
}

static void a_run_that_is_not_there_is_named(void **state)
{
	static const char *const names[] = { "last", "19991122-094107", "..", "../x", "a\nb", "" };
	struct place *place = *state;
	struct runfolder *run;

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		assert_int_equal(runfolder_open(place, place->dir, names[i], true, &run,
					 &place->err),
			-TROUBLE_NOT_THERE);
	assert_int_equal(runfolder_open(place, "/nowhere/at/all", "last", true, &run, &place->err),
		-TROUBLE_NOT_THERE);
}

/* A link in the place of the run's folder is not followed. */
static void a_link_for_a_run_folder_is_refused(void **state)
{
	struct place *place = *state;
	struct runfolder *run;

	assert_int_equal(symlink("/tmp", talloc_asprintf(place, "%s/19991122-094107", place->dir)),
		0);
	assert_int_not_equal(runfolder_open(place, place->dir, "19991122-094107", true, &run,
				     &place->err),
		0);
}

/* Another process has the run: it can be read, but not written, and is listed as running. */
static void a_run_in_use_can_be_read_not_written(void **state)
{
	struct place *place = *state;
	struct runfolder *run;
	struct forgotten left;
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
	assert_int_equal(runfolder_open(place, place->dir, name, true, &run, &place->err),
		-TROUBLE_LOCKED);
	assert_int_equal(runs_forget(place, place->dir, name, false, &left, &place->err),
		-TROUBLE_LOCKED);

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

static void a_place_in_memory_is_refused(void **state)
{
	struct place *place = *state;
	struct statfs fs;
	char *dir = talloc_strdup(place, "/dev/shm/msmcfix-test-XXXXXX"), *runs, *warning = NULL;

	if (statfs("/dev/shm", &fs) || (unsigned long)fs.f_type != 0x01021994 || !mkdtemp(dir))
		skip();
	runs = talloc_asprintf(place, "%s/runs", dir);
	assert_int_equal(runs_prepare(place, runs, false, false, &warning, &place->err),
		-TROUBLE_RUNS_IN_MEMORY);
	/* Refused, it leaves nothing behind. */
	assert_int_equal(access(runs, F_OK), -1);
	assert_int_equal(runs_prepare(place, runs, true, false, &warning, &place->err), 0);
	assert_non_null(warning);
	assert_non_null(strstr(warning, "tmpfs"));
	assert_int_equal(runs_prepare(place, runs, false, true, &warning, &place->err), 0);
	assert_non_null(warning);
	support_remove(dir);
}

static void the_log_is_one_line_an_event(void **state)
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

#define WITH_PLACE(name) cmocka_unit_test_setup_teardown(name, place_make, support_memory_free)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_run_is_named_by_its_second),
		WITH_PLACE(the_place_of_runs_is_looked_up_in_order),
		WITH_PLACE(folders_are_0700_and_files_0600),
		WITH_PLACE(what_is_written_is_read),
		WITH_PLACE(no_name_leads_out_of_the_folder),
		WITH_PLACE(a_run_that_is_not_there_is_named),
		WITH_PLACE(a_link_for_a_run_folder_is_refused),
		WITH_PLACE(a_run_in_use_can_be_read_not_written),
		WITH_PLACE(a_place_in_memory_is_refused),
		WITH_PLACE(the_log_is_one_line_an_event),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

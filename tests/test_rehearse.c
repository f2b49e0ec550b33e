/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What reading can tell is told before anything is written: every trouble that the rehearsal knows,
 * put there once before each step. */
#include "run/rehearse.h"

#include <dirent.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/memory.h"
#include "repair/rehearse.h"
#include "tests/bench_run.h"
#include "tests/cut_tree.h"
#include "tests/support.h"

#define SYSTEM_FILE "C/WINNT/system32/config/SYSTEM"

enum { STEPS = 4 };

struct injection {
	const char *name;
	void (*make)(struct bench *bench, struct server *server);
	enum trouble trouble;
	const char *says;
	bool before[STEPS + 1]; /* the steps that it keeps from being begun */
	bool seen;              /* a look at the server tells it as well */
};

static char *in(struct bench *bench, const char *path)
{
	return talloc_asprintf(bench, "%s/%s", bench->dir, path);
}

/* What an engineer would see of a folder's times is not part of the trouble. */
static void file_for_folder(struct bench *bench, struct server *server)
{
	(void)server;
	bench_write(bench, BENCH_BIN "sub", "a file");
}

static void folder_for_file(struct bench *bench, struct server *server)
{
	(void)server;
	assert_int_equal(mkdir(in(bench, BENCH_BIN "added.dll"), 0700), 0);
}

/* The second bin of the hive says that it is somewhere else. */
static void hive_bin(struct bench *bench, struct server *server)
{
	int fd = open(in(bench, SYSTEM_FILE), O_WRONLY);

	(void)server;
	assert_true(fd >= 0);
	assert_int_equal(pwrite(fd, "hbad", 4, 4096), 4);
	close(fd);
}

static void hive_dirty(struct bench *bench, struct server *server)
{
	int fd = open(in(bench, SYSTEM_FILE), O_RDWR);
	uint32_t sequence, sum, next;

	(void)server;
	assert_int_equal(pread(fd, &sequence, 4, 8), 4);
	assert_int_equal(pread(fd, &sum, 4, 508), 4);
	next = sequence + 1;
	sum ^= sequence ^ next; /* of the words of the header, all XORed */
	assert_int_equal(pwrite(fd, &next, 4, 8), 4);
	assert_int_equal(pwrite(fd, &sum, 4, 508), 4);
	close(fd);
}

static void hibernated(struct bench *bench, struct server *server)
{
	(void)server;
	bench_write(bench, "C/hiberfil.sys", "hibr");
}

static void leftover(struct bench *bench, struct server *server)
{
	(void)server;
	bench_write(bench, SYSTEM_FILE ".q24", "x");
}

static void named_like_a_stage(struct bench *bench, struct server *server)
{
	(void)server;
	bench_write(bench, BENCH_BIN "Mt.exe.Q24", "a person's");
}

static void folder_named_like_a_stage(struct bench *bench, struct server *server)
{
	(void)server;
	assert_int_equal(mkdir(in(bench, BENCH_BIN "mt.exe.q24"), 0700), 0);
}

static void named_like_a_trial(struct bench *bench, struct server *server)
{
	(void)server;
	bench_write(bench, BENCH_BIN "../Q24TRIAL.q24", "a person's");
}

static void long_path(struct bench *bench, struct server *server)
{
	char name[220];

	(void)server;
	memset(name, 'n', sizeof name);
	name[sizeof name - 1] = '\0';
	bench_write(bench, talloc_asprintf(bench, BENCH_BIN "%s", name), "x");
}

static void twins(struct bench *bench, struct server *server)
{
	(void)server;
	bench_write(bench, BENCH_BIN "OWN.DLL", "x");
}

static void link_for_file(struct bench *bench, struct server *server)
{
	(void)server;
	assert_int_equal(unlink(in(bench, BENCH_BIN "own.dll")), 0);
	assert_int_equal(symlink("/etc/passwd", in(bench, BENCH_BIN "own.dll")), 0);
}

static void runs_in_bin(struct bench *bench, struct server *server)
{
	(void)server;
	bench->options.runs = in(bench, BENCH_BIN "runs/of/mine");
}

static void runs_in_the_old_folder(struct bench *bench, struct server *server)
{
	(void)server;
	bench->options.runs = in(bench, "C/exchsrvr/connect/msmcon/maildata/runs");
}

static void runs_is_a_file(struct bench *bench, struct server *server)
{
	(void)server;
	bench->options.runs = in(bench, "C/boot.txt");
	bench_write(bench, "C/boot.txt", "x");
}

/* ---- what the drives say, said by a stand-in ---- */

static struct server_ops *ops_of(struct server *server)
{
	struct server_ops *ops = talloc_memdup(server, server->ops, sizeof *ops);

	server->ops = ops;
	return ops;
}

static int room_little(struct server *server, const char *path, uint64_t *bytes, struct error *err)
{
	(void)server, (void)path, (void)err;
	*bytes = 1000;
	return 0;
}

static void no_room(struct bench *bench, struct server *server)
{
	(void)bench;
	ops_of(server)->room = room_little;
}

static int stage_unread(struct server *server, TALLOC_CTX *mem, const struct stage_spec *spec,
	struct stage **stage, struct error *err)
{
	(void)server, (void)mem, (void)stage;
	return error_set(err, TROUBLE_CANNOT, "The streams of %s cannot be carried.", spec->target);
}

static void traits_unread(struct bench *bench, struct server *server)
{
	(void)bench;
	ops_of(server)->stage = stage_unread;
}

static void drive_read_only(struct bench *bench, struct server *server)
{
	(void)bench;
	server->caps &= ~(unsigned)SERVER_WRITE;
}

static int trial_fails(struct server *server, const char *folder, struct error *err)
{
	(void)server, (void)folder;
	return error_advise(err, error_set(err, TROUBLE_VERIFY, "The time is not kept."),
		"Use another driver.");
}

static void trial_bad(struct bench *bench, struct server *server)
{
	(void)bench;
	ops_of(server)->trial = trial_fails;
}

static const struct injection injections[] = {
	{ "a file where a folder must be", file_for_folder, TROUBLE_LINK, "sub is a file",
		{ [1] = true, [2] = true }, false },
	{ "a folder where a file must be", folder_for_file, TROUBLE_LINK, "added.dll is a folder",
		{ [1] = true }, false },
	{ "a folder where a file must be", folder_for_file, TROUBLE_MOVED, "", { [2] = true },
		false },
	{ "a bin of the hive is damaged", hive_bin, TROUBLE_HIVE_BROKEN, "",
		{ [1] = true, [2] = true, [3] = true, [4] = true }, false },
	{ "the hive is dirty", hive_dirty, TROUBLE_HIVE_DIRTY, "",
		{ [1] = true, [2] = true, [3] = true, [4] = true }, false },
	{ "hibernated", hibernated, TROUBLE_HIVE_DIRTY, "hibernated",
		{ [1] = true, [2] = true, [3] = true, [4] = true }, true },
	{ "a stage was left", leftover, TROUBLE_MOVED, "interrupted",
		{ [1] = true, [2] = true, [3] = true, [4] = true }, true },
	{ "a file named like a stage", named_like_a_stage, TROUBLE_MOVED,
		"Mt.exe.Q24 already exists", { [1] = true, [2] = true }, true },
	{ "a folder named like a stage", folder_named_like_a_stage, TROUBLE_MOVED,
		"mt.exe.q24 already exists", { [1] = true, [2] = true }, true },
	{ "a file named like a trial", named_like_a_trial, TROUBLE_MOVED,
		"Q24TRIAL.q24 already exists", { [1] = true }, false },
	{ "the backup's path is too long", long_path, TROUBLE_NAME, "characters", { [1] = true },
		true },
	{ "twins in Bin", twins, TROUBLE_TWINS, "", { [1] = true }, false },
	{ "a link in Bin", link_for_file, TROUBLE_LINK, "", { [1] = true }, false },
	{ "runs in Bin", runs_in_bin, TROUBLE_NO_RUN_FOLDER, "lies in", { [1] = true }, true },
	{ "runs in the old folder", runs_in_the_old_folder, TROUBLE_NO_RUN_FOLDER, "lies in",
		{ [1] = true }, true },
	{ "runs is a file", runs_is_a_file, TROUBLE_NO_RUN_FOLDER, "", { [1] = true }, true },
	{ "no room", no_room, TROUBLE_NO_ROOM, "room for 1000 bytes", { [1] = true, [2] = true },
		true },
	{ "traits that cannot be carried", traits_unread, TROUBLE_CANNOT, "streams",
		{ [1] = true, [2] = true }, true },
	{ "a drive that is read only", drive_read_only, TROUBLE_READ_ONLY, "", { [1] = true },
		false },
	{ "a trial that fails", trial_bad, TROUBLE_VERIFY, "trial file", { [1] = true }, false },
};

struct before {
	struct bench *bench;
	struct server *server;
	const struct injection *injection;
	int step;
	int told;
	char *picture; /* the server as it was when the trouble came */
};

static void inject(struct before *before)
{
	struct bench *bench = before->bench;

	before->injection->make(bench, before->server);
	before->picture = talloc_asprintf(bench, "%s-%s-%d", bench->original, "with", before->step);
	tree_copy(bench->dir, before->picture);
}

/* An act begins and ends with a sentence: the trouble comes with the end of the one before. */
static int tell(void *arg, int step, const char *sentence)
{
	struct before *before = arg;

	(void)sentence;
	before->told += step == before->step - 1;
	if (before->told == 2 && !before->picture)
		inject(before);
	return 0;
}

/* All of the table is gone through, whatever a row came to. */
static int wrongs;

static void wrong(const struct before *before, int ret, const char *what)
{
	print_error("%s, before step %d: %s: %s\n", before->injection->name, before->step,
		ret < 0 ? trouble_name((enum trouble) - ret) : "-", what);
	wrongs++;
}

static void unchanged(const struct before *before)
{
	char why[1024];

	if (!tree_same(before->picture, before->bench->dir, TREE_TIMES | TREE_BACKUPS, why))
		wrong(before, 0, why);
}

/* Names with a dot in front are the folder's own. */
static bool run_left(const char *runs)
{
	DIR *dir = opendir(runs);
	bool left = false;

	for (struct dirent *name; dir && (name = readdir(dir));)
		left |= *name->d_name != '.';
	if (dir)
		closedir(dir);
	return left;
}

/* Before step 1: nothing, not even a run. */
static void refused_at_once(struct before *before)
{
	struct bench *bench = before->bench;
	struct plan *plan = bench_plan(bench, before->server);
	struct engine *engine;
	int ret;

	inject(before);
	ret = engine_begin(bench, before->server, plan, &bench->options, &engine, &bench->err);
	if (ret != -(int)before->injection->trouble ||
		!strstr(bench->err.text, before->injection->says))
		wrong(before, ret, ret ? bench->err.text : "begun");
	if (ret && !*error_advice(&bench->err))
		wrong(before, ret, "no advice");
	unchanged(before);
	if (run_left(bench->runs))
		wrong(before, ret, "a run is left");
}

/* Later: what is done stays, and nothing is added to it. */
static void stopped_before(struct before *before)
{
	struct bench *bench = before->bench;
	struct plan *plan = bench_plan(bench, before->server);
	struct engine *engine = NULL;
	int ret;

	bench->options.tell = tell;
	bench->options.tell_arg = before;
	ret = bench_carry(bench, before->server, plan, &engine);
	if (ret != -(int)before->injection->trouble)
		wrong(before, ret, ret ? bench->err.text : "carried out");
	unchanged(before);
	talloc_free(engine);
}

static void every_trouble_before_every_step(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(injections); i++)
		for (int step = 1; step <= STEPS; step++) {
			struct before before = { .injection = &injections[i], .step = step };

			if (!injections[i].before[step])
				continue;
			bench_make((void **)&before.bench);
			before.server = bench_open(before.bench);
			if (step == 1)
				refused_at_once(&before);
			else
				stopped_before(&before);
			bench_free((void **)&before.bench);
		}
	assert_int_equal(wrongs, 0);
}

/* Who only looks is told as well, and the look goes on. */
static void a_look_says_so(void **state)
{
	int bad = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(injections); i++) {
		struct survey_options survey_options = { .letters_confirmed = true,
			.rehearse = survey_rehearse };
		const struct survey *survey;
		struct bench *bench;
		struct server *server;

		if (!injections[i].seen)
			continue;
		bench_make((void **)&bench);
		server = bench_open(bench);
		injections[i].make(bench, server);
		survey_options.rehearse_arg = (void *)(uintptr_t)bench->options.runs;
		assert_int_equal(survey_make(bench, server, &survey_options, &survey, &bench->err),
			0);
		if (!survey->check_only || survey->check_only_trouble != injections[i].trouble ||
			!*survey->check_only_advice)
			print_error("%s: %s\n", injections[i].name,
				survey->check_only ? survey->check_only_why : "not told"),
				bad++;
		assert_true(survey->changes_needed > 0);
		assert_int_equal(survey_forbids(survey, &bench->err),
			survey->check_only ? -(int)survey->check_only_trouble : 0);
		bench_free((void **)&bench);
	}
	assert_int_equal(bad, 0);
}

/* ---- no Bin at all ---- */

static void without_a_bin(void **state)
{
	struct bench *bench = *state;
	struct undo_options undo = { 0 };
	struct timespec times[2] = { { .tv_sec = 900000000 }, { .tv_sec = 900000000 } };
	char *text;

	support_remove(in(bench, "E/exchsrvr/connect/msmcon/bin"));
	assert_int_equal(utimensat(AT_FDCWD, in(bench, "E/exchsrvr/connect/msmcon"), times, 0), 0);
	support_remove(bench->original);
	tree_copy(bench->dir, bench->original);
	assert_int_equal(bench_repair(bench, NULL), 0);
	assert_true(bench_there(bench, "E/exchsrvr/connect/msmcon/Bin/sub/deep.dll"));
	if (bench_undo(bench, &undo, &text))
		fail_msg("%s", bench->err.text);
	bench_same(bench, TREE_TIMES | TREE_BACKUPS);
}

/* Somebody removed the default Msmcon beforehand: step 2 has nothing to copy, the rest is repaired
 * all the same. Whether programs without a version are the service pack's nobody can tell: that is
 * left. */
static void without_a_default_msmcon(void **state)
{
	struct bench *bench = *state;
	struct undo_options undo = { .backups = true };
	struct timespec times[2] = { { .tv_sec = 900000000 }, { .tv_sec = 900000000 } };
	char *text;

	support_remove(in(bench, "C/exchsrvr/connect/msmcon"));
	assert_int_equal(utimensat(AT_FDCWD, in(bench, "C/exchsrvr/connect"), times, 0), 0);
	support_remove(bench->original);
	tree_copy(bench->dir, bench->original);
	assert_int_equal(bench_repair(bench, NULL), 1);
	if (bench_undo(bench, &undo, &text))
		fail_msg("%s", bench->err.text);
	bench_same(bench, 0);
}

/* ---- what the record takes is known before: nothing is begun, and no half record stays ---- */

static void without_room_for_the_record_nothing_begins(void **state)
{
	struct bench *bench = *state;
	struct server *server = bench_open(bench);
	struct plan *plan = bench_plan(bench, server);
	struct rlimit old, low;
	struct engine *engine;
	int ret;

	assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
	low = (struct rlimit){ .rlim_cur = 3000, .rlim_max = old.rlim_max };
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &low), 0);
	ret = engine_begin(bench, server, plan, &bench->options, &engine, &bench->err);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
	assert_int_equal(ret, -TROUBLE_NO_ROOM);
	assert_non_null(strstr(error_advice(&bench->err), "ulimit -f"));
	assert_int_not_equal(access(bench->runs, F_OK), 0);
	bench_same(bench, TREE_TIMES | TREE_BACKUPS);
}

#define WITH_BENCH(test) cmocka_unit_test_setup_teardown(test, bench_make, bench_free)
int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_trouble_before_every_step),
		cmocka_unit_test(a_look_says_so),
		WITH_BENCH(without_a_bin),
		WITH_BENCH(without_a_default_msmcon),
		WITH_BENCH(without_room_for_the_record_nothing_begins),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What reading can tell is told before anything is written: every trouble that the rehearsal knows, put there once before
 * each step; and whatever the record can be given, it gives back. */
#include "run/rehearse.h"

#include <dirent.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/text.h"
#include "repair/rehearse.h"
#include "run/journal_internal.h"
#include "run/runfolder.h"
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
	bool before[STEPS + 1];            /* the steps that it keeps from being begun */
	bool seen;                         /* a look at the server tells it as well */
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
	sum ^= sequence ^ next;      /* of the words of the header, all XORed */
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

static int stage_unread(struct server *server, TALLOC_CTX *mem, const struct stage_spec *spec, struct stage **stage, struct error *err)
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
	return error_advise(err, error_set(err, TROUBLE_VERIFY, "The time is not kept."), "Use another driver.");
}

static void trial_bad(struct bench *bench, struct server *server)
{
	(void)bench;
	ops_of(server)->trial = trial_fails;
}

static const struct injection injections[] = {
	{ "a file where a folder must be", file_for_folder, TROUBLE_LINK, "sub is a file", { [1] = true, [2] = true }, false },
	{ "a folder where a file must be", folder_for_file, TROUBLE_LINK, "added.dll is a folder", { [1] = true }, false },
	{ "a folder where a file must be", folder_for_file, TROUBLE_MOVED, "", { [2] = true }, false },
	{ "a bin of the hive is damaged", hive_bin, TROUBLE_HIVE_BROKEN, "", { [1] = true, [2] = true, [3] = true, [4] = true }, false },
	{ "the hive is dirty", hive_dirty, TROUBLE_HIVE_DIRTY, "", { [1] = true, [2] = true, [3] = true, [4] = true }, false },
	{ "hibernated", hibernated, TROUBLE_HIVE_DIRTY, "hibernated", { [1] = true, [2] = true, [3] = true, [4] = true }, true },
	{ "a stage was left", leftover, TROUBLE_MOVED, "cut short", { [1] = true, [2] = true, [3] = true, [4] = true }, true },
	{ "a file named like a stage", named_like_a_stage, TROUBLE_MOVED, "Mt.exe.Q24 is there already", { [1] = true, [2] = true }, true },
	{ "a folder named like a stage", folder_named_like_a_stage, TROUBLE_MOVED, "mt.exe.q24 is there already", { [1] = true, [2] = true }, true },
	{ "a file named like a trial", named_like_a_trial, TROUBLE_MOVED, "Q24TRIAL.q24 is there already", { [1] = true }, false },
	{ "the backup's path is too long", long_path, TROUBLE_NAME, "characters", { [1] = true }, true },
	{ "twins in Bin", twins, TROUBLE_TWINS, "", { [1] = true }, false },
	{ "a link in Bin", link_for_file, TROUBLE_LINK, "", { [1] = true }, false },
	{ "runs in Bin", runs_in_bin, TROUBLE_NO_RUN_FOLDER, "lies in", { [1] = true }, true },
	{ "runs in the old folder", runs_in_the_old_folder, TROUBLE_NO_RUN_FOLDER, "lies in", { [1] = true }, true },
	{ "runs is a file", runs_is_a_file, TROUBLE_NO_RUN_FOLDER, "", { [1] = true }, true },
	{ "no room", no_room, TROUBLE_NO_ROOM, "room for 1000 bytes", { [1] = true, [2] = true }, true },
	{ "traits that cannot be carried", traits_unread, TROUBLE_CANNOT, "streams", { [1] = true, [2] = true }, true },
	{ "a drive that is read only", drive_read_only, TROUBLE_READ_ONLY, "", { [1] = true }, false },
	{ "a trial that fails", trial_bad, TROUBLE_VERIFY, "trial file", { [1] = true }, false },
};

struct before {
	struct bench *bench;
	struct server *server;
	const struct injection *injection;
	int step;
	int told;
	char *picture;                     /* the server as it was when the trouble came */
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
		    ret < 0 ? trouble_name((enum trouble)-ret) : "-", what);
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
	if (ret != -(int)before->injection->trouble || !strstr(bench->err.text, before->injection->says))
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
	for (size_t i = 0; i < sizeof injections / sizeof *injections; i++)
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
	for (size_t i = 0; i < sizeof injections / sizeof *injections; i++) {
		struct survey_options look = { .letters_confirmed = true, .rehearse = survey_rehearse };
		const struct survey *survey;
		struct bench *bench;
		struct server *server;

		if (!injections[i].seen)
			continue;
		bench_make((void **)&bench);
		server = bench_open(bench);
		injections[i].make(bench, server);
		look.rehearse_arg = (void *)(uintptr_t)bench->options.runs;
		assert_int_equal(survey_make(bench, server, &look, &survey, &bench->err), 0);
		if (!survey->look_only || survey->look_only_trouble != injections[i].trouble || !*survey->look_only_advice)
			print_error("%s: %s\n", injections[i].name, survey->look_only ? survey->look_only_why : "not told"), bad++;
		assert_true(survey->changes_needed > 0);
		assert_int_equal(survey_forbids(survey, &bench->err), survey->look_only ? -(int)survey->look_only_trouble : 0);
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

/* Somebody removed the default Msmcon beforehand: step 2 has nothing to copy, the rest is repaired all the same. Whether
 * programs without a version are the service pack's nobody can tell: that is left. */
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

/* ---- the record gives back what it was given ---- */

static uint64_t random_next(uint64_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;
	return *seed;
}

/* A name that NT can hold, of up to 255 UTF-16 units; and, for odd, one that only a disk can. */
static char *odd_name(TALLOC_CTX *mem, uint64_t *seed, bool odd)
{
	static const char *const pieces[] = { "a", "B", "mt.exe", " ", "%", "~1", ".", "'", "&", "\xc3\xa4", "\xd0\x96", "\xe2\x80\xae",
					      "\xef\xbf\xbd", "\xf0\x9f\x98\x80", "\xe2\x80\x8b", "{", "=", ";", "$", "%2F" };
	static const char *const worse[] = { "\t", "\x01", "\x7f", "\n", "\x1b[2J" };
	size_t count = 1 + random_next(seed) % 40;
	char *name = talloc_strdup(mem, "n");

	for (size_t i = 0; i < count; i++) {
		uint64_t pick = random_next(seed);
		const char *piece = odd && pick % 5 == 0 ? worse[pick / 5 % (sizeof worse / sizeof *worse)]
							 : pieces[pick / 5 % (sizeof pieces / sizeof *pieces)];

		name = talloc_strdup_append(name, piece);
	}
	return talloc_strdup_append(name, "n");
}

static char *odd_path(TALLOC_CTX *mem, uint64_t *seed)
{
	char *path = talloc_strdup(mem, "E:");

	for (size_t i = 1 + random_next(seed) % 4; i > 0; i--)
		path = talloc_asprintf(mem, "%s\\%s", path, odd_name(mem, seed, false));
	return path;
}

/* The least and the most that each kind of number can be, besides those between. */
static int64_t odd_time(uint64_t *seed)
{
	static const int64_t edges[] = { 0, 1, -1, 10000000, INT64_C(116444736000000000), INT64_C(125657050670000001),
					 INT64_C(220588992000000000) /* 2300 */, INT64_C(2650467743999999999) /* 9999 */ };
	uint64_t pick = random_next(seed) % 16;

	return pick < 8 ? (pick == 2 ? 2 : edges[pick]) : (int64_t)(random_next(seed) % UINT64_C(2650467743999999999));
}

static void odd_file(struct file_fact *file, uint64_t *seed)
{
	uint8_t bytes[8];

	for (size_t i = 0; i < sizeof bytes; i++)
		bytes[i] = (uint8_t)random_next(seed);
	*file = (struct file_fact){ .present = random_next(seed) % 8 != 0, .digest = digest_of(bytes, sizeof bytes) };
	file->size = random_next(seed) % 3 ? random_next(seed) % 1000000 : random_next(seed) >> 1;
	file->mtime = odd_time(seed);
	file->has_version = random_next(seed) % 2;
	for (size_t i = 0; i < 4; i++)
		file->version.part[i] = (uint16_t)random_next(seed);
	if (!file->present)
		*file = (struct file_fact){ 0 };
}

static struct reg_data *odd_data(TALLOC_CTX *mem, uint64_t *seed)
{
	struct reg_data *data = talloc_zero(mem, struct reg_data);

	data->type = random_next(seed) % 4 ? (uint32_t)(random_next(seed) % 12) : (uint32_t)random_next(seed);
	data->len = random_next(seed) % 4 ? random_next(seed) % 80 : random_next(seed) % 5000;
	data->bytes = talloc_array(data, uint8_t, (unsigned)data->len + 1);
	for (size_t i = 0; i < data->len; i++)
		data->bytes[i] = (uint8_t)random_next(seed);
	return data;
}

static const enum finding_kind kinds[] = { KIND_FILE, KIND_VALUE, KIND_SHARE, KIND_BACKUP, KIND_OLDFOLDER };

static void odd_side(TALLOC_CTX *mem, enum finding_kind kind, struct side *side, uint64_t *seed)
{
	*side = (struct side){ 0 };
	if (kind == KIND_FILE)
		odd_file(&side->file, seed);
	if (kind == KIND_VALUE)
		side->value.data = random_next(seed) % 8 ? odd_data(mem, seed) : NULL;
	if (kind == KIND_SHARE && random_next(seed) % 8) {
		side->share.path = odd_path(mem, seed);
		side->share.remark = odd_name(mem, seed, true);
		side->share.open_to_all = random_next(seed) % 2;
		side->share.definition = odd_data(mem, seed);
	}
}

static struct change *odd_change(TALLOC_CTX *mem, uint64_t *seed)
{
	struct change *change = talloc_zero(mem, struct change);
	char *subject = odd_name(change, seed, true);

	change->kind = kinds[random_next(seed) % (sizeof kinds / sizeof *kinds)];
	change->step = 1 + (int)(random_next(seed) % 4);
	change->id = talloc_asprintf(change, "file/%s", text_percent(change, subject));
	odd_side(change, change->kind, &change->before, seed);
	odd_side(change, change->kind, &change->after, seed);
	if (change->kind == KIND_VALUE) {
		change->before.value.key = change->after.value.key =
			talloc_asprintf(change, "SYSTEM\\ControlSet%03d\\Services\\%s", (int)(random_next(seed) % 1000), subject);
		change->before.value.name = change->after.value.name = talloc_strdup(change, "ImagePath");
	}
	if (change->kind == KIND_SHARE)
		change->target = talloc_strdup(change, article_share_name());
	if (change->kind != KIND_VALUE && change->kind != KIND_SHARE) {
		change->target = odd_path(change, seed);
		change->source = odd_path(change, seed);
		change->traits_from = random_next(seed) % 2 ? odd_path(change, seed) : NULL;
	}
	return change;
}

static void same_text(const char *a, const char *b)
{
	if (a && b)
		assert_string_equal(a, b);
	else
		assert_ptr_equal(a, b);
}

static void same_side(enum finding_kind kind, const struct side *a, const struct side *b)
{
	assert_true(finding_side_equal(kind, a, b));
	if (kind == KIND_FILE && a->file.present) {
		assert_true(a->file.mtime == b->file.mtime);
		assert_int_equal(a->file.has_version, b->file.has_version);
		if (a->file.has_version)
			assert_memory_equal(&a->file.version, &b->file.version, sizeof a->file.version);
	}
	if (kind == KIND_SHARE) {
		same_text(a->share.path, b->share.path);
		same_text(a->share.remark, b->share.remark);
		assert_int_equal(a->share.open_to_all, b->share.open_to_all);
	}
}

enum { CHANGES = 2000 };

/* Written into a journal, closed, opened, read. */
static void changes_come_back(void **state)
{
	struct bench *bench = *state;
	struct change *given[CHANGES], *back;
	struct runfolder *run;
	struct journal *journal;
	uint64_t seed = UINT64_C(0x9e3779b97f4a7c15);
	char *name;

	assert_int_equal(mkdir(bench->runs, 0700), 0);
	assert_int_equal(runfolder_create(bench, bench->runs, &run, &bench->err), 0);
	assert_int_equal(journal_open(bench, run, &journal, &bench->err), 0);
	for (size_t i = 0; i < CHANGES; i++) {
		given[i] = odd_change(bench, &seed);
		assert_int_equal(journal_add(journal, "decision", json_pack("{s:o}", "change", change_json(given[i])), i + 1 == CHANGES,
					     &bench->err), 0);
	}
	name = talloc_strdup(bench, runfolder_name(run));
	talloc_free(journal);
	talloc_free(run);
	assert_int_equal(runfolder_open(bench, bench->runs, name, false, &run, &bench->err), 0);
	assert_int_equal(journal_open(bench, run, &journal, &bench->err), 0);
	assert_int_equal(journal_count(journal), CHANGES);
	for (size_t i = 0; i < CHANGES; i++) {
		if (change_parse(bench, json_object_get(journal_entry(journal, i), "change"), &back, &bench->err))
			fail_msg("change %zu, %s: %s", i, given[i]->id, bench->err.text);
		assert_string_equal(given[i]->id, back->id);
		assert_int_equal(given[i]->step, back->step);
		assert_int_equal(given[i]->kind, back->kind);
		same_text(given[i]->target, back->target);
		same_text(given[i]->source, back->source);
		same_text(given[i]->traits_from, back->traits_from);
		same_side(given[i]->kind, &given[i]->before, &back->before);
		same_side(given[i]->kind, &given[i]->after, &back->after);
	}
}

/* A plan of odd files and shares, decided at random. Values are those of the survey: what may stand there is judged. */
static void a_plan_comes_back(void **state)
{
	struct bench *bench = *state;
	struct plan *real = bench_plan(bench, bench_open(bench)), *plan, *back;
	struct survey *survey = talloc_memdup(bench, real->survey, sizeof *survey);
	uint64_t seed = 20240208;
	char *bytes, *differences;
	size_t room = 500;
	json_t *json;

	survey->findings = talloc_zero_array(survey, struct finding, (unsigned)(survey->finding_count + room));
	memcpy(survey->findings, real->survey->findings, survey->finding_count * sizeof *survey->findings);
	for (size_t i = 0; i < room; i++) {
		struct finding *row = &survey->findings[survey->finding_count];

		*row = survey->findings[0];
		row->kind = KIND_FILE;
		row->step = 2;
		row->subject = odd_name(survey, &seed, true);
		row->id = talloc_asprintf(survey, "file/%zu%s", i, text_percent(survey, row->subject));
		row->text = row->todo = odd_name(survey, &seed, true);
		row->target = odd_path(survey, &seed);
		row->source = odd_path(survey, &seed);
		row->can_change = true;
		odd_side(survey, KIND_FILE, &row->before, &seed);
		do
			odd_side(survey, KIND_FILE, &row->after, &seed);
		while (!row->after.file.present);
		survey->finding_count++;
	}
	assert_int_equal(survey_index(survey, &bench->err), 0);
	assert_int_equal(plan_make(bench, survey, false, &plan, &bench->err), 0);
	for (size_t i = 0; i < plan->count; i++)
		plan->rows[i].decision = (enum decision)(random_next(&seed) % 3);
	json = plan_json(plan);
	bytes = json_dumps(json, JSON_INDENT(2));
	json_decref(json);
	assert_non_null(bytes);
	if (plan_load(bench, bytes, strlen(bytes), survey, &back, &differences, &bench->err))
		fail_msg("%s %s", bench->err.text, differences ? differences : "");
	free(bytes);
	assert_int_equal(back->count, plan->count);
	for (size_t i = 0; i < plan->count; i++)
		assert_int_equal(back->rows[i].decision, plan->rows[i].decision);
}

/* ---- what the record takes is known before ---- */

static void the_record_is_no_larger_than_said(void **state)
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
}

#define WITH_BENCH(test) cmocka_unit_test_setup_teardown(test, bench_make, bench_free)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_trouble_before_every_step),
		cmocka_unit_test(a_look_says_so),
		WITH_BENCH(without_a_bin),
		WITH_BENCH(without_a_default_msmcon),
		WITH_BENCH(changes_come_back),
		WITH_BENCH(a_plan_comes_back),
		WITH_BENCH(the_record_is_no_larger_than_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

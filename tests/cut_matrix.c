/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * cut_matrix PROGRAM PRELOAD: a whole small repair of a practice server, stopped at every call that changes something,
 * and then gone on with or put back. Stopped in two ways: the process killed, and the power cut, after which only what
 * was made to last is there. Prints TAP.
 *
 * CUT_ALL=1 takes every point; else points are taken evenly until CUT_SECONDS (default 35) are over.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/digest.h"
#include "tests/cut_tree.h"
#include "tests/support.h"

enum { TEST_POWER = 2, ROOM = 700, KILLED = 128 + SIGKILL };

struct matrix {
	const char *program, *preload;
	char work[ROOM], plan[ROOM], original[ROOM], repaired[ROOM], repaired_runs[ROOM];
	char box[ROOM];            /* what is cut: box/server, box/runs */
	char after[ROOM];          /* what a power cut left of it */
	char shadow[ROOM], count[ROOM], output[ROOM];
	char why[1200];            /* the first thing that was wrong */
	double seconds;            /* for one test */
	bool all;
};

static char *format_into(char out[ROOM], const char *format, ...) __attribute__((format(printf, 2, 3)));

static char *format_into(char out[ROOM], const char *format, ...)
{
	va_list args;

	va_start(args, format);
	if (vsnprintf(out, ROOM, format, args) >= ROOM)
		exit(1);
	va_end(args);
	return out;
}

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

/* ---- running the program ---- */

static void in_child(const struct matrix *matrix, char *const argv[], long cut, const char *root)
{
	char number[32];
	int out = open(matrix->output, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	(void)snprintf(number, sizeof number, "%ld", cut);
	if (cut >= 0) {
		setenv("LD_PRELOAD", matrix->preload, 1);
		setenv("CUT_AT", number, 1);
		setenv("CUT_COUNT", matrix->count, 1);
	}
	if (root) {
		setenv("CUT_ROOT", root, 1);
		setenv("CUT_SHADOW", matrix->shadow, 1);
	}
	setenv("ASAN_OPTIONS", "verify_asan_link_order=0:detect_leaks=0", 1);
	dup2(out, 1);
	dup2(out, 2);
	execv(argv[0], argv);
	_exit(127);
}

/* The exit code, 128 + signal. cut: at which call to stop, 0 for counting only, -1 without any of it; root: what a
 * power cut would take. */
static int run(const struct matrix *matrix, const char *box, long cut, const char *root, const char *const words[])
{
	char practice[ROOM + 16], runs[ROOM + 16];
	char *argv[24] = { (char *)(uintptr_t)matrix->program, practice, runs };
	size_t count = 3;
	int status;
	pid_t child;

	(void)snprintf(practice, sizeof practice, "--practice=%s/server", box);
	(void)snprintf(runs, sizeof runs, "--runs=%s/runs", box);
	for (size_t i = 0; words[i]; i++)
		argv[count++] = (char *)(uintptr_t)words[i];
	child = fork();
	if (child == 0)
		in_child(matrix, argv, cut, root);
	if (child < 0 || waitpid(child, &status, 0) != child)
		exit(1);
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

static int apply(const struct matrix *matrix, const char *box, long cut, const char *root)
{
	return run(matrix, box, cut, root,
		   (const char *[]){ "apply", "--plan", matrix->plan, "--operator", "cut", "--yes", NULL });
}

static int resume(const struct matrix *matrix, const char *box)
{
	return run(matrix, box, -1, NULL, (const char *[]){ "resume", "last", "--operator", "cut", "--yes", NULL });
}

static int undo(const struct matrix *matrix, const char *box, long cut, const char *root, bool backups)
{
	return run(
		matrix, box, cut, root,
		(const char *[]){ "undo", "last", "--operator", "cut", "--yes", backups ? "--backups" : NULL, NULL });
}

static long counted(const struct matrix *matrix)
{
	size_t len;
	uint8_t *bytes = tree_read(matrix->count, &len);
	long count = 0;

	if (bytes) {
		bytes[len] = 0;
		count = atol((char *)bytes);
	}
	free(bytes);
	return count;
}

/* ---- the ground ---- */

static void folder_fresh(const char *path)
{
	support_remove(path);
	support_mkdir(path);
}

/* A box as it is before the repair, or after it. */
static void box_reset(const struct matrix *matrix, bool repaired)
{
	char path[ROOM];

	folder_fresh(matrix->box);
	folder_fresh(matrix->shadow);
	tree_copy(repaired ? matrix->repaired : matrix->original, format_into(path, "%s/server", matrix->box));
	format_into(path, "%s/runs", matrix->box);
	if (repaired)
		tree_copy(matrix->repaired_runs, path);
	else
		support_mkdir(path);
}

static bool run_named(const char *box, char name[ROOM])
{
	char path[ROOM];
	DIR *dir = opendir(format_into(path, "%s/runs", box));
	struct dirent *entry;
	bool found = false;

	while (dir && (entry = readdir(dir)))
		if (entry->d_name[0] != '.') {
			format_into(name, "%s/%.100s", path, entry->d_name);
			found = true;
		}
	if (dir)
		closedir(dir);
	return found;
}

static bool wrong(struct matrix *matrix, const char *format, ...) __attribute__((format(printf, 2, 3)));

static bool wrong(struct matrix *matrix, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	(void)vsnprintf(matrix->why, sizeof matrix->why, format, args);
	va_end(args);
	return false;
}

static bool same(struct matrix *matrix, const char *expected, const char *there, unsigned how)
{
	char difference[1024];

	return tree_same(expected, there, how, difference) || wrong(matrix, "%s", difference);
}

static bool server_same(struct matrix *matrix, const char *expected, const char *box, unsigned how)
{
	char there[ROOM];

	return same(matrix, expected, format_into(there, "%s/server", box), how);
}

#define BIN "E/exchsrvr/connect/msmcon/bin"

/* Step 1's tree must be what Bin was, whatever else happened. */
static bool backup_same(struct matrix *matrix, const char *box, unsigned how)
{
	char name[ROOM], was[ROOM], is[ROOM];

	if (!run_named(box, name))
		return wrong(matrix, "there is no run");
	format_into(was, "%s/" BIN, matrix->original);
	format_into(is, "%s/server/" BIN ".q240208-%s", box, strrchr(name, '/') + 1);
	return same(matrix, was, is, how);
}

/* ---- what the journal claims, held against what is there ---- */

static bool file_is(const char *path, const char *sha256)
{
	size_t len;
	uint8_t *bytes = tree_read(path, &len);
	struct digest digest;
	char hex[65];

	if (!bytes)
		return false;
	digest = digest_of(bytes, len);
	digest_text(&digest, hex);
	free(bytes);
	return !strcmp(hex, sha256);
}

static bool hives_are(struct matrix *matrix, const char *folder, const json_t *digests, const char *claim)
{
	const json_t *digest;
	const char *name;
	char path[ROOM];

	json_object_foreach((json_t *)(uintptr_t)digests, name, digest)
		if (!file_is(format_into(path, "%s/%s", folder, name), json_string_value(digest)))
			return wrong(matrix, "the journal says %s, but %s is something else", claim, path);
	return true;
}

static bool files_claimed(struct matrix *matrix, const char *box, const json_t *done)
{
	const json_t *state;
	const char *id;
	char is[ROOM], expected[ROOM], difference[1024];

	json_object_foreach((json_t *)(uintptr_t)json_object_get(done, "looked"), id, state) {
		const char *name = strchr(id, '\\') + 1;

		format_into(expected, "%s/" BIN "/%s", matrix->repaired, name);
		format_into(is, "%s/server/" BIN "/%s", box, name);
		if (!tree_same(expected, is, 0, difference))
			return wrong(matrix, "the journal says verified: %s", difference);
	}
	return true;
}

static bool is(const json_t *entry, const char *what)
{
	return !strcmp(json_string_value(json_object_get(entry, "what")), what);
}

/* Claims about steps: of files while nothing later could have changed them again. */
static bool done_claimed(struct matrix *matrix, const char *box, const json_t *entry)
{
	json_int_t step = json_integer_value(json_object_get(entry, "step"));

	if (step == 1)
		return backup_same(matrix, box, 0);
	return step != 2 || files_claimed(matrix, box, entry);
}

static bool claims_hold(struct matrix *matrix, const char *box)
{
	char name[ROOM], path[ROOM], *line = NULL;
	json_t *entry = NULL, *hives = NULL;
	size_t room = 0;
	bool good = true;
	FILE *file;

	if (!run_named(box, name))
		return true;
	file = fopen(format_into(path, "%s/journal.jsonl", name), "r");
	while (file && good && getline(&line, &room, file) > 0 && (entry = json_loads(line, 0, NULL))) {
		if (is(entry, "saved"))
			good = hives_are(matrix, format_into(path, "%s/before", name), json_object_get(entry, "files"),
					 "saved");
		if (is(entry, "done"))
			good = good && done_claimed(matrix, box, entry);
		if (is(entry, "act") && json_integer_value(json_object_get(entry, "step")) >= 3) {
			json_decref(hives);
			hives = NULL;
		}
		if (is(entry, "done") && json_object_get(entry, "hives")) {
			json_decref(hives);
			hives = json_incref(json_object_get(entry, "hives"));
		}
		json_decref(entry);
	}
	if (good && hives)
		good = hives_are(matrix, format_into(path, "%s/server/C/WINNT/system32/config", box), hives, "written");
	json_decref(hives);
	free(line);
	if (file)
		fclose(file);
	return good;
}

/* ---- endings ---- */

static char *output_tail(const struct matrix *matrix)
{
	size_t len;
	static char text[300];
	uint8_t *bytes = tree_read(matrix->output, &len);

	(void)snprintf(text, sizeof text, "%.*s", (int)(len > 250 ? 250 : len),
		       bytes ? (char *)bytes + (len > 250 ? len - 250 : 0) : "");
	free(bytes);
	for (char *at = text; *at; at++)
		if (*at == '\n')
			*at = ' ';
	return text;
}

/* Without a run, or with one that never came to its decisions, nothing was changed. */
static bool ends_resumed(struct matrix *matrix, const char *box, unsigned times)
{
	char name[ROOM];
	int code;

	if (!run_named(box, name))
		return server_same(matrix, matrix->original, box, times);
	code = resume(matrix, box);
	if (code == 1)
		return server_same(matrix, matrix->original, box, times);
	if (code != 0)
		return wrong(matrix, "resume gives %d: %s", code, output_tail(matrix));
	return server_same(matrix, matrix->repaired, box, TREE_MEANING) && backup_same(matrix, box, 0);
}

static bool ends_undone(struct matrix *matrix, const char *box, unsigned times)
{
	char name[ROOM];
	int code;

	if (!run_named(box, name))
		return server_same(matrix, matrix->original, box, times);
	code = undo(matrix, box, -1, NULL, false);
	if (code != 0)
		return wrong(matrix, "undo gives %d: %s", code, output_tail(matrix));
	return server_same(matrix, matrix->original, box, times);
}

static bool ends_undone_again(struct matrix *matrix, const char *box, unsigned times)
{
	int code = undo(matrix, box, -1, NULL, true);

	if (code != 0)
		return wrong(matrix, "undo gives %d: %s", code, output_tail(matrix));
	return server_same(matrix, matrix->original, box, times | TREE_BACKUPS);
}

/* An undo that was cut off is gone on with as an undo; one that had not begun is left to the operator. */
static bool ends_undo_resumed(struct matrix *matrix, const char *box, unsigned times)
{
	int code = resume(matrix, box);

	if (code != 0)
		return wrong(matrix, "resume gives %d: %s", code, output_tail(matrix));
	if (server_same(matrix, matrix->repaired, box, TREE_MEANING))
		return true;
	return server_same(matrix, matrix->original, box, times);
}

/* ---- points ---- */

struct test {
	const char *name;
	bool of_undo;              /* what is cut is an undo of a whole repair */
	bool power;
	bool (*ends)(struct matrix *, const char *box, unsigned times);
};

static bool point(struct matrix *matrix, const struct test *test, long at)
{
	const char *root = test->power ? matrix->box : NULL;
	int code;

	box_reset(matrix, test->of_undo);
	code = test->of_undo ? undo(matrix, matrix->box, at, root, true) : apply(matrix, matrix->box, at, root);
	if (code != KILLED)
		return wrong(matrix, "it was not stopped but ended with %d: %s", code, output_tail(matrix));
	if (!test->power)
		return test->ends(matrix, matrix->box, TREE_TIMES);
	support_remove(matrix->after);
	tree_rebuild(matrix->shadow, matrix->box, matrix->after);
	return (test->of_undo || claims_hold(matrix, matrix->after)) && test->ends(matrix, matrix->after, 0);
}

/* Points one after the other, or scattered evenly over the whole (by the golden ratio) while there is time. */
static void play(struct matrix *matrix, int number, const struct test *test, long points)
{
	double begin = now();
	long done = 0, failed = 0;
	bool seen[8192] = { false };

	for (long i = 0; i < points && i < 8192 && failed < 5; i++) {
		double part = (double)i * 0.6180339887498949;
		long at = matrix->all ? i + 1 : 1 + (long)((part - (double)(long)part) * (double)points);

		if (seen[at] || (!matrix->all && now() - begin > matrix->seconds))
			continue;
		seen[at] = true;
		done++;
		if (point(matrix, test, at))
			continue;
		failed++;
		printf("# %s: cut before call %ld: %s\n", test->name, at, matrix->why);
	}
	printf("# %s: %ld of %ld points, %ld failed\n", test->name, done, points, failed);
	printf("%s %d - %s\n", failed || !done ? "not ok" : "ok", number, test->name);
	fflush(stdout);
}

/* A test that cannot fail proves nothing: without syncs of one kind some power cut must do harm. */
static void play_deaf(struct matrix *matrix, int number, const char *deaf, const struct test *test, long points)
{
	bool noticed = false;

	setenv("CUT_DEAF", deaf, 1);
	/* Late points first: most of what should last is written by then. */
	for (long at = points; at > 0 && !noticed; at -= points / 12 + 1)
		noticed = !point(matrix, test, at);
	unsetenv("CUT_DEAF");
	printf("%s %d - %s that does nothing is noticed\n", noticed ? "ok" : "not ok", number, deaf);
	fflush(stdout);
}

/* ---- beginning ---- */

/* Everything decided: what the article asks is changed, what is newer is kept. */
static bool plan_decide(const char *path)
{
	json_t *plan = json_load_file(path, 0, NULL), *row;
	size_t i;
	int failed;

	json_array_foreach(json_object_get(plan, "rows"), i, row) {
		const char *decision = json_string_value(json_object_get(row, "decision"));

		if (decision && !strcmp(decision, "undecided"))
			json_object_set_new(row, "decision", json_string("keep"));
	}
	failed = !plan || json_dump_file(plan, path, 0);
	json_decref(plan);
	return !failed;
}

/* Memory, where there is enough: thousands of files are made and removed. */
static void choose_ground(void)
{
	struct statvfs fs;

	if (!getenv("CUT_GROUND") && !access("/dev/shm", W_OK | X_OK) && !statvfs("/dev/shm", &fs) &&
	    (uint64_t)fs.f_bavail * fs.f_bsize > (256u << 20))
		setenv("TMPDIR", "/dev/shm", 1);
}

static bool begin(struct matrix *matrix)
{
	char path[ROOM];
	const char *const build[] = { matrix->program, "train", "--build", matrix->original, "--scenario", "standard",
				      "--seed",	       "3",	NULL };
	TALLOC_CTX *mem = talloc_new(NULL);
	bool good = support_run(mem, build, NULL, NULL) == 0;

	talloc_free(mem);
	box_reset(matrix, false);
	good = good &&
	       run(matrix, matrix->box, -1, NULL, (const char *[]){ "plan", "--output", matrix->plan, NULL }) == 2;
	good = good && plan_decide(matrix->plan) && apply(matrix, matrix->box, 0, NULL) == 0;
	if (!good)
		return wrong(matrix, "%s", output_tail(matrix));
	tree_copy(format_into(path, "%s/server", matrix->box), matrix->repaired);
	tree_copy(format_into(path, "%s/runs", matrix->box), matrix->repaired_runs);
	return true;
}

int main(int argc, char *argv[])
{
	static const struct test tests[] = {
		{ "killed, then gone on with", false, false, ends_resumed },
		{ "killed, then put back", false, false, ends_undone },
		{ "power cut, then gone on with", false, true, ends_resumed },
		{ "power cut, then put back", false, true, ends_undone },
		{ "undo killed, then undone again", true, false, ends_undone_again },
		{ "undo killed, then gone on with", true, false, ends_undo_resumed },
		{ "power cut in an undo, then undone again", true, true, ends_undone_again },
	};
	static const char *const deaf[] = { "fsync", "fdatasync", "syncfs", "folders" };
	enum { TESTS = sizeof tests / sizeof *tests, DEAF = sizeof deaf / sizeof *deaf };
	struct matrix matrix = { .program = argc > 1 ? argv[1] : "", .preload = argc > 2 ? argv[2] : "" };
	TALLOC_CTX *mem = talloc_new(NULL);
	const char *seconds = getenv("CUT_SECONDS"), *work;
	long repair, putting_back;

	choose_ground();
	work = support_folder(mem);
	matrix.all = getenv("CUT_ALL") != NULL;
	matrix.seconds = (seconds ? atof(seconds) : 35) / TESTS;
	format_into(matrix.work, "%s", work);
	format_into(matrix.plan, "%s/plan.json", work);
	format_into(matrix.original, "%s/original", work);
	format_into(matrix.repaired, "%s/repaired", work);
	format_into(matrix.repaired_runs, "%s/repaired-runs", work);
	format_into(matrix.box, "%s/box", work);
	format_into(matrix.after, "%s/after", work);
	format_into(matrix.shadow, "%s/shadow", work);
	format_into(matrix.count, "%s/count", work);
	format_into(matrix.output, "%s/output", work);
	if (!begin(&matrix)) {
		printf("Bail out! the repair itself fails: %s\n", matrix.why);
		talloc_free(mem);
		return 1;
	}
	repair = counted(&matrix);
	box_reset(&matrix, true);
	putting_back = undo(&matrix, matrix.box, 0, NULL, true) == 0 ? counted(&matrix) : 0;
	printf("1..%d\n", (int)(TESTS + DEAF));
	for (int i = 0; i < TESTS; i++)
		play(&matrix, i + 1, &tests[i], tests[i].of_undo ? putting_back : repair);
	for (int i = 0; i < DEAF; i++)
		play_deaf(&matrix, TESTS + i + 1, deaf[i], &tests[TEST_POWER], repair);
	talloc_free(mem);
	return 0;
}

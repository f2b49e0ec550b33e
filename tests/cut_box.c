/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/cut_box.h"

#include <dirent.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/support.h"
#include "training/case.h"

char *box_format(char out[BOX_ROOM], const char *format, ...)
{
	va_list args;

	va_start(args, format);
	if (vsnprintf(out, BOX_ROOM, format, args) >= BOX_ROOM)
		exit(1);
	va_end(args);
	return out;
}

bool box_wrong(struct box *box, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	(void)vsnprintf(box->why, sizeof box->why, format, args);
	va_end(args);
	return false;
}

/* ---- running the program ---- */

static void in_child(const struct box *box, char *const argv[], const char *where, long at,
	const struct box_stop *stop)
{
	char number[32];
	int out = open(box->output, O_WRONLY | O_CREAT | O_TRUNC, 0600),
	    in = open(box->input, O_RDONLY);

	if (in < 0)
		in = open("/dev/null", O_RDONLY);
	(void)snprintf(number, sizeof number, "%ld", at);
	if (at >= 0) {
		setenv("LD_PRELOAD", box->preload, 1);
		setenv("CUT_AT", number, 1);
		setenv("CUT_BOX", where, 1);
	}
	if (at == 0)
		setenv("CUT_COUNT", box->count, 1);
	if (stop)
		setenv("CUT_HOW", stop->how, 1);
	if (stop && stop->power) {
		setenv("CUT_ROOT", where, 1);
		setenv("CUT_SHADOW", box->shadow, 1);
	}
	setenv("ASAN_OPTIONS", "verify_asan_link_order=0:detect_leaks=0", 1);
	dup2(in, 0);
	dup2(out, 1);
	dup2(out, 2);
	execv(argv[0], argv);
	_exit(127);
}

static int run(const struct box *box, const char *where, long at, const struct box_stop *stop,
	const char *const words[])
{
	char server[2 * BOX_ROOM + 32], runs[BOX_ROOM + 16];
	char *argv[24] = { (char *)(uintptr_t)box->program, server, runs };
	size_t count = 3;
	int status;
	pid_t child;

	if (box->disks)
		(void)snprintf(server, sizeof server, "--disks=C=%s/server/C,E=%s/server/E", where,
			where);
	else
		(void)snprintf(server, sizeof server, "--practice=%s/server", where);
	(void)snprintf(runs, sizeof runs, "--runs=%s/runs", where);
	for (size_t i = 0; words[i]; i++)
		argv[count++] = (char *)(uintptr_t)words[i];
	child = fork();
	if (child == 0)
		in_child(box, argv, where, at, stop);
	if (child < 0 || waitpid(child, &status, 0) != child)
		exit(1);
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

int box_command(const struct box *box, const char *where, const char *const words[])
{
	return run(box, where, -1, NULL, words);
}

int box_resume(const struct box *box, const char *where)
{
	return run(box, where, -1, NULL,
		(const char *[]){ "resume", "last", "--operator", "cut", "--yes", NULL });
}

int box_undo(const struct box *box, const char *where, bool backups)
{
	return run(box, where, -1, NULL,
		(const char *[]){ "undo", "last", "--operator", "cut", "--yes",
			backups ? "--backups" : NULL, NULL });
}

int box_run(const struct box *box, const char *where, enum box_op op, long at,
	const struct box_stop *stop)
{
	const char *const words[][8] = {
		[OP_REPAIR] = { "apply", "--plan", box->plan, "--operator", "cut", "--yes", NULL },
		[OP_UNDO] = { "undo", "last", "--operator", "cut", "--yes", "--backups", NULL },
		[OP_ASIDE] = { "--plain", "resume", "last", "--operator", "cut", NULL },
		[OP_LATER] = { "--plain", "resume", "last", "--operator", "cut", NULL },
	};
	static const char *const on[] = { "resume", "last", "--operator", "cut", "--yes", NULL };

	return run(box, where, at, stop, op == OP_REPAIR && box->begins_cut ? on : words[op]);
}

char *box_said(const struct box *box)
{
	size_t len;
	static char text[420];
	uint8_t *bytes = tree_read(box->output, &len);

	(void)snprintf(text, sizeof text, "%.*s", (int)(len > 400 ? 400 : len),
		bytes ? (char *)bytes + (len > 400 ? len - 400 : 0) : "");
	free(bytes);
	for (char *at = text; *at; at++)
		if (*at == '\n')
			*at = ' ';
	return text;
}

bool box_has_said(const struct box *box, const char *words)
{
	size_t len;
	uint8_t *bytes = tree_read(box->output, &len);
	bool said = bytes && memmem(bytes, len, words, strlen(words));

	free(bytes);
	return said;
}

/* ---- boxes ---- */

const char *box_from(const struct box *box, enum box_op op)
{
	if (op == OP_UNDO && *box->aside)
		return box->aside;
	if (op == OP_LATER)
		return box->first;
	return op == OP_REPAIR ? box->start : box->repaired;
}

const char *box_to(const struct box *box, enum box_op op)
{
	return op == OP_ASIDE ? box->aside : box->repaired;
}

void box_copy(const char *from, const char *to)
{
	support_remove(to);
	tree_clone(from, to);
}

void box_reset(const struct box *box, enum box_op op)
{
	box_copy(box_from(box, op), box->box);
	support_remove(box->shadow);
	support_mkdir(box->shadow);
}

long box_count(struct box *box, enum box_op op)
{
	int code;
	FILE *file;
	char line[40];

	box_reset(box, op);
	(void)unlink(box->count);
	code = box_run(box, box->box, op, 0, NULL);
	box->calls = 0;
	file = fopen(box->count, "r");
	if (file && fgets(line, sizeof line, file))
		while (box->calls < BOX_CALLS && fgets(line, sizeof line, file))
			if (sscanf(line, "%19s %c", box->called[box->calls],
				    &box->side[box->calls]) == 2)
				box->calls++;
	if (file)
		fclose(file);
	if (op == OP_REPAIR)
		box->code = code;
	/* The walk is left before steps 5 and 6. */
	if (op == OP_LATER && code == 3)
		return box->calls;
	if (code > 1)
		(void)box_wrong(box, "it ends with %d: %s", code, box_said(box));
	return code > 1 ? 0 : box->calls;
}

/* ---- beginning ---- */

void box_choose_ground(void)
{
	struct statvfs fs;

	/* Memory, where there is enough: thousands of files are made and removed. */
	if (!getenv("CUT_GROUND") && !access("/dev/shm", W_OK | X_OK) &&
		!statvfs("/dev/shm", &fs) && (uint64_t)fs.f_bavail * fs.f_bsize > (256u << 20))
		setenv("TMPDIR", "/dev/shm", 1);
}

static const char *decision_of(const struct training_case *bound, const char *id,
	const char *planned)
{
	const struct case_expect *expect = bound ? case_expect_find(bound, id) : NULL;

	if (expect)
		return expect->answer == CASE_CHANGE ? "change" : "keep";
	return strcmp(planned, "undecided") != 0 ? planned : "keep";
}

/* As one decides who knows the case: what the article asks is changed, all else is kept. */
static bool plan_decide(const char *path, const struct training_case *bound)
{
	json_t *plan = json_load_file(path, 0, NULL), *row;
	size_t i;
	int failed;

	json_array_foreach (json_object_get(plan, "rows"), i, row) {
		const char *planned = json_string_value(json_object_get(row, "decision")),
			   *id = json_string_value(json_object_get(row, "id"));

		if (planned && id)
			json_object_set_new(row, "decision",
				json_string(decision_of(bound, id, planned)));
	}
	failed = !plan || json_dump_file(plan, path, 0);
	json_decref(plan);
	return !failed;
}

static bool build(struct box *box, TALLOC_CTX *mem, struct training_case **bound)
{
	char path[BOX_ROOM], runs[BOX_ROOM], to[BOX_ROOM];
	struct training_case *training;
	struct error err = { .trouble = TROUBLE_NONE };
	int failed = case_find(mem, box->name, &training, &err);

	support_mkdir(box->start);
	box_format(path, "%s/server", box->start);
	if (!failed)
		failed = case_bind(mem, training, box->seed, bound, &err) ||
			case_build(training, path, box->seed, &err);
	if (!failed && training->begins_cut)
		failed = case_build_server(training, box->original, box->seed, &err);
	if (failed)
		return box_wrong(box, "%s: %s", box->name, err.text);
	box->begins_cut = training->begins_cut;
	box_format(to, "%s/runs", box->start);
	if (!box->begins_cut)
		support_mkdir(to);
	else if (rename(box_format(runs, "%s/server/runs", box->start), to))
		return box_wrong(box, "%s: no runs", box->name);
	/* A server that is off has no services; what the practice server says of them is not its
	 * own. */
	if (box->disks)
		(void)unlink(box_format(path, "%s/server/practice.json", box->start));
	if (!box->begins_cut)
		tree_clone(box_format(path, "%s/server", box->start), box->original);
	tree_copy(box->original, box_format(path, "%s/pristine", box->work));
	return true;
}

/* The answers of the walk from a repaired server to the old folder set aside: every test message
 * sent, and attested without its subject. */
static void answers_write(const struct box *box)
{
	FILE *file = fopen(box->input, "w");

	if (!file)
		exit(1);
	fputs("go-on\nJane Doe\n", file);
	for (int i = 0; i < 4; i++)
		fprintf(file, "sent\n=\nNET1/PO1/JDOE\nNET1/PO2/BOX%d\n", i + 1);
	for (int i = 0; i < 4; i++)
		fprintf(file, "arrived\n=\nM SMITH\nthe very subject, at 12:0%d\n\n", i + 1);
	fputs("continue\naside\naside\nquit\n", file);
	fclose(file);
}

static bool do_aside(struct box *box)
{
	char path[BOX_ROOM];

	box_copy(box->repaired, box->box);
	answers_write(box);
	if (box_run(box, box->box, OP_ASIDE, -1, NULL) != 1)
		return box_wrong(box, "the walk to step 6: %s", box_said(box));
	box_copy(box->box, box->aside);
	return access(box_format(path, "%s/server/C/exchsrvr/CONNECT/MSMCON", box->aside), F_OK) !=
		0 ||
		box_wrong(box, "nothing is set aside");
}

/* Below server, the first folder with a file or folder of that name, without the name; case does
 * not count. */
static bool find_folder(const char *server, const char *below, const char *name,
	char found[BOX_ROOM])
{
	char path[BOX_ROOM];
	DIR *dir = opendir(box_format(path, "%s/%s", server, below));
	struct dirent *entry;
	bool good = false;

	while (dir && !good && (entry = readdir(dir))) {
		if (entry->d_name[0] == '.')
			continue;
		if (!strcasecmp(entry->d_name, name)) {
			box_format(found, "%s", below);
			good = true;
		} else if (entry->d_type == DT_DIR) {
			good = find_folder(server,
				box_format(path, "%s%s%s", below, *below ? "/" : "", entry->d_name),
				name, found);
		}
	}
	if (dir)
		closedir(dir);
	return good;
}

/* Where the backup stands tells which Bin was the relocated one. */
static void places_find(struct box *box)
{
	char server[BOX_ROOM], name[BOX_ROOM], tree[BOX_ROOM], folder[BOX_ROOM];

	box_format(server, "%s/server", box->repaired);
	if (!find_folder(server, "", "SYSTEM", box->config))
		*box->config = '\0';
	if (!box_run_named(box->repaired, name))
		return;
	box_format(tree, "bin.q240208-%s", strrchr(name, '/') + 1);
	if (find_folder(server, "", tree, folder))
		box_format(box->bin, "%s/bin", folder);
	if (access(box_format(tree, "%s/%s", box->original, box->bin), F_OK))
		box_format(box->bin, "%s/Bin", folder);
}

static bool repair_once(struct box *box, const struct training_case *bound)
{
	int code = 2;

	box_reset(box, OP_REPAIR);
	if (!box->begins_cut)
		code = run(box, box->box, -1, NULL,
			(const char *[]){ "plan", "--output", box->plan, NULL });
	box->refused = code > 2;
	if (box->refused)
		return true;
	if (!box->begins_cut && !plan_decide(box->plan, bound))
		return box_wrong(box, "the plan cannot be decided");
	box->code = box_run(box, box->box, OP_REPAIR, -1, NULL);
	box->refused = box->code > 2;
	if (!box->refused)
		box_copy(box->box, box->repaired);
	return true;
}

/* Every second row that is changed, and the share. */
static bool plan_open(const char *path)
{
	json_t *plan = json_load_file(path, 0, NULL), *row;
	size_t i, changes = 0;
	int failed;

	json_array_foreach (json_object_get(plan, "rows"), i, row) {
		const char *planned = json_string_value(json_object_get(row, "decision"));
		json_int_t step = json_integer_value(json_object_get(row, "step"));

		if (planned && !strcmp(planned, "change") && step > 1 &&
			(step == 4 || ++changes % 2 == 0))
			json_object_set_new(row, "decision", json_string("undecided"));
	}
	failed = !plan || json_dump_file(plan, path, 0);
	json_decref(plan);
	return !failed;
}

/* "y" to whatever is still open on the pages of steps 2 to 4; what is too much is no answer
 * there. */
static void answers_later(const struct box *box)
{
	FILE *file = fopen(box->input, "w");

	if (!file)
		exit(1);
	fputs("go-on\nstep 2\n", file);
	for (int i = 0; i < 12; i++)
		fputs("y\n", file);
	fputs("continue\n", file);
	for (int i = 0; i < 12; i++)
		fputs("y\n", file);
	fputs("continue\ny\ncontinue\nwrite\n", file);
	fclose(file);
}

bool box_leave_open(struct box *box)
{
	char whole[BOX_ROOM];

	box_format(box->first, "%s/first", box->work);
	box_reset(box, OP_REPAIR);
	if (!plan_open(box->plan) || box_run(box, box->box, OP_REPAIR, -1, NULL) != 1)
		return box_wrong(box, "a part left open: %s", box_said(box));
	box_copy(box->box, box->first);
	answers_later(box);
	/* Both writings come to what one alone does. */
	box_format(whole, "%s/server", box->repaired);
	return box_run(box, box->box, OP_LATER, -1, NULL) == 3 &&
		box_same(box, whole, box->box, TREE_MEANING);
}

bool box_end(struct box *box)
{
	char path[BOX_ROOM], difference[1024];

	return tree_same(box_format(path, "%s/pristine", box->work), box->original, TREE_TIMES,
		       difference) ||
		box_wrong(box, "%s", difference);
}

bool box_begin(struct box *box, const char *work)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	struct training_case *bound = NULL;
	bool good;

	box_format(box->work, "%s", work);
	box_format(box->plan, "%s/plan.json", work);
	box_format(box->original, "%s/original", work);
	box_format(box->start, "%s/start", work);
	box_format(box->repaired, "%s/repaired", work);
	box_format(box->box, "%s/box", work);
	box_format(box->other, "%s/other", work);
	box_format(box->after, "%s/after", work);
	box_format(box->shadow, "%s/shadow", work);
	box_format(box->count, "%s/count", work);
	box_format(box->output, "%s/output", work);
	box_format(box->input, "%s/input", work);
	good = build(box, mem, &bound) && repair_once(box, bound);
	if (good && !box->refused) {
		places_find(box);
		if (box->disks) {
			box_format(box->aside, "%s/aside", work);
			good = do_aside(box);
		}
	}
	talloc_free(mem);
	return good;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/bench_run.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/cut_tree.h"
#include "tests/support.h"

static int bench_tell(void *arg, int step, const char *sentence)
{
	struct bench *bench = arg;

	assert_true(*sentence != '\0');
	bench->step = step;
	return bench->stop_at && step == bench->stop_at && !bench->stop_within;
}

static int bench_progress(void *arg, const char *name, uint64_t done, uint64_t total)
{
	struct bench *bench = arg;

	(void)name, (void)done, (void)total;
	bench->told++;
	return bench->stop_within && bench->stop_at && bench->step == bench->stop_at;
}

int bench_make(void **state)
{
	struct bench *bench = talloc_zero(NULL, struct bench);
	char *place = support_folder(bench);

	bench->lab = lab_new(bench);
	lab_with_alt(bench->lab);
	/* The share's permissions come from another control set, so that they have to be written,
	 * and taken back. */
	lab_remove(bench->lab, "SERVICES\\LanmanServer\\Shares\\Security", "Maildat$");
	lab_lines(bench->lab, BENCH_OTHER_SHARES, "Maildat$",
		"Type=0\nPath=" LAB_MOVED "\\maildata\nRemark=ours");
	lab_bytes(bench->lab, BENCH_OTHER_SHARES "\\Security", "Maildat$", REG_BINARY,
		lab_descriptor, LAB_DESCRIPTOR);
	/* The server could start with it. */
	lab_text(bench->lab, "SYSTEM\\ControlSet003\\Control\\ComputerName\\ComputerName",
		"ComputerName", REG_SZ, "MAIL1");
	lab_text(bench->lab, "SYSTEM\\ControlSet003\\Control\\ProductOptions", "ProductType",
		REG_SZ, "ServerNT");
	lab_file(bench->lab, BENCH_SETUP "added.dll", "added", LAB_SETUP_TIME - 4000000);
	lab_file(bench->lab, BENCH_SETUP "sub/deep.dll", "deep", LAB_SETUP_TIME - 4000000);
	lab_file(bench->lab, BENCH_BIN "own.dll", "own", LAB_SETUP_TIME - 40000000);
	bench->dir = talloc_strdup(bench, lab_build(bench->lab));
	bench->original = talloc_asprintf(bench, "%s/original", place);
	bench->runs = talloc_asprintf(bench, "%s/runs", place);
	tree_copy(bench->dir, bench->original);
	bench->options = (struct engine_options){
		.runs = bench->runs,
		.operator_name = "jsmith",
		.decided_how = "asked",
		.progress = { bench_progress, bench },
		.tell = bench_tell,
		.tell_arg = bench,
	};
	*state = bench;
	return 0;
}

int bench_free(void **state)
{
	talloc_free(*state);
	return 0;
}

struct server *bench_open(struct bench *bench)
{
	return lab_open(bench->lab);
}

struct plan *bench_plan(struct bench *bench, struct server *server)
{
	/* Nothing on a drive of text files proves its letter. */
	static const struct survey_options none = { .letters_confirmed = true };
	const struct survey *survey;
	struct plan *plan = NULL;

	if (survey_make(bench, server, &none, &survey, &bench->err) ||
		plan_make(bench, survey, true, &plan, &bench->err))
		fail_msg("%s", bench->err.text);
	return plan;
}

int bench_carry(struct bench *bench, struct server *server, struct plan *plan,
	struct engine **engine)
{
	static const struct survey_options none = { 0 };
	int code, ret = engine_begin(bench, server, plan, &bench->options, engine, &bench->err);

	if (!ret)
		ret = engine_backup(*engine, &bench->err);
	if (!ret)
		ret = engine_carry_out(*engine, &bench->err);
	if (!ret)
		ret = engine_finish(*engine, &none, &code, &bench->err);
	return ret ? ret : code;
}

int bench_repair(struct bench *bench, char **run_name)
{
	struct server *server = bench_open(bench);
	struct engine *engine = NULL;
	int ret = bench_carry(bench, server, bench_plan(bench, server), &engine);

	if (run_name && engine)
		*run_name = talloc_strdup(bench, engine_run_name(engine));
	talloc_free(engine);
	talloc_free(server);
	return ret;
}

static char *path_in(struct bench *bench, const char *path)
{
	return talloc_asprintf(bench, "%s/%s", bench->dir, path);
}

void bench_write(struct bench *bench, const char *path, const char *text)
{
	support_write_text(path_in(bench, path), text);
}

char *bench_read(struct bench *bench, const char *path)
{
	return lab_read(bench, path_in(bench, path));
}

bool bench_there(struct bench *bench, const char *path)
{
	return access(path_in(bench, path), F_OK) == 0;
}

void bench_same(struct bench *bench, unsigned how)
{
	char difference[1024];

	if (!tree_same(bench->original, bench->dir, how, difference))
		fail_msg("%s", difference);
}

bool bench_changed(struct bench *bench)
{
	char difference[1024];

	return !tree_same(bench->original, bench->dir, TREE_TIMES | TREE_BACKUPS, difference);
}

void bench_value(struct bench *bench, const char *key, const char *value, const char *text)
{
	struct server *server = bench_open(bench);
	struct reg_data *old, *data;
	struct reg_stage *stage;
	size_t done;

	assert_int_equal(server->ops->reg_read(server, bench, key, value, &old, &bench->err), 0);
	data = regdata_from_string(bench, old ? old->type : REG_SZ, text);
	if (server->ops->reg_stage(server, bench, &(struct reg_edit){ key, value, data }, 1, &stage,
		    &bench->err) ||
		server->ops->reg_switch(stage, &done, &bench->err))
		fail_msg("%s", bench->err.text);
	talloc_free(stage);
	talloc_free(server);
}

char *bench_value_read(struct bench *bench, const char *key, const char *value)
{
	struct server *server = bench_open(bench);
	char *text;

	assert_int_equal(server_reg_string(server, bench, key, value, &text, &bench->err), 0);
	talloc_free(server);
	return text;
}

enum run_state bench_state(struct bench *bench)
{
	struct run_summary *list;
	size_t count;

	assert_int_equal(runs_list(bench, bench->runs, &list, &count, &bench->err), 0);
	assert_true(count > 0);
	return list[0].state;
}

size_t bench_runs(struct bench *bench)
{
	struct run_summary *list;
	size_t count;

	assert_int_equal(runs_list(bench, bench->runs, &list, &count, &bench->err), 0);
	return count;
}

void bench_as_it_is(struct bench *bench)
{
	support_remove(bench->original);
	tree_copy(bench->dir, bench->original);
}

int bench_undo(struct bench *bench, const struct undo_options *undo, char **text)
{
	static const struct undo_options all = { 0 };
	struct server *server = bench_open(bench);
	char *said = NULL;
	int ret = engine_undo(bench, server, "last", &bench->options, undo ? undo : &all, &said,
		&bench->err);

	if (text)
		*text = said;
	talloc_free(server);
	return ret;
}

void bench_journal_cut(struct bench *bench, const char *last_what, bool torn)
{
	struct run_summary *list;
	size_t count;
	assert_int_equal(runs_list(bench, bench->runs, &list, &count, &bench->err), 0);
	char *path = talloc_asprintf(bench, "%s/%s/journal.jsonl", bench->runs, list->name);
	size_t len, keep = 0;
	char *text = (char *)support_read(bench, path, &len),
	     *mark = talloc_asprintf(bench, "\"what\":\"%s\"", last_what);

	for (char *line = text; *line;) {
		char *end = strchr(line, '\n') + 1;
		char *found = memmem(line, (size_t)(end - line), mark, strlen(mark));

		if (found)
			keep = (size_t)(end - text);
		line = end;
	}
	assert_true(keep > 0);
	support_remove(talloc_asprintf(bench, "%s/%s/report.json", bench->runs, list->name));
	support_write(path, text, torn && keep < len ? keep + (len - keep) / 2 : keep);
}

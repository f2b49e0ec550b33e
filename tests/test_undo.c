/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "record/journal.h"
#include "tests/bench_run.h"
#include "tests/cut_tree.h"
#include "tests/support.h"

#define MSMI BENCH_SERVICES "MSExchangeMSMI"

static char full_drive;

static const struct undo_options with_backups = { .backups = true };

static enum run_state last_state(struct bench *bench)
{
	struct run_summary *list;
	size_t count;

	assert_int_equal(runs_list(bench, bench->runs, &list, &count, &bench->err), 0);
	assert_true(count > 0);
	return list[0].state;
}

/* Bytes, types, attributes and times as before; step 1's tree excepted. */
static void test_everything(void **state)
{
	struct bench *bench = *state;
	char *text;

	assert_int_equal(bench_repair(bench, NULL), 0);
	assert_int_equal(bench_undo(bench, NULL, &text), 0);
	bench_same(bench, TREE_TIMES);
	assert_non_null(strstr(text, "file/Bin\\mt.exe"));
	assert_non_null(strstr(text, "registry/MSExchangeMSMI\\ImagePath: " LAB_DEFAULT "\\bin\\mt.exe"));
	assert_non_null(strstr(text, "share/Maildat$"));
	assert_int_equal(last_state(bench), STATE_UNDONE);
}

/* Files that differ in mode keep what the file replaced had; the old one comes back with it. */
static void test_modes(void **state)
{
	struct bench *bench = *state;
	char *path = talloc_asprintf(bench, "%s/" BENCH_BIN "mt.exe", bench->dir);
	char *before = talloc_asprintf(bench, "%s/" BENCH_BIN "mt.exe", bench->original);
	struct stat st;

	assert_int_equal(chmod(path, 0440), 0);
	assert_int_equal(chmod(before, 0440), 0);
	assert_int_equal(bench_repair(bench, NULL), 0);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0440);
	assert_int_equal(bench_undo(bench, NULL, NULL), 0);
	bench_same(bench, TREE_TIMES);
}

static void test_with_the_backups(void **state)
{
	struct bench *bench = *state;

	assert_int_equal(bench_repair(bench, NULL), 0);
	assert_int_equal(bench_undo(bench, &with_backups, NULL), 0);
	bench_same(bench, TREE_TIMES | TREE_BACKUPS);
}

/* Later, on its own: the backup stays until it is asked for. */
static void test_backups_afterwards(void **state)
{
	struct bench *bench = *state;
	char *name, *tree;

	assert_int_equal(bench_repair(bench, &name), 0);
	assert_int_equal(bench_undo(bench, NULL, NULL), 0);
	tree = talloc_asprintf(bench, "E/exchsrvr/connect/msmcon/bin.q240208-%s", name);
	assert_true(bench_there(bench, tree));
	assert_int_equal(bench_undo(bench, &with_backups, NULL), 0);
	assert_false(bench_there(bench, tree));
	bench_same(bench, TREE_TIMES | TREE_BACKUPS);
}

/* Something that is not ours came into the backup tree: it is not removed, and nothing of it. */
static void test_backup_not_ours(void **state)
{
	struct bench *bench = *state;
	char *name, *tree;

	assert_int_equal(bench_repair(bench, &name), 0);
	assert_int_equal(bench_undo(bench, NULL, NULL), 0);
	tree = talloc_asprintf(bench, "E/exchsrvr/connect/msmcon/bin.q240208-%s", name);
	bench_write(bench, talloc_asprintf(bench, "%s/mine.txt", tree), "x");
	assert_int_equal(bench_undo(bench, &with_backups, NULL), -TROUBLE_VERIFY);
	assert_true(bench_there(bench, talloc_asprintf(bench, "%s/mt.exe", tree)));
	assert_true(bench_there(bench, talloc_asprintf(bench, "%s/mine.txt", tree)));
}

/* The server as it is now is what it is to be compared with. */
static void as_it_is(struct bench *bench)
{
	support_remove(bench->original);
	tree_copy(bench->dir, bench->original);
}

/* What is asked for is refused before the first byte, and a dry run says the same. */
static void refused_whole(struct bench *bench, struct undo_options undo, enum trouble trouble)
{
	as_it_is(bench);
	assert_int_equal(bench_undo(bench, &undo, NULL), -(int)trouble);
	bench_same(bench, TREE_TIMES | TREE_BACKUPS);
	assert_int_equal(last_state(bench), STATE_DONE);
	undo.dry_run = true;
	assert_int_equal(bench_undo(bench, &undo, NULL), -(int)trouble);
}

static void test_backup_not_ours_is_seen_first(void **state)
{
	struct bench *bench = *state;
	char *name;

	assert_int_equal(bench_repair(bench, &name), 0);
	bench_write(bench, talloc_asprintf(bench, "E/exchsrvr/connect/msmcon/bin.q240208-%s/mine.txt", name), "x");
	refused_whole(bench, with_backups, TROUBLE_VERIFY);
	/* Without the backups it is none of the undo's business. */
	assert_int_equal(bench_undo(bench, NULL, NULL), 0);
}

static int no_room_on(struct server *server, const char *path, uint64_t *bytes, struct error *err)
{
	(void)server, (void)err;
	*bytes = full_drive && *path == full_drive ? 0 : UINT64_C(1) << 40;
	return 0;
}

/* Each drive that is written to, and a place of runs that is full of others' things. */
static void test_no_room(void **state)
{
	struct bench *bench = *state;
	const char drives[] = { 'C', 'E' };

	assert_int_equal(bench_repair(bench, NULL), 0);
	as_it_is(bench);
	for (size_t i = 0; i < 2 * sizeof drives; i++) {
		struct server *server = bench_open(bench);
		struct server_ops ops = *server->ops;
		const struct server_ops *own = server->ops;
		const struct undo_options undo = { .dry_run = i % 2 };
		char *text;
		int result;

		full_drive = drives[i / 2];
		ops.room = no_room_on;
		server->ops = &ops;
		result = engine_undo(bench, server, "last", &bench->options, &undo, &text, &bench->err);
		server->ops = own;
		talloc_free(server);
		assert_int_equal(result, -TROUBLE_NO_ROOM);
		bench_same(bench, TREE_TIMES | TREE_BACKUPS);
	}
	assert_int_equal(last_state(bench), STATE_DONE);
}

/* What only the act on the files would meet: somebody's file where one would be staged. */
static void test_other_obstacles(void **state)
{
	struct bench *bench = *state;
	const struct undo_options files = { .step = 2 };

	assert_int_equal(bench_repair(bench, NULL), 0);
	bench_write(bench, BENCH_BIN "mt.exe" SERVER_STAGE_SUFFIX, "somebody's");
	refused_whole(bench, (struct undo_options){ 0 }, TROUBLE_MOVED);
	refused_whole(bench, files, TROUBLE_MOVED);
}

/* In units of 100 ns, as NT and the record have them. */
static int64_t time_of(struct bench *bench, const char *dir, const char *path)
{
	struct stat st;

	assert_int_equal(stat(talloc_asprintf(bench, "%s/%s", dir, path), &st), 0);
	return (int64_t)st.st_mtim.tv_sec * 10000000 + st.st_mtim.tv_nsec / 100;
}

#define CONFIG "C/WINNT/system32/config"

/* Of a part that is put back come back the times that no other change of the run has altered too. */
static void test_times_of_a_part(void **state)
{
	static const struct {
		struct undo_options undo;
		const char *back[5], *stay[5];
	} rows[] = {
		{ { .step = 6 }, { NULL }, { CONFIG, CONFIG "/SYSTEM", CONFIG "/SYSTEM.ALT", BENCH_BIN } },
		{ { .change_id = "file/Bin\\mt.exe" }, { NULL }, { CONFIG, CONFIG "/SYSTEM", BENCH_BIN } },
		{ { .step = 3 }, { NULL }, { CONFIG, CONFIG "/SYSTEM", CONFIG "/SYSTEM.ALT", BENCH_BIN } },
		{ { .step = 4 }, { CONFIG, CONFIG "/SYSTEM", CONFIG "/SYSTEM.ALT" }, { BENCH_BIN, "E/exchsrvr/connect/msmcon" } },
		{ { .step = 2 }, { CONFIG, BENCH_BIN, "E/exchsrvr/connect/msmcon" }, { NULL } },
	};
	struct bench *bench = *state;

	assert_int_equal(bench_repair(bench, NULL), 0);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		assert_int_equal(bench_undo(bench, &rows[i].undo, NULL), 0);
		for (size_t k = 0; rows[i].back[k]; k++)
			if (time_of(bench, bench->dir, rows[i].back[k]) != time_of(bench, bench->original, rows[i].back[k]))
				fail_msg("row %zu: %s is not as it was", i, rows[i].back[k]);
		for (size_t k = 0; rows[i].stay[k]; k++)
			if (time_of(bench, bench->dir, rows[i].stay[k]) == time_of(bench, bench->original, rows[i].stay[k]))
				fail_msg("row %zu: %s is as it was", i, rows[i].stay[k]);
	}
	bench_same(bench, TREE_TIMES | TREE_MEANING);
}

/* A run of what is called so and of nothing else; its name. */
static char *repair_of(struct bench *bench, const char *begin)
{
	struct server *server = bench_open(bench);
	struct plan *plan = bench_plan(bench, server);
	struct engine *engine = NULL;
	char *name;

	for (size_t i = 0; i < plan->count; i++)
		if (plan->rows[i].finding->kind != KIND_BACKUP && strncmp(plan->rows[i].finding->id, begin, strlen(begin)) != 0)
			plan->rows[i].decision = DECISION_UNDECIDED;
	assert_true(bench_carry(bench, server, plan, &engine) >= 0);
	name = talloc_strdup(bench, engine_run_name(engine));
	talloc_free(engine);
	talloc_free(server);
	return name;
}

static int undo_of(struct bench *bench, const char *name, const struct undo_options *undo)
{
	struct server *server = bench_open(bench);
	char *text;
	int result = engine_undo(bench, server, name, &bench->options, undo, &text, &bench->err);

	talloc_free(server);
	return result;
}

/* Of two runs that wrote to the same files or folders, the older one alone would not bring back what was. */
static void test_out_of_turn(void **state)
{
	static const struct {
		const char *older, *later;
		bool shared;
	} rows[] = {
		{ "registry/MSExchangeMSMI\\ImagePath", "registry/MSExchangePCMTA", true },
		{ "registry/", "share/", true },
		{ "file/Bin\\mt.exe", "file/Bin\\async.exe", true },
		{ "file/", "registry/", false },
		{ "registry/", "file/", false },
	};
	struct bench *bench = *state;
	const struct undo_options dry = { .dry_run = true }, all = { .backups = true }, step = { .step = 3, .dry_run = true };

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char *older = repair_of(bench, rows[i].older), *later = repair_of(bench, rows[i].later);
		int refused = rows[i].shared ? -TROUBLE_MOVED : 0;

		assert_int_equal(undo_of(bench, older, &dry), refused);
		assert_int_equal(undo_of(bench, older, &all), refused);
		if (refused) {
			assert_non_null(strstr(bench->err.text, later));
			assert_non_null(strstr(error_advice(&bench->err), "--step"));
			assert_int_equal(undo_of(bench, older, &step), 0);
		}
		/* In turn, or with nothing in common. */
		assert_int_equal(undo_of(bench, later, &all), 0);
		assert_int_equal(undo_of(bench, older, &all), 0);
		bench_same(bench, TREE_BACKUPS | (refused ? TREE_TIMES : 0));
	}
}

/* The later run was of another server that is like this one, or this one was put back by hand in between. */
static void test_not_out_of_turn(void **state)
{
	struct bench *bench = *state;
	char *older = repair_of(bench, "file/Bin\\mt.exe"), *later;

	bench_write(bench, BENCH_BIN "mt.exe", "old");
	later = repair_of(bench, "file/Bin\\mt.exe");
	assert_string_not_equal(older, later);
	assert_int_equal(undo_of(bench, older, &(struct undo_options){ .dry_run = true }), 0);
}

/* Whatever stands in the way, it is said how the rest is put back all the same, and it can be. */
static void test_way_on(void **state)
{
	struct bench *bench = *state;
	const struct undo_options share = { .step = 4 }, values = { .step = 3 }, files = { .step = 2 };
	char *name;

	assert_int_equal(bench_repair(bench, &name), 0);
	support_remove(talloc_asprintf(bench, "%s/%s/before", bench->runs, name));
	assert_int_equal(bench_undo(bench, &with_backups, NULL), -TROUBLE_NOT_THERE);
	assert_non_null(strstr(bench->err.text, "before/SYSTEM"));
	assert_non_null(strstr(error_advice(&bench->err), "--step 4"));
	assert_int_equal(bench_undo(bench, &share, NULL), 0);
	assert_int_equal(bench_undo(bench, &values, NULL), 0);
	assert_int_equal(bench_undo(bench, &with_backups, NULL), -TROUBLE_NOT_THERE);
	assert_non_null(strstr(error_advice(&bench->err), "without --backups"));
	bench_write(bench, BENCH_BIN "mt.exe", "a hotfix");
	assert_int_equal(bench_undo(bench, &files, NULL), -TROUBLE_MOVED);
	assert_non_null(strstr(error_advice(&bench->err), "--change"));
	support_remove(talloc_asprintf(bench, "%s/E/exchsrvr/connect/msmcon/bin.q240208-%s", bench->dir, name));
	assert_int_equal(bench_undo(bench, &(struct undo_options){ .change_id = "file/Bin\\async.exe" }, NULL), -TROUBLE_NOT_THERE);
	assert_non_null(strstr(bench->err.text, "missing"));
	assert_non_null(strstr(error_advice(&bench->err), "--change"));
	assert_int_equal(bench_undo(bench, &(struct undo_options){ .change_id = "file/Bin\\added.dll" }, NULL), 0);
}

static void test_second_undo(void **state)
{
	struct bench *bench = *state;
	char *text;

	assert_int_equal(bench_repair(bench, NULL), 0);
	assert_int_equal(bench_undo(bench, NULL, NULL), 0);
	assert_int_equal(bench_undo(bench, NULL, &text), 0);
	assert_non_null(strstr(text, "already"));
	bench_same(bench, TREE_TIMES);
}

/* Put back, it can be repaired again, and put back again. */
static void test_repaired_again(void **state)
{
	struct bench *bench = *state;

	assert_int_equal(bench_repair(bench, NULL), 0);
	assert_int_equal(bench_undo(bench, &with_backups, NULL), 0);
	assert_int_equal(bench_repair(bench, NULL), 0);
	assert_string_equal(bench_read(bench, BENCH_BIN "mt.exe"), "new");
	assert_int_equal(bench_undo(bench, &with_backups, NULL), 0);
	bench_same(bench, TREE_TIMES | TREE_BACKUPS);
}

static void test_dry_run(void **state)
{
	struct bench *bench = *state;
	const struct undo_options dry = { .dry_run = true };
	char *text;

	assert_int_equal(bench_repair(bench, NULL), 0);
	as_it_is(bench);
	assert_int_equal(bench_undo(bench, &dry, &text), 0);
	assert_non_null(strstr(text, "file/Bin\\added.dll"));
	bench_same(bench, TREE_TIMES | TREE_BACKUPS);
	assert_int_equal(last_state(bench), STATE_DONE);
}

static void test_one_value(void **state)
{
	struct bench *bench = *state;
	const struct undo_options one = { .change_id = "registry/MSExchangeMSMI\\ImagePath" };

	assert_int_equal(bench_repair(bench, NULL), 0);
	assert_int_equal(bench_undo(bench, &one, NULL), 0);
	assert_string_equal(bench_value_read(bench, MSMI, "ImagePath"), LAB_DEFAULT "\\bin\\mt.exe");
	assert_string_equal(bench_value_read(bench, "SYSTEM.ALT\\ControlSet001\\Services\\MSExchangeMSMI", "ImagePath"),
			    LAB_DEFAULT "\\bin\\mt.exe");
	assert_string_equal(bench_value_read(bench, MSMI "\\Performance", "Library"), LAB_MOVED "\\bin\\mtperf.dll");
	assert_string_equal(bench_read(bench, BENCH_BIN "mt.exe"), "new");
	/* The rest follows. */
	assert_int_equal(bench_undo(bench, &with_backups, NULL), 0);
	bench_same(bench, TREE_TIMES | TREE_BACKUPS);
}

static void test_one_file(void **state)
{
	struct bench *bench = *state;
	const struct undo_options replaced = { .change_id = "file/Bin\\mt.exe" },
				  added = { .change_id = "file/Bin\\sub\\deep.dll" };

	assert_int_equal(bench_repair(bench, NULL), 0);
	assert_int_equal(bench_undo(bench, &replaced, NULL), 0);
	assert_string_equal(bench_read(bench, BENCH_BIN "mt.exe"), "old");
	assert_string_equal(bench_read(bench, BENCH_BIN "mtmsg.dll"), "new");
	/* With an added file goes the folder that was made for it. */
	assert_int_equal(bench_undo(bench, &added, NULL), 0);
	assert_false(bench_there(bench, BENCH_BIN "sub"));
	assert_string_equal(bench_read(bench, BENCH_BIN "added.dll"), "added");
}

/* A folder that something else came into stays. */
static void test_folder_in_use(void **state)
{
	struct bench *bench = *state;

	assert_int_equal(bench_repair(bench, NULL), 0);
	bench_write(bench, BENCH_BIN "sub/mine.txt", "x");
	assert_int_equal(bench_undo(bench, NULL, NULL), 0);
	assert_false(bench_there(bench, BENCH_BIN "sub/deep.dll"));
	assert_string_equal(bench_read(bench, BENCH_BIN "sub/mine.txt"), "x");
}

static void test_one_step(void **state)
{
	struct bench *bench = *state;
	const struct undo_options files = { .step = 2 }, values = { .step = 3 }, share = { .step = 4 };

	assert_int_equal(bench_repair(bench, NULL), 0);
	assert_int_equal(bench_undo(bench, &files, NULL), 0);
	assert_string_equal(bench_read(bench, BENCH_BIN "mt.exe"), "old");
	assert_string_equal(bench_value_read(bench, MSMI, "ImagePath"), LAB_MOVED "\\bin\\mt.exe");
	assert_int_equal(bench_undo(bench, &values, NULL), 0);
	assert_string_equal(bench_value_read(bench, MSMI, "ImagePath"), LAB_DEFAULT "\\bin\\mt.exe");
	assert_int_equal(last_state(bench), STATE_DONE);
	assert_int_equal(bench_undo(bench, &share, NULL), 0);
	assert_int_equal(last_state(bench), STATE_UNDONE);
}

static void test_usage(void **state)
{
	struct bench *bench = *state;
	static const struct {
		struct undo_options undo;
		enum trouble trouble;
	} rows[] = {
		{ { .step = 1 }, TROUBLE_USAGE },
		{ { .step = 2, .change_id = "file/Bin\\mt.exe" }, TROUBLE_USAGE },
		{ { .step = 2, .backups = true }, TROUBLE_USAGE },
		{ { .change_id = "file/Bin\\mt.exe", .backups = true }, TROUBLE_USAGE },
		{ { .change_id = "file/Bin\\none.exe" }, TROUBLE_NOT_THERE },
		{ { .change_id = "backup/Bin" }, TROUBLE_NOT_THERE },
	};

	assert_int_equal(bench_undo(bench, NULL, NULL), -TROUBLE_NOT_THERE);
	assert_int_equal(bench_repair(bench, NULL), 0);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		assert_int_equal(bench_undo(bench, &rows[i].undo, NULL), -(int)rows[i].trouble);
	assert_string_equal(bench_read(bench, BENCH_BIN "mt.exe"), "new");
	bench->options.operator_name = NULL;
	assert_int_equal(bench_undo(bench, NULL, NULL), -TROUBLE_USAGE);
}

/* A file of ours was changed by somebody else since: both are shown, and nothing at all is put back. */
static void test_foreign_file(void **state)
{
	struct bench *bench = *state;

	assert_int_equal(bench_repair(bench, NULL), 0);
	bench_write(bench, BENCH_BIN "mt.exe", "a hotfix");
	assert_int_equal(bench_undo(bench, NULL, NULL), -TROUBLE_MOVED);
	assert_non_null(strstr(bench->err.text, "file/Bin\\mt.exe"));
	assert_string_equal(bench_read(bench, BENCH_BIN "mt.exe"), "a hotfix");
	assert_string_equal(bench_read(bench, BENCH_BIN "mtmsg.dll"), "new");
	assert_string_equal(bench_value_read(bench, MSMI, "ImagePath"), LAB_MOVED "\\bin\\mt.exe");
}

static void test_foreign_value(void **state)
{
	struct bench *bench = *state;

	assert_int_equal(bench_repair(bench, NULL), 0);
	bench_value(bench, MSMI, "ImagePath", "D:\\elsewhere\\mt.exe");
	assert_int_equal(bench_undo(bench, NULL, NULL), -TROUBLE_MOVED);
	assert_non_null(strstr(bench->err.text, "D:\\elsewhere\\mt.exe"));
	assert_non_null(strstr(bench->err.text, LAB_MOVED "\\bin\\mt.exe"));
	assert_string_equal(bench_read(bench, BENCH_BIN "mt.exe"), "new");
}

/* Somebody else changed another value since: the saved files must not overwrite that; ours go back by what they
 * mean. */
static void test_another_value_since(void **state)
{
	struct bench *bench = *state;

	struct server *repaired;
	struct reg_data *left;
	struct share *share;

	assert_int_equal(bench_repair(bench, NULL), 0);
	repaired = bench_open(bench);
	assert_int_equal(repaired->ops->share_get(repaired, bench, "Maildat$", &share, &bench->err), 0);
	assert_int_equal(share->security_len, LAB_DESCRIPTOR);
	assert_memory_equal(share->security, lab_descriptor, LAB_DESCRIPTOR);
	talloc_free(repaired);
	bench_value(bench, MSMI, "DisplayName", "renamed since");
	assert_int_equal(bench_undo(bench, NULL, NULL), 0);
	assert_string_equal(bench_value_read(bench, MSMI, "DisplayName"), "renamed since");
	assert_string_equal(bench_value_read(bench, MSMI, "ImagePath"), LAB_DEFAULT "\\bin\\mt.exe");
	assert_string_equal(bench_value_read(bench, BENCH_SERVICES LAB_LEGACY, "ImagePath"),
			    LAB_DEFAULT "\\bin\\x25eicon.exe");
	struct server *server = bench_open(bench);
	assert_int_equal(server->ops->share_get(server, bench, "Maildat$", &share, &bench->err), 0);
	assert_null(share);
	assert_int_equal(server->ops->reg_read(server, bench, BENCH_SERVICES "LanmanServer\\Shares\\Security", "Maildat$",
					       &left, &bench->err), 0);
	assert_null(left);
	assert_string_equal(bench_read(bench, BENCH_BIN "mt.exe"), "old");
}

/* Or between two acts of this run: what the second act left is not all its own. */
static void test_another_value_between(void **state)
{
	struct bench *bench = *state;
	const struct undo_options share = { .step = 4 };

	assert_int_equal(bench_repair(bench, NULL), 0);
	bench_value(bench, MSMI, "DisplayName", "renamed since");
	assert_int_equal(bench_undo(bench, &share, NULL), 0);
	assert_int_equal(bench_undo(bench, NULL, NULL), 0);
	assert_string_equal(bench_value_read(bench, MSMI, "DisplayName"), "renamed since");
	assert_string_equal(bench_value_read(bench, MSMI, "ImagePath"), LAB_DEFAULT "\\bin\\mt.exe");
}

/* The saved registry was tampered with: it is not put back. */
static void test_saved_file_damaged(void **state)
{
	struct bench *bench = *state;
	char *name;

	assert_int_equal(bench_repair(bench, &name), 0);
	support_write_text(talloc_asprintf(bench, "%s/%s/before/SYSTEM", bench->runs, name), "nonsense");
	assert_int_equal(bench_undo(bench, NULL, NULL), -TROUBLE_RECORD_DAMAGED);
	assert_string_equal(bench_read(bench, BENCH_BIN "mt.exe"), "new");
}

/* A backup that is gone cannot give anything back: said before anything is changed. */
static void test_backup_gone(void **state)
{
	struct bench *bench = *state;
	char *name;

	assert_int_equal(bench_repair(bench, &name), 0);
	support_remove(talloc_asprintf(bench, "%s/E/exchsrvr/connect/msmcon/bin.q240208-%s", bench->dir, name));
	assert_true(bench_undo(bench, NULL, NULL) < 0);
	assert_string_equal(bench_read(bench, BENCH_BIN "mt.exe"), "new");
	assert_string_equal(bench_value_read(bench, MSMI, "ImagePath"), LAB_MOVED "\\bin\\mt.exe");
}

/* The same name, another installation. */
static void test_other_server(void **state)
{
	struct bench *bench = *state;
	struct lab *other = lab_new(bench);
	struct server *server;
	char *text;

	assert_int_equal(bench_repair(bench, NULL), 0);
	lab_number(other, "SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion", "InstallDate", 0x34000001);
	lab_build(other);
	server = lab_open(other);
	assert_int_equal(
		engine_undo(bench, server, "last", &bench->options, &(struct undo_options){ 0 }, &text, &bench->err),
		-TROUBLE_OTHER_SERVER);
}

/* What was stopped half way through is put back as well. */
static void test_of_a_paused_run(void **state)
{
	struct bench *bench = *state;

	for (int step = 1; step <= 4; step++)
		for (int within = 0; within < 2; within++) {
			bench->stop_at = step;
			bench->stop_within = within;
			assert_int_equal(bench_repair(bench, NULL), -TROUBLE_STOPPED);
			assert_int_equal(last_state(bench), STATE_PAUSED);
			bench->stop_at = 0;
			assert_int_equal(bench_undo(bench, &with_backups, NULL), 0);
			bench_same(bench, TREE_TIMES | TREE_BACKUPS);
		}
}

/* The journal of the last run as another version wrote it: with that format, and with 1 its times in nanoseconds since
 * 1970. */
static void journal_of_format(struct bench *bench, int format)
{
	struct run_summary *list;
	size_t count, len;
	char *path, *text, *made = talloc_strdup(bench, "");

	assert_int_equal(runs_list(bench, bench->runs, &list, &count, &bench->err), 0);
	path = talloc_asprintf(bench, "%s/%s/journal.jsonl", bench->runs, list[0].name);
	text = (char *)support_read(bench, path, &len);
	for (char *next, *line = text; *line; line = next) {
		char *crc = strstr(line, ",\"crc\":\""), *dumped;
		const char *key;
		json_t *json, *times, *time;

		next = strchr(line, '\n') + 1;
		while (strstr(crc + 1, ",\"crc\":\"") && strstr(crc + 1, ",\"crc\":\"") < next)
			crc = strstr(crc + 1, ",\"crc\":\"");
		json = json_loads(talloc_asprintf(bench, "%.*s}", (int)(crc - line), line), 0, NULL);
		assert_non_null(json);
		if (json_object_get(json, "format"))
			json_object_set_new(json, "format", json_integer(format));
		times = format == 1 ? json_object_get(json, "times") : NULL;
		json_object_foreach(times, key, time)
			json_integer_set(time, (json_integer_value(time) - 116444736000000000) * 100);
		dumped = json_dumps(json, JSON_COMPACT);
		dumped[strlen(dumped) - 1] = '\0';
		made = talloc_asprintf_append(made, "%s,\"crc\":\"%08x\"}\n", dumped,
					      (unsigned)line_crc(dumped, strlen(dumped)));
		free(dumped);
		json_decref(json);
	}
	support_write_text(path, made);
}

/* A run of the format before this one is put back with its times; one of a later format is refused. */
static void test_other_formats(void **state)
{
	struct bench *bench = *state;

	assert_int_equal(bench_repair(bench, NULL), 0);
	journal_of_format(bench, 3);
	assert_int_equal(bench_undo(bench, NULL, NULL), -TROUBLE_RECORD_DAMAGED);
	assert_non_null(strstr(bench->err.text, "format"));
	journal_of_format(bench, 2);
	journal_of_format(bench, 1);
	assert_int_equal(bench_undo(bench, NULL, NULL), 0);
	bench_same(bench, TREE_TIMES);
}

#define WITH_BENCH(name) cmocka_unit_test_setup_teardown(name, bench_make, bench_free)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_BENCH(test_everything),
		WITH_BENCH(test_other_formats),
		WITH_BENCH(test_modes),
		WITH_BENCH(test_with_the_backups),
		WITH_BENCH(test_backup_not_ours_is_seen_first),
		WITH_BENCH(test_no_room),
		WITH_BENCH(test_out_of_turn),
		WITH_BENCH(test_not_out_of_turn),
		WITH_BENCH(test_way_on),
		WITH_BENCH(test_other_obstacles),
		WITH_BENCH(test_times_of_a_part),
		WITH_BENCH(test_backups_afterwards),
		WITH_BENCH(test_backup_not_ours),
		WITH_BENCH(test_second_undo),
		WITH_BENCH(test_repaired_again),
		WITH_BENCH(test_dry_run),
		WITH_BENCH(test_one_value),
		WITH_BENCH(test_one_file),
		WITH_BENCH(test_folder_in_use),
		WITH_BENCH(test_one_step),
		WITH_BENCH(test_usage),
		WITH_BENCH(test_foreign_file),
		WITH_BENCH(test_foreign_value),
		WITH_BENCH(test_another_value_since),
		WITH_BENCH(test_another_value_between),
		WITH_BENCH(test_saved_file_damaged),
		WITH_BENCH(test_backup_gone),
		WITH_BENCH(test_other_server),
		WITH_BENCH(test_of_a_paused_run),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

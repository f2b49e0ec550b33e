/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is not put back: refused before the first byte, with the way on. */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"
#include "tests/bench_run.h"
#include "tests/cut_tree.h"
#include "tests/hand.h"
#include "tests/support.h"

#define MSMI BENCH_SERVICES "MSExchangeMSMI"

static char full_drive;

static const struct undo_options with_backups = { .backups = true };

/* Something that is not ours came into the backup tree: it is not removed, and nothing of it. */
static void a_backup_that_holds_foreign_files_stays(void **state)
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

/* What is asked for is refused before the first byte, and a dry run says the same. */
static void refused_whole(struct bench *bench, struct undo_options undo, enum trouble trouble)
{
	bench_as_it_is(bench);
	assert_int_equal(bench_undo(bench, &undo, NULL), -(int)trouble);
	bench_same(bench, TREE_TIMES | TREE_BACKUPS);
	assert_int_equal(bench_state(bench), STATE_DONE);
	undo.dry_run = true;
	assert_int_equal(bench_undo(bench, &undo, NULL), -(int)trouble);
}

static void a_backup_that_holds_foreign_files_is_told_first(void **state)
{
	struct bench *bench = *state;
	char *name;

	assert_int_equal(bench_repair(bench, &name), 0);
	bench_write(bench,
		talloc_asprintf(bench, "E/exchsrvr/connect/msmcon/bin.q240208-%s/mine.txt", name),
		"x");
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
static void without_room_nothing_is_put_back(void **state)
{
	struct bench *bench = *state;
	const char drives[] = { 'C', 'E' };

	assert_int_equal(bench_repair(bench, NULL), 0);
	bench_as_it_is(bench);
	for (size_t i = 0; i < 2 * sizeof drives; i++) {
		struct server *server = bench_open(bench);
		struct server_ops ops = *server->ops;
		const struct server_ops *own = server->ops;
		const struct undo_options undo = { .dry_run = i % 2 };
		char *text;
		int ret;

		full_drive = drives[i / 2];
		ops.room = no_room_on;
		server->ops = &ops;
		ret = engine_undo(bench, server, "last", &bench->options, &undo, &text,
			&bench->err);
		server->ops = own;
		talloc_free(server);
		assert_int_equal(ret, -TROUBLE_NO_ROOM);
		bench_same(bench, TREE_TIMES | TREE_BACKUPS);
	}
	assert_int_equal(bench_state(bench), STATE_DONE);
}

/* What only the act on the files would meet: somebody's file where one would be staged. */
static void an_obstacle_is_met_before_the_first_write(void **state)
{
	struct bench *bench = *state;
	const struct undo_options files = { .step = 2 };

	assert_int_equal(bench_repair(bench, NULL), 0);
	bench_write(bench, BENCH_BIN "mt.exe" SERVER_STAGE_SUFFIX, "somebody's");
	refused_whole(bench, (struct undo_options){ 0 }, TROUBLE_MOVED);
	refused_whole(bench, files, TROUBLE_MOVED);
}

/* A run of what is called so and of nothing else; its name. */
static char *repair_of(struct bench *bench, const char *begin)
{
	struct server *server = bench_open(bench);
	struct plan *plan = bench_plan(bench, server);
	struct engine *engine = NULL;
	char *name;

	for (size_t i = 0; i < plan->count; i++)
		if (plan->rows[i].finding->kind != KIND_BACKUP &&
			strncmp(plan->rows[i].finding->id, begin, strlen(begin)) != 0)
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
	int ret = engine_undo(bench, server, name, &bench->options, undo, &text, &bench->err);

	talloc_free(server);
	return ret;
}

/* Of two runs that wrote to the same files or folders, the older one alone would not bring back
 * what was. */
static void an_undo_out_of_turn_is_refused(void **state)
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
	const struct undo_options dry = { .dry_run = true }, all = { .backups = true },
				  step = { .step = 3, .dry_run = true };

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		char *older = repair_of(bench, rows[i].older),
		     *later = repair_of(bench, rows[i].later);
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

/* The later run was of another server that is like this one, or this one was put back by hand in
 * between. */
static void a_run_of_another_server_does_not_bar_an_undo(void **state)
{
	struct bench *bench = *state;
	char *path = talloc_asprintf(bench, "%s/" BENCH_BIN "mt.exe", bench->dir), *older, *later;
	size_t len;
	uint8_t *was = support_read(bench, path, &len);

	older = repair_of(bench, "file/Bin\\mt.exe");
	support_write(path, was, len);
	later = repair_of(bench, "file/Bin\\mt.exe");
	assert_string_not_equal(older, later);
	assert_int_equal(undo_of(bench, older, &(struct undo_options){ .dry_run = true }), 0);
}

/* Whatever stands in the way, it is said how the rest is put back all the same, and it can be. */
static void whatever_bars_an_undo_names_the_way_on(void **state)
{
	struct bench *bench = *state;
	const struct undo_options share = { .step = 4 }, values = { .step = 3 },
				  files = { .step = 2 };
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
	support_remove(talloc_asprintf(bench, "%s/E/exchsrvr/connect/msmcon/bin.q240208-%s",
		bench->dir, name));
	assert_int_equal(bench_undo(bench,
				 &(struct undo_options){ .change_id = "file/Bin\\async.exe" },
				 NULL),
		-TROUBLE_NOT_THERE);
	assert_non_null(strstr(bench->err.text, "missing"));
	assert_non_null(strstr(error_advice(&bench->err), "--change"));
	assert_int_equal(bench_undo(bench,
				 &(struct undo_options){ .change_id = "file/Bin\\added.dll" },
				 NULL),
		0);
}

static void wrong_options_are_refused(void **state)
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
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		assert_int_equal(bench_undo(bench, &rows[i].undo, NULL), -(int)rows[i].trouble);
	assert_string_equal(bench_read(bench, BENCH_BIN "mt.exe"), "new");
	bench->options.operator_name = NULL;
	assert_int_equal(bench_undo(bench, NULL, NULL), -TROUBLE_USAGE);
}

/* A file of ours was changed by somebody else since: both are shown, and nothing at all is put
 * back. */
static void a_foreign_file_bars_the_undo(void **state)
{
	struct bench *bench = *state;

	assert_int_equal(bench_repair(bench, NULL), 0);
	bench_write(bench, BENCH_BIN "mt.exe", "a hotfix");
	assert_int_equal(bench_undo(bench, NULL, NULL), -TROUBLE_MOVED);
	assert_non_null(strstr(bench->err.text, "Bin\\mt.exe"));
	assert_string_equal(bench_read(bench, BENCH_BIN "mt.exe"), "a hotfix");
	assert_string_equal(bench_read(bench, BENCH_BIN "mtmsg.dll"), "new");
	assert_string_equal(bench_value_read(bench, MSMI, "ImagePath"), LAB_MOVED "\\bin\\mt.exe");
}

static void a_foreign_value_bars_the_undo(void **state)
{
	struct bench *bench = *state;

	assert_int_equal(bench_repair(bench, NULL), 0);
	bench_value(bench, MSMI, "ImagePath", "D:\\elsewhere\\mt.exe");
	assert_int_equal(bench_undo(bench, NULL, NULL), -TROUBLE_MOVED);
	assert_non_null(strstr(bench->err.text, "D:\\elsewhere\\mt.exe"));
	assert_non_null(strstr(bench->err.text, LAB_MOVED "\\bin\\mt.exe"));
	assert_string_equal(bench_read(bench, BENCH_BIN "mt.exe"), "new");
}

/* The saved registry was tampered with: it is not put back. */
static void a_damaged_saved_registry_is_not_put_back(void **state)
{
	struct bench *bench = *state;
	char *name;

	assert_int_equal(bench_repair(bench, &name), 0);
	support_write_text(talloc_asprintf(bench, "%s/%s/before/SYSTEM", bench->runs, name),
		"nonsense");
	assert_int_equal(bench_undo(bench, NULL, NULL), -TROUBLE_RECORD_DAMAGED);
	assert_string_equal(bench_read(bench, BENCH_BIN "mt.exe"), "new");
}

/* A backup that is gone cannot give anything back: said before anything is changed. */
static void a_backup_that_is_gone_is_told_before_any_change(void **state)
{
	struct bench *bench = *state;
	char *name;

	assert_int_equal(bench_repair(bench, &name), 0);
	support_remove(talloc_asprintf(bench, "%s/E/exchsrvr/connect/msmcon/bin.q240208-%s",
		bench->dir, name));
	assert_true(bench_undo(bench, NULL, NULL) < 0);
	assert_string_equal(bench_read(bench, BENCH_BIN "mt.exe"), "new");
	assert_string_equal(bench_value_read(bench, MSMI, "ImagePath"), LAB_MOVED "\\bin\\mt.exe");
}

/* The same name, another installation. */
static void another_server_is_refused(void **state)
{
	struct bench *bench = *state;
	struct lab *other = lab_new(bench);
	struct server *server;
	char *text;

	assert_int_equal(bench_repair(bench, NULL), 0);
	lab_number(other, "SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion", "InstallDate",
		0x34000001);
	lab_build(other);
	server = lab_open(other);
	assert_int_equal(engine_undo(bench, server, "last", &bench->options,
				 &(struct undo_options){ 0 }, &text, &bench->err),
		-TROUBLE_OTHER_SERVER);
}

static void hibernate(struct bench *bench)
{
	bench_write(bench, "C/hiberfil.sys", "hibr");
}

static void leave_stage(struct bench *bench)
{
	bench_write(bench, HAND_CONFIG "SYSTEM" SERVER_STAGE_SUFFIX, "somebody's");
}

/* Where only the whole walk comes: the header of the last bin. */
static void break_last_bin(struct bench *bench)
{
	char *path = talloc_asprintf(bench, "%s/" HAND_CONFIG "SYSTEM", bench->dir);
	size_t len;
	uint8_t *bytes = support_read(bench, path, &len);

	for (size_t at = len - 4096; at > 0; at -= 4096)
		if (!memcmp(bytes + at, "hbin", 4)) {
			bytes[at] = 'x';
			break;
		}
	support_write(path, bytes, len);
}

/* Whatever is put back, or removed: the gate of a repair is asked. */
static void a_server_that_may_not_be_written_to_is_not_put_back(void **state)
{
	static const struct {
		void (*spoil)(struct bench *);
		enum trouble trouble;
	} ways[] = {
		{ hibernate, TROUBLE_HIVE_DIRTY },
		{ leave_stage, TROUBLE_MOVED },
		{ break_last_bin, TROUBLE_HIVE_BROKEN },
	};
	static const struct {
		struct undo_options undo;
		bool undone; /* all but this was put back before */
	} rows[] = {
		{ { 0 }, false },
		{ { .backups = true }, false },
		{ { .step = 2 }, false },
		{ { .step = 3 }, false },
		{ { .step = 4 }, false },
		{ { .change_id = "file/Bin\\mt.exe" }, false },
		{ { .change_id = "registry/MSExchangeMSMI\\ImagePath" }, false },
		{ { .change_id = "share/Maildat$" }, false },
		{ { .backups = true }, true },
	};

	for (size_t i = 0; i < ARRAY_SIZE(ways) * ARRAY_SIZE(rows); i++) {
		size_t row = i / ARRAY_SIZE(ways), way = i % ARRAY_SIZE(ways);
		struct bench *bench;
		enum run_state was;

		bench_free(state);
		bench_make(state);
		bench = *state;
		assert_int_equal(bench_repair(bench, NULL), 0);
		if (rows[row].undone)
			assert_int_equal(bench_undo(bench, NULL, NULL), 0);
		was = bench_state(bench);
		ways[way].spoil(bench);
		bench_as_it_is(bench);
		assert_int_equal(bench_undo(bench, &rows[row].undo, NULL), -(int)ways[way].trouble);
		bench_same(bench, TREE_TIMES | TREE_BACKUPS);
		assert_int_equal(bench_state(bench), was);
	}
}

static int hand_tell(void *arg, int step, const char *sentence)
{
	const struct bench *bench = arg;

	if (step && !strcmp(sentence, "Putting back"))
		hand_write(HAND_OTHER_VALUE, bench->dir);
	return 0;
}

/* Written after the last look, and before the files are put back over it. */
static void what_others_write_meanwhile_bars_the_whole_files(void **state)
{
	struct bench *bench = *state;
	char *text;

	assert_int_equal(bench_repair(bench, NULL), 0);
	bench->options.tell = hand_tell;
	assert_int_equal(bench_undo(bench, NULL, NULL), -TROUBLE_MOVED);
	assert_non_null(strstr(bench->err.text, "since the undo began"));
	assert_string_equal(bench_value_read(bench, MSMI, "DisplayName"), "theirs");
	assert_string_equal(bench_value_read(bench, MSMI, "ImagePath"), LAB_MOVED "\\bin\\mt.exe");
	bench->options.tell = NULL;
	assert_int_equal(bench_undo(bench, NULL, &text), 0);
	assert_non_null(strstr(text, "Somebody else has written"));
	assert_string_equal(bench_value_read(bench, MSMI, "DisplayName"), "theirs");
	hand_write(HAND_OTHER_VALUE, bench->original);
	bench_same(bench, TREE_MEANING);
}

#define WITH_BENCH(name) cmocka_unit_test_setup_teardown(name, bench_make, bench_free)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_BENCH(a_backup_that_holds_foreign_files_stays),
		WITH_BENCH(a_backup_that_holds_foreign_files_is_told_first),
		WITH_BENCH(without_room_nothing_is_put_back),
		WITH_BENCH(an_obstacle_is_met_before_the_first_write),
		WITH_BENCH(an_undo_out_of_turn_is_refused),
		WITH_BENCH(a_run_of_another_server_does_not_bar_an_undo),
		WITH_BENCH(whatever_bars_an_undo_names_the_way_on),
		WITH_BENCH(wrong_options_are_refused),
		WITH_BENCH(a_foreign_file_bars_the_undo),
		WITH_BENCH(a_foreign_value_bars_the_undo),
		WITH_BENCH(a_damaged_saved_registry_is_not_put_back),
		WITH_BENCH(a_backup_that_is_gone_is_told_before_any_change),
		WITH_BENCH(another_server_is_refused),
		WITH_BENCH(a_server_that_may_not_be_written_to_is_not_put_back),
		WITH_BENCH(what_others_write_meanwhile_bars_the_whole_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

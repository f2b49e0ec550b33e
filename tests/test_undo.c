/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/memory.h"
#include "record/journal.h"
#include "tests/bench_run.h"
#include "tests/cut_tree.h"
#include "tests/support.h"

#define MSMI BENCH_SERVICES "MSExchangeMSMI"

static const struct undo_options with_backups = { .backups = true };

/* Bytes, types, attributes and times as before; step 1's tree excepted. */
static void undo_brings_back_bytes_types_attributes_and_times(void **state)
{
	struct bench *bench = *state;
	char *text;

	assert_int_equal(bench_repair(bench, NULL), 0);
	assert_int_equal(bench_undo(bench, NULL, &text), 0);
	bench_same(bench, TREE_TIMES);
	assert_non_null(strstr(text, "file/Bin\\mt.exe"));
	assert_non_null(
		strstr(text, "registry/MSExchangeMSMI\\ImagePath: " LAB_DEFAULT "\\bin\\mt.exe"));
	assert_non_null(strstr(text, "share/Maildat$"));
	assert_int_equal(bench_state(bench), STATE_UNDONE);
}

/* Files that differ in mode keep what the file replaced had; the old one comes back with it. */
static void the_mode_of_a_replaced_file_comes_back(void **state)
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

/* Later, on its own: the backup stays until it is asked for. */
static void backups_can_go_later(void **state)
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

/* In units of 100 ns, as NT and the record have them. */
static int64_t time_of(struct bench *bench, const char *dir, const char *path)
{
	struct stat st;

	assert_int_equal(stat(talloc_asprintf(bench, "%s/%s", dir, path), &st), 0);
	return (int64_t)st.st_mtim.tv_sec * 10000000 + st.st_mtim.tv_nsec / 100;
}

#define CONFIG "C/WINNT/system32/config"

/* Of a part that is put back come back the times that no other change of the run has altered
 * too. */
static void times_come_back_with_the_part_they_belong_to(void **state)
{
	static const struct {
		struct undo_options undo;
		const char *back[5], *stay[5];
	} rows[] = {
		{ { .step = 6 }, { NULL },
			{ CONFIG, CONFIG "/SYSTEM", CONFIG "/SYSTEM.ALT", BENCH_BIN } },
		{ { .change_id = "file/Bin\\mt.exe" }, { NULL },
			{ CONFIG, CONFIG "/SYSTEM", BENCH_BIN } },
		{ { .step = 3 }, { NULL },
			{ CONFIG, CONFIG "/SYSTEM", CONFIG "/SYSTEM.ALT", BENCH_BIN } },
		{ { .step = 4 }, { CONFIG, CONFIG "/SYSTEM", CONFIG "/SYSTEM.ALT" },
			{ BENCH_BIN, "E/exchsrvr/connect/msmcon" } },
		{ { .step = 2 }, { CONFIG, BENCH_BIN, "E/exchsrvr/connect/msmcon" }, { NULL } },
	};
	struct bench *bench = *state;

	assert_int_equal(bench_repair(bench, NULL), 0);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		assert_int_equal(bench_undo(bench, &rows[i].undo, NULL), 0);
		for (size_t k = 0; rows[i].back[k]; k++)
			if (time_of(bench, bench->dir, rows[i].back[k]) !=
				time_of(bench, bench->original, rows[i].back[k]))
				fail_msg("row %zu: %s is not as it was", i, rows[i].back[k]);
		for (size_t k = 0; rows[i].stay[k]; k++)
			if (time_of(bench, bench->dir, rows[i].stay[k]) ==
				time_of(bench, bench->original, rows[i].stay[k]))
				fail_msg("row %zu: %s is as it was", i, rows[i].stay[k]);
	}
	bench_same(bench, TREE_TIMES | TREE_MEANING);
}

static void a_second_undo_finds_nothing(void **state)
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
static void what_was_put_back_can_be_repaired_again(void **state)
{
	struct bench *bench = *state;

	assert_int_equal(bench_repair(bench, NULL), 0);
	assert_int_equal(bench_undo(bench, &with_backups, NULL), 0);
	assert_int_equal(bench_repair(bench, NULL), 0);
	assert_string_equal(bench_read(bench, BENCH_BIN "mt.exe"), "new");
	assert_int_equal(bench_undo(bench, &with_backups, NULL), 0);
	bench_same(bench, TREE_TIMES | TREE_BACKUPS);
}

static void a_dry_run_writes_nothing(void **state)
{
	struct bench *bench = *state;
	const struct undo_options dry = { .dry_run = true };
	char *text;

	assert_int_equal(bench_repair(bench, NULL), 0);
	bench_as_it_is(bench);
	assert_int_equal(bench_undo(bench, &dry, &text), 0);
	assert_non_null(strstr(text, "file/Bin\\added.dll"));
	bench_same(bench, TREE_TIMES | TREE_BACKUPS);
	assert_int_equal(bench_state(bench), STATE_DONE);
}

static void one_value_is_put_back(void **state)
{
	struct bench *bench = *state;
	const struct undo_options one = { .change_id = "registry/MSExchangeMSMI\\ImagePath" };

	assert_int_equal(bench_repair(bench, NULL), 0);
	assert_int_equal(bench_undo(bench, &one, NULL), 0);
	assert_string_equal(bench_value_read(bench, MSMI, "ImagePath"),
		LAB_DEFAULT "\\bin\\mt.exe");
	assert_string_equal(bench_value_read(bench,
				    "SYSTEM.ALT\\ControlSet001\\Services\\MSExchangeMSMI",
				    "ImagePath"),
		LAB_DEFAULT "\\bin\\mt.exe");
	assert_string_equal(bench_value_read(bench, MSMI "\\Performance", "Library"),
		LAB_MOVED "\\bin\\mtperf.dll");
	assert_string_equal(bench_read(bench, BENCH_BIN "mt.exe"), "new");
	/* The rest follows. */
	assert_int_equal(bench_undo(bench, &with_backups, NULL), 0);
	bench_same(bench, TREE_TIMES | TREE_BACKUPS);
}

static void one_file_is_put_back(void **state)
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
static void a_folder_that_others_use_stays(void **state)
{
	struct bench *bench = *state;

	assert_int_equal(bench_repair(bench, NULL), 0);
	bench_write(bench, BENCH_BIN "sub/mine.txt", "x");
	assert_int_equal(bench_undo(bench, NULL, NULL), 0);
	assert_false(bench_there(bench, BENCH_BIN "sub/deep.dll"));
	assert_string_equal(bench_read(bench, BENCH_BIN "sub/mine.txt"), "x");
}

static void one_step_is_put_back(void **state)
{
	struct bench *bench = *state;
	const struct undo_options files = { .step = 2 }, values = { .step = 3 },
				  share = { .step = 4 };

	assert_int_equal(bench_repair(bench, NULL), 0);
	assert_int_equal(bench_undo(bench, &files, NULL), 0);
	assert_string_equal(bench_read(bench, BENCH_BIN "mt.exe"), "old");
	assert_string_equal(bench_value_read(bench, MSMI, "ImagePath"), LAB_MOVED "\\bin\\mt.exe");
	assert_int_equal(bench_undo(bench, &values, NULL), 0);
	assert_string_equal(bench_value_read(bench, MSMI, "ImagePath"),
		LAB_DEFAULT "\\bin\\mt.exe");
	assert_int_equal(bench_state(bench), STATE_DONE);
	assert_int_equal(bench_undo(bench, &share, NULL), 0);
	assert_int_equal(bench_state(bench), STATE_UNDONE);
}

/* Somebody else changed another value since: the saved files must not overwrite that; ours go back
 * by what they mean. */
static void another_value_written_since_stays(void **state)
{
	struct bench *bench = *state;

	struct server *repaired;
	struct reg_data *left;
	struct share *share;

	assert_int_equal(bench_repair(bench, NULL), 0);
	repaired = bench_open(bench);
	assert_int_equal(repaired->ops->share_get(repaired, bench, "Maildat$", &share, &bench->err),
		0);
	assert_int_equal(share->security_len, LAB_DESCRIPTOR);
	assert_memory_equal(share->security, lab_descriptor, LAB_DESCRIPTOR);
	talloc_free(repaired);
	bench_value(bench, MSMI, "DisplayName", "renamed since");
	assert_int_equal(bench_undo(bench, NULL, NULL), 0);
	assert_string_equal(bench_value_read(bench, MSMI, "DisplayName"), "renamed since");
	assert_string_equal(bench_value_read(bench, MSMI, "ImagePath"),
		LAB_DEFAULT "\\bin\\mt.exe");
	assert_string_equal(bench_value_read(bench, BENCH_SERVICES LAB_LEGACY, "ImagePath"),
		LAB_DEFAULT "\\bin\\x25eicon.exe");
	struct server *server = bench_open(bench);
	assert_int_equal(server->ops->share_get(server, bench, "Maildat$", &share, &bench->err), 0);
	assert_null(share);
	assert_int_equal(server->ops->reg_read(server, bench,
				 BENCH_SERVICES "LanmanServer\\Shares\\Security", "Maildat$", &left,
				 &bench->err),
		0);
	assert_null(left);
	assert_string_equal(bench_read(bench, BENCH_BIN "mt.exe"), "old");
}

/* Or between two acts of this run: what the second act left is not all its own. */
static void another_value_written_between_two_acts_stays(void **state)
{
	struct bench *bench = *state;
	const struct undo_options share = { .step = 4 };

	assert_int_equal(bench_repair(bench, NULL), 0);
	bench_value(bench, MSMI, "DisplayName", "renamed since");
	assert_int_equal(bench_undo(bench, &share, NULL), 0);
	assert_int_equal(bench_undo(bench, NULL, NULL), 0);
	assert_string_equal(bench_value_read(bench, MSMI, "DisplayName"), "renamed since");
	assert_string_equal(bench_value_read(bench, MSMI, "ImagePath"),
		LAB_DEFAULT "\\bin\\mt.exe");
}

/* What was stopped half way through is put back as well. */
static void a_paused_run_is_put_back(void **state)
{
	struct bench *bench = *state;

	for (int step = 1; step <= 4; step++)
		for (int within = 0; within < 2; within++) {
			bench->stop_at = step;
			bench->stop_within = within;
			assert_int_equal(bench_repair(bench, NULL), -TROUBLE_STOPPED);
			assert_int_equal(bench_state(bench), STATE_PAUSED);
			bench->stop_at = 0;
			assert_int_equal(bench_undo(bench, &with_backups, NULL), 0);
			bench_same(bench, TREE_TIMES | TREE_BACKUPS);
		}
}

/* The journal of the last run as another version wrote it: with that format, and with 1 its times
 * in nanoseconds since 1970. */
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
		json = json_loads(talloc_asprintf(bench, "%.*s}", (int)(crc - line), line), 0,
			NULL);
		assert_non_null(json);
		if (json_object_get(json, "format"))
			json_object_set_new(json, "format", json_integer(format));
		/* Nobody wrote down then what an act found. */
		json_object_del(json, "found");
		json_object_del(json, "leaves");
		times = format == 1 ? json_object_get(json, "times") : NULL;
		json_object_foreach (times, key, time)
			json_integer_set(time,
				(json_integer_value(time) - 116444736000000000) * 100);
		dumped = json_dumps(json, JSON_COMPACT);
		dumped[strlen(dumped) - 1] = '\0';
		made = talloc_asprintf_append(made, "%s,\"crc\":\"%08x\"}\n", dumped,
			(unsigned)line_crc(dumped, strlen(dumped)));
		free(dumped);
		json_decref(json);
	}
	support_write_text(path, made);
}

/* A run of the format before this one is put back with its times; one of a later format is
 * refused. */
static void a_run_of_the_format_before_is_put_back(void **state)
{
	struct bench *bench = *state;
	char *text;

	assert_int_equal(bench_repair(bench, NULL), 0);
	journal_of_format(bench, 3);
	assert_int_equal(bench_undo(bench, NULL, NULL), -TROUBLE_RECORD_DAMAGED);
	assert_non_null(strstr(bench->err.text, "format"));
	journal_of_format(bench, 2);
	journal_of_format(bench, 1);
	assert_int_equal(bench_undo(bench, NULL, &text), 0);
	assert_non_null(strstr(text, "cannot be told"));
	bench_same(bench, TREE_TIMES | TREE_MEANING);
}

#define WITH_BENCH(name) cmocka_unit_test_setup_teardown(name, bench_make, bench_free)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_BENCH(undo_brings_back_bytes_types_attributes_and_times),
		WITH_BENCH(a_run_of_the_format_before_is_put_back),
		WITH_BENCH(the_mode_of_a_replaced_file_comes_back),
		WITH_BENCH(times_come_back_with_the_part_they_belong_to),
		WITH_BENCH(backups_can_go_later),
		WITH_BENCH(a_second_undo_finds_nothing),
		WITH_BENCH(what_was_put_back_can_be_repaired_again),
		WITH_BENCH(a_dry_run_writes_nothing),
		WITH_BENCH(one_value_is_put_back),
		WITH_BENCH(one_file_is_put_back),
		WITH_BENCH(a_folder_that_others_use_stays),
		WITH_BENCH(one_step_is_put_back),
		WITH_BENCH(another_value_written_since_stays),
		WITH_BENCH(another_value_written_between_two_acts_stays),
		WITH_BENCH(a_paused_run_is_put_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a run of a running server has on record: its registry, the way there, whose it is. */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "record/reached.h"
#include "run/engine_internal.h"
#include "tests/finish_bench.h"
#include "tests/live_double.h"
#include "tests/regfile_read.h"
#include "tests/support.h"

#define MSMI "MSExchangeMSMI"

static struct live_double live;

static struct server *open_live(struct finish_bench *bench)
{
	struct server *server;

	live = (struct live_double){ 0 };
	server = live_open(bench, bench->dir, &live, &bench->err);
	if (!server)
		fail_msg("%s", bench->err.text);
	return server;
}

static const struct survey *look(struct finish_bench *bench, struct server *server)
{
	const struct survey *survey;

	if (survey_make(bench, server, &bench->survey_options, &survey, &bench->err))
		fail_msg("%s", bench->err.text);
	return survey;
}

static struct runfolder *last_run(struct finish_bench *bench)
{
	struct runfolder *run;

	assert_int_equal(runfolder_open(bench, bench->runs, "last", false, &run, &bench->err), 0);
	return run;
}

struct told {
	const struct regfile *file;
	size_t keys, values;
};

static const struct regfile_key *key_of(const struct regfile *file, const char *key)
{
	char *path = talloc_asprintf(NULL, "HKEY_LOCAL_MACHINE\\%s", key);
	const struct regfile_key *found = NULL;

	for (size_t i = 0; i < file->count; i++)
		if (text_equal(file->keys[i].path, path))
			found = &file->keys[i];
	talloc_free(path);
	return found;
}

static int value_saved(void *arg, const char *key, const struct reg_value *value, struct error *err)
{
	struct told *told = arg;
	const struct regfile_key *saved = key_of(told->file, key);
	const struct reg_value *same = NULL;

	(void)err;
	assert_non_null(saved);
	told->keys += !value;
	for (size_t i = 0; value && i < saved->count; i++)
		if (text_equal(saved->values[i].name, value->name))
			same = &saved->values[i];
	told->values += value != NULL;
	if (value)
		assert_true(same && regdata_equal(&same->data, &value->data));
	return 0;
}

/* All below Services, read by another reader, and by hivexregedit. */
static void the_registry_is_saved(void **state)
{
	struct finish_bench *bench = *state;
	struct server *server = open_live(bench);
	struct engine *engine = finish_begun(bench, server);
	char *key = talloc_asprintf(bench, "SYSTEM\\%s\\Services",
		     look(bench, server)->control_set),
	     *path = talloc_asprintf(bench, "%s/before/entries.reg",
		     runfolder_dir(engine_runfolder(engine)));
	struct told told = { 0 };
	struct regfile *file;
	size_t len;
	uint8_t *bytes = support_read(bench, path, &len);

	assert_int_equal(regfile_read(bench, bytes, len, &file, &bench->err), 0);
	told.file = file;
	assert_int_equal(server->ops->reg_walk(server, key, value_saved, &told, &bench->err), 0);
	assert_true(told.values > 300);
	assert_int_equal(file->count, told.keys);
	assert_non_null(
		json_object_get(json_object_get(journal_last(engine->journal, JOURNAL_SAVED),
					"files"),
			"entries.reg"));
}

/* A character that code page 1252 lacks makes it the newer form, which that program takes as it is
 * meant: to merge what was saved changes nothing. */
static void merged_by_another_program(void **state)
{
	struct finish_bench *bench = *state;
	char *hive = talloc_asprintf(bench, "%s/C/WINNT/system32/config/SYSTEM", bench->dir),
	     *copy = talloc_asprintf(bench, "%s/merged", bench->dir),
	     *reg = talloc_asprintf(bench, "%s/saved.reg", bench->dir), *before, *after;
	const char *merge[] = { "hivexregedit", "--merge", "--prefix", "HKEY_LOCAL_MACHINE\\SYSTEM",
		copy, reg, NULL };
	const char *export[] = { "hivexregedit", "--export", copy, "\\", NULL };
	const char *cp[] = { "cp", hive, copy, NULL };
	struct server *server = open_live(bench);
	struct engine *engine;
	uint8_t *bytes;
	size_t len;

	if (!support_have("hivexregedit"))
		support_skip("hivexregedit is missing");
	finish_value(bench, server,
		talloc_asprintf(bench, "SYSTEM\\%s\\Services\\" MSMI,
			look(bench, server)->control_set),
		"DisplayName", regdata_from_string(bench, REG_EXPAND_SZ, "\xe4\xb8\xad \xc3\xa9"));
	engine = finish_begun(bench, server);
	bytes = support_read(bench,
		talloc_asprintf(bench, "%s/before/entries.reg",
			runfolder_dir(engine_runfolder(engine))),
		&len);
	/* It wants 8 bits and no mark. */
	support_write_text(reg, text_from_utf16(bench, bytes + 2, len - 2));
	assert_int_equal(support_run(bench, cp, NULL, NULL), 0);
	assert_int_equal(support_run(bench, export, NULL, &before), 0);
	if (support_run(bench, merge, NULL, &after) != 0)
		fail_msg("%s", after);
	assert_int_equal(support_run(bench, export, NULL, &after), 0);
	assert_true(strcmp(before, after) == 0);
}

static void the_way_there_is_on_record(void **state)
{
	struct finish_bench *bench = *state;
	struct server *server = open_live(bench);
	struct run_record *record;
	char *name, *command, *text;

	talloc_free(finish_carried(bench, server));
	name = talloc_strdup(bench, runfolder_name(last_run(bench)));
	assert_int_equal(run_record_read(bench, bench->runs, name, &record, &bench->err), 0);
	assert_true(record->known);
	assert_string_equal(record->needs, "the running server EXCH01");
	command = reached_command(bench, &record->reached, NULL, "resume", record->name);
	text = talloc_asprintf(bench, "--host EXCH01 --user 'DOM\\admin' --port 4450 resume %s",
		name);
	assert_non_null(strstr(command, text));
	assert_true(run_record_fits(record, server));
	/* Another host under that name. */
	server->id.install_date++;
	assert_false(run_record_fits(record, server));
	assert_int_equal(engine_undo(bench, server, "last", &bench->options,
				 &(struct undo_options){ 0 }, &text, &bench->err),
		-TROUBLE_OTHER_SERVER);
	assert_int_equal(trouble_exit(TROUBLE_OTHER_SERVER), 4);
	assert_non_null(strstr(finish_report_text(bench), "read back on the server"));
	assert_null(strstr(finish_report_text(bench), "two readers"));
}

static void one_repair_at_a_time(void **state)
{
	struct finish_bench *bench = *state;
	struct server *server = open_live(bench);
	struct engine *engine = finish_begun(bench, server), *second;
	const struct survey *survey = look(bench, server);
	struct plan *plan;
	enum run_stage stage;
	char *name;

	assert_int_equal(plan_make(bench, survey, true, &plan, &bench->err), 0);
	assert_int_equal(engine_begin(bench, server, plan, &bench->options, &second, &bench->err),
		-TROUBLE_LOCKED);
	assert_int_equal(trouble_exit(TROUBLE_LOCKED), 75);
	/* Another server may be repaired meanwhile; and this one once the first is left. */
	server->id.install_date++;
	assert_int_equal(engine_begin(bench, server, plan, &bench->options, &second, &bench->err),
		0);
	talloc_free(second);
	server->id.install_date--;
	name = talloc_strdup(bench, engine_run_name(engine));
	assert_int_equal(engine_resume(bench, server, name, &bench->options, &bench->survey_options,
				 &second, &stage, &bench->err),
		-TROUBLE_LOCKED);
	talloc_free(engine);
	assert_int_equal(engine_resume(bench, server, name, &bench->options, &bench->survey_options,
				 &second, &stage, &bench->err),
		0);
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, finish_make, finish_free)
	const struct CMUnitTest tests[] = {
		CASE(the_registry_is_saved),
		CASE(merged_by_another_program),
		CASE(the_way_there_is_on_record),
		CASE(one_repair_at_a_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

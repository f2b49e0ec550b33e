/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Step 6: every gate made to say no, the folder set aside and put back, deleted for good, and cut
 * off in the middle of it. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/memory.h"
#include "record/journal.h"
#include "repair/oldfolder.h"
#include "run/engine_internal.h"
#include "server/disks.h"
#include "tests/finish_bench.h"
#include "tests/support.h"

#define SERVICES "SYSTEM\\ControlSet001\\Services\\"

static void file_differs(void **state)
{
	struct finish_bench *bench = *state;
	struct engine *engine = finish_ready(bench, finish_open(bench, false));

	/* The newer file was kept by decision, and passes. */
	finish_yes(bench, engine, "files");
	support_write_text(finish_path(bench, FINISH_MSMCON "/BIN/Mt.exe"), "another one");
	finish_no(bench, engine, "files", "mt.exe");
}

/* What was kept is not what lies there now: nobody decided about that. */
static void kept_file_is_another(void **state)
{
	struct finish_bench *bench = *state;
	struct engine *engine = finish_ready(bench, finish_open(bench, false));

	finish_yes(bench, engine, "files");
	support_write_text(finish_path(bench, "E/exchsrvr/connect/msmcon/bin/async.exe"),
		"another one");
	finish_no(bench, engine, "files", "async.exe");
}

/* An emptied Bin proves nothing of what it held: what is older than Exchange may lack what was
 * there. */
static void bin_was_emptied(void **state)
{
	struct finish_bench *bench = *state;
	struct engine *engine = finish_ready(bench, finish_open(bench, false));
	const char *argv[] = { "sh", "-c",
		"rm \"$0/C/exchsrvr/CONNECT/MSMCON/BIN\"/*; rm \"$0/C/exchsrvr/BIN/Store.exe\"",
		bench->dir, NULL };

	assert_int_equal(support_run(bench, argv, NULL, NULL), 0);
	assert_int_equal(finish_gate(bench, engine, "files", NULL)->answer, GATE_NO);
	assert_non_null(strstr(finish_gate(bench, engine, "files", NULL)->detail, "mt.exe"));
}

static void value_names_it(void **state)
{
	struct finish_bench *bench = *state;
	struct server *server = finish_open(bench, false);
	struct engine *engine = finish_ready(bench, server);

	finish_value(bench, server, SERVICES "MSExchangeMSMI", "ImagePath",
		regdata_from_string(bench, REG_EXPAND_SZ,
			"C:\\exchsrvr\\connect\\msmcon\\bin\\mt.exe"));
	finish_no(bench, engine, "values", "MSExchangeMSMI");
}

static void share_is_gone(void **state)
{
	struct finish_bench *bench = *state;
	struct server *server = finish_open(bench, false);
	struct engine *engine = finish_ready(bench, server);

	finish_value(bench, server, SERVICES "LanmanServer\\Shares", "Maildat$", NULL);
	finish_no(bench, engine, "share", "Step 4");
}

static void mail_came(void **state)
{
	struct finish_bench *bench = *state;
	struct engine *engine = finish_ready(bench, finish_open(bench, false));

	support_write_text(finish_path(bench, FINISH_MSMCON "/MAILDATA/MBG/00000123.MBG"),
		"mail of today");
	finish_no(bench, engine, "mail-came", "00000123.MBG");
}

static void link_in_it(void **state)
{
	struct finish_bench *bench = *state;
	struct engine *engine = finish_ready(bench, finish_open(bench, false));

	assert_int_equal(symlink("/etc", finish_path(bench, FINISH_MSMCON "/link")), 0);
	finish_no(bench, engine, "contents", "link");
	assert_true(finish_there(bench, FINISH_MSMCON "/link"));
}

static void fifo_in_it(void **state)
{
	struct finish_bench *bench = *state;
	struct engine *engine = finish_ready(bench, finish_open(bench, false));
	const char *argv[] = { "mkfifo", finish_path(bench, FINISH_MSMCON "/pipe"), NULL };

	assert_int_equal(support_run(bench, argv, NULL, NULL), 0);
	finish_no(bench, engine, "contents", "pipe");
}

static void mail_not_tested(void **state)
{
	struct finish_bench *bench = *state;
	struct engine *engine = finish_carried(bench, finish_open(bench, false));

	finish_no(bench, engine, "mail-flow", "NOT TESTED");
}

static void mail_failed(void **state)
{
	struct finish_bench *bench = *state;
	struct engine *engine = finish_ready(bench, finish_open(bench, false));
	struct evidence_list *list;

	assert_int_equal(engine_evidence(engine, &list, &bench->err), 0);
	assert_int_equal(finish_say(bench, engine, &list->rows[1], false, "Jane Doe", "M SMITH",
				 "nothing came for an hour"),
		0);
	finish_no(bench, engine, "mail-flow", "FAILED");
}

/* Whatever was seen before: mail does not flow through services that do not start. Manual is a way
 * of starting, too. */
static void services_do_not_start(void **state)
{
	static const struct {
		const char *service;
		uint32_t start;
		char *depends;
		bool flows;
	} rows[] = {
		{ "MSExchangeMSMI", 3, NULL, true },
		{ "MSExchangeMSMI", 4, NULL, false },
		{ FINISH_VANCOUVER, 4, NULL, false },
		{ "LanmanServer", 3, NULL, true },
		{ "LanmanServer", 4, NULL, false },
		{ FINISH_VANCOUVER, 2, "Nobody", false },
		{ FINISH_VANCOUVER, 2, "EventLog", true },
		{ "EventLog", 4, NULL, false },
	};
	struct finish_bench *bench = *state;
	struct server *server = finish_open(bench, false);
	struct engine *engine = finish_ready(bench, server);

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const char *key = talloc_asprintf(bench, SERVICES "%s", rows[i].service);
		struct gates *gates;
		bool flows;

		finish_value(bench, server, key, "Start", regdata_from_dword(bench, rows[i].start));
		if (rows[i].depends)
			finish_value(bench, server, key, "DependOnService",
				regdata_from_strings(bench, &rows[i].depends, 1));
		flows = finish_gate(bench, engine, "mail-flow", &gates)->answer == GATE_WEAK;
		if (flows != rows[i].flows)
			fail_msg("row %zu", i);
		finish_value(bench, server, key, "Start", regdata_from_dword(bench, 2));
		if (rows[i].depends)
			finish_value(bench, server, key, "DependOnService", NULL);
	}
}

static void weakness_not_confirmed(void **state)
{
	struct finish_bench *bench = *state;
	struct engine *engine = finish_ready(bench, finish_open(bench, false));

	finish_refused(bench, engine, false);
}

/* Gates over evidence that was not recorded but made up: verified passes, another kind of server's
 * never counts. */
static void evidence_of_others(void **state)
{
	struct finish_bench *bench = *state;

	for (int practice = 0; practice <= 1; practice++) {
		struct server *server = finish_open(bench, practice);
		struct evidence_list *list;
		const char *names[] = { FINISH_VANCOUVER, FINISH_LEGACY };
		const struct survey *survey;
		struct gates *gates;

		assert_int_equal(survey_make(bench, server, &bench->survey_options, &survey,
					 &bench->err),
			0);
		assert_int_equal(evidence_list_make(bench, names, 2, practice, &list, &bench->err),
			0);
		for (size_t i = 0; i < list->count; i++)
			list->rows[i].grade = MAIL_VERIFIED;
		assert_int_equal(oldfolder_gates(bench, server, survey, list, &gates, &bench->err),
			0);
		assert_string_equal(gates->gates[6].id, "mail-flow");
		assert_int_equal(gates->gates[6].answer, GATE_YES);
		assert_false(gates->weak);
		list->rows[1].simulated = !practice;
		assert_int_equal(oldfolder_gates(bench, server, survey, list, &gates, &bench->err),
			0);
		assert_int_equal(gates->gates[6].answer, GATE_NO);
		assert_int_equal(oldfolder_gates(bench, server, survey, NULL, &gates, &bench->err),
			0);
		assert_int_equal(gates->gates[6].answer, GATE_NO);
		talloc_free(server);
	}
}

static void set_aside_and_back(void **state)
{
	struct finish_bench *bench = *state;
	struct server *server = finish_open(bench, false);
	struct engine *engine = finish_ready(bench, server);
	struct undo_options undo = { .change_id = "oldfolder" };
	char *aside = talloc_asprintf(bench, FINISH_MSMCON ".q240208-%s", engine_run_name(engine)),
	     *text;
	struct file_meta was, is;
	bool found;

	assert_int_equal(server->ops->file_stat(server, bench, "C:\\exchsrvr\\CONNECT", &found,
				 &was, NULL, &bench->err),
		0);
	assert_int_equal(engine_oldfolder(engine, &bench->survey_options, OLDFOLDER_ASIDE, NULL,
				 true, &bench->err),
		0);
	assert_int_equal(finish_end(bench), OLDFOLDER_IS_ASIDE);
	assert_false(finish_there(bench, FINISH_MSMCON));
	assert_true(finish_there(bench, talloc_asprintf(bench, "%s/BIN/Mt.exe", aside)));
	assert_int_equal(engine_oldfolder(engine, &bench->survey_options, OLDFOLDER_DELETE, "MAIL1",
				 true, &bench->err),
		-TROUBLE_CANNOT);
	talloc_free(engine);
	assert_int_equal(engine_undo(bench, server, "last", &bench->options, &undo, &text,
				 &bench->err),
		0);
	assert_non_null(strstr(text, "oldfolder: C:\\exchsrvr\\CONNECT\\MSMCON"));
	assert_int_equal(finish_end(bench), OLDFOLDER_IS_BACK);
	assert_true(finish_there(bench, FINISH_MSMCON "/BIN/Mt.exe"));
	assert_false(finish_there(bench, aside));
	/* The folder that both names lie in has its time again. */
	assert_int_equal(server->ops->file_stat(server, bench, "C:\\exchsrvr\\CONNECT", &found, &is,
				 NULL, &bench->err),
		0);
	assert_true(is.mtime == was.mtime);
}

/* Whoever wrote the record: no other folder gets the old folder's name, and it no other. */
static void another_folder_is_not_renamed(void **state)
{
	static const char *const others[] = { "C:\\WINNT", "C:\\exchsrvr\\bin",
		"C:\\exchsrvr\\CONNECT\\MSMCON.q240208-19990312-094107" };
	struct finish_bench *bench = *state;
	struct server *server = finish_open(bench, false);
	struct engine *engine = finish_ready(bench, server);
	struct change good = { .id = "oldfolder", .kind = KIND_OLDFOLDER }, bad;

	talloc_free(engine);
	engine = finish_resumed(bench, server, RUN_AFTER);
	good.target = engine->ground->default_msmcon;
	good.source = engine_tree(engine, bench, good.target);
	assert_null(engine_misfit(engine, &good));
	for (size_t i = 0; i < ARRAY_SIZE(others); i++) {
		bad = good;
		bad.source = talloc_strdup(bench, others[i]);
		assert_non_null(engine_misfit(engine, &bad));
		bad = good;
		bad.target = talloc_strdup(bench, others[i]);
		assert_non_null(engine_misfit(engine, &bad));
	}
}

/* The rename is decided and on record, and stopped before it is made. */
static void rename_stopped(struct finish_bench *bench, struct engine *engine)
{
	bench->told = 0;
	bench->stop_at = 1;
	assert_int_equal(engine_oldfolder(engine, &bench->survey_options, OLDFOLDER_ASIDE, NULL,
				 true, &bench->err),
		-TROUBLE_STOPPED);
	bench->stop_at = 0;
}

/* Decided and on record, cut off before or after the rename: resuming finishes it. */
static void rename_cut(void **state)
{
	struct finish_bench *bench = *state;
	struct server *server = finish_open(bench, false);
	struct engine *engine = finish_ready(bench, server);

	rename_stopped(bench, engine);
	assert_int_equal(finish_end(bench), OLDFOLDER_DECIDED);
	assert_true(finish_there(bench, FINISH_MSMCON));
	talloc_free(engine);
	engine = finish_resumed(bench, server, RUN_AFTER);
	assert_int_equal(finish_end(bench), OLDFOLDER_IS_ASIDE);
	assert_false(finish_there(bench, FINISH_MSMCON));
}

/* What came into the folder after the cut bars the rename as it would have before. */
static void rename_cut_then_mail_came(void **state)
{
	struct finish_bench *bench = *state;
	struct server *server = finish_open(bench, false);
	struct engine *engine = finish_ready(bench, server);

	rename_stopped(bench, engine);
	support_write_text(finish_path(bench, FINISH_MSMCON "/MAILDATA/MBG/00000123.MBG"),
		"mail of today");
	talloc_free(engine);
	engine = finish_resumed(bench, server, RUN_AFTER);
	assert_true(finish_there(bench, FINISH_MSMCON));
	assert_non_null(strstr(engine_told(engine)->notes, "not set aside"));
	assert_int_not_equal(finish_end(bench), OLDFOLDER_IS_ASIDE);
}

static void deleted_by_name(void **state)
{
	struct finish_bench *bench = *state;
	struct engine *engine = finish_ready(bench, finish_open(bench, false));
	static const char *const wrong[] = { NULL, "", "MAIL", "mail1", "MAIL1 ", "yes" };
	json_t *report, *old;

	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++)
		assert_int_equal(engine_oldfolder(engine, &bench->survey_options, OLDFOLDER_DELETE,
					 wrong[i], true, &bench->err),
			-TROUBLE_USAGE);
	assert_true(finish_there(bench, FINISH_MSMCON "/BIN/Mt.exe"));
	assert_int_equal(finish_end(bench), OLDFOLDER_NOT_REACHED);
	assert_int_equal(engine_oldfolder(engine, &bench->survey_options, OLDFOLDER_DELETE, "MAIL1",
				 true, &bench->err),
		0);
	assert_false(finish_there(bench, FINISH_MSMCON));
	assert_true(finish_there(bench, "C/exchsrvr/CONNECT/MSEXCIMC/BIN/Msexcimc.exe"));
	assert_int_equal(finish_end(bench), OLDFOLDER_DELETED);
	report = finish_report(bench);
	old = json_object_get(report, "old_folder");
	assert_string_equal(json_string_value(json_object_get(old, "result")), "deleted");
	assert_string_equal(json_string_value(json_object_get(old, "operator")), "jsmith");
	assert_true(json_is_true(json_object_get(old, "mail_was_weak")));
	assert_true(json_integer_value(json_object_get(old, "files")) > 14);
	json_decref(report);
}

/* Stopped after a few, after half and before the last: the rest stands, and resuming finishes
 * it. */
static void deletion_cut(void **state)
{
	struct finish_bench *bench = *state;
	struct server *server = finish_open(bench, false);
	struct engine *engine = finish_ready(bench, server);
	json_t *report;
	json_int_t files = 0;
	char *text;

	for (size_t round = 0; round < 3; round++) {
		struct gates *gates;

		finish_gate(bench, engine, "contents", &gates);
		if (!files)
			files = (json_int_t)gates->files;
		bench->told = 0;
		bench->stop_at = round + 3;
		assert_int_equal(engine_oldfolder(engine, &bench->survey_options, OLDFOLDER_DELETE,
					 "MAIL1", true, &bench->err),
			-TROUBLE_STOPPED);
		bench->stop_at = 0;
		assert_int_equal(finish_end(bench), OLDFOLDER_CUT);
		assert_true(finish_there(bench, FINISH_MSMCON));
		talloc_free(engine);
		engine = finish_resumed(bench, server, RUN_AFTER);
		assert_int_equal(finish_end(bench), OLDFOLDER_CUT);
		/* What is left stands, and nobody calls it deleted for good. */
		assert_int_equal(engine_undo(bench, server, "last", &bench->options,
					 &(struct undo_options){ .dry_run = true }, &text,
					 &bench->err),
			0);
		assert_null(strstr(text, "deleted for good"));
		assert_non_null(strstr(text, "a part of it is gone"));
		assert_non_null(strstr(text, "C:\\exchsrvr\\CONNECT\\MSMCON"));
	}
	assert_int_equal(engine_oldfolder(engine, &bench->survey_options, OLDFOLDER_DELETE, "MAIL1",
				 true, &bench->err),
		0);
	assert_false(finish_there(bench, FINISH_MSMCON));
	assert_int_equal(finish_end(bench), OLDFOLDER_DELETED);
	report = finish_report(bench);
	assert_int_equal(json_integer_value(
				 json_object_get(json_object_get(report, "old_folder"), "files")),
		files);
	json_decref(report);
}

/* All gone, and only the record of that is missing. */
static void deletion_cut_at_the_end(void **state)
{
	struct finish_bench *bench = *state;
	struct server *server = finish_open(bench, false);
	struct engine *engine = finish_ready(bench, server);

	bench->told = 0;
	bench->stop_at = 2;
	assert_int_equal(engine_oldfolder(engine, &bench->survey_options, OLDFOLDER_DELETE, "MAIL1",
				 true, &bench->err),
		-TROUBLE_STOPPED);
	bench->stop_at = 0;
	talloc_free(engine);
	support_remove(finish_path(bench, FINISH_MSMCON));
	finish_resumed(bench, server, RUN_AFTER);
	assert_int_equal(finish_end(bench), OLDFOLDER_DELETED);
}

static void left(void **state)
{
	struct finish_bench *bench = *state;
	struct engine *engine = finish_carried(bench, finish_open(bench, false));

	assert_int_equal(engine_oldfolder(engine, &bench->survey_options, OLDFOLDER_LEAVE, NULL,
				 false, &bench->err),
		0);
	assert_int_equal(finish_end(bench), OLDFOLDER_LEFT);
	assert_true(finish_there(bench, FINISH_MSMCON));
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, finish_make, finish_free)
	const struct CMUnitTest tests[] = {
		CASE(file_differs),
		CASE(kept_file_is_another),
		CASE(bin_was_emptied),
		CASE(value_names_it),
		CASE(share_is_gone),
		CASE(mail_came),
		CASE(link_in_it),
		CASE(fifo_in_it),
		CASE(mail_not_tested),
		CASE(mail_failed),
		CASE(services_do_not_start),
		CASE(weakness_not_confirmed),
		CASE(evidence_of_others),
		CASE(another_folder_is_not_renamed),
		CASE(set_aside_and_back),
		CASE(rename_cut),
		CASE(rename_cut_then_mail_came),
		CASE(deleted_by_name),
		CASE(deletion_cut),
		CASE(deletion_cut_at_the_end),
		CASE(left),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

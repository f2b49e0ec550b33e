/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Step 5 on record, the pause, runs opened again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "report/report.h"
#include "run/engine_internal.h"
#include "tests/finish_bench.h"
#include "tests/support.h"

/* ---- step 5 ---- */

static void not_come_to_step_5(void **state)
{
	struct finish_bench *bench = *state;
	struct engine *engine = finish_carried(bench, finish_open(bench, false));
	json_t *report;

	assert_int_equal(finish_finish(bench, engine), 0);
	report = finish_report(bench);
	assert_int_equal(json_array_size(json_object_get(report, "mail")), 0);
	assert_string_equal(finish_text(report, "mail_weakest"), "not-tested");
	assert_string_equal(finish_text(json_object_get(report, "old_folder"), "result"),
		"not reached");
	json_decref(report);
	assert_non_null(strstr(finish_report_text(bench),
		"NOT TESTED. Whether mail flows was not seen by this run."));
}

static void attested(void **state)
{
	struct finish_bench *bench = *state;
	struct engine *engine = finish_carried(bench, finish_open(bench, false));
	json_t *report, *row;
	char *text;

	finish_attest(bench, engine);
	assert_int_equal(engine_oldfolder(engine, &bench->survey_options, OLDFOLDER_LEAVE, NULL,
				 false, &bench->err),
		0);
	assert_int_equal(finish_finish(bench, engine), 1);
	report = finish_report(bench);
	assert_int_equal(json_array_size(json_object_get(report, "mail")), 4);
	row = json_array_get(json_object_get(report, "mail"), 0);
	assert_string_equal(finish_text(row, "grade"), "attested");
	assert_string_equal(finish_text(row, "by"), "Jane Doe");
	assert_string_equal(finish_text(report, "mail_weakest"), "attested");
	assert_string_equal(finish_text(json_array_get(json_object_get(report, "steps"), 4),
				    "result"),
		"attested");
	assert_int_equal(json_integer_value(
				 json_object_get(json_array_get(json_object_get(report, "steps"),
							 4),
					 "made")),
		0);
	json_decref(report);
	text = finish_report_text(bench);
	assert_non_null(strstr(text, "ATTESTED by a person, not verified by this program."));
	assert_non_null(strstr(text, "Left where it is, by decision."));
	assert_null(strstr(text, "VERIFIED"));
}

static int appletalk_make(void **state)
{
	static const struct practice_edit edits[] = {
		{ .op = PRACTICE_REG_SET,
			.where = PRACTICE_IN_DEFAULT_SET,
			.path = "Services\\MSExchangeATMTA",
			.name = "Type",
			.type = REG_DWORD,
			.text = "0x10" },
		{ .op = PRACTICE_REG_SET,
			.where = PRACTICE_IN_DEFAULT_SET,
			.path = "Services\\MSExchangeATMTA",
			.name = "ImagePath",
			.type = REG_EXPAND_SZ,
			.text = "{default}\\bin\\mt.exe" },
		{ .op = PRACTICE_REG_SET,
			.where = PRACTICE_IN_DEFAULT_SET,
			.path = "Services\\MSExchangeATMTA\\Performance",
			.name = "Library",
			.type = REG_EXPAND_SZ,
			.text = "{default}\\bin\\mtperf.dll" },
	};

	return finish_make_with(state, edits, sizeof(edits) / sizeof(edits[0]));
}

/* The AppleTalk MTA carries mail between the same postoffice and the Macintosh side (Q171259): both
 * its directions are asked for. */
static void the_appletalk_mta_too(void **state)
{
	struct finish_bench *bench = *state;
	struct engine *engine = finish_carried(bench, finish_open(bench, false));
	struct evidence_list *list;
	struct gates *gates;

	assert_int_equal(engine_evidence(engine, &list, &bench->err), 0);
	assert_int_equal(list->count, 6);
	assert_non_null(evidence_find(list, "MSExchangeATMTA", MAIL_TO_MSMAIL));
	for (size_t i = 0; i < list->count; i++)
		if (strcmp(list->rows[i].pcmta, "MSExchangeATMTA") != 0)
			assert_int_equal(finish_say(bench, engine, &list->rows[i], true, "a", "b",
						 "seen as it should be"),
				0);
	assert_int_equal(engine_gates(engine, bench, &bench->survey_options, &gates, &bench->err),
		0);
	assert_true(gates->leave_only);
	for (size_t i = 0; i < gates->count; i++)
		if (!strcmp(gates->gates[i].id, "mail-flow"))
			assert_non_null(strstr(gates->gates[i].detail, "MSExchangeATMTA"));
}

static void weakest_counts(void **state)
{
	struct finish_bench *bench = *state;
	struct engine *engine = finish_carried(bench, finish_open(bench, false));
	struct evidence_list *list;

	assert_int_equal(engine_evidence(engine, &list, &bench->err), 0);
	assert_int_equal(finish_say(bench, engine, &list->rows[0], true, "a", "b",
				 "seen as it should be"),
		0);
	finish_finish(bench, engine);
	assert_non_null(strstr(finish_report_text(bench), "NOT TESTED as a whole."));
	assert_int_equal(finish_say(bench, engine, &list->rows[1], false, "a", "b",
				 "nothing came at all"),
		0);
	finish_finish(bench, engine);
	assert_non_null(strstr(finish_report_text(bench), "FAILED. Somebody looked"));
}

/* There nobody needs to say that mail came: both mailboxes can be read (tests/test_mail_run.c). */
static void practice_is_simulated(void **state)
{
	struct finish_bench *bench = *state;
	struct engine *engine = finish_carried(bench, finish_open(bench, true));
	struct evidence_list *list;
	char *text;

	assert_int_equal(engine_evidence(engine, &list, &bench->err), 0);
	assert_int_equal(finish_say(bench, engine, &list->rows[0], true, "Jane Doe", "M SMITH",
				 "the very subject, at noon"),
		-TROUBLE_CANNOT);
	assert_int_equal(list->rows[0].grade, MAIL_NOT_TESTED);
	finish_finish(bench, engine);
	text = finish_report_text(bench);
	assert_non_null(strstr(text, "NOT TESTED. Whether mail flows"));
	assert_non_null(strstr(text, "PRACTICE"));
}

/* What is typed may hold any byte; it is shown, never obeyed, and the record stays whole. */
static void bytes_of_a_terminal(void **state)
{
	struct finish_bench *bench = *state;
	struct server *server = finish_open(bench, false);
	struct engine *engine = finish_carried(bench, server);
	struct evidence_list *list;

	assert_int_equal(engine_evidence(engine, &list, &bench->err), 0);
	assert_int_equal(finish_say(bench, engine, &list->rows[0], true, "\xff", "b",
				 "seen by nobody"),
		-TROUBLE_USAGE);
	assert_int_equal(finish_say(bench, engine, &list->rows[0], true, "J\xff", "\x1b[2J",
				 "seen \xc3\x28 and more\n"),
		0);
	assert_int_equal(finish_say(bench, engine, &list->rows[1], true, "J", "b", "too short"),
		-TROUBLE_USAGE);
	assert_int_equal(list->rows[1].grade, MAIL_NOT_TESTED);
	talloc_free(engine);
	engine = finish_resumed(bench, server, RUN_AFTER);
	assert_int_equal(engine_evidence(engine, &list, &bench->err), 0);
	assert_string_equal(list->rows[0].mailbox, "\\x1b[2J");
}

/* Another start, the same tokens: a message sent before is still known. */
static void tokens_stay(void **state)
{
	struct finish_bench *bench = *state;
	struct server *server = finish_open(bench, false);
	struct engine *engine = finish_carried(bench, server);
	struct evidence_list *list;
	char *text, *token;

	assert_int_equal(engine_pause(engine, bench, &text, &bench->err), 0);
	assert_int_equal(engine_evidence(engine, &list, &bench->err), 0);
	token = talloc_strdup(bench, list->rows[3].token);
	assert_non_null(strstr(text, token));
	talloc_free(engine);
	engine = finish_resumed(bench, server, RUN_AFTER);
	assert_int_equal(engine_evidence(engine, &list, &bench->err), 0);
	assert_int_equal(list->count, 4);
	assert_string_equal(list->rows[3].token, token);
}

/* What a person must do before mail can flow stands in what is taken along. */
static void services_are_said(void **state)
{
	struct finish_bench *bench = *state;
	struct server *server = finish_open(bench, false);
	char *text;

	finish_value(bench, server, "SYSTEM\\ControlSet001\\Services\\MSExchangeMSMI", "Start",
		regdata_from_dword(bench, 4));
	assert_int_equal(engine_pause(finish_carried(bench, server), bench, &text, &bench->err), 0);
	assert_non_null(strstr(text, "MSExchangeMSMI: It is disabled"));
	assert_non_null(strstr(text, "Set it to automatic or manual"));
}

/* A name that the operator struck stays struck, whoever goes on. */
static void struck_stays_struck(void **state)
{
	struct finish_bench *bench = *state;
	const char *exclude[] = { FINISH_LEGACY, NULL };
	struct server *server = finish_open(bench, false);
	struct evidence_list *list;
	const struct survey *survey;
	struct engine *engine;

	bench->survey_options.pcmta_exclude = exclude;
	engine = finish_carried(bench, server);
	bench->survey_options.pcmta_exclude = NULL;
	talloc_free(engine);
	engine = finish_resumed(bench, server, RUN_AFTER);
	assert_int_equal(engine_evidence(engine, &list, &bench->err), 0);
	assert_int_equal(list->count, 2);
	assert_string_equal(list->rows[0].pcmta, FINISH_VANCOUVER);
	assert_int_equal(engine_survey(engine, bench, &bench->survey_options, &survey, &bench->err),
		0);
	assert_int_equal(survey->pcmta_count, 1);
	assert_int_equal(finish_finish(bench, engine), 1);
}

/* ---- opened again ---- */

static void decided_stays_decided(void **state)
{
	struct finish_bench *bench = *state;
	struct server *server = finish_open(bench, false);
	struct engine *engine = finish_begun(bench, server);
	const char *id = "registry/MSExchangeMSMI\\ImagePath";
	struct reg_data *edited = regdata_from_string(bench, REG_EXPAND_SZ,
		"E:\\exchsrvr\\connect\\msmcon\\BIN\\MT.EXE");
	struct plan_row *row;

	assert_int_equal(engine_backup(engine, &bench->err), 0);
	if (engine_decide(engine, id, DECISION_CHANGE, edited, &bench->err))
		fail_msg("%s", bench->err.text);
	assert_int_equal(engine_leave(engine, &bench->err), 0);
	talloc_free(engine);
	engine = finish_resumed(bench, server, RUN_DECIDING);
	assert_int_equal(engine_told(engine)->reset, 0);
	row = plan_find(engine_plan(engine), id);
	assert_int_equal(row->decision, DECISION_CHANGE);
	assert_true(regdata_equal(row->edited, edited));
	assert_int_equal(plan_find(engine_plan(engine), "share/Maildat$")->decision,
		DECISION_CHANGE);
	assert_int_equal(engine_carry_out(engine, &bench->err), 0);
	assert_int_equal(finish_finish(bench, engine), 0);
}

static void the_world_moved(void **state)
{
	struct finish_bench *bench = *state;
	struct server *server = finish_open(bench, false);
	struct engine *engine = finish_begun(bench, server);

	assert_int_equal(engine_backup(engine, &bench->err), 0);
	talloc_free(engine);
	support_write_text(finish_path(bench, "E/exchsrvr/connect/msmcon/bin/mtperf.dll"),
		"somebody else was here");
	finish_value(bench, server, "SYSTEM\\ControlSet001\\Services\\MSExchangeMSMI", "ImagePath",
		regdata_from_string(bench, REG_EXPAND_SZ,
			"E:\\exchsrvr\\connect\\msmcon\\bin\\other.exe"));
	engine = finish_resumed(bench, server, RUN_DECIDING);
	assert_int_equal(engine_told(engine)->reset, 2);
	assert_int_equal(plan_find(engine_plan(engine), "file/Bin\\mtperf.dll")->decision,
		DECISION_UNDECIDED);
	/* The rest can be carried out all the same. */
	if (engine_carry_out(engine, &bench->err))
		fail_msg("%s", bench->err.text);
	assert_int_equal(finish_finish(bench, engine), 1);
}

static void carried_half(void **state)
{
	struct finish_bench *bench = *state;
	struct server *server = finish_open(bench, false);
	struct engine *engine = finish_begun(bench, server);

	assert_int_equal(engine_backup(engine, &bench->err), 0);
	bench->told = 0;
	bench->stop_at = 14;
	assert_int_equal(engine_carry_out(engine, &bench->err), -TROUBLE_STOPPED);
	bench->stop_at = 0;
	talloc_free(engine);
	engine = finish_resumed(bench, server, RUN_AFTER);
	assert_int_equal(finish_finish(bench, engine), 0);
}

static void not_begun(void **state)
{
	struct finish_bench *bench = *state;
	struct server *server = finish_open(bench, false);
	struct engine *engine;
	enum run_stage stage;
	char *text;

	talloc_free(finish_carried(bench, server));
	assert_int_equal(engine_undo(bench, server, "last", &bench->options,
				 &(struct undo_options){ 0 }, &text, &bench->err),
		0);
	assert_int_equal(engine_resume(bench, server, "last", &bench->options,
				 &bench->survey_options, &engine, &stage, &bench->err),
		0);
	assert_int_equal(stage, RUN_UNDONE);
	assert_non_null(strstr(engine_told(engine)->idle, "nothing to resume"));
}

/* A run on a practice server that was made for one call belongs to no other, however alike they
 * are. */
static void a_passing_server_is_gone(void **state)
{
	struct finish_bench *bench = *state;
	struct server *server = finish_open(bench, true);
	struct engine *engine;
	enum run_stage stage;
	char *text;

	server->caps |= SERVER_TEMPORARY;
	talloc_free(finish_carried(bench, server));
	talloc_free(finish_resumed(bench, server, RUN_AFTER));
	server->caps &= ~(unsigned)SERVER_TEMPORARY;
	assert_int_equal(engine_resume(bench, server, "last", &bench->options,
				 &bench->survey_options, &engine, &stage, &bench->err),
		-TROUBLE_OTHER_SERVER);
	assert_non_null(strstr(bench->err.text, "gone"));
	assert_int_equal(engine_undo(bench, server, "last", &bench->options,
				 &(struct undo_options){ 0 }, &text, &bench->err),
		-TROUBLE_OTHER_SERVER);
}

/* A record in which a file's row carries the change of a value: it does not fit the server, so it
 * is not taken over. */
static void a_decision_about_another_change_is_refused(void **state)
{
	struct finish_bench *bench = *state;
	struct server *server = finish_open(bench, false);
	struct engine *engine = finish_begun(bench, server);
	enum run_stage stage;
	struct change foreign =
		*engine_decided(engine, "registry/MSExchangeMSMI\\ImagePath")->change;

	foreign.id = engine_decided(engine, "file/Bin\\mt.exe")->id;
	assert_int_equal(record_decision(engine, foreign.id, DECISION_CHANGE, &foreign, NULL, true,
				 &bench->err),
		0);
	talloc_free(engine);
	assert_int_equal(engine_resume(bench, server, "last", &bench->options,
				 &bench->survey_options, &engine, &stage, &bench->err),
		-TROUBLE_PLAN_FOREIGN);
	assert_non_null(strstr(bench->err.text, "mt.exe"));
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, finish_make, finish_free)
	const struct CMUnitTest tests[] = {
		CASE(not_come_to_step_5),
		CASE(attested),
		cmocka_unit_test_setup_teardown(the_appletalk_mta_too, appletalk_make, finish_free),
		CASE(weakest_counts),
		CASE(practice_is_simulated),
		CASE(bytes_of_a_terminal),
		CASE(tokens_stay),
		CASE(services_are_said),
		CASE(struck_stays_struck),
		CASE(decided_stays_decided),
		CASE(the_world_moved),
		CASE(carried_half),
		CASE(not_begun),
		CASE(a_decision_about_another_change_is_refused),
		CASE(a_passing_server_is_gone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

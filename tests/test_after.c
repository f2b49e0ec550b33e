/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Step 5 on record, the pause, runs opened again, and the services around the outage. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "report/report.h"
#include "run/engine_internal.h"
#include "tests/later_bench.h"
#include "tests/support.h"

#define MSMI "MSExchangeMSMI"

static const char *text_of(const json_t *object, const char *member)
{
	const char *text = json_string_value(json_object_get(object, member));

	return text ? text : "";
}

static char *report_of(struct later *later)
{
	struct runfolder *run;
	struct report *report;
	char *text;

	assert_int_equal(runfolder_open(later, later->runs, "last", false, &run, &later->err), 0);
	assert_int_equal(report_read(run, run, NULL, &report, &later->err), 0);
	text = report_text(later, report);
	talloc_free(run);
	return text;
}

static int finish(struct later *later, struct engine *engine)
{
	int code = -1;

	if (engine_finish(engine, &later->look, &code, &later->err))
		fail_msg("%s", later->err.text);
	return code;
}

/* ---- step 5 ---- */

static void not_come_to_step_5(void **state)
{
	struct later *later = *state;
	struct engine *engine = later_carried(later, later_open(later, false));
	json_t *report;

	assert_int_equal(finish(later, engine), 0);
	report = later_report(later);
	assert_int_equal(json_array_size(json_object_get(report, "mail")), 0);
	assert_string_equal(text_of(report, "mail_weakest"), "not-tested");
	assert_string_equal(text_of(json_object_get(report, "old_folder"), "result"), "not reached");
	json_decref(report);
	assert_non_null(strstr(report_of(later), "NOT TESTED. Whether mail flows was not seen by this run."));
}

static void attested(void **state)
{
	struct later *later = *state;
	struct engine *engine = later_carried(later, later_open(later, false));
	json_t *report, *row;
	char *text;

	later_attest(later, engine);
	assert_int_equal(engine_oldfolder(engine, &later->look, OLDFOLDER_LEAVE, NULL, false, &later->err), 0);
	assert_int_equal(finish(later, engine), 1);
	report = later_report(later);
	assert_int_equal(json_array_size(json_object_get(report, "mail")), 4);
	row = json_array_get(json_object_get(report, "mail"), 0);
	assert_string_equal(text_of(row, "grade"), "attested");
	assert_string_equal(text_of(row, "by"), "Jane Doe");
	assert_string_equal(text_of(report, "mail_weakest"), "attested");
	assert_string_equal(text_of(json_array_get(json_object_get(report, "steps"), 4), "result"), "attested");
	assert_int_equal(json_integer_value(json_object_get(json_array_get(json_object_get(report, "steps"), 4), "made")), 0);
	json_decref(report);
	text = report_of(later);
	assert_non_null(strstr(text, "ATTESTED by a person, not verified by this program."));
	assert_non_null(strstr(text, "Left where it is, by decision."));
	assert_null(strstr(text, "VERIFIED"));
}

static int appletalk_make(void **state)
{
	static const struct practice_twist twists[] = {
		{ .op = PRACTICE_REG_SET, .where = PRACTICE_IN_DEFAULT_SET, .path = "Services\\MSExchangeATMTA", .name = "Type",
		  .type = REG_DWORD, .text = "0x10" },
		{ .op = PRACTICE_REG_SET, .where = PRACTICE_IN_DEFAULT_SET, .path = "Services\\MSExchangeATMTA", .name = "ImagePath",
		  .type = REG_EXPAND_SZ, .text = "{default}\\bin\\mt.exe" },
		{ .op = PRACTICE_REG_SET, .where = PRACTICE_IN_DEFAULT_SET, .path = "Services\\MSExchangeATMTA\\Performance",
		  .name = "Library", .type = REG_EXPAND_SZ, .text = "{default}\\bin\\mtperf.dll" },
	};

	return later_make_with(state, twists, sizeof(twists) / sizeof(twists[0]));
}

/* The AppleTalk MTA carries mail between the same postoffice and the Macintosh side (Q171259): both its directions are asked for. */
static void the_appletalk_mta_too(void **state)
{
	struct later *later = *state;
	struct engine *engine = later_carried(later, later_open(later, false));
	struct evidence_list *list;
	struct gates *gates;

	assert_int_equal(engine_evidence(engine, &list, &later->err), 0);
	assert_int_equal(list->count, 6);
	assert_non_null(evidence_find(list, "MSExchangeATMTA", MAIL_TO_MSMAIL));
	for (size_t i = 0; i < list->count; i++)
		if (strcmp(list->rows[i].pcmta, "MSExchangeATMTA") != 0)
			assert_int_equal(engine_attest(engine, &list->rows[i], true, "a", "b", "seen as it should be", &later->err), 0);
	assert_int_equal(engine_gates(engine, later, &later->look, &gates, &later->err), 0);
	assert_true(gates->leave_only);
	for (size_t i = 0; i < gates->count; i++)
		if (!strcmp(gates->gates[i].id, "mail-flow"))
			assert_non_null(strstr(gates->gates[i].detail, "MSExchangeATMTA"));
}

static void weakest_counts(void **state)
{
	struct later *later = *state;
	struct engine *engine = later_carried(later, later_open(later, false));
	struct evidence_list *list;

	assert_int_equal(engine_evidence(engine, &list, &later->err), 0);
	assert_int_equal(engine_attest(engine, &list->rows[0], true, "a", "b", "seen as it should be", &later->err), 0);
	finish(later, engine);
	assert_non_null(strstr(report_of(later), "NOT TESTED as a whole."));
	assert_int_equal(engine_attest(engine, &list->rows[1], false, "a", "b", "nothing came at all", &later->err), 0);
	finish(later, engine);
	assert_non_null(strstr(report_of(later), "FAILED. Somebody looked"));
}

static void practice_is_simulated(void **state)
{
	struct later *later = *state;
	struct engine *engine = later_carried(later, later_open(later, true));
	char *text;

	later_attest(later, engine);
	finish(later, engine);
	text = report_of(later);
	assert_non_null(strstr(text, "SIMULATED: ATTESTED by a person"));
	assert_non_null(strstr(text, "PRACTICE"));
}

/* What is typed may hold any byte; it is shown, never obeyed, and the record stays whole. */
static void bytes_of_a_terminal(void **state)
{
	struct later *later = *state;
	struct server *server = later_open(later, false);
	struct engine *engine = later_carried(later, server);
	struct evidence_list *list;

	assert_int_equal(engine_evidence(engine, &list, &later->err), 0);
	assert_int_equal(engine_attest(engine, &list->rows[0], true, "\xff", "b", "seen by nobody", &later->err), -TROUBLE_USAGE);
	assert_int_equal(engine_attest(engine, &list->rows[0], true, "J\xff", "\x1b[2J", "seen \xc3\x28 and more\n", &later->err), 0);
	assert_int_equal(engine_attest(engine, &list->rows[1], true, "J", "b", "too short", &later->err), -TROUBLE_USAGE);
	assert_int_equal(list->rows[1].grade, MAIL_NOT_TESTED);
	talloc_free(engine);
	engine = later_reopened(later, server, RUN_AFTER);
	assert_int_equal(engine_evidence(engine, &list, &later->err), 0);
	assert_string_equal(list->rows[0].mailbox, "\\x1b[2J");
}

/* Another start, the same tokens: a message sent before is still known. */
static void tokens_stay(void **state)
{
	struct later *later = *state;
	struct server *server = later_open(later, false);
	struct engine *engine = later_carried(later, server);
	struct evidence_list *list;
	char *text, *token;

	assert_int_equal(engine_pause(engine, later, &text, &later->err), 0);
	assert_int_equal(engine_evidence(engine, &list, &later->err), 0);
	token = talloc_strdup(later, list->rows[3].token);
	assert_non_null(strstr(text, token));
	talloc_free(engine);
	engine = later_reopened(later, server, RUN_AFTER);
	assert_int_equal(engine_evidence(engine, &list, &later->err), 0);
	assert_int_equal(list->count, 4);
	assert_string_equal(list->rows[3].token, token);
}

/* What a person must do before mail can flow stands in what is taken along. */
static void services_are_said(void **state)
{
	struct later *later = *state;
	struct server *server = later_open(later, false);
	char *text;

	later_value(later, server, "SYSTEM\\ControlSet001\\Services\\MSExchangeMSMI", "Start", regdata_from_dword(later, 4));
	assert_int_equal(engine_pause(later_carried(later, server), later, &text, &later->err), 0);
	assert_non_null(strstr(text, "MSExchangeMSMI: It is disabled"));
	assert_non_null(strstr(text, "Set it to automatic or manual"));
}

/* A name that the operator struck stays struck, whoever goes on. */
static void struck_stays_struck(void **state)
{
	struct later *later = *state;
	const char *strike[] = { LATER_LEGACY, NULL };
	struct server *server = later_open(later, false);
	struct evidence_list *list;
	const struct survey *survey;
	struct engine *engine;

	later->look.pcmta_strike = strike;
	engine = later_carried(later, server);
	later->look.pcmta_strike = NULL;
	talloc_free(engine);
	engine = later_reopened(later, server, RUN_AFTER);
	assert_int_equal(engine_evidence(engine, &list, &later->err), 0);
	assert_int_equal(list->count, 2);
	assert_string_equal(list->rows[0].pcmta, LATER_VANCOUVER);
	assert_int_equal(engine_survey(engine, later, &later->look, &survey, &later->err), 0);
	assert_int_equal(survey->pcmta_count, 1);
	assert_int_equal(finish(later, engine), 1);
}

/* ---- opened again ---- */

static void decided_stays_decided(void **state)
{
	struct later *later = *state;
	struct server *server = later_open(later, false);
	struct engine *engine = later_begun(later, server);
	const char *id = "registry/MSExchangeMSMI\\ImagePath";
	struct reg_data *edited = regdata_from_string(later, REG_EXPAND_SZ, "E:\\exchsrvr\\connect\\msmcon\\BIN\\MT.EXE");
	struct plan_row *row;

	assert_int_equal(engine_backup(engine, &later->err), 0);
	if (engine_decide(engine, id, DECISION_CHANGE, edited, &later->err))
		fail_msg("%s", later->err.text);
	assert_int_equal(engine_leave(engine, &later->err), 0);
	talloc_free(engine);
	engine = later_reopened(later, server, RUN_DECIDING);
	assert_int_equal(engine_told(engine)->reset, 0);
	row = plan_find(engine_plan(engine), id);
	assert_int_equal(row->decision, DECISION_CHANGE);
	assert_true(regdata_equal(row->edited, edited));
	assert_int_equal(plan_find(engine_plan(engine), "share/Maildat$")->decision, DECISION_CHANGE);
	assert_int_equal(engine_carry_out(engine, &later->err), 0);
	assert_int_equal(finish(later, engine), 0);
}

static void the_world_moved(void **state)
{
	struct later *later = *state;
	struct server *server = later_open(later, false);
	struct engine *engine = later_begun(later, server);

	assert_int_equal(engine_backup(engine, &later->err), 0);
	talloc_free(engine);
	support_write_text(later_path(later, "E/exchsrvr/connect/msmcon/bin/mtperf.dll"), "somebody else was here");
	later_value(later, server, "SYSTEM\\ControlSet001\\Services\\MSExchangeMSMI", "ImagePath",
		    regdata_from_string(later, REG_EXPAND_SZ, "E:\\exchsrvr\\connect\\msmcon\\bin\\other.exe"));
	engine = later_reopened(later, server, RUN_DECIDING);
	assert_int_equal(engine_told(engine)->reset, 2);
	assert_int_equal(plan_find(engine_plan(engine), "file/Bin\\mtperf.dll")->decision, DECISION_UNDECIDED);
	/* The rest can be carried out all the same. */
	if (engine_carry_out(engine, &later->err))
		fail_msg("%s", later->err.text);
	assert_int_equal(finish(later, engine), 1);
}

static void carried_half(void **state)
{
	struct later *later = *state;
	struct server *server = later_open(later, false);
	struct engine *engine = later_begun(later, server);

	assert_int_equal(engine_backup(engine, &later->err), 0);
	later->told = 0;
	later->stop_at = 14;
	assert_int_equal(engine_carry_out(engine, &later->err), -TROUBLE_STOPPED);
	later->stop_at = 0;
	talloc_free(engine);
	engine = later_reopened(later, server, RUN_AFTER);
	assert_int_equal(finish(later, engine), 0);
}

static void not_begun(void **state)
{
	struct later *later = *state;
	struct server *server = later_open(later, false);
	struct engine *engine;
	enum run_stage stage;
	char *text;

	talloc_free(later_carried(later, server));
	assert_int_equal(engine_undo(later, server, "last", &later->options, &(struct undo_options){ 0 }, &text, &later->err), 0);
	assert_int_equal(engine_resume(later, server, "last", &later->options, &later->look, &engine, &stage, &later->err), 0);
	assert_int_equal(stage, RUN_UNDONE);
	assert_non_null(strstr(engine_told(engine)->idle, "nothing to resume"));
}

/* A run on a practice server that was made for one call belongs to no other, however alike they are. */
static void a_passing_server_is_gone(void **state)
{
	struct later *later = *state;
	struct server *server = later_open(later, true);
	struct engine *engine;
	enum run_stage stage;
	char *text;

	server->caps |= SERVER_PASSING;
	talloc_free(later_carried(later, server));
	talloc_free(later_reopened(later, server, RUN_AFTER));
	server->caps &= ~(unsigned)SERVER_PASSING;
	assert_int_equal(engine_resume(later, server, "last", &later->options, &later->look, &engine, &stage, &later->err), -TROUBLE_OTHER_SERVER);
	assert_non_null(strstr(later->err.text, "gone"));
	assert_int_equal(engine_undo(later, server, "last", &later->options, &(struct undo_options){ 0 }, &text, &later->err), -TROUBLE_OTHER_SERVER);
}

/* A record in which a file's row carries the change of a value: it does not fit the server, so it is not taken over. */
static void decided_as_another_kind(void **state)
{
	struct later *later = *state;
	struct server *server = later_open(later, false);
	struct engine *engine = later_begun(later, server);
	struct change foreign = *engine_decided(engine, "registry/MSExchangeMSMI\\ImagePath")->change;

	foreign.id = engine_decided(engine, "file/Bin\\mt.exe")->id;
	assert_int_equal(record_decision(engine, foreign.id, DECISION_CHANGE, &foreign, NULL, true, &later->err), 0);
	talloc_free(engine);
	engine = later_reopened(later, server, RUN_DECIDING);
	assert_int_equal(plan_find(engine_plan(engine), "file/Bin\\mt.exe")->decision, DECISION_UNDECIDED);
	assert_int_equal(plan_find(engine_plan(engine), "registry/MSExchangeMSMI\\ImagePath")->decision, DECISION_CHANGE);
	assert_int_equal(engine_told(engine)->reset, 1);
}

/* ---- services ---- */

static void start(struct later *later, struct server *server, const char *name)
{
	if (server->ops->service_set(server, name, SERVICE_RUNNING, &later->err))
		fail_msg("%s", later->err.text);
}

static void all_start(struct later *later, struct server *server)
{
	start(later, server, MSMI);
	start(later, server, LATER_VANCOUVER);
	start(later, server, LATER_LEGACY);
}

/* "-A -B +B +A": what was stopped and started, as the journal has it. */
static char *services_told(struct later *later)
{
	char *told = talloc_strdup(later, "");
	struct journal *journal;
	struct runfolder *run;

	assert_int_equal(runfolder_open(later, later->runs, "last", false, &run, &later->err), 0);
	assert_int_equal(journal_open(later, run, &journal, &later->err), 0);
	for (size_t i = 0; i < journal_count(journal); i++) {
		const json_t *entry = journal_entry(journal, i);

		if (entry_is(entry, JOURNAL_SERVICE))
			told = talloc_asprintf_append(told, "%s%s ", strcmp(text_of(entry, "to"), "stopped") ? "+" : "-", text_of(entry, "name"));
	}
	talloc_free(run);
	return told;
}

/* How many progress calls saw the Interchange running, and how many stopped, while files were there old or new. */
struct seen {
	size_t running, stopped;
};

static void look_at_services(struct later *later)
{
	struct seen *seen = later->seen;

	if (later_service(later, later->server, MSMI) == SERVICE_RUNNING)
		seen->running++;
	else
		seen->stopped++;
}

static void stopped_for_the_switch(void **state)
{
	struct later *later = *state;
	struct server *server = later_open(later, true);
	struct seen seen = { 0, 0 };
	struct engine *engine;

	all_start(later, server);
	engine = later_begun(later, server);
	assert_int_equal(engine_backup(engine, &later->err), 0);
	later->server = server;
	later->seen = &seen;
	later->tick = look_at_services;
	assert_int_equal(engine_carry_out(engine, &later->err), 0);
	/* Files are staged while mail still flows, and switched in while it does not. */
	assert_true(seen.running > 0);
	assert_true(seen.stopped > 0);
	assert_false(engine_services_down(engine));
	assert_null(engine_told(engine)->services_note);
	assert_int_equal(later_service(later, server, MSMI), SERVICE_RUNNING);
	assert_int_equal(later_service(later, server, LATER_LEGACY), SERVICE_RUNNING);
	assert_string_equal(services_told(later), "-" LATER_LEGACY " -" LATER_VANCOUVER " -" MSMI " +" MSMI " +" LATER_VANCOUVER " +" LATER_LEGACY " ");
	assert_non_null(strstr(report_of(later), MSMI ": stopped"));
}

static void only_what_ran(void **state)
{
	struct later *later = *state;
	struct server *server = later_open(later, true);

	start(later, server, MSMI);
	talloc_free(later_carried(later, server));
	assert_string_equal(services_told(later), "-" MSMI " +" MSMI " ");
	assert_int_equal(later_service(later, server, LATER_LEGACY), SERVICE_STOPPED);
}

static void none_ran(void **state)
{
	struct later *later = *state;
	struct server *server = later_open(later, true);
	struct engine *engine = later_carried(later, server);

	assert_string_equal(services_told(later), "");
	/* By the operator's word. */
	if (engine_services_start(engine, &later->err))
		fail_msg("%s", later->err.text);
	assert_int_equal(later_service(later, server, MSMI), SERVICE_RUNNING);
	assert_int_equal(later_service(later, server, LATER_VANCOUVER), SERVICE_RUNNING);
}

static int (*real_set)(struct server *, const char *, enum service_state, struct error *);

static int set_stuck(struct server *server, const char *name, enum service_state state, struct error *err)
{
	if (!strcmp(name, MSMI) && state == SERVICE_STOPPED)
		return error_set(err, TROUBLE_CANNOT, "The service MSExchangeMSMI hangs.");
	return real_set(server, name, state, err);
}

static int set_dead(struct server *server, const char *name, enum service_state state, struct error *err)
{
	if (!strcmp(name, LATER_VANCOUVER) && state == SERVICE_RUNNING)
		return error_set(err, TROUBLE_CANNOT, "The service does not start.");
	return real_set(server, name, state, err);
}

static void services_by(struct server *server, int (*set)(struct server *, const char *, enum service_state, struct error *))
{
	if (server->ops->service_set != set_stuck && server->ops->service_set != set_dead)
		real_set = server->ops->service_set;
	((struct server_ops *)(uintptr_t)server->ops)->service_set = set;
}

static void one_does_not_stop(void **state)
{
	struct later *later = *state;
	struct server *server = later_open(later, true);
	struct engine *engine;
	const struct survey *survey;

	all_start(later, server);
	engine = later_begun(later, server);
	assert_int_equal(engine_backup(engine, &later->err), 0);
	services_by(server, set_stuck);
	assert_int_equal(engine_carry_out(engine, &later->err), -TROUBLE_CANNOT);
	assert_non_null(strstr(later->err.text, "hangs"));
	assert_int_equal(later_service(later, server, LATER_VANCOUVER), SERVICE_RUNNING);
	assert_int_equal(later_service(later, server, MSMI), SERVICE_RUNNING);
	assert_false(engine_services_down(engine));
	assert_int_equal(survey_make(later, server, &later->look, &survey, &later->err), 0);
	assert_int_equal(survey_finding(survey, "registry/MSExchangeMSMI\\ImagePath")->state, FINDING_WRONG);
	assert_int_equal(survey_finding(survey, "file/Bin\\mt.exe")->state, FINDING_WRONG);
	/* Once it can be stopped, the same run goes on. */
	services_by(server, real_set);
	assert_int_equal(engine_carry_out(engine, &later->err), 0);
}

/* The repair stands; what does not start is told, and owed to the server until it does. */
static void one_does_not_start(void **state)
{
	struct later *later = *state;
	struct server *server = later_open(later, true);
	struct engine *engine;

	all_start(later, server);
	services_by(server, set_dead);
	engine = later_carried(later, server);
	assert_true(engine_services_down(engine));
	assert_string_equal(engine_told(engine)->services_note, "The service does not start.");
	assert_int_equal(later_service(later, server, MSMI), SERVICE_RUNNING);
	assert_int_equal(later_service(later, server, LATER_LEGACY), SERVICE_RUNNING);
	assert_int_equal(engine_services_start(engine, &later->err), -TROUBLE_CANNOT);
	talloc_free(engine);
	services_by(server, real_set);
	engine = later_reopened(later, server, RUN_AFTER);
	assert_false(engine_services_down(engine));
	assert_int_equal(later_service(later, server, LATER_VANCOUVER), SERVICE_RUNNING);
}

static enum run_state last_state(struct later *later)
{
	struct runfolder *run;
	struct journal *journal;

	assert_int_equal(runfolder_open(later, later->runs, "last", false, &run, &later->err), 0);
	assert_int_equal(journal_open(later, run, &journal, &later->err), 0);
	return journal_state(journal);
}

/* A run that has come to its end still owes what it could not start, and stays at its end. */
static void one_starts_later(void **state)
{
	struct later *later = *state;
	struct server *server = later_open(later, true);
	struct engine *engine;
	const char *idle;
	int code;

	all_start(later, server);
	services_by(server, set_dead);
	engine = later_carried(later, server);
	code = finish(later, engine);
	talloc_free(engine);
	for (int dead = 1; dead >= 0; dead--) {
		enum run_stage stage;

		services_by(server, dead ? set_dead : real_set);
		assert_int_equal(engine_resume(later, server, "last", &later->options, NULL, &engine, &stage, &later->err), 0);
		idle = engine_told(engine)->idle;
		assert_non_null(strstr(idle, "nothing to resume"));
		assert_true(!strstr(idle, "does not start") == !dead);
		assert_int_equal(engine_told(engine)->idle_exit, code);
		assert_int_equal(engine_services_down(engine), dead);
		assert_int_equal(last_state(later), STATE_DONE);
		talloc_free(engine);
	}
	assert_int_equal(later_service(later, server, LATER_VANCOUVER), SERVICE_RUNNING);
}

/* The same where everything was put back. */
static void one_starts_after_an_undo(void **state)
{
	struct later *later = *state;
	struct server *server = later_open(later, true);
	char *text;

	all_start(later, server);
	services_by(server, set_dead);
	talloc_free(later_carried(later, server));
	assert_int_equal(engine_undo(later, server, "last", &later->options, &(struct undo_options){ 0 }, &text, &later->err), 0);
	assert_non_null(strstr(text, "does not start"));
	assert_int_equal(last_state(later), STATE_UNDONE);
	services_by(server, real_set);
	assert_int_equal(engine_undo(later, server, "last", &later->options, &(struct undo_options){ 0 }, &text, &later->err), 0);
	assert_int_equal(last_state(later), STATE_UNDONE);
	assert_int_equal(later_service(later, server, LATER_VANCOUVER), SERVICE_RUNNING);
}

static void around_an_undo(void **state)
{
	struct later *later = *state;
	struct server *server = later_open(later, true);
	char *text;

	talloc_free(later_carried(later, server));
	all_start(later, server);
	assert_int_equal(engine_undo(later, server, "last", &later->options, &(struct undo_options){ 0 }, &text, &later->err), 0);
	assert_int_equal(later_service(later, server, MSMI), SERVICE_RUNNING);
	assert_non_null(strstr(services_told(later), "-" MSMI " +" MSMI));
}

static void none_on_disks(void **state)
{
	struct later *later = *state;
	struct engine *engine = later_carried(later, later_open(later, false));

	assert_false(engine_services_down(engine));
	assert_string_equal(services_told(later), "");
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, later_make, later_free)
	const struct CMUnitTest tests[] = {
		CASE(not_come_to_step_5), CASE(attested),
		cmocka_unit_test_setup_teardown(the_appletalk_mta_too, appletalk_make, later_free),
		CASE(weakest_counts), CASE(practice_is_simulated), CASE(bytes_of_a_terminal),
		CASE(tokens_stay), CASE(services_are_said), CASE(decided_stays_decided), CASE(the_world_moved), CASE(carried_half),
		CASE(tokens_stay), CASE(struck_stays_struck), CASE(decided_stays_decided), CASE(the_world_moved), CASE(carried_half),
		CASE(not_begun), CASE(decided_as_another_kind), CASE(a_passing_server_is_gone), CASE(stopped_for_the_switch),
		CASE(only_what_ran), CASE(none_ran), CASE(one_does_not_stop),
		CASE(one_does_not_start), CASE(one_starts_later), CASE(one_starts_after_an_undo), CASE(around_an_undo), CASE(none_on_disks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/finish_bench.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/text.h"
#include "report/report.h"
#include "server/disks.h"
#include "practice/practice.h"
#include "tests/support.h"

static int finish_progress(void *arg, const char *name, uint64_t done, uint64_t total)
{
	struct finish_bench *bench = arg;

	(void)name, (void)done, (void)total;
	bench->told++;
	if (bench->tick)
		bench->tick(bench);
	return bench->stop_at && bench->told >= bench->stop_at;
}

int finish_make_with(void **state, const struct practice_edit *edits, size_t count)
{
	struct finish_bench *bench = talloc_zero(NULL, struct finish_bench);
	struct practice_spec spec = { .scenario = "standard",
		.seed = 1,
		.edits = edits,
		.edit_count = count };
	char *place = support_folder(bench);

	bench->dir = talloc_asprintf(bench, "%s/server", place);
	bench->runs = talloc_asprintf(bench, "%s/runs", place);
	bench->options = (struct engine_options){ .runs = bench->runs,
		.operator_name = "jsmith",
		.decided_how = "asked",
		.progress = { finish_progress, bench } };
	assert_true(practice_scenario(spec.scenario, &spec.flags));
	if (practice_build(bench->dir, &spec, &bench->err))
		fail_msg("%s", bench->err.text);
	*state = bench;
	return 0;
}

int finish_make(void **state)
{
	return finish_make_with(state, NULL, 0);
}

int finish_free(void **state)
{
	talloc_free(*state);
	return 0;
}

struct server *finish_open(struct finish_bench *bench, bool practice)
{
	char *drives = talloc_asprintf(bench, "C=%s/C,E=%s/E", bench->dir, bench->dir);
	struct disks_options options = { .drives = drives };
	struct server *server = NULL;
	int ret = practice ? practice_open(bench, bench->dir, &server, &bench->err)
			   : disks_open(bench, &options, &server, &bench->err);

	if (ret)
		fail_msg("%s", bench->err.text);
	return server;
}

struct engine *finish_begun(struct finish_bench *bench, struct server *server)
{
	const struct survey *survey;
	struct engine *engine = NULL;
	struct plan *plan = NULL;

	if (survey_make(bench, server, &bench->survey_options, &survey, &bench->err) ||
		plan_make(bench, survey, true, &plan, &bench->err))
		fail_msg("%s", bench->err.text);
	for (size_t i = 0; i < plan->count; i++)
		if (plan->rows[i].decision == DECISION_UNDECIDED)
			plan->rows[i].decision = DECISION_KEEP;
	if (engine_begin(bench, server, plan, &bench->options, &engine, &bench->err))
		fail_msg("%s", bench->err.text);
	return engine;
}

struct engine *finish_carried(struct finish_bench *bench, struct server *server)
{
	struct engine *engine = finish_begun(bench, server);

	if (engine_backup(engine, &bench->err) || engine_carry_out(engine, &bench->err))
		fail_msg("%s", bench->err.text);
	return engine;
}

struct engine *finish_resumed(struct finish_bench *bench, struct server *server,
	enum run_stage stage)
{
	struct engine *engine = NULL;
	enum run_stage now;

	if (engine_resume(bench, server, "last", &bench->options, &bench->survey_options, &engine,
		    &now, &bench->err))
		fail_msg("%s", bench->err.text);
	assert_int_equal(now, stage);
	return engine;
}

int finish_say(struct finish_bench *bench, struct engine *engine, struct evidence *row, bool works,
	const char *by, const char *mailbox, const char *seen)
{
	const struct mail_word word = { .works = works,
		.by = by,
		.mailbox = mailbox,
		.seen = seen,
		.subject = "" };

	return engine_attest(engine, row, &word, &bench->err);
}

void finish_attest(struct finish_bench *bench, struct engine *engine)
{
	struct evidence_list *list;

	if (engine_evidence(engine, &list, &bench->err))
		fail_msg("%s", bench->err.text);
	assert_true(list->count > 0);
	for (size_t i = 0; i < list->count; i++)
		if (finish_say(bench, engine, &list->rows[i], true, "Jane Doe", "M SMITH",
			    "the very subject, at noon"))
			fail_msg("%s", bench->err.text);
}

const struct gate *finish_gate(struct finish_bench *bench, struct engine *engine, const char *id,
	struct gates **all)
{
	struct gates *gates;

	if (engine_gates(engine, bench, &bench->survey_options, &gates, &bench->err))
		fail_msg("%s", bench->err.text);
	if (all)
		*all = gates;
	for (size_t i = 0; i < gates->count; i++)
		if (!strcmp(gates->gates[i].id, id))
			return &gates->gates[i];
	fail_msg("no gate %s", id);
	return NULL;
}

void finish_refused(struct finish_bench *bench, struct engine *engine, bool confirmed)
{
	assert_int_equal(engine_oldfolder(engine, &bench->survey_options, OLDFOLDER_ASIDE, NULL,
				 confirmed, &bench->err),
		-TROUBLE_CANNOT);
	assert_int_equal(engine_oldfolder(engine, &bench->survey_options, OLDFOLDER_DELETE, "MAIL1",
				 confirmed, &bench->err),
		-TROUBLE_CANNOT);
	assert_true(finish_there(bench, FINISH_MSMCON "/BIN/Mt.exe"));
	assert_int_equal(finish_end(bench), OLDFOLDER_NOT_REACHED);
}

void finish_no(struct finish_bench *bench, struct engine *engine, const char *id,
	const char *detail)
{
	struct gates *gates;
	const struct gate *gate = finish_gate(bench, engine, id, &gates);

	assert_int_equal(gate->answer, GATE_NO);
	assert_true(gates->leave_only);
	assert_non_null(gate->detail);
	if (!strstr(gate->detail, detail))
		fail_msg("%s: %s", id, gate->detail);
	finish_refused(bench, engine, true);
}

void finish_yes(struct finish_bench *bench, struct engine *engine, const char *id)
{
	const struct gate *gate = finish_gate(bench, engine, id, NULL);

	if (gate->answer != GATE_YES)
		fail_msg("%s: %s", id, gate->detail);
}

struct engine *finish_ready(struct finish_bench *bench, struct server *server)
{
	struct engine *engine = finish_carried(bench, server);
	struct gates *gates;

	finish_attest(bench, engine);
	assert_int_equal(finish_gate(bench, engine, "mail-flow", &gates)->answer, GATE_WEAK);
	assert_false(gates->leave_only);
	assert_true(gates->weak);
	assert_int_equal(gates->count, 7);
	return engine;
}

char *finish_path(struct finish_bench *bench, const char *path)
{
	return talloc_asprintf(bench, "%s/%s", bench->dir, path);
}

bool finish_there(struct finish_bench *bench, const char *path)
{
	struct stat meta;

	return lstat(finish_path(bench, path), &meta) == 0;
}

void finish_value(struct finish_bench *bench, struct server *server, const char *key,
	const char *value, const struct reg_data *data)
{
	const struct reg_edit edit = { key, value, data };
	struct reg_stage *stage;
	size_t done;

	if (server->ops->reg_stage(server, bench, &edit, 1, &stage, &bench->err) ||
		server->ops->reg_switch(stage, &done, &bench->err))
		fail_msg("%s", bench->err.text);
	talloc_free(stage);
}

enum service_state finish_service(struct finish_bench *bench, struct server *server,
	const char *name)
{
	struct service_list list;
	enum service_state state = SERVICE_UNKNOWN;

	if (server->ops->service_list(server, bench, &list, &bench->err))
		fail_msg("%s", bench->err.text);
	for (size_t i = 0; i < list.count; i++)
		if (text_equal(list.services[i].name, name))
			state = list.services[i].state;
	talloc_free(list.services);
	return state;
}

static struct runfolder *last_run(struct finish_bench *bench)
{
	struct runfolder *run;

	if (runfolder_open(bench, bench->runs, "last", false, &run, &bench->err))
		fail_msg("%s", bench->err.text);
	return run;
}

enum oldfolder_end finish_end(struct finish_bench *bench)
{
	struct oldfolder_record *record;
	struct journal *journal;
	struct runfolder *run = last_run(bench);

	assert_int_equal(journal_open(bench, run, &journal, &bench->err), 0);
	assert_int_equal(oldfolder_read(bench, journal, &record, &bench->err), 0);
	talloc_free(run);
	return record->end;
}

json_t *finish_report(struct finish_bench *bench)
{
	struct runfolder *run = last_run(bench);
	struct report *report;
	json_t *json;

	assert_int_equal(report_read(run, run, NULL, &report, &bench->err), 0);
	json = report_json(report);
	talloc_free(run);
	return json;
}

char *finish_report_text(struct finish_bench *bench)
{
	struct runfolder *run = last_run(bench);
	struct report *report;
	char *text;

	assert_int_equal(report_read(run, run, NULL, &report, &bench->err), 0);
	text = report_text(bench, report);
	talloc_free(run);
	return text;
}

const char *finish_text(const json_t *object, const char *member)
{
	const char *text = json_string_value(json_object_get(object, member));

	return text ? text : "";
}

int finish_finish(struct finish_bench *bench, struct engine *engine)
{
	int code = -1;

	if (engine_finish(engine, &bench->survey_options, &code, &bench->err))
		fail_msg("%s", bench->err.text);
	return code;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/later_bench.h"

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

static int later_progress(void *arg, const char *name, uint64_t done, uint64_t total)
{
	struct later *later = arg;

	(void)name, (void)done, (void)total;
	later->told++;
	if (later->tick)
		later->tick(later);
	return later->stop_at && later->told >= later->stop_at;
}

int later_make_with(void **state, const struct practice_twist *twists, size_t count)
{
	struct later *later = talloc_zero(NULL, struct later);
	struct practice_spec spec = { .scenario = "standard", .seed = 1, .twists = twists, .twist_count = count };
	char *place = support_folder(later);

	later->dir = talloc_asprintf(later, "%s/server", place);
	later->runs = talloc_asprintf(later, "%s/runs", place);
	later->options = (struct engine_options){ .runs = later->runs, .operator_name = "jsmith", .decided_how = "asked",
						  .progress = { later_progress, later } };
	assert_true(practice_scenario(spec.scenario, &spec.flags));
	if (practice_build(later->dir, &spec, &later->err))
		fail_msg("%s", later->err.text);
	*state = later;
	return 0;
}

int later_make(void **state)
{
	return later_make_with(state, NULL, 0);
}

int later_free(void **state)
{
	talloc_free(*state);
	return 0;
}

struct server *later_open(struct later *later, bool practice)
{
	char *drives = talloc_asprintf(later, "C=%s/C,E=%s/E", later->dir, later->dir);
	struct disks_options options = { .drives = drives };
	struct server *server = NULL;
	int result = practice ? practice_open(later, later->dir, &server, &later->err) : disks_open(later, &options, &server, &later->err);

	if (result)
		fail_msg("%s", later->err.text);
	return server;
}

struct engine *later_begun(struct later *later, struct server *server)
{
	const struct survey *survey;
	struct engine *engine = NULL;
	struct plan *plan = NULL;

	if (survey_make(later, server, &later->look, &survey, &later->err) || plan_make(later, survey, true, &plan, &later->err))
		fail_msg("%s", later->err.text);
	for (size_t i = 0; i < plan->count; i++)
		if (plan->rows[i].decision == DECISION_UNDECIDED)
			plan->rows[i].decision = DECISION_KEEP;
	if (engine_begin(later, server, plan, &later->options, &engine, &later->err))
		fail_msg("%s", later->err.text);
	return engine;
}

struct engine *later_carried(struct later *later, struct server *server)
{
	struct engine *engine = later_begun(later, server);

	if (engine_backup(engine, &later->err) || engine_carry_out(engine, &later->err))
		fail_msg("%s", later->err.text);
	return engine;
}

struct engine *later_reopened(struct later *later, struct server *server, enum run_stage stage)
{
	struct engine *engine = NULL;
	enum run_stage now;

	if (engine_resume(later, server, "last", &later->options, &later->look, &engine, &now, &later->err))
		fail_msg("%s", later->err.text);
	assert_int_equal(now, stage);
	return engine;
}

void later_attest(struct later *later, struct engine *engine)
{
	struct evidence_list *list;

	if (engine_evidence(engine, &list, &later->err))
		fail_msg("%s", later->err.text);
	assert_true(list->count > 0);
	for (size_t i = 0; i < list->count; i++)
		if (engine_attest(engine, &list->rows[i], true, "Jane Doe", "M SMITH", "the very subject, at noon", &later->err))
			fail_msg("%s", later->err.text);
}

const struct gate *later_gate(struct later *later, struct engine *engine, const char *id, struct gates **all)
{
	struct gates *gates;

	if (engine_gates(engine, later, &later->look, &gates, &later->err))
		fail_msg("%s", later->err.text);
	if (all)
		*all = gates;
	for (size_t i = 0; i < gates->count; i++)
		if (!strcmp(gates->gates[i].id, id))
			return &gates->gates[i];
	fail_msg("no gate %s", id);
	return NULL;
}

void later_refused(struct later *later, struct engine *engine, bool confirmed)
{
	assert_int_equal(engine_oldfolder(engine, &later->look, OLDFOLDER_ASIDE, NULL, confirmed, &later->err), -TROUBLE_CANNOT);
	assert_int_equal(engine_oldfolder(engine, &later->look, OLDFOLDER_DELETE, "MAIL1", confirmed, &later->err), -TROUBLE_CANNOT);
	assert_true(later_there(later, LATER_MSMCON "/BIN/Mt.exe"));
	assert_int_equal(later_end(later), OLDFOLDER_NOT_REACHED);
}

void later_no(struct later *later, struct engine *engine, const char *id, const char *detail)
{
	struct gates *gates;
	const struct gate *gate = later_gate(later, engine, id, &gates);

	assert_int_equal(gate->answer, GATE_NO);
	assert_true(gates->leave_only);
	assert_non_null(gate->detail);
	if (!strstr(gate->detail, detail))
		fail_msg("%s: %s", id, gate->detail);
	later_refused(later, engine, true);
}

struct engine *later_ready(struct later *later, struct server *server)
{
	struct engine *engine = later_carried(later, server);
	struct gates *gates;

	later_attest(later, engine);
	assert_int_equal(later_gate(later, engine, "mail-flow", &gates)->answer, GATE_WEAK);
	assert_false(gates->leave_only);
	assert_true(gates->weak);
	assert_int_equal(gates->count, 7);
	return engine;
}

char *later_path(struct later *later, const char *path)
{
	return talloc_asprintf(later, "%s/%s", later->dir, path);
}

bool later_there(struct later *later, const char *path)
{
	struct stat meta;

	return lstat(later_path(later, path), &meta) == 0;
}

void later_value(struct later *later, struct server *server, const char *key, const char *value, const struct reg_data *data)
{
	const struct reg_edit edit = { key, value, data };
	struct reg_stage *stage;
	size_t done;

	if (server->ops->reg_stage(server, later, &edit, 1, &stage, &later->err) || server->ops->reg_switch(stage, &done, &later->err))
		fail_msg("%s", later->err.text);
	talloc_free(stage);
}

enum service_state later_service(struct later *later, struct server *server, const char *name)
{
	struct service_list list;
	enum service_state state = SERVICE_UNKNOWN;

	if (server->ops->service_list(server, later, &list, &later->err))
		fail_msg("%s", later->err.text);
	for (size_t i = 0; i < list.count; i++)
		if (text_equal(list.services[i].name, name))
			state = list.services[i].state;
	talloc_free(list.services);
	return state;
}

static struct runfolder *last_run(struct later *later)
{
	struct runfolder *run;

	if (runfolder_open(later, later->runs, "last", false, &run, &later->err))
		fail_msg("%s", later->err.text);
	return run;
}

enum oldfolder_end later_end(struct later *later)
{
	struct oldfolder_record *record;
	struct journal *journal;
	struct runfolder *run = last_run(later);

	assert_int_equal(journal_open(later, run, &journal, &later->err), 0);
	assert_int_equal(oldfolder_read(later, journal, &record, &later->err), 0);
	talloc_free(run);
	return record->end;
}

json_t *later_report(struct later *later)
{
	struct runfolder *run = last_run(later);
	struct report *report;
	json_t *json;

	assert_int_equal(report_read(run, run, NULL, &report, &later->err), 0);
	json = report_json(report);
	talloc_free(run);
	return json;
}

char *later_report_text(struct later *later)
{
	struct runfolder *run = last_run(later);
	struct report *report;
	char *text;

	assert_int_equal(report_read(run, run, NULL, &report, &later->err), 0);
	text = report_text(later, report);
	talloc_free(run);
	return text;
}

const char *later_text(const json_t *object, const char *member)
{
	const char *text = json_string_value(json_object_get(object, member));

	return text ? text : "";
}

int later_finish(struct later *later, struct engine *engine)
{
	int code = -1;

	if (engine_finish(engine, &later->look, &code, &later->err))
		fail_msg("%s", later->err.text);
	return code;
}

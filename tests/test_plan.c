/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"
#include "base/text.h"
#include "repair/plan.h"
#include "tests/lab.h"
#include "tests/support.h"

#define MSMI_ID "registry/MSExchangeMSMI\\ImagePath"
#define BIN "E/exchsrvr/connect/msmcon/bin/"
#define SETUP "C/exchsrvr/connect/msmcon/bin/"

struct bench {
	struct lab *lab;
	const struct survey *survey;
	struct plan *plan;
	struct error err;
};

static const struct survey_options vouched = { .letters_confirmed = true };

static int bench_make(void **state)
{
	struct bench *bench = talloc_zero(NULL, struct bench);

	bench->lab = lab_new(bench);
	lab_file(bench->lab, SETUP "added.dll", "added", LAB_SETUP_TIME);
	bench->survey = lab_survey(bench->lab, &vouched);
	assert_int_equal(plan_make(bench, bench->survey, true, &bench->plan, &bench->err), 0);
	*state = bench;
	return 0;
}

static int bench_free(void **state)
{
	talloc_free(*state);
	return 0;
}

/* ---- making ---- */

static void what_the_article_asks_for_is_proposed(void **state)
{
	struct bench *bench = *state;
	struct plan *plan;

	assert_int_equal(plan_find(bench->plan, MSMI_ID)->decision, DECISION_CHANGE);
	assert_int_equal(plan_find(bench->plan, "backup/Bin")->decision, DECISION_CHANGE);
	assert_int_equal(plan_count(bench->plan, DECISION_CHANGE), bench->survey->changes_needed);
	assert_null(plan_find(bench->plan, "registry/none"));
	for (size_t i = 0; i < bench->plan->count; i++) {
		assert_true(bench->plan->rows[i].finding->can_change);
		assert_in_range(bench->plan->rows[i].finding->step, 1, 4);
	}
	assert_int_equal(plan_make(bench, bench->survey, false, &plan, &bench->err), 0);
	assert_int_equal(plan_count(plan, DECISION_UNDECIDED), plan->count);
	plan->rows[0].decision = DECISION_KEEP;
	assert_int_equal(plan_count(plan, DECISION_KEEP), 1);
	assert_int_equal(plan_count(plan, DECISION_UNDECIDED), plan->count - 1);
}

/* ---- what may stand in the place of what is proposed ---- */

static void a_value_may_only_lead_where_the_article_allows(void **state)
{
	static const struct {
		uint32_t type;
		const char *text;
		bool allowed;
	} rows[] = {
		{ REG_EXPAND_SZ, "E:\\exchsrvr\\connect\\msmcon\\bin\\mt.exe", true },
		{ REG_EXPAND_SZ, "e:\\EXCHSRVR\\connect\\msmcon\\bin\\other.exe", true },
		/* as it is */
		{ REG_EXPAND_SZ, "C:\\exchsrvr\\connect\\msmcon\\bin\\mt.exe", true },
		{ REG_SZ, "E:\\exchsrvr\\connect\\msmcon\\bin\\mt.exe", false },
		{ REG_EXPAND_SZ, "E:\\exchsrvr\\connect\\bin\\mt.exe", false },
		{ REG_EXPAND_SZ, "E:\\exchsrvr\\connect\\msmcon2\\bin\\mt.exe", false },
		{ REG_EXPAND_SZ, "E:\\exchsrvr\\connect\\msmcon\\..\\..\\cmd.exe", false },
		{ REG_EXPAND_SZ, "C:\\exchsrvr\\connect\\msmcon\\bin\\other.exe", false },
		{ REG_EXPAND_SZ, "F:\\exchsrvr\\connect\\msmcon\\bin\\mt.exe", false },
		{ REG_EXPAND_SZ, "\\\\E\\exchsrvr\\connect\\msmcon\\bin\\mt.exe", false },
		{ REG_EXPAND_SZ, "E:\\exchsrvr\\connect\\msmcon\\bin\\mt.exe /more", false },
		{ REG_EXPAND_SZ, "cmd /c E:\\exchsrvr\\connect\\msmcon\\bin\\mt.exe", false },
		{ REG_EXPAND_SZ, "E:\\exchsrvr\\connect\\msmcon\\bin\\mt.exe;C:\\x.exe", false },
		{ REG_EXPAND_SZ, "", false },
		{ REG_DWORD, "E:", false },
	};
	struct bench *bench = *state;
	const struct finding *finding = lab_row(bench->survey, MSMI_ID);

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct reg_data *data = regdata_from_string(bench, REG_SZ, rows[i].text);

		data->type = rows[i].type;
		if (plan_value_allowed(bench->survey, finding, data, &bench->err) !=
			(rows[i].allowed ? 0 : -TROUBLE_PLAN_FOREIGN))
			fail_msg("%s: %s", rows[i].text, bench->err.text);
	}
}

/* Without its final NUL, or with bytes behind it, it would not end as the old one does. */
static void a_value_must_end_as_the_old_one(void **state)
{
	struct bench *bench = *state;
	const struct finding *finding = lab_row(bench->survey, MSMI_ID);
	struct reg_data *data =
		regdata_from_string(bench, REG_EXPAND_SZ, LAB_MOVED "\\bin\\other.exe");

	data->len -= 2;
	assert_int_equal(plan_value_allowed(bench->survey, finding, data, &bench->err),
		-TROUBLE_PLAN_FOREIGN);
	assert_int_equal(plan_value_allowed(bench->survey, lab_row(bench->survey, "backup/Bin"),
				 data, &bench->err),
		-TROUBLE_PLAN_FOREIGN);
	assert_int_equal(plan_value_allowed(bench->survey, finding, NULL, &bench->err),
		-TROUBLE_PLAN_FOREIGN);
}

/* ---- saved and read again ---- */

static char *saved(struct bench *bench, const json_t *json)
{
	char *text = json_dumps(json, 0), *copy = talloc_strdup(bench, text);

	free(text);
	return copy;
}

static int load_n(struct bench *bench, const char *text, size_t len, const struct survey *survey,
	struct plan **plan, char **differences)
{
	return plan_load(bench, text, len, survey, plan, differences, &bench->err);
}

static int load(struct bench *bench, const char *text, const struct survey *survey,
	struct plan **plan, char **differences)
{
	return load_n(bench, text, strlen(text), survey, plan, differences);
}

static void a_plan_is_written_and_read_back(void **state)
{
	struct bench *bench = *state;
	struct reg_data *edited =
		regdata_from_string(bench, REG_EXPAND_SZ, LAB_MOVED "\\bin\\other.exe");
	struct plan *again;
	char *differences;
	json_t *json;

	plan_find(bench->plan, MSMI_ID)->edited = edited;
	plan_find(bench->plan, "file/Bin\\mt.exe")->decision = DECISION_KEEP;
	plan_find(bench->plan, "share/Maildat$")->decision = DECISION_UNDECIDED;
	json = plan_json(bench->plan);
	assert_int_equal(load(bench, saved(bench, json), bench->survey, &again, &differences), 0);
	assert_null(differences);
	assert_int_equal(again->count, bench->plan->count);
	for (size_t i = 0; i < again->count; i++) {
		const struct plan_row *was = &bench->plan->rows[i], *is = &again->rows[i];

		assert_ptr_equal(was->finding, is->finding);
		assert_int_equal(was->decision, is->decision);
		assert_true(was->edited ? is->edited && regdata_equal(was->edited, is->edited)
					: !is->edited);
	}
	json_decref(json);
}

static json_t *row_of(json_t *plan, const char *id)
{
	json_t *row;
	size_t i;

	json_array_foreach (json_object_get(plan, "rows"), i, row)
		if (!strcmp(json_string_value(json_object_get(row, "id")), id))
			return row;
	fail_msg("no row %s", id);
	return NULL;
}

/* The same plan, edited: what becomes of it. */
static void expect_load(struct bench *bench, const json_t *json, enum trouble trouble)
{
	struct plan *plan;
	char *differences;

	if (load(bench, saved(bench, json), bench->survey, &plan, &differences) != -(int)trouble)
		fail_msg("%s", bench->err.text);
	if (trouble == TROUBLE_MOVED)
		assert_non_null(differences);
}

static void set_hex(struct bench *bench, json_t *side, const char *text)
{
	size_t len;
	uint8_t *bytes = text_to_utf16(bench, text, &len);

	bytes = talloc_realloc_size(bench, bytes, len + 2);
	bytes[len] = bytes[len + 1] = 0;
	json_object_set_new(side, "hex", json_string(text_hex(bench, bytes, len + 2)));
}

/* Each edit of the file that asks for what this program never does. */
static void a_plan_that_asks_for_something_else_is_refused(void **state)
{
	static const struct {
		const char *id, *side, *member, *json;
	} edits[] = {
		{ MSMI_ID, "after", "type", "\"REG_BINARY\"" },
		{ MSMI_ID, "after", "key", "\"SYSTEM\\\\ControlSet001\\\\Services\\\\Browser\"" },
		{ MSMI_ID, NULL, "after", "null" },
		{ MSMI_ID, NULL, "step", "2" },
		{ MSMI_ID, NULL, "kind", "\"file\"" },
		{ "share/Maildat$", "after", "path", "\"C:\\\\\"" },
		/* Something that is right, or no change at all, to be changed. */
		{ "oldfolder", NULL, "decision", "\"change\"" },
	};
	/* A row twice, once to change and once to keep; and a value that is in no table. */
	static const char *const more[][2] = { { "decision", "keep" },
		{ "id", "registry/Browser\\ImagePath" } };
	struct bench *bench = *state;
	json_t *clean = plan_json(bench->plan), *json, *row;

	for (size_t i = 0; i < ARRAY_SIZE(edits); i++) {
		json = json_deep_copy(clean);
		row = row_of(json, edits[i].id);
		json_object_set_new(edits[i].side ? json_object_get(row, edits[i].side) : row,
			edits[i].member, json_loads(edits[i].json, JSON_DECODE_ANY, NULL));
		expect_load(bench, json, TROUBLE_PLAN_FOREIGN);
		json_decref(json);
	}
	for (size_t i = 0; i < ARRAY_SIZE(more); i++) {
		json = json_deep_copy(clean);
		row = json_deep_copy(row_of(json, MSMI_ID));
		json_object_set_new(row, more[i][0], json_string(more[i][1]));
		json_array_append_new(json_object_get(json, "rows"), row);
		expect_load(bench, json, TROUBLE_PLAN_FOREIGN);
		json_decref(json);
	}
	set_hex(bench, json_object_get(row_of(clean, MSMI_ID), "after"), "C:\\evil\\mt.exe");
	expect_load(bench, clean, TROUBLE_PLAN_FOREIGN);
	json_decref(clean);
}

static void a_file_that_is_no_plan_is_refused(void **state)
{
	static const char *const texts[] = {
		"",
		"x",
		"[]",
		"{}",
		"null",
		"{\"format\":1}",
		"{\"article\":\"Q240208\",\"format\":3,\"rows\":[]}",
		"{\"article\":\"Q240208\",\"format\":0,\"rows\":[]}",
		"{\"article\":\"Q171259\",\"format\":1,\"rows\":[]}",
		"{\"article\":\"Q240208\",\"format\":1,\"rows\":{}}",
		"{\"article\":\"Q240208\",\"format\":1,\"rows\":[]}",
		"{\"article\":\"Q240208\",\"article\":\"Q240208\"}",
	};
	struct bench *bench = *state;
	struct plan *plan;
	char *differences, *large;
	json_t *json;

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
		assert_int_equal(load(bench, texts[i], bench->survey, &plan, &differences),
			-TROUBLE_PLAN_DAMAGED);
	large = talloc_zero_size(bench, 33u << 20);
	memset(large, ' ', (33u << 20) - 1);
	assert_int_equal(load(bench, large, bench->survey, &plan, &differences),
		-TROUBLE_PLAN_DAMAGED);
	json = plan_json(bench->plan);
	json_object_set_new(row_of(json, MSMI_ID), "decision", json_string("yes"));
	expect_load(bench, json, TROUBLE_PLAN_DAMAGED);
	json_object_set_new(row_of(json, MSMI_ID), "decision", json_integer(1));
	expect_load(bench, json, TROUBLE_PLAN_DAMAGED);
	json_object_del(row_of(json, MSMI_ID), "kind");
	expect_load(bench, json, TROUBLE_PLAN_DAMAGED);
	json_decref(json);
}

static void the_plan_of_another_server_is_refused(void **state)
{
	struct bench *bench = *state;
	struct lab *other = lab_new(bench);
	json_t *json = plan_json(bench->plan);
	struct plan *plan;
	char *differences;

	lab_number(other, "SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion", "InstallDate",
		0x34000001);
	assert_int_equal(load(bench, saved(bench, json), lab_survey(other, &vouched), &plan,
				 &differences),
		-TROUBLE_OTHER_SERVER);
	assert_non_null(strstr(bench->err.text, "MAIL1"));
	json_decref(json);
}

/* ---- the world moved ---- */

typedef void move_fn(struct bench *bench, struct lab *lab);

static void move_value(struct bench *bench, struct lab *lab)
{
	(void)bench;
	lab_text(lab, "SERVICES\\MSExchangeMSMI", "ImagePath", REG_EXPAND_SZ, "D:\\third\\mt.exe");
}

static void move_file(struct bench *bench, struct lab *lab)
{
	(void)bench;
	lab_file(lab, BIN "mt.exe", "hotfix", LAB_SETUP_TIME);
}

static void move_setup(struct bench *bench, struct lab *lab)
{
	(void)bench;
	lab_file(lab, SETUP "mt.exe", "newer", LAB_SETUP_TIME);
}

static void move_gone(struct bench *bench, struct lab *lab)
{
	(void)bench;
	lab_unfile(lab, BIN "xtnmsg.dll");
	lab_unfile(lab, SETUP "xtnmsg.dll");
}

static void move_come(struct bench *bench, struct lab *lab)
{
	(void)bench;
	lab_file(lab, SETUP "brandnew.dll", "x", LAB_SETUP_TIME);
}

static void move_share(struct bench *bench, struct lab *lab)
{
	(void)bench;
	lab_lines(lab, "SERVICES\\LanmanServer\\Shares", "Maildat$",
		"MaxUses=4294967295\nPath=D:\\x\nPermissions=0\nRemark=\nType=0");
}

static void move_time(struct bench *bench, struct lab *lab)
{
	(void)bench;
	lab_file(lab, BIN "mt.exe", "old", LAB_SETUP_TIME - 5);
}

/* What differs is named with what the plan saw, what it wants and what is there; a touched time is
 * no difference. */
static void a_plan_of_a_server_that_moved_names_what_moved(void **state)
{
	static const struct {
		move_fn *move;
		const char *id, *now;
	} rows[] = {
		{ move_value, MSMI_ID, "D:\\third\\mt.exe" },
		{ move_file, "file/Bin\\mt.exe", "262 bytes" },
		{ move_setup, "file/Bin\\mt.exe", "261 bytes" },
		{ move_gone, "file/Bin\\xtnmsg.dll", "nothing" },
		{ move_come, "file/Bin\\brandnew.dll", "nothing" },
		{ move_share, "share/Maildat$", "D:\\x" },
		{ move_time, NULL, NULL },
	};
	struct bench *bench = *state;
	json_t *json = plan_json(bench->plan);

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct lab *lab = lab_new(bench);
		struct plan *plan;
		char *differences;
		int ret;

		lab_file(lab, SETUP "added.dll", "added", LAB_SETUP_TIME);
		rows[i].move(bench, lab);
		ret = load(bench, saved(bench, json), lab_survey(lab, &vouched), &plan,
			&differences);
		if (ret != (rows[i].id ? -TROUBLE_MOVED : 0))
			fail_msg("%zu: %s", i, bench->err.text);
		if (rows[i].id &&
			(!strstr(differences, rows[i].id) || !strstr(differences, rows[i].now)))
			fail_msg("%zu: %s", i, differences);
		talloc_free(lab);
	}
	json_decref(json);
}

/* The server is as it was: it is the plan that lacks a row, and that is what is said. */
static void a_plan_that_lacks_a_row_is_refused(void **state)
{
	struct bench *bench = *state;
	json_t *json = plan_json(bench->plan);
	struct plan *plan;
	char *differences;
	const char *id = json_string_value(
		json_object_get(json_array_get(json_object_get(json, "rows"), 2), "id"));
	char *taken = talloc_strdup(bench, id);

	json_array_remove(json_object_get(json, "rows"), 2);
	assert_int_equal(load(bench, saved(bench, json), bench->survey, &plan, &differences),
		-TROUBLE_MOVED);
	assert_non_null(strstr(differences, taken));
	assert_non_null(strstr(bench->err.text, "The plan lacks rows"));
	assert_non_null(strstr(error_advice(&bench->err), "keep"));
	json_decref(json);
}

/* ---- whatever bytes ---- */

static void a_plan_cut_short_is_refused(void **state)
{
	struct bench *bench = *state;
	json_t *json = plan_json(bench->plan);
	char *text = saved(bench, json);
	size_t len = strlen(text);
	struct plan *plan;
	char *differences;

	for (size_t cut = 0; cut < len; cut += 97)
		assert_int_equal(load_n(bench, text, cut, bench->survey, &plan, &differences),
			-TROUBLE_PLAN_DAMAGED);
	assert_int_equal(load_n(bench, text, len, bench->survey, &plan, &differences), 0);
	json_decref(json);
}

/* Bytes changed at random: it may still be a plan, but then one that asks for nothing else than
 * allowed. */
static void random_bytes_ask_for_nothing_foreign(void **state)
{
	struct bench *bench = *state;
	json_t *json = plan_json(bench->plan);
	char *clean = saved(bench, json);
	size_t len = strlen(clean);
	uint64_t random = 240208;

	for (int i = 0; i < 400; i++) {
		char *text = talloc_strdup(bench, clean), *differences;
		struct plan *plan;
		int ret;

		for (int k = 0; k < 3; k++)
			text[support_random(&random) % len] =
				(char)(support_random(&random) & 0xff);
		ret = load_n(bench, text, len, bench->survey, &plan, &differences);
		assert_true(ret == 0 || ret == -TROUBLE_PLAN_DAMAGED || ret == -TROUBLE_MOVED ||
			ret == -TROUBLE_PLAN_FOREIGN || ret == -TROUBLE_OTHER_SERVER);
		for (size_t k = 0; !ret && k < plan->count; k++)
			if (plan->rows[k].edited)
				assert_int_equal(plan_value_allowed(bench->survey,
							 plan->rows[k].finding,
							 plan->rows[k].edited, NULL),
					0);
		talloc_free(text);
	}
	json_decref(json);
}

#define WITH_BENCH(name) cmocka_unit_test_setup_teardown(name, bench_make, bench_free)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_BENCH(what_the_article_asks_for_is_proposed),
		WITH_BENCH(a_value_may_only_lead_where_the_article_allows),
		WITH_BENCH(a_value_must_end_as_the_old_one),
		WITH_BENCH(a_plan_is_written_and_read_back),
		WITH_BENCH(a_plan_that_asks_for_something_else_is_refused),
		WITH_BENCH(a_file_that_is_no_plan_is_refused),
		WITH_BENCH(the_plan_of_another_server_is_refused),
		WITH_BENCH(a_plan_of_a_server_that_moved_names_what_moved),
		WITH_BENCH(a_plan_that_lacks_a_row_is_refused),
		WITH_BENCH(a_plan_cut_short_is_refused),
		WITH_BENCH(random_bytes_ask_for_nothing_foreign),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
